//! Wycheproof's vectors for what is computed here, and not asked of OpenSSL in one call: the key wrap and the derivation
//! of the key that wraps. `SEGL_CORPORA` names the folder; the cases are counted, so that a silent skip fails. And what
//! only the crate itself can ask for: limits, and signatures of its own that are read again.

mod fields;
mod inside;
mod layers;
mod weight;

use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    cms::{CMSOptions, CmsContentInfo},
    hash::MessageDigest,
    pkey::{PKey, Private},
    sha::sha256,
    stack::Stack,
    x509::{X509, X509Name},
};
use serde_json::Value;

use super::{
    Opened, SignatureFault, read_signature_again,
    readers::{HkdfHash, Scheme, unwrap},
};
use crate::{
    ber::{OCTET_STRING, tlv},
    cert::Certificate,
};

/// The tests of a file, each with its group; none where the corpora are not there.
fn vectors(file: &str) -> Option<Vec<(Value, Value)>> {
    let Some(root) = std::env::var_os("SEGL_CORPORA").map(std::path::PathBuf::from) else {
        eprintln!("SKIPPED: SEGL_CORPORA is not set, so {file} was not run");
        return None;
    };
    let text = std::fs::read_to_string(root.join("wycheproof").join(file)).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let groups = all["testGroups"].as_array().unwrap().iter();
    let pairs = groups.flat_map(|group| {
        let tests = group["tests"].as_array().unwrap().iter();
        tests.map(move |test| (group.clone(), test.clone()))
    });
    Some(pairs.collect())
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    let octet = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(octet).collect()
}

#[test]
fn key_wrap_opens_what_wycheproof_calls_valid_and_nothing_else() {
    let Some(all) = vectors("aes_wrap_test.json") else {
        return;
    };
    let (mut valid, mut refused) = (0, 0);
    for (_, test) in all {
        let opened = unwrap(&hex(&test["key"]), &hex(&test["ct"]));
        // "acceptable" are keys shorter than a content key may be: refusing them is right.
        let is_valid = test["result"] == "valid";
        assert_eq!(opened.is_ok(), is_valid, "{test}");
        if let Ok(key) = opened {
            assert_eq!(*key, hex(&test["msg"]), "{test}");
            valid += 1;
        } else {
            refused += 1;
        }
    }
    assert_eq!((valid, refused), (36, 129));
}

#[test]
fn what_is_too_short_for_a_wrapped_key_is_refused() {
    // RFC 3394 §2.2.1: two blocks of eight octets at least, and the one that is checked.
    for octets in [0, 7, 8, 12, 16, 23] {
        assert!(unwrap(&[1; 32], &vec![1; octets]).is_err(), "{octets}");
    }
    // RFC 3394 §4.1: the shortest that there is.
    let kek = hex(&"000102030405060708090A0B0C0D0E0F".into());
    let wrapped = hex(&"1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5".into());
    let key = hex(&"00112233445566778899AABBCCDDEEFF".into());
    assert_eq!(*unwrap(&kek, &wrapped).unwrap(), key);
}

#[test]
fn hkdf_gives_what_wycheproof_says_wherever_no_salt_is_used() {
    let Some(all) = vectors("hkdf_sha256_test.json") else {
        return;
    };
    let (mut run, mut salted) = (0, 0);
    for (_, test) in all {
        // RFC 8418 §2.2 derives without salt: vectors with one are no case of this code.
        if !test["salt"].as_str().unwrap().is_empty() {
            salted += 1;
            continue;
        }
        let octets = usize::try_from(test["size"].as_u64().unwrap()).unwrap();
        let scheme = Scheme::Hkdf(HkdfHash::Sha256);
        let derived = scheme.derive(&hex(&test["ikm"]), &hex(&test["info"]), octets);
        if test["result"] == "valid" {
            assert_eq!(*derived.unwrap(), hex(&test["okm"]), "{test}");
        } else {
            assert!(derived.is_err(), "{test}");
        }
        run += 1;
    }
    assert_eq!((run, salted), (23, 63));
}

/// zlib, at its quickest.
fn pack(octets: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(octets, 1)
}

fn oid(arcs: &[u8]) -> Vec<u8> {
    tlv(6, &[arcs])
}

