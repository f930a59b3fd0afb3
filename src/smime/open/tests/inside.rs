//! What is shown as the text of a mail, and what is a file.

use super::{mail, multipart, opened, unsigned};
use crate::smime::open::{
    Part, Warning,
    parts::{self, Around},
};

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
        ("Content-Language: da\r\n\r\nHej", Some("Hej")),
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
fn a_text_with_the_name_of_a_file_is_shown_where_there_is_no_other() {
    let inline =
        "Content-Type: text/plain\r\nContent-Disposition: inline; filename=a.txt\r\n\r\nHej";
    let named = "Content-Type: text/html; name=msg.html\r\n\r\n<p>Fed";
    let attached =
        "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=b.txt\r\n\r\nBilag";
    let plain = "Content-Type: text/plain\r\n\r\nBrev";
    for (parts, wanted) in [
        (&[attached, inline, named][..], "Hej"),
        (&[named, inline], "Fed"),
        (&[inline, plain], "Brev"),
        (&[attached], ""),
    ] {
        let found = opened(multipart("mixed", parts));
        assert_eq!(&**found.text, wanted);
        let texts: Vec<bool> = parts.iter().map(|part| *part == plain).collect();
        assert_eq!(shown(&found.parts), texts);
    }
    assert_eq!(text(&format!("From: a@x.example\r\n{named}")), "Fed");
}

#[test]
fn of_several_forms_one_is_shown_and_of_several_parts_each() {
    let (html, plain) = (
        "Content-Type: text/html\r\n\r\n<p>Fed</p>",
        "Content-Type: text/plain\r\n\r\nHej",
    );
    let blank = "Content-Type: text/plain; charset=utf-8\r\n\r\n \r\n\u{a0}";
    let image = "Content-Type: image/png\r\n\r\nxx";
    let file = "Content-Type: text/plain; name=notat.txt\r\n\r\nNotat";
    let related =
        format!("Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\n{html}\r\n--r--\r\n");
    for (kind, parts, wanted) in [
        ("alternative", &[html, plain][..], "Hej"),
        ("alternative", &[plain, html], "Hej"),
        ("alternative", &[html, html], "Fed"),
        // What shows no text is not the form that is shown.
        ("alternative", &[image, html], "Fed"),
        ("alternative", &[file, html], "Fed"),
        ("alternative", &[image, &related], "Fed"),
        // An empty form is none, unless there is no other.
        ("alternative", &[blank, html], "Fed"),
        ("alternative", &[blank, &related], "Fed"),
        ("alternative", &[blank, plain], "Hej"),
        ("alternative", &[blank, image], " \n\u{a0}"),
        ("alternative", &[file, image], "Notat"),
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
        // Where it is no UTF-8 it is what most programs wrote before.
        ("", b"K\xe6re Bo", "Kære Bo"),
        ("; charset=us-ascii", b"K\xe6re Bo", "Kære Bo"),
        ("; charset=us-ascii", "Kære Bo".as_bytes(), "Kære Bo"),
        ("; charset=unheard-of", b"K\xe6re Bo \x80", "Kære Bo €"),
        ("; charset=utf-8", b"K\xe6re Bo", "K\u{fffd}re Bo"),
        (
            "; charset=iso-8859-1",
            "\u{feff}Kære Bo".as_bytes(),
            "Kære Bo",
        ),
        ("; charset=utf-16", b"\xfe\xff\0K\0\xe6", "Kæ"),
        ("", b"a\r\n\r\nb\nc\rd\r\r\ne\r\n", "a\n\nb\nc\rd\r\ne\n"),
        ("", b"a\nb\rc", "a\nb\rc"),
    ] {
        assert_eq!(mail(parameter, body), wanted, "{parameter}");
    }
}

#[test]
fn a_page_is_read_in_the_character_set_that_it_names_itself() {
    let page = |head: &str, body: &[u8]| {
        let mail = format!("From: a@x.example\r\nContent-Type: text/html\r\n\r\n{head}");
        opened([mail.as_bytes(), body].concat()).text.to_string()
    };
    let http = "<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-5'>";
    assert_eq!(page(http, b"\xb1"), "Б");
    assert_eq!(page("<META CHARSET = \"iso-8859-5\">", b"\xb1"), "Б");
    assert_eq!(page("<meta charset=utf-16>", "Bø".as_bytes()), "Bø");
    assert_eq!(page("<p>", b"B\xf8"), "Bø");
}

