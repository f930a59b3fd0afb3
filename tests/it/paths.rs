//! Building paths: several ways up, ways that lead nowhere, ways without end; and both sides of every rule of a path.

mod limits;
mod names;
mod purposes;

use const_oid::ObjectIdentifier;
use der::{Decode as _, Encode as _, asn1::Any, asn1::Ia5String};
use jiff::{SignedDuration, Timestamp};
use segl::{
    cert::{Anchors, Certificate, Path, PolicyInputs, Problem, Whose, endings, path, paths},
    demo::{Authority, AuthoritySpec, ExtraExtension, Issued, KeyChoice, KeyKind, Leaf, Signing},
};
use x509_cert::ext::pkix::{
    KeyUsages,
    constraints::name::GeneralSubtree,
    name::{GeneralName, OtherName},
};

/// 2026-11-22, when all of these certificates are valid.
const AT: Timestamp = Timestamp::constant(1_795_305_600, 0);
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
const POLICY_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.36");
const SMTP_UTF8_MAILBOX: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.8.9");

fn read(issued: &Issued) -> Certificate {
    Certificate::from_der(&issued.der).unwrap()
}

/// An authority with a small key, made quickly.
fn spec(name: &str) -> AuthoritySpec {
    AuthoritySpec {
        key: KeyChoice::Fresh(KeyKind::P256),
        signing: Signing::default(),
        ..AuthoritySpec::new(name)
    }
}

fn root(name: &str) -> Authority {
    Authority::root_from(&spec(name)).unwrap()
}

/// Certifies the name and key of `authority` once more.
fn cross(by: &Authority, name: &str, authority: &Authority) -> Certificate {
    let again = AuthoritySpec {
        key: KeyChoice::This(authority.key()),
        ..spec(name)
    };
    read(by.intermediate_from(&again).unwrap().certificate())
}

fn anne() -> Leaf {
    Leaf::mail("Anne Østergaard", "anne@advokat-eksempel.dk")
}

fn built(leaf: &Certificate, pool: &[Certificate], anchors: &[&Authority]) -> Path {
    let anchors = anchors.iter().map(|a| read(a.certificate())).collect();
    path(leaf, pool, &Anchors::new(anchors), AT)
}

fn codes(path: &Path) -> Vec<&'static str> {
    path.problems().iter().map(Problem::code).collect()
}

#[test]
fn beside_a_cross_certificate_that_leads_nowhere_the_good_path_is_found() {
    let (pinned, stranger) = (root("Kendt rod"), root("Fremmed rod"));
    let issuing = pinned.intermediate_from(&spec("Udstedende CA")).unwrap();
    let good = read(issuing.certificate());
    let later = AuthoritySpec {
        key: KeyChoice::This(issuing.key()),
        not_after: AT
            .checked_add(SignedDuration::from_hours(24 * 9000))
            .unwrap(),
        ..spec("Udstedende CA")
    };
    let elsewhere = read(stranger.intermediate_from(&later).unwrap().certificate());
    let leaf = read(&issuing.issue(&anne()).unwrap());
    for pool in [
        [
            elsewhere.clone(),
            read(stranger.certificate()),
            good.clone(),
        ],
        [good.clone(), read(stranger.certificate()), elsewhere],
    ] {
        let path = built(&leaf, &pool, &[&pinned]);
        assert_eq!(codes(&path), Vec::<&str>::new());
        assert_eq!(path.certificates()[1], good);
        assert_eq!(path.anchor(), Some(&read(pinned.certificate())));
    }
}

#[test]
fn of_several_roots_the_one_that_leads_to_no_problem_is_taken() {
    let (one, two) = (root("Rod 1"), root("Rod 2"));
    let issuing = one.intermediate_from(&spec("Udstedende CA")).unwrap();
    let over = AuthoritySpec {
        key: KeyChoice::This(issuing.key()),
        not_after: AT.checked_sub(SignedDuration::from_hours(24)).unwrap(),
        ..spec("Udstedende CA")
    };
    let expired = read(one.intermediate_from(&over).unwrap().certificate());
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let pool = [expired, cross(&two, "Udstedende CA", &issuing)];
    let found = built(&leaf, &pool, &[&one, &two]);
    assert_eq!(codes(&found), Vec::<&str>::new());
    assert_eq!(found.anchor(), Some(&read(two.certificate())));
    // With the first root alone its problem is told.
    assert_eq!(codes(&built(&leaf, &pool, &[&one])), ["expired"]);
}

