//! Lines in, replies out (RFC 5321 §2.3.8 and §4.2).

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::demo::loopback::BoxStream;

/// Octets that a line may have: the most that AUTH needs (RFC 4954 §4).
const LINE_MAX: usize = 12_288;

/// A connection with what was read ahead.
pub(super) struct Wire {
    pub(super) stream: BoxStream,
    pub(super) ahead: Vec<u8>,
}

/// What came instead of a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoLine {
    /// The client closed the connection.
    End,
    /// Longer than a line may be, ended by a bare LF, or not UTF-8: answered with 500.
    Malformed,
}

/// A reply with its code and one or more lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) text: String,
}

impl Wire {
    pub(super) fn new(stream: BoxStream) -> Self {
        Self {
            stream,
            ahead: Vec::new(),
        }
    }

    /// The next line without its CRLF.
    pub(super) async fn line(&mut self) -> io::Result<Result<String, NoLine>> {
        let mut scanned = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.ahead[scanned..]) {
                let line: Vec<u8> = self.ahead.drain(..=scanned + at).collect();
                let text = line
                    .strip_suffix(b"\r\n")
                    .filter(|text| text.len() <= LINE_MAX)
                    .and_then(|text| String::from_utf8(text.to_vec()).ok());
                return Ok(text.ok_or(NoLine::Malformed));
            }
            scanned = self.ahead.len();
            if scanned > LINE_MAX {
                // Nobody waits for the end of such a line; the next line end closes it.
                self.ahead.drain(..scanned - 1);
                scanned = 1;
            }
            if self.fill().await? == 0 {
                return Ok(Err(NoLine::End));
            }
        }
    }

    /// Reads some more; 0 is the end.
    pub(super) async fn fill(&mut self) -> io::Result<usize> {
        self.ahead.reserve(16 * 1024);
        self.stream.read_buf(&mut self.ahead).await
    }

    pub(super) async fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        self.stream.write_all(octets).await?;
        self.stream.flush().await
    }
}

impl Reply {
    pub(super) fn new(code: u16, text: &str) -> Self {
        Self {
            code,
            text: text.to_owned(),
        }
    }

    pub(super) fn octets(&self) -> Vec<u8> {
        let mut octets = Vec::new();
        let mut lines = self.text.split('\n').peekable();
        while let Some(line) = lines.next() {
            let sign = if lines.peek().is_some() { '-' } else { ' ' };
            octets.extend(format!("{}{sign}{line}\r\n", self.code).into_bytes());
        }
        octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_reply_has_the_code_and_only_the_last_a_space() {
        let reply = Reply::new(250, "a\nb");
        assert_eq!(reply.octets(), b"250-a\r\n250 b\r\n");
    }

    #[tokio::test]
    async fn lines_end_with_crlf_and_nothing_else() {
        let mut long = vec![b'x'; LINE_MAX * 3];
        long.extend(b"\r\nNOOP\r\n");
        for (octets, wanted) in [
            (b"EHLO a\r\nrest".to_vec(), Ok("EHLO a")),
            (b"EHLO a\nrest".to_vec(), Err(NoLine::Malformed)),
            (b"\xff\r\n".to_vec(), Err(NoLine::Malformed)),
            (b"EHLO a".to_vec(), Err(NoLine::End)),
            (long, Err(NoLine::Malformed)),
        ] {
            let (mut client, server) = tokio::io::duplex(octets.len());
            client.write_all(&octets).await.expect("room for all");
            drop(client);
            let line = Wire::new(Box::new(server)).line().await.expect("no error");
            assert_eq!(line.as_deref().map_err(|none| *none), wanted);
        }
    }
}
