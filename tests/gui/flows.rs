//! What happens to a mail, told to `update` without a window: sentences of the design that need no picture.

use segl::{
    app::{
        command::Command,
        keeping,
        message::{
            AttachFailure, AttachProblem, Event, Freshness, Job, Message, Progress, Resolution,
        },
        place::{Place, Spot},
        report::{Culprit, Delivered, Outcome, Receipt, RecordEntry, Step, Trouble},
        setup::{Drafts, Fields, Opening, Readiness},
        standing::{Standing, standing},
        state::{Ask, Phase},
    },
    cert::Problem,
    decide::{Fallback, Policy, ReasonCode, Route},
    mail::{
        Address, Attachment, Body, Digest, Draft, DraftId, HandedOver, Kind, Mailbox, Recipient,
    },
    words::Lang,
};

use crate::support::*;

const EVA: &str = "eva@mail-eksempel.dk";
const COURT: &str = "post@ret-eksempel.dk";
const ANNE: &str = "holm@politi-eksempel.dk";

fn green() -> Desk {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    desk.take();
    desk
}

fn red() -> Desk {
    let mut desk = green();
    desk.address(&format!("Eva Borger <{EVA}>"));
    desk.find(not_found(EVA));
    desk.take();
    desk
}

/// A warning that is open and no longer guarded.
fn warned() -> Desk {
    let mut desk = red();
    desk.run(Command::Send);
    desk.wait(500);
    desk
}

fn sends(jobs: &[Job]) -> usize {
    jobs.iter()
        .filter(|j| matches!(j, Job::Send { .. }))
        .count()
}

fn recipient(kind: Kind, text: &str) -> Recipient {
    Recipient {
        kind,
        mailbox: Mailbox::parse(text).unwrap(),
    }
}

fn receipt(desk: &Desk, outcomes: &[(&str, Outcome)]) -> Receipt {
    let delivered = |(text, outcome): &(&str, Outcome)| Delivered {
        recipient: recipient(Kind::To, text),
        route: Route::Person,
        organisation: None,
        outcome: *outcome,
        reply: "250 2.0.0 Ok".to_owned(),
        tls: "TLS 1.3".to_owned(),
        reason: None,
    };
    Receipt {
        draft: desk.state.draft.id.clone(),
        message_id: "<1@advokat-eksempel.dk>".to_owned(),
        at: desk.now,
        deliveries: outcomes.iter().map(delivered).collect(),
        left_out: Vec::new(),
        again: None,
        record: Some(RecordEntry {
            seq: 4711,
            link: "00".to_owned(),
        }),
    }
}

fn trouble() -> Trouble {
    Trouble {
        happened: "It broke.".to_owned(),
        means: "Nothing was sent.".to_owned(),
        todo: "Try again.".to_owned(),
        steps: vec![Step::SendAgain],
        at: None,
        may_have_been_sent: false,
        detail: String::new(),
    }
}

#[test]
fn an_address_is_looked_up_when_it_is_committed_and_not_letter_by_letter() {
    let mut desk = Desk::new(Lang::En);
    for end in 1..=EVA.len() {
        desk.state.rows.row_mut(Kind::To).typed = EVA[..end].to_owned();
        desk.step(Message::Edited(Place::Field(Kind::To)));
        desk.wait(100);
    }
    assert!(!desk.take().iter().any(|j| matches!(j, Job::Assess { .. })));
    desk.run(Command::Next);
    let jobs = desk.take();
    let asked: Vec<_> = jobs
        .iter()
        .filter(|j| matches!(j, Job::Assess { .. }))
        .collect();
    assert!(
        matches!(asked[..], [Job::Assess { address, freshness: Freshness::Cached }] if address.given() == EVA)
    );
}

