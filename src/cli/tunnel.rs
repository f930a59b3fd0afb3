//! `segl tunnel`.

use serde_json::{Value, json};

use super::{
    Session,
    args::Tunnel as Verb,
    output::{Exit, Failure},
};
use crate::{
    segl::{KeptList, TakenList, TunnelError, WaitingList},
    tunnel::{Changed, Fault, Reason, Unit},
    words::Words,
};

/// Shows the tunnel list, takes one in, or notes an answer.
pub(super) fn run(verb: &Verb, session: &Session<'_>) -> Result<Exit, Failure> {
    match verb {
        Verb::Status => status(session),
        Verb::Import { file } => {
            let taken = session.segl()?.import_tunnel_list(file, super::now());
            Ok(taken_in(&taken.map_err(|e| failed(&e, session))?, session))
        }
        Verb::Update => {
            let segl = session.segl()?;
            let taken = session.run(segl.update_tunnel_list(super::now()))?;
            Ok(taken_in(&taken.map_err(|e| failed(&e, session))?, session))
        }
        Verb::Confirm { sha256 } => confirm(sha256.as_deref(), session),
        Verb::Discard => {
            let gone = session.segl()?.discard_tunnel_list();
            let gone = gone.map_err(|e| failed(&e, session))?;
            let value = json!({ "discarded": list(&gone) });
            session
                .out
                .result(&value, |words| words.say("tunnel-discarded"));
            Ok(Exit::Good)
        }
        Verb::Answered { file } => {
            let domain = session.segl()?.take_tunnel_answer(file, super::now());
            let domain = domain.map_err(|e| {
                let stop = session.out.words.no_tunnel_answer(&e);
                Failure::refused("no-answer", stop.what, stop.next)
            })?;
            session.out.result(&json!({ "domain": domain }), |words| {
                words.with("tunnel-answered", &[("domain", domain.as_str().into())])
            });
            Ok(Exit::Good)
        }
    }
}

fn status(session: &Session<'_>) -> Result<Exit, Failure> {
    let status = session.segl()?.tunnel_status(super::now());
    let status = status.map_err(|e| failed(&e, session))?;
    let value = json!({
        "list": status.in_force.as_ref().map(list),
        "old": status.is_old,
        "waiting": status.waiting.as_ref().map(waiting),
        "trouble": status.trouble.as_ref().map(|t| json!({
            "at": t.at.to_string(), "code": t.code, "message": t.detail,
        })),
    });
    session
        .out
        .result(&value, |words| words.tunnel_status(&status).join("\n"));
    Ok(if status.is_good() {
        Exit::Good
    } else {
        Exit::Not
    })
}

fn taken_in(taken: &TakenList, session: &Session<'_>) -> Exit {
    let (outcome, kept, detail) = match taken {
        TakenList::Same(kept) => ("same", kept, Value::Null),
        TakenList::InForce { kept, faults, .. } => {
            ("in-force", kept, json!({ "left_out": left_out(faults) }))
        }
        TakenList::Waits(w) => ("waits", &w.kept, waiting(w)),
    };
    let value = json!({ "outcome": outcome, "list": list(kept), "detail": detail });
    session
        .out
        .result(&value, |words| words.taken_list(taken).join("\n"));
    match taken {
        TakenList::Waits(_) => Exit::Not,
        TakenList::Same(_) | TakenList::InForce { .. } => Exit::Good,
    }
}

fn confirm(seen: Option<&str>, session: &Session<'_>) -> Result<Exit, Failure> {
    let confirmed = session.segl()?.confirm_tunnel_list(seen, super::now());
    let confirmed = confirmed.map_err(|e| failed(&e, session))?;
    session.out.result(&waiting(&confirmed), |words: &Words| {
        let count = i64::try_from(confirmed.kept.entries).unwrap_or(i64::MAX);
        words.with("tunnel-confirmed", &[("count", count.into())])
    });
    Ok(Exit::Good)
}

fn list(kept: &KeptList) -> Value {
    json!({
        "sha256": kept.sha256.to_string(),
        "size": kept.size,
        "entries": kept.entries,
        "keys": kept.keys,
        "left_out": kept.faults,
        "source": kept.source.code(),
        "from": kept.source.to_string(),
        "date": kept.from.to_string(),
        "taken_at": kept.taken_at.to_string(),
        "signed_by": kept.signed_by.map(|s| s.to_string()),
        "membership_only": kept.is_membership_only,
    })
}

fn waiting(waiting: &WaitingList) -> Value {
    let review = &waiting.review;
    json!({
        "list": list(&waiting.kept),
        "reasons": waiting.reasons.iter().map(Reason::code).collect::<Vec<_>>(),
        "before": review.before,
        "after": review.after,
        "added": review.added,
        "removed": review.removed,
        "gone": review.gone,
        "own": review.own,
        "changed": review.changed.iter().map(changed).collect::<Vec<_>>(),
    })
}

fn changed(changed: &Changed) -> Value {
    let fields = changed.fields.iter().map(
        |(field, before, after)| json!({ "field": field.code(), "before": before, "after": after }),
    );
    json!({ "domain": changed.listed, "fields": fields.collect::<Vec<_>>() })
}

fn left_out((unit, faults): &(Unit, Vec<Fault>)) -> Vec<Value> {
    let number = match unit {
        Unit::Line => "line",
        Unit::Item => "item",
    };
    let one = |f: &Fault| json!({ number: f.number, "code": f.why.code(), "value": f.value });
    faults.iter().map(one).collect()
}

fn failed(cause: &TunnelError, session: &Session<'_>) -> Failure {
    let stop = session.out.words.tunnel_error(cause);
    let refused = matches!(
        cause,
        TunnelError::Broken(_)
            | TunnelError::Unsigned
            | TunnelError::OtherSigner { .. }
            | TunnelError::Signature(_)
            | TunnelError::Older
            | TunnelError::PolicyNames
            | TunnelError::NothingWaits
    );
    if refused {
        Failure::refused(cause.code(), stop.what, stop.next)
    } else {
        Failure::new(cause.code(), stop.what, stop.next)
    }
}
