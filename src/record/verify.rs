//! Checking a chain: every link, every payload, both ends. Needs no key, writes nothing, works while others write.
//!
//! Of a long chain not every signature is looked at: the newest row's covers all rows before it, because each link is
//! made of the one before, and a row is only ever added after the newest one's signature was checked. What each check
//! shows, and what none of them can, is said in [`format`](super::format).

use std::io::Read;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use serde::Serialize;

use super::format::{COLUMNS, Installation, PublicKey, Row};
use super::schema::SCHEMA;
use super::walk::{Sample, Sealed, Walk};
pub(super) use super::walk::{check_first, check_link};
use super::{DATABASE, Head, RecordError, chain, export, kept_head};
use crate::disk::{self, DiskError};

/// What the first octets of a database are.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// How many signatures of a long chain are looked at, about, beside those that the others rest on. Up to twice as many
/// rows, each is.
const SPREAD: u64 = 5000;
/// A shorter chain is not worth a second thread.
const SHORT: u64 = 2000;
/// More threads than this wait for the disk.
const THREADS: usize = 8;

/// Which signatures are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signatures {
    /// Of a short chain each; of a long one those that all others rest on, and some thousands spread over it.
    #[default]
    Enough,
    /// Each.
    Every,
}

/// What a check of a chain found (`segl log verify --json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Whether every row holds, and every head that was given.
    pub intact: bool,
    /// The number of rows.
    pub records: u64,
    /// The number of rows whose own signature was checked; the newest one covers all before it.
    pub signatures: u64,
    /// The public key of row 0 in hexadecimal, where that row holds.
    pub public_key: Option<String>,
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
    verify_folder_with(dir, elsewhere.as_slice(), Signatures::Enough)
}

/// The same against several heads that were kept elsewhere, or anchored.
pub fn verify_folder_with(
    dir: &Path,
    elsewhere: &[Head],
    signatures: Signatures,
) -> Result<Verification, RecordError> {
    // Before the rows: they may become more meanwhile, never fewer.
    let kept = kept_head(dir)?;
    let heads: Vec<Head> = kept.into_iter().chain(elsewhere.iter().copied()).collect();
    let database = dir.join(DATABASE);
    match kept {
        Some(head) if !database.exists() => Err(RecordError::Deleted { head }),
        _ => verify_file(&database, &heads, signatures),
    }
}

/// Checks a record (`record.sqlite`, or a copy of it) or an export, against heads kept elsewhere.
///
/// A row that does not hold is a finding; an error means that the file could not be examined.
pub fn verify(file: &Path, heads: &[Head]) -> Result<Verification, RecordError> {
    verify_file(file, heads, Signatures::Enough)
}

/// The same, with every signature where that is wanted.
pub fn verify_file(
    file: &Path,
    heads: &[Head],
    signatures: Signatures,
) -> Result<Verification, RecordError> {
    let mut start = Vec::with_capacity(MAGIC.len());
    let mut opened = std::fs::File::open(file).map_err(DiskError::from)?;
    opened
        .by_ref()
        .take(MAGIC.len() as u64)
        .read_to_end(&mut start)
        .map_err(DiskError::from)?;
    if start == MAGIC {
        return verify_database(file, heads, signatures);
    }
    if start.is_empty() {
        return Ok(Walk::new(heads, Sample::Every).finish());
    }
    export::verify(file, heads)
}

fn verify_database(
    file: &Path,
    heads: &[Head],
    signatures: Signatures,
) -> Result<Verification, RecordError> {
    let mut readers = readers(file)?;
    let sample = sample(signatures, readers.newest);
    let found = walk_all(&mut readers, heads, sample)?;
    if found.first_bad.is_some() && matches!(sample, Sample::Spread { .. }) {
        // Which row is the first that does not hold is said exactly: then each signature counts.
        return walk_all(&mut readers, heads, Sample::Every);
    }
    Ok(found)
}

/// Several connections that see the same rows.
struct Readers {
    connections: Vec<Connection>,
    /// The newest row; `None` where there is none, or it cannot be read.
    newest: Option<Head>,
}

/// Whoever writes meanwhile adds a row, whatever else it does (a purge is one, too): connections whose newest row is the
/// same see the same. One that sees another is not used.
fn readers(file: &Path) -> Result<Readers, RecordError> {
    let open = || -> Result<_, RecordError> {
        let connection = disk::open_read_only(file, SCHEMA.version())?;
        connection.execute_batch("BEGIN")?;
        Ok(connection)
    };
    let first = open()?;
    let newest = newest(&first).unwrap_or(None);
    let mut connections = vec![first];
    if newest.is_some_and(|head| head.seq >= SHORT) {
        let wanted = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 1..wanted.min(THREADS) {
            let connection = open()?;
            if self::newest(&connection).unwrap_or(None) == newest {
                connections.push(connection);
            }
        }
    }
    Ok(Readers {
        connections,
        newest,
    })
}

fn newest(connection: &Connection) -> Result<Option<Head>, RecordError> {
    Ok(chain::newest(connection)?.map(|row| Head {
        seq: row.seq,
        link: row.link,
    }))
}

