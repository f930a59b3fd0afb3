//! How a recipient looks: light, shape, word and sentence, from what is known. Pure.
//!
//! The light is never colour alone: the shape is drawn, the word stands beside it, and the accessible name begins with it.

use jiff::{Timestamp, tz::TimeZone};

use super::{rows::Chip, setup::Readiness, state::State};
use crate::{
    cert::{Organisation, Problem},
    decide::{Assessment, Judged, Policy, Route, Status},
    mail::Kind,
    words::Words,
};

/// What a light says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Will be encrypted.
    Green,
    /// Will not.
    Red,
    /// Being looked up.
    Checking,
    /// Neither: stays on the firm's own server.
    House,
}

/// A shape that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A closed padlock.
    Closed,
    /// A closed padlock on a house.
    ClosedHouse,
    /// A closed padlock with a clock: known from an older answer.
    ClosedClock,
    /// An open padlock.
    Open,
    /// A question mark in a triangle.
    Question,
    /// A cross in a circle.
    Cross,
    /// A no-entry sign.
    NoEntry,
    /// Three dots.
    Dots,
    /// A tick: as it should be. Never the light of a recipient.
    Tick,
}

/// How a recipient looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The light.
    pub tone: Tone,
    /// The shape.
    pub shape: Shape,
    /// One or two words.
    pub word: String,
    /// The reason, as a sentence.
    pub sentence: String,
}

impl State {
    /// How a chip looks now.
    pub fn look(&self, chip: &Chip, now: Timestamp) -> Look {
        let words = &self.words;
        if chip.has_cpr() {
            return Look {
                tone: Tone::Red,
                shape: Shape::NoEntry,
                word: words.say("word-cpr"),
                sentence: words.say("look-cpr"),
            };
        }
        let Some(mailbox) = chip.mailbox() else {
            return Look {
                tone: Tone::Red,
                shape: Shape::Cross,
                word: words.say("word-invalid"),
                sentence: words.with("look-invalid", &[("text", chip.label().into())]),
            };
        };
        match self.found.get(&mailbox.address) {
            Some(assessment) => assessed(words, assessment, &self.setup.policy, now, |code| {
                self.setup.texts.get(code).cloned()
            }),
            // Without settings nobody is asked.
            None if self.setup.readiness != Readiness::Ready => Look {
                tone: Tone::House,
                shape: Shape::Question,
                word: words.say("word-not-checked"),
                sentence: words.say("standing-not-ready"),
            },
            None => Look {
                tone: Tone::Checking,
                shape: Shape::Dots,
                word: words.say("word-checking"),
                sentence: words.say("look-checking"),
            },
        }
    }

    /// The light of a chip, without its words.
    pub fn tone(&self, chip: &Chip) -> Tone {
        let Some(mailbox) = chip.mailbox() else {
            return Tone::Red;
        };
        match self.found.get(&mailbox.address) {
            Some(assessment) => match assessment.route(&self.setup.policy) {
                Route::Person | Route::Organisation | Route::Tunnel => Tone::Green,
                Route::Internal => Tone::House,
                Route::Tls | Route::None => Tone::Red,
            },
            None if self.setup.readiness != Readiness::Ready => Tone::House,
            None => Tone::Checking,
        }
    }

    /// The accessible name of the chip at this place of its row: light first, then name, word and place.
    pub fn chip_name(&self, kind: Kind, index: usize, look: &Look) -> String {
        let chip = self.rows.row(kind).chips.get(index);
        let mailbox = chip.and_then(Chip::mailbox);
        let new = mailbox.and_then(|m| self.new_words(&m.address));
        let word = match new {
            Some((_, new)) => format!("{}, {new}", look.word),
            None => look.word.clone(),
        };
        let row = self.rows.row(kind);
        self.words.with(
            "look-chip",
            &[
                ("light", self.words.say(look.tone.key()).into()),
                ("name", chip.map_or("", Chip::label).into()),
                ("word", word.into()),
                ("place", (index + 1).into()),
                ("all", row.chips.len().into()),
            ],
        )
    }
}

impl Tone {
    /// The key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Green => "look-green",
            Self::Red => "look-red",
            Self::Checking => "look-grey",
            Self::House => "look-house",
        }
    }
}

