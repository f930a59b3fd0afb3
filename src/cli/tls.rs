//! `segl tls`: whether mail to a domain travels encrypted, before anything is sent.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    CLOCK, Session,
    args::Tls,
    now,
    output::{Exit, Failure},
    receipts,
};
use crate::{
    segl::{Ask, DomainTransport, EvidenceError, Segl},
    tls::{Exchanger, FiledReceipt, Level, Probe, Promise, domain_of},
    words::{Means, Words},
};

/// Examines domains, and writes what was seen for other desks.
pub(super) fn run(args: &Tls, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    // What is kept is used where there is a key for it; asking needs none.
    let _kept = segl.vault();
    if let Err(cause) = segl.evidence(now()) {
        let stop = words.evidence(&cause);
        super::Output::note(&format!("{} {}", stop.what, stop.next));
    }
    let domains = domains(args, &segl, words)?;
    let ask = if args.anew || args.export.is_some() {
        Ask::Anew
    } else {
        Ask::IfNotFresh
    };
    let seen = session.run(segl.examine_domains(&domains, ask, CLOCK))?;
    let promise = segl.promise(super::now());
    let rows: Vec<&DomainTransport> = domains.iter().filter_map(|d| seen.get(d)).collect();
    let filed = segl.filed_receipts();
    let values: Vec<Value> = rows
        .iter()
        .map(|known| domain(known, promise, filed.get(&known.findings.domain)))
        .collect();
    let mut value = json!({ "domains": values });
    let text = |words: &Words| {
        let lines = rows.iter().map(|known| {
            let domain = &known.findings.domain;
            let filed = filed
                .get(domain)
                .map(|f| words.filed_receipt(domain, f, now()));
            let lines = std::iter::once(lines(known, promise, words)).chain(filed);
            lines.collect::<Vec<_>>().join("\n  ")
        });
        lines.collect::<Vec<_>>().join("\n\n")
    };
    let Some(file) = &args.export else {
        session.out.result(&value, text);
        let is_good = |known: &&DomainTransport| {
            known.level(&promise) <= Level::Verified && !known.findings.takes_no_mail()
        };
        return Ok(if rows.iter().all(is_good) {
            Exit::Good
        } else {
            Exit::Not
        });
    };
    let exported = segl
        .export_evidence(&seen, file, now())
        .map_err(|cause| failed(&cause, file, words))?;
    value["export"] = json!({
        "key": exported.key, "domains": exported.domains, "sha256": exported.sha256,
    });
    session.out.result(&value, |words| {
        let count = i64::try_from(exported.domains).unwrap_or(i64::MAX);
        let args = [
            ("count", count.into()),
            ("file", file.display().to_string().into()),
            ("key", exported.key.as_str().into()),
        ];
        text(words) + "\n\n" + &words.with("tls-exported", &args)
    });
    Ok(Exit::Good)
}

/// What was named, in that order and once each, then those of the contacts.
fn domains(args: &Tls, segl: &Segl, words: &Words) -> Result<Vec<String>, Failure> {
    let mut domains = Vec::new();
    for text in &args.domains {
        let named = text.rsplit_once('@').map_or(text.as_str(), |(_, d)| d);
        let domain = domain_of(named).ok_or_else(|| {
            let args = [("domain", text.as_str().into())];
            Failure::new("domain", words.with("tls-bad-domain", &args), "")
        })?;
        domains.push(domain);
    }
    if args.all {
        let known = segl.known_domains().map_err(|cause| {
            let stop = words.book(&cause);
            Failure::new("contacts", stop.what, stop.next)
        })?;
        domains.extend(known);
    }
    let mut once = std::collections::BTreeSet::new();
    domains.retain(|d| once.insert(d.clone()));
    if domains.is_empty() {
        return Err(Failure::new(
            "no-domain",
            words.say("tls-no-domain"),
            words.say("tls-no-domain-next"),
        ));
    }
    Ok(domains)
}

/// One element of `domains` (the contract), with what was seen without the promise, and where it is from.
fn domain(known: &DomainTransport, promise: Promise, filed: Option<&FiledReceipt>) -> Value {
    let findings = &known.findings;
    json!({
        "domain": findings.domain,
        "level": known.level(&promise).code(),
        "seen": findings.level().code(),
        "checked_at": findings.checked_at.to_string(),
        "source": known.source.code(),
        "takes_no_mail": findings.takes_no_mail(),
        "mx": findings.mx.iter().map(exchanger).collect::<Vec<_>>(),
        "notes": findings.notes(),
        "policy": findings.sts,
        "receipt": filed.map(receipts::filed),
    })
}

fn exchanger(mx: &Exchanger) -> Value {
    json!({
        "host": mx.host,
        "preference": mx.preference,
        "addresses": mx.addresses,
        "dane": mx.dane.code(),
        "tlsa": mx.tlsa,
        "sts": mx.sts.code(),
        "probe": mx.probe.as_ref().map(probe),
    })
}

fn probe(probe: &Probe) -> Value {
    json!({
        "outcome": probe.outcome.code(),
        "version": probe.version,
        "cipher": probe.cipher,
        "chain": probe.chain,
        "name": probe.name,
        "certificate": probe.certificate.iter().map(|c| c.code()).collect::<Vec<_>>(),
        "at": probe.at.to_string(),
        "by": probe.by,
    })
}

fn lines(known: &DomainTransport, promise: Promise, words: &Words) -> String {
    words.domain_transport(known, &promise).join("\n  ")
}

fn failed(cause: &EvidenceError, file: &Path, words: &Words) -> Failure {
    match cause {
        EvidenceError::Key(cause) => {
            let stop = words.key(cause, Means::Nothing);
            Failure::new("key", stop.what, stop.next)
        }
        EvidenceError::Record(cause) => {
            let stop = words.record(cause);
            Failure::new("record", stop.what, stop.next)
        }
        EvidenceError::File(detail) => {
            let args = [
                ("file", file.display().to_string().into()),
                ("detail", detail.as_str().into()),
            ];
            Failure::new("file-unwritable", words.with("tls-not-exported", &args), "")
        }
    }
}
