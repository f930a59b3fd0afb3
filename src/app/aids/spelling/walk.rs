//! The walk through the wrong words by F7: what is shown, replaced, put back and accepted.

use jiff::Timestamp;

use super::{
    super::{Ask, Spot, select, splice, stepped, text_mut, written_place},
    Mark, ask, refresh,
};
use crate::app::{
    command::Command,
    message::Job,
    place::{self, Place},
    state::State,
    update::rewritten,
};

/// The walk through the wrong words.
#[derive(Debug, Default)]
pub struct Panel {
    /// The word that is shown; none while words are being looked up.
    pub at: Option<At>,
    /// The suggestion that is chosen.
    pub chosen: usize,
    replaced: Vec<Replaced>,
}

/// A word of the walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The field.
    pub place: Place,
    /// Where in it.
    pub mark: Mark,
    /// The word.
    pub word: String,
    /// Its number.
    pub number: usize,
    /// How many there are.
    pub all: usize,
}

#[derive(Debug)]
struct Replaced {
    place: Place,
    start: usize,
    old: String,
    new: String,
}

/// F7: to the next wrong word, from the one that is shown, else from the caret.
pub(super) fn next_word(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let spelling = &mut state.aids.spelling;
    if !spelling.wishes.spelling {
        return state.call(state.words.say("spell-off-settings"));
    }
    spelling.off_for = None;
    refresh(state, now);
    ask(state, jobs);
    let from = match shown(state) {
        Some(at) => Some((at.place, at.mark.chars.end)),
        None => match state.focus {
            Place::Body => Some((Place::Body, state.aids.caret.start)),
            _ => None,
        },
    };
    on_from(state, from.as_ref(), jobs);
}

/// Shows the first wrong word from here on, around the end.
pub(super) fn on_from(state: &mut State, from: Option<&(Place, usize)>, jobs: &mut Vec<Job>) {
    let text = written_place(&state.draft.body);
    let all = state.aids.spelling.all(&text);
    if all.is_empty() {
        return none_left(state);
    }
    let is_after = |(place, mark): &(Place, Mark)| match from {
        None => true,
        Some((Place::Subject, _)) if *place != Place::Subject => true,
        Some((here, at)) => here == place && mark.chars.end > *at,
    };
    let index = all.iter().position(is_after).unwrap_or(0);
    show(state, &all, index, jobs);
}

fn show(state: &mut State, all: &[(Place, Mark)], index: usize, jobs: &mut Vec<Job>) {
    let (place, mark) = all[index].clone();
    let word = text_mut(state, &place)[mark.octets.clone()].to_owned();
    // The one after it too: a long compound takes a while.
    let next = &all[(index + 1) % all.len()];
    let next = (
        next.1.language,
        text_mut(state, &next.0)[next.1.octets.clone()].to_owned(),
    );
    for key in [(mark.language, word.clone()), next] {
        let spelling = &mut state.aids.spelling;
        let asked = format!("{:?} {}", key.0, key.1);
        if !spelling.suggestions.contains_key(&key) && spelling.asked.insert(asked) {
            jobs.push(Job::Aid(Ask::Suggest(key.1, key.0)));
        }
    }
    let args = [
        ("number", (index + 1).into()),
        ("all", all.len().into()),
        ("word", word.as_str().into()),
    ];
    let said = state.words.with("spell-word", &args);
    select(state, &place, mark.chars.clone());
    let panel = state.aids.spelling.panel.get_or_insert_default();
    panel.chosen = 0;
    panel.at = Some(At {
        place,
        mark,
        word,
        number: index + 1,
        all: all.len(),
    });
    state.go(Place::Aid(Spot::Suggestions));
    state.call(said);
}

/// No wrong word is left, as far as is known.
fn none_left(state: &mut State) {
    if state.aids.spelling.is_waiting() {
        let panel = state.aids.spelling.panel.get_or_insert_default();
        panel.at = None;
        state.go(Place::Aid(Spot::Suggestions));
        return state.call(state.words.say("spell-checking"));
    }
    close(state);
    state.call(state.words.say("spell-none"));
}

