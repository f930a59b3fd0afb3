//! Drawing the settings: the search, the sections, and what the open one holds. One column where the window is narrow.

use egui::{ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use jiff::Timestamp;

use super::{
    super::{
        command::Command,
        foot::live_ui,
        kit::{Pen, Weight},
        message::Message,
        page::Page,
        place::{self, Place},
        state::State,
        theme::{self, TARGET},
    },
    Act, Control, Item, Section, Spot, page_commands,
    update::{THEMES, theme_key, value},
};

/// Below this width everything is one column.
const NARROW: f32 = 560.0;
/// Below this height everything scrolls together.
const LOW: f32 = 420.0;
/// The list of sections beside what they hold.
const LIST: f32 = 210.0;

/// Draws the page.
pub(in super::super) fn page_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, _now: Timestamp) {
    if let Page::Options(shown) = &mut state.page
        && shown.items.is_empty()
    {
        shown.items = super::items::all(shown, &state.words);
    }
    let size = ui.available_size();
    if size.x < NARROW || size.y < LOW {
        ScrollArea::vertical()
            .id_salt("settings")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                top_ui(ui, state, pen);
                sections_ui(ui, state, pen);
                items_ui(ui, state, pen);
                buttons_ui(ui, state, pen);
            });
        return;
    }
    top_ui(ui, state, pen);
    ui.add_space(theme::GAP);
    let kept = egui::Id::unique("settings foot");
    let foot: f32 = ui.data(|d| d.get_temp(kept)).unwrap_or(90.0);
    let height = (ui.available_height() - foot).max(120.0);
    ui.horizontal_top(|ui| {
        let column = egui::Layout::top_down(egui::Align::Min);
        ui.allocate_ui_with_layout(vec2(LIST, height), column, |ui| {
            ui.set_width(LIST);
            sections_ui(ui, state, pen);
        });
        ui.vertical(|ui| {
            ScrollArea::vertical()
                .id_salt("settings items")
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink([false, false])
                .show(ui, |ui| items_ui(ui, state, pen));
        });
    });
    let top = ui.cursor().top();
    buttons_ui(ui, state, pen);
    let used = ui.cursor().top() - top;
    if (used - foot).abs() > 0.5 {
        ui.data_mut(|d| d.insert_temp(kept, used));
        ui.ctx().request_discard("the buttons have another height");
    }
}

fn top_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen) {
    let title = pen.words.say("options-title");
    pen.heading(ui, &title);
    let label = pen.words.say("options-search");
    if let Page::Options(shown) = &mut state.page {
        let place = Place::Options(Spot::Search);
        pen.line(ui, &place, &mut shown.search, &label, &label);
    }
    certified_ui(ui, state, pen);
    if state.trouble.is_none() && state.notices.is_empty() {
        return;
    }
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        for notice in &state.notices {
            pen.text(ui, notice);
        }
        if let Some(trouble) = &state.trouble {
            pen.text(ui, &trouble.text());
        }
        pen.button(ui, place::Spot::Page, &Command::Dismiss, Weight::Plain);
    });
}

/// Who can get encrypted mail now, with a button to write to each.
pub(in super::super) fn certified_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    if state.certified.is_empty() {
        return;
    }
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        for mailbox in &state.certified {
            let name = [("name", mailbox.to_string().into())];
            pen.text(ui, &pen.words.with("tell-certified", &name));
        }
        ui.horizontal_wrapped(|ui| {
            for mailbox in &state.certified {
                act_ui(ui, pen, place::Spot::Strip, &Act::WriteTo(mailbox.clone()));
            }
            act_ui(ui, pen, place::Spot::Strip, &Act::HideNews);
        });
    });
}

fn act_ui(ui: &mut Ui, pen: &mut Pen, spot: place::Spot, act: &Act) {
    let command = Command::Options(act.clone());
    match (act.key(), act.about()) {
        (Some(key), Some((name, text))) => {
            let text = pen.words.with(key, &[(name, text.into())]);
            pen.button_named(ui, spot, &command, &text, Weight::Plain);
        }
        _ => {
            pen.button(ui, spot, &command, Weight::Plain);
        }
    }
}

