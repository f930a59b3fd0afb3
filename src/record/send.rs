//! The rows of a sending, in their order: Intent, then for each delivery Started and Outcome; and its recovery.
//!
//! All of it happens under the send lock of the data folder, an operating system's lock that ends with its holder. So
//! a delivery without an Outcome that is found under the lock was left by a program that is gone: without Started
//! nothing of it left, with Started nobody knows.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::chain::{self, sql_seq};
use super::payload::{DeliveryOutcome, Intent, Outcome, Payload, Started};
use super::{Head, Record, RecordError};
use crate::disk::{self, DiskError, Lock};

/// The lock file in the data folder.
const LOCK: &str = "send.lock";

/// The right to send from one data folder. Held from the Intent to the last Outcome; ends with the value or the process.
#[derive(Debug)]
pub struct SendLock {
    dir: PathBuf,
    _lock: Lock,
}

impl SendLock {
    /// Waits until no other Segl is sending. Blocks: not for a thread that draws or runs tasks.
    pub fn acquire(dir: &Path) -> Result<Self, RecordError> {
        disk::private_dir(dir)?;
        let lock = Lock::wait(&dir.join(LOCK))?;
        Ok(Self {
            dir: real(dir)?,
            _lock: lock,
        })
    }

    /// Takes the lock, or answers `None` while another Segl is sending.
    pub fn try_acquire(dir: &Path) -> Result<Option<Self>, RecordError> {
        disk::private_dir(dir)?;
        let Some(lock) = Lock::now(&dir.join(LOCK))? else {
            return Ok(None);
        };
        Ok(Some(Self {
            dir: real(dir)?,
            _lock: lock,
        }))
    }

    pub(super) fn is_of(&self, dir: &Path) -> Result<(), RecordError> {
        if real(dir)? == self.dir {
            Ok(())
        } else {
            Err(RecordError::OtherLock)
        }
    }
}

/// A delivery whose outcome is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDelivery {
    /// The Intent's row.
    pub intent: u64,
    /// The draft that it is of.
    pub draft: String,
    /// The delivery's number in the Intent.
    pub delivery: u32,
    /// Whether Started was recorded: something of it may have left.
    pub started: bool,
}

/// What recovery recorded of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The Intent's row.
    pub intent: u64,
    /// The draft that it is of.
    pub draft: String,
    /// The delivery's number in the Intent.
    pub delivery: u32,
    /// [`DeliveryOutcome::NotSent`] or [`DeliveryOutcome::Unconfirmed`].
    pub outcome: DeliveryOutcome,
}

