//! The rule, as properties over any mix of recipients, and as sentences where one case tells all.

mod approved;
mod exposed;

use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use segl::{
    cert::{
        self, Anchors, BindingRule, BoundTo, Certificate, Organisation, OrganisationNumber,
        Problem, RevocationPolicy, Rules, Scope,
    },
    decide::{
        Approved, Assessment, Assessments, Change, Consent, Decision, Fallback, Judged, Policy,
        Reason, ReasonCode, RefusedBecause, Remembered, Route, Status, Surface, decide,
    },
    demo::{Authority, KeyChoice, KeyKind, Leaf},
    directory::{Failure, FailureCode, Security, Source},
    mail::{Address, Class, Digest, DraftId, Kind, Mailbox, Recipient},
};
use x509_cert::ext::pkix::KeyUsages;

const AT: Timestamp = Timestamp::constant(1_795_305_600, 0);
const COURT: &str = "NTRDK-21987913";

fn authority() -> &'static Authority {
    static CA: OnceLock<Authority> = OnceLock::new();
    CA.get_or_init(|| Authority::root("Eksempel rod-CA").unwrap())
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

/// A real verdict on a real certificate: there is no other way to one.
fn judged(address: &Address, leaf: &Leaf) -> Judged {
    judged_der(address, &authority().issue(leaf).unwrap().der)
}

fn judged_der(address: &Address, der: &[u8]) -> Judged {
    let certificate = Certificate::from_der(der).unwrap();
    let root = Certificate::from_der(&authority().certificate().der).unwrap();
    let path = cert::path(&certificate, &[], &Anchors::new(vec![root]), AT);
    let to = BoundTo::Organisation(OrganisationNumber::parse(COURT).unwrap());
    let rules = Rules {
        revocation: RevocationPolicy::WhenAvailable,
        allow_test_roots: false,
        bindings: vec![BindingRule {
            scope: Scope::Domain("ret-eksempel.dk".to_owned()),
            to,
        }],
    };
    let source = Source {
        directory: "OCES".to_owned(),
        entry: "cn=x".to_owned(),
        security: Security::Tls,
        trust_binding: false,
    };
    Judged {
        sha256: certificate.sha256(),
        verdict: cert::judge(&path, &[], address, None, &rules, AT),
        certificate: Some(certificate),
        sources: vec![source],
        asked_at: AT,
        revocation: Vec::new(),
        is_set_aside: false,
    }
}

fn employee(address: &Address, number: &str) -> Judged {
    judged(
        address,
        &Leaf::employee("Anne Østergaard", "Eksempel", number).for_address(address.given()),
    )
}

fn assessed(address: &Address, certificates: Vec<Judged>, failures: Vec<Failure>) -> Assessment {
    Assessment::new(address.clone(), certificates, failures, None, AT)
}

fn down() -> Failure {
    Failure {
        source: "OCES".to_owned(),
        code: FailureCode::Timeout,
        message: String::new(),
    }
}

/// What can be known of a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Person,
    Organisation,
    NotFound,
    Failed,
    Unusable,
    InHouse,
    Unknown,
}

impl State {
    fn address(self, i: usize) -> Address {
        let domain = match self {
            Self::Organisation => "ret-eksempel.dk",
            Self::InHouse => "huset.example",
            _ => "x.example",
        };
        address(&format!("r{i}@{domain}"))
    }

    fn assess(self, address: &Address) -> Option<Assessment> {
        match self {
            Self::Person => Some(assessed(
                address,
                vec![employee(address, "12345674")],
                vec![],
            )),
            Self::Organisation => {
                let leaf = Leaf::organisation("Retten", "Retten i Eksempelby", "21987913");
                Some(assessed(address, vec![judged(address, &leaf)], vec![]))
            }
            Self::NotFound | Self::InHouse => Some(assessed(address, vec![], vec![])),
            Self::Failed => Some(assessed(address, vec![], vec![down()])),
            Self::Unusable => {
                let other =
                    Leaf::employee("Gert", "Eksempel", "12345674").for_address("andet@x.example");
                Some(assessed(address, vec![judged(address, &other)], vec![]))
            }
            Self::Unknown => None,
        }
    }

    fn is_green(self) -> bool {
        matches!(self, Self::Person | Self::Organisation)
    }
}

fn states() -> impl Strategy<Value = Vec<(State, Kind)>> {
    let state = prop_oneof![
        4 => Just(State::Person),
        2 => Just(State::Organisation),
        1 => Just(State::NotFound),
        1 => Just(State::Failed),
        1 => Just(State::Unusable),
        1 => Just(State::InHouse),
        1 => Just(State::Unknown),
    ];
    let kind = prop_oneof![Just(Kind::To), Just(Kind::Cc), Just(Kind::Bcc)];
    proptest::collection::vec((state, kind), 0..6)
}

