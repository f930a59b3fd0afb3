//! MIME entities (RFC 2045, RFC 2046) as octets: header fields, and making a foreign entity 7-bit without touching what
//! its parts hold.

use std::io::Write as _;

use super::{base64::Base64Lines, quoted_printable};

/// Parts inside parts at most.
const MAX_DEPTH: usize = 20;
/// Octets of a line at most, without CRLF (RFC 5322 §2.1.1).
const MAX_LINE: usize = 998;

/// Why an entity cannot be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntityError {
    /// No header, or a header field that is none.
    #[error("a damaged MIME header")]
    Header,
    /// A multipart without its boundary.
    #[error("a multipart without its boundary")]
    Boundary,
    /// Too many parts inside parts.
    #[error("MIME parts nested too deeply")]
    Depth,
    /// A part that must be encoded anew, and whose own transfer encoding cannot be read.
    #[error("a part with a damaged or unknown transfer encoding")]
    Transfer,
}

/// A header field: name, and raw value with its folding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) raw: &'a [u8],
}

impl Field<'_> {
    /// The value on one line, outside octets replaced.
    pub(crate) fn value(&self) -> String {
        let after = self
            .raw
            .iter()
            .position(|b| *b == b':')
            .map_or(&[][..], |i| &self.raw[i + 1..]);
        String::from_utf8_lossy(after)
            .replace(['\r', '\n'], "")
            .trim()
            .to_owned()
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// Splits octets into header fields and body. Each field's raw octets end with a line end, CRLF or LF.
pub(crate) fn split(octets: &[u8]) -> Result<(Vec<Field<'_>>, &[u8]), EntityError> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut start = 0;
    loop {
        let Some(end) = line_end(octets, start) else {
            return Err(EntityError::Header);
        };
        let line = &octets[start..end];
        if matches!(line, b"\r\n" | b"\n") {
            return Ok((fields, &octets[end..]));
        }
        if let (Some(b' ' | b'\t'), Some(last)) = (line.first(), fields.last_mut()) {
            let from = start - last.raw.len();
            last.raw = &octets[from..end];
        } else {
            let colon = line
                .iter()
                .position(|b| *b == b':')
                .ok_or(EntityError::Header)?;
            let name = std::str::from_utf8(&line[..colon])
                .map_err(|_not_ascii| EntityError::Header)?
                .trim_end();
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
            if !is_name {
                return Err(EntityError::Header);
            }
            fields.push(Field { name, raw: line });
        }
        start = end;
    }
}

fn line_end(octets: &[u8], start: usize) -> Option<usize> {
    memchr::memchr(b'\n', octets.get(start..)?).map(|i| start + i + 1)
}

/// Octets with all line ends as CRLF.
pub(crate) fn canonical(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() + octets.len() / 32);
    let mut i = 0;
    while let Some(at) = memchr::memchr2(b'\r', b'\n', &octets[i..]) {
        out.extend_from_slice(&octets[i..i + at]);
        out.extend_from_slice(b"\r\n");
        i += at
            + if octets[i + at..].starts_with(b"\r\n") {
                2
            } else {
                1
            };
    }
    out.extend_from_slice(&octets[i..]);
    out
}

/// The entity with CRLF and in 7-bit: octet for octet as given where it already is, else with the transfer encoding of
/// those leaves changed to base64 that need it. What the parts hold stays octet for octet.
pub fn seven_bit(entity: &[u8]) -> Result<Vec<u8>, EntityError> {
    rewritten(entity, is_seven_bit)
}

/// The same, and with base64 for those leaves too that a server on the way could change: what is signed and not
/// encrypted must arrive octet for octet (RFC 8551 §3.1.3).
pub(super) fn robust(entity: &[u8]) -> Result<Vec<u8>, EntityError> {
    rewritten(entity, |octets| is_seven_bit(octets) && !is_fragile(octets))
}

/// Whether a line ends with a blank, or begins as mail folders separate mails.
fn is_fragile(octets: &[u8]) -> bool {
    octets.split(|b| *b == b'\n').any(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.starts_with(b"From ") || line.ends_with(b" ") || line.ends_with(b"\t")
    })
}

