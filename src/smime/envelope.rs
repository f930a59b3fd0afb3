//! `EnvelopedData` (RFC 5652 §6) and `AuthEnvelopedData` (RFC 5083) as a BER stream: content of any length in one pass
//! and constant memory.
//!
//! The outer structures have indefinite lengths and the encrypted content is a row of OCTET STRINGs, as every other
//! streaming writer does it; what has a length beforehand (`RecipientInfos`, algorithm) is DER.

use std::io::Write;

use cms::content_info::CmsVersion;
use const_oid::ObjectIdentifier;
use der::Encode as _;

use super::{
    cipher::{self, Encryption},
    error::SealError,
    pipeline::{self, put_octets},
    recipient::RecipientInfos,
};
use crate::cert::{EncryptionCertificate, SealingRules};

/// RFC 5652 §4.
const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

const SEQUENCE: [u8; 2] = [0x30, 0x80];
/// `[0]`, constructed: `ContentInfo`'s explicit content, and the encrypted content in parts.
const CONTEXT_0: [u8; 2] = [0xA0, 0x80];
/// Ends the innermost open structure.
const END: [u8; 2] = [0, 0];

/// Encrypts what `content` writes, so that exactly `readers` can open it. Each certificate counts once. Everything that
/// can fail for a reader fails before any content. Where something fails, what was written has no end, and no program
/// opens it.
pub fn envelop<W: Write + Send, E: From<SealError>>(
    mut out: W,
    readers: &[&EncryptionCertificate],
    rules: SealingRules,
    content: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<W, E> {
    let (head, encryption) = begin(readers, rules)?;
    out.write_all(&head).map_err(SealError::from_write)?;
    let (mut out, mac) = pipeline::encrypt(encryption, out, content)?;
    let mut end = || {
        // Encrypted content, EncryptedContentInfo; then EnvelopedData, ContentInfo's content, ContentInfo.
        out.write_all(&[END; 2].concat())?;
        put_octets(&mut out, &mac)?;
        out.write_all(&[END; 3].concat())
    };
    end().map_err(SealError::from_write)?;
    Ok(out)
}

/// What stands before the encrypted content, and what encrypts it.
fn begin(
    readers: &[&EncryptionCertificate],
    rules: SealingRules,
) -> Result<(Vec<u8>, Encryption), SealError> {
    let cipher = cipher::content_cipher(rules, readers);
    let (key, algorithm, encryption) = cipher.start()?;
    let recipients = RecipientInfos::seal(&key, readers, rules.rsa)?;
    let version = if cipher.is_authenticated() {
        // Whatever the readers are (RFC 5083 §2.1).
        CmsVersion::V0
    } else {
        recipients.version
    };
    let der =
        |value: Result<Vec<u8>, der::Error>| value.map_err(SealError::encoding("EnvelopedData"));
    let head = [
        &SEQUENCE[..],
        &der(cipher.content_type().to_der())?,
        &CONTEXT_0,
        &SEQUENCE,
        &der(version.to_der())?,
        &recipients.der,
        &SEQUENCE,
        &der(ID_DATA.to_der())?,
        &der(algorithm.to_der())?,
        &CONTEXT_0,
    ];
    Ok((head.concat(), encryption))
}
