//! Signatures in every way that RFC 5652, RFC 8551 and those before them know, each written here and made by OpenSSL: which
//! of them verify, what they say, and what makes one odd.

use jiff::Timestamp;
use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    hash::{MessageDigest, hash},
    sign::Signer as Signing,
};
use segl::{
    demo::{Authority, Issued, KeyChoice, KeyKind, Leaf},
    smime::open::{OpenError, Preference, SignatureFault, Signer, is_structure, signed_content},
};

use super::written::{
    INTEGER, OCTETS, SEQUENCE, SET, algorithm, content_info, der, issuer_and_serial,
    key_identifier, object,
};

const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nVi ses paa mandag\r\n";
const FORGED: &[u8] = b"Content-Type: text/plain\r\n\r\nVi ses paa fredag\r\n";

/// 2026-05-28T20:26:40Z.
const AT: Timestamp = Timestamp::constant(1_780_000_000, 0);

/// How a certificate is named.
type Form = fn(&[u8]) -> Vec<u8>;

fn author(kind: KeyKind) -> Issued {
    let root = Authority::root("Segl Test Root").unwrap();
    let leaf = Leaf::mail("Anne", "anne@x.example").with_key(KeyChoice::Fresh(kind));
    root.issue(&leaf).unwrap()
}

fn attribute(name: &str, values: &[&[u8]]) -> Vec<u8> {
    der(SEQUENCE, &[&object(name), &der(SET, values)])
}

/// What every signature with attributes must say: the content's type and digest (RFC 5652 §5.3).
fn must_be_said(digest: MessageDigest) -> Vec<Vec<u8>> {
    let octets = hash(digest, CONTENT).unwrap();
    vec![
        attribute("contentType", &[&object("pkcs7-data")]),
        attribute("messageDigest", &[&der(OCTETS, &[&octets])]),
    ]
}

/// A signature beside [`CONTENT`], each piece of which can be another one. What objects are called is OpenSSL's word.
struct Written<'a> {
    digest: &'a str,
    algorithm: &'a str,
    made_with: MessageDigest,
    attributes: Option<Vec<Vec<u8>>>,
    unsigned: Vec<u8>,
    beside: &'a [u8],
}

impl Default for Written<'_> {
    fn default() -> Self {
        Self {
            digest: "sha256",
            algorithm: "ecdsa-with-SHA256",
            made_with: MessageDigest::sha256(),
            attributes: Some(must_be_said(MessageDigest::sha256())),
            unsigned: Vec::new(),
            beside: &[],
        }
    }
}

impl Written<'_> {
    fn with(more: &[Vec<u8>]) -> Self {
        let mut written = Self::default();
        written.attributes.as_mut().unwrap().extend_from_slice(more);
        written
    }

    fn of(attributes: Vec<Vec<u8>>) -> Self {
        Self {
            attributes: Some(attributes),
            ..Self::default()
        }
    }

    fn by(&self, author: &Issued) -> Vec<u8> {
        let attributes = self.attributes.as_ref().map(|all| {
            let mut all = all.clone();
            all.sort_unstable();
            all.concat()
        });
        let set = attributes.as_ref().map(|all| der(SET, &[all]));
        let mut signing = Signing::new(self.made_with, &author.key).unwrap();
        let signed = set.as_deref().unwrap_or(CONTENT);
        let signature = signing.sign_oneshot_to_vec(signed).unwrap();
        let unsigned = &self.unsigned;
        let info = der(
            SEQUENCE,
            &[
                &der(INTEGER, &[&[1]]),
                &issuer_and_serial(&author.der),
                &algorithm(self.digest),
                &attributes.map_or(Vec::new(), |all| der(0xA0, &[&all])),
                &algorithm(self.algorithm),
                &der(OCTETS, &[&signature]),
                &if unsigned.is_empty() {
                    Vec::new()
                } else {
                    der(0xA1, &[unsigned])
                },
            ],
        );
        let data = der(
            SEQUENCE,
            &[
                &der(INTEGER, &[&[1]]),
                &der(SET, &[&algorithm(self.digest)]),
                &der(SEQUENCE, &[&object("pkcs7-data")]),
                &der(0xA0, &[&author.der, self.beside]),
                &der(SET, &[&info]),
            ],
        );
        content_info("pkcs7-signedData", &data)
    }

    fn read(&self, author: &Issued) -> Signer {
        only_signer(&self.by(author), CONTENT)
    }
}

