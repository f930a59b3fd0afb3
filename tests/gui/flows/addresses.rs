//! Suggestions and alerts before sending: nobody is taken unasked, and a held key passes nothing.

use super::*;
use crate::books::*;

/// Types into To, letter by letter, and stays there.
fn typing(desk: &mut Desk, text: &str) {
    desk.step(Message::Focus(Place::Field(Kind::To)));
    for letter in text.chars() {
        desk.state.rows.row_mut(Kind::To).typed.push(letter);
        desk.step(Message::Edited(Place::Field(Kind::To)));
    }
}

fn suggested(desk: &Desk) -> Vec<String> {
    let list = desk.state.addresses.list.iter();
    list.flat_map(|l| l.found.iter().map(|c| c.mailbox.address.to_string()))
        .collect()
}

fn chips(desk: &Desk) -> Vec<String> {
    desk.state.rows.chips().map(|(_, c)| c.text()).collect()
}

fn act(desk: &mut Desk, act: Act) {
    desk.run(Command::Book(act));
}

fn is_asked(desk: &Desk) -> bool {
    matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::Recipients(_))
    )
}

/// The book is known, and one green recipient at a domain that was never written to stands in To.
fn stranger() -> Desk {
    let mut desk = with_book(Lang::En);
    desk.address("x@fremmed.example");
    desk.find(person("x@fremmed.example", "Stranger"));
    desk.take();
    desk
}

#[test]
fn suggestions_come_while_typing_and_look_nobody_up() {
    let mut desk = with_book(Lang::En);
    typing(&mut desk, "a");
    assert!(suggested(&desk).is_empty(), "one letter means everybody");
    typing(&mut desk, "nne");
    assert_eq!(suggested(&desk), ["anne@berg-eksempel.com", ANNE]);
    assert_eq!(desk.state.addresses.list.as_ref().unwrap().chosen, None);
    act(&mut desk, Act::Next);
    act(&mut desk, Act::Next);
    desk.wait(5_000);
    assert!(!desk.take().iter().any(|j| matches!(j, Job::Assess { .. })));
    assert!(desk.state.recipients().is_empty());
}

#[test]
fn enter_and_tab_without_an_arrow_take_what_was_typed() {
    for command in [Command::CommitTyped, Command::Next] {
        let mut desk = with_book(Lang::En);
        typing(&mut desk, "anne@");
        assert_eq!(suggested(&desk).len(), 1);
        desk.run(command);
        assert_eq!(chips(&desk), ["anne@"]);
        assert!(suggested(&desk).is_empty());
    }
}

#[test]
fn whom_an_arrow_moved_to_is_taken_with_name_and_address() {
    let mut desk = with_book(Lang::En);
    typing(&mut desk, "anne");
    act(&mut desk, Act::Take);
    assert!(chips(&desk).is_empty(), "nobody was moved to");
    act(&mut desk, Act::Next);
    act(&mut desk, Act::Next);
    assert!(
        desk.state.voice.newest().contains(ANNE),
        "{}",
        desk.state.voice.newest()
    );
    act(&mut desk, Act::Take);
    assert_eq!(chips(&desk), [format!("Anne Holm <{ANNE}>")]);
    assert_eq!(desk.state.rows.row(Kind::To).typed, "");
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
    assert!(desk.take().iter().any(|j| matches!(j, Job::Assess { .. })));
    typing(&mut desk, "anne");
    assert_eq!(
        suggested(&desk),
        ["anne@berg-eksempel.com"],
        "who stands there is not suggested"
    );
}

#[test]
fn another_letter_chooses_nobody() {
    let mut desk = with_book(Lang::En);
    typing(&mut desk, "an");
    act(&mut desk, Act::Next);
    typing(&mut desk, "n");
    assert_eq!(desk.state.addresses.list.as_ref().unwrap().chosen, None);
    act(&mut desk, Act::Next);
    act(&mut desk, Act::Previous);
    assert_eq!(desk.state.addresses.list.as_ref().unwrap().chosen, None);
}

#[test]
fn escape_closes_the_list_and_loses_nothing() {
    let mut desk = with_book(Lang::En);
    typing(&mut desk, "anne");
    act(&mut desk, Act::Next);
    desk.run(Command::Escape);
    assert!(suggested(&desk).is_empty());
    assert_eq!(desk.state.rows.row(Kind::To).typed, "anne");
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
    typing(&mut desk, " ");
    assert_eq!(suggested(&desk).len(), 2, "the next letter brings it back");
    desk.step(Message::Focus(Place::Subject));
    assert!(suggested(&desk).is_empty(), "it belongs to the field");
}

