//! Which certificates of an address are used: the same in whatever order and by whomever they come, and none left out
//! without a reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use jiff::Timestamp;
use proptest::{prelude::*, sample::Index};
use segl::{
    cert::{Capabilities, ContentCipher, Fingerprint, Problem, RevocationPolicy},
    decide::{Assessment, MAX_USED, Status},
    demo::{Authority, KeyChoice, KeyUsage, Leaf},
    directory::{Answer, Failure, FailureCode, Found, Security, Source},
    mail::Address,
    segl::{Known, Learned, Trust},
};

use super::{desk::Desk, own};

const AT: Timestamp = Timestamp::constant(1_795_305_600, 0);
const ADDRESS: &str = "nina@privat.example";

/// What a directory may hold under an address.
struct Pool {
    trust: Trust,
    /// Octets, and whether they are good for the address.
    values: Vec<(Vec<u8>, bool)>,
    _folder: tempfile::TempDir,
}

fn pool() -> &'static Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    POOL.get_or_init(|| {
        let root = Authority::root("Eksempel rod-CA").unwrap();
        let stranger = Authority::root("Fremmed rod-CA").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let anchor = folder.path().join("root.pem");
        std::fs::write(&anchor, root.pem()).unwrap();
        let mut trust = Trust::empty(RevocationPolicy::WhenAvailable);
        trust.replace_anchors(&[anchor]).unwrap();
        let day = |text: &str| format!("{text}T00:00:00Z").parse::<Timestamp>().unwrap();
        let leaf = |key: usize| {
            Leaf::mail("Nina Ny", ADDRESS)
                .with_key(KeyChoice::Shared(2200 + key))
                .valid(day("2026-01-01"), day("2028-01-01"))
        };
        let issue = |leaf: &Leaf| root.issue(leaf).unwrap().der;
        let ends = |key, end| issue(&leaf(key).valid(day("2024-01-01"), day(end)));
        let values = vec![
            (issue(&leaf(0)), true),
            (
                issue(&leaf(1).valid(day("2025-01-01"), day("2027-06-01"))),
                true,
            ),
            // The same key and times: only the serial number tells them apart.
            (issue(&leaf(0)), true),
            (ends(2, "2026-01-01"), false),
            (ends(3, "2026-11-01"), false),
            (
                issue(&leaf(4).valid(day("2027-01-01"), day("2028-01-01"))),
                false,
            ),
            (
                issue(&leaf(5).with_key_usage(&[KeyUsage::DigitalSignature])),
                false,
            ),
            (
                issue(&Leaf::mail("Bo", "bo@privat.example").with_key(KeyChoice::Shared(2206))),
                false,
            ),
            (stranger.issue(&leaf(7)).unwrap().der, false),
            (root.certificate().der.clone(), false),
            (b"0 no certificate at all".to_vec(), false),
            (Vec::new(), false),
        ];
        Pool {
            trust,
            values,
            _folder: folder,
        }
    })
}

fn source(directory: usize) -> Source {
    Source {
        directory: format!("directory {directory}"),
        entry: format!("cn={directory}"),
        security: Security::Tls,
        trust_binding: false,
    }
}

/// The answers of directories that hold these values of the pool, in this order.
fn answers(held: &[Vec<usize>], is_down: bool) -> Vec<Answer> {
    let answer = |(directory, values): (usize, &Vec<usize>)| Answer {
        found: values
            .iter()
            .map(|value| Found {
                der: pool().values[*value].0.clone(),
                source: source(directory),
            })
            .collect(),
        failure: None,
        asked_at: AT,
    };
    let mut answers: Vec<Answer> = held.iter().enumerate().map(answer).collect();
    if is_down {
        answers.push(Answer {
            found: Vec::new(),
            failure: Some(Failure {
                source: "down".to_owned(),
                code: FailureCode::Timeout,
                message: String::new(),
            }),
            asked_at: AT,
        });
    }
    answers
}

fn assessed(answers: Vec<Answer>) -> Assessment {
    let address = Address::parse(ADDRESS).unwrap();
    pool()
        .trust
        .assess(&address, answers, &Known::default(), AT)
}

fn used(assessment: &Assessment) -> Vec<Fingerprint> {
    assessment
        .used()
        .map(|c| c.certificate().sha256())
        .collect()
}

/// All that is shown of each certificate, in its order.
fn shown(assessment: &Assessment) -> Vec<(Fingerprint, Vec<&'static str>, Vec<String>, bool)> {
    let certificates = assessment.certificates().iter();
    let one = certificates.map(|c| {
        let codes = c.problems().iter().map(Problem::code).collect();
        let sources = c.sources.iter().map(|s| s.directory.clone()).collect();
        (c.sha256, codes, sources, c.is_set_aside)
    });
    one.collect()
}