#[test]
fn a_text_that_grows_beyond_what_was_sent_is_shown_by_its_beginning() {
    let mail = |charset: &str, body: &[u8]| {
        let head =
            format!("From: a@x.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n");
        opened([head.as_bytes(), body].concat())
    };
    let sent = 8 << 20;
    for (charset, letter, shown) in [
        ("windows-1252", b"\x80\x80\x80\x80", '€'),
        ("utf-8", b"\x80\x80\x80\x80", '\u{fffd}'),
        ("utf-16be", b"\x55\x4a\x55\x4a", '啊'),
    ] {
        let found = mail(charset, &letter.repeat(sent / 4));
        assert_eq!(found.warnings, [Warning::TextCut], "{charset}");
        assert!(found.text.len() < sent + sent / 2, "{charset}");
        assert!(found.text.chars().all(|c| c == shown), "{charset}");
        let small = mail(charset, &letter.repeat(1000));
        assert_eq!(small.warnings, [], "{charset}");
        assert!(small.text.starts_with(shown), "{charset}");
    }
    assert_eq!(mail("utf-8", "Bø".repeat(sent / 2).as_bytes()).warnings, []);
}

/// RFC 9788 §4.5.3.
#[test]
fn the_copy_of_the_fields_above_a_text_is_left_out_where_it_was_encrypted_with_them() {
    let read = |is_cipher: bool, parameter: &str, body: &str| {
        let head = format!("Subject: Sag 17\r\nContent-Type: text/plain{parameter}\r\n\r\n");
        let mail = head + body;
        let around = Around {
            is_cipher,
            ..Around::default()
        };
        let (_, text) = parts::read(mail.as_bytes(), around, &mut Vec::new()).unwrap();
        text.to_string()
    };
    let told = "; hp-legacy-display=1";
    for line_end in ["\n", "\r\n"] {
        let body = ["Subject: Sag 17", "", "Hej", "", "Bo"].join(line_end);
        let whole = "Subject: Sag 17\n\nHej\n\nBo";
        assert_eq!(read(true, told, &body), "Hej\n\nBo");
        assert_eq!(read(true, "; hp-legacy-display=0", &body), whole);
        assert_eq!(read(true, "", &body), whole);
        // Elsewhere the word for it would hide what was signed.
        assert_eq!(read(false, told, &body), whole);
    }
    // What is no copy of fields stays.
    assert_eq!(read(true, told, "Hej"), "Hej");
    assert_eq!(read(true, told, "Betal ikke\n\nHej"), "Betal ikke\n\nHej");
    let other = "Subject: Sag 17\nBetal: IKKE\n\nHej";
    assert_eq!(read(true, told, other), other);
}

#[test]
fn a_mail_that_was_only_signed_hides_nothing_of_its_text() {
    let inner = "From: a@x.example\r\nContent-Type: text/plain; hp=\"cipher\"; hp-legacy-display=1\r\n\r\n\
        Subject: Sag 17\n\nHej";
    let packed = [
        b"From: a@x.example\r\n".as_slice(),
        &mail(&unsigned(Some(inner.as_bytes()))),
    ];
    assert_eq!(&**opened(packed.concat()).text, "Subject: Sag 17\n\nHej");
    assert_eq!(text(inner), "Subject: Sag 17\n\nHej");
}

#[test]
fn base64_that_is_not_wholly_right_is_shown_and_told() {
    let part = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVq\r\n";
    for (more, wanted, told) in [
        ("IEJv", "Hej Bo", &[][..]),
        ("*\r\nIEJv\r\nIQ==", "Hej Bo!", &[Warning::PartUnreadable]),
        ("Du er paa en liste.", "Hej", &[Warning::PartUnreadable]),
    ] {
        let found = opened(multipart("mixed", &[&format!("{part}{more}")]));
        assert_eq!((&**found.text, &*found.warnings), (wanted, told), "{more}");
    }
}

#[test]
fn a_multipart_in_which_no_part_is_found_is_listed_and_told() {
    for body in [
        "Betal ikke\r\n",
        "Betal ikke\r\n--c\r\n\r\nHej\r\n--c--\r\n",
    ] {
        let mail = format!("Content-Type: multipart/alternative; boundary=b\r\n\r\n{body}");
        let found = opened(mail);
        assert_eq!(found.warnings, [Warning::PartUnreadable]);
        assert_eq!(shown(&found.parts), [false]);
    }
}

#[test]
fn a_text_is_shown_whole_that_becomes_a_quarter_longer_in_another_character_set() {
    let head = "From: a@x.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n";
    // Every fourth letter is two octets where it is shown.
    let line = b"abcd".repeat(19);
    let line: Vec<u8> = line
        .iter()
        .map(|o| if *o == b'd' { 0xE6 } else { *o })
        .collect();
    let body = [&line[..], b"\r\n"].concat().repeat(100_000);
    let found = opened([head.as_bytes(), &body].concat());
    assert_eq!(found.text.matches('æ').count(), 1_900_000);
    assert_eq!(found.warnings, []);
}

#[test]
fn where_every_form_of_a_text_is_empty_the_first_is_the_text_and_no_file() {
    let image = "Content-Type: image/png\r\n\r\nx";
    let empty = "Content-Type: text/plain\r\n\r\n \r\n";
    let found = opened(multipart("alternative", &[image, empty]));
    assert_eq!(shown(&found.parts), [false, true]);
    let found = opened(multipart("alternative", &[empty, image]));
    assert_eq!(shown(&found.parts), [true, false]);
}
