//! The signature of a revocation list (RFC 4055, RFC 5758, RFC 8410), verified over a digest that was made while the
//! list was read: a list of fifty megabytes is never held.

use der::{Decode as _, Encode as _};
use openssl::{
    hash::{Hasher, MessageDigest},
    md::{Md, MdRef},
    pkey::{Id, PKeyRef, Public},
    pkey_ctx::PkeyCtx,
    rsa::Padding,
    sign::{RsaPssSaltlen, Verifier},
};
use x509_cert::AlgorithmIdentifier;

use crate::cert::PssParams;

/// Octets of a list that is signed with an algorithm that needs the whole (Ed25519).
const WHOLE_MAX: usize = 16 << 20;

/// How a list is signed.
#[derive(Debug, Clone, Copy)]
enum Scheme {
    Pkcs1(Hash),
    Pss { hash: Hash, mask: Hash, salt: u16 },
    Ecdsa(Hash),
    Ed25519,
}

#[derive(Debug, Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// What was signed.
enum Signed {
    Digest(Vec<u8>),
    Whole(Vec<u8>),
}

/// Takes what is signed, piece by piece.
pub(super) struct Feed {
    scheme: Scheme,
    into: Into,
}

enum Into {
    Hasher(Hasher),
    Whole(Vec<u8>),
}

/// A signature with what it is over, to be verified with any key.
pub(super) struct Signature {
    scheme: Scheme,
    signed: Signed,
    value: Vec<u8>,
}

impl Feed {
    pub(super) fn new(algorithm: &AlgorithmIdentifier) -> Result<Self, String> {
        let scheme = Scheme::read(algorithm)?;
        let into = match scheme.hash() {
            Some(hash) => Into::Hasher(Hasher::new(hash.digest()).map_err(|e| e.to_string())?),
            None => Into::Whole(Vec::new()),
        };
        Ok(Self { scheme, into })
    }

    pub(super) fn update(&mut self, octets: &[u8]) -> Result<(), String> {
        match &mut self.into {
            Into::Hasher(hasher) => hasher.update(octets).map_err(|e| e.to_string()),
            Into::Whole(whole) if whole.len() + octets.len() > WHOLE_MAX => {
                Err(format!("more than {WHOLE_MAX} octets signed with Ed25519"))
            }
            Into::Whole(whole) => {
                whole.extend_from_slice(octets);
                Ok(())
            }
        }
    }

    pub(super) fn end(self, value: Vec<u8>) -> Result<Signature, String> {
        let signed = match self.into {
            Into::Hasher(mut hasher) => {
                let digest = hasher.finish().map_err(|e| e.to_string())?;
                Signed::Digest(digest.to_vec())
            }
            Into::Whole(whole) => Signed::Whole(whole),
        };
        Ok(Signature {
            scheme: self.scheme,
            signed,
            value,
        })
    }
}

impl Signature {
    /// Whether this key made it. A key of another kind did not.
    pub(super) fn is_by(&self, key: &PKeyRef<Public>) -> bool {
        self.verify(key).unwrap_or(false)
    }

    fn verify(&self, key: &PKeyRef<Public>) -> Result<bool, openssl::error::ErrorStack> {
        let digest = match &self.signed {
            Signed::Digest(digest) => digest,
            Signed::Whole(whole) => {
                let fits = key.id() == Id::ED25519;
                return Ok(fits
                    && Verifier::new_without_digest(key)?.verify_oneshot(&self.value, whole)?);
            }
        };
        let fits = match self.scheme {
            Scheme::Pkcs1(_) => key.id() == Id::RSA,
            Scheme::Pss { .. } => key.id() == Id::RSA || key.id() == Id::RSA_PSS,
            Scheme::Ecdsa(_) => key.id() == Id::EC,
            Scheme::Ed25519 => false,
        };
        if !fits {
            return Ok(false);
        }
        let mut context = PkeyCtx::new(key)?;
        context.verify_init()?;
        match self.scheme {
            Scheme::Pkcs1(hash) => {
                context.set_rsa_padding(Padding::PKCS1)?;
                context.set_signature_md(hash.md())?;
            }
            Scheme::Pss { hash, mask, salt } => {
                context.set_rsa_padding(Padding::PKCS1_PSS)?;
                context.set_signature_md(hash.md())?;
                context.set_rsa_mgf1_md(mask.md())?;
                context.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt)))?;
            }
            Scheme::Ecdsa(hash) => context.set_signature_md(hash.md())?,
            Scheme::Ed25519 => return Ok(false),
        }
        context.verify(digest, &self.value)
    }
}

