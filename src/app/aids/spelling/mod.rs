//! Which words are in no dictionary, and the walk through them by F7. Pure: the worker answers for single words.
//!
//! Only paragraphs that changed are cut into words again; a word is asked about once. A paragraph is judged in the language
//! in which fewer of its words are wrong. Quoted lines and the signature are left out, and so are the names of sender and
//! recipients. Nothing is changed without a key.

mod marking;
mod walk;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Range,
};

use jiff::{SignedDuration, Timestamp};

pub(in crate::app) use walk::close;
pub(super) use walk::step;
pub use walk::{At, Panel};

use self::{
    marking::{Paragraph, lines_of, names},
    walk::{accept, follow_text, next_word, on_from, put_back, replace, shown},
};
use super::{Act, Ask, Spot, Told, Wishes};
use crate::{
    app::{message::Job, place::Place, state::State},
    mail::DraftId,
    spelling::{Language, Verdict},
};

/// A pause in typing after which new words are asked about: half a word is none.
const PAUSE: SignedDuration = SignedDuration::from_millis(300);

/// What is known of the words of this mail.
#[derive(Debug, Default)]
pub struct Spelling {
    wishes: Wishes,
    /// The language of the window: of a mail that tells nothing.
    home: Option<Language>,
    /// Switched off for this mail.
    off_for: Option<DraftId>,
    /// The language of the whole mail, where one is set.
    language: Option<Language>,
    verdicts: HashMap<String, Verdict>,
    asked: HashSet<String>,
    unknown: Vec<String>,
    due: Option<Timestamp>,
    paragraphs: HashMap<u64, Paragraph>,
    ignored: BTreeSet<String>,
    suggestions: BTreeMap<(Language, String), Vec<String>>,
    /// Words of the subject that are wrong.
    pub subject: Vec<Mark>,
    /// Words of the text that are wrong.
    pub text: Vec<Mark>,
    /// The walk.
    pub panel: Option<Panel>,
}

/// A word that is in no dictionary, where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// In characters, for the screen.
    pub chars: Range<usize>,
    /// In octets, for the text.
    pub octets: Range<usize>,
    /// The language that its paragraph is written in.
    pub language: Language,
}

impl Spelling {
    pub(super) fn new(wishes: Wishes, home: Language) -> Self {
        Self {
            wishes,
            language: wishes.language,
            home: Some(home),
            ..Self::default()
        }
    }

    /// The language of the whole mail, where one is set.
    pub fn language(&self) -> Option<Language> {
        self.language
    }

    /// What is suggested for the word that is shown; none while they are looked for.
    pub fn suggested(&self) -> Option<&[String]> {
        let at = self.panel.as_ref()?.at.as_ref()?;
        let key = (at.mark.language, at.word.clone());
        self.suggestions.get(&key).map(Vec::as_slice)
    }

    fn is_on(&self, draft: &DraftId) -> bool {
        self.wishes.spelling && self.off_for.as_ref() != Some(draft)
    }

    /// When words are asked about next.
    pub(in crate::app) fn due(&self) -> Option<Timestamp> {
        self.due
    }
}

/// Looks at subject and text again.
pub(super) fn refresh(state: &mut State, now: Timestamp) {
    mark_again(state);
    let spelling = &mut state.aids.spelling;
    spelling.due = if spelling.unknown.is_empty() {
        None
    } else {
        now.checked_add(PAUSE).ok()
    };
    follow_text(state);
}

/// Marks subject and text with what is known of their words.
fn mark_again(state: &mut State) {
    let is_on = state.aids.spelling.is_on(&state.draft.id);
    let lines = if is_on { lines_of(state) } else { Vec::new() };
    let names = names(state);
    let spelling = &mut state.aids.spelling;
    spelling.settle(&lines);
    spelling.mark(&lines, &names);
}

/// Asks about new words once typing has paused.
pub(super) fn ask_due(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if state.aids.spelling.due.is_some_and(|due| due <= now) {
        ask(state, jobs);
    }
}

fn ask(state: &mut State, jobs: &mut Vec<Job>) {
    let spelling = &mut state.aids.spelling;
    spelling.due = None;
    let unknown = std::mem::take(&mut spelling.unknown);
    if !unknown.is_empty() {
        spelling.asked.extend(unknown.iter().cloned());
        jobs.push(Job::Aid(Ask::Check(unknown)));
    }
}

pub(super) fn run(state: &mut State, act: &Act, now: Timestamp, jobs: &mut Vec<Job>) {
    match act {
        Act::NextWord => next_word(state, now, jobs),
        Act::Take => {
            let chosen = state.aids.spelling.panel.as_ref().map_or(0, |p| p.chosen);
            replace(state, chosen, now, jobs);
        }
        Act::Pick(index) => replace(state, *index, now, jobs),
        Act::PutBack => put_back(state, now, jobs),
        Act::Ignore => accept(state, now, jobs),
        Act::AddWord => {
            if let Some(at) = shown(state) {
                jobs.push(Job::Aid(Ask::Add(at.word)));
                accept(state, now, jobs);
            }
        }
        Act::Speak(language) => {
            state.aids.spelling.language = *language;
            refresh(state, now);
            on_from(state, None, jobs);
        }
        Act::SpellingOff => {
            state.aids.spelling.off_for = Some(state.draft.id.clone());
            refresh(state, now);
            close(state);
            state.call(state.words.say("spell-off"));
        }
        Act::CloseSpelling => close(state),
        Act::Templates | Act::MoveSubject => {}
    }
}

pub(super) fn hear(state: &mut State, told: Told, jobs: &mut Vec<Job>) {
    match told {
        Told::Checked(checked) => {
            let spelling = &mut state.aids.spelling;
            for (word, _) in &checked {
                spelling.asked.remove(word);
            }
            spelling.verdicts.extend(checked);
            mark_again(state);
            let is_known = !state.aids.spelling.is_waiting();
            let is_awaited = state
                .aids
                .spelling
                .panel
                .as_ref()
                .is_some_and(|p| p.at.is_none());
            if is_known && is_awaited {
                let focus = state.focus.clone();
                on_from(state, None, jobs);
                // Who went elsewhere meanwhile stays there.
                if focus != Place::Aid(Spot::Suggestions) {
                    state.go(focus);
                }
            }
        }
        Told::Suggested(word, language, found) => {
            let is_shown = shown(state).is_some_and(|at| at.word == word);
            let said = match found.as_slice() {
                [] => state.words.say("spell-no-suggestion"),
                some => state
                    .words
                    .with("spell-suggestions", &[("list", some.join(", ").into())]),
            };
            state
                .aids
                .spelling
                .suggestions
                .insert((language, word), found);
            if is_shown {
                state.say(said);
            }
        }
        Told::Added(word) => {
            state.aids.spelling.ignored.insert(word.clone());
            let said = state.words.with("spell-added", &[("word", word.into())]);
            state.say(said);
        }
        Told::NoDictionary => {
            state.aids.spelling.wishes.spelling = false;
            close(state);
            let notice = state.words.say("spell-no-dictionary");
            state.call(notice.clone());
            state.notices.push(notice);
        }
        Told::Templates(_) | Told::Signatures(..) => {}
    }
}