fn only_signer(made: &[u8], content: &[u8]) -> Signer {
    let mut found = signed_content(made, Some(content)).unwrap();
    assert_eq!(found.signers.len(), 1);
    found.signers.remove(0)
}

/// Whether OpenSSL verifies it, apart from the certificate.
fn openssl_verifies(made: &[u8], content: &[u8]) -> bool {
    let mut made = CmsContentInfo::from_der(made).unwrap();
    let flags = CMSOptions::NO_SIGNER_CERT_VERIFY | CMSOptions::BINARY;
    made.verify(None, None, Some(content), None, flags).is_ok()
}

#[test]
fn every_digest_verifies_with_rsa_and_curves_however_the_algorithm_is_named() {
    let (rsa, curve) = (author(KeyKind::Rsa(2048)), author(KeyKind::P256));
    let digests = [
        ("md5", MessageDigest::md5(), "RSA-MD5", None),
        (
            "sha1",
            MessageDigest::sha1(),
            "RSA-SHA1",
            Some("ecdsa-with-SHA1"),
        ),
        (
            "sha224",
            MessageDigest::sha224(),
            "RSA-SHA224",
            Some("ecdsa-with-SHA224"),
        ),
        (
            "sha256",
            MessageDigest::sha256(),
            "RSA-SHA256",
            Some("ecdsa-with-SHA256"),
        ),
        (
            "sha384",
            MessageDigest::sha384(),
            "RSA-SHA384",
            Some("ecdsa-with-SHA384"),
        ),
        (
            "sha512",
            MessageDigest::sha512(),
            "RSA-SHA512",
            Some("ecdsa-with-SHA512"),
        ),
    ];
    for (digest, made_with, by_rsa, by_curve) in digests {
        let mut ways = vec![(&rsa, "rsaEncryption"), (&rsa, by_rsa)];
        // RFC 5652 lets a signer name its key alone; the digest is then that of the content.
        ways.extend(by_curve.map(|way| (&curve, way)));
        ways.extend(by_curve.map(|_| (&curve, "id-ecPublicKey")));
        let is_weak = ["md5", "sha1"].contains(&digest);
        let wanted: &[_] = if is_weak {
            &[SignatureFault::WeakDigest(digest)]
        } else {
            &[]
        };
        for (author, algorithm) in ways {
            let made = Written {
                digest,
                algorithm,
                made_with,
                attributes: Some(must_be_said(made_with)),
                ..Written::default()
            }
            .by(author);
            let signer = only_signer(&made, CONTENT);
            assert_eq!(signer.faults, wanted, "{digest} {algorithm}");
            assert_eq!(signer.digest, digest, "{algorithm}");
            assert!(openssl_verifies(&made, CONTENT), "{digest} {algorithm}");
            let forged = only_signer(&made, FORGED).faults;
            let changed = SignatureFault::ContentChanged;
            assert!(
                forged.contains(&changed),
                "{digest} {algorithm}: {forged:?}"
            );
            assert!(!openssl_verifies(&made, FORGED));
        }
        // Named so, and made with another digest.
        let other = if digest == "sha256" {
            MessageDigest::sha512()
        } else {
            MessageDigest::sha256()
        };
        let named = [Some((&rsa, by_rsa)), by_curve.map(|way| (&curve, way))];
        for (author, algorithm) in named.into_iter().flatten() {
            let signer = Written {
                algorithm,
                made_with: other,
                ..Written::default()
            }
            .read(author);
            let invalid = SignatureFault::Invalid;
            assert!(signer.faults.contains(&invalid), "{algorithm}");
        }
    }
}

#[test]
fn a_weak_digest_under_the_signature_counts_whatever_digest_is_named_beside_it() {
    let (rsa, curve) = (author(KeyKind::Rsa(2048)), author(KeyKind::P256));
    for (author, algorithm, made_with, weak) in [
        (&rsa, "RSA-MD5", MessageDigest::md5(), "md5"),
        (&rsa, "RSA-SHA1", MessageDigest::sha1(), "sha1"),
        (&curve, "ecdsa-with-SHA1", MessageDigest::sha1(), "sha1"),
    ] {
        for attributes in [None, Some(must_be_said(MessageDigest::sha256()))] {
            let signer = Written {
                algorithm,
                made_with,
                attributes,
                ..Written::default()
            }
            .read(author);
            let wanted = [SignatureFault::WeakDigest(weak)];
            assert_eq!(signer.faults, wanted, "{algorithm}");
        }
    }
}

