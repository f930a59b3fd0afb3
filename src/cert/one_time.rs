//! A key and a certificate that live in memory, for one message: what Segl shows of itself needs no certificate of the
//! user's. Nobody else trusts it: its issuer is made with it, and nothing of it is ever stored.

use jiff::Timestamp;
use openssl::{
    asn1::{Asn1Integer, Asn1Object, Asn1Time},
    bn::{BigNum, MsbOption},
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
    x509::{
        X509, X509Builder, X509Name,
        extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName},
    },
};

use super::{Certificate, Problem};
use crate::mail::Address;

/// RFC 9598 §3: the alternative name of a mailbox whose local part is not ASCII.
const SMTP_UTF8_MAILBOX: &str = "1.3.6.1.5.5.7.8.9";

/// An hour each way: a clock that runs behind or ahead of itself is no reason for anything here.
const VALID_SECONDS: i64 = 3600;

/// What the key is for, and who would have issued it.
const NAME: &str = "Segl, test in memory";

/// A key for one message, with its certificate and the issuer of that.
pub struct OneTime {
    /// The issuer: the only anchor that the certificate ends at.
    pub issuer: Certificate,
    /// The certificate, for one address.
    pub certificate: Certificate,
    key: PKey<Private>,
}

/// Why no such key could be made.
#[derive(Debug, thiserror::Error)]
pub enum OneTimeError {
    /// OpenSSL could not do its part.
    #[error(transparent)]
    Crypto(#[from] ErrorStack),
    /// What was made cannot be read: a fault in Segl.
    #[error("the one-time certificate cannot be read: {0:?}")]
    Unreadable(Problem),
}

impl OneTime {
    /// A new key for an address. Takes some tenths of a second.
    pub fn of(address: &Address, at: Timestamp) -> Result<Self, OneTimeError> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let issuer_key = PKey::from_ec_key(EcKey::generate(&group)?)?;
        let issuer = issuer(&issuer_key, at)?;
        let key = PKey::from_rsa(Rsa::generate(2048)?)?;
        let certificate = leaf(&key, address, &issuer, &issuer_key, at)?;
        let read = |x509: &X509| -> Result<Certificate, OneTimeError> {
            Certificate::from_der(&x509.to_der()?).map_err(OneTimeError::Unreadable)
        };
        Ok(Self {
            issuer: read(&issuer)?,
            certificate: read(&certificate)?,
            key,
        })
    }

    /// The private key. OpenSSL overwrites it when it is dropped.
    pub(crate) fn key(&self) -> &PKey<Private> {
        &self.key
    }
}

fn issuer(key: &PKey<Private>, at: Timestamp) -> Result<X509, ErrorStack> {
    let name = name(&format!("{NAME}, issuer"))?;
    let mut builder = begun(&name, &name, key, at)?;
    builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    builder.append_extension(KeyUsage::new().critical().key_cert_sign().build()?)?;
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}

fn leaf(
    key: &PKey<Private>,
    address: &Address,
    issuer: &X509,
    issuer_key: &PKey<Private>,
    at: Timestamp,
) -> Result<X509, ErrorStack> {
    let subject = name(NAME)?;
    let mut builder = begun(&subject, issuer.subject_name(), key, at)?;
    builder.append_extension(BasicConstraints::new().critical().build()?)?;
    builder.append_extension(KeyUsage::new().critical().key_encipherment().build()?)?;
    builder.append_extension(ExtendedKeyUsage::new().email_protection().build()?)?;
    let wire = address.wire();
    let mut names = SubjectAlternativeName::new();
    if wire.is_ascii() {
        names.email(&wire);
    } else {
        // A string always encodes; an empty name would name nobody, and be refused.
        let text = der::Encode::to_der(&wire).unwrap_or_default();
        names.other_name2(Asn1Object::from_str(SMTP_UTF8_MAILBOX)?, &text);
    }
    let names = names.build(&builder.x509v3_context(Some(issuer), None))?;
    builder.append_extension(names)?;
    builder.sign(issuer_key, MessageDigest::sha256())?;
    Ok(builder.build())
}

fn begun(
    subject: &openssl::x509::X509NameRef,
    issuer: &openssl::x509::X509NameRef,
    key: &PKey<Private>,
    at: Timestamp,
) -> Result<X509Builder, ErrorStack> {
    let mut builder = X509::builder()?;
    // Version 3.
    builder.set_version(2)?;
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::ONE, false)?;
    let serial: Asn1Integer = serial.to_asn1_integer()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(subject)?;
    builder.set_issuer_name(issuer)?;
    builder.set_pubkey(key)?;
    let second = at.as_second();
    let [from, to] = [second - VALID_SECONDS, second + VALID_SECONDS];
    let (from, to) = (Asn1Time::from_unix(from)?, Asn1Time::from_unix(to)?);
    builder.set_not_before(&from)?;
    builder.set_not_after(&to)?;
    Ok(builder)
}

fn name(common: &str) -> Result<X509Name, ErrorStack> {
    let mut name = X509Name::builder()?;
    name.append_entry_by_nid(Nid::COMMONNAME, common)?;
    Ok(name.build())
}
