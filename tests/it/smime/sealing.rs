//! Sealing whole messages: fields and lines go where they belong, in one pass, and errors are honest.

use std::{
    io::{self, Read, Write},
    sync::atomic::{AtomicUsize, Ordering},
};

use segl::smime::{OuterHeader, SealError, envelop, inspect, seal_entity, seal_message};

use super::{CHUNK, DEFAULT, octets, open, people, seal};

#[test]
fn fields_go_where_they_belong_and_lines_become_canonical() {
    let person = &people::eight()[1];
    let message = "From: anne@x.example\nTo: person1@y.example\nBcc: hemmelig@z.example\nSubject: =?utf-8?q?S=C3=B8?=\n\
        X-Mailer: pc17\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: 8bit\n\nkære Bo\næøå\r\nog\rså";
    let (out, sealed) = seal(message.as_bytes(), &[&person.judged()]).unwrap();
    let wanted = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
        kære Bo\r\næøå\r\nog\r\nså";
    assert_eq!(String::from_utf8(open(&out, person)).unwrap(), wanted);
    let outer = "From: anne@x.example\r\nTo: person1@y.example\r\nSubject: =?utf-8?q?S=C3=B8?=\r\n";
    assert_eq!(sealed.outer.as_bytes(), outer.as_bytes());
    assert_eq!(sealed.dropped, ["Bcc", "X-Mailer"]);
    assert!(out.starts_with(outer.as_bytes()));
    assert_eq!(inspect(&out[..]).unwrap().outer, outer.as_bytes());
    for hidden in ["hemmelig", "pc17", "kære", "text/plain"] {
        assert!(
            memchr::memmem::find(&out, hidden.as_bytes()).is_none(),
            "{hidden}"
        );
    }
}

#[test]
fn a_body_gets_what_it_does_not_say_of_itself() {
    let person = &people::eight()[0];
    let plain = "Content-Type: text/plain; charset=utf-8\r\n";
    let rows = [
        (
            "To: a@x.example\n\nhej\n",
            format!("{plain}Content-Transfer-Encoding: 8bit\r\n\r\nhej\r\n"),
        ),
        (
            "To: a@x.example\nContent-Transfer-Encoding: base64\n\naGVq\n",
            format!("Content-Transfer-Encoding: base64\r\n{plain}\r\naGVq\r\n"),
        ),
        (
            "To: a@x.example\n",
            format!("{plain}Content-Transfer-Encoding: 8bit\r\n\r\n"),
        ),
        (
            "\nhej",
            format!("{plain}Content-Transfer-Encoding: 8bit\r\n\r\nhej"),
        ),
        (
            "\r\n",
            format!("{plain}Content-Transfer-Encoding: 8bit\r\n\r\n"),
        ),
        (
            "Content-Type: text/html\r\n\r\n<p>",
            "Content-Type: text/html\r\n\r\n<p>".to_owned(),
        ),
    ];
    for (message, wanted) in rows {
        let (out, _) = seal(message.as_bytes(), &[&person.judged()]).unwrap();
        assert_eq!(
            String::from_utf8(open(&out, person)).unwrap(),
            wanted,
            "{message:?}"
        );
    }
}

#[test]
fn a_body_that_is_no_utf_8_is_not_called_so() {
    let person = &people::eight()[0];
    // The third octet of a character stands in the next block.
    let long = [
        "To: a@x.example\n\n",
        &"a".repeat(256 * 1024 - 19),
        "\u{20AC}",
    ]
    .concat();
    for (message, wanted) in [
        (&b"To: a@x.example\n\nR\xf8d\n"[..], "text/plain\r\n"),
        (b"To: a@x.example\n\ns\xe5", "text/plain\r\n"),
        (
            "To: a@x.example\n\nR\u{f8}d\n".as_bytes(),
            "text/plain; charset=utf-8\r\n",
        ),
        (long.as_bytes(), "text/plain; charset=utf-8\r\n"),
    ] {
        let (out, _) = seal(message, &[&person.judged()]).unwrap();
        let wanted = format!("Content-Type: {wanted}Content-Transfer-Encoding: 8bit\r\n\r\n");
        let found = open(&out, person);
        assert!(found.starts_with(wanted.as_bytes()), "{wanted}");
    }
}

