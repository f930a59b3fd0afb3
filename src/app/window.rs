//! The window itself: events in, one pass drawn, commands out. It owns the state and hands jobs to the worker.
//!
//! The focus is the state's: egui follows it, and what pointer or assistive technology move is taken over.

use egui::{Color32, Context, Rect, ScrollArea, Ui, UiBuilder, Vec2, ViewportCommand, vec2};
use jiff::Timestamp;

use super::{
    aids::{self, lead_caret},
    asking::asking_ui,
    assistant,
    atlas::Exact,
    command::Command,
    composer::{drop_ui, file_chips_ui, files_ui, head_ui, text_ui},
    filter::Keys,
    foot::foot_ui,
    keys::Input,
    kit::Pen,
    lists,
    message::{Event, Job, Message},
    options,
    outside::{Note, Room, beginning, is_joiner, is_large, unusual},
    page::Page,
    place::Place,
    receipt::receipt_ui,
    received,
    rows::KINDS,
    setup::Edition,
    state::{Phase, State},
    theme::{self, GAP, Palette, Theme},
    update::{deadline, update},
    welcome::{strips_ui, welcome_ui},
};
use crate::{
    mail::{Body, DraftId},
    words,
};

/// Reads the clock. Tests count passes instead.
pub type Clock = Box<dyn Fn(&Context) -> Timestamp>;

/// Below this height everything scrolls together.
const LOW: f32 = 400.0;
/// The most width of what is read line by line, and of a table.
const COLUMN: f32 = 1_100.0;
const TABLE: f32 = 1_600.0;
/// The least size of a window, where the screen is not smaller.
pub(super) const LEAST: Vec2 = Vec2::new(560.0, 420.0);
/// What borders, title and a bar of the desktop take of a screen.
const BESIDE: Vec2 = Vec2::new(16.0, 64.0);

/// A window: the state, and what it was on the last pass.
pub struct Window {
    /// What is shown.
    pub state: State,
    clock: Clock,
    jobs: Vec<Job>,
    focus: Option<Place>,
    /// How far down the focus was drawn.
    depth: Option<f32>,
    /// The screen that the window stands on, in its own pixels.
    screen: Option<Vec2>,
    title: String,
    zoom: u16,
    theme: Theme,
    draft: Option<DraftId>,
    text: usize,
    cleared: Option<Color32>,
    is_ready: bool,
    is_closed: bool,
}

impl Window {
    /// A window that shows this state.
    pub fn new(state: State, clock: Clock) -> Self {
        Self {
            theme: state.setup.theme,
            state,
            clock,
            jobs: Vec::new(),
            focus: None,
            depth: None,
            screen: None,
            title: String::new(),
            zoom: 100,
            draft: None,
            text: 0,
            cleared: None,
            is_ready: false,
            is_closed: false,
        }
    }

    /// What the picture of the next pass was cleared to, where it was: a ground of the same colour is not painted once
    /// more over all of it. Where the processor draws, that is a millisecond of each frame.
    pub fn set_cleared(&mut self, color: Color32) {
        self.cleared = Some(color);
    }

    /// One message.
    pub fn step(&mut self, message: Message, now: Timestamp) {
        self.jobs.extend(update(&mut self.state, message, now));
    }

    /// Time goes on while nobody sees the window too: an undo time ends, a draft is kept.
    pub fn wake(&mut self, ctx: &Context) {
        let now = (self.clock)(ctx);
        self.step(Message::Tick, now);
        self.sleep(ctx, now);
    }

    /// A report of the worker.
    pub fn hear(&mut self, event: Event, ctx: &Context) {
        let now = (self.clock)(ctx);
        self.step(Message::Event(event), now);
    }

