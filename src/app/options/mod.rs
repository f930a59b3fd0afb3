//! Settings, the rules in force, what is recorded, whom Segl contacts, and what is wrong: a window of its own.
//!
//! What it shows comes from the worker as data ([`Facts`]) and is turned into items of words here; what the user
//! may choose goes into the own small preferences. The settings file and the firm's rules are never written from here.

mod items;
mod letter;
mod others;
mod page;
mod recorded;
mod seam;
mod tunnel;
mod update;

use egui::Key;

pub use items::{Control, Item};
pub use seam::{Facts, News, Preference, Rule, SettingsSource};

pub use letter::Letter;
pub use tunnel::{Act as ListAct, Done as ListDone};

pub(super) use letter::ask_for_certificate;
pub(super) use page::{certified_ui, page_ui};
pub(super) use update::{hear, read_again, reword, run, searched, step};

use super::{
    command::{Chord, Command},
    place::{self, On, Place},
    seam::{Backend, Failed},
    state::State,
};
use crate::{
    cert::Fingerprint,
    mail::{Address, Mailbox},
    words::FindingWords,
};

/// What is shown.
#[derive(Debug, Default)]
pub struct Options {
    /// What is searched for.
    pub search: String,
    /// The section that is open.
    pub section: Section,
    /// What the worker found out; none while it is at it.
    pub facts: Option<Box<Facts>>,
    /// What is wrong with this set-up, once it was examined.
    pub findings: Option<Vec<FindingWords>>,
    /// It is being examined.
    pub is_examining: bool,
    /// Everything that can be shown, in words.
    pub items: Vec<Item>,
    /// The item that was selected last.
    pub(super) entry: Option<String>,
}

/// A section of the settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Section {
    /// Colours, size, receipts.
    #[default]
    Appearance,
    /// Senders and what helps with writing.
    Writing,
    /// Own certificates and keys.
    Own,
    /// Every value in force, with its source.
    Rules,
    /// What is recorded about the user.
    Recorded,
    /// Whom Segl contacts.
    Network,
    /// What is wrong with this set-up.
    Doctor,
    /// Certificates of other people that were taken in.
    Others,
    /// Who was asked for a certificate.
    Waiting,
    /// The tunnel list, and one that waits.
    Tunnel,
}

/// What can be done here, and with certificates that somebody waits for on every page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// Open a section.
    Open(Section),
    /// Read everything again, and examine the set-up.
    LookAgain,
    /// Copy what is shown, as text.
    Copy,
    /// Copy the selected item, as text.
    CopyItem,
    /// Whether receipts stay open.
    KeepReceipts,
    /// Choose colours.
    Theme(super::theme::Theme),
    /// Write to somebody who has a certificate now.
    WriteTo(Mailbox),
    /// Wait for a certificate no longer.
    StopWaiting(Mailbox),
    /// Put away that somebody has a certificate now.
    HideNews,
    /// Forget the own word that is selected.
    Forget,
    /// Forget an own word.
    ForgetWord(String),
    /// Take a pin back.
    Unpin(Address, Fingerprint),
    /// Take somebody's certificate out again.
    RemoveOther {
        /// Which.
        sha256: Fingerprint,
        /// Whose it is.
        name: String,
    },
    /// Something about own keys.
    Own(super::own_keys::Act),
    /// Something about a tunnel list that waits.
    List(ListAct),
}

/// Where the focus can be here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The field to search.
    Search,
    /// The list of sections.
    Sections,
    /// Something to choose.
    Control(Control),
    /// A line to read.
    Item(String),
}

