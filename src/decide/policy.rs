//! What the firm's rules say about sending without encryption.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{cert::Fingerprint, mail::Address};

/// The rules that a decision depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What happens where no certificate is usable.
    pub fallback: Fallback,
    /// Domains (A-labels) whose mail stays on the firm's own verified server.
    pub internal_domains: Vec<String>,
    /// Whether a consent needs a reason.
    pub require_reason: bool,
    /// Whether the machine's policy speaks of things that this version does not know. Green goes, red is refused.
    pub is_newer_than_program: bool,
    /// How long a directory's answer counts without asking again.
    pub directory_fresh: SignedDuration,
    /// How long it counts while no directory answers.
    pub directory_stale: SignedDuration,
    /// How long "has none" counts.
    pub directory_negative: SignedDuration,
    /// Who else can read what is encrypted: for the sender of the draft that is decided on.
    pub further: Vec<Further>,
}

/// A reader beside the recipients. Whoever approves a draft is shown them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Further {
    /// Why.
    pub kind: FurtherKind,
    /// Who, for people.
    pub name: String,
    /// The certificate.
    pub sha256: Fingerprint,
}

/// Why somebody beside the recipients can read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FurtherKind {
    /// It is the sender's own certificate, so that the sent copy can be read.
    Own,
    /// The firm's archive (`[identity] archive`).
    Archive,
}

impl FurtherKind {
    /// Its code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Archive => "archive",
        }
    }
}

/// What happens where no certificate is usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fallback {
    /// The message is refused.
    Forbid,
    /// Only over transport that is guaranteed to be encrypted. While Segl cannot tell, it is refused.
    VerifiedTls,
    /// The sender is warned and asked.
    Ask,
}

impl Policy {
    /// Whether an address belongs to the firm's own mail server.
    pub fn is_internal(&self, address: &Address) -> bool {
        self.internal_domains.iter().any(|d| d == address.domain())
    }

    /// Whether a sender may be asked to accept a message without encryption. `verified-tls` is satisfied by guaranteed
    /// transport only, and this version examines none.
    pub fn allows_fallback(&self) -> bool {
        self.fallback == Fallback::Ask && !self.is_newer_than_program
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            fallback: Fallback::Ask,
            internal_domains: Vec::new(),
            require_reason: true,
            is_newer_than_program: false,
            directory_fresh: SignedDuration::from_hours(24),
            directory_stale: SignedDuration::from_hours(24 * 7),
            directory_negative: SignedDuration::from_mins(15),
            further: Vec::new(),
        }
    }
}
