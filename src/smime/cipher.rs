//! Content encryption: its key, how the structures name it, and the work itself.
//!
//! A further cipher is a further arm of each `match`. GCM (RFC 5084) also has another content type, `AuthEnvelopedData`
//! (RFC 5083), and a mac behind the content: the thread's last word, as the padding is for CBC.

use std::{
    panic::resume_unwind,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use const_oid::ObjectIdentifier;
use der::{Any, Sequence, Tag, asn1::OctetString};
use openssl::{cipher::Cipher, cipher_ctx::CipherCtx, error::ErrorStack};
use x509_cert::AlgorithmIdentifier;
use zeroize::Zeroizing;

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

/// Chunks that are with the encrypting thread at once: enough to even out two speeds, and memory stays small.
const UNDER_WAY: usize = 3;

/// A content-encryption key: fresh for each message, and wiped.
pub(super) struct ContentKey(Zeroizing<Vec<u8>>);

/// A part of the content: plain when it is filled, encrypted in its place, and wiped where that does not happen.
pub(super) struct Chunk {
    octets: Zeroizing<Vec<u8>>,
    filled: usize,
}

/// One content being encrypted, by a thread of its own: that is half the work of sealing, and what is encrypted can be
/// encoded and written meanwhile.
pub(super) struct Encryption {
    plain: SyncSender<Chunk>,
    encrypted: Receiver<Chunk>,
    under_way: usize,
    thread: Option<JoinHandle<Result<End, ErrorStack>>>,
}

/// What the thread gives when it ends.
pub(super) struct End {
    /// The padded last block; empty where the cipher does not pad.
    pub(super) last: Chunk,
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
        let encryption = Encryption::start(context, self.is_authenticated())?;
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
            // OpenSSL asks for room for one block more than it writes.
            octets: Zeroizing::new(vec![0; Self::FULL + BLOCK]),
            filled: 0,
        }
    }

    /// Takes as much of `plain` as there is room for. Returns the rest.
    pub(super) fn fill<'a>(&mut self, plain: &'a [u8]) -> &'a [u8] {
        let (now, later) = plain.split_at(plain.len().min(Self::FULL - self.filled));
        self.octets[self.filled..self.filled + now.len()].copy_from_slice(now);
        self.filled += now.len();
        later
    }

    pub(super) fn is_full(&self) -> bool {
        self.filled == Self::FULL
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.octets[..self.filled]
    }

    /// Makes room for other octets.
    pub(super) fn clear(&mut self) {
        self.filled = 0;
    }
}

impl Encryption {
    fn start(context: CipherCtx, is_authenticated: bool) -> Result<Self, SealError> {
        let (plain, to_encrypt) = sync_channel(UNDER_WAY);
        let (done, encrypted) = sync_channel(UNDER_WAY);
        let thread = thread::Builder::new()
            .name("segl-encrypt".to_owned())
            .spawn(move || encrypt(context, is_authenticated, &to_encrypt, &done))
            .map_err(SealError::Thread)?;
        Ok(Self {
            plain,
            encrypted,
            under_way: 0,
            thread: Some(thread),
        })
    }

    /// Gives a full chunk to be encrypted. Returns the oldest encrypted one when enough are under way.
    pub(super) fn push(&mut self, chunk: Chunk) -> Result<Option<Chunk>, SealError> {
        if self.plain.send(chunk).is_err() {
            return Err(self.failure());
        }
        self.under_way += 1;
        if self.under_way < UNDER_WAY {
            return Ok(None);
        }
        self.under_way -= 1;
        match self.encrypted.recv() {
            Ok(chunk) => Ok(Some(chunk)),
            Err(_) => Err(self.failure()),
        }
    }

    /// Encrypts the last chunk. Returns all that were under way, in their order, with the padding at the end, and the
    /// mac.
    pub(super) fn finish(mut self, last: Chunk) -> Result<(Vec<Chunk>, Vec<u8>), SealError> {
        if self.plain.send(last).is_err() {
            return Err(self.failure());
        }
        drop(self.plain);
        let mut chunks: Vec<_> = self.encrypted.iter().collect();
        let End { last, mac } = ended(self.thread.take())?;
        chunks.push(last);
        Ok((chunks, mac))
    }

