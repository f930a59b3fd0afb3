//! The user's own private keys and their certificates, each sealed under the store key in a file of the data folder.
//!
//! Not in `store.sqlite`: the store may be deleted at any time, and a key that is gone takes every mail that was
//! encrypted to it along. Not in the keyring: Windows keeps 2,560 octets a secret. A key is never removed here, and a
//! file is only ever replaced by one for the same certificate: what was encrypted years ago must open. A file that does
//! not open takes no other key along: it is told, and set aside when its certificate is imported again.
//!
//! The sealed content is length-prefixed fields: format, PKCS #8, certificate, and the certificates above it. Plain
//! octets of a key are never written anywhere.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{
    KeyError, KeySource, StoreKey, fit, obtain,
    seal::{SealError, fields},
    source::mark_own,
};
use crate::{
    cert::Certificate,
    disk::{self, DiskError, Lock},
    identity::{Opener as _, OwnKey, SoftKey},
};

pub(super) const FOLDER: &str = "own";
pub(super) const ENDING: &str = "sealed";
const FORMAT: &[u8] = b"segl own key 1";

/// The own keys that are kept.
#[derive(Default)]
pub struct OwnKeys {
    /// Those that open, the one that is valid longest first.
    pub keys: Vec<OwnKey>,
    /// The files that do not: damaged, or sealed under another key.
    pub damaged: Vec<PathBuf>,
}

/// Keeps a key, durably, before it answers. `false` where it was kept already.
pub fn keep_own(own: &OwnKey, folder: &Path, source: &KeySource) -> Result<bool, KeyError> {
    let key = obtain(folder, source)?;
    // Two imports at once must not set aside each other's file.
    let _lock = Lock::wait(&folder.join("key.lock"))?;
    let folder = folder.join(FOLDER);
    disk::private_dir(&folder)?;
    let name = own.key.certificate().sha256().to_string();
    let file = folder.join(&name).with_extension(ENDING);
    let before = match disk::read_small(&file)? {
        None => None,
        Some(octets) => {
            let kept = open(&key, &name, &octets)?;
            if kept.is_none() {
                // Another store key may open it one day.
                disk::set_aside(&file, DAMAGED)?;
            }
            kept
        }
    };
    // A second import may bring less than the first: what is above the certificate is not taken away.
    if let Some(kept) = &before
        && own.chain.iter().all(|c| kept.chain.contains(c))
    {
        return Ok(false);
    }
    let pkcs8 = own.key.to_pkcs8().map_err(SealError::from)?;
    let mut parts: Vec<&[u8]> = vec![FORMAT, &pkcs8, own.key.certificate().der()];
    parts.extend(own.chain.iter().map(Certificate::der));
    let plain = Zeroizing::new(fields(&parts));
    let sealed = key.derive(USE)?.seal(name.as_bytes(), &plain)?;
    disk::replace(&file, &sealed)?;
    mark_own(&folder, &key)?;
    Ok(before.is_none())
}

pub(super) const USE: &str = "segl own key 1";
/// What is added to the name of a file that was set aside.
const DAMAGED: &str = ".damaged";

/// Every key that is kept. Where none is, the store key is not asked for.
///
/// [`KeyError::FitsNone`] where the store key opens nothing at all: then it is in doubt, and not the files.
pub fn own(folder: &Path, source: &KeySource) -> Result<OwnKeys, KeyError> {
    let files = files(&folder.join(FOLDER), ENDING)?;
    if files.is_empty() {
        return Ok(OwnKeys::default());
    }
    let key = obtain(folder, source)?;
    let opened = open_each(files, |name, octets| open(&key, name, octets))?;
    let (mut found, damaged) = opened.or_in_doubt(&key, folder)?;
    found.sort_by_key(|own| {
        let certificate = own.key.certificate();
        let until = certificate.facts().not_after;
        (std::cmp::Reverse(until), certificate.sha256())
    });
    Ok(OwnKeys {
        keys: found,
        damaged,
    })
}