/// Closes the walk; the focus goes to the word.
pub(in crate::app) fn close(state: &mut State) {
    let Some(panel) = state.aids.spelling.panel.take() else {
        return;
    };
    let is_here = matches!(
        state.focus,
        Place::Aid(Spot::Suggestions) | Place::Button(place::Spot::Aids, _)
    );
    if is_here {
        if let Some(at) = &panel.at {
            select(state, &at.place, at.mark.chars.clone());
        }
        let last = panel.replaced.into_iter().last().map(|r| r.place);
        let place = panel.at.map(|at| at.place).or(last);
        state.focus = place.unwrap_or_else(|| written_place(&state.draft.body));
        state.settle_focus();
    }
}

/// The word that is shown, if it still stands there.
pub(super) fn shown(state: &mut State) -> Option<At> {
    let at = state.aids.spelling.panel.as_ref()?.at.clone()?;
    let text = text_mut(state, &at.place);
    (text.get(at.mark.octets.clone()) == Some(&at.word)).then_some(at)
}

/// Somebody wrote on while a word was shown.
pub(super) fn follow_text(state: &mut State) {
    let is_gone = state
        .aids
        .spelling
        .panel
        .as_ref()
        .is_some_and(|p| p.at.is_some());
    if is_gone && shown(state).is_none() {
        close(state);
    }
}

pub(super) fn replace(state: &mut State, index: usize, now: Timestamp, jobs: &mut Vec<Job>) {
    let suggestion = state.aids.spelling.suggested();
    let suggestion = suggestion.and_then(|s| s.get(index)).cloned();
    let Some(at) = shown(state) else {
        return none_left(state);
    };
    let Some(new) = suggestion else {
        return state.call(state.words.say("spell-no-suggestion"));
    };
    if let Some(panel) = &mut state.aids.spelling.panel {
        panel.replaced.push(Replaced {
            place: at.place.clone(),
            start: at.mark.octets.start,
            old: at.word.clone(),
            new: new.clone(),
        });
        panel.at = None;
    }
    let end = at.mark.chars.start + new.chars().count();
    let args = [("old", at.word.into()), ("new", new.as_str().into())];
    let said = state.words.with("spell-replaced", &args);
    splice(state, &at.place, at.mark.octets, &new, end..end);
    rewritten(state, now);
    refresh(state, now);
    ask(state, jobs);
    on_from(state, Some(&(at.place, end)), jobs);
    prefix(state, &said);
}

/// What was done is said before what comes next.
fn prefix(state: &mut State, done: &str) {
    let next = state.voice.newest().to_owned();
    state.call(format!("{done} {next}"));
}

/// Takes the last replacement back, and shows its word again.
pub(super) fn put_back(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let last = state.aids.spelling.panel.as_mut();
    let Some(last) = last.and_then(|p| p.replaced.pop()) else {
        return state.call(state.words.say("spell-nothing-replaced"));
    };
    let octets = last.start..last.start + last.new.len();
    let text = text_mut(state, &last.place);
    if text.get(octets.clone()) != Some(&last.new) {
        return state.call(state.words.say("spell-nothing-replaced"));
    }
    let start = text[..last.start].chars().count();
    if let Some(panel) = &mut state.aids.spelling.panel {
        panel.at = None;
    }
    splice(state, &last.place, octets, &last.old, start..start);
    rewritten(state, now);
    refresh(state, now);
    on_from(state, Some(&(last.place, start)), jobs);
}

/// The word is right, here or everywhere.
pub(super) fn accept(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let Some(at) = shown(state) else {
        return none_left(state);
    };
    state.aids.spelling.ignored.insert(at.word);
    refresh(state, now);
    on_from(state, Some(&(at.place, at.mark.chars.end)), jobs);
}

/// An arrow in the list of suggestions.
pub(in crate::app::aids) fn step(state: &mut State, command: &Command) {
    let count = state.aids.spelling.suggested().map_or(0, <[String]>::len);
    if let Some(panel) = &mut state.aids.spelling.panel {
        panel.chosen = stepped(panel.chosen, count, command);
    }
}
