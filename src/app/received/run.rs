//! What commands and reports do to the page. Pure.

use std::path::PathBuf;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Act, Ask, KeyFile, Mail, NotOpened, Origin, Remedy, Spot, Stage, Told, Unlock};
use crate::{
    app::{
        assistant::Secret,
        command::Command,
        message::Job,
        moving,
        page::{Page, Show},
        place::{Place, Spot as Where},
        report::Trouble,
        setup::{Readiness, Source},
        state::{Ask as Question, State},
        update::report,
    },
    words::Words,
};

/// What the window begins with.
pub(in crate::app) fn begin(state: &mut State) -> Vec<Job> {
    let mut jobs = Vec::new();
    if let Page::Received(shown) = &state.page {
        match &shown.origin {
            Some(_) => open(state, None, &mut jobs),
            None => state.focus = Act::Pick.button(),
        }
    }
    jobs
}

/// Something is to be done.
pub(in crate::app) fn run(state: &mut State, act: &Act, now: Timestamp, jobs: &mut Vec<Job>) {
    let Page::Received(shown) = &mut state.page else {
        return;
    };
    let origin = shown.origin.clone();
    match act {
        Act::Pick => jobs.push(Job::Received(Ask::Pick)),
        Act::Again if matches!(shown.stage, Stage::Closed(_)) => open(state, None, jobs),
        Act::KeyFile if matches!(&shown.stage, Stage::Closed(c) if c.remedy != Remedy::None) => {
            if let Some(origin) = origin {
                jobs.push(Job::Received(Ask::PickKey(shown.attempt, origin)));
            }
        }
        Act::Again | Act::KeyFile => {}
        Act::Unlock => unlock(state, now, jobs),
        Act::Save => save_here(state, jobs),
        Act::SaveFile(index) => save(state, *index, jobs),
    }
}

/// Commands that mean something else here than in a mail that is written.
pub(in crate::app) fn command(state: &mut State, command: &Command, jobs: &mut Vec<Job>) {
    match command {
        Command::NewMail => jobs.push(Job::Open(Show::Mail)),
        Command::CopyForIt => {
            let of_page = match &state.page {
                Page::Received(shown) => match &shown.stage {
                    Stage::Closed(closed) => Some(&closed.trouble),
                    _ => None,
                },
                _ => None,
            };
            let text = match (state.trouble.as_ref().or(of_page), &state.setup.readiness) {
                (Some(trouble), _) => trouble.for_it(),
                (None, Readiness::Broken { detail, .. }) => detail.clone(),
                _ => return state.call(state.words.say("tell-nothing-to-copy")),
            };
            jobs.push(Job::Copy(text));
            state.call(state.words.say("tell-copied"));
        }
        command if matches!(&state.focus, Place::Received(spot) if *spot != Spot::Text) => {
            moving::read(state, command);
        }
        _ => {}
    }
}

/// Files were dropped: the first one is opened, or is the key to the mail that is not.
pub(in crate::app) fn dropped(state: &mut State, paths: Vec<PathBuf>, jobs: &mut Vec<Job>) {
    let Page::Received(shown) = &state.page else {
        return;
    };
    let Some(path) = paths.into_iter().next().filter(|_| state.dialog.is_none()) else {
        return;
    };
    let is_key = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("p12") || e.eq_ignore_ascii_case("pfx"));
    if is_key && matches!(&shown.stage, Stage::Closed(c) if c.remedy != Remedy::None) {
        let secret = Secret::default();
        return open(state, Some(KeyFile { path, secret }), jobs);
    }
    choose(state, path, jobs);
}

/// What the mail is worth, once more.
pub(in crate::app) fn say(state: &mut State) {
    if let Some(text) = worth(state) {
        state.call(text);
    }
}

/// Whether this is on the page already, and need not be shown once more where it is said.
pub(in crate::app) fn is_shown(state: &State, text: &str) -> bool {
    !text.is_empty() && worth(state).is_some_and(|worth| worth == text)
}

fn worth(state: &State) -> Option<String> {
    let Page::Received(shown) = &state.page else {
        return None;
    };
    Some(match &shown.stage {
        Stage::Empty => state.words.say("read-begin"),
        Stage::Opening => state.words.say("read-opening"),
        Stage::Open(mail) => mail.spoken(&state.words),
        Stage::Closed(closed) => closed.trouble.text(),
    })
}

/// Something broke while a mail was being opened: it is not opened any more.
pub(in crate::app) fn failed(state: &mut State, trouble: &Trouble) {
    if let Page::Received(shown) = &mut state.page
        && matches!(shown.stage, Stage::Opening)
    {
        shown.stage = Stage::Closed(Box::new(NotOpened {
            trouble: trouble.clone(),
            remedy: Remedy::None,
            kept: None,
            is_locked: false,
            card: None,
        }));
    }
}

/// A PIN was given to the card that a mail waits for: it is tried again, and learns how the card stands now.
pub(in crate::app) fn card_asked(state: &mut State, jobs: &mut Vec<Job>) {
    let is_waiting = match &state.page {
        Page::Received(shown) => shown.card().is_some(),
        _ => false,
    };
    if is_waiting {
        open(state, None, jobs);
    }
}

