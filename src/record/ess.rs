//! Whether a time stamp names the certificate that it was signed with (RFC 3161 §2.4.2, RFC 5035 and RFC 5816).
//!
//! The signature covers the digest of the signer's certificate, so that nobody puts another certificate for the same
//! key (of another authority, another time, another use) in its place.

use openssl::hash::{MessageDigest, hash};
use openssl::x509::X509;

use super::anchor::StampFault;
use crate::ber::{Ber, BerError, INTEGER, OCTET_STRING, OID, SEQUENCE, SET, Value, context};

/// id-aa-signingCertificate (RFC 5035 §5.4.2), as its octets.
const FIRST: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c,
];
/// id-aa-signingCertificateV2 (RFC 5035 §5.4.1), as its octets.
const SECOND: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f,
];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
const CONSTRUCTED: u8 = 0x20;

/// Checks a token whose signature holds.
pub(super) fn names_its_signer(token: &[u8]) -> Result<(), StampFault> {
    let mut outer = Ber::new(token);
    let mut info = outer.sequence("ContentInfo")?;
    info.value(OID, "a content type")?;
    let mut explicit = info.any()?.inside()?;
    let mut data = explicit.sequence("SignedData")?;
    data.value(INTEGER, "version")?;
    data.value(SET, "digestAlgorithms")?;
    data.sequence("encapContentInfo")?;
    let certificates = data.optional(context(0) | CONSTRUCTED)?;
    data.optional(context(1) | CONSTRUCTED)?;
    let mut signers = data.value(SET, "signerInfos")?.inside()?;
    // One, and no other (RFC 3161 §2.4.2).
    let mut signer = signers.sequence("SignerInfo")?;
    signers.end("one signer")?;
    signer.value(INTEGER, "version")?;
    let whose = signer.any()?;
    signer.sequence("digestAlgorithm")?;
    let attributes = signer.value(context(0) | CONSTRUCTED, "signed attributes")?;
    let certificate = certificate(certificates, &whose)?;
    let named = named(attributes)?.ok_or(StampFault::Unnamed)?;
    let digest = hash(named.digest, &certificate).map_err(StampFault::Signature)?;
    if *digest == *named.hash {
        Ok(())
    } else {
        Err(StampFault::Unnamed)
    }
}

/// The certificate in the token that the SignerInfo is about, as it stands there.
fn certificate(all: Option<Value<'_>>, whose: &Value<'_>) -> Result<Vec<u8>, StampFault> {
    let mut all = all.ok_or(StampFault::Unnamed)?.inside()?;
    while !all.is_empty() {
        let octets = all.any()?.whole;
        let Ok(certificate) = X509::from_der(octets) else {
            continue;
        };
        let is_it = if whose.tag == SEQUENCE {
            let mut inside = whose.inside()?;
            let issuer = inside.value(SEQUENCE, "an issuer")?.whole;
            let serial = inside.value(INTEGER, "a serial number")?.content;
            let of = certificate.issuer_name().to_der();
            let number = certificate.serial_number().to_bn();
            let number = number.map(|n| n.to_vec()).map_err(StampFault::Signature)?;
            let trimmed = serial.iter().position(|b| *b != 0);
            let serial = trimmed.map_or(&[][..], |at| &serial[at..]);
            of.map_err(StampFault::Signature)? == issuer && number == serial
        } else {
            let key = certificate.subject_key_id();
            key.is_some_and(|key| key.as_slice() == whose.content)
        };
        if is_it {
            return Ok(octets.to_vec());
        }
    }
    Err(StampFault::Unnamed)
}

/// What the attribute says of the first certificate, which is the signer's.
struct Named<'a> {
    digest: MessageDigest,
    hash: &'a [u8],
}

fn named(attributes: Value<'_>) -> Result<Option<Named<'_>>, BerError> {
    let mut attributes = attributes.inside()?;
    let mut found = None;
    while !attributes.is_empty() {
        let mut attribute = attributes.sequence("Attribute")?;
        let kind = attribute.value(OID, "an attribute type")?.content;
        if kind != FIRST && kind != SECOND {
            continue;
        }
        let mut values = attribute.value(SET, "attribute values")?.inside()?;
        let mut certificates = values.sequence("SigningCertificate")?.sequence("certs")?;
        let mut id = certificates.sequence("ESSCertID")?;
        let mut digest = if kind == FIRST {
            MessageDigest::sha1()
        } else {
            MessageDigest::sha256()
        };
        if kind == SECOND && id.peek() == Some(SEQUENCE) {
            let mut algorithm = id.sequence("hashAlgorithm")?;
            digest = match algorithm.value(OID, "algorithm")?.content {
                SHA256 => MessageDigest::sha256(),
                SHA384 => MessageDigest::sha384(),
                SHA512 => MessageDigest::sha512(),
                _ => return Err(BerError::Malformed("a digest that is known")),
            };
        }
        let hash = id.value(OCTET_STRING, "certHash")?.content;
        // The second form counts where both are there (RFC 5816 §2.2.1).
        if found.is_none() || kind == SECOND {
            found = Some(Named { digest, hash });
        }
    }
    Ok(found)
}
