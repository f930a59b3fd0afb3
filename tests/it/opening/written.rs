//! CMS (RFC 5652) written by the tests themselves, piece by piece, so that each piece can be another one. What objects are
//! called is OpenSSL's word: no number stands here that the program under test could share.

use openssl::{asn1::Asn1Object, x509::X509};

pub(super) use super::key_files::der;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// The OBJECT IDENTIFIER that OpenSSL calls so, or that has these numbers.
pub(super) fn object(name: &str) -> Vec<u8> {
    let object = Asn1Object::from_str(name).unwrap_or_else(|e| panic!("{name}: {e}"));
    der(0x06, &[object.as_slice()])
}

/// AlgorithmIdentifier without parameters.
pub(super) fn algorithm(name: &str) -> Vec<u8> {
    der(SEQUENCE, &[&object(name)])
}

/// ContentInfo.
pub(super) fn content_info(kind: &str, structure: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[&object(kind), &der(0xA0, &[structure])])
}

/// IssuerAndSerialNumber of this certificate, as OpenSSL reads it.
pub(super) fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    let certificate = X509::from_der(certificate).unwrap();
    let issuer = certificate.issuer_name().to_der().unwrap();
    let mut serial = certificate.serial_number().to_bn().unwrap().to_vec();
    if serial.first().is_none_or(|first| *first >= 0x80) {
        serial.insert(0, 0);
    }
    der(SEQUENCE, &[&issuer, &der(INTEGER, &[&serial])])
}

/// Its subjectKeyIdentifier.
pub(super) fn key_identifier(certificate: &[u8]) -> Vec<u8> {
    let certificate = X509::from_der(certificate).unwrap();
    certificate.subject_key_id().unwrap().as_slice().to_vec()
}
