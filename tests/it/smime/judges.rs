//! Outside judges: each reader's key opens a message in OpenSSL, gpgsm, NSS and `BouncyCastle`, octet for octet.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use openssl::{hash::MessageDigest, nid::Nid, pkcs12::Pkcs12};
use tempfile::TempDir;

use super::{
    people::{self, Person},
    seal, structure,
};
use crate::tools::tool;

pub(super) const PASSWORD: &str = "demo";

/// A message to so many of the eight people.
struct Sealed {
    readers: usize,
    message: Vec<u8>,
}

/// Text and attachments with æøå, one of them larger than a chunk of encrypted content.
fn entity() -> Vec<u8> {
    let file = base64_simd::STANDARD.encode_to_string(
        (0..150_000_u32)
            .map(|n| (n % 249) as u8)
            .collect::<Vec<_>>(),
    );
    let lines: String = file
        .as_bytes()
        .chunks(76)
        .fold(String::new(), |lines, line| {
            lines + str::from_utf8(line).unwrap() + "\r\n"
        });
    format!(
        "Content-Type: multipart/mixed; boundary=\"skille\"\r\n\r\n\
        --skille\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
        Kære Bo\r\n\r\n.\r\nRødgrød med fløde, ÆØÅ\r\nFrom her\r\n\
        --skille\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\
        Content-Disposition: attachment; filename*=utf-8''%C3%A6%C3%B8%C3%A5.txt\r\n\r\n=C3=A6=C3=B8=C3=A5 =\r\n\r\n\
        --skille\r\nContent-Type: application/pdf; name=\"=?utf-8?q?s=C3=B8.pdf?=\"\r\n\
        Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n{lines}\
        --skille--\r\n"
    )
    .into_bytes()
}

