//! What a window is for: a mail, the lists, the settings, the first run, or a received mail. Each is a process of its own: the window
//! system gives only a program's first window to a screen reader, and a fault takes one mail with it and no more.

use super::{
    assistant::Assistant,
    lists::{Lists, Tab},
    options::Options,
    received::Received,
};

/// What the window shows.
#[derive(Debug, Default)]
pub enum Page {
    /// A mail, from the first word to the receipt.
    #[default]
    Mail,
    /// Drafts, outbox, send log.
    Lists(Box<Lists>),
    /// Settings, and what is in force.
    Options(Box<Options>),
    /// The first run.
    Assistant(Box<Assistant>),
    /// A received mail.
    Received(Box<Received>),
}

/// What a window is opened with: the argument `--show`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Show {
    /// A mail.
    #[default]
    Mail,
    /// Drafts that are kept.
    Drafts,
    /// Mail that waits.
    Outbox,
    /// What was sent.
    Log,
    /// The settings.
    Settings,
    /// A received mail that is to be chosen.
    Received,
}

impl Show {
    /// The page to begin with.
    pub fn page(self) -> Page {
        match self {
            Self::Mail => Page::Mail,
            Self::Drafts | Self::Outbox | Self::Log => {
                Page::Lists(Box::new(Lists::at(Tab::of(self))))
            }
            Self::Settings => Page::Options(Box::default()),
            Self::Received => Page::Received(Box::default()),
        }
    }

    /// The argument that opens it.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Drafts => "drafts",
            Self::Outbox => "outbox",
            Self::Log => "log",
            Self::Settings => "settings",
            Self::Received => "received",
        }
    }
}
