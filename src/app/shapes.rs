//! The shapes of the lights, drawn and not taken from a font: they look the same on every computer, and each has an
//! outline of its own, so that they are told apart without colour.

use egui::{Align2, Color32, FontId, Pos2, Rect, Shape as Draw, Stroke, StrokeKind, vec2};

use super::look::Shape;

/// Draws a shape of one colour into a square, on this ground.
pub(crate) fn draw_shape(
    painter: &egui::Painter,
    rect: Rect,
    shape: Shape,
    color: Color32,
    ground: Color32,
) {
    let unit = rect.width() / 18.0;
    let at = |x: f32, y: f32| rect.min + vec2(x, y) * unit;
    let line = Stroke::new(1.8 * unit, color);
    let part = |x0, y0, x1, y1| Rect::from_min_max(at(x0, y0), at(x1, y1));
    match shape {
        Shape::Closed => {
            painter.rect_filled(part(3.0, 8.0, 15.0, 16.5), 1.5 * unit, color);
            shackle(painter, &at, [5.8, 12.2], 8.0, line);
        }
        Shape::Open => {
            painter.rect_stroke(
                part(3.0, 8.5, 15.0, 16.5),
                1.5 * unit,
                line,
                StrokeKind::Inside,
            );
            let arc = [
                at(5.8, 8.5),
                at(5.8, 4.6),
                at(7.0, 2.6),
                at(9.0, 1.8),
                at(11.0, 2.4),
                at(12.2, 4.0),
            ];
            painter.line(arc.to_vec(), line);
        }
        Shape::ClosedHouse => {
            let roof = vec![
                at(9.0, 0.8),
                at(17.2, 7.4),
                at(17.2, 8.4),
                at(0.8, 8.4),
                at(0.8, 7.4),
            ];
            painter.add(Draw::convex_polygon(roof, color, Stroke::NONE));
            painter.rect_stroke(part(2.6, 8.4, 15.4, 17.2), 0.0, line, StrokeKind::Inside);
            painter.rect_filled(part(6.2, 11.8, 11.8, 15.4), 0.5 * unit, color);
            shackle(
                painter,
                &at,
                [7.2, 10.8],
                11.8,
                Stroke::new(1.2 * unit, color),
            );
        }
        Shape::ClosedClock => {
            painter.rect_filled(part(1.5, 7.0, 11.5, 14.5), 1.5 * unit, color);
            shackle(painter, &at, [3.8, 9.2], 7.0, line);
            let hand = Stroke::new(1.2 * unit, color);
            painter.circle(at(13.0, 12.6), 4.4 * unit, ground, hand);
            painter.line_segment([at(13.0, 10.2), at(13.0, 12.8)], hand);
            painter.line_segment([at(13.0, 12.8), at(15.0, 12.8)], hand);
        }
        Shape::Question => {
            let corners = vec![at(9.0, 1.2), at(17.2, 16.4), at(0.8, 16.4)];
            painter.add(Draw::closed_line(corners, line));
            let mark = FontId::proportional(10.5 * unit);
            painter.text(at(9.0, 11.4), Align2::CENTER_CENTER, "?", mark, color);
        }
        Shape::Cross => {
            painter.circle_stroke(rect.center(), 7.6 * unit, line);
            painter.line_segment([at(6.0, 6.0), at(12.0, 12.0)], line);
            painter.line_segment([at(12.0, 6.0), at(6.0, 12.0)], line);
        }
        Shape::NoEntry => {
            painter.circle_stroke(rect.center(), 7.6 * unit, line);
            painter.rect_filled(part(4.6, 7.6, 13.4, 10.4), 0.0, color);
        }
        Shape::Tick => {
            let stroke = Stroke::new(2.2 * unit, color);
            painter.line(vec![at(3.0, 9.5), at(7.2, 14.0), at(15.2, 4.5)], stroke);
        }
        Shape::Dots => {
            for x in [3.5, 9.0, 14.5] {
                painter.circle_filled(at(x, 9.0), 1.9 * unit, color);
            }
        }
    }
}

fn shackle(
    painter: &egui::Painter,
    at: &impl Fn(f32, f32) -> Pos2,
    x: [f32; 2],
    bottom: f32,
    line: Stroke,
) {
    let [left, right] = x;
    let middle = f32::midpoint(left, right);
    let rise = (right - left) * 0.6;
    let arc = vec![
        at(left, bottom),
        at(left, bottom - rise),
        at(left + 0.9, bottom - rise - 1.6),
        at(middle, bottom - rise - 2.3),
        at(right - 0.9, bottom - rise - 1.6),
        at(right, bottom - rise),
        at(right, bottom),
    ];
    painter.line(arc, line);
}
