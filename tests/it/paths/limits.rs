//! Where the search for a path ends, what it never leaves out before that, and what is told of it.

use openssl::{
    asn1::Asn1Time,
    bn::{BigNum, MsbOption},
    hash::MessageDigest,
    pkey::{PKey, PKeyRef, Private, Public},
    rsa::Rsa,
    x509::{
        X509, X509Builder, X509Extension, X509NameBuilder, X509NameRef, extension::BasicConstraints,
    },
};
use segl::cert::known_root;

use super::*;

const ALTERNATIVE_NAMES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

/// A certificate without key identifiers: nothing but the name tells who issued it.
fn without_identifiers(by: &Authority) -> Certificate {
    let key = PKey::ec_gen("prime256v1").unwrap();
    let key = PKey::public_key_from_der(&key.public_key_to_der().unwrap()).unwrap();
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_text("CN", "Anne").unwrap();
    plain(&subject.build(), &key, by)
}

/// A certificate of nothing but names, time and key.
fn plain(subject: &X509NameRef, key: &PKeyRef<Public>, by: &Authority) -> Certificate {
    let by = by.certificate();
    let named = X509::from_der(&by.der).unwrap();
    signed(subject, key, (named.subject_name(), &by.key), &[])
}

fn signed(
    subject: &X509NameRef,
    key: &PKeyRef<Public>,
    (issuer, by): (&X509NameRef, &PKeyRef<Private>),
    extensions: &[X509Extension],
) -> Certificate {
    let time = |hours: i64| {
        let at = AT
            .checked_add(SignedDuration::from_hours(hours))
            .unwrap()
            .as_second();
        Asn1Time::from_unix(at).unwrap()
    };
    let mut made = X509Builder::new().unwrap();
    made.set_version(2).unwrap();
    made.set_subject_name(subject).unwrap();
    made.set_issuer_name(issuer).unwrap();
    made.set_not_before(&time(-1)).unwrap();
    made.set_not_after(&time(24)).unwrap();
    made.set_pubkey(key).unwrap();
    for extension in extensions {
        made.append_extension2(extension).unwrap();
    }
    made.sign(by, MessageDigest::sha256()).unwrap();
    Certificate::from_der(&made.build().to_der().unwrap()).unwrap()
}

/// An RSA key with a modulus of so many bits, and an exponent with so many. Nobody has the other half.
fn rsa(bits: i32, exponent_bits: i32) -> PKey<Public> {
    let odd = |bits: i32| {
        let mut number = BigNum::new().unwrap();
        number.rand(bits, MsbOption::ONE, true).unwrap();
        number
    };
    PKey::from_rsa(Rsa::from_public_components(odd(bits), odd(exponent_bits)).unwrap()).unwrap()
}

fn details(path: &Path) -> Vec<&str> {
    let problems = path.problems().iter();
    let details = problems.filter_map(|problem| match problem {
        Problem::UntrustedIssuer { detail, .. } => Some(detail.as_str()),
        _ => None,
    });
    details.collect()
}

#[test]
fn ten_certificates_may_stand_between_leaf_and_anchor_and_eleven_may_not() {
    let pinned = root("Kendt rod");
    let mut pool = Vec::new();
    let mut last = pinned.clone();
    for i in 1..=11 {
        last = last.intermediate_from(&spec(&format!("CA {i}"))).unwrap();
        pool.push(read(last.certificate()));
        let path = built(&read(&last.issue(&anne()).unwrap()), &pool, &[&pinned]);
        if i <= 10 {
            assert_eq!(codes(&path), Vec::<&str>::new(), "{i}");
            assert_eq!(
                (path.certificates().len(), path.is_anchored()),
                (i + 2, true)
            );
        } else {
            assert_eq!(details(&path), ["no path to a trusted root"]);
            assert_eq!((path.problems().len(), path.is_anchored()), (1, false));
            assert_eq!(path.certificates().len(), 12, "as far as it goes");
        }
    }
}

#[test]
fn of_paths_that_end_at_no_anchor_the_first_of_the_longest_is_told() {
    let strangers = [root("Fremmed rod 1"), root("Fremmed rod 2")];
    let issuing = root("Udstedende CA");
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let mut pool = strangers
        .each_ref()
        .map(|by| cross(by, "Udstedende CA", &issuing));
    for _ in 0..2 {
        let path = built(&leaf, &pool, &[&root("Kendt rod")]);
        assert_eq!(path.certificates(), [leaf.clone(), pool[0].clone()]);
        assert!(!path.is_anchored() && path.anchor().is_none());
        pool.reverse();
    }
}

