//! Files that only the user may read, for the parts that keep something: keys, store and record.
//!
//! Folders are made 0700 and files 0600, a small file is replaced atomically and durably, a lock is the operating
//! system's, and every failure is told apart by what the user can do about it (disk full, read-only, in use, …).
//! What is written is the caller's affair: nothing here seals, and nothing here reads another part's file.

mod database;
pub(crate) mod hex;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) use database::{Schema, open, open_memory, open_read_only};

/// Why a file or database could not be used, by what can be done about it.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// Written by a newer Segl; left untouched.
    #[error("the database has schema {found}, this version knows {known}")]
    Newer {
        /// The schema version that the file names.
        found: u32,
        /// The newest schema version known here.
        known: u32,
    },
    /// No space is left.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// The file, folder or file system may not be written.
    #[error("the file or its folder is read-only")]
    ReadOnly(#[source] Cause),
    /// Another process kept it locked for longer than the busy timeout.
    #[error("the database is in use")]
    Busy(#[source] Cause),
    /// The database file cannot be opened at all.
    #[error("the database cannot be opened")]
    CannotOpen(#[source] Cause),
    /// The database is damaged.
    #[error("the database is damaged")]
    Corrupt(#[source] Cause),
    /// The file is not a database, or not one of ours.
    #[error("the file is not a database of this program")]
    NotADatabase,
    /// Reading or writing failed for another reason.
    #[error("reading or writing failed")]
    Io(#[source] Cause),
    /// The database refused a statement: a fault of Segl.
    #[error("the database refused a statement")]
    Statement(#[source] rusqlite::Error),
}

/// What lies under a [`DiskError`].
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// Told by the operating system.
    #[error(transparent)]
    System(#[from] io::Error),
    /// Told by the database.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
}

impl From<io::Error> for DiskError {
    fn from(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(source.into()),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly(source.into())
            }
            _ => Self::Io(source.into()),
        }
    }
}

impl From<rusqlite::Error> for DiskError {
    fn from(source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match source.sqlite_error_code() {
            Some(Code::DiskFull) => Self::Full(source.into()),
            Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly(source.into()),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy(source.into()),
            Some(Code::CannotOpen) => Self::CannotOpen(source.into()),
            Some(Code::DatabaseCorrupt) => Self::Corrupt(source.into()),
            Some(Code::NotADatabase) => Self::NotADatabase,
            Some(Code::SystemIoFailure) => Self::Io(source.into()),
            _ => Self::Statement(source),
        }
    }
}

/// An exclusive lock of the operating system on a file; it ends with the value, or with the process.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Waits until the lock is free.
    pub(crate) fn wait(path: &Path) -> Result<Self, DiskError> {
        let file = lock_file(path)?;
        file.lock()?;
        Ok(Self { file })
    }

    /// Takes the lock, or answers `None` while another holds it.
    pub(crate) fn now(path: &Path) -> Result<Option<Self>, DiskError> {
        let file = lock_file(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(source.into()),
        }
    }

    /// Whether whoever had it before went without taking the mark off: it crashed.
    pub(crate) fn is_marked(&self) -> Result<bool, DiskError> {
        Ok(self.file.metadata()?.len() > 0)
    }

    /// Leaves a mark in the file, which outlives the lock.
    pub(crate) fn mark(&self) -> Result<(), DiskError> {
        Ok(self.file.set_len(1)?)
    }

    /// Takes the mark off. The file stays: were it removed, two could hold a lock of the same name.
    pub(crate) fn unmark(&self) -> Result<(), DiskError> {
        Ok(self.file.set_len(0)?)
    }
}

/// Makes a folder that only the user may enter, durably: a record in a folder whose own name is lost with the power is
/// lost too. One that exists stays as it is: its files are 0600 either way.
pub(crate) fn private_dir(dir: &Path) -> Result<(), DiskError> {
    let missing: Vec<&Path> = dir.ancestors().take_while(|d| !d.is_dir()).collect();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    // The last ancestor of a relative path is empty, and no folder was made for it.
    let made = missing.iter().rev().filter(|d| !d.as_os_str().is_empty());
    for folder in made {
        sync_dir(folder)?;
    }
    Ok(())
}

/// Makes sure that a file exists and that only the user may read it.
pub(crate) fn private_file(path: &Path) -> Result<(), DiskError> {
    match private_options().write(true).create_new(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => tighten(path),
        Err(error) => Err(error.into()),
    }
}

/// Writes a file that must not exist yet. On failure none is left behind.
pub(crate) fn create_once(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let file = private_options().write(true).create_new(true).open(path)?;
    let written = write_durably(file, bytes).and_then(|()| sync_dir(path));
    if written.is_err() {
        // The first failure is the one to tell; a half file that stays is found malformed, never believed.
        drop(fs::remove_file(path));
    }
    Ok(written?)
}

/// Puts a file in its place, whole, if nothing is there: `false` if something is. After a crash it is there or not.
pub(crate) fn place_once(path: &Path, bytes: &[u8]) -> Result<bool, DiskError> {
    let fresh = with_suffix(path, ".new");
    remove(&fresh)?;
    create_once(&fresh, bytes)?;
    // A second name for a file, other than a rename, never takes the place of another file.
    let placed = match fs::hard_link(&fresh, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // Not every file system has second names; then whoever looks at the wrong moment may see half of it.
        Err(_no_links) => match create_once(path, bytes) {
            Err(DiskError::Io(Cause::System(error)))
                if error.kind() == io::ErrorKind::AlreadyExists =>
            {
                Ok(false)
            }
            other => other.map(|()| true),
        },
    };
    remove(&fresh)?;
    placed
}

/// The same in a folder that others read: the file says by itself who may read what is in it.
pub(crate) fn place_shared(path: &Path, bytes: &[u8]) -> Result<bool, DiskError> {
    let placed = place_once(path, bytes)?;
    #[cfg(unix)]
    if placed {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        fs::set_permissions(path, mode)?;
    }
    Ok(placed)
}

/// Makes a folder in one that others read, where there is none.
pub(crate) fn shared_dir(dir: &Path) -> Result<(), DiskError> {
    match fs::create_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => Ok(made?),
    }
}

/// Replaces a small file, atomically and durably: after a crash the old or the new content is there, whole.
/// The caller makes sure that no two replace the same file at once.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let fresh = with_suffix(path, ".new");
    let file = private_options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&fresh)?;
    write_durably(file, bytes)?;
    fs::rename(&fresh, path)?;
    Ok(sync_dir(path)?)
}

