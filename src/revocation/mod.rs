//! Whether a certificate was revoked: from revocation lists (RFC 5280 §5) in files that the settings name.
//!
//! An answer is good, revoked, or unknown with its reason; a list that is missing, stale, badly signed or partial is
//! never good. Files are read again when they change on disk, because IT replaces them every day.

mod crl;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use jiff::Timestamp;

pub use crl::Crl;

use crate::cert::{self, Certificate, RevocationAnswer, RevocationUnknown};

/// Octets of a revocation list at most.
const MAX_OCTETS: u64 = 64 << 20;

/// Revocation lists in files.
#[derive(Default)]
pub struct CrlFiles {
    paths: Vec<PathBuf>,
    read: Mutex<HashMap<PathBuf, Loaded>>,
}

/// A file as it was when it was read: size and time tell whether it changed.
#[derive(Clone)]
struct Loaded {
    stamp: Option<(u64, SystemTime)>,
    lists: Arc<Result<Vec<Crl>, String>>,
}

impl CrlFiles {
    /// Lists in these files: DER or PEM, one or several each. Nothing is read yet.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self {
            paths,
            read: Mutex::default(),
        }
    }

    /// Further files.
    pub fn add(&mut self, paths: &[PathBuf]) {
        self.paths.extend_from_slice(paths);
    }

    /// What the lists say of `certificate`, issued by `issuer`, at a time. Lists of other issuers are passed over.
    pub fn answer(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
    ) -> RevocationAnswer {
        let mut best: Option<RevocationAnswer> = None;
        for path in &self.paths {
            let loaded = self.load(path);
            match loaded.lists.as_ref() {
                Err(detail) => better(&mut best, unreadable(path, detail)),
                Ok(lists) => {
                    for list in lists.iter().filter(|l| l.is_issued_by(issuer)) {
                        better(
                            &mut best,
                            list.answer(certificate, issuer, at, &shown(path)),
                        );
                    }
                }
            }
        }
        best.unwrap_or_else(|| {
            let issuer = issuer.facts().subject.clone();
            RevocationAnswer::Unknown(RevocationUnknown::NoSource { issuer })
        })
    }

    /// Files that cannot be read, each with the reason: for `doctor`.
    pub fn unreadable(&self) -> Vec<(PathBuf, String)> {
        let failed = |path: &PathBuf| {
            self.load(path)
                .lists
                .as_ref()
                .as_ref()
                .err()
                .map(|e| (path.clone(), e.clone()))
        };
        self.paths.iter().filter_map(failed).collect()
    }

    fn load(&self, path: &Path) -> Loaded {
        let stamp = std::fs::metadata(path)
            .and_then(|m| Ok((m.len(), m.modified()?)))
            .ok();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = read
            .get(path)
            .filter(|l| l.stamp == stamp && stamp.is_some())
        {
            return loaded.clone();
        }
        let loaded = Loaded {
            stamp,
            lists: Arc::new(read_file(path)),
        };
        read.insert(path.to_owned(), loaded.clone());
        loaded
    }
}

fn read_file(path: &Path) -> Result<Vec<Crl>, String> {
    let metadata = std::fs::metadata(path).map_err(|e| e.to_string())?;
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    if metadata.len() > MAX_OCTETS {
        return Err(format!(
            "{} octets; at most {MAX_OCTETS} are read",
            metadata.len()
        ));
    }
    let octets = std::fs::read(path).map_err(|e| e.to_string())?;
    let lists = cert::der_objects(&octets, "X509 CRL").map_err(|e| e.to_string())?;
    lists.iter().map(|der| Crl::from_der(der)).collect()
}

fn shown(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn unreadable(path: &Path, detail: &str) -> RevocationAnswer {
    RevocationAnswer::Unknown(RevocationUnknown::Unreadable {
        detail: format!("{}: {detail}", shown(path)),
    })
}

/// Revoked is final; a newer good answer goes before an older one; anything goes before nothing.
/// A list that speaks of this issuer tells more than a file that cannot be read.
fn better(best: &mut Option<RevocationAnswer>, answer: RevocationAnswer) {
    use RevocationAnswer::{Good, Revoked, Unknown};
    let replaces = match (best.as_ref(), &answer) {
        (None, _)
        | (Some(Unknown(_)), Good { .. } | Revoked { .. })
        | (Some(Good { .. }), Revoked { .. })
        | (Some(Unknown(RevocationUnknown::Unreadable { .. })), Unknown(_)) => true,
        (
            Some(Good {
                this_update: old, ..
            }),
            Good {
                this_update: new, ..
            },
        ) => new > old,
        _ => false,
    };
    if replaces {
        *best = Some(answer);
    }
}
