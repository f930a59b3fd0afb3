//! The suggestions for a word, above the text, and the list of templates. What they do is decided elsewhere.

use egui::{Align, Context, Id, Rect, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, vec2};

use super::{
    Act, Spot,
    spelling::{Panel, Spelling},
    templates::{Choice, Found, Why, commands, row},
};
use crate::{
    app::{
        command::Command,
        dialog::dialog,
        kit::{Pen, Weight},
        message::Message,
        place::{self, Place},
        state::State,
        theme::{self, TARGET},
    },
    spelling::Language,
    words::Words,
};

/// The commands beside the suggestions.
pub(in crate::app) fn panel_commands(spelling: &Spelling) -> Vec<Command> {
    let mut acts = Vec::new();
    if spelling.panel.as_ref().is_some_and(|p| p.at.is_some()) {
        acts.extend([Act::NextWord, Act::Ignore, Act::AddWord]);
    }
    let languages = [Some(Language::Danish), Some(Language::English), None];
    let others = languages
        .into_iter()
        .filter(|l| *l != spelling.language())
        .map(Act::Speak);
    acts.extend(others);
    acts.extend([Act::SpellingOff, Act::CloseSpelling]);
    acts.into_iter().map(Command::Aid).collect()
}

/// The suggestions for the word that is shown.
pub(in crate::app) fn panel_ui(ui: &mut Ui, state: &State, pen: &mut Pen) {
    let spelling = &state.aids.spelling;
    let Some(panel) = &spelling.panel else {
        return;
    };
    let sentence = match &panel.at {
        None => pen.words.say("spell-checking"),
        Some(at) => {
            let args = [
                ("number", at.number.into()),
                ("all", at.all.into()),
                ("word", at.word.as_str().into()),
            ];
            pen.words.with("spell-word", &args)
        }
    };
    let frame = theme::panel_frame(&pen.palette);
    let screen = ui.ctx().content_rect().height();
    // The text is what all this is about: in a small window the rest of the panel scrolls.
    let most = (screen / 3.0 - frame.total_margin().sum().y).max(TARGET + 16.0);
    let drawn = frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ScrollArea::vertical()
            .id_salt("spelling")
            .max_height(most)
            // As high wherever it is, also inside another one that scrolls.
            .min_scrolled_height(most)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    pen.text(ui, &sentence);
                    if let Some(at) = &panel.at {
                        let key = match at.mark.language {
                            Language::Danish => "spell-danish",
                            Language::English => "spell-english",
                        };
                        let language = pen.words.say(key);
                        pen.faint(ui, &language);
                    }
                });
                suggestions_ui(ui, pen, spelling, panel.chosen, &sentence);
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    for command in panel_commands(spelling) {
                        pen.button(ui, place::Spot::Aids, &command, Weight::Quiet);
                    }
                });
            });
    });
    let is_here = match &pen.focus {
        Place::Aid(Spot::Suggestions) => true,
        Place::Button(place::Spot::Aids, command) => panel_commands(spelling).contains(command),
        _ => false,
    };
    if is_here && (pen.has_moved || state.aids.reveal.is_some()) {
        ui.scroll_to_rect(with_word(drawn.response.rect, panel, screen), None);
    }
}

/// The panel together with where its word stands: the subject is above it, the text below.
fn with_word(panel: Rect, shown: &Panel, screen: f32) -> Rect {
    let room = (screen - panel.height() - 40.0).clamp(0.0, 80.0);
    match &shown.at {
        Some(at) if at.place == Place::Subject => panel.with_min_y(panel.top() - room),
        _ => panel.with_max_y(panel.bottom() + room),
    }
}

/// One stop of Tab; arrows choose, Enter takes.
fn suggestions_ui(ui: &mut Ui, pen: &mut Pen, spelling: &Spelling, chosen: usize, sentence: &str) {
    let found = spelling.suggested();
    let is_shown = spelling.panel.as_ref().is_some_and(|p| p.at.is_some());
    let note = match found {
        Some([]) => pen.words.say("spell-no-suggestion"),
        None if is_shown => pen.words.say("spell-looking"),
        _ => String::new(),
    };
    let list = ui.scope(|ui| {
        ui.set_min_size(vec2(ui.available_width(), TARGET));
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            for (index, word) in found.unwrap_or_default().iter().enumerate() {
                if option_ui(ui, pen, ("suggestion", index), word, index == chosen, false) {
                    pen.out
                        .push(Message::Command(Command::Aid(Act::Pick(index))));
                }
            }
            if !note.is_empty() {
                pen.text(ui, &note);
            }
        });
    });
    let place = Place::Aid(Spot::Suggestions);
    let sense = Sense::focusable_noninteractive();
    let response = ui.interact(list.response.rect, place.id(), sense);
    let current = found.and_then(|f| f.get(chosen)).cloned();
    let current = current.unwrap_or(note);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ListBox, true, sentence);
        info.current_text_value = Some(current.clone());
        info
    });
    pen.place(ui, place, &response);
}

/// On both sides of a text in a list: room for the mark of what is chosen.
const SIDE: f32 = 15.0;

