//! How the content key gets to a reader (RFC 5652 §6, "key management techniques"): by the kind of the reader's key.

use crate::cert::{Curve, KeyKind, MlKem, RsaPadding};

/// A way for the content key to one reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyManagement {
    /// Key transport, RSAES-PKCS1-v1_5 (RFC 3370 §4.2.1): what every mail program opens.
    RsaPkcs1,
    /// Key transport, RSAES-OAEP with SHA-256 and MGF1 with SHA-256 (RFC 3560).
    RsaOaepSha256,
    /// Key agreement, ephemeral-static ECDH on P-256 with the X9.63 KDF and SHA-256 (RFC 5753).
    EcdhP256,
    /// The same on P-384 with SHA-384.
    EcdhP384,
    /// The same on P-521 with SHA-512.
    EcdhP521,
    /// Key agreement, ephemeral-static X25519 with HKDF and SHA-256 (RFC 8418).
    X25519,
    /// Key encapsulation, ML-KEM-768 with HKDF and SHA-256 (RFC 9629, RFC 9936).
    MlKem768,
    /// The same with ML-KEM-1024.
    MlKem1024,
}

impl KeyManagement {
    /// The way to a key, if this version has one. `padding` is for RSA.
    pub(super) fn of(key: &KeyKind, padding: RsaPadding) -> Option<Self> {
        match (key, padding) {
            (KeyKind::Rsa { .. }, RsaPadding::Pkcs1) => Some(Self::RsaPkcs1),
            (KeyKind::Rsa { .. }, RsaPadding::OaepSha256) => Some(Self::RsaOaepSha256),
            (KeyKind::Ec(Curve::P256), _) => Some(Self::EcdhP256),
            (KeyKind::Ec(Curve::P384), _) => Some(Self::EcdhP384),
            (KeyKind::Ec(Curve::P521), _) => Some(Self::EcdhP521),
            (KeyKind::X25519, _) => Some(Self::X25519),
            (KeyKind::MlKem(MlKem::L768), _) => Some(Self::MlKem768),
            (KeyKind::MlKem(MlKem::L1024), _) => Some(Self::MlKem1024),
            (KeyKind::OtherCurve { .. } | KeyKind::Other { .. }, _) => None,
        }
    }

    /// Whether a quantum computer is believed not to open it. A message is as strong as the weakest of its readers.
    pub fn is_post_quantum(self) -> bool {
        matches!(self, Self::MlKem768 | Self::MlKem1024)
    }
}
