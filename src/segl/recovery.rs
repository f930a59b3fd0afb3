//! IT's recovery certificate: each kept key is also sealed to it, in a folder of its own, so that a key whose computer or
//! keyring is gone does not take every mail along.
//!
//! The file is an encrypted mail like any other (RFC 8551): `segl open` and every S/MIME program open it with IT's key. The
//! plain key is never written. Keys in cards never leave them, and are not here.

use std::{io::Write, path::PathBuf};

use jiff::Timestamp;

use super::{ArchiveFault, Segl, TakeInError, read_message};
use crate::{
    cert::{EncryptionCertificate, SealingRules},
    disk::{self, DiskError},
    identity::{Opener, OwnKey},
    keys::{self, KeyError},
    mail::Base64Lines,
    smime::{self, OuterHeader, SealError, SelfCheckError},
};

const FOLDER: &str = "recovery";
/// Digits of IT's certificate in a file's name.
const DIGITS: usize = 16;
const HEADER: &[u8] = b"From: segl@localhost\r\nSubject: Key for recovery\r\n";
const PART: &[u8] = b"Content-Type: application/x-pem-file; name=\"key.pem\"\r\n\
    Content-Disposition: attachment; filename=\"key.pem\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\n";

/// Why keys are not sealed for recovery.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The certificate that the settings name cannot be used.
    #[error("{}: {why}", file.display())]
    Certificate {
        /// Its file.
        file: PathBuf,
        /// What is wrong.
        why: ArchiveFault,
    },
    /// The keys cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It cannot be encrypted.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What was made does not name IT's certificate: a fault in Segl.
    #[error(transparent)]
    SelfCheck(#[from] SelfCheckError),
    /// It cannot be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl Segl {
    /// Seals each kept key for recovery that is not yet, where the settings name a certificate. Answers how many were.
    /// Blocks on disk and keyring.
    pub fn seal_for_recovery(&self, at: Timestamp) -> Result<usize, RecoveryError> {
        let Some(file) = &self.config.identity.recovery else {
            return Ok(0);
        };
        let kept = keys::kept(self.door.folder())?;
        if kept.is_empty() {
            return Ok(0);
        }
        let reader = self.named_reader(file, at).map_err(|why| {
            let file = file.clone();
            RecoveryError::Certificate { file, why }
        })?;
        let folder = self.recovery_folder();
        disk::private_dir(&folder)?;
        let path = |name: &str| folder.join(name_for_it(name, &reader, "eml"));
        // The keyring is asked only where something is to be done.
        if kept.iter().all(|name| path(name).exists()) {
            return Ok(0);
        }
        let mut made = 0;
        for own in self.own()?.keys {
            let path = path(&own.certificate().sha256().to_string());
            if path.exists() {
                continue;
            }
            let pem = own.to_pem().map_err(|source| SealError::Crypto {
                what: "a private key",
                source,
            })?;
            let octets = sealed_for_it::<RecoveryError>(&reader, HEADER, PART, &pem)?;
            disk::replace(&path, &octets)?;
            made += 1;
        }
        Ok(made)
    }

    /// What is wrong with the certificate for recovery that the settings name, if something is.
    pub(super) fn recovery_fault(&self, at: Timestamp) -> Option<RecoveryError> {
        let file = self.config.identity.recovery.clone()?;
        let why = self.named_reader(&file, at).err()?;
        Some(RecoveryError::Certificate { file, why })
    }

    /// Where IT finds the sealed keys.
    pub fn recovery_folder(&self) -> PathBuf {
        self.door.folder().join(FOLDER)
    }

    /// Keeps the keys that a file of the recovery folder holds, opened with IT's keys. Answers them. Blocks on disk and
    /// keyring.
    pub fn restore(
        &self,
        message: Vec<u8>,
        with: &[&dyn Opener],
        at: Timestamp,
    ) -> Result<Vec<OwnKey>, RestoreError> {
        let read = read_message(message, with, &self.trust, at)?;
        let part = read.opened.parts.iter().find(|p| !p.is_text);
        let part = part.ok_or(RestoreError::NoKey)?;
        let pem = read.opened.content(part)?;
        Ok(self.take_in(&pem, "")?.own)
    }
}

/// Why a key was not restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file does not open.
    #[error(transparent)]
    Open(#[from] smime::open::OpenError),
    /// It holds no key.
    #[error("no key in it")]
    NoKey,
    /// The key cannot be read or kept.
    #[error(transparent)]
    Keep(#[from] TakeInError),
}

/// The name of a file that only IT's certificate opens: another certificate makes other files.
pub(super) fn name_for_it(name: &str, reader: &EncryptionCertificate, end: &str) -> String {
    let certificate = reader.certificate().sha256().to_string();
    format!("{name}.{}.{end}", &certificate[..DIGITS])
}

/// A mail to IT's certificate alone with one file, whose fields are given. What cannot be opened by the reader it names
/// is worth nothing: it is checked before anybody keeps it.
pub(super) fn sealed_for_it<E: From<SealError> + From<SelfCheckError>>(
    reader: &EncryptionCertificate,
    header: &[u8],
    fields: &[u8],
    file: &[u8],
) -> Result<Vec<u8>, E> {
    let outer = OuterHeader::of(header)?;
    let rules = SealingRules::default();
    let mut octets = Vec::new();
    smime::seal_entity(&mut octets, &outer, &[reader], rules, |entity| {
        entity.write_all(fields).map_err(SealError::Write)?;
        let mut lines = Base64Lines::new(entity);
        lines
            .write_all(file)
            .and_then(|()| lines.finish())
            .map_err(SealError::Write)?;
        Ok::<_, SealError>(())
    })?;
    smime::check(octets.as_slice(), &[reader], &outer, rules)?;
    Ok(octets)
}