impl Record {
    /// Records what is about to be sent. Only after this may anything leave.
    ///
    /// [`RecordError::OpenIntent`] while the draft has one whose outcome is not known. Sending again is a new Intent
    /// with `again_of`, which must name an Intent of this record.
    pub fn append_intent(
        &self,
        lock: &SendLock,
        intent: Intent,
        at: Timestamp,
    ) -> Result<Head, RecordError> {
        lock.is_of(&self.dir)?;
        let mut indexes: Vec<u32> = intent.deliveries.iter().map(|d| d.index).collect();
        indexes.sort_unstable();
        if indexes.is_empty() || indexes.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(RecordError::Deliveries);
        }
        let intent = intent.redacted();
        self.write(at, |transaction| {
            let open = "SELECT min(intent) FROM pending WHERE draft = ?1";
            let open: Option<i64> =
                transaction.query_row(open, [&intent.draft], |row| row.get(0))?;
            if let Some(seq) = open {
                return Err(RecordError::OpenIntent {
                    seq: u64::try_from(seq).unwrap_or(0),
                });
            }
            if let Some(again) = intent.again_of {
                let named = chain::row(transaction, again.seq)?;
                named
                    .filter(|row| row.link == again.link && row.kind == Intent::KIND.as_bytes())
                    .ok_or(RecordError::NoSuchRecord { seq: again.seq })?;
            }
            let head = self.chain.append(transaction, &intent, at)?;
            let mut statement = transaction.prepare_cached(
                "INSERT INTO pending (intent, delivery, draft) VALUES (?1, ?2, ?3)",
            )?;
            for index in &indexes {
                statement.execute(params![sql_seq(head.seq), index, intent.draft])?;
            }
            Ok(head)
        })
    }

    /// Records that a delivery's data begins now. Only after this may DATA be said.
    pub fn append_started(
        &self,
        lock: &SendLock,
        started: Started,
        at: Timestamp,
    ) -> Result<Head, RecordError> {
        lock.is_of(&self.dir)?;
        let Started { intent, delivery } = started;
        self.write(at, |transaction| {
            if is_started(transaction, intent, delivery)? != Some(false) {
                return Err(RecordError::OutOfTurn { intent, delivery });
            }
            let head = self.chain.append(transaction, &started, at)?;
            let sql = "UPDATE pending SET started = ?3 WHERE intent = ?1 AND delivery = ?2";
            transaction.execute(sql, params![sql_seq(intent), delivery, sql_seq(head.seq)])?;
            Ok(head)
        })
    }

    /// Records how a delivery ended.
    ///
    /// [`RecordError::OutOfTurn`] where it is not open, or where data is said to have left without Started.
    pub fn append_outcome(
        &self,
        lock: &SendLock,
        outcome: Outcome,
        at: Timestamp,
    ) -> Result<Head, RecordError> {
        lock.is_of(&self.dir)?;
        let outcome = outcome.redacted();
        self.write(at, |transaction| self.close(transaction, &outcome, at))
    }

    /// The deliveries without an Outcome. While the send lock is held elsewhere, some may be on their way.
    pub fn open_deliveries(&self) -> Result<Vec<OpenDelivery>, RecordError> {
        Ok(open_deliveries(&self.connection())?)
    }

    /// Records the missing Outcomes of programs that ended while they sent: not sent without Started, else unconfirmed.
    pub fn recover(&self, lock: &SendLock, at: Timestamp) -> Result<Vec<Recovered>, RecordError> {
        lock.is_of(&self.dir)?;
        if self.open_deliveries()?.is_empty() {
            return Ok(Vec::new());
        }
        self.write(at, |transaction| {
            let open = open_deliveries(transaction)?;
            open.into_iter()
                .map(|delivery| self.recover_one(transaction, delivery, at))
                .collect()
        })
    }

    fn recover_one(
        &self,
        transaction: &Transaction<'_>,
        open: OpenDelivery,
        at: Timestamp,
    ) -> Result<Recovered, RecordError> {
        let OpenDelivery {
            intent,
            draft,
            delivery,
            started,
        } = open;
        let outcome = if started {
            DeliveryOutcome::Unconfirmed
        } else {
            DeliveryOutcome::NotSent
        };
        let recorded = Outcome {
            intent,
            delivery,
            outcome,
            replies: Vec::new(),
            reply: None,
            tls: None,
            at,
            recovered: true,
        };
        self.close(transaction, &recorded, at)?;
        Ok(Recovered {
            intent,
            draft,
            delivery,
            outcome,
        })
    }

    fn close(
        &self,
        transaction: &Transaction<'_>,
        outcome: &Outcome,
        at: Timestamp,
    ) -> Result<Head, RecordError> {
        use DeliveryOutcome::{NotSent, Rejected, Sent, Unconfirmed, Written};
        let Outcome {
            intent, delivery, ..
        } = *outcome;
        let in_turn = match (outcome.outcome, is_started(transaction, intent, delivery)?) {
            (_, None) | (Sent | Unconfirmed | Written, Some(false)) => false,
            (_, Some(true)) | (NotSent | Rejected, Some(false)) => true,
        };
        if !in_turn {
            return Err(RecordError::OutOfTurn { intent, delivery });
        }
        let head = self.chain.append(transaction, outcome, at)?;
        let sql = "DELETE FROM pending WHERE intent = ?1 AND delivery = ?2";
        transaction.execute(sql, params![sql_seq(intent), delivery])?;
        Ok(head)
    }
}

/// Whether an open delivery was started; `None` where none is open.
fn is_started(
    connection: &Connection,
    intent: u64,
    delivery: u32,
) -> Result<Option<bool>, DiskError> {
    let sql = "SELECT started IS NOT NULL FROM pending WHERE intent = ?1 AND delivery = ?2";
    let key = params![sql_seq(intent), delivery];
    Ok(connection
        .query_row(sql, key, |row| row.get(0))
        .optional()?)
}

fn open_deliveries(connection: &Connection) -> Result<Vec<OpenDelivery>, DiskError> {
    let mut statement = connection.prepare_cached(
        "SELECT intent, draft, delivery, started IS NOT NULL FROM pending ORDER BY 1, 3",
    )?;
    let rows = statement.query_map([], |row| {
        let intent = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
        let (draft, delivery, started) = (row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(OpenDelivery {
            intent,
            draft,
            delivery,
            started,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The folder by its real name, so that two spellings of it are one.
fn real(dir: &Path) -> Result<PathBuf, DiskError> {
    Ok(std::fs::canonicalize(dir)?)
}
