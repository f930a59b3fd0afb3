//! `segl check`.

use serde_json::json;

use super::{
    Session,
    args::Check,
    json,
    output::{Exit, Failure, Output},
};
use crate::{
    decide::{Assessment, Light, Route},
    mail::{Kind, Mailbox, Recipient},
    segl::Ask,
    words::Words,
};

/// Says of each address whether a mail would be encrypted end to end.
pub(super) fn run(args: &Check, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let recipients = args
        .addresses
        .iter()
        .map(|text| {
            super::mailbox(text, words).map(|mailbox| Recipient {
                kind: Kind::To,
                mailbox,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let segl = session.segl()?;
    // Answers that are kept are used where there is a key for them; a lookup needs none.
    let _kept = segl.vault();
    let found = session.run(segl.assess_all(&recipients, Ask::IfNotFresh, super::CLOCK))?;
    for ending in segl.endings_to_tell(&found, super::now()) {
        Output::note(&words.ending(&ending));
    }
    let policy = &segl.config().policy;
    let assessments: Vec<_> = recipients
        .iter()
        .filter_map(|r| Some((&r.mailbox, found.get(&r.mailbox.address)?)))
        .collect();
    let rows: Vec<_> = assessments
        .iter()
        .map(|(m, a)| json::assessment(m, a, policy))
        .collect();
    let clock = super::clock_of(&found);
    let value = json!({ "clock": json::clock(clock, words), "recipients": rows });
    session.out.result(&value, |words| {
        // Before any light: all of them were judged by this clock.
        let clock = words.clock(clock);
        let clock = clock.map(|stop| format!("{} {}", stop.what, stop.next));
        let lines = assessments
            .iter()
            .map(|(m, a)| line(m, a, a.route(policy), words));
        clock
            .into_iter()
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    });
    let is_green = |a: &Assessment| a.route(policy).light() == Light::Green;
    Ok(if assessments.iter().all(|(_, a)| is_green(a)) {
        Exit::Good
    } else {
        Exit::Not
    })
}

/// Light, address, and the sentence: light first, so that it is heard first.
fn line(mailbox: &Mailbox, assessment: &Assessment, route: Route, words: &Words) -> String {
    let light = words.light(route.light());
    let sentence = words.recipient(assessment, route).sentence;
    words.with(
        "cli-check-line",
        &[
            ("light", light.into()),
            ("address", mailbox.address.given().into()),
            ("sentence", sentence.into()),
        ],
    )
}
