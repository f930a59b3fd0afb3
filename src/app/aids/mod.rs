//! Aids for whoever writes: spelling, signatures, templates, and a guard over quoted text. Everything here but the worker's
//! part (`shelf`) is pure, changes a mail only when a key or button asks for it, and is undone by Ctrl+Z.

mod guard;
mod panel;
mod shelf;
pub mod signature;
pub mod spelling;
pub mod subject;
pub mod templates;
mod underline;

use std::ops::Range;

use egui::Key;
use jiff::Timestamp;

use super::{
    command::{Chord, Command},
    message::{Event, Job},
    place::{On, Place},
    seam::Backend,
    state::{Ask as Question, State},
};
use crate::{
    mail::{Body, DraftId, Mailbox},
    spelling::{Language, Verdict},
    words::Lang,
};

pub use crate::mail::prose;
pub(super) use guard::{commands as guard_commands, guard_ui, height};
pub(super) use panel::{panel_commands, panel_ui, templates_ui};
pub(super) use shelf::{Shelf, language};
pub(super) use underline::{lead_caret, text_drawn};

/// What settings and policy say about writing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Whether spelling is checked.
    pub spelling: bool,
    /// The language of all mail; by paragraph where there is none.
    pub language: Option<Language>,
    /// Whether any sender has a signature.
    pub has_signatures: bool,
}

/// What can be done here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// To the next word that is in no dictionary.
    NextWord,
    /// Take what is chosen: the suggestion, or the template.
    Take,
    /// Take the one of this number.
    Pick(usize),
    /// Undo the last replacement, from the list of suggestions.
    PutBack,
    /// The word is right, in every mail.
    AddWord,
    /// The word is right, in this mail.
    Ignore,
    /// The whole mail is in this language; each paragraph in its own where there is none.
    Speak(Option<Language>),
    /// No more checking of this mail.
    SpellingOff,
    /// Close the suggestions.
    CloseSpelling,
    /// Open the list of templates.
    Templates,
    /// Move the subject into the text.
    MoveSubject,
}

/// Where the focus can be here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The suggestions for a word.
    Suggestions,
    /// What is searched for among the templates.
    Search,
}

/// What the worker is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Whether these words are right.
    Check(Vec<String>),
    /// Words near this one.
    Suggest(String, Language),
    /// Keep a word as right.
    Add(String),
    /// Read the templates.
    Templates,
    /// Read the signatures.
    Signatures,
}

/// What the worker reports.
#[derive(Debug)]
pub enum Told {
    /// Whether words are right.
    Checked(Vec<(String, Verdict)>),
    /// Words near this one.
    Suggested(String, Language, Vec<String>),
    /// A word is kept as right.
    Added(String),
    /// The dictionaries cannot be used.
    NoDictionary,
    /// The templates.
    Templates(templates::Found),
    /// The signatures of the senders, and the files that cannot be read.
    Signatures(Vec<(Mailbox, String)>, Vec<String>),
}

/// The state of the aids.
#[derive(Debug, Default)]
pub struct Aids {
    /// Spelling.
    pub spelling: spelling::Spelling,
    /// Signatures.
    pub signatures: signature::Signatures,
    /// The selection in the text, in characters.
    pub caret: Range<usize>,
    /// Lines of the text that somebody else wrote.
    pub quoted: usize,
    /// The guard says something.
    pub(super) is_guarded: bool,
    /// What the subject tells.
    pub subject: subject::Subject,
    /// The field whose word is to be brought into view.
    pub(super) reveal: Option<Place>,
    /// A change that the text field is to take over.
    pub(super) splice: Option<Splice>,
    /// The text was changed since it was looked at.
    pub(super) is_stale: bool,
    /// The mail that was reminded of what is not filled in.
    reminded: Option<DraftId>,
    seen: Option<Seen>,
}

/// Which text was looked at: cheap to compare, and another one after any replacement as a whole.
type Seen = (DraftId, usize, usize, usize);

/// A change to a text that a command made: the field takes over its selection, and Ctrl+Z its text before.
#[derive(Debug)]
pub(super) struct Splice {
    place: Place,
    before: Option<String>,
    select: Range<usize>,
}

impl Act {
    /// Its keys.
    pub fn chord(&self) -> Option<Chord> {
        if *self == Self::MoveSubject {
            return Some(super::command::ctrl_shift(Key::M));
        }
        let (ctrl, key) = match self {
            Self::NextWord => (false, Key::F7),
            Self::Templates => (true, Key::T),
            Self::PutBack => (true, Key::Z),
            Self::Take => (false, Key::Enter),
            Self::CloseSpelling => (false, Key::Escape),
            _ => return None,
        };
        Some(Chord {
            ctrl,
            shift: false,
            key,
        })
    }

    /// The key of its words in the catalogue.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::NextWord => "do-next-word",
            Self::Take | Self::Pick(_) => "do-take",
            Self::PutBack => "do-put-back",
            Self::AddWord => "do-add-word",
            Self::Ignore => "do-ignore-word",
            Self::Speak(Some(Language::Danish)) => "do-speak-danish",
            Self::Speak(Some(Language::English)) => "do-speak-english",
            Self::Speak(None) => "do-speak-each",
            Self::SpellingOff => "do-spelling-off",
            Self::CloseSpelling => "do-close",
            Self::Templates => "do-templates",
            Self::MoveSubject => "do-move-subject",
        }
    }
}

impl Spot {
    /// What kind of thing it is.
    pub fn on(self) -> On {
        match self {
            Self::Suggestions => On::List,
            Self::Search => On::Search,
        }
    }
}

impl Ask {
    /// Does it. May block.
    pub(super) fn answer(self, backend: &dyn Backend) -> Event {
        backend.aid(self).map_or_else(Event::Failed, Event::Aid)
    }
}

