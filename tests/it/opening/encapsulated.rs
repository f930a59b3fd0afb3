//! Messages to ML-KEM keys: made by a writer of the tests' own with other people's primitives, and by the authors of the
//! RFC. And structures without a mail around them.

use std::{fs, path::Path};

use segl::demo::{Authority, KeyChoice, KeyKind, Leaf};
use x509_cert::ext::pkix::KeyUsages;

use super::{Bench, codes, corpora::corpora, open};
use crate::tools::judging_python;

const TEXT: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\nKære Bo\r\n";

#[test]
fn what_a_writer_from_the_rfcs_seals_to_ml_kem_opens_and_an_altered_ciphertext_does_not() {
    if judging_python().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let root = Authority::root("Segl Test Root").unwrap();
    fs::write(path("text"), TEXT).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/seal_cms.py");
    for kind in [KeyKind::MlKem768, KeyKind::MlKem1024] {
        let leaf = Leaf::mail("Bo", "bo@example.com")
            .with_key(KeyChoice::Fresh(kind))
            .with_key_usage(&[KeyUsages::KeyEncipherment]);
        let bo = root.issue(&leaf).unwrap();
        fs::write(path("bo.der"), &bo.der).unwrap();
        let certificate = openssl::x509::X509::from_der(&bo.der).unwrap();
        let pem = [
            bo.key.private_key_to_pem_pkcs8().unwrap(),
            certificate.to_pem().unwrap(),
        ];
        fs::write(path("bo.pem"), pem.concat()).unwrap();
        for how in ["plain", "keyid", "ukm", "sha512", "altered"] {
            let made = path("mail.p7m");
            let done = judging_python()
                .unwrap()
                .arg(&script)
                .args([&path("bo.der"), &path("text"), &made])
                .arg(how)
                .output()
                .unwrap();
            let errors = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{kind:?} {how}: {errors}");
            let arguments = ["--key".to_owned(), path("bo.pem").display().to_string()];
            let (value, exit) = open(folder.path(), &arguments, &made);
            if how == "altered" {
                // Another secret comes out, and no error: it is the key wrap that does not hold.
                assert_eq!(
                    value["error"]["code"], "cannot-be-opened",
                    "{kind:?}: {value}"
                );
                assert_eq!(exit, 1);
                continue;
            }
            assert_eq!(value["text"], "Kære Bo\n", "{kind:?} {how}: {value}");
            let layer = &value["layers"][0];
            assert_eq!(layer["key_management"], "ml-kem");
            assert_eq!(layer["cipher"], "aes256-gcm");
            assert_eq!(
                (codes(&value["warnings"]), exit),
                (Vec::new(), 0),
                "{value}"
            );
        }
    }
}

#[test]
fn the_example_of_the_rfcs_authors_opens_with_each_form_of_its_key() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join("lamps-cms-kyber/example");
    let certificate = fs::read_to_string(folder.join("ML-KEM-512.pem")).unwrap();
    for form in ["seed", "expanded", "both"] {
        let home = tempfile::tempdir().unwrap();
        let key = fs::read_to_string(folder.join(format!("ML-KEM-512-{form}.priv"))).unwrap();
        let file = home.path().join("key.pem");
        fs::write(&file, key + &certificate).unwrap();
        let arguments = ["--key".to_owned(), file.display().to_string()];
        let (value, _) = open(home.path(), &arguments, &folder.join("ML-KEM-512.cms"));
        let layer = &value["layers"][0];
        // The tag held, so it is what was encrypted; it is no MIME entity, and so has no text.
        assert_eq!(layer["key_management"], "ml-kem", "{form}: {value}");
        assert_eq!(layer["authenticated"], true, "{form}");
        assert_eq!(value["parts"].as_array().unwrap().len(), 1, "{form}");
    }
}

#[test]
fn a_structure_without_a_mail_around_it_is_opened_in_every_form_that_it_is_saved_in() {
    let Some(bench) = Bench::new() else { return };
    bench.person("anne", super::KeyKind::Rsa);
    bench.person("bo", super::KeyKind::Rsa);
    fs::write(bench.path("text"), TEXT).unwrap();
    let sign = [
        "cms",
        "-sign",
        "-in",
        "text",
        "-nodetach",
        "-signer",
        "anne.pem",
        "-inkey",
        "anne.key",
    ];
    let encrypt = [
        "cms", "-encrypt", "-aes256", "-in", "text", "-recip", "bo.pem",
    ];
    for form in ["DER", "PEM"] {
        for (made, arguments) in [("signed", &sign[..]), ("encrypted", &encrypt)] {
            let more = ["-outform", form, "-stream", "-out", made];
            // OpenSSL's PEM is not streamed.
            let more = if form == "PEM" {
                [&more[..2], &more[3..]].concat()
            } else {
                more.to_vec()
            };
            bench.openssl(&[arguments, &more].concat());
            let (value, _) = bench.open(Some("bo.both"), &[], made);
            assert_eq!(value["text"], "Kære Bo\n", "{form} {made}: {value}");
            assert_eq!(value["layers"][0]["kind"], made, "{form}");
        }
        // Nothing outside says who sent it: the signature vouches for nobody's mail.
        let (value, exit) = bench.open(None, &[], "signed");
        assert_eq!(super::problems(&value, 0), ["from-mismatch"]);
        assert_eq!(exit, 1);
    }
}
