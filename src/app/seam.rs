//! What the window asks of the rest of Segl: the seam between them. The program implements it once for the real thing
//! and once for a computer whose settings are broken or missing.

use std::{
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    book::BookBackend,
    imports::ImportBackend,
    lists::Shelf,
    message::{AttachFailure, Freshness, Resolution},
    options::SettingsSource,
    page::Show,
    received::Opens,
    report::{Receipt, Trouble},
    setup::{Setup, Source},
    worker::Way,
};
use crate::{
    cert::{Fingerprint, Organisation},
    content::Suggestion,
    decide::{Approved, Assessment, Refusal, Standing},
    keys::Token,
    mail::{Address, Attachment, Draft, DraftId, HandedOver},
    segl::OwnIdentity,
};

/// What a call comes to, later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that did not work, in words.
pub type Failed = Box<Trouble>;

/// What the window asks of the rest of Segl. Futures do not block; the other calls may, and run on a thread of their own.
pub trait Backend: SettingsSource + BookBackend + ImportBackend + Send + Sync {
    /// All that is known about one recipient. Never fails: failures are findings.
    fn assess<'a>(
        &'a self,
        address: &'a Address,
        freshness: Freshness,
    ) -> Later<'a, Arc<Assessment>>;

    /// Sends. `way` is told how far it is, and says whether to stop.
    fn send(
        &self,
        draft: Draft,
        approved: Approved,
        way: Way,
    ) -> Later<'_, Result<Receipt, Failed>>;

    /// What the mail server takes, in octets; none if it does not say or cannot be asked.
    fn size_limit(&self) -> Later<'_, Option<u64>>;

    /// What is in a mail, as far as it can be told. Reads its files. Never fails: what cannot be read is a finding.
    fn look_through(&self, draft: &Draft) -> Suggestion;

    /// Keeps a draft; gives back when.
    fn save_draft(&self, draft: &Draft) -> Result<Timestamp, Failed>;

    /// Keeps a draft no longer.
    fn delete_draft(&self, id: &DraftId) -> Result<(), Failed>;

    /// Drafts that were kept and belong to no window that is open, the newest first. From now on they belong to this one.
    fn load_drafts(&self) -> Result<Vec<Draft>, Failed>;

    /// Reads a message that another program hands over.
    fn read_handed_over(&self, source: &Source) -> Result<HandedOver, Failed>;

    /// Reads the text of a file: UTF-8, lines ended by `\n`.
    fn read_text(&self, source: &Source) -> Result<String, Failed>;

    /// Measures a file: size and SHA-256.
    fn attach(&self, path: PathBuf) -> Result<Attachment, AttachFailure>;

    /// Remembers that an address now belongs to this organisation.
    fn confirm_organisation(
        &self,
        address: &Address,
        organisation: &Organisation,
    ) -> Result<(), Failed>;

    /// Records and keeps assessments for later mail; all that are in force then.
    fn keep_standing(&self, made: Vec<Standing>) -> Result<Vec<Standing>, Failed>;

    /// Records that somebody asked to send, and the rules said no.
    fn note_refused(&self, draft: &Draft, refusal: &Refusal) -> Result<(), Failed>;

    /// Records what the user found out about a mail that may have been sent.
    fn resolve(&self, draft: &DraftId, was: Resolution) -> Result<(), Failed>;

    /// Writes a sent mail to a file, never over an existing one.
    fn save_to_case(&self, receipt: &Receipt, path: PathBuf) -> Result<PathBuf, Failed>;

    /// Writes a settings file with comments if there is none, and shows its folder.
    fn open_settings(&self) -> Result<PathBuf, Failed>;

    /// Starts everything with invented recipients; the window begins again with it.
    fn start_demo(&self) -> Result<(Setup, Arc<dyn Backend>), Failed>;

    /// What the lists ask for.
    fn lists(&self) -> &dyn Shelf;

    /// What the page of a received mail asks for.
    fn received(&self) -> &dyn Opens;

    /// The window closes: what is under way by itself comes to an end, or is handed on.
    fn finish(&self) -> Later<'_, ()>;

    /// Opens another window.
    fn open(&self, show: Show) -> Result<(), Failed>;

    /// Spelling, templates, signatures.
    fn aid(&self, ask: super::aids::Ask) -> Result<super::aids::Told, Failed>;

    /// Signs in to the mail server: keeps this password, or asks in the browser. Sends nothing.
    fn sign_in(&self, password: Option<super::assistant::Secret>) -> Result<(), Failed>;

    /// Gives a card its PIN, once; without one the reader asks for it. With how own keys stand after it.
    fn open_token(
        &self,
        token: &Token,
        pin: Option<super::assistant::Secret>,
    ) -> (Result<(), Failed>, Vec<OwnIdentity>);

    /// Keeps the keys of a file for ever; how many they are.
    fn take_in_key(&self, file: &Path, password: super::assistant::Secret)
    -> Result<usize, Failed>;

    /// Writes a backup of a kept key to a new file.
    fn back_up_key(
        &self,
        which: Fingerprint,
        file: &Path,
        password: super::assistant::Secret,
    ) -> Result<(), Failed>;

    /// Asks the authorities about own certificates, and tests them: with how many something is wrong.
    fn test_own(&self) -> Result<usize, Failed>;

    /// Remembers the size of the window's contents, in percent.
    fn remember_zoom(&self, percent: u16);

    /// What does the work of the first run, where there is one.
    fn first_run(&self) -> Option<&super::assistant::Desk> {
        None
    }

    /// Goes on with the settings that the first run wrote. What the window is told then; none where there is no first run.
    fn go_on_with(&self, _segl: crate::segl::Segl) -> Option<Setup> {
        None
    }

    /// A panic of its own code, as a report: what it means for the mail is not known here.
    fn panicked(&self) -> Failed;
}
