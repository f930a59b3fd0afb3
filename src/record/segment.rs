//! A stretch of the record for a folder that IT names: the rows as they stand, sealed as they are, with the head of that
//! moment, signed by the key that signs the rows. Nothing is opened for it, and the keys of months travel beside it in
//! files of their own, sealed for IT.
//!
//! The form, all in UTF-8: a line of JSON (the header, with SHA-256 of all that follows the second line), a line with the
//! signature over `segl segment 1`, a line feed and the header, in hexadecimal; then a line of JSON for each row.
//! A segment without rows says that there are none: a desk that is silent is told from one that does not ship.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use openssl::sha::sha256;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::chain::{self, sql_seq};
use super::export::ExportedRow;
use super::format::{COLUMN_COUNT, COLUMNS, PublicKey, Row};
use super::read::{malformed, time};
use super::{Head, Log, Month, Record, RecordError};
use crate::disk::{self, DiskError, hex};

/// How the name of a segment's file ends.
pub const SEGMENT: &str = "segment";
const VERSION: u32 = 1;
const TITLE: &[u8] = b"segl segment 1\n";
/// No segment of ours comes near this (octets).
const SIZE_LIMIT: u64 = 1 << 28;
const SHIPPED: &str = "shipped ";

/// What stands at the top of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentHeader {
    #[serde(rename = "segl_segment")]
    version: u32,
    /// The chain's random name.
    pub installation: String,
    /// The public key of row 0.
    pub public_key: String,
    /// The first row's number.
    pub first: u64,
    /// How many rows there are.
    pub rows: u64,
    /// The newest row when it was shipped.
    pub head: Head,
    /// When it was shipped, by the clock of the desk.
    pub at: Timestamp,
    /// The account of the operating system.
    pub account: String,
    /// The files with the keys of its months.
    pub keys: Vec<MonthKeyFile>,
    rows_sha256: String,
}

/// A file beside the segment with the key of a month, sealed for IT.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MonthKeyFile {
    /// Which month.
    pub month: Month,
    /// Its name.
    pub file: String,
    /// SHA-256 of it.
    pub sha256: String,
}

/// Rows that are ready to be shipped.
pub struct Stretch {
    installation: String,
    public_key: Vec<u8>,
    first: u64,
    rows: u64,
    lines: Vec<u8>,
    head: Head,
    /// The months that its payloads are of.
    pub months: BTreeSet<Month>,
}

impl Stretch {
    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The number of the row that comes after it.
    pub fn next(&self) -> u64 {
        self.first + self.rows
    }

    /// Whether the record has no more rows than these.
    pub fn reaches_head(&self) -> bool {
        self.next() > self.head.seq
    }
}

/// How far a record was shipped to one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipMark {
    /// The first row that was not.
    pub next: u64,
    /// When something was last shipped.
    pub at: Option<Timestamp>,
    /// Since when it does not work.
    #[serde(default)]
    pub failing_since: Option<Timestamp>,
    /// When it was last tried in vain.
    #[serde(default)]
    pub tried: Option<Timestamp>,
}

impl Log {
    /// Rows from a number on, so many at most, as they stand.
    pub fn stretch(&self, first: u64, most: u32) -> Result<Stretch, RecordError> {
        // One state of the database: the head is that of these rows.
        let transaction = self.connection.unchecked_transaction()?;
        let zero = chain::row(&transaction, 0)?.ok_or(RecordError::NoSuchRecord { seq: 0 })?;
        let mut stretch = Stretch {
            installation: hex::encode(&zero.installation),
            public_key: zero.clear,
            first,
            rows: 0,
            lines: Vec::new(),
            head: chain::newest_head(&transaction)?,
            months: BTreeSet::new(),
        };
        let mut statement = transaction.prepare_cached(&format!(
            "SELECT {COLUMNS}, payload.sealed FROM record LEFT JOIN payload USING (seq) \
             WHERE record.seq >= ?1 ORDER BY record.seq LIMIT ?2"
        ))?;
        let mut rows = statement.query(rusqlite::params![sql_seq(first), most])?;
        while let Some(found) = rows.next()? {
            let row = Row::read(found)?.ok_or_else(|| malformed(found.get(0)))?;
            let sealed = found.get_ref(COLUMN_COUNT)?.as_blob_or_null();
            let mut line = ExportedRow::of(&row)?;
            if let Ok(Some(sealed)) = sealed {
                line.sealed = Some(hex::encode(sealed));
                stretch.months.insert(Month::of(time(&row)?));
            }
            serde_json::to_writer(&mut stretch.lines, &line).map_err(RecordError::Unwritable)?;
            stretch.lines.push(b'\n');
            stretch.rows += 1;
        }
        Ok(stretch)
    }

