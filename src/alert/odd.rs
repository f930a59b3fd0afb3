//! The odd one out: the others have been written to together at least three times, and this one never with any of them.
//! Colleagues are nobody's odd one out: who is put on copy in the house changes with every case.

use super::{Alert, Known};
use crate::mail::{Mailbox, Recipient};

/// The others must be two at least, and have stood together this often.
const HABIT: u32 = 3;

pub(super) fn one_out(recipients: &[Recipient], known: &Known) -> Option<Alert> {
    let outside: Vec<(&Mailbox, String)> = recipients
        .iter()
        .map(|r| &r.mailbox)
        .filter(|m| !known.is_own(&m.address))
        .map(|m| (m, m.address.key()))
        .collect();
    if outside.len() < 3 {
        return None;
    }
    outside.iter().enumerate().find_map(|(i, (mailbox, key))| {
        let others = || outside.iter().enumerate().filter(move |(j, _)| *j != i);
        let has = |members: &[String], key: &String| members.binary_search(key).is_ok();
        let mut times = 0;
        for circle in known.circles() {
            let members = &circle.members;
            if has(members, key) && others().any(|(_, (_, other))| has(members, other)) {
                return None;
            }
            if others().all(|(_, (_, other))| has(members, other)) {
                times += circle.times;
            }
        }
        (times >= HABIT).then(|| Alert::OddOneOut {
            who: (*mailbox).clone(),
            others: others().map(|(_, (_, other))| other.clone()).collect(),
            times,
        })
    })
}
