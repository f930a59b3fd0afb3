//! `EnvelopedData` (RFC 5652 §6) and `AuthEnvelopedData` (RFC 5083): who reads it, and the content.

use const_oid::ObjectIdentifier;
use openssl::{cipher::Cipher, cipher::CipherRef, cipher_ctx::CipherCtx, error::ErrorStack};
use zeroize::Zeroizing;

use super::{error::OpenError, readers};
use crate::{
    ber::{self, Ber, OCTET_STRING, OID, SET, Value, context},
    cert::Fingerprint,
    identity::Opener,
    smime::ReaderId,
};

/// RFC 5652 §4.
const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Octets of a GCM tag at least and at most (RFC 5084 §3.2). Shorter ones can be forged by trying (CVE-2026-34182).
const TAG_OCTETS: std::ops::RangeInclusive<usize> = 12..=16;
/// Octets of a GCM nonce at most; 12 is what everybody uses.
const MAX_NONCE: usize = 64;

/// How content was encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadCipher {
    /// AES in CBC mode with a key of so many bits (RFC 3565): without protection against alteration.
    AesCbc(u16),
    /// AES in GCM mode with a key of so many bits (RFC 5084): an altered octet is noticed.
    AesGcm(u16),
    /// Triple DES in CBC mode: outdated, read only.
    TripleDes,
}

/// What an enveloped layer says of itself, and what was in it.
pub(super) struct Enveloped {
    pub(super) cipher: ReadCipher,
    /// How many readers it names.
    pub(super) readers: usize,
    /// The certificate whose key opened it.
    pub(super) opened_with: Fingerprint,
    /// How the content key came to that reader, such as `rsa-pkcs1`.
    pub(super) key_management: &'static str,
    pub(super) content: Zeroizing<Vec<u8>>,
}

impl ReadCipher {
    /// Whether an altered octet is noticed.
    pub fn is_authenticated(self) -> bool {
        matches!(self, Self::AesGcm(_))
    }

    /// Whether it counts as broken today.
    pub fn is_weak(self) -> bool {
        matches!(self, Self::TripleDes)
    }

    /// Its usual name, such as `aes256-cbc`.
    pub fn name(self) -> String {
        match self {
            Self::AesCbc(bits) => format!("aes{bits}-cbc"),
            Self::AesGcm(bits) => format!("aes{bits}-gcm"),
            Self::TripleDes => "3des-cbc".to_owned(),
        }
    }

    fn of(oid: &ObjectIdentifier) -> Option<Self> {
        Some(match oid.to_string().as_str() {
            "2.16.840.1.101.3.4.1.2" => Self::AesCbc(128),
            "2.16.840.1.101.3.4.1.22" => Self::AesCbc(192),
            "2.16.840.1.101.3.4.1.42" => Self::AesCbc(256),
            "2.16.840.1.101.3.4.1.6" => Self::AesGcm(128),
            "2.16.840.1.101.3.4.1.26" => Self::AesGcm(192),
            "2.16.840.1.101.3.4.1.46" => Self::AesGcm(256),
            "1.2.840.113549.3.7" => Self::TripleDes,
            _ => return None,
        })
    }

    fn openssl(self) -> &'static CipherRef {
        match self {
            Self::AesCbc(128) => Cipher::aes_128_cbc(),
            Self::AesCbc(192) => Cipher::aes_192_cbc(),
            Self::AesCbc(_) => Cipher::aes_256_cbc(),
            Self::AesGcm(128) => Cipher::aes_128_gcm(),
            Self::AesGcm(192) => Cipher::aes_192_gcm(),
            Self::AesGcm(_) => Cipher::aes_256_gcm(),
            Self::TripleDes => Cipher::des_ede3_cbc(),
        }
    }
}

