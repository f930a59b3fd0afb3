//! Ten thousand random keys.

use super::*;

/// xorshift: the same keys each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

/// Everything but what empties a text by its nature.
pub(crate) const RANDOM: [Key; 32] = [
    Key::Tab,
    Key::Tab,
    Key::Enter,
    Key::Space,
    Key::Escape,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::F1,
    Key::F2,
    Key::F5,
    Key::F6,
    Key::F7,
    Key::F8,
    Key::F9,
    Key::F10,
    Key::B,
    Key::C,
    Key::D,
    Key::K,
    Key::M,
    Key::S,
    Key::Z,
    Key::Num1,
    Key::Num2,
    Key::Num4,
    Key::Plus,
];

const MARKING: [Key; 8] = [
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
];

#[test]
fn ten_thousand_random_keys_lose_neither_focus_nor_text_and_never_send_to_the_red_one() {
    let mut screen = open_sized(desk(Lang::En), egui::vec2(560.0, 420.0), 1.0);
    let mut dice = Dice(0x5E61_2026);
    let all = [NONE, NONE, NONE, SHIFT, CTRL, CTRL_SHIFT];
    for step in 0..10_000 {
        let (key, mut modifiers) = (RANDOM[dice.roll(RANDOM.len())], all[dice.roll(all.len())]);
        // With Shift they mark text, and Enter in its place would be what was asked for.
        if MARKING.contains(&key) {
            modifiers.shift = false;
        }
        for pressed in [true, false] {
            screen.event(egui::Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers,
            });
        }
        screen.step();
        screen.step();
        let focus = screen.state().state.focus.clone();
        let focused = screen.ctx.memory(egui::Memory::focused);
        assert_eq!(
            focused,
            Some(focus.id()),
            "step {step}: {key:?} {modifiers:?} {focus:?}"
        );
        assert!(
            body(&screen).contains("Kære") && body(&screen).contains("Eva"),
            "step {step}: {key:?}"
        );
        // A reason that a random key chose, and a random Ctrl+Shift+Enter, are an answer; it is taken back.
        if !matches!(screen.state().state.phase, Phase::Writing | Phase::Armed) {
            screen
                .state_mut()
                .step(Message::Command(Command::Undo), start());
        }
        for job in screen.jobs() {
            match job {
                Job::Assess { address, .. } if address.given() == EVA => {
                    screen.hear(Report::Assessed(not_found(EVA)));
                }
                Job::Assess { address, .. } => {
                    screen.hear(Report::Assessed(person(address.given(), "Anne Holm")));
                }
                Job::CloseWindow => panic!("step {step}: {key:?} {modifiers:?}"),
                _ => {}
            }
        }
    }
}
