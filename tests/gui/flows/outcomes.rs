//! What became of a mail: receipt, partly sent, perhaps sent, failed.

use super::*;

#[test]
fn all_green_closes_by_itself_unless_somebody_is_there() {
    let mut desk = in_sending();
    let done = receipt(&desk, &[(ANNE, Outcome::Sent)]);
    desk.hear(Event::Sent(Box::new(done.clone())));
    desk.take();
    desk.wait(6_100);
    assert!(desk.take().iter().any(|j| matches!(j, Job::CloseWindow)));
    let mut desk = in_sending();
    desk.hear(Event::Sent(Box::new(Receipt {
        draft: desk.state.draft.id.clone(),
        ..done
    })));
    desk.take();
    desk.step(Message::Key);
    desk.wait(60_000);
    assert!(desk.take().is_empty());
}

#[test]
fn what_is_not_in_the_send_log_does_not_close_by_itself() {
    let mut desk = in_sending();
    let done = Receipt {
        record: None,
        ..receipt(&desk, &[(ANNE, Outcome::Sent)])
    };
    desk.hear(Event::Sent(Box::new(done)));
    desk.take();
    desk.wait(60_000);
    assert!(desk.take().is_empty());
    assert!(desk.state.is_receipt_full());
}

#[test]
fn partly_sent_opens_a_draft_to_the_rest_alone() {
    let mut desk = warned();
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.run(Command::SendToAll);
    desk.run(Command::SendNow);
    let eva = format!("Eva Borger <{EVA}>");
    let done = receipt(&desk, &[(ANNE, Outcome::Sent), (&eva, Outcome::Rejected)]);
    desk.hear(Event::Sent(Box::new(done)));
    desk.run(Command::CorrectRest);
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert_eq!(desk.state.draft.to, [Mailbox::parse(&eva).unwrap()]);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, EVA.to_owned()));
}

#[test]
fn perhaps_sent_is_kept_until_the_user_says_what_it_was() {
    for (command, was) in [
        (Command::WasSent, Resolution::Sent),
        (Command::WasNotSent, Resolution::NotSent),
    ] {
        let mut desk = in_sending();
        let done = receipt(&desk, &[(ANNE, Outcome::Unconfirmed)]);
        let id = done.draft.clone();
        desk.hear(Event::Sent(Box::new(done)));
        assert!(
            !desk
                .take()
                .iter()
                .any(|j| matches!(j, Job::DeleteDraft(_) | Job::CloseWindow))
        );
        desk.run(command);
        let jobs = desk.take();
        assert!(
            jobs.iter()
                .any(|j| matches!(j, Job::Resolve { draft, was: w } if *draft == id && *w == was))
        );
        assert_eq!(
            jobs.iter().any(|j| matches!(j, Job::DeleteDraft(_))),
            was == Resolution::Sent
        );
        assert!(matches!(desk.state.phase, Phase::Writing));
    }
}

#[test]
fn a_failure_leaves_the_draft_and_goes_to_what_is_to_be_repaired() {
    let mut desk = in_sending();
    let at = Some(Culprit::Recipients(vec![Address::parse(ANNE).unwrap()]));
    desk.hear(Event::SendFailed(Box::new(Trouble { at, ..trouble() })));
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, ANNE.to_owned()));
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert!(!desk.take().iter().any(|j| matches!(j, Job::DeleteDraft(_))));
}

