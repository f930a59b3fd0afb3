//! A send that the firm's rules refuse stands in the record too: to whom, by which rule, and nothing of the content.

use jiff::Timestamp;

use super::{Segl, SendError, recorded};
use crate::{
    decide::{Refusal, Surface},
    mail::Draft,
};

impl Segl {
    /// Records that somebody asked to send, and the rules said no. Nothing was sent either way: that it cannot be
    /// recorded is for the surface to tell.
    pub fn note_refused(
        &self,
        draft: &Draft,
        refusal: &Refusal,
        surface: Surface,
        at: Timestamp,
    ) -> Result<(), SendError> {
        let vault = self.vault()?;
        // The policy that says no stands in the record before what it refused.
        self.note_policy(&vault, at)?;
        let refused = recorded::refused(
            draft,
            refusal,
            surface,
            self.in_force(at),
            &self.config.policy,
        );
        vault.record(at)?.append(refused, at)?;
        Ok(())
    }
}
