//! Templates: plain texts that are put into a mail, the user's own and the firm's. Pure; the worker reads them.
//!
//! What can be filled in is filled in (`{name}`, `{date}`, `{sender}`); what cannot stays and is pointed out, there and
//! once more before the mail is sent.

use jiff::Timestamp;

use super::{Act, Spot, prose, splice};
use crate::{
    app::{
        command::Command,
        message::Job,
        place::Place,
        state::{Ask, State},
        update::rewritten,
    },
    mail::{Body, Letter, Mailbox},
};

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The file's name without its ending.
    pub name: String,
    /// Whose it is.
    pub owner: Owner,
    /// The subject, where the first line gives one.
    pub subject: Option<String>,
    /// The text, lines ended by `\n`.
    pub text: String,
}

/// Whose a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The user's.
    Own,
    /// The firm's.
    Firm,
}

/// A file that is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its name, or the folder's.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// Why a file is no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It cannot be read.
    Unreadable,
    /// It is larger than a text that somebody wrote.
    TooLarge,
    /// It is no text in UTF-8.
    NotText,
    /// The folder cannot be read.
    NoFolder,
}

/// What was found in the folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The templates, by name.
    pub templates: Vec<Template>,
    /// What is none.
    pub skipped: Vec<Skipped>,
    /// The folder for the user's own.
    pub folder: String,
}

/// The list, as it is shown.
#[derive(Debug, Default)]
pub struct Choice {
    /// What is searched for.
    pub search: String,
    /// The templates, once they are read.
    pub found: Option<Found>,
    /// Which one of those that match.
    pub chosen: usize,
}

impl Template {
    /// A file's text as a template.
    pub fn parse(name: &str, owner: Owner, text: &str) -> Self {
        let letter = Letter::parse(text);
        Self {
            name: name.to_owned(),
            owner,
            subject: letter.subject,
            text: letter.text,
        }
    }
}

impl Choice {
    /// The templates that match what is searched for.
    pub fn matching(&self) -> Vec<&Template> {
        let wanted = self.search.trim().to_lowercase();
        let is_match = |t: &&Template| {
            t.name.to_lowercase().contains(&wanted) || t.text.to_lowercase().contains(&wanted)
        };
        let all = self.found.iter().flat_map(|f| &f.templates);
        all.filter(is_match).collect()
    }

    /// The one that is chosen.
    pub fn chosen(&self) -> Option<&Template> {
        self.matching().get(self.chosen).copied()
    }
}

/// Opens the list.
pub(super) fn open(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if !state.is_open() {
        return;
    }
    if matches!(state.draft.body, Body::HandedOver { .. }) {
        return state.call(state.words.say("template-formatted"));
    }
    state.ask(Ask::Templates(Box::default()), now);
    state.focus = Place::Aid(Spot::Search);
    jobs.push(Job::Aid(super::Ask::Templates));
}

pub(super) fn found(state: &mut State, found: Found) {
    let count = found.templates.len();
    if let Some(choice) = choice(state) {
        choice.found = Some(found);
        choice.chosen = 0;
        let said = state
            .words
            .with("template-count", &[("count", count.into())]);
        state.say(said);
    }
}

fn choice(state: &mut State) -> Option<&mut Choice> {
    match &mut state.dialog.as_mut()?.ask {
        Ask::Templates(choice) => Some(choice),
        _ => None,
    }
}

/// What is searched for was changed.
pub(super) fn searched(state: &mut State) {
    if let Some(choice) = choice(state) {
        choice.chosen = 0;
    }
    tell_chosen(state);
}

pub(super) fn step(state: &mut State, command: &Command) {
    if let Some(choice) = choice(state) {
        let count = choice.matching().len();
        choice.chosen = super::stepped(choice.chosen, count, command);
    }
    tell_chosen(state);
}

/// The focus stays in the field: what was chosen is said.
fn tell_chosen(state: &mut State) {
    let words = state.words.clone();
    let Some(choice) = choice(state).filter(|c| c.found.is_some()) else {
        return;
    };
    let said = match choice.chosen() {
        Some(template) => row(&words, template),
        None => words.say("template-no-match"),
    };
    state.say(said);
}

