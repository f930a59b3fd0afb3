//! Certificates of other people in the window: asked about before anything is kept, pinned by a key of its own, taken
//! back; and notices of those that end soon.

use std::{path::PathBuf, sync::Arc};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;
use segl::{
    app::{
        command::Command,
        imports::{Act, Looked, Task, Told, Wanted},
        message::{Event as Report, Job, Message},
        options::{Ask as Wish, Facts, Section, Spot as Line, Told as OptionsTold},
        place::{Place, Spot},
        state::Ask,
        theme::Theme,
    },
    cert::{Ending, Whose},
    decide::Light,
    mail::{Address, Digest, Kind},
    segl::{Learned, NoPin, Offer, Offered, Other, Pin, Pinning, TakenOthers, Tie},
    words::Lang,
};

use crate::{options, people::*, support::*};

const CTRL: Modifiers = Modifiers {
    command: true,
    ctrl: true,
    ..Modifiers::NONE
};

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

/// A file with a certificate of somebody else's address, looked at for Eva.
fn looked(tie: Tie, is_dropped: bool) -> Box<Looked> {
    let offered = Arc::new(Offered::of_file(STRANGER_PEM.as_bytes()).unwrap());
    let offer = Offer {
        certificate: offered.certificates[0].clone(),
        address: Some(address(EVA)),
        tie,
        is_for_signing: false,
        problems: Vec::new(),
    };
    Box::new(Looked {
        path: "/hent/eva.cer".into(),
        offered,
        offers: vec![offer],
        address: Some(address(EVA)),
        is_dropped,
    })
}

/// A mail to Eva, who has no certificate.
fn desk(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    desk.address(&format!("Eva Borger <{EVA}>"));
    desk.find(not_found(EVA));
    desk.take();
    desk
}

fn asked(lang: Lang, theme: Theme, tie: Tie, is_dropped: bool) -> Desk {
    let mut desk = desk(lang, theme);
    desk.hear(Report::Import(Told::Looked(looked(tie, is_dropped))));
    desk.wait(500);
    desk
}

fn ending(is_issuer: bool, days: u16) -> Ending {
    Ending {
        certificate: Digest::of(b"one"),
        subject: "CN=Anne Hansen".to_owned(),
        not_after: at("2026-11-24T00:00:00"),
        days,
        is_issuer,
    }
}

/// What was taken in, as the settings show it: a stranger's certificate that is pinned to Eva, and of whose reader
/// something is known.
pub(crate) fn taken() -> Other {
    let looked = looked(Tie::Pinned { at: pinned_at() }, false);
    let certificate = looked.offered.certificates[0].clone();
    let sha256 = certificate.sha256();
    let pin = Pin {
        sha256,
        at: pinned_at(),
        by: "anne".to_owned(),
    };
    let learned = Learned {
        sha256,
        signer: sha256,
        signed_at: at("2026-11-02T08:00:00"),
        at: pinned_at(),
        capabilities: None,
        shows_hidden_subject: true,
    };
    Other {
        certificate,
        offers: looked.offers,
        pins: vec![(address(EVA), pin)],
        learned: vec![(address(EVA), learned)],
    }
}

fn pinned_at() -> Timestamp {
    at("2026-11-03T10:00:00")
}

/// The settings, at the page of certificates.
fn page(others: Vec<Other>) -> Screen {
    let mut desk = options::settings(Lang::En, Theme::Light, Section::Others);
    let facts = Facts {
        others: Ok(others),
        ..options::facts()
    };
    desk.hear(Report::Options(OptionsTold::Facts(Box::new(facts))));
    open(desk)
}

pub(crate) fn question_picture(lang: Lang, theme: Theme) -> Desk {
    asked(lang, theme, Tie::None, true)
}

pub(crate) fn pinned_picture(lang: Lang, theme: Theme) -> Desk {
    let mut desk = desk(lang, theme);
    desk.find(pinned(EVA, "Eva Borger"));
    let own = Told::Endings(Whose::Own, vec![ending(false, 14)]);
    desk.hear(Report::Import(own));
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.wait(3_000);
    desk
}

