//! The thread that does what would make the window wait: it runs jobs and reports events, and wakes the window.
//!
//! Looking up and sending run side by side. Drafts are kept in the order in which they were handed over, one after the
//! other: a draft that was deleted does not come back because an older copy was still on its way.

use std::{
    path::PathBuf,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use tokio::sync::{
    Semaphore,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

pub use super::seam::{Backend, Failed, Later};
use super::{
    book, imports,
    message::{Event, Freshness, Job, Progress},
    own_keys,
    report::{Receipt, Trouble},
};
use crate::{
    cert::Whose,
    content::{NotExamined, Suggestion, Unread},
    decide::{Approved, Assessment},
    directory::{Failure, FailureCode},
    mail::{Address, Digest, Draft},
};

/// Endings of key files.
const KEY_FILES: &[&str] = &["p12", "pfx", "pem"];

/// Addresses that are looked up at once: a pasted list is not to flood the firm's directory.
pub const AT_ONCE: usize = 16;

/// How far a mail is on its way, and whether it is to be stopped.
#[derive(Clone)]
pub struct Way {
    events: Events,
    stop: Arc<AtomicBool>,
}

/// Where events go.
#[derive(Clone)]
pub struct Events {
    sender: mpsc::Sender<Event>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

/// The thread, as the window sees it. Dropping it waits until drafts are kept.
pub struct Worker {
    jobs: Option<UnboundedSender<Job>>,
    events: mpsc::Receiver<Event>,
    thread: Option<JoinHandle<()>>,
}

impl Way {
    /// Tells how far the mail is.
    pub fn tell(&self, progress: Progress) {
        self.events.send(Event::Progress(progress));
    }

    /// Tells what else became of it.
    pub fn report(&self, event: Event) {
        self.events.send(event);
    }

    /// Whether the user asked to stop. Asked before each step that can still be left out.
    pub fn is_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Events {
    /// Reports an event and wakes the window. A window that is gone hears nothing.
    pub fn send(&self, event: Event) {
        if self.sender.send(event).is_ok() {
            (self.wake)();
        }
    }
}

impl Worker {
    /// Starts the thread. `start` is called on it with the way to report events by itself (a change of policy), and
    /// gives the backend. `wake` makes the window look for events.
    pub fn start(
        start: impl FnOnce(Events) -> Arc<dyn Backend> + Send + 'static,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = unbounded_channel();
        let (sender, events) = mpsc::channel();
        let out = Events {
            sender,
            wake: Arc::new(wake),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("segl-worker")
            .enable_all()
            .build()?;
        let thread = std::thread::Builder::new()
            .name("segl-worker".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    let backend = start(out.clone());
                    Bench::new(backend, out).work(queue).await;
                });
                // What still waits for the network is dropped; what was to be written is written.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            jobs: Some(jobs),
            events,
            thread: Some(thread),
        })
    }

    /// Hands a job over.
    pub fn run(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only after this sender is dropped.
            drop(jobs.send(job));
        }
    }

    /// What has happened since.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        self.events.try_iter()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic on that thread was printed by its hook.
            drop(thread.join());
        }
    }
}

/// One call that may block, on the thread for such calls.
type Blocking = Box<dyn FnOnce(&dyn Backend) -> Option<Event> + Send>;

/// The worker's own side.
struct Bench {
    backend: Arc<RwLock<Arc<dyn Backend>>>,
    events: Events,
    stop: Arc<AtomicBool>,
    looking_up: Arc<Semaphore>,
    /// What touches drafts and settings.
    in_order: Lane,
    /// The address book: reading a large one may take seconds, and keeps no draft waiting.
    book: Lane,
}

/// Calls that are made one after the other, in the order in which they were asked for.
struct Lane {
    calls: UnboundedSender<Blocking>,
    last: tokio::task::JoinHandle<()>,
}

impl Lane {
    fn new(backend: &Arc<RwLock<Arc<dyn Backend>>>, events: &Events) -> Self {
        let (calls, queue) = unbounded_channel();
        let work = one_after_the_other(queue, Arc::clone(backend), events.clone());
        Self {
            calls,
            last: tokio::spawn(work),
        }
    }

    fn add(&self, call: Blocking) {
        // The receiver lives as long as this sender.
        drop(self.calls.send(call));
    }

    async fn finish(self) {
        drop(self.calls);
        // A panic of a call was reported when it happened.
        drop(self.last.await);
    }
}

