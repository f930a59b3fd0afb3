//! Content in, encrypted octets out. What fits into one chunk is encrypted where it is; for more, reading, encrypting
//! and encoding run side by side: a thread costs more than a letter, and of a large message each of the three takes
//! about as long as the others.
//!
//! Chunks go round, from the caller to the encrypting thread, to the writing thread, and back empty. There are
//! [`CHUNKS`] of them, so that nobody gets further ahead than that, and memory does not grow with the content.

use std::{
    io::{self, Write},
    mem,
    panic::resume_unwind,
    sync::mpsc::{Receiver, Sender, channel},
    thread::{self, Builder, Scope, ScopedJoinHandle},
};

use openssl::error::ErrorStack;

use super::{
    cipher::{Chunk, Encryption, End},
    error::SealError,
};
use crate::ber::{self, OCTET_STRING};

/// Enough to even out three speeds, and few enough to stay in the processor's cache.
const CHUNKS: usize = 8;

/// Encrypts what `content` writes into a row of OCTET STRINGs. What was written before an error has no end. Returns
/// `out` for what stands behind the content.
pub(super) fn encrypt<W: Write + Send, E: From<SealError>>(
    encryption: Encryption,
    out: W,
    content: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(W, Vec<u8>), E> {
    thread::scope(|scope| {
        let mut row = Row {
            scope,
            stage: Some(Stage::Alone(encryption, out)),
            chunk: Chunk::new(),
        };
        content(&mut row)?;
        Ok(row.finish()?)
    })
}

/// An OCTET STRING: a part of the encrypted content, or the mac. Nothing, where there is none: less than a block was left
/// for the last part, or the cipher does not authenticate.
pub(super) fn put_octets(out: &mut impl Write, octets: &[u8]) -> io::Result<()> {
    if octets.is_empty() {
        return Ok(());
    }
    let mut header = Vec::new();
    ber::header(OCTET_STRING, octets.len(), &mut header);
    out.write_all(&header)?;
    out.write_all(octets)
}

/// Where the content is written to.
struct Row<'scope, 'env, W> {
    scope: &'scope Scope<'scope, 'env>,
    /// None once something failed: what is out is cut then, and must not be ended as if it were whole.
    stage: Option<Stage<'scope, W>>,
    /// Plain octets that wait for their chunk to be full.
    chunk: Chunk,
}

enum Stage<'scope, W> {
    Alone(Encryption, W),
    Together(Threads<'scope, W>),
}

struct Threads<'scope, W> {
    plain: Sender<Chunk>,
    free: Receiver<Chunk>,
    /// Chunks that exist.
    chunks: usize,
    encrypting: ScopedJoinHandle<'scope, Result<End, ErrorStack>>,
    writing: ScopedJoinHandle<'scope, io::Result<W>>,
}

impl<'scope, W: Write + Send + 'scope> Row<'scope, '_, W> {
    /// Takes a full chunk away, because there is more.
    fn push(&mut self) -> Result<(), SealError> {
        let mut threads = match self.stage.take().ok_or(SealError::Interrupted)? {
            Stage::Alone(encryption, out) => Threads::start(self.scope, encryption, out)?,
            Stage::Together(threads) => threads,
        };
        let Some(next) = threads.empty() else {
            return Err(threads.failure());
        };
        if threads
            .plain
            .send(mem::replace(&mut self.chunk, next))
            .is_err()
        {
            return Err(threads.failure());
        }
        self.stage = Some(Stage::Together(threads));
        Ok(())
    }

    fn finish(mut self) -> Result<(W, Vec<u8>), SealError> {
        let (mut out, only, end) = match self.stage.take().ok_or(SealError::Interrupted)? {
            Stage::Alone(mut encryption, out) => {
                let encrypted = encryption.encrypt(&mut self.chunk);
                let end = encrypted.and_then(|()| encryption.finish());
                (out, Some(self.chunk), end.map_err(failed())?)
            }
            Stage::Together(threads) => {
                if threads.plain.send(self.chunk).is_err() {
                    return Err(threads.failure());
                }
                let (out, end) = threads.join()?;
                (out, None, end)
            }
        };
        let only = only.as_ref().map_or(&[][..], Chunk::as_bytes);
        let ended = put_octets(&mut out, only).and_then(|()| put_octets(&mut out, &end.last));
        ended.map_err(SealError::from_write)?;
        Ok((out, end.mac))
    }
}

