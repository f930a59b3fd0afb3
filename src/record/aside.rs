//! A record that does not hold is set aside, never repaired: it is renamed, and a new one begins that says so.
//!
//! A record that holds and can be gone on with is never set aside, whoever asks: it is opened and checked again here,
//! whole, under the send lock.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::verify::verify_folder;
use super::{DATABASE, FirstBad, Head, Note, Record, RecordError, SendLock, kept_head};
use crate::disk;
use crate::keys::StoreKey;

/// What was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The old database under its new name; `None` where there was none to rename.
    pub file: Option<PathBuf>,
    /// The head that was kept of it.
    pub head: Option<Head>,
    /// The first row that does not hold, where that much could be read.
    pub first_bad: Option<FirstBad>,
}

/// Sets aside a record that is broken, deleted or damaged, and begins a new one whose second row, a `note`, names the
/// old head. Answers the open record; with `None` beside it where the record holds after all.
///
/// Deliveries that were open in the old record are in the file that was set aside, and are not recovered.
pub fn set_aside(
    dir: &Path,
    lock: &SendLock,
    key: &StoreKey,
    at: Timestamp,
) -> Result<(Record, Option<SetAside>), RecordError> {
    lock.is_of(dir)?;
    let first_bad = match Record::open(dir, key, at) {
        Ok(record) => match verify_folder(dir, None)?.first_bad {
            None => return Ok((record, None)),
            bad => bad,
        },
        Err(RecordError::Broken { seq, reason }) => Some(FirstBad { seq, reason }),
        Err(error) if error.needs_setting_aside() => None,
        Err(error) => return Err(error),
    };
    let head = kept_head(dir)?;
    let stamp = at.strftime("%Y%m%dT%H%M%SZ");
    let target = disk::free_name(dir, &format!("record-{stamp}"), ".broken.sqlite");
    let moved = disk::rename_database(&dir.join(DATABASE), &target)?;
    let name = target
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let note = Note {
        code: "set-aside".to_owned(),
        text: name.filter(|_| moved).unwrap_or_default(),
        about: first_bad.map(|bad| bad.seq),
        head,
    };
    // The old head stays in its file until the new chain replaces it: a crash here is found as "deleted", and the
    // next attempt notes it.
    let record = Record::open_anew(dir, key, at, &note)?;
    Ok((
        record,
        Some(SetAside {
            file: moved.then_some(target),
            head,
            first_bad,
        }),
    ))
}