/// Whether it leaves as it is: ASCII in lines that end with CRLF and are not too long.
fn is_seven_bit(octets: &[u8]) -> bool {
    octets.is_ascii()
        && !octets.contains(&0)
        && octets.split_inclusive(|b| *b == b'\n').all(|line| {
            let whole = line.strip_suffix(b"\r\n");
            let line = whole.unwrap_or(line);
            line.len() <= MAX_LINE && !line.contains(&b'\r') && !line.ends_with(b"\n")
        })
}

/// Where an entity stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// The media type of an entity that names none.
    default: &'static str,
    /// Says yes to what stays as it is.
    stays: fn(&[u8]) -> bool,
}

impl Place {
    /// What is inside an entity of this kind: in a digest it is a mail (RFC 2046 §5.1.5), which may not be base64.
    fn inside(self, kind: &str) -> Self {
        let default = match kind {
            "multipart/digest" => "message/rfc822",
            _ => "text/plain",
        };
        Self {
            depth: self.depth + 1,
            default,
            ..self
        }
    }
}

fn rewritten(entity: &[u8], stays: fn(&[u8]) -> bool) -> Result<Vec<u8>, EntityError> {
    let mut out = Vec::with_capacity(entity.len() + entity.len() / 2);
    let place = Place {
        depth: 0,
        default: "text/plain",
        stays,
    };
    rewrite(entity, place, &mut out)?;
    Ok(out)
}

/// Media types whose octets somebody signed or encrypted.
const PROTECTED: [&str; 4] = [
    "multipart/signed",
    "multipart/encrypted",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
];

/// A protected entity that can leave with every octet that was signed. Where a file has other line ends than mail, they
/// are those that were signed, once they are CRLF again.
fn untouched(entity: &[u8]) -> Option<Vec<u8>> {
    let has_crlf = memchr::memmem::find(entity, b"\r\n").is_some();
    let whole = if has_crlf {
        entity.to_vec()
    } else {
        canonical(entity)
    };
    is_seven_bit(&whole).then_some(whole)
}

fn rewrite(entity: &[u8], place: Place, out: &mut Vec<u8>) -> Result<(), EntityError> {
    if place.depth > MAX_DEPTH {
        return Err(EntityError::Depth);
    }
    if (place.stays)(entity) {
        out.extend_from_slice(entity);
        return Ok(());
    }
    let (fields, body) = split(entity)?;
    let (content_type, kind) = media_type(&fields);
    let kind = if kind.is_empty() {
        place.default
    } else {
        &*kind
    };
    // A signature inside is worth more than a line that a server might change. What is not 7-bit would be changed on the
    // way or not delivered at all, with the signature broken in any case: that is encoded anew below.
    if PROTECTED.contains(&kind)
        && let Some(whole) = untouched(entity)
    {
        out.extend_from_slice(&whole);
        return Ok(());
    }
    let mut header = Vec::new();
    for field in &fields {
        let raw = canonical(field.raw);
        if !is_seven_bit(&raw) {
            return Err(EntityError::Header);
        }
        if !field.is("Content-Transfer-Encoding") {
            header.extend_from_slice(&raw);
        }
    }
    let transfer = fields.iter().find(|f| f.is("Content-Transfer-Encoding"));
    let transfer = transfer.map(Field::value).unwrap_or_default();
    let is_identity = ["", "7bit", "8bit", "binary"]
        .iter()
        .any(|t| transfer.eq_ignore_ascii_case(t));
    if is_identity && kind.starts_with("multipart/") {
        let boundary = parameter(&content_type, "boundary").ok_or(EntityError::Boundary)?;
        out.extend_from_slice(&header);
        out.extend_from_slice(b"\r\n");
        return rewrite_parts(body, &boundary, place.inside(kind), out);
    }
    if is_identity && kind == "message/rfc822" {
        out.extend_from_slice(&header);
        out.extend_from_slice(b"\r\n");
        return rewrite(body, place.inside(kind), out);
    }
    // The lines of a binary part are not lines: its octets stay.
    let is_binary = transfer.eq_ignore_ascii_case("binary");
    let body = if is_binary {
        body.into()
    } else {
        canonical(body)
    };
    out.extend_from_slice(&header);
    if (place.stays)(&body) {
        if !transfer.is_empty() {
            write_transfer(out, &transfer);
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&body);
        return Ok(());
    }
    let plain = match &*transfer.to_ascii_lowercase() {
        "base64" => base64_simd::forgiving_decode_to_vec(&body).ok(),
        "quoted-printable" => Some(quoted_printable(&body)),
        _ if is_identity => Some(body),
        _ => None,
    };
    write_transfer(out, "base64");
    out.extend_from_slice(b"\r\n");
    let mut lines = Base64Lines::new(&mut *out);
    // Writing to memory does not fail.
    let _infallible = lines
        .write_all(&plain.ok_or(EntityError::Transfer)?)
        .and_then(|()| lines.finish().map(|_| ()));
    Ok(())
}

