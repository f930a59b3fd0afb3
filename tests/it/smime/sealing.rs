//! Sealing: every size and every split comes back, exactly the readers that were asked for, and honest errors.

use std::{
    cell::Cell,
    io::{self, Read, Write},
};

use openssl::{
    bn::BigNum,
    cms::{CMSOptions, CmsContentInfo},
    symm::Cipher,
};
use proptest::prelude::*;
use segl::smime::{
    Base64Lines, ContentCipher, Enveloper, SealError, SmimeMessage, inspect, seal_message,
};

use super::{open, people, seal, structure};

const CIPHER: ContentCipher = ContentCipher::Aes256Cbc;
const CHUNK: usize = 64 * 1024;

/// Octets that no two positions near each other share.
fn octets(count: usize) -> Vec<u8> {
    (0..count)
        .map(|n| (n % 251) as u8 ^ (n / 251) as u8)
        .collect()
}

/// Envelops these parts, one write each, and opens the structure with OpenSSL.
fn enveloped_and_opened(parts: &[&[u8]]) -> Vec<u8> {
    let person = &people::eight()[0];
    let mut enveloper = Enveloper::new(Vec::new(), &[&person.judged()], CIPHER).unwrap();
    for part in parts {
        enveloper.write_all(part).unwrap();
    }
    let der = enveloper.finish().unwrap();
    let cms = CmsContentInfo::from_der(&der).unwrap();
    cms.decrypt(person.key(), &person.x509()).unwrap()
}

