//! What an end-entity certificate shall say, in the shapes seen in OCES2 and OCES3 certificates or in a plain one.
//!
//! Every field is public: a test takes the shape that it needs and bends one field. All people are invented.

use std::net::IpAddr;

use der::Encode;
use der::asn1::ObjectIdentifier;
use jiff::Timestamp;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;

use super::DemoError;
use super::ca::Request;
use super::extension::{self, ExtraExtension, KeyUsage};
use super::key::KeyChoice;
use super::name::{self, NameBuilder};
use super::sign::Signing;
use crate::mail::hex;

/// Which generation's order of subject attributes and extensions a certificate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Country, organisation, then one relative name of serial number and common name together; the organisation
    /// number stands in the organisation's name (`Name // CVR:12345678`).
    Oces2,
    /// Common name first, `organizationIdentifier` (`NTRDK-12345678`), qualified statements, no extended key usage.
    Oces3,
    /// Country, organisation, common name: what anybody else issues.
    #[default]
    Plain,
}

/// The description of an end-entity certificate.
#[derive(Clone)]
pub struct Leaf {
    /// Order of the subject, and the extensions that go with it.
    pub shape: Shape,
    /// Common name.
    pub common_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// Organisation, without its number.
    pub organisation: Option<String>,
    /// Organisation number: eight digits.
    pub organisation_number: Option<String>,
    /// The subject's `serialNumber` attribute (not that of the certificate).
    pub serial_number: Option<String>,
    /// Country, two letters.
    pub country: Option<String>,
    /// `emailAddress` in the subject, as old certificates have it.
    pub subject_email: Option<String>,
    /// `rfc822Name` alternative names, ASCII only.
    pub addresses: Vec<String>,
    /// `SmtpUTF8Mailbox` alternative names (RFC 9598).
    pub smtp_utf8: Vec<String>,
    /// `dNSName` alternative names.
    pub dns_names: Vec<String>,
    /// `iPAddress` alternative names.
    pub ip_addresses: Vec<IpAddr>,
    /// The key.
    pub key: KeyChoice,
    /// Begin of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
    /// Key usage; `None` leaves the extension out.
    pub key_usage: Option<Vec<KeyUsage>>,
    /// Extended key usage; `None` leaves the extension out.
    pub extended_key_usage: Option<Vec<ObjectIdentifier>>,
    /// Certificate policies; none leaves the extension out.
    pub policies: Vec<ObjectIdentifier>,
    /// Revocation list distribution points.
    pub crl_urls: Vec<String>,
    /// OCSP responders.
    pub ocsp_urls: Vec<String>,
    /// Where the issuer's certificate lies.
    pub issuer_urls: Vec<String>,
    /// Further extensions.
    pub extensions: Vec<ExtraExtension>,
    /// How the issuer signs this one, where not as it usually does.
    pub signing: Option<Signing>,
}

/// Extended key usage of a mail certificate (RFC 5280 §4.2.1.12).
pub const EMAIL_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
/// Extended key usage of a TLS server (RFC 5280 §4.2.1.12).
pub const SERVER_AUTHENTICATION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");

const NORMALIZED_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.2042.1.1");
const OCES3_EMPLOYEE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.208.169.1.1.1.2.7");
const OCES3_ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.208.169.1.1.1.3.7");
const OCES2_EMPLOYEE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.31313.2.4.6.2.6");
const OCES2_COMPANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.31313.2.4.6.3.5");

impl Default for Leaf {
    /// A plain certificate for nobody, valid from 2026 to 2029, with the first shared key.
    fn default() -> Self {
        Self {
            shape: Shape::Plain,
            common_name: None,
            given_name: None,
            surname: None,
            organisation: None,
            organisation_number: None,
            serial_number: None,
            country: Some("DK".to_owned()),
            subject_email: None,
            addresses: Vec::new(),
            smtp_utf8: Vec::new(),
            dns_names: Vec::new(),
            ip_addresses: Vec::new(),
            key: KeyChoice::Shared(0),
            not_before: Timestamp::constant(1_767_225_600, 0),
            not_after: Timestamp::constant(1_861_920_000, 0),
            key_usage: Some(vec![KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment]),
            extended_key_usage: None,
            policies: Vec::new(),
            crl_urls: Vec::new(),
            ocsp_urls: Vec::new(),
            issuer_urls: Vec::new(),
            extensions: Vec::new(),
            signing: None,
        }
    }
}

impl Leaf {
    /// A plain mail certificate, with the extended key usage for it.
    pub fn mail(common_name: &str, address: &str) -> Self {
        Self {
            common_name: Some(common_name.to_owned()),
            addresses: vec![address.to_owned()],
            extended_key_usage: Some(vec![EMAIL_PROTECTION]),
            ..Self::default()
        }
    }