#[test]
fn a_failure_after_which_the_mail_may_be_out_offers_no_simple_sending_again() {
    let mut desk = in_sending();
    desk.hear(Event::SendFailed(Box::new(Trouble {
        may_have_been_sent: true,
        ..trouble()
    })));
    assert!(matches!(desk.state.phase, Phase::Unconfirmed(_)));
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn refused_recipients_are_set_aside_and_the_others_are_sent_to() {
    let mut desk = warned();
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk.run(Command::SendToAll);
    desk.run(Command::SendNow);
    desk.take();
    let at = Some(Culprit::Recipients(vec![Address::parse(EVA).unwrap()]));
    let steps = vec![Step::Correct, Step::SendToOthers];
    desk.hear(Event::SendFailed(Box::new(Trouble {
        at,
        steps,
        ..trouble()
    })));
    desk.run(Command::SendToOthers);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
    assert_eq!(desk.state.draft.to, [Mailbox::parse(ANNE).unwrap()]);
    assert!(
        desk.take()
            .iter()
            .any(|j| matches!(j, Job::SaveDraft(d) if d.to[0].address.given() == EVA))
    );
}

#[test]
fn sending_is_stopped_only_while_it_can_be() {
    let mut desk = in_sending();
    desk.hear(Event::Progress(Progress {
        done: 1,
        total: 4,
        can_stop: true,
    }));
    desk.run(Command::Escape);
    assert!(matches!(desk.take()[..], [Job::StopSending]));
    desk.hear(Event::Progress(Progress {
        done: 4,
        total: 4,
        can_stop: false,
    }));
    desk.run(Command::Escape);
    assert!(desk.take().is_empty());
}

/// Three recipients: one has it, one was refused, for one it is not known.
fn in_three_ways() -> (Desk, Receipt) {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{ANNE}, {COURT}, {EVA}"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(organisation(COURT, "Retten"));
    desk.find(person(EVA, "Eva Borger"));
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    desk.take();
    let outcomes = [
        (ANNE, Outcome::Sent),
        (COURT, Outcome::Rejected),
        (EVA, Outcome::Unconfirmed),
    ];
    let again = Again {
        message_id: "<1@advokat-eksempel.dk>".to_owned(),
        date: desk.now,
        seq: 4711,
        link: Digest::of(b"row"),
        doubtful: vec![Address::parse(EVA).unwrap()],
    };
    let done = Receipt {
        again: Some(again),
        ..receipt(&desk, &outcomes)
    };
    (desk, done)
}

fn addresses(draft: &Draft) -> Vec<&str> {
    draft.to.iter().map(|m| m.address.given()).collect()
}

#[test]
fn sending_again_is_the_same_message_to_those_who_do_not_have_it() {
    let (mut desk, done) = in_three_ways();
    let id = desk.state.draft.id.clone();
    desk.hear(Event::Sent(Box::new(done)));
    desk.run(Command::WasNotSent);
    let draft = &desk.state.draft;
    assert_eq!((addresses(draft), &draft.id), (vec![COURT, EVA], &id));
    let again = draft.again.as_ref().unwrap();
    assert_eq!((again.seq, again.doubtful.len()), (4711, 0));
    desk.state.draft.subject = "another".to_owned();
    desk.step(Message::Edited(Place::Subject));
    assert_eq!(
        desk.state.draft.again, None,
        "another text is another message"
    );
}

#[test]
fn what_turned_out_to_be_sent_leaves_a_draft_to_the_refused_alone() {
    let (mut desk, done) = in_three_ways();
    desk.hear(Event::Sent(Box::new(done)));
    desk.run(Command::WasSent);
    let jobs = desk.take();
    let kept = jobs.iter().find_map(|j| match j {
        Job::SaveDraft(draft) => Some(draft),
        _ => None,
    });
    assert_eq!(addresses(kept.unwrap()), [COURT]);
    assert!(!jobs.iter().any(|j| matches!(j, Job::DeleteDraft(_))));
    assert!(desk.state.is_blank());
}

#[test]
fn a_draft_in_doubt_asks_again_after_a_crash_before_it_can_be_sent() {
    let (desk, done) = in_three_ways();
    let mut draft = desk.state.draft.only_for(|a| a.given() != ANNE);
    draft.again.clone_from(&done.again);
    let mut desk = Desk::new(Lang::En);
    desk.hear(Event::DraftsLoaded(vec![draft]));
    assert!(matches!(desk.state.phase, Phase::Unconfirmed(_)));
    desk.run(Command::Send);
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
    desk.run(Command::WasNotSent);
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert_eq!(addresses(&desk.state.draft), [COURT, EVA]);
}

fn refused_sign_in(how: SignIn) -> Desk {
    let mut desk = in_sending();
    desk.take();
    let steps = vec![Step::SignIn(how), Step::CopyForIt];
    desk.hear(Event::SendFailed(Box::new(Trouble { steps, ..trouble() })));
    let button = Place::Button(Spot::Trouble, Command::SignIn(how));
    assert_eq!(desk.state.focus, button, "one key away");
    desk
}

#[test]
fn a_refused_sign_in_is_repeated_in_the_browser_and_nothing_is_sent_by_that() {
    let mut desk = refused_sign_in(SignIn::Browser);
    desk.run(Command::SignIn(SignIn::Browser));
    let jobs = desk.take();
    assert!(matches!(jobs[..], [Job::SignIn(None)]), "{jobs:?}");
    desk.hear(Event::SignedIn(Ok(())));
    assert!(desk.state.trouble.is_none());
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0, "Enter never sends");
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_refused_sign_in_asks_for_the_password_and_tells_it_to_nobody() {
    let mut desk = refused_sign_in(SignIn::Password);
    desk.run(Command::SignIn(SignIn::Password));
    assert_eq!(desk.state.focus, Place::Password);
    desk.wait(500);
    desk.run(Command::SignIn(SignIn::Typed));
    assert!(desk.take().is_empty(), "an empty password is none");
    if let Some(Ask::Password(secret)) = desk.state.dialog.as_mut().map(|d| &mut d.ask) {
        secret.0.push_str("hemmelig-42");
    }
    desk.run(Command::SignIn(SignIn::Typed));
    let jobs = desk.take();
    assert!(matches!(jobs[..], [Job::SignIn(Some(_))]), "{jobs:?}");
    assert!(!format!("{jobs:?}{:?}", desk.state.dialog).contains("hemmelig"));
    assert!(desk.state.dialog.is_none());
    // One that is refused again is told, and the mail is still there.
    desk.hear(Event::SignedIn(Err(Box::new(trouble()))));
    assert!(desk.state.trouble.is_some());
    assert!(matches!(desk.state.phase, Phase::Writing));
}
