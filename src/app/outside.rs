//! Text that comes from outside: pasted, read from a file, handed over. What hides or reorders text is taken out and
//! said; what is larger than anyone writes is refused where it would be pasted, and shown in part where it is there
//! already. Nothing is cut: what is shown in part is sent whole. Pure.

use std::collections::BTreeSet;

use super::state::State;
use crate::mail::Body;
pub use crate::mail::cleaned;

/// Octets of a text that is written in. Above it the field would lag behind the keys.
pub const WRITTEN: usize = 500_000;
/// Octets of a text that is shown to be written in, so that whoever types past the border above can go on.
const SHOWN: usize = 1_000_000;
/// Octets of the beginning of a larger one.
const BEGINNING: usize = 60_000;
/// Octets of one line.
const LINE: usize = 10_000;

/// What became of a text from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// So many characters that hide or reorder text were taken out.
    Cleaned(usize),
    /// It is too large to be pasted, and was not: so many octets.
    TooLarge(usize),
    /// No font of this computer has these characters.
    NotShown(Vec<char>),
}

/// Whether a text is shown in part, and cannot be changed here.
pub fn is_large(text: &str) -> bool {
    text.len() > SHOWN
}

/// The whole lines at its beginning.
pub fn beginning(text: &str) -> &str {
    let part = &text[..text.floor_char_boundary(BEGINNING)];
    match part.rfind('\n') {
        Some(end) => &part[..end],
        None => part,
    }
}

/// How many octets can be pasted: into the text, and into a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Into the text.
    pub text: usize,
    /// Into a field of one line.
    pub line: usize,
}

impl Room {
    /// What the mail has room for.
    pub fn of(state: &State) -> Self {
        let text = match &state.draft.body {
            Body::Text(text) => text.len(),
            Body::HandedOver { own, .. } => own.len(),
        };
        Self {
            text: WRITTEN.saturating_sub(text),
            line: LINE,
        }
    }
}

/// What was said of a text from outside.
pub(super) fn tell(state: &mut State, note: &Note) {
    let words = &state.words;
    let text = match note {
        Note::Cleaned(count) => words.with("tell-cleaned", &[("count", (*count).into())]),
        Note::TooLarge(octets) => {
            let size = words.size(*octets as u64);
            words.with("tell-too-large", &[("size", size.into())])
        }
        Note::NotShown(chars) => {
            let first = chars.iter().take(3);
            let codes: Vec<String> = first.map(|c| format!("U+{:04X}", u32::from(*c))).collect();
            let args = [
                ("count", chars.len().into()),
                ("codes", codes.join(", ").into()),
            ];
            words.with("tell-not-shown", &args)
        }
    };
    if !matches!(note, Note::Cleaned(_)) && !state.notices.contains(&text) {
        state.notices.push(text.clone());
    }
    state.call(text);
}

/// The characters of a text that a font may lack. A Latin text has none.
pub fn unusual(text: &str) -> BTreeSet<char> {
    const LATIN: char = '\u{24F}';
    text.chars().filter(|c| *c > LATIN).collect()
}

/// Joins, orders or varies the letters beside it, and has no shape of its own.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{61C}' | '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{300}'..='\u{36F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_reorders_text_is_taken_out_and_counted() {
        let rows = [
            ("a\u{202E}b\u{0007}c", "abc", 2),
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd", 0),
            ("a\tb\u{FEFF}", "a\tb", 1),
            (
                "\u{1F468}\u{200D}\u{1F469}",
                "\u{1F468}\u{200D}\u{1F469}",
                0,
            ),
            ("rødgrød", "rødgrød", 0),
        ];
        for (text, kept, removed) in rows {
            assert_eq!(cleaned(text), (kept.to_owned(), removed), "{text:?}");
        }
    }

    #[test]
    fn the_beginning_of_a_large_text_ends_at_a_line_or_between_two_letters() {
        let lines = "æøå\n".repeat(SHOWN / 4);
        assert!(is_large(&lines) && lines.starts_with(beginning(&lines)));
        assert!(beginning(&lines).ends_with('å'));
        let one = "ø".repeat(SHOWN);
        assert!(beginning(&one).len() <= BEGINNING);
    }
}
