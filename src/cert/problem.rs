//! What can be wrong with a certificate for one address at one time, each with both sides.
//!
//! A problem is a finding, not an error: it is shown, recorded and counted. All problems are kept, never only the first.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{kind::Kind, name::Organisation};

/// One thing that speaks against a certificate. The code (`kebab-case` of the name) is part of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Problem {
    /// This computer's clock is more than an hour off what others say: no date of it or of its revocation can be judged.
    Clock {
        /// Who says so: a directory's name or a host.
        peer: String,
        /// The time there.
        expected: Timestamp,
        /// The time here.
        presented: Timestamp,
    },
    /// It names other addresses, or none and nothing else binds it (RFC 8550 §3).
    AddressMismatch {
        /// The address that was asked for.
        expected: String,
        /// The addresses that the certificate names; empty if none.
        presented: Vec<String>,
    },
    /// Its time, or that of a certificate above it, is over.
    Expired {
        /// End of validity.
        not_after: Timestamp,
        /// The certificate, where it is not the recipient's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        certificate: Option<String>,
    },
    /// Its time, or that of a certificate above it, has not begun.
    NotYetValid {
        /// Begin of validity.
        not_before: Timestamp,
        /// The certificate, where it is not the recipient's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        certificate: Option<String>,
    },
    /// Its key may not be used for encryption (RFC 5280 §4.2.1.3).
    KeyUsage {
        /// The usage that is needed.
        expected: String,
        /// The usages that it names.
        presented: Vec<String>,
    },
    /// It, or a certificate above it, is not for mail (RFC 5280 §4.2.1.12).
    ExtendedKeyUsage {
        /// The purposes that it names, as OIDs.
        presented: Vec<String>,
        /// The certificate, where it is not the recipient's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        certificate: Option<String>,
    },
    /// It, or a certificate above it, was revoked.
    Revoked {
        /// When.
        at: Timestamp,
        /// The reason in RFC 5280 §5.3.1 words, where the source gives one.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The certificate, where it is not the recipient's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        certificate: Option<String>,
    },
    /// Whether it, or a certificate above it, was revoked could not be found out.
    RevocationUnknown {
        /// Why.
        why: RevocationUnknown,
        /// The certificate, where it is not the recipient's own.
        #[serde(skip_serializing_if = "Option::is_none")]
        certificate: Option<String>,
    },
    /// No path leads to a pinned trust anchor.
    UntrustedIssuer {
        /// The issuer at which the path ends.
        issuer: String,
        /// What the path check said.
        detail: String,
    },
    /// Not everything that may lead to a pinned trust anchor was looked at, because it would have cost too much.
    PathNotExamined {
        /// The issuer that was looked for last.
        issuer: String,
        /// What the limit is.
        detail: String,
    },
    /// The path ends at a root that was made for testing.
    TestRoot {
        /// The root.
        root: String,
    },
    /// A key of the path is too small.
    WeakKey {
        /// The key as found, such as `RSA 1024`.
        presented: String,
        /// The least that is accepted.
        expected: String,
    },
    /// A signature of the path uses a broken digest.
    WeakSignature {
        /// The algorithm.
        presented: String,
    },
    /// This version cannot seal to such a key.
    UnsupportedKey {
        /// The key, such as `EC P-256`.
        presented: String,
    },
    /// A name constraint of an issuer forbids it (RFC 5280 §4.2.1.10).
    NameConstraints {
        /// What the path check said, and of which certificate.
        detail: String,
        /// The constraints of the issuers above: `permitted …` and `excluded …`.
        #[serde(default)]
        expected: Vec<String>,
        /// The names that the certificate holds.
        #[serde(default)]
        presented: Vec<String>,
    },
    /// More issuers stand in the path than an issuer allows (RFC 5280 §4.2.1.9).
    PathLength {
        /// What the path check said, and of which certificate.
        detail: String,
        /// How many issuers may follow at most.
        #[serde(default)]
        expected: Vec<String>,
        /// How many follow.
        #[serde(default)]
        presented: Vec<String>,
    },
    /// A critical extension is not understood (RFC 5280 §4.2).
    CriticalExtension {
        /// What the path check said, and of which certificate.
        detail: String,
        /// None: no extension that Segl does not understand may be critical.
        #[serde(default)]
        expected: Vec<String>,
        /// The critical extensions that are not understood, as OIDs.
        #[serde(default)]
        presented: Vec<String>,
    },
    /// The certificate policies do not allow it (RFC 5280 §6.1).
    Policy {
        /// What the path check said, and of which certificate.
        detail: String,
        /// The policies of which one is needed, as OIDs; `2.5.29.32.0` is any.
        #[serde(default)]
        expected: Vec<String>,
        /// The policies that the certificate names, as OIDs.
        #[serde(default)]
        presented: Vec<String>,
    },
    /// Certificates of two organisations claim the address.
    OrganisationConflict {
        /// One of them.
        one: Organisation,
        /// The other.
        other: Organisation,
    },
    /// The address belonged to another organisation before.
    OrganisationChanged {
        /// The organisation before.
        before: Organisation,
        /// The organisation now; none where the certificate names none.
        now: Option<Organisation>,
    },
    /// It is not the one, or not of the organisation, that the tunnel list names for the domain.
    ListMismatch {
        /// The fingerprint or organisation's number of the list.
        expected: String,
        /// The certificate's; empty where it names no organisation.
        presented: String,
    },
    /// The firm's own filter leaves such certificates out.
    LeftOut {
        /// What kind it is.
        kind: Kind,
        /// The kinds that the firm uses; none stands for all.
        kinds: Vec<Kind>,
        /// The policies of which one, or one below it, is needed, as OIDs; none stands for any.
        expected: Vec<String>,
        /// The policies that the certificate names, as OIDs.
        presented: Vec<String>,
    },
    /// Larger than Segl reads.
    TooLarge {
        /// Octets, or names, found.
        presented: u64,
        /// The most that is read.
        limit: u64,
    },
    /// It cannot be read.
    Malformed {
        /// Which part, and why.
        detail: String,
    },
}

