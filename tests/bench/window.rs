//! The window at rest, under an X server with software rendering, beside a bare eframe window with the same renderer:
//! time to the first frame, memory, and processor time while nothing happens. Linux with Xvfb and xdotool.
//!
//! `cargo bench --bench window`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its table, or says what it lacks and ends"
)]

#[cfg(target_os = "linux")]
mod display;

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
        path::Path,
        process::{Command, Stdio},
        time::{Duration, Instant},
    };

    use super::display::{Running, display};

    const RUNS: usize = 7;
    const REST: Duration = Duration::from_secs(10);

    /// Seconds to the first frame, peak and present memory in MB, share of a processor at rest in percent.
    struct Measured {
        first_frame: f64,
        memory: f64,
        idle: f64,
    }

    pub(super) fn main() {
        // `cargo test` runs benches too, without this argument.
        if !std::env::args().any(|a| a == "--bench") {
            return;
        }
        let (_x, display) = display().expect("Xvfb");

        let home = tempfile::tempdir().expect("a folder");
        let settings = home.path().join("segl.toml");
        let text = "[[sender]]\naddress = \"anne@advokat-eksempel.dk\"\n[data]\ndir = \"data\"\nkey_file = \"key\"\n";
        fs::write(&settings, text).expect("settings");
        let segl = Path::new(env!("CARGO_BIN_EXE_segl-desktop"));
        let bare = segl.with_file_name("examples").join("bare_window");
        assert!(
            bare.exists(),
            "build it first: cargo build --release --example bare_window"
        );
        let arguments = [
            "--config",
            settings.to_str().expect("a path"),
            "--lang",
            "en",
        ];

        let ours = measured(segl, &arguments, "New mail", &display, home.path());
        let theirs = measured(&bare, &[], "Bare", &display, home.path());
        println!("| | Segl | bare eframe window |");
        println!("|---|---|---|");
        println!(
            "| first frame, median of {RUNS} | {:.0} ms | {:.0} ms |",
            ours.first_frame * 1e3,
            theirs.first_frame * 1e3
        );
        println!(
            "| resident memory | {:.1} MB ({:.2} times) | {:.1} MB |",
            ours.memory,
            ours.memory / theirs.memory,
            theirs.memory
        );
        println!(
            "| processor time at rest, {} s | {:.2} % | {:.2} % |",
            REST.as_secs(),
            ours.idle,
            theirs.idle
        );
    }

    fn measured(
        program: &Path,
        arguments: &[&str],
        title: &str,
        display: &str,
        home: &Path,
    ) -> Measured {
        let mut times = Vec::new();
        let mut last = None;
        for _ in 0..RUNS {
            drop(last.take());
            let begun = Instant::now();
            let child = Command::new(program)
                .args(arguments)
                .env("DISPLAY", display)
                .env("HOME", home)
                .env("LIBGL_ALWAYS_SOFTWARE", "1")
                .env_remove("WAYLAND_DISPLAY")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program");
            let running = Running(child);
            // The first pass over the window sets this title.
            while !shows(title, display) {
                assert!(begun.elapsed() < Duration::from_mins(1), "no window");
            }
            times.push(begun.elapsed().as_secs_f64());
            last = Some(running);
        }
        let running = last.expect("it ran");
        std::thread::sleep(Duration::from_secs(4));
        let before = ticks(running.0.id());
        std::thread::sleep(REST);
        let spent = ticks(running.0.id()) - before;
        times.sort_by(f64::total_cmp);
        Measured {
            first_frame: times[RUNS / 2],
            memory: resident(running.0.id()),
            // A tick is a hundredth of a second on Linux.
            idle: spent / REST.as_secs_f64(),
        }
    }

    fn shows(title: &str, display: &str) -> bool {
        let found = Command::new("xdotool")
            .args(["search", "--onlyvisible", "--name", title])
            .env("DISPLAY", display)
            .output()
            .expect("xdotool");
        !found.stdout.is_empty()
    }

    fn resident(pid: u32) -> f64 {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
        let line = status
            .lines()
            .find(|l| l.starts_with("VmRSS:"))
            .expect("its memory");
        let kilobytes: f64 = line
            .split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .expect("a number");
        kilobytes / 1024.0
    }

    fn ticks(pid: u32) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("its times");
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .expect("fields")
            .split_whitespace()
            .collect();
        fields[11].parse::<f64>().expect("user time")
            + fields[12].parse::<f64>().expect("system time")
    }
}
