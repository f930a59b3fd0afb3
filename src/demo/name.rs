//! Distinguished names with the string types that OCES certificates use (RFC 5280 §4.1.2.4, RFC 4519).

use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::{Decode, Encode, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

use super::DemoError;

pub(super) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
pub(super) const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
pub(super) const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
pub(super) const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
pub(super) const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
pub(super) const ORGANISATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
pub(super) const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
pub(super) const ORGANISATION_IDENTIFIER: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.4.97");
pub(super) const EMAIL_ADDRESS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

/// A name under construction: relative names in the order of the DER.
#[derive(Default)]
pub(super) struct NameBuilder(Vec<RelativeDistinguishedName>);

impl NameBuilder {
    /// One relative name of one attribute; nothing where there is no value.
    pub(super) fn push(
        self,
        attribute: ObjectIdentifier,
        value: Option<&str>,
    ) -> Result<Self, DemoError> {
        match value {
            Some(value) => self.push_all(&[(attribute, value)]),
            None => Ok(self),
        }
    }

    /// One relative name of several attributes, as OCES2 has it.
    pub(super) fn push_all(
        mut self,
        attributes: &[(ObjectIdentifier, &str)],
    ) -> Result<Self, DemoError> {
        let mut set = SetOfVec::new();
        for (oid, value) in attributes {
            let value = Any::new(string_type(*oid), value.as_bytes())?;
            set.insert(AttributeTypeAndValue { oid: *oid, value })?;
        }
        self.0.push(RelativeDistinguishedName::from(set));
        Ok(self)
    }

    pub(super) fn build(self) -> Result<Name, DemoError> {
        // `Name` has no constructor from parts; its DER is that of the sequence.
        Ok(Name::from_der(&RdnSequence::from(self.0).to_der()?)?)
    }
}

fn string_type(attribute: ObjectIdentifier) -> Tag {
    match attribute {
        COUNTRY | SERIAL_NUMBER => Tag::PrintableString,
        EMAIL_ADDRESS => Tag::Ia5String,
        _ => Tag::Utf8String,
    }
}
