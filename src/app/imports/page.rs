//! The question: each certificate with its light, what it names, and every problem.

use egui::Context;

use super::{Act, Question};
use crate::app::{
    command::Command,
    dialog::dialog,
    kit::{Pen, Weight},
    look::{Shape, Tone},
    place::Spot,
    receipt::reading_place,
};

pub(in crate::app) fn question_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    question: &Question,
) -> f32 {
    let lines: Vec<&str> = question
        .entries
        .iter()
        .flat_map(|(_, lines)| lines.iter().map(String::as_str))
        .chain(question.notes.iter().map(String::as_str))
        .collect();
    let name = format!("{}. {}", question.heading, lines.join(". "));
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            let list = ui.scope(|ui| {
                pen.heading(ui, &question.heading);
                for (is_usable, lines) in &question.entries {
                    let (tone, shape) = if *is_usable {
                        (Tone::Green, Shape::Closed)
                    } else {
                        (Tone::Red, Shape::Question)
                    };
                    pen.entry(ui, tone, shape, |ui, pen| {
                        for line in lines {
                            pen.text(ui, line);
                        }
                    });
                }
                for note in &question.notes {
                    pen.text(ui, note);
                }
            });
            reading_place(ui, pen, list.response.rect, lines.iter().copied());
        },
        |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                for command in question.commands() {
                    let weight = if command == Command::Back {
                        Weight::Main
                    } else {
                        Weight::Plain
                    };
                    match (&command, &question.pin) {
                        (Command::Import(Act::Pin), Some(text)) => {
                            pen.button_named(ui, Spot::Dialog, &command, text, weight);
                        }
                        _ => {
                            pen.button(ui, Spot::Dialog, &command, weight);
                        }
                    }
                }
            });
        },
    )
}