    /// The jobs that have come together. Those for the window itself are done.
    pub fn take_jobs(&mut self, ctx: &Context) -> Vec<Job> {
        let (own, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.jobs)
            .into_iter()
            .partition(|job| matches!(job, Job::Copy(_) | Job::CloseWindow));
        for job in own {
            if let Job::Copy(text) = job {
                ctx.copy_text(text);
            } else {
                self.is_closed = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
        others
    }

    /// One pass.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.prepare(&ctx);
        self.fit(&ctx);
        let now = (self.clock)(&ctx);
        self.take_input(&ctx, now);
        lead_caret(&ctx, &mut self.state);
        let has_moved = self.lead_focus(&ctx);
        let mut pen = Pen {
            palette: Palette::of(self.state.setup.theme, &ctx),
            words: self.state.words.clone(),
            focus: self.state.focus.clone(),
            has_moved,
            out: Vec::new(),
            drawn: Vec::new(),
            is_open: self.state.is_open(),
            said: String::new(),
            is_new_dialog: self.state.dialog.as_ref().is_some_and(|d| d.opened == now),
            top: None,
            depth: self.depth.filter(|_| !has_moved),
        };
        self.draw(ui, &mut pen, now);
        self.depth = pen.depth;
        self.follow_focus(&ctx, &mut pen);
        for message in std::mem::take(&mut pen.out) {
            self.step(message, now);
            ctx.request_repaint();
        }
        self.finish(&ctx, now);
    }

    /// Once: fonts, colours, and the filter for keys. Later: what a command changed.
    fn prepare(&mut self, ctx: &Context) {
        if !self.is_ready {
            self.is_ready = true;
            theme::install(ctx, self.theme);
            ctx.options_mut(|options| {
                options.zoom_with_keyboard = false;
                options.input_options.surrender_focus_on = egui::SurrenderFocusOn::Never;
            });
            ctx.add_plugin(Keys::new(self.state.at()));
            ctx.add_plugin(Exact);
        }
        if self.theme != self.state.setup.theme {
            self.theme = self.state.setup.theme;
            theme::install(ctx, self.theme);
        }
        if self.zoom != self.state.setup.zoom {
            self.zoom = self.state.setup.zoom;
            ctx.set_zoom_factor(f32::from(self.zoom) / 100.0);
        }
    }

    /// The window fits the screen that it opens on, and another one that it later finds itself on: a monitor was
    /// unplugged. Where it stands is the window manager's.
    fn fit(&mut self, ctx: &Context) {
        let (screen, inner, is_filling) = ctx.input(|i| {
            let window = i.viewport();
            let is_filling = window.maximized == Some(true) || window.fullscreen == Some(true);
            (window.monitor_size, window.inner_rect, is_filling)
        });
        let (Some(points), Some(inner)) = (screen, inner) else {
            return;
        };
        let screen = points * ctx.pixels_per_point();
        let is_known = self.screen.is_some_and(|s| (s - screen).length() < 1.0);
        if is_known || is_filling {
            return;
        }
        self.screen = Some(screen);
        let room = points - BESIDE / ctx.zoom_factor();
        if inner.width() > room.x || inner.height() > room.y {
            let least = (LEAST / ctx.zoom_factor()).min(room);
            ctx.send_viewport_cmd(ViewportCommand::MinInnerSize(least));
            ctx.send_viewport_cmd(ViewportCommand::InnerSize(inner.size().min(room)));
        }
    }

    fn take_input(&mut self, ctx: &Context, now: Timestamp) {
        let (input, any_key) = ctx
            .with_plugin(|keys: &mut Keys| {
                (
                    std::mem::take(&mut keys.input),
                    std::mem::take(&mut keys.any_key),
                )
            })
            .unwrap_or_default();
        if any_key {
            self.step(Message::Key, now);
        }
        for input in input {
            let message = match input {
                Input::Command(command) => {
                    if command == Command::Escape {
                        egui::Popup::close_all(ctx);
                    }
                    Message::Command(command)
                }
                Input::Paste(text) => Message::Pasted(text),
                Input::Note(note) => Message::Outside(note),
            };
            self.step(message, now);
        }
        let is_back = |e: &egui::Event| matches!(e, egui::Event::WindowFocused(true));
        if ctx.input(|i| i.events.iter().any(is_back)) && words::look_at_zone() {
            options::reword(&mut self.state);
        }
        let dropped: Vec<_> = ctx.input(|i| {
            i.raw
                .dropped_files
                .iter()
                .map(|f| f.path().to_owned())
                .collect()
        });
        if !dropped.is_empty() {
            self.step(Message::Dropped(dropped), now);
        }
        if ctx.input(|i| i.viewport().close_requested()) && !self.is_closed {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.step(Message::CloseRequested, now);
        }
        self.step(Message::Tick, now);
    }

    /// Gives egui the focus of the state. Whether it was moved, and has to be brought into view.
    fn lead_focus(&mut self, ctx: &Context) -> bool {
        let has_moved = self.focus.as_ref() != Some(&self.state.focus);
        let id = self.state.focus.id();
        let focused = ctx.memory(egui::Memory::focused);
        // What assistive technology focused before this pass is taken over at its end.
        if focused != Some(id) && (has_moved || focused.is_none()) {
            ctx.memory_mut(|m| m.request_focus(id));
        }
        self.focus = Some(self.state.focus.clone());
        has_moved
    }

    /// Takes over what pointer or assistive technology focused.
    fn follow_focus(&mut self, ctx: &Context, pen: &mut Pen) {
        let Some(id) = ctx.memory(egui::Memory::focused) else {
            return;
        };
        if let Some(place) = pen.drawn.iter().find(|p| p.id() == id)
            && *place != self.state.focus
        {
            // Before what was clicked: the click may open a dialog that remembers where the focus was.
            pen.out.insert(0, Message::Focus(place.clone()));
        }
    }

    fn draw(&mut self, ui: &mut Ui, pen: &mut Pen, now: Timestamp) {
        let ground = match self.cleared {
            Some(color) if color == pen.palette.ground => theme::NONE,
            // The first picture, and that of a new theme: cleared before this pass chose its colours.
            _ => pen.palette.ground,
        };
        let most = if matches!(self.state.page, Page::Lists(_)) {
            TABLE
        } else {
            COLUMN
        };
        let ui = &mut column(ui, ground, most);
        let is_behind = self.state.dialog.is_some();
        pen.is_open &= !is_behind;
        let frame = egui::Frame::new().inner_margin(12);
        let state = &mut self.state;
        if state.is_welcome() {
            egui::CentralPanel::default().frame(frame).show(ui, |ui| {
                ScrollArea::vertical()
                    .auto_shrink([false, false])
                    .show(ui, |ui| welcome_ui(ui, state, pen));
            });
        } else if !state.is_mail() {
            egui::CentralPanel::default()
                .frame(frame)
                .show(ui, |ui| page_ui(ui, state, pen, now));
        } else if state.is_receipt_full() {
            egui::CentralPanel::default()
                .frame(frame)
                .show(ui, |ui| receipt_ui(ui, state, pen));
        } else if ui.available_height()
            < LOW.max(kept_height(ui, FOOT) + TEXT + 150.0) + aids::height(state)
        {
            egui::CentralPanel::default().frame(frame).show(ui, |ui| {
                ScrollArea::vertical()
                    .id_salt("all")
                    .auto_shrink([false, false])
                    .show(ui, |ui| {
                        strips_ui(ui, state, pen);
                        head_ui(ui, state, pen, now);
                        text_ui(ui, state, pen, 160.0);
                        file_chips_ui(ui, state, pen);
                        foot_ui(ui, state, pen, now);
                    });
            });
        } else {
            composer_ui(ui, state, pen, now, frame);
        }
        drop_ui(ui, state, pen);
        if is_behind {
            // The modal holds the pointer off. Assistive technology names what it presses, wherever that is.
            pen.out.retain(|m| matches!(m, Message::Edited(_)));
            pen.is_open = state.is_open();
        }
        asking_ui(ui.ctx(), state, pen);
    }

    /// Another mail begins: what could be undone belongs to the one before, and stays with it.
    fn forget_other_mail(&mut self, ctx: &Context) {
        if self.draft.as_ref() == Some(&self.state.draft.id) {
            return;
        }
        self.draft = Some(self.state.draft.id.clone());
        let fields = KINDS.map(Place::Field);
        for place in [Place::Body, Place::Own, Place::Subject]
            .iter()
            .chain(&fields)
        {
            egui::text_edit::TextEditState::default().store(ctx, place.id());
        }
    }

    /// A text that came in at once may hold letters that no font here has. They are sent as they are.
    fn tell_missing_letters(&mut self, ctx: &Context, now: Timestamp) {
        let text = match &self.state.draft.body {
            Body::Text(text) => text,
            Body::HandedOver { preview, .. } => preview,
        };
        let grown = text.len().abs_diff(self.text);
        self.text = text.len();
        if grown <= TYPED {
            return;
        }
        let part = if is_large(text) {
            beginning(text)
        } else {
            text
        };
        let unusual = unusual(part);
        let missing: Vec<char> = ctx.fonts_mut(|fonts| {
            let mut lacks = |c: &char| !fonts.has_glyph(&theme::body(), *c);
            unusual
                .into_iter()
                .filter(|c| !is_joiner(*c) && lacks(c))
                .collect()
        });
        if !missing.is_empty() {
            self.step(Message::Outside(Note::NotShown(missing)), now);
            ctx.request_repaint();
        }
    }

    fn finish(&mut self, ctx: &Context, now: Timestamp) {
        let title = title(&self.state);
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        // The root of what assistive technology reads is the window, and is called like it.
        ctx.accesskit_node_builder(egui::accesskit_root_id(), |node| {
            node.set_label(self.title.clone());
        });
        let at = self.state.at();
        let room = Room::of(&self.state);
        ctx.with_plugin(|keys: &mut Keys| (keys.at, keys.room) = (at, room));
        self.forget_other_mail(ctx);
        self.tell_missing_letters(ctx, now);
        if self.focus.as_ref() != Some(&self.state.focus) {
            ctx.request_repaint();
        }
        self.sleep(ctx, now);
    }

    /// Until something happens by itself.
    fn sleep(&self, ctx: &Context, now: Timestamp) {
        if let Some(at) = deadline(&self.state, now) {
            let wait = at.duration_since(now);
            ctx.request_repaint_after(std::time::Duration::try_from(wait).unwrap_or_default());
        }
    }
}

/// The middle of a window that is wider than anybody reads, on a ground that reaches its edges.
fn column(ui: &mut Ui, ground: Color32, most: f32) -> Ui {
    let all = ui.available_rect_before_wrap();
    ui.painter().rect_filled(all, 0.0, ground);
    let rect = Rect::from_center_size(all.center(), vec2(all.width().min(most), all.height()));
    ui.new_child(UiBuilder::new().max_rect(rect))
}

/// Octets of the text that can come in by typing between two passes.
const TYPED: usize = 16;

fn page_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, now: Timestamp) {
    match state.page {
        Page::Mail => {}
        Page::Lists(_) => lists::page_ui(ui, state, pen, now),
        Page::Options(_) => options::page_ui(ui, state, pen, now),
        Page::Assistant(_) => assistant::page_ui(ui, state, pen, now),
        Page::Received(_) => received::page_ui(ui, state, pen),
    }
}

