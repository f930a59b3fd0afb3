//! The signed attributes (RFC 8551 §2.5): what the signature says beside the content.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Signing,
    structure::{self, issuer_and_serial},
};
use crate::{
    ber::{OCTET_STRING, SEQUENCE, SET, tlv},
    cert::KeyKind,
    smime::error::SealError,
};

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// id-data.
pub(super) const CONTENT_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// RFC 5652 §11.1.
const CONTENT_TYPE: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
/// RFC 5652 §11.2.
const MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
/// RFC 5652 §11.3.
const SIGNING_TIME: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05";
/// RFC 8551 §2.5.2.
const CAPABILITIES: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0f";
/// RFC 8551 §2.5.3: 1.2.840.113549.1.9.16.2.11.
const KEY_PREFERENCE: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0b";
/// RFC 5035 §3: 1.2.840.113549.1.9.16.2.47.
const SIGNING_CERTIFICATE_V2: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";
/// RFC 6211 §2: 1.2.840.113549.1.9.52.
const ALGORITHM_PROTECTION: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x34";

/// AES-256 in CBC mode, AES-256-GCM, and the same with 128 bits, each without parameters. CBC stands first: whoever gets
/// this answers to a mailbox that is also read by other programs, and not all of them open GCM.
const CIPHERS: [&[u8]; 4] = [
    b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a",
    b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e",
    b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x02",
    b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x06",
];
/// RSAES-OAEP with SHA-256 for the label and MGF1 (RFC 8551 §2.5.2, RFC 4055 §4.1).
const OAEP_SHA256: &[u8] = b"\x30\x3c\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07\x30\x2f\
    \xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\
    \xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\x30\x0d\
    \x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
/// dhSinglePass-stdDH-sha256kdf-scheme with AES-256 key wrap (RFC 5753 §7.2).
const ECDH_SHA256: &[u8] = b"\x30\x15\x06\x06\x2b\x81\x04\x01\x0b\x01\x30\x0b\
    \x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2d";

/// The attributes, in the order of DER: the content of the SET OF.
pub(super) fn of(
    signing: &Signing<'_>,
    content: &[u8],
    algorithm: &[u8],
) -> Result<Vec<u8>, SealError> {
    let attribute = |oid: &[u8], value: &[u8]| tlv(SEQUENCE, &[oid, &tlv(SET, &[value])]);
    let mut all = vec![
        attribute(CONTENT_TYPE, CONTENT_DATA),
        attribute(MESSAGE_DIGEST, &tlv(OCTET_STRING, &[content])),
        attribute(SIGNING_TIME, &time(signing.at)),
        attribute(CAPABILITIES, &capabilities(signing)),
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate(signing)?),
        attribute(
            ALGORITHM_PROTECTION,
            // SEQUENCE { digestAlgorithm, [1] IMPLICIT signatureAlgorithm }
            &tlv(
                SEQUENCE,
                &[
                    structure::digest(signing.scheme),
                    &[&[0xA1], &algorithm[1..]].concat(),
                ],
            ),
        ),
    ];
    if let Some(reading) = signing.reading {
        // [0] IMPLICIT IssuerAndSerialNumber
        let mut value = issuer_and_serial(reading)?;
        value[0] = 0xA0;
        all.push(attribute(KEY_PREFERENCE, &value));
    }
    all.sort_unstable();
    Ok(all.concat())
}

/// UTCTime through 2049, GeneralizedTime after (RFC 5652 §11.3), with seconds and in UTC.
fn time(at: Timestamp) -> Vec<u8> {
    let at = at.to_zoned(TimeZone::UTC);
    let (tag, pattern) = if (1950..2050).contains(&at.year()) {
        (UTC_TIME, "%y%m%d%H%M%SZ")
    } else {
        (GENERALIZED_TIME, "%Y%m%d%H%M%SZ")
    };
    tlv(tag, &[at.strftime(pattern).to_string().as_bytes()])
}

/// What the certificate that answers are encrypted to can do.
fn capabilities(signing: &Signing<'_>) -> Vec<u8> {
    let reading = signing.reading.unwrap_or(signing.signer.certificate());
    let mut all = CIPHERS.to_vec();
    match reading.facts().key {
        KeyKind::Rsa { .. } => all.push(OAEP_SHA256),
        KeyKind::Ec { .. } => all.push(ECDH_SHA256),
        KeyKind::OtherCurve { .. }
        | KeyKind::X25519
        | KeyKind::MlKem(_)
        | KeyKind::Other { .. } => {}
    }
    tlv(SEQUENCE, &all)
}

/// SigningCertificateV2 with the signer's own certificate: its SHA-256, the default, and its issuer and serial number.
fn signing_certificate(signing: &Signing<'_>) -> Result<Vec<u8>, SealError> {
    let certificate = signing.signer.certificate();
    let id = crate::smime::ReaderId::of(certificate)
        .map_err(SealError::crypto("a certificate's issuer"))?;
    // GeneralNames with one directoryName, which is explicit because a Name is a CHOICE.
    let names = tlv(SEQUENCE, &[&tlv(0xA4, &[&id.issuer])]);
    let issuer_serial = tlv(SEQUENCE, &[&names, &tlv(0x02, &[&id.serial])]);
    let digest = tlv(OCTET_STRING, &[certificate.sha256().as_bytes()]);
    let first = tlv(SEQUENCE, &[&digest, &issuer_serial]);
    Ok(tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&first])]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signing_time_is_utc_time_through_2049_and_generalized_time_after() {
        let rows = [
            ("2026-11-22T14:05:09Z", UTC_TIME, "261122140509Z"),
            ("2049-12-31T23:59:59Z", UTC_TIME, "491231235959Z"),
            ("2050-01-01T00:00:00Z", GENERALIZED_TIME, "20500101000000Z"),
        ];
        for (at, tag, wanted) in rows {
            let made = time(at.parse().unwrap());
            assert_eq!(made, tlv(tag, &[wanted.as_bytes()]), "{at}");
        }
    }

    #[test]
    fn the_constants_are_the_structures_that_they_name() {
        use super::super::structure::SHA256;
        use der::Decode as _;
        let all = [&CIPHERS[..], &[OAEP_SHA256, ECDH_SHA256, SHA256]].concat();
        for octets in all {
            x509_cert::AlgorithmIdentifier::from_der(octets).unwrap();
        }
        let oids = [
            (CONTENT_TYPE, "1.2.840.113549.1.9.3"),
            (MESSAGE_DIGEST, "1.2.840.113549.1.9.4"),
            (SIGNING_TIME, "1.2.840.113549.1.9.5"),
            (CAPABILITIES, "1.2.840.113549.1.9.15"),
            (KEY_PREFERENCE, "1.2.840.113549.1.9.16.2.11"),
            (SIGNING_CERTIFICATE_V2, "1.2.840.113549.1.9.16.2.47"),
            (ALGORITHM_PROTECTION, "1.2.840.113549.1.9.52"),
        ];
        for (octets, wanted) in oids {
            let oid: const_oid::ObjectIdentifier = der::Decode::from_der(octets).unwrap();
            assert_eq!(oid.to_string(), wanted);
        }
        let oaep = x509_cert::AlgorithmIdentifier::from_der(OAEP_SHA256).unwrap();
        assert_eq!(oaep.oid.to_string(), "1.2.840.113549.1.1.7");
    }
}
