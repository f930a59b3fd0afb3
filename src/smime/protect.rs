//! Header protection (RFC 9788): the fields that people read stand inside what is encrypted or signed, too.
//!
//! Inside stands what the sender wrote; outside the same, or the subject replaced by `[...]` (hcp_baseline, §3.2.1).
//! `hp` on the root of the payload says which protection covers them (§2.1.1), and `HP-Outer` fields what stood outside
//! (§2.2), so that a reader never has to believe the outside. A message/rfc822 wrapping (RFC 8551 §3.1) is never made
//! (§4.10).

use std::io::{self, Write};

use memchr::memmem;

use super::{
    error::SealError,
    header::{self, OuterHeader},
};

/// What stands outside in place of a subject that is hidden (RFC 9788 §3.2.1).
const HIDDEN: &[u8] = b"Subject: [...]\r\n";

/// What covers the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoveredBy {
    /// Encryption.
    Encryption,
    /// A signature alone.
    Signature,
}

impl OuterHeader {
    /// The same with a subject that says nothing; none where there is no subject.
    #[must_use]
    pub fn with_hidden_subject(&self) -> Self {
        let fields = header::lines_of_fields(self.as_bytes());
        let outer = fields.map(|(name, lines)| {
            if name.eq_ignore_ascii_case("Subject") {
                HIDDEN
            } else {
                lines
            }
        });
        Self::of_checked(outer.collect::<Vec<_>>().concat())
    }

    /// Whether each field is the same in both, or the subject that is hidden.
    fn is_hidden_form_of(&self, inner: &Self) -> bool {
        *self == *inner || *self == inner.with_hidden_subject()
    }
}

/// Writes an entity with the fields of `inner` at its head. `outer` is what stands outside: all but the subject must be
/// the same, so that From, To, Cc, Date and Message-ID inside are those outside.
pub fn protect_header<E: From<SealError>>(
    output: &mut dyn Write,
    inner: &OuterHeader,
    outer: &OuterHeader,
    by: CoveredBy,
    entity: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    if !outer.is_hidden_form_of(inner) {
        return Err(SealError::HeaderDiffers.into());
    }
    let mut fields = inner.as_bytes().to_vec();
    if by == CoveredBy::Encryption {
        for (_, lines) in header::lines_of_fields(outer.as_bytes()) {
            fields.extend_from_slice(b"HP-Outer: ");
            fields.extend_from_slice(lines);
        }
    }
    let mut protecting = Protecting {
        out: output,
        fields,
        by,
        head: Some(Vec::new()),
    };
    entity(&mut protecting)?;
    protecting.finish()?;
    Ok(())
}

/// Keeps back the head of an entity until it is whole, and writes it with the protected fields.
struct Protecting<'a> {
    out: &'a mut dyn Write,
    fields: Vec<u8>,
    by: CoveredBy,
    /// None once the head was written.
    head: Option<Vec<u8>>,
}

impl Protecting<'_> {
    fn finish(self) -> Result<(), SealError> {
        // An entity without an empty line has no body; none of ours is so.
        self.head.map_or(Ok(()), |_| Err(SealError::NoBody))
    }

    fn write_head(&mut self, head: &[u8], body: &[u8]) -> Result<(), SealError> {
        let content = header::split(head)?.content;
        let parameter: &[u8] = match self.by {
            CoveredBy::Encryption => b"hp=\"cipher\"",
            CoveredBy::Signature => b"hp=\"clear\"",
        };
        let mut out = std::mem::take(&mut self.fields);
        let mut is_told = false;
        for (name, lines) in header::lines_of_fields(&content) {
            if !name.eq_ignore_ascii_case("Content-Type") {
                out.extend_from_slice(lines);
                continue;
            }
            let value = lines.trim_ascii_end();
            let value = value.strip_suffix(b";").unwrap_or(value);
            // What is handed over must not say by itself how it is protected.
            if says_protection(value) {
                return Err(SealError::DuplicateField {
                    field: "Content-Type; hp".to_owned(),
                });
            }
            out.extend_from_slice(value);
            out.extend_from_slice(b";\r\n ");
            out.extend_from_slice(parameter);
            out.extend_from_slice(b"\r\n");
            is_told = true;
        }
        if !is_told {
            out.extend_from_slice(b"Content-Type: text/plain; charset=us-ascii; ");
            out.extend_from_slice(parameter);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(body);
        self.out.write_all(&out).map_err(SealError::from_write)
    }
}

/// Whether a Content-Type has a parameter `hp`, wherever a reader may see one.
fn says_protection(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    memmem::find_iter(&lower, b"hp").any(|at| {
        let before = lower[..at].trim_ascii_end().last();
        let after = lower[at + 2..].trim_ascii_start().first();
        matches!(before, Some(b';' | b')')) && matches!(after, Some(b'=' | b'*' | b'('))
    })
}

