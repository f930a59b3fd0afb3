//! Why a message could not be opened.

use super::super::ReaderId;

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
