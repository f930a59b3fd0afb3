//! The class of a mail: what its sender said, what was found in it, and the line that tells both. Pure but for drawing the
//! line; looking is the worker's.
//!
//! What was found counts until something newer is known, and a mail that would expose somebody waits for what is found in
//! it as it is now: nobody accepts a warning that speaks of a lower class than the one that counts.

use std::collections::BTreeSet;

use egui::{Key, Ui};
use jiff::{SignedDuration, Timestamp};

use super::{
    command::{Chord, Command, ctrl},
    kit::{Pen, Weight},
    message::Job,
    place::Spot,
    setup::Readiness,
    state::{Phase, State},
    theme::TARGET,
    update::changed,
};
use crate::{
    content::{Finding, Suggestion},
    mail::{Class, Digest, Dismissed, Draft},
};

/// A pause in typing after which the mail is looked through.
pub const PAUSE: SignedDuration = SignedDuration::from_secs(1);
/// How long after Ctrl+Enter the warning still opens as its answer. Later it would come out of nowhere.
const ANSWER: SignedDuration = SignedDuration::from_secs(1);

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// The mail is of this class.
    Set(Class),
    /// What was found, and raises the class, is not in the mail.
    NotThere,
}

/// What is known of the mail's content.
#[derive(Debug, Default)]
pub struct Examined {
    /// The newest answer. It may be about an older text, and counts until the next one.
    pub(super) found: Suggestion,
    /// The content that it is about.
    of: Option<Digest>,
    /// The content that was asked about last.
    asked: Option<Digest>,
    /// When the mail was changed last, if nobody asked since.
    touched: Option<Timestamp>,
    /// The content whose answer a mail waits for before it may leave.
    awaited: Option<Digest>,
    /// When Ctrl+Enter was pressed for it, if no other key was since.
    pressed: Option<Timestamp>,
}

impl Act {
    /// Its keys.
    pub fn chord(self) -> Option<Chord> {
        Some(ctrl(match self {
            Self::Set(Class::Ordinary) => Key::Num1,
            Self::Set(Class::Confidential) => Key::Num2,
            Self::Set(Class::Sensitive) => Key::Num3,
            Self::NotThere => return None,
        }))
    }

    /// The key of its words in the catalogue.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Set(Class::Ordinary) => "do-class-ordinary",
            Self::Set(Class::Confidential) => "do-class-confidential",
            Self::Set(Class::Sensitive) => "do-class-sensitive",
            Self::NotThere => "do-class-not-there",
        }
    }
}

impl Examined {
    /// Nothing is known of a mail that just came into the window: it is looked through at once.
    pub(super) fn fresh() -> Self {
        Self {
            touched: Some(Timestamp::MIN),
            ..Self::default()
        }
    }

    /// The mail was changed.
    pub(super) fn touch(&mut self, now: Timestamp) {
        self.touched = Some(now);
    }

    /// It was changed by a file: that is no typing, and needs no pause.
    pub(super) fn hurry(&mut self) {
        self.touched = Some(Timestamp::MIN);
    }

    /// Sending found something else: it is looked through anew before the next try.
    pub(super) fn doubt(&mut self) {
        (self.of, self.asked) = (None, None);
    }

    /// Nothing is waited for.
    pub(super) fn let_go(&mut self) {
        (self.awaited, self.pressed) = (None, None);
    }

    /// Whether a mail waits for an answer.
    pub fn is_awaited(&self) -> bool {
        self.awaited.is_some()
    }

    /// Another key, or a click: what follows is no longer the answer to Ctrl+Enter.
    pub(super) fn forget_press(&mut self) {
        self.pressed = None;
    }

    /// Whether what happens now still answers Ctrl+Enter.
    pub(super) fn answers(&mut self, now: Timestamp) -> bool {
        let pressed = self.pressed.take();
        pressed.is_some_and(|t| now.duration_since(t) <= ANSWER)
    }
}

/// All that is looked through.
fn content(draft: &Draft) -> Digest {
    let digest = draft.content_digest();
    let addresses: Vec<String> = draft.mailboxes().map(|m| m.address.key()).collect();
    let fields = std::iter::once(digest.as_bytes().as_slice());
    Digest::of_fields(fields.chain(addresses.iter().map(String::as_bytes)))
}

/// Has the mail looked through as it is now, unless that is known or under way.
fn ask(state: &mut State, jobs: &mut Vec<Job>) -> Digest {
    let of = content(&state.draft);
    let examined = &mut state.examined;
    if examined.of != Some(of) && examined.asked != Some(of) {
        examined.asked = Some(of);
        jobs.push(Job::Examine {
            draft: Box::new(state.draft.clone()),
            of,
        });
    }
    of
}

