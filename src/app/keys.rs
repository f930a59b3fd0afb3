//! From keys to commands: the one place where a key press gets its meaning.
//!
//! Runs before egui sees the keys, because egui moves the focus by itself (Tab, arrows, Esc) and presses buttons on
//! every repeat of a held key. Here a held key never does two things: repeats reach a text only if it had the focus when
//! the key went down, and no command but moving. A press that became a command ends the batch, and what was typed after
//! it waits for the next pass, so that fast typing lands where the command put the focus.

use egui::{Key, Modifiers};

use super::{assistant, command::Command, lists, options, outside::Note, place::On};
use crate::decide::ReasonCode;

/// What is on the screen, as far as keys depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The composer.
    Composer,
    /// The composer, with a mail in its undo time.
    Holding,
    /// The warning.
    Warning,
    /// Another question.
    Question,
    /// The list of keys.
    Keys,
    /// The receipt.
    Receipt,
    /// The first window without settings.
    Welcome,
    /// Drafts, outbox, send log.
    Lists,
    /// The settings.
    Options,
    /// The first run.
    Assistant,
}

/// What a key press depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// What is on the screen.
    pub screen: Screen,
    /// What has the focus.
    pub on: On,
}

/// What happens with a key press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// egui gets it: typing, moving in a text, pressing a button.
    Pass,
    /// Nobody gets it.
    Drop,
    /// It is a command.
    Command(Command),
}

/// What came in besides what egui gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A command.
    Command(Command),
    /// Text was pasted where it is not simply text.
    Paste(String),
    /// What became of a text that was pasted.
    Note(Note),
}

/// Decides on a first press.
pub fn route(key: Key, modifiers: Modifiers, at: At) -> Route {
    if let Some(command) = bound(key, modifiers, at) {
        return Route::Command(command);
    }
    if modifiers.alt || modifiers.command || modifiers.ctrl {
        return if at.on.takes_text() {
            Route::Pass
        } else {
            Route::Drop
        };
    }
    on_focused(key, modifiers, at.on)
}

/// Whether a held key goes on doing this.
pub(super) fn may_repeat(key: Key, route: &Route) -> bool {
    let is_moving = matches!(
        route,
        Route::Command(Command::Next | Command::Previous | Command::Left | Command::Right)
    );
    is_moving && key != Key::Backspace
}

fn bound(key: Key, modifiers: Modifiers, at: At) -> Option<Command> {
    match (key, modifiers.command, modifiers.alt) {
        (Key::Tab, false, false) if modifiers.shift => return Some(Command::Previous),
        (Key::Tab, false, false) => return Some(Command::Next),
        (Key::Escape, false, false) => return Some(Command::Escape),
        (Key::Plus | Key::Equals, true, false) => return Some(Command::ZoomIn),
        _ => {}
    }
    let everywhere = [
        Command::Keys,
        Command::ZoomOut,
        Command::ZoomReset,
        Command::Close,
    ];
    let windows = [Command::ShowLists, Command::ShowSettings];
    let windows: &[Command] = match at.screen {
        Screen::Composer | Screen::Receipt | Screen::Lists | Screen::Options => &windows,
        _ => &[],
    };
    let page = match at.screen {
        Screen::Lists => lists::keys(),
        Screen::Options => options::keys(),
        Screen::Assistant => assistant::keys(),
        _ => Vec::new(),
    };
    let here: &[Command] = match at.screen {
        Screen::Composer => COMPOSER,
        Screen::Holding => {
            if Command::Undo.chord().is_some_and(|c| c.is(key, modifiers)) {
                return Some(Command::Undo);
            }
            COMPOSER
        }
        Screen::Warning => WARNING,
        Screen::Question => &[Command::ConfirmOrganisation],
        Screen::Receipt => &[Command::SaveToCase, Command::NewMail, Command::SayState],
        Screen::Welcome if at.on.takes_text() => &[],
        Screen::Welcome => &[Command::Demo, Command::OpenSettings],
        Screen::Keys => &[],
        Screen::Lists | Screen::Options | Screen::Assistant => &page,
    };
    let digits = ReasonCode::CHOICES.map(Command::Choose);
    let digits: &[Command] = if at.screen == Screen::Warning && !at.on.takes_text() {
        &digits
    } else {
        &[]
    };
    here.iter()
        .chain(&everywhere)
        .chain(windows)
        .chain(digits)
        .find(|c| c.chord().is_some_and(|chord| chord.is(key, modifiers)))
        .cloned()
}

const COMPOSER: &[Command] = &[
    Command::Send,
    Command::Recheck,
    Command::NextProblem,
    Command::PreviousProblem,
    Command::SayState,
    Command::NextArea,
    Command::PreviousArea,
    Command::CommitTyped,
    Command::CopyForIt,
    Command::AskForCertificate,
    Command::ImportCertificate,
    Command::ShowCc,
    Command::ShowBcc,
    Command::Attach,
    Command::RemoveQuote,
    Command::NewMail,
    Command::SaveDraft,
];

