//! Where a verdict turns: the first and the last second of a certificate and of an answer, and whose word binds.

use const_oid::ObjectIdentifier;
use segl::{
    cert::{
        Fingerprint, Gateway, KeyKind as Key, Path, RevocationAnswer, RevocationRuling, SKEW,
        Subject, judge_gateway, may_pin, problems, revocation_findings,
    },
    demo::ExtraExtension,
};

use super::*;

fn seconds(offset: i64) -> Timestamp {
    AT.checked_add(SignedDuration::from_secs(offset)).unwrap()
}

fn built(leaf: &Leaf) -> Path {
    let leaf = read(&pki().issuing.issue(leaf).unwrap());
    let anchors = Anchors::new(vec![read(pki().root.certificate())]);
    path(&leaf, &[read(pki().issuing.certificate())], &anchors, AT)
}

fn good(this_update: Timestamp, next_update: Option<Timestamp>) -> RevocationAnswer {
    RevocationAnswer::Good {
        sources: Vec::new(),
        this_update,
        next_update,
    }
}

fn no_source() -> RevocationAnswer {
    RevocationAnswer::Unknown(RevocationUnknown::NoSource {
        issuer: "CN=Eksempel".to_owned(),
    })
}

#[test]
fn a_certificate_is_usable_from_its_first_second_to_its_last() {
    let rows: [(i64, i64, &[&str]); 4] = [
        (0, 60, &[]),
        (1, 60, &["not-yet-valid"]),
        (-60, 0, &[]),
        (-60, -1, &["expired"]),
    ];
    for (from, to, wanted) in rows {
        let leaf = anne().valid(seconds(from), seconds(to));
        assert_eq!(Case::of(&leaf).codes(), wanted, "{from} to {to}");
    }
}

#[test]
fn an_answer_counts_to_the_second_at_which_the_next_is_due_and_as_long_as_the_rule_says() {
    use RevocationPolicy::{Grace, Require, WhenAvailable};
    use RevocationRuling::{Current, InGrace, NotRequired, Refused};
    let path = built(&anne());
    let day = 24 * 3600;
    let skew = SKEW.as_secs();
    let hour = Grace(SignedDuration::from_hours(1));
    // Made and due, as seconds from now.
    let rows = [
        (-60, Some(0), Require, Current),
        (-60, Some(-1), Require, Refused),
        (-60, Some(-1), WhenAvailable, NotRequired),
        (-60, Some(-1), hour, InGrace),
        (-3600, Some(-1), hour, InGrace),
        (-3601, Some(-1), hour, Refused),
        // Grace takes nothing away from what is not due yet.
        (-7200, Some(0), hour, Current),
        (-day, None, Require, Current),
        (-day - 1, None, Require, Refused),
        (skew, Some(day), Require, Current),
        (skew + 1, Some(day), Require, Refused),
        (skew + 1, Some(day), hour, Refused),
    ];
    for (made, due, policy, wanted) in rows {
        let leaf = good(seconds(made), due.map(seconds));
        let current = leaf.is_current(AT);
        let answers = [leaf, good(AT, Some(AT))];
        let found = revocation_findings(&path, &answers, policy, AT);
        assert_eq!(found.len(), 2);
        let what = format!("{made} {due:?} {policy}");
        assert_eq!(found[0].ruling, wanted, "{what}");
        assert_eq!(current, wanted == Current, "{what}");
        assert_eq!(found[1].ruling, Current);
    }
    assert!(!no_source().is_current(AT));
}

#[test]
fn only_an_issuer_without_any_pointer_cannot_be_revoked_and_a_leaf_always_could_be() {
    let path = built(&anne());
    let of = |policy| {
        let found = revocation_findings(&path, &[no_source(), no_source()], policy, AT);
        found.iter().map(|f| f.ruling.code()).collect::<Vec<_>>()
    };
    assert!(!path.certificates()[1].facts().has_revocation_pointer);
    assert_eq!(
        of(RevocationPolicy::Require),
        ["refused", "cannot-be-revoked"]
    );
    assert_eq!(
        of(RevocationPolicy::WhenAvailable),
        ["not-required", "cannot-be-revoked"]
    );
    // Answers that nobody gave are none.
    let rules = rules(RevocationPolicy::Require);
    let address = Address::parse(ANNE).unwrap();
    let problems = judge(&path, &[], &address, None, &rules, AT).unwrap_err();
    let [Problem::RevocationUnknown { certificate, .. }] = &problems[..] else {
        panic!("{problems:?}")
    };
    assert_eq!(*certificate, None, "the leaf's own");
}

