//! What an approval is held to just before the message leaves, and what a warning and a refusal say of those in them.

use segl::{
    decide::{
        ApprovedRecipient, Confirmed, Covered, Further, FurtherKind, Light, Standing, Transport,
        Warning,
    },
    tls::Level,
};

use super::*;

/// Recipients without certificates over transport that may be offered to the sender.
fn exposed(numbers: std::ops::Range<usize>) -> Scene {
    let mut made = scene(&[]);
    for i in numbers {
        let address = address(&format!("r{i}@x.example"));
        let known = assessed(&address, vec![], vec![]).over(Transport {
            seen: Level::Offered,
            level: Level::Offered,
            without_requiretls: Level::Offered,
            refuses_mail: false,
            checked_at: AT,
            through: None,
            findings: None,
            receipt: None,
        });
        made.add(&address, known);
    }
    made
}

impl Scene {
    fn add(&mut self, address: &Address, known: Assessment) {
        self.found.insert(address.clone(), Arc::new(known));
        self.recipients.push(Recipient {
            kind: Kind::To,
            mailbox: Mailbox::bare(address.clone()),
        });
    }

    fn add_person(&mut self, text: &str) {
        let address = address(text);
        let known = State::Person.assess(&address).unwrap();
        self.add(&address, known);
    }

    fn warned(&self, policy: &Policy) -> Warning {
        match self.decide(policy) {
            Decision::Warn(warning) => warning,
            other => panic!("{other:?}"),
        }
    }
}

fn content() -> Digest {
    Digest::of(b"text")
}

#[test]
fn another_set_of_recipients_than_was_approved_stops_the_message() {
    let policy = Policy::default();
    let mut all = exposed(0..4);
    let three = all.recipients.split_off(3);
    let approved = all.warned(&policy).accept(&consent(), content()).unwrap();
    let given = all.recipients.clone();
    let confirm = |recipients: &[Recipient]| {
        let class = Class::Confidential;
        let confirmed = approved.confirm(recipients, class, content(), &all.found, &policy);
        confirmed.map(|all| all.len())
    };
    assert_eq!(confirm(&given), Ok(3));
    let reversed: Vec<_> = given.iter().rev().cloned().collect();
    assert_eq!(confirm(&reversed), Ok(3), "the order says nothing");
    let changed = Err(Change::Recipients);
    assert_eq!(confirm(&[&given[..], &three[..]].concat()), changed, "more");
    assert_eq!(confirm(&given[..2]), changed, "fewer");
    assert_eq!(
        confirm(&[&given[..2], &three[..]].concat()),
        changed,
        "another"
    );
    let twice = [&given[..2], &given[..1]].concat();
    assert_eq!(confirm(&twice), changed, "one twice, and one not");
    let one_more = [&given[..], &given[..1]].concat();
    assert_eq!(confirm(&one_more), changed, "one of them twice");
    let mut hidden = given.clone();
    hidden[0].kind = Kind::Bcc;
    assert_eq!(confirm(&hidden), changed, "another header field");
}

#[test]
fn who_was_left_out_is_still_left_out_and_must_still_stand_in_the_draft() {
    let policy = Policy::default();
    let mut scene = exposed(0..2);
    scene.add_person("anne@x.example");
    let approved = scene.warned(&policy).only_encrypted().unwrap();
    let confirm = |recipients: &[Recipient]| {
        let class = Class::Confidential;
        let confirmed = approved.confirm(recipients, class, content(), &scene.found, &policy);
        let who = |all: Vec<Confirmed>| all.into_iter().map(|c| c.recipient).collect::<Vec<_>>();
        confirmed.map(who)
    };
    let anne = scene.recipients[2].clone();
    assert_eq!(confirm(&scene.recipients), Ok(vec![anne]));
    assert_eq!(confirm(&scene.recipients[1..]), Err(Change::Recipients));
    assert_eq!(confirm(&scene.recipients[..2]), Err(Change::Recipients));
}

#[test]
fn a_higher_class_stops_what_goes_out_in_the_clear_and_not_what_is_encrypted() {
    let policy = Policy::default();
    let mut green = scene(&[]);
    green.add_person("anne@x.example");
    let Decision::EndToEnd(approved) = green.decide(&policy) else {
        panic!("green")
    };
    let confirm =
        |class| approved.confirm(&green.recipients, class, content(), &green.found, &policy);
    let way = segl::risk::Way::Person;
    for (class, counts_as) in [
        (Class::Ordinary, Class::Confidential),
        (Class::Confidential, Class::Confidential),
        (Class::Sensitive, Class::Sensitive),
    ] {
        let confirmed = confirm(class).unwrap();
        assert_eq!(confirmed[0].risk, policy.matrix.risk(counts_as, way));
    }
    let clear = exposed(0..1);
    let approved = clear.warned(&policy).accept(&consent(), content()).unwrap();
    let confirm =
        |class| approved.confirm(&clear.recipients, class, content(), &clear.found, &policy);
    assert!(confirm(Class::Ordinary).is_ok());
    assert_eq!(
        confirm(Class::Sensitive).unwrap_err(),
        Change::Class {
            approved: Class::Confidential,
            now: Class::Sensitive
        }
    );
}

