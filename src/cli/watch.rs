//! `segl watch`: who was asked for a certificate. The window looks for it; here the list is seen, and ended.

use serde_json::json;

use super::{
    Session,
    args::Watch,
    output::{Exit, Failure},
};
use crate::segl::DraftError;

/// Lists, or takes one from the list.
pub(super) fn run(verb: &Watch, session: &Session<'_>) -> Result<Exit, Failure> {
    match verb {
        Watch::List => list(session),
        Watch::End { address } => end(address, session),
    }
}

fn list(session: &Session<'_>) -> Result<Exit, Failure> {
    let awaited = session.segl()?.awaited().map_err(|e| failed(&e, session))?;
    let rows: Vec<_> = awaited
        .iter()
        .map(|one| {
            json!({
                "address": one.mailbox.address.given(),
                "name": one.mailbox.name,
                "since": one.since,
                "looked": one.looked,
                "ends": one.ends(),
                "green": one.green,
            })
        })
        .collect();
    session.out.result(&json!({ "watched": rows }), |words| {
        let lines = awaited.iter().map(|one| {
            let who = crate::words::visible(&one.mailbox.to_string());
            format!("{who}  {}", words.awaited(one))
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    Ok(Exit::Good)
}

/// That nobody waited for it is no error: it is as it should be.
fn end(address: &str, session: &Session<'_>) -> Result<Exit, Failure> {
    let mailbox = super::mailbox(address, &session.out.words)?;
    let ended = session.segl()?.stop_waiting(&mailbox.address, super::now());
    ended.map_err(|e| failed(&e, session))?;
    let name = [("name", mailbox.address.given().into())];
    let value = json!({ "ended": mailbox.address.given() });
    session
        .out
        .result(&value, |words| words.with("tell-not-waiting", &name));
    Ok(Exit::Good)
}

fn failed(cause: &DraftError, session: &Session<'_>) -> Failure {
    let stop = session.out.words.not_kept(cause);
    Failure::new("store", stop.what, stop.next)
}
