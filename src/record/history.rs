//! What happened in a time, one thing after the other, for a report: read as a stream, so that a year of a large firm
//! does not stand in memory.
//!
//! What was removed after its time and what does not open are told apart, and both are told: a list that leaves out in
//! silence is no report.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, mpsc};

use jiff::Timestamp;
use rusqlite::params;
use serde::de::DeserializeOwned;

use super::format::{COLUMN_COUNT, COLUMNS, FIRST_KIND, PURGE_KIND, Row};
use super::payload::{Evidence, Intent, Note, Outcome, Payload, Policy, Refused, Version};
use super::read::{Keys, Log, malformed, time};
use super::{Month, RecordError, Sending};
use crate::disk::{DiskError, hex};

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

/// Rows that are opened together, by one thread.
const CHUNK: usize = 512;
/// More threads than this wait for the one that reads.
const THREADS: usize = 8;

/// A row as it is stored.
struct Stored {
    row: Row,
    sealed: Option<Vec<u8>>,
}

/// A row that was opened.
struct Opened {
    row: Row,
    what: Result<What, RecordError>,
}

enum What {
    Happened(Happening),
    Outcome(Read<Outcome>),
}

type Answer = mpsc::Receiver<Vec<Opened>>;

impl Log {
    /// The chain's random name, as 32 hexadecimal digits.
    pub fn installation(&self) -> Result<String, RecordError> {
        Ok(hex::encode(&self.raw(0)?.0.installation))
    }

    /// Tells what happened from `from` to before `until`. A sending is told when its last Outcome was read, or at the
    /// end, so that the order is not quite that of the rows. Evidence, policies, notes, versions and purges from before
    /// are told too: what was sent in the time may rest on them.
    ///
    /// One thread reads and tells, others open what was read meanwhile: a year of a large firm is a million rows.
    pub fn history(
        &self,
        from: Timestamp,
        until: Timestamp,
        tell: &mut dyn FnMut(Happened),
    ) -> Result<(), RecordError> {
        let kept = self.keys()?;
        let keys: &Keys = &kept;
        let mut statement = self.connection.prepare(&format!(
            "SELECT {COLUMNS}, payload.sealed FROM record LEFT JOIN payload USING (seq) \
             WHERE (at < ?2 AND (at >= ?1 OR kind NOT IN ('intent', 'refused')) \
             AND kind NOT IN ('started', 'outcome')) OR (kind = 'outcome' AND at >= ?1) ORDER BY record.seq"
        ))?;
        let span = params![from.as_millisecond(), until.as_millisecond()];
        let mut rows = statement.query(span)?;
        let mut story = Story {
            open: BTreeMap::new(),
            tell,
        };
        std::thread::scope(|scope| {
            let (hand, jobs) = mpsc::channel::<(Vec<Stored>, mpsc::Sender<Vec<Opened>>)>();
            let jobs = Arc::new(Mutex::new(jobs));
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            for _ in 0..threads.min(THREADS) {
                let jobs = Arc::clone(&jobs);
                let work = move || {
                    let next = || jobs.lock().ok()?.recv().ok();
                    while let Some((chunk, answer)) = next() {
                        // Nobody waits for it any more after an error.
                        drop(answer.send(chunk.into_iter().map(|s| open(s, keys)).collect()));
                    }
                };
                let thread = std::thread::Builder::new().name("segl-history".to_owned());
                thread.spawn_scoped(scope, work).map_err(DiskError::from)?;
            }
            let mut answers: VecDeque<Answer> = VecDeque::new();
            loop {
                let chunk = read_chunk(&mut rows)?;
                if chunk.is_empty() {
                    break;
                }
                let (answer, opened) = mpsc::channel();
                // The threads take as long as this end is there.
                drop(hand.send((chunk, answer)));
                answers.push_back(opened);
                if answers.len() > 2 * THREADS {
                    story.hear(answers.pop_front())?;
                }
            }
            story.hear(answers)
        })?;
        for (seq, sending) in story.open {
            (story.tell)(of_sending(seq, sending));
        }
        Ok(())
    }
}

