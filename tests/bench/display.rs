//! A display of its own for a benchmark: an X server with software rendering, which ends with the value.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A program that ends with the value.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// The server and what to call it by; none where Xvfb is not installed. In the folder it keeps its screen as a file.
pub(crate) fn display(folder: &Path) -> Option<(Running, String)> {
    let mut x = Command::new("Xvfb")
        .arg("-fbdir")
        .arg(folder)
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1366x768x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut line = String::new();
    BufReader::new(x.stdout.take().expect("its output"))
        .read_line(&mut line)
        .expect("a display");
    Some((Running(x), format!(":{}", line.trim())))
}
