//! `segl log`.

use std::path::Path;

use serde_json::json;

use super::{
    Session,
    args::Log as LogVerb,
    output::{Exit, Failure},
};
use crate::{
    record::{self, Filter, Head, Log, RecordError},
    segl::Segl,
};

/// Reads, verifies and exports the send log.
pub(super) fn run(verb: &LogVerb, session: &Session<'_>) -> Result<Exit, Failure> {
    match verb {
        LogVerb::List => list(session),
        LogVerb::Show { seq } => show(*seq, session),
        LogVerb::Verify { head, file } => verify(head.as_deref(), file.as_deref(), session),
        LogVerb::Export { seq } => export(*seq, session),
    }
}

fn list(session: &Session<'_>) -> Result<Exit, Failure> {
    let rows = opened(session)?
        .list(&Filter::default())
        .map_err(|e| failed(&e, session))?;
    session.out.result(&json!(rows), |words| {
        let lines = rows.iter().map(|row| {
            let outcome = row.outcome.as_deref().unwrap_or("");
            format!(
                "{:>6}  {}  {:<9} {outcome}",
                row.seq,
                words.moment(row.at),
                row.kind
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    Ok(Exit::Good)
}

fn show(seq: u64, session: &Session<'_>) -> Result<Exit, Failure> {
    let (row, payload) = opened(session)?
        .show(seq)
        .map_err(|e| failed(&e, session))?;
    let mut value = json!(row);
    value["payload"] = payload.unwrap_or_default();
    session.out.result(&value, |_| {
        serde_json::to_string_pretty(&value).unwrap_or_default()
    });
    Ok(Exit::Good)
}

fn verify(head: Option<&str>, file: Option<&Path>, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let head: Option<Head> = head
        .map(str::parse)
        .transpose()
        .map_err(|_not_a_head| Failure::new("head", words.say("log-bad-head"), ""))?;
    let verification = match file {
        Some(file) => record::verify(file, head.as_slice()),
        None => record::verify_folder(&session.config()?.data, head),
    };
    let verification = verification.map_err(|e| failed(&e, session))?;
    let value = json!({
        "intact": verification.intact,
        "records": verification.records,
        "head": verification.head.map(|h| json!({ "seq": h.seq, "link": link(&h) })),
        "first_bad": verification.first_bad.map(|bad| json!({ "seq": bad.seq, "reason": bad.reason })),
    });
    session.out.result(&value, |words| {
        let count = i64::try_from(verification.records).unwrap_or(i64::MAX);
        match verification.first_bad {
            None => words.with(
                "log-intact",
                &[
                    ("count", count.into()),
                    (
                        "head",
                        verification
                            .head
                            .map(|h| h.to_string())
                            .unwrap_or_default()
                            .into(),
                    ),
                ],
            ),
            Some(bad) => words.with(
                "log-broken",
                &[
                    ("seq", bad.seq.to_string().into()),
                    ("reason", words.record_reason(bad.reason).into()),
                ],
            ),
        }
    });
    Ok(if verification.intact {
        Exit::Good
    } else {
        Exit::Not
    })
}

fn link(head: &Head) -> String {
    head.to_string()
        .split_once(':')
        .map(|(_, link)| link.to_owned())
        .unwrap_or_default()
}

fn export(seq: u64, session: &Session<'_>) -> Result<Exit, Failure> {
    let value = opened(session)?
        .export(seq)
        .map_err(|e| failed(&e, session))?;
    // An export is a file for other machines: the same JSON with and without --json.
    session.out.result(&value, |_| {
        serde_json::to_string_pretty(&value).unwrap_or_default()
    });
    Ok(Exit::Good)
}

/// The log with its payloads; without the key only what needs none can be read.
fn opened(session: &Session<'_>) -> Result<Log, Failure> {
    let segl: Segl = session.segl()?;
    let vault = segl.vault().ok();
    Log::open(&segl.config().data, vault.as_ref().map(|v| v.key())).map_err(|e| failed(&e, session))
}

fn failed(cause: &RecordError, session: &Session<'_>) -> Failure {
    let stop = session.out.words.log(cause);
    Failure::new("log", stop.what, stop.next)
}
