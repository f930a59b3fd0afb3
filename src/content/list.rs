//! The list of words (`assets/detectors/words.txt`), read once, and the one automaton that finds all of them in a single
//! pass over a text whose letters were made small.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Category;

const LIST: &str = include_str!("../../assets/detectors/words.txt");
/// What a word may end with beyond how it stands in the list: Danish and English inflection.
const ENDINGS: [&str; 26] = [
    "s", "e", "en", "ens", "et", "ets", "er", "ers", "erne", "ernes", "n", "ns", "r", "rne",
    "rnes", "t", "ede", "ene", "enes", "ed", "es", "ne", "ing", "ende", "te", "'s",
];
/// What the names of streets and places end with: a word in one tells nothing about anybody.
const PLACES: [&str; 13] = [
    "vej", "vejen", "vejs", "gade", "gaden", "stræde", "allé", "alle", "torv", "torvet", "plads",
    "pladsen", "parken",
];

/// What a word of the list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It speaks for a category by itself.
    Strong(Category),
    /// It does so beside another one, or a person.
    Weak(Category),
    /// It takes weak and strong words of its category back that stand close by.
    Not(Category),
    /// It is about a person.
    Person,
    /// What stands inside it tells nothing.
    Cover,
    /// It says what the number after it is.
    Label(Label),
}

/// What a number is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Cpr,
    NotCpr,
    Cvr,
    Account,
    Branch,
    Iban,
    Passport,
    Case,
}

/// A word that stands in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Where the whole word begins and ends, with what the list leaves open before and after.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) meaning: Meaning,
    /// The word's beginning: forms of one word share it, and two forms are not two words.
    pub(super) stem: [char; 3],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    Exact,
    Inflected,
    Open,
}

struct Entry {
    meaning: Meaning,
    stem: [char; 3],
    open_before: bool,
    tail: Tail,
    may_be_name: bool,
}

struct List {
    entries: Vec<Entry>,
    automaton: Option<AhoCorasick>,
}

/// Letters made small, octet by octet, so that places stay: ASCII, and the Latin letters with marks that two octets
/// write (`Æ`, `Ø`, `Å`, `É`). A line's end counts as a space.
pub(super) fn fold(text: &str) -> Vec<u8> {
    let mut folded = text.as_bytes().to_vec();
    folded.make_ascii_lowercase();
    for octet in &mut folded {
        *octet = if matches!(*octet, b'\n' | b'\r' | b'\t') {
            b' '
        } else {
            *octet
        };
    }
    for at in memchr::memchr_iter(0xC3, text.as_bytes()) {
        if let Some(octet @ 0x80..=0x9E) = folded.get_mut(at + 1)
            && *octet != 0x97
        {
            *octet += 0x20;
        }
    }
    folded
}

/// Every word of the list in the text, in the order of their ends. `folded` is [`fold`] of `text`.
pub(super) fn words(text: &str, folded: &[u8], mut found: impl FnMut(Word)) {
    let Some(automaton) = &LISTED.automaton else {
        return;
    };
    for hit in automaton.find_overlapping_iter(folded) {
        let entry = &LISTED.entries[hit.pattern().as_usize()];
        if let Some((start, end)) = whole(entry, folded, hit.start(), hit.end())
            && !(entry.may_be_name && is_name(text, start, end))
            && !is_place(&folded[start..end], hit.end() - start)
        {
            found(Word {
                start,
                end,
                meaning: entry.meaning,
                stem: entry.stem,
            });
        }
    }
}

static LISTED: LazyLock<List> = LazyLock::new(List::read);

impl List {
    fn read() -> Self {
        let (mut entries, mut patterns) = (Vec::new(), Vec::new());
        let mut section = "";
        let lines = LIST.lines().map(str::trim);
        for line in lines.filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']');
                continue;
            }
            let Some((kind, list)) = line.split_once(": ") else {
                continue;
            };
            let Some(meaning) = meaning(section, kind) else {
                continue;
            };
            for word in list.split(", ").map(str::trim).filter(|w| !w.is_empty()) {
                let (entry, pattern) = Entry::of(word, meaning);
                entries.push(entry);
                patterns.push(fold(pattern));
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            .build(&patterns);
        Self {
            entries,
            automaton: automaton.ok(),
        }
    }
}

fn meaning(section: &str, kind: &str) -> Option<Meaning> {
    if kind == "cover" {
        return Some(Meaning::Cover);
    }
    if kind == "label" {
        return Some(match section {
            "cpr" => Meaning::Label(Label::Cpr),
            "not-cpr" => Meaning::Label(Label::NotCpr),
            "cvr" => Meaning::Label(Label::Cvr),
            "account" => Meaning::Label(Label::Account),
            "branch" => Meaning::Label(Label::Branch),
            "iban" => Meaning::Label(Label::Iban),
            "passport" => Meaning::Label(Label::Passport),
            "case" => Meaning::Label(Label::Case),
            "person" => Meaning::Person,
            _ => return None,
        });
    }
    let category = Category::parse(section)?;
    Some(match kind {
        "strong" => Meaning::Strong(category),
        "weak" => Meaning::Weak(category),
        "not" => Meaning::Not(category),
        _ => return None,
    })
}

