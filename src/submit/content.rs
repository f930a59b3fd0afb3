//! What must be known of a message before MAIL: its size, what it asks of the server, and that it cannot end early.

use crate::mail::Digest;

/// Octets of a line without its CRLF (RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1). Servers cut or fold longer ones, and then
/// the recipient gets another message than the one that was checked.
const LINE_MAX: usize = 998;

/// A message that was examined: complete, canonical, and bound to its octets by their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Octets, line ends counted as two: what SIZE means (RFC 1870 §5).
    pub(super) size: usize,
    /// Lines that begin with a dot, each of which gets another one on the wire (RFC 5321 §4.5.2).
    pub(super) dots: usize,
    /// Whether any octet is above 127.
    pub(super) eight_bit: bool,
    /// Whether such an octet stands in the header, which only SMTPUTF8 allows.
    pub(super) utf8_header: bool,
    /// SHA-256 of the octets.
    pub(super) digest: Digest,
}

/// Why a message cannot be sent as it is. All are faults of who rendered it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentFault {
    /// CR or LF alone. Servers disagree on whether such a line end can end the message: SMTP smuggling.
    #[error("a CR or LF alone at octet {offset}")]
    BareLineEnd {
        /// Where, from 0.
        offset: usize,
    },
    /// The last line does not end in CRLF, or there is none.
    #[error("the last line has no end")]
    NoFinalLineEnd,
    /// A line of more than 998 octets.
    #[error("a line of more than {LINE_MAX} octets at octet {offset}")]
    LineTooLong {
        /// Where the line begins, from 0.
        offset: usize,
    },
    /// A NUL, which RFC 5322 §2.2 forbids.
    #[error("a NUL at octet {offset}")]
    Nul {
        /// Where, from 0.
        offset: usize,
    },
}

impl Content {
    /// Examines the octets of a message.
    pub fn of(message: &[u8]) -> Result<Self, ContentFault> {
        if !message.ends_with(b"\r\n") {
            return Err(ContentFault::NoFinalLineEnd);
        }
        if let Some(offset) = memchr::memchr(0, message) {
            return Err(ContentFault::Nul { offset });
        }
        let mut begin = 0;
        let mut dots = 0;
        let mut header_end = None;
        while let Some(length) = memchr::memchr2(b'\r', b'\n', &message[begin..]) {
            let end = begin + length;
            if !message[end..].starts_with(b"\r\n") {
                return Err(ContentFault::BareLineEnd { offset: end });
            }
            if length > LINE_MAX {
                return Err(ContentFault::LineTooLong { offset: begin });
            }
            if length == 0 {
                header_end.get_or_insert(begin);
            }
            dots += usize::from(message[begin] == b'.');
            begin = end + 2;
        }
        Ok(Self {
            size: message.len(),
            dots,
            eight_bit: !message.is_ascii(),
            utf8_header: !message[..header_end.unwrap_or(message.len())].is_ascii(),
            digest: Digest::of(message),
        })
    }

    /// Octets of the message, as SIZE counts them.
    pub fn size(&self) -> u64 {
        self.size as u64
    }

    /// SHA-256 of the octets.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_message_early_is_refused() {
        use ContentFault as F;
        let long = [&[b'a'; LINE_MAX + 1][..], b"\r\n"].concat();
        let rows: &[(&[u8], F)] = &[
            (b"", F::NoFinalLineEnd),
            (b"a", F::NoFinalLineEnd),
            (b"a\n", F::NoFinalLineEnd),
            (b"a\r\n.\r", F::NoFinalLineEnd),
            (b"a\n.\n\r\n", F::BareLineEnd { offset: 1 }),
            (b"a\r\n\n.\r\n", F::BareLineEnd { offset: 3 }),
            (b"a\r.\r\r\n", F::BareLineEnd { offset: 1 }),
            (b"a\r\r\n", F::BareLineEnd { offset: 1 }),
            (b"a\0\r\n", F::Nul { offset: 1 }),
            (&long, F::LineTooLong { offset: 0 }),
        ];
        for (message, fault) in rows {
            assert_eq!(Content::of(message).as_ref(), Err(fault), "{message:?}");
        }
        assert!(Content::of(&long[1..]).is_ok());
    }

    #[test]
    fn dots_and_octets_above_127_are_found() {
        let of = |text: &str| {
            let content = Content::of(text.as_bytes()).unwrap();
            (content.dots, content.eight_bit, content.utf8_header)
        };
        assert_eq!(of("A: b\r\n\r\nc\r\n"), (0, false, false));
        assert_eq!(of("A: b\r\n\r\n.\r\n..a\r\nb.\r\n"), (2, false, false));
        assert_eq!(of("A: b\r\n\r\næ\r\n"), (0, true, false));
        assert_eq!(of("A: æ\r\n\r\nb\r\n"), (0, true, true));
        assert_eq!(of("A: æ\r\n"), (0, true, true));
    }
}
