//! Certificate authorities in the shapes of OCES, made at run time and known to nobody else.
//!
//! An [`Authority`] issues leaves, intermediates and revocation lists with whatever faults are asked for: it judges
//! nothing. The certificate is encoded here and not by OpenSSL, whose Rust crate can neither sign with RSASSA-PSS
//! nor build a revocation list. RFC 5280, RFC 4055.

use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerInfos};
use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::{DateTime, Decode, Encode, Sequence};
use jiff::Timestamp;
use openssl::pkey::{PKey, Private};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::Time;

use super::extension::{self, ExtraExtension, KeyUsage};
use super::key::{Key, KeyChoice, KeyKind};
use super::leaf::Leaf;
use super::name::{COMMON_NAME, COUNTRY, NameBuilder, ORGANISATION, ORGANISATIONAL_UNIT};
use super::sign::{Algorithm, Signing, Strength};
use super::{DemoError, pem};
use crate::mail::hex;

/// An authority that issues. It has no `Debug`, because it holds a key.
#[derive(Clone)]
pub struct Authority {
    certificate: Issued,
    signing: Signing,
}

/// A certificate with its private key. It has no `Debug`, because it holds a key.
#[derive(Clone)]
pub struct Issued {
    /// The certificate as DER.
    pub der: Vec<u8>,
    /// Its private key.
    pub key: PKey<Private>,
    pub(super) subject: Name,
    pub(super) key_identifier: Vec<u8>,
    serial: Vec<u8>,
}

/// What an authority is made of; [`AuthoritySpec::new`] gives the shape of OCES3.
#[derive(Clone)]
pub struct AuthoritySpec {
    /// Common name.
    pub common_name: String,
    /// Organisational unit; OCES3's test authorities have `Test - cti`.
    pub unit: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// The key; a new RSA-2048 key unless said otherwise, so that two authorities never share one by accident.
    pub key: KeyChoice,
    /// How it signs what it issues, and a root its own certificate.
    pub signing: Signing,
    /// Begin of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
    /// How many authorities may stand below it (RFC 5280 §4.2.1.9).
    pub path_length: Option<u8>,
    /// Key usage; `None` leaves the extension out.
    pub key_usage: Option<Vec<KeyUsage>>,
    /// Where its own issuer's revocation list lies.
    pub crl_urls: Vec<String>,
    /// Further extensions, such as name constraints.
    pub extensions: Vec<ExtraExtension>,
}

/// The to-be-signed part (RFC 5280 §4.1). The type of `x509-cert` can only be read, not made.
#[derive(Sequence)]
struct ToBeSigned {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    public_key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Validity {
    not_before: Time,
    not_after: Time,
}

/// Everything about a new certificate but its issuer, serial number and key identifiers.
pub(super) struct Request {
    pub(super) subject: Name,
    pub(super) key: Key,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) extensions: Vec<ExtraExtension>,
}

impl AuthoritySpec {
    /// An OCES3-shaped authority, valid from 2021 to 2046 as the real root.
    pub fn new(common_name: &str) -> Self {
        Self {
            common_name: common_name.to_owned(),
            unit: Some("Test - demo".to_owned()),
            organisation: Some("Segl Demo".to_owned()),
            key: KeyChoice::Fresh(KeyKind::Rsa(2048)),
            signing: Signing::Pss,
            not_before: AUTHORITY_NOT_BEFORE,
            not_after: AUTHORITY_NOT_AFTER,
            path_length: None,
            key_usage: Some(vec![KeyUsage::KeyCertSign, KeyUsage::CRLSign]),
            crl_urls: Vec::new(),
            extensions: Vec::new(),
        }
    }

    fn request(&self) -> Result<Request, DemoError> {
        let subject = NameBuilder::default()
            .push(COMMON_NAME, Some(&self.common_name))?
            .push(ORGANISATIONAL_UNIT, self.unit.as_deref())?
            .push(ORGANISATION, self.organisation.as_deref())?
            .push(COUNTRY, Some("DK"))?
            .build()?;
        let constraints = BasicConstraints {
            ca: true,
            path_len_constraint: self.path_length,
        };
        let mut extensions = vec![extension::critical(
            extension::BASIC_CONSTRAINTS,
            &constraints,
        )?];
        if let Some(bits) = &self.key_usage {
            extensions.push(extension::key_usage(bits)?);
        }
        if !self.crl_urls.is_empty() {
            extensions.push(extension::distribution_points(&self.crl_urls)?);
        }
        extensions.extend(self.extensions.iter().cloned());
        Ok(Request {
            subject,
            key: self.key.key()?,
            not_before: self.not_before,
            not_after: self.not_after,
            extensions,
        })
    }
}

/// 2021-11-09, when the real OCES3 root begins.
pub(super) const AUTHORITY_NOT_BEFORE: Timestamp = Timestamp::constant(1_636_416_000, 0);
/// 2046-11-03, when the real OCES3 root ends.
pub(super) const AUTHORITY_NOT_AFTER: Timestamp = Timestamp::constant(2_424_816_000, 0);

impl Authority {
    /// A self-signed root with a new key.
    pub fn root(name: &str) -> Result<Self, DemoError> {
        Self::root_from(&AuthoritySpec::new(name))
    }

