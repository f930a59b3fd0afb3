//! Where the mail stands: one sentence, one button, and what Ctrl+Enter does. Decided anew each time; never stored.

use super::{
    command::Command,
    look::{Shape, Tone},
    rows::tells_cpr,
    setup::Readiness,
    state::{Phase, State},
};
use crate::{
    cert::{Organisation, Problem},
    decide::{Assessment, Decision, Exposed, Route, Status},
    mail::{Kind, Recipient},
    segl::{OwnIdentity, Signed},
    words::{Arg, Words},
};

/// Where the mail stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The settings do not allow sending.
    NotReady,
    /// It goes to nobody yet.
    Empty,
    /// A text among the recipients is no address.
    Invalid {
        /// In which row.
        kind: Kind,
        /// The chip.
        key: String,
    },
    /// Some are being looked up.
    Checking {
        /// How many.
        unknown: usize,
        /// Of how many.
        all: usize,
    },
    /// It is sent when all are known.
    Armed,
    /// Everybody gets it encrypted.
    Encrypted {
        /// How many.
        all: usize,
        /// How many of them by the key of their organisation.
        organisations: usize,
    },
    /// Nobody is exposed, but some are on the firm's own server.
    InHouse {
        /// How many.
        all: usize,
        /// How many of them in house.
        in_house: usize,
    },
    /// Some get it without encryption, and assessments that were made before stand for all of them.
    Assessed {
        /// The sentence about them.
        sentence: String,
        /// How many.
        count: usize,
    },
    /// Some would get it without encryption.
    Exposed {
        /// How many there are in all.
        all: usize,
        /// They.
        who: Vec<String>,
        /// The weakest transport to any of them, in words.
        transport: String,
    },
    /// Some could not be looked up, and nobody is red for another reason.
    NotChecked {
        /// How many there are in all.
        all: usize,
        /// They.
        who: Vec<String>,
        /// Who did not answer.
        directory: String,
        /// The weakest transport to any of them, in words.
        transport: String,
    },
    /// The firm's rules do not allow it.
    Refused {
        /// For whom.
        who: Vec<String>,
    },
}

/// Where the mail stands.
pub fn standing(state: &State) -> Standing {
    if state.setup.readiness != Readiness::Ready {
        return Standing::NotReady;
    }
    if let Some((kind, chip)) = state.rows.first_invalid() {
        return Standing::Invalid {
            kind,
            key: chip.key(),
        };
    }
    let decision = state.decision();
    match &decision {
        Decision::Pending(_) if matches!(state.phase, Phase::Armed) => Standing::Armed,
        _ => of(&decision, state.recipients().len(), &state.words),
    }
}

fn of(decision: &Decision, all: usize, words: &Words) -> Standing {
    let count = |approved: &crate::decide::Approved, route| {
        approved
            .recipients()
            .iter()
            .filter(|r| r.route() == route)
            .count()
    };
    match decision {
        Decision::Empty => Standing::Empty,
        Decision::Pending(p) => Standing::Checking {
            unknown: p.all - p.known,
            all: p.all,
        },
        Decision::EndToEnd(approved) => Standing::Encrypted {
            all,
            organisations: count(approved, Route::Organisation) + count(approved, Route::Tunnel),
        },
        Decision::InHouse(approved) => Standing::InHouse {
            all,
            in_house: count(approved, Route::Internal),
        },
        Decision::Assessed(approved) => {
            let given = approved.consents().iter();
            let who: Vec<String> = given.clone().map(|c| name(&c.recipient)).collect();
            let standing = given.filter_map(|c| c.standing.as_ref());
            Standing::Assessed {
                sentence: words.all_assessed(&who, standing),
                count: who.len(),
            }
        }
        Decision::Warn(warning) => {
            let exposed = warning.exposed();
            let transport = words.weakest_transport(exposed);
            let failed = |e: &Exposed| e.assessment.status() == Status::LookupFailed;
            if exposed.iter().all(failed) {
                let failure = exposed.iter().find_map(|e| e.assessment.failures().first());
                let directory = failure.map(|f| f.source.clone()).unwrap_or_default();
                Standing::NotChecked {
                    all,
                    who: names(exposed),
                    directory,
                    transport,
                }
            } else {
                Standing::Exposed {
                    all,
                    who: names(exposed),
                    transport,
                }
            }
        }
        Decision::Refuse(refusal) => Standing::Refused {
            who: names(refusal.refused()),
        },
    }
}

fn names(exposed: &[Exposed]) -> Vec<String> {
    exposed.iter().map(|e| name(&e.recipient)).collect()
}

/// A recipient's name, or address where there is none.
pub fn name(recipient: &Recipient) -> String {
    recipient.mailbox.label().to_owned()
}

/// Up to two names; more are counted.
pub fn listed(words: &Words, who: &[String]) -> String {
    words.listed(who)
}

