//! What happened in a time, one thing after the other, for a report: read as a stream, so that a year of a large firm
//! does not stand in memory.
//!
//! What was removed after its time and what does not open are told apart, and both are told: a list that leaves out in
//! silence is no report.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;
use serde::de::DeserializeOwned;

use super::format::{COLUMN_COUNT, COLUMNS, FIRST_KIND, PURGE_KIND, Row};
use super::payload::{Evidence, Intent, Note, Outcome, Payload, Policy, Refused, Version};
use super::read::{Log, Opener, malformed, time};
use super::{Month, RecordError, Sending};
use crate::disk::hex;

/// One thing of the record.
#[derive(Debug, Clone)]
pub enum Happening {
    /// A sending, with what became of its deliveries. Its Intent was written in the time that was asked for.
    Sending(Box<Sending>),
    /// The decision was not to send.
    Refused(Refused),
    /// Something was seen.
    Evidence(Evidence),
    /// The rules of IT changed.
    Policy(Policy),
    /// Something about the record itself.
    Note(Note),
    /// Which Segl wrote from here on.
    Version(Version),
    /// A month's payloads were destroyed.
    Purged(Month),
    /// The row is there, and what it said was removed after its time.
    Removed,
    /// The row is there, and what it says does not open: no key, another key, or it is damaged.
    Unreadable,
}

/// One row of the record as a report reads it.
#[derive(Debug, Clone)]
pub struct Happened {
    /// The row's number; of a sending, the Intent's.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// The row's kind.
    pub kind: String,
    /// What it says.
    pub what: Happening,
}

impl Log {
    /// The chain's random name, as 32 hexadecimal digits.
    pub fn installation(&self) -> Result<String, RecordError> {
        Ok(hex::encode(&self.raw(0)?.0.installation))
    }

    /// Tells what happened from `from` to before `until`. A sending is told when its last Outcome was read, or at the
    /// end, so that the order is not quite that of the rows. Evidence, policies, notes, versions and purges from before
    /// are told too: what was sent in the time may rest on them.
    pub fn history(
        &self,
        from: Timestamp,
        until: Timestamp,
        tell: &mut dyn FnMut(Happened),
    ) -> Result<(), RecordError> {
        let mut opener = Opener::new(self);
        let mut statement = self.connection.prepare(&format!(
            "SELECT {COLUMNS}, payload.sealed FROM record LEFT JOIN payload USING (seq) \
             WHERE (at < ?2 AND (at >= ?1 OR kind NOT IN ('intent', 'refused')) \
             AND kind NOT IN ('started', 'outcome')) OR (kind = 'outcome' AND at >= ?1) ORDER BY record.seq"
        ))?;
        let span = params![from.as_millisecond(), until.as_millisecond()];
        let mut rows = statement.query(span)?;
        let mut open: BTreeMap<u64, Sending> = BTreeMap::new();
        while let Some(found) = rows.next()? {
            let row = Row::read(found)?.ok_or_else(|| malformed(found.get(0)))?;
            let sealed = found
                .get_ref(COLUMN_COUNT)?
                .as_blob_or_null()
                .ok()
                .flatten();
            if row.kind == Outcome::KIND.as_bytes() {
                // An Outcome of an older sending, or after the last that is open, is no matter of this time.
                if !open.is_empty() {
                    outcome(&mut opener, &row, sealed, &mut open, tell)?;
                }
                continue;
            }
            let what = happening(&mut opener, &row, sealed)?;
            if let Happening::Sending(sending) = what {
                open.insert(row.seq, *sending);
            } else {
                tell(told(&row, what)?);
            }
        }
        for (seq, sending) in open {
            tell(of_sending(seq, sending));
        }
        Ok(())
    }
}

fn of_sending(seq: u64, sending: Sending) -> Happened {
    Happened {
        seq,
        at: sending.at,
        kind: Intent::KIND.to_owned(),
        what: Happening::Sending(Box::new(sending)),
    }
}

fn told(row: &Row, what: Happening) -> Result<Happened, RecordError> {
    Ok(Happened {
        seq: row.seq,
        at: time(row)?,
        kind: String::from_utf8_lossy(&row.kind).into_owned(),
        what,
    })
}

/// Adds an Outcome to its sending, and tells that where it was the last.
fn outcome(
    opener: &mut Opener<'_>,
    row: &Row,
    sealed: Option<&[u8]>,
    open: &mut BTreeMap<u64, Sending>,
    tell: &mut dyn FnMut(Happened),
) -> Result<(), RecordError> {
    let outcome: Outcome = match opened(opener, row, sealed)? {
        Read::Payload(outcome) => outcome,
        Read::Removed => {
            tell(told(row, Happening::Removed)?);
            return Ok(());
        }
        Read::Unreadable => {
            tell(told(row, Happening::Unreadable)?);
            return Ok(());
        }
    };
    let intent = outcome.intent;
    let Some(sending) = open.get_mut(&intent) else {
        return Ok(());
    };
    sending.outcomes.insert(outcome.delivery, outcome);
    let planned = sending.intent.as_ref().map_or(0, |i| i.deliveries.len());
    if sending.outcomes.len() >= planned
        && let Some(sending) = open.remove(&intent)
    {
        tell(of_sending(intent, sending));
    }
    Ok(())
}

enum Read<T> {
    Payload(T),
    Removed,
    Unreadable,
}

fn opened<T: DeserializeOwned>(
    opener: &mut Opener<'_>,
    row: &Row,
    sealed: Option<&[u8]>,
) -> Result<Read<T>, RecordError> {
    if sealed.is_none() {
        return Ok(Read::Removed);
    }
    match opener.open_as(row, sealed) {
        Ok(Some(payload)) => Ok(Read::Payload(payload)),
        Ok(None) | Err(RecordError::Sealed { .. } | RecordError::Payload { .. }) => {
            Ok(Read::Unreadable)
        }
        Err(other) => Err(other),
    }
}

fn happening(
    opener: &mut Opener<'_>,
    row: &Row,
    sealed: Option<&[u8]>,
) -> Result<Happening, RecordError> {
    let kind = std::str::from_utf8(&row.kind).unwrap_or_default();
    if kind == PURGE_KIND {
        // The month stands in clear, so that it is known without the key too.
        let month = std::str::from_utf8(&row.clear).ok();
        let month = month.and_then(|m| m.parse().ok());
        return Ok(month.map_or(Happening::Unreadable, Happening::Purged));
    }
    macro_rules! read {
        ($to:expr) => {
            match opened(opener, row, sealed)? {
                Read::Payload(payload) => $to(payload),
                Read::Removed => Happening::Removed,
                Read::Unreadable => Happening::Unreadable,
            }
        };
    }
    let at = time(row)?;
    Ok(match kind {
        kind if kind == Intent::KIND => read!(|intent| Happening::Sending(Box::new(Sending {
            seq: row.seq,
            at,
            intent: Some(intent),
            outcomes: BTreeMap::new(),
        }))),
        kind if kind == Refused::KIND => read!(Happening::Refused),
        kind if kind == Evidence::KIND => read!(Happening::Evidence),
        kind if kind == Policy::KIND => read!(Happening::Policy),
        kind if kind == Note::KIND => read!(Happening::Note),
        FIRST_KIND => read!(Happening::Version),
        // A kind of a later version: it is there, and this version cannot read it.
        _ => Happening::Unreadable,
    })
}
