//! Other people's certificates (`SEGL_CORPORA`): the samples of RFC 9216 with RSA and X25519 keys, and OpenSSL's with
//! ML-KEM. They are read, judged, sealed to in one message, and their keys open it.

use std::{fs, path::Path};

use segl::smime::{KeyManagement as Way, check};

use super::{
    DEFAULT, GCM, open, people,
    programs::{Folder, run},
    seal_by, structure,
};
use crate::tools::judging_python;

const RFC_9216: &str = "rfc9216";
const OPENSSL: &str = "openssl-cms/test/smime-certs";
const RSA_ROOT: &str = "3.1-rsa-certification-authority-root-certificate.pem";
const ED25519_ROOT: &str = "6.1-ed25519-certification-authority-root-certificate.pem";

/// Address, folder, certificate, key, root, way. The last names no address.
const ROWS: [(&str, &str, &str, &str, &str, Way); 5] = [
    (
        "alice@smime.example",
        RFC_9216,
        "4.3-alice-s-encryption-end-entity-certificate.pem",
        "4.4-alice-s-decryption-private-key-material.pem",
        RSA_ROOT,
        Way::RsaPkcs1,
    ),
    (
        "bob@smime.example",
        RFC_9216,
        "5.3-bob-s-encryption-end-entity-certificate.pem",
        "5.4-bob-s-decryption-private-key-material.pem",
        RSA_ROOT,
        Way::RsaPkcs1,
    ),
    (
        "carlos@smime.example",
        RFC_9216,
        "7.3-carlos-s-encryption-end-entity-certificate.pem",
        "7.4-carlos-s-decryption-private-key-material.pem",
        ED25519_ROOT,
        Way::X25519,
    ),
    (
        "dana@smime.example",
        RFC_9216,
        "8.3-dana-s-encryption-end-entity-certificate.pem",
        "8.4-dana-s-decryption-private-key-material.pem",
        ED25519_ROOT,
        Way::X25519,
    ),
    (
        "post@y.example",
        OPENSSL,
        "sm_mlkem768.pem",
        "sm_mlkem768.pem",
        "smroot.pem",
        Way::MlKem768,
    ),
];

#[test]
fn other_peoples_certificates_are_sealed_to_and_their_keys_open_it() {
    let Some(corpora) = std::env::var_os("SEGL_CORPORA") else {
        eprintln!(
            "SKIPPED a test: SEGL_CORPORA is not set, so no foreign certificate was sealed to"
        );
        return;
    };
    let people = ROWS.map(|(address, folder, certificate, key, root, _)| {
        let read = |name| fs::read(Path::new(&corpora).join(folder).join(name)).unwrap();
        people::of_pem(address, &read(certificate), &read(key), &read(root))
    });
    let judged: Vec<_> = people.iter().map(people::Person::judged).collect();
    let readers: Vec<_> = judged.iter().collect();
    let content = "Content-Type: text/plain\r\n\r\nRødgrød".as_bytes();
    for rules in [DEFAULT, GCM] {
        let (message, sealed) = seal_by(rules, content, &readers).unwrap();
        let checked = check(&message[..], &readers, &sealed.outer, rules).unwrap();
        let mut ways = checked.ways().to_vec();
        ways.sort_unstable();
        let mut wanted = ROWS.map(|row| row.5);
        wanted.sort_unstable();
        assert_eq!(ways, wanted);

        let folder = Folder::new();
        let out = folder.folder("out");
        let file = folder.file("structure", &structure(&message));
        for (n, (person, (.., way))) in people.iter().zip(ROWS).enumerate() {
            if way != Way::X25519 {
                assert_eq!(open(&message, person), content, "{n}");
                continue;
            }
            let Some(mut python) = judging_python() else {
                continue;
            };
            let certificate = folder.file("certificate", person.der());
            let key = folder.file("key", &person.key().private_key_to_pkcs8().unwrap());
            let line = [&file, &certificate, &key].map(|f| f.display().to_string());
            let list = format!("{n}\t{}\n", line.join("\t"));
            let list = folder.file("list", list.as_bytes());
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/open_cms.py");
            let output = run(python.arg(script).arg(list).arg(&out), "");
            let errors = String::from_utf8_lossy(&output.stderr);
            let opened = fs::read(out.join(n.to_string())).ok();
            assert_eq!(opened.as_deref(), Some(content), "{n}: {errors}");
        }
    }
}