/// From top to bottom, in the order in which it is read: head, text, files and foot. Head and foot are as high as their
/// content was on the last pass, and the text has what is left.
fn composer_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, now: Timestamp, frame: egui::Frame) {
    let height = ui.available_height();
    let foot = kept_height(ui, FOOT);
    let margin = frame.total_margin().sum().y;
    // Many recipients scroll.
    let most = (height * 0.55).min(height - foot - TEXT).max(120.0);
    let head = kept_height(ui, HEAD);
    let panel = egui::Panel::top("head")
        .frame(frame)
        .show_separator_line(false);
    panel.exact_size(head.min(most) + margin).show(ui, |ui| {
        let shown = ScrollArea::vertical()
            .id_salt("head")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                strips_ui(ui, state, pen);
                head_ui(ui, state, pen, now);
            });
        keep_height(ui, HEAD, shown.content_size.y);
    });
    let sides = frame.inner_margin(egui::Margin::symmetric(12, 2));
    let room = (ui.available_height() - foot - margin).max(TEXT);
    let panel = egui::Panel::top("text")
        .frame(sides)
        .show_separator_line(false);
    panel.exact_size(room).show(ui, |ui| {
        let height = (ui.available_height() - GAP / 2.0).max(60.0);
        text_ui(ui, state, pen, height);
    });
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        let shown = ui.scope(|ui| {
            files_ui(ui, state, pen);
            ui.separator();
            foot_ui(ui, state, pen, now);
        });
        keep_height(ui, FOOT, shown.response.rect.height());
    });
}

