//! The composer: sender, recipients, subject, text, attachments. The sentence and the button below them are in `foot`.

use egui::{
    Id, Response, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, accesskit::Role,
    text_edit::TextEditOutput, vec2,
};
use jiff::Timestamp;

use super::{
    aids,
    book::list_ui,
    chip::{ChipFace, chip},
    class::class_ui,
    command::Command,
    details::details_ui,
    kit::{self, Pen, Weight},
    look::Tone,
    message::Message,
    meter,
    outside::{beginning, is_large},
    place::{Place, Spot},
    rows::{Chip, part},
    state::State,
    theme::{self, GAP, TARGET},
};
use crate::mail::{Body, Kind};

/// The width of the labels in front of the fields, and of a window in which they stand above them instead.
const LABEL: f32 = 76.0;
const NARROW: f32 = 430.0;

/// Area 1: sender, recipients, subject.
pub(crate) fn head_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, now: Timestamp) {
    let label = pen.words.say("field-from");
    labelled(ui, pen, &label, |ui, pen| from_ui(ui, state, pen, &label));
    for kind in [Kind::To, Kind::Cc, Kind::Bcc] {
        if state.rows.row(kind).is_shown {
            row_ui(ui, state, pen, kind, now);
        }
    }
    if !(state.rows.row(Kind::Cc).is_shown && state.rows.row(Kind::Bcc).is_shown) {
        labelled(ui, pen, "", |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                for (kind, command) in [(Kind::Cc, Command::ShowCc), (Kind::Bcc, Command::ShowBcc)]
                {
                    if !state.rows.row(kind).is_shown {
                        pen.side_button(ui, &command);
                    }
                }
            });
        });
    }
    let label = pen.words.say("field-subject");
    labelled(ui, pen, &label, |ui, pen| {
        let output = pen.line_drawn(ui, &Place::Subject, &mut state.draft.subject, &label, "");
        aids::text_drawn(ui, pen, &mut state.aids, &Place::Subject, &output);
        let note = pen.words.say(if state.hides_subject() {
            "hint-subject-hidden"
        } else {
            "hint-subject"
        });
        pen.faint(ui, &note);
        class_ui(ui, state, pen);
    });
}

/// A label in front of its field; above it in a narrow window.
fn labelled(ui: &mut Ui, pen: &mut Pen, label: &str, content: impl FnOnce(&mut Ui, &mut Pen)) {
    if ui.available_width() < NARROW {
        if !label.is_empty() {
            pen.faint(ui, label);
        }
        content(ui, pen);
        return;
    }
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(
            vec2(LABEL, TARGET),
            egui::Layout::left_to_right(egui::Align::Center),
            |ui| {
                ui.set_min_size(vec2(LABEL, TARGET));
                if !label.is_empty() {
                    kit::label(ui, egui::RichText::new(label).color(pen.palette.faint));
                }
            },
        );
        ui.vertical(|ui| content(ui, pen));
    });
}

/// The sender. Arrows choose another one; a click opens the list.
fn from_ui(ui: &mut Ui, state: &State, pen: &mut Pen, label: &str) {
    if state.setup.senders.is_empty() {
        let none = pen.words.say("field-no-sender");
        pen.text(ui, &none);
        return;
    }
    let from = state.draft.from.to_string();
    let width = ui.available_width();
    let galley = ui.painter().layout(
        from.clone(),
        theme::body(),
        pen.palette.text,
        width - 9.0 - TARGET,
    );
    let (_, rect) = ui.allocate_space(vec2(width, (galley.size().y + 12.0).max(TARGET)));
    let response = ui.interact(rect, Place::From.id(), Sense::click());
    let painter = ui.painter().clone();
    painter.add(theme::field_frame(&pen.palette).paint(rect.shrink2(vec2(9.0, 7.0))));
    let at = rect.left_center() + vec2(9.0, -galley.size().y / 2.0);
    painter.galley(at, galley, pen.palette.text);
    if state.setup.senders.len() > 1 {
        let tip = rect.right_center() - vec2(16.0, -2.0);
        let stroke = egui::Stroke::new(1.5, pen.palette.faint);
        painter.line_segment([tip - vec2(5.0, 5.0), tip], stroke);
        painter.line_segment([tip, tip + vec2(5.0, -5.0)], stroke);
        egui::Popup::menu(&response).width(rect.width()).show(|ui| {
            for (index, sender) in state.setup.senders.iter().enumerate() {
                let text = sender.to_string();
                if ui
                    .selectable_label(*sender == state.draft.from, text)
                    .clicked()
                {
                    pen.out.push(Message::Sender(index));
                }
            }
        });
    }
    // AT-SPI has no value for a list that is drawn by hand: it belongs to the name, or nobody hears it.
    let name = format!("{label}: {from}");
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &name));
    pen.place(ui, Place::From, &response);
}

