//! A whole message: header fields outside, one `application/pkcs7-mime` part (RFC 8551 §3.2, §3.3).

use std::{
    io::{self, Read, Write},
    ops::Range,
};

use memchr::memmem;
use zeroize::Zeroizing;

use super::{
    cipher,
    envelope::envelop,
    error::SealError,
    header::{self, OuterHeader, Split},
    line_ends::CrLf,
};
use crate::{
    cert::{ContentCipher, EncryptionCertificate, SealingRules},
    mail::Base64Lines,
};

/// Octets that are read in one go.
const BLOCK: usize = 256 * 1024;

/// What a message without a Content-Type is: RFC 2045 §5.2 says US-ASCII, and UTF-8 is that and more. Likewise, 7bit is
/// 8bit, and the encryption around it carries any octet.
const PLAIN_TEXT: &[u8] = b"Content-Type: text/plain; charset=utf-8\r\n";
/// Where it is no UTF-8, nobody said what it is.
const UNNAMED_TEXT: &[u8] = b"Content-Type: text/plain\r\n";
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

/// What [`seal_message`] did.
#[derive(Debug)]
pub struct Sealed {
    /// The fields that stay outside: what the self-check must find again.
    pub outer: OuterHeader,
    /// Names of the fields that were left out, for telling the user.
    pub dropped: Vec<String>,
}

/// Writes a message that exactly `readers` can open: `outer` readable on the way, then one sealed part. `entity` writes
/// what is sealed: Content-* fields, an empty line, the body in canonical line ends. Where it fails, the message is left
/// cut, so that no program opens it.
pub fn seal_entity<E: From<SealError>>(
    output: &mut (dyn Write + Send),
    outer: &OuterHeader,
    readers: &[&EncryptionCertificate],
    rules: SealingRules,
    entity: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    put(output, outer.as_bytes())?;
    put(
        output,
        smime_fields(cipher::content_cipher(rules, readers)).as_bytes(),
    )?;
    let lines = envelop(Base64Lines::new(output), readers, rules, entity)?;
    let finished = lines.finish().and_then(Write::flush);
    Ok(finished.map_err(SealError::Write)?)
}

/// Seals an RFC 5322 message in one pass. Its lines may end with CRLF, LF or CR and become canonical (RFC 8551 §3.1.1),
/// except in a body that says it is binary (RFC 2045 §6.4: a multipart with a binary part must say so itself). Nothing
/// that was written before an error may leave.
pub fn seal_message(
    input: &mut dyn Read,
    output: &mut (dyn Write + Send),
    readers: &[&EncryptionCertificate],
    rules: SealingRules,
) -> Result<Sealed, SealError> {
    let mut block = Zeroizing::new(Vec::with_capacity(header::MAX_OCTETS + BLOCK));
    let (header, body) = read_header(input, &mut block)?;
    if block.is_empty() {
        return Err(SealError::Empty);
    }
    let mut split = header::split(&block[header])?;
    refuse_protected(&split)?;
    describe_body(&mut split, plain_text(&block, body));
    seal_entity(output, &split.outer, readers, rules, |entity| {
        put(entity, &split.content)?;
        put(entity, b"\r\n")?;
        if split.transfer_encoding.as_deref() == Some("binary") {
            put(entity, &block[body..])?;
            copy(input, entity, &mut block)
        } else {
            let mut lines = CrLf::new(entity);
            put(&mut lines, &block[body..])?;
            copy(input, &mut lines, &mut block)?;
            lines.finish().map_err(SealError::from_write)?;
            Ok(())
        }
    })?;
    Ok(Sealed {
        outer: split.outer,
        dropped: split.dropped,
    })
}

/// What follows the outer fields. RFC 8551 §3.2.1 and §3.2.2 give the names.
fn smime_fields(cipher: ContentCipher) -> String {
    let smime_type = cipher.smime_type();
    format!(
        "MIME-Version: 1.0\r\n\
        Content-Type: application/pkcs7-mime; smime-type={smime_type}; name=\"smime.p7m\"\r\n\
        Content-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename=\"smime.p7m\"\r\n\
        \r\n"
    )
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
fn describe_body(split: &mut Split, text: &[u8]) {
    if split.media_type.is_none() {
        split.content.extend_from_slice(text);
        if split.transfer_encoding.is_none() {
            split.content.extend_from_slice(EIGHT_BIT);
        }
    }
}

/// What a body is called of which this is known.
fn plain_text(block: &[u8], body: usize) -> &'static [u8] {
    // The end of a full block may stand within a character.
    let is_full = block.len().is_multiple_of(BLOCK);
    match std::str::from_utf8(&block[body..]) {
        Ok(_) => PLAIN_TEXT,
        Err(e) if is_full && e.error_len().is_none() => PLAIN_TEXT,
        Err(_) => UNNAMED_TEXT,
    }
}

/// Reads until the header block is whole. Returns where it stands, and where the body begins.
fn read_header(
    input: &mut dyn Read,
    block: &mut Vec<u8>,
) -> Result<(Range<usize>, usize), SealError> {
    loop {
        let before = block.len();
        block.resize(before + BLOCK, 0);
        let octets = fill(input, &mut block[before..])?;
        block.truncate(before + octets);
        let begin = beginning(block);
        let rest = block.len() - begin;
        let found = header_end(&block[begin..])
            // The input is at its end: a header block without a body.
            .or_else(|| (octets < BLOCK).then_some((rest, rest)));
        let end = found.map_or(rest, |(header, _)| header);
        if end > header::MAX_OCTETS {
            return Err(SealError::HeaderTooLarge {
                limit: header::MAX_OCTETS,
            });
        }
        if let Some((end, body)) = found {
            return Ok((begin..begin + end, begin + body));
        }
    }
}

/// Where the message begins: some programs save it with empty lines before it. An empty line before what names no sender
/// ends a header without fields.
fn beginning(block: &[u8]) -> usize {
    let is_end = |o: &&u8| matches!(**o, b'\r' | b'\n');
    let empty = block.iter().take_while(is_end).count();
    let rest = &block[empty..];
    let header = header_end(rest).map_or(rest, |(end, _)| &rest[..end]);
    let is_from = |line: &[u8]| {
        line.get(..5)
            .is_some_and(|name| name.eq_ignore_ascii_case(b"from:"))
    };
    if header.split(|o| *o == b'\n').any(is_from) {
        empty
    } else {
        0
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
    let found = ends.iter().filter_map(|end| {
        let at = memmem::find(block, end)?;
        Some((at + 1, at + end.len()))
    });
    found.min()
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
        put(out, &block[..octets])?;
    }
}

fn put(out: &mut (impl Write + ?Sized), octets: &[u8]) -> Result<(), SealError> {
    out.write_all(octets).map_err(SealError::from_write)
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