fn write_transfer(out: &mut Vec<u8>, transfer: &str) {
    out.extend_from_slice(b"Content-Transfer-Encoding: ");
    out.extend_from_slice(transfer.as_bytes());
    out.extend_from_slice(b"\r\n");
}

fn rewrite_parts(
    body: &[u8],
    boundary: &str,
    place: Place,
    out: &mut Vec<u8>,
) -> Result<(), EntityError> {
    let delimiter = format!("--{boundary}");
    let (mut start, mut part) = (0, None);
    while let Some(end) =
        line_end(body, start).or_else(|| (start < body.len()).then_some(body.len()))
    {
        let line = body[start..end].trim_ascii_end();
        let is_delimiter = line
            .strip_prefix(delimiter.as_bytes())
            .filter(|rest| rest.is_empty() || *rest == b"--");
        if let Some(rest) = is_delimiter {
            if let Some(from) = part {
                write_part(&body[from..start], place, out)?;
            }
            out.extend_from_slice(line);
            out.extend_from_slice(b"\r\n");
            part = rest.is_empty().then_some(end);
            if part.is_none() {
                return Ok(());
            }
        }
        start = end;
    }
    // A missing end is the end of the octets, as every reader takes it.
    let from = part.ok_or(EntityError::Boundary)?;
    write_part(&body[from..], place, out)?;
    out.extend_from_slice(delimiter.as_bytes());
    out.extend_from_slice(b"--\r\n");
    Ok(())
}

