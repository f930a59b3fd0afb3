//! A table on the screen: only the rows that are seen are drawn; each is a node of its own that says which of how many
//! it is, and the selected one is always there, seen or not, because it may have the focus.

use egui::{
    Rect, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, accesskit::Role, pos2, text::LayoutJob,
    text::TextWrapping, vec2,
};
use jiff::Timestamp;

use super::{Act, Lists, Spot, View, rows::Column};
use crate::app::{
    command::Command,
    kit::{Pen, Weight, ring},
    message::Message,
    place::{Place, Spot as Where},
    shapes::draw_shape,
    theme::{self, TARGET},
};

/// Below this width each cell stands on a line of its own.
const NARROW: f32 = 560.0;

/// The left edges and widths of the columns.
fn widths(view: &dyn View, width: f32) -> impl Iterator<Item = (Column, f32, f32)> {
    let mut left = 0.0;
    view.columns().iter().map(move |&(column, part)| {
        let here = left;
        left += part * width;
        (column, here, part * width)
    })
}

/// The names of the columns, each a button that sorts.
pub(super) fn headers_ui(ui: &mut Ui, view: &dyn View, pen: &mut Pen) {
    let width = ui.available_width();
    if width < NARROW {
        ui.horizontal_wrapped(|ui| {
            for &(column, _) in view.columns() {
                header_ui(ui, view, pen, column);
            }
        });
        return;
    }
    let (_, row) = ui.allocate_space(vec2(width, TARGET));
    for (column, left, wide) in widths(view, width) {
        let rect = Rect::from_min_size(pos2(row.left() + left, row.top()), vec2(wide, TARGET));
        let place = UiBuilder::new().max_rect(rect).id_salt(("header", column));
        ui.scope_builder(place, |ui| header_ui(ui, view, pen, column));
    }
}

/// A header sorts. Its arrow is for the eye; its name says it in words.
fn header_ui(ui: &mut Ui, view: &dyn View, pen: &mut Pen, column: Column) {
    let name = pen.words.say(column.key());
    let (sorted, is_down) = view.order();
    let (text, spoken) = match (sorted == column, is_down) {
        (false, _) => (name.clone(), name),
        (true, true) => (
            // Room for the arrow, which is drawn.
            format!("{name}     "),
            pen.words
                .with("lists-sorted-down", &[("name", name.into())]),
        ),
        (true, false) => (
            format!("{name}     "),
            pen.words.with("lists-sorted-up", &[("name", name.into())]),
        ),
    };
    let command = Command::Lists(Act::Sort(column));
    let response = pen.button_named(ui, Where::Page, &command, &text, Weight::Quiet);
    if sorted == column {
        let center = response.rect.right_center() - vec2(14.0, 0.0);
        let tip = if is_down { 4.0 } else { -4.0 };
        let points = vec![
            center + vec2(-5.0, -tip),
            center + vec2(5.0, -tip),
            center + vec2(0.0, tip),
        ];
        let none = egui::Stroke::NONE;
        let arrow = egui::Shape::convex_polygon(points, pen.palette.text, none);
        ui.painter().add(arrow);
    }
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_label(spoken));
}

/// The rows, in the room that is left.
pub(super) fn table_ui(ui: &mut Ui, shown: &mut Lists, pen: &mut Pen, now: Timestamp, room: f32) {
    let is_narrow = ui.available_width() < NARROW;
    let line = ui.fonts_mut(|f| f.row_height(&theme::body()));
    let lines = if is_narrow {
        shown.view().columns().len()
    } else {
        1
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let height = (line * lines as f32 + 12.0).max(TARGET);
    let count = shown.view().count();
    if shown.follows {
        shown.follows = false;
        shown.offset = followed(shown.offset, shown.view().here(), height, room);
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let area = ScrollArea::vertical()
            .id_salt(("table", shown.tab))
            .auto_shrink([false, false])
            .max_height(room)
            .vertical_scroll_offset(shown.offset);
        let view = shown.view();
        let output = area.show_rows(ui, height, count, |ui, range| {
            for at in range.clone() {
                row_ui(ui, view, pen, now, at, (height, is_narrow));
            }
            let here = view.here();
            if !range.contains(&here) {
                unseen_ui(ui, view, pen, now, here);
            }
            range
        });
        shown.offset = output.state.clamped_offset().y;
        let row = Rect::from_min_size(
            pos2(
                output.inner_rect.left(),
                output.inner_rect.top() + top(shown.view().here(), height) - shown.offset,
            ),
            vec2(output.inner_rect.width(), height),
        );
        shown.seen = matches!(pen.focus, Place::Lists(Spot::Row(_))).then_some(row);
        shown.drawn = output.inner;
    });
}