#[test]
fn a_pause_looks_up_and_leaves_the_text_in_place() {
    let mut desk = Desk::new(Lang::En);
    desk.state.rows.row_mut(Kind::To).typed = EVA.to_owned();
    desk.step(Message::Edited(Place::Field(Kind::To)));
    desk.wait(799);
    assert!(desk.take().is_empty());
    desk.wait(1);
    assert!(matches!(desk.take()[..], [Job::Assess { .. }]));
    assert_eq!(desk.state.rows.row(Kind::To).typed, EVA);
}

#[test]
fn a_late_answer_for_a_removed_recipient_is_dropped() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{EVA}, {ANNE}"));
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Remove);
    desk.find(not_found(EVA));
    assert!(!desk.state.found.contains_key(&Address::parse(EVA).unwrap()));
    assert_eq!(
        standing(&desk.state),
        Standing::Checking { unknown: 1, all: 1 }
    );
}

#[test]
fn a_late_answer_changes_neither_order_nor_focus() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{EVA}, {ANNE}, {COURT}"));
    desk.step(Message::Focus(Place::Chip(Kind::To, ANNE.to_owned())));
    let order = |desk: &Desk| {
        desk.state
            .rows
            .chips()
            .map(|(_, c)| c.key())
            .collect::<Vec<_>>()
    };
    let before = order(&desk);
    for found in [
        organisation(COURT, "Retten"),
        not_found(EVA),
        person(ANNE, "Anne Holm"),
    ] {
        desk.find(found);
        assert_eq!(order(&desk), before);
        assert_eq!(desk.state.focus, Place::Chip(Kind::To, ANNE.to_owned()));
    }
}

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
    assert_ne!(kept.id, draft);
    assert!(
        jobs.iter()
            .any(|j| matches!(j, Job::DeleteDraft(id) if *id == draft))
    );
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
fn a_text_that_is_no_address_stands_in_the_way_and_is_named() {
    let mut desk = green();
    desk.address("eva");
    desk.run(Command::Send);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, "eva".to_owned()));
    assert!(matches!(desk.state.phase, Phase::Writing));
    desk.run(Command::Edit);
    assert_eq!(desk.state.rows.row(Kind::To).typed, "eva");
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
}

#[test]
fn typed_text_is_a_recipient_before_anything_is_sent() {
    let mut desk = green();
    desk.step(Message::Focus(Place::Field(Kind::To)));
    desk.state.rows.row_mut(Kind::To).typed = EVA.to_owned();
    desk.step(Message::Edited(Place::Field(Kind::To)));
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Armed));
    desk.find(not_found(EVA));
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn removing_goes_to_the_next_chip_and_then_to_the_field() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{EVA}, {ANNE}"));
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Remove);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, ANNE.to_owned()));
    desk.run(Command::Remove);
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
}

#[test]
fn twenty_chips_one_red_and_f8_lands_on_it() {
    let mut desk = Desk::new(Lang::En);
    let all: Vec<String> = (0..19)
        .map(|i| format!("p{i:02}@politi-eksempel.dk"))
        .collect();
    desk.address(&format!("{}, {EVA}", all.join(", ")));
    desk.find(not_found(EVA));
    for address in &all {
        desk.find(person(address, "Somebody"));
    }
    desk.run(Command::NextProblem);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, EVA.to_owned()));
    desk.run(Command::PreviousProblem);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, EVA.to_owned()));
}

#[test]
fn f5_asks_again_for_the_selected_one_and_else_for_all_red() {
    let mut desk = red();
    desk.step(Message::Focus(Place::Chip(Kind::To, ANNE.to_owned())));
    desk.run(Command::Recheck);
    assert!(matches!(&desk.take()[..], [Job::Assess { address, .. }] if address.given() == ANNE));
    desk.find(person(ANNE, "Anne Holm"));
    desk.step(Message::Focus(Place::Body));
    desk.run(Command::Recheck);
    assert!(matches!(&desk.take()[..], [Job::Assess { address, .. }] if address.given() == EVA));
}