impl<'scope, W: Write + Send + 'scope> Threads<'scope, W> {
    fn start(
        scope: &'scope Scope<'scope, '_>,
        mut encryption: Encryption,
        mut out: W,
    ) -> Result<Self, SealError> {
        let (plain, to_encrypt) = channel::<Chunk>();
        let (encrypted, to_write) = channel::<Chunk>();
        let (emptied, free) = channel();
        let named = |name: &str| Builder::new().name(name.to_owned());
        let encrypting = named("segl-encrypt").spawn_scoped(scope, move || {
            for mut chunk in to_encrypt {
                encryption.encrypt(&mut chunk)?;
                if encrypted.send(chunk).is_err() {
                    // The other thread ended early, and tells why.
                    break;
                }
            }
            encryption.finish()
        });
        let writing = named("segl-write").spawn_scoped(scope, move || {
            for mut chunk in to_write {
                put_octets(&mut out, chunk.as_bytes())?;
                chunk.clear();
                // Nobody takes the last ones.
                let _unneeded = emptied.send(chunk);
            }
            Ok(out)
        });
        Ok(Self {
            plain,
            free,
            // The one that is being filled.
            chunks: 1,
            encrypting: encrypting.map_err(SealError::Thread)?,
            writing: writing.map_err(SealError::Thread)?,
        })
    }

    /// A chunk to fill, as soon as there is one. None where the threads ended.
    fn empty(&mut self) -> Option<Chunk> {
        if let Ok(chunk) = self.free.try_recv() {
            return Some(chunk);
        }
        if self.chunks < CHUNKS {
            self.chunks += 1;
            return Some(Chunk::new());
        }
        self.free.recv().ok()
    }

    /// Waits until all that was pushed is written.
    fn join(self) -> Result<(W, End), SealError> {
        drop(self.plain);
        let end = joined(self.encrypting);
        let out = joined(self.writing).map_err(SealError::from_write)?;
        Ok((out, end.map_err(failed())?))
    }

    /// Why the threads ended before their time.
    fn failure(self) -> SealError {
        self.join().err().unwrap_or(SealError::Interrupted)
    }
}

/// What a thread leaves; its panic goes on here.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn failed() -> impl FnOnce(ErrorStack) -> SealError {
    SealError::crypto("encrypting")
}

impl<'scope, W: Write + Send + 'scope> Write for Row<'scope, '_, W> {
    fn write(&mut self, mut plain: &[u8]) -> io::Result<usize> {
        if self.stage.is_none() {
            return Err(io::Error::other(SealError::Interrupted));
        }
        let octets = plain.len();
        while !plain.is_empty() {
            if self.chunk.is_full() {
                self.push().map_err(io::Error::other)?;
            }
            plain = self.chunk.fill(plain);
        }
        Ok(octets)
    }

    /// A begun chunk stays, because flushing must not change the octets; what is encrypted is on its way.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ber::Ber;

    const PLAIN: &[u8] = &[7; 20 * Chunk::FULL + 21];

    fn written(out: Vec<u8>, octets: &[u8]) -> Result<(Vec<u8>, Vec<u8>), SealError> {
        encrypt(Encryption::of_zeros(true), out, |row| {
            row.write_all(octets).map_err(SealError::from_write)
        })
    }

    #[test]
    fn octets_come_back_encrypted_and_in_their_order() {
        let cipher = openssl::symm::Cipher::aes_256_cbc();
        for size in [0, 1, Chunk::FULL, Chunk::FULL + 1, PLAIN.len()] {
            let (out, mac) = written(Vec::new(), &PLAIN[..size]).unwrap();
            assert!(mac.is_empty());
            let (mut parts, mut encrypted) = (Ber::new(&out), Vec::new());
            while !parts.is_empty() {
                let part = parts.value(OCTET_STRING, "a part").unwrap();
                encrypted.extend_from_slice(part.content);
            }
            let wanted =
                openssl::symm::encrypt(cipher, &[0; 32], Some(&[0; 16]), &PLAIN[..size]).unwrap();
            assert!(encrypted == wanted, "{size}");
        }
    }

    #[test]
    fn an_error_of_openssl_is_told() {
        for size in [5, PLAIN.len()] {
            let unpadded = Encryption::of_zeros(false);
            let found = encrypt(unpadded, Vec::new(), |row| {
                row.write_all(&PLAIN[..size]).map_err(SealError::from_write)
            });
            assert!(matches!(found, Err(SealError::Crypto { .. })), "{found:?}");
        }
    }

    #[test]
    fn behind_a_failed_write_nothing_is_ended() {
        let mut room = vec![0; 100_000];
        let room = &mut room[..];
        let found = encrypt::<_, SealError>(Encryption::of_zeros(true), room, |row| {
            // The caller does not look.
            let _failed = row.write_all(PLAIN);
            assert!(row.write_all(b"more").is_err());
            Ok(())
        });
        assert!(matches!(found, Err(SealError::Interrupted)));
    }
}
