//! What a message holds, as its sender or the firm's rules class it.

use serde::{Deserialize, Serialize};

/// How much the people whom a message is about would suffer if others read it. The order is that of the harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Nothing about anybody that others may not know.
    Ordinary,
    /// Confidential personal data: civil registration numbers, offences, family, money, whatever a secrecy rule covers.
    Confidential,
    /// Special categories (GDPR Art. 9) and offences (Art. 10), where the firm counts them so.
    Sensitive,
}

impl Class {
    /// All, from the least to the most harm.
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Confidential, Self::Sensitive];

    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Confidential => "confidential",
            Self::Sensitive => "sensitive",
        }
    }

    /// The class with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }
}
