//! What the rows of the three tables say: cells for the eye, one sentence for the ear. Pure.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::{
    app::look::{Shape, Tone, when},
    decide::{ReasonCode, Route},
    mail::DraftId,
    segl::{Logged, LoggedDetail, Outcome, Outgoing, Waiting},
    words::Words,
};

/// What tells a row from the others: stable as long as the thing is there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A draft, or a mail of the outbox.
    Draft(DraftId),
    /// A line of the log: the sending's row, and the recipient's place in it.
    Line(u64, u32),
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// When it was changed, put there or sent.
    Time,
    /// To whom.
    To,
    /// Octets.
    Size,
    /// Why it waits.
    Why,
    /// When it is tried next.
    Next,
    /// How it went.
    How,
    /// Why it went without encryption.
    Reason,
    /// What the mail server said.
    Server,
}

/// What a table needs of its rows.
pub trait Entry {
    /// Its key.
    fn key(&self) -> Key;
    /// By what it is found with letters.
    fn name(&self) -> String;
    /// Whether the filter keeps it.
    fn stands_out(&self) -> bool {
        true
    }
    /// The order by a column.
    fn compare(&self, other: &Self, column: Column) -> Ordering;
}

/// What is drawn and read of a row.
pub trait Shown: Entry {
    /// The columns of the table, with their part of the width.
    const COLUMNS: &'static [(Column, f32)];

    /// The text of a cell.
    fn cell(&self, column: Column, words: &Words, now: Timestamp) -> String;

    /// Light and shape in front of a cell.
    fn mark(&self, _column: Column) -> Option<(Tone, Shape)> {
        None
    }

    /// All of the row as one text, each cell with the name of its column.
    fn text(&self, words: &Words, now: Timestamp) -> String {
        let cell = |&(column, _): &(Column, f32)| {
            let text = self.cell(column, words, now);
            let text = text.trim_end_matches('.');
            (!text.is_empty()).then(|| format!("{}: {text}", words.say(column.key())))
        };
        let cells: Vec<String> = Self::COLUMNS.iter().filter_map(cell).collect();
        cells.join(". ")
    }
}

/// A draft.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// Its name.
    pub id: DraftId,
    /// When it was changed last.
    pub at: Timestamp,
    /// To whom.
    pub to: Vec<String>,
    /// Octets of text and files.
    pub size: u64,
    /// What keeps it from being a draft like any other.
    pub state: DraftState,
}

/// How a draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftState {
    /// It can be opened.
    Free,
    /// It is open in a window.
    Open,
    /// It may have been sent.
    InDoubt,
    /// It cannot be read by this version.
    Unreadable,
}

/// A mail in the outbox.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// Its name.
    pub id: DraftId,
    /// To whom.
    pub to: Vec<String>,
    /// How it waits.
    pub waiting: Waiting,
}

/// A line of the log.
#[derive(Debug, Clone)]
pub struct LogRow {
    /// What it says.
    pub logged: Logged,
    /// Its place among the lines of its sending.
    pub number: u32,
}

impl Column {
    /// The key of its name in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::Time => "lists-time",
            Self::To => "lists-to",
            Self::Size => "lists-size",
            Self::Why => "lists-why",
            Self::Next => "lists-next",
            Self::How => "lists-how",
            Self::Reason => "lists-reason",
            Self::Server => "lists-server",
        }
    }
}

fn by_text(a: &str, b: &str) -> Ordering {
    a.to_lowercase().cmp(&b.to_lowercase())
}

fn by_names(a: &[String], b: &[String]) -> Ordering {
    by_text(
        a.first().map_or("", String::as_str),
        b.first().map_or("", String::as_str),
    )
}

impl Entry for DraftRow {
    fn key(&self) -> Key {
        Key::Draft(self.id.clone())
    }

    fn name(&self) -> String {
        self.to.first().cloned().unwrap_or_default()
    }

