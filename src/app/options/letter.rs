//! A mail that asks a recipient for a certificate. It opens in a window of its own and is sent like any other, by the
//! user, past the same warning: it holds nothing confidential, and it is not encrypted.

use super::{
    super::{
        message::Job,
        place::Place,
        state::{Ask as Question, State},
    },
    Ask,
};
use crate::{
    decide::Light,
    mail::{Address, Mailbox},
};

/// A mail to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// From whom.
    pub from: Mailbox,
    /// To whom.
    pub to: Mailbox,
    /// The subject; may be empty.
    pub subject: String,
    /// The text; may be empty.
    pub text: String,
}

/// Under this code the firm's own text stands in the settings.
const FIRMS_TEXT: &str = "ask-for-certificate";

impl Letter {
    /// The mail as one program hands it to another (RFC 5322, with names in UTF-8 as RFC 6532 has it).
    pub fn to_message(&self) -> Vec<u8> {
        let text = self.text.replace("\r\n", "\n").replace('\n', "\r\n");
        format!(
            "From: {}\r\nTo: {}\r\nSubject: {}\r\nX-Unsent: 1\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}",
            self.from, self.to, self.subject
        )
        .into_bytes()
    }
}

/// Opens a mail to the recipient whom this is about: the selected one, the first in the warning, else the first red one.
pub(in super::super) fn ask_for_certificate(state: &mut State, jobs: &mut Vec<Job>) {
    let Some(to) = lacking(state) else {
        return state.call(state.words.say("tell-nobody-to-ask"));
    };
    let from = state.draft.from.clone();
    let domain = from.address.domain_unicode();
    let args = [("from", from.to_string().into()), ("domain", domain.into())];
    let text = match state.setup.texts.get(FIRMS_TEXT) {
        Some(text) => text.clone(),
        None => state.words.with("letter-ask-certificate", &args),
    };
    let letter = Letter {
        from,
        to,
        subject: state.words.say("letter-ask-subject"),
        text,
    };
    jobs.push(Job::Options(Ask::AskForCertificate(Box::new(letter))));
}

fn lacking(state: &State) -> Option<Mailbox> {
    let mailbox = |address: &Address| {
        let chips = state.rows.chips();
        let mut mailboxes = chips.filter_map(|(_, chip)| chip.mailbox());
        mailboxes.find(|m| m.address == *address).cloned()
    };
    let is_red = |address: &Address| {
        let known = state.found.get(address);
        known.is_some_and(|k| k.route(&state.setup.policy).light() == Light::Red)
    };
    if let Some(Question::Warning { shown, .. }) = state.dialog.as_ref().map(|d| &d.ask) {
        return shown.who.iter().find_map(mailbox);
    }
    if let Some((kind, key)) = state.selected()
        && matches!(state.focus, Place::Chip(..) | Place::Button(..))
    {
        let chip = state.chip(kind, &key)?.mailbox()?;
        return is_red(&chip.address).then(|| chip.clone());
    }
    let recipients = state.recipients().into_iter().map(|r| r.mailbox);
    recipients.into_iter().find(|m| is_red(&m.address))
}
