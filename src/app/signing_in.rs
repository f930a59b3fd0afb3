//! Signing in again, after the mail server refused it: with the browser, or with the password.
//!
//! It sends nothing by itself. Enter presses its button, and Enter never sends; and who comes back from the browser after
//! minutes looks at the mail first. The draft stays as it is, and Ctrl+Enter is the next key.

use egui::{Context, TextEdit, Ui, vec2};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    assistant::Secret,
    command::Command,
    dialog::dialog,
    kit::{FILTER, Pen, Weight},
    message::Job,
    place::{Place, Spot},
    report::Trouble,
    standing::standing,
    state::{Ask, Phase, State},
    theme,
    update::report,
};

/// How one signs in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignIn {
    /// With the browser.
    Browser,
    /// With the password, which is asked for.
    Password,
    /// With the password that was typed.
    Typed,
}

pub(super) fn run(state: &mut State, how: SignIn, now: Timestamp, jobs: &mut Vec<Job>) {
    match how {
        SignIn::Browser => {
            jobs.push(Job::SignIn(None));
            state.call(state.words.say("tell-sign-in-browser"));
        }
        SignIn::Password => {
            state.ask(Ask::Password(Secret::default()), now);
            state.focus = Place::Password;
            state.call(state.words.say("ask-password"));
        }
        SignIn::Typed => typed(state, jobs),
    }
}

fn typed(state: &mut State, jobs: &mut Vec<Job>) {
    let Some(Ask::Password(secret)) = state.dialog.as_mut().map(|d| &mut d.ask) else {
        return;
    };
    let secret = Secret(Zeroizing::new(std::mem::take(&mut *secret.0)));
    if secret.0.is_empty() {
        return state.call(state.words.say("tell-no-password"));
    }
    state.close_dialog();
    jobs.push(Job::SignIn(Some(secret)));
}

/// What came of it.
pub(super) fn hear(state: &mut State, done: Result<(), Box<Trouble>>) {
    out_of_the_way(state, done, "tell-signed-in");
}

/// What came of something that stood between the mail and sending it: sending comes next, and `told` says so.
pub(super) fn out_of_the_way(state: &mut State, done: Result<(), Box<Trouble>>, told: &str) {
    if let Err(trouble) = done {
        return report(state, *trouble);
    }
    state.trouble = None;
    if matches!(state.phase, Phase::Writing) && state.dialog.is_none() {
        state.go(Place::Button(Spot::Foot, standing(state).command()));
    }
    state.settle_focus();
    state.call(state.words.say(told));
}

/// The question for the password.
pub(super) fn password_ui(ctx: &Context, pen: &mut Pen, scroll: f32, secret: &mut Secret) -> f32 {
    let name = pen.words.say("ask-password");
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            pen.heading(ui, &name);
            pen.faint(ui, &pen.words.say("first-run-password-text"));
            let label = pen.words.say("label-password");
            secret_ui(ui, pen, &Place::Password, &mut secret.0, &label);
        },
        |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                pen.button(ui, Spot::Dialog, &Command::Back, Weight::Plain);
                let sign_in = Command::SignIn(SignIn::Typed);
                pen.button(ui, Spot::Dialog, &sign_in, Weight::Main);
            });
        },
    )
}

/// A field whose text nobody sees.
pub(super) fn secret_ui(ui: &mut Ui, pen: &mut Pen, place: &Place, text: &mut String, label: &str) {
    let edit = TextEdit::singleline(text)
        .password(true)
        .return_key(None)
        .id(place.id())
        .event_filter(FILTER)
        .desired_width(f32::INFINITY)
        .min_size(vec2(0.0, theme::TARGET))
        .frame(theme::field_frame(&pen.palette));
    let response = ui.add(edit).accessible_name(label);
    pen.noted(ui, place, &response, &response);
}
