//! What a reader's mail program says that it opens (RFC 8551 §2.5.2), and what the settings ask for where there is a
//! choice.
//!
//! Nothing here makes a message weaker than the default: what is not known, or cannot be read, says nothing.

use const_oid::ObjectIdentifier;
use der::{Any, Decode as _, Encode as _, Sequence};
use x509_cert::AlgorithmIdentifier;

/// RFC 3565 §4.1.
const ID_AES256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
/// RFC 5084 §3.2.
const ID_AES256_GCM: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.46");
/// RFC 8017 A.2.1.
const ID_RSAES_OAEP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.7");
const ID_MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const ID_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// RSAES-OAEP with SHA-256 as a capability, octet for octet as RFC 3560 §5 prints it: without the tags that its own
/// RSAES-OAEP-params have.
const OAEP_SHA256: &[u8] = b"\x30\x38\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07\x30\x2b\x30\x0d\x06\x09\
    \x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\x30\x0d\x06\
    \x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";

/// How the content of a message is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContentCipher {
    /// AES-256 in CBC mode (RFC 3565): the one that every mail program opens.
    #[default]
    Aes256Cbc,
    /// AES-256 in Galois/Counter Mode (RFC 5084), as `AuthEnvelopedData` (RFC 5083): nobody can change it unseen.
    Aes256Gcm,
}

/// How the content key is encrypted with an RSA key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RsaPadding {
    /// RSAES-PKCS1-v1_5 (RFC 8017 §7.2): the one that every mail program opens.
    #[default]
    Pkcs1,
    /// RSAES-OAEP with SHA-256, also in MGF1 (RFC 8017 §7.1, RFC 3560).
    OaepSha256,
}

/// What holds for every message: `[content]` of the settings. The defaults give way to the better one where readers say
/// that they open it; the better one, once asked for, never gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SealingRules {
    /// The content.
    pub cipher: ContentCipher,
    /// The content key, for RSA keys.
    pub rsa: RsaPadding,
}

/// What a mail program opens, as far as Segl has a choice: `SMIMECapabilities` of a certificate (RFC 4262) or of a
/// signed mail (RFC 8551 §2.5.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities {
    ciphers: Vec<ContentCipher>,
    opens_oaep: bool,
}

/// RSAES-OAEP-params (RFC 8017 A.2.1). An absent hash is SHA-1; an absent source is the empty label.
#[derive(Sequence)]
struct OaepParams {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    source: Option<AlgorithmIdentifier>,
}

impl Capabilities {
    /// Reads `SMIMECapabilities`. What is unknown in it is passed over (RFC 8551 §2.5.2).
    pub fn from_der(der: &[u8]) -> Result<Self, der::Error> {
        let mut found = Self::default();
        for capability in Vec::<AlgorithmIdentifier>::from_der(der)? {
            match capability.oid {
                ID_AES256_CBC if is_bare(&capability) => found.add(ContentCipher::Aes256Cbc),
                ID_AES256_GCM if is_bare(&capability) => found.add(ContentCipher::Aes256Gcm),
                ID_RSAES_OAEP => found.opens_oaep |= is_oaep_sha256(&capability),
                _ => {}
            }
        }
        Ok(found)
    }

    /// The first cipher of the list that Segl makes (RFC 8551 §2.7.1.1: the list is in the order of preference).
    pub fn preferred_cipher(&self) -> Option<ContentCipher> {
        self.ciphers.first().copied()
    }

    /// Whether RSAES-OAEP with SHA-256 is on the list (RFC 3560 §5).
    pub fn opens_oaep_sha256(&self) -> bool {
        self.opens_oaep
    }

    fn add(&mut self, cipher: ContentCipher) {
        if !self.ciphers.contains(&cipher) {
            self.ciphers.push(cipher);
        }
    }
}

/// Whether an algorithm stands without parameters; some programs write NULL where none belong.
fn is_bare(algorithm: &AlgorithmIdentifier) -> bool {
    algorithm
        .parameters
        .as_ref()
        .is_none_or(|p| *p == Any::null())
}

