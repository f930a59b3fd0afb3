//! What is kept of lists in the data folder: each list's octets under their digest, and one small file that says which
//! is in force and which waits. That file is replaced whole, so that a crash leaves the old state or the new one.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, PoisonError},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Desk, TunnelError};
use crate::{
    cert::Fingerprint,
    config::{Config, ListFrom},
    disk::{self, Lock},
    mail::Digest,
    tunnel::{self, List},
};

const STATE: &str = "state.json";
const LOCK: &str = "tunnel.lock";

/// Where a list came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListSource {
    /// The file that the settings name.
    File(PathBuf),
    /// The server that the settings name.
    Url(String),
    /// A file that somebody imported.
    Imported(PathBuf),
}

/// A list that is kept, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// SHA-256 of the octets as they came, signature included.
    pub sha256: Digest,
    /// Their number.
    pub size: u64,
    /// How many entries it has.
    pub entries: usize,
    /// How many of them say which certificate counts.
    pub keys: usize,
    /// How many lines were left out.
    pub faults: usize,
    /// Where it came from.
    pub source: ListSource,
    /// From when it is: signed then; else fetched, or the file was written.
    pub from: Timestamp,
    /// When it was taken in.
    pub taken_at: Timestamp,
    /// The certificate that signed it.
    pub signed_by: Option<Fingerprint>,
    /// Whether it tells membership only, because it came over the network and nobody signed it.
    pub is_membership_only: bool,
}

/// Why the last try to bring the list up to date failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When.
    pub at: Timestamp,
    /// Its code.
    pub code: String,
    /// Detail for IT.
    pub detail: String,
}

/// Which lists there are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) accepted: Option<Kept>,
    pub(super) waiting: Option<Kept>,
    /// When it was last tried to bring it up to date.
    #[serde(default)]
    pub(super) tried_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) trouble: Option<Trouble>,
}

/// The list in force, in memory.
#[derive(Clone)]
pub(super) struct InForce {
    pub(super) kept: Kept,
    pub(super) list: Arc<List>,
}

impl fmt::Display for ListSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) | Self::Imported(file) => write!(f, "{}", file.display()),
            // What stands behind the path may be a secret.
            Self::Url(url) => f.write_str(url.split(['?', '#']).next().unwrap_or_default()),
        }
    }
}

impl ListSource {
    /// Its code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Url(_) => "url",
            Self::Imported(_) => "imported",
        }
    }

    /// Whether the settings still want lists from there.
    fn is_wanted(&self, config: &Config) -> bool {
        match (self, &config.tunnel.from) {
            (Self::File(own), Some(ListFrom::File(named))) => own == named,
            (Self::Url(own), Some(ListFrom::Url(named))) => own == named.as_str(),
            (Self::Imported(_), _) => !config.policy_names_tunnel_list(),
            _ => false,
        }
    }
}

impl Kept {
    /// Whether it is older than the settings want.
    pub fn is_old(&self, config: &Config, at: Timestamp) -> bool {
        at.duration_since(self.from) > config.tunnel.max_age
    }
}

impl Desk {
    pub(super) fn lock(&self) -> Result<Lock, TunnelError> {
        disk::private_dir(&self.folder)?;
        Ok(Lock::wait(&self.folder.join(LOCK))?)
    }

    pub(super) fn lock_now(&self) -> Result<Option<Lock>, TunnelError> {
        disk::private_dir(&self.folder)?;
        Ok(Lock::now(&self.folder.join(LOCK))?)
    }

    pub(super) fn state(&self) -> Result<State, TunnelError> {
        let octets = disk::read_small(&self.folder.join(STATE))?;
        octets.map_or_else(
            || Ok(State::default()),
            |octets| serde_json::from_slice(&octets).or(Err(TunnelError::Damaged)),
        )
    }

    /// Replaces the state, and lets go of lists that nothing names any more.
    pub(super) fn set_state(&self, state: &State) -> Result<(), TunnelError> {
        let json = serde_json::to_vec_pretty(state).or(Err(TunnelError::Damaged))?;
        disk::replace(&self.folder.join(STATE), &json)?;
        let named: Vec<PathBuf> = [&state.accepted, &state.waiting]
            .into_iter()
            .flatten()
            .map(|kept| self.file(kept.sha256))
            .collect();
        let Ok(files) = std::fs::read_dir(&self.folder) else {
            return Ok(());
        };
        let files = files.filter_map(|f| Some(f.ok()?.path()));
        for file in files.filter(|f| f.extension().is_some_and(|e| e == "list")) {
            if !named.contains(&file) {
                // One that stays costs room and nothing else.
                let _gone = disk::remove(&file);
            }
        }
        Ok(())
    }

    pub(super) fn keep(&self, sha256: Digest, octets: &[u8]) -> Result<(), TunnelError> {
        Ok(disk::replace(&self.file(sha256), octets)?)
    }

    /// Reads a kept list again: its octets must be those that were taken in.
    pub(super) fn load(&self, kept: &Kept) -> Result<List, TunnelError> {
        let octets = std::fs::read(self.file(kept.sha256)).or(Err(TunnelError::Damaged))?;
        if Digest::of(&octets) != kept.sha256 {
            return Err(TunnelError::Damaged);
        }
        // The signature was verified when it was taken in, by the certificate of that time.
        let content = super::signed::content(&octets)?;
        let list = tunnel::read(&content)?.list;
        Ok(if kept.is_membership_only {
            list.membership_only()
        } else {
            list
        })
    }

    /// The list in force; none where there is none, or where the settings no longer want it.
    pub(super) fn in_force(&self, config: &Config) -> Result<Option<InForce>, TunnelError> {
        let accepted = self.state()?.accepted;
        let wanted = accepted.filter(|kept| kept.source.is_wanted(config));
        let Some(kept) = wanted else {
            return Ok(None);
        };
        let mut held = self.in_force.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.as_mut().filter(|k| k.kept.sha256 == kept.sha256) {
            known.kept = kept;
            return Ok(Some(known.clone()));
        }
        let list = Arc::new(self.load(&kept)?);
        *held = Some(InForce { kept, list });
        Ok(held.clone())
    }

    fn file(&self, sha256: Digest) -> PathBuf {
        self.folder.join(format!("{sha256}.list"))
    }
}
