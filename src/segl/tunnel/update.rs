//! Bringing the list up to date: from the file or the server that the settings name.
//!
//! No clock of its own: whoever looks somebody up, or asks for it, is the occasion. A server is asked once in a seventh of
//! the age that the settings allow, and one that failed not before an hour is over.

use std::{
    fs::{self, File},
    io::Read as _,
    path::Path,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Kept, ListSource, Stamp, Taken, Trouble, TunnelError, take::Delivered};
use crate::{
    config::ListFrom,
    net::{Https, Names, Reach, Roots},
    segl::Segl,
    tunnel::MAX_OCTETS,
};

const DEADLINE: Duration = Duration::from_secs(20);
/// Octets of a signature beside a list at most.
const MAX_SIGNATURE: usize = 1 << 20;
/// After a failure.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// What a signature's name has behind that of the list.
const BESIDE: &str = "p7s";

impl Segl {
    /// Asks for the list that the settings name now, whenever it was asked for last. Blocks on disk and keyring.
    pub async fn update_tunnel_list(&self, at: Timestamp) -> Result<Taken, TunnelError> {
        let from = self.config.tunnel.from.clone();
        let from = from.ok_or(TunnelError::NotConfigured)?;
        self.vault()?.record(at)?;
        let delivered = self.deliver(&from, at).await;
        let _lock = self.tunnel.lock()?;
        let taken = delivered.and_then(|delivered| self.take_list(&delivered, at));
        self.note_try(taken.as_ref().err(), at)?;
        taken
    }

    /// The same where it is due, in passing: what goes wrong is kept for whoever looks, and the list in force stays.
    pub(in crate::segl) async fn refresh_tunnel_list(&self, at: Timestamp) {
        let Some(from) = self.config.tunnel.from.clone() else {
            return;
        };
        if !self.is_due(&from, at) {
            return;
        }
        // One at a time: a pasted list of recipients needs it once.
        let _turn = self.fetching.lock().await;
        if !self.is_due(&from, at) {
            return;
        }
        // Another program is at it: what it brings is here the next time.
        let Ok(Some(_lock)) = self.tunnel.lock_now() else {
            return;
        };
        if let ListFrom::File(file) = &from {
            *self.tunnel.seen() = stamp(file);
        }
        let taken = match self.deliver(&from, at).await {
            Ok(delivered) => self.take_list(&delivered, at),
            Err(cause) => Err(cause),
        };
        // What cannot be kept shows as a list that grows old.
        let _noted = self.note_try(taken.as_ref().err(), at);
    }

    fn is_due(&self, from: &ListFrom, at: Timestamp) -> bool {
        match from {
            ListFrom::File(file) => {
                let now = stamp(file);
                now.is_none() || *self.tunnel.seen() != now
            }
            ListFrom::Url(url) => {
                let Ok(state) = self.tunnel.state() else {
                    return true;
                };
                let pause = if state.trouble.is_some() {
                    PAUSE
                } else {
                    (self.config.tunnel.max_age / 7).max(PAUSE)
                };
                let source = ListSource::Url(url.as_str().to_owned());
                let is_known =
                    |kept: &Option<Kept>| kept.as_ref().is_some_and(|k| k.source == source);
                let is_other = state.trouble.is_none()
                    && !is_known(&state.accepted)
                    && !is_known(&state.waiting);
                is_other
                    || state.tried_at.is_none_or(|tried| {
                        // A try in the future is a clock that was set back.
                        let age = at.duration_since(tried);
                        age.is_negative() || age > pause
                    })
            }
        }
    }

    async fn deliver(&self, from: &ListFrom, at: Timestamp) -> Result<Delivered, TunnelError> {
        match from {
            ListFrom::File(file) => read_file(file, ListSource::File(file.clone())),
            ListFrom::Url(url) => self.fetch_tunnel_list(url, at).await,
        }
    }

    async fn fetch_tunnel_list(&self, url: &Url, at: Timestamp) -> Result<Delivered, TunnelError> {
        let settings = &self.config.tunnel;
        let roots = Roots::system_and(settings.ca_file.as_deref());
        let roots = roots.map_err(crate::net::HttpFault::from)?;
        let https = Https::new(&roots, Names::System, Reach::Anywhere);
        let https = https.map_err(crate::net::HttpFault::from)?;
        let https = https.with_dates(&self.dates).within(DEADLINE);
        let answer = https.clone().at_most(MAX_OCTETS).get(url).await?;
        if answer.status != 200 {
            return Err(TunnelError::Answer(answer.status));
        }
        let mut signature = None;
        if settings.signer.is_some() && !crate::smime::open::is_structure(&answer.body) {
            let mut beside = url.clone();
            beside.set_path(&format!("{}.{BESIDE}", url.path()));
            let found = https.at_most(MAX_SIGNATURE).get(&beside).await?;
            signature = (found.status == 200).then(|| found.body.to_vec());
        }
        Ok(Delivered {
            octets: answer.body.to_vec(),
            source: ListSource::Url(url.as_str().to_owned()),
            signature,
            written_at: at,
        })
    }

    /// When the server was last asked for the list.
    pub(in crate::segl) fn tunnel_tried_at(&self) -> Option<Timestamp> {
        self.tunnel.state().ok()?.tried_at
    }

    fn note_try(&self, cause: Option<&TunnelError>, at: Timestamp) -> Result<(), TunnelError> {
        let mut state = self.tunnel.state()?;
        state.tried_at = Some(at);
        state.trouble = cause.map(|cause| Trouble {
            at,
            code: cause.code().to_owned(),
            detail: cause.to_string(),
        });
        self.tunnel.set_state(&state)
    }
}

/// None where the file cannot be seen.
fn stamp(file: &Path) -> Option<Stamp> {
    let facts = fs::metadata(file).ok()?;
    let modified = facts.modified().ok().and_then(|t| t.try_into().ok());
    Some((facts.len(), modified))
}

/// Reads a list, and the signature that lies beside it under the same name.
pub(super) fn read_file(file: &Path, source: ListSource) -> Result<Delivered, TunnelError> {
    let failed = |source| TunnelError::Read {
        file: file.to_owned(),
        source,
    };
    // Asked of the path before it is opened: opening a FIFO would wait for somebody to write.
    let facts = fs::metadata(file).map_err(failed)?;
    if !facts.is_file() {
        return Err(failed(std::io::Error::other("not a regular file")));
    }
    let written_at = facts.modified().ok().and_then(|t| t.try_into().ok());
    let octets = read_at_most(file, MAX_OCTETS).map_err(failed)?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{BESIDE}"));
    let beside = Path::new(&beside);
    let signature = if beside.is_file() {
        Some(read_at_most(beside, MAX_SIGNATURE).map_err(failed)?)
    } else {
        None
    };
    Ok(Delivered {
        octets,
        source,
        signature,
        // A disk that tells no time: as old as can be, which is told.
        written_at: written_at.unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

/// One octet more than may be is read, so that whoever reads it sees that it is too large.
fn read_at_most(file: &Path, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    File::open(file)?
        .take(limit as u64 + 1)
        .read_to_end(&mut octets)?;
    Ok(octets)
}
