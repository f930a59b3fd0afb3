//! Own keys in the window: the PIN of a card or USB key, a key file taken in, a backup written, and what own certificates
//! are good for.
//!
//! A PIN opens the card and sends nothing: Enter gives it, and Enter never sends. It goes to the card once and is kept
//! nowhere; after a wrong one somebody types it again.

mod question;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub use self::question::Question;
pub(super) use self::question::question_ui;
use super::{
    assistant::Secret,
    message::{Event, Job},
    options,
    page::Page,
    received,
    seam::{Backend, Failed},
    signing_in,
    standing::Standing,
    state::{Ask, State},
    update::report,
};
use crate::{
    cert::Fingerprint,
    keys::Token,
    segl::{OwnIdentity, TokenPlace},
};

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// Ask for the PIN of the card that signs, or that the received mail is waiting for.
    AskPin,
    /// Give the card the PIN that was typed.
    GivePin,
    /// Choose a key file.
    Choose,
    /// Take it in, with the password that was typed.
    TakeIn,
    /// Ask for the password of a backup of this key.
    BackUp(Fingerprint),
    /// Choose where it goes, with the password that was typed twice.
    Write,
    /// Test own certificates, and ask the authorities.
    Test,
}

/// What the worker is asked for.
#[derive(Debug)]
pub enum Task {
    /// To give a card its PIN; none where the reader asks for it.
    Open(Token, Option<Secret>),
    /// To let the user choose a key file.
    Choose,
    /// To take a key file in.
    TakeIn(PathBuf, Secret),
    /// To let the user choose a file for a backup of this key, and write it.
    BackUp(Fingerprint, Secret),
    /// To test own certificates.
    Test,
}

/// What the worker reports.
#[derive(Debug)]
pub enum Told {
    /// What came of a PIN, and how own keys stand now.
    Opened(Result<(), Failed>, Vec<OwnIdentity>),
    /// This file was chosen.
    Chosen(PathBuf),
    /// So many keys of a file are kept.
    TakenIn(Result<usize, Failed>),
    /// A backup was written to this file.
    BackedUp(Result<PathBuf, Failed>),
    /// Own certificates were tested; with so many something is wrong.
    Tested(Result<usize, Failed>),
}

impl Act {
    /// The key of its words in the catalogue.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::AskPin => "do-ask-pin",
            Self::GivePin => "do-give-pin",
            Self::Choose => "do-choose-key-file",
            Self::TakeIn => "do-take-in-key",
            Self::BackUp(_) => "do-back-up-key",
            Self::Write => "do-write-backup",
            Self::Test => "do-test-own",
        }
    }
}

/// The name that is proposed for a backup.
pub(super) fn backup_name(which: Fingerprint) -> String {
    let digits = which.to_string();
    format!("segl-{}.p12", digits.get(..8).unwrap_or_default())
}

/// Writes a backup to the file that was chosen.
pub(super) fn back_up(
    backend: &dyn Backend,
    which: Fingerprint,
    file: &Path,
    password: Secret,
) -> Event {
    let done = backend.back_up_key(which, file, password);
    Event::OwnKeys(Told::BackedUp(done.map(|()| file.to_owned())))
}

impl Task {
    /// Does it. May block.
    pub(super) fn answer(self, backend: &dyn Backend) -> Option<Event> {
        Some(Event::OwnKeys(match self {
            Self::Open(token, pin) => {
                let (done, own) = backend.open_token(&token, pin);
                Told::Opened(done, own)
            }
            Self::TakeIn(file, password) => Told::TakenIn(backend.take_in_key(&file, password)),
            Self::Test => Told::Tested(backend.test_own()),
            // The worker asks the user itself.
            Self::Choose | Self::BackUp(..) => return None,
        }))
    }
}

