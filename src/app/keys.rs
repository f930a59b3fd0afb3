//! From keys to commands: the one place where a key press gets its meaning.
//!
//! Runs before egui sees the keys, because egui moves the focus by itself (Tab, arrows, Esc) and presses buttons on
//! every repeat of a held key. Here a held key never does two things: repeats reach a text only if it had the focus when
//! the key went down, and no command but moving. A press that became a command ends the batch, and what was typed after
//! it waits for the next pass, so that fast typing lands where the command put the focus.

use egui::{Key, Modifiers};

use super::{
    aids, assistant, book, class,
    command::Command,
    imports,
    lists::{self, Act},
    options,
    outside::Note,
    own_keys,
    place::On,
    receipts, received,
    signing_in::SignIn,
};
use crate::{decide::ReasonCode, mail::Class};

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
    /// The question whether the recipients are right.
    Recipients,
    /// The list of templates.
    Templates,
    /// The question for the password.
    Password,
    /// The question for a PIN.
    Pin,
    /// The question for the password of a key file.
    KeyFile,
    /// The question for the password of a backup.
    Backup,
    /// The receipt.
    Receipt,
    /// The composer, with a mail that went into the outbox.
    Waiting,
    /// The first window without settings.
    Welcome,
    /// Drafts, outbox, send log.
    Lists,
    /// The settings.
    Options,
    /// The first run.
    Assistant,
    /// All commands.
    Commands,
    /// The question what becomes of certificates of other people.
    Import,
    /// The question about receipts.
    Receipts,
    /// A received mail.
    Received,
    /// The question for the password of a key file for it.
    Unlock,
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
        Route::Command(
            Command::Next
                | Command::Previous
                | Command::Left
                | Command::Right
                | Command::Book(book::Act::Next | book::Act::Previous)
        )
    );
    is_moving && key != Key::Backspace
}

fn bound(key: Key, modifiers: Modifiers, at: At) -> Option<Command> {
    match (key, modifiers.command, modifiers.alt) {
        (Key::Tab, false, false) if at.on == On::Suggested && !modifiers.shift => {
            return Some(Command::Book(book::Act::Take));
        }
        (Key::Delete, _, false) if at.on == On::Suggested && !modifiers.shift => {
            return Some(Command::Book(book::Act::Forget));
        }
        (Key::Tab, false, false) if modifiers.shift => return Some(Command::Previous),
        (Key::Tab, false, false) => return Some(Command::Next),
        (Key::Escape, false, false) => return Some(Command::Escape),
        (Key::Plus | Key::Equals, true, false) => return Some(Command::ZoomIn),
        (Key::Z, true, false) if at.on == On::List && !modifiers.shift => {
            return Some(Command::Aid(aids::Act::PutBack));
        }
        _ => {}
    }
    here(at)
        .into_iter()
        .find(|c| c.chord().is_some_and(|chord| chord.is(key, modifiers)))
}

/// Everything that has a meaning there, besides moving about.
pub(super) fn here(at: At) -> Vec<Command> {
    let mut commands = match at.screen {
        Screen::Composer => COMPOSER.to_vec(),
        // Before all else: in the undo time these keys are not the text's.
        Screen::Holding => [&[Command::Undo], COMPOSER].concat(),
        Screen::Warning => WARNING.to_vec(),
        Screen::Question => vec![Command::ConfirmOrganisation],
        Screen::Import => vec![Command::Import(imports::Act::Pin)],
        Screen::Receipts => vec![Command::Receipts(receipts::Act::Ask)],
        Screen::Password if at.on == On::Line => vec![Command::SignIn(SignIn::Typed)],
        Screen::Unlock if at.on == On::Line => vec![Command::Received(received::Act::Unlock)],
        Screen::Pin if at.on == On::Line => vec![Command::Own(own_keys::Act::GivePin)],
        Screen::KeyFile if at.on == On::Line => vec![Command::Own(own_keys::Act::TakeIn)],
        Screen::Backup if at.on == On::Line => vec![Command::Own(own_keys::Act::Write)],
        Screen::Receipt => vec![Command::SaveToCase, Command::NewMail, Command::SayState],
        Screen::Welcome if at.on.takes_text() => Vec::new(),
        Screen::Welcome => vec![
            Command::Assistant(assistant::Act::Begin),
            Command::Demo,
            Command::OpenSettings,
        ],
        Screen::Keys
        | Screen::Commands
        | Screen::Templates
        | Screen::Password
        | Screen::Pin
        | Screen::KeyFile
        | Screen::Backup
        | Screen::Unlock => Vec::new(),
        Screen::Received => received::keys(),
        Screen::Recipients => RECIPIENTS.to_vec(),
        Screen::Lists => lists::keys(),
        Screen::Waiting => lists::waiting_keys(),
        Screen::Options => options::keys(at.on),
        Screen::Assistant => assistant::keys(at.on),
    };
    commands.extend([
        Command::Keys,
        Command::ZoomIn,
        Command::ZoomOut,
        Command::ZoomReset,
        Command::Close,
    ]);
    if has_windows(at.screen) {
        commands.extend([Command::ShowLists, Command::ShowSettings, Command::Commands]);
        // Where a received mail is shown, these keys open the next one there.
        commands.extend((at.screen != Screen::Received).then_some(Command::ShowReceived));
    }
    if at.screen == Screen::Warning && !at.on.takes_text() {
        commands.extend(ReasonCode::CHOICES.map(Command::Choose));
        commands.push(Command::AlsoLater);
    }
    commands
}

