//! What a directory said of one address.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything that one directory said of one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Certificates, as octets: parsed by nobody yet, possibly rubbish.
    pub found: Vec<Found>,
    /// What went wrong. With certificates beside it, the answer is partial.
    pub failure: Option<Failure>,
    /// When the directory was asked. Ages count from here, not from the time of a cache hit.
    pub asked_at: Timestamp,
}

/// One certificate value with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// DER as delivered.
    pub der: Vec<u8>,
    /// Where it came from.
    pub source: Source,
}

/// Where a certificate came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The directory's name in the settings, or `file`.
    pub directory: String,
    /// The entry's distinguished name as delivered, or the file's name.
    pub entry: String,
    /// How the answer was protected on its way.
    pub security: Security,
    /// Whether the settings let an entry of this directory bind a certificate without an address.
    pub trust_binding: bool,
}

/// How an answer was protected on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Inside verified TLS.
    Tls,
    /// In clear, because the settings allow it.
    Plain,
    /// Read from a file on this computer.
    File,
}

/// Why a directory's answer is missing or incomplete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The directory's name in the settings.
    pub source: String,
    /// What kind of failure.
    pub code: FailureCode,
    /// Detail for IT, without the address that was asked for.
    pub message: String,
}

/// The kinds of failure, as in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureCode {
    /// No connection.
    Unreachable,
    /// No answer, or no end of it, in time.
    Timeout,
    /// TLS was refused or did not verify.
    Tls,
    /// The directory answered that it will not or cannot say.
    Refused,
    /// The answer was not LDAP, too large, or about something else.
    Protocol,
    /// More is held than was delivered (LDAP result 4, or Segl's own limits).
    Partial,
}

impl FailureCode {
    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Refused => "refused",
            Self::Protocol => "protocol",
            Self::Partial => "partial",
        }
    }
}
