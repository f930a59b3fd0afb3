//! Reading the record: lists, single rows, and what opens their payloads. Opens the database for reading only.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::chain::{Seals, key_mark, row, sql_seq};
use super::format::{self, COLUMN_COUNT, COLUMNS, Row};
use super::payload::{Intent, Payload};
use super::schema::SCHEMA;
use super::{DATABASE, Month, Reason, RecordError};
use crate::disk;
use crate::keys::StoreKey;
use crate::keys::seal::{SealError, SealKey};

/// The record of one data folder, open for reading.
pub struct Log {
    pub(super) connection: Connection,
    holder: Holder,
}

/// What opens the payloads.
enum Holder {
    /// Nothing.
    Nobody,
    /// The store key, which the keys of months are wrapped under.
    Store(Seals),
    /// The keys of months themselves, as another installation handed them over.
    Given(Keys),
}

/// Keys of months, read now or given before.
pub(super) enum Kept<'a> {
    Own(Keys),
    Lent(&'a Keys),
}

impl std::ops::Deref for Kept<'_> {
    type Target = Keys;

    fn deref(&self) -> &Keys {
        match self {
            Self::Own(keys) => keys,
            Self::Lent(keys) => keys,
        }
    }
}

/// The keys of months; `None` for one that is wrapped and does not open.
#[derive(Default)]
pub(super) struct Keys(BTreeMap<Month, Option<SealKey>>);

impl Keys {
    /// One more.
    pub(super) fn add(&mut self, month: Month, key: SealKey) {
        self.0.insert(month, Some(key));
    }

    /// The key of a month.
    pub(super) fn month(&self, month: Month) -> Option<&SealKey> {
        self.0.get(&month)?.as_ref()
    }

    /// All that a holder has in a database.
    fn wrapped(connection: &Connection, seals: &Seals) -> Result<Self, RecordError> {
        let first = match row(connection, 0) {
            Ok(Some(first)) => first,
            // A damaged first row is for `verify` to tell; without it no payload opens.
            Ok(None) | Err(RecordError::Broken { .. }) => return Ok(Self::default()),
            Err(other) => return Err(other),
        };
        let mut keys = BTreeMap::new();
        for (month, wrapped) in seals.all(connection)? {
            let key = match seals.unwrap(&wrapped, &first.installation, month) {
                Ok(key) => Some(key),
                Err(SealError::Broken) => None,
                Err(other) => return Err(other.into()),
            };
            keys.insert(month, key);
        }
        Ok(Self(keys))
    }

    /// The key of one row's payload; `None` after a purge.
    fn of(&self, row: &Row) -> Result<Option<SealKey>, RecordError> {
        let failed = |source| RecordError::Sealed {
            seq: row.seq,
            source,
        };
        match self.0.get(&Month::of(time(row)?)) {
            None => Ok(None),
            Some(None) => Err(failed(SealError::Broken)),
            Some(Some(month)) => format::payload_key(month, &row.installation, row.seq)
                .map(Some)
                .map_err(failed),
        }
    }

    /// What a payload says; `None` after a purge.
    pub(super) fn open<T: DeserializeOwned>(
        &self,
        row: &Row,
        sealed: &[u8],
    ) -> Result<Option<T>, RecordError> {
        let Some(key) = self.of(row)? else {
            return Ok(None);
        };
        let seq = row.seq;
        let json = format::open_payload(&key, &row.installation, seq, &row.kind, sealed)
            .map_err(|source| RecordError::Sealed { seq, source })?;
        serde_json::from_slice(&json)
            .map(Some)
            .map_err(|source| RecordError::Payload { seq, source })
    }
}

/// Which rows to list. The default is all of them.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only rows at or after this time.
    pub since: Option<Timestamp>,
    /// Only rows before this time.
    pub until: Option<Timestamp>,
    /// Only the newest so many.
    pub newest: Option<u32>,
}

/// A row as `segl log list --json` has it. Without the key, and after a purge, what comes from the payload is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogRow {
    /// The row's number.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Its kind.
    pub kind: String,
    /// The draft that it is about.
    pub draft: Option<String>,
    /// The message that it is about.
    pub message_id: Option<String>,
    /// How a delivery ended.
    pub outcome: Option<String>,
}

impl Log {
    /// Opens the record of a data folder; without the key only what needs none can be read.
    pub fn open(dir: &Path, key: Option<&StoreKey>) -> Result<Self, RecordError> {
        let connection = disk::open_read_only(&dir.join(DATABASE), SCHEMA.version())?;
        if let Some(key) = key {
            key.check(key_mark(&connection)?)?;
        }
        let holder = match key {
            Some(key) => Holder::Store(Seals::of(key)?),
            None => Holder::Nobody,
        };
        Ok(Self { connection, holder })
    }

    /// Rows that another installation shipped, with the keys that came with them.
    pub(super) fn of_shipped(connection: Connection, keys: Keys) -> Self {
        Self {
            connection,
            holder: Holder::Given(keys),
        }
    }