impl Bench {
    fn new(backend: Arc<dyn Backend>, events: Events) -> Self {
        let backend = Arc::new(RwLock::new(backend));
        Self {
            in_order: Lane::new(&backend, &events),
            book: Lane::new(&backend, &events),
            backend,
            events,
            stop: Arc::default(),
            looking_up: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    async fn work(self, mut jobs: UnboundedReceiver<Job>) {
        self.ask_size();
        while let Some(job) = jobs.recv().await {
            self.begin(job);
        }
        let backend = current(&self.backend);
        self.in_order.finish().await;
        self.book.finish().await;
        backend.finish().await;
    }

    fn backend(&self) -> Arc<dyn Backend> {
        current(&self.backend)
    }

    fn begin(&self, job: Job) {
        match job {
            Job::Assess { address, freshness } => self.assess(address, freshness),
            Job::Send { draft, approved } => self.send(*draft, approved),
            Job::Examine { draft, of } => self.examine(draft, of),
            Job::StopSending => self.stop.store(true, Ordering::Relaxed),
            Job::AttachFiles(paths) => self.aside(move |b| Some(measured(b, paths))),
            Job::PickFiles => self.pick_files(),
            Job::PasteFiles => self.aside(|b| copied_files().map(|paths| measured(b, paths))),
            Job::Import(imports::Task::Pick(wanted)) => self.pick_certificate(wanted),
            // A signed mail may be large: no draft waits for it.
            Job::Import(task) => self.aside(move |b| imports::work(b, task)),
            Job::Book(book::Task::Pick) => self.pick_register(),
            Job::Book(task) => self.book.add(Box::new(move |b| book::work(b, task))),
            Job::SaveToCase(receipt) => self.pick_case_file(*receipt),
            // Suggestions may take seconds: they keep no draft waiting.
            Job::Aid(ask) => self.aside(move |b| Some(ask.answer(b))),
            Job::StartDemo => self.start_demo(),
            // Opening a large mail takes its time, and so does who chooses a file.
            Job::Received(ask) => self.aside(move |b| ask.answer(b)),
            Job::Lists(ask) if ask.takes_long() => self.aside(move |b| ask.answer(b)),
            Job::Assistant(ask) => {
                let events = self.events.clone();
                self.aside(move |b| Some(ask.answer(b, &events)));
            }
            Job::SignIn(password) => {
                self.aside(move |b| Some(Event::SignedIn(b.sign_in(password))));
            }
            Job::OwnKeys(own_keys::Task::Choose) => {
                self.pick(KEY_FILES, |_, path| {
                    Some(Event::OwnKeys(own_keys::Told::Chosen(path)))
                });
            }
            Job::OwnKeys(own_keys::Task::BackUp(which, password)) => {
                let name = own_keys::backup_name(which);
                self.pick_new(name, move |b, path| {
                    Some(own_keys::back_up(b, which, &path, password))
                });
            }
            Job::OwnKeys(task) => self.aside(move |b| task.answer(b)),
            // The window does these itself.
            Job::Copy(_) | Job::CloseWindow => {}
            job => self.in_order(job),
        }
    }

    /// What touches the store, in the order in which it was asked for.
    fn in_order(&self, job: Job) {
        let failed = |result: Result<(), Failed>| result.err().map(Event::Failed);
        let call: Blocking = match job {
            Job::SaveDraft(draft) => Box::new(move |b| {
                Some(match b.save_draft(&draft) {
                    Ok(at) => Event::DraftSaved {
                        id: draft.id.clone(),
                        at,
                    },
                    Err(trouble) => Event::DraftNotSaved(trouble),
                })
            }),
            Job::DeleteDraft(id) => Box::new(move |b| failed(b.delete_draft(&id))),
            Job::LoadDrafts => Box::new(|b| {
                Some(
                    b.load_drafts()
                        .map_or_else(Event::Failed, Event::DraftsLoaded),
                )
            }),
            Job::OpenHandedOver(source) => Box::new(move |b| {
                let read = b.read_handed_over(&source);
                Some(read.map_or_else(Event::Failed, |m| Event::HandedOver(Box::new(m))))
            }),
            Job::ReadText(source) => Box::new(move |b| {
                Some(
                    b.read_text(&source)
                        .map_or_else(Event::Failed, Event::TextRead),
                )
            }),
            Job::ConfirmOrganisation {
                address,
                organisation,
            } => Box::new(move |b| {
                Some(match b.confirm_organisation(&address, &organisation) {
                    Ok(()) => Event::OrganisationConfirmed(address),
                    Err(trouble) => Event::Failed(trouble),
                })
            }),
            Job::KeepStanding(made) => Box::new(move |b| {
                let kept = b.keep_standing(made);
                Some(kept.map_or_else(Event::Failed, Event::Standing))
            }),
            Job::NoteRefused { draft, refusal } => {
                Box::new(move |b| failed(b.note_refused(&draft, &refusal)))
            }
            Job::Resolve { draft, was } => Box::new(move |b| failed(b.resolve(&draft, was))),
            Job::OpenSettings => Box::new(|b| {
                Some(
                    b.open_settings()
                        .map_or_else(Event::Failed, Event::SettingsOpened),
                )
            }),
            Job::Open(show) => Box::new(move |b| failed(b.open(show))),
            Job::Lists(ask) => Box::new(move |b| ask.answer(b)),
            Job::Options(ask) => Box::new(move |b| ask.answer(b)),
            Job::RememberZoom(percent) => Box::new(move |b| {
                b.remember_zoom(percent);
                None
            }),
            _ => return,
        };
        self.in_order.add(call);
    }

    fn assess(&self, address: Address, freshness: Freshness) {
        let (backend, events) = (self.backend(), self.events.clone());
        let later = Arc::clone(&backend);
        let looking_up = Arc::clone(&self.looking_up);
        tokio::spawn(async move {
            // Nobody closes it, so there is a turn for each.
            let _turn = looking_up.acquire_owned().await;
            let whom = address.clone();
            let assessing = tokio::spawn(async move { backend.assess(&whom, freshness).await });
            let found = assessing
                .await
                .unwrap_or_else(|_panic| Arc::new(broken(address)));
            let ends = found.used().any(|c| !c.endings().is_empty());
            events.send(Event::Assessed(Arc::clone(&found)));
            if ends {
                let tell = move |b: &dyn Backend| {
                    let endings = b.endings(&found);
                    let told = imports::Told::Endings(Whose::Other, endings);
                    Some(Event::Import(told))
                };
                report(later, Box::new(tell), events).await;
            }
        });
    }

    /// Large files take their time: no draft waits for it. If looking breaks, nobody knows what is in the mail, and the
    /// window hears that: a mail may be waiting for it.
    fn examine(&self, draft: Box<Draft>, of: Digest) {
        let (backend, events) = (self.backend(), self.events.clone());
        tokio::spawn(async move {
            let looking = tokio::task::spawn_blocking(move || backend.look_through(&draft));
            let found = looking.await.unwrap_or_else(|_panic| nothing_known());
            events.send(Event::Examined { of, found });
        });
    }

    fn send(&self, draft: Draft, approved: Approved) {
        self.stop.store(false, Ordering::Relaxed);
        let way = Way {
            events: self.events.clone(),
            stop: Arc::clone(&self.stop),
        };
        let (backend, events) = (self.backend(), self.events.clone());
        tokio::spawn(async move {
            let inner = Arc::clone(&backend);
            let sending = tokio::spawn(async move { inner.send(draft, approved, way).await });
            events.send(match sending.await {
                Ok(Ok(receipt)) => Event::Sent(Box::new(receipt)),
                Ok(Err(trouble)) => Event::SendFailed(trouble),
                // It broke somewhere: that nothing left would be a guess.
                Err(_panic) => Event::SendFailed(Box::new(Trouble {
                    may_have_been_sent: true,
                    ..*backend.panicked()
                })),
            });
        });
    }

    fn ask_size(&self) {
        let (backend, events) = (self.backend(), self.events.clone());
        tokio::spawn(async move {
            let limit = backend.size_limit().await;
            events.send(Event::SizeLimit(limit));
        });
    }

    /// A call that may block and whose order does not matter.
    fn aside(&self, call: impl FnOnce(&dyn Backend) -> Option<Event> + Send + 'static) {
        let (backend, events) = (self.backend(), self.events.clone());
        tokio::spawn(async move { report(backend, Box::new(call), events).await });
    }

    fn pick_files(&self) {
        let (backend, events) = (self.backend(), self.events.clone());
        tokio::spawn(async move {
            let picked = rfd::AsyncFileDialog::new()
                .pick_files()
                .await
                .unwrap_or_default();
            let paths: Vec<PathBuf> = picked.iter().map(|f| f.path().to_owned()).collect();
            if !paths.is_empty() {
                report(backend, Box::new(move |b| Some(measured(b, paths))), events).await;
            }
        });
    }

    fn pick_certificate(&self, wanted: imports::Wanted) {
        self.pick(imports::ENDINGS, |b, path| {
            let task = imports::Task::Look {
                path,
                wanted,
                is_dropped: false,
            };
            imports::work(b, task)
        });
    }

    fn pick_register(&self) {
        self.pick(book::IMPORTED_KINDS, |b, path| {
            book::work(b, book::Task::Import(path))
        });
    }

    /// Asks for a file with one of these endings, and hands it to a call that may block.
    fn pick(
        &self,
        endings: &'static [&'static str],
        take: impl FnOnce(&dyn Backend, PathBuf) -> Option<Event> + Send + 'static,
    ) {
        let (backend, events) = (self.backend(), self.events.clone());
        tokio::spawn(async move {
            let dialog = rfd::AsyncFileDialog::new().add_filter("*", endings);
            if let Some(file) = dialog.pick_file().await {
                let path = file.path().to_owned();
                let call: Blocking = Box::new(move |b| take(b, path));
                report(backend, call, events).await;
            }
        });
    }

    fn pick_case_file(&self, receipt: Receipt) {
        let name = format!("{}.eml", receipt.at.strftime("%Y-%m-%d-%H%M%S"));
        self.pick_new(name, move |b, path| {
            Some(
                b.save_to_case(&receipt, path)
                    .map_or_else(Event::Failed, Event::SavedToCase),
            )
        });
    }

    /// Asks for the name of a new file, and hands it to a call that may block.
    fn pick_new(
        &self,
        name: String,
        make: impl FnOnce(&dyn Backend, PathBuf) -> Option<Event> + Send + 'static,
    ) {
        let (backend, events) = (self.backend(), self.events.clone());
        tokio::spawn(async move {
            let dialog = rfd::AsyncFileDialog::new().set_file_name(name);
            if let Some(file) = dialog.save_file().await {
                let path = file.path().to_owned();
                let call: Blocking = Box::new(move |b| make(b, path));
                report(backend, call, events).await;
            }
        });
    }

    fn start_demo(&self) {
        let (slot, backend, events) = (
            Arc::clone(&self.backend),
            self.backend(),
            self.events.clone(),
        );
        tokio::spawn(async move {
            let call: Blocking = Box::new(move |b| {
                Some(match b.start_demo() {
                    Ok((setup, demo)) => {
                        *slot
                            .write()
                            .unwrap_or_else(std::sync::PoisonError::into_inner) = demo;
                        Event::Restarted(Box::new(setup))
                    }
                    Err(trouble) => Event::Failed(trouble),
                })
            });
            report(backend, call, events).await;
        });
    }
}

fn current(backend: &RwLock<Arc<dyn Backend>>) -> Arc<dyn Backend> {
    Arc::clone(
        &backend
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner),
    )
}

