//! What the settings window, and waiting for certificates, ask of the rest of Segl.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use jiff::SignedDuration;

use super::{super::seam::Failed, letter::Letter};
pub use crate::segl::News;
use crate::{
    config::Origin,
    keys::KeyError,
    mail::{Address, Digest, Mailbox},
    segl::{
        Awaited, Contact, DraftError, Inventory, Other, OwnTest, ReaderError, TunnelError,
        TunnelStatus,
    },
    words::FindingWords,
};

/// What is in force, recorded and contacted.
#[derive(Debug)]
pub struct Facts {
    /// Every value in force.
    pub rules: Vec<Rule>,
    /// Every host that may be contacted.
    pub contacts: Vec<Contact>,
    /// How long a directory's answer counts.
    pub fresh: SignedDuration,
    /// How long it counts that a directory has nothing.
    pub negative: SignedDuration,
    /// What is kept about the user.
    pub inventory: Inventory,
    /// Who was asked for a certificate.
    pub awaited: Result<Vec<Awaited>, DraftError>,
    /// Certificates of other people that were taken in.
    pub others: Result<Vec<Other>, ReaderError>,
    /// The tunnel list.
    pub tunnel: Result<TunnelStatus, TunnelError>,
    /// Own certificates, with all that is wrong with them.
    pub own: Result<OwnTest, KeyError>,
    /// Words that the user added to the spelling.
    pub own_words: Result<BTreeSet<String>, DraftError>,
    /// Who mail can be from.
    pub senders: Vec<Mailbox>,
    /// The undo time.
    pub hold: Duration,
    /// The file with the user's own choices.
    pub preferences: PathBuf,
}

/// A value in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its key in the settings.
    pub key: String,
    /// The value as it is written there.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Only IT can change it.
    pub is_locked: bool,
}

/// A choice of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preference {
    /// A word.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
    Is(bool),
}

/// What the settings window asks of the rest of Segl. All calls may block.
pub trait SettingsSource {
    /// What is in force, recorded and contacted.
    fn facts(&self) -> Facts;

    /// Looks at everything that can be wrong, and asks the servers.
    fn examine(&self) -> Vec<FindingWords>;

    /// Remembers a choice of the user.
    fn remember(&self, key: &str, value: Preference) -> Result<(), Failed>;

    /// Opens a window with this mail. Nothing is sent.
    fn write(&self, letter: &Letter) -> Result<(), Failed>;

    /// Looks for a certificate of this recipient from now on.
    fn wait_for_certificate(&self, mailbox: &Mailbox) -> Result<(), Failed>;

    /// Looks for it no longer.
    fn stop_waiting(&self, address: &Address) -> Result<(), Failed>;

    /// Forgets a word that the user added to the spelling.
    fn forget_word(&self, word: &str) -> Result<(), Failed>;

    /// The tunnel list with this digest was seen, and comes into force. Answers how many domains it has.
    fn confirm_tunnel_list(&self, seen: Digest) -> Result<usize, Failed>;

    /// Lets go of the tunnel list that waits.
    fn discard_tunnel_list(&self) -> Result<(), Failed>;
}
