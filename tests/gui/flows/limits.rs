//! Long lists, a clock that jumps, a network that goes and comes back, rules that change meanwhile.

use jiff::SignedDuration;

use super::*;
use segl::app::{outside::Note, worker::AT_ONCE};

fn assessed(jobs: &[Job]) -> Vec<(String, Freshness)> {
    let one = |j: &Job| match j {
        Job::Assess { address, freshness } => Some((address.given().to_owned(), *freshness)),
        _ => None,
    };
    jobs.iter().filter_map(one).collect()
}

fn list(count: usize) -> String {
    let lines = (0..count).map(|i| format!("Navn Nummer{i} <navn{i}@mail-eksempel.dk>\n"));
    lines.collect::<Vec<_>>().concat()
}

/// Held back on a consent.
fn held() -> Desk {
    let mut desk = green();
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
    desk.take();
    desk
}

#[test]
fn five_thousand_pasted_addresses_are_each_asked_about_once_and_f8_finds_the_red_ones() {
    let mut desk = Desk::new(Lang::En);
    desk.step(Message::Pasted(list(5_000)));
    assert_eq!(desk.state.rows.row(Kind::To).chips.len(), 5_000);
    assert_eq!(assessed(&desk.take()).len(), 5_000);
    for i in [1_234, 4_000] {
        desk.find(not_found(&format!("navn{i}@mail-eksempel.dk")));
    }
    for i in [1_234, 4_000, 1_234] {
        desk.run(Command::NextProblem);
        let key = format!("navn{i}@mail-eksempel.dk");
        assert_eq!(desk.state.focus, Place::Chip(Kind::To, key.clone()));
        let row = desk.state.rows.row(Kind::To);
        assert!(row.part(Some(&key)).contains(&i), "it is in what is drawn");
        assert!(row.part(Some(&key)).len() <= segl::app::rows::MOST);
    }
    desk.step(Message::Pasted(list(5_000)));
    assert_eq!(assessed(&desk.take()).len(), 0, "each stands there already");
    const { assert!(AT_ONCE < 50) };
}

#[test]
fn a_clock_that_is_set_forward_within_the_undo_time_sends_nothing_early() {
    let mut desk = held();
    desk.wait(3_000);
    desk.now += SignedDuration::from_hours(1);
    desk.step(Message::Tick);
    assert_eq!(sends(&desk.take()), 0);
    assert!(desk.state.voice.newest().contains("undo time goes on"));
    desk.wait(6_800);
    assert_eq!(sends(&desk.take()), 0, "what was left is left still");
    desk.wait(300);
    assert_eq!(sends(&desk.take()), 1);
}

#[test]
fn a_clock_that_is_set_back_holds_no_mail_and_no_draft_longer() {
    let mut desk = held();
    desk.wait(3_000);
    desk.now -= SignedDuration::from_hours(1);
    desk.step(Message::Tick);
    desk.wait(6_800);
    assert_eq!(sends(&desk.take()), 0);
    desk.wait(300);
    assert_eq!(sends(&desk.take()), 1);

    let mut desk = green();
    desk.state.draft.subject = "another".to_owned();
    desk.step(Message::Edited(Place::Subject));
    desk.now -= SignedDuration::from_hours(1);
    desk.step(Message::Tick);
    desk.wait(2_100);
    assert!(desk.take().iter().any(|j| matches!(j, Job::SaveDraft(_))));
}

#[test]
fn a_clock_that_is_set_back_blocks_no_key_of_a_dialog() {
    let mut desk = red();
    desk.run(Command::Send);
    desk.now -= SignedDuration::from_hours(1);
    desk.step(Message::Tick);
    desk.wait(500);
    desk.run(Command::Back);
    assert!(desk.state.dialog.is_none());
}

