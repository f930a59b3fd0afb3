//! A tunnel list that waits: every difference is shown and read, and only what was seen is confirmed.

use segl::{
    app::options::{ListAct, ListDone},
    mail::Digest,
    segl::{KeptList, ListSource, TunnelStatus, WaitingList},
    tunnel::{Changed, Field, Reason, Review},
};

use super::*;

fn kept(octets: &[u8], entries: usize) -> KeptList {
    KeptList {
        sha256: Digest::of(octets),
        size: 40_960,
        entries,
        keys: 0,
        faults: 0,
        source: ListSource::File("/srv/segl/tunnel.csv".into()),
        from: at("2026-11-11T06:00:00"),
        taken_at: at("2026-11-11T06:00:00"),
        signed_by: None,
        is_membership_only: false,
    }
}

fn changed(listed: String, field: Field, before: &str, after: &str) -> Changed {
    Changed {
        listed,
        fields: vec![(field, before.to_owned(), after.to_owned())],
    }
}

/// A list that shrinks, names the firm, and changes so many domains.
pub(crate) fn waiting(count: usize) -> TunnelStatus {
    let more = (3..count).map(|n| {
        let name = format!("kommune-{n:03}.example");
        changed(name, Field::Mode, "direct", "wrapped")
    });
    let all = [
        changed(
            "eksempelby-eksempel.dk".to_owned(),
            Field::Mailbox,
            "sikkerpost@eksempelby-eksempel.dk",
            "ny@eksempelby-eksempel.dk",
        ),
        changed(
            "ret-eksempel.dk".to_owned(),
            Field::Key,
            &"ab".repeat(32),
            &"cd".repeat(32),
        ),
        changed(
            "skat-eksempel.dk".to_owned(),
            Field::Number,
            "NTRDK-11223344",
            "",
        ),
    ];
    TunnelStatus {
        in_force: Some(kept(b"before", 1_500)),
        is_old: false,
        waiting: Some(WaitingList {
            kept: kept(b"after", 900),
            review: Review {
                before: 1_500,
                after: 900,
                added: 0,
                removed: 600,
                gone: (0..50).map(|n| format!("borte-{n}.example")).collect(),
                changed: all.into_iter().chain(more).collect(),
                own: vec!["advokat-eksempel.dk".to_owned()],
            },
            reasons: vec![Reason::Shrinks, Reason::Own, Reason::Changes],
        }),
        trouble: None,
    }
}

fn page_in(lang: Lang, theme: Theme, status: TunnelStatus) -> Desk {
    let mut desk = settings(lang, theme, Section::Tunnel);
    let facts = Facts {
        tunnel: Ok(status),
        ..facts()
    };
    desk.hear(Report::Options(Told::Facts(Box::new(facts))));
    desk
}

fn page(status: TunnelStatus) -> Screen {
    open(page_in(Lang::En, Theme::Light, status))
}

fn acts(screen: &mut Screen) -> Vec<ListAct> {
    let jobs = screen.jobs().into_iter().filter_map(|job| match job {
        Job::Options(Ask::List(act)) => Some(act),
        _ => None,
    });
    jobs.collect()
}

/// Whether a line of the page says this to a screen reader.
fn says(screen: &Screen, text: &str) -> bool {
    screen.query_all_by_label_contains(text).count() > 0
}

#[test]
fn why_a_list_waits_and_every_difference_is_shown_and_read() {
    let screen = page(waiting(3));
    for text in [
        "A new list waits for you",
        "600 of 1500 domains are gone",
        "Gone: borte-0.example, borte-1.example",
        "and 550 more",
        "It names your own domains: advokat-eksempel.dk",
        "mailbox was sikkerpost@eksempelby-eksempel.dk, would be ny@eksempelby-eksempel.dk",
        "CVR was NTRDK-11223344, would be nothing",
        &"cd".repeat(32),
        "/srv/segl/tunnel.csv",
        "In force now",
    ] {
        assert!(says(&screen, text), "{text}");
    }
    let danish = open(page_in(Lang::Da, Theme::Light, waiting(3)));
    assert!(says(&danish, "En ny liste venter på dig"));
    assert!(says(&danish, "600 af 1500 domæner er væk"));
}

