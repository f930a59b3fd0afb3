//! The fields of an entity (RFC 5322 §2.2, RFC 2045 §5), bounded before any of them is read: what reads them takes the
//! square of their length in time, and many times their length in memory.
//!
//! Only what is asked for is read: a part of a mail costs its three fields of MIME, whatever else stands there.

use std::borrow::Cow;

use jiff::Timestamp;
use mail_parser::{Address, ContentType, parsers::MessageStream};

use super::{error::OpenError, words};
use crate::mail::{is_usual_field, western};

/// Octets of a header. The largest that are sent name thousands of recipients.
const MAX_OCTETS: usize = 512 << 10;
/// Fields of a header.
const MAX_FIELDS: usize = 2000;
/// What separates addresses, in all of the fields that hold some.
const MAX_ADDRESSES: usize = 10_000;

/// The fields of one entity.
pub(super) struct Header<'a> {
    pub(super) octets: &'a [u8],
    pub(super) kind: Option<ContentType<'static>>,
    pub(super) disposition: Option<ContentType<'static>>,
}

impl<'a> Header<'a> {
    /// The fields in these octets, which hold nothing else; an error where there is more than anybody writes.
    pub(super) fn new(octets: &'a [u8]) -> Result<Self, OpenError> {
        let too_much = || OpenError::Malformed("a header of usual size");
        if octets.len() > MAX_OCTETS {
            return Err(too_much());
        }
        let mut header = Self {
            octets,
            kind: None,
            disposition: None,
        };
        let mut addresses = 0;
        for (at, (name, value)) in raw_fields(octets).enumerate() {
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted.as_bytes());
            let count = |octets: &[u8]| value.iter().filter(|o| octets.contains(o)).count();
            if at == MAX_FIELDS {
                return Err(too_much());
            }
            if ADDRESSES.into_iter().any(is) {
                addresses += count(b",;:");
            }
            let is_kind = is("Content-Type");
            if is_kind || is("Content-Disposition") {
                if !is_usual_field(value) {
                    return Err(too_much());
                }
                // Of several the last counts.
                let line = line(value);
                let told = MessageStream::new(&line).parse_content_type();
                let told = told.into_owned().into_content_type();
                if is_kind {
                    header.kind = told;
                } else {
                    header.disposition = told;
                }
            }
        }
        if addresses > MAX_ADDRESSES {
            return Err(too_much());
        }
        Ok(header)
    }

    /// Every field of this name, as it stands behind the colon.
    pub(super) fn raw(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        raw_fields(self.octets)
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }

    /// Every field of this name, unfolded and decoded (RFC 2047), in their order.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.raw(name).map(decoded).collect()
    }

    /// The addresses in the last field of this name.
    pub(super) fn addresses(&self, name: &str) -> Option<Address<'static>> {
        let value = self.raw(name).last()?;
        let read = MessageStream::new(&words::joined(line(value)))
            .parse_address()
            .into_owned();
        read.into_address()
    }

    /// The last Date field.
    pub(super) fn date(&self) -> Option<Timestamp> {
        let value = line(self.raw("Date").last()?);
        let value = MessageStream::new(&value).parse_date();
        Timestamp::from_second(value.as_datetime()?.to_timestamp()).ok()
    }
}

/// Fields that hold addresses, and are read.
const ADDRESSES: [&str; 3] = ["From", "To", "Cc"];

/// What stands behind a colon as it is read: in UTF-8, and with the end of its line, which may be the end of a file.
fn line(value: &[u8]) -> Cow<'_, [u8]> {
    let is_text = std::str::from_utf8(value).is_ok();
    if value.ends_with(b"\n") && is_text {
        return value.into();
    }
    let mut line = if is_text {
        value.to_vec()
    } else {
        western(value).into_bytes()
    };
    line.extend_from_slice(b"\r\n");
    line.into()
}

/// Whether a field stands in it that mails and their parts have. Whoever signs a bare text begins it as people begin a
/// text (`NB: …`), and that is no header.
pub(super) fn holds_known_field(header: &[u8]) -> bool {
    const KNOWN: [&[u8]; 9] = [
        b"MIME-Version",
        b"From",
        b"To",
        b"Cc",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"Received",
        b"HP-Outer",
    ];
    let of_content = |name: &[u8]| {
        let begin = name.get(..8);
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(b"Content-"))
    };
    raw_fields(header).any(|(name, _)| {
        of_content(name) || KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known))
    })
}

