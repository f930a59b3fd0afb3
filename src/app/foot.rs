//! Area 4: where the mail stands in one sentence, and one button. In the undo time and on the way out, a strip.

use egui::{Ui, accesskit::Live};
use jiff::Timestamp;

use super::{
    command::Command,
    kit::{Pen, Weight},
    look::{Shape, Tone},
    message::{Message, Progress},
    place::Spot,
    report::{Receipt, Trouble},
    setup::Drafts,
    standing::standing,
    state::{Phase, State},
    theme,
    voice::Urgency,
};

/// The foot of the composer.
pub(crate) fn foot_ui(ui: &mut Ui, state: &State, pen: &mut Pen, now: Timestamp) {
    if let Some(trouble) = &state.trouble {
        trouble_ui(ui, pen, trouble);
    }
    match &state.phase {
        Phase::Writing | Phase::Armed => standing_ui(ui, state, pen),
        Phase::Holding { until, .. } => holding_ui(ui, pen, *until, now),
        Phase::Sending { progress, .. } => sending_ui(ui, pen, *progress),
        Phase::Done { receipt, closes } => strip_ui(ui, pen, receipt, *closes, now),
        Phase::Unconfirmed(_) => {}
    }
    status_ui(ui, state, pen);
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
    if let Some(note) = standing.note(&pen.words) {
        pen.faint(ui, &note);
    }
    ui.horizontal_wrapped(|ui| {
        let text = standing.button(&pen.words);
        pen.button_named(ui, Spot::Foot, &standing.command(), &text, Weight::Main);
        if let Some(second) = standing.second() {
            pen.button(ui, Spot::Foot, &second, Weight::Plain);
        }
    });
}

/// Whole seconds left, counted up: the last second shows as one.
fn seconds(until: Timestamp, now: Timestamp) -> i64 {
    let left = until.duration_since(now);
    left.as_secs().max(0) + i64::from(left.subsec_nanos() > 0)
}

fn holding_ui(ui: &mut Ui, pen: &mut Pen, until: Timestamp, now: Timestamp) {
    let text = pen.words.with("foot-holding", &[("seconds", seconds(until, now).into())]);
    pen.text(ui, &text);
    ui.horizontal_wrapped(|ui| {
        pen.button(ui, Spot::Foot, &Command::Undo, Weight::Main);
        pen.button(ui, Spot::Foot, &Command::SendNow, Weight::Plain);
    });
}

fn sending_ui(ui: &mut Ui, pen: &mut Pen, progress: Option<Progress>) {
    let percent = progress.and_then(|p| (p.done * 100).checked_div(p.total)).unwrap_or(0);
    let text = pen.words.with("foot-sending", &[("percent", percent.into())]);
    pen.text(ui, &text);
    if progress.is_none_or(|p| p.can_stop) {
        pen.button(ui, Spot::Foot, &Command::StopSending, Weight::Plain);
    } else {
        let text = pen.words.say("tell-cannot-stop");
        pen.faint(ui, &text);
    }
}

/// Everybody got it encrypted: nothing to decide, so the receipt is a strip that goes by itself.
fn strip_ui(ui: &mut Ui, pen: &mut Pen, receipt: &Receipt, closes: Option<Timestamp>, now: Timestamp) {
    let strip = ui.scope(|ui| {
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Green, Shape::Closed, 22.0);
            let at = super::receipt::clock(receipt.at);
            let text = pen.words.with("receipt-handed", &[("time", at.into())]);
            pen.text(ui, &text);
        });
        let all = receipt.deliveries.len();
        let mut text = pen.words.with("receipt-encrypted", &[("count", all.into())]);
        if let Some(at) = closes.filter(|at| *at < Timestamp::MAX) {
            text.push(' ');
            text.push_str(&pen.words.with("foot-closes", &[("seconds", seconds(at, now).into())]));
        }
        pen.faint(ui, &text);
        ui.horizontal_wrapped(|ui| {
            pen.button(ui, Spot::Foot, &Command::Close, Weight::Main);
            pen.button(ui, Spot::Foot, &Command::SaveToCase, Weight::Plain);
            pen.button(ui, Spot::Foot, &Command::NewMail, Weight::Plain);
        });
    });
    if strip.response.contains_pointer() {
        pen.out.push(Message::Hover);
    }
}

fn trouble_ui(ui: &mut Ui, pen: &mut Pen, trouble: &Trouble) {
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Red, Shape::Cross, 20.0);
            pen.text(ui, &trouble.text());
        });
        ui.horizontal_wrapped(|ui| {
            for step in &trouble.steps {
                pen.button(ui, Spot::Trouble, &step.command(), Weight::Plain);
            }
            pen.button(ui, Spot::Trouble, &Command::Dismiss, Weight::Plain);
        });
    });
}

/// The last line: what is said, whether the draft is kept, and the key list.
fn status_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    ui.horizontal_wrapped(|ui| {
        pen.button(ui, Spot::Foot, &Command::Keys, Weight::Quiet);
        let kept = kept(state);
        if !kept.is_empty() {
            pen.faint(ui, &kept);
        }
    });
    live_ui(ui, state, pen);
}

/// The two labels that speak. They are always there, and take turns.
pub(crate) fn live_ui(ui: &mut Ui, state: &State, pen: &Pen) {
    for (index, (text, urgency)) in state.voice.labels().into_iter().enumerate() {
        let builder = egui::UiBuilder::new().id_salt(("status", index));
        ui.scope_builder(builder, |ui| {
            let text = egui::RichText::new(text).font(theme::small()).color(pen.palette.text);
            let label = ui.label(text);
            let live = match urgency {
                Urgency::Polite => Live::Polite,
                Urgency::Assertive => Live::Assertive,
            };
            ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(live));
        });
    }
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
        (Drafts::Sealed, false, Some(at)) => words.with("tell-saved", &[("time", words.time(at).into())]),
        (Drafts::Sealed, false, None) => String::new(),
    }
}
