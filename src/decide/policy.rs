//! What the firm's rules say about sending without encryption.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{
    rules::{self, Fallback, FallbackRule, Ruled, Scope},
    standing::Standing,
};
use crate::{
    cert::Fingerprint,
    mail::{Address, Class},
    risk::Matrix,
    tls::Level,
};

/// The rules that a decision depends on.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What happens where no certificate is usable, and no rule says otherwise of the recipient.
    pub fallback: Fallback,
    /// Whether the rules below can only tighten that.
    pub is_fallback_locked: bool,
    /// Rules for domains and addresses.
    pub rules: Vec<FallbackRule>,
    /// How strong the transport must be for `verified-tls`.
    pub verified_level: Level,
    /// Whether a sender may be asked to accept a high risk. Else it is refused.
    pub allows_high_risk: bool,
    /// What a message counts as that nobody classed.
    pub default_class: Class,
    /// The firm's risk file.
    pub matrix: Arc<Matrix>,
    /// Assessments that are in force.
    pub standing: Vec<Standing>,
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

impl Policy {
    /// Whether an address belongs to the firm's own mail server.
    pub fn is_internal(&self, address: &Address) -> bool {
        self.internal_domains.iter().any(|d| d == address.domain())
    }

    /// What the rules say of an address, and which rule it is.
    pub fn ruled(&self, address: &Address) -> Ruled {
        let firm = FallbackRule {
            scope: Scope::Firm,
            fallback: self.fallback,
            is_locked: self.is_fallback_locked,
            only_tightens: false,
        };
        rules::ruled(&firm, &self.rules, address)
    }

    /// Whether a sender may be asked to accept that a message goes to an address without encryption, over transport of
    /// this level. How great the risk is, is another question.
    pub fn allows_fallback(&self, address: &Address, level: Level) -> bool {
        !self.is_newer_than_program
            && match self.ruled(address).fallback {
                Fallback::Ask => true,
                Fallback::VerifiedTls => level <= self.verified_level,
                Fallback::Forbid | Fallback::Block => false,
            }
    }

    /// Whether no mail goes to this address at all.
    pub fn blocks(&self, address: &Address) -> bool {
        self.ruled(address).fallback == Fallback::Block
    }

    /// What a message counts as: what its sender said, or the firm's default, and never less than what was found in it.
    pub fn class(&self, given: Option<Class>, found: Class) -> Class {
        given.unwrap_or(self.default_class).max(found)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            fallback: Fallback::Ask,
            is_fallback_locked: false,
            rules: Vec::new(),
            verified_level: Level::Guaranteed,
            allows_high_risk: false,
            default_class: Class::Confidential,
            matrix: Arc::default(),
            standing: Vec::new(),
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