#[test]
fn behind_so_many_strangers_of_one_name_the_issuer_is_still_found_and_then_it_is_told_that_not() {
    let pinned = root("Kendt rod");
    let issuing = pinned.intermediate_from(&spec("Udstedende CA")).unwrap();
    let leaf = without_identifiers(&issuing);
    let own = read(issuing.certificate());
    let strangers: Vec<_> = (0..24).map(|_| root("Udstedende CA")).collect();
    let pool: Vec<_> = strangers.iter().map(|s| read(s.certificate())).collect();
    let behind = |strangers: usize| {
        let pool = [&pool[..strangers], std::slice::from_ref(&own)].concat();
        built(&leaf, &pool, &[&pinned])
    };
    assert_eq!(codes(&behind(23)), Vec::<&str>::new());
    let lost = behind(24);
    assert!(!lost.is_anchored());
    assert_eq!(codes(&lost), ["path-not-examined"]);
    assert_eq!(lost.signatures(), 24);

    // Anchors are none of the strangers: IT has pinned them, and each is tried.
    let mut anchors: Vec<_> = strangers.iter().collect();
    anchors.push(&issuing);
    let path = built(&leaf, &[], &anchors);
    assert_eq!((codes(&path), path.anchor()), (Vec::new(), Some(&own)));
    // What they cost is not taken from those who are no anchors.
    anchors[24] = &pinned;
    let path = built(&leaf, std::slice::from_ref(&own), &anchors);
    assert_eq!((codes(&path), path.certificates().len()), (vec![], 3));
}

#[test]
fn a_key_with_which_one_signature_takes_long_verifies_none_and_that_is_told() {
    let pinned = root("Kendt rod");
    let issuing = pinned.intermediate_from(&spec("Udstedende CA")).unwrap();
    let leaf = without_identifiers(&issuing);
    for (bits, exponent_bits, signatures) in
        [(8193, 17, 0), (2048, 33, 0), (8192, 17, 1), (2048, 32, 1)]
    {
        let key = rsa(bits, exponent_bits);
        let named = X509::from_der(&issuing.certificate().der).unwrap();
        let stranger = plain(named.subject_name(), &key, &root("Fremmed"));
        let lost = built(&leaf, std::slice::from_ref(&stranger), &[&pinned]);
        assert_eq!(lost.signatures(), signatures, "{bits} {exponent_bits}");
        let is_told = codes(&lost) == ["path-not-examined"];
        assert_eq!(is_told, signatures == 0, "{lost:?}");
        let pool = [stranger, read(issuing.certificate())];
        assert_eq!(codes(&built(&leaf, &pool, &[&pinned])), Vec::<&str>::new());
    }
}

#[test]
fn a_pinned_authority_may_have_any_key() {
    // A prime of 33 bits.
    let exponent = BigNum::from_dec_str("4294967311").unwrap();
    let key = Rsa::generate_with_e(2048, &exponent).unwrap();
    let key = PKey::from_rsa(key).unwrap();
    let public = PKey::public_key_from_der(&key.public_key_to_der().unwrap()).unwrap();
    let named = |name: &str| {
        let mut subject = X509NameBuilder::new().unwrap();
        subject.append_entry_by_text("CN", name).unwrap();
        subject.build()
    };
    let (above, below) = (named("Kendt rod"), named("Anne"));
    let is_authority = BasicConstraints::new().critical().ca().build().unwrap();
    let pinned = signed(&above, &public, (&above, &key), &[is_authority]);
    let leaf = signed(&below, &rsa(2048, 17), (&above, &key), &[]);
    let pin = |certificate: &Certificate| Anchors::new(vec![certificate.clone()]);
    assert_eq!(
        codes(&path(&leaf, &[], &pin(&pinned), AT)),
        Vec::<&str>::new()
    );
    // A stranger may not.
    let other = root("Fremmed rod");
    let lost = built(&leaf, std::slice::from_ref(&pinned), &[&other]);
    assert_eq!(codes(&lost), ["path-not-examined"]);
}

