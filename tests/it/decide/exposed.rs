//! Who gets a mail without encryption: the risk, the rules for domains and addresses, and assessments made before.

use jiff::SignedDuration;
use segl::{
    decide::{self, FallbackRule, NotAsked, Standing, Transport, Warning},
    risk::Band,
    tls::Level,
};

use super::*;

const LEVELS: [Level; 6] = [
    Level::Guaranteed,
    Level::Published,
    Level::Verified,
    Level::Offered,
    Level::Unknown,
    Level::None,
];

fn transport(level: Level) -> Transport {
    Transport {
        seen: level,
        level,
        without_requiretls: level,
        refuses_mail: false,
        checked_at: AT,
        through: None,
        receipt: None,
        findings: None,
    }
}

/// Recipients without certificates over transport of these levels, and some with.
fn scene_of(levels: &[Level], green: usize) -> Scene {
    let mut made = scene(&vec![(State::NotFound, Kind::To); levels.len()]);
    for (recipient, level) in made.recipients.iter().zip(levels) {
        let address = &recipient.mailbox.address;
        let known = assessed(address, vec![], vec![]).over(transport(*level));
        made.found.insert(address.clone(), Arc::new(known));
    }
    for i in 0..green {
        let address = address(&format!("g{i}@x.example"));
        let known = State::Person.assess(&address).unwrap();
        made.found.insert(address.clone(), Arc::new(known));
        made.recipients.push(Recipient {
            kind: Kind::To,
            mailbox: Mailbox::bare(address),
        });
    }
    made
}

fn warned(decision: Decision) -> Warning {
    match decision {
        Decision::Warn(warning) => warning,
        other => panic!("{other:?}"),
    }
}

fn refused(decision: Decision) -> RefusedBecause {
    match decision {
        Decision::Refuse(refusal) => refusal.why(),
        other => panic!("{other:?}"),
    }
}

fn rule(scope: segl::decide::Scope, fallback: Fallback) -> FallbackRule {
    FallbackRule {
        scope,
        fallback,
        is_locked: false,
        only_tightens: false,
    }
}

#[test]
fn a_high_risk_is_refused_unless_policy_lifts_it_and_low_needs_no_reason() {
    let policy = Policy::default();
    for class in Class::ALL {
        for level in LEVELS {
            let scene = scene_of(&[level], 0);
            let decision = scene.decide_as(class, &policy);
            let risk = policy.matrix.risk(class, segl::risk::Way::Transport(level));
            let what = format!("{class:?} {level:?}");
            match risk.band {
                Band::High => {
                    assert_eq!(refused(decision), RefusedBecause::HighRisk, "{what}");
                    let lifted = Policy {
                        allows_high_risk: true,
                        ..Policy::default()
                    };
                    let warning = warned(scene.decide_as(class, &lifted));
                    assert!(warning.needs_reason(), "{what}");
                }
                band => {
                    let warning = warned(decision);
                    assert_eq!(warning.needs_reason(), band > Band::Low, "{what}");
                    assert_eq!(warning.exposed()[0].risk, risk, "{what}");
                }
            }
        }
    }
}

#[test]
fn one_recipient_at_high_risk_stops_the_mail_to_all_and_only_that_one_is_told_as_refused() {
    let scene = scene_of(&[Level::Offered, Level::None], 1);
    let Decision::Refuse(refusal) = scene.decide(&Policy::default()) else {
        panic!("refused")
    };
    let of =
        |list: &[segl::decide::Exposed]| -> Vec<Level> { list.iter().map(|e| e.level).collect() };
    assert_eq!(of(refusal.refused()), [Level::None]);
    assert_eq!(of(refusal.exposed()), [Level::Offered]);
    let approved = refusal.only_encrypted().unwrap();
    assert_eq!(approved.recipients().len(), 1);
    assert_eq!(approved.left_out().len(), 2);
}

#[test]
fn no_clear_copy_of_a_sensitive_mail_goes_beside_an_encrypted_one() {
    let policy = Policy::default();
    let mixed = scene_of(&[Level::Guaranteed], 1);
    let warning = warned(mixed.decide_as(Class::Sensitive, &policy));
    assert!(!warning.may_go_to_all());
    let warning = warning.accept(&consent(), Digest::of(b"x")).unwrap_err();
    assert!(warning.only_encrypted().unwrap().is_end_to_end());
    let alone = scene_of(&[Level::Guaranteed], 0);
    let warning = warned(alone.decide_as(Class::Sensitive, &policy));
    assert!(warning.accept(&consent(), Digest::of(b"x")).is_ok());
    let confidential = warned(mixed.decide_as(Class::Confidential, &policy));
    assert!(confidential.accept(&consent(), Digest::of(b"x")).is_ok());
}

