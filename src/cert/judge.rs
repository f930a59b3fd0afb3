//! The verdict on one certificate for one address at one time: usable, or every problem.
//!
//! [`EncryptionCertificate`] can only be made here, cannot be copied and cannot be stored: what is kept elsewhere are
//! octets and answers, never a verdict.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    binding::{self, Binding, BindingRule, Gateway},
    capability::Capabilities,
    certificate::{Certificate, Fingerprint},
    ending::{self, Ending, Whose},
    path::{Path, known_root},
    problem::{Problem, RevocationUnknown},
    revocation::{RevocationAnswer, RevocationFinding, RevocationRuling, latest, until},
    spki::{KeyKind, RSA_MAX_BITS, RSA_MIN_BITS},
};
use crate::mail::Address;

const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
const ANY_EXTENDED_KEY_USAGE: &str = "2.5.29.37.0";
/// Curves below this are refused, as RSA below 2048 bits.
const MIN_CURVE_BITS: u32 = 256;

/// A certificate that passed every check for one address at one time.
///
/// ```compile_fail
/// fn copied(certificate: &segl::cert::EncryptionCertificate) -> segl::cert::EncryptionCertificate {
///     certificate.clone()
/// }
/// ```
#[derive(Debug)]
pub struct EncryptionCertificate {
    certificate: Certificate,
    address: Address,
    binding: Binding,
    path: Vec<Fingerprint>,
    checked_at: Timestamp,
    evidence_from: Option<Timestamp>,
    endings: Vec<Ending>,
    /// What a signed mail of the reader's said last; it goes before what the certificate says.
    learned: Option<(Capabilities, Timestamp)>,
}

/// How much must be known of a certificate's revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RevocationPolicy {
    /// A current answer for the leaf, and for every issuer that can be asked.
    Require,
    /// As `Require`, but an answer counts for this long even if a newer one was due.
    Grace(SignedDuration),
    /// Only "revoked" counts against a certificate.
    WhenAvailable,
}

impl fmt::Display for RevocationPolicy {
    /// As the settings write it: `require`, `grace:24h`, `when-available`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Require => f.write_str("require"),
            Self::Grace(grace) => match grace.as_secs() {
                secs if secs % 3600 == 0 => write!(f, "grace:{}h", secs / 3600),
                secs => write!(f, "grace:{secs}s"),
            },
            Self::WhenAvailable => f.write_str("when-available"),
        }
    }
}

/// What a verdict depends on besides the certificate.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How much must be known of revocation.
    pub revocation: RevocationPolicy,
    /// Whether paths may end at roots that were made for testing.
    pub allow_test_roots: bool,
    /// Which organisation or certificate belongs to which address.
    pub bindings: Vec<BindingRule>,
}

/// For which use a certificate is judged. Its dates, and whether key or signature are weak, count for each.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// Encrypting to this address; the directory, where the settings trust its entries.
    Address {
        /// The recipient's address.
        address: &'a Address,
        /// A directory whose entries count as binding.
        trusted: Option<&'a str>,
    },
    /// Encrypting to the gateway of this domain, and of no other.
    Domain(Gateway<'a>),
    /// Nobody: usage and strength for encrypting, without an address.
    Encrypt,
    /// Nobody: usage for signing.
    Sign,
    /// Nobody: the path alone.
    Path,
}

impl EncryptionCertificate {
    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// For whom it was judged.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What ties it to the address.
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// The path, leaf first.
    pub fn path(&self) -> &[Fingerprint] {
        &self.path
    }

    /// When it was judged.
    pub fn checked_at(&self) -> Timestamp {
        self.checked_at
    }

    /// What of its path ends soon.
    pub fn endings(&self) -> &[Ending] {
        &self.endings
    }

    /// The oldest revocation list that the verdict rests on.
    pub fn evidence_from(&self) -> Option<Timestamp> {
        self.evidence_from
    }

    /// What the reader's mail program opens: as learned, else as the certificate says (RFC 8551 §2.7.1, RFC 4262), else
    /// nothing that is not the default.
    pub fn capabilities(&self) -> Option<&Capabilities> {
        let learned = self.learned.as_ref().map(|(capabilities, _)| capabilities);
        learned.or(self.certificate.facts().capabilities.as_ref())
    }

    /// When the mail was signed that the reader's capabilities were learned from, if they were.
    pub fn learned_at(&self) -> Option<Timestamp> {
        self.learned.as_ref().map(|(_, signed_at)| *signed_at)
    }

