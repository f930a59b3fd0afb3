//! `ContentInfo` with `EnvelopedData` (RFC 5652 §3, §6) or `AuthEnvelopedData` (RFC 5083), as this version writes them and
//! no otherwise.

use std::io::BufRead;

use super::{
    ber::{
        Ber, CONTEXT_0, CONTEXT_1, CONTEXT_2, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING,
        PRIMITIVE_0, SEQUENCE,
    },
    error::SelfCheckError,
    recipients,
};
use crate::{
    cert::ContentCipher,
    smime::{KeyManagement, ReaderId},
};

/// 1.2.840.113549.1.7.3
const ENVELOPED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
/// 1.2.840.113549.1.9.16.1.23
const AUTH_ENVELOPED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17";
/// 1.2.840.113549.1.7.1
const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// 2.16.840.1.101.3.4.1.42
const AES256_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
/// 2.16.840.1.101.3.4.1.46
const AES256_GCM: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2e";

const AES_BLOCK: usize = 16;
const GCM_NONCE: usize = 12;
const GCM_MAC: u8 = 16;
/// Content octets of a small value at most: an OID, a vector.
const SMALL: u64 = 128;

/// What stands in an `EnvelopedData` or `AuthEnvelopedData`.
pub(super) struct Enveloped {
    pub(super) readers: Vec<(ReaderId, KeyManagement)>,
    pub(super) cipher: ContentCipher,
    pub(super) content_octets: u64,
}

/// Reads a `ContentInfo` with content of this cipher, and that nothing follows it.
pub(super) fn read(
    octets: impl BufRead,
    cipher: ContentCipher,
) -> Result<Enveloped, SelfCheckError> {
    let mut ber = Ber::new(octets);
    let content_info = ber.open(SEQUENCE, "ContentInfo")?;
    let (wanted, expected) = match cipher {
        ContentCipher::Aes256Cbc => (ENVELOPED_DATA, "id-envelopedData"),
        ContentCipher::Aes256Gcm => (AUTH_ENVELOPED_DATA, "id-ct-authEnvelopedData"),
    };
    content_type(&mut ber, wanted, expected)?;
    let content = ber.open(CONTEXT_0, "content")?;
    let enveloped_data = ber.open(SEQUENCE, "EnvelopedData")?;
    let version = ber.any_version()?;
    if ber.peek()? == Some(CONTEXT_0) {
        return Err(SelfCheckError::OriginatorInfo);
    }
    let readers = recipients::read(&mut ber)?;
    let expected = match cipher {
        ContentCipher::Aes256Cbc => recipients::enveloped_version(&readers),
        ContentCipher::Aes256Gcm => 0,
    };
    if version != expected {
        return Err(SelfCheckError::Version {
            structure: "EnvelopedData",
            expected,
            presented: version,
        });
    }
    let encrypted = ber.open(SEQUENCE, "EncryptedContentInfo")?;
    content_type(&mut ber, DATA, "id-data")?;
    content_cipher(&mut ber, cipher)?;
    let content_octets = encrypted_content(&mut ber, cipher)?;
    ber.close(encrypted)?;
    if cipher == ContentCipher::Aes256Gcm {
        mac(&mut ber)?;
    }
    if matches!(ber.peek()?, Some(CONTEXT_1 | CONTEXT_2)) {
        return Err(SelfCheckError::Attributes);
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
pub(super) fn read_readers(set: &[u8]) -> Result<Vec<(ReaderId, KeyManagement)>, SelfCheckError> {
    let mut ber = Ber::new(set);
    let readers = recipients::read(&mut ber)?;
    ber.finish()?;
    Ok(readers)
}

fn content_cipher(
    ber: &mut Ber<impl BufRead>,
    cipher: ContentCipher,
) -> Result<(), SelfCheckError> {
    let algorithm = ber.open(SEQUENCE, "an algorithm")?;
    let oid = ber.primitive(OBJECT_IDENTIFIER, SMALL, "an algorithm")?;
    match cipher {
        ContentCipher::Aes256Cbc => {
            if oid != AES256_CBC {
                return Err(SelfCheckError::Cipher);
            }
            if ber.primitive(OCTET_STRING, SMALL, "a vector")?.len() != AES_BLOCK {
                return Err(SelfCheckError::Cipher);
            }
        }
        ContentCipher::Aes256Gcm => {
            if oid != AES256_GCM {
                return Err(SelfCheckError::Cipher);
            }
            let parameters = ber.open(SEQUENCE, "GCMParameters")?;
            let nonce = ber.primitive(OCTET_STRING, SMALL, "a nonce")?;
            // Absent, it would say 12 (RFC 5084 §3.2).
            let length = ber.primitive(INTEGER, 1, "the length of the mac")?;
            if nonce.len() != GCM_NONCE || length != [GCM_MAC] {
                return Err(SelfCheckError::Cipher);
            }
            ber.close(parameters)?;
        }
    }
    ber.close(algorithm)
}

/// Passes over the encrypted content, in one piece or in OCTET STRINGs. Returns how many octets it has.
fn encrypted_content(
    ber: &mut Ber<impl BufRead>,
    cipher: ContentCipher,
) -> Result<u64, SelfCheckError> {
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
    let fits = match cipher {
        ContentCipher::Aes256Cbc => octets % AES_BLOCK as u64 == 0,
        ContentCipher::Aes256Gcm => true,
    };
    // No message of ours is empty: its entity has a header at least.
    if octets == 0 || !fits {
        return Err(SelfCheckError::Content { octets });
    }
    Ok(octets)
}

fn mac(ber: &mut Ber<impl BufRead>) -> Result<(), SelfCheckError> {
    if ber.peek()? == Some(CONTEXT_1) {
        // authAttrs, which only content other than id-data needs (RFC 5083 §2.1).
        return Err(SelfCheckError::Attributes);
    }
    let octets = ber.primitive(OCTET_STRING, SMALL, "a mac")?.len();
    if octets == usize::from(GCM_MAC) {
        Ok(())
    } else {
        Err(SelfCheckError::Mac { octets })
    }
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
