//! Key files that are written and taken in: what they are protected by, and what is said where they do not fit.

use std::fs;

use openssl::{pkey::PKey, rsa::Rsa};
use segl::demo::{Issued, KeyChoice, KeyUsage, Leaf};

use super::{
    desk::{Desk, Ran},
    own::{PASSWORD, import, issue},
    tools::tool,
};

fn export(desk: &Desk, password: &[u8]) -> Ran {
    fs::write(desk.path("new.txt"), password).unwrap();
    let _absent = fs::remove_file(desk.path("backup.p12"));
    let list = desk.segl(&["cert", "list", "--json"]).json();
    let sha256 = list["certificates"][0]["sha256"].as_str().unwrap();
    let (file, to) = ("--password-file", "--out");
    desk.segl(&["cert", "export", file, "new.txt", to, "backup.p12", sha256])
}

/// A certificate of the sender in PEM.
fn pem(issued: &Issued) -> Vec<u8> {
    let certificate = openssl::x509::X509::from_der(&issued.der).unwrap();
    certificate.to_pem().unwrap()
}

fn take(desk: &Desk, octets: &[u8]) -> Ran {
    fs::write(desk.path("key.pem"), octets).unwrap();
    desk.segl(&["cert", "import", "key.pem"])
}

#[test]
fn a_key_file_that_lies_about_for_years_is_hashed_three_hundred_thousand_times() {
    let desk = Desk::new();
    import(&desk, &issue(&desk, 0, None));
    let done = export(&desk, PASSWORD.as_bytes());
    assert_eq!(done.code, 0, "{done:?}");
    let Some(mut openssl) = tool("openssl") else {
        return;
    };
    let password = format!("pass:{PASSWORD}");
    openssl.args(["pkcs12", "-info", "-noout", "-passin", &password, "-in"]);
    let read = openssl.arg(desk.path("backup.p12")).output().unwrap();
    let told = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{told}");
    assert_eq!(told.matches("teration 300000").count(), 3, "{told}");
    let again = [
        "cert",
        "import",
        "--json",
        "--password-file",
        "new.txt",
        "backup.p12",
    ];
    assert_eq!(desk.segl(&again).json()["imported"], 0);
}

#[test]
fn a_password_with_a_nul_is_refused_and_an_empty_one_is_told_as_empty() {
    let desk = Desk::new();
    import(&desk, &issue(&desk, 0, None));
    let done = export(&desk, b"hemme\0lig");
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("NUL"), "{done:?}");
    let done = desk.segl(&["cert", "import", "--password-file", "new.txt", "own.p12"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("NUL"), "{done:?}");
    let done = export(&desk, b"\n");
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("The password is empty"), "{done:?}");
    assert!(!desk.path("backup.p12").exists());
}

#[test]
fn a_certificate_whose_name_holds_a_nul_is_exported_all_the_same() {
    let desk = Desk::new();
    let leaf = Leaf::mail("An\0ne", "anne@x.example").with_key(KeyChoice::Shared(2041));
    let issued = desk.demo.world().issuing.issue(&leaf).unwrap();
    assert!(memchr::memmem::find(&issued.der, b"An\0ne").is_some());
    import(&desk, &issued);
    let done = export(&desk, PASSWORD.as_bytes());
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn a_key_is_never_dropped_in_silence_because_its_certificate_is_another_missing_or_damaged() {
    let desk = Desk::new();
    let issued = issue(&desk, 0, None);
    let certificate = pem(&issued);
    let stranger = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let key = stranger.private_key_to_pem_pkcs8().unwrap();
    let own = issued.key.private_key_to_pem_pkcs8().unwrap();
    let cut = [b"-----BEGIN PRIVATE KEY-----\n", &own[400..]].concat();
    let other = "does not belong to the certificate";
    for (octets, wanted) in [
        ([&key[..], &certificate].concat(), other),
        ([&own[..], &key, &certificate].concat(), other),
        (key.clone(), "without its certificate"),
        (
            stranger.private_key_to_der().unwrap(),
            "without its certificate",
        ),
        ([&cut[..], &certificate].concat(), "damaged"),
    ] {
        let done = take(&desk, &octets);
        assert_eq!(done.code, 2, "{wanted}: {done:?}");
        assert!(done.stderr.contains(wanted), "{wanted}: {done:?}");
        assert!(!desk.path("data/own").exists(), "{wanted}");
    }
    let done = take(&desk, &[own, certificate].concat());
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn the_mark_that_editors_put_before_a_text_is_neither_password_nor_text() {
    let desk = Desk::new();
    import(&desk, &issue(&desk, 0, None));
    let marked = |text: &str| format!("\u{feff}{text}\r\n");
    let done = export(&desk, marked(PASSWORD).as_bytes());
    assert_eq!(done.code, 0, "{done:?}");
    let again = ["cert", "import", "--password-file", "own.txt", "backup.p12"];
    let done = desk.segl(&again);
    assert_eq!(done.code, 0, "{done:?}");
    fs::write(desk.path("subject.txt"), marked("Frist")).unwrap();
    fs::write(desk.path("body.txt"), marked("Kære Karen")).unwrap();
    let files = ["--subject-file", "subject.txt", "--body-file", "body.txt"];
    let to = ["--to", "karen@advokat-eksempel.dk", "--to-eml", "out"];
    let done = desk.segl(&[&["send", "--json"], &files[..], &to].concat());
    assert_eq!(done.code, 0, "{done:?}");
    let message = super::own::written(&desk, "out");
    fs::write(desk.path("sent.eml"), message).unwrap();
    let opened = desk.segl(&["open", "--json", "sent.eml"]).json();
    assert_eq!(opened["text"], "Kære Karen\n", "{opened}");
}

#[test]
fn a_certificate_for_signing_only_is_not_said_to_open_anything() {
    let desk = Desk::new();
    let world = desk.demo.world();
    let mut leaf =
        Leaf::mail(&world.sender_name, &world.sender_address).with_key(KeyChoice::Shared(2042));
    leaf.key_usage = Some(vec![KeyUsage::DigitalSignature]);
    import(&desk, &world.issuing.issue(&leaf).unwrap());
    let list = desk.segl(&["cert", "list"]);
    assert!(
        list.stdout.contains("Signs. It is for signing alone"),
        "{list:?}"
    );
    import(&desk, &issue(&desk, 0, None));
    let list = desk.segl(&["cert", "list"]);
    // Which of the two signs is not told by their dates.
    assert!(
        list.stdout.contains("pens what is encrypted to it"),
        "{list:?}"
    );
}