#[test]
fn another_organisation_is_confirmed_by_a_question_and_not_by_itself() {
    let mut desk = Desk::new(Lang::En);
    desk.address(EVA);
    desk.find(other_organisation(EVA));
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Details);
    desk.step(Message::Focus(Place::Button(
        Spot::Details,
        Command::AskOrganisation,
    )));
    desk.run(Command::AskOrganisation);
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::Organisation { .. })
    ));
    assert_eq!(desk.state.focus, Place::Button(Spot::Dialog, Command::Back));
    desk.take();
    desk.wait(500);
    desk.run(Command::ConfirmOrganisation);
    let jobs = desk.take();
    let confirmed = jobs.iter().any(|j| {
        matches!(j, Job::ConfirmOrganisation { organisation, .. }
        if organisation.name.as_deref() == Some("Fremmed ApS"))
    });
    assert!(confirmed);
    desk.hear(Event::OrganisationConfirmed(Address::parse(EVA).unwrap()));
    assert!(matches!(
        desk.take()[..],
        [Job::Assess {
            freshness: Freshness::AskAgain,
            ..
        }]
    ));
}

#[test]
fn escape_leaves_what_is_open_and_then_does_nothing() {
    let mut desk = red();
    desk.state.draft.body = Body::Text("text".to_owned());
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Details);
    desk.step(Message::Focus(Place::Button(Spot::Details, Command::Edit)));
    desk.run(Command::Escape);
    assert_eq!(desk.state.details, None);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, EVA.to_owned()));
    desk.take();
    for _ in 0..5 {
        desk.run(Command::Escape);
    }
    assert!(desk.take().is_empty());
    assert_eq!(desk.state.draft.body, Body::Text("text".to_owned()));
    assert_eq!(desk.state.rows.chips().count(), 2);
}

#[test]
fn a_change_is_kept_within_two_seconds_whatever_goes_on() {
    let mut desk = Desk::new(Lang::En);
    let mut kept = String::new();
    for second in 0..50 {
        let text = format!("word {second}");
        desk.state.draft.body = Body::Text(text.clone());
        desk.step(Message::Edited(Place::Body));
        desk.wait(300);
        for job in desk.take() {
            if let Job::SaveDraft(draft) = job {
                let Body::Text(text) = draft.body else {
                    panic!()
                };
                kept = text;
            }
        }
        let kept: i32 = kept
            .rsplit(' ')
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(-1);
        assert!(
            i64::from(second - kept) * 300 <= 2_000 + 300,
            "{second} {kept}"
        );
    }
}

#[test]
fn the_newest_draft_is_open_again_after_a_crash_and_the_others_are_named() {
    let mut desk = Desk::new(Lang::En);
    let draft = |text: &str| {
        let mut draft = Draft::new(DraftId::random().unwrap(), desk.state.draft.from.clone());
        draft.to = vec![Mailbox::parse(text).unwrap()];
        draft
    };
    let (newest, older) = (draft(EVA), draft(ANNE));
    desk.hear(Event::DraftsLoaded(vec![newest.clone(), older.clone()]));
    assert_eq!(desk.state.draft, newest);
    assert_eq!(desk.state.others, [older.clone()]);
    assert!(matches!(desk.take()[..], [Job::Assess { .. }]));
    desk.run(Command::OpenDraft(older.id.clone()));
    assert_eq!(desk.state.draft.id, older.id);
    assert_eq!(desk.state.others[0].id, newest.id);
}

#[test]
fn a_window_that_was_opened_with_a_mail_keeps_it_when_drafts_come() {
    let mut desk = Desk::new(Lang::En);
    let opening = Opening {
        fields: Fields {
            to: vec![EVA.to_owned()],
            ..Fields::default()
        },
        ignored: vec!["attach".to_owned()],
        ..Opening::default()
    };
    let now = desk.now;
    keeping::open(&mut desk.state, opening, now);
    assert_eq!(desk.state.focus, Place::Body);
    assert!(desk.state.notices[0].contains("attach"));
    let other = Draft::new(DraftId::random().unwrap(), desk.state.draft.from.clone());
    desk.hear(Event::DraftsLoaded(vec![other.clone()]));
    assert_eq!(desk.state.draft.to.len(), 1);
    assert_eq!(desk.state.others, [other]);
}

