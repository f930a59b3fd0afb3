//! `segl outbox`.

use serde_json::{Value, json};

use super::{
    CLOCK, Session,
    args::Outbox as Verb,
    json as shown,
    output::{Exit, Failure},
};
use crate::{
    mail::Draft,
    segl::{CameTo, Cancel, DraftError, Outgoing, Tried, Waiting, Which},
    words::Words,
};

/// Lists what waits, or tries it now.
pub(super) fn run(verb: &Verb, session: &Session<'_>) -> Result<Exit, Failure> {
    match verb {
        Verb::List => list(session),
        Verb::Send => send(session),
    }
}

fn list(session: &Session<'_>) -> Result<Exit, Failure> {
    let outbox = session.segl()?.outbox().map_err(|e| failed(&e, session))?;
    let rows: Vec<Value> = outbox
        .iter()
        .map(|o| waiting(&o.draft, &o.waiting))
        .collect();
    session.out.result(&json!({ "outbox": rows }), |words| {
        if outbox.is_empty() {
            return words.say("outbox-empty");
        }
        let line = |o: &Outgoing| line(&o.draft, &o.waiting, words);
        outbox.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(Exit::Good)
}

fn send(session: &Session<'_>) -> Result<Exit, Failure> {
    let segl = session.segl()?;
    let cancel = Cancel::new();
    let tried = session
        .run(segl.run_outbox(&Which::All, &cancel, CLOCK))?
        .map_err(|e| failed(&e, session))?;
    let Some(tried) = tried else {
        let words = &session.out.words;
        return Err(Failure::new(
            "outbox-in-use",
            words.say("outbox-taken"),
            words.say("next-send-later"),
        ));
    };
    let rows: Vec<Value> = tried.iter().map(row).collect();
    session.out.result(&json!({ "tried": rows }), |words| {
        if tried.is_empty() {
            return words.say("outbox-empty");
        }
        let text = |t: &Tried| words.outgoing(t);
        tried.iter().map(text).collect::<Vec<_>>().join("\n")
    });
    session.keep_retention(&segl);
    let any = |is: fn(&CameTo) -> bool| tried.iter().any(|t| is(&t.came_to));
    Ok(if any(|c| matches!(c, CameTo::Draft(_))) {
        Exit::MayHaveLeft
    } else if any(|c| matches!(c, CameTo::Waits(..))) {
        Exit::Not
    } else {
        Exit::Good
    })
}

fn row(tried: &Tried) -> Value {
    match &tried.came_to {
        CameTo::Waits(how, _) => waiting(&tried.draft, how),
        CameTo::Sent(receipt) | CameTo::Draft(receipt) => {
            let mut value = shown::receipt(receipt);
            value["draft"] = tried.draft.id.as_str().into();
            value
        }
    }
}

fn waiting(draft: &Draft, waiting: &Waiting) -> Value {
    let recipients = draft.recipients();
    json!({
        "draft": draft.id.as_str(),
        "outcome": if waiting.needs_answer() { "needs-answer" } else { "waits" },
        "to": recipients.iter().map(|r| r.mailbox.address.given()).collect::<Vec<_>>(),
        "why": waiting.why.code(),
        "since": waiting.since.to_string(),
        "tries": waiting.tries,
        "next": waiting.next.map(|t| t.to_string()),
    })
}

fn line(draft: &Draft, waiting: &Waiting, words: &Words) -> String {
    format!(
        "{}  {}  {} {}",
        words.moment(waiting.since),
        words.listed(&draft.labels()),
        words.why_waiting(&waiting.why),
        words.next_try(waiting)
    )
}

fn failed(cause: &DraftError, session: &Session<'_>) -> Failure {
    let stop = session.out.words.draft(cause);
    Failure::new("drafts", stop.what, stop.next)
}
