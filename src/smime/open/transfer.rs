//! Transfer encodings (RFC 2045 §6): how a body was made fit to travel, and the octets that it was. What is not wholly
//! right is read as far as it goes rather than lost.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::{base64, error::OpenError};
use crate::mail::quoted_printable;

/// How a body was made fit to travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    /// `7bit`, `8bit`, `binary`, or nothing said.
    Identity,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    /// What a Content-Transfer-Encoding says, whatever comment or parameter stands around its word.
    pub(super) fn of(value: &str) -> Self {
        let mut depth = 0_usize;
        let word: String = value
            .chars()
            .filter(|c| {
                depth += usize::from(*c == '(');
                let is_outside = depth == 0;
                depth = depth.saturating_sub(usize::from(*c == ')'));
                is_outside
            })
            .collect();
        let word = word.split(';').next().unwrap_or_default().trim();
        if word.eq_ignore_ascii_case("base64") {
            Self::Base64
        } else if word.eq_ignore_ascii_case("quoted-printable") {
            Self::QuotedPrintable
        } else {
            Self::Identity
        }
    }
}

/// The same octets without their transfer encoding, in the same memory where that can be.
pub(super) fn decoded_in_place(
    transfer: Transfer,
    mut body: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    match transfer {
        Transfer::Identity => Ok(body),
        Transfer::Base64 => {
            // Looked at first: what fails half-way has written over its beginning.
            let length = if base64::is_right(&body) {
                base64_simd::forgiving_decode_inplace(&mut body)
                    .map(|plain| plain.len())
                    .or(Err(OpenError::Malformed("base64")))?
            } else {
                lenient(&mut body)?.length
            };
            body.truncate(length);
            Ok(body)
        }
        Transfer::QuotedPrintable => {
            Ok(Zeroizing::new(decode(transfer, &body)?.octets.into_owned()))
        }
    }
}

/// A body without its transfer encoding.
pub(super) struct Decoded<'a> {
    pub(super) octets: Cow<'a, [u8]>,
    /// Whether nothing was left out.
    pub(super) is_whole: bool,
}

/// Octets without their transfer encoding.
pub(super) fn decode(transfer: Transfer, body: &[u8]) -> Result<Decoded<'_>, OpenError> {
    let (octets, is_whole) = match transfer {
        Transfer::Identity => (body.into(), true),
        Transfer::Base64 => match base64_simd::forgiving_decode_to_vec(body) {
            Ok(octets) => (octets.into(), true),
            Err(_not_wholly) => {
                let mut octets = body.to_vec();
                let found = lenient(&mut octets)?;
                octets.truncate(found.length);
                (octets.into(), found.is_whole)
            }
        },
        Transfer::QuotedPrintable => (quoted_printable(body).into(), true),
    };
    Ok(Decoded { octets, is_whole })
}

/// Base64 as far as it goes.
fn lenient(body: &mut [u8]) -> Result<base64::Found, OpenError> {
    base64::decode(body).ok_or(OpenError::Malformed("base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base64(body: &str) -> Option<String> {
        let copied = decode(Transfer::Base64, body.as_bytes()).ok();
        let copied = copied.map(|found| found.octets);
        let octets = Zeroizing::new(body.as_bytes().to_vec());
        let in_place = decoded_in_place(Transfer::Base64, octets).ok();
        let copied = copied.map(|octets| String::from_utf8_lossy(&octets).into_owned());
        let in_place = in_place.map(|octets| String::from_utf8_lossy(&octets).into_owned());
        assert_eq!(copied, in_place, "{body}");
        copied
    }

    #[test]
    fn base64_that_is_not_wholly_right_is_read_as_far_as_it_goes() {
        for (body, wanted) in [
            ("SGVq\r\n", Some("Hej")),
            ("SGVqIEJv\r\nIQ==\r\n", Some("Hej Bo!")),
            ("SGVqIA==Qm8=", Some("Hej Bo")),
            ("SGVqIA==\r\nQm8h\r\n", Some("Hej Bo!")),
            ("SGVqIEI\r\n", Some("Hej B")),
            ("SGVqIEJvI", Some("Hej Bo")),
            ("SGVq\r\n________\r\nListe om heste\r\n", Some("Hej")),
            ("SGVqIA==\r\n\r\nDu er paa en liste\r\n", Some("Hej ")),
            ("Kaere Bo, kom i morgen\r\n", None),
            ("", Some("")),
        ] {
            assert_eq!(base64(body).as_deref(), wanted, "{body}");
        }
    }

    #[test]
    fn a_word_for_a_transfer_encoding_may_stand_among_others() {
        for (value, wanted) in [
            ("base64", Transfer::Base64),
            (" Base64 ", Transfer::Base64),
            ("base64;", Transfer::Base64),
            ("base64; x=y", Transfer::Base64),
            ("(made (by) hand) base64", Transfer::Base64),
            ("quoted-printable (x)", Transfer::QuotedPrintable),
            ("8bit", Transfer::Identity),
            ("x-base64", Transfer::Identity),
            ("", Transfer::Identity),
        ] {
            assert_eq!(Transfer::of(value), wanted, "{value}");
        }
    }
}