/// Checks a database that is open already.
pub(super) fn verify_open(
    connection: &Connection,
    heads: &[Head],
) -> Result<Verification, RecordError> {
    let newest = newest(connection).unwrap_or(None);
    let whole = |sample| -> Result<Verification, RecordError> {
        let mut walk = Walk::new(heads, sample);
        walk_stretch(connection, (i64::MIN, i64::MAX), &mut walk)?;
        Ok(walk.finish())
    };
    let sample = sample(Signatures::Enough, newest);
    let found = whole(sample)?;
    if found.first_bad.is_some() && matches!(sample, Sample::Spread { .. }) {
        return whole(Sample::Every);
    }
    Ok(found)
}

fn sample(signatures: Signatures, newest: Option<Head>) -> Sample {
    match (signatures, newest) {
        (Signatures::Enough, Some(newest)) if newest.seq >= 2 * SPREAD => Sample::Spread {
            step: newest.seq / SPREAD,
            newest: newest.seq,
        },
        _ => Sample::Every,
    }
}

/// Walks along all rows, a stretch for each connection, at once.
fn walk_all(
    readers: &mut Readers,
    heads: &[Head],
    sample: Sample,
) -> Result<Verification, RecordError> {
    let Readers {
        connections,
        newest,
    } = readers;
    let (first, rest) = connections.split_at_mut(1);
    let Some(connection) = first.first_mut() else {
        return Ok(Walk::new(heads, sample).finish());
    };
    let key = first_key(connection);
    let (Some(key), Some(newest)) = (key, newest.as_ref().filter(|_| !rest.is_empty())) else {
        let mut walk = Walk::new(heads, sample);
        walk_stretch(connection, (i64::MIN, i64::MAX), &mut walk)?;
        return Ok(walk.finish());
    };
    let stretches = rest.len() as u64 + 1;
    let begin = |i: u64| (newest.seq + 1) / stretches * i;
    let (key, begin) = (&key, &begin);
    std::thread::scope(|scope| {
        let mut others = Vec::new();
        for (i, connection) in (1..).zip(rest) {
            let walk = move || {
                let mut walk = Walk::from(begin(i), key.clone(), heads, sample);
                let from = chain::sql_seq(begin(i));
                if i + 1 == stretches {
                    walk_stretch(connection, (from, i64::MAX), &mut walk)?;
                } else {
                    let to = chain::sql_seq(begin(i + 1)) - 1;
                    walk_stretch(connection, (from, to), &mut walk)?;
                    walk.ends_before(begin(i + 1));
                }
                Ok(walk)
            };
            let thread = std::thread::Builder::new().name("segl-verify".to_owned());
            others.push(thread.spawn_scoped(scope, walk).map_err(DiskError::from)?);
        }
        let mut whole = Walk::new(heads, sample);
        walk_stretch(
            connection,
            (i64::MIN, chain::sql_seq(begin(1)) - 1),
            &mut whole,
        )?;
        whole.ends_before(begin(1));
        for other in others {
            let walk: Result<Walk<'_>, RecordError> = other
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            whole.join(walk?);
        }
        Ok(whole.finish())
    })
}

/// What row 0 says of all others, where it holds.
fn first_key(connection: &Connection) -> Option<(Installation, PublicKey)> {
    let row = chain::row(connection, 0).ok().flatten()?;
    Some((row.installation, check_first(&row).ok()?))
}

/// A damaged database is a finding.
fn walk_stretch(
    connection: &Connection,
    stretch: (i64, i64),
    walk: &mut Walk<'_>,
) -> Result<(), RecordError> {
    match walk_rows(connection, stretch, walk) {
        Ok(()) => Ok(()),
        Err(DiskError::Corrupt(_) | DiskError::Statement(_)) => {
            walk.fail(walk.expected, Reason::Unreadable);
            Ok(())
        }
        Err(other) => Err(other.into()),
    }
}

fn walk_rows(
    connection: &Connection,
    (from, to): (i64, i64),
    walk: &mut Walk<'_>,
) -> Result<(), DiskError> {
    // In the order of the tables themselves: an index could say something else than the rows.
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS} FROM record NOT INDEXED WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq"
    ))?;
    let mut rows = statement.query(params![from, to])?;
    let mut statement = connection.prepare(
        "SELECT seq, sealed FROM payload NOT INDEXED WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
    )?;
    let mut payloads = statement.query(params![from, to])?;
    let mut payload = payloads.next()?;
    let orphan = |walk: &mut Walk<'_>, seq: i64| {
        walk.fail(u64::try_from(seq).unwrap_or(0), Reason::PayloadWithoutRow);
    };
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        while let Some(found) = payload {
            let other: i64 = found.get(0)?;
            if other >= seq {
                break;
            }
            orphan(walk, other);
            payload = payloads.next()?;
        }
        let mine = match payload {
            Some(found) if found.get::<_, i64>(0)? == seq => Some(found.get_ref(1)?),
            _ => None,
        };
        let sealed = match mine {
            Some(ValueRef::Blob(sealed)) => Sealed::Here(sealed),
            Some(_) => Sealed::Malformed,
            None => Sealed::Gone,
        };
        walk.step(Row::read(row)?.as_ref(), sealed);
        if mine.is_some() {
            payload = payloads.next()?;
        }
    }
    if let Some(found) = payload {
        orphan(walk, found.get(0)?);
    }
    Ok(())
}
