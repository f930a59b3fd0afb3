//! Why a message could not be sealed.

use std::io;

use openssl::error::ErrorStack;

use super::check::SelfCheckError;
use crate::{cert::Fingerprint, identity::SignerError};

/// Why a message could not be sealed. Nothing that was written so far may leave.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The caller named nobody who may read it.
    #[error("no reader")]
    NoReaders,
    /// Two different certificates of one issuer share a serial number: their issuer's fault. A reader could not tell
    /// which of the two encrypted keys is for it.
    #[error("two certificates have the same issuer and serial number")]
    AmbiguousReaders,
    /// This version has no way to hand the content key to such a key.
    #[error("certificate {certificate}: cannot seal to {presented}")]
    UnsupportedKey {
        /// The certificate.
        certificate: Fingerprint,
        /// Its key, such as `EC P-256`.
        presented: String,
    },
    /// What was encoded does not name exactly the readers that were asked for: a fault in Segl.
    #[error("the RecipientInfos do not name exactly the readers")]
    ReadersDiffer,
    /// What was encoded cannot be read again: a fault in Segl, or a certificate that no `RecipientInfo` can name.
    #[error("the RecipientInfos: {0}")]
    Unreadable(#[from] SelfCheckError),
    /// OpenSSL could not do its part.
    #[error("{what}: {source}")]
    Crypto {
        /// What it should have done.
        what: &'static str,
        /// Its words.
        source: ErrorStack,
    },
    /// A structure could not be encoded.
    #[error("{what}: {source}")]
    Encoding {
        /// Which structure.
        what: &'static str,
        /// The encoder's words.
        source: der::Error,
    },
    /// A write failed earlier, so what is out is cut, and must not be ended as if it were whole.
    #[error("sealing was interrupted before its end")]
    Interrupted,
    /// The own key did not sign.
    #[error("signing: {0}")]
    Signer(#[source] SignerError),
    /// The signature that was made cannot be read again: a fault in Segl.
    #[error("the signature cannot be read again: {0}")]
    SignatureUnreadable(#[source] super::open::OpenError),
    /// The signature that was made does not verify: a fault of the key, or in Segl.
    #[error("the signature that was made does not verify")]
    SignatureDiffers,
    /// The header fields outside are not those that are protected inside: a fault in Segl.
    #[error("the header fields outside and inside differ")]
    HeaderDiffers,
    /// An entity without the empty line behind its fields.
    #[error("the entity has no body")]
    NoBody,
    /// What should be signed holds octets that a mail server might change.
    #[error("what is signed is not 7-bit")]
    NotSevenBit,
    /// The thread that encrypts could not be started.
    #[error("starting a thread: {0}")]
    Thread(#[source] io::Error),
    /// The message could not be read.
    #[error("reading the message: {0}")]
    Read(#[source] io::Error),
    /// The sealed message could not be written.
    #[error("writing the sealed message: {0}")]
    Write(#[source] io::Error),
    /// There is nothing to encrypt.
    #[error("the message is empty")]
    Empty,
    /// The header block does not end in time.
    #[error("the header block has more than {limit} octets")]
    HeaderTooLarge {
        /// Octets at most.
        limit: usize,
    },
    /// A line of the header block is no field (RFC 5322 §2.2), or holds a control character.
    #[error("line {line} of the header block is no field")]
    HeaderMalformed {
        /// The line, counted from 1.
        line: usize,
    },
    /// A field that may stand once stands twice: programs differ in which one they believe.
    #[error("more than one {field} field")]
    DuplicateField {
        /// Its name.
        field: String,
    },
    /// A field that would stay outside is no text: neither ASCII nor UTF-8 (RFC 6532), or with control characters.
    #[error("the {field} field is no UTF-8 text")]
    FieldNotText {
        /// Its name.
        field: String,
    },
    /// A line of a field is too long for mail (RFC 5322 §2.1.1).
    #[error("a line of the {field} field has {octets} octets, at most {limit} can be sent")]
    FieldTooLong {
        /// Its name.
        field: String,
        /// Octets of the line.
        octets: usize,
        /// Octets at most.
        limit: usize,
    },
    /// The message is encrypted or signed already.
    #[error("the message is {media_type} already")]
    AlreadyProtected {
        /// Its media type.
        media_type: String,
    },
}

impl SealError {
    /// A writer in the row can only hand on [`io::Error`]: this gets back the error that is inside.
    pub(super) fn from_write(error: io::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(Self::Write)
    }

    pub(super) fn crypto(what: &'static str) -> impl FnOnce(ErrorStack) -> Self {
        move |source| Self::Crypto { what, source }
    }

    pub(super) fn encoding(what: &'static str) -> impl FnOnce(der::Error) -> Self {
        move |source| Self::Encoding { what, source }
    }
}
