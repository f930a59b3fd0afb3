//! Outside programs: the files they work on, and how each is started.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use openssl::{hash::MessageDigest, nid::Nid, pkcs12::Pkcs12, x509::X509};
use tempfile::TempDir;

use super::people::Person;
use crate::tools::tool;

/// Of every key file that the programs take.
pub(super) const PASSWORD: &str = "demo";

/// A folder with files for the programs.
pub(super) struct Folder(TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn file(&self, name: &str, octets: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, octets).unwrap();
        path
    }

    pub(super) fn folder(&self, name: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir(&path).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        path
    }

    /// Key and certificate, in the old encryption that every program reads. The certificate is not encrypted: gpgsm
    /// 2.2.40 cannot read about one in fifty files where it is (seen with OpenSSL's own command, too), and now and then
    /// one where only the key is: see [`Gpgsm::import_key`].
    pub(super) fn pkcs12(&self, name: &str, person: &Person) -> PathBuf {
        let mut builder = Pkcs12::builder();
        builder.name(name).pkey(person.key()).cert(&person.x509());
        builder.key_algorithm(Nid::PBE_WITHSHA1AND3_KEY_TRIPLEDES_CBC);
        builder.cert_algorithm(Nid::from_raw(-1));
        builder.mac_md(MessageDigest::sha1());
        let octets = builder.build2(PASSWORD).unwrap().to_der().unwrap();
        self.file(name, &octets)
    }
}

/// Runs a program to its end, with this on its standard input.
pub(super) fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

pub(super) fn runs(command: &mut Command, input: &str) {
    let output = run(command, input);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
}

/// gpgsm with a home of its own. Its agent ends with it.
pub(super) struct Gpgsm {
    home: PathBuf,
}

impl Drop for Gpgsm {
    fn drop(&mut self) {
        if let Some(mut gpgconf) = tool("gpgconf") {
            let _gone = gpgconf
                .env("GNUPGHOME", &self.home)
                .args(["--kill", "all"])
                .output();
        }
    }
}

impl Gpgsm {
    pub(super) fn new(folder: &Folder, name: &str) -> Self {
        let home = folder.folder(name);
        fs::write(home.join("gpgsm.conf"), "disable-crl-checks\n").unwrap();
        Self { home }
    }

    /// Without questions. The password of a key is read from its standard input, and what it did is told on its standard
    /// output.
    pub(super) fn command(&self) -> Command {
        let mut gpgsm = tool("gpgsm").unwrap();
        gpgsm.env("GNUPGHOME", &self.home);
        gpgsm.args(["--batch", "--yes", "--status-fd", "1"]);
        gpgsm.args(["--pinentry-mode", "loopback", "--passphrase-fd", "0"]);
        gpgsm
    }

    /// Believes this root (DER).
    pub(super) fn trust(&self, folder: &Folder, root: &[u8]) {
        let digest = X509::from_der(root).unwrap();
        let digest = digest.digest(MessageDigest::sha1()).unwrap();
        let digits = digest.iter().flat_map(|b| [b >> 4, b & 15]);
        let digits: String = digits
            .filter_map(|d| char::from_digit(d.into(), 16))
            .collect();
        let line = format!("{} S relax\n", digits.to_uppercase());
        fs::write(self.home.join("trustlist.txt"), line).unwrap();
        self.import(folder, root);
    }

    /// Takes a certificate (DER). One with a key that is too new for it is refused, and is seen where it is used.
    pub(super) fn import(&self, folder: &Folder, certificate: &[u8]) {
        let certificate = folder.file("certificate", certificate);
        run(self.command().arg("--import").arg(certificate), PASSWORD);
    }

    /// Takes a person's key. A file that it cannot read is made anew with another salt, at most four times: its trouble
    /// with key files says nothing of the messages that it is to judge.
    pub(super) fn import_key(&self, folder: &Folder, person: &Person) -> Output {
        let mut done = None;
        for _ in 0..5 {
            let file = folder.pkcs12("pkcs12", person);
            let output = run(self.command().arg("--import").arg(file), PASSWORD);
            let is_taken = output.status.success();
            done = Some(output);
            if is_taken {
                break;
            }
        }
        done.unwrap()
    }
}

/// NSS's programs with a database of their own.
pub(super) struct Nss {
    database: String,
}

impl Nss {
    pub(super) fn new(folder: &Folder, name: &str) -> Self {
        let database = format!("sql:{}", folder.folder(name).display());
        let nss = Self { database };
        runs(nss.tool("certutil").args(["-N", "--empty-password"]), "");
        nss
    }

    pub(super) fn tool(&self, program: &str) -> Command {
        let mut program = tool(program).unwrap();
        program.args(["-d", &self.database]);
        program
    }

    /// Takes the certificate (DER) of an issuer, with these flags of certutil's, or of a person.
    pub(super) fn import(&self, folder: &Folder, name: &str, certificate: &[u8], trust: &str) {
        let certificate = folder.file("certificate", certificate);
        let mut certutil = self.tool("certutil");
        certutil.args(["-A", "-n", name, "-t", trust, "-i"]);
        runs(certutil.arg(certificate), "");
    }

    /// Takes a person's key under this name.
    pub(super) fn import_key(&self, folder: &Folder, name: &str, person: &Person) -> Output {
        let file = folder.pkcs12(name, person);
        let mut pk12util = self.tool("pk12util");
        run(pk12util.args(["-W", PASSWORD, "-i"]).arg(file), "")
    }
}

/// The class path of `BouncyCastle` and `JavaMail`, where Debian's packages put them.
fn class_path(own: &Path) -> Option<String> {
    let names = [
        "bcmail",
        "bcpkix",
        "bcprov",
        "bcutil",
        "javax.mail",
        "javax.activation",
    ];
    let jars = names.map(|name| format!("/usr/share/java/{name}.jar"));
    if let Some(missing) = jars.iter().find(|jar| !Path::new(jar).is_file()) {
        assert!(
            std::env::var_os("CI").is_none(),
            "{missing} is not installed, and CI skips nothing"
        );
        eprintln!("SKIPPED a test: {missing} is not installed");
        return None;
    }
    Some(format!("{}:{}", own.display(), jars.join(":")))
}

/// Compiles a program of `tests/java`, and gives what runs it; none, and a loud word, where something is missing.
pub(super) fn java(folder: &Folder, program: &str) -> Option<impl Fn() -> Command> {
    let (mut javac, _) = (tool("javac")?, tool("java")?);
    let classes = folder.folder("classes");
    let class_path = class_path(&classes)?;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java");
    let source = sources.join(format!("{program}.java"));
    javac.args(["-cp", &class_path, "-d"]).arg(classes);
    runs(javac.arg(source), "");
    Some(move || {
        let mut java = tool("java").unwrap();
        java.args(["-cp", &class_path, program]);
        java
    })
}
