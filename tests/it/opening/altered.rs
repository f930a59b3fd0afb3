//! Messages and key files with octets altered, cut, doubled and swapped: each is refused or read, and none is a fault.
//! What is authenticated shows nothing but the whole. The seed is fixed, so that a failure comes again.

use std::fs;

use segl::{
    identity::{Opener, SoftKey, pkcs12, read_keys},
    smime::open::open,
};

use super::{Bench, KeyKind};

/// Alterations of each message.
const ROUNDS: u64 = 1_500;

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// A few octets otherwise.
pub(crate) fn altered(octets: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = octets.to_vec();
    for _ in 0..=dice.below(3) {
        if out.len() < 4 {
            break;
        }
        let at = dice.below(out.len() - 1);
        let length = 1 + dice.below((out.len() - at).min(40));
        match dice.below(6) {
            0 => out[at] ^= 1 << dice.below(8),
            1 => out[at] = [0, 0x80, 0xFF, 0x30, 0x24, 0x7F][dice.below(6)],
            2 => out.truncate(at),
            3 => drop(out.drain(at..at + length)),
            4 => {
                let piece = out[at..at + length].to_vec();
                let to = dice.below(out.len());
                out.splice(to..to, piece);
            }
            _ => {
                let piece = vec![0x80; length];
                out.splice(at..at, piece);
            }
        }
    }
    out
}

fn wrapped(der: &[u8], kind: &str) -> Vec<u8> {
    let head = format!(
        "From: anne@example.com\r\nContent-Type: application/pkcs7-mime; smime-type={kind}\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    );
    [
        head.as_bytes(),
        base64_simd::STANDARD.encode_to_string(der).as_bytes(),
    ]
    .concat()
}

#[test]
fn no_alteration_of_a_message_is_a_fault_and_authenticated_text_is_whole_or_absent() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Rsa);
    bench.person("eva", KeyKind::Curve("P-256"));
    let text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHEMMELIGT\r\n--b\r\n\
        Content-Type: application/pdf; name=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--\r\n";
    fs::write(bench.path("text"), text).unwrap();
    let keys: Vec<SoftKey> = ["bo.both", "eva.both"]
        .iter()
        .flat_map(|f| {
            read_keys(&fs::read(bench.path(f)).unwrap(), "")
                .unwrap()
                .keys
        })
        .collect();
    let keys: Vec<&dyn Opener> = keys.iter().map(|k| k as &dyn Opener).collect();
    let mut dice = Dice(9788);
    let makes: [(&str, &[&str]); 4] = [
        (
            "enveloped-data",
            &["-encrypt", "-aes256", "-recip", "bo.pem"],
        ),
        (
            "authEnveloped-data",
            &["-encrypt", "-aes-256-gcm", "-recip", "bo.pem"],
        ),
        (
            "enveloped-data",
            &["-encrypt", "-aes256", "-stream", "-recip", "eva.pem"],
        ),
        (
            "signed-data",
            &[
                "-sign",
                "-nodetach",
                "-signer",
                "bo.pem",
                "-inkey",
                "bo.key",
            ],
        ),
    ];
    for (kind, more) in makes {
        let made = [
            &["cms", "-in", "text", "-outform", "DER", "-out", "made"][..],
            more,
        ];
        bench.openssl(&made.concat());
        let der = fs::read(bench.path("made")).unwrap();
        let whole = open(wrapped(&der, kind), &keys).expect("it opens as it was made");
        assert!(whole.text.contains("HEMMELIGT"));
        let mut opened = 0;
        for _ in 0..ROUNDS {
            if let Ok(found) = open(wrapped(&altered(&der, &mut dice), kind), &keys) {
                opened += 1;
                if kind == "authEnveloped-data" {
                    assert_eq!(*found.text, *whole.text);
                }
                if let Some((_, signer)) = found.signers.first()
                    && signer.faults.is_empty()
                {
                    assert_eq!(*found.text, *whole.text);
                }
                for part in &found.parts {
                    let _octets = found.content(part);
                }
            }
        }
        println!("{kind}: {opened} of {ROUNDS} still opened");
    }
    // The same with the octets of a whole MIME message.
    let sign = [
        "cms", "-sign", "-in", "text", "-out", "mail", "-signer", "bo.pem", "-inkey", "bo.key",
    ];
    bench.openssl(&sign);
    let mail = fs::read(bench.path("mail")).unwrap();
    for _ in 0..ROUNDS {
        if let Ok(found) = open(altered(&mail, &mut dice), &keys) {
            for part in &found.parts {
                let _octets = found.content(part);
            }
        }
    }
}

#[test]
fn no_alteration_of_a_key_file_is_a_fault() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Curve("P-256"));
    let mut dice = Dice(7292);
    for more in [
        &["-iter", "2", "-maciter"][..],
        &["-legacy", "-iter", "2"],
        &["-nomac", "-iter", "2"],
    ] {
        let made = [
            "pkcs12", "-export", "-in", "bo.pem", "-inkey", "bo.key", "-out", "key", "-passout",
            "pass:x",
        ];
        bench.openssl(&[&made[..], more].concat());
        let file = fs::read(bench.path("key")).unwrap();
        assert_eq!(pkcs12::read(&file, "x").unwrap().keys.len(), 1);
        for _ in 0..300 {
            let mut odd = altered(&file, &mut dice);
            // The number of rounds is bounded, and still too much for a test.
            odd.truncate(file.len() + 100);
            drop(pkcs12::read(&odd, "x"));
        }
    }
}
