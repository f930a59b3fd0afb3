//! Certificates of every fault, judged for one address at one time: the findings, and nothing green by mistake.

mod asked;
mod edges;
mod entries;
mod said;
mod written;

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use segl::{
    cert::{
        Anchors, Binding, BindingRule, BoundTo, Certificate, EncryptionCertificate,
        OrganisationNumber, Problem, RevocationPolicy, RevocationUnknown, Rules, Scope, judge,
        path,
    },
    demo::{
        Authority, AuthoritySpec, CrlSpec, Issued, Key, KeyChoice, KeyKind, Leaf,
        SERVER_AUTHENTICATION, Signing,
    },
    mail::Address,
    revocation::CrlFiles,
};
use x509_cert::ext::pkix::KeyUsages;

/// 2026-11-22, when all of these certificates are valid.
const AT: Timestamp = Timestamp::constant(1_795_305_600, 0);
const ANNE: &str = "anne@advokat-eksempel.dk";

/// A root, an issuing authority, their lists, and lists in a folder.
struct Pki {
    root: Authority,
    issuing: Authority,
}

fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| {
        let root = Authority::root("Eksempel rod-CA").unwrap();
        let issuing = root.intermediate("Eksempel udstedende-CA").unwrap();
        Pki { root, issuing }
    })
}

fn read(issued: &Issued) -> Certificate {
    Certificate::from_der(&issued.der).unwrap()
}

/// A case to judge: everything that can differ, with what is usual.
struct Case<'a> {
    leaf: Certificate,
    pool: Vec<Certificate>,
    anchors: Vec<Certificate>,
    lists: Vec<Vec<u8>>,
    rules: Rules,
    trusted: Option<&'a str>,
    address: &'a str,
    at: Timestamp,
}

fn rules(revocation: RevocationPolicy) -> Rules {
    Rules {
        revocation,
        allow_test_roots: false,
        bindings: Vec::new(),
    }
}

const GRACE: RevocationPolicy = RevocationPolicy::Grace(SignedDuration::from_hours(24));

impl Case<'_> {
    fn of(leaf: &Leaf) -> Self {
        Self::issued(&pki().issuing.issue(leaf).unwrap())
    }

    fn issued(issued: &Issued) -> Self {
        let fresh = CrlSpec::empty(hours(-1));
        Self {
            leaf: read(issued),
            pool: vec![read(pki().issuing.certificate())],
            anchors: vec![read(pki().root.certificate())],
            lists: vec![
                pki().issuing.crl(&fresh).unwrap(),
                pki().root.crl(&fresh).unwrap(),
            ],
            rules: rules(GRACE),
            trusted: None,
            address: ANNE,
            at: AT,
        }
    }

    fn judge(&self) -> Result<EncryptionCertificate, Vec<Problem>> {
        let folder = tempfile::tempdir().unwrap();
        let files = self.lists.iter().enumerate().map(|(i, der)| {
            let file = folder.path().join(format!("{i}.crl"));
            std::fs::write(&file, der).unwrap();
            file
        });
        let lists = CrlFiles::new(files.collect());
        let path = path(
            &self.leaf,
            &self.pool,
            &Anchors::new(self.anchors.clone()),
            self.at,
        );
        let answers = lists.answers(&path, &self.pool, self.at);
        let address = Address::parse(self.address).unwrap();
        judge(
            &path,
            &answers,
            &address,
            self.trusted,
            &self.rules,
            self.at,
        )
    }

    /// The codes of all problems; empty if the certificate is usable.
    fn codes(&self) -> Vec<&'static str> {
        self.judge()
            .err()
            .unwrap_or_default()
            .iter()
            .map(Problem::code)
            .collect()
    }
}

fn hours(offset: i64) -> Timestamp {
    AT.checked_add(SignedDuration::from_hours(offset)).unwrap()
}

