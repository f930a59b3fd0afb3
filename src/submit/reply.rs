//! SMTP replies (RFC 5321 §4.2), read from whatever a server sends.
//!
//! One line is bounded, the number of lines is bounded, line ends are CRLF and nothing else: a server that streams for
//! ever, or speaks another protocol, ends in a [`Malformed`]. Pure: octets in, replies out.

use std::fmt;

use crate::mail;

/// Octets of one reply line, its line end included. RFC 5321 §4.5.3.1.5 has 512; some servers are wordier.
const LINE_MAX: usize = 4096;
/// Lines of one reply. The longest seen are replies to EHLO with about thirty.
const LINES_MAX: usize = 128;
/// Characters of a server's text that are kept.
const TEXT_MAX: usize = 500;

/// What a server replied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    text: ServerText,
}

/// Text that a server wrote. It often holds addresses, so it has no `Display`, and `Debug` shows its length only.
///
/// Control characters and bidirectional overrides are escapes in it, invalid UTF-8 is U+FFFD, and lines are joined by
/// spaces; at most 500 characters are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerText(String);

/// Why octets are not an SMTP reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A line without end.
    #[error("a line of more than {LINE_MAX} octets")]
    LineTooLong,
    /// A reply without end.
    #[error("a reply of more than {LINES_MAX} lines")]
    TooManyLines,
    /// A line that does not end in CRLF.
    #[error("a line that does not end in CRLF")]
    LineEnd,
    /// A line that does not begin with a code from 200 to 599 and a space or hyphen.
    #[error("a line without a reply code")]
    NoCode,
    /// Lines of one reply with different codes.
    #[error("one reply with several codes")]
    SeveralCodes,
    /// Octets where no reply was due.
    #[error("{octets} octets where no reply was due")]
    OutOfTurn {
        /// How many were seen.
        octets: usize,
    },
}

impl Reply {
    /// The code, from 200 to 599.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// What stands beside the code; empty for a reply from outside TLS.
    pub fn text(&self) -> &ServerText {
        &self.text
    }

    /// 2xx: done.
    pub fn is_success(&self) -> bool {
        self.code / 100 == 2
    }

    /// 4xx or 5xx: not done.
    pub fn is_refusal(&self) -> bool {
        self.code >= 400
    }

    /// 4xx: not done, may succeed later (RFC 5321 §4.2.1).
    pub fn is_temporary(&self) -> bool {
        self.code / 100 == 4
    }

    /// 421: not done, and the server closes the connection (RFC 5321 §3.8).
    pub(super) fn is_closing(&self) -> bool {
        self.code == 421
    }
}

impl ServerText {
    /// The text, cleaned for showing. It may hold addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(lines: &[Vec<u8>]) -> Self {
        let mut text = String::new();
        let joined = lines.join(&b' ');
        for (place, c) in String::from_utf8_lossy(&joined).trim().chars().enumerate() {
            if place == TEXT_MAX {
                text.push('…');
                break;
            }
            if mail::is_forbidden(c) {
                text.extend(c.escape_unicode());
            } else {
                text.push(c);
            }
        }
        Self(text)
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerText({} octets)", self.0.len())
    }
}

/// A reply as it came: code, and the text of each line.
#[derive(PartialEq, Eq)]
pub(super) struct RawReply {
    pub(super) code: u16,
    pub(super) lines: Vec<Vec<u8>>,
}

impl RawReply {
    /// With the server's text. Only for what came through TLS.
    pub(super) fn into_reply(self) -> Reply {
        Reply {
            code: self.code,
            text: ServerText::of(&self.lines),
        }
    }

    /// Without the text, as from outside TLS, where anybody may have written it.
    pub(super) fn code_only(&self) -> Reply {
        Reply {
            code: self.code,
            text: ServerText(String::new()),
        }
    }
}

/// Octets of a connection, cut into replies.
#[derive(Default)]
pub(super) struct Replies {
    unread: Vec<u8>,
    code: Option<u16>,
    lines: Vec<Vec<u8>>,
}

impl Replies {
    /// Adds octets that came.
    pub(super) fn push(&mut self, octets: &[u8]) {
        self.unread.extend_from_slice(octets);
    }

    /// How many octets came after the last reply that was taken.
    pub(super) fn unread(&self) -> usize {
        self.unread.len()
    }

    /// Takes the next reply, if it has come whole.
    pub(super) fn take(&mut self) -> Result<Option<RawReply>, Malformed> {
        while let Some(end) = memchr::memchr(b'\n', &self.unread) {
            let line: Vec<u8> = self.unread.drain(..=end).collect();
            let (code, is_last, text) = parse_line(&line)?;
            if self.code.is_some_and(|first| first != code) {
                return Err(Malformed::SeveralCodes);
            }
            if self.lines.len() == LINES_MAX {
                return Err(Malformed::TooManyLines);
            }
            self.code = Some(code);
            self.lines.push(text.to_vec());
            if is_last {
                self.code = None;
                let lines = std::mem::take(&mut self.lines);
                return Ok(Some(RawReply { code, lines }));
            }
        }
        if self.unread.len() > LINE_MAX {
            return Err(Malformed::LineTooLong);
        }
        Ok(None)
    }
}

