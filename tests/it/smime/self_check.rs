//! The self-check: what was approved passes, and each single change is refused for what it is.

use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    stack::Stack,
    symm::Cipher,
    x509::X509,
};
use proptest::prelude::*;
use segl::{
    cert::EncryptionCertificate,
    mail::Digest,
    smime::{ContentCipher, Inspected, OuterHeader, ReaderId, SelfCheckError, check, inspect},
};

use super::{body_at, open, people, seal, structure, with_structure};

const MESSAGE: &str = "From: Anne =?utf-8?q?=C3=98?= <anne@x.example>\r\nTo: person0@y.example,\r\n person1@y.example\r\n\
    Subject: Sagen\r\nDate: Mon, 1 Jun 2026 12:00:00 +0200\r\nMessage-ID: <1@x.example>\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\nkære begge\r\n";

/// A message to the first two of eight people, and what it may show.
struct Good {
    readers: Vec<EncryptionCertificate>,
    message: Vec<u8>,
    outer: OuterHeader,
}

fn good() -> Good {
    let readers: Vec<_> = people::eight()[..2]
        .iter()
        .map(people::Person::judged)
        .collect();
    let (message, sealed) = seal(MESSAGE.as_bytes(), &readers.iter().collect::<Vec<_>>()).unwrap();
    Good {
        readers,
        message,
        outer: sealed.outer,
    }
}

fn replaced(octets: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = memchr::memmem::find(octets, old).expect("what is to be replaced");
    [&octets[..at], new, &octets[at + old.len()..]].concat()
}

#[test]
fn what_was_approved_passes_and_is_described() {
    let good = good();
    let readers: Vec<_> = good.readers.iter().collect();
    let checked = check(&good.message[..], &readers, &good.outer).unwrap();
    assert_eq!(checked.sha256(), Digest::of(&good.message));
    assert_eq!(checked.octets(), good.message.len() as u64);
    assert_eq!(checked.cipher(), ContentCipher::Aes256Cbc);
    assert!(!checked.needs_smtputf8());
    let ids = |list: &[&EncryptionCertificate]| -> Vec<ReaderId> {
        let mut ids: Vec<_> = list
            .iter()
            .map(|r| ReaderId::of(r.certificate()).unwrap())
            .collect();
        ids.sort();
        ids
    };
    let mut found = checked.readers().to_vec();
    found.sort();
    assert_eq!(found, ids(&readers));

    let seen = inspect(&good.message[..]).unwrap();
    let names: Vec<_> = seen.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["From", "To", "Subject", "Date", "Message-ID"]);
    assert_eq!(seen.fields[1].value, "person0@y.example, person1@y.example");
    let content = open(&good.message, &people::eight()[0]).len() as u64;
    assert_eq!(seen.content_octets, content / 16 * 16 + 16);
    // A reader given twice is one reader.
    let twice = [readers[0], readers[1], readers[0]];
    assert!(check(&good.message[..], &twice, &good.outer).is_ok());
}

