//! The dialog that asks whether the recipients are right: what was noticed, what it means, what to do.

use egui::Context;

use super::Act;
use crate::{
    alert::{Alert, Kind},
    app::{
        command::Command,
        dialog::dialog,
        kit::{Pen, Weight},
        look::{Shape, Tone},
        place::Spot,
        receipt::reading_place,
        state::State,
    },
    words::AlertWords,
};

/// What is asked, word for word, as long as the dialog is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// About what.
    pub alerts: Vec<Alert>,
    /// The heading.
    pub heading: String,
    /// One for each alert.
    pub entries: Vec<AlertWords>,
}

impl Asked {
    pub(super) fn new(state: &State) -> Self {
        let alerts = state.addresses.alerts.clone();
        let keys = state.bcc_keys();
        let of = |a: &Alert| state.words.alert(a, &keys);
        // One alert may speak of several people.
        let recipients = state.recipients();
        let is_meant = |address| alerts.iter().any(|a| a.is_about(address));
        let meant = recipients
            .iter()
            .filter(|r| is_meant(&r.mailbox.address))
            .count();
        Self {
            heading: state
                .words
                .with("alert-heading", &[("count", meant.into())]),
            entries: alerts.iter().map(of).collect(),
            alerts,
        }
    }

    /// The buttons, in their order.
    pub fn commands(&self) -> Vec<Command> {
        let is_open = self.alerts.iter().any(|a| a.kind() == Kind::OpenRecipients);
        let mut commands = vec![Command::Back];
        commands.extend(is_open.then_some(Command::Book(Act::ToBcc)));
        commands.push(Command::Book(Act::Confirm));
        commands
    }
}

pub(in crate::app) fn alerts_ui(ctx: &Context, pen: &mut Pen, scroll: f32, asked: &Asked) -> f32 {
    let first = asked.entries.first().map(|e| e.what.as_str());
    let name = format!("{} {}", asked.heading, first.unwrap_or_default());
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            let list = ui.scope(|ui| {
                pen.heading(ui, &asked.heading);
                for entry in &asked.entries {
                    // No light: whoever is green can be the wrong one all the same.
                    pen.entry(ui, Tone::House, Shape::Question, |ui, pen| {
                        pen.text(ui, &entry.what);
                        pen.text(ui, &entry.means);
                        pen.faint(ui, &entry.next);
                    });
                }
            });
            let lines = asked
                .entries
                .iter()
                .flat_map(|e| [e.what.as_str(), &e.means, &e.next]);
            reading_place(ui, pen, list.response.rect, lines);
        },
        |ui, pen| {
            for command in asked.commands() {
                let weight = if command == Command::Back {
                    Weight::Main
                } else {
                    Weight::Plain
                };
                pen.button(ui, Spot::Dialog, &command, weight);
            }
        },
    )
}
