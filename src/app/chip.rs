//! Chips: a recipient with light and word, or a file. One target to open it and one to remove it.

use egui::{
    CornerRadius, FontId, Id, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, accesskit::Role, vec2,
};

use super::{
    kit::Pen,
    look::{Shape, Tone},
    shapes::draw_shape,
    theme::{self, CORNER, TARGET},
};
use crate::words::visible;

/// What a chip shows.
pub(crate) struct ChipFace<'a> {
    pub(crate) tone: Tone,
    pub(crate) shape: Option<Shape>,
    pub(crate) word: &'a str,
    pub(crate) label: &'a str,
    pub(crate) name: &'a str,
    pub(crate) remove: Option<&'a str>,
}

/// What was done with a chip.
pub(crate) struct ChipResponse {
    pub(crate) response: Response,
    pub(crate) is_removed: bool,
}

/// Draws a chip: shape, word, label, and a cross to remove it.
pub(crate) fn chip(ui: &mut Ui, pen: &Pen, id: Id, face: &ChipFace<'_>) -> ChipResponse {
    const ICON: f32 = 18.0;
    let palette = &pen.palette;
    let format = |font: FontId, color| egui::TextFormat {
        font_id: font,
        color,
        valign: egui::Align::Center,
        ..Default::default()
    };
    let left = 8.0
        + if face.shape.is_some() {
            ICON + 6.0
        } else {
            0.0
        };
    let right = if face.remove.is_some() { TARGET } else { 10.0 };
    let mut job = egui::text::LayoutJob::default();
    if !face.word.is_empty() {
        job.append(face.word, 0.0, format(theme::small(), palette.faint));
    }
    let gap = if face.word.is_empty() { 0.0 } else { 8.0 };
    job.append(
        &visible(face.label),
        gap,
        format(theme::body(), palette.text),
    );
    job.wrap.max_width = (ui.max_rect().width() - left - right - 4.0).max(60.0);
    let galley = ui.painter().layout_job(job);
    let size = vec2(
        galley.size().x + left + right,
        (galley.size().y + 8.0).max(TARGET),
    );
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, id, Sense::click());
    let fill = if response.hovered() {
        palette.hovered
    } else {
        palette.raised
    };
    let color = pen.color(face.tone);
    let width = if face.shape.is_some() { 1.5 } else { 1.0 };
    ui.painter().rect(
        rect,
        CornerRadius::same(CORNER),
        fill,
        Stroke::new(width, color),
        StrokeKind::Inside,
    );
    if let Some(shape) = face.shape {
        let center = Pos2::new(rect.left() + 8.0 + ICON / 2.0, rect.center().y);
        draw_shape(
            ui.painter(),
            Rect::from_center_size(center, Vec2::splat(ICON)),
            shape,
            color,
            fill,
        );
    }
    let at = Pos2::new(rect.left() + left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, palette.text);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, face.name));
    let mut is_removed = false;
    if let Some(remove) = face.remove {
        let cross = Rect::from_min_max(Pos2::new(rect.right() - TARGET, rect.top()), rect.max);
        let response = ui.interact(cross, id.with("remove"), Sense::CLICK);
        let arm = Vec2::splat(4.5);
        let stroke = Stroke::new(1.5, palette.faint);
        let center = cross.center();
        ui.painter()
            .line_segment([center - arm, center + arm], stroke);
        let arm = vec2(4.5, -4.5);
        ui.painter()
            .line_segment([center - arm, center + arm], stroke);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, remove));
        is_removed = response.clicked();
    }
    ChipResponse {
        response,
        is_removed,
    }
}