fn anne() -> Leaf {
    Leaf::employee("Anne Østergaard", "Advokatfirmaet Eksempel ApS", "12345674").for_address(ANNE)
}

#[test]
fn an_oces3_certificate_with_a_pss_chain_is_usable_for_its_address() {
    let usable = Case::of(&anne()).judge().unwrap();
    assert_eq!(usable.binding(), &Binding::Address);
    assert_eq!(usable.path().len(), 3);
    assert_eq!(usable.evidence_from(), Some(hours(-1)));
    let facts = usable.certificate().facts();
    assert_eq!(facts.signature.name, "RSASSA-PSS SHA-256");
    assert_eq!(
        facts.organisation.as_ref().unwrap().number,
        OrganisationNumber::parse("NTRDK-12345674")
    );
}

#[test]
fn an_oces2_certificate_with_several_attributes_in_one_name_part_is_usable() {
    let leaf = Leaf::oces2_employee("Bo Ærlig", "Advokatfirmaet Eksempel ApS", "12345674")
        .for_address("Bo@x.example");
    let case = Case {
        address: "bo@X.example",
        ..Case::of(&leaf)
    };
    assert_eq!(case.codes(), Vec::<&str>::new());
}

#[test]
fn each_fault_is_found_and_named() {
    let other = Leaf {
        addresses: vec!["andet@advokat-eksempel.dk".to_owned()],
        ..anne()
    };
    let nobody = Leaf {
        addresses: Vec::new(),
        ..anne()
    };
    let sign_only =
        anne().with_key_usage(&[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation]);
    let server = Leaf {
        extended_key_usage: Some(vec![SERVER_AUTHENTICATION]),
        ..anne()
    };
    let sha1 = Leaf {
        signing: Some(Signing::Sha1),
        ..anne()
    };
    let weak = anne().with_key(KeyChoice::Fresh(KeyKind::Rsa(1024)));
    let curve = |kind| {
        anne()
            .with_key(KeyChoice::Fresh(kind))
            .with_key_usage(&[KeyUsages::KeyAgreement])
    };
    let usage = [KeyUsages::KeyAgreement, KeyUsages::EncipherOnly];
    let encipher_only = curve(KeyKind::P384).with_key_usage(&usage);
    let rows: [(&str, Leaf, &[&str]); 10] = [
        ("other address", other, &["address-mismatch"]),
        ("no address", nobody, &["address-mismatch"]),
        ("signature only", sign_only, &["key-usage"]),
        ("for servers", server, &["extended-key-usage"]),
        ("SHA-1", sha1, &["weak-signature"]),
        ("RSA 1024", weak, &["weak-key"]),
        (
            "brainpoolP256r1",
            curve(KeyKind::BrainpoolP256),
            &["unsupported-key"],
        ),
        ("P-384 for encryption alone", encipher_only, &["key-usage"]),
        (
            "expired",
            anne().valid(hours(-2000), hours(-1)),
            &["expired"],
        ),
        (
            "not yet valid",
            anne().valid(hours(1), hours(2000)),
            &["not-yet-valid"],
        ),
    ];
    for (name, leaf, wanted) in rows {
        assert_eq!(Case::of(&leaf).codes(), wanted, "{name}");
    }
}

