//! From keys to commands: the one place where a key press gets its meaning.
//!
//! Runs before egui sees the keys, because egui moves the focus by itself (Tab, arrows, Esc) and presses buttons on
//! every repeat of a held key. Here a held key never does two things: repeats reach a text only if it had the focus when
//! the key went down, and no command but moving. A press that became a command ends the batch, and what was typed after
//! it waits for the next pass, so that fast typing lands where the command put the focus.

use std::collections::HashMap;

use egui::{Context, Event, Id, Key, Modifiers, Plugin, RawInput};

use super::{command::Command, place::On};
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
fn may_repeat(key: Key, route: &Route, on: On) -> bool {
    match route {
        Route::Pass => on.takes_text(),
        Route::Command(Command::Next | Command::Previous | Command::Left | Command::Right) => {
            key != Key::Backspace
        }
        _ => false,
    }
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
    };
    let digits = ReasonCode::CHOICES.map(Command::Choose);
    let digits: &[Command] = if at.screen == Screen::Warning && !at.on.takes_text() {
        &digits
    } else {
        &[]
    };
    here.iter()
        .chain(&everywhere)
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
        (On::Text, _) => Route::Pass,
        (On::Line, Key::Enter) => Route::Drop,
        (On::Line, _) => Route::Pass,
        (On::EmptyField, Key::ArrowLeft | Key::Backspace) => command(Command::Left),
        (On::EmptyField, Key::Home) => command(Command::First),
        (On::Field | On::EmptyField, Key::Enter) => command(Command::CommitTyped),
        (On::Field | On::EmptyField, _) => Route::Pass,
        (On::Chip | On::File, Key::Delete | Key::Backspace) => command(Command::Remove),
        (On::Chip, Key::F2) => command(Command::Edit),
        (On::Chip, Key::Enter | Key::Space) => command(Command::Details),
        (On::Chip | On::File | On::Choice | On::Reading, Key::ArrowLeft | Key::ArrowUp) => {
            command(Command::Left)
        }
        (On::Chip | On::File | On::Choice | On::Reading, Key::ArrowRight | Key::ArrowDown) => {
            command(Command::Right)
        }
        (On::Chip | On::File | On::Choice | On::Reading, Key::Home) => command(Command::First),
        (On::Chip | On::File | On::Choice | On::Reading, Key::End) => command(Command::Last),
        (On::Sender, Key::Enter) => command(Command::EnterOnSend),
        (On::Button, Key::Enter) | (On::Button | On::Sender, Key::Space) if !modifiers.shift => {
            Route::Pass
        }
        _ => Route::Drop,
    }
}

/// Sits between the window system and egui.
pub(crate) struct Keys {
    /// What the next press depends on; set at the end of each pass.
    pub(crate) at: At,
    /// What came in.
    pub(crate) input: Vec<Input>,
    /// Whether any key went down.
    pub(crate) any_key: bool,
    /// Keys that are down, and what had the focus when they went down.
    down: HashMap<Key, Option<Id>>,
    /// What waits for the next pass.
    waiting: Vec<Event>,
    /// A command that came after typing in the same pass: it waits until egui has taken the text in.
    next: Option<Input>,
    /// The text of a press that was not passed on follows it, and is not passed on either.
    drop_text: bool,
    /// A paste with text came in.
    has_pasted: bool,
    modifiers: Modifiers,
}

enum Fate {
    Pass,
    /// Passed on, and nothing more in this pass.
    PassLast,
    Drop,
    Input(Input),
}

impl Keys {
    pub(crate) fn new(at: At) -> Self {
        Self {
            at,
            input: Vec::new(),
            any_key: false,
            down: HashMap::new(),
            waiting: Vec::new(),
            next: None,
            drop_text: false,
            has_pasted: false,
            modifiers: Modifiers::NONE,
        }
    }

    fn fate(&mut self, event: &Event, focused: Option<Id>) -> Fate {
        match event {
            Event::ModifiersChanged(modifiers) => {
                self.modifiers = *modifiers;
                Fate::Pass
            }
            Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } => self.pressed(*key, *modifiers, focused),
            Event::Key {
                key,
                pressed: false,
                ..
            } => {
                self.drop_text = false;
                let was_down = self.down.remove(key).is_some();
                // The window system takes the press of Ctrl+V for itself; without text it says nothing, and only the
                // release is left to see.
                let is_silent_paste = *key == Key::V && !was_down && !self.has_pasted;
                if *key == Key::V {
                    self.has_pasted = false;
                }
                if is_silent_paste {
                    Fate::Input(Input::Command(Command::PasteFiles))
                } else {
                    Fate::Pass
                }
            }
            Event::Text(_) if self.drop_text => {
                self.drop_text = false;
                Fate::Drop
            }
            Event::Text(_) => {
                if self.at.on == On::EmptyField {
                    self.at.on = On::Field;
                }
                Fate::Pass
            }
            Event::Paste(text) => {
                self.has_pasted = true;
                if self.at.on == On::EmptyField || !self.at.on.takes_text() {
                    Fate::Input(Input::Paste(text.clone()))
                } else {
                    Fate::Pass
                }
            }
            Event::Copy if self.at.screen == Screen::Receipt => {
                Fate::Input(Input::Command(Command::CopyReceipt))
            }
            // Ctrl+Shift+Delete arrives as Cut on Windows.
            Event::Cut
                if self.at.screen == Screen::Warning
                    && self.modifiers.command
                    && self.modifiers.shift =>
            {
                Fate::Input(Input::Command(Command::RemoveRed))
            }
            Event::WindowFocused(false) => {
                self.down.clear();
                Fate::Pass
            }
            _ => Fate::Pass,
        }
    }

    fn pressed(&mut self, key: Key, modifiers: Modifiers, focused: Option<Id>) -> Fate {
        self.any_key = true;
        let route = route(key, modifiers, self.at);
        let held = self.down.get(&key).copied();
        self.down.entry(key).or_insert(focused);
        let allowed = match held {
            None => true,
            Some(before) => {
                let is_same_place = before == focused || !matches!(route, Route::Pass);
                is_same_place && may_repeat(key, &route, self.at.on)
            }
        };
        self.drop_text = !allowed || !matches!(route, Route::Pass);
        match route {
            _ if !allowed => Fate::Drop,
            Route::Pass if !self.at.on.takes_text() => Fate::PassLast,
            Route::Pass => Fate::Pass,
            Route::Drop => Fate::Drop,
            Route::Command(command) => Fate::Input(Input::Command(command)),
        }
    }
}

