//! JSON as the contract has it.

use serde_json::{Value, json};

use crate::{
    alert::Alert,
    cert::{Binding, Certificate, ClockState, Problem, RevocationAnswer, RevocationFinding},
    decide::{Assessment, Exposed, Judged, Policy, RefusedBecause, Tunnel},
    directory::{Failure, Source},
    mail::{Address, Mailbox, Recipient},
    segl::{Delivery, Receipt, Remark},
    words::Words,
};

/// One address of `segl check`.
pub(super) fn assessment(mailbox: &Mailbox, assessment: &Assessment, policy: &Policy) -> Value {
    let route = assessment.route(policy);
    json!({
        "address": mailbox.address.given(),
        "lookup": assessment.address().wire(),
        "light": route.light().code(),
        "route": route.code(),
        "status": assessment.status().code(),
        "certificates": assessment.certificates().iter().map(judged).collect::<Vec<_>>(),
        "errors": assessment.failures().iter().map(failure).collect::<Vec<_>>(),
        "stale": assessment.is_stale(),
        "tunnel": assessment.tunnel().map(tunnel),
        "evidence_from": assessment.evidence_from().map(|t| t.to_string()),
    })
}

/// What the tunnel list says of the address's domain, and what was found of its gateway.
fn tunnel(tunnel: &Tunnel) -> Value {
    json!({
        "listed": tunnel.listed,
        "domain": tunnel.domain,
        "organisation": tunnel.organisation,
        "mode": tunnel.mode.code(),
        "mailbox": tunnel.mailbox.as_ref().map(Address::wire),
        "found_under": tunnel.found_under.as_ref().map(Address::wire),
        "answered_at": tunnel.answered_at.map(|t| t.to_string()),
        "person": tunnel.person.code(),
        "list": {
            "sha256": tunnel.list.sha256.to_string(),
            "from": tunnel.list.at.to_string(),
            "old": tunnel.list.is_old,
        },
    })
}

/// Adds what is known of somebody who would get a mail without encryption.
pub(super) fn exposure(row: &mut Value, exposed: &Exposed) {
    row["level"] = exposed.level.code().into();
    row["risk"] = json!({
        "impact": exposed.risk.impact, "probability": exposed.risk.probability, "band": exposed.risk.band.code(),
    });
    row["rule"] = json!({
        "fallback": exposed.ruled.fallback.code(), "from": exposed.ruled.scope.to_string(),
        "locked": exposed.ruled.is_locked,
    });
    row["refused"] = exposed.refused.map(RefusedBecause::code).into();
    let until = exposed.standing.as_ref().map(|s| s.until.to_string());
    row["assessed_until"] = until.into();
}

/// What the clocks of others say of this computer's: first of all, because every light was judged by it.
pub(super) fn clock(state: &ClockState, words: &Words) -> Value {
    let mut value = json!({ "state": state.code() });
    if let (Some(other), Some(stop)) = (state.other(), words.clock(state)) {
        value["peer"] = other.peer.as_str().into();
        value["expected"] = other.expected.to_string().into();
        value["presented"] = other.presented.to_string().into();
        value["message"] = stop.what.into();
        value["next"] = stop.next.into();
    }
    value
}

fn judged(judged: &Judged) -> Value {
    let mut value = match &judged.certificate {
        Some(found) => certificate(found),
        None => json!({
            "sha256": judged.sha256.to_string(), "subject": null, "issuer": null, "organisation": null,
            "not_after": null,
        }),
    };
    value["source"] = judged
        .sources
        .iter()
        .map(source)
        .collect::<Vec<_>>()
        .join("; ")
        .into();
    value["binding"] = judged
        .verdict
        .as_ref()
        .map_or(Value::Null, |usable| binding(usable.binding()));
    if let Some(at) = judged
        .verdict
        .as_ref()
        .ok()
        .and_then(|u| u.binding().pinned_at())
    {
        value["pinned_at"] = at.to_string().into();
    }
    value["usable"] = judged.used().is_some().into();
    value["set_aside"] = judged.is_set_aside.into();
    value["problems"] = problems(judged.problems());
    value["revocation"] = revocation(&judged.revocation);
    value
}

