//! What the settings window shows, in words: one item for each choice, rule, host, finding and recipient.

use jiff::Timestamp;

use super::{
    super::{
        look::{Shape, Tone},
        own_keys,
        place::Place,
    },
    Act, Facts, Options, Rule, Section, Spot, others, recorded, tunnel,
};
use crate::{
    mail::Mailbox,
    segl::{Awaited, Contact, OwnVerdict, Protection, Purpose},
    words::{FindingWords, Level, Means, Stop, Words},
};

/// One thing that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// In which section.
    pub section: Section,
    /// What tells it from others, however often everything is read again.
    pub id: String,
    /// A shape in front of it; its word begins the text.
    pub mark: Option<(Tone, Shape)>,
    /// What it is.
    pub title: String,
    /// What there is to say, in sentences.
    pub text: String,
    /// What can be chosen in it.
    pub control: Option<Control>,
    /// What can be done about it.
    pub acts: Vec<Act>,
}

/// Something to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// Colours.
    Theme,
    /// Size.
    Size,
    /// Whether receipts stay open.
    Receipts,
}

impl Item {
    pub(super) fn new(
        section: Section,
        id: impl Into<String>,
        title: String,
        text: String,
    ) -> Self {
        Self {
            section,
            id: id.into(),
            mark: None,
            title,
            text,
            control: None,
            acts: Vec::new(),
        }
    }

    fn control(id: &str, control: Control, title: String, text: String) -> Self {
        Self {
            control: Some(control),
            ..Self::new(Section::Appearance, id, title, text)
        }
    }

    /// Its place.
    pub(super) fn place(&self) -> Place {
        Place::Options(match self.control {
            Some(control) => Spot::Control(control),
            None => Spot::Item(self.id.clone()),
        })
    }

    /// Whether a word in lower case is in it.
    pub(super) fn holds(&self, word: &str) -> bool {
        [&self.title, &self.text, &self.id]
            .into_iter()
            .any(|text| text.to_lowercase().contains(word))
    }

    /// Everything that it says, for the clipboard and for screen readers.
    pub fn read(&self) -> String {
        format!("{}. {}", self.title, self.text)
            .trim_end()
            .to_owned()
    }
}

/// Everything that can be shown, section by section.
pub(super) fn all(shown: &Options, words: &Words) -> Vec<Item> {
    let mut items = appearance(shown.facts.as_deref(), words);
    if let Some(facts) = shown.facts.as_deref() {
        items.extend(writing(facts, words));
        items.extend(own(facts, words));
        items.extend(facts.rules.iter().map(|r| rule(r, words)));
        items.extend(recorded::items(&facts.inventory, words));
        items.extend(network(facts, words));
    } else {
        let being_read = [
            Section::Writing,
            Section::Own,
            Section::Rules,
            Section::Recorded,
            Section::Network,
            Section::Others,
            Section::Waiting,
            Section::Tunnel,
        ];
        let loading = words.say("options-loading");
        items.extend(being_read.map(|section| {
            let title = words.say(section.key());
            Item::new(section, section.key(), title, loading.clone())
        }));
    }
    items.extend(doctor(shown, words));
    if let Some(facts) = shown.facts.as_deref() {
        items.extend(others::items(&facts.others, words));
        items.extend(waiting(facts, words));
        items.extend(tunnel::items(&facts.tunnel, words));
    }
    items
}

fn appearance(facts: Option<&Facts>, words: &Words) -> Vec<Item> {
    let mut items = vec![
        Item::control(
            "theme",
            Control::Theme,
            words.say("options-theme"),
            String::new(),
        ),
        Item::control(
            "size",
            Control::Size,
            words.say("options-size"),
            String::new(),
        ),
        Item::control(
            "receipts",
            Control::Receipts,
            words.say("options-receipts"),
            words.say("options-receipts-text"),
        ),
    ];
    if let Some(facts) = facts {
        let file = facts.preferences.display().to_string();
        items.push(Item::new(
            Section::Appearance,
            "own",
            words.say("options-own-title"),
            words.with("options-own", &[("file", file.into())]),
        ));
    }
    items
}

fn writing(facts: &Facts, words: &Words) -> Vec<Item> {
    let senders: Vec<String> = facts.senders.iter().map(Mailbox::to_string).collect();
    let senders = if senders.is_empty() {
        words.say("options-no-senders")
    } else {
        senders.join("\n")
    };
    let seconds = facts.hold.as_secs();
    let hold = words.with("options-hold-text", &[("seconds", seconds.into())]);
    vec![
        Item::new(
            Section::Writing,
            "senders",
            words.say("options-senders"),
            senders,
        ),
        Item::new(Section::Writing, "hold", words.say("options-hold"), hold),
    ]
    .into_iter()
    .chain(own_words(facts, words))
    .collect()
}

/// What is told in the place of something that cannot be read: why, and what to do.
pub(super) fn not_read(stop: &Stop, words: &Words) -> String {
    let detail = format!("{} {}", stop.what, stop.next);
    words.with("options-not-read", &[("detail", detail.into())])
}

