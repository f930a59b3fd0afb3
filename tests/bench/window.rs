//! The window at rest, under an X server with software rendering, beside a bare eframe window with the same renderer:
//! time to the first frame, memory, and processor time while nothing happens; and the time until a mail that another
//! program hands over stands there with its recipients and files. Linux with Xvfb and xdotool.
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
        let screen = tempfile::tempdir().expect("a folder");
        let (_x, display) = display(screen.path()).expect("Xvfb");

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
        let filled = filled(segl, &arguments, &display, home.path(), screen.path());
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
        println!(
            "| `--draft` with {RECIPIENTS} recipients and 2 files until they are on the screen, median of {RUNS} (worst) \
             | {:.0} ms ({:.0} ms) | |",
            filled[RUNS / 2] * 1e3,
            filled[RUNS - 1] * 1e3
        );
    }

    const RECIPIENTS: usize = 20;
    /// Behind the chips of recipients and files and behind plain buttons, in the light theme.
    const CHIP: [u8; 3] = [0xFC, 0xFC, 0xFB];
    /// More of it than the buttons of an empty composer have, and less than twenty chips.
    const CHIPS: usize = 40_000;

    /// Seconds from the start of the program until the chips are on the screen, shortest first.
    fn filled(
        segl: &Path,
        arguments: &[&str],
        display: &str,
        home: &Path,
        screen: &Path,
    ) -> Vec<f64> {
        let mail = home.join("mail.eml");
        fs::write(&mail, handed_over()).expect("a mail");
        let mail = mail.to_str().expect("a path");
        let draft = ["--theme", "light", "--draft", mail];
        let mut times = Vec::new();
        for _ in 0..RUNS {
            assert!(pixels(screen, CHIP) < CHIPS / 2, "an empty screen");
            let begun = Instant::now();
            let running = start(segl, &[arguments, &draft].concat(), display, home);
            while pixels(screen, CHIP) < CHIPS {
                assert!(begun.elapsed() < Duration::from_mins(1), "no recipients");
                std::thread::sleep(Duration::from_millis(2));
            }
            times.push(begun.elapsed().as_secs_f64());
            drop(running);
            while pixels(screen, CHIP) >= CHIPS / 2 {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        times.sort_by(f64::total_cmp);
        times
    }

    /// What a program for cases hands over: 20 recipients, a text and two files of 200 kB.
    fn handed_over() -> String {
        let to: Vec<String> = (0..RECIPIENTS)
            .map(|i| format!("Navn Nummer{i} <navn{i}@mail-eksempel.dk>"))
            .collect();
        let mut mail = format!(
            "From: anne@advokat-eksempel.dk\r\nTo: {}\r\nSubject: Sag 14\r\nX-Unsent: 1\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
             Hermed sendes to bilag.\r\n",
            to.join(",\r\n ")
        );
        for name in ["bilag-1.pdf", "bilag-2.pdf"] {
            for line in [
                "--b",
                "Content-Type: application/pdf",
                "Content-Transfer-Encoding: base64",
                &format!("Content-Disposition: attachment; filename=\"{name}\""),
                "",
            ] {
                mail.push_str(line);
                mail.push_str("\r\n");
            }
            for _ in 0..3_600 {
                mail.push_str(&"JVBE".repeat(19));
                mail.push_str("\r\n");
            }
        }
        mail.push_str("--b--\r\n");
        mail
    }

    fn start(program: &Path, arguments: &[&str], display: &str, home: &Path) -> Running {
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
        Running(child)
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
            let running = start(program, arguments, display, home);
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

    /// How many pixels of the screen have this colour, red first. The file is in the format of xwd, version 7.
    fn pixels(folder: &Path, color: [u8; 3]) -> usize {
        let screen = fs::read(folder.join("Xvfb_screen0")).expect("the screen");
        let field = |index: usize| {
            let four = screen[4 * index..4 * index + 4].try_into();
            usize::try_from(u32::from_be_bytes(four.expect("four octets"))).expect("a size")
        };
        // The size of the header, and how many colours of 12 octets each stand before the pixels.
        let begin = field(0) + 12 * field(19);
        let [red, green, blue] = color;
        screen[begin..]
            .chunks_exact(4)
            .filter(|p| p[..3] == [blue, green, red])
            .count()
    }
}
