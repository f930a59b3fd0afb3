//! Content encryption: its key, how the structures name it, and the work itself.
//!
//! A further cipher is a further arm of each `match`. GCM (RFC 5084) also has another content type, `AuthEnvelopedData`
//! (RFC 5083), and a mac behind the content, as the padding is for CBC.

use const_oid::ObjectIdentifier;
use der::{Any, Sequence, Tag, asn1::OctetString};
use openssl::{cipher::Cipher, cipher_ctx::CipherCtx, error::ErrorStack};
use x509_cert::AlgorithmIdentifier;
use zeroize::{Zeroize as _, Zeroizing};

use super::error::SealError;
use crate::cert::{Capabilities, ContentCipher, EncryptionCertificate, SealingRules};

/// RFC 5652 §6.1.
const ID_ENVELOPED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
/// RFC 5083 §2.
const ID_AUTH_ENVELOPED_DATA: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.23");
/// RFC 3565 §4.1.
const ID_AES256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
/// RFC 5084 §3.2.
const ID_AES256_GCM: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.46");

/// Octets of an AES block.
const BLOCK: usize = 16;
const AES256_KEY: usize = 32;
/// RFC 5084 §3.2: 12 octets are recommended.
const GCM_NONCE: usize = 12;
/// The longest that there is; RFC 5084 §3.2 takes 12 to 16.
const GCM_MAC: u8 = 16;

/// A content-encryption key: fresh for each message, and wiped.
pub(super) struct ContentKey(Zeroizing<Vec<u8>>);

/// A part of the content: plain when it is filled, encrypted in its place, and wiped where that does not happen.
pub(super) struct Chunk {
    /// Never longer than it was made for, so that no copy of it is left behind.
    octets: Vec<u8>,
    /// Wiping what is encrypted would take longer than encrypting it.
    is_plain: bool,
}

/// One content being encrypted. OpenSSL counts what GCM may take with one key (2^36 - 32 octets, NIST SP 800-38D
/// §5.2.1.1) and refuses more.
pub(super) struct Encryption {
    context: CipherCtx,
    is_authenticated: bool,
}

/// What stands behind the last chunk.
pub(super) struct End {
    /// The padded last block; empty where the cipher does not pad.
    pub(super) last: Vec<u8>,
    /// What authenticates the content; empty where the cipher does not.
    pub(super) mac: Vec<u8>,
}

/// RFC 5084 §3.2. The mac's length stands there because it is not the default, which is 12.
#[derive(Sequence)]
struct GcmParameters {
    nonce: OctetString,
    mac_octets: u8,
}

/// The cipher for these readers: GCM where the settings ask for it, or where each reader's program prefers it. What not
/// all of them open goes to none, because the content is encrypted once.
///
/// The sender's own certificate and the archive's are readers too, and of them nothing is ever learned: so who has a
/// certificate sends GCM only by the settings. That is meant. Segl opens GCM, but the sent copy is read in Outlook or
/// Thunderbird beside it as well, and no signed mail of theirs tells Segl what they open: CBC opens in all of them.
pub(super) fn content_cipher(
    rules: SealingRules,
    readers: &[&EncryptionCertificate],
) -> ContentCipher {
    let prefers_gcm = |reader: &&EncryptionCertificate| {
        let capabilities = reader.capabilities();
        capabilities.and_then(Capabilities::preferred_cipher) == Some(ContentCipher::Aes256Gcm)
    };
    match rules.cipher {
        ContentCipher::Aes256Gcm => ContentCipher::Aes256Gcm,
        ContentCipher::Aes256Cbc if !readers.is_empty() && readers.iter().all(prefers_gcm) => {
            ContentCipher::Aes256Gcm
        }
        ContentCipher::Aes256Cbc => ContentCipher::Aes256Cbc,
    }
}

impl ContentCipher {
    /// The CMS content type that holds content of this cipher.
    pub(super) fn content_type(self) -> ObjectIdentifier {
        match self {
            Self::Aes256Cbc => ID_ENVELOPED_DATA,
            Self::Aes256Gcm => ID_AUTH_ENVELOPED_DATA,
        }
    }

    /// Whether the content stands in an `AuthEnvelopedData`.
    pub(super) fn is_authenticated(self) -> bool {
        self == Self::Aes256Gcm
    }

