//! The rule: green, red with a warning, or refused. Pure.
//!
//! The light is not state: it is [`decide`], computed again from what is known. [`Approved`] is made only here: by
//! [`decide`] where nobody is exposed, by [`Warning::accept`] where somebody saw who is and accepted it, and by leaving
//! the exposed ones out. It cannot be copied, stored or built elsewhere, and sending takes it by value:
//!
//! ```compile_fail
//! fn forged() -> segl::decide::Approved {
//!     segl::decide::Approved { draft: todo!(), recipients: vec![], consents: vec![], left_out: vec![], content: None, further: vec![] }
//! }
//! ```
//! ```compile_fail
//! fn copied(approved: &segl::decide::Approved) -> segl::decide::Approved {
//!     approved.clone()
//! }
//! ```
//! ```compile_fail
//! fn out_of_thin_air() -> segl::decide::Approved {
//!     Default::default()
//! }
//! ```
//! ```compile_fail
//! fn from_a_file(json: &str) -> segl::decide::Approved {
//!     serde_json::from_str(json).unwrap()
//! }
//! ```

mod approved;
mod assessment;
mod consent;
mod policy;
mod tunnel;

use std::{collections::BTreeMap, sync::Arc};

pub use approved::{Approved, ApprovedRecipient, Change, Confirmed, GivenConsent};
pub use assessment::{Assessment, Judged, Light, MAX_USED, Remembered, Route, Status};
pub use consent::{Consent, Reason, ReasonCode, ReasonError, Surface};
pub use policy::{Fallback, Further, FurtherKind, Policy};
pub use tunnel::{ListFacts, Tunnel};

use crate::mail::{Address, Digest, DraftId, Recipient};

/// What is known of each recipient. Absent means that it is being looked up.
pub type Assessments = BTreeMap<Address, Arc<Assessment>>;

/// What may happen to a draft now.
#[derive(Debug)]
pub enum Decision {
    /// It goes to nobody yet.
    Empty,
    /// Not everything is known yet. Never sends.
    Pending(Pending),
    /// Every recipient gets it encrypted end to end.
    EndToEnd(Approved),
    /// Nobody is exposed, but some recipients are on the firm's own mail server and get it unencrypted there.
    InHouse(Approved),
    /// Some would get it without encryption: the sender must see who and why.
    Warn(Warning),
    /// The firm's rules do not allow it.
    Refuse(Refusal),
}

/// How many recipients are still being looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// Known already.
    pub known: usize,
    /// All.
    pub all: usize,
}

/// A recipient to whom the message would not be encrypted, and what is known of them.
#[derive(Debug, Clone)]
pub struct Exposed {
    /// Who.
    pub recipient: Recipient,
    /// What is known: the reason why.
    pub assessment: Arc<Assessment>,
}

/// Some recipients would get the message without encryption.
#[derive(Debug)]
pub struct Warning {
    draft: DraftId,
    exposed: Vec<Exposed>,
    safe: Vec<ApprovedRecipient>,
    further: Vec<Further>,
}

/// Some recipients may not get the message.
#[derive(Debug)]
pub struct Refusal {
    draft: DraftId,
    refused: Vec<Exposed>,
    safe: Vec<ApprovedRecipient>,
    further: Vec<Further>,
    why: RefusedBecause,
}

/// Which rule refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedBecause {
    /// `fallback = "forbid"`.
    Forbidden,
    /// `fallback = "verified-tls"`, and no transport is known to be guaranteed.
    NoGuaranteedTransport,
    /// The machine's policy is newer than this program, so its exceptions are not known.
    PolicyIsNewer,
}

