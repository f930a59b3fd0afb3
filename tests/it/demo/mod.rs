//! The embedded authority and servers, judged by outside tools and on the wire.

mod authority;
mod client;
mod directory;
mod directory_faults;
mod ldap;
mod mail;
mod mail_faults;
mod smtp;
mod world;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::tools::tool;

/// 2026-11-01, the time at which all tests here take place.
const NOW: Timestamp = Timestamp::constant(1_793_491_200, 0);

/// A folder for what outside tools read. It goes when the value is dropped.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Writes a file and gives its path.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).expect("the file is written");
        path
    }
}

/// What an outside tool said: whether it was content, and all its words.
struct Verdict {
    content: bool,
    words: String,
}

/// Runs `openssl` with these arguments; `None` where it is not installed.
fn openssl(arguments: &[&str]) -> Option<Verdict> {
    let mut command = tool("openssl")?;
    let output = command.args(arguments).output().expect("openssl runs");
    let mut words = String::from_utf8_lossy(&output.stdout).into_owned();
    write!(words, "{}", String::from_utf8_lossy(&output.stderr)).expect("room for words");
    Some(Verdict {
        content: output.status.success(),
        words,
    })
}

/// A path as an argument.
fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}