#[test]
fn a_forgotten_suggestion_is_gone_at_once_and_from_the_book() {
    let mut desk = with_book(Lang::En);
    typing(&mut desk, "anne");
    act(&mut desk, Act::Forget);
    assert_eq!(suggested(&desk).len(), 2, "nobody was moved to");
    act(&mut desk, Act::Next);
    act(&mut desk, Act::Forget);
    assert_eq!(suggested(&desk), [ANNE]);
    let jobs = desk.take();
    let forgot =
        |j: &Job| matches!(j, Job::Book(Task::Forget(a)) if a.given() == "anne@berg-eksempel.com");
    assert!(jobs.iter().any(forgot));
    typing(&mut desk, " ");
    assert_eq!(suggested(&desk), [ANNE]);
}

#[test]
fn where_the_policy_is_off_nothing_is_suggested() {
    let mut desk = Desk::new(Lang::En);
    let rules = Rules {
        suggestions: false,
        ..Rules::default()
    };
    desk.hear(Event::Book(Told::Loaded(book(rules))));
    typing(&mut desk, "anne");
    assert!(suggested(&desk).is_empty());
}

#[test]
fn who_was_typing_before_the_book_was_read_sees_it_and_a_closed_list_stays_closed() {
    let mut desk = Desk::new(Lang::En);
    typing(&mut desk, "anne");
    assert!(suggested(&desk).is_empty());
    let loaded = || Event::Book(Told::Loaded(book(Rules::default())));
    desk.hear(loaded());
    assert_eq!(suggested(&desk).len(), 2);
    desk.run(Command::Escape);
    desk.hear(loaded());
    assert!(suggested(&desk).is_empty());
}

#[test]
fn a_mail_that_is_sent_before_the_book_is_read_waits_for_what_it_says() {
    for (is_read, is_known) in [(true, true), (true, false), (false, false)] {
        let mut desk = Desk::new(Lang::En);
        assert!(!desk.state.start_jobs().is_empty());
        let to = if is_known { ANNE } else { "x@fremmed.example" };
        desk.address(to);
        desk.find(person(to, "Somebody"));
        desk.run(Command::Send);
        assert!(matches!(desk.state.phase, Phase::Armed), "{to}");
        desk.hear(Event::Book(if is_read {
            Told::Loaded(book(Rules::default()))
        } else {
            Told::NotLoaded(Box::new(trouble_of("The address book cannot be read.")))
        }));
        // Who is known gets it; about a stranger the next key press asks; where nothing can be known nothing is asked.
        let goes = is_known || !is_read;
        assert_eq!(
            matches!(desk.state.phase, Phase::Holding { .. }),
            goes,
            "{to}"
        );
        assert_eq!(matches!(desk.state.phase, Phase::Writing), !goes, "{to}");
        assert!(!is_asked(&desk), "only a key press opens a dialog");
        if !goes {
            desk.run(Command::Send);
            assert!(is_asked(&desk));
        }
    }
}

