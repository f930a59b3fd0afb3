//! Commands about what is being written: recipients, files, moving about. Pure.

use std::{collections::BTreeSet, path::PathBuf};

use jiff::Timestamp;

use super::{
    aids, book,
    command::Command,
    imports,
    message::{Freshness, Job},
    moving, options,
    place::{Place, Spot},
    rows::{Chip, Committed},
    setup::Readiness,
    standing::changed_organisation,
    state::{Ask, Phase, State},
    update::{PAUSE, changed, rewritten},
};
use crate::{
    decide::Light,
    mail::{Address, Body, Kind, Mailbox, parse_list},
};

pub(super) fn run(state: &mut State, command: Command, now: Timestamp, jobs: &mut Vec<Job>) {
    match command {
        Command::Left | Command::Right | Command::First | Command::Last => {
            moving::step(state, &command, now);
        }
        Command::NextProblem => moving::problem(state, true),
        Command::PreviousProblem => moving::problem(state, false),
        Command::CopyForIt => copy_for_it(state, jobs),
        Command::Recheck => {
            state.close_dialog();
            recheck(state, jobs);
        }
        Command::AskForCertificate => options::ask_for_certificate(state, jobs),
        Command::ImportCertificate if state.is_open() => imports::pick(state, jobs),
        Command::Details => {
            let selected = state.selected();
            state.details = if state.details == selected {
                None
            } else {
                selected
            };
        }
        command if state.is_open() => change(state, &command, now, jobs),
        _ => {}
    }
}

/// Commands that change the mail.
fn change(state: &mut State, command: &Command, now: Timestamp, jobs: &mut Vec<Job>) {
    match command {
        Command::CommitTyped => {
            if let Place::Field(kind) = state.focus {
                commit(state, kind);
            }
        }
        Command::Edit => edit(state),
        Command::Remove => remove(state, now),
        Command::RemoveRed => remove_red(state),
        Command::ShowCc => show(state, Kind::Cc),
        Command::ShowBcc => show(state, Kind::Bcc),
        Command::Attach => jobs.push(Job::PickFiles),
        Command::PasteFiles => jobs.push(Job::PasteFiles),
        Command::RemoveQuote => remove_quote(state, now),
        Command::AskOrganisation => ask_organisation(state, now),
        Command::ConfirmOrganisation => confirm_organisation(state, jobs),
        _ => {}
    }
}

/// A text was changed in place.
pub(super) fn edited(state: &mut State, place: &Place, now: Timestamp) {
    match place {
        Place::Field(kind) => {
            let row = state.rows.row_mut(*kind);
            row.typed_at = Some(now);
            row.paused_on = None;
            let committed = row.commit_separated();
            tell(state, &committed);
            changed(state, now);
            book::look(state, *kind);
        }
        Place::ReasonText | Place::Password | Place::PasswordAgain => {}
        Place::Aid(_) => aids::edited(state),
        _ => {
            aids::typed(state);
            rewritten(state, now);
        }
    }
}

/// A pause in typing commits a whole address, and leaves the text as it is.
pub(super) fn pause(state: &mut State, kind: Kind, now: Timestamp) {
    let row = state.rows.row_mut(kind);
    if row.typed_at.is_some_and(|t| now.duration_since(t) >= PAUSE) {
        row.typed_at = None;
        row.paused_on = Mailbox::parse(&row.typed).ok();
    }
}

/// Turns the typed text of a row into chips.
pub(super) fn commit(state: &mut State, kind: Kind) {
    let committed = state.rows.row_mut(kind).commit_typed();
    tell(state, &committed);
}

/// Puts a mailbox into a row.
pub(super) fn commit_mailbox(state: &mut State, kind: Kind, mailbox: Mailbox) {
    let row = state.rows.row_mut(kind);
    row.typed_at = None;
    row.paused_on = None;
    let committed = row.commit(vec![Ok(mailbox)]);
    tell(state, &committed);
}

pub(super) fn commit_all(state: &mut State) {
    for kind in super::rows::KINDS {
        commit(state, kind);
    }
}

fn tell(state: &mut State, committed: &Committed) {
    if let Some(double) = committed.doubles.first() {
        state.say(
            state
                .words
                .with("tell-double", &[("name", double.as_str().into())]),
        );
    }
}

