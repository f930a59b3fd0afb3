//! A MIME entity (RFC 2045, 2046) taken apart by octets: what was signed must be found again exactly.
//!
//! Fields are read by `header`; where an entity begins and ends is decided here and once, so that what is verified
//! and what is shown cannot be two different things.

use std::{borrow::Cow, ops::Range};

use super::{
    MAX_PARTS,
    error::OpenError,
    header::{Header, holds_known_field},
    names,
    transfer::{Transfer, decode},
};

/// One entity: its fields and its body as they stand.
pub(super) struct Entity<'a> {
    pub(super) header: Header<'a>,
    pub(super) body: &'a [u8],
}

impl<'a> Entity<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Result<Self, OpenError> {
        let (header, body) = split(octets);
        Ok(Self {
            header: Header::new(header)?,
            body,
        })
    }

    /// Media type in lower case; `text/plain` where none is told (RFC 2045 §5.2).
    pub(super) fn media(&self) -> String {
        let told = self.header.kind.as_ref();
        match told.map(|t| (t.ctype(), t.subtype())) {
            Some((main, Some(sub))) => {
                // A parameter whose semicolon was forgotten is no part of the name.
                let sub = sub.split_ascii_whitespace().next().unwrap_or_default();
                format!("{main}/{sub}").to_ascii_lowercase()
            }
            _ => "text/plain".to_owned(),
        }
    }

    /// A parameter of the media type.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.header.kind.as_ref()?.attribute(name)
    }

    /// The name that the sender gave a file.
    pub(super) fn file_name(&self) -> Option<Cow<'_, str>> {
        let disposition = self.header.disposition.as_ref();
        let told = disposition.and_then(|d| d.attribute("filename"));
        let told = told.map(|told| (told, "Content-Disposition", "filename"));
        let told = told.or_else(|| Some((self.parameter("name")?, "Content-Type", "name")));
        let (told, field, parameter) = told?;
        let field = self.header.raw(field).last();
        let whole = field.and_then(|field| {
            let pieces = names::in_pieces(field, parameter);
            pieces.or_else(|| names::in_character_set(field, parameter))
        });
        Some(whole.map_or(told.into(), Cow::Owned))
    }

    /// Whether it asks to be shown as a file.
    pub(super) fn is_attachment(&self) -> bool {
        let disposition = self.header.disposition.as_ref();
        disposition.is_some_and(|d| d.ctype().eq_ignore_ascii_case("attachment"))
    }

    pub(super) fn transfer(&self) -> Transfer {
        let told = self.header.all("Content-Transfer-Encoding").pop();
        told.map_or(Transfer::Identity, |told| Transfer::of(&told))
    }

    /// The body without its transfer encoding.
    pub(super) fn decoded_body(&self) -> Result<Cow<'a, [u8]>, OpenError> {
        Ok(decode(self.transfer(), self.body)?.octets)
    }

    /// What separates the entities of a multipart: as it stands, because a boundary may look like an encoded word.
    fn boundary(&self) -> Option<Vec<u8>> {
        let field = self.header.raw("Content-Type").last()?;
        let told = || Some(self.parameter("boundary")?.as_bytes().to_vec());
        names::as_it_stands(field, "boundary").or_else(told)
    }

    /// The entities of a multipart (RFC 2046 §5.1.1). None that was begun is left out; a missing end is the end of the
    /// octets. A list of more parts than are read is not made, and one of none is an error where there is something.
    pub(super) fn children(&self) -> Result<Vec<&'a [u8]>, OpenError> {
        let boundary = self.boundary().unwrap_or_default();
        // It ends in no blank (RFC 2046 §5.1.1); where somebody wrote one, it may have been lost on the way.
        let trimmed = boundary.trim_ascii_end();
        if trimmed.is_empty() {
            return Err(OpenError::Malformed("a boundary"));
        }
        let mut found = Vec::new();
        let mut begun = None;
        let mut at = 0;
        while at < self.body.len() {
            let line_end =
                memchr::memchr(b'\n', &self.body[at..]).map_or(self.body.len(), |n| at + n + 1);
            let line = &self.body[at..line_end];
            let found_here = delimiter(line, &boundary).or_else(|| delimiter(line, trimmed));
            if let Some(is_last) = found_here {
                if let Some(from) = begun {
                    if found.len() == MAX_PARTS {
                        return Err(OpenError::TooManyParts);
                    }
                    found.push(without_line_end(&self.body[from..at]));
                }
                begun = (!is_last).then_some(line_end);
                if is_last {
                    break;
                }
            }
            at = line_end;
        }
        if let Some(from) = begun {
            found.push(&self.body[from.min(self.body.len())..]);
        }
        if found.is_empty() && !self.body.trim_ascii().is_empty() {
            return Err(OpenError::Malformed("a delimiter"));
        }
        Ok(found)
    }
}