    /// A TLS server's certificate.
    pub fn server(dns_names: &[&str], ip_addresses: &[IpAddr]) -> Self {
        Self {
            common_name: dns_names.first().map(|name| (*name).to_owned()),
            dns_names: dns_names.iter().map(|name| (*name).to_owned()).collect(),
            ip_addresses: ip_addresses.to_vec(),
            key_usage: Some(vec![KeyUsage::DigitalSignature]),
            extended_key_usage: Some(vec![SERVER_AUTHENTICATION]),
            ..Self::default()
        }
    }

    /// An employee's certificate of OCES3 (MOCES). The last word of the name is the surname.
    pub fn employee(common_name: &str, organisation: &str, number: &str) -> Self {
        let (given, surname) = common_name.rsplit_once(' ').unwrap_or((common_name, ""));
        Self {
            given_name: Some(given.to_owned()),
            surname: (!surname.is_empty()).then(|| surname.to_owned()),
            serial_number: Some(format!("UI:DK-E:G:{}", uuid(common_name, number))),
            key_usage: Some(EMPLOYEE_USAGE.to_vec()),
            policies: vec![NORMALIZED_POLICY, OCES3_EMPLOYEE],
            ..Self::oces(Shape::Oces3, common_name, organisation, number)
        }
    }

    /// An organisation's certificate of OCES3 (VOCES). It holds no address unless one is added.
    pub fn organisation(common_name: &str, organisation: &str, number: &str) -> Self {
        Self {
            serial_number: Some(format!("UI:DK-O:G:{}", uuid(common_name, number))),
            key_usage: Some(EMPLOYEE_USAGE.to_vec()),
            policies: vec![NORMALIZED_POLICY, OCES3_ORGANISATION],
            ..Self::oces(Shape::Oces3, common_name, organisation, number)
        }
    }

    /// An employee's certificate of OCES2 (MOCES), signed with PKCS#1 v1.5 as all of that generation.
    pub fn oces2_employee(common_name: &str, organisation: &str, number: &str) -> Self {
        let identifier = digits(common_name, number);
        let mut usage = EMPLOYEE_USAGE.to_vec();
        usage.extend([KeyUsage::DataEncipherment, KeyUsage::KeyAgreement]);
        Self {
            serial_number: Some(format!("CVR:{number}-RID:{identifier}")),
            key_usage: Some(usage),
            policies: vec![OCES2_EMPLOYEE],
            signing: Some(Signing::Pkcs1),
            ..Self::oces(Shape::Oces2, common_name, organisation, number)
        }
    }

    /// A company's certificate of OCES2 (VOCES), signed like them.
    pub fn oces2_company(common_name: &str, organisation: &str, number: &str) -> Self {
        let identifier = digits(common_name, number);
        Self {
            serial_number: Some(format!("CVR:{number}-UID:{identifier}")),
            key_usage: Some(vec![
                KeyUsage::DigitalSignature,
                KeyUsage::KeyEncipherment,
                KeyUsage::DataEncipherment,
                KeyUsage::KeyAgreement,
            ]),
            policies: vec![OCES2_COMPANY],
            signing: Some(Signing::Pkcs1),
            ..Self::oces(Shape::Oces2, common_name, organisation, number)
        }
    }

    /// The same for one address more.
    #[must_use]
    pub fn for_address(mut self, address: &str) -> Self {
        self.addresses.push(address.to_owned());
        self
    }

    /// The same with this key.
    #[must_use]
    pub fn with_key(mut self, key: KeyChoice) -> Self {
        self.key = key;
        self
    }

    /// The same, valid from and to these times.
    #[must_use]
    pub fn valid(mut self, not_before: Timestamp, not_after: Timestamp) -> Self {
        (self.not_before, self.not_after) = (not_before, not_after);
        self
    }

    /// The same with this key usage.
    #[must_use]
    pub fn with_key_usage(mut self, bits: &[KeyUsage]) -> Self {
        self.key_usage = Some(bits.to_vec());
        self
    }

    fn oces(shape: Shape, common_name: &str, organisation: &str, number: &str) -> Self {
        Self {
            shape,
            common_name: Some(common_name.to_owned()),
            organisation: Some(organisation.to_owned()),
            organisation_number: Some(number.to_owned()),
            ..Self::default()
        }
    }

    pub(super) fn request(&self) -> Result<Request, DemoError> {
        Ok(Request {
            subject: self.subject()?,
            key: self.key.key()?,
            not_before: self.not_before,
            not_after: self.not_after,
            extensions: self.all_extensions()?,
        })
    }

