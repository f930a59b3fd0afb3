//! The tunnel list of this desk: where it comes from, who vouches for it, what replaces what, and looking up.
//!
//! A list that cannot be read, or that nobody vouches for who must, never replaces a good one. One that changes who reads
//! a mail waits in the data folder until somebody has seen the differences. What comes from a file is IT's word; what
//! comes over the network and is not signed tells membership only.

mod answered;
mod error;
mod kept;
mod look_up;
mod signed;
mod take;
mod update;

pub(super) use look_up::gateway_key;

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

pub use answered::AnswerError;
pub use error::TunnelError;
pub use kept::{Kept, ListSource, Trouble};
pub use take::{Status, Taken, WaitingList};

use self::kept::InForce;
use super::{Segl, account};
use crate::{config::Config, record::Evidence};

/// Length and time of a file: what tells that it changed.
type Stamp = (u64, Option<Timestamp>);

/// Where the list lies, and what of it is in memory.
pub(super) struct Desk {
    folder: PathBuf,
    in_force: Mutex<Option<InForce>>,
    /// The file of the settings as it was read last: length and time.
    seen: Mutex<Option<Stamp>>,
}

impl Desk {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            folder: config.data.join("tunnel"),
            in_force: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Option<Stamp>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Segl {
    /// Notes in the record that a list came into force, or waits: what is green because of it can be traced.
    fn note_list(&self, code: &str, kept: &Kept, at: Timestamp) -> Result<(), TunnelError> {
        let evidence = Evidence {
            code: code.to_owned(),
            sha256: kept.sha256.to_string(),
            content: serde_json::json!({
                "source": kept.source.to_string(),
                "entries": kept.entries,
                "from": kept.from.to_string(),
                "signed_by": kept.signed_by,
                "account": account(),
            }),
            about: None,
        };
        self.vault()?.record(at)?.append(evidence, at)?;
        Ok(())
    }
}