#[test]
fn each_kind_of_key_is_usable_with_the_usage_that_its_use_needs() {
    use KeyUsages::{DigitalSignature, KeyAgreement, KeyEncipherment};
    let rows = [
        (KeyKind::Rsa(2048), "RSA 2048", KeyEncipherment),
        (KeyKind::P256, "EC P-256", KeyAgreement),
        (KeyKind::P384, "EC P-384", KeyAgreement),
        (KeyKind::P521, "EC P-521", KeyAgreement),
        (KeyKind::X25519, "X25519", KeyAgreement),
        (KeyKind::MlKem768, "ML-KEM-768", KeyEncipherment),
        (KeyKind::MlKem1024, "ML-KEM-1024", KeyEncipherment),
    ];
    for (kind, name, usage) in rows {
        let leaf = anne().with_key(KeyChoice::Fresh(kind));
        let codes = |usage: &[KeyUsages]| Case::of(&leaf.clone().with_key_usage(usage)).codes();
        assert_eq!(codes(&[usage]), Vec::<&str>::new(), "{name}");
        assert_eq!(codes(&[DigitalSignature]), ["key-usage"], "{name}");
        let other = match usage {
            KeyAgreement => KeyEncipherment,
            _ => KeyAgreement,
        };
        assert_eq!(codes(&[DigitalSignature, other]), ["key-usage"], "{name}");
        let unsaid = Leaf {
            key_usage: None,
            ..leaf.clone()
        };
        let judged = Case::of(&unsaid).judge().unwrap();
        assert_eq!(judged.certificate().facts().key.to_string(), name);
    }
}

#[test]
fn all_problems_are_found_at_once_and_the_gravest_stands_first() {
    let leaf = Leaf {
        addresses: vec!["andet@x.example".to_owned()],
        extended_key_usage: Some(vec![SERVER_AUTHENTICATION]),
        ..anne()
            .valid(hours(-2000), hours(-1))
            .with_key(KeyChoice::Fresh(KeyKind::Rsa(1024)))
    };
    let issued = pki().issuing.issue(&leaf).unwrap();
    let revoked = CrlSpec::empty(hours(-1)).with_revoked(issued.serial(), hours(-5));
    let mut case = Case::issued(&issued);
    case.lists[0] = pki().issuing.crl(&revoked).unwrap();
    let wanted = [
        "revoked",
        "address-mismatch",
        "expired",
        "extended-key-usage",
        "weak-key",
    ];
    assert_eq!(case.codes(), wanted);
}

#[test]
fn a_revoked_certificate_is_never_usable_however_old_the_list() {
    let issued = pki().issuing.issue(&anne()).unwrap();
    let old = CrlSpec::empty(hours(-24 * 365)).with_revoked(issued.serial(), hours(-24 * 400));
    let mut case = Case::issued(&issued);
    case.lists[0] = pki().issuing.crl(&old).unwrap();
    for policy in [
        RevocationPolicy::Require,
        GRACE,
        RevocationPolicy::WhenAvailable,
    ] {
        case.rules = rules(policy);
        let problems = case.judge().unwrap_err();
        let Problem::Revoked {
            at,
            reason,
            certificate: None,
        } = &problems[0]
        else {
            panic!("{problems:?}")
        };
        assert_eq!(
            (*at, reason.as_deref()),
            (hours(-24 * 400), Some("keyCompromise"))
        );
    }
}

#[test]
fn a_revoked_issuer_counts_against_everything_below_it() {
    let mut case = Case::of(&anne());
    let revoked =
        CrlSpec::empty(hours(-1)).with_revoked(pki().issuing.certificate().serial(), hours(-5));
    case.lists[1] = pki().root.crl(&revoked).unwrap();
    let problems = case.judge().unwrap_err();
    assert!(
        matches!(
            &problems[..],
            [Problem::Revoked {
                certificate: Some(_),
                ..
            }]
        ),
        "{problems:?}"
    );
}

