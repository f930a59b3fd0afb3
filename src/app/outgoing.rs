//! The outbox behind the windows: it is gone through from time to time, what came of it is told, and when the last
//! window closes while mail waits, the program goes on without one.
//!
//! Several windows are several programs: a lock of the operating system lets one of them at a time go through.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    backend::Real,
    lists::{
        Shelf, Told,
        rows::{DraftRow, DraftState, LogRow, OutboxRow},
        waiting::{CameTo, Count, News},
    },
    message::Event,
    report::Step,
    run::now,
    seam::Failed,
    worker::{Events, Way},
};
use crate::{
    mail::{Body, Draft, DraftId, Readable},
    segl::{self, Cancel, DraftError, Kept, Receipt, Segl, Tried, Waiting, Which, Why},
    words::Words,
};

/// How often the outbox is looked at.
const LOOK: Duration = Duration::from_secs(20);

/// Going through the outbox, as one program does it.
#[derive(Default)]
pub(super) struct Outgoing {
    /// Something was put in or taken out.
    wake: Arc<Notify>,
    /// Held while it goes through.
    busy: tokio::sync::Mutex<()>,
    cancel: Mutex<Arc<Cancel>>,
    is_closing: AtomicBool,
}

impl Outgoing {
    /// Goes through the outbox now and whenever something is due, as long as the window is there.
    pub(super) fn watch(real: &Arc<Real>, events: &Events) {
        let (real, events) = (Arc::downgrade(real), events.clone());
        tokio::spawn(async move {
            let mut told = None;
            while let Some(wake) = look(&real, &events, &mut told).await {
                let _woken_or_time = tokio::time::timeout(LOOK, wake.notified()).await;
            }
        });
    }

