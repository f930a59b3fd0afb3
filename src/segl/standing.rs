//! Assessments that were made for later mail: recorded first, then kept; ended by their date, by other facts, or by hand.

use jiff::Timestamp;
use serde_json::json;

use super::{Segl, drafts, recorded};
use crate::{
    decide::{Covered, Standing},
    keys::KeyError,
    mail::Address,
    record::{Evidence, Note, RecordError},
    store::{Store, StoreError},
};

/// Under this name the store keeps them.
const FACT: &str = "assessments-in-force";
/// Whoever changes them holds the lock of this file: one that was ended must not come back.
const LOCK: &str = "assessments.lock";

/// Why assessments cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    /// Policy does not let a sender make one.
    #[error("policy allows none")]
    NotAllowed,
    /// There is none for this address or domain.
    #[error("there is none for {0}")]
    None(String),
    /// The key of the store is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be recorded, and so it does not count.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Another program is changing them.
    #[error("another program is changing them")]
    Busy,
    /// What is kept cannot be written.
    #[error("cannot be written: {0}")]
    Format(#[from] serde_json::Error),
}

impl Segl {
    /// Those in force. Where they cannot be read there are none: the sender is asked.
    pub fn standing(&self, at: Timestamp) -> Vec<Standing> {
        let Some(store) = self.answers_store() else {
            return Vec::new();
        };
        let mut all = kept(&store).unwrap_or_default();
        all.retain(|s| s.is_in_force(at));
        all
    }

    /// Records assessments and keeps them. Each takes the place of an earlier one for the same address or domain.
    pub fn keep_standing(
        &self,
        made: Vec<Standing>,
        at: Timestamp,
    ) -> Result<Vec<Standing>, StandingError> {
        if self.config.standing.is_none() {
            return Err(StandingError::NotAllowed);
        }
        let vault = self.vault()?;
        let _lock = drafts::patient(&self.door.folder().join(LOCK))
            .ok()
            .flatten()
            .ok_or(StandingError::Busy)?;
        let mut all = kept(vault.store())?;
        for mut standing in made {
            let content = recorded::standing(&standing);
            let octets = serde_json::to_vec(&content)?;
            let evidence = Evidence {
                code: "assessment".to_owned(),
                sha256: crate::mail::Digest::of(&octets).to_string(),
                content,
                about: None,
            };
            standing.row = vault.record(at)?.append(evidence, at)?.seq;
            all.retain(|s| s.covered != standing.covered);
            all.push(standing);
        }
        // What is over by itself needs no place any more: the record has it.
        all.retain(|s| s.until > at);
        vault
            .store()
            .set_fact(FACT, &serde_json::to_string(&all)?, at)?;
        all.retain(|s| s.is_in_force(at));
        Ok(all)
    }

    /// Ends an assessment before its time, and records that.
    pub fn end_standing(
        &self,
        covered: &Covered,
        at: Timestamp,
    ) -> Result<Vec<Standing>, StandingError> {
        let vault = self.vault()?;
        let _lock = drafts::patient(&self.door.folder().join(LOCK))
            .ok()
            .flatten()
            .ok_or(StandingError::Busy)?;
        let mut all = kept(vault.store())?;
        let ended = all.iter().position(|s| s.covered == *covered);
        let Some(ended) = ended.map(|i| all.remove(i)) else {
            return Err(StandingError::None(covered.to_string()));
        };
        vault
            .store()
            .set_fact(FACT, &serde_json::to_string(&all)?, at)?;
        let note = Note {
            code: "ended-assessment".to_owned(),
            text: json!({ "covers": recorded::covered(covered) }).to_string(),
            about: Some(ended.row),
            head: None,
        };
        vault.record(at)?.append(note, at)?;
        all.retain(|s| s.is_in_force(at));
        Ok(all)
    }

    /// The address or domain that a text names.
    pub fn covered(text: &str) -> Option<Covered> {
        if text.contains('@') {
            return Address::parse(text).ok().map(Covered::Address);
        }
        let probe = Address::parse(&format!("x@{text}")).ok()?;
        Some(Covered::Domain(probe.domain().to_owned()))
    }
}

fn kept(store: &Store) -> Result<Vec<Standing>, StoreError> {
    let fact = store.fact(FACT)?;
    // What another version wrote and this one cannot read does not hold: the sender is asked.
    Ok(fact
        .and_then(|f| serde_json::from_str(&f.value).ok())
        .unwrap_or_default())
}
