//! Look-ups that failed are tried again by themselves: the network goes and comes back, and nobody presses a key for it.
//!
//! One address asks, at first after half a minute, then ever more seldom; when it gets an answer, the others ask too. A
//! directory that is down is not flooded by all the desks of a firm.

use jiff::{SignedDuration, Timestamp};

use super::{
    message::{Freshness, Job},
    state::{Phase, State},
};
use crate::{
    decide::{Assessment, Status},
    mail::Address,
};

/// Until the first try, and between two tries at most.
const FIRST: SignedDuration = SignedDuration::from_secs(30);
const MOST: SignedDuration = SignedDuration::from_mins(5);

/// When it is tried again.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    pub(super) at: Timestamp,
    wait: SignedDuration,
}

/// An answer came in, after this one.
pub(super) fn heard(
    state: &mut State,
    before: Option<Status>,
    found: &Assessment,
    now: Timestamp,
    jobs: &mut Vec<Job>,
) {
    if found.status() == Status::LookupFailed {
        state.retry.get_or_insert(Retry {
            at: now.checked_add(FIRST).unwrap_or(now),
            wait: FIRST,
        });
    } else if before == Some(Status::LookupFailed) {
        state.retry = None;
        let failed = failed(state);
        ask(state, failed, jobs);
    }
}

/// When the next try is due, if one can be made now.
pub(super) fn due(state: &State) -> Option<Timestamp> {
    let is_free = matches!(state.phase, Phase::Writing) && state.dialog.is_none();
    state.retry.filter(|_| is_free).map(|r| r.at)
}

pub(super) fn tick(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if due(state).is_none_or(|at| at > now) {
        return;
    }
    let mut failed = failed(state);
    failed.truncate(1);
    state.retry = state.retry.filter(|_| !failed.is_empty()).map(|r| {
        let wait = (r.wait * 2).min(MOST);
        let at = now.checked_add(wait).unwrap_or(now);
        Retry { at, wait }
    });
    ask(state, failed, jobs);
}

fn failed(state: &State) -> Vec<Address> {
    let addresses = state.draft.mailboxes().map(|m| &m.address);
    let is_failed = |a: &&Address| {
        let known = state.found.get(*a);
        known.is_some_and(|k| k.status() == Status::LookupFailed) && !state.asking.contains(*a)
    };
    addresses.filter(is_failed).cloned().collect()
}

/// Asks without a word: what is known stays until there is something better.
fn ask(state: &mut State, addresses: Vec<Address>, jobs: &mut Vec<Job>) {
    for address in addresses {
        state.asking.insert(address.clone());
        jobs.push(Job::Assess {
            address,
            freshness: Freshness::AskAgain,
        });
    }
}
