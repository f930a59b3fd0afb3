//! Why a mail waits in the outbox, and until when. Plain data, sealed in the store beside its draft.
//!
//! What a sender approved is not kept: whether it may leave is decided anew at each try.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Outcome, Receipt, SendError};
use crate::{
    decide::{Exposed, Refusal, Status, Warning},
    net::TlsFault,
    submit::SubmitError,
};

/// Minutes from a try to the next; the last one goes on.
const STEPS: [i64; 5] = [1, 2, 5, 10, 15];

/// How a mail waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Since when.
    pub since: Timestamp,
    /// How often it was tried since.
    pub tries: u32,
    /// Why it did not leave, at the last try.
    pub why: Why,
    /// When it is tried next; none where its sender has to answer something first.
    pub next: Option<Timestamp>,
}

/// Why a mail waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "code")]
pub enum Why {
    /// The mail server cannot be reached, or the link to it broke before anything left.
    Unreachable,
    /// The mail server put it off (4xx).
    Busy {
        /// The reply's code.
        reply: u16,
    },
    /// Directories did not answer, so that it is not known whether these can be encrypted to.
    Directory {
        /// For whom.
        who: Vec<String>,
        /// Which directory.
        name: String,
    },
    /// Keyring, store or send log of this computer could not be used.
    Computer,
    /// These would get it without encryption: somebody has to see that.
    Exposed {
        /// Who.
        who: Vec<String>,
    },
    /// The firm's rules do not allow it to these.
    Forbidden {
        /// Who.
        who: Vec<String>,
    },
    /// The mail server refused it for good (5xx).
    Rejected {
        /// The reply's code.
        reply: u16,
    },
    /// Something in the mail or the settings has to be put right, such as a file that is gone.
    Stopped,
}

impl Waiting {
    /// A mail that begins to wait.
    pub(super) fn begin(why: Why, at: Timestamp) -> Self {
        Self {
            since: at,
            tries: 0,
            next: next(&why, 0, at),
            why,
        }
    }

    /// The same after a try that did not end it.
    pub(super) fn tried(&self, why: Why, at: Timestamp) -> Self {
        let tries = self.tries.saturating_add(1);
        Self {
            since: self.since,
            tries,
            next: next(&why, tries, at),
            why,
        }
    }

    /// Whether it is to be tried now.
    pub fn is_due(&self, at: Timestamp) -> bool {
        // A clock that was set back does not make a mail wait for longer than the longest step.
        let longest = SignedDuration::from_mins(STEPS[STEPS.len() - 1]);
        self.next
            .is_some_and(|next| next <= at || next.duration_since(at) > longest)
    }

    /// Whether its sender has to answer something first.
    pub fn needs_answer(&self) -> bool {
        self.next.is_none()
    }
}

impl Why {
    /// A code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Busy { .. } => "busy",
            Self::Directory { .. } => "directory",
            Self::Computer => "computer",
            Self::Exposed { .. } => "exposed",
            Self::Forbidden { .. } => "forbidden",
            Self::Rejected { .. } => "rejected",
            Self::Stopped => "stopped",
        }
    }

    /// Why a warning keeps a mail from leaving.
    pub fn of_warning(warning: &Warning) -> Self {
        let who = who(warning.exposed());
        silent(warning.exposed()).unwrap_or(Self::Exposed { who })
    }

    /// Why the firm's rules keep a mail from leaving.
    pub fn of_refusal(refusal: &Refusal) -> Self {
        let who = who(refusal.refused());
        silent(refusal.refused()).unwrap_or(Self::Forbidden { who })
    }

    fn needs_answer(&self) -> bool {
        match self {
            Self::Unreachable | Self::Busy { .. } | Self::Directory { .. } | Self::Computer => {
                false
            }
            Self::Exposed { .. }
            | Self::Forbidden { .. }
            | Self::Rejected { .. }
            | Self::Stopped => true,
        }
    }
}

fn who(exposed: &[Exposed]) -> Vec<String> {
    let label = |e: &Exposed| e.recipient.mailbox.label().to_owned();
    exposed.iter().map(label).collect()
}