#[test]
fn mail_to_people_in_the_book_costs_no_key_more() {
    let mut desk = with_book(Lang::En);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_new_domain_is_asked_about_once_and_costs_one_chord() {
    let mut desk = stranger();
    desk.run(Command::Send);
    assert!(is_asked(&desk));
    assert_eq!(desk.state.focus, Place::Button(Spot::Dialog, Command::Back));
    desk.wait(500);
    act(&mut desk, Act::Confirm);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
    let jobs = desk.take();
    let noted = |j: &Job| matches!(j, Job::Book(Task::Note { codes, .. }) if codes == &["first-time-domain"]);
    assert!(jobs.iter().any(noted), "{jobs:?}");
    desk.run(Command::Undo);
    desk.run(Command::Send);
    assert!(
        matches!(desk.state.phase, Phase::Holding { .. }),
        "it was answered"
    );
}

#[test]
fn another_recipient_is_another_question_and_another_mail_too() {
    let mut desk = stranger();
    desk.run(Command::Send);
    desk.wait(500);
    act(&mut desk, Act::Confirm);
    desk.run(Command::Undo);
    desk.address("y@fremmed.example");
    desk.find(person("y@fremmed.example", "Other"));
    desk.run(Command::Send);
    assert!(is_asked(&desk));
    desk.run(Command::Escape);
    desk.state.draft.id = DraftId::random().unwrap();
    desk.run(Command::Send);
    assert!(is_asked(&desk));
}

#[test]
fn back_and_escape_lose_nothing_and_send_nothing() {
    for command in [Command::Back, Command::Escape] {
        let mut desk = stranger();
        desk.step(Message::Focus(Place::Body));
        desk.run(Command::Send);
        desk.wait(500);
        desk.run(command);
        assert!(!is_asked(&desk));
        assert_eq!(desk.state.focus, Place::Body);
        assert!(matches!(desk.state.phase, Phase::Writing));
        assert_eq!(sends(&desk.take()), 0);
        assert_eq!(chips(&desk), ["x@fremmed.example"]);
    }
}

#[test]
fn the_question_comes_before_the_warning_and_confirming_leads_to_it() {
    let mut desk = with_book(Lang::En);
    desk.address("x@fremmed.example");
    desk.find(not_found("x@fremmed.example"));
    desk.run(Command::Send);
    assert!(is_asked(&desk));
    desk.wait(500);
    act(&mut desk, Act::Confirm);
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::Warning { .. })
    ));
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn no_other_button_leads_past_the_question() {
    let mut desk = with_book(Lang::En);
    desk.address("x@fremmed.example");
    desk.find(not_found("x@fremmed.example"));
    for command in [Command::OtherOptions, Command::Explain] {
        desk.run(command);
        assert!(is_asked(&desk));
        desk.wait(500);
        desk.run(Command::SendToAll);
        desk.run(Command::OnlyEncrypted);
        desk.run(Command::Back);
        assert!(matches!(desk.state.phase, Phase::Writing));
    }
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn an_armed_mail_is_asked_about_before_it_is_armed() {
    let mut desk = with_book(Lang::En);
    desk.address("x@fremmed.example");
    desk.run(Command::Send);
    assert!(
        is_asked(&desk),
        "the recipients are known, whatever their lights will be"
    );
    desk.wait(500);
    act(&mut desk, Act::Confirm);
    assert!(matches!(desk.state.phase, Phase::Armed));
    desk.find(person("x@fremmed.example", "Stranger"));
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_book_that_changes_while_armed_opens_no_dialog_and_sends_nothing() {
    let mut desk = Desk::new(Lang::En);
    desk.address("x@fremmed.example");
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Armed));
    desk.hear(Event::Book(Told::Loaded(book(Rules::default()))));
    desk.find(person("x@fremmed.example", "Stranger"));
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert!(desk.state.dialog.is_none());
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn a_look_alike_is_named_with_what_it_looks_like() {
    let mut desk = with_book(Lang::En);
    desk.address("holm@politi-eksempel.com");
    desk.find(person("holm@politi-eksempel.com", "Anne Holm"));
    desk.run(Command::Send);
    let Some(Ask::Recipients(asked)) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
        panic!("asked about")
    };
    assert_eq!(
        asked.entries[0].what,
        "holm@politi-eksempel.com: politi-eksempel.com looks like politi-eksempel.dk, but is another domain. \
         The ending is .com, not .dk."
    );
}

#[test]
fn many_open_recipients_are_moved_to_bcc_by_one_key_and_nothing_is_sent() {
    let mut desk = with_book(Lang::En);
    let all: Vec<String> = (0..11)
        .map(|i| format!("p{i}@firma{i}-eksempel.dk"))
        .collect();
    desk.address(&format!("kollega@advokat-eksempel.dk, {}", all.join(", ")));
    for address in &all {
        desk.find(person(address, "Somebody"));
    }
    desk.find(person("kollega@advokat-eksempel.dk", "Colleague"));
    desk.run(Command::Send);
    assert!(is_asked(&desk));
    desk.wait(500);
    act(&mut desk, Act::ToBcc);
    let row = |kind| desk.state.rows.row(kind).chips.len();
    assert_eq!((row(Kind::To), row(Kind::Bcc)), (1, 11));
    assert_eq!(desk.state.draft.bcc.len(), 11);
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert_eq!(sends(&desk.take()), 0);
    desk.run(Command::Send);
    assert!(
        matches!(desk.state.phase, Phase::Holding { .. }),
        "nobody sees anybody now"
    );
}

#[test]
fn a_chip_says_that_its_domain_is_new_and_how_it_ends() {
    let mut desk = stranger();
    let name = |desk: &Desk, index: usize| {
        let look = desk
            .state
            .look(&desk.state.rows.row(Kind::To).chips[index], desk.now);
        desk.state.chip_name(Kind::To, index, &look)
    };
    assert_eq!(
        name(&desk, 0),
        "Green: x@fremmed.example, Encrypted, new address, ends in fremmed.example. 1 of 1"
    );
    desk.address(ANNE);
    assert!(!name(&desk, 1).contains("new"));
}

#[test]
fn what_was_sent_and_what_was_imported_is_read_again() {
    let mut desk = in_sending();
    let receipt = receipt(&desk, &[(ANNE, Outcome::Sent)]);
    desk.hear(Event::Sent(Box::new(receipt)));
    let loads = |jobs: &[Job]| {
        jobs.iter()
            .filter(|j| matches!(j, Job::Book(Task::Load)))
            .count()
    };
    assert_eq!(loads(&desk.take()), 1);
    desk.hear(Event::Book(Told::Imported(Imported {
        new: 3,
        ..Imported::default()
    })));
    assert_eq!(loads(&desk.take()), 1);
    assert_eq!(
        desk.state.notices,
        ["3 new addresses imported, 0 changed, 0 as before."]
    );
}
