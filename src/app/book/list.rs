//! The list below a recipient field. It floats, so that nothing moves under the fingers; the focus stays in the field,
//! which names the chosen row as its active descendant.

use egui::{Area, Id, Order, Rect, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};
use jiff::Timestamp;

use super::{Act, List, suggest::Row};
use crate::{
    app::{
        command::Command,
        kit::{Pen, ring},
        message::Message,
        place::Place,
        state::State,
        theme::{self, TARGET},
    },
    mail::Kind,
};

/// Shows the suggestions for this row of recipients, if there are any, below its field.
pub(in crate::app) fn list_ui(
    ui: &Ui,
    state: &State,
    pen: &mut Pen,
    kind: Kind,
    field: Rect,
    now: Timestamp,
) {
    let Some(list) = state
        .suggestions(kind)
        .filter(|_| state.focus == Place::Field(kind))
    else {
        return;
    };
    let ctx = ui.ctx().clone();
    let screen = ctx.content_rect();
    let (below, above) = (screen.bottom() - field.bottom(), field.top() - screen.top());
    let is_below = below >= 2.0 * TARGET + 40.0 || below >= above;
    let room = (if is_below { below } else { above } - 24.0).max(TARGET);
    // Wide enough for name and address on one line, also where the field is narrow.
    let width = (screen.width() - 40.0).clamp(120.0, 520.0);
    let left = field
        .left()
        .min(screen.right() - width - 24.0)
        .max(screen.left());
    let area = Area::new(Id::unique("suggestions"))
        .order(Order::Foreground)
        .accessible_name(pen.words.say("book-list"))
        .role(Role::ListBox)
        .constrain_to(screen);
    let area = if is_below {
        area.fixed_pos(pos2(left, field.bottom() + 4.0))
    } else {
        area.pivot(egui::Align2::LEFT_BOTTOM)
            .fixed_pos(pos2(left, field.top() - 4.0))
    };
    area.show(&ctx, |ui| {
        theme::panel_frame(&pen.palette)
            .inner_margin(4)
            .show(ui, |ui| {
                ui.set_width(width);
                ScrollArea::vertical().max_height(room).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    for index in 0..list.found.len() {
                        if let Some(row) = list.row(state, index, now) {
                            row_ui(ui, pen, list, index, &row);
                        }
                    }
                });
            });
    });
    let chosen = list.chosen.map(|i| row_id(list, i).accesskit_id());
    ctx.accesskit_node_builder(Place::Field(kind).id(), |node| {
        node.set_expanded(true);
        if let Some(chosen) = chosen {
            node.set_active_descendant(chosen);
        }
    });
}

fn row_id(list: &List, index: usize) -> Id {
    let key = list.found.get(index).map(|c| c.mailbox.address.key());
    Id::unique(("suggestion", key))
}

fn row_ui(ui: &mut Ui, pen: &mut Pen, list: &List, index: usize, row: &Row) {
    let is_chosen = list.chosen == Some(index);
    let width = ui.available_width();
    let (text, faint) = (pen.palette.text, pen.palette.faint);
    let format = |font, color| egui::TextFormat {
        font_id: font,
        color,
        ..Default::default()
    };
    let mut job = egui::text::LayoutJob::default();
    job.append(&row.name, 0.0, format(theme::body(), text));
    if !row.address.is_empty() {
        job.append(&row.address, 10.0, format(theme::body(), text));
    }
    job.append("\n", 0.0, format(theme::small(), faint));
    job.append(&row.more, 0.0, format(theme::small(), faint));
    job.wrap.max_width = width - 20.0;
    let galley = ui.painter().layout_job(job);
    let (_, rect) = ui.allocate_space(vec2(width, (galley.size().y + 8.0).max(TARGET)));
    let response = ui.interact(rect, row_id(list, index), Sense::CLICK);
    if is_chosen || response.hovered() {
        ui.painter()
            .rect_filled(rect, theme::CORNER, pen.palette.hovered);
    }
    if is_chosen {
        ring(ui, &pen.palette, rect.shrink(2.0));
        response.scroll_to_me(None);
    }
    let at = pos2(rect.left() + 10.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, text);
    let name = row.full();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(is_chosen);
        node.set_position_in_set(index + 1);
        node.set_size_of_set(list.found.len());
    });
    if response.clicked()
        && let Some(contact) = list.found.get(index)
    {
        let take = Act::TakeThis(contact.mailbox.address.clone());
        pen.out.push(Message::Command(Command::Book(take)));
    }
}
