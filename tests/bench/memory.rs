//! Memory over a thousand mails that one window composes and sends, without a screen: recipients, text and warning-free
//! sending through the real worker, to the demo's servers in a process of their own. Linux.
//!
//! What Rust code holds is counted by its allocator: a leak there grows with every mail. Resident memory has the pages of
//! SQLite and OpenSSL beside it, and what the C library's allocator keeps for later: it may grow to a limit.
//!
//! `cargo bench --bench memory`; `MAILS=5000` sends more of them.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its table, or says what it lacks and ends"
)]

#[cfg(target_os = "linux")]
#[global_allocator]
static HELD: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("this benchmark reads /proc: Linux only");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        fs,
        io::{BufRead as _, BufReader, Read as _, Write as _},
        path::PathBuf,
        process::{Command, Stdio},
        time::{Duration, Instant},
    };

    use egui::{Event, RawInput};
    use jiff::{SignedDuration, Timestamp};
    use segl::{
        app::{
            begun,
            command::Command as Do,
            message::Message,
            place::Place,
            state::{Phase, State},
            window::Window,
            worker::Worker,
        },
        config::Paths,
        demo::Demo,
        mail::{DraftId, Kind},
        words::Lang,
    };

    const MAILS: usize = 1_000;
    /// After so many mails a row is printed, and after each further thousand.
    const ROWS: [usize; 8] = [1, 10, 100, 250, 500, 750, 1_000, 1_500];
    const SERVERS: &str = "SEGL_BENCH_SERVERS";

    #[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    fn now() -> Timestamp {
        Timestamp::now()
    }

    pub(super) fn main() {
        // `cargo test` runs benches too, without this argument.
        if !std::env::args().any(|a| a == "--bench") {
            return;
        }
        if std::env::var_os(SERVERS).is_some() {
            return serve();
        }
        let mut servers = Command::new(std::env::current_exe().expect("this program"))
            .arg("--bench")
            .env(SERVERS, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the servers");
        let mut lines = BufReader::new(servers.stdout.take().expect("its output")).lines();
        let mut line = || lines.next().expect("a line").expect("text");
        let (config, address) = (line(), line());
        compose(&config, &address);
        drop(servers.stdin.take());
        let _ended = servers.wait();
    }

    /// The demo's servers, until nobody needs them.
    fn serve() {
        let demo = Demo::start(now()).expect("the demo");
        let person = demo
            .world()
            .people
            .iter()
            .find(|p| p.wanted.route == "person");
        println!(
            "{}\n{}",
            demo.config_path().display(),
            person.expect("a recipient").address
        );
        std::io::stdout().flush().expect("a pipe");
        let _end = std::io::stdin().read_to_end(&mut Vec::new());
    }

    struct Desk {
        window: Window,
        worker: Worker,
        ctx: egui::Context,
        begun: Instant,
    }

    impl Desk {
        fn frame(&mut self, events: Vec<Event>) {
            let raw = RawInput {
                screen_rect: Some(egui::Rect::from_min_size(
                    egui::Pos2::ZERO,
                    egui::vec2(760.0, 640.0),
                )),
                time: Some(self.begun.elapsed().as_secs_f64()),
                focused: true,
                events,
                ..RawInput::default()
            };
            let heard: Vec<_> = self.worker.events().collect();
            for event in heard {
                self.window.hear(event, &self.ctx);
            }
            let output = self.ctx.run_ui(raw, |ui| self.window.ui(ui));
            std::hint::black_box(self.ctx.tessellate(output.shapes, output.pixels_per_point));
            for job in self.window.take_jobs(&self.ctx) {
                self.worker.run(job);
            }
        }

        fn until(&mut self, what: &str, mut holds: impl FnMut(&State) -> bool) {
            let deadline = Instant::now() + Duration::from_mins(1);
            while !holds(&self.window.state) {
                assert!(
                    Instant::now() < deadline,
                    "{what}: {:?} {:?}",
                    self.window.state.phase,
                    self.window.state.trouble
                );
                self.frame(Vec::new());
                std::thread::sleep(Duration::from_millis(2));
            }
        }

        fn step(&mut self, message: Message) {
            self.window.step(message, now());
            self.frame(Vec::new());
            self.frame(Vec::new());
        }

        fn mail(&mut self, number: usize, address: &str) {
            self.step(Message::Focus(Place::Field(Kind::To)));
            self.step(Message::Pasted(format!("{address}\n")));
            self.step(Message::Focus(Place::Subject));
            self.frame(vec![Event::Text(format!("Sag {number}"))]);
            self.step(Message::Focus(Place::Body));
            for word in 0..20 {
                self.frame(vec![Event::Text(format!(
                    "Linje {word} i mail {number}, som sendes til retten. "
                ))]);
            }
            self.until("known", |s| s.asking.is_empty() && !s.found.is_empty());
            self.step(Message::Command(Do::Send));
            self.until("sent", |s| matches!(s.phase, Phase::Done { .. }));
            self.step(Message::Command(Do::NewMail));
        }
    }

    fn compose(config: &str, address: &str) {
        let file = PathBuf::from(config);
        let folder = file.parent().expect("a folder");
        let paths = Paths {
            policy: folder.join("policy.toml"),
            policy_owner: 0,
            data: folder.join("data"),
            file: file.clone(),
        };
        let (setup, backend) = begun(paths, Lang::Da).expect("settings");
        let setup = segl::app::setup::Setup {
            hold: SignedDuration::ZERO,
            ..setup
        };
        let state = State::new(setup, DraftId::random().expect("randomness"));
        let mut desk = Desk {
            window: Window::new(state, Box::new(|_| now())),
            worker: Worker::start(move |_| backend, || {}).expect("a thread"),
            ctx: egui::Context::default(),
            begun: Instant::now(),
        };
        let mails = std::env::var("MAILS")
            .ok()
            .and_then(|m| m.parse().ok())
            .unwrap_or(MAILS);
        println!("| mails sent | resident memory | held by Rust code |");
        println!("|---|---|---|");
        for number in 1..=mails {
            desk.mail(number, address);
            if ROWS.contains(&number) || number.is_multiple_of(1_000) {
                println!(
                    "| {number} | {:.1} MB | {:.2} MB |",
                    resident(),
                    super::HELD.current_usage_as_mb()
                );
            }
        }
        println!(
            "({:.0} ms a mail)",
            desk.begun.elapsed().as_secs_f64() * 1e3
                / f64::from(u32::try_from(mails).unwrap_or(u32::MAX))
        );
    }

    fn resident() -> f64 {
        let status = fs::read_to_string("/proc/self/status").expect("its status");
        let line = status
            .lines()
            .find(|l| l.starts_with("VmRSS:"))
            .expect("its memory");
        let kilobytes = line
            .split_whitespace()
            .nth(1)
            .and_then(|n| n.parse::<f64>().ok());
        kilobytes.expect("a number") / 1024.0
    }
}
