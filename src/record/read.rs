//! Reading the record: lists, single rows, and what opens their payloads. Opens the database for reading only.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
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
use crate::keys::seal::SealKey;

/// The record of one data folder, open for reading.
pub struct Log {
    pub(super) connection: Connection,
    seals: Option<Seals>,
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
        Ok(Self {
            connection,
            seals: key.map(Seals::of).transpose()?,
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
    months: BTreeMap<Month, Option<SealKey>>,
    intents: BTreeMap<u64, (Option<String>, Option<String>)>,
}

impl<'a> Opener<'a> {
    pub(super) fn new(log: &'a Log) -> Self {
        Self {
            log,
            months: BTreeMap::new(),
            intents: BTreeMap::new(),
        }
    }

    /// The payload of a row; `None` without the key and after a purge.
    pub(super) fn open(
        &mut self,
        row: &Row,
        sealed: Option<&[u8]>,
    ) -> Result<Option<Value>, RecordError> {
        self.open_as(row, sealed)
    }

    /// The same as the type that the row's kind has. Fields that are missing where they must not be are an error.
    pub(super) fn open_as<T: DeserializeOwned>(
        &mut self,
        row: &Row,
        sealed: Option<&[u8]>,
    ) -> Result<Option<T>, RecordError> {
        let (Some(sealed), Some(key)) = (sealed, self.key(row)?) else {
            return Ok(None);
        };
        let seq = row.seq;
        let json = format::open_payload(&key, &row.installation, seq, &row.kind, sealed)
            .map_err(|source| RecordError::Sealed { seq, source })?;
        serde_json::from_slice(&json)
            .map(Some)
            .map_err(|source| RecordError::Payload { seq, source })
    }

    /// The key of one row's payload; `None` without the store key and after a purge.
    pub(super) fn key(&mut self, row: &Row) -> Result<Option<SealKey>, RecordError> {
        let Some(seals) = &self.log.seals else {
            return Ok(None);
        };
        let month = Month::of(time(row)?);
        let failed = |source| RecordError::Sealed {
            seq: row.seq,
            source,
        };
        let month_key = match self.months.entry(month) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let wrapped = seals.wrapped(&self.log.connection, month)?;
                let open = |wrapped: Vec<u8>| seals.unwrap(&wrapped, &row.installation, month);
                new.insert(wrapped.map(open).transpose().map_err(failed)?)
            }
        };
        let derive = |key: &SealKey| format::payload_key(key, &row.installation, row.seq);
        month_key.as_ref().map(derive).transpose().map_err(failed)
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
