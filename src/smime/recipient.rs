//! `RecipientInfos` (RFC 5652 §6.2): the content key, encrypted for each reader.
//!
//! A further kind of key (OAEP, key agreement, KEM) is a further arm of [`KeyManagement`]. The structures are encoded
//! here and not by the `cms` crate, because its `Name` sorts multi-valued RDNs anew: the issuer would no longer be octet
//! for octet that of the certificate, and a reader that compares octets would not find itself.

use std::collections::BTreeSet;

use cms::content_info::CmsVersion;
use const_oid::ObjectIdentifier;
use der::{Any, Decode as _, Encode as _, Sequence, Tag, asn1::OctetString};
use openssl::{encrypt::Encrypter, error::ErrorStack, rsa::Padding};
use x509_cert::AlgorithmIdentifier;

use super::{check, cipher::ContentKey, error::SealError};
use crate::cert::{Certificate, EncryptionCertificate, KeyKind};

/// RFC 8017 A.1.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Which certificate a `RecipientInfo` is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId {
    /// The issuer's name in DER, octet for octet as in the certificate.
    pub issuer: Vec<u8>,
    /// The serial number: content octets of the INTEGER.
    pub serial: Vec<u8>,
}

/// `RecipientInfos` in DER, and the version that they ask of the structure around them.
pub(super) struct RecipientInfos {
    pub(super) der: Vec<u8>,
    pub(super) version: CmsVersion,
}

/// How the content key gets to a reader: by the kind of the reader's key.
enum KeyManagement {
    /// `KeyTransRecipientInfo`, RSAES-PKCS1-v1_5 (RFC 3370 §4.2.1): what every mail program opens.
    RsaPkcs1,
}

/// RFC 5652 §10.2.4.
#[derive(Sequence)]
struct IssuerAndSerialNumber {
    issuer: Any,
    serial_number: Any,
}

/// RFC 5652 §6.2.1, with the reader named by issuer and serial number.
#[derive(Sequence)]
struct KeyTransRecipientInfo {
    version: CmsVersion,
    rid: IssuerAndSerialNumber,
    key_encryption_algorithm: AlgorithmIdentifier,
    encrypted_key: OctetString,
}

impl ReaderId {
    /// How a `RecipientInfo` names this certificate.
    pub fn of(certificate: &Certificate) -> Result<Self, ErrorStack> {
        Ok(Self {
            issuer: certificate.issuer_der()?,
            serial: certificate.serial(),
        })
    }
}

impl RecipientInfos {
    /// Encrypts `key` for each of `readers` once, however often a certificate stands among them.
    pub(super) fn seal(
        key: &ContentKey,
        readers: &[&EncryptionCertificate],
    ) -> Result<Self, SealError> {
        let readers = distinct(readers)?;
        let mut version = CmsVersion::V0;
        let mut infos = Vec::with_capacity(readers.len());
        for (certificate, id) in &readers {
            let management = KeyManagement::of(certificate)?;
            version = version.max(management.version());
            infos.push(management.recipient_info(key, certificate, id)?);
        }
        // DER orders a SET OF by the octets of its members. BER would not ask for it, but it costs nothing.
        infos.sort_unstable();
        let der = Any::new(Tag::Set, infos.concat())
            .and_then(|set| set.to_der())
            .map_err(SealError::encoding("RecipientInfos"))?;
        let wanted = readers.into_iter().map(|(_, id)| id).collect();
        assert_readers(&der, wanted)?;
        Ok(Self { der, version })
    }
}

impl KeyManagement {
    fn of(certificate: &Certificate) -> Result<Self, SealError> {
        match &certificate.facts().key {
            KeyKind::Rsa { .. } => Ok(Self::RsaPkcs1),
            other => Err(SealError::UnsupportedKey {
                certificate: certificate.sha256(),
                presented: other.to_string(),
            }),
        }
    }

    /// The least version of `EnvelopedData` that may hold such a `RecipientInfo` (RFC 5652 §6.1).
    fn version(&self) -> CmsVersion {
        match self {
            Self::RsaPkcs1 => CmsVersion::V0,
        }
    }