#[test]
fn authorities_that_certify_each_other_end_in_no_path_and_no_loop() {
    let (one, two) = (root("CA 1"), root("CA 2"));
    let pool = [cross(&two, "CA 1", &one), cross(&one, "CA 2", &two)];
    let leaf = read(&one.issue(&anne()).unwrap());
    let path = built(&leaf, &pool, &[&root("Kendt rod")]);
    assert_eq!(codes(&path), ["untrusted-issuer"]);
    assert!(!path.is_anchored());
    assert!(path.signatures() < 10, "{}", path.signatures());
}

/// Twelve authorities, each certified by every other, with anchors for none: paths without number.
fn hostile() -> (Vec<Authority>, Vec<Certificate>) {
    let authorities: Vec<_> = (0..12).map(|i| root(&format!("CA {i}"))).collect();
    let mut pool = Vec::new();
    for (i, one) in authorities.iter().enumerate() {
        for (j, other) in authorities.iter().enumerate() {
            if i != j {
                pool.push(cross(other, &format!("CA {i}"), one));
            }
        }
    }
    (authorities, pool)
}

#[test]
fn a_hostile_pool_costs_a_bounded_number_of_signatures_and_hides_no_good_path() {
    let (authorities, mut pool) = hostile();
    assert_eq!(pool.len(), 132);
    let leaf = read(&authorities[0].issue(&anne()).unwrap());
    let pinned = root("Kendt rod");
    let lost = built(&leaf, &pool, &[&pinned]);
    assert_eq!(codes(&lost), ["path-not-examined"]);
    assert!(lost.signatures() <= 240, "{}", lost.signatures());
    // The way out stands last in the pool, behind everything hostile.
    pool.push(cross(&pinned, "CA 0", &authorities[0]));
    let found = built(&leaf, &pool, &[&pinned]);
    assert_eq!(codes(&found), Vec::<&str>::new());
    assert_eq!(found.certificates().len(), 3);
    assert!(found.signatures() <= 240, "{}", found.signatures());
}

#[test]
fn many_certificates_under_the_issuers_name_with_other_keys_cost_a_bounded_number_of_signatures() {
    let pinned = root("Kendt rod");
    let issuing = pinned.intermediate_from(&spec("Udstedende CA")).unwrap();
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let mut pool: Vec<_> = (0..300)
        .map(|_| read(root("Udstedende CA").certificate()))
        .collect();
    let lost = built(&leaf, &pool, &[&pinned]);
    assert_eq!(codes(&lost), ["path-not-examined"]);
    assert!(lost.signatures() <= 240, "{}", lost.signatures());
    // Its key identifier leads to the right one.
    pool.push(read(issuing.certificate()));
    let found = built(&leaf, &pool, &[&pinned]);
    assert_eq!(codes(&found), Vec::<&str>::new());
}

#[test]
fn a_certificate_without_basic_constraints_is_no_authority_whatever_its_key_usage_says() {
    let pinned = root("Kendt rod");
    let not_an_authority = anne()
        .with_key(KeyChoice::Fresh(KeyKind::P256))
        .with_key_usage(&[KeyUsages::KeyCertSign, KeyUsages::DigitalSignature]);
    let between = pinned.issue(&not_an_authority).unwrap();
    let pool = [read(&between)];
    let leaf = read(&Authority::usurper(between).issue(&anne()).unwrap());
    let path = built(&leaf, &pool, &[&pinned]);
    assert!(
        codes(&path).contains(&"untrusted-issuer"),
        "{:?}",
        path.problems()
    );
}

#[test]
fn a_pinned_issuing_authority_needs_no_root_and_a_pinned_certificate_no_issuer() {
    let issuing = root("Rod")
        .intermediate_from(&spec("Udstedende CA"))
        .unwrap();
    let issued = issuing.issue(&anne()).unwrap();
    let path = built(&read(&issued), &[], &[&issuing]);
    assert_eq!((codes(&path), path.certificates().len()), (Vec::new(), 2));
    let itself = Anchors::new(vec![read(&issued)]);
    let path = paths(&read(&issued), &[], &itself, &PolicyInputs::default(), AT).remove(0);
    assert_eq!((codes(&path), path.certificates().len()), (Vec::new(), 1));
}

