//! BER (X.690 §8) read one value after the other, with definite and indefinite lengths.
//!
//! Only what CMS needs of it: one-octet tags, lengths in their shortest form. A value that does not end where the one
//! around it ends is found when that one is closed.

use std::io::BufRead;

use super::error::SelfCheckError;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// `[0]`, primitive.
pub(super) const PRIMITIVE_0: u8 = 0x80;
/// `[0]`, constructed.
pub(super) const CONTEXT_0: u8 = 0xA0;
/// `[1]`, constructed.
pub(super) const CONTEXT_1: u8 = 0xA1;
/// `[2]`, constructed.
pub(super) const CONTEXT_2: u8 = 0xA2;
/// `[4]`, constructed.
pub(super) const CONTEXT_4: u8 = 0xA4;

/// Octets being read.
pub(super) struct Ber<R> {
    input: R,
    at: u64,
    /// The octets of the value that [`element`](Self::element) reads.
    kept: Option<Vec<u8>>,
}

/// A constructed value that was begun: where it ends, or none if its end is marked.
#[must_use]
pub(super) struct Open(Option<u64>);

impl<R: BufRead> Ber<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            at: 0,
            kept: None,
        }
    }

    pub(super) fn wrong(&self, expected: &'static str) -> SelfCheckError {
        SelfCheckError::Structure {
            at: self.at,
            expected,
        }
    }

    /// The next tag, without reading it; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, SelfCheckError> {
        let ahead = self.input.fill_buf().map_err(SelfCheckError::from_read)?;
        Ok(ahead.first().copied())
    }

    /// Begins a constructed value.
    pub(super) fn open(&mut self, tag: u8, expected: &'static str) -> Result<Open, SelfCheckError> {
        match self.header(tag, expected)? {
            None => Ok(Open(None)),
            Some(length) => {
                let end = self.at.checked_add(length);
                let end = end.ok_or_else(|| self.wrong("a length that can be"))?;
                Ok(Open(Some(end)))
            }
        }
    }

    /// Whether a constructed value holds nothing more.
    pub(super) fn is_at_end(&mut self, open: &Open) -> Result<bool, SelfCheckError> {
        match open.0 {
            Some(end) => Ok(self.at >= end),
            None => Ok(self.peek()?.is_none_or(|tag| tag == 0)),
        }
    }

    /// Ends a constructed value: exactly here.
    pub(super) fn close(&mut self, Open(end): Open) -> Result<(), SelfCheckError> {
        let ends = match end {
            Some(end) => self.at == end,
            None => self.octet()? == 0 && self.octet()? == 0,
        };
        if ends {
            Ok(())
        } else {
            Err(self.wrong("the end of a structure"))
        }
    }

    /// The content of a primitive value of at most `limit` octets.
    pub(super) fn primitive(
        &mut self,
        tag: u8,
        limit: u64,
        expected: &'static str,
    ) -> Result<Vec<u8>, SelfCheckError> {
        let length = self.header(tag, expected)?.filter(|l| *l <= limit);
        let length = length.ok_or_else(|| self.wrong(expected))?;
        let mut content = Vec::new();
        for _ in 0..length {
            content.push(self.octet()?);
        }
        Ok(content)
    }

    /// A version, which must be this one.
    pub(super) fn version(
        &mut self,
        expected: u8,
        structure: &'static str,
    ) -> Result<(), SelfCheckError> {
        let presented = self.any_version()?;
        if presented == expected {
            return Ok(());
        }
        Err(SelfCheckError::Version {
            structure,
            expected,
            presented,
        })
    }

    /// A version of one octet.
    pub(super) fn any_version(&mut self) -> Result<u8, SelfCheckError> {
        match self.primitive(INTEGER, 1, "a version")?.as_slice() {
            [presented] => Ok(*presented),
            _ => Err(self.wrong("a version before it")),
        }
    }

    /// A whole value of at most `limit` content octets and definite length, as it stands.
    pub(super) fn element(
        &mut self,
        tag: u8,
        limit: u64,
        expected: &'static str,
    ) -> Result<Vec<u8>, SelfCheckError> {
        self.kept = Some(Vec::new());
        self.primitive(tag, limit, expected)?;
        Ok(self.kept.take().unwrap_or_default())
    }

    /// Passes over the content of a primitive value. Returns how many octets it has.
    pub(super) fn skip(&mut self, tag: u8, expected: &'static str) -> Result<u64, SelfCheckError> {
        let length = self.header(tag, expected)?;
        let length = length.ok_or_else(|| self.wrong(expected))?;
        let mut rest = length;
        while rest > 0 {
            let ahead = self.input.fill_buf().map_err(SelfCheckError::from_read)?;
            if ahead.is_empty() {
                return Err(self.wrong("more octets"));
            }
            let octets = ahead.len().min(usize::try_from(rest).unwrap_or(usize::MAX));
            self.input.consume(octets);
            self.at += octets as u64;
            rest -= octets as u64;
        }
        Ok(length)
    }

    /// That nothing follows.
    pub(super) fn finish(mut self) -> Result<(), SelfCheckError> {
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(SelfCheckError::Trailing { at: self.at }),
        }
    }

    /// Tag and length; none is an indefinite length, which only constructed values have.
    fn header(&mut self, tag: u8, expected: &'static str) -> Result<Option<u64>, SelfCheckError> {
        if self.peek()? != Some(tag) {
            return Err(self.wrong(expected));
        }
        self.octet()?;
        let first = self.octet()?;
        if first < 0x80 {
            return Ok(Some(u64::from(first)));
        }
        if first == 0x80 && tag & 0x20 != 0 {
            return Ok(None);
        }
        let mut length = 0_u64;
        for _ in 0..first & 0x7F {
            if length > u64::MAX >> 8 {
                return Err(self.wrong("a length that can be"));
            }
            length = length << 8 | u64::from(self.octet()?);
        }
        let shortest = 8 - length.leading_zeros() / 8;
        if length < 0x80 || u32::from(first & 0x7F) != shortest {
            return Err(self.wrong("a length in its shortest form"));
        }
        Ok(Some(length))
    }

    fn octet(&mut self) -> Result<u8, SelfCheckError> {
        let octet = self.peek()?.ok_or_else(|| self.wrong("more octets"))?;
        self.input.consume(1);
        self.at += 1;
        if let Some(kept) = &mut self.kept {
            kept.push(octet);
        }
        Ok(octet)
    }
}
