//! Matching TLSA records (RFC 6698, RFC 7671, RFC 7672) against the certificates that a mail server presented.
//!
//! The matching is our own, on the presented chain and after the handshake, so that OpenSSL's DANE code is never asked.
//! For SMTP only two usages count (RFC 7672 §3.1): 3, this certificate or key and nothing else, whatever its names and
//! dates; and 2, a certificate above it, from where path, names and dates are verified as usual.

use std::fmt;

use der::{Decode, Encode};
use jiff::Timestamp;
use openssl::{
    error::ErrorStack,
    hash::{MessageDigest, hash},
    stack::Stack,
    x509::{
        X509, X509PurposeId, X509StoreContext, X509StoreContextRef,
        store::X509StoreBuilder,
        verify::{X509CheckFlags, X509VerifyFlags, X509VerifyParam},
    },
};

use crate::mail::hex;

const TRUST_ANCHOR: u8 = 2;
const END_ENTITY: u8 = 3;
const CERTIFICATE: u8 = 0;
const PUBLIC_KEY: u8 = 1;
const EXACT: u8 = 0;
const SHA_256: u8 = 1;
const SHA_512: u8 = 2;

/// A TLSA record, as it stands in DNS (RFC 6698 §2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tlsa {
    /// What it speaks of: 3 the server's certificate, 2 one above it; 0 and 1 do not count for SMTP.
    pub usage: u8,
    /// 0 the whole certificate, 1 its public key.
    pub selector: u8,
    /// 0 the octets themselves, 1 their SHA-256, 2 their SHA-512.
    pub matching: u8,
    /// The octets.
    pub data: Vec<u8>,
}

/// What the records say of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One of them holds.
    Matched,
    /// There are usable ones, and none holds.
    Mismatched,
    /// None of them can be used: TLS is a must, and proves nothing (RFC 7672 §2.2).
    Unusable,
}

impl Tlsa {
    /// Whether a sender of mail can use it (RFC 7672 §3.1).
    pub fn is_usable(&self) -> bool {
        let is_whole = match self.matching {
            EXACT => match self.selector {
                CERTIFICATE => X509::from_der(&self.data).is_ok(),
                _ => openssl::pkey::PKey::public_key_from_der(&self.data).is_ok(),
            },
            SHA_256 => self.data.len() == 32,
            SHA_512 => self.data.len() == 64,
            _ => false,
        };
        matches!(self.usage, TRUST_ANCHOR | END_ENTITY)
            && matches!(self.selector, CERTIFICATE | PUBLIC_KEY)
            && is_whole
    }

    /// Whether it names this certificate.
    fn names(&self, certificate: &X509) -> Result<bool, ErrorStack> {
        let octets = match self.selector {
            CERTIFICATE => certificate.to_der()?,
            _ => public_key(certificate)?,
        };
        Ok(match self.matching {
            EXACT => octets == self.data,
            SHA_256 => hash(MessageDigest::sha256(), &octets)?[..] == self.data[..],
            _ => hash(MessageDigest::sha512(), &octets)?[..] == self.data[..],
        })
    }
}

/// The public key as it stands in the certificate; OpenSSL encodes some anew, and differently.
fn public_key(certificate: &X509) -> Result<Vec<u8>, ErrorStack> {
    let parsed = x509_cert::Certificate::from_der(&certificate.to_der()?).ok();
    let exact = parsed.and_then(|p| p.tbs_certificate().subject_public_key_info().to_der().ok());
    exact.map_or_else(|| certificate.public_key()?.public_key_to_der(), Ok)
}

/// As it is written in a zone: `3 1 1 0123…`.
impl fmt::Display for Tlsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (usage, selector, matching) = (self.usage, self.selector, self.matching);
        write!(f, "{usage} {selector} {matching} {}", hex(&self.data))
    }
}

/// Whether a chain (DER, the server's own certificate first) is one of those that the records name. `names` are those
/// that a certificate below usage 2 may carry: the server's own, and the domain that the mail is for (RFC 7672 §3.2.2).
pub fn judge(records: &[Tlsa], chain: &[Vec<u8>], names: &[&str], at: Timestamp) -> Verdict {
    let usable: Vec<&Tlsa> = records.iter().filter(|r| r.is_usable()).collect();
    if usable.is_empty() {
        return Verdict::Unusable;
    }
    let chain: Vec<X509> = chain.iter().map_while(|d| X509::from_der(d).ok()).collect();
    let Some((leaf, above)) = chain.split_first() else {
        return Verdict::Mismatched;
    };
    let counts = |r: &&&Tlsa| !is_outdone(r, &usable);
    let holds = |r: &Tlsa| match r.usage {
        END_ENTITY => r.names(leaf),
        _ => is_below(r, leaf, above, names, at),
    };
    // What OpenSSL cannot work with is no proof.
    if usable
        .iter()
        .filter(counts)
        .any(|r| holds(r).unwrap_or(false))
    {
        Verdict::Matched
    } else {
        Verdict::Mismatched
    }
}

/// Of two digests of the same thing the stronger one counts alone (RFC 7671 §9).
fn is_outdone(record: &Tlsa, usable: &[&Tlsa]) -> bool {
    record.matching == SHA_256
        && usable
            .iter()
            .any(|r| (r.usage, r.selector, r.matching) == (record.usage, record.selector, SHA_512))
}

/// Usage 2: a presented certificate above the server's own, or the one that stands in the record whole, is the anchor of
/// a path to it, and the server's own carries one of the names.
fn is_below(
    record: &Tlsa,
    leaf: &X509,
    above: &[X509],
    names: &[&str],
    at: Timestamp,
) -> Result<bool, ErrorStack> {
    let mut anchors: Vec<X509> = Vec::new();
    for certificate in above {
        if record.names(certificate)? {
            anchors.push(certificate.clone());
        }
    }
    if (record.selector, record.matching) == (CERTIFICATE, EXACT) {
        let whole = X509::from_der(&record.data)?;
        // The server's own certificate is not above itself.
        anchors.extend((whole.to_der()? != leaf.to_der()?).then_some(whole));
    }
    for anchor in &anchors {
        for name in names {
            if verify(leaf, above, anchor, name, at)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn verify(
    leaf: &X509,
    above: &[X509],
    anchor: &X509,
    name: &str,
    at: Timestamp,
) -> Result<bool, ErrorStack> {
    let mut param = X509VerifyParam::new()?;
    // The anchor need not be a root (RFC 7671 §5.2).
    param.set_flags(X509VerifyFlags::PARTIAL_CHAIN | X509VerifyFlags::TRUSTED_FIRST)?;
    param.set_purpose(X509PurposeId::SSL_SERVER)?;
    param.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS | X509CheckFlags::NEVER_CHECK_SUBJECT);
    param.set_host(name)?;
    param.set_time(at.as_second());
    let mut store = X509StoreBuilder::new()?;
    store.set_param(&param)?;
    store.add_cert(anchor.clone())?;
    let mut rest = Stack::new()?;
    for certificate in above {
        rest.push(certificate.clone())?;
    }
    X509StoreContext::new()?.init(
        &store.build(),
        leaf,
        &rest,
        X509StoreContextRef::verify_cert,
    )
}

#[cfg(test)]
mod tests;
