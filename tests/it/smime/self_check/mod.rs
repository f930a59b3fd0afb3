//! The self-check: what was approved passes, and each single change is refused for what it is.

use std::{io::Read, sync::LazyLock};

use segl::{
    cert::{ContentCipher, EncryptionCertificate},
    mail::Digest,
    smime::{OuterHeader, ReaderId, SelfCheckError as Error, check, inspect},
};

use super::{DEFAULT, body_at, open, people, seal};

/// Asserts that a message is refused, and for what.
macro_rules! refused {
    ($name:literal, $message:expr, $why:pat $(if $guard:expr)?) => {
        let found = segl::smime::inspect(&$message[..]);
        assert!(matches!(found, Err($why) $(if $guard)?), "{}: {found:?}", $name);
    };
}

mod message;
mod newer;
mod random;
mod structure;

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
    let checked = check(&good.message[..], &readers, &good.outer, DEFAULT).unwrap();
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
    assert!(check(&good.message[..], &twice, &good.outer, DEFAULT).is_ok());
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
        match check(&good.message[..], approved, &good.outer, DEFAULT) {
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
        let found = check(&message[..], &readers, &good.outer, DEFAULT);
        assert!(
            matches!(found, Err(Error::HeaderDiffers)),
            "{new:?}: {found:?}"
        );
    }
}

#[test]
fn a_name_in_utf_8_is_told_so_that_only_a_server_that_takes_it_gets_it() {
    let reader = people::eight()[0].judged();
    let (message, sealed) = seal("To: øst@y.example\n\nx".as_bytes(), &[&reader]).unwrap();
    let checked = check(&message[..], &[&reader], &sealed.outer, DEFAULT).unwrap();
    assert!(checked.needs_smtputf8());
}

#[test]
fn folded_fields_are_told_unfolded() {
    let reader = judged_once();
    let to = "To: a@x.example, \r\n\tb@x.example,\r\n c@x.example \r\n";
    let (message, _) = seal(format!("{to}\r\nx").as_bytes(), &[reader]).unwrap();
    let found = inspect(&message[..]).unwrap();
    assert_eq!(
        found.fields[0].value,
        "a@x.example, \tb@x.example, c@x.example"
    );
    assert_eq!(found.outer, to.as_bytes());
}

#[test]
fn a_read_that_fails_is_no_message() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }
    }
    let message = good().message;
    for at in [0, 10, body_at(&message), message.len() - 40, message.len()] {
        let found = inspect((&message[..at]).chain(Failing));
        assert!(matches!(found, Err(Error::Read(_))), "{at}: {found:?}");
    }
}

#[test]
fn a_read_that_was_interrupted_is_tried_again() {
    struct Interrupted<'a>(&'a [u8], bool);
    impl Read for Interrupted<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(std::io::ErrorKind::Interrupted.into());
            }
            self.0.read(out)
        }
    }
    let message = good().message;
    let whole = inspect(&message[..]).unwrap();
    assert_eq!(inspect(Interrupted(&message, false)).unwrap(), whole);
}

#[test]
fn a_large_message_is_read_in_pieces_of_any_size() {
    /// Hands out few octets at a time.
    struct Slow<'a>(&'a [u8], usize);
    impl Read for Slow<'_> {
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
    let issuer = b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02CA";
    let serial = openssl::bn::BigNum::from_u32(7).unwrap();
    let one = people::of_strange_issuer(issuer, &serial, 0).judged();
    let other = people::of_strange_issuer(issuer, &serial, 1).judged();
    let (message, sealed) = seal(b"\nx", &[&one]).unwrap();
    assert!(check(&message[..], &[&one], &sealed.outer, DEFAULT).is_ok());
    let found = check(&message[..], &[&one, &other], &sealed.outer, DEFAULT);
    assert!(matches!(
        found,
        Err(Error::Readers {
            missing: 1,
            unexpected: 0
        })
    ));
}

fn judged_once() -> &'static EncryptionCertificate {
    static READER: LazyLock<EncryptionCertificate> = LazyLock::new(|| people::eight()[0].judged());
    &READER
}

fn good_once() -> &'static [u8] {
    static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| good().message);
    &GOOD
}
