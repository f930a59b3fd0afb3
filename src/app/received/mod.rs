//! Mail that others made, opened and shown: a window of its own. What it is worth stands above what it says.
//!
//! ```text
//! file, drop, standard input ─► Ask ─► worker: Opens ─► Mail (words, plain data) ─► Told ─► hear ─► page
//! ```
//! The text is in memory as long as the window shows it, and overwritten afterwards; it is written nowhere. A file of the
//! mail is saved where the user says, and never opened. There is no answer button: an answer that quotes what was
//! decrypted sends it back to whoever forged the mail around it ("Re: What's up Johnny?"), and threads are the mail
//! program's.

mod desk;
mod page;
mod run;
mod view;

use std::{path::PathBuf, sync::Arc};

use egui::Key;

pub use desk::{Ask, KeyFile, NotOpened, Opens, Origin, Remedy, Told};
pub use view::{Field, File, Handle, Mail};

pub(super) use page::{drop_text, page_ui, unlock_ui};
pub(super) use run::{begin, card_asked, command, dropped, failed, hear, is_shown, run, say};

use super::{
    assistant::Secret,
    command::{Chord, Command},
    own_keys,
    place::{On, Place, Spot as Where},
    setup::Source,
    state::State,
    stops::strips,
};
use crate::segl::TokenPlace;

/// What is shown.
#[derive(Debug, Default)]
pub struct Received {
    /// How far it is.
    pub stage: Stage,
    /// What is or was opened: to open it again.
    origin: Option<Origin>,
    /// Reports of an older attempt are not heard.
    attempt: u32,
}

/// How far opening a mail is.
#[derive(Debug, Default)]
pub enum Stage {
    /// Nothing was chosen.
    #[default]
    Empty,
    /// The worker is at it.
    Opening,
    /// It is open.
    Open(Box<Mail>),
    /// It did not open.
    Closed(Box<NotOpened>),
}

/// What can be done here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// Choose a mail.
    Pick,
    /// Open the same once more: the card is in its reader now.
    Again,
    /// Choose a key file for it.
    KeyFile,
    /// The key file's password was typed.
    Unlock,
    /// Save the file that has the focus, or the only one.
    Save,
    /// Save a file, by its place in the list.
    SaveFile(usize),
}

/// Where the focus can be here, besides buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// What the mail is worth, or why it is not open.
    Verdict,
    /// Subject, sender, recipients, date.
    Head,
    /// The text.
    Text,
    /// How it was protected.
    Protection,
}

/// The question for a key file's password.
#[derive(Debug)]
pub struct Unlock {
    /// The file.
    pub path: PathBuf,
    /// What was typed.
    pub secret: Secret,
    /// One was tried, and was wrong.
    pub is_again: bool,
}

impl Received {
    /// The mail, where it is open.
    pub fn mail(&self) -> Option<&Mail> {
        match &self.stage {
            Stage::Open(mail) => Some(mail),
            _ => None,
        }
    }

    /// The card that the mail waits for.
    pub(super) fn card(&self) -> Option<&TokenPlace> {
        match &self.stage {
            Stage::Closed(closed) => closed.card.as_ref(),
            _ => None,
        }
    }

    /// A page that opens this.
    pub fn of(source: Source) -> Self {
        Self {
            origin: Some(Origin::Source(source)),
            ..Self::default()
        }
    }

    /// The commands below what is shown.
    fn commands(&self) -> Vec<Command> {
        let (acts, is_closed): (&[Act], _) = match &self.stage {
            Stage::Closed(closed) => match closed.remedy {
                Remedy::Key => (&[Act::KeyFile, Act::Again, Act::Pick], true),
                Remedy::Again => (&[Act::Again, Act::KeyFile, Act::Pick], true),
                Remedy::None => (&[Act::Pick], true),
            },
            Stage::Empty | Stage::Opening | Stage::Open(_) => (&[Act::Pick], false),
        };
        let pin = self.card().map(|_| Command::Own(own_keys::Act::AskPin));
        let acts = pin
            .into_iter()
            .chain(acts.iter().cloned().map(Command::Received));
        let for_it = is_closed.then_some(Command::CopyForIt);
        acts.chain(for_it).chain([Command::Close]).collect()
    }
}

impl Act {
    /// Its keys.
    pub fn chord(&self) -> Option<Chord> {
        let chord = |ctrl, shift, key| Some(Chord { ctrl, shift, key });
        match self {
            Self::Pick => chord(true, true, Key::O),
            Self::Again => chord(false, false, Key::F5),
            Self::Unlock => chord(false, false, Key::Enter),
            Self::Save => chord(true, false, Key::S),
            Self::KeyFile => chord(true, false, Key::I),
            Self::SaveFile(_) => None,
        }
    }

    /// The key of its words in the catalogue.
    pub(super) fn key(&self) -> Option<&'static str> {
        Some(match self {
            Self::Pick => "do-read-pick",
            Self::Again => "do-read-again",
            Self::KeyFile => "do-read-key",
            Self::Unlock => "read-key-unlock",
            Self::Save => "do-read-save",
            Self::SaveFile(_) => return None,
        })
    }

    fn button(self) -> Place {
        Place::Button(Where::Page, Command::Received(self))
    }
}

impl Spot {
    /// What kind of thing it is.
    pub fn on(self) -> On {
        match self {
            Self::Text => On::Text,
            Self::Verdict | Self::Head | Self::Protection => On::Reading,
        }
    }
}

/// The commands that have keys here.
pub(super) fn keys() -> Vec<Command> {
    let acts = [Act::Pick, Act::Again, Act::KeyFile, Act::Save];
    let acts = acts.into_iter().map(Command::Received);
    acts.chain([Command::NewMail, Command::SayState, Command::CopyForIt])
        .collect()
}

/// The places, in the order of the screen.
pub(super) fn stops(state: &State, shown: &Received) -> Vec<Place> {
    let mut places = strips(state);
    if !matches!(shown.stage, Stage::Empty) {
        places.push(Place::Received(Spot::Verdict));
    }
    if let Some(mail) = shown.mail() {
        places.push(Place::Received(Spot::Head));
        if !mail.text.is_empty() {
            places.push(Place::Received(Spot::Text));
        }
        places.extend((0..mail.files.len()).map(|at| Act::SaveFile(at).button()));
        if !mail.protection.is_empty() {
            places.push(Place::Received(Spot::Protection));
        }
    }
    if let Some(trouble) = &state.trouble {
        let steps = trouble.steps.iter().map(|s| s.command());
        let steps = steps.chain([Command::Dismiss]);
        places.extend(steps.map(|c| Place::Button(Where::Trouble, c)));
    }
    let commands = shown.commands().into_iter();
    places.extend(commands.map(|c| Place::Button(Where::Page, c)));
    places
}

/// What was read of a file or of standard input, shared and not copied.
type Octets = Arc<Vec<u8>>;
