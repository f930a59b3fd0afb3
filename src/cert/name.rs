//! Distinguished names: RFC 4514 text, and the organisation that a subject names.
//!
//! Never compared as text: servers reorder multi-valued RDNs. Text is for people and for the record.

use std::fmt::Write as _;

use const_oid::ObjectIdentifier;
use der::{Encode as _, Tag, Tagged, asn1::Any};
use serde::{Deserialize, Serialize};
use x509_cert::name::Name;

use crate::mail::hex;

pub(crate) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
pub(crate) const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
pub(crate) const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
pub(crate) const ORGANISATION_IDENTIFIER: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.4.97");
pub(crate) const EMAIL_ADDRESS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

/// Attribute types with a short name in RFC 4514 §3 or in common use.
const SHORT: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.42", "GN"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// The number by which a register knows an organisation, as in ETSI EN 319 412-1 §5.1.4: `NTRDK-12345678`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationNumber(String);

/// The organisation that a certificate's subject names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name, without an OCES2 ` // CVR:…` suffix.
    pub name: Option<String>,
    /// Its number in a register.
    pub number: Option<OrganisationNumber>,
}

impl OrganisationNumber {
    /// Reads `NTRDK-12345678` (any three-letter scheme and country) or a Danish `CVR:12345678`. A Danish VAT number is the
    /// CVR number, and becomes the same number: one organisation is not two.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(cvr) = text
            .strip_prefix("CVR:")
            .or_else(|| text.strip_prefix("CVR "))
        {
            return Self::danish(cvr);
        }
        if let Some(same) = text.strip_prefix("VATDK-").and_then(Self::danish_vat) {
            return Some(same);
        }
        let (scheme, number) = text.split_once('-')?;
        let holds = scheme.len() == 5
            && scheme.bytes().all(|b| b.is_ascii_uppercase())
            && !number.is_empty()
            && number.len() <= 64
            && number.bytes().all(|b| b.is_ascii_graphic());
        holds.then(|| Self(text.to_owned()))
    }

    /// With or without the country in front once more, as VAT numbers are written on invoices.
    fn danish_vat(number: &str) -> Option<Self> {
        Self::danish(number.strip_prefix("DK").unwrap_or(number))
    }

    fn danish(cvr: &str) -> Option<Self> {
        (cvr.len() == 8 && cvr.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Self(format!("NTRDK-{cvr}")))
    }

    /// The whole identifier, as `NTRDK-12345678`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Danish CVR number where it is one.
    pub fn cvr(&self) -> Option<&str> {
        self.0.strip_prefix("NTRDK-")
    }
}

impl TryFrom<String> for OrganisationNumber {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
            .ok_or_else(|| format!("“{text}” is not an organisation number such as NTRDK-12345678"))
    }
}

impl From<OrganisationNumber> for String {
    fn from(number: OrganisationNumber) -> Self {
        number.0
    }
}

impl std::fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Organisation {
    /// Whether two certificates speak of the same organisation: by number where both have one, else by name.
    pub fn is_same_as(&self, other: &Self) -> bool {
        match (&self.number, &other.number) {
            (Some(a), Some(b)) => a == b,
            _ => match (&self.name, &other.name) {
                (Some(a), Some(b)) => a.to_lowercase() == b.to_lowercase(),
                _ => false,
            },
        }
    }

    /// The same, with the number of before where it is the same organisation and names none now: a number that is known is
    /// not forgotten for a name, under which the next one might be another organisation.
    pub(crate) fn keeping_number_of(mut self, before: Option<&Self>) -> Self {
        if let Some(before) = before.filter(|b| self.number.is_none() && b.is_same_as(&self)) {
            self.number.clone_from(&before.number);
        }
        self
    }

    /// What people see: name and number as far as there are any.
    pub fn label(&self) -> String {
        match (&self.name, &self.number) {
            (Some(name), Some(number)) => format!("{name} ({})", shown_number(number)),
            (Some(name), None) => name.clone(),
            (None, Some(number)) => shown_number(number),
            (None, None) => String::new(),
        }
    }
}

fn shown_number(number: &OrganisationNumber) -> String {
    match number.cvr() {
        Some(cvr) => format!("CVR {cvr}"),
        None => number.as_str().to_owned(),
    }
}

