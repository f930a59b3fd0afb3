//! Words for mail that waits in the outbox: why, and what happens next.

use super::Words;
use crate::segl::{Waiting, Why};

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
}
