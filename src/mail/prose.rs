//! What the lines of a text are: the writer's own, somebody else's, or the signature. Pure.
//!
//! Quoted is what mail programs mark as quoted: lines with `>`, and everything below the line or the header block that
//! they put above an answered mail.

use std::ops::Range;

/// The line above a signature (RFC 3676 §4.3).
pub const SIGNATURE: &str = "-- ";

/// Whose words a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The writer's own.
    Own,
    /// Somebody else's.
    Quoted,
    /// Below the line above a signature, that line included.
    Signature,
}

/// Each line as octets of the text, without its end.
pub fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, Part)> {
    let mut at = 0;
    let mut part = Part::Own;
    let mut is_answered = false;
    text.split('\n').map(move |line| {
        let range = at..at + line.len();
        at += line.len() + 1;
        is_answered = is_answered || begins_answered(line, &text[range.start..]);
        if is_answered || line.starts_with('>') {
            return (range, Part::Quoted);
        }
        if line == SIGNATURE {
            part = Part::Signature;
        }
        (range, part)
    })
}

/// Lines that somebody else wrote.
pub fn quoted(text: &str) -> usize {
    let is_quoted = |(line, part): &(Range<usize>, Part)| {
        *part == Part::Quoted && !text[line.clone()].trim().is_empty()
    };
    lines(text).filter(is_quoted).count()
}

/// The text without quoted lines, and without the line above them that says who wrote them; how many were taken out.
pub fn without_quoted(text: &str) -> Option<(String, usize)> {
    let removed = quoted(text);
    if removed == 0 {
        return None;
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut was_quoted = false;
    for (line, part) in lines(text) {
        let is_quoted = part == Part::Quoted;
        if is_quoted && !was_quoted {
            while kept.last().is_some_and(|l| l.trim().is_empty()) {
                kept.pop();
            }
            if kept.last().is_some_and(|l| l.trim_end().ends_with(':')) {
                kept.pop();
            }
        }
        if !is_quoted {
            kept.push(&text[line]);
        }
        was_quoted = is_quoted;
    }
    let mut joined = kept.join("\n");
    joined.truncate(joined.trim_end().len());
    Some((joined, removed))
}

/// The dividing lines of Danish and English mail programs, and the header block that Outlook writes.
fn begins_answered(line: &str, rest: &str) -> bool {
    const TITLES: [&str; 5] = [
        "original message",
        "oprindelig meddelelse",
        "oprindelig besked",
        "forwarded message",
        "videresendt besked",
    ];
    let has = |line: &str, names: &[&str]| {
        names.iter().any(|name| {
            line.get(..name.len())
                .is_some_and(|l| l.eq_ignore_ascii_case(name))
        })
    };
    if line.starts_with("---") {
        let title = line.trim_matches(['-', ' ']).to_lowercase();
        return TITLES.contains(&title.as_str());
    }
    has(line, &["Fra:", "From:"])
        && rest
            .lines()
            .skip(1)
            .take(3)
            .any(|l| has(l, &["Sendt:", "Sent:", "Dato:", "Date:"]))
}

/// The first placeholder that nobody filled, as octets: `{name}`. Quoted text has none.
pub fn placeholder(text: &str) -> Option<Range<usize>> {
    const LONGEST: usize = 40;
    let is_name = |inside: &str| {
        !inside.is_empty()
            && inside.chars().count() <= LONGEST
            && inside.starts_with(char::is_alphabetic)
            && inside
                .chars()
                .all(|c| c.is_alphanumeric() || " _-".contains(c))
    };
    lines(text)
        .filter(|(_, part)| *part != Part::Quoted)
        .find_map(|(range, _)| {
            let line = &text[range.clone()];
            line.match_indices('{').find_map(|(open, _)| {
                let close = open + 1 + line[open + 1..].find('}')?;
                is_name(&line[open + 1..close]).then(|| range.start + open..range.start + close + 1)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_quoting_is_quoted_and_own_words_are_not() {
        let outlook = "Fra: Bo\nSendt: 3. november 2026\nTil: Anne\nEmne: Sag\n\nKære Anne";
        let table = [
            ("Kære Bo", 0),
            ("Tak.\n> Hej\n> Anne", 2),
            ("Tak.\n-----Oprindelig meddelelse-----\nHej\n\nAnne", 3),
            ("Tak.\n-----Original Message-----\nHej", 2),
            ("--- Forwarded message ---\nHej", 2),
            (outlook, 5),
            ("Fra: nu af gælder\ndet nye", 0),
            ("---\nEn streg", 0),
            ("", 0),
        ];
        for (text, wanted) in table {
            assert_eq!(quoted(text), wanted, "{text}");
        }
    }

    #[test]
    fn without_the_quoted_lines_the_own_ones_and_the_signature_are_left() {
        let table = [
            (
                "Kære Bo\n\nTak.\n\nDen 3. skrev Eva:\n> Hej\n> Bo",
                "Kære Bo\n\nTak.",
            ),
            ("Tak.\n\n> Hej\n\n-- \nAnne", "Tak.\n\n-- \nAnne"),
            ("> Et?\nJa.\n> To?\nNej.", "Ja.\nNej."),
            ("Tak.\n\n-----Original Message-----\nHej", "Tak."),
        ];
        for (text, wanted) in table {
            assert_eq!(
                without_quoted(text).map(|(t, _)| t).as_deref(),
                Some(wanted)
            );
        }
        assert_eq!(without_quoted("Tak."), None);
    }

    #[test]
    fn a_placeholder_is_a_name_in_braces_on_one_line_of_own_text() {
        let table = [
            ("Kære {name},", Some("{name}")),
            ("Kære {modtagers navn}", Some("{modtagers navn}")),
            ("let x = {};", None),
            ("{ \"a\": 1 }", None),
            ("> Kære {name}", None),
            ("{a\nb}", None),
            ("{", None),
        ];
        for (text, wanted) in table {
            assert_eq!(placeholder(text).map(|r| &text[r]), wanted, "{text}");
        }
    }
}