/// Own certificates, each with all that is wrong with it, and the way to take one in.
fn own(facts: &Facts, words: &Words) -> Vec<Item> {
    let text = match &facts.own {
        Err(cause) => not_read(&words.key(cause, Means::Nothing), words),
        Ok(own) => {
            let count = [("count", own.verdicts.len().into())];
            words.with("options-own-keys-text", &count)
        }
    };
    let head = Item {
        acts: vec![
            Act::Own(own_keys::Act::Choose),
            Act::Own(own_keys::Act::Test),
        ],
        ..Item::new(
            Section::Own,
            "own keys",
            words.say("options-own-keys"),
            text,
        )
    };
    let own = facts.own.iter();
    let faults = own.clone().flat_map(|own| &own.faults);
    let faults = faults.enumerate().map(|(at, cause)| Item {
        mark: Some((Tone::Red, Shape::Cross)),
        ..Item::new(
            Section::Own,
            format!("own module {at}"),
            words.token_module(cause),
            words.say("next-it"),
        )
    });
    let damaged = own.clone().flat_map(|own| &own.damaged);
    let damaged = damaged.map(|file| {
        let stop = words.own_damaged(file);
        Item {
            mark: Some((Tone::Red, Shape::Cross)),
            ..Item::new(
                Section::Own,
                format!("own file {}", file.display()),
                stop.what,
                stop.next,
            )
        }
    });
    let verdicts = own.flat_map(|own| &own.verdicts);
    let verdicts = verdicts.map(|verdict| own_item(verdict, words));
    std::iter::once(head)
        .chain(faults)
        .chain(damaged)
        .chain(verdicts)
        .collect()
}

fn own_item(verdict: &OwnVerdict, words: &Words) -> Item {
    let facts = verdict.certificate.facts();
    let told = words.own_certificate(verdict);
    // The subject stands in the title.
    let mut lines: Vec<String> = told.lines().skip(1).map(|l| l.trim().to_owned()).collect();
    lines.extend(words.own_faults(verdict));
    let is_good = verdict.is_good();
    if is_good {
        lines.push(words.say("own-good"));
    }
    // A key in a card never leaves it.
    let is_kept = verdict.place.is_none();
    let sha256 = verdict.certificate.sha256();
    let backup = is_kept.then_some(own_keys::Act::BackUp(sha256));
    Item {
        mark: Some(if is_good {
            (Tone::House, Shape::Tick)
        } else {
            (Tone::Red, Shape::Cross)
        }),
        acts: backup.map(Act::Own).into_iter().collect(),
        ..Item::new(
            Section::Own,
            format!("own {}", verdict.certificate.sha256()),
            facts
                .common_name
                .clone()
                .unwrap_or_else(|| facts.subject.clone()),
            lines.join("\n"),
        )
    }
}

/// The item above the own words.
pub(super) const OWN_WORDS: &str = "own words";

/// What tells an own word's item from others.
pub(super) fn own_word_id(word: &str) -> String {
    format!("own word {word}")
}

/// What the user added to the spelling: each word a line of its own, to be removed.
fn own_words(facts: &Facts, words: &Words) -> Vec<Item> {
    let text = match &facts.own_words {
        Err(cause) => not_read(&words.not_kept(cause), words),
        Ok(own) => words.with("options-own-words-text", &[("count", own.len().into())]),
    };
    let title = words.say("options-own-words");
    let head = Item::new(Section::Writing, OWN_WORDS, title, text);
    let each = facts.own_words.iter().flatten().map(|word| Item {
        acts: vec![Act::ForgetWord(word.clone())],
        ..Item::new(
            Section::Writing,
            own_word_id(word),
            word.clone(),
            String::new(),
        )
    });
    std::iter::once(head).chain(each).collect()
}

fn rule(rule: &Rule, words: &Words) -> Item {
    let meaning = words.rule(&rule.key);
    let title = if meaning.is_empty() {
        rule.key.clone()
    } else {
        format!("{meaning} ({})", rule.key)
    };
    let value = if rule.value.is_empty() {
        words.say("options-empty-value")
    } else {
        rule.value.clone()
    };
    let key = if rule.is_locked {
        "options-rule-locked"
    } else {
        "options-rule"
    };
    let args = [
        ("value", value.into()),
        ("origin", words.origin(rule.origin).into()),
    ];
    let id = format!("rule {} {}", rule.key, rule.value);
    Item {
        mark: rule.is_locked.then_some((Tone::House, Shape::Closed)),
        ..Item::new(Section::Rules, id, title, words.with(key, &args))
    }
}

fn network(facts: &Facts, words: &Words) -> Vec<Item> {
    let mut items: Vec<Item> = facts
        .contacts
        .iter()
        .map(|contact| host(contact, facts, words))
        .collect();
    items.push(Item::new(
        Section::Network,
        "network-all",
        words.say("options-network-all"),
        words.say("options-network-all-text"),
    ));
    items
}