/// RFC 5280 §4.2.1.10.
#[derive(der::Sequence)]
struct Constraints {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    permitted: Option<Vec<GeneralSubtree>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    excluded: Option<Vec<GeneralSubtree>>,
}

fn subtree(base: GeneralName) -> GeneralSubtree {
    GeneralSubtree {
        base,
        minimum: 0,
        maximum: None,
    }
}

fn below(extension: ExtraExtension, leaf: &Leaf) -> Path {
    let pinned = root("Kendt rod");
    let limited = AuthoritySpec {
        extensions: vec![extension],
        ..spec("Begrænset CA")
    };
    let issuing = pinned.intermediate_from(&limited).unwrap();
    let leaf = read(&issuing.issue(leaf).unwrap());
    built(&leaf, &[read(issuing.certificate())], &[&pinned])
}

fn permitted(base: GeneralName) -> ExtraExtension {
    let constraints = Constraints {
        permitted: Some(vec![subtree(base)]),
        excluded: None,
    };
    ExtraExtension {
        oid: NAME_CONSTRAINTS,
        critical: true,
        der: constraints.to_der().unwrap(),
    }
}

#[test]
fn a_name_constraint_on_mail_counts_for_both_forms_of_address_and_tells_both_sides() {
    let mail = |domain: &str| permitted(GeneralName::Rfc822Name(Ia5String::new(domain).unwrap()));
    let utf8 = Leaf {
        addresses: Vec::new(),
        smtp_utf8: vec!["søren@advokat-eksempel.dk".to_owned()],
        ..anne()
    };
    for leaf in [&anne(), &utf8] {
        assert_eq!(
            codes(&below(mail("advokat-eksempel.dk"), leaf)),
            Vec::<&str>::new()
        );
        let outside = below(mail("andet-eksempel.dk"), leaf);
        let [
            Problem::NameConstraints {
                expected,
                presented,
                ..
            },
        ] = outside.problems()
        else {
            panic!("{:?}", outside.problems())
        };
        assert_eq!(expected, &["permitted email:andet-eksempel.dk"]);
        assert!(
            presented.iter().any(|n| n.contains("@advokat-eksempel.dk")),
            "{presented:?}"
        );
    }
    // RFC 9598 §6: a constraint in the form of an otherName is not known, and a certificate with such a name is refused.
    let other = GeneralName::OtherName(OtherName {
        type_id: SMTP_UTF8_MAILBOX,
        value: Any::from_der(&[0x0c, 1, b'x']).unwrap(),
    });
    assert!(!below(permitted(other), &utf8).problems().is_empty());
}

#[test]
fn a_policy_that_is_asked_for_must_be_there_and_both_sides_are_told() {
    let policy = ObjectIdentifier::new_unwrap("1.2.208.169.1.1.1.2.7");
    let other = ObjectIdentifier::new_unwrap("1.2.208.169.1.1.1.3.7");
    let pinned = root("Kendt rod");
    let with = Leaf {
        policies: vec![policy],
        ..anne()
    };
    let leaf = read(&pinned.issue(&with).unwrap());
    let anchors = Anchors::new(vec![read(pinned.certificate())]);
    let under = |oid| PolicyInputs {
        acceptable: vec![oid],
        explicit: true,
        ..PolicyInputs::default()
    };
    let good = paths(&leaf, &[], &anchors, &under(policy), AT).remove(0);
    assert_eq!(codes(&good), Vec::<&str>::new());
    let bad = paths(&leaf, &[], &anchors, &under(other), AT).remove(0);
    let [
        Problem::Policy {
            expected,
            presented,
            ..
        },
    ] = bad.problems()
    else {
        panic!("{:?}", bad.problems())
    };
    assert_eq!(
        (expected, presented),
        (&vec![other.to_string()], &vec![policy.to_string()])
    );
    // An authority may ask for it itself (requireExplicitPolicy 0), without anybody's switch.
    let asked = ExtraExtension {
        oid: POLICY_CONSTRAINTS,
        critical: true,
        der: vec![0x30, 3, 0x80, 1, 0],
    };
    assert_eq!(codes(&below(asked, &anne())), ["policy"]);
}