fn assessed(
    words: &Words,
    assessment: &Assessment,
    policy: &Policy,
    now: Timestamp,
    firm: impl Fn(&str) -> Option<String>,
) -> Look {
    match assessment.route(policy) {
        route @ (Route::Person | Route::Organisation | Route::Tunnel) => {
            green(words, assessment, route, now)
        }
        Route::Internal => Look {
            tone: Tone::House,
            shape: Shape::ClosedHouse,
            word: words.say("word-internal"),
            sentence: words.say("look-internal"),
        },
        Route::Tls => {
            let why = words.why_red(assessment);
            Look {
                tone: Tone::Red,
                shape: shape(assessment),
                word: why.word,
                sentence: why.sentence,
            }
        }
        Route::None => {
            let why = words.why_red(assessment);
            let domain = assessment.address().domain_unicode();
            let refused = words.with("look-refused", &[("domain", domain.into())]);
            let firm = firm("refused").unwrap_or_default();
            Look {
                tone: Tone::Red,
                shape: Shape::NoEntry,
                word: words.say("word-refused"),
                sentence: format!("{} {refused} {firm}", why.sentence)
                    .trim_end()
                    .to_owned(),
            }
        }
    }
}

fn green(words: &Words, assessment: &Assessment, route: Route, now: Timestamp) -> Look {
    let person = route == Route::Person;
    let plain = match route {
        Route::Person => "word-encrypted",
        Route::Tunnel => "word-encrypted-tunnel",
        _ => "word-encrypted-organisation",
    };
    let used = assessment
        .certificates()
        .iter()
        .find(|j| j.used().is_some());
    let since = assessment.evidence_from().unwrap_or(assessment.at());
    let mut sentence = if route == Route::Tunnel {
        words.recipient(assessment, route).sentence
    } else {
        let told = used.and_then(|j| green_sentence(words, j, person));
        told.unwrap_or_default()
    };
    let mut word = words.say(plain);
    let mut shape = if person {
        Shape::Closed
    } else {
        Shape::ClosedHouse
    };
    if assessment.is_stale() {
        let when = when(words, since, now);
        word = words.with("look-known", &[("when", when.as_str().into())]);
        let stale = words.with("look-stale", &[("when", when.into())]);
        sentence = if route == Route::Tunnel {
            format!("{stale} {sentence}")
        } else {
            stale
        };
        shape = Shape::ClosedClock;
    }
    Look {
        tone: Tone::Green,
        shape,
        word,
        sentence,
    }
}

fn green_sentence(words: &Words, judged: &Judged, is_person: bool) -> Option<String> {
    let facts = judged.certificate.as_ref()?.facts();
    let organisation = facts
        .organisation
        .as_ref()
        .map(Organisation::label)
        .unwrap_or_default();
    if !is_person && !organisation.is_empty() {
        return Some(words.with(
            "look-organisation",
            &[("organisation", organisation.into())],
        ));
    }
    let name = facts
        .common_name
        .clone()
        .unwrap_or_else(|| facts.subject.clone());
    let who = match facts.organisation.as_ref().and_then(|o| o.name.clone()) {
        Some(firm) if firm != name => format!("{name}, {firm}"),
        _ => name,
    };
    Some(words.with(
        "look-person",
        &[
            ("who", who.into()),
            ("issuer", issuer(&facts.issuer).into()),
            ("date", words.day(facts.not_after).into()),
        ],
    ))
}

/// The issuer's common name, or all of its name.
pub fn issuer(rfc4514: &str) -> String {
    let common = rfc4514
        .split(',')
        .find_map(|part| part.trim().strip_prefix("CN="));
    common.unwrap_or(rfc4514).to_owned()
}

/// The shape of somebody who does not get it encrypted.
pub fn shape(assessment: &Assessment) -> Shape {
    if assessment.status() == Status::LookupFailed || assessment.vanished().is_some() {
        return Shape::Question;
    }
    match assessment.first_problem() {
        Some(
            Problem::Revoked { .. }
            | Problem::UntrustedIssuer { .. }
            | Problem::TestRoot { .. }
            | Problem::OrganisationConflict { .. }
            | Problem::OrganisationChanged { .. },
        ) => Shape::NoEntry,
        Some(
            Problem::RevocationUnknown { .. }
            | Problem::PathNotExamined { .. }
            | Problem::Clock { .. },
        ) => Shape::Question,
        Some(Problem::Malformed { .. } | Problem::TooLarge { .. }) => Shape::Cross,
        _ => Shape::Open,
    }
}

/// The code under which the firm may have words of its own.
pub fn code(assessment: &Assessment) -> &'static str {
    match (assessment.status(), assessment.first_problem()) {
        (Status::Unusable, Some(problem)) => problem.code(),
        (status, _) => status.code(),
    }
}

/// A time as people say it: today 14:05, yesterday 14:05, 3 November 2026.
pub fn when(words: &Words, at: Timestamp, now: Timestamp) -> String {
    let zone = TimeZone::system();
    let (then, today) = (at.to_zoned(zone.clone()).date(), now.to_zoned(zone).date());
    let key = match today.since(then).map(|span| span.get_days()) {
        Ok(0) => "look-today",
        Ok(1) => "look-yesterday",
        _ => return words.day(at),
    };
    words.with(key, &[("time", words.time(at).into())])
}
