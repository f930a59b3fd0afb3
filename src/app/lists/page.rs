//! How the lists look: tabs, the table or why it is empty, a sent mail, and what can be done.

use egui::{
    Align2, CornerRadius, Rect, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, pos2,
    text::LayoutJob, vec2,
};
use jiff::Timestamp;

use super::{
    Act, Lists, Reading, Spot, Tab,
    grid::{headers_ui, table_ui},
    run::select_focused,
};
use crate::{
    app::{
        command::Command,
        foot::{live_ui, trouble_ui},
        kit::{Pen, Weight},
        message::Message,
        page::Page,
        place::{Place, Spot as Where},
        receipt::reading_place,
        state::State,
        theme::{self, GAP, TARGET},
        welcome::strips_ui,
    },
    words::visible,
};

/// Below this height the whole page scrolls.
const LOW: f32 = 340.0;

/// Draws it.
pub(in crate::app) fn page_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, now: Timestamp) {
    let Page::Lists(mut shown) = std::mem::take(&mut state.page) else {
        return;
    };
    // What waits stands in the table.
    let shelf = std::mem::take(&mut state.shelf);
    select_focused(&mut shown, &state.focus);
    if ui.available_height() < LOW {
        ScrollArea::vertical()
            .id_salt("lists")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                top_ui(ui, state, &shown, pen);
                middle_ui(ui, state, &mut shown, pen, now, 240.0);
                if let (true, Some(row)) = (pen.has_moved, shown.seen.take()) {
                    ui.scroll_to_rect(row, None);
                }
                bottom_ui(ui, state, &shown, pen, now);
            });
    } else {
        // As high as it was on the last pass.
        let kept = egui::Id::unique("lists foot");
        let foot: f32 = ui.data(|d| d.get_temp(kept)).unwrap_or(120.0);
        top_ui(ui, state, &shown, pen);
        let room = (ui.available_height() - foot - GAP).max(80.0);
        middle_ui(ui, state, &mut shown, pen, now, room);
        let begin = ui.cursor().top();
        bottom_ui(ui, state, &shown, pen, now);
        let used = ui.cursor().top() - begin;
        if (used - foot).abs() > 0.5 {
            ui.data_mut(|d| d.insert_temp(kept, used));
            ui.ctx().request_discard("the foot has another height");
        }
    }
    state.shelf = shelf;
    state.page = Page::Lists(shown);
}

fn top_ui(ui: &mut Ui, state: &State, shown: &Lists, pen: &mut Pen) {
    strips_ui(ui, state, pen);
    let group = ui.horizontal_wrapped(|ui| {
        for tab in Tab::ALL {
            tab_ui(ui, pen, tab, tab == shown.tab);
        }
    });
    let place = Place::Lists(Spot::Tabs);
    let response = ui.interact(
        group.response.rect,
        place.id(),
        Sense::focusable_noninteractive(),
    );
    let name = pen.words.say("lists-tabs");
    let current = pen.words.say(shown.tab.key());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TabList, true, format!("{name}: {current}"));
        info.current_text_value = Some(current.clone());
        info
    });
    pen.place(ui, place, &response);
}

/// A tab: chosen by a click, or with the arrows of the row.
fn tab_ui(ui: &mut Ui, pen: &mut Pen, tab: Tab, is_open: bool) {
    let text = pen.words.say(tab.key());
    let keys = Act::Show(tab).chord().map(|c| c.text(&pen.words));
    let mut job = LayoutJob::default();
    let format = |font, color| egui::TextFormat {
        font_id: font,
        color,
        valign: egui::Align::Center,
        ..Default::default()
    };
    job.append(&text, 0.0, format(theme::body(), pen.palette.text));
    let keys = keys.unwrap_or_default();
    job.append(&keys, 8.0, format(theme::small(), pen.palette.faint));
    let galley = ui.painter().layout_job(job);
    let size = (galley.size() + vec2(24.0, 12.0)).max(vec2(TARGET, TARGET));
    let (_, rect) = ui.allocate_space(size);
    let id = egui::Id::unique(("tab", tab));
    let response = ui.interact(rect, id, Sense::CLICK);
    let fill = match (is_open, response.hovered()) {
        (true, _) => pen.palette.sheet,
        (false, true) => pen.palette.hovered,
        (false, false) => pen.palette.ground,
    };
    let corner = CornerRadius::same(theme::CORNER);
    ui.painter().rect_filled(rect, corner, fill);
    if is_open {
        // Not by colour alone: the open tab has a bar below it.
        let bar = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 3.0), rect.max);
        ui.painter().rect_filled(bar, 0.0, pen.palette.ring);
    }
    let at = Align2::CENTER_CENTER
        .align_size_within_rect(galley.size(), rect)
        .min;
    ui.painter().galley(at, galley, pen.palette.text);
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_open, &text));
    if response.clicked() {
        pen.out
            .push(Message::Command(Command::Lists(Act::Show(tab))));
    }
}

