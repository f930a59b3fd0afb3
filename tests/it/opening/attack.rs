//! What the vectors of attacks are built from: people, signed entities, and CMS taken apart and put together otherwise.

use std::{fs, process::Command};

use cms::{
    content_info::ContentInfo,
    signed_data::{SignedData, SignerInfos},
};
use der::{Any, Decode as _, Encode as _, asn1::OctetString};
use serde_json::Value;

use super::{Bench, KeyKind, codes};

/// What the attacker wants believed, and what the victim really wrote.
pub(super) const FORGED: &str = "Du er fyret";
pub(super) const GENUINE: &str = "Vi ses paa mandag";
pub(super) const SECRET: &str = "HEMMELIGT-4711";

/// Addresses.
pub(super) const ANNE: &str = "anne@example.com";
pub(super) const EVA: &str = "eva@example.com";

/// Nobody stands in for what Eva made: no signer without problems but perhaps Eva herself, and never with exit code 0.
#[track_caller]
pub(super) fn nothing_is_vouched_for(name: &str, (value, exit): &(Value, i32)) {
    assert_eq!(*exit, 1, "{name}: {value}");
    for signer in value["signers"].as_array().into_iter().flatten() {
        let is_clean = signer["problems"].as_array().is_some_and(Vec::is_empty);
        assert!(
            !is_clean || signer["address"] == EVA,
            "{name}: somebody vouches: {value}"
        );
    }
}

#[track_caller]
pub(super) fn warns(name: &str, value: &Value, code: &str) {
    let found = codes(&value["warnings"]);
    assert!(found.iter().any(|c| c == code), "{name}: {value}");
}

/// A text as an entity of its own.
pub(super) fn entity(text: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n")
}

/// Anne, whom everybody trusts; Eva, who attacks and has a certificate of her own; Bo, who reads.
pub(super) fn people() -> Option<Bench> {
    let bench = Bench::new()?;
    for name in ["anne", "eva", "bo"] {
        bench.person(name, KeyKind::Curve("P-256"));
    }
    Some(bench)
}

impl Bench {
    /// What `segl open --json` says of this mail with Bo's key; the JSON and the exit code.
    pub(super) fn judged(&self, mail: &str) -> (Value, i32) {
        self.judged_octets(mail.as_bytes())
    }

    pub(super) fn judged_octets(&self, mail: &[u8]) -> (Value, i32) {
        fs::write(self.path("mail"), mail).expect("a file");
        self.open(Some("bo.both"), &[], "mail")
    }

    /// What it says to a person, in English.
    pub(super) fn told(&self, mail: &str) -> String {
        fs::write(self.path("mail"), mail).expect("a file");
        let done = Command::new(env!("CARGO_BIN_EXE_segl"))
            .env_clear()
            .env("HOME", self.path(""))
            .env("XDG_CONFIG_HOME", self.path(""))
            .args([
                "--lang",
                "en",
                "open",
                "--revocation",
                "when-available",
                "--anchor",
            ])
            .arg(self.path("root.pem"))
            .arg("--key")
            .arg(self.path("bo.both"))
            .arg(self.path("mail"))
            .output()
            .expect("segl runs");
        String::from_utf8(done.stdout).expect("text")
    }

    /// The octets of each part of the mail that was opened last, as they would be saved.
    pub(super) fn every_part(&self, value: &Value) -> Vec<Vec<u8>> {
        let count = value["parts"].as_array().map_or(0, Vec::len);
        let part = |number: usize| {
            Command::new(env!("CARGO_BIN_EXE_segl"))
                .env_clear()
                .env("HOME", self.path(""))
                .args(["open", "--part", &number.to_string(), "--key"])
                .arg(self.path("bo.both"))
                .arg(self.path("mail"))
                .output()
                .expect("segl runs")
                .stdout
        };
        (1..=count).map(part).collect()
    }

