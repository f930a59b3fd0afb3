//! What happens to a mail, told to `update` without a window: sentences of the design that need no picture.

mod addresses;
pub(crate) mod card;
mod class;
mod drafts;
mod limits;
mod outcomes;
mod recipients;
mod sending;
mod speech;

use segl::{
    alert::Rules,
    app::{
        book::{Act, Task, Told},
        command::Command,
        keeping,
        look::{Shape, Tone},
        message::{
            AttachFailure, AttachProblem, Event, Freshness, Job, Message, Progress, Resolution,
        },
        place::{Place, Spot},
        report::{Culprit, Delivered, Outcome, Receipt, RecordEntry, Step, Trouble},
        setup::{Drafts, Fields, Opening, Readiness},
        signing_in::SignIn,
        standing::{Standing, standing},
        state::{Ask, Phase},
        stops,
    },
    cert::{ClockState, Problem},
    decide::{Fallback, Policy, ReasonCode, Route},
    mail::{
        Address, Again, Attachment, Body, Digest, Draft, DraftId, HandedOver, Kind, Mailbox,
        Recipient,
    },
    segl::Imported,
    words::Lang,
};

use crate::{people::*, support::*};

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

pub(crate) fn receipt(desk: &Desk, outcomes: &[(&str, Outcome)]) -> Receipt {
    let delivered = |(text, outcome): &(&str, Outcome)| Delivered {
        recipient: recipient(Kind::To, text),
        route: Route::Person,
        is_signed: false,
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
        means: "Nothing was sent.".to_owned(),
        todo: "Try again.".to_owned(),
        steps: vec![Step::SendAgain],
        ..trouble_of("It broke.")
    }
}

fn in_sending() -> Desk {
    let mut desk = green();
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    desk.take();
    desk
}
