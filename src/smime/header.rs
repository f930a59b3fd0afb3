//! The header block of a message that is to be sealed: what stays readable on the way, and what goes inside.
//!
//! Outside stay the fields that delivering, sorting and answering need (RFC 5322 §3.6), and no others: `Bcc` would name
//! hidden recipients, and `Received`, `User-Agent`, `X-…` tell of the sender's computer and network. `Content-*`
//! describe the body and go inside with it.

use super::error::SealError;

/// Octets of a header block at most.
pub(super) const MAX_OCTETS: usize = 1 << 20;
/// Octets of a line at most, without its CRLF (RFC 5322 §2.1.1).
const MAX_LINE: usize = 998;

/// Fields that stay outside, each at most once. Sender and Reply-To are there because answers must reach the right
/// mailbox.
const OUTSIDE: [&str; 10] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
];
/// Fields that say what the body is: twice would let two programs read two messages.
const BODY: [&str; 2] = ["Content-Type", "Content-Transfer-Encoding"];

/// Header fields that stay readable on the way: checked, canonical, none that tells more than it must.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OuterHeader(Vec<u8>);

/// A header block, taken apart.
#[derive(Debug, Default)]
pub(super) struct Split {
    pub(super) outer: OuterHeader,
    /// The Content-* fields, in CRLF lines.
    pub(super) content: Vec<u8>,
    /// The media type in lower case, without parameters.
    pub(super) media_type: Option<String>,
    /// Content-Transfer-Encoding in lower case.
    pub(super) transfer_encoding: Option<String>,
    /// Names of the fields that go nowhere.
    pub(super) dropped: Vec<String>,
}

/// One field: its name, what follows the colon, and the lines that continue it.
struct Field<'a> {
    name: &'a str,
    lines: Vec<&'a [u8]>,
}

impl OuterHeader {
    /// Takes from a header block, with or without its ending empty line, the fields that stay outside.
    pub fn of(block: &[u8]) -> Result<Self, SealError> {
        Ok(split(block)?.outer)
    }

    /// Lines that were taken from one that was checked.
    pub(super) fn of_checked(lines: Vec<u8>) -> Self {
        Self(lines)
    }

    /// The fields, each line ended by CRLF.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The fields of a canonical block, each with its name and its lines as they stand.
pub(super) fn lines_of_fields(block: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    let mut rest = block;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = 0;
        loop {
            end = memchr::memmem::find(&rest[end..], b"\r\n").map_or(rest.len(), |at| end + at + 2);
            if !matches!(rest.get(end), Some(b' ' | b'\t')) {
                break;
            }
        }
        let (lines, after) = rest.split_at(end);
        rest = after;
        let name = &lines[..memchr::memchr(b':', lines).unwrap_or(0)];
        Some((std::str::from_utf8(name).unwrap_or_default(), lines))
    })
}

/// Sorts the fields of a header block. Line ends may be CRLF or LF.
pub(super) fn split(block: &[u8]) -> Result<Split, SealError> {
    let mut split = Split::default();
    let mut seen: Vec<String> = Vec::new();
    for field in fields(block)? {
        let known = |list: &[&str]| list.iter().any(|n| n.eq_ignore_ascii_case(field.name));
        if known(&OUTSIDE) || known(&BODY) {
            let name = field.name.to_ascii_lowercase();
            if seen.contains(&name) {
                return Err(SealError::DuplicateField {
                    field: field.name.to_owned(),
                });
            }
            seen.push(name);
        }
        if known(&OUTSIDE) {
            field.check()?;
            field.write(&mut split.outer.0);
        } else if starts_with_ignore_case(field.name, "Content-") {
            field.write(&mut split.content);
            if field.name.eq_ignore_ascii_case("Content-Type") {
                split.media_type = Some(token(&field.value()));
            } else if field.name.eq_ignore_ascii_case("Content-Transfer-Encoding") {
                split.transfer_encoding = Some(token(&field.value()));
            }
        } else if !field.name.eq_ignore_ascii_case("MIME-Version") {
            split.dropped.push(field.name.to_owned());
        }
    }
    Ok(split)
}

fn fields(block: &[u8]) -> Result<Vec<Field<'_>>, SealError> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for (line, octets) in (1..).zip(block.split(|b| *b == b'\n')) {
        let malformed = || SealError::HeaderMalformed { line };
        let octets = octets.strip_suffix(b"\r").unwrap_or(octets);
        if octets.is_empty() {
            break;
        }
        if octets.iter().any(|b| b.is_ascii_control() && *b != b'\t') {
            return Err(malformed());
        }
        if matches!(octets[0], b' ' | b'\t') {
            let field = fields.last_mut().ok_or_else(malformed)?;
            // A continuation of nothing but space is obsolete (RFC 5322 §4.2), and some take it for the block's end.
            if !octets.trim_ascii().is_empty() {
                field.lines.push(octets);
            }
            continue;
        }
        let colon = memchr::memchr(b':', octets).ok_or_else(malformed)?;
        let name = octets[..colon].trim_ascii_end();
        let name = std::str::from_utf8(name)
            .ok()
            .filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_graphic()))
            .ok_or_else(malformed)?;
        fields.push(Field {
            name,
            lines: vec![&octets[colon + 1..]],
        });
    }
    Ok(fields)
}

