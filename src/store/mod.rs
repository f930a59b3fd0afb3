//! The store: what Segl keeps for its user's comfort, sealed, in `store.sqlite`.
//!
//! Answers of directories, organisations of addresses, the address book, drafts, sent copies, facts about servers. Every value is sealed
//! under the store key and bound to its row; addresses and names stand as keyed digests, because whom one writes to is
//! confidential too. The file may be deleted at any time: it opens empty again. Nothing here is evidence (that is the
//! record), and no verdict about a certificate is ever kept. Several processes at once are normal.

mod answers;
mod contacts;
mod counts;
mod drafts;
mod facts;
mod organisations;
mod sent;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

pub use answers::CachedAnswer;
pub use contacts::{Change, Kept, Shelf};
pub use counts::Counts;
pub use drafts::DraftRow;
pub use facts::Fact;
pub use organisations::Memory;
pub use sent::SentCopy;

use crate::disk::{self, DiskError, Schema};
use crate::keys::seal::{SealError, SealKey, fields};
use crate::keys::{KeyError, KeyMark, StoreKey};

/// The database's name in the data folder.
pub const DATABASE: &str = "store.sqlite";

const SCHEMA: Schema = Schema {
    // A commit survives a crash of the program at once, and a loss of power within seconds: a draft is saved every
    // two seconds, and waiting for the disk each time would wear it out for nothing.
    synchronous: "NORMAL",
    steps: &[
        "
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE answers (
    lookup BLOB NOT NULL,
    directory BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (lookup, directory)
) STRICT, WITHOUT ROWID;
CREATE TABLE organisations (address BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE facts (name BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE drafts (id TEXT PRIMARY KEY, at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE TABLE sent (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX sent_at ON sent (at);
CREATE TABLE sent_chunks (
    id TEXT NOT NULL REFERENCES sent (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (id, number)
) STRICT;
",
        contacts::TABLES,
    ],
};

/// Why the store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk or the database: full, read-only, in use, damaged, of a newer version, …
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The store is sealed under another key than the one at hand, or the cryptographic library failed.
    #[error("the key of the store is not available")]
    KeyUnavailable(#[from] KeyError),
    /// A row does not open: it was changed, or put where it does not belong.
    #[error("a row of {table} cannot be opened")]
    Sealed {
        /// The table that it is in.
        table: &'static str,
    },
    /// A row opened and does not say what it should: another version wrote it.
    #[error("a row of {table} cannot be read")]
    Malformed {
        /// The table that it is in.
        table: &'static str,
    },
    /// A value could not be written as JSON: a fault of Segl.
    #[error("a value for {table} cannot be written")]
    Unwritable {
        /// The table that it is for.
        table: &'static str,
    },
    /// There is no row with that id.
    #[error("no row of {table} has that id")]
    NoSuchRow {
        /// The table that was asked.
        table: &'static str,
    },
    /// What was to be stored or handed over could not be read or written.
    #[error("the content could not be read or written")]
    Content(#[source] std::io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Disk(source.into())
    }
}

impl From<SealError> for StoreError {
    fn from(source: SealError) -> Self {
        Self::KeyUnavailable(source.into())
    }
}

/// The store of one data folder, or one in memory.
pub struct Store {
    connection: Mutex<Connection>,
    seal: SealKey,
    index: SealKey,
    durable: bool,
}

impl Store {
    /// Opens the store of a data folder; makes an empty one where there is none.
    ///
    /// [`KeyError::Wrong`] where it is sealed under another key. A damaged one is [`DiskError::Corrupt`]: see
    /// [`Store::set_aside`].
    pub fn open(dir: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        disk::private_dir(dir)?;
        Self::with(disk::open(&dir.join(DATABASE), &SCHEMA)?, key, true)
    }

    /// A store for a session without a key: sealed under a key that nobody keeps, gone with the program.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::with(disk::open_memory(&SCHEMA)?, &StoreKey::ephemeral()?, false)
    }

    /// Renames a store that cannot be opened, so that the next [`Store::open`] begins an empty one. Answers the new
    /// name, or `None` where there was none.
    pub fn set_aside(dir: &Path, at: Timestamp) -> Result<Option<PathBuf>, StoreError> {
        let stamp = at.strftime("%Y%m%dT%H%M%SZ");
        let target = disk::free_name(dir, &format!("store-{stamp}"), ".broken.sqlite");
        let moved = disk::rename_database(&dir.join(DATABASE), &target)?;
        Ok(moved.then_some(target))
    }

    /// Whether what is kept here outlives the program. Where not, the window says so.
    pub fn is_durable(&self) -> bool {
        self.durable
    }

    fn with(mut connection: Connection, key: &StoreKey, durable: bool) -> Result<Self, StoreError> {
        let transaction = immediate(&mut connection)?;
        let mark: Option<Vec<u8>> = transaction
            .query_row("SELECT value FROM meta WHERE name = 'key'", [], |row| {
                row.get(0)
            })
            .optional()?;
        if let Some(mark) = mark {
            let mark = KeyMark::from_bytes(&mark);
            key.check(mark.ok_or(StoreError::Malformed { table: "meta" })?)?;
        } else {
            let sql = "INSERT INTO meta (name, value) VALUES ('key', ?1)";
            transaction.execute(sql, [key.mark().as_bytes()])?;
        }
        transaction.commit()?;
        let (seal, index) = (
            key.derive("segl store seal 1")?,
            key.derive("segl store index 1")?,
        );
        Ok(Self {
            connection: Mutex::new(connection),
            seal,
            index,
            durable,
        })
    }

    /// A panic inside a transaction has rolled it back: the connection is as good as before.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A name as it stands in a table: to be found again, not to be read.
    fn digest(&self, table: &'static str, name: &str) -> Result<[u8; 32], StoreError> {
        Ok(self
            .index
            .mac(&fields(&[table.as_bytes(), name.as_bytes()]))?)
    }

    /// Seals for one row of one table.
    fn seal(
        &self,
        table: &'static str,
        row: &[&[u8]],
        plain: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        Ok(self.seal.seal(&place(table, row), plain)?)
    }

    fn unseal(
        &self,
        table: &'static str,
        row: &[&[u8]],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.seal
            .open(&place(table, row), sealed)
            .map_err(|error| match error {
                SealError::Broken => StoreError::Sealed { table },
                other @ SealError::Library(_) => other.into(),
            })
    }

    fn seal_value<T: Serialize>(
        &self,
        table: &'static str,
        row: &[&[u8]],
        value: &T,
    ) -> Result<Vec<u8>, StoreError> {
        // Not the cause, here and below: it could quote the value.
        let json = serde_json::to_vec(value)
            .ok()
            .ok_or(StoreError::Unwritable { table })?;
        self.seal(table, row, &Zeroizing::new(json))
    }

    fn unseal_value<T: DeserializeOwned>(
        &self,
        table: &'static str,
        row: &[&[u8]],
        sealed: &[u8],
    ) -> Result<T, StoreError> {
        let json = self.unseal(table, row, sealed)?;
        serde_json::from_slice(&json)
            .ok()
            .ok_or(StoreError::Malformed { table })
    }
}

/// The place that a value is sealed for: schema, table, and what tells the row from others (its times too, so that an
/// old answer cannot be made young).
fn place(table: &'static str, row: &[&[u8]]) -> Vec<u8> {
    let mut parts = vec![&b"segl store 1"[..], table.as_bytes()];
    parts.extend_from_slice(row);
    fields(&parts)
}

fn immediate(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// A time as it stands in a table.
fn time(milliseconds: i64, table: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds)
        .ok()
        .ok_or(StoreError::Malformed { table })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_has_the_settings_that_its_promises_rest_on() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), &StoreKey::ephemeral().unwrap()).unwrap();
        let pragma = |name: &str| -> String {
            let sql = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
            store
                .connection()
                .query_row(&sql, [], |row| row.get(0))
                .unwrap()
        };
        let wanted = [
            ("journal_mode", "wal"),
            ("synchronous", "1"),
            ("secure_delete", "1"),
            ("foreign_keys", "1"),
            ("user_version", "2"),
            ("fullfsync", "1"),
        ];
        for (name, value) in wanted {
            assert_eq!(pragma(name), value, "{name}");
        }
        let sql = "SELECT timeout FROM pragma_busy_timeout";
        let busy: i64 = store
            .connection()
            .query_row(sql, [], |row| row.get(0))
            .unwrap();
        assert_eq!(busy, 5000);
    }

    #[test]
    fn a_value_moved_to_another_row_or_table_does_not_open() {
        let store = Store::in_memory().unwrap();
        let sealed = store.seal_value("drafts", &[b"one"], &"text").unwrap();
        assert_eq!(
            store
                .unseal_value::<String>("drafts", &[b"one"], &sealed)
                .unwrap(),
            "text"
        );
        for (table, row) in [("drafts", b"two"), ("facts", b"one")] {
            let moved = store.unseal_value::<String>(table, &[row], &sealed);
            assert!(matches!(moved, Err(StoreError::Sealed { table: told }) if told == table));
        }
        let other = store.unseal_value::<u32>("drafts", &[b"one"], &sealed);
        assert!(matches!(
            other,
            Err(StoreError::Malformed { table: "drafts" })
        ));
    }

    #[test]
    fn a_full_disk_is_told_and_the_store_is_as_before() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), &StoreKey::ephemeral().unwrap()).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        store.save_draft("a", b"text", at).unwrap();
        let pages: i64 = store
            .connection()
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        store
            .connection()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
        let refused = store.save_draft("b", &vec![7; 100_000], at);
        assert!(matches!(refused, Err(StoreError::Disk(DiskError::Full(_)))));
        assert_eq!(&**store.load_draft("a").unwrap().unwrap(), b"text");
        assert!(store.load_draft("b").unwrap().is_none());
    }
}
