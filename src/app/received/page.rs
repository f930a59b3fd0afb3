//! How a received mail looks: what it is worth, who sent it, what it says, its files, how it was protected.

use egui::{Context, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, accesskit::Role, vec2};

use super::{
    Act, Mail, Received, Spot, Stage, Unlock,
    run::{asked, file_name},
};
use crate::{
    app::{
        command::Command,
        dialog::dialog,
        foot::{live_ui, trouble_ui},
        kit::{self, Pen, Weight},
        look::{Shape, Tone},
        page::Page,
        place::{Place, Spot as Where},
        setup::Setup,
        signing_in::secret_ui,
        state::State,
        theme::{self, GAP},
        welcome::strips_ui,
    },
    words::Words,
};

/// Below this height the whole page scrolls.
const LOW: f32 = 340.0;
/// The width of a field's name, and of a page in which it stands above the field instead.
const NAME: f32 = 64.0;
const NARROW: f32 = 430.0;

/// Draws it.
pub(in crate::app) fn page_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen) {
    let Page::Received(shown) = &state.page else {
        return;
    };
    // Without a mail there is little to read, and its buttons stand right below it.
    let is_one = ui.available_height() < LOW || shown.mail().is_none();
    let kept = egui::Id::unique("received foot");
    let foot: f32 = ui.data(|d| d.get_temp(kept)).unwrap_or(90.0);
    let room = if is_one {
        ui.available_height()
    } else {
        (ui.available_height() - foot - GAP).max(80.0)
    };
    // As far as the last frame could be scrolled: past the end egui shows the beginning again.
    let end = egui::Id::unique("received end");
    let most: f32 = ui.data(|d| d.get_temp(end)).unwrap_or(0.0);
    let scrolled = ScrollArea::vertical()
        .id_salt("received")
        .max_height(room)
        .vertical_scroll_offset(state.reading.min(most))
        .auto_shrink([false, false])
        .show(ui, |ui| {
            // Room for the ring around what has the focus.
            egui::Frame::new().inner_margin(4).show(ui, |ui| {
                strips_ui(ui, state, pen);
                stage_ui(ui, &state.setup, shown, pen);
                if is_one {
                    ui.add_space(GAP);
                    foot_ui(ui, state, shown, pen);
                }
            });
        });
    if !is_one {
        ui.add_space(GAP);
        let begin = ui.cursor().top();
        foot_ui(ui, state, shown, pen);
        let used = ui.cursor().top() - begin;
        if (used - foot).abs() > 0.5 {
            ui.data_mut(|d| d.insert_temp(kept, used));
            ui.ctx().request_discard("the foot has another height");
        }
    }
    let most = (scrolled.content_size.y - scrolled.inner_rect.height()).max(0.0);
    ui.data_mut(|d| d.insert_temp(end, most));
    state.reading = scrolled.state.clamped_offset().y.clamp(0.0, most);
}

/// What is said while files are dragged over the window.
pub(in crate::app) fn drop_text(words: &Words) -> String {
    words.say("read-drop")
}

fn stage_ui(ui: &mut Ui, setup: &Setup, shown: &Received, pen: &mut Pen) {
    match &shown.stage {
        Stage::Empty => {
            pen.heading(ui, &pen.words.say("read-begin"));
            pen.text(ui, &pen.words.say("read-begin-text"));
            if setup.has_drop {
                pen.text(ui, &pen.words.say("read-begin-drop"));
            }
        }
        Stage::Opening => {
            let text = pen.words.say("read-opening");
            verdict_ui(ui, pen, Tone::House, Shape::Dots, &text, &[], &text);
        }
        Stage::Open(mail) => mail_ui(ui, mail, pen),
        Stage::Closed(closed) => {
            let trouble = &closed.trouble;
            let lines = [&trouble.happened, &trouble.means, &trouble.todo];
            let lines: Vec<String> = lines
                .into_iter()
                .filter(|l| !l.is_empty())
                .cloned()
                .collect();
            let title = pen.words.say("read-not-opened");
            let light = pen.words.say(Tone::Red.key());
            let name = format!("{light}: {title}. {}", lines.join(" "));
            verdict_ui(ui, pen, Tone::Red, Shape::Cross, &title, &lines, &name);
        }
    }
}

/// What the mail is worth, or why it is not open: the first thing that is read.
fn verdict_ui(
    ui: &mut Ui,
    pen: &mut Pen,
    tone: Tone,
    shape: Shape,
    verdict: &str,
    reasons: &[String],
    name: &str,
) {
    let color = pen.color(tone);
    let frame = theme::panel_frame(&pen.palette).stroke(egui::Stroke::new(2.0, color));
    let drawn = frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_top(|ui| {
            pen.mark(ui, tone, shape, 26.0);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                let text = egui::RichText::new(verdict).color(pen.palette.text);
                kit::label(ui, text.font(theme::heading()));
                for reason in reasons {
                    pen.text(ui, reason);
                }
            });
        });
    });
    read_ui(ui, pen, Spot::Verdict, drawn.response.rect, name);
}

/// A piece to read that takes the focus, and is read as a whole.
fn read_ui(ui: &mut Ui, pen: &mut Pen, spot: Spot, rect: egui::Rect, name: &str) {
    let place = Place::Received(spot);
    let response = ui.interact(rect, place.id(), Sense::focusable_noninteractive());
    response.widget_info(|| WidgetInfo::labeled(Role::Document, true, name));
    pen.place(ui, place, &response);
}

