//! Words for mail that waits in the outbox: why, and what happens next.

use super::Words;
use crate::segl::{CameTo, Outcome, Tried, Waiting, Why};

impl Words {
    /// Up to two names; more are counted.
    pub fn listed(&self, who: &[String]) -> String {
        match who {
            [] => String::new(),
            [one] => one.clone(),
            [one, two] => self.with(
                "standing-two",
                &[("one", one.as_str().into()), ("two", two.as_str().into())],
            ),
            [one, rest @ ..] => self.with(
                "standing-many",
                &[("one", one.as_str().into()), ("rest", rest.len().into())],
            ),
        }
    }

    /// Why a mail waits, as a sentence.
    pub fn why_waiting(&self, why: &Why) -> String {
        let who = |who: &[String]| ("who", self.listed(who).into());
        match why {
            Why::Unreachable => self.say("outbox-unreachable"),
            Why::Busy { reply } => self.with("outbox-busy", &[("reply", reply.to_string().into())]),
            Why::Directory { who: whom, name } => self.with(
                "outbox-directory",
                &[who(whom), ("name", name.as_str().into())],
            ),
            Why::Computer => self.say("outbox-computer"),
            Why::Exposed { who: whom } => self.with("outbox-exposed", &[who(whom)]),
            Why::Forbidden { who: whom } => self.with("outbox-forbidden", &[who(whom)]),
            Why::Rejected { reply } => {
                self.with("outbox-rejected", &[("reply", reply.to_string().into())])
            }
            Why::Stopped => self.say("outbox-stopped"),
        }
    }

    /// When it is tried next, or that its sender has to answer first.
    pub fn next_try(&self, waiting: &Waiting) -> String {
        match waiting.next {
            Some(at) => self.with("outbox-next", &[("time", self.time(at).into())]),
            None => self.say("outbox-asks"),
        }
    }

    /// What became of a mail of the outbox, as a sentence that says what it means for the mail.
    pub fn outgoing(&self, tried: &Tried) -> String {
        let who = ("who", self.listed(&tried.draft.labels()).into());
        match &tried.came_to {
            CameTo::Sent(_) => self.with("outbox-sent", &[who]),
            CameTo::Waits(waiting, cause) => {
                let why = match cause {
                    // What has to be put right is known only now.
                    Some(cause) if waiting.why == Why::Stopped => self.not_sent(cause).what,
                    _ => self.why_waiting(&waiting.why),
                };
                let why = ("why", why.into());
                match waiting.next {
                    Some(at) => {
                        let at = ("time", self.time(at).into());
                        self.with("outbox-waits", &[who, why, at])
                    }
                    None => self.with("outbox-needs-answer", &[who, why]),
                }
            }
            CameTo::Draft(receipt) if receipt.outcome == Outcome::Unconfirmed => {
                self.with("outbox-perhaps-sent", &[who])
            }
            CameTo::Draft(_) => self.with("outbox-partly", &[who]),
        }
    }
}
