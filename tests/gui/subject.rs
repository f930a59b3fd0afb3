//! The guard over a subject that stays clear.

use segl::{
    app::{
        aids::Act,
        command::Command,
        place::{Place, Spot},
        state::Phase,
    },
    config::{SubjectMode, SubjectRule},
    mail::Body,
    words::Lang,
};

use crate::{people::*, support::*};

const MOVE: Command = Command::Aid(Act::MoveSubject);

/// A mail with a text to somebody who is known so.
fn mail(subject: &str, known: std::sync::Arc<segl::decide::Assessment>) -> Desk {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.find(known);
    desk.state.draft.body = Body::Text("Kære Anne".to_owned());
    subject.clone_into(&mut desk.state.draft.subject);
    desk
}

fn is_leaving(desk: &Desk) -> bool {
    matches!(
        desk.state.phase,
        Phase::Holding { .. } | Phase::Sending { .. }
    )
}

#[test]
fn a_cpr_number_in_a_clear_subject_stops_the_mail_once_and_moves_into_the_text() {
    let mut desk = mail("CPR 070761-4285", person(ANNE, "Anne Holm"));
    desk.run(Command::Send);
    assert!(!is_leaving(&desk));
    let said = desk.state.voice.newest().to_owned();
    assert!(
        said.contains("Nothing was sent.") && said.contains("CPR number"),
        "{said}"
    );
    assert_eq!(desk.state.focus, Place::Button(Spot::Aids, MOVE));

    desk.run(MOVE);
    assert_eq!(desk.state.draft.subject, "");
    let Body::Text(text) = &desk.state.draft.body else {
        panic!()
    };
    assert_eq!(text, "CPR 070761-4285\n\nKære Anne");
    assert_eq!(desk.state.focus, Place::Subject);
    desk.run(Command::Send);
    assert!(is_leaving(&desk), "{:?}", desk.state.voice.newest());
}

#[test]
fn who_insists_sends_it_and_another_telling_subject_stops_again() {
    let mut desk = mail("Skilsmisse og forældremyndighed", person(ANNE, "Anne Holm"));
    desk.run(Command::Send);
    desk.state.draft.subject = "CPR 070761-4285".to_owned();
    desk.run(Command::Send);
    assert!(!is_leaving(&desk));
    desk.run(Command::Send);
    assert!(is_leaving(&desk));
}

#[test]
fn a_subject_stops_the_mail_also_where_it_is_known_only_later_that_it_goes_encrypted() {
    for known in [person(ANNE, "Anne Holm"), not_found(ANNE)] {
        let is_encrypted = known.status() == segl::decide::Status::Usable;
        let mut desk = Desk::new(Lang::En);
        desk.address(ANNE);
        desk.state.draft.body = Body::Text("Kære Anne".to_owned());
        "CPR 070761-4285".clone_into(&mut desk.state.draft.subject);
        desk.run(Command::Send);
        assert!(matches!(desk.state.phase, Phase::Armed));
        desk.find(known);
        assert!(
            matches!(desk.state.phase, Phase::Writing),
            "{:?}",
            desk.state.phase
        );
        let said = desk.state.voice.newest().to_owned();
        assert_eq!(
            said.contains("Nothing was sent.") && said.contains("CPR number"),
            is_encrypted
        );
        desk.run(Command::Send);
        assert_eq!(is_leaving(&desk), is_encrypted);
    }
}

#[test]
fn the_next_mail_with_the_same_subject_stops_too() {
    let mut desk = mail("CPR 070761-4285", person(ANNE, "Anne Holm"));
    desk.run(Command::Send);
    desk.state.draft.id = segl::mail::DraftId::random().unwrap();
    desk.run(Command::Send);
    assert!(!is_leaving(&desk));
    desk.run(Command::Send);
    assert!(is_leaving(&desk));
}

#[test]
fn a_subject_that_is_hidden_says_nothing_or_goes_to_nobody_encrypted_is_left_alone() {
    for (subject, mode) in [
        ("CPR 070761-4285", SubjectMode::Hidden),
        ("Sag BS-12345/2026-KBH", SubjectMode::Clear),
    ] {
        let mut desk = mail(subject, person(ANNE, "Anne Holm"));
        desk.state.setup.subject = SubjectRule {
            mode,
            ..SubjectRule::default()
        };
        desk.run(Command::Send);
        assert!(is_leaving(&desk), "{subject}");
    }
    // The warning says what would happen to it.
    let mut desk = mail("CPR 070761-4285", not_found(ANNE));
    desk.run(Command::Send);
    assert!(desk.state.dialog.is_some() || !desk.state.voice.newest().contains("subject"));
}
