//! The part of BER that LDAP uses (RFC 4511 §5.1): one-octet tags, definite lengths, primitive strings.
//!
//! Everything from the network is measured and walked here, without recursion and without copying, before a library
//! parses it. What LDAP forbids (indefinite lengths, other tags) is refused, never repaired.

use super::fault::Violation;

/// Octets of a message's content at most. Its announced length is held against this before its content is waited for.
pub(super) const MAX_MESSAGE: usize = 4 << 20;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// What an element's first octets say of it.
struct Header {
    tag: u8,
    /// Octets of tag and length.
    own: usize,
    content: usize,
}

/// How many octets the message that begins here will take, or `None` while too few are there to tell.
pub(super) fn announced(octets: &[u8]) -> Result<Option<usize>, Violation> {
    if octets.first().is_some_and(|tag| *tag != SEQUENCE) {
        return Err(Violation::NotLdap("no message begins here"));
    }
    match header(octets)? {
        None => Ok(None),
        // No message is shorter than a message id and an operation; ldap3 0.12 panics on an empty one.
        Some(header) if header.content < 5 => Err(Violation::NotLdap("an empty message")),
        Some(header) => Ok(Some(header.own + header.content)),
    }
}

fn header(octets: &[u8]) -> Result<Option<Header>, Violation> {
    let [tag, first, rest @ ..] = octets else {
        return Ok(None);
    };
    if tag & 0x1f == 0x1f {
        return Err(Violation::NotLdap("a tag of several octets"));
    }
    let follow = match first {
        0..0x80 => {
            let content = usize::from(*first);
            return Ok(Some(Header {
                tag: *tag,
                own: 2,
                content,
            }));
        }
        0x80 => return Err(Violation::NotLdap("an indefinite length")),
        0x81..=0x84 => usize::from(first & 0x7f),
        // Four octets count up to 4 GiB; whoever needs more means no certificate.
        _ => return Err(Violation::NotLdap("a length of more than four octets")),
    };
    let Some(length) = rest.get(..follow) else {
        return Ok(None);
    };
    let content = length
        .iter()
        .fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet));
    match usize::try_from(content) {
        Ok(content) if content <= MAX_MESSAGE => Ok(Some(Header {
            tag: *tag,
            own: 2 + follow,
            content,
        })),
        _ => Err(Violation::TooLarge {
            presented: content,
            limit: MAX_MESSAGE,
        }),
    }
}

/// Reads elements one after the other.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// Whether everything is read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element's tag and content.
    pub(super) fn element(&mut self) -> Result<(u8, &'a [u8]), Violation> {
        let short = Violation::NotLdap("an element that is cut short");
        let Some(header) = header(self.0)? else {
            return Err(short);
        };
        let Some((element, rest)) = self.0.split_at_checked(header.own + header.content) else {
            return Err(short);
        };
        self.0 = rest;
        Ok((header.tag, &element[header.own..]))
    }

    /// The content of the next element, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<&'a [u8], Violation> {
        match self.element()? {
            (found, content) if found == tag => Ok(content),
            _ => Err(Violation::NotLdap("an element of the wrong kind")),
        }
    }

    /// An INTEGER or ENUMERATED from 0 to 2³¹-1 (`maxInt` of RFC 4511).
    pub(super) fn number(&mut self, tag: u8) -> Result<i32, Violation> {
        let octets = self.expect(tag)?;
        match octets {
            [first, ..] if octets.len() <= 4 && *first < 0x80 => Ok(octets
                .iter()
                .fold(0, |sum, octet| sum << 8 | i32::from(*octet))),
            _ => Err(Violation::NotLdap("a number out of range")),
        }
    }
}

/// Appends one element of less than 4 GiB: nothing that is written here comes near [`MAX_MESSAGE`].
pub(super) fn put(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    put_header(out, tag, content.len());
    out.extend_from_slice(content);
}

/// Appends tag and length of an element whose content follows.
pub(super) fn put_header(out: &mut Vec<u8>, tag: u8, content: usize) {
    let [.., a, b, c, d] = content.to_be_bytes();
    out.push(tag);
    if content < 0x80 {
        out.push(d);
    } else {
        out.extend_from_slice(&[0x84, a, b, c, d]);
    }
}

/// Octets of an element with its tag and length.
pub(super) fn size(content: usize) -> usize {
    content + if content < 0x80 { 2 } else { 6 }
}

/// Appends an INTEGER or ENUMERATED that is not negative, in as few octets as BER wants (X.690 §8.3.2).
pub(super) fn put_number(out: &mut Vec<u8>, tag: u8, number: i32) {
    let octets = number.to_be_bytes();
    let spare = octets
        .windows(2)
        .take_while(|pair| pair[0] == 0 && pair[1] < 0x80)
        .count();
    put(out, tag, &octets[spare..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_measured_before_it_is_there() {
        let mut message = Vec::new();
        put(&mut message, SEQUENCE, &[0; 200]);
        for part in 0..3 {
            assert_eq!(announced(&message[..part]), Ok(None), "{part} octets");
        }
        assert_eq!(announced(&message[..6]), Ok(Some(206)));
        assert_eq!(announced(&message), Ok(Some(206)));
        // Active Directory writes every length in four octets.
        let wide = [0x30, 0x84, 0, 0, 0, 5, 2, 1, 1, 0x42, 0];
        assert_eq!(announced(&wide), Ok(Some(11)));
    }

    #[test]
    fn what_is_not_a_message_is_refused_by_its_first_octets() {
        let rows: [&[u8]; 7] = [
            &[0x30, 0],
            &[0x30, 4, 2, 1],
            &[0x31, 5],
            &[0x00],
            &[0x30, 0x80],
            &[0x30, 0x85, 0, 0, 0, 0, 9],
            &[0x30, 0x87, 0x7f],
        ];
        for octets in rows {
            let refused = announced(octets);
            assert!(
                matches!(refused, Err(Violation::NotLdap(_))),
                "{octets:02x?}: {refused:?}"
            );
        }
        for octets in [[0x30, 0x84, 0x80, 0, 0, 0], [0x30, 0x84, 0, 0x40, 0, 1]] {
            let refused = announced(&octets);
            assert!(
                matches!(refused, Err(Violation::TooLarge { .. })),
                "{octets:02x?}: {refused:?}"
            );
        }
    }

    #[test]
    fn an_element_longer_than_what_holds_it_is_refused() {
        assert!(Reader(&[0x04, 3, 1, 2]).element().is_err());
        assert!(Reader(&[0x04]).element().is_err());
        assert!(Reader(&[0x1f, 0x81, 0]).element().is_err());
        assert!(Reader(&[0x04, 0]).expect(SET).is_err());
    }

    #[test]
    fn a_number_is_from_0_to_max_int() {
        let number = |octets: &[u8]| Reader(octets).number(INTEGER).ok();
        assert_eq!(number(&[2, 1, 0]), Some(0));
        assert_eq!(number(&[2, 4, 0x7f, 0xff, 0xff, 0xff]), Some(i32::MAX));
        assert_eq!(number(&[2, 1, 0x80]), None);
        assert_eq!(number(&[2, 5, 0, 0, 0, 0, 1]), None);
        assert_eq!(number(&[2, 0]), None);
        for wanted in [0, 1, 127, 128, 255, 256, 65_535, 1 << 24, i32::MAX] {
            let mut octets = Vec::new();
            put_number(&mut octets, INTEGER, wanted);
            assert_eq!(number(&octets), Some(wanted), "{octets:02x?}");
        }
    }
}
