//! A text that speaks of an attachment, and no file: said once, at the first Ctrl+Enter.
//!
//! “Bilag” alone is no sign: lawyers cite exhibits that were filed long ago.

use super::{command::Command, place::Place, place::Spot, state::State};
use crate::mail::{Body, Draft};

/// Beginnings of words that promise a file, in lower case, Danish and English: whatever the window's language, mail is
/// written in both.
const SIGNS: &[&str] = &[
    "vedhæft",
    "vedlagt",
    "vedlægge",
    "attached",
    "attachment",
    "enclosed",
];

/// Says that a file is missing, if the text promises one and this mail was not reminded yet. Whether it was said.
pub(super) fn remind(state: &mut State) -> bool {
    if state.reminded.as_ref() == Some(&state.draft.id) || !is_missing(&state.draft) {
        return false;
    }
    state.reminded = Some(state.draft.id.clone());
    state.go(Place::Button(Spot::Files, Command::Attach));
    state.call(state.words.say("tell-no-attachment"));
    true
}

fn is_missing(draft: &Draft) -> bool {
    // Another program's own files lie in the body that it handed over.
    let Body::Text(text) = &draft.body else {
        return false;
    };
    draft.attachments.is_empty() && (promises(&draft.subject) || own_lines(text).any(promises))
}

/// The lines that are not quoted from somebody else.
fn own_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('>'))
}

fn promises(line: &str) -> bool {
    let line = line.to_lowercase();
    line.split(|c: char| !c.is_alphanumeric())
        .any(|word| SIGNS.iter().any(|sign| word.starts_with(sign)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_found_in_danish_and_english_and_an_exhibit_is_none() {
        for line in [
            "Vedhæftet er replikken.",
            "Se VEDHÆFTEDE fil",
            "Jeg vedlægger bilag 3",
            "Please find attached",
            "the enclosed brief",
        ] {
            assert!(promises(line), "{line}");
        }
        for line in [
            "Se bilag 3 i sagen.",
            "Unattached buildings",
            "En ny fil kommer i morgen",
            "",
        ] {
            assert!(!promises(line), "{line}");
        }
    }

    #[test]
    fn quoted_text_promises_nothing() {
        let text = "Tak.\n\n> Vedhæftet er replikken.";
        assert_eq!(own_lines(text).filter(|l| promises(l)).count(), 0);
    }
}
