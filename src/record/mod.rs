//! The record: what was decided, sent and answered, as a signed chain of rows in `record.sqlite`.
//!
//! Append-only and durable: a row is on the disk before the call returns, or it is an error and the caller does not
//! send. Payloads are sealed; that the chain holds can be checked without any key. The module [`format`] says what each
//! octet is; it is for ever. Several processes append at once: the previous row is read inside the transaction.
//! Nothing here knows a subject or a body, opens a socket, or reads the clock.

mod aside;
mod chain;
mod error;
mod export;
pub mod format;
mod head;
mod payload;
mod purge;
mod read;
mod redact;
mod schema;
mod send;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use aside::{SetAside, set_aside};
pub use error::RecordError;
pub use head::{Head, NotAHead, kept_head};
pub use payload::{
    Consent, DeliveryOutcome, Evidence, Intent, Note, Outcome, Payload, PlannedDelivery, Policy,
    Purge, Reader, RecordedCertificate, RecordedRecipient, RecordedTls, Refused, Reply, Standalone,
    Started, Version,
};
pub use purge::{Month, Purged};
pub use read::{Filter, Log, LogRow};
pub use redact::redact;
pub use send::{OpenDelivery, Recovered, SendLock};
pub use verify::{FirstBad, Reason, Verification, verify, verify_folder};

use crate::disk::{self, hex};
use crate::keys::StoreKey;
use chain::Chain;
use head::KeptHead;
use schema::SCHEMA;

/// The database's name in the data folder.
pub const DATABASE: &str = "record.sqlite";

/// The record of one data folder, open for writing. [`Log`] reads it, [`verify`] checks it.
pub struct Record {
    dir: PathBuf,
    connection: Mutex<Connection>,
    chain: Chain,
}

impl Record {
    /// Opens the record of a data folder, or begins one where none was ever kept.
    ///
    /// Compares the ends of the chain with each other, with the key and with the kept head; the whole chain is
    /// [`verify`]'s. A head that is missing is written again, and that is noted; so is a new version of Segl.
    /// Where [`RecordError::needs_setting_aside`], see [`set_aside`].
    pub fn open(dir: &Path, key: &StoreKey, at: Timestamp) -> Result<Self, RecordError> {
        Self::open_as(dir, key, at, env!("CARGO_PKG_VERSION"))
    }

    /// The chain's random name, as 32 hexadecimal digits.
    pub fn installation(&self) -> String {
        hex::encode(self.chain.installation())
    }

    /// The newest row.
    pub fn head(&self) -> Result<Head, RecordError> {
        chain::newest_head(&self.connection())
    }

    /// Appends a row that stands by itself. When this returns, the row survives a loss of power.
    pub fn append<P: Standalone>(&self, payload: P, at: Timestamp) -> Result<Head, RecordError> {
        let payload = payload.redacted();
        self.write(|transaction| self.chain.append(transaction, &payload, at))
    }

    fn open_as(
        dir: &Path,
        key: &StoreKey,
        at: Timestamp,
        version: &str,
    ) -> Result<Self, RecordError> {
        disk::private_dir(dir)?;
        // Before the database: what it names must be there, while the database may be newer.
        let kept = head::read(dir)?;
        if let KeptHead::Of(_, head) = kept
            && !dir.join(DATABASE).exists()
        {
            return Err(RecordError::Deleted { head });
        }
        let mut connection = disk::open(&dir.join(DATABASE), &SCHEMA)?;
        let transaction = immediate(&mut connection)?;
        let chain = match (chain::newest(&transaction)?, kept) {
            (Some(_), _) => Chain::resume(&transaction, key)?,
            (None, KeptHead::Of(_, head)) => return Err(RecordError::Deleted { head }),
            (None, _) => Chain::begin(&transaction, key, at, version)?,
        };
        chain
            .compare(&transaction, kept)
            .map_err(|error| match error {
                // Nothing is open here yet that could have been replaced: head and database just do not belong together.
                RecordError::Replaced => RecordError::Broken {
                    seq: 0,
                    reason: Reason::HeadMismatch,
                },
                other => other,
            })?;
        chain.note_changes(&transaction, kept, at, version)?;
        transaction.commit()?;
        Self::kept(dir, connection, chain)
    }

    /// Begins a chain in place of one that was set aside; its second row says so.
    fn open_anew(
        dir: &Path,
        key: &StoreKey,
        at: Timestamp,
        note: &Note,
    ) -> Result<Self, RecordError> {
        let mut connection = disk::open(&dir.join(DATABASE), &SCHEMA)?;
        let transaction = immediate(&mut connection)?;
        let chain = Chain::begin(&transaction, key, at, env!("CARGO_PKG_VERSION"))?;
        chain.append(&transaction, note, at)?;
        transaction.commit()?;
        Self::kept(dir, connection, chain)
    }

    fn kept(dir: &Path, connection: Connection, chain: Chain) -> Result<Self, RecordError> {
        let record = Self {
            dir: dir.to_owned(),
            connection: Mutex::new(connection),
            chain,
        };
        record.keep_head(&mut record.connection())?;
        Ok(record)
    }

    /// Does the work in one transaction, durably, and then keeps the new head outside the database.
    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let mut connection = self.connection();
        let transaction = immediate(&mut connection)?;
        // Heads are written under this same lock, so the kept one can never be ahead of an honest database.
        self.chain.compare(&transaction, head::read(&self.dir)?)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        self.keep_head(&mut connection)?;
        Ok(done)
    }

    fn keep_head(&self, connection: &mut Connection) -> Result<(), RecordError> {
        // The write lock, and not the row just written: of two processes the one that comes second writes the newer
        // head. Nothing is written to the database, so giving the lock back is a rollback.
        let lock = immediate(connection)?;
        let head = chain::newest_head(&lock)?;
        head::write(&self.dir, self.chain.installation(), head)
            .map_err(|source| RecordError::HeadNotKept { head, source })
    }

    /// A panic inside a transaction has rolled it back: the connection is as good as before.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn immediate(connection: &mut Connection) -> Result<Transaction<'_>, RecordError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}