#[test]
fn signed_attributes_that_are_missing_doubled_or_unreadable_are_a_fault_although_the_signature_holds()
 {
    let author = author(KeyKind::P256);
    let said = must_be_said(MessageDigest::sha256());
    let [kind, digest] = &said[..] else {
        unreachable!()
    };
    let data = object("pkcs7-data");
    let octets = der(OCTETS, &[&hash(MessageDigest::sha256(), CONTENT).unwrap()]);
    let time = der(0x17, &[b"260528202640Z"]);
    let rows = [
        ("no digest", vec![kind.clone()]),
        ("no type", vec![digest.clone()]),
        (
            "the type twice",
            vec![kind.clone(), kind.clone(), digest.clone()],
        ),
        (
            "the digest twice",
            vec![kind.clone(), digest.clone(), digest.clone()],
        ),
        (
            "two types",
            vec![attribute("contentType", &[&data, &data]), digest.clone()],
        ),
        (
            "two digests",
            vec![
                kind.clone(),
                attribute("messageDigest", &[&octets, &octets]),
            ],
        ),
        (
            "two times",
            [&said[..], &[attribute("signingTime", &[&time, &time])]].concat(),
        ),
        (
            "no time",
            [&said[..], &[attribute("signingTime", &[])]].concat(),
        ),
        (
            "a time that is none",
            [
                &said[..],
                &[attribute("signingTime", &[&der(0x17, &[b"i gaar"])])],
            ]
            .concat(),
        ),
        (
            "another attribute twice",
            [
                &said[..],
                &[
                    attribute("1.2.3.4", &[&data]),
                    attribute("1.2.3.4", &[&time]),
                ],
            ]
            .concat(),
        ),
    ];
    for (name, attributes) in rows {
        let signer = Written::of(attributes).read(&author);
        assert_eq!(signer.faults, [SignatureFault::Attributes], "{name}");
    }
    let other = attribute("contentType", &[&object("pkcs7-signedData")]);
    let signer = Written::of(vec![other, digest.clone()]).read(&author);
    assert_eq!(signer.faults, [SignatureFault::OtherContentType]);
    // Several values of what nothing here rests on are its own business.
    let several = attribute("1.2.3.4", &[&data, &time]);
    assert_eq!(Written::with(&[several]).read(&author).faults, []);
}

#[test]
fn what_the_signer_says_beside_the_content_is_handed_on_as_it_stands() {
    let author = author(KeyKind::P256);
    let capabilities = der(SEQUENCE, &[&algorithm("aes-256-cbc")]);
    for (tag, time) in [(0x17, "260528202640Z"), (0x18, "20260528202640Z")] {
        let signer = Written::with(&[
            attribute("signingTime", &[&der(tag, &[time.as_bytes()])]),
            attribute("SMIME-CAPS", &[&capabilities]),
        ])
        .read(&author);
        assert_eq!(signer.faults, []);
        assert_eq!(signer.signed_at, Some(AT), "{time}");
        assert_eq!(signer.capabilities.as_deref(), Some(&capabilities[..]));
    }
    let silent = Written::default().read(&author);
    assert_eq!((silent.signed_at, silent.capabilities), (None, None));
    assert!(matches!(silent.preference, Preference::None));
}

#[test]
fn attributes_that_nobody_signed_may_be_any_but_those_that_must_be_signed() {
    let author = author(KeyKind::P256);
    let time = attribute("signingTime", &[&der(0x17, &[b"260528202640Z"])]);
    let stamp = attribute("id-smime-aa-timeStampToken", &[&der(SEQUENCE, &[])]);
    let said = must_be_said(MessageDigest::sha256());
    let odd = [SignatureFault::Attributes];
    for (name, unsigned, wanted) in [
        ("a time stamp", stamp.clone(), &[][..]),
        ("a time", time, &odd),
        (
            "a type behind a time stamp",
            [stamp, said[0].clone()].concat(),
            &odd,
        ),
        ("a digest", said[1].clone(), &odd),
    ] {
        let signer = Written {
            unsigned,
            ..Written::default()
        }
        .read(&author);
        assert_eq!(signer.faults, wanted, "{name}");
        assert_eq!(signer.signed_at, None, "{name}");
    }
}

