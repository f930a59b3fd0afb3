//! From Ctrl+Enter to the mail server: undo time, check, warning, policy.

use super::*;

#[test]
fn green_is_held_back_and_then_sent_once() {
    let mut desk = green();
    desk.run(Command::Send);
    desk.wait(9_900);
    assert_eq!(sends(&desk.take()), 0);
    desk.wait(200);
    let jobs = desk.take();
    assert_eq!(sends(&jobs), 1);
    desk.wait(60_000);
    desk.run(Command::Send);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn within_the_undo_time_ctrl_enter_sends_now_and_undo_does_not_send() {
    let mut desk = green();
    desk.run(Command::Send);
    desk.run(Command::Send);
    assert_eq!(sends(&desk.take()), 1);
    for undo in [Command::Undo, Command::Escape] {
        let mut desk = green();
        desk.run(Command::Send);
        desk.run(undo);
        desk.wait(60_000);
        assert_eq!(sends(&desk.take()), 0);
        assert!(matches!(desk.state.phase, Phase::Writing));
    }
}

#[test]
fn a_promised_file_that_is_missing_is_said_once() {
    let mut desk = green();
    desk.state.draft.body = Body::Text("Vedhæftet er replikken.".to_owned());
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Writing));
    let place = Place::Button(Spot::Files, Command::Attach);
    assert_eq!(desk.state.focus, place, "Space attaches");
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn without_an_undo_time_it_is_sent_at_once() {
    let mut setup = setup(Lang::En);
    setup.hold = jiff::SignedDuration::ZERO;
    let mut desk = Desk::with(setup);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    desk.run(Command::Send);
    assert_eq!(sends(&desk.take()), 1);
}