impl Entry {
    fn of(word: &str, meaning: Meaning) -> (Self, &str) {
        let (may_be_name, word) = match word.strip_prefix('^') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let (open_before, word) = match word.strip_prefix('*') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let (tail, word) = match (word.strip_suffix('*'), word.strip_suffix('.')) {
            (Some(rest), _) => (Tail::Open, rest),
            (None, Some(rest)) => (Tail::Exact, rest),
            (None, None) => (Tail::Inflected, word),
        };
        let mut letters = word.chars().flat_map(char::to_lowercase);
        let stem = std::array::from_fn(|_| letters.next().unwrap_or(' '));
        let entry = Self {
            meaning,
            stem,
            open_before,
            tail,
            may_be_name,
        };
        (entry, word)
    }
}

/// The longest word that is looked at: longer ones are no words, and time stays linear.
const LONGEST: usize = 64;

/// The whole word around a match, where it stands as the entry wants it.
fn whole(entry: &Entry, folded: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
    let mut from = start;
    while from > 0 && start - from < LONGEST && is_letter_before(folded, from) {
        from -= 1;
    }
    if from < start && !entry.open_before {
        return None;
    }
    let mut to = end;
    while to < folded.len() && to - end < LONGEST && is_letter_at(folded, to) {
        to += 1;
    }
    let rest = &folded[end..to];
    let fits = match entry.tail {
        Tail::Open => true,
        Tail::Exact => rest.is_empty(),
        Tail::Inflected => rest.is_empty() || ENDINGS.iter().any(|e| e.as_bytes() == rest),
    };
    fits.then_some((from, to))
}

/// Whether a letter begins or goes on at this octet. Letters beyond ASCII are those of two octets.
fn is_letter_at(folded: &[u8], at: usize) -> bool {
    match folded[at] {
        b'a'..=b'z' | 0xC3..=0xCD => true,
        0x80..=0xBF => at > 0 && (0xC3..=0xCD).contains(&folded[at - 1]),
        _ => false,
    }
}

fn is_letter_before(folded: &[u8], at: usize) -> bool {
    is_letter_at(folded, at - 1)
}

/// Whether the word goes on after what matched as a street or a place does.
fn is_place(word: &[u8], matched: usize) -> bool {
    PLACES
        .iter()
        .any(|p| word.len() >= matched + p.len() && word.ends_with(p.as_bytes()))
}

/// Whether the word stands as a name: it begins with a capital, and so does the word right before or after it.
fn is_name(text: &str, start: usize, end: usize) -> bool {
    let is_capital = |t: &str| t.starts_with(char::is_uppercase);
    if !is_capital(&text[start..]) {
        return false;
    }
    let before = text[..start].strip_suffix(' ').unwrap_or("");
    let word = before
        .rfind(|c: char| c.is_whitespace())
        .map_or(before, |at| &before[at + 1..]);
    let after = text[end..].strip_prefix(' ').unwrap_or("");
    is_capital(word) && !word.ends_with(['.', ':', '!', '?']) || is_capital(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Meaning)> {
        let mut all = Vec::new();
        words(text, &fold(text), |w| {
            all.push((&text[w.start..w.end], w.meaning));
        });
        all
    }

    fn has(text: &str, category: Category) -> bool {
        found(text)
            .iter()
            .any(|(_, m)| matches!(m, Meaning::Strong(c) | Meaning::Weak(c) if *c == category))
    }

    #[test]
    fn every_line_of_the_list_has_a_meaning() {
        let mut section = "";
        for line in LIST.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']');
                continue;
            }
            let (kind, list) = line.split_once(": ").unwrap();
            assert!(meaning(section, kind).is_some(), "{section}: {kind}");
            for word in list.split(',') {
                let bare = word.trim().trim_matches(['*', '^', '.']);
                assert!(bare.len() > 1, "{section}: {word:?} in {kind}");
            }
        }
        assert!(LISTED.entries.len() > 500);
        assert!(LISTED.automaton.is_some());
    }

    #[test]
    fn words_are_found_inflected_and_in_compounds_and_in_capitals() {
        for text in [
            "Hun er SYGEMELDT",
            "en skizofreni-diagnose",
            "lungekræften",
            "LÆGEERKLÆRINGEN",
            "børnepsykiatrisk afdeling",
            "“depressive” symptomer",
        ] {
            assert!(has(text, Category::Health), "{text}");
        }
        assert!(has("straffesager", Category::Offence));
        assert!(has("skilsmissebegæring", Category::Family));
    }

    #[test]
    fn parts_of_other_words_streets_and_names_are_not() {
        for (text, category) in [
            ("abortere programmet", Category::Health),
            ("Sygehusvej 4", Category::Health),
            ("Diabetesvejen 1", Category::Health),
            ("Rafiqul Islam skriver", Category::Religion),
            ("Kristen Jensen", Category::Religion),
            ("Hr. Gay Olsen", Category::Sexuality),
        ] {
            assert!(!has(text, category), "{text}: {:?}", found(text));
        }
        assert!(has("han konverterede til islam", Category::Religion));
    }
}
