//! A structure without the mail around it: `smime.p7m` as webmail and gateways save it, in DER, BER, base64 or PEM.

use std::borrow::Cow;

use crate::ber::OID;

/// The structure, where the file is one and no mail.
pub(super) fn structure(file: &[u8]) -> Option<Cow<'_, [u8]>> {
    if is_structure(file) {
        return Some(file.into());
    }
    let text = file.trim_ascii();
    let base64 = match text.strip_prefix(b"-----BEGIN ") {
        Some(labelled) => {
            let begin = memchr::memchr(b'\n', labelled)?;
            let end = memchr::memmem::find(labelled, b"-----END ")?;
            labelled.get(begin..end)?
        }
        // Every SEQUENCE of more than 127 octets, and every one of indefinite length.
        None if text.starts_with(b"MI") => text,
        None => return None,
    };
    let octets = base64_simd::forgiving_decode_to_vec(base64).ok()?;
    is_structure(&octets).then_some(Cow::Owned(octets))
}

/// A SEQUENCE that begins with an OID. 0x30 is also the digit 0, but no text holds the octet 6. What is cut or of another
/// kind is told as that, and not taken for a mail.
fn is_structure(octets: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = octets else {
        return false;
    };
    let more = match length {
        ..=0x80 => 0,
        0x81..=0x84 => usize::from(length & 0x7F),
        _ => return false,
    };
    rest.get(more) == Some(&OID)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ber::{CONSTRUCTED, SEQUENCE, context, tlv},
        smime::open::ENVELOPED,
    };

    fn content(kind: const_oid::ObjectIdentifier) -> Vec<u8> {
        let explicit = tlv(context(0) | CONSTRUCTED, &[&tlv(SEQUENCE, &[&[2, 1, 0]])]);
        tlv(SEQUENCE, &[&tlv(OID, &[kind.as_bytes()]), &explicit])
    }

    #[test]
    fn a_long_structure_is_found_in_base64_without_a_label() {
        let data = tlv(context(0), &[&[7; 200]]);
        let der = tlv(SEQUENCE, &[&tlv(OID, &[ENVELOPED.as_bytes()]), &data]);
        let text = base64_simd::STANDARD.encode_to_string(&der);
        let (one, two) = text.split_at(76);
        let lines = format!("\r\n{one}\r\n{two}\r\n");
        assert_eq!(structure(lines.as_bytes()).as_deref(), Some(&*der));
        assert_eq!(structure(format!("Hej\r\n{lines}").as_bytes()), None);
    }

    #[test]
    fn a_structure_is_found_in_der_base64_and_pem_and_a_mail_is_none() {
        let der = content(ENVELOPED);
        assert_eq!(structure(&der).as_deref(), Some(&*der));
        let mut text = base64_simd::STANDARD.encode_to_string(&der);
        let pem = format!("-----BEGIN CMS-----\n{text}\n-----END CMS-----\n");
        assert_eq!(structure(pem.as_bytes()).as_deref(), Some(&*der));
        text.insert_str(4, "\r\n");
        // Base64 without a label begins as long structures do; this one is short.
        assert_eq!(structure(text.as_bytes()), None);
        for other in [
            &b"From: anne@x.example\r\n\r\nHej"[..],
            b"0\r\n\r\n",
            b"MIME-Version: 1.0\r\n\r\n",
            b"",
        ] {
            assert_eq!(structure(other), None);
        }
    }
}
