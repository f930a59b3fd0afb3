//! The worker's thread: drafts in order, broken parts reported, nothing lost when the window closes.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use jiff::Timestamp;
use segl::{
    app::{
        aids,
        book::BookBackend,
        imports::{ImportBackend, Looked, Wanted},
        lists::Shelf,
        message::{AttachFailure, Event, Freshness, Job, Resolution},
        options::{Facts, Letter, Preference, SettingsSource},
        page::Show,
        receipts::ReceiptBackend,
        received::{Handle, KeyFile, Mail, NotOpened, Opens, Origin},
        report::Receipt,
        setup::{Setup, Source},
        worker::{AT_ONCE, Backend, Failed, Later, Way, Worker},
    },
    cert::{Ending, Fingerprint, Organisation},
    decide::{Approved, Assessment, Status},
    mail::{Address, Attachment, Digest, Draft, DraftId, HandedOver, Mailbox},
    segl::{Book, Imported, Offered, Pinning, TakenOthers},
    words::{FindingWords, Lang},
};

use crate::support::*;

/// Notes what happens to drafts, slowly; everything else breaks.
#[derive(Default)]
struct Breaking {
    log: Arc<Mutex<Vec<String>>>,
    /// Look-ups now, and at most at once.
    looking_up: Arc<[AtomicUsize; 2]>,
}

impl Breaking {
    fn note(&self, text: String) {
        // The first ones take longest: out of order they would overtake each other.
        let mut log = self.log.lock().unwrap();
        std::thread::sleep(Duration::from_millis(5 / (log.len() as u64 + 1)));
        log.push(text);
    }
}

fn broken<T>() -> T {
    panic!("broken on purpose")
}

impl SettingsSource for Breaking {
    fn facts(&self) -> Facts {
        broken()
    }

    fn examine(&self) -> Vec<FindingWords> {
        broken()
    }

    fn remember(&self, _: &str, _: Preference) -> Result<(), Failed> {
        broken()
    }

    fn write(&self, _: &Letter) -> Result<(), Failed> {
        broken()
    }

    fn forget_word(&self, _: &str) -> Result<(), Failed> {
        broken()
    }

    fn wait_for_certificate(&self, _: &Mailbox) -> Result<(), Failed> {
        broken()
    }

    fn stop_waiting(&self, _: &Address) -> Result<(), Failed> {
        broken()
    }

    fn confirm_tunnel_list(&self, _: Digest) -> Result<usize, Failed> {
        broken()
    }

    fn discard_tunnel_list(&self) -> Result<(), Failed> {
        broken()
    }
}

impl Opens for Breaking {
    fn open_received(&self, _: &Origin, _: Option<&KeyFile>) -> Result<Mail, Box<NotOpened>> {
        broken()
    }

    fn save_part(&self, _: &Handle, _: usize, _: &Path) -> Result<(), Failed> {
        broken()
    }
}

impl BookBackend for Breaking {
    fn load_book(&self) -> Result<Arc<Book>, Failed> {
        broken()
    }

    fn import_contacts(&self, _: PathBuf) -> Result<Imported, Failed> {
        broken()
    }

    fn forget_contact(&self, _: &Address) -> Result<(), Failed> {
        broken()
    }

    fn note_alerts(&self, _: &DraftId, _: &[&'static str]) -> Result<(), Failed> {
        broken()
    }
}

impl ImportBackend for Breaking {
    fn look_into(&self, _: &Path, _: &Wanted) -> Result<Box<Looked>, Failed> {
        broken()
    }

    fn take_in(&self, _: &Offered, _: Option<&Address>, _: Pinning) -> Result<TakenOthers, Failed> {
        broken()
    }

    fn unpin(&self, _: &Address, _: Option<Fingerprint>) -> Result<usize, Failed> {
        broken()
    }

    fn remove(&self, _: Fingerprint) -> Result<(), Failed> {
        broken()
    }