fn middle_ui(
    ui: &mut Ui,
    state: &mut State,
    shown: &mut Lists,
    pen: &mut Pen,
    now: Timestamp,
    room: f32,
) {
    if let Some(reading) = &shown.reading {
        reading_ui(ui, state, reading, pen, room);
        return;
    }
    let begin = ui.cursor().top();
    if shown.tab == Tab::Log {
        pen.faint(ui, &pen.words.say("lists-log-hint"));
    }
    if shown.view().count() == 0 {
        empty_ui(ui, shown, pen);
        let used = ui.cursor().top() - begin;
        ui.add_space((room - used).max(0.0));
        return;
    }
    headers_ui(ui, shown.view(), pen);
    let used = ui.cursor().top() - begin;
    table_ui(ui, shown, pen, now, (room - used).max(TARGET * 2.0));
}

/// Why there is nothing, in words.
fn empty_ui(ui: &mut Ui, shown: &Lists, pen: &Pen) {
    let key = match (shown.view().is_loaded(), shown.view().has_nothing()) {
        (false, _) => "lists-loading",
        (true, false) => "lists-none-filtered",
        (true, true) => match shown.tab {
            Tab::Drafts => "lists-no-drafts",
            Tab::Outbox => "lists-no-outbox",
            Tab::Log => "lists-no-log",
        },
    };
    ui.add_space(GAP);
    pen.text(ui, &pen.words.say(key));
}

fn reading_ui(ui: &mut Ui, state: &mut State, reading: &Reading, pen: &mut Pen, room: f32) {
    let mail = &reading.mail;
    let words = pen.words.clone();
    let field = |key: &str, text: &str| {
        (!text.is_empty()).then(|| format!("{}: {}", words.say(key), visible(text)))
    };
    let files: Vec<String> = mail
        .files
        .iter()
        .map(|(name, size)| format!("{} ({})", visible(name), words.size(*size)))
        .collect();
    let mut lines: Vec<String> = [
        field("lists-mail-from", &mail.from),
        field("lists-mail-to", &mail.to),
        field("lists-mail-cc", &mail.cc),
        Some(format!(
            "{}: {}",
            words.say("lists-mail-date"),
            words.moment(mail.date.unwrap_or(reading.at))
        )),
        field("lists-mail-files", &files.join(", ")),
        Some(words.say("lists-mail-bcc")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let text = visible(&mail.text);
    let offset = state.reading;
    let sheet = theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let shown = ScrollArea::vertical()
            .id_salt("mail")
            .max_height((room - 24.0).max(60.0))
            .vertical_scroll_offset(offset.min(1e6))
            .auto_shrink([false, false])
            .show(ui, |ui| {
                pen.heading(ui, &visible(&mail.subject));
                for line in &lines {
                    pen.faint(ui, line);
                }
                ui.add_space(GAP);
                pen.text(ui, &text);
            });
        let most = (shown.content_size.y - shown.inner_rect.height()).max(0.0);
        state.reading = shown.state.clamped_offset().y.clamp(0.0, most);
    });
    lines.insert(0, mail.subject.clone());
    lines.push(text);
    reading_place(
        ui,
        pen,
        sheet.response.rect,
        lines.iter().map(String::as_str),
    );
}

fn bottom_ui(ui: &mut Ui, state: &State, shown: &Lists, pen: &mut Pen, now: Timestamp) {
    let view = shown.view();
    if shown.reading.is_none() && view.count() > 0 {
        // What does not fit into a cell stands here in full.
        let text = view.text(view.here(), &pen.words, now);
        pen.faint(ui, &text);
    }
    if let Some(trouble) = &state.trouble {
        trouble_ui(ui, pen, trouble);
    }
    ui.horizontal_wrapped(|ui| {
        for act in shown.acts() {
            let text = name(shown, &act, pen);
            let weight = match act {
                Act::Open => Weight::Main,
                _ => Weight::Plain,
            };
            pen.button_named(ui, Where::Page, &Command::Lists(act), &text, weight);
        }
    });
    live_ui(ui, state, pen);
}

/// What a button will do, in this tab and with this row.
fn name(shown: &Lists, act: &Act, pen: &Pen) -> String {
    let asks = shown
        .outbox
        .selected()
        .is_some_and(|r| r.waiting.needs_answer());
    let key = match (act, shown.tab) {
        (Act::Save, _) if shown.reading.is_some() => "do-save-to-case",
        (Act::Open, Tab::Outbox) if asks => "lists-do-answer",
        (Act::Open, Tab::Outbox) => "lists-do-send-now",
        (Act::Open, Tab::Log) => "lists-do-read",
        (Act::Filter, _) if shown.log.is_filtered() => "lists-do-all",
        _ => return Command::Lists(act.clone()).text(&pen.words),
    };
    pen.words.say(key)
}
