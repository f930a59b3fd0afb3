//! The window's own widgets: buttons, chips, fields, rings. Each has a name, a target of at least 32 points, and a
//! focus ring of two tones; none is disabled.

use std::sync::Arc;

use egui::{
    Align2, Color32, CornerRadius, EventFilter, FontId, Id, Rect, Response, Sense, Stroke,
    StrokeKind, TextEdit, Ui, Vec2, WidgetInfo, accesskit::Role, text_edit::TextEditOutput, vec2,
};

use super::shapes::draw_shape;
use super::{
    command::Command,
    look::{Shape, Tone},
    message::Message,
    place::{Place, Spot},
    theme::{self, CORNER, Palette, RING, TARGET},
};
use crate::words::Words;

/// What drawing needs everywhere, and what comes of it.
pub(crate) struct Pen {
    pub(crate) palette: Palette,
    pub(crate) words: Arc<Words>,
    /// Where the focus is.
    pub(crate) focus: Place,
    /// Whether the focus was moved by a command: it is brought into view.
    pub(crate) has_moved: bool,
    /// What the user did.
    pub(crate) out: Vec<Message>,
    /// Every place that was drawn.
    pub(crate) drawn: Vec<Place>,
    /// Whether the mail can be changed.
    pub(crate) is_open: bool,
    /// What was said last.
    pub(crate) said: String,
    /// A dialog is shown for the first time: it begins at its heading, wherever the focus is.
    pub(crate) is_new_dialog: bool,
    /// The upper edge of the first place of this pass: what scrolls with it moves as it does.
    pub(crate) top: Option<f32>,
    /// How far below it the focus was drawn: on the last pass, and from then on in this one.
    pub(crate) depth: Option<f32>,
}

/// How much a button presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The one that the screen is for.
    Main,
    /// Any other.
    Plain,
    /// Text only.
    Quiet,
}

impl Pen {
    /// Notes a place that takes the focus, and draws its ring.
    pub(crate) fn place(&mut self, ui: &Ui, place: Place, response: &Response) {
        let top = *self.top.get_or_insert(response.rect.top());
        if place == self.focus {
            ring(ui, &self.palette, response.rect);
            let depth = response.rect.top() - top;
            // One recipient more, or a longer word on one, pushes the field down under whoever types in it.
            // So does a line that breaks once a page has got its scroll bar.
            // What scrolls in a part of its own is left where somebody scrolled it to.
            let is_pushable = matches!(
                place,
                Place::Field(_)
                    | Place::Chip(..)
                    | Place::Subject
                    | Place::Aid(_)
                    | Place::Assistant(_)
                    | Place::Button(Spot::Welcome | Spot::Aids, _)
                    | Place::Button(_, Command::Assistant(_))
            );
            let is_scrolled =
                ui.input(|i| i.smooth_scroll_delta() != Vec2::ZERO || i.pointer.any_down());
            let is_elsewhere = self.depth.is_some_and(|d| (d - depth).abs() > 0.5);
            self.has_moved |= is_pushable && is_elsewhere && !is_scrolled;
            self.depth = Some(depth);
            if self.has_moved && !self.is_new_dialog {
                response.scroll_to_me(None);
            }
        }
        self.drawn.push(place);
    }

    /// A button for a command, with its keys.
    pub(crate) fn button(
        &mut self,
        ui: &mut Ui,
        spot: Spot,
        command: &Command,
        weight: Weight,
    ) -> Response {
        let text = command.text(&self.words);
        self.button_named(ui, spot, command, &text, weight)
    }

    /// A button for a command, with a text of its own.
    pub(crate) fn button_named(
        &mut self,
        ui: &mut Ui,
        spot: Spot,
        command: &Command,
        text: &str,
        weight: Weight,
    ) -> Response {
        let place = Place::Button(spot, command.clone());
        // Digits are keys of the first window only.
        let is_digit = matches!(command, Command::Demo | Command::OpenSettings);
        let chord = command
            .chord()
            .filter(|_| !is_digit || spot == Spot::Welcome);
        let keys = chord.map(|c| c.text(&self.words));
        let response = button(
            ui,
            &self.palette,
            place.id(),
            Sense::click(),
            text,
            keys.as_deref(),
            weight,
        );
        if response.clicked() {
            self.out.extend([
                Message::Focus(place.clone()),
                Message::Command(command.clone()),
            ]);
        }
        self.place(ui, place, &response);
        response
    }