pub(super) fn run(state: &mut State, act: &Act, now: Timestamp, jobs: &mut Vec<Job>) {
    match act {
        Act::AskPin => {
            let place = match &state.page {
                Page::Received(shown) => shown.card().cloned(),
                _ => state.own_identity().and_then(|own| own.token.clone()),
            };
            if let Some(place) = place {
                ask_pin(state, place, now);
            }
        }
        Act::Choose => jobs.push(Job::OwnKeys(Task::Choose)),
        Act::BackUp(which) => {
            let question = Question::Backup {
                which: *which,
                typed: Secret::default(),
                again: Secret::default(),
            };
            ask(state, question, now);
            state.call(state.words.say("ask-backup-password"));
        }
        Act::Test => {
            state.call(state.words.say("tell-testing-own"));
            jobs.push(Job::OwnKeys(Task::Test));
        }
        Act::GivePin | Act::TakeIn | Act::Write => answered(state, jobs),
    }
}

fn ask_pin(state: &mut State, place: TokenPlace, now: Timestamp) {
    let (question, warning) = state.words.pin_asked(&place);
    let said = [Some(question), warning].into_iter().flatten();
    let said: Vec<String> = said.collect();
    let typed = Secret::default();
    ask(state, Question::Pin { place, typed }, now);
    state.call(said.join(". "));
}

fn ask(state: &mut State, question: Question, now: Timestamp) {
    let field = question.fields().into_iter().next();
    state.ask(Ask::OwnKeys(question), now);
    if let Some(field) = field {
        state.focus = field;
    }
}

/// Where the card that should sign is closed: its PIN is asked for before anything else. Answers whether it was.
pub(super) fn stop(state: &mut State, standing: &Standing, now: Timestamp) -> bool {
    let Some(own) = state.own_identity() else {
        return false;
    };
    let is_signed = own.signs_clear || matches!(standing, Standing::Encrypted { .. });
    match own.token.clone().filter(TokenPlace::is_locked) {
        Some(place) if is_signed => {
            ask_pin(state, place, now);
            true
        }
        _ => false,
    }
}

fn answered(state: &mut State, jobs: &mut Vec<Job>) {
    let Some(Ask::OwnKeys(question)) = state.dialog.as_mut().map(|d| &mut d.ask) else {
        return;
    };
    match question.answer() {
        Ok(task) => {
            state.close_dialog();
            jobs.push(Job::OwnKeys(task));
        }
        Err(missing) => {
            state.focus = missing.at;
            state.call(state.words.say(missing.key));
        }
    }
}

/// What came of it.
pub(super) fn hear(state: &mut State, told: Told, now: Timestamp, jobs: &mut Vec<Job>) {
    match told {
        Told::Opened(done, own) => {
            state.own = own;
            received::card_asked(state, jobs);
            signing_in::out_of_the_way(state, done, "tell-token-open");
        }
        // Whoever went on to something else in the meantime is not pulled out of it.
        Told::Chosen(_) if state.dialog.is_some() || !matches!(state.page, Page::Options(_)) => {
            state.call(state.words.say("tell-key-file-again"));
        }
        Told::Chosen(file) => {
            let typed = Secret::default();
            ask(state, Question::KeyFile { file, typed }, now);
            state.call(state.words.say("ask-key-password"));
        }
        Told::BackedUp(Err(trouble)) | Told::Tested(Err(trouble)) => report(state, *trouble),
        Told::BackedUp(Ok(file)) => {
            let file = crate::words::visible(&file.display().to_string());
            tell(
                state,
                state.words.with("tell-backed-up", &[("file", file.into())]),
            );
        }
        Told::Tested(Ok(bad)) => {
            tell(
                state,
                state.words.with("tell-tested-own", &[("bad", bad.into())]),
            );
            read_again(state, jobs);
        }
        Told::TakenIn(Err(trouble)) => {
            report(state, *trouble);
            // It may be kept all the same, and only its copy for IT be missing.
            read_again(state, jobs);
        }
        Told::TakenIn(Ok(count)) => {
            let count = [("count", count.into())];
            let kept = state.words.with("own-imported", &count);
            let backup = state.words.say("own-import-backup");
            tell(state, format!("{kept} {backup}"));
            read_again(state, jobs);
        }
    }
}

/// Says it, and leaves it in sight.
fn tell(state: &mut State, said: String) {
    state.call(said.clone());
    state.trouble = None;
    state.notices = vec![said];
}

fn read_again(state: &State, jobs: &mut Vec<Job>) {
    if matches!(state.page, Page::Options(_)) {
        jobs.push(Job::Options(options::Ask::Facts));
    }
}
