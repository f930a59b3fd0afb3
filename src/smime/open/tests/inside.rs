//! What is shown as the text of a mail, and what is a file.

use super::{multipart, opened};
use crate::smime::open::{Part, Warning};

fn text(mail: &str) -> String {
    opened(mail).text.to_string()
}

fn shown(parts: &[Part]) -> Vec<bool> {
    parts.iter().map(|part| part.is_text).collect()
}

#[test]
fn text_is_shown_that_is_no_file_and_everything_is_listed() {
    let html = "Content-Type: text/html\r\n\r\n<p>Fed</p>";
    for (part, wanted) in [
        ("Content-Type: text/plain\r\n\r\nHej", Some("Hej")),
        ("X-Nothing: said\r\n\r\nHej", Some("Hej")),
        (
            "Content-Type: text/plain\r\nContent-Disposition: inline\r\n\r\nHej",
            Some("Hej"),
        ),
        (html, Some("Fed")),
        (
            "Content-Type: text/plain\r\nContent-Disposition: Attachment\r\n\r\nHej",
            None,
        ),
        (
            "Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\nHej",
            None,
        ),
        ("Content-Type: text/plain; name=\"a.txt\"\r\n\r\nHej", None),
        (
            "Content-Type: text/plain\r\nContent-Disposition: inline; filename=a.txt\r\n\r\nHej",
            None,
        ),
        ("Content-Type: text/csv\r\n\r\nHej", None),
        ("Content-Type: image/png\r\n\r\nHej", None),
    ] {
        for kind in ["mixed", "related"] {
            let found = opened(multipart(
                kind,
                &[part, "Content-Type: image/gif\r\n\r\nGIF"],
            ));
            assert_eq!(&**found.text, wanted.unwrap_or_default(), "{kind} {part}");
            assert_eq!(shown(&found.parts), [wanted.is_some(), false], "{part}");
            let is_html = wanted == Some("Fed");
            let warned = is_html.then_some(Warning::TextFromHtml);
            assert_eq!(found.warnings, Vec::from_iter(warned), "{part}");
        }
    }
}

#[test]
fn of_several_forms_one_is_shown_and_of_several_parts_each() {
    let (html, plain) = (
        "Content-Type: text/html\r\n\r\n<p>Fed</p>",
        "Content-Type: text/plain\r\n\r\nHej",
    );
    for (kind, parts, wanted) in [
        ("alternative", &[html, plain][..], "Hej"),
        ("alternative", &[plain, html], "Hej"),
        ("alternative", &[html, html], "Fed"),
        ("mixed", &[html, plain], "Fed\n\nHej"),
        ("related", &[plain, html], "Hej\n\nFed"),
    ] {
        let found = opened(multipart(kind, parts));
        assert_eq!(&**found.text, wanted, "{kind}");
        assert_eq!(found.parts.len(), 2);
    }
}

#[test]
fn a_text_is_read_in_its_character_set_with_one_kind_of_line_end() {
    let mail = |parameter: &str, body: &[u8]| {
        let head = format!(
            "From: a@x.example\r\nContent-Type: text/plain{parameter}\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n"
        );
        text(&(head + &base64_simd::STANDARD.encode_to_string(body)))
    };
    for (parameter, body, wanted) in [
        ("; charset=iso-8859-1", &b"K\xe6re Bo"[..], "Kære Bo"),
        ("; charset=utf-8", "Kære Bo".as_bytes(), "Kære Bo"),
        ("", "Kære Bo".as_bytes(), "Kære Bo"),
        ("; charset=unheard-of", "Kære Bo".as_bytes(), "Kære Bo"),
        ("", b"a\r\n\r\nb\nc\rd\r\r\ne\r\n", "a\n\nb\nc\rd\r\ne\n"),
        ("", b"a\nb\rc", "a\nb\rc"),
    ] {
        assert_eq!(mail(parameter, body), wanted, "{parameter}");
    }
}

/// RFC 9788 §4.5.3.2.
#[test]
fn the_copy_of_the_fields_above_a_text_is_left_out_where_it_is_told_to_be_one() {
    let mail = |parameter: &str, line_end: &str| {
        let body = ["Subject: Sag 17", "", "Hej", "", "Bo"].join(line_end);
        text(&format!(
            "From: a@x.example\r\nContent-Type: text/plain{parameter}\r\n\r\n{body}"
        ))
    };
    for line_end in ["\n", "\r\n"] {
        assert_eq!(mail("; hp-legacy-display=1", line_end), "Hej\n\nBo");
        let whole = "Subject: Sag 17\n\nHej\n\nBo";
        assert_eq!(mail("; hp-legacy-display=0", line_end), whole);
        assert_eq!(mail("", line_end), whole);
    }
    let told = "From: a@x.example\r\nContent-Type: text/plain; hp-legacy-display=1\r\n\r\n";
    assert_eq!(text(&format!("{told}Hej")), "Hej");
}
