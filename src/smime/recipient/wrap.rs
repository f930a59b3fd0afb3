//! What key agreement and key encapsulation share: a key-encryption key that is wiped, HKDF with SHA-256 (RFC 5869), and
//! AES-256 key wrap (RFC 3394).

use const_oid::ObjectIdentifier;
use openssl::{
    cipher::Cipher,
    cipher_ctx::{CipherCtx, CipherCtxFlags},
    error::ErrorStack,
    kdf::{HkdfMode, hkdf},
    md::Md,
};
use x509_cert::AlgorithmIdentifier;
use zeroize::Zeroizing;

use crate::smime::cipher::ContentKey;

/// RFC 3565 §2.3.2. The key that wraps has the size of the key that is wrapped (RFC 8551 §2.3).
const ID_AES256_WRAP: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.45");

/// Octets of a key-encryption key.
pub(super) const KEY: usize = 32;

/// A key-encryption key: made for one reader of one message, and wiped.
pub(super) type WrappingKey = Zeroizing<[u8; KEY]>;

/// AES-256 key wrap; parameters are absent (RFC 3565 §2.3.2).
pub(super) fn algorithm() -> AlgorithmIdentifier {
    AlgorithmIdentifier {
        oid: ID_AES256_WRAP,
        parameters: None,
    }
}

/// Wraps the content key. The result has eight octets more.
pub(super) fn wrap(with: &WrappingKey, key: &ContentKey) -> Result<Vec<u8>, ErrorStack> {
    let mut context = CipherCtx::new()?;
    context.set_flags(CipherCtxFlags::FLAG_WRAP_ALLOW);
    context.encrypt_init(Some(Cipher::aes_256_wrap()), Some(with.as_slice()), None)?;
    let mut wrapped = Vec::new();
    context.cipher_update_vec(key.as_bytes(), &mut wrapped)?;
    context.cipher_final_vec(&mut wrapped)?;
    Ok(wrapped)
}

/// HKDF with SHA-256 and without a salt.
pub(super) fn hkdf_sha256(secret: &[u8], info: &[u8]) -> Result<WrappingKey, ErrorStack> {
    let mut key = WrappingKey::default();
    let mode = HkdfMode::ExtractAndExpand;
    let out = key.as_mut_slice();
    hkdf(Md::sha256(), secret, None, Some(info), mode, None, out)?;
    Ok(key)
}