    /// The keys of months; none without any key.
    pub(super) fn keys(&self) -> Result<Kept<'_>, RecordError> {
        Ok(match &self.holder {
            Holder::Nobody => Kept::Own(Keys::default()),
            Holder::Store(seals) => Kept::Own(Keys::wrapped(&self.connection, seals)?),
            Holder::Given(keys) => Kept::Lent(keys),
        })
    }

    /// The rows that pass the filter, the oldest first.
    ///
    /// A payload that does not open stops no list: its fields are `None`, and [`show`](Self::show) tells why.
    pub fn list(&self, filter: &Filter) -> Result<Vec<LogRow>, RecordError> {
        let mut opener = Opener::new(self);
        let mut statement = self.connection.prepare(&format!(
            "SELECT {COLUMNS}, payload.sealed FROM record LEFT JOIN payload USING (seq) \
             WHERE (?1 IS NULL OR kind = ?1) AND at >= ?2 AND at < ?3 ORDER BY seq DESC LIMIT ?4"
        ))?;
        let mut rows = statement.query(params![
            filter.kind,
            filter.since.map_or(i64::MIN, Timestamp::as_millisecond),
            filter.until.map_or(i64::MAX, Timestamp::as_millisecond),
            filter.newest.map_or(-1, i64::from),
        ])?;
        let mut listed = Vec::new();
        while let Some(found) = rows.next()? {
            let row = Row::read(found)?.ok_or_else(|| malformed(found.get(0)))?;
            let sealed: Option<Vec<u8>> = found.get(COLUMN_COUNT)?;
            let payload = match opener.open(&row, sealed.as_deref()) {
                Err(RecordError::Sealed { .. } | RecordError::Payload { .. }) => None,
                other => other?,
            };
            listed.push(opener.describe(&row, payload.as_ref())?);
        }
        listed.reverse();
        Ok(listed)
    }

    /// One row and its payload; the payload is `None` without the key and after a purge.
    pub fn show(&self, seq: u64) -> Result<(LogRow, Option<Value>), RecordError> {
        let mut opener = Opener::new(self);
        let (row, sealed) = self.raw(seq)?;
        let payload = opener.open(&row, sealed.as_deref())?;
        Ok((opener.describe(&row, payload.as_ref())?, payload))
    }

    /// A row and its sealed payload.
    pub(super) fn raw(&self, seq: u64) -> Result<(Row, Option<Vec<u8>>), RecordError> {
        let row = row(&self.connection, seq)?.ok_or(RecordError::NoSuchRecord { seq })?;
        let sql = "SELECT sealed FROM payload WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let sealed = statement
            .query_row([sql_seq(seq)], |found| found.get(0))
            .optional()?;
        Ok((row, sealed))
    }
}

/// Opens payloads one after the other, and remembers the keys of months and the subjects of Intents meanwhile.
pub(super) struct Opener<'a> {
    log: &'a Log,
    keys: Option<Kept<'a>>,
    intents: BTreeMap<u64, (Option<String>, Option<String>)>,
}

impl<'a> Opener<'a> {
    pub(super) fn new(log: &'a Log) -> Self {
        Self {
            log,
            keys: None,
            intents: BTreeMap::new(),
        }
    }

    /// The payload of a row; `None` without the key and after a purge.
    pub(super) fn open(
        &mut self,
        row: &Row,
        sealed: Option<&[u8]>,
    ) -> Result<Option<Value>, RecordError> {
        match sealed {
            Some(sealed) => self.keys()?.open(row, sealed),
            None => Ok(None),
        }
    }

    /// The key of one row's payload; `None` without the store key and after a purge.
    pub(super) fn key(&mut self, row: &Row) -> Result<Option<SealKey>, RecordError> {
        self.keys()?.of(row)
    }

    fn keys(&mut self) -> Result<&Keys, RecordError> {
        let keys = match self.keys.take() {
            Some(keys) => keys,
            None => self.log.keys()?,
        };
        let keys: &Keys = self.keys.insert(keys);
        Ok(keys)
    }

    fn describe(&mut self, row: &Row, payload: Option<&Value>) -> Result<LogRow, RecordError> {
        let of = |name| {
            payload
                .and_then(|p| p.get(name))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let (draft, message_id) = match payload.and_then(|p| p.get("intent")?.as_u64()) {
            Some(intent) => self.intent(intent)?,
            None => (of("draft"), of("message_id")),
        };
        Ok(LogRow {
            seq: row.seq,
            at: time(row)?,
            kind: String::from_utf8_lossy(&row.kind).into_owned(),
            draft,
            message_id,
            outcome: of("outcome"),
        })
    }

    fn intent(&mut self, seq: u64) -> Result<(Option<String>, Option<String>), RecordError> {
        if let Some(known) = self.intents.get(&seq) {
            return Ok(known.clone());
        }
        let (row, sealed) = self.log.raw(seq)?;
        let payload = match self.open(&row, sealed.as_deref()) {
            Err(RecordError::Sealed { .. } | RecordError::Payload { .. }) => None,
            other => other?,
        };
        let payload = payload.filter(|_| row.kind == Intent::KIND.as_bytes());
        let of = |name| {
            payload
                .as_ref()
                .and_then(|p| p.get(name)?.as_str().map(str::to_owned))
        };
        let named = (of("draft"), of("message_id"));
        self.intents.insert(seq, named.clone());
        Ok(named)
    }
}

/// When a row was written.
pub(super) fn time(row: &Row) -> Result<Timestamp, RecordError> {
    let broken = RecordError::Broken {
        seq: row.seq,
        reason: Reason::Malformed,
    };
    Timestamp::from_millisecond(row.at).ok().ok_or(broken)
}

pub(super) fn malformed(seq: rusqlite::Result<i64>) -> RecordError {
    let seq = seq
        .ok()
        .and_then(|seq| u64::try_from(seq).ok())
        .unwrap_or(0);
    RecordError::Broken {
        seq,
        reason: Reason::Malformed,
    }
}
