//! Domain names of a list: as A-labels, and none that only looks like another.

use std::borrow::Cow;

use unicode_security::{MixedScript as _, confusable_detection::skeleton};

use super::fault::FaultKind;
use crate::mail::Address;

/// The domain as an A-label in lower case. One in plain ASCII, as nearly all are, is not taken apart: a million of them
/// are read in a moment.
pub(super) fn domain(text: &str) -> Result<Cow<'_, str>, FaultKind> {
    if is_plain(text) {
        return Ok(if text.bytes().any(|b| b.is_ascii_uppercase()) {
            text.to_ascii_lowercase().into()
        } else {
            text.into()
        });
    }
    if text.contains('@') {
        return Err(FaultKind::Domain);
    }
    let read = Address::parse(&format!("x@{text}"));
    let read = read.map_err(|_other| FaultKind::Domain)?;
    let labels = read.domain_unicode();
    if labels.split('.').any(looks_like_another) {
        return Err(FaultKind::LooksAlike);
    }
    Ok(read.domain().to_owned().into())
}

/// Whether it is a name of ASCII letters, digits and hyphens that IDNA (RFC 5891) leaves as it is.
fn is_plain(text: &str) -> bool {
    let octets = text.as_bytes();
    if octets.len() > 253 {
        return false;
    }
    let (mut begin, mut is_number, mut labels) = (0, true, 0_usize);
    for (at, octet) in octets.iter().enumerate() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'-' => is_number = false,
            b'0'..=b'9' => {}
            b'.' => {
                if !is_label(&octets[begin..at]) {
                    return false;
                }
                (begin, is_number, labels) = (at + 1, true, labels + 1);
            }
            _ => return false,
        }
    }
    labels > 0 && !is_number && is_label(&octets[begin..])
}

/// What a label's hyphens and length may be; its octets were looked at.
fn is_label(label: &[u8]) -> bool {
    (1..=63).contains(&label.len())
        && label.first() != Some(&b'-')
        && label.last() != Some(&b'-')
        && label.get(2..4) != Some(b"--")
}

/// A label of several scripts, or one whose letters all look like ASCII ones (UTS #39). The letters of western Europe
/// are nobody's disguise.
fn looks_like_another(label: &str) -> bool {
    let is_western = |c: char| c.is_ascii() || ('\u{df}'..='\u{ff}').contains(&c);
    if label.chars().all(is_western) {
        return false;
    }
    !label.is_single_script() || skeleton(label).all(|c| c.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_what_the_address_parser_makes_of_it() {
        let names = [
            "eksempelby.dk",
            "Eksempelby.DK",
            "a-b.example",
            "xn--blehaven-i0a.dk",
            "x.1a",
            "a--b.dk",
            "1.dk",
            // Not names.
            "dk",
            "a..dk",
            ".dk",
            "a.",
            "-a.dk",
            "a-.dk",
            "ab--c.dk",
            "127.0.0.1",
            "a_b.dk",
            "a b.dk",
            "",
            "a.dk\0",
        ];
        for name in names {
            let wanted = Address::parse(&format!("x@{name}"));
            let found = domain(name).ok().map(Cow::into_owned);
            assert_eq!(
                found,
                wanted.ok().map(|a| a.domain().to_owned()),
                "{name:?}"
            );
        }
        let long = format!("{}.dk", "a".repeat(64));
        assert_eq!(domain(&long), Err(FaultKind::Domain));
        assert_eq!(domain("x@a.dk"), Err(FaultKind::Domain));
    }

    #[test]
    fn a_name_in_letters_of_another_script_that_look_like_ours_is_refused_also_as_an_a_label() {
        for name in [
            "æblehaven.dk",
            "ÆRØ.dk",
            "københavn.dk",
            "bücher.example",
            "почта.example",
        ] {
            assert!(domain(name).is_ok(), "{name}");
        }
        // Cyrillic letters among Latin ones, nothing but Cyrillic ones, a dotless i.
        for name in [
            "eks\u{435}mpelby.dk",
            "\u{430}\u{440}\u{440}.dk",
            "v\u{131}borg.dk",
        ] {
            assert_eq!(domain(name), Err(FaultKind::LooksAlike), "{name}");
            let ascii = idna::domain_to_ascii_strict(name).unwrap();
            assert_eq!(domain(&ascii), Err(FaultKind::LooksAlike), "{ascii}");
        }
    }
}
