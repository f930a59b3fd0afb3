//! One certificate revocation list (RFC 5280 §5): read from front to back in one pass, and kept as a table of sixteen
//! octets for each revoked certificate. A list of fifty megabytes costs its table, never itself.

use std::{
    collections::HashMap,
    io::Read,
    sync::{Mutex, PoisonError},
};

use der::Decode as _;
use jiff::Timestamp;
use openssl::x509::{X509Name, X509NameRef};
use x509_cert::{
    AlgorithmIdentifier,
    ext::{
        Extension, Extensions,
        pkix::{AuthorityKeyIdentifier, crl::dp::IssuingDistributionPoint},
    },
    time::Time,
};

use super::{
    entries::{Entries, Entry, find},
    signature::{Feed, Signature},
    walk::{Walk, signature},
};
use crate::{
    cert::{self, Certificate, Fingerprint},
    mail::Digest,
};

pub(super) const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const EXTENSIONS: u8 = 0xa0;

/// Octets of names, times and algorithms at most.
const FIELD_MAX: u64 = 64 << 10;
/// Octets of the list's own extensions at most.
const EXTENSIONS_MAX: u64 = 1 << 20;

const CRL_NUMBER: &str = "2.5.29.20";
const DELTA_CRL_INDICATOR: &str = "2.5.29.27";
const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";

/// A revocation list. What it says counts only when its signer was found to be good.
pub struct Crl {
    /// The list's issuer, then those that its entries name: an issuer may be named in several ways, of which each counts.
    issuers: Vec<Vec<X509Name>>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    entries: Vec<Entry>,
    pub(super) scope: Option<Scope>,
    /// Why the list cannot say "good": something in it is critical and not understood.
    unusable: Option<String>,
    number: Option<Number>,
    /// The number of the complete list that this one changes, if it is a delta.
    base: Option<Number>,
    authority_key: Option<Vec<u8>>,
    signature: Signature,
    sha256: Digest,
    /// Keys that were tried, by their digests.
    tried: Mutex<HashMap<Fingerprint, bool>>,
}

/// The issuing distribution point, read and as it stood.
pub(super) struct Scope {
    pub(super) point: IssuingDistributionPoint,
    der: Vec<u8>,
}

/// A number of any length, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number(Vec<u8>);

/// That and why a certificate stands on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Revoked {
    pub(super) at: Timestamp,
    pub(super) code: u8,
}

pub(super) const NO_REASON: u8 = 0xff;
const REMOVE_FROM_CRL: u8 = 8;

