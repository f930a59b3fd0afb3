//! Outside judges: each reader's key opens a message in OpenSSL, gpgsm, NSS and `BouncyCastle`, octet for octet.

use std::{fs, path::Path, sync::LazyLock};

use super::{
    people::{self, Person},
    programs::{Folder, Gpgsm, Nss, PASSWORD, java, run, runs},
    seal, structure,
};
use crate::tools::tool;

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
    let out = folder.path("out");
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
    for (n, person) in people::eight().iter().enumerate() {
        let gpgsm = Gpgsm::new(&folder, &format!("home{n}"));
        let taken = gpgsm.import_key(&folder, person);
        let errors = String::from_utf8_lossy(&taken.stderr);
        assert!(taken.status.success(), "{errors}");
        gpgsm.import(&folder, person.der());
        for sealed in sealed().iter().filter(|s| s.readers > n) {
            let structure = folder.file("message.p7m", &structure(&sealed.message));
            let out = folder.path("out");
            let mut decrypting = gpgsm.command();
            decrypting.arg("--output").arg(&out).arg("--decrypt");
            let output = run(decrypting.arg(structure), PASSWORD);
            // Its exit code counts the other readers' certificates that it does not know; its status does not.
            let status = String::from_utf8_lossy(&output.stdout);
            assert!(
                status.contains("DECRYPTION_OKAY"),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert_opened("gpgsm", sealed.readers, n, &out);
        }
    }
}

#[test]
fn nss_opens_it_with_each_readers_key() {
    let (Some(_), Some(_), Some(_)) = (tool("certutil"), tool("pk12util"), tool("cmsutil")) else {
        return;
    };
    let folder = Folder::new();
    for (n, person) in people::eight().iter().enumerate() {
        let nss = Nss::new(&folder, &format!("database{n}"));
        let taken = nss.import_key(&folder, "pkcs12", person);
        assert!(taken.status.success(), "{taken:?}");
        for sealed in sealed().iter().filter(|s| s.readers > n) {
            let structure = folder.file("message.p7m", &structure(&sealed.message));
            let out = folder.path("out");
            let mut cmsutil = nss.tool("cmsutil");
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

#[test]
fn bouncycastle_opens_it_with_each_readers_key() {
    let folder = Folder::new();
    let Some(program) = java(&folder, "Open") else {
        return;
    };
    for sealed in sealed() {
        let message = folder.file("message.eml", &sealed.message);
        let mut java = program();
        java.arg(message).arg(PASSWORD).arg(folder.path(""));
        for (n, person) in people::eight().iter().take(sealed.readers).enumerate() {
            java.arg(folder.pkcs12(&format!("pkcs12-{n}"), person));
        }
        runs(&mut java, "");
        for n in 0..sealed.readers {
            assert_opened(
                "BouncyCastle",
                sealed.readers,
                n,
                &folder.path(&n.to_string()),
            );
        }
    }
}
