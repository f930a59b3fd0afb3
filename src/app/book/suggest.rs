//! Suggestions below a recipient field. Pure.
//!
//! Errors of auto-complete are the topmost cause of mail to the wrong person: so nothing is chosen when the list opens,
//! Enter and Tab do what they do without it, and only who was moved to by an arrow, or clicked, is taken.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Task, written};
use crate::{
    app::{message::Job, place::Place, state::State, update::changed, writing},
    book::Contact,
    mail::{Address, Kind, Mailbox},
    words::{tail, visible},
};

/// Rows that are shown at most.
const MOST: usize = 6;
/// Letters that have to be typed: one letter means everybody.
const LEAST: usize = 2;

/// The suggestions that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Below the field of this row.
    pub kind: Kind,
    /// They.
    pub found: Vec<Contact>,
    /// The one that an arrow moved to.
    pub chosen: Option<usize>,
}

/// A row in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The name, or the address where there is none.
    pub(super) name: String,
    /// The address, where there is a name above it.
    pub(super) address: String,
    /// The organisation or the domain's ending, when it was written to, and whether others have the name.
    pub(super) more: String,
}

impl Row {
    /// All of it, as it is read out.
    pub(super) fn full(&self) -> String {
        let parts = [&self.name, &self.address, &self.more];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|p| !p.is_empty())
            .collect();
        parts.join(", ")
    }
}

impl List {
    /// The words of a row.
    pub(super) fn row(&self, state: &State, index: usize, now: Timestamp) -> Option<Row> {
        let contact = self.found.get(index)?;
        let Mailbox { name, address } = &contact.mailbox;
        let mut more = Vec::new();
        let is_same = |c: &&Contact| {
            name.is_some()
                && c.mailbox.name.as_deref().map(str::to_lowercase)
                    == name.as_deref().map(str::to_lowercase)
        };
        let namesakes = self.found.iter().filter(is_same).count();
        if namesakes > 1 {
            let args = [("count", namesakes.into())];
            more.push(state.words.with("book-namesake", &args));
        }
        more.push(if let Some(organisation) = &contact.organisation {
            visible(organisation)
        } else {
            let ending = tail(&address.domain_unicode());
            state
                .words
                .with("book-ending", &[("ending", ending.into())])
        });
        more.push(written(state, contact, now));
        Some(Row {
            name: visible(contact.mailbox.label()),
            address: match name {
                Some(_) => address.to_string(),
                None => String::new(),
            },
            more: more.join(" · "),
        })
    }
}

/// What is typed has changed: other suggestions, and none of them chosen.
pub(in crate::app) fn look(state: &mut State, kind: Kind) {
    let typed = state.rows.row(kind).typed.clone();
    let book = Arc::clone(&state.addresses.book);
    if !book.rules.suggestions || typed.trim().chars().count() < LEAST {
        state.addresses.list = None;
        return;
    }
    let is_there = |contact: &&&Contact| {
        let address = &contact.mailbox.address;
        let is_typed = address.given() == typed.trim();
        let key = address.key();
        !is_typed
            && !state.addresses.forgotten.contains(address)
            && state.rows.chips().all(|(_, chip)| chip.key() != key)
    };
    // Those who stand in the mail already would take others' places.
    let more = MOST + state.rows.chips().count() + state.addresses.forgotten.len();
    let found = book.index.find(&typed, more);
    let found: Vec<Contact> = found
        .iter()
        .filter(is_there)
        .take(MOST)
        .map(|c| (*c).clone())
        .collect();
    state.addresses.list = (!found.is_empty()).then_some(List {
        kind,
        found,
        chosen: None,
    });
    if let Some(list) = &state.addresses.list {
        let args = [("count", list.found.len().into())];
        state.say(state.words.with("book-found", &args));
    }
}

/// Closes the list; whether it was open. What is typed stays.
pub(in crate::app) fn close(state: &mut State) -> bool {
    state.addresses.list.take().is_some()
}

/// Suggestions belong to the field that has the focus.
pub(in crate::app) fn leave(state: &mut State) {
    let is_here = state.addresses.list.as_ref().is_some_and(|list| {
        state.dialog.is_none()
            && state.is_open()
            && state.focus == Place::Field(list.kind)
            && !state.rows.row(list.kind).typed.is_empty()
    });
    if !is_here {
        state.addresses.list = None;
    }
}

pub(super) fn step(state: &mut State, forward: bool, now: Timestamp) {
    let Some(list) = &mut state.addresses.list else {
        return;
    };
    let end = list.found.len().saturating_sub(1);
    list.chosen = match (list.chosen, forward) {
        (None, true) => Some(0),
        (Some(i), true) => Some((i + 1).min(end)),
        (None | Some(0), false) => None,
        (Some(i), false) => Some(i - 1),
    };
    let list = list.clone();
    let row = list
        .chosen
        .and_then(|i| Some((i, list.row(state, i, now)?)));
    let text = match row {
        Some((i, row)) => state.words.with(
            "book-chosen",
            &[
                ("row", row.full().into()),
                ("place", (i + 1).into()),
                ("all", list.found.len().into()),
            ],
        ),
        None => state.words.say("book-none-chosen"),
    };
    state.call(text);
}

pub(super) fn take_chosen(state: &mut State, now: Timestamp) {
    let list = state.addresses.list.as_ref();
    let chosen = list.and_then(|l| l.found.get(l.chosen?));
    if let Some(address) = chosen.map(|c| c.mailbox.address.clone()) {
        take(state, &address, now);
    }
}

pub(super) fn take(state: &mut State, address: &Address, now: Timestamp) {
    let Some(list) = state.addresses.list.take().filter(|_| state.is_open()) else {
        return;
    };
    let found = list
        .found
        .into_iter()
        .find(|c| c.mailbox.address == *address);
    if let Some(contact) = found {
        let row = state.rows.row_mut(list.kind);
        row.typed.clear();
        writing::commit_mailbox(state, list.kind, contact.mailbox);
        state.go(Place::Field(list.kind));
        changed(state, now);
    }
}

pub(super) fn forget(state: &mut State, jobs: &mut Vec<Job>) {
    let Some(list) = &mut state.addresses.list else {
        return;
    };
    let Some(chosen) = list.chosen.filter(|i| *i < list.found.len()) else {
        return;
    };
    let address = list.found.remove(chosen).mailbox.address;
    list.chosen = None;
    if list.found.is_empty() {
        state.addresses.list = None;
    }
    let args = [("address", address.given().into())];
    state.call(state.words.with("book-forgotten", &args));
    state.addresses.forgotten.insert(address.clone());
    jobs.push(Job::Book(Task::Forget(address)));
}