pub(super) fn pasted(state: &mut State, text: &str, now: Timestamp, jobs: &mut Vec<Job>) {
    if !state.is_open() || !state.is_mail() || state.dialog.is_some() || state.is_welcome() {
        return;
    }
    if let Some(paths) = pasted_paths(text) {
        jobs.push(Job::AttachFiles(paths));
        return;
    }
    match state.focus {
        Place::Field(kind) if !text.contains(['@', '\n']) => {
            // Half an address goes on being typed.
            state.rows.row_mut(kind).typed.push_str(text.trim());
            edited(state, &Place::Field(kind), now);
        }
        Place::Field(kind) | Place::Chip(kind, _) => {
            let committed = state.rows.row_mut(kind).commit(parse_list(text));
            tell(state, &committed);
        }
        _ => jobs.push(Job::PasteFiles),
    }
}

/// Some file managers put a list of files on the clipboard as text.
fn pasted_paths(text: &str) -> Option<Vec<PathBuf>> {
    let path = |line: &str| {
        let line = line.trim();
        match line.strip_prefix("file://") {
            Some(uri) => Some(PathBuf::from(super::mailto::percent_decoded(uri)?)),
            None if line.starts_with('/') && !line.contains('@') => Some(PathBuf::from(line)),
            None => None,
        }
    };
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let paths: Option<Vec<PathBuf>> = lines.into_iter().map(path).collect();
    paths.filter(|p| !p.is_empty())
}

pub(super) fn choose_sender(state: &mut State, index: usize, now: Timestamp) {
    if let Some(sender) = state.setup.senders.get(index)
        && state.is_open()
        && state.draft.from != *sender
    {
        let before = std::mem::replace(&mut state.draft.from, sender.clone());
        aids::signature::follow(state, &before);
        rewritten(state, now);
        state.say(state.draft.from.to_string());
    }
}

fn show(state: &mut State, kind: Kind) {
    state.rows.row_mut(kind).is_shown = true;
    state.go(Place::Field(kind));
}

fn edit(state: &mut State) {
    let Some((kind, key)) = state.selected() else {
        return;
    };
    commit(state, kind);
    let row = state.rows.row_mut(kind);
    if let Some(index) = row.position(&key) {
        row.typed = row.chips.remove(index).text();
        state.details = None;
        state.go(Place::Field(kind));
    }
}

fn remove(state: &mut State, now: Timestamp) {
    if let Place::File(path) = state.focus.clone() {
        let files = &mut state.draft.attachments;
        if let Some(index) = files.iter().position(|f| f.path == path) {
            let name = files.remove(index).name;
            let next = files
                .get(index)
                .or(files.last())
                .map(|f| Place::File(f.path.clone()));
            rewritten(state, now);
            state.examined.hurry();
            state.go(next.unwrap_or(Place::Button(Spot::Files, Command::Attach)));
            state.say(
                state
                    .words
                    .with("tell-file-removed", &[("name", name.into())]),
            );
        }
        return;
    }
    let Some((kind, key)) = state.selected() else {
        return;
    };
    let row = state.rows.row_mut(kind);
    if let Some(index) = row.position(&key) {
        let chip = row.chips.remove(index);
        let next = row.chips.get(index).map(Chip::key);
        state.details = None;
        state.go(next.map_or(Place::Field(kind), |key| Place::Chip(kind, key)));
        let left = state.rows.chips().count();
        let args = [("name", chip.label().into()), ("left", left.into())];
        state.say(state.words.with("tell-removed", &args));
    }
}

fn remove_red(state: &mut State) {
    let Some(Ask::Warning { shown, .. }) = state.dialog.as_ref().map(|d| &d.ask) else {
        return;
    };
    let who: BTreeSet<Address> = shown.who.iter().cloned().collect();
    for kind in super::rows::KINDS {
        let is_red = |c: &Chip| c.mailbox().is_some_and(|m| who.contains(&m.address));
        state.rows.row_mut(kind).chips.retain(|c| !is_red(c));
    }
    state.details = None;
    state.close_dialog();
    let left = state.rows.chips().count();
    state.say(state.words.with(
        "tell-red-removed",
        &[("count", who.len().into()), ("left", left.into())],
    ));
}

