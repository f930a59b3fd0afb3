//! The self-check: the final octets, read as a stranger would read them, before anything leaves.
//!
//! It shares no code with the writers and knows only what a message of ours must look like: one `application/pkcs7-mime`
//! part and nothing beside it, `EnvelopedData` or `AuthEnvelopedData` whose `RecipientInfos` name exactly the approved
//! readers, each with its own kind of key, and no weaker than settings and readers ask for. Whatever it does not expect
//! is refused: this is no reader for other people's mail. Memory does not grow with the message.

mod ber;
mod enveloped;
mod error;
mod fields;
mod octets;
mod recipients;

use std::{collections::BTreeSet, io::Read};

pub use error::SelfCheckError;
pub use fields::Field;

use self::{fields::Header, octets::Octets};
use super::{KeyManagement, OuterHeader, ReaderId};
use crate::{
    cert::{
        Capabilities, ContentCipher, Curve, EncryptionCertificate, KeyKind, MlKem, RsaPadding,
        SealingRules,
    },
    mail::Digest,
};

/// What stands in a sealed message, without any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Whom the `RecipientInfos` name, in their order; none twice.
    pub readers: Vec<ReaderId>,
    /// How the content key gets to each of them, in the same order.
    pub ways: Vec<KeyManagement>,
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

    /// How the content key gets to each of them, in the same order.
    pub fn ways(&self) -> &[KeyManagement] {
        &self.0.ways
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

impl Inspected {
    /// Whether a quantum computer is believed not to open it: every single reader's key must be post-quantum, because
    /// whoever opens one of them has the content.
    pub fn is_post_quantum(&self) -> bool {
        self.ways.iter().all(|way| way.is_post_quantum())
    }
}

/// Reads a sealed message to its end.
pub fn inspect(message: impl Read) -> Result<Inspected, SelfCheckError> {
    let mut octets = Octets::new(message);
    let header = Header::read(&mut octets)?;
    let enveloped = enveloped::read(octets.body(), header.cipher)?;
    let (octets, sha256) = octets.finish();
    let (readers, ways) = enveloped.readers.into_iter().unzip();
    Ok(Inspected {
        readers,
        ways,
        cipher: enveloped.cipher,
        content_octets: enveloped.content_octets,
        octets,
        sha256,
        fields: header.fields,
        outer: header.outer,
    })
}

/// Holds a sealed message against what was approved: exactly these readers (each certificate once, by its own kind of
/// key), exactly these fields readable on the way, encrypted as the settings and the readers' programs ask for it.
pub fn check(
    message: impl Read,
    readers: &[&EncryptionCertificate],
    outer: &OuterHeader,
    rules: SealingRules,
) -> Result<Checked, SelfCheckError> {
    let found = inspect(message)?;
    let mut unexpected: Vec<_> = found.readers.iter().zip(&found.ways).collect();
    let mut missing = 0;
    let mut approved = BTreeSet::new();
    for reader in readers {
        let certificate = reader.certificate();
        if !approved.insert(certificate.sha256()) {
            continue;
        }
        let id = ReaderId::of(certificate)?;
        match unexpected.iter().position(|(found, _)| **found == id) {
            Some(at) => {
                let (_, way) = unexpected.swap_remove(at);
                check_way(*way, reader, rules.rsa)?;
            }
            None => missing += 1,
        }
    }
    if missing > 0 || !unexpected.is_empty() {
        return Err(SelfCheckError::Readers {
            missing,
            unexpected: unexpected.len(),
        });
    }
    check_cipher(found.cipher, readers, rules.cipher)?;
    if found.outer != outer.as_bytes() {
        return Err(SelfCheckError::HeaderDiffers);
    }
    Ok(Checked(found))
}

/// The way is the one of the certificate's key; for RSA the better one where it was asked for, and only there.
fn check_way(
    way: KeyManagement,
    reader: &EncryptionCertificate,
    asked: RsaPadding,
) -> Result<(), SelfCheckError> {
    let opens_oaep = reader
        .capabilities()
        .is_some_and(Capabilities::opens_oaep_sha256);
    let wants_oaep = asked == RsaPadding::OaepSha256 || opens_oaep;
    let fits = match (way, &reader.certificate().facts().key) {
        (KeyManagement::RsaPkcs1, KeyKind::Rsa { .. }) => !wants_oaep,
        (KeyManagement::RsaOaepSha256, KeyKind::Rsa { .. }) => wants_oaep,
        (KeyManagement::EcdhP256, KeyKind::Ec(Curve::P256))
        | (KeyManagement::EcdhP384, KeyKind::Ec(Curve::P384))
        | (KeyManagement::EcdhP521, KeyKind::Ec(Curve::P521))
        | (KeyManagement::X25519, KeyKind::X25519)
        | (KeyManagement::MlKem768, KeyKind::MlKem(MlKem::L768))
        | (KeyManagement::MlKem1024, KeyKind::MlKem(MlKem::L1024)) => true,
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(SelfCheckError::Weaker {
            what: "a content key",
        })
    }
}

/// The better cipher where it was asked for, or where every reader's program prefers it, and only there.
fn check_cipher(
    found: ContentCipher,
    readers: &[&EncryptionCertificate],
    asked: ContentCipher,
) -> Result<(), SelfCheckError> {
    let gcm = ContentCipher::Aes256Gcm;
    let all_prefer = readers
        .iter()
        .all(|r| r.capabilities().and_then(Capabilities::preferred_cipher) == Some(gcm));
    if (found == gcm) == (asked == gcm || all_prefer) {
        Ok(())
    } else {
        Err(SelfCheckError::Weaker {
            what: "the content",
        })
    }
}

/// Whom a DER `RecipientInfos` names, and how the content key gets there.
pub(super) fn readers(set: &[u8]) -> Result<Vec<(ReaderId, KeyManagement)>, SelfCheckError> {
    enveloped::read_readers(set)
}
