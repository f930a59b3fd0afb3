//! DER as it comes from a reader: one element at a time, everything that is signed fed to a digest.

use std::io::Read;

use openssl::sha::Sha256;

use super::signature::{Feed, Signature};
use crate::{ber, mail::Digest};

/// A reader that knows where it is.
pub(super) struct Walk<R> {
    inner: R,
    at: u64,
    signed: Signed,
    /// Of everything that was read.
    hash: Sha256,
}

/// What becomes of the octets that are read.
enum Signed {
    No,
    /// The algorithm stands inside what is signed: the first octets wait for it.
    Waiting(Vec<u8>),
    Fed(Feed),
}

/// Tag and length of an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) tag: u8,
    /// Where the element ends.
    pub(super) end: u64,
    length: u64,
}

impl<R: Read> Walk<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            at: 0,
            signed: Signed::No,
            hash: Sha256::new(),
        }
    }

    /// The digest of everything that was read.
    pub(super) fn digest(self) -> Digest {
        Digest::from(self.hash.finish())
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// From here on octets are signed.
    pub(super) fn begin_signed(&mut self) {
        self.signed = Signed::Waiting(Vec::new());
    }

    /// By this algorithm.
    pub(super) fn feed(&mut self, mut feed: Feed) -> Result<(), String> {
        if let Signed::Waiting(octets) = &self.signed {
            feed.update(octets)?;
        }
        self.signed = Signed::Fed(feed);
        Ok(())
    }

    /// Up to here.
    pub(super) fn end_signed(&mut self) -> Result<Feed, String> {
        match std::mem::replace(&mut self.signed, Signed::No) {
            Signed::Fed(feed) => Ok(feed),
            Signed::No | Signed::Waiting(_) => Err("no signature algorithm".to_owned()),
        }
    }

    /// The next header.
    pub(super) fn header(&mut self) -> Result<Header, String> {
        let mut octets = Vec::with_capacity(6);
        self.header_into(&mut octets)
    }

    /// The next element, header included, of a tag and of at most this many octets.
    pub(super) fn element(&mut self, tag: u8, limit: u64) -> Result<Vec<u8>, String> {
        let mut octets = Vec::new();
        let header = self.header_into(&mut octets)?;
        if header.tag != tag {
            return Err(format!(
                "element {:#04x} where {tag:#04x} belongs",
                header.tag
            ));
        }
        self.value_into(&header, limit, &mut octets)?;
        Ok(octets)
    }

    /// The same element in a buffer that is used again.
    pub(super) fn element_into(
        &mut self,
        tag: u8,
        limit: u64,
        octets: &mut Vec<u8>,
    ) -> Result<(), String> {
        octets.clear();
        let header = self.header_into(octets)?;
        if header.tag != tag {
            return Err(format!(
                "element {:#04x} where {tag:#04x} belongs",
                header.tag
            ));
        }
        self.value_into(&header, limit, octets)
    }

    /// The value of a header that was read, after the header itself: the whole element.
    pub(super) fn rest(&mut self, header: &Header, limit: u64) -> Result<Vec<u8>, String> {
        let mut octets = header.octets();
        self.value_into(header, limit, &mut octets)?;
        Ok(octets)
    }

    /// Whether nothing follows.
    pub(super) fn is_at_end(&mut self) -> Result<bool, String> {
        let mut one = [0];
        self.inner
            .read(&mut one)
            .map(|n| n == 0)
            .map_err(|e| e.to_string())
    }

    fn header_into(&mut self, octets: &mut Vec<u8>) -> Result<Header, String> {
        let first = octets.len();
        self.take(2, octets)?;
        let (tag, length) = (octets[first], octets[first + 1]);
        if tag & 0x1f == 0x1f {
            return Err("a tag of several octets".to_owned());
        }
        let length = match length {
            short @ 0..=0x7f => u64::from(short),
            long @ 0x81..=0x84 => {
                let begin = octets.len();
                self.take(usize::from(long & 0x7f), octets)?;
                let length = octets[begin..]
                    .iter()
                    .fold(0, |length, octet| length << 8 | u64::from(*octet));
                if length < 0x80 || octets[begin] == 0 {
                    return Err("a length that is not DER".to_owned());
                }
                length
            }
            _ => return Err("a length that is not DER".to_owned()),
        };
        Ok(Header {
            tag,
            end: self.at + length,
            length,
        })
    }

    fn value_into(
        &mut self,
        header: &Header,
        limit: u64,
        octets: &mut Vec<u8>,
    ) -> Result<(), String> {
        if header.length > limit {
            return Err(format!(
                "an element of {} octets; at most {limit} are read",
                header.length
            ));
        }
        let length = usize::try_from(header.length).map_err(|e| e.to_string())?;
        self.take(length, octets)
    }

    fn take(&mut self, count: usize, octets: &mut Vec<u8>) -> Result<(), String> {
        let first = octets.len();
        octets.resize(first + count, 0);
        self.inner
            .read_exact(&mut octets[first..])
            .map_err(|e| e.to_string())?;
        self.at += count as u64;
        self.hash.update(&octets[first..]);
        match &mut self.signed {
            Signed::No => Ok(()),
            Signed::Waiting(waiting) => {
                waiting.extend_from_slice(&octets[first..]);
                Ok(())
            }
            Signed::Fed(feed) => feed.update(&octets[first..]),
        }
    }
}

impl Header {
    /// The header as it stood: DER knows one form only.
    fn octets(&self) -> Vec<u8> {
        let mut octets = Vec::new();
        // What is longer than memory is refused when its value is read.
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        ber::header(self.tag, length, &mut octets);
        octets
    }
}

/// Ends a signature: the BIT STRING that comes last, without unused bits.
pub(super) fn signature<R: Read>(walk: &mut Walk<R>, feed: Feed) -> Result<Signature, String> {
    const BIT_STRING: u8 = 0x03;
    const SIGNATURE_MAX: u64 = 64 << 10;
    let header = walk.header()?;
    let mut octets = Vec::new();
    walk.value_into(&header, SIGNATURE_MAX, &mut octets)?;
    if header.tag != BIT_STRING || octets.first() != Some(&0) {
        return Err("no signature".to_owned());
    }
    octets.remove(0);
    feed.end(octets)
}
