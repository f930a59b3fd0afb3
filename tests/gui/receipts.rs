//! Asking for a receipt from the warning, told before anything leaves; a receipt that is dropped on the mail, read there.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use segl::{
    app::{
        command::Command,
        imports,
        message::{Event as Report, Job, Message},
        place::{Place, Spot},
        receipts::{Act, Task, Told},
        report::Trouble,
        state::Ask,
    },
    mail::Address,
    words::Lang,
};

use crate::{people::*, support::*};

const CTRL: Modifiers = Modifiers {
    command: true,
    ctrl: true,
    ..Modifiers::NONE
};
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..CTRL
};

/// A mail to Eva, who has no certificate, with the warning open.
fn warned(lang: Lang) -> Screen {
    let mut desk = Desk::new(lang);
    desk.address(&format!("Eva Borger <{EVA}>"));
    desk.find(not_found(EVA));
    desk.take();
    let mut screen = open(desk);
    screen.press(Key::Enter, CTRL);
    screen.pass(500);
    assert!(matches!(asked(&screen), Some(Ask::Warning { .. })));
    screen
}

fn asked(screen: &Screen) -> Option<&Ask> {
    screen.state().state.dialog.as_ref().map(|d| &d.ask)
}

fn shows(screen: &Screen, text: &str) -> bool {
    let text = text.to_owned();
    let found = screen.query_all_by(move |n| {
        let texts = [n.label(), n.value()];
        texts.into_iter().flatten().any(|t| t.contains(&text))
    });
    found.count() > 0
}

fn is_request(job: &Job) -> bool {
    matches!(job, Job::Receipts(Task::Ask(all)) if all.iter().map(Address::given).eq([EVA]))
}

#[test]
fn the_warning_offers_to_ask_and_says_first_what_will_leave_and_to_whom() {
    for (lang, button, what) in [
        (
            Lang::En,
            "Ask for a receipt…",
            "An empty mail leaves now, not encrypted, in your name, to:",
        ),
        (
            Lang::Da,
            "Bed om en kvittering…",
            "En tom mail sendes nu, ikke krypteret, i dit navn, til:",
        ),
    ] {
        let mut screen = warned(lang);
        assert!(shows(&screen, button), "{button}");
        screen.press(Key::R, CTRL_SHIFT);
        screen.pass(500);
        let jobs = screen.jobs();
        assert!(
            !jobs
                .iter()
                .any(|j| matches!(j, Job::Receipts(_) | Job::Send { .. })),
            "{jobs:?}"
        );
        assert!(matches!(asked(&screen), Some(Ask::Receipts(_))));
        assert!(shows(&screen, what) && shows(&screen, EVA), "{what}");
        // Enter goes back, whatever has the focus.
        screen.press(Key::Enter, Modifiers::NONE);
        assert!(asked(&screen).is_none());
        assert!(!screen.jobs().iter().any(is_request));
    }
}

#[test]
fn only_its_own_keys_send_the_request_and_the_mail_stays() {
    let mut screen = warned(Lang::En);
    screen.press(Key::R, CTRL_SHIFT);
    screen.pass(500);
    let place = Place::Button(Spot::Dialog, Command::Receipts(Act::Ask));
    for _ in 0..6 {
        if screen.state().state.focus != place {
            screen.press(Key::Tab, Modifiers::NONE);
        }
    }
    assert_eq!(screen.state().state.focus, place);
    assert_eq!(screen.focused().as_deref(), Some("Send the request"));
    screen.press(Key::Enter, Modifiers::NONE);
    assert!(!screen.jobs().iter().any(is_request));
    screen.press(Key::Enter, CTRL_SHIFT);
    assert!(
        !screen.jobs().iter().any(is_request),
        "what sends the mail itself"
    );
    screen.press(Key::Enter, Modifiers::COMMAND);
    let jobs = screen.jobs();
    assert!(jobs.iter().any(is_request), "{jobs:?}");
    assert!(
        !jobs.iter().any(|j| matches!(j, Job::Send { .. })),
        "{jobs:?}"
    );
    assert!(asked(&screen).is_none());
    let told = Told::Asked(vec![format!("{EVA} is asked for a receipt.")], None);
    screen.hear(Report::Receipts(told));
    assert!(
        screen.spoken().contains("is asked for a receipt"),
        "{}",
        screen.spoken()
    );
    assert!(shows(&screen, "is asked for a receipt"));
}