/// Where a piece lies in the octets that it is a piece of; an empty one may lie anywhere.
pub(super) fn place(piece: &[u8], octets: &[u8]) -> Range<usize> {
    if piece.is_empty() {
        return octets.len()..octets.len();
    }
    let start = piece.as_ptr().addr() - octets.as_ptr().addr();
    start..start + piece.len()
}

/// Header and body: the empty line belongs to neither. What does not begin with a header is body alone: some programs sign
/// and encrypt a bare text, of which nothing may be lost.
fn split(octets: &[u8]) -> (&[u8], &[u8]) {
    if !begins_with_field(octets) {
        return (&[], octets);
    }
    let (header, body) = at_empty_line(octets);
    if header.is_empty() || holds_known_field(header) {
        (header, body)
    } else {
        (&[], octets)
    }
}

fn at_empty_line(octets: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while at < octets.len() {
        let end = memchr::memchr(b'\n', &octets[at..]).map_or(octets.len(), |n| at + n + 1);
        if matches!(&octets[at..end], b"\r\n" | b"\n" | b"\r\r\n") {
            return (&octets[..at], &octets[end..]);
        }
        at = end;
    }
    (octets, &[])
}

/// Whether the first line is a field (RFC 5322 §2.2), the empty line, or the line that mail folders put first.
fn begins_with_field(octets: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', octets).unwrap_or(octets.len());
    let line = octets[..end].trim_ascii_end();
    if line.is_empty() || line.starts_with(b"From ") {
        return true;
    }
    // What stands before the colon in any character set: programs write odd names, but none with a blank within.
    memchr::memchr(b':', line).is_some_and(|colon| {
        let name = line[..colon].trim_ascii_end();
        !name.is_empty() && !name.iter().any(|o| o.is_ascii_control() || *o == b' ')
    })
}

/// Whether a line is a delimiter of this boundary; and then whether it is the last one.
fn delimiter(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?;
    let (is_last, rest) = match rest.strip_prefix(b"--") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    // White space may follow; anything else is another boundary that begins alike.
    rest.iter()
        .all(|o| matches!(o, b' ' | b'\t' | b'\r' | b'\n'))
        .then_some(is_last)
}

