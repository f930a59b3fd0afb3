//! What the revocation sources say of one certificate, and how long it counts.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{certificate::Fingerprint, problem::RevocationUnknown};
use crate::mail::Digest;

/// By so much the clock of whoever signed may be ahead of this computer's: one that answers now is otherwise from the
/// future wherever a clock is seconds slow. A clock that is off by more than this is never made up for.
pub const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What has no next update counts for a day: a list must have one (RFC 5280 §5.1.2.5), and an answer without one says
/// that newer information is always there (RFC 6960 §4.2.2.1).
const WITHOUT_NEXT_UPDATE: SignedDuration = SignedDuration::from_hours(24);

/// What the revocation sources say of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationAnswer {
    /// Not revoked, according to these sources.
    Good {
        /// Lists or answers, at least one.
        sources: Vec<RevocationSource>,
        /// When the oldest of them was made.
        this_update: Timestamp,
        /// When the first of them is due again.
        next_update: Option<Timestamp>,
    },
    /// Revoked. Final, however old the source.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why, in RFC 5280 §5.3.1 words.
        reason: Option<String>,
        /// Where this is known from.
        source: RevocationSource,
    },
    /// Not known, and why.
    Unknown(RevocationUnknown),
}

/// What is known of the revocation of one certificate, and what the rule says to that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationFinding {
    /// The certificate.
    pub sha256: Fingerprint,
    /// What is known.
    pub answer: RevocationAnswer,
    /// What the rule says.
    pub ruling: RevocationRuling,
}

/// What the rule for revocation (`policy.revocation`) says to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationRuling {
    /// It is good, and nothing newer is due.
    Current,
    /// It is good and over, and counts for as long as the rule says.
    InGrace,
    /// It is not known to be good, and the rule asks only that it is not revoked.
    NotRequired,
    /// An issuer of which nobody could say that it was revoked.
    CannotBeRevoked,
    /// It speaks against the certificate.
    Refused,
}

impl RevocationRuling {
    /// Its code in JSON and record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::InGrace => "in-grace",
            Self::NotRequired => "not-required",
            Self::CannotBeRevoked => "cannot-be-revoked",
            Self::Refused => "refused",
        }
    }
}

/// A revocation list, or a responder's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationSource {
    /// Which of the two.
    pub kind: RevocationSourceKind,
    /// For people: a file's name, or the responder's host.
    pub name: String,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is due.
    pub next_update: Option<Timestamp>,
    /// SHA-256 of its octets.
    pub sha256: Digest,
}

/// What tells of revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationSourceKind {
    /// A revocation list (RFC 5280 §5).
    List,
    /// An answer of a responder (RFC 6960).
    Ocsp,
}

impl RevocationAnswer {
    /// `good`, `revoked` or `unknown`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Good { .. } => "good",
            Self::Revoked { .. } => "revoked",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What it rests on.
    pub fn sources(&self) -> &[RevocationSource] {
        match self {
            Self::Good { sources, .. } => sources,
            Self::Revoked { source, .. } => std::slice::from_ref(source),
            Self::Unknown(_) => &[],
        }
    }

    /// Whether it says "good", and nothing newer was due at this time.
    pub fn is_current(&self, at: Timestamp) -> bool {
        match self {
            Self::Good {
                this_update,
                next_update,
                ..
            } => at <= until(*this_update, *next_update) && *this_update <= latest(at),
            _ => false,
        }
    }
}

/// When something newer is due.
pub(super) fn until(this_update: Timestamp, next_update: Option<Timestamp>) -> Timestamp {
    next_update.unwrap_or_else(|| {
        this_update
            .checked_add(WITHOUT_NEXT_UPDATE)
            .unwrap_or(Timestamp::MAX)
    })
}

/// What was made later than this is from the future.
pub(crate) fn latest(at: Timestamp) -> Timestamp {
    at.checked_add(SKEW).unwrap_or(Timestamp::MAX)
}