/// A template as it is listed: its name, and whose it is.
pub(super) fn row(words: &crate::words::Words, template: &Template) -> String {
    let key = match template.owner {
        Owner::Own => "template-own",
        Owner::Firm => "template-firm",
    };
    words.with(key, &[("name", template.name.as_str().into())])
}

/// Puts the chosen template into the mail, at the caret.
pub(super) fn insert(state: &mut State, index: Option<usize>, now: Timestamp) {
    let Some(choice) = choice(state) else {
        return;
    };
    choice.chosen = index.unwrap_or(choice.chosen);
    let Some(template) = choice.chosen().cloned() else {
        return state.call(state.words.say("template-no-match"));
    };
    state.close_dialog();
    let text = filled(state, &template.text, now);
    if state.draft.subject.is_empty()
        && let Some(subject) = &template.subject
    {
        // One line, whatever the file holds.
        state.draft.subject = filled(state, subject, now).replace(crate::mail::is_forbidden, " ");
    }
    let Body::Text(body) = &state.draft.body else {
        return;
    };
    let caret = state.aids.caret.clone();
    let (from, to) = (
        super::octet(body, caret.start),
        super::octet(body, caret.end),
    );
    let start = caret.start;
    let end = text.len()..text.len();
    let open = prose::placeholder(&text).unwrap_or(end);
    let before = start + text[..open.start].chars().count();
    let selected = before..before + text[open].chars().count();
    let is_open = !selected.is_empty();
    splice(state, &Place::Body, from..to, &text, selected);
    rewritten(state, now);
    state.go(Place::Body);
    let key = if is_open {
        "template-inserted-open"
    } else {
        "template-inserted"
    };
    let args = [("name", template.name.as_str().into())];
    state.call(state.words.with(key, &args));
}

/// What is known is filled in. A name only where the mail goes to one person.
fn filled(state: &State, text: &str, now: Timestamp) -> String {
    let shown = |m: &Mailbox| m.name.clone().filter(|n| !n.trim().is_empty());
    let recipients = state.recipients();
    let name = match recipients.as_slice() {
        [one] => shown(&one.mailbox),
        _ => None,
    };
    let from = &state.draft.from;
    let sender = shown(from).unwrap_or_else(|| from.address.to_string());
    let date = state.words.day(now);
    let mut text = text.to_owned();
    for (names, value) in [
        (["{name}", "{navn}"], name),
        (["{date}", "{dato}"], Some(date)),
        (["{sender}", "{afsender}"], Some(sender)),
    ] {
        let Some(value) = value else { continue };
        for name in names {
            text = text.replace(name, &value);
        }
    }
    text
}

/// Says once that something is still to be filled in, and goes there. Whether it was said.
pub(in crate::app) fn remind(state: &mut State) -> bool {
    if state.aids.reminded.as_ref() == Some(&state.draft.id) {
        return false;
    }
    let (place, text) = match &state.draft.body {
        _ if prose::placeholder(&state.draft.subject).is_some() => {
            (Place::Subject, state.draft.subject.as_str())
        }
        Body::Text(text) => (Place::Body, text.as_str()),
        Body::HandedOver { own, .. } => (Place::Own, own.as_str()),
    };
    let Some(open) = prose::placeholder(text) else {
        return false;
    };
    let start = text[..open.start].chars().count();
    let what = text[open].to_owned();
    let end = start + what.chars().count();
    state.aids.reminded = Some(state.draft.id.clone());
    super::select(state, &place, start..end);
    state.go(place);
    let said = state
        .words
        .with("template-unfilled", &[("what", what.into())]);
    state.call(said);
    true
}

/// The commands of the list.
pub(in crate::app) fn commands() -> [Command; 2] {
    [Command::Aid(Act::Take), Command::Back]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_text_with_or_without_a_subject() {
        let table = [
            ("Kære {name}\r\n", None, "Kære {name}"),
            ("Subject: Frist\n\nKære", Some("Frist"), "Kære"),
            ("\u{feff}emne: Frist\nKære\n\n", Some("Frist"), "Kære"),
            ("Subject:\nKære", None, "Kære"),
            ("", None, ""),
        ];
        for (file, subject, text) in table {
            let template = Template::parse("x", Owner::Own, file);
            assert_eq!(
                (template.subject.as_deref(), template.text.as_str()),
                (subject, text)
            );
        }
    }
}
