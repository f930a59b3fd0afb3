//! What issuers allow of mail addresses: judged in the form in which addresses are compared, whatever spelling binds.

use segl::mail::Address;

use super::*;

fn excluded(base: &str) -> ExtraExtension {
    let base = GeneralName::Rfc822Name(Ia5String::new(base).unwrap());
    let constraints = Constraints {
        permitted: None,
        excluded: Some(vec![subtree(base)]),
    };
    ExtraExtension {
        oid: NAME_CONSTRAINTS,
        critical: true,
        der: constraints.to_der().unwrap(),
    }
}

/// As rfc822Name.
fn ascii(name: &str) -> Leaf {
    Leaf::mail("Anne Østergaard", name)
}

/// As SmtpUTF8Mailbox.
fn utf8(name: &str) -> Leaf {
    Leaf {
        addresses: Vec::new(),
        smtp_utf8: vec![name.to_owned()],
        ..ascii(name)
    }
}

/// As emailAddress in the subject.
fn subject(name: &str) -> Leaf {
    Leaf {
        addresses: Vec::new(),
        subject_email: Some(name.to_owned()),
        ..ascii(name)
    }
}

#[test]
fn what_an_issuer_excludes_binds_in_no_spelling() {
    let forbidden: &[&str] = &["name-constraints"];
    let rows: [(&str, Leaf, &[&str]); 17] = [
        ("firm.example", ascii("anne@firm.example"), forbidden),
        ("firm.example", ascii("Anne@FIRM.example"), forbidden),
        ("firm.example", subject("anne@firm.example"), forbidden),
        ("firm.example", utf8("anné@firm.example"), forbidden),
        ("firm.example", ascii("anne@sub.firm.example"), &[]),
        ("firm.example", ascii("anne@other.example"), &[]),
        (".firm.example", ascii("anne@sub.firm.example"), forbidden),
        (".firm.example", utf8("anné@sub.firm.example"), forbidden),
        (".example", utf8("anné@sub.firm.example"), forbidden),
        (".firm.example", utf8("anné@firm.example"), &[]),
        (
            "xn--rger-uoa.example",
            utf8("anné@ærger.example"),
            forbidden,
        ),
        (
            "xn--rger-uoa.example",
            utf8("anné@xn--rger-uoa.example"),
            forbidden,
        ),
        (
            "xn--rger-uoa.example",
            utf8("anné@XN--RGER-UOA.example"),
            forbidden,
        ),
        ("xn--rger-uoa.example", utf8("anné@other.example"), &[]),
        ("anne@firm.example", ascii("anne@firm.example"), forbidden),
        ("anne@firm.example", ascii("ANNE@firm.example"), forbidden),
        ("anne@firm.example", ascii("bo@firm.example"), &[]),
    ];
    for (base, leaf, wanted) in rows {
        let path = below(excluded(base), &leaf);
        let names = (&leaf.addresses, &leaf.smtp_utf8);
        // One sentence, whoever of the two judges found it.
        assert_eq!(codes(&path), wanted, "{base} {names:?}");
        if let [
            Problem::NameConstraints {
                expected,
                presented,
                ..
            },
        ] = path.problems()
        {
            assert_eq!(expected, &[format!("excluded email:{base}")]);
            assert!(!presented.is_empty(), "{presented:?}");
        }
    }
}

#[test]
fn a_constraint_that_cannot_be_read_forbids_and_one_that_permits_counts_in_both_forms() {
    for base in ["*.firm.example", " firm.example"] {
        let path = below(excluded(base), &ascii("anne@other.example"));
        assert_eq!(codes(&path), ["name-constraints"], "{base}");
    }
    // An rfc822Name with octets outside ASCII.
    let octets = |der: &[u8]| ExtraExtension {
        oid: NAME_CONSTRAINTS,
        critical: true,
        der: der.to_vec(),
    };
    let outside = octets(b"\x30\x0a\xa1\x08\x30\x06\x81\x04\xc3\xa6.x");
    assert_eq!(codes(&below(outside, &anne())), ["name-constraints"]);

    let permits = |base: &str, leaf: &Leaf| {
        let base = GeneralName::Rfc822Name(Ia5String::new(base).unwrap());
        below(permitted(base), leaf).problems().is_empty()
    };
    assert!(permits("firm.example", &ascii("anne@firm.example")));
    assert!(permits("firm.example", &utf8("anné@firm.example")));
    assert!(permits("xn--rger-uoa.example", &utf8("anné@ærger.example")));
    assert!(!permits("firm.example", &utf8("anné@sub.firm.example")));
    // OpenSSL refuses what RFC 9598 permits; nothing is sent wrongly.
    assert!(!permits(".firm.example", &utf8("anné@sub.firm.example")));
}