#[test]
fn other_readers_than_approved_are_refused() {
    let good = good();
    let third = people::eight()[2].judged();
    let [one, two] = [&good.readers[0], &good.readers[1]];
    let rows: [(&[&EncryptionCertificate], usize, usize); 5] = [
        (&[one], 0, 1),
        (&[one, two, &third], 1, 0),
        (&[one, &third], 1, 1),
        (&[&third], 1, 2),
        (&[], 0, 2),
    ];
    for (approved, wanted_missing, wanted_unexpected) in rows {
        match check(&good.message[..], approved, &good.outer) {
            Err(SelfCheckError::Readers {
                missing,
                unexpected,
            }) => {
                assert_eq!((missing, unexpected), (wanted_missing, wanted_unexpected));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn other_fields_than_approved_are_refused() {
    let good = good();
    let readers: Vec<_> = good.readers.iter().collect();
    let rows: [(&str, &str); 4] = [
        ("Subject: Sagen", "Subject: Sagen om Bo"),
        ("Subject: Sagen\r\n", ""),
        (
            "Subject: Sagen\r\n",
            "Subject: Sagen\r\nCc: eva@z.example\r\n",
        ),
        (
            "To: person0@y.example,\r\n person1",
            "To: person0@y.example, person1",
        ),
    ];
    for (old, new) in rows {
        let message = replaced(&good.message, old.as_bytes(), new.as_bytes());
        assert!(inspect(&message[..]).is_ok(), "{new:?} is well formed");
        let found = check(&message[..], &readers, &good.outer);
        assert!(
            matches!(found, Err(SelfCheckError::HeaderDiffers)),
            "{new:?}: {found:?}"
        );
    }
}

/// Whether an error is the one that a row wants.
type Wanted = fn(&SelfCheckError) -> bool;

macro_rules! wanted {
    ($pattern:pat) => {
        (|e: &SelfCheckError| matches!(e, $pattern)) as Wanted
    };
}

fn refuses(name: &str, message: &[u8], wanted: Wanted) {
    match inspect(message) {
        Ok(_) => panic!("{name} passed"),
        Err(error) => assert!(wanted(&error), "{name}: {error:?}"),
    }
}

#[test]
fn each_change_of_the_header_block_is_refused() {
    let message = good().message;
    let subject = "Subject: Sagen\r\n";
    let with = |more: &str| {
        replaced(
            &message,
            subject.as_bytes(),
            format!("{subject}{more}").as_bytes(),
        )
    };
    let instead = |old: &str, new: &[u8]| replaced(&message, old.as_bytes(), new);
    let long = format!("References: {}\r\n", "x".repeat(998));
    let many = format!("Comments: {}\r\n", "x".repeat(900)).repeat(1200);
    let rows: Vec<(&str, Vec<u8>, Wanted)> = vec![
        (
            "Bcc",
            with("Bcc: eva@z.example\r\n"),
            wanted!(SelfCheckError::UnexpectedField { .. }),
        ),
        (
            "bcc",
            with("bCC: eva@z.example\r\n"),
            wanted!(SelfCheckError::UnexpectedField { .. }),
        ),
        (
            "Received",
            with("Received: from pc\r\n"),
            wanted!(SelfCheckError::UnexpectedField { .. }),
        ),
        (
            "another Subject",
            with("subject: x\r\n"),
            wanted!(SelfCheckError::DuplicateField { .. }),
        ),
        (
            "another To",
            with("To: eva@z.example\r\n"),
            wanted!(SelfCheckError::DuplicateField { .. }),
        ),
        (
            "another Content-Type",
            instead(
                "MIME-Version: 1.0\r\n",
                b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n",
            ),
            wanted!(SelfCheckError::WrongField {
                field: "content-type"
            }),
        ),
        (
            "another MIME-Version",
            instead(
                "MIME-Version: 1.0\r\n",
                b"MIME-Version: 1.0\r\nMIME-Version: 1.0\r\n",
            ),
            wanted!(SelfCheckError::DuplicateField { .. }),
        ),
        (
            "no MIME-Version",
            instead("MIME-Version: 1.0\r\n", b""),
            wanted!(SelfCheckError::WrongField {
                field: "mime-version"
            }),
        ),
        (
            "a multipart",
            instead("application/pkcs7-mime;", b"multipart/mixed; boundary=x;"),
            wanted!(SelfCheckError::WrongField {
                field: "content-type"
            }),
        ),
        (
            "signed data",
            instead("enveloped-data", b"signed-data"),
            wanted!(SelfCheckError::WrongField {
                field: "content-type"
            }),
        ),
        (
            "no base64",
            instead(
                "Content-Transfer-Encoding: base64",
                b"Content-Transfer-Encoding: 7bit",
            ),
            wanted!(SelfCheckError::WrongField {
                field: "content-transfer-encoding"
            }),
        ),
        (
            "another file name",
            instead("filename=\"smime.p7m\"", b"filename=\"a.txt\""),
            wanted!(SelfCheckError::WrongField {
                field: "content-disposition"
            }),
        ),
        (
            "Latin-1",
            instead("Sagen", b"Gr\xf8n"),
            wanted!(SelfCheckError::NotAField { .. }),
        ),
        (
            "a NUL",
            instead("Sagen", b"Sa\0gen"),
            wanted!(SelfCheckError::NotAField { .. }),
        ),
        (
            "C1",
            instead("Sagen", "Sa\u{85}gen".as_bytes()),
            wanted!(SelfCheckError::NotAField { .. }),
        ),
        (
            "a lone CR",
            instead("Sagen", b"Sagen\rBcc: x"),
            wanted!(SelfCheckError::NotAField { .. }),
        ),
        (
            "a lone LF",
            instead(subject, b"Subject: Sagen\n"),
            wanted!(SelfCheckError::LineEnd { line: 4 }),
        ),
        (
            "no colon",
            with("clear text\r\n"),
            wanted!(SelfCheckError::NotAField { line: 5 }),
        ),
        (
            "no name",
            with(": x\r\n"),
            wanted!(SelfCheckError::NotAField { .. }),
        ),
        (
            "a name with a space",
            with("Cc : x\r\n"),
            wanted!(SelfCheckError::NotAField { .. }),
        ),
        (
            "a line of spaces",
            with("  \r\n"),
            wanted!(SelfCheckError::NotAField { .. }),
        ),
        (
            "a folded first line",
            [b" x\r\n", &message[..]].concat(),
            wanted!(SelfCheckError::NotAField { line: 1 }),
        ),
        (
            "a long line",
            with(&long),
            wanted!(SelfCheckError::LineTooLong { limit: 998, .. }),
        ),
        (
            "an endless line",
            vec![b'x'; 200_000],
            wanted!(SelfCheckError::LineTooLong { line: 1, .. }),
        ),
        (
            "an endless header",
            with(&many),
            wanted!(SelfCheckError::HeaderTooLarge { .. }),
        ),
        ("nothing", Vec::new(), wanted!(SelfCheckError::NoBody)),
        (
            "no empty line",
            message[..body_at(&message) - 2].to_vec(),
            wanted!(SelfCheckError::NoBody),
        ),
    ];
    for (name, message, wanted) in rows {
        refuses(name, &message, wanted);
    }
}

#[test]
fn each_change_beside_the_base64_is_refused() {
    let message = good().message;
    let at = body_at(&message);
    let (header, body) = message.split_at(at);
    let body_with = |octet: u8, at: usize| {
        let mut changed = message.clone();
        changed[header.len() + at] = octet;
        changed
    };
    let with_before = |more: &[u8]| [header, more, body].concat();
    let with_after = |more: &[u8]| [&message[..], more].concat();
    let second = b"\r\n--x\r\nContent-Type: text/plain\r\n\r\nclear\r\n";
    let line_end = 76;
    let rows: Vec<(&str, Vec<u8>, Wanted)> = vec![
        (
            "text before",
            with_before(b"clear text!!\r\n"),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "an empty line before",
            with_before(b"\r\n"),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "text after",
            with_after(b"clear text.\r\n"),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "a second part",
            with_after(second),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "an empty line after",
            with_after(b"\r\n"),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "one octet after",
            with_after(b"A"),
            wanted!(SelfCheckError::LineEnd { .. }),
        ),
        (
            "base64 after",
            with_after(b"AAAA\r\n"),
            wanted!(SelfCheckError::NotBase64 { .. } | SelfCheckError::Trailing { .. }),
        ),
        (
            "an 8-bit octet",
            body_with(0xF8, 5),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "a NUL",
            body_with(0, 5),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "a space",
            body_with(b' ', 5),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "padding within",
            body_with(b'=', line_end - 1),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "a CR within",
            body_with(b'\r', 5),
            wanted!(SelfCheckError::NotBase64 { .. }),
        ),
        (
            "a lone LF",
            body_with(b'A', line_end),
            wanted!(SelfCheckError::LineEnd { .. }),
        ),
        (
            "a lone CR",
            body_with(b'A', line_end + 1),
            wanted!(SelfCheckError::LineTooLong { limit: 76, .. }),
        ),
        (
            "no last line end",
            message[..message.len() - 2].to_vec(),
            wanted!(SelfCheckError::LineEnd { .. }),
        ),
        (
            "no last LF",
            message[..message.len() - 1].to_vec(),
            wanted!(SelfCheckError::LineEnd { .. }),
        ),
        (
            "no body",
            header.to_vec(),
            wanted!(SelfCheckError::Structure { at: 0, .. }),
        ),
    ];
    for (name, message, wanted) in rows {
        refuses(name, &message, wanted);
    }
}

/// The octets of an OID as a primitive value.
const ENVELOPED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const AES256_CBC: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// A value in DER.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let header = match content.len() {
        0..0x80 => vec![tag, length[1]],
        0x80..0x100 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [header, content.to_vec()].concat()
}

/// A message with a structure that is built from these parts, all of which may be wrong.
struct Parts<'a> {
    version: &'a [u8],
    before: &'a [u8],
    infos: Vec<u8>,
    content_type: &'a [u8],
    algorithm: Vec<u8>,
    content: Vec<u8>,
    after: &'a [u8],
}

fn info(rid: &[u8], algorithm: &[u8], key: usize) -> Vec<u8> {
    let version = tlv(0x02, &[0]);
    tlv(
        0x30,
        &[&version, rid, algorithm, &tlv(0x04, &vec![7; key])].concat(),
    )
}

fn rid(serial: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(0x30, b""), tlv(0x02, serial)].concat())
}

