//! Nothing is cut: at 400 % every text is whole, every letter is in the font, and what has the focus is in view.

use std::collections::BTreeSet;

use egui::{Rect, Shape, epaint::ClippedShape};

use super::*;
use crate::pictures;

/// What 1366 by 768 leaves at 400 %, beside the bars of the desktop.
const SIZE: egui::Vec2 = egui::vec2(341.0, 180.0);

/// Every screen that has a picture.
pub(crate) fn all_screens(lang: Lang) -> Vec<(String, Desk)> {
    pictures::all(lang, segl::app::theme::Theme::Light)
}

/// A text as it is drawn: where, what of it may be seen, and what it says.
struct Drawn {
    text: String,
    rect: Rect,
    clip: Rect,
    is_elided: bool,
}

fn drawn(shapes: &[ClippedShape]) -> Vec<Drawn> {
    fn texts(shape: &Shape, clip: Rect, found: &mut Vec<Drawn>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|s| texts(s, clip, found)),
            Shape::Text(text) if !text.galley.text().trim().is_empty() => found.push(Drawn {
                text: text.galley.text().to_owned(),
                rect: text.galley.mesh_bounds.translate(text.pos.to_vec2()),
                clip,
                is_elided: text.galley.elided,
            }),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for shape in shapes {
        texts(&shape.shape, shape.clip_rect, &mut found);
    }
    found
}

/// A field of one line scrolls inside itself; every other text is there from side to side.
fn assert_whole(name: &str, screen: &Screen, typed: &[String]) {
    let texts = drawn(&screen.output().shapes);
    assert!(!texts.is_empty(), "{name}");
    for drawn in texts.iter().filter(|d| !typed.contains(&d.text)) {
        let (text, rect, clip) = (&drawn.text, drawn.rect, drawn.clip);
        // A cell of a table ends in dots where its column is narrow: the row's whole text is its name, and opens by Enter.
        let is_table = matches!(name, "drafts" | "outbox" | "log");
        assert!(is_table || !drawn.is_elided, "{name}: {text}");
        // What is scrolled away is not drawn, and what is half in view can be scrolled to: only the sides count.
        let is_seen = rect.bottom() > clip.top() && rect.top() < clip.bottom();
        let is_whole = rect.left() >= clip.left() - 1.0 && rect.right() <= clip.right() + 1.0;
        assert!(!is_seen || is_whole, "{name}: {text}: {rect:?} in {clip:?}");
        assert!(!text.contains('⟨'), "{name}: a word is missing: {text}");
    }
}

#[test]
fn every_state_is_rendered_in_both_languages_at_400_percent_without_cut_text() {
    for lang in Lang::ALL {
        for (name, desk) in all_screens(lang) {
            let mut screen = open_sized(desk, SIZE, 1.0);
            // From stop to stop, so that everything is scrolled into view once.
            for place in stops::all(&screen.state().state) {
                // Leaving a field turns what was typed into a recipient: another mail has other buttons.
                if !stops::all(&screen.state().state).contains(&place) {
                    continue;
                }
                go(&mut screen, &place);
                let typed = vec![screen.state().state.draft.subject.clone()];
                assert_whole(&name, &screen, &typed);
            }
        }
    }
}

/// Every message of a language, with something for each of its arguments.
fn every_message(lang: Lang) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/i18n")
        .join(lang.tag());
    let words = segl::words::Words::new(lang);
    let mut messages = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let named = |part: &str| -> String {
            part.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-')
                .collect()
        };
        let counted: BTreeSet<String> = text
            .match_indices('$')
            .filter(|(i, _)| {
                text[*i..]
                    .split('}')
                    .next()
                    .is_some_and(|t| t.contains("->"))
            })
            .map(|(i, _)| named(&text[i + 1..]))
            .collect();
        let arguments: BTreeSet<String> = text
            .match_indices('$')
            .map(|(i, _)| named(&text[i + 1..]))
            .collect();
        for count in [1_usize, 2, 20] {
            let args: Vec<(&str, segl::words::Arg<'_>)> = arguments
                .iter()
                .map(|a| {
                    let value = if counted.contains(a) {
                        count.into()
                    } else {
                        "retten@eksempelby-kommune-eksempel.dk".into()
                    };
                    (a.as_str(), value)
                })
                .collect();
            let keys = text
                .lines()
                .filter_map(|l| l.split_once(" ="))
                .map(|(k, _)| k);
            let keys = keys.filter(|k| !k.is_empty() && named(k) == **k);
            messages.extend(keys.map(|k| words.with(k, &args)));
        }
    }
    messages
}

#[test]
fn every_sentence_of_both_catalogues_is_whole_at_400_percent_and_every_letter_is_in_the_font() {
    for lang in Lang::ALL {
        let messages = every_message(lang);
        assert!(messages.len() > 1_000, "{}", messages.len());
        for few in messages.chunks(150) {
            let mut desk = Desk::new(lang);
            desk.state.notices = few.to_vec();
            let mut screen = open_sized(desk, egui::vec2(SIZE.x, 20_000.0), 1.0);
            screen.run_ok();
            let shown = drawn(&screen.output().shapes).len();
            assert!(shown >= few.len(), "{shown}");
            assert_whole("notices", &screen, &[]);
            let letters: BTreeSet<char> = few.iter().flat_map(|m| m.chars()).collect();
            let font = segl::app::theme::body();
            for letter in letters.into_iter().filter(|c| !c.is_control()) {
                let is_there = screen.ctx.fonts_mut(|f| f.has_glyph(&font, letter));
                assert!(is_there, "{letter:?} is not in the font");
            }
        }
    }
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method alone is not general enough"
)]
#[test]
fn what_has_the_focus_is_in_view_at_400_percent() {
    for (name, desk) in all_screens(Lang::Da) {
        let mut screen = open_sized(desk, SIZE, 1.0);
        // The first frames of a dialog begin at its heading.
        screen.pass(500);
        for _ in 0..60 {
            screen.press(Key::Tab, NONE);
            screen.run_ok();
            let nodes = screen.query_all_by(|n| n.is_focused());
            let bounds: Vec<_> = nodes
                .filter_map(|n| n.accesskit_node().raw_bounds())
                .collect();
            let bounds = bounds.last().unwrap();
            let place = screen.state().state.focus.clone();
            // Of a text that is nearly as high as the window, some lines are.
            let height = f64::from(SIZE.y);
            let seen = bounds.y1.min(height) - bounds.y0.max(0.0);
            let whole = bounds.y1 - bounds.y0;
            let wanted = if whole > 0.6 * height {
                48.0
            } else {
                whole - 1.0
            };
            assert!(seen >= wanted, "{name}: {place:?}: {bounds:?}");
        }
    }
}
