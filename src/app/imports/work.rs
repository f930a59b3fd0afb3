//! The worker's share: what the backend is asked for, and what is reported.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Looked, Task, Told, Wanted};
use crate::{
    app::{
        message::Event,
        receipts,
        seam::{Backend, Failed},
    },
    cert::{Ending, Fingerprint},
    decide::Assessment,
    mail::Address,
    segl::{Offered, Pinning, TakenOthers},
};

/// Endings of files that may hold certificates of other people.
pub(in crate::app) const ENDINGS: &[&str] =
    &["cer", "crt", "pem", "der", "p7b", "p7c", "p7m", "eml"];

/// What the window asks about certificates of other people. All of it may block.
pub trait ImportBackend {
    /// Looks into a file, and judges what is in it for whom it is wanted. Keeps nothing; asks no network.
    fn look_into(&self, path: &Path, wanted: &Wanted) -> Result<Box<Looked>, Failed>;

    /// Keeps what was offered.
    fn take_in(
        &self,
        offered: &Offered,
        address: Option<&Address>,
        pinning: Pinning,
    ) -> Result<TakenOthers, Failed>;

    /// Takes the pins of an address back: this one, or all. Answers how many there were.
    fn unpin(&self, address: &Address, only: Option<Fingerprint>) -> Result<usize, Failed>;

    /// Takes a certificate out again.
    fn remove(&self, sha256: Fingerprint) -> Result<(), Failed>;

    /// Certificates in use for this recipient that end soon and of which that was not said yet.
    fn endings(&self, found: &Arc<Assessment>) -> Vec<Ending>;
}

/// Does a task; what is asked of the user first is the worker's.
pub(in crate::app) fn run(backend: &dyn Backend, task: Task) -> Option<Event> {
    if let Task::Look {
        path,
        is_dropped: true,
        ..
    } = &task
        && let Some(receipt) = receipts::look(backend, path)
    {
        return Some(receipt);
    }
    let told = match task {
        Task::Pick(_) => return None,
        Task::Look {
            path,
            wanted,
            is_dropped,
        } => match backend.look_into(&path, &wanted) {
            Ok(looked) => Told::Looked(Box::new(Looked {
                is_dropped,
                ..*looked
            })),
            Err(_) if is_dropped => return Some(attached(backend, path)),
            Err(trouble) => Told::Failed(trouble),
        },
        Task::Take {
            offered,
            address,
            pinning,
        } => match backend.take_in(&offered, address.as_ref(), pinning) {
            Ok(taken) => Told::Taken { taken, address },
            Err(trouble) => Told::Failed(trouble),
        },
        Task::Unpin(address, only) => match backend.unpin(&address, only) {
            Ok(count) => Told::Unpinned(address, count),
            Err(trouble) => Told::Failed(trouble),
        },
        Task::Remove { sha256, name } => match backend.remove(sha256) {
            Ok(()) => Told::Removed(name),
            Err(trouble) => Told::Failed(trouble),
        },
    };
    Some(Event::Import(told))
}

fn attached(backend: &dyn Backend, path: PathBuf) -> Event {
    Event::Attached(vec![backend.attach(path)])
}
