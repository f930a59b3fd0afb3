//! One thread for each PKCS #11 module: the library is called from there alone, and whoever asks waits until a deadline.
//!
//! A card that hangs takes its thread along, and nothing else: from then on each call is answered "late" at once, until
//! the thread is back. A call that has not begun when its time is up is dropped: no PIN is given and nothing is signed
//! behind the back of whoever gave up.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::{TokenError, card::Card};

type Task = Box<dyn FnOnce(&mut Card) + Send>;

/// A module and its thread.
#[derive(Clone)]
pub(super) struct Module(Arc<Running>);

struct Running {
    path: PathBuf,
    tasks: Mutex<Sender<Task>>,
    thread: JoinHandle<()>,
    /// Somebody gave up waiting, and the thread has not come back since.
    is_late: Arc<AtomicBool>,
}

/// A library knows one beginning for each program: so there is one thread for it, however many Segls a test opens.
static RUNNING: Mutex<BTreeMap<PathBuf, Module>> = Mutex::new(BTreeMap::new());

impl Module {
    /// The module at this path; its thread is started where it does not run. Does not wait for it.
    pub(super) fn of(path: &Path) -> Result<Self, TokenError> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = running.get(path).filter(|m| !m.0.thread.is_finished()) {
            return Ok(module.clone());
        }
        let (sender, tasks) = mpsc::channel::<Task>();
        let mut card = Card::new(path);
        let thread = std::thread::Builder::new()
            .name("segl-token".to_owned())
            .spawn(move || {
                for task in tasks {
                    task(&mut card);
                }
            })
            .map_err(|cause| TokenError::Module {
                module: path.to_owned(),
                detail: cause.to_string(),
            })?;
        let module = Self(Arc::new(Running {
            path: path.to_owned(),
            tasks: Mutex::new(sender),
            thread,
            is_late: Arc::default(),
        }));
        running.insert(path.to_owned(), module.clone());
        Ok(module)
    }

    /// Asks the thread, and waits for its answer that long.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        within: Duration,
        call: impl FnOnce(&mut Card) -> Result<T, TokenError> + Send + 'static,
    ) -> Result<T, TokenError> {
        let running = &self.0;
        if running.is_late.load(Ordering::SeqCst) {
            return Err(TokenError::Late);
        }
        let (answer, answered) = mpsc::sync_channel(1);
        let given_up = Arc::new(AtomicBool::new(false));
        let (late, dropped) = (Arc::clone(&running.is_late), Arc::clone(&given_up));
        let task: Task = Box::new(move |card| {
            if !dropped.load(Ordering::SeqCst) {
                // Nobody waits any more: what came of it is dropped.
                let _late = answer.send(call(card));
            }
            late.store(false, Ordering::SeqCst);
        });
        let sent = running
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(task);
        sent.map_err(|_task| self.gone())?;
        match answered.recv_timeout(within) {
            Ok(done) => done,
            Err(RecvTimeoutError::Disconnected) => Err(self.gone()),
            Err(RecvTimeoutError::Timeout) => {
                given_up.store(true, Ordering::SeqCst);
                running.is_late.store(true, Ordering::SeqCst);
                // It may have answered between the two: then the thread is not late.
                match answered.try_recv() {
                    Ok(done) => {
                        running.is_late.store(false, Ordering::SeqCst);
                        done
                    }
                    Err(_) => Err(TokenError::Late),
                }
            }
        }
    }

    fn gone(&self) -> TokenError {
        TokenError::Module {
            module: self.0.path.clone(),
            detail: "its thread ended".to_owned(),
        }
    }
}
