//! A parameter in pieces (RFC 2231 §3, §4.1): each is unpacked, and all are one text in the character set that the first
//! one names. Read piece by piece, as it is often done, all but the first would be garbled.

use mail_parser::decoders::charsets::map::charset_decoder;

/// The value of a parameter that stands in two pieces or more, the first of which names a character set.
pub(super) fn in_pieces(field: &[u8], name: &str) -> Option<String> {
    let mut pieces: Vec<(usize, bool, &[u8])> = parameters(field)
        .filter_map(|parameter| piece(parameter, name))
        .collect();
    pieces.sort_by_key(|(number, ..)| *number);
    let (0, true, first) = *pieces.first()? else {
        return None;
    };
    let mut quotes = memchr::memchr_iter(b'\'', first);
    let (one, two) = (quotes.next()?, quotes.next()?);
    let mut octets = unpacked(&first[two + 1..]);
    // Numbers go on by one; what lies behind a gap is of another value.
    let further = pieces.iter().enumerate().skip(1);
    let further: Vec<_> = further
        .take_while(|(at, (number, ..))| at == number)
        .collect();
    if further.is_empty() {
        return None;
    }
    for (_, (_, is_packed, value)) in further {
        if *is_packed {
            octets.extend(unpacked(value));
        } else {
            octets.extend_from_slice(value);
        }
    }
    Some(in_set(&first[..one], &octets))
}

fn in_set(set: &[u8], octets: &[u8]) -> String {
    charset_decoder(set).map_or_else(
        || String::from_utf8_lossy(octets).into_owned(),
        |decode| decode(octets),
    )
}

/// The value of a parameter that names its character set and stands whole (RFC 2231 §4). Beside a plain one it is what
/// was meant (RFC 6266 §4.3).
pub(super) fn in_character_set(field: &[u8], name: &str) -> Option<String> {
    let value = as_it_stands(field, &format!("{name}*"))?;
    let mut quotes = memchr::memchr_iter(b'\'', &value);
    let (one, two) = (quotes.next()?, quotes.next()?);
    Some(in_set(&value[..one], &unpacked(&value[two + 1..])))
}

/// The value of the first parameter of this name (RFC 2045 §5.1), without its quotes, with nothing in it decoded.
pub(super) fn as_it_stands(field: &[u8], name: &str) -> Option<Vec<u8>> {
    let value = parameters(field).find_map(|parameter| {
        let equals = memchr::memchr(b'=', parameter)?;
        let told = parameter[..equals].trim_ascii();
        let is_it = told.eq_ignore_ascii_case(name.as_bytes());
        is_it.then(|| parameter[equals + 1..].trim_ascii())
    })?;
    let Some(quoted) = value.strip_prefix(b"\"") else {
        // A comment may follow.
        let end = memchr::memmem::find(value, b" (").unwrap_or(value.len());
        return Some(value[..end].trim_ascii_end().to_vec());
    };
    let mut out = Vec::with_capacity(quoted.len());
    let mut octets = quoted.iter();
    while let Some(octet) = octets.next() {
        match octet {
            b'"' => break,
            b'\r' | b'\n' => {}
            b'\\' => out.extend(octets.next()),
            octet => out.push(*octet),
        }
    }
    Some(out)
}

/// What stands between the semicolons that are in no quotes.
fn parameters(field: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    field.split(move |octet| {
        is_quoted ^= *octet == b'"' && !is_escaped;
        is_escaped = *octet == b'\\' && is_quoted && !is_escaped;
        *octet == b';' && !is_quoted
    })
}

/// Number, whether it is packed, and value, where a parameter is a piece of this name.
fn piece<'a>(parameter: &'a [u8], name: &str) -> Option<(usize, bool, &'a [u8])> {
    let equals = memchr::memchr(b'=', parameter)?;
    let told = std::str::from_utf8(parameter[..equals].trim_ascii()).ok()?;
    let (told, number) = told.split_once('*')?;
    let (number, is_packed) = match number.strip_suffix('*') {
        Some(number) => (number, true),
        None => (number, false),
    };
    let value = parameter[equals + 1..].trim_ascii();
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|v| v.strip_suffix(b"\""));
    let is_it = told.trim().eq_ignore_ascii_case(name);
    is_it.then_some((number.parse().ok()?, is_packed, inner.unwrap_or(value)))
}

fn unpacked(value: &[u8]) -> Vec<u8> {
    let digit = |octet: Option<&u8>| char::from(*octet?).to_digit(16);
    let mut out = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(octet) = value.get(at) {
        let packed = digit(value.get(at + 1)).zip(digit(value.get(at + 2)));
        let packed = packed.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        if let Some(packed) = packed.filter(|_| *octet == b'%') {
            out.push(packed);
            at += 3;
        } else {
            out.push(*octet);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_its_character_set_is_taken_out_of_it() {
        for (field, wanted) in [
            (
                "a; filename=r_d.txt; filename*=utf-8''r%C3%B8d.txt",
                Some("rød.txt"),
            ),
            ("a; FileName*=\"iso-8859-1'da'r%F8d.txt\"", Some("rød.txt")),
            ("a; filename*=utf-8", None),
            ("a; filename=r_d.txt", None),
        ] {
            let found = in_character_set(field.as_bytes(), "filename");
            assert_eq!(found.as_deref(), wanted, "{field}");
        }
    }

    #[test]
    fn the_pieces_of_a_name_are_one_text_in_the_character_set_of_the_first() {
        for (field, wanted) in [
            (
                "attachment;\r\n filename*0*=iso-8859-1''r%F8d;\r\n filename*1*=gr%F8d%20;\r\n filename*2=\"5%.pdf\"",
                Some("rødgrød 5%.pdf"),
            ),
            (
                "a; FileName*1*=%B8d.txt; filename*0*=utf-8'da'r%C3",
                Some("rød.txt"),
            ),
            // A quote behind a backslash ends nothing, and two backslashes are one.
            (
                "a; x=\"\\\";\"; filename*0*=utf-8''a; filename*1=b",
                Some("ab"),
            ),
            (
                "a; x=\"\\\\\"; filename*0*=utf-8''a; filename*1=b",
                Some("ab"),
            ),
            ("a; filename*0*=utf-8''r%C3%B8d; filename*2*=x", None),
            ("a; filename*0*=utf-8''r%C3%B8d.txt", None),
            ("a; filename*0=a; filename*1*=%C3%B8", None),
            ("a; filename*0*=utf-8; filename*1*=b", None),
            (
                "a; filename=\"x; filename*0*=utf-8''a; filename*1=b\"",
                None,
            ),
            ("a", None),
        ] {
            assert_eq!(
                in_pieces(field.as_bytes(), "filename").as_deref(),
                wanted,
                "{field}"
            );
        }
    }
}
