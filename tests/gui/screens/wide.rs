//! A window over all of a large screen (3840 by 2160): lines stay readable, and nothing is lost in a corner.

use super::*;
use crate::pictures;

const WIDE: egui::Vec2 = egui::vec2(3_840.0, 2_160.0);
/// The least that has to be in the middle.
const MIDDLE: f64 = 3_840.0 / 2.0;

#[test]
fn on_a_large_screen_no_text_is_wider_than_it_can_be_read_and_all_of_it_stands_in_the_middle() {
    for (name, desk) in pictures::all(Lang::Da, segl::app::theme::Theme::Light) {
        let most = match name.as_str() {
            "drafts" | "outbox" | "log" | "reading" => 1_600.5,
            _ => 1_100.5,
        };
        let screen = open_sized(desk, WIDE, 1.0);
        let is_read = |role| {
            matches!(
                role,
                Role::Label | Role::TextInput | Role::MultilineTextInput | Role::Button
            )
        };
        let mut seen = 0;
        for node in screen.query_all_by(|n| is_read(n.role())) {
            let Some(bounds) = node.accesskit_node().raw_bounds() else {
                continue;
            };
            let said = node.accesskit_node().label().or(node.value());
            let (left, right) = (bounds.x0, bounds.x1);
            assert!(right - left <= most, "{name}: {said:?}: {bounds:?}");
            assert!(
                left >= MIDDLE - most / 2.0 && right <= MIDDLE + most / 2.0,
                "{name}: {said:?}: {bounds:?}"
            );
            seen += 1;
        }
        assert!(seen > 0, "{name}");
    }
}
