//! What is painted over a text field that egui has drawn, and what it is told about caret and undo. Looks at the rows on
//! the screen only.

use egui::{
    Align, Context, Pos2, Rect, Stroke, Ui,
    text::{CCursor, CCursorRange, CharIndex},
    text_edit::{TextEditOutput, TextEditState},
};

use super::{Aids, spelling::Mark};
use crate::app::{kit::Pen, place::Place, state::State};

/// Gives the field what a command changed in it: the selection, and the text before for Ctrl+Z.
pub(in crate::app) fn lead_caret(ctx: &Context, state: &mut State) {
    let Some(mut splice) = state.aids.splice.take() else {
        return;
    };
    let (place, select) = (splice.place.clone(), splice.select.clone());
    let before = splice.before.take();
    let mut edit = TextEditState::load(ctx, place.id()).unwrap_or_default();
    if let Some(before) = before {
        let mut undoer = edit.undoer();
        undoer.add_undo(&(edit.cursor.char_range().unwrap_or_default(), before));
        edit.set_undoer(undoer);
    }
    let range = CCursorRange::two(CCursor::new(select.start), CCursor::new(select.end));
    edit.cursor.set_char_range(Some(range));
    edit.store(ctx, place.id());
    // A field that gets the focus in this pass forgets its selection: it is told again in the next one.
    let is_heard = ctx.memory(|m| m.owns_ime_events(place.id()));
    if !select.is_empty() && state.focus == place && !is_heard {
        state.aids.splice = Some(splice);
        ctx.request_repaint();
    }
    state.aids.reveal = Some(place);
}

/// A field was drawn: notes the caret, and marks wrong words.
pub(in crate::app) fn text_drawn(
    ui: &Ui,
    pen: &Pen,
    aids: &mut Aids,
    place: &Place,
    output: &TextEditOutput,
) {
    let caret = output.cursor_range.map(|c| c.as_sorted_char_range());
    let caret = caret.map(|c| c.start.0..c.end.0);
    if *place == Place::Body
        && let Some(caret) = &caret
    {
        aids.caret = caret.clone();
    }
    let spelling = &aids.spelling;
    let marks = match place {
        Place::Subject => &spelling.subject,
        _ => &spelling.text,
    };
    let shown = spelling.panel.as_ref().and_then(|p| p.at.as_ref());
    let shown = shown.filter(|at| at.place == *place).map(|at| &at.mark);
    // The word that is being written is not wrong yet.
    let writing = caret.filter(|c| c.is_empty() && pen.focus == *place);
    let writing = writing.map(|c| c.start);
    each_on_screen(ui, output, marks, |mark, from, to| {
        if shown == Some(mark) {
            let rect = Rect::from_min_max(from, to).expand(1.0);
            let stroke = Stroke::new(1.5, pen.palette.text);
            ui.painter_at(output.text_clip_rect.expand(2.0))
                .rect_stroke(rect, 2.0, stroke, egui::StrokeKind::Outside);
        }
        if writing != Some(mark.chars.end) {
            let painter = ui.painter_at(output.text_clip_rect.expand(2.0));
            painter.line(wave(from.x, to.x, to.y), Stroke::new(1.5, pen.palette.red));
        }
    });
    if aids.reveal.as_ref() == Some(place) {
        aids.reveal = None;
        if let Some(mark) = shown {
            let cursor = CCursor::new(mark.chars.start);
            let rect = output.galley.pos_from_cursor(cursor);
            let rect = rect.translate(output.galley_pos.to_vec2());
            ui.scroll_to_rect(rect, Some(Align::Center));
        }
    }
}

/// Calls with the upper left and lower right corner of each part of a mark that is on the screen.
fn each_on_screen(
    ui: &Ui,
    output: &TextEditOutput,
    marks: &[Mark],
    mut call: impl FnMut(&Mark, Pos2, Pos2),
) {
    if marks.is_empty() {
        return;
    }
    let clip = ui.clip_rect();
    let mut start = 0;
    for row in &output.galley.rows {
        let end = start + row.char_count_excluding_newline().0;
        let corner = output.galley_pos + row.pos.to_vec2();
        let (top, bottom) = (corner.y, corner.y + row.size.y);
        if top > clip.bottom() {
            return;
        }
        if bottom >= clip.top() {
            let first = marks.partition_point(|m| m.chars.end <= start);
            for mark in marks[first..].iter().take_while(|m| m.chars.start < end) {
                let x =
                    |at: usize| corner.x + row.x_offset(CharIndex(at.clamp(start, end) - start));
                let (left, right) = (x(mark.chars.start), x(mark.chars.end));
                call(mark, Pos2::new(left, top), Pos2::new(right, bottom));
            }
        }
        start += row.char_count_including_newline().0;
    }
}

/// Up and down below a word: a shape that is seen without its colour.
fn wave(left: f32, right: f32, bottom: f32) -> Vec<Pos2> {
    const STEP: f32 = 3.0;
    let mut points = Vec::new();
    let (mut x, mut is_low) = (left, false);
    while x <= right {
        let y = if is_low { bottom } else { bottom - 2.5 };
        points.push(Pos2::new(x, y));
        (x, is_low) = (x + STEP, !is_low);
    }
    points
}
