//! What must not stand in the record: what the detectors find in addresses, reasons and replies.
//!
//! `0101701234@digital-post.example` becomes `[cpr]@digital-post.example`, and a reason that tells of an illness
//! `[health]`. A queue number that looks like a number of a person is lost with them: too much is taken out rather than
//! too little. Words in addresses and replies stay: to whom a mail went, and what a server said, is the evidence.

use std::borrow::Cow;

use crate::content::{Redaction, redacted};

/// An address or a reply with every number of a person or an account replaced by its category.
pub fn redact(text: &str) -> Cow<'_, str> {
    redacted(text, Redaction::Numbers)
}

/// What somebody typed, with telling words replaced too.
pub fn redact_typed(text: &str) -> Cow<'_, str> {
    redacted(text, Redaction::Everything)
}

/// [`redact`] in place.
pub(super) fn redact_in(text: &mut String) {
    if let Cow::Owned(clean) = redact(text) {
        *text = clean;
    }
}

/// [`redact_typed`] in place.
pub(super) fn redact_typed_in(text: &mut String) {
    if let Cow::Owned(clean) = redact_typed(text) {
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
            ("til DK50 0040 0440 1162 43, tak", "til [iban], tak"),
            ("kontonr. 1234-1234567890", "kontonr. [account]"),
            ("pasnr. 205123456.", "pasnr. [passport]."),
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

    #[test]
    fn what_somebody_typed_loses_its_telling_words_and_an_address_keeps_them() {
        let reason =
            "haster: klienten (010170-1234) er sygemeldt og sigtet for vold, sag BS-12345/2026-KBH";
        assert_eq!(
            redact_typed(reason),
            "haster: klienten ([cpr]) er [health] og [offence] [offence], sag [case-number]"
        );
        assert_eq!(
            redact_typed("kunden venter i telefonen"),
            "kunden venter i telefonen"
        );
        for address in ["psykiatri@region.example", "familieret@advokat.example"] {
            assert_eq!(redact(address), address);
        }
    }
}
