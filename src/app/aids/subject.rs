//! The guard over the subject: where the text goes encrypted to somebody and the subject stays clear, a CPR number or
//! another telling word in it is pointed out, with the key that moves it into the text. Sending stops for it once.

use egui::Ui;
use jiff::Timestamp;

use super::{Act, guard, replace_all, written, written_place};
use crate::{
    app::{
        command::Command,
        kit::Pen,
        place::{Place, Spot},
        state::State,
        update,
    },
    content::Finding,
    mail::DraftId,
    segl::{stays_clear, telling},
};

/// What is known of the subject.
#[derive(Debug, Default)]
pub struct Subject {
    /// The subject that was looked at.
    of: String,
    /// What it tells.
    told: Vec<Finding>,
    /// The guard says something.
    is_guarded: bool,
    /// The mail and the subject that sending stopped for.
    stopped: Option<(DraftId, String)>,
}

/// What the guard says, where it has something to say.
pub(in crate::app) fn sentence(state: &State) -> Option<String> {
    let told = &state.aids.subject.told;
    if told.is_empty() || !state.is_open() {
        return None;
    }
    let policy = &state.setup.policy;
    let is_clear = state.recipients().iter().any(|r| {
        let known = state.found.get(&r.mailbox.address);
        known.is_some_and(|k| {
            k.route(policy).is_end_to_end() && stays_clear(&state.setup.subject, k)
        })
    });
    let list = state.words.telling(told);
    let args = [("list", list.into())];
    is_clear.then(|| state.words.with("guard-subject", &args))
}

/// The command that it offers.
pub(in crate::app) fn command(state: &State) -> Option<Command> {
    sentence(state).map(|_| Command::Aid(Act::MoveSubject))
}

/// Looks at the subject again if it is another one.
pub(super) fn look(state: &mut State) {
    if state.aids.subject.of != state.draft.subject {
        state.aids.subject.of.clone_from(&state.draft.subject);
        state.aids.subject.told = telling(&state.draft.subject);
    }
    let now = sentence(state);
    let was = std::mem::replace(&mut state.aids.subject.is_guarded, now.is_some());
    if let (false, Some(sentence)) = (was, now) {
        state.say_too(&sentence);
    }
}

/// Whether its strip is shown.
pub(super) fn is_shown(state: &State) -> bool {
    state.aids.subject.is_guarded
}

/// Says once for each subject of a mail that it tells something on the way. Whether it was said.
pub(in crate::app) fn remind(state: &mut State) -> bool {
    let is_said = disarm(state);
    if is_said {
        state.go(Place::Button(Spot::Aids, Command::Aid(Act::MoveSubject)));
    }
    is_said
}

/// The same where it was found out only after the key press: whoever types on meanwhile is not led away.
pub(in crate::app) fn disarm(state: &mut State) -> bool {
    look(state);
    let asked = (state.draft.id.clone(), state.draft.subject.clone());
    if state.aids.subject.stopped.as_ref() == Some(&asked) {
        return false;
    }
    let Some(sentence) = sentence(state) else {
        return false;
    };
    state.aids.subject.stopped = Some(asked);
    let args = [("sentence", sentence.into())];
    state.call(state.words.with("tell-subject-tells", &args));
    true
}

/// The subject becomes the first line of the text, where it is encrypted, and waits for another one. In the text Ctrl+Z
/// brings back what was there.
pub(super) fn run(state: &mut State, now: Timestamp) {
    if state.draft.subject.trim().is_empty() {
        return state.call(state.words.say("tell-no-subject"));
    }
    let subject = std::mem::take(&mut state.draft.subject);
    let text = format!("{subject}\n\n{}", written(&state.draft.body));
    replace_all(state, &written_place(&state.draft.body), text);
    update::rewritten(state, now);
    state.go(Place::Subject);
    state.call(state.words.say("tell-subject-moved"));
}

/// The strip above the text.
pub(super) fn ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    if let Some(sentence) = sentence(state) {
        let command = Command::Aid(Act::MoveSubject);
        guard::strip(ui, pen, &sentence, Some(command));
    }
}
