//! `SignedData` with one signer and no content (RFC 5652 §5), in DER.

use super::{
    Signing,
    attributes::{self, CONTENT_DATA},
};
use crate::{
    ber::{INTEGER, OCTET_STRING, SEQUENCE, SET, tlv},
    cert::Certificate,
    identity::SignatureScheme,
    smime::{ReaderId, error::SealError},
};

const CONTEXT_0: u8 = 0xA0;
const VERSION_1: &[u8] = &[INTEGER, 1, 1];
/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// 2.16.840.1.101.3.4.2.1 without parameters (RFC 5754 §2).
pub(super) const SHA256: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
/// rsaEncryption with NULL (RFC 3370 §3.2): the identifier that every program knows for PKCS #1 v1.5 signatures.
const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
/// ecdsa-with-SHA256 without parameters (RFC 5754 §3.3).
const ECDSA_SHA256: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";

/// id-RSASSA-PSS with SHA-256, MGF1 with SHA-256, 32 octets of salt (RFC 4055 §3.1, RFC 4056 §2.2).
const PSS_SHA256: &[u8] = b"\x30\x41\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x34\
    \xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\
    \xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\x30\x0d\
    \x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\xa2\x03\x02\x01\x20";
/// id-Ed25519 without parameters (RFC 8419 §2).
const ED25519: &[u8] = b"\x30\x05\x06\x03\x2b\x65\x70";
/// 2.16.840.1.101.3.4.2.3 without parameters: the only digest beside Ed25519 (RFC 8419 §3.1).
const SHA512: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03";

/// DER of the digest that goes with a scheme.
pub(super) fn digest(scheme: SignatureScheme) -> &'static [u8] {
    match scheme {
        SignatureScheme::RsaPkcs1Sha256
        | SignatureScheme::RsaPssSha256
        | SignatureScheme::EcdsaSha256 => SHA256,
        SignatureScheme::Ed25519 => SHA512,
    }
}

/// The `ContentInfo` over content with this digest.
pub(super) fn signed_data(signing: &Signing<'_>, content: &[u8]) -> Result<Vec<u8>, SealError> {
    let certificate = signing.signer.certificate();
    let algorithm = match signing.scheme {
        SignatureScheme::RsaPkcs1Sha256 => RSA,
        SignatureScheme::EcdsaSha256 => ECDSA_SHA256,
        SignatureScheme::RsaPssSha256 => PSS_SHA256,
        SignatureScheme::Ed25519 => ED25519,
    };
    let digest = digest(signing.scheme);
    let attributes = attributes::of(signing, content, algorithm)?;
    // Signed is the SET OF; in the structure it stands with an implicit tag (RFC 5652 §5.4).
    let signature = signing
        .signer
        .sign(signing.scheme, &tlv(SET, &[&attributes]))
        .map_err(SealError::Signer)?;
    let info = tlv(
        SEQUENCE,
        &[
            VERSION_1,
            &issuer_and_serial(certificate)?,
            digest,
            &tlv(CONTEXT_0, &[&attributes]),
            algorithm,
            &tlv(OCTET_STRING, &[&signature]),
        ],
    );
    let signed_data = tlv(
        SEQUENCE,
        &[
            VERSION_1,
            &tlv(SET, &[digest]),
            &tlv(SEQUENCE, &[CONTENT_DATA]),
            &tlv(CONTEXT_0, &[&certificates(signing)]),
            &tlv(SET, &[&info]),
        ],
    );
    Ok(tlv(
        SEQUENCE,
        &[SIGNED_DATA, &tlv(CONTEXT_0, &[&signed_data])],
    ))
}

/// Each certificate once, in the order of DER. The trust anchor is not among them: who does not have it must not take it
/// from a message.
fn certificates(signing: &Signing<'_>) -> Vec<u8> {
    let own = signing.signer.certificate();
    let is_root = |c: &&Certificate| c.facts().subject == c.facts().issuer && *c != own;
    let chain = signing.chain.iter().filter(|c| !is_root(c));
    let mut all: Vec<&[u8]> = std::iter::once(own)
        .chain(signing.reading)
        .chain(chain)
        .map(Certificate::der)
        .collect();
    all.sort_unstable();
    all.dedup();
    all.concat()
}

/// RFC 5652 §10.2.4.
pub(super) fn issuer_and_serial(certificate: &Certificate) -> Result<Vec<u8>, SealError> {
    let id = ReaderId::of(certificate).map_err(SealError::crypto("a certificate's issuer"))?;
    Ok(tlv(SEQUENCE, &[&id.issuer, &tlv(INTEGER, &[&id.serial])]))
}
