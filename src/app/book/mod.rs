//! The address book in the window: suggestions below a recipient field, and alerts before sending.
//!
//! The book is read by the worker and handed over whole; searching it costs no time that anybody notices. Nothing is
//! taken that the user did not move to, and nobody is looked up who was not taken.

mod alerts;
mod asked;
mod list;
mod suggest;
mod work;

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use egui::Key;
use jiff::Timestamp;

use super::{
    command::{Chord, Command, ctrl, ctrl_shift, plain},
    message::Job,
    place::Place,
    seam::Failed,
    state::State,
    update::report,
};
use crate::{
    alert::{Alert, Newness},
    book::Contact,
    mail::{Address, DraftId, Kind, Recipient},
    segl::{Book, Imported},
    words::tail,
};

pub(super) use alerts::{are_cleared, stop, weigh};
pub use asked::Asked;
pub(super) use asked::alerts_ui;
pub(super) use list::list_ui;
pub use suggest::List;
pub(super) use suggest::{close, leave, look};
pub use work::BookBackend;
pub(super) use work::{IMPORTED_KINDS, run as work};

/// What the window knows of addresses.
#[derive(Debug, Default)]
pub struct Addresses {
    /// The book, as the worker last read it.
    pub book: Arc<Book>,
    /// It is being read for the first time: until then nobody knows whether there is something to ask before sending.
    pub is_awaited: bool,
    /// The suggestions that are shown.
    pub list: Option<List>,
    /// What is to be said of the recipients before sending.
    pub alerts: Vec<Alert>,
    /// For whom that was found out.
    weighed: Option<Vec<Recipient>>,
    /// The mail whose recipients the user has called right, they, and what was shown.
    confirmed: Option<(DraftId, Vec<Recipient>, Vec<Alert>)>,
    /// Forgotten since the book was read.
    forgotten: HashSet<Address>,
}

/// What the user can do with the book.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// To the next suggestion.
    Next,
    /// To the one before; from the first, back to what is typed.
    Previous,
    /// Take the suggestion that was moved to.
    Take,
    /// Take this one, which was clicked.
    TakeThis(Address),
    /// Forget the suggested address.
    Forget,
    /// Import a register.
    Import,
    /// The recipients are right: send.
    Confirm,
    /// Move the recipients outside to Bcc.
    ToBcc,
}

/// Something for the worker to do.
#[derive(Debug)]
pub enum Task {
    /// Read the book.
    Load,
    /// Ask for a file and import it.
    Pick,
    /// Import this file.
    Import(PathBuf),
    /// Forget an address.
    Forget(Address),
    /// Note in the record which alerts were confirmed for a draft.
    Note {
        /// Which draft.
        draft: DraftId,
        /// The alerts' codes.
        codes: Vec<&'static str>,
    },
}

/// What the worker has to tell.
#[derive(Debug)]
pub enum Told {
    /// The book.
    Loaded(Arc<Book>),
    /// The book could not be read: nothing is known, so nothing is asked either.
    NotLoaded(Failed),
    /// A register was imported.
    Imported(Imported),
}

impl Act {
    /// The keys that stand for it.
    pub fn chord(&self) -> Option<Chord> {
        Some(match self {
            Self::Next => plain(Key::ArrowDown),
            Self::Previous => plain(Key::ArrowUp),
            Self::Take => plain(Key::Enter),
            Self::Forget => plain(Key::Delete),
            Self::Import => ctrl_shift(Key::I),
            // Not Ctrl+Enter, which may still be held, and not Ctrl+Shift+Enter, which accepts a warning: whoever says
            // that recipients are right takes a finger off the one and has not yet agreed to the other.
            Self::Confirm => ctrl(Key::R),
            // The keys that show the Bcc row elsewhere.
            Self::ToBcc => ctrl_shift(Key::B),
            Self::TakeThis(_) => return None,
        })
    }