/// A part as it stands between two delimiters. The line end before a delimiter belongs to it (RFC 2046 §5.1.1).
fn write_part(part: &[u8], place: Place, out: &mut Vec<u8>) -> Result<(), EntityError> {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    let part = part.strip_suffix(b"\r").unwrap_or(part);
    rewrite(part, place, out)?;
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// The value of Content-Type, and its media type in lower case (RFC 2045 §5.1). Both empty where there is none.
pub(crate) fn media_type(fields: &[Field<'_>]) -> (String, String) {
    let content_type = fields
        .iter()
        .find(|f| f.is("Content-Type"))
        .map(Field::value)
        .unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    (content_type, kind)
}

/// A parameter of a structured field value (RFC 2045 §5.1), unquoted.
pub(crate) fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (found, next) = match after.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"')?;
                (
                    &quoted[..end],
                    quoted[end + 1..].split_once(';').map_or("", |(_, n)| n),
                )
            }
            None => after.split_once(';').unwrap_or((after, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(found.trim().to_owned());
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seven_bit_entity_stays_octet_for_octet() {
        let entity =
            b"Content-Type: text/html; charset=utf-8\r\n X-Fold: y\r\n\r\n<b>hej</b>  \r\n";
        assert_eq!(seven_bit(entity).unwrap(), entity);
    }

    #[test]
    fn only_the_eight_bit_leaf_is_encoded_and_its_content_stays_octet_for_octet() {
        let text = "<p>R\u{f8}dgr\u{f8}d</p>\r\n";
        let entity = format!(
            "Content-Type: multipart/alternative;\r\n boundary=\"b 1\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             --b 1\r\nContent-Type: text/plain\r\n\r\nascii\r\n\
             --b 1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n--b 1--\r\n"
        );
        let made = seven_bit(entity.as_bytes()).unwrap();
        assert!(is_seven_bit(&made));
        let made = mail_parser::MessageParser::default().parse(&made).unwrap();
        assert_eq!(made.body_html(0).unwrap(), text);
        assert_eq!(made.body_text(0).unwrap(), "ascii");
        assert_eq!(made.parts.len(), 3);
    }

    /// What a part holds, after it was made 7-bit.
    fn held(entity: &[u8]) -> Vec<u8> {
        let made = seven_bit(entity).unwrap();
        assert!(is_seven_bit(&made), "{}", made.escape_ascii());
        let parsed = mail_parser::MessageParser::default().parse(&made).unwrap();
        parsed.root_part().contents().to_vec()
    }

    #[test]
    fn what_is_encoded_already_is_not_encoded_twice() {
        let octets: Vec<u8> = (0..3000_u32).map(|i| (i % 251) as u8).collect();
        let one_line = base64_simd::STANDARD.encode_to_string(&octets);
        let head = "Content-Type: application/pdf\r\nContent-Transfer-Encoding:";
        let base64 = format!("{head} BASE64\r\n\r\n{one_line}\r\n");
        assert_eq!(held(base64.as_bytes()), octets);

        let text = "R\u{f8}dgr\u{f8}d = ja ";
        let quoted = format!(
            "{head} quoted-printable\r\n\r\n{}=\r\n=3D ja=20",
            "R\u{f8}dgr\u{f8}d "
        );
        assert_eq!(held(quoted.as_bytes()), text.as_bytes());
        let long = format!("{head} quoted-printable\r\n\r\n{}=3D", "a".repeat(2000));
        assert_eq!(
            held(long.as_bytes()),
            format!("{}=", "a".repeat(2000)).as_bytes()
        );
    }

    #[test]
    fn an_equals_sign_that_means_nothing_stays_where_a_part_is_encoded_anew() {
        let head = "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable";
        let text = "Pris = 1000 kr. R\u{f8}d";
        assert_eq!(
            held(format!("{head}\r\n\r\n{text}").as_bytes()),
            text.as_bytes()
        );
    }

    #[test]
    fn a_binary_part_keeps_its_octets_and_a_text_gets_crlf() {
        let octets = b"%PDF\n\0\xff\r\n\n\rend\n";
        let binary = [
            b"Content-Type: application/pdf\nContent-Transfer-Encoding: binary\n\n".as_slice(),
            octets,
        ];
        assert_eq!(held(&binary.concat()), octets);
        let made =
            seven_bit(b"Content-Type: text/plain\nContent-Transfer-Encoding: 7bit\n\na\rb\nc");
        let wanted =
            b"Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\n\r\na\r\nb\r\nc";
        assert_eq!(made.unwrap(), wanted);
        let parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\na\n\n--b\n\nc\n--b--\n";
        let wanted = parts.replace('\n', "\r\n");
        assert_eq!(seven_bit(parts.as_bytes()).unwrap(), wanted.as_bytes());
    }

    #[test]
    fn what_a_server_on_the_way_could_change_is_encoded_where_it_is_signed_in_the_clear() {
        let parts = "Content-Type: multipart/mixed;\r\n boundary=b\r\n\r\n--b\r\n\r\nFrom os\r\n--b\r\n\r\nhej \r\n\r\n\
                     --b\r\n\r\nhej\r\n--b--\r\n";
        assert_eq!(seven_bit(parts.as_bytes()).unwrap(), parts.as_bytes());
        let made = robust(parts.as_bytes()).unwrap();
        assert!(!is_fragile(&made), "{}", made.escape_ascii());
        let read = mail_parser::MessageParser::default().parse(&made).unwrap();
        let texts: Vec<_> = (0..3).map(|i| read.body_text(i).unwrap()).collect();
        assert_eq!(texts, ["From os", "hej \r\n", "hej"]);
    }

    /// A list's mail around a signed part, and one that forwards it.
    fn around(signed: &str) -> [String; 2] {
        let begin =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nK\u{e6}re \r\n--b\r\n";
        let forwarded =
            format!("Content-Type: message/rfc822\r\n\r\nFrom: a@x.example\r\n{signed}");
        [signed, &forwarded].map(|part| format!("{begin}{part}\r\n--b--\r\n"))
    }

    #[test]
    fn what_was_signed_inside_keeps_every_octet() {
        let signed = "Content-Type: multipart/signed; boundary=s; protocol=\"application/pkcs7-signature\"\r\n\r\n\
             --s\r\nContent-Type: text/plain; format=flowed\r\n\r\nHej Bo, \r\nFrom mig\r\n\
             --s\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n--s--\r\n";
        for entity in around(signed) {
            for entity in [entity.clone(), entity.replace("\r\n", "\n")] {
                for made in [seven_bit(entity.as_bytes()), robust(entity.as_bytes())] {
                    let made = made.unwrap();
                    assert!(made.is_ascii());
                    assert!(memchr::memmem::find(&made, signed.as_bytes()).is_some());
                }
            }
        }
        let eight = signed.replace("mig", "S\u{f8}ren");
        for entity in around(&eight) {
            let made = seven_bit(entity.as_bytes()).unwrap();
            assert!(is_seven_bit(&made), "{}", made.escape_ascii());
        }
    }

    #[test]
    fn a_mail_in_a_digest_is_not_encoded_as_a_whole() {
        let entity = "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nFrom: a@x.example\r\nSubject: a\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nR\u{f8}d\r\n--b--\r\n";
        let made = String::from_utf8(seven_bit(entity.as_bytes()).unwrap()).unwrap();
        let wanted = "--b\r\n\r\nFrom: a@x.example\r\nSubject: a\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: base64\r\n\r\nUsO4ZA==\r\n";
        assert!(made.contains(wanted), "{made}");
    }

    #[test]
    fn a_part_that_cannot_be_decoded_is_refused_where_it_must_be_encoded_anew() {
        for (transfer, body) in [
            ("base64", "not\u{f8} base64 at all!"),
            ("x-uuencode", "\u{f8}"),
        ] {
            let entity = format!(
                "Content-Type: image/png\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n{body}"
            );
            let made = seven_bit(entity.as_bytes());
            assert_eq!(made.unwrap_err(), EntityError::Transfer, "{transfer}");
        }
    }

    #[test]
    fn what_is_not_mime_is_refused() {
        assert_eq!(
            seven_bit("no header at all \u{f8}".as_bytes()).unwrap_err(),
            EntityError::Header
        );
        let none = "Content-Type: multipart/mixed; boundary=b\r\n\r\n\u{f8}\r\n";
        assert_eq!(
            seven_bit(none.as_bytes()).unwrap_err(),
            EntityError::Boundary
        );
        let open = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\u{f8}\r\n";
        let made = seven_bit(open.as_bytes()).unwrap();
        assert!(
            made.ends_with(b"\r\n\r\nw7g=\r\n\r\n--b--\r\n"),
            "{}",
            made.escape_ascii()
        );
    }

    #[test]
    fn line_ends_of_all_kinds_become_crlf() {
        assert_eq!(
            canonical(b"a\nb\rc\r\nd\n\r\ne"),
            b"a\r\nb\r\nc\r\nd\r\n\r\ne"
        );
    }

    #[test]
    fn parameters_are_found_in_any_order_and_quoting() {
        let value = "multipart/mixed; charset=x; Boundary=\"a;b\"; z=1";
        assert_eq!(parameter(value, "boundary").as_deref(), Some("a;b"));
        assert_eq!(parameter(value, "z").as_deref(), Some("1"));
        assert_eq!(parameter(value, "none"), None);
    }
}