/// Whether further windows, and the list of all commands, can be opened from there.
fn has_windows(screen: Screen) -> bool {
    matches!(
        screen,
        Screen::Composer
            | Screen::Holding
            | Screen::Receipt
            | Screen::Waiting
            | Screen::Lists
            | Screen::Options
            | Screen::Received
    )
}

const COMPOSER: &[Command] = &[
    Command::Lists(Act::WhenAnswered),
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
    Command::Class(class::Act::Set(Class::Ordinary)),
    Command::Class(class::Act::Set(Class::Confidential)),
    Command::Class(class::Act::Set(Class::Sensitive)),
    Command::Aid(aids::Act::NextWord),
    Command::Aid(aids::Act::Templates),
    Command::Aid(aids::Act::MoveSubject),
    Command::NewMail,
    Command::SaveDraft,
    Command::Book(book::Act::Import),
];

const WARNING: &[Command] = &[
    Command::OnlyEncrypted,
    Command::SendToAll,
    Command::RemoveRed,
    Command::Receipts(receipts::Act::Propose),
    Command::Recheck,
    Command::AskForCertificate,
    Command::ImportCertificate,
    Command::SayState,
];

const RECIPIENTS: &[Command] = &[
    Command::Book(book::Act::Confirm),
    Command::Book(book::Act::ToBcc),
    Command::SayState,
];

fn on_focused(key: Key, modifiers: Modifiers, on: On) -> Route {
    let command = |c| Route::Command(c);
    match (on, key) {
        (On::Line, Key::Enter) => Route::Drop,
        (On::List | On::Search, Key::Enter) | (On::List, Key::Space) => command(Command::RunChosen),
        (On::Field | On::EmptyField | On::Suggesting, Key::Enter) => command(Command::CommitTyped),
        (On::Suggested, Key::Enter) => command(Command::Book(book::Act::Take)),
        (On::Suggesting | On::Suggested, Key::ArrowDown) => command(Command::Book(book::Act::Next)),
        (On::Suggesting | On::Suggested, Key::ArrowUp) => {
            command(Command::Book(book::Act::Previous))
        }
        (On::Row, Key::Enter) => command(Command::Lists(Act::Open)),
        (On::Row, Key::Delete) => command(Command::Lists(Act::Delete)),
        (On::Chip | On::File, Key::Delete | Key::Backspace) => command(Command::Remove),
        (On::Chip, Key::F2) => command(Command::Edit),
        (On::Chip, Key::Enter | Key::Space) => command(Command::Details),
        (On::EmptyField, Key::ArrowLeft | Key::Backspace) | (On::Search, Key::ArrowUp) => {
            command(Command::Left)
        }
        (On::Search, Key::ArrowDown) => command(Command::Right),
        (on, Key::ArrowLeft | Key::ArrowUp) if on.is_walked() => command(Command::Left),
        (on, Key::ArrowRight | Key::ArrowDown) if on.is_walked() => command(Command::Right),
        (on, Key::Home) if on.is_walked() || on == On::EmptyField => command(Command::First),
        (on, Key::End) if on.is_walked() => command(Command::Last),
        (on, _) if on.takes_text() || on == On::Row => Route::Pass,
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
            Screen::Recipients,
            Screen::Receipt,
            Screen::Waiting,
            Screen::Welcome,
            Screen::Lists,
            Screen::Options,
            Screen::Assistant,
            Screen::Commands,
            Screen::Templates,
            Screen::Password,
            Screen::Import,
            Screen::Received,
            Screen::Unlock,
            Screen::Pin,
            Screen::KeyFile,
            Screen::Backup,
        ];
        let places = [
            On::Line,
            On::EmptyField,
            On::Field,
            On::Suggesting,
            On::Suggested,
            On::Text,
            On::Chip,
            On::File,
            On::Choice,
            On::Reading,
            On::Row,
            On::List,
            On::Search,
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
        for commands in [COMPOSER, WARNING, RECIPIENTS] {
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
