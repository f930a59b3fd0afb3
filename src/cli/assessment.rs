//! `segl assessment`: what was accepted for later mail.

use serde_json::{Value, json};

use super::{
    Session,
    args::Assessment as Verb,
    output::{Exit, Failure},
};
use crate::{
    decide::Standing,
    segl::{Segl, StandingError},
};

/// Lists assessments that are in force, or ends one.
pub(super) fn run(verb: &Verb, session: &Session<'_>) -> Result<Exit, Failure> {
    let segl = session.segl_with_key()?;
    let words = &session.out.words;
    let in_force = match verb {
        Verb::List => segl.standing(super::now()),
        Verb::End { whom } => {
            let failed = |e: &StandingError| {
                let stop = words.not_assessed(e);
                Failure::new("assessment", stop.what, stop.next)
            };
            let covered = Segl::covered(whom).ok_or_else(|| {
                let args = [("address", whom.as_str().into()), ("detail", "".into())];
                let what = words.with("cli-bad-address", &args);
                Failure::new("address", what, words.say("next-address"))
            })?;
            segl.end_standing(&covered, super::now())
                .map_err(|e| failed(&e))?
        }
    };
    let rows: Vec<Value> = in_force.iter().map(row).collect();
    session
        .out
        .result(&json!({ "assessments": rows }), |words| {
            if in_force.is_empty() {
                return words.say("assessment-list-empty");
            }
            let line = |s: &Standing| {
                let class = words.class(s.class);
                format!("{}: {class}. {}", s.covered, words.assessed(s))
            };
            in_force.iter().map(line).collect::<Vec<_>>().join("\n")
        });
    Ok(Exit::Good)
}

fn row(standing: &Standing) -> Value {
    json!({
        "covers": standing.covered.to_string(),
        "class": standing.class.code(),
        "level": standing.level.code(),
        "reason": standing.reason.code().code(),
        "text": standing.reason.text(),
        "who": standing.who,
        "made_at": standing.made_at.to_string(),
        "until": standing.until.to_string(),
        "record": standing.row,
    })
}