/// Decides what may happen to a draft with these recipients.
pub fn decide(
    draft: &DraftId,
    recipients: &[Recipient],
    found: &Assessments,
    policy: &Policy,
) -> Decision {
    if recipients.is_empty() {
        return Decision::Empty;
    }
    let known = recipients
        .iter()
        .filter(|r| found.contains_key(&r.mailbox.address))
        .count();
    if known < recipients.len() {
        return Decision::Pending(Pending {
            known,
            all: recipients.len(),
        });
    }
    let (mut safe, mut exposed) = (Vec::new(), Vec::new());
    for recipient in recipients {
        let Some(assessment) = found.get(&recipient.mailbox.address) else {
            continue;
        };
        match assessment.route(policy) {
            Route::Tls | Route::None => {
                exposed.push(Exposed {
                    recipient: recipient.clone(),
                    assessment: Arc::clone(assessment),
                });
            }
            route => safe.push(ApprovedRecipient::new(recipient, assessment, route)),
        }
    }
    let (draft, further) = (draft.clone(), policy.further.clone());
    if exposed.is_empty() {
        let in_house = safe.iter().any(|r| !r.route().is_end_to_end());
        let approved = Approved::without_consent(draft, safe, Vec::new(), further);
        return if in_house {
            Decision::InHouse(approved)
        } else {
            Decision::EndToEnd(approved)
        };
    }
    match refused_because(policy) {
        Some(why) => Decision::Refuse(Refusal {
            draft,
            refused: exposed,
            safe,
            further,
            why,
        }),
        None => Decision::Warn(Warning {
            draft,
            exposed,
            safe,
            further,
        }),
    }
}

fn refused_because(policy: &Policy) -> Option<RefusedBecause> {
    match policy.fallback {
        _ if policy.is_newer_than_program => Some(RefusedBecause::PolicyIsNewer),
        Fallback::Forbid => Some(RefusedBecause::Forbidden),
        Fallback::VerifiedTls => Some(RefusedBecause::NoGuaranteedTransport),
        Fallback::Ask => None,
    }
}

impl Decision {
    /// Whether every recipient gets the message encrypted end to end.
    pub fn is_green(&self) -> bool {
        matches!(self, Self::EndToEnd(_))
    }
}

impl Warning {
    /// Who would get the message without encryption, in the draft's order.
    pub fn exposed(&self) -> &[Exposed] {
        &self.exposed
    }

    /// Everybody else.
    pub fn safe(&self) -> &[ApprovedRecipient] {
        &self.safe
    }

    /// The sender accepts that the exposed get this content without encryption. Everybody who can be encrypted to still
    /// is. The consent covers these people and this content, and nothing else.
    pub fn accept(self, given: &Consent, content: Digest) -> Approved {
        let exposed = self
            .exposed
            .iter()
            .map(|e| ApprovedRecipient::new(&e.recipient, &e.assessment, Route::Tls));
        let recipients = self.safe.into_iter().chain(exposed).collect();
        Approved::with_consent(
            self.draft,
            recipients,
            self.exposed,
            given,
            content,
            self.further,
        )
    }

    /// Sends to those who can be encrypted to, and leaves the exposed out. Gives the warning back if nobody is left.
    pub fn only_encrypted(self) -> Result<Approved, Self> {
        if self.safe.is_empty() {
            return Err(self);
        }
        let left_out = self.exposed.into_iter().map(|e| e.recipient).collect();
        Ok(Approved::without_consent(
            self.draft,
            self.safe,
            left_out,
            self.further,
        ))
    }
}

impl Refusal {
    /// Who may not get the message.
    pub fn refused(&self) -> &[Exposed] {
        &self.refused
    }

    /// Everybody else.
    pub fn safe(&self) -> &[ApprovedRecipient] {
        &self.safe
    }

    /// Which rule refuses.
    pub fn why(&self) -> RefusedBecause {
        self.why
    }

    /// Sends to those who may get it, and leaves the refused out. Gives the refusal back if nobody is left.
    pub fn only_encrypted(self) -> Result<Approved, Self> {
        if self.safe.is_empty() {
            return Err(self);
        }
        let left_out = self.refused.into_iter().map(|e| e.recipient).collect();
        Ok(Approved::without_consent(
            self.draft,
            self.safe,
            left_out,
            self.further,
        ))
    }
}
