//! BER (X.690 §8) of other people's messages: indefinite lengths, strings in pieces, long forms of lengths.
//!
//! Most mail that arrives is not DER. A value is a piece of the message, not a copy; what must be DER to be read on
//! (names, algorithms, certificates) is written anew by [`Value::der`], and a string in pieces is put together by
//! [`Value::octets`]. Depth and length are bounded before anything is followed.

use std::borrow::Cow;

/// Why octets are no BER, or not the BER that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BerError {
    /// Values are nested more deeply than what is read.
    #[error("nested too deeply")]
    TooDeep,
    /// Something else stands there.
    #[error("expected {0}")]
    Malformed(&'static str),
}

/// Values inside values at most. The deepest message seen in practice has about twelve.
const MAX_DEPTH: usize = 32;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const CONSTRUCTED: u8 = 0x20;

/// A context-specific tag without the constructed bit.
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// Values one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Ber<'a> {
    rest: &'a [u8],
    depth: usize,
}

/// One value.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    /// The identifier octet.
    pub(crate) tag: u8,
    /// Content, without the end-of-contents octets of an indefinite length.
    pub(crate) content: &'a [u8],
    /// The whole value.
    pub(crate) whole: &'a [u8],
    depth: usize,
}

impl<'a> Ber<'a> {
    pub(crate) fn new(octets: &'a [u8]) -> Self {
        Self {
            rest: octets,
            depth: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next identifier octet.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next value, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Value<'a>, BerError> {
        let (value, rest) = read(self.rest, self.depth)?;
        self.rest = rest;
        Ok(value)
    }

    /// The next value, which must have this tag. A string may stand there in pieces.
    pub(crate) fn value(&mut self, tag: u8, expected: &'static str) -> Result<Value<'a>, BerError> {
        self.optional(tag)?.ok_or(BerError::Malformed(expected))
    }

    /// The next value, if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Value<'a>>, BerError> {
        match self.peek() {
            Some(found) if found | CONSTRUCTED == tag | CONSTRUCTED => self.any().map(Some),
            _ => Ok(None),
        }
    }

    /// The values inside the next SEQUENCE.
    pub(crate) fn sequence(&mut self, expected: &'static str) -> Result<Ber<'a>, BerError> {
        self.value(SEQUENCE, expected)?.inside()
    }

    /// That nothing follows.
    pub(crate) fn end(&self, expected: &'static str) -> Result<(), BerError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(BerError::Malformed(expected))
        }
    }
}

impl<'a> Value<'a> {
    /// The values inside this one.
    pub(crate) fn inside(&self) -> Result<Ber<'a>, BerError> {
        if self.tag & CONSTRUCTED == 0 {
            return Err(BerError::Malformed("a constructed value"));
        }
        Ok(Ber {
            rest: self.content,
            depth: self.depth + 1,
        })
    }

    /// The octets of an OCTET STRING (or one with an implicit tag), put together where it stands in pieces.
    pub(crate) fn octets(&self) -> Result<Cow<'a, [u8]>, BerError> {
        if self.tag & CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut all = Vec::with_capacity(self.content.len());
        self.gather(&mut all)?;
        Ok(Cow::Owned(all))
    }

    /// Puts the pieces behind each other, however deep they stand, in the one place that was made for them.
    fn gather(&self, out: &mut Vec<u8>) -> Result<(), BerError> {
        if self.tag & CONSTRUCTED == 0 {
            out.extend_from_slice(self.content);
            return Ok(());
        }
        let mut inside = self.inside()?;
        while !inside.is_empty() {
            let piece = inside.value(OCTET_STRING, "a piece of an OCTET STRING")?;
            piece.gather(out)?;
        }
        Ok(())
    }

    /// An OBJECT IDENTIFIER.
    pub(crate) fn oid(&self) -> Result<const_oid::ObjectIdentifier, BerError> {
        if self.tag != OID {
            return Err(BerError::Malformed("an OBJECT IDENTIFIER"));
        }
        const_oid::ObjectIdentifier::from_bytes(self.content)
            .or(Err(BerError::Malformed("an OBJECT IDENTIFIER")))
    }

    /// A small INTEGER, such as a version.
    pub(crate) fn small(&self) -> Result<u32, BerError> {
        match (self.tag, self.content) {
            (INTEGER, [one @ 0..=0x7F] | [0, one @ 0x80..=0xFF]) => Ok(u32::from(*one)),
            (INTEGER, [one @ 1..=0x7F, two]) => Ok(u32::from(*one) << 8 | u32::from(*two)),
            _ => Err(BerError::Malformed("a small INTEGER")),
        }
    }

    /// The same value in DER as far as lengths and strings in pieces go; the order of a SET is left as it stands.
    pub(crate) fn der(&self) -> Result<Vec<u8>, BerError> {
        let mut out = Vec::with_capacity(self.whole.len());
        write(self, &mut out)?;
        Ok(out)
    }
}

