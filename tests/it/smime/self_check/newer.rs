//! The structures beside RSA with PKCS#1 and CBC: each single change is refused for what it is.

use std::sync::LazyLock;

use proptest::prelude::*;
use segl::smime::{SelfCheckError as Error, inspect};

use super::{people, replaced};
use crate::smime::{DEFAULT, GCM, seal_by, structure, with_structure};
use segl::cert::{RsaPadding, SealingRules};

/// A message to the person with this kind of key alone.
fn alone(kind: usize, rules: SealingRules) -> Vec<u8> {
    let reader = people::of_each_kind()[kind].judged();
    seal_by(rules, b"\nhej", &[&reader]).unwrap().0
}

/// The same with these octets of the structure replaced.
fn changed(message: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert!(inspect(message).is_ok());
    with_structure(message, &replaced(&structure(message), old, new))
}

const AES256_WRAP: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2d";
const AES128_WRAP: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x05";

#[test]
fn each_change_of_a_key_agreement_is_refused() {
    let message = alone(1, DEFAULT);
    let with = |old: &[u8], new: &[u8]| changed(&message, old, new);
    let sha384 = with(b"\x2b\x81\x04\x01\x0b\x01", b"\x2b\x81\x04\x01\x0b\x02");
    refused!("the KDF of another curve", sha384, Error::KeyAgreement);
    for (kind, own) in [(2, 2), (3, 3)] {
        let message = alone(kind, DEFAULT);
        let scheme = |n: u8| [0x2b, 0x81, 4, 1, 0x0b, n];
        let sha256 = changed(&message, &scheme(own), &scheme(1));
        refused!("SHA-256 with a larger curve", sha256, Error::KeyAgreement);
    }
    let wrap = with(AES256_WRAP, AES128_WRAP);
    refused!("AES-128 key wrap", wrap, Error::KeyAgreement);
    let point = with(b"\x03\x42\x00\x04", b"\x03\x42\x00\x02");
    refused!("a compressed point", point, Error::KeyAgreement);
    let bits = with(b"\x03\x42\x00\x04", b"\x03\x42\x01\x04");
    refused!("unused bits", bits, Error::KeyAgreement);
    let key = with(
        b"\x2a\x86\x48\xce\x3d\x02\x01",
        b"\x2a\x86\x48\xce\x3d\x02\x02",
    );
    refused!("another kind of key", key, Error::KeyAgreement);
    let version = with(b"\x02\x01\x03", b"\x02\x01\x02");
    refused!(
        "version 2 inside",
        version,
        Error::Version { expected: 3, .. }
    );
    let outside = with(b"\x02\x01\x02\x31", b"\x02\x01\x00\x31");
    refused!(
        "version 0 outside",
        outside,
        Error::Version {
            expected: 2,
            presented: 0,
            ..
        }
    );
    let named = with(b"\xa0\x51\xa1\x4f", b"\xa0\x51\x80\x4f");
    refused!("an originator by name", named, Error::Structure { .. });
    let short = with(b"\x04\x28", b"\x04\x27");
    refused!(
        "a short wrapped key",
        short,
        Error::EncryptedKey { octets: 39 }
    );
}

#[test]
fn each_change_of_an_x25519_agreement_is_refused() {
    let message = alone(4, DEFAULT);
    let with = |old: &[u8], new: &[u8]| changed(&message, old, new);
    let x448 = with(b"\x06\x03\x2b\x65\x6e", b"\x06\x03\x2b\x65\x6f");
    refused!("X448", x448, Error::KeyAgreement);
    let hkdf = b"\x01\x09\x10\x03\x13";
    let sha384 = with(hkdf, b"\x01\x09\x10\x03\x14");
    refused!("HKDF with SHA-384", sha384, Error::KeyAgreement);
    let octets = structure(&message);
    let at = memchr::memmem::find(&octets, b"\x2b\x65\x6e").unwrap() + 3 + 3;
    let zeros = [&octets[..at], &[0; 32], &octets[at + 32..]].concat();
    let zeros = with_structure(&message, &zeros);
    refused!("a key of zeros", zeros, Error::KeyAgreement);
}