fn host(contact: &Contact, facts: &Facts, words: &Words) -> Item {
    let port = contact.port.to_string();
    let args = [
        ("host", contact.host.as_str().into()),
        ("port", port.as_str().into()),
    ];
    let title = words.with("options-host", &args);
    let mut lines = Vec::new();
    match &contact.purpose {
        Purpose::Submission { token_program } => {
            lines.push(words.say("options-host-server"));
            lines.extend(token_program.as_ref().map(|program| {
                words.with(
                    "options-host-token",
                    &[("program", program.as_str().into())],
                )
            }));
        }
        Purpose::SignIn => lines.push(words.say("options-host-sign-in")),
        Purpose::Issuers => lines.push(words.say("options-host-issuers")),
        Purpose::TunnelList => lines.push(words.say("options-host-tunnel-list")),
        Purpose::Account => lines.push(words.say("options-host-account")),
        Purpose::Resolver => lines.push(words.say("options-host-resolver")),
        Purpose::TimeStamps => lines.push(words.say("options-host-time-stamps")),
        Purpose::Directory { name } => {
            let args = [
                ("name", name.as_str().into()),
                ("fresh", facts.fresh.as_hours().into()),
                ("negative", facts.negative.as_mins().into()),
            ];
            lines.push(words.with("options-host-directory", &args));
        }
    }
    lines.extend(
        contact
            .signs_in_as
            .as_ref()
            .map(|user| words.with("options-host-user", &[("user", user.as_str().into())])),
    );
    lines.push(words.say(match (contact.protection, &contact.purpose) {
        (Protection::Tls, _) => "options-host-tls",
        (Protection::StartTls, _) => "options-host-starttls",
        (Protection::None, purpose) if purpose.is_signed() => "options-host-signed",
        (Protection::None, _) => "options-host-plain",
    }));
    if contact.has_own_roots && contact.protection != Protection::None {
        lines.push(words.say("options-host-own-roots"));
    }
    lines.push(match contact.last {
        None if !contact.purpose.is_noted() => words.say("options-host-not-noted"),
        Some(at) => words.with("options-host-last", &[("when", when(words, at).into())]),
        None => words.say("options-host-never"),
    });
    let is_open = contact.protection == Protection::None && !contact.purpose.is_signed();
    let id = format!("host {}:{} {}", contact.host, contact.port, lines[0]);
    Item {
        mark: is_open.then_some((Tone::Red, Shape::Open)),
        ..Item::new(Section::Network, id, title, lines.join(" "))
    }
}

/// A day and a time of day.
fn when(words: &Words, at: Timestamp) -> String {
    format!("{} {}", words.day(at), words.time(at))
}

fn doctor(shown: &Options, words: &Words) -> Vec<Item> {
    let finding = |(index, found): (usize, &FindingWords)| {
        let mark = match found.level {
            Level::Good => (Tone::House, Shape::Tick),
            Level::Note => (Tone::House, Shape::Question),
            Level::Bad => (Tone::Red, Shape::Cross),
        };
        let title = format!("{}: {}", words.level(found.level), found.text);
        Item {
            mark: Some(mark),
            ..Item::new(
                Section::Doctor,
                format!("finding {index}"),
                title,
                found.next.clone(),
            )
        }
    };
    let mut findings: Vec<&FindingWords> = shown.findings.iter().flatten().collect();
    // What has to be repaired stands first.
    findings.sort_by_key(|found| match found.level {
        Level::Bad => 0,
        Level::Note => 1,
        Level::Good => 2,
    });
    let mut items: Vec<Item> = findings.into_iter().enumerate().map(finding).collect();
    if shown.findings.is_none() {
        let text = words.say("options-doctor-asking");
        items.push(Item::new(
            Section::Doctor,
            "asking",
            words.say("options-doctor"),
            text,
        ));
    }
    items
}

fn waiting(facts: &Facts, words: &Words) -> Vec<Item> {
    let alone = |title: &str, text| {
        vec![Item::new(
            Section::Waiting,
            "waiting",
            words.say(title),
            text,
        )]
    };
    match facts.awaited.as_deref() {
        Err(cause) => alone("options-waiting", not_read(&words.not_kept(cause), words)),
        Ok([]) => alone(
            "options-waiting-none-title",
            words.say("options-waiting-none"),
        ),
        Ok(awaited) => awaited.iter().map(|one| awaited_item(one, words)).collect(),
    }
}

fn awaited_item(one: &Awaited, words: &Words) -> Item {
    let text = words.awaited(one);
    let (mark, write) = if one.green.is_some() {
        let write = Some(Act::WriteTo(one.mailbox.clone()));
        ((Tone::Green, Shape::Closed), write)
    } else {
        ((Tone::Checking, Shape::Dots), None)
    };
    let looked = one.looked.filter(|_| one.green.is_none());
    let looked = looked.map(|at| {
        words.with(
            "options-waiting-looked",
            &[("when", when(words, at).into())],
        )
    });
    let text = [Some(text), looked]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let mut acts: Vec<Act> = write.into_iter().collect();
    acts.push(Act::StopWaiting(one.mailbox.clone()));
    let id = format!("awaited {}", one.mailbox.address);
    Item {
        mark: Some(mark),
        acts,
        ..Item::new(
            Section::Waiting,
            id,
            one.mailbox.to_string(),
            text.join(" "),
        )
    }
}