async fn one_after_the_other(
    mut queue: UnboundedReceiver<Blocking>,
    backend: Arc<RwLock<Arc<dyn Backend>>>,
    events: Events,
) {
    while let Some(call) = queue.recv().await {
        report(current(&backend), call, events.clone()).await;
    }
}

async fn report(backend: Arc<dyn Backend>, call: Blocking, events: Events) {
    let inner = Arc::clone(&backend);
    match tokio::task::spawn_blocking(move || call(inner.as_ref())).await {
        Ok(Some(event)) => events.send(event),
        Ok(None) => {}
        Err(_panic) => events.send(Event::Failed(backend.panicked())),
    }
}

/// Looking up broke: the recipient was not checked. Never "has none".
fn broken(address: Address) -> Assessment {
    let failure = Failure {
        source: "Segl".to_owned(),
        code: FailureCode::Protocol,
        message: "panic while looking up".to_owned(),
    };
    Assessment::new(address, Vec::new(), vec![failure], None, super::run::now())
}

/// Looking through a mail broke: nothing of it was examined. Never "nothing found".
fn nothing_known() -> Suggestion {
    let whole = NotExamined {
        file: 0,
        why: Unread::Unreadable,
    };
    Suggestion {
        not_examined: vec![whole],
        ..Suggestion::default()
    }
}

fn measured(backend: &dyn Backend, paths: Vec<PathBuf>) -> Event {
    Event::Attached(paths.into_iter().map(|path| backend.attach(path)).collect())
}

/// The files on the clipboard. Whoever copied something else did not mean files.
fn copied_files() -> Option<Vec<PathBuf>> {
    let mut clipboard = arboard::Clipboard::new().ok()?;
    let files = clipboard.get().file_list().ok()?;
    (!files.is_empty()).then_some(files)
}
