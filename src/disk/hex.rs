//! Octets as lower-case hexadecimal text, without separators, as the contract writes fingerprints.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two digits an octet. The text is made in one allocation, so that a secret leaves no second copy behind.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Exactly `N` octets from `2 N` digits in either case, else `None`.
pub(crate) fn decode<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// As [`decode`], for a length that is not known beforehand.
pub(crate) fn decode_all(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.chunks_exact(2)
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

fn digit(c: u8) -> Option<u8> {
    char::from(c)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is_read() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode_all(encode(&all).as_bytes()).unwrap(), all);
        assert_eq!(decode::<2>(b"00fF"), Some([0, 255]));
        for bad in ["", "0", "00f", "00fg", "00ff00", "+0ff"] {
            assert_eq!(decode::<2>(bad.as_bytes()), None, "{bad:?}");
        }
        assert_eq!(decode_all(b"0"), None);
    }
}