impl Field<'_> {
    /// Whether it can travel: text, and no line too long.
    fn check(&self) -> Result<(), SealError> {
        let field = || self.name.to_owned();
        let is_text = |line: &[u8]| {
            let text = std::str::from_utf8(line);
            text.is_ok_and(|text| text.chars().all(|c| !c.is_control() || c == '\t'))
        };
        let mut before = self.name.len() + 1;
        for line in &self.lines {
            if !is_text(line) {
                return Err(SealError::FieldNotText { field: field() });
            }
            let octets = before + line.len();
            if octets > MAX_LINE {
                return Err(SealError::FieldTooLong {
                    field: field(),
                    octets,
                    limit: MAX_LINE,
                });
            }
            before = 0;
        }
        Ok(())
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.name.as_bytes());
        out.push(b':');
        for line in &self.lines {
            out.extend_from_slice(line);
            out.extend_from_slice(b"\r\n");
        }
    }

    /// Everything behind the colon, unfolded.
    fn value(&self) -> String {
        String::from_utf8_lossy(&self.lines.concat()).into_owned()
    }
}

/// The first word of a MIME field: without comments (RFC 5322 §3.2.2), space and parameters, in lower case.
fn token(value: &str) -> String {
    let mut depth = 0_usize;
    let mut escaped = false;
    let mut token = String::new();
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if depth > 0 => escaped = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => break,
            c if depth == 0 && !c.is_whitespace() => token.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    token
}

fn starts_with_ignore_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outer(block: &str) -> String {
        String::from_utf8(split(block.as_bytes()).unwrap().outer.0).unwrap()
    }

    #[test]
    fn only_what_delivering_and_answering_need_stays_outside() {
        let block = "Received: from pc (10.0.0.7)\nfrom: Anne <anne@x.example>\nTo: bo@y.example,\n eva@z.example\n\
            BCC: hans@x.example\nResent-Bcc: ida@x.example\nUser-Agent: Mail\nX-Mailer: y\nReply-To: post@x.example\n\
            Subject: S\nContent-Type: text/html;\n charset=utf-8\nContent-Language: da\nMIME-Version: 1.0\n\n";
        let split = split(block.as_bytes()).unwrap();
        assert_eq!(
            String::from_utf8(split.outer.0).unwrap(),
            "from: Anne <anne@x.example>\r\nTo: bo@y.example,\r\n eva@z.example\r\nReply-To: post@x.example\r\nSubject: S\r\n"
        );
        assert_eq!(
            String::from_utf8(split.content).unwrap(),
            "Content-Type: text/html;\r\n charset=utf-8\r\nContent-Language: da\r\n"
        );
        assert_eq!(split.media_type.as_deref(), Some("text/html"));
        assert_eq!(
            split.dropped,
            ["Received", "BCC", "Resent-Bcc", "User-Agent", "X-Mailer"]
        );
    }

    #[test]
    fn a_line_of_nothing_but_space_is_left_out() {
        assert_eq!(outer("Subject: a\r\n  \r\n b\r\n"), "Subject: a\r\n b\r\n");
    }

    #[test]
    fn nothing_behind_the_empty_line_is_a_field() {
        assert_eq!(outer("To: a\n\nCc: b\n"), "To: a\r\n");
        assert_eq!(outer("\r\nCc: b\n"), "");
    }

    #[test]
    fn space_before_the_colon_is_left_out() {
        assert_eq!(outer("Subject \t: a\n"), "Subject: a\r\n");
    }

    #[test]
    fn a_block_that_two_programs_could_read_in_two_ways_is_refused() {
        let duplicates = ["To: a\nto: b", "Content-Type: a/b\nCONTENT-TYPE: c/d"];
        for block in duplicates {
            let found = split(block.as_bytes());
            assert!(
                matches!(found, Err(SealError::DuplicateField { .. })),
                "{block:?}"
            );
        }
        let malformed = [
            "From a@x.example Mon\nTo: b",
            " To: b",
            "To b",
            ": b",
            "T o: b",
            "Tø: b",
            "Subject: a\rBcc: b",
            "Subject: a\0b",
            "Subject: a\u{7f}b",
        ];
        for block in malformed {
            let found = split(block.as_bytes());
            assert!(
                matches!(found, Err(SealError::HeaderMalformed { .. })),
                "{block:?}"
            );
        }
    }

    #[test]
    fn a_field_that_mail_cannot_carry_is_refused_outside_and_taken_inside() {
        let longest = format!("Subject: {}", "x".repeat(989));
        assert!(split(longest.as_bytes()).is_ok());
        let long = format!("{longest}x");
        let found = split(long.as_bytes());
        assert!(matches!(
            found,
            Err(SealError::FieldTooLong { octets: 999, .. })
        ));
        let long = format!("Subject: {}", "x".repeat(998));
        let found = split(long.as_bytes());
        assert!(matches!(
            found,
            Err(SealError::FieldTooLong { octets: 1007, .. })
        ));
        for subject in [&b"Subject: gr\xf8n"[..], "Subject: a\u{85}b".as_bytes()] {
            let found = split(subject);
            assert!(matches!(found, Err(SealError::FieldNotText { .. })));
        }
        assert!(split(b"Content-Description: gr\xf8n").is_ok());
        assert_eq!(outer("Subject: grøn"), "Subject: grøn\r\n");
    }

    #[test]
    fn a_media_type_is_found_behind_comments() {
        let rows = [
            (" multipart/signed; micalg=sha-256", "multipart/signed"),
            (" (a \\) b;) Multipart / Signed (c) ;x", "multipart/signed"),
            ("", ""),
            // A backslash quotes inside a comment and nowhere else.
            ("a\\;b", "a\\"),
        ];
        for (value, wanted) in rows {
            assert_eq!(token(value), wanted);
        }
    }
}
