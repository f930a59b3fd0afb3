//! A small certificate authority, and recipients in every state.

use std::sync::{Arc, OnceLock};

use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::BigNum,
    hash::MessageDigest,
    pkey::{PKey, Private},
    rsa::Rsa,
    x509::{
        X509, X509Builder, X509NameBuilder,
        extension::{BasicConstraints, KeyUsage, SubjectAlternativeName},
    },
};
use segl::{
    cert::{
        Anchors, BindingRule, BoundTo, Certificate, Organisation, OrganisationNumber, Problem,
        RevocationPolicy, Rules, Scope, judge, path,
    },
    decide::{Assessment, Judged},
    directory::{Failure, FailureCode, Security, Source},
    mail::Address,
};

use crate::support::{at, start};

struct Authority {
    root: X509,
    root_key: PKey<Private>,
    leaf_key: PKey<Private>,
}

fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let key = || PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let (root_key, leaf_key) = (key(), key());
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_text("CN", "Eksempel Rod CA").unwrap();
        let name = name.build();
        let mut builder = X509Builder::new().unwrap();
        builder.set_version(2).unwrap();
        builder.set_subject_name(&name).unwrap();
        builder.set_issuer_name(&name).unwrap();
        builder.set_pubkey(&root_key).unwrap();
        dates(&mut builder);
        builder
            .append_extension(BasicConstraints::new().critical().ca().build().unwrap())
            .unwrap();
        builder
            .append_extension(
                KeyUsage::new()
                    .critical()
                    .key_cert_sign()
                    .crl_sign()
                    .build()
                    .unwrap(),
            )
            .unwrap();
        builder.sign(&root_key, MessageDigest::sha256()).unwrap();
        Authority {
            root: builder.build(),
            root_key,
            leaf_key,
        }
    })
}

fn dates(builder: &mut X509Builder) {
    builder
        .set_not_before(&Asn1Time::from_str("20250101000000Z").unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::from_str("20280303000000Z").unwrap())
        .unwrap();
    let serial = BigNum::from_u32(4711).unwrap();
    builder
        .set_serial_number(&Asn1Integer::from_bn(&serial).unwrap())
        .unwrap();
}

fn certificate(subject: &[(&str, &str)], mail: Option<&str>) -> Certificate {
    let authority = authority();
    let mut name = X509NameBuilder::new().unwrap();
    for (key, value) in subject {
        name.append_entry_by_text(key, value).unwrap();
    }
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name.build()).unwrap();
    builder
        .set_issuer_name(authority.root.subject_name())
        .unwrap();
    builder.set_pubkey(&authority.leaf_key).unwrap();
    dates(&mut builder);
    let usage = KeyUsage::new()
        .critical()
        .key_encipherment()
        .digital_signature()
        .build()
        .unwrap();
    builder.append_extension(usage).unwrap();
    if let Some(mail) = mail {
        let context = builder.x509v3_context(None, None);
        let extension = SubjectAlternativeName::new()
            .email(mail)
            .build(&context)
            .unwrap();
        builder.append_extension(extension).unwrap();
    }
    builder
        .sign(&authority.root_key, MessageDigest::sha256())
        .unwrap();
    Certificate::from_der(&builder.build().to_der().unwrap()).unwrap()
}

fn judged(certificate: Certificate, address: &Address, bindings: Vec<BindingRule>) -> Judged {
    let root = Certificate::from_der(&authority().root.to_der().unwrap()).unwrap();
    let path = path(&certificate, &[], &Anchors::new(vec![root]), start());
    let rules = Rules {
        revocation: RevocationPolicy::WhenAvailable,
        allow_test_roots: false,
        bindings,
    };
    let verdict = judge(&path, &[], address, None, &rules, start());
    assert!(verdict.is_ok(), "{verdict:?}");
    Judged {
        sha256: certificate.sha256(),
        certificate: Some(certificate),
        sources: vec![source()],
        asked_at: at("2026-11-12T08:55:00"),
        verdict,
        is_set_aside: false,
    }
}

fn source() -> Source {
    Source {
        directory: "OCES".to_owned(),
        entry: "cn=eksempel,c=DK".to_owned(),
        security: Security::Tls,
        trust_binding: false,
    }
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn assessment(text: &str, judged: Vec<Judged>, failures: Vec<Failure>) -> Arc<Assessment> {
    Arc::new(Assessment::new(
        address(text),
        judged,
        failures,
        None,
        start(),
    ))
}

/// Has a certificate that names the address.
pub(crate) fn person(text: &str, name: &str) -> Arc<Assessment> {
    let certificate = certificate(&[("CN", name), ("O", "Politiet")], Some(text));
    assessment(
        text,
        vec![judged(certificate, &address(text), Vec::new())],
        Vec::new(),
    )
}

/// Has a certificate that is bound by the organisation's number.
pub(crate) fn organisation(text: &str, name: &str) -> Arc<Assessment> {
    let number = "NTRDK-12345678";
    let certificate = certificate(
        &[
            ("CN", name),
            ("O", name),
            ("organizationIdentifier", number),
        ],
        None,
    );
    let rule = BindingRule {
        scope: Scope::Address(address(text)),
        to: BoundTo::Organisation(OrganisationNumber::parse(number).unwrap()),
    };
    assessment(
        text,
        vec![judged(certificate, &address(text), vec![rule])],
        Vec::new(),
    )
}

/// Has none.
pub(crate) fn not_found(text: &str) -> Arc<Assessment> {
    assessment(text, Vec::new(), Vec::new())
}

/// The directory did not answer.
pub(crate) fn not_checked(text: &str) -> Arc<Assessment> {
    let failure = Failure {
        source: "OCES".to_owned(),
        code: FailureCode::Timeout,
        message: "5 s".to_owned(),
    };
    assessment(text, Vec::new(), vec![failure])
}

/// Has one with this problem.
pub(crate) fn with_problem(text: &str, problem: Problem) -> Arc<Assessment> {
    let certificate = certificate(&[("CN", "Eva Berg")], Some(text));
    let mut judged = judged(certificate, &address(text), Vec::new());
    judged.verdict = Err(vec![problem]);
    assessment(text, vec![judged], Vec::new())
}

/// Belongs to another organisation than before.
pub(crate) fn other_organisation(text: &str) -> Arc<Assessment> {
    let of = |name: &str| Organisation {
        name: Some(name.to_owned()),
        number: None,
    };
    let problem = Problem::OrganisationChanged {
        before: of("Eksempelby Kommune"),
        now: Some(of("Fremmed ApS")),
    };
    with_problem(text, problem)
}
