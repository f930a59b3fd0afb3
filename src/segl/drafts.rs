//! Drafts, sealed in the store.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Segl;
use crate::{
    keys::KeyError,
    mail::{Draft, DraftId},
    store::{Store, StoreError},
};

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
    /// Keeps a draft, sealed. Answers whether it outlives the program.
    pub fn save_draft(&self, draft: &Draft, at: Timestamp) -> Result<bool, DraftError> {
        let vault = self.door.vault()?;
        save(vault.store(), draft, at)?;
        Ok(vault.store().is_durable())
    }

    /// All drafts with the time of their last change, newest first. One that cannot be read does not hide the others.
    pub fn drafts(&self) -> Result<Vec<(Timestamp, Result<Draft, DraftError>)>, DraftError> {
        let vault = self.door.vault()?;
        let rows = vault.store().drafts()?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.at, load(vault.store(), &row.id).transpose()?)))
            .collect())
    }

    /// Removes a draft.
    pub fn delete_draft(&self, id: &DraftId) -> Result<(), DraftError> {
        Ok(self.door.vault()?.store().delete_draft(id.as_str())?)
    }
}

pub(super) fn save(store: &Store, draft: &Draft, at: Timestamp) -> Result<(), DraftError> {
    let json = Zeroizing::new(serde_json::to_vec(draft)?);
    Ok(store.save_draft(draft.id.as_str(), &json, at)?)
}

fn load(store: &Store, id: &str) -> Result<Option<Draft>, DraftError> {
    let Some(json) = store.load_draft(id)? else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_slice(&json)?))
}
