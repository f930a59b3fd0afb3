//! Opens the window of the operating system and connects it with the worker.

use std::{cell::Cell, sync::Arc};

use egui::{Color32, Context, IconData, ViewportBuilder};
use jiff::Timestamp;

use super::{
    fonts::OnDemand,
    keeping,
    setup::{Opening, Setup},
    state::State,
    theme,
    window::Window,
    worker::{Backend, Events, Worker},
};
use crate::mail::DraftId;

/// What the window starts with.
pub struct Start {
    /// The settings as far as the window needs them.
    pub setup: Setup,
    /// The mail to begin with.
    pub opening: Opening,
    /// Makes the backend, on the worker's thread.
    pub backend: Box<dyn FnOnce(Events) -> Arc<dyn Backend> + Send>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The operating system gives no randomness.
    #[error("no randomness for a draft's name")]
    Randomness(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No window system, or no graphics.
    #[error("the window cannot be opened")]
    Window(#[from] eframe::Error),
}

struct Desktop {
    window: Window,
    worker: Worker,
    cleared: Cell<Color32>,
}

impl eframe::App for Desktop {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        let events: Vec<_> = self.worker.events().collect();
        for event in events {
            self.window.hear(event, ctx);
        }
        self.window.wake(ctx);
        self.hand_over(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.window.set_cleared(self.cleared.get());
        self.window.ui(ui);
        let ctx = ui.ctx().clone();
        self.hand_over(&ctx);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        self.cleared.set(visuals.panel_fill);
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

impl Desktop {
    fn hand_over(&mut self, ctx: &Context) {
        for job in self.window.take_jobs(ctx) {
            self.worker.run(job);
        }
    }
}

/// Shows the window until it is closed.
pub fn run(start: Start) -> Result<(), RunError> {
    let Start {
        setup,
        opening,
        backend,
    } = start;
    let mut state = State::new(
        setup,
        DraftId::random().map_err(|e| RunError::Randomness(Box::new(e)))?,
    );
    let viewport = ViewportBuilder::default()
        .with_app_id("segl")
        .with_title("Segl")
        .with_icon(icon())
        .with_inner_size([760.0, 640.0])
        .with_min_inner_size([560.0, 420.0])
        .with_drag_and_drop(true);
    let options = eframe::NativeOptions {
        viewport,
        multisampling: 0,
        depth_buffer: 0,
        stencil_buffer: 0,
        // No gradient is drawn; without it, drawing by the processor is a fifth faster.
        dithering: false,
        centered: true,
        ..eframe::NativeOptions::default()
    };
    let jobs = keeping::open(&mut state, opening, now());
    let create = move |context: &eframe::CreationContext<'_>| {
        let ctx = context.egui_ctx.clone();
        ctx.add_font_provider(Arc::new(OnDemand::default()));
        let worker = Worker::start(backend, move || ctx.request_repaint())?;
        for job in state.start_jobs().into_iter().chain(jobs) {
            worker.run(job);
        }
        let window = Window::new(state, Box::new(|_| now()));
        Ok(Box::new(Desktop {
            window,
            worker,
            cleared: Cell::new(theme::NONE),
        }) as Box<dyn eframe::App>)
    };
    Ok(eframe::run_native("segl", options, Box::new(create))?)
}

/// The time, at the only place of the window that reads a clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the window is a surface: here time becomes an argument"
)]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

/// The program's sign: RGBA, 64 by 64.
fn icon() -> IconData {
    IconData {
        rgba: include_bytes!("../../assets/icons/segl-64.rgba").to_vec(),
        width: 64,
        height: 64,
    }
}
