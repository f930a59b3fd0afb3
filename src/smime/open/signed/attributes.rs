//! The signed attributes of a signature (RFC 5652 §5.3, RFC 8551 §2.5): each at most once, with one value.

use const_oid::ObjectIdentifier;
use der::Decode as _;
use jiff::Timestamp;

use super::{SHA1, SHA256, algorithm};
use crate::{
    ber::{CONSTRUCTED, OCTET_STRING, OID, SEQUENCE, SET, Value},
    cert,
    smime::open::{error::OpenError, readers},
};

/// An attribute that counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attribute {
    ContentType,
    MessageDigest,
    SigningTime,
    SmimeCapabilities,
    KeyPreference,
    SigningCertificate,
    SigningCertificateV2,
}

/// RFC 5652 §11.1 to 11.3, RFC 8551 §2.5.2 and 2.5.3, RFC 2634 §5.4, RFC 5035 §3. Compared as they are encoded: writing an
/// OID out in digits takes longer than all else that is read of an attribute.
const ATTRIBUTES: [(ObjectIdentifier, Attribute); 7] = {
    const fn known(oid: &str, is: Attribute) -> (ObjectIdentifier, Attribute) {
        (ObjectIdentifier::new_unwrap(oid), is)
    }
    [
        known("1.2.840.113549.1.9.3", Attribute::ContentType),
        known("1.2.840.113549.1.9.4", Attribute::MessageDigest),
        known("1.2.840.113549.1.9.5", Attribute::SigningTime),
        known("1.2.840.113549.1.9.15", Attribute::SmimeCapabilities),
        known("1.2.840.113549.1.9.16.2.11", Attribute::KeyPreference),
        known("1.2.840.113549.1.9.16.2.12", Attribute::SigningCertificate),
        known(
            "1.2.840.113549.1.9.16.2.47",
            Attribute::SigningCertificateV2,
        ),
    ]
};

impl Attribute {
    fn of(oid: &ObjectIdentifier) -> Option<Self> {
        let known = ATTRIBUTES.iter().find(|(known, _)| known == oid);
        known.map(|(_, attribute)| *attribute)
    }
}

/// The signed attributes that count.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) digest: Option<Vec<u8>>,
    pub(super) content_type: Option<ObjectIdentifier>,
    pub(super) signed_at: Option<Timestamp>,
    pub(super) capabilities: Option<Vec<u8>>,
    /// Who is named by the preference: an error where that cannot be read.
    pub(super) preference: Option<Result<readers::Reader, OpenError>>,
    /// Digest OID of a signing-certificate attribute, and the digest.
    pub(super) certificate: Option<(ObjectIdentifier, Vec<u8>)>,
    /// Twice, or with other than one value, or unreadable.
    pub(super) is_odd: bool,
}

/// RFC 5652 §11.1 to 11.3: these count only where they are signed, and anybody can add what is not.
pub(super) fn names_signed_attributes(set: &Value<'_>) -> Result<bool, OpenError> {
    let mut inside = set.inside()?;
    while !inside.is_empty() {
        let oid = inside
            .sequence("an attribute")?
            .value(OID, "an attribute")?
            .oid()?;
        if matches!(
            Attribute::of(&oid),
            Some(Attribute::ContentType | Attribute::MessageDigest | Attribute::SigningTime)
        ) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn read(set: &Value<'_>) -> Result<Attributes, OpenError> {
    let mut found = Attributes::default();
    let mut seen = std::collections::BTreeSet::new();
    let mut inside = set.inside()?;
    while !inside.is_empty() {
        let mut attribute = inside.sequence("an attribute")?;
        let oid = attribute.value(OID, "an attribute")?.oid()?;
        let mut values = attribute.value(SET, "an attribute's values")?.inside()?;
        // RFC 5652 §5.3: each at most once, with exactly one value.
        if !seen.insert(oid) || values.is_empty() {
            found.is_odd = true;
            continue;
        }
        let value = values.any()?;
        let is_single = values.is_empty();
        match Attribute::of(&oid) {
            Some(Attribute::ContentType) => {
                found.is_odd |= !is_single;
                found.content_type = Some(value.oid()?);
            }
            Some(Attribute::MessageDigest) => {
                found.is_odd |= !is_single;
                found.digest = Some(value.octets()?.into_owned());
            }
            Some(Attribute::SigningTime) => {
                found.is_odd |= !is_single;
                match time(&value) {
                    Some(time) => found.signed_at = Some(time),
                    None => found.is_odd = true,
                }
            }
            Some(Attribute::SmimeCapabilities) => found.capabilities = Some(value.der()?),
            Some(Attribute::KeyPreference) => found.preference = Some(preferred(&value)),
            Some(Attribute::SigningCertificate) => {
                found.certificate = signing_certificate(&value, SHA1)?;
            }
            Some(Attribute::SigningCertificateV2) => {
                found.certificate = signing_certificate(&value, SHA256)?;
            }
            None => {}
        }
    }
    Ok(found)
}

/// A CHOICE of three ways to name a certificate, each with an implicit tag.
fn preferred(value: &Value<'_>) -> Result<readers::Reader, OpenError> {
    Ok(match value.tag & !CONSTRUCTED {
        0x80 => readers::Reader::Issued(readers::issued(value)?),
        0x81 => {
            let mut fields = value.inside()?;
            let key = fields.value(OCTET_STRING, "a key identifier")?.octets()?;
            readers::Reader::Key(key.into_owned())
        }
        0x82 => readers::Reader::Key(value.octets()?.into_owned()),
        _ => return Err(OpenError::Malformed("a preferred certificate")),
    })
}

fn time(value: &Value<'_>) -> Option<Timestamp> {
    let time = x509_cert::time::Time::from_der(value.whole).ok()?;
    cert::timestamp(&time).ok()
}

/// RFC 2634 §5.4, RFC 5035 §3: the first entry is the signer's.
fn signing_certificate(
    value: &Value<'_>,
    default: ObjectIdentifier,
) -> Result<Option<(ObjectIdentifier, Vec<u8>)>, OpenError> {
    let mut first = value
        .inside()?
        .sequence("signing certificates")?
        .sequence("a certificate")?;
    let oid = match first.optional(SEQUENCE)? {
        Some(value) => algorithm(&value)?,
        None => default,
    };
    let digest = first
        .value(OCTET_STRING, "a certificate's digest")?
        .octets()?;
    Ok(Some((oid, digest.into_owned())))
}
