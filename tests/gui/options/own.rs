//! Own certificates in the settings: what is told of them, taking a key file in, a backup, a PIN, and testing.

use std::path::PathBuf;

use segl::{
    app::{
        message::{Event as Report, Job},
        own_keys::{Act as Own, Question, Task, Told as Heard},
        report::{Step, Trouble},
        state::Ask as Asked,
    },
    cert::{Certificate, certificates},
    keys::{PinTries, Token, TokenState},
    mail::Address,
    segl::{OwnState, OwnTest, OwnVerdict, TokenPlace},
};

use super::*;

fn fixed(pem: &[u8]) -> Certificate {
    certificates(pem).unwrap().remove(0).unwrap()
}

pub(crate) fn place(tries: PinTries, on_reader: bool) -> TokenPlace {
    TokenPlace {
        token: Token {
            label: "Annes kort".to_owned(),
            serial: "0123456789abcdef".to_owned(),
        },
        state: TokenState::Locked { tries, on_reader },
    }
}

/// One that is kept and ends soon, and one in a card that wants its PIN. Always the same, so that pictures are.
pub(crate) fn verdicts() -> OwnTest {
    let verdict = |pem: &[u8], state| OwnVerdict {
        certificate: fixed(pem),
        state,
        signing: Vec::new(),
        reading: Vec::new(),
        senders: vec![Address::parse("anne@advokat-eksempel.dk").unwrap()],
        ends_within: None,
        chain_ends: None,
        endings: Vec::new(),
        place: None,
        remark: None,
    };
    OwnTest {
        verdicts: vec![
            OwnVerdict {
                place: Some(place(PinTries::Fine, false)),
                ..verdict(include_bytes!("own/card.pem"), OwnState::Signs)
            },
            OwnVerdict {
                ends_within: Some(30),
                ..verdict(include_bytes!("own/kept.pem"), OwnState::Reads)
            },
        ],
        faults: Vec::new(),
        damaged: Vec::new(),
    }
}

fn desk() -> Desk {
    settings(Lang::En, Theme::Light, Section::Own)
}

fn kept() -> segl::cert::Fingerprint {
    fixed(include_bytes!("own/kept.pem")).sha256()
}

fn run(desk: &mut Desk, act: Own) {
    desk.run(Command::Options(Act::Own(act)));
}

fn answer(desk: &mut Desk, act: Own) -> Vec<Job> {
    desk.run(Command::Own(act));
    desk.take()
}

fn type_secrets(desk: &mut Desk, first: &str, second: &str) {
    let Some(Asked::OwnKeys(question)) = desk.state.dialog.as_mut().map(|d| &mut d.ask) else {
        panic!("no question")
    };
    match question {
        Question::Pin { typed, .. } | Question::KeyFile { typed, .. } => {
            first.clone_into(&mut typed.0);
        }
        Question::Backup { typed, again, .. } => {
            first.clone_into(&mut typed.0);
            second.clone_into(&mut again.0);
        }
    }
}

fn trouble() -> Box<Trouble> {
    Box::new(Trouble {
        todo: "Choose another file.".to_owned(),
        steps: vec![Step::CopyForIt],
        ..trouble_of("The file exists already and is not overwritten.")
    })
}

#[test]
fn all_that_is_wrong_with_an_own_certificate_stands_beside_it() {
    let screen = settings_screen(Section::Own);
    for told in [
        "It ends within 30 days.",
        "Signs, and opens what is encrypted to it.",
        "Annes kort",
        "anne@advokat-eksempel.dk",
    ] {
        let found = screen.query_all_by_label_contains(told).count();
        assert!(found > 0, "{told}");
    }
    let shown = shown(&screen);
    let with = |act: &Own| {
        let has = |i: &&segl::app::options::Item| i.acts.contains(&Act::Own(act.clone()));
        shown.visible().filter(has).count()
    };
    // A key in a card is never written to a file.
    assert_eq!(with(&Own::BackUp(kept())), 1);
    let card = fixed(include_bytes!("own/card.pem")).sha256();
    assert_eq!(with(&Own::BackUp(card)), 0);
    assert_eq!((with(&Own::Choose), with(&Own::Test)), (1, 1));
}

