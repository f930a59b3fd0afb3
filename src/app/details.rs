//! The details of a recipient: everything that is known, all certificates with every problem, and what can be done.

use std::fmt::Write as _;

use egui::Ui;
use jiff::Timestamp;

use super::{
    kit::{Pen, Weight},
    look::{self, Tone},
    place::Spot,
    rows::Chip,
    state::State,
    stops, theme,
};
use crate::{
    cert::{Binding, RevocationSourceKind},
    decide::{Assessment, Judged},
    words::{Words, grouped},
};

/// The panel below the row. No dialog: the mail stays in reach.
pub(crate) fn details_ui(ui: &mut Ui, state: &State, pen: &mut Pen, chip: &Chip, now: Timestamp) {
    theme::panel_frame(&pen.palette).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let look = state.look(chip, now);
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, look.tone, look.shape, 20.0);
            let light = pen.words.say(look.tone.key());
            let text = format!("{}  {light}: {}", chip.text(), look.word.to_lowercase());
            pen.text(ui, &text);
        });
        pen.text(ui, &look.sentence);
        if let Some(mailbox) = chip.mailbox() {
            for line in state.told_of(&mailbox.address) {
                pen.text(ui, &line);
            }
        }
        if let Some(assessment) = state.known(chip) {
            let firm = state.setup.texts.get(look::code(assessment));
            if let Some(firm) = firm.filter(|_| look.tone == Tone::Red) {
                pen.text(ui, firm);
            }
            for line in lines(&pen.words, assessment, now)
                .iter()
                .filter(|l| **l != look.sentence)
            {
                pen.faint(ui, line);
            }
        }
        ui.horizontal_wrapped(|ui| {
            for command in stops::details(state, chip) {
                pen.button(ui, Spot::Details, &command, Weight::Plain);
            }
        });
    });
}

/// Everything that is known, a line each.
fn lines(words: &Words, assessment: &Assessment, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    let count = assessment.certificates().len();
    for (index, judged) in assessment.certificates().iter().enumerate() {
        certificate(words, judged, index + 1, count, now, &mut lines);
    }
    lines.extend(assessment.failures().iter().map(|f| words.failure(f)));
    let asked = look::when(
        words,
        assessment.evidence_from().unwrap_or(assessment.at()),
        now,
    );
    lines.push(words.with("details-checked", &[("when", asked.into())]));
    lines
}

fn certificate(
    words: &Words,
    judged: &Judged,
    number: usize,
    count: usize,
    now: Timestamp,
    lines: &mut Vec<String>,
) {
    let numbers = [("number", number.into()), ("count", count.into())];
    match &judged.certificate {
        Some(certificate) => {
            let facts = certificate.facts();
            lines.push(words.with(
                "details-certificate",
                &[
                    ("number", number.into()),
                    ("count", count.into()),
                    ("subject", facts.subject.as_str().into()),
                    ("issuer", look::issuer(&facts.issuer).into()),
                    ("date", words.day(facts.not_after).into()),
                ],
            ));
        }
        None => lines.push(words.with("details-unreadable", &numbers)),
    }
    if let Ok(usable) = &judged.verdict {
        lines.push(bound(words, usable.binding()));
        lines.extend(usable.learned_at().map(|at| {
            let at = ("at", words.day(at).into());
            words.with("details-learned", &[at])
        }));
        if let Some(from) = usable.evidence_from() {
            let when = look::when(words, from, now);
            let kinds = judged.revocation.iter().flat_map(|r| r.answer.sources());
            let key = if kinds
                .into_iter()
                .any(|s| s.kind == RevocationSourceKind::Ocsp)
            {
                "details-not-revoked-answer"
            } else {
                "details-not-revoked"
            };
            lines.push(words.with(key, &[("when", when.into())]));
        }
    }
    if judged.is_set_aside {
        lines.push(words.say("details-set-aside"));
    }
    lines.extend(judged.problems().iter().map(|p| words.problem(p).sentence));
    let sha256 = grouped(&judged.sha256.to_string());
    lines.push(words.with("details-fingerprint", &[("sha256", sha256.into())]));
    let when = look::when(words, judged.asked_at, now);
    for source in &judged.sources {
        let args = [
            ("directory", source.directory.as_str().into()),
            ("when", when.as_str().into()),
        ];
        lines.push(words.with("details-source", &args));
    }
}

fn bound(words: &Words, binding: &Binding) -> String {
    match binding {
        Binding::Address => words.say("details-by-address"),
        Binding::Organisation { number } => words.with(
            "details-by-organisation",
            &[("number", number.as_str().into())],
        ),
        Binding::Certificate => words.say("details-by-certificate"),
        Binding::Directory { name } => words.with(
            "details-by-directory",
            &[("directory", name.as_str().into())],
        ),
        Binding::Pinned { at } => words.with("details-by-pin", &[("at", words.day(*at).into())]),
        Binding::Domain { domain } => {
            words.with("details-by-domain", &[("domain", domain.as_str().into())])
        }
    }
}

/// What is known of a recipient, for the IT department: codes and fingerprints, in the terms of the settings.
pub(super) fn for_it(state: &State, chip: &Chip) -> String {
    let mut text = chip.text();
    let Some(assessment) = state.known(chip) else {
        return text;
    };
    let route = assessment.route(&state.setup.policy);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "\nstatus: {}, route: {}, at: {}",
        assessment.status().code(),
        route.code(),
        assessment.at()
    );
    for judged in assessment.certificates() {
        let _ = writeln!(text, "certificate {}", judged.sha256);
        if let Some(certificate) = &judged.certificate {
            let facts = certificate.facts();
            let _ = writeln!(
                text,
                "  subject {}\n  issuer {}",
                facts.subject, facts.issuer
            );
            let _ = writeln!(
                text,
                "  valid {} to {}, key {}",
                facts.not_before, facts.not_after, facts.key
            );
        }
        for source in &judged.sources {
            let _ = writeln!(
                text,
                "  from {} ({}), asked {}",
                source.directory, source.entry, judged.asked_at
            );
        }
        for problem in judged.problems() {
            let _ = writeln!(text, "  problem {}: {problem:?}", problem.code());
        }
        if judged.used().is_some() {
            let _ = writeln!(text, "  used");
        }
    }
    for failure in assessment.failures() {
        let _ = writeln!(
            text,
            "{}: {}: {}",
            failure.source,
            failure.code.code(),
            failure.message
        );
    }
    text
}