    fn endings(&self, _: &Arc<Assessment>) -> Vec<Ending> {
        broken()
    }
}

impl ReceiptBackend for Breaking {
    fn ask_receipt(&self, _: &Address) -> Result<Vec<String>, Failed> {
        broken()
    }

    fn take_receipt(&self, _: &Path) -> Option<Result<Vec<String>, Failed>> {
        broken()
    }
}

impl Backend for Breaking {
    fn look_through(&self, _: &Draft) -> segl::content::Suggestion {
        broken()
    }

    fn sign_in(&self, _: Option<segl::app::assistant::Secret>) -> Result<(), Failed> {
        broken()
    }

    fn open_token(
        &self,
        _: &segl::keys::Token,
        _: Option<segl::app::assistant::Secret>,
    ) -> (Result<(), Failed>, Vec<segl::segl::OwnIdentity>) {
        broken()
    }

    fn take_in_key(
        &self,
        _: &std::path::Path,
        _: segl::app::assistant::Secret,
    ) -> Result<usize, Failed> {
        broken()
    }

    fn back_up_key(
        &self,
        _: segl::cert::Fingerprint,
        _: &std::path::Path,
        _: segl::app::assistant::Secret,
    ) -> Result<(), Failed> {
        broken()
    }

    fn test_own(&self) -> Result<usize, Failed> {
        broken()
    }

    fn note_refused(&self, _: &segl::mail::Draft, _: &segl::decide::Refusal) -> Result<(), Failed> {
        broken()
    }

    fn keep_standing(
        &self,
        _: Vec<segl::decide::Standing>,
    ) -> Result<Vec<segl::decide::Standing>, Failed> {
        broken()
    }

    fn lists(&self) -> &dyn Shelf {
        panic!("no list is asked for")
    }

    fn received(&self) -> &dyn Opens {
        self
    }

    fn finish(&self) -> Later<'_, ()> {
        Box::pin(async { self.note("finished".to_owned()) })
    }

    fn open(&self, _show: Show) -> Result<(), Failed> {
        Ok(())
    }

    fn assess<'a>(&'a self, _: &'a Address, _: Freshness) -> Later<'a, Arc<Assessment>> {
        Box::pin(async {
            let [now, most] = &*self.looking_up;
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(2)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            broken()
        })
    }

    fn send(&self, _: Draft, _: Approved, _: Way) -> Later<'_, Result<Receipt, Failed>> {
        Box::pin(async { broken() })
    }

    fn size_limit(&self) -> Later<'_, Option<u64>> {
        Box::pin(async { Some(35_000_000) })
    }

    fn save_draft(&self, draft: &Draft) -> Result<Timestamp, Failed> {
        self.note(format!("save {}", draft.subject));
        Ok(start())
    }

    fn delete_draft(&self, _: &DraftId) -> Result<(), Failed> {
        self.note("delete".to_owned());
        Ok(())
    }

    fn load_drafts(&self) -> Result<Vec<Draft>, Failed> {
        broken()
    }

    fn read_handed_over(&self, _: &Source) -> Result<HandedOver, Failed> {
        broken()
    }

    fn read_text(&self, _: &Source) -> Result<String, Failed> {
        broken()
    }

    fn attach(&self, _: PathBuf) -> Result<Attachment, AttachFailure> {
        broken()
    }

    fn confirm_organisation(&self, _: &Address, _: &Organisation) -> Result<(), Failed> {
        broken()
    }

    fn resolve(&self, _: &DraftId, _: Resolution) -> Result<(), Failed> {
        broken()
    }

    fn save_to_case(&self, _: &Receipt, _: PathBuf) -> Result<PathBuf, Failed> {
        broken()
    }

    fn open_settings(&self) -> Result<PathBuf, Failed> {
        broken()
    }

    fn start_demo(&self) -> Result<(Setup, Arc<dyn Backend>), Failed> {
        broken()
    }

    fn aid(&self, _: aids::Ask) -> Result<aids::Told, Failed> {
        broken()
    }

    fn remember_zoom(&self, _: u16) {}

    fn panicked(&self) -> Failed {
        Box::new(trouble_of("Segl broke."))
    }
}

