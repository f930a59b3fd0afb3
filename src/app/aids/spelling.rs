//! Which words are in no dictionary, and the walk through them by F7. Pure: the worker answers for single words.
//!
//! Only paragraphs that changed are cut into words again; a word is asked about once. A paragraph is judged in the language
//! in which fewer of its words are wrong. Quoted lines and the signature are left out, and so are the names of sender and
//! recipients. Nothing is changed without a key.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Range,
};

use jiff::{SignedDuration, Timestamp};

use super::{Act, Ask, Spot, Told, Wishes, prose, splice, text_mut, written, written_place};
use crate::{
    app::{
        command::Command,
        message::Job,
        place::{self, Place},
        state::State,
        update::rewritten,
    },
    mail::DraftId,
    spelling::{Language, Verdict, words},
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

#[derive(Debug)]
struct Paragraph {
    words: Vec<Word>,
    /// The words that are wrong in Danish, and in English; none as long as one is not known.
    wrong: Option<[Vec<usize>; 2]>,
}

#[derive(Debug)]
struct Word {
    text: String,
    octets: Range<usize>,
    chars: Range<usize>,
}

/// A line of the mail that is judged: its paragraph, and where it begins.
struct Line {
    key: u64,
    octet: usize,
    character: usize,
    is_subject: bool,
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

/// The lines to judge. Paragraphs that are new are cut into words; those that are gone are forgotten.
fn lines_of(state: &mut State) -> Vec<Line> {
    let mut before = std::mem::take(&mut state.aids.spelling.paragraphs);
    let mut kept = HashMap::new();
    let mut lines = Vec::new();
    let mut take = |line: &str| {
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        let key = hasher.finish();
        kept.entry(key)
            .or_insert_with(|| before.remove(&key).unwrap_or_else(|| Paragraph::of(line)));
        key
    };
    if !state.draft.subject.is_empty() {
        lines.push(Line {
            key: take(&state.draft.subject),
            octet: 0,
            character: 0,
            is_subject: true,
        });
    }
    let text = written(&state.draft.body);
    let mut character = 0;
    for (range, part) in prose::lines(text) {
        let line = &text[range.clone()];
        if part == prose::Part::Own && !line.is_empty() {
            lines.push(Line {
                key: take(line),
                octet: range.start,
                character,
                is_subject: false,
            });
        }
        character += line.chars().count() + 1;
    }
    state.aids.spelling.paragraphs = kept;
    lines
}

/// Names in this mail: they are in no dictionary, and right.
fn names(state: &State) -> BTreeSet<String> {
    let recipients = state.recipients();
    let people = recipients.iter().map(|r| &r.mailbox);
    people
        .chain([&state.draft.from])
        .filter_map(|m| m.name.as_deref())
        .flat_map(|name| name.split(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

impl Paragraph {
    fn of(line: &str) -> Self {
        let (mut octet, mut character) = (0, 0);
        let cut = words(line).into_iter().map(|octets| {
            character += line[octet..octets.start].chars().count();
            let text = line[octets.clone()].to_owned();
            let chars = character..character + text.chars().count();
            (octet, character) = (octets.end, chars.end);
            Word {
                text,
                octets,
                chars,
            }
        });
        Self {
            words: cut.collect(),
            wrong: None,
        }
    }

    fn judge(&mut self, verdicts: &HashMap<String, Verdict>, unknown: &mut Vec<String>) {
        if self.wrong.is_some() {
            return;
        }
        let mut wrong = [Vec::new(), Vec::new()];
        let mut is_known = true;
        for (index, word) in self.words.iter().enumerate() {
            let Some(verdict) = verdicts.get(&word.text) else {
                is_known = false;
                unknown.push(word.text.clone());
                continue;
            };
            for (language, list) in LANGUAGES.into_iter().zip(&mut wrong) {
                if !verdict.is_right(language) {
                    list.push(index);
                }
            }
        }
        if is_known {
            self.wrong = Some(wrong);
        }
    }

    /// The wrong words as far as they are known, without keeping them.
    fn known_wrong(&self, verdicts: &HashMap<String, Verdict>) -> [Vec<usize>; 2] {
        self.wrong.clone().unwrap_or_else(|| {
            LANGUAGES.map(|language| {
                let is_wrong = |(_, word): &(usize, &Word)| {
                    verdicts
                        .get(&word.text)
                        .is_some_and(|v| !v.is_right(language))
                };
                let all = self.words.iter().enumerate();
                all.filter(is_wrong).map(|(index, _)| index).collect()
            })
        })
    }
}

/// In the order of a paragraph's lists.
const LANGUAGES: [Language; 2] = [Language::Danish, Language::English];

impl Spelling {
    /// Judges what can be judged, and notes what has to be asked about.
    fn settle(&mut self, lines: &[Line]) {
        let mut unknown = Vec::new();
        for line in lines {
            if let Some(paragraph) = self.paragraphs.get_mut(&line.key) {
                paragraph.judge(&self.verdicts, &mut unknown);
            }
        }
        unknown.retain(|w| !self.asked.contains(w));
        unknown.sort_unstable();
        unknown.dedup();
        self.unknown = unknown;
    }

    fn mark(&mut self, lines: &[Line], names: &BTreeSet<String>) {
        (self.subject, self.text) = (Vec::new(), Vec::new());
        let found: Vec<_> = lines
            .iter()
            .filter_map(|line| Some((line, self.paragraphs.get(&line.key)?)))
            .map(|(line, paragraph)| (line, paragraph, paragraph.known_wrong(&self.verdicts)))
            .collect();
        let count = |index: usize| found.iter().map(|(.., wrong)| wrong[index].len()).sum();
        let home = self.home.unwrap_or(Language::Danish);
        let mail = fewer(count(0), count(1)).unwrap_or(home);
        let language = self.language();
        let (mut subject, mut text) = (Vec::new(), Vec::new());
        for (line, paragraph, [danish, english]) in &found {
            let language =
                language.unwrap_or_else(|| fewer(danish.len(), english.len()).unwrap_or(mail));
            let wrong = match language {
                Language::Danish => danish,
                Language::English => english,
            };
            let right = |word: &str| self.is_accepted(word, names);
            let words = wrong.iter().map(|index| &paragraph.words[*index]);
            let marks = words.filter(|w| !right(&w.text)).map(|word| Mark {
                chars: line.character + word.chars.start..line.character + word.chars.end,
                octets: line.octet + word.octets.start..line.octet + word.octets.end,
                language,
            });
            if line.is_subject {
                subject.extend(marks);
            } else {
                text.extend(marks);
            }
        }
        (self.subject, self.text) = (subject, text);
    }

    fn is_accepted(&self, word: &str, names: &BTreeSet<String>) -> bool {
        let small = word.to_lowercase();
        let stem = small
            .strip_suffix("'s")
            .or(small.strip_suffix("’s"))
            .or(small.strip_suffix('s'));
        // Both parts of a double name.
        let is_name = |w: &str| w.split('-').all(|part| names.contains(part));
        self.ignored.contains(word) || is_name(&small) || stem.is_some_and(is_name)
    }

    /// Every wrong word in the order of the screen.
    fn all(&self, place: &Place) -> Vec<(Place, Mark)> {
        let subject = self.subject.iter().map(|m| (Place::Subject, m.clone()));
        let text = self.text.iter().map(|m| (place.clone(), m.clone()));
        subject.chain(text).collect()
    }

    fn is_waiting(&self) -> bool {
        let is_open = |p: &Paragraph| p.wrong.is_none();
        self.paragraphs.values().any(is_open)
    }
}

/// The language with fewer wrong words, if one has fewer.
fn fewer(danish: usize, english: usize) -> Option<Language> {
    match danish.cmp(&english) {
        std::cmp::Ordering::Less => Some(Language::Danish),
        std::cmp::Ordering::Greater => Some(Language::English),
        std::cmp::Ordering::Equal => None,
    }
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
        Act::Templates => {}
    }
}

/// F7: to the next wrong word, from the one that is shown, else from the caret.
fn next_word(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
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
fn on_from(state: &mut State, from: Option<&(Place, usize)>, jobs: &mut Vec<Job>) {
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
    super::select(state, &place, mark.chars.clone());
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
            super::select(state, &at.place, at.mark.chars.clone());
        }
        let last = panel.replaced.into_iter().last().map(|r| r.place);
        let place = panel.at.map(|at| at.place).or(last);
        state.focus = place.unwrap_or_else(|| written_place(&state.draft.body));
        state.settle_focus();
    }
}

/// The word that is shown, if it still stands there.
fn shown(state: &mut State) -> Option<At> {
    let at = state.aids.spelling.panel.as_ref()?.at.clone()?;
    let text = text_mut(state, &at.place);
    (text.get(at.mark.octets.clone()) == Some(&at.word)).then_some(at)
}

/// Somebody wrote on while a word was shown.
fn follow_text(state: &mut State) {
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

fn replace(state: &mut State, index: usize, now: Timestamp, jobs: &mut Vec<Job>) {
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
fn put_back(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
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
fn accept(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let Some(at) = shown(state) else {
        return none_left(state);
    };
    state.aids.spelling.ignored.insert(at.word);
    refresh(state, now);
    on_from(state, Some(&(at.place, at.mark.chars.end)), jobs);
}

/// An arrow in the list of suggestions.
pub(super) fn step(state: &mut State, command: &Command) {
    let count = state.aids.spelling.suggested().map_or(0, <[String]>::len);
    if let Some(panel) = &mut state.aids.spelling.panel {
        panel.chosen = super::stepped(panel.chosen, count, command);
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
