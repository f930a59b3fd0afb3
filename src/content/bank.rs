//! Bank accounts: IBAN (ISO 13616, check by ISO 7064 modulus 97-10), and Danish branch and account numbers, which have no
//! check digit and therefore need a word beside them.

use super::{
    Category,
    finding::{Because, Confidence, Hit},
    list::Label,
    number::Around,
};
use crate::mail::digit_count;

/// Countries and how long their IBAN is (SWIFT's registry).
#[rustfmt::skip]
const LENGTHS: [(&[u8; 2], usize); 86] = [
    (b"AD", 24), (b"AE", 23), (b"AL", 28), (b"AT", 20), (b"AZ", 28), (b"BA", 20), (b"BE", 16), (b"BG", 22),
    (b"BH", 22), (b"BI", 27), (b"BR", 29), (b"BY", 28), (b"CH", 21), (b"CR", 22), (b"CY", 28), (b"CZ", 24),
    (b"DE", 22), (b"DJ", 27), (b"DK", 18), (b"DO", 28), (b"EE", 20), (b"EG", 29), (b"ES", 24), (b"FI", 18),
    (b"FK", 18), (b"FO", 18), (b"FR", 27), (b"GB", 22), (b"GE", 22), (b"GI", 23), (b"GL", 18), (b"GR", 27),
    (b"GT", 28), (b"HN", 28), (b"HR", 21), (b"HU", 28), (b"IE", 22), (b"IL", 23), (b"IQ", 23), (b"IS", 26),
    (b"IT", 27), (b"JO", 30), (b"KW", 30), (b"KZ", 20), (b"LB", 28), (b"LC", 32), (b"LI", 21), (b"LT", 20),
    (b"LU", 20), (b"LV", 21), (b"LY", 25), (b"MC", 27), (b"MD", 24), (b"ME", 22), (b"MK", 19), (b"MN", 20),
    (b"MR", 27), (b"MT", 31), (b"MU", 30), (b"NI", 28), (b"NL", 18), (b"NO", 15), (b"OM", 23), (b"PK", 24),
    (b"PL", 28), (b"PS", 29), (b"PT", 25), (b"QA", 29), (b"RO", 24), (b"RS", 22), (b"RU", 33), (b"SA", 24),
    (b"SC", 31), (b"SD", 18), (b"SE", 24), (b"SI", 19), (b"SK", 24), (b"SM", 27), (b"SO", 23), (b"ST", 25),
    (b"SV", 28), (b"TL", 23), (b"TN", 24), (b"TR", 26), (b"UA", 29), (b"XK", 20),
];

/// An IBAN whose check digits begin here, behind the letters of its country.
pub(super) fn iban(around: &Around<'_>) -> Option<Hit> {
    let octets = around.text.as_bytes();
    let start = around.at.checked_sub(2)?;
    if !octets[start].is_ascii_alphabetic() || !octets[start + 1].is_ascii_alphabetic() {
        return None;
    }
    let country = [
        octets[start].to_ascii_uppercase(),
        octets[start + 1].to_ascii_uppercase(),
    ];
    let length = LENGTHS.iter().find(|l| *l.0 == country)?.1;
    if start > 0 && octets[start - 1].is_ascii_alphanumeric() {
        return None;
    }
    let (mut characters, mut end) = (Vec::with_capacity(length), start);
    while characters.len() < length {
        let octet = *octets.get(end)?;
        match octet {
            o if o.is_ascii_alphanumeric() => characters.push(o.to_ascii_uppercase()),
            // Groups of four, as it is written on paper; never two of them.
            b' ' | b'-' | b'.' if octets.get(end + 1).is_some_and(u8::is_ascii_alphanumeric) => {}
            _ => return None,
        }
        end += 1;
    }
    if octets.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let checked = is_checked(&characters);
    let (confidence, because) = match (checked, around.before(Label::Iban).is_some()) {
        (true, _) => (Confidence::High, Because::CheckDigits),
        (false, true) => (Confidence::Medium, Because::Label),
        (false, false) => return None,
    };
    Some(Hit {
        start,
        ..around.hit(Category::Iban, end, confidence, because)
    })
}

/// The remainder by 97 of the number that begins with the fifth character and ends with the first four is 1.
fn is_checked(characters: &[u8]) -> bool {
    let (head, tail) = characters.split_at(4);
    let remainder = tail.iter().chain(head).try_fold(0_u32, |sum, c| match c {
        b'0'..=b'9' => Some((sum * 10 + u32::from(c - b'0')) % 97),
        b'A'..=b'Z' => Some((sum * 100 + u32::from(c - b'A') + 10) % 97),
        _ => None,
    });
    remainder == Some(1)
}

/// A Danish account: four digits of the branch and six to ten of the account, beside a word that says so; or the
/// account alone behind such a word, where a branch stands before it.
pub(super) fn account(around: &Around<'_>) -> Option<Hit> {
    let rest = &around.text[around.at..];
    let count = digit_count(rest);
    if !matches!(count, 4 | 6..=14) {
        return None;
    }
    let (is_account, is_branch) = (
        around.before(Label::Account).is_some(),
        around.before(Label::Branch).is_some(),
    );
    if around.last_before().is_some_and(char::is_alphabetic) {
        return None;
    }
    if count == 4 && (is_account || is_branch) {
        let gap = [" - ", "-", " ", "/", " / "].into_iter().find(|g| {
            rest[4..]
                .strip_prefix(g)
                .is_some_and(|r| (6..=10).contains(&digit_count(r)))
        })?;
        let end = around.at + 4 + gap.len() + digit_count(&rest[4 + gap.len()..]);
        return Some(around.hit(Category::Account, end, Confidence::High, Because::Label));
    }
    let end = around.at + count;
    match count {
        6..=10 if is_account && (is_branch || count == 10) => {
            Some(around.hit(Category::Account, end, Confidence::High, Because::Label))
        }
        11..=14 if is_account => {
            Some(around.hit(Category::Account, end, Confidence::Medium, Because::Label))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::found;
    use super::*;

    #[test]
    fn an_iban_of_any_country_is_found_in_groups_and_in_one_piece() {
        for text in [
            "DK5000400440116243",
            "dk50 0040 0440 1162 43.",
            "(GB82 WEST 1234 5698 7654 32)",
            "DE89370400440532013000",
            "NO9386011117947",
            "FO62 6460 0001 6316 34",
            "MT84MALT011000012345MTLCAST001S",
        ] {
            assert_eq!(found(text), [Category::Iban], "{text}");
        }
        for text in [
            "DK5000400440116244",
            "XDK5000400440116243",
            "DK50004004401162435",
            "ZZ5000400440116243",
            "DK50",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        assert_eq!(found("IBAN: DK5000400440116244"), [Category::Iban]);
    }

    #[test]
    fn an_account_needs_a_word_that_says_so() {
        for text in [
            "Reg.nr. 1234 kontonr. 0001234567",
            "kontonummer 1234-1234567890",
            "konto: 1234 123456",
        ] {
            assert_eq!(found(text), [Category::Account], "{text}");
        }
        for text in ["1234 12345678", "tlf. 1234 567890", "konto 12345"] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