    /// A button that is no stop of Tab, because its keys are shown on it.
    pub(crate) fn side_button(&mut self, ui: &mut Ui, command: &Command) {
        let text = command.text(&self.words);
        let keys = command.chord().map(|c| c.text(&self.words));
        let id = Id::unique(("side", command));
        let response = button(
            ui,
            &self.palette,
            id,
            Sense::CLICK,
            &text,
            keys.as_deref(),
            Weight::Quiet,
        );
        if response.clicked() {
            self.out.push(Message::Command(command.clone()));
        }
    }

    /// A button for the pointer, that is no stop of Tab. Whether it was clicked.
    pub(crate) fn quiet(&self, ui: &mut Ui, id: Id, text: &str) -> bool {
        button(
            ui,
            &self.palette,
            id,
            Sense::CLICK,
            text,
            None,
            Weight::Quiet,
        )
        .clicked()
    }

    /// A text of one line. The label names it for a screen reader. While the mail is on its way it can be read and not
    /// changed.
    pub(crate) fn line(
        &mut self,
        ui: &mut Ui,
        place: &Place,
        text: &mut String,
        label: &str,
        hint: &str,
    ) -> Response {
        self.line_drawn(ui, place, text, label, hint)
            .response
            .response
    }

    /// The same, with where its letters came to stand.
    pub(crate) fn line_drawn(
        &mut self,
        ui: &mut Ui,
        place: &Place,
        text: &mut String,
        label: &str,
        hint: &str,
    ) -> TextEditOutput {
        let mut shown = text.as_str();
        let is_own = matches!(place, Place::ReasonText | Place::Search | Place::Options(_));
        let is_open = self.is_open || is_own;
        let edit = if is_open {
            TextEdit::singleline(text)
        } else {
            TextEdit::singleline(&mut shown)
        };
        let edit = edit
            .return_key(None)
            .hint_text(hint.to_owned())
            .id(place.id())
            .event_filter(FILTER)
            .desired_width(f32::INFINITY)
            .min_size(vec2(0.0, TARGET))
            .frame(theme::field_frame(&self.palette));
        let mut output = edit.show(ui);
        output.response.response = output.response.response.accessible_name(label);
        let response = output.response.response.clone();
        self.noted(ui, place, &response, &response);
        output
    }

    /// Notes what was done in a text field, and draws its ring around `outer`.
    pub(crate) fn noted(&mut self, ui: &Ui, place: &Place, response: &Response, outer: &Response) {
        if response.changed() {
            self.out.push(Message::Edited(place.clone()));
        }
        self.place(ui, place.clone(), outer);
    }

    /// A paragraph.
    pub(crate) fn text(&self, ui: &mut Ui, text: &str) {
        label(ui, egui::RichText::new(text).color(self.palette.text));
    }

    /// A paragraph of less weight.
    pub(crate) fn faint(&self, ui: &mut Ui, text: &str) {
        let text = egui::RichText::new(text).font(theme::small());
        label(ui, text.color(self.palette.faint));
    }

    /// A word in front of chips and buttons, as high as they are.
    pub(crate) fn caption(&self, ui: &mut Ui, text: &str) {
        let galley =
            ui.painter()
                .layout_no_wrap(text.to_owned(), theme::body(), self.palette.faint);
        let (_, rect) = ui.allocate_space(vec2(galley.size().x, TARGET));
        ui.put(
            rect,
            egui::Label::new(egui::RichText::new(text).color(self.palette.faint)),
        );
    }

