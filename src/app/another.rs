//! Further windows: the same program, started again with the same settings, language and colours.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    process::{Command, Stdio},
};

use super::page::Show;

/// The arguments that every window of this desk is started with.
#[derive(Debug, Clone, Default)]
pub struct Another {
    common: Vec<OsString>,
}

impl Another {
    /// Windows that are started with these arguments first.
    pub fn with(common: Vec<OsString>) -> Self {
        Self { common }
    }

    /// Opens a window. It outlives this one.
    pub fn open(&self, show: Show) -> io::Result<()> {
        self.start(&["--show", show.argument()])
    }

    /// Starts the program again. It outlives this one.
    pub fn start(&self, arguments: &[&str]) -> io::Result<()> {
        self.start_with(arguments, Vec::new())
    }

    /// The same with this on its standard input, which other users of the computer cannot see.
    pub fn start_with(&self, arguments: &[&str], input: Vec<u8>) -> io::Result<()> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(&self.common)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Waited for, so that none is left behind as a dead entry while this window is open.
        let waits = std::thread::Builder::new().name("segl-window".to_owned());
        waits.spawn(move || {
            if let Some(mut stdin) = child.stdin.take() {
                // A program that ends early does not read all of it.
                let _ended = stdin.write_all(&input);
            }
            drop(child.wait());
        })?;
        Ok(())
    }
}