#[test]
fn each_change_of_a_key_encapsulation_is_refused() {
    for (kind, arc) in [(5, 2), (6, 3)] {
        let message = alone(kind, DEFAULT);
        let with = |old: &[u8], new: &[u8]| changed(&message, old, new);
        let oid = |arc| [&b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x04"[..], &[arc]].concat();
        for other in [1, 5 - arc] {
            let kem = with(&oid(arc), &oid(other));
            refused!("another parameter set", kem, Error::KeyEncapsulation);
        }
        let ori = with(b"\x01\x09\x10\x0d\x03", b"\x01\x09\x10\x0d\x04");
        refused!("another RecipientInfo", ori, Error::KeyEncapsulation);
        let kdf = with(b"\x01\x09\x10\x03\x1c", b"\x01\x09\x10\x03\x1d");
        refused!("HKDF with SHA-384", kdf, Error::KeyEncapsulation);
        let length = with(b"\x02\x01\x20\x30", b"\x02\x01\x10\x30");
        refused!("half a key", length, Error::KeyEncapsulation);
        let wrap = with(AES256_WRAP, AES128_WRAP);
        refused!("AES-128 key wrap", wrap, Error::KeyEncapsulation);
        let outside = with(b"\x02\x01\x03\x31", b"\x02\x01\x02\x31");
        refused!(
            "version 2 outside",
            outside,
            Error::Version { expected: 3, .. }
        );
    }
}

#[test]
fn each_change_of_oaep_is_refused() {
    let rules = SealingRules {
        rsa: RsaPadding::OaepSha256,
        ..DEFAULT
    };
    let message = alone(0, rules);
    let with = |old: &[u8], new: &[u8]| changed(&message, old, new);
    let sha256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
    let sha384 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00";
    let hash = with(sha256, sha384);
    refused!("SHA-384", hash, Error::KeyTransport);
    let mask = b"\x01\x01\x08\x30\x0d\x06\x09";
    let (old, new) = ([&mask[..], sha256].concat(), [&mask[..], sha384].concat());
    refused!("MGF1 with SHA-384", with(&old, &new), Error::KeyTransport);
    let pss = with(b"\xf7\x0d\x01\x01\x07", b"\xf7\x0d\x01\x01\x0a");
    refused!("PSS", pss, Error::KeyTransport);
}

#[test]
fn each_change_of_authenticated_content_is_refused() {
    let message = alone(1, GCM);
    let with = |old: &[u8], new: &[u8]| changed(&message, old, new);
    let short = with(b"\x02\x01\x10\xa0", b"\x02\x01\x0c\xa0");
    refused!("a mac of 12 octets", short, Error::Cipher);
    let aes128 = with(b"\x65\x03\x04\x01\x2e", b"\x65\x03\x04\x01\x06");
    refused!("AES-128", aes128, Error::Cipher);
    let version = with(b"\x02\x01\x00\x31", b"\x02\x01\x02\x31");
    refused!("version 2", version, Error::Version { expected: 0, .. });
    let octets = structure(&message);
    let end = octets.len() - 6;
    let (head, mac) = (&octets[..end - 18], &octets[end - 18..end]);
    let rebuilt = |parts: &[&[u8]]| {
        with_structure(&message, &[head, &parts.concat(), &octets[end..]].concat())
    };
    assert!(inspect(&rebuilt(&[mac])[..]).is_ok());
    refused!("no mac", rebuilt(&[]), Error::Structure { .. });
    refused!(
        "half a mac",
        rebuilt(&[b"\x04\x08", &mac[2..10]]),
        Error::Mac { octets: 8 }
    );
    refused!(
        "attributes before the mac",
        rebuilt(&[b"\xa1\x00", mac]),
        Error::Attributes
    );
    refused!(
        "attributes behind it",
        rebuilt(&[mac, b"\xa2\x00"]),
        Error::Attributes
    );
    let nothing = structure(&message);
    let at = memchr::memmem::find(&nothing, b"\x02\x01\x10\xa0\x80").unwrap() + 5;
    let nothing = [&nothing[..at], &nothing[end - 18 - 4..]].concat();
    refused!(
        "no content",
        with_structure(&message, &nothing),
        Error::Content { octets: 0 }
    );
}

#[test]
fn the_header_says_what_follows() {
    for (rules, ours, theirs) in [
        (GCM, "authEnveloped-data", "enveloped-data"),
        (DEFAULT, "enveloped-data", "authEnveloped-data"),
    ] {
        let message = alone(0, rules);
        let other = replaced(
            &message,
            format!("smime-type={ours};").as_bytes(),
            format!("smime-type={theirs};").as_bytes(),
        );
        refused!("another type", other, Error::ContentType { .. });
    }
}

fn all_kinds() -> &'static [u8] {
    static MESSAGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let people = people::of_each_kind();
        let readers: Vec<_> = people.iter().map(people::Person::judged).collect();
        let readers: Vec<_> = readers.iter().collect();
        seal_by(GCM, b"\nhej", &readers).unwrap().0
    });
    &MESSAGE
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_octets_of_any_structure_never_panic(
        changes in proptest::collection::vec((0_usize..6000, any::<u8>()), 1..4),
        cut in 0_usize..6000,
    ) {
        let mut structure = structure(all_kinds());
        for (at, octet) in changes {
            let at = at % structure.len();
            structure[at] = octet;
        }
        structure.truncate(structure.len().saturating_sub(cut / 8));
        let _whatever = inspect(&with_structure(all_kinds(), &structure)[..]);
    }
}
