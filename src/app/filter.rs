//! Sits between the window system and egui: gives each event its fate before egui sees it.
//!
//! A held key never does two things: repeats reach a text only if it had the focus when the key went down, and no
//! command but moving. A press that became a command ends the batch, and what was typed after it waits for the next
//! pass, so that fast typing lands where the command put the focus.

use std::collections::HashMap;

use egui::{Context, Event, Id, Key, Modifiers, Plugin, RawInput};

use super::{
    command::Command,
    keys::{At, Input, Route, Screen, may_repeat, route},
    lists,
    options::Act,
    place::On,
};

/// Sits between the window system and egui.
pub(crate) struct Keys {
    /// What the next press depends on; set at the end of each pass.
    pub(crate) at: At,
    /// What came in.
    pub(crate) input: Vec<Input>,
    /// Whether any key went down.
    pub(crate) any_key: bool,
    /// Keys that are down, by their place on the keyboard: the same key has another meaning when Shift is let go first.
    down: HashMap<Key, Held>,
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

/// What a key did when it went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// It was typed, or moved the caret, here.
    Typed(Option<Id>),
    /// It was a command, or nothing.
    Acted,
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
                physical_key,
                pressed: true,
                modifiers,
                ..
            } => self.pressed(*key, physical_key.unwrap_or(*key), *modifiers, focused),
            Event::Key {
                key,
                physical_key,
                pressed: false,
                ..
            } => {
                self.drop_text = false;
                let was_down = self.down.remove(&physical_key.unwrap_or(*key)).is_some();
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
            // Letters find a row, those that are no key of their own too.
            Event::Text(text) if self.at.on == On::Row => {
                let search = lists::Act::Search(text.clone());
                Fate::Input(Input::Command(Command::Lists(search)))
            }
            Event::Text(_) => {
                // What is typed in this pass is not what was suggested before it.
                if matches!(self.at.on, On::EmptyField | On::Suggesting | On::Suggested) {
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
            Event::Copy if self.at.screen == Screen::Options && !self.at.on.takes_text() => {
                Fate::Input(Input::Command(Command::Options(Act::CopyItem)))
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

    fn pressed(&mut self, key: Key, place: Key, modifiers: Modifiers, focused: Option<Id>) -> Fate {
        self.any_key = true;
        let route = route(key, modifiers, self.at);
        let held = self.down.get(&place).copied();
        let is_typed = route == Route::Pass && self.at.on.takes_text();
        self.down.entry(place).or_insert(if is_typed {
            Held::Typed(focused)
        } else {
            Held::Acted
        });
        let allowed = match held {
            None => true,
            Some(Held::Typed(here)) => is_typed && here == focused,
            Some(Held::Acted) => may_repeat(key, &route),
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
    fn a_key_that_is_let_go_after_its_shift_is_up() {
        let ctx = Context::default();
        let mut keys = Keys::new(at(Screen::Composer, On::Text));
        let stroke = |key, pressed, modifiers| Event::Key {
            key,
            physical_key: Some(Key::Slash),
            pressed,
            repeat: false,
            modifiers,
        };
        let question = || stroke(Key::Questionmark, true, Modifiers::SHIFT);
        let text = || Event::Text("?".into());
        for on in [On::Text, On::Field] {
            keys.at.on = on;
            ctx.memory_mut(|m| m.request_focus(Id::unique(format!("{on:?}"))));
            let passed = press(&mut keys, &ctx, vec![question(), text()]);
            assert_eq!(passed, [question(), text()], "{on:?}");
            press(
                &mut keys,
                &ctx,
                vec![stroke(Key::Slash, false, Modifiers::NONE)],
            );
        }
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
