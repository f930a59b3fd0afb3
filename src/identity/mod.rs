//! Own keys as values: what opening and signing a message ask of a private key, wherever it lies.
//!
//! [`Opener`] is asked for the three primitives that the key management of CMS rests on here, and [`Signer`] for a
//! signature, so that a key in a token can do them itself and never leaves it. [`SoftKey`] is a key in memory, and does
//! both. Touches nothing: where keys are kept is the matter of `keys`.

mod file;
mod own;
pub mod pkcs12;
mod soft;

pub use file::read_keys;
pub use own::OwnKey;
pub use soft::SoftKey;

use openssl::pkey::{PKeyRef, Public};
use zeroize::Zeroizing;

use crate::cert::Certificate;

/// How a content key was padded for RSA (RFC 3370 §4.2.1, RFC 3560).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsaPadding {
    /// RSAES-PKCS1-v1_5.
    Pkcs1,
    /// RSAES-OAEP with this digest for both the label and MGF1.
    Oaep {
        /// Digest of the label.
        hash: OaepHash,
        /// Digest of the mask generation function MGF1.
        mask: OaepHash,
    },
}

/// Digests that RSAES-OAEP is used with (RFC 4055 §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OaepHash {
    /// SHA-1, the default of the parameters. Not broken here: OAEP does not rest on collisions.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Why a key did not do its part. Deliberately says no more: what a decryption failed of must not be told apart
/// (RFC 3218 §2).
#[derive(Debug, thiserror::Error)]
pub enum OpenerError {
    /// This kind of key cannot do that.
    #[error("the key is of another kind")]
    OtherKind,
    /// It was asked, and failed.
    #[error("the key could not open it")]
    Failed,
    /// The token that holds the key is away or locked.
    #[error("the key cannot be reached")]
    Away,
}

/// A private key of the user's, with the certificate by which senders name it.
pub trait Opener: Send + Sync {
    /// The certificate.
    fn certificate(&self) -> &Certificate;

    /// Decrypts a content key that was encrypted by RSA. Where the padding is wrong the answer may be a
    /// random value instead of an error (implicit rejection): the content then does not open.
    fn rsa(
        &self,
        padding: RsaPadding,
        label: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenerError>;

    /// The shared secret of this key and `peer` (ECDH per SEC 1 §3.3.1, or X25519 per RFC 7748 §6.1).
    fn agree(&self, peer: &PKeyRef<Public>) -> Result<Zeroizing<Vec<u8>>, OpenerError>;

    /// The secret that somebody encapsulated for this key (ML-KEM, FIPS 203 §6.3). Where the ciphertext was altered it is
    /// another value and no error: the content then does not open.
    fn decapsulate(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenerError>;
}

/// How a signature is made. Only what every reader of mail verifies: Outlook reads neither RSASSA-PSS nor Ed25519.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureScheme {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 5754 §3.2).
    RsaPkcs1Sha256,
    /// ECDSA with SHA-256 (RFC 5754 §3.3).
    EcdsaSha256,
}

/// Why a key did not sign. Nothing that needs the signature may leave.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// No scheme of this version signs with such a key.
    #[error("this kind of key does not sign")]
    OtherKind,
    /// It was asked, and failed.
    #[error("the key could not sign")]
    Failed(#[source] openssl::error::ErrorStack),
    /// The token that holds the key is away or locked.
    #[error("the key cannot be reached")]
    Away,
}

/// A private key of the user's that signs, with the certificate by which readers verify.
pub trait Signer: Send + Sync {
    /// The certificate.
    fn certificate(&self) -> &Certificate;

    /// How it signs; none where it is a kind of key that does not.
    fn scheme(&self) -> Option<SignatureScheme>;

    /// Signs `octets` (the signed attributes in DER, RFC 5652 §5.4) by [`scheme`](Self::scheme): the digest is made
    /// here. Returns the signature as it stands in a SignerInfo.
    fn sign(&self, octets: &[u8]) -> Result<Vec<u8>, SignerError>;
}
