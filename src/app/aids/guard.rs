//! The guard over quoted text: whoever answers a mail sends it along. Where somebody would get it without encryption this
//! is pointed out, with the key that takes it out.

use egui::Ui;

use super::subject;
use crate::{
    app::{
        command::Command,
        kit::{Pen, Weight},
        look::{Shape, Tone},
        place::Spot,
        standing,
        state::State,
        theme,
    },
    decide::Light,
    mail::Body,
};

/// What the guard says, where it has something to say.
pub(in crate::app) fn sentence(state: &State) -> Option<String> {
    if state.aids.quoted == 0 || !state.is_open() {
        return None;
    }
    let policy = &state.setup.policy;
    let recipients = state.recipients();
    let exposed = recipients.iter().filter(|r| {
        let known = state.found.get(&r.mailbox.address);
        known.is_some_and(|k| k.route(policy).light() == Light::Red)
    });
    let who: Vec<String> = exposed.map(standing::name).collect();
    if who.is_empty() {
        return None;
    }
    let key = match state.draft.body {
        Body::Text(_) => "guard-quoted",
        Body::HandedOver { .. } => "guard-formatted",
    };
    let who = standing::listed(&state.words, &who);
    let args = [("lines", state.aids.quoted.into()), ("who", who.into())];
    Some(state.words.with(key, &args))
}

/// The command that it offers: a formatted text is sent as it is.
fn command(state: &State) -> Option<Command> {
    let is_text = matches!(state.draft.body, Body::Text(_));
    (is_text && sentence(state).is_some()).then_some(Command::RemoveQuote)
}

/// The commands of the strips, in their order.
pub(in crate::app) fn commands(state: &State) -> Vec<Command> {
    subject::command(state)
        .into_iter()
        .chain(command(state))
        .collect()
}

/// Says it when it begins to hold.
pub(super) fn tell(state: &mut State) {
    let now = sentence(state);
    let was = std::mem::replace(&mut state.aids.is_guarded, now.is_some());
    if let (false, Some(sentence)) = (was, now) {
        // Together with what was just found out about a recipient.
        state.say_too(&sentence);
    }
}

/// The height that guard and suggestions need beside the mail.
pub(in crate::app) fn height(state: &State) -> f32 {
    let strip = |is_shown: bool| if is_shown { 44.0 } else { 0.0 };
    let guard = strip(state.aids.is_guarded) + strip(subject::is_shown(state));
    let panel = if state.aids.spelling.panel.is_some() {
        150.0
    } else {
        0.0
    };
    guard + panel
}

/// The strips above the text.
pub(in crate::app) fn guard_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    subject::ui(ui, state, pen);
    if let Some(sentence) = sentence(state) {
        strip(ui, pen, &sentence, command(state));
    }
}

/// A sentence that warns, with what can be done.
pub(super) fn strip(ui: &mut Ui, pen: &mut Pen, sentence: &str, command: Option<Command>) {
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Red, Shape::Open, 20.0);
            pen.text(ui, sentence);
            if let Some(command) = command {
                pen.button(ui, Spot::Aids, &command, Weight::Plain);
            }
        });
    });
}
