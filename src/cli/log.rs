//! `segl log`.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{
    Session,
    args::{Log as LogVerb, Verify},
    files,
    output::{Exit, Failure},
};
use crate::{
    record::{self, Filter, Head, HeadNote, Log, RecordError, Signatures},
    segl::{self, AnchorError, Anchors, Segl, Ship, StampState},
    words::Words,
};

/// Octets of a note at most.
const MAX_NOTE: u64 = 1 << 16;

/// Reads, verifies and exports the send log.
pub(super) fn run(verb: &LogVerb, session: &Session<'_>) -> Result<Exit, Failure> {
    match verb {
        LogVerb::List => list(session),
        LogVerb::Show { seq } => show(*seq, session),
        LogVerb::Verify(args) => verify(args, session),
        LogVerb::Anchor {
            note: Some(file), ..
        } => note(file, session),
        LogVerb::Anchor { copy, .. } => anchor(copy.as_deref(), session),
        LogVerb::Ship { anew } => ship(if *anew { Ship::Anew } else { Ship::Now }, session),
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
    let notes = notes(&args.note, session)?;
    let given: Vec<Head> = head
        .into_iter()
        .chain(notes.iter().map(|n| n.head))
        .collect();
    let signatures = if args.every_signature {
        Signatures::Every
    } else {
        Signatures::Enough
    };
    let mut stamps = Anchors::default();
    let verification = if let Some(file) = &args.file {
        record::verify_file(file, &given, signatures)
    } else {
        let config = session.config()?;
        stamps =
            segl::anchors(&config, args.anchors.as_deref()).map_err(|e| unanchored(&e, session))?;
        let heads: Vec<Head> = stamps.heads().chain(given).collect();
        record::verify_folder_with(&config.data, &heads, signatures)
    };
    let verification = verification.map_err(|e| failed(&e, session))?;
    // A row of the same number in another log says nothing of this one.
    let is_other = |note: &HeadNote| {
        let key = verification.public_key.as_ref();
        key.is_some_and(|key| *key != note.public_key)
    };
    if notes.iter().any(is_other) {
        return Err(Failure::refused("note", words.say("anchor-note-other"), ""));
    }
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

/// Ships now, and waits for the folder as long as that takes.
fn ship(when: Ship, session: &Session<'_>) -> Result<Exit, Failure> {
    let segl = session.segl()?;
    let went = segl.ship(when, super::now()).map_err(|cause| {
        let stop = session.out.words.not_shipped(&cause);
        Failure::new("ship", stop.what, stop.next)
    })?;
    session
        .out
        .result(&json!({ "rows": went }), |words| match went {
            None => words.say("shipping-busy"),
            Some(rows) => {
                let rows = i64::try_from(rows).unwrap_or(i64::MAX);
                words.with("shipping-done", &[("count", rows.into())])
            }
        });
    Ok(Exit::Good)
}

/// Notes that were kept elsewhere, each with a signature that holds.
fn notes(files: &[PathBuf], session: &Session<'_>) -> Result<Vec<HeadNote>, Failure> {
    let words = &session.out.words;
    let one = |file: &PathBuf| {
        let octets = files::read(file, MAX_NOTE, words)?;
        let note = String::from_utf8(octets).ok();
        note.and_then(|note| HeadNote::parse(&note)).ok_or_else(|| {
            let args = [("file", file.display().to_string().into())];
            Failure::refused("note", words.with("anchor-note-broken", &args), "")
        })
    };
    files.iter().map(one).collect()
}

/// Writes the newest row's head into a file, signed.
fn note(file: &Path, session: &Session<'_>) -> Result<Exit, Failure> {
    let segl = session.segl_with_key()?;
    let note = segl
        .head_note(super::now())
        .map_err(|e| unanchored(&e, session))?;
    files::write_new(file, note.as_bytes())
        .map_err(|e| files::unwritable(file, &e, &session.out.words))?;
    let told = HeadNote::parse(&note);
    let head = told.map(|note| note.head.to_string()).unwrap_or_default();
    session.out.result(&json!({ "head": head }), |words| {
        words.with("anchor-noted", &[("head", head.as_str().into())])
    });
    Ok(Exit::Good)
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