#[test]
fn verified_transport_satisfies_the_rule_only_as_far_as_policy_says() {
    let policy = |verified_level| Policy {
        fallback: Fallback::VerifiedTls,
        verified_level,
        ..Policy::default()
    };
    for wanted in [Level::Guaranteed, Level::Published, Level::Verified] {
        for level in LEVELS {
            let decision = scene_of(&[level], 0).decide_as(Class::Ordinary, &policy(wanted));
            if level <= wanted {
                warned(decision);
            } else {
                let why = refused(decision);
                assert_eq!(
                    why,
                    RefusedBecause::NoGuaranteedTransport,
                    "{wanted:?} {level:?}"
                );
            }
        }
    }
}

#[test]
fn nothing_goes_to_a_blocked_domain_not_even_encrypted() {
    let scene = scene(&[(State::Person, Kind::To), (State::Organisation, Kind::To)]);
    let blocked = segl::decide::Scope::Domain("ret-eksempel.dk".to_owned());
    let policy = Policy {
        rules: vec![rule(blocked, Fallback::Block)],
        ..Policy::default()
    };
    let Decision::Refuse(refusal) = scene.decide(&policy) else {
        panic!("refused")
    };
    assert_eq!(refusal.why(), RefusedBecause::Blocked);
    assert_eq!(refusal.refused().len(), 1);
    let known = &scene.found[&scene.recipients[1].mailbox.address];
    assert_eq!(known.route(&policy), Route::None);
}

#[test]
fn a_domain_that_takes_no_mail_is_refused() {
    let mut scene = scene_of(&[Level::Unknown], 0);
    let address = scene.recipients[0].mailbox.address.clone();
    let null = Transport {
        refuses_mail: true,
        ..transport(Level::Unknown)
    };
    let known = assessed(&address, vec![], vec![]).over(null);
    scene.found.insert(address, Arc::new(known));
    assert_eq!(
        refused(scene.decide(&Policy::default())),
        RefusedBecause::NoMail
    );
}

#[test]
fn a_rule_for_an_address_replaces_that_of_the_firm_and_is_told_with_its_source() {
    let scene = scene_of(&[Level::Offered], 0);
    let eva = scene.recipients[0].mailbox.address.clone();
    let policy = Policy {
        fallback: Fallback::Forbid,
        rules: vec![rule(
            segl::decide::Scope::Address(eva.clone()),
            Fallback::Ask,
        )],
        ..Policy::default()
    };
    let warning = warned(scene.decide(&policy));
    assert_eq!(warning.exposed()[0].ruled.scope.to_string(), eva.key());
    let locked = Policy {
        is_fallback_locked: true,
        ..policy
    };
    assert_eq!(refused(scene.decide(&locked)), RefusedBecause::Forbidden);
}

fn standing(scene: &Scene, class: Class, policy: &Policy) -> Vec<Standing> {
    let warning = warned(scene.decide_as(class, policy));
    let until = AT.checked_add(SignedDuration::from_hours(24 * 90)).unwrap();
    warning.standing(&consent(), policy, until)
}

#[test]
fn an_assessment_stands_for_later_mail_until_the_class_the_transport_or_the_matrix_says_more() {
    let policy = Policy::default();
    let scene = scene_of(&[Level::Offered], 1);
    let made = standing(&scene, Class::Confidential, &policy);
    let with = |standing: Vec<Standing>| Policy {
        standing,
        ..Policy::default()
    };
    let policy = with(made.clone());
    let Decision::Assessed(approved) = scene.decide(&policy) else {
        panic!("assessed")
    };
    assert_eq!(approved.consents().len(), 1);
    assert_eq!(approved.consents()[0].standing.as_ref(), Some(&made[0]));
    let confirm = |class, policy: &Policy, found: &Assessments| {
        approved.confirm(&scene.recipients, class, Digest::of(b"any"), found, policy)
    };
    assert!(confirm(Class::Confidential, &policy, &scene.found).is_ok());
    assert!(matches!(
        confirm(Class::Sensitive, &policy, &scene.found),
        Err(Change::Class { .. })
    ));
    let ended = confirm(Class::Confidential, &with(vec![]), &scene.found);
    assert!(
        matches!(ended, Err(Change::Route { .. })),
        "it was ended meanwhile"
    );
    let weaker = scene_of(&[Level::Unknown], 1);
    warned(weaker.decide(&policy));
    assert!(confirm(Class::Confidential, &policy, &weaker.found).is_err());
    assert!(matches!(
        scene_of(&[Level::Published], 1).decide(&policy),
        Decision::Assessed(_)
    ));
    let other = include_str!("../../../assets/risk/default.toml");
    let other = segl::risk::Matrix::parse(&other.replace("offered = 4", "offered = 3")).unwrap();
    warned(scene.decide(&Policy {
        matrix: Arc::new(other),
        ..with(made.clone())
    }));
    let somebody_else = scene_of(&[Level::Offered, Level::Offered], 0);
    let warning = warned(somebody_else.decide(&policy));
    let covered = warning.exposed().iter().filter(|e| e.standing.is_some());
    assert_eq!(covered.count(), 1);
}

