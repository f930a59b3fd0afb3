//! Checking a chain: every row, every payload, both ends. Needs no key, writes nothing, works while others write.
//!
//! What each check shows, and what none of them can, is said in [`format`](super::format).

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use openssl::sha::sha256;
use rusqlite::types::ValueRef;
use serde::Serialize;

use super::format::{
    COLUMN_COUNT, COLUMNS, FIRST_KIND, FORMAT, Installation, PURGE_KIND, PublicKey, Row,
};
use super::schema::SCHEMA;
use super::{DATABASE, Head, Month, RecordError, export, kept_head};
use crate::disk::{self, DiskError};

/// What the first octets of a database are.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// What a check of a chain found (`segl log verify --json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Whether every row holds, and every head that was given.
    pub intact: bool,
    /// The number of rows.
    pub records: u64,
    /// The newest row, as the file has it.
    pub head: Option<Head>,
    /// The first row that does not hold.
    pub first_bad: Option<FirstBad>,
}

/// The first row that does not hold, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FirstBad {
    /// The row's number; of a missing row, the number that it should have.
    pub seq: u64,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// There is no row at all.
    #[error("the record is empty")]
    Empty,
    /// A row with this number should be here.
    #[error("a row is missing")]
    Missing,
    /// The row's number does not follow the one before.
    #[error("the row is out of order")]
    OutOfOrder,
    /// A value has not the type or length of the format.
    #[error("the row is malformed")]
    Malformed,
    /// A format that this version does not know.
    #[error("the row has an unknown format")]
    Format,
    /// Row 0 has no public key, or not the one that belongs to the stored evidence key.
    #[error("the public key does not belong here")]
    PublicKey,
    /// The row belongs to another chain.
    #[error("the row is of another installation")]
    Installation,
    /// The row does not follow the one before.
    #[error("the row does not follow the one before")]
    Previous,
    /// A field was changed.
    #[error("the row was changed")]
    Link,
    /// The signature is not that of the key in row 0.
    #[error("the signature is not valid")]
    Signature,
    /// The sealed payload was changed.
    #[error("the payload was changed")]
    Payload,
    /// The sealed payload is gone, and no purge says so.
    #[error("the payload is missing")]
    PayloadMissing,
    /// A payload without a row.
    #[error("a payload has no row")]
    PayloadWithoutRow,
    /// In an export: the text beside a sealed payload is not what was sealed.
    #[error("the text is not that of the sealed payload")]
    PayloadText,
    /// Rows up to a given head are gone.
    #[error("the newest rows are missing")]
    TailCut,
    /// The row is not the one that a given head names: the chain was written anew or forked.
    #[error("the row is not the one that the head names")]
    HeadMismatch,
    /// The database is damaged from here on.
    #[error("the record cannot be read")]
    Unreadable,
}

/// Checks the record of a data folder, against the head kept beside it and one kept elsewhere.
pub fn verify_folder(dir: &Path, elsewhere: Option<Head>) -> Result<Verification, RecordError> {
    verify_folder_with(dir, elsewhere.as_slice())
}

/// The same against several heads that were kept elsewhere, or anchored.
pub fn verify_folder_with(dir: &Path, elsewhere: &[Head]) -> Result<Verification, RecordError> {
    // Before the rows: they may become more meanwhile, never fewer.
    let kept = kept_head(dir)?;
    let heads: Vec<Head> = kept.into_iter().chain(elsewhere.iter().copied()).collect();
    let database = dir.join(DATABASE);
    match kept {
        Some(head) if !database.exists() => Err(RecordError::Deleted { head }),
        _ => verify(&database, &heads),
    }
}

/// Checks a record (`record.sqlite`, or a copy of it) or an export, against heads kept elsewhere.
///
/// A row that does not hold is a finding; an error means that the file could not be examined.
pub fn verify(file: &Path, heads: &[Head]) -> Result<Verification, RecordError> {
    let mut start = Vec::with_capacity(MAGIC.len());
    let mut opened = std::fs::File::open(file).map_err(DiskError::from)?;
    opened
        .by_ref()
        .take(MAGIC.len() as u64)
        .read_to_end(&mut start)
        .map_err(DiskError::from)?;
    if start == MAGIC {
        return verify_database(file, heads);
    }
    if start.is_empty() {
        return Ok(Walk::new(heads).finish());
    }
    export::verify(file, heads)
}

fn verify_database(file: &Path, heads: &[Head]) -> Result<Verification, RecordError> {
    let mut connection = disk::open_read_only(file, SCHEMA.version())?;
    let transaction = connection.transaction()?;
    let mut walk = Walk::new(heads);
    match walk_rows(&transaction, &mut walk) {
        Ok(()) => {}
        Err(DiskError::Corrupt(_) | DiskError::Statement(_)) => {
            walk.fail(walk.expected, Reason::Unreadable);
        }
        Err(other) => return Err(other.into()),
    }
    Ok(walk.finish())
}

