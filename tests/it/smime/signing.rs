//! Signing: what is signed is verified by programs that are not ours, and nothing that was altered is.

use std::{fs, path::Path, sync::LazyLock};

use jiff::Timestamp;
use openssl::x509::X509;
use segl::{
    cert::Certificate,
    demo::{Authority, KeyChoice, KeyKind, Leaf},
    identity::{SignatureScheme, Signer, SignerError, SoftKey},
    smime::{
        OuterHeader, SealError, Signing,
        open::{self, Layer},
        seal_entity, sign_entity,
    },
};

use super::{
    DEFAULT,
    judges::{Folder, class_path, run, runs},
    people, structure,
};
use crate::tools::tool;

/// Inside the validity of the certificates, and of the day on which the judges look.
const AT: Timestamp = Timestamp::constant(1_780_000_000, 0);

/// What every judge must hand out octet for octet: encoded text, blank line ends, a line that a gateway would change.
const ENTITY: &str = "Content-Type: multipart/mixed; boundary=\"skille\"\r\n\r\n\
    --skille\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    K=C3=A6re Bo\r\n\r\n=46rom her =\r\n\r\n.\r\n\
    --skille\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC/w==\r\n\
    --skille--\r\n";

/// Somebody with a key of this kind, under an intermediate.
struct Author {
    name: &'static str,
    key: SoftKey,
    scheme: SignatureScheme,
    chain: Vec<Certificate>,
    root: Vec<u8>,
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

    /// The mail as it would stand alone, and inside an encryption.
    fn signed(&self) -> Vec<u8> {
        let mut out = b"From: anne@x.example\r\nMIME-Version: 1.0\r\n".to_vec();
        sign_entity(&mut out, &self.signing(), |entity| {
            entity
                .write_all(ENTITY.as_bytes())
                .map_err(SealError::Write)
        })
        .unwrap();
        out
    }
}

/// Those whose signatures every program verifies.
fn usual() -> &'static [Author] {
    &authors()[..3]
}

