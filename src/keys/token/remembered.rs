//! Which certificates a token held, sealed in the data folder beside the keys that are kept: certificates only.
//!
//! Sealed although nothing in it is secret: who could write here could otherwise name a further reader of all mail.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Token, TokenKey, TokenState};
use crate::{
    cert::Certificate,
    disk,
    keys::{
        KeyError, KeySource, StoreKey, obtain,
        own::{FOLDER, Opened, files, open_each, split},
        seal::fields,
    },
};

pub(in crate::keys) const ENDING: &str = "token";
const FORMAT: &[u8] = b"segl token key 1";

/// Remembers what is in the tokens that are there, and forgets what is no longer in them: a card that got a new
/// certificate has the old one no more.
pub(super) fn keep(
    seen: &[TokenKey],
    present: &BTreeSet<Token>,
    folder: &Path,
    source: &KeySource,
) -> Result<(), KeyError> {
    if present.is_empty() {
        return Ok(());
    }
    // A file that does not open is written anew where its certificate is in a token that is there: nothing else is in it.
    let before = match read_each(folder, source)? {
        Some((_, opened)) => opened.found,
        None => Vec::new(),
    };
    for (token, key) in &before {
        let is_there = |k: &&TokenKey| k.certificate() == key.certificate() && k.token == *token;
        if present.contains(token) && !seen.iter().any(|k| is_there(&k)) {
            disk::remove(&file(folder, key))?;
        }
    }
    let new = seen.iter().filter(|key| {
        let is_known = |(token, k): &(Token, TokenKey)| {
            *token == key.token && k.certificate == key.certificate && k.chain == key.chain
        };
        !before.iter().any(is_known)
    });
    for key in new {
        let sealing = obtain(folder, source)?;
        disk::private_dir(&folder.join(FOLDER))?;
        let module = key.module.to_string_lossy();
        let mut parts: Vec<&[u8]> = vec![
            FORMAT,
            module.as_bytes(),
            key.token.label.as_bytes(),
            key.token.serial.as_bytes(),
            &key.id,
            key.certificate.der(),
        ];
        parts.extend(key.chain.iter().map(Certificate::der));
        let name = key.certificate.sha256().to_string();
        let sealed = sealing
            .derive(USE)?
            .seal(name.as_bytes(), &fields(&parts))?;
        disk::replace(&file(folder, key), &sealed)?;
    }
    Ok(())
}

pub(in crate::keys) const USE: &str = "segl token key 1";

type Remembered = (Token, TokenKey);

/// All that is remembered, and the files that do not open.
pub(super) fn all(
    folder: &Path,
    source: &KeySource,
) -> Result<(Vec<Remembered>, Vec<PathBuf>), KeyError> {
    match read_each(folder, source)? {
        Some((key, opened)) => opened.or_in_doubt(&key, folder),
        None => Ok(Default::default()),
    }
}

/// Each file that there is, and the store key that it was opened with.
fn read_each(
    folder: &Path,
    source: &KeySource,
) -> Result<Option<(StoreKey, Opened<Remembered>)>, KeyError> {
    let files = files(&folder.join(FOLDER), ENDING)?;
    if files.is_empty() {
        return Ok(None);
    }
    let key = obtain(folder, source)?;
    let opening = key.derive(USE)?;
    let opened = open_each(files, |name, octets| {
        let plain = opening.open_if_whole(name.as_bytes(), octets)?;
        let one = plain.and_then(|plain| read(&plain));
        let one = one.filter(|k| k.certificate.sha256().to_string() == name);
        Ok(one.map(|one| (one.token.clone(), one)))
    })?;
    Ok(Some((key, opened)))
}

/// Forgets all certificates of a token.
pub(super) fn forget(token: &Token, folder: &Path, source: &KeySource) -> Result<usize, KeyError> {
    let (remembered, _damaged) = all(folder, source)?;
    let of_it: Vec<TokenKey> = remembered
        .into_iter()
        .filter(|(t, _)| t == token)
        .map(|(_, key)| key)
        .collect();
    for key in &of_it {
        disk::remove(&file(folder, key))?;
    }
    Ok(of_it.len())
}

fn file(folder: &Path, key: &TokenKey) -> PathBuf {
    let name = key.certificate.sha256().to_string();
    folder.join(FOLDER).join(name).with_extension(ENDING)
}

fn read(plain: &[u8]) -> Option<TokenKey> {
    let mut parts = split(plain)?.into_iter();
    if parts.next()? != FORMAT {
        return None;
    }
    let mut text = || Some(str::from_utf8(parts.next()?).ok()?.to_owned());
    let (module, label, serial) = (text()?, text()?, text()?);
    Some(TokenKey {
        module: module.into(),
        token: Token { label, serial },
        id: parts.next()?.to_vec(),
        certificate: Certificate::from_der(parts.next()?).ok()?,
        chain: parts
            .map(|der| Certificate::from_der(der).ok())
            .collect::<Option<_>>()?,
        state: TokenState::Absent,
    })
}
