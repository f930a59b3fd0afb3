//! What is handed to mail-parser as a whole mail: bounded first, because what reads a field of MIME takes the square of
//! its length in time.
//!
//! Looks at every line, whatever it belongs to: which lines are fields is found only by parsing.

use mail_parser::{Message, MessageParser};

/// Octets of a field that says what an entity is, and parameters of it.
const FIELD_MAX: usize = 8 << 10;
/// See there.
const PARAMETERS_MAX: usize = 100;
/// Octets of the header of the mail itself.
const HEADER_MAX: usize = 512 << 10;
/// Mails in base64 inside each other, as deep as mail-parser follows them.
const DEPTH_MAX: usize = 4;

/// Whether a Content-Type or Content-Disposition is of a size that somebody writes.
pub(crate) fn is_usual_field(value: &[u8]) -> bool {
    let parameters = memchr::memchr_iter(b';', value).count();
    value.len() <= FIELD_MAX && parameters <= PARAMETERS_MAX
}

/// The mail; `None` where it is none, or larger in its fields than anybody writes.
pub(crate) fn parse(octets: &[u8]) -> Option<Message<'_>> {
    is_usual(octets).then(|| MessageParser::default().parse(octets))?
}

/// Its fields alone; `None` under the same conditions.
pub(super) fn parse_headers(octets: &[u8]) -> Option<Message<'_>> {
    is_usual(octets).then(|| MessageParser::default().parse_headers(octets))?
}

fn is_usual(octets: &[u8]) -> bool {
    header_end(octets) <= HEADER_MAX && holds_usual_fields(octets, DEPTH_MAX)
}

fn holds_usual_fields(octets: &[u8], depth: usize) -> bool {
    let mut decoded_to = 0;
    let mut at = 0;
    while at < octets.len() {
        let end = line_end(octets, at);
        let line = &octets[at..end];
        if is_field(line, b"content-type") || is_field(line, b"content-disposition") {
            let mut field_end = end;
            while matches!(octets.get(field_end), Some(b' ' | b'\t')) {
                field_end = line_end(octets, field_end);
                if !is_usual_field(&octets[at..field_end]) {
                    return false;
                }
            }
            if !is_usual_field(line) {
                return false;
            }
        }
        // A mail inside may be packed once more; files are looked at too, which costs little.
        if depth > 0 && at >= decoded_to && is_field(line, b"content-transfer-encoding") {
            // The field may be folded, or stand twice: what counts is each word up to the end of the header.
            let begin = end - 1 + header_end(&octets[end - 1..]);
            let told = octets[at..begin].to_ascii_lowercase();
            decoded_to = begin;
            for (word, decode) in DECODERS {
                if memchr::memmem::find(&told, word).is_some() {
                    let body = &octets[begin..];
                    let body_end = memchr::memmem::find(body, b"\n--").unwrap_or(body.len());
                    decoded_to = begin + body_end;
                    if !holds_usual_fields(&decode(&body[..body_end]), depth - 1) {
                        return false;
                    }
                }
            }
        }
        at = end;
    }
    true
}

/// Where the empty line begins.
fn header_end(octets: &[u8]) -> usize {
    let is_end = |at: &usize| matches!(&octets[at + 1..], [b'\n', ..] | [b'\r', b'\n', ..]);
    let end = memchr::memchr_iter(b'\n', octets).find(is_end);
    end.map_or(octets.len(), |end| end + 1)
}

fn line_end(octets: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &octets[at..]).map_or(octets.len(), |n| at + n + 1)
}

/// Whether a line is a field of this name, for a reader that passes over blanks and colons before and in a name.
fn is_field(line: &[u8], name: &[u8]) -> bool {
    let letters = line.iter().filter(|o| !o.is_ascii_whitespace());
    let mut letters = letters.skip_while(|o| **o == b':');
    name.iter().chain(b":").all(|wanted| {
        letters
            .next()
            .is_some_and(|o| o.to_ascii_lowercase() == *wanted)
    })
}

/// Takes a transfer encoding away.
type Decode = fn(&[u8]) -> Vec<u8>;

/// The transfer encodings in which a mail inside can be packed.
const DECODERS: [(&[u8], Decode); 2] = [
    (b"base64", base64),
    (b"quoted-printable", super::quoted_printable),
];

/// As mail-parser reads it, which passes over what is no letter of it.
fn base64(body: &[u8]) -> Vec<u8> {
    let mut letters = body.to_vec();
    letters.retain(|o| o.is_ascii_alphanumeric() || matches!(o, b'+' | b'/'));
    letters.truncate(letters.len() / 4 * 4);
    base64_simd::forgiving_decode_to_vec(&letters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each of these would take minutes.
    #[test]
    fn a_mail_whose_fields_no_one_writes_is_none_however_deep_they_stand() {
        let many = ";a*=x'y'z;b".repeat(20_000);
        let kind = format!("Content-Type: text/plain{many}\r\n");
        let folded = kind.replace(';', ";\r\n ");
        let inside = format!("From: a@x.example\r\n{kind}\r\nHej");
        let packed = base64_simd::STANDARD.encode_to_string(&inside);
        let around =
            "From: b@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
        let packed_by = |transfer: &str| {
            format!(
                "{around}Content-Type: message/rfc822\r\n{transfer}\r\n\r\n{packed}\r\n--b--\r\n"
            )
        };
        for mail in [
            packed_by("Content-Transfer-Encoding:\r\n base64"),
            packed_by("Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64"),
            packed_by(
                "Content-Transfer-Encoding: quoted-printable\r\nContent-Transfer-Encoding: base64",
            ),
            inside.clone(),
            format!("From: a@x.example\r\n{folded}\r\nHej"),
            format!("From: a@x.example\r\n:Content -Disposition : a{many}\r\n\r\nHej"),
            format!("{around}{kind}\r\nHej\r\n--b--\r\n"),
            format!("{around}Content-Type: message/rfc822\r\n\r\n{inside}\r\n--b--\r\n"),
            format!(
                "{around}Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                 {packed}\r\n--b--\r\n"
            ),
            format!(
                "From: a@x.example\r\nX: {}\r\n\r\nHej",
                "x".repeat(HEADER_MAX)
            ),
        ] {
            assert!(parse(mail.as_bytes()).is_none());
        }
    }

    #[test]
    fn many_transfer_encodings_are_looked_at_once() {
        let line = "Content-Transfer-Encoding: 7bit\r\n";
        for lines in [line.repeat(10_000), format!("{line}\r\n").repeat(100_000)] {
            let mail = format!("From: a@x.example\r\n{lines}\r\nHej");
            assert!(parse_headers(mail.as_bytes()).is_some());
        }
    }

    #[test]
    fn a_text_of_any_size_is_a_mail() {
        let text = "Content-Type: text/plain; charset=utf-8\r\n".repeat(5000);
        let mail = format!("From: a@x.example\r\n\r\n{text}");
        assert!(parse(mail.as_bytes()).is_some());
        assert!(parse_headers(mail.as_bytes()).is_some());
    }
}