/// The worker reports.
pub(in crate::app) fn hear(state: &mut State, told: Told, now: Timestamp, jobs: &mut Vec<Job>) {
    match told {
        Told::Picked(path) => choose(state, path, jobs),
        Told::Opened(attempt, mail) => {
            if is_current(state, attempt) {
                opened(state, mail);
            }
        }
        Told::NotOpened(attempt, closed) => {
            if is_current(state, attempt) {
                closed_with(state, closed);
            }
        }
        Told::Locked(attempt, path, is_again, closed) => {
            if is_current(state, attempt) {
                locked(state, path, is_again, closed, now);
            }
        }
        Told::Saved(path) => {
            let path = ("path", path.display().to_string().into());
            state.call(state.words.with("read-saved", &[path]));
        }
        Told::NotSaved(trouble) => report(state, *trouble),
    }
}

fn is_current(state: &State, attempt: u32) -> bool {
    matches!(&state.page, Page::Received(shown) if shown.attempt == attempt)
}

fn choose(state: &mut State, path: PathBuf, jobs: &mut Vec<Job>) {
    if let Page::Received(shown) = &mut state.page {
        shown.origin = Some(Origin::Source(Source::File(path)));
        open(state, None, jobs);
    }
}

/// Opens what was chosen. What was shown before is forgotten first.
fn open(state: &mut State, key: Option<KeyFile>, jobs: &mut Vec<Job>) {
    let Page::Received(shown) = &mut state.page else {
        return;
    };
    let Some(origin) = shown.origin.clone() else {
        return;
    };
    shown.attempt += 1;
    if let Stage::Open(mail) = std::mem::replace(&mut shown.stage, Stage::Opening) {
        jobs.push(Job::Received(Ask::Forget(mail.message)));
    }
    jobs.push(Job::Received(Ask::Open(shown.attempt, origin, key)));
    state.trouble = None;
    state.reading = 0.0;
    state.focus = Place::Received(Spot::Verdict);
    state.say(state.words.say("read-opening"));
}

fn opened(state: &mut State, mail: Box<Mail>) {
    state.call(mail.spoken(&state.words));
    show(state, Stage::Open(mail));
}

fn closed_with(state: &mut State, mut closed: Box<NotOpened>) {
    let kept = closed.kept.take();
    state.call(closed.trouble.text());
    show(state, Stage::Closed(closed));
    if let (Page::Received(shown), Some(octets)) = (&mut state.page, kept) {
        shown.origin = Some(Origin::Octets(octets));
    }
}

/// What is shown begins at its top, and with what it is worth.
fn show(state: &mut State, reached: Stage) {
    if let Page::Received(shown) = &mut state.page {
        shown.stage = reached;
    }
    state.reading = 0.0;
    if state.dialog.is_none() {
        state.focus = Place::Received(Spot::Verdict);
    }
}

/// The key file asks for its password. What keeps the mail closed stands behind the question.
fn locked(
    state: &mut State,
    path: PathBuf,
    is_again: bool,
    closed: Box<NotOpened>,
    now: Timestamp,
) {
    if matches!(&state.page, Page::Received(shown) if matches!(shown.stage, Stage::Opening)) {
        closed_with(state, closed);
    }
    let name = file_name(&path);
    state.ask(
        Question::Received(Unlock {
            path,
            secret: Secret::default(),
            is_again,
        }),
        now,
    );
    state.focus = Place::Password;
    state.call(asked(&state.words, &name, is_again));
}

/// What the question says.
pub(super) fn asked(words: &Words, name: &str, is_again: bool) -> String {
    let key = if is_again {
        "read-key-again"
    } else {
        "read-key-text"
    };
    words.with(key, &[("name", name.into())])
}

pub(super) fn file_name(path: &std::path::Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn unlock(state: &mut State, _now: Timestamp, jobs: &mut Vec<Job>) {
    let Some(Question::Received(unlock)) = state.dialog.as_mut().map(|d| &mut d.ask) else {
        return;
    };
    let secret = Secret(Zeroizing::new(std::mem::take(&mut *unlock.secret.0)));
    if secret.0.is_empty() {
        return state.call(state.words.say("keys-no-password"));
    }
    let path = unlock.path.clone();
    state.close_dialog();
    open(state, Some(KeyFile { path, secret }), jobs);
}

/// Ctrl+S: the file that has the focus, or the only one there is.
fn save_here(state: &mut State, jobs: &mut Vec<Job>) {
    let Page::Received(shown) = &state.page else {
        return;
    };
    let count = shown.mail().map_or(0, |mail| mail.files.len());
    match (&state.focus, count) {
        (Place::Button(Where::Page, Command::Received(Act::SaveFile(index))), _) => {
            save(state, *index, jobs);
        }
        (_, 0) => state.call(state.words.say("read-nothing-to-save")),
        (_, 1) => save(state, 0, jobs),
        _ => {
            state.focus = Act::SaveFile(0).button();
            state.call(state.words.say("read-which-to-save"));
        }
    }
}

fn save(state: &State, index: usize, jobs: &mut Vec<Job>) {
    let Page::Received(shown) = &state.page else {
        return;
    };
    let Some(mail) = shown.mail() else {
        return;
    };
    if let Some(file) = mail.files.get(index) {
        let ask = Ask::Save(mail.message.clone(), file.part, file.name.clone());
        jobs.push(Job::Received(ask));
    }
}
