//! Sent mail that is kept sealed, written out for the case; and what a user found out about mail in doubt.

use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{Segl, SendError, Vault, drafts};
use crate::{
    disk,
    keys::KeyError,
    mail::{self, Draft, DraftId, Readable},
    record::{Note, SetAside},
    store::{SentCopy, StoreError},
};

/// Why a sent mail was not written out.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The store cannot be opened.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store cannot be read, or the file not be written to its end.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No copy of that message is kept.
    #[error("no copy of that message is kept")]
    Missing,
    /// The file is there already.
    #[error("{} exists", .0.display())]
    Exists(PathBuf),
    /// The file cannot be made.
    #[error("{} cannot be written", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// What a user found out about a mail that may have been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundOut {
    /// It was sent.
    Sent,
    /// It was not.
    NotSent,
}

impl Segl {
    /// All sent mail that is kept, newest first.
    pub fn sent(&self) -> Result<Vec<SentCopy>, CopyError> {
        Ok(self.vault()?.store().sent_list()?)
    }

    /// Writes the copy of a sent message to a file, for this user only, never over an existing one.
    pub fn save_sent(&self, message_id: &str, file: &Path) -> Result<(), CopyError> {
        let vault = self.vault()?;
        let copy = copy(&vault, message_id)?;
        write_new(file, &mut |out| {
            vault.store().write_sent(&copy.id, out)?;
            Ok(())
        })
    }

    /// Reads a sent message again, from its copy.
    pub fn read_sent(&self, message_id: &str) -> Result<Readable, CopyError> {
        let vault = self.vault()?;
        let copy = copy(&vault, message_id)?;
        let octets = vault.store().read_sent(&copy.id)?;
        mail::readable(&octets).ok_or(CopyError::Missing)
    }

    /// What was set aside when the record was opened, told once.
    pub fn take_set_aside(&self) -> Option<SetAside> {
        self.vault().ok()?.take_set_aside()
    }

    /// Records what a user found out about the last sending of a draft, whose outcome was in doubt. Whoever has it
    /// already is no recipient of the draft any more; a draft without recipients is none.
    pub fn resolve(
        &self,
        draft: &DraftId,
        found: FoundOut,
        at: Timestamp,
    ) -> Result<(), SendError> {
        let code = match found {
            FoundOut::Sent => "found-sent",
            FoundOut::NotSent => "found-not-sent",
        };
        let vault = self.vault()?;
        let kept = drafts::load(vault.store(), draft.as_str()).ok().flatten();
        let again = kept.as_ref().and_then(|d| d.again.clone());
        let about = again.as_ref().map(|a| a.seq);
        let note = Note {
            code: code.to_owned(),
            text: self.account.clone(),
            about,
            head: None,
        };
        vault.record(at)?.append(note, at)?;
        let (Some(kept), Some(mut again)) = (kept, again) else {
            return Ok(());
        };
        let doubtful = std::mem::take(&mut again.doubtful);
        let rest = match found {
            FoundOut::Sent => kept.only_for(|a| !doubtful.contains(a)),
            FoundOut::NotSent => kept,
        };
        let rest = Draft {
            again: Some(again),
            ..rest
        };
        // The record has it; a draft that cannot be changed only asks again.
        let _kept = if rest.recipients().is_empty() {
            self.delete_draft(draft)
        } else {
            drafts::save(vault.store(), &rest, at)
        };
        Ok(())
    }
}

fn copy(vault: &Vault, message_id: &str) -> Result<SentCopy, CopyError> {
    let mut copies = vault.store().sent_list()?.into_iter();
    copies
        .find(|c| c.message_id == message_id)
        .ok_or(CopyError::Missing)
}

/// Writes a file for this user only, never over an existing one.
pub(super) fn write_new(
    file: &Path,
    content: &mut dyn FnMut(&mut File) -> Result<(), StoreError>,
) -> Result<(), CopyError> {
    let failed = |source| CopyError::Write {
        file: file.to_owned(),
        source,
    };
    let mut options = disk::private_options();
    let made = options.write(true).create_new(true).open(file);
    let mut out = made.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => CopyError::Exists(file.to_owned()),
        _ => failed(source),
    })?;
    content(&mut out)?;
    out.sync_all().map_err(failed)
}

/// Writes octets to a new file, for this user only, whole or not at all.
pub(super) fn write_octets(file: &Path, octets: &[u8]) -> Result<(), CopyError> {
    let failed = |source| CopyError::Write {
        file: file.to_owned(),
        source,
    };
    let mut written = Ok(());
    write_new(file, &mut |out| {
        written = out.write_all(octets);
        Ok(())
    })?;
    written.map_err(|source| {
        // Half a file must not pass for the whole; that it cannot be removed either is told by the first error.
        let _half = std::fs::remove_file(file);
        failed(source)
    })
}
