//! A whole message: header fields outside, one `application/pkcs7-mime` part (RFC 8551 §3.2, §3.3).

use std::io::{self, Read, Write};

use memchr::memmem;
use zeroize::Zeroizing;

use super::{
    base64::Base64Lines,
    cipher::ContentCipher,
    envelope::Enveloper,
    error::SealError,
    header::{self, OuterHeader, Split},
    line_ends::CrLf,
};
use crate::cert::EncryptionCertificate;

/// Octets that are read in one go.
const BLOCK: usize = 256 * 1024;

/// What follows the outer fields. RFC 8551 §3.2.1 and §3.2.2 give the names.
const SMIME_FIELDS: &[u8] = b"MIME-Version: 1.0\r\n\
    Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"\r\n\
    Content-Transfer-Encoding: base64\r\n\
    Content-Disposition: attachment; filename=\"smime.p7m\"\r\n\
    \r\n";

/// What a message without a Content-Type is: RFC 2045 §5.2 says US-ASCII, and UTF-8 is that and more.
const PLAIN_TEXT: &[u8] = b"Content-Type: text/plain; charset=utf-8\r\n";
const EIGHT_BIT: &[u8] = b"Content-Transfer-Encoding: 8bit\r\n";

/// Media types of a message that somebody encrypted or signed already.
const PROTECTED: [&str; 6] = [
    "multipart/encrypted",
    "multipart/signed",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
];

/// A sealed message in the making: the MIME entity is written to it (Content-* fields, an empty line, the body in
/// canonical line ends), and comes out sealed. [`finish`](Self::finish) ends the message.
pub struct SmimeMessage<W: Write>(Enveloper<Base64Lines<W>>);

/// What [`seal_message`] did.
#[derive(Debug)]
pub struct Sealed {
    /// The fields that stay outside: what the self-check must find again.
    pub outer: OuterHeader,
    /// Names of the fields that were left out, for telling the user.
    pub dropped: Vec<String>,
}

impl<W: Write> SmimeMessage<W> {
    /// Begins a message to `readers`. `outer` is everything that stays readable; MIME-Version and the Content-* fields
    /// of the sealed part are written here.
    pub fn new(
        mut out: W,
        outer: &OuterHeader,
        readers: &[&EncryptionCertificate],
        cipher: ContentCipher,
    ) -> Result<Self, SealError> {
        out.write_all(outer.as_bytes())
            .and_then(|()| out.write_all(SMIME_FIELDS))
            .map_err(SealError::Write)?;
        Enveloper::new(Base64Lines::new(out), readers, cipher).map(Self)
    }

    /// Ends the message, and hands its last octets on.
    pub fn finish(self) -> Result<W, SealError> {
        let mut out = self.0.finish()?.finish().map_err(SealError::Write)?;
        out.flush().map_err(SealError::Write)?;
        Ok(out)
    }
}

impl<W: Write> Write for SmimeMessage<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Seals an RFC 5322 message in one pass. Lines become canonical, except in a body that says it is binary. Nothing that
/// was written before an error may leave.
pub fn seal_message(
    input: &mut dyn Read,
    output: &mut dyn Write,
    readers: &[&EncryptionCertificate],
    cipher: ContentCipher,
) -> Result<Sealed, SealError> {
    let mut block = Zeroizing::new(Vec::with_capacity(header::MAX_OCTETS + BLOCK));
    let (header, body) = read_header(input, &mut block)?;
    let mut split = header::split(&block[..header])?;
    refuse_protected(&split)?;
    describe_body(&mut split);
    let mut message = SmimeMessage::new(output, &split.outer, readers, cipher)?;
    let written = |result: io::Result<()>| result.map_err(SealError::from_write);
    written(message.write_all(&split.content))?;
    written(message.write_all(b"\r\n"))?;
    if split.transfer_encoding.as_deref() == Some("binary") {
        written(message.write_all(&block[body..]))?;
        copy(input, &mut message, &mut block)?;
    } else {
        let mut lines = CrLf::new(message);
        written(lines.write_all(&block[body..]))?;
        copy(input, &mut lines, &mut block)?;
        message = lines.finish().map_err(SealError::from_write)?;
    }
    message.finish()?;
    Ok(Sealed {
        outer: split.outer,
        dropped: split.dropped,
    })
}

fn refuse_protected(split: &Split) -> Result<(), SealError> {
    match &split.media_type {
        Some(found) if PROTECTED.contains(&found.as_str()) => Err(SealError::AlreadyProtected {
            media_type: found.clone(),
        }),
        _ => Ok(()),
    }
}

/// A message from before MIME is text. What it does not say of itself is said in its place, so that its reader need not
/// guess.
fn describe_body(split: &mut Split) {
    if split.media_type.is_none() {
        split.content.extend_from_slice(PLAIN_TEXT);
        if split.transfer_encoding.is_none() {
            split.content.extend_from_slice(EIGHT_BIT);
        }
    }
}

/// Reads until the header block is whole. Returns where it ends, and where the body begins.
fn read_header(input: &mut dyn Read, block: &mut Vec<u8>) -> Result<(usize, usize), SealError> {
    loop {
        let before = block.len();
        block.resize(before + BLOCK, 0);
        let octets = fill(input, &mut block[before..])?;
        block.truncate(before + octets);
        let found = header_end(block)
            // The input is at its end: a header block without a body.
            .or_else(|| (octets < BLOCK).then_some((block.len(), block.len())));
        let end = found.map_or(block.len(), |(header, _)| header);
        if end > header::MAX_OCTETS {
            return Err(SealError::HeaderTooLarge {
                limit: header::MAX_OCTETS,
            });
        }
        if let Some(found) = found {
            return Ok(found);
        }
    }
}

/// The first empty line: behind a line end, or at the very beginning.
fn header_end(block: &[u8]) -> Option<(usize, usize)> {
    for empty in [&b"\r\n"[..], b"\n"] {
        if block.starts_with(empty) {
            return Some((0, empty.len()));
        }
    }
    let ends = [&b"\n\r\n"[..], b"\n\n"];
    let found = ends
        .iter()
        .filter_map(|end| Some((memmem::find(block, end)? + 1, end.len() - 1)));
    found.min().map(|(at, octets)| (at, at + octets))
}

fn copy(
    input: &mut dyn Read,
    out: &mut dyn Write,
    block: &mut Zeroizing<Vec<u8>>,
) -> Result<(), SealError> {
    block.resize(BLOCK, 0);
    loop {
        let octets = fill(input, block)?;
        if octets == 0 {
            return Ok(());
        }
        out.write_all(&block[..octets])
            .map_err(SealError::from_write)?;
    }
}

/// Reads until `block` is full or the input ends: pipes hand out little at a time.
fn fill(input: &mut dyn Read, block: &mut [u8]) -> Result<usize, SealError> {
    let mut filled = 0;
    while filled < block.len() {
        match input.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(octets) => filled += octets,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(SealError::Read(e)),
        }
    }
    Ok(filled)
}