/// Removes a file; that there was none is no error.
pub(crate) fn remove(path: &Path) -> Result<(), DiskError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(sync_dir(path)?),
    }
}

/// The content of a small file, or `None` where there is none.
pub(crate) fn read_small(path: &Path) -> Result<Option<Vec<u8>>, DiskError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Renames a file to `name`, `end` and, where that is taken, a number: nothing is ever written over.
pub(crate) fn set_aside(path: &Path, end: &str) -> Result<PathBuf, DiskError> {
    let (dir, name) = (path.parent().unwrap_or(path), path.file_name());
    let stem = name.unwrap_or_default().to_string_lossy();
    let aside = free_name(dir, &stem, end);
    fs::rename(path, &aside)?;
    sync_dir(&aside)?;
    Ok(aside)
}

/// Moves a database aside, with its write-ahead log; `false` if there was none.
pub(crate) fn rename_database(from: &Path, to: &Path) -> Result<bool, DiskError> {
    let mut moved = false;
    for suffix in ["-wal", "-shm", ""] {
        match fs::rename(with_suffix(from, suffix), with_suffix(to, suffix)) {
            Ok(()) => moved |= suffix.is_empty(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    sync_dir(to)?;
    Ok(moved)
}

/// A name in the folder that nothing has yet: `stem` and `end`, with a number between where one is needed.
pub(crate) fn free_name(dir: &Path, stem: &str, end: &str) -> PathBuf {
    let numbered = |number: u32| match number {
        1 => dir.join(format!("{stem}{end}")),
        _ => dir.join(format!("{stem}-{number}{end}")),
    };
    let mut number = 1;
    while numbered(number).exists() {
        number += 1;
    }
    numbered(number)
}

/// `name.sqlite` with `-wal` → `name.sqlite-wal`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

pub(crate) fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn lock_file(path: &Path) -> Result<File, DiskError> {
    Ok(private_options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?)
}

fn write_durably(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// A rename or a new name is durable only when its folder is (POSIX); Windows has no such call and needs none.
fn sync_dir(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        File::open(if dir.as_os_str().is_empty() {
            Path::new(".")
        } else {
            dir
        })?
        .sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn tighten(path: &Path) -> Result<(), DiskError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_file_holds_the_new_content_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        assert!(read_small(&path).unwrap().is_none());
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(read_small(&path).unwrap().unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_created_once_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        create_once(&path, b"one").unwrap();
        assert!(matches!(create_once(&path, b"two"), Err(DiskError::Io(_))));
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn a_lock_is_held_once_and_freed_with_its_value() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = Lock::wait(&path).unwrap();
        assert!(Lock::now(&path).unwrap().is_none());
        drop(held);
        assert!(Lock::now(&path).unwrap().is_some());
    }

    #[test]
    fn a_mark_outlives_the_lock_until_it_is_taken_off() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let lock = Lock::wait(&path).unwrap();
        assert!(!lock.is_marked().unwrap());
        lock.mark().unwrap();
        drop(lock);
        let lock = Lock::wait(&path).unwrap();
        assert!(lock.is_marked().unwrap(), "as after a crash");
        lock.unmark().unwrap();
        drop(lock);
        assert!(!Lock::wait(&path).unwrap().is_marked().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn folders_and_files_are_the_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        private_dir(&inner).unwrap();
        assert_eq!(mode(&inner), 0o700);
        let path = inner.join("file");
        private_file(&path).unwrap();
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        private_file(&path).unwrap();
        assert_eq!(mode(&path), 0o600);
    }
}
