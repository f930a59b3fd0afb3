//! The signature of each sender: below the caret of a new mail, under the line that mail programs know (RFC 3676 §4.3).
//!
//! It is put into a mail that begins in this window, once; a mail that another program hands over has its own. When the
//! sender changes it changes too, unless somebody wrote in it.

use super::prose::{Part, SIGNATURE, lines};
use crate::{
    app::state::State,
    mail::{Body, Mailbox},
};

/// The signatures of the senders, and whether this mail is to get one.
#[derive(Debug, Default)]
pub struct Signatures {
    known: Vec<(Mailbox, String)>,
    is_wanted: bool,
}

impl Signatures {
    pub(super) fn learn(&mut self, known: Vec<(Mailbox, String)>) {
        self.known = known;
    }

    /// The signature of a sender.
    fn of(&self, sender: &Mailbox) -> Option<&str> {
        let found = self.known.iter().find(|(who, _)| who == sender)?;
        Some(&found.1)
    }

    /// Whether there is nothing in this text but the signature.
    pub(in crate::app) fn is_all_of(&self, text: &str, sender: &Mailbox) -> bool {
        self.of(sender)
            .is_some_and(|signature| text.trim() == block(signature).trim())
    }
}

/// A mail begins in this window: it gets the signature, now or as soon as it is read.
pub(in crate::app) fn begin(state: &mut State) {
    state.aids.signatures.is_wanted = true;
    add(state);
}

/// This mail has what it is to have.
pub(in crate::app) fn leave(state: &mut State) {
    state.aids.signatures.is_wanted = false;
}

/// Puts the signature below what is written.
pub(super) fn add(state: &mut State) {
    let signatures = &mut state.aids.signatures;
    let (Body::Text(text), true) = (&mut state.draft.body, signatures.is_wanted) else {
        return;
    };
    if let Some(signature) = signatures.of(&state.draft.from) {
        if !lines(text).any(|(_, part)| part == Part::Signature) {
            text.truncate(text.trim_end().len());
            text.push_str("\n\n");
            text.push_str(&block(signature));
            state.aids.is_stale = true;
        }
        signatures.is_wanted = false;
    }
}

/// The sender is another one now.
pub(in crate::app) fn follow(state: &mut State, before: &Mailbox) {
    let signatures = &state.aids.signatures;
    let Body::Text(text) = &mut state.draft.body else {
        return;
    };
    let old = signatures.of(before).map(block).unwrap_or_default();
    let new = signatures.of(&state.draft.from).map(block);
    state.aids.is_stale = true;
    if old.is_empty() {
        // There was none: this mail began without, and a text that has one is left alone.
        if new.is_some() {
            begin(state);
        }
        return;
    }
    let kept = text.trim_end().strip_suffix(old.trim_end());
    let Some(kept) = kept.filter(|k| k.is_empty() || k.ends_with('\n')) else {
        if new.is_some_and(|new| new != old) && text.contains(SIGNATURE) {
            let told = state.words.say("signature-kept");
            // The new sender's name is said too, and must not push this out.
            state.call(told);
        }
        return;
    };
    *text = match new {
        Some(new) => format!("{kept}{new}"),
        None => kept.trim_end().to_owned(),
    };
}

fn block(signature: &str) -> String {
    format!("{SIGNATURE}\n{}", signature.trim_end())
}
