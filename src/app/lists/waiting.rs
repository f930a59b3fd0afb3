//! A composer whose mail went into the outbox, and how many wait: what every window says of the outbox.

use egui::Ui;
use jiff::Timestamp;

use super::{Act, Ask};
use crate::{
    app::{
        command::Command,
        kit::{Pen, Weight},
        look::{Shape, Tone},
        message::Job,
        place::{Place, Spot},
        state::{Phase, State},
    },
    decide::Decision,
    mail::DraftId,
    segl::{Waiting, Why},
    words::Words,
};

/// A mail of this window that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// What happened, and what happens next.
    pub sentence: String,
    /// It waits no longer: sent, or a draft elsewhere.
    pub is_over: bool,
    /// It was sent, encrypted to everybody: the only thing that gets a green light.
    pub is_sealed: bool,
}

/// What became of a mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Which.
    pub draft: DraftId,
    /// In words.
    pub sentence: String,
    /// In short.
    pub came_to: CameTo,
}

/// What a try came to, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameTo {
    /// It was sent, encrypted to everybody.
    SentEncrypted,
    /// It was sent; some of them are on the firm's own server, and nobody is exposed.
    Sent,
    /// It waits on.
    Waits,
    /// It needs an answer.
    Asks,
    /// It is a draft, and somebody has to look.
    Draft,
}

/// How many drafts are kept and mails wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Drafts that are open in no window.
    pub drafts: usize,
    /// Mails that wait for a server or directory.
    pub waiting: usize,
    /// Mails that need an answer.
    pub asking: usize,
}

impl Count {
    /// Whether there is anything to tell.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// In words.
    pub fn sentence(&self, words: &Words) -> String {
        let part =
            |key, count: usize| (count > 0).then(|| words.with(key, &[("count", count.into())]));
        let parts = [
            part("lists-count-asking", self.asking),
            part("lists-count-waiting", self.waiting),
            part("lists-count-drafts", self.drafts),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// What waits and why, with when it is tried next.
fn sentence(words: &Words, waiting: &Waiting) -> String {
    let why = ("why", words.why_waiting(&waiting.why).into());
    match waiting.next {
        Some(at) => words.with("lists-queued", &[why, ("time", words.time(at).into())]),
        None => words.with("lists-queued-asks", &[why]),
    }
}

/// The mail of this window is in the outbox now.
pub(super) fn queued(state: &mut State, id: &DraftId, waiting: &Waiting) {
    if state.draft.id != *id {
        return;
    }
    let sentence = sentence(&state.words, waiting);
    state.call(sentence.clone());
    state.trouble = None;
    state.details = None;
    state.kept = crate::app::state::Kept::default();
    state.phase = Phase::Waiting(Box::new(Queued {
        sentence,
        is_over: false,
        is_sealed: false,
    }));
    state.focus = Place::Button(Spot::Foot, Command::CloseReceipt);
}

/// Something became of a mail of the outbox.
pub(super) fn news(state: &mut State, news: News) {
    let is_own = state.draft.id == news.draft;
    if let (true, Phase::Waiting(queued)) = (is_own, &mut state.phase) {
        queued.sentence.clone_from(&news.sentence);
        queued.is_over = !matches!(news.came_to, CameTo::Waits | CameTo::Asks);
        queued.is_sealed = news.came_to == CameTo::SentEncrypted;
        state.call(news.sentence);
        return state.settle_focus();
    }
    if news.came_to != CameTo::Waits {
        state.call(news.sentence.clone());
        if state.is_mail() {
            state.notices.push(news.sentence);
        }
    }
}

/// The buttons below the sentence.
pub(in crate::app) fn commands(queued: &Queued) -> Vec<Command> {
    let mut commands = vec![Command::CloseReceipt];
    if !queued.is_over {
        commands.extend([Act::TryNow, Act::Undo].map(Command::Lists));
    }
    commands.extend([Command::NewMail, Command::ShowLists]);
    commands
}

/// The strip in place of area 4.
pub(in crate::app) fn waiting_ui(ui: &mut Ui, queued: &Queued, pen: &mut Pen) {
    ui.horizontal_wrapped(|ui| {
        let (tone, shape) = if queued.is_sealed {
            (Tone::Green, Shape::Closed)
        } else {
            (Tone::Checking, Shape::Dots)
        };
        pen.mark(ui, tone, shape, 22.0);
        pen.text(ui, &queued.sentence);
    });
    ui.horizontal_wrapped(|ui| {
        for command in commands(queued) {
            let weight = match command {
                Command::CloseReceipt => Weight::Main,
                _ => Weight::Plain,
            };
            pen.button(ui, Spot::Foot, &command, weight);
        }
    });
}

/// Sends when the directory answers: where nobody is red for another reason.
pub(super) fn when_answered(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let why = match state.decision() {
        Decision::Warn(warning) => Why::of_warning(&warning),
        Decision::Refuse(refusal) => Why::of_refusal(&refusal),
        _ => return not_now(state),
    };
    if !matches!(why, Why::Directory { .. }) {
        return not_now(state);
    }
    if state.dialog.is_some() {
        state.close_dialog();
    }
    put(state, why, now, jobs);
}

fn not_now(state: &mut State) {
    state.call(state.words.say("lists-not-silent"));
}

/// Puts the mail of this window into the outbox.
pub(super) fn put(state: &mut State, why: Why, now: Timestamp, jobs: &mut Vec<Job>) {
    if !matches!(state.phase, Phase::Writing) || state.draft.recipients().is_empty() {
        return;
    }
    if state.draft.is_in_doubt() {
        return;
    }
    // What is typed from here on would not be in what waits.
    state.phase = Phase::Sending {
        progress: None,
        quarters: 0,
        since: now,
    };
    state.kept.changed = None;
    jobs.push(Job::Lists(Ask::Put(Box::new(state.draft.clone()), why)));
}

/// A mail of the outbox is a draft again: this window's is written on.
pub(super) fn back(state: &mut State, id: &DraftId, now: Timestamp, jobs: &mut Vec<Job>) {
    let is_own = state.draft.id == *id && matches!(state.phase, Phase::Waiting(_));
    if is_own {
        state.phase = Phase::Writing;
        // Saved anew it belongs to this window again.
        crate::app::update::changed(state, now);
        state.focus = Place::Body;
        state.settle_focus();
    }
    state.call(state.words.say("lists-is-draft"));
    if !is_own {
        jobs.push(Job::Lists(Ask::Load(super::Tab::Outbox)));
    }
}

/// The job for a mail of this window that waits.
pub(super) fn own(state: &State, ask: fn(DraftId) -> Ask) -> Option<Job> {
    match &state.phase {
        Phase::Waiting(queued) if !queued.is_over => Some(Job::Lists(ask(state.draft.id.clone()))),
        _ => None,
    }
}

/// How many there are now.
pub(super) fn count(state: &mut State, count: Count) {
    if state.shelf == count {
        return;
    }
    let is_more = count.asking > state.shelf.asking;
    state.shelf = count;
    if is_more && state.is_mail() {
        state.say(count.sentence(&state.words));
    }
}
