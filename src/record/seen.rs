//! The rows of things that were seen, by themselves: whoever keeps a table of them reads only what is new.

use jiff::Timestamp;
use rusqlite::params;

use super::RecordError;
use super::chain::sql_seq;
use super::format::{COLUMN_COUNT, COLUMNS, Row};
use super::payload::{Evidence, Payload};
use super::read::{Log, Opener, malformed, time};

/// A row of kind `evidence`.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The row's number.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    pub evidence: Evidence,
}

impl Log {
    /// What was seen in rows behind this one (all, where there is none), the oldest first. What was removed after its
    /// time, and what does not open, is left out.
    pub fn seen_after(&self, row: Option<u64>) -> Result<Vec<Seen>, RecordError> {
        let mut opener = Opener::new(self);
        let mut statement = self.connection.prepare(&format!(
            "SELECT {COLUMNS}, payload.sealed FROM record LEFT JOIN payload USING (seq) \
             WHERE kind = ?1 AND record.seq > ?2 ORDER BY record.seq"
        ))?;
        let after = row.map_or(-1, sql_seq);
        let mut rows = statement.query(params![Evidence::KIND, after])?;
        let mut seen = Vec::new();
        while let Some(found) = rows.next()? {
            let row = Row::read(found)?.ok_or_else(|| malformed(found.get(0)))?;
            let sealed: Option<Vec<u8>> = found.get(COLUMN_COUNT)?;
            let said = match opener.open(&row, sealed.as_deref()) {
                Err(RecordError::Sealed { .. } | RecordError::Payload { .. }) => None,
                other => other?,
            };
            if let Some(evidence) = said.and_then(|v| serde_json::from_value(v).ok()) {
                seen.push(Seen {
                    seq: row.seq,
                    at: time(&row)?,
                    evidence,
                });
            }
        }
        Ok(seen)
    }
}
