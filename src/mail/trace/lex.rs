//! A trace field as words and comments, each octet looked at once: nesting is counted, never followed.

use jiff::Timestamp;
use mail_parser::DateTime;

/// Octets of a date.
const DATE_MAX: usize = 80;

/// A part of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    /// What stands between the outermost parentheses.
    Comment(&'a str),
}

/// The words and comments before the date, and the date. A comment that does not end goes to the end; then the date is
/// what stands behind the last semicolon.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, Option<&str>) {
    let octets = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut depth, mut begin, mut i) = (0_usize, 0, 0);
    // All octets that are looked for are ASCII, so that every cut is between two characters.
    while i < octets.len() {
        match (octets[i], depth) {
            (b'\\', 1..) => i += 1,
            (b'(', 0) => {
                word(&mut tokens, &text[begin..i]);
                (depth, begin) = (1, i + 1);
            }
            (b'(', _) => depth += 1,
            (b')', 1) => {
                tokens.push(Token::Comment(text[begin..i].trim()));
                (depth, begin) = (0, i + 1);
            }
            (b')', 2..) => depth -= 1,
            (b' ' | b'\t', 0) => {
                word(&mut tokens, &text[begin..i]);
                begin = i + 1;
            }
            (b';', 0) => {
                word(&mut tokens, &text[begin..i]);
                return (tokens, Some(&text[i + 1..]));
            }
            _ => {}
        }
        i += 1;
    }
    let rest = &text[begin.min(text.len())..];
    if depth > 0 {
        tokens.push(Token::Comment(rest.trim()));
        let date = text.rfind(';').map(|i| &text[i + 1..]);
        return (tokens, date);
    }
    word(&mut tokens, rest);
    (tokens, None)
}

fn word<'a>(tokens: &mut Vec<Token<'a>>, word: &'a str) {
    if !word.is_empty() {
        tokens.push(Token::Word(word));
    }
}

/// The date of a line that has no semicolon: it begins with the day of the week.
pub(super) fn loose_date(text: &str) -> Option<&str> {
    const DAYS: [&str; 7] = [
        " Mon, ", " Tue, ", " Wed, ", " Thu, ", " Fri, ", " Sat, ", " Sun, ",
    ];
    let begin = DAYS.iter().filter_map(|day| text.rfind(day)).max()?;
    Some(&text[begin..])
}

/// A date as RFC 5322 §3.3 has it. Fractions of a second, which some write, are passed over.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let text = &text[..text.floor_char_boundary(DATE_MAX)];
    let mut whole = String::with_capacity(text.len());
    let mut is_fraction = false;
    for c in text.chars() {
        is_fraction = (is_fraction && c.is_ascii_digit()) || c == '.';
        if !is_fraction {
            whole.push(c);
        }
    }
    let found = DateTime::parse_rfc822(&whole).filter(DateTime::is_valid)?;
    Timestamp::from_second(found.to_timestamp()).ok()
}
