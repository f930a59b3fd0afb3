//! Numbers in a text: each run of digits is looked at once, with the words beside it that say what it is.
//!
//! Where a CPR number stands is for [`cpr_length`] to say; here it is weighed. Modulus 11 is a weight and no filter:
//! numbers are issued without it since October 2007.

use super::{
    Category, bank, case,
    finding::{Because, Confidence, Hit},
    list::Label,
    passport,
};
use crate::mail::{cpr_length, digit_count};

/// How far before a number a word that says what it is may stand.
pub(super) const BEFORE: usize = 40;
/// How far behind it, as in "010270-1234 (CPR)".
const BEHIND: usize = 16;
/// Weights of modulus 11 over a CPR number's ten digits.
const CPR_WEIGHTS: [u32; 10] = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
/// Weights of modulus 11 over a CVR number's eight digits.
const CVR_WEIGHTS: [u32; 8] = [2, 7, 6, 5, 4, 3, 2, 1];
/// Years in which numbers without modulus 11 were issued so far, for 1 January (the CPR office, May 2023).
const WITHOUT_CHECK: [u32; 26] = [
    60, 62, 64, 65, 66, 67, 69, 70, 74, 75, 78, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92,
    94, 95,
];

/// A number and what stands around it.
pub(super) struct Around<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    labels: &'a [(usize, usize, Label)],
}

/// All numbers of a piece of text that mean something. The labels are sorted by their beginning.
pub(super) fn hits(text: &str, labels: &[(usize, usize, Label)], found: &mut Vec<Hit>) {
    passport::zones(text, found);
    let octets = text.as_bytes();
    let mut at = 0;
    let mut free = 0;
    while let Some(next) = octets[at..].iter().position(u8::is_ascii_digit) {
        at += next;
        let end = at + digit_count(&text[at..]);
        let around = Around { text, at, labels };
        if at >= free
            && let Some(hit) = hit(&around, end - at)
        {
            free = hit.end;
            found.push(hit);
        }
        at = end.max(free);
    }
}

/// What a run of so many digits is. Most are prices, years and pages: each detector is asked only for runs that could be
/// its own.
fn hit(around: &Around<'_>, count: usize) -> Option<Hit> {
    let octets = around.text.as_bytes();
    let before = around.at.checked_sub(1).map_or(b' ', |at| octets[at]);
    let behind = octets.get(around.at + count).copied().unwrap_or(b' ');
    let mut found = None;
    if before.is_ascii_alphabetic() {
        found = surer(found, || bank::iban(around));
    }
    if matches!(before, b'-' | b' ') && matches!(behind, b'/' | b'-') {
        found = surer(found, || case::court(around));
    }
    match (count, behind) {
        (4, b'-') => found = surer(found, || case::police(around)),
        (6 | 10, _) => found = surer(found, || cpr(around)),
        _ => {}
    }
    if !around.labels.is_empty() {
        found = surer(found, || passport::number(around));
        found = surer(found, || bank::account(around));
        found = surer(found, || cvr(around));
    }
    found
}

/// The first that is likely, else the first at all.
fn surer(found: Option<Hit>, next: impl FnOnce() -> Option<Hit>) -> Option<Hit> {
    match found {
        Some(hit) if hit.confidence > Confidence::Low => found,
        _ => next()
            .filter(|hit| hit.confidence > Confidence::Low || found.is_none())
            .or(found),
    }
}

