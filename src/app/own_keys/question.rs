//! The questions for a PIN, for the password of a key file, and for that of a backup: nobody reads what is typed.

use std::path::PathBuf;

use egui::Context;
use zeroize::Zeroizing;

use super::{
    super::{
        assistant::Secret,
        command::Command,
        dialog::dialog,
        kit::{Pen, Weight},
        place::{Place, Spot},
        signing_in::secret_ui,
    },
    Act, Task,
};
use crate::{cert::Fingerprint, keys::TokenState, segl::TokenPlace};

/// A question with fields that nobody reads.
#[derive(Debug)]
pub enum Question {
    /// For a PIN.
    Pin {
        /// Of which card, and how it stands.
        place: TokenPlace,
        /// As typed so far.
        typed: Secret,
    },
    /// For the password of a key file.
    KeyFile {
        /// Which.
        file: PathBuf,
        /// As typed so far.
        typed: Secret,
    },
    /// For the password of a backup, twice: what was mistyped once would never be known again.
    Backup {
        /// Of which key.
        which: Fingerprint,
        /// As typed so far.
        typed: Secret,
        /// The second time.
        again: Secret,
    },
}

/// What keeps a question from being answered.
pub(super) struct Missing {
    /// Where it is to be typed.
    pub(super) at: Place,
    /// The key of the sentence.
    pub(super) key: &'static str,
}

impl Question {
    /// What answers it.
    pub(in super::super) fn yes(&self) -> Command {
        Command::Own(match self {
            Self::Pin { .. } => Act::GivePin,
            Self::KeyFile { .. } => Act::TakeIn,
            Self::Backup { .. } => Act::Write,
        })
    }

    /// Its fields. None where something is typed on the reader, and not here.
    pub(in super::super) fn fields(&self) -> Vec<Place> {
        match self {
            Self::Pin { place, .. } if is_on_reader(place) => Vec::new(),
            Self::Pin { .. } | Self::KeyFile { .. } => vec![Place::Password],
            Self::Backup { .. } => vec![Place::Password, Place::PasswordAgain],
        }
    }

    /// What is to be done now that it was answered. What was typed is taken out of the fields.
    pub(super) fn answer(&mut self) -> Result<Task, Box<Missing>> {
        let missing = |at, key| Err(Box::new(Missing { at, key }));
        match self {
            Self::Pin { place, typed } => {
                let token = place.token.clone();
                if is_on_reader(place) {
                    return Ok(Task::Open(token, None));
                }
                if typed.0.is_empty() {
                    return missing(Place::Password, "tell-no-pin");
                }
                Ok(Task::Open(token, Some(take(typed))))
            }
            // Some key files have no password.
            Self::KeyFile { file, typed } => Ok(Task::TakeIn(file.clone(), take(typed))),
            Self::Backup { typed, .. } if typed.0.is_empty() => {
                missing(Place::Password, "tell-no-password")
            }
            Self::Backup { again, .. } if again.0.is_empty() => {
                missing(Place::PasswordAgain, "label-password-again")
            }
            Self::Backup { typed, again, .. } if typed.0 != again.0 => {
                drop(take(again));
                missing(Place::PasswordAgain, "tell-passwords-differ")
            }
            Self::Backup { which, typed, .. } => Ok(Task::BackUp(*which, take(typed))),
        }
    }
}

fn is_on_reader(place: &TokenPlace) -> bool {
    matches!(
        place.state,
        TokenState::Locked {
            on_reader: true,
            ..
        }
    )
}

fn take(typed: &mut Secret) -> Secret {
    Secret(Zeroizing::new(std::mem::take(&mut *typed.0)))
}

/// What a question says.
struct Said {
    name: String,
    warning: Option<String>,
    text: String,
    label: &'static str,
}

fn said(question: &Question, pen: &Pen) -> Said {
    let words = &pen.words;
    match question {
        Question::Pin { place, .. } => {
            let (name, warning) = words.pin_asked(place);
            Said {
                name,
                warning,
                text: words.say("ask-pin-text"),
                label: "label-pin",
            }
        }
        Question::KeyFile { file, .. } => {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            let file = [("file", crate::words::visible(&file).into())];
            Said {
                name: words.say("ask-key-password"),
                warning: None,
                text: words.with("ask-key-password-text", &file),
                label: "label-password",
            }
        }
        Question::Backup { .. } => Said {
            name: words.say("ask-backup-password"),
            warning: None,
            text: words.say("ask-backup-password-text"),
            label: "label-password",
        },
    }
}

/// The question.
pub(in super::super) fn question_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    question: &mut Question,
) -> f32 {
    let said = said(question, pen);
    let (yes, has_field) = (question.yes(), !question.fields().is_empty());
    // The others are asked in the settings, where there is no mail.
    let back = match question {
        Question::Pin { .. } => "do-back",
        Question::KeyFile { .. } | Question::Backup { .. } => "do-step-back",
    };
    dialog(
        ctx,
        pen,
        &said.name,
        scroll,
        |ui, pen| {
            pen.heading(ui, &said.name);
            if let Some(warning) = &said.warning {
                pen.text(ui, warning);
            }
            pen.faint(ui, &said.text);
            let (Question::Pin { typed, .. }
            | Question::KeyFile { typed, .. }
            | Question::Backup { typed, .. }) = question;
            let label = pen.words.say(said.label);
            if has_field {
                pen.faint(ui, &label);
                secret_ui(ui, pen, &Place::Password, &mut typed.0, &label);
            }
            if let Question::Backup { again, .. } = question {
                let label = pen.words.say("label-password-again");
                pen.faint(ui, &label);
                secret_ui(ui, pen, &Place::PasswordAgain, &mut again.0, &label);
            }
        },
        |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                let back = pen.words.say(back);
                pen.button_named(ui, Spot::Dialog, &Command::Back, &back, Weight::Plain);
                pen.button(ui, Spot::Dialog, &yes, Weight::Main);
            });
        },
    )
}
