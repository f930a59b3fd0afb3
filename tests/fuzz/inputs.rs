//! What is fuzzed, by kind of octets: each function reads them as the product does and holds what must be true of every
//! input. The fuzzer's targets call these, and so does an ordinary test with altered samples, so that both stay alive.

use std::sync::LazyLock;

use jiff::Timestamp;
use segl::{
    cert::{self, Anchors, Capabilities, Certificate, RevocationAnswer, RevocationPolicy, Rules},
    identity::{Opener, SoftKey, pkcs12, read_keys},
    mail::{self, Address, safe_file_name},
    revocation::{
        Crl, CrlFiles,
        ocsp::{Answered, NONCE, Question},
    },
    smime::open::{MAX_DEPTH, MAX_PARTS, OpenError, Opened, open},
};

/// Readers that nobody is.
static KEYS: LazyLock<Vec<SoftKey>> = LazyLock::new(|| {
    let files: [&[u8]; 2] = [
        include_bytes!("keys/rsa.p12"),
        include_bytes!("keys/ec.p12"),
    ];
    let read = |file: &[u8]| read_keys(file, "").expect("a key of the fuzzer").keys;
    files.into_iter().flat_map(read).collect()
});

/// One moment, so that a failure comes again.
fn at() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

/// A certificate, a bundle, or certificates one after the other with the leaf first.
pub(crate) fn certificate(octets: &[u8]) {
    if let Ok(one) = Certificate::from_der(octets) {
        assert_eq!(one.der(), octets, "what was read is what was given");
    }
    let _ = Capabilities::from_der(octets);
    let _ = cert::bundle(octets);
    let Ok(found) = cert::certificates(octets) else {
        return;
    };
    let pool: Vec<Certificate> = found.into_iter().filter_map(Result::ok).take(40).collect();
    let Some(leaf) = pool.first() else { return };
    let address = Address::parse("nobody@fuzz.example").expect("an address");
    let _ = (
        leaf.names(&address),
        leaf.is_self_issued(),
        leaf.serial(),
        leaf.issuer_der(),
    );
    let rules = Rules {
        revocation: RevocationPolicy::WhenAvailable,
        allow_test_roots: true,
        bindings: Vec::new(),
    };
    let anchors = Anchors::new(vec![KEYS[0].certificate().clone()]);
    let path = cert::path(leaf, &pool, &anchors, at());
    let verdict = cert::judge(&path, &[], &address, None, &rules, at());
    assert!(
        verdict.is_err(),
        "no certificate is good that no anchor vouches for"
    );
    let own = Anchors::new(pool.clone());
    let _ = cert::judge(
        &cert::path(leaf, &pool, &own, at()),
        &[],
        &address,
        None,
        &rules,
        at(),
    );
}

/// A CMS structure, as the body of a message for one of the readers.
pub(crate) fn cms(octets: &[u8]) {
    let head = b"From: nobody@fuzz.example\r\nContent-Type: application/pkcs7-mime\r\n\
        Content-Transfer-Encoding: binary\r\n\r\n";
    opened([head, octets].concat());
}

/// A whole message, which arrived or was handed over.
pub(crate) fn mime(octets: &[u8]) {
    opened(octets.to_vec());
    if let Ok(taken) = mail::handed_over(octets) {
        let id = mail::DraftId::parse("fuzz").or_else(|| mail::DraftId::random().ok());
        let from = mail::Mailbox::parse("nobody@fuzz.example").expect("an address");
        let (draft, _) = taken.into_draft(id.expect("an id"), from);
        for recipient in draft.recipients() {
            assert!(!recipient.mailbox.address.wire().contains(['\r', '\n']));
        }
        assert!(!draft.subject.contains(['\r', '\n']));
    }
    let _ = mail::readable(octets);
    if let Ok(narrow) = mail::seven_bit(octets) {
        assert!(narrow.is_ascii(), "seven bits");
    }
}

fn opened(message: Vec<u8>) {
    let length = message.len();
    let keys: Vec<&dyn Opener> = KEYS.iter().map(|key| key as &dyn Opener).collect();
    match open(message.clone(), &keys) {
        Err(OpenError::TooLarge { .. }) => {
            assert!(length > 1 << 20, "only large messages are too large");
        }
        Err(_) => {}
        Ok(first) => {
            whole(&first);
            let again = open(message, &keys).expect("what opened opens again");
            assert_eq!(*first.text, *again.text);
            assert_eq!(first.warnings, again.warnings);
        }
    }
}

fn whole(opened: &Opened) {
    assert!(opened.layers.len() <= MAX_DEPTH + 1, "layers are counted");
    assert!(opened.parts.len() <= MAX_PARTS, "parts are counted");
    for part in &opened.parts {
        let name = safe_file_name(part.name.as_deref().unwrap_or_default());
        assert!(!name.is_empty() && !name.contains(['/', '\\', '\0']) && !name.starts_with('.'));
        if let Ok(content) = opened.content(part) {
            assert_eq!(
                content.len() as u64,
                part.octets,
                "the size that is shown is the size"
            );
        }
    }
}

/// A certificate revocation list.
pub(crate) fn crl(octets: &[u8]) {
    let Ok(list) = Crl::from_der(octets) else {
        return;
    };
    let _ = (list.this_update(), list.entries());
    for key in KEYS.iter() {
        let _ = list.is_issued_by(key.certificate());
        assert!(!list.is_signed_by(key.certificate()), "nobody signed it");
    }
}

/// A file with keys.
pub(crate) fn pkcs12(octets: &[u8]) {
    for password in ["", "nobody"] {
        let _ = pkcs12::read(octets, password);
        let _ = read_keys(octets, password);
    }
}

/// A responder's answer, to a question about a certificate that no responder knows.
pub(crate) fn ocsp(octets: &[u8]) {
    let (certificate, issuer) = (KEYS[0].certificate(), KEYS[1].certificate());
    let Ok(answered) = Answered::read(octets, "ocsp.fuzz.example") else {
        return;
    };
    let question = Question::with_nonce(certificate, issuer, [7; NONCE]).expect("a question");
    let fits = answered.fits(&question, at());
    assert_eq!(fits, answered.fits(&question, at()), "judged as before");
    let _ = (answered.produced_at(), answered.reading(&question));
    let lists = CrlFiles::default();
    let said = lists.judge_answer(&answered, (certificate, issuer), &[], None, at());
    assert!(
        matches!(said, RevocationAnswer::Unknown(_)),
        "nobody signed it"
    );
}
