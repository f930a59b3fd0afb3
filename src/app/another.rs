//! Further windows: the same program, started again with the same settings, language and colours.

use std::{
    any::Any,
    ffi::OsString,
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

/// The arguments that every window of this desk is started with.
#[derive(Clone, Default)]
pub struct Another {
    common: Vec<OsString>,
    shared: Arc<Mutex<Shared>>,
}

/// What all windows of this program have in common.
#[derive(Default)]
struct Shared {
    /// One for each window that was started; it ends when that window does.
    started: Vec<JoinHandle<()>>,
    /// What those windows need of this program, such as the demo's servers.
    needed: Vec<Box<dyn Any + Send>>,
}

impl Another {
    /// Windows that are started with these arguments first.
    pub fn with(common: Vec<OsString>) -> Self {
        Self {
            common,
            shared: Arc::default(),
        }
    }

    /// Windows of the demo in this folder. They need `servers`, which live until the last of them is closed.
    pub fn at_demo(&self, folder: &Path, servers: Box<dyn Any + Send>) -> Self {
        let mut common = self.common.clone();
        common.extend(["--demo-at".into(), folder.as_os_str().to_owned()]);
        self.needs(servers);
        Self {
            common,
            shared: Arc::clone(&self.shared),
        }
    }

    /// The windows that are started need this, as long as one of them is there.
    pub fn needs(&self, what: Box<dyn Any + Send>) {
        self.shared().needed.push(what);
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
        let started = waits.spawn(move || {
            if let Some(mut stdin) = child.stdin.take() {
                // A program that ends early does not read all of it.
                let _ended = stdin.write_all(&input);
            }
            drop(child.wait());
        })?;
        self.shared().started.push(started);
        Ok(())
    }

    /// After this window was closed: waits for the others, if they need something of this program.
    pub fn wait(&self) {
        let shared = std::mem::take(&mut *self.shared());
        if !shared.needed.is_empty() {
            for window in shared.started {
                // A thread that only waits does not panic.
                drop(window.join());
            }
        }
    }

    fn shared(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
