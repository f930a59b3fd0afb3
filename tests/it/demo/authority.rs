//! What the demo's authority makes, judged by OpenSSL's command line.

use std::net::{IpAddr, Ipv4Addr};

use const_oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp};
use segl::demo::{
    Authority, AuthoritySpec, CrlSpec, DemoError, ExtraExtension, Issued, Key, KeyChoice, KeyKind,
    KeyUsage, Leaf, Presented, Reason, Revoked, Scope, ServerCertificates, Signing,
    certificate_bag, issuing_distribution_point,
};

use super::{Folder, NOW, Verdict, openssl, text};

fn days(count: i64) -> Timestamp {
    NOW + SignedDuration::from_hours(24 * count)
}

fn chain() -> (Authority, Authority) {
    let root = Authority::root("Segl Test Root").expect("a root");
    let issuing = root
        .intermediate("Segl Test Issuing")
        .expect("an authority");
    (root, issuing)
}

/// `openssl verify` at the time of the tests, with revocation of the leaf where a list is given.
fn verify(
    root: &Authority,
    issuing: &[&Authority],
    leaf: &Issued,
    crl: Option<&[u8]>,
    more: &[&str],
) -> Option<Verdict> {
    let folder = Folder::new();
    let roots = folder.file("root.pem", root.pem());
    let between: String = issuing.iter().map(|authority| authority.pem()).collect();
    let between = folder.file("issuing.pem", between);
    let leaf = folder.file("leaf.pem", leaf.pem());
    let at = NOW.as_second().to_string();
    let mut arguments = vec!["verify", "-attime", &at, "-CAfile", text(&roots)];
    if !issuing.is_empty() {
        arguments.extend(["-untrusted", text(&between)]);
    }
    let list;
    if let Some(der) = crl {
        list = folder.file("list.crl", der);
        arguments.extend(["-crl_check", "-CRLfile", text(&list)]);
    }
    arguments.extend(more);
    arguments.push(text(&leaf));
    openssl(&arguments)
}

fn shown(certificate: &Issued, more: &[&str]) -> Option<String> {
    let folder = Folder::new();
    let file = folder.file("leaf.pem", certificate.pem());
    let mut arguments = vec!["x509", "-noout", "-in", text(&file)];
    arguments.extend(more);
    let verdict = openssl(&arguments)?;
    assert!(verdict.content, "{}", verdict.words);
    Some(verdict.words)
}

#[test]
fn pss_chains_of_both_generations_verify_for_sealing_mail_with_a_revocation_list() {
    let (root, issuing) = chain();
    let crl = issuing.crl(&CrlSpec::empty(NOW)).expect("a list");
    for leaf in [
        Leaf::employee("Anne Østergaard", "Eksempel ApS", "12345674"),
        Leaf::organisation("Eksempelby Kommune", "Eksempelby Kommune", "29188858"),
        Leaf::oces2_employee("Bo Ærlig", "Eksempel ApS", "12345674"),
        Leaf::oces2_company(
            "Eksempelby Kommune - post",
            "Eksempelby Kommune",
            "29188858",
        ),
        Leaf::mail("Carl", "carl@eksempel.example"),
    ] {
        let issued = issuing.issue(&leaf).expect("a certificate");
        let purpose = ["-purpose", "smimeencrypt", "-x509_strict"];
        let Some(verdict) = verify(&root, &[&issuing], &issued, Some(&crl), &purpose) else {
            return;
        };
        assert!(verdict.content, "{}", verdict.words);
    }
}

#[test]
fn revoked_and_expired_certificates_are_what_they_say() {
    let (root, issuing) = chain();
    let leaf = Leaf::mail("Dorte", "dorte@eksempel.example");
    let revoked = issuing.issue(&leaf).expect("a certificate");
    let other = issuing.issue(&leaf).expect("a certificate");
    let expired = issuing
        .issue(&leaf.valid(days(-900), days(-1)))
        .expect("a certificate");
    let crl = CrlSpec::empty(NOW).with_revoked(revoked.serial(), days(-2));
    let crl = issuing.crl(&crl).expect("a list");
    for (certificate, wanted) in [
        (&revoked, Some("error 23")),
        (&expired, Some("error 10")),
        (&other, None),
    ] {
        let Some(verdict) = verify(&root, &[&issuing], certificate, Some(&crl), &[]) else {
            return;
        };
        match wanted {
            Some(error) => assert!(verdict.words.contains(error), "{}", verdict.words),
            None => assert!(verdict.content, "{}", verdict.words),
        }
    }
}