/// What is known of the revocation of each certificate of a path below its anchor, and from where.
pub(super) fn revocation(findings: &[RevocationFinding]) -> Value {
    let one = |finding: &RevocationFinding| {
        let answer = &finding.answer;
        let mut value = json!({
            "sha256": finding.sha256.to_string(),
            "state": answer.code(),
            "sources": answer.sources(),
            "ruling": finding.ruling.code(),
        });
        match answer {
            RevocationAnswer::Good { .. } => {}
            RevocationAnswer::Revoked { at, reason, .. } => {
                value["at"] = at.to_string().into();
                value["reason"] = json!(reason);
            }
            RevocationAnswer::Unknown(why) => value["unknown"] = json!(why),
        }
        value
    };
    findings.iter().map(one).collect()
}

/// An alert: its code, and whom it is about.
pub(super) fn alert(alert: &Alert, recipients: &[Recipient]) -> Value {
    let about = recipients
        .iter()
        .filter(|r| alert.is_about(&r.mailbox.address));
    let addresses: Vec<&str> = about.map(|r| r.mailbox.address.given()).collect();
    json!({ "code": alert.kind().code(), "addresses": addresses })
}

/// What a certificate says of itself.
pub(super) fn certificate(certificate: &Certificate) -> Value {
    let facts = certificate.facts();
    json!({
        "sha256": certificate.sha256().to_string(),
        "subject": facts.subject,
        "issuer": facts.issuer,
        "organisation": facts.organisation.as_ref().map(|o| json!({ "name": o.name, "number": o.number })),
        "not_before": facts.not_before.to_string(),
        "not_after": facts.not_after.to_string(),
        "addresses": facts.addresses,
        "key": facts.key.to_string(),
        "signature": facts.signature.name,
    })
}

/// Problems with their codes and both sides.
pub(super) fn problems(problems: &[Problem]) -> Value {
    problems
        .iter()
        .map(|p| serde_json::to_value(p).unwrap_or_else(|_| json!({ "code": p.code() })))
        .collect()
}

fn binding(binding: &Binding) -> Value {
    binding.code().into()
}

fn source(source: &Source) -> String {
    source.directory.clone()
}

fn failure(failure: &Failure) -> Value {
    json!({ "source": failure.source, "code": failure.code.code(), "message": failure.message })
}

/// What became of a sending.
pub(super) fn receipt(receipt: &Receipt) -> Value {
    json!({
        "message_id": receipt.message_id,
        "outcome": receipt.outcome.code(),
        "record": { "seq": receipt.record.seq, "link": receipt.record.link },
        "deliveries": receipt.deliveries.iter().map(delivery).collect::<Vec<_>>(),
        "left_out": receipt.left_out.iter().map(|r| r.mailbox.address.given()).collect::<Vec<_>>(),
        "remarks": receipt.remarks.iter().map(remark).collect::<Vec<_>>(),
    })
}

fn delivery(delivery: &Delivery) -> Value {
    let recipients = delivery.recipients.iter().map(|told| {
        json!({
            "address": told.recipient.mailbox.address.given(),
            "kind": told.recipient.kind,
            "reply": told.reply,
        })
    });
    json!({
        "route": delivery.route.code(),
        "outcome": delivery.outcome.code(),
        "signed": delivery.is_signed,
        "subject_hidden": delivery.hides_subject,
        "also_readable_by": delivery.further.iter().map(|f| json!({ "kind": f.kind.code(), "name": f.name })).collect::<Vec<_>>(),
        "recipients": recipients.collect::<Vec<_>>(),
        "reply": delivery.reply,
        "tls": delivery.tls.as_ref().map(|t| json!({ "version": t.version, "cipher": t.cipher })),
        "file": delivery.file.as_ref().map(|f| f.display().to_string()),
    })
}

fn remark(remark: &Remark) -> Value {
    let (code, detail) = match remark {
        Remark::NotRecorded(detail) => ("not-recorded", detail),
        Remark::NoSentCopy(detail) => ("no-sent-copy", detail),
        Remark::NoReadableCopy(detail) => ("no-readable-copy", detail),
        Remark::NotRemembered(detail) => ("not-remembered", detail),
        Remark::Interrupted(detail) => ("interrupted", detail),
    };
    json!({ "code": code, "detail": detail })
}
