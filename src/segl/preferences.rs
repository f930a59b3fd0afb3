//! What a user set for the own window: colours, size, whether receipts stay open. One small readable file beside the
//! data, `window.toml`, replaced as a whole so that a crash leaves the old or the new one. No rule of the firm is in
//! here and nothing that decides whether mail is encrypted. Keys of other versions stay as they are.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::disk::{self, DiskError, Lock};

/// The file's name in the data folder.
const FILE: &str = "window.toml";

/// What was set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preferences(Table);

/// Why what was set cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum PreferencesError {
    /// The file cannot be read or written.
    #[error("{} cannot be used", .0.display())]
    Disk(PathBuf, #[source] DiskError),
    /// It is not TOML.
    #[error("{} is not a settings file", .0.display())]
    Broken(PathBuf),
}

impl Preferences {
    /// The file, whether it is there or not.
    pub fn file(folder: &Path) -> PathBuf {
        folder.join(FILE)
    }

    /// Whether anything was set under this key.
    pub fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// Reads what was set. A file that cannot be read leaves everything as it is by default, and is told.
    pub fn load(folder: &Path) -> (Self, Option<PreferencesError>) {
        match read(&folder.join(FILE)) {
            Ok(table) => (Self(table), None),
            Err(cause) => (Self::default(), Some(cause)),
        }
    }

    /// Sets one value, beside what other windows set meanwhile. A key such as `spelling.da` lies in a table. A broken
    /// file is put aside first.
    pub fn set(folder: &Path, key: &str, value: impl Into<Value>) -> Result<(), PreferencesError> {
        let file = folder.join(FILE);
        let failed = |cause| PreferencesError::Disk(file.clone(), cause);
        disk::private_dir(folder).map_err(failed)?;
        let _lock = Lock::wait(&folder.join("window.lock")).map_err(failed)?;
        let mut table = match read(&file) {
            Err(PreferencesError::Broken(_)) => {
                let aside = disk::free_name(folder, "window", ".broken.toml");
                std::fs::rename(&file, aside).map_err(|e| failed(e.into()))?;
                Table::new()
            }
            read => read?,
        };
        put(&mut table, key, value.into());
        disk::replace(&file, table.to_string().as_bytes()).map_err(failed)
    }

    /// A text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.value(key)?.as_str()
    }

    /// A whole number.
    pub fn number(&self, key: &str) -> Option<i64> {
        self.value(key)?.as_integer()
    }

    /// Yes or no.
    pub fn is(&self, key: &str) -> Option<bool> {
        self.value(key)?.as_bool()
    }

    fn value(&self, key: &str) -> Option<&Value> {
        let mut parts = key.split('.');
        let mut value = self.0.get(parts.next()?)?;
        for part in parts {
            value = value.as_table()?.get(part)?;
        }
        Some(value)
    }
}

fn put(table: &mut Table, key: &str, value: Value) {
    let Some((name, rest)) = key.split_once('.') else {
        table.insert(key.to_owned(), value);
        return;
    };
    let inner = table
        .entry(name)
        .or_insert_with(|| Value::Table(Table::new()));
    if !inner.is_table() {
        *inner = Value::Table(Table::new());
    }
    if let Value::Table(inner) = inner {
        put(inner, rest, value);
    }
}

fn read(file: &Path) -> Result<Table, PreferencesError> {
    let octets = disk::read_small(file)
        .map_err(|cause| PreferencesError::Disk(file.to_owned(), cause))?
        .unwrap_or_default();
    let broken = || PreferencesError::Broken(file.to_owned());
    let text = String::from_utf8(octets).ok().ok_or_else(broken)?;
    text.parse().ok().ok_or_else(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_is_there_again_and_keys_of_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        assert!(Preferences::load(dir.path()).1.is_none());
        std::fs::write(
            &file,
            "later = [1, 2]\nzoom = 100\n[spelling]\nen = false\n",
        )
        .unwrap();
        Preferences::set(dir.path(), "theme", "dark").unwrap();
        Preferences::set(dir.path(), "zoom", 150).unwrap();
        Preferences::set(dir.path(), "spelling.da", true).unwrap();
        let (set, trouble) = Preferences::load(dir.path());
        assert!(trouble.is_none());
        assert_eq!(
            (set.text("theme"), set.number("zoom")),
            (Some("dark"), Some(150))
        );
        assert_eq!(
            (set.is("spelling.da"), set.is("spelling.en")),
            (Some(true), Some(false))
        );
        assert!(
            std::fs::read_to_string(&file)
                .unwrap()
                .contains("later = [1, 2]")
        );
        assert_eq!(
            (set.number("theme"), set.text("nothing.here")),
            (None, None)
        );
    }

    #[test]
    fn a_broken_file_is_told_and_put_aside_at_the_next_change() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        for broken in [&b"theme = = dark"[..], b"\xff\xfe"] {
            std::fs::write(&file, broken).unwrap();
            let (set, trouble) = Preferences::load(dir.path());
            assert_eq!(set, Preferences::default());
            assert!(matches!(trouble, Some(PreferencesError::Broken(_))));
            Preferences::set(dir.path(), "theme", "light").unwrap();
            assert_eq!(Preferences::load(dir.path()).0.text("theme"), Some("light"));
        }
        for aside in ["window.broken.toml", "window-2.broken.toml"] {
            assert!(dir.path().join(aside).exists(), "{aside}");
        }
    }

    #[test]
    fn windows_that_set_something_at_once_lose_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        std::thread::scope(|scope| {
            for name in ["a", "b", "c", "d"] {
                scope.spawn(move || {
                    for i in 0..20 {
                        Preferences::set(folder, &format!("{name}.n{i}"), i).unwrap();
                    }
                });
            }
        });
        let (set, trouble) = Preferences::load(folder);
        assert!(trouble.is_none());
        for name in ["a", "b", "c", "d"] {
            assert!(
                (0..20).all(|i| set.number(&format!("{name}.n{i}")) == Some(i)),
                "{name}"
            );
        }
    }
}
