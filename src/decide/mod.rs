//! The rule: green, red with a warning, or refused. Pure.
//!
//! The light is not state: it is [`decide`], computed again from what is known. [`Approved`] is made only here: by
//! [`decide`] where nobody is exposed, by [`Warning::accept`] where somebody saw who is and accepted it, and by leaving
//! the exposed ones out. It cannot be copied, stored or built elsewhere, and sending takes it by value:
//!
//! ```compile_fail
//! fn forged() -> segl::decide::Approved {
//!     segl::decide::Approved { draft: todo!(), class: todo!(), recipients: vec![], consents: vec![], left_out: vec![], content: None, further: vec![] }
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
//! fn asked_for_nothing() -> segl::decide::Asking {
//!     segl::decide::Asking { confirmed: todo!() }
//! }
//! ```
//! ```compile_fail
//! fn from_a_file(json: &str) -> segl::decide::Approved {
//!     serde_json::from_str(json).unwrap()
//! }
//! ```

mod approved;
mod asking;
mod assessment;
mod consent;
mod policy;
mod rules;
mod standing;
mod tunnel;

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

pub use approved::{Approved, ApprovedRecipient, Change, Confirmed, GivenConsent};
pub use asking::{Asking, NotAsked, ask};
pub use assessment::{Assessment, Judged, Light, MAX_USED, Remembered, Route, Status, Transport};
pub use consent::{Consent, Reason, ReasonCode, ReasonError, Surface};
pub use policy::{Further, FurtherKind, Policy};
pub use rules::{Fallback, FallbackRule, Ruled, Scope};
pub use standing::{Covered, Standing};
pub use tunnel::{ListFacts, Tunnel};

use crate::{
    mail::{Address, Class, Digest, DraftId, Recipient},
    risk::{Band, Risk, Way},
    tls::Level,
};

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
    /// Some get it without encryption, and for each of them an assessment is in force that covers it.
    Assessed(Approved),
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
    /// How strong the transport is.
    pub level: Level,
    /// What that comes to for a message of this class.
    pub risk: Risk,
    /// The firm's rule for them, and where it comes from.
    pub ruled: Ruled,
    /// The assessment that is in force for them and covers this message.
    pub standing: Option<Standing>,
    /// Which rule refuses; none where the sender may be asked.
    pub refused: Option<RefusedBecause>,
}

/// Some recipients would get the message without encryption.
#[derive(Debug)]
pub struct Warning {
    draft: DraftId,
    class: Class,
    exposed: Vec<Exposed>,
    safe: Vec<ApprovedRecipient>,
    further: Vec<Further>,
    require_reason: bool,
}

/// Some recipients may not get the message.
#[derive(Debug)]
pub struct Refusal {
    draft: DraftId,
    class: Class,
    refused: Vec<Exposed>,
    exposed: Vec<Exposed>,
    safe: Vec<ApprovedRecipient>,
    further: Vec<Further>,
    why: RefusedBecause,
}

/// Which rule refuses. The order is that in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusedBecause {
    /// The machine's policy is newer than this program, so its exceptions are not known.
    PolicyIsNewer,
    /// No mail goes there: `fallback = "block"`.
    Blocked,
    /// The domain says that it takes no mail (RFC 7505).
    NoMail,
    /// `fallback = "forbid"`.
    Forbidden,
    /// `fallback = "verified-tls"`, and the transport is not known to be that strong.
    NoGuaranteedTransport,
    /// The risk is high, and policy does not lift it.
    HighRisk,
}

impl RefusedBecause {
    /// Its code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::PolicyIsNewer => "policy-is-newer",
            Self::Blocked => "blocked",
            Self::NoMail => "no-mail",
            Self::Forbidden => "forbidden",
            Self::NoGuaranteedTransport => "no-guaranteed-transport",
            Self::HighRisk => "high-risk",
        }
    }
}

