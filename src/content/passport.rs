//! Passports and identity cards: the machine-readable zone (ICAO 9303 parts 4 to 6), and numbers beside a word that says
//! what they are.

use super::{
    Category,
    finding::{Because, Confidence, Hit},
    list::Label,
    number::Around,
};

/// How a zone begins: kind of document, and what follows it.
const SHORTEST: usize = 28;

/// Machine-readable zones: a line of capitals, digits and `<`.
pub(super) fn zones(text: &str, found: &mut Vec<Hit>) {
    let octets = text.as_bytes();
    let mut free = 0;
    for at in memchr::memchr_iter(b'<', octets) {
        if at < free || at == 0 {
            continue;
        }
        let is_zone = |o: &u8| o.is_ascii_uppercase() || o.is_ascii_digit() || *o == b'<';
        // `P<DNK…`, or `IDDNK…<<`: the beginning is at most the fifteen octets before the first filler.
        let back = octets[free.max(at.saturating_sub(15))..at]
            .iter()
            .rev()
            .take_while(|o| is_zone(o))
            .count();
        let start = at - back;
        let length = octets[start..]
            .iter()
            .take(90)
            .take_while(|o| is_zone(o))
            .count();
        free = start + length;
        let fillers = memchr::memchr_iter(b'<', &octets[start..free]).count();
        let begins = matches!(octets[start], b'P' | b'I' | b'A' | b'C' | b'V');
        if length < SHORTEST || fillers < 3 || !begins {
            continue;
        }
        let second = text[free..]
            .trim_start_matches(['\r', '\n', ' '])
            .as_bytes();
        let checked = is_second_line(second);
        let (confidence, because) = if checked {
            (Confidence::High, Because::CheckDigits)
        } else {
            (Confidence::Medium, Because::Form)
        };
        found.push(Hit {
            start,
            end: free,
            category: Category::Passport,
            confidence,
            because,
        });
    }
}

/// The second line of a passport: number, date of birth and date of expiry, each with its check digit.
fn is_second_line(line: &[u8]) -> bool {
    let field = |from: usize, to: usize| line.get(from..to).filter(|f| check(f, line.get(to)));
    field(0, 9).is_some() && field(13, 19).is_some() && field(21, 27).is_some()
}

/// Weights 7, 3, 1 over digits, letters from ten, and fillers as nought (ICAO 9303-3, 4.9).
fn check(field: &[u8], digit: Option<&u8>) -> bool {
    let value = |octet: &u8| match octet {
        b'0'..=b'9' => Some(u32::from(octet - b'0')),
        b'A'..=b'Z' => Some(u32::from(octet - b'A') + 10),
        b'<' => Some(0),
        _ => None,
    };
    let weighed = field
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .try_fold(0, |sum, (octet, weight)| {
            value(octet).map(|v| sum + v * weight)
        });
    match (weighed, digit.and_then(value)) {
        (Some(sum), Some(digit)) => sum % 10 == digit,
        _ => false,
    }
}

/// A number behind a word for a passport: eight or nine digits and letters.
pub(super) fn number(around: &Around<'_>) -> Option<Hit> {
    let octets = around.text.as_bytes();
    let letters = octets[..around.at]
        .iter()
        .rev()
        .take(3)
        .take_while(|o| o.is_ascii_uppercase())
        .count();
    let start = around.at - letters;
    if letters > 2 || start > 0 && octets[start - 1].is_ascii_alphanumeric() {
        return None;
    }
    let length = octets[start..]
        .iter()
        .take(12)
        .take_while(|o| o.is_ascii_alphanumeric())
        .count();
    let digits = octets[start..start + length]
        .iter()
        .filter(|o| o.is_ascii_digit())
        .count();
    if !(8..=9).contains(&length) || digits < 6 {
        return None;
    }
    around.before(Label::Passport)?;
    Some(Hit {
        start,
        ..around.hit(
            Category::Passport,
            start + length,
            Confidence::Medium,
            Because::Label,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::scan;
    use super::*;

    fn found(text: &str) -> Vec<(Category, Confidence)> {
        let hits = scan::hits(text);
        let sure = hits.iter().filter(|h| h.confidence > Confidence::Low);
        sure.map(|h| (h.category, h.confidence)).collect()
    }

    #[test]
    fn the_machine_readable_zone_is_found_and_its_check_digits_make_it_sure() {
        // ICAO 9303 part 4, appendix B: an invented person of Utopia.
        let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        assert!(found(zone).contains(&(Category::Passport, Confidence::High)));
        let without = "P<DNKEKSEMPEL<<ANNE<<<<<<<<<<<<<<<<<<<<<<<<<";
        assert_eq!(found(without), [(Category::Passport, Confidence::Medium)]);
        for text in [
            "if a<b<<c { }",
            "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
            "a <- b",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_number_counts_behind_a_word_for_it() {
        for text in ["Pasnr. 205123456", "passport no. L8989020", "pas 205123456"] {
            assert_eq!(
                found(text),
                [(Category::Passport, Confidence::Medium)],
                "{text}"
            );
        }
        for text in ["205123456", "passportal 2051", "pasnr. 12345"] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
