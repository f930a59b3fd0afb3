//! The header block of a sealed message: only fields that may be outside, each once, and those that make it S/MIME.

use std::io::Read;

use super::{error::SelfCheckError, octets::Octets};
use crate::cert::ContentCipher;

/// Characters of a line at most (RFC 5322 §2.1.1).
const LINE: usize = 998;
/// Octets of a header block at most.
const HEADER: usize = 1 << 20;

/// Fields that may be outside (RFC 5322 §3.6; each at most once).
const MAY_STAND: [&str; 10] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
];

/// Fields that must be there, and say exactly this (RFC 8551 §3.2).
const MUST_STAND: [(&str, &str); 3] = [
    ("mime-version", "1.0"),
    ("content-transfer-encoding", "base64"),
    ("content-disposition", r#"attachment; filename="smime.p7m""#),
];
const CONTENT_TYPE: &str = "content-type";
/// What Content-Type says, by what follows.
const TYPES: [(&str, ContentCipher); 2] = [
    (
        r#"application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m""#,
        ContentCipher::Aes256Cbc,
    ),
    (
        r#"application/pkcs7-mime; smime-type=authEnveloped-data; name="smime.p7m""#,
        ContentCipher::Aes256Gcm,
    ),
];

/// A header field, unfolded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name as it stands.
    pub name: String,
    /// What follows the colon, without space around it.
    pub value: String,
}

/// The header block without the fields that every sealed message has.
pub(super) struct Header {
    pub(super) fields: Vec<Field>,
    pub(super) outer: Vec<u8>,
    /// What Content-Type says of the content.
    pub(super) cipher: ContentCipher,
}

impl Header {
    /// Reads up to and with the empty line.
    pub(super) fn read<R: Read>(octets: &mut Octets<R>) -> Result<Self, SelfCheckError> {
        let mut fields: Vec<(Field, Vec<u8>)> = Vec::new();
        let mut size = 0;
        loop {
            let line = octets.line(LINE)?.ok_or(SelfCheckError::NoBody)?;
            if line.is_empty() {
                break;
            }
            size += line.len();
            if size > HEADER {
                return Err(SelfCheckError::HeaderTooLarge { limit: HEADER });
            }
            if take(&mut fields, line).is_none() {
                return Err(SelfCheckError::NotAField {
                    line: octets.line_number(),
                });
            }
        }
        Self::sort(fields)
    }

    fn sort(mut all: Vec<(Field, Vec<u8>)>) -> Result<Self, SelfCheckError> {
        for (field, _) in &mut all {
            field.value = field.value.trim_ascii().to_owned();
        }
        for (name, value) in MUST_STAND {
            if removed(&mut all, name).as_deref() != Some(value) {
                return Err(SelfCheckError::WrongField { field: name });
            }
        }
        let media_type = removed(&mut all, CONTENT_TYPE);
        let known = TYPES
            .iter()
            .find(|(t, _)| media_type.as_deref() == Some(*t));
        let Some((_, cipher)) = known else {
            let field = CONTENT_TYPE;
            return Err(SelfCheckError::WrongField { field });
        };
        let mut seen: Vec<String> = Vec::new();
        for (Field { name, .. }, _) in &all {
            let lower = name.to_ascii_lowercase();
            let field = name.clone();
            let must_stand = MUST_STAND.iter().any(|(n, _)| *n == lower);
            if seen.contains(&lower) || must_stand || lower == CONTENT_TYPE {
                return Err(SelfCheckError::DuplicateField { field });
            }
            if !MAY_STAND.contains(&lower.as_str()) {
                return Err(SelfCheckError::UnexpectedField { field });
            }
            seen.push(lower);
        }
        let (fields, lines): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        Ok(Self {
            fields,
            outer: lines.concat(),
            cipher: *cipher,
        })
    }
}

/// Takes the first field of this name out. Returns its value.
fn removed(all: &mut Vec<(Field, Vec<u8>)>, name: &str) -> Option<String> {
    let at = all
        .iter()
        .position(|(f, _)| f.name.eq_ignore_ascii_case(name))?;
    Some(all.remove(at).0.value)
}

/// Takes a line as a field, or as what continues the field before. None if it is neither.
fn take(fields: &mut Vec<(Field, Vec<u8>)>, line: &[u8]) -> Option<()> {
    let text = std::str::from_utf8(line).ok()?;
    if text.chars().any(|c| c.is_control() && c != '\t') || text.trim_ascii().is_empty() {
        return None;
    }
    if !text.starts_with([' ', '\t']) {
        let (name, _) = text.split_once(':')?;
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        let field = Field {
            name: name.to_owned(),
            value: String::new(),
        };
        fields.push((field, Vec::new()));
    }
    let (field, lines) = fields.last_mut()?;
    let before = if lines.is_empty() {
        field.name.len() + 1
    } else {
        0
    };
    field.value.push_str(&text[before..]);
    lines.extend_from_slice(line);
    lines.extend_from_slice(b"\r\n");
    Some(())
}