/// What up to three directories hold.
fn holdings() -> impl Strategy<Value = Vec<Vec<usize>>> {
    let one = prop::collection::vec(0..pool().values.len(), 0..9);
    prop::collection::vec(one, 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whoever_answers_first_and_in_whatever_order_the_choice_is_the_same(
        held in holdings(),
        turns in prop::collection::vec(any::<Index>(), 12),
        is_down in any::<bool>(),
    ) {
        let first = assessed(answers(&held, is_down));
        let mut other = answers(&held, is_down);
        for (at, turn) in turns.iter().enumerate() {
            let count = other.len();
            other.swap(at % count, turn.index(count));
            let found = &mut other[at % count].found;
            if !found.is_empty() {
                let end = found.len();
                found.swap(at % end, turn.index(end));
            }
        }
        let second = assessed(other);
        prop_assert_eq!(used(&first), used(&second));
        prop_assert_eq!(shown(&first), shown(&second));
        prop_assert_eq!(first.status(), second.status());
    }

    #[test]
    fn every_value_is_shown_once_with_every_source_and_what_is_not_used_has_a_reason(
        held in holdings(),
    ) {
        let assessment = assessed(answers(&held, false));
        let mut wanted: BTreeMap<Fingerprint, BTreeSet<String>> = BTreeMap::new();
        for (directory, values) in held.iter().enumerate() {
            for value in values {
                let sha256 = Fingerprint::of(&pool().values[*value].0);
                wanted.entry(sha256).or_default().insert(source(directory).directory);
            }
        }
        let told: Vec<_> = assessment.certificates().iter().map(|c| c.sha256).collect();
        let distinct: BTreeSet<_> = told.iter().copied().collect();
        prop_assert_eq!(told.len(), distinct.len(), "none twice");
        prop_assert_eq!(&distinct, &wanted.keys().copied().collect::<BTreeSet<_>>(), "none dropped");
        for one in assessment.certificates() {
            let sources: BTreeSet<_> = one.sources.iter().map(|s| s.directory.clone()).collect();
            prop_assert_eq!(&sources, &wanted[&one.sha256]);
            let has_reason = !one.problems().is_empty() || one.is_set_aside;
            prop_assert_eq!(one.used().is_none(), has_reason);
        }
    }

    #[test]
    fn what_is_stale_or_broken_never_hides_what_is_good(held in holdings()) {
        let assessment = assessed(answers(&held, false));
        let mut good = BTreeSet::new();
        for value in held.iter().flatten() {
            let (der, is_good) = &pool().values[*value];
            if *is_good {
                good.insert(Fingerprint::of(der));
            }
        }
        let used: BTreeSet<_> = used(&assessment).into_iter().collect();
        prop_assert_eq!(&used, &good, "all that are good, and no other");
        prop_assert_eq!(assessment.status() == Status::Usable, !good.is_empty());
    }
}

#[test]
fn of_more_than_are_used_the_newest_are_used_in_whatever_order_they_come() {
    let root = Authority::root("Eksempel rod-CA").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let anchor = folder.path().join("root.pem");
    std::fs::write(&anchor, root.pem()).unwrap();
    let mut trust = Trust::empty(RevocationPolicy::WhenAvailable);
    trust.replace_anchors(&[anchor]).unwrap();
    let issue = |day: usize| {
        let begin: Timestamp = format!("2026-01-{:02}T00:00:00Z", day + 1).parse().unwrap();
        let leaf = Leaf::mail("Nina Ny", ADDRESS).with_key(KeyChoice::Shared(2200));
        let end = "2028-01-01T00:00:00Z".parse().unwrap();
        root.issue(&leaf.valid(begin, end)).unwrap().der
    };
    let mut ders: Vec<Vec<u8>> = (0..MAX_USED + 3).map(issue).collect();
    let newest: Vec<Fingerprint> = ders
        .iter()
        .rev()
        .take(MAX_USED)
        .map(|d| Fingerprint::of(d))
        .collect();
    for _ in 0..3 {
        ders.rotate_left(4);
        let found = ders.iter().map(|der| Found {
            der: der.clone(),
            source: source(0),
        });
        let answer = Answer {
            found: found.collect(),
            failure: None,
            asked_at: AT,
        };
        let address = Address::parse(ADDRESS).unwrap();
        let assessment = trust.assess(&address, vec![answer], &Known::default(), AT);
        assert_eq!(used(&assessment), newest);
        let aside = assessment.certificates().iter().filter(|c| c.is_set_aside);
        assert_eq!(aside.count(), 3, "the others are shown as set aside");
    }
}

#[test]
fn what_was_learned_goes_before_what_the_certificate_says_and_only_for_that_certificate() {
    // SMIMECapabilities with AES-256-GCM, and with AES-256-CBC before it.
    const GCM: &[u8] = b"\x30\x0d\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e";
    const CBC_FIRST: &[u8] = b"\x30\x1a\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a\
        \x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e";
    let der = &pool().values[0].0;
    let of = |sha256, told: &[u8]| Known {
        learned: vec![Learned {
            sha256,
            signer: sha256,
            signed_at: AT,
            at: AT,
            capabilities: Some(base64_simd::STANDARD.encode_to_string(told)),
            shows_hidden_subject: false,
        }],
        ..Known::default()
    };
    let (this, other) = (Fingerprint::of(der), Fingerprint::of(b"another"));
    for (known, wanted) in [
        (Known::default(), None),
        (of(this, GCM), Some(ContentCipher::Aes256Gcm)),
        (of(this, CBC_FIRST), Some(ContentCipher::Aes256Cbc)),
        (of(other, GCM), None),
        (of(this, b"rubbish"), None),
    ] {
        let address = Address::parse(ADDRESS).unwrap();
        let assessment = pool()
            .trust
            .assess(&address, answers(&[vec![0]], false), &known, AT);
        let used = assessment.used().next().unwrap();
        let told = used.capabilities().and_then(Capabilities::preferred_cipher);
        assert_eq!(told, wanted, "{known:?}");
        assert_eq!(used.learned_at(), wanted.map(|_| AT), "{known:?}");
    }
}

/// Who is green under the firm's filter, and what is said of the others.
#[test]
fn what_the_firms_filter_leaves_out_is_shown_with_the_reason() {
    let (karen, court) = ("karen@advokat-eksempel.dk", "post@ret-eksempel.dk");
    // Settings, and who is green: an employee, an organisation.
    for (setting, wanted) in [
        ("kinds = [\"employee\"]", [true, false]),
        ("kinds = [\"organisation\", \"person\"]", [false, true]),
        ("kinds = [\"employee\", \"organisation\"]", [true, true]),
        ("policies = [\"1.2.208.169.1.1.1.3\"]", [false, true]),
        ("policies = [\"1.2.208.169.1.1.1\"]", [true, true]),
        (
            "kinds = [\"employee\"]\npolicies = [\"1.2.3\"]",
            [false, false],
        ),
    ] {
        let desk = Desk::new();
        let text = std::fs::read_to_string(desk.demo.config_path()).unwrap();
        let text = format!("{text}\n[certificates]\n{setting}\n");
        std::fs::write(desk.demo.config_path(), text).unwrap();
        for (address, is_green) in [karen, court].into_iter().zip(wanted) {
            let found = desk.segl(&["check", "--json", address]).json();
            let one = &found["recipients"][0];
            assert_eq!(
                one["light"] == "green",
                is_green,
                "{setting} {address}: {one}"
            );
            let is_left_out = one["certificates"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|c| c["problems"].as_array().unwrap())
                .any(|p| p["code"] == "left-out");
            if !is_green {
                assert!(is_left_out, "{setting} {address}: {one}");
            }
            // The court has other certificates too, of which there is more to say.
            if !is_green && address == karen {
                let text = desk.segl(&["check", address]).stdout;
                assert!(text.contains("filter leaves the certificate out"), "{text}");
            }
        }
    }
}

#[test]
fn a_word_or_oid_that_the_filter_does_not_know_is_an_error() {
    for setting in ["kinds = [\"employe\"]", "policies = [\"1.2.x\"]"] {
        let desk = Desk::new();
        let text = std::fs::read_to_string(desk.demo.config_path()).unwrap();
        let text = format!("{text}\n[certificates]\n{setting}\n");
        std::fs::write(desk.demo.config_path(), text).unwrap();
        assert_eq!(
            desk.segl(&["check", "karen@advokat-eksempel.dk"]).code,
            2,
            "{setting}"
        );
    }
}

/// The filter is about whom one writes to: the firm's own certificates sign and read as before.
#[test]
fn own_certificates_are_not_filtered() {
    let desk = Desk::new();
    own::import(&desk, &own::issue(&desk, 0, None));
    let text = std::fs::read_to_string(desk.demo.config_path()).unwrap();
    let text = format!("{text}\n[certificates]\nkinds = [\"employee\"]\n");
    std::fs::write(desk.demo.config_path(), text).unwrap();
    let list = desk.segl(&["cert", "list", "--json"]).json();
    assert_eq!(list["certificates"][0]["state"], "signs", "{list}");
}