/// Certificates of an authority's name and key, which claim to be its own and which nobody who counts signed.
fn clones(of: &Authority, name: &str, count: usize) -> Vec<Certificate> {
    let usurper = root(name);
    (0..count).map(|_| cross(&usurper, name, of)).collect()
}

#[test]
fn a_path_that_was_found_is_given_out_whatever_stands_beside_it() {
    let pinned = root("Kendt rod");
    let issuing = pinned.intermediate_from(&spec("Udstedende CA")).unwrap();
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let own = read(issuing.certificate());
    let clones = clones(&issuing, "Udstedende CA", 60);
    let strangers = (0..70).map(|_| read(root("Udstedende CA").certificate()));
    let strangers: Vec<_> = strangers.collect();
    let mut pool = vec![own.clone()];
    pool.extend([&clones[..], &strangers].concat());
    let found = built(&leaf, &pool, &[&pinned]);
    assert_eq!((codes(&found), found.certificates().len()), (vec![], 3));
    // Behind all of them too: the key is tried once for all who hold it.
    pool.rotate_left(1);
    let found = built(&leaf, &pool, &[&pinned]);
    assert_eq!((codes(&found), found.certificates().len()), (vec![], 3));
    // Without it nobody says that its issuer is not trusted: not everything was looked at.
    pool.pop();
    assert_eq!(
        codes(&built(&leaf, &pool, &[&pinned])),
        ["path-not-examined"]
    );
}

#[test]
fn whoever_is_looked_at_is_counted_also_where_he_brings_a_path_nowhere() {
    let pinned = root("Kendt rod");
    let issuing = pinned.intermediate_from(&spec("Udstedende CA")).unwrap();
    let leaf = read(&issuing.issue(&anne()).unwrap());
    // Each may stand above the leaf, and none above another: four times as many pairs as are looked at.
    let mut pool = clones(&issuing, "Udstedende CA", 130);
    let lost = built(&leaf, &pool, &[&pinned]);
    assert_eq!(
        (codes(&lost), lost.signatures()),
        (vec!["path-not-examined"], 1)
    );
    pool.push(read(issuing.certificate()));
    assert_eq!(codes(&built(&leaf, &pool, &[&pinned])), Vec::<&str>::new());
}

#[test]
fn four_thousand_who_claim_to_be_the_issuer_are_looked_at_and_one_more_is_not() {
    let pinned = root("Kendt rod");
    let leaf = read(
        &pinned
            .intermediate_from(&spec("Udstedende CA"))
            .unwrap()
            .issue(&anne())
            .unwrap(),
    );
    // All hold one key, which signed nothing: tried once.
    let pool = clones(&root("Udstedende CA"), "Udstedende CA", 4001);
    let lost = built(&leaf, &pool[..4000], &[&pinned]);
    assert_eq!(
        (codes(&lost), lost.signatures()),
        (vec!["untrusted-issuer"], 1)
    );
    let lost = built(&leaf, &pool, &[&pinned]);
    assert_eq!(
        (codes(&lost), lost.signatures()),
        (vec!["path-not-examined"], 1)
    );
}

#[test]
fn namesakes_of_an_anchor_do_not_use_up_what_its_own_signature_costs() {
    let pinned = root("Kendt rod");
    let issuing = root("Udstedende CA");
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let namesakes: Vec<_> = (0..30).map(|_| root("Kendt rod")).collect();
    // Six who hold the issuer's name and key come first, each below thirty who hold the anchor's name.
    let six = namesakes.iter().take(6);
    let mut pool: Vec<_> = six.map(|by| cross(by, "Udstedende CA", &issuing)).collect();
    pool.push(cross(&pinned, "Udstedende CA", &issuing));
    pool.extend(namesakes.iter().map(|n| read(n.certificate())));
    let path = built(&leaf, &pool, &[&pinned]);
    assert_eq!(codes(&path), Vec::<&str>::new());
    assert_eq!(path.certificates()[1], pool[6]);
}