    /// The same, with what a mail of the reader's said, and when that was signed.
    #[must_use]
    pub fn with_learned(mut self, capabilities: Capabilities, signed_at: Timestamp) -> Self {
        self.learned = Some((capabilities, signed_at));
        self
    }
}

/// Judges the leaf of `path` for encrypting to `address`. `answers` are the revocation answers for
/// [`Path::links`], in that order. `trusted` names the directory that delivered it, if its entries count as binding.
pub fn judge(
    path: &Path,
    answers: &[RevocationAnswer],
    address: &Address,
    trusted: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<EncryptionCertificate, Vec<Problem>> {
    let subject = Subject::Address { address, trusted };
    let problems = problems(path, answers, subject, rules, at);
    let bound = binding::bind(path.leaf(), address, &rules.bindings, trusted);
    usable((path, answers), address, bound, problems, at)
}

/// Judges the leaf of `path` for encrypting to the gateway of a domain: as [`judge()`] does for an address, and bound to
/// that domain only.
pub fn judge_gateway(
    path: &Path,
    answers: &[RevocationAnswer],
    gateway: Gateway<'_>,
    trusted: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<EncryptionCertificate, Vec<Problem>> {
    let problems = problems(path, answers, Subject::Domain(gateway), rules, at);
    let bound = binding::bind_gateway(path.leaf(), gateway, &rules.bindings, trusted);
    usable((path, answers), gateway.address, bound, problems, at)
}

fn usable(
    (path, answers): (&Path, &[RevocationAnswer]),
    address: &Address,
    bound: Result<Binding, Problem>,
    mut problems: Vec<Problem>,
    at: Timestamp,
) -> Result<EncryptionCertificate, Vec<Problem>> {
    match bound {
        Ok(binding) if problems.is_empty() => Ok(EncryptionCertificate {
            certificate: path.leaf().clone(),
            address: address.clone(),
            binding,
            path: path
                .certificates()
                .iter()
                .map(Certificate::sha256)
                .collect(),
            checked_at: at,
            evidence_from: oldest(answers),
            endings: ending::endings(path, Whose::Other, at),
            learned: None,
        }),
        Ok(_) => Err(sorted(problems)),
        Err(problem) => {
            problems.push(problem);
            Err(sorted(problems))
        }
    }
}

/// Every problem of a path for a use, without binding to an address.
pub fn problems(
    path: &Path,
    answers: &[RevocationAnswer],
    subject: Subject<'_>,
    rules: &Rules,
    at: Timestamp,
) -> Vec<Problem> {
    let mut problems: Vec<Problem> = dates(path.leaf(), at).into_iter().collect();
    match subject {
        Subject::Address { .. } | Subject::Domain(_) | Subject::Encrypt => {
            problems.extend(encryption_usage(path.leaf()));
            problems.extend(issuers_usage(path));
            problems.extend(unsupported(path.leaf()));
        }
        Subject::Sign => {
            problems.extend(signing_usage(path.leaf()));
            problems.extend(issuers_usage(path));
        }
        Subject::Path => {}
    }
    problems.extend(weakness(path.leaf()));
    problems.extend(path.problems().iter().cloned());
    problems.extend(test_root(path, rules));
    problems.extend(revocation(path, answers, rules.revocation, at));
    sorted(problems)
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(Problem::rank);
    problems.dedup();
    problems
}

fn dates(leaf: &Certificate, at: Timestamp) -> Option<Problem> {
    let facts = leaf.facts();
    if at > facts.not_after {
        return Some(Problem::Expired {
            not_after: facts.not_after,
            certificate: None,
        });
    }
    (at < facts.not_before).then_some(Problem::NotYetValid {
        not_before: facts.not_before,
        certificate: None,
    })
}

/// RFC 5652 §6.2: key transport needs keyEncipherment, key agreement needs keyAgreement; ML-KEM needs keyEncipherment
/// (RFC 9935 §5). An absent extension allows both (RFC 5280 §4.2.1.3). OpenSSL's purpose check refuses an EC key with
/// keyAgreement alone, so it is not asked.
fn encryption_usage(leaf: &Certificate) -> Vec<Problem> {
    let facts = leaf.facts();
    let mut problems: Vec<Problem> = extended_usage(leaf, None).into_iter().collect();
    if let Some(usage) = &facts.key_usage {
        let (holds, expected) = match facts.key {
            // With encipherOnly the subject may not decrypt what was encrypted to it.
            KeyKind::Ec(_) | KeyKind::OtherCurve { .. } | KeyKind::X25519 => (
                usage.key_agreement() && !usage.encipher_only(),
                "keyAgreement",
            ),
            KeyKind::Rsa { .. } | KeyKind::MlKem(_) | KeyKind::Other { .. } => {
                (usage.key_encipherment(), "keyEncipherment")
            }
        };
        if !holds {
            problems.push(Problem::KeyUsage {
                expected: expected.to_owned(),
                presented: usages(*usage),
            });
        }
    }
    problems
}

fn signing_usage(leaf: &Certificate) -> Vec<Problem> {
    let mut problems: Vec<Problem> = extended_usage(leaf, None).into_iter().collect();
    if let Some(usage) = &leaf.facts().key_usage
        && !usage.digital_signature()
        && !usage.non_repudiation()
    {
        problems.push(Problem::KeyUsage {
            expected: "digitalSignature".to_owned(),
            presented: usages(*usage),
        });
    }
    problems
}

/// An authority that names purposes may issue for no others: so those are kept from mail who were given an authority for
/// their web servers. RFC 5280 §4.2.1.12 leaves it open; OpenSSL, NSS and Windows, and what authorities must do for mail
/// (CA/Browser Forum, S/MIME §7.1.2.2), agree. An anchor may issue for what it is pinned for.
pub(crate) fn issuers_usage(path: &Path) -> Vec<Problem> {
    let below = path.certificates().len() - usize::from(path.is_anchored());
    let issuers = path.certificates().iter().take(below).skip(1);
    let found = issuers.filter_map(|c| extended_usage(c, Some(c.facts().subject.clone())));
    found.collect()
}

fn extended_usage(certificate: &Certificate, named: Option<String>) -> Option<Problem> {
    let purposes = certificate.facts().extended_key_usage.as_ref()?;
    let presented: Vec<String> = purposes.iter().map(ToString::to_string).collect();
    let holds = presented
        .iter()
        .any(|p| p == EMAIL_PROTECTION || p == ANY_EXTENDED_KEY_USAGE);
    (!holds).then_some(Problem::ExtendedKeyUsage {
        presented,
        certificate: named,
    })
}

fn usages(usage: x509_cert::ext::pkix::KeyUsage) -> Vec<String> {
    let all = [
        (usage.digital_signature(), "digitalSignature"),
        (usage.non_repudiation(), "nonRepudiation"),
        (usage.key_encipherment(), "keyEncipherment"),
        (usage.data_encipherment(), "dataEncipherment"),
        (usage.key_agreement(), "keyAgreement"),
        (usage.key_cert_sign(), "keyCertSign"),
        (usage.crl_sign(), "cRLSign"),
        (usage.encipher_only(), "encipherOnly"),
        (usage.decipher_only(), "decipherOnly"),
    ];
    all.iter()
        .filter(|(set, _)| *set)
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

/// What is too weak for any use, for sealing as for a signature (RFC 8551 §4.3 and §4.4): a short key, and a certificate
/// that its issuer signed with a broken digest, so that another one may stand under the same signature.
pub(crate) fn weakness(leaf: &Certificate) -> Vec<Problem> {
    let facts = leaf.facts();
    let expected = match facts.key {
        KeyKind::Rsa { bits } if bits < RSA_MIN_BITS => Some(format!("RSA {RSA_MIN_BITS}")),
        KeyKind::OtherCurve { bits, .. } if bits < MIN_CURVE_BITS => Some("EC P-256".to_owned()),
        _ => None,
    };
    let key = expected.map(|expected| Problem::WeakKey {
        presented: facts.key.to_string(),
        expected,
    });
    let signature = facts.signature.is_weak.then(|| Problem::WeakSignature {
        presented: facts.signature.name.clone(),
    });
    key.into_iter().chain(signature).collect()
}

/// What Segl seals to: RSA up to the limit of RFC 8551 §4.4, three curves, X25519, ML-KEM. Whatever it cannot seal to is
/// never green.
fn unsupported(leaf: &Certificate) -> Option<Problem> {
    let key = &leaf.facts().key;
    let is_supported = match key {
        KeyKind::Rsa { bits } => *bits <= RSA_MAX_BITS,
        // A smaller one is weak, which is told already.
        KeyKind::OtherCurve { bits, .. } => *bits < MIN_CURVE_BITS,
        KeyKind::Ec(_) | KeyKind::X25519 | KeyKind::MlKem(_) => true,
        KeyKind::Other { .. } => false,
    };
    (!is_supported).then(|| Problem::UnsupportedKey {
        presented: key.to_string(),
    })
}

fn test_root(path: &Path, rules: &Rules) -> Option<Problem> {
    let root = path.certificates().last()?;
    refused_root(known_root(root)?, rules)
}

fn refused_root((name, is_test): (&str, bool), rules: &Rules) -> Option<Problem> {
    (is_test && !rules.allow_test_roots).then(|| Problem::TestRoot {
        root: name.to_owned(),
    })
}

/// What the revocation rule says of each certificate of a path below its anchor, in the order of [`Path::links`]: for the
/// record, and for whoever wants to know why.
pub fn revocation_findings(
    path: &Path,
    answers: &[RevocationAnswer],
    policy: RevocationPolicy,
    at: Timestamp,
) -> Vec<RevocationFinding> {
    let found = path.links().zip(answers).enumerate();
    found
        .map(|(depth, (link, answer))| RevocationFinding {
            sha256: link.0.sha256(),
            answer: answer.clone(),
            ruling: rule(link.0, depth, answer, policy, at).unwrap_or(RevocationRuling::Refused),
        })
        .collect()
}

fn revocation(
    path: &Path,
    answers: &[RevocationAnswer],
    policy: RevocationPolicy,
    at: Timestamp,
) -> Vec<Problem> {
    let links = path.links().enumerate();
    links
        .filter_map(|(depth, link)| {
            let unasked = || {
                RevocationAnswer::Unknown(RevocationUnknown::NoSource {
                    issuer: link.1.facts().subject.clone(),
                })
            };
            let answer = answers.get(depth).cloned().unwrap_or_else(unasked);
            rule(link.0, depth, &answer, policy, at).err()
        })
        .collect()
}

/// The leaf's state must be known; an issuer's where it can be asked. One that names no source and has none
/// configured cannot be revoked by anybody, which the details show and which does not by itself make red.
fn rule(
    certificate: &Certificate,
    depth: usize,
    answer: &RevocationAnswer,
    policy: RevocationPolicy,
    at: Timestamp,
) -> Result<RevocationRuling, Problem> {
    let named = (depth > 0).then(|| certificate.facts().subject.clone());
    let why = match answer {
        RevocationAnswer::Revoked { at, reason, .. } => {
            return Err(Problem::Revoked {
                at: *at,
                reason: reason.clone(),
                certificate: named,
            });
        }
        RevocationAnswer::Good {
            this_update,
            next_update,
            ..
        } => match stale(*this_update, *next_update, policy, at) {
            None if answer.is_current(at) => return Ok(RevocationRuling::Current),
            None => return Ok(RevocationRuling::InGrace),
            Some(why) => why,
        },
        RevocationAnswer::Unknown(RevocationUnknown::NoSource { .. })
            if depth > 0 && !certificate.facts().has_revocation_pointer =>
        {
            return Ok(RevocationRuling::CannotBeRevoked);
        }
        RevocationAnswer::Unknown(why) => why.clone(),
    };
    if policy == RevocationPolicy::WhenAvailable {
        return Ok(RevocationRuling::NotRequired);
    }
    Err(Problem::RevocationUnknown {
        why,
        certificate: named,
    })
}

fn stale(
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    policy: RevocationPolicy,
    at: Timestamp,
) -> Option<RevocationUnknown> {
    if this_update > latest(at) {
        return Some(RevocationUnknown::NotYet { this_update });
    }
    let after = |d: SignedDuration| this_update.checked_add(d).unwrap_or(Timestamp::MAX);
    let due = until(this_update, next_update);
    let until = match policy {
        RevocationPolicy::Grace(grace) => due.max(after(grace)),
        RevocationPolicy::Require | RevocationPolicy::WhenAvailable => due,
    };
    (at > until).then_some(RevocationUnknown::Stale {
        next_update,
        this_update,
    })
}

fn oldest(answers: &[RevocationAnswer]) -> Option<Timestamp> {
    answers
        .iter()
        .filter_map(|a| match a {
            RevocationAnswer::Good { this_update, .. } => Some(*this_update),
            _ => None,
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_that_was_made_for_testing_is_refused_unless_policy_allows_it() {
        let refused = |is_test, allow_test_roots| {
            let rules = Rules {
                revocation: RevocationPolicy::Require,
                allow_test_roots,
                bindings: Vec::new(),
            };
            refused_root(("TEST", is_test), &rules).map(|problem| problem.code())
        };
        assert_eq!(refused(true, false), Some("test-root"));
        assert_eq!(refused(true, true), None);
        assert_eq!(refused(false, false), None);
        assert_eq!(refused(false, true), None);
    }
}
