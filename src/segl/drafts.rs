//! Drafts, sealed in the store.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Segl;
use crate::{
    disk::Lock,
    keys::KeyError,
    mail::{Draft, DraftId},
    store::{Store, StoreError},
};

/// A draft in the store, or why it cannot be read, with the time of its last change.
pub type Kept = (Timestamp, Result<Draft, DraftError>);

/// Why a draft is not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// There is no key to seal it with: it lies in memory only.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was stored is not a draft of this version.
    #[error("a stored draft cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

impl Segl {
    /// Keeps a draft, sealed. Answers whether it outlives the program. From now on it belongs to this program's window.
    pub fn save_draft(&self, draft: &Draft, at: Timestamp) -> Result<bool, DraftError> {
        let vault = self.door.vault()?;
        self.hold(&draft.id)?;
        save(vault.store(), draft, at)?;
        Ok(vault.store().is_durable())
    }

    /// Drafts that are open in no window of any Segl, newest first. From now on they belong to this program.
    pub fn take_drafts(&self) -> Result<Vec<Kept>, DraftError> {
        let mut free = Vec::new();
        for (at, draft) in self.drafts()? {
            match &draft {
                Ok(found) if self.held().contains_key(&found.id) || !self.hold(&found.id)? => {}
                _ => free.push((at, draft)),
            }
        }
        Ok(free)
    }

    /// All drafts with the time of their last change, newest first. One that cannot be read does not hide the others.
    pub fn drafts(&self) -> Result<Vec<Kept>, DraftError> {
        let vault = self.door.vault()?;
        let rows = vault.store().drafts()?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.at, load(vault.store(), &row.id).transpose()?)))
            .collect())
    }

    /// Removes a draft.
    pub fn delete_draft(&self, id: &DraftId) -> Result<(), DraftError> {
        self.door.vault()?.store().delete_draft(id.as_str())?;
        if self.held().remove(id).is_some() {
            // The lock is free; the empty file is only untidy.
            let _left = std::fs::remove_file(self.lock_file(id));
        }
        Ok(())
    }

    /// Takes the lock of a draft; `false` if another Segl has it. It ends with the program, however that ends.
    fn hold(&self, id: &DraftId) -> Result<bool, DraftError> {
        let mut held = self.held();
        if held.contains_key(id) {
            return Ok(true);
        }
        let lock = Lock::now(&self.lock_file(id)).map_err(StoreError::from)?;
        let is_held = lock.is_some();
        held.extend(lock.map(|lock| (id.clone(), lock)));
        Ok(is_held)
    }

    fn lock_file(&self, id: &DraftId) -> std::path::PathBuf {
        self.door.folder().join(format!("draft-{id}.lock"))
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<DraftId, Lock>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn save(store: &Store, draft: &Draft, at: Timestamp) -> Result<(), DraftError> {
    let json = Zeroizing::new(serde_json::to_vec(draft)?);
    Ok(store.save_draft(draft.id.as_str(), &json, at)?)
}

pub(super) fn load(store: &Store, id: &str) -> Result<Option<Draft>, DraftError> {
    let Some(json) = store.load_draft(id)? else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_slice(&json)?))
}