/// What the worker is asked for.
#[derive(Debug)]
pub enum Ask {
    /// What is in force, recorded and contacted.
    Facts,
    /// What is wrong.
    Examine,
    /// To remember a choice.
    Remember(&'static str, Preference),
    /// To open a mail that asks for a certificate, and to look for the certificate from now on.
    AskForCertificate(Box<letter::Letter>),
    /// To open a mail.
    Write(Box<letter::Letter>),
    /// To look for a certificate no longer.
    StopWaiting(Mailbox),
    /// To forget an own word.
    ForgetWord(String),
    /// To do something with the tunnel list that waits.
    List(ListAct),
}

/// What the worker reports.
#[derive(Debug)]
pub enum Told {
    /// What is in force, recorded and contacted.
    Facts(Box<Facts>),
    /// What is wrong.
    Findings(Vec<FindingWords>),
    /// A mail that asks this recipient is open.
    Asked(Mailbox),
    /// Nobody waits for this one any longer.
    Stopped(Mailbox),
    /// This is no own word any longer.
    Forgotten(String),
    /// What looking for certificates brought.
    News(Vec<News>),
    /// Colours and receipts, as another window set them.
    Chosen {
        /// The colours.
        theme: Option<super::theme::Theme>,
        /// Whether receipts stay open.
        keep_receipts: Option<bool>,
    },
    /// A choice counts for this window and could not be kept.
    NotKept(Failed),
    /// What became of the tunnel list that waited.
    List(ListDone),
    /// A tunnel list waits, and that was not said yet.
    ListWaits,
}

impl Section {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 10] = [
        Self::Appearance,
        Self::Writing,
        Self::Own,
        Self::Rules,
        Self::Recorded,
        Self::Network,
        Self::Doctor,
        Self::Others,
        Self::Waiting,
        Self::Tunnel,
    ];

    /// The key of its name in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::Appearance => "options-appearance",
            Self::Writing => "options-writing",
            Self::Own => "options-own-certificates",
            Self::Rules => "options-rules",
            Self::Recorded => "options-recorded",
            Self::Network => "options-network",
            Self::Doctor => "options-doctor",
            Self::Others => "options-others",
            Self::Waiting => "options-waiting",
            Self::Tunnel => "options-tunnel",
        }
    }
}

impl Options {
    /// What is shown now: the items of the section, or of all sections if something is searched for.
    pub fn visible(&self) -> impl Iterator<Item = &Item> {
        let wanted = self.search.trim().to_lowercase();
        self.items.iter().filter(move |item| {
            if wanted.is_empty() {
                item.section == self.section
            } else {
                wanted.split_whitespace().all(|word| item.holds(word))
            }
        })
    }

    fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }
}

impl Act {
    /// Its keys.
    pub fn chord(&self) -> Option<Chord> {
        let chord = |ctrl, shift, key| Some(Chord { ctrl, shift, key });
        match self {
            Self::LookAgain => chord(false, false, Key::F5),
            Self::Copy => chord(true, true, Key::K),
            Self::Forget => chord(false, false, Key::Delete),
            _ => None,
        }
    }

    /// The key of its words in the catalogue.
    pub(super) fn key(&self) -> Option<&'static str> {
        Some(match self {
            Self::LookAgain => "do-look-again",
            Self::Copy => "do-copy-section",
            Self::KeepReceipts => "do-keep-receipts",
            Self::WriteTo(_) => "do-write-to",
            Self::StopWaiting(_) => "do-end-watch",
            Self::HideNews => "do-hide-news",
            Self::ForgetWord(_) => "do-forget-word",
            Self::Forget => "do-forget-selected",
            Self::Unpin(..) => "do-import-unpin-from",
            Self::RemoveOther { .. } => "do-import-remove",
            Self::Own(act) => act.key(),
            Self::List(act) => act.key(),
            Self::Open(section) => section.key(),
            Self::CopyItem | Self::Theme(_) => return None,
        })
    }

    /// What it is about, by name: as its words in the catalogue call it, and the text.
    pub(super) fn about(&self) -> Option<(&'static str, &str)> {
        Some(match self {
            Self::WriteTo(mailbox) | Self::StopWaiting(mailbox) => ("name", mailbox.label()),
            Self::ForgetWord(word) => ("word", word),
            Self::Unpin(address, _) => ("address", address.given()),
            Self::RemoveOther { name, .. } => ("name", name),
            _ => return None,
        })
    }

    fn button(self) -> Place {
        Place::Button(place::Spot::Page, Command::Options(self))
    }
}

