//! Content encryption: which cipher, its key, and how the structures name it.
//!
//! A further cipher is a further arm of each `match`. GCM (RFC 5084) also has another content type, `AuthEnvelopedData`,
//! and a mac behind the content, which [`Encryption::finish`] would give back.

use const_oid::ObjectIdentifier;
use der::{Any, Tag};
use openssl::symm::{Cipher, Crypter, Mode};
use x509_cert::AlgorithmIdentifier;
use zeroize::Zeroizing;

use super::error::SealError;

/// RFC 5652 §6.1.
const ID_ENVELOPED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
/// RFC 3565 §4.1.
const ID_AES256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");

/// Octets of an AES block.
pub(super) const BLOCK: usize = 16;
const AES256_KEY: usize = 32;

/// How the content is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentCipher {
    /// AES-256 in CBC mode (RFC 3565): the one that every mail program opens.
    Aes256Cbc,
}

/// A content-encryption key: fresh for each message, and wiped.
pub(super) struct ContentKey(Zeroizing<Vec<u8>>);

/// One content being encrypted.
pub(super) struct Encryption {
    crypter: Crypter,
}

impl ContentCipher {
    /// The CMS content type that holds content of this cipher.
    pub(super) fn content_type(self) -> ObjectIdentifier {
        match self {
            Self::Aes256Cbc => ID_ENVELOPED_DATA,
        }
    }

    /// A fresh key with a fresh initialisation vector, and the algorithm identifier that tells the vector.
    pub(super) fn start(self) -> Result<(ContentKey, AlgorithmIdentifier, Encryption), SealError> {
        match self {
            Self::Aes256Cbc => {
                let key = ContentKey::random(AES256_KEY)?;
                let mut vector = [0; BLOCK];
                openssl::rand::rand_bytes(&mut vector)
                    .map_err(SealError::crypto("initialisation vector"))?;
                let crypter =
                    Crypter::new(Cipher::aes_256_cbc(), Mode::Encrypt, &key.0, Some(&vector))
                        .map_err(SealError::crypto("AES-256-CBC"))?;
                let parameters = Any::new(Tag::OctetString, vector)
                    .map_err(SealError::encoding("AES parameters"))?;
                let algorithm = AlgorithmIdentifier {
                    oid: ID_AES256_CBC,
                    parameters: Some(parameters),
                };
                Ok((key, algorithm, Encryption { crypter }))
            }
        }
    }
}

impl ContentKey {
    fn random(octets: usize) -> Result<Self, SealError> {
        let mut key = Zeroizing::new(vec![0; octets]);
        openssl::rand::rand_priv_bytes(&mut key).map_err(SealError::crypto("content key"))?;
        Ok(Self(key))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Encryption {
    /// Encrypts `plain` to the front of `out`, which needs room for one block more. Returns the octets written: a
    /// begun block stays inside until the next call.
    pub(super) fn update(&mut self, plain: &[u8], out: &mut [u8]) -> Result<usize, SealError> {
        self.crypter
            .update(plain, out)
            .map_err(SealError::crypto("encrypting"))
    }

    /// The padded last block.
    pub(super) fn finish(mut self, out: &mut [u8]) -> Result<usize, SealError> {
        self.crypter
            .finalize(out)
            .map_err(SealError::crypto("encrypting"))
    }
}