fn policies() -> impl Strategy<Value = Policy> {
    let fallback = prop_oneof![
        Just(Fallback::Ask),
        Just(Fallback::Forbid),
        Just(Fallback::VerifiedTls)
    ];
    (fallback, any::<bool>()).prop_map(|(fallback, newer)| Policy {
        fallback,
        internal_domains: vec!["huset.example".to_owned()],
        is_newer_than_program: newer,
        ..Policy::default()
    })
}

struct Scene {
    draft: DraftId,
    recipients: Vec<Recipient>,
    found: Assessments,
}

fn scene(states: &[(State, Kind)]) -> Scene {
    let mut found = Assessments::new();
    let mut recipients = Vec::new();
    for (i, (state, kind)) in states.iter().enumerate() {
        let address = state.address(i);
        if let Some(assessment) = state.assess(&address) {
            found.insert(address.clone(), Arc::new(assessment));
        }
        recipients.push(Recipient {
            kind: *kind,
            mailbox: Mailbox::bare(address),
        });
    }
    Scene {
        draft: DraftId::random().unwrap(),
        recipients,
        found,
    }
}

impl Scene {
    fn decide(&self, policy: &Policy) -> Decision {
        self.decide_as(Class::Confidential, policy)
    }

    fn decide_as(&self, class: Class, policy: &Policy) -> Decision {
        decide(&self.draft, class, &self.recipients, &self.found, policy)
    }
}

