//! Further windows: the same program, started again with the same settings, language and colours.

use std::{
    ffi::OsString,
    io,
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
        let mut child = Command::new(std::env::current_exe()?)
            .args(&self.common)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Waited for, so that none is left behind as a dead entry while this window is open.
        let waits = std::thread::Builder::new().name("segl-window".to_owned());
        waits.spawn(move || drop(child.wait()))?;
        Ok(())
    }
}
