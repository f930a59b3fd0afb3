//! One message's rows in one file that anybody can check without the record and without its keys.
//!
//! JSON: row 0 (with the public key), the asked row with all rows of its message, and the newest row, as the head.
//! The message's rows carry the sealed payload, its key and its text. Checking it shows that this installation's key
//! signed these rows, that the text is what was sealed when the row was written, and that rows that follow each other
//! do so in the chain. It does not show that no row was left out, nor whose key it is, nor that the times are true:
//! for that one needs the whole record, the public key or a head from elsewhere.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::format::{self, Row};
use super::payload::{Intent, Outcome, Payload, Started};
use super::read::{Log, Opener, time};
use super::verify::{check_first, check_link};
use super::{FirstBad, Head, Reason, RecordError, Verification, chain};
use crate::disk::{DiskError, hex};
use crate::keys::KEY_LENGTH;
use crate::keys::seal::SealKey;

/// The version of this file format.
const VERSION: u32 = 1;
/// No export of one message comes near this (octets).
const SIZE_LIMIT: u64 = 1 << 26;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    #[serde(rename = "segl_record_export")]
    version: u32,
    installation: String,
    public_key: String,
    head: Head,
    rows: Vec<ExportedRow>,
}

/// Octets in hexadecimal. A row that is there for its link only has no payload.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportedRow {
    format: u32,
    seq: u64,
    previous: String,
    at: Timestamp,
    installation: String,
    kind: String,
    commitment: String,
    clear: String,
    link: String,
    signature: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sealed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<Value>,
}

impl Log {
    /// The rows of the message that row `seq` belongs to (or the row alone, where it belongs to none), for a file.
    ///
    /// Without the key, and after a purge, the rows come without payload, and of a message only the asked one.
    pub fn export(&self, seq: u64) -> Result<Value, RecordError> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut opener = Opener::new(self);
        let mut rows = BTreeMap::new();
        for seq in self.message(seq, &mut opener)? {
            rows.insert(seq, self.exported(seq, &mut opener)?);
        }
        let (first, _) = self.raw(0)?;
        let head = chain::newest_head(&transaction)?;
        for seq in [0, head.seq] {
            if let std::collections::btree_map::Entry::Vacant(free) = rows.entry(seq) {
                free.insert(ExportedRow::of(&self.raw(seq)?.0)?);
            }
        }
        let export = Export {
            version: VERSION,
            installation: hex::encode(&first.installation),
            public_key: hex::encode(&first.clear),
            head,
            rows: rows.into_values().collect(),
        };
        serde_json::to_value(export).map_err(RecordError::Unwritable)
    }

    fn exported(&self, seq: u64, opener: &mut Opener<'_>) -> Result<ExportedRow, RecordError> {
        let (row, sealed) = self.raw(seq)?;
        let mut exported = ExportedRow::of(&row)?;
        if let Some(payload) = opener.open(&row, sealed.as_deref())? {
            exported.payload_key = opener.key(&row)?.map(|key| hex::encode(key.bytes()));
            exported.payload = Some(payload);
            exported.sealed = sealed.as_deref().map(hex::encode);
        }
        Ok(exported)
    }

    /// The numbers of the rows of a message: its Intent, and what refers to it.
    fn message(&self, seq: u64, opener: &mut Opener<'_>) -> Result<Vec<u64>, RecordError> {
        let (asked, sealed) = self.raw(seq)?;
        let payload = opener.open(&asked, sealed.as_deref())?;
        let intent = match (&asked.kind[..], payload) {
            (kind, Some(_)) if kind == Intent::KIND.as_bytes() => seq,
            (_, Some(payload)) => match payload.get("intent").and_then(Value::as_u64) {
                Some(intent) => intent,
                None => return Ok(vec![seq]),
            },
            (_, None) => return Ok(vec![seq]),
        };
        let (row, sealed) = self.raw(intent)?;
        let planned = opener.open(&row, sealed.as_deref())?;
        let mut open = planned.map_or(0, |p| p["deliveries"].as_array().map_or(0, Vec::len));
        let (mut rows, newest) = (vec![intent], chain::newest_head(&self.connection)?.seq);
        let mut next = intent + 1;
        while open > 0 && next <= newest {
            let (row, sealed) = self.raw(next)?;
            let outcome = row.kind == Outcome::KIND.as_bytes();
            if outcome || row.kind == Started::KIND.as_bytes() {
                let payload = opener.open(&row, sealed.as_deref())?;
                if payload.is_some_and(|payload| payload["intent"] == intent) {
                    rows.push(next);
                    open -= usize::from(outcome);
                }
            }
            next += 1;
        }
        if !rows.contains(&seq) {
            rows.push(seq);
        }
        Ok(rows)
    }
}

impl ExportedRow {
    pub(super) fn of(row: &Row) -> Result<Self, RecordError> {
        Ok(Self {
            format: row.format,
            seq: row.seq,
            previous: hex::encode(&row.previous),
            at: time(row)?,
            installation: hex::encode(&row.installation),
            kind: String::from_utf8_lossy(&row.kind).into_owned(),
            commitment: hex::encode(&row.commitment),
            clear: hex::encode(&row.clear),
            link: hex::encode(&row.link),
            signature: hex::encode(&row.signature),
            sealed: None,
            payload_key: None,
            payload: None,
        })
    }

