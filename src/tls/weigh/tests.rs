use jiff::Timestamp;

use super::*;
use crate::tls::{Certificate, Findings, NoteCode, Probe, Promise, Sts, Why, raised};

const AT: Timestamp = Timestamp::constant(1_760_000_000, 0);

fn server(dane: Dane, sts: StsHost, probe: Option<Probe>) -> Exchanger {
    Exchanger {
        host: "mx.firma-eksempel.dk".to_owned(),
        preference: 10,
        addresses: Vec::new(),
        resolved: Resolved::Found,
        dane,
        tlsa: Vec::new(),
        sts,
        probe,
    }
}

fn tls(version: &str, faults: &[Certificate]) -> Probe {
    let is_named = !faults.contains(&Certificate::WrongName);
    Probe {
        version: Some(version.to_owned()),
        name: is_named.then(|| "mx.firma-eksempel.dk".to_owned()),
        certificate: faults.to_vec(),
        ..Probe::without_tls(AT, Outcome::Tls)
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "as a server that was probed has it"
)]
fn failed(outcome: Outcome) -> Option<Probe> {
    Some(Probe::without_tls(AT, outcome))
}

fn domain(mx: Vec<Exchanger>) -> Findings {
    Findings {
        domain: "firma-eksempel.dk".to_owned(),
        checked_at: AT,
        route: MailRoute::Listed { is_secure: true },
        mx,
        left_out: 0,
        sts: Sts::Nothing,
        wants_reports: false,
        nta7516: None,
    }
}

fn one(dane: Dane, sts: StsHost, probe: Option<Probe>) -> Level {
    weigh(&domain(vec![server(dane, sts, probe)]))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "as a server that was probed has it"
)]
fn good() -> Option<Probe> {
    Some(tls("TLSv1.3", &[]))
}

const UNCHECKED: Dane = Dane::Unchecked { why: Why::Timeout };

#[test]
fn what_is_seen_of_one_server_is_its_level() {
    let nothing = StsHost::Nothing;
    for (dane, sts, probe, level) in [
        (Dane::Published, nothing, None, Level::Published),
        (Dane::Matched, nothing, good(), Level::Published),
        (Dane::Nothing, StsHost::Enforced, None, Level::Published),
        (Dane::Nothing, StsHost::Enforced, good(), Level::Published),
        (Dane::Nothing, StsHost::Testing, good(), Level::Verified),
        (Dane::Nothing, StsHost::NotNamed, None, Level::Unknown),
        (Dane::NotSigned, nothing, good(), Level::Verified),
        (Dane::Unusable, nothing, good(), Level::Verified),
        (Dane::Nothing, nothing, None, Level::Unknown),
    ] {
        assert_eq!(one(dane, sts, probe), level, "{dane:?} {sts:?}");
    }
}

#[test]
fn no_fault_of_a_certificate_is_called_verified() {
    for fault in [
        Certificate::SelfSigned,
        Certificate::Untrusted,
        Certificate::WrongName,
        Certificate::Expired,
        Certificate::NotYetValid,
        Certificate::Weak,
        Certificate::Absent,
        Certificate::Invalid,
    ] {
        let probe = Some(tls("TLSv1.3", &[fault]));
        let level = one(Dane::Nothing, StsHost::Nothing, probe.clone());
        assert_eq!(level, Level::Offered, "{fault:?}");
        // Nor does a policy that it breaks hold it up.
        let level = one(Dane::Nothing, StsHost::Enforced, probe);
        assert_eq!(level, Level::Offered, "{fault:?}");
    }
}

#[test]
fn dane_needs_no_issuer_name_or_date_but_a_key_that_holds() {
    let of = |fault| {
        one(
            Dane::Matched,
            StsHost::Nothing,
            Some(tls("TLSv1.2", &[fault])),
        )
    };
    assert_eq!(of(Certificate::SelfSigned), Level::Published);
    assert_eq!(of(Certificate::WrongName), Level::Published);
    assert_eq!(of(Certificate::Expired), Level::Published);
    assert_eq!(of(Certificate::Weak), Level::Offered);
}

