//! Whether somebody may be asked for a receipt: an empty mail that holds nothing of anybody's.
//!
//! The one mail that leaves without a consent, because there is nothing in it to consent to. Its words are the
//! catalogue's and its only variable parts the sender, the address and a random token; no text of the user's comes near
//! it. All other rules hold as for any mail that is not encrypted: blocked is blocked, forbidden is forbidden.

use std::sync::Arc;

use super::{Assessment, Confirmed, Exposed, Policy, RefusedBecause, Route};
use crate::mail::{Class, Recipient};

/// The proof that a request for a receipt may be sent to one address. Made only by [`ask`].
#[derive(Debug)]
#[must_use = "a permission that is dropped asks nobody"]
pub struct Asking {
    confirmed: Confirmed,
}

/// Why nobody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// Mail to this address is encrypted to its reader, or stays in the house: its transport is not what protects it.
    Unneeded(Route),
    /// A rule of the firm's refuses it.
    Refused(RefusedBecause),
}

impl NotAsked {
    /// Its code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unneeded(_) => "unneeded",
            Self::Refused(why) => why.code(),
        }
    }
}

/// Whether this recipient may be asked for a receipt, by what is known of them and the rules in force.
pub fn ask(
    recipient: &Recipient,
    assessment: &Arc<Assessment>,
    policy: &Policy,
) -> Result<Asking, NotAsked> {
    let route = assessment.route(policy);
    if !matches!(route, Route::Tls | Route::None) {
        return Err(NotAsked::Unneeded(route));
    }
    let exposed = Exposed::new(recipient, assessment, Class::Ordinary, policy);
    match exposed.refused {
        // That the risk is high speaks of what a mail holds, and this one holds nothing.
        None | Some(RefusedBecause::HighRisk) => Ok(Asking {
            confirmed: Confirmed {
                recipient: recipient.clone(),
                route: Route::Tls,
                assessment: Arc::clone(assessment),
                risk: exposed.risk,
            },
        }),
        Some(why) => Err(NotAsked::Refused(why)),
    }
}

impl Asking {
    /// Who is asked.
    pub fn recipient(&self) -> &Recipient {
        &self.confirmed.recipient
    }

    /// The recipient as the message is made for. Uses the permission up.
    pub fn into_confirmed(self) -> Confirmed {
        self.confirmed
    }
}
