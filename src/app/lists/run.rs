//! What keys and buttons do in the lists. Pure.

use jiff::{SignedDuration, Timestamp};

use super::{
    Act, Ask, Lists, Question, Spot, Tab,
    rows::{DraftState, Key},
    table::Step,
    waiting,
};
use crate::{
    app::{
        command::Command,
        message::Job,
        moving,
        page::{Page, Show},
        place::Place,
        state::{self, State},
    },
    segl::Why,
};

/// Letters that come quicker belong to one word.
const WORD: SignedDuration = SignedDuration::from_secs(1);

/// Something is to be done.
pub(in crate::app) fn run(state: &mut State, act: Act, now: Timestamp, jobs: &mut Vec<Job>) {
    match act {
        Act::Wait(reply) => {
            let why = reply.map_or(Why::Unreachable, |reply| Why::Busy { reply });
            return waiting::put(state, why, now, jobs);
        }
        Act::WhenAnswered => return waiting::when_answered(state, now, jobs),
        Act::TryNow => return jobs.extend(waiting::own(state, Ask::TryNow)),
        Act::Undo => return jobs.extend(waiting::own(state, Ask::Back)),
        Act::DeleteNow(id) => {
            state.close_dialog();
            return jobs.push(Job::Lists(Ask::Delete(id)));
        }
        _ => {}
    }
    let Page::Lists(shown) = &mut state.page else {
        return;
    };
    if shown.reading.is_some() && !matches!(act, Act::Save | Act::Leave | Act::Show(_)) {
        return;
    }
    let page = shown.drawn.len().saturating_sub(1).max(1);
    match act {
        Act::Show(tab) => return show(state, tab, jobs),
        Act::Sort(column) => {
            shown.view_mut().sort_by(column);
            shown.follows = true;
            let said = sorted(state);
            return state.call(said);
        }
        Act::Select(key) => {
            shown.view_mut().go_to(&key);
            state.focus = shown.home();
            return;
        }
        Act::Search(letters) => return search(state, &letters, now),
        Act::PageUp => shown.view_mut().go(Step::Up(page)),
        Act::PageDown => shown.view_mut().go(Step::Down(page)),
        Act::Filter => {
            shown.log.filter();
            shown.follows = true;
            let count = ("count", shown.log.len().into());
            let name = if shown.log.is_filtered() {
                "lists-not-encrypted"
            } else {
                "lists-log"
            };
            let name = ("name", state.words.say(name).into());
            return state.call(state.words.with("lists-loaded", &[name, count]));
        }
        Act::Reload => return jobs.push(Job::Lists(Ask::Load(shown.tab))),
        Act::Leave => return leave(state),
        act => return on_row(state, &act, now, jobs),
    }
    follow(state);
}

/// Commands that mean something else here than in a mail.
pub(in crate::app) fn command(state: &mut State, command: &Command, jobs: &mut Vec<Job>) {
    let step = match command {
        Command::Left => Step::Up(1),
        Command::Right => Step::Down(1),
        Command::First => Step::First,
        Command::Last => Step::Last,
        Command::NewMail => return jobs.push(Job::Open(Show::Mail)),
        Command::CopyForIt => {
            if let Some(trouble) = &state.trouble {
                jobs.push(Job::Copy(trouble.for_it()));
                state.call(state.words.say("tell-copied"));
            }
            return;
        }
        _ => return,
    };
    let Page::Lists(shown) = &mut state.page else {
        return;
    };
    match &state.focus {
        Place::Reading => moving::read(state, command),
        Place::Lists(Spot::Tabs) => {
            let here = Tab::ALL.iter().position(|t| *t == shown.tab).unwrap_or(0);
            let next = match step {
                Step::Up(_) => here.saturating_sub(1),
                Step::Down(_) => (here + 1).min(Tab::ALL.len() - 1),
                Step::First => 0,
                Step::Last => Tab::ALL.len() - 1,
            };
            show(state, Tab::ALL[next], jobs);
            state.focus = Place::Lists(Spot::Tabs);
        }
        Place::Lists(Spot::Row(_)) => {
            shown.view_mut().go(step);
            follow(state);
        }
        _ => {}
    }
}

/// Esc. Whether there was something to leave.
pub(in crate::app) fn escape(state: &mut State) -> bool {
    let is_reading = matches!(&state.page, Page::Lists(shown) if shown.reading.is_some());
    if is_reading {
        leave(state);
    }
    is_reading
}

/// The focus is on the selected row, and the row in view.
fn follow(state: &mut State) {
    if let Page::Lists(shown) = &mut state.page {
        shown.follows = true;
        state.focus = shown.home();
    }
}

fn leave(state: &mut State) {
    if let Page::Lists(shown) = &mut state.page {
        shown.reading = None;
    }
    follow(state);
}

fn show(state: &mut State, tab: Tab, jobs: &mut Vec<Job>) {
    let Page::Lists(shown) = &mut state.page else {
        return;
    };
    shown.reading = None;
    shown.drawn = 0..0;
    shown.tab = tab;
    let name = ("name", state.words.say(tab.key()).into());
    if shown.view().is_loaded() {
        let count = ("count", shown.view().count().into());
        state.say(state.words.with("lists-loaded", &[name, count]));
    }
    jobs.push(Job::Lists(Ask::Load(tab)));
    follow(state);
}

fn sorted(state: &State) -> String {
    let Page::Lists(shown) = &state.page else {
        return String::new();
    };
    let (column, is_down) = shown.view().order();
    let name = ("name", state.words.say(column.key()).into());
    let key = if is_down {
        "lists-sorted-down"
    } else {
        "lists-sorted-up"
    };
    state.words.with(key, &[name])
}

