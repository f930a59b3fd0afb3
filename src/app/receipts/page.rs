//! The question before somebody is asked, and what a receipt says.

use egui::Context;

use super::{About, Question};
use crate::{
    app::{
        command::Command,
        dialog::reading,
        kit::{Pen, Weight},
        place::Spot,
    },
    words::visible,
};

pub(in crate::app) fn question_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    question: &Question,
) -> f32 {
    let lines: Vec<String> = question.lines.iter().map(|line| visible(line)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let name = format!("{}. {}", question.heading, lines.join(". "));
    reading(
        ctx,
        pen,
        &name,
        scroll,
        &question.heading,
        &lines,
        |ui, pen| {
            for command in question.commands() {
                if command == Command::Back {
                    let is_read = matches!(question.about, About::File(_));
                    let close = pen.words.say(if is_read { "do-close" } else { "do-back" });
                    pen.button_named(ui, Spot::Dialog, &command, &close, Weight::Main);
                } else {
                    pen.button(ui, Spot::Dialog, &command, Weight::Plain);
                }
            }
        },
    )
}
