//! Changes of the header block and of what stands beside the base64.

use segl::smime::SelfCheckError as Error;

use super::{good_once, replaced};
use crate::smime::{body_at, structure, with_structure};

const SUBJECT: &str = "Subject: Sagen\r\n";

fn instead(old: &str, new: &[u8]) -> Vec<u8> {
    replaced(good_once(), old.as_bytes(), new)
}

/// The good message with more lines behind its subject.
fn with(lines: &str) -> Vec<u8> {
    instead(SUBJECT, format!("{SUBJECT}{lines}").as_bytes())
}

#[test]
fn each_field_that_has_no_business_outside_is_refused() {
    let version = "MIME-Version: 1.0\r\n";
    let version_and = |line: &str| instead(version, format!("{version}{line}").as_bytes());
    refused!(
        "Bcc",
        with("Bcc: eva@z.example\r\n"),
        Error::UnexpectedField { .. }
    );
    refused!(
        "bcc",
        with("bCC: eva@z.example\r\n"),
        Error::UnexpectedField { .. }
    );
    refused!(
        "Received",
        with("Received: from pc\r\n"),
        Error::UnexpectedField { .. }
    );
    refused!(
        "Subject",
        with("subject: x\r\n"),
        Error::DuplicateField { .. }
    );
    refused!(
        "To",
        with("To: eva@z.example\r\n"),
        Error::DuplicateField { .. }
    );
    refused!(
        "MIME-Version",
        version_and(version),
        Error::DuplicateField { .. }
    );
    let type_before = version_and("Content-Type: text/plain\r\n");
    refused!(
        "a type before",
        type_before,
        Error::WrongField {
            field: "content-type"
        }
    );
    let disposition = "Content-Disposition: attachment; filename=\"smime.p7m\"\r\n";
    let type_after = format!("{disposition}Content-Type: text/plain\r\n");
    let type_after = instead(disposition, type_after.as_bytes());
    refused!("a type after", type_after, Error::DuplicateField { .. });
}

#[test]
fn each_field_that_does_not_say_smime_is_refused() {
    let no_version = instead("MIME-Version: 1.0\r\n", b"");
    refused!(
        "no version",
        no_version,
        Error::WrongField {
            field: "mime-version"
        }
    );
    let multipart = instead("application/pkcs7-mime;", b"multipart/mixed; boundary=x;");
    refused!(
        "a multipart",
        multipart,
        Error::WrongField {
            field: "content-type"
        }
    );
    let signed = instead("enveloped-data", b"signed-data");
    refused!(
        "signed data",
        signed,
        Error::WrongField {
            field: "content-type"
        }
    );
    let encoding = "content-transfer-encoding";
    let seven_bit = instead("Encoding: base64", b"Encoding: 7bit");
    refused!("7bit", seven_bit, Error::WrongField { field } if field == encoding);
    let name = instead("filename=\"smime.p7m\"", b"filename=\"a.txt\"");
    refused!(
        "a name",
        name,
        Error::WrongField {
            field: "content-disposition"
        }
    );
}

#[test]
fn each_line_that_is_no_field_is_refused() {
    refused!(
        "Latin-1",
        instead("Sagen", b"Gr\xf8n"),
        Error::NotAField { line: 4 }
    );
    refused!(
        "a NUL",
        instead("Sagen", b"Sa\0gen"),
        Error::NotAField { .. }
    );
    refused!(
        "C1",
        instead("Sagen", "Sa\u{85}gen".as_bytes()),
        Error::NotAField { .. }
    );
    refused!(
        "a lone CR",
        instead("Sagen", b"Sagen\rBcc: x"),
        Error::NotAField { .. }
    );
    refused!(
        "a lone LF",
        instead(SUBJECT, b"Subject: Sagen\n"),
        Error::LineEnd { line: 4 }
    );
    refused!(
        "no colon",
        with("clear text\r\n"),
        Error::NotAField { line: 5 }
    );
    refused!("no name", with(": x\r\n"), Error::NotAField { .. });
    refused!(
        "a space in the name",
        with("Cc : x\r\n"),
        Error::NotAField { .. }
    );
    refused!("a line of spaces", with("  \r\n"), Error::NotAField { .. });
    let folded = [b" x\r\n", good_once()].concat();
    refused!("a folded first line", folded, Error::NotAField { line: 1 });
    let long = format!("References: {}\r\n", "x".repeat(998));
    refused!(
        "a long line",
        with(&long),
        Error::LineTooLong {
            line: 5,
            limit: 998
        }
    );
    let endless = vec![b'x'; 200_000];
    refused!(
        "an endless line",
        endless,
        Error::LineTooLong { line: 1, .. }
    );
    let many = format!("Comments: {}\r\n", "x".repeat(900)).repeat(1200);
    refused!(
        "an endless header",
        with(&many),
        Error::HeaderTooLarge { .. }
    );
    refused!("nothing", b"", Error::NoBody);
    let no_empty_line = &good_once()[..body_at(good_once()) - 2];
    refused!("no empty line", no_empty_line, Error::NoBody);
}

