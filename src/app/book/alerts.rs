//! From Ctrl+Enter to the recipients being right: alerts are asked about once for exactly these recipients. Pure.

use jiff::Timestamp;

use super::{Addresses, Asked, Task};
use crate::{
    alert::Alert,
    app::{
        message::Job,
        place::Place,
        rows::Chip,
        sending,
        state::{Ask, State},
        update::settle,
    },
    mail::Kind,
};

/// Finds out what is to be said of the recipients, where they are others than before.
pub(in crate::app) fn weigh(state: &mut State) {
    let recipients = state.recipients();
    if state.addresses.weighed.as_ref() == Some(&recipients) {
        return;
    }
    state.addresses.alerts = state.addresses.book.alerts(&recipients);
    state.addresses.weighed = Some(recipients);
}

/// Whether there is nothing to ask, or it was asked and answered for exactly these recipients.
pub(in crate::app) fn are_cleared(state: &State) -> bool {
    let Addresses {
        alerts, confirmed, ..
    } = &state.addresses;
    alerts.is_empty()
        || confirmed
            .as_ref()
            .is_some_and(|(draft, recipients, shown)| {
                *draft == state.draft.id && *recipients == state.recipients() && shown == alerts
            })
}

/// Opens the question, if there is one; whether it stands in the way.
pub(in crate::app) fn stop(state: &mut State, now: Timestamp) -> bool {
    if are_cleared(state) {
        return false;
    }
    let asked = Asked::new(state);
    state.ask(Ask::Recipients(Box::new(asked)), now);
    true
}

/// The user says that the recipients are right: what was shown must be what is so now.
pub(super) fn confirm(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let Some(Ask::Recipients(shown)) = state.dialog.as_ref().map(|d| &d.ask) else {
        return;
    };
    if shown.alerts != state.addresses.alerts {
        state.close_dialog();
        if stop(state, now) {
            state.call(state.words.say("alert-waits"));
        }
        return;
    }
    let alerts = state.addresses.alerts.clone();
    let mut codes: Vec<&str> = alerts.iter().map(|a| a.kind().code()).collect();
    codes.dedup();
    jobs.push(Job::Book(Task::Note {
        draft: state.draft.id.clone(),
        codes,
    }));
    state.addresses.confirmed = Some((state.draft.id.clone(), state.recipients(), alerts));
    state.close_dialog();
    sending::send(state, now, jobs);
}

/// Moves the recipients outside who would see each other to Bcc. Nothing is sent by that.
pub(super) fn to_bcc(state: &mut State, now: Timestamp) {
    let Some(Ask::Recipients(shown)) = state.dialog.as_ref().map(|d| &d.ask) else {
        return;
    };
    let open = shown.alerts.iter().find_map(|a| match a {
        Alert::OpenRecipients { who, .. } => Some(who.clone()),
        _ => None,
    });
    let Some(open) = open else {
        return;
    };
    let is_open = |chip: &Chip| chip.mailbox().is_some_and(|m| open.contains(&m.address));
    for kind in [Kind::To, Kind::Cc] {
        let chips = std::mem::take(&mut state.rows.row_mut(kind).chips);
        let (moved, kept): (Vec<Chip>, Vec<Chip>) = chips.into_iter().partition(is_open);
        state.rows.row_mut(kind).chips = kept;
        let hidden = state.rows.row_mut(Kind::Bcc);
        let found = moved.iter().filter_map(Chip::mailbox).cloned().map(Ok);
        hidden.commit(found.collect());
        hidden.is_shown = true;
    }
    state.details = None;
    state.close_dialog();
    // What follows from the rows is brought in line before anything else is pressed.
    settle(state, now, &mut Vec::new());
    state.go(Place::Field(Kind::Bcc));
    let args = [("count", open.len().into())];
    state.call(state.words.with("alert-moved", &args));
}
