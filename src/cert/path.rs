//! Paths from a certificate to a pinned trust anchor (RFC 5280 §6), validated by OpenSSL, with every problem at once.
//!
//! Candidates are found by [`search`](super::search); OpenSSL validates each; what it is lenient about is judged here.
//! Pure: what is missing is named, and whoever may fetch it calls again. Trust anchors are pinned; the operating
//! system's web roots are never asked for mail certificates.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use openssl::{
    error::ErrorStack,
    stack::Stack,
    x509::{
        store::{X509Store, X509StoreBuilder},
        verify::{X509CheckFlags, X509VerifyFlags, X509VerifyParam},
    },
};

use super::{
    certificate::{Certificate, malformed},
    constraints,
    openssl_ext::{self, Note},
    problem::Problem,
    search::{Budget, MAX_DEPTH, MAX_SIGNATURES, MAX_STEPS, Search},
    sides,
};

/// Complete paths that are validated at most.
const MAX_PATHS: usize = 12;
/// Where no path is found, so many possible issuers are shown to OpenSSL, so that it can say what is wrong with them.
const MAX_SHOWN: usize = 8;
/// OpenSSL's level 2: RSA of at least 2048 bits, no SHA-1 in the path.
const AUTH_LEVEL: i32 = 2;

/// anyPolicy (RFC 5280 §4.2.1.4).
const ANY_POLICY: &str = "2.5.29.32.0";

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
    is_anchored: bool,
    signatures: usize,
}

/// What a path must satisfy besides RFC 5280 §6.1.3: the inputs of §6.1.1 (c), (e), (f) and (g).
#[derive(Debug, Clone, Default)]
pub struct PolicyInputs {
    /// Certificate policies of which one must hold; none stands for any.
    pub acceptable: Vec<ObjectIdentifier>,
    /// One of them must hold even if no certificate of the path asks for it.
    pub explicit: bool,
    /// Policies of one authority are not translated into those of another.
    pub inhibit_mapping: bool,
    /// `anyPolicy` in a certificate stands for nothing.
    pub inhibit_any: bool,
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
    known(&certificate.sha256().to_string())
}

