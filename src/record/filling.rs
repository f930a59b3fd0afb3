//! Rows in batches, for benchmarks and tests of long records: made by the same encoder as every other row, but many to
//! one commit. Never a way to record a sending: a mail whose rows are not durable before it leaves is not provable.

use jiff::Timestamp;

use super::payload::{Evidence, Intent, Outcome, Payload, Started};
use super::{Head, Record, RecordError};

/// One row to be.
#[derive(Debug, Clone)]
pub enum Filling {
    /// An Intent; that it has deliveries which nobody ever makes is for the one who fills.
    Intent(Box<Intent>),
    /// A Started.
    Started(Started),
    /// An Outcome.
    Outcome(Outcome),
    /// Something that was seen.
    Evidence(Evidence),
}

impl Record {
    /// Appends rows, all in one commit. `make` is told the number that the row gets.
    pub fn fill(
        &self,
        rows: usize,
        make: &mut dyn FnMut(u64) -> (Filling, Timestamp),
        at: Timestamp,
    ) -> Result<Option<Head>, RecordError> {
        self.write(at, |transaction| {
            let mut head = None;
            let mut next = super::chain::newest_head(transaction)?.seq + 1;
            for _ in 0..rows {
                let (filling, at) = make(next);
                let chain = &self.chain;
                let written = match filling {
                    Filling::Intent(row) => chain.append(transaction, &row.redacted(), at)?,
                    Filling::Started(row) => chain.append(transaction, &row, at)?,
                    Filling::Outcome(row) => chain.append(transaction, &row.redacted(), at)?,
                    Filling::Evidence(row) => chain.append(transaction, &row.redacted(), at)?,
                };
                next = written.seq + 1;
                head = Some(written);
            }
            Ok(head)
        })
    }
}
