//! What a reader's program says that it opens decides where nobody asked for the better way, and never weakens it.

use jiff::Timestamp;
use segl::{
    cert::{Capabilities, ContentCipher, EncryptionCertificate, RsaPadding, SealingRules},
    demo::{Authority, KeyKind},
    smime::{KeyManagement as Way, SelfCheckError, check, inspect},
};

use super::{DEFAULT, GCM, people, seal_by};

const AES256_CBC: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
const AES256_GCM: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e";
/// RFC 3560 §5.
const OAEP_SHA256: &[u8] = b"\x30\x38\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07\x30\x2b\x30\x0d\x06\x09\
    \x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\x30\x0d\x06\
    \x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
const BOTH: SealingRules = SealingRules {
    cipher: ContentCipher::Aes256Gcm,
    rsa: RsaPadding::OaepSha256,
};

/// 2026-11-22.
const NOW: Timestamp = Timestamp::constant(1_795_305_600, 0);

fn list(capabilities: &[&[u8]]) -> Vec<u8> {
    let content = capabilities.concat();
    [&[0x30, u8::try_from(content.len()).unwrap()], &content[..]].concat()
}

/// A reader with an RSA key whose certificate says this.
fn reader(capabilities: Vec<u8>) -> EncryptionCertificate {
    let root = Authority::root("Segl Test Root").unwrap();
    people::with_key(&root, KeyKind::Rsa(2048), capabilities).judged()
}

/// What becomes of a message to these readers, which the self-check passes.
fn sealed(readers: &[&EncryptionCertificate], rules: SealingRules) -> (ContentCipher, Vec<Way>) {
    let (message, sealed) = seal_by(rules, b"\nx", readers).unwrap();
    check(&message[..], readers, &sealed.outer, rules).unwrap();
    let mut found = inspect(&message[..]).unwrap();
    found.ways.sort_unstable();
    (found.cipher, found.ways)
}

#[test]
fn without_a_word_the_default_holds_and_the_settings_go_before_it() {
    let (cbc, gcm) = (ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm);
    let silent = reader(Vec::new());
    let broken = reader(b"\x30\x03\x02\x01".to_vec());
    for reader in [&silent, &broken] {
        assert!(reader.capabilities().is_none());
        assert_eq!(sealed(&[reader], DEFAULT), (cbc, vec![Way::RsaPkcs1]));
        assert_eq!(sealed(&[reader], GCM), (gcm, vec![Way::RsaPkcs1]));
        assert_eq!(sealed(&[reader], BOTH), (gcm, vec![Way::RsaOaepSha256]));
    }
}

#[test]
fn gcm_needs_the_word_of_every_reader_and_oaep_that_of_its_own() {
    let (cbc, gcm) = (ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm);
    let silent = reader(Vec::new());
    let new = reader(list(&[AES256_GCM, AES256_CBC, OAEP_SHA256]));
    let newer = reader(list(&[AES256_GCM]));
    let old = reader(list(&[AES256_CBC, AES256_GCM]));
    assert_eq!(sealed(&[&new], DEFAULT), (gcm, vec![Way::RsaOaepSha256]));
    let mixed = vec![Way::RsaPkcs1, Way::RsaOaepSha256];
    assert_eq!(sealed(&[&new, &newer], DEFAULT), (gcm, mixed.clone()));
    assert_eq!(sealed(&[&new, &silent], DEFAULT), (cbc, mixed.clone()));
    // RFC 8551 §2.7.1.1: the first of the list that the sender makes.
    assert_eq!(sealed(&[&new, &old], DEFAULT), (cbc, mixed));
}

#[test]
fn a_word_that_a_certificate_says_is_never_a_reason_for_less_than_the_settings_ask() {
    let old = reader(list(&[AES256_CBC]));
    let (cipher, ways) = sealed(&[&old], BOTH);
    assert_eq!(cipher, ContentCipher::Aes256Gcm);
    assert_eq!(ways, [Way::RsaOaepSha256]);
}

#[test]
fn what_a_signed_mail_said_goes_before_what_the_certificate_says() {
    let learned = |der: &[u8]| Capabilities::from_der(der).unwrap();
    let (cbc, gcm) = (ContentCipher::Aes256Cbc, ContentCipher::Aes256Gcm);
    let newer = reader(Vec::new()).with_learned(learned(&list(&[AES256_GCM])), NOW);
    assert_eq!(sealed(&[&newer], DEFAULT), (gcm, vec![Way::RsaPkcs1]));
    let older = reader(list(&[AES256_GCM, OAEP_SHA256]));
    let older = older.with_learned(learned(&list(&[AES256_CBC])), NOW);
    assert_eq!(sealed(&[&older], DEFAULT), (cbc, vec![Way::RsaPkcs1]));
}

#[test]
fn a_message_that_is_weaker_than_asked_for_never_leaves() {
    let silent = reader(Vec::new());
    let new = reader(list(&[AES256_GCM, OAEP_SHA256]));
    let oaep = SealingRules {
        rsa: RsaPadding::OaepSha256,
        ..DEFAULT
    };
    let (message, outer) = {
        let (message, sealed) = seal_by(DEFAULT, b"\nx", &[&silent]).unwrap();
        (message, sealed.outer)
    };
    for rules in [GCM, oaep, BOTH] {
        let found = check(&message[..], &[&silent], &outer, rules);
        assert!(
            matches!(found, Err(SelfCheckError::Weaker { .. })),
            "{found:?}"
        );
    }
    // The same message, had the same certificate's owner said since that better is opened.
    let Ok(words) = Capabilities::from_der(&list(&[AES256_GCM])) else {
        panic!("a list");
    };
    let said = silent.with_learned(words, NOW);
    let found = check(&message[..], &[&said], &outer, DEFAULT);
    assert!(
        matches!(found, Err(SelfCheckError::Weaker { .. })),
        "{found:?}"
    );
    // And what nobody asked for, which a reader may not open.
    let (message, sealed) = seal_by(BOTH, b"\nx", &[&new]).unwrap();
    let forgotten = reader(Vec::new());
    let found = check(&message[..], &[&new], &sealed.outer, DEFAULT);
    assert!(found.is_ok());
    let (message, sealed) = seal_by(GCM, b"\nx", &[&forgotten]).unwrap();
    let found = check(&message[..], &[&forgotten], &sealed.outer, DEFAULT);
    assert!(
        matches!(found, Err(SelfCheckError::Weaker { .. })),
        "{found:?}"
    );
}
