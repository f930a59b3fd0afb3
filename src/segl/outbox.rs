//! The outbox: mail that waits until it can leave without exposing anybody.
//!
//! It lies in the store as a draft with a mark, so moving it in or out is one write. It is decided on anew at each try
//! and leaves only where that gives end to end, in house, or an assessment that is in force: a consent for one mail is
//! never kept. One program at a time goes through the outbox, under a lock of the operating system; a mail is tried
//! under the lock of its draft, so none that a window has open is touched. A mail that may have left is a draft in doubt
//! from then on, and is never tried again by itself.

use futures_util::future::join;
use jiff::Timestamp;

use super::{
    Ask, Cancel, Clock, DraftError, Outcome, Receipt, Segl, SendError, Sending, Way,
    drafts::{self, Write},
    waiting::{Waiting, Why},
};
use crate::{
    decide::{Decision, Surface},
    disk::Lock,
    mail::{Draft, DraftId},
};

/// Whoever goes through the outbox holds the lock of this file.
const LOCK: &str = "outbox.lock";
/// The program that goes on without a window holds the lock of this file, as long as it runs.
const RUNNER: &str = "outbox-runner.lock";

/// A mail in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The mail.
    pub draft: Draft,
    /// How it waits.
    pub waiting: Waiting,
}

/// Which mails are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those whose time has come.
    Due,
    /// All of them.
    All,
    /// This one.
    One(DraftId),
}

/// What became of one mail.
#[derive(Debug)]
pub struct Tried {
    /// The mail as it was.
    pub draft: Draft,
    /// What became of it.
    pub came_to: CameTo,
}

/// What a try came to.
#[derive(Debug)]
pub enum CameTo {
    /// The mail server has taken it, for everybody.
    Sent(Box<Receipt>),
    /// It waits on, or for an answer. With what went wrong, where that was not a matter of the recipients.
    Waits(Waiting, Option<Box<SendError>>),
    /// It reached only some, or perhaps some: it is a draft now, and somebody has to look.
    Draft(Box<Receipt>),
}

/// The right to go on through the outbox without a window. Ends with the value or the process.
pub struct Runner {
    _lock: Lock,
}

impl Segl {
    /// Puts a mail into the outbox. It belongs to no window from then on.
    pub fn put_in_outbox(
        &self,
        draft: &Draft,
        why: Why,
        at: Timestamp,
    ) -> Result<Waiting, DraftError> {
        let vault = self.door.vault()?;
        if draft.is_in_doubt() || !vault.store().is_durable() {
            return Err(DraftError::NotForOutbox);
        }
        let waiting = Waiting::begin(why, at);
        drafts::write(vault.store(), draft, Some(&waiting), at, Write::Durable)?;
        self.release(&draft.id);
        Ok(waiting)
    }

    /// Everything that waits, in the order in which it began to. A row that cannot be read is among the drafts.
    pub fn outbox(&self) -> Result<Vec<Outgoing>, DraftError> {
        let vault = self.door.vault()?;
        let mut all = Vec::new();
        for row in vault.store().drafts()? {
            if let Ok(Some((draft, Some(waiting)))) = drafts::load_row(vault.store(), &row.id) {
                all.push(Outgoing { draft, waiting });
            }
        }
        all.sort_by_key(|o| o.waiting.since);
        Ok(all)
    }

    /// Makes a mail of the outbox a draft again; `false` if it waits no longer, or is being sent just now.
    pub fn back_to_draft(&self, id: &DraftId, at: Timestamp) -> Result<bool, DraftError> {
        let vault = self.door.vault()?;
        let Some(_lock) = self.lock(id)? else {
            return Ok(false);
        };
        let Some((draft, Some(_))) = drafts::load_row(vault.store(), id.as_str())? else {
            return Ok(false);
        };
        drafts::write(vault.store(), &draft, None, at, Write::Durable)?;
        Ok(true)
    }

    /// Tries to send what waits. `None` while another program does; then nothing was tried.
    pub async fn run_outbox(
        &self,
        which: &Which,
        cancel: &Cancel,
        clock: Clock<'_>,
    ) -> Result<Option<Vec<Tried>>, DraftError> {
        let file = self.door.folder().join(LOCK);
        let now = clock();
        let wanted = self.outbox()?.into_iter().filter(|o| match which {
            Which::Due => o.waiting.is_due(now),
            Which::All => true,
            Which::One(id) => o.draft.id == *id,
        });
        let wanted: Vec<DraftId> = wanted.map(|o| o.draft.id).collect();
        if wanted.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let Some(_lock) = drafts::patient(&file)? else {
            return Ok(None);
        };
        let mut tried = Vec::new();
        for id in wanted {
            if cancel.is_stopped() {
                break;
            }
            tried.extend(self.try_one(&id, which, cancel, clock).await?);
        }
        Ok(Some(tried))
    }

