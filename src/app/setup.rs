//! What the window is told at start: the settings as far as it needs them, and what it may offer.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::SignedDuration;

use super::{page::Show, theme::Theme};
use crate::{
    config::SubjectRule,
    decide::Policy,
    mail::{DraftId, Mailbox},
    words::Lang,
};

/// Everything that the window needs of settings, policy and computer.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Whether mail can be sent, and if not, why.
    pub readiness: Readiness,
    /// Who mail can be from; the first is the default.
    pub senders: Vec<Mailbox>,
    /// The account at this computer: who gives a consent.
    pub account: String,
    /// The firm's rules.
    pub policy: Policy,
    /// How long an assessment for later mail holds; none where policy allows none.
    pub standing: Option<SignedDuration>,
    /// Whether a subject can be read on the way.
    pub subject: SubjectRule,
    /// Octets that the mail server takes, once it was asked.
    pub size_limit: Option<u64>,
    /// The undo time; zero for none.
    pub hold: SignedDuration,
    /// Whether a receipt stays open even if everything was encrypted.
    pub keep_receipts: bool,
    /// Where drafts are kept.
    pub drafts: Drafts,
    /// The firm's own words at every stop, by the code of a problem, status or refusal, in the language of the window.
    pub texts: BTreeMap<String, String>,
    /// The language.
    pub lang: Lang,
    /// The colours.
    pub theme: Theme,
    /// Percent, 100 to 400.
    pub zoom: u16,
    /// Which edition: the title and a bar say so.
    pub edition: Edition,
    /// What a window that is opened with nothing begins with: the demo's invented recipients. Else empty.
    pub example: Fields,
    /// Whether invented recipients can be offered.
    pub has_demo: bool,
    /// Whether the window system delivers dropped files.
    pub has_drop: bool,
    /// What settings and policy say about writing.
    pub writing: super::aids::Wishes,
}

/// Whether mail can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// Yes.
    Ready,
    /// There are no settings yet.
    NoSettings,
    /// The firm's rules say everything but who writes.
    NoSender,
    /// The settings, or the firm's rules, cannot be used. One can write but not send.
    Broken {
        /// What is wrong where, in words, with what it means and what to do.
        sentence: String,
        /// The same for the IT department, with all detail.
        detail: String,
    },
}

/// Where drafts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafts {
    /// Sealed on disk: they survive a crash.
    Sealed,
    /// In memory, because this computer has no keyring: they are gone with the window.
    InMemory,
}

/// Which edition runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The product.
    Product,
    /// Invented recipients, or test certificates: protects nobody.
    Test,
}

/// What the window opens with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// What the window shows.
    pub show: Show,
    /// A draft that is kept.
    pub kept: Option<DraftId>,
    /// A received mail, read by the backend.
    pub received: Option<Source>,
    /// A message that another program hands over, read by the backend.
    pub draft: Option<Source>,
    /// A file with the text.
    pub body_file: Option<Source>,
    /// What the arguments say, as one text each.
    pub fields: Fields,
    /// Files to attach.
    pub attach: Vec<PathBuf>,
    /// Fields of a `mailto:` that were not taken; shown.
    pub ignored: Vec<String>,
    /// Send the message that another program hands over, if everybody gets it encrypted: its key was the order to.
    pub is_quick: bool,
}

/// Where something is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// Header fields and text as given by arguments or a `mailto:`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Lists of mailboxes.
    pub to: Vec<String>,
    /// Lists of mailboxes.
    pub cc: Vec<String>,
    /// Lists of mailboxes.
    pub bcc: Vec<String>,
    /// One line.
    pub subject: Option<String>,
    /// Text, lines ended by `\n`.
    pub body: Option<String>,
    /// A message identifier with its angle brackets.
    pub in_reply_to: Option<String>,
}

impl Opening {
    /// Whether anything is to be opened at all. If not, the window shows the newest draft that was kept.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
