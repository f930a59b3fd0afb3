//! Content encryption: which cipher, its key, how the structures name it, and the work itself.
//!
//! A further cipher is a further arm of each `match`. GCM (RFC 5084) also has another content type, `AuthEnvelopedData`,
//! and a mac behind the content: the thread's last word, as the padding is here.

use std::{
    panic::resume_unwind,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use const_oid::ObjectIdentifier;
use der::{Any, Tag};
use openssl::{cipher::Cipher, cipher_ctx::CipherCtx, error::ErrorStack};
use x509_cert::AlgorithmIdentifier;
use zeroize::Zeroizing;

use super::error::SealError;

/// RFC 5652 §6.1.
const ID_ENVELOPED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
/// RFC 3565 §4.1.
const ID_AES256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");

/// Octets of an AES block.
const BLOCK: usize = 16;
const AES256_KEY: usize = 32;

/// Chunks that are with the encrypting thread at once: enough to even out two speeds, and memory stays small.
const UNDER_WAY: usize = 3;

/// How the content is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentCipher {
    /// AES-256 in CBC mode (RFC 3565): the one that every mail program opens.
    Aes256Cbc,
}

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
    /// Gives the padded last block when it ends.
    thread: Option<JoinHandle<Result<Chunk, ErrorStack>>>,
}

impl ContentCipher {
    /// The CMS content type that holds content of this cipher.
    pub(super) fn content_type(self) -> ObjectIdentifier {
        match self {
            Self::Aes256Cbc => ID_ENVELOPED_DATA,
        }
    }

    /// A fresh key with a fresh initialisation vector, and the algorithm identifier that tells the vector.
    pub(super) fn start(self) -> Result<(ContentKey, AlgorithmIdentifier, Encryption), SealError> {
        match self {
            Self::Aes256Cbc => {
                let key = ContentKey::random(AES256_KEY)?;
                let mut vector = [0; BLOCK];
                openssl::rand::rand_bytes(&mut vector)
                    .map_err(SealError::crypto("initialisation vector"))?;
                let context = context(Cipher::aes_256_cbc(), &key, &vector)
                    .map_err(SealError::crypto("AES-256-CBC"))?;
                let parameters = Any::new(Tag::OctetString, vector)
                    .map_err(SealError::encoding("AES parameters"))?;
                let algorithm = AlgorithmIdentifier {
                    oid: ID_AES256_CBC,
                    parameters: Some(parameters),
                };
                Ok((key, algorithm, Encryption::start(context)?))
            }
        }
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
    fn start(context: CipherCtx) -> Result<Self, SealError> {
        let (plain, to_encrypt) = sync_channel(UNDER_WAY);
        let (done, encrypted) = sync_channel(UNDER_WAY);
        let thread = thread::Builder::new()
            .name("segl-encrypt".to_owned())
            .spawn(move || encrypt(context, &to_encrypt, &done))
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

    /// Encrypts the last chunk. Returns all that were under way, in their order, with the padding at the end.
    pub(super) fn finish(mut self, last: Chunk) -> Result<Vec<Chunk>, SealError> {
        if self.plain.send(last).is_err() {
            return Err(self.failure());
        }
        drop(self.plain);
        let mut chunks: Vec<_> = self.encrypted.iter().collect();
        chunks.push(ended(self.thread.take())?);
        Ok(chunks)
    }

    /// Why the thread ended before its time.
    fn failure(&mut self) -> SealError {
        ended(self.thread.take())
            .err()
            .unwrap_or(SealError::Interrupted)
    }
}

/// What the thread leaves when it has ended; its panic goes on here.
fn ended(thread: Option<JoinHandle<Result<Chunk, ErrorStack>>>) -> Result<Chunk, SealError> {
    let left = thread.ok_or(SealError::Interrupted)?.join();
    left.unwrap_or_else(|panic| resume_unwind(panic))
        .map_err(SealError::crypto("encrypting"))
}

/// Encrypts chunks in place until no more come. Returns the padded last block.
fn encrypt(
    mut context: CipherCtx,
    plain: &Receiver<Chunk>,
    encrypted: &SyncSender<Chunk>,
) -> Result<Chunk, ErrorStack> {
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
    Ok(last)
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
        Encryption::start(context).unwrap()
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
        for done in encryption.finish(chunk(21)).unwrap() {
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
