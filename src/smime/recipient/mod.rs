//! `RecipientInfos` (RFC 5652 §6.2): the content key, encrypted for each reader.
//!
//! Each reader has a `RecipientInfo` of its own, also where several could share one: the readers that look at the first
//! key of a `KeyAgreeRecipientInfo` only then find theirs as well, and no ephemeral key serves two. The structures are
//! encoded here and not by the `cms` crate, because its `Name` sorts multi-valued RDNs anew: the issuer would no longer
//! be octet for octet that of the certificate, and a reader that compares octets would not find itself.

mod key_agreement;
mod key_encapsulation;
mod key_transport;
mod wrap;

use std::collections::BTreeSet;

use cms::content_info::CmsVersion;
use der::{
    Any, Decode as _, Encode as _, EncodeValue, Sequence, Tag, TagMode, TagNumber, Tagged,
    asn1::ContextSpecificRef,
};
use openssl::error::ErrorStack;

use super::{KeyManagement, check, cipher::ContentKey, error::SealError};
use crate::cert::{Capabilities, Certificate, Curve, EncryptionCertificate, MlKem, RsaPadding};

/// Which certificate a `RecipientInfo` is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId {
    /// The issuer's name in DER, octet for octet as in the certificate.
    pub issuer: Vec<u8>,
    /// The serial number: content octets of the INTEGER.
    pub serial: Vec<u8>,
}

/// `RecipientInfos` in DER, and the version that they ask of an `EnvelopedData` around them.
pub(super) struct RecipientInfos {
    pub(super) der: Vec<u8>,
    pub(super) version: CmsVersion,
}

/// RFC 5652 §10.2.4.
#[derive(Sequence)]
struct IssuerAndSerialNumber {
    issuer: Any,
    serial_number: Any,
}

/// A reader, how a `RecipientInfo` names it, and how the key gets there.
struct Reader<'a> {
    certificate: &'a Certificate,
    id: ReaderId,
    way: KeyManagement,
}

impl ReaderId {
    /// How a `RecipientInfo` names this certificate.
    pub fn of(certificate: &Certificate) -> Result<Self, ErrorStack> {
        Ok(Self {
            issuer: certificate.issuer_der()?,
            serial: certificate.serial(),
        })
    }

    fn structure(&self) -> Result<IssuerAndSerialNumber, der::Error> {
        Ok(IssuerAndSerialNumber {
            issuer: Any::from_der(&self.issuer)?,
            serial_number: Any::new(Tag::Integer, self.serial.as_slice())?,
        })
    }
}

impl RecipientInfos {
    /// Encrypts `key` for each of `readers` once, however often a certificate stands among them. `padding` is for RSA
    /// keys whose owner does not say that the better one is opened.
    pub(super) fn seal(
        key: &ContentKey,
        readers: &[&EncryptionCertificate],
        padding: RsaPadding,
    ) -> Result<Self, SealError> {
        let readers = distinct(readers, padding)?;
        let mut infos = Vec::with_capacity(readers.len());
        for reader in &readers {
            infos.push(reader.recipient_info(key)?);
        }
        // DER orders a SET OF by the octets of its members. BER would not ask for it, but it costs nothing.
        infos.sort_unstable();
        let der = Any::new(Tag::Set, infos.concat())
            .and_then(|set| set.to_der())
            .map_err(SealError::encoding("RecipientInfos"))?;
        let ways: Vec<_> = readers.iter().map(|r| r.way).collect();
        let wanted = readers.into_iter().map(|r| (r.id, r.way)).collect();
        assert_readers(&der, wanted)?;
        Ok(Self {
            der,
            version: version(&ways),
        })
    }
}

