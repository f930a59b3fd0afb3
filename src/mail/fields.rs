//! The fields of a header as they stand, octet for octet (RFC 5322 §2.2): for what is kept or verified as it came.
//!
//! Linear in the octets, whatever they are; never decodes, and never takes two lines for one field that are none.

use std::borrow::Cow;

/// One field: its name, and what stands behind the colon, folded as it came, with its last line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name, without the colon.
    pub name: &'a [u8],
    /// All octets of the field.
    pub whole: &'a [u8],
    /// The octets behind the colon.
    pub value: &'a [u8],
}

impl Field<'_> {
    /// Whether it has this name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name
            .trim_ascii_end()
            .eq_ignore_ascii_case(name.as_bytes())
    }

    /// The value on one line, without the blanks around it, and at most so many octets of it.
    pub fn unfolded(&self, at_most: usize) -> String {
        let value = &self.value[..self.value.len().min(at_most)];
        let mut text = String::with_capacity(value.len());
        for c in String::from_utf8_lossy(value).chars() {
            match c {
                '\r' | '\n' => {}
                '\t' => text.push(' '),
                c => text.push(c),
            }
        }
        text.trim().to_owned()
    }
}

/// The fields of a message whose lines end in CRLF, and the octets behind the empty line. A line before the first field
/// with which mailbox files begin a message (`From `) is passed over, like every line that is no field.
pub fn fields(message: &[u8]) -> (Vec<Field<'_>>, &[u8]) {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut begin = 0;
    while begin < message.len() {
        let mut end = line_end(message, begin);
        if &message[begin..end] == b"\r\n" {
            return (fields, &message[end..]);
        }
        while matches!(message.get(end), Some(b' ' | b'\t')) {
            end = line_end(message, end);
        }
        let whole = &message[begin..end];
        if let Some(colon) = memchr::memchr(b':', whole)
            && is_name(&whole[..colon])
        {
            fields.push(Field {
                name: &whole[..colon],
                whole,
                value: &whole[colon + 1..],
            });
        }
        begin = end;
    }
    (fields, &[])
}

/// The same octets with every line ended by CRLF: mail programs save mail with the line ends of their system.
pub fn with_crlf(message: &[u8]) -> Cow<'_, [u8]> {
    let mut is_clean = true;
    for place in memchr::memchr2_iter(b'\r', b'\n', message) {
        is_clean &= match message[place] {
            b'\r' => message.get(place + 1) == Some(&b'\n'),
            _ => place > 0 && message[place - 1] == b'\r',
        };
    }
    if is_clean {
        return Cow::Borrowed(message);
    }
    let mut clean = Vec::with_capacity(message.len() + message.len() / 32);
    let mut begin = 0;
    while let Some(length) = memchr::memchr2(b'\r', b'\n', &message[begin..]) {
        let end = begin + length;
        clean.extend_from_slice(&message[begin..end]);
        clean.extend_from_slice(b"\r\n");
        begin = end
            + if message[end..].starts_with(b"\r\n") {
                2
            } else {
                1
            };
    }
    clean.extend_from_slice(&message[begin..]);
    Cow::Owned(clean)
}

fn line_end(message: &[u8], begin: usize) -> usize {
    memchr::memchr(b'\n', &message[begin..]).map_or(message.len(), |n| begin + n + 1)
}

/// RFC 5322 §3.6.8; blanks before the colon are obsolete, and read.
fn is_name(name: &[u8]) -> bool {
    let name = name.trim_ascii_end();
    !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_as_they_came_and_the_body_begins_behind_the_empty_line() {
        let message = b"From a@x.example Mon Jan  1\r\nA: b\r\n c\r\n\td\r\nno field\r\nE : f\r\n\r\nA: body\r\n";
        let (found, body) = fields(message);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].whole, b"A: b\r\n c\r\n\td\r\n");
        assert_eq!(found[0].unfolded(100), "b c d");
        assert!(found[1].is("e"));
        assert_eq!(body, b"A: body\r\n");
        assert_eq!(fields(b""), (Vec::new(), &b""[..]));
        assert_eq!(fields(b"A: b").0.len(), 1);
    }

    #[test]
    fn line_ends_of_every_system_become_crlf() {
        for text in ["a\nb\n", "a\rb\r", "a\r\nb\r\n", "a\r\nb\n"] {
            assert_eq!(&*with_crlf(text.as_bytes()), b"a\r\nb\r\n", "{text:?}");
        }
        assert!(matches!(with_crlf(b"a\r\n"), Cow::Borrowed(_)));
    }
}