impl Default for Parts<'_> {
    fn default() -> Self {
        let vector = tlv(0x04, &[9; 16]);
        Self {
            version: &[0],
            before: b"",
            infos: info(&rid(&[1]), RSA, 256),
            content_type: DATA,
            algorithm: tlv(0x30, &[AES256_CBC, &vector].concat()),
            content: tlv(0x80, &[5; 32]),
            after: b"",
        }
    }
}

impl Parts<'_> {
    fn structure(&self) -> Vec<u8> {
        let content = [self.content_type, &self.algorithm, &self.content].concat();
        let enveloped = [
            &tlv(0x02, self.version),
            self.before,
            &tlv(0x31, &self.infos),
            &tlv(0x30, &content),
            self.after,
        ];
        let enveloped = tlv(0xA0, &tlv(0x30, &enveloped.concat()));
        tlv(0x30, &[ENVELOPED_DATA, &enveloped].concat())
    }

    fn message(&self) -> Vec<u8> {
        with_structure(&good().message, &self.structure())
    }
}

#[test]
fn both_forms_of_lengths_are_read() {
    let sound = |content| {
        let parts = Parts {
            content,
            ..Parts::default()
        };
        inspect(&parts.message()[..]).unwrap().content_octets
    };
    assert_eq!(sound(tlv(0x80, &[5; 32])), 32);
    let two = [tlv(0x04, &[5; 20]), tlv(0x04, &[5; 12])].concat();
    assert_eq!(sound(tlv(0xA0, &two)), 32);
    assert_eq!(sound([&b"\xA0\x80"[..], &two, b"\0\0"].concat()), 32);
    assert!(inspect(&good().message[..]).unwrap().content_octets > 0);
}