/// Before somebody is exposed: whether it has to be waited for what is in the mail.
pub(super) fn wait(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) -> bool {
    let of = ask(state, jobs);
    let examined = &mut state.examined;
    examined.awaited = (examined.of != Some(of)).then_some(of);
    examined.pressed = examined.awaited.map(|_| now);
    examined.is_awaited()
}

/// What was found. An answer about another content than was asked about last is late, and does not count.
pub(super) fn hear(state: &mut State, of: Digest, found: Suggestion) {
    if state.examined.asked != Some(of) {
        return;
    }
    let before = state.class();
    let examined = &mut state.examined;
    examined.found = found;
    examined.of = Some(of);
    if examined.awaited == Some(of) {
        examined.awaited = None;
    }
    if state.class() > before && matches!(state.phase, Phase::Writing) {
        state.say_too(&line(state));
    }
}

/// Whether there is a mail that can be looked through.
fn is_examined(state: &State) -> bool {
    state.is_open()
        && state.is_mail()
        && !state.is_welcome()
        && state.setup.readiness == Readiness::Ready
}

pub(super) fn tick(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if due(state).is_none_or(|t| t > now) {
        return;
    }
    state.examined.touched = None;
    if state.is_blank() {
        state.examined = Examined::default();
    } else {
        ask(state, jobs);
    }
}

/// When the mail is looked through next.
pub(super) fn due(state: &State) -> Option<Timestamp> {
    let touched = state.examined.touched.filter(|_| is_examined(state))?;
    touched.checked_add(PAUSE).ok()
}

pub(super) fn run(state: &mut State, act: Act, now: Timestamp) {
    if !state.is_open() || state.dialog.is_some() {
        return;
    }
    match act {
        Act::Set(class) => {
            if state.draft.class != Some(class) {
                state.draft.class = Some(class);
                changed(state, now);
            }
            state.call(line(state));
        }
        Act::NotThere => dismiss(state, now),
    }
}

/// The sender says that what was found is not there.
fn dismiss(state: &mut State, now: Timestamp) {
    let raising = raising(state);
    if raising.is_empty() {
        return state.call(state.words.say("class-nothing-to-dismiss"));
    }
    let categories: BTreeSet<_> = raising.iter().map(|f| f.category).collect();
    let named: Vec<String> = categories
        .iter()
        .map(|c| state.words.category(*c))
        .collect();
    let dismissed = categories.iter().map(|c| Dismissed {
        category: c.code().to_owned(),
        up_to: state.examined.found.count(*c),
    });
    let dismissed: Vec<_> = dismissed.collect();
    let is_said_anew = |old: &Dismissed| dismissed.iter().any(|d| d.category == old.category);
    state.draft.dismissed.retain(|old| !is_said_anew(old));
    state.draft.dismissed.extend(dismissed);
    changed(state, now);
    let what = [("what", named.join(", ").into())];
    let told = state.words.with("class-dismissed", &what);
    state.call(format!("{told}. {}", line(state)));
}

/// What the mail counts as without anything that was found.
fn given(state: &State) -> Class {
    state.setup.policy.class(state.draft.class, Class::Ordinary)
}

/// What raises the class above that.
fn raising(state: &State) -> Vec<&Finding> {
    let found = &state.examined.found;
    found.raising(&state.draft.dismissed, given(state))
}

/// Whether something that was found raises the class: then it can be said that it is not there.
pub(super) fn is_raised(state: &State) -> bool {
    state.is_open() && !raising(state).is_empty()
}

/// That what was found raises the class, where it does.
pub(super) fn raised(state: &State) -> Option<String> {
    let words = &state.words;
    let class = words.class(state.class());
    let raising = raising(state);
    if raising.is_empty() {
        // A file that nobody could look into counts as the firm's default.
        let is_more = state.class() > given(state);
        let args = [("class", class.into())];
        return is_more.then(|| words.with("class-unread", &args));
    }
    let list = words.found_all(raising);
    let args = [("class", class.into()), ("list", list.into())];
    Some(words.with("class-found", &args))
}

/// The class in one line: which it is, why, and what could not be looked into.
pub(super) fn line(state: &State) -> String {
    let words = &state.words;
    let key = match state.draft.class {
        Some(_) => "class-chosen",
        None => "class-by-default",
    };
    let told = raised(state).unwrap_or_else(|| {
        let class = words.class(state.class());
        words.with(key, &[("class", class.into())])
    });
    match words.not_examined(&state.examined.found.not_examined) {
        Some(not) => format!("{told}. {not}"),
        None => told,
    }
}

/// The line, and beside it the button. As high with the button as without.
pub(super) fn class_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    if state.is_blank() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(TARGET);
        pen.faint(ui, &line(state));
        if is_raised(state) {
            let command = Command::Class(Act::NotThere);
            pen.button(ui, Spot::Class, &command, Weight::Plain);
        }
    });
}
