//! Key files of other programs.

use std::{fs, path::Path};

use super::{Bench, KeyKind, corpora::corpora};

/// A value in DER of less than 65,536 octets.
pub(super) fn der(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let head = match (high, low) {
        (0, 0..=0x7F) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [head, content].concat()
}

/// pkcs7-data.
const DATA: [u8; 11] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];

/// A PKCS #12 file with these safes and, perhaps, a MAC.
fn file(safes: &[&[u8]], mac: &[u8]) -> Vec<u8> {
    let safe = der(0x30, &[&DATA, &der(0xA0, &[&der(4, &[&der(0x30, safes)])])]);
    der(0x30, &[&der(2, &[&[3]]), &safe, mac])
}

/// A mail that needs no key, so that only the key file can be wrong.
fn letter(home: &Path) {
    let mail = "From: a@example.com\r\n\r\nHej\r\n";
    fs::write(home.join("mail"), mail).unwrap();
}

#[test]
fn a_key_file_that_asks_for_hours_of_hashing_is_refused_at_once_and_the_reason_is_told() {
    let home = tempfile::tempdir().unwrap();
    let sha256 = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
    let digest = der(0x30, &[&der(0x30, &[&sha256]), &der(4, &[&[0; 32]])]);
    letter(home.path());
    for rounds in [
        &[0x7F, 0xFF, 0xFF, 0xFF][..],
        &[0x7F; 9],
        &[0x00, 0x98, 0x96, 0x81],
    ] {
        let mac = der(0x30, &[&digest, &der(4, &[&[1; 8]]), &der(2, &[rounds])]);
        let key = home.path().join("key");
        fs::write(&key, file(&[], &mac)).unwrap();
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

/// Each bag opens, and asks for no more than a careful program writes: together they would take minutes.
#[test]
fn the_rounds_of_many_bags_are_counted_together_and_so_are_those_of_a_key_in_pem() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Curve("P-256"));
    letter(&bench.path(""));
    fs::write(bench.path("good"), "password").unwrap();
    let seal = ["pkcs8", "-topk8", "-in", "bo.key", "-passout", "file:good"];
    let to = |iterations, form, out| {
        [
            &seal[..],
            &["-iter", iterations, "-outform", form, "-out", out],
        ]
        .concat()
    };
    bench.openssl(&to("1000000", "DER", "million"));
    let sealed = fs::read(bench.path("million")).unwrap();
    let shrouded = [
        0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 12, 10, 1, 2,
    ];
    let bag = der(0x30, &[&shrouded, &der(0xA0, &[&sealed])]);
    let bags = der(0x30, &vec![&bag[..]; 100]);
    let safe = der(0x30, &[&DATA, &der(0xA0, &[&der(4, &[&bags])])]);
    fs::write(bench.path("many"), file(&[&safe], &[])).unwrap();
    // One such key in PEM opens; one that asks for more than is done for a file does not.
    bench.openssl(&to("1000000", "PEM", "one"));
    let certificate = fs::read_to_string(bench.path("bo.pem")).unwrap();
    let one = fs::read_to_string(bench.path("one")).unwrap() + &certificate;
    fs::write(bench.path("one"), &one).unwrap();
    let at = sealed
        .windows(5)
        .position(|w| *w == [2, 3, 0x0F, 0x42, 0x40]);
    let mut costly = sealed;
    costly[at.expect("a million") + 2..][..3].fill(0x7F);
    let pem = base64_simd::STANDARD.encode_to_string(&costly);
    let costly = format!(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n{pem}\n-----END ENCRYPTED PRIVATE KEY-----\n"
    );
    fs::write(bench.path("costly"), costly + &certificate).unwrap();
    let password = bench.path("good").display().to_string();
    for (name, opens) in [("many", false), ("one", true), ("costly", false)] {
        let (value, exit) = bench.open(Some(name), &["--key-password-file", &password], "mail");
        let told = value["error"]["message"].as_str().unwrap_or_default();
        assert_eq!(exit, if opens { 0 } else { 2 }, "{name}: {value}");
        assert_eq!(told.contains("more computing"), !opens, "{name}: {value}");
    }
}

