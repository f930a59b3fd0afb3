//! One certificate revocation list (RFC 5280 §5.1): read, checked against its issuer, and asked.

use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use openssl::x509::{CrlStatus, ReasonCode, X509Crl, X509RevokedRef};
use x509_cert::{
    crl::CertificateList,
    ext::{
        Extension,
        pkix::{
            CrlDistributionPoints,
            crl::dp::IssuingDistributionPoint,
            name::{DistributionPointName, GeneralName},
        },
    },
};

use crate::cert::{self, Certificate, RevocationAnswer, RevocationUnknown};

const REASON_CODE: &str = "2.5.29.21";
const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
const DELTA_CRL_INDICATOR: &str = "2.5.29.27";

/// A revocation list.
pub struct Crl {
    list: X509Crl,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    scope: Scope,
}

/// Which certificates the list speaks of.
enum Scope {
    /// All of its issuer.
    All,
    /// Those that an issuing distribution point describes.
    Part(Box<IssuingDistributionPoint>),
    /// Cannot be told, and why.
    Unknown(String),
}

impl Crl {
    /// Reads a DER list.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let list = X509Crl::from_der(der).map_err(|e| e.to_string())?;
        let parsed = CertificateList::<x509_cert::certificate::Rfc5280>::from_der(der)
            .map_err(|e| e.to_string())?;
        let tbs = &parsed.tbs_cert_list;
        let time = |t| cert::timestamp(t).map_err(|p| format!("{p:?}"));
        Ok(Self {
            this_update: time(&tbs.this_update)?,
            next_update: tbs.next_update.as_ref().map(time).transpose()?,
            scope: scope(&parsed),
            list,
        })
    }

    /// Whether the list carries this issuer's name.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        self.list
            .issuer_name()
            .try_cmp(issuer.x509().subject_name())
            .is_ok_and(std::cmp::Ordering::is_eq)
    }

    /// What the list says of a certificate of this issuer. `source` names the list for people.
    pub fn answer(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
        source: &str,
    ) -> RevocationAnswer {
        if !self.is_signed_by(issuer) {
            let issuer = issuer.facts().subject.clone();
            return RevocationAnswer::Unknown(RevocationUnknown::WrongSigner { issuer });
        }
        if self.this_update > at {
            return RevocationAnswer::Unknown(RevocationUnknown::NotYet {
                this_update: self.this_update,
            });
        }
        match (
            self.list.get_by_cert(certificate.x509()),
            self.speaks_of(certificate),
        ) {
            (CrlStatus::Revoked(entry), _) => revoked(entry, self.this_update, source),
            (_, Err(detail)) => RevocationAnswer::Unknown(RevocationUnknown::Scope { detail }),
            (CrlStatus::NotRevoked | CrlStatus::RemoveFromCrl(_), Ok(())) => {
                RevocationAnswer::Good {
                    source: source.to_owned(),
                    this_update: self.this_update,
                    next_update: self.next_update,
                }
            }
        }
    }

    fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let may_sign = issuer
            .facts()
            .key_usage
            .as_ref()
            .is_none_or(x509_cert::ext::pkix::KeyUsage::crl_sign);
        let key = issuer.x509().public_key();
        may_sign && key.is_ok_and(|key| self.list.verify(&key).unwrap_or(false))
    }

    fn speaks_of(&self, certificate: &Certificate) -> Result<(), String> {
        let point = match &self.scope {
            Scope::All => return Ok(()),
            Scope::Unknown(detail) => return Err(detail.clone()),
            Scope::Part(point) => point,
        };
        let is_ca = certificate.facts().is_ca;
        if point.indirect_crl
            || point.only_contains_attribute_certs
            || point.only_some_reasons.is_some()
        {
            return Err("an indirect list, or one for some reasons only".to_owned());
        }
        if (point.only_contains_user_certs && is_ca) || (point.only_contains_ca_certs && !is_ca) {
            return Err("a list for the other kind of certificates".to_owned());
        }
        match &point.distribution_point {
            None => Ok(()),
            Some(DistributionPointName::FullName(names)) if names_meet(names, certificate) => {
                Ok(())
            }
            Some(_) => Err("a partial list that is not the one the certificate names".to_owned()),
        }
    }
}

fn scope(list: &CertificateList) -> Scope {
    let extensions = list.tbs_cert_list.crl_extensions.as_deref().unwrap_or(&[]);
    let mut scope = Scope::All;
    for extension in extensions {
        match extension.extn_id.to_string().as_str() {
            DELTA_CRL_INDICATOR => return Scope::Unknown("a delta list".to_owned()),
            ISSUING_DISTRIBUTION_POINT => {
                scope = match IssuingDistributionPoint::from_der(extension.extn_value.as_bytes()) {
                    Ok(point) => Scope::Part(Box::new(point)),
                    Err(cause) => {
                        return Scope::Unknown(format!("issuing distribution point: {cause}"));
                    }
                };
            }
            other if extension.critical => {
                return Scope::Unknown(format!("critical extension {other}"));
            }
            _ => {}
        }
    }
    // RFC 5280 §5.3: a list with an unknown critical entry extension must not be used to say "good".
    let entries = list
        .tbs_cert_list
        .revoked_certificates
        .as_deref()
        .unwrap_or(&[]);
    let unknown = |e: &Extension| e.critical && e.extn_id.to_string() != REASON_CODE;
    if entries.iter().any(|e| {
        e.crl_entry_extensions
            .as_deref()
            .unwrap_or(&[])
            .iter()
            .any(unknown)
    }) {
        return Scope::Unknown("an entry with an unknown critical extension".to_owned());
    }
    scope
}

/// Whether the certificate points at one of these names (RFC 5280 §6.3.3 b 2 i).
fn names_meet(names: &[GeneralName], certificate: &Certificate) -> bool {
    let Ok(parsed) = x509_cert::Certificate::from_der(certificate.der()) else {
        return false;
    };
    let Ok(Some((_, points))) = parsed
        .tbs_certificate()
        .get_extension::<CrlDistributionPoints>()
    else {
        return false;
    };
    let pointed = points.0.iter().filter_map(|p| match &p.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    pointed
        .flatten()
        .any(|a| names.iter().any(|b| a.to_der().ok() == b.to_der().ok()))
}

fn revoked(entry: &X509RevokedRef, this_update: Timestamp, source: &str) -> RevocationAnswer {
    // An entry without a readable date is as revoked as any other; the list's own time is the latest it can be.
    let at = unix_seconds(entry.revocation_date())
        .and_then(|s| Timestamp::from_second(s).ok())
        .unwrap_or(this_update);
    let reason = entry
        .extension::<ReasonCode>()
        .ok()
        .flatten()
        .and_then(|(_, code)| code.get_i64().ok())
        .map(reason);
    RevocationAnswer::Revoked {
        at,
        reason,
        source: source.to_owned(),
    }
}

fn unix_seconds(time: &openssl::asn1::Asn1TimeRef) -> Option<i64> {
    let epoch = openssl::asn1::Asn1Time::from_unix(0).ok()?;
    let since = epoch.diff(time).ok()?;
    Some(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

/// CRLReason (RFC 5280 §5.3.1).
fn reason(code: i64) -> String {
    let name = match code {
        0 => "unspecified",
        1 => "keyCompromise",
        2 => "cACompromise",
        3 => "affiliationChanged",
        4 => "superseded",
        5 => "cessationOfOperation",
        6 => "certificateHold",
        8 => "removeFromCRL",
        9 => "privilegeWithdrawn",
        10 => "aACompromise",
        other => return other.to_string(),
    };
    name.to_owned()
}