#[test]
fn the_rule_for_revocation_is_told_as_the_settings_write_it() {
    let grace = |secs| RevocationPolicy::Grace(SignedDuration::from_secs(secs)).to_string();
    assert_eq!(RevocationPolicy::Require.to_string(), "require");
    assert_eq!(
        RevocationPolicy::WhenAvailable.to_string(),
        "when-available"
    );
    assert_eq!(grace(86_400), "grace:24h");
    assert_eq!(grace(5_400), "grace:5400s");
}

#[test]
fn keys_of_other_curves_and_sizes_are_told_apart_from_weak_ones() {
    use KeyUsages::KeyAgreement;
    let of = |kind| {
        let leaf = anne().with_key(KeyChoice::Fresh(kind));
        Case::of(&leaf.with_key_usage(&[KeyAgreement])).judge()
    };
    let problems = of(KeyKind::BrainpoolP256).unwrap_err();
    assert!(matches!(
        &problems[..],
        [Problem::UnsupportedKey { presented }] if presented == "EC brainpoolP256r1"
    ));
    assert!(matches!(
        of(KeyKind::P256).unwrap().certificate().facts().key,
        Key::Ec(_)
    ));
}

/// What a rule of the firm's IT, or a pin of the user's, gives to an address.
fn binding(scope: Scope, to: BoundTo) -> BindingRule {
    BindingRule { scope, to }
}

#[test]
fn a_pin_binds_exactly_its_certificate_and_yields_to_what_it_says_of_the_address() {
    let mut case = Case {
        address: "anne@andet-eksempel.dk",
        ..Case::of(&anne())
    };
    let address = Address::parse(case.address).unwrap();
    let scope = || Scope::Address(address.clone());
    let pin = |certificate, at| binding(scope(), BoundTo::Pin { certificate, at });
    let own = case.leaf.sha256();
    let other = read(pki().issuing.certificate()).sha256();
    let bound = |case: &mut Case<'_>, bindings: Vec<BindingRule>| {
        case.rules.bindings = bindings;
        case.judge().ok().map(|usable| usable.binding().pinned_at())
    };
    assert_eq!(bound(&mut case, vec![]), None);
    assert_eq!(bound(&mut case, vec![pin(other, AT)]), None);
    assert_eq!(bound(&mut case, vec![pin(own, AT)]), Some(Some(AT)));
    let twice = vec![pin(own, hours(-1)), pin(own, AT), pin(other, hours(1))];
    assert_eq!(
        bound(&mut case, twice),
        Some(Some(AT)),
        "the newest of its own"
    );
    let elsewhere = Scope::Address(Address::parse("bo@andet-eksempel.dk").unwrap());
    let of_bo = binding(
        elsewhere,
        BoundTo::Pin {
            certificate: own,
            at: AT,
        },
    );
    assert_eq!(bound(&mut case, vec![of_bo]), None);

    let number = |n: &str| BoundTo::Organisation(OrganisationNumber::parse(n).unwrap());
    let domain = || Scope::Domain("andet-eksempel.dk".to_owned());
    let with = |to: BoundTo| vec![pin(own, AT), binding(domain(), to)];
    assert_eq!(bound(&mut case, with(number("NTRDK-33445566"))), None);
    assert_eq!(bound(&mut case, with(BoundTo::Certificate(other))), None);
    let fits = Some(Some(AT));
    assert_eq!(bound(&mut case, with(number("NTRDK-12345674"))), fits);
    assert_eq!(bound(&mut case, with(BoundTo::Certificate(own))), fits);
    let may = |bindings: &[BindingRule]| may_pin(&case.leaf, &address, bindings);
    assert!(may(&[]) && may(&[pin(other, AT)]));
    assert!(!may(&with(BoundTo::Certificate(other))));
    assert!(with(BoundTo::Certificate(own))[0].is_pin());
    assert!(!with(BoundTo::Certificate(own))[1].is_pin());
}

