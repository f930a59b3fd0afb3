//! Drafts, sealed in the store, each belonging to one window at most.
//!
//! A draft belongs to whoever holds the lock of its name, an operating system's lock that ends with the program. While
//! a window has it open the lock's file is marked: a mark without a lock was left by a crash.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Segl, waiting::Waiting};
use crate::{
    disk::Lock,
    keys::KeyError,
    mail::{Draft, DraftId},
    store::{Store, StoreError},
};

/// How often a lock that is taken is tried, and how long between.
const LOOKS: usize = 4;
const LOOK: Duration = Duration::from_millis(10);

/// A draft in the store.
#[derive(Debug)]
pub struct Kept {
    /// Its name.
    pub id: DraftId,
    /// When it was changed last.
    pub at: Timestamp,
    /// What it says, or why it cannot be read.
    pub draft: Result<Draft, DraftError>,
    /// Whether it is open in a window, of this or another program.
    pub is_open: bool,
}

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
    /// The outbox takes no mail that may have been sent, and none that would be gone with the program.
    #[error("the outbox does not take this mail")]
    NotForOutbox,
}

/// A row of the store: a draft and, while it lies in the outbox, how it waits.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    draft: &'a Draft,
    #[serde(skip_serializing_if = "Option::is_none")]
    waits: Option<&'a Waiting>,
}

/// What of a row is not the draft.
#[derive(Deserialize)]
struct Beside {
    #[serde(default)]
    waits: Option<Waiting>,
}

/// How a change is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Write {
    /// It survives a crash of the program.
    Usual,
    /// It survives a loss of power as well: something leaves, or stays, because of it.
    Durable,
}

impl Segl {
    /// Keeps a draft, sealed. Answers whether it outlives the program. From now on it belongs to this program's window.
    pub fn save_draft(&self, draft: &Draft, at: Timestamp) -> Result<bool, DraftError> {
        let vault = self.door.vault()?;
        let store = vault.store();
        // What was put into the outbox meanwhile stays there: this is an older copy that was still on its way.
        if self.held().contains_key(&draft.id) || waiting(store, draft.id.as_str())?.is_none() {
            self.hold(&draft.id)?;
            save(store, draft, at)?;
        }
        Ok(store.is_durable())
    }

    /// Takes a draft for a window of this program, out of the outbox too. `None` if it is not there, or open elsewhere.
    pub fn take_draft(&self, id: &DraftId, at: Timestamp) -> Result<Option<Draft>, DraftError> {
        let vault = self.door.vault()?;
        let is_ours = self.held().contains_key(id);
        if !self.hold(id)? {
            return Ok(None);
        }
        let taken = match load(vault.store(), id.as_str())? {
            None => None,
            Some(draft) => {
                if waiting(vault.store(), id.as_str())?.is_some() {
                    write(vault.store(), &draft, None, at, Write::Durable)?;
                }
                Some(draft)
            }
        };
        if taken.is_none() && !is_ours {
            self.release(id);
        }
        Ok(taken)
    }

    /// Takes the drafts that a crash left, newest first. From now on they belong to this program.
    pub fn take_crashed_drafts(&self) -> Result<Vec<Draft>, DraftError> {
        let mut taken = Vec::new();
        for kept in self.drafts()? {
            let Ok(draft) = kept.draft else { continue };
            if kept.is_open || !self.is_marked(&draft.id)? {
                continue;
            }
            if self.hold(&draft.id)? {
                taken.push(draft);
            }
        }
        Ok(taken)
    }