fn is_oaep_sha256(capability: &AlgorithmIdentifier) -> bool {
    let is_sha256 = |a: &AlgorithmIdentifier| a.oid == ID_SHA256 && is_bare(a);
    if capability.to_der().is_ok_and(|der| der == OAEP_SHA256) {
        return true;
    }
    let parameters = capability.parameters.as_ref();
    let Some(parameters) = parameters.and_then(|p| p.decode_as::<OaepParams>().ok()) else {
        return false;
    };
    let mask = parameters.mask.filter(|m| m.oid == ID_MGF1);
    let mask = mask.and_then(|m| m.parameters?.decode_as::<AlgorithmIdentifier>().ok());
    parameters.hash.as_ref().is_some_and(is_sha256)
        && mask.as_ref().is_some_and(is_sha256)
        && parameters.source.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CBC: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
    const GCM: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e";
    const GCM_NULL: &[u8] = b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e\x05\x00";
    const AES128_GCM: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x06";
    /// RC2 with 40 bits: the parameter is a number.
    const RC2: &[u8] = b"\x30\x0d\x06\x08\x2a\x86\x48\x86\xf7\x0d\x03\x02\x02\x01\x28";
    /// GCM with a parameter that says something, which is none of what Segl makes.
    const GCM_OTHER: &[u8] = b"\x30\x0e\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e\x02\x01\x28";
    const CBC_OTHER: &[u8] = b"\x30\x0e\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a\x02\x01\x28";
    fn list(capabilities: &[&[u8]]) -> Vec<u8> {
        let content = capabilities.concat();
        [&[0x30, u8::try_from(content.len()).unwrap()], &content[..]].concat()
    }

    #[test]
    fn the_first_that_segl_makes_is_preferred() {
        use ContentCipher::{Aes256Cbc, Aes256Gcm};
        let rows: [(&[&[u8]], Option<ContentCipher>); 10] = [
            (&[], None),
            (&[RC2, AES128_GCM], None),
            (&[CBC], Some(Aes256Cbc)),
            (&[GCM], Some(Aes256Gcm)),
            (&[GCM_NULL], Some(Aes256Gcm)),
            (&[AES128_GCM, GCM, CBC], Some(Aes256Gcm)),
            (&[RC2, CBC, GCM], Some(Aes256Cbc)),
            (&[GCM, GCM, CBC], Some(Aes256Gcm)),
            (&[GCM_OTHER, CBC], Some(Aes256Cbc)),
            (&[CBC_OTHER, GCM], Some(Aes256Gcm)),
        ];
        for (capabilities, wanted) in rows {
            let found = Capabilities::from_der(&list(capabilities)).unwrap();
            assert_eq!(found.preferred_cipher(), wanted, "{capabilities:?}");
            assert!(!found.opens_oaep_sha256());
        }
    }

    #[test]
    fn what_is_no_list_is_an_error() {
        let whole = list(&[GCM]);
        for der in [&b""[..], b"\x05\x00", &whole[..5], b"\x30\x02\x30\x00"] {
            assert!(Capabilities::from_der(der).is_err(), "{der:?}");
        }
    }

    /// The parameters of RSAES-OAEP with these algorithms.
    fn oaep(hash: &[u8], mask: &[u8], source: &[u8]) -> Vec<u8> {
        let tlv = |tag: u8, content: &[u8]| {
            [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
        };
        let mgf1 = [&b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"[..], mask].concat();
        let parameters = [
            tlv(0xA0, hash),
            tlv(0xA1, &tlv(0x30, &mgf1)),
            source.to_vec(),
        ];
        let oid = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07";
        tlv(0x30, &[&oid[..], &tlv(0x30, &parameters.concat())].concat())
    }

    #[test]
    fn only_oaep_with_sha_256_in_both_places_counts() {
        let bare = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
        let null = b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
        let sha384 = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02";
        let label = b"\xA2\x0f\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x09\x04\x00";
        let opens = |capability: &[u8]| {
            let found = Capabilities::from_der(&list(&[CBC, capability])).unwrap();
            assert_eq!(found.preferred_cipher(), Some(ContentCipher::Aes256Cbc));
            found.opens_oaep_sha256()
        };
        assert!(opens(&oaep(bare, bare, b"")));
        assert!(opens(&oaep(null, null, b"")));
        assert!(!opens(&oaep(sha384, bare, b"")));
        assert!(!opens(&oaep(bare, sha384, b"")));
        assert!(!opens(&oaep(bare, bare, label)));
        // SHA-1, by its absence.
        let sha1 = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07\x30\x00";
        assert!(!opens(sha1));
        assert!(!opens(
            b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07"
        ));
        let as_printed = OAEP_SHA256.to_vec();
        assert!(opens(&as_printed));
        let other_hash = [&as_printed[..28], b"\x02", &as_printed[29..]].concat();
        assert!(!opens(&other_hash));
    }
}