#[test]
fn another_archive_than_was_shown_stops_the_message_and_an_own_certificate_that_came_does_not() {
    let mut green = scene(&[]);
    green.add_person("anne@x.example");
    let who = address("os@huset.example");
    let further = |kind, number: &str| Further {
        kind,
        name: "os".to_owned(),
        sha256: employee(&who, number).sha256,
    };
    let archive = further(FurtherKind::Archive, "12345674");
    let own = further(FurtherKind::Own, "12345674");
    let with = |further: &[&Further]| Policy {
        further: further.iter().map(|f| (*f).clone()).collect(),
        ..Policy::default()
    };
    let Decision::EndToEnd(approved) = green.decide(&with(&[&own, &archive])) else {
        panic!("green")
    };
    assert_eq!(approved.further(), [own.clone(), archive.clone()]);
    let confirm = |policy: &Policy| {
        let class = Class::Confidential;
        let confirmed = approved.confirm(&green.recipients, class, content(), &green.found, policy);
        confirmed.map(|_| ())
    };
    assert_eq!(confirm(&with(&[&own, &archive])), Ok(()));
    assert_eq!(confirm(&with(&[&archive])), Ok(()));
    let other = further(FurtherKind::Own, "12345674");
    assert_eq!(confirm(&with(&[&other, &archive])), Ok(()));
    assert_eq!(confirm(&with(&[&own])), Err(Change::Archive));
    let other = further(FurtherKind::Archive, "12345674");
    assert_eq!(confirm(&with(&[&own, &other])), Err(Change::Archive));
    assert_eq!(confirm(&with(&[&archive, &other])), Err(Change::Archive));
}

#[test]
fn a_certificate_that_names_an_organisation_does_not_stand_in_for_one_that_names_none() {
    let policy = Policy::default();
    let who = address("anne@x.example");
    let bare = || judged(&who, &Leaf::mail("Anne", who.given()));
    let approved = |judged: Judged| {
        let mut scene = scene(&[]);
        scene.add(&who, assessed(&who, vec![judged], vec![]));
        match scene.decide(&policy) {
            Decision::EndToEnd(approved) => (approved, scene.recipients),
            other => panic!("{other:?}"),
        }
    };
    let change = |(approved, recipients): &(Approved, Vec<Recipient>), now: Judged| {
        let known = assessed(&who, vec![now], vec![]);
        let found = Assessments::from([(who.clone(), Arc::new(known))]);
        let class = Class::Confidential;
        approved
            .confirm(recipients, class, content(), &found, &policy)
            .unwrap_err()
    };
    let recipient = || Recipient {
        kind: Kind::To,
        mailbox: Mailbox::bare(who.clone()),
    };
    let organisation = || Change::Organisation {
        recipient: recipient(),
    };
    let of_nobody = approved(bare());
    assert_eq!(
        change(&of_nobody, employee(&who, "12345674")),
        organisation()
    );
    let certificates = Change::Certificates {
        recipient: recipient(),
    };
    assert_eq!(change(&of_nobody, bare()), certificates);
    let of_firm = approved(employee(&who, "12345674"));
    assert_eq!(change(&of_firm, bare()), organisation());
}

#[test]
fn an_approval_and_what_it_was_made_of_say_of_everybody_how_and_why() {
    let policy = Policy::default();
    let mut scene = exposed(0..1);
    scene.add_person("anne@x.example");
    let warning = scene.warned(&policy);
    assert_eq!(warning.class(), Class::Confidential);
    let safe = &warning.safe()[0];
    assert_eq!(safe.recipient(), &scene.recipients[1]);
    assert_eq!(safe.binding().map(cert::Binding::code), Some("address"));
    let number = safe.organisation().and_then(|o| o.number.clone());
    assert_eq!(number, OrganisationNumber::parse("CVR:12345674"));
    assert_eq!(safe.certificates().len(), 1);
    let approved = warning.accept(&consent(), content()).unwrap();
    assert_eq!(approved.draft(), &scene.draft);
    assert_eq!(approved.class(), Class::Confidential);
    assert!(!approved.is_end_to_end() && approved.left_out().is_empty());

    let forbids = Policy {
        rules: vec![segl::decide::FallbackRule {
            scope: segl::decide::Scope::Address(address("r0@x.example")),
            fallback: Fallback::Forbid,
            is_locked: false,
            only_tightens: false,
        }],
        ..Policy::default()
    };
    let Decision::Refuse(refusal) = scene.decide(&forbids) else {
        panic!("refused")
    };
    assert_eq!(refusal.class(), Class::Confidential);
    assert_eq!(refusal.safe()[0].recipient(), &scene.recipients[1]);
    assert!(refusal.exposed().is_empty());
    let approved = refusal.only_encrypted().unwrap();
    assert!(approved.is_end_to_end());
    assert_eq!(approved.left_out(), &scene.recipients[..1]);
    let alone = exposed(0..1);
    let Decision::Refuse(refusal) = alone.decide(&forbids) else {
        panic!("refused")
    };
    assert!(refusal.only_encrypted().is_err(), "nobody is left");
    assert!(alone.warned(&policy).only_encrypted().is_err());
}

