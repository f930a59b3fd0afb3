//! Paths from a certificate to a pinned trust anchor (RFC 5280 §6), validated by OpenSSL, with every problem at once.
//!
//! Pure: what is missing is named, and whoever may fetch it calls again. Trust anchors are pinned; the operating
//! system's web roots are never asked for mail certificates.

use jiff::Timestamp;
use openssl::{
    error::ErrorStack,
    stack::Stack,
    x509::{
        X509,
        store::{X509Store, X509StoreBuilder},
        verify::{X509VerifyFlags, X509VerifyParam},
    },
};

use super::{
    certificate::{Certificate, malformed},
    openssl_ext::{self, Note},
    problem::Problem,
};

/// Certificates between leaf and anchor at most.
const MAX_DEPTH: i32 = 10;
/// Intermediates that are looked at for one path at most: hostile pools must not cost time.
const MAX_POOL: usize = 100;
/// OpenSSL's level 2: RSA of at least 2048 bits, no SHA-1 in the path.
const AUTH_LEVEL: i32 = 2;

/// Roots that Segl knows by fingerprint, so that it can name them. Knowing is not trusting.
const KNOWN_ROOTS: &[(&str, &str, bool)] = &[
    (
        "06fcb2cba39d4486e5308ad86980bcd7acd3b73b3bb126c75f6c4b4da04c9c09",
        "Den Danske Stat OCES (OCES3)",
        false,
    ),
    (
        "d1bcec41d7acae932b7dfe66a8b7341ca75952c8664fccef4c4ae2150f95c5ec",
        "TEST: Den Danske Stat OCES, cti",
        true,
    ),
    (
        "92d8092ee77bc9208f0897dc05271894e63ef27933ae537fb983eef0eae3eec8",
        "TRUST2408 OCES (OCES2)",
        false,
    ),
];

/// The certificates that paths may end at.
#[derive(Debug, Clone, Default)]
pub struct Anchors(Vec<Certificate>);

/// A path as far as it could be built, leaf first, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Path {
    certificates: Vec<Certificate>,
    problems: Vec<Problem>,
}

impl Anchors {
    /// These certificates and no others.
    pub fn new(certificates: Vec<Certificate>) -> Self {
        Self(certificates)
    }

    /// The certificates.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0
    }
}

/// The name by which Segl knows a root, and whether it was made for testing.
pub fn known_root(certificate: &Certificate) -> Option<(&'static str, bool)> {
    let sha256 = certificate.sha256().to_string();
    KNOWN_ROOTS
        .iter()
        .find(|(f, ..)| *f == sha256)
        .map(|(_, name, test)| (*name, *test))
}

impl Path {
    /// Leaf first, anchor last where one was reached.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Everything that path validation found wrong, without the leaf's own dates and strength.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The recipient's own certificate.
    pub fn leaf(&self) -> &Certificate {
        &self.certificates[0]
    }

    /// Each certificate below the anchor together with its issuer: those whose revocation state can be asked.
    pub fn links(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.certificates
            .windows(2)
            .map(|pair| (&pair[0], &pair[1]))
    }
}

/// Builds and validates a path from `leaf` through `pool` to one of `anchors` at a time.
pub fn path(leaf: &Certificate, pool: &[Certificate], anchors: &Anchors, at: Timestamp) -> Path {
    let mut path = Path {
        certificates: vec![leaf.clone()],
        problems: Vec::new(),
    };
    match validated(leaf, pool, anchors, at) {
        Ok(verified) => path.take(&verified, leaf, pool, anchors),
        // OpenSSL could not do its work (out of memory, or a structure it cannot hold): no path was shown to be good.
        Err(cause) => path.problems.push(malformed("path", &cause)),
    }
    path
}

fn validated(
    leaf: &Certificate,
    pool: &[Certificate],
    anchors: &Anchors,
    at: Timestamp,
) -> Result<openssl_ext::Verified, ErrorStack> {
    let mut untrusted = Stack::new()?;
    for certificate in pool.iter().take(MAX_POOL) {
        untrusted.push(certificate.x509().clone())?;
    }
    let store = store(anchors, at)?;
    openssl_ext::verify(leaf.x509(), &untrusted, &store)
}

