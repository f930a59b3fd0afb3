//! Moving about inside a place, and from problem to problem. Pure.

use jiff::Timestamp;

use super::{
    aids,
    command::Command,
    look::Tone,
    meter::is_too_large,
    place::Place,
    state::{Ask, State},
    writing::choose_sender,
};

pub(super) fn step(state: &mut State, command: &Command, now: Timestamp) {
    match state.focus.clone() {
        Place::From => {
            let senders = &state.setup.senders;
            let here = senders.iter().position(|s| *s == state.draft.from);
            if let Some(index) = stepped(here, senders.len(), command) {
                choose_sender(state, index, now);
            }
        }
        Place::Field(kind) => {
            let row = state.rows.row(kind);
            let chip = if *command == Command::First {
                row.chips.first()
            } else {
                row.chips.last()
            };
            if let Some(chip) = chip {
                state.go(Place::Chip(kind, chip.key()));
            }
        }
        Place::Chip(kind, key) => {
            let row = state.rows.row(kind);
            let here = row.position(&key);
            let is_end = here == row.chips.len().checked_sub(1);
            let place = match stepped(here, row.chips.len(), command) {
                _ if is_end && *command == Command::Right => Some(Place::Field(kind)),
                Some(index) => Some(Place::Chip(kind, row.chips[index].key())),
                None => None,
            };
            if let Some(place) = place {
                state.go(place);
            }
        }
        Place::File(path) => {
            let files = &state.draft.attachments;
            let here = files.iter().position(|f| f.path == path);
            if let Some(index) = stepped(here, files.len(), command) {
                state.go(Place::File(files[index].path.clone()));
            }
        }
        Place::Reasons => step_reason(state, command),
        Place::Reading => read(state, command),
        Place::Aid(spot) => aids::step(state, spot, command),
        _ => {}
    }
}

/// The index one step on, kept inside the list.
pub(super) fn stepped(here: Option<usize>, len: usize, command: &Command) -> Option<usize> {
    let last = len.checked_sub(1)?;
    Some(match (command, here) {
        (Command::First, _) | (_, None) => 0,
        (Command::Last, _) => last,
        (Command::Left, Some(i)) => i.saturating_sub(1),
        (_, Some(i)) => (i + 1).min(last),
    })
}

fn step_reason(state: &mut State, command: &Command) {
    if let Some(dialog) = &mut state.dialog
        && let Ask::Warning { text, reason, .. } = &mut dialog.ask
    {
        let here = text
            .reasons
            .iter()
            .position(|(code, _)| Some(*code) == *reason);
        if let Some(index) = stepped(here, text.reasons.len(), command) {
            *reason = Some(text.reasons[index].0);
            // The name of the group changes, which is not announced everywhere.
            let said = text.reasons[index].1.clone();
            state.say(said);
        }
    }
}

/// Points that one press of an arrow scrolls.
const LINE: f32 = 40.0;

pub(super) fn read(state: &mut State, command: &Command) {
    state.reading = match command {
        Command::Left => (state.reading - LINE).max(0.0),
        Command::Right => state.reading + LINE,
        Command::First => 0.0,
        _ => f32::MAX,
    };
}

/// Everything that stands in the way of a green light: red chips, then files that are too large.
pub(super) fn problem(state: &mut State, forward: bool, now: Timestamp) {
    let red = state
        .rows
        .chips()
        .filter(|(_, c)| state.look(c, now).tone == Tone::Red);
    let mut places: Vec<Place> = red.map(|(kind, c)| Place::Chip(kind, c.key())).collect();
    if is_too_large(state)
        && let Some(file) = state.draft.attachments.iter().max_by_key(|f| f.size)
    {
        places.push(Place::File(file.path.clone()));
    }
    let here = places.iter().position(|p| *p == state.focus);
    let next = match (here, forward) {
        (Some(i), true) => (i + 1) % places.len(),
        (Some(i), false) => (i + places.len() - 1) % places.len(),
        (None, true) => 0,
        (None, false) => places.len().saturating_sub(1),
    };
    match places.get(next) {
        Some(place) => state.go(place.clone()),
        None => state.call(state.words.say("tell-no-problems")),
    }
}

/// Every red recipient with the reason, as one text.
pub(super) fn all_red(state: &State, now: Timestamp) -> String {
    let looks = state.rows.chips().map(|(_, c)| (c, state.look(c, now)));
    let red: Vec<String> = looks
        .filter(|(_, look)| look.tone == Tone::Red)
        .map(|(chip, look)| format!("{}: {}", chip.label(), look.word.to_lowercase()))
        .collect();
    if red.is_empty() {
        state.words.say("tell-no-problems")
    } else {
        red.join(". ")
    }
}