#[test]
fn a_reason_is_asked_for_only_where_policy_wants_one() {
    let policy = Policy {
        require_reason: false,
        ..Policy::default()
    };
    let scene = exposed(0..1);
    assert!(scene.warned(&Policy::default()).needs_reason());
    assert!(!scene.warned(&policy).needs_reason());
}

fn until() -> Timestamp {
    AT.checked_add(SignedDuration::from_hours(24 * 90)).unwrap()
}

#[test]
fn an_assessment_is_made_for_whoever_has_none_and_covers_its_domain_where_it_says_so() {
    let policy = Policy::default();
    let one = exposed(0..1);
    let made = one.warned(&policy).standing(&consent(), &policy, until());
    let with = |standing: Vec<Standing>| Policy {
        standing,
        ..Policy::default()
    };
    let both = exposed(0..2);
    let policy = with(made.clone());
    let more = both.warned(&policy).standing(&consent(), &policy, until());
    let covered: Vec<_> = more.iter().map(|s| s.covered.clone()).collect();
    assert_eq!(covered, [Covered::Address(address("r1@x.example"))]);
    assert_eq!(covered[0].to_string(), "r1@x.example");

    let domain = |domain: &str| Standing {
        covered: Covered::Domain(domain.to_owned()),
        ..made[0].clone()
    };
    assert!(matches!(
        both.decide(&with(vec![domain("x.example")])),
        Decision::Assessed(_)
    ));
    assert_eq!(domain("x.example").covered.to_string(), "x.example");
    for other in ["example", "y.example", "sub.x.example"] {
        both.warned(&with(vec![domain(other)]));
    }
}

#[test]
fn a_consent_is_no_consent_once_somebody_else_is_exposed() {
    let policy = Policy::default();
    let mut scene = exposed(0..1);
    scene.add_person("anne@x.example");
    let approved = scene.warned(&policy).accept(&consent(), content()).unwrap();
    let anne = address("anne@x.example");
    scene
        .found
        .insert(anne.clone(), Arc::new(assessed(&anne, vec![], vec![])));
    let class = Class::Confidential;
    let now = approved.confirm(&scene.recipients, class, content(), &scene.found, &policy);
    let change = Change::Route {
        recipient: scene.recipients[1].clone(),
        approved: Route::Person,
        now: Route::Tls,
    };
    assert_eq!(now.unwrap_err(), change);
}

#[test]
fn the_evidence_is_as_old_as_the_oldest_answer_for_a_certificate_in_use() {
    let who = address("anne@x.example");
    let hours = |hours| AT.checked_sub(SignedDuration::from_hours(hours)).unwrap();
    let asked = |mut judged: Judged, at| {
        judged.asked_at = at;
        judged
    };
    let unusable = Leaf::mail("Gert", "gert@x.example");
    let known = assessed(
        &who,
        vec![
            asked(employee(&who, "12345674"), hours(2)),
            asked(employee(&who, "12345674"), hours(3)),
            asked(judged(&who, &unusable), hours(9)),
        ],
        vec![],
    );
    assert_eq!(known.evidence_from(), Some(hours(3)));
    assert!(!known.is_stale());
    assert!(known.from_older_answers().is_stale());
    assert_eq!(assessed(&who, vec![], vec![]).evidence_from(), None);
}

#[test]
fn only_routes_that_are_encrypted_to_the_end_are_green() {
    for (route, code, light) in [
        (Route::Person, "person", Light::Green),
        (Route::Organisation, "organisation", Light::Green),
        (Route::Tunnel, "tunnel", Light::Green),
        (Route::Internal, "internal", Light::Red),
        (Route::Tls, "tls", Light::Red),
        (Route::None, "none", Light::Red),
    ] {
        assert_eq!((route.code(), route.light()), (code, light));
        assert_eq!(route.is_end_to_end(), light == Light::Green);
    }
    assert_eq!((Light::Green.code(), Light::Red.code()), ("green", "red"));
}

