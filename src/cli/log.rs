//! `segl log`.

use std::path::Path;

use serde_json::json;

use super::{
    Session,
    args::{Log as LogVerb, Verify},
    output::{Exit, Failure},
};
use crate::{
    record::{self, Filter, Head, Log, RecordError, Signatures},
    segl::{self, AnchorError, Anchors, Segl, StampState},
    words::Words,
};

/// Reads, verifies and exports the send log.
pub(super) fn run(verb: &LogVerb, session: &Session<'_>) -> Result<Exit, Failure> {
    match verb {
        LogVerb::List => list(session),
        LogVerb::Show { seq } => show(*seq, session),
        LogVerb::Verify(args) => verify(args, session),
        LogVerb::Anchor { copy } => anchor(copy.as_deref(), session),
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

fn verify(args: &Verify, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let head: Option<Head> = args
        .head
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_not_a_head| Failure::new("head", words.say("log-bad-head"), ""))?;
    let signatures = if args.every_signature {
        Signatures::Every
    } else {
        Signatures::Enough
    };
    let mut stamps = Anchors::default();
    let verification = if let Some(file) = &args.file {
        record::verify_file(file, head.as_slice(), signatures)
    } else {
        let config = session.config()?;
        stamps = segl::anchors(&config, args.anchors.as_deref()).map_err(|e| unanchored(&e, session))?;
        let heads: Vec<Head> = stamps.heads().chain(head).collect();
        record::verify_folder_with(&config.data, &heads, signatures)
    };
    let verification = verification.map_err(|e| failed(&e, session))?;
    let value = json!({
        "anchors": stamps.states,
        "intact": verification.intact,
        "records": verification.records,
        "signatures": verification.signatures,
        "head": verification.head.map(|h| json!({ "seq": h.seq, "link": link(&h) })),
        "first_bad": verification.first_bad.map(|bad| json!({ "seq": bad.seq, "reason": bad.reason })),
    });
    session.out.result(&value, |words| {
        let count = i64::try_from(verification.records).unwrap_or(i64::MAX);
        let lines = stamps.states.iter().map(|s| stamped(s, words));
        let told = match verification.first_bad {
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
        };
        let some = (verification.signatures < verification.records).then(|| {
            let count = i64::try_from(verification.signatures).unwrap_or(i64::MAX);
            words.with("log-signatures", &[("count", count.into())])
        });
        std::iter::once(told)
            .chain(some)
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    });
    Ok(
        if verification.intact && stamps.states.iter().all(|s| s.holds) {
            Exit::Good
        } else {
            Exit::Not
        },
    )
}

/// Has the newest row stamped.
fn anchor(copy: Option<&Path>, session: &Session<'_>) -> Result<Exit, Failure> {
    let segl = session.segl()?;
    let made = session.run(segl.anchor(copy, super::CLOCK))?;
    let state = made.map_err(|e| unanchored(&e, session))?;
    session
        .out
        .result(&json!(state), |words| stamped(&state, words));
    Ok(Exit::Good)
}

fn stamped(state: &StampState, words: &Words) -> String {
    let args = [
        ("seq", state.seq.to_string().into()),
        (
            "time",
            state
                .time
                .map_or_else(String::new, |t| words.moment(t))
                .into(),
        ),
        ("by", state.by.as_str().into()),
    ];
    match (state.holds, state.trusted) {
        (false, _) => words.with("report-anchor-broken", &args[..1]),
        (true, true) => words.with("report-anchored", &args),
        (true, false) => words.with("report-anchored-untrusted", &args),
    }
}

fn unanchored(cause: &AnchorError, session: &Session<'_>) -> Failure {
    let stop = session.out.words.not_anchored(cause);
    Failure::new("anchor", stop.what, stop.next)
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
