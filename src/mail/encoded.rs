//! Text that the usual encoder would make another text of: what looks encoded already, what has no place to fold, and
//! blanks between encoded words, which do not count (RFC 2047 §6.2).
//!
//! A subject `=?utf-8?q?x?=` that stands as it was typed is another text at the reader: one that nobody looked at.

use lettre::message::header::{HeaderName, HeaderValue};

/// Octets of text in one encoded word: with its frame it stays below 75 characters (RFC 2047 §2).
const WORD: usize = 42;
/// Characters of one piece of a parameter (RFC 2231 §3).
const PIECE: usize = 60;
/// Characters without a blank at most, of which a line is surely short enough (RFC 5322 §2.1.1).
const UNFOLDED: usize = 200;

/// Whether the usual encoder would leave as it is what a reader would read otherwise, or write too long a line.
pub(super) fn are_needed(text: &str) -> bool {
    let has_gap = !text.is_ascii() && text.contains("  ");
    has_gap || text.contains("=?") || text.split(' ').any(|word| word.len() > UNFOLDED)
}

/// The subject in encoded words (RFC 2047).
pub(super) fn subject(text: &str) -> HeaderValue {
    let words: Vec<String> = pieces(text, WORD, char::len_utf8)
        .map(|piece| {
            let word = base64_simd::STANDARD.encode_to_string(piece);
            format!("=?utf-8?B?{word}?=")
        })
        .collect();
    let name = HeaderName::new_from_ascii_str("Subject");
    HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), words.join("\r\n "))
}

/// An attachment's name as an extended parameter (RFC 2231 §4.1).
pub(super) fn disposition(file_name: &str) -> HeaderValue {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let width = |c: char| match c {
        c if c.is_ascii() && is_plain(c as u8) => 1,
        c => 3 * c.len_utf8(),
    };
    let octet = |octet: u8| match octet {
        octet if is_plain(octet) => char::from(octet).to_string(),
        octet => format!("%{octet:02X}"),
    };
    let mut value = vec!["attachment".to_owned()];
    for (number, piece) in pieces(file_name, PIECE, width).enumerate() {
        let charset = if number == 0 { "utf-8''" } else { "" };
        let encoded: String = piece.bytes().map(octet).collect();
        value.push(format!("filename*{number}*={charset}{encoded}"));
    }
    let value = value.join(";\r\n ");
    let name = HeaderName::new_from_ascii_str("Content-Disposition");
    HeaderValue::dangerous_new_pre_encoded(name, file_name.to_owned(), value)
}

/// The text in pieces of at most that width, each of whole characters.
fn pieces(text: &str, most: usize, width: impl Fn(char) -> usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut wide = 0;
        let end = rest.char_indices().find(|(_, c)| {
            wide += width(*c);
            wide > most
        });
        let (piece, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use lettre::message::header::Headers;

    use super::*;

    fn longest_line(text: &str) -> usize {
        text.split("\r\n").map(str::len).max().unwrap_or_default()
    }

    #[test]
    fn what_looks_encoded_or_cannot_be_folded_comes_back_as_it_was_typed() {
        let long = "\u{e5}b".repeat(400);
        for text in [
            "=?utf-8?q?a=E2=80=AEb?=",
            "Sag =?x",
            "S\u{e6}t  \u{f8}re",
            "\u{e6}     hej   \u{f8}",
            "=?utf-8?B?aGVq?= & \u{e6}",
            &long,
        ] {
            assert!(are_needed(text), "{text}");
            let mut fields = Headers::new();
            fields.insert_raw(subject(text));
            fields.insert_raw(disposition(text));
            let message = format!("{fields}Content-Type: text/plain\r\n\r\nx\r\n");
            assert!(
                message.is_ascii() && longest_line(&message) <= 90,
                "{message}"
            );
            let read = mail_parser::MessageParser::default()
                .parse(&message)
                .unwrap();
            assert_eq!(read.subject(), Some(text));
            let name = mail_parser::MimeHeaders::attachment_name(read.root_part());
            assert_eq!(name, Some(text));
        }
        assert!(!are_needed("Sag  7"));
        assert!(!are_needed("Sag nr. 7 = 8? R\u{f8}dgr\u{f8}d"));
    }
}
