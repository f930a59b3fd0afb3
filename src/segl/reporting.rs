//! The report over this computer's own record.

use jiff::Timestamp;

use super::{AnchorError, Anchors, Segl, anchoring::anchors};
use crate::{
    keys::KeyError,
    record::{self, Head, Log, RecordError, Signatures, Verification},
    report::{Anchored, Builder, Chain, Desk, Detail, Period, Report, Row},
};

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
}

/// A report, and one row for each recipient where that was wanted.
#[derive(Debug)]
pub struct Reported {
    /// The report.
    pub report: Report,
    /// The rows, with [`Detail::All`].
    pub rows: Vec<Row>,
}

impl Segl {
    /// Reports on a time. Blocks on disk and keyring, for some seconds where the record is large.
    pub fn report(
        &self,
        period: Period,
        detail: Detail,
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
        let rows = builder.take_rows();
        let report = builder.finish(at, env!("CARGO_PKG_VERSION"));
        Ok(Reported { report, rows })
    }
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
