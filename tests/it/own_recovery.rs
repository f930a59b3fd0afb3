//! Own keys that IT can recover: each is also sealed to the certificate that the settings name.

use std::{fs, path::PathBuf};

use openssl::{cms::CmsContentInfo, pkcs12::Pkcs12, pkey::PKey, x509::X509};
use segl::demo::{Authority, Issued, KeyChoice, Leaf};

use super::{
    desk::Desk,
    own::{encrypted_to, import, issue},
};

/// A desk whose settings name IT's certificate.
fn desk() -> (Desk, Issued) {
    let desk = Desk::new();
    let leaf = Leaf::mail("IT", "it@advokat-eksempel.dk").with_key(KeyChoice::Shared(2010));
    let it = desk.demo.world().issuing.issue(&leaf).unwrap();
    fs::write(desk.path("it.cer"), &it.der).unwrap();
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    let named = format!("{config}\n[identity]\nrecovery = \"it.cer\"\n");
    fs::write(desk.demo.config_path(), named).unwrap();
    (desk, it)
}

/// The files of the recovery folder.
fn sealed(desk: &Desk) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.path("data/recovery"));
    let mut files: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn key_file(desk: &Desk, name: &str, of: &Issued) {
    let certificate = X509::from_der(&of.der).unwrap();
    let mut builder = Pkcs12::builder();
    builder.pkey(&of.key).cert(&certificate);
    let octets = builder.build2("it-ord").unwrap().to_der().unwrap();
    fs::write(desk.path(name), octets).unwrap();
    fs::write(desk.path("it.txt"), "it-ord\n").unwrap();
}

fn restore(desk: &Desk, key: &str) -> (i32, String) {
    let ran = desk.segl(&[
        "cert",
        "restore",
        "--json",
        "--key",
        key,
        "--key-password-file",
        "it.txt",
        "key.eml",
    ]);
    (ran.code, ran.stdout)
}

#[test]
fn a_key_whose_computer_is_gone_comes_back_with_its_recovery_certificate_and_nobody_elses() {
    let (desk, it) = desk();
    let issued = issue(&desk, 0, None);
    import(&desk, &issued);
    let files = sealed(&desk);
    assert_eq!(files.len(), 1, "{files:?}");
    let message = fs::read(&files[0]).unwrap();
    // OpenSSL opens it with IT's key, and finds the key in it.
    let cms = CmsContentInfo::smime_read_cms(&message).unwrap();
    let certificate = X509::from_der(&it.der).unwrap();
    let inside = cms.decrypt(&it.key, &certificate).unwrap();
    let body = memchr::memmem::find(&inside, b"\r\n\r\n").unwrap();
    let lines = String::from_utf8(inside[body..].to_vec()).unwrap();
    let lines: String = lines.split_whitespace().collect();
    let pem = base64_simd::STANDARD.decode_to_vec(lines).unwrap();
    let found = PKey::private_key_from_pem(&pem).unwrap();
    assert!(found.public_eq(&issued.key));
    // Nothing new is written where nothing is new.
    import(&desk, &issued);
    assert_eq!(sealed(&desk), files);
    assert_eq!(fs::read(&files[0]).unwrap(), message);

    // Another computer, which has the file and IT's key.
    let other = Desk::new();
    fs::write(other.path("key.eml"), &message).unwrap();
    let stranger = issue(&other, 1, None);
    key_file(&other, "stranger.p12", &stranger);
    let (code, told) = restore(&other, "stranger.p12");
    assert_eq!(code, 1, "{told}");
    assert!(!other.path("data/own").exists(), "nothing is kept");
    key_file(&other, "it.p12", &it);
    let (code, told) = restore(&other, "it.p12");
    assert_eq!(code, 0, "{told}");
    let listed = other.segl(&["cert", "list", "--json"]).json();
    let listed = &listed["certificates"][0]["sha256"];
    assert!(told.contains(listed.as_str().unwrap()), "{told}");
    // What was encrypted to it opens there.
    let exported = other.segl(&[
        "cert",
        "export",
        "--password-file",
        "it.txt",
        "--out",
        "again.p12",
        listed.as_str().unwrap(),
    ]);
    assert_eq!(exported.code, 0, "{exported:?}");
    let again = Pkcs12::from_der(&fs::read(other.path("again.p12")).unwrap());
    let again = again.unwrap().parse2("it-ord").unwrap();
    assert!(again.pkey.unwrap().public_eq(&issued.key));
    assert_eq!(again.ca.unwrap().len(), 1, "with the issuer");
}

#[test]
fn keys_that_were_there_before_the_rule_are_sealed_at_the_next_import_too() {
    let (desk, _it) = desk();
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    let without = config.replace("recovery = \"it.cer\"", "");
    fs::write(desk.demo.config_path(), without).unwrap();
    import(&desk, &issue(&desk, 0, None));
    assert!(sealed(&desk).is_empty());
    fs::write(desk.demo.config_path(), config).unwrap();
    import(&desk, &issue(&desk, 1, None));
    assert_eq!(sealed(&desk).len(), 2);
}

#[test]
fn a_recovery_certificate_that_cannot_be_used_is_told_and_the_key_is_kept_all_the_same() {
    let (desk, _it) = desk();
    let leaf = Leaf::mail("IT", "it@x.example").with_key(KeyChoice::Shared(2011));
    let strange = Authority::root("Fremmed").unwrap().issue(&leaf).unwrap();
    fs::write(desk.path("it.cer"), strange.der).unwrap();
    let octets = super::own::key_file(&desk, &issue(&desk, 0, None));
    fs::write(desk.path("own.p12"), octets).unwrap();
    fs::write(desk.path("own.txt"), "rødgrød").unwrap();
    let done = desk.segl(&["cert", "import", "--password-file", "own.txt", "own.p12"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.stderr.contains("IT cannot recover your own keys"),
        "{done:?}"
    );
    assert!(done.stderr.contains("The key is kept"), "{done:?}");
    let listed = desk.segl(&["cert", "list", "--json"]).json();
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 1);
    assert!(sealed(&desk).is_empty());
    let doctor = desk.segl(&["doctor"]);
    assert!(
        doctor.stdout.contains("IT cannot recover your own keys"),
        "{doctor:?}"
    );
    // Mail leaves all the same: the rule is about backups.
    let sent = desk.send(&["--to", "karen@advokat-eksempel.dk", "--to-eml", "out"]);
    assert_eq!(sent.code, 0, "{sent:?}");
}

#[test]
fn a_mail_that_holds_no_key_restores_nothing() {
    let (desk, it) = desk();
    let message = encrypted_to(&it.der, "Hej");
    fs::write(desk.path("key.eml"), message).unwrap();
    key_file(&desk, "it.p12", &it);
    let (code, told) = restore(&desk, "it.p12");
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("The file holds no key."), "{told}");
    assert!(!desk.path("data/own").exists());
}
