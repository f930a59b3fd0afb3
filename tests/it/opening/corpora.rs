//! Third-party messages, each with what is expected of it. `SEGL_CORPORA` names their folder; without it these tests
//! are skipped loudly. The cases are counted, so that an empty folder fails.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{codes, open, problems};

pub(super) fn corpora() -> Option<PathBuf> {
    let found = std::env::var_os("SEGL_CORPORA").map(PathBuf::from);
    if found.is_none() {
        eprintln!(
            "SKIPPED a test: SEGL_CORPORA is not set, so no message of other programs was opened"
        );
    }
    found
}

fn messages(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "eml"))
        .collect();
    found.sort();
    found
}

/// Opens with these keys and this root.
pub(super) fn opened(
    keys: &[PathBuf],
    password: &str,
    root: &Path,
    message: &Path,
) -> (Value, i32) {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("password");
    fs::write(&file, password).expect("a file");
    let mut arguments = vec!["--key-password-file".to_owned(), file.display().to_string()];
    for key in keys {
        arguments.extend(["--key".to_owned(), key.display().to_string()]);
    }
    arguments.extend(["--anchor".to_owned(), root.display().to_string()]);
    // Within the validity of all these certificates.
    arguments.extend(["--at".to_owned(), "2026-11-22T12:00:00Z".to_owned()]);
    open(home.path(), &arguments, message)
}

#[test]
fn every_message_of_thunderbirds_tests_is_read_as_its_name_says() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join("thunderbird-smime/mailnews/test/data/smime");
    let keys: Vec<PathBuf> = ["Alice", "Bob", "Dave", "Eve", "Fran"]
        .map(|n| folder.join(format!("{n}.p12")))
        .into();
    let root = folder.join("TestCA.pem");
    let all = messages(&folder);
    assert!(all.len() >= 65, "{}", all.len());
    for message in all {
        let name = message.file_name().unwrap().to_string_lossy().into_owned();
        let (value, exit) = opened(&keys, "nss", &root, &message);
        assert!(value["error"].is_null(), "{name}: {value}");
        let first = problems(&value, 0);
        let kinds: Vec<&str> = value["layers"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|l| l["kind"].as_str())
            .collect();
        assert_eq!(
            kinds.contains(&"encrypted"),
            name.contains(".env"),
            "{name}: {kinds:?}"
        );
        assert_eq!(
            first.contains(&"weak-digest".to_owned()),
            name.contains("SHA1") && !first.is_empty(),
            "{name}"
        );
        if name.contains(".env.sig.") || name.contains(".env.dsig.") {
            assert!(
                first.contains(&"signed-while-encrypted".to_owned()),
                "{name}: {first:?}"
            );
        }
        if name.contains("mismatch-econtent") {
            // Content beside and other content inside: nobody can tell which of them was signed.
            assert!(
                codes(&value["warnings"]).contains(&"signature-unreadable".to_owned()),
                "{name}"
            );
        } else if name.contains(".bad.") {
            assert!(
                first.contains(&"content-changed".to_owned()),
                "{name}: {first:?}"
            );
        } else if name.contains("SHA1") {
            assert_eq!(exit, 1, "{name}: {value}");
        } else if name.contains(".env.dsig.") {
            // OpenSSL's command finds the same: what was signed there is not what stands there.
            let found: Vec<String> = (0..3).flat_map(|n| problems(&value, n)).collect();
            assert!(
                found.contains(&"content-changed".to_owned()),
                "{name}: {found:?}"
            );
        } else if name.contains("sig.") && !name.contains(".env.sig.") {
            assert_eq!(first, [""; 0], "{name}: {value}");
        }
        let is_fake = name.contains(".bad.") || name.contains("mismatch");
        let text = value["text"].as_str().unwrap();
        assert_eq!(text.contains("FAKE"), is_fake, "{name}: {text}");
        if is_fake {
            assert_eq!(exit, 1, "{name}");
        }
    }
}

/// Name, subject shown, protected, encrypted, hidden, warning.
type Expected = (
    &'static str,
    &'static str,
    bool,
    bool,
    bool,
    Option<&'static str>,
);