#[test]
fn a_pin_is_no_rule_of_it() {
    // A certificate that names nobody: IT's rules would bind it, and a pin is none of them.
    let nobody = Leaf::organisation("Retten", "Retten", "21987913");
    let mut case = Case {
        address: "post@ret-eksempel.dk",
        ..Case::of(&nobody)
    };
    case.rules.bindings = vec![binding(
        Scope::Domain("ret-eksempel.dk".to_owned()),
        BoundTo::Pin {
            certificate: case.leaf.sha256(),
            at: AT,
        },
    )];
    let usable = case.judge().unwrap();
    assert_eq!(usable.binding(), &Binding::Pinned { at: AT });
    assert_eq!(usable.binding().code(), "pinned");
    assert!(!usable.binding().is_by_address() && !usable.binding().is_by_domain());
}

const TOWN: &str = "by-eksempel.dk";

/// The verdict on a certificate as that of a domain's gateway.
fn gateway(
    leaf: &Leaf,
    number: Option<&str>,
    known: Option<fn(&Certificate) -> Fingerprint>,
    trusted: Option<&str>,
    bindings: Vec<BindingRule>,
) -> Result<String, &'static str> {
    let path = built(leaf);
    let names = [Address::parse(&format!("sikkerpost@{TOWN}")).unwrap()];
    let address = Address::parse(&format!("hvem@{TOWN}")).unwrap();
    let number = number.map(|n| OrganisationNumber::parse(n).unwrap());
    let gateway = Gateway {
        domain: TOWN,
        names: &names,
        number: number.as_ref(),
        sha256: known.map(|of| of(path.leaf())),
        address: &address,
    };
    let rules = Rules {
        bindings,
        ..rules(RevocationPolicy::WhenAvailable)
    };
    match judge_gateway(&path, &[], gateway, trusted, &rules, AT) {
        Ok(usable) => match usable.binding() {
            Binding::Domain { domain } => Ok(domain.clone()),
            other => panic!("{other:?}"),
        },
        Err(problems) => Err(problems[0].code()),
    }
}

#[test]
fn a_gateways_certificate_counts_by_its_name_or_by_what_is_known_of_it_and_never_against_its_own_word()
 {
    let town = || Ok(TOWN.to_owned());
    let nobody = Leaf::organisation("Byen", "Byen", "11223344");
    let named = |address: &str| nobody.clone().for_address(address);
    let own: fn(&Certificate) -> Fingerprint = Certificate::sha256;
    let other: fn(&Certificate) -> Fingerprint = |_| read(pki().issuing.certificate()).sha256();
    let mailbox = format!("sikkerpost@{TOWN}");
    let neither = Err("address-mismatch");
    let mismatch = Err("list-mismatch");

    // It names the mailbox, or another one of the domain, or one elsewhere.
    assert_eq!(gateway(&named(&mailbox), None, None, None, vec![]), town());
    let clerk = named(&format!("kontor@{TOWN}"));
    assert_eq!(gateway(&clerk, None, None, None, vec![]), neither);
    assert_eq!(
        gateway(&clerk, Some("CVR:11223344"), None, Some("OCES"), vec![]),
        neither
    );
    assert_eq!(gateway(&clerk, None, Some(own), None, vec![]), town());
    let stranger = named("post@andet-eksempel.dk");
    assert_eq!(
        gateway(&stranger, None, Some(own), Some("OCES"), vec![]),
        neither
    );

    // It names nobody.
    assert_eq!(gateway(&nobody, None, None, None, vec![]), neither);
    assert_eq!(gateway(&nobody, None, Some(own), None, vec![]), town());
    assert_eq!(
        gateway(&nobody, Some("CVR:11223344"), None, None, vec![]),
        town()
    );
    assert_eq!(gateway(&nobody, None, None, Some("OCES"), vec![]), town());
    let rule = |address: &str| {
        let number = OrganisationNumber::parse("CVR:11223344").unwrap();
        let scope = Scope::Address(Address::parse(address).unwrap());
        vec![binding(scope, BoundTo::Organisation(number))]
    };
    assert_eq!(gateway(&nobody, None, None, None, rule(&mailbox)), town());
    let hers = rule(&format!("hvem@{TOWN}"));
    assert_eq!(gateway(&nobody, None, None, None, hers), neither);

    // What is known of it and does not fit goes before everything else.
    let both = named(&mailbox);
    assert_eq!(
        gateway(&both, Some("CVR:99887766"), None, None, vec![]),
        mismatch
    );
    assert_eq!(gateway(&both, None, Some(other), None, vec![]), mismatch);
    assert_eq!(
        gateway(&both, Some("CVR:11223344"), Some(own), None, vec![]),
        town()
    );
}

