//! What the settings window shows, in words: one item for each choice, rule, host, finding and recipient.

use jiff::Timestamp;

use super::{
    super::{
        look::{Shape, Tone},
        place::Place,
    },
    Act, Facts, Options, Rule, Section, Spot,
};
use crate::{
    mail::Mailbox,
    record::Summary,
    segl::{Awaited, Contact, Inventory, Protection, Purpose},
    store::Counts,
    words::{FindingWords, Level, Words},
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
    fn new(section: Section, id: impl Into<String>, title: String, text: String) -> Self {
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
    match shown.facts.as_deref() {
        Some(facts) => {
            items.extend(writing(facts, words));
            items.extend(facts.rules.iter().map(|r| rule(r, words)));
            items.extend(recorded(&facts.inventory, words));
            items.extend(network(facts, words));
        }
        None => {
            let being_read = [
                Section::Writing,
                Section::Rules,
                Section::Recorded,
                Section::Network,
                Section::Waiting,
            ];
            let loading = words.say("options-loading");
            items.extend(being_read.map(|section| {
                Item::new(
                    section,
                    section.key(),
                    words.say(section.key()),
                    loading.clone(),
                )
            }));
        }
    }
    items.extend(doctor(shown, words));
    if let Some(facts) = shown.facts.as_deref() {
        items.extend(waiting(facts, words));
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

fn recorded(held: &Inventory, words: &Words) -> Vec<Item> {
    let item =
        |id: &str, title: &str, text| Item::new(Section::Recorded, id, words.say(title), text);
    let mut items = match &held.record {
        Ok(summary) => log(summary, words),
        Err(cause) => {
            let detail = words.log(cause);
            let detail = format!("{} {}", detail.what, detail.next);
            let text = words.with("options-log-failed", &[("detail", detail.into())]);
            vec![item("log", "options-log", text)]
        }
    };
    let account = [("account", held.account.as_str().into())];
    let what = words.with("options-log-what-text", &account);
    items.push(item("log-what", "options-log-what", what));
    items.push(item("store", "options-store", store(held, words)));
    items.push(item(
        "retention",
        "options-retention",
        retention(held, words),
    ));
    let folder = |path: &std::path::Path| [("folder", path.display().to_string().into())];
    let mut place = words.with("options-where-text", &folder(&held.folder));
    if let Some(copies) = &held.copy_folder {
        place = format!(
            "{place} {}",
            words.with("options-where-copy", &folder(copies))
        );
    }
    items.push(item("where", "options-where", place));
    items.push(item("who", "options-who", who(held, words)));
    items.push(item(
        "rights",
        "options-rights",
        words.say("options-rights-text"),
    ));
    items.push(item(
        "export",
        "options-export",
        words.say("options-export-text"),
    ));
    items
}

fn log(summary: &Summary, words: &Words) -> Vec<Item> {
    let item =
        |id: &str, title: &str, text| Item::new(Section::Recorded, id, words.say(title), text);
    let Some((first, last)) = summary.span() else {
        return vec![item("log", "options-log", words.say("options-log-none"))];
    };
    let args = [
        ("rows", summary.rows().into()),
        ("from", words.day(first).into()),
        ("to", words.day(last).into()),
    ];
    let mut text = words.with("options-log-text", &args);
    let destroyed = summary.destroyed();
    if destroyed > 0 {
        let more = words.with("options-log-destroyed", &[("count", destroyed.into())]);
        text = format!("{text} {more}");
    }
    let of = |kind: &str| {
        let found = summary.kinds.iter().find(|k| k.kind == kind);
        found.map_or(0, |k| k.rows)
    };
    let count = |key: &str, n: u64| words.with(key, &[("count", n.into())]);
    let (sendings, outcomes) = (of("intent"), of("outcome"));
    let other = summary.rows() - sendings - outcomes;
    let args = [
        ("sendings", count("options-log-mails", sendings).into()),
        ("outcomes", count("options-log-outcomes", outcomes).into()),
        ("other", count("options-log-other", other).into()),
    ];
    let kinds = words.with("options-log-kinds-text", &args);
    let addresses = [("addresses", summary.addresses.into())];
    let consents = [("count", summary.consents.into())];
    let args = [
        (
            "addresses",
            words.with("options-log-people", &addresses).into(),
        ),
        (
            "consents",
            words.with("options-log-consents", &consents).into(),
        ),
    ];
    let people = words.with("options-log-people-text", &args);
    vec![
        item("log", "options-log", text),
        item("log-kinds", "options-log-kinds", kinds),
        item("log-people", "options-log-people-title", people),
    ]
}

fn store(held: &Inventory, words: &Words) -> String {
    let counts: &Counts = match &held.store {
        Ok(counts) => counts,
        Err(cause) => {
            let stop = words.uncounted(cause);
            let detail = format!("{} {}", stop.what, stop.next);
            return words.with("options-store-failed", &[("detail", detail.into())]);
        }
    };
    let args = [
        ("drafts", counts.drafts.into()),
        ("sent", counts.sent.into()),
        ("size", words.size(counts.sent_octets).into()),
        ("answers", counts.answers.into()),
        ("organisations", counts.organisations.into()),
        ("imported", held.imported.into()),
        ("awaited", held.awaited.into()),
    ];
    let text = words.with("options-store-text", &args);
    match counts.sent_span {
        Some((from, to)) => {
            let args = [
                ("from", words.day(from).into()),
                ("to", words.day(to).into()),
            ];
            format!("{text} {}", words.with("options-store-span", &args))
        }
        None => text,
    }
}

fn retention(held: &Inventory, words: &Words) -> String {
    let days = held.retention.as_hours() / 24;
    if days >= 365 && days % 365 == 0 {
        words.with("options-retention-years", &[("years", (days / 365).into())])
    } else {
        words.with("options-retention-text", &[("days", days.into())])
    }
}

fn who(held: &Inventory, words: &Words) -> String {
    let folder = words.say(match held.is_private {
        Some(true) => "options-who-private",
        Some(false) => "options-who-open",
        None => "options-who-unknown",
    });
    let key = match &held.key_file {
        Some(file) => {
            let file = file.display().to_string();
            words.with("options-who-file", &[("file", file.into())])
        }
        None => words.say("options-who-keyring"),
    };
    format!("{folder} {key}")
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
    lines.push(words.say(match contact.protection {
        Protection::Tls => "options-host-tls",
        Protection::StartTls => "options-host-starttls",
        Protection::None => "options-host-plain",
    }));
    if contact.has_own_roots && contact.protection != Protection::None {
        lines.push(words.say("options-host-own-roots"));
    }
    lines.push(match contact.last {
        Some(at) => words.with("options-host-last", &[("when", words.moment(at).into())]),
        None if contact.purpose == Purpose::SignIn => words.say("options-host-not-noted"),
        None => words.say("options-host-never"),
    });
    let id = format!("host {}:{} {}", contact.host, contact.port, lines[0]);
    Item {
        mark: (contact.protection == Protection::None).then_some((Tone::Red, Shape::Open)),
        ..Item::new(Section::Network, id, title, lines.join(" "))
    }
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
    let mut items: Vec<Item> = shown
        .findings
        .iter()
        .flatten()
        .enumerate()
        .map(finding)
        .collect();
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
    let Some(awaited) = &facts.awaited else {
        let text = words.say("options-waiting-failed");
        let title = words.say("options-waiting");
        return vec![Item::new(Section::Waiting, "waiting", title, text)];
    };
    if awaited.is_empty() {
        let text = words.say("options-waiting-none");
        let title = words.say("options-waiting-none-title");
        return vec![Item::new(Section::Waiting, "waiting", title, text)];
    }
    awaited.iter().map(|one| awaited_item(one, words)).collect()
}

fn awaited_item(one: &Awaited, words: &Words) -> Item {
    let day = |at: Timestamp| words.day(at);
    let (mark, text, write) = match one.green {
        Some(at) => {
            let text = words.with("options-waiting-green", &[("when", day(at).into())]);
            let write = Some(Act::WriteTo(one.mailbox.clone()));
            ((Tone::Green, Shape::Closed), text, write)
        }
        None => {
            let args = [
                ("since", day(one.since).into()),
                ("ends", day(one.ends()).into()),
            ];
            let text = words.with("options-waiting-text", &args);
            ((Tone::Checking, Shape::Dots), text, None)
        }
    };
    let looked = one.looked.filter(|_| one.green.is_none());
    let looked = looked.map(|at| {
        words.with(
            "options-waiting-looked",
            &[("when", words.moment(at).into())],
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