    /// A self-signed root as described.
    pub fn root_from(spec: &AuthoritySpec) -> Result<Self, DemoError> {
        let request = spec.request()?;
        let certificate = certify(&request, None, spec.signing, Strength::Authority)?;
        Ok(Self {
            certificate,
            signing: spec.signing,
        })
    }

    /// An authority below this one, that may have none below it (path length 0), as OCES has its issuing authorities.
    pub fn intermediate(&self, name: &str) -> Result<Self, DemoError> {
        let spec = AuthoritySpec {
            path_length: Some(0),
            ..AuthoritySpec::new(name)
        };
        self.intermediate_from(&spec)
    }

    /// An authority below this one as described. With [`KeyChoice::This`] it certifies another authority's key anew.
    pub fn intermediate_from(&self, spec: &AuthoritySpec) -> Result<Self, DemoError> {
        let certificate = certify(
            &spec.request()?,
            Some(&self.certificate),
            self.signing,
            Strength::Authority,
        )?;
        Ok(Self {
            certificate,
            signing: spec.signing,
        })
    }

    /// Somebody who issues with a certificate that was not made for it, as an attacker would.
    pub fn usurper(certificate: Issued) -> Self {
        Self {
            certificate,
            signing: Signing::default(),
        }
    }

    /// Issues what the leaf describes, without judging it.
    pub fn issue(&self, leaf: &Leaf) -> Result<Issued, DemoError> {
        let signing = leaf.signing.unwrap_or(self.signing);
        certify(
            &leaf.request()?,
            Some(&self.certificate),
            signing,
            Strength::Leaf,
        )
    }

    /// The authority's own certificate and key.
    pub fn certificate(&self) -> &Issued {
        &self.certificate
    }

    /// The authority's own certificate as PEM.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// The authority's key, to certify it once more or to sign beside it.
    pub fn key(&self) -> Key {
        Key::of(self.certificate.key.clone())
    }

    pub(super) fn signing(&self) -> Signing {
        self.signing
    }
}

impl Issued {
    /// The certificate as PEM.
    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }

    /// The private key as PEM (PKCS#8, not encrypted).
    pub fn key_pem(&self) -> Result<String, DemoError> {
        Ok(pem("PRIVATE KEY", &self.key.private_key_to_pkcs8()?))
    }

    /// The serial number: its octets, the highest first, without a leading zero.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// SHA-256 over the DER, in lower-case hex without separators.
    pub fn sha256(&self) -> String {
        hex(&openssl::sha::sha256(&self.der))
    }
}

/// A PKCS#7 bag of certificates (`.p7b`, `userSMIMECertificate`): `SignedData` without a signer (RFC 5652 §5).
pub fn certificate_bag(certificates: &[&[u8]]) -> Result<Vec<u8>, DemoError> {
    const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
    const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
    let mut set = SetOfVec::new();
    for der in certificates {
        set.insert(CertificateChoices::Certificate(Decode::from_der(der)?))?;
    }
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::new(),
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: DATA,
            econtent: None,
        },
        certificates: Some(CertificateSet(set)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::new()),
    };
    let bag = ContentInfo {
        content_type: SIGNED_DATA,
        content: Any::encode_from(&signed)?,
    };
    Ok(bag.to_der()?)
}

/// The time of a certificate or list, in whole seconds (RFC 5280 §4.1.2.5).
pub(super) fn time(at: Timestamp) -> Result<Time, DemoError> {
    let seconds = u64::try_from(at.as_second()).map_err(|_negative| {
        // X.509 times before 1970 exist, but the encoder knows none.
        der::Error::from(der::ErrorKind::DateTime)
    })?;
    Ok(DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))?.into())
}

fn certify(
    request: &Request,
    issuer: Option<&Issued>,
    signing: Signing,
    strength: Strength,
) -> Result<Issued, DemoError> {
    let key = request.key.pkey();
    let signer = issuer.map_or(key, |issuer| &issuer.key);
    let algorithm = Algorithm::of(signer, signing, strength)?;
    let public_key = SubjectPublicKeyInfoOwned::from_der(&key.public_key_to_der()?)?;
    let key_identifier = extension::key_identifier(&public_key.subject_public_key);

    let mut extensions = vec![extension::subject_key(&key_identifier)?];
    if let Some(issuer) = issuer {
        extensions.push(extension::authority_key(&issuer.key_identifier)?);
    }
    extensions.extend(request.extensions.iter().cloned());

    let serial = random_serial()?;
    let to_be_signed = ToBeSigned {
        version: 2,
        serial: SerialNumber::new(&serial)?,
        signature: algorithm.identifier.clone(),
        issuer: issuer.map_or_else(|| request.subject.clone(), |issuer| issuer.subject.clone()),
        validity: Validity {
            not_before: time(request.not_before)?,
            not_after: time(request.not_after)?,
        },
        subject: request.subject.clone(),
        public_key,
        extensions: extensions
            .iter()
            .map(ExtraExtension::extension)
            .collect::<Result<_, _>>()?,
    };
    Ok(Issued {
        der: algorithm.seal(&to_be_signed, signer)?,
        key: key.clone(),
        subject: request.subject.clone(),
        key_identifier,
        serial,
    })
}

/// 160 bits as OCES3 has them: the first octet keeps its sign bit clear and another bit set, so that all 20 count.
fn random_serial() -> Result<Vec<u8>, DemoError> {
    let mut serial = vec![0; 20];
    openssl::rand::rand_bytes(&mut serial)?;
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(serial)
}
