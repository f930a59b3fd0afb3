//! What the worker reports to the lists, and of the outbox to every window. Pure.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{
    Ask, Reading, Tab,
    rows::{DraftRow, LogRow, OutboxRow},
    waiting::{self, Count, News},
};
use crate::{
    app::{
        keeping, message::Job, page::Page, place::Place, report::Trouble, state::State,
        update::report,
    },
    mail::{Draft, DraftId},
    segl::Waiting,
};

/// What the worker reports.
#[derive(Debug)]
pub enum Told {
    /// Drafts that are kept.
    Drafts(Vec<DraftRow>),
    /// Mail that waits.
    Outbox(Vec<OutboxRow>),
    /// What was sent.
    Log(Vec<LogRow>),
    /// A draft for this window; none if it is gone, or open in another one.
    Taken(Option<Box<Draft>>),
    /// A draft was deleted, or was open.
    Deleted(bool),
    /// A mail of the outbox is a draft again.
    Back(DraftId),
    /// It is not in the outbox any more, or being sent just now.
    Busy,
    /// The mail of a composer is in the outbox now.
    Queued(DraftId, Waiting),
    /// What became of a mail of the outbox.
    News(News),
    /// How many there are.
    Count(Count),
    /// A sent mail, read again.
    Read(Box<Reading>),
    /// Something was written to a file.
    Saved(PathBuf),
}

/// The worker reports.
pub(in crate::app) fn hear(state: &mut State, told: Told, now: Timestamp, jobs: &mut Vec<Job>) {
    match told {
        Told::Drafts(rows) => fill(state, Tab::Drafts, |s| s.drafts.fill(rows)),
        Told::Outbox(rows) => fill(state, Tab::Outbox, |s| s.outbox.fill(rows)),
        Told::Log(rows) => fill(state, Tab::Log, |s| s.log.fill(rows)),
        Told::Taken(Some(draft)) => keeping::take(state, *draft),
        Told::Taken(None) => report(state, not_there(state)),
        Told::Deleted(is_done) => {
            let key = if is_done {
                "lists-deleted"
            } else {
                "lists-is-open"
            };
            state.call(state.words.say(key));
            jobs.push(Job::Lists(Ask::Load(Tab::Drafts)));
        }
        Told::Back(id) => waiting::back(state, &id, now, jobs),
        Told::Busy => {
            state.call(state.words.say("lists-busy"));
            reload(state, jobs);
        }
        Told::Queued(id, how) => waiting::queued(state, &id, &how),
        Told::News(news) => {
            waiting::news(state, news);
            reload(state, jobs);
        }
        Told::Count(count) => {
            waiting::count(state, count);
            reload(state, jobs);
        }
        Told::Read(reading) => {
            if let Page::Lists(shown) = &mut state.page {
                shown.reading = Some(reading);
                state.reading = 0.0;
                state.focus = Place::Reading;
            }
        }
        Told::Saved(path) => {
            let path = ("path", path.display().to_string().into());
            state.call(state.words.with("tell-saved-to-case", &[path]));
        }
    }
}

/// New rows: the focus stays on the row that is selected.
fn fill(state: &mut State, tab: Tab, fill: impl FnOnce(&mut super::Lists)) {
    let Page::Lists(shown) = &mut state.page else {
        return;
    };
    let is_first = !shown.view().is_loaded();
    fill(shown);
    if shown.tab != tab {
        return;
    }
    let is_on_row = matches!(&state.focus, Place::Lists(super::Spot::Row(_)));
    if state.dialog.is_none() && shown.reading.is_none() && (is_first || is_on_row) {
        shown.follows = true;
        state.focus = shown.home();
    }
    if is_first {
        let count = ("count", shown.view().count().into());
        let name = ("name", state.words.say(tab.key()).into());
        state.say(state.words.with("lists-loaded", &[name, count]));
    }
}

/// What other windows may have changed is looked at again; the log only when somebody asks, because it only grows.
fn reload(state: &State, jobs: &mut Vec<Job>) {
    if let Page::Lists(shown) = &state.page
        && shown.tab != Tab::Log
    {
        jobs.push(Job::Lists(Ask::Load(shown.tab)));
    }
}

fn not_there(state: &State) -> Trouble {
    Trouble {
        happened: state.words.say("lists-not-taken"),
        means: state.words.say("lists-not-taken-means"),
        todo: String::new(),
        steps: Vec::new(),
        at: None,
        may_have_been_sent: false,
        detail: String::new(),
    }
}
