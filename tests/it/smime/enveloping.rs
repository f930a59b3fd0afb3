//! Enveloping: every size and every split comes back, for exactly the readers that were asked for.

use std::io::Write;

use openssl::{
    bn::BigNum,
    cms::{CMSOptions, CmsContentInfo},
    symm::Cipher,
};
use proptest::prelude::*;
use segl::{
    cert::EncryptionCertificate,
    mail::Base64Lines,
    smime::{SealError, envelop, inspect},
};

use super::{CHUNK, DEFAULT, octets, open, people, seal, structure};

/// Envelops these parts, one write each.
fn enveloped<'a>(
    readers: &[&EncryptionCertificate],
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<u8> {
    let made = envelop::<_, SealError>(Vec::new(), readers, DEFAULT, |content| {
        for part in parts {
            content.write_all(part).unwrap();
        }
        Ok(())
    });
    made.unwrap()
}

/// Envelops these parts, one write each, and opens the structure with OpenSSL.
fn enveloped_and_opened(parts: &[&[u8]]) -> Vec<u8> {
    let person = &people::eight()[0];
    let der = enveloped(&[&person.judged()], parts.iter().copied());
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
        let text = lines.finish().unwrap();
        let encoded = base64_simd::STANDARD.encode_to_string(&content);
        let mut wanted = Vec::new();
        for line in encoded.as_bytes().chunks(76) {
            wanted.extend_from_slice(line);
            wanted.extend_from_slice(b"\r\n");
        }
        prop_assert_eq!(text, wanted);
    }
}

#[test]
fn writes_of_single_octets_give_whole_chunks() {
    let person = &people::eight()[0];
    let content = octets(CHUNK + 5);
    let der = enveloped(&[&person.judged()], content.chunks(1));
    assert!(der.len() < content.len() + 1000, "{} octets", der.len());
}

#[test]
fn a_key_is_never_used_twice() {
    let reader = people::eight()[0].judged();
    let content = vec![0; 4096];
    let sealed = || {
        let der = enveloped(&[&reader], [&content[..]]);
        // The last octets of the content, before five ends, the last block and its header.
        der[der.len() - 1000..der.len() - 100].to_vec()
    };
    assert_ne!(sealed(), sealed());
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
    let ours = enveloped(&readers, [&b"hej"[..]]);
    // OpenSSL writes what it read in DER again: the outer form is theirs, every value inside is ours.
    let ours = CmsContentInfo::from_der(&ours).unwrap().to_der().unwrap();
    assert_eq!(ours.len(), theirs.to_der().unwrap().len());
}
