//! `EnvelopedData` (RFC 5652 §6) as a BER stream: content of any length in one pass and constant memory.
//!
//! The outer structures have indefinite lengths and the encrypted content is a row of OCTET STRINGs, as every other
//! streaming writer does it; what has a length beforehand (`RecipientInfos`, algorithm) is DER.

use std::io::{self, Write};

use const_oid::ObjectIdentifier;
use der::Encode as _;

use super::{
    cipher::{BLOCK, ContentCipher, Encryption},
    error::SealError,
    recipient::RecipientInfos,
};
use crate::cert::EncryptionCertificate;

/// RFC 5652 §4.
const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

const SEQUENCE: [u8; 2] = [0x30, 0x80];
/// `[0]`, constructed: `ContentInfo`'s explicit content, and the encrypted content in parts.
const CONTEXT_0: [u8; 2] = [0xA0, 0x80];
/// Ends the innermost open structure.
const END: [u8; 2] = [0, 0];

/// Octets of encrypted content in one OCTET STRING: whole blocks, and few enough to stay in the processor's cache.
const CHUNK: usize = 64 * 1024;
/// Tag and length of a full chunk, the longest there is.
const CHUNK_HEADER: usize = 5;

/// Encrypts what is written to it for a set of readers. [`finish`](Self::finish) ends the structure; without it the
/// output is cut and no program opens it.
pub struct Enveloper<W: Write> {
    out: W,
    encryption: Encryption,
    /// Encrypted octets that wait for their chunk to be full, and room for one block more.
    chunk: Vec<u8>,
    filled: usize,
    /// Set while a write runs, so that it stays set when one fails.
    interrupted: bool,
}

impl<W: Write> Enveloper<W> {
    /// Begins a message that exactly `readers` can open. Each certificate counts once. Everything that can fail for a
    /// reader fails here, before any content.
    pub fn new(
        mut out: W,
        readers: &[&EncryptionCertificate],
        cipher: ContentCipher,
    ) -> Result<Self, SealError> {
        let (key, algorithm, encryption) = cipher.start()?;
        let recipients = RecipientInfos::seal(&key, readers)?;
        let der = |value: Result<Vec<u8>, der::Error>| {
            value.map_err(SealError::encoding("EnvelopedData"))
        };
        let head = [
            &SEQUENCE[..],
            &der(cipher.content_type().to_der())?,
            &CONTEXT_0,
            &SEQUENCE,
            &der(recipients.version.to_der())?,
            &recipients.der,
            &SEQUENCE,
            &der(ID_DATA.to_der())?,
            &der(algorithm.to_der())?,
            &CONTEXT_0,
        ];
        out.write_all(&head.concat())
            .map_err(SealError::from_write)?;
        Ok(Self {
            out,
            encryption,
            chunk: vec![0; CHUNK + BLOCK],
            filled: 0,
            interrupted: false,
        })
    }

    /// Pads and ends the content, and every structure around it.
    pub fn finish(mut self) -> Result<W, SealError> {
        if self.interrupted {
            return Err(SealError::Interrupted);
        }
        // The last block: at most CHUNK - BLOCK octets wait, all whole blocks, so it fits.
        self.filled += self.encryption.finish(&mut self.chunk[self.filled..])?;
        put_chunk(&mut self.out, &self.chunk[..self.filled]).map_err(SealError::from_write)?;
        // Encrypted content, EncryptedContentInfo, EnvelopedData, ContentInfo's content, ContentInfo.
        self.out
            .write_all(&[END; 5].concat())
            .map_err(SealError::from_write)?;
        Ok(self.out)
    }

    fn encrypt(&mut self, mut plain: &[u8]) -> io::Result<()> {
        while !plain.is_empty() {
            let (now, later) = plain.split_at(plain.len().min(CHUNK - self.filled));
            let room = &mut self.chunk[self.filled..];
            self.filled += self
                .encryption
                .update(now, room)
                .map_err(io::Error::other)?;
            if self.filled == CHUNK {
                put_chunk(&mut self.out, &self.chunk[..CHUNK])?;
                self.filled = 0;
            }
            plain = later;
        }
        Ok(())
    }
}

impl<W: Write> Write for Enveloper<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        if self.interrupted {
            return Err(io::Error::other(SealError::Interrupted));
        }
        self.interrupted = true;
        self.encrypt(plain)?;
        self.interrupted = false;
        Ok(plain.len())
    }

    /// Hands on what is encrypted; a begun chunk stays, because flushing must not change the octets.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// An OCTET STRING: a part of the encrypted content.
fn put_chunk(out: &mut impl Write, octets: &[u8]) -> io::Result<()> {
    let length = octets.len().to_be_bytes();
    let zeros = length.iter().take_while(|b| **b == 0).count();
    let significant = &length[zeros..];
    let mut header = Vec::with_capacity(CHUNK_HEADER);
    header.push(0x04);
    if octets.len() < 0x80 {
        header.extend_from_slice(significant);
    } else {
        // At most CHUNK octets: the length has three digits.
        header.push(0x80 | u8::try_from(significant.len()).map_err(io::Error::other)?);
        header.extend_from_slice(significant);
    }
    out.write_all(&header)?;
    out.write_all(octets)
}