#[test]
fn mail_within_the_firm_is_approved_without_anybodys_word_and_is_not_green() {
    let policy = |domain: &str| Policy {
        internal_domains: vec![domain.to_owned()],
        ..Policy::default()
    };
    let scene = scene(&[(State::InHouse, Kind::To), (State::Person, Kind::To)]);
    let Decision::InHouse(approved) = scene.decide(&policy("huset.example")) else {
        panic!("in house")
    };
    let routes = approved.recipients().iter();
    let routes: Vec<_> = routes.map(ApprovedRecipient::route).collect();
    assert_eq!(routes, [Route::Internal, Route::Person]);
    assert!(approved.consents().is_empty() && !approved.is_end_to_end());
    for other in ["x.example", "example", "et.huset.example"] {
        let decision = scene.decide(&policy(other));
        assert!(matches!(decision, Decision::Warn(_)), "{other}");
    }
}

#[test]
fn without_a_certificate_there_is_a_way_only_where_the_rules_may_ask() {
    let scene = exposed(0..1);
    let known = &scene.found[&scene.recipients[0].mailbox.address];
    let of = |fallback, verified_level, is_newer_than_program| {
        known.route(&Policy {
            fallback,
            verified_level,
            is_newer_than_program,
            ..Policy::default()
        })
    };
    let (strong, weak) = (Level::Guaranteed, Level::Offered);
    assert_eq!(of(Fallback::Ask, strong, false), Route::Tls);
    assert_eq!(of(Fallback::VerifiedTls, weak, false), Route::Tls);
    assert_eq!(of(Fallback::VerifiedTls, strong, false), Route::None);
    assert_eq!(of(Fallback::Forbid, weak, false), Route::None);
    assert_eq!(of(Fallback::Block, weak, false), Route::None);
    assert_eq!(of(Fallback::Ask, weak, true), Route::None, "a newer policy");
    let null = Transport {
        refuses_mail: true,
        ..known.transport().unwrap().clone()
    };
    let address = known.address();
    let null = assessed(address, vec![], vec![]).over(null);
    assert_eq!(null.route(&Policy::default()), Route::None, "it takes none");
}

#[test]
fn the_codes_of_the_contract_are_what_they_are() {
    let because = [
        (RefusedBecause::PolicyIsNewer, "policy-is-newer"),
        (RefusedBecause::Blocked, "blocked"),
        (RefusedBecause::NoMail, "no-mail"),
        (RefusedBecause::Forbidden, "forbidden"),
        (
            RefusedBecause::NoGuaranteedTransport,
            "no-guaranteed-transport",
        ),
        (RefusedBecause::HighRisk, "high-risk"),
    ];
    assert!(because.iter().all(|(one, code)| one.code() == *code));
    assert!(
        because.is_sorted_by_key(|(one, _)| *one),
        "the order of telling"
    );
    for (status, code) in [
        (Status::Usable, "usable"),
        (Status::LookupFailed, "lookup-failed"),
        (Status::Unusable, "unusable"),
        (Status::NotFound, "not-found"),
    ] {
        assert_eq!(status.code(), code);
    }
    assert_eq!(FurtherKind::Own.code(), "own");
    assert_eq!(FurtherKind::Archive.code(), "archive");
    assert!(Fallback::ALL.iter().all(|(code, one)| one.code() == *code));
    assert_eq!(Fallback::ALL.len(), 4);
}

#[test]
fn an_assessment_tells_what_failed_when_it_was_made_and_by_which_clock() {
    let who = address("anne@x.example");
    let known = assessed(&who, vec![employee(&who, "12345674")], vec![down()]);
    assert_eq!((known.at(), known.failures()), (AT, &[down()][..]));
    assert_eq!(known.clock(), &cert::ClockState::Unheard);
    assert!(!known.shows_hidden_subject());
    assert!(known.tunnel().is_none());
    let known = known.with_hidden_subjects_shown();
    assert!(known.shows_hidden_subject());
    let none = assessed(&who, vec![], vec![]).with_hidden_subjects_shown();
    assert!(!none.shows_hidden_subject(), "nobody is encrypted to");
    let off = cert::ClockState::Off(cert::ClockOff {
        peer: "OCES".to_owned(),
        expected: AT,
        presented: AT,
    });
    let known = known.by_clock(off.clone());
    assert_eq!(known.clock(), &off);
    assert_eq!(known.status(), Status::LookupFailed, "nothing is usable");
    assert!(matches!(known.first_problem(), Some(Problem::Clock { .. })));
}