fn row_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, kind: Kind, now: Timestamp) {
    let label = pen.words.say(match kind {
        Kind::To => "field-to",
        Kind::Cc => "field-cc",
        Kind::Bcc => "field-bcc",
    });
    labelled(ui, pen, &label, |ui, pen| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let all = state.rows.row(kind).chips.len();
            let shown = shown_chips(state, kind);
            if shown.start > 0 {
                more_ui(
                    ui,
                    state,
                    pen,
                    kind,
                    shown.start - 1,
                    "row-before",
                    shown.start,
                );
            }
            for index in shown.clone() {
                recipient_ui(ui, state, pen, kind, index, now);
            }
            if shown.end < all {
                more_ui(
                    ui,
                    state,
                    pen,
                    kind,
                    shown.end,
                    "row-after",
                    all - shown.end,
                );
            }
            field_ui(ui, state, pen, kind, &label, now);
        });
        if let Some((of, key)) = state.details.clone()
            && of == kind
            && let Some(chip) = state.chip(kind, &key).cloned()
        {
            details_ui(ui, state, pen, &chip, now);
        }
        if kind == Kind::Bcc {
            let note = pen.words.say("hint-bcc");
            pen.faint(ui, &note);
        }
    });
}

/// Which chips of a row are shown: all, or the part where somebody is.
fn shown_chips(state: &State, kind: Kind) -> std::ops::Range<usize> {
    let row = state.rows.row(kind);
    match (state.selected(), &state.focus) {
        (Some((of, key)), _) if of == kind => row.part(Some(&key)),
        // What was typed last stands in front of the field.
        (_, Place::Field(of)) if *of == kind => part(row.chips.len(), usize::MAX),
        _ => row.part(None),
    }
}

/// How many chips are not shown; a click shows the next part of them. Keys walk there from chip to chip.
fn more_ui(
    ui: &mut Ui,
    state: &State,
    pen: &mut Pen,
    kind: Kind,
    next: usize,
    key: &str,
    count: usize,
) {
    let text = pen.words.with(key, &[("count", count.into())]);
    let chip = &state.rows.row(kind).chips[next];
    if pen.quiet(ui, Id::unique(("more", kind, key)), &text) {
        pen.out.push(Message::Focus(Place::Chip(kind, chip.key())));
    }
}

fn recipient_ui(
    ui: &mut Ui,
    state: &State,
    pen: &mut Pen,
    kind: Kind,
    index: usize,
    now: Timestamp,
) {
    let this: &Chip = &state.rows.row(kind).chips[index];
    let place = Place::Chip(kind, this.key());
    let look = state.look(this, now);
    let name = state.chip_name(kind, index, &look);
    let remove = pen
        .words
        .with("field-remove", &[("name", this.label().into())]);
    let new = this.mailbox().and_then(|m| state.new_words(&m.address));
    let word = match new {
        Some((new, _)) => format!("{} · {new}", look.word),
        None => look.word,
    };
    let face = ChipFace {
        tone: look.tone,
        shape: Some(look.shape),
        word: &word,
        label: this.label(),
        name: &name,
        remove: Some(&remove),
    };
    let drawn = chip(ui, pen, place.id(), &face);
    let sentence = look.sentence;
    ui.ctx()
        .accesskit_node_builder(place.id(), |node| node.set_description(sentence));
    if drawn.is_removed {
        pen.out.extend([
            Message::Focus(place.clone()),
            Message::Command(Command::Remove),
        ]);
    } else if drawn.response.clicked() {
        pen.out.extend([
            Message::Focus(place.clone()),
            Message::Command(Command::Details),
        ]);
    }
    pen.place(ui, place, &drawn.response);
}