#[test]
fn what_a_reader_was_learned_to_open_goes_before_what_the_certificate_says() {
    let usable = Case::of(&anne()).judge().unwrap();
    assert!(usable.capabilities().is_none() && usable.learned_at().is_none());
    let learned = segl::cert::Capabilities::from_der(b"\x30\x00").unwrap();
    let usable = usable.with_learned(learned.clone(), hours(-3));
    assert_eq!(usable.capabilities(), Some(&learned));
    assert_eq!(usable.learned_at(), Some(hours(-3)));
    assert_eq!((usable.checked_at(), usable.path().len()), (AT, 3));
    assert_eq!(usable.address().given(), ANNE);
    let lists = good(hours(-1), None);
    let found = [good(hours(-2), None), lists];
    let path = built(&anne());
    let address = Address::parse(ANNE).unwrap();
    let usable = judge(&path, &found, &address, None, &rules(GRACE), AT).unwrap();
    assert_eq!(usable.evidence_from(), Some(hours(-2)));
}

#[test]
fn each_use_needs_its_own_key_usage_and_what_is_there_is_told() {
    use KeyUsages::{
        CRLSign, DataEncipherment, DigitalSignature, KeyAgreement, KeyCertSign, KeyEncipherment,
        NonRepudiation,
    };
    let rules = rules(RevocationPolicy::WhenAvailable);
    let of = |usage: &[KeyUsages], subject: Subject<'_>| {
        let path = built(&anne().with_key_usage(usage));
        problems(&path, &[], subject, &rules, AT)
    };
    let codes = |usage: &[KeyUsages], subject: Subject<'_>| {
        let found = of(usage, subject);
        found.iter().map(Problem::code).collect::<Vec<_>>()
    };
    let nothing: [&str; 0] = [];
    assert_eq!(codes(&[DigitalSignature], Subject::Sign), nothing);
    assert_eq!(codes(&[NonRepudiation], Subject::Sign), nothing);
    assert_eq!(codes(&[KeyEncipherment], Subject::Sign), ["key-usage"]);
    assert_eq!(codes(&[KeyEncipherment], Subject::Encrypt), nothing);
    assert_eq!(codes(&[KeyCertSign], Subject::Path), nothing);
    let others = [
        DigitalSignature,
        NonRepudiation,
        DataEncipherment,
        KeyAgreement,
        CRLSign,
    ];
    let Some(Problem::KeyUsage {
        expected,
        presented,
    }) = of(&others, Subject::Encrypt).pop()
    else {
        panic!("a key usage")
    };
    let told = [
        "digitalSignature",
        "nonRepudiation",
        "dataEncipherment",
        "keyAgreement",
        "cRLSign",
    ];
    assert_eq!(
        (expected.as_str(), presented),
        ("keyEncipherment", told.map(str::to_owned).to_vec())
    );
}

