//! Where the store key comes from, and when a new one may be made: only where no sealed data can exist.
//!
//! The folder's `key.mark`, that of the own keys beside them, and both databases say which key the data need; where none
//! of them is left, the sealed files tell by opening. A first start makes the key under a lock, writes it, reads it back,
//! and only then writes the mark: two programs started at once end with one key.

use std::path::{Path, PathBuf};

use super::{KeyError, KeyMark, StoreKey, file, fit, keyring, own};
use crate::disk::{self, DiskError, Lock, hex};

/// The file in the data folder that names the key. It is no secret.
const MARK: &str = "key.mark";
/// The databases that name it too, in their table `meta`.
const DATABASES: [&str; 2] = ["record.sqlite", "store.sqlite"];

/// Where the store key is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// In the keyring of the operating system, service `segl`, user `store-key:<id>`.
    Keyring,
    /// In a file (`[data] key_file`), for machines without a keyring.
    File(PathBuf),
}

/// The store key of a data folder; on the first start of all, a new one.
///
/// Blocks (disk, keyring, at most the keyring's deadline): not for a thread that draws or runs tasks.
pub fn obtain(dir: &Path, source: &KeySource) -> Result<StoreKey, KeyError> {
    disk::private_dir(dir)?;
    if let Some(mark) = known_mark(dir)? {
        return load(source, mark);
    }
    let _lock = Lock::wait(&dir.join("key.lock"))?;
    // Another Segl may have been first.
    if let Some(mark) = known_mark(dir)? {
        return load(source, mark);
    }
    let key = if fit::has_sealed(dir)? {
        recognise(dir, source)?
    } else {
        create(source)?
    };
    write_mark(dir, &key)?;
    Ok(key)
}

impl StoreKey {
    /// Keeps a restored key for a data folder: writes it to the source and reads it back.
    ///
    /// [`KeyError::Wrong`] where the folder's data name another key, or the source holds another under that name;
    /// [`KeyError::FitsNone`] where nothing names a key and this one opens none of the sealed files. A key file that holds
    /// another than the data need is set aside, never deleted.
    pub fn keep(&self, dir: &Path, source: &KeySource) -> Result<(), KeyError> {
        disk::private_dir(dir)?;
        let _lock = Lock::wait(&dir.join("key.lock"))?;
        let is_needed = match known_mark(dir)? {
            Some(mark) => self.check(mark).map(|()| true)?,
            None if !fit::has_sealed(dir)? => false,
            None if fit::opens_any(self, dir)? => true,
            None => return Err(KeyError::FitsNone),
        };
        match source {
            KeySource::Keyring => keyring::keep_key(self)?,
            KeySource::File(path) => match file::read(path)? {
                Some(present) if present.mark() == self.mark() => {}
                Some(_) if is_needed => file::exchange(path, self)?,
                Some(present) => self.check(present.mark())?,
                None => file::write(path, self)?,
            },
        }
        load(source, self.mark())?;
        write_mark(dir, self)
    }
}

fn load(source: &KeySource, mark: KeyMark) -> Result<StoreKey, KeyError> {
    let key = match source {
        KeySource::Keyring => {
            keyring::key(&mark.id())?.ok_or_else(|| KeyError::Missing { id: mark.id() })?
        }
        KeySource::File(path) => file::read(path)?.ok_or(KeyError::FileMissing)?,
    };
    key.check(mark)?;
    Ok(key)
}

/// The key of sealed files that nothing names. One that opens none of them is not taken, and none is made: the mark that
/// would be written then is what the right key was refused by ever after.
fn recognise(dir: &Path, source: &KeySource) -> Result<StoreKey, KeyError> {
    let KeySource::File(path) = source else {
        return Err(KeyError::Unnamed);
    };
    let key = file::read(path)?.ok_or(KeyError::FileMissing)?;
    if fit::opens_any(&key, dir)? {
        return Ok(key);
    }
    Err(KeyError::FitsNone)
}

/// No sealed data exist. A key file that is there already was put there for us (by IT) and is used.
fn create(source: &KeySource) -> Result<StoreKey, KeyError> {
    if let KeySource::File(path) = source
        && let Some(key) = file::read(path)?
    {
        return Ok(key);
    }
    let key = StoreKey::ephemeral()?;
    match source {
        KeySource::Keyring => keyring::keep_key(&key)?,
        KeySource::File(path) => file::write(path, &key)?,
    }
    // What is used from here on is what was read back.
    match load(source, key.mark()) {
        Err(KeyError::Missing { .. } | KeyError::FileMissing | KeyError::Wrong { .. }) => {
            Err(KeyError::NotKept)
        }
        other => other,
    }
}

/// The mark that the folder's data name, wherever it is still to be read.
///
/// A database that is there and cannot be read may hold sealed rows: that is an error, never "none".
fn known_mark(dir: &Path) -> Result<Option<KeyMark>, KeyError> {
    if let Some(mark) = read_mark(dir)? {
        return Ok(Some(mark));
    }
    let mut failed = None;
    for name in DATABASES {
        match database_mark(&dir.join(name)) {
            Ok(Some(mark)) => return Ok(Some(mark)),
            Ok(None) => {}
            Err(error) => failed = Some(error),
        }
    }
    match (read_mark(&dir.join(own::FOLDER))?, failed) {
        (None, Some(error)) => Err(error.into()),
        (mark, _) => Ok(mark),
    }
}

