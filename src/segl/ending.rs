//! Certificates that end soon are told of once for each notice, in whichever program is used first.

use jiff::Timestamp;

use super::{DraftError, OwnVerdict, Segl};
use crate::{
    cert::{Ending, Whose},
    decide::Assessments,
    disk::Lock,
    store::StoreError,
};

/// The lock beside the store: of several programs one tells.
const LOCK: &str = "ending.lock";

impl Segl {
    /// Of the certificates that would be used for these recipients, and of the issuers above them, those that end soon
    /// and were not told of yet. They count as told now; where that cannot be kept, they are told every time.
    pub fn endings_to_tell(&self, found: &Assessments, at: Timestamp) -> Vec<Ending> {
        let used = found
            .values()
            .flat_map(|assessment| assessment.used())
            .flat_map(|certificate| certificate.endings().iter().cloned());
        let endings: Vec<Ending> = used.collect();
        if endings.is_empty() {
            return endings;
        }
        self.not_told(Whose::Other, &endings, at).unwrap_or(endings)
    }

    /// The same for the user's own certificates: a newer one that does the same makes the end of an older one no news.
    /// Whether it is in use now is not asked, for that hangs on lists that may not be at hand. Blocks on disk and
    /// keyring.
    pub fn own_endings_to_tell(&self, at: Timestamp) -> Vec<Ending> {
        // Keys that cannot be had now are told of by whatever needs one.
        let own = self.test_own(at).unwrap_or_default().verdicts;
        let is_needed =
            |o: &&OwnVerdict| !o.senders.is_empty() && !own.iter().any(|newer| newer.replaces(o));
        let needed = own.iter().filter(is_needed);
        let endings: Vec<Ending> = needed.flat_map(|o| o.endings.clone()).collect();
        if endings.is_empty() {
            return endings;
        }
        self.not_told(Whose::Own, &endings, at).unwrap_or(endings)
    }

    fn not_told(
        &self,
        whose: Whose,
        endings: &[Ending],
        at: Timestamp,
    ) -> Result<Vec<Ending>, DraftError> {
        let vault = self.vault()?;
        let _lock = Lock::wait(&vault.folder().join(LOCK)).map_err(StoreError::from)?;
        let mut new = Vec::new();
        for ending in endings {
            // Of one's own there is more to say, and a mail to oneself must not have taken it away.
            let own = if whose == Whose::Own { "own:" } else { "" };
            let name = format!("ending:{own}{}:{}", ending.certificate, ending.days);
            if vault.store().fact(&name)?.is_none() {
                vault.store().set_fact(&name, "told", at)?;
                new.push(ending.clone());
            }
        }
        Ok(new)
    }
}
