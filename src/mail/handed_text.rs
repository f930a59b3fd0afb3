//! The body of a handed-over text, as the letters that it means.

use mail_parser::decoders::charsets::map::charset_decoder;

use super::{quoted_printable, western};

/// The text of a body in this transfer encoding and character set. `None` where that cannot be told without a letter
/// that was lost: then the octets say more than a text would.
pub(super) fn text(body: &[u8], transfer: &str, charset: Option<&str>) -> Option<String> {
    let octets = match &*transfer.to_ascii_lowercase() {
        "" | "7bit" | "8bit" | "binary" => body.to_vec(),
        "quoted-printable" => quoted_printable(body),
        "base64" => base64_simd::forgiving_decode_to_vec(body).ok()?,
        _ => return None,
    };
    characters(octets, charset)
}

/// What a field says, in UTF-8: older programs write the letters of their Windows into it.
pub(super) fn field(value: &[u8]) -> Vec<u8> {
    let text = characters(value.to_vec(), None);
    text.map_or_else(|| value.to_vec(), String::into_bytes)
}

fn characters(octets: Vec<u8>, charset: Option<&str>) -> Option<String> {
    // What calls itself ASCII, and is none, was written by a program that does not know what it writes.
    let told = charset.filter(|name| {
        !["us-ascii", "ascii"]
            .iter()
            .any(|ascii| name.eq_ignore_ascii_case(ascii))
    });
    let whole = |text: String| (!text.contains('\u{FFFD}')).then_some(text);
    if let Some(decode) = told.and_then(|name| charset_decoder(name.as_bytes())) {
        return whole(decode(&octets));
    }
    match String::from_utf8(octets) {
        Ok(text) => Some(text),
        Err(_) if told.is_some() => None,
        Err(other) => whole(western(other.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decoded by Python's email and codecs.
    #[test]
    fn a_text_is_read_in_its_transfer_encoding_and_character_set() {
        for (body, transfer, charset, wanted) in [
            (
                &b"Pris = 1000 kr.\r\n"[..],
                "Quoted-Printable",
                Some("utf-8"),
                "Pris = 1000 kr.\r\n",
            ),
            (b"R=F8d=\r\n", "quoted-printable", Some("iso-8859-1"), "Rød"),
            (b"R\xf8d", "8bit", None, "Rød"),
            (b"R=F8d", "quoted-printable", Some("US-ASCII"), "Rød"),
            (b"R\xc3\xb8d", "", None, "Rød"),
            (b"1tDOxA==\r\n", "base64", Some("gb2312"), "中文"),
            (
                b"\x1b$BF|K\\8l\x1b(B",
                "7bit",
                Some("iso-2022-jp"),
                "日本語",
            ),
        ] {
            let found = text(body, transfer, charset);
            assert_eq!(found.as_deref(), Some(wanted), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn what_would_lose_a_letter_is_no_text() {
        for (body, transfer, charset) in [
            (&b"R\xf8d"[..], "8bit", Some("utf-8")),
            (b"R\xf8d", "8bit", Some("x-unknown")),
            (b"~{VPND~}", "7bit", Some("hz-gb-2312")),
            (b"SGVq\r\n*", "base64", None),
            (b"begin 644 a", "x-uuencode", None),
        ] {
            let found = text(body, transfer, charset);
            assert_eq!(found, None, "{}", body.escape_ascii());
        }
    }
}