impl Standing {
    /// The sentence.
    pub fn sentence(&self, words: &Words) -> String {
        let say = |key, args: &[(&str, Arg<'_>)]| words.with(key, args);
        match self {
            Self::NotReady => words.say("standing-not-ready"),
            Self::Empty => words.say("standing-empty"),
            Self::Invalid { key, .. } if tells_cpr(key) => words.say("standing-cpr"),
            Self::Invalid { key, .. } => say("standing-invalid", &[("text", key.as_str().into())]),
            Self::Checking { unknown, all } => say(
                "standing-checking",
                &[("unknown", (*unknown).into()), ("all", (*all).into())],
            ),
            Self::Armed => words.say("standing-armed"),
            Self::Encrypted { all, organisations } => {
                let key = if *organisations == 0 {
                    "standing-encrypted"
                } else {
                    "standing-organisation"
                };
                say(
                    key,
                    &[
                        ("all", (*all).into()),
                        ("organisations", (*organisations).into()),
                    ],
                )
            }
            Self::InHouse { all, in_house } => say(
                "standing-in-house",
                &[("all", (*all).into()), ("house", (*in_house).into())],
            ),
            Self::Assessed { sentence, .. } => sentence.clone(),
            Self::Exposed { all, who, .. } => exposed_sentence(words, *all, who),
            Self::NotChecked {
                all,
                who,
                directory,
                ..
            } => say(
                "standing-not-checked",
                &[
                    ("all", (*all).into()),
                    ("count", who.len().into()),
                    ("directory", directory.as_str().into()),
                ],
            ),
            Self::Refused { who } => say("standing-refused", &[("who", listed(words, who).into())]),
        }
    }

    /// What stands below the sentence.
    pub fn note(&self, words: &Words, own: Option<&OwnIdentity>) -> Option<String> {
        match self {
            // The light speaks of confidentiality, so this says whether it is signed, and who else can read it.
            Self::Encrypted { .. } => {
                let signs = own.is_some_and(|own| own.signs);
                let signed = if signs { Signed::All } else { Signed::None };
                let signed = words.signed(signed);
                let further = own.and_then(|own| words.also_readable(&own.further));
                // A card that is away is said while there is time to put it in.
                let away = own.and_then(|own| own.token.as_ref());
                let away = away.filter(|place| !place.is_there());
                let away = away.map(|place| words.token_place(place));
                let further = further.map(|further| format!("{further}."));
                let parts = [away.is_none().then_some(signed), away, further];
                Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
            Self::Exposed { transport, .. } | Self::NotChecked { transport, .. } => {
                Some(say_transport(words, transport))
            }
            _ => None,
        }
    }

    /// The light and shape beside the sentence.
    pub fn mark(&self) -> Option<(Tone, Shape)> {
        Some(match self {
            Self::NotReady | Self::Empty => return None,
            Self::Invalid { key, .. } if tells_cpr(key) => (Tone::Red, Shape::NoEntry),
            Self::Invalid { .. } => (Tone::Red, Shape::Cross),
            Self::Checking { .. } | Self::Armed => (Tone::Checking, Shape::Dots),
            Self::Encrypted {
                organisations: 0, ..
            } => (Tone::Green, Shape::Closed),
            Self::Encrypted { .. } => (Tone::Green, Shape::ClosedHouse),
            Self::InHouse { .. } => (Tone::House, Shape::ClosedHouse),
            Self::Exposed { .. } | Self::Assessed { .. } => (Tone::Red, Shape::Open),
            Self::NotChecked { .. } => (Tone::Red, Shape::Question),
            Self::Refused { .. } => (Tone::Red, Shape::NoEntry),
        })
    }

    /// What the button does.
    pub fn command(&self) -> Command {
        match self {
            Self::NotReady | Self::Invalid { .. } | Self::Refused { .. } => Command::Explain,
            Self::NotChecked { .. } => Command::Recheck,
            Self::Armed => Command::Undo,
            _ => Command::Send,
        }
    }

    /// What a second button does.
    pub fn second(&self) -> Option<Command> {
        matches!(self, Self::NotChecked { .. }).then_some(Command::OtherOptions)
    }

    /// What the button says: what will happen.
    pub fn button(&self, words: &Words) -> String {
        match self {
            Self::Empty => words.say("button-send"),
            Self::Checking { .. } => words.say("button-when-checked"),
            Self::Encrypted { .. } => words.say("button-encrypted"),
            Self::InHouse { .. } => words.say("button-in-house"),
            Self::Assessed { count, .. } => {
                words.with("button-assessed", &[("count", (*count).into())])
            }
            Self::Exposed { all, who, .. } if who.len() == *all => words.say("button-without"),
            Self::Exposed { who, .. } => {
                words.with("button-some-without", &[("count", who.len().into())])
            }
            Self::NotReady | Self::Invalid { .. } | Self::Refused { .. } => {
                Command::Explain.text(words)
            }
            Self::Armed => Command::Undo.text(words),
            Self::NotChecked { .. } => words.say("button-try-again"),
        }
    }
}

fn say_transport(words: &Words, level: &str) -> String {
    words.with("standing-transport", &[("level", level.into())])
}

/// The sentence about those who do not get it encrypted; also the heading of the warning.
pub fn exposed_sentence(words: &Words, all: usize, who: &[String]) -> String {
    if all == 1 {
        return words.say("standing-exposed-one");
    }
    if who.len() == all {
        return words.with("standing-exposed-all", &[("all", all.into())]);
    }
    words.with(
        "standing-exposed",
        &[
            ("all", all.into()),
            ("count", who.len().into()),
            ("who", listed(words, who).into()),
        ],
    )
}

/// The organisations before and now, where that is what makes a recipient red and a yes would change it.
pub fn changed_organisation(assessment: &Assessment) -> Option<(&Organisation, &Organisation)> {
    assessment
        .certificates()
        .iter()
        .flat_map(crate::decide::Judged::problems)
        .find_map(|p| match p {
            Problem::OrganisationChanged {
                before,
                now: Some(now),
            } => Some((before, now)),
            _ => None,
        })
}
