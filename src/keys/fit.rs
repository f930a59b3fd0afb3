//! Whether a key is the one that the sealed files of a data folder need, found out by opening them.
//!
//! The mark that names the key may be lost, or only the own keys be copied to another computer: then the files
//! themselves are what tells. A file that opens proves its key; one that does not may also be damaged.

use std::path::{Path, PathBuf};

use super::{KeyError, StoreKey, own, seal::SealKey, sealed, token};
use crate::disk;

/// Whether a sealed file lies in the data folder.
pub(super) fn has_sealed(dir: &Path) -> Result<bool, KeyError> {
    Ok(!all(dir)?.is_empty())
}

/// Whether the key opens at least one of them.
pub(super) fn opens_any(key: &StoreKey, dir: &Path) -> Result<bool, KeyError> {
    for (path, label) in all(dir)? {
        if opens(&key.derive(label)?, &path)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Each sealed file, with what its key is derived for.
fn all(dir: &Path) -> Result<Vec<(PathBuf, &'static str)>, KeyError> {
    let own_keys = dir.join(own::FOLDER);
    let mut found = Vec::new();
    for (folder, ending, label) in [
        (dir, sealed::ENDING, sealed::USE),
        (&own_keys, own::ENDING, own::USE),
        (&own_keys, token::REMEMBERED, token::SEALED_FOR),
    ] {
        let files = own::files(folder, ending)?.into_iter();
        found.extend(files.map(|path| (path, label)));
    }
    Ok(found)
}

/// Every one is bound to its name. One that cannot be read proves nothing.
fn opens(key: &SealKey, path: &Path) -> Result<bool, KeyError> {
    let Some(name) = path.file_stem().and_then(|name| name.to_str()) else {
        return Ok(false);
    };
    let Ok(Some(octets)) = disk::read_small(path) else {
        return Ok(false);
    };
    Ok(key.open_if_whole(name.as_bytes(), &octets)?.is_some())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use zeroize::Zeroizing;

    use super::*;
    use crate::keys::{KeySource, keep_sealed, obtain, sealed};

    /// A data folder with a sealed file, whose mark and key are gone; and the key.
    fn bereft(dir: &Path) -> (KeySource, StoreKey) {
        let source = KeySource::File(dir.join("key/store.key"));
        let secret = Zeroizing::new("en hemmelighed".to_owned());
        keep_sealed("sign-in", &secret, dir, &source).unwrap();
        let key = obtain(dir, &source).unwrap();
        fs::remove_file(dir.join("key.mark")).unwrap();
        fs::remove_file(dir.join("key/store.key")).unwrap();
        (source, key)
    }

    #[test]
    fn no_new_key_is_made_over_sealed_files_that_no_mark_names() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let (source, _key) = bereft(dir);
        assert!(matches!(obtain(dir, &source), Err(KeyError::FileMissing)));
        assert!(matches!(
            obtain(dir, &KeySource::Keyring),
            Err(KeyError::Unnamed)
        ));
        assert!(!dir.join("key.mark").exists() && !dir.join("key/store.key").exists());
        // Nor is one taken that opens none of them.
        StoreKey::ephemeral()
            .unwrap()
            .keep(&dir.join("elsewhere"), &source)
            .unwrap();
        assert!(matches!(obtain(dir, &source), Err(KeyError::FitsNone)));
        assert!(!dir.join("key.mark").exists());
    }

    #[test]
    fn a_restored_key_is_taken_where_it_opens_the_sealed_files_and_else_refused() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let (source, key) = bereft(dir);
        let other = StoreKey::ephemeral().unwrap();
        assert!(matches!(other.keep(dir, &source), Err(KeyError::FitsNone)));
        key.keep(dir, &source).unwrap();
        let secret = sealed("sign-in", dir, &source).unwrap().unwrap();
        assert_eq!(secret.expose(), "en hemmelighed");
    }

    #[test]
    fn a_key_file_that_opens_the_sealed_files_names_itself_again() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let (source, key) = bereft(dir);
        key.keep(&dir.join("elsewhere"), &source).unwrap();
        assert_eq!(obtain(dir, &source).unwrap().mark(), key.mark());
        assert!(dir.join("key.mark").exists());
    }

    #[test]
    fn a_key_file_that_opens_nothing_gives_way_to_the_restored_key_and_is_not_deleted() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let (source, key) = bereft(dir);
        let stranger = StoreKey::ephemeral().unwrap();
        stranger.keep(&dir.join("elsewhere"), &source).unwrap();
        key.keep(dir, &source).unwrap();
        assert_eq!(obtain(dir, &source).unwrap().mark(), key.mark());
        let aside = fs::read(dir.join("key/store.key.aside")).unwrap();
        assert_eq!(aside, stranger.to_text().as_bytes());
    }
}
