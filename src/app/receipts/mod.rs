//! Asking for a receipt from the warning, and a receipt that is dropped on the mail. What leaves is told before it
//! leaves; what came back is shown line by line before anything is closed.

mod page;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{
    command::{Chord, Command, ctrl, ctrl_shift},
    message::{Event, Job},
    seam::{Backend, Failed},
    state::{Ask, State},
    update::report,
};
use crate::mail::Address;

pub(super) use page::question_ui;

/// Domains that are asked at once from one warning.
const DOMAINS_MAX: usize = 5;

/// What the user can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Show what would be asked, and of whom.
    Propose,
    /// Ask.
    Ask,
    /// The file was dropped to be attached.
    Attach,
}

/// Something for the worker to do.
#[derive(Debug)]
pub enum Task {
    /// Ask these for a receipt, one after the other.
    Ask(Vec<Address>),
}

/// What the worker has to tell.
#[derive(Debug)]
pub enum Told {
    /// What became of the requests, a line each, and what went wrong with the last of them.
    Asked(Vec<String>, Option<Failed>),
    /// A file that was dropped is a receipt: what it says, a line each.
    Taken {
        /// The file.
        path: PathBuf,
        /// What it says.
        lines: Vec<String>,
    },
    /// It did not work.
    Failed(Failed),
}

/// A question, or something to read.
#[derive(Debug)]
pub struct Question {
    /// The heading.
    pub heading: String,
    /// What there is to read.
    pub lines: Vec<String>,
    about: About,
}

#[derive(Debug)]
enum About {
    Ask(Vec<Address>),
    File(PathBuf),
}

/// What the window asks about receipts. All of it may block.
pub trait ReceiptBackend {
    /// Asks somebody for a receipt; what became of it, a line each.
    fn ask_receipt(&self, address: &Address) -> Result<Vec<String>, Failed>;

    /// Reads and files a receipt; what it says, a line each. `None` where the file is none.
    fn take_receipt(&self, path: &Path) -> Option<Result<Vec<String>, Failed>>;
}

impl Act {
    /// The keys that stand for it.
    pub fn chord(self) -> Option<Chord> {
        match self {
            Self::Propose => Some(ctrl_shift(egui::Key::R)),
            // Means nothing in the warning: the keys that send there must never be the next ones that a hand expects here.
            Self::Ask => Some(ctrl(egui::Key::Enter)),
            Self::Attach => None,
        }
    }

    /// The key of its words in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::Propose => "do-receipt-propose",
            Self::Ask => "do-receipt-ask",
            Self::Attach => "do-import-attach",
        }
    }
}

impl Question {
    /// The buttons, in their order.
    pub fn commands(&self) -> Vec<Command> {
        let act = match self.about {
            About::Ask(_) => Act::Ask,
            About::File(_) => Act::Attach,
        };
        vec![Command::Back, Command::Receipts(act)]
    }
}

/// Does a task.
pub(super) fn work(backend: &dyn Backend, task: Task) -> Event {
    let Task::Ask(all) = task;
    let mut lines = Vec::new();
    let mut failed = None;
    for address in &all {
        match backend.ask_receipt(address) {
            Ok(more) => lines.extend(more),
            // Who was asked before is told all the same.
            Err(trouble) => {
                failed = Some(trouble);
                break;
            }
        }
    }
    Event::Receipts(Told::Asked(lines, failed))
}

/// Looks whether a file that was dropped is a receipt.
pub(super) fn look(backend: &dyn Backend, path: &Path) -> Option<Event> {
    let told = match backend.take_receipt(path)? {
        Ok(lines) => Told::Taken {
            path: path.to_owned(),
            lines,
        },
        Err(trouble) => Told::Failed(trouble),
    };
    Some(Event::Receipts(told))
}

pub(super) fn run(state: &mut State, act: Act, now: Timestamp, jobs: &mut Vec<Job>) {
    if act == Act::Propose {
        return propose(state, now);
    }
    let is_asked = matches!(&state.dialog, Some(d) if matches!(&d.ask, Ask::Receipts(_)));
    if !is_asked {
        return;
    }
    let Some(Ask::Receipts(question)) = state.take_asked() else {
        return;
    };
    match (act, question.about) {
        (Act::Ask, About::Ask(all)) => jobs.push(Job::Receipts(Task::Ask(all))),
        (Act::Attach, About::File(path)) => jobs.push(Job::AttachFiles(vec![path])),
        _ => {}
    }
}

/// Says what would leave, to whom and why, before it does: one address of each domain that the warning speaks of.
fn propose(state: &mut State, now: Timestamp) {
    let Some(Ask::Warning { shown, .. }) = state.dialog.as_ref().map(|d| &d.ask) else {
        return;
    };
    let mut all: Vec<Address> = Vec::new();
    for address in &shown.who {
        if all.len() < DOMAINS_MAX && all.iter().all(|a| a.domain() != address.domain()) {
            all.push(address.clone());
        }
    }
    let words = &state.words;
    let mut lines = vec![words.say("receipts-ask-what")];
    lines.extend(all.iter().map(|a| a.given().to_owned()));
    lines.extend(["receipts-ask-why", "receipts-ask-then"].map(|key| words.say(key)));
    let question = Question {
        heading: words.with("receipts-ask-heading", &[("count", all.len().into())]),
        lines,
        about: About::Ask(all),
    };
    state.ask(Ask::Receipts(Box::new(question)), now);
}

pub(super) fn hear(state: &mut State, told: Told, now: Timestamp) {
    match told {
        Told::Asked(lines, failed) => {
            if !lines.is_empty() {
                let text = lines.join("\n");
                state.notices.push(text.clone());
                state.call(text);
            }
            if let Some(trouble) = failed {
                report(state, *trouble);
            }
        }
        Told::Taken { path, lines } => {
            let question = Question {
                heading: state.words.say("receipts-heading"),
                lines,
                about: About::File(path),
            };
            if state.is_open() && state.dialog.is_none() {
                state.ask(Ask::Receipts(Box::new(question)), now);
            } else {
                state.notices.push(question.lines.join("\n"));
            }
        }
        Told::Failed(trouble) => report(state, *trouble),
    }
}
