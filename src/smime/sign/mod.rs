//! Signing (RFC 8551 §3.5.3): `multipart/signed` in one pass. The entity is hashed while it is written, and the
//! `SignedData` (RFC 5652 §5) follows it.
//!
//! Clear-signed and not opaque, because every program that can open the encryption around it then shows the text, even
//! one that cannot verify. Each signature is read again by the code that opens other people's mail before the message
//! is ended: the self-check sees encrypted octets only, so this is the place where a wrong signature is found.

mod attributes;
mod structure;

use std::io::{self, Write};

use jiff::Timestamp;
use openssl::hash::{DigestBytes, Hasher, MessageDigest};

use super::{error::SealError, open};
use crate::{
    cert::Certificate,
    identity::{SignatureScheme, Signer},
    mail::{Base64Lines, hex},
};

/// Who signs, and what goes with the signature.
pub struct Signing<'a> {
    /// The key.
    pub signer: &'a dyn Signer,
    /// How it signs: one of the schemes that it knows.
    pub scheme: SignatureScheme,
    /// Certificates from the signer's up to the trust anchor, without either: a self-signed one is left out
    /// (RFC 8550 §2.3).
    pub chain: &'a [Certificate],
    /// What answers shall be encrypted to.
    pub reading: Option<&'a Certificate>,
    /// When.
    pub at: Timestamp,
}

/// Writes a signed entity around `entity`, which writes what is signed: fields, an empty line, the body, in CRLF lines
/// of 7-bit octets (RFC 8551 §3.1.3). Where it fails, what was written has no end.
pub fn sign_entity<E: From<SealError>>(
    output: &mut dyn Write,
    signing: &Signing<'_>,
    entity: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    sign(output, signing, false, entity)
}

/// The same for what is encrypted then. Its header may hold an address that is not ASCII, which cannot be encoded (RFC
/// 6532 §3.2): no gateway comes by that would have to change it.
pub fn sign_encrypted_entity<E: From<SealError>>(
    output: &mut dyn Write,
    signing: &Signing<'_>,
    entity: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    sign(output, signing, true, entity)
}

fn sign<E: From<SealError>>(
    output: &mut dyn Write,
    signing: &Signing<'_>,
    may_be_eight_bit: bool,
    entity: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let mut random = [0; 16];
    openssl::rand::rand_bytes(&mut random).map_err(SealError::crypto("a boundary"))?;
    let (digest, micalg) = match signing.scheme {
        SignatureScheme::Ed25519 => (MessageDigest::sha512(), "sha-512"),
        _ => (MessageDigest::sha256(), "sha-256"),
    };
    // 128 random bits: no line of the entity is the boundary.
    let boundary = format!("=_{}", hex(&random));
    put(
        output,
        format!(
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n \
             micalg={micalg}; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n"
        )
        .as_bytes(),
    )?;
    let hash = Hasher::new(digest).map_err(SealError::crypto("a digest"))?;
    let mut hashing = Hashing::new(&mut *output, hash);
    entity(&mut hashing)?;
    let digest = hashing.finish(may_be_eight_bit)?;
    let made = structure::signed_data(signing, &digest)?;
    let own = signing.signer.certificate();
    let read = open::read_signature_again(&made, &digest, own);
    let read = read.map_err(SealError::SignatureUnreadable)?;
    if !read.faults.is_empty() || read.certificate.as_ref() != Some(own) {
        return Err(SealError::SignatureDiffers.into());
    }
    put(
        output,
        format!(
            "\r\n--{boundary}\r\n\
             Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n\
             Content-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n"
        )
        .as_bytes(),
    )?;
    let mut lines = Base64Lines::new(&mut *output);
    let written = lines.write_all(&made).and_then(|()| lines.finish());
    written.map_err(SealError::from_write)?;
    put(output, format!("\r\n--{boundary}--\r\n").as_bytes())?;
    Ok(())
}

fn put(output: &mut dyn Write, octets: &[u8]) -> Result<(), SealError> {
    output.write_all(octets).map_err(SealError::from_write)
}

/// Hashes what goes through it, and refuses what a gateway would have to change: then the signature would break.
struct Hashing<'a> {
    out: &'a mut dyn Write,
    hash: Hasher,
    is_eight_bit: bool,
}

impl<'a> Hashing<'a> {
    fn new(out: &'a mut dyn Write, hash: Hasher) -> Self {
        Self {
            out,
            hash,
            is_eight_bit: false,
        }
    }

    fn finish(mut self, may_be_eight_bit: bool) -> Result<DigestBytes, SealError> {
        if self.is_eight_bit && !may_be_eight_bit {
            return Err(SealError::NotSevenBit);
        }
        self.hash.finish().map_err(SealError::crypto("a digest"))
    }
}

impl Write for Hashing<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.out.write_all(octets)?;
        self.is_eight_bit |= !octets.is_ascii();
        self.hash.update(octets)?;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