#[test]
fn an_issuer_whose_time_has_not_begun_or_that_was_signed_with_a_broken_digest_is_named() {
    let below = |issuing: &Authority, anchor: &Authority| {
        let leaf = read(&issuing.issue(&anne()).unwrap());
        let anchors = Anchors::new(vec![read(anchor.certificate())]);
        path(&leaf, &[read(issuing.certificate())], &anchors, AT)
    };
    let later = AuthoritySpec {
        not_before: hours(1),
        ..AuthoritySpec::new("Kommende CA")
    };
    let later = pki().root.intermediate_from(&later).unwrap();
    let path = below(&later, &pki().root);
    assert!(
        matches!(
            path.problems(),
            [Problem::NotYetValid { certificate: Some(_), not_before }] if *not_before == hours(1)
        ),
        "{:?}",
        path.problems()
    );
    assert!(path.is_anchored() && path.signatures() >= 3);
    assert!(!below(&later, &later.intermediate("Fremmed CA").unwrap()).is_anchored());

    let old = AuthoritySpec {
        signing: Signing::Sha1,
        ..AuthoritySpec::new("Gammel CA")
    };
    let old = pki().root.intermediate_from(&old).unwrap();
    let middle = old.intermediate("Udsteder under gammel CA").unwrap();
    let leaf = read(&middle.issue(&anne()).unwrap());
    let pool = [read(middle.certificate()), read(old.certificate())];
    let anchors = Anchors::new(vec![read(pki().root.certificate())]);
    let found = segl::cert::path(&leaf, &pool, &anchors, AT);
    assert!(
        found
            .problems()
            .iter()
            .any(|p| matches!(p, Problem::WeakSignature { .. })),
        "{:?}",
        found.problems()
    );
}

/// A certificate of its own making, with a key that the demo's authority does not make.
fn self_signed(curve: openssl::nid::Nid) -> Certificate {
    let group = openssl::ec::EcGroup::from_curve_name(curve).unwrap();
    let key = openssl::ec::EcKey::generate(&group).unwrap();
    let key = openssl::pkey::PKey::from_ec_key(key).unwrap();
    issued(
        ("Anne", &key),
        ("Anne", &key),
        openssl::hash::MessageDigest::sha256(),
    )
}

type PrivateKey = openssl::pkey::PKey<openssl::pkey::Private>;

fn issued(
    (subject, key): (&str, &PrivateKey),
    (issuer, issuer_key): (&str, &PrivateKey),
    digest: openssl::hash::MessageDigest,
) -> Certificate {
    use openssl::{asn1::Asn1Time, x509};
    let named = |common_name: &str| {
        let mut name = x509::X509NameBuilder::new().unwrap();
        name.append_entry_by_text("CN", common_name).unwrap();
        name.build()
    };
    let mut made = x509::X509Builder::new().unwrap();
    made.set_version(2).unwrap();
    made.set_subject_name(&named(subject)).unwrap();
    made.set_issuer_name(&named(issuer)).unwrap();
    let time = |at: Timestamp| Asn1Time::from_unix(at.as_second()).unwrap();
    made.set_not_before(&time(hours(-1))).unwrap();
    made.set_not_after(&time(hours(24 * 10))).unwrap();
    made.set_pubkey(key).unwrap();
    made.sign(issuer_key, digest).unwrap();
    Certificate::from_der(&made.build().to_der().unwrap()).unwrap()
}

#[test]
fn a_small_curve_is_weak_once_and_a_large_one_of_others_only_unsupported() {
    let of = |curve| {
        let leaf = self_signed(curve);
        let anchors = Anchors::new(vec![leaf.clone()]);
        let path = path(&leaf, &[], &anchors, AT);
        let rules = rules(RevocationPolicy::WhenAvailable);
        problems(&path, &[], Subject::Encrypt, &rules, AT)
    };
    for curve in [
        openssl::nid::Nid::X9_62_PRIME192V1,
        openssl::nid::Nid::SECP224R1,
    ] {
        let found = of(curve);
        assert!(
            matches!(&found[..], [Problem::WeakKey { expected, .. }] if expected == "EC P-256"),
            "{found:?}"
        );
    }
    for curve in [
        openssl::nid::Nid::SECP256K1,
        openssl::nid::Nid::BRAINPOOL_P384R1,
    ] {
        let found = of(curve);
        assert!(
            matches!(&found[..], [Problem::UnsupportedKey { .. }]),
            "{found:?}"
        );
    }
}

