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
    smime::{
        ContentCipher, Inspected, OuterHeader, ReaderId, SelfCheckError as Error, check, inspect,
    },
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
            Err(Error::Readers {
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
            matches!(found, Err(Error::HeaderDiffers)),
            "{new:?}: {found:?}"
        );
    }
}

/// Asserts that a message is refused, and for what.
macro_rules! refused {
    ($name:literal, $message:expr, $why:pat $(if $guard:expr)?) => {
        let found = inspect(&$message[..]);
        assert!(matches!(found, Err($why) $(if $guard)?), "{}: {found:?}", $name);
    };
}

const SUBJECT: &str = "Subject: Sagen\r\n";

fn instead(old: &str, new: &[u8]) -> Vec<u8> {
    replaced(good_once(), old.as_bytes(), new)
}

/// The good message with more lines behind its subject.
fn with(lines: &str) -> Vec<u8> {
    instead(SUBJECT, format!("{SUBJECT}{lines}").as_bytes())
}

#[test]
fn each_field_that_has_no_business_outside_is_refused() {
    let version = "MIME-Version: 1.0\r\n";
    let version_and = |line: &str| instead(version, format!("{version}{line}").as_bytes());
    refused!(
        "Bcc",
        with("Bcc: eva@z.example\r\n"),
        Error::UnexpectedField { .. }
    );
    refused!(
        "bcc",
        with("bCC: eva@z.example\r\n"),
        Error::UnexpectedField { .. }
    );
    refused!(
        "Received",
        with("Received: from pc\r\n"),
        Error::UnexpectedField { .. }
    );
    refused!(
        "Subject",
        with("subject: x\r\n"),
        Error::DuplicateField { .. }
    );
    refused!(
        "To",
        with("To: eva@z.example\r\n"),
        Error::DuplicateField { .. }
    );
    refused!(
        "MIME-Version",
        version_and(version),
        Error::DuplicateField { .. }
    );
    let type_before = version_and("Content-Type: text/plain\r\n");
    refused!(
        "a type before",
        type_before,
        Error::WrongField {
            field: "content-type"
        }
    );
    let disposition = "Content-Disposition: attachment; filename=\"smime.p7m\"\r\n";
    let type_after = format!("{disposition}Content-Type: text/plain\r\n");
    let type_after = instead(disposition, type_after.as_bytes());
    refused!("a type after", type_after, Error::DuplicateField { .. });
}

#[test]
fn each_field_that_does_not_say_smime_is_refused() {
    let no_version = instead("MIME-Version: 1.0\r\n", b"");
    refused!(
        "no version",
        no_version,
        Error::WrongField {
            field: "mime-version"
        }
    );
    let multipart = instead("application/pkcs7-mime;", b"multipart/mixed; boundary=x;");
    refused!(
        "a multipart",
        multipart,
        Error::WrongField {
            field: "content-type"
        }
    );
    let signed = instead("enveloped-data", b"signed-data");
    refused!(
        "signed data",
        signed,
        Error::WrongField {
            field: "content-type"
        }
    );
    let encoding = "content-transfer-encoding";
    let seven_bit = instead("Encoding: base64", b"Encoding: 7bit");
    refused!("7bit", seven_bit, Error::WrongField { field } if field == encoding);
    let name = instead("filename=\"smime.p7m\"", b"filename=\"a.txt\"");
    refused!(
        "a name",
        name,
        Error::WrongField {
            field: "content-disposition"
        }
    );
}

#[test]
fn each_line_that_is_no_field_is_refused() {
    refused!(
        "Latin-1",
        instead("Sagen", b"Gr\xf8n"),
        Error::NotAField { line: 4 }
    );
    refused!(
        "a NUL",
        instead("Sagen", b"Sa\0gen"),
        Error::NotAField { .. }
    );
    refused!(
        "C1",
        instead("Sagen", "Sa\u{85}gen".as_bytes()),
        Error::NotAField { .. }
    );
    refused!(
        "a lone CR",
        instead("Sagen", b"Sagen\rBcc: x"),
        Error::NotAField { .. }
    );
    refused!(
        "a lone LF",
        instead(SUBJECT, b"Subject: Sagen\n"),
        Error::LineEnd { line: 4 }
    );
    refused!(
        "no colon",
        with("clear text\r\n"),
        Error::NotAField { line: 5 }
    );
    refused!("no name", with(": x\r\n"), Error::NotAField { .. });
    refused!(
        "a space in the name",
        with("Cc : x\r\n"),
        Error::NotAField { .. }
    );
    refused!("a line of spaces", with("  \r\n"), Error::NotAField { .. });
    let folded = [b" x\r\n", good_once()].concat();
    refused!("a folded first line", folded, Error::NotAField { line: 1 });
    let long = format!("References: {}\r\n", "x".repeat(998));
    refused!(
        "a long line",
        with(&long),
        Error::LineTooLong {
            line: 5,
            limit: 998
        }
    );
    let endless = vec![b'x'; 200_000];
    refused!(
        "an endless line",
        endless,
        Error::LineTooLong { line: 1, .. }
    );
    let many = format!("Comments: {}\r\n", "x".repeat(900)).repeat(1200);
    refused!(
        "an endless header",
        with(&many),
        Error::HeaderTooLarge { .. }
    );
    refused!("nothing", b"", Error::NoBody);
    let no_empty_line = &good_once()[..body_at(good_once()) - 2];
    refused!("no empty line", no_empty_line, Error::NoBody);
}