/// The sections: one stop of Tab, arrows open the next.
fn sections_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    let Page::Options(shown) = &state.page else {
        return;
    };
    let is_searching = !shown.search.trim().is_empty();
    let list = ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for section in Section::ALL {
            let text = pen.words.say(section.key());
            let is_open = section == shown.section && !is_searching;
            let id = egui::Id::unique(("section", section));
            if choice_ui(ui, pen, "sections", id, &text, is_open, Role::Tab) {
                pen.out.extend([
                    Message::Focus(Place::Options(Spot::Sections)),
                    Message::Command(Command::Options(Act::Open(section))),
                ]);
            }
        }
    });
    let place = Place::Options(Spot::Sections);
    let name = pen.words.say("options-sections");
    let current = pen.words.say(shown.section.key());
    group_ui(
        ui,
        pen,
        place,
        list.response.rect,
        Role::TabList,
        &name,
        &current,
    );
}

/// A group whose parts arrows choose: the focus is the group's, and its value the chosen part.
fn group_ui(
    ui: &mut Ui,
    pen: &mut Pen,
    place: Place,
    rect: egui::Rect,
    role: Role,
    name: &str,
    value: &str,
) {
    let response = ui.interact(rect, place.id(), Sense::focusable_noninteractive());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(role, true, name);
        info.current_text_value = Some(value.to_owned());
        info
    });
    pen.place(ui, place, &response);
}

/// One of several that can be chosen. A dot and the role tell which is, not colour alone.
fn choice_ui(
    ui: &mut Ui,
    pen: &Pen,
    group: &str,
    id: egui::Id,
    text: &str,
    is_chosen: bool,
    role: Role,
) -> bool {
    let room = (ui.available_width() - 30.0).max(TARGET);
    let galley = ui
        .painter()
        .layout(text.to_owned(), theme::body(), pen.palette.text, room);
    let size = vec2(ui.available_width(), (galley.size().y + 10.0).max(TARGET));
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, id, Sense::CLICK);
    let painter = ui.painter();
    if is_chosen {
        painter.rect_filled(rect, theme::CORNER, pen.palette.selection);
    } else if response.hovered() {
        painter.rect_filled(rect, theme::CORNER, pen.palette.hovered);
    }
    let center = rect.left_center() + vec2(12.0, 0.0);
    painter.circle_stroke(center, 6.0, egui::Stroke::new(1.5, pen.palette.line));
    if is_chosen {
        painter.circle_filled(center, 3.5, pen.palette.text);
    }
    let at = rect.left_center() + vec2(26.0, -galley.size().y / 2.0);
    painter.galley(at, galley, pen.palette.text);
    response.widget_info(|| WidgetInfo::selected(role, true, is_chosen, text));
    if is_chosen {
        follow(ui, group, &response);
    }
    response.clicked()
}

/// Brings what arrows have just chosen into view: the focus, which is the group's, did not move.
fn follow(ui: &Ui, group: &str, chosen: &egui::Response) {
    let key = egui::Id::unique(("chosen", group));
    let last: Option<egui::Id> = ui.data(|d| d.get_temp(key));
    if last != Some(chosen.id) {
        ui.data_mut(|d| d.insert_temp(key, chosen.id));
        if last.is_some() {
            chosen.scroll_to_me(None);
        }
    }
}

fn items_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    let Page::Options(shown) = &state.page else {
        return;
    };
    let items: Vec<Item> = shown.visible().cloned().collect();
    let is_searching = !shown.search.trim().is_empty();
    if items.is_empty() {
        let text = [("text", shown.search.as_str().into())];
        pen.text(ui, &pen.words.with("options-none", &text));
    }
    let mut section = None;
    for item in &items {
        if section != Some(item.section) && (is_searching || section.is_none()) {
            section = Some(item.section);
            let title = pen.words.say(item.section.key());
            pen.heading(ui, &title);
        }
        match item.control {
            Some(control) => control_ui(ui, state, pen, item, control),
            None => item_ui(ui, pen, item),
        }
    }
}

