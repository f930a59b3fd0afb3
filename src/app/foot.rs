//! Area 4: where the mail stands in one sentence, and one button. In the undo time and on the way out, a strip.

use egui::{Ui, accesskit::Live};
use jiff::Timestamp;

use super::{
    command::Command,
    kit::{Pen, Weight, label},
    lists::waiting::waiting_ui,
    look::{Shape, Tone},
    message::{Message, Progress},
    place::Spot,
    received,
    report::{Receipt, Step, Trouble},
    setup::Drafts,
    standing::standing,
    state::{Phase, State},
    theme,
    voice::Urgency,
};
use crate::words::Words;

/// The foot of the composer.
pub(crate) fn foot_ui(ui: &mut Ui, state: &State, pen: &mut Pen, now: Timestamp) {
    if let Some(trouble) = &state.trouble {
        trouble_ui(ui, pen, trouble);
    }
    ui.scope(|ui| {
        // As high in each phase: the text above it does not move.
        ui.set_min_height(82.0);
        match &state.phase {
            Phase::Writing | Phase::Armed => standing_ui(ui, state, pen),
            Phase::Holding { until, .. } => holding_ui(ui, state, pen, *until, now),
            Phase::Sending { progress, .. } => sending_ui(ui, state, pen, *progress),
            Phase::Done { receipt, closes } => strip_ui(ui, state, pen, receipt, *closes, now),
            Phase::Waiting(queued) => waiting_ui(ui, queued, pen),
            Phase::Unconfirmed(_) => {}
        }
    });
    live_ui(ui, state, pen);
}

fn standing_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    let standing = standing(state);
    ui.horizontal_wrapped(|ui| {
        if let Some((tone, shape)) = standing.mark() {
            pen.mark(ui, tone, shape, 22.0);
        }
        let sentence = standing.sentence(&pen.words);
        pen.text(ui, &sentence);
    });
    if let Some(note) = standing.note(&pen.words, state.own_identity()) {
        pen.faint(ui, &note);
    }
    ui.horizontal_wrapped(|ui| {
        let text = standing.button(&pen.words);
        pen.button_named(ui, Spot::Foot, &standing.command(), &text, Weight::Main);
        if let Some(second) = standing.second() {
            pen.button(ui, Spot::Foot, &second, Weight::Plain);
        }
        corner_ui(ui, state, pen);
    });
}

/// The undo time in words.
pub(crate) fn holding(words: &Words, until: Timestamp, now: Timestamp) -> String {
    words.with("foot-holding", &[("seconds", seconds(until, now).into())])
}

/// How far sending is, in words.
pub(crate) fn sending(words: &Words, progress: Option<Progress>) -> String {
    let percent = progress
        .and_then(|p| (p.done * 100).checked_div(p.total))
        .unwrap_or(0);
    words.with("foot-sending", &[("percent", percent.into())])
}

/// Whole seconds left, counted up: the last second shows as one.
fn seconds(until: Timestamp, now: Timestamp) -> i64 {
    let left = until.duration_since(now);
    left.as_secs().max(0) + i64::from(left.subsec_nanos() > 0)
}

fn holding_ui(ui: &mut Ui, state: &State, pen: &mut Pen, until: Timestamp, now: Timestamp) {
    let text = holding(&pen.words, until, now);
    pen.text(ui, &text);
    ui.horizontal_wrapped(|ui| {
        pen.button(ui, Spot::Foot, &Command::Undo, Weight::Main);
        pen.button(ui, Spot::Foot, &Command::SendNow, Weight::Plain);
        corner_ui(ui, state, pen);
    });
}

fn sending_ui(ui: &mut Ui, state: &State, pen: &mut Pen, progress: Option<Progress>) {
    let text = sending(&pen.words, progress);
    pen.text(ui, &text);
    ui.horizontal_wrapped(|ui| {
        if progress.is_none_or(|p| p.can_stop) {
            pen.button(ui, Spot::Foot, &Command::StopSending, Weight::Plain);
        } else {
            let text = pen.words.say("tell-cannot-stop");
            pen.faint(ui, &text);
        }
        corner_ui(ui, state, pen);
    });
}

