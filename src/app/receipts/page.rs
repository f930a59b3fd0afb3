//! The question before somebody is asked, and what a receipt says.

use egui::Context;

use super::{About, Question};
use crate::app::{
    command::Command,
    dialog::dialog,
    kit::{Pen, Weight},
    place::Spot,
    receipt::reading_place,
};

pub(in crate::app) fn question_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    question: &Question,
) -> f32 {
    let name = format!("{}. {}", question.heading, question.lines.join(". "));
    let is_read = matches!(question.about, About::File(_));
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            let list = ui.scope(|ui| {
                pen.heading(ui, &question.heading);
                for line in &question.lines {
                    pen.text(ui, &crate::words::visible(line));
                }
            });
            let lines = question.lines.iter().map(String::as_str);
            reading_place(ui, pen, list.response.rect, lines);
        },
        |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                for command in question.commands() {
                    if command == Command::Back {
                        let key = if is_read { "do-close" } else { "do-back" };
                        let words = pen.words.say(key);
                        pen.button_named(ui, Spot::Dialog, &command, &words, Weight::Main);
                    } else {
                        pen.button(ui, Spot::Dialog, &command, Weight::Plain);
                    }
                }
            });
        },
    )
}