/// What came of opening sealed files one by one.
pub(super) struct Opened<T> {
    pub(super) found: Vec<T>,
    damaged: Vec<PathBuf>,
    unread: Option<DiskError>,
}

/// Opens each file by itself, so that a damaged one takes no other along.
pub(super) fn open_each<T>(
    files: Vec<PathBuf>,
    open: impl Fn(&str, &[u8]) -> Result<Option<T>, KeyError>,
) -> Result<Opened<T>, KeyError> {
    let (mut found, mut damaged, mut unread) = (Vec::new(), Vec::new(), None);
    for file in files {
        let octets = match disk::read_small(&file) {
            Ok(None) => continue,
            Ok(Some(octets)) => octets,
            Err(cause) => {
                unread = Some(cause);
                damaged.push(file);
                continue;
            }
        };
        // Who renames a file so that its name is no text gets what a damaged one gets.
        let name = file.file_stem().and_then(|n| n.to_str());
        match open(name.unwrap_or_default(), &octets)? {
            Some(one) => found.push(one),
            None => damaged.push(file),
        }
    }
    damaged.sort();
    Ok(Opened {
        found,
        damaged,
        unread,
    })
}

impl<T> Opened<T> {
    /// What was found, and the damaged files; an error where the key has opened nothing anywhere.
    pub(super) fn or_in_doubt(
        self,
        key: &StoreKey,
        folder: &Path,
    ) -> Result<(Vec<T>, Vec<PathBuf>), KeyError> {
        let is_in_doubt = self.found.is_empty() && !self.damaged.is_empty();
        if is_in_doubt && !fit::opens_any(key, folder)? {
            return Err(self.unread.map_or(KeyError::FitsNone, KeyError::Disk));
        }
        Ok((self.found, self.damaged))
    }
}

/// The fingerprints of the certificates whose keys are kept, as text, without asking for the store key.
pub fn kept(folder: &Path) -> Result<Vec<String>, KeyError> {
    let names = files(&folder.join(FOLDER), ENDING)?.into_iter();
    let stem = |file: PathBuf| Some(file.file_stem()?.to_str()?.to_owned());
    Ok(names.filter_map(stem).collect())
}

/// Which keys are kept, by the names of their files: to notice that one came, without asking for the store key.
pub fn own_names(folder: &Path) -> Result<Vec<PathBuf>, KeyError> {
    let folder = folder.join(FOLDER);
    let mut names = files(&folder, ENDING)?;
    names.extend(files(&folder, super::token::REMEMBERED)?);
    names.sort();
    Ok(names)
}

/// The files of a folder with this ending; none where there is no folder.
pub(super) fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, KeyError> {
    let entries = match std::fs::read_dir(folder) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(disk::DiskError::from(cause).into()),
        Ok(entries) => entries,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(disk::DiskError::from)?.path();
        if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Bound to its name, which is the certificate's fingerprint: a file that was moved or exchanged does not open.
fn open(key: &StoreKey, name: &str, octets: &[u8]) -> Result<Option<OwnKey>, KeyError> {
    let plain = key.derive(USE)?.open_if_whole(name.as_bytes(), octets)?;
    let own = plain.and_then(|plain| read(&plain));
    Ok(own.filter(|own| own.key.certificate().sha256().to_string() == name))
}

fn read(plain: &[u8]) -> Option<OwnKey> {
    let mut parts = split(plain)?.into_iter();
    if parts.next()? != FORMAT {
        return None;
    }
    let pkcs8 = parts.next()?;
    let certificate = Certificate::from_der(parts.next()?).ok()?;
    let chain = parts
        .map(|der| Certificate::from_der(der).ok())
        .collect::<Option<_>>()?;
    let key = SoftKey::from_pkcs8(certificate, pkcs8)?;
    Some(OwnKey { key, chain })
}

/// The length-prefixed fields of a sealed content; none where it is cut.
pub(super) fn split(plain: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut rest, mut found) = (plain, Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (field, after) = after.split_at_checked(length)?;
        found.push(field);
        rest = after;
    }
    rest.is_empty().then_some(found)
}
