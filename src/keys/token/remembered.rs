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
        KeyError, KeySource, obtain,
        own::{FOLDER, files, split},
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
    let before = all(folder, source)?;
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

/// All that is remembered.
pub(super) fn all(folder: &Path, source: &KeySource) -> Result<Vec<(Token, TokenKey)>, KeyError> {
    let files = files(&folder.join(FOLDER), ENDING)?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let key = obtain(folder, source)?.derive(USE)?;
    let mut found = Vec::new();
    for file in files {
        let name = file.file_stem().and_then(|n| n.to_str());
        let name = name.ok_or(KeyError::EntryMalformed)?;
        if let Some(octets) = disk::read_small(&file)? {
            let plain = key.open(name.as_bytes(), &octets)?;
            let one = read(&plain).filter(|k| k.certificate.sha256().to_string() == name);
            let one = one.ok_or(KeyError::EntryMalformed)?;
            found.push((one.token.clone(), one));
        }
    }
    Ok(found)
}

/// Forgets all certificates of a token.
pub(super) fn forget(token: &Token, folder: &Path, source: &KeySource) -> Result<usize, KeyError> {
    let of_it: Vec<TokenKey> = all(folder, source)?
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