    /// `self.pem` and `self.key`: a certificate in Anne's name that anybody can make.
    pub(super) fn self_signed(&self) {
        self.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "9",
            "-subj",
            "/CN=anne",
            "-keyout",
            "self.key",
            "-out",
            "self.pem",
            "-addext",
            "subjectAltName=email:anne@example.com",
            "-addext",
            "extendedKeyUsage=emailProtection",
        ]);
    }

    /// This entity as multipart/signed: fields of its own, no From.
    pub(super) fn signed(&self, who: &str, entity: &str, more: &[&str]) -> String {
        fs::write(self.path("text"), with_crlf(entity)).expect("a file");
        self.sign(who, &[&["-binary"], more].concat());
        with_crlf(&fs::read_to_string(self.path("made")).expect("a message"))
    }

    /// The signature over this entity in DER, with the content inside if `is_opaque`.
    pub(super) fn signature(&self, who: &[&str], entity: &str, is_opaque: bool) -> Vec<u8> {
        fs::write(self.path("text"), with_crlf(entity)).expect("a file");
        let mut sign: Vec<String> = [
            "cms", "-sign", "-binary", "-in", "text", "-outform", "DER", "-out", "made",
        ]
        .map(str::to_owned)
        .into();
        for one in who {
            sign.extend(["-signer".to_owned(), format!("{one}.pem")]);
            sign.extend(["-inkey".to_owned(), format!("{one}.key")]);
        }
        if is_opaque {
            sign.push("-nodetach".to_owned());
        }
        self.openssl(&sign.iter().map(String::as_str).collect::<Vec<_>>());
        fs::read(self.path("made")).expect("a signature")
    }

    /// This entity encrypted to Bo: fields of its own, no From.
    pub(super) fn encrypted(&self, entity: &str, cipher: &str) -> String {
        fs::write(self.path("text"), with_crlf(entity)).expect("a file");
        self.openssl(&[
            "cms", "-encrypt", "-binary", cipher, "-in", "text", "-out", "made", "-recip", "bo.pem",
        ]);
        with_crlf(&fs::read_to_string(self.path("made")).expect("a message"))
    }
}

/// As it goes over the wire, and as it is signed.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// The fields of a mail before an entity.
pub(super) fn mail(from: &str, entity: &str) -> String {
    format!("From: {from}\r\nTo: bo@example.com\r\nSubject: Hej\r\n{entity}")
}

/// A multipart of these entities.
pub(super) fn multipart(kind: &str, parts: &[&str]) -> String {
    let mut out =
        format!("MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=\"ydre\"\r\n\r\n");
    for part in parts {
        out.push_str("--ydre\r\n");
        out.push_str(part);
        out.push_str("\r\n");
    }
    out.push_str("--ydre--\r\n");
    out
}

/// multipart/signed of this entity and a signature that is not necessarily one over it.
pub(super) fn multipart_signed(entity: &str, signature: &[u8]) -> String {
    let signature = format!(
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        base64_simd::STANDARD.encode_to_string(signature)
    );
    multipart(
        "signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
        &[entity, &signature],
    )
}

/// application/pkcs7-mime around DER.
pub(super) fn pkcs7_mime(kind: &str, der: &[u8]) -> String {
    format!(
        "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        base64_simd::STANDARD.encode_to_string(der)
    )
}

/// The SignedData inside, changed, and written again.
pub(super) fn respliced(der: &[u8], change: impl FnOnce(&mut SignedData)) -> Vec<u8> {
    let mut info = ContentInfo::from_der(der).expect("ContentInfo");
    let mut signed: SignedData = info.content.decode_as().expect("SignedData");
    change(&mut signed);
    info.content = Any::encode_from(&signed).expect("DER");
    info.to_der().expect("DER")
}

/// The SignedData inside.
pub(super) fn signed_data(der: &[u8]) -> SignedData {
    let info = ContentInfo::from_der(der).expect("ContentInfo");
    info.content.decode_as().expect("SignedData")
}

/// These SignerInfos in place of those that are there.
pub(super) fn set_signers(data: &mut SignedData, infos: Vec<cms::signed_data::SignerInfo>) {
    data.signer_infos = SignerInfos(infos.try_into().expect("a set"));
}

/// This content inside.
pub(super) fn set_content(data: &mut SignedData, content: &str) {
    let octets = OctetString::new(content.as_bytes()).expect("octets");
    data.encap_content_info.econtent = Some(Any::encode_from(&octets).expect("DER"));
}