#[test]
fn each_change_of_the_structure_is_refused() {
    let one = info(&rid(&[1]), RSA, 256);
    let oaep = replaced(RSA, b"\x01\x01\x05\x00", b"\x01\x07\x05\x00");
    let absent = tlv(0x30, &RSA[2..13]);
    let vector = |octets| tlv(0x04, &vec![9; octets]);
    let sequence = |parts: &[&[u8]]| tlv(0x30, &parts.concat());
    let aes128 = replaced(AES256_CBC, b"\x2a", b"\x02");
    let gcm = replaced(AES256_CBC, b"\x2a", b"\x2e");
    let version_2 = replaced(&one, b"\x02\x01\x00", b"\x02\x01\x02");
    let nested = tlv(0xA0, &tlv(0x24, &tlv(0x04, &[5; 16])));
    let default = Parts::default;
    let infos = |infos: Vec<u8>| Parts { infos, ..default() };
    let algorithm = |algorithm: Vec<u8>| Parts {
        algorithm,
        ..default()
    };
    let content = |content: Vec<u8>| Parts {
        content,
        ..default()
    };
    let rows: Vec<(&str, Parts<'_>, Wanted)> = vec![
        (
            "version 2",
            Parts {
                version: &[2],
                ..default()
            },
            wanted!(SelfCheckError::Version { presented: 2, .. }),
        ),
        (
            "a long version",
            Parts {
                version: &[0, 0],
                ..default()
            },
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "originator",
            Parts {
                before: b"\xA0\0",
                ..default()
            },
            wanted!(SelfCheckError::OriginatorInfo),
        ),
        (
            "attributes",
            Parts {
                after: b"\xA1\0",
                ..default()
            },
            wanted!(SelfCheckError::UnprotectedAttributes),
        ),
        (
            "more",
            Parts {
                after: b"\x05\0",
                ..default()
            },
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "signed inside",
            Parts {
                content_type: b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
                ..default()
            },
            wanted!(SelfCheckError::ContentType { .. }),
        ),
        (
            "no reader",
            infos(Vec::new()),
            wanted!(SelfCheckError::NoReaders),
        ),
        (
            "a reader twice",
            infos(one.repeat(2)),
            wanted!(SelfCheckError::DuplicateReader),
        ),
        (
            "key agreement",
            infos([one.clone(), tlv(0xA1, b"")].concat()),
            wanted!(SelfCheckError::RecipientKind { tag: 0xA1 }),
        ),
        (
            "a password",
            infos(tlv(0xA3, b"")),
            wanted!(SelfCheckError::RecipientKind { tag: 0xA3 }),
        ),
        (
            "ktri version 2",
            infos(version_2),
            wanted!(SelfCheckError::Version { presented: 2, .. }),
        ),
        (
            "a key identifier",
            infos(info(&tlv(0x80, b"id"), RSA, 256)),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "an empty serial",
            infos(info(&rid(b""), RSA, 256)),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "a huge serial",
            infos(info(&rid(&[1; 22]), RSA, 256)),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "OAEP",
            infos(info(&rid(&[1]), &oaep, 256)),
            wanted!(SelfCheckError::KeyTransport),
        ),
        (
            "no NULL",
            infos(info(&rid(&[1]), &absent, 256)),
            wanted!(SelfCheckError::KeyTransport),
        ),
        (
            "a short key",
            infos(info(&rid(&[1]), RSA, 128)),
            wanted!(SelfCheckError::EncryptedKey { octets: 128 }),
        ),
        (
            "a long key",
            infos(info(&rid(&[1]), RSA, 2049)),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "AES-128",
            algorithm(sequence(&[&aes128, &vector(16)])),
            wanted!(SelfCheckError::Cipher),
        ),
        (
            "GCM",
            algorithm(sequence(&[&gcm, &vector(16)])),
            wanted!(SelfCheckError::Cipher),
        ),
        (
            "a short vector",
            algorithm(sequence(&[AES256_CBC, &vector(12)])),
            wanted!(SelfCheckError::Cipher),
        ),
        (
            "no vector",
            algorithm(sequence(&[AES256_CBC])),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "two vectors",
            algorithm(sequence(&[AES256_CBC, &vector(16), &vector(16)])),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "no content",
            content(Vec::new()),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "empty content",
            content(tlv(0x80, b"")),
            wanted!(SelfCheckError::Content { octets: 0 }),
        ),
        (
            "no chunk",
            content(b"\xA0\x80\0\0".to_vec()),
            wanted!(SelfCheckError::Content { octets: 0 }),
        ),
        (
            "half a block",
            content(tlv(0x80, &[5; 24])),
            wanted!(SelfCheckError::Content { octets: 24 }),
        ),
        (
            "nested chunks",
            content(nested),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "clear chunks",
            content(tlv(0xA0, &tlv(0x0C, &[5; 16]))),
            wanted!(SelfCheckError::Structure { .. }),
        ),
    ];
    assert!(inspect(&default().message()[..]).is_ok());
    for (name, parts, wanted) in rows {
        refuses(name, &parts.message(), wanted);
    }
}