    /// The key of a month, to seal it for somebody else; `None` without the store key and after a purge.
    pub fn month_key(&self, month: Month) -> Result<Option<Zeroizing<Vec<u8>>>, RecordError> {
        let keys = self.keys()?;
        let key = keys.month(month);
        Ok(key.map(|key| Zeroizing::new(key.bytes().to_vec())))
    }
}

impl Record {
    /// The segment of these rows, signed.
    pub fn segment(
        &self,
        stretch: &Stretch,
        account: &str,
        keys: Vec<MonthKeyFile>,
        at: Timestamp,
    ) -> Result<Vec<u8>, RecordError> {
        let header = SegmentHeader {
            version: VERSION,
            installation: stretch.installation.clone(),
            public_key: hex::encode(&stretch.public_key),
            first: stretch.first,
            rows: stretch.rows,
            head: stretch.head,
            at,
            account: account.to_owned(),
            keys,
            rows_sha256: hex::encode(&sha256(&stretch.lines)),
        };
        let header = serde_json::to_vec(&header).map_err(RecordError::Unwritable)?;
        let vouched = self.vouch(&[TITLE, &header].concat())?;
        let signature = hex::encode(&vouched.signature);
        Ok([
            &header,
            &b"\n"[..],
            signature.as_bytes(),
            b"\n",
            &stretch.lines,
        ]
        .concat())
    }

    /// How far this record was shipped to a place.
    pub fn shipped(&self, place: &str) -> Result<ShipMark, RecordError> {
        let sql = "SELECT value FROM meta WHERE name = ?1";
        let kept: Option<Vec<u8>> = self
            .connection()
            .query_row(sql, [mark_name(place)], |row| row.get(0))
            .optional()?;
        // A mark that cannot be read ships everything again: twice the same row is no harm.
        Ok(kept
            .and_then(|kept| serde_json::from_slice(&kept).ok())
            .unwrap_or_default())
    }

    /// Remembers how far it was shipped.
    pub fn mark_shipped(&self, place: &str, mark: ShipMark) -> Result<(), RecordError> {
        let value = serde_json::to_vec(&mark).map_err(RecordError::Unwritable)?;
        chain::set_meta(&self.connection(), &mark_name(place), &value)
    }
}

fn mark_name(place: &str) -> String {
    format!("{SHIPPED}{}", hex::encode(&sha256(place.as_bytes())))
}

/// Puts a file into a folder that others read, whole or not at all, never over one that is there.
pub fn place_shipped(path: &Path, octets: &[u8]) -> Result<bool, RecordError> {
    if let Some(folder) = path.parent() {
        disk::shared_dir(folder)?;
    }
    Ok(disk::place_shared(path, octets)?)
}

/// A segment that was read: its signature is that of the key that it names.
pub(super) struct Segment {
    pub(super) header: SegmentHeader,
    pub(super) rows: Vec<(Row, Option<Vec<u8>>)>,
}

/// Reads a segment; `None` where it is none or does not hold.
pub(super) fn read_segment(file: &Path) -> Result<Option<Segment>, RecordError> {
    let length = std::fs::metadata(file).map_err(DiskError::from)?.len();
    if length > SIZE_LIMIT {
        return Ok(None);
    }
    let octets = std::fs::read(file).map_err(DiskError::from)?;
    Ok(parse(&octets))
}

fn parse(octets: &[u8]) -> Option<Segment> {
    let (header_line, rest) = split_line(octets)?;
    let (signature, lines) = split_line(rest)?;
    let header: SegmentHeader = serde_json::from_slice(header_line).ok()?;
    let key = PublicKey::parse(&hex::decode_all(header.public_key.as_bytes())?)?;
    let signature = hex::decode_all(signature)?;
    if header.version != VERSION
        || !key.vouched(&[TITLE, header_line].concat(), &signature)
        || hex::encode(&sha256(lines)) != header.rows_sha256
    {
        return None;
    }
    let mut rows = Vec::new();
    for line in lines.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
        let line: ExportedRow = serde_json::from_slice(line).ok()?;
        let sealed = match &line.sealed {
            Some(text) => Some(hex::decode_all(text.as_bytes())?),
            None => None,
        };
        rows.push((line.parse()?, sealed));
    }
    let is_whole = rows.len() as u64 == header.rows
        && (header.first..)
            .zip(&rows)
            .all(|(seq, (row, _))| row.seq == seq);
    is_whole.then_some(Segment { header, rows })
}

fn split_line(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = octets.iter().position(|b| *b == b'\n')?;
    Some((&octets[..end], &octets[end + 1..]))
}
