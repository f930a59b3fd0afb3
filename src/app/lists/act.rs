//! What can be done in the lists, and with the outbox in a composer: each with its keys and its words.

use egui::Key as Stroke;

use super::rows::{Column, Key};
use crate::{
    app::{
        command::{Chord, Command},
        page::Show,
        place::On,
    },
    mail::DraftId,
};

/// A tab.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Drafts that are kept.
    #[default]
    Drafts,
    /// Mail that waits.
    Outbox,
    /// What was sent.
    Log,
}

/// What can be done here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// Open a tab.
    Show(Tab),
    /// Sort by a column.
    Sort(Column),
    /// Select a row.
    Select(Key),
    /// Find a row by letters.
    Search(String),
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// A draft: open it. The outbox: send now, or answer. The log: read the mail again.
    Open,
    /// Delete a draft, after a question.
    Delete,
    /// The answer to it.
    DeleteNow(DraftId),
    /// Make a mail of the outbox a draft again.
    Back,
    /// Save a row of the log, or the mail that is read.
    Save,
    /// What to do when a mail went to the wrong person.
    WrongPerson,
    /// Show what was not encrypted only, or all.
    Filter,
    /// Leave the mail that is read.
    Leave,
    /// Load again.
    Reload,

    /// In a composer: put the mail into the outbox. With the mail server's reply, where it gave one.
    Wait(Option<u16>),
    /// In a composer: send when the directory answers.
    WhenAnswered,
    /// The composer's mail waits: try it now.
    TryNow,
    /// The composer's mail waits: a draft again.
    Undo,
}

/// Where the focus can be here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The tabs.
    Tabs,
    /// A row.
    Row(Key),
}

impl Tab {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Drafts, Self::Outbox, Self::Log];

    /// The key of its name in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::Drafts => "lists-drafts",
            Self::Outbox => "lists-outbox",
            Self::Log => "lists-log",
        }
    }

    /// The tab that a window is opened with.
    pub fn of(show: Show) -> Self {
        match show {
            Show::Outbox => Self::Outbox,
            Show::Log => Self::Log,
            _ => Self::Drafts,
        }
    }
}

impl Act {
    /// Its keys.
    pub fn chord(&self) -> Option<Chord> {
        let chord = |ctrl, key| {
            Some(Chord {
                ctrl,
                shift: false,
                key,
            })
        };
        match self {
            Self::Show(Tab::Drafts) => chord(true, Stroke::Num1),
            Self::Show(Tab::Outbox) => chord(true, Stroke::Num2),
            Self::Show(Tab::Log) => chord(true, Stroke::Num3),
            Self::PageUp => chord(false, Stroke::PageUp),
            Self::PageDown => chord(false, Stroke::PageDown),
            Self::Open => chord(false, Stroke::Enter),
            Self::Delete => chord(false, Stroke::Delete),
            Self::Back | Self::Undo => chord(true, Stroke::Z),
            Self::Save => chord(true, Stroke::S),
            Self::Leave => chord(false, Stroke::Escape),
            Self::Reload => chord(false, Stroke::F5),
            Self::WhenAnswered => chord(true, Stroke::D),
            Self::TryNow => chord(true, Stroke::Enter),
            Self::Sort(_)
            | Self::Select(_)
            | Self::Search(_)
            | Self::DeleteNow(_)
            | Self::WrongPerson
            | Self::Filter
            | Self::Wait(_) => None,
        }
    }

    /// The key of its words in the catalogue.
    pub(in crate::app) fn key(&self) -> Option<&'static str> {
        Some(match self {
            Self::Show(tab) => tab.key(),
            Self::Sort(column) => column.key(),
            Self::Open => "lists-do-open",
            Self::Delete => "lists-do-delete",
            Self::DeleteNow(_) => "lists-do-delete-now",
            Self::Back | Self::Undo => "lists-do-back",
            Self::Save => "lists-do-save",
            Self::WrongPerson => "lists-do-wrong-person",
            Self::Filter => "lists-do-filter",
            Self::Leave => "lists-do-leave",
            Self::Reload => "lists-do-reload",
            Self::Wait(_) => "lists-do-wait",
            Self::WhenAnswered => "lists-do-when-answered",
            Self::TryNow => "button-try-again",
            Self::Select(_) | Self::Search(_) | Self::PageUp | Self::PageDown => return None,
        })
    }

    /// Whether it may make a mail leave: such a button is never pressed by Enter.
    pub fn sends(&self) -> bool {
        matches!(
            self,
            Self::TryNow | Self::WhenAnswered | Self::Wait(_) | Self::DeleteNow(_)
        )
    }
}

impl Spot {
    /// What kind of thing it is.
    pub fn on(&self) -> On {
        match self {
            Self::Tabs => On::Choice,
            Self::Row(_) => On::Row,
        }
    }
}

/// The commands that have keys here.
pub(in crate::app) fn keys() -> Vec<Command> {
    let acts = Tab::ALL.map(Act::Show).into_iter().chain([
        Act::Back,
        Act::Save,
        Act::Reload,
        Act::PageUp,
        Act::PageDown,
    ]);
    acts.map(Command::Lists).chain([Command::NewMail]).collect()
}

/// The commands that have keys in a composer whose mail waits.
pub(in crate::app) fn waiting_keys() -> Vec<Command> {
    let acts = [Act::TryNow, Act::Undo];
    let acts = acts.into_iter().map(Command::Lists);
    acts.chain([Command::NewMail, Command::SayState]).collect()
}