/// What a value holds is written first, and its length put before it: so nothing is held twice, at any depth.
fn write(value: &Value<'_>, out: &mut Vec<u8>) -> Result<(), BerError> {
    let is_string = matches!(value.tag & !CONSTRUCTED, OCTET_STRING);
    let start = out.len();
    if is_string || value.tag & CONSTRUCTED == 0 {
        value.gather(out)?;
    } else {
        let mut inside = value.inside()?;
        while !inside.is_empty() {
            write(&inside.any()?, out)?;
        }
    }
    let tag = if is_string { OCTET_STRING } else { value.tag };
    let mut before = Vec::new();
    header(tag, out.len() - start, &mut before);
    out.splice(start..start, before);
    Ok(())
}

/// Identifier and length in DER.
pub(crate) fn header(tag: u8, length: usize, out: &mut Vec<u8>) {
    out.push(tag);
    if let Ok(short @ 0..=0x7F) = u8::try_from(length) {
        out.push(short);
        return;
    }
    let octets = length.to_be_bytes();
    let skip = octets.iter().take_while(|o| **o == 0).count();
    // At most eight octets of a length.
    #[expect(clippy::cast_possible_truncation, reason = "at most eight")]
    out.push(0x80 | (octets.len() - skip) as u8);
    out.extend_from_slice(&octets[skip..]);
}