/// The line end before a delimiter belongs to the delimiter.
fn without_line_end(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

/// The same text with CRLF for every lone LF: what was signed (RFC 8551 §3.1.1).
pub(super) fn canonical(octets: &[u8]) -> Cow<'_, [u8]> {
    let mut lone =
        memchr::memchr_iter(b'\n', octets).filter(|at| *at == 0 || octets[at - 1] != b'\r');
    let Some(first) = lone.next() else {
        return octets.into();
    };
    let mut out = Vec::with_capacity(octets.len() + octets.len() / 32);
    let mut from = 0;
    for at in std::iter::once(first).chain(lone) {
        out.extend_from_slice(&octets[from..at]);
        out.extend_from_slice(b"\r\n");
        from = at + 1;
    }
    out.extend_from_slice(&octets[from..]);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_multipart_are_found_by_octets() {
        let mail = b"Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n--b\r\n\r\none\r\n\r\n--b \r\nX: 1\r\n\r\ntwo\r\n--bc\r\n--b--\r\n--b\r\nepilogue";
        let entity = Entity::new(mail).unwrap();
        let children = entity.children().unwrap();
        assert_eq!(children, [&b"\r\none\r\n"[..], b"X: 1\r\n\r\ntwo\r\n--bc"]);
    }

    #[test]
    fn of_two_names_of_a_file_the_one_that_names_its_character_set_is_taken() {
        for order in [
            "filename=\"r_d.pdf\"; filename*=utf-8''r%C3%B8d.pdf",
            "filename*=utf-8''r%C3%B8d.pdf; filename=\"r_d.pdf\"",
        ] {
            let mail = format!("Content-Disposition: attachment; {order}\r\n\r\n");
            let entity = Entity::new(mail.as_bytes()).unwrap();
            assert_eq!(entity.file_name().as_deref(), Some("rød.pdf"), "{order}");
        }
    }

    #[test]
    fn a_multipart_without_an_end_keeps_its_last_part() {
        let entity =
            Entity::new(b"Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\nx").unwrap();
        assert_eq!(entity.children().unwrap(), [&b"\nx"[..]]);
    }

    /// As Python's email reads them.
    #[test]
    fn a_boundary_is_taken_as_it_stands() {
        for (told, boundary) in [
            ("boundary=\"=?utf-8?q?x?=\"", "=?utf-8?q?x?="),
            ("boundary=a=?utf-8?q?x?=b", "a=?utf-8?q?x?=b"),
            ("boundary=\"a b \"", "a b"),
            ("boundary=\"a b \"", "a b "),
            ("boundary=\"a\\\"b\"; charset=x", "a\"b"),
            ("boundary=\"a;b\"", "a;b"),
            ("boundary = \"abc\"", "abc"),
            ("BOUNDARY='abc'", "'abc'"),
            ("boundary=\"abc", "abc"),
            ("boundary=\"a\";\r\n boundary=\"b\"", "a"),
            ("boundary*=us-ascii''a%20b", "a b"),
            ("boundary=abc (x)", "abc"),
        ] {
            let mail = format!(
                "Content-Type: multipart/mixed; {told}\r\n\r\n--{boundary}\r\n\r\nx\r\n--{boundary}--\r\n"
            );
            let entity = Entity::new(mail.as_bytes()).unwrap();
            assert_eq!(entity.children().unwrap(), [&b"\r\nx"[..]], "{told}");
        }
    }

    #[test]
    fn a_multipart_in_which_no_part_is_found_is_an_error_unless_it_is_empty() {
        for (body, is_error) in [
            ("Betal ikke\r\n", true),
            ("--c\r\n\r\nHej\r\n--c--\r\n", true),
            ("--b--\r\nHej", true),
            ("\r\n", false),
        ] {
            let mail = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{body}");
            let children = Entity::new(mail.as_bytes()).unwrap().children();
            assert_eq!(children.is_err(), is_error, "{body}");
        }
        let mail = b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\nx";
        assert!(Entity::new(mail).unwrap().children().is_err());
    }

    #[test]
    fn a_header_that_is_not_quite_right_is_read() {
        for octets in [
            "Content-Type: Text/Plain charset=utf-8\r\n\r\nHej",
            "Content-Type: text/plain\r\r\nSubject: a\r\r\n\r\r\nHej",
        ] {
            let entity = Entity::new(octets.as_bytes()).unwrap();
            assert_eq!(
                (entity.media().as_str(), entity.body),
                ("text/plain", &b"Hej"[..])
            );
        }
    }

    #[test]
    fn a_text_without_any_header_is_body_and_nothing_of_it_is_lost() {
        let text = b"Kom i morgen: kl. 9\r\n\r\nHilsen Bo";
        let entity = Entity::new(text).unwrap();
        assert_eq!(entity.body, text);
        assert_eq!(entity.media(), "text/plain");
        for (octets, body) in [
            (&b"Subject: x\n\nHej"[..], &b"Hej"[..]),
            (b"Subject : x\n\nHej", b"Hej"),
            (b"From bo Sat Apr 13 01:54:30 2013\nTo: x\n\nHej", b"Hej"),
            (b"\r\nHej: hej\r\n\r\nHej", b"Hej: hej\r\n\r\nHej"),
            (b"Hej", b"Hej"),
            (b"", b""),
        ] {
            assert_eq!(Entity::new(octets).unwrap().body, body, "{octets:?}");
        }
    }

    #[test]
    fn a_text_that_begins_as_a_field_does_is_body_where_no_field_of_a_mail_stands_in_it() {
        for text in [
            "OBS: Betal IKKE fakturaen.\r\n\r\nBetal den i morgen.\r\n",
            "NB: kom kl. 9\r\n",
            "https://x.example/a\r\n\r\nse ovenfor\r\n",
            "Bemærk: betal ikke\r\n\r\nFrom: Hilsen\r\n",
        ] {
            let entity = Entity::new(text.as_bytes()).unwrap();
            assert_eq!(entity.body, text.as_bytes());
        }
        for field in [
            "content-language: da",
            "Message-ID: <1@x.example>",
            "hp-outer: To: x",
        ] {
            let text = format!("NB: x\r\n{field}\r\n\r\nHej");
            assert_eq!(Entity::new(text.as_bytes()).unwrap().body, b"Hej");
        }
    }

    #[test]
    fn lone_line_feeds_become_what_was_signed() {
        assert_eq!(&*canonical(b"\na\r\nb\n"), b"\r\na\r\nb\r\n");
        assert!(matches!(canonical(b"a\r\n"), Cow::Borrowed(_)));
    }
}
