//! `segl doctor`: what is wrong with this set-up, in words, with the next step. No address, name, password or text of a
//! message stands in it, so that it can be pasted into a ticket.

use serde_json::json;

use super::{
    Session,
    output::{Exit, Failure},
};
use crate::{
    segl::{self, Finding},
    words::Level,
};

/// Looks at everything that can be wrong, and says all of it.
pub(super) fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let (mut findings, segl) = segl::examine(&session.paths()?, super::now());
    if let Some(segl) = segl {
        let probes = session.run(segl.probe(super::CLOCK))?;
        findings.extend(probes.into_iter().map(Finding::Probed));
    }
    let words = &session.out.words;
    let told: Vec<_> = findings.iter().map(|f| words.finding(f)).collect();
    let rows: Vec<_> = told
        .iter()
        .map(|f| json!({ "level": f.level.code(), "about": f.about, "message": f.text, "next": f.next }))
        .collect();
    let value = json!({ "version": env!("CARGO_PKG_VERSION"), "system": std::env::consts::OS, "findings": rows });
    session.out.result(&value, |words| words.findings(&told));
    Ok(if told.iter().any(|f| f.level == Level::Bad) {
        Exit::Not
    } else {
        Exit::Good
    })
}
<<<<<<< HEAD

fn unusable(cause: &ConfigError, words: &Words) -> Finding {
    Finding::bad("settings", words.settings(cause))
}

fn examine(config: Config, session: &Session<'_>) -> Result<Vec<Finding>, Failure> {
    let words = &session.out.words;
    let mut findings = settings(&config, words);
    let segl = match Segl::open(config, crate::segl::account()) {
        Ok(segl) => segl,
        Err(cause) => {
            findings.push(Finding::bad("settings", words.not_opened(&cause)));
            return Ok(findings);
        }
    };
    findings.extend(trust(&segl, words));
    findings.extend(local(&segl, words));
    let probes = session.run(segl.probe(super::CLOCK))?;
    findings.extend(probes.iter().map(|probe| reached(probe, words)));
    Ok(findings)
}

fn settings(config: &Config, words: &Words) -> Vec<Finding> {
    let mut findings = Vec::new();
    let key = if config.is_managed {
        "doctor-managed"
    } else {
        "doctor-unmanaged"
    };
    findings.push(Finding::good("settings", words.say(key)));
    if config.policy.is_newer_than_program {
        findings.push(Finding::bad(
            "policy",
            words.refused(crate::decide::RefusedBecause::PolicyIsNewer),
        ));
    }
    let missing = [
        (config.senders.is_empty(), "doctor-no-sender"),
        (config.submission.is_none(), "doctor-no-server"),
        (
            config.directories.is_empty() && config.certificate_files.is_empty(),
            "doctor-no-directory",
        ),
        (config.anchors.is_empty(), "doctor-no-anchor"),
    ];
    let missing = missing.iter().filter(|(is_missing, _)| *is_missing);
    findings.extend(missing.map(|(_, key)| {
        Finding::bad(
            "settings",
            Stop {
                what: words.say(key),
                next: words.say("next-settings"),
            },
        )
    }));
    for directory in config
        .directories
        .iter()
        .filter(|d| d.allow_plaintext && !d.start_tls)
    {
        let text = words.with(
            "doctor-plain-directory",
            &[("directory", directory.name.as_str().into())],
        );
        findings.push(Finding::note("directory", text, words.say("next-it")));
    }
    findings
}

fn trust(segl: &Segl, words: &Words) -> Vec<Finding> {
    let mut findings = Vec::new();
    for anchor in segl.trust().anchors().certificates() {
        let name = known_root(anchor).map_or_else(
            || anchor.facts().subject.clone(),
            |(name, _)| name.to_owned(),
        );
        let is_test = known_root(anchor).is_some_and(|(_, is_test)| is_test);
        let args = [
            ("root", name.into()),
            ("date", words.day(anchor.facts().not_after).into()),
        ];
        if is_test {
            findings.push(Finding::note(
                "trust",
                words.with("doctor-test-anchor", &args),
                words.say("next-it"),
            ));
        } else if anchor.facts().not_after < super::now() {
            let stop = Stop {
                what: words.with("doctor-anchor-expired", &args),
                next: words.say("next-it"),
            };
            findings.push(Finding::bad("trust", stop));
        } else {
            findings.push(Finding::good("trust", words.with("doctor-anchor", &args)));
        }
    }
    for (file, detail) in segl.trust().lists().unreadable() {
        let args = [
            ("file", file.display().to_string().into()),
            ("detail", detail.into()),
        ];
        findings.push(Finding::bad(
            "revocation",
            Stop {
                what: words.with("cli-file-unreadable", &args),
                next: words.say("next-it"),
            },
        ));
    }
    findings
}

fn local(segl: &Segl, words: &Words) -> Vec<Finding> {
    let vault = match segl.vault() {
        Ok(vault) => vault,
        Err(cause) => return vec![Finding::bad("keys", words.key(&cause, Means::Nothing))],
    };
    let mut findings = Vec::new();
    findings.push(match segl.config().key_file {
        Some(_) => Finding::note("keys", words.say("doctor-key-file"), String::new()),
        None => Finding::good("keys", words.say("doctor-keyring")),
    });
    if let Some(trouble) = vault.store_trouble() {
        findings.push(Finding::bad(
            "store",
            words.store(trouble, Means::DraftInMemory),
        ));
    }
    match vault.record(super::now()) {
        Err(cause) => findings.push(Finding::bad("record", words.record(&cause))),
        Ok(_) => findings.push(chain(segl, words)),
    }
    findings
}

fn chain(segl: &Segl, words: &Words) -> Finding {
    match record::verify_folder(&segl.config().data, None) {
        Err(cause) => Finding::bad("record", words.log(&cause)),
        Ok(verification) => {
            if let Some(bad) = verification.first_bad {
                let args = [
                    ("seq", bad.seq.to_string().into()),
                    ("reason", words.record_reason(bad.reason).into()),
                ];
                Finding::bad(
                    "record",
                    Stop {
                        what: words.with("log-broken", &args),
                        next: words.say("next-it"),
                    },
                )
            } else {
                let count = i64::try_from(verification.records).unwrap_or(i64::MAX);
                Finding::good(
                    "record",
                    words.with("doctor-record", &[("count", count.into())]),
                )
            }
        }
    }
}

fn reached(probe: &Probe, words: &Words) -> Finding {
    match probe {
        Probe::Directory {
            name,
            failure: None,
            ..
        } => Finding::good(
            "directory",
            words.with("doctor-directory", &[("directory", name.as_str().into())]),
        ),
        Probe::Directory {
            failure: Some(failure),
            ..
        } => Finding::bad(
            "directory",
            Stop {
                what: words.directory_failure(failure),
                next: words.say("next-it"),
            },
        ),
        Probe::Server { tls, size } => {
            let size = size.map_or_else(|| words.say("doctor-no-size"), |s| words.size(s));
            let args = [("version", tls.name().into()), ("size", size.into())];
            Finding::good("submission", words.with("doctor-server", &args))
        }
        Probe::NoServer(cause) => Finding::bad("submission", words.not_sent(cause)),
    }
}
=======
>>>>>>> main
