//! The key of a domain as DNS has it (RFC 6376 §3.6.1, RFC 8463 §4.2).

use openssl::{
    hash::MessageDigest,
    pkey::{Id, PKey, Public},
    rsa::Rsa,
    sha::sha256,
    sign::Verifier,
};
use serde::{Deserialize, Serialize};

use super::{
    Verdict,
    signature::{Algorithm, Signature, base64, tags},
};

/// Bits of an RSA key that count (RFC 8301 §3.2).
const BITS_MIN: u32 = 1024;
/// The same from above: verifying with longer ones is only there to take time.
const BITS_MAX: u32 = 16_384;

/// What DNS says of where the key is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyProof {
    /// Signatures of DNS prove it.
    Dnssec,
    /// The domain's zone is not signed: whoever answered could have made it up.
    Plain,
    /// There is none.
    Absent,
    /// Signatures of DNS are broken or missing.
    Bogus,
    /// DNS did not answer.
    Unreachable,
    /// It was not needed to say that the signature does not count.
    NotAsked,
}

impl KeyProof {
    /// The code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dnssec => "dnssec",
            Self::Plain => "plain",
            Self::Absent => "absent",
            Self::Bogus => "bogus",
            Self::Unreachable => "unreachable",
            Self::NotAsked => "not-asked",
        }
    }
}

pub(super) struct Key {
    public: PKey<Public>,
    algorithm: Algorithm,
    pub(super) is_testing: bool,
}

impl Key {
    /// Reads a record for this signature; `None` where it is no key record, or the key was taken back.
    pub(super) fn parse(text: &[u8], signature: &Signature) -> Option<Result<Self, Verdict>> {
        let text = std::str::from_utf8(text).ok()?;
        let tags = tags(text)?;
        let get = |name: &str| tags.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        if get("v").is_some_and(|v| v != "DKIM1") {
            return None;
        }
        let public = get("p").filter(|p| !p.is_empty())?;
        let lists = |name: &str, wanted: &[&str]| {
            get(name).is_none_or(|list| list.split(':').any(|w| wanted.contains(&w.trim())))
        };
        let unusable = Some(Err(Verdict::KeyUnusable));
        if !lists("h", &["sha256"]) || !lists("s", &["*", "email"]) {
            return unusable;
        }
        let flag =
            |wanted: &str| get("t").is_some_and(|list| list.split(':').any(|w| w.trim() == wanted));
        if flag("s") && signature.is_below {
            return unusable;
        }
        let octets = base64(public)?;
        let key = match (get("k").unwrap_or("rsa"), signature.algorithm) {
            ("rsa", Algorithm::RsaSha256) => rsa(&octets),
            ("ed25519", Algorithm::Ed25519Sha256) => {
                PKey::public_key_from_raw_bytes(&octets, Id::ED25519).ok()
            }
            _ => None,
        };
        let Some(key) = key else { return unusable };
        Some(Ok(Self {
            public: key,
            algorithm: signature.algorithm,
            is_testing: flag("y"),
        }))
    }

    /// Whether the signature holds.
    pub(super) fn holds(&self, signed: &[u8], signature: &[u8]) -> bool {
        let verified = match self.algorithm {
            Algorithm::RsaSha256 => Verifier::new(MessageDigest::sha256(), &self.public)
                .and_then(|mut v| v.verify_oneshot(signature, signed)),
            // RFC 8463 §3: the digest is what is signed.
            Algorithm::Ed25519Sha256 => Verifier::new_without_digest(&self.public)
                .and_then(|mut v| v.verify_oneshot(signature, &sha256(signed))),
        };
        verified.unwrap_or(false)
    }
}

/// As RFC 6376 has it (SubjectPublicKeyInfo), or as some publish it (RSAPublicKey).
fn rsa(octets: &[u8]) -> Option<PKey<Public>> {
    let key = Rsa::public_key_from_der(octets)
        .or_else(|_other_form| Rsa::public_key_from_der_pkcs1(octets))
        .ok()?;
    let bits = key.size() * 8;
    (BITS_MIN..=BITS_MAX)
        .contains(&bits)
        .then(|| PKey::from_rsa(key).ok())?
}
