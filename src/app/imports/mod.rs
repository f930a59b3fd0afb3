//! Certificates of other people in the window: from a file that is chosen or dropped, or from a signed mail. What is in it
//! is shown first, for whom, and what speaks against it; nothing is kept before somebody says so, and what is kept is
//! what was shown. Also: notices of certificates that end soon.

mod page;
mod work;

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;

use super::{
    command::{Chord, Command, ctrl_shift},
    message::Job,
    options,
    seam::Failed,
    state::{Ask, State},
    update::report,
    writing,
};
use crate::{
    cert::{Ending, Fingerprint, Whose},
    mail::Address,
    segl::{Offer, Offered, Pinning, TakenOthers},
};

pub(super) use page::question_ui;
pub use work::ImportBackend;
pub(super) use work::{ENDINGS, run as work};

/// What the user can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Keep what was shown.
    Take,
    /// Keep it, and use it for the address although it does not name it.
    Pin,
    /// It was dropped to be attached.
    Attach,
    /// Take the pins of the selected recipient back.
    Unpin,
}

/// Something for the worker to do.
#[derive(Debug)]
pub enum Task {
    /// Ask for a file, and look into it.
    Pick(Wanted),
    /// Look into a file.
    Look {
        /// Which.
        path: PathBuf,
        /// For whom.
        wanted: Wanted,
        /// It was dropped on the mail: what offers no certificate is attached.
        is_dropped: bool,
    },
    /// Keep what was offered.
    Take {
        /// What was shown.
        offered: Arc<Offered>,
        /// For whom.
        address: Option<Address>,
        /// Whether it is pinned.
        pinning: Pinning,
    },
    /// Take the pins of an address back: this one, or all.
    Unpin(Address, Option<Fingerprint>),
    /// Take a certificate out again.
    Remove {
        /// Which.
        sha256: Fingerprint,
        /// Whose it is, for the ear.
        name: String,
    },
}

/// For whom a certificate is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The recipient that was selected.
    pub selected: Option<Address>,
    /// The only recipient who cannot get encrypted mail: meant where nothing in the file names anybody.
    pub only_red: Option<Address>,
}

/// What the worker has to tell.
#[derive(Debug)]
pub enum Told {
    /// What is in a file.
    Looked(Box<Looked>),
    /// It was kept.
    Taken {
        /// What.
        taken: TakenOthers,
        /// For whom.
        address: Option<Address>,
    },
    /// So many certificates are not pinned to the address any more.
    Unpinned(Address, usize),
    /// This one's certificate is gone.
    Removed(String),
    /// Certificates end soon, and that was not said yet.
    Endings(Whose, Vec<Ending>),
    /// The file could not be used.
    Failed(Failed),
}

/// What is in a file.
#[derive(Debug)]
pub struct Looked {
    /// The file.
    pub path: PathBuf,
    /// What it offers.
    pub offered: Arc<Offered>,
    /// The same, for the address.
    pub offers: Vec<Offer>,
    /// For whom.
    pub address: Option<Address>,
    /// Whether it was dropped on the mail.
    pub is_dropped: bool,
}

/// The question, word for word, as long as it is open.
#[derive(Debug)]
pub struct Question {
    /// The heading.
    pub heading: String,
    /// One for each certificate: whether it will be used, and what there is to say.
    pub entries: Vec<(bool, Vec<String>)>,
    /// What else there is to say.
    pub notes: Vec<String>,
    /// What the button that pins says, where something can be pinned.
    pub pin: Option<String>,
    looked: Looked,
}

impl Act {
    /// The keys that stand for it.
    pub fn chord(self) -> Option<Chord> {
        // Not Enter: what makes a mail leave encrypted to somebody is no button that is pressed by the way.
        (self == Self::Pin).then(|| ctrl_shift(egui::Key::Enter))
    }

    /// The key of its words in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::Take => "do-import-take",
            Self::Pin => "do-import-pin",
            Self::Attach => "do-import-attach",
            Self::Unpin => "do-import-unpin",
        }
    }
}

impl Question {
    fn new(state: &State, looked: Looked) -> Self {
        let words = &state.words;
        let name = looked.path.file_name().unwrap_or(looked.path.as_os_str());
        let name = crate::words::visible(&name.to_string_lossy());
        let lines = |o: &Offer| {
            let lines = words.offer(o);
            let lines = lines.iter().flat_map(|l| l.lines().map(str::trim));
            (o.is_usable(), lines.map(str::to_owned).collect())
        };
        let mut notes = words.offered(&looked.offered);
        let pinnable = looked.offers.iter().find(|o| o.is_pinnable());
        let address = pinnable.and_then(|o| o.address.as_ref());
        let pin = address.map(|address| {
            notes.push(words.say("import-check-first"));
            let args = [("address", address.given().into())];
            words.with("do-import-pin-to", &args)
        });
        Self {
            heading: words.with("import-heading", &[("name", name.into())]),
            entries: looked.offers.iter().map(lines).collect(),
            notes,
            pin,
            looked,
        }
    }