#[test]
fn unknown_revocation_is_never_good() {
    let unknown = |case: &Case<'_>| match case.judge().unwrap_err().remove(0) {
        Problem::RevocationUnknown { why, .. } => why,
        other => panic!("{other:?}"),
    };
    let mut case = Case::of(&anne());
    let fresh = CrlSpec::empty(hours(-1));
    let stale = CrlSpec {
        next_update: Some(hours(-30)),
        ..CrlSpec::empty(hours(-60))
    };
    // The same name, another key.
    let usurper = pki().root.intermediate("Eksempel udstedende-CA").unwrap();
    let list = |authority: &Authority, spec: &CrlSpec| authority.crl(spec).unwrap();

    case.lists[0] = list(&pki().issuing, &stale);
    assert!(matches!(unknown(&case), RevocationUnknown::Stale { .. }));
    case.lists[0] = list(&pki().issuing, &CrlSpec::empty(hours(1)));
    assert!(matches!(unknown(&case), RevocationUnknown::NotYet { .. }));
    case.lists[0] = list(&usurper, &fresh);
    assert!(matches!(
        unknown(&case),
        RevocationUnknown::WrongSigner { .. }
    ));
    case.lists[0] = b"not a list".to_vec();
    assert!(matches!(
        unknown(&case),
        RevocationUnknown::Unreadable { .. }
    ));
    case.lists.remove(0);
    assert!(matches!(unknown(&case), RevocationUnknown::NoSource { .. }));
    // Only where IT says so, unknown does not count.
    case.rules = rules(RevocationPolicy::WhenAvailable);
    assert_eq!(case.codes(), Vec::<&str>::new());
}

#[test]
fn a_list_signed_by_somebody_with_a_short_key_or_a_certificate_of_a_broken_digest_is_never_good() {
    // Another certificate of the issuer's name, for lists alone.
    let signer = |key, by: &Authority| {
        let spec = AuthoritySpec {
            key: KeyChoice::Fresh(key),
            key_usage: Some(vec![KeyUsages::CRLSign]),
            ..AuthoritySpec::new("Eksempel udstedende-CA")
        };
        by.intermediate_from(&spec).unwrap()
    };
    // The root once more, as one that signs with SHA-1.
    let broken = AuthoritySpec {
        key: KeyChoice::This(pki().root.key()),
        signing: Signing::Sha1,
        ..AuthoritySpec::new("Eksempel rod-CA")
    };
    let broken = Authority::root_from(&broken).unwrap();
    let rows = [
        (signer(KeyKind::Rsa(2048), &pki().root), None),
        (signer(KeyKind::Rsa(1024), &pki().root), Some("RSA 1024")),
        (signer(KeyKind::P256, &broken), Some("RSA SHA-1")),
    ];
    for (signer, weakness) in rows {
        let mut case = Case::of(&anne());
        case.lists[0] = signer.crl(&CrlSpec::empty(hours(-1))).unwrap();
        case.pool.push(read(signer.certificate()));
        let found = case.judge().err().unwrap_or_default();
        let told = found.first().map(|problem| match problem {
            Problem::RevocationUnknown {
                why: RevocationUnknown::WeakSigner { presented, .. },
                ..
            } => presented.as_str(),
            other => panic!("{other:?}"),
        });
        assert_eq!(told, weakness);
    }
}

#[test]
fn grace_stretches_a_due_list_for_its_time_and_no_longer() {
    let mut case = Case::of(&anne());
    let due = |made| CrlSpec {
        next_update: Some(hours(made + 1)),
        ..CrlSpec::empty(hours(made))
    };
    let rows = [
        (-23, GRACE, true),
        (-25, GRACE, false),
        (-23, RevocationPolicy::Require, false),
    ];
    for (made, policy, usable) in rows {
        case.lists[0] = pki().issuing.crl(&due(made)).unwrap();
        case.rules = rules(policy);
        assert_eq!(case.codes().is_empty(), usable, "made {made} h, {policy:?}");
    }
}

#[test]
fn paths_end_at_a_pinned_anchor_or_nowhere() {
    let stranger = Authority::root("Fremmed rod-CA").unwrap();
    let case = Case {
        anchors: vec![read(stranger.certificate())],
        ..Case::of(&anne())
    };
    assert!(case.codes().contains(&"untrusted-issuer"));
    let case = Case {
        anchors: Vec::new(),
        ..Case::of(&anne())
    };
    assert!(case.codes().contains(&"untrusted-issuer"));
    let case = Case {
        pool: Vec::new(),
        ..Case::of(&anne())
    };
    assert!(case.codes().contains(&"untrusted-issuer"));
    // A self-signed certificate from a directory vouches for nobody.
    let own = stranger.issue(&anne()).unwrap();
    let mut case = Case::issued(&own);
    case.pool.push(read(stranger.certificate()));
    assert!(case.codes().contains(&"untrusted-issuer"));
    // An issuing authority that IT pinned is an end of the path.
    let case = Case {
        anchors: vec![read(pki().issuing.certificate())],
        ..Case::of(&anne())
    };
    assert_eq!(case.codes(), Vec::<&str>::new());
}