fn search(state: &mut State, letters: &str, now: Timestamp) {
    let Page::Lists(shown) = &mut state.page else {
        return;
    };
    let before = match shown.typed.take() {
        Some((typed, at)) if now.duration_since(at) < WORD => typed,
        _ => String::new(),
    };
    let mut start = format!("{before}{letters}");
    if start.chars().count() > 1 && start.chars().all(|c| letters.starts_with(c)) {
        // The same letter again: the next one that begins with it.
        letters.clone_into(&mut start);
    }
    let is_found = shown.view_mut().find(&start);
    shown.typed = Some((start.clone(), now));
    if is_found {
        follow(state);
    } else {
        let text = ("text", start.into());
        state.call(state.words.with("lists-none-begins", &[text]));
    }
}

/// What is done with the selected row, or with the mail that is read.
fn on_row(state: &mut State, act: &Act, now: Timestamp, jobs: &mut Vec<Job>) {
    let Page::Lists(shown) = &mut state.page else {
        return;
    };
    let ask = match (act, shown.tab) {
        (Act::Save, _) if shown.reading.is_some() => shown
            .reading
            .as_ref()
            .map(|r| Ask::SaveMail(r.message_id.clone(), r.at)),
        (Act::Open, Tab::Drafts) => return open_draft(state, jobs),
        (Act::Delete, Tab::Drafts) => return delete(state, now),
        (Act::Open, Tab::Outbox) => shown.outbox.selected().map(|row| {
            let id = row.id.clone();
            if row.waiting.needs_answer() {
                Ask::Open(id)
            } else {
                Ask::TryNow(id)
            }
        }),
        (Act::Back, Tab::Outbox) => shown.outbox.selected().map(|r| Ask::Back(r.id.clone())),
        (Act::Open, Tab::Log) => read(shown),
        (Act::Save, Tab::Log) => shown.log.selected().map(|r| Ask::Export(r.logged.seq)),
        (Act::WrongPerson, Tab::Log) => return wrong_person(state, now),
        _ => None,
    };
    match ask {
        Some(Ask::TryNow(id)) => {
            state.call(state.words.say("lists-trying"));
            jobs.push(Job::Lists(Ask::TryNow(id)));
        }
        Some(ask) => jobs.push(Job::Lists(ask)),
        None if *act == Act::Open
            && matches!(&state.page, Page::Lists(s) if s.view().count() > 0) =>
        {
            state.call(state.words.say("lists-removed"));
        }
        None => {}
    }
}

fn read(shown: &Lists) -> Option<Ask> {
    let row = &shown.log.selected()?.logged;
    let detail = row.detail.as_ref()?;
    Some(Ask::Read(detail.message_id.clone(), row.at))
}

fn open_draft(state: &mut State, jobs: &mut Vec<Job>) {
    let Page::Lists(shown) = &state.page else {
        return;
    };
    let Some(row) = shown.drafts.selected() else {
        return;
    };
    let key = match row.state {
        DraftState::Free | DraftState::InDoubt => {
            return jobs.push(Job::Lists(Ask::Open(row.id.clone())));
        }
        DraftState::Open => "lists-is-open",
        DraftState::Unreadable => "draft-unreadable",
    };
    state.call(state.words.say(key));
}

fn delete(state: &mut State, now: Timestamp) {
    let Page::Lists(shown) = &state.page else {
        return;
    };
    let Some(row) = shown.drafts.selected() else {
        return;
    };
    if row.state == DraftState::Open {
        return state.call(state.words.say("lists-is-open"));
    }
    let who = if row.to.is_empty() {
        state.words.say("lists-nobody")
    } else {
        state.words.listed(&row.to)
    };
    let key = if row.state == DraftState::InDoubt {
        "lists-delete-doubt"
    } else {
        "lists-delete-text"
    };
    let question = Question {
        title: state
            .words
            .with("lists-delete-title", &[("who", who.into())]),
        text: state.words.say(key),
        yes: Some(Act::DeleteNow(row.id.clone())),
    };
    state.ask(state::Ask::Lists(question), now);
}

fn wrong_person(state: &mut State, now: Timestamp) {
    let Page::Lists(shown) = &state.page else {
        return;
    };
    let Some(row) = shown.log.selected() else {
        return;
    };
    let Some(detail) = &row.logged.detail else {
        return state.call(state.words.say("lists-removed"));
    };
    let is_sealed = detail
        .route
        .is_some_and(crate::decide::Route::is_end_to_end);
    let who_reads = if is_sealed {
        "lists-wrong-sealed"
    } else {
        "lists-wrong-clear"
    };
    let lines = [
        state.words.say("lists-wrong-gone"),
        state.words.say(who_reads),
        state.words.say("lists-wrong-call"),
        state.words.say("lists-wrong-report"),
        state.words.say("lists-wrong-save"),
    ];
    let who = ("who", detail.to.as_str().into());
    let question = Question {
        title: state.words.with("lists-wrong-title", &[who]),
        text: lines.join("\n"),
        yes: None,
    };
    state.ask(state::Ask::Lists(question), now);
}

/// A row that pointer or screen reader brought the focus to is the selected one.
pub(super) fn select_focused(shown: &mut Lists, focus: &Place) {
    if let Place::Lists(Spot::Row(key)) = focus {
        let here = shown.view().key(shown.view().here());
        if here.as_ref() != Some(key) {
            let key: Key = key.clone();
            shown.view_mut().go_to(&key);
        }
    }
}
