//! Text from outside, made fit to be shown: what hides or reorders text is taken out and counted.

use super::is_forbidden;

/// The text with lines ended by `\n`, without control characters and bidirectional overrides; how many were taken out.
/// Joiners and marks that some scripts and emoji are written with stay.
pub fn cleaned(text: &str) -> (String, usize) {
    let mut kept = String::with_capacity(text.len());
    let mut removed = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            // All that end a line (UAX #14): without them what they part would be one word or number.
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\n' | '\t' | '\u{200C}'..='\u{200F}' | '\u{61C}' => kept.push(c),
            // Of a flag; anywhere else they say something that nobody sees.
            '\u{E0020}'..='\u{E007F}' if kept.ends_with(is_of_flag) => kept.push(c),
            c if is_forbidden(c) => removed += 1,
            c => kept.push(c),
        }
    }
    (kept, removed)
}

/// The black flag, and the tags that make another one of it (UTS #51, ED-14a).
fn is_of_flag(c: char) -> bool {
    matches!(c, '\u{1F3F4}' | '\u{E0020}'..='\u{E007E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_taken_out_and_counted_and_what_parts_or_joins_stays() {
        for (text, wanted, removed) in [
            ("a\r\nb\rc\nd", "a\nb\nc\nd", 0),
            ("100\u{b}000\u{c}\u{2028}x", "100\n000\n\nx", 0),
            ("a\u{202e}b\u{7}c\u{feff}", "abc", 3),
            (
                "\u{1f468}\u{200d}\u{1f469}",
                "\u{1f468}\u{200d}\u{1f469}",
                0,
            ),
            (
                "\u{1f3f4}\u{e0067}\u{e007f}",
                "\u{1f3f4}\u{e0067}\u{e007f}",
                0,
            ),
            ("a\u{e0067}\u{e007f}", "a", 2),
        ] {
            assert_eq!(cleaned(text), (wanted.to_owned(), removed), "{text:?}");
        }
    }
}