impl Write for Protecting<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let Some(mut head) = self.head.take() else {
            self.out.write_all(octets)?;
            return Ok(octets.len());
        };
        head.extend_from_slice(octets);
        let end = if head.starts_with(b"\r\n") {
            Some((0, 2))
        } else {
            memmem::find(&head, b"\r\n\r\n").map(|at| (at + 2, at + 4))
        };
        match end {
            Some((end, body)) => self
                .write_head(&head[..end], &head[body..])
                .map_err(io::Error::other)?,
            None if head.len() > header::MAX_OCTETS => {
                return Err(io::Error::other(SealError::HeaderTooLarge {
                    limit: header::MAX_OCTETS,
                }));
            }
            None => self.head = Some(head),
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] =
        b"From: anne@x.example\r\nTo: bo@y.example,\r\n ida@y.example\r\nSubject: Sag\r\n 17\r\n";

    fn protected(entity: &[u8], by: CoveredBy, hides: bool) -> Result<String, SealError> {
        let inner = OuterHeader::of(HEADER).unwrap();
        let outer = if hides {
            inner.with_hidden_subject()
        } else {
            inner.clone()
        };
        // Octet by octet: where writes are split makes no difference.
        let mut out = Vec::new();
        protect_header(&mut out, &inner, &outer, by, |protecting| {
            entity
                .chunks(1)
                .try_for_each(|octet| protecting.write_all(octet))
                .map_err(SealError::from_write)
        })?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_fields_stand_inside_and_it_is_told_what_stands_outside() {
        let entity = b"Content-Type: text/html;\r\n charset=utf-8;\r\nContent-Language: da\r\n\r\n<p>\r\n\r\n";
        let made = protected(entity, CoveredBy::Encryption, true).unwrap();
        let wanted = "From: anne@x.example\r\nTo: bo@y.example,\r\n ida@y.example\r\nSubject: Sag\r\n 17\r\n\
            HP-Outer: From: anne@x.example\r\nHP-Outer: To: bo@y.example,\r\n ida@y.example\r\n\
            HP-Outer: Subject: [...]\r\n\
            Content-Type: text/html;\r\n charset=utf-8;\r\n hp=\"cipher\"\r\nContent-Language: da\r\n\r\n<p>\r\n\r\n";
        assert_eq!(made, wanted);
        let made = protected(b"\r\nhej", CoveredBy::Signature, false).unwrap();
        assert!(!made.contains("HP-Outer"));
        assert!(made.ends_with("; hp=\"clear\"\r\n\r\nhej"), "{made}");
    }

    #[test]
    fn what_says_its_own_protection_or_hides_more_than_the_subject_is_refused() {
        for odd in [
            "; hp=clear",
            ";\r\n HP = \"cipher\"",
            "; hp*0=x",
            "; (c) hp=x",
        ] {
            let entity = format!("Content-Type: text/plain{odd}\r\n\r\nhej");
            let found = protected(entity.as_bytes(), CoveredBy::Encryption, false);
            assert!(
                matches!(found, Err(SealError::DuplicateField { .. })),
                "{odd}"
            );
        }
        let fine = b"Content-Type: text/plain; name=\"php=x\"; graph=1\r\n\r\nhej";
        assert!(protected(fine, CoveredBy::Encryption, false).is_ok());
        let inner = OuterHeader::of(HEADER).unwrap();
        let outer = OuterHeader::of(b"From: eva@x.example\r\nSubject: [...]\r\n").unwrap();
        let made = protect_header(
            &mut Vec::new(),
            &inner,
            &outer,
            CoveredBy::Encryption,
            |_| Ok(()),
        );
        assert!(matches!(made, Err(SealError::HeaderDiffers)));
        let cut = protected(b"Content-Type: text/plain", CoveredBy::Encryption, false);
        assert!(matches!(cut, Err(SealError::NoBody)));
    }

    #[test]
    fn a_head_without_end_is_refused_as_soon_as_it_is_too_large() {
        let inner = OuterHeader::of(HEADER).unwrap();
        let headed = |octets: usize| {
            let head = vec![b'x'; octets];
            let by = CoveredBy::Signature;
            protect_header(&mut Vec::new(), &inner, &inner, by, |protecting| {
                protecting.write_all(&head).map_err(SealError::from_write)
            })
        };
        let found = headed(header::MAX_OCTETS);
        assert!(matches!(found, Err(SealError::NoBody)), "{found:?}");
        let found = headed(header::MAX_OCTETS + 1);
        let is_large = matches!(found, Err(SealError::HeaderTooLarge { .. }));
        assert!(is_large, "{found:?}");
    }
}
