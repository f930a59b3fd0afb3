//! `segl doctor`: what is wrong with this set-up, in words, with the next step. No address, name, password or text of a
//! message stands in it, so that it can be pasted into a ticket.

use serde_json::json;

use super::{
    Session,
    output::{Exit, Failure},
};
use crate::{
    cert::ClockState,
    segl::{self, Finding},
    words::Level,
};

/// Looks at everything that can be wrong, and says all of it.
pub(super) fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let (mut findings, segl) = segl::examine(&session.paths()?, super::now());
    if let Some(segl) = segl {
        let probes = session.run(segl.probe(super::CLOCK))?;
        findings.extend(probes.into_iter().map(Finding::Probed));
        let clock = segl.clock(super::now());
        if clock != ClockState::Unheard {
            // All that follows was judged by it.
            findings.insert(0, Finding::Clock(clock));
        }
    }
    let words = &session.out.words;
    let told: Vec<_> = findings.iter().map(|f| words.finding(f)).collect();
    let rows: Vec<_> = told
        .iter()
        .map(|f| json!({ "level": f.level.code(), "about": f.about, "message": f.text, "next": f.next }))
        .collect();
    let value = json!({ "version": env!("CARGO_PKG_VERSION"), "system": std::env::consts::OS, "findings": rows });
    session.out.result(&value, |words| words.findings(&told));
    Ok(if told.iter().any(|f| f.level == Level::Bad) {
        Exit::Not
    } else {
        Exit::Good
    })
}