#[test]
fn the_keys_of_a_request_that_was_not_opened_send_nothing_from_the_warning() {
    let mut screen = warned(Lang::En);
    screen.pass(500);
    screen.press(Key::Enter, Modifiers::COMMAND);
    screen.pass(500);
    let jobs = screen.jobs();
    assert!(
        !jobs
            .iter()
            .any(|j| is_request(j) || matches!(j, Job::Send { .. })),
        "{jobs:?}"
    );
    assert!(matches!(asked(&screen), Some(Ask::Warning { .. })));
}

#[test]
fn who_was_asked_is_told_even_where_a_later_request_failed() {
    let mut screen = warned(Lang::En);
    let trouble = Trouble {
        todo: "Ask again later.".to_owned(),
        ..trouble_of("The mail server did not answer.")
    };
    let asked = vec![format!("{EVA} is asked for a receipt.")];
    let told = Told::Asked(asked, Some(Box::new(trouble)));
    screen.hear(Report::Receipts(told));
    screen.press(Key::Escape, Modifiers::NONE);
    for told in ["is asked for a receipt", "The mail server did not answer."] {
        assert!(shows(&screen, told), "{told}");
    }
}

#[test]
fn one_address_of_each_domain_is_asked() {
    let mut desk = Desk::new(Lang::En);
    for address in [EVA, "mads@mail-eksempel.dk", COURT] {
        desk.address(address);
        desk.find(not_found(address));
    }
    desk.run(Command::Send);
    desk.wait(500);
    desk.run(Command::Receipts(Act::Propose));
    desk.wait(500);
    desk.take();
    desk.run(Command::Receipts(Act::Ask));
    let jobs = desk.take();
    let [Job::Receipts(Task::Ask(all))] = &jobs
        .iter()
        .filter(|j| matches!(j, Job::Receipts(_)))
        .collect::<Vec<_>>()[..]
    else {
        panic!("{jobs:?}")
    };
    assert_eq!(
        all.iter().map(Address::given).collect::<Vec<_>>(),
        [EVA, COURT]
    );
}

#[test]
fn a_receipt_that_is_dropped_is_read_line_by_line_and_can_still_be_attached() {
    let mut desk = Desk::new(Lang::En);
    desk.step(Message::Dropped(vec!["/hent/kvittering.eml".into()]));
    let is_looked = |j: &Job| {
        matches!(
            j,
            Job::Import(imports::Task::Look {
                is_dropped: true,
                ..
            })
        )
    };
    assert!(desk.take().iter().any(is_looked));
    let lines = vec![
        "A receipt of the recipient's mail program from eva@mail-eksempel.dk.".to_owned(),
        "mx.advokat-eksempel.dk took it: TLS 1.3. Seen by our own mail server.".to_owned(),
        "evil\u{202E}txt".to_owned(),
    ];
    desk.hear(Report::Receipts(Told::Taken {
        path: "/hent/kvittering.eml".into(),
        lines: lines.clone(),
    }));
    desk.wait(500);
    let mut screen = open(desk);
    assert!(shows(&screen, &lines[1]) && shows(&screen, "evil\\u{202E}txt"));
    assert_eq!(screen.focused().as_deref(), Some("Close"));
    screen.press(Key::Escape, Modifiers::NONE);
    assert!(asked(&screen).is_none());
    let mut desk = Desk::new(Lang::En);
    desk.hear(Report::Receipts(Told::Taken {
        path: "/hent/kvittering.eml".into(),
        lines,
    }));
    desk.wait(500);
    desk.run(Command::Receipts(Act::Attach));
    let is_it =
        |j: &Job| matches!(j, Job::AttachFiles(paths) if paths[0].ends_with("kvittering.eml"));
    assert!(desk.take().iter().any(is_it));
}
