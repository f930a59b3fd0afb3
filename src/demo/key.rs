//! Key pairs for the demo's certificates: fresh, shared between tests, or given.
//!
//! Making an RSA key takes long, so tests share a pool that lives as long as the process. Nothing takes a key from the
//! pool unasked, and the running demo none at all.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use zeroize::Zeroizing;

use super::DemoError;

/// The kinds of key that a certificate can be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with a modulus of so many bits; OpenSSL makes none below 512.
    Rsa(u32),
    /// Elliptic curve P-256 (secp256r1).
    P256,
    /// Elliptic curve P-384 (secp384r1).
    P384,
    /// Elliptic curve P-521 (secp521r1).
    P521,
    /// Elliptic curve brainpoolP256r1 (RFC 5639), to which Segl does not seal.
    BrainpoolP256,
    /// Edwards curve 25519, signatures only (RFC 8410).
    Ed25519,
    /// Montgomery curve 25519, key agreement only (RFC 8410).
    X25519,
    /// ML-KEM-768 (FIPS 203).
    MlKem768,
    /// ML-KEM-1024 (FIPS 203).
    MlKem1024,
}

/// A private key. It has no `Debug`: a key never reaches a log.
#[derive(Clone)]
pub struct Key(PKey<Private>);

/// Which key a certificate gets.
#[derive(Clone)]
pub enum KeyChoice {
    /// A new one of this kind.
    Fresh(KeyKind),
    /// The n-th RSA-2048 key of the pool that all tests of a process share.
    Shared(usize),
    /// This one, for instance to certify one key twice.
    This(Key),
}

impl Key {
    /// Makes a new key.
    pub fn generate(kind: KeyKind) -> Result<Self, DemoError> {
        let key = match kind {
            KeyKind::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits)?)?,
            KeyKind::P256 => PKey::ec_gen("prime256v1")?,
            KeyKind::P384 => PKey::ec_gen("secp384r1")?,
            KeyKind::P521 => PKey::ec_gen("secp521r1")?,
            KeyKind::BrainpoolP256 => PKey::ec_gen("brainpoolP256r1")?,
            KeyKind::Ed25519 => PKey::generate_ed25519()?,
            KeyKind::X25519 => PKey::generate_x25519()?,
            KeyKind::MlKem768 => ml_kem(ML_KEM_768)?,
            KeyKind::MlKem1024 => ml_kem(ML_KEM_1024)?,
        };
        Ok(Self(key))
    }

    /// The n-th RSA-2048 key of the process, made at its first use. The same number gives the same key.
    pub fn shared(number: usize) -> Result<Self, DemoError> {
        static POOL: Mutex<BTreeMap<usize, Key>> = Mutex::new(BTreeMap::new());
        let pool = || POOL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = pool().get(&number) {
            return Ok(key.clone());
        }
        // Made without the lock, so that other tests go on; where two made it at once, the first stays.
        let fresh = Self::generate(KeyKind::Rsa(2048))?;
        Ok(pool().entry(number).or_insert(fresh).clone())
    }

    /// A key that was made elsewhere.
    pub fn of(key: PKey<Private>) -> Self {
        Self(key)
    }

    /// The key as OpenSSL knows it.
    pub fn pkey(&self) -> &PKey<Private> {
        &self.0
    }
}

impl KeyChoice {
    pub(super) fn key(&self) -> Result<Key, DemoError> {
        match self {
            Self::Fresh(kind) => Key::generate(*kind),
            Self::Shared(number) => Key::shared(*number),
            Self::This(key) => Ok(key.clone()),
        }
    }
}

/// The last arc of 2.16.840.1.101.3.4.4 (RFC 9935 §3).
const ML_KEM_768: u8 = 2;
const ML_KEM_1024: u8 = 3;

/// An ML-KEM key from a fresh seed. The safe crate cannot generate one, and reads one from PKCS#8 with the seed alone
/// (RFC 9935 §6).
fn ml_kem(arc: u8) -> Result<PKey<Private>, DemoError> {
    const BEFORE: &[u8] = b"\x30\x54\x02\x01\x00\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x04";
    const SEED: &[u8] = b"\x04\x42\x80\x40";
    let mut seed = Zeroizing::new([0; 64]);
    openssl::rand::rand_priv_bytes(seed.as_mut_slice())?;
    let der = Zeroizing::new([BEFORE, &[arc], SEED, seed.as_slice()].concat());
    Ok(PKey::private_key_from_pkcs8(&der)?)
}
