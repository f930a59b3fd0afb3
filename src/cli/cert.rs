//! `segl cert show` and `segl cert check`.

use std::path::Path;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    args::{CertCheck, Purpose, Trust as TrustArgs},
    files, json,
    output::{Exit, Failure, Output},
};
use crate::{
    cert::{self, Certificate, PolicyInputs, Problem, Subject},
    config::{self, Config},
    mail::Address,
    segl::{Trust, TrustError},
    words::{Words, grouped},
};

/// `segl cert show FILE`
pub(super) fn show(file: &Path, out: &Output) -> Result<Exit, Failure> {
    let found = read(file, &out.words)?;
    let values: Vec<Value> = found
        .iter()
        .map(|c| match c {
            Ok(certificate) => json::certificate(certificate),
            Err(problem) => json!({ "problems": json::problems(std::slice::from_ref(problem)) }),
        })
        .collect();
    out.result(&json!({ "certificates": values }), |words| {
        let texts = found.iter().map(|c| match c {
            Ok(certificate) => described(certificate, words),
            Err(problem) => words.problem(problem).sentence,
        });
        texts.collect::<Vec<_>>().join("\n\n")
    });
    Ok(if found.iter().all(Result::is_ok) {
        Exit::Good
    } else {
        Exit::Not
    })
}

/// `segl cert check FILE`
pub(super) fn check(
    args: &CertCheck,
    config: Option<&Config>,
    now: Timestamp,
    out: &Output,
) -> Result<Exit, Failure> {
    let words = &out.words;
    let at = given_time(args.at.as_deref(), words)?.unwrap_or(now);
    let address = args
        .address
        .as_deref()
        .map(|a| super::mailbox(a, words).map(|m| m.address))
        .transpose()?;
    let trust = trust(&args.trust, config, words)?;
    let policy = policy(args, words)?;
    let found = read(&args.file, words)?;
    let Some(asked) = asked(&found, address.as_ref()) else {
        return Err(Failure::new(
            "no-certificate",
            words.with("cli-no-certificate", &[("file", shown(&args.file))]),
            "",
        ));
    };
    // Those beside it are candidates for its path, as in a bundle.
    let beside: Vec<Certificate> = found
        .iter()
        .filter(|other| !std::ptr::eq(*other, asked))
        .flatten()
        .cloned()
        .collect();
    let (mut value, problems) = match asked {
        Err(problem) => (json!({ "sha256": null }), vec![problem.clone()]),
        Ok(leaf) => {
            let examined = trust.examine_under(leaf, &beside, &policy, at);
            let problems = judged(&trust, &examined, address.as_ref(), args.purpose, at);
            let mut value = json::certificate(leaf);
            let path = examined
                .path
                .certificates()
                .iter()
                .map(|c| c.sha256().to_string());
            value["path"] = path.collect::<Vec<_>>().into();
            value["revocation"] = json::revocation(&trust.revocation(&examined, at));
            (value, problems)
        }
    };
    value["usable"] = problems.is_empty().into();
    value["problems"] = json::problems(&problems);
    value["source"] = shown_text(&args.file).into();
    out.result(&value, |words| {
        let mut lines: Vec<String> = asked
            .as_ref()
            .map(|c| described(c, words))
            .into_iter()
            .collect();
        if problems.is_empty() {
            lines.push(words.say("cli-cert-usable"));
        }
        lines.extend(problems.iter().map(|p| words.problem(p).sentence));
        lines.join("\n")
    });
    Ok(if problems.is_empty() {
        Exit::Good
    } else {
        Exit::Not
    })
}

/// Of several certificates the one that is asked about: in a bundle their order means nothing, and other programs write
/// the issuer first as well. One that names the address; else one that is no authority, or cannot be read.
fn asked<'a>(
    found: &'a [Result<Certificate, Problem>],
    address: Option<&Address>,
) -> Option<&'a Result<Certificate, Problem>> {
    let is_named = |one: &&Result<Certificate, Problem>| {
        let certificate = one.as_ref().ok();
        address.is_some_and(|address| certificate.is_some_and(|c| c.names(address)))
    };
    let is_end = |one: &&Result<Certificate, Problem>| {
        let certificate = one.as_ref().ok();
        certificate.is_none_or(|c| !c.facts().is_ca)
    };
    let named = found.iter().find(is_named);
    named
        .or_else(|| found.iter().find(is_end))
        .or_else(|| found.first())
}

/// A time from the command line; now where none is given.
pub(super) fn time(given: Option<&str>, words: &Words) -> Result<Timestamp, Failure> {
    Ok(given_time(given, words)?.unwrap_or_else(super::now))
}