fn sealed() -> &'static [Sealed] {
    static SEALED: LazyLock<Vec<Sealed>> = LazyLock::new(|| {
        let header = b"From: anne@x.example\r\nTo: post@y.example\r\nSubject: Sagen\r\nMIME-Version: 1.0\r\n";
        let message = [&header[..], &entity()].concat();
        let judged: Vec<_> = people::eight().iter().map(Person::judged).collect();
        let to = |readers: usize| Sealed {
            readers,
            message: seal(&message, &judged.iter().take(readers).collect::<Vec<_>>())
                .unwrap()
                .0,
        };
        [1, 2, 8].map(to).into()
    });
    &SEALED
}

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
    /// one where only the key is: see [`import_key`](Self::import_key).
    pub(super) fn pkcs12(&self, name: &str, person: &Person) -> PathBuf {
        let mut builder = Pkcs12::builder();
        builder.name(name).pkey(person.key()).cert(&person.x509());
        builder.key_algorithm(Nid::PBE_WITHSHA1AND3_KEY_TRIPLEDES_CBC);
        builder.cert_algorithm(Nid::from_raw(-1));
        builder.mac_md(MessageDigest::sha1());
        let octets = builder.build2(PASSWORD).unwrap().to_der().unwrap();
        self.file(name, &octets)
    }

    /// Has gpgsm take a person's key. A file that it cannot read is made anew with another salt, at most four times:
    /// its trouble with key files says nothing of the messages that it is to judge.
    pub(super) fn import_key(&self, person: &Person, gpgsm: impl Fn() -> Command) -> Output {
        let mut done = None;
        for _ in 0..5 {
            let file = self.pkcs12("pkcs12", person);
            let output = run(gpgsm().arg("--import").arg(file), PASSWORD);
            let is_taken = output.status.success();
            done = Some(output);
            if is_taken {
                break;
            }
        }
        done.unwrap()
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

fn assert_opened(judge: &str, readers: usize, n: usize, opened: &Path) {
    let opened = fs::read(opened).unwrap();
    assert!(
        opened == entity(),
        "{judge}: {readers} readers, key {n}: {} octets",
        opened.len()
    );
}

#[test]
fn openssl_opens_it_with_each_readers_key() {
    let Some(_) = tool("openssl") else { return };
    let folder = Folder::new();
    let out = folder.0.path().join("out");
    for sealed in sealed() {
        let message = folder.file("message.eml", &sealed.message);
        for (n, person) in people::eight().iter().take(sealed.readers).enumerate() {
            let key = folder.file("key", &person.key().private_key_to_pem_pkcs8().unwrap());
            let certificate = folder.file("certificate", &person.x509().to_pem().unwrap());
            let mut openssl = tool("openssl").unwrap();
            openssl
                .args(["cms", "-decrypt", "-inform", "SMIME", "-in"])
                .arg(&message);
            openssl
                .arg("-inkey")
                .arg(key)
                .arg("-recip")
                .arg(certificate);
            runs(openssl.arg("-out").arg(&out), "");
            assert_opened("openssl", sealed.readers, n, &out);
        }
    }
}

#[test]
fn openssl_finds_nothing_for_anybody_else() {
    let Some(mut openssl) = tool("openssl") else {
        return;
    };
    let folder = Folder::new();
    let message = folder.file("message.eml", &sealed()[1].message);
    let stranger = &people::eight()[2];
    let key = folder.file("key", &stranger.key().private_key_to_pem_pkcs8().unwrap());
    let certificate = folder.file("certificate", &stranger.x509().to_pem().unwrap());
    openssl
        .args(["cms", "-decrypt", "-inform", "SMIME", "-in"])
        .arg(&message);
    openssl
        .arg("-inkey")
        .arg(key)
        .arg("-recip")
        .arg(certificate);
    assert!(!run(&mut openssl, "").status.success());
}

#[test]
fn gpgsm_opens_it_with_each_readers_key() {
    let (Some(_), Some(_)) = (tool("gpgsm"), tool("gpgconf")) else {
        return;
    };
    let folder = Folder::new();
    let home = |n: usize| folder.0.path().join(format!("home{n}"));
    let gpgsm = |n: usize| {
        let mut gpgsm = tool("gpgsm").unwrap();
        gpgsm.env("GNUPGHOME", home(n));
        gpgsm.args([
            "--batch",
            "--yes",
            "--pinentry-mode",
            "loopback",
            "--passphrase-fd",
            "0",
        ]);
        gpgsm
    };
    for (n, person) in people::eight().iter().enumerate() {
        fs::write(
            folder.folder(&format!("home{n}")).join("gpgsm.conf"),
            "disable-crl-checks\n",
        )
        .unwrap();
        let taken = folder.import_key(person, || gpgsm(n));
        let errors = String::from_utf8_lossy(&taken.stderr);
        assert!(taken.status.success(), "{errors}");
        let certificate = folder.file("certificate", person.der());
        runs(gpgsm(n).arg("--import").arg(certificate), PASSWORD);
        for sealed in sealed().iter().filter(|s| s.readers > n) {
            let structure = folder.file("message.p7m", &structure(&sealed.message));
            let out = folder.0.path().join("out");
            let mut gpgsm = gpgsm(n);
            gpgsm.args(["--status-fd", "1", "--output"]).arg(&out);
            let output = run(gpgsm.arg("--decrypt").arg(structure), PASSWORD);
            // Its exit code counts the other readers' certificates that it does not know; its status does not.
            let status = String::from_utf8_lossy(&output.stdout);
            assert!(
                status.contains("DECRYPTION_OKAY"),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert_opened("gpgsm", sealed.readers, n, &out);
        }
        let mut gpgconf = tool("gpgconf").unwrap();
        runs(
            gpgconf.env("GNUPGHOME", home(n)).args(["--kill", "all"]),
            "",
        );
    }
}

#[test]
fn nss_opens_it_with_each_readers_key() {
    let (Some(_), Some(_), Some(_)) = (tool("certutil"), tool("pk12util"), tool("cmsutil")) else {
        return;
    };
    let folder = Folder::new();
    for (n, person) in people::eight().iter().enumerate() {
        let database = format!("sql:{}", folder.folder(&format!("database{n}")).display());
        let nss = |program: &str| {
            let mut program = tool(program).unwrap();
            program.args(["-d", &database]);
            program
        };
        runs(nss("certutil").args(["-N", "--empty-password"]), "");
        let pkcs12 = folder.pkcs12("pkcs12", person);
        runs(nss("pk12util").args(["-W", PASSWORD, "-i"]).arg(pkcs12), "");
        for sealed in sealed().iter().filter(|s| s.readers > n) {
            let structure = folder.file("message.p7m", &structure(&sealed.message));
            let out = folder.0.path().join("out");
            let mut cmsutil = nss("cmsutil");
            runs(
                cmsutil
                    .arg("-D")
                    .arg("-i")
                    .arg(structure)
                    .arg("-o")
                    .arg(&out),
                "",
            );
            assert_opened("NSS", sealed.readers, n, &out);
        }
    }
}

/// The class path of `BouncyCastle` and `JavaMail`, where Debian's packages put them.
pub(super) fn class_path(own: &Path) -> Option<String> {
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

#[test]
fn bouncycastle_opens_it_with_each_readers_key() {
    let (Some(mut javac), Some(_)) = (tool("javac"), tool("java")) else {
        return;
    };
    let folder = Folder::new();
    let classes = folder.folder("classes");
    let Some(class_path) = class_path(&classes) else {
        return;
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/Open.java");
    runs(
        javac
            .args(["-cp", &class_path, "-d"])
            .arg(&classes)
            .arg(source),
        "",
    );
    for sealed in sealed() {
        let message = folder.file("message.eml", &sealed.message);
        let mut java = tool("java").unwrap();
        java.args(["-cp", &class_path, "Open"])
            .arg(message)
            .arg(PASSWORD)
            .arg(folder.0.path());
        for (n, person) in people::eight().iter().take(sealed.readers).enumerate() {
            java.arg(folder.pkcs12(&format!("pkcs12-{n}"), person));
        }
        runs(&mut java, "");
        for n in 0..sealed.readers {
            assert_opened(
                "BouncyCastle",
                sealed.readers,
                n,
                &folder.0.path().join(n.to_string()),
            );
        }
    }
}
