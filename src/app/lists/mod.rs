//! Drafts, outbox and send log: a window of its own (w.11); and what the composer knows of the outbox.
//!
//! ```text
//! rows ─► table (order, selection; pure) ─► view ─► page (draws only what is seen)
//! keys and buttons ─► Act ─► run ─► Ask ─► worker: Shelf ─► Told ─► hear
//! ```

mod act;
mod grid;
mod hear;
mod page;
pub mod rows;
mod run;
pub mod shelf;
pub mod table;
mod view;
pub mod waiting;

use std::ops::Range;

use jiff::Timestamp;

pub use act::{Act, Spot, Tab};
pub use hear::Told;
pub use shelf::{Ask, Shelf};
pub use view::View;

pub(super) use act::{keys, waiting_keys};
pub(super) use hear::hear;
pub(super) use page::page_ui;
pub(super) use run::{command, escape, run};

use self::{
    rows::{DraftRow, LogRow, OutboxRow},
    table::Table,
};
use super::{
    command::Command,
    message::Job,
    place::{Place, Spot as Where},
    state::State,
};
use crate::mail::Readable;

/// What is shown.
#[derive(Debug, Default)]
pub struct Lists {
    /// Which tab.
    pub tab: Tab,
    /// Drafts that are kept.
    pub drafts: Table<DraftRow>,
    /// Mail that waits.
    pub outbox: Table<OutboxRow>,
    /// What was sent.
    pub log: Table<LogRow>,
    /// A sent mail that is read again.
    pub reading: Option<Box<Reading>>,
    /// Letters that were typed to find a row, and when the last one was.
    typed: Option<(String, Timestamp)>,
    /// The rows that were drawn last.
    drawn: Range<usize>,
    /// The selected row is to be brought into view.
    follows: bool,
    /// How far the table is scrolled.
    offset: f32,
    /// Where the selected row is on the screen, if it has the focus.
    seen: Option<egui::Rect>,
}

/// A sent mail that is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its identifier, under which the copy is kept.
    pub message_id: String,
    /// When it was sent.
    pub at: Timestamp,
    /// What it says.
    pub mail: Readable,
}

/// A question of this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The heading.
    pub title: String,
    /// The text.
    pub text: String,
    /// What yes does; none where there is only something to read.
    pub yes: Option<Act>,
}

impl Lists {
    /// The lists, with this tab open.
    pub fn at(tab: Tab) -> Self {
        Self {
            tab,
            ..Self::default()
        }
    }

    /// The table of the open tab.
    pub fn view(&self) -> &dyn View {
        match self.tab {
            Tab::Drafts => &self.drafts,
            Tab::Outbox => &self.outbox,
            Tab::Log => &self.log,
        }
    }

    /// The same, to move in it.
    pub fn view_mut(&mut self) -> &mut dyn View {
        match self.tab {
            Tab::Drafts => &mut self.drafts,
            Tab::Outbox => &mut self.outbox,
            Tab::Log => &mut self.log,
        }
    }

    /// The place of the selected row; that of the tabs where there is none.
    pub fn home(&self) -> Place {
        if self.reading.is_some() {
            return Place::Reading;
        }
        let view = self.view();
        let key = view.key(view.here());
        Place::Lists(key.map_or(Spot::Tabs, Spot::Row))
    }

    /// What can be done with the selected row, and in this tab.
    pub fn acts(&self) -> Vec<Act> {
        if self.reading.is_some() {
            return vec![Act::Save, Act::Leave];
        }
        let is_row = self.view().count() > 0;
        let row: &[Act] = match self.tab {
            Tab::Drafts => &[Act::Open, Act::Delete],
            Tab::Outbox => &[Act::Open, Act::Back],
            Tab::Log => &[Act::Open, Act::Save, Act::WrongPerson],
        };
        let mut acts: Vec<Act> = row.iter().filter(|_| is_row).cloned().collect();
        if self.tab == Tab::Log && !self.log.has_none() {
            acts.push(Act::Filter);
        }
        acts
    }
}

/// What a window of lists begins with.
pub(super) fn begin(state: &mut State) -> Vec<Job> {
    match &state.page {
        super::page::Page::Lists(shown) => {
            state.focus = Place::Lists(Spot::Tabs);
            vec![Job::Lists(Ask::Load(shown.tab))]
        }
        _ => Vec::new(),
    }
}

/// The places, in the order of the screen.
pub(super) fn stops(state: &State, shown: &Lists) -> Vec<Place> {
    let button = |act| Place::Button(Where::Page, Command::Lists(act));
    let mut places = Vec::new();
    if !state.notices.is_empty() {
        places.push(Place::Button(Where::Strip, Command::Dismiss));
    }
    places.push(Place::Lists(Spot::Tabs));
    if shown.reading.is_some() {
        places.push(Place::Reading);
    } else {
        let view = shown.view();
        if view.count() > 0 {
            let columns = view.columns().iter();
            places.extend(columns.map(|(column, _)| button(Act::Sort(*column))));
        }
        // Those that are on the screen, for a pointer or a screen reader; keys come to the others by moving.
        let seen = shown.drawn.clone().filter(|at| *at != view.here());
        let rows = std::iter::once(view.here()).chain(seen);
        let rows = rows.filter_map(|at| view.key(at));
        places.extend(rows.map(|key| Place::Lists(Spot::Row(key))));
    }
    places.extend(shown.acts().into_iter().map(button));
    if let Some(trouble) = &state.trouble {
        let steps = trouble.steps.iter().map(|s| s.command());
        let steps = steps.chain([Command::Dismiss]);
        places.extend(steps.map(|c| Place::Button(Where::Trouble, c)));
    }
    places
}

/// Whether Tab stops there: at one row only.
pub(super) fn is_stop(shown: &Lists, place: &Place) -> bool {
    !matches!(place, Place::Lists(Spot::Row(_))) || *place == shown.home()
}
