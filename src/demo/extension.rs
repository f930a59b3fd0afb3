//! The certificate extensions that the demo's certificates carry (RFC 5280 §4.2), and any other that a test wants.

use der::asn1::{BitString, Ia5String, ObjectIdentifier, OctetString};
use der::{Any, Encode, Tag};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName, OtherName};
use x509_cert::ext::pkix::{AccessDescription, AuthorityKeyIdentifier};

use super::DemoError;

/// The bits of the key usage extension (RFC 5280 §4.2.1.3).
pub use x509_cert::ext::pkix::KeyUsages as KeyUsage;

pub(super) const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.29.14");
pub(super) const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
pub(super) const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.29.17");
pub(super) const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
pub(super) const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
pub(super) const CRL_REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
pub(super) const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.29.28");
pub(super) const CRL_DISTRIBUTION_POINTS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.29.31");
pub(super) const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
pub(super) const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.29.35");
pub(super) const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
pub(super) const AUTHORITY_INFORMATION_ACCESS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
pub(super) const QC_STATEMENTS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.3");
const ACCESS_OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const ACCESS_CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
const SMTP_UTF8_MAILBOX: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.8.9");

/// Any extension, given as DER. The same type serves certificates and revocation lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraExtension {
    /// Its object identifier.
    pub oid: ObjectIdentifier,
    /// Whether who does not know it must refuse the certificate or list.
    pub critical: bool,
    /// The DER of its value, which goes into the OCTET STRING.
    pub der: Vec<u8>,
}

impl ExtraExtension {
    pub(super) fn extension(&self) -> Result<Extension, DemoError> {
        Ok(Extension {
            extn_id: self.oid,
            critical: self.critical,
            extn_value: OctetString::new(self.der.as_slice())?,
        })
    }
}

/// An extension that must be understood.
pub(super) fn critical(
    oid: ObjectIdentifier,
    value: &impl Encode,
) -> Result<ExtraExtension, DemoError> {
    Ok(ExtraExtension {
        oid,
        critical: true,
        der: value.to_der()?,
    })
}

/// An extension that may be passed over.
pub(super) fn plain(
    oid: ObjectIdentifier,
    value: &impl Encode,
) -> Result<ExtraExtension, DemoError> {
    Ok(ExtraExtension {
        critical: false,
        ..critical(oid, value)?
    })
}

/// Key usage, always critical, as all OCES certificates have it.
pub(super) fn key_usage(bits: &[KeyUsage]) -> Result<ExtraExtension, DemoError> {
    let mut flags = der::flagset::FlagSet::<KeyUsage>::default();
    for bit in bits {
        flags |= *bit;
    }
    critical(KEY_USAGE, &x509_cert::ext::pkix::KeyUsage(flags))
}

/// The first 160 bits of the SHA-256 of the public key (RFC 7093 §2, method 1).
pub(super) fn key_identifier(public_key: &BitString) -> Vec<u8> {
    openssl::sha::sha256(public_key.raw_bytes())[..20].to_vec()
}

pub(super) fn subject_key(identifier: &[u8]) -> Result<ExtraExtension, DemoError> {
    plain(SUBJECT_KEY_IDENTIFIER, &OctetString::new(identifier)?)
}

pub(super) fn authority_key(identifier: &[u8]) -> Result<ExtraExtension, DemoError> {
    let value = AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(identifier)?),
        ..AuthorityKeyIdentifier::default()
    };
    plain(AUTHORITY_KEY_IDENTIFIER, &value)
}

pub(super) fn policies(oids: &[ObjectIdentifier]) -> Result<ExtraExtension, DemoError> {
    let list: Vec<_> = oids
        .iter()
        .map(|oid| PolicyInformation {
            policy_identifier: *oid,
            policy_qualifiers: None,
        })
        .collect();
    plain(CERTIFICATE_POLICIES, &list)
}

/// One distribution point for each URL.
pub(super) fn distribution_points(urls: &[String]) -> Result<ExtraExtension, DemoError> {
    let points = urls
        .iter()
        .map(|url| {
            Ok(DistributionPoint {
                distribution_point: Some(DistributionPointName::FullName(vec![uri(url)?])),
                reasons: None,
                crl_issuer: None,
            })
        })
        .collect::<Result<Vec<_>, DemoError>>()?;
    plain(CRL_DISTRIBUTION_POINTS, &points)
}

pub(super) fn information_access(
    issuers: &[String],
    responders: &[String],
) -> Result<ExtraExtension, DemoError> {
    let with = |method: ObjectIdentifier| {
        move |url: &String| -> Result<AccessDescription, DemoError> {
            Ok(AccessDescription {
                access_method: method,
                access_location: uri(url)?,
            })
        }
    };
    let list = issuers
        .iter()
        .map(with(ACCESS_CA_ISSUERS))
        .chain(responders.iter().map(with(ACCESS_OCSP)))
        .collect::<Result<Vec<_>, _>>()?;
    plain(AUTHORITY_INFORMATION_ACCESS, &list)
}

pub(super) fn rfc822(address: &str) -> Result<GeneralName, DemoError> {
    Ok(GeneralName::Rfc822Name(Ia5String::new(address)?))
}

/// A mailbox with a local part outside ASCII (RFC 9598 §3).
pub(super) fn smtp_utf8(mailbox: &str) -> Result<GeneralName, DemoError> {
    Ok(GeneralName::OtherName(OtherName {
        type_id: SMTP_UTF8_MAILBOX,
        value: Any::new(Tag::Utf8String, mailbox.as_bytes())?,
    }))
}

pub(super) fn dns(name: &str) -> Result<GeneralName, DemoError> {
    Ok(GeneralName::DnsName(Ia5String::new(name)?))
}

pub(super) fn uri(url: &str) -> Result<GeneralName, DemoError> {
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(url)?))
}

/// The statements of an OCES3 certificate: the semantics of a legal person's identifier, and who registers names
/// (RFC 3739 §3.2.6, ETSI EN 319 412-1 §5.1).
pub(super) fn qualified_statements() -> Result<ExtraExtension, DemoError> {
    const SYNTAX_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.11.2");
    const LEGAL_PERSON: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.194121.1.2");
    let authorities = vec![uri("https://uid.example.dk")?];
    let information = sequence(&[LEGAL_PERSON.to_der()?, authorities.to_der()?])?;
    let statement = sequence(&[SYNTAX_V2.to_der()?, information.to_der()?])?;
    plain(QC_STATEMENTS, &vec![statement])
}

fn sequence(parts: &[Vec<u8>]) -> Result<Any, DemoError> {
    Ok(Any::new(Tag::Sequence, parts.concat())?)
}