/// Everybody got it encrypted: nothing to decide, so the receipt is a strip that goes by itself.
fn strip_ui(
    ui: &mut Ui,
    state: &State,
    pen: &mut Pen,
    receipt: &Receipt,
    closes: Option<Timestamp>,
    now: Timestamp,
) {
    let strip = ui.scope(|ui| {
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Green, Shape::Closed, 22.0);
            let at = super::receipt::clock(receipt.at);
            let text = pen.words.with("handed-over", &[("time", at.into())]);
            pen.text(ui, &text);
        });
        let all = receipt.deliveries.len();
        let key = if receipt.deliveries.iter().all(|d| d.is_signed) {
            "handed-encrypted-signed"
        } else {
            "handed-encrypted"
        };
        let mut text = pen.words.with(key, &[("count", all.into())]);
        if let Some(at) = closes.filter(|at| *at < Timestamp::MAX) {
            text.push(' ');
            text.push_str(
                &pen.words
                    .with("foot-closes", &[("seconds", seconds(at, now).into())]),
            );
        }
        pen.faint(ui, &text);
        ui.horizontal_wrapped(|ui| {
            pen.button(ui, Spot::Foot, &Command::CloseReceipt, Weight::Main);
            pen.button(ui, Spot::Foot, &Command::SaveToCase, Weight::Plain);
            pen.button(ui, Spot::Foot, &Command::NewMail, Weight::Plain);
            corner_ui(ui, state, pen);
        });
    });
    if strip.response.contains_pointer() {
        pen.out.push(Message::Hover);
    }
}

pub(crate) fn trouble_ui(ui: &mut Ui, pen: &mut Pen, trouble: &Trouble) {
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Red, Shape::Cross, 20.0);
            pen.text(ui, &trouble.text());
        });
        ui.horizontal_wrapped(|ui| {
            for step in &trouble.steps {
                let command = step.command();
                let text = match step {
                    Step::SendAgain => pen.words.say("button-try-again"),
                    _ => command.text(&pen.words),
                };
                pen.button_named(ui, Spot::Trouble, &command, &text, Weight::Plain);
            }
            pen.button(ui, Spot::Trouble, &Command::Dismiss, Weight::Plain);
        });
    });
}

/// The key list and whether the draft is kept: to the right where there is room.
fn corner_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    let kept = kept(state);
    let mut content = |ui: &mut Ui| {
        pen.button(ui, Spot::Foot, &Command::Keys, Weight::Quiet);
        if !kept.is_empty() {
            pen.faint(ui, &kept);
        }
    };
    let room = if kept.is_empty() { 120.0 } else { 280.0 };
    if ui.available_size_before_wrap().x > room {
        let size = egui::vec2(ui.available_size_before_wrap().x, theme::TARGET);
        ui.allocate_ui_with_layout(
            size,
            egui::Layout::right_to_left(egui::Align::Center),
            content,
        );
    } else {
        ui.end_row();
        content(ui);
    }
}

/// The two labels that speak. They are always there, and take turns; their line is kept free, so that nothing moves.
pub(crate) fn live_ui(ui: &mut Ui, state: &State, pen: &Pen) {
    let is_silent = state.voice.labels().iter().all(|(text, _)| text.is_empty());
    let sentence = if is_silent {
        String::new()
    } else {
        standing(state).sentence(&pen.words)
    };
    let height = ui.fonts_mut(|f| f.row_height(&theme::small()));
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(height);
        ui.spacing_mut().item_spacing.x = 0.0;
        for (index, (text, urgency)) in state.voice.labels().into_iter().enumerate() {
            // What stands above it already is said and not shown twice.
            let is_queued = matches!(&state.phase, Phase::Waiting(q) if q.sentence == text);
            let is_there = is_queued
                || text == sentence
                || received::is_shown(state, text)
                || state.trouble.as_ref().is_some_and(|t| t.text() == text);
            let is_shown = !is_there && state.dialog.is_none();
            let color = if is_shown {
                pen.palette.text
            } else {
                theme::NONE
            };
            let builder = egui::UiBuilder::new().id_salt(("status", index));
            ui.scope_builder(builder, |ui| {
                let said = label(
                    ui,
                    egui::RichText::new(text).font(theme::small()).color(color),
                );
                let live = match urgency {
                    Urgency::Polite => Live::Polite,
                    Urgency::Assertive => Live::Assertive,
                };
                ui.ctx()
                    .accesskit_node_builder(said.id, |node| node.set_live(live));
            });
        }
    });
}

/// Whether the draft is kept.
fn kept(state: &State) -> String {
    let words = &state.words;
    if !state.is_open() || state.is_blank() {
        return String::new();
    }
    match (state.setup.drafts, state.kept.has_failed, state.kept.at) {
        (Drafts::InMemory, ..) => words.say("foot-not-kept"),
        (Drafts::Sealed, true, _) => words.say("foot-keeping-failed"),
        (Drafts::Sealed, false, Some(at)) => {
            words.with("tell-saved", &[("time", words.time(at).into())])
        }
        (Drafts::Sealed, false, None) => String::new(),
    }
}