    fn recipient_info(
        &self,
        key: &ContentKey,
        certificate: &Certificate,
        id: &ReaderId,
    ) -> Result<Vec<u8>, SealError> {
        match self {
            Self::RsaPkcs1 => {
                let encrypted = rsa_pkcs1(certificate, key.as_bytes())
                    .map_err(SealError::crypto("encrypting the content key"))?;
                key_transport(id, encrypted).map_err(SealError::encoding("KeyTransRecipientInfo"))
            }
        }
    }
}

/// Each certificate once, in the order of its identifier.
fn distinct<'a>(
    readers: &[&'a EncryptionCertificate],
) -> Result<Vec<(&'a Certificate, ReaderId)>, SealError> {
    let mut seen = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let mut found = Vec::with_capacity(readers.len());
    for certificate in readers.iter().map(|r| r.certificate()) {
        if !seen.insert(certificate.sha256()) {
            continue;
        }
        let id = ReaderId::of(certificate).map_err(SealError::crypto("issuer"))?;
        if !ids.insert(id.clone()) {
            return Err(SealError::AmbiguousReaders);
        }
        found.push((certificate, id));
    }
    if found.is_empty() {
        return Err(SealError::NoReaders);
    }
    Ok(found)
}

fn rsa_pkcs1(certificate: &Certificate, key: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let public = certificate.x509().public_key()?;
    let mut rsa = Encrypter::new(&public)?;
    rsa.set_rsa_padding(Padding::PKCS1)?;
    let mut encrypted = vec![0; rsa.encrypt_len(key)?];
    let octets = rsa.encrypt(key, &mut encrypted)?;
    encrypted.truncate(octets);
    Ok(encrypted)
}

fn key_transport(id: &ReaderId, encrypted: Vec<u8>) -> Result<Vec<u8>, der::Error> {
    KeyTransRecipientInfo {
        version: CmsVersion::V0,
        rid: IssuerAndSerialNumber {
            issuer: Any::from_der(&id.issuer)?,
            serial_number: Any::new(Tag::Integer, id.serial.as_slice())?,
        },
        key_encryption_algorithm: AlgorithmIdentifier {
            oid: RSA_ENCRYPTION,
            parameters: Some(Any::null()),
        },
        encrypted_key: OctetString::new(encrypted)?,
    }
    .to_der()
}

/// Reads the encoded set again, with the self-check's eyes, before the first octet of content is encrypted: the key was
/// given to exactly the readers that were asked for.
fn assert_readers(set: &[u8], mut wanted: Vec<ReaderId>) -> Result<(), SealError> {
    let mut written = check::readers(set)?;
    written.sort_unstable();
    wanted.sort_unstable();
    if written == wanted {
        Ok(())
    } else {
        Err(SealError::ReadersDiffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(serial: u8) -> ReaderId {
        ReaderId {
            issuer: vec![0x30, 0],
            serial: vec![serial],
        }
    }

    fn set(ids: &[ReaderId]) -> Vec<u8> {
        let infos: Vec<Vec<u8>> = ids
            .iter()
            .map(|id| key_transport(id, vec![1; 256]).unwrap())
            .collect();
        Any::new(Tag::Set, infos.concat())
            .and_then(|set| set.to_der())
            .unwrap()
    }

    #[test]
    fn a_set_that_names_other_readers_than_asked_for_is_never_used() {
        let (one, two) = (id(1), id(2));
        let both = vec![one.clone(), two.clone()];
        assert!(assert_readers(&set(&both), vec![two.clone(), one.clone()]).is_ok());
        let wrong = [
            (set(&both[..1]), both.clone()),
            (set(&both), vec![one.clone()]),
            (set(&[one.clone(), one.clone()]), both.clone()),
            (set(&both), vec![one, id(3)]),
        ];
        for (row, (set, wanted)) in wrong.into_iter().enumerate() {
            assert!(
                matches!(assert_readers(&set, wanted), Err(SealError::ReadersDiffer)),
                "row {row}"
            );
        }
    }

    #[test]
    fn a_serial_without_octets_is_no_serial() {
        let empty = ReaderId {
            serial: Vec::new(),
            ..id(1)
        };
        let found = assert_readers(&set(std::slice::from_ref(&empty)), vec![empty.clone()]);
        assert!(matches!(found, Err(SealError::Unreadable(_))), "{found:?}");
    }
}
