//! Revocation lists of the demo's authorities (RFC 5280 §5): version 2, with number and authority key identifier.
//!
//! OpenSSL's Rust crate reads such lists but builds none. A list may be late, early, critical beyond
//! understanding or limited in scope, as the tests ask for.

use der::asn1::Uint;
use jiff::{SignedDuration, Timestamp};
use x509_cert::Version;
use x509_cert::crl::{RevokedCert, TbsCertList};
use x509_cert::ext::pkix::IssuingDistributionPoint;
use x509_cert::ext::pkix::name::DistributionPointName;
use x509_cert::serial_number::SerialNumber;

use super::DemoError;
use super::ca::{Authority, time};
use super::extension::{self, ExtraExtension};
use super::sign::{Algorithm, Signing, Strength};

/// Why a certificate was revoked (RFC 5280 §5.3.1).
pub use x509_cert::ext::pkix::CrlReason as Reason;

/// One revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Serial number, as [`Issued::serial`](super::Issued::serial) gives it.
    pub serial: Vec<u8>,
    /// Since when.
    pub at: Timestamp,
    /// Why; `None` leaves the reason out, as authorities do that give none.
    pub reason: Option<Reason>,
}

/// What a revocation list shall say.
#[derive(Debug, Clone)]
pub struct CrlSpec {
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one comes; `None` leaves the field out.
    pub next_update: Option<Timestamp>,
    /// Its number.
    pub number: u64,
    /// The revoked certificates.
    pub revoked: Vec<Revoked>,
    /// Further extensions of the list.
    pub extensions: Vec<ExtraExtension>,
    /// How it is signed, where not as the authority usually does.
    pub signing: Option<Signing>,
}

/// Which certificates a list speaks of (RFC 5280 §5.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of its issuer.
    All,
    /// End-entity certificates only.
    EndEntities,
    /// Certificates of authorities only.
    Authorities,
    /// Also those of other issuers.
    Indirect,
}

impl CrlSpec {
    /// A list of nothing, made at `this_update` and good for seven days.
    pub fn empty(this_update: Timestamp) -> Self {
        Self {
            this_update,
            next_update: this_update
                .checked_add(SignedDuration::from_hours(7 * 24))
                .ok(),
            number: 1,
            revoked: Vec::new(),
            extensions: Vec::new(),
            signing: None,
        }
    }

    /// The same with one more certificate revoked, for the compromise of its key.
    #[must_use]
    pub fn with_revoked(mut self, serial: &[u8], at: Timestamp) -> Self {
        self.revoked.push(Revoked {
            serial: serial.to_vec(),
            at,
            reason: Some(Reason::KeyCompromise),
        });
        self
    }
}

impl Authority {
    /// Makes and signs a revocation list as DER.
    pub fn crl(&self, spec: &CrlSpec) -> Result<Vec<u8>, DemoError> {
        let issuer = self.certificate();
        let signing = spec.signing.unwrap_or(self.signing());
        let algorithm = Algorithm::of(&issuer.key, signing, Strength::Leaf)?;
        let mut extensions = vec![
            extension::authority_key(&issuer.key_identifier)?,
            extension::plain(extension::CRL_NUMBER, &Uint::try_from(spec.number)?)?,
        ];
        extensions.extend(spec.extensions.iter().cloned());
        let revoked = spec
            .revoked
            .iter()
            .map(Revoked::entry)
            .collect::<Result<Vec<_>, _>>()?;
        let list: TbsCertList = TbsCertList {
            version: Version::V2,
            signature: algorithm.identifier.clone(),
            issuer: issuer.subject.clone(),
            this_update: time(spec.this_update)?,
            next_update: spec.next_update.map(time).transpose()?,
            // RFC 5280 §5.1.2.6: where nothing is revoked, the list must be absent and not empty.
            revoked_certificates: (!revoked.is_empty()).then_some(revoked),
            crl_extensions: Some(
                extensions
                    .iter()
                    .map(ExtraExtension::extension)
                    .collect::<Result<_, _>>()?,
            ),
        };
        algorithm.seal(&list, &issuer.key)
    }
}

impl Revoked {
    fn entry(&self) -> Result<RevokedCert, DemoError> {
        let reason = self
            .reason
            .map(|reason| extension::plain(extension::CRL_REASON, &reason)?.extension())
            .transpose()?;
        Ok(RevokedCert {
            serial_number: SerialNumber::new(&self.serial)?,
            revocation_date: time(self.at)?,
            crl_entry_extensions: reason.map(|reason| vec![reason]),
        })
    }
}

/// The critical extension that limits a list to a scope and names where it lies.
pub fn issuing_distribution_point(
    url: Option<&str>,
    scope: Scope,
) -> Result<ExtraExtension, DemoError> {
    let point = IssuingDistributionPoint {
        distribution_point: url
            .map(|url| {
                Ok::<_, DemoError>(DistributionPointName::FullName(vec![extension::uri(url)?]))
            })
            .transpose()?,
        only_contains_user_certs: scope == Scope::EndEntities,
        only_contains_ca_certs: scope == Scope::Authorities,
        only_some_reasons: None,
        indirect_crl: scope == Scope::Indirect,
        only_contains_attribute_certs: false,
    };
    // The number that `x509-cert` 0.3.0 gives this extension is that of another one: ours is from RFC 5280.
    extension::critical(extension::ISSUING_DISTRIBUTION_POINT, &point)
}
