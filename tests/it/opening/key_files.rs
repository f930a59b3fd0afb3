//! Key files of other programs.

use std::fs;

use super::{Bench, KeyKind};

/// A value in DER of less than 128 octets.
pub(super) fn der(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let length = u8::try_from(content.len()).unwrap();
    assert!(length < 128);
    [&[tag, length][..], &content].concat()
}

#[test]
fn a_key_file_that_asks_for_hours_of_hashing_is_refused_at_once_and_the_reason_is_told() {
    let home = tempfile::tempdir().unwrap();
    let data = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
    let sha256 = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
    let digest = der(0x30, &[&der(0x30, &[&sha256]), &der(4, &[&[0; 32]])]);
    fs::write(
        home.path().join("mail"),
        "From: a@example.com\r\n\r\nHej\r\n",
    )
    .unwrap();
    for rounds in [
        &[0x7F, 0xFF, 0xFF, 0xFF][..],
        &[0x7F; 9],
        &[0x00, 0x98, 0x96, 0x81],
    ] {
        let mac = der(0x30, &[&digest, &der(4, &[&[1; 8]]), &der(2, &[rounds])]);
        let safe = der(0x30, &[&data, &der(0xA0, &[&der(4, &[&der(0x30, &[])])])]);
        let file = der(0x30, &[&der(2, &[&[3]]), &safe, &mac]);
        let key = home.path().join("key");
        fs::write(&key, file).unwrap();
        let arguments = ["--key".to_owned(), key.display().to_string()];
        let (value, exit) = super::open(home.path(), &arguments, &home.path().join("mail"));
        let told = value["error"]["message"].as_str().unwrap_or_default();
        assert!(told.contains("more computing") && exit == 2, "{value}");
    }
}

#[test]
fn key_files_of_every_age_open_and_a_wrong_password_is_no_broken_file() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Rsa);
    fs::write(
        bench.path("text"),
        "Content-Type: text/plain\r\n\r\nHej\r\n",
    )
    .unwrap();
    bench.openssl(&[
        "cms", "-encrypt", "-aes256", "-in", "text", "-out", "mail", "-recip", "bo.pem",
    ]);
    fs::write(bench.path("good"), "pæssword\n").unwrap();
    fs::write(bench.path("bad"), "pæsswort\n").unwrap();
    let (good, bad) = (
        bench.path("good").display().to_string(),
        bench.path("bad").display().to_string(),
    );
    let files = [
        ("modern", &[][..]),
        ("legacy-rc2", &["-legacy"]),
        (
            "legacy-3des",
            &[
                "-certpbe",
                "PBE-SHA1-3DES",
                "-keypbe",
                "PBE-SHA1-3DES",
                "-macalg",
                "sha1",
            ],
        ),
        ("chain", &["-certfile", "root.pem"]),
        ("plain-certificates", &["-certpbe", "NONE"]),
    ];
    for (name, more) in files {
        let made = [
            &[
                "pkcs12",
                "-export",
                "-in",
                "bo.pem",
                "-inkey",
                "bo.key",
                "-out",
                "key",
                "-passout",
                "file:good",
            ][..],
            more,
        ];
        bench.openssl(&made.concat());
        let (value, _) = bench.open(Some("key"), &["--key-password-file", &good], "mail");
        assert_eq!(value["text"], "Hej\n", "{name}: {value}");
        let (value, exit) = bench.open(Some("key"), &["--key-password-file", &bad], "mail");
        let told = value["error"]["message"].as_str().unwrap_or_default();
        assert!(told.contains("password") && exit == 2, "{name}: {value}");
        let mut broken = fs::read(bench.path("key")).unwrap();
        broken.truncate(broken.len() / 2);
        fs::write(bench.path("key"), broken).unwrap();
        let (value, exit) = bench.open(Some("key"), &["--key-password-file", &good], "mail");
        let told = value["error"]["message"].as_str().unwrap_or_default();
        assert!(told.contains("damaged") && exit == 2, "{name}: {value}");
    }
}