    /// A heading.
    pub(crate) fn heading(&self, ui: &mut Ui, text: &str) {
        let rich = egui::RichText::new(text).font(theme::heading());
        let response = label(ui, rich.color(self.palette.text));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(Role::Heading);
            node.set_label(text);
        });
    }

    /// A shape beside paragraphs that belong to it.
    pub(crate) fn entry(
        &self,
        ui: &mut Ui,
        tone: Tone,
        shape: Shape,
        content: impl FnOnce(&mut Ui, &Self),
    ) {
        ui.add_space(4.0);
        ui.horizontal_top(|ui| {
            self.mark(ui, tone, shape, 20.0);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                content(ui, self);
            });
        });
    }

    /// A shape beside a text.
    pub(crate) fn mark(&self, ui: &mut Ui, tone: Tone, shape: Shape, size: f32) {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(size), Sense::empty());
        let color = self.color(tone);
        draw_shape(ui.painter(), rect, shape, color, self.palette.ground);
    }

    /// The colour of a light: of borders and shapes, never of text.
    pub(crate) fn color(&self, tone: Tone) -> Color32 {
        match tone {
            Tone::Green => self.palette.green,
            Tone::Red => self.palette.red,
            Tone::Checking | Tone::House => self.palette.grey,
        }
    }
}

/// A text that can be marked and copied. It is not offered as something to press: a screen reader would call every
/// sentence clickable.
pub(crate) fn label(ui: &mut Ui, text: egui::RichText) -> Response {
    let response = ui.label(text);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.remove_action(egui::accesskit::Action::Click);
    });
    response
}

/// Esc does not take the focus from a text, arrows move in it, and Tab leaves it.
pub(crate) const FILTER: EventFilter = EventFilter {
    tab: false,
    horizontal_arrows: true,
    vertical_arrows: true,
    escape: true,
};

/// Draws a button and says what it is. The text wraps where there is no room.
fn button(
    ui: &mut Ui,
    palette: &Palette,
    id: Id,
    sense: Sense,
    text: &str,
    keys: Option<&str>,
    weight: Weight,
) -> Response {
    let padding = vec2(if weight == Weight::Quiet { 6.0 } else { 12.0 }, 6.0);
    let room = (ui.available_width() - 2.0 * padding.x).max(TARGET);
    let (fill, color) = match weight {
        Weight::Main => (palette.primary, palette.on_primary),
        Weight::Plain => (palette.raised, palette.text),
        Weight::Quiet => (theme::NONE, palette.text),
    };
    let mut job = egui::text::LayoutJob::default();
    let format = |font: FontId, color| egui::TextFormat {
        font_id: font,
        color,
        valign: egui::Align::Center,
        ..Default::default()
    };
    job.append(text, 0.0, format(theme::body(), color));
    if let Some(keys) = keys {
        let faint = if weight == Weight::Main {
            palette.on_primary
        } else {
            palette.faint
        };
        // The keys stand on one line.
        let keys = keys.replace(' ', "\u{a0}");
        job.append(&keys, 10.0, format(theme::small(), faint));
    }
    job.wrap.max_width = room;
    let galley = ui.painter().layout_job(job);
    let size = (galley.size() + 2.0 * padding).max(Vec2::splat(TARGET));
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, id, sense);
    let fill = if response.hovered() && weight != Weight::Main {
        palette.hovered
    } else {
        fill
    };
    let stroke = if weight == Weight::Quiet {
        Stroke::NONE
    } else {
        Stroke::new(1.0, palette.line)
    };
    ui.painter().rect(
        rect,
        CornerRadius::same(CORNER),
        fill,
        stroke,
        StrokeKind::Inside,
    );
    let at = Align2::CENTER_CENTER
        .align_size_within_rect(galley.size(), rect)
        .min;
    ui.painter().galley(at, galley, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    if let Some(keys) = keys {
        ui.ctx()
            .accesskit_node_builder(id, |node| node.set_keyboard_shortcut(keys));
    }
    response
}

/// The focus ring: an outer and an inner tone, so that one of them is seen on any ground.
pub(crate) fn ring(ui: &Ui, palette: &Palette, rect: Rect) {
    let painter = ui.painter();
    let corner = CornerRadius::same(CORNER);
    painter.rect_stroke(
        rect,
        corner,
        Stroke::new(RING * 2.0 / 3.0, palette.ring),
        StrokeKind::Outside,
    );
    painter.rect_stroke(
        rect,
        corner,
        Stroke::new(RING / 3.0, palette.ring_inner),
        StrokeKind::Inside,
    );
}
