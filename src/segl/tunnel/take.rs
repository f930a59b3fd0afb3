//! Taking a list in: verified, read, held against the one in force; then in force, or waiting for somebody.

use std::path::Path;

use jiff::Timestamp;

use super::{
    Kept, ListSource, Trouble, TunnelError,
    kept::State,
    signed::{self, SignedBy},
};
use crate::{
    mail::Digest,
    segl::Segl,
    tunnel::{self, Fault, List, Reason, Review, Unit},
};

/// Under this name the store keeps of which list it was said that it waits.
const TOLD: &str = "gateway-list-told";

/// A list as it came.
pub(super) struct Delivered {
    pub(super) octets: Vec<u8>,
    pub(super) source: ListSource,
    /// A signature that stands beside it.
    pub(super) signature: Option<Vec<u8>>,
    /// When it was fetched, or the file was written.
    pub(super) written_at: Timestamp,
}

/// What became of a list.
#[derive(Debug)]
pub enum Taken {
    /// It is the one in force already.
    Same(Kept),
    /// It is in force now.
    InForce {
        /// The list.
        kept: Kept,
        /// How it differs from the one before.
        review: Review,
        /// What of it was left out.
        faults: (Unit, Vec<Fault>),
    },
    /// It waits until somebody has seen the differences; the one before stays in force.
    Waits(WaitingList),
}

/// A list that waits.
#[derive(Debug)]
pub struct WaitingList {
    /// The list.
    pub kept: Kept,
    /// How it differs from the one in force.
    pub review: Review,
    /// Why it waits.
    pub reasons: Vec<Reason>,
}

/// What there is to say of the tunnel list.
#[derive(Debug)]
pub struct Status {
    /// The list in force.
    pub in_force: Option<Kept>,
    /// Whether it is older than the settings want.
    pub is_old: bool,
    /// One that waits.
    pub waiting: Option<WaitingList>,
    /// Why it could not be brought up to date.
    pub trouble: Option<Trouble>,
}

impl Status {
    /// Whether it is all as it should be.
    pub fn is_good(&self) -> bool {
        self.in_force.is_some() && !self.is_old && self.waiting.is_none() && self.trouble.is_none()
    }

    /// Whether there is anything to say.
    pub fn is_of_interest(&self) -> bool {
        self.in_force.is_some() || self.waiting.is_some() || self.trouble.is_some()
    }
}

impl Segl {
    /// Takes in a list from a file: the user's, or IT's. With a signature beside it (`.p7s`) or around it that is
    /// verified; without one it is taken on the word of whoever imports it. Blocks on disk and keyring.
    pub fn import_tunnel_list(&self, file: &Path, at: Timestamp) -> Result<Taken, TunnelError> {
        if self.config.policy_names_tunnel_list() {
            return Err(TunnelError::PolicyNames);
        }
        let full = std::fs::canonicalize(file).unwrap_or_else(|_gone| file.to_owned());
        let delivered = super::update::read_file(file, ListSource::Imported(full))?;
        self.vault()?.record(at)?;
        let _lock = self.tunnel.lock()?;
        self.take_list(&delivered, at)
    }

    /// Somebody saw the differences: the list that waits comes into force. `seen` is its digest, or the beginning of
    /// it, where the list that was looked at must be the one. Blocks on disk and keyring.
    pub fn confirm_tunnel_list(
        &self,
        seen: Option<&str>,
        at: Timestamp,
    ) -> Result<WaitingList, TunnelError> {
        let _lock = self.tunnel.lock()?;
        let mut state = self.tunnel.state()?;
        let waiting = self.waiting(&state)?.ok_or(TunnelError::NothingWaits)?;
        let digest = waiting.kept.sha256.to_string();
        if seen.is_some_and(|seen| !digest.starts_with(&seen.to_ascii_lowercase())) {
            return Err(TunnelError::NothingWaits);
        }
        self.note_list("gateway-list-confirmed", &waiting.kept, at)?;
        state.accepted = state.waiting.take();
        self.tunnel.set_state(&state)?;
        Ok(waiting)
    }

    /// Lets go of the list that waits. Blocks on disk.
    pub fn discard_tunnel_list(&self) -> Result<Kept, TunnelError> {
        let _lock = self.tunnel.lock()?;
        let mut state = self.tunnel.state()?;
        let gone = state.waiting.take().ok_or(TunnelError::NothingWaits)?;
        self.tunnel.set_state(&state)?;
        Ok(gone)
    }

    /// Whether a list waits of which that was not said yet. From now on it was. Blocks on disk.
    pub fn says_that_a_tunnel_list_waits(&self, at: Timestamp) -> bool {
        let waiting = self.tunnel.state().ok().and_then(|state| state.waiting);
        let (Some(kept), Some(vault)) = (waiting, self.door.opened()) else {
            return false;
        };
        let digest = kept.sha256.to_string();
        let told = vault.store().fact(TOLD).ok().flatten();
        if told.is_some_and(|told| told.value == digest) {
            return false;
        }
        // Where it cannot be kept, it is said once too often.
        let _kept = vault.store().set_fact(TOLD, &digest, at);
        true
    }