#[test]
fn tls_below_1_2_and_what_comes_to_no_tls_count_as_none_whatever_is_published() {
    for dane in [Dane::Matched, Dane::Nothing, UNCHECKED] {
        for version in ["TLSv1", "TLSv1.1", "SSLv3", "unknown"] {
            let level = one(dane, StsHost::Enforced, Some(tls(version, &[])));
            assert_eq!(level, Level::None, "{version}");
        }
        for outcome in [
            Outcome::NoStarttls,
            Outcome::StarttlsRefused,
            Outcome::Injected,
            Outcome::HandshakeFailed,
        ] {
            let level = one(dane, StsHost::Enforced, failed(outcome));
            assert_eq!(level, Level::None, "{outcome:?}");
        }
    }
}

#[test]
fn a_server_that_could_not_be_asked_is_unknown_and_not_none() {
    for outcome in [
        Outcome::Unreachable,
        Outcome::Private,
        Outcome::Refused,
        Outcome::Stalled,
        Outcome::Broken,
    ] {
        assert_eq!(
            one(Dane::Nothing, StsHost::Nothing, failed(outcome)),
            Level::Unknown,
            "{outcome:?}"
        );
    }
}

#[test]
fn dane_that_could_not_be_asked_is_never_no_dane() {
    for why in [Why::Timeout, Why::Bogus, Why::Failed] {
        let dane = Dane::Unchecked { why };
        for (sts, probe) in [
            (StsHost::Nothing, good()),
            (StsHost::Enforced, good()),
            (StsHost::Enforced, None),
        ] {
            assert_eq!(one(dane, sts, probe), Level::Unknown, "{why:?} {sts:?}");
        }
    }
}

#[test]
fn mta_sts_never_overrides_dane_that_fails() {
    assert_eq!(
        one(Dane::Mismatched, StsHost::Enforced, good()),
        Level::Offered
    );
    let findings = domain(vec![server(Dane::Mismatched, StsHost::Enforced, good())]);
    let follows = Promise {
        honours_dane: true,
        honours_sts: true,
        ..Promise::default()
    };
    assert_eq!(
        raised(weigh(&findings), &findings, &follows),
        Level::Offered
    );
    assert!(
        findings
            .notes()
            .iter()
            .any(|n| n.code == NoteCode::DaneMismatch)
    );
}

#[test]
fn the_worst_server_that_can_be_reached_counts() {
    let best = || server(Dane::Matched, StsHost::Nothing, good());
    let with = |other: Exchanger| weigh(&domain(vec![best(), other]));
    let plain = |probe| server(Dane::Nothing, StsHost::Nothing, probe);
    assert_eq!(with(best()), Level::Published);
    assert_eq!(with(plain(good())), Level::Verified);
    assert_eq!(with(plain(failed(Outcome::NoStarttls))), Level::None);
    assert_eq!(with(plain(failed(Outcome::Stalled))), Level::Unknown);
    assert_eq!(
        with(server(UNCHECKED, StsHost::Nothing, good())),
        Level::Unknown
    );
    // Left out, but it may be there for others: not published.
    assert_eq!(with(plain(failed(Outcome::Unreachable))), Level::Verified);
    let mut nowhere = plain(None);
    nowhere.resolved = Resolved::Nothing;
    assert_eq!(with(nowhere), Level::Verified);
    // What could not be asked is not left out, reachable or not.
    let unasked = server(UNCHECKED, StsHost::Nothing, failed(Outcome::Unreachable));
    assert_eq!(with(unasked), Level::Unknown);
}

#[test]
fn a_server_that_is_away_gets_nothing_better_than_the_others_showed() {
    let away = || {
        server(
            Dane::Nothing,
            StsHost::Nothing,
            failed(Outcome::Unreachable),
        )
    };
    let level = |first: Exchanger| weigh(&domain(vec![first, away()]));
    let old = Some(tls("TLSv1.2", &[Certificate::Expired]));
    assert_eq!(
        level(server(Dane::Nothing, StsHost::Nothing, old)),
        Level::Offered
    );
    // Published, but it showed nothing: nobody proved anything.
    assert_eq!(
        level(server(
            Dane::Published,
            StsHost::Nothing,
            failed(Outcome::Stalled)
        )),
        Level::Unknown
    );
    assert_eq!(weigh(&domain(vec![away(), away()])), Level::Unknown);
}