    /// Takes the right to go on without a window; `None` if another program has it.
    pub fn outbox_runner(&self) -> Result<Option<Runner>, DraftError> {
        let file = self.door.folder().join(RUNNER);
        Ok(drafts::patient(&file)?.map(|lock| Runner { _lock: lock }))
    }

    async fn try_one(
        &self,
        id: &DraftId,
        which: &Which,
        cancel: &Cancel,
        clock: Clock<'_>,
    ) -> Result<Option<Tried>, DraftError> {
        let vault = self.door.vault()?;
        let Some(_lock) = self.lock(id)? else {
            // A window has it open, and takes it out of the outbox.
            return Ok(None);
        };
        // Only what stands there under the lock counts: it may have been sent, or taken out, meanwhile.
        let Some((draft, Some(waiting))) = drafts::load_row(vault.store(), id.as_str())? else {
            return Ok(None);
        };
        if *which == Which::Due && !waiting.is_due(clock()) {
            return Ok(None);
        }
        // Somebody who waits for it wants to know how it is now.
        let ask = match which {
            Which::Due => Ask::IfNotFresh,
            Which::All | Which::One(_) => Ask::Anew,
        };
        let (why, cause) = match self.attempt(&draft, ask, cancel, clock).await {
            Attempt::Ended(receipt) => {
                let came_to = if receipt.outcome == Outcome::Sent {
                    CameTo::Sent(receipt)
                } else {
                    CameTo::Draft(receipt)
                };
                return Ok(Some(Tried { draft, came_to }));
            }
            Attempt::Stopped => return Ok(None),
            Attempt::Waits(why, cause) => (why, cause),
        };
        let waiting = waiting.tried(why, clock());
        drafts::write(
            vault.store(),
            &draft,
            Some(&waiting),
            clock(),
            Write::Durable,
        )?;
        let came_to = CameTo::Waits(waiting, cause);
        Ok(Some(Tried { draft, came_to }))
    }

    async fn attempt(&self, draft: &Draft, ask: Ask, cancel: &Cancel, clock: Clock<'_>) -> Attempt {
        match self.attempt_once(draft, ask, cancel, clock).await {
            // Something was found out about a recipient between the decision and the sending: decided once more.
            Attempt::Waits(_, Some(cause)) if matches!(*cause, SendError::Changed(_)) => {
                self.attempt_once(draft, ask, cancel, clock).await
            }
            attempt => attempt,
        }
    }

    async fn attempt_once(
        &self,
        draft: &Draft,
        ask: Ask,
        cancel: &Cancel,
        clock: Clock<'_>,
    ) -> Attempt {
        let recipients = draft.recipients();
        let asking = self.assess_all(&recipients, ask, clock);
        let ((), found) = join(self.prepare_own(clock()), asking).await;
        let approved = match self.decide(draft, self.class(draft), &found, clock()) {
            // An assessment that is in force was made for later mail, and is weighed anew each time.
            Decision::EndToEnd(approved)
            | Decision::InHouse(approved)
            | Decision::Assessed(approved) => approved,
            Decision::Warn(warning) => {
                return Attempt::Waits(Why::of_warning(&warning), None);
            }
            Decision::Refuse(refusal) => {
                let why = Why::of_refusal(&refusal);
                // A directory that is silent is asked again soon: only what waits for its sender is a refusal.
                if matches!(why, Why::Forbidden { .. }) {
                    // That it cannot be recorded sends nothing, and the mail waits with the rule that refused it.
                    let _recorded = self.note_refused(draft, &refusal, Surface::Outbox, clock());
                }
                return Attempt::Waits(why, None);
            }
            Decision::Empty | Decision::Pending(_) => return Attempt::Waits(Why::Stopped, None),
        };
        let sending = Sending {
            draft,
            approved,
            surface: Surface::Outbox,
            way: Way::Submit,
            watch: &mut |_, _, _| {},
            cancel,
        };
        match self.send(sending, clock).await {
            Err(_) if cancel.is_stopped() => Attempt::Stopped,
            Err(cause) => Attempt::Waits(cause.still_waits(), Some(Box::new(cause))),
            Ok(receipt) => match receipt.refused_with() {
                Some(reply) if reply / 100 == 4 => Attempt::Waits(Why::Busy { reply }, None),
                Some(reply) => Attempt::Waits(Why::Rejected { reply }, None),
                None if receipt.may_have_been_sent() => Attempt::Ended(Box::new(receipt)),
                None => Attempt::Waits(Why::Stopped, None),
            },
        }
    }
}

enum Attempt {
    Ended(Box<Receipt>),
    Waits(Why, Option<Box<SendError>>),
    Stopped,
}