    /// The buttons, in their order.
    pub fn commands(&self) -> Vec<Command> {
        let mut acts = Vec::new();
        if self.looked.offers.iter().any(|o| !o.is_for_signing) {
            acts.push(Act::Take);
        }
        acts.extend(self.pin.is_some().then_some(Act::Pin));
        acts.extend(self.looked.is_dropped.then_some(Act::Attach));
        let acts = acts.into_iter().map(Command::Import);
        std::iter::once(Command::Back).chain(acts).collect()
    }
}

/// Asks for a file.
pub(super) fn pick(state: &mut State, jobs: &mut Vec<Job>) {
    let wanted = wanted(state);
    state.close_dialog();
    jobs.push(Job::Import(Task::Pick(wanted)));
}

/// Whether a file that was dropped on the mail is looked into before it is attached: one that may hold certificates.
pub(super) fn dropped(state: &State, paths: &[PathBuf], jobs: &mut Vec<Job>) -> bool {
    let [path] = paths else { return false };
    let end = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let may_hold = end.is_some_and(|end| ENDINGS.contains(&end.as_str()));
    if !may_hold || state.dialog.is_some() {
        return false;
    }
    jobs.push(Job::Import(Task::Look {
        path: path.clone(),
        wanted: wanted(state),
        is_dropped: true,
    }));
    true
}

fn wanted(state: &State) -> Wanted {
    let selected = state
        .selected()
        .and_then(|(kind, key)| Some(state.chip(kind, &key)?.mailbox()?.address.clone()));
    let mut red = state.recipients().into_iter().map(|r| r.mailbox.address);
    let is_red = |a: &Address| {
        state
            .found
            .get(a)
            .is_some_and(|f| f.used().next().is_none())
    };
    let first = red.find(is_red);
    Wanted {
        selected,
        only_red: first.filter(|_| !red.any(|a| is_red(&a))),
    }
}

pub(super) fn run(state: &mut State, act: Act, jobs: &mut Vec<Job>) {
    if act == Act::Unpin {
        let selected = wanted(state).selected;
        jobs.extend(selected.map(|address| Job::Import(Task::Unpin(address, None))));
        return;
    }
    let is_asked = matches!(&state.dialog, Some(d) if matches!(&d.ask, Ask::Import(_)));
    if !is_asked {
        return;
    }
    let Some(Ask::Import(question)) = state.take_asked() else {
        return;
    };
    let looked = question.looked;
    let pinning = match act {
        Act::Pin if question.pin.is_some() => Pinning::Yes,
        Act::Take => Pinning::No,
        Act::Attach => return jobs.push(Job::AttachFiles(vec![looked.path])),
        Act::Pin | Act::Unpin => return,
    };
    jobs.push(Job::Import(Task::Take {
        offered: looked.offered,
        address: looked.address,
        pinning,
    }));
}

pub(super) fn hear(state: &mut State, told: Told, now: Timestamp, jobs: &mut Vec<Job>) {
    match told {
        Told::Looked(looked) => {
            if state.is_open() {
                let question = Question::new(state, *looked);
                state.ask(Ask::Import(Box::new(question)), now);
            }
        }
        Told::Taken { taken, address } => {
            let key = if taken.pinned.is_empty() {
                "tell-imported"
            } else {
                "tell-pinned"
            };
            let args = [("count", taken.count.into())];
            state.say(state.words.with(key, &args));
            writing::look_up_red(state, jobs);
            // Somebody who was green may have one reader more.
            let is_known = |a: &Address| state.found.contains_key(a);
            writing::look_up(state, address.filter(is_known).into_iter().collect(), jobs);
        }
        Told::Unpinned(address, count) => {
            let args = [("address", address.given().into()), ("count", count.into())];
            state.call(state.words.with("others-unpinned", &args));
            if state.is_mail() {
                writing::look_up(state, vec![address], jobs);
            }
            options::read_again(state, jobs);
        }
        Told::Removed(name) => {
            let args = [("name", name.into())];
            state.call(state.words.with("others-removed", &args));
            options::read_again(state, jobs);
        }
        Told::Endings(whose, endings) => {
            for ending in endings {
                let text = state.words.ending_notice(whose, &ending);
                state.say(text.clone());
                state.notices.push(text);
            }
        }
        Told::Failed(trouble) => report(state, *trouble),
    }
}
