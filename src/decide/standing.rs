//! An assessment that was made once for an address or a domain, and holds for later mail until its end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::consent::{Consent, Reason, Surface};
use crate::{
    mail::{Address, Class, Digest},
    tls::Level,
};

/// Whom it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covered {
    /// This address.
    Address(Address),
    /// Every address of this domain (an A-label), and none under it.
    Domain(String),
}

/// Somebody assessed that mail up to a class may go to somebody without end-to-end encryption, and wrote down why. It
/// holds as long as the facts do: a weaker transport, a higher class or another risk file ends it before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whom it covers.
    pub covered: Covered,
    /// Up to which class.
    pub class: Class,
    /// How strong the transport was when it was made.
    pub level: Level,
    /// SHA-256 of the risk file that it was made by.
    pub matrix_sha256: Digest,
    /// Why.
    pub reason: Reason,
    /// Who made it.
    pub who: String,
    /// Where.
    pub surface: Surface,
    /// SHA-256 of the warning that was shown.
    pub shown: Digest,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it holds.
    pub until: Timestamp,
    /// The row of the record that says so.
    pub row: u64,
}

impl std::fmt::Display for Covered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => f.write_str(address.given()),
            Self::Domain(domain) => f.write_str(domain),
        }
    }
}

impl Standing {
    /// Whether it covers this address.
    pub fn covers(&self, address: &Address) -> bool {
        match &self.covered {
            Covered::Address(one) => one == address,
            Covered::Domain(domain) => address.domain() == domain,
        }
    }

    /// Whether it still holds for mail of this class over transport of this level.
    pub fn holds(&self, class: Class, level: Level, matrix_sha256: Digest) -> bool {
        class <= self.class && level <= self.level && matrix_sha256 == self.matrix_sha256
    }

    /// Whether its time is not over. One from the future does not hold: the clock was set back.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.made_at <= at && at < self.until
    }

    /// The consent that it stands for.
    pub(super) fn consent(&self) -> Consent {
        Consent {
            reason: self.reason.clone(),
            who: self.who.clone(),
            surface: self.surface,
            at: self.made_at,
            shown: self.shown,
        }
    }
}