#[test]
fn what_of_a_usable_path_ends_soon_is_told_with_it() {
    let ends = |days: i64| {
        let leaf = anne().valid(hours(-24), hours(24 * days));
        let usable = Case::of(&leaf).judge().unwrap();
        usable.endings().iter().map(|e| e.days).collect::<Vec<_>>()
    };
    assert_eq!(ends(10), [14]);
    assert!(ends(15).is_empty());
}

#[test]
fn a_name_for_signing_in_is_no_mail_address() {
    let tlv = |tag: u8, content: &[u8]| {
        let length = u8::try_from(content.len()).unwrap();
        [&[tag, length], content].concat()
    };
    // A user principal name, which Windows puts beside mail addresses and which looks like one.
    let oid = b"\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03";
    let name = tlv(0xA0, &tlv(0x0C, ANNE.as_bytes()));
    let leaf = Leaf {
        addresses: Vec::new(),
        extensions: vec![ExtraExtension {
            oid: ObjectIdentifier::new_unwrap("2.5.29.17"),
            critical: false,
            der: tlv(0x30, &tlv(0xA0, &[&oid[..], &name].concat())),
        }],
        ..anne()
    };
    let case = Case::of(&leaf);
    assert!(case.leaf.facts().addresses.is_empty());
    assert_eq!(case.codes(), ["address-mismatch"]);
}

#[test]
fn each_pointer_of_a_certificate_is_taken_for_what_it_is() {
    let urls = |urls: &[&str]| urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>();
    let of = |lists: &[&str], responders: &[&str], issuers: &[&str]| {
        let leaf = Leaf {
            crl_urls: urls(lists),
            ocsp_urls: urls(responders),
            issuer_urls: urls(issuers),
            ..anne()
        };
        read(&pki().issuing.issue(&leaf).unwrap())
    };
    let list = "http://crl.eksempel.dk/1.crl";
    let (responder, issuer) = ("http://ocsp.eksempel.dk/", "http://ca.eksempel.dk/ca.cer");
    let certificate = of(&[list], &[responder], &[issuer]);
    let facts = certificate.facts();
    assert_eq!(facts.crl_urls, [list]);
    assert_eq!(facts.ocsp_urls, [responder]);
    assert_eq!(facts.ca_issuers, [issuer]);
    assert!(facts.list_entries.is_empty());
    let pointed = |of: &Certificate| of.facts().has_revocation_pointer;
    assert!(pointed(&of(&[list], &[], &[])) && pointed(&of(&[], &[responder], &[])));
    assert!(!pointed(&of(&[], &[], &[issuer])) && !pointed(&of(&[], &[], &[])));

    let entry = "ldap:///cn=CRL1,c=DK";
    let long = format!("ldap:///cn={},c=DK", "x".repeat(1024));
    let certificate = of(&[entry, list, entry, &long], &[], &[]);
    let entries = &certificate.facts().list_entries;
    let names: Vec<_> = entries.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["cn=CRL1,c=DK"]);
}

#[test]
fn a_digest_that_only_openssl_knows_as_weak_is_weak() {
    let key = || {
        let key = openssl::rsa::Rsa::generate(2048).unwrap();
        openssl::pkey::PKey::from_rsa(key).unwrap()
    };
    let (anne, authority) = (key(), key());
    let sha256 = openssl::hash::MessageDigest::sha256();
    let ripemd = openssl::hash::MessageDigest::ripemd160();
    let anchors = Anchors::new(vec![issued(
        ("Rod", &authority),
        ("Rod", &authority),
        sha256,
    )]);
    let weak = |digest| {
        let leaf = issued(("Anne", &anne), ("Rod", &authority), digest);
        let path = path(&leaf, &[], &anchors, AT);
        let rules = rules(RevocationPolicy::WhenAvailable);
        let found = problems(&path, &[], Subject::Encrypt, &rules, AT);
        let weak = found.into_iter().filter_map(|problem| match problem {
            Problem::WeakSignature { presented } => Some(presented),
            _ => None,
        });
        weak.collect::<Vec<_>>()
    };
    assert!(weak(sha256).is_empty());
    assert_eq!(weak(openssl::hash::MessageDigest::sha1()), ["RSA SHA-1"]);
    assert_eq!(weak(ripemd), ["1.3.36.3.3.1.2"]);
}