#[test]
fn a_backup_asks_for_its_password_twice_and_tells_it_to_nobody() {
    let mut desk = desk();
    run(&mut desk, Own::BackUp(kept()));
    assert_eq!(desk.state.focus, Place::Password);
    desk.wait(500);
    assert!(
        answer(&mut desk, Own::Write).is_empty(),
        "an empty one is none"
    );
    assert_eq!(desk.state.focus, Place::Password);
    type_secrets(&mut desk, "hemmelig-42", "");
    assert!(answer(&mut desk, Own::Write).is_empty());
    assert_eq!(desk.state.focus, Place::PasswordAgain, "Enter goes on");
    type_secrets(&mut desk, "hemmelig-42", "hemmelig-43");
    assert!(
        answer(&mut desk, Own::Write).is_empty(),
        "one of them is mistyped"
    );
    assert_eq!(desk.state.focus, Place::PasswordAgain);
    type_secrets(&mut desk, "hemmelig-42", "hemmelig-42");
    let jobs = answer(&mut desk, Own::Write);
    let [Job::OwnKeys(Task::BackUp(which, password))] = &jobs[..] else {
        panic!("{jobs:?}")
    };
    assert_eq!((*which, password.0.as_str()), (kept(), "hemmelig-42"));
    assert!(!format!("{jobs:?}{:?}", desk.state.dialog).contains("hemmelig"));
    assert!(desk.state.dialog.is_none());
    let file = PathBuf::from("/home/anne/nøgle.p12");
    desk.hear(Report::OwnKeys(Heard::BackedUp(Ok(file))));
    assert_eq!(
        desk.state.notices,
        ["The backup is saved: /home/anne/nøgle.p12"]
    );
    desk.hear(Report::OwnKeys(Heard::BackedUp(Err(trouble()))));
    assert!(desk.state.trouble.is_some());
}

#[test]
fn a_key_file_is_taken_in_with_its_password_and_the_page_reads_again() {
    let mut desk = desk();
    run(&mut desk, Own::Choose);
    let jobs = desk.take();
    assert!(matches!(jobs[..], [Job::OwnKeys(Task::Choose)]), "{jobs:?}");
    let file = PathBuf::from("/home/anne/anne.p12");
    desk.hear(Report::OwnKeys(Heard::Chosen(file.clone())));
    assert_eq!(desk.state.focus, Place::Password);
    desk.wait(500);
    // Some key files have no password.
    let jobs = answer(&mut desk, Own::TakeIn);
    let [Job::OwnKeys(Task::TakeIn(taken, password))] = &jobs[..] else {
        panic!("{jobs:?}")
    };
    assert_eq!((taken, password.0.as_str()), (&file, ""));
    desk.hear(Report::OwnKeys(Heard::TakenIn(Ok(1))));
    assert!(desk.state.notices[0].contains("The key is kept"));
    assert!(matches!(desk.take()[..], [Job::Options(Ask::Facts)]));
    // Whoever is in the middle of something else is not pulled out of it.
    run(&mut desk, Own::BackUp(kept()));
    desk.hear(Report::OwnKeys(Heard::Chosen(file)));
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Asked::OwnKeys(Question::Backup { .. }))
    ));
}

#[test]
fn a_test_of_own_certificates_tells_how_it_ended_and_shows_it() {
    let mut desk = desk();
    run(&mut desk, Own::Test);
    let jobs = desk.take();
    assert!(matches!(jobs[..], [Job::OwnKeys(Task::Test)]), "{jobs:?}");
    desk.hear(Report::OwnKeys(Heard::Tested(Ok(2))));
    assert_eq!(
        desk.state.notices,
        ["Your certificates are tested. Something is wrong in 2 places."]
    );
    assert!(matches!(desk.take()[..], [Job::Options(Ask::Facts)]));
}

/// The question for the password of a backup, as a picture.
pub(crate) fn picture(lang: Lang, theme: Theme) -> Desk {
    let mut desk = settings(lang, theme, Section::Own);
    run(&mut desk, Own::BackUp(kept()));
    desk.wait(500);
    desk
}
