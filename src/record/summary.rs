//! What the record holds, counted: how many rows of which kind, from when to when, and about how many people.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::format::{COLUMN_COUNT, COLUMNS, Row};
use super::payload::{Intent, Payload};
use super::read::{Log, Opener, malformed};
use super::{Reason, RecordError};

/// The rows of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCount {
    /// The kind.
    pub kind: String,
    /// How many.
    pub rows: u64,
    /// How many of them still have what they say; of the others it was destroyed.
    pub payloads: u64,
    /// The oldest.
    pub first: Timestamp,
    /// The newest.
    pub last: Timestamp,
}

/// A record, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// By kind, in the order of their names.
    pub kinds: Vec<KindCount>,
    /// Different addresses of recipients.
    pub addresses: usize,
    /// Consents to send without encryption, each with who gave it and why.
    pub consents: usize,
}

impl Summary {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.kinds.iter().map(|k| k.rows).sum()
    }

    /// How many rows say no more what they said.
    pub fn destroyed(&self) -> u64 {
        self.kinds.iter().map(|k| k.rows - k.payloads).sum()
    }

    /// When the oldest and the newest row were written.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.kinds.iter().map(|k| k.first).min()?;
        Some((first, self.kinds.iter().map(|k| k.last).max()?))
    }
}

impl Log {
    /// Counts what the record holds. Addresses and consents are those that can be opened.
    pub fn summary(&self) -> Result<Summary, RecordError> {
        let mut summary = Summary {
            kinds: self.kinds()?,
            ..Summary::default()
        };
        let mut opener = Opener::new(self);
        let mut addresses = BTreeSet::new();
        let mut statement = self.connection.prepare(&format!(
            "SELECT {COLUMNS}, payload.sealed FROM record JOIN payload USING (seq) WHERE kind = ?1"
        ))?;
        let mut rows = statement.query([Intent::KIND])?;
        while let Some(found) = rows.next()? {
            let row = Row::read(found)?.ok_or_else(|| malformed(found.get(0)))?;
            let sealed: Option<Vec<u8>> = found.get(COLUMN_COUNT)?;
            // One that does not open is `verify`'s to tell; the others are counted all the same.
            let Ok(Some(intent)) = opener.open(&row, sealed.as_deref()) else {
                continue;
            };
            summary.consents += list(&intent, "consents").len();
            let recipients = list(&intent, "deliveries")
                .iter()
                .flat_map(|delivery| list(delivery, "rcpt_to"));
            let named = recipients.filter_map(|r| r.get("address")?.as_str());
            addresses.extend(named.map(str::to_owned));
        }
        summary.addresses = addresses.len();
        Ok(summary)
    }

    fn kinds(&self) -> Result<Vec<KindCount>, RecordError> {
        let mut statement = self.connection.prepare(
            "SELECT kind, count(*), count(payload.seq), min(at), max(at) \
             FROM record LEFT JOIN payload USING (seq) GROUP BY kind ORDER BY kind",
        )?;
        let mut rows = statement.query([])?;
        let mut kinds = Vec::new();
        while let Some(row) = rows.next()? {
            let count = |n: i64| u64::try_from(n).unwrap_or(0);
            kinds.push(KindCount {
                kind: row.get(0)?,
                rows: count(row.get(1)?),
                payloads: count(row.get(2)?),
                first: time(row.get(3)?)?,
                last: time(row.get(4)?)?,
            });
        }
        Ok(kinds)
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let found = value.get(name).and_then(Value::as_array);
    found.map(Vec::as_slice).unwrap_or_default()
}

fn time(at: i64) -> Result<Timestamp, RecordError> {
    let broken = RecordError::Broken {
        seq: 0,
        reason: Reason::Malformed,
    };
    Timestamp::from_millisecond(at).ok().ok_or(broken)
}