/// File below `SEGL_CORPORA`, password, and what is said of it; nothing where its keys are read.
const OTHERS: [(&str, &str, &str); 26] = [
    ("rfc9216/4.5-pkcs-12-object-for-alice.p12", "alice", ""),
    ("rfc9216/5.5-pkcs-12-object-for-bob.p12", "bob", ""),
    ("rfc9216/7.5-pkcs-12-object-for-carlos.p12", "carlos", ""),
    ("rfc9216/8.5-pkcs-12-object-for-dana.p12", "dana", ""),
    (
        "rfc9216/8.5-pkcs-12-object-for-dana.p12",
        "Dana",
        "password",
    ),
    ("80-test_pkcs12_data/bad1.p12", "", "damaged"),
    ("80-test_pkcs12_data/bad2.p12", "", "damaged"),
    ("80-test_pkcs12_data/bad3.p12", "", "damaged"),
    // The safes are encrypted to a certificate.
    (
        "80-test_pkcs12_data/nomac_parse.p12",
        "",
        "1.2.840.113549.1.7.3",
    ),
    ("80-test_pkcs12_data/pbmac1_256_256.good.p12", "1234", ""),
    (
        "80-test_pkcs12_data/pbmac1_256_256.good.p12",
        "1235",
        "password",
    ),
    ("80-test_pkcs12_data/pbmac1_512_256.good.p12", "1234", ""),
    ("80-test_pkcs12_data/pbmac1_512_512.good.p12", "1234", ""),
    (
        "80-test_pkcs12_data/pbmac1_sha1_hmac_and_prf.p12",
        "1234",
        "",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.good-shorter-key-len.p12",
        "1234",
        "",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.bad-iter.p12",
        "1234",
        "password",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.bad-key-len.p12",
        "1234",
        "damaged",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.bad-len.p12",
        "1234",
        "password",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.bad-salt-type.p12",
        "1234",
        "damaged",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.bad-salt.p12",
        "1234",
        "password",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.negative-len.p12",
        "1234",
        "password",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.no-len.p12",
        "1234",
        "damaged",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.no-salt.p12",
        "1234",
        "damaged",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.very-big-len.p12",
        "1234",
        "more computing",
    ),
    (
        "80-test_pkcs12_data/pbmac1_256_256.zero-len.p12",
        "1234",
        "damaged",
    ),
    // Certificates of the nineties, which are not read, and no key.
    (
        "openssl-cms/test/certs/v3-certs-TDES.p12",
        "v3-certs",
        "damaged",
    ),
];

#[test]
fn each_key_file_of_rfc_9216_and_of_openssl_is_read_as_the_table_says() {
    let Some(corpora) = corpora() else { return };
    let home = tempfile::tempdir().unwrap();
    letter(home.path());
    let password_file = home.path().join("password");
    for (name, password, wanted) in OTHERS {
        let folder = match name.split_once('/') {
            Some(("80-test_pkcs12_data", _)) => "openssl-cms/test/recipes",
            _ => "",
        };
        let key = corpora.join(folder).join(name);
        fs::write(&password_file, password).unwrap();
        let arguments = [
            "--key",
            &key.display().to_string(),
            "--key-password-file",
            &password_file.display().to_string(),
        ]
        .map(str::to_owned);
        let (value, exit) = super::open(home.path(), &arguments, &home.path().join("mail"));
        let told = value["error"]["message"].as_str().unwrap_or_default();
        // The path itself says nothing of it.
        let told = told.replace(&key.display().to_string(), "");
        assert_eq!(
            exit,
            if wanted.is_empty() { 0 } else { 2 },
            "{name}: {value}"
        );
        assert!(told.contains(wanted), "{name} {password}: {value}");
    }
}