const HEAD: &str = "head height";
const FOOT: &str = "foot height";
/// The least height of the text.
const TEXT: f32 = 80.0;

fn kept_height(ui: &Ui, part: &str) -> f32 {
    ui.data(|d| d.get_temp(egui::Id::unique(part)))
        .unwrap_or(160.0)
}

/// Another height than on the last pass: this one is drawn anew before anybody sees it.
fn keep_height(ui: &Ui, part: &str, height: f32) {
    if (kept_height(ui, part) - height).abs() > 0.5 {
        ui.data_mut(|d| d.insert_temp(egui::Id::unique(part), height));
        ui.ctx()
            .request_discard("a part of the composer has another height");
    }
}

fn title(state: &State) -> String {
    let words = &state.words;
    let key = match &state.phase {
        _ if matches!(state.page, Page::Lists(_)) => "lists-title",
        _ if matches!(state.page, Page::Options(_)) => "window-title-settings",
        _ if matches!(state.page, Page::Received(_)) => "read-title",
        _ if state.is_welcome() || matches!(state.page, Page::Assistant(_)) => "welcome-title",
        Phase::Done { .. } | Phase::Unconfirmed(_) => "window-title-receipt",
        _ => "window-title",
    };
    let title = words.say(key);
    match state.setup.edition {
        Edition::Product => title,
        Edition::Test => format!("{title} (TEST)"),
    }
}