#[test]
fn each_change_beside_the_base64_is_refused() {
    let message = good_once();
    let (header, body) = message.split_at(body_at(message));
    let before = |more: &[u8]| [header, more, body].concat();
    let after = |more: &[u8]| [message, more].concat();
    // The octet at this place of the first line of base64, or of its line end.
    let octet = |at: usize, octet: u8| {
        let mut changed = message.to_vec();
        changed[header.len() + at] = octet;
        changed
    };
    refused!(
        "text before",
        before(b"clear text!!\r\n"),
        Error::NotBase64 { .. }
    );
    refused!(
        "an empty line before",
        before(b"\r\n"),
        Error::NotBase64 { .. }
    );
    refused!(
        "text after",
        after(b"clear text.\r\n"),
        Error::NotBase64 { .. }
    );
    let second = b"\r\n--x\r\nContent-Type: text/plain\r\n\r\nclear\r\n";
    refused!("a second part", after(second), Error::NotBase64 { .. });
    refused!(
        "an empty line after",
        after(b"\r\n"),
        Error::NotBase64 { .. }
    );
    refused!("an octet after", after(b"A"), Error::LineEnd { .. });
    let more = with_structure(message, &[structure(message), vec![0; 3]].concat());
    refused!("base64 after", more, Error::Trailing { .. });
    refused!("an 8-bit octet", octet(5, 0xF8), Error::NotBase64 { .. });
    refused!("a NUL", octet(5, 0), Error::NotBase64 { .. });
    refused!("a space", octet(5, b' '), Error::NotBase64 { .. });
    refused!("padding within", octet(75, b'='), Error::NotBase64 { .. });
    refused!("a CR within", octet(5, b'\r'), Error::NotBase64 { .. });
    refused!("a lone LF", octet(76, b'A'), Error::LineEnd { .. });
    refused!(
        "a lone CR",
        octet(77, b'A'),
        Error::LineTooLong { limit: 76, .. }
    );
    let (cut, end) = message.split_at(message.len() - 2);
    refused!("no last line end", cut, Error::LineEnd { .. });
    refused!(
        "no last LF",
        [cut, &end[..1]].concat(),
        Error::LineEnd { .. }
    );
    refused!("no body", header, Error::Structure { at: 0, .. });
}

#[test]
fn a_header_block_of_a_mebibyte_is_read_and_a_larger_one_is_refused() {
    let good = good_once();
    let head = str::from_utf8(&good[..body_at(good)]).unwrap();
    let used: usize = head.lines().map(str::len).sum();
    let first = "References: <1@x.example>";
    let filled = |octets: usize| {
        let rest = octets - used - first.len();
        let (lines, more) = (rest / 400, rest % 400);
        let line = |octets: usize| format!(" {}\r\n", "x".repeat(octets - 1));
        let lines = line(400).repeat(lines - 1) + &line(400 + more);
        with(&format!("{first}\r\n{lines}"))
    };
    let largest = filled(1 << 20);
    segl::smime::inspect(&largest[..]).unwrap();
    refused!(
        "one character more",
        filled((1 << 20) + 1),
        Error::HeaderTooLarge { .. }
    );
}