#[test]
fn every_size_comes_back() {
    let mib = 1 << 20;
    let sizes = [
        0,
        1,
        15,
        16,
        17,
        57,
        58,
        127,
        128,
        255,
        256,
        CHUNK - 16,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK - 15,
        2 * CHUNK,
        mib - 1,
        mib,
        mib + 1,
    ];
    for size in sizes {
        let content = octets(size);
        assert!(
            enveloped_and_opened(&[&content]) == content,
            "{size} octets"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn where_writes_are_split_makes_no_difference(
        size in 0_usize..3 * CHUNK,
        mut cuts in proptest::collection::vec(0_usize..3 * CHUNK, 0..12),
    ) {
        let content = octets(size);
        cuts.retain(|at| *at <= size);
        cuts.extend([0, size]);
        cuts.sort_unstable();
        let parts: Vec<&[u8]> = cuts.windows(2).map(|w| &content[w[0]..w[1]]).collect();
        prop_assert!(enveloped_and_opened(&parts) == content);
    }

    #[test]
    fn base64_lines_are_those_of_rfc_2045(
        content in proptest::collection::vec(any::<u8>(), 0..5000),
        parts in 1_usize..200,
    ) {
        let mut lines = Base64Lines::new(Vec::new());
        for part in content.chunks(parts) {
            lines.write_all(part).unwrap();
        }
        let text = String::from_utf8(lines.finish().unwrap()).unwrap();
        let encoded = base64_simd::STANDARD.encode_to_string(&content);
        let wanted: String = encoded
            .as_bytes()
            .chunks(76)
            .map(|line| format!("{}\r\n", str::from_utf8(line).unwrap()))
            .collect();
        prop_assert_eq!(text, wanted);
    }
}

#[test]
fn writes_of_single_octets_give_whole_chunks() {
    let person = &people::eight()[0];
    let mut enveloper = Enveloper::new(Vec::new(), &[&person.judged()], CIPHER).unwrap();
    let content = octets(CHUNK + 5);
    for octet in content.chunks(1) {
        enveloper.write_all(octet).unwrap();
    }
    let der = enveloper.finish().unwrap();
    assert!(der.len() < content.len() + 1000, "{} octets", der.len());
}

#[test]
fn a_key_is_never_used_twice() {
    let reader = people::eight()[0].judged();
    let content = vec![0; 4096];
    let sealed = || {
        let mut enveloper = Enveloper::new(Vec::new(), &[&reader], CIPHER).unwrap();
        enveloper.write_all(&content).unwrap();
        let der = enveloper.finish().unwrap();
        // The last octets of the content, before five ends, the last block and its header.
        der[der.len() - 1000..der.len() - 100].to_vec()
    };
    assert_ne!(sealed(), sealed());
}

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
            "",
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
        let found = seal_message(&mut message.as_bytes(), &mut out, &[&reader], CIPHER);
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
    let found = seal_message(&mut endless, &mut Vec::new(), &[&reader], CIPHER);
    assert!(matches!(found, Err(SealError::HeaderTooLarge { .. })));
    let large = [&line.repeat((1 << 20) / line.len() + 1)[..], b"\nx"].concat();
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

#[test]
fn nobody_is_not_a_reader_and_a_certificate_given_twice_is_one() {
    assert!(matches!(seal(b"\nx", &[]), Err(SealError::NoReaders)));
    let person = &people::eight()[0];
    let (one, same) = (person.judged(), person.judged());
    let (out, _) = seal(b"\nx", &[&one, &same, &one]).unwrap();
    assert_eq!(inspect(&out[..]).unwrap().readers.len(), 1);
}

#[test]
fn two_certificates_with_one_identifier_are_refused() {
    let serial = BigNum::from_u32(7).unwrap();
    let issuer = strange_issuer();
    let one = people::of_strange_issuer(&issuer, &serial, 0).judged();
    let other = people::of_strange_issuer(&issuer, &serial, 1).judged();
    assert!(matches!(
        seal(b"\nx", &[&one, &other]),
        Err(SealError::AmbiguousReaders)
    ));
}

/// A name whose one RDN holds two attributes, not in the order of DER: common name, then serial number, the longer
/// first, in other string types than anybody would choose.
fn strange_issuer() -> Vec<u8> {
    let attribute =
        |oid: &[u8], tag, value: &[u8]| tlv(0x30, &[tlv(0x06, oid), tlv(tag, value)].concat());
    let common_name = attribute(
        b"\x55\x04\x03",
        0x0C,
        "TRUST ØST CA med et langt navn".as_bytes(),
    );
    let serial = attribute(b"\x55\x04\x05", 0x13, b"CVR:30808460");
    let country = tlv(0x31, &attribute(b"\x55\x04\x06", 0x13, b"DK"));
    tlv(
        0x30,
        &[country, tlv(0x31, &[common_name, serial].concat())].concat(),
    )
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
}

#[test]
fn issuer_and_serial_stand_octet_for_octet_as_in_the_certificate() {
    let issuer = strange_issuer();
    let number = |hex: &str| BigNum::from_hex_str(hex).unwrap();
    let mut negative = number("80");
    negative.set_negative(true);
    let rows = [
        (number("01"), "0201 01"),
        (number("7F"), "0201 7f"),
        (number("80"), "0202 0080"),
        (negative, "0201 80"),
        (
            number(&"5A".repeat(20)),
            &format!("0214 {}", "5a".repeat(20)),
        ),
        (
            number(&"FF".repeat(20)),
            &format!("0215 00{}", "ff".repeat(20)),
        ),
    ];
    for (serial, wanted) in rows {
        let person = people::of_strange_issuer(&issuer, &serial, 0);
        assert!(memchr::memmem::find(person.der(), &issuer).is_some());
        let (out, _) = seal("\nhej æøå".as_bytes(), &[&person.judged()]).unwrap();
        let wanted = [&issuer[..], &hex(wanted)].concat();
        let structure = structure(&out);
        assert!(
            memchr::memmem::find(&structure, &wanted).is_some(),
            "{serial:?}"
        );
        assert!(open(&out, &person).ends_with("hej æøå".as_bytes()));
        let readers = inspect(&out[..]).unwrap().readers;
        assert_eq!(
            [readers[0].issuer.clone(), tlv(2, &readers[0].serial)].concat(),
            wanted
        );
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn the_same_message_by_openssl_has_the_same_structure() {
    let people = &people::eight()[..2];
    let mut certificates = openssl::stack::Stack::new().unwrap();
    for person in people {
        certificates.push(person.x509()).unwrap();
    }
    let flags = CMSOptions::BINARY;
    let theirs =
        CmsContentInfo::encrypt(&certificates, b"hej", Cipher::aes_256_cbc(), flags).unwrap();
    let judged: Vec<_> = people.iter().map(people::Person::judged).collect();
    let readers: Vec<_> = judged.iter().collect();
    let mut ours = Enveloper::new(Vec::new(), &readers, CIPHER).unwrap();
    ours.write_all(b"hej").unwrap();
    let ours = ours.finish().unwrap();
    // OpenSSL writes what it read in DER again: the outer form is theirs, every value inside is ours.
    let ours = CmsContentInfo::from_der(&ours).unwrap().to_der().unwrap();
    assert_eq!(ours.len(), theirs.to_der().unwrap().len());
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
        let found = seal_message(&mut &message[..], &mut Full(room), &[&reader], CIPHER);
        let is_full = |e: &io::Error| e.kind() == io::ErrorKind::StorageFull;
        assert!(
            matches!(&found, Err(SealError::Write(e)) if is_full(e)),
            "{room}: {found:?}"
        );
    }
    let outer = segl::smime::OuterHeader::default();
    let mut message = SmimeMessage::new(Full(100_000), &outer, &[&reader], CIPHER).unwrap();
    assert!(message.write_all(&octets(500_000)).is_err());
    assert!(message.write_all(b"more").is_err());
    assert!(matches!(message.finish(), Err(SealError::Interrupted)));
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
        let found = seal_message(&mut input, &mut Vec::new(), &[&reader], CIPHER);
        assert!(matches!(found, Err(SealError::Read(_))), "{found:?}");
    }
}

#[test]
fn output_keeps_up_with_input() {
    struct Counted<'a>(&'a Cell<usize>);
    impl Write for Counted<'_> {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            self.0.set(self.0.get() + octets.len());
            Ok(octets.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    /// Hands out lines, and looks how far the output is.
    struct Watching<'a> {
        given: usize,
        written: &'a Cell<usize>,
        furthest_behind: usize,
    }
    impl Read for Watching<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let behind = self.given.saturating_sub(self.written.get());
            self.furthest_behind = self.furthest_behind.max(behind);
            if self.given > 16 << 20 {
                return Ok(0);
            }
            out.fill(b'\n');
            self.given += out.len();
            Ok(out.len())
        }
    }
    let written = Cell::new(0);
    let mut input = Watching {
        given: 0,
        written: &written,
        furthest_behind: 0,
    };
    let reader = people::eight()[0].judged();
    seal_message(&mut input, &mut Counted(&written), &[&reader], CIPHER).unwrap();
    assert!(input.given > 16 << 20 && written.get() > 2 * input.given);
    assert!(input.furthest_behind < 1 << 20, "{}", input.furthest_behind);
}