fn recheck(state: &mut State, jobs: &mut Vec<Job>) {
    let selected = state.selected().and_then(|(kind, key)| {
        let chip = state.chip(kind, &key)?;
        chip.mailbox().map(|m| m.address.clone())
    });
    match selected {
        Some(address) => look_up(state, vec![address], jobs),
        None => look_up_red(state, jobs),
    }
}

pub(super) fn look_up_red(state: &mut State, jobs: &mut Vec<Job>) {
    let policy = &state.setup.policy;
    let red = state.recipients().into_iter().map(|r| r.mailbox.address);
    let red = red.filter(|a| {
        state
            .found
            .get(a)
            .is_some_and(|k| k.route(policy).light() == Light::Red)
    });
    let red = red.collect();
    look_up(state, red, jobs);
}

pub(super) fn look_up(state: &mut State, addresses: Vec<Address>, jobs: &mut Vec<Job>) {
    if !matches!(state.phase, Phase::Writing | Phase::Armed)
        || state.setup.readiness != Readiness::Ready
    {
        return;
    }
    for address in addresses {
        let before = state.found.remove(&address);
        if before.is_some_and(|a| a.route(&state.setup.policy).light() == Light::Green) {
            state.was_green.insert(address.clone());
        }
        state.asking.insert(address.clone());
        state.is_awaited = true;
        jobs.push(Job::Assess {
            address,
            freshness: Freshness::AskAgain,
        });
    }
    if state.is_awaited {
        state.say(state.words.say("tell-checking-again"));
    }
}

fn ask_organisation(state: &mut State, now: Timestamp) {
    let Some((kind, key)) = state.selected() else {
        return;
    };
    let known = state.chip(kind, &key).and_then(|c| state.known(c));
    if let Some(assessment) = known
        && let Some((before, now_is)) = changed_organisation(assessment)
    {
        let ask = Ask::Organisation {
            address: assessment.address().clone(),
            before: before.clone(),
            now: now_is.clone(),
        };
        state.ask(ask, now);
    }
}

fn confirm_organisation(state: &mut State, jobs: &mut Vec<Job>) {
    // Another Ctrl+Shift+Enter question than this one has its own answer.
    let Some(dialog) = state.dialog.take() else {
        return;
    };
    match dialog.ask {
        Ask::Organisation { address, now, .. } => {
            state.focus = dialog.came_from;
            jobs.push(Job::ConfirmOrganisation {
                address,
                organisation: now,
            });
        }
        Ask::LoseDraft => jobs.push(Job::CloseWindow),
        ask => state.dialog = Some(super::state::Dialog { ask, ..dialog }),
    }
}

fn copy_for_it(state: &mut State, jobs: &mut Vec<Job>) {
    let chip = state
        .selected()
        .and_then(|(kind, key)| state.chip(kind, &key));
    let text = match (chip, &state.trouble, &state.phase, &state.setup.readiness) {
        (Some(chip), ..) => super::details::for_it(state, chip),
        (None, Some(trouble), ..) => trouble.for_it(),
        (None, None, Phase::Unconfirmed(trouble), _) => trouble.for_it(),
        (None, None, _, Readiness::Broken { detail, .. }) => detail.clone(),
        _ => return state.call(state.words.say("tell-nothing-to-copy")),
    };
    jobs.push(Job::Copy(text));
    state.call(state.words.say("tell-copied"));
}

/// Takes the quoted lines out, and the line above them that says who wrote them. The focus goes to the text: there
/// Ctrl+Z brings them back.
fn remove_quote(state: &mut State, now: Timestamp) {
    let Body::Text(text) = &state.draft.body else {
        return state.call(state.words.say("tell-quote-formatted"));
    };
    let Some((kept, removed)) = aids::prose::without_quoted(text) else {
        return state.call(state.words.say("tell-no-quote"));
    };
    aids::replace_all(state, &Place::Body, kept);
    rewritten(state, now);
    state.go(Place::Body);
    state.call(
        state
            .words
            .with("tell-quote-removed", &[("lines", removed.into())]),
    );
}
