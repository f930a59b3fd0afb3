//! A screen that nobody looks at: an X server, a window manager, a session bus, and the window on it. All of it ends
//! with the test that started it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::tools::tool;

/// How long anything may take: a loaded machine is slow, and a test must not be wrong because of it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A program that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Only this test's own child; it may be gone already.
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// The screen, with a home folder of its own.
pub(crate) struct Screen {
    display: String,
    home: PathBuf,
    bus: Option<String>,
    running: Vec<Running>,
    _folder: tempfile::TempDir,
}

impl Screen {
    /// A screen, where the tools for it are installed.
    pub(crate) fn new() -> Option<Self> {
        Self::sized("1366x768")
    }

    /// The same in another size, such as `800x600`.
    pub(crate) fn sized(size: &str) -> Option<Self> {
        let (mut x, mut manager) = (tool("Xvfb")?, tool("openbox")?);
        tool("xdotool")?;
        tool("import")?;
        x.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{size}x24"),
            "-nolisten",
            "tcp",
            // Else the server begins anew whenever its only client is gone, and refuses whoever comes meanwhile.
            "-noreset",
        ]);
        let (x, line) = started(&mut x);
        let display = format!(":{line}");
        let manager = manager
            .env("DISPLAY", &display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        Some(Self {
            display,
            home: folder.path().to_owned(),
            bus: None,
            // The last to be started ends first.
            running: vec![Running(manager), x],
            _folder: folder,
        })
    }

    /// The same, with a session bus, over which programs are read by assistive technology.
    pub(crate) fn with_bus() -> Option<Self> {
        let mut bus = tool("dbus-daemon")?;
        let mut screen = Self::new()?;
        screen.dress(&mut bus);
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let (bus, address) = started(&mut bus);
        screen.running.insert(0, bus);
        screen.bus = Some(address);
        Some(screen)
    }

    /// Gives a program this screen, and nothing else of the computer.
    pub(crate) fn dress(&self, command: &mut Command) {
        command
            .env_clear()
            .env("DISPLAY", &self.display)
            .env("HOME", &self.home)
            .env("XDG_RUNTIME_DIR", &self.home)
            .env("PATH", "/usr/bin:/bin")
            .env("LIBGL_ALWAYS_SOFTWARE", "1");
        if let Some(bus) = &self.bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
    }

    /// Its home folder.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// Opens the window, in Danish.
    pub(crate) fn open(&self, arguments: &[&str]) -> Running {
        self.open_as(|_| (), arguments)
    }

    /// Opens the window; `change` is the last to touch its environment.
    pub(crate) fn open_as(&self, change: impl FnOnce(&mut Command), arguments: &[&str]) -> Running {
        let mut window = Command::new(env!("CARGO_BIN_EXE_segl-desktop"));
        self.dress(&mut window);
        change(&mut window);
        let said = self.home.join("window.err");
        let window = window
            .args(["--lang", "da"])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(fs::File::create(&said).unwrap());
        let mut window = Running(window.spawn().unwrap());
        wait_until("the window opens", || {
            let ended = window.0.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "{ended:?}: {:?}",
                fs::read_to_string(&said)
            );
            !self
                .run("xdotool", &["search", "--onlyvisible", "--name", "Segl"])
                .is_empty()
        });
        window
    }

    /// The screen has another size from now on, at most that with which it began: a monitor was unplugged, or another
    /// resolution chosen.
    pub(crate) fn shrink(&self, width: u32, height: u32) {
        let mode = format!("{width}x{height}");
        let [w, h] = [width, height].map(|n| n.to_string());
        let line = ["--newmode", &mode, "40", &w, &w, &w, &w, &h, &h, &h, &h];
        self.run("xrandr", &line);
        self.run("xrandr", &["--addmode", "screen", &mode]);
        self.run("xrandr", &["--output", "screen", "--mode", &mode]);
        let now = self.run("xrandr", &[]);
        assert!(
            now.contains(&format!("current {width} x {height}")),
            "{now}"
        );
    }

    /// Left, top, width and height of the window without the frame that the window manager draws.
    pub(crate) fn place(&self) -> [i32; 4] {
        let found = self.run("xdotool", &["search", "--onlyvisible", "--name", "Segl"]);
        let window = found.lines().next_back().unwrap_or_default();
        let info = self.run("xwininfo", &["-id", window]);
        let value = |name: &str| {
            let line = info.lines().find_map(|l| l.trim().strip_prefix(name));
            line.unwrap_or_else(|| panic!("{name} in {info}"))
                .trim()
                .parse()
                .unwrap()
        };
        [
            value("Absolute upper-left X:"),
            value("Absolute upper-left Y:"),
            value("Width:"),
            value("Height:"),
        ]
    }

    /// What a tool for this screen prints.
    pub(crate) fn run(&self, name: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(name);
        command
            .env("DISPLAY", &self.display)
            .env("LC_ALL", "C.UTF-8")
            .args(arguments);
        let output = command.output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Gives the window the keyboard.
    pub(crate) fn activate(&self) {
        let found = ["search", "--sync", "--onlyvisible", "--name", "Segl"];
        self.run("xdotool", &[&found[..], &["windowactivate"]].concat());
    }

    pub(crate) fn key(&self, key: &str) {
        self.run("xdotool", &["key", key]);
        std::thread::sleep(Duration::from_millis(60));
    }

    /// Presses keys in turn, again and again, until it holds: a busy machine may draw a dialog late, and what comes in
    /// its first moments is ignored.
    pub(crate) fn press_until(&self, what: &str, keys: &[&str], mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < deadline, "{what}");
            for key in keys {
                self.key(key);
                std::thread::sleep(Duration::from_millis(800));
            }
        }
    }

    pub(crate) fn write(&self, text: &str) {
        self.run("xdotool", &["type", "--delay", "25", text]);
    }

    /// Leaves a picture in the target folder, to be looked at.
    pub(crate) fn keep(&self, name: &str) {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        self.run("import", &["-window", "root", file.to_str().unwrap()]);
        assert!(
            fs::metadata(&file).unwrap().len() > 5_000,
            "{} is a picture",
            file.display()
        );
    }
}

/// Starts a program, and waits for the line that it prints when it is ready.
pub(crate) fn started(command: &mut Command) -> (Running, String) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (Running(child), line.trim().to_owned())
}

pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
