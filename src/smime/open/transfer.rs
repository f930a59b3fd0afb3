//! Transfer encodings (RFC 2045 §6): how a body was made fit to travel, and the octets that it was. What is not wholly
//! right is read as far as it goes rather than lost.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::error::OpenError;
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
            let length = if is_whole(&body) {
                base64_simd::forgiving_decode_inplace(&mut body)
                    .map(|plain| plain.len())
                    .or(Err(OpenError::Malformed("base64")))?
            } else {
                lenient_base64(&mut body)?
            };
            body.truncate(length);
            Ok(body)
        }
        Transfer::QuotedPrintable => Ok(Zeroizing::new(decode(transfer, &body)?.into_owned())),
    }
}

/// Octets without their transfer encoding.
pub(super) fn decode(transfer: Transfer, body: &[u8]) -> Result<Cow<'_, [u8]>, OpenError> {
    match transfer {
        Transfer::Identity => Ok(body.into()),
        Transfer::Base64 => base64_simd::forgiving_decode_to_vec(body)
            .or_else(|_not_wholly| {
                let mut body = body.to_vec();
                let length = lenient_base64(&mut body)?;
                body.truncate(length);
                Ok(body)
            })
            .map(Cow::Owned),
        Transfer::QuotedPrintable => Ok(Cow::Owned(quoted_printable(body))),
    }
}

/// Whether it is base64 from its beginning to its end.
fn is_whole(body: &[u8]) -> bool {
    let is_letter = |o: &u8| o.is_ascii_alphanumeric() || matches!(o, b'+' | b'/');
    let letters = body.iter().filter(|o| is_letter(o)).count();
    let blanks = body.iter().filter(|o| o.is_ascii_whitespace()).count();
    let padding = body.len() - letters - blanks;
    let end = memchr::memchr(b'=', body).unwrap_or(body.len());
    let is_padding = |o: &u8| *o == b'=' || o.is_ascii_whitespace();
    match padding {
        0 => letters % 4 != 1,
        1 | 2 => (letters + padding).is_multiple_of(4) && body[end..].iter().all(is_padding),
        _ => false,
    }
}

/// Decodes base64 that was put together from several pieces, each with its padding, and ends before a line that is none,
/// such as a mailing list puts below it. In place; answers the length. Not a single line of base64 is an error.
fn lenient_base64(body: &mut [u8]) -> Result<usize, OpenError> {
    let (mut from, mut to) = (0, 0);
    while from < body.len() {
        let end = memchr::memchr(b'\n', &body[from..]).map_or(body.len(), |n| from + n + 1);
        let is_base64 = |o: &u8| o.is_ascii_alphanumeric() || b"+/= \t\r\n".contains(o);
        let line = &body[from..end];
        let is_text = line.trim_ascii().iter().any(u8::is_ascii_whitespace);
        if is_text || !line.iter().all(is_base64) {
            break;
        }
        body.copy_within(from..end, to);
        to += end - from;
        from = end;
    }
    if body[..to].trim_ascii().is_empty() {
        return Err(OpenError::Malformed("base64"));
    }
    let mut group = (0_u32, 0_u32);
    let mut written = 0;
    let mut flush = |(bits, count): (u32, u32), body: &mut [u8]| {
        let octets = (bits << (24 - 6 * count)).to_be_bytes();
        for octet in octets.into_iter().skip(1).take((count * 6 / 8) as usize) {
            body[written] = octet;
            written += 1;
        }
        written
    };
    for at in 0..to {
        let value = match body[at] {
            letter @ b'A'..=b'Z' => letter - b'A',
            letter @ b'a'..=b'z' => letter - b'a' + 26,
            digit @ b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                flush(group, body);
                group = (0, 0);
                continue;
            }
            _ => continue,
        };
        group = (group.0 << 6 | u32::from(value), group.1 + 1);
        if group.1 == 4 {
            flush(group, body);
            group = (0, 0);
        }
    }
    Ok(flush(group, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base64(body: &str) -> Option<String> {
        let copied = decode(Transfer::Base64, body.as_bytes()).ok();
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
