//! An X.509 certificate (RFC 5280): read, not judged.
//!
//! Sizes are bounded before anything is parsed, so that hostile octets from a directory cost little.

use std::{fmt, sync::Arc};

use const_oid::ObjectIdentifier;
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use openssl::{
    asn1::{Asn1Time, Asn1TimeRef},
    x509::X509,
};
use x509_cert::{
    TbsCertificate,
    ext::pkix::{
        AuthorityInfoAccessSyntax, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
        ExtendedKeyUsage, KeyUsage,
        name::{DistributionPointName, GeneralName},
    },
};

use super::{
    addresses::Addresses,
    capability::Capabilities,
    list_entry::{self, ListEntry},
    name::{self, Organisation},
    problem::Problem,
    spki::{KeyKind, SignatureKind},
};
use crate::mail::{Address, Digest};

/// Octets of one certificate at most.
pub const MAX_OCTETS: usize = 1 << 20;

pub(super) const ON_SMTP_UTF8_MAILBOX: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.8.9");
const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
const AUTHORITY_INFO_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");

/// RFC 4262 §2.
const SMIME_CAPABILITIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.15");

/// SHA-256 over a certificate's DER.
pub type Fingerprint = Digest;

/// A certificate with the facts that Segl judges by.
#[derive(Clone)]
pub struct Certificate {
    der: Arc<[u8]>,
    sha256: Fingerprint,
    x509: X509,
    parsed: Arc<x509_cert::Certificate>,
    facts: Arc<Facts>,
}

/// What a certificate says of itself.
#[derive(Debug)]
pub struct Facts {
    /// Subject, RFC 4514.
    pub subject: String,
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// The subject's common name, where it has one.
    pub common_name: Option<String>,
    /// Begin of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// Mail addresses as they stand there, for people: subjectAltName (rfc822Name, SmtpUTF8Mailbox) first, then the
    /// subject's emailAddress.
    pub addresses: Vec<String>,
    /// Those of them that bind: written as such a name must be.
    pub bound: Vec<Address>,
    /// Key usage, if the extension is there.
    pub key_usage: Option<KeyUsage>,
    /// Extended key usage, if the extension is there.
    pub extended_key_usage: Option<Vec<ObjectIdentifier>>,
    /// The subject's public key.
    pub key: KeyKind,
    /// SHA-256 over the DER of the subjectPublicKeyInfo: the same key has the same digest.
    pub key_sha256: Digest,
    /// How the issuer signed.
    pub signature: SignatureKind,
    /// The organisation that the subject names.
    pub organisation: Option<Organisation>,
    /// Certificate policies.
    pub policies: Vec<ObjectIdentifier>,
    /// What the subject's mail program opens, if the certificate says so (RFC 4262) in a form that can be read. Nothing
    /// that is refused or accepted depends on it, so what cannot be read is as if it were not there.
    pub capabilities: Option<Capabilities>,
    /// Whether it may issue certificates.
    pub is_ca: bool,
    /// Where it says that the revocation list of its issuer lies: names in full only.
    pub crl_urls: Vec<String>,
    /// In which entries of a directory it says that the list lies.
    pub list_entries: Vec<ListEntry>,
    /// Where it says that its issuer's certificate lies (RFC 5280 §4.2.2.1).
    pub ca_issuers: Vec<String>,
    /// Where it says that a responder tells its revocation state (RFC 6960 §3.1).
    pub ocsp_urls: Vec<String>,
    /// Whether it says where its revocation state can be asked.
    pub has_revocation_pointer: bool,
}

impl Certificate {
    /// Reads a DER certificate. What cannot be read is a finding: [`Problem::TooLarge`] or [`Problem::Malformed`].
    pub fn from_der(der: &[u8]) -> Result<Self, Problem> {
        if der.len() > MAX_OCTETS {
            return Err(Problem::TooLarge {
                presented: der.len() as u64,
                limit: MAX_OCTETS as u64,
            });
        }
        let x509 = X509::from_der(der).map_err(|e| malformed("certificate", &e))?;
        let parsed = parse(der, &x509)?;
        let facts = Facts::read(&parsed, &x509)?;
        Ok(Self {
            der: der.into(),
            sha256: Fingerprint::of(der),
            x509,
            parsed: Arc::new(parsed),
            facts: Arc::new(facts),
        })
    }