/// Code, whether the line is the last of its reply, and text. A line may end after its code (RFC 5321 §4.2).
fn parse_line(line: &[u8]) -> Result<(u16, bool, &[u8]), Malformed> {
    if line.len() > LINE_MAX {
        return Err(Malformed::LineTooLong);
    }
    let line = line.strip_suffix(b"\r\n").ok_or(Malformed::LineEnd)?;
    let [
        first @ b'2'..=b'5',
        second @ b'0'..=b'9',
        third @ b'0'..=b'9',
        rest @ ..,
    ] = line
    else {
        return Err(Malformed::NoCode);
    };
    let digit = |octet: &u8| u16::from(octet - b'0');
    let code = 100 * digit(first) + 10 * digit(second) + digit(third);
    match rest {
        [] => Ok((code, true, rest)),
        [b' ', text @ ..] => Ok((code, true, text)),
        [b'-', text @ ..] => Ok((code, false, text)),
        _ => Err(Malformed::NoCode),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(octets: &[u8]) -> Result<Option<RawReply>, Malformed> {
        let mut replies = Replies::default();
        replies.push(octets);
        replies.take()
    }

    fn reply(octets: &[u8]) -> Reply {
        read(octets).unwrap().unwrap().into_reply()
    }

    #[test]
    fn replies_are_read_as_servers_write_them() {
        let rows: &[(&[u8], u16, &str)] = &[
            (b"250 ok\r\n", 250, "ok"),
            (b"250\r\n", 250, ""),
            (b"250-\r\n250 ok\r\n", 250, "ok"),
            (
                b"550-5.1.1 no such\r\n550 user\r\n",
                550,
                "5.1.1 no such user",
            ),
            (b"299 odd\r\n", 299, "odd"),
        ];
        for (octets, code, text) in rows {
            let reply = reply(octets);
            assert_eq!((reply.code(), reply.text().as_str()), (*code, *text));
        }
    }

    #[test]
    fn what_is_no_reply_is_told_apart() {
        let endless = vec![b'2'; LINE_MAX + 1];
        let long = [&b"250 "[..], &vec![b'a'; LINE_MAX], b"\r\n"].concat();
        let rows: &[(&[u8], Malformed)] = &[
            (b"HTTP/1.1 400 Bad Request\r\n", Malformed::NoCode),
            (b"* OK IMAP\r\n", Malformed::NoCode),
            (b"150 no\r\n", Malformed::NoCode),
            (b"600 no\r\n", Malformed::NoCode),
            (b"2500 no\r\n", Malformed::NoCode),
            (b"\xff\xfe\x00\r\n", Malformed::NoCode),
            (b"250 bare\n", Malformed::LineEnd),
            (b"250-a\r\n251 b\r\n", Malformed::SeveralCodes),
            (&endless, Malformed::LineTooLong),
            (&long, Malformed::LineTooLong),
            (
                &b"250-more\r\n".repeat(LINES_MAX + 1),
                Malformed::TooManyLines,
            ),
        ];
        for (octets, wanted) in rows {
            assert_eq!(read(octets).err().as_ref(), Some(wanted));
        }
    }

    #[test]
    fn text_is_escaped_cut_and_not_shown_by_debug() {
        let hostile = reply("550 <bo@x.example>\u{202E}\x1b[31m\u{7} no\r\n".as_bytes());
        assert_eq!(
            hostile.text().as_str(),
            "<bo@x.example>\\u{202e}\\u{1b}[31m\\u{7} no"
        );
        assert!(!format!("{hostile:?}").contains("bo@"));
        let long = reply(&[&b"550 "[..], &[b'a'; 900], b"\r\n"].concat());
        assert_eq!(long.text().as_str().chars().count(), TEXT_MAX + 1);
        assert_eq!(reply(b"550 \xff\r\n").text().as_str(), "\u{FFFD}");
    }

    #[test]
    fn octets_behind_a_reply_are_counted() {
        let mut replies = Replies::default();
        replies.push(b"220 go\r\n250-example.org\r\n");
        assert_eq!(replies.take().unwrap().unwrap().code, 220);
        assert_eq!(replies.unread(), "250-example.org\r\n".len());
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_reply(cuts in proptest::collection::vec(1usize..9, 1..40)) {
            let whole = b"250-one.example\r\n250-SIZE 35651584\r\n250 SMTPUTF8\r\n";
            let mut replies = Replies::default();
            let mut rest = &whole[..];
            let mut found = None;
            for cut in cuts.into_iter().cycle() {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                replies.push(now);
                rest = later;
                found = replies.take().unwrap();
                if rest.is_empty() { break; }
                prop_assert!(found.is_none());
            }
            prop_assert!(found == read(whole).unwrap());
        }

        #[test]
        fn no_octets_make_the_reader_panic_or_grow(octets in proptest::collection::vec(any::<u8>(), 0..9000)) {
            let mut replies = Replies::default();
            replies.push(&octets);
            if let Ok(None) = replies.take() {
                prop_assert!(replies.unread() <= LINE_MAX);
            }
        }
    }
}