#[test]
fn each_change_beside_the_base64_is_refused() {
    let message = good_once();
    let (header, body) = message.split_at(body_at(message));
    let before = |more: &[u8]| [header, more, body].concat();
    let after = |more: &[u8]| [message, more].concat();
    // The octet at this place of the first line of base64, or of its line end.
    let octet = |at: usize, octet: u8| {
        let mut changed = message.to_vec();
        changed[header.len() + at] = octet;
        changed
    };
    refused!(
        "text before",
        before(b"clear text!!\r\n"),
        Error::NotBase64 { .. }
    );
    refused!(
        "an empty line before",
        before(b"\r\n"),
        Error::NotBase64 { .. }
    );
    refused!(
        "text after",
        after(b"clear text.\r\n"),
        Error::NotBase64 { .. }
    );
    let second = b"\r\n--x\r\nContent-Type: text/plain\r\n\r\nclear\r\n";
    refused!("a second part", after(second), Error::NotBase64 { .. });
    refused!(
        "an empty line after",
        after(b"\r\n"),
        Error::NotBase64 { .. }
    );
    refused!("an octet after", after(b"A"), Error::LineEnd { .. });
    let more = with_structure(message, &[structure(message), vec![0; 3]].concat());
    refused!("base64 after", more, Error::Trailing { .. });
    refused!("an 8-bit octet", octet(5, 0xF8), Error::NotBase64 { .. });
    refused!("a NUL", octet(5, 0), Error::NotBase64 { .. });
    refused!("a space", octet(5, b' '), Error::NotBase64 { .. });
    refused!("padding within", octet(75, b'='), Error::NotBase64 { .. });
    refused!("a CR within", octet(5, b'\r'), Error::NotBase64 { .. });
    refused!("a lone LF", octet(76, b'A'), Error::LineEnd { .. });
    refused!(
        "a lone CR",
        octet(77, b'A'),
        Error::LineTooLong { limit: 76, .. }
    );
    let (cut, end) = message.split_at(message.len() - 2);
    refused!("no last line end", cut, Error::LineEnd { .. });
    refused!(
        "no last LF",
        [cut, &end[..1]].concat(),
        Error::LineEnd { .. }
    );
    refused!("no body", header, Error::Structure { at: 0, .. });
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

fn infos(infos: Vec<u8>) -> Vec<u8> {
    let parts = Parts {
        infos,
        ..Parts::default()
    };
    parts.message()
}

fn algorithm(values: &[&[u8]]) -> Vec<u8> {
    let algorithm = tlv(0x30, &values.concat());
    let parts = Parts {
        algorithm,
        ..Parts::default()
    };
    parts.message()
}

fn content(content: Vec<u8>) -> Vec<u8> {
    let parts = Parts {
        content,
        ..Parts::default()
    };
    parts.message()
}

#[test]
fn each_change_of_the_enveloped_data_is_refused() {
    assert!(inspect(&Parts::default().message()[..]).is_ok());
    let version = |version| {
        Parts {
            version,
            ..Parts::default()
        }
        .message()
    };
    refused!(
        "version 2",
        version(&[2]),
        Error::Version { presented: 2, .. }
    );
    refused!("a long version", version(&[0, 0]), Error::Structure { .. });
    refused!(
        "a negative version",
        version(&[255]),
        Error::Version { presented: 255, .. }
    );
    let before = |before| {
        Parts {
            before,
            ..Parts::default()
        }
        .message()
    };
    refused!("an originator", before(b"\xA0\0"), Error::OriginatorInfo);
    refused!(
        "something before",
        before(b"\x05\0"),
        Error::Structure { .. }
    );
    let after = |after| {
        Parts {
            after,
            ..Parts::default()
        }
        .message()
    };
    refused!("attributes", after(b"\xA1\0"), Error::UnprotectedAttributes);
    refused!("something after", after(b"\x05\0"), Error::Structure { .. });
    let signed = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    let signed = Parts {
        content_type: signed,
        ..Parts::default()
    }
    .message();
    refused!("signed inside", signed, Error::ContentType { .. });
}

#[test]
fn each_change_of_the_recipient_infos_is_refused() {
    let one = info(&rid(&[1]), RSA, 256);
    refused!("no reader", infos(Vec::new()), Error::NoReaders);
    refused!(
        "a reader twice",
        infos(one.repeat(2)),
        Error::DuplicateReader
    );
    let agreement = [one.clone(), tlv(0xA1, b"")].concat();
    refused!(
        "key agreement",
        infos(agreement),
        Error::RecipientKind { tag: 0xA1 }
    );
    refused!(
        "a password",
        infos(tlv(0xA3, b"")),
        Error::RecipientKind { tag: 0xA3 }
    );
    let version_2 = replaced(&one, b"\x02\x01\x00", b"\x02\x01\x02");
    refused!(
        "version 2",
        infos(version_2),
        Error::Version { presented: 2, .. }
    );
    let identifier = info(&tlv(0x80, b"id"), RSA, 256);
    refused!(
        "a key identifier",
        infos(identifier),
        Error::Structure { .. }
    );
    let serial = |serial: &[u8]| infos(info(&rid(serial), RSA, 256));
    refused!("an empty serial", serial(b""), Error::Structure { .. });
    refused!("a huge serial", serial(&[1; 22]), Error::Structure { .. });
    let transport = |algorithm: &[u8]| infos(info(&rid(&[1]), algorithm, 256));
    let oaep = replaced(RSA, b"\x01\x01\x05\x00", b"\x01\x07\x05\x00");
    refused!("OAEP", transport(&oaep), Error::KeyTransport);
    refused!(
        "no NULL",
        transport(&tlv(0x30, &RSA[2..13])),
        Error::KeyTransport
    );
    let key = |octets| infos(info(&rid(&[1]), RSA, octets));
    refused!("a short key", key(128), Error::EncryptedKey { octets: 128 });
    refused!("a long key", key(2049), Error::Structure { .. });
}

#[test]
fn each_change_of_the_encrypted_content_is_refused() {
    let vector = |octets| tlv(0x04, &vec![9; octets]);
    let (short, vector) = (vector(12), vector(16));
    let aes128 = replaced(AES256_CBC, b"\x2a", b"\x02");
    let gcm = replaced(AES256_CBC, b"\x2a", b"\x2e");
    refused!("AES-128", algorithm(&[&aes128, &vector]), Error::Cipher);
    refused!("GCM", algorithm(&[&gcm, &vector]), Error::Cipher);
    refused!(
        "a short vector",
        algorithm(&[AES256_CBC, &short]),
        Error::Cipher
    );
    refused!(
        "no vector",
        algorithm(&[AES256_CBC]),
        Error::Structure { .. }
    );
    let two = algorithm(&[AES256_CBC, &vector, &vector]);
    refused!("two vectors", two, Error::Structure { .. });
    refused!("no content", content(Vec::new()), Error::Structure { .. });
    refused!(
        "empty content",
        content(tlv(0x80, b"")),
        Error::Content { octets: 0 }
    );
    let no_chunk = content(b"\xA0\x80\0\0".to_vec());
    refused!("no chunk", no_chunk, Error::Content { octets: 0 });
    refused!(
        "half a block",
        content(tlv(0x80, &[5; 24])),
        Error::Content { octets: 24 }
    );
    let nested = tlv(0xA0, &tlv(0x24, &tlv(0x04, &[5; 16])));
    refused!("nested chunks", content(nested), Error::Structure { .. });
    let clear = tlv(0xA0, &tlv(0x0C, &[5; 16]));
    refused!("clear chunks", content(clear), Error::Structure { .. });
}

#[test]
fn each_change_around_the_structure_is_refused() {
    let ours = structure(good_once());
    let sound = Parts::default().structure();
    let message = |structure: &[u8]| with_structure(good_once(), structure);
    let sound_with = |old: &[u8], new: &[u8]| message(&replaced(&sound, old, new));
    let trailing = [&ours[..], b"\0"].concat();
    refused!(
        "an octet behind",
        message(&trailing),
        Error::Trailing { .. }
    );
    let text = [&sound[..], b"clear"].concat();
    refused!("text behind", message(&text), Error::Trailing { .. });
    let cut = |octets| message(&ours[..ours.len() - octets]);
    refused!("one end less", cut(2), Error::Structure { .. });
    refused!("half an end", cut(1), Error::Structure { .. });
    let another = sound_with(ENVELOPED_DATA, DATA);
    refused!("another type", another, Error::ContentType { .. });
    for by in [1, 255] {
        let mut changed = sound.clone();
        changed[3] = changed[3].wrapping_add(by);
        refused!(
            "another outer length",
            message(&changed),
            Error::Structure { .. }
        );
    }
    let version = b"\x02\x01\0";
    let endless = sound_with(version, b"\x02\x80\0");
    refused!(
        "a primitive without length",
        endless,
        Error::Structure { .. }
    );
    let reserved = sound_with(version, b"\x02\xff\0");
    refused!("a reserved length", reserved, Error::Structure { .. });
    let longer = sound_with(version, b"\x02\x81\x01\0");
    refused!("a length in a longer form", longer, Error::Structure { .. });
    let zeros = message(&replaced(&ours, b"\x31\x82", b"\x31\x83\0"));
    refused!("a length with zeros", zeros, Error::Structure { .. });
    let beyond = message(b"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff");
    refused!("a length beyond all", beyond, Error::Structure { .. });
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
    let none = CMSOptions::empty();
    refused!(
        "AES-128",
        by_openssl(Cipher::aes_128_cbc(), none),
        Error::Cipher
    );
    refused!(
        "3DES",
        by_openssl(Cipher::des_ede3_cbc(), none),
        Error::Cipher
    );
    let gcm = by_openssl(Cipher::aes_256_gcm(), none);
    refused!("GCM", gcm, Error::ContentType { .. });
    let identifiers = by_openssl(Cipher::aes_256_cbc(), CMSOptions::USE_KEYID);
    refused!(
        "key identifiers",
        identifiers,
        Error::Version { presented: 2, .. }
    );
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
        assert!(matches!(found, Err(Error::Read(_))), "{at}: {found:?}");
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

#[test]
fn two_certificates_that_no_message_tells_apart_are_never_both_readers() {
    let issuer = tlv(
        0x30,
        &tlv(0x31, &tlv(0x30, b"\x06\x03\x55\x04\x03\x0c\x02CA")),
    );
    let serial = openssl::bn::BigNum::from_u32(7).unwrap();
    let one = people::of_strange_issuer(&issuer, &serial, 0).judged();
    let other = people::of_strange_issuer(&issuer, &serial, 1).judged();
    let (message, sealed) = seal(b"\nx", &[&one]).unwrap();
    assert!(check(&message[..], &[&one], &sealed.outer).is_ok());
    let found = check(&message[..], &[&one, &other], &sealed.outer);
    assert!(matches!(
        found,
        Err(Error::Readers {
            missing: 1,
            unexpected: 0
        })
    ));
}

/// Pieces of header blocks as programs and people make them.
fn header_line() -> impl Strategy<Value = Vec<u8>> {
    let lines: [&[u8]; 22] = [
        b"To: a@x.example",
        b"to : b@x.example,",
        b" c@x.example",
        b"\t",
        b"  ",
        b"Subject:",
        b"subject: \xc3\xb8",
        b"SUBJECT: \xf8",
        b"Bcc: d@x.example",
        b"Content-Type: text/plain",
        b"Content-Type : text/html;",
        b" charset=\xf8",
        b"Content-Transfer-Encoding: binary",
        b"MIME-Version: 2.0",
        b"X: \x01",
        b"Reply-To: e@x.example",
        b"References: <1@x>\r",
        b"no colon",
        b": x",
        b"From a@x.example",
        b"Message-ID: <2@x>",
        b"Date: \xc2\x85",
    ];
    prop_oneof![
        20 => proptest::sample::select(lines.to_vec()).prop_map(<[u8]>::to_vec),
        1 => (900_usize..1100).prop_map(|n| [&b"Cc: "[..], &vec![b'x'; n]].concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_sealed_passes(
        lines in proptest::collection::vec((header_line(), any::<bool>()), 0..8),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut message = Vec::new();
        for (line, crlf) in &lines {
            message.extend_from_slice(line);
            message.extend_from_slice(if *crlf { b"\r\n" } else { b"\n" });
        }
        message.push(b'\n');
        message.extend_from_slice(&body);
        let reader = judged_once();
        if let Ok((out, sealed)) = seal(&message, &[reader]) {
            let checked = check(&out[..], &[reader], &sealed.outer);
            prop_assert!(checked.is_ok(), "{:?}", checked);
            prop_assert!(!sealed.outer.as_bytes().to_ascii_lowercase().starts_with(b"bcc"));
        }
    }

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

fn judged_once() -> &'static EncryptionCertificate {
    static READER: std::sync::LazyLock<EncryptionCertificate> =
        std::sync::LazyLock::new(|| people::eight()[0].judged());
    &READER
}

fn good_once() -> &'static [u8] {
    static GOOD: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| good().message);
    &GOOD
}