#[test]
fn empty_lines_before_a_mail_are_no_header() {
    let person = &people::eight()[0];
    let mail = "\r\n\nDate: Mon, 23 Nov 2026 14:00:00 +0000\r\nfrom: a@x.example\r\nContent-Type: text/plain\r\n\r\nhej\r\n";
    let (out, sealed) = seal(mail.as_bytes(), &[&person.judged()]).unwrap();
    let outer = "Date: Mon, 23 Nov 2026 14:00:00 +0000\r\nfrom: a@x.example\r\n";
    assert_eq!(sealed.outer.as_bytes(), outer.as_bytes());
    let wanted = b"Content-Type: text/plain\r\n\r\nhej\r\n";
    assert_eq!(open(&out, person), wanted);
    let (out, _) = seal(b"\nhttp://x.example/\n\nhej\n", &[&person.judged()]).unwrap();
    assert!(open(&out, person).ends_with(b"http://x.example/\r\n\r\nhej\r\n"));
}

#[test]
fn a_binary_body_stays_octet_for_octet() {
    let person = &people::eight()[0];
    let header =
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: Binary (x)\r\n\r\n";
    let message = [header.as_bytes(), b"\n\r\0\xff\n", &octets(300_000)].concat();
    let (out, _) = seal(&message, &[&person.judged()]).unwrap();
    assert!(open(&out, person) == message);
}

#[test]
fn a_message_that_is_protected_already_is_refused_and_nothing_is_written() {
    let reader = people::eight()[0].judged();
    let types = [
        "application/pkcs7-mime; smime-type=signed-data",
        "Application/X-PKCS7-MIME",
        "application/pkcs7-signature",
        "multipart/signed; micalg=sha-256; boundary=x",
        "(comment) multipart/encrypted;\n boundary=x",
    ];
    for media_type in types {
        let message = format!("To: a@x.example\nContent-Type: {media_type}\n\nx");
        let mut out = Vec::new();
        let found = seal_message(&mut message.as_bytes(), &mut out, &[&reader], DEFAULT);
        assert!(
            matches!(found, Err(SealError::AlreadyProtected { .. })),
            "{media_type}"
        );
        assert!(out.is_empty());
    }
}

#[test]
fn a_header_block_without_end_is_refused() {
    let reader = people::eight()[0].judged();
    let line = b"X-Line: endless\n".as_slice();
    let mut endless = Endless { line, at: 0 };
    let found = seal_message(&mut endless, &mut Vec::new(), &[&reader], DEFAULT);
    assert!(matches!(found, Err(SealError::HeaderTooLarge { .. })));
    let header = line.repeat((1 << 20) / line.len());
    assert!(seal(&[&header[..], b"\nx"].concat(), &[&reader]).is_ok());
    let large = [&b"X"[..], &header, b"\nx"].concat();
    assert!(matches!(
        seal(&large, &[&reader]),
        Err(SealError::HeaderTooLarge { .. })
    ));
}

/// The same line for ever.
struct Endless {
    line: &'static [u8],
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = &self.line[self.at..];
        let octets = rest.len().min(out.len());
        out[..octets].copy_from_slice(&rest[..octets]);
        self.at = (self.at + octets) % self.line.len();
        Ok(octets)
    }
}

/// Fails after so many octets.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(octets.len())
            .ok_or(io::ErrorKind::StorageFull)?;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_and_what_is_cut_is_never_ended() {
    let reader = people::eight()[0].judged();
    let message = [&b"\n"[..], &octets(500_000)].concat();
    for room in [0, 100, 400, 1000, 100_000, 600_000] {
        let found = seal_message(&mut &message[..], &mut Full(room), &[&reader], DEFAULT);
        let is_full = |e: &io::Error| e.kind() == io::ErrorKind::StorageFull;
        assert!(
            matches!(&found, Err(SealError::Write(e)) if is_full(e)),
            "{room}: {found:?}"
        );
    }
    // Also where the caller does not look.
    let found = envelop::<_, SealError>(Full(100_000), &[&reader], DEFAULT, |content| {
        assert!(content.write_all(&octets(2_000_000)).is_err());
        assert!(content.write_all(b"more").is_err());
        Ok(())
    });
    assert!(matches!(found, Err(SealError::Interrupted)));
}

