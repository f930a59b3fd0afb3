//! The self-check: the final octets, read as a stranger would read them, before anything leaves.
//!
//! It shares no code with the writers and knows only what a message of ours must look like: one `application/pkcs7-mime`
//! part and nothing beside it, `EnvelopedData` whose `RecipientInfos` name exactly the approved readers. Whatever it does not
//! expect is refused: this is no reader for other people's mail. Memory does not grow with the message.

mod ber;
mod enveloped;
mod error;
mod fields;
mod octets;

use std::io::Read;

pub use error::SelfCheckError;
pub use fields::Field;

use self::{fields::Header, octets::Octets};
use super::{ContentCipher, OuterHeader, ReaderId};
use crate::{cert::EncryptionCertificate, mail::Digest};

/// What stands in a sealed message, without any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Whom the `RecipientInfos` name, in their order; none twice.
    pub readers: Vec<ReaderId>,
    /// How the content is encrypted.
    pub cipher: ContentCipher,
    /// Octets of encrypted content; never none.
    pub content_octets: u64,
    /// Octets of the whole message.
    pub octets: u64,
    /// SHA-256 over the whole message.
    pub sha256: Digest,
    /// The fields that are readable on the way, without those that every sealed message has.
    pub fields: Vec<Field>,
    /// The same fields as they stand, each line ended by CRLF.
    pub outer: Vec<u8>,
}

/// A message that was read from its first to its last octet and is what was approved. What is submitted must have this
/// digest. Only [`check`] makes one.
#[derive(Debug)]
pub struct Checked(Inspected);

impl Checked {
    /// SHA-256 over the whole message.
    pub fn sha256(&self) -> Digest {
        self.0.sha256
    }

    /// Octets of the whole message.
    pub fn octets(&self) -> u64 {
        self.0.octets
    }

    /// Who can open it, as it stands in the message: for the record.
    pub fn readers(&self) -> &[ReaderId] {
        &self.0.readers
    }

    /// How the content is encrypted.
    pub fn cipher(&self) -> ContentCipher {
        self.0.cipher
    }

    /// Whether a header field is not ASCII, so that only a server with SMTPUTF8 (RFC 6531) may get it.
    pub fn needs_smtputf8(&self) -> bool {
        !self.0.outer.is_ascii()
    }
}

/// Reads a sealed message to its end.
pub fn inspect(message: impl Read) -> Result<Inspected, SelfCheckError> {
    let mut octets = Octets::new(message);
    let header = Header::read(&mut octets)?;
    let enveloped = enveloped::read(octets.body())?;
    let (octets, sha256) = octets.finish();
    Ok(Inspected {
        readers: enveloped.readers,
        cipher: enveloped.cipher,
        content_octets: enveloped.content_octets,
        octets,
        sha256,
        fields: header.fields,
        outer: header.outer,
    })
}

/// Holds a sealed message against what was approved: exactly these readers (each certificate once), exactly these
/// fields readable on the way.
pub fn check(
    message: impl Read,
    readers: &[&EncryptionCertificate],
    outer: &OuterHeader,
) -> Result<Checked, SelfCheckError> {
    let mut approved = readers
        .iter()
        .map(|reader| ReaderId::of(reader.certificate()))
        .collect::<Result<Vec<_>, _>>()?;
    approved.sort_unstable();
    approved.dedup();
    let found = inspect(message)?;
    let missing = approved.iter().filter(|id| !found.readers.contains(id));
    let unexpected = found.readers.iter().filter(|id| !approved.contains(id));
    let (missing, unexpected) = (missing.count(), unexpected.count());
    if missing + unexpected > 0 || found.readers.len() != approved.len() {
        return Err(SelfCheckError::Readers {
            missing,
            unexpected,
        });
    }
    if found.outer != outer.as_bytes() {
        return Err(SelfCheckError::HeaderDiffers);
    }
    Ok(Checked(found))
}

/// Whom a DER `RecipientInfos` names.
pub(super) fn readers(set: &[u8]) -> Result<Vec<ReaderId>, SelfCheckError> {
    enveloped::read_readers(set)
}