    pub(super) fn parse(&self) -> Option<Row> {
        let at = self.at.as_millisecond();
        // A finer time than the row's would be a claim that nothing proves.
        if Timestamp::from_millisecond(at).ok()? != self.at {
            return None;
        }
        Some(Row {
            format: self.format,
            seq: self.seq,
            previous: hex::decode(self.previous.as_bytes())?,
            at,
            installation: hex::decode(self.installation.as_bytes())?,
            kind: self.kind.clone().into_bytes(),
            clear: hex::decode_all(self.clear.as_bytes())?,
            commitment: hex::decode(self.commitment.as_bytes())?,
            link: hex::decode(self.link.as_bytes())?,
            signature: hex::decode(self.signature.as_bytes())?,
        })
    }

    /// Checks that sealed payload, key and text belong to the row and to each other. What is withheld is not claimed.
    fn check_payload(&self, row: &Row) -> Result<(), Reason> {
        let sealed = match &self.sealed {
            Some(text) => hex::decode_all(text.as_bytes()).ok_or(Reason::Malformed)?,
            None if self.payload.is_none() && self.payload_key.is_none() => return Ok(()),
            None => return Err(Reason::PayloadText),
        };
        if sha256(&sealed) != row.commitment {
            return Err(Reason::Payload);
        }
        match (&self.payload_key, &self.payload) {
            (None, None) => Ok(()),
            (Some(key), Some(text)) => {
                let key = hex::decode::<KEY_LENGTH>(key.as_bytes()).ok_or(Reason::Malformed)?;
                let key = SealKey::from_bytes(key);
                let json =
                    format::open_payload(&key, &row.installation, row.seq, &row.kind, &sealed);
                let sealed_text = json
                    .ok()
                    .and_then(|json| serde_json::from_slice(&json).ok());
                if sealed_text.as_ref() == Some(text) {
                    Ok(())
                } else {
                    Err(Reason::PayloadText)
                }
            }
            (None, Some(_)) | (Some(_), None) => Err(Reason::PayloadText),
        }
    }
}

/// Checks an export.
pub(super) fn verify(file: &Path, heads: &[Head]) -> Result<Verification, RecordError> {
    let mut octets = Vec::new();
    let opened = std::fs::File::open(file).map_err(DiskError::from)?;
    opened
        .take(SIZE_LIMIT)
        .read_to_end(&mut octets)
        .map_err(DiskError::from)?;
    let value: Value = serde_json::from_slice(&octets)
        .ok()
        .ok_or(RecordError::NotARecord)?;
    let found = value.get("segl_record_export").and_then(Value::as_u64);
    match found.and_then(|found| u32::try_from(found).ok()) {
        Some(VERSION) => {}
        Some(found) if found > VERSION => {
            return Err(DiskError::Newer {
                found,
                known: VERSION,
            }
            .into());
        }
        _ => return Err(RecordError::NotARecord),
    }
    // Not the cause: it could quote the file, which holds addresses.
    let export: Export = serde_json::from_value(value)
        .ok()
        .ok_or(RecordError::NotARecord)?;
    for head in heads {
        if !export.rows.iter().any(|row| row.seq == head.seq) {
            return Err(RecordError::HeadNotInFile { seq: head.seq });
        }
    }
    let first_bad = check(&export, heads).err();
    let newest = export.rows.last().and_then(ExportedRow::parse);
    Ok(Verification {
        intact: first_bad.is_none(),
        records: export.rows.len() as u64,
        signatures: export.rows.len() as u64,
        public_key: first_bad
            .is_none()
            .then(|| export.public_key.to_ascii_lowercase()),
        head: newest.map(|row| Head {
            seq: row.seq,
            link: row.link,
        }),
        first_bad,
    })
}

fn check(export: &Export, heads: &[Head]) -> Result<(), FirstBad> {
    let bad = |seq, reason| FirstBad { seq, reason };
    let mut rows = Vec::with_capacity(export.rows.len());
    for row in &export.rows {
        rows.push(row.parse().ok_or(bad(row.seq, Reason::Malformed))?);
    }
    let first = rows.first().ok_or(bad(0, Reason::Empty))?;
    if first.seq != 0 {
        return Err(bad(0, Reason::Missing));
    }
    let public = check_first(first).map_err(|reason| bad(0, reason))?;
    if hex::encode(&first.clear) != export.public_key.to_ascii_lowercase() {
        return Err(bad(0, Reason::PublicKey));
    }
    if hex::encode(&first.installation) != export.installation.to_ascii_lowercase() {
        return Err(bad(0, Reason::Installation));
    }
    for (index, (row, exported)) in rows.iter().zip(&export.rows).enumerate() {
        let before = index.checked_sub(1).map(|before| &rows[before]);
        check_row(row, before, first).map_err(|reason| bad(row.seq, reason))?;
        if !public.verifies(row) {
            return Err(bad(row.seq, Reason::Signature));
        }
        exported
            .check_payload(row)
            .map_err(|reason| bad(row.seq, reason))?;
        let named = heads.iter().find(|head| head.seq == row.seq);
        if named.is_some_and(|head| head.link != row.link) {
            return Err(bad(row.seq, Reason::HeadMismatch));
        }
    }
    let newest = rows.last().map(|row| Head {
        seq: row.seq,
        link: row.link,
    });
    if newest != Some(export.head) {
        return Err(bad(export.head.seq, Reason::HeadMismatch));
    }
    Ok(())
}

fn check_row(row: &Row, before: Option<&Row>, first: &Row) -> Result<(), Reason> {
    if let Some(before) = before {
        if row.seq <= before.seq {
            return Err(Reason::OutOfOrder);
        }
        if row.seq == before.seq + 1 && row.previous != before.link {
            return Err(Reason::Previous);
        }
    }
    if row.installation != first.installation {
        return Err(Reason::Installation);
    }
    check_link(row)
}