impl Scheme {
    fn read(algorithm: &AlgorithmIdentifier) -> Result<Self, String> {
        let oid = algorithm.oid.to_string();
        Ok(match oid.as_str() {
            "1.2.840.113549.1.1.11" => Self::Pkcs1(Hash::Sha256),
            "1.2.840.113549.1.1.12" => Self::Pkcs1(Hash::Sha384),
            "1.2.840.113549.1.1.13" => Self::Pkcs1(Hash::Sha512),
            "1.2.840.113549.1.1.10" => Self::pss(algorithm)?,
            "1.2.840.10045.4.3.2" => Self::Ecdsa(Hash::Sha256),
            "1.2.840.10045.4.3.3" => Self::Ecdsa(Hash::Sha384),
            "1.2.840.10045.4.3.4" => Self::Ecdsa(Hash::Sha512),
            "1.3.101.112" => Self::Ed25519,
            "1.2.840.10040.4.1" | "1.2.840.10040.4.3" | "2.16.840.1.101.3.4.3.2" => {
                return Err("signed with DSA, which is not supported".to_owned());
            }
            "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => {
                return Err("signed with SHA-1, which is broken".to_owned());
            }
            _ => return Err(format!("signed with {oid}, which is not supported")),
        })
    }

    fn pss(algorithm: &AlgorithmIdentifier) -> Result<Self, String> {
        let parameters = algorithm.parameters.as_ref().ok_or("no PSS parameters")?;
        let parameters: PssParams = parameters
            .decode_as()
            .map_err(|e: der::Error| e.to_string())?;
        // What is absent is SHA-1 (RFC 4055 §3.1).
        let hash = parameters
            .hash
            .ok_or("signed with SHA-1, which is broken")?;
        let mask = parameters
            .mask
            .ok_or("signed with SHA-1, which is broken")?;
        if mask.oid.to_string() != "1.2.840.113549.1.1.8" || parameters.trailer.unwrap_or(1) != 1 {
            return Err("unknown PSS parameters".to_owned());
        }
        let inner = mask.parameters.ok_or("no mask digest")?;
        let inner = inner.to_der().map_err(|e| e.to_string())?;
        let inner = AlgorithmIdentifier::from_der(&inner).map_err(|e| e.to_string())?;
        Ok(Self::Pss {
            hash: Hash::read(&hash)?,
            mask: Hash::read(&inner)?,
            salt: u16::try_from(parameters.salt.unwrap_or(20)).map_err(|e| e.to_string())?,
        })
    }

    fn hash(self) -> Option<Hash> {
        match self {
            Self::Pkcs1(hash) | Self::Pss { hash, .. } | Self::Ecdsa(hash) => Some(hash),
            Self::Ed25519 => None,
        }
    }
}

impl Hash {
    fn read(algorithm: &AlgorithmIdentifier) -> Result<Self, String> {
        match algorithm.oid.to_string().as_str() {
            "2.16.840.1.101.3.4.2.1" => Ok(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" => Ok(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" => Ok(Self::Sha512),
            other => Err(format!(
                "signed with digest {other}, which is not supported"
            )),
        }
    }

    fn digest(self) -> MessageDigest {
        match self {
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }

    fn md(self) -> &'static MdRef {
        match self {
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
        }
    }
}
