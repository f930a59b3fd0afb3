//! Danish civil registration numbers (CPR): where one stands in a text.
//!
//! Ten digits that begin with a date count, in one piece or with a separator before the last four; mod 11 does not,
//! since numbers are issued without it since 2007. What only looks like one counts too: rather too much than too little.

const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// What may stand between date and serial number, the longest first; U+2011 and U+2212 are what Word makes of `-`.
const SEPARATORS: [&str; 12] = [
    " - ", " – ", "-", "–", "\u{2011}", "\u{2212}", " ", "\u{a0}", "/", ".", "\t", "",
];

/// The length of the CPR number that the text begins with. No digit stands before it.
pub(crate) fn cpr_length(text: &str) -> Option<usize> {
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

pub(crate) fn digit_count(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether a local part is such a number and nothing else, quoted or not.
pub(super) fn is_cpr(local: &str) -> bool {
    let bare = local.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
    let bare = bare.unwrap_or(local).trim();
    cpr_length(bare) == Some(bare.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_digits_that_begin_with_a_date_are_a_number_and_modulus_11_is_not_asked() {
        // The first would pass modulus 11, the others would not.
        for local in [
            "0707614285",
            "0101701234",
            "010170-1234",
            "\"010170 1234\"",
            "610170-1234",
        ] {
            assert!(is_cpr(local), "{local}");
        }
        for local in [
            "",
            "anne",
            "12345678",
            "4512345678",
            "3201701234",
            "0113701234",
            "01017012345",
            "x0101701234",
            "0101701234x",
        ] {
            assert!(!is_cpr(local), "{local}");
        }
    }
}
