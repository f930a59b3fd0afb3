//! `segl send --batch`: one letter to many, each a mail of its own with its own decision and its own record.
//!
//! Which rows were sent is asked of the record, not of a file beside it: a batch that was interrupted is run again with
//! the same two files, and sends what was not sent. A row whose mail may have left is never sent again by itself.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    Session,
    args::Send as SendArgs,
    files,
    output::{Exit, Failure},
    send::{self, Attempt, Sent},
};
use crate::{
    mail::{self, Body, Digest, Draft, DraftId, Letter},
    segl::{self, BatchState, Outcome, Segl},
    words::Words,
};

/// Octets of a list of recipients, or of a letter, at most.
const MAX_OCTETS: u64 = 64 << 20;
/// The column with the address.
const TO: &str = "to";
/// The column with files, separated by `;`.
const ATTACH: &str = "attach";

/// A recipient and what is filled in for them.
struct Row {
    number: usize,
    fields: BTreeMap<String, String>,
}

/// What became of a row.
struct Done {
    number: usize,
    to: String,
    outcome: &'static str,
    detail: Value,
}

/// Sends the letter to every row that was not sent to yet.
pub(super) fn run(args: &SendArgs, session: &Session<'_>) -> Result<Exit, Failure> {
    let (Some(batch), Some(template)) = (&args.batch, &args.template) else {
        return Err(Failure::new(
            "usage",
            "--batch needs --template",
            "segl send --help",
        ));
    };
    let segl = session.segl()?;
    let words = &session.out.words;
    let reason = send::reason(args, &segl, words)?;
    let (list, letter) = (
        files::read(batch, MAX_OCTETS, words)?,
        files::read(template, MAX_OCTETS, words)?,
    );
    let rows = rows(&list, batch, words)?;
    let text = String::from_utf8(letter.clone());
    let text = text.map_err(|_not_text| files::unreadable(template, &"UTF-8", words))?;
    let letter = Letter::parse(&text);
    let name = Digest::of_fields([&*list, text.as_bytes()]);
    // What a Segl that is gone left open is closed first: else it would count as what may have left.
    segl.begin(super::now())
        .map_err(|e| send::stopped("record", &words.not_sent(&e)))?;
    let earlier = earlier(&segl, words)?;
    let pause = pause(args.rate.as_deref(), words)?;
    let attempt = Attempt::new(args, session, &segl, reason);
    let mut done = Vec::with_capacity(rows.len());
    let mut next = Instant::now();
    for row in &rows {
        let id = draft_id(&name, row.number);
        let known = earlier.get(id.as_str()).copied();
        let result = match known {
            Some(BatchState::Sent) => Done::of(row, "already-sent", Value::Null),
            Some(BatchState::Unconfirmed) => Done::of(row, "unconfirmed", Value::Null),
            Some(BatchState::NotSent) | None => {
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
                next = Instant::now() + pause;
                one(&attempt, row, id, &letter)
            }
        };
        done.push(result);
    }
    told(session, &name, &done);
    Ok(exit(&done))
}

impl Row {
    fn to(&self) -> &str {
        self.fields.get(TO).map_or("", String::as_str)
    }
}

impl Done {
    fn of(row: &Row, outcome: &'static str, detail: Value) -> Self {
        Self {
            number: row.number,
            to: row.to().to_owned(),
            outcome,
            detail,
        }
    }
}

/// One row. Nothing that is wrong with it stops the others.
fn one(attempt: &Attempt<'_>, row: &Row, id: DraftId, letter: &Letter) -> Done {
    let failed = |failure: &Failure| {
        let detail = json!({ "code": failure.code, "message": failure.message });
        let outcome = if failure.exit == 1 {
            "refused"
        } else {
            "failed"
        };
        Done::of(row, outcome, detail)
    };
    let draft = match draft(attempt, row, id, letter) {
        Ok(draft) => draft,
        Err(failure) => return failed(&failure),
    };
    let alerts = attempt.alerts(&draft);
    match attempt.send_quietly(&draft, &alerts) {
        Err(failure) => failed(&failure),
        Ok(Sent::Refused(_)) => Done::of(row, "refused", Value::Null),
        Ok(Sent::Receipt(receipt)) => {
            let detail = json!({ "message_id": receipt.message_id, "record": receipt.record.seq });
            Done::of(row, receipt.outcome.code(), detail)
        }
    }
}

fn draft(attempt: &Attempt<'_>, row: &Row, id: DraftId, letter: &Letter) -> Result<Draft, Failure> {
    let words = attempt.words();
    let filled = letter.filled(|name| row.fields.get(name).map(String::as_str));
    let filled = filled.map_err(|missing| {
        let args = [("names", missing.join(", ").into())];
        Failure::new(
            "not-filled-in",
            words.with("batch-not-filled-in", &args),
            "",
        )
    })?;
    let mut draft = attempt.begin(id)?;
    let listed = mail::parse_list(row.to()).into_iter();
    draft.to = listed
        .collect::<Result<Vec<_>, _>>()
        .map_err(|bad| super::bad_address(&bad, words))?;
    draft.subject = filled.subject.unwrap_or_default();
    draft.body = Body::Text(match &draft.body {
        // The signature that the sender has stands below already.
        Body::Text(below) => format!("{}{below}", filled.text),
        Body::HandedOver { .. } => filled.text,
    });
    let named = row
        .fields
        .get(ATTACH)
        .map(String::as_str)
        .unwrap_or_default();
    let files = named.split(';').map(str::trim).filter(|f| !f.is_empty());
    for file in files
        .map(Path::new)
        .chain(attempt.attached().iter().map(|p| &**p))
    {
        let attachment = segl::attach(file);
        draft
            .attachments
            .push(attachment.map_err(|e| send::stopped("attachment", &words.not_attached(&e)))?);
    }
    if draft.to.is_empty() {
        return Err(send::stopped(
            "no-recipients",
            &words.not_sent(&segl::SendError::NoRecipients),
        ));
    }
    Ok(draft)
}

