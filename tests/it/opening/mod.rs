//! `segl open`: what other programs made is opened, verified and told truly. The maker is OpenSSL's command; third-party
//! messages stand in `corpora`.

pub(crate) mod altered;
mod attack;
mod ciphers;
mod corpora;
mod encapsulated;
mod key_files;
mod limits;
mod made;
mod oracles;
mod sender;
mod signatures;
mod spoofing;
mod table;
mod told;
mod written;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// A folder with people of different keys, made by OpenSSL's command.
pub(super) struct Bench {
    folder: tempfile::TempDir,
}

/// How a person's key is made.
#[derive(Clone, Copy)]
pub(super) enum KeyKind {
    Rsa,
    Curve(&'static str),
}

impl Bench {
    /// None where OpenSSL's command is missing.
    pub(super) fn new() -> Option<Self> {
        super::tools::tool("openssl")?;
        let bench = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        bench.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=Root",
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ]);
        Some(bench)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs OpenSSL's command in the folder.
    pub(super) fn openssl(&self, arguments: &[&str]) {
        let done = self.try_openssl(arguments);
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "openssl {arguments:?}: {told}");
    }

    pub(super) fn try_openssl(&self, arguments: &[&str]) -> Output {
        let mut command = super::tools::tool("openssl").expect("it was there");
        command.current_dir(self.folder.path()).args(arguments);
        command.output().expect("openssl runs")
    }

    /// `text` signed by this person, into `made`.
    pub(super) fn sign(&self, who: &str, more: &[&str]) {
        let (certificate, key) = (format!("{who}.pem"), format!("{who}.key"));
        let sign = ["cms", "-sign", "-in", "text", "-out", "made"];
        let signer = ["-signer", &certificate, "-inkey", &key];
        self.openssl(&[&sign[..], &signer, more].concat());
    }

    /// A person with `NAME.key` and `NAME.pem`, for signing and encrypting, under the root.
    pub(super) fn person(&self, name: &str, kind: KeyKind) {
        let extensions = format!(
            "keyUsage=critical,digitalSignature,keyEncipherment,keyAgreement\n\
             extendedKeyUsage=emailProtection\nsubjectAltName=email:{name}@example.com\n\
             subjectKeyIdentifier=hash\n"
        );
        self.issue(name, kind, &format!("/CN={name}"), &extensions);
    }

    /// A person with this subject and these extensions.
    pub(super) fn person_of(&self, name: &str, subject: &str, extensions: &str) {
        self.issue(name, KeyKind::Curve("P-256"), subject, extensions);
    }

    fn issue(&self, name: &str, kind: KeyKind, subject: &str, extensions: &str) {
        let key = format!("{name}.key");
        match kind {
            KeyKind::Rsa => self.openssl(&["genpkey", "-algorithm", "RSA", "-out", &key]),
            KeyKind::Curve(curve) => {
                let option = format!("ec_paramgen_curve:{curve}");
                self.openssl(&[
                    "genpkey",
                    "-algorithm",
                    "EC",
                    "-pkeyopt",
                    &option,
                    "-out",
                    &key,
                ]);
            }
        }
        let request = format!("{name}.csr");
        self.openssl(&[
            "req", "-new", "-utf8", "-key", &key, "-subj", subject, "-out", &request,
        ]);
        fs::write(self.path("leaf.ext"), extensions).expect("a file");
        let certificate = format!("{name}.pem");
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-days",
            "20",
            "-extfile",
            "leaf.ext",
            "-out",
            &certificate,
        ]);
        let both = fs::read_to_string(self.path(&key)).expect("a key")
            + &fs::read_to_string(self.path(&certificate)).expect("a certificate");
        fs::write(self.path(&format!("{name}.both")), both).expect("a file");
    }

    /// `segl open --json` with the bench's root; the JSON and the exit code.
    pub(super) fn open(&self, key: Option<&str>, more: &[&str], message: &str) -> (Value, i32) {
        let root = self.path("root.pem");
        let mut arguments = vec!["--anchor".to_owned(), root.display().to_string()];
        if let Some(key) = key {
            arguments.extend(["--key".to_owned(), self.path(key).display().to_string()]);
        }
        arguments.extend(more.iter().map(|a| (*a).to_owned()));
        open(self.folder.path(), &arguments, &self.path(message))
    }
}

/// `segl open --json` of a message.
pub(super) fn open(home: &Path, arguments: &[String], message: &Path) -> (Value, i32) {
    let done = Command::new(env!("CARGO_BIN_EXE_segl"))
        .env_clear()
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .args(["open", "--json", "--revocation", "when-available"])
        .args(arguments)
        .arg(message)
        .output()
        .expect("segl runs");
    let text = String::from_utf8_lossy(&done.stdout);
    let value = serde_json::from_str(&text)
        .unwrap_or_else(|e| panic!("{e}: {text} {}", String::from_utf8_lossy(&done.stderr)));
    (value, done.status.code().expect("an exit code"))
}

/// The codes in a list of objects.
pub(super) fn codes(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .map(|v| v["code"].as_str().unwrap_or("?").to_owned())
        .collect()
}

/// The problems of the n-th signer.
pub(super) fn problems(value: &Value, signer: usize) -> Vec<String> {
    codes(&value["signers"][signer]["problems"])
}