#[test]
fn another_word_within_the_undo_time_stops_the_mail() {
    let mut desk = green();
    desk.run(Command::Send);
    desk.state.draft.subject = "another".to_owned();
    desk.step(Message::Edited(Place::Subject));
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn armed_sends_when_the_last_answer_is_green() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{ANNE}, {COURT}"));
    desk.run(Command::Send);
    assert_eq!(standing(&desk.state), Standing::Armed);
    desk.find(person(ANNE, "Anne Holm"));
    assert_eq!(standing(&desk.state), Standing::Armed);
    desk.find(organisation(COURT, "Retten"));
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn an_answer_that_is_red_disarms_and_opens_no_dialog() {
    let mut desk = Desk::new(Lang::En);
    desk.address(EVA);
    desk.run(Command::Send);
    desk.find(not_found(EVA));
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert!(desk.state.dialog.is_none());
}

#[test]
fn adding_a_recipient_while_armed_disarms() {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.run(Command::Send);
    desk.address(EVA);
    assert!(matches!(desk.state.phase, Phase::Writing));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_found(EVA));
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn in_the_first_moments_the_warning_takes_nothing_for_an_answer() {
    let mut desk = red();
    desk.run(Command::Send);
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.run(Command::SendToAll);
    desk.run(Command::OnlyEncrypted);
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert!(desk.state.dialog.is_some());
}

#[test]
fn without_a_reason_the_warning_asks_for_one_and_nothing_is_sent() {
    let mut desk = warned();
    desk.run(Command::SendToAll);
    assert_eq!(desk.state.focus, Place::Reasons);
    desk.run(Command::Choose(ReasonCode::Other));
    desk.run(Command::SendToAll);
    assert_eq!(desk.state.focus, Place::ReasonText);
    assert!(matches!(desk.state.phase, Phase::Writing));
}

#[test]
fn with_a_reason_the_exposed_and_nobody_else_get_it_in_clear() {
    let mut desk = warned();
    desk.run(Command::Choose(ReasonCode::Assessed));
    desk.run(Command::SendToAll);
    desk.run(Command::SendNow);
    let jobs = desk.take();
    let approved = jobs.iter().find_map(|j| match j {
        Job::Send { approved, .. } => Some(approved),
        _ => None,
    });
    let approved = approved.unwrap();
    assert_eq!(approved.consents().len(), 1);
    let consent = &approved.consents()[0];
    assert_eq!(consent.recipient.mailbox.address.given(), EVA);
    assert_eq!(consent.consent.reason.code(), ReasonCode::Assessed);
    assert_eq!(consent.consent.who, "anne");
    let routes: Vec<_> = approved
        .recipients()
        .iter()
        .map(segl::decide::ApprovedRecipient::route)
        .collect();
    assert_eq!(routes, [Route::Person, Route::Tls]);
}

#[test]
fn where_policy_asks_for_no_reason_none_is_needed() {
    let mut setup = setup(Lang::En);
    setup.policy = Policy {
        require_reason: false,
        ..Policy::default()
    };
    let mut desk = Desk::with(setup);
    desk.address(EVA);
    desk.find(not_found(EVA));
    desk.run(Command::Send);
    desk.wait(500);
    desk.run(Command::SendToAll);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn what_is_accepted_is_what_was_read() {
    let mut desk = warned();
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.find(with_problem(
        EVA,
        Problem::Revoked {
            at: start(),
            reason: None,
            certificate: None,
        },
    ));
    desk.run(Command::SendToAll);
    assert!(
        matches!(desk.state.phase, Phase::Writing),
        "the reason why changed since it was read"
    );
    let Some(Ask::Warning { text, .. }) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
        panic!("the warning stays open")
    };
    assert!(text.entries[0].why.contains("revoked"));
    desk.wait(500);
    desk.run(Command::SendToAll);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_warning_that_is_no_longer_true_closes_and_sends_nothing() {
    let mut desk = warned();
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.find(person(EVA, "Eva Borger"));
    desk.run(Command::SendToAll);
    assert!(desk.state.dialog.is_none());
    assert!(matches!(desk.state.phase, Phase::Writing));
}

#[test]
fn sending_to_the_green_ones_keeps_the_others_as_a_draft() {
    let mut desk = warned();
    desk.run(Command::OnlyEncrypted);
    desk.run(Command::SendNow);
    let jobs = desk.take();
    let left_out = jobs.iter().find_map(|j| match j {
        Job::Send { approved, .. } => Some(approved.left_out().to_vec()),
        _ => None,
    });
    let left_out = left_out.unwrap();
    let receipt = Receipt {
        left_out,
        ..receipt(&desk, &[(ANNE, Outcome::Sent)])
    };
    let draft = receipt.draft.clone();
    desk.hear(Event::Sent(Box::new(receipt)));
    let jobs = desk.take();
    let kept = jobs.iter().find_map(|j| match j {
        Job::SaveDraft(kept) => Some(kept),
        _ => None,
    });
    let kept = kept.unwrap();
    assert_eq!(
        kept.to,
        [Mailbox::parse(&format!("Eva Borger <{EVA}>")).unwrap()]
    );
    assert_eq!(kept.id, draft, "what was not sent stays the same draft");
    assert!(!jobs.iter().any(|j| matches!(j, Job::DeleteDraft(_))));
}

#[test]
fn who_could_not_be_looked_up_is_tried_again_and_only_then_warned_of() {
    let mut desk = Desk::new(Lang::En);
    desk.address(EVA);
    desk.find(not_checked(EVA));
    desk.take();
    assert!(matches!(
        standing(&desk.state),
        Standing::NotChecked { all: 1, .. }
    ));
    desk.run(Command::Send);
    assert!(desk.state.dialog.is_none());
    assert!(matches!(
        desk.take()[..],
        [Job::Assess {
            freshness: Freshness::AskAgain,
            ..
        }]
    ));
    desk.find(not_checked(EVA));
    desk.run(Command::OtherOptions);
    assert!(desk.state.dialog.is_some());
}

#[test]
fn where_policy_refuses_there_is_no_way_to_send_to_the_red_one() {
    let mut setup = setup(Lang::En);
    setup.policy = Policy {
        fallback: Fallback::Forbid,
        ..Policy::default()
    };
    let mut desk = Desk::with(setup);
    desk.address(&format!("{EVA}, {ANNE}"));
    desk.find(not_found(EVA));
    desk.find(person(ANNE, "Anne Holm"));
    assert!(matches!(standing(&desk.state), Standing::Refused { .. }));
    desk.run(Command::Send);
    desk.wait(500);
    let Some(Ask::Warning { shown, .. }) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
        panic!()
    };
    assert!(!shown.commands().contains(&Command::SendToAll));
    // It is recorded that somebody asked and the rule said no, once however often they look.
    let noted = |jobs: Vec<Job>| {
        let noted = jobs.into_iter().filter_map(|job| match job {
            Job::NoteRefused { refusal, .. } => Some(refusal.refused().len()),
            _ => None,
        });
        noted.collect::<Vec<_>>()
    };
    assert_eq!(noted(desk.take()), [1]);
    desk.run(Command::Back);
    desk.run(Command::Send);
    desk.wait(500);
    assert!(noted(desk.take()).is_empty());
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.run(Command::SendToAll);
    assert!(matches!(desk.state.phase, Phase::Writing));
    desk.run(Command::OnlyEncrypted);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_stricter_policy_stops_a_mail_that_is_held_back() {
    let mut desk = warned();
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.run(Command::SendToAll);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
    let policy = Policy {
        fallback: Fallback::Forbid,
        ..Policy::default()
    };
    desk.hear(Event::PolicyChanged {
        policy: Box::new(policy),
        at: desk.now,
    });
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
    assert!(matches!(standing(&desk.state), Standing::Refused { .. }));
}

#[test]
fn more_than_five_red_ones_can_be_removed_at_once() {
    let mut desk = green();
    let red: Vec<String> = (0..6).map(|i| format!("p{i}@mail-eksempel.dk")).collect();
    desk.address(&red.join(", "));
    for address in &red {
        desk.find(not_found(address));
    }
    desk.run(Command::Send);
    desk.wait(500);
    desk.run(Command::RemoveRed);
    assert!(desk.state.dialog.is_none());
    assert_eq!(desk.state.rows.chips().count(), 1);
    assert!(matches!(
        standing(&desk.state),
        Standing::Encrypted { all: 1, .. }
    ));
}
