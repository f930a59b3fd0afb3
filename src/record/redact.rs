//! What must not stand in the record: Danish civil registration numbers (CPR), in addresses, reasons and replies.
//!
//! `0101701234@digital-post.example` becomes `[cpr]@digital-post.example`. A queue number that looks like one is lost with
//! them: too much is taken out rather than too little.

use std::borrow::Cow;

use crate::mail::{cpr_length, digit_count};

/// What stands where a number stood.
const MARK: &str = "[cpr]";

/// The text with every CPR number replaced by its category.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = text;
    let mut done = 0;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let run = &rest[at..];
        let (digits, end) = match cpr_length(run) {
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