fn mail_ui(ui: &mut Ui, mail: &Mail, pen: &mut Pen) {
    let name = mail.spoken(&pen.words);
    verdict_ui(
        ui,
        pen,
        mail.tone,
        mail.shape,
        &mail.verdict,
        &mail.reasons,
        &name,
    );
    ui.add_space(GAP);
    head_ui(ui, mail, pen);
    ui.add_space(GAP);
    text_ui(ui, mail, pen);
    files_ui(ui, mail, pen);
    protection_ui(ui, mail, pen);
}

fn head_ui(ui: &mut Ui, mail: &Mail, pen: &mut Pen) {
    let mut said = vec![mail.subject.clone()];
    let drawn = ui.scope(|ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        pen.heading(ui, &mail.subject);
        for field in &mail.fields {
            let is_subject = field.text == mail.subject;
            if !is_subject && !field.text.is_empty() {
                field_ui(ui, &field.name, &field.text, pen);
                said.push(format!("{}: {}", field.name, field.text));
            }
            if !field.outside.is_empty() {
                pen.faint(ui, &field.outside);
                said.push(field.outside.clone());
            }
        }
        for line in &mail.head {
            pen.faint(ui, line);
            said.push(line.clone());
        }
    });
    read_ui(ui, pen, Spot::Head, drawn.response.rect, &said.join(". "));
}

/// A field with its name in front of it, or above it where there is no room.
fn field_ui(ui: &mut Ui, name: &str, text: &str, pen: &Pen) {
    if ui.available_width() < NARROW {
        pen.faint(ui, name);
        pen.text(ui, text);
        return;
    }
    ui.horizontal_top(|ui| {
        let left = ui.cursor().left();
        kit::label(ui, egui::RichText::new(name).color(pen.palette.faint));
        ui.add_space((left + NAME - ui.cursor().left()).max(0.0));
        pen.text(ui, text);
    });
}

/// The text: selected and copied as in any field, and not changed.
fn text_ui(ui: &mut Ui, mail: &Mail, pen: &mut Pen) {
    if mail.text.is_empty() {
        pen.faint(ui, &pen.words.say("read-no-text"));
        return;
    }
    let place = Place::Received(Spot::Text);
    let label = pen.words.say("field-text");
    let mut shown = mail.text.as_str();
    let outer = theme::field_frame(&pen.palette).show(ui, |ui| {
        let edit = TextEdit::multiline(&mut shown)
            .id(place.id())
            .event_filter(kit::FILTER)
            .cursor_at_end(false)
            .desired_rows(1)
            .desired_width(f32::INFINITY)
            .min_size(vec2(0.0, theme::TARGET))
            .frame(egui::Frame::NONE);
        ui.add(edit).accessible_name(label)
    });
    pen.noted(ui, &place, &outer.inner, &outer.response);
}

fn files_ui(ui: &mut Ui, mail: &Mail, pen: &mut Pen) {
    if mail.files.is_empty() {
        return;
    }
    ui.add_space(GAP);
    let count = ("count", mail.files.len().into());
    pen.heading(ui, &pen.words.with("read-files", &[count]));
    ui.horizontal_wrapped(|ui| {
        for (index, file) in mail.files.iter().enumerate() {
            let args = [
                ("name", file.label.as_str().into()),
                ("size", pen.words.size(file.size).into()),
            ];
            let text = pen.words.with("do-read-save-one", &args);
            let command = Command::Received(Act::SaveFile(index));
            pen.button_named(ui, Where::Page, &command, &text, Weight::Plain);
        }
    });
}

fn protection_ui(ui: &mut Ui, mail: &Mail, pen: &mut Pen) {
    if mail.protection.is_empty() {
        return;
    }
    ui.add_space(GAP);
    let title = pen.words.say("read-protection");
    let drawn = ui.scope(|ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        pen.heading(ui, &title);
        for line in &mail.protection {
            pen.faint(ui, line);
        }
    });
    let name = format!("{title}: {}", mail.protection.join(". "));
    read_ui(ui, pen, Spot::Protection, drawn.response.rect, &name);
}

fn foot_ui(ui: &mut Ui, state: &State, shown: &Received, pen: &mut Pen) {
    if let Some(trouble) = &state.trouble {
        trouble_ui(ui, pen, trouble);
    }
    ui.horizontal_wrapped(|ui| {
        for (index, command) in shown.commands().iter().enumerate() {
            let weight = match (&shown.stage, index) {
                (Stage::Empty | Stage::Closed(_), 0) => Weight::Main,
                _ => Weight::Plain,
            };
            pen.button(ui, Where::Page, command, weight);
        }
    });
    live_ui(ui, state, pen);
}

/// The question for a key file's password.
pub(in crate::app) fn unlock_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    unlock: &mut Unlock,
) -> f32 {
    let title = pen.words.say("read-key-title");
    let text = asked(&pen.words, &file_name(&unlock.path), unlock.is_again);
    dialog(
        ctx,
        pen,
        &format!("{title}. {text}"),
        scroll,
        |ui, pen| {
            pen.heading(ui, &title);
            pen.text(ui, &text);
            let label = pen.words.say("label-password");
            secret_ui(ui, pen, &Place::Password, &mut unlock.secret.0, &label);
        },
        |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                let back = pen.words.say("do-read-back");
                pen.button_named(ui, Where::Dialog, &Command::Back, &back, Weight::Plain);
                let unlock = Command::Received(Act::Unlock);
                pen.button(ui, Where::Dialog, &unlock, Weight::Main);
            });
        },
    )
}
