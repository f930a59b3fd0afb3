//! `RecipientInfos` (RFC 5652 §6.2), as this version writes them and no otherwise: each reader in one of its own, named by
//! issuer and serial number.

use std::io::BufRead;

use super::{
    ber::{
        BIT_STRING, Ber, CONTEXT_0, CONTEXT_1, CONTEXT_4, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING,
        SEQUENCE, SET,
    },
    error::SelfCheckError,
};
use crate::smime::{KeyManagement, ReaderId};

/// rsaEncryption (1.2.840.113549.1.1.1) with NULL: the content of the `AlgorithmIdentifier`.
const RSA_PKCS1: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
/// id-RSAES-OAEP (1.2.840.113549.1.1.7) with SHA-256 and MGF1 with SHA-256, each with NULL, and without a label.
const RSA_OAEP_SHA256: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07\x30\x2f\
    \xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\
    \xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\
    \x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
/// id-aes256-wrap (2.16.840.1.101.3.4.1.45), without parameters.
const AES256_WRAP: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2d";
/// id-ecPublicKey (1.2.840.10045.2.1), without parameters.
const EC_PUBLIC_KEY: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";
/// id-X25519 (1.3.101.110), without parameters.
const X25519: &[u8] = b"\x06\x03\x2b\x65\x6e";
/// dhSinglePass-stdDH-sha256kdf-scheme (1.3.132.1.11.1), and with sha384 and sha512.
const SHA256_KDF: &[u8] = b"\x2b\x81\x04\x01\x0b\x01";
const SHA384_KDF: &[u8] = b"\x2b\x81\x04\x01\x0b\x02";
const SHA512_KDF: &[u8] = b"\x2b\x81\x04\x01\x0b\x03";
/// dhSinglePass-stdDH-hkdf-sha256-scheme (1.2.840.113549.1.9.16.3.19).
const HKDF_SHA256_SCHEME: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x13";
/// id-ori-kem (1.2.840.113549.1.9.16.13.3).
const ORI_KEM: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x0d\x03";
/// id-alg-ml-kem-768 and -1024 (2.16.840.1.101.3.4.4.2 and .3), without parameters.
const ML_KEM_768: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x04\x02";
const ML_KEM_1024: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x04\x03";
/// id-alg-hkdf-with-sha256 (1.2.840.113549.1.9.16.3.28), without parameters.
const HKDF_SHA256: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x1c";

/// Content octets of a small value at most: an OID, an algorithm, a point of a curve and the octet before it.
const SMALL: u64 = 136;
/// Octets of an issuer's name at most: no more than of a certificate.
const NAME: u64 = 1 << 20;
/// Octets of a serial number at most. RFC 5280 allows 20, and some issuers add the octet of the sign.
const SERIAL: u64 = 21;
/// Octets of a key encrypted by RSA with 2048 to 16384 bits (RFC 8551 §4.4).
const BY_RSA: std::ops::RangeInclusive<usize> = 256..=2048;
/// Octets of an AES-256 key in AES key wrap (RFC 3394).
const WRAPPED: usize = 40;
/// Octets of the largest ciphertext of ML-KEM (FIPS 203 §8).
const CIPHERTEXT: u64 = 1568;

/// Whom the `RecipientInfos` name, and how the content key gets there.
pub(super) fn read(
    ber: &mut Ber<impl BufRead>,
) -> Result<Vec<(ReaderId, KeyManagement)>, SelfCheckError> {
    let set = ber.open(SET, "RecipientInfos")?;
    let mut readers = Vec::new();
    let mut seen = std::collections::HashSet::new();
    while !ber.is_at_end(&set)? {
        let (reader, way) = match ber.peek()? {
            Some(SEQUENCE) => key_transport(ber)?,
            Some(CONTEXT_1) => key_agreement(ber)?,
            Some(CONTEXT_4) => key_encapsulation(ber)?,
            Some(tag) => return Err(SelfCheckError::RecipientKind { tag }),
            None => return Err(ber.wrong("a RecipientInfo")),
        };
        if !seen.insert(reader.clone()) {
            return Err(SelfCheckError::DuplicateReader);
        }
        readers.push((reader, way));
    }
    ber.close(set)?;
    if readers.is_empty() {
        return Err(SelfCheckError::NoReaders);
    }
    Ok(readers)
}

/// The version that an `EnvelopedData` with these readers has (RFC 5652 §6.1).
pub(super) fn enveloped_version(readers: &[(ReaderId, KeyManagement)]) -> u8 {
    let of = |way: KeyManagement| match way {
        KeyManagement::RsaPkcs1 | KeyManagement::RsaOaepSha256 => 0,
        KeyManagement::MlKem768 | KeyManagement::MlKem1024 => 3,
        KeyManagement::EcdhP256
        | KeyManagement::EcdhP384
        | KeyManagement::EcdhP521
        | KeyManagement::X25519 => 2,
    };
    readers.iter().map(|(_, way)| of(*way)).max().unwrap_or(0)
}

/// `KeyTransRecipientInfo` (RFC 5652 §6.2.1).
fn key_transport(ber: &mut Ber<impl BufRead>) -> Result<(ReaderId, KeyManagement), SelfCheckError> {
    let info = ber.open(SEQUENCE, "KeyTransRecipientInfo")?;
    ber.version(0, "KeyTransRecipientInfo")?;
    let reader = reader(ber)?;
    let algorithm = ber.primitive(SEQUENCE, SMALL, "an algorithm")?;
    let way = if algorithm == RSA_PKCS1 {
        KeyManagement::RsaPkcs1
    } else if algorithm == RSA_OAEP_SHA256 {
        KeyManagement::RsaOaepSha256
    } else {
        return Err(SelfCheckError::KeyTransport);
    };
    encrypted_key(ber, BY_RSA)?;
    ber.close(info)?;
    Ok((reader, way))
}