#[test]
fn a_leaf_that_issues_and_an_issuer_beyond_its_time_or_depth_are_refused() {
    let fake = Authority::usurper(pki().issuing.issue(&anne()).unwrap());
    let below = fake.issue(&anne()).unwrap();
    let mut case = Case::issued(&below);
    case.pool.push(read(fake.certificate()));
    assert!(
        case.codes().contains(&"untrusted-issuer"),
        "{:?}",
        case.codes()
    );

    let expired = AuthoritySpec {
        not_after: hours(-1),
        ..AuthoritySpec::new("Udløbet CA")
    };
    let expired = pki().root.intermediate_from(&expired).unwrap();
    let mut case = Case::issued(&expired.issue(&anne()).unwrap());
    case.pool.push(read(expired.certificate()));
    case.rules = rules(RevocationPolicy::WhenAvailable);
    let problems = case.judge().unwrap_err();
    assert!(
        matches!(
            &problems[..],
            [Problem::Expired {
                certificate: Some(_),
                ..
            }]
        ),
        "{problems:?}"
    );

    let end = AuthoritySpec {
        path_length: Some(0),
        ..AuthoritySpec::new("Kort CA")
    };
    let end = pki().root.intermediate_from(&end).unwrap();
    let beyond = end.intermediate("For dyb CA").unwrap();
    let mut case = Case::issued(&beyond.issue(&anne()).unwrap());
    case.pool
        .extend([read(end.certificate()), read(beyond.certificate())]);
    case.rules = rules(RevocationPolicy::WhenAvailable);
    assert_eq!(case.codes(), ["path-length"]);
}

#[test]
fn weak_issuers_weaken_what_they_issue() {
    let spec = AuthoritySpec {
        key: KeyChoice::Fresh(KeyKind::Rsa(1024)),
        ..AuthoritySpec::new("Svag CA")
    };
    let weak = pki().root.intermediate_from(&spec).unwrap();
    let mut case = Case::issued(&weak.issue(&anne()).unwrap());
    case.pool.push(read(weak.certificate()));
    case.rules = rules(RevocationPolicy::WhenAvailable);
    assert!(case.codes().contains(&"weak-key"), "{:?}", case.codes());
}

