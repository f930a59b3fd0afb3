//! What a signature is worth by where it stands: around an encryption, inside it, and beside the mail's own date.

use openssl::{
    asn1::Asn1Time,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::PKey,
    x509::{X509Builder, X509NameBuilder, extension::SubjectAlternativeName},
};

use super::super::{
    head, is_of_another_day, is_unauthenticated, mark_while_encrypted,
    signed::{Preference, SignatureFault, Signer},
    {Layer, Protection, ReadCipher},
};
use crate::cert::Certificate;

pub(super) const SIGNED: Layer = Layer::Signed {
    is_detached: false,
    signers: 1,
};

const fn encrypted(cipher: ReadCipher) -> Layer {
    Layer::Encrypted {
        cipher,
        readers: 1,
        key_management: "ecdh",
    }
}

pub(super) const CBC: Layer = encrypted(ReadCipher::AesCbc(256));
const GCM: Layer = encrypted(ReadCipher::AesGcm(256));

/// A certificate of a fresh key for this address.
pub(super) fn certificate(address: Option<&str>) -> Certificate {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, "Anne").unwrap();
    let name = name.build();
    let mut made = X509Builder::new().unwrap();
    made.set_version(2).unwrap();
    made.set_subject_name(&name).unwrap();
    made.set_issuer_name(&name).unwrap();
    made.set_not_before(&Asn1Time::from_unix(0).unwrap())
        .unwrap();
    made.set_not_after(&Asn1Time::from_unix(1).unwrap())
        .unwrap();
    made.set_pubkey(&key).unwrap();
    if let Some(address) = address {
        let names = SubjectAlternativeName::new()
            .email(address)
            .build(&made.x509v3_context(None, None))
            .unwrap();
        made.append_extension(names).unwrap();
    }
    made.sign(&key, MessageDigest::sha256()).unwrap();
    Certificate::from_der(&made.build().to_der().unwrap()).unwrap()
}

pub(super) fn signer(certificate: Option<&Certificate>, faults: &[SignatureFault]) -> Signer {
    Signer {
        certificate: certificate.cloned(),
        signed_at: None,
        digest: "sha256",
        capabilities: None,
        preference: Preference::None,
        faults: faults.to_vec(),
    }
}

#[test]
fn a_signature_around_an_encryption_counts_where_the_same_person_signed_inside() {
    let anne = certificate(Some("anne@x.example"));
    let other = certificate(Some("Anne@X.example"));
    let eva = certificate(Some("eva@x.example"));
    let nameless = certificate(None);
    let changed = [SignatureFault::ContentChanged];
    let rows = [
        (
            "the same certificate",
            Some(&anne),
            Some(&anne),
            &[][..],
            true,
        ),
        (
            "without an address",
            Some(&nameless),
            Some(&nameless),
            &[],
            true,
        ),
        ("another one of hers", Some(&anne), Some(&other), &[], true),
        ("another person", Some(&anne), Some(&eva), &[], false),
        (
            "two without an address",
            Some(&nameless),
            Some(&anne),
            &[],
            false,
        ),
        (
            "it does not hold inside",
            Some(&anne),
            Some(&anne),
            &changed,
            false,
        ),
        ("who signed is not known", None, Some(&anne), &[], false),
        ("nor inside", Some(&anne), None, &[], false),
    ];
    for (name, outside, inside, faults, counts) in rows {
        let mut signers = [(0, signer(outside, &[])), (2, signer(inside, faults))];
        mark_while_encrypted(&[SIGNED, GCM, SIGNED], &mut signers);
        let [(_, outside), (_, inside)] = signers;
        let wanted = [SignatureFault::WhileEncrypted];
        assert_eq!(outside.faults, &wanted[usize::from(counts)..], "{name}");
        assert_eq!(inside.faults, faults, "{name}");
    }
    // Between two encryptions it covers the inner one all the same; alone around text it stays as it is.
    let mut signers = [(1, signer(Some(&anne), &[]))];
    mark_while_encrypted(&[GCM, SIGNED, GCM], &mut signers);
    assert_eq!(signers[0].1.faults, [SignatureFault::WhileEncrypted]);
    let mut signers = [(1, signer(Some(&anne), &[]))];
    mark_while_encrypted(&[GCM, SIGNED], &mut signers);
    assert_eq!(signers[0].1.faults, []);
}

#[test]
fn only_a_good_signature_inside_makes_up_for_a_cipher_that_notices_no_alteration() {
    let good = |layer: usize| (layer, signer(None, &[]));
    let bad = |layer: usize| (layer, signer(None, &[SignatureFault::Invalid]));
    let des = encrypted(ReadCipher::TripleDes);
    for (layers, signers, wanted) in [
        (&[][..], &[][..], false),
        (&[GCM], &[], false),
        (&[CBC], &[], true),
        (&[des], &[], true),
        (&[CBC, SIGNED], &[good(1)], false),
        (&[CBC, SIGNED], &[bad(1)], true),
        (&[CBC, SIGNED], &[bad(1), good(1)], false),
        (&[SIGNED, CBC], &[good(0)], true),
        (&[SIGNED, CBC, SIGNED], &[good(0), bad(2)], true),
        (&[GCM, CBC], &[], true),
        (&[SIGNED], &[good(0)], false),
    ] {
        assert_eq!(is_unauthenticated(layers, signers), wanted, "{layers:?}");
    }
}

#[test]
fn a_mail_is_of_another_day_than_its_signature_from_one_second_more_than_a_day() {
    const DAY: i64 = 86_400;
    let head = |fields: &str, protection: Option<bool>| {
        let head::Read { mut head, .. } =
            head::read(fields.as_bytes(), b"", &[], &[], &mut Vec::new()).unwrap();
        head.protection = protection.map(|is_signed| Protection {
            is_signed,
            is_encrypted: false,
            is_subject_hidden: false,
            is_cipher: false,
        });
        head
    };
    let at = |second: i64, faults: &[SignatureFault]| {
        let signed_at = jiff::Timestamp::from_second(second).ok();
        [(
            0,
            Signer {
                signed_at,
                ..signer(None, faults)
            },
        )]
    };
    // 2026-11-23, 12 o'clock in Denmark: date -d @1795431600
    let noon = 1_795_431_600;
    let dated = "Date: Mon, 23 Nov 2026 12:00:00 +0100\r\n";
    for (after, wanted) in [
        (0, false),
        (DAY, false),
        (-DAY, false),
        (DAY + 1, true),
        (-DAY - 1, true),
    ] {
        let signed = at(noon + after, &[]);
        for protection in [None, Some(false)] {
            let found = is_of_another_day(&head(dated, protection), &signed);
            assert_eq!(found, wanted, "{after}");
        }
        // A date that is signed itself, none, and a signature that does not hold.
        assert!(!is_of_another_day(&head(dated, Some(true)), &signed));
        assert!(!is_of_another_day(
            &head("To: x@x.example\r\n", None),
            &signed
        ));
        let broken = at(noon + after, &[SignatureFault::Invalid]);
        assert!(!is_of_another_day(&head(dated, None), &broken));
    }
}