/// One of a list: chosen is a frame and a mark, not only a colour. Whether it was clicked.
fn option_ui(
    ui: &mut Ui,
    pen: &Pen,
    id: (&str, usize),
    text: &str,
    is_chosen: bool,
    is_wide: bool,
) -> bool {
    let room = (ui.available_width() - 2.0 * SIDE).max(TARGET);
    let galley = ui
        .painter()
        .layout(text.to_owned(), theme::body(), pen.palette.text, room);
    let mut size = (galley.size() + vec2(2.0 * SIDE, 10.0)).max(vec2(TARGET, TARGET));
    if is_wide {
        size.x = ui.available_width();
    }
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, Id::unique(id), Sense::CLICK);
    let fill = if response.hovered() || is_chosen {
        pen.palette.hovered
    } else {
        theme::NONE
    };
    let width = if is_chosen { 2.0 } else { 1.0 };
    let line = if is_chosen {
        pen.palette.text
    } else {
        pen.palette.line
    };
    ui.painter().rect(
        rect.shrink(1.0),
        theme::CORNER,
        fill,
        egui::Stroke::new(width, line),
        egui::StrokeKind::Inside,
    );
    if is_chosen {
        let tip = rect.left_center() + vec2(SIDE - 4.0, 0.0);
        let corners = vec![tip, tip - vec2(6.0, 5.0), tip - vec2(6.0, -5.0)];
        let arrow = egui::Shape::convex_polygon(corners, pen.palette.text, egui::Stroke::NONE);
        ui.painter().add(arrow);
    }
    let at = rect.left_center() + vec2(SIDE, -galley.size().y / 2.0);
    ui.painter().galley(at, galley, pen.palette.text);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, text));
    response.clicked()
}

/// The list of templates: a field to search in, the list, and what the chosen one says.
pub(in crate::app) fn templates_ui(
    ctx: &Context,
    pen: &mut Pen,
    scroll: f32,
    choice: &mut Choice,
) -> f32 {
    let name = pen.words.say("template-title");
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            pen.heading(ui, &name);
            let label = pen.words.say("template-search");
            let place = Place::Aid(Spot::Search);
            pen.line(ui, &place, &mut choice.search, &label, &label);
            match &choice.found {
                None => {
                    let reading = pen.words.say("template-reading");
                    pen.text(ui, &reading);
                }
                Some(found) => {
                    rows_ui(ui, pen, choice);
                    notes_ui(ui, pen, found);
                }
            }
        },
        |ui, pen| {
            ui.horizontal_wrapped(|ui| {
                for command in commands() {
                    let weight = match command {
                        Command::Back => Weight::Plain,
                        _ => Weight::Main,
                    };
                    let text = match command {
                        Command::Back => pen.words.say("do-close"),
                        _ => pen.words.say("template-insert"),
                    };
                    pen.button_named(ui, place::Spot::Dialog, &command, &text, weight);
                }
            });
        },
    )
}

fn rows_ui(ui: &mut Ui, pen: &mut Pen, choice: &Choice) {
    const LIST: f32 = 170.0;
    let matching = choice.matching();
    if matching.is_empty() {
        let none = pen.words.say("template-no-match");
        return pen.text(ui, &none);
    }
    let shown = Id::unique("chosen template");
    let has_moved = ui.data(|d| d.get_temp(shown)) != Some(choice.chosen);
    ui.data_mut(|d| d.insert_temp(shown, choice.chosen));
    ScrollArea::vertical()
        .id_salt("templates")
        .max_height(LIST)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for (index, template) in matching.iter().enumerate() {
                let text = row(&pen.words, template);
                let is_chosen = index == choice.chosen;
                let top = ui.cursor().top();
                if option_ui(ui, pen, ("template", index), &text, is_chosen, true) {
                    pen.out
                        .push(Message::Command(Command::Aid(Act::Pick(index))));
                }
                if is_chosen && has_moved {
                    let left = ui.min_rect().left();
                    let rect = egui::Rect::from_min_max(
                        egui::pos2(left, top),
                        egui::pos2(left + 1.0, ui.cursor().top()),
                    );
                    ui.scroll_to_rect(rect, Some(Align::Center));
                }
            }
        });
    if let Some(chosen) = choice.chosen() {
        ui.add_space(theme::GAP / 2.0);
        if let Some(subject) = &chosen.subject {
            let subject = pen
                .words
                .with("template-subject", &[("subject", subject.as_str().into())]);
            pen.text(ui, &subject);
        }
        let text = crate::words::visible(&chosen.text);
        pen.text(ui, &text);
    }
}

fn notes_ui(ui: &mut Ui, pen: &Pen, found: &Found) {
    for skipped in &found.skipped {
        let text = skipped_text(&pen.words, skipped.why, &skipped.name);
        pen.text(ui, &text);
    }
    let own = pen.words.with(
        "template-folder",
        &[("folder", found.folder.as_str().into())],
    );
    pen.faint(ui, &own);
}

fn skipped_text(words: &Words, why: Why, name: &str) -> String {
    let key = match why {
        Why::Unreadable => "template-unreadable",
        Why::TooLarge => "template-too-large",
        Why::NotText => "template-not-text",
        Why::NoFolder => "template-no-folder",
    };
    words.with(key, &[("name", name.into())])
}
