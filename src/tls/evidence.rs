//! Evidence that one installation gathers and many desks read: what it saw of each domain, dated and signed.
//!
//! A file is one JSON object: `segl` (always `tls-evidence`), `format` (1), `payload` (a text: the JSON of [`Evidence`],
//! exactly the octets that are signed), `key` (the Ed25519 public key that row 0 of the installation's record names, hex)
//! and `signature` (hex) over [`statement`]. The evidence key signs it and no S/MIME identity does: every installation has
//! that key, a prober needs no certificate, and who checks the prober's record checks the same key. A signature proves
//! nothing by itself: a desk counts only what the key that its settings name has signed.

use jiff::{SignedDuration, Timestamp};
use openssl::{
    pkey::{Id, PKey},
    sign::Verifier,
};
use serde::{Deserialize, Serialize};

use super::Findings;
use crate::mail::hex;

/// What the field `segl` says.
const KIND: &str = "tls-evidence";
/// The format that this version writes.
const FORMAT: u32 = 1;
/// Octets of a file at most: some thousand for each domain.
const FILE_MAX: usize = 256 * 1024 * 1024;
/// Older evidence does not count.
const OLDEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Two clocks may differ by this.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// What an installation saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When it was written.
    pub exported_at: Timestamp,
    /// By which version of Segl.
    pub version: String,
    /// One for each domain.
    pub domains: Vec<Findings>,
}

/// The same, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    segl: String,
    format: u32,
    payload: String,
    /// The key, in hex.
    pub key: String,
    signature: String,
}

/// Why a file is no evidence that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceFault {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It is something else, or of another version.
    #[error("no TLS evidence of this format")]
    Format,
    /// The settings name no key, so that nobody vouches for it.
    #[error("no key is named")]
    NoKey,
    /// Another key signed it than the settings name.
    #[error("signed by another key: {0}")]
    OtherKey(String),
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// It is older than seven days.
    #[error("of {0}, older than seven days")]
    Old(Timestamp),
    /// It is from the future: one of two clocks is wrong.
    #[error("of {0}, which is to come")]
    Future(Timestamp),
}

/// The octets that are signed: never anything else that the key signs, which is always 32 octets.
pub fn statement(payload: &str) -> Vec<u8> {
    [b"segl tls evidence 1\0", payload.as_bytes()].concat()
}

impl Evidence {
    /// The text that is signed.
    pub fn payload(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

impl Signed {
    /// Puts payload, key and signature over [`statement`] together.
    pub fn of(payload: String, key: &[u8], signature: &[u8]) -> Self {
        Self {
            segl: KIND.to_owned(),
            format: FORMAT,
            payload,
            key: hex(key),
            signature: hex(signature),
        }
    }

    /// Reads a file, without believing it.
    pub fn parse(octets: &[u8]) -> Result<Self, EvidenceFault> {
        if octets.len() > FILE_MAX {
            return Err(EvidenceFault::Format);
        }
        let signed: Self =
            serde_json::from_slice(octets).map_err(|_other| EvidenceFault::Format)?;
        let is_ours = signed.segl == KIND && signed.format == FORMAT;
        is_ours.then_some(signed).ok_or(EvidenceFault::Format)
    }

    /// What it says, where the key that the settings name signed it and it is not too old.
    pub fn judge(&self, trusted: Option<&str>, at: Timestamp) -> Result<Evidence, EvidenceFault> {
        let trusted = trusted.ok_or(EvidenceFault::NoKey)?;
        if !self.key.eq_ignore_ascii_case(trusted) {
            return Err(EvidenceFault::OtherKey(self.key.clone()));
        }
        if !self.is_signed().unwrap_or(false) {
            return Err(EvidenceFault::Signature);
        }
        let mut evidence: Evidence =
            serde_json::from_str(&self.payload).map_err(|_other| EvidenceFault::Format)?;
        let exported = evidence.exported_at;
        if exported > at + SKEW {
            return Err(EvidenceFault::Future(exported));
        }
        if at.duration_since(exported) > OLDEST {
            return Err(EvidenceFault::Old(exported));
        }
        // A file may be written today from what was seen long ago.
        let is_young = |f: &Findings| {
            at.duration_since(f.oldest()) <= OLDEST && f.checked_at <= exported + SKEW
        };
        evidence.domains.retain(is_young);
        Ok(evidence)
    }

    fn is_signed(&self) -> Option<bool> {
        let (key, signature) = (octets(&self.key)?, octets(&self.signature)?);
        let key = PKey::public_key_from_raw_bytes(&key, Id::ED25519).ok()?;
        let mut verifier = Verifier::new_without_digest(&key).ok()?;
        verifier
            .verify_oneshot(&signature, &statement(&self.payload))
            .ok()
    }
}

fn octets(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit) && digits.len().is_multiple_of(2);
    is_hex.then(|| {
        digits
            .chunks(2)
            .filter_map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
            .collect()
    })
}

#[cfg(test)]
mod tests;
