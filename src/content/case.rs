//! Numbers of cases: Danish courts (`BS-12345/2026-KBH`), the police (`0700-12345-00001-26`), and others beside a word
//! that says so. The forms are those seen in letters; no register of them is public.

use super::{
    Category,
    finding::{Because, Confidence, Hit},
    list::Label,
    number::Around,
};
use crate::mail::digit_count;

/// The police: district, running number, person, year.
pub(super) fn police(around: &Around<'_>) -> Option<Hit> {
    let mut rest = &around.text[around.at..];
    let mut end = around.at;
    for (group, length) in [4, 5, 5, 2].into_iter().enumerate() {
        if group > 0 {
            rest = rest.strip_prefix('-')?;
            end += 1;
        }
        if digit_count(rest) != length {
            return None;
        }
        rest = &rest[length..];
        end += length;
    }
    let is_free = !around
        .last_before()
        .is_some_and(|c| c.is_alphanumeric() || c == '-');
    is_free.then(|| around.hit(Category::CaseNumber, end, Confidence::High, Because::Form))
}

/// Letters of the kind of case, running number, year, and the letters of the court.
pub(super) fn court(around: &Around<'_>) -> Option<Hit> {
    let octets = around.text.as_bytes();
    let before = &octets[..around.at];
    let before = before
        .strip_suffix(b"-")
        .or_else(|| before.strip_suffix(b" "))?;
    let letters = before
        .iter()
        .rev()
        .take(4)
        .take_while(|o| o.is_ascii_uppercase())
        .count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let start = before.len() - letters;
    if start > 0 && before[start - 1].is_ascii_alphanumeric() {
        return None;
    }
    let mut rest = &around.text[around.at..];
    let running = digit_count(rest);
    if !(1..=7).contains(&running) {
        return None;
    }
    rest = &rest[running..];
    let mut end = around.at + running;
    if let Some(more) = rest.strip_prefix('-') {
        let count = digit_count(more);
        if (1..=6).contains(&count) {
            rest = &more[count..];
            end += 1 + count;
        }
    }
    let year = rest.strip_prefix('/')?;
    let digits = digit_count(year);
    if !matches!(digits, 2 | 4) || digits == 4 && !matches!(&year[..2], "19" | "20") {
        return None;
    }
    end += 1 + digits;
    let court = year[digits..].strip_prefix('-').map_or(0, |c| {
        c.bytes().take(5).take_while(u8::is_ascii_uppercase).count()
    });
    let has_court = (2..=4).contains(&court);
    if has_court {
        end += 1 + court;
    }
    let (confidence, because) = match (has_court, around.before(Label::Case).is_some()) {
        (true, _) => (Confidence::High, Because::Form),
        (false, true) => (Confidence::Medium, Because::Label),
        (false, false) => return None,
    };
    Some(Hit {
        start,
        ..around.hit(Category::CaseNumber, end, confidence, because)
    })
}

#[cfg(test)]
mod tests {
    use super::super::scan::found;
    use super::*;

    #[test]
    fn numbers_of_courts_and_police_are_found() {
        for text in [
            "BS-12345/2026-KBH",
            "svar i BS 3-1234/2024-OLR",
            "0700-12345-00001-26",
            "Sagsnr. SS-123/2025",
        ] {
            assert_eq!(found(text), [Category::CaseNumber], "{text}");
        }
        for text in [
            "A-4/2026",
            "C-123/20",
            "070-12345-00001-26",
            "BS-12345",
            "1-2/2026",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