fn is_asked(desk: &Desk) -> bool {
    matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::Import(_))
    )
}

fn tasks(desk: &mut Desk) -> Vec<Task> {
    let tasks = desk.take().into_iter().filter_map(|job| match job {
        Job::Import(task) => Some(task),
        _ => None,
    });
    tasks.collect()
}

/// Whether a text stands somewhere on the screen.
fn shows(screen: &Screen, text: &str) -> bool {
    let text = text.to_owned();
    let found = screen.query_all_by(move |n| {
        let texts = [n.label(), n.value()];
        texts.into_iter().flatten().any(|t| t.contains(&text))
    });
    found.count() > 0
}

#[test]
fn a_file_is_asked_for_the_recipient_that_is_selected() {
    let mut desk = desk(Lang::En, Theme::Light);
    desk.run(Command::ImportCertificate);
    let [
        Task::Pick(Wanted {
            selected: None,
            only_red: Some(red),
        }),
    ] = &tasks(&mut desk)[..]
    else {
        panic!("the only red one is meant where the file names nobody")
    };
    assert_eq!(red.given(), EVA);
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::ImportCertificate);
    let [
        Task::Pick(Wanted {
            selected: Some(selected),
            ..
        }),
    ] = &tasks(&mut desk)[..]
    else {
        panic!("the selected one is meant")
    };
    assert_eq!(selected.given(), EVA);
}

#[test]
fn what_is_in_the_file_is_shown_and_enter_goes_back_without_keeping_it() {
    let mut screen = open(asked(Lang::En, Theme::Light, Tie::None, false));
    for text in [
        "Certificates in eva.cer",
        "the certificate names eva@fremmed-eksempel.dk. It belongs to Eva Borger, organisation Fremmed ApS",
        "Check the fingerprint by telephone",
        "Pin to eva@mail-eksempel.dk",
    ] {
        assert!(shows(&screen, text), "{text}");
    }
    assert_eq!(screen.focused().as_deref(), Some("Back to the mail"));
    screen.press(Key::Enter, Modifiers::NONE);
    let jobs = screen.jobs();
    assert!(
        !jobs.iter().any(|j| matches!(j, Job::Import(_))),
        "{jobs:?}"
    );
    assert!(screen.state().state.dialog.is_none());
}

#[test]
fn nothing_is_pinned_but_by_its_own_keys_and_what_is_kept_is_what_was_shown() {
    let mut screen = open(asked(Lang::En, Theme::Light, Tie::None, false));
    let place = Place::Button(Spot::Dialog, Command::Import(Act::Pin));
    for _ in 0..6 {
        if screen.state().state.focus != place {
            screen.press(Key::Tab, Modifiers::NONE);
        }
    }
    assert_eq!(screen.state().state.focus, place);
    screen.press(Key::Enter, Modifiers::NONE);
    let jobs = screen.jobs();
    assert!(
        !jobs.iter().any(|j| matches!(j, Job::Import(_))),
        "{jobs:?}"
    );
    assert!(
        screen.spoken().contains("Ctrl+Shift+Enter"),
        "{}",
        screen.spoken()
    );
    let shown = match &screen.state().state.dialog.as_ref().unwrap().ask {
        Ask::Import(question) => question.entries[0].1.clone(),
        other => panic!("{other:?}"),
    };
    screen.press(
        Key::Enter,
        Modifiers {
            shift: true,
            ..CTRL
        },
    );
    let jobs = screen.jobs();
    let taken = jobs.iter().find_map(|job| match job {
        Job::Import(Task::Take {
            offered,
            address,
            pinning: Pinning::Yes,
        }) => Some((offered, address)),
        _ => None,
    });
    let (offered, address) = taken.unwrap_or_else(|| panic!("{jobs:?}"));
    assert_eq!(address.as_ref().map(Address::given), Some(EVA));
    let sha256 = offered.certificates[0].sha256().to_string();
    let plain = |l: &String| l.replace(' ', "").to_lowercase();
    let told = shown.iter().any(|l| plain(l).contains(&sha256));
    assert!(told, "the fingerprint that was shown: {shown:?}");
}

