//! What Segl has recorded about its user and the people written to: counted, not guessed, for the page that says so.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::Segl;
use crate::{
    keys::KeyError,
    record::{Log, RecordError, Summary},
    store::{Counts, StoreError},
};

/// Everything that lies on this computer.
#[derive(Debug)]
pub struct Inventory {
    /// The account that the record names.
    pub account: String,
    /// Where it lies.
    pub folder: PathBuf,
    /// Whether the operating system lets only this account into the folder; not known on every system.
    pub is_private: Option<bool>,
    /// Where the key lies.
    pub key_file: Option<PathBuf>,
    /// Where readable copies of sent mail go, if they do.
    pub copy_folder: Option<PathBuf>,
    /// How long record and sent mail are kept.
    pub retention: SignedDuration,
    /// The record.
    pub record: RecordInventory,
    /// Drafts, sent mail and what was learned of recipients; or why it cannot be counted.
    pub store: Result<Counts, InventoryError>,
    /// Certificates that were taken in from files.
    pub imported: usize,
    /// Recipients to whom a certificate was pinned, or of whose mail program something was learned.
    pub readers: usize,
    /// Addresses that are watched for a certificate.
    pub awaited: usize,
}

/// What the record holds, or why that cannot be told.
pub type RecordInventory = Result<Summary, RecordError>;

/// Why it cannot be counted.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Segl {
    /// Counts everything that is kept. Blocks on disk and keyring.
    pub fn inventory(&self) -> Inventory {
        let vault = self.vault();
        let key = vault.as_ref().ok().map(|v| v.key());
        let record = Log::open(&self.config.data, key).and_then(|log| log.summary());
        let awaited = self.awaited().map_or(0, |w| w.len());
        let store = vault
            .map_err(InventoryError::from)
            .and_then(|v| Ok(v.store().counts()?));
        let imported = std::fs::read_dir(self.config.data.join("imported"));
        Inventory {
            account: self.account.clone(),
            folder: self.config.data.clone(),
            is_private: is_private(&self.config.data),
            key_file: self.config.key_file.clone(),
            copy_folder: self.config.copy_folder.clone(),
            retention: self.config.retention,
            record,
            store,
            imported: imported.map_or(0, |files| {
                files.flatten().filter(|f| f.path().is_file()).count()
            }),
            readers: self.readers().map_or(0, |r| r.len()),
            awaited,
        }
    }
}

#[cfg(unix)]
fn is_private(folder: &std::path::Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    // No bit for group and others.
    let mode = std::fs::metadata(folder).ok()?.permissions().mode();
    Some(mode.trailing_zeros() >= 6)
}

#[cfg(not(unix))]
fn is_private(_folder: &std::path::Path) -> Option<bool> {
    None
}
