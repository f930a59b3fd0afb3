//! `ContentInfo` with `EnvelopedData` (RFC 5652 §3, §6), as this version writes it and no otherwise.

use std::io::BufRead;

use super::{
    ber::{
        Ber, CONTEXT_0, CONTEXT_1, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, PRIMITIVE_0, SEQUENCE,
        SET,
    },
    error::SelfCheckError,
};
use crate::smime::{ContentCipher, ReaderId};

/// 1.2.840.113549.1.7.3
const ENVELOPED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
/// 1.2.840.113549.1.7.1
const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// 2.16.840.1.101.3.4.1.42
const AES256_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
/// rsaEncryption (1.2.840.113549.1.1.1) with NULL: the content of the `AlgorithmIdentifier`.
const RSA_PKCS1: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

const AES_BLOCK: usize = 16;
/// Content octets of a small value at most: an OID, an algorithm.
const SMALL: u64 = 128;
/// Octets of an issuer's name at most: no more than of a certificate.
const NAME: u64 = 1 << 20;
/// Octets of a serial number at most. RFC 5280 allows 20, and some issuers add the octet of the sign.
const SERIAL: u64 = 21;
/// Octets of a key encrypted by RSA with 2048 to 16384 bits (RFC 8551 §4.4).
const ENCRYPTED_KEY: std::ops::RangeInclusive<usize> = 256..=2048;

/// What stands in an `EnvelopedData`.
pub(super) struct Enveloped {
    pub(super) readers: Vec<ReaderId>,
    pub(super) cipher: ContentCipher,
    pub(super) content_octets: u64,
}

/// Reads a `ContentInfo`, and that nothing follows it.
pub(super) fn read(octets: impl BufRead) -> Result<Enveloped, SelfCheckError> {
    let mut ber = Ber::new(octets);
    let content_info = ber.open(SEQUENCE, "ContentInfo")?;
    content_type(&mut ber, ENVELOPED_DATA, "id-envelopedData")?;
    let content = ber.open(CONTEXT_0, "content")?;
    let enveloped_data = ber.open(SEQUENCE, "EnvelopedData")?;
    version_0(&mut ber, "EnvelopedData")?;
    if ber.peek()? == Some(CONTEXT_0) {
        return Err(SelfCheckError::OriginatorInfo);
    }
    let readers = recipient_infos(&mut ber)?;
    let encrypted = ber.open(SEQUENCE, "EncryptedContentInfo")?;
    content_type(&mut ber, DATA, "id-data")?;
    let cipher = content_cipher(&mut ber)?;
    let content_octets = encrypted_content(&mut ber)?;
    ber.close(encrypted)?;
    if ber.peek()? == Some(CONTEXT_1) {
        return Err(SelfCheckError::UnprotectedAttributes);
    }
    ber.close(enveloped_data)?;
    ber.close(content)?;
    ber.close(content_info)?;
    ber.finish()?;
    Ok(Enveloped {
        readers,
        cipher,
        content_octets,
    })
}

/// Reads `RecipientInfos` alone.
pub(super) fn read_readers(set: &[u8]) -> Result<Vec<ReaderId>, SelfCheckError> {
    let mut ber = Ber::new(set);
    let readers = recipient_infos(&mut ber)?;
    ber.finish()?;
    Ok(readers)
}

fn recipient_infos(ber: &mut Ber<impl BufRead>) -> Result<Vec<ReaderId>, SelfCheckError> {
    let set = ber.open(SET, "RecipientInfos")?;
    let mut readers = Vec::new();
    let mut seen = std::collections::HashSet::new();
    while !ber.is_at_end(&set)? {
        let reader = key_transport(ber)?;
        if !seen.insert(reader.clone()) {
            return Err(SelfCheckError::DuplicateReader);
        }
        readers.push(reader);
    }
    ber.close(set)?;
    if readers.is_empty() {
        return Err(SelfCheckError::NoReaders);
    }
    Ok(readers)
}

/// `KeyTransRecipientInfo` (RFC 5652 §6.2.1).
fn key_transport(ber: &mut Ber<impl BufRead>) -> Result<ReaderId, SelfCheckError> {
    if let Some(tag) = ber.peek()?.filter(|tag| *tag != SEQUENCE) {
        return Err(SelfCheckError::RecipientKind { tag });
    }
    let info = ber.open(SEQUENCE, "KeyTransRecipientInfo")?;
    version_0(ber, "KeyTransRecipientInfo")?;
    let rid = ber.open(SEQUENCE, "IssuerAndSerialNumber")?;
    let issuer = ber.element(SEQUENCE, NAME, "an issuer")?;
    let serial = ber.primitive(INTEGER, SERIAL, "a serial number")?;
    if serial.is_empty() {
        return Err(ber.wrong("a serial number before it"));
    }
    ber.close(rid)?;
    if ber.primitive(SEQUENCE, SMALL, "an algorithm")? != RSA_PKCS1 {
        return Err(SelfCheckError::KeyTransport);
    }
    let most = *ENCRYPTED_KEY.end() as u64;
    let octets = ber.primitive(OCTET_STRING, most, "an encrypted key")?.len();
    if !ENCRYPTED_KEY.contains(&octets) {
        return Err(SelfCheckError::EncryptedKey { octets });
    }
    ber.close(info)?;
    Ok(ReaderId { issuer, serial })
}

fn content_cipher(ber: &mut Ber<impl BufRead>) -> Result<ContentCipher, SelfCheckError> {
    let algorithm = ber.open(SEQUENCE, "an algorithm")?;
    if ber.primitive(OBJECT_IDENTIFIER, SMALL, "an algorithm")? != AES256_CBC {
        return Err(SelfCheckError::Cipher);
    }
    if ber.primitive(OCTET_STRING, SMALL, "a vector")?.len() != AES_BLOCK {
        return Err(SelfCheckError::Cipher);
    }
    ber.close(algorithm)?;
    Ok(ContentCipher::Aes256Cbc)
}

/// Passes over the encrypted content, in one piece or in OCTET STRINGs. Returns how many octets it has.
fn encrypted_content(ber: &mut Ber<impl BufRead>) -> Result<u64, SelfCheckError> {
    let octets = if ber.peek()? == Some(PRIMITIVE_0) {
        ber.skip(PRIMITIVE_0, "encrypted content")?
    } else {
        let content = ber.open(CONTEXT_0, "encrypted content")?;
        let mut octets = 0;
        while !ber.is_at_end(&content)? {
            octets += ber.skip(OCTET_STRING, "encrypted content")?;
        }
        ber.close(content)?;
        octets
    };
    if octets == 0 || octets % AES_BLOCK as u64 != 0 {
        return Err(SelfCheckError::Content { octets });
    }
    Ok(octets)
}

fn content_type(
    ber: &mut Ber<impl BufRead>,
    wanted: &[u8],
    expected: &'static str,
) -> Result<(), SelfCheckError> {
    if ber.primitive(OBJECT_IDENTIFIER, SMALL, "a content type")? == wanted {
        Ok(())
    } else {
        Err(SelfCheckError::ContentType { expected })
    }
}

fn version_0(ber: &mut Ber<impl BufRead>, structure: &'static str) -> Result<(), SelfCheckError> {
    match ber.primitive(INTEGER, 1, "a version")?.as_slice() {
        [0] => Ok(()),
        [presented] => Err(SelfCheckError::Version {
            structure,
            presented: *presented,
        }),
        _ => Err(ber.wrong("a version before it")),
    }
}
