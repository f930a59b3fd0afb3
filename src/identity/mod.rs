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
pub(crate) use own::above;
pub use own::{MakeFileError, OwnKey};
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

/// How a signature is made. The first two are what every reader of mail verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureScheme {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 5754 §3.2).
    RsaPkcs1Sha256,
    /// ECDSA with SHA-256 (RFC 5754 §3.3).
    EcdsaSha256,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and 32 octets of salt (RFC 4056). Outlook does not verify it.
    RsaPssSha256,
    /// Ed25519 with SHA-512 for the content (RFC 8419 §3.1). Outlook does not verify it.
    Ed25519,
}

impl SignatureScheme {
    /// Whether the usual mail programs verify it.
    pub fn is_usual(self) -> bool {
        matches!(self, Self::RsaPkcs1Sha256 | Self::EcdsaSha256)
    }
}

/// Which signatures are made, beside those that every mail program verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignatureRules {
    /// RSA keys sign by RSASSA-PSS.
    pub pss: bool,
    /// Ed25519 keys sign.
    pub ed25519: bool,
}

impl SignatureRules {
    /// How a key signs under these rules; none where it does not.
    pub fn choose(self, signer: &dyn Signer) -> Option<SignatureScheme> {
        let can = |scheme| signer.schemes().contains(&scheme).then_some(scheme);
        let pss = can(SignatureScheme::RsaPssSha256).filter(|_| self.pss);
        let ed25519 = can(SignatureScheme::Ed25519).filter(|_| self.ed25519);
        pss.or(can(SignatureScheme::RsaPkcs1Sha256))
            .or(can(SignatureScheme::EcdsaSha256))
            .or(ed25519)
    }
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
    /// The token that holds the key is away.
    #[error("the key cannot be reached")]
    Away,
    /// The token that holds the key wants its PIN.
    #[error("the key is locked")]
    Locked,
    /// The token did not answer in time.
    #[error("the key did not answer")]
    Late,
    /// The token did not sign, for a reason of its own.
    #[error("the token refused: {0}")]
    Refused(String),
}

/// A private key of the user's that signs, with the certificate by which readers verify.
pub trait Signer: Send + Sync {
    /// The certificate.
    fn certificate(&self) -> &Certificate;

    /// How it can sign, the usual way first; empty where it is a kind of key that does not.
    fn schemes(&self) -> &'static [SignatureScheme];

    /// Signs `octets` (the signed attributes in DER, RFC 5652 §5.4) by one of [`schemes`](Self::schemes): the digest is
    /// made here. Returns the signature as it stands in a SignerInfo.
    fn sign(&self, scheme: SignatureScheme, octets: &[u8]) -> Result<Vec<u8>, SignerError>;
}