/// A value in DER: tag, length, content.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    header(tag, parts.iter().map(|p| p.len()).sum(), &mut out);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Reads the first value of `octets`. Returns it and what follows.
fn read<'a>(octets: &'a [u8], depth: usize) -> Result<(Value<'a>, &'a [u8]), BerError> {
    if depth > MAX_DEPTH {
        return Err(BerError::TooDeep);
    }
    let cut = BerError::Malformed("more octets");
    let [tag, first, after @ ..] = octets else {
        return Err(cut);
    };
    if tag & 0x1F == 0x1F {
        return Err(BerError::Malformed("a tag of one octet"));
    }
    let found = |content: &'a [u8], behind: &'a [u8]| {
        let value = Value {
            tag: *tag,
            content,
            whole: &octets[..octets.len() - behind.len()],
            depth,
        };
        (value, behind)
    };
    if *first == 0x80 {
        if tag & CONSTRUCTED == 0 {
            return Err(BerError::Malformed("a length"));
        }
        let mut rest = after;
        loop {
            if let [0, 0, behind @ ..] = rest {
                return Ok(found(&after[..after.len() - rest.len()], behind));
            }
            (_, rest) = read(rest, depth + 1)?;
        }
    }
    let (length, after) = if *first < 0x80 {
        (usize::from(*first), after)
    } else {
        let count = usize::from(first & 0x7F);
        let (length, after) = after.split_at_checked(count).ok_or(cut)?;
        let length = length.iter().try_fold(0_usize, |sum, octet| {
            sum.checked_mul(256)?.checked_add(usize::from(*octet))
        });
        (length.ok_or(BerError::Malformed("a length"))?, after)
    };
    let (content, behind) = after
        .split_at_checked(length)
        .ok_or(BerError::Malformed("more octets"))?;
    Ok(found(content, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indefinite_value_with_a_string_in_pieces_becomes_der() {
        // SEQUENCE (indefinite) { OCTET STRING in two pieces (indefinite), INTEGER 5 }
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, b'a', 0x04, 0x82, 0x00, 0x01, b'b', 0, 0, 2, 1, 5,
            0, 0,
        ];
        let value = Ber::new(&ber).any().unwrap();
        assert_eq!(value.whole, ber);
        assert_eq!(value.der().unwrap(), [0x30, 7, 4, 2, b'a', b'b', 2, 1, 5]);
    }

    #[test]
    fn a_string_in_pieces_of_pieces_is_put_together_in_the_room_of_one() {
        let deep = |tag: u8| {
            let string = tlv(OCTET_STRING, &[&[b'a'; 1000]]);
            let mut whole = (0..20).fold(string, |inside, _| {
                tlv(OCTET_STRING | CONSTRUCTED, &[&inside, &[4, 1, b'b']])
            });
            whole[0] = tag;
            whole
        };
        let wanted = [vec![b'a'; 1000], vec![b'b'; 20]].concat();
        let string = deep(OCTET_STRING | CONSTRUCTED);
        let value = Ber::new(&string).any().unwrap();
        let octets = value.octets().unwrap().into_owned();
        assert_eq!(octets, wanted);
        assert!(octets.capacity() <= string.len());
        let sequence = tlv(SEQUENCE, &[&string, &[2, 1, 5]]);
        let made = Ber::new(&sequence).any().unwrap().der().unwrap();
        assert_eq!(
            made,
            tlv(SEQUENCE, &[&tlv(OCTET_STRING, &[&wanted]), &[2, 1, 5]])
        );
        assert!(made.capacity() <= sequence.len());
        // A string with an implicit tag keeps it where it stands in one piece.
        let primitive = tlv(context(0), &[b"abc"]);
        assert_eq!(
            Ber::new(&primitive).any().unwrap().der().unwrap(),
            primitive
        );
        // What stands among pieces and is none.
        let odd = tlv(OCTET_STRING | CONSTRUCTED, &[&[2, 1, 5]]);
        assert!(Ber::new(&odd).any().unwrap().octets().is_err());
    }

    #[test]
    fn a_value_that_is_cut_or_nested_without_end_is_refused() {
        for ber in [
            &[0x30_u8, 0x80, 2, 1, 5][..],
            &[4, 5, 1],
            &[4],
            &[],
            &[4, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        ] {
            assert!(Ber::new(ber).any().is_err(), "{ber:?}");
        }
        let deep = [0x30_u8, 0x80].repeat(100_000);
        assert!(matches!(Ber::new(&deep).any(), Err(BerError::TooDeep)));
    }

    #[test]
    fn a_long_length_is_written_in_its_shortest_form() {
        let mut out = Vec::new();
        header(4, 300, &mut out);
        header(4, 127, &mut out);
        header(4, 128, &mut out);
        assert_eq!(out, [4, 0x82, 1, 44, 4, 127, 4, 0x81, 128]);
    }

    #[test]
    fn lengths_are_those_of_der() {
        let rows: [(usize, &[u8]); 5] = [
            (0, &[4, 0]),
            (127, &[4, 0x7F]),
            (128, &[4, 0x81, 128]),
            (256, &[4, 0x82, 1, 0]),
            (70_000, &[4, 0x83, 1, 0x11, 0x70]),
        ];
        for (length, wanted) in rows {
            let made = tlv(OCTET_STRING, &[&vec![0; length]]);
            assert!(made.starts_with(wanted), "{length}");
            assert_eq!(made.len(), wanted.len() + length);
        }
    }
}