    fn subject(&self) -> Result<Name, DemoError> {
        let common_name = self.common_name.as_deref();
        let organisation = self.organisation.as_deref();
        let number = self.organisation_number.as_deref();
        let identifier = number.map(|number| format!("NTRDK-{number}"));
        let names = NameBuilder::default();
        let names = match self.shape {
            Shape::Oces3 => names
                .push(name::COMMON_NAME, common_name)?
                .push(name::GIVEN_NAME, self.given_name.as_deref())?
                .push(name::SURNAME, self.surname.as_deref())?
                .push(name::SERIAL_NUMBER, self.serial_number.as_deref())?
                .push(name::ORGANISATION, organisation)?
                .push(name::ORGANISATION_IDENTIFIER, identifier.as_deref())?
                .push(name::COUNTRY, self.country.as_deref())?,
            Shape::Oces2 => {
                let with_number = organisation.map(|organisation| match number {
                    Some(number) => format!("{organisation} // CVR:{number}"),
                    None => organisation.to_owned(),
                });
                let person: Vec<_> = [
                    (name::SERIAL_NUMBER, self.serial_number.as_deref()),
                    (name::COMMON_NAME, common_name),
                ]
                .into_iter()
                .filter_map(|(attribute, value)| Some((attribute, value?)))
                .collect();
                names
                    .push(name::COUNTRY, self.country.as_deref())?
                    .push(name::ORGANISATION, with_number.as_deref())?
                    .push_all(&person)?
            }
            Shape::Plain => names
                .push(name::COUNTRY, self.country.as_deref())?
                .push(name::ORGANISATION, organisation)?
                .push(name::ORGANISATION_IDENTIFIER, identifier.as_deref())?
                .push(name::GIVEN_NAME, self.given_name.as_deref())?
                .push(name::SURNAME, self.surname.as_deref())?
                .push(name::SERIAL_NUMBER, self.serial_number.as_deref())?
                .push(name::COMMON_NAME, common_name)?,
        };
        names
            .push(name::EMAIL_ADDRESS, self.subject_email.as_deref())?
            .build()
    }

    fn all_extensions(&self) -> Result<Vec<ExtraExtension>, DemoError> {
        let end_entity = BasicConstraints {
            ca: false,
            path_len_constraint: None,
        };
        let mut list = vec![ExtraExtension {
            oid: extension::BASIC_CONSTRAINTS,
            critical: self.shape != Shape::Oces2,
            der: end_entity.to_der()?,
        }];
        if !(self.issuer_urls.is_empty() && self.ocsp_urls.is_empty()) {
            list.push(extension::information_access(
                &self.issuer_urls,
                &self.ocsp_urls,
            )?);
        }
        let names = self.alternative_names()?;
        if !names.is_empty() {
            list.push(extension::plain(
                extension::SUBJECT_ALTERNATIVE_NAME,
                &names,
            )?);
        }
        if !self.policies.is_empty() {
            list.push(extension::policies(&self.policies)?);
        }
        if self.shape == Shape::Oces3 {
            list.push(extension::qualified_statements()?);
        }
        if !self.crl_urls.is_empty() {
            list.push(extension::distribution_points(&self.crl_urls)?);
        }
        if let Some(purposes) = &self.extended_key_usage {
            list.push(extension::plain(extension::EXTENDED_KEY_USAGE, purposes)?);
        }
        if let Some(bits) = &self.key_usage {
            list.push(extension::key_usage(bits)?);
        }
        list.extend(self.extensions.iter().cloned());
        Ok(list)
    }

    fn alternative_names(&self) -> Result<Vec<GeneralName>, DemoError> {
        let mut names = Vec::new();
        for address in &self.addresses {
            names.push(extension::rfc822(address)?);
        }
        for mailbox in &self.smtp_utf8 {
            names.push(extension::smtp_utf8(mailbox)?);
        }
        for name in &self.dns_names {
            names.push(extension::dns(name)?);
        }
        names.extend(self.ip_addresses.iter().copied().map(GeneralName::from));
        Ok(names)
    }
}

const EMPLOYEE_USAGE: [KeyUsage; 3] = [
    KeyUsage::DigitalSignature,
    KeyUsage::NonRepudiation,
    KeyUsage::KeyEncipherment,
];

/// An identifier in the form of a UUID that is the same for the same name and number.
fn uuid(name: &str, number: &str) -> String {
    let hex = hex(&digest(name, number)[..16]);
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

/// Eight digits that are the same for the same name and number.
fn digits(name: &str, number: &str) -> u32 {
    let digest = digest(name, number);
    let word = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    10_000_000 + word % 90_000_000
}

fn digest(name: &str, number: &str) -> [u8; 32] {
    openssl::sha::sha256(format!("{name}/{number}").as_bytes())
}
