//! What the warning says, word for word: who would get the mail without encryption, why, and what else could be done.
//!
//! The text is made once when the warning opens and is what a consent is bound to (its digest goes into the record).

use jiff::Timestamp;

use super::{
    class,
    command::Command,
    lists::Act,
    look::{self, Shape},
    receipts,
    standing::{exposed_sentence, listed, name},
    state::State,
};
use crate::{
    decide::{Decision, Exposed, ReasonCode, RefusedBecause, Status},
    mail::{Address, Class, Digest},
    words::Words,
};

/// Whether the warning asks or refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// The sender may accept it.
    Ask,
    /// The firm's rules do not allow it.
    Refuse,
}

/// About whom the warning speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whether it asks or refuses.
    pub verb: Verb,
    /// The exposed or refused.
    pub who: Vec<Address>,
    /// How many others get the mail.
    pub safe: usize,
    /// The directory is silent about all of them: it may answer later.
    pub is_silent: bool,
    /// Whether all may get it in one go.
    pub may_go_to_all: bool,
    /// Whether a reason must be given.
    pub needs_reason: bool,
}

/// The warning's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningText {
    /// The heading, which is also the dialog's name.
    pub heading: String,
    /// What was found in the mail, where that raises its class.
    pub found: Option<String>,
    /// One for each person.
    pub entries: Vec<Entry>,
    /// The firm's own words.
    pub firm: Option<String>,
    /// The question above the reasons.
    pub question: String,
    /// The reasons.
    pub reasons: Vec<(ReasonCode, String)>,
    /// That it can hold for later mail, where it can.
    pub also_later: Option<String>,
    /// What becomes of the reason.
    pub note: String,
    /// Back.
    pub back: String,
    /// Send to the others; none if there are none.
    pub only_encrypted: Option<String>,
    /// Send to all.
    pub send_to_all: String,
}

/// What the warning says of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name and address.
    pub who: String,
    /// The shape.
    pub shape: Shape,
    /// Why.
    pub why: String,
    /// What that means on the way.
    pub transport: String,
    /// How great the risk is.
    pub risk: String,
    /// What else could be done.
    pub instead: String,
    /// The firm's own words for this case.
    pub firm: Option<String>,
}

impl Shown {
    /// The buttons, in their order.
    pub fn commands(&self) -> Vec<Command> {
        let mut commands = vec![Command::Back];
        if self.is_silent {
            commands.push(Command::Lists(Act::WhenAnswered));
        } else if self.safe > 0 {
            commands.push(Command::OnlyEncrypted);
        }
        if self.who.len() > MANY {
            commands.push(Command::RemoveRed);
        }
        if self.verb == Verb::Ask {
            commands.push(Command::Receipts(receipts::Act::Propose));
            commands.extend(self.may_go_to_all.then_some(Command::SendToAll));
        }
        commands
    }
}

/// More people than this are offered to be removed all at once.
const MANY: usize = 5;

impl WarningText {
    /// All of it as one text.
    pub fn full(&self) -> String {
        let mut lines = vec![self.heading.clone()];
        lines.extend(self.found.clone());
        for entry in &self.entries {
            lines.extend([
                entry.who.clone(),
                entry.why.clone(),
                entry.transport.clone(),
                entry.risk.clone(),
                entry.instead.clone(),
            ]);
            lines.extend(entry.firm.clone());
        }
        lines.extend(self.firm.clone());
        lines.push(self.question.clone());
        lines.extend(
            self.reasons
                .iter()
                .map(|(code, text)| format!("{} {text}", code.code())),
        );
        lines.extend(self.also_later.clone());
        lines.push(self.note.clone());
        lines.push(self.back.clone());
        lines.extend(self.only_encrypted.clone());
        lines.push(self.send_to_all.clone());
        lines.join("\n")
    }

    /// What a consent is bound to.
    pub fn digest(&self) -> Digest {
        Digest::of(self.full().as_bytes())
    }
}

/// What is asked or refused, as the rule gives it.
struct Case<'a> {
    exposed: &'a [Exposed],
    safe: usize,
    class: Class,
    because: Option<RefusedBecause>,
    may_go_to_all: bool,
    needs_reason: bool,
}

/// The warning for the mail as it is now, if there is anything to warn of.
pub fn warning(state: &State, now: Timestamp) -> Option<(Shown, WarningText)> {
    let decision = state.decision();
    let case = match &decision {
        Decision::Warn(warning) => Case {
            exposed: warning.exposed(),
            safe: warning.safe().len(),
            class: warning.class(),
            because: None,
            may_go_to_all: warning.may_go_to_all(),
            needs_reason: warning.needs_reason(),
        },
        Decision::Refuse(refusal) => Case {
            exposed: refusal.refused(),
            safe: refusal.safe().len(),
            class: refusal.class(),
            because: Some(refusal.why()),
            may_go_to_all: false,
            needs_reason: false,
        },
        _ => return None,
    };
    let who = case.exposed.iter();
    let shown = Shown {
        verb: if case.because.is_some() {
            Verb::Refuse
        } else {
            Verb::Ask
        },
        who: who.map(|e| e.recipient.mailbox.address.clone()).collect(),
        safe: case.safe,
        is_silent: is_silent(case.exposed),
        may_go_to_all: case.may_go_to_all,
        needs_reason: case.needs_reason,
    };
    Some((shown, text(state, &case, now)))
}

