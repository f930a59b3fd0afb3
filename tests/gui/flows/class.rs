//! The class of a mail: set by key, raised by what is found, lowered by who says that it is not there.

use segl::{
    app::class::Act,
    mail::{Class, Draft},
};

use super::*;

fn set(class: Class) -> Command {
    Command::Class(Act::Set(class))
}

const NOT_THERE: Command = Command::Class(Act::NotThere);

/// As somebody types it.
fn write(desk: &mut Desk, text: &str) {
    desk.state.draft.body = Body::Text(text.to_owned());
    desk.step(Message::Edited(Place::Body));
}

fn dismissed(draft: &Draft) -> Vec<&str> {
    draft.dismissed.iter().map(|d| &*d.category).collect()
}

fn has_warning(desk: &Desk) -> bool {
    let ask = desk.state.dialog.as_ref().map(|d| &d.ask);
    matches!(ask, Some(Ask::Warning { .. }))
}

/// A red recipient, and a text that the worker has not looked through yet.
fn unanswered(text: &str) -> Desk {
    let mut desk = red();
    desk.is_slow = true;
    write(&mut desk, text);
    desk
}

#[test]
fn a_key_sets_the_class_and_the_draft_is_kept_with_it() {
    let mut desk = green();
    assert_eq!(
        desk.state.class(),
        Class::Confidential,
        "the firm's default"
    );
    desk.run(set(Class::Ordinary));
    assert_eq!(desk.state.class(), Class::Ordinary);
    assert_eq!(desk.state.voice.newest(), "Class: ordinary (chosen)");
    desk.wait(2_100);
    let kept = desk.take().into_iter().find_map(|job| match job {
        Job::SaveDraft(draft) => Some(draft.class),
        _ => None,
    });
    assert_eq!(kept, Some(Some(Class::Ordinary)));
}

#[test]
fn ctrl_and_a_digit_are_the_keys_of_the_classes() {
    let mut screen = open(green());
    for (key, class) in [
        (egui::Key::Num3, Class::Sensitive),
        (egui::Key::Num1, Class::Ordinary),
        (egui::Key::Num2, Class::Confidential),
    ] {
        screen.press(key, egui::Modifiers::COMMAND);
        assert_eq!(screen.state().state.draft.class, Some(class));
    }
}

#[test]
fn after_a_pause_what_is_found_raises_the_class_and_never_lowers_it() {
    let mut desk = green();
    write(&mut desk, "Hej\nHun er sygemeldt.");
    assert_eq!(desk.state.class(), Class::Confidential);
    desk.wait(1_000);
    assert_eq!(desk.state.class(), Class::Sensitive);
    let said = desk.state.voice.newest();
    assert!(
        said.ends_with("Class: sensitive. Found: health (line 2)"),
        "{said}"
    );
    desk.run(set(Class::Ordinary));
    assert_eq!(desk.state.class(), Class::Sensitive);
    write(&mut desk, "CPR 070761-4285");
    desk.run(set(Class::Sensitive));
    desk.wait(1_000);
    assert_eq!(desk.state.class(), Class::Sensitive);
}

#[test]
fn what_is_said_not_to_be_there_lowers_the_class_at_once_and_stands_in_the_draft() {
    let mut desk = green();
    let button = Place::Button(Spot::Class, NOT_THERE);
    assert!(!stops::all(&desk.state).contains(&button));
    write(&mut desk, "Hun er sygemeldt.");
    desk.wait(1_000);
    assert!(stops::tab_stops(&desk.state).contains(&button));
    desk.step(Message::Focus(button.clone()));
    desk.run(NOT_THERE);
    assert_eq!(desk.state.class(), Class::Confidential);
    assert_eq!(dismissed(&desk.state.draft), ["health"]);
    assert!(!stops::all(&desk.state).contains(&button));
    assert_eq!(desk.state.focus, Place::Subject);
    assert_eq!(
        desk.state.voice.newest(),
        "Not there: health. Class: confidential (the firm's default)"
    );
    desk.wait(2_100);
    let is_kept = |job: &Job| matches!(job, Job::SaveDraft(d) if dismissed(d) == ["health"]);
    assert!(desk.take().iter().any(is_kept));
}

#[test]
fn what_is_written_after_something_was_dismissed_counts_again() {
    let mut desk = green();
    write(&mut desk, "Hun er sygemeldt.");
    desk.wait(1_000);
    desk.run(NOT_THERE);
    assert_eq!(desk.state.class(), Class::Confidential);
    write(&mut desk, "Hun er sygemeldt. Diagnosen er kræft.");
    desk.wait(1_000);
    assert_eq!(desk.state.class(), Class::Sensitive);
    desk.run(NOT_THERE);
    assert_eq!(desk.state.class(), Class::Confidential);
    assert_eq!(dismissed(&desk.state.draft), ["health"], "said once");
}

