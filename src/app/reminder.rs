//! A text that speaks of an attachment, and no file: said once, at the first Ctrl+Enter.
//!
//! “Bilag” alone is no sign: lawyers cite exhibits that were filed long ago. With a word of sending in the same line it is.

use super::{
    aids::prose::{Part, lines},
    command::Command,
    place::{Place, Spot},
    state::State,
};
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

/// Beginnings of words that, beside “bilag” or “bilagt”, say that it comes with this mail.
const SENDING: &[&str] = &[
    "hermed",
    "fremsend",
    "medsend",
    "oversend",
    "eftersend",
    "følger",
    "sender",
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

/// The lines that the writer wrote in this mail: neither quoted nor the signature.
fn own_lines(text: &str) -> impl Iterator<Item = &str> {
    lines(text)
        .filter(|(_, part)| *part == Part::Own)
        .map(|(line, _)| &text[line])
}

fn promises(line: &str) -> bool {
    let line = line.to_lowercase();
    let begins = |signs: &[&str]| {
        line.split(|c: char| !c.is_alphanumeric())
            .any(|word| signs.iter().any(|sign| word.starts_with(sign)))
    };
    begins(SIGNS) || (begins(&["bilag"]) && begins(SENDING))
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
            "Vedlagt fremsendes stævning",
            "Hermed bilag 1-7",
            "Jeg sender bilagene samlet",
            "Bilag 3 følger med denne mail.",
        ] {
            assert!(promises(line), "{line}");
        }
        for line in [
            "Se bilag 3 i sagen.",
            "Bilagsfortegnelsen er rettet",
            "Jeg sender svaret i morgen",
            "Unattached buildings",
            "En ny fil kommer i morgen",
            "",
        ] {
            assert!(!promises(line), "{line}");
        }
    }

    #[test]
    fn quoted_text_and_the_signature_promise_nothing() {
        for text in [
            "Tak.\n\n> Vedhæftet er replikken.",
            "Tak.\n\n-----Oprindelig meddelelse-----\nVedhæftet er replikken.",
            "Tak.\n\n-- \nAnne\nSe de vedhæftede vilkår",
        ] {
            assert_eq!(own_lines(text).filter(|l| promises(l)).count(), 0, "{text}");
        }
    }
}
