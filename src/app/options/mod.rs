//! Settings, the rules in force, what is recorded and what is contacted: a window of its own.

use egui::Ui;
use jiff::Timestamp;

use super::{
    command::{Chord, Command},
    kit::Pen,
    message::{Event, Job},
    place::{On, Place},
    seam::Backend,
    state::State,
};

/// What is shown.
#[derive(Debug, Default)]
pub struct Options {}

/// What can be done here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {}

/// Where the focus can be here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Spot {}

/// What the worker is asked for.
#[derive(Debug)]
pub enum Ask {}

/// What the worker reports.
#[derive(Debug)]
pub enum Told {}

impl Act {
    /// Its keys.
    pub fn chord(&self) -> Option<Chord> {
        match *self {}
    }

    /// The key of its words in the catalogue.
    pub(super) fn key(&self) -> Option<&'static str> {
        match *self {}
    }
}

impl Spot {
    /// What kind of thing it is.
    pub fn on(&self) -> On {
        match *self {}
    }
}

impl Ask {
    /// Does it. May block.
    pub(super) fn answer(self, _backend: &dyn Backend) -> Option<Event> {
        match self {}
    }
}

/// The commands that have keys here.
pub(super) fn keys() -> Vec<Command> {
    Vec::new()
}

/// The places, in the order of the screen.
pub(super) fn stops(_shown: &Options) -> Vec<Place> {
    Vec::new()
}

/// Something is to be done.
pub(super) fn run(_state: &mut State, act: Act, _now: Timestamp, _jobs: &mut Vec<Job>) {
    match act {}
}

/// The worker reports.
pub(super) fn hear(_state: &mut State, told: Told, _now: Timestamp, _jobs: &mut Vec<Job>) {
    match told {}
}

/// Draws it.
pub(super) fn page_ui(_ui: &mut Ui, _state: &mut State, _pen: &mut Pen, _now: Timestamp) {}
