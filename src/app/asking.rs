//! Dialogs: the warning, other questions, the list of keys. What they say and do is decided elsewhere.

use egui::{Context, Sense, Ui, WidgetInfo, accesskit::Role, vec2};

use super::{
    aids::templates_ui,
    command::Command,
    dialog::{dialog, reading},
    kit::{Pen, Weight, label},
    lists::Question,
    look::Tone,
    message::Message,
    palette::palette_ui,
    place::{Place, Spot},
    receipt::reading_place,
    state::{Ask, State},
    theme::{self, TARGET},
    warning::{Entry, Shown, Verb, WarningText},
};
use crate::decide::ReasonCode;

/// Shows the dialog, if there is one.
pub(crate) fn asking_ui(ctx: &Context, state: &mut State, pen: &mut Pen) {
    let scroll = state.reading.min(1e6);
    pen.said = state.voice.last().to_owned();
    let Some(dialog) = &mut state.dialog else {
        return;
    };
    state.reading = match &mut dialog.ask {
        Ask::Warning {
            text,
            shown,
            reason,
            reason_text,
            also_later,
        } => {
            let given = Given {
                reason: *reason,
                text: reason_text,
                also_later: *also_later,
            };
            warning_ui(ctx, pen, scroll, text, shown, given)
        }
        Ask::Organisation { before, now, .. } => {
            let name = pen.words.say("ask-organisation-title");
            let args = [
                ("before", before.label().into()),
                ("now", now.label().into()),
            ];
            let text = pen.words.with("ask-organisation", &args);
            question_ui(
                ctx,
                pen,
                scroll,
                &name,
                &text,
                &Command::ConfirmOrganisation,
            )
        }
        Ask::LoseDraft => {
            let name = pen.words.say("ask-lose-title");
            let text = pen.words.say("ask-lose");
            question_ui(ctx, pen, scroll, &name, &text, &Command::CloseAnyway)
        }
        Ask::Keys => keys_ui(ctx, pen, scroll),
        Ask::Lists(question) => lists_ui(ctx, pen, scroll, question),
        Ask::Commands(palette) => palette_ui(ctx, pen, scroll, palette),
        Ask::Recipients(asked) => super::book::alerts_ui(ctx, pen, scroll, asked),
        Ask::Templates(choice) => templates_ui(ctx, pen, scroll, choice),
        Ask::Import(question) => super::imports::question_ui(ctx, pen, scroll, question),
        Ask::Password(secret) => super::signing_in::password_ui(ctx, pen, scroll, secret),
        Ask::Receipts(question) => super::receipts::question_ui(ctx, pen, scroll, question),
        Ask::Received(unlock) => super::received::unlock_ui(ctx, pen, scroll, unlock),
        Ask::OwnKeys(question) => super::own_keys::question_ui(ctx, pen, scroll, question),
    };
}

fn question_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    name: &str,
    text: &str,
    yes: &Command,
) -> f32 {
    let full = format!("{name}. {text}");
    dialog(
        ctx,
        pen,
        &full,
        scroll,
        |ui, pen| {
            pen.heading(ui, name);
            pen.text(ui, text);
        },
        |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                pen.button(ui, Spot::Dialog, &Command::Back, Weight::Main);
                pen.button(ui, Spot::Dialog, yes, Weight::Plain);
            });
        },
    )
}

/// A question of the lists, or something to read.
fn lists_ui(ctx: &Context, pen: &mut Pen, scroll: f32, question: &Question) -> f32 {
    let name = format!("{}. {}", question.title, question.text);
    let lines: Vec<&str> = question.text.lines().collect();
    reading(
        ctx,
        pen,
        &name,
        scroll,
        &question.title,
        &lines,
        |ui, pen| {
            let close = pen.words.say(if question.yes.is_some() {
                "lists-do-keep"
            } else {
                "do-close"
            });
            pen.button_named(ui, Spot::Dialog, &Command::Back, &close, Weight::Main);
            if let Some(yes) = &question.yes {
                let yes = Command::Lists(yes.clone());
                pen.button(ui, Spot::Dialog, &yes, Weight::Plain);
            }
        },
    )
}

