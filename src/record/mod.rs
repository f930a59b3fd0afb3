//! The record: what was decided, sent and answered, as a signed chain of rows in `record.sqlite`.
//!
//! Append-only and durable: a row is on the disk before the call returns, or it is an error and the caller does not
//! send. Payloads are sealed; that the chain holds can be checked without any key. The module [`mod@format`] says what each
//! octet is; it is for ever. Several processes append at once: the previous row is read inside the transaction.
//! Nothing here knows a subject or a body, opens a socket, or reads the clock.

mod anchor;
mod aside;
mod chain;
mod error;
mod ess;
mod export;
#[cfg(feature = "demo")]
mod filling;
pub mod format;
mod head;
mod history;
mod note_file;
mod payload;
mod purge;
mod read;
mod redact;
mod schema;
mod segment;
mod send;
mod sendings;
mod shipped;
mod summary;
mod verify;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use anchor::{Anchor, MAX_STAMP, StampFault, StampRequest, Stamped, anchor_folder, anchors};
pub use aside::{SetAside, set_aside};
pub use error::RecordError;
#[cfg(feature = "demo")]
pub use filling::Filling;
pub use head::{Head, NotAHead, kept_head};
pub use history::{Happened, Happening};
pub use note_file::HeadNote;
pub use payload::{
    Consent, DeliveryOutcome, Evidence, Intent, Note, Outcome, Payload, PlannedDelivery, Policy,
    Purge, Reader, RecordedCertificate, RecordedContent, RecordedFurther, RecordedMatrix,
    RecordedRecipient, RecordedRevocation, RecordedRisk, RecordedRule, RecordedSource, RecordedTls,
    RecordedTransport, RecordedTunnel, Refused, Reply, Standalone, Started, Version,
};
pub use purge::{Month, Purged};
pub use read::{Filter, Log, LogRow};
pub use redact::{redact, redact_typed};
pub use segment::{MonthKeyFile, SEGMENT, SegmentHeader, ShipMark, Stretch, place_shipped};
pub use send::{OpenDelivery, Recovered, SendLock};
pub use sendings::Sending;
pub use shipped::{Shipped, ShippedDesk, shipped};
pub use summary::{KindCount, Summary};
pub use verify::{
    FirstBad, Reason, Signatures, Verification, verify, verify_file, verify_folder,
    verify_folder_with,
};

use crate::disk::{self, hex};
use crate::keys::StoreKey;
use chain::Chain;
use head::KeptHead;
use schema::SCHEMA;

/// The database's name in the data folder.
pub const DATABASE: &str = "record.sqlite";

/// The record of one data folder, open for writing. [`Log`] reads it, [`verify()`] checks it.
pub struct Record {
    dir: PathBuf,
    connection: Mutex<Connection>,
    chain: Chain,
}

