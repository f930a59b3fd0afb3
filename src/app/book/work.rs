//! The book's share of the worker: what the backend is asked for, and what is reported.

use std::{path::PathBuf, sync::Arc};

use super::{Task, Told};
use crate::{
    app::{
        message::Event,
        seam::{Backend, Failed},
    },
    mail::{Address, DraftId},
    segl::{Book, Imported},
};

/// Endings of files that may be a register.
pub(in crate::app) const IMPORTED_KINDS: &[&str] = &["csv", "txt", "tsv", "vcf"];

/// What the window asks of the address book. All of it may block.
pub trait BookBackend {
    /// The book; an empty one where nothing is kept or no key is at hand.
    fn load_book(&self) -> Result<Arc<Book>, Failed>;

    /// Takes a register in: all of it or nothing.
    fn import_contacts(&self, path: PathBuf) -> Result<Imported, Failed>;

    /// Forgets an address.
    fn forget_contact(&self, address: &Address) -> Result<(), Failed>;

    /// Notes in the record which alerts were confirmed for a draft.
    fn note_alerts(&self, draft: &DraftId, codes: &[&'static str]) -> Result<(), Failed>;
}

/// Does a task; what is asked of the user first is the worker's.
pub(in crate::app) fn run(backend: &dyn Backend, task: Task) -> Option<Event> {
    let done = match task {
        Task::Load => Ok(Some(match backend.load_book() {
            Ok(book) => Told::Loaded(book),
            Err(trouble) => Told::NotLoaded(trouble),
        })),
        Task::Import(path) => backend
            .import_contacts(path)
            .map(|i| Some(Told::Imported(i))),
        Task::Forget(address) => backend
            .forget_contact(&address)
            .and_then(|()| backend.load_book())
            .map(|b| Some(Told::Loaded(b))),
        Task::Note { draft, codes } => backend.note_alerts(&draft, &codes).map(|()| None),
        Task::Pick => Ok(None),
    };
    match done {
        Ok(told) => told.map(Event::Book),
        Err(trouble) => Some(Event::Failed(trouble)),
    }
}