    fn compare(&self, other: &Self, column: Column) -> Ordering {
        match column {
            Column::To => by_names(&self.to, &other.to),
            Column::Size => self.size.cmp(&other.size),
            _ => self.at.cmp(&other.at),
        }
    }
}

impl Shown for DraftRow {
    const COLUMNS: &'static [(Column, f32)] =
        &[(Column::Time, 0.3), (Column::To, 0.5), (Column::Size, 0.2)];

    fn cell(&self, column: Column, words: &Words, now: Timestamp) -> String {
        match column {
            Column::Time => when(words, self.at, now),
            Column::To => {
                let to = match (&self.to[..], self.state) {
                    (_, DraftState::Unreadable) => String::new(),
                    ([], _) => words.say("lists-nobody"),
                    (to, _) => words.listed(to),
                };
                match self.state.key() {
                    Some(key) => format!("{to} {}", words.say(key)).trim().to_owned(),
                    None => to,
                }
            }
            Column::Size => words.size(self.size),
            _ => String::new(),
        }
    }

    fn mark(&self, column: Column) -> Option<(Tone, Shape)> {
        let is_doubt = column == Column::To && self.state == DraftState::InDoubt;
        is_doubt.then_some((Tone::Red, Shape::Question))
    }
}

impl DraftState {
    fn key(self) -> Option<&'static str> {
        match self {
            Self::Free => None,
            Self::Open => Some("lists-open-elsewhere"),
            Self::InDoubt => Some("lists-in-doubt"),
            Self::Unreadable => Some("lists-unreadable"),
        }
    }
}

impl From<Outgoing> for OutboxRow {
    fn from(outgoing: Outgoing) -> Self {
        Self {
            to: outgoing.draft.labels(),
            id: outgoing.draft.id,
            waiting: outgoing.waiting,
        }
    }
}

impl Entry for OutboxRow {
    fn key(&self) -> Key {
        Key::Draft(self.id.clone())
    }

    fn name(&self) -> String {
        self.to.first().cloned().unwrap_or_default()
    }

    fn compare(&self, other: &Self, column: Column) -> Ordering {
        let (a, b) = (&self.waiting, &other.waiting);
        match column {
            Column::To => by_names(&self.to, &other.to),
            Column::Why => a.why.code().cmp(b.why.code()),
            // What needs an answer comes first.
            Column::Next => a.next.cmp(&b.next),
            _ => a.since.cmp(&b.since),
        }
    }
}

impl Shown for OutboxRow {
    const COLUMNS: &'static [(Column, f32)] = &[
        (Column::Time, 0.16),
        (Column::To, 0.26),
        (Column::Why, 0.36),
        (Column::Next, 0.22),
    ];

    fn cell(&self, column: Column, words: &Words, now: Timestamp) -> String {
        match column {
            Column::Time => when(words, self.waiting.since, now),
            Column::To => words.listed(&self.to),
            Column::Why => words.why_waiting(&self.waiting.why),
            Column::Next => match self.waiting.next {
                Some(at) => words.time(at),
                None => words.next_try(&self.waiting),
            },
            _ => String::new(),
        }
    }

    fn mark(&self, column: Column) -> Option<(Tone, Shape)> {
        let asks = self.waiting.needs_answer();
        let mark = if asks {
            (Tone::Red, Shape::Question)
        } else {
            (Tone::Checking, Shape::Dots)
        };
        (column == Column::Next).then_some(mark)
    }
}

impl LogRow {
    fn detail(&self) -> Option<&LoggedDetail> {
        self.logged.detail.as_ref()
    }

    fn address(&self) -> &str {
        self.detail().map_or("", |d| d.to.as_str())
    }

    /// Whether it left, or may have, and nobody but the transport protected it.
    fn is_clear(&self) -> bool {
        self.detail()
            .is_some_and(|d| matches!(d.route, Some(Route::Tls | Route::None) | None))
    }