#[test]
fn each_change_around_the_structure_is_refused() {
    let message = good().message;
    let ours = structure(&message);
    let sound = Parts::default().structure();
    let auth = replaced(
        &sound,
        ENVELOPED_DATA,
        b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",
    );
    let longer = |at: usize, by: u8| {
        let mut changed = sound.clone();
        changed[at] = changed[at].wrapping_add(by);
        changed
    };
    let rows: Vec<(&str, Vec<u8>, Wanted)> = vec![
        (
            "one octet behind",
            [&ours[..], b"\0"].concat(),
            wanted!(SelfCheckError::Trailing { .. }),
        ),
        (
            "text behind",
            [&sound[..], b"clear"].concat(),
            wanted!(SelfCheckError::Trailing { .. }),
        ),
        (
            "one end less",
            ours[..ours.len() - 2].to_vec(),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "half an end",
            ours[..ours.len() - 1].to_vec(),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "authenticated",
            auth,
            wanted!(SelfCheckError::Structure { .. } | SelfCheckError::ContentType { .. }),
        ),
        (
            "another type outside",
            replaced(&sound, ENVELOPED_DATA, DATA),
            wanted!(SelfCheckError::ContentType { .. }),
        ),
        (
            "a longer outer length",
            longer(3, 1),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "a shorter outer length",
            longer(3, 255),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "a primitive of no length",
            replaced(&sound, b"\x02\x01\0", b"\x02\x80\0"),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "a reserved length",
            replaced(&sound, b"\x02\x01\0", b"\x02\xff\0"),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "a length in a longer form",
            replaced(&sound, b"\x02\x01\0", b"\x02\x81\x01\0"),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "a length with zeros",
            replaced(&ours, b"\x31\x82", b"\x31\x83\0"),
            wanted!(SelfCheckError::Structure { .. }),
        ),
        (
            "a length beyond all",
            b"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
            wanted!(SelfCheckError::Structure { .. }),
        ),
    ];
    for (name, structure, wanted) in rows {
        refuses(name, &with_structure(&message, &structure), wanted);
    }
}