impl Crl {
    /// Reads a DER list.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        Self::read(der)
    }

    /// Reads a DER list from its first octet to its last, which ends the input.
    pub fn read(input: impl Read) -> Result<Self, String> {
        let mut walk = Walk::new(input);
        let list = walk.header()?;
        walk.begin_signed();
        let body = walk.header()?;
        if (list.tag, body.tag) != (SEQUENCE, SEQUENCE) || body.end > list.end {
            return Err("not a revocation list".to_owned());
        }
        let mut header = walk.header()?;
        if header.tag == INTEGER {
            let version = walk.rest(&header, 1)?;
            if version != [INTEGER, 1, 1] {
                return Err("an unknown version".to_owned());
            }
            header = walk.header()?;
        }
        let algorithm = walk.rest(&header, FIELD_MAX)?;
        let parsed = AlgorithmIdentifier::from_der(&algorithm).map_err(|e| e.to_string())?;
        walk.feed(Feed::new(&parsed)?)?;
        let issuer = walk.element(SEQUENCE, FIELD_MAX)?;
        let issuer = X509Name::from_der(&issuer).map_err(|e| e.to_string())?;
        let header = walk.header()?;
        let this_update = read_time(&walk.rest(&header, FIELD_MAX)?)?;
        let mut next_update = None;
        let mut entries = Entries::new(this_update);
        let mut extensions = None;
        while walk.at() < body.end {
            let header = walk.header()?;
            match header.tag {
                UTC_TIME | GENERALIZED_TIME if next_update.is_none() => {
                    next_update = Some(read_time(&walk.rest(&header, FIELD_MAX)?)?);
                }
                SEQUENCE if entries.is_empty() => {
                    if header.end > body.end {
                        return Err("entries beyond the end".to_owned());
                    }
                    entries.read(&mut walk, header.end, &issuer)?;
                }
                EXTENSIONS if extensions.is_none() => {
                    let octets = walk.rest(&header, EXTENSIONS_MAX)?;
                    extensions = Some(read_extensions(&octets)?);
                }
                other => return Err(format!("element {other:#04x} where none belongs")),
            }
        }
        if walk.at() != body.end {
            return Err("an element beyond the end".to_owned());
        }
        let feed = walk.end_signed()?;
        if walk.element(SEQUENCE, FIELD_MAX)? != algorithm {
            return Err("two different signature algorithms".to_owned());
        }
        let signature = signature(&mut walk, feed)?;
        if walk.at() != list.end || !walk.is_at_end()? {
            return Err("octets after the end".to_owned());
        }
        let mut issuers = vec![vec![issuer]];
        issuers.append(&mut entries.issuers);
        entries.found.sort_unstable();
        let mut crl = Self {
            issuers,
            this_update,
            next_update,
            entries: entries.found,
            scope: None,
            unusable: entries.unusable,
            number: None,
            base: None,
            authority_key: None,
            signature,
            sha256: walk.digest(),
            tried: Mutex::default(),
        };
        for extension in extensions.unwrap_or_default() {
            crl.take(&extension)?;
        }
        Ok(crl)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), String> {
        let value = extension.extn_value.as_bytes();
        match extension.extn_id.to_string().as_str() {
            CRL_NUMBER => self.number = Some(Number::read(value)?),
            DELTA_CRL_INDICATOR => self.base = Some(Number::read(value)?),
            ISSUING_DISTRIBUTION_POINT => {
                let point = IssuingDistributionPoint::from_der(value)
                    .map_err(|e| format!("issuing distribution point: {e}"))?;
                self.scope = Some(Scope {
                    point,
                    der: value.to_vec(),
                });
            }
            AUTHORITY_KEY_IDENTIFIER => {
                let identifier = AuthorityKeyIdentifier::from_der(value).ok();
                self.authority_key = identifier
                    .and_then(|i| i.key_identifier)
                    .map(|k| k.as_bytes().to_vec());
            }
            other if extension.critical => {
                self.unusable = Some(format!("critical extension {other}"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether the list carries this issuer's name.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        same(self.issuer(), issuer.x509().subject_name())
    }

    /// Whose list it is.
    pub(super) fn issuer(&self) -> &X509NameRef {
        &self.issuers[0][0]
    }

    /// When it was made.
    pub fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// When the next one is due.
    pub(super) fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// SHA-256 of the whole list.
    pub(super) fn sha256(&self) -> Digest {
        self.sha256
    }

    /// How many certificates are revoked.
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// Why it cannot say "good", if it cannot.
    pub(super) fn unusable(&self) -> Option<&str> {
        self.unusable.as_deref()
    }

    /// Whether it only changes another list, and does not say everything itself (RFC 5280 §5.2.4).
    pub fn is_delta(&self) -> bool {
        self.base.is_some()
    }

    /// Whether the list is signed with this certificate's key, which may sign lists (RFC 5280 §4.2.1.3).
    pub fn is_signed_by(&self, signer: &Certificate) -> bool {
        let facts = signer.facts();
        let may_sign = facts
            .key_usage
            .as_ref()
            .is_none_or(x509_cert::ext::pkix::KeyUsage::crl_sign);
        if !may_sign {
            return false;
        }
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        *tried.entry(facts.key_sha256).or_insert_with(|| {
            let key = signer.x509().public_key();
            key.is_ok_and(|key| self.signature.is_by(&key))
        })
    }

    /// Whether this delta brings that complete list up to date (RFC 5280 §5.2.4).
    pub(super) fn updates(&self, complete: &Crl) -> bool {
        let (Some(base), Some(number), Some(old)) = (&self.base, &self.number, &complete.number)
        else {
            return false;
        };
        same(self.issuer(), complete.issuer())
            && self.scope_der() == complete.scope_der()
            && self.authority_key == complete.authority_key
            && !old.is_below(base)
            && old.is_below(number)
    }

    fn scope_der(&self) -> Option<&[u8]> {
        self.scope.as_ref().map(|s| s.der.as_slice())
    }

    /// The entry of a certificate.
    pub(super) fn entry(&self, certificate: &Certificate) -> Option<Revoked> {
        let issuer = certificate.x509().issuer_name();
        let serial = certificate.serial();
        let named = self.issuers.iter().enumerate();
        let mut of_issuer = named.filter(|(_, names)| names.iter().any(|name| same(name, issuer)));
        of_issuer.find_map(|(index, _)| find(&self.entries, index, &serial))
    }
}

impl Revoked {
    /// As somebody says who gives no or one reason.
    pub(super) fn new(at: Timestamp, code: Option<u8>) -> Self {
        let code = code.unwrap_or(NO_REASON);
        Self { at, code }
    }

    /// Whether a delta takes the certificate off the list again.
    pub(super) fn is_removed(&self) -> bool {
        self.code == REMOVE_FROM_CRL
    }

    /// CRLReason (RFC 5280 §5.3.1).
    pub(super) fn reason(&self) -> Option<String> {
        let name = match self.code {
            NO_REASON => return None,
            0 => "unspecified",
            1 => "keyCompromise",
            2 => "cACompromise",
            3 => "affiliationChanged",
            4 => "superseded",
            5 => "cessationOfOperation",
            6 => "certificateHold",
            REMOVE_FROM_CRL => "removeFromCRL",
            9 => "privilegeWithdrawn",
            10 => "aACompromise",
            other => return Some(other.to_string()),
        };
        Some(name.to_owned())
    }
}

impl Number {
    fn read(der: &[u8]) -> Result<Self, String> {
        let number = der::asn1::UintRef::from_der(der).map_err(|e| e.to_string())?;
        Ok(Self(number.as_bytes().to_vec()))
    }

    fn is_below(&self, other: &Self) -> bool {
        (self.0.len(), &self.0) < (other.0.len(), &other.0)
    }
}

/// RFC 5280 §7.1, as OpenSSL compares: without case and surplus spaces.
pub(super) fn same(one: &X509NameRef, other: &X509NameRef) -> bool {
    one.try_cmp(other).is_ok_and(std::cmp::Ordering::is_eq)
}

pub(super) fn read_time(der: &[u8]) -> Result<Timestamp, String> {
    let time = Time::from_der(der).map_err(|e| e.to_string())?;
    cert::timestamp(&time).map_err(|p| format!("{p:?}"))
}

pub(super) fn read_extensions(explicit: &[u8]) -> Result<Extensions, String> {
    let any = der::asn1::AnyRef::from_der(explicit).map_err(|e| e.to_string())?;
    Extensions::from_der(any.value()).map_err(|e| e.to_string())
}