#[test]
fn what_is_accepted_at_a_high_risk_stands_for_nothing_later() {
    let policy = Policy {
        allows_high_risk: true,
        ..Policy::default()
    };
    let scene = scene_of(&[Level::None], 0);
    assert_eq!(standing(&scene, Class::Confidential, &policy), []);
}

#[test]
fn an_assessment_is_over_at_its_end_and_one_from_the_future_does_not_hold() {
    let made = standing(
        &scene_of(&[Level::Offered], 0),
        Class::Ordinary,
        &Policy::default(),
    );
    let at = |days: i64| {
        AT.checked_add(SignedDuration::from_hours(24 * days))
            .unwrap()
    };
    assert!(made[0].is_in_force(AT) && made[0].is_in_force(at(89)));
    assert!(!made[0].is_in_force(at(90)) && !made[0].is_in_force(at(-1)));
}

#[test]
fn a_weaker_transport_than_was_accepted_stops_the_mail_and_a_stronger_one_does_not() {
    let policy = Policy::default();
    let scene = scene_of(&[Level::Verified], 0);
    let approved = warned(scene.decide(&policy))
        .accept(&consent(), Digest::of(b"x"))
        .unwrap();
    let confirm = |level| {
        let now = scene_of(&[level], 0);
        let content = Digest::of(b"x");
        approved.confirm(
            &scene.recipients,
            Class::Confidential,
            content,
            &now.found,
            &policy,
        )
    };
    assert!(confirm(Level::Verified).is_ok() && confirm(Level::Guaranteed).is_ok());
    assert!(matches!(
        confirm(Level::Offered),
        Err(Change::Transport { .. })
    ));
    assert!(matches!(
        confirm(Level::None),
        Err(Change::Route {
            now: Route::None,
            ..
        })
    ));
}

#[test]
fn who_may_be_asked_for_a_receipt_follows_the_rules_of_mail_but_for_the_risk_of_what_a_mail_holds()
{
    let scene = scene_of(&[Level::None], 0);
    let recipient = &scene.recipients[0];
    let address = &recipient.mailbox.address;
    let known = &scene.found[address];
    let asked = |policy: &Policy| decide::ask(recipient, known, policy).map(|_| ());
    assert_eq!(asked(&Policy::default()), Ok(()));
    let refused = |why| Err(NotAsked::Refused(why));
    for (fallback, why) in [
        (Fallback::Block, RefusedBecause::Blocked),
        (Fallback::Forbid, RefusedBecause::Forbidden),
        (Fallback::VerifiedTls, RefusedBecause::NoGuaranteedTransport),
    ] {
        let policy = Policy {
            fallback,
            ..Policy::default()
        };
        assert_eq!(asked(&policy), refused(why));
    }
    let newer = Policy {
        is_newer_than_program: true,
        ..Policy::default()
    };
    assert_eq!(asked(&newer), refused(RefusedBecause::PolicyIsNewer));
    let null = Transport {
        refuses_mail: true,
        ..transport(Level::Unknown)
    };
    let known = Arc::new(assessed(address, vec![], vec![]).over(null));
    let asked = decide::ask(recipient, &known, &Policy::default()).map(|_| ());
    assert_eq!(asked, refused(RefusedBecause::NoMail));
    let house = Policy {
        internal_domains: vec![address.domain().to_owned()],
        ..Policy::default()
    };
    let asked = decide::ask(recipient, &known, &house).map(|_| ());
    assert_eq!(asked, Err(NotAsked::Unneeded(Route::Internal)));
}
