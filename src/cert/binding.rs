//! What ties a certificate to an address.
//!
//! Organisation certificates mostly hold no address. So a certificate binds (a) by naming the address, (b) by a rule of
//! the firm's IT: this address or domain belongs to this organisation number, or exactly this certificate, or (c) by a
//! directory that the firm trusts for it. A certificate that names other addresses is never bound by (b) or (c). Last
//! (d) by the user, who saw what the certificate names and pinned it to the address all the same; a pin yields to what
//! IT's rules say of the address, and lifts nothing else that is wrong.

use jiff::Timestamp;
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
    /// The user pinned exactly this certificate to the address.
    Pinned {
        /// When.
        at: Timestamp,
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
    /// One certificate, on the user's word: never of the settings.
    Pin {
        /// Which.
        certificate: Fingerprint,
        /// When the user said so.
        at: Timestamp,
    },
}

impl Binding {
    /// Whether the certificate itself names the address: such a certificate goes before all others.
    pub fn is_by_address(&self) -> bool {
        matches!(self, Self::Address)
    }

    /// When the user pinned it, where that is what binds.
    pub fn pinned_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pinned { at } => Some(*at),
            _ => None,
        }
    }

    /// The code of the contract.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Organisation { .. } => "organisation",
            Self::Certificate => "certificate",
            Self::Directory { .. } => "directory",
            Self::Pinned { .. } => "pinned",
        }
    }
}

impl BindingRule {
    /// Whether it is a pin of the user's, and no rule of IT's.
    pub fn is_pin(&self) -> bool {
        matches!(self.to, BoundTo::Pin { .. })
    }

    /// Whether it gives the addresses that it speaks of to this certificate.
    fn fits(&self, certificate: &Certificate) -> bool {
        match &self.to {
            BoundTo::Certificate(sha256) => *sha256 == certificate.sha256(),
            BoundTo::Organisation(number) => {
                let named = certificate.facts().organisation.as_ref();
                named.and_then(|o| o.number.as_ref()) == Some(number)
            }
            BoundTo::Pin { .. } => false,
        }
    }

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
    if let Some(at) = pinned(certificate, address, rules) {
        return Ok(Binding::Pinned { at });
    }
    Err(Problem::AddressMismatch {
        expected: address.given().to_owned(),
        presented,
    })
}

/// Whether the user may pin a certificate to an address: not where a rule of IT's gives the address to somebody else.
pub fn may_pin(certificate: &Certificate, address: &Address, rules: &[BindingRule]) -> bool {
    let mut of_it = rules
        .iter()
        .filter(|r| !r.is_pin() && r.speaks_of(address))
        .peekable();
    of_it.peek().is_none() || of_it.any(|r| r.fits(certificate))
}

fn pinned(
    certificate: &Certificate,
    address: &Address,
    rules: &[BindingRule],
) -> Option<Timestamp> {
    let pins = rules.iter().filter(|r| r.speaks_of(address));
    let at = pins.filter_map(|rule| match &rule.to {
        BoundTo::Pin {
            certificate: sha256,
            at,
        } if *sha256 == certificate.sha256() => Some(*at),
        _ => None,
    });
    at.max().filter(|_| may_pin(certificate, address, rules))
}

/// Rules for the address go before rules for its domain.
fn by_rule(certificate: &Certificate, address: &Address, rules: &[BindingRule]) -> Option<Binding> {
    let rules = || rules.iter().filter(|r| !r.is_pin() && r.speaks_of(address));
    let is_exact = |r: &&BindingRule| matches!(r.scope, Scope::Address(_));
    let exact = rules().any(|r| is_exact(&r));
    let mut deciding = rules().filter(|r| !exact || is_exact(r));
    let rule = deciding.find(|r| r.fits(certificate))?;
    Some(match &rule.to {
        BoundTo::Organisation(number) => Binding::Organisation {
            number: number.clone(),
        },
        BoundTo::Certificate(_) | BoundTo::Pin { .. } => Binding::Certificate,
    })
}
