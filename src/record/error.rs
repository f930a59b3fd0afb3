//! What can go wrong with the record. A broken chain that `verify` looks at is a finding, not an error.

use openssl::error::ErrorStack;

use super::{Head, Month, Reason};
use crate::disk::DiskError;
use crate::keys::{KeyError, SealError};

/// Why the record could not be opened, written or read.
///
/// Where a row could not be written, nothing of it is in the record, with one exception: [`RecordError::HeadNotKept`].
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The disk or the database: full, read-only, in use, damaged, of a newer version, …
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A head is kept, and the rows that it names are gone with the whole database.
    #[error("the record was deleted; its last known row is {}", head.seq)]
    Deleted {
        /// The head that is still kept.
        head: Head,
    },
    /// The chain does not hold: see [`super::set_aside`].
    #[error("the record does not hold from row {seq}: {reason}")]
    Broken {
        /// The first row that does not hold.
        seq: u64,
        /// What is wrong with it.
        reason: Reason,
    },
    /// Another Segl set this record aside while it was open here: open it again.
    #[error("the record was replaced by a new one")]
    Replaced,
    /// The key that the record is sealed under is not the one at hand.
    #[error("the key of the record is not available")]
    KeyUnavailable(#[from] KeyError),
    /// The row is durably in the record, and its head could not be written beside it.
    #[error("row {} is recorded, and its head could not be kept beside the record", head.seq)]
    HeadNotKept {
        /// The row that was written.
        head: Head,
        /// Why its head was not.
        #[source]
        source: DiskError,
    },
    /// The draft has an Intent whose outcome is not known yet: recover first.
    #[error("the draft has an open intent, row {seq}")]
    OpenIntent {
        /// The open Intent.
        seq: u64,
    },
    /// An Intent without a delivery, or with two of one number.
    #[error("an intent needs deliveries, each with a number of its own")]
    Deliveries,
    /// Started twice, an Outcome without an open delivery, or one that claims more than was started.
    #[error("delivery {delivery} of intent {intent} is not at that point")]
    OutOfTurn {
        /// The Intent's row.
        intent: u64,
        /// The delivery's number in it.
        delivery: u32,
    },
    /// The send lock belongs to another data folder.
    #[error("the send lock is that of another record")]
    OtherLock,
    /// No row has that number (and, where a head was given, that link).
    #[error("there is no row {seq}")]
    NoSuchRecord {
        /// The number asked for.
        seq: u64,
    },
    /// Only a month that is over can be purged.
    #[error("the month {month} is not over")]
    MonthNotOver {
        /// The month asked for.
        month: Month,
    },
    /// A sealed payload or key in the record does not open.
    #[error("row {seq} cannot be opened")]
    Sealed {
        /// The row whose payload it is.
        seq: u64,
        /// Why.
        #[source]
        source: SealError,
    },
    /// A payload that opened is not JSON.
    #[error("the payload of row {seq} is malformed")]
    Payload {
        /// The row.
        seq: u64,
        /// Where in it; holds nothing of the content.
        #[source]
        source: serde_json::Error,
    },
    /// A payload could not be written as JSON: a fault of Segl.
    #[error("the payload cannot be written")]
    Unwritable(#[source] serde_json::Error),
    /// The file is neither a record nor an export of one.
    #[error("the file is neither a record nor an export of one")]
    NotARecord,
    /// An export holds only some rows, and the one that the head names is not among them.
    #[error("the file does not hold row {seq}, so it cannot be compared with that head")]
    HeadNotInFile {
        /// The row that the head names.
        seq: u64,
    },
    /// OpenSSL failed.
    #[error("the cryptographic library failed")]
    Library(#[from] ErrorStack),
}

impl From<rusqlite::Error> for RecordError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Disk(source.into())
    }
}

impl From<SealError> for RecordError {
    fn from(source: SealError) -> Self {
        Self::KeyUnavailable(source.into())
    }
}

impl RecordError {
    /// Whether the record itself is lost or does not hold, so that only [`super::set_aside`] helps (which looks again).
    pub fn needs_setting_aside(&self) -> bool {
        matches!(
            self,
            Self::Deleted { .. }
                | Self::Broken { .. }
                | Self::Disk(DiskError::Corrupt(_) | DiskError::NotADatabase)
        )
    }
}
