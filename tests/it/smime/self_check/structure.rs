//! Changes of the CMS structure, and what OpenSSL makes of the same readers.

use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    stack::Stack,
    symm::Cipher,
    x509::X509,
};
use segl::smime::{Inspected, SelfCheckError as Error, check, inspect};

use super::{good, good_once, people, replaced};
use crate::smime::{DEFAULT, structure, with_structure};

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
        with_structure(good_once(), &self.structure())
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
    assert!(inspect(good_once()).unwrap().content_octets > 0);
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
    refused!("attributes", after(b"\xA1\0"), Error::Attributes);
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
    refused!("key agreement", infos(agreement), Error::Structure { .. });
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
    refused!("OAEP with NULL", transport(&oaep), Error::KeyTransport);
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
    with_structure(good_once(), &cms.to_der().unwrap())
}

#[test]
fn what_openssl_makes_is_read_alike_and_its_other_choices_are_refused() {
    let good = good();
    let readers: Vec<_> = good.readers.iter().collect();
    let message = by_openssl(Cipher::aes_256_cbc(), CMSOptions::empty());
    let checked = check(&message[..], &readers, &good.outer, DEFAULT).unwrap();
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
