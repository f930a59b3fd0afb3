//! Secrets: the store key that seals what lies on disk, and the passwords of servers.
//!
//! The store key is 32 random octets. It lives in the keyring of the operating system or, where the settings say so,
//! in a file that only its owner may read; each sealed database and the files `key.mark` know it by its mark. Where a
//! mark is known, or anything sealed lies there, and the key is not to be had, nobody makes a new one: "no entry" means
//! locked or lost, never fresh.
//! Nothing here logs, and no secret type has `Debug`. What seals is AES-256-GCM (`seal`), all of it OpenSSL's.

mod export;
mod file;
mod fit;
mod keyring;
mod own;
mod password;
pub(crate) mod seal;
mod sealed;
mod source;
mod token;

use std::path::PathBuf;

use zeroize::Zeroizing;

pub use export::{ExportError, export_keys, restore_keys};
pub use own::{OwnKeys, keep_own, kept, own, own_names};
pub use password::{Password, delete_password, password, set_password};
pub use seal::SealError;
pub use sealed::{forget_sealed, keep_sealed, sealed};
pub use source::{KeySource, obtain};
pub use token::{
    Pin, PinTries, Token, TokenError, TokenKey, TokenState, Tokens, forget_token, present, tokens,
    unlock,
};

use crate::disk::{DiskError, hex};
use seal::SealKey;

/// Octets of a key.
pub(crate) const KEY_LENGTH: usize = 32;

/// The key under which store and record seal. Zeroised on drop; it has neither `Debug` nor `Clone`.
pub struct StoreKey {
    key: SealKey,
    mark: KeyMark,
}

/// What a database remembers of its key: enough to ask for it and to know it again, of no use to find it.
///
/// HMAC-SHA-256 of a constant under the key: the first half is the id that names the keyring entry, the second half
/// the check value. A key whose mark differs is the wrong one, also where somebody else chose the octets (`key_file`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyMark([u8; 32]);

/// Why a key or password is not at hand.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// This computer or session has no keyring.
    #[error("no keyring is available")]
    NoKeyring,
    /// The keyring is there and did not open: locked, refused by its owner, or still asking when time was up.
    #[error("the keyring is locked")]
    Locked,
    /// Sealed data exist, and the keyring has no entry for their key: on Linux that is locked, not running or deleted.
    #[error("the keyring has no key {id}, which sealed data need")]
    Missing {
        /// The id of the key that the sealed data name.
        id: String,
    },
    /// A key is there, and it is not the one that the data were sealed under.
    #[error("the data were sealed under key {expected}, not under {presented}")]
    Wrong {
        /// The id that the data name.
        expected: String,
        /// The id of the key that was presented.
        presented: String,
    },
    /// Sealed files exist, and nothing is left that says which entry of the keyring is their key.
    #[error("sealed files exist, and their key has no name")]
    Unnamed,
    /// A key is there, and it opens none of the sealed files: they were sealed under another, or all are damaged.
    #[error("the key opens none of the sealed files")]
    FitsNone,
    /// The file of one own key does not open; others do.
    #[error("the file of an own key does not open: {}", file.display())]
    Damaged {
        /// Its path.
        file: PathBuf,
    },
    /// The key file may be read by others.
    #[error("the key file has mode {mode:04o}, and must have 0600")]
    FilePermissions {
        /// The permission bits found.
        mode: u32,
    },
    /// The key file is there and cannot be read.
    #[error("the key file cannot be read")]
    FileUnreadable(#[source] std::io::Error),
    /// The key file is no regular file of 64 hexadecimal digits.
    #[error("the key file does not hold a key")]
    FileMalformed,
    /// Sealed data exist, and the key file is gone.
    #[error("the key file is missing, and sealed data need it")]
    FileMissing,
    /// A keyring entry is there and is not what Segl writes.
    #[error("the keyring entry does not hold what it should")]
    EntryMalformed,
    /// The keyring took a new key and gave back another, or nothing: it would be lost with the program.
    #[error("the keyring did not keep the key")]
    NotKept,
    /// An environment variable that should hold a password is not text.
    #[error("the environment variable {0} is not valid Unicode")]
    NotText(String),
    /// The keyring failed in another way.
    #[error("the keyring failed")]
    Platform(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The mark of the key could not be read or written.
    #[error("the data folder could not be read or written")]
    Disk(#[from] DiskError),
    /// The cryptographic library failed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl StoreKey {
    /// A key that is kept nowhere: for what must not outlive the program.
    pub fn ephemeral() -> Result<Self, KeyError> {
        Self::new(SealKey::random()?)
    }

    /// The id that the sealed data and the keyring entry name it by (32 hexadecimal digits).
    pub fn id(&self) -> String {
        self.mark.id()
    }

    /// The key for one use, so that what is sealed for one can never be opened as another.
    pub(crate) fn derive(&self, label: &str) -> Result<SealKey, SealError> {
        self.key.derive(label.as_bytes())
    }

    /// What a database remembers of this key.
    pub(crate) fn mark(&self) -> KeyMark {
        self.mark
    }

    /// Refuses this key for data that name another.
    pub(crate) fn check(&self, expected: KeyMark) -> Result<(), KeyError> {
        if self.mark == expected {
            return Ok(());
        }
        Err(KeyError::Wrong {
            expected: expected.id(),
            presented: self.id(),
        })
    }

    fn new(key: SealKey) -> Result<Self, KeyError> {
        let mark = KeyMark(key.mac(b"segl store key 1")?);
        Ok(Self { key, mark })
    }

    /// 64 hexadecimal digits, as key file and keyring entry hold them.
    fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.key.bytes()))
    }

    fn from_text(text: &[u8]) -> Result<Option<Self>, KeyError> {
        hex::decode::<KEY_LENGTH>(text.trim_ascii())
            .map(|key| Self::new(SealKey::from_bytes(key)))
            .transpose()
    }
}

impl KeyMark {
    /// Reads a mark as a database keeps it.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 32 octets that a database keeps.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id, as 32 hexadecimal digits.
    pub(crate) fn id(&self) -> String {
        hex::encode(&self.0[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_mark_and_another_is_refused_by_name() {
        let (one, other) = (
            StoreKey::ephemeral().unwrap(),
            StoreKey::ephemeral().unwrap(),
        );
        assert!(one.check(one.mark()).is_ok());
        let refused = one.check(other.mark()).unwrap_err();
        assert!(
            matches!(refused, KeyError::Wrong { expected, presented } if expected == other.id() && presented == one.id())
        );
    }

    #[test]
    fn a_key_survives_its_text_and_its_mark_does_not_hold_it() {
        let key = StoreKey::ephemeral().unwrap();
        let text = key.to_text();
        assert_eq!(text.len(), 64);
        let again = StoreKey::from_text(format!("{}\n", *text).as_bytes())
            .unwrap()
            .unwrap();
        assert_eq!(again.mark(), key.mark());
        assert!(!hex::encode(key.mark().as_bytes()).contains(&text[..16]));
        assert!(
            StoreKey::from_text(&text.as_bytes()[1..])
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn keys_for_different_uses_differ() {
        let key = StoreKey::ephemeral().unwrap();
        let sealed = key.derive("one").unwrap().seal(b"row", b"text").unwrap();
        assert!(key.derive("one").unwrap().open(b"row", &sealed).is_ok());
        assert!(matches!(
            key.derive("two").unwrap().open(b"row", &sealed),
            Err(SealError::Broken)
        ));
    }
}
