//! A desk to work at: the demo's servers and settings, and the command line run against them as a script would.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jiff::Timestamp;
use segl::demo::{Demo, World};
use serde_json::Value;

/// The demo's servers and a profile of its own.
pub(crate) struct Desk {
    pub(crate) demo: Demo,
}

/// What a run of the command line gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Standard output as the one JSON object that it must be.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test reads the clock, so its world is made for now"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            demo: Demo::of(World::with_shared_keys(now()).unwrap()).unwrap(),
        }
    }

    /// Changes the settings file.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.demo.config_path()).unwrap();
        assert!(text.contains(from), "{from} is not in the settings");
        fs::write(self.demo.config_path(), text.replacen(from, to, 1)).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.demo.folder().join(name)
    }

    pub(crate) fn segl(&self, arguments: &[&str]) -> Ran {
        self.segl_with(arguments, b"")
    }

    /// Runs `segl` with these octets on standard input.
    pub(crate) fn segl_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = command(self.demo.folder());
        command
            .arg("--config")
            .arg(self.demo.config_path())
            .args(arguments);
        run(command, input)
    }

    /// `segl send --json` to these, with a subject and text.
    pub(crate) fn send(&self, arguments: &[&str]) -> Ran {
        let fixed = [
            "send",
            "--json",
            "--subject",
            "Prøve",
            "--body",
            "Rødgrød med fløde",
        ];
        self.segl(&[&fixed[..], arguments].concat())
    }
}

/// `segl` in a home of its own, in English.
pub(crate) fn command(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segl"));
    command
        .env_clear()
        .env("HOME", home)
        .env("LANG", "en_GB.UTF-8")
        .current_dir(home);
    command
}

pub(crate) fn run(mut command: Command, input: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            // A program that ends early does not read all of it.
            let _ended = stdin.write_all(&input);
        });
    let output = child.wait_with_output().unwrap();
    writer.unwrap().join().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
