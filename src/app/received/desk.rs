//! What the page asks of the rest of Segl, and how the worker answers.

use std::path::{Path, PathBuf};

use super::{Handle, Mail, Octets};
use crate::{
    app::{
        args::MAIL_FILES,
        assistant::Secret,
        message::Event,
        report::Trouble,
        seam::{Backend, Failed},
        setup::Source,
    },
    segl::TokenPlace,
};

/// Where a mail comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file, or standard input.
    Source(Source),
    /// What was read from standard input: it cannot be read twice.
    Octets(Octets),
}

/// A key file for one mail.
#[derive(Debug)]
pub struct KeyFile {
    /// The file.
    pub path: PathBuf,
    /// Its password; empty for none.
    pub secret: Secret,
}

/// A mail that did not open.
#[derive(Debug)]
pub struct NotOpened {
    /// What happened, what it means, what to do.
    pub trouble: Trouble,
    /// What may help.
    pub remedy: Remedy,
    /// What was read, where it cannot be read again.
    pub kept: Option<Octets>,
    /// The key file's password is missing or wrong: it is asked for.
    pub is_locked: bool,
    /// The card that wants its PIN, where the key may be in it.
    pub card: Option<TokenPlace>,
}

/// What may help where a mail did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// A key of the user's own that Segl does not have.
    Key,
    /// To try again, once the card is in its reader or the keyring open.
    Again,
    /// Nothing here: the sender must send it again.
    None,
}

/// What the worker is asked for. The number is the attempt.
#[derive(Debug)]
pub enum Ask {
    /// Ask the user for a mail.
    Pick,
    /// Open it.
    Open(u32, Origin, Option<KeyFile>),
    /// Ask the user for a key file, and open it with that.
    PickKey(u32, Origin),
    /// Ask the user where, and save a file of the mail there.
    Save(Handle, usize, String),
    /// Overwrite a mail that is shown no more: a large one takes longer than a frame.
    Forget(Handle),
}

/// What the worker reports.
#[derive(Debug)]
pub enum Told {
    /// The user chose this mail.
    Picked(PathBuf),
    /// It is open.
    Opened(u32, Box<Mail>),
    /// It is not.
    NotOpened(u32, Box<NotOpened>),
    /// The key file has a password, or another one than was typed: whether one was.
    Locked(u32, PathBuf, bool, Box<NotOpened>),
    /// A file was saved.
    Saved(PathBuf),
    /// A file was not saved.
    NotSaved(Failed),
}

/// What the page asks of the rest of Segl. All of it may block.
pub trait Opens {
    /// Opens a mail with the keys that are kept, and with that of the file.
    fn open_received(&self, origin: &Origin, key: Option<&KeyFile>)
    -> Result<Mail, Box<NotOpened>>;

    /// Saves a part, counted from 0, as a new file.
    fn save_part(&self, mail: &Handle, index: usize, path: &Path) -> Result<(), Failed>;
}

impl Ask {
    /// Does it. May block.
    pub(in crate::app) fn answer(self, backend: &dyn Backend) -> Option<Event> {
        let told = match self {
            Self::Pick => Told::Picked(chosen(&[MAIL_FILES, &["txt"]].concat())?),
            Self::Open(attempt, origin, key) => open(backend, attempt, &origin, key.as_ref()),
            Self::PickKey(attempt, origin) => {
                let key = KeyFile {
                    path: chosen(&["p12", "pfx", "pem"])?,
                    secret: Secret::default(),
                };
                open(backend, attempt, &origin, Some(&key))
            }
            Self::Forget(mail) => {
                drop(mail);
                return None;
            }
            Self::Save(mail, index, name) => {
                let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
                let file = tokio::runtime::Handle::current().block_on(dialog)?;
                let path = file.path().to_owned();
                match backend.received().save_part(&mail, index, &path) {
                    Ok(()) => Told::Saved(path),
                    Err(trouble) => Told::NotSaved(trouble),
                }
            }
        };
        Some(Event::Received(told))
    }
}

fn open(backend: &dyn Backend, attempt: u32, origin: &Origin, key: Option<&KeyFile>) -> Told {
    match (backend.received().open_received(origin, key), key) {
        (Ok(mail), _) => Told::Opened(attempt, Box::new(mail)),
        (Err(closed), Some(key)) if closed.is_locked => {
            let is_again = !key.secret.0.is_empty();
            Told::Locked(attempt, key.path.clone(), is_again, closed)
        }
        (Err(closed), _) => Told::NotOpened(attempt, closed),
    }
}

/// Asks the user for a file. Runs on a thread that may block.
fn chosen(endings: &[&str]) -> Option<PathBuf> {
    let dialog = rfd::AsyncFileDialog::new().add_filter("*", endings);
    let file = tokio::runtime::Handle::current().block_on(dialog.pick_file())?;
    Some(file.path().to_owned())
}