fn consent() -> Consent {
    Consent {
        reason: Reason::new(ReasonCode::Assessed, "").unwrap(),
        who: "anne".to_owned(),
        surface: Surface::CommandLine,
        at: AT,
        shown: Digest::of(b"the warning"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn green_means_that_every_recipient_has_a_usable_certificate(states in states(), policy in policies()) {
        let scene = scene(&states);
        let decision = scene.decide(&policy);
        let all_green = !states.is_empty() && states.iter().all(|(s, _)| s.is_green());
        prop_assert_eq!(decision.is_green(), all_green);
        if let Decision::EndToEnd(approved) = decision {
            prop_assert_eq!(approved.recipients().len(), scene.recipients.len());
            prop_assert!(approved.recipients().iter().all(|r| !r.certificates().is_empty()));
        }
    }

    #[test]
    fn adding_a_recipient_never_makes_it_greener(states in states(), more in states(), policy in policies()) {
        prop_assume!(!states.is_empty());
        let before = scene(&states).decide(&policy).is_green();
        let after = scene(&[states, more].concat()).decide(&policy).is_green();
        prop_assert!(before || !after);
    }

    #[test]
    fn nobody_is_exposed_without_consent(states in states(), policy in policies()) {
        let scene = scene(&states);
        let exposed = |approved: &Approved| approved.recipients().iter().any(|r| r.route() == Route::Tls);
        match scene.decide(&policy) {
            Decision::EndToEnd(approved) | Decision::InHouse(approved) => prop_assert!(!exposed(&approved)),
            Decision::Assessed(_) => prop_assert!(false, "no assessment is in force"),
            Decision::Warn(warning) => {
                prop_assert!(policy.fallback == Fallback::Ask && !policy.is_newer_than_program);
                prop_assert!(!warning.exposed().is_empty());
                if let Ok(approved) = warning.only_encrypted() {
                    prop_assert!(!exposed(&approved));
                    prop_assert!(approved.consents().is_empty());
                }
            }
            Decision::Refuse(refusal) => {
                prop_assert!(policy.fallback != Fallback::Ask || policy.is_newer_than_program);
                if let Ok(approved) = refusal.only_encrypted() {
                    prop_assert!(!exposed(&approved));
                }
            }
            Decision::Pending(pending) => prop_assert!(pending.known < pending.all),
            Decision::Empty => prop_assert!(states.is_empty()),
        }
    }

    #[test]
    fn a_consent_covers_the_exposed_by_name_and_only_this_content(states in states()) {
        let scene = scene(&states);
        let policy = Policy { internal_domains: vec!["huset.example".to_owned()], ..Policy::default() };
        let Decision::Warn(warning) = scene.decide(&policy) else { return Ok(()) };
        let named: Vec<_> = warning.exposed().iter().map(|e| e.recipient.clone()).collect();
        let approved = warning.accept(&consent(), Digest::of(b"text")).unwrap();
        let consented: Vec<_> = approved.consents().iter().map(|c| c.recipient.clone()).collect();
        prop_assert_eq!(&consented, &named);
        // Everybody who can be encrypted to still is.
        let green = states.iter().filter(|(s, _)| s.is_green()).count();
        prop_assert_eq!(approved.recipients().iter().filter(|r| r.route().is_end_to_end()).count(), green);

        let confirm = |recipients: &[Recipient], content| approved.confirm(recipients, Class::Confidential, content, &scene.found, &policy);
        prop_assert!(confirm(&scene.recipients, Digest::of(b"text")).is_ok());
        prop_assert_eq!(confirm(&scene.recipients, Digest::of(b"texts")).unwrap_err(), Change::Content);
        prop_assert_eq!(confirm(&scene.recipients[1..], Digest::of(b"text")).unwrap_err(), Change::Recipients);
    }
}

#[test]
fn a_weaker_route_other_certificates_or_another_organisation_stops_the_message() {
    let policy = Policy::default();
    let scene = scene(&[(State::Person, Kind::To)]);
    let Decision::EndToEnd(approved) = scene.decide(&policy) else {
        panic!("green")
    };
    let who = scene.recipients[0].mailbox.address.clone();
    let content = Digest::of(b"");
    let now = |certificates, failures| {
        let found = Assessments::from([(
            who.clone(),
            Arc::new(assessed(&who, certificates, failures)),
        )]);
        approved.confirm(
            &scene.recipients,
            Class::Confidential,
            content,
            &found,
            &policy,
        )
    };
    assert!(
        approved
            .confirm(
                &scene.recipients,
                Class::Confidential,
                content,
                &scene.found,
                &policy
            )
            .is_ok()
    );
    assert!(matches!(
        now(vec![], vec![]),
        Err(Change::Route {
            now: Route::Tls,
            ..
        })
    ));
    assert!(matches!(
        now(vec![], vec![down()]),
        Err(Change::Route {
            now: Route::Tls,
            ..
        })
    ));
    assert!(matches!(
        now(vec![employee(&who, "12345674")], vec![]),
        Err(Change::Certificates { .. })
    ));
    assert!(matches!(
        now(vec![employee(&who, "33445566")], vec![]),
        Err(Change::Organisation { .. })
    ));
    let gone = approved.confirm(
        &scene.recipients,
        Class::Confidential,
        content,
        &Assessments::new(),
        &policy,
    );
    assert!(matches!(
        gone,
        Err(Change::Route {
            now: Route::None,
            ..
        })
    ));
}

#[test]
fn a_recipient_who_turned_green_after_the_consent_is_encrypted_to() {
    let policy = Policy::default();
    let scene = scene(&[(State::NotFound, Kind::To)]);
    let Decision::Warn(warning) = scene.decide(&policy) else {
        panic!("warning")
    };
    let approved = warning.accept(&consent(), Digest::of(b"text")).unwrap();
    let who = scene.recipients[0].mailbox.address.clone();
    let green = assessed(&who, vec![employee(&who, "12345674")], vec![]);
    let found = Assessments::from([(who, Arc::new(green))]);
    let confirmed = approved
        .confirm(
            &scene.recipients,
            Class::Confidential,
            Digest::of(b"text"),
            &found,
            &policy,
        )
        .unwrap();
    assert_eq!(confirmed[0].route, Route::Person);
}

#[test]
fn each_rule_that_refuses_says_which_it_is() {
    let scene = scene(&[(State::NotFound, Kind::To), (State::Person, Kind::Cc)]);
    let why = |policy: &Policy| match scene.decide(policy) {
        Decision::Refuse(refusal) => refusal.why(),
        other => panic!("{other:?}"),
    };
    let policy = |fallback| Policy {
        fallback,
        ..Policy::default()
    };
    assert_eq!(why(&policy(Fallback::Forbid)), RefusedBecause::Forbidden);
    assert_eq!(
        why(&policy(Fallback::VerifiedTls)),
        RefusedBecause::NoGuaranteedTransport
    );
    let newer = Policy {
        is_newer_than_program: true,
        ..Policy::default()
    };
    assert_eq!(why(&newer), RefusedBecause::PolicyIsNewer);
}

#[test]
fn the_status_tells_down_from_absent() {
    let who = address("eva@x.example");
    let other = || {
        judged(
            &who,
            &Leaf::employee("G", "E", "12345674").for_address("andet@x.example"),
        )
    };
    let status = |certificates, failures| assessed(&who, certificates, failures).status();
    assert_eq!(status(vec![], vec![]), Status::NotFound);
    assert_eq!(status(vec![], vec![down()]), Status::LookupFailed);
    assert_eq!(status(vec![other()], vec![]), Status::Unusable);
    assert_eq!(status(vec![other()], vec![down()]), Status::LookupFailed);
    assert_eq!(
        status(vec![employee(&who, "12345674"), other()], vec![down()]),
        Status::Usable
    );
}

#[test]
fn certificates_of_two_organisations_on_one_address_make_it_red() {
    let who = address("borgerservice@x.example");
    let both = assessed(
        &who,
        vec![employee(&who, "29188858"), employee(&who, "33445566")],
        vec![],
    );
    assert_eq!(both.status(), Status::Unusable);
    assert!(
        both.certificates()
            .iter()
            .all(|c| matches!(c.problems(), [Problem::OrganisationConflict { .. }]))
    );
    let same = assessed(
        &who,
        vec![employee(&who, "29188858"), employee(&who, "29188858")],
        vec![],
    );
    assert_eq!(same.used().count(), 2);
}

/// Somebody of an organisation of which only the name stands in the certificate, newer than all others.
fn without_number(address: &Address) -> Judged {
    let day = |days: i64| {
        AT.checked_add(SignedDuration::from_hours(24 * days))
            .unwrap()
    };
    let leaf = Leaf {
        organisation: Some("Eksempel".to_owned()),
        ..Leaf::mail("Anne Østergaard", address.given())
    };
    judged(address, &leaf.valid(day(-1), day(300)))
}

#[test]
fn a_third_certificate_without_a_number_hides_no_conflict_between_two_others() {
    let who = address("borgerservice@x.example");
    let (one, other) = (|| employee(&who, "29188858"), || employee(&who, "33445566"));
    let orders: [Vec<Judged>; 3] = [
        vec![one(), other(), without_number(&who)],
        vec![without_number(&who), other(), one()],
        vec![other(), without_number(&who), one()],
    ];
    for certificates in orders {
        let all = assessed(&who, certificates, vec![]);
        assert_eq!(all.status(), Status::Unusable);
        let [first, ..] = all.certificates() else {
            panic!("nothing found is dropped")
        };
        let [Problem::OrganisationConflict { one, other }] = first.problems() else {
            panic!("{:?}", first.problems())
        };
        assert!(one.number != other.number, "{one:?} {other:?}");
    }
    // By itself it is like either of them.
    let like = assessed(&who, vec![one(), without_number(&who)], vec![]);
    assert_eq!(like.used().count(), 2);
}

#[test]
fn beside_one_that_is_like_the_organisation_of_before_by_name_another_number_is_a_change() {
    let who = address("anne@x.example");
    let before = Organisation {
        name: Some("Eksempel".to_owned()),
        number: OrganisationNumber::parse("NTRDK-12345674"),
    };
    let with = |certificates| {
        let remembered = Some(Remembered {
            organisation: Some(before.clone()),
            at: AT,
        });
        Assessment::new(who.clone(), certificates, vec![], remembered, AT)
    };
    let changed = with(vec![without_number(&who), employee(&who, "33445566")]);
    let Some(Problem::OrganisationChanged { now: Some(now), .. }) = changed.first_problem() else {
        panic!("{:?}", changed.first_problem())
    };
    assert_eq!(now.number, OrganisationNumber::parse("NTRDK-33445566"));
    let same = with(vec![without_number(&who), employee(&who, "12345674")]);
    assert_eq!(same.used().count(), 2);
    // Its number is what is known of it, however new the one without is.
    assert_eq!(same.organisation(), Some(&before));
}

#[test]
fn a_certificate_that_names_the_address_goes_before_bound_ones_and_a_stranger_is_no_reader() {
    let who = address("post@ret-eksempel.dk");
    let court = || judged(&who, &Leaf::organisation("Retten", "Retten", "21987913"));
    let stranger = judged(
        &who,
        &Leaf::organisation("Fremmed", "Fremmed ApS", "33445566"),
    );
    let bound = assessed(&who, vec![court(), stranger], vec![]);
    assert_eq!(
        (bound.used().count(), bound.route(&Policy::default())),
        (1, Route::Organisation)
    );
    let named = assessed(&who, vec![court(), employee(&who, "21987913")], vec![]);
    assert_eq!(
        (named.used().count(), named.route(&Policy::default())),
        (1, Route::Person)
    );
    assert_eq!(
        named
            .certificates()
            .iter()
            .filter(|c| c.is_set_aside)
            .count(),
        1
    );
}

#[test]
fn an_organisation_that_changed_and_a_certificate_that_vanished_are_red_until_confirmed() {
    let who = address("anne@x.example");
    let number = |n: &str| OrganisationNumber::parse(n);
    let remembered = |n: &str| {
        let organisation = Some(Organisation {
            name: None,
            number: number(n),
        });
        Some(Remembered {
            organisation,
            at: AT,
        })
    };
    let with = |certificates, remembered| {
        Assessment::new(who.clone(), certificates, vec![], remembered, AT)
    };
    let same = with(
        vec![employee(&who, "12345674")],
        remembered("NTRDK-12345674"),
    );
    assert_eq!(same.status(), Status::Usable);
    let changed = with(
        vec![employee(&who, "12345674")],
        remembered("NTRDK-33445566"),
    );
    assert!(matches!(
        changed.first_problem(),
        Some(Problem::OrganisationChanged { .. })
    ));
    assert!(
        with(vec![], remembered("NTRDK-33445566"))
            .vanished()
            .is_some()
    );
    assert!(with(vec![], None).vanished().is_none());
}

#[test]
fn no_address_has_more_readers_than_the_cap_and_the_newest_are_kept() {
    let who = address("anne@x.example");
    let made = |i: i64| {
        let begin = AT
            .checked_sub(SignedDuration::from_hours(24 * (i + 1)))
            .unwrap();
        let end = AT.checked_add(SignedDuration::from_hours(24)).unwrap();
        judged(
            &who,
            &Leaf::employee("Anne", "Eksempel", "12345674")
                .for_address(who.given())
                .valid(begin, end),
        )
    };
    let many = assessed(&who, (0..10).map(made).collect(), vec![]);
    assert_eq!(many.used().count(), segl::decide::MAX_USED);
    let begins: Vec<_> = many
        .used()
        .map(|c| c.certificate().facts().not_before)
        .collect();
    assert!(begins.is_sorted_by(|a, b| a >= b));
    assert!(begins[0] > AT.checked_sub(SignedDuration::from_hours(25)).unwrap());
}

#[test]
fn all_usable_certificates_of_an_address_are_used_in_one_order_and_the_rest_say_why() {
    use KeyUsages::{DigitalSignature, KeyAgreement, KeyEncipherment};
    let who = address("anne@x.example");
    let hours = |hours| AT.checked_add(SignedDuration::from_hours(hours)).unwrap();
    let of = |kind, usage: KeyUsages, from: i64, to: i64| {
        Leaf::mail("Anne", who.given())
            .with_key(KeyChoice::Fresh(kind))
            .with_key_usage(&[usage])
            .valid(hours(from), hours(to))
    };
    // Pairs for signing and encrypting, an older pair that has ended, and two that are not to be sealed to.
    let leaves = [
        (of(KeyKind::P256, KeyAgreement, -20, 99), None),
        (
            of(KeyKind::P256, DigitalSignature, -20, 99),
            Some("key-usage"),
        ),
        (of(KeyKind::X25519, KeyAgreement, -30, 99), None),
        (
            of(KeyKind::Ed25519, DigitalSignature, -30, 99),
            Some("key-usage"),
        ),
        (of(KeyKind::MlKem768, KeyEncipherment, -40, 99), None),
        (of(KeyKind::P384, KeyAgreement, -99, -1), Some("expired")),
        (
            of(KeyKind::P384, DigitalSignature, -99, -1),
            Some("expired"),
        ),
        (
            of(KeyKind::BrainpoolP256, KeyAgreement, -10, 99),
            Some("unsupported-key"),
        ),
    ];
    let issued: Vec<_> = leaves
        .iter()
        .map(|(leaf, code)| (authority().issue(leaf).unwrap().der, *code))
        .collect();
    for (der, code) in &issued {
        let judged = judged_der(&who, der);
        assert_eq!(judged.problems().first().map(Problem::code), *code);
    }
    let order = |issued: &[(Vec<u8>, Option<&str>)]| -> Vec<_> {
        let judged = issued.iter().map(|(der, _)| judged_der(&who, der));
        let assessment = assessed(&who, judged.collect(), vec![]);
        assert_eq!(assessment.status(), Status::Usable);
        assert_eq!(
            assessment.certificates().len(),
            8,
            "nothing found is dropped"
        );
        let used = assessment
            .used()
            .map(|c| c.certificate().facts().key.to_string());
        assert_eq!(
            used.collect::<Vec<_>>(),
            ["EC P-256", "X25519", "ML-KEM-768"]
        );
        assessment.certificates().iter().map(|c| c.sha256).collect()
    };
    let mut turned = issued.clone();
    let wanted = order(&issued);
    for by in 0..8 {
        turned.rotate_left(by);
        turned.swap(0, 5);
        assert_eq!(order(&turned), wanted);
    }
}