    /// Why the thread ended before its time.
    fn failure(&mut self) -> SealError {
        ended(self.thread.take())
            .err()
            .unwrap_or(SealError::Interrupted)
    }
}

/// What the thread leaves when it has ended; its panic goes on here.
fn ended(thread: Option<JoinHandle<Result<End, ErrorStack>>>) -> Result<End, SealError> {
    let left = thread.ok_or(SealError::Interrupted)?.join();
    left.unwrap_or_else(|panic| resume_unwind(panic))
        .map_err(SealError::crypto("encrypting"))
}

/// Encrypts chunks in place until no more come. OpenSSL counts what GCM may take with one key (2^36 - 32 octets, NIST
/// SP 800-38D §5.2.1.1) and refuses more.
fn encrypt(
    mut context: CipherCtx,
    is_authenticated: bool,
    plain: &Receiver<Chunk>,
    encrypted: &SyncSender<Chunk>,
) -> Result<End, ErrorStack> {
    for mut chunk in plain {
        // All chunks but the last are whole blocks, so nothing waits inside OpenSSL that would push what it writes
        // over what it still has to read.
        chunk.filled = context.cipher_update_inplace(&mut chunk.octets, chunk.filled)?;
        if encrypted.send(chunk).is_err() {
            // Nobody waits for it: sealing was given up.
            break;
        }
    }
    let mut last = Chunk::new();
    last.filled = context.cipher_final(&mut last.octets)?;
    let mut mac = Vec::new();
    if is_authenticated {
        mac = vec![0; GCM_MAC.into()];
        context.tag(&mut mac)?;
    }
    Ok(End { last, mac })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encryption(prepare: impl FnOnce(&mut CipherCtx)) -> Encryption {
        let mut context = CipherCtx::new().unwrap();
        let cipher = Some(Cipher::aes_256_cbc());
        context
            .encrypt_init(cipher, Some(&[0; AES256_KEY]), Some(&[0; BLOCK]))
            .unwrap();
        prepare(&mut context);
        Encryption::start(context, false).unwrap()
    }

    fn chunk(octets: usize) -> Chunk {
        let mut chunk = Chunk::new();
        assert!(chunk.fill(&vec![7; octets]).is_empty());
        chunk
    }

    #[test]
    fn chunks_come_back_encrypted_and_in_their_order() {
        let mut encryption = encryption(|_| ());
        let mut encrypted: Vec<u8> = Vec::new();
        for _ in 0..10 {
            let done = encryption.push(chunk(Chunk::FULL)).unwrap();
            encrypted.extend(done.iter().flat_map(Chunk::as_bytes));
        }
        let (rest, mac) = encryption.finish(chunk(21)).unwrap();
        assert!(mac.is_empty());
        for done in rest {
            encrypted.extend(done.as_bytes());
        }
        let cipher = openssl::symm::Cipher::aes_256_cbc();
        let plain = vec![7; 10 * Chunk::FULL + 21];
        let wanted = openssl::symm::encrypt(cipher, &[0; AES256_KEY], Some(&[0; BLOCK]), &plain);
        assert!(encrypted == wanted.unwrap());
    }

    #[test]
    fn an_error_of_openssl_is_told() {
        let failing = encryption(|context| context.set_padding(false));
        let found = failing.finish(chunk(5));
        assert!(matches!(found, Err(SealError::Crypto { .. })));
    }

    #[test]
    fn a_thread_that_ended_is_no_end_of_the_content() {
        let mut encryption = encryption(|_| ());
        encryption.encrypted = sync_channel(0).1;
        // The thread gives up at the first chunk that nobody takes; whatever call notices it reports it.
        let found = (0..10).find_map(|_| encryption.push(chunk(Chunk::FULL)).err());
        assert!(matches!(found, Some(SealError::Interrupted)));
    }
}
