//! What must not stand in the record: Danish civil registration numbers (CPR), in addresses, reasons and replies.
//!
//! `0101701234@digital-post.example` becomes `[cpr]@digital-post.example`. Ten digits that begin with a date count, in
//! one piece or with a separator before the last four; mod 11 does not, since numbers are issued without it since 2007.
//! A queue number that looks like one is lost with them: too much is taken out rather than too little.

use std::borrow::Cow;

/// What stands where a number stood.
const MARK: &str = "[cpr]";
const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// What may stand between date and serial number, the longest first; U+2011 and U+2212 are what Word makes of `-`.
const SEPARATORS: [&str; 12] = [
    " - ", " – ", "-", "–", "\u{2011}", "\u{2212}", " ", "\u{a0}", "/", ".", "\t", "",
];

/// The text with every CPR number replaced by its category.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = text;
    let mut done = 0;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let run = &rest[at..];
        let (digits, end) = match number_length(run) {
            Some(length) => (true, at + length),
            None => (false, at + digit_count(run)),
        };
        if digits {
            kept.push_str(&text[done..text.len() - rest.len() + at]);
            kept.push_str(MARK);
            done = text.len() - rest.len() + end;
        }
        rest = &rest[end..];
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

/// [`redact`] in place.
pub(super) fn redact_in(text: &mut String) {
    if let Cow::Owned(clean) = redact(text) {
        *text = clean;
    }
}

/// The length of the CPR number that the text begins with. No digit stands before it.
fn number_length(text: &str) -> Option<usize> {
    let date = text.as_bytes().first_chunk::<6>()?;
    if !date.iter().all(u8::is_ascii_digit) || !is_date(*date) {
        return None;
    }
    let rest = &text[6..];
    SEPARATORS.iter().find_map(|separator| {
        let serial = rest.strip_prefix(separator)?;
        (digit_count(serial) == 4).then_some(6 + separator.len() + 4)
    })
}

/// Day (or day + 60, in replacement numbers) and month; 29 February passes in every year.
fn is_date(date: [u8; 6]) -> bool {
    let two = |at: usize| (date[at] - b'0') * 10 + date[at + 1] - b'0';
    let day = if two(0) > 60 { two(0) - 60 } else { two(0) };
    let longest = DAYS.get(usize::from(two(2)).wrapping_sub(1));
    longest.is_some_and(|longest| (1..=*longest).contains(&day))
}

fn digit_count(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_replaced_wherever_they_stand() {
        let rows = [
            (
                "0101701234@digital-post.example",
                "[cpr]@digital-post.example",
            ),
            (
                "010170-1234@digital-post.example",
                "[cpr]@digital-post.example",
            ),
            ("sagen om 010170-1234, haster", "sagen om [cpr], haster"),
            ("010170 1234", "[cpr]"),
            ("010170 - 1234", "[cpr]"),
            ("010170–1234 og 311299\u{2011}0001.", "[cpr] og [cpr]."),
            ("CPR0101701234", "CPR[cpr]"),
            ("æ0101701234ø", "æ[cpr]ø"),
            ("290200-4321", "[cpr]"),
            ("610170-1234", "[cpr]"),
            (
                "550 5.1.1 <0101701234@x.example>: unknown",
                "550 5.1.1 <[cpr]@x.example>: unknown",
            ),
            ("0101701234 0101701235", "[cpr] [cpr]"),
        ];
        for (text, wanted) in rows {
            assert_eq!(redact(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            "",
            "anne@x.example",
            "320170-1234",
            "011370-1234",
            "000170-1234",
            "300270-1234",
            "01017012345",
            "1010170-1234",
            "010170-12345",
            "010170-123",
            "tlf. 12 34 56 78",
            "29188858",
            "NTRDK-29188858",
            "250 2.0.0 OK 1700000000",
            "01",
            "010170",
        ] {
            assert!(
                matches!(redact(text), Cow::Borrowed(same) if same == text),
                "{text:?}"
            );
        }
    }
}