impl Around<'_> {
    /// How many octets before the number such a word ends, if one is near.
    pub(super) fn before(&self, wanted: Label) -> Option<usize> {
        let mut nearest = None;
        let behind = self.labels.partition_point(|l| l.0 < self.at);
        for (start, end, label) in self.labels[..behind].iter().rev() {
            if start + BEFORE * 2 < self.at {
                break;
            }
            let end = (*end).min(self.at);
            if *label == wanted && self.at - end <= BEFORE && self.is_one_line(end, self.at) {
                let apart = self.at - end;
                nearest = Some(nearest.map_or(apart, |n: usize| n.min(apart)));
            }
        }
        nearest
    }

    fn behind(&self, wanted: Label, end: usize) -> bool {
        let from = self.labels.partition_point(|l| l.0 < end);
        let near = self.labels[from..]
            .iter()
            .take_while(|l| l.0 <= end + BEHIND);
        near.filter(|l| l.2 == wanted)
            .any(|l| self.is_one_line(end, l.0) && !self.text[end..l.0].contains([';', ',', '.']))
    }

    /// A label at the end of a line still counts for the line below (a form), but not across an empty line.
    fn is_one_line(&self, from: usize, to: usize) -> bool {
        memchr::memchr_iter(b'\n', &self.text.as_bytes()[from..to]).count() < 2
    }

    pub(super) fn last_before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    pub(super) fn hit(
        &self,
        category: Category,
        end: usize,
        confidence: Confidence,
        because: Because,
    ) -> Hit {
        Hit {
            start: self.at,
            end,
            category,
            confidence,
            because,
        }
    }
}

/// Digits of a text, as numbers.
pub(super) fn digits(text: &str) -> impl Iterator<Item = u32> {
    text.chars().filter_map(|c| c.to_digit(10))
}

fn modulus_11(digits: impl Iterator<Item = u32>, weights: &[u32]) -> bool {
    digits.zip(weights).map(|(d, w)| d * w).sum::<u32>() % 11 == 0
}

fn cpr(around: &Around<'_>) -> Option<Hit> {
    let rest = &around.text[around.at..];
    let length = cpr_length(rest)?;
    let number = &rest[..length];
    let separator = &number[6..length - 4];
    let value = |range: std::ops::Range<usize>| number[range].parse::<u32>().unwrap_or(0);
    let (year, serial) = (value(4..6), value(length - 4..length));
    let checked = modulus_11(digits(number), &CPR_WEIGHTS);
    let is_exception = number.starts_with("0101") && WITHOUT_CHECK.contains(&year);

    let mut weight: i32 = match separator.trim_matches([' ', '\u{a0}']) {
        "-" | "–" | "\u{2011}" | "\u{2212}" => 4,
        "" if separator.is_empty() => 2,
        "" => 1,
        _ => 0,
    };
    let has_hyphen = weight == 4;
    weight += match (checked, is_exception) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) if has_hyphen => -1,
        (false, false) => -2,
    };
    // The seventh digit tells the century: 5 to 8 with a high year is the 19th, where nobody is left.
    if (5..=8).contains(&(serial / 1000)) && year >= 58 {
        weight -= 2;
    }
    weight -= glued(around, length);
    let label = match (around.before(Label::Cpr), around.before(Label::NotCpr)) {
        (Some(is), Some(not)) => is <= not,
        (Some(_), None) => true,
        (None, Some(_)) => {
            weight -= 4;
            false
        }
        (None, None) => around.behind(Label::Cpr, around.at + length),
    };
    if label {
        // What is called one, and could be one, is taken for one.
        weight = (weight + 4).max(3);
    } else {
        let is_spaced = matches!(separator, " " | "\u{a0}" | "." | "/" | "\t");
        if is_spaced && (is_time(serial) || (1900..=2099).contains(&serial)) {
            weight -= 2;
        }
    }
    let confidence = match weight {
        5.. => Confidence::High,
        3 | 4 => Confidence::Medium,
        1 | 2 => Confidence::Low,
        _ => return None,
    };
    let because = match (label, checked) {
        (true, _) => Because::Label,
        (false, true) => Because::CheckDigits,
        (false, false) => Because::Form,
    };
    Some(around.hit(Category::Cpr, around.at + length, confidence, because))
}

/// A time of day: dates are followed by one.
fn is_time(four: u32) -> bool {
    four / 100 < 24 && four % 100 < 60
}