#[test]
fn a_signature_that_names_another_certificate_as_its_own_is_not_that_of_this_one() {
    let author = author(KeyKind::P256);
    let root = Authority::root("Segl Test Root").unwrap();
    let renewed = Leaf::mail("Anne", "anne@x.example");
    let renewed = root.issue(&renewed).unwrap();
    let v1 = "id-smime-aa-signingCertificate";
    let v2 = "id-smime-aa-signingCertificateV2";
    // RFC 2634 §5.4 knows SHA-1 alone; RFC 5035 §3 names the digest, and SHA-256 where it does not.
    for (name, digest, told) in [
        (v1, MessageDigest::sha1(), None),
        (v2, MessageDigest::sha256(), None),
        (v2, MessageDigest::sha256(), Some("sha256")),
        (v2, MessageDigest::sha384(), Some("sha384")),
        (v2, MessageDigest::sha512(), Some("sha512")),
        (v2, MessageDigest::sha1(), Some("sha1")),
    ] {
        let naming = |certificate: &[u8]| {
            let octets = hash(digest, certificate).unwrap();
            let told = told.map_or(Vec::new(), algorithm);
            let one = der(SEQUENCE, &[&told, &der(OCTETS, &[&octets])]);
            let all = der(SEQUENCE, &[&der(SEQUENCE, &[&one])]);
            Written::with(&[attribute(name, &[&all])])
                .read(&author)
                .faults
        };
        assert_eq!(naming(&author.der), [], "{name} {told:?}");
        let other = [SignatureFault::OtherCertificate];
        assert_eq!(naming(&renewed.der), other, "{name} {told:?}");
    }
    // A digest that is broken, unknown, or other than it says names nobody.
    for (digest, told) in [
        (MessageDigest::md5(), "md5"),
        (MessageDigest::sha1(), "sha3-256"),
        (MessageDigest::sha1(), "sha224"),
    ] {
        let octets = hash(digest, &author.der).unwrap();
        let one = der(SEQUENCE, &[&algorithm(told), &der(OCTETS, &[&octets])]);
        let all = der(SEQUENCE, &[&der(SEQUENCE, &[&one])]);
        let signer = Written::with(&[attribute(v2, &[&all])]).read(&author);
        let other = [SignatureFault::OtherCertificate];
        assert_eq!(signer.faults, other, "{told}");
    }
}

#[test]
fn the_certificate_for_answers_is_found_in_each_of_its_three_forms() {
    let author = author(KeyKind::P256);
    let root = Authority::root("Segl Test Root").unwrap();
    let issue = |name: &str, key: usize| {
        let leaf = Leaf::mail(name, "anne@x.example").with_key(KeyChoice::Shared(key));
        root.issue(&leaf).unwrap()
    };
    let (reading, elsewhere) = (issue("Anne læser", 1), issue("Anne andetsteds", 2));
    let forms: [Form; 3] = [
        |certificate| {
            let mut named = issuer_and_serial(certificate);
            named[0] = 0xA0;
            named
        },
        |certificate| der(0xA1, &[&der(OCTETS, &[&key_identifier(certificate)])]),
        |certificate| der(0x82, &[&key_identifier(certificate)]),
    ];
    let preferring = |named: &[u8]| {
        let attributes = vec![attribute("id-smime-aa-encrypKeyPref", &[named])];
        let mut written = Written::with(&attributes);
        written.beside = &reading.der;
        let signer = written.read(&author);
        assert_eq!(signer.faults, []);
        signer.preference
    };
    for form in forms {
        let Preference::Carried(found) = preferring(&form(&reading.der)) else {
            panic!("the certificate came along");
        };
        assert_eq!(found.der(), reading.der);
        let found = preferring(&form(&elsewhere.der));
        assert!(matches!(found, Preference::Elsewhere), "{found:?}");
    }
    // Said, and in no form that there is.
    for odd in [der(0x83, &[b"x"]), der(0x80, &[b"x"]), der(0xA1, &[])] {
        let found = preferring(&odd);
        assert!(matches!(found, Preference::Elsewhere), "{odd:?}: {found:?}");
    }
}

#[test]
fn a_file_is_told_from_a_signature_and_a_signature_from_other_structures() {
    let made = Written::default().by(&author(KeyKind::P256));
    assert!(is_structure(&made));
    assert!(!is_structure(CONTENT));
    let malformed = |octets: &[u8]| {
        let found = signed_content(octets, Some(CONTENT));
        assert!(matches!(found, Err(OpenError::Malformed(_))), "{found:?}");
    };
    malformed(CONTENT);
    let data = der(OCTETS, &[CONTENT]);
    malformed(&content_info("pkcs7-data", &data));
}
