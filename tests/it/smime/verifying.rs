//! Whose signatures outside programs verify: a table, which the README shows and each program is held to. Every mail has a
//! protected header, and nothing that was altered is believed.

use std::{fmt::Write as _, fs};

use openssl::x509::X509;

use super::{
    is_in_the_readme,
    programs::{Folder, Gpgsm, Nss, java, run, runs},
    signing::{AT, Author, authors},
    structure,
};
use crate::tools::tool;

const JUDGES: [&str; 5] = [
    "OpenSSL 3.0 command",
    "gpgsm 2.2",
    "NSS cmsutil 3.87",
    "BouncyCastle 1.72",
    "Thunderbird 153",
];
const OPENSSL: usize = 0;
const GPGSM: usize = 1;
const NSS: usize = 2;
const BOUNCYCASTLE: usize = 3;
pub(super) const THUNDERBIRD: usize = 4;

/// Whose signatures each of them verifies, by the authors in their order, with what the README calls their signatures.
const TABLE: [(&str, [bool; JUDGES.len()]); 5] = [
    ("RSA PKCS#1 v1.5, SHA-256", [true; 5]),
    ("ECDSA P-256, SHA-256", [true; 5]),
    ("ECDSA P-384, SHA-256", [true; 5]),
    ("RSASSA-PSS, SHA-256", [true; 5]),
    ("Ed25519, SHA-512", [false, false, false, true, false]),
];

/// Holds a judge to its column: what it said of each author's mail, as it was sent and altered.
pub(super) fn judge(column: usize, mut believes: impl FnMut(&Author, bool) -> bool) {
    let name = JUDGES[column];
    for (author, (signature, verifies)) in authors().iter().zip(TABLE) {
        assert!(!believes(author, true), "{name}: {signature}, altered");
        match (believes(author, false), verifies[column]) {
            (true, false) => {
                eprintln!("NEWS: {name} verifies more than the table says: {signature}");
            }
            (is_good, wanted) => assert_eq!(is_good, wanted, "{name}: {signature}"),
        }
    }
}

/// The signed part and the signature of a multipart/signed message.
fn taken_apart(message: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = str::from_utf8(message).unwrap();
    let boundary = text.split("boundary=\"").nth(1).unwrap();
    let boundary = format!("--{}", boundary.split('"').next().unwrap());
    let mut parts = text.split(&boundary);
    let content = parts.nth(1).unwrap();
    let content = content.strip_prefix("\r\n").unwrap();
    let content = content.strip_suffix("\r\n").unwrap();
    let signature = parts.next().unwrap().trim_start();
    (content.into(), structure(signature.as_bytes()))
}

/// The message with one letter of its text changed.
pub(super) fn altered(message: &[u8]) -> Vec<u8> {
    String::from_utf8(message.to_vec())
        .unwrap()
        .replace("re Bo", "re Ib")
        .into_bytes()
}

/// The message as it was sent, or altered.
pub(super) fn given(message: Vec<u8>, is_altered: bool) -> Vec<u8> {
    if is_altered {
        altered(&message)
    } else {
        message
    }
}

#[test]
fn the_openssl_command_verifies_its_column_up_to_the_root() {
    let Some(_) = tool("openssl") else { return };
    let folder = Folder::new();
    let out = folder.path("out");
    judge(OPENSSL, |author, is_altered| {
        let root = X509::from_der(&author.root).unwrap().to_pem().unwrap();
        let root = folder.file("root.pem", &root);
        let message = given(author.signed(), is_altered);
        let file = folder.file("message.eml", &message);
        let mut openssl = tool("openssl").unwrap();
        openssl.args(["cms", "-verify", "-inform", "SMIME", "-in"]);
        openssl.arg(file).arg("-CAfile").arg(root);
        openssl.args(["-attime", &AT.as_second().to_string(), "-out"]);
        let done = run(openssl.arg(&out), "");
        let is_good = done.status.success();
        if is_good {
            assert_eq!(fs::read(&out).unwrap(), taken_apart(&message).0);
        }
        is_good
    });
}

#[test]
fn gpgsm_verifies_its_column_up_to_the_root() {
    let (Some(_), Some(_)) = (tool("gpgsm"), tool("gpgconf")) else {
        return;
    };
    let folder = Folder::new();
    let gpgsm = Gpgsm::new(&folder, "home");
    gpgsm.trust(&folder, &authors()[0].root);
    judge(GPGSM, |author, is_altered| {
        let (content, signature) = taken_apart(&author.signed());
        let signature = folder.file("smime.p7s", &signature);
        let content = folder.file("content", &given(content, is_altered));
        let mut gpgsm = gpgsm.command();
        let done = run(gpgsm.arg("--verify").arg(signature).arg(content), "");
        String::from_utf8_lossy(&done.stdout).contains("GOODSIG")
    });
}

#[test]
fn nss_verifies_its_column_up_to_the_root() {
    let (Some(_), Some(_)) = (tool("certutil"), tool("cmsutil")) else {
        return;
    };
    let folder = Folder::new();
    let nss = Nss::new(&folder, "database");
    nss.import(&folder, "root", &authors()[0].root, "C,C,C");
    judge(NSS, |author, is_altered| {
        let (content, signature) = taken_apart(&author.signed());
        let signature = folder.file("smime.p7s", &signature);
        let content = folder.file("content", &given(content, is_altered));
        let mut cmsutil = nss.tool("cmsutil");
        cmsutil.arg("-D").arg("-i").arg(signature).arg("-c");
        let done = run(cmsutil.arg(content).args(["-h", "0"]), "");
        let shown = String::from_utf8_lossy(&done.stdout);
        done.status.success() && shown.contains("status=GoodSignature")
    });
}

/// It verifies all: one run for the good ones, and one for each that was altered.
#[test]
fn bouncycastle_verifies_its_column() {
    let folder = Folder::new();
    let Some(java) = java(&folder, "Verify") else {
        return;
    };
    let mut all = java();
    for author in authors() {
        all.arg(folder.file(author.name, &author.signed()));
    }
    runs(&mut all, "");
    judge(BOUNCYCASTLE, |author, is_altered| {
        if !is_altered {
            return true;
        }
        let bad = folder.file("altered", &altered(&author.signed()));
        run(java().arg(bad), "").status.success()
    });
}

#[test]
fn the_readme_shows_whose_signatures_are_verified() {
    let mut table = String::new();
    writeln!(table, "| signed with | {} |", JUDGES.join(" | ")).unwrap();
    writeln!(table, "|---|{}", "---|".repeat(JUDGES.len())).unwrap();
    for (signature, verifies) in TABLE {
        let words = verifies.map(|v| if v { "yes" } else { "no" });
        writeln!(table, "| {signature} | {} |", words.join(" | ")).unwrap();
    }
    println!("{table}");
    is_in_the_readme(&table);
}