    fn how(&self) -> &'static str {
        let Some(detail) = self.detail() else {
            return "lists-removed";
        };
        match (detail.outcome, detail.route) {
            (None, _) => "lists-how-under-way",
            (Some(Outcome::NotSent), _) => "lists-how-not-sent",
            (Some(Outcome::Rejected), _) => "lists-how-rejected",
            (Some(Outcome::Unconfirmed), _) => "lists-how-unconfirmed",
            (Some(Outcome::Written), _) => "lists-how-written",
            (_, Some(Route::Person)) => "lists-how-person",
            (_, Some(Route::Organisation)) => "lists-how-organisation",
            (_, Some(Route::Tunnel)) => "lists-how-tunnel",
            (_, Some(Route::Internal)) => "lists-how-internal",
            (_, Some(Route::Tls | Route::None) | None) => "lists-how-clear",
        }
    }

    fn reason(&self, words: &Words) -> String {
        let Some((code, text)) = self.detail().and_then(|d| d.reason.as_ref()) else {
            return String::new();
        };
        let known = ReasonCode::CHOICES.into_iter().find(|c| c.code() == code);
        let reason = known.map(|c| crate::app::warning::reason(words, c));
        match (reason, text) {
            (Some(reason), Some(text)) => format!("{reason}: {text}"),
            (Some(reason), None) => reason,
            (None, text) => text.clone().unwrap_or_else(|| code.clone()),
        }
    }
}

impl Entry for LogRow {
    fn key(&self) -> Key {
        Key::Line(self.logged.seq, self.number)
    }

    fn name(&self) -> String {
        self.address().to_owned()
    }

    fn stands_out(&self) -> bool {
        self.is_clear()
    }

    fn compare(&self, other: &Self, column: Column) -> Ordering {
        let reply = |row: &Self| row.detail().and_then(|d| d.reply.clone());
        let reason = |row: &Self| row.detail().and_then(|d| d.reason.clone());
        match column {
            Column::To => by_text(self.address(), other.address()),
            Column::How => self.how().cmp(other.how()),
            Column::Reason => reason(self).cmp(&reason(other)),
            Column::Server => reply(self).cmp(&reply(other)),
            _ => (self.logged.seq, self.number).cmp(&(other.logged.seq, other.number)),
        }
    }
}

impl Shown for LogRow {
    const COLUMNS: &'static [(Column, f32)] = &[
        (Column::Time, 0.17),
        (Column::To, 0.29),
        (Column::How, 0.22),
        (Column::Reason, 0.16),
        (Column::Server, 0.16),
    ];

    fn cell(&self, column: Column, words: &Words, now: Timestamp) -> String {
        match column {
            Column::Time => {
                let day = when(words, self.logged.at, now);
                if day.contains(':') {
                    day
                } else {
                    format!("{day} {}", words.time(self.logged.at))
                }
            }
            Column::To => crate::words::visible(self.address()),
            Column::How => words.say(self.how()),
            Column::Reason => crate::words::visible(&self.reason(words)),
            Column::Server => {
                let detail = self.detail();
                let reply = detail.and_then(|d| d.reply.as_deref()).unwrap_or_default();
                crate::words::visible(reply)
            }
            _ => String::new(),
        }
    }

    fn mark(&self, column: Column) -> Option<(Tone, Shape)> {
        let detail = self.detail().filter(|_| column == Column::How)?;
        Some(match (detail.outcome, detail.route) {
            (None, _) => (Tone::Checking, Shape::Dots),
            (Some(Outcome::Unconfirmed), _) => (Tone::Red, Shape::Question),
            (Some(Outcome::Rejected | Outcome::NotSent), _) => (Tone::Red, Shape::Cross),
            (_, Some(Route::Person)) => (Tone::Green, Shape::Closed),
            (_, Some(Route::Organisation | Route::Tunnel)) => (Tone::Green, Shape::ClosedHouse),
            (_, Some(Route::Internal)) => (Tone::House, Shape::ClosedHouse),
            (_, Some(Route::Tls | Route::None) | None) => (Tone::Red, Shape::Open),
        })
    }
}