#[test]
fn a_question_that_just_opened_takes_no_key_for_an_answer() {
    let mut desk = desk(Lang::En, Theme::Light);
    desk.hear(Report::Import(Told::Looked(looked(Tie::None, false))));
    desk.wait(100);
    desk.run(Command::Import(Act::Pin));
    assert!(is_asked(&desk) && tasks(&mut desk).is_empty());
}

#[test]
fn where_pins_are_refused_there_is_no_button_for_it_and_its_keys_do_nothing() {
    let refused = [NoPin::Policy, NoPin::Rule].map(Tie::Refused);
    for tie in refused.into_iter().chain([Tie::Bound]) {
        let mut desk = asked(Lang::En, Theme::Light, tie, false);
        let Some(Ask::Import(question)) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
            panic!("not asked")
        };
        let pin = Command::Import(Act::Pin);
        assert!(!question.commands().contains(&pin), "{tie:?}");
        desk.run(pin);
        assert!(tasks(&mut desk).is_empty(), "{tie:?}");
    }
}

#[test]
fn one_dropped_certificate_or_signed_mail_is_looked_into_and_everything_else_is_attached() {
    for (paths, is_looked) in [
        (&["/hent/eva.cer"][..], true),
        (&["/hent/MAIL.EML"], true),
        (&["/hent/smime.p7m"], true),
        (&["/sag/replik.pdf"], false),
        (&["/hent/eva.cer", "/sag/replik.pdf"], false),
    ] {
        let mut desk = desk(Lang::En, Theme::Light);
        desk.step(Message::Dropped(paths.iter().map(PathBuf::from).collect()));
        let jobs = desk.take();
        let is_dropped = |j: &Job| {
            let Job::Import(task) = j else { return false };
            matches!(
                task,
                Task::Look {
                    is_dropped: true,
                    ..
                }
            )
        };
        assert_eq!(jobs.iter().any(is_dropped), is_looked, "{paths:?}");
        let is_attached = jobs.iter().any(|j| matches!(j, Job::AttachFiles(_)));
        assert_eq!(is_attached, !is_looked, "{paths:?}");
    }
}

#[test]
fn what_was_dropped_can_still_be_attached() {
    let mut desk = asked(Lang::En, Theme::Light, Tie::None, true);
    desk.run(Command::Import(Act::Attach));
    let jobs = desk.take();
    let is_it = |j: &Job| matches!(j, Job::AttachFiles(paths) if paths[0].ends_with("eva.cer"));
    assert!(jobs.iter().any(is_it), "{jobs:?}");
    assert!(!is_asked(&desk));
}

#[test]
fn what_was_pinned_is_looked_up_again_and_shown_as_pinned_with_a_way_back() {
    let mut desk = desk(Lang::En, Theme::Light);
    let taken = TakenOthers {
        count: 1,
        kept: 1,
        pinned: vec![Digest::of(b"one")],
        has_learned: false,
    };
    desk.hear(Report::Import(Told::Taken {
        taken,
        address: Some(address(EVA)),
    }));
    let is_asked_again = |jobs: &[Job]| jobs.iter().any(|j| matches!(j, Job::Assess { .. }));
    assert!(is_asked_again(&desk.take()));
    desk.find(pinned(EVA, "Eva Borger"));
    let found = &desk.state.found[&address(EVA)];
    let route = found.route(&desk.state.setup.policy);
    assert_eq!(route.light(), Light::Green);
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Details);
    let mut screen = open(desk);
    assert!(shows(
        &screen,
        "You pinned this certificate to the address on"
    ));
    assert!(shows(&screen, "pinned"), "so says the chip");
    screen.get_by_label("Take the pin back").click();
    screen.run_ok();
    let jobs = screen.jobs();
    let is_it = |j: &Job| matches!(j, Job::Import(Task::Unpin(a, None)) if a.given() == EVA);
    assert!(jobs.iter().any(is_it), "{jobs:?}");
    screen.hear(Report::Import(Told::Unpinned(address(EVA), 1)));
    assert!(is_asked_again(&screen.jobs()));
}

