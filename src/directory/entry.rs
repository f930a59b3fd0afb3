//! From the entries of an answer to certificates with their origin.
//!
//! An entry that shows whose it is, and shows somebody else, is left out where the filter asked by whole addresses: a
//! directory that keeps to the filter cannot deliver it. Where IT's filter asks otherwise (`(uid={local})`), or the
//! entry shows no address (it may be hidden from us), its certificates count as found, and their own addresses decide
//! later. An entry binds a certificate without an address (`trust_binding`) only if it shows the address itself.

use base64_simd::STANDARD;

use super::{
    answer::{Found, Source},
    filter::FilterTemplate,
};
use crate::{
    cert::{self, Certificate},
    mail::Address,
    net::LdapEntry,
};

/// Certificates taken from one PKCS #7 bundle at most.
const MAX_BUNDLE: usize = 50;

/// What the entries of one answer hold.
pub(super) struct Gathered {
    /// Certificates, each octet string once.
    pub(super) found: Vec<Found>,
    /// Whether an entry was left out because it is somebody else's.
    pub(super) has_strangers: bool,
    /// Whether a bundle held more certificates than are taken.
    pub(super) is_cut: bool,
}

/// Whose an entry is, as far as it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Asked,
    SomebodyElse,
    NotShown,
}

/// Takes the certificates out of `entries`. `source` has all but the entry's name and its binding, which it allows.
pub(super) fn gather(
    entries: Vec<LdapEntry>,
    attributes: &[String],
    template: &FilterTemplate,
    address: &Address,
    source: &Source,
) -> Gathered {
    let mut gathered = Gathered {
        found: Vec::new(),
        has_strangers: false,
        is_cut: false,
    };
    for entry in entries {
        let owner = owner(&entry, template, address);
        if owner == Owner::SomebodyElse {
            gathered.has_strangers = true;
            continue;
        }
        let source = Source {
            entry: entry.dn,
            trust_binding: source.trust_binding && owner == Owner::Asked,
            ..source.clone()
        };
        let values = entry
            .attributes
            .into_iter()
            .filter(|(name, _)| attributes.iter().any(|asked| is_same(asked, name)))
            .flat_map(|(_, values)| values);
        for value in values {
            let mut ders = certificates(value);
            gathered.is_cut |= ders.len() > MAX_BUNDLE;
            ders.truncate(MAX_BUNDLE);
            ders.into_iter().for_each(|der| gathered.add(der, &source));
        }
    }
    gathered
}

/// The attributes to ask for: those that hold certificates, and those that show whose an entry is.
pub(super) fn asked_for(attributes: &[String], template: &FilterTemplate) -> Vec<String> {
    let mut asked = attributes.to_vec();
    let compared = template.comparisons().iter().map(|c| c.attribute.as_str());
    for name in compared.chain(["mail"]) {
        if !asked.iter().any(|a| a.eq_ignore_ascii_case(name)) {
            asked.push(name.to_owned());
        }
    }
    asked
}

impl Gathered {
    fn add(&mut self, der: Vec<u8>, source: &Source) {
        match self.found.iter_mut().find(|known| known.der == der) {
            Some(known) if source.trust_binding && !known.source.trust_binding => {
                known.source = source.clone();
            }
            Some(_) => {}
            None => self.found.push(Found {
                der,
                source: source.clone(),
            }),
        }
    }
}

fn owner(entry: &LdapEntry, template: &FilterTemplate, address: &Address) -> Owner {
    let values = |attribute: &str| {
        entry
            .attributes
            .iter()
            .filter(move |(name, _)| is_same(attribute, name))
            .flat_map(|(_, values)| values)
    };
    let compared = || template.comparisons().iter();
    let is_asked = compared().any(|c| values(&c.attribute).any(|value| c.holds(value, address)))
        || values("mail").any(|value| {
            std::str::from_utf8(value)
                .is_ok_and(|text| Address::parse(text).is_ok_and(|held| held == *address))
        });
    if is_asked {
        Owner::Asked
    } else if template.is_by_address() && compared().any(|c| values(&c.attribute).next().is_some())
    {
        Owner::SomebodyElse
    } else {
        Owner::NotShown
    }
}

/// Whether two descriptions (RFC 4512 §2.5) name the same attribute. Options such as `;binary` say how a value was sent,
/// and servers add or leave them as they like.
fn is_same(one: &str, other: &str) -> bool {
    let name = |description: &str| {
        let name = description
            .split(';')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        match name.as_str() {
            "rfc822mailbox" | "0.9.2342.19200300.100.1.3" => "mail".to_owned(),
            "2.5.4.36" => "usercertificate".to_owned(),
            "2.16.840.1.113730.3.1.40" => "usersmimecertificate".to_owned(),
            _ => name,
        }
    };
    name(one) == name(other)
}

/// The certificates in one value. What cannot be read stays as it is: it will be shown as malformed.
fn certificates(value: Vec<u8>) -> Vec<Vec<u8>> {
    let ders = as_text(&value).unwrap_or_else(|| vec![value]);
    ders.into_iter()
        .flat_map(|der| match cert::bundle(&der) {
            Ok(Some(inner)) => inner.into_iter().filter(|d| !is_issuer(d)).collect(),
            Ok(None) | Err(_) => vec![der],
        })
        .collect()
}

/// The DER in a value that was put in as PEM or as base64, or `None`.
fn as_text(value: &[u8]) -> Option<Vec<Vec<u8>>> {
    // DER begins with 0x30, the digit 0: no PEM does, and no base64 of DER.
    if value.first() == Some(&0x30) {
        return None;
    }
    for label in ["CERTIFICATE", "X509 CERTIFICATE", "PKCS7", "CMS"] {
        if let Ok(ders) = cert::der_objects(value, label) {
            return Some(ders);
        }
    }
    let base64: Vec<u8> = value
        .iter()
        .copied()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    let der = STANDARD.decode_to_vec(base64).ok()?;
    (der.first() == Some(&0x30)).then(|| vec![der])
}

/// Whether this is a certificate authority's: a bundle holds the way to the root too (RFC 2798 §2.8), and those are
/// nobody's to encrypt to.
fn is_issuer(der: &[u8]) -> bool {
    Certificate::from_der(der).is_ok_and(|c| c.facts().is_ca && c.facts().addresses.is_empty())
}