#[test]
fn a_path_that_is_too_long_and_an_extension_that_nobody_knows_tell_both_sides() {
    let pinned = root("Kendt rod");
    let end = AuthoritySpec {
        path_length: Some(0),
        ..spec("Kort CA")
    };
    let end = pinned.intermediate_from(&end).unwrap();
    let beyond = end.intermediate_from(&spec("For dyb CA")).unwrap();
    let leaf = read(&beyond.issue(&anne()).unwrap());
    let pool = [read(end.certificate()), read(beyond.certificate())];
    let long = built(&leaf, &pool, &[&pinned]);
    let [
        Problem::PathLength {
            expected,
            presented,
            ..
        },
    ] = long.problems()
    else {
        panic!("{:?}", long.problems())
    };
    assert_eq!(
        (expected, presented),
        (&vec!["0".to_owned()], &vec!["1".to_owned()])
    );

    let unknown = Leaf {
        extensions: vec![ExtraExtension {
            oid: ObjectIdentifier::new_unwrap("2.25.1"),
            critical: true,
            der: vec![5, 0],
        }],
        ..anne()
    };
    let leaf = read(&pinned.issue(&unknown).unwrap());
    let path = built(&leaf, &[], &[&pinned]);
    let [Problem::CriticalExtension { presented, .. }] = path.problems() else {
        panic!("{:?}", path.problems())
    };
    assert_eq!(presented, &["2.25.1"]);
}

#[test]
fn a_key_that_its_authority_changed_leads_to_the_old_anchor() {
    let old = root("Rod");
    let new = root("Rod");
    let new_with_old = cross(&old, "Rod", &new);
    let leaf = read(&new.issue(&anne()).unwrap());
    let path = built(&leaf, &[new_with_old, read(new.certificate())], &[&old]);
    assert_eq!((codes(&path), path.certificates().len()), (Vec::new(), 3));
}

/// Days left of the own certificate and of its issuer, whose it is, and what is told.
type Row = (i64, i64, Whose, &'static [(u16, bool)]);

#[test]
fn the_end_of_every_certificate_of_a_path_is_told_at_its_days_and_not_before() {
    let days = |days: i64| {
        let margin = SignedDuration::from_hours(24 * days) - SignedDuration::from_mins(1);
        AT.checked_add(margin).unwrap()
    };
    let told = |own: i64, issuer: i64, whose: Whose| -> Vec<(u16, bool)> {
        let pinned = root("Kendt rod");
        let ends = AuthoritySpec {
            not_after: days(issuer),
            ..spec("Udstedende CA")
        };
        let issuing = pinned.intermediate_from(&ends).unwrap();
        let leaf = Leaf {
            not_after: days(own),
            ..anne()
        };
        let leaf = read(&issuing.issue(&leaf).unwrap());
        let path = built(&leaf, &[read(issuing.certificate())], &[&pinned]);
        let told = endings(&path, whose, AT);
        told.iter().map(|e| (e.days, e.is_issuer)).collect()
    };
    let rows: &[Row] = &[
        (61, 15, Whose::Own, &[]),
        (60, 15, Whose::Own, &[(60, false)]),
        (30, 15, Whose::Own, &[(30, false)]),
        (15, 15, Whose::Own, &[(30, false)]),
        (14, 15, Whose::Own, &[(14, false)]),
        (7, 14, Whose::Own, &[(7, false), (14, true)]),
        (15, 15, Whose::Other, &[]),
        (14, 15, Whose::Other, &[(14, false)]),
        (1, 7, Whose::Other, &[(14, false), (14, true)]),
        // What is over is a problem, not a notice.
        (-1, 60, Whose::Own, &[]),
    ];
    for (own, issuer, whose, wanted) in rows {
        assert_eq!(
            &told(*own, *issuer, *whose),
            wanted,
            "{own} {issuer} {whose:?}"
        );
    }
}
