//! OpenSSL's answers of 2012 (`SEGL_CORPORA`, folder `openssl-cms`), each with what is expected of it. All are signed with
//! SHA-1, so none is ever good; what the table holds is that what is wrong before the signature is found as such, and
//! that what OpenSSL calls good is refused for its signature alone.

use std::{fs, path::Path, path::PathBuf};

use base64_simd::STANDARD;
use jiff::Timestamp;
use segl::{
    cert::{Certificate, RevocationAnswer, RevocationUnknown, certificates},
    revocation::{CrlFiles, ocsp::Answered},
};

/// When each of the answers had begun to count.
const AT: Timestamp = Timestamp::constant(1_351_080_000, 0);

const SHA1: &str = "signed with SHA-1, which is broken";
const OTHER: &str = "it is about another certificate";
const NOBODY: &str = "it is signed by neither the issuer nor anybody who came along";

/// What stands before a case's name, whether it is an issuer instead of an answer, what it is, and why Segl refuses it.
const ROWS: &[(&str, bool, &str, &str)] = &[
    ("", false, "good but for its age and SHA-1", SHA1),
    ("ISOP_", false, "a signature that does not hold", SHA1),
    ("WRID_", false, "a responder that did not sign", NOBODY),
    ("WINH_", false, "another issuer's name", OTHER),
    ("WIKH_", false, "another issuer's key", OTHER),
    (
        "WKDOSC_",
        false,
        "a responder's certificate of another key",
        NOBODY,
    ),
    (
        "ISDOSC_",
        false,
        "a responder's certificate with a wrong signature",
        SHA1,
    ),
    ("WSNIC_", true, "an issuer of another name", SHA1),
    ("WKIC_", true, "an issuer with another key", OTHER),
    ("ISIC_", true, "an issuer with a wrong signature", SHA1),
];

/// Answers by the issuer itself, and by a responder of the issuer: for a person, for an authority, below the root.
const CASES: &[(&str, &str, &str)] = &[
    ("ND1", "Cert_EE", "Issuer_ICA"),
    ("ND2", "Cert_ICA", "Issuer_Root"),
    ("ND3", "Cert_EE", "Issuer_Root"),
    ("D1", "Cert_EE", "Issuer_ICA"),
    ("D2", "Cert_ICA", "Issuer_Root"),
    ("D3", "Cert_EE", "Issuer_Root"),
];

fn folder() -> Option<PathBuf> {
    let found = std::env::var_os("SEGL_CORPORA").map(PathBuf::from);
    if found.is_none() {
        eprintln!(
            "SKIPPED a test: SEGL_CORPORA is not set, so no answer of another responder was judged"
        );
    }
    found.map(|f| f.join("openssl-cms/test/ocsp-tests"))
}

fn certificate(file: &Path) -> Certificate {
    let octets = fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    certificates(&octets).unwrap().remove(0).unwrap()
}

#[test]
fn answers_of_other_responders_come_to_what_the_table_says() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for (prefix, is_issuer, what, wanted) in ROWS {
        for (case, subject, issuer) in CASES {
            let answer = if *is_issuer { "" } else { prefix };
            let file = folder.join(format!("{answer}{case}.ors"));
            if !is_issuer && prefix.ends_with("DOSC_") && case.starts_with('N') {
                continue;
            }
            let issuer = if *is_issuer {
                format!("{prefix}{case}_{issuer}.pem")
            } else {
                format!("{case}_{issuer}.pem")
            };
            let issuer = certificate(&folder.join(issuer));
            let subject = certificate(&folder.join(format!("{case}_{subject}.pem")));
            let text: Vec<u8> = fs::read(&file).unwrap();
            let text: Vec<u8> = text
                .into_iter()
                .filter(|b| !b.is_ascii_whitespace())
                .collect();
            let der = STANDARD.decode_to_vec(&text).unwrap();
            let answered = Answered::read(&der, "ocsp.example").unwrap();
            let said =
                CrlFiles::default().judge_answer(&answered, (&subject, &issuer), &[], None, AT);
            let detail = match said {
                RevocationAnswer::Unknown(
                    RevocationUnknown::Unfit { detail, .. }
                    | RevocationUnknown::WrongResponder { detail, .. },
                ) => detail,
                other => panic!("{prefix}{case}, {what}: {other:?}"),
            };
            // This one names its signer by name, which its certificate bears; the others name the key, which is another.
            let is_named = (*prefix, *case) == ("WKDOSC_", "D3");
            let wanted = if is_named { SHA1 } else { wanted };
            assert_eq!(detail, wanted, "{prefix}{case}, {what}");
            count += 1;
        }
    }
    assert_eq!(count, 54, "every case of the table was judged");
}
