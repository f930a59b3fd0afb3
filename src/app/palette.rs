//! All commands that make sense now, to be searched and run: Ctrl+Shift+P. What sends is listed with its keys and is run
//! by them only: Enter never sends, here neither.

use egui::{Context, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use jiff::Timestamp;

use super::{
    aids, class,
    command::Command,
    dialog::dialog,
    keys,
    kit::{Pen, Weight},
    message::{Job, Message},
    moving,
    place::{Place, Spot},
    state::{Ask, State},
    theme::{self, TARGET},
    update,
};
use crate::words::Words;

/// What is open.
#[derive(Debug)]
pub struct Palette {
    /// What is searched for.
    pub search: String,
    /// Everything that can be run.
    commands: Vec<Command>,
    /// What stands on each, and its keys.
    texts: Vec<(String, String)>,
    /// The row that Enter in the field runs.
    chosen: usize,
}

impl Palette {
    fn of(commands: Vec<Command>, words: &Words) -> Self {
        let text = |command: &Command| {
            let keys = command.chord().map(|c| c.text(words));
            (command.text(words), keys.unwrap_or_default())
        };
        let mut rows: Vec<_> = commands.into_iter().map(|c| (text(&c), c)).collect();
        rows.retain(|((text, _), _)| !text.is_empty());
        let (texts, commands) = rows.into_iter().unzip();
        Self {
            search: String::new(),
            commands,
            texts,
            chosen: 0,
        }
    }

    /// The rows that match: every word typed is in the text or the keys.
    pub fn rows(&self) -> Vec<(&Command, &str, &str)> {
        let wanted = self.search.to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let matches = |text: &str, keys: &str| {
            let (text, keys) = (text.to_lowercase(), keys.to_lowercase());
            words.iter().all(|w| text.contains(w) || keys == *w)
        };
        let rows = self.commands.iter().zip(&self.texts);
        let mut rows: Vec<(&Command, &str, &str)> = rows
            .filter(|(_, (text, keys))| matches(text, keys))
            .map(|(command, (text, keys))| (command, text.as_str(), keys.as_str()))
            .collect();
        // What begins with the typed text is meant more often than what only holds it.
        rows.sort_by_key(|(_, text, _)| !text.to_lowercase().starts_with(wanted.trim()));
        rows
    }

    /// The places of the dialog.
    pub(super) fn stops(&self) -> Vec<Place> {
        let rows = self
            .rows()
            .into_iter()
            .map(|(command, ..)| row_place(command));
        std::iter::once(Place::Search)
            .chain(rows)
            .chain([Place::Button(Spot::Dialog, Command::Back)])
            .collect()
    }

    /// The row whose keys Tab reaches: the one that is chosen.
    pub(super) fn is_tab_stop(&self, command: &Command, focus: &Place) -> bool {
        let rows = self.rows();
        match focus {
            Place::Button(Spot::Listed, current) => current == command,
            _ => rows
                .get(self.chosen)
                .is_some_and(|(row, ..)| *row == command),
        }
    }
}

fn row_place(command: &Command) -> Place {
    Place::Button(Spot::Listed, command.clone())
}

/// Opens the list of what can be done where the focus is.
pub(super) fn open(state: &mut State, now: Timestamp) {
    let at = state.at();
    let mut commands = keys::here(at);
    if state.selected().is_some() && state.is_mail() {
        commands.extend([Command::Details, Command::Edit, Command::Remove]);
    }
    if state.is_mail() && state.dialog.is_none() && class::is_raised(state) {
        commands.push(Command::Class(class::Act::NotThere));
    }
    commands.retain(|c| *c != Command::Commands);
    let palette = Palette::of(commands, &state.words);
    let count = palette.commands.len();
    state.ask(Ask::Commands(palette), now);
    state.focus = Place::Search;
    state.say(
        state
            .words
            .with("tell-commands", &[("count", count.into())]),
    );
}

/// Another text is searched for: the first row that matches is chosen.
pub(super) fn searched(state: &mut State) {
    let Some(palette) = palette(state) else {
        return;
    };
    palette.chosen = 0;
    let first = palette
        .rows()
        .first()
        .map(|(_, text, keys)| format!("{text} {keys}"));
    let search = palette.search.clone();
    let none = || {
        let text = [("text", search.into())];
        state.words.with("options-commands-none", &text)
    };
    let text = first.map_or_else(none, |text| text.trim_end().to_owned());
    state.say(text);
}

/// Up and down, from the field too.
pub(super) fn step(state: &mut State, command: &Command) {
    let focus = state.focus.clone();
    let Some(palette) = palette(state) else {
        return;
    };
    let rows = palette.rows();
    let here = match &focus {
        Place::Button(Spot::Listed, current) => rows.iter().position(|(c, ..)| *c == current),
        // From the field one step down is the first row.
        Place::Search if *command == Command::Left => return,
        _ => None,
    };
    if here == Some(0) && *command == Command::Left {
        palette.chosen = 0;
        return state.go(Place::Search);
    }
    if let Some(index) = moving::stepped(here, rows.len(), command) {
        let place = row_place(rows[index].0);
        palette.chosen = index;
        state.go(place);
    }
}

/// Runs the row that has the focus, or the first one that matches. What sends is not run.
pub(super) fn run_chosen(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let focus = state.focus.clone();
    let Some(palette) = palette(state) else {
        return aids::run(state, aids::Act::Take, now, jobs);
    };
    let rows = palette.rows();
    let command = match &focus {
        Place::Button(Spot::Listed, command) => Some(command.clone()),
        _ => rows
            .get(palette.chosen)
            .map(|(command, ..)| (*command).clone()),
    };
    let Some(command) = command else { return };
    if command.sends() {
        let keys = command.chord().map(|c| c.text(&state.words));
        let keys = [("keys", keys.unwrap_or_default().into())];
        return state.call(state.words.with("tell-own-keys", &keys));
    }
    state.close_dialog();
    update::run(state, command, now, jobs);
}

fn palette(state: &mut State) -> Option<&mut Palette> {
    match &mut state.dialog.as_mut()?.ask {
        Ask::Commands(palette) => Some(palette),
        _ => None,
    }
}

/// Draws the dialog.
pub(super) fn palette_ui(ctx: &Context, pen: &mut Pen, scroll: f32, palette: &mut Palette) -> f32 {
    let name = pen.words.say("options-commands");
    dialog(
        ctx,
        pen,
        &name,
        scroll,
        |ui, pen| {
            pen.heading(ui, &name);
            let label = pen.words.say("options-commands-search");
            pen.line(ui, &Place::Search, &mut palette.search, &label, &label);
            pen.faint(ui, &pen.words.say("options-commands-hint"));
            let rows = palette.rows();
            if rows.is_empty() {
                let text = [("text", palette.search.as_str().into())];
                pen.text(ui, &pen.words.with("options-commands-none", &text));
            }
            for (index, (command, text, keys)) in rows.into_iter().enumerate() {
                row_ui(ui, pen, command, text, keys, index == palette.chosen);
            }
        },
        |ui, pen| {
            let text = pen.words.say("do-close");
            pen.button_named(ui, Spot::Dialog, &Command::Back, &text, Weight::Main);
        },
    )
}

fn row_ui(ui: &mut Ui, pen: &mut Pen, command: &Command, text: &str, keys: &str, is_chosen: bool) {
    let width = ui.available_width();
    let painter = ui.painter();
    let keys_at = painter.layout_no_wrap(keys.to_owned(), theme::small(), pen.palette.faint);
    let beside = width > keys_at.size().x + 200.0;
    let room = if beside {
        width - keys_at.size().x - 32.0
    } else {
        width - 16.0
    };
    let words = painter.layout(
        text.to_owned(),
        theme::body(),
        pen.palette.text,
        room.max(TARGET),
    );
    let below = if beside { 0.0 } else { keys_at.size().y };
    let height = (words.size().y + below + 10.0).max(TARGET);
    let (_, rect) = ui.allocate_space(vec2(width, height));
    let place = row_place(command);
    let response = ui.interact(rect, place.id(), Sense::click());
    let painter = ui.painter();
    if is_chosen {
        painter.rect_filled(rect, theme::CORNER, pen.palette.selection);
    } else if response.hovered() {
        painter.rect_filled(rect, theme::CORNER, pen.palette.hovered);
    }
    let left = rect.left() + 8.0;
    let keys_pos = if beside {
        egui::pos2(
            rect.right() - keys_at.size().x - 8.0,
            rect.center().y - keys_at.size().y / 2.0,
        )
    } else {
        egui::pos2(left, rect.top() + 5.0 + words.size().y)
    };
    let middle = rect.center().y - f32::midpoint(words.size().y, below);
    painter.galley(egui::pos2(left, middle), words, pen.palette.text);
    painter.galley(keys_pos, keys_at, pen.palette.text);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_chosen, text));
    if !keys.is_empty() {
        ui.ctx()
            .accesskit_node_builder(place.id(), |node| node.set_keyboard_shortcut(keys));
    }
    if response.clicked() {
        pen.out.extend([
            Message::Focus(place.clone()),
            Message::Command(Command::RunChosen),
        ]);
    }
    pen.place(ui, place, &response);
}
