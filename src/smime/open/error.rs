//! Why a message could not be opened.

use crate::{ber::BerError, smime::ReaderId};

/// Why a message could not be opened. Nothing of its content was released.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Larger than what is read (octets).
    #[error("more than {limit} octets")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Layers, parts or values are nested more deeply than what is read.
    #[error("nested too deeply")]
    TooDeep,
    /// More parts than what is read.
    #[error("too many parts")]
    TooManyParts,
    /// The structure is not what its name says.
    #[error("expected {0}")]
    Malformed(&'static str),
    /// It has neither a field of a mail nor the structure of a protected one: a file of another kind.
    #[error("no mail")]
    NotMail,
    /// None of the keys is named among its readers.
    #[error("encrypted to others")]
    NoKey {
        /// Whom it names, as far as they are named by issuer and serial number.
        readers: Vec<ReaderId>,
    },
    /// A key fits, and the content does not open: altered, cut, or made wrongly. Which of these is not told apart.
    #[error("the content does not open")]
    Closed,
    /// The key that fits is in a token that is away or locked.
    #[error("the key cannot be reached")]
    KeyAway,
    /// An algorithm that is not read, by its OID.
    #[error("algorithm {0}")]
    Unsupported(String),
}

impl OpenError {
    /// Its code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::TooDeep => "too-deep",
            Self::TooManyParts => "too-many-parts",
            Self::Malformed(_) => "malformed",
            Self::NotMail => "not-a-mail",
            Self::NoKey { .. } => "no-key",
            Self::Closed => "cannot-be-opened",
            Self::KeyAway => "key-away",
            Self::Unsupported(_) => "unsupported",
        }
    }
}

impl From<BerError> for OpenError {
    fn from(cause: BerError) -> Self {
        match cause {
            BerError::TooDeep => Self::TooDeep,
            BerError::Malformed(expected) => Self::Malformed(expected),
        }
    }
}