/// `ContentInfo` of this kind, an arc below pkcs7 or smime: 1.2.840.113549.1.
fn content_info(kind: &[u8], structure: &[&[u8]]) -> Vec<u8> {
    let kind = oid(&[&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1], kind].concat());
    tlv(0x30, &[&kind, &tlv(0xA0, &[&tlv(0x30, structure)])])
}

/// `EncapsulatedContentInfo` of id-data.
fn data(content: Option<&[u8]>) -> Vec<u8> {
    let data = oid(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1]);
    let content = content.map(|octets| tlv(0xA0, &[&tlv(OCTET_STRING, &[octets])]));
    tlv(0x30, &[&data, &content.unwrap_or_default()])
}

/// `CompressedData` (RFC 3274 §1.1) of what is already packed.
fn cms(packed: &[u8]) -> Vec<u8> {
    let zlib = oid(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 3, 8]);
    let pieces = [
        &tlv(2, &[&[0]])[..],
        &tlv(0x30, &[&zlib]),
        &data(Some(packed)),
    ];
    content_info(&[9, 16, 1, 9], &pieces)
}

/// `SignedData` (RFC 5652 §5.1) that nobody signed.
fn unsigned(content: Option<&[u8]>) -> Vec<u8> {
    let pieces = [
        &tlv(2, &[&[1]])[..],
        &tlv(0x31, &[]),
        &data(content),
        &tlv(0x31, &[]),
    ];
    content_info(&[7, 2], &pieces)
}

/// The octets as application/pkcs7-mime.
fn mail(cms: &[u8]) -> Vec<u8> {
    let head = b"Content-Type: application/pkcs7-mime; smime-type=compressed-data\r\n\
        Content-Transfer-Encoding: binary\r\n\r\n";
    [&head[..], cms].concat()
}

/// What is read where no key is needed.
fn opened(mail: impl AsRef<[u8]>) -> Opened {
    let opened = super::open(mail.as_ref().to_vec(), &[]);
    opened.map_err(|e| e.to_string()).ok().unwrap()
}

fn multipart(kind: &str, parts: &[&str]) -> String {
    let parts = parts.join("\r\n--b\r\n");
    format!("Content-Type: multipart/{kind}; boundary=b\r\n\r\n--b\r\n{parts}\r\n--b--\r\n")
}

