//! What is due when Segl starts, and again from time to time: what a Segl that is gone left open, the rules in force, and
//! what is kept longer than the firm wants.

use jiff::{SignedDuration, Timestamp};

use super::{Segl, SendError, vault::Vault};
use crate::{
    mail::Digest,
    record::{Policy, Recovered, SendLock},
};

/// Under this name the store keeps which policy the record has.
const POLICY_FACT: &str = "policy-recorded";

impl Segl {
    /// Does what is due. Answers what was recovered: deliveries whose outcome was not known, now said to be not sent or
    /// unconfirmed.
    pub fn begin(&self, at: Timestamp) -> Result<Vec<Recovered>, SendError> {
        let vault = self.vault()?;
        let record = vault.record(at)?;
        self.note_policy(&vault, at)?;
        let recovered = match SendLock::try_acquire(vault.folder())? {
            Some(lock) => record.recover(&lock, at)?,
            // Another Segl is sending; what it has open is its own.
            None => Vec::new(),
        };
        self.purge(&vault, at)?;
        // A certificate for recovery that cannot be used is told by doctor: it keeps no mail from being sent.
        let _sealed = self.seal_for_recovery(at);
        Ok(recovered)
    }

    /// A change of IT's policy stands in the record, with its text, before anything is sent under it.
    pub(super) fn note_policy(&self, vault: &Vault, at: Timestamp) -> Result<(), SendError> {
        let text = self.config.policy_text.clone().unwrap_or_default();
        let sha256 = Digest::of(text.as_bytes()).to_string();
        let recorded = vault
            .store()
            .fact(POLICY_FACT)
            .ok()
            .flatten()
            .map(|f| f.value);
        if recorded.as_ref() == Some(&sha256) || (recorded.is_none() && text.is_empty()) {
            return Ok(());
        }
        vault.record(at)?.append(
            Policy {
                text,
                sha256: sha256.clone(),
            },
            at,
        )?;
        // If this cannot be kept, the same policy is noted once more: too often is not wrong.
        let _kept = vault.store().set_fact(POLICY_FACT, &sha256, at);
        Ok(())
    }

    /// Removes what is kept longer than the firm wants, where no window does that at its start.
    pub fn keep_retention(&self, at: Timestamp) -> Result<(), SendError> {
        let vault = self.vault()?;
        self.purge(&vault, at)
    }

    /// Payloads of months and sent copies that are older than the firm keeps them. The chain still verifies.
    fn purge(&self, vault: &Vault, at: Timestamp) -> Result<(), SendError> {
        let cutoff = at
            .checked_sub(self.config.retention)
            .unwrap_or(Timestamp::MIN);
        vault.record(at)?.purge_ended_before(cutoff, at)?;
        let stale = at
            .checked_sub(self.config.policy.directory_stale)
            .unwrap_or(Timestamp::MIN);
        // The store is comfort: what cannot be removed now is removed at the next start.
        let _sent = vault.store().purge_sent_before(cutoff);
        let _answers = vault
            .store()
            .purge_answers_before(stale.min(day_before(at)));
        self.forget_old_contacts(vault, at);
        Ok(())
    }
}

fn day_before(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_hours(24))
        .unwrap_or(Timestamp::MIN)
}
