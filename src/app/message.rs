//! What goes in and out of `update`: messages from window and worker, and jobs for the worker.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;

use super::{
    book,
    command::Command,
    page::Show,
    place::Place,
    report::{Receipt, Trouble},
    setup::{Setup, Source},
};
use crate::{
    cert::Organisation,
    content::Suggestion,
    decide::{Approved, Assessment, Policy, Refusal, Standing},
    mail::{Address, Attachment, Digest, Draft, DraftId, HandedOver},
    segl::OwnIdentity,
};

/// Something happened.
#[derive(Debug)]
pub enum Message {
    /// The user asked for it.
    Command(Command),
    /// The worker reports.
    Event(Event),
    /// A text was changed in place.
    Edited(Place),
    /// The focus was moved by pointer or assistive technology.
    Focus(Place),
    /// Another sender was chosen.
    Sender(usize),
    /// Text was pasted where it is not simply text.
    Pasted(String),
    /// Files were dropped.
    Dropped(Vec<PathBuf>),
    /// A key went down: nothing is spoken just now.
    Key,
    /// The pointer is over the receipt: it stays.
    Hover,
    /// The window is to close.
    CloseRequested,
    /// Time went on.
    Tick,
    /// What became of a text that was pasted, or cannot be shown.
    Outside(super::outside::Note),
}

/// Something for the worker to do.
#[derive(Debug)]
pub enum Job {
    /// Find out all about a recipient.
    Assess {
        /// Whom.
        address: Address,
        /// Whether what is known counts.
        freshness: Freshness,
    },
    /// Send.
    Send {
        /// What.
        draft: Box<Draft>,
        /// On what ground.
        approved: Approved,
    },
    /// Record that the rules refused what somebody asked to send.
    NoteRefused {
        /// What.
        draft: Box<Draft>,
        /// By which rules.
        refusal: Box<Refusal>,
    },
    /// Stop sending, if it can still be stopped.
    StopSending,
    /// Keep a draft.
    SaveDraft(Box<Draft>),
    /// Keep a draft no longer.
    DeleteDraft(DraftId),
    /// Give back what was kept and belongs to no window.
    LoadDrafts,
    /// Read a message that another program hands over.
    OpenHandedOver(Source),
    /// Read the text of a file.
    ReadText(Source),
    /// Measure files.
    AttachFiles(Vec<PathBuf>),
    /// Ask the user for files, then measure them.
    PickFiles,
    /// Attach the files on the clipboard, if there are any.
    PasteFiles,
    /// Remember that an address now belongs to this organisation.
    ConfirmOrganisation {
        /// Whose.
        address: Address,
        /// To whom it belongs.
        organisation: Organisation,
    },
    /// Record what the user found out about a mail that may have been sent.
    Resolve {
        /// Which.
        draft: DraftId,
        /// What.
        was: Resolution,
    },
    /// Ask the user for a file name, and write the mail there.
    SaveToCase(Box<Receipt>),
    /// Put text on the clipboard.
    Copy(String),
    /// Open the settings file.
    OpenSettings,
    /// Start with invented recipients.
    StartDemo,
    /// Remember the size of the window's contents.
    RememberZoom(u16),
    /// Close the window.
    CloseWindow,
    /// Something about the address book.
    Book(book::Task),
    /// Open another window.
    Open(Show),
    /// For the lists.
    Lists(super::lists::Ask),
    /// For the settings.
    Options(super::options::Ask),
    /// For the first run.
    Assistant(super::assistant::Ask),
    /// For the aids for writing.
    Aid(super::aids::Ask),
    /// Sign in to the mail server: with this password, or with the browser.
    SignIn(Option<super::assistant::Secret>),
    /// Something about certificates of other people.
    Import(super::imports::Task),
    /// For a received mail.
    Received(super::received::Ask),
    /// For own keys.
    OwnKeys(super::own_keys::Task),
    /// Record and keep assessments for later mail.
    KeepStanding(Vec<Standing>),
    /// Look through a mail.
    Examine {
        /// The mail.
        draft: Box<Draft>,
        /// Its content, by which the answer is told from that about another.
        of: Digest,
    },
}

/// Whether what is known counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Yes, as long as it is fresh.
    Cached,
    /// No: ask again.
    AskAgain,
}

/// What the user found out about a mail that may have been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// It was sent.
    Sent,
    /// It was not.
    NotSent,
}

/// A report of the worker.
#[derive(Debug)]
pub enum Event {
    /// All that is known about a recipient.
    Assessed(Arc<Assessment>),
    /// How far sending is.
    Progress(Progress),
    /// It is done.
    Sent(Box<Receipt>),
    /// It did not work.
    SendFailed(Box<Trouble>),
    /// A draft is kept.
    DraftSaved {
        /// Which.
        id: DraftId,
        /// When.
        at: Timestamp,
    },
    /// A draft could not be kept.
    DraftNotSaved(Box<Trouble>),
    /// What was kept, the newest first.
    DraftsLoaded(Vec<Draft>),
    /// A message that another program hands over.
    HandedOver(Box<HandedOver>),
    /// The text of a file.
    TextRead(String),
    /// Files were measured.
    Attached(Vec<Result<Attachment, AttachFailure>>),
    /// An organisation was remembered.
    OrganisationConfirmed(Address),
    /// A mail was written to a file.
    SavedToCase(PathBuf),
    /// The settings file is open.
    SettingsOpened(PathBuf),
    /// What the mail server takes.
    SizeLimit(Option<u64>),
    /// The firm's rules are others now.
    PolicyChanged {
        /// The rules.
        policy: Box<Policy>,
        /// When they changed.
        at: Timestamp,
    },
    /// What each sender's own certificates add to a mail: signatures, and who else can read it.
    Own(Vec<OwnIdentity>),
    /// Everything begins again with other settings.
    Restarted(Box<Setup>),
    /// Something else did not work; nothing was sent.
    Failed(Box<Trouble>),
    /// Something about the address book.
    Book(book::Told),
    /// For the lists.
    Lists(super::lists::Told),
    /// For the settings.
    Options(super::options::Told),
    /// For the first run.
    Assistant(super::assistant::Told),
    /// For the aids for writing.
    Aid(super::aids::Told),
    /// Signed in to the mail server, or why not.
    SignedIn(Result<(), Box<Trouble>>),
    /// Something about certificates of other people.
    Import(super::imports::Told),
    /// For a received mail.
    Received(super::received::Told),
    /// For own keys.
    OwnKeys(super::own_keys::Told),
    /// The assessments for later mail that are in force.
    Standing(Vec<Standing>),
    /// What was found in a mail.
    Examined {
        /// The content that it is about.
        of: Digest,
        /// What was found.
        found: Suggestion,
    },
}

/// How far sending is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Octets handed to the mail server.
    pub done: u64,
    /// Octets in all.
    pub total: u64,
    /// Whether it can still be stopped: until the end of the first message was sent.
    pub can_stop: bool,
}

/// Why a file cannot be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachFailure {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: AttachProblem,
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachProblem {
    /// It is not there.
    Missing,
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// It cannot be read.
    Unreadable,
}