#[test]
fn a_failed_look_up_is_tried_again_by_one_address_and_then_by_all() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{ANNE}; {EVA}; {COURT}"));
    for text in [ANNE, EVA, COURT] {
        desk.find(not_checked(text));
    }
    desk.take();
    desk.wait(29_000);
    assert_eq!(assessed(&desk.take()), []);
    desk.wait(2_000);
    let again = Freshness::AskAgain;
    assert_eq!(assessed(&desk.take()), [(ANNE.to_owned(), again)]);
    let said = desk.state.voice.newest().to_owned();
    desk.find(not_checked(ANNE));
    assert_eq!(desk.state.voice.newest(), said, "nothing is new");
    desk.wait(58_000);
    assert_eq!(assessed(&desk.take()), [], "ever more seldom");
    desk.wait(4_000);
    assert_eq!(assessed(&desk.take()).len(), 1);
    desk.find(person(ANNE, "Anne Holm"));
    let rest = assessed(&desk.take());
    assert_eq!(rest, [(EVA.to_owned(), again), (COURT.to_owned(), again)]);
    desk.find(not_found(EVA));
    desk.find(not_found(COURT));
    desk.take();
    desk.wait(600_000);
    assert_eq!(assessed(&desk.take()), [], "all are known");
}

#[test]
fn a_look_up_that_fails_wakes_no_window_while_a_dialog_is_open() {
    let mut desk = red();
    desk.find(not_checked(EVA));
    desk.run(Command::Keys);
    desk.wait(600_000);
    assert_eq!(assessed(&desk.take()), []);
    assert_eq!(segl::app::update::deadline(&desk.state, desk.now), None);
}

#[test]
fn a_warning_under_rules_that_changed_closes_says_so_and_consents_to_nothing() {
    let mut desk = warned();
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    let policy = Policy {
        require_reason: false,
        ..Policy::default()
    };
    desk.hear(Event::PolicyChanged {
        policy: Box::new(policy),
        at: desk.now,
    });
    assert!(desk.state.dialog.is_none());
    assert!(desk.state.voice.newest().contains("changed the rules"));
    desk.run(Command::SendToAll);
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn what_was_taken_out_of_a_file_is_said_and_a_large_one_is_kept_whole() {
    let mut desk = green();
    desk.hear(Event::TextRead("Hej\u{202E} med\u{7} dig\r\n".to_owned()));
    assert_eq!(
        desk.state.draft.body,
        Body::Text("Hej med dig\n".to_owned())
    );
    assert!(desk.state.voice.newest().contains("2 hidden characters"));
    let large = "Rødgrød med fløde.\n".repeat(500_000);
    desk.hear(Event::TextRead(large.clone()));
    desk.wait(3_000);
    let kept = desk.take().into_iter().find_map(|j| match j {
        Job::SaveDraft(draft) => Some(draft.body),
        _ => None,
    });
    assert_eq!(kept, Some(Body::Text(large)));
}

#[test]
fn a_paste_that_is_too_large_says_how_large_and_what_to_do() {
    let mut desk = green();
    desk.step(Message::Outside(Note::TooLarge(10_000_000)));
    assert!(
        desk.state.notices[0].contains("10 MB"),
        "{:?}",
        desk.state.notices
    );
    assert!(desk.state.notices[0].contains("attach"));
}

#[test]
fn a_handed_over_message_with_broken_html_is_shown_and_sent_as_it_is() {
    let html = "<html><p>Hej<div><b>m\u{202E}ed<table><tr><td>fed".repeat(2_000)
        + "<!-- & &#xD800; <a href=\"";
    let source = format!(
        "To: {ANNE}\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    );
    let message = segl::mail::handed_over(source.as_bytes()).unwrap();
    let Body::HandedOver { entity, .. } = message.body.clone() else {
        panic!("formatted");
    };
    let mut desk = Desk::new(Lang::En);
    desk.hear(Event::HandedOver(Box::new(message)));
    let Body::HandedOver {
        entity: sent,
        preview,
        ..
    } = &desk.state.draft.body
    else {
        panic!("formatted");
    };
    assert_eq!(*sent, entity, "octet for octet");
    assert!(preview.contains("Hej") && !preview.contains('\u{202E}'));
}
