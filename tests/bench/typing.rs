//! From a key press to the painted character: each frame of a mail with 50 recipients and a long text, once without a
//! screen (the pass over the window and its triangles) and once in the real window with software rendering under a
//! display of its own, until the picture is handed to the screen. Linux with Xvfb.
//!
//! `cargo bench --bench typing`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark prints its table, or says what it lacks and ends"
)]

#[cfg(target_os = "linux")]
mod display;
#[expect(dead_code, reason = "shared with the tests of the window")]
#[path = "../gui/people.rs"]
mod people;
#[expect(dead_code, reason = "shared with the tests of the window")]
#[path = "../gui/support.rs"]
mod support;

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("this benchmark starts Xvfb: Linux only");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        cell::Cell,
        process::{Command, Stdio},
        time::Instant,
    };

    use egui::{Color32, Event, Key, Modifiers, RawInput};
    use jiff::Timestamp;
    use segl::{
        app::{message::Event as Report, message::Message, place::Place, window::Window},
        mail::{Body, Kind, parse_list},
        words::Lang,
    };

    use super::{display::display, people, support::Desk};

    /// Keys that are timed in each scene.
    const KEYS: usize = 400;
    /// Frames before: fonts, layout, the caret at its place.
    const WARM: usize = 20;

    /// What is typed where.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Scene {
        /// At the end of a text of so many octets, among so many recipients.
        TextEnd(usize, usize),
        /// In its middle.
        TextMiddle(usize, usize),
        /// In a text that is one paragraph.
        Paragraph(usize),
        /// An address, beside so many recipients and a text of so many octets.
        Recipient(usize, usize),
        /// Nothing is typed: a directory answers about one of so many recipients.
        Answer(usize, usize),
        /// One line in a window of eframe that is not Segl's: what every picture costs here.
        Bare,
    }

    const SCENES: [(&str, Scene); 9] = [
        ("nothing: a bare eframe window", Scene::Bare),
        ("text 2 kB, 3 recipients", Scene::TextEnd(2_000, 3)),
        (
            "text 200 kB, 50 recipients, at its end",
            Scene::TextEnd(200_000, 50),
        ),
        (
            "text 200 kB, 50 recipients, in its middle",
            Scene::TextMiddle(200_000, 50),
        ),
        ("text 50 kB in one paragraph", Scene::Paragraph(50_000)),
        (
            "an address beside 50 recipients and 200 kB",
            Scene::Recipient(200_000, 50),
        ),
        (
            "a directory's answer, 50 recipients, 200 kB",
            Scene::Answer(200_000, 50),
        ),
        ("text 2 kB, 5,000 recipients", Scene::TextEnd(2_000, 5_000)),
        ("text 10 MB, 3 recipients", Scene::TextEnd(10_000_000, 3)),
    ];

    fn text(octets: usize, is_one: bool) -> String {
        const SENTENCE: &str =
            "Hermed sendes sagens bilag 14 til 22, som retten har bedt om i sin kendelse. ";
        let mut text = String::new();
        let mut sentences = 0;
        while text.len() < octets {
            text.push_str(SENTENCE);
            sentences += 1;
            if sentences % 6 == 0 && !is_one {
                text.push_str("\n\n");
            }
        }
        text
    }

    impl Scene {
        fn window(self) -> Option<Window> {
            let (octets, count) = match self {
                Self::TextEnd(o, c)
                | Self::TextMiddle(o, c)
                | Self::Recipient(o, c)
                | Self::Answer(o, c) => (o, c),
                Self::Paragraph(o) => (o, 3),
                Self::Bare => return None,
            };
            let mut desk = Desk::new(Lang::Da);
            let list: Vec<String> = (0..count)
                .map(|i| format!("Navn Nummer{i} <navn{i}@mail-eksempel.dk>"))
                .collect();
            desk.state
                .rows
                .row_mut(Kind::To)
                .commit(parse_list(&list.join("; ")));
            desk.state.draft.body = Body::Text(text(octets, matches!(self, Self::Paragraph(_))));
            desk.step(Message::Tick);
            let green = people::person("navn0@mail-eksempel.dk", "Navn Nummer0");
            desk.find(green);
            for i in 1..count {
                desk.find(people::not_found(&format!("navn{i}@mail-eksempel.dk")));
            }
            desk.step(Message::Focus(match self {
                Self::Recipient(..) => Place::Field(Kind::To),
                _ => Place::Body,
            }));
            Some(Window::new(desk.state, Box::new(|_| now())))
        }

        /// What comes in before a frame.
        fn events(self, frame: usize) -> Vec<Event> {
            let key = |key, modifiers| Event::Key {
                key,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers,
            };
            if frame == 3 && !matches!(self, Self::Recipient(..)) {
                return vec![key(Key::End, Modifiers::COMMAND | Modifiers::CTRL)];
            }
            if let Self::TextMiddle(..) = self
                && (4..12).contains(&frame)
            {
                // Up through the wrapped lines, far from the end.
                return (0..120)
                    .map(|_| key(Key::ArrowUp, Modifiers::NONE))
                    .collect();
            }
            if frame < WARM || matches!(self, Self::Answer(..)) {
                return Vec::new();
            }
            match frame % 7 {
                0 => vec![Event::Text(" ".to_owned())],
                n => vec![Event::Text(
                    ["r", "ø", "d", "g", "r", "å"][n - 1].to_owned(),
                )],
            }
        }

        /// What the worker reports before a frame.
        fn report(self, window: &mut Window, ctx: &egui::Context, frame: usize) {
            if matches!(self, Self::Answer(..)) && frame >= WARM {
                let address = format!("navn{}@mail-eksempel.dk", 1 + frame % 49);
                let found = if frame % 98 < 49 {
                    people::not_checked(&address)
                } else {
                    people::not_found(&address)
                };
                window.hear(Report::Assessed(found), ctx);
            }
            drop(window.take_jobs(ctx));
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    fn now() -> Timestamp {
        Timestamp::now()
    }

    pub(super) fn main() {
        let mut arguments = std::env::args();
        // `cargo test` runs benches too, without this argument.
        if !arguments.any(|a| a == "--bench") {
            return;
        }
        let scenes: Vec<_> = match std::env::var("SCENES") {
            Ok(wanted) => SCENES
                .into_iter()
                .filter(|(name, _)| name.contains(&wanted))
                .collect(),
            Err(_) => SCENES.to_vec(),
        };
        if std::env::var_os("SEGL_BENCH_WINDOW").is_some() {
            return in_window(scenes);
        }
        println!(
            "| typing | frame, median | 99th of 100 | worst | with a screen reader, 99th | in the window, median | 99th | worst | of it until it can be drawn, median |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
        let shown = under_x();
        for (name, scene) in scenes {
            let plain = quantiles(headless(scene, false));
            let read = quantiles(headless(scene, true));
            let line = shown
                .iter()
                .find_map(|l| l.strip_prefix(name)?.strip_prefix('|'));
            println!(
                "| {name} | {:.1} ms | {:.1} ms | {:.1} ms | {:.1} ms |{}",
                plain[0],
                plain[1],
                plain[2],
                read[1],
                line.unwrap_or(" no window |"),
            );
        }
    }

    fn show(window: Option<&mut Window>, ui: &mut egui::Ui) {
        match window {
            Some(window) => window.ui(ui),
            None => drop(ui.label("Bare")),
        }
    }

    /// Median, 99th of a hundred, worst, in milliseconds.
    fn quantiles(mut times: Vec<f64>) -> [f64; 3] {
        times.sort_by(f64::total_cmp);
        let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
        [at(50), at(99), times[times.len() - 1]]
    }

    fn keys(scene: Scene) -> usize {
        match scene {
            Scene::TextEnd(octets, count) if octets > 1_000_000 || count > 1000 => KEYS / 10,
            _ => KEYS,
        }
    }

    fn headless(scene: Scene, is_read: bool) -> Vec<f64> {
        let ctx = egui::Context::default();
        if is_read {
            ctx.enable_accesskit();
        }
        let mut window = scene.window();
        let mut times = Vec::new();
        for frame in 0..WARM + keys(scene) {
            let events = scene.events(frame);
            let begun = Instant::now();
            if let Some(window) = &mut window {
                scene.report(window, &ctx, frame);
            }
            let raw = RawInput {
                screen_rect: Some(egui::Rect::from_min_size(
                    egui::Pos2::ZERO,
                    egui::vec2(760.0, 640.0),
                )),
                time: Some(1.0 + 0.05 * frame as f64),
                focused: true,
                events,
                ..RawInput::default()
            };
            let output = ctx.run_ui(raw, |ui| show(window.as_mut(), ui));
            let triangles = ctx.tessellate(output.shapes, output.pixels_per_point);
            std::hint::black_box((triangles, output.platform_output.accesskit_update));
            if frame >= WARM {
                times.push(begun.elapsed().as_secs_f64() * 1e3);
            }
        }
        times
    }

    /// Runs this program once more with a display of its own.
    fn under_x() -> Vec<String> {
        let screen = tempfile::tempdir().expect("a folder");
        let Some((_x, display)) = display(screen.path()) else {
            return Vec::new();
        };
        let output = Command::new(std::env::current_exe().expect("this program"))
            .arg("--bench")
            .env("SEGL_BENCH_WINDOW", "1")
            .env("DISPLAY", display)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .stderr(Stdio::inherit())
            .output()
            .expect("this program");
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// The real window. A frame lasts from its input until the next frame begins: that is after the picture was handed
    /// to the screen, because the window draws without pause here.
    struct Timed {
        scenes: Vec<(&'static str, Scene)>,
        window: Option<Window>,
        cleared: Cell<Color32>,
        frame: usize,
        begun: Instant,
        times: Vec<f64>,
        own: Vec<f64>,
    }

    impl eframe::App for Timed {
        fn raw_input_hook(&mut self, ctx: &egui::Context, raw: &mut RawInput) {
            if self.frame > WARM {
                self.times.push(self.begun.elapsed().as_secs_f64() * 1e3);
            }
            let Some((name, scene)) = self.scenes.first().copied() else {
                return;
            };
            if self.frame >= WARM + keys(scene) {
                let [median, most, worst] = quantiles(std::mem::take(&mut self.times));
                let own = quantiles(std::mem::take(&mut self.own))[0];
                println!("{name}| {median:.1} ms | {most:.1} ms | {worst:.1} ms | {own:.1} ms |");
                self.scenes.remove(0);
                self.window = None;
                self.frame = 0;
                if self.scenes.is_empty() {
                    return ctx.send_viewport_cmd(egui::ViewportCommand::Close);
                }
            }
            raw.focused = true;
            raw.events = self.scenes[0].1.events(self.frame);
            self.begun = Instant::now();
        }

        fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
            let ctx = ui.ctx().clone();
            ctx.request_repaint();
            let Some((_, scene)) = self.scenes.first().copied() else {
                return;
            };
            if ctx.cumulative_pass_nr() > 0 && ctx.current_pass_index() == 0 {
                self.frame += 1;
            }
            if self.frame == 1 && self.window.is_none() {
                self.window = scene.window();
            }
            if let Some(window) = &mut self.window {
                if ctx.current_pass_index() == 0 {
                    scene.report(window, &ctx, self.frame);
                }
                window.set_cleared(self.cleared.get());
            }
            show(self.window.as_mut(), ui);
            if self.frame > WARM {
                self.own.push(self.begun.elapsed().as_secs_f64() * 1e3);
            }
        }

        fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
            self.cleared.set(visuals.panel_fill);
            visuals.panel_fill.to_normalized_gamma_f32()
        }
    }

    fn in_window(scenes: Vec<(&'static str, Scene)>) {
        let options = eframe::NativeOptions {
            viewport: egui::ViewportBuilder::default().with_inner_size([760.0, 640.0]),
            multisampling: 0,
            depth_buffer: 0,
            stencil_buffer: 0,
            dithering: std::env::var_os("DITHER").is_some(),
            ..eframe::NativeOptions::default()
        };
        let timed = Timed {
            scenes,
            window: None,
            cleared: Cell::new(Color32::TRANSPARENT),
            frame: 0,
            begun: Instant::now(),
            times: Vec::new(),
            own: Vec::new(),
        };
        eframe::run_native("typing", options, Box::new(|_| Ok(Box::new(timed)))).expect("a window");
    }
}