fn field_ui(
    ui: &mut Ui,
    state: &mut State,
    pen: &mut Pen,
    kind: Kind,
    label: &str,
    now: Timestamp,
) {
    const LEAST: f32 = 160.0;
    if ui.available_size_before_wrap().x < LEAST {
        ui.end_row();
    }
    let row = state.rows.row_mut(kind);
    let is_first = kind == Kind::To && row.chips.is_empty();
    let hint = if is_first {
        pen.words.say("hint-recipients")
    } else {
        String::new()
    };
    let width = ui.available_size_before_wrap().x;
    let shown = ui.allocate_ui(vec2(width, TARGET), |ui| {
        pen.line(ui, &Place::Field(kind), &mut row.typed, label, &hint)
    });
    list_ui(ui, state, pen, kind, shown.inner.rect, now);
}

/// Area 2: the text, or what another program formatted with a line of the user's own above it.
pub(crate) fn text_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, height: f32) {
    let label = pen.words.say("field-text");
    let above = ui.cursor().top();
    aids::guard_ui(ui, state, pen);
    aids::panel_ui(ui, state, pen);
    let height = (height - (ui.cursor().top() - above)).max(60.0);
    let aids = &mut state.aids;
    match &mut state.draft.body {
        Body::Text(text) => {
            area_ui(ui, pen, &label, text, height, |ui, pen, output| {
                aids::text_drawn(ui, pen, aids, &Place::Body, output);
            });
        }
        Body::HandedOver { own, preview, .. } => {
            let top = ui.cursor().top();
            let note = pen.words.say("field-formatted");
            pen.faint(ui, &note);
            let own_label = pen.words.say("field-own");
            let output = pen.line_drawn(ui, &Place::Own, own, &own_label, &own_label);
            aids::text_drawn(ui, pen, aids, &Place::Own, &output);
            let left = height - (ui.cursor().top() - top);
            let is_open = std::mem::replace(&mut pen.is_open, false);
            area_ui(ui, pen, &label, preview, left.max(80.0), |_, _, _| {});
            pen.is_open = is_open;
        }
    }
}

/// `drawn` paints over the letters.
fn area_ui(
    ui: &mut Ui,
    pen: &mut Pen,
    label: &str,
    text: &mut String,
    height: f32,
    drawn: impl FnOnce(&Ui, &Pen, &TextEditOutput),
) {
    if is_large(text) {
        return beginning_ui(ui, pen, label, text, height);
    }
    let place = Place::Body;
    let frame = theme::field_frame(&pen.palette);
    let inside = height - frame.total_margin().sum().y;
    let mut response: Option<Response> = None;
    let outer = frame.show(ui, |ui| {
        ScrollArea::vertical()
            .id_salt("text")
            .max_height(inside)
            // As high wherever it is: inside another one that scrolls, it would shrink to what is in view.
            .min_scrolled_height(inside)
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let mut shown = text.as_str();
                let edit = if pen.is_open {
                    TextEdit::multiline(text)
                } else {
                    TextEdit::multiline(&mut shown)
                };
                let edit = edit
                    .id(place.id())
                    .event_filter(kit::FILTER)
                    .cursor_at_end(false)
                    .desired_width(f32::INFINITY)
                    .min_size(vec2(0.0, inside))
                    .frame(egui::Frame::NONE);
                let output = edit.show(ui);
                drawn(ui, pen, &output);
                response = Some(output.response.response.accessible_name(label));
            });
    });
    if let Some(response) = response {
        pen.noted(ui, &place, &response, &outer.response);
    }
}

/// The beginning of a text that is larger than anyone writes, to be read.
fn beginning_ui(ui: &mut Ui, pen: &mut Pen, label: &str, text: &str, height: f32) {
    let top = ui.cursor().top();
    let size = pen.words.size(text.len() as u64);
    let note = pen.words.with("field-large", &[("size", size.into())]);
    pen.text(ui, &note);
    let left = height - (ui.cursor().top() - top);
    let is_open = std::mem::replace(&mut pen.is_open, false);
    let mut part = beginning(text).to_owned();
    area_ui(ui, pen, label, &mut part, left.max(80.0), |_, _, _| {});
    pen.is_open = is_open;
}