#[test]
fn a_common_name_like_a_hosts_is_none_to_an_issuer_that_excludes_all_hosts() {
    let hosts = Constraints {
        permitted: None,
        excluded: Some(vec![subtree(GeneralName::DnsName(
            Ia5String::new("").unwrap(),
        ))]),
    };
    let no_hosts = || ExtraExtension {
        oid: NAME_CONSTRAINTS,
        critical: true,
        der: hosts.to_der().unwrap(),
    };
    let gateway = Leaf::mail("sikkermail.firm.example", "post@firm.example");
    assert_eq!(codes(&below(no_hosts(), &gateway)), Vec::<&str>::new());
    let server = Leaf {
        dns_names: vec!["sikkermail.firm.example".to_owned()],
        ..gateway
    };
    assert_eq!(codes(&below(no_hosts(), &server)), ["name-constraints"]);
}

#[test]
fn a_name_binds_only_where_it_is_written_as_it_must_be() {
    let rows = [
        (ascii("anne@firm.example"), "anne@firm.example", true),
        (ascii("ANNE@firm.example"), "anne@FIRM.example", true),
        (ascii("anne@firm.example."), "anne@firm.example", false),
        (ascii("anne@firm.example "), "anne@firm.example", false),
        (ascii(" anne@firm.example"), "anne@firm.example", false),
        (subject("anne@firm.example"), "anne@firm.example", true),
        (subject("anne@firm.example."), "anne@firm.example", false),
        (utf8("anné@firm.example"), "anné@firm.example", true),
        (utf8("anné@ærger.example"), "anné@ærger.example", true),
        (
            utf8("anné@xn--rger-uoa.example"),
            "anné@ærger.example",
            true,
        ),
        (utf8("anné@ÆRGER.example"), "anné@ærger.example", false),
        (utf8("anné@ｆirm.example"), "anné@firm.example", false),
        (utf8("anné@firm。example"), "anné@firm.example", false),
        (utf8("anné@firm.example."), "anné@firm.example", false),
        // With a local part in ASCII it must be an rfc822Name.
        (utf8("anne@firm.example"), "anne@firm.example", false),
    ];
    let pinned = root("Kendt rod");
    for (leaf, recipient, binds) in rows {
        let certificate = read(&pinned.issue(&leaf).unwrap());
        let recipient = Address::parse(recipient).unwrap();
        let named = certificate.facts().addresses.clone();
        assert_eq!(certificate.names(&recipient), binds, "{named:?}");
        // What does not bind is shown all the same: the certificate does not name nobody.
        assert_eq!(named.len(), 1);
    }
}

#[test]
fn an_issuer_with_more_names_than_an_honest_one_allows_nothing() {
    let excluding = |hosts: usize| {
        let host = |i| {
            subtree(GeneralName::Rfc822Name(
                Ia5String::new(&format!("h{i}.example")).unwrap(),
            ))
        };
        let constraints = Constraints {
            permitted: None,
            excluded: Some((0..hosts).map(host).collect()),
        };
        ExtraExtension {
            oid: NAME_CONSTRAINTS,
            critical: true,
            der: constraints.to_der().unwrap(),
        }
    };
    let leaf = Leaf {
        addresses: (0..256).map(|i| format!("nr{i}@firm.example")).collect(),
        ..ascii("anne@firm.example")
    };
    assert_eq!(codes(&below(excluding(255), &leaf)), Vec::<&str>::new());
    assert_eq!(codes(&below(excluding(256), &leaf)), Vec::<&str>::new());
    assert_eq!(codes(&below(excluding(257), &leaf)), ["name-constraints"]);
}
