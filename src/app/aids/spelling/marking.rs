//! Subject and text cut into paragraphs and words, and which of the words are wrong.
//!
//! A paragraph that did not change is not cut again. It is judged in the language in which fewer of its words are wrong.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Range,
};

use super::{
    super::{prose, written},
    Mark, Spelling,
};
use crate::{
    app::{place::Place, state::State},
    spelling::{Language, Verdict, words},
};

#[derive(Debug)]
pub(super) struct Paragraph {
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
pub(super) struct Line {
    key: u64,
    octet: usize,
    character: usize,
    is_subject: bool,
}

/// The lines to judge. Paragraphs that are new are cut into words; those that are gone are forgotten.
pub(super) fn lines_of(state: &mut State) -> Vec<Line> {
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
pub(super) fn names(state: &State) -> BTreeSet<String> {
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
    pub(super) fn settle(&mut self, lines: &[Line]) {
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

    pub(super) fn mark(&mut self, lines: &[Line], names: &BTreeSet<String>) {
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
    pub(super) fn all(&self, place: &Place) -> Vec<(Place, Mark)> {
        let subject = self.subject.iter().map(|m| (Place::Subject, m.clone()));
        let text = self.text.iter().map(|m| (place.clone(), m.clone()));
        subject.chain(text).collect()
    }

    pub(super) fn is_waiting(&self) -> bool {
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
