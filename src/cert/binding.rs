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
    /// It is that of the gateway which opens all mail of the address's domain: not the address's own.
    Domain {
        /// The domain.
        domain: String,
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

    /// Whether it is a gateway's, for all of a domain.
    pub fn is_by_domain(&self) -> bool {
        matches!(self, Self::Domain { .. })
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
            Self::Domain { .. } => "domain",
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

/// A domain whose gateway opens the mail of all its addresses, and what is known of the gateway's certificate: it counts
/// for this domain and for no other (RFC 3183 §2.1 in spirit: the name says for which domain it speaks).
#[derive(Debug, Clone, Copy)]
pub struct Gateway<'a> {
    /// The domain, as an A-label.
    pub domain: &'a str,
    /// The domain's mailboxes that its certificate may name, and under which directories were asked.
    pub names: &'a [Address],
    /// The organisation's number, where it is known.
    pub number: Option<&'a OrganisationNumber>,
    /// The only certificate that counts, where it is known.
    pub sha256: Option<Fingerprint>,
    /// The recipient.
    pub address: &'a Address,
}

/// Binds a certificate to a domain's gateway. It names one of the gateway's mailboxes; or it is the one that is known by
/// its fingerprint and names nobody elsewhere; or it names nobody, and its organisation's number is the one that is
/// known, or IT's rules or a trusted directory give it to one of the mailboxes.
pub(super) fn bind_gateway(
    certificate: &Certificate,
    gateway: Gateway<'_>,
    rules: &[BindingRule],
    trusted: Option<&str>,
) -> Result<Binding, Problem> {
    let facts = certificate.facts();
    let mismatch = |expected: String, presented: String| Problem::ListMismatch {
        expected,
        presented,
    };
    if let Some(known) = gateway
        .sha256
        .filter(|known| *known != certificate.sha256())
    {
        let (known, found) = (known.to_string(), certificate.sha256().to_string());
        return Err(mismatch(known, found));
    }
    let number = facts.organisation.as_ref().and_then(|o| o.number.as_ref());
    if let Some(known) = gateway.number.filter(|known| number != Some(known)) {
        let found = number.map(ToString::to_string).unwrap_or_default();
        return Err(mismatch(known.to_string(), found));
    }
    let here = |text: &String| {
        let named = Address::parse(text);
        named.is_ok_and(|named| named.domain() == gateway.domain)
    };
    let by_rule_or_directory = || {
        gateway
            .names
            .iter()
            .any(|name| by_rule(certificate, name, rules).is_some())
            || trusted.is_some()
    };
    let is_bound = if gateway.names.iter().any(|name| certificate.names(name)) {
        true
    } else if facts.addresses.is_empty() {
        gateway.sha256.is_some() || gateway.number.is_some() || by_rule_or_directory()
    } else {
        gateway.sha256.is_some() && facts.addresses.iter().all(here)
    };
    if is_bound {
        return Ok(Binding::Domain {
            domain: gateway.domain.to_owned(),
        });
    }
    let first = gateway.names.first().map(|n| n.given().to_owned());
    Err(Problem::AddressMismatch {
        expected: first.unwrap_or_else(|| gateway.domain.to_owned()),
        presented: facts.addresses.clone(),
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