#[test]
fn authorities_that_certify_each_other_are_no_detour_and_a_new_name_for_an_old_key_is_one_step() {
    let pinned = root("Kendt rod");
    let anchors = Anchors::new(vec![read(pinned.certificate())]);
    let all = |leaf: &Certificate, pool: &[Certificate]| {
        paths(leaf, pool, &anchors, &PolicyInputs::default(), AT)
    };
    let (one, two) = (root("CA 1"), root("CA 2"));
    let pool = [
        cross(&two, "CA 1", &one),
        cross(&one, "CA 2", &two),
        cross(&pinned, "CA 1", &one),
    ];
    let leaf = read(&one.issue(&anne()).unwrap());
    let found = all(&leaf, &pool);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].certificates().len(), 3);

    let before = pinned.intermediate_from(&spec("Gammelt navn")).unwrap();
    let renamed = AuthoritySpec {
        key: KeyChoice::This(before.key()),
        ..spec("Nyt navn")
    };
    let after = before.intermediate_from(&renamed).unwrap();
    let leaf = read(&after.issue(&anne()).unwrap());
    let pool = [read(before.certificate()), read(after.certificate())];
    let found = all(&leaf, &pool);
    assert_eq!(
        (codes(&found[0]), found[0].certificates().len()),
        (vec![], 4)
    );
}

#[test]
fn twelve_paths_are_validated_and_no_more() {
    let pinned = root("Kendt rod");
    let issuing = root("Udstedende CA");
    let pool: Vec<_> = (0..14)
        .map(|_| cross(&pinned, "Udstedende CA", &issuing))
        .collect();
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let anchors = Anchors::new(vec![read(pinned.certificate())]);
    let of =
        |pool: &[Certificate]| paths(&leaf, pool, &anchors, &PolicyInputs::default(), AT).len();
    assert_eq!((of(&pool[..11]), of(&pool[..12]), of(&pool)), (11, 12, 12));
}

#[test]
fn who_issues_and_is_no_authority_is_named() {
    let pinned = root("Kendt rod");
    let by = |between: Issued| {
        let pool = [read(&between)];
        let name = pool[0].facts().subject.clone();
        let leaf = read(&Authority::usurper(between).issue(&anne()).unwrap());
        let path = built(&leaf, &pool, &[&pinned]);
        let named = Problem::UntrustedIssuer {
            issuer: name,
            detail: "it is not a certification authority".to_owned(),
        };
        path.problems().contains(&named)
    };
    let signs = anne()
        .with_key(KeyChoice::Fresh(KeyKind::P256))
        .with_key_usage(&[KeyUsages::KeyCertSign]);
    assert!(by(pinned.issue(&signs).unwrap()));
    let authority = |usage: &[KeyUsages]| {
        let spec = AuthoritySpec {
            key_usage: Some(usage.to_vec()),
            ..spec("Udstedende CA")
        };
        pinned
            .intermediate_from(&spec)
            .unwrap()
            .certificate()
            .clone()
    };
    assert!(by(authority(&[KeyUsages::CRLSign])));
    assert!(!by(authority(&[KeyUsages::KeyCertSign])));
}

#[test]
fn a_constraint_for_mailboxes_outside_ascii_counts_where_such_a_name_stands_below_it() {
    let mailbox = |text: &str| {
        let value = Any::new(der::Tag::Utf8String, text.as_bytes()).unwrap();
        GeneralName::OtherName(OtherName {
            type_id: SMTP_UTF8_MAILBOX,
            value,
        })
    };
    let constraint = || permitted(mailbox("advokat-eksempel.dk"));
    // Nobody there has such a name.
    assert_eq!(codes(&below(constraint(), &anne())), Vec::<&str>::new());
    // Only the authority that holds the constraint has one: it binds those below.
    let pinned = root("Kendt rod");
    let own_name = ExtraExtension {
        oid: ALTERNATIVE_NAMES,
        critical: false,
        der: vec![mailbox("søren@andet-eksempel.dk")].to_der().unwrap(),
    };
    let limited = AuthoritySpec {
        extensions: vec![constraint(), own_name],
        ..spec("Begrænset CA")
    };
    let issuing = pinned.intermediate_from(&limited).unwrap();
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let path = built(&leaf, &[read(issuing.certificate())], &[&pinned]);
    assert_eq!(codes(&path), Vec::<&str>::new());
}

