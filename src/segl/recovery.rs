//! IT's recovery certificate: each kept key is also sealed to it, in a folder of its own, so that a key whose computer or
//! keyring is gone does not take every mail along.
//!
//! The file is an encrypted mail like any other (RFC 8551): `segl open` and every S/MIME program open it with IT's key. The
//! plain key is never written. Keys in cards never leave them, and are not here.

use std::{io::Write, path::PathBuf};

use jiff::Timestamp;

use super::{ArchiveFault, Segl, TakeInError, read_message};
use crate::{
    cert::SealingRules,
    disk::{self, DiskError},
    identity::{Opener, OwnKey},
    keys::{self, KeyError},
    mail::Base64Lines,
    smime::{self, OuterHeader, SealError, SelfCheckError},
};

const FOLDER: &str = "recovery";
/// Digits of IT's certificate in a file's name: another certificate makes other files.
const DIGITS: usize = 16;
const HEADER: &[u8] = b"From: segl@localhost\r\nSubject: Key for recovery\r\n";

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
        let reader_name = reader.certificate().sha256().to_string();
        let folder = self.recovery_folder();
        disk::private_dir(&folder)?;
        let path = |name: &str| folder.join(format!("{name}.{}.eml", &reader_name[..DIGITS]));
        // The keyring is asked only where something is to be done.
        if kept.iter().all(|name| path(name).exists()) {
            return Ok(0);
        }
        let mut made = 0;
        for own in self.own()? {
            let path = path(&own.certificate().sha256().to_string());
            if path.exists() {
                continue;
            }
            let outer = OuterHeader::of(HEADER)?;
            let mut octets = Vec::new();
            smime::seal_entity(
                &mut octets,
                &outer,
                &[&reader],
                SealingRules::default(),
                |entity| write_key(&own, entity),
            )?;
            // What cannot be opened by the reader it names is no backup: it is checked before it is kept.
            smime::check(
                octets.as_slice(),
                &[&reader],
                &outer,
                SealingRules::default(),
            )?;
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

fn write_key(own: &OwnKey, out: &mut dyn Write) -> Result<(), SealError> {
    let pem = own.to_pem().map_err(|source| SealError::Crypto {
        what: "a private key",
        source,
    })?;
    let head = b"Content-Type: application/x-pem-file; name=\"key.pem\"\r\n\
        Content-Disposition: attachment; filename=\"key.pem\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n";
    out.write_all(head).map_err(SealError::Write)?;
    let mut lines = Base64Lines::new(out);
    lines
        .write_all(&pem)
        .and_then(|()| lines.finish())
        .map_err(SealError::Write)?;
    Ok(())
}