fn read_chunk(rows: &mut rusqlite::Rows<'_>) -> Result<Vec<Stored>, RecordError> {
    let mut chunk = Vec::with_capacity(CHUNK);
    while chunk.len() < CHUNK
        && let Some(found) = rows.next()?
    {
        let row = Row::read(found)?.ok_or_else(|| malformed(found.get(0)))?;
        let sealed = found.get_ref(COLUMN_COUNT)?.as_blob_or_null();
        let sealed = sealed.ok().flatten().map(<[u8]>::to_vec);
        chunk.push(Stored { row, sealed });
    }
    Ok(chunk)
}

fn open(stored: Stored, keys: &Keys) -> Opened {
    let Stored { row, sealed } = stored;
    let sealed = sealed.as_deref();
    let what = if row.kind == Outcome::KIND.as_bytes() {
        opened(keys, &row, sealed).map(What::Outcome)
    } else {
        happening(keys, &row, sealed).map(What::Happened)
    };
    Opened { row, what }
}

/// What was told so far, and the sendings that have not ended yet.
struct Story<'a> {
    open: BTreeMap<u64, Sending>,
    tell: &'a mut dyn FnMut(Happened),
}

impl Story<'_> {
    fn hear(&mut self, answers: impl IntoIterator<Item = Answer>) -> Result<(), RecordError> {
        for answer in answers {
            // Without an answer its thread panicked, and that panic goes on when the threads are joined.
            for Opened { row, what } in answer.recv().unwrap_or_default() {
                match what? {
                    What::Outcome(outcome) => self.outcome(&row, outcome)?,
                    What::Happened(Happening::Sending(sending)) => {
                        self.open.insert(row.seq, *sending);
                    }
                    What::Happened(what) => (self.tell)(told(&row, what)?),
                }
            }
        }
        Ok(())
    }

    /// Adds an Outcome to its sending, and tells that where it was the last.
    fn outcome(&mut self, row: &Row, outcome: Read<Outcome>) -> Result<(), RecordError> {
        // An Outcome of an older sending, or after the last that is open, is no matter of this time.
        if self.open.is_empty() {
            return Ok(());
        }
        let outcome = match outcome {
            Read::Payload(outcome) => outcome,
            Read::Removed => {
                (self.tell)(told(row, Happening::Removed)?);
                return Ok(());
            }
            Read::Unreadable => {
                (self.tell)(told(row, Happening::Unreadable)?);
                return Ok(());
            }
        };
        let intent = outcome.intent;
        let Some(sending) = self.open.get_mut(&intent) else {
            return Ok(());
        };
        sending.outcomes.insert(outcome.delivery, outcome);
        let planned = sending.intent.as_ref().map_or(0, |i| i.deliveries.len());
        if sending.outcomes.len() >= planned
            && let Some(sending) = self.open.remove(&intent)
        {
            (self.tell)(of_sending(intent, sending));
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

enum Read<T> {
    Payload(T),
    Removed,
    Unreadable,
}

fn opened<T: DeserializeOwned>(
    keys: &Keys,
    row: &Row,
    sealed: Option<&[u8]>,
) -> Result<Read<T>, RecordError> {
    let Some(sealed) = sealed else {
        return Ok(Read::Removed);
    };
    match keys.open(row, sealed) {
        Ok(Some(payload)) => Ok(Read::Payload(payload)),
        Ok(None) | Err(RecordError::Sealed { .. } | RecordError::Payload { .. }) => {
            Ok(Read::Unreadable)
        }
        Err(other) => Err(other),
    }
}

fn happening(keys: &Keys, row: &Row, sealed: Option<&[u8]>) -> Result<Happening, RecordError> {
    let kind = std::str::from_utf8(&row.kind).unwrap_or_default();
    if kind == PURGE_KIND {
        // The month stands in clear, so that it is known without the key too.
        let month = std::str::from_utf8(&row.clear).ok();
        let month = month.and_then(|m| m.parse().ok());
        return Ok(month.map_or(Happening::Unreadable, Happening::Purged));
    }
    macro_rules! read {
        ($to:expr) => {
            match opened(keys, row, sealed)? {
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
