//! base64 in lines (RFC 2045 §6.8), as a writer.

use std::io::{self, Write};

use base64_simd::{AsOut as _, STANDARD};

/// Octets in a line of 76 characters.
const LINE_OCTETS: usize = 57;
const LINE: usize = 76;
const LINE_END: &[u8] = b"\r\n";
/// Lines that are encoded before they are written.
const LINES: usize = 1024;

/// Encodes what is written to it, 76 characters a line, every line ended by CRLF.
pub struct Base64Lines<W: Write> {
    out: W,
    /// The octets of a begun line.
    begun: Vec<u8>,
    lines: Vec<u8>,
}

impl<W: Write> Base64Lines<W> {
    /// Lines into `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            begun: Vec::with_capacity(LINE_OCTETS),
            lines: Vec::with_capacity(LINES * (LINE + LINE_END.len())),
        }
    }

    /// Ends the last line, padded.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.begun.is_empty() {
            let mut last = STANDARD.encode_to_string(&self.begun).into_bytes();
            last.extend_from_slice(LINE_END);
            self.out.write_all(&last)?;
        }
        Ok(self.out)
    }

    /// Encodes whole lines.
    fn put_lines(&mut self, octets: &[u8]) -> io::Result<()> {
        for block in octets.chunks(LINES * LINE_OCTETS) {
            self.lines.clear();
            for line in block.chunks_exact(LINE_OCTETS) {
                let mut encoded = [0; LINE + 2];
                encoded[LINE..].copy_from_slice(LINE_END);
                let _ = STANDARD.encode(line, encoded[..LINE].as_out());
                self.lines.extend_from_slice(&encoded);
            }
            self.out.write_all(&self.lines)?;
        }
        Ok(())
    }
}

impl<W: Write> Write for Base64Lines<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut rest = octets;
        if !self.begun.is_empty() {
            let missing = (LINE_OCTETS - self.begun.len()).min(rest.len());
            self.begun.extend_from_slice(&rest[..missing]);
            rest = &rest[missing..];
            if self.begun.len() < LINE_OCTETS {
                return Ok(octets.len());
            }
            let line = std::mem::take(&mut self.begun);
            self.put_lines(&line)?;
        }
        let whole = rest.len() - rest.len() % LINE_OCTETS;
        self.put_lines(&rest[..whole])?;
        self.begun.extend_from_slice(&rest[whole..]);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
