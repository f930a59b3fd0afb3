//! The key file: 64 hexadecimal digits in a regular file that only its owner may read (`[data] key_file`).
//!
//! For machines without a keyring. On Windows and where a file system has no modes, the folder's rights protect it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::{KeyError, StoreKey};
use crate::disk;

/// Room for the digits and a line end; more is no key file.
const LIMIT: u64 = 128;

/// The key in the file, or `None` where there is no file.
pub(super) fn read(path: &Path) -> Result<Option<StoreKey>, KeyError> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(KeyError::FileUnreadable(error)),
    };
    let metadata = file.metadata().map_err(KeyError::FileUnreadable)?;
    if !metadata.is_file() {
        return Err(KeyError::FileMalformed);
    }
    #[cfg(unix)]
    {
        // Whoever can open a file of mode 0600 owns it (or is root): the owner needs no check of its own.
        let mode = std::os::unix::fs::MetadataExt::mode(&metadata) & 0o7777;
        if mode & 0o177 != 0 {
            return Err(KeyError::FilePermissions { mode });
        }
    }
    let mut text = Zeroizing::new(Vec::with_capacity(128));
    file.take(LIMIT)
        .read_to_end(&mut text)
        .map_err(KeyError::FileUnreadable)?;
    StoreKey::from_text(&text)?
        .ok_or(KeyError::FileMalformed)
        .map(Some)
}

/// Writes a key to a file that does not exist yet.
pub(super) fn write(path: &Path, key: &StoreKey) -> Result<(), KeyError> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        disk::private_dir(dir)?;
    }
    Ok(disk::create_once(path, key.to_text().as_bytes())?)
}

/// Writes a key in place of another, which is kept beside it: it may be needed yet.
pub(super) fn exchange(path: &Path, key: &StoreKey) -> Result<(), KeyError> {
    disk::set_aside(path, ".aside")?;
    write(path, key)
}

/// A FIFO in place of the file must not make Segl wait for a writer.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.read(true).open(path)
}
