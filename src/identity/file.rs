//! Key files: PKCS #12, or PEM with keys and certificates.

use openssl::pkey::{PKey, Private};

use super::{
    SoftKey,
    pkcs12::{self, Bundle, Pkcs12Error, Rounds},
};
use crate::cert::{self, ObjectError};

/// Reads a file of either kind.
pub fn read_keys(octets: &[u8], password: &str) -> Result<Bundle, Pkcs12Error> {
    if memchr::memmem::find(octets, b"-----BEGIN ").is_none() {
        return pkcs12::read(octets, password).map_err(|cause| {
            let is_key = matches!(cause, Pkcs12Error::Broken(_))
                && PKey::private_key_from_der(octets).is_ok();
            if is_key {
                Pkcs12Error::NoCertificate
            } else {
                cause
            }
        });
    }
    let blocks: Vec<_> = pem_keys(octets).collect();
    if blocks.is_empty() {
        return Err(Pkcs12Error::NoKey);
    }
    // A certificate that is left out could be that of the key: all must be readable.
    let certificates: Vec<_> = match cert::certificates(octets) {
        Ok(found) => found
            .into_iter()
            .collect::<Result<_, _>>()
            .or(Err(Pkcs12Error::Damaged))?,
        Err(ObjectError::None(_)) => return Err(Pkcs12Error::NoCertificate),
        Err(_) => return Err(Pkcs12Error::Damaged),
    };
    let mut keys = Vec::new();
    let mut left = Rounds::of_a_file();
    for block in blocks {
        let key = pem_key(block, password, &mut left)?;
        let certificates = certificates.iter().cloned();
        let found = certificates.filter_map(|certificate| SoftKey::new(certificate, key.clone()));
        let before = keys.len();
        keys.extend(found);
        if keys.len() == before {
            return Err(Pkcs12Error::OtherCertificate);
        }
    }
    Ok(Bundle { keys, certificates })
}

/// One key. OpenSSL would hash as many rounds as the block asks for, so the block is opened here; its older form, which
/// names its cipher in a field, is hashed once.
fn pem_key(block: &[u8], password: &str, left: &mut Rounds) -> Result<PKey<Private>, Pkcs12Error> {
    let broken = Pkcs12Error::Damaged;
    if let Some(body) = block.strip_prefix(ENCRYPTED_KEY) {
        let end = memchr::memmem::find(body, b"-----END").unwrap_or(body.len());
        let Ok(octets) = base64_simd::forgiving_decode_to_vec(&body[..end]) else {
            return Err(broken);
        };
        let plain = pkcs12::encrypted_key(&octets, password, left)?;
        return PKey::private_key_from_pkcs8(&plain).or(Err(Pkcs12Error::WrongPassword));
    }
    let is_encrypted = memchr::memmem::find(block, b"ENCRYPTED").is_some();
    let key = PKey::private_key_from_pem_passphrase(block, password.as_bytes());
    key.or(Err(if is_encrypted {
        Pkcs12Error::WrongPassword
    } else {
        broken
    }))
}

/// RFC 7468 §11.
const ENCRYPTED_KEY: &[u8] = b"-----BEGIN ENCRYPTED PRIVATE KEY-----";

/// The blocks that hold private keys.
fn pem_keys(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = octets;
    std::iter::from_fn(move || {
        loop {
            let begin = memchr::memmem::find(rest, b"-----BEGIN ")?;
            let after = &rest[begin + 1..];
            let end = memchr::memmem::find(after, b"-----BEGIN ").unwrap_or(after.len());
            let block = &rest[begin..=begin + end];
            let label_end = memchr::memchr(b'\n', block).unwrap_or(block.len());
            rest = &after[end..];
            if memchr::memmem::find(&block[..label_end], b"PRIVATE KEY").is_some() {
                return Some(block);
            }
        }
    })
}