fn given_time(given: Option<&str>, words: &Words) -> Result<Option<Timestamp>, Failure> {
    let parsed = given.map(|text| {
        text.parse().map_err(|cause: jiff::Error| {
            Failure::new(
                "time",
                words.with("cli-bad-time", &[("time", text.into())]),
                cause.to_string(),
            )
        })
    });
    parsed.transpose()
}

fn policy(args: &CertCheck, words: &Words) -> Result<PolicyInputs, Failure> {
    let oid = |text: &String| {
        ObjectIdentifier::new(text).map_err(|cause| {
            let message = words.with("cli-bad-oid", &[("oid", text.as_str().into())]);
            Failure::new("policy", message, cause.to_string())
        })
    };
    Ok(PolicyInputs {
        acceptable: args.policies.iter().map(oid).collect::<Result<_, _>>()?,
        explicit: args.explicit_policy,
        inhibit_mapping: args.inhibit_mapping,
        inhibit_any: args.inhibit_any,
    })
}

fn judged(
    trust: &Trust,
    examined: &crate::segl::Examined,
    address: Option<&Address>,
    purpose: Purpose,
    at: Timestamp,
) -> Vec<Problem> {
    let subject = match (purpose, address) {
        (Purpose::Path, _) => Subject::Path,
        (Purpose::Sign, _) => Subject::Sign,
        (Purpose::Encrypt, _) => Subject::Encrypt,
    };
    let mut problems = trust.problems(examined, subject, at);
    let leaf = examined.path.leaf();
    if let Purpose::Encrypt = purpose {
        problems.extend(trust.left_out(leaf));
        problems.sort_by_key(Problem::rank);
    }
    if let Some(address) = address
        && trust.binding(leaf, address).is_err()
    {
        problems.push(Problem::AddressMismatch {
            expected: address.given().to_owned(),
            presented: leaf.facts().addresses.clone(),
        });
        problems.sort_by_key(Problem::rank);
    }
    problems
}

/// Trust from settings and arguments: `--anchor` replaces, the rest adds.
pub(super) fn trust(
    args: &TrustArgs,
    config: Option<&Config>,
    words: &Words,
) -> Result<Trust, Failure> {
    let loaded = config
        .map(Trust::load)
        .transpose()
        .map_err(|e| broken(&e, words))?;
    let mut trust = loaded.unwrap_or_else(|| Trust::empty(config::default_revocation()));
    adjust(&mut trust, args, words)?;
    Ok(trust)
}

/// Puts what was given on the command line in place of, or beside, what is configured.
pub(super) fn adjust(trust: &mut Trust, args: &TrustArgs, words: &Words) -> Result<(), Failure> {
    if let Some(text) = &args.revocation {
        let policy =
            config::revocation(text).map_err(|detail| Failure::new("revocation", detail, ""))?;
        trust.set_revocation(policy);
    }
    if !args.anchor.is_empty() {
        trust
            .replace_anchors(&args.anchor)
            .map_err(|e| broken(&e, words))?;
    }
    trust
        .add_intermediates(&args.intermediate)
        .map_err(|e| broken(&e, words))?;
    trust.add_lists(&args.crl);
    Ok(())
}

fn broken(cause: &TrustError, words: &Words) -> Failure {
    let args = [
        ("file", cause.file.display().to_string().into()),
        ("detail", cause.detail.clone().into()),
    ];
    Failure::new("trust", words.with("cli-trust-file", &args), "")
}

/// The certificates of a file.
pub(super) fn read(
    file: &Path,
    words: &Words,
) -> Result<Vec<Result<Certificate, Problem>>, Failure> {
    let octets = files::read(file, cert::MAX_OCTETS as u64 * 64, words)?;
    cert::certificates(&octets).map_err(|e| files::unreadable(file, &e, words))
}

fn described(certificate: &Certificate, words: &Words) -> String {
    let facts = certificate.facts();
    let addresses = if facts.addresses.is_empty() {
        words.say("cli-no-address")
    } else {
        facts.addresses.join(", ")
    };
    let args = [
        ("subject", facts.subject.as_str().into()),
        ("issuer", facts.issuer.as_str().into()),
        ("addresses", addresses.into()),
        ("from", words.day(facts.not_before).into()),
        ("to", words.day(facts.not_after).into()),
        ("key", facts.key.to_string().into()),
        ("signature", facts.signature.name.as_str().into()),
        (
            "fingerprint",
            grouped(&certificate.sha256().to_string()).into(),
        ),
    ];
    words.with("cli-certificate", &args)
}

fn shown_text(file: &Path) -> String {
    file.display().to_string()
}

fn shown(file: &Path) -> crate::words::Arg<'static> {
    shown_text(file).into()
}