/// A directory that is silent about all of them may answer later; anything else has to be seen by somebody.
fn silent(exposed: &[Exposed]) -> Option<Why> {
    let is_silent = |e: &Exposed| e.assessment.status() == Status::LookupFailed;
    if !exposed.iter().all(is_silent) {
        return None;
    }
    let failed = exposed.iter().find_map(|e| e.assessment.failures().first());
    Some(Why::Directory {
        who: who(exposed),
        name: failed.map(|f| f.source.clone()).unwrap_or_default(),
    })
}

fn next(why: &Why, tries: u32, at: Timestamp) -> Option<Timestamp> {
    if why.needs_answer() {
        return None;
    }
    let step = STEPS[usize::try_from(tries)
        .unwrap_or(usize::MAX)
        .min(STEPS.len() - 1)];
    Some(
        at.checked_add(SignedDuration::from_mins(step))
            .unwrap_or(at),
    )
}

impl SendError {
    /// Why the mail could wait in the outbox: the way to the mail server is closed, or the server puts it off.
    pub fn waits(&self) -> Option<Why> {
        match self {
            Self::Submit(
                SubmitError::Connect(_)
                | SubmitError::Timeout { .. }
                | SubmitError::Dropped { .. }
                | SubmitError::Tls(TlsFault::Broken(_) | TlsFault::Timeout),
            ) => Some(Why::Unreachable),
            Self::Submit(
                SubmitError::Refused { reply, .. } | SubmitError::AuthRefused { reply, .. },
            ) if reply.is_temporary() => Some(Why::Busy {
                reply: reply.code(),
            }),
            _ => None,
        }
    }

    /// The same for a mail that waits already.
    pub(super) fn still_waits(&self) -> Why {
        match self {
            Self::Submit(SubmitError::Refused { reply, .. }) if !reply.is_temporary() => {
                Why::Rejected {
                    reply: reply.code(),
                }
            }
            _ => match self.waits() {
                Some(why) => why,
                None if self.may_pass() => Why::Computer,
                None => Why::Stopped,
            },
        }
    }
}

impl Receipt {
    /// Why the mail could wait, where nothing has left: the server put off everything that it refused.
    pub fn waits(&self) -> Option<Why> {
        match self.refused_with() {
            Some(reply) if reply / 100 == 4 => Some(Why::Busy { reply }),
            _ => None,
        }
    }

    /// The code of the weightiest refusal, where nothing has left.
    pub(super) fn refused_with(&self) -> Option<u16> {
        if !matches!(self.outcome, Outcome::Rejected | Outcome::NotSent) {
            return None;
        }
        let told = self.deliveries.iter().flat_map(|d| &d.recipients);
        let refusals = told.filter(|t| t.is_refused).map(|t| t.reply.as_deref());
        let messages = self.deliveries.iter().map(|d| d.reply.as_deref());
        refusals
            .chain(messages)
            .flatten()
            .filter_map(|reply| reply.get(..3)?.parse().ok())
            .filter(|code| *code >= 400)
            .max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn the_times_between_tries_grow_to_a_quarter_of_an_hour() {
        let mut waiting = Waiting::begin(Why::Unreachable, at(0));
        let mut minutes = Vec::new();
        let mut now = at(0);
        for _ in 0..7 {
            let next = waiting.next.unwrap();
            minutes.push(next.duration_since(now).as_mins());
            assert!(!waiting.is_due(now) && waiting.is_due(next));
            now = next;
            waiting = waiting.tried(Why::Unreachable, now);
        }
        assert_eq!(minutes, [1, 2, 5, 10, 15, 15, 15]);
        assert_eq!((waiting.since, waiting.tries), (at(0), 7));
    }

    #[test]
    fn a_mail_that_needs_an_answer_is_never_due() {
        let waiting = Waiting::begin(Why::Unreachable, at(0));
        let who = vec!["Eva".to_owned()];
        for why in [
            Why::Exposed { who: who.clone() },
            Why::Forbidden { who },
            Why::Rejected { reply: 554 },
            Why::Stopped,
        ] {
            let asked = waiting.tried(why, at(1));
            assert!(asked.needs_answer() && !asked.is_due(at(1_000_000)));
        }
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_no_mail_waiting() {
        let waiting = Waiting::begin(Why::Unreachable, at(0));
        assert!(!waiting.is_due(at(-5)));
        assert!(waiting.is_due(at(-60 * 24 * 365)));
    }
}
