//! Key files of other programs.

use std::fs;

use super::{Bench, KeyKind};

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