/// The version of an `EnvelopedData` that holds such `RecipientInfo`s (RFC 5652 §6.1).
fn version(ways: &[KeyManagement]) -> CmsVersion {
    use KeyManagement::{
        EcdhP256, EcdhP384, EcdhP521, MlKem768, MlKem1024, RsaOaepSha256, RsaPkcs1, X25519,
    };
    let versions = ways.iter().map(|way| match way {
        RsaPkcs1 | RsaOaepSha256 => CmsVersion::V0,
        EcdhP256 | EcdhP384 | EcdhP521 | X25519 => CmsVersion::V2,
        MlKem768 | MlKem1024 => CmsVersion::V3,
    });
    versions.max().unwrap_or(CmsVersion::V0)
}

impl Reader<'_> {
    /// The `RecipientInfo` in DER.
    fn recipient_info(&self, key: &ContentKey) -> Result<Vec<u8>, SealError> {
        use key_agreement::Scheme;
        let (id, way) = (&self.id, self.way);
        let public = self.certificate.x509().public_key();
        let public = &public.map_err(SealError::crypto("public key"))?;
        let transport = |padding| key_transport::recipient_info(padding, public, id, key);
        let agreement = |scheme| key_agreement::recipient_info(scheme, public, id, key);
        let encapsulation = |kem| key_encapsulation::recipient_info(kem, public, id, key);
        match way {
            KeyManagement::RsaPkcs1 => transport(RsaPadding::Pkcs1),
            KeyManagement::RsaOaepSha256 => transport(RsaPadding::OaepSha256),
            KeyManagement::EcdhP256 => agreement(Scheme::Ecdh(Curve::P256)),
            KeyManagement::EcdhP384 => agreement(Scheme::Ecdh(Curve::P384)),
            KeyManagement::EcdhP521 => agreement(Scheme::Ecdh(Curve::P521)),
            KeyManagement::X25519 => agreement(Scheme::X25519),
            KeyManagement::MlKem768 => encapsulation(MlKem::L768),
            KeyManagement::MlKem1024 => encapsulation(MlKem::L1024),
        }
    }
}

/// A value with an IMPLICIT tag in place of its own.
fn tagged<T: EncodeValue + Tagged>(number: u32, value: &T) -> Result<Vec<u8>, der::Error> {
    ContextSpecificRef {
        tag_number: TagNumber(number),
        tag_mode: TagMode::Implicit,
        value,
    }
    .to_der()
}

/// Each certificate once, with how it is named and how the key gets to it.
fn distinct<'a>(
    readers: &[&'a EncryptionCertificate],
    padding: RsaPadding,
) -> Result<Vec<Reader<'a>>, SealError> {
    let mut seen = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let mut found = Vec::with_capacity(readers.len());
    for reader in readers {
        let certificate = reader.certificate();
        if !seen.insert(certificate.sha256()) {
            continue;
        }
        let id = ReaderId::of(certificate).map_err(SealError::crypto("issuer"))?;
        if !ids.insert(id.clone()) {
            return Err(SealError::AmbiguousReaders);
        }
        let way = way(certificate, padding_for(reader, padding))?;
        found.push(Reader {
            certificate,
            id,
            way,
        });
    }
    if found.is_empty() {
        return Err(SealError::NoReaders);
    }
    Ok(found)
}

/// OAEP also where only the reader's capabilities name it.
fn padding_for(reader: &EncryptionCertificate, asked: RsaPadding) -> RsaPadding {
    let opens_oaep = reader
        .capabilities()
        .is_some_and(Capabilities::opens_oaep_sha256);
    if opens_oaep {
        RsaPadding::OaepSha256
    } else {
        asked
    }
}

fn way(certificate: &Certificate, padding: RsaPadding) -> Result<KeyManagement, SealError> {
    let key = &certificate.facts().key;
    KeyManagement::of(key, padding).ok_or_else(|| SealError::UnsupportedKey {
        certificate: certificate.sha256(),
        presented: key.to_string(),
    })
}