/// Opens the structure inside the `ContentInfo`. `authenticated` tells which of the two content types named it: a cipher
/// of the other kind is refused, since a GCM message that is passed off as CBC would be decrypted without its tag.
pub(super) fn open(
    content: &Value<'_>,
    authenticated: bool,
    keys: &[&dyn Opener],
) -> Result<Enveloped, OpenError> {
    let mut fields = content.inside()?;
    fields.any()?.small()?;
    fields.optional(context(0))?;
    let readers = fields.value(SET, "RecipientInfos")?;
    let mut info = fields.sequence("EncryptedContentInfo")?;
    if info.value(OID, "the content's type")?.oid()? != ID_DATA {
        return Err(OpenError::Malformed("a MIME entity inside"));
    }
    let mut algorithm = info.sequence("the content's algorithm")?;
    let oid = algorithm.value(OID, "the content's algorithm")?.oid()?;
    let cipher = ReadCipher::of(&oid).ok_or_else(|| OpenError::Unsupported(oid.to_string()))?;
    if cipher.is_authenticated() != authenticated {
        return Err(OpenError::Malformed("a cipher that fits the content type"));
    }
    let parameters = Parameters::read(cipher, &mut algorithm)?;
    let encrypted = info
        .optional(context(0))?
        .ok_or(OpenError::Malformed("encrypted content"))?
        .octets()?;
    let (attributes, tag) = if authenticated {
        let attributes = fields.optional(context(1))?.map(|a| a.der()).transpose()?;
        (attributes, fields.value(OCTET_STRING, "the tag")?.octets()?)
    } else {
        (None, (&[][..]).into())
    };
    parameters.check(&tag)?;
    let key_octets = cipher.openssl().key_length();
    let mut found = readers::read(&readers)?;
    let count = found.len();
    let named: Vec<ReaderId> = found
        .iter()
        .flat_map(readers::RecipientInfo::names)
        .collect();
    found.retain(|info| info.fits(keys));
    if found.is_empty() {
        return Err(OpenError::NoKey { readers: named });
    }
    let mut away = false;
    for info in &found {
        let key = match info.content_key(keys) {
            Ok(found) => found,
            Err(OpenError::KeyAway) => {
                away = true;
                continue;
            }
            Err(unsupported @ OpenError::Unsupported(_)) if found.len() == 1 => {
                return Err(unsupported);
            }
            // What failed is not told apart; another of the reader's keys may do.
            Err(_) => continue,
        };
        if key.octets.len() != key_octets {
            continue;
        }
        let plain = decrypt(
            cipher,
            &key.octets,
            &parameters,
            &encrypted,
            attributes.as_deref(),
            &tag,
        );
        if let Ok(content) = plain {
            return Ok(Enveloped {
                cipher,
                readers: count,
                opened_with: key.opened_with,
                key_management: key.management,
                content,
            });
        }
    }
    Err(if away {
        OpenError::KeyAway
    } else {
        OpenError::Closed
    })
}

/// Initialisation vector or nonce, and the length of the tag.
struct Parameters {
    vector: Vec<u8>,
    tag_octets: usize,
}

impl Parameters {
    fn read(cipher: ReadCipher, algorithm: &mut Ber<'_>) -> Result<Self, OpenError> {
        if !cipher.is_authenticated() {
            let vector = algorithm
                .value(OCTET_STRING, "an initialisation vector")?
                .octets()?;
            if vector.len() != cipher.openssl().iv_length() {
                return Err(OpenError::Malformed(
                    "an initialisation vector of one block",
                ));
            }
            return Ok(Self {
                vector: vector.into_owned(),
                tag_octets: 0,
            });
        }
        let mut gcm = algorithm.sequence("GCMParameters")?;
        let vector = gcm.value(OCTET_STRING, "a nonce")?.octets()?;
        let tag_octets = match gcm.optional(ber::INTEGER)? {
            Some(length) => length.small()? as usize,
            None => 12,
        };
        if !TAG_OCTETS.contains(&tag_octets) {
            return Err(OpenError::Malformed("a tag of 12 to 16 octets"));
        }
        if vector.is_empty() || vector.len() > MAX_NONCE {
            return Err(OpenError::Malformed("a nonce of a usual length"));
        }
        Ok(Self {
            vector: vector.into_owned(),
            tag_octets,
        })
    }

    /// The tag is as long as its parameters say.
    fn check(&self, tag: &[u8]) -> Result<(), OpenError> {
        if tag.len() == self.tag_octets {
            Ok(())
        } else {
            Err(OpenError::Malformed("a tag as long as its parameters say"))
        }
    }
}

/// The plain content; nothing of it where the padding or the tag does not hold.
fn decrypt(
    cipher: ReadCipher,
    key: &[u8],
    parameters: &Parameters,
    encrypted: &[u8],
    attributes: Option<&[u8]>,
    tag: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
    let mut context = CipherCtx::new()?;
    context.decrypt_init(Some(cipher.openssl()), None, None)?;
    if cipher.is_authenticated() {
        context.set_iv_length(parameters.vector.len())?;
    }
    context.decrypt_init(None, Some(key), Some(&parameters.vector))?;
    if cipher.is_authenticated() {
        context.set_tag(tag)?;
        if let Some(attributes) = attributes {
            // RFC 5083 §2.2: the DER of the SET OF, not the implicit tag that stands in the message.
            let mut set = attributes.to_vec();
            if let Some(first) = set.first_mut() {
                *first = SET;
            }
            context.cipher_update(&set, None)?;
        }
    }
    let mut plain = Zeroizing::new(Vec::with_capacity(encrypted.len() + 32));
    for piece in encrypted.chunks(1 << 20) {
        context.cipher_update_vec(piece, &mut plain)?;
    }
    context.cipher_final_vec(&mut plain)?;
    Ok(plain)
}
