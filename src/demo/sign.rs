//! Signatures over certificates and revocation lists, in the exact parameters that OCES3 uses.
//!
//! The `openssl` crate signs certificates with PKCS#1 v1.5 only, so the demo encodes them itself and signs here.
//! RFC 4055 (RSASSA-PSS), RFC 5758 (ECDSA), RFC 8410 (Ed25519).

use der::asn1::{Any, BitString, ObjectIdentifier};
use der::{Decode, Encode, Sequence, Tag};
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKeyRef, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use rustls_pki_types::alg_id;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::DemoError;

const SHA1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const ECDSA_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

/// How an authority with an RSA key signs. Other keys know one way each, and take `Sha1` where it exists (ECDSA).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signing {
    /// RSASSA-PSS as OCES3: SHA-512 with 64 octets of salt for authorities, SHA-256 with 32 for all else.
    #[default]
    Pss,
    /// `sha256WithRSAEncryption` as OCES2.
    Pkcs1,
    /// SHA-1, which nobody may accept any more.
    Sha1,
}

/// What is being signed: OCES3 uses a longer digest for the certificates of authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    Authority,
    Leaf,
}

/// The outer form of certificates and revocation lists (RFC 5280 §4.1 and §5.1).
#[derive(Sequence)]
struct Signed {
    content: Any,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// A signature algorithm and what OpenSSL needs to carry it out.
pub(super) struct Algorithm {
    pub(super) identifier: AlgorithmIdentifierOwned,
    digest: Option<MessageDigest>,
    pss_salt: Option<i32>,
}

impl Algorithm {
    /// The algorithm that `key` uses.
    pub(super) fn of(
        key: &PKeyRef<Private>,
        signing: Signing,
        strength: Strength,
    ) -> Result<Self, DemoError> {
        match (key.id(), signing) {
            (Id::RSA, Signing::Pss) => match strength {
                Strength::Authority => {
                    Self::known(&alg_id::RSA_PSS_SHA512, MessageDigest::sha512(), Some(64))
                }
                Strength::Leaf => {
                    Self::known(&alg_id::RSA_PSS_SHA256, MessageDigest::sha256(), Some(32))
                }
            },
            (Id::RSA, Signing::Pkcs1) => {
                Self::known(&alg_id::RSA_PKCS1_SHA256, MessageDigest::sha256(), None)
            }
            (Id::RSA, Signing::Sha1) => Ok(Self::sha1(SHA1_WITH_RSA, Some(Any::null()))),
            (Id::EC, Signing::Sha1) => Ok(Self::sha1(ECDSA_WITH_SHA1, None)),
            (Id::EC, _) => match key.bits() {
                521 => Self::known(&alg_id::ECDSA_SHA512, MessageDigest::sha512(), None),
                384 => Self::known(&alg_id::ECDSA_SHA384, MessageDigest::sha384(), None),
                _ => Self::known(&alg_id::ECDSA_SHA256, MessageDigest::sha256(), None),
            },
            (Id::ED25519, _) => Ok(Self {
                identifier: identifier(&alg_id::ED25519)?,
                digest: None,
                pss_salt: None,
            }),
            _ => Err(DemoError::CannotSign),
        }
    }

    /// Signs the DER of a to-be-signed part and gives the whole certificate or revocation list.
    pub(super) fn seal(
        self,
        to_be_signed: &impl Encode,
        key: &PKeyRef<Private>,
    ) -> Result<Vec<u8>, DemoError> {
        let octets = to_be_signed.to_der()?;
        let signature = self.sign(&octets, key)?;
        let signed = Signed {
            content: Any::from_der(&octets)?,
            algorithm: self.identifier,
            signature: BitString::from_bytes(&signature)?,
        };
        Ok(signed.to_der()?)
    }

    fn sign(&self, octets: &[u8], key: &PKeyRef<Private>) -> Result<Vec<u8>, DemoError> {
        let Some(digest) = self.digest else {
            return Ok(Signer::new_without_digest(key)?.sign_oneshot_to_vec(octets)?);
        };
        let mut signer = Signer::new(digest, key)?;
        if let Some(salt) = self.pss_salt {
            signer.set_rsa_padding(Padding::PKCS1_PSS)?;
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt))?;
            signer.set_rsa_mgf1_md(digest)?;
        }
        Ok(signer.sign_oneshot_to_vec(octets)?)
    }

    fn known(
        identifier_der: &rustls_pki_types::AlgorithmIdentifier,
        digest: MessageDigest,
        pss_salt: Option<i32>,
    ) -> Result<Self, DemoError> {
        Ok(Self {
            identifier: identifier(identifier_der)?,
            digest: Some(digest),
            pss_salt,
        })
    }

    fn sha1(oid: ObjectIdentifier, parameters: Option<Any>) -> Self {
        Self {
            identifier: AlgorithmIdentifierOwned { oid, parameters },
            digest: Some(MessageDigest::sha1()),
            pss_salt: None,
        }
    }
}

/// The table holds the content of the SEQUENCE, byte for byte what OCES3 certificates hold.
fn identifier(
    content: &rustls_pki_types::AlgorithmIdentifier,
) -> Result<AlgorithmIdentifierOwned, DemoError> {
    Ok(Any::new(Tag::Sequence, content.as_ref())?.decode_as()?)
}