#[test]
fn the_constraints_that_are_told_are_those_from_above_and_addresses_of_computers_are_told_in_hex() {
    let mail = |text: &str| GeneralName::Rfc822Name(Ia5String::new(text).unwrap());
    let pinned = root("Kendt rod");
    let limited = AuthoritySpec {
        extensions: vec![permitted(mail("advokat-eksempel.dk"))],
        ..spec("Begrænset CA")
    };
    let limited = pinned.intermediate_from(&limited).unwrap();
    let own_name = ExtraExtension {
        oid: ALTERNATIVE_NAMES,
        critical: false,
        der: vec![mail("ca@andet-eksempel.dk")].to_der().unwrap(),
    };
    // It stands outside, and what it asks itself of those below it is no part of that.
    let outside = AuthoritySpec {
        extensions: vec![own_name, permitted(mail(".dk"))],
        ..spec("CA udenfor")
    };
    let outside = limited.intermediate_from(&outside).unwrap();
    let pool = [read(limited.certificate()), read(outside.certificate())];
    let leaf = Leaf {
        addresses: Vec::new(),
        ..anne()
    };
    let path = built(&read(&outside.issue(&leaf).unwrap()), &pool, &[&pinned]);
    let [
        Problem::NameConstraints {
            expected,
            presented,
            ..
        },
    ] = path.problems()
    else {
        panic!("{:?}", path.problems())
    };
    assert_eq!(expected, &["permitted email:advokat-eksempel.dk"]);
    assert_eq!(presented[1..], ["email:ca@andet-eksempel.dk"]);

    let computers = GeneralName::IpAddress(
        der::asn1::OctetString::new([192, 168, 1, 0, 255, 255, 255, 0]).unwrap(),
    );
    let leaf = Leaf {
        ip_addresses: vec![[10, 0, 0, 1].into()],
        ..anne()
    };
    let path = below(permitted(computers), &leaf);
    let [
        Problem::NameConstraints {
            expected,
            presented,
            ..
        },
    ] = path.problems()
    else {
        panic!("{:?}", path.problems())
    };
    assert_eq!(expected, &["permitted ip:c0a80100ffffff00"]);
    assert!(
        presented.contains(&"ip:0a000001".to_owned()),
        "{presented:?}"
    );
}

#[test]
fn a_key_that_an_authority_changed_is_not_counted_in_a_paths_length() {
    let pinned = root("Kendt rod");
    let short = AuthoritySpec {
        path_length: Some(0),
        ..spec("Kort CA")
    };
    let short = pinned.intermediate_from(&short).unwrap();
    let changed = short.intermediate_from(&spec("Kort CA")).unwrap();
    let beyond = changed.intermediate_from(&spec("For dyb CA")).unwrap();
    let pool = [&short, &changed, &beyond].map(|a| read(a.certificate()));
    assert!(pool[1].is_self_issued() && !pool[0].is_self_issued() && !pool[2].is_self_issued());
    let at_depth = |by: &Authority| built(&read(&by.issue(&anne()).unwrap()), &pool, &[&pinned]);
    assert_eq!(codes(&at_depth(&changed)), Vec::<&str>::new());
    let long = at_depth(&beyond);
    let [
        Problem::PathLength {
            expected,
            presented,
            detail,
        },
    ] = long.problems()
    else {
        panic!("{:?}", long.problems())
    };
    let one = |text: &str| vec![text.to_owned()];
    assert_eq!((expected, presented), (&one("0"), &one("1")));
    // OpenSSL's own words and the name, for IT.
    assert!(
        detail.starts_with("path length constraint exceeded: ") && detail.ends_with("CN=Kort CA"),
        "{detail}"
    );
}

#[test]
fn a_root_that_nobody_knows_is_no_known_one() {
    assert_eq!(
        known_root(&read(root("Den Danske Stat OCES").certificate())),
        None
    );
}

#[test]
fn what_is_weak_of_the_leaf_itself_is_left_to_its_judge_who_says_it_once() {
    let pinned = Authority::root("Kendt rod").unwrap();
    let weak = Leaf {
        signing: Some(Signing::Sha1),
        ..anne().with_key(KeyChoice::Fresh(KeyKind::Rsa(1024)))
    };
    let leaf = read(&pinned.issue(&weak).unwrap());
    assert!(leaf.facts().signature.is_weak);
    assert_eq!(codes(&built(&leaf, &[], &[&pinned])), Vec::<&str>::new());
}
