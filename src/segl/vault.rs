//! What lies on this computer under one key: the store and the record.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use jiff::Timestamp;

use crate::{
    config::Config,
    keys::{self, KeyError, KeySource, StoreKey},
    record::{self, Record, RecordError, SendLock, SetAside},
    store::{Store, StoreError},
};

/// Store and record of a data folder, opened with their key.
pub struct Vault {
    folder: PathBuf,
    key: StoreKey,
    store: Store,
    /// Why the store is not the one on disk, where it is not.
    store_trouble: Option<Arc<StoreError>>,
    record: OnceLock<Record>,
    set_aside: Mutex<Option<SetAside>>,
}

/// The vault, opened when it is needed. A keyring that was locked may be unlocked later, so a failure is not for ever.
pub(super) struct Door {
    folder: PathBuf,
    source: KeySource,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    vault: Option<Arc<Vault>>,
    /// Stands in for the store while there is no key: nothing of it outlives the program.
    memory: Option<Arc<Store>>,
}

impl Door {
    pub(super) fn of(config: &Config) -> Self {
        let source = config
            .key_file
            .clone()
            .map_or(KeySource::Keyring, KeySource::File);
        Self {
            folder: config.data.clone(),
            source,
            state: Mutex::default(),
        }
    }

    pub(super) fn source(&self) -> &KeySource {
        &self.source
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens the vault. Blocks on disk and keyring.
    pub(super) fn vault(&self) -> Result<Arc<Vault>, KeyError> {
        let mut state = self.state();
        if let Some(vault) = &state.vault {
            return Ok(Arc::clone(vault));
        }
        let key = keys::obtain(&self.folder, &self.source)?;
        let vault = Arc::new(Vault::open(self.folder.clone(), key)?);
        state.vault = Some(Arc::clone(&vault));
        Ok(vault)
    }

    /// The vault, if it was opened.
    pub(super) fn opened(&self) -> Option<Arc<Vault>> {
        self.state().vault.clone()
    }

    /// Where answers are kept while there is no vault.
    pub(super) fn memory(&self) -> Option<Arc<Store>> {
        let mut state = self.state();
        if state.memory.is_none() {
            // Without it every lookup asks the directories, which is slower and never wrong.
            state.memory = Store::in_memory().ok().map(Arc::new);
        }
        state.memory.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault {
    fn open(folder: PathBuf, key: StoreKey) -> Result<Self, KeyError> {
        let (store, store_trouble) = match Store::open(&folder, &key) {
            Ok(store) => (store, None),
            // The store is comfort, not evidence: without it one can still send, and the surfaces say what is missing.
            Err(trouble) => (in_memory()?, Some(Arc::new(trouble))),
        };
        Ok(Self {
            folder,
            key,
            store,
            store_trouble,
            record: OnceLock::new(),
            set_aside: Mutex::default(),
        })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The key of everything here.
    pub fn key(&self) -> &StoreKey {
        &self.key
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Why the store does not last, where it does not.
    pub fn store_trouble(&self) -> Option<&Arc<StoreError>> {
        self.store_trouble.as_ref()
    }

    /// The record, opened at its first use. One that does not hold is set aside and a new one begun, which notes it.
    pub fn record(&self, at: Timestamp) -> Result<&Record, RecordError> {
        if let Some(record) = self.record.get() {
            return Ok(record);
        }
        let record = match Record::open(&self.folder, &self.key, at) {
            Err(error) if error.needs_setting_aside() => {
                let lock = SendLock::acquire(&self.folder)?;
                let (record, aside) = record::set_aside(&self.folder, &lock, &self.key, at)?;
                *self.aside() = aside;
                record
            }
            opened => opened?,
        };
        Ok(self.record.get_or_init(|| record))
    }

    /// What was set aside when the record was opened, told once.
    pub fn take_set_aside(&self) -> Option<SetAside> {
        self.aside().take()
    }

    fn aside(&self) -> MutexGuard<'_, Option<SetAside>> {
        self.set_aside
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_memory() -> Result<Store, KeyError> {
    Store::in_memory().map_err(|cause| KeyError::Platform(Box::new(cause)))
}