/// Decides what may happen to a draft of this class with these recipients.
pub fn decide(
    draft: &DraftId,
    class: Class,
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
    let (mut safe, mut exposed, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for recipient in recipients {
        let Some(assessment) = found.get(&recipient.mailbox.address) else {
            continue;
        };
        match assessment.route(policy) {
            Route::Tls | Route::None => {
                let one = Exposed::new(recipient, assessment, class, policy);
                if one.refused.is_some() {
                    refused.push(one);
                } else {
                    exposed.push(one);
                }
            }
            route => safe.push(ApprovedRecipient::new(recipient, assessment, route)),
        }
    }
    let (draft, further) = (draft.clone(), policy.further.clone());
    if let Some(why) = refused.iter().filter_map(|e| e.refused).min() {
        return Decision::Refuse(Refusal {
            draft,
            class,
            refused,
            exposed,
            safe,
            further,
            why,
        });
    }
    if exposed.is_empty() {
        let in_house = safe.iter().any(|r| !r.route().is_end_to_end());
        let approved = Approved::without_consent(draft, class, safe, Vec::new(), further);
        return if in_house {
            Decision::InHouse(approved)
        } else {
            Decision::EndToEnd(approved)
        };
    }
    let warning = Warning {
        draft,
        class,
        exposed,
        safe,
        further,
        require_reason: policy.require_reason,
    };
    let is_covered = warning.exposed.iter().all(|e| e.standing.is_some());
    if is_covered && warning.may_go_to_all() {
        Decision::Assessed(warning.into_assessed())
    } else {
        Decision::Warn(warning)
    }
}

impl Exposed {
    /// Whether an assessment for later mail can be made.
    pub fn can_stand(&self) -> bool {
        self.standing.is_none() && self.risk.band < Band::High
    }

    fn new(
        recipient: &Recipient,
        assessment: &Arc<Assessment>,
        class: Class,
        policy: &Policy,
    ) -> Self {
        let address = assessment.address();
        let level = assessment.level();
        let risk = policy.matrix.risk(class, Way::Transport(level));
        let ruled = policy.ruled(address);
        let mut standing = policy.standing.iter();
        let matrix = policy.matrix.sha256();
        Self {
            recipient: recipient.clone(),
            standing: standing
                .find(|s| s.covers(address) && s.holds(class, level, matrix))
                .cloned(),
            refused: refused_because(assessment, &ruled, risk, policy),
            assessment: Arc::clone(assessment),
            level,
            risk,
            ruled,
        }
    }
}

fn refused_because(
    assessment: &Assessment,
    ruled: &Ruled,
    risk: Risk,
    policy: &Policy,
) -> Option<RefusedBecause> {
    let level = assessment.level();
    let is_high = risk.band == Band::High && !policy.allows_high_risk;
    match ruled.fallback {
        _ if policy.is_newer_than_program => Some(RefusedBecause::PolicyIsNewer),
        Fallback::Block => Some(RefusedBecause::Blocked),
        _ if assessment.transport().is_some_and(|t| t.refuses_mail) => Some(RefusedBecause::NoMail),
        Fallback::Forbid => Some(RefusedBecause::Forbidden),
        Fallback::VerifiedTls if level > policy.verified_level => {
            Some(RefusedBecause::NoGuaranteedTransport)
        }
        Fallback::VerifiedTls | Fallback::Ask => is_high.then_some(RefusedBecause::HighRisk),
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

    /// What the message counts as.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The greatest risk for any of them.
    pub fn band(&self) -> Band {
        let bands = self.exposed.iter().map(|e| e.risk.band);
        bands.max().unwrap_or(Band::High)
    }

    /// Whether a reason must be given: policy wants one, and the risk is more than low.
    pub fn needs_reason(&self) -> bool {
        self.require_reason && self.band() > Band::Low
    }

    /// Whether all may get it in one go. No clear copy of a sensitive message goes beside an encrypted one: what one
    /// recipient must not be read by others on the way, they must not read on the way to the other.
    pub fn may_go_to_all(&self) -> bool {
        let is_encrypted = self.safe.iter().any(|r| r.route().is_end_to_end());
        self.class < Class::Sensitive || !is_encrypted
    }

    /// The assessments that hold for later mail to each of the exposed, where the sender gives this consent for that
    /// too. None for whoever has one that covers this message, and none at a high risk: that is accepted each time.
    pub fn standing(&self, given: &Consent, policy: &Policy, until: Timestamp) -> Vec<Standing> {
        let lasting = self.exposed.iter().filter(|e| e.can_stand());
        let made = lasting.map(|e| Standing {
            covered: Covered::Address(e.recipient.mailbox.address.clone()),
            class: self.class,
            level: e.level,
            matrix_sha256: policy.matrix.sha256(),
            reason: given.reason.clone(),
            who: given.who.clone(),
            surface: given.surface,
            shown: given.shown,
            made_at: given.at,
            until,
            row: 0,
        });
        made.collect()
    }

    /// The sender accepts that the exposed get this content without encryption. Everybody who can be encrypted to still
    /// is. The consent covers these people and this content, and nothing else. Gives the warning back where it may not
    /// go to all in one go.
    pub fn accept(self, given: &Consent, content: Digest) -> Result<Approved, Box<Self>> {
        if !self.may_go_to_all() {
            return Err(Box::new(self));
        }
        let consents = self.exposed.iter().map(|e| GivenConsent {
            recipient: e.recipient.clone(),
            consent: given.clone(),
            standing: None,
        });
        let consents = consents.collect();
        Ok(self.approved(consents, Some(content)))
    }

    /// Somebody accepted it before, for each of them, and that holds for this message.
    fn into_assessed(self) -> Approved {
        let consents = self.exposed.iter().filter_map(|e| {
            let standing = e.standing.as_ref()?;
            Some(GivenConsent {
                recipient: e.recipient.clone(),
                consent: standing.consent(),
                standing: Some(standing.clone()),
            })
        });
        let consents = consents.collect();
        self.approved(consents, None)
    }

    fn approved(self, consents: Vec<GivenConsent>, content: Option<Digest>) -> Approved {
        let exposed = self
            .exposed
            .iter()
            .map(|e| ApprovedRecipient::new(&e.recipient, &e.assessment, Route::Tls));
        let recipients = self.safe.into_iter().chain(exposed).collect();
        Approved::with_consents(
            self.draft,
            self.class,
            recipients,
            consents,
            content,
            self.further,
        )
    }

    /// Sends to those who can be encrypted to, and leaves the exposed out. Gives the warning back if nobody is left.
    pub fn only_encrypted(self) -> Result<Approved, Box<Self>> {
        if self.safe.is_empty() {
            return Err(Box::new(self));
        }
        let left_out = self.exposed.into_iter().map(|e| e.recipient).collect();
        Ok(Approved::without_consent(
            self.draft,
            self.class,
            self.safe,
            left_out,
            self.further,
        ))
    }
}

impl Refusal {
    /// Who may not get the message, and which rule says so of each.
    pub fn refused(&self) -> &[Exposed] {
        &self.refused
    }

    /// Who would get it without encryption if the sender were asked.
    pub fn exposed(&self) -> &[Exposed] {
        &self.exposed
    }

    /// Everybody else.
    pub fn safe(&self) -> &[ApprovedRecipient] {
        &self.safe
    }

    /// What the message counts as.
    pub fn class(&self) -> Class {
        self.class
    }

    /// Which rule refuses; of several, the one that is told first.
    pub fn why(&self) -> RefusedBecause {
        self.why
    }

    /// Sends to those who get it encrypted, and leaves all others out. Gives the refusal back if nobody is left.
    pub fn only_encrypted(self) -> Result<Approved, Box<Self>> {
        if self.safe.is_empty() {
            return Err(Box::new(self));
        }
        let others = self.refused.into_iter().chain(self.exposed);
        let left_out = others.map(|e| e.recipient).collect();
        Ok(Approved::without_consent(
            self.draft,
            self.class,
            self.safe,
            left_out,
            self.further,
        ))
    }
}
