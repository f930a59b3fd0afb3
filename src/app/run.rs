//! Opens the window of the operating system and connects it with the worker.

use std::{cell::Cell, sync::Arc};

use egui::{Color32, Context, IconData, Pos2, Rect, ViewportBuilder, ViewportCommand, pos2, vec2};
use jiff::Timestamp;

use super::{
    fonts::OnDemand,
    keeping,
    setup::{Opening, Setup},
    state::State,
    theme,
    window::{LEAST, Window},
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
    /// Where the monitors are, in pixels.
    monitors: Vec<Rect>,
}

impl eframe::App for Desktop {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        self.bring_back(ctx, frame);
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
    /// A monitor that is unplugged may leave the window where nobody sees it, and not every window manager cares. Where
    /// the monitors stay as they are, nothing is moved.
    #[expect(clippy::cast_precision_loss, reason = "no screen has so many pixels")]
    fn bring_back(&mut self, ctx: &Context, frame: &eframe::Frame) {
        let Some(window) = frame.winit_window() else {
            return;
        };
        let monitors: Vec<Rect> = window
            .available_monitors()
            .map(|monitor| {
                let (at, size) = (monitor.position(), monitor.size());
                let size = vec2(size.width as f32, size.height as f32);
                Rect::from_min_size(pos2(at.x as f32, at.y as f32), size)
            })
            .collect();
        let before = std::mem::replace(&mut self.monitors, monitors);
        if before.is_empty() || before == self.monitors {
            return;
        }
        // Wayland tells nobody where a window is.
        let Ok(at) = window.outer_position() else {
            return;
        };
        let size = window.outer_size();
        let size = vec2(size.width as f32, size.height as f32);
        let here = Rect::from_min_size(pos2(at.x as f32, at.y as f32), size);
        if let Some(at) = inside(here, &self.monitors) {
            let at = (at.to_vec2() / ctx.pixels_per_point()).to_pos2();
            ctx.send_viewport_cmd(ViewportCommand::OuterPosition(at));
        }
    }

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
        .with_min_inner_size(LEAST)
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
        let monitors = Vec::new();
        Ok(Box::new(Desktop {
            window,
            worker,
            cleared: Cell::new(theme::NONE),
            monitors,
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

/// Where a window has to go to be seen, if less than nearly all of it is on these monitors: to the one that has most of
/// it.
fn inside(window: Rect, monitors: &[Rect]) -> Option<Pos2> {
    let seen = |monitor: &Rect| {
        let part = monitor.intersect(window);
        if part.is_positive() { part.area() } else { 0.0 }
    };
    let all: f32 = monitors.iter().map(seen).sum();
    if all >= 0.95 * window.area() {
        return None;
    }
    let away = |monitor: &Rect| monitor.center().distance_sq(window.center());
    let nearest = monitors.iter().min_by(|a, b| {
        let by_part = seen(b).total_cmp(&seen(a));
        by_part.then(away(a).total_cmp(&away(b)))
    })?;
    // The title is at the top left: where there is no room for all, that is what is seen.
    let end = (nearest.max - window.size()).max(nearest.min);
    Some(window.min.clamp(nearest.min, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(left: f32, top: f32, width: f32, height: f32) -> Rect {
        Rect::from_min_size(pos2(left, top), vec2(width, height))
    }

    #[test]
    fn a_window_that_nobody_sees_goes_to_the_nearest_monitor_and_one_that_is_seen_stays() {
        let (first, second) = (
            rect(0.0, 0.0, 1366.0, 768.0),
            rect(1366.0, 0.0, 1920.0, 1080.0),
        );
        let window = rect(2500.0, 300.0, 760.0, 640.0);
        assert_eq!(inside(window, &[first, second]), None);
        assert_eq!(inside(window, &[first]), Some(pos2(606.0, 128.0)));
        // Across both: all of it is seen.
        assert_eq!(
            inside(rect(1000.0, 10.0, 760.0, 640.0), &[first, second]),
            None
        );
        let left = rect(-1920.0, 0.0, 1920.0, 1080.0);
        assert_eq!(
            inside(rect(-1000.0, 0.0, 760.0, 640.0), &[left, first]),
            None
        );
        // Larger than what is left: its title is there.
        let small = rect(0.0, 0.0, 640.0, 480.0);
        assert_eq!(inside(window, &[small]), Some(pos2(0.0, 0.0)));
        assert_eq!(inside(window, &[]), None);
    }
}