/// The organisation in a subject: organizationIdentifier (OCES3), `// CVR:n` in O or `CVR:n-` in serialNumber (OCES2).
/// A person without an organisation stands in OCES2 under a fixed text in O, which is no organisation.
pub(crate) fn organisation(subject: &Name) -> Option<Organisation> {
    const NO_ORGANISATION: &str = "Ingen organisatorisk tilknytning";
    let o = values(subject, ORGANISATION).into_iter().next();
    let (name, in_o) = match o
        .as_deref()
        .map(|o| o.split_once(" // CVR:").unwrap_or((o, "")))
    {
        Some((NO_ORGANISATION, _)) | None => (None, None),
        Some((name, cvr)) => (
            Some(name.trim().to_owned()),
            OrganisationNumber::danish(cvr.trim()),
        ),
    };
    let number = values(subject, ORGANISATION_IDENTIFIER)
        .iter()
        .find_map(|v| OrganisationNumber::parse(v))
        .or(in_o)
        .or_else(|| {
            values(subject, SERIAL_NUMBER)
                .iter()
                .find_map(|v| cvr_in_serial(v))
        });
    (name.is_some() || number.is_some()).then_some(Organisation { name, number })
}

fn cvr_in_serial(serial: &str) -> Option<OrganisationNumber> {
    OrganisationNumber::danish(serial.strip_prefix("CVR:")?.split('-').next()?)
}

/// All values of one attribute type, in order, as text.
pub(crate) fn values(name: &Name, oid: ObjectIdentifier) -> Vec<String> {
    name.iter()
        .filter(|a| a.oid == oid)
        .filter_map(|a| text(&a.value))
        .collect()
}

/// RFC 4514 text: last RDN first, special characters escaped, control and bidirectional characters as hex pairs.
pub(crate) fn rfc4514(name: &Name) -> String {
    let rdns: Vec<String> = name
        .iter_rdn()
        .map(|rdn| {
            rdn.iter()
                .map(|a| attribute(a.oid, &a.value))
                .collect::<Vec<_>>()
                .join("+")
        })
        .collect();
    rdns.into_iter().rev().collect::<Vec<_>>().join(",")
}

fn attribute(oid: ObjectIdentifier, value: &Any) -> String {
    let oid = oid.to_string();
    let short = SHORT.iter().find(|(o, _)| *o == oid).map(|(_, s)| *s);
    if let (Some(short), Some(text)) = (short, text(value)) {
        return format!("{short}={}", escape(&text));
    }
    // RFC 4514 §2.4: the whole encoding, so that a directory that is asked for the name reads the same.
    let octets = value.to_der().unwrap_or_default();
    format!("{}=#{}", short.unwrap_or(&oid), hex(&octets))
}