/// `KeyAgreeRecipientInfo` (RFC 5652 §6.2.2) with an ephemeral key, without ukm, for one reader.
fn key_agreement(ber: &mut Ber<impl BufRead>) -> Result<(ReaderId, KeyManagement), SelfCheckError> {
    let info = ber.open(CONTEXT_1, "KeyAgreeRecipientInfo")?;
    ber.version(3, "KeyAgreeRecipientInfo")?;
    let originator = ber.open(CONTEXT_0, "an originator")?;
    let key = ber.open(CONTEXT_1, "an originatorKey")?;
    let algorithm = ber.primitive(SEQUENCE, SMALL, "an algorithm")?;
    let public = ber.primitive(BIT_STRING, SMALL, "an ephemeral key")?;
    ber.close(key)?;
    ber.close(originator)?;
    let key_encryption = ber.open(SEQUENCE, "an algorithm")?;
    let scheme = ber.primitive(OBJECT_IDENTIFIER, SMALL, "a key agreement")?;
    let wrap = ber.primitive(SEQUENCE, SMALL, "a key wrap")?;
    ber.close(key_encryption)?;
    let way = agreement(&algorithm, &public, &scheme);
    let way = way.filter(|_| wrap == AES256_WRAP);
    let way = way.ok_or(SelfCheckError::KeyAgreement)?;
    let keys = ber.open(SEQUENCE, "RecipientEncryptedKeys")?;
    let one = ber.open(SEQUENCE, "RecipientEncryptedKey")?;
    let reader = reader(ber)?;
    encrypted_key(ber, WRAPPED..=WRAPPED)?;
    ber.close(one)?;
    ber.close(keys)?;
    ber.close(info)?;
    Ok((reader, way))
}

/// The way that these three belong to: an uncompressed point (SEC 1 §2.3.3) or a key of X25519, with no unused bits.
fn agreement(algorithm: &[u8], public: &[u8], scheme: &[u8]) -> Option<KeyManagement> {
    let [0, public @ ..] = public else {
        return None;
    };
    if algorithm == X25519 {
        let fits = public.len() == 32 && public.iter().any(|b| *b != 0);
        return (fits && scheme == HKDF_SHA256_SCHEME).then_some(KeyManagement::X25519);
    }
    if algorithm != EC_PUBLIC_KEY || public.first() != Some(&4) {
        return None;
    }
    match public.len() {
        65 if scheme == SHA256_KDF => Some(KeyManagement::EcdhP256),
        97 if scheme == SHA384_KDF => Some(KeyManagement::EcdhP384),
        133 if scheme == SHA512_KDF => Some(KeyManagement::EcdhP521),
        _ => None,
    }
}

/// `OtherRecipientInfo` with a `KEMRecipientInfo` (RFC 9629 §3), without ukm.
fn key_encapsulation(
    ber: &mut Ber<impl BufRead>,
) -> Result<(ReaderId, KeyManagement), SelfCheckError> {
    let other = ber.open(CONTEXT_4, "OtherRecipientInfo")?;
    if ber.primitive(OBJECT_IDENTIFIER, SMALL, "a kind of RecipientInfo")? != ORI_KEM {
        return Err(SelfCheckError::KeyEncapsulation);
    }
    let info = ber.open(SEQUENCE, "KEMRecipientInfo")?;
    ber.version(0, "KEMRecipientInfo")?;
    let reader = reader(ber)?;
    let kem = ber.primitive(SEQUENCE, SMALL, "a KEM")?;
    let octets = ber
        .primitive(OCTET_STRING, CIPHERTEXT, "a ciphertext")?
        .len();
    let kdf = ber.primitive(SEQUENCE, SMALL, "a KDF")?;
    let kek_length = ber.primitive(INTEGER, 1, "a length of a key")?;
    let wrap = ber.primitive(SEQUENCE, SMALL, "a key wrap")?;
    let way = match octets {
        1088 if kem == ML_KEM_768 => Some(KeyManagement::MlKem768),
        1568 if kem == ML_KEM_1024 => Some(KeyManagement::MlKem1024),
        _ => None,
    };
    let way = way.filter(|_| kdf == HKDF_SHA256 && kek_length == [32] && wrap == AES256_WRAP);
    let way = way.ok_or(SelfCheckError::KeyEncapsulation)?;
    encrypted_key(ber, WRAPPED..=WRAPPED)?;
    ber.close(info)?;
    ber.close(other)?;
    Ok((reader, way))
}

fn reader(ber: &mut Ber<impl BufRead>) -> Result<ReaderId, SelfCheckError> {
    let rid = ber.open(SEQUENCE, "IssuerAndSerialNumber")?;
    let issuer = ber.element(SEQUENCE, NAME, "an issuer")?;
    let serial = ber.primitive(INTEGER, SERIAL, "a serial number")?;
    if serial.is_empty() {
        return Err(ber.wrong("a serial number before it"));
    }
    ber.close(rid)?;
    Ok(ReaderId { issuer, serial })
}

fn encrypted_key(
    ber: &mut Ber<impl BufRead>,
    wanted: std::ops::RangeInclusive<usize>,
) -> Result<(), SelfCheckError> {
    let most = *wanted.end() as u64;
    let octets = ber.primitive(OCTET_STRING, most, "an encrypted key")?.len();
    if wanted.contains(&octets) {
        Ok(())
    } else {
        Err(SelfCheckError::EncryptedKey { octets })
    }
}
