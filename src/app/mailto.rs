//! `mailto:` links (RFC 6068). Only to, cc, bcc, subject, body and in-reply-to are taken; anything else, `attach` first
//! of all, is named and not taken: a link on a web page must not pick files from this computer.

use super::setup::{Fields, Opening};
use crate::{mail::message_id, words::visible};

/// What a `mailto:` link asks for; none if it is no such link.
pub fn parse(link: &str) -> Option<Opening> {
    let (scheme, rest) = link.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("mailto") {
        return None;
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    // A fragment is no part of a mailto link, and '#' must be encoded in it.
    let query = query.split('#').next().unwrap_or_default();
    let mut fields = Fields::default();
    let mut ignored = Vec::new();
    for address in path.split(',').filter(|a| !a.is_empty()) {
        fields.to.push(percent_decoded(address)?);
    }
    for field in query.split('&').filter(|f| !f.is_empty()) {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        let name = percent_decoded(name)?.to_ascii_lowercase();
        let value = percent_decoded(value)?;
        match name.as_str() {
            "to" => fields.to.push(value),
            "cc" => fields.cc.push(value),
            "bcc" => fields.bcc.push(value),
            "subject" => fields.subject = Some(one_line(&value)),
            "body" => fields.body = Some(many_lines(&value)),
            "in-reply-to" => fields.in_reply_to = message_id(&value),
            _ => ignored.push(visible(&name)),
        }
    }
    Some(Opening {
        fields,
        ignored,
        ..Opening::default()
    })
}

/// Percent-decodes UTF-8 (RFC 3986 §2.1); none if what comes out is not UTF-8 or an escape is broken. A `+` is a plus.
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            octets.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            octets.push(octet);
        }
    }
    String::from_utf8(octets).ok()
}

/// Outside text for a header field: one line, nothing hidden in it.
pub fn one_line(text: &str) -> String {
    visible(&text.replace("\r\n", " ").replace(['\r', '\n', '\t'], " "))
        .trim()
        .to_owned()
}

/// Outside text for the body: lines ended by `\n`, tabs kept, nothing hidden in it.
pub fn many_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split('\t').map(visible).collect::<Vec<_>>().join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_of_rfc_6068_are_read() {
        let opening = parse("mailto:infobot@x.example?body=send%20current-issue").unwrap();
        assert_eq!(opening.fields.to, ["infobot@x.example"]);
        assert_eq!(opening.fields.body.as_deref(), Some("send current-issue"));
        let opening =
            parse("MAILTO:?to=joe@x.example&cc=bob@x.example&body=hello%0D%0Aworld").unwrap();
        assert_eq!((opening.fields.to.len(), opening.fields.cc.len()), (1, 1));
        assert_eq!(opening.fields.body.as_deref(), Some("hello\nworld"));
        let opening = parse("mailto:gorby%25kremvax@x.example,anne@y.example").unwrap();
        assert_eq!(
            opening.fields.to,
            ["gorby%kremvax@x.example", "anne@y.example"]
        );
        let opening =
            parse("mailto:bo@x.example?subject=caf%C3%A9+1&In-Reply-To=%3C3469A91@x.example%3E")
                .unwrap();
        assert_eq!(opening.fields.subject.as_deref(), Some("café+1"));
        assert_eq!(
            opening.fields.in_reply_to.as_deref(),
            Some("<3469A91@x.example>")
        );
    }

    #[test]
    fn a_link_can_attach_no_file_and_says_which_fields_were_not_taken() {
        let opening = parse("mailto:a@x.example?attach=/etc/passwd&From=b@x.example").unwrap();
        assert!(opening.attach.is_empty());
        assert_eq!(opening.ignored, ["attach", "from"]);
    }

    #[test]
    fn nothing_hides_in_a_subject_from_a_link() {
        let opening = parse("mailto:?subject=a%0D%0ABcc:%20x@y.example%E2%80%AE").unwrap();
        assert_eq!(
            opening.fields.subject.as_deref(),
            Some("a Bcc: x@y.example\\u{202E}")
        );
    }

    #[test]
    fn what_is_no_link_or_broken_is_refused() {
        for text in [
            "anne@x.example",
            "http:a",
            "mailto:%zz",
            "mailto:%ff@x.example",
            "mailto:%",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
