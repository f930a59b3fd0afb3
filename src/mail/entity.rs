//! MIME entities (RFC 2045, RFC 2046) as octets: header fields, and making a foreign entity 7-bit without touching what
//! its parts hold.

use std::io::Write as _;

use super::base64::Base64Lines;

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

/// Splits octets with CRLF line ends into header fields and body. Each field's raw octets end with CRLF.
pub(crate) fn split(octets: &[u8]) -> Result<(Vec<Field<'_>>, &[u8]), EntityError> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut start = 0;
    loop {
        let Some(end) = line_end(octets, start) else {
            return Err(EntityError::Header);
        };
        let line = &octets[start..end];
        if line == b"\r\n" {
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
/// its 8-bit leaves changed to base64. What the parts hold stays octet for octet.
pub fn seven_bit(entity: &[u8]) -> Result<Vec<u8>, EntityError> {
    let entity = canonical(entity);
    if is_seven_bit(&entity) {
        return Ok(entity);
    }
    let mut out = Vec::with_capacity(entity.len() * 3 / 2);
    rewrite(&entity, 0, &mut out)?;
    Ok(out)
}

fn is_seven_bit(octets: &[u8]) -> bool {
    octets.is_ascii()
        && !octets.contains(&0)
        && octets
            .split(|b| *b == b'\n')
            .all(|l| l.len() <= MAX_LINE + 1)
}

fn rewrite(entity: &[u8], depth: usize, out: &mut Vec<u8>) -> Result<(), EntityError> {
    if depth > MAX_DEPTH {
        return Err(EntityError::Depth);
    }
    if is_seven_bit(entity) {
        out.extend_from_slice(entity);
        return Ok(());
    }
    let (fields, body) = split(entity)?;
    if fields.iter().any(|f| !is_seven_bit(f.raw)) {
        return Err(EntityError::Header);
    }
    let (content_type, kind) = media_type(&fields);
    let kept = fields.iter().filter(|f| !f.is("Content-Transfer-Encoding"));
    kept.for_each(|f| out.extend_from_slice(f.raw));
    if kind.starts_with("multipart/") {
        let boundary = parameter(&content_type, "boundary").ok_or(EntityError::Boundary)?;
        out.extend_from_slice(b"\r\n");
        return rewrite_parts(body, &boundary, depth, out);
    }
    if kind == "message/rfc822" {
        out.extend_from_slice(b"\r\n");
        return rewrite(body, depth + 1, out);
    }
    out.extend_from_slice(b"Content-Transfer-Encoding: base64\r\n\r\n");
    let mut lines = Base64Lines::new(&mut *out);
    // Writing to memory does not fail.
    let _infallible = lines
        .write_all(body)
        .and_then(|()| lines.finish().map(|_| ()));
    Ok(())
}

fn rewrite_parts(
    body: &[u8],
    boundary: &str,
    depth: usize,
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
                // The CRLF before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
                let content: &[u8] = &body[from..start];
                rewrite(
                    content.strip_suffix(b"\r\n").unwrap_or(content),
                    depth + 1,
                    out,
                )?;
                out.extend_from_slice(b"\r\n");
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
    Err(EntityError::Boundary)
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

    #[test]
    fn what_is_not_mime_is_refused() {
        assert_eq!(
            seven_bit("no header at all \u{f8}".as_bytes()).unwrap_err(),
            EntityError::Header
        );
        let open = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\u{f8}\r\n";
        assert_eq!(
            seven_bit(open.as_bytes()).unwrap_err(),
            EntityError::Boundary
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