fn known(sha256: &str) -> Option<(&'static str, bool)> {
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

    /// Whether it ends at a pinned anchor: each certificate is signed by the next, whatever else is wrong.
    pub fn is_anchored(&self) -> bool {
        self.is_anchored
    }

    /// The anchor at which it ends.
    pub fn anchor(&self) -> Option<&Certificate> {
        self.certificates.last().filter(|_| self.is_anchored)
    }

    /// How many signatures building and validating took, of this path and of those beside it.
    pub fn signatures(&self) -> usize {
        self.signatures
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

/// Builds and validates a path from `leaf` through `pool` to one of `anchors` at a time: the best of [`paths`].
pub fn path(leaf: &Certificate, pool: &[Certificate], anchors: &Anchors, at: Timestamp) -> Path {
    let found = paths(leaf, pool, anchors, &PolicyInputs::default(), at);
    found.into_iter().next().unwrap_or_else(|| Path::bare(leaf))
}

/// Every path from `leaf` through `pool` to one of `anchors`, within what a check may cost; those with the fewest
/// problems first, of those the shortest. At least one: where none reaches an anchor, as far as one goes and why.
pub fn paths(
    leaf: &Certificate,
    pool: &[Certificate],
    anchors: &Anchors,
    policy: &PolicyInputs,
    at: Timestamp,
) -> Vec<Path> {
    let mut budget = Budget::new();
    let mut search = Search::new(leaf, pool, anchors.certificates());
    let mut found: Vec<Path> = Vec::new();
    while found.len() < MAX_PATHS {
        let Some(candidate) = search.next(&mut budget) else {
            break;
        };
        if !budget.take(candidate.len()) {
            break;
        }
        found.push(validate(&candidate, policy, at));
    }
    if found.is_empty() {
        found.push(unfinished(&search, anchors, policy, at));
    }
    found.sort_by_key(|path| path.problems.len());
    for path in &mut found {
        path.signatures = budget.used();
    }
    found
}

/// OpenSSL's verdict on exactly these certificates, the last of which is an anchor, and our own on top.
fn validate(candidate: &[&Certificate], policy: &PolicyInputs, at: Timestamp) -> Path {
    let leaf = candidate[0];
    let (anchor, between) = match candidate {
        [_, between @ .., anchor] => (*anchor, between),
        _ => (leaf, [].as_slice()),
    };
    let mut path = Path::bare(leaf);
    path.certificates = candidate.iter().map(|c| (*c).clone()).collect();
    path.is_anchored = true;
    match verified(leaf, between, &[anchor], policy, at) {
        Ok(notes) => path.take(&notes, policy),
        // OpenSSL could not do its work (out of memory, or a structure it cannot hold): no path was shown to be good.
        Err(cause) => path.problems.push(malformed("path", &cause)),
    }
    path.authorities(between);
    path.unknown_constraints();
    path.forbidden_addresses();
    path
}

/// No path reaches an anchor: what OpenSSL says of those who claim to have issued the last certificate.
fn unfinished(
    search: &Search<'_>,
    anchors: &Anchors,
    policy: &PolicyInputs,
    at: Timestamp,
) -> Path {
    let (known, issuers) = search.longest();
    // A search begins with the leaf and never drops it.
    let (leaf, last) = (known[0], known[known.len() - 1]);
    let mut path = Path::bare(leaf);
    path.certificates = known.iter().map(|c| (*c).clone()).collect();
    let between: Vec<_> = known.iter().skip(1).copied().collect();
    let pool: Vec<_> = between
        .iter()
        .copied()
        .chain(issuers.into_iter().take(MAX_SHOWN))
        .collect();
    let pinned: Vec<_> = anchors.certificates().iter().collect();
    match verified(leaf, &pool, &pinned, policy, at) {
        Ok(notes) => path.take(&notes, policy),
        Err(cause) => path.problems.push(malformed("path", &cause)),
    }
    let is_told = |p: &Problem| matches!(p, Problem::UntrustedIssuer { .. });
    if search.gave_up() {
        // OpenSSL saw a part of it only: nobody knows that no trusted issuer was among the rest.
        path.problems.retain(|p| !is_told(p));
        path.problems.push(Problem::PathNotExamined {
            issuer: last.facts().issuer.clone(),
            detail: format!(
                "at most {MAX_SIGNATURES} signatures and {MAX_STEPS} certificates are looked at"
            ),
        });
    }
    path.authorities(&between);
    if !search.gave_up() && !path.problems.iter().any(is_told) {
        path.problems.push(Problem::UntrustedIssuer {
            issuer: last.facts().issuer.clone(),
            detail: "no path to a trusted root".to_owned(),
        });
    }
    path
}

fn verified(
    leaf: &Certificate,
    between: &[&Certificate],
    anchors: &[&Certificate],
    policy: &PolicyInputs,
    at: Timestamp,
) -> Result<Vec<Note>, ErrorStack> {
    let mut untrusted = Stack::new()?;
    for certificate in between {
        untrusted.push(certificate.x509().clone())?;
    }
    let store = store(anchors, policy, at)?;
    openssl_ext::verify(leaf.x509(), &untrusted, &store)
}

fn store(
    anchors: &[&Certificate],
    policy: &PolicyInputs,
    at: Timestamp,
) -> Result<X509Store, ErrorStack> {
    let mut param = X509VerifyParam::new()?;
    // An anchor need not be self-signed: IT may pin an issuing authority. Policies are always processed: a certificate
    // may ask for it (requireExplicitPolicy).
    let mut flags = X509VerifyFlags::PARTIAL_CHAIN
        | X509VerifyFlags::TRUSTED_FIRST
        | X509VerifyFlags::POLICY_CHECK;
    let asked = [
        (policy.explicit, X509VerifyFlags::EXPLICIT_POLICY),
        (policy.inhibit_mapping, X509VerifyFlags::INHIBIT_MAP),
        (policy.inhibit_any, X509VerifyFlags::INHIBIT_ANY),
    ];
    for (_, flag) in asked.into_iter().filter(|(is_asked, _)| *is_asked) {
        flags |= flag;
    }
    param.set_flags(flags)?;
    if policy.acceptable.is_empty() {
        // To OpenSSL no policies are none, not any.
        openssl_ext::add_policy(&mut param, ANY_POLICY)?;
    }
    for oid in &policy.acceptable {
        openssl_ext::add_policy(&mut param, &oid.to_string())?;
    }
    param.set_time(at.as_second());
    // One more than the search allows: a limit that both draw is told by the search.
    param.set_depth(i32::try_from(MAX_DEPTH + 1).unwrap_or(i32::MAX));
    param.set_auth_level(AUTH_LEVEL);
    // A common name like a host's is a person's or a mailbox's here: constraints on dNSName speak of subjectAltName (RFC
    // 5280 §4.2.1.10), and no mail goes by it.
    param.set_hostflags(X509CheckFlags::NEVER_CHECK_SUBJECT);
    let mut store = X509StoreBuilder::new()?;
    store.set_param(&param)?;
    for anchor in anchors {
        store.add_cert(anchor.x509().clone())?;
    }
    Ok(store.build())
}

impl Path {
    fn bare(leaf: &Certificate) -> Self {
        Self {
            certificates: vec![leaf.clone()],
            problems: Vec::new(),
            is_anchored: false,
            signatures: 0,
        }
    }

    /// RFC 5280 §4.2.1.9 and §4.2.1.3, which OpenSSL asks for in its strict mode only: it would also take a key usage of
    /// keyCertSign for an authority. An anchor is one because it is pinned.
    fn authorities(&mut self, between: &[&Certificate]) {
        for issuer in between {
            let facts = issuer.facts();
            let signs = facts
                .key_usage
                .as_ref()
                .is_none_or(x509_cert::ext::pkix::KeyUsage::key_cert_sign);
            if !(facts.is_ca && signs) {
                self.push(Problem::UntrustedIssuer {
                    issuer: facts.subject.clone(),
                    detail: "it is not a certification authority".to_owned(),
                });
            }
        }
    }

    /// RFC 9598 §6: constraints on mail addresses are written for rfc822Name and count for both forms. One that is written
    /// for SmtpUTF8Mailbox is passed over by OpenSSL; where it meets such a name, nobody knows what it allows.
    fn unknown_constraints(&mut self) {
        for depth in 0..self.certificates.len() {
            let is_bound = sides::has_smtp_utf8(&self.certificates[depth])
                && self.certificates[depth + 1..]
                    .iter()
                    .any(sides::constrains_smtp_utf8);
            if is_bound {
                let (expected, presented) = sides::name_constraints(&self.certificates, depth);
                self.push(Problem::NameConstraints {
                    detail: "a constraint in the form of SmtpUTF8Mailbox".to_owned(),
                    expected,
                    presented,
                });
            }
        }
    }

    /// What OpenSSL lets through because it compares addresses in another form than Segl: see [`constraints`]. What it has
    /// told already is not told twice.
    fn forbidden_addresses(&mut self) {
        let Some((leaf, issuers)) = self.certificates.split_first() else {
            return;
        };
        if !issuers.iter().any(|i| constraints::forbid(i, leaf)) {
            return;
        }
        let sides = sides::name_constraints(&self.certificates, 0);
        let is_told = self.problems.iter().any(|problem| match problem {
            Problem::NameConstraints {
                expected,
                presented,
                ..
            } => (expected, presented) == (&sides.0, &sides.1),
            _ => false,
        });
        if !is_told {
            self.push(Problem::NameConstraints {
                detail: "an address that an issuer above does not allow".to_owned(),
                expected: sides.0,
                presented: sides.1,
            });
        }
    }

    fn push(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn take(&mut self, notes: &[Note], policy: &PolicyInputs) {
        for note in notes {
            if let Some(problem) = self.problem(*note, policy) {
                self.push(problem);
            }
        }
    }

    /// The finding behind an OpenSSL error. The leaf's dates and strength are judged elsewhere, with more to say.
    fn problem(&self, note: Note, policy: &PolicyInputs) -> Option<Problem> {
        use openssl_sys as e;
        let at = self
            .certificates
            .get(note.depth)
            .unwrap_or(&self.certificates[0]);
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
            EE_KEY_TOO_SMALL | CA_KEY_TOO_SMALL if !above => return None,
            // Only what is told elsewhere by its name: a digest that only OpenSSL knows is weak all the same.
            CA_MD_TOO_WEAK if !above && at.facts().signature.is_weak => return None,
            CA_KEY_TOO_SMALL | EE_KEY_TOO_SMALL => Problem::WeakKey {
                presented: at.facts().key.to_string(),
                expected: "RSA 2048".to_owned(),
            },
            CA_MD_TOO_WEAK => Problem::WeakSignature {
                presented: at.facts().signature.name.clone(),
            },
            e::X509_V_ERR_PATH_LENGTH_EXCEEDED => {
                let (expected, presented) = sides::path_length(&self.certificates, note.depth);
                Problem::PathLength {
                    detail: detail(),
                    expected,
                    presented,
                }
            }
            e::X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION => {
                let (expected, presented) = sides::critical_extensions(at);
                Problem::CriticalExtension {
                    detail: detail(),
                    expected,
                    presented,
                }
            }
            e::X509_V_ERR_INVALID_POLICY_EXTENSION | e::X509_V_ERR_NO_EXPLICIT_POLICY => {
                let (expected, presented) = sides::policies(&policy.acceptable, at);
                Problem::Policy {
                    detail: detail(),
                    expected,
                    presented,
                }
            }
            e::X509_V_ERR_PERMITTED_VIOLATION
            | e::X509_V_ERR_EXCLUDED_VIOLATION
            | e::X509_V_ERR_SUBTREE_MINMAX
            | e::X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE
            | e::X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX
            | e::X509_V_ERR_UNSUPPORTED_NAME_SYNTAX => {
                let (expected, presented) = sides::name_constraints(&self.certificates, note.depth);
                Problem::NameConstraints {
                    detail: detail(),
                    expected,
                    presented,
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_for_testing_is_known_as_that_and_those_of_production_are_not() {
        let is_test = |sha256: &str| known(sha256).map(|(_, is_test)| is_test);
        let testing = "d1bcec41d7acae932b7dfe66a8b7341ca75952c8664fccef4c4ae2150f95c5ec";
        assert_eq!(is_test(testing), Some(true));
        for (sha256, name) in [
            (
                "06fcb2cba39d4486e5308ad86980bcd7acd3b73b3bb126c75f6c4b4da04c9c09",
                "Den Danske Stat OCES (OCES3)",
            ),
            (
                "92d8092ee77bc9208f0897dc05271894e63ef27933ae537fb983eef0eae3eec8",
                "TRUST2408 OCES (OCES2)",
            ),
        ] {
            assert_eq!(known(sha256), Some((name, false)));
        }
        assert_eq!(known(&testing.replace('d', "e")), None);
    }
}