#[test]
fn a_certificate_that_ends_soon_is_a_notice_with_what_to_do() {
    for (whose, is_issuer, wanted) in [
        (Whose::Own, false, "in at most 14 days"),
        (Whose::Own, false, "Order a new one now"),
        (Whose::Own, true, "Ask your IT department"),
        (Whose::Other, false, "Ask the recipient for a new one"),
        (Whose::Other, true, "Tell your IT department"),
    ] {
        let mut desk = desk(Lang::En, Theme::Light);
        let told = Told::Endings(whose, vec![ending(is_issuer, 14)]);
        desk.hear(Report::Import(told));
        let screen = open(desk);
        assert!(
            shows(&screen, wanted) && shows(&screen, "CN=Anne Hansen"),
            "{wanted}"
        );
        assert!(shows(&screen, "Hide"), "put away like any notice");
    }
}

#[test]
fn the_settings_show_what_was_taken_in_with_whom_it_is_for_and_what_takes_it_back() {
    let mut screen = page(vec![taken()]);
    for wanted in [
        "For eva@mail-eksempel.dk: you pinned it to this address on",
        "The certificate names eva@fremmed-eksempel.dk",
        "Mail to the address is encrypted to it",
        "it shows hidden subjects",
    ] {
        assert!(shows(&screen, wanted), "{wanted}");
    }
    let sha256 = taken().certificate.sha256();
    screen
        .get_by_label("Take the pin to eva@mail-eksempel.dk back")
        .click();
    screen.run_ok();
    let jobs = screen.jobs();
    let is_it = |j: &Job| matches!(j, Job::Import(Task::Unpin(a, Some(f))) if a.given() == EVA && *f == sha256);
    assert!(jobs.iter().any(is_it), "{jobs:?}");
    // What is shown is read again; nobody is looked up from here.
    screen.hear(Report::Import(Told::Unpinned(address(EVA), 1)));
    assert!(
        screen
            .spoken()
            .contains("no longer pinned to eva@mail-eksempel.dk")
    );
    let jobs = screen.jobs();
    assert!(matches!(&jobs[..], [Job::Options(Wish::Facts)]), "{jobs:?}");
}

#[test]
fn a_certificate_is_removed_by_delete_or_by_its_button_and_the_focus_stays_somewhere() {
    for by_key in [true, false] {
        let mut screen = page(vec![taken()]);
        let sha256 = taken().certificate.sha256();
        if by_key {
            let line = Place::Options(Line::Item(format!("other {sha256}")));
            screen.state_mut().step(Message::Focus(line), start());
            screen.run_ok();
            screen.press(Key::Delete, Modifiers::NONE);
        } else {
            let name = format!("Remove the certificate of {}", removed_name());
            screen.get_by_label(&name).click();
            screen.run_ok();
        }
        let jobs = screen.jobs();
        let is_it =
            |j: &Job| matches!(j, Job::Import(Task::Remove { sha256: f, .. }) if *f == sha256);
        assert!(jobs.iter().any(is_it), "{by_key} {jobs:?}");
        screen.hear(Report::Import(Told::Removed(removed_name())));
        assert!(screen.spoken().contains("was removed"));
        let jobs = screen.jobs();
        assert!(matches!(&jobs[..], [Job::Options(Wish::Facts)]), "{jobs:?}");
        let none = Facts {
            others: Ok(Vec::new()),
            ..options::facts()
        };
        screen.hear(Report::Options(OptionsTold::Facts(Box::new(none))));
        assert!(shows(&screen, "Ctrl+I in a mail takes one in"));
        assert!(screen.focused().is_some(), "the focus is never nowhere");
    }
}

/// As the page calls the certificate.
fn removed_name() -> String {
    "Eva Borger, organisation Fremmed ApS".to_owned()
}
