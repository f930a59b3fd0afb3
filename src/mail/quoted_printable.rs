//! Quoted-printable (RFC 2045 §6.7), read as far as it goes: a text that is not wholly right is shown rather than lost.

/// The octets that were made quoted-printable. An equals sign that begins neither an octet nor a soft line break stands
/// for itself, and blanks at the end of a line were put there on the way (§6.7 (3)).
pub(crate) fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|octet| *octet == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let end = &line[text.len()..];
        let blanks = text.iter().rev().take_while(|o| matches!(o, b' ' | b'\t'));
        let text = &text[..text.len() - blanks.count()];
        let soft = text.strip_suffix(b"=").filter(|_| !end.is_empty());
        add(&mut out, soft.unwrap_or(text));
        if soft.is_none() {
            out.extend_from_slice(end);
        }
    }
    out
}

/// One line, without its end.
fn add(out: &mut Vec<u8>, mut text: &[u8]) {
    let digit = |octet: Option<&u8>| char::from(*octet?).to_digit(16);
    while let Some(at) = memchr::memchr(b'=', text) {
        out.extend_from_slice(&text[..at]);
        text = &text[at + 1..];
        let octet = digit(text.first()).zip(digit(text.get(1)));
        match octet.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(octet) => {
                out.push(octet);
                text = &text[2..];
            }
            None => out.push(b'='),
        }
    }
    out.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> String {
        String::from_utf8_lossy(&quoted_printable(body.as_bytes())).into_owned()
    }

    #[test]
    fn lines_and_octets_are_read_as_the_standard_has_them() {
        for (body, wanted) in [
            (
                "Now's the time =\r\nfor all folk to come=\r\n to the aid of their country.\r\n",
                "Now's the time for all folk to come to the aid of their country.\r\n",
            ),
            ("K=C3=A6re =\r\nB=c3=b8=\n", "Kære Bø"),
            ("a=20\r\nb=09\n", "a \r\nb\t\n"),
            ("a \t\r\nb = \r\nc  ", "a\r\nb c"),
            ("=\r\n\r\n= \r\n20x", "\r\n20x"),
            ("x=3D=\r\n=3Dy", "x==y"),
            ("", ""),
        ] {
            assert_eq!(read(body), wanted, "{body:?}");
        }
    }

    #[test]
    fn an_equals_sign_that_means_nothing_stands_for_itself() {
        for (body, wanted) in [
            ("Pris = 1000 kr.\r\n", "Pris = 1000 kr.\r\n"),
            ("x = ab\r\n", "x = ab\r\n"),
            ("http://x.example/?a= bb", "http://x.example/?a= bb"),
            ("a=2\r\n0b", "a=2\r\n0b"),
            ("a=3", "a=3"),
            ("=Fijx =4\r\na=", "=Fijx =4\r\na="),
            ("a==3Db", "a==b"),
        ] {
            assert_eq!(read(body), wanted, "{body:?}");
        }
    }
}