fn database_mark(path: &Path) -> Result<Option<KeyMark>, DiskError> {
    if !path.exists() {
        return Ok(None);
    }
    // A newer database is not ours to judge, but its `meta` row "key" is part of every version.
    let connection = disk::open_read_only(path, u32::MAX)?;
    let sealed: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'meta')",
        [],
        |row| row.get(0),
    )?;
    if !sealed {
        return Ok(None);
    }
    let mark = connection.query_row("SELECT value FROM meta WHERE name = 'key'", [], |row| {
        row.get::<_, Vec<u8>>(0)
    });
    match mark {
        Ok(bytes) => Ok(KeyMark::from_bytes(&bytes)),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn read_mark(dir: &Path) -> Result<Option<KeyMark>, KeyError> {
    let kept = disk::read_small(&dir.join(MARK))?;
    let mark = kept.and_then(|text| hex::decode::<32>(text.trim_ascii()));
    Ok(mark.map(KeyMark))
}

/// Writes the mark beside the own keys too, where none is yet: they last for ever, and where they are all that is left,
/// it finds their key in the keyring.
pub(super) fn mark_own(own: &Path, key: &StoreKey) -> Result<(), KeyError> {
    match read_mark(own)? {
        Some(_) => Ok(()),
        None => write_mark(own, key),
    }
}

fn write_mark(dir: &Path, key: &StoreKey) -> Result<(), KeyError> {
    Ok(disk::replace(
        &dir.join(MARK),
        hex::encode(key.mark().as_bytes()).as_bytes(),
    )?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file_source(dir: &Path) -> KeySource {
        KeySource::File(dir.join("key/store.key"))
    }

    #[test]
    fn the_first_start_makes_a_key_and_the_next_finds_it() {
        let dir = tempfile::tempdir().unwrap();
        let source = file_source(dir.path());
        let key = obtain(dir.path(), &source).unwrap();
        assert_eq!(obtain(dir.path(), &source).unwrap().mark(), key.mark());
        assert_eq!(
            fs::read(dir.path().join("key/store.key")).unwrap().len(),
            64
        );
    }

    #[test]
    fn programs_started_at_once_end_with_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let source = file_source(dir.path());
        let ids: Vec<String> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| obtain(dir.path(), &source).unwrap().id()))
                .collect();
            started
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]));
    }

    #[test]
    fn where_sealed_data_exist_no_new_key_is_made() {
        let dir = tempfile::tempdir().unwrap();
        let source = file_source(dir.path());
        obtain(dir.path(), &source).unwrap();
        let path = dir.path().join("key/store.key");
        fs::remove_file(&path).unwrap();
        assert!(matches!(
            obtain(dir.path(), &source),
            Err(KeyError::FileMissing)
        ));
        assert!(!path.exists());
        fs::write(&path, "0".repeat(64)).unwrap();
        private(&path);
        assert!(matches!(
            obtain(dir.path(), &source),
            Err(KeyError::Wrong { .. })
        ));
    }

    #[test]
    fn a_database_that_cannot_be_read_counts_as_sealed_data() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("store.sqlite"), vec![b'x'; 5000]).unwrap();
        let source = file_source(dir.path());
        assert!(matches!(
            obtain(dir.path(), &source),
            Err(KeyError::Disk(DiskError::NotADatabase))
        ));
        assert!(!dir.path().join("key").exists());
    }

    #[test]
    fn a_lost_mark_is_found_in_a_database() {
        let dir = tempfile::tempdir().unwrap();
        let source = file_source(dir.path());
        let key = obtain(dir.path(), &source).unwrap();
        let database = rusqlite::Connection::open(dir.path().join("record.sqlite")).unwrap();
        database
            .execute_batch("CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB)")
            .unwrap();
        database
            .execute(
                "INSERT INTO meta VALUES ('key', ?1)",
                [key.mark().as_bytes()],
            )
            .unwrap();
        fs::remove_file(dir.path().join(MARK)).unwrap();
        fs::remove_file(dir.path().join("key/store.key")).unwrap();
        assert!(matches!(
            obtain(dir.path(), &source),
            Err(KeyError::FileMissing)
        ));
    }

    #[test]
    fn a_key_file_is_refused_for_each_reason_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.key");
        let source = KeySource::File(path.clone());
        for text in [
            "",
            "00",
            &"0".repeat(63),
            &"g".repeat(64),
            &"0".repeat(1_000_000),
        ] {
            fs::write(&path, text).unwrap();
            private(&path);
            assert!(matches!(
                obtain(dir.path(), &source),
                Err(KeyError::FileMalformed)
            ));
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(
            obtain(dir.path(), &source),
            Err(KeyError::FileMalformed | KeyError::FileUnreadable(_))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.key");
        fs::write(&path, "0".repeat(64)).unwrap();
        for mode in [0o644, 0o640, 0o604, 0o602, 0o700] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = obtain(dir.path(), &KeySource::File(path.clone()));
            assert!(
                matches!(refused, Err(KeyError::FilePermissions { mode: found }) if found == mode)
            );
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(obtain(dir.path(), &KeySource::File(path)).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_fifo_in_place_of_the_key_file_is_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.key");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        );
        assert!(matches!(
            obtain(dir.path(), &KeySource::File(path)),
            Err(KeyError::FileMalformed)
        ));
    }

    #[test]
    fn a_restored_key_is_kept_only_for_the_data_that_name_it() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key = obtain(dir.path(), &file_source(dir.path())).unwrap();
        fs::remove_file(dir.path().join("key/store.key")).unwrap();
        key.keep(dir.path(), &file_source(dir.path())).unwrap();
        key.keep(dir.path(), &file_source(dir.path())).unwrap();
        assert_eq!(
            obtain(dir.path(), &file_source(dir.path())).unwrap().mark(),
            key.mark()
        );
        obtain(other.path(), &file_source(other.path())).unwrap();
        assert!(matches!(
            key.keep(other.path(), &file_source(other.path())),
            Err(KeyError::Wrong { .. })
        ));
    }

    fn private(path: &Path) {
        #[cfg(unix)]
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        #[cfg(not(unix))]
        let _ = path;
    }
}
