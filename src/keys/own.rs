//! The user's own private keys and their certificates, each sealed under the store key in a file of the data folder.
//!
//! Not in `store.sqlite`: the store may be deleted at any time, and a key that is gone takes every mail that was
//! encrypted to it along. Not in the keyring: Windows keeps 2,560 octets a secret. A key is never removed here, and a
//! file is only ever replaced by one for the same certificate: what was encrypted years ago must open.
//!
//! The sealed content is length-prefixed fields: format, PKCS #8, certificate, and the certificates above it. Plain
//! octets of a key are never written anywhere.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{
    KeyError, KeySource, StoreKey, obtain,
    seal::{SealError, fields},
    source::mark_own,
};
use crate::{
    cert::Certificate,
    disk,
    identity::{Opener as _, OwnKey, SoftKey},
};

pub(super) const FOLDER: &str = "own";
pub(super) const ENDING: &str = "sealed";
const FORMAT: &[u8] = b"segl own key 1";

/// Keeps a key, durably, before it answers. `false` where it was kept already.
pub fn keep_own(own: &OwnKey, folder: &Path, source: &KeySource) -> Result<bool, KeyError> {
    let key = obtain(folder, source)?;
    let folder = folder.join(FOLDER);
    disk::private_dir(&folder)?;
    let name = own.key.certificate().sha256().to_string();
    let file = folder.join(&name).with_extension(ENDING);
    let before = disk::read_small(&file)?;
    if let Some(octets) = &before {
        // A second import may bring less than the first: what is above the certificate is not taken away.
        let kept = open(&key, &name, octets)?;
        if own.chain.iter().all(|c| kept.chain.contains(c)) {
            return Ok(false);
        }
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

/// Every key that is kept, the one that is valid longest first. Where none is, the store key is not asked for.
pub fn own(folder: &Path, source: &KeySource) -> Result<Vec<OwnKey>, KeyError> {
    let files = files(&folder.join(FOLDER), ENDING)?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let key = obtain(folder, source)?;
    let mut found = Vec::new();
    for file in files {
        let name = file.file_stem().and_then(|n| n.to_str());
        let name = name.ok_or(KeyError::EntryMalformed)?;
        if let Some(octets) = disk::read_small(&file)? {
            found.push(open(&key, name, &octets)?);
        }
    }
    found.sort_by_key(|own| {
        let certificate = own.key.certificate();
        let until = certificate.facts().not_after;
        (std::cmp::Reverse(until), certificate.sha256())
    });
    Ok(found)
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
fn open(key: &StoreKey, name: &str, octets: &[u8]) -> Result<OwnKey, KeyError> {
    let plain = key.derive(USE)?.open(name.as_bytes(), octets)?;
    read(&plain)
        .filter(|own| own.key.certificate().sha256().to_string() == name)
        .ok_or(KeyError::EntryMalformed)
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