/// Area 3: attachments, and how large the mail is when it is packed.
pub(crate) fn files_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    // Many files scroll, and leave room for the text.
    let most = (ui.ctx().content_rect().height() * 0.25).max(2.0 * TARGET);
    ScrollArea::vertical()
        .id_salt("files")
        .max_height(most)
        .auto_shrink([false, true])
        .show(ui, |ui| file_chips_ui(ui, state, pen));
}

/// The same where everything scrolls together.
pub(crate) fn file_chips_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let count = state.draft.attachments.len();
        if count > 0 {
            let title = pen.words.with("field-files", &[("count", count.into())]);
            pen.caption(ui, &title);
        }
        let files = &state.draft.attachments;
        let at = files
            .iter()
            .position(|f| matches!(&state.focus, Place::File(path) if *path == f.path));
        let shown = part(count, at.unwrap_or(0));
        if shown.start > 0 {
            let text = pen
                .words
                .with("row-before", &[("count", shown.start.into())]);
            if pen.quiet(ui, Id::unique("files before"), &text) {
                let path = files[shown.start - 1].path.clone();
                pen.out.push(Message::Focus(Place::File(path)));
            }
        }
        for file in &files[shown.clone()] {
            let place = Place::File(file.path.clone());
            let label = format!("{} {}", file.name, pen.words.size(file.size));
            let remove = pen
                .words
                .with("field-remove", &[("name", file.name.as_str().into())]);
            let face = ChipFace {
                tone: Tone::House,
                shape: None,
                word: "",
                label: &label,
                name: &label,
                remove: Some(&remove),
            };
            let drawn = chip(ui, pen, place.id(), &face);
            if drawn.is_removed {
                pen.out.extend([
                    Message::Focus(place.clone()),
                    Message::Command(Command::Remove),
                ]);
            } else if drawn.response.clicked() {
                pen.out.push(Message::Focus(place.clone()));
            }
            pen.place(ui, place, &drawn.response);
        }
        if shown.end < count {
            let text = pen
                .words
                .with("row-after", &[("count", (count - shown.end).into())]);
            if pen.quiet(ui, Id::unique("files after"), &text) {
                let path = files[shown.end].path.clone();
                pen.out.push(Message::Focus(Place::File(path)));
            }
        }
        if state.is_open() {
            pen.button(ui, Spot::Files, &Command::Attach, Weight::Plain);
        }
        ui.add_space(GAP);
        meter_ui(ui, state, pen);
    });
}

fn meter_ui(ui: &mut Ui, state: &State, pen: &Pen) {
    const WORTH_SAYING: u64 = 1_000_000;
    if state.draft.attachments.is_empty() && meter::packed(state) < WORTH_SAYING {
        return;
    }
    let is_over = meter::is_too_large(state);
    if is_over {
        pen.mark(ui, Tone::Red, super::look::Shape::Cross, 18.0);
    }
    let color = if is_over {
        pen.palette.text
    } else {
        pen.palette.faint
    };
    let text = egui::RichText::new(meter::meter(state)).font(theme::small());
    kit::label(ui, text.color(color));
}

/// Files are being dragged over the window.
pub(crate) fn drop_ui(ui: &Ui, state: &State, pen: &Pen) {
    let is_hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
    if !(state.setup.has_drop && is_hovering && state.is_open()) {
        return;
    }
    let rect = ui.ctx().content_rect();
    let painter = ui.ctx().layer_painter(egui::LayerId::new(
        egui::Order::Foreground,
        Id::unique("drop"),
    ));
    painter.rect_filled(rect, 0.0, pen.palette.veil);
    let text = if matches!(state.page, super::page::Page::Received(_)) {
        super::received::drop_text(&pen.words)
    } else {
        pen.words.say("field-drop")
    };
    let galley = painter.layout(text, theme::heading(), pen.palette.text, rect.width() * 0.8);
    let card = egui::Rect::from_center_size(rect.center(), galley.size() + vec2(48.0, 32.0));
    painter.rect_filled(card, theme::CORNER, pen.palette.sheet);
    painter.galley(
        card.center() - galley.size() / 2.0,
        galley,
        pen.palette.text,
    );
}
