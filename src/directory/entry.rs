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
            for der in ders {
                gathered.add(der, &source);
            }
        }
    }
    gathered
}

/// The attributes to ask for: those that hold certificates, and those that show whose an entry is.
///
/// Each of the former is asked for with and without `;binary` (RFC 4522): a server delivers only what matches the form
/// that it was asked for, and `OpenLDAP` has `userCertificate` with the option alone, `userSMIMECertificate` without.
pub(super) fn asked_for(attributes: &[String], template: &FilterTemplate) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    let mut ask = |name: &str| {
        if !asked.iter().any(|a| a.eq_ignore_ascii_case(name)) {
            asked.push(name.to_owned());
        }
    };
    for attribute in attributes {
        let name = attribute.split(';').next().unwrap_or_default();
        for form in [attribute, &format!("{name};binary"), name] {
            ask(form);
        }
    }
    for comparison in template.comparisons() {
        ask(&comparison.attribute);
    }
    ask("mail");
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
    let compared = || template.comparisons().iter();
    let is_asked = compared()
        .any(|c| values(entry, &c.attribute).any(|value| c.holds(value, address)))
        || values(entry, "mail").any(|value| {
            std::str::from_utf8(value)
                .is_ok_and(|text| Address::parse(text).is_ok_and(|held| held == *address))
        });
    if is_asked {
        Owner::Asked
    } else if template.is_by_address()
        && compared().any(|c| values(entry, &c.attribute).next().is_some())
    {
        Owner::SomebodyElse
    } else {
        Owner::NotShown
    }
}

fn values<'a>(entry: &'a LdapEntry, attribute: &'a str) -> impl Iterator<Item = &'a Vec<u8>> {
    entry
        .attributes
        .iter()
        .filter(move |(name, _)| is_same(attribute, name))
        .flat_map(|(_, values)| values)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Security;

    fn entry(dn: &str, attributes: &[(&str, &[&[u8]])]) -> LdapEntry {
        let attribute = |(name, values): &(&str, &[&[u8]])| {
            (
                (*name).to_owned(),
                values.iter().map(|v| v.to_vec()).collect(),
            )
        };
        LdapEntry {
            dn: dn.to_owned(),
            attributes: attributes.iter().map(attribute).collect(),
        }
    }

    fn gathered(filter: &str, entries: Vec<LdapEntry>) -> Gathered {
        let source = Source {
            directory: "OCES".to_owned(),
            entry: String::new(),
            security: Security::Tls,
            trust_binding: true,
        };
        let attributes = ["userCertificate;binary".to_owned()];
        let template = FilterTemplate::parse(filter).unwrap();
        let anne = Address::parse("anne@x.dk").unwrap();
        gather(entries, &attributes, &template, &anne, &source)
    }

    #[test]
    fn the_attribute_may_be_written_in_any_case_with_any_option_or_by_its_number() {
        for (name, wanted) in [
            ("userCertificate;binary", 1),
            ("USERCERTIFICATE", 1),
            ("usercertificate;x-odd;binary", 1),
            ("2.5.4.36;binary", 1),
            ("userSMIMECertificate;binary", 0),
            ("cn", 0),
        ] {
            let answer = gathered(
                "(mail={address})",
                vec![entry("c=DK", &[(name, &[b"0der"])])],
            );
            assert_eq!(answer.found.len(), wanted, "{name}");
        }
    }

    #[test]
    fn only_an_entry_that_shows_the_address_binds_and_one_that_shows_another_is_left_out() {
        let anne: &[&[u8]] = &[b"other@x.dk", b"ANNE@x.dk"];
        let bo: &[&[u8]] = &[b"bo@x.dk"];
        // Filter, attribute, values: found, binds, strangers.
        let rows: [(&str, &str, &[&[u8]], _); 8] = [
            ("(mail={address})", "mail", anne, (1, true, false)),
            ("(mail={address})", "rfc822Mailbox", anne, (1, true, false)),
            ("(mail={address})", "mail", bo, (0, false, true)),
            ("(mail={address})", "mail", &[], (1, false, false)),
            ("(uid={local})", "mail", anne, (1, true, false)),
            ("(uid={local})", "mail", bo, (1, false, false)),
            (
                "(|(mail={address})(uid={local}))",
                "mail",
                bo,
                (1, false, false),
            ),
            // What the filter does not compare says nothing against an entry: an alias is found by another attribute.
            ("(alias={address})", "mail", bo, (1, false, false)),
        ];
        for (filter, attribute, values, wanted) in rows {
            let entries = vec![entry(
                "c=DK",
                &[(attribute, values), ("userCertificate", &[b"0der"])],
            )];
            let answer = gathered(filter, entries);
            let binds = answer.found.iter().any(|f| f.source.trust_binding);
            assert_eq!(
                (answer.found.len(), binds, answer.has_strangers),
                wanted,
                "{filter} {attribute}"
            );
        }
    }

    #[test]
    fn the_same_octets_count_once_and_keep_the_entry_that_binds() {
        let der: (&str, &[&[u8]]) = ("userCertificate", &[b"0der", b"0der"]);
        let shown: (&str, &[&[u8]]) = ("mail", &[b"anne@x.dk"]);
        let answer = gathered(
            "(mail={address})",
            vec![entry("cn=1", &[der]), entry("cn=2", &[der, shown])],
        );
        let [found] = answer.found.as_slice() else {
            panic!("{} certificates", answer.found.len())
        };
        assert_eq!(
            (found.source.entry.as_str(), found.source.trust_binding),
            ("cn=2", true)
        );
    }

    #[test]
    fn text_becomes_der_and_rubbish_stays_as_it_is() {
        let der = b"0\x03\x02\x01\x05";
        let pem: &[u8] =
            b"Anne:\n-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n";
        for form in [pem, &b"MAMC\r\nAQU=\n"[..], der] {
            assert_eq!(certificates(form.to_vec()), [der]);
        }
        for rubbish in [
            &b""[..],
            b"0",
            b"none",
            b"QUJD",
            b"-----BEGIN CERTIFICATE-----",
            &[0xff; 9],
        ] {
            assert_eq!(certificates(rubbish.to_vec()), [rubbish.to_vec()]);
        }
    }

    #[test]
    fn what_shows_whose_an_entry_is_is_asked_for_too() {
        let attributes = ["userCertificate;binary".to_owned()];
        let asked = |filter: &str| asked_for(&attributes, &FilterTemplate::parse(filter).unwrap());
        let both = ["userCertificate;binary", "userCertificate"];
        assert_eq!(asked("(MAIL={address})"), [both[0], both[1], "MAIL"]);
        assert_eq!(
            asked("(|(alias={address})(uid={local}))"),
            [both[0], both[1], "alias", "mail"]
        );
    }
}