#[test]
fn protected_headers_are_believed_only_as_far_as_rfc_9788_allows() {
    let Some(corpora) = corpora() else { return };
    let keys = [corpora.join("rfc9216/4.5-pkcs-12-object-for-alice.p12")];
    let root = corpora.join("rfc9216/3.1-rsa-certification-authority-root-certificate.pem");
    let expected: [Expected; 11] = [
        (
            "01-signed-onepart-hp-clear",
            "smime-one-part-hp",
            true,
            false,
            false,
            None,
        ),
        (
            "02-signed-multipart-hp-clear",
            "smime-multipart-hp",
            true,
            false,
            false,
            None,
        ),
        (
            "03-signed-enc-hcp-baseline",
            "Fortrolig sag 4711",
            true,
            true,
            true,
            None,
        ),
        (
            "04-signed-enc-hcp-baseline-legacy",
            "Fortrolig sag 4711",
            true,
            true,
            true,
            None,
        ),
        (
            "05-signed-authenv-gcm-hcp-baseline",
            "Fortrolig sag 4712",
            true,
            true,
            true,
            None,
        ),
        (
            "06-NEG-signed-only-claims-hp-cipher",
            "lies about encryption",
            true,
            false,
            false,
            None,
        ),
        (
            "07-NEG-hp-clear-wrapped-in-encryption",
            "encrypted in transit",
            true,
            false,
            false,
            None,
        ),
        (
            "08-NEG-inner-outer-from-mismatch",
            "from mismatch",
            true,
            true,
            true,
            Some("from-differs"),
        ),
        (
            "09-NEG-outer-cc-injected",
            "cc added in transit",
            true,
            true,
            true,
            None,
        ),
        (
            "10-NEG-encrypted-only-no-signature",
            "unsigned enc only",
            true,
            true,
            true,
            Some("unauthenticated"),
        ),
        (
            "11-legacy-RFC8551HP-signed-enc",
            "",
            true,
            true,
            true,
            Some("legacy-protection"),
        ),
    ];
    for (name, subject, is_protected, is_encrypted, is_hidden, warning) in expected {
        let message = corpora.join(format!("rfc9788-generated/{name}.eml"));
        let (value, _) = opened(&keys, "alice", &root, &message);
        if !subject.is_empty() {
            assert_eq!(value["subject"], subject, "{name}: {value}");
        }
        let protected = &value["protected"];
        assert_eq!(
            protected["subject"].is_string(),
            is_protected,
            "{name}: {value}"
        );
        assert_eq!(protected["encrypted"], is_encrypted, "{name}: {value}");
        assert_eq!(protected["subject_hidden"], is_hidden, "{name}: {value}");
        assert_eq!(
            codes(&value["warnings"]),
            warning.into_iter().collect::<Vec<_>>(),
            "{name}: {value}"
        );
        // What somebody put outside on the way is not shown as if the sender had written it.
        assert_eq!(value["cc"], "", "{name}");
        assert!(
            value["text"]
                .as_str()
                .unwrap()
                .starts_with("This is the message body."),
            "{name}: {value}"
        );
    }
}

#[test]
fn efail_finds_nothing_decrypted_beside_foreign_parts_and_altered_text_is_labelled() {
    let Some(corpora) = corpora() else { return };
    let keys = [corpora.join("rfc9216/5.5-pkcs-12-object-for-bob.p12")];
    let root = corpora.join("rfc9216/3.1-rsa-certification-authority-root-certificate.pem");
    let all = messages(&corpora.join("efail-generated"));
    assert_eq!(all.len(), 9);
    for message in all {
        let name = message.file_name().unwrap().to_string_lossy().into_owned();
        let (value, exit) = opened(&keys, "bob", &root, &message);
        assert_eq!(exit, 1, "{name}: {value}");
        if name.starts_with("01")
            || name.starts_with("02")
            || name.starts_with("03")
            || name.starts_with("04")
        {
            assert!(
                codes(&value["warnings"]).contains(&"part-not-opened".to_owned()),
                "{name}: {value}"
            );
            assert!(
                !value.to_string().contains("SECRET-MEETING"),
                "{name}: {value}"
            );
        } else if value["error"].is_null() {
            assert!(
                codes(&value["warnings"]).contains(&"unauthenticated".to_owned()),
                "{name}: {value}"
            );
        }
    }
}