/// How far the table has to be scrolled for a row to be seen.
fn followed(offset: f32, at: usize, height: f32, room: f32) -> f32 {
    let top = top(at, height);
    if top < offset || height > room {
        top
    } else {
        offset.max(top + height - room)
    }
}

/// The upper edge of a row in the table.
#[expect(
    clippy::cast_precision_loss,
    reason = "exact up to sixteen million points"
)]
fn top(at: usize, height: f32) -> f32 {
    at as f32 * height
}

fn row_ui(
    ui: &mut Ui,
    view: &dyn View,
    pen: &mut Pen,
    now: Timestamp,
    at: usize,
    (height, is_narrow): (f32, bool),
) {
    let Some(key) = view.key(at) else { return };
    let width = ui.available_width();
    let (_, rect) = ui.allocate_space(vec2(width, height));
    let place = Place::Lists(Spot::Row(key.clone()));
    let response = ui.interact(rect, place.id(), Sense::click());
    let is_here = at == view.here();
    let fill = match (is_here, response.hovered()) {
        (true, _) => pen.palette.selection,
        (false, true) => pen.palette.hovered,
        (false, false) => pen.palette.sheet,
    };
    ui.painter().rect_filled(rect, 0.0, fill);
    let under = rect.bottom() - 0.5;
    let stroke = egui::Stroke::new(1.0, pen.palette.hovered);
    ui.painter().hline(rect.x_range(), under, stroke);
    let mut next = rect.top() + 6.0;
    let line = ui.fonts_mut(|f| f.row_height(&theme::body()));
    for (column, left, wide) in widths(view, width) {
        let cell = if is_narrow {
            let cell = Rect::from_min_size(pos2(rect.left(), next), vec2(width, line));
            next += line;
            cell
        } else {
            Rect::from_min_size(pos2(rect.left() + left, rect.top()), vec2(wide, height))
        };
        cell_ui(ui, view, pen, now, (at, column), cell);
    }
    name_row(ui, &response, view, pen, now, at);
    if response.clicked() {
        let select = Command::Lists(Act::Select(key));
        pen.out.push(Message::Command(select));
        if response.double_clicked() {
            pen.out.push(Message::Command(Command::Lists(Act::Open)));
        }
    }
    if place == pen.focus {
        // Inside the row: the next one is drawn over what is outside.
        ring(ui, &pen.palette, rect.shrink(theme::RING));
    }
    pen.drawn.push(place);
}

/// The selected row where it is not seen: it keeps the focus, and is read.
fn unseen_ui(ui: &mut Ui, view: &dyn View, pen: &mut Pen, now: Timestamp, at: usize) {
    let Some(key) = view.key(at) else { return };
    let place = Place::Lists(Spot::Row(key));
    let rect = Rect::from_min_size(ui.max_rect().left_top(), vec2(1.0, 1.0));
    let response = ui.interact(rect, place.id(), Sense::focusable_noninteractive());
    name_row(ui, &response, view, pen, now, at);
    pen.drawn.push(place);
}

/// What a screen reader is told of a row: which of how many, and all that it says.
fn name_row(
    ui: &Ui,
    response: &egui::Response,
    view: &dyn View,
    pen: &Pen,
    now: Timestamp,
    at: usize,
) {
    let (count, is_here) = (view.count(), at == view.here());
    response.widget_info(|| {
        let args = [
            ("text", view.text(at, &pen.words, now).into()),
            ("n", (at + 1).into()),
            ("m", count.into()),
        ];
        WidgetInfo::selected(Role::Row, true, is_here, pen.words.with("lists-row", &args))
    });
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_row_index(at);
        node.set_position_in_set(at + 1);
        node.set_size_of_set(count);
    });
}

fn cell_ui(
    ui: &Ui,
    view: &dyn View,
    pen: &Pen,
    now: Timestamp,
    (at, column): (usize, Column),
    rect: Rect,
) {
    let mut left = rect.left() + 6.0;
    if let Some((tone, shape)) = view.mark(at, column) {
        let size = 16.0;
        let min = pos2(left, rect.center().y - size / 2.0);
        let mark = Rect::from_min_size(min, vec2(size, size));
        draw_shape(
            ui.painter(),
            mark,
            shape,
            pen.color(tone),
            pen.palette.sheet,
        );
        left += size + 6.0;
    }
    let text = view.cell(at, column, &pen.words, now);
    let mut job = LayoutJob::simple_singleline(text, theme::body(), pen.palette.text);
    job.wrap = TextWrapping::truncate_at_width((rect.right() - left - 4.0).max(0.0));
    let galley = ui.painter().layout_job(job);
    let top = rect.center().y - galley.size().y / 2.0;
    ui.painter()
        .galley(pos2(left, top), galley, pen.palette.text);
}