impl Aids {
    /// With what the settings say.
    pub fn new(wishes: Wishes, lang: Lang) -> Self {
        Self {
            spelling: spelling::Spelling::new(wishes, language(lang)),
            ..Self::default()
        }
    }
}

/// Jobs at the start of a mail's window.
pub(super) fn start_jobs(state: &State) -> Option<Job> {
    let has = state.setup.writing.has_signatures;
    has.then_some(Job::Aid(Ask::Signatures))
}

/// Another mail is in the window.
pub(super) fn fresh(state: &mut State) {
    spelling::close(state);
    super::aids::select(state, &Place::Body, 0..0);
}

/// Something is to be done.
pub(super) fn run(state: &mut State, act: Act, now: Timestamp, jobs: &mut Vec<Job>) {
    let is_listing = is_listing(state);
    match act {
        Act::Take if is_listing => templates::insert(state, None, now),
        Act::Pick(index) if is_listing => templates::insert(state, Some(index), now),
        _ if !state.is_open() || state.dialog.is_some() => {}
        Act::Templates => templates::open(state, now, jobs),
        Act::MoveSubject => subject::run(state, now),
        act => spelling::run(state, &act, now, jobs),
    }
    look(state, now, jobs);
}

fn is_listing(state: &State) -> bool {
    let dialog = state.dialog.as_ref();
    dialog.is_some_and(|d| matches!(d.ask, Question::Templates(_)))
}

/// An arrow inside a place.
pub(super) fn step(state: &mut State, spot: Spot, command: &Command) {
    match spot {
        Spot::Suggestions => spelling::step(state, command),
        Spot::Search => templates::step(state, command),
    }
}

/// The index one step on, kept inside the list.
fn stepped(here: usize, len: usize, command: &Command) -> usize {
    let last = len.saturating_sub(1);
    match command {
        Command::First => 0,
        Command::Last => last,
        Command::Left => here.saturating_sub(1),
        _ => (here + 1).min(last),
    }
}

/// A text of these aids was changed in place.
pub(super) fn edited(state: &mut State) {
    templates::searched(state);
}

/// Somebody typed in the mail: what was to be selected is past.
pub(super) fn typed(state: &mut State) {
    state.aids.splice = None;
}

/// The worker reports.
pub(super) fn hear(state: &mut State, told: Told, now: Timestamp, jobs: &mut Vec<Job>) {
    match told {
        Told::Templates(found) => templates::found(state, found),
        Told::Signatures(known, unread) => {
            state.aids.signatures.learn(known);
            signature::add(state);
            for name in unread {
                let notice = state
                    .words
                    .with("signature-unread", &[("name", name.into())]);
                state.notices.push(notice);
            }
        }
        told => spelling::hear(state, told, jobs),
    }
    look(state, now, jobs);
}

/// Looks at the text again if it was changed, and asks for what is not known once typing has paused.
pub(super) fn look(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let text = written(&state.draft.body);
    let seen = (
        state.draft.id.clone(),
        text.as_ptr() as usize,
        text.len(),
        state.draft.subject.len(),
    );
    if std::mem::take(&mut state.aids.is_stale) || state.aids.seen.as_ref() != Some(&seen) {
        state.aids.seen = Some(seen);
        state.aids.quoted = match &state.draft.body {
            Body::Text(text) => prose::quoted(text),
            Body::HandedOver { preview, .. } => prose::quoted(preview),
        };
        spelling::refresh(state, now);
    }
    subject::look(state);
    guard::tell(state);
    spelling::ask_due(state, now, jobs);
}

/// What somebody wrote in this window: the text, or the line above a formatted one.
fn written(body: &Body) -> &str {
    match body {
        Body::Text(text) => text,
        Body::HandedOver { own, .. } => own,
    }
}

/// The field of what somebody wrote in this window.
fn written_place(body: &Body) -> Place {
    match body {
        Body::Text(_) => Place::Body,
        Body::HandedOver { .. } => Place::Own,
    }
}

/// The text of a field.
fn text_mut<'a>(state: &'a mut State, place: &Place) -> &'a mut String {
    match (place, &mut state.draft.body) {
        (Place::Subject, _) => &mut state.draft.subject,
        (_, Body::Text(text)) => text,
        (_, Body::HandedOver { own, .. }) => own,
    }
}

/// Replaces octets of a field, and selects characters. Ctrl+Z in the field brings back what was there.
fn splice(
    state: &mut State,
    place: &Place,
    octets: Range<usize>,
    with: &str,
    select: Range<usize>,
) {
    let text = text_mut(state, place);
    let before = text.clone();
    text.replace_range(octets, with);
    put(state, place, Some(before), select);
}

/// Puts another text into a field, with the caret at its beginning. Ctrl+Z in the field brings back what was there.
pub(super) fn replace_all(state: &mut State, place: &Place, with: String) {
    let before = std::mem::replace(text_mut(state, place), with);
    put(state, place, Some(before), 0..0);
}

/// Selects characters of a field.
fn select(state: &mut State, place: &Place, select: Range<usize>) {
    put(state, place, None, select);
}

fn put(state: &mut State, place: &Place, before: Option<String>, select: Range<usize>) {
    let aids = &mut state.aids;
    if *place == Place::Body {
        aids.caret = select.clone();
    }
    aids.is_stale |= before.is_some();
    // Two changes between two passes are one to undo.
    let earlier = aids.splice.take().filter(|s| s.place == *place);
    aids.splice = Some(Splice {
        place: place.clone(),
        before: earlier.and_then(|s| s.before).or(before),
        select,
    });
}

/// The octet at which a character begins; the end where there are fewer.
fn octet(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(at, _)| at)
}
