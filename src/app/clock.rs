//! What is said of this computer's clock, at the top of the window: before any light, and with what to do.

use std::sync::Arc;

use egui::Ui;

use super::{
    command::Command,
    kit::{Pen, Weight},
    look::{Shape, Tone},
    message::Job,
    place::Spot,
    state::State,
    theme, writing,
};
use crate::{cert::ClockState, decide::Assessment, mail::Address, words::Stop};

impl State {
    /// What is to be said of the clock; nothing where nobody says another time.
    pub fn clock_words(&self) -> Option<Stop> {
        self.words.clock(self.clock())
    }

    /// What is known of the recipients, the newest first, says of the clock.
    pub fn clock(&self) -> &ClockState {
        // One light that was judged by a clock that is off is enough to say so.
        let told = self.found.values();
        let told = told.max_by_key(|known| (known.clock().off().is_some(), known.at()));
        told.map_or(&ClockState::Unheard, |known| known.clock())
    }

    /// Whether the strip stands there: above a mail, whose lights it is about.
    pub(super) fn shows_clock(&self) -> bool {
        self.is_mail() && self.clock().other().is_some()
    }
}

/// Hears what an assessment says of the clock, which is the same for all recipients: those who were assessed before
/// anybody said so, or before it was put right, are assessed anew. Until then they have no light.
pub(super) fn heard(state: &mut State, assessment: &Arc<Assessment>, jobs: &mut Vec<Job>) {
    let is_off = assessment.clock().off().is_some();
    let differs = |known: &Assessment| known.clock().off().is_some() != is_off;
    // Said once, by the first who brings it.
    if state.found.values().all(|known| differs(known))
        && let Some(stop) = state.words.clock(assessment.clock())
    {
        state.call(format!("{} {}", stop.what, stop.next));
    }
    let others = state.found.iter().filter(|(_, known)| differs(known));
    let others: Vec<Address> = others
        .map(|(address, _)| address.clone())
        .filter(|address| address != assessment.address())
        .collect();
    if !others.is_empty() {
        writing::look_up(state, others, jobs);
    }
}

/// The strip.
pub(crate) fn clock_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    let Some(stop) = state.clock_words().filter(|_| state.shows_clock()) else {
        return;
    };
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        pen.entry(ui, Tone::Red, Shape::Question, |ui, pen| {
            pen.text(ui, &stop.what);
            pen.text(ui, &stop.next);
        });
        pen.button(ui, Spot::Strip, &Command::Recheck, Weight::Plain);
    });
}