impl Spot {
    /// What kind of thing it is.
    pub fn on(&self) -> On {
        match self {
            Self::Search => On::Line,
            Self::Sections | Self::Control(_) => On::Choice,
            Self::Item(_) => On::Reading,
        }
    }
}

impl Ask {
    /// Does it. May block.
    pub(super) fn answer(self, backend: &dyn Backend) -> Option<super::message::Event> {
        let told = match self {
            Self::Facts => Ok(Told::Facts(Box::new(backend.facts()))),
            Self::Examine => Ok(Told::Findings(backend.examine())),
            Self::Remember(key, value) => match backend.remember(key, value) {
                Ok(()) => return None,
                Err(trouble) => Ok(Told::NotKept(trouble)),
            },
            Self::AskForCertificate(letter) => backend
                .write(&letter)
                .and_then(|()| backend.wait_for_certificate(&letter.to))
                .map(|()| Told::Asked(letter.to)),
            Self::Write(letter) => match backend.write(&letter) {
                Ok(()) => return None,
                Err(trouble) => Err(trouble),
            },
            Self::StopWaiting(mailbox) => backend
                .stop_waiting(&mailbox.address)
                .map(|()| Told::Stopped(mailbox)),
            Self::ForgetWord(word) => backend.forget_word(&word).map(|()| Told::Forgotten(word)),
            Self::List(act) => return Some(act.answer(backend)),
        };
        Some(told.map_or_else(
            super::message::Event::Failed,
            super::message::Event::Options,
        ))
    }
}

/// The commands that have keys here. In a field, Delete is the field's.
pub(super) fn keys(on: On) -> Vec<Command> {
    let forget = (on == On::Reading).then_some(Act::Forget);
    let acts = [Act::LookAgain, Act::Copy].into_iter().chain(forget);
    acts.map(Command::Options).collect()
}

/// The commands on the page, below what is shown.
fn page_commands() -> Vec<Command> {
    let mut commands = [Act::LookAgain, Act::Copy].map(Command::Options).to_vec();
    commands.extend([Command::OpenSettings, Command::Close]);
    commands
}

/// The places, in the order of the screen.
pub(super) fn stops(state: &State, shown: &Options) -> Vec<Place> {
    let mut places = vec![Place::Options(Spot::Search)];
    places.extend(certified_stops(state));
    if state.trouble.is_some() || !state.notices.is_empty() {
        places.push(Place::Button(place::Spot::Page, Command::Dismiss));
    }
    places.push(Place::Options(Spot::Sections));
    for item in shown.visible() {
        places.push(item.place());
        places.extend(item.acts.iter().cloned().map(Act::button));
    }
    let commands = page_commands().into_iter();
    places.extend(commands.map(|c| Place::Button(place::Spot::Page, c)));
    places
}

/// The places of the strip that says who has a certificate now.
pub(super) fn certified_stops(state: &State) -> Vec<Place> {
    let mut acts: Vec<Act> = state.certified.iter().cloned().map(Act::WriteTo).collect();
    if !acts.is_empty() {
        acts.push(Act::HideNews);
    }
    let button = |act| Place::Button(place::Spot::Strip, Command::Options(act));
    acts.into_iter().map(button).collect()
}

/// Whether Tab stops there: of the lines to read it stops at one.
pub(super) fn is_tab_stop(state: &State, spot: &Spot) -> bool {
    let (Spot::Item(id), super::page::Page::Options(shown)) = (spot, &state.page) else {
        return true;
    };
    let read: Vec<&str> = shown
        .visible()
        .filter(|i| i.control.is_none())
        .map(|i| &*i.id)
        .collect();
    let current = match &state.focus {
        Place::Options(Spot::Item(current)) => Some(current),
        _ => shown.entry.as_ref(),
    };
    match current.filter(|c| read.contains(&c.as_str())) {
        Some(current) => current == id,
        None => read.first() == Some(&id.as_str()),
    }
}