    /// The DER octets.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 over the DER.
    pub fn sha256(&self) -> Fingerprint {
        self.sha256
    }

    /// What it says of itself.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The same certificate for OpenSSL.
    pub(crate) fn x509(&self) -> &X509 {
        &self.x509
    }

    /// Whether issuer and subject are one name (RFC 5280 §3.2): a root, or a key that was changed.
    pub fn is_self_issued(&self) -> bool {
        let names = self.x509.subject_name().try_cmp(self.x509.issuer_name());
        names.is_ok_and(std::cmp::Ordering::is_eq)
    }

    /// The parts of the certificate. Never read the dates here but from [`Certificate::facts`].
    pub(crate) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// The issuer's name in DER, octet for octet as it stands in the certificate (RFC 5652 §10.2.4 compares it).
    pub fn issuer_der(&self) -> Result<Vec<u8>, openssl::error::ErrorStack> {
        self.x509.issuer_name().to_der()
    }

    /// The serial number: content octets of the INTEGER, big-endian two's complement.
    pub fn serial(&self) -> Vec<u8> {
        let tbs = self.parsed.tbs_certificate();
        tbs.serial_number().as_bytes().to_vec()
    }

    /// Whether the certificate names this address: ASCII letters without case, a non-ASCII local part octet for octet
    /// (RFC 8550 §3, RFC 9598 §5).
    pub fn names(&self, address: &Address) -> bool {
        self.facts.bound.contains(address)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.sha256, self.facts.subject)
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

impl Eq for Certificate {}

impl Facts {
    fn read(parsed: &x509_cert::Certificate, x509: &X509) -> Result<Self, Problem> {
        let tbs = parsed.tbs_certificate();
        let key_usage = extension::<KeyUsage>(tbs, "keyUsage")?;
        let extended = extension::<ExtendedKeyUsage>(tbs, "extKeyUsage")?;
        let policies = extension::<CertificatePolicies>(tbs, "certificatePolicies")?;
        let basic = extension::<BasicConstraints>(tbs, "basicConstraints")?;
        let has = |oid| {
            tbs.extensions()
                .is_some_and(|all| all.iter().any(|e| e.extn_id == oid))
        };
        let addresses = Addresses::read(tbs)?;
        let has_ocsp = x509.ocsp_responders().is_ok_and(|r| !r.is_empty());
        Ok(Self {
            subject: name::rfc4514(tbs.subject()),
            issuer: name::rfc4514(tbs.issuer()),
            common_name: name::values(tbs.subject(), name::COMMON_NAME)
                .into_iter()
                .next(),
            not_before: unix_time(x509.not_before())
                .map_or_else(|| timestamp(&tbs.validity().not_before), Ok)?,
            not_after: timestamp(&tbs.validity().not_after)?,
            addresses: addresses.texts,
            bound: addresses.bound,
            key_usage,
            extended_key_usage: extended.map(|e| e.0),
            key: KeyKind::read(x509, tbs.subject_public_key_info()),
            key_sha256: tbs
                .subject_public_key_info()
                .to_der()
                .map(|der| Digest::of(&der))
                .map_err(|e| malformed("subjectPublicKeyInfo", &e))?,
            signature: SignatureKind::read(parsed.signature_algorithm()),
            organisation: name::organisation(tbs.subject()),
            policies: policies
                .map(|p| p.0.iter().map(|i| i.policy_identifier).collect())
                .unwrap_or_default(),
            capabilities: capabilities(tbs),
            is_ca: basic.is_some_and(|b| b.ca),
            crl_urls: crl_urls(tbs),
            list_entries: list_entry::list_entries(tbs),
            ca_issuers: access_urls(tbs, CA_ISSUERS),
            ocsp_urls: access_urls(tbs, OCSP),
            has_revocation_pointer: has(CRL_DISTRIBUTION_POINTS)
                || (has(AUTHORITY_INFO_ACCESS) && has_ocsp),
        })
    }
}

/// UTCTime goes back to 1950 (RFC 5280 §4.1.2.5.1), and what reads the parts here only to 1970. A certificate that
/// began earlier is read with 1970 in that place; its true beginning is OpenSSL's.
fn parse(der: &[u8], x509: &X509) -> Result<x509_cert::Certificate, Problem> {
    const UTC_TIME: [u8; 2] = [0x17, 13];
    let cause = match x509_cert::Certificate::from_der(der) {
        Ok(parsed) => return Ok(parsed),
        Err(cause) => cause,
    };
    let is_early = unix_time(x509.not_before()).is_some_and(|t| t < Timestamp::UNIX_EPOCH);
    let is_time = |octets: &[u8]| {
        octets.starts_with(&UTC_TIME)
            && octets[2..14].iter().all(u8::is_ascii_digit)
            && octets[14] == b'Z'
    };
    let begin = der.windows(15).position(is_time).filter(|_| is_early);
    let Some(begin) = begin else {
        return Err(malformed("certificate", &cause));
    };
    let mut later = der.to_vec();
    later[begin + 2..begin + 4].copy_from_slice(b"70");
    x509_cert::Certificate::from_der(&later).map_err(|e| malformed("certificate", &e))
}

fn unix_time(time: &Asn1TimeRef) -> Option<Timestamp> {
    let since = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    let seconds = i64::from(since.days) * 86_400 + i64::from(since.secs);
    Timestamp::from_second(seconds).ok()
}

fn extension<T>(tbs: &TbsCertificate, what: &str) -> Result<Option<T>, Problem>
where
    T: for<'a> der::Decode<'a, Error = der::Error> + const_oid::AssociatedOid,
{
    Ok(tbs
        .get_extension::<T>()
        .map_err(|e| malformed(what, &e))?
        .map(|(_, value)| value))
}

/// A pointer that cannot be read is none: it is only ever a help.
fn access_urls(tbs: &TbsCertificate, method: ObjectIdentifier) -> Vec<String> {
    let access = extension::<AuthorityInfoAccessSyntax>(tbs, "authorityInfoAccess");
    let descriptions = access.ok().flatten().map(|a| a.0).unwrap_or_default();
    let urls = descriptions
        .into_iter()
        .filter_map(|d| match d.access_location {
            GeneralName::UniformResourceIdentifier(url) if d.access_method == method => {
                Some(url.as_str().to_owned())
            }
            _ => None,
        });
    urls.collect()
}

fn crl_urls(tbs: &TbsCertificate) -> Vec<String> {
    let points = extension::<CrlDistributionPoints>(tbs, "cRLDistributionPoints");
    let points = points.ok().flatten().map(|p| p.0).unwrap_or_default();
    let names = points
        .into_iter()
        .filter_map(|p| match p.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
    let urls = names.flatten().filter_map(|name| match name {
        GeneralName::UniformResourceIdentifier(url) => Some(url.as_str().to_owned()),
        _ => None,
    });
    urls.collect()
}

fn capabilities(tbs: &TbsCertificate) -> Option<Capabilities> {
    let mut all = tbs.extensions()?.iter();
    let extension = all.find(|e| e.extn_id == SMIME_CAPABILITIES)?;
    Capabilities::from_der(extension.extn_value.as_bytes()).ok()
}

/// A time of RFC 5280 §4.1.2.5. `99991231235959Z` (no end) is beyond what a timestamp holds and becomes its maximum.
pub(crate) fn timestamp(time: &x509_cert::time::Time) -> Result<Timestamp, Problem> {
    let seconds =
        i64::try_from(time.to_unix_duration().as_secs()).map_err(|e| malformed("time", &e))?;
    Ok(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}

pub(crate) fn malformed(what: &str, cause: &dyn fmt::Display) -> Problem {
    Problem::Malformed {
        detail: format!("{what}: {cause}"),
    }
}
