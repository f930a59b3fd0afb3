//! The proof that a draft may be sent: to whom, how, and on whose word.

use std::sync::Arc;

use super::{
    Assessment, Assessments, Consent, Exposed, Further, FurtherKind, Policy, Route, Standing,
};
use crate::{
    cert::{Binding, Fingerprint, Organisation},
    mail::{Class, Digest, DraftId, Recipient},
    risk::Risk,
    tls::Level,
};

/// A draft that may be sent. Not copied, not stored, not built outside this module.
#[derive(Debug)]
#[must_use = "an approval that is dropped sends nothing"]
pub struct Approved {
    draft: DraftId,
    class: Class,
    recipients: Vec<ApprovedRecipient>,
    consents: Vec<GivenConsent>,
    left_out: Vec<Recipient>,
    content: Option<Digest>,
    further: Vec<Further>,
}

/// One recipient as approved: what was true then must be true, or better, when the message leaves.
#[derive(Debug)]
pub struct ApprovedRecipient {
    recipient: Recipient,
    route: Route,
    certificates: Vec<Fingerprint>,
    binding: Option<Binding>,
    organisation: Option<Organisation>,
    level: Level,
}

/// A consent for one exposed recipient.
#[derive(Debug, Clone)]
pub struct GivenConsent {
    /// Who is exposed.
    pub recipient: Recipient,
    /// On whose word, and why.
    pub consent: Consent,
    /// The assessment that was made before and stands for it.
    pub standing: Option<Standing>,
}

/// What is different from what was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The draft has other recipients.
    Recipients,
    /// Another word or file than the consent covers.
    Content,
    /// More harm could come of it than was known when somebody accepted that it goes out in the clear.
    Class {
        /// As approved.
        approved: Class,
        /// As it is now.
        now: Class,
    },
    /// A weaker transport for a recipient who gets it without encryption.
    Transport {
        /// Who.
        recipient: Recipient,
        /// As approved.
        approved: Level,
        /// As it is now.
        now: Level,
    },
    /// Another archive can read it than was shown, or none.
    Archive,
    /// A weaker route for a recipient.
    Route {
        /// Who.
        recipient: Recipient,
        /// As approved.
        approved: Route,
        /// As it is now.
        now: Route,
    },
    /// Other certificates for a recipient.
    Certificates {
        /// Who.
        recipient: Recipient,
    },
    /// Another organisation for a recipient.
    Organisation {
        /// Who.
        recipient: Recipient,
    },
}

impl ApprovedRecipient {
    pub(super) fn new(recipient: &Recipient, assessment: &Assessment, route: Route) -> Self {
        let mut certificates: Vec<_> = assessment
            .used()
            .map(|c| c.certificate().sha256())
            .collect();
        certificates.sort();
        Self {
            recipient: recipient.clone(),
            route,
            certificates,
            binding: assessment.used().next().map(|c| c.binding().clone()),
            organisation: assessment.organisation().cloned(),
            level: assessment.level(),
        }
    }

    /// Who.
    pub fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// How.
    pub fn route(&self) -> Route {
        self.route
    }

    /// The certificates that the message is encrypted to.
    pub fn certificates(&self) -> &[Fingerprint] {
        &self.certificates
    }

    /// What ties the first of them to the address.
    pub fn binding(&self) -> Option<&Binding> {
        self.binding.as_ref()
    }

    /// The organisation that they name.
    pub fn organisation(&self) -> Option<&Organisation> {
        self.organisation.as_ref()
    }