#[test]
fn a_formatted_draft_leaves_octet_for_octet_with_a_line_on_top() {
    let entity = b"Content-Type: text/html\r\n\r\n<p>K\xc3\xa6re \x00 ret</p>".to_vec();
    let mut desk = Desk::new(Lang::En);
    desk.hear(Event::HandedOver(Box::new(HandedOver {
        from: Some(Mailbox::parse("post@advokat-eksempel.dk").unwrap()),
        reply_to: None,
        to: vec![Ok(Mailbox::parse(ANNE).unwrap())],
        cc: Vec::new(),
        bcc: vec![Ok(Mailbox::parse(COURT).unwrap())],
        subject: "BS-123".to_owned(),
        body: Body::HandedOver {
            own: String::new(),
            entity: entity.clone(),
            preview: "Kære ret".to_owned(),
        },
        in_reply_to: None,
        references: Vec::new(),
    })));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(organisation(COURT, "Retten"));
    assert!(desk.state.rows.row(Kind::Bcc).is_shown);
    if let Body::HandedOver { own, .. } = &mut desk.state.draft.body {
        *own = "Se nedenfor".to_owned();
    }
    desk.step(Message::Edited(Place::Own));
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    let jobs = desk.take();
    let draft = jobs.iter().find_map(|j| match j {
        Job::Send { draft, .. } => Some(draft),
        _ => None,
    });
    let draft = draft.unwrap();
    assert_eq!(draft.from.name.as_deref(), Some("Kontoret"));
    assert!(
        matches!(&draft.body, Body::HandedOver { own, entity: e, .. } if own == "Se nedenfor" && *e == entity)
    );
}

fn in_sending() -> Desk {
    let mut desk = green();
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    desk.take();
    desk
}

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
        again: None,
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

#[test]
fn closing_keeps_the_draft_first_and_never_leaves_a_mail_on_its_way() {
    let mut desk = green();
    desk.step(Message::CloseRequested);
    let jobs = desk.take();
    assert!(jobs.iter().any(|j| matches!(j, Job::SaveDraft(_))));
    assert!(!jobs.iter().any(|j| matches!(j, Job::CloseWindow)));
    desk.hear(Event::DraftSaved {
        id: desk.state.draft.id.clone(),
        at: desk.now,
    });
    assert!(desk.take().iter().any(|j| matches!(j, Job::CloseWindow)));

    let mut desk = green();
    desk.run(Command::Send);
    desk.step(Message::CloseRequested);
    assert!(!desk.take().iter().any(|j| matches!(j, Job::CloseWindow)));
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
    let mut desk = in_sending();
    desk.step(Message::CloseRequested);
    assert!(desk.take().is_empty());
}

#[test]
fn a_draft_that_cannot_be_kept_is_not_lost_without_a_question() {
    let mut setup = setup(Lang::En);
    setup.drafts = Drafts::InMemory;
    let mut desk = Desk::with(setup);
    desk.address(EVA);
    desk.take();
    desk.step(Message::CloseRequested);
    assert!(desk.take().is_empty());
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::LoseDraft)
    ));
    desk.wait(500);
    desk.run(Command::Back);
    assert!(desk.state.dialog.is_none());

    let mut desk = green();
    desk.step(Message::CloseRequested);
    desk.take();
    desk.hear(Event::DraftNotSaved(Box::new(trouble())));
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::LoseDraft)
    ));
}

#[test]
fn with_broken_settings_one_can_write_and_not_send() {
    let mut setup = setup(Lang::En);
    let sentence = "The settings cannot be read.".to_owned();
    setup.readiness = Readiness::Broken {
        sentence,
        detail: "line 14".to_owned(),
    };
    let mut desk = Desk::with(setup);
    desk.address(ANNE);
    assert!(desk.take().is_empty(), "nobody can be asked");
    desk.run(Command::Send);
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
    assert_eq!(
        desk.state.focus,
        Place::Button(Spot::Strip, Command::CopyForIt)
    );
    desk.run(Command::CopyForIt);
    assert!(matches!(&desk.take()[..], [Job::Copy(text)] if text == "line 14"));
}