#[test]
fn signatures_have_the_parameters_of_oces3() {
    let (root, issuing) = chain();
    let leaf = issuing.issue(&Leaf::default()).expect("a certificate");
    for (certificate, digest, salt) in [
        (root.certificate(), "sha512", "0x40"),
        (issuing.certificate(), "sha512", "0x40"),
        (&leaf, "sha256", "0x20"),
    ] {
        let Some(words) = shown(certificate, &["-text"]) else {
            return;
        };
        assert!(words.contains("Signature Algorithm: rsassaPss"), "{words}");
        assert!(
            words.contains(&format!("Hash Algorithm: {digest}")),
            "{words}"
        );
        assert!(words.contains(&format!("mgf1 with {digest}")), "{words}");
        assert!(words.contains(&format!("Salt Length: {salt}")), "{words}");
        assert!(
            words.contains("Public Key Algorithm: rsaEncryption"),
            "{words}"
        );
    }
}

#[test]
fn subjects_have_the_order_and_form_of_their_generation() {
    let (_, issuing) = chain();
    let oces2 = Leaf::oces2_employee("Bo Ærlig", "Eksempel ApS", "12345674");
    let oces3 = Leaf::employee("Hans Jørgen Holm", "Eksempel ApS", "12345674");
    for (leaf, wanted) in [
        (
            oces2,
            [
                "subject=C=DK,O=Eksempel ApS // CVR:12345674,",
                ",CN=Bo Ærlig+serialNumber=CVR:12345674-RID:",
            ],
        ),
        (
            oces3,
            [
                "subject=CN=Hans Jørgen Holm,GN=Hans Jørgen,SN=Holm,",
                ",organizationIdentifier=NTRDK-12345674,C=DK",
            ],
        ),
    ] {
        let issued = issuing.issue(&leaf).expect("a certificate");
        let format = "utf8,sep_comma_plus,esc_2253";
        let Some(words) = shown(&issued, &["-subject", "-nameopt", format]) else {
            return;
        };
        for part in wanted {
            assert!(words.contains(part), "{part} in {words}");
        }
    }
}

