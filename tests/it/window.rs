//! The real window under a real X server, by keyboard alone: write, see the warning, go back, send encrypted, and what
//! the mail server got is opened with the recipient's key. A screenshot is left in the target folder to be looked at.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{desk::Desk, tools::tool};

/// How long anything may take: a loaded machine is slow, and a test must not be wrong because of it.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Only this test's own child; it may be gone already.
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

struct Screen {
    display: String,
    _x: Running,
    _manager: Running,
}

impl Screen {
    fn new() -> Option<Self> {
        let (mut x, mut manager) = (tool("Xvfb")?, tool("openbox")?);
        tool("xdotool")?;
        tool("import")?;
        x.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1366x768x24",
            "-nolisten",
            "tcp",
            // Else the server begins anew whenever its only client is gone, and refuses whoever comes meanwhile.
            "-noreset",
        ]);
        let mut x = x
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(x.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let display = format!(":{}", line.trim());
        let manager = manager
            .env("DISPLAY", &display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self {
            display,
            _x: Running(x),
            _manager: Running(manager),
        })
    }

    fn run(&self, name: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(name);
        command
            .env("DISPLAY", &self.display)
            .env("LC_ALL", "C.UTF-8")
            .args(arguments);
        let output = command.output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Gives the window the keyboard.
    fn activate(&self) {
        let found = ["search", "--sync", "--onlyvisible", "--name", "Segl"];
        self.run("xdotool", &[&found[..], &["windowactivate"]].concat());
    }

    fn key(&self, key: &str) {
        self.run("xdotool", &["key", key]);
        std::thread::sleep(Duration::from_millis(60));
    }

    /// Presses keys in turn, again and again, until it holds: a busy machine may draw a dialog late, and what comes in
    /// its first moments is ignored.
    fn press_until(&self, what: &str, keys: &[&str], mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < deadline, "{what}");
            for key in keys {
                self.key(key);
                std::thread::sleep(Duration::from_millis(800));
            }
        }
    }

    fn write(&self, text: &str) {
        self.run("xdotool", &["type", "--delay", "25", text]);
    }

    fn keep(&self, name: &str) {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        self.run("import", &["-window", "root", file.to_str().unwrap()]);
        assert!(
            fs::metadata(&file).unwrap().len() > 5_000,
            "{} is a picture",
            file.display()
        );
    }
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The window, with the mail server and directory of the desk.
fn open(desk: &Desk, screen: &Screen, arguments: &[&str]) -> Running {
    let mut window = Command::new(env!("CARGO_BIN_EXE_segl-desktop"));
    window
        .env_clear()
        .env("DISPLAY", &screen.display)
        .env("HOME", desk.demo.folder());
    window
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("XDG_RUNTIME_DIR", desk.demo.folder());
    window
        .arg("--config")
        .arg(desk.demo.config_path())
        .args(["--lang", "da"])
        .args(arguments);
    let said = desk.path("window.err");
    let mut window = Running(
        window
            .stdout(Stdio::null())
            .stderr(fs::File::create(&said).unwrap())
            .spawn()
            .unwrap(),
    );
    wait_until("the window opens", || {
        let ended = window.0.try_wait().unwrap();
        assert!(
            ended.is_none(),
            "{ended:?}: {:?}",
            fs::read_to_string(&said)
        );
        !screen
            .run("xdotool", &["search", "--onlyvisible", "--name", "Segl"])
            .is_empty()
    });
    window
}

#[test]
fn the_whole_job_is_done_by_keyboard_alone() {
    let Some(screen) = Screen::new() else { return };
    let desk = Desk::new();
    let world = desk.demo.world();
    let karen = world.person("karen@advokat-eksempel.dk").unwrap();
    let _window = open(&desk, &screen, &[]);
    screen.activate();

    // One green, one red.
    let lookups = || desk.demo.directory().stats().answered;
    screen.write("karen@advokat-eksempel.dk, klaus@privat.example, ");
    wait_until("both are looked up", || lookups() >= 2);
    screen.key("Tab");
    screen.write("BS-123/2026-EKS");
    screen.key("Tab");
    screen.write("Kaere Karen, her er replikken.");
    std::thread::sleep(Duration::from_millis(800));
    screen.keep("window-composer.png");

    // The warning: held keys and Enter get nobody past it. Escape goes back, and nothing was sent.
    screen.key("ctrl+Return");
    std::thread::sleep(Duration::from_millis(800));
    screen.keep("window-warning.png");
    screen.run(
        "xdotool",
        &[
            "keydown", "ctrl", "keydown", "Return", "sleep", "1", "keyup", "Return", "keyup",
            "ctrl",
        ],
    );
    assert!(desk.demo.mail().kept().is_empty());
    screen.key("Escape");

    // Only to those who can be encrypted to; then at once instead of after the undo time.
    screen.press_until(
        "the mail is sent",
        &["ctrl+Return", "ctrl+d", "ctrl+Return"],
        || !desk.demo.mail().kept().is_empty(),
    );
    std::thread::sleep(Duration::from_millis(800));
    screen.keep("window-receipt.png");

    let kept = desk.demo.mail().kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].rcpt_to, ["karen@advokat-eksempel.dk"]);
    let inside = segl::demo::open(&kept[0].data, &karen.readers[0]).unwrap();
    assert!(String::from_utf8_lossy(&inside).contains("Kaere Karen, her er replikken."));
    assert!(!String::from_utf8_lossy(&kept[0].data).contains("replikken"));
    let verified = desk.segl(&["log", "verify", "--json"]);
    assert_eq!(verified.json()["intact"], true);
}

#[test]
fn a_draft_is_there_again_after_the_window_was_killed() {
    let Some(screen) = Screen::new() else { return };
    let desk = Desk::new();
    {
        let _window = open(
            &desk,
            &screen,
            &["--to", "karen@advokat-eksempel.dk", "--subject", "Udkast"],
        );
        screen.activate();
        std::thread::sleep(Duration::from_millis(500));
        screen.write("Teksten overlever.");
        // At most two seconds may be lost.
        std::thread::sleep(Duration::from_secs(5));
    }
    let _window = open(&desk, &screen, &[]);
    screen.activate();
    std::thread::sleep(Duration::from_millis(1500));
    screen.keep("window-draft.png");
    screen.press_until("the draft is sent", &["ctrl+Return"], || {
        !desk.demo.mail().kept().is_empty()
    });
    let karen = desk
        .demo
        .world()
        .person("karen@advokat-eksempel.dk")
        .unwrap();
    let inside = segl::demo::open(&desk.demo.mail().kept()[0].data, &karen.readers[0]).unwrap();
    assert!(String::from_utf8_lossy(&inside).contains("Teksten overlever."));
}
