//! `segl tls ask` and `segl tls receipt`: asking a domain for a receipt, and what comes back.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    CLOCK, Session,
    args::AskReceipt,
    code, files, json, mailbox, now,
    output::{Exit, Failure},
};
use crate::{
    decide::{NotAsked, Surface},
    dkim::Checked,
    mail::{Action, Address, trace::Weakness},
    segl::{AskError, NotFiled, Outcome, ReceiptError, Request, TakenReceipt, Way},
    tls::{FiledReceipt, Leg, SeenHop},
    words::Words,
};

/// Octets of an answer at most.
const MAX_ANSWER: u64 = 64 << 20;

/// Sends the empty mail that asks for a receipt, or writes it to files.
pub(super) fn ask(args: &AskReceipt, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let address = mailbox(&args.address, words)?.address;
    let from = args
        .from
        .as_deref()
        .map(|f| mailbox(f, words))
        .transpose()?;
    let way = match &args.to_eml {
        Some(folder) => Way::Files(folder.clone()),
        None => Way::Submit,
    };
    let segl = session.segl()?;
    let asking = segl.ask_receipt(
        &address,
        from.as_ref().map(|f| &f.address),
        Surface::CommandLine,
        words,
        &way,
        CLOCK,
    );
    let requested = session.run(asking)?.map_err(|cause| {
        let stop = words.not_asked(&address, &cause);
        match &cause {
            AskError::NotAsked(NotAsked::Unneeded(_)) => {
                Failure::refused("unneeded", stop.what, stop.next)
            }
            AskError::NotAsked(NotAsked::Refused(_)) => {
                Failure::refused("refused", stop.what, stop.next)
            }
            AskError::Send(cause) => Failure::new(code(cause), stop.what, stop.next),
        }
    })?;
    let mut value = json::receipt(&requested.receipt);
    value["request"] = request(&requested.request);
    session
        .out
        .result(&value, |words| words.asked(&requested).join("\n"));
    Ok(match requested.receipt.outcome {
        Outcome::Sent | Outcome::Written => Exit::Good,
        Outcome::Partial | Outcome::Unconfirmed => Exit::MayHaveLeft,
        Outcome::Rejected | Outcome::NotSent => Exit::Not,
    })
}

/// Reads an answer, says what it says, and files it where it is one of ours.
pub(super) fn take(file: &Path, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let octets = files::read(file, MAX_ANSWER, words)?;
    let segl = session.segl_with_key()?;
    let taken = session.run(segl.take_receipt(&octets, now()))?;
    let taken = taken.map_err(|cause| not_taken(&cause, words))?;
    session.out.result(&answer(&taken), |words| {
        words.taken_receipt(&taken).join("\n")
    });
    Ok(if taken.not_filed.is_none() {
        Exit::Good
    } else {
        Exit::Not
    })
}

fn not_taken(cause: &ReceiptError, words: &Words) -> Failure {
    let stop = words.receipt_fault(cause);
    let code = match cause {
        ReceiptError::NoMail => "no-mail",
        ReceiptError::Key(_) => "key",
        ReceiptError::Record(_) => "record",
        ReceiptError::Busy => "busy",
    };
    Failure::new(code, stop.what, stop.next)
}

fn request(request: &Request) -> Value {
    json!({
        "token": request.token, "message_id": request.message_id, "address": request.address,
        "domain": request.domain, "at": request.at.to_string(), "seq": request.row,
        "asks": { "disposition": request.asks_disposition, "status": request.asks_status },
    })
}

fn answer(taken: &TakenReceipt) -> Value {
    let answer = &taken.answer;
    json!({
        "filed": taken.not_filed.is_none(),
        "not_filed": taken.not_filed.as_ref().map(NotFiled::code),
        "seq": taken.not_filed.is_none().then_some(taken.summary.row),
        "kind": answer.kind.code(),
        "action": answer.action().map(Action::code),
        "from": answer.from.as_ref().map(Address::given),
        "date": answer.at.map(|t| t.to_string()),
        "reporting": answer.reporting,
        "recipients": answer.told,
        "asks_for_receipt": answer.asks_for_receipt,
        "request": taken.request.as_ref().map(request),
        "legs": taken.legs.iter().map(leg).collect::<Vec<_>>(),
        "signatures": taken.signatures.iter().map(signature).collect::<Vec<_>>(),
        "vouched": taken.is_vouched,
        "summary": filed(&taken.summary),
        "sha256": taken.sha256.to_string(),
    })
}

fn leg(leg: &Leg) -> Value {
    json!({
        "direction": leg.direction.code(),
        "hops": leg.hops.iter().map(hop).collect::<Vec<_>>(),
        "left_out": leg.left_out,
    })
}

fn hop(seen: &SeenHop) -> Value {
    let hop = &seen.hop;
    json!({
        "from": hop.from, "by": hop.by, "with": hop.with, "encrypted": hop.is_encrypted(),
        "signed_in": hop.signed_in, "tls": hop.tls, "weakness": hop.weakness().map(Weakness::code),
        "at": hop.at.map(|t| t.to_string()), "witness": seen.witness.code(),
        "claimed_by": seen.witness.claimed_by(), "border": seen.is_border, "line": hop.text,
    })
}

fn signature(checked: &Checked) -> Value {
    json!({
        "domain": checked.domain, "selector": checked.selector,
        "verdict": checked.verdict.code(), "key": checked.key.code(),
    })
}

/// A filed receipt beside what is known of its domain.
pub(super) fn filed(filed: &FiledReceipt) -> Value {
    json!({
        "filed_at": filed.filed_at.to_string(), "seq": filed.row, "kind": filed.kind.code(),
        "action": filed.action.map(Action::code), "witness": filed.witness.code(),
        "claimed_by": filed.witness.claimed_by(), "direction": filed.direction.code(),
        "hops": filed.hops, "encrypted": filed.encrypted, "version": filed.version,
        "cipher": filed.cipher, "weakness": filed.weakness.map(Weakness::code),
    })
}
