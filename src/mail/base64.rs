//! base64 in lines (RFC 2045 §6.8), as a writer.

use std::io::{self, Write};

use base64_simd::{AsOut as _, STANDARD};

/// Octets in a line, and the characters that they become.
const LINE_OCTETS: usize = 57;
const LINE: usize = 76;
const CRLF: &[u8; 2] = b"\r\n";
/// Lines that are encoded in one call: enough to be fast, and few enough to stay in the processor's first cache until
/// they are copied to where they are written from.
const RUN: usize = 64;
/// Octets that are written in one go: the kernel likes them large.
const WRITE: usize = 256 * 1024;

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
            lines: Vec::with_capacity(WRITE + RUN * (LINE + CRLF.len())),
        }
    }

    /// Ends the last line, padded, and writes what is left.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.begun.is_empty() {
            STANDARD.encode_append(&self.begun, &mut self.lines);
            self.lines.extend_from_slice(CRLF);
        }
        self.out.write_all(&self.lines)?;
        Ok(self.out)
    }

    /// Encodes whole lines, and writes when there are many.
    fn put_lines(&mut self, octets: &[u8]) -> io::Result<()> {
        let mut run = [0; RUN * LINE];
        for octets in octets.chunks(RUN * LINE_OCTETS) {
            let run = STANDARD.encode(octets, run.as_mut_slice().as_out());
            // Room first, and lines of a length that is known when this is compiled: twice as fast as appending.
            let before = self.lines.len();
            let octets = run.len() / LINE * (LINE + CRLF.len());
            self.lines.resize(before + octets, 0);
            let (lines, _) = self.lines[before..].as_chunks_mut::<{ LINE + CRLF.len() }>();
            for (line, characters) in lines.iter_mut().zip(run.as_chunks::<LINE>().0) {
                line[..LINE].copy_from_slice(characters);
                line[LINE..].copy_from_slice(CRLF);
            }
            if self.lines.len() >= WRITE {
                self.out.write_all(&self.lines)?;
                self.lines.clear();
            }
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
            let mut line = [0; LINE_OCTETS];
            line.copy_from_slice(&self.begun);
            self.begun.clear();
            self.put_lines(&line)?;
        }
        let (whole, begun) = rest.split_at(rest.len() - rest.len() % LINE_OCTETS);
        self.put_lines(whole)?;
        self.begun.extend_from_slice(begun);
        Ok(octets.len())
    }

    /// Hands on what is encoded; a begun line stays, because flushing must not change the octets.
    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.lines)?;
        self.lines.clear();
        self.out.flush()
    }
}
