//! `EnvelopedData` (RFC 5652 §6) and `AuthEnvelopedData` (RFC 5083) as a BER stream: content of any length in one pass
//! and constant memory.
//!
//! The outer structures have indefinite lengths and the encrypted content is a row of OCTET STRINGs, as every other
//! streaming writer does it; what has a length beforehand (`RecipientInfos`, algorithm) is DER.

use std::{
    io::{self, Write},
    mem,
};

use cms::content_info::CmsVersion;
use const_oid::ObjectIdentifier;
use der::Encode as _;

use super::{
    cipher::{self, Chunk, Encryption},
    error::SealError,
    recipient::RecipientInfos,
};
use crate::{
    ber::{self, OCTET_STRING},
    cert::{EncryptionCertificate, SealingRules},
};

/// RFC 5652 §4.
const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

const SEQUENCE: [u8; 2] = [0x30, 0x80];
/// `[0]`, constructed: `ContentInfo`'s explicit content, and the encrypted content in parts.
const CONTEXT_0: [u8; 2] = [0xA0, 0x80];
/// Ends the innermost open structure.
const END: [u8; 2] = [0, 0];

/// Encrypts what is written to it for a set of readers. [`finish`](Self::finish) ends the structure; without it the
/// output is cut and no program opens it.
pub struct Enveloper<W: Write> {
    out: W,
    encryption: Encryption,
    /// Plain octets that wait for their chunk to be full.
    chunk: Chunk,
    /// A chunk that was written and can be filled again.
    free: Option<Chunk>,
    /// Set while a write runs, so that it stays set when one fails.
    interrupted: bool,
}

impl<W: Write> Enveloper<W> {
    /// Begins a message that exactly `readers` can open. Each certificate counts once. Everything that can fail for a
    /// reader fails here, before any content.
    pub fn new(
        mut out: W,
        readers: &[&EncryptionCertificate],
        rules: SealingRules,
    ) -> Result<Self, SealError> {
        let cipher = cipher::content_cipher(rules, readers);
        let (key, algorithm, encryption) = cipher.start()?;
        let recipients = RecipientInfos::seal(&key, readers, rules.rsa)?;
        let version = if cipher.is_authenticated() {
            // Whatever the readers are (RFC 5083 §2.1).
            CmsVersion::V0
        } else {
            recipients.version
        };
        let der = |value: Result<Vec<u8>, der::Error>| {
            value.map_err(SealError::encoding("EnvelopedData"))
        };
        let head = [
            &SEQUENCE[..],
            &der(cipher.content_type().to_der())?,
            &CONTEXT_0,
            &SEQUENCE,
            &der(version.to_der())?,
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
            chunk: Chunk::new(),
            free: None,
            interrupted: false,
        })
    }

    /// Pads and ends the content, and every structure around it.
    pub fn finish(mut self) -> Result<W, SealError> {
        if self.interrupted {
            return Err(SealError::Interrupted);
        }
        let (chunks, mac) = self.encryption.finish(self.chunk)?;
        let out = &mut self.out;
        let end = || {
            for chunk in chunks {
                put_octets(out, chunk.as_bytes())?;
            }
            // Encrypted content, EncryptedContentInfo; then EnvelopedData, ContentInfo's content, ContentInfo.
            out.write_all(&[END; 2].concat())?;
            put_octets(out, &mac)?;
            out.write_all(&[END; 3].concat())
        };
        end().map_err(SealError::from_write)?;
        Ok(self.out)
    }

    fn encrypt(&mut self, mut plain: &[u8]) -> io::Result<()> {
        while !plain.is_empty() {
            plain = self.chunk.fill(plain);
            if self.chunk.is_full() {
                let full =
                    mem::replace(&mut self.chunk, self.free.take().unwrap_or_else(Chunk::new));
                if let Some(mut done) = self.encryption.push(full).map_err(io::Error::other)? {
                    put_octets(&mut self.out, done.as_bytes())?;
                    done.clear();
                    self.free = Some(done);
                }
            }
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

/// An OCTET STRING: a part of the encrypted content, or the mac. Nothing, where there is none: less than a block was left
/// for the last part, or the cipher does not authenticate.
fn put_octets(out: &mut impl Write, octets: &[u8]) -> io::Result<()> {
    if octets.is_empty() {
        return Ok(());
    }
    let mut header = Vec::new();
    ber::header(OCTET_STRING, octets.len(), &mut header);
    out.write_all(&header)?;
    out.write_all(octets)
}