fn escape(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut out = String::with_capacity(value.len());
    for (i, c) in value.chars().enumerate() {
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' => out.extend(['\\', c]),
            '#' if i == 0 => out.push_str("\\#"),
            ' ' if i == 0 || i == last => out.push_str("\\ "),
            c if crate::mail::is_forbidden(c) => {
                let mut octets = [0; 4];
                for b in c.encode_utf8(&mut octets).bytes() {
                    let _infallible = write!(out, "\\{b:02x}");
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Any directory string as text. T.61 is read as Latin-1, as every mail program does.
pub(crate) fn text(value: &Any) -> Option<String> {
    let octets = value.value();
    match value.tag() {
        Tag::Utf8String => std::str::from_utf8(octets).ok().map(str::to_owned),
        Tag::PrintableString | Tag::Ia5String | Tag::VisibleString | Tag::NumericString => octets
            .is_ascii()
            .then(|| octets.iter().map(|b| char::from(*b)).collect()),
        Tag::TeletexString => Some(octets.iter().map(|b| char::from(*b)).collect()),
        Tag::BmpString => {
            let units: Vec<u16> = octets
                .chunks_exact(2)
                .map(|p| u16::from_be_bytes([p[0], p[1]]))
                .collect();
            octets
                .len()
                .is_multiple_of(2)
                .then(|| String::from_utf16(&units).ok())
                .flatten()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr as _;

    fn name(text: &str) -> Name {
        Name::from_str(text).unwrap()
    }

    #[test]
    fn the_organisation_is_found_in_every_oces_shape() {
        let wanted = OrganisationNumber::parse("NTRDK-29188858").unwrap();
        for text in [
            "CN=Eksempelby Kommune,2.5.4.97=NTRDK-29188858,O=Eksempelby Kommune,C=DK",
            "serialNumber=CVR:29188858-UID:25351738+CN=Eksempelby Kommune,O=Eksempelby Kommune // CVR:29188858,C=DK",
            "serialNumber=CVR:29188858-RID:1+CN=Finn,O=Eksempelby Kommune,C=DK",
        ] {
            let found = organisation(&name(text)).unwrap();
            assert_eq!(found.number.as_ref(), Some(&wanted), "{text}");
            assert_eq!(found.name.as_deref(), Some("Eksempelby Kommune"), "{text}");
        }
    }

    #[test]
    fn a_person_without_an_organisation_has_none() {
        let subject = name(
            "serialNumber=PID:9208-2002-2-1+CN=Eva Borger,O=Ingen organisatorisk tilknytning,C=DK",
        );
        assert_eq!(organisation(&subject), None);
    }

    #[test]
    fn a_number_that_is_known_of_an_organisation_outlives_a_certificate_without_one() {
        let organisation = |name: &str, number: Option<&str>| Organisation {
            name: Some(name.to_owned()),
            number: number.and_then(OrganisationNumber::parse),
        };
        let before = organisation("Retten", Some("NTRDK-21987913"));
        let kept = |now: Organisation| now.keeping_number_of(Some(&before)).number;
        assert_eq!(kept(organisation("RETTEN", None)), before.number);
        assert_eq!(kept(organisation("Politiet", None)), None);
        let another = organisation("Retten", Some("NTRDK-33445566"));
        assert_eq!(kept(another.clone()), another.number);
        let first = organisation("Retten", None);
        assert_eq!(first.clone().keeping_number_of(None), first);
    }

    #[test]
    fn numbers_decide_before_names() {
        let organisation = |name: Option<&str>, number: Option<&str>| Organisation {
            name: name.map(str::to_owned),
            number: number.map(|n| OrganisationNumber::parse(n).unwrap()),
        };
        let a = organisation(Some("Retten"), Some("NTRDK-21987913"));
        assert!(a.is_same_as(&organisation(
            Some("RETTEN I EKSEMPELBY"),
            Some("NTRDK-21987913")
        )));
        assert!(!a.is_same_as(&organisation(Some("Retten"), Some("NTRDK-33445566"))));
        assert!(a.is_same_as(&organisation(Some("retten"), None)));
        assert!(!a.is_same_as(&organisation(None, None)));
    }

    #[test]
    fn a_danish_vat_number_is_the_cvr_number_and_that_of_another_country_is_not() {
        let number = |text| OrganisationNumber::parse(text).unwrap();
        for same in ["VATDK-12345674", "VATDK-DK12345674", "CVR:12345674"] {
            assert_eq!(number(same), number("NTRDK-12345674"), "{same}");
        }
        assert_ne!(number("VATDK-33445566"), number("NTRDK-12345674"));
        assert_ne!(number("VATSE-12345674"), number("NTRSE-12345674"));
        // What is no CVR number stays what it is.
        assert_eq!(number("VATDK-1234").as_str(), "VATDK-1234");
    }

    #[test]
    fn special_characters_and_overrides_are_escaped() {
        let shown = escape("Politiet, \"kreds\" \u{202E}x");
        assert_eq!(shown, "Politiet\\, \\\"kreds\\\" \\e2\\80\\aex");
    }

    #[test]
    fn numbers_and_organisations_are_told_as_people_write_them() {
        let cvr = OrganisationNumber::parse("CVR:12345674").unwrap();
        assert_eq!(
            (cvr.as_str(), cvr.cvr()),
            ("NTRDK-12345674", Some("12345674"))
        );
        assert_eq!(cvr.to_string(), "NTRDK-12345674");
        assert_eq!(String::from(cvr.clone()), "NTRDK-12345674");
        let other = OrganisationNumber::parse("NTRDE-HRB1").unwrap();
        assert_eq!((other.as_str(), other.cvr()), ("NTRDE-HRB1", None));
        for (name, number, wanted) in [
            (Some("Retten"), Some(&cvr), "Retten (CVR 12345674)"),
            (Some("Retten"), None, "Retten"),
            (None, Some(&cvr), "CVR 12345674"),
            (None, Some(&other), "NTRDE-HRB1"),
            (None, None, ""),
        ] {
            let organisation = Organisation {
                name: name.map(str::to_owned),
                number: number.cloned(),
            };
            assert_eq!(organisation.label(), wanted);
        }
    }

    #[test]
    fn a_name_is_written_as_rfc_4514_shows_it() {
        // Its own examples (§4).
        let made = |parts: &[(&str, &str)]| {
            let mut name = openssl::x509::X509NameBuilder::new().unwrap();
            for (short, value) in parts {
                name.append_entry_by_text(short, value).unwrap();
            }
            rfc4514(&der::Decode::from_der(&name.build().to_der().unwrap()).unwrap())
        };
        let smith = [("DC", "net"), ("DC", "example"), ("UID", "jsmith")];
        assert_eq!(made(&smith), "UID=jsmith,DC=example,DC=net");
        assert_eq!(made(&[("CN", "Lučić")]), "CN=Lučić");
        assert_eq!(made(&[]), "");
        let sales = "OU=Sales+CN=J. Smith,DC=example,DC=net";
        assert_eq!(rfc4514(&name(sales)), sales);
        let of = |oid, octets: &str| {
            let value = Any::new(Tag::Utf8String, octets.as_bytes()).unwrap();
            attribute(ObjectIdentifier::new_unwrap(oid), &value)
        };
        let quoted = of("2.5.4.3", "James \"Jim\" Smith, III");
        assert_eq!(quoted, "CN=James \\\"Jim\\\" Smith\\, III");
        assert_eq!(of("2.5.4.3", "Before\rAfter"), "CN=Before\\0dAfter");
        assert_eq!(of("2.5.4.7", "Århus"), "L=Århus");
        let unknown = Any::new(Tag::OctetString, b"Hi".as_slice()).unwrap();
        let oid = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.1466.0");
        assert_eq!(attribute(oid, &unknown), "1.3.6.1.4.1.1466.0=#04024869");
    }

    #[test]
    fn a_name_or_a_number_alone_is_an_organisation() {
        let found = organisation(&name("CN=Anne,O=Eksempel ApS,C=DK")).unwrap();
        assert_eq!(
            (found.name.as_deref(), found.number),
            (Some("Eksempel ApS"), None)
        );
        let found = organisation(&name("CN=Anne,2.5.4.97=NTRDK-29188858,C=DK")).unwrap();
        assert_eq!(found.label(), "CVR 29188858");
        assert_eq!(organisation(&name("CN=Anne,C=DK")), None);
    }

    #[test]
    fn a_hash_is_escaped_at_the_beginning_and_space_at_both_ends() {
        for (text, wanted) in [
            ("#a#", "\\#a#"),
            ("a#b", "a#b"),
            (" a b ", "\\ a b\\ "),
            (" ", "\\ "),
        ] {
            assert_eq!(escape(text), wanted);
        }
    }

    #[test]
    fn text_of_every_age_is_read_and_what_is_no_text_is_none() {
        let of = |tag, octets: &[u8]| text(&Any::new(tag, octets).unwrap());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of(Tag::Utf8String, "Bjørn".as_bytes()), some("Bjørn"));
        assert_eq!(of(Tag::Utf8String, b"Bj\xf8rn"), None);
        assert_eq!(of(Tag::TeletexString, b"Bj\xf8rn"), some("Bjørn"));
        assert_eq!(of(Tag::BmpString, b"\0B\0j\0\xf8"), some("Bjø"));
        assert_eq!(of(Tag::BmpString, b"\0B\0"), None);
        assert_eq!(of(Tag::BmpString, b"\xd8\0"), None);
        assert_eq!(of(Tag::PrintableString, b"Anne"), some("Anne"));
        assert_eq!(of(Tag::PrintableString, b"Bj\xf8rn"), None);
        assert_eq!(of(Tag::OctetString, b"Anne"), None);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "12345678",
            "NTRDK-",
            "ntrdk-1",
            "CVR:1234567",
            "CVR:123456789",
            "NTRDK",
        ] {
            assert_eq!(OrganisationNumber::parse(text), None, "{text}");
        }
    }
}
