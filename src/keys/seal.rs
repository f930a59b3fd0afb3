//! Sealing: AES-256-GCM (NIST SP 800-38D) with a random nonce, bound to where the sealed octets lie.
//!
//! Sealed octets are `nonce (12) ‖ ciphertext ‖ tag (16)`. The caller names the place (table, row, column, format) in
//! the additional data, made by [`fields`]: octets moved to another row do not open. A nonce is random, so one key
//! may seal 2^32 times; a draft saved every two seconds takes 270 years to get there.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rand::{rand_bytes, rand_priv_bytes};
use openssl::sign::Signer;
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use zeroize::Zeroizing;

use super::KEY_LENGTH;

const NONCE: usize = 12;
const TAG: usize = 16;
/// What sealing adds to the length of the plain text.
pub(crate) const OVERHEAD: usize = NONCE + TAG;

/// Why octets could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Sealed under another key, for another place, or changed since.
    #[error("the sealed octets do not open")]
    Broken,
    /// OpenSSL failed.
    #[error("the cryptographic library failed")]
    Library(#[from] ErrorStack),
}

/// A key that seals, or that other keys are derived from. Zeroised on drop.
pub(crate) struct SealKey(Zeroizing<[u8; KEY_LENGTH]>);

impl SealKey {
    /// A fresh key.
    pub(crate) fn random() -> Result<Self, SealError> {
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        rand_priv_bytes(&mut *key)?;
        Ok(Self(key))
    }

    /// A key from its octets.
    pub(crate) fn from_bytes(bytes: [u8; KEY_LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A key from octets that were sealed; another length is [`SealError::Broken`].
    pub(crate) fn from_opened(bytes: &[u8]) -> Result<Self, SealError> {
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        if bytes.len() != KEY_LENGTH {
            return Err(SealError::Broken);
        }
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }

    /// The octets themselves, to wrap or keep them.
    pub(crate) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    /// The key for `label`: HMAC-SHA-256 as a key derivation function (NIST SP 800-108, one block).
    pub(crate) fn derive(&self, label: &[u8]) -> Result<Self, SealError> {
        Ok(Self::from_bytes(self.mac(label)?))
    }

    /// HMAC-SHA-256 (RFC 2104).
    pub(crate) fn mac(&self, data: &[u8]) -> Result<[u8; 32], SealError> {
        let key = PKey::hmac(&*self.0)?;
        let mut mac = [0; 32];
        Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot(&mut mac, data)?;
        Ok(mac)
    }

    /// Seals for one place.
    pub(crate) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let (mut nonce, mut tag) = ([0; NONCE], [0; TAG]);
        rand_bytes(&mut nonce)?;
        let text = encrypt_aead(
            Cipher::aes_256_gcm(),
            &*self.0,
            Some(&nonce),
            place,
            plain,
            &mut tag,
        )?;
        Ok([&nonce[..], &text, &tag].concat())
    }

    /// Opens what was sealed for that place.
    pub(crate) fn open(
        &self,
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(SealError::Broken)?;
        let (text, tag) = rest.split_last_chunk::<TAG>().ok_or(SealError::Broken)?;
        // OpenSSL answers a wrong tag with an empty error stack: there is no more to tell.
        decrypt_aead(
            Cipher::aes_256_gcm(),
            &*self.0,
            Some(nonce),
            place,
            text,
            tag,
        )
        .map(Zeroizing::new)
        .map_err(|stack| {
            if stack.errors().is_empty() {
                SealError::Broken
            } else {
                SealError::Library(stack)
            }
        })
    }
}

impl SealKey {
    /// The same, and nothing where the octets do not open: an error is a fault of the library alone.
    pub(crate) fn open_if_whole(
        &self,
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, SealError> {
        match self.open(place, sealed) {
            Ok(plain) => Ok(Some(plain)),
            Err(SealError::Broken) => Ok(None),
            Err(cause @ SealError::Library(_)) => Err(cause),
        }
    }
}

/// Octets that say unambiguously which fields they were made of: each as its length (32 bits, big end first) and itself.
pub(crate) fn fields(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        joined.extend_from_slice(&length.to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_where_it_was_sealed_for() {
        let key = SealKey::random().unwrap();
        for plain in [&b""[..], b"a", &vec![7; 100_000]] {
            let sealed = key.seal(b"drafts 1", plain).unwrap();
            assert_eq!(sealed.len(), plain.len() + OVERHEAD);
            assert_eq!(&*key.open(b"drafts 1", &sealed).unwrap(), plain);
            assert!(matches!(
                key.open(b"drafts 2", &sealed),
                Err(SealError::Broken)
            ));
            assert!(matches!(
                SealKey::random().unwrap().open(b"drafts 1", &sealed),
                Err(SealError::Broken)
            ));
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let key = SealKey::random().unwrap();
        let sealed = key.seal(b"", b"text").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                matches!(key.open(b"", &changed), Err(SealError::Broken)),
                "bit {bit}"
            );
        }
        for length in 0..sealed.len() {
            assert!(
                matches!(key.open(b"", &sealed[..length]), Err(SealError::Broken)),
                "length {length}"
            );
        }
    }

    #[test]
    fn the_mac_is_that_of_rfc_4231() {
        // Test case 2 has the key "Jefe"; HMAC pads a short key with zeros, so 32 octets give the same.
        let mut key = [0; KEY_LENGTH];
        key[..4].copy_from_slice(b"Jefe");
        let mac = SealKey::from_bytes(key)
            .mac(b"what do ya want for nothing?")
            .unwrap();
        assert_eq!(
            crate::disk::hex::encode(&mac),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn fields_cannot_be_shifted_into_each_other() {
        assert_ne!(fields(&[b"ab", b"c"]), fields(&[b"a", b"bc"]));
        assert_ne!(fields(&[b"ab"]), fields(&[b"ab", b""]));
    }
}