    fn change(&self, now: &Self) -> Option<Change> {
        let recipient = || self.recipient.clone();
        if strength(now.route) < strength(self.route) {
            return Some(Change::Route {
                recipient: recipient(),
                approved: self.route,
                now: now.route,
            });
        }
        if !self.route.is_end_to_end() {
            return None;
        }
        let same = match (&self.organisation, &now.organisation) {
            (Some(a), Some(b)) => a.is_same_as(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same {
            return Some(Change::Organisation {
                recipient: recipient(),
            });
        }
        (self.certificates != now.certificates).then(|| Change::Certificates {
            recipient: recipient(),
        })
    }
}

/// The same or a stronger route goes on; a weaker one stops the message. That the certificate names the address is
/// stronger than that a rule says so.
fn strength(route: Route) -> u8 {
    match route {
        Route::Person => 5,
        Route::Organisation => 4,
        Route::Tunnel => 3,
        Route::Internal => 2,
        Route::Tls => 1,
        Route::None => 0,
    }
}

impl Approved {
    pub(super) fn without_consent(
        draft: DraftId,
        class: Class,
        recipients: Vec<ApprovedRecipient>,
        left_out: Vec<Recipient>,
        further: Vec<Further>,
    ) -> Self {
        Self {
            draft,
            class,
            recipients,
            consents: Vec::new(),
            left_out,
            content: None,
            further,
        }
    }

    pub(super) fn with_consents(
        draft: DraftId,
        class: Class,
        recipients: Vec<ApprovedRecipient>,
        consents: Vec<GivenConsent>,
        content: Option<Digest>,
        further: Vec<Further>,
    ) -> Self {
        Self {
            draft,
            class,
            recipients,
            consents,
            left_out: Vec::new(),
            content,
            further,
        }
    }

    /// The draft that may be sent.
    pub fn draft(&self) -> &DraftId {
        &self.draft
    }

    /// What it counted as.
    pub fn class(&self) -> Class {
        self.class
    }

    /// To whom, and how.
    pub fn recipients(&self) -> &[ApprovedRecipient] {
        &self.recipients
    }

    /// The consents that it rests on.
    pub fn consents(&self) -> &[GivenConsent] {
        &self.consents
    }

    /// Recipients of the draft to whom it will not be sent.
    pub fn left_out(&self) -> &[Recipient] {
        &self.left_out
    }

    /// Who else can read it: what the sender was shown.
    pub fn further(&self) -> &[Further] {
        &self.further
    }

    /// Whether every recipient gets the message encrypted end to end.
    pub fn is_end_to_end(&self) -> bool {
        self.recipients.iter().all(|r| r.route.is_end_to_end())
    }

    /// Compares with what is true now, just before the message leaves: the recipients, the content and the class of the
    /// draft, and what is known of each recipient. `Ok` gives the recipients with the routes of now, which may be stronger.
    pub fn confirm(
        &self,
        recipients: &[Recipient],
        class: Class,
        content: Digest,
        found: &Assessments,
        policy: &Policy,
    ) -> Result<Vec<Confirmed>, Change> {
        let class = class.max(self.class);
        let exposes = self.recipients.iter().any(|r| r.route == Route::Tls);
        if class > self.class && exposes {
            return Err(Change::Class {
                approved: self.class,
                now: class,
            });
        }
        if self.content.is_some_and(|approved| approved != content) {
            return Err(Change::Content);
        }
        let (left_out, going): (Vec<_>, Vec<_>) =
            recipients.iter().partition(|r| self.left_out.contains(r));
        let approved = self.recipients.iter().map(|r| &r.recipient);
        if left_out.len() != self.left_out.len()
            || !is_same_set(&going, &approved.collect::<Vec<_>>())
        {
            return Err(Change::Recipients);
        }
        // An own certificate that came or went since is the sender's own business: only one that was shown is used.
        let archives = |list: &[Further]| -> Vec<Fingerprint> {
            let archives = list.iter().filter(|f| f.kind == FurtherKind::Archive);
            archives.map(|f| f.sha256).collect()
        };
        if archives(&self.further) != archives(&policy.further) {
            return Err(Change::Archive);
        }
        self.recipients
            .iter()
            .map(|approved| self.confirm_one(approved, class, found, policy))
            .collect()
    }

    fn confirm_one(
        &self,
        approved: &ApprovedRecipient,
        class: Class,
        found: &Assessments,
        policy: &Policy,
    ) -> Result<Confirmed, Change> {
        let recipient = &approved.recipient;
        let weaker = |now| Change::Route {
            recipient: recipient.clone(),
            approved: approved.route,
            now,
        };
        let assessment = found
            .get(&recipient.mailbox.address)
            .ok_or_else(|| weaker(Route::None))?;
        let now = ApprovedRecipient::new(recipient, assessment, assessment.route(policy));
        if let Some(change) = approved.change(&now) {
            return Err(change);
        }
        if now.route == Route::Tls {
            self.confirm_exposed(approved, &now, assessment, policy)?;
        }
        let way = now.route.way(now.level);
        Ok(Confirmed {
            recipient: recipient.clone(),
            route: now.route,
            assessment: Arc::clone(assessment),
            risk: policy.matrix.risk(class, way),
        })
    }

    /// Whoever gets it without encryption does so on somebody's word, over the transport that was told or a stronger
    /// one, and as far as the rules of now allow.
    fn confirm_exposed(
        &self,
        approved: &ApprovedRecipient,
        now: &ApprovedRecipient,
        assessment: &Arc<Assessment>,
        policy: &Policy,
    ) -> Result<(), Change> {
        let recipient = &approved.recipient;
        let weaker = |now| Change::Route {
            recipient: recipient.clone(),
            approved: approved.route,
            now,
        };
        let exposed = Exposed::new(recipient, assessment, self.class, policy);
        if exposed.refused.is_some() {
            return Err(weaker(Route::None));
        }
        let Some(given) = self.consents.iter().find(|c| c.recipient == *recipient) else {
            return Err(weaker(Route::Tls));
        };
        if given.standing.is_some() && exposed.standing.is_none() {
            return Err(weaker(Route::Tls));
        }
        if now.level > approved.level {
            return Err(Change::Transport {
                recipient: recipient.clone(),
                approved: approved.level,
                now: now.level,
            });
        }
        Ok(())
    }
}

/// A recipient whose approval still holds, with what is known now.
#[derive(Debug)]
pub struct Confirmed {
    /// Who.
    pub recipient: Recipient,
    /// How, now.
    pub route: Route,
    /// What is known now; its certificates are those that the message is encrypted to.
    pub assessment: Arc<Assessment>,
    /// What the way comes to for a message of this class.
    pub risk: Risk,
}

fn is_same_set(a: &[&Recipient], b: &[&Recipient]) -> bool {
    let is_in = |list: &[&Recipient], r: &Recipient| {
        list.iter()
            .any(|x| x.kind == r.kind && x.mailbox.address == r.mailbox.address)
    };
    a.len() == b.len() && a.iter().all(|r| is_in(b, r)) && b.iter().all(|r| is_in(a, r))
}