    /// The key of its words in the catalogue.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Next => "do-book-next",
            Self::Previous => "do-book-previous",
            Self::Take | Self::TakeThis(_) => "do-book-take",
            Self::Forget => "do-book-forget",
            Self::Import => "do-book-import",
            Self::Confirm => "do-book-confirm",
            Self::ToBcc => "do-book-to-bcc",
        }
    }
}

pub(super) fn run(state: &mut State, act: Act, now: Timestamp, jobs: &mut Vec<Job>) {
    match act {
        Act::Next => suggest::step(state, true, now),
        Act::Previous => suggest::step(state, false, now),
        Act::Take => suggest::take_chosen(state, now),
        Act::TakeThis(address) => suggest::take(state, &address, now),
        Act::Forget => suggest::forget(state, jobs),
        Act::Import => jobs.push(Job::Book(Task::Pick)),
        Act::Confirm => alerts::confirm(state, now, jobs),
        Act::ToBcc => alerts::to_bcc(state, now),
    }
}

pub(super) fn hear(state: &mut State, told: Told, jobs: &mut Vec<Job>) {
    match told {
        Told::Loaded(book) => {
            state.addresses.is_awaited = false;
            let is_first = state.addresses.book.index.contacts().is_empty();
            state.addresses.book = book;
            state.addresses.forgotten.clear();
            if !state.addresses.book.rules.suggestions {
                state.addresses.list = None;
            }
            state.addresses.weighed = None;
            weigh(state);
            // Whoever was typing already sees now what there is; a list that was closed stays closed.
            if let Place::Field(kind) = state.focus
                && is_first
            {
                look(state, kind);
            }
        }
        Told::NotLoaded(trouble) => {
            state.addresses.is_awaited = false;
            report(state, *trouble);
        }
        Told::Imported(imported) => {
            let text = state.words.imported(&imported);
            state.call(text.clone());
            state.notices = vec![text];
            jobs.push(Job::Book(Task::Load));
        }
    }
}

impl State {
    /// What a chip says of somebody to whom nothing was sent before: for the eye, and with the domain's ending for the
    /// ear.
    pub(super) fn new_words(&self, address: &Address) -> Option<(String, String)> {
        if self.addresses.book.known.newness(address) != Newness::Domain {
            return None;
        }
        let ending = tail(&address.domain_unicode());
        let spoken = self
            .words
            .with("book-new-ending", &[("ending", ending.into())]);
        Some((self.words.say("book-new"), spoken))
    }

    /// What the details of a recipient say of the book and of the alerts.
    pub(super) fn told_of(&self, address: &Address) -> Vec<String> {
        let keys = self.bcc_keys();
        let alerts = self.addresses.alerts.iter();
        let mut lines: Vec<String> = alerts
            .filter(|a| a.is_about(address))
            .map(|a| {
                let words = self.words.alert(a, &keys);
                format!("{} {} {}", words.what, words.means, words.next)
            })
            .collect();
        if self.addresses.book.known.newness(address) == Newness::Address {
            let domain = address.domain_unicode();
            lines.push(
                self.words
                    .with("book-first-mail", &[("domain", domain.into())]),
            );
        }
        lines
    }

    pub(super) fn bcc_keys(&self) -> String {
        let chord = Command::Book(Act::ToBcc).chord();
        chord.map(|c| c.text(&self.words)).unwrap_or_default()
    }

    /// The suggestions below this field, if there are any.
    pub(super) fn suggestions(&self, kind: Kind) -> Option<&List> {
        self.addresses.list.as_ref().filter(|l| l.kind == kind)
    }
}

/// When somebody was written to last, or that nobody was.
fn written(state: &State, contact: &Contact, now: Timestamp) -> String {
    match contact.written {
        Some(at) => {
            let when = super::look::when(&state.words, at, now);
            state.words.with("book-written", &[("when", when.into())])
        }
        None => state.words.say("book-never-written"),
    }
}
