//! Signing: what stands in a signature, and that no wrong one leaves. Outside programs verify it in `verifying`.

use std::{io::Write, sync::LazyLock};

use jiff::Timestamp;
use segl::{
    cert::Certificate,
    demo::{Authority, KeyChoice, KeyKind, Leaf},
    identity::{SignatureScheme, Signer, SignerError, SoftKey},
    smime::{
        CoveredBy, OuterHeader, SealError, Signing,
        open::{self, Layer},
        protect_header, seal_entity, sign_entity,
    },
};

use super::{
    DEFAULT,
    people::{self, Person},
    programs::{Folder, run},
};
use crate::tools::tool;

/// Inside the validity of the certificates, and of the day on which the judges look.
pub(super) const AT: Timestamp = Timestamp::constant(1_780_000_000, 0);

/// What every judge must hand out octet for octet: encoded text, blank line ends, a line that a gateway would change.
const ENTITY: &str = "Content-Type: multipart/mixed; boundary=\"skille\"\r\n\r\n\
    --skille\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    K=C3=A6re Bo\r\n\r\n=46rom her =\r\n\r\n.\r\n\
    --skille\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC/w==\r\n\
    --skille--\r\n";

/// Somebody with a key of this kind, under an intermediate.
pub(super) struct Author {
    pub(super) name: &'static str,
    key: SoftKey,
    scheme: SignatureScheme,
    chain: Vec<Certificate>,
    pub(super) root: Vec<u8>,
}

impl Author {
    fn signing(&self) -> Signing<'_> {
        Signing {
            signer: &self.key,
            scheme: self.scheme,
            chain: &self.chain,
            reading: Some(Signer::certificate(&self.key)),
            at: AT,
        }
    }

    /// The mail as it would stand alone, and inside an encryption, with a protected header (RFC 9788).
    pub(super) fn signed(&self) -> Vec<u8> {
        let header = OuterHeader::of(HEADER).unwrap();
        let mut out = [HEADER, b"MIME-Version: 1.0\r\n"].concat();
        sign_entity(&mut out, &self.signing(), |entity| {
            protect_header(entity, &header, &header, CoveredBy::Signature, written)
        })
        .unwrap();
        out
    }

    /// The same inside an encryption to this person, the subject hidden.
    pub(super) fn sealed(&self, person: &Person) -> Vec<u8> {
        let inner = OuterHeader::of(HEADER).unwrap();
        let outer = inner.with_hidden_subject();
        let mut out = Vec::new();
        seal_entity(&mut out, &outer, &[&person.judged()], DEFAULT, |entity| {
            sign_entity(entity, &self.signing(), |entity| {
                protect_header(entity, &inner, &outer, CoveredBy::Encryption, written)
            })
        })
        .unwrap();
        out
    }
}

/// The Date is that of the signature: Thunderbird believes no signature of another hour.
const HEADER: &[u8] =
    b"From: anne@x.example\r\nDate: Thu, 28 May 2026 20:26:40 +0000\r\nSubject: Sag\r\n";

fn written(entity: &mut dyn Write) -> Result<(), SealError> {
    entity
        .write_all(ENTITY.as_bytes())
        .map_err(SealError::Write)
}

/// One for each kind of signature. The first three sign as every program verifies, the others by policy alone.
pub(super) fn authors() -> &'static [Author] {
    static AUTHORS: LazyLock<Vec<Author>> = LazyLock::new(|| {
        use SignatureScheme::{EcdsaSha256, Ed25519, RsaPkcs1Sha256, RsaPssSha256};
        let root = Authority::root("Segl Test Root").unwrap();
        let issuing = root.intermediate("Segl Test Issuing").unwrap();
        let kinds = [
            ("rsa", KeyKind::Rsa(2048), RsaPkcs1Sha256),
            ("p256", KeyKind::P256, EcdsaSha256),
            ("p384", KeyKind::P384, EcdsaSha256),
            ("rsa-pss", KeyKind::Rsa(2048), RsaPssSha256),
            ("ed25519", KeyKind::Ed25519, Ed25519),
        ];
        let author = |(name, kind, scheme)| {
            let leaf = Leaf::mail("Anne", "anne@x.example").with_key(KeyChoice::Fresh(kind));
            let issued = issuing.issue(&leaf).unwrap();
            let certificate = Certificate::from_der(&issued.der).unwrap();
            let read = |der: &[u8]| Certificate::from_der(der).unwrap();
            Author {
                name,
                key: SoftKey::new(certificate, issued.key).unwrap(),
                scheme,
                // The root is given, and must not go along.
                chain: vec![
                    read(&issuing.certificate().der),
                    read(&root.certificate().der),
                ],
                root: root.certificate().der.clone(),
            }
        };
        kinds.map(author).into()
    });
    &AUTHORS
}

