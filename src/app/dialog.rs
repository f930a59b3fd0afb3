//! The one way to open a dialog. It has a name and the role of an alert, takes the focus on its first frame, holds it,
//! and scrolls where there is no room. What it ignores and where the focus goes afterwards is the state's.

use egui::{Context, Id, Modal, ScrollArea, Ui, accesskit::Role};

use super::{kit::Pen, theme};

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
    let area = Modal::default_area(id).accessible_name(name).role(Role::AlertDialog);
    let screen = ctx.content_rect().size();
    let frame = theme::dialog_frame(&pen.palette);
    let margin = frame.total_margin().sum();
    let room = (screen - margin - egui::vec2(16.0, 16.0)).max(egui::vec2(120.0, 80.0));
    let modal = Modal::new(id).area(area).frame(frame).backdrop_color(pen.palette.veil);
    let shown = modal.show(ctx, |ui| {
        ui.set_width(room.x.min(620.0));
        // The buttons keep their place below what scrolls.
        let kept: f32 = ui.data(|d| d.get_temp(id.with("buttons"))).unwrap_or(120.0);
        let height = (room.y - kept).max(60.0);
        let output = ScrollArea::vertical()
            .id_salt("dialog-body")
            .max_height(height)
            .vertical_scroll_offset(scroll)
            .auto_shrink([false, true])
            .show(ui, |ui| body(ui, pen));
        let top = ui.cursor().top();
        ui.add_space(theme::GAP);
        buttons(ui, pen);
        let used = ui.min_rect().bottom() - top;
        if (used - kept).abs() > 0.5 {
            ui.data_mut(|d| d.insert_temp(id.with("buttons"), used));
            ui.ctx().request_repaint();
        }
        let most = (output.content_size.y - output.inner_rect.height()).max(0.0);
        output.state.clamped_offset().y.clamp(0.0, most)
    });
    shown.inner
}
