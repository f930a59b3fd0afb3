//! A private key in memory.

use openssl::{
    derive::Deriver,
    hash::MessageDigest,
    md::{Md, MdRef},
    pkey::{Id, PKey, PKeyRef, Private, Public},
    pkey_ctx::PkeyCtx,
    rsa::Padding,
};
use zeroize::Zeroizing;

use super::{OaepHash, Opener, OpenerError, RsaPadding, SignatureScheme, Signer, SignerError};
use crate::cert::{self, Certificate};

/// A private key in memory, with its certificate. Has no `Debug`: a key never reaches a log.
pub struct SoftKey {
    certificate: Certificate,
    key: PKey<Private>,
}

impl SoftKey {
    /// Puts the two together; none where the key is not that of the certificate.
    pub fn new(certificate: Certificate, key: PKey<Private>) -> Option<Self> {
        let public = certificate.x509().public_key().ok()?;
        key.public_eq(&public).then_some(Self { certificate, key })
    }

    /// A key that [`to_pkcs8`](Self::to_pkcs8) gave, with its certificate.
    pub(crate) fn from_pkcs8(certificate: Certificate, octets: &[u8]) -> Option<Self> {
        Self::new(certificate, PKey::private_key_from_pkcs8(octets).ok()?)
    }

    /// The private key as PKCS #8 (RFC 5958), for keeping it sealed.
    pub(crate) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, openssl::error::ErrorStack> {
        self.key.private_key_to_pkcs8().map(Zeroizing::new)
    }

    /// The private key itself, for a PKCS #12 file.
    pub(super) fn key(&self) -> &PKey<Private> {
        &self.key
    }
}

impl Opener for SoftKey {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn rsa(
        &self,
        padding: RsaPadding,
        label: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenerError> {
        if self.key.id() != Id::RSA {
            return Err(OpenerError::OtherKind);
        }
        let decrypt = || -> Result<Vec<u8>, openssl::error::ErrorStack> {
            let mut context = PkeyCtx::new(&self.key)?;
            context.decrypt_init()?;
            match padding {
                RsaPadding::Pkcs1 => context.set_rsa_padding(Padding::PKCS1)?,
                RsaPadding::Oaep { hash, mask } => {
                    context.set_rsa_padding(Padding::PKCS1_OAEP)?;
                    context.set_rsa_oaep_md(digest(hash))?;
                    context.set_rsa_mgf1_md(digest(mask))?;
                    if !label.is_empty() {
                        context.set_rsa_oaep_label(label)?;
                    }
                }
            }
            let mut plain = Vec::new();
            context.decrypt_to_vec(encrypted, &mut plain)?;
            Ok(plain)
        };
        // Why it failed is not told: that would be an oracle.
        decrypt().map(Zeroizing::new).or(Err(OpenerError::Failed))
    }

    fn agree(&self, peer: &PKeyRef<Public>) -> Result<Zeroizing<Vec<u8>>, OpenerError> {
        if self.key.id() != peer.id() || self.key.id() == Id::RSA {
            return Err(OpenerError::OtherKind);
        }
        let derive = || -> Result<Vec<u8>, openssl::error::ErrorStack> {
            let mut deriver = Deriver::new(&self.key)?;
            // Checks that the peer's point lies on the curve.
            deriver.set_peer_ex(peer, true)?;
            deriver.derive_to_vec()
        };
        derive().map(Zeroizing::new).or(Err(OpenerError::Failed))
    }

    fn decapsulate(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenerError> {
        // Other kinds of keys encapsulate in ways of their own, which no mail uses.
        if !self.certificate.facts().key.is_ml_kem() {
            return Err(OpenerError::OtherKind);
        }
        cert::decapsulate(&self.key, ciphertext).or(Err(OpenerError::Failed))
    }
}

impl Signer for SoftKey {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn schemes(&self) -> &'static [SignatureScheme] {
        match self.key.id() {
            Id::RSA => &[
                SignatureScheme::RsaPkcs1Sha256,
                SignatureScheme::RsaPssSha256,
            ],
            Id::RSA_PSS => &[SignatureScheme::RsaPssSha256],
            Id::EC => &[SignatureScheme::EcdsaSha256],
            Id::ED25519 => &[SignatureScheme::Ed25519],
            _ => &[],
        }
    }

    fn sign(&self, scheme: SignatureScheme, octets: &[u8]) -> Result<Vec<u8>, SignerError> {
        if !self.schemes().contains(&scheme) {
            return Err(SignerError::OtherKind);
        }
        let sign = || {
            use openssl::sign::{RsaPssSaltlen, Signer};
            let digest = MessageDigest::sha256();
            let mut signer = match scheme {
                SignatureScheme::Ed25519 => Signer::new_without_digest(&self.key)?,
                _ => Signer::new(digest, &self.key)?,
            };
            if scheme == SignatureScheme::RsaPssSha256 {
                signer.set_rsa_padding(Padding::PKCS1_PSS)?;
                signer.set_rsa_mgf1_md(digest)?;
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(32))?;
            }
            signer.sign_oneshot_to_vec(octets)
        };
        sign().map_err(SignerError::Failed)
    }
}

fn digest(hash: OaepHash) -> &'static MdRef {
    match hash {
        OaepHash::Sha1 => Md::sha1(),
        OaepHash::Sha256 => Md::sha256(),
        OaepHash::Sha384 => Md::sha384(),
        OaepHash::Sha512 => Md::sha512(),
    }
}
