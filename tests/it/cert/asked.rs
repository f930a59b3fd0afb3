//! `segl cert check`: which certificate of a file is asked about, and by which rules.

use std::fs;

use segl::demo::certificate_bag;
use serde_json::Value;

use super::*;
use crate::desk::{command, run};

const BO: &str = "bo@advokat-eksempel.dk";

/// What is said of a file with these octets, and the exit code.
fn checked(octets: &[u8], settings: &str, more: &[&str]) -> (Value, i32) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("asked"), octets).unwrap();
    fs::write(path("root.pem"), pki().root.pem()).unwrap();
    fs::write(path("segl.toml"), settings).unwrap();
    let mut segl = command(folder.path());
    segl.arg("--config").arg(path("segl.toml"));
    segl.args(["cert", "check", "--json", "--revocation", "when-available"]);
    segl.args(["--at", "2026-11-22T00:00:00Z", "--anchor"]);
    segl.arg(path("root.pem")).args(more).arg(path("asked"));
    let ran = run(segl, b"");
    (ran.json(), ran.code)
}

#[test]
fn in_a_file_of_several_the_one_that_names_the_address_is_asked_about_and_else_no_authority() {
    let issue = |leaf: &Leaf| pki().issuing.issue(leaf).unwrap();
    let (anne, bo) = (issue(&anne()), issue(&Leaf::mail("Bo Ærlig", BO)));
    let issuing = pki().issuing.certificate();
    let chain = [issuing.pem(), anne.pem(), bo.pem()].concat().into_bytes();
    let turned = [bo.pem(), anne.pem(), issuing.pem()].concat().into_bytes();
    let bag = certificate_bag(&[&issuing.der, &anne.der, &bo.der]).unwrap();
    for file in [&chain, &turned, &bag] {
        for (address, asked) in [(ANNE, &anne), (BO, &bo)] {
            let (said, code) = checked(file, "", &["--address", address]);
            assert_eq!(
                (&said["sha256"], code),
                (&asked.sha256().into(), 0),
                "{said}"
            );
        }
        let (said, code) = checked(file, "", &[]);
        assert_ne!(said["sha256"], issuing.sha256());
        assert_eq!(code, 0, "{said}");
    }
    // An authority is asked about where there is nobody else, and one that cannot be read is not passed over for it.
    let (said, _) = checked(issuing.pem().as_bytes(), "", &["--purpose", "path"]);
    assert_eq!(said["sha256"], issuing.sha256());
    let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let (said, code) = checked([&issuing.pem(), broken].concat().as_bytes(), "", &[]);
    assert_eq!(said["problems"][0]["code"], "malformed", "{said}");
    assert_eq!(code, 1);
}

#[test]
fn what_the_firm_does_not_encrypt_to_is_said_of_one_certificate_as_of_a_recipient() {
    let issued = pki().issuing.issue(&anne()).unwrap();
    let file = [issued.pem(), pki().issuing.pem()].concat().into_bytes();
    let only = "[certificates]\nkinds = [\"organisation\"]\n";
    let codes = |settings: &str, more: &[&str]| {
        let (said, code) = checked(&file, settings, more);
        let problems = said["problems"].as_array().unwrap().clone();
        let codes: Vec<_> = problems.iter().map(|p| p["code"].clone()).collect();
        (codes, code)
    };
    assert_eq!(
        codes(only, &["--address", ANNE]),
        (vec!["left-out".into()], 1)
    );
    assert_eq!(codes(only, &[]), (vec!["left-out".into()], 1));
    assert_eq!(codes("", &["--address", ANNE]), (vec![], 0));
    // It is a rule of encrypting.
    assert_eq!(codes(only, &["--purpose", "sign"]), (vec![], 0));
    assert_eq!(codes(only, &["--purpose", "path"]), (vec![], 0));
}
