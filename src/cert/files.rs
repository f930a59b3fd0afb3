//! Objects in files: DER or PEM, one or many, and certificate bundles (PKCS #7 certs-only, RFC 5652 §5).

use base64_simd::STANDARD;
use cms::{cert::CertificateChoices, content_info::ContentInfo, signed_data::SignedData};
use der::{Decode as _, Encode as _};

use super::{certificate::Certificate, problem::Problem};

/// Why a file holds no objects of the wanted kind.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// No DER, and no PEM block of this label.
    #[error("neither DER nor a PEM block “{0}”")]
    None(String),
    /// A PEM block is damaged.
    #[error("a damaged PEM block")]
    Pem,
    /// A PKCS #7 bundle is damaged.
    #[error("a damaged PKCS #7 bundle")]
    Bundle(#[source] der::Error),
}

/// The DER objects of a file: the whole of it, or each PEM block with this label.
pub fn der_objects(octets: &[u8], label: &str) -> Result<Vec<Vec<u8>>, ObjectError> {
    // A DER SEQUENCE; PEM may have text before its blocks.
    if octets.first() == Some(&0x30) {
        return Ok(vec![octets.to_vec()]);
    }
    let none = || ObjectError::None(label.to_owned());
    let text = std::str::from_utf8(octets).map_err(|_not_text| none())?;
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let mut objects = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(&begin) {
        let (body, after) = after.split_once(&end).ok_or(ObjectError::Pem)?;
        let base64: Vec<u8> = body.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        objects.push(
            STANDARD
                .decode_to_vec(base64)
                .map_err(|_damaged| ObjectError::Pem)?,
        );
        rest = after;
    }
    if objects.is_empty() {
        Err(none())
    } else {
        Ok(objects)
    }
}

/// The certificates of a file: `.cer`, `.crt`, `.pem` or `.p7b`. One that cannot be read does not hide the others.
pub fn certificates(octets: &[u8]) -> Result<Vec<Result<Certificate, Problem>>, ObjectError> {
    let mut ders = Vec::new();
    for label in [
        "CERTIFICATE",
        "X509 CERTIFICATE",
        "TRUSTED CERTIFICATE",
        "PKCS7",
        "CMS",
    ] {
        match der_objects(octets, label) {
            Ok(found) => ders.extend(found),
            Err(ObjectError::None(_)) => {}
            Err(other) => return Err(other),
        }
        if octets.first() == Some(&0x30) {
            break;
        }
    }
    if ders.is_empty() {
        return Err(ObjectError::None("CERTIFICATE".to_owned()));
    }
    let mut found = Vec::new();
    for der in ders {
        match bundle(&der)? {
            Some(inner) => found.extend(inner.iter().map(|d| Certificate::from_der(d))),
            None => found.push(Certificate::from_der(&der)),
        }
    }
    Ok(found)
}

/// The certificates in a PKCS #7 certs-only bundle, or `None` if this is something else.
pub fn bundle(der: &[u8]) -> Result<Option<Vec<Vec<u8>>>, ObjectError> {
    const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
    let Ok(content) = ContentInfo::from_der(der) else {
        return Ok(None);
    };
    if content.content_type.to_string() != SIGNED_DATA {
        return Ok(None);
    }
    let signed: SignedData = content.content.decode_as().map_err(ObjectError::Bundle)?;
    let choices = signed
        .certificates
        .map(|set| set.0.into_vec())
        .unwrap_or_default();
    let certificates = choices.iter().filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.to_der()),
        CertificateChoices::Other(_) => None,
    });
    Ok(Some(
        certificates
            .collect::<Result<_, _>>()
            .map_err(ObjectError::Bundle)?,
    ))
}