const WARNING: &[Command] = &[
    Command::OnlyEncrypted,
    Command::SendToAll,
    Command::RemoveRed,
    Command::Recheck,
    Command::AskForCertificate,
    Command::ImportCertificate,
    Command::SayState,
];

fn on_focused(key: Key, modifiers: Modifiers, on: On) -> Route {
    let command = |c| Route::Command(c);
    match (on, key) {
        (On::Line, Key::Enter) => Route::Drop,
        (On::EmptyField, Key::ArrowLeft | Key::Backspace) => command(Command::Left),
        (On::Field | On::EmptyField, Key::Enter) => command(Command::CommitTyped),
        (On::Chip | On::File, Key::Delete | Key::Backspace) => command(Command::Remove),
        (On::Chip, Key::F2) => command(Command::Edit),
        (On::Chip, Key::Enter | Key::Space) => command(Command::Details),
        (On::Chip | On::File | On::Choice | On::Reading, Key::ArrowLeft | Key::ArrowUp) => {
            command(Command::Left)
        }
        (On::Chip | On::File | On::Choice | On::Reading, Key::ArrowRight | Key::ArrowDown) => {
            command(Command::Right)
        }
        (On::EmptyField | On::Chip | On::File | On::Choice | On::Reading, Key::Home) => {
            command(Command::First)
        }
        (On::Chip | On::File | On::Choice | On::Reading, Key::End) => command(Command::Last),
        (On::Text | On::Line | On::Field | On::EmptyField, _) => Route::Pass,
        (On::Sender, Key::Enter) => command(Command::EnterOnSend),
        (On::Button, Key::Enter) | (On::Button | On::Sender, Key::Space) if !modifiers.shift => {
            Route::Pass
        }
        _ => Route::Drop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CTRL: Modifiers = Modifiers {
        command: true,
        ctrl: true,
        ..Modifiers::NONE
    };

    fn at(screen: Screen, on: On) -> At {
        At { screen, on }
    }

    #[test]
    fn enter_alone_sends_from_no_focus_on_no_screen() {
        let screens = [
            Screen::Composer,
            Screen::Holding,
            Screen::Warning,
            Screen::Question,
            Screen::Keys,
            Screen::Receipt,
            Screen::Welcome,
            Screen::Lists,
            Screen::Options,
            Screen::Assistant,
        ];
        let places = [
            On::Line,
            On::EmptyField,
            On::Field,
            On::Text,
            On::Chip,
            On::File,
            On::Choice,
            On::Reading,
            On::Sender,
        ];
        for screen in screens {
            for on in places {
                let sends = match route(Key::Enter, Modifiers::NONE, at(screen, on)) {
                    Route::Command(command) => command.sends(),
                    // Only a text takes Enter for itself; a button that sends never sees it.
                    Route::Pass => !on.takes_text(),
                    Route::Drop => false,
                };
                assert!(!sends, "{screen:?} {on:?}");
            }
        }
    }

    #[test]
    fn digits_choose_a_reason_unless_they_are_text() {
        let choose = Route::Command(Command::Choose(ReasonCode::Urgent));
        assert_eq!(
            route(Key::Num3, Modifiers::NONE, at(Screen::Warning, On::Sender)),
            choose
        );
        assert_eq!(
            route(Key::Num3, Modifiers::NONE, at(Screen::Warning, On::Line)),
            Route::Pass
        );
    }

    #[test]
    fn no_chord_uses_ctrl_with_alt() {
        let altgr = Modifiers { alt: true, ..CTRL };
        for on in [On::Text, On::Sender, On::Chip] {
            let routed = route(Key::Enter, altgr, at(Screen::Composer, on));
            assert!(!matches!(routed, Route::Command(_)), "{on:?}");
        }
    }

    #[test]
    fn undo_stays_with_the_text_unless_a_mail_is_held_back() {
        assert_eq!(
            route(Key::Z, CTRL, at(Screen::Composer, On::Text)),
            Route::Pass
        );
        assert_eq!(
            route(Key::Z, CTRL, at(Screen::Holding, On::Text)),
            Route::Command(Command::Undo)
        );
    }

    #[test]
    fn two_commands_of_one_screen_never_share_a_chord() {
        for commands in [COMPOSER, WARNING] {
            for (i, one) in commands.iter().enumerate() {
                assert!(one.chord().is_some(), "{one:?}");
                assert!(
                    commands[i + 1..]
                        .iter()
                        .all(|other| other.chord() != one.chord()),
                    "{one:?}"
                );
            }
        }
    }
}
