//! How far the way to a domain's mail servers is known to be encrypted.

use serde::{Deserialize, Serialize};

/// The levels, strongest first. What was seen of a domain is at most [`Level::Published`]; only what the firm's own
/// mail server promises on top makes it [`Level::Guaranteed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Our own mail server enforces it: REQUIRETLS (RFC 8689), or it honours what the domain publishes, or a rule of it.
    Guaranteed,
    /// The domain publishes it: DANE (RFC 7672) or MTA-STS enforce (RFC 8461). Holds if our server honours it.
    Published,
    /// Each of its mail servers proved it when it was probed.
    Verified,
    /// Its mail servers offer it, and nobody would notice if they stopped.
    Offered,
    /// It could not be checked from here. Not the same as none.
    Unknown,
    /// At least one of its mail servers has none, or only one that counts as none (below TLS 1.2).
    None,
}

impl Level {
    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Guaranteed => "guaranteed",
            Self::Published => "published",
            Self::Verified => "verified",
            Self::Offered => "offered",
            Self::Unknown => "unknown",
            Self::None => "none",
        }
    }
}