    /// What a message of this cipher is called outside (RFC 8551 §3.2.2).
    pub(super) fn smime_type(self) -> &'static str {
        match self {
            Self::Aes256Cbc => "enveloped-data",
            Self::Aes256Gcm => "authEnveloped-data",
        }
    }

    /// A fresh key with a fresh initialisation vector or nonce, and the algorithm identifier that tells it.
    pub(super) fn start(self) -> Result<(ContentKey, AlgorithmIdentifier, Encryption), SealError> {
        let key = ContentKey::random(AES256_KEY)?;
        let (cipher, oid, octets) = match self {
            Self::Aes256Cbc => (Cipher::aes_256_cbc(), ID_AES256_CBC, BLOCK),
            Self::Aes256Gcm => (Cipher::aes_256_gcm(), ID_AES256_GCM, GCM_NONCE),
        };
        let mut vector = vec![0; octets];
        openssl::rand::rand_bytes(&mut vector)
            .map_err(SealError::crypto("initialisation vector"))?;
        let context = context(cipher, &key, &vector).map_err(SealError::crypto("AES-256"))?;
        let parameters = match self {
            Self::Aes256Cbc => Any::new(Tag::OctetString, vector),
            Self::Aes256Gcm => OctetString::new(vector).and_then(|nonce| {
                Any::encode_from(&GcmParameters {
                    nonce,
                    mac_octets: GCM_MAC,
                })
            }),
        };
        let algorithm = AlgorithmIdentifier {
            oid,
            parameters: Some(parameters.map_err(SealError::encoding("AES parameters"))?),
        };
        let encryption = Encryption {
            context,
            is_authenticated: self.is_authenticated(),
        };
        Ok((key, algorithm, encryption))
    }
}

fn context(
    cipher: &openssl::cipher::CipherRef,
    key: &ContentKey,
    vector: &[u8],
) -> Result<CipherCtx, ErrorStack> {
    let mut context = CipherCtx::new()?;
    context.encrypt_init(Some(cipher), Some(&key.0), Some(vector))?;
    Ok(context)
}

impl ContentKey {
    fn random(octets: usize) -> Result<Self, SealError> {
        let mut key = Zeroizing::new(vec![0; octets]);
        openssl::rand::rand_priv_bytes(&mut key).map_err(SealError::crypto("content key"))?;
        Ok(Self(key))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Chunk {
    /// Octets of a full chunk: whole blocks, so that each full chunk becomes as many encrypted octets, and few enough
    /// to stay in the processor's cache on the way.
    pub(super) const FULL: usize = 64 * 1024;

    pub(super) fn new() -> Self {
        Self {
            // OpenSSL asks for room for one block more than it writes. What a letter does not fill is never touched.
            octets: Vec::with_capacity(Self::FULL + BLOCK),
            is_plain: false,
        }
    }

    /// Takes as much of `plain` as there is room for. Returns the rest.
    pub(super) fn fill<'a>(&mut self, plain: &'a [u8]) -> &'a [u8] {
        let (now, later) = plain.split_at(plain.len().min(Self::FULL - self.octets.len()));
        self.octets.extend_from_slice(now);
        self.is_plain = true;
        later
    }

    pub(super) fn is_full(&self) -> bool {
        self.octets.len() == Self::FULL
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.octets
    }

    /// Makes room for other octets.
    pub(super) fn clear(&mut self) {
        self.octets.clear();
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        if self.is_plain {
            self.octets.zeroize();
        }
    }
}

impl Encryption {
    /// Encrypts a chunk in its place. All but the last are full.
    pub(super) fn encrypt(&mut self, chunk: &mut Chunk) -> Result<(), ErrorStack> {
        let plain = chunk.octets.len();
        chunk.octets.resize(plain + BLOCK, 0);
        // All chunks but the last are whole blocks, so nothing waits inside OpenSSL that would push what it writes
        // over what it still has to read.
        let encrypted = self
            .context
            .cipher_update_inplace(&mut chunk.octets, plain)?;
        // What does not fill a block waits inside OpenSSL, and is still here.
        chunk.octets[encrypted..].zeroize();
        chunk.octets.truncate(encrypted);
        chunk.is_plain = false;
        Ok(())
    }

    /// Pads, and authenticates.
    pub(super) fn finish(mut self) -> Result<End, ErrorStack> {
        let mut last = vec![0; BLOCK];
        let octets = self.context.cipher_final(&mut last)?;
        last.truncate(octets);
        let mut mac = Vec::new();
        if self.is_authenticated {
            mac = vec![0; GCM_MAC.into()];
            self.context.tag(&mut mac)?;
        }
        Ok(End { last, mac })
    }
}

#[cfg(test)]
impl Encryption {
    /// CBC with a key and a vector of zeros.
    pub(super) fn of_zeros(pads: bool) -> Self {
        let key = ContentKey(Zeroizing::new(vec![0; AES256_KEY]));
        let mut context = context(Cipher::aes_256_cbc(), &key, &[0; BLOCK]).unwrap();
        context.set_padding(pads);
        Self {
            context,
            is_authenticated: false,
        }
    }
}
