//! A small certificate authority, and recipients in every state.

use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
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
        Anchors, BindingRule, BoundTo, Certificate, ClockOff, ClockState, Gateway, Organisation,
        OrganisationNumber, Problem, RevocationPolicy, RevocationUnknown, Rules, Scope, judge,
        judge_gateway, path,
    },
    decide::{Assessment, Judged, ListFacts, Status, Tunnel},
    directory::{Failure, FailureCode, Security, Source},
    mail::{Address, Digest},
    tunnel::Mode,
};

use crate::support::{ANNE, COURT, Desk, EVA, at, start};

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

/// A certificate of the authority for this address, and its key.
pub(crate) fn signer(name: &str, mail: &str) -> (X509, PKey<Private>) {
    let certificate = certificate(&[("CN", name)], Some(mail));
    let x509 = X509::from_der(certificate.der()).unwrap();
    (x509, authority().leaf_key.clone())
}

/// The authority's root, as a file holds it.
pub(crate) fn root_pem() -> Vec<u8> {
    authority().root.to_pem().unwrap()
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
        revocation: Vec::new(),
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

/// The same by a clock of which others say this.
pub(crate) fn by_clock(found: Arc<Assessment>, clock: ClockState) -> Arc<Assessment> {
    let found = Arc::into_inner(found).unwrap();
    Arc::new(found.by_clock(clock))
}

/// A clock that is five hours behind, as the directory says.
pub(crate) fn clock_off(here: Timestamp) -> ClockState {
    ClockState::Off(ClockOff {
        peer: "OCES".to_owned(),
        expected: here + SignedDuration::from_hours(5),
        presented: here,
    })
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

/// A certificate that is the same in each run, so that its fingerprint may stand in a picture: of another address.
pub(crate) const STRANGER_PEM: &str = "\
-----BEGIN CERTIFICATE-----
MIIDhDCCAmygAwIBAgIUKb8WjvLBKCPgUEPTPMhCJ49YVuEwDQYJKoZIhvcNAQEL
BQAwODELMAkGA1UEBhMCREsxFDASBgNVBAoMC0ZyZW1tZWQgQXBTMRMwEQYDVQQD
DApFdmEgQm9yZ2VyMB4XDTI2MTEyMjE5MDgyOFoXDTMwMDMwNjE5MDgyOFowODEL
MAkGA1UEBhMCREsxFDASBgNVBAoMC0ZyZW1tZWQgQXBTMRMwEQYDVQQDDApFdmEg
Qm9yZ2VyMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjsGRmV1QNzd/
/g9gX0PLA3btRPQjAsCsuAdJW3+/2jVSBDJVBOou+XZl+H7sDwuaRqr49QxOpspL
q8iQ0ldfpVzsxmG/w8WXjbwcTlTW6GYUG4vFBiCNxkwhcTPlrcYpfIPZijYXoHkL
yNwxV2qWYpvH+Ljd+X9BMtDM0J/EGr96t9PY6/5FKp+Y7enfeuftI9GlFLPtc3CO
FZ4wVniUScMH9eOuQynh6MSO1HhYOulUhrAe9NIJan2IgKIlcVHvGi7L2BtqaPpo
Kn/fbUbfSjiiWYrJ559abmtzCEwQnMx+3JKfm7bWdA87uR3cy87G8KyBFnR5CBg3
kYySJw5pTwIDAQABo4GFMIGCMB0GA1UdDgQWBBQYR5N9BmF5+akkJL6+CigK/OGO
9zAfBgNVHSMEGDAWgBQYR5N9BmF5+akkJL6+CigK/OGO9zAiBgNVHREEGzAZgRdl
dmFAZnJlbW1lZC1la3NlbXBlbC5kazAOBgNVHQ8BAf8EBAMCBaAwDAYDVR0TAQH/
BAIwADANBgkqhkiG9w0BAQsFAAOCAQEATkW8RQNJXmi3/0kxQPLyurCUuPkGcOcp
mLNtJCuq3QplpJAEjHIxUDwjEKlrx67ijHokCvSJ6HD5l8PAxevwjLY1R9ZqKpdR
BEEsIwAgcgOeRGkLKZTLVcOHdCA/uTUIbcoerTD5e9cN5UxDAkuONWdBJoNr1bVV
6wYg+3GL37JpYEfhYceQEsie4tOj0cDTpoqU7uImNHXu5okQSJbLOB8xCn0FxEvO
mJGUIbdyPfgHq/VhrZ3tc/ZTal50reJJ5ca3fHqIZx2NbRzd6omxM8ja+b7eQ52W
lMPUkts7qkz7AyFAruX0PotLnThpe0QeNq3hMqol+p68qex9q5VtZQ==
-----END CERTIFICATE-----
";

/// Has a certificate that the user pinned to the address.
pub(crate) fn pinned(text: &str, name: &str) -> Arc<Assessment> {
    let certificate = certificate(&[("CN", name)], Some("eva@fremmed-eksempel.dk"));
    let rule = BindingRule {
        scope: Scope::Address(address(text)),
        to: BoundTo::Pin {
            certificate: certificate.sha256(),
            at: at("2026-11-03T10:00:00"),
        },
    };
    assessment(
        text,
        vec![judged(certificate, &address(text), vec![rule])],
        Vec::new(),
    )
}

/// Has none, and the tunnel list knows a gateway of the domain, which answered then, or never.
pub(crate) fn through_gateway(text: &str, answered_at: Option<Timestamp>) -> Arc<Assessment> {
    let recipient = address(text);
    let domain = recipient.domain().to_owned();
    let mailbox = address(&format!("sikkerpost@{domain}"));
    let name = "Eksempelby Kommune";
    let certificate = certificate(&[("CN", name), ("O", name)], Some(mailbox.given()));
    let gateway = Gateway {
        domain: &domain,
        names: std::slice::from_ref(&mailbox),
        number: None,
        sha256: None,
        address: &recipient,
    };
    let root = Certificate::from_der(&authority().root.to_der().unwrap()).unwrap();
    let path = path(&certificate, &[], &Anchors::new(vec![root]), start());
    let rules = Rules {
        revocation: RevocationPolicy::WhenAvailable,
        allow_test_roots: false,
        bindings: Vec::new(),
    };
    let verdict = judge_gateway(&path, &[], gateway, None, &rules, start());
    assert!(verdict.is_ok(), "{verdict:?}");
    let judged = Judged {
        sha256: certificate.sha256(),
        certificate: Some(certificate),
        sources: vec![source()],
        asked_at: at("2026-11-12T08:55:00"),
        verdict,
        revocation: Vec::new(),
        is_set_aside: false,
    };
    let tunnel = Tunnel {
        listed: domain.clone(),
        domain,
        organisation: Some(name.to_owned()),
        mode: Mode::Direct,
        mailbox: Some(mailbox.clone()),
        found_under: Some(mailbox),
        list: ListFacts {
            sha256: Digest::of(b"list"),
            at: at("2026-11-11T06:00:00"),
            is_old: false,
        },
        answered_at,
        person: Status::NotFound,
    };
    let bare = Arc::into_inner(not_found(text)).unwrap();
    Arc::new(bare.with_tunnel(tunnel, vec![judged], Vec::new(), None))
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

/// Known from an older answer.
pub(crate) fn older(text: &str, name: &str) -> Arc<Assessment> {
    let found = Arc::into_inner(person(text, name)).unwrap();
    Arc::new(found.from_older_answers())
}

/// Every problem that a certificate can have, by what a chip calls it.
pub(crate) fn problems() -> Vec<Problem> {
    let of = |name: &str, number: &str| Organisation {
        name: Some(name.to_owned()),
        number: OrganisationNumber::parse(number),
    };
    let date = at("2026-11-03T00:00:00");
    vec![
        Problem::Expired {
            not_after: date,
            certificate: None,
        },
        Problem::Expired {
            not_after: date,
            certificate: Some("CN=Eksempel Rod CA".to_owned()),
        },
        Problem::NotYetValid {
            not_before: at("2027-01-01T00:00:00"),
            certificate: None,
        },
        Problem::Revoked {
            at: date,
            reason: None,
            certificate: None,
        },
        Problem::RevocationUnknown {
            why: RevocationUnknown::NoSource {
                issuer: "Eksempel Rod CA".to_owned(),
            },
            certificate: None,
        },
        Problem::AddressMismatch {
            expected: "eva@mail-eksempel.dk".to_owned(),
            presented: vec!["eva.borger@advokat-eksempel.dk".to_owned()],
        },
        Problem::AddressMismatch {
            expected: "eva@mail-eksempel.dk".to_owned(),
            presented: Vec::new(),
        },
        Problem::KeyUsage {
            expected: "keyEncipherment".to_owned(),
            presented: vec!["digitalSignature".to_owned()],
        },
        Problem::ExtendedKeyUsage {
            presented: vec!["1.3.6.1.5.5.7.3.1".to_owned()],
            certificate: None,
        },
        Problem::UntrustedIssuer {
            issuer: "CN=Fremmed Udsteder A/S,O=Fremmed Udsteder A/S,C=DK".to_owned(),
            detail: "unable to get local issuer certificate".to_owned(),
        },
        Problem::PathNotExamined {
            issuer: "CN=Ukendt CA".to_owned(),
            detail: "at most 240 signatures".to_owned(),
        },
        Problem::TestRoot {
            root: "CN=TRUST2408 Systemtest XXII CA".to_owned(),
        },
        Problem::WeakKey {
            presented: "RSA 1024".to_owned(),
            expected: "RSA 2048".to_owned(),
        },
        Problem::WeakSignature {
            presented: "sha1WithRSAEncryption".to_owned(),
        },
        Problem::UnsupportedKey {
            presented: "EC P-256".to_owned(),
        },
        Problem::OrganisationConflict {
            one: of("Retten i Eksempelby", "NTRDK-12345678"),
            other: of("Fremmed ApS", "NTRDK-87654321"),
        },
        Problem::OrganisationChanged {
            before: of("Eksempelby Kommune", "NTRDK-12345678"),
            now: Some(of("Fremmed ApS", "NTRDK-87654321")),
        },
        Problem::Malformed {
            detail: "subjectPublicKeyInfo".to_owned(),
        },
        Problem::TooLarge {
            presented: 70_000,
            limit: 65_536,
        },
        Problem::NameConstraints {
            detail: "permitted subtree violation".to_owned(),
            expected: vec!["permitted email:eksempel.dk".to_owned()],
            presented: vec!["email:anne@advokat-eksempel.dk".to_owned()],
        },
        Problem::PathLength {
            detail: "path length constraint exceeded".to_owned(),
            expected: vec!["0".to_owned()],
            presented: vec!["1".to_owned()],
        },
        Problem::CriticalExtension {
            detail: "unhandled critical extension".to_owned(),
            expected: Vec::new(),
            presented: vec!["2.25.1".to_owned()],
        },
        Problem::Policy {
            detail: "no explicit policy".to_owned(),
            expected: vec!["1.2.208.169.1.1.1.2.7".to_owned()],
            presented: vec!["1.2.208.169.1.1.1.3.7".to_owned()],
        },
    ]
}

/// A mail to recipients in every state: usable for a person, an organisation, from an older answer; none, not checked,
/// one of each problem, one that is being looked up, and a text that is no address.
pub(crate) fn everybody(desk: &mut Desk) {
    let list: Vec<String> = (0..problems().len())
        .map(|i| format!("p{i:02}@mail-eksempel.dk"))
        .collect();
    desk.address(&format!(
        "Anne Holm <{ANNE}>, Retten i Eksempelby <{COURT}>, ulla@ny-eksempel.dk, {EVA}, stille@ny-eksempel.dk, \
         {}, endnu@ikke-eksempel.dk, ikke en adresse",
        list.join(", ")
    ));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(organisation(COURT, "Retten i Eksempelby"));
    desk.find(older("ulla@ny-eksempel.dk", "Ulla Ny"));
    desk.find(not_found(EVA));
    desk.find(not_checked("stille@ny-eksempel.dk"));
    for (text, problem) in list.iter().zip(problems()) {
        desk.find(with_problem(text, problem));
    }
}