/// What OpenSSL makes of the same readers, as a message of ours.
fn by_openssl(cipher: Cipher, flags: CMSOptions) -> Vec<u8> {
    let mut certificates: Stack<X509> = Stack::new().unwrap();
    for person in &people::eight()[..2] {
        certificates.push(person.x509()).unwrap();
    }
    let flags = flags | CMSOptions::BINARY;
    let cms = CmsContentInfo::encrypt(&certificates, b"kaere begge", cipher, flags).unwrap();
    with_structure(&good().message, &cms.to_der().unwrap())
}

#[test]
fn what_openssl_makes_is_read_alike_and_its_other_choices_are_refused() {
    let good = good();
    let readers: Vec<_> = good.readers.iter().collect();
    let message = by_openssl(Cipher::aes_256_cbc(), CMSOptions::empty());
    let checked = check(&message[..], &readers, &good.outer).unwrap();
    let Inspected { content_octets, .. } = inspect(&message[..]).unwrap();
    assert_eq!((checked.readers().len(), content_octets), (2, 16));
    let rows: Vec<(&str, Vec<u8>, Wanted)> = vec![
        (
            "AES-128",
            by_openssl(Cipher::aes_128_cbc(), CMSOptions::empty()),
            wanted!(SelfCheckError::Cipher),
        ),
        (
            "3DES",
            by_openssl(Cipher::des_ede3_cbc(), CMSOptions::empty()),
            wanted!(SelfCheckError::Cipher),
        ),
        (
            "GCM",
            by_openssl(Cipher::aes_256_gcm(), CMSOptions::empty()),
            wanted!(SelfCheckError::ContentType { .. }),
        ),
        (
            "key identifiers",
            by_openssl(Cipher::aes_256_cbc(), CMSOptions::USE_KEYID),
            wanted!(SelfCheckError::Version { presented: 2, .. }),
        ),
    ];
    for (name, message, wanted) in rows {
        refuses(name, &message, wanted);
    }
}