#[test]
fn segl_itself_believes_the_signature_inside_the_encryption_and_finds_what_it_says() {
    let person = &people::eight()[0];
    let reader = SoftKey::new(
        Certificate::from_der(person.der()).unwrap(),
        person.key().clone(),
    )
    .unwrap();
    for author in authors() {
        let out = author.sealed(person);
        assert!(memchr::memmem::find(&out, b"multipart/signed").is_none());
        let opened = open::open(out, &[&reader]).unwrap();
        assert!(matches!(
            opened.layers[..],
            [
                Layer::Encrypted { .. },
                Layer::Signed {
                    is_detached: true,
                    signers: 1
                }
            ]
        ));
        assert_eq!(opened.warnings, []);
        let [(1, signer)] = &opened.signers[..] else {
            panic!("one signer")
        };
        assert_eq!(signer.faults, [], "{}", author.name);
        assert_eq!(signer.signed_at, Some(AT));
        let is_ed25519 = author.scheme == SignatureScheme::Ed25519;
        let digest = if is_ed25519 { "sha512" } else { "sha256" };
        assert_eq!(signer.digest, digest);
        assert_eq!(
            signer.certificate.as_ref(),
            Some(Signer::certificate(&author.key))
        );
        // AES-256 in CBC mode stands first.
        let capabilities = signer.capabilities.as_ref().unwrap();
        let first = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
        assert!(memchr::memmem::find(capabilities, first).is_some_and(|at| at <= 4));
        let sent: Vec<_> = opened.certificates.iter().map(Certificate::der).collect();
        assert!(sent.contains(&author.chain[0].der()), "the intermediate");
        assert!(!sent.contains(&author.root.as_slice()), "not the root");
        assert!(opened.text.contains("Kære Bo"));
    }
}

#[test]
fn openssl_finds_every_signed_attribute() {
    let Some(mut openssl) = tool("openssl") else {
        return;
    };
    let folder = Folder::new();
    let file = folder.file("message.eml", &authors()[0].signed());
    openssl
        .args(["cms", "-cmsout", "-print", "-inform", "SMIME", "-in"])
        .arg(file);
    let done = run(&mut openssl, "");
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    for name in [
        "contentType",
        "messageDigest",
        "signingTime",
        "S/MIME Capabilities",
        "signingCertificateV2",
        "id-smime-aa-encrypKeyPref",
    ] {
        assert!(told.contains(name), "{name}: {told}");
    }
}

/// A key that signs something else, as a token that fails may.
struct Wrong<'a>(&'a SoftKey);

impl Signer for Wrong<'_> {
    fn certificate(&self) -> &Certificate {
        Signer::certificate(self.0)
    }

    fn schemes(&self) -> &'static [SignatureScheme] {
        self.0.schemes()
    }

    fn sign(&self, scheme: SignatureScheme, octets: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.sign(scheme, &octets[1..])
    }
}

#[test]
fn a_signature_that_does_not_verify_never_leaves() {
    for author in authors() {
        let signing = Signing {
            signer: &Wrong(&author.key),
            ..author.signing()
        };
        let mut out = Vec::new();
        let made = sign_entity(&mut out, &signing, written);
        assert!(matches!(made, Err(SealError::SignatureDiffers)));
        assert!(memchr::memmem::find(&out, b"pkcs7-signature; name").is_none());
    }
}

#[test]
fn what_a_gateway_would_change_is_not_signed() {
    let made = sign_entity(&mut Vec::new(), &authors()[0].signing(), |entity| {
        entity
            .write_all("Content-Type: text/plain\r\n\r\næ".as_bytes())
            .map_err(SealError::Write)
    });
    assert!(matches!(made, Err(SealError::NotSevenBit)));
}
