//! What the lists ask of the rest of Segl, and how the worker answers.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{
    Reading, Tab, Told,
    rows::{DraftRow, LogRow, OutboxRow},
    waiting::News,
};
use crate::{
    app::{
        message::Event,
        seam::{Backend, Failed},
    },
    mail::{Draft, DraftId, Readable},
    segl::{Waiting, Why},
};

/// What the worker is asked for.
#[derive(Debug)]
pub enum Ask {
    /// The rows of a tab.
    Load(Tab),
    /// A window for a draft.
    Open(DraftId),
    /// A draft for this window.
    Take(DraftId),
    /// A draft away.
    Delete(DraftId),
    /// A mail of the outbox tried now.
    TryNow(DraftId),
    /// A mail of the outbox a draft again.
    Back(DraftId),
    /// A mail into the outbox.
    Put(Box<Draft>, Why),
    /// A sent mail read again.
    Read(String, Timestamp),
    /// A sent mail saved where the user says.
    SaveMail(String, Timestamp),
    /// A row of the log saved where the user says.
    Export(u64),
}

/// What the lists ask of the rest of Segl. All of it may block.
pub trait Shelf {
    /// Drafts that are kept.
    fn drafts(&self) -> Result<Vec<DraftRow>, Failed>;
    /// Mail that waits.
    fn outbox(&self) -> Result<Vec<OutboxRow>, Failed>;
    /// What was sent.
    fn log(&self) -> Result<Vec<LogRow>, Failed>;
    /// Opens a draft in a window of its own.
    fn open_draft(&self, id: &DraftId) -> Result<(), Failed>;
    /// Takes a draft for this window; `None` if it is gone, or open in another one.
    fn take_draft(&self, id: &DraftId) -> Result<Option<Draft>, Failed>;
    /// Deletes a draft; `false` if it is open in a window.
    fn discard_draft(&self, id: &DraftId) -> Result<bool, Failed>;
    /// Tries to send a mail of the outbox; `None` if it is not there, or being tried already.
    fn try_now(&self, id: &DraftId) -> Result<Option<News>, Failed>;
    /// Makes a mail of the outbox a draft; `false` if it is not there, or being sent.
    fn back_to_draft(&self, id: &DraftId) -> Result<bool, Failed>;
    /// Puts a mail into the outbox.
    fn put_in_outbox(&self, draft: &Draft, why: Why) -> Result<Waiting, Failed>;
    /// Reads a sent mail again.
    fn read_sent(&self, message_id: &str) -> Result<Readable, Failed>;
    /// Writes a sent mail to a file, never over an existing one.
    fn save_sent(&self, message_id: &str, path: &Path) -> Result<(), Failed>;
    /// Writes a row of the log to a file, never over an existing one.
    fn export(&self, seq: u64, path: &Path) -> Result<(), Failed>;
}

impl Ask {
    /// Whether somebody is asked, or a server: nothing else waits for it.
    pub(in crate::app) fn takes_long(&self) -> bool {
        matches!(
            self,
            Self::SaveMail(..) | Self::Export(_) | Self::TryNow(_) | Self::Load(_)
        )
    }

    /// Does it. May block.
    pub(in crate::app) fn answer(self, backend: &dyn Backend) -> Option<Event> {
        let is_put = matches!(self, Self::Put(..));
        match self.told(backend.lists()) {
            Ok(told) => told.map(Event::Lists),
            Err(trouble) if is_put => Some(Event::SendFailed(trouble)),
            Err(trouble) => Some(Event::Failed(trouble)),
        }
    }

    fn told(self, shelf: &dyn Shelf) -> Result<Option<Told>, Failed> {
        Ok(Some(match self {
            Self::Load(Tab::Drafts) => Told::Drafts(shelf.drafts()?),
            Self::Load(Tab::Outbox) => Told::Outbox(shelf.outbox()?),
            Self::Load(Tab::Log) => Told::Log(shelf.log()?),
            Self::Open(id) => {
                shelf.open_draft(&id)?;
                return Ok(None);
            }
            Self::Take(id) => Told::Taken(shelf.take_draft(&id)?.map(Box::new)),
            Self::Delete(id) => Told::Deleted(shelf.discard_draft(&id)?),
            Self::TryNow(id) => match shelf.try_now(&id)? {
                Some(news) => Told::News(news),
                None => Told::Busy,
            },
            Self::Back(id) => {
                if shelf.back_to_draft(&id)? {
                    Told::Back(id)
                } else {
                    Told::Busy
                }
            }
            Self::Put(draft, why) => {
                let waiting = shelf.put_in_outbox(&draft, why)?;
                Told::Queued(draft.id, waiting)
            }
            Self::Read(message_id, at) => {
                let mail = shelf.read_sent(&message_id)?;
                Told::Read(Box::new(Reading {
                    message_id,
                    at,
                    mail,
                }))
            }
            Self::SaveMail(message_id, at) => {
                let name = format!("{}.eml", at.strftime("%Y-%m-%d-%H%M%S"));
                let Some(path) = chosen(&name) else {
                    return Ok(None);
                };
                shelf.save_sent(&message_id, &path)?;
                Told::Saved(path)
            }
            Self::Export(seq) => {
                let Some(path) = chosen(&format!("sendelog-{seq}.json")) else {
                    return Ok(None);
                };
                shelf.export(seq, &path)?;
                Told::Saved(path)
            }
        }))
    }
}

/// Asks the user for a file. Runs on a thread that may block.
fn chosen(name: &str) -> Option<PathBuf> {
    let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
    let file = tokio::runtime::Handle::current().block_on(dialog)?;
    Some(file.path().to_owned())
}