/// How much speaks against a number that is a part of something longer.
fn glued(around: &Around<'_>, length: usize) -> i32 {
    let mut against = 0;
    let text = around.text;
    let mut before = text[..around.at].chars().rev();
    match (before.next(), before.next()) {
        (Some('-' | '/' | '.' | ',' | ':' | '_'), Some(c)) if c.is_alphanumeric() => against += 3,
        (Some('+' | '#' | '%' | '='), _) => against += 3,
        (Some(c), _) if c.is_alphabetic() => against += 2,
        _ => {}
    }
    let mut after = text[around.at + length..].chars();
    match (after.next(), after.next()) {
        (Some('-' | '/' | '.' | ',' | ':' | '_'), Some(c)) if c.is_ascii_digit() => against += 3,
        (Some('-' | '/' | '_'), Some(c)) if c.is_alphanumeric() => against += 2,
        (Some('%' | '#'), _) => against += 3,
        (Some(c), _) if c.is_alphabetic() => against += 2,
        _ => {}
    }
    against
}

fn cvr(around: &Around<'_>) -> Option<Hit> {
    let rest = &around.text[around.at..];
    let length = match digit_count(rest) {
        8 => 8,
        2 => {
            let is_pairs = rest.len() >= 11
                && rest.bytes().take(11).enumerate().all(|(at, octet)| {
                    if at % 3 == 2 {
                        octet == b' '
                    } else {
                        octet.is_ascii_digit()
                    }
                })
                && digit_count(&rest[9..]) == 2;
            if !is_pairs {
                return None;
            }
            11
        }
        _ => return None,
    };
    around.before(Label::Cvr)?;
    let checked = modulus_11(digits(&rest[..length]), &CVR_WEIGHTS);
    let confidence = if checked {
        Confidence::High
    } else {
        Confidence::Low
    };
    Some(around.hit(
        Category::Cvr,
        around.at + length,
        confidence,
        Because::Label,
    ))
}

#[cfg(test)]
mod tests {
    use super::super::scan;
    use super::*;

    fn found(text: &str) -> Vec<(Category, Confidence)> {
        scan::hits(text)
            .iter()
            .filter(|h| h.confidence > Confidence::Low)
            .map(|h| (h.category, h.confidence))
            .collect()
    }

    #[test]
    fn a_number_of_a_person_is_one_with_and_without_check_digit_label_and_hyphen() {
        for text in [
            "010170-1234",
            "CPR 0101701234",
            "cpr-nr.: 010170 1234",
            "0707614285",
            "610170-1234 er et erstatningsnummer",
            "født 1. januar, personnummer 0101701234",
            "111111-1118",
            "klienten (251248–4916)",
            "CPR0101701234",
            "CPR:\n010170-1234",
            "010170-1234 (CPR)",
        ] {
            let numbers = found(text);
            assert!(
                numbers.iter().any(|n| n.0 == Category::Cpr),
                "{text}: {numbers:?}"
            );
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "P-nr. 1003456789",
            "P-nummer: 1012141687",
            "Faktura nr. 0101241430",
            "ordrenummer 0211031234",
            "kl. 010124 1430",
            "den 311224 2025",
            "tlf. +45 12 34 56 78",
            "12-010170-1234",
            "010170-1234-5",
            "SE0101701234A",
            "320170-1234",
            "0201703333",
            "EAN 5790000123456",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn an_organisations_number_is_a_hint_and_a_telephone_number_is_none() {
        assert_eq!(
            found("CVR-nr. 30808460"),
            [(Category::Cvr, Confidence::High)]
        );
        assert_eq!(
            found("CVR 29 91 59 38"),
            [(Category::Cvr, Confidence::High)]
        );
        assert_eq!(found("Tlf. 29915938"), []);
        assert_eq!(Category::Cvr.class(), None);
    }
}