    /// What there is to say of the list. Blocks on disk.
    pub fn tunnel_status(&self, at: Timestamp) -> Result<Status, TunnelError> {
        let state = self.tunnel.state()?;
        let in_force = self.tunnel.in_force(&self.config)?.map(|f| f.kept);
        Ok(Status {
            is_old: in_force
                .as_ref()
                .is_some_and(|k| k.is_old(&self.config, at)),
            in_force,
            waiting: self.waiting(&state)?,
            trouble: state.trouble,
        })
    }

    fn waiting(&self, state: &State) -> Result<Option<WaitingList>, TunnelError> {
        let Some(kept) = state.waiting.clone() else {
            return Ok(None);
        };
        let list = self.tunnel.load(&kept)?;
        let review = self.review(&list)?;
        let reasons = review.reasons();
        Ok(Some(WaitingList {
            kept,
            review,
            reasons,
        }))
    }

    fn review(&self, new: &List) -> Result<Review, TunnelError> {
        let before = self.tunnel.in_force(&self.config)?;
        let before = before.as_ref().map(|f| &*f.list);
        Ok(tunnel::review(before, new, &self.own_domains()))
    }

    /// Under the lock.
    pub(super) fn take_list(
        &self,
        delivered: &Delivered,
        at: Timestamp,
    ) -> Result<Taken, TunnelError> {
        let Delivered {
            octets,
            source,
            written_at,
            ..
        } = delivered;
        let mut state = self.tunnel.state()?;
        let signed = self.signed(delivered, at)?;
        let (sha256, is_signed) = (Digest::of(octets), signed.is_some());
        let is_membership_only = matches!(source, ListSource::Url(_)) && !is_signed;
        let read = tunnel::read(&signed::content(octets)?)?;
        let list = if is_membership_only {
            read.list.membership_only()
        } else {
            read.list
        };
        let signed_at = signed.and_then(|s| s.at);
        let kept = Kept {
            sha256,
            size: octets.len() as u64,
            entries: list.len(),
            keys: list.keys(),
            faults: read.fault_count,
            source: source.clone(),
            // Nobody signs tomorrow.
            from: signed_at.unwrap_or(*written_at).min(at),
            taken_at: at,
            signed_by: signed.map(|s| s.signer),
            is_membership_only,
        };
        let in_force = self.tunnel.in_force(&self.config)?;
        if let Some(known) = in_force.map(|f| f.kept) {
            let is_same = known.sha256 == sha256
                && (&known.source, known.signed_by) == (source, kept.signed_by);
            if is_same {
                state.waiting = None;
                state.accepted = Some(Kept {
                    from: known.from.max(kept.from),
                    ..known.clone()
                });
                self.tunnel.set_state(&state)?;
                return Ok(Taken::Same(known));
            }
            let is_replayed = matches!(source, ListSource::Url(_))
                && signature_time(&known)
                    .is_some_and(|before| signed_at.is_none_or(|now| now < before));
            if is_replayed {
                return Err(TunnelError::Older);
            }
        }
        let review = self.review(&list)?;
        let reasons = review.reasons();
        self.tunnel.keep(sha256, octets)?;
        if !reasons.is_empty() {
            let is_new = state.waiting.as_ref().is_none_or(|w| w.sha256 != sha256);
            state.waiting = Some(kept.clone());
            self.tunnel.set_state(&state)?;
            if is_new {
                self.note_where_opened("gateway-list-waits", &kept, at)?;
            }
            return Ok(Taken::Waits(WaitingList {
                kept,
                review,
                reasons,
            }));
        }
        self.note_where_opened("gateway-list", &kept, at)?;
        state.accepted = Some(kept.clone());
        state.waiting = None;
        self.tunnel.set_state(&state)?;
        Ok(Taken::InForce {
            kept,
            review,
            faults: (read.unit, read.faults),
        })
    }

    /// A look-up needs no key, and then there is nothing to record in. Each mail through a gateway is recorded with its
    /// list in any case.
    fn note_where_opened(&self, code: &str, kept: &Kept, at: Timestamp) -> Result<(), TunnelError> {
        match self.door.opened() {
            Some(_) => self.note_list(code, kept, at),
            None => Ok(()),
        }
    }

    fn signed(
        &self,
        delivered: &Delivered,
        at: Timestamp,
    ) -> Result<Option<SignedBy>, TunnelError> {
        let Some(signer) = &self.config.tunnel.signer else {
            // Nobody is named whose signature would count.
            return Ok(None);
        };
        let detached = delivered.signature.as_deref();
        let found = signed::verify(&delivered.octets, detached, signer, at)?;
        if found.is_none() && matches!(delivered.source, ListSource::Url(_)) {
            return Err(TunnelError::Unsigned);
        }
        Ok(found)
    }
}

/// When the list in force was signed, where it was.
fn signature_time(kept: &Kept) -> Option<Timestamp> {
    kept.signed_by.map(|_| kept.from)
}
