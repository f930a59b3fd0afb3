//! The one way to open a dialog. It has a name and the role of an alert, takes the focus on its first frame, holds it,
//! and scrolls where there is no room. What it ignores and where the focus goes afterwards is the state's.

use egui::{Context, Id, Modal, ScrollArea, Ui, accesskit::Role};

use super::{kit::Pen, receipt::reading_place, theme};

/// Shows a dialog that is a heading and lines to read.
pub(crate) fn reading(
    ctx: &Context,
    pen: &mut Pen,
    name: &str,
    scroll: f32,
    heading: &str,
    lines: &[&str],
    buttons: impl FnOnce(&mut Ui, &mut Pen),
) -> f32 {
    let body = |ui: &mut Ui, pen: &mut Pen| {
        let text = ui.scope(|ui| {
            pen.heading(ui, heading);
            for line in lines {
                pen.text(ui, line);
            }
        });
        reading_place(ui, pen, text.response.rect, lines.iter().copied());
    };
    dialog(ctx, pen, name, scroll, body, |ui, pen| {
        ui.horizontal_wrapped(|ui| buttons(ui, pen));
    })
}

/// Shows a dialog: a part that scrolls, and buttons that are always there.
pub(crate) fn dialog(
    ctx: &Context,
    pen: &mut Pen,
    name: &str,
    scroll: f32,
    body: impl FnOnce(&mut Ui, &mut Pen),
    buttons: impl FnOnce(&mut Ui, &mut Pen),
) -> f32 {
    let id = Id::unique("dialog");
    let area = Modal::default_area(id)
        .accessible_name(name)
        .role(Role::AlertDialog);
    let screen = ctx.content_rect().size();
    let frame = theme::dialog_frame(&pen.palette);
    let margin = frame.total_margin().sum();
    let room = (screen - margin - egui::vec2(16.0, 16.0)).max(egui::vec2(120.0, 80.0));
    let modal = Modal::new(id)
        .area(area)
        .frame(frame)
        .backdrop_color(pen.palette.veil);
    let shown = modal.show(ctx, |ui| {
        say_modal(ui);
        ui.set_width(room.x.min(620.0));
        // The buttons stay below what scrolls, unless they would leave no room for it.
        let kept: f32 = ui.data(|d| d.get_temp(id.with("buttons"))).unwrap_or(120.0);
        let is_roomy = kept < room.y * 0.45;
        let height = if is_roomy { room.y - kept } else { room.y };
        let mut buttons = Some(buttons);
        let mut used = kept;
        let mut foot = |ui: &mut Ui, pen: &mut Pen| {
            if let Some(buttons) = buttons.take() {
                let top = ui.cursor().top();
                ui.add_space(theme::GAP);
                buttons(ui, pen);
                said_ui(ui, pen);
                used = ui.cursor().top() - top;
            }
        };
        let output = ScrollArea::vertical()
            .id_salt("dialog-body")
            .max_height(height)
            .vertical_scroll_offset(scroll)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                body(ui, pen);
                if !is_roomy {
                    foot(ui, pen);
                }
            });
        foot(ui, pen);
        if (used - kept).abs() > 0.5 {
            ui.data_mut(|d| d.insert_temp(id.with("buttons"), used));
            ui.ctx().request_discard("the buttons have another height");
        }
        let most = (output.content_size.y - output.inner_rect.height()).max(0.0);
        output.state.clamped_offset().y.clamp(0.0, most)
    });
    shown.inner
}

/// What is behind the dialog cannot be reached: a screen reader is told so, and stays inside.
fn say_modal(ui: &Ui) {
    let stack = ui.stack();
    if let Some(area) = stack.iter().find(|s| s.kind() == Some(egui::UiKind::Modal)) {
        ui.ctx()
            .accesskit_node_builder(area.unique_id, egui::accesskit::Node::set_modal);
    }
}

/// What was said, for the eye: the labels that speak are below the dialog.
fn said_ui(ui: &mut Ui, pen: &Pen) {
    let text = pen.said.clone();
    let galley = ui
        .painter()
        .layout(text, theme::small(), pen.palette.text, ui.available_width());
    let line = ui.fonts_mut(|f| f.row_height(&theme::small()));
    let (_, rect) = ui.allocate_space(egui::vec2(galley.size().x, galley.size().y.max(line)));
    ui.painter().galley(rect.min, galley, pen.palette.text);
}
