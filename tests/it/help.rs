//! Every example in the help is run, so that none is wrong; man page and completions come from the same definitions.

use std::{fs, process::Command};

use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    pkey::{PKey, Private},
    stack::Stack,
    symm::Cipher,
    x509::X509,
};

use super::desk::{Desk, run};

/// The verbs, with those below them.
const VERBS: &[&[&str]] = &[
    &["check"],
    &["send"],
    &["examine"],
    &["seal"],
    &["open"],
    &["cert", "show"],
    &["cert", "check"],
    &["cert", "import"],
    &["cert", "unpin"],
    &["cert", "remove"],
    &["cert", "list"],
    &["cert", "test"],
    &["cert", "restore"],
    &["log", "list"],
    &["log", "show"],
    &["log", "verify"],
    &["log", "ship"],
    &["log", "export"],
    &["report"],
    &["contacts", "import"],
    &["contacts", "list"],
    &["contacts", "forget"],
    &["contacts", "export"],
    &["outbox", "list"],
    &["outbox", "send"],
    &["watch", "list"],
    &["watch", "end"],
    &["tls"],
    &["tunnel", "status"],
    &["tunnel", "import"],
    &["config", "effective"],
    &["doctor"],
];

/// The lines under "Examples:".
pub(crate) fn examples(help: &str) -> Vec<String> {
    let after = help.split("Examples:").nth(1).unwrap_or_default();
    let lines: Vec<&str> = after
        .lines()
        .map(str::trim)
        .skip_while(|l| l.is_empty())
        .take_while(|l| !l.is_empty())
        .collect();
    // A line that was wrapped would be run in part.
    assert!(lines.iter().all(|l| l.starts_with("segl ")), "{lines:?}");
    lines.into_iter().map(str::to_owned).collect()
}

/// A key with its certificate, encrypted to that certificate, as the recovery folder holds it.
fn sealed_key(certificate: &X509, key: &PKey<Private>) -> Vec<u8> {
    let pem = [
        key.private_key_to_pem_pkcs8().unwrap(),
        certificate.to_pem().unwrap(),
    ];
    let head = b"Content-Type: application/x-pem-file\r\n\r\n";
    let entity = [&head[..], &pem.concat()].concat();
    let mut readers = Stack::new().unwrap();
    readers.push(certificate.clone()).unwrap();
    let cipher = Cipher::aes_256_cbc();
    let cms = CmsContentInfo::encrypt(&readers, &entity, cipher, CMSOptions::BINARY).unwrap();
    let body = base64_simd::STANDARD.encode_to_string(cms.to_der().unwrap());
    let head = "From: a@x.example\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n";
    format!("{head}{body}\r\n").into_bytes()
}

#[test]
fn every_example_in_the_help_runs() {
    let desk = Desk::new();
    let world = desk.demo.world();
    let karen = world.person("karen@advokat-eksempel.dk").unwrap();
    let message =
        "From: anne@advokat-eksempel.dk\nTo: karen@advokat-eksempel.dk\nSubject: Hej\n\nHej\n";
    fs::write(desk.path("mail.eml"), message).unwrap();
    let list = format!("to;name\n{};Karen\n", karen.address);
    fs::write(desk.path("list.csv"), list).unwrap();
    fs::write(desk.path("letter.txt"), "Subject: Sag\n\nKære {name}").unwrap();
    fs::write(desk.path("karen.cer"), &karen.readers[0].der).unwrap();
    let own = openssl::x509::X509::from_der(&karen.readers[0].der).unwrap();
    let mut key_file = openssl::pkcs12::Pkcs12::builder();
    key_file.pkey(&karen.readers[0].key).cert(&own);
    let key_file = key_file.build2("hemmelig").unwrap().to_der().unwrap();
    fs::write(desk.path("karen.p12"), &key_file).unwrap();
    fs::write(desk.path("it.p12"), &key_file).unwrap();
    let plain = [
        karen.readers[0].key.private_key_to_pem_pkcs8().unwrap(),
        own.to_pem().unwrap(),
    ];
    fs::write(desk.path("it.pem"), plain.concat()).unwrap();
    fs::create_dir(desk.path("ship")).unwrap();
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    let ships = "[identity]\nrecovery = \"karen.cer\"\n[record]\nship_to = \"ship\"\n";
    fs::write(desk.demo.config_path(), format!("{config}\n{ships}")).unwrap();
    fs::write(
        desk.path("key.eml"),
        sealed_key(&own, &karen.readers[0].key),
    )
    .unwrap();
    fs::write(desk.path("password.txt"), "hemmelig\n").unwrap();
    fs::write(
        desk.path("bundle.p7b"),
        segl::demo::certificate_bag(&[&karen.readers[0].der]).unwrap(),
    )
    .unwrap();
    fs::write(
        desk.path("root.pem"),
        world.root_pem() + &world.intermediate_pem(),
    )
    .unwrap();
    fs::write(desk.path("root.crl"), &world.root_crl).unwrap();
    let table = "Navn;E-mail\nBo Berg;bo@kommune-eksempel.dk\n";
    fs::write(desk.path("kontakter.csv"), table).unwrap();
    fs::write(desk.path("tunnel.csv"), "eksempelby-eksempel.dk\n").unwrap();
    let card = "BEGIN:VCARD\nVERSION:4.0\nFN:Eva Holm\nEMAIL:eva@ret-eksempel.dk\nEND:VCARD\n";
    fs::write(desk.path("kontakter.vcf"), card).unwrap();
    assert_eq!(
        desk.send(&["--to", &karen.address]).code,
        0,
        "so that the log has rows"
    );

    let noted = desk.segl(&["log", "anchor", "--note", "hoved-2026-11.txt"]);
    assert_eq!(noted.code, 0, "{noted:?}");

    let mut count = 0;
    for verb in VERBS {
        let help = desk.segl(&[verb, &["--help"][..]].concat());
        assert_eq!(help.code, 0);
        let examples = examples(&help.stdout);
        assert!(!examples.is_empty(), "{verb:?} has no example");
        for example in examples {
            count += 1;
            let folder = std::path::Path::new(env!("CARGO_BIN_EXE_segl"))
                .parent()
                .unwrap();
            let mut shell = Command::new("sh");
            shell
                .env_clear()
                .env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
            shell
                .env("HOME", desk.demo.folder())
                .env("SEGL_CONFIG", desk.demo.config_path());
            shell.current_dir(desk.demo.folder()).args(["-c", &example]);
            let ran = run(shell, b"");
            assert!(ran.code == 0 || ran.code == 1, "{example}: {ran:?}");
        }
    }
    assert!(count >= 15, "{count} examples");
}

#[test]
fn the_man_page_and_completions_name_every_verb_and_warn_of_arguments() {
    let desk = Desk::new();
    let man = desk.segl(&["man"]).stdout;
    for verb in [
        "CHECK", "SEND", "SEAL", "OPEN", "CERT", "LOG", "CONTACTS", "OUTBOX", "CONFIG", "DOCTOR",
        "LOGIN", "LOGOUT", "PASSWORD", "KEYS", "REPORT", "TLS",
    ] {
        assert!(man.contains(&format!("SEGL {verb}")), "{verb}");
    }
    assert!(man.contains("can be seen by other users"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let completions = desk.segl(&["completions", shell]).stdout;
        assert!(
            completions.contains("accept-fallback") && completions.contains("doctor"),
            "{shell}"
        );
    }
}