#[test]
fn an_alias_as_mail_server_is_never_held_up() {
    let mut alias = server(Dane::NotSigned, StsHost::Enforced, None);
    alias.resolved = Resolved::Alias;
    assert_eq!(weigh(&domain(vec![alias.clone()])), Level::Unknown);
    let good = server(Dane::Matched, StsHost::Nothing, good());
    assert_eq!(weigh(&domain(vec![good, alias])), Level::Unknown);
}

#[test]
fn a_domain_without_mail_or_answer_has_no_level_and_says_which() {
    for (route, is_refused, code) in [
        (MailRoute::NullMx, true, NoteCode::NullMx),
        (MailRoute::Nowhere, true, NoteCode::NoSuchDomain),
        (
            MailRoute::Unchecked { why: Why::Bogus },
            false,
            NoteCode::Bogus,
        ),
        (
            MailRoute::Unchecked { why: Why::Timeout },
            false,
            NoteCode::MxUnchecked,
        ),
    ] {
        let findings = Findings {
            route,
            ..domain(Vec::new())
        };
        assert_eq!(findings.level(), Level::Unknown);
        assert_eq!(findings.takes_no_mail(), is_refused);
        assert!(findings.notes().iter().any(|n| n.code == code), "{code:?}");
    }
}

#[test]
fn more_servers_than_are_examined_are_not_known_to_be_good() {
    let findings = Findings {
        left_out: 1,
        ..domain(vec![server(Dane::Matched, StsHost::Nothing, good())])
    };
    assert_eq!(findings.level(), Level::Unknown);
}

#[test]
fn only_what_our_own_server_promises_makes_a_guarantee() {
    let dane = domain(vec![server(Dane::Published, StsHost::Nothing, None)]);
    let sts = domain(vec![server(Dane::Nothing, StsHost::Enforced, None)]);
    let both = domain(vec![dane.mx[0].clone(), sts.mx[0].clone()]);
    let bare = domain(vec![server(Dane::Nothing, StsHost::Nothing, good())]);
    let none = Promise::default();
    let follows_dane = Promise {
        honours_dane: true,
        ..none
    };
    let follows_sts = Promise {
        honours_sts: true,
        ..none
    };
    let follows_both = Promise {
        honours_dane: true,
        honours_sts: true,
        ..none
    };
    let level = |f: &Findings, p: Promise| raised(f.level(), f, &p);
    assert_eq!(level(&dane, none), Level::Published);
    assert_eq!(level(&dane, follows_dane), Level::Guaranteed);
    assert_eq!(level(&dane, follows_sts), Level::Published);
    assert_eq!(level(&sts, follows_dane), Level::Published);
    assert_eq!(level(&sts, follows_sts), Level::Guaranteed);
    assert_eq!(level(&both, follows_dane), Level::Published);
    assert_eq!(level(&both, follows_both), Level::Guaranteed);
    assert_eq!(level(&bare, follows_both), Level::Verified);
    for enforced in [
        Promise {
            accepted_requiretls: true,
            ..none
        },
        Promise {
            forces_tls: true,
            ..none
        },
    ] {
        assert_eq!(level(&bare, enforced), Level::Guaranteed);
    }
}

#[test]
fn findings_survive_the_store_and_never_carry_a_promise() {
    let mut findings = domain(vec![
        server(Dane::Matched, StsHost::Enforced, good()),
        server(UNCHECKED, StsHost::Nothing, failed(Outcome::Stalled)),
    ]);
    findings.mx[0].addresses = vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()];
    let text = serde_json::to_string(&findings).unwrap();
    assert_eq!(serde_json::from_str::<Findings>(&text).unwrap(), findings);
    assert!(!text.contains("guaranteed") && !text.contains("honours"));
}
