//! The octets that a signature is made over (RFC 6376 §3.4), body and header, each in one pass.

use std::collections::BTreeMap;

use openssl::sha::Sha256;

use super::signature::Signature;
use crate::mail::fields::Field;

/// How header and body were made canonical.
#[derive(Default)]
pub(super) struct Canonicalization {
    pub(super) header: How,
    pub(super) body: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum How {
    #[default]
    Simple,
    Relaxed,
}

impl Canonicalization {
    /// `relaxed/simple`; one word alone is that of the header.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let how = |word: &str| match word {
            "simple" => Some(How::Simple),
            "relaxed" => Some(How::Relaxed),
            _ => None,
        };
        let (header, body) = text.split_once('/').unwrap_or((text, "simple"));
        Some(Self {
            header: how(header)?,
            body: how(body)?,
        })
    }
}

/// The SHA-256 of the canonical body, as far as it is covered, and how many octets the whole of it has.
pub(super) fn body_hash(body: &[u8], how: How, limit: Option<u64>) -> ([u8; 32], u64) {
    let mut out = Limited {
        hash: Sha256::new(),
        left: limit.unwrap_or(u64::MAX),
        length: 0,
    };
    // Empty lines at the end do not count: they are held back until something follows.
    let mut empty = 0_u64;
    let mut begin = 0;
    let mut line = Vec::new();
    while begin < body.len() {
        let end = memchr::memchr(b'\n', &body[begin..]).map_or(body.len(), |n| begin + n);
        let octets = body[begin..end]
            .strip_suffix(b"\r")
            .unwrap_or(&body[begin..end]);
        line.clear();
        match how {
            How::Simple => line.extend_from_slice(octets),
            How::Relaxed => relax(octets, &mut line),
        }
        if line.is_empty() {
            empty += 1;
        } else {
            for _ in 0..empty {
                out.add(b"\r\n");
            }
            empty = 0;
            out.add(&line);
            out.add(b"\r\n");
        }
        begin = end + 1;
    }
    if how == How::Simple && out.length == 0 {
        out.add(b"\r\n");
    }
    (out.hash.finish(), out.length)
}

struct Limited {
    hash: Sha256,
    left: u64,
    length: u64,
}

impl Limited {
    fn add(&mut self, octets: &[u8]) {
        let all = octets.len() as u64;
        let some = all.min(self.left);
        self.hash
            .update(&octets[..usize::try_from(some).unwrap_or(octets.len())]);
        self.left -= some;
        self.length += all;
    }
}

/// The header fields that are signed, and the signature's own field without its value. Of several fields of a name the
/// lowest that was not taken yet counts; a name without a field is empty.
pub(super) fn header(fields: &[Field<'_>], own: &Field<'_>, signature: &Signature) -> Vec<u8> {
    let mut of_name: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
    for (place, field) in fields.iter().enumerate() {
        let name = field.name.trim_ascii_end().to_ascii_lowercase();
        of_name.entry(name).or_default().push(place);
    }
    let mut out = Vec::new();
    for name in &signature.fields {
        if let Some(place) = of_name.get_mut(name.as_bytes()).and_then(Vec::pop) {
            write(
                fields[place].name,
                fields[place].whole,
                signature.header,
                &mut out,
            );
        }
    }
    let without = without_value(own.whole);
    write(own.name, &without, signature.header, &mut out);
    while out.ends_with(b"\n") || out.ends_with(b"\r") {
        out.pop();
    }
    out
}

fn write(name: &[u8], whole: &[u8], how: How, out: &mut Vec<u8>) {
    if how == How::Simple {
        out.extend_from_slice(whole);
        if !whole.ends_with(b"\r\n") {
            out.extend_from_slice(b"\r\n");
        }
        return;
    }
    out.extend(name.trim_ascii_end().to_ascii_lowercase());
    out.push(b':');
    let value = &whole[(name.len() + 1).min(whole.len())..];
    let unfolded: Vec<u8> = value
        .iter()
        .copied()
        .filter(|b| !b"\r\n".contains(b))
        .collect();
    relax(unfolded.trim_ascii_start(), out);
    out.extend_from_slice(b"\r\n");
}

/// Runs of blanks as one space, and none at the end.
fn relax(octets: &[u8], out: &mut Vec<u8>) {
    let mut blank = false;
    for octet in octets {
        if matches!(octet, b' ' | b'\t') {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) {
            out.push(b' ');
        }
        out.push(*octet);
    }
}

/// The field with the value of its tag `b` taken out, everything else as it stands.
fn without_value(whole: &[u8]) -> Vec<u8> {
    let colon = memchr::memchr(b':', whole).map_or(0, |n| n + 1);
    let mut out = whole[..colon].to_vec();
    for (i, part) in whole[colon..].split(|b| *b == b';').enumerate() {
        if i > 0 {
            out.push(b';');
        }
        let equals = memchr::memchr(b'=', part);
        match equals.filter(|n| part[..*n].trim_ascii() == b"b") {
            Some(equals) => {
                out.extend_from_slice(&part[..=equals]);
                // The line end of the whole field is no part of the value.
                if colon + part.len() >= whole.len() || whole.ends_with(part) {
                    out.extend_from_slice(b"\r\n");
                }
            }
            None => out.extend_from_slice(part),
        }
    }
    out
}