#[test]
fn a_name_in_utf_8_is_told_so_that_only_a_server_that_takes_it_gets_it() {
    let reader = people::eight()[0].judged();
    let (message, sealed) = seal("To: øst@y.example\n\nx".as_bytes(), &[&reader]).unwrap();
    let checked = check(&message[..], &[&reader], &sealed.outer).unwrap();
    assert!(checked.needs_smtputf8());
}

#[test]
fn a_read_that_fails_is_no_message() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }
    }
    let message = good().message;
    for at in [0, 10, body_at(&message), message.len() - 40, message.len()] {
        let found = inspect(std::io::Read::chain(&message[..at], Failing));
        assert!(
            matches!(found, Err(SelfCheckError::Read(_))),
            "{at}: {found:?}"
        );
    }
}

#[test]
fn a_large_message_is_read_in_pieces_of_any_size() {
    /// Hands out few octets at a time.
    struct Slow<'a>(&'a [u8], usize);
    impl std::io::Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let octets = self.1.min(out.len()).min(self.0.len());
            out[..octets].copy_from_slice(&self.0[..octets]);
            self.0 = &self.0[octets..];
            Ok(octets)
        }
    }
    let reader = people::eight()[0].judged();
    let content = [&b"\n"[..], &vec![b'x'; 700_000]].concat();
    let (message, _) = seal(&content, &[&reader]).unwrap();
    let whole = inspect(&message[..]).unwrap();
    assert_eq!(whole.sha256, Digest::of(&message));
    for piece in [1, 7, 77, 4096, 65_537] {
        assert_eq!(inspect(Slow(&message, piece)).unwrap(), whole, "{piece}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_cut_message_is_refused(at in 0_usize..3000) {
        let message = good_once();
        let at = at % message.len();
        prop_assert!(inspect(&message[..at]).is_err(), "{}", at);
    }

    #[test]
    fn changed_octets_never_panic_and_never_keep_the_digest(
        changes in proptest::collection::vec((0_usize..3000, 1_u8..), 1..4),
    ) {
        let mut message = good_once().to_vec();
        for (at, change) in changes {
            let at = at % message.len();
            message[at] ^= change;
        }
        if let Ok(found) = inspect(&message[..]) {
            prop_assert!(message == good_once() || found.sha256 != Digest::of(good_once()));
        }
    }

    #[test]
    fn changed_octets_of_the_structure_never_panic(
        changes in proptest::collection::vec((0_usize..1200, any::<u8>()), 1..4),
        cut in 0_usize..1200,
    ) {
        let mut structure = structure(good_once());
        for (at, octet) in changes {
            let at = at % structure.len();
            structure[at] = octet;
        }
        structure.truncate(structure.len().saturating_sub(cut / 8));
        let _whatever = inspect(&with_structure(good_once(), &structure)[..]);
    }
}

fn good_once() -> &'static [u8] {
    static GOOD: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| good().message);
    &GOOD
}
