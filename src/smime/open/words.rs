//! Encoded words (RFC 2047) that some programs cut in the middle of a character: made one word, before they are decoded
//! each by itself.

use std::borrow::Cow;

use crate::mail::quoted_printable;

/// Octets of a word; 75 are allowed (§2), and some programs write more.
const LONGEST: usize = 2000;

/// The field with such words joined, where they are UTF-8.
pub(super) fn joined(field: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(begin) = memchr::memmem::find(&field[at..], b"=?") {
        let begin = at + begin;
        let Some((octets, end)) = run(&field, begin) else {
            at = begin + 2;
            continue;
        };
        if let Some(octets) = octets {
            out.extend_from_slice(&field[copied..begin]);
            let text = base64_simd::STANDARD.encode_to_string(octets);
            out.extend_from_slice(format!("=?utf-8?B?{text}?=").as_bytes());
            copied = end;
        }
        at = end;
    }
    if copied == 0 {
        return field;
    }
    out.extend_from_slice(&field[copied..]);
    out.into()
}

/// Words with nothing but blanks between them, and where they end; their octets only where a character was cut.
fn run(field: &[u8], begin: usize) -> Option<(Option<Vec<u8>>, usize)> {
    let (mut octets, mut end) = word(field, begin)?;
    let mut is_cut = std::str::from_utf8(&octets).is_err();
    loop {
        let blanks = field[end..].iter().take_while(|o| o.is_ascii_whitespace());
        let Some((more, next)) = word(field, end + blanks.count()) else {
            break;
        };
        is_cut |= std::str::from_utf8(&more).is_err();
        octets.extend(more);
        end = next;
    }
    let is_mended = is_cut && std::str::from_utf8(&octets).is_ok();
    Some((is_mended.then_some(octets), end))
}

/// The octets of the word in UTF-8 that begins here, and where it ends.
fn word(field: &[u8], begin: usize) -> Option<(Vec<u8>, usize)> {
    const SET: &[u8] = b"=?utf-8?";
    let rest = &field[begin..];
    let rest = rest
        .split_at_checked(SET.len())
        .filter(|(set, _)| set.eq_ignore_ascii_case(SET))?
        .1;
    let (kind, text) = (rest.first()?, rest.get(2..).filter(|_| rest[1] == b'?')?);
    let length = memchr::memmem::find(&text[..text.len().min(LONGEST)], b"?=")?;
    let text = &text[..length];
    if text.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let octets = match kind {
        b'B' | b'b' => base64_simd::forgiving_decode_to_vec(text).ok()?,
        b'Q' | b'q' => {
            let spaced = text.iter().map(|o| if *o == b'_' { b' ' } else { *o });
            // A blank at the end is one, where it was written so.
            let mut octets: Vec<u8> = spaced.chain(*b"=20").collect();
            octets = quoted_printable(&octets);
            octets.pop();
            octets
        }
        _ => return None,
    };
    Some((octets, begin + SET.len() + 2 + length + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str) -> String {
        let found = joined(field.as_bytes().into());
        String::from_utf8_lossy(&found).into_owned()
    }

    /// As Python's email reads them.
    #[test]
    fn words_that_are_cut_in_a_character_are_made_one() {
        for (field, wanted) in [
            ("=?utf-8?B?csM=?= =?utf-8?B?uGQ=?=", "=?utf-8?B?csO4ZA==?="),
            (
                "Sag =?UTF-8?q?_r=C3?=\r\n =?utf-8?Q?=B8d_?= x",
                "Sag =?utf-8?B?IHLDuGQg?= x",
            ),
            ("=?utf-8?Q?=C3?= =?utf-8?B?uA==?=", "=?utf-8?B?w7g=?="),
            (
                "=?utf-8?B?YQ==?= =?utf-8?B?csM=?= =?utf-8?B?uGQ=?=",
                "=?utf-8?B?YXLDuGQ=?=",
            ),
        ] {
            assert_eq!(read(field), wanted, "{field}");
        }
    }

    #[test]
    fn all_other_words_stay_as_they_stand() {
        for field in [
            "=?utf-8?B?csO4ZA==?= =?utf-8?B?csO4ZA==?=",
            "=?utf-8?B?csM=?= x =?utf-8?B?uGQ=?=",
            "=?utf-8?B?csM=?=",
            "=?iso-8859-1?Q?r=F8d?= =?iso-8859-1?Q?r=F8d?=",
            "=?utf-8?X?r?= =?utf-8?B?",
            "=?utf-8?",
            "=?utf-8?B",
            "a =? b ?= c",
            "",
        ] {
            assert_eq!(read(field), field);
        }
    }

    /// The square of this would be minutes.
    #[test]
    fn words_without_an_end_are_passed_over() {
        let many = "=?utf-8?Q?x ".repeat(40_000);
        assert_eq!(read(&many), many);
    }
}
