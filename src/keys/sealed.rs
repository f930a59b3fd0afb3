//! Small secrets that a keyring is too small for, sealed under the store key in the data folder.
//!
//! Windows keeps 2,560 octets a secret, and refresh tokens are longer; an entry in several pieces could be half old and
//! half new after a crash, and a refresh token that is half new is a sign-in lost. So the keyring holds the store key,
//! and the secret lies beside the databases, replaced whole. Never written anywhere unsealed.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{KeyError, KeySource, Password, obtain};
use crate::disk;

pub(super) const ENDING: &str = "sealed";
pub(super) const USE: &str = "secret";

/// The secret called `name`; `None` where none was kept.
pub fn sealed(name: &str, folder: &Path, source: &KeySource) -> Result<Option<Password>, KeyError> {
    let Some(octets) = disk::read_small(&file(name, folder))? else {
        return Ok(None);
    };
    let key = obtain(folder, source)?;
    let opened = key.derive(USE)?.open(name.as_bytes(), &octets)?;
    let text = str::from_utf8(&opened).map_err(|_not_text| KeyError::EntryMalformed)?;
    Ok(Some(Password::new(text.to_owned())))
}

/// Keeps a secret under a name, in place of what was there. Whoever may run at the same time as another holds a lock.
pub fn keep_sealed(
    name: &str,
    secret: &Zeroizing<String>,
    folder: &Path,
    source: &KeySource,
) -> Result<(), KeyError> {
    let key = obtain(folder, source)?;
    let octets = key.derive(USE)?.seal(name.as_bytes(), secret.as_bytes())?;
    Ok(disk::replace(&file(name, folder), &octets)?)
}

/// Removes a secret; that there was none is no error.
pub fn forget_sealed(name: &str, folder: &Path) -> Result<(), KeyError> {
    Ok(disk::remove(&file(name, folder))?)
}

fn file(name: &str, folder: &Path) -> PathBuf {
    folder.join(format!("{name}.{ENDING}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_secret_is_kept_sealed_replaced_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("store.key");
        std::fs::write(&key, "11".repeat(32)).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let source = KeySource::File(key);
        let folder = folder.path();
        assert!(sealed("sign-in", folder, &source).unwrap().is_none());
        for text in ["first-refresh-token".to_owned(), "x".repeat(9000)] {
            keep_sealed("sign-in", &Zeroizing::new(text.clone()), folder, &source).unwrap();
            let read = sealed("sign-in", folder, &source).unwrap().unwrap();
            assert_eq!(read.expose(), text);
            let octets = std::fs::read(file("sign-in", folder)).unwrap();
            assert!(!octets.windows(9).any(|w| w == &text.as_bytes()[..9]));
        }
        // Under another name it does not open: a file that was moved is not taken for another secret.
        std::fs::rename(file("sign-in", folder), file("other", folder)).unwrap();
        assert!(matches!(
            sealed("other", folder, &source),
            Err(KeyError::Seal(_))
        ));
        forget_sealed("other", folder).unwrap();
        forget_sealed("other", folder).unwrap();
        assert!(sealed("other", folder, &source).unwrap().is_none());
    }
}
