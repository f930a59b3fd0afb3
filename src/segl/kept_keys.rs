//! The user's own keys: taken in from files, kept for ever, and written to a file as a backup.

use std::path::Path;

use zeroize::Zeroizing;

use super::{CopyError, Segl, copies, own_keys};
use crate::{
    cert::{self, Fingerprint},
    identity::{MakeFileError, OwnKey, pkcs12::Pkcs12Error},
    keys::{self, KeyError, OwnKeys},
};

/// Octets of a key file at most.
pub const MAX_KEY_FILE: u64 = 4 << 20;

/// Why a key file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] std::io::Error),
    /// It is no key file, or the password is another.
    #[error(transparent)]
    File(#[from] Pkcs12Error),
    /// It holds certificates only: somebody else's, or one's own without its key.
    #[error("certificates without a private key")]
    NoKey,
    /// The keys cannot be kept.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Keys that are kept now.
pub struct TakenIn {
    /// All keys of the file.
    pub own: Vec<OwnKey>,
    /// How many of them were not kept before.
    pub new: usize,
}

/// Why a key was not written to a file.
#[derive(Debug, thiserror::Error)]
pub enum BackUpError {
    /// The keys cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No such key is kept; a key in a token never leaves it.
    #[error("no such key is kept")]
    NotKept,
    /// A file without a password would be the plain key.
    #[error("empty password")]
    NoPassword,
    /// The file cannot be made.
    #[error(transparent)]
    Make(#[from] MakeFileError),
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] CopyError),
}

impl Segl {
    /// Keeps the keys of a file for ever. Blocks on disk and keyring.
    pub fn take_in_file(&self, file: &Path, password: &str) -> Result<TakenIn, TakeInError> {
        let octets = Zeroizing::new(super::read_input(Some(file), MAX_KEY_FILE)?);
        self.take_in(&octets, password)
    }

    /// The same with the octets of a key file.
    pub fn take_in(&self, octets: &[u8], password: &str) -> Result<TakenIn, TakeInError> {
        let bundle = own_keys(octets, password).map_err(|cause| {
            let is_certificate =
                || cert::certificates(octets).is_ok_and(|found| found.iter().any(Result::is_ok));
            // A key that cannot be taken, whatever the reason, is a key all the same: it is not dropped in silence.
            let is_without_key = matches!(cause, Pkcs12Error::NoKey | Pkcs12Error::Broken(_));
            if is_without_key && is_certificate() {
                TakeInError::NoKey
            } else {
                cause.into()
            }
        })?;
        let own = OwnKey::all(bundle);
        let kept = self.keep_own(&own)?;
        Ok(TakenIn {
            own,
            new: kept.iter().filter(|is_new| **is_new).count(),
        })
    }

    /// Keeps keys for ever. Answers for each whether it is new. Blocks on disk and keyring.
    pub fn keep_own(&self, own: &[OwnKey]) -> Result<Vec<bool>, KeyError> {
        own.iter()
            .map(|one| keys::keep_own(one, self.door.folder(), self.door.source()))
            .collect()
    }

    /// Every key that is kept. Blocks on disk and keyring.
    pub fn own(&self) -> Result<OwnKeys, KeyError> {
        keys::own(self.door.folder(), self.door.source())
    }

    /// Writes a kept key with its certificates to a new PKCS #12 file that only the user may read, never over one that is
    /// there. Blocks on disk and keyring.
    pub fn back_up(
        &self,
        which: Fingerprint,
        file: &Path,
        password: &str,
    ) -> Result<(), BackUpError> {
        if password.is_empty() {
            return Err(BackUpError::NoPassword);
        }
        let own = self.own()?.keys;
        let one = own.iter().find(|own| own.certificate().sha256() == which);
        let octets = one.ok_or(BackUpError::NotKept)?.to_pkcs12(password)?;
        Ok(copies::write_octets(file, &octets)?)
    }
}