#[test]
fn extensions_are_read_back_by_openssl() {
    let (_, issuing) = chain();
    let extra = ExtraExtension {
        oid: ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1"),
        critical: true,
        der: vec![5, 0],
    };
    let leaf = Leaf {
        subject_email: Some("anne@eksempel.example".to_owned()),
        smtp_utf8: vec!["ænne@eksempel.example".to_owned()],
        dns_names: vec!["post.eksempel.example".to_owned()],
        ip_addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
        crl_urls: vec!["http://crl.example/a.crl".to_owned()],
        ocsp_urls: vec!["http://ocsp.example/".to_owned()],
        issuer_urls: vec!["http://ca.example/a.cer".to_owned()],
        extensions: vec![extra],
        ..Leaf::employee("Anne Østergaard", "Eksempel ApS", "12345674")
    };
    let leaf = leaf
        .for_address("anne@eksempel.example")
        .for_address("a@eksempel.example");
    let issued = issuing.issue(&leaf).expect("a certificate");
    let Some(words) = shown(&issued, &["-text"]) else {
        return;
    };
    for part in [
        "X509v3 Basic Constraints: critical\n                CA:FALSE",
        "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation, Key Encipherment",
        "email:anne@eksempel.example, email:a@eksempel.example, othername: SmtpUTF8Mailbox::ænne@eksempel.example",
        "DNS:post.eksempel.example, IP Address:127.0.0.1",
        "Policy: 0.4.0.2042.1.1",
        "Policy: 1.2.208.169.1.1.1.2.7",
        "URI:http://crl.example/a.crl",
        "OCSP - URI:http://ocsp.example/",
        "CA Issuers - URI:http://ca.example/a.cer",
        "qcStatements",
        "1.3.6.1.4.1.32473.1: critical",
        "emailAddress = anne@eksempel.example",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(!words.contains("Extended Key Usage"), "{words}");
    let serial = format!("{:02x}", issued.serial()[0]);
    assert_eq!(issued.serial().len(), 20);
    assert!(
        words.contains(&format!("Serial Number:\n            {serial}:")),
        "{words}"
    );
}

#[test]
fn every_kind_of_key_is_certified_and_every_signing_kind_certifies() {
    let kinds = [
        KeyKind::Rsa(1024),
        KeyKind::P256,
        KeyKind::P384,
        KeyKind::P521,
        KeyKind::Ed25519,
        KeyKind::X25519,
    ];
    for kind in kinds {
        let authority = KeyChoice::Fresh(match kind {
            KeyKind::Rsa(_) => KeyKind::Rsa(2048),
            KeyKind::X25519 => KeyKind::Ed25519,
            other => other,
        });
        let root = Authority::root_from(&AuthoritySpec {
            key: authority,
            ..AuthoritySpec::new("Segl Test Root")
        });
        let root = root.expect("a root");
        let leaf = Leaf::mail("Ida", "ida@eksempel.example").with_key(KeyChoice::Fresh(kind));
        let leaf = leaf.with_key_usage(&[KeyUsage::KeyAgreement]);
        let issued = root.issue(&leaf).expect("a certificate");
        // Level 0: OpenSSL takes no RSA key of 1024 bits above it.
        let Some(verdict) = verify(&root, &[], &issued, None, &["-auth_level", "0"]) else {
            return;
        };
        assert!(verdict.content, "{kind:?}: {}", verdict.words);
    }
}

#[test]
fn a_key_that_cannot_sign_makes_no_authority() {
    let spec = AuthoritySpec {
        key: KeyChoice::Fresh(KeyKind::X25519),
        ..AuthoritySpec::new("Segl Test Root")
    };
    assert!(matches!(
        Authority::root_from(&spec),
        Err(DemoError::CannotSign)
    ));
}

#[test]
fn weak_signatures_are_made_where_they_are_asked_for() {
    let (_, issuing) = chain();
    for (signing, wanted) in [
        (Signing::Sha1, "sha1WithRSAEncryption"),
        (Signing::Pkcs1, "sha256WithRSAEncryption"),
    ] {
        let leaf = Leaf {
            signing: Some(signing),
            ..Leaf::default()
        };
        let issued = issuing.issue(&leaf).expect("a certificate");
        let Some(words) = shown(&issued, &["-text"]) else {
            return;
        };
        let wanted = format!("Signature Algorithm: {wanted}");
        assert_eq!(words.matches(&wanted).count(), 2, "{words}");
    }
}

#[test]
fn a_leaf_that_issues_is_not_taken_for_an_authority() {
    let (root, issuing) = chain();
    let leaf = issuing
        .issue(&Leaf::mail("Eve", "eve@eksempel.example"))
        .expect("a certificate");
    let usurper = Authority::usurper(leaf);
    let forged =
        usurper.issue(&Leaf::mail("Anne", "anne@eksempel.example").with_key(KeyChoice::Shared(1)));
    let forged = forged.expect("a certificate");
    let Some(verdict) = verify(&root, &[&issuing, &usurper], &forged, None, &[]) else {
        return;
    };
    assert!(!verdict.content, "{}", verdict.words);
    assert!(
        verdict.words.contains("invalid CA certificate"),
        "{}",
        verdict.words
    );
}

#[test]
fn path_length_and_cross_certificates_do_what_they_say() {
    let (root, issuing) = chain();
    let below = issuing
        .intermediate("Segl Test Below")
        .expect("an authority");
    let leaf = below.issue(&Leaf::default()).expect("a certificate");
    let Some(verdict) = verify(&root, &[&issuing, &below], &leaf, None, &[]) else {
        return;
    };
    assert!(
        verdict.words.contains("path length constraint exceeded"),
        "{}",
        verdict.words
    );

    let other = Authority::root("Another Root").expect("a root");
    let crossed = other.intermediate_from(&AuthoritySpec {
        key: KeyChoice::This(issuing.key()),
        ..AuthoritySpec::new("Segl Test Issuing")
    });
    let crossed = crossed.expect("an authority");
    let leaf = issuing.issue(&Leaf::default()).expect("a certificate");
    for (anchor, between) in [(&root, &issuing), (&other, &crossed)] {
        let verdict = verify(anchor, &[between], &leaf, None, &[]).expect("openssl is there");
        assert!(verdict.content, "{}", verdict.words);
    }
}

#[test]
fn a_revocation_list_is_read_back_and_its_signature_holds() {
    let (_, issuing) = chain();
    let point = issuing_distribution_point(Some("http://crl.example/a.crl"), Scope::EndEntities);
    let spec = CrlSpec {
        number: 4711,
        revoked: vec![
            Revoked {
                serial: vec![0x42],
                at: days(-3),
                reason: Some(Reason::CessationOfOperation),
            },
            Revoked {
                serial: vec![0x99],
                at: days(-3),
                reason: None,
            },
        ],
        extensions: vec![point.expect("an extension")],
        ..CrlSpec::empty(NOW)
    };
    let list = issuing.crl(&spec).expect("a list");
    let folder = Folder::new();
    let file = folder.file("list.crl", list);
    let issuer = folder.file("issuing.pem", issuing.pem());
    let arguments = [
        "crl",
        "-inform",
        "DER",
        "-noout",
        "-text",
        "-in",
        text(&file),
        "-CAfile",
        text(&issuer),
    ];
    let Some(verdict) = openssl(&arguments) else {
        return;
    };
    for part in [
        "verify OK",
        "Version 2 (0x1)",
        "rsassaPss",
        "Last Update: Nov  1 00:00:00 2026 GMT",
        "Next Update: Nov  8 00:00:00 2026 GMT",
        "X509v3 Authority Key Identifier",
        "X509v3 CRL Number: \n                4711",
        "X509v3 Issuing Distribution Point: critical",
        "URI:http://crl.example/a.crl",
        "Only User Certificates",
        "Serial Number: 42\n",
        "Cessation Of Operation",
        "Serial Number: 99\n",
    ] {
        assert!(verdict.words.contains(part), "{part} in {}", verdict.words);
    }
}

#[test]
fn a_list_of_nothing_has_no_entries_and_may_lack_its_next_update() {
    let (_, issuing) = chain();
    let spec = CrlSpec {
        next_update: None,
        ..CrlSpec::empty(NOW)
    };
    let folder = Folder::new();
    let file = folder.file("list.crl", issuing.crl(&spec).expect("a list"));
    let Some(verdict) = openssl(&[
        "crl",
        "-inform",
        "DER",
        "-noout",
        "-text",
        "-in",
        text(&file),
    ]) else {
        return;
    };
    assert!(
        verdict.words.contains("No Revoked Certificates."),
        "{}",
        verdict.words
    );
    assert!(
        verdict.words.contains("Next Update: NONE"),
        "{}",
        verdict.words
    );
}

#[test]
fn a_bag_of_certificates_holds_them_all() {
    let (root, issuing) = chain();
    let bag = certificate_bag(&[&root.certificate().der, &issuing.certificate().der]);
    let folder = Folder::new();
    let file = folder.file("bag.p7b", bag.expect("a bag"));
    let arguments = [
        "pkcs7",
        "-inform",
        "DER",
        "-print_certs",
        "-in",
        text(&file),
    ];
    let Some(verdict) = openssl(&arguments) else {
        return;
    };
    assert_eq!(verdict.words.matches("BEGIN CERTIFICATE").count(), 2);
}

#[test]
fn keys_are_shared_by_number_and_authorities_have_their_own() {
    let same = |a: &Key, b: &Key| a.pkey().public_eq(b.pkey());
    let first = Key::shared(0).expect("a key");
    assert!(same(&first, &Key::shared(0).expect("a key")));
    assert!(!same(&first, &Key::shared(1).expect("a key")));
    let (root, issuing) = chain();
    assert!(!same(&root.key(), &issuing.key()));
    assert_eq!(root.key().pkey().bits(), 2048);
}

#[test]
fn a_server_shows_a_certificate_that_is_good_or_wrong_in_one_way() {
    let certificates = ServerCertificates::make().expect("certificates");
    let folder = Folder::new();
    let root = folder.file("root.pem", certificates.root_pem());
    let at = NOW.as_second().to_string();
    for (presented, wanted) in [
        (Presented::Good, None),
        (Presented::Expired, Some("error 10")),
        (Presented::WrongName, Some("error 62")),
        (Presented::Untrusted, Some("error 20")),
    ] {
        let leaf = folder.file("leaf.pem", certificates.certificate(presented).pem());
        let arguments = [
            "verify",
            "-attime",
            &at,
            "-CAfile",
            text(&root),
            "-purpose",
            "sslserver",
            "-verify_hostname",
            "localhost",
            text(&leaf),
        ];
        let Some(verdict) = openssl(&arguments) else {
            return;
        };
        match wanted {
            Some(error) => assert!(
                verdict.words.contains(error),
                "{presented:?}: {}",
                verdict.words
            ),
            None => assert!(verdict.content, "{}", verdict.words),
        }
    }
}