    /// All drafts that do not wait in the outbox, newest first. One that cannot be read does not hide the others.
    pub fn drafts(&self) -> Result<Vec<Kept>, DraftError> {
        let vault = self.door.vault()?;
        let mut drafts = Vec::new();
        for row in vault.store().drafts()? {
            let Some(id) = DraftId::parse(&row.id) else {
                continue;
            };
            let draft = match load_row(vault.store(), &row.id) {
                Ok(None | Some((_, Some(_)))) => continue,
                Ok(Some((draft, None))) => Ok(draft),
                Err(cause) => Err(cause),
            };
            drafts.push(Kept {
                is_open: self.is_taken(&id)?,
                id,
                at: row.at,
                draft,
            });
        }
        Ok(drafts)
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

    /// Removes a draft that belongs to no window; `false` if it is open in one.
    pub fn discard_draft(&self, id: &DraftId) -> Result<bool, DraftError> {
        if self.held().contains_key(id) || !self.hold(id)? {
            return Ok(false);
        }
        self.delete_draft(id)?;
        Ok(true)
    }

    /// Gives the drafts that are open in this program's window to a Segl with newer settings.
    pub fn hand_over_drafts(&self, to: &Self) {
        to.held().append(&mut self.held());
        to.dates.take_over(&self.dates);
    }

    /// Takes the lock of a draft; `false` if another Segl has it. It ends with the program, however that ends.
    fn hold(&self, id: &DraftId) -> Result<bool, DraftError> {
        let mut held = self.held();
        if held.contains_key(id) {
            return Ok(true);
        }
        let Some(lock) = self.lock(id)? else {
            return Ok(false);
        };
        lock.mark().map_err(StoreError::from)?;
        held.insert(id.clone(), lock);
        Ok(true)
    }

    /// Lets a draft go: no window has it open any more.
    pub(super) fn release(&self, id: &DraftId) {
        if let Some(lock) = self.held().remove(id) {
            // A mark that stays offers the draft once too often.
            let _left = lock.unmark();
        }
    }

    /// The lock of a draft, without a mark; `None` while somebody has it.
    pub(super) fn lock(&self, id: &DraftId) -> Result<Option<Lock>, DraftError> {
        patient(&self.lock_file(id))
    }

    fn is_taken(&self, id: &DraftId) -> Result<bool, DraftError> {
        if self.held().contains_key(id) {
            return Ok(true);
        }
        if !self.lock_file(id).exists() {
            return Ok(false);
        }
        Ok(Lock::now(&self.lock_file(id))
            .map_err(StoreError::from)?
            .is_none())
    }

    fn is_marked(&self, id: &DraftId) -> Result<bool, DraftError> {
        if !self.lock_file(id).exists() {
            return Ok(false);
        }
        match self.lock(id)? {
            Some(lock) => Ok(lock.is_marked().map_err(StoreError::from)?),
            None => Ok(false),
        }
    }

    fn lock_file(&self, id: &DraftId) -> std::path::PathBuf {
        self.door.folder().join(format!("draft-{id}.lock"))
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<DraftId, Lock>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A program that ends as it should leaves no draft marked as open.
impl Drop for Segl {
    fn drop(&mut self) {
        for lock in self.held().values() {
            let _left = lock.unmark();
        }
    }
}

/// A lock that nobody has for longer than a moment: a list that looks whether a draft is open has it so long, and a
/// program that is just being started.
pub(super) fn patient(file: &Path) -> Result<Option<Lock>, DraftError> {
    for _ in 0..LOOKS {
        if let Some(lock) = Lock::now(file).map_err(StoreError::from)? {
            return Ok(Some(lock));
        }
        std::thread::sleep(LOOK);
    }
    Ok(None)
}

/// Keeps a draft as a draft, whatever it was before.
pub(super) fn save(store: &Store, draft: &Draft, at: Timestamp) -> Result<(), DraftError> {
    write(store, draft, None, at, Write::Usual)
}

/// Keeps a draft where it was: in the outbox or not.
pub(super) fn save_in_place(
    store: &Store,
    draft: &Draft,
    at: Timestamp,
    how: Write,
) -> Result<(), DraftError> {
    let waits = waiting(store, draft.id.as_str())?;
    write(store, draft, waits.as_ref(), at, how)
}

pub(super) fn write(
    store: &Store,
    draft: &Draft,
    waits: Option<&Waiting>,
    at: Timestamp,
    how: Write,
) -> Result<(), DraftError> {
    let json = Zeroizing::new(serde_json::to_vec(&Row { draft, waits })?);
    let id = draft.id.as_str();
    match how {
        Write::Usual => store.save_draft(id, &json, at)?,
        Write::Durable => store.save_draft_durably(id, &json, at)?,
    }
    Ok(())
}

pub(super) fn load(store: &Store, id: &str) -> Result<Option<Draft>, DraftError> {
    let Some(json) = store.load_draft(id)? else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_slice(&json)?))
}

/// A draft with how it waits. One that may have been sent does not wait: somebody looks first.
pub(super) fn load_row(
    store: &Store,
    id: &str,
) -> Result<Option<(Draft, Option<Waiting>)>, DraftError> {
    let Some(json) = store.load_draft(id)? else {
        return Ok(None);
    };
    let draft: Draft = serde_json::from_slice(&json)?;
    let Beside { waits } = serde_json::from_slice(&json)?;
    let waits = waits.filter(|_| !draft.is_in_doubt());
    Ok(Some((draft, waits)))
}

/// How a draft waits, in doubt or not.
fn waiting(store: &Store, id: &str) -> Result<Option<Waiting>, DraftError> {
    Ok(beside(store, id)?.and_then(|b| b.waits))
}

fn beside(store: &Store, id: &str) -> Result<Option<Beside>, DraftError> {
    let Some(json) = store.load_draft(id)? else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_slice(&json)?))
}