#[test]
fn an_entity_that_cannot_be_written_leaves_a_message_that_nobody_opens() {
    #[derive(Debug)]
    enum Failure {
        Attachment,
        Seal(SealError),
    }
    impl From<SealError> for Failure {
        fn from(error: SealError) -> Self {
            Self::Seal(error)
        }
    }
    let person = &people::eight()[0];
    let reader = person.judged();
    let outer = OuterHeader::of(b"To: bo@y.example\n").unwrap();
    let entity = |cut_at: usize| {
        move |entity: &mut dyn Write| {
            let content = octets(300_000);
            let written = entity.write_all(&content[..cut_at]);
            written.map_err(|e| Failure::Seal(SealError::Write(e)))?;
            if cut_at < content.len() {
                Err(Failure::Attachment)
            } else {
                Ok(())
            }
        }
    };
    let mut out = Vec::new();
    seal_entity(&mut out, &outer, &[&reader], DEFAULT, entity(300_000)).unwrap();
    assert!(open(&out, person) == octets(300_000));
    for cut_at in [0, 10, CHUNK, 250_000] {
        let mut out = Vec::new();
        let found = seal_entity(&mut out, &outer, &[&reader], DEFAULT, entity(cut_at));
        assert!(matches!(found, Err(Failure::Attachment)), "{found:?}");
        assert!(inspect(&out[..]).is_err());
    }
    let found = seal_entity(&mut Vec::new(), &outer, &[], DEFAULT, entity(10));
    assert!(matches!(found, Err(Failure::Seal(SealError::NoReaders))));
}

#[test]
fn a_failing_input_is_told() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let reader = people::eight()[0].judged();
    for before in [&b""[..], b"To: a@x.example\n\n", &octets(400_000)] {
        let mut input = before.chain(Failing);
        let found = seal_message(&mut input, &mut Vec::new(), &[&reader], DEFAULT);
        assert!(matches!(found, Err(SealError::Read(_))), "{found:?}");
    }
}

#[test]
fn an_input_that_was_interrupted_is_read_again() {
    struct Interrupted<'a>(&'a [u8], bool);
    impl Read for Interrupted<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            self.0.read(out)
        }
    }
    let person = &people::eight()[0];
    let message = b"Content-Type: text/plain\r\n\r\nhej";
    let (mut input, mut out) = (Interrupted(message, false), Vec::new());
    seal_message(&mut input, &mut out, &[&person.judged()], DEFAULT).unwrap();
    assert_eq!(open(&out, person), message);
}

#[test]
fn output_keeps_up_with_input() {
    struct Counted<'a>(&'a AtomicUsize);
    impl Write for Counted<'_> {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            self.0.fetch_add(octets.len(), Ordering::Relaxed);
            Ok(octets.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    /// Hands out lines, and looks how far the output is.
    struct Watching<'a> {
        given: usize,
        written: &'a AtomicUsize,
        furthest_behind: usize,
    }
    impl Read for Watching<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let behind = self
                .given
                .saturating_sub(self.written.load(Ordering::Relaxed));
            self.furthest_behind = self.furthest_behind.max(behind);
            if self.given > 16 << 20 {
                return Ok(0);
            }
            out.fill(b'\n');
            self.given += out.len();
            Ok(out.len())
        }
    }
    let written = AtomicUsize::new(0);
    let mut input = Watching {
        given: 0,
        written: &written,
        furthest_behind: 0,
    };
    let reader = people::eight()[0].judged();
    seal_message(&mut input, &mut Counted(&written), &[&reader], DEFAULT).unwrap();
    assert!(input.given > 16 << 20 && written.load(Ordering::Relaxed) > 2 * input.given);
    assert!(input.furthest_behind < 1 << 20, "{}", input.furthest_behind);
}