#[test]
fn a_certificate_without_an_address_binds_by_rule_and_never_against_its_own_word() {
    let number = |n: &str| BoundTo::Organisation(OrganisationNumber::parse(n).unwrap());
    let domain = || Scope::Domain("ret-eksempel.dk".to_owned());
    let rule = |scope, to| Rules {
        bindings: vec![BindingRule { scope, to }],
        ..rules(GRACE)
    };
    let court = Leaf::organisation("Retten i Eksempelby", "Retten i Eksempelby", "21987913");
    let mut case = Case {
        address: "post@ret-eksempel.dk",
        ..Case::of(&court)
    };
    assert_eq!(case.codes(), ["address-mismatch"]);

    case.rules = rule(domain(), number("NTRDK-21987913"));
    assert!(matches!(
        case.judge().unwrap().binding(),
        Binding::Organisation { .. }
    ));
    case.rules = rule(domain(), BoundTo::Certificate(case.leaf.sha256()));
    assert_eq!(case.judge().unwrap().binding(), &Binding::Certificate);
    case.rules = rule(domain(), number("NTRDK-33445566"));
    assert_eq!(case.codes(), ["address-mismatch"]);
    case.rules = rule(
        Scope::Domain("eksempel.dk".to_owned()),
        number("NTRDK-21987913"),
    );
    assert_eq!(case.codes(), ["address-mismatch"]);
    // No implicit subdomain.
    let mut below = Case {
        address: "post@sub.ret-eksempel.dk",
        ..Case::of(&court)
    };
    below.rules = rule(domain(), number("NTRDK-21987913"));
    assert_eq!(below.codes(), ["address-mismatch"]);
    // A rule for the address replaces the rule for its domain.
    let both = vec![
        BindingRule {
            scope: domain(),
            to: number("NTRDK-21987913"),
        },
        BindingRule {
            scope: Scope::Address(Address::parse("post@ret-eksempel.dk").unwrap()),
            to: number("NTRDK-33445566"),
        },
    ];
    case.rules = Rules {
        bindings: both,
        ..rules(GRACE)
    };
    assert_eq!(case.codes(), ["address-mismatch"]);
    // A directory that the settings trust.
    case.rules = rules(GRACE);
    case.trusted = Some("OCES");
    assert_eq!(
        case.judge().unwrap().binding(),
        &Binding::Directory {
            name: "OCES".to_owned()
        }
    );
    // A certificate that names another address is bound by nothing.
    let named = court.for_address("andet@ret-eksempel.dk");
    let mut case = Case {
        address: "post@ret-eksempel.dk",
        trusted: Some("OCES"),
        ..Case::of(&named)
    };
    case.rules = rule(domain(), number("NTRDK-21987913"));
    assert_eq!(case.codes(), ["address-mismatch"]);
}

#[test]
fn addresses_match_in_the_subject_and_as_smtputf8_mailbox_octet_for_octet() {
    let subject = Leaf {
        addresses: Vec::new(),
        subject_email: Some("Anne@Advokat-Eksempel.dk".to_owned()),
        ..anne()
    };
    assert_eq!(Case::of(&subject).codes(), Vec::<&str>::new());
    let utf8 = |name: &str| Leaf {
        addresses: Vec::new(),
        smtp_utf8: vec![name.to_owned()],
        ..anne()
    };
    let case = |leaf: &Leaf| Case {
        address: "søren@x.example",
        ..Case::of(leaf)
    };
    assert_eq!(case(&utf8("søren@x.example")).codes(), Vec::<&str>::new());
    assert_eq!(case(&utf8("SØREN@x.example")).codes(), ["address-mismatch"]);
}

#[test]
fn octets_that_are_no_certificate_or_too_many_are_findings() {
    let code = |octets: &[u8]| Certificate::from_der(octets).unwrap_err().code();
    assert_eq!(code(b""), "malformed");
    assert_eq!(code(b"hej"), "malformed");
    assert_eq!(code(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]), "malformed");
    assert_eq!(code(&vec![0x30; 2 << 20]), "too-large");
    let good = pki().issuing.issue(&anne()).unwrap().der;
    for cut in 0..good.len() {
        assert_eq!(code(&good[..cut]), "malformed", "cut at {cut}");
    }
    let mut longer = good.clone();
    longer.push(0);
    assert_eq!(code(&longer), "malformed");
    let many = Leaf {
        addresses: (0..1001).map(|i| format!("a{i}@x.example")).collect(),
        ..anne()
    };
    assert_eq!(code(&pki().issuing.issue(&many).unwrap().der), "too-large");
}

#[test]
fn shared_keys_do_not_make_certificates_alike() {
    // Guards the tests themselves: one key, two certificates, two fingerprints.
    let key = KeyChoice::This(Key::shared(0).unwrap());
    let one = pki().issuing.issue(&anne().with_key(key.clone())).unwrap();
    let two = pki().issuing.issue(&anne().with_key(key)).unwrap();
    assert_ne!(read(&one).sha256(), read(&two).sha256());
}