/// Why the revocation state is not known. Unknown is never good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum RevocationUnknown {
    /// No revocation list of the issuer is configured, and none was fetched.
    NoSource {
        /// The issuer.
        issuer: String,
    },
    /// The list is past its next update and past the grace that policy gives.
    Stale {
        /// When the next list was due.
        next_update: Option<Timestamp>,
        /// When the list was made.
        this_update: Timestamp,
    },
    /// The list is from the future.
    NotYet {
        /// When the list was made.
        this_update: Timestamp,
    },
    /// The list's signature does not hold, or its signer may not sign lists.
    WrongSigner {
        /// The issuer.
        issuer: String,
    },
    /// Whoever signed the list or the answer has a short key, or a certificate that was signed with a broken digest: somebody
    /// else may have signed in that name.
    WeakSigner {
        /// Who signed.
        signer: String,
        /// The key or the signature algorithm, such as `RSA 1024`.
        presented: String,
    },
    /// The list does not speak of all certificates (partitioned, indirect, delta, or an unknown critical extension).
    Scope {
        /// Which.
        detail: String,
    },
    /// The list cannot be read.
    Unreadable {
        /// Why.
        detail: String,
    },
    /// The responder did not answer, or not with an answer to a question.
    NoAnswer {
        /// Its host.
        host: String,
    },
    /// The responder answered that it does not answer.
    Declined {
        /// Its host.
        host: String,
        /// Why, in the words of RFC 6960 §4.2.1: `tryLater`, `unauthorized`, …
        status: String,
    },
    /// The responder answered that it does not know the certificate.
    NotKnown {
        /// Its host.
        host: String,
    },
    /// What the responder said cannot be used: it cannot be read, is about another certificate, answers another
    /// question, or does not say how long it counts.
    Unfit {
        /// Its host.
        host: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The answer is signed by somebody who may not sign it, or the signature does not hold.
    WrongResponder {
        /// The responder's host.
        host: String,
        /// What is wrong.
        detail: String,
    },
}

impl Problem {
    /// The code of the contract, such as `address-mismatch`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Clock { .. } => "clock",
            Self::AddressMismatch { .. } => "address-mismatch",
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::KeyUsage { .. } => "key-usage",
            Self::ExtendedKeyUsage { .. } => "extended-key-usage",
            Self::Revoked { .. } => "revoked",
            Self::RevocationUnknown { .. } => "revocation-unknown",
            Self::UntrustedIssuer { .. } => "untrusted-issuer",
            Self::PathNotExamined { .. } => "path-not-examined",
            Self::TestRoot { .. } => "test-root",
            Self::WeakKey { .. } => "weak-key",
            Self::WeakSignature { .. } => "weak-signature",
            Self::UnsupportedKey { .. } => "unsupported-key",
            Self::NameConstraints { .. } => "name-constraints",
            Self::PathLength { .. } => "path-length",
            Self::CriticalExtension { .. } => "critical-extension",
            Self::Policy { .. } => "policy",
            Self::OrganisationConflict { .. } => "organisation-conflict",
            Self::OrganisationChanged { .. } => "organisation-changed",
            Self::ListMismatch { .. } => "list-mismatch",
            Self::LeftOut { .. } => "left-out",
            Self::TooLarge { .. } => "too-large",
            Self::Malformed { .. } => "malformed",
        }
    }

    /// Where several problems stand together, the one with the lowest rank is shown first.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Revoked { .. } => 0,
            // It may be the reason for all that follows.
            Self::Clock { .. } => 1,
            Self::OrganisationConflict { .. }
            | Self::OrganisationChanged { .. }
            | Self::ListMismatch { .. } => 2,
            Self::UntrustedIssuer { .. } | Self::PathNotExamined { .. } | Self::TestRoot { .. } => {
                3
            }
            Self::AddressMismatch { .. } => 4,
            Self::Expired { .. } | Self::NotYetValid { .. } => 5,
            Self::KeyUsage { .. } | Self::ExtendedKeyUsage { .. } => 6,
            Self::WeakKey { .. } | Self::WeakSignature { .. } => 7,
            Self::UnsupportedKey { .. } => 8,
            Self::NameConstraints { .. }
            | Self::PathLength { .. }
            | Self::CriticalExtension { .. }
            | Self::Policy { .. }
            | Self::LeftOut { .. } => 9,
            Self::RevocationUnknown { .. } => 10,
            Self::TooLarge { .. } | Self::Malformed { .. } => 11,
        }
    }
}
