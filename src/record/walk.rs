//! One walk along a chain, or along a stretch of it: what holds, what does not, and what is left open for the rows
//! before and after. Stretches are walked by several threads and joined in their order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use openssl::sha::sha256;

use super::format::{FIRST_KIND, FORMAT, Hash, Installation, PURGE_KIND, PublicKey, Row};
use super::{FirstBad, Head, Month, Reason, Verification};
use crate::disk::hex;

/// Which signatures are looked at, beside those of the first row, the newest, every purge and every row that a head
/// names. All links and payloads are looked at either way.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sample {
    /// Each.
    Every,
    /// Of rows whose number divides by this, and of the newest row.
    Spread {
        /// Every how manieth row.
        step: u64,
        /// The newest row's number.
        newest: u64,
    },
}

/// A payload as it is stored.
#[derive(Clone, Copy)]
pub(super) enum Sealed<'a> {
    Here(&'a [u8]),
    Gone,
    Malformed,
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

/// The state of a walk along the chain. It holds no row but the last.
pub(super) struct Walk<'a> {
    heads: &'a [Head],
    sample: Sample,
    /// The number that the next row should have.
    pub(super) expected: u64,
    /// The link that the next row should name; not known at the beginning of a stretch.
    previous: Option<Hash>,
    /// What the first row of a stretch names as the link before it.
    joint: Option<(u64, Hash)>,
    first: Option<(Installation, PublicKey)>,
    newest: Option<Head>,
    records: u64,
    signatures: u64,
    bad: Option<FirstBad>,
    /// The first row without payload in each month for which no purge was met yet.
    gone: BTreeMap<String, u64>,
    /// The months whose purges were met.
    purged: BTreeSet<Vec<u8>>,
}

impl<'a> Walk<'a> {
    /// From the first row on.
    pub(super) fn new(heads: &'a [Head], sample: Sample) -> Self {
        Self {
            heads,
            sample,
            expected: 0,
            previous: Some([0; 32]),
            joint: None,
            first: None,
            newest: None,
            records: 0,
            signatures: 0,
            bad: None,
            gone: BTreeMap::new(),
            purged: BTreeSet::new(),
        }
    }

    /// From a later row on, in a chain whose first row holds.
    pub(super) fn from(
        start: u64,
        first: (Installation, PublicKey),
        heads: &'a [Head],
        sample: Sample,
    ) -> Self {
        Self {
            expected: start,
            previous: None,
            first: Some(first),
            ..Self::new(heads, sample)
        }
    }

    pub(super) fn step(&mut self, row: Option<&Row>, sealed: Sealed<'_>) {
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
                    self.previous = Some(row.link);
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
        let named = self.heads.iter().any(|head| head.seq == row.seq);
        if let Some((installation, public)) = &self.first {
            match self.previous {
                Some(previous) if row.previous != previous => return Err(Reason::Previous),
                Some(_) => {}
                None => self.joint = Some((row.seq, row.previous)),
            }
            if row.installation != *installation {
                return Err(Reason::Installation);
            }
            check_link(row)?;
            let is_looked_at = match self.sample {
                Sample::Every => true,
                Sample::Spread { step, newest } => {
                    named || row.seq == newest || row.seq.is_multiple_of(step)
                }
            };
            if is_looked_at {
                if !public.verifies(row) {
                    return Err(Reason::Signature);
                }
                self.signatures += 1;
            }
        } else {
            self.first = Some((row.installation, check_first(row)?));
            self.signatures += 1;
        }
        let differs = |head: &&Head| head.seq == row.seq && head.link != row.link;
        if named && self.heads.iter().any(|head| differs(&head)) {
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
            self.purged.insert(row.clear.clone());
        }
    }

    pub(super) fn fail(&mut self, seq: u64, reason: Reason) {
        if self.bad.is_none_or(|bad| seq < bad.seq) {
            self.bad = Some(FirstBad { seq, reason });
        }
    }

    /// The stretch is over, and more rows come after it.
    pub(super) fn ends_before(&mut self, next: u64) {
        if self.bad.is_none() && self.expected < next {
            self.fail(self.expected, Reason::Missing);
        }
    }

    /// Takes the walk along the stretch that follows.
    pub(super) fn join(&mut self, next: Self) {
        if let Some((seq, previous)) = next.joint
            && self.bad.is_none()
            && self.previous != Some(previous)
        {
            self.fail(seq, Reason::Previous);
        }
        if let Some(bad) = next.bad {
            self.fail(bad.seq, bad.reason);
        }
        self.gone
            .retain(|month, _| !next.purged.contains(month.as_bytes()));
        for (month, seq) in next.gone {
            self.gone.entry(month).or_insert(seq);
        }
        self.purged.extend(next.purged);
        self.expected = next.expected;
        self.previous = next.previous;
        self.newest = next.newest.or(self.newest);
        self.records += next.records;
        self.signatures += next.signatures;
    }

    pub(super) fn finish(mut self) -> Verification {
        if self.records == 0 {
            self.fail(0, Reason::Empty);
        } else if self.bad.is_none() && self.heads.iter().any(|head| head.seq >= self.expected) {
            self.fail(self.expected, Reason::TailCut);
        }
        if let Some(seq) = self.gone.values().min() {
            self.fail(*seq, Reason::PayloadMissing);
        }
        Verification {
            intact: self.bad.is_none(),
            records: self.records,
            signatures: self.signatures,
            public_key: self
                .first
                .and_then(|(_, key)| key.octets())
                .map(|k| hex::encode(&k)),
            head: self.newest,
            first_bad: self.bad,
        }
    }
}