/// A signature of the evidence key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The Ed25519 public key, as row 0 holds it.
    pub key: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Record {
    /// Opens the record of a data folder, or begins one where none was ever kept.
    ///
    /// Compares the ends of the chain with each other, with the key and with the kept head; the whole chain is
    /// [`verify()`]'s. A head that is missing is written again, and that is noted; so is a new version of Segl.
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

    /// Signs a statement with the key that signs the rows, whose public half stands in row 0. The statement begins with
    /// words that say what it is and is longer than the 32 octets of a link, so that it never passes for a row.
    pub fn vouch(&self, statement: &[u8]) -> Result<Vouched, RecordError> {
        self.chain.vouch(statement)
    }

    /// Appends a row that stands by itself. When this returns, the row survives a loss of power.
    pub fn append<P: Standalone>(&self, payload: P, at: Timestamp) -> Result<Head, RecordError> {
        let payload = payload.redacted();
        self.write(at, |transaction| {
            self.chain.append(transaction, &payload, at)
        })
    }

    fn open_as(
        dir: &Path,
        key: &StoreKey,
        at: Timestamp,
        version: &str,
    ) -> Result<Self, RecordError> {
        disk::private_dir(dir)?;
        if let (KeptHead::Of(_, head), false) = (head::read(dir)?, dir.join(DATABASE).exists()) {
            return Err(RecordError::Deleted { head });
        }
        let mut connection = disk::open(&dir.join(DATABASE), &SCHEMA)?;
        let transaction = immediate(&mut connection)?;
        // Under the lock under which heads are written: what another Segl does meanwhile is no lost head.
        let kept = head::read(dir)?;
        chain::check_tables(&transaction)?;
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
        chain.note_lost_head(&transaction, kept, at)?;
        chain.note_version(&transaction, version, at)?;
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
        at: Timestamp,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let mut connection = self.connection();
        let transaction = immediate(&mut connection)?;
        // Heads are written under this same lock, so the kept one can never be ahead of an honest database.
        let kept = head::read(&self.dir)?;
        self.chain.compare(&transaction, kept)?;
        self.chain.note_lost_head(&transaction, kept, at)?;
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
        let wanted = KeptHead::Of(*self.chain.installation(), head);
        if head::read(&self.dir).is_ok_and(|kept| kept == wanted) {
            return Ok(());
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::DiskError;

    fn record(dir: &Path) -> Record {
        Record::open(dir, &StoreKey::ephemeral().unwrap(), Timestamp::UNIX_EPOCH).unwrap()
    }

    fn note(text: &str) -> Note {
        Note {
            code: "test".to_owned(),
            text: text.to_owned(),
            about: None,
            head: None,
        }
    }

    #[test]
    fn the_record_has_the_settings_that_its_promises_rest_on() {
        let dir = tempfile::tempdir().unwrap();
        let record = record(dir.path());
        let wanted = [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("fullfsync", "1"),
            ("checkpoint_fullfsync", "1"),
            ("secure_delete", "1"),
            ("foreign_keys", "1"),
            ("busy_timeout", "5000"),
            ("user_version", "1"),
        ];
        for (name, value) in wanted {
            let sql = format!(
                "SELECT CAST(\"{}\" AS TEXT) FROM pragma_{name}",
                match name {
                    "busy_timeout" => "timeout",
                    other => other,
                }
            );
            let found: String = record
                .connection()
                .query_row(&sql, [], |row| row.get(0))
                .unwrap();
            assert_eq!(found, value, "{name}");
        }
    }

    #[test]
    fn a_full_disk_is_told_and_nothing_of_the_row_is_in_the_record() {
        let dir = tempfile::tempdir().unwrap();
        let record = record(dir.path());
        let before = record.head().unwrap();
        let pages: i64 = record
            .connection()
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        record
            .connection()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
        let refused = record.append(note(&"x".repeat(100_000)), Timestamp::UNIX_EPOCH);
        assert!(matches!(
            refused,
            Err(RecordError::Disk(DiskError::Full(_)))
        ));
        assert_eq!(record.head().unwrap(), before);
        record
            .connection()
            .pragma_update(None, "max_page_count", 1_000_000)
            .unwrap();
        let after = record.append(note("x"), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(after.seq, before.seq + 1);
        assert!(verify_folder(dir.path(), None).unwrap().intact);
    }

    #[test]
    fn a_record_that_stays_locked_is_told_and_nothing_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let record = record(dir.path());
        record
            .connection()
            .busy_timeout(std::time::Duration::ZERO)
            .unwrap();
        let other = Connection::open(dir.path().join(DATABASE)).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let refused = record.append(note("x"), Timestamp::UNIX_EPOCH);
        assert!(matches!(
            refused,
            Err(RecordError::Disk(DiskError::Busy(_)))
        ));
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(
            record.append(note("x"), Timestamp::UNIX_EPOCH).unwrap().seq,
            1
        );
    }

    #[test]
    fn a_row_whose_head_cannot_be_kept_is_an_error_that_names_the_row() {
        let dir = tempfile::tempdir().unwrap();
        let record = record(dir.path());
        // A folder where the new head would be written first.
        std::fs::create_dir(dir.path().join("record.head.new")).unwrap();
        let refused = record.append(note("x"), Timestamp::UNIX_EPOCH);
        assert!(matches!(refused, Err(RecordError::HeadNotKept { head, .. }) if head.seq == 1));
        std::fs::remove_dir(dir.path().join("record.head.new")).unwrap();
        assert_eq!(
            record.append(note("x"), Timestamp::UNIX_EPOCH).unwrap().seq,
            2
        );
        assert!(verify_folder(dir.path(), None).unwrap().intact);
    }

    #[test]
    fn another_version_of_segl_says_so_once() {
        let dir = tempfile::tempdir().unwrap();
        let key = StoreKey::ephemeral().unwrap();
        let open = |version| {
            let record = Record::open_as(dir.path(), &key, Timestamp::UNIX_EPOCH, version);
            record.unwrap().head().unwrap().seq
        };
        assert_eq!(["1.0.0", "1.0.0", "1.1.0", "1.1.0"].map(open), [0, 0, 1, 1]);
        let log = Log::open(dir.path(), Some(&key)).unwrap();
        let (row, payload) = log.show(1).unwrap();
        assert_eq!(
            (&*row.kind, &payload.unwrap()["version"]),
            ("version", &"1.1.0".into())
        );
    }

    #[test]
    fn a_head_that_is_lost_while_the_record_is_open_is_noted() {
        let dir = tempfile::tempdir().unwrap();
        let record = record(dir.path());
        record.append(note("x"), Timestamp::UNIX_EPOCH).unwrap();
        std::fs::remove_file(dir.path().join("record.head")).unwrap();
        let head = record.append(note("y"), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((head.seq, kept_head(dir.path()).unwrap()), (3, Some(head)));
    }
}
