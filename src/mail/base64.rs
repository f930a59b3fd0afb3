//! Base64 in lines of 76 characters ended by CRLF (RFC 2045 §6.8), streaming.

use std::io::{self, Write};

use base64_simd::{Out, STANDARD};

/// Octets that become one line.
const LINE: usize = 57;
/// Lines that are encoded at once: large enough that calls cost nothing, small enough to stay in the cache.
const LINES: usize = 512;

/// Encodes what is written to it. [`Base64Lines::finish`] writes the last line.
pub struct Base64Lines<W: Write> {
    out: W,
    pending: Vec<u8>,
    encoded: Vec<u8>,
}

impl<W: Write> Base64Lines<W> {
    /// Encodes into `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            pending: Vec::with_capacity(LINE * LINES),
            encoded: vec![0; 78 * LINES],
        }
    }

    /// Writes what is left and gives `out` back.
    pub fn finish(mut self) -> io::Result<W> {
        let pending = std::mem::take(&mut self.pending);
        self.encode(&pending)?;
        Ok(self.out)
    }

    fn encode(&mut self, octets: &[u8]) -> io::Result<()> {
        for block in octets.chunks(LINE * LINES) {
            let mut end = 0;
            for line in block.chunks(LINE) {
                let length = STANDARD
                    .encode(line, Out::from_slice(&mut self.encoded[end..]))
                    .len();
                self.encoded[end + length..end + length + 2].copy_from_slice(b"\r\n");
                end += length + 2;
            }
            self.out.write_all(&self.encoded[..end])?;
        }
        Ok(())
    }
}

impl<W: Write> Write for Base64Lines<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut rest = octets;
        if !self.pending.is_empty() {
            let take = rest.len().min(LINE * LINES - self.pending.len());
            self.pending.extend_from_slice(&rest[..take]);
            rest = &rest[take..];
            if self.pending.len() == LINE * LINES {
                let pending = std::mem::take(&mut self.pending);
                self.encode(&pending)?;
                self.pending = pending;
                self.pending.clear();
            }
        }
        let whole = rest.len() - rest.len() % LINE;
        if self.pending.is_empty() && whole > 0 {
            self.encode(&rest[..whole])?;
            rest = &rest[whole..];
        }
        self.pending.extend_from_slice(rest);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_split_of_the_octets_gives_the_same_lines() {
        let octets: Vec<u8> = (0..100_000_u32).map(|i| (i * 7 % 251) as u8).collect();
        let wanted: String = octets
            .chunks(57)
            .map(|l| STANDARD.encode_to_string(l) + "\r\n")
            .collect();
        for size in [1, 2, 56, 57, 58, 1000, 29_184, 29_185, 100_000] {
            let mut lines = Base64Lines::new(Vec::new());
            for piece in octets.chunks(size) {
                lines.write_all(piece).unwrap();
            }
            assert_eq!(
                String::from_utf8(lines.finish().unwrap()).unwrap(),
                wanted,
                "pieces of {size}"
            );
        }
        assert!(Base64Lines::new(Vec::new()).finish().unwrap().is_empty());
    }
}