impl Plugin for Keys {
    fn debug_name(&self) -> &'static str {
        "keys"
    }

    fn input_hook(&mut self, ctx: &Context, raw: &mut RawInput) {
        let focused = ctx.memory(egui::Memory::focused);
        let mut events = std::mem::take(&mut self.waiting);
        events.append(&mut raw.events);
        if let Some(input) = self.next.take() {
            self.input.push(input);
            self.waiting = events;
            return ctx.request_repaint();
        }
        let mut events = events.into_iter();
        for event in events.by_ref() {
            match self.fate(&event, focused) {
                Fate::Pass => raw.events.push(event),
                Fate::Drop => {}
                Fate::PassLast => {
                    raw.events.push(event);
                    break;
                }
                Fate::Input(input) if raw.events.is_empty() => {
                    self.input.push(input);
                    break;
                }
                Fate::Input(input) => {
                    self.next = Some(input);
                    break;
                }
            }
        }
        self.waiting = events.collect();
        if !self.waiting.is_empty() || self.next.is_some() {
            ctx.request_repaint();
        }
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

    fn press(keys: &mut Keys, ctx: &Context, events: Vec<Event>) -> Vec<Event> {
        let mut raw = RawInput {
            events,
            ..RawInput::default()
        };
        keys.input_hook(ctx, &mut raw);
        raw.events
    }

    fn key(key: Key, modifiers: Modifiers) -> Event {
        Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        }
    }

    #[test]
    fn a_held_chord_is_one_command_and_its_repeats_reach_nobody() {
        let ctx = Context::default();
        let mut keys = Keys::new(at(Screen::Composer, On::Text));
        assert!(press(&mut keys, &ctx, vec![key(Key::Enter, CTRL)]).is_empty());
        keys.at.screen = Screen::Warning;
        let shift = Modifiers {
            shift: true,
            ..CTRL
        };
        let rest = press(
            &mut keys,
            &ctx,
            vec![key(Key::Enter, CTRL), key(Key::Enter, shift)],
        );
        assert!(rest.is_empty());
        assert_eq!(keys.input, [Input::Command(Command::Send)]);
    }

    #[test]
    fn what_is_typed_after_a_command_waits_for_the_next_pass() {
        let ctx = Context::default();
        let mut keys = Keys::new(at(Screen::Composer, On::Field));
        let tab = |pressed| Event::Key {
            key: Key::Tab,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        let typed = vec![
            Event::Text("a".into()),
            tab(true),
            tab(false),
            Event::Text("b".into()),
        ];
        assert_eq!(press(&mut keys, &ctx, typed).len(), 1);
        assert!(keys.input.is_empty(), "the text goes first");
        assert!(press(&mut keys, &ctx, vec![]).is_empty());
        assert_eq!(keys.input, [Input::Command(Command::Next)]);
        assert!(press(&mut keys, &ctx, vec![]).contains(&Event::Text("b".into())));
    }

    #[test]
    fn a_digit_that_chose_a_reason_is_not_typed_too() {
        let ctx = Context::default();
        let mut keys = Keys::new(at(Screen::Warning, On::Sender));
        press(&mut keys, &ctx, vec![key(Key::Num4, Modifiers::NONE)]);
        keys.at.on = On::Line;
        let four = || Event::Text("4".into());
        assert!(
            press(
                &mut keys,
                &ctx,
                vec![four(), key(Key::Num4, Modifiers::NONE), four()]
            )
            .is_empty()
        );
    }

    #[test]
    fn a_paste_without_text_is_seen_by_its_release() {
        let ctx = Context::default();
        let mut keys = Keys::new(at(Screen::Composer, On::Chip));
        let release = || Event::Key {
            key: Key::V,
            physical_key: None,
            pressed: false,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        press(&mut keys, &ctx, vec![release()]);
        assert_eq!(keys.input, [Input::Command(Command::PasteFiles)]);
        keys.input.clear();
        press(
            &mut keys,
            &ctx,
            vec![key(Key::V, Modifiers::NONE), release()],
        );
        assert!(keys.input.is_empty());
    }
}