/// What the sender has said so far.
struct Given<'a> {
    reason: Option<ReasonCode>,
    text: &'a mut String,
    also_later: bool,
}

fn warning_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    text: &WarningText,
    shown: &Shown,
    given: Given<'_>,
) -> f32 {
    let first = text
        .entries
        .first()
        .map(|e| format!("{}. {}", e.who, e.why))
        .unwrap_or_default();
    let name = format!("{}. {first}", text.heading);
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            let list = ui.scope(|ui| {
                pen.heading(ui, &text.heading);
                if let Some(found) = &text.found {
                    pen.text(ui, found);
                }
                for entry in &text.entries {
                    entry_ui(ui, pen, entry);
                }
                if let Some(firm) = &text.firm {
                    pen.text(ui, firm);
                }
            });
            let lines = text
                .entries
                .iter()
                .flat_map(|e| [e.who.as_str(), &e.why, &e.transport, &e.risk, &e.instead]);
            let said = (shown.verb == Verb::Ask && !shown.may_go_to_all).then_some(&*text.question);
            let lines = text.found.as_deref().into_iter().chain(lines);
            reading_place(ui, pen, list.response.rect, lines.chain(said));
            if shown.verb == Verb::Ask {
                ui.add_space(theme::GAP);
                if shown.may_go_to_all {
                    reasons_ui(ui, pen, text, given);
                } else {
                    pen.text(ui, &text.question);
                }
            }
        },
        |ui, pen| {
            for command in shown.commands() {
                let (words, weight) = match command {
                    Command::OnlyEncrypted => (
                        text.only_encrypted.clone().unwrap_or_default(),
                        Weight::Plain,
                    ),
                    Command::SendToAll => (text.send_to_all.clone(), Weight::Plain),
                    Command::Back => (text.back.clone(), Weight::Main),
                    _ => (command.text(&pen.words), Weight::Plain),
                };
                pen.button_named(ui, Spot::Dialog, &command, &words, weight);
            }
        },
    )
}

fn entry_ui(ui: &mut Ui, pen: &Pen, entry: &Entry) {
    pen.entry(ui, Tone::Red, entry.shape, |ui, pen| {
        pen.text(ui, &crate::words::visible(&entry.who));
        for line in [&entry.why, &entry.transport, &entry.risk] {
            if !line.is_empty() {
                pen.text(ui, line);
            }
        }
        pen.faint(ui, &entry.instead);
        if let Some(firm) = &entry.firm {
            pen.text(ui, firm);
        }
    });
}

/// The reasons: one stop of Tab, arrows and digits choose.
fn reasons_ui(ui: &mut Ui, pen: &mut Pen, text: &WarningText, given: Given<'_>) {
    let Given {
        reason: chosen,
        text: own,
        also_later,
    } = given;
    pen.text(ui, &text.question);
    let group = ui.scope(|ui| {
        for (index, (code, words)) in text.reasons.iter().enumerate() {
            if radio(ui, pen, index + 1, words, chosen == Some(*code)) {
                pen.out.push(Message::Command(Command::Choose(*code)));
            }
        }
    });
    let response = ui.interact(
        group.response.rect,
        Place::Reasons.id(),
        Sense::focusable_noninteractive(),
    );
    let current = text.reasons.iter().find(|(code, _)| Some(*code) == chosen);
    let name = match current {
        Some((_, words)) => format!("{} {words}", text.question),
        None => text.question.clone(),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, true, &name));
    pen.place(ui, Place::Reasons, &response);
    let field = pen.words.say("field-reason");
    pen.line(ui, &Place::ReasonText, own, &field, &field);
    if let Some(words) = &text.also_later {
        tick(ui, pen, &Command::AlsoLater, words, also_later);
    }
    pen.faint(ui, &text.note);
}