#[test]
fn dismissing_where_nothing_raises_the_class_changes_nothing() {
    let mut desk = green();
    desk.run(NOT_THERE);
    assert!(desk.state.draft.dismissed.is_empty());
}

#[test]
fn ctrl_enter_waits_for_what_is_in_the_mail_and_warns_of_the_class_that_counts() {
    let mut desk = unanswered("Hun er sygemeldt.");
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Armed));
    assert_eq!(standing(&desk.state), Standing::Examining);
    assert!(!has_warning(&desk));
    desk.answer();
    assert!(has_warning(&desk), "the answer to the same key press");
    let Some(Ask::Warning { text, .. }) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
        panic!()
    };
    let found = "Class: sensitive. Found: health (line 1)";
    assert_eq!(text.found.as_deref(), Some(found));
    assert!(text.full().contains(found), "a consent is bound to it");
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn a_warning_does_not_open_long_after_the_key_nor_after_another_one() {
    for is_late in [true, false] {
        let mut desk = unanswered("Hej Eva");
        desk.run(Command::Send);
        if is_late {
            desk.wait(1_500);
        } else {
            desk.step(Message::Key);
        }
        desk.answer();
        assert!(!has_warning(&desk));
        assert!(matches!(desk.state.phase, Phase::Writing));
        let said = desk.state.voice.newest();
        assert!(said.starts_with("The mail was not sent."), "{said}");
    }
}

#[test]
fn a_late_answer_about_an_older_text_does_not_count() {
    let mut desk = unanswered("Hej Eva");
    desk.wait(1_000);
    let older = desk.take();
    write(&mut desk, "Hun er sygemeldt.");
    desk.run(Command::Send);
    let newer = std::mem::replace(&mut desk.jobs, older);
    desk.answer();
    assert!(matches!(desk.state.phase, Phase::Armed), "still waiting");
    assert!(!has_warning(&desk));
    desk.jobs = newer;
    desk.answer();
    assert!(has_warning(&desk));
    assert_eq!(desk.state.class(), Class::Sensitive);
}

#[test]
fn the_answer_about_another_mail_does_not_count_for_an_empty_one() {
    let mut desk = unanswered("Hun er sygemeldt.");
    desk.wait(1_000);
    write(&mut desk, "");
    for address in [ANNE, EVA] {
        desk.step(Message::Focus(Place::Chip(Kind::To, address.to_owned())));
        desk.run(Command::Remove);
    }
    assert!(desk.state.is_blank());
    desk.wait(1_000);
    desk.answer();
    assert_eq!(desk.state.class(), Class::Confidential);
}

#[test]
fn who_gets_it_encrypted_waits_for_nothing() {
    let mut desk = green();
    desk.is_slow = true;
    write(&mut desk, "Hun er sygemeldt.");
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_warning_that_opened_unexamined_is_not_accepted_before_the_answer() {
    let mut desk = Desk::new(Lang::En);
    desk.address(EVA);
    desk.find(not_checked(EVA));
    desk.is_slow = true;
    write(&mut desk, "Hej Eva");
    desk.run(Command::OtherOptions);
    desk.wait(500);
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.run(Command::SendToAll);
    assert!(has_warning(&desk));
    assert!(matches!(desk.state.phase, Phase::Writing));
    desk.answer();
    desk.run(Command::SendToAll);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn what_could_not_be_looked_into_is_told_and_is_never_ordinary() {
    let mut desk = green();
    desk.hear(Event::Attached(vec![Ok(Attachment {
        path: "/a.pdf".into(),
        name: "a.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 1,
        sha256: Digest::of(b"a"),
    })]));
    desk.wait(50);
    desk.run(set(Class::Ordinary));
    assert_eq!(desk.state.class(), Class::Confidential);
    let said = desk.state.voice.newest();
    let wanted =
        "Class: confidential. Not everything could be examined. Not examined: attachment 1";
    assert!(said.starts_with(wanted), "{said}");
}

#[test]
fn the_line_and_its_button_have_names() {
    use egui_kittest::kittest::Queryable as _;
    let mut desk = green();
    write(&mut desk, "Hun er sygemeldt.");
    desk.wait(1_000);
    let mut screen = open(desk);
    screen.get_by_label("Class: sensitive. Found: health (line 1)");
    screen.get_by_label("Not there").click();
    screen.run_ok();
    screen.get_by_label("Class: confidential (the firm's default)");
    assert!(screen.query_by_label("Not there").is_none());
}

#[test]
fn nothing_is_said_of_the_class_of_an_empty_mail() {
    use egui_kittest::kittest::Queryable as _;
    let screen = open(Desk::new(Lang::En));
    assert!(screen.query_by_label_contains("Class:").is_none());
}
