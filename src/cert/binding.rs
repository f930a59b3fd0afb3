//! What ties a certificate to an address.
//!
//! Organisation certificates mostly hold no address. So a certificate binds (a) by naming the address, (b) by a rule of
//! the firm's IT: this address or domain belongs to this organisation number, or exactly this certificate, or (c) by a
//! directory that the firm trusts for it. A certificate that names other addresses is never bound by (b) or (c).

use serde::{Deserialize, Serialize};

use super::{
    certificate::{Certificate, Fingerprint},
    name::OrganisationNumber,
    problem::Problem,
};
use crate::mail::Address;

/// How a certificate was bound to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Binding {
    /// The certificate names the address.
    Address,
    /// A rule gives the address or its domain to this organisation, and the certificate is that organisation's.
    Organisation {
        /// The number in rule and certificate.
        number: OrganisationNumber,
    },
    /// A rule gives the address or its domain exactly this certificate.
    Certificate,
    /// This directory's entry stands under the address, and the settings trust it for that.
    Directory {
        /// The directory's name in the settings.
        name: String,
    },
}

/// `[[binding]]`: this address or domain belongs to this organisation, or has exactly this certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingRule {
    /// Which addresses it speaks of.
    pub scope: Scope,
    /// What they are bound to.
    pub to: BoundTo,
}

/// Which addresses a rule speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One address.
    Address(Address),
    /// All addresses of this domain (A-label), without its subdomains.
    Domain(String),
}

/// What a rule binds to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundTo {
    /// Every certificate of the organisation with this number.
    Organisation(OrganisationNumber),
    /// One certificate.
    Certificate(Fingerprint),
}

impl Binding {
    /// Whether the certificate itself names the address: such a certificate goes before all others.
    pub fn is_by_address(&self) -> bool {
        matches!(self, Self::Address)
    }

    /// The code of the contract.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Organisation { .. } => "organisation",
            Self::Certificate => "certificate",
            Self::Directory { .. } => "directory",
        }
    }
}

impl BindingRule {
    fn speaks_of(&self, address: &Address) -> bool {
        match &self.scope {
            Scope::Address(a) => a == address,
            Scope::Domain(d) => d == address.domain(),
        }
    }
}

/// Binds a certificate to an address, or says what it names instead. `trusted` is the directory that delivered the
/// certificate under this address, if the settings trust its entries.
pub fn bind(
    certificate: &Certificate,
    address: &Address,
    rules: &[BindingRule],
    trusted: Option<&str>,
) -> Result<Binding, Problem> {
    if certificate.names(address) {
        return Ok(Binding::Address);
    }
    let presented = certificate.facts().addresses.clone();
    if presented.is_empty() {
        if let Some(binding) = by_rule(certificate, address, rules) {
            return Ok(binding);
        }
        if let Some(name) = trusted {
            return Ok(Binding::Directory {
                name: name.to_owned(),
            });
        }
    }
    Err(Problem::AddressMismatch {
        expected: address.given().to_owned(),
        presented,
    })
}

/// Rules for the address go before rules for its domain.
fn by_rule(certificate: &Certificate, address: &Address, rules: &[BindingRule]) -> Option<Binding> {
    let exact = rules
        .iter()
        .any(|r| matches!(r.scope, Scope::Address(_)) && r.speaks_of(address));
    rules
        .iter()
        .filter(|r| r.speaks_of(address) && (!exact || matches!(r.scope, Scope::Address(_))))
        .find_map(|rule| match &rule.to {
            BoundTo::Certificate(sha256) => {
                (*sha256 == certificate.sha256()).then_some(Binding::Certificate)
            }
            BoundTo::Organisation(number) => {
                let named = certificate.facts().organisation.as_ref()?.number.as_ref()?;
                (named == number).then(|| Binding::Organisation {
                    number: number.clone(),
                })
            }
        })
}
