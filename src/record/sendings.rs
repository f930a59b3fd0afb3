//! The sendings in the record, each with what became of its deliveries: what a list of sent mail shows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::RecordError;
use super::format::{COLUMN_COUNT, COLUMNS, Row};
use super::payload::{Intent, Outcome, Payload};
use super::read::{Log, Opener, malformed, time};

/// One sending.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The Intent's row.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What was about to be sent; `None` without the key and after a purge.
    pub intent: Option<Intent>,
    /// How the deliveries ended, by their number.
    pub outcomes: BTreeMap<u32, Outcome>,
}

impl Log {
    /// All sendings, the oldest first. A payload that does not open stops no list.
    pub fn sendings(&self) -> Result<Vec<Sending>, RecordError> {
        let mut opener = Opener::new(self);
        let mut statement = self.connection.prepare(&format!(
            "SELECT {COLUMNS}, payload.sealed FROM record LEFT JOIN payload USING (seq) \
             WHERE kind IN ('intent', 'outcome') ORDER BY seq"
        ))?;
        let mut rows = statement.query([])?;
        let mut sendings: BTreeMap<u64, Sending> = BTreeMap::new();
        while let Some(found) = rows.next()? {
            let row = Row::read(found)?.ok_or_else(|| malformed(found.get(0)))?;
            let sealed: Option<Vec<u8>> = found.get(COLUMN_COUNT)?;
            if row.kind == Intent::KIND.as_bytes() {
                let intent = payload(&mut opener, &row, sealed.as_deref())?;
                let sending = Sending {
                    seq: row.seq,
                    at: time(&row)?,
                    intent,
                    outcomes: BTreeMap::new(),
                };
                sendings.insert(row.seq, sending);
            } else if let Some(outcome) = payload::<Outcome>(&mut opener, &row, sealed.as_deref())?
                && let Some(sending) = sendings.get_mut(&outcome.intent)
            {
                sending.outcomes.insert(outcome.delivery, outcome);
            }
        }
        Ok(sendings.into_values().collect())
    }
}

fn payload<T: DeserializeOwned>(
    opener: &mut Opener<'_>,
    row: &Row,
    sealed: Option<&[u8]>,
) -> Result<Option<T>, RecordError> {
    let value = match opener.open(row, sealed) {
        Err(RecordError::Sealed { .. } | RecordError::Payload { .. }) => None,
        other => other?,
    };
    Ok(value.and_then(|v| serde_json::from_value(v).ok()))
}