#[test]
fn only_the_list_that_was_shown_is_confirmed_and_by_keyboard() {
    let mut screen = page(waiting(3));
    let mut tabs = 0;
    let confirm = Act::List(ListAct::Confirm(Digest::of(b"after")));
    let wanted = Place::Button(place::Spot::Page, Command::Options(confirm));
    while screen.state().state.focus != wanted {
        tabs += 1;
        assert!(tabs < 20, "Tab does not reach the button");
        screen.press(Key::Tab, NONE);
    }
    assert!(acts(&mut screen).is_empty(), "nothing by the way");
    screen.press(Key::Enter, NONE);
    assert_eq!(
        acts(&mut screen),
        [ListAct::Confirm(Digest::of(b"after"))],
        "with the digest of what was shown"
    );
    screen.hear(Report::Options(Told::List(ListDone::InForce(900))));
    assert!(screen.spoken().contains("900 domains is in force now"));
    let again = |j: &Job| matches!(j, Job::Options(Ask::Facts));
    assert!(screen.jobs().iter().any(again), "the page reads again");
}

#[test]
fn a_list_is_discarded_and_the_one_before_stays() {
    let mut screen = page(waiting(3));
    let discard = Command::Options(Act::List(ListAct::Discard));
    let wanted = Place::Button(place::Spot::Page, discard);
    for _ in 0..20 {
        if screen.state().state.focus != wanted {
            screen.press(Key::Tab, NONE);
        }
    }
    assert_eq!(screen.focused().as_deref(), Some("Discard the new list"));
    screen.press(Key::Enter, NONE);
    assert_eq!(acts(&mut screen), [ListAct::Discard]);
    screen.hear(Report::Options(Told::List(ListDone::Discarded)));
    assert!(screen.spoken().contains("The one before stays in force"));
    let rest = TunnelStatus {
        waiting: None,
        ..waiting(3)
    };
    let screen = page(rest);
    assert!(screen.query_by_label("Use the new list").is_none());
    assert!(says(&screen, "1500 domains"));
}

#[test]
fn a_list_that_changes_thousands_is_cut_and_says_where_the_rest_is() {
    let screen = page(waiting(5_000));
    let lines = shown(&screen).visible().count();
    assert!((200..220).contains(&lines), "{lines}");
    assert!(
        shown(&screen)
            .visible()
            .any(|i| i.title == "and 4800 more" && i.text.contains("segl tunnel status"))
    );
}

#[test]
fn an_old_list_and_none_at_all_are_told() {
    let old = TunnelStatus {
        is_old: true,
        waiting: None,
        ..waiting(3)
    };
    assert!(says(&page(old), "It is older than your rules want"));
    let none = TunnelStatus {
        in_force: None,
        is_old: false,
        waiting: None,
        trouble: None,
    };
    assert!(says(&page(none), "There is no tunnel list"));
}

#[test]
fn that_a_list_waits_is_said_where_mail_is_written() {
    let mut screen = open(Desk::new(Lang::En));
    screen.hear(Report::Options(Told::ListWaits));
    assert!(
        screen
            .spoken()
            .contains("A new tunnel list changes who reads your mail")
    );
    assert!(says(
        &screen,
        "waits until somebody has seen the differences"
    ));
}

/// Green by the gateway of the organisation, of which nobody knows yet that it works.
#[test]
fn a_chip_through_a_gateway_says_so_and_that_it_is_not_confirmed_yet() {
    const BORGER: &str = "borger@eksempelby-eksempel.dk";
    let told = |lang, answered| {
        let mut desk = Desk::new(lang);
        desk.address(BORGER);
        desk.find(through_gateway(BORGER, answered));
        let chip = desk.state.chip(segl::mail::Kind::To, BORGER).unwrap();
        let look = desk.state.look(chip, start());
        (look, open(desk))
    };
    let (look, screen) = told(Lang::En, None);
    assert_eq!(look.tone.key(), "look-green");
    for text in [
        "Will be encrypted to the organisation's gateway: Eksempelby Kommune",
        "Not yet confirmed with this organisation",
    ] {
        assert!(look.sentence.contains(text), "{}", look.sentence);
    }
    // To the ear: light, name and word.
    assert!(says(&screen, "Encrypted · gateway"));
    assert!(says(&screen, "Green"));
    let (look, screen) = told(Lang::Da, Some(at("2026-11-02T08:00:00")));
    assert!(
        look.sentence
            .contains("Krypteres til organisationens gateway")
    );
    assert!(!look.sentence.contains("Endnu ikke bekræftet"));
    assert!(says(&screen, "Krypteres · gateway"));
}
