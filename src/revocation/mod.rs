//! Whether a certificate was revoked: from revocation lists (RFC 5280 §5) in files that the settings name or
//! that were fetched, and from responders (RFC 6960) where no list of today tells.
//!
//! An answer is good, revoked, or unknown with its reason; a list or an answer that is missing, stale, badly signed or
//! partial is never good. Files are read again when they change on disk, because IT replaces them every day.

mod crl;
mod entries;
pub mod ocsp;
mod scope;
mod signature;
mod status;
mod walk;

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use jiff::Timestamp;

pub use crl::Crl;
pub use scope::kind_of;
pub use status::Effort;
use status::{Inquiry, Sourced};

pub use ocsp::Responses;

use crate::cert::{self, Certificate, RevocationAnswer, RevocationUnknown};

/// Octets of a revocation list at most.
pub const MAX_OCTETS: u64 = 64 << 20;

/// Revocation lists in files.
#[derive(Default)]
pub struct CrlFiles {
    paths: Vec<PathBuf>,
    /// Lists that were fetched, by file.
    fetched: Mutex<Vec<PathBuf>>,
    read: Mutex<HashMap<PathBuf, Loaded>>,
}

/// A file as it was when it was read: size and time tell whether it changed.
#[derive(Clone)]
struct Loaded {
    stamp: Option<(u64, SystemTime)>,
    lists: Arc<Result<Vec<Arc<Crl>>, String>>,
}

impl CrlFiles {
    /// Lists in these files: DER or PEM, one or several each. Nothing is read yet.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self {
            paths,
            fetched: Mutex::default(),
            read: Mutex::default(),
        }
    }

    /// Further files.
    pub fn add(&mut self, paths: &[PathBuf]) {
        self.paths.extend_from_slice(paths);
    }

    /// A file that was fetched, or that an earlier program fetched. What is written there again is read again.
    pub fn add_fetched(&self, file: PathBuf) {
        let mut fetched = self.fetched();
        if !fetched.contains(&file) {
            fetched.push(file);
        }
    }

    fn fetched(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the lists say of each certificate of a path below its anchor, in the order of [`cert::Path::links`]. Signers
    /// of lists are looked for in `pool`.
    pub fn answers(
        &self,
        path: &cert::Path,
        pool: &[Certificate],
        at: Timestamp,
    ) -> Vec<RevocationAnswer> {
        self.answers_with(&Responses::default(), path, pool, &Effort::default(), at)
    }

    /// The same with what responders said, where the lists leave it open, and with what was asked on other paths of the
    /// same certificate.
    pub fn answers_with(
        &self,
        responses: &Responses,
        path: &cert::Path,
        pool: &[Certificate],
        effort: &Effort,
        at: Timestamp,
    ) -> Vec<RevocationAnswer> {
        let (lists, damaged) = self.at_hand();
        let pool: Vec<Certificate> = path
            .certificates()
            .iter()
            .skip(1)
            .chain(pool)
            .cloned()
            .collect();
        let inquiry = Inquiry::new(&lists, &pool, path.anchor(), effort, at);
        let ask = |(certificate, issuer): (&Certificate, &Certificate)| {
            let listed = match (inquiry.ask(certificate, issuer), &damaged) {
                // A file that cannot be read may have been the one that knows.
                (RevocationAnswer::Unknown(RevocationUnknown::NoSource { .. }), Some(why)) => {
                    RevocationAnswer::Unknown(why.clone())
                }
                (answer, _) => answer,
            };
            responses.beside(listed, certificate, issuer, &inquiry)
        };
        path.links().map(ask).collect()
    }

    /// Every list that can be read, and why the first that IT put there and that cannot, cannot.
    fn at_hand(&self) -> (Vec<Sourced>, Option<RevocationUnknown>) {
        let mut lists = Vec::new();
        let mut damaged = None;
        // A fetched list that cannot be read is fetched again; one that somebody put there is told.
        for file in &self.fetched().clone() {
            if let Ok(read) = self.load(file).lists.as_ref() {
                lists.extend(read.iter().map(|list| Sourced {
                    source: shown(file),
                    list: Arc::clone(list),
                }));
            }
        }
        for file in &self.paths {
            match self.load(file).lists.as_ref() {
                Err(detail) => damaged = damaged.or(Some(unreadable(file, detail))),
                Ok(read) => lists.extend(read.iter().map(|list| Sourced {
                    source: shown(file),
                    list: Arc::clone(list),
                })),
            }
        }
        (lists, damaged)
    }

    /// Whether a list that was fetched may be kept for a certificate, whose issuer leads to `anchor`: it speaks of that
    /// certificate, is not from the future, and whoever signed it may. The other lists tell of that signer.
    pub fn counts(
        &self,
        list: &Arc<Crl>,
        (certificate, issuer): (&Certificate, &Certificate),
        pool: &[Certificate],
        anchor: Option<&Certificate>,
        at: Timestamp,
    ) -> Result<(), RevocationUnknown> {
        let (mut lists, _) = self.at_hand();
        lists.push(Sourced {
            source: String::new(),
            list: Arc::clone(list),
        });
        let effort = Effort::default();
        Inquiry::new(&lists, pool, anchor, &effort, at).counts(list, certificate, issuer)
    }

    /// What a responder's answer says of a certificate by itself, its signer found with these lists.
    pub fn judge_answer(
        &self,
        answered: &ocsp::Answered,
        (certificate, issuer): (&Certificate, &Certificate),
        pool: &[Certificate],
        anchor: Option<&Certificate>,
        at: Timestamp,
    ) -> RevocationAnswer {
        let (lists, _) = self.at_hand();
        let effort = Effort::default();
        let inquiry = Inquiry::new(&lists, pool, anchor, &effort, at);
        answered.of(certificate, issuer, &inquiry)
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

fn read_file(path: &Path) -> Result<Vec<Arc<Crl>>, String> {
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
    let mut file = BufReader::new(File::open(path).map_err(|e| e.to_string())?);
    // DER is read as it comes; PEM must be decoded first.
    if file.fill_buf().map_err(|e| e.to_string())?.first() == Some(&0x30) {
        return Ok(vec![Arc::new(Crl::read(file)?)]);
    }
    let mut octets = Vec::new();
    file.take(MAX_OCTETS)
        .read_to_end(&mut octets)
        .map_err(|e| e.to_string())?;
    let lists = cert::der_objects(&octets, "X509 CRL").map_err(|e| e.to_string())?;
    lists
        .iter()
        .map(|der| Crl::from_der(der).map(Arc::new))
        .collect()
}

fn shown(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn unreadable(path: &Path, detail: &str) -> RevocationUnknown {
    RevocationUnknown::Unreadable {
        detail: format!("{}: {detail}", shown(path)),
    }
}