/// The same draft for the same row of the same files: the record knows it again.
fn draft_id(batch: &Digest, row: usize) -> DraftId {
    let number = u64::try_from(row).unwrap_or(u64::MAX).to_be_bytes();
    let digest = Digest::of_fields([&b"batch"[..], batch.as_bytes(), &number]).to_string();
    DraftId::of_digest(&digest)
}

fn earlier(segl: &Segl, words: &Words) -> Result<BTreeMap<String, BatchState>, Failure> {
    segl.sent_drafts(super::now())
        .map_err(|e| send::stopped("record", &words.not_sent(&e)))
}

/// How long to wait from one mail to the next: `60/m` is one a second.
fn pause(rate: Option<&str>, words: &Words) -> Result<Duration, Failure> {
    let Some(rate) = rate else {
        return Ok(Duration::ZERO);
    };
    let parsed = rate.split_once('/').and_then(|(count, unit)| {
        let seconds: u64 = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        let count: u32 = count.parse().ok().filter(|c| *c > 0)?;
        Some(Duration::from_secs(seconds) / count)
    });
    parsed.ok_or_else(|| {
        let args = [("rate", rate.to_owned().into())];
        Failure::new("rate", words.with("batch-bad-rate", &args), "")
    })
}

fn rows(octets: &[u8], file: &Path, words: &Words) -> Result<Vec<Row>, Failure> {
    let bad = |why: &dyn std::fmt::Display| files::unreadable(file, why, words);
    let text = str::from_utf8(octets).map_err(|_not_text| bad(&"UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let counted = [b';', b'\t', b','].map(|d| (first.bytes().filter(|b| *b == d).count(), d));
    let delimiter = counted.into_iter().max_by_key(|(count, _)| *count);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.map_or(b',', |(_, d)| d))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().map_err(|e| bad(&e))?.clone();
    if !names.iter().any(|name| name.eq_ignore_ascii_case(TO)) {
        return Err(bad(&words.say("batch-no-to")));
    }
    let mut rows = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(|e| bad(&e))?;
        let fields = names.iter().zip(record.iter()).map(|(name, value)| {
            let is_ours = [TO, ATTACH]
                .into_iter()
                .find(|own| name.eq_ignore_ascii_case(own));
            let name = is_ours.map_or_else(|| name.to_owned(), str::to_owned);
            (name, value.to_owned())
        });
        rows.push(Row {
            number: i + 1,
            fields: fields.collect(),
        });
    }
    Ok(rows)
}

fn count(done: &[Done], outcome: &str) -> usize {
    done.iter().filter(|d| d.outcome == outcome).count()
}

fn told(session: &Session<'_>, name: &Digest, done: &[Done]) {
    let rows: Vec<Value> = done
        .iter()
        .map(|d| json!({ "row": d.number, "to": d.to, "outcome": d.outcome, "detail": d.detail }))
        .collect();
    let sent = count(done, "sent") + count(done, "written");
    let value = json!({
        "batch": name.to_string(), "sent": sent, "already_sent": count(done, "already-sent"),
        "refused": count(done, "refused"), "rejected": count(done, "rejected"), "failed": count(done, "failed"),
        "unconfirmed": count(done, "unconfirmed"), "rows": rows,
    });
    session.out.result(&value, |words| {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
        let args = [
            ("sent", number(sent)),
            ("all", number(done.len())),
            ("already", number(count(done, "already-sent"))),
        ];
        let mut lines = vec![words.with("batch-told", &args)];
        let good = ["sent", "written", "already-sent"];
        let others = done.iter().filter(|d| !good.contains(&d.outcome));
        lines.extend(others.map(|d| {
            let why = d.detail["message"].as_str().unwrap_or_default();
            format!("{}: {} {} {why}", d.number, d.to, d.outcome)
        }));
        lines.join("\n")
    });
}

/// All: good. None, and nothing left: not. A part: something left, so it is not simply run again without looking.
fn exit(done: &[Done]) -> Exit {
    let good = ["sent", "written", "already-sent"];
    let sent = done.iter().filter(|d| good.contains(&d.outcome)).count();
    let is_open =
        |d: &Done| [Outcome::Unconfirmed.code(), Outcome::Partial.code()].contains(&d.outcome);
    match sent {
        all if all == done.len() => Exit::Good,
        0 if !done.iter().any(is_open) => Exit::Not,
        _ => Exit::MayHaveLeft,
    }
}
