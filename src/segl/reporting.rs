//! The report over this computer's own record, and over what other desks shipped.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{AnchorError, Anchors, Segl, anchoring::anchors, read_message};
use crate::{
    disk::hex,
    identity::Opener,
    keys::KeyError,
    mail::Digest,
    record::{self, Head, Log, Month, RecordError, ShippedDesk, Signatures, Verification},
    report::{Absent, Anchored, Builder, Chain, Desk, Detail, Period, Report, Row},
};

/// A desk that is on ships at least daily; a long week-end is no reason to miss it.
const LATE: SignedDuration = SignedDuration::from_hours(4 * 24);

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The key of the record is not at hand, and without it the rows say nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The record cannot be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The time stamps that are kept cannot be read.
    #[error(transparent)]
    Anchors(#[from] AnchorError),
    /// What other desks shipped cannot be read.
    #[error("{0}")]
    Included(RecordError),
}

/// A report, and one row for each recipient where that was wanted.
#[derive(Debug)]
pub struct Reported {
    /// The report.
    pub report: Report,
    /// The rows, with [`Detail::All`].
    pub rows: Vec<Row>,
}

/// What other desks shipped.
#[derive(Default)]
pub struct Included<'a> {
    /// Segments, or folders with them.
    pub places: Vec<PathBuf>,
    /// Installations that should be there, each with a name of IT's own.
    pub expected: BTreeMap<String, String>,
    /// What opens the keys that are sealed to IT.
    pub openers: Vec<&'a dyn Opener>,
}

impl Segl {
    /// Reports on a time. Blocks on disk and keyring, for some seconds where the record is large.
    pub fn report(
        &self,
        period: Period,
        detail: Detail,
        included: &Included<'_>,
        at: Timestamp,
    ) -> Result<Reported, ReportError> {
        let vault = self.vault()?;
        // Begins a record where none was ever kept: that nothing was sent is an answer, too. One that is there is only
        // read: opening it for writing would set a broken one aside, and report on the empty one in its place.
        let is_there = vault.folder().join(record::DATABASE).exists();
        if !is_there && record::kept_head(vault.folder())?.is_none() {
            vault.record(at)?;
        }
        let mut builder = Builder::new(period, detail);
        let log = Log::open(vault.folder(), Some(vault.key()))?;
        let stamps = anchors(&self.config, None)?;
        let heads: Vec<Head> = stamps.heads().collect();
        let found = record::verify_folder_with(vault.folder(), &heads, Signatures::Enough)?;
        builder.desk(Desk {
            installation: log.installation()?,
            chain: chain(&found, stamps),
            ..Desk::default()
        });
        for sender in &self.config.senders {
            builder.configured(&sender.mailbox.address.wire());
        }
        let (begin, end) = (builder.period().begin, builder.period().end);
        log.history(begin, end, &mut |happened| builder.happened(happened))?;
        self.include(included, &mut builder, at)?;
        let rows = builder.take_rows();
        let report = builder.finish(at, env!("CARGO_PKG_VERSION"));
        Ok(Reported { report, rows })
    }

    /// Adds every desk that shipped, and names those that should have.
    fn include(
        &self,
        included: &Included<'_>,
        builder: &mut Builder,
        at: Timestamp,
    ) -> Result<(), ReportError> {
        let shipped = record::shipped(&included.places).map_err(ReportError::Included)?;
        let absent = |source: String, code: &str, last| Absent {
            source,
            code: code.to_owned(),
            last,
        };
        for file in &shipped.unreadable {
            builder.absent(absent(file.display().to_string(), "unreadable", None));
        }
        let (begin, end) = (builder.period().begin, builder.period().end);
        let mut came = Vec::new();
        for desk in shipped.desks {
            let name = included.expected.get(&desk.installation).cloned();
            came.push(desk.installation.clone());
            if builder.has(&desk.installation) {
                // This computer's own record was read itself, which is more than what it shipped.
                continue;
            }
            let source = name.unwrap_or_else(|| desk.folder.display().to_string());
            let told = format!("{source} ({})", desk.installation);
            // What the desk sent after it last shipped is not here.
            if desk.last.checked_add(LATE).is_ok_and(|t| t < end.min(at)) {
                builder.absent(absent(told.clone(), "stale", Some(desk.last)));
            }
            let keys = self.month_keys(&desk, &included.openers, at);
            if keys.is_empty() && !desk.keys.is_empty() {
                builder.absent(absent(told, "other-key", Some(desk.last)));
            }
            let mut of_desk = chain(&desk.found, Anchors::default());
            of_desk.shipped = true;
            builder.desk(Desk {
                installation: desk.installation.clone(),
                source,
                accounts: [desk.account.clone()].into(),
                chain: of_desk,
                ..Desk::default()
            });
            let log = desk.log(keys);
            log.history(begin, end, &mut |happened| builder.happened(happened))?;
        }
        for (installation, name) in &included.expected {
            if !came.contains(installation) && !builder.has(installation) {
                let told = format!("{name} ({installation})");
                builder.absent(absent(told, "not-shipped", None));
            }
        }
        Ok(())
    }

    /// The keys of months that could be opened. What does not open is missing in the report, which says so.
    fn month_keys(
        &self,
        desk: &ShippedDesk,
        openers: &[&dyn Opener],
        at: Timestamp,
    ) -> Vec<(Month, Zeroizing<Vec<u8>>)> {
        let one = |file: &record::MonthKeyFile| {
            // A name that leads out of the folder is none of ours; the digest is what the desk signed.
            let is_plain = !file.file.contains(['/', '\\']);
            let octets = std::fs::read(desk.folder.join(&file.file)).ok();
            let octets = octets.filter(|o| is_plain && Digest::of(o).to_string() == file.sha256)?;
            let read = read_message(octets, openers, &self.trust, at).ok()?;
            let part = read.opened.parts.iter().find(|p| !p.is_text)?;
            let content = Zeroizing::new(read.opened.content(part).ok()?);
            let key: MonthKey = serde_json::from_slice(&content).ok()?;
            let is_this = key.version == 1
                && key.installation == desk.installation
                && key.month == file.month;
            let digits = Zeroizing::new(key.key);
            let octets = hex::decode_all(digits.as_bytes()).filter(|_| is_this)?;
            Some((file.month, Zeroizing::new(octets)))
        };
        desk.keys.iter().filter_map(one).collect()
    }
}

#[derive(Deserialize)]
struct MonthKey {
    #[serde(rename = "segl_month_key")]
    version: u32,
    installation: String,
    month: Month,
    key: String,
}

fn chain(found: &Verification, stamps: Anchors) -> Chain {
    let anchored = |state: super::StampState| Anchored {
        seq: state.seq,
        time: state.time,
        by: state.by,
        holds: state.holds,
        trusted: state.trusted,
    };
    Chain {
        anchors: stamps.states.into_iter().map(anchored).collect(),
        intact: found.intact,
        records: found.records,
        head: found.head.map(|h| h.to_string()),
        first_bad: found.first_bad,
        ..Chain::default()
    }
}
