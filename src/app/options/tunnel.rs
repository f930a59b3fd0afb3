//! The tunnel list: the one in force, and one that waits, with every difference a line of its own, until somebody has
//! seen them. What is confirmed is the list that was shown, by its digest; which list is asked for is the settings' affair.

use super::{
    super::{
        look::{Shape, Tone},
        message::{Event, Job},
        seam::Backend,
        state::State,
    },
    Ask, Item, Section, Told,
    items::not_read,
};
use crate::{
    mail::Digest,
    segl::{TunnelError, TunnelStatus, WaitingList},
    words::Words,
};

/// Differences that are shown one by one; the command line's `--json` has all.
const SHOWN: usize = 200;

/// What can be done about a list that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// It is right: this one is used from now on.
    Confirm(Digest),
    /// It is not: let go of it.
    Discard,
}

/// What became of it.
#[derive(Debug)]
pub enum Done {
    /// It is in force, with so many domains.
    InForce(usize),
    /// It is gone.
    Discarded,
}

impl Act {
    /// The key of its words in the catalogue.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Confirm(_) => "do-list-confirm",
            Self::Discard => "do-list-discard",
        }
    }

    /// Does it. Blocks.
    pub(super) fn answer(self, backend: &dyn Backend) -> Event {
        let done = match self {
            Self::Confirm(seen) => backend.confirm_tunnel_list(seen).map(Done::InForce),
            Self::Discard => backend.discard_tunnel_list().map(|()| Done::Discarded),
        };
        done.map_or_else(Event::Failed, |done| Event::Options(Told::List(done)))
    }
}

/// Something was done with the list that waited.
pub(super) fn hear(state: &mut State, done: &Done, jobs: &mut Vec<Job>) {
    let text = match done {
        Done::InForce(count) => {
            let count = [("count", (*count).into())];
            state.words.with("tunnel-confirmed", &count)
        }
        Done::Discarded => state.words.say("tunnel-discarded"),
    };
    state.call(text);
    super::read_again(state, jobs);
}

/// Somebody pressed one of the keys.
pub(super) fn run(act: Act, jobs: &mut Vec<Job>) {
    jobs.push(Job::Options(Ask::List(act)));
}

/// One item for each list, and for each difference.
pub(super) fn items(status: &Result<TunnelStatus, TunnelError>, words: &Words) -> Vec<Item> {
    let item = |id: &str, title: &str, text: String| {
        Item::new(Section::Tunnel, id, words.say(title), text)
    };
    let status = match status {
        Ok(status) => status,
        Err(cause) => {
            let text = not_read(&words.tunnel_error(cause), words);
            return vec![item("tunnel list", "options-tunnel", text)];
        }
    };
    let mut items = Vec::new();
    if let Some(waiting) = &status.waiting {
        items.extend(waits(waiting, words));
    }
    let is_bad = status.is_old || status.trouble.is_some();
    items.push(Item {
        mark: status.in_force.as_ref().map(|_| {
            if is_bad {
                (Tone::Red, Shape::Question)
            } else {
                (Tone::House, Shape::Tick)
            }
        }),
        ..item(
            "tunnel list",
            "options-tunnel-now",
            words.list_in_force(status).join("\n"),
        )
    });
    items
}

fn waits(waiting: &WaitingList, words: &Words) -> Vec<Item> {
    let mut lines = words.list_that_waits(waiting);
    // The last line leads to the items below.
    lines.insert(1, words.say("options-tunnel-next"));
    let mut items = vec![Item {
        mark: Some((Tone::Red, Shape::Question)),
        acts: [Act::Confirm(waiting.kept.sha256), Act::Discard]
            .map(super::Act::List)
            .to_vec(),
        ..Item::new(
            Section::Tunnel,
            "tunnel waits",
            words.say("options-tunnel-waits"),
            lines.join("\n"),
        )
    }];
    let changed = &waiting.review.changed;
    items.extend(changed.iter().take(SHOWN).map(|changed| {
        Item::new(
            Section::Tunnel,
            format!("tunnel change {}", changed.listed),
            changed.listed.clone(),
            words.changed_domain(changed).join("\n"),
        )
    }));
    let rest = changed.len().saturating_sub(SHOWN);
    if rest > 0 {
        let count = [("count", rest.into())];
        items.push(Item::new(
            Section::Tunnel,
            "tunnel changes",
            words.with("tunnel-changed-more", &count),
            words.say("options-tunnel-more"),
        ));
    }
    items
}
