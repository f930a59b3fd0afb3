//! `KEMRecipientInfo` (RFC 9629) for ML-KEM (RFC 9936): a secret is encapsulated for the reader, and what is derived from
//! it wraps the content key.

use cms::content_info::CmsVersion;
use const_oid::ObjectIdentifier;
use der::{Encode as _, Sequence, asn1::OctetString};
use openssl::{
    error::ErrorStack,
    pkey::{PKeyRef, Public},
};
use x509_cert::AlgorithmIdentifier;

use super::{IssuerAndSerialNumber, ReaderId, wrap};
use crate::{
    cert::{Encapsulated, MlKem, encapsulate},
    smime::{cipher::ContentKey, error::SealError},
};

/// RFC 9629 §3.
const ID_ORI_KEM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.13.3");
/// RFC 8619 §2.
const HKDF_WITH_SHA256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.3.28");
/// RFC 9936 §4.
const ML_KEM_768: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.2");
const ML_KEM_1024: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.3");

/// Octets of the key-encryption key, as the structures say it.
const KEK_LENGTH: u16 = 32;

/// RFC 5652 §6.2.5.
#[derive(Sequence)]
struct OtherRecipientInfo {
    ori_type: ObjectIdentifier,
    ori_value: KemRecipientInfo,
}

/// RFC 9629 §3, without ukm.
#[derive(Sequence)]
struct KemRecipientInfo {
    version: CmsVersion,
    rid: IssuerAndSerialNumber,
    kem: AlgorithmIdentifier,
    kemct: OctetString,
    kdf: AlgorithmIdentifier,
    kek_length: u16,
    wrap: AlgorithmIdentifier,
    encrypted_key: OctetString,
}

/// CMSORIforKEMOtherInfo (RFC 9629 §5), without ukm.
#[derive(Sequence)]
struct OtherInfo {
    wrap: AlgorithmIdentifier,
    kek_length: u16,
}

/// The `RecipientInfo` in DER.
pub(super) fn recipient_info(
    kem: MlKem,
    public: &PKeyRef<Public>,
    id: &ReaderId,
    key: &ContentKey,
) -> Result<Vec<u8>, SealError> {
    let made = |e: ErrorStack| SealError::crypto("encapsulating a key")(e);
    let encoded = |e: der::Error| SealError::encoding("KEMRecipientInfo")(e);
    let Encapsulated { secret, ciphertext } = encapsulate(public).map_err(made)?;
    let info = OtherInfo {
        wrap: wrap::algorithm(),
        kek_length: KEK_LENGTH,
    };
    let info = info.to_der().map_err(encoded)?;
    // The salt is empty (RFC 9936 §2.2.2).
    let wrapping = wrap::hkdf_sha256(&secret, &info).map_err(made)?;
    let encrypted = wrap::wrap(&wrapping, key).map_err(made)?;
    structure(kem, id, ciphertext, encrypted).map_err(encoded)
}

fn structure(
    kem: MlKem,
    id: &ReaderId,
    ciphertext: Vec<u8>,
    encrypted: Vec<u8>,
) -> Result<Vec<u8>, der::Error> {
    let kem = match kem {
        MlKem::L768 => ML_KEM_768,
        MlKem::L1024 => ML_KEM_1024,
    };
    let bare = |oid| AlgorithmIdentifier {
        oid,
        parameters: None,
    };
    let info = OtherRecipientInfo {
        ori_type: ID_ORI_KEM,
        ori_value: KemRecipientInfo {
            version: CmsVersion::V0,
            rid: id.structure()?,
            kem: bare(kem),
            kemct: OctetString::new(ciphertext)?,
            kdf: bare(HKDF_WITH_SHA256),
            kek_length: KEK_LENGTH,
            wrap: wrap::algorithm(),
            encrypted_key: OctetString::new(encrypted)?,
        },
    };
    // ori [4] IMPLICIT.
    super::tagged(4, &info)
}