/// Boxes in boxes of zlib, each small and each larger than the one that holds it: no layer is made beyond the limit.
#[test]
fn a_bomb_of_compressed_layers_ends_at_the_limit() {
    let small = mail(&cms(&pack(b"Content-Type: text/plain\r\n\r\nHej")));
    assert_eq!(&*super::open(small, &[]).ok().unwrap().text, "Hej");
    // What is no zlib, or cut, is not called large.
    let packed = pack(b"Content-Type: text/plain\r\n\r\nHej");
    for broken in [&packed[..packed.len() - 5], b"zlib"] {
        let refused = super::open(mail(&cms(broken)), &[]).err();
        let is_malformed = matches!(refused, Some(super::OpenError::Malformed(_)));
        assert!(is_malformed, "{refused:?}");
    }
    let blank = vec![b' '; super::MAX_OCTETS + 1];
    let bomb = mail(&cms(&pack(&blank)));
    drop(blank);
    assert!(bomb.len() < 4 << 20, "{} octets", bomb.len());
    let twice = mail(&cms(&pack(&bomb)));
    for bomb in [bomb, twice] {
        let refused = super::open(bomb, &[]).err();
        assert!(
            matches!(refused, Some(super::OpenError::TooLarge { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn more_layers_parts_and_multiparts_than_are_read_are_refused() {
    let refused = |mail: String| super::open(mail.into_bytes(), &[]).err().map(|e| e.code());
    let many = |kind: &str, count: usize, part: &str| {
        let parts = format!("--b\r\n{part}\r\n").repeat(count);
        format!("Content-Type: multipart/{kind}; boundary=b\r\n\r\n{parts}--b--\r\n")
    };
    assert_eq!(refused(many("mixed", 1000, "\r\nx")), None);
    for kind in [
        "mixed",
        "alternative",
        "signed; protocol=\"application/pkcs7-signature\"",
    ] {
        assert_eq!(
            refused(many(kind, 1001, "\r\nx")),
            Some("too-many-parts"),
            "{kind}"
        );
        assert_eq!(
            refused(many(kind, 200_000, "")),
            Some("too-many-parts"),
            "{kind}"
        );
    }
    // Multiparts of multiparts, none of which holds a part.
    let empty = many(
        "mixed",
        40,
        "Content-Type: multipart/mixed; boundary=c\r\n\r\n",
    );
    let nested = many(
        "mixed",
        40,
        &empty
            .replace("boundary=b", "boundary=d")
            .replace("--b", "--d"),
    );
    assert_eq!(refused(nested), Some("too-many-parts"));
    // Ten inside each other are read, twelve are not.
    let nest = |kind: &str, depth: usize| {
        (0..depth).fold("\r\nx".to_owned(), |inside, n| {
            format!("Content-Type: multipart/{kind}; boundary=b{n}\r\n\r\n--b{n}\r\n{inside}\r\n--b{n}--\r\n")
        })
    };
    assert_eq!(refused(nest("mixed", 10)), None);
    assert_eq!(refused(nest("mixed", 11)), Some("too-deep"));
    assert_eq!(refused(nest("alternative", 10)), None);
    assert_eq!(refused(nest("alternative", 11)), Some("too-deep"));
    for (more, wanted) in [(1, "too-large"), (0, "not-a-mail")] {
        let large = vec![b'x'; super::MAX_OCTETS + more];
        let large = super::open(large, &[]).err().map(|e| e.code());
        assert_eq!(large, Some(wanted));
    }
    // A thousand multiparts, the outermost one with them, are read.
    let empty = "Content-Type: multipart/mixed; boundary=c\r\n\r\n";
    assert_eq!(refused(many("mixed", 999, empty)), None);
    assert_eq!(refused(many("mixed", 1000, empty)), Some("too-many-parts"));
}

fn person(name: &str) -> (X509, PKey<Private>) {
    let key = PKey::ec_gen("prime256v1").unwrap();
    let mut subject = X509Name::builder().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut x509 = X509::builder().unwrap();
    x509.set_version(2).unwrap();
    let serial = BigNum::from_u32(7).unwrap();
    x509.set_serial_number(&serial.to_asn1_integer().unwrap())
        .unwrap();
    x509.set_subject_name(&subject).unwrap();
    x509.set_issuer_name(&subject).unwrap();
    x509.set_not_before(&Asn1Time::from_unix(1_700_000_000).unwrap())
        .unwrap();
    x509.set_not_after(&Asn1Time::from_unix(1_900_000_000).unwrap())
        .unwrap();
    x509.set_pubkey(&key).unwrap();
    x509.sign(&key, MessageDigest::sha256()).unwrap();
    (x509.build(), key)
}

#[test]
fn a_signature_just_made_is_read_with_the_certificate_that_it_carries_and_not_with_the_one_at_hand()
{
    let content = b"Content-Type: text/plain\r\n\r\nHej\r\n";
    let ((anne, key), (eva, _)) = (person("Anne"), person("Eva"));
    let own = Certificate::from_der(&anne.to_der().unwrap()).unwrap();
    let read = |carried: &[&X509]| {
        let mut certificates = Stack::new().unwrap();
        for one in carried {
            certificates.push((*one).clone()).unwrap();
        }
        let flags = CMSOptions::DETACHED | CMSOptions::BINARY | CMSOptions::CMS_NOCERTS;
        let made = CmsContentInfo::sign(
            Some(&anne),
            Some(&key),
            Some(&certificates),
            Some(content),
            flags,
        );
        read_signature_again(&made.unwrap().to_der().unwrap(), &sha256(content), &own)
    };
    for carried in [&[&anne][..], &[&anne, &eva], &[&eva, &anne]] {
        let signer = read(carried).unwrap();
        assert_eq!(
            (signer.certificate.as_ref(), &*signer.faults),
            (Some(&own), &[][..])
        );
    }
    let signer = read(&[&eva]).unwrap();
    assert_eq!(signer.certificate, None);
    assert_eq!(signer.faults, [SignatureFault::NoCertificate]);
    assert!(read(&[]).is_err());
}