fn walk_rows(connection: &rusqlite::Connection, walk: &mut Walk<'_>) -> Result<(), DiskError> {
    // In the order of the table itself: an index could say something else than the rows.
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS}, payload.sealed FROM record NOT INDEXED \
         LEFT JOIN payload NOT INDEXED ON payload.seq = record.seq ORDER BY record.seq"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let sealed = match row.get_ref(COLUMN_COUNT)? {
            ValueRef::Blob(sealed) => Sealed::Here(sealed),
            ValueRef::Null => Sealed::Gone,
            _ => Sealed::Malformed,
        };
        walk.step(Row::read(row)?.as_ref(), sealed);
    }
    let orphan: Option<i64> = connection.query_row(
        "SELECT min(payload.seq) FROM payload NOT INDEXED \
         LEFT JOIN record NOT INDEXED ON record.seq = payload.seq WHERE record.seq IS NULL",
        [],
        |row| row.get(0),
    )?;
    if let Some(seq) = orphan {
        walk.fail(u64::try_from(seq).unwrap_or(0), Reason::PayloadWithoutRow);
    }
    Ok(())
}

/// Checks one row by itself, except its signature and its place.
pub(super) fn check_link(row: &Row) -> Result<(), Reason> {
    if row.format != FORMAT {
        return Err(Reason::Format);
    }
    if row.computed_link() == row.link {
        Ok(())
    } else {
        Err(Reason::Link)
    }
}

/// Checks row 0 and gives the key that it names.
pub(super) fn check_first(row: &Row) -> Result<PublicKey, Reason> {
    check_link(row)?;
    let public = PublicKey::parse(&row.clear).ok_or(Reason::PublicKey)?;
    if row.kind != FIRST_KIND.as_bytes() {
        return Err(Reason::PublicKey);
    }
    if row.previous != [0; 32] {
        return Err(Reason::Previous);
    }
    if public.verifies(row) {
        Ok(public)
    } else {
        Err(Reason::Signature)
    }
}

#[derive(Clone, Copy)]
enum Sealed<'a> {
    Here(&'a [u8]),
    Gone,
    Malformed,
}

/// The state of a walk along the chain. It holds no row but the last.
struct Walk<'a> {
    heads: &'a [Head],
    expected: u64,
    previous: [u8; 32],
    first: Option<(Installation, PublicKey)>,
    newest: Option<Head>,
    records: u64,
    bad: Option<FirstBad>,
    /// The first row without payload in each month for which no purge was met yet.
    gone: BTreeMap<String, u64>,
}

impl<'a> Walk<'a> {
    fn new(heads: &'a [Head]) -> Self {
        let gone = BTreeMap::new();
        Self {
            heads,
            expected: 0,
            previous: [0; 32],
            first: None,
            newest: None,
            records: 0,
            bad: None,
            gone,
        }
    }

    fn step(&mut self, row: Option<&Row>, sealed: Sealed<'_>) {
        self.records += 1;
        let Some(row) = row else {
            return self.fail(self.expected, Reason::Malformed);
        };
        self.newest = Some(Head {
            seq: row.seq,
            link: row.link,
        });
        if self.bad.is_none() {
            match self.check(row, sealed) {
                Ok(()) => {
                    self.expected = row.seq + 1;
                    self.previous = row.link;
                }
                Err(Reason::Missing) => self.fail(self.expected, Reason::Missing),
                Err(reason) => self.fail(row.seq, reason),
            }
        }
        self.purge(row);
    }

    fn check(&mut self, row: &Row, sealed: Sealed<'_>) -> Result<(), Reason> {
        match row.seq.cmp(&self.expected) {
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => return Err(Reason::Missing),
            std::cmp::Ordering::Less => return Err(Reason::OutOfOrder),
        }
        if let Some((installation, public)) = &self.first {
            if row.previous != self.previous {
                return Err(Reason::Previous);
            }
            if row.installation != *installation {
                return Err(Reason::Installation);
            }
            check_link(row)?;
            if !public.verifies(row) {
                return Err(Reason::Signature);
            }
        } else {
            self.first = Some((row.installation, check_first(row)?));
        }
        if self
            .heads
            .iter()
            .any(|head| head.seq == row.seq && head.link != row.link)
        {
            return Err(Reason::HeadMismatch);
        }
        match sealed {
            Sealed::Here(sealed) if sha256(sealed) == row.commitment => Ok(()),
            Sealed::Here(_) => Err(Reason::Payload),
            Sealed::Malformed => Err(Reason::Malformed),
            Sealed::Gone => {
                let month = Timestamp::from_millisecond(row.at)
                    .ok()
                    .ok_or(Reason::Malformed)?;
                self.gone
                    .entry(Month::of(month).to_string())
                    .or_insert(row.seq);
                Ok(())
            }
        }
    }

    /// A purge that is genuine by itself explains the payloads that are gone before it, also after a bad row.
    fn purge(&mut self, row: &Row) {
        let Some((_, public)) = &self.first else {
            return;
        };
        if row.kind == PURGE_KIND.as_bytes() && check_link(row).is_ok() && public.verifies(row) {
            self.gone.retain(|month, _| month.as_bytes() != row.clear);
        }
    }

    fn fail(&mut self, seq: u64, reason: Reason) {
        if self.bad.is_none_or(|bad| seq < bad.seq) {
            self.bad = Some(FirstBad { seq, reason });
        }
    }

    fn finish(mut self) -> Verification {
        if self.records == 0 {
            self.fail(0, Reason::Empty);
        } else if self.bad.is_none() && self.heads.iter().any(|head| head.seq >= self.expected) {
            self.fail(self.expected, Reason::TailCut);
        }
        if let Some(seq) = self.gone.values().min() {
            self.fail(*seq, Reason::PayloadMissing);
        }
        let (intact, first_bad) = (self.bad.is_none(), self.bad);
        Verification {
            intact,
            records: self.records,
            head: self.newest,
            first_bad,
        }
    }
}
