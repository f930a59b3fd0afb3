//! `KeyTransRecipientInfo` (RFC 5652 §6.2.1): the content key, encrypted with the reader's RSA key.

use cms::content_info::CmsVersion;
use const_oid::ObjectIdentifier;
use der::{Any, Encode as _, Sequence, asn1::OctetString};
use openssl::{
    encrypt::Encrypter,
    error::ErrorStack,
    hash::MessageDigest,
    pkey::{PKeyRef, Public},
    rsa::Padding,
};
use x509_cert::AlgorithmIdentifier;

use super::{IssuerAndSerialNumber, ReaderId};
use crate::{
    cert::RsaPadding,
    smime::{cipher::ContentKey, error::SealError},
};

/// RFC 8017 A.1.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// RFC 8017 A.2.1.
const ID_RSAES_OAEP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.7");
const ID_MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const ID_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// RFC 5652 §6.2.1, with the reader named by issuer and serial number.
#[derive(Sequence)]
struct KeyTransRecipientInfo {
    version: CmsVersion,
    rid: IssuerAndSerialNumber,
    key_encryption_algorithm: AlgorithmIdentifier,
    encrypted_key: OctetString,
}

/// RFC 8017 A.2.1, without a label.
#[derive(Sequence)]
struct OaepParams {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    hash: AlgorithmIdentifier,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT")]
    mask: AlgorithmIdentifier,
}

/// The `RecipientInfo` in DER.
pub(super) fn recipient_info(
    padding: RsaPadding,
    public: &PKeyRef<Public>,
    id: &ReaderId,
    key: &ContentKey,
) -> Result<Vec<u8>, SealError> {
    let encrypted = encrypt(padding, public, key.as_bytes())
        .map_err(SealError::crypto("encrypting the content key"))?;
    structure(padding, id, encrypted).map_err(SealError::encoding("KeyTransRecipientInfo"))
}

fn encrypt(
    padding: RsaPadding,
    public: &PKeyRef<Public>,
    key: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let mut rsa = Encrypter::new(public)?;
    match padding {
        RsaPadding::Pkcs1 => rsa.set_rsa_padding(Padding::PKCS1)?,
        RsaPadding::OaepSha256 => {
            rsa.set_rsa_padding(Padding::PKCS1_OAEP)?;
            rsa.set_rsa_oaep_md(MessageDigest::sha256())?;
            rsa.set_rsa_mgf1_md(MessageDigest::sha256())?;
        }
    }
    let mut encrypted = vec![0; rsa.encrypt_len(key)?];
    let octets = rsa.encrypt(key, &mut encrypted)?;
    encrypted.truncate(octets);
    Ok(encrypted)
}

pub(super) fn structure(
    padding: RsaPadding,
    id: &ReaderId,
    encrypted: Vec<u8>,
) -> Result<Vec<u8>, der::Error> {
    KeyTransRecipientInfo {
        version: CmsVersion::V0,
        rid: id.structure()?,
        key_encryption_algorithm: algorithm(padding)?,
        encrypted_key: OctetString::new(encrypted)?,
    }
    .to_der()
}

fn algorithm(padding: RsaPadding) -> Result<AlgorithmIdentifier, der::Error> {
    if padding == RsaPadding::Pkcs1 {
        return Ok(with(RSA_ENCRYPTION, Any::null()));
    }
    // RFC 4055 §2.1: in these parameters SHA-256 stands with NULL.
    let sha256 = with(ID_SHA256, Any::null());
    let parameters = OaepParams {
        mask: with(ID_MGF1, Any::encode_from(&sha256)?),
        hash: sha256,
    };
    Ok(with(ID_RSAES_OAEP, Any::encode_from(&parameters)?))
}

fn with(oid: ObjectIdentifier, parameters: Any) -> AlgorithmIdentifier {
    AlgorithmIdentifier {
        oid,
        parameters: Some(parameters),
    }
}