/// Whether nothing is known against any of them but that a directory does not answer.
fn is_silent(exposed: &[Exposed]) -> bool {
    exposed
        .iter()
        .all(|e| e.assessment.status() == Status::LookupFailed)
}

fn text(state: &State, case: &Case<'_>, now: Timestamp) -> WarningText {
    let Case {
        exposed,
        safe,
        because,
        ..
    } = *case;
    let words = &state.words;
    let who: Vec<String> = exposed.iter().map(|e| name(&e.recipient)).collect();
    let listed = listed(words, &who);
    let heading = match because {
        Some(_) => words.with("standing-refused", &[("who", listed.as_str().into())]),
        None if who.len() < exposed.len() + safe => words.with(
            "warn-heading",
            &[
                ("count", who.len().into()),
                ("all", (who.len() + safe).into()),
            ],
        ),
        None => exposed_sentence(words, who.len(), &who),
    };
    let firm = because.and_then(|_| state.setup.texts.get("refused").cloned());
    let only = words.with(
        "warn-only-encrypted",
        &[("safe", safe.into()), ("who", listed.as_str().into())],
    );
    let all = if safe == 0 {
        words.say("warn-send-without")
    } else {
        words.with("warn-send-to-all", &[("who", listed.into())])
    };
    WarningText {
        heading,
        found: class::raised(state),
        entries: exposed.iter().map(|e| entry(state, e, case, now)).collect(),
        firm,
        also_later: also_later(state, case, now),
        question: match because {
            Some(_) => String::new(),
            None if !case.may_go_to_all => words.say("warn-sensitive-beside"),
            None if case.needs_reason => words.say("warn-question"),
            None if state.setup.policy.require_reason => words.say("warn-question-low"),
            None => words.say("warn-question-optional"),
        },
        reasons: if because.is_some() || !case.may_go_to_all {
            Vec::new()
        } else {
            reasons(words)
        },
        note: if because.is_some() || !case.may_go_to_all {
            String::new()
        } else {
            words.say("warn-note")
        },
        back: Command::Back.text(words),
        only_encrypted: if is_silent(exposed) {
            Some(Command::Lists(Act::WhenAnswered).text(words))
        } else {
            (safe > 0).then_some(only)
        },
        send_to_all: if because.is_some() || !case.may_go_to_all {
            String::new()
        } else {
            all
        },
    }
}

/// That what is accepted now can hold for later mail: where policy allows it, and for whom it can.
fn also_later(state: &State, case: &Case<'_>, now: Timestamp) -> Option<String> {
    let words = &state.words;
    let until = now.checked_add(state.setup.standing?).ok()?;
    let lasting = case.exposed.iter().filter(|e| e.can_stand());
    let who: Vec<String> = lasting
        .map(|e| e.recipient.mailbox.address.given().to_owned())
        .collect();
    if case.because.is_some() || !case.may_go_to_all || who.is_empty() {
        return None;
    }
    Some(words.with(
        "warn-also-later",
        &[
            ("who", listed(words, &who).into()),
            ("class", words.class(case.class).into()),
            ("until", words.day(until).into()),
        ],
    ))
}

fn entry(state: &State, exposed: &Exposed, case: &Case<'_>, now: Timestamp) -> Entry {
    let words = &state.words;
    let assessment = &exposed.assessment;
    let mut why = words.why_red(assessment).sentence;
    let more = words
        .refused_for(exposed)
        .or_else(|| words.rule_from(exposed));
    let standing = exposed.standing.as_ref().map(|s| words.assessed(s));
    for line in more.into_iter().chain(standing) {
        why = format!("{why} {line}");
    }
    if assessment.is_stale() {
        let since = look::when(words, assessment.at(), now);
        why = format!(
            "{why} {}",
            words.with("warn-stale", &[("when", since.into())])
        );
    }
    let instead = if assessment.status() == Status::LookupFailed {
        words.say("warn-instead-try-again")
    } else {
        words.say("warn-instead")
    };
    Entry {
        who: exposed.recipient.mailbox.to_string(),
        shape: if exposed.refused.is_some() {
            Shape::NoEntry
        } else {
            look::shape(assessment)
        },
        why,
        transport: if exposed
            .refused
            .is_some_and(|r| r != RefusedBecause::HighRisk)
        {
            String::new()
        } else {
            words.transport_to(assessment)
        },
        risk: words.risk(exposed, case.class),
        instead,
        firm: state.setup.texts.get(look::code(assessment)).cloned(),
    }
}

/// The reasons that can be chosen, in words.
pub fn reasons(words: &Words) -> Vec<(ReasonCode, String)> {
    ReasonCode::CHOICES
        .into_iter()
        .map(|code| (code, reason(words, code)))
        .collect()
}

/// A reason in words.
pub fn reason(words: &Words, code: ReasonCode) -> String {
    words.say(match code {
        ReasonCode::NothingConfidential => "reason-nothing-confidential",
        ReasonCode::Assessed => "reason-assessed",
        ReasonCode::Urgent => "reason-urgent",
        ReasonCode::Other => "reason-other",
        ReasonCode::NotRequired => "reason-not-required",
    })
}