/// A line to read: one stop of Tab for all of them, arrows go from one to the next.
fn item_ui(ui: &mut Ui, pen: &mut Pen, item: &Item) {
    let drawn = theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        let Some((tone, shape)) = item.mark else {
            return words_ui(ui, pen, item);
        };
        ui.horizontal_top(|ui| {
            pen.mark(ui, tone, shape, 20.0);
            ui.vertical(|ui| words_ui(ui, pen, item));
        });
    });
    let place = item.place();
    let response = ui.interact(drawn.response.rect, place.id(), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, item.read()));
    if response.clicked() {
        pen.out.push(Message::Focus(place.clone()));
    }
    pen.place(ui, place, &response);
    if !item.acts.is_empty() {
        ui.horizontal_wrapped(|ui| {
            for act in &item.acts {
                act_ui(ui, pen, place::Spot::Page, act);
            }
        });
    }
}

fn words_ui(ui: &mut Ui, pen: &Pen, item: &Item) {
    let title = crate::words::visible(&item.title);
    ui.label(egui::RichText::new(title).color(pen.palette.text).strong());
    if !item.text.is_empty() {
        pen.faint(ui, &item.text);
    }
}

fn control_ui(ui: &mut Ui, state: &State, pen: &mut Pen, item: &Item, control: Control) {
    let place = Place::Options(Spot::Control(control));
    let drawn = theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.label(
            egui::RichText::new(&item.title)
                .color(pen.palette.text)
                .strong(),
        );
        if !item.text.is_empty() {
            pen.faint(ui, &item.text);
        }
        match control {
            Control::Theme => themes_ui(ui, state, pen, &place),
            Control::Size => size_ui(ui, state, pen),
            Control::Receipts => {
                let options = [("options-off", false), ("options-on", true)];
                for (key, keeps) in options {
                    let text = pen.words.say(key);
                    let id = egui::Id::unique(("receipts", keeps));
                    let is_chosen = state.setup.keep_receipts == keeps;
                    if choice_ui(ui, pen, "receipts", id, &text, is_chosen, Role::RadioButton)
                        && !is_chosen
                    {
                        pen.out.push(Message::Focus(place.clone()));
                        pen.out
                            .push(Message::Command(Command::Options(Act::KeepReceipts)));
                    }
                }
            }
        }
    });
    let current = value(state, control);
    let name = if item.text.is_empty() {
        item.title.clone()
    } else {
        format!("{}. {}", item.title, item.text)
    };
    let role = match control {
        Control::Size => Role::SpinButton,
        Control::Theme | Control::Receipts => Role::RadioGroup,
    };
    group_ui(ui, pen, place, drawn.response.rect, role, &name, &current);
}

fn themes_ui(ui: &mut Ui, state: &State, pen: &mut Pen, place: &Place) {
    for theme in THEMES {
        let text = pen.words.say(theme_key(theme));
        let id = egui::Id::unique(("theme", theme));
        let is_chosen = state.setup.theme == theme;
        if choice_ui(ui, pen, "theme", id, &text, is_chosen, Role::RadioButton) {
            pen.out.push(Message::Focus(place.clone()));
            pen.out
                .push(Message::Command(Command::Options(Act::Theme(theme))));
        }
    }
}

fn size_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    ui.horizontal_wrapped(|ui| {
        pen.caption(ui, &value(state, Control::Size));
        for command in [Command::ZoomOut, Command::ZoomIn, Command::ZoomReset] {
            pen.side_button(ui, &command);
        }
    });
}

fn buttons_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    ui.add_space(theme::GAP);
    ui.horizontal_wrapped(|ui| {
        for command in page_commands() {
            pen.button(ui, place::Spot::Page, &command, Weight::Plain);
        }
    });
    live_ui(ui, state, pen);
}