/// Fields as they stand: name, and value with its folding.
fn raw_fields(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = header;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let mut end = 0;
            loop {
                end += memchr::memchr(b'\n', &rest[end..]).map_or(rest.len() - end, |n| n + 1);
                if !matches!(rest.get(end), Some(b' ' | b'\t')) {
                    break;
                }
            }
            let (field, after) = rest.split_at(end);
            rest = after;
            if let Some(colon) = memchr::memchr(b':', field) {
                return Some((field[..colon].trim_ascii_end(), &field[colon + 1..]));
            }
        }
    })
}

/// An unstructured value (RFC 5322 §2.2.1), unfolded, with encoded words as text.
fn decoded(value: &[u8]) -> String {
    let line = words::joined(line(value));
    let found = MessageStream::new(&line).parse_unstructured();
    found.as_text().map_or_else(
        || String::from_utf8_lossy(value.trim_ascii()).into_owned(),
        str::to_owned,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_read(header: &str) -> bool {
        Header::new(header.as_bytes()).is_ok()
    }

    #[test]
    fn a_field_is_unfolded_and_decoded() {
        let octets = b"HP-Outer: Subject: [...]\r\nSubject: =?utf-8?q?Pr=C3=B8ve?=\r\n =?utf-8?q?_to?=\r\nsubject: b\r\n\r\n";
        let header = Header::new(octets).unwrap();
        assert_eq!(header.all("Subject"), ["Prøve to", "b"]);
        assert_eq!(header.all("hp-outer"), ["Subject: [...]"]);
    }

    #[test]
    fn a_character_that_two_words_share_is_read() {
        let words = "=?utf-8?B?csM=?=\r\n =?utf-8?B?uGQ=?=";
        let octets = format!("Subject: {words}\r\nFrom: {words} <r@x.example>\r\n");
        let header = Header::new(octets.as_bytes()).unwrap();
        assert_eq!(header.all("Subject"), ["rød"]);
        let from = header.addresses("From").unwrap();
        assert_eq!(from.first().and_then(|a| a.name()), Some("rød"));
    }

    #[test]
    fn a_field_in_letters_of_its_own_time_is_read() {
        let octets = b"Subject: Pr\xf8ve\r\nFrom: S\xf8ren <s@x.example>\r\n\
            Content-Disposition: attachment;\r\n filename=\"pr\xf8ve.pdf\"\r\n";
        let header = Header::new(octets).unwrap();
        assert_eq!(header.all("Subject"), ["Prøve"]);
        let from = header.addresses("From").unwrap();
        assert_eq!(from.first().and_then(|a| a.name()), Some("Søren"));
        let name = header
            .disposition
            .as_ref()
            .and_then(|d| d.attribute("filename"));
        assert_eq!(name, Some("prøve.pdf"));
    }

    #[test]
    fn a_field_that_ends_the_file_is_read() {
        let header = Header::new(b"From: a@x.example\r\nContent-Type: Text/HTML").unwrap();
        assert!(header.addresses("From").is_some());
        assert!(header.kind.is_some_and(|kind| kind.ctype() == "text"));
    }

    #[test]
    fn a_header_of_any_size_is_refused_before_it_is_read() {
        let kind = |more: &str| format!("Content-Type: text/plain{more}\r\n");
        for (name, usual, many) in [
            (
                "octets",
                "X: Hej\r\n ".repeat(1000),
                format!("X: {}\r\n", "a".repeat(MAX_OCTETS)),
            ),
            (
                "fields",
                "X: Hej\r\n".repeat(MAX_FIELDS),
                "X:\r\n".repeat(MAX_FIELDS + 1),
            ),
            (
                "addresses",
                format!("To: {}\r\n", "a@x.example,".repeat(5000)),
                format!("Cc: {}\r\n", "a:".repeat(10_001)),
            ),
            (
                "parameters",
                kind(&";a=b".repeat(100)),
                kind(&";a*1=b".repeat(101)),
            ),
            (
                "octets of a parameter",
                kind(&format!(";a={}", "b".repeat(4000))),
                kind(&format!(";a=\"{}\"", "\\b".repeat(5000))),
            ),
            (
                "octets of a name",
                "Content-Disposition: attachment\r\n".to_owned(),
                format!("content-disposition : a;filename={}\r\n", "b".repeat(9000)),
            ),
        ] {
            assert!(is_read(&usual), "{name}");
            assert!(!is_read(&many), "{name}");
        }
    }
}
