//! What the self-check refuses.

use std::io;

use openssl::error::ErrorStack;

/// Why a sealed message is not what was approved. It must not leave. Each is a fault in Segl or of the disk between
/// sealing and checking, never the user's.
#[derive(Debug, thiserror::Error)]
pub enum SelfCheckError {
    /// The message could not be read.
    #[error("reading the sealed message: {0}")]
    Read(#[source] io::Error),
    /// A line does not end with CRLF, or holds a CR elsewhere.
    #[error("line {line} does not end with CRLF")]
    LineEnd {
        /// The line, counted from 1.
        line: u64,
    },
    /// A line is longer than it may be there.
    #[error("line {line} has more than {limit} characters")]
    LineTooLong {
        /// The line, counted from 1.
        line: u64,
        /// Characters at most.
        limit: usize,
    },
    /// The message ends before its empty line.
    #[error("the message has no body")]
    NoBody,
    /// The header block is larger than any of ours.
    #[error("the header block has more than {limit} octets")]
    HeaderTooLarge {
        /// Octets at most.
        limit: usize,
    },
    /// A line of the header block is no field: wrong shape, control characters, or not UTF-8.
    #[error("line {line} is no header field")]
    NotAField {
        /// The line, counted from 1.
        line: u64,
    },
    /// A field that has no business outside, such as Bcc.
    #[error("unexpected header field {field}")]
    UnexpectedField {
        /// Its name.
        field: String,
    },
    /// A field stands twice.
    #[error("more than one header field {field}")]
    DuplicateField {
        /// Its name.
        field: String,
    },
    /// A field that makes the message S/MIME is missing, or says something else.
    #[error("header field {field} is missing or wrong")]
    WrongField {
        /// Its name.
        field: &'static str,
    },
    /// The header fields are not those that were approved.
    #[error("the header fields are not those that were approved")]
    HeaderDiffers,
    /// Something other than lines of base64 stands after the header block.
    #[error("line {line} is not base64")]
    NotBase64 {
        /// The line, counted from 1; of several that are decoded together, the last.
        line: u64,
    },
    /// The decoded octets are not the structure that they should be.
    #[error("octet {at} of the CMS structure: expected {expected}")]
    Structure {
        /// Octets before it.
        at: u64,
        /// What should stand there.
        expected: &'static str,
    },
    /// Something stands behind the end of the structure.
    #[error("octets behind the end of the CMS structure, at {at}")]
    Trailing {
        /// Octets before them.
        at: u64,
    },
    /// A version that the content does not call for (RFC 5652 §6.1, §6.2.1).
    #[error("version {presented} of {structure}, expected {expected}")]
    Version {
        /// Which structure.
        structure: &'static str,
        /// The version that it should give.
        expected: u8,
        /// The version that it gives.
        presented: u8,
    },
    /// `OriginatorInfo`, which Segl never writes.
    #[error("OriginatorInfo is there")]
    OriginatorInfo,
    /// Attributes beside the content, which Segl never writes.
    #[error("attributes are there")]
    Attributes,
    /// A kind of `RecipientInfo` that this version never writes.
    #[error("a RecipientInfo with tag {tag:#04x}")]
    RecipientKind {
        /// Its tag octet.
        tag: u8,
    },
    /// A key transport other than RSAES-PKCS1-v1_5 with NULL parameters, or RSAES-OAEP with SHA-256.
    #[error("a key transport other than RSAES-PKCS1-v1_5 and RSAES-OAEP with SHA-256")]
    KeyTransport,
    /// A key agreement whose curve, key derivation and key wrap are not those of one of ours.
    #[error("a key agreement other than those of this version")]
    KeyAgreement,
    /// A key encapsulation other than ML-KEM-768 and -1024 with HKDF, SHA-256 and AES-256 key wrap.
    #[error("a key encapsulation other than those of this version")]
    KeyEncapsulation,
    /// An encrypted key of a length that no accepted RSA key, or no key wrap, makes.
    #[error("an encrypted key of {octets} octets")]
    EncryptedKey {
        /// Its octets.
        octets: usize,
    },
    /// Nobody could open it.
    #[error("no RecipientInfo")]
    NoReaders,
    /// A reader is named twice.
    #[error("a reader is named twice")]
    DuplicateReader,
    /// The readers are not those that were approved.
    #[error("{missing} approved readers are missing, {unexpected} others are there")]
    Readers {
        /// Approved, and not in the message.
        missing: usize,
        /// In the message, and not approved.
        unexpected: usize,
    },
    /// A content type other than id-data inside, or other than the one of its cipher outside.
    #[error("a content type other than {expected}")]
    ContentType {
        /// What it should be.
        expected: &'static str,
    },
    /// A content cipher other than AES-256-CBC with a vector of 16 octets and, in `AuthEnvelopedData`, AES-256-GCM with
    /// a nonce of 12 octets and a mac of 16.
    #[error("a content cipher that does not belong there")]
    Cipher,
    /// A message authentication code of another length.
    #[error("a message authentication code of {octets} octets")]
    Mac {
        /// Its octets.
        octets: usize,
    },
    /// The content or the content key of an approved reader is not encrypted as settings and readers ask for it.
    #[error("encrypted otherwise than was asked for: {what}")]
    Weaker {
        /// What.
        what: &'static str,
    },
    /// Encrypted content that the cipher does not make: none, or not whole blocks.
    #[error("encrypted content of {octets} octets")]
    Content {
        /// Its octets.
        octets: u64,
    },
    /// An approved certificate's issuer could not be encoded.
    #[error("the issuer of an approved certificate: {0}")]
    Certificate(#[from] ErrorStack),
}

impl SelfCheckError {
    /// A reader in the row can only hand on [`io::Error`]: this gets back the error that is inside.
    pub(super) fn from_read(error: io::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(Self::Read)
    }
}