struct Running {
    worker: Worker,
    woken: mpsc::Receiver<()>,
    log: Arc<Mutex<Vec<String>>>,
    looking_up: Arc<[AtomicUsize; 2]>,
}

fn running() -> Running {
    let backend = Breaking::default();
    let log = Arc::clone(&backend.log);
    let looking_up = Arc::clone(&backend.looking_up);
    let (wake, woken) = mpsc::channel();
    let wake = move || {
        let _heard = wake.send(());
    };
    let worker = Worker::start(move |_| Arc::new(backend), wake).unwrap();
    let running = Running {
        worker,
        woken,
        log,
        looking_up,
    };
    assert!(matches!(running.next(), Event::SizeLimit(Some(35_000_000))));
    running
}

impl Running {
    /// The next report; hangs never, because a worker that says nothing is broken.
    fn next(&self) -> Event {
        self.woken.recv_timeout(Duration::from_mins(1)).unwrap();
        self.worker.events().next().unwrap()
    }
}

fn draft(subject: usize) -> Draft {
    let from = Mailbox::parse("anne@advokat-eksempel.dk").unwrap();
    let mut draft = Draft::new(DraftId::random().unwrap(), from);
    draft.subject = subject.to_string();
    draft
}

#[test]
fn a_draft_that_is_deleted_does_not_come_back_and_all_is_written_before_the_end() {
    let running = running();
    for number in 0..20 {
        running.worker.run(Job::SaveDraft(Box::new(draft(number))));
    }
    running.worker.run(Job::DeleteDraft(draft(0).id));
    let log = Arc::clone(&running.log);
    drop(running);
    let mut wanted: Vec<String> = (0..20).map(|n| format!("save {n}")).collect();
    // What goes on by itself comes to its end after that.
    wanted.extend(["delete", "finished"].map(str::to_owned));
    assert_eq!(*log.lock().unwrap(), wanted);
}

#[test]
fn sending_that_breaks_may_have_sent() {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.find(crate::people::person(ANNE, "Anne Holm"));
    desk.run(segl::app::command::Command::Send);
    desk.run(segl::app::command::Command::SendNow);
    let running = running();
    let send = desk
        .take()
        .into_iter()
        .find(|j| matches!(j, Job::Send { .. }));
    running.worker.run(send.unwrap());
    assert!(matches!(running.next(), Event::SendFailed(t) if t.may_have_been_sent));
}

#[test]
fn looking_up_that_breaks_is_not_checked_and_never_has_none() {
    let running = running();
    running.worker.run(Job::Assess {
        address: Address::parse(EVA).unwrap(),
        freshness: Freshness::Cached,
    });
    let Event::Assessed(found) = running.next() else {
        panic!("an answer in any case")
    };
    assert_eq!(found.status(), Status::LookupFailed);
}

#[test]
fn a_pasted_list_does_not_flood_the_directory() {
    let running = running();
    for number in 0..AT_ONCE * 8 {
        running.worker.run(Job::Assess {
            address: Address::parse(&format!("navn{number}@mail-eksempel.dk")).unwrap(),
            freshness: Freshness::Cached,
        });
    }
    for _ in 0..AT_ONCE * 8 {
        assert!(matches!(running.next(), Event::Assessed(_)));
    }
    let most = running.looking_up[1].load(Ordering::SeqCst);
    assert!((2..=AT_ONCE).contains(&most), "{most} at once");
}

#[test]
fn other_work_that_breaks_is_reported_and_the_next_goes_on() {
    let running = running();
    running.worker.run(Job::LoadDrafts);
    assert!(matches!(running.next(), Event::Failed(t) if t.happened == "Segl broke."));
    running
        .worker
        .run(Job::AttachFiles(vec!["/sag/replik.pdf".into()]));
    assert!(matches!(running.next(), Event::Failed(_)));
    running.worker.run(Job::SaveDraft(Box::new(draft(1))));
    assert!(matches!(running.next(), Event::DraftSaved { .. }));
}