/// A thing that holds or does not: a box with a tick, and its key.
fn tick(ui: &mut Ui, pen: &mut Pen, command: &Command, words: &str, is_on: bool) {
    let keys = command.chord().map(|c| c.text(&pen.words));
    let text = format!("{}  {words}", keys.unwrap_or_default());
    let room = ui.available_width() - 32.0;
    let galley = ui
        .painter()
        .layout(text, theme::body(), pen.palette.text, room);
    let size = vec2(ui.available_width(), (galley.size().y + 8.0).max(TARGET));
    let (_, rect) = ui.allocate_space(size);
    let place = Place::Button(Spot::Dialog, command.clone());
    let response = ui.interact(rect, place.id(), Sense::click());
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(rect, theme::CORNER, pen.palette.hovered);
    }
    let line = egui::Stroke::new(1.5, pen.palette.line);
    let square = egui::Rect::from_center_size(
        rect.left_center() + vec2(12.0, 0.0),
        egui::Vec2::splat(16.0),
    );
    painter.rect(
        square,
        2.0,
        pen.palette.sheet,
        line,
        egui::StrokeKind::Middle,
    );
    if is_on {
        let pen_stroke = egui::Stroke::new(2.0, pen.palette.text);
        let at = |x: f32, y: f32| square.min + vec2(x, y) * 16.0;
        painter.line_segment([at(0.2, 0.5), at(0.42, 0.75)], pen_stroke);
        painter.line_segment([at(0.42, 0.75), at(0.82, 0.25)], pen_stroke);
    }
    let at = rect.left_center() + vec2(28.0, -galley.size().y / 2.0);
    painter.galley(at, galley, pen.palette.text);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_on, words));
    if response.clicked() {
        pen.out.extend([
            Message::Focus(place.clone()),
            Message::Command(command.clone()),
        ]);
    }
    pen.place(ui, place, &response);
}

fn radio(ui: &mut Ui, pen: &Pen, number: usize, words: &str, is_chosen: bool) -> bool {
    let text = format!("{number}  {words}");
    let galley = ui.painter().layout(
        text.clone(),
        theme::body(),
        pen.palette.text,
        ui.available_width() - 32.0,
    );
    let size = vec2(ui.available_width(), (galley.size().y + 8.0).max(TARGET));
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, egui::Id::unique(("reason", number)), Sense::CLICK);
    let center = rect.left_center() + vec2(12.0, 0.0);
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, theme::CORNER, pen.palette.hovered);
    }
    ui.painter().circle(
        center,
        8.0,
        pen.palette.sheet,
        egui::Stroke::new(1.5, pen.palette.line),
    );
    if is_chosen {
        ui.painter().circle_filled(center, 4.5, pen.palette.text);
    }
    let at = rect.left_center() + vec2(28.0, -galley.size().y / 2.0);
    ui.painter().galley(at, galley, pen.palette.text);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, &text));
    response.clicked()
}

/// A line of the list: keys in front of what they do, or above it in a narrow window.
fn key_ui(ui: &mut Ui, pen: &Pen, keys: &str, text: &str) {
    const COLUMN: f32 = 150.0;
    if ui.available_width() < 2.0 * COLUMN {
        pen.faint(ui, keys);
        pen.text(ui, text);
        return;
    }
    ui.horizontal_top(|ui| {
        let left = ui.cursor().left();
        label(ui, egui::RichText::new(keys).color(pen.palette.faint));
        ui.add_space((left + COLUMN - ui.cursor().left()).max(0.0));
        pen.text(ui, text);
    });
}

/// All keys in one table that is read line by line.
fn keys_ui(ctx: &Context, pen: &mut Pen, scroll: f32) -> f32 {
    let name = pen.words.say("keys-title");
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            let mut lines = Vec::new();
            let list = ui.scope(|ui| {
                pen.heading(ui, &name);
                for command in Command::on_key_list() {
                    let keys = command
                        .chord()
                        .map(|c| c.text(&pen.words))
                        .unwrap_or_default();
                    let text = command.text(&pen.words);
                    key_ui(ui, pen, &keys, &text);
                    lines.push(format!("{keys}: {text}"));
                }
            });
            reading_place(
                ui,
                pen,
                list.response.rect,
                lines.iter().map(String::as_str),
            );
        },
        |ui, pen| {
            let text = pen.words.say("do-close");
            pen.button_named(ui, Spot::Dialog, &Command::Back, &text, Weight::Main);
        },
    )
}
