//! Imported files.

use std::fs;

use segl::{
    demo::certificate_bag,
    directory::{Directory as _, FailureCode, FileDirectory, Security},
};

use super::*;

fn organisation() -> Vec<u8> {
    let leaf = Leaf::organisation("Eksempelby Kommune", "Eksempelby Kommune", "29188858");
    authority().issue(&leaf).unwrap().der
}

#[tokio::test]
async fn files_answer_with_what_names_the_address_and_with_what_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (anne, bo, by_number) = (
        certificate("anne@x.example"),
        certificate("bo@x.example"),
        organisation(),
    );
    let pem = |der: &[u8]| {
        let base64 = base64_simd::STANDARD.encode_to_string(der);
        format!("Certificate:\n-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    };
    let issuer = authority().certificate().der.clone();
    fs::write(path("anne.cer"), &anne).unwrap();
    fs::write(path("both.pem"), format!("{}{}", pem(&bo), pem(&by_number))).unwrap();
    fs::write(
        path("chain.p7b"),
        certificate_bag(&[&anne, &issuer]).unwrap(),
    )
    .unwrap();
    let names = ["anne.cer", "both.pem", "chain.p7b"].map(path);
    let files = FileDirectory::new(names.to_vec());

    let of_anne = find(&files, "Anne@x.example").await;
    assert_eq!(ders(&of_anne), [anne.as_slice(), &by_number]);
    assert_eq!((of_anne.failure.as_ref(), of_anne.asked_at), (None, AT));
    let source = &of_anne.found[0].source;
    assert_eq!(
        (source.directory.as_str(), source.entry.as_str()),
        ("file", "anne.cer")
    );
    assert_eq!(
        (source.security, source.trust_binding),
        (Security::File, false)
    );
    assert_eq!(
        ders(&find(&files, "bo@x.example").await),
        [bo.as_slice(), &by_number]
    );
    assert_eq!(
        ders(&find(&files, "carl@x.example").await),
        [by_number.as_slice()]
    );
    assert_eq!(files.name(), "file");
}

#[tokio::test]
async fn a_changed_file_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anne.cer");
    let (old, new) = (certificate("anne@x.example"), organisation());
    assert_ne!(old.len(), new.len());
    fs::write(&path, &old).unwrap();
    let files = FileDirectory::new(vec![path.clone()]);
    assert_eq!(
        ders(&find(&files, "anne@x.example").await),
        [old.as_slice()]
    );
    fs::write(&path, &new).unwrap();
    assert_eq!(
        ders(&find(&files, "anne@x.example").await),
        [new.as_slice()]
    );
    fs::remove_file(&path).unwrap();
    let gone = find(&files, "anne@x.example").await;
    assert!(gone.found.is_empty() && gone.failure.is_some());
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named_and_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let anne = certificate("anne@x.example");
    fs::write(path("anne.cer"), &anne).unwrap();
    fs::write(path("empty.pem"), "").unwrap();
    fs::write(path("text.crt"), "no certificate").unwrap();
    fs::write(path("cut.cer"), &anne[..anne.len() - 1]).unwrap();
    fs::create_dir(path("folder.cer")).unwrap();
    fs::write(path("huge.cer"), vec![0x30; (16 << 20) + 1]).unwrap();
    let mut bad = vec![
        "empty.pem",
        "text.crt",
        "cut.cer",
        "folder.cer",
        "huge.cer",
        "missing.cer",
    ];
    #[cfg(unix)]
    {
        let made = std::process::Command::new("mkfifo")
            .arg(path("fifo.cer"))
            .status()
            .unwrap();
        assert!(made.success());
        bad.push("fifo.cer");
    }
    for name in bad {
        let files = FileDirectory::new(vec![path(name), path("anne.cer")]);
        let answer = find(&files, "anne@x.example").await;
        assert_eq!(ders(&answer), [anne.as_slice()], "{name}");
        let failure = answer.failure.unwrap();
        assert_eq!(
            (failure.source.as_str(), failure.code),
            ("file", FailureCode::Protocol),
            "{name}"
        );
        assert!(failure.message.contains(name), "{}", failure.message);
    }
}