#[test]
fn without_settings_there_are_choices_and_no_composer() {
    let mut setup = setup(Lang::En);
    setup.readiness = Readiness::NoSettings;
    setup.senders.clear();
    let mut desk = Desk::with(setup.clone());
    assert!(desk.state.start_jobs().is_empty());
    desk.run(Command::Send);
    desk.run(Command::Attach);
    assert!(desk.take().is_empty());
    desk.run(Command::OpenSettings);
    desk.run(Command::Demo);
    assert!(matches!(
        desk.take()[..],
        [Job::OpenSettings, Job::StartDemo]
    ));
    setup.readiness = Readiness::Ready;
    setup.senders = crate::support::setup(Lang::En).senders;
    desk.hear(Event::Restarted(Box::new(setup)));
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
    assert!(matches!(desk.take()[..], [Job::LoadDrafts]));
}

#[test]
fn files_are_attached_once_and_what_cannot_be_is_told() {
    let mut desk = green();
    let file = |size| Attachment {
        path: "/sag/replik.pdf".into(),
        name: "replik.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size,
        sha256: Digest::of(b"x"),
    };
    let missing = AttachFailure {
        name: "bilag.pdf".to_owned(),
        why: AttachProblem::Missing,
    };
    desk.hear(Event::Attached(vec![
        Ok(file(1)),
        Ok(file(20_000_000)),
        Err(missing),
    ]));
    assert_eq!(desk.state.draft.attachments, [file(20_000_000)]);
    assert!(
        desk.state
            .trouble
            .as_ref()
            .unwrap()
            .happened
            .contains("bilag.pdf")
    );
    // 20 MB is 38 MB packed: more than the 35 MB of the mail server.
    desk.run(Command::NextProblem);
    assert_eq!(desk.state.focus, Place::File("/sag/replik.pdf".into()));
    desk.run(Command::Remove);
    assert!(desk.state.draft.attachments.is_empty());
    assert_eq!(
        desk.state.focus,
        Place::Button(Spot::Files, Command::Attach)
    );
}

#[test]
fn pasted_lists_become_recipients_and_pasted_files_attachments() {
    let mut desk = Desk::new(Lang::En);
    desk.step(Message::Focus(Place::Field(Kind::To)));
    desk.step(Message::Pasted(format!(
        "Eva Borger <{EVA}>; {ANNE}\n{COURT}"
    )));
    assert_eq!(desk.state.rows.row(Kind::To).chips.len(), 3);
    desk.take();
    desk.step(Message::Pasted("file:///sag/min%20replik.pdf\n".to_owned()));
    assert!(matches!(&desk.take()[..], [Job::AttachFiles(p)] if p[0].ends_with("min replik.pdf")));
    desk.step(Message::Focus(Place::Button(Spot::Files, Command::Attach)));
    desk.step(Message::Pasted("anything".to_owned()));
    assert!(matches!(desk.take()[..], [Job::PasteFiles]));
}

#[test]
fn the_quoted_text_goes_with_the_line_above_it() {
    let mut desk = Desk::new(Lang::En);
    let text = "Hello\n\nAnne wrote on Monday:\n> one\n> two\nRegards";
    desk.state.draft.body = Body::Text(text.to_owned());
    desk.run(Command::RemoveQuote);
    assert_eq!(
        desk.state.draft.body,
        Body::Text("Hello\n\nRegards".to_owned())
    );
}

#[test]
fn green_that_turns_red_is_called_out() {
    let mut desk = green();
    desk.find(with_problem(
        ANNE,
        Problem::Revoked {
            at: start(),
            reason: None,
            certificate: None,
        },
    ));
    assert_eq!(
        desk.state.voice.newest(),
        "holm@politi-eksempel.dk is red now: revoked"
    );
}
