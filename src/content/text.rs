//! Octets that are text, and text as the detectors want it.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// What Windows-1252 writes between 0x80 and 0x9F; the rest of it is Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text that the octets are: UTF-8, UTF-16 with or without its mark, else Windows-1252. `None` where they are no text.
pub(super) fn decode(octets: &[u8]) -> Option<Cow<'_, str>> {
    if let Some(rest) = octets.strip_prefix(b"\xEF\xBB\xBF") {
        return decode(rest);
    }
    match octets {
        [0xFF, 0xFE, rest @ ..] => return Some(utf_16(rest, u16::from_le_bytes).into()),
        [0xFE, 0xFF, rest @ ..] => return Some(utf_16(rest, u16::from_be_bytes).into()),
        _ => {}
    }
    let start = &octets[..octets.len().min(4096)];
    let zeros = |odd: usize| {
        let pairs = start.chunks_exact(2).filter(|pair| pair[odd] == 0);
        pairs.count() * 2
    };
    let (low, high) = (zeros(0), zeros(1));
    // Latin text: nearly every second octet is nought, and hardly any other.
    let is_wide = |most: usize, few: usize| most * 3 > start.len() * 2 && few * 20 < start.len();
    if memchr::memchr(0, start).is_some() {
        return match (is_wide(high, low), is_wide(low, high)) {
            (true, false) => Some(utf_16(octets, u16::from_le_bytes).into()),
            (false, true) => Some(utf_16(octets, u16::from_be_bytes).into()),
            _ => None,
        };
    }
    if let Ok(text) = std::str::from_utf8(octets) {
        return (!is_binary(octets)).then_some(Cow::Borrowed(text));
    }
    (!is_binary(octets)).then(|| windows(octets).into())
}

/// Windows-1252, octet for octet.
pub(super) fn windows(octets: &[u8]) -> String {
    octets.iter().map(|o| windows_letter(*o)).collect()
}

/// One octet of Windows-1252.
pub(super) fn windows_letter(octet: u8) -> char {
    match octet {
        0x80..=0x9F => WINDOWS[usize::from(octet - 0x80)],
        _ => char::from(octet),
    }
}

/// UTF-16 in this order of octets. What is no character becomes its mark.
pub(super) fn utf_16(octets: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = octets.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Whether there are control characters that no text holds.
fn is_binary(octets: &[u8]) -> bool {
    octets
        .iter()
        .any(|o| *o < 0x20 && !matches!(o, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1B))
}

/// The text with lines ended by `\n`, letters and their marks as one character (NFC), and without characters that show
/// nothing and divide words: soft hyphens and zero-width ones.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let octets = text.as_bytes();
    let mut is_clean = true;
    for at in memchr::memchr3_iter(b'\r', 0xC2, 0xE2, octets) {
        let hides = match octets[at] {
            b'\r' => true,
            0xC2 => octets.get(at + 1) == Some(&0xAD),
            _ => {
                octets.get(at + 1) == Some(&0x80) && octets.get(at + 2) < Some(&0x90)
                    || octets.get(at + 1) == Some(&0x81)
            }
        };
        if hides {
            is_clean = false;
            break;
        }
    }
    let is_composed = memchr::memchr2(0xCC, 0xCD, octets).is_none();
    if is_clean && is_composed && memchr::memchr(0xEF, octets).is_none() {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().filter(|c| {
        !matches!(
            c,
            '\r' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
    });
    if is_composed {
        shown.collect::<String>().into()
    } else {
        shown.nfc().collect::<String>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encodings_that_offices_write() {
        let wanted = "Æble – 010170-1234";
        let utf_16: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&b"\xFF\xFE"[..], &utf_16].concat();
        let rows: [&[u8]; 5] = [
            wanted.as_bytes(),
            &[b"\xEF\xBB\xBF", wanted.as_bytes()].concat(),
            b"\xC6ble \x96 010170-1234",
            &utf_16,
            &marked,
        ];
        for octets in rows {
            assert_eq!(decode(octets).as_deref(), Some(wanted), "{octets:?}");
        }
        for octets in [
            &b"\x7FELF\x02\x01\x01\x00\x00"[..],
            b"\x01\x02abc",
            b"\0\0\0\0",
        ] {
            assert_eq!(decode(octets), None);
        }
    }

    #[test]
    fn what_divides_words_unseen_is_taken_out() {
        assert_eq!(clean("syge\u{ad}meldt\r\n"), "sygemeldt\n");
        assert_eq!(clean("A\u{30A}rhus\u{feff}"), "Århus");
        assert!(matches!(clean("Ærlig “tale”"), Cow::Borrowed(_)));
    }
}