/// Reads the encoded set again, with the self-check's eyes, before the first octet of content is encrypted: the key was
/// given to exactly the readers that were asked for, to each in its way.
fn assert_readers(set: &[u8], mut wanted: Vec<(ReaderId, KeyManagement)>) -> Result<(), SealError> {
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
    use openssl::{asn1::Asn1Time, bn::BigNum, hash::MessageDigest, pkey::PKey, x509::X509};

    use super::*;

    fn id(serial: u8) -> ReaderId {
        ReaderId {
            issuer: vec![0x30, 0],
            serial: vec![serial],
        }
    }

    const PKCS1: KeyManagement = KeyManagement::RsaPkcs1;

    fn set(ids: &[ReaderId]) -> Vec<u8> {
        let infos: Vec<Vec<u8>> = ids
            .iter()
            .map(|id| key_transport::structure(RsaPadding::Pkcs1, id, vec![1; 256]).unwrap())
            .collect();
        Any::new(Tag::Set, infos.concat())
            .and_then(|set| set.to_der())
            .unwrap()
    }

    fn all(ids: &[ReaderId]) -> Vec<(ReaderId, KeyManagement)> {
        ids.iter().map(|id| (id.clone(), PKCS1)).collect()
    }

    #[test]
    fn a_key_without_a_way_to_it_is_refused() {
        let key = PKey::ec_gen("brainpoolP256r1").unwrap();
        let mut x509 = X509::builder().unwrap();
        x509.set_version(2).unwrap();
        let serial = BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap();
        x509.set_serial_number(&serial).unwrap();
        x509.set_not_before(&Asn1Time::from_str("20260101000000Z").unwrap())
            .unwrap();
        x509.set_not_after(&Asn1Time::from_str("20270101000000Z").unwrap())
            .unwrap();
        x509.set_pubkey(&key).unwrap();
        x509.sign(&key, MessageDigest::sha256()).unwrap();
        let certificate = Certificate::from_der(&x509.build().to_der().unwrap()).unwrap();
        let found = way(&certificate, RsaPadding::Pkcs1).err();
        assert!(matches!(found, Some(SealError::UnsupportedKey { .. })));
    }

    #[test]
    fn a_set_that_names_other_readers_than_asked_for_is_never_used() {
        let (one, two) = (id(1), id(2));
        let both = vec![one.clone(), two.clone()];
        assert!(assert_readers(&set(&both), all(&[two.clone(), one.clone()])).is_ok());
        let another_way = vec![(one.clone(), PKCS1), (two, KeyManagement::RsaOaepSha256)];
        let wrong = [
            (set(&both[..1]), all(&both)),
            (set(&both), all(&both[..1])),
            (set(&both), all(&[one, id(3)])),
            (set(&both), another_way),
        ];
        for (row, (set, wanted)) in wrong.into_iter().enumerate() {
            assert!(
                matches!(assert_readers(&set, wanted), Err(SealError::ReadersDiffer)),
                "row {row}"
            );
        }
    }

    #[test]
    fn a_set_that_cannot_be_read_again_is_never_used() {
        let twice = assert_readers(&set(&[id(1), id(1)]), all(&[id(1), id(2)]));
        assert!(matches!(twice, Err(SealError::Unreadable(_))), "{twice:?}");
        let empty = ReaderId {
            serial: Vec::new(),
            ..id(1)
        };
        let empty = [empty];
        let found = assert_readers(&set(&empty), all(&empty));
        assert!(matches!(found, Err(SealError::Unreadable(_))), "{found:?}");
    }

    #[test]
    fn the_version_is_that_of_the_most_recent_kind_of_reader() {
        use KeyManagement::{EcdhP384, MlKem768, RsaOaepSha256, RsaPkcs1, X25519};
        let rows: [(&[KeyManagement], CmsVersion); 5] = [
            (&[RsaPkcs1, RsaOaepSha256], CmsVersion::V0),
            (&[RsaPkcs1, X25519], CmsVersion::V2),
            (&[EcdhP384], CmsVersion::V2),
            (&[MlKem768, X25519, RsaPkcs1], CmsVersion::V3),
            (&[], CmsVersion::V0),
        ];
        for (ways, wanted) in rows {
            assert_eq!(version(ways), wanted, "{ways:?}");
        }
    }
}
