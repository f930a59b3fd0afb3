//! The octets of a message: counted, digested, cut into lines; and the body decoded from base64.

use std::io::{self, BufRead, Read};

use base64_simd::{AsOut as _, STANDARD};
use memchr::memchr;
use openssl::sha::Sha256;

use super::error::SelfCheckError;
use crate::mail::Digest;

/// Octets that are read in one go.
const BLOCK: usize = 64 * 1024;
/// Characters that are decoded in one go.
const TEXT: usize = 48 * 1024;
/// Characters of a line of base64 at most (RFC 2045 §6.8).
const BASE64_LINE: usize = 76;

/// A message being read, line by line.
pub(super) struct Octets<R> {
    input: R,
    sha256: Sha256,
    count: u64,
    line: u64,
    block: Vec<u8>,
    start: usize,
    end: usize,
}

/// The rest of a message as lines of base64, decoded.
pub(super) struct Body<'a, R> {
    octets: &'a mut Octets<R>,
    text: Vec<u8>,
    decoded: Vec<u8>,
    start: usize,
    end: usize,
    /// Whether padding was read, behind which nothing may follow.
    padded: bool,
}

impl<R: Read> Octets<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            sha256: Sha256::new(),
            count: 0,
            line: 0,
            block: vec![0; BLOCK],
            start: 0,
            end: 0,
        }
    }

    /// The next line without its CRLF, or none at the end. At most `limit` characters.
    pub(super) fn line(&mut self, limit: usize) -> Result<Option<&[u8]>, SelfCheckError> {
        let end = loop {
            if let Some(at) = memchr(b'\n', &self.block[self.start..self.end]) {
                break self.start + at;
            }
            if self.end - self.start > limit + 1 {
                return Err(self.too_long(limit));
            }
            if self.fill()? == 0 {
                if self.start == self.end {
                    return Ok(None);
                }
                self.line += 1;
                return Err(SelfCheckError::LineEnd { line: self.line });
            }
        };
        self.line += 1;
        let line = self.block[self.start..end]
            .strip_suffix(b"\r")
            .ok_or(SelfCheckError::LineEnd { line: self.line })?;
        if line.len() > limit {
            self.line -= 1;
            return Err(self.too_long(limit));
        }
        self.start = end + 1;
        Ok(Some(line))
    }

    /// The number of the line that was read last.
    pub(super) fn line_number(&self) -> u64 {
        self.line
    }

    /// The rest as base64.
    pub(super) fn body(&mut self) -> Body<'_, R> {
        Body {
            octets: self,
            text: Vec::with_capacity(TEXT + BASE64_LINE),
            decoded: vec![0; TEXT + BASE64_LINE],
            start: 0,
            end: 0,
            padded: false,
        }
    }

    /// How many octets were read, and their digest.
    pub(super) fn finish(self) -> (u64, Digest) {
        (self.count, Digest::from(self.sha256.finish()))
    }

    fn too_long(&self, limit: usize) -> SelfCheckError {
        SelfCheckError::LineTooLong {
            line: self.line + 1,
            limit,
        }
    }

    /// Reads more behind what is not yet used up.
    fn fill(&mut self) -> Result<usize, SelfCheckError> {
        self.block.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        loop {
            match self.input.read(&mut self.block[self.end..]) {
                Ok(octets) => {
                    let new = &self.block[self.end..self.end + octets];
                    self.sha256.update(new);
                    self.count += octets as u64;
                    self.end += octets;
                    return Ok(octets);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(SelfCheckError::Read(e)),
            }
        }
    }
}

impl<R: Read> Body<'_, R> {
    fn decode(&mut self) -> Result<(), SelfCheckError> {
        self.text.clear();
        while self.text.len() < TEXT {
            let Some(line) = self.octets.line(BASE64_LINE)? else {
                break;
            };
            let is_wrong = self.padded || line.is_empty() || line.len() % 4 != 0;
            self.padded = line.ends_with(b"=");
            self.text.extend_from_slice(line);
            if is_wrong {
                return Err(self.not_base64());
            }
        }
        self.start = 0;
        self.end = match STANDARD.decode(&self.text, self.decoded.as_mut_slice().as_out()) {
            Ok(decoded) => decoded.len(),
            Err(_) => return Err(self.not_base64()),
        };
        Ok(())
    }

    fn not_base64(&self) -> SelfCheckError {
        SelfCheckError::NotBase64 {
            line: self.octets.line_number(),
        }
    }
}

impl<R: Read> Read for Body<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let octets = self.fill_buf()?.read(out)?;
        self.consume(octets);
        Ok(octets)
    }
}

impl<R: Read> BufRead for Body<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.decode().map_err(io::Error::other)?;
        }
        Ok(&self.decoded[self.start..self.end])
    }

    fn consume(&mut self, octets: usize) {
        self.start += octets;
    }
}
