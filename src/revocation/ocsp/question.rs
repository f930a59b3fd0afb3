//! A question to a responder (RFC 6960 §4.1): one certificate, with a nonce (RFC 9654).

use openssl::{
    hash::{MessageDigest, hash},
    rand::rand_bytes,
};

use crate::{
    ber::{self, INTEGER, OCTET_STRING, OID, SEQUENCE, tlv},
    cert::Certificate,
};

/// Octets of a nonce: RFC 9654 §2.1 asks for 32.
pub const NONCE: usize = 32;

/// id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2
pub(super) const NONCE_OID: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2];

const NULL: &[u8] = &[5, 0];

type Hash = fn() -> MessageDigest;

/// The digests by which a responder may name an issuer, by their object identifiers. SHA-1 too: what is named is
/// compared with what is known, and nothing is believed because of it (RFC 5019 §2.1.1 knows no other).
const HASHES: &[(&[u8], Hash)] = &[
    (&[0x2b, 0x0e, 3, 2, 0x1a], MessageDigest::sha1),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1],
        MessageDigest::sha256,
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2],
        MessageDigest::sha384,
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3],
        MessageDigest::sha512,
    ),
];

/// A question that is on its way: its octets, what they ask about, and the nonce that the answer must repeat if it has one.
pub struct Question {
    der: Vec<u8>,
    nonce: [u8; NONCE],
    certificate: Certificate,
    issuer: Certificate,
}

impl Question {
    /// Asks for one certificate with random octets.
    ///
    /// # Errors
    /// Only if the operating system gives no randomness, or a digest fails.
    pub fn new(
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Self, openssl::error::ErrorStack> {
        let mut nonce = [0; NONCE];
        rand_bytes(&mut nonce)?;
        Self::with_nonce(certificate, issuer, nonce)
    }

    /// The same with these octets.
    pub fn with_nonce(
        certificate: &Certificate,
        issuer: &Certificate,
        nonce: [u8; NONCE],
    ) -> Result<Self, openssl::error::ErrorStack> {
        let (oid, digest) = HASHES[0];
        let id = CertId::new(certificate, issuer, digest())?;
        let algorithm = tlv(SEQUENCE, &[&tlv(OID, &[oid]), NULL]);
        let id = tlv(
            SEQUENCE,
            &[
                &algorithm,
                &tlv(OCTET_STRING, &[&id.name]),
                &tlv(OCTET_STRING, &[&id.key]),
                &tlv(INTEGER, &[&id.serial]),
            ],
        );
        let requests = tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&id])]);
        // The extension's value is the DER of the nonce itself, which is an OCTET STRING again.
        let value = tlv(OCTET_STRING, &[&tlv(OCTET_STRING, &[&nonce])]);
        let extension = tlv(SEQUENCE, &[&tlv(OID, &[NONCE_OID]), &value]);
        let extensions = tlv(
            ber::context(2) | ber::CONSTRUCTED,
            &[&tlv(SEQUENCE, &[&extension])],
        );
        let signed = tlv(SEQUENCE, &[&requests, &extensions]);
        Ok(Self {
            der: tlv(SEQUENCE, &[&signed]),
            nonce,
            certificate: certificate.clone(),
            issuer: issuer.clone(),
        })
    }

    /// OCSPRequest in DER, for `application/ocsp-request`.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What it asks about, and whoever issued that.
    pub(super) fn link(&self) -> (&Certificate, &Certificate) {
        (&self.certificate, &self.issuer)
    }

    /// What the answer must repeat.
    pub(super) fn nonce(&self) -> &[u8] {
        &self.nonce
    }
}

/// What names a certificate to a responder (RFC 6960 §4.1.1).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CertId {
    /// Of the issuer's name.
    pub(super) name: Vec<u8>,
    /// Of the issuer's key, as it stands in its BIT STRING.
    pub(super) key: Vec<u8>,
    pub(super) serial: Vec<u8>,
}

impl CertId {
    fn new(
        certificate: &Certificate,
        issuer: &Certificate,
        digest: MessageDigest,
    ) -> Result<Self, openssl::error::ErrorStack> {
        Ok(Self {
            name: hash(digest, &certificate.issuer_der()?)?.to_vec(),
            key: hash(digest, key_octets(issuer))?.to_vec(),
            serial: certificate.serial(),
        })
    }

    /// Whether it is this certificate of this issuer. `oid` says by which digest the names are written.
    pub(super) fn names(
        &self,
        oid: &[u8],
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> bool {
        let known = HASHES.iter().find(|(known, _)| *known == oid);
        known.is_some_and(|(_, digest)| {
            Self::new(certificate, issuer, digest()).is_ok_and(|own| own == *self)
        })
    }
}

/// The subject's key without tag, length and unused bits.
pub(super) fn key_octets(certificate: &Certificate) -> &[u8] {
    let key = certificate.parsed().tbs_certificate();
    key.subject_public_key_info().subject_public_key.raw_bytes()
}