fn store(anchors: &Anchors, at: Timestamp) -> Result<X509Store, ErrorStack> {
    let mut param = X509VerifyParam::new()?;
    // An anchor need not be self-signed: IT may pin an issuing authority.
    param.set_flags(X509VerifyFlags::PARTIAL_CHAIN | X509VerifyFlags::TRUSTED_FIRST)?;
    param.set_time(at.as_second());
    param.set_depth(MAX_DEPTH);
    param.set_auth_level(AUTH_LEVEL);
    let mut store = X509StoreBuilder::new()?;
    store.set_param(&param)?;
    for anchor in anchors.certificates() {
        store.add_cert(anchor.x509().clone())?;
    }
    Ok(store.build())
}

impl Path {
    fn take(
        &mut self,
        verified: &openssl_ext::Verified,
        leaf: &Certificate,
        pool: &[Certificate],
        anchors: &Anchors,
    ) {
        for x509 in verified.chain.iter().skip(1) {
            match known(x509, pool, anchors) {
                Some(certificate) => self.certificates.push(certificate),
                None => self.problems.push(malformed(
                    "path",
                    &"a certificate of the path cannot be read",
                )),
            }
        }
        for note in &verified.notes {
            let problem = self.problem(*note, leaf);
            if let Some(problem) = problem.filter(|p| !self.problems.contains(p)) {
                self.problems.push(problem);
            }
        }
    }

    /// The finding behind an OpenSSL error. The leaf's dates and strength are judged elsewhere, with more to say.
    fn problem(&self, note: Note, leaf: &Certificate) -> Option<Problem> {
        use openssl_sys as e;
        let at = self.certificates.get(note.depth).unwrap_or(leaf);
        let above = note.depth > 0;
        let name = || Some(at.facts().subject.clone());
        let detail = || {
            let text = openssl_ext::error_text(note.error);
            format!("{text}: {}", at.facts().subject)
        };
        Some(match note.error {
            e::X509_V_ERR_CERT_HAS_EXPIRED if above => Problem::Expired {
                not_after: at.facts().not_after,
                certificate: name(),
            },
            e::X509_V_ERR_CERT_NOT_YET_VALID if above => Problem::NotYetValid {
                not_before: at.facts().not_before,
                certificate: name(),
            },
            e::X509_V_ERR_CERT_HAS_EXPIRED | e::X509_V_ERR_CERT_NOT_YET_VALID => return None,
            EE_KEY_TOO_SMALL | CA_KEY_TOO_SMALL | CA_MD_TOO_WEAK if !above => return None,
            CA_KEY_TOO_SMALL | EE_KEY_TOO_SMALL => Problem::WeakKey {
                presented: at.facts().key.to_string(),
                expected: "RSA 2048".to_owned(),
            },
            CA_MD_TOO_WEAK => Problem::WeakSignature {
                presented: at.facts().signature.name.clone(),
            },
            e::X509_V_ERR_PATH_LENGTH_EXCEEDED => Problem::PathLength { detail: detail() },
            e::X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION => {
                Problem::CriticalExtension { detail: detail() }
            }
            e::X509_V_ERR_INVALID_POLICY_EXTENSION | e::X509_V_ERR_NO_EXPLICIT_POLICY => {
                Problem::Policy { detail: detail() }
            }
            e::X509_V_ERR_PERMITTED_VIOLATION
            | e::X509_V_ERR_EXCLUDED_VIOLATION
            | e::X509_V_ERR_SUBTREE_MINMAX
            | e::X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE
            | e::X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX
            | e::X509_V_ERR_UNSUPPORTED_NAME_SYNTAX => {
                Problem::NameConstraints { detail: detail() }
            }
            // Every other error means: this path shows nothing. Unknown codes of a newer OpenSSL land here too.
            _ => Problem::UntrustedIssuer {
                issuer: at.facts().issuer.clone(),
                detail: detail(),
            },
        })
    }
}

// Not in openssl-sys; the numbers are fixed in openssl/x509_vfy.h.
const EE_KEY_TOO_SMALL: i32 = 66;
const CA_KEY_TOO_SMALL: i32 = 67;
const CA_MD_TOO_WEAK: i32 = 68;

/// Our own view of a certificate that OpenSSL put into the path.
fn known(x509: &X509, pool: &[Certificate], anchors: &Anchors) -> Option<Certificate> {
    let der = x509.to_der().ok()?;
    let found = anchors
        .certificates()
        .iter()
        .chain(pool)
        .find(|c| c.der() == der);
    found.cloned().or_else(|| Certificate::from_der(&der).ok())
}