    fn cancel(&self) -> Arc<Cancel> {
        Arc::clone(&self.cancel.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets what is under way come to its end, or stops it where it can be stopped; from then on nothing is begun.
    pub(super) async fn finish(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
        self.cancel().stop();
        let _busy = self.busy.lock().await;
    }
}

/// Goes through once, and tells. `None` when the window is gone.
async fn look(real: &Weak<Real>, events: &Events, told: &mut Option<Count>) -> Option<Arc<Notify>> {
    let real = real.upgrade()?;
    if let Ok(Some(tried)) = go_through(&real, &Which::Due).await {
        for news in &tried {
            events.send(Event::Lists(Told::News(news.clone())));
        }
    }
    // A store that cannot be read is told when somebody asks it for something.
    if let Ok(count) = count(&real.segl())
        && *told != Some(count)
    {
        *told = Some(count);
        events.send(Event::Lists(Told::Count(count)));
    }
    Some(Arc::clone(&real.outgoing.wake))
}

/// Tries what is wanted. `None` while another program does.
async fn go_through(real: &Real, which: &Which) -> Result<Option<Vec<News>>, DraftError> {
    let _busy = real.outgoing.busy.lock().await;
    if real.outgoing.is_closing.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let (segl, cancel) = (real.segl(), real.outgoing.cancel());
    let tried = segl.run_outbox(which, &cancel, &now).await?;
    let news = |t: &Tried| news(t, real.words());
    Ok(tried.map(|tried| tried.iter().map(news).collect()))
}

fn news(tried: &Tried, words: &Words) -> News {
    News {
        draft: tried.draft.id.clone(),
        sentence: words.outgoing(tried),
        came_to: match &tried.came_to {
            segl::CameTo::Sent(receipt) if is_sealed(receipt) => CameTo::SentEncrypted,
            segl::CameTo::Sent(_) => CameTo::Sent,
            segl::CameTo::Waits(waiting, _) if waiting.needs_answer() => CameTo::Asks,
            segl::CameTo::Waits(..) => CameTo::Waits,
            segl::CameTo::Draft(_) => CameTo::Draft,
        },
    }
}

/// Whether everybody got it encrypted.
fn is_sealed(receipt: &Receipt) -> bool {
    receipt.deliveries.iter().all(|d| d.route.is_end_to_end())
}

fn count(segl: &Segl) -> Result<Count, DraftError> {
    let outbox = segl.outbox()?;
    let asking = outbox.iter().filter(|o| o.waiting.needs_answer()).count();
    Ok(Count {
        drafts: segl.drafts()?.iter().filter(|d| !d.is_open).count(),
        waiting: outbox.len() - asking,
        asking,
    })
}

/// Whether something waits that goes on by itself.
pub(super) fn goes_on(segl: &Segl) -> bool {
    let outbox = segl.outbox().unwrap_or_default();
    outbox.iter().any(|o| !o.waiting.needs_answer())
}

/// Goes through the outbox without a window, until nothing waits that goes on by itself. One program at a time.
pub(super) async fn run_alone(segl: &Segl) {
    let Ok(Some(_runner)) = segl.outbox_runner() else {
        return;
    };
    let cancel = Cancel::new();
    while goes_on(segl) {
        // What went wrong stands beside the mail that waits; the next window tells it.
        let _tried = segl.run_outbox(&Which::Due, &cancel, &now).await;
        if !goes_on(segl) {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

impl Real {
    /// A mail that exposes nobody goes into the outbox by itself where the server is busy or out of reach. One that
    /// somebody gave a consent for is asked about again, so it goes there only if its sender wants that.
    pub(super) fn let_wait(
        &self,
        draft: &Draft,
        is_safe: bool,
        why: Option<Why>,
        mut trouble: Failed,
        way: &Way,
    ) -> Failed {
        let Some(why) = why else { return trouble };
        let reply = match why {
            Why::Busy { reply } => Some(reply),
            _ => None,
        };
        if is_safe {
            if let Ok(waiting) = self.put_in_outbox(draft, why) {
                let told = Told::Queued(draft.id.clone(), waiting);
                way.report(Event::Lists(told));
            }
            // Where the outbox does not take it, the trouble says that nothing was sent, as without an outbox.
            return trouble;
        }
        trouble.todo = self.words().say("lists-asks-again");
        trouble
            .steps
            .insert(1.min(trouble.steps.len()), Step::Wait(reply));
        trouble
    }
}

impl Shelf for Real {
    fn drafts(&self) -> Result<Vec<DraftRow>, Failed> {
        let drafts = self.segl().drafts().map_err(|e| self.no_draft(&e))?;
        Ok(drafts.into_iter().map(draft_row).collect())
    }

    fn outbox(&self) -> Result<Vec<OutboxRow>, Failed> {
        let outbox = self.segl().outbox().map_err(|e| self.no_draft(&e))?;
        Ok(outbox.into_iter().map(OutboxRow::from).collect())
    }

    fn log(&self) -> Result<Vec<LogRow>, Failed> {
        let log = self.segl().log(now()).map_err(|e| self.no_log(&e))?;
        let mut number = (0, 0);
        let rows = log.into_iter().map(|logged| {
            number = match number {
                (seq, n) if seq == logged.seq => (seq, n + 1),
                _ => (logged.seq, 0),
            };
            LogRow {
                logged,
                number: number.1,
            }
        });
        Ok(rows.collect())
    }

    fn open_draft(&self, id: &DraftId) -> Result<(), Failed> {
        self.start(&["--open-draft", id.as_str()])
    }

    fn take_draft(&self, id: &DraftId) -> Result<Option<Draft>, Failed> {
        let taken = self.segl().take_draft(id, now());
        self.outgoing.wake.notify_one();
        taken.map_err(|e| self.no_draft(&e))
    }

    fn discard_draft(&self, id: &DraftId) -> Result<bool, Failed> {
        let gone = self.segl().discard_draft(id);
        gone.map_err(|e| self.no_draft(&e))
    }

    fn try_now(&self, id: &DraftId) -> Result<Option<News>, Failed> {
        let which = Which::One(id.clone());
        let tried = tokio::runtime::Handle::current().block_on(go_through(self, &which));
        let tried = tried.map_err(|e| self.no_draft(&e))?;
        self.outgoing.wake.notify_one();
        Ok(tried.and_then(|tried| tried.into_iter().next()))
    }

    fn back_to_draft(&self, id: &DraftId) -> Result<bool, Failed> {
        let back = self.segl().back_to_draft(id, now());
        self.outgoing.wake.notify_one();
        back.map_err(|e| self.no_draft(&e))
    }

    fn put_in_outbox(&self, draft: &Draft, why: Why) -> Result<Waiting, Failed> {
        let put = self.segl().put_in_outbox(draft, why, now());
        self.outgoing.wake.notify_one();
        put.map_err(|e| self.no_draft(&e))
    }

    fn read_sent(&self, message_id: &str) -> Result<Readable, Failed> {
        let read = self.segl().read_sent(message_id);
        read.map_err(|e| Self::trouble(&self.words().copy(&e), &e))
    }

    fn save_sent(&self, message_id: &str, path: &Path) -> Result<(), Failed> {
        let saved = self.segl().save_sent(message_id, path);
        saved.map_err(|e| Self::trouble(&self.words().copy(&e), &e))
    }

    fn export(&self, seq: u64, path: &Path) -> Result<(), Failed> {
        self.segl()
            .export_log(seq, path)
            .map_err(|e| Self::trouble(&self.words().exported(&e), &e))
    }
}

fn draft_row(kept: Kept) -> DraftRow {
    let (to, size, state) = match &kept.draft {
        Err(_) => (Vec::new(), 0, DraftState::Unreadable),
        Ok(draft) => {
            let state = match (kept.is_open, draft.is_in_doubt()) {
                (true, _) => DraftState::Open,
                (false, true) => DraftState::InDoubt,
                (false, false) => DraftState::Free,
            };
            (draft.labels(), size(draft), state)
        }
    };
    DraftRow {
        id: kept.id,
        at: kept.at,
        to,
        size,
        state,
    }
}

/// Octets of text and files, before anything is packed.
fn size(draft: &Draft) -> u64 {
    let text = match &draft.body {
        Body::Text(text) => text.len(),
        Body::HandedOver { own, entity, .. } => own.len() + entity.len(),
    };
    let files: u64 = draft.attachments.iter().map(|a| a.size).sum();
    text as u64 + files
}
