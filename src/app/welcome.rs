//! The first window on a computer without settings, and the strips at the top of the composer: never only an error.

use egui::Ui;

use super::{
    clock,
    command::Command,
    kit::{self, Pen, Weight},
    look::{Shape, Tone},
    options,
    place::Spot,
    setup::{Edition, Readiness},
    state::State,
    stops, theme,
};

/// A computer without settings: what can be done.
pub(crate) fn welcome_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    pen.heading(ui, &pen.words.say("welcome-title"));
    pen.text(ui, &pen.words.say("welcome-text"));
    for notice in &state.notices {
        pen.text(ui, notice);
    }
    if let Some(trouble) = &state.trouble {
        pen.text(ui, &trouble.text());
    }
    ui.add_space(theme::GAP);
    for (index, command) in stops::welcome_commands(state).iter().enumerate() {
        let weight = if index == 0 {
            Weight::Main
        } else {
            Weight::Plain
        };
        pen.button(ui, Spot::Welcome, command, weight);
    }
    super::foot::live_ui(ui, state, pen);
}

/// The strips at the top: the edition, what is wrong with the settings, notices, other drafts.
pub(crate) fn strips_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    if state.setup.edition == Edition::Test {
        let frame = egui::Frame::new()
            .fill(pen.palette.test)
            .corner_radius(theme::CORNER)
            .inner_margin(8);
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            let text = pen.words.say("window-test");
            kit::label(ui, egui::RichText::new(text).color(pen.palette.on_test));
        });
    }
    if let Readiness::Broken { sentence, .. } = &state.setup.readiness {
        strip(ui, pen, |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                pen.mark(ui, Tone::Red, Shape::Cross, 20.0);
                pen.text(ui, sentence);
            });
            ui.horizontal_wrapped(|ui| {
                pen.button(ui, Spot::Strip, &Command::CopyForIt, Weight::Plain);
                pen.button(ui, Spot::Strip, &Command::OpenSettings, Weight::Plain);
                if state.setup.has_demo {
                    pen.button(ui, Spot::Strip, &Command::Demo, Weight::Plain);
                }
            });
        });
    }
    clock::clock_ui(ui, state, pen);
    options::certified_ui(ui, state, pen);
    if !state.others.is_empty() {
        strip(ui, pen, |ui, pen| others_ui(ui, state, pen));
    }
    let is_shelf = state.shows_shelf();
    if !state.notices.is_empty() || is_shelf {
        strip(ui, pen, |ui, pen| {
            for notice in &state.notices {
                pen.text(ui, notice);
            }
            if is_shelf {
                pen.text(ui, &state.shelf.sentence(&pen.words));
            }
            ui.horizontal_wrapped(|ui| {
                if is_shelf {
                    pen.button(ui, Spot::Strip, &Command::ShowLists, Weight::Plain);
                }
                pen.button(ui, Spot::Strip, &Command::Dismiss, Weight::Plain);
            });
        });
    }
}

fn strip(ui: &mut Ui, pen: &mut Pen, content: impl FnOnce(&mut Ui, &mut Pen)) {
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        content(ui, pen);
    });
}

/// Drafts that were kept and belong to no window.
fn others_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    let count = state.others.len();
    pen.text(
        ui,
        &pen.words.with("window-others", &[("count", count.into())]),
    );
    ui.horizontal_wrapped(|ui| {
        for draft in &state.others {
            let who: Vec<String> = draft
                .recipients()
                .iter()
                .map(super::standing::name)
                .collect();
            let who = super::standing::listed(&pen.words, &who);
            let key = if who.is_empty() {
                "window-draft-nobody"
            } else {
                "window-draft"
            };
            let text = pen.words.with(key, &[("who", who.into())]);
            let command = Command::OpenDraft(draft.id.clone());
            pen.button_named(ui, Spot::Strip, &command, &text, Weight::Plain);
        }
    });
}