/// These and those who sign by policy alone.
fn authors() -> &'static [Author] {
    static AUTHORS: LazyLock<Vec<Author>> = LazyLock::new(|| {
        let root = Authority::root("Segl Test Root").unwrap();
        let issuing = root.intermediate("Segl Test Issuing").unwrap();
        use SignatureScheme::{EcdsaSha256, Ed25519, RsaPkcs1Sha256, RsaPssSha256};
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

/// The signed part and the signature of a multipart/signed message.
fn taken_apart(message: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = str::from_utf8(message).unwrap();
    let boundary = text.split("boundary=\"").nth(1).unwrap();
    let boundary = format!("--{}", boundary.split('"').next().unwrap());
    let mut parts = text.split(&boundary);
    let content = parts.nth(1).unwrap();
    let content = content.strip_prefix("\r\n").unwrap();
    let content = content.strip_suffix("\r\n").unwrap();
    let signature = parts.next().unwrap().trim_start();
    (content.into(), structure(signature.as_bytes()))
}

/// The message with one letter of its text changed.
fn altered(message: &[u8]) -> Vec<u8> {
    String::from_utf8(message.to_vec())
        .unwrap()
        .replace("re Bo", "re Ib")
        .into_bytes()
}

fn pem(der: &[u8]) -> Vec<u8> {
    X509::from_der(der).unwrap().to_pem().unwrap()
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
        let outer = OuterHeader::of(b"From: anne@x.example\r\nSubject: S\r\n").unwrap();
        let mut out = Vec::new();
        seal_entity(&mut out, &outer, &[&person.judged()], DEFAULT, |entity| {
            sign_entity(entity, &author.signing(), |entity| {
                entity
                    .write_all(ENTITY.as_bytes())
                    .map_err(SealError::Write)
            })
        })
        .unwrap();
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
fn openssl_verifies_it_up_to_the_root_and_refuses_what_was_altered() {
    let Some(_) = tool("openssl") else { return };
    let folder = Folder::new();
    let out = folder.path("out");
    // OpenSSL 3.0 verifies RSASSA-PSS; Ed25519 in CMS is BouncyCastle's to judge.
    for author in &authors()[..4] {
        let root = folder.file("root.pem", &pem(&author.root));
        let message = author.signed();
        for (octets, is_good) in [(altered(&message), false), (message, true)] {
            let file = folder.file("message.eml", &octets);
            let mut openssl = tool("openssl").unwrap();
            openssl
                .args(["cms", "-verify", "-inform", "SMIME", "-in"])
                .arg(file)
                .arg("-CAfile")
                .arg(&root)
                .args(["-attime", &AT.as_second().to_string()])
                .arg("-out")
                .arg(&out);
            let done = run(&mut openssl, "");
            let told = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.success(), is_good, "{}: {told}", author.name);
        }
        assert_eq!(fs::read(&out).unwrap(), ENTITY.as_bytes());
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

#[test]
fn gpgsm_verifies_it_and_refuses_what_was_altered() {
    let (Some(_), Some(_)) = (tool("gpgsm"), tool("gpgconf")) else {
        return;
    };
    let folder = Folder::new();
    let home = folder.folder("home");
    fs::write(home.join("gpgsm.conf"), "disable-crl-checks\n").unwrap();
    let root = X509::from_der(&authors()[0].root).unwrap();
    let digest = root.digest(openssl::hash::MessageDigest::sha1()).unwrap();
    let digits = digest.iter().flat_map(|b| [b >> 4, b & 15]);
    let digest: String = digits
        .filter_map(|d| char::from_digit(d.into(), 16))
        .collect();
    let digest = digest.to_uppercase();
    fs::write(home.join("trustlist.txt"), format!("{digest} S relax\n")).unwrap();
    let gpgsm = || {
        let mut gpgsm = tool("gpgsm").unwrap();
        gpgsm.env("GNUPGHOME", &home);
        gpgsm.args(["--batch", "--status-fd", "1"]);
        gpgsm
    };
    let root = folder.file("root", &authors()[0].root);
    runs(gpgsm().arg("--import").arg(root), "");
    for author in usual() {
        let (content, signature) = taken_apart(&author.signed());
        let signature = folder.file("smime.p7s", &signature);
        for (octets, is_good) in [(altered(&content), false), (content, true)] {
            let content = folder.file("content", &octets);
            let done = run(gpgsm().arg("--verify").arg(&signature).arg(content), "");
            let status = String::from_utf8_lossy(&done.stdout);
            let told = String::from_utf8_lossy(&done.stderr);
            assert_eq!(
                status.contains("GOODSIG"),
                is_good,
                "{}: {status} {told}",
                author.name
            );
            assert_eq!(status.contains("BADSIG"), !is_good, "{}", author.name);
        }
    }
    let mut gpgconf = tool("gpgconf").unwrap();
    runs(gpgconf.env("GNUPGHOME", &home).args(["--kill", "all"]), "");
}

#[test]
fn nss_verifies_it_up_to_the_root_and_refuses_what_was_altered() {
    let (Some(_), Some(_)) = (tool("certutil"), tool("cmsutil")) else {
        return;
    };
    let folder = Folder::new();
    let database = format!("sql:{}", folder.folder("database").display());
    let nss = |program: &str| {
        let mut program = tool(program).unwrap();
        program.args(["-d", &database]);
        program
    };
    runs(nss("certutil").args(["-N", "--empty-password"]), "");
    let root = folder.file("root", &authors()[0].root);
    runs(
        nss("certutil")
            .args(["-A", "-n", "root", "-t", "C,C,C", "-i"])
            .arg(root),
        "",
    );
    for author in usual() {
        let (content, signature) = taken_apart(&author.signed());
        let signature = folder.file("smime.p7s", &signature);
        for (octets, is_good) in [(altered(&content), false), (content, true)] {
            let content = folder.file("content", &octets);
            let mut cmsutil = nss("cmsutil");
            cmsutil.arg("-D").arg("-i").arg(&signature).arg("-c");
            let done = run(cmsutil.arg(content).args(["-h", "0"]), "");
            let told = String::from_utf8_lossy(&done.stderr);
            let shown = String::from_utf8_lossy(&done.stdout);
            let believes = done.status.success() && shown.contains("status=GoodSignature");
            assert_eq!(believes, is_good, "{}: {told} {shown}", author.name);
        }
    }
}

#[test]
fn bouncycastle_verifies_it_and_refuses_what_was_altered() {
    let (Some(mut javac), Some(_)) = (tool("javac"), tool("java")) else {
        return;
    };
    let folder = Folder::new();
    let classes = folder.folder("classes");
    let Some(class_path) = class_path(&classes) else {
        return;
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/Verify.java");
    runs(
        javac
            .args(["-cp", &class_path, "-d"])
            .arg(&classes)
            .arg(source),
        "",
    );
    let java = || {
        let mut java = tool("java").unwrap();
        java.args(["-cp", &class_path, "Verify"]);
        java
    };
    let mut all = java();
    for author in authors() {
        all.arg(folder.file(author.name, &author.signed()));
    }
    runs(&mut all, "");
    let bad = folder.file("altered", &altered(&authors()[0].signed()));
    assert!(!run(java().arg(bad), "").status.success());
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
        let made = sign_entity(&mut out, &signing, |entity| {
            entity
                .write_all(ENTITY.as_bytes())
                .map_err(SealError::Write)
        });
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
