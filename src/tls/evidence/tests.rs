use openssl::{pkey::Private, sign::Signer};

use super::*;

const AT: Timestamp = Timestamp::constant(1_760_000_000, 0);

fn sign(key: &PKey<Private>, payload: &str) -> Signed {
    let mut signer = Signer::new_without_digest(key).unwrap();
    let signature = signer.sign_oneshot_to_vec(&statement(payload)).unwrap();
    let public = key.raw_public_key().unwrap();
    Signed::of(payload.to_owned(), &public, &signature)
}

fn evidence(at: Timestamp) -> Evidence {
    Evidence {
        exported_at: at,
        version: "0.1.0".to_owned(),
        domains: vec![Findings::unchecked("firma-eksempel.dk", at)],
    }
}

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

#[test]
fn evidence_counts_where_the_named_key_signed_it_lately() {
    let key = PKey::generate_ed25519().unwrap();
    let signed = sign(&key, &evidence(AT).payload().unwrap());
    let named = signed.key.to_uppercase();
    let read = Signed::parse(&serde_json::to_vec(&signed).unwrap()).unwrap();
    assert_eq!(read.judge(Some(&named), AT), Ok(evidence(AT)));
    assert_eq!(read.judge(None, AT), Err(EvidenceFault::NoKey));
    let other = "00".repeat(32);
    assert!(matches!(
        read.judge(Some(&other), AT),
        Err(EvidenceFault::OtherKey(_))
    ));
}

#[test]
fn changed_evidence_does_not_count() {
    let key = PKey::generate_ed25519().unwrap();
    let signed = sign(&key, &evidence(AT).payload().unwrap());
    let changed = Signed {
        payload: signed.payload.replace("firma", "fimra"),
        ..signed.clone()
    };
    assert_ne!(changed, signed);
    assert_eq!(
        changed.judge(Some(&signed.key), AT),
        Err(EvidenceFault::Signature)
    );
    let cut = Signed {
        signature: signed.signature[2..].to_owned(),
        ..signed.clone()
    };
    assert_eq!(
        cut.judge(Some(&signed.key), AT),
        Err(EvidenceFault::Signature)
    );
    // Somebody else's signature under the named key.
    let stranger = PKey::generate_ed25519().unwrap();
    let forged = Signed {
        key: signed.key.clone(),
        ..sign(&stranger, &signed.payload)
    };
    assert_eq!(
        forged.judge(Some(&signed.key), AT),
        Err(EvidenceFault::Signature)
    );
}

#[test]
fn evidence_that_is_old_or_of_tomorrow_does_not_count() {
    let key = PKey::generate_ed25519().unwrap();
    let signed = sign(&key, &evidence(AT).payload().unwrap());
    let judge = |at| signed.judge(Some(&signed.key), at);
    assert!(judge(AT + days(7)).is_ok());
    assert_eq!(judge(AT + days(8)), Err(EvidenceFault::Old(AT)));
    assert_eq!(judge(AT - days(1)), Err(EvidenceFault::Future(AT)));
    // Written anew from what was seen long ago.
    let dressed_up = Evidence {
        exported_at: AT,
        ..evidence(AT - days(30))
    };
    let signed = sign(&key, &dressed_up.payload().unwrap());
    let read = signed.judge(Some(&signed.key), AT).unwrap();
    assert_eq!(read.domains, []);
}

#[test]
fn another_file_is_no_evidence() {
    for other in [
        &b""[..],
        b"{}",
        b"[]",
        b"{\"segl\":\"tls-evidence\",\"format\":2}",
    ] {
        assert_eq!(Signed::parse(other), Err(EvidenceFault::Format));
    }
}
