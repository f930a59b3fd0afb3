//! What is recorded about the user, in plain words: every number comes from the record and the store.

use super::{Item, Section, items::not_read};
use crate::{record::Summary, segl::Inventory, store::Counts, words::Words};

/// Everything that lies on this computer, counted, and what that means for those whom it is about.
pub(super) fn items(held: &Inventory, words: &Words) -> Vec<Item> {
    let item =
        |id: &str, title: &str, text| Item::new(Section::Recorded, id, words.say(title), text);
    let mut items = match &held.record {
        Ok(summary) => log(summary, words),
        Err(cause) => {
            let text = not_read(&words.log(cause), words);
            vec![item("log", "options-log", text)]
        }
    };
    let account = [("account", held.account.as_str().into())];
    let what = words.with("options-log-what-text", &account);
    items.push(item("log what", "options-log-what", what));
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
        item("log kinds", "options-log-kinds", kinds),
        item("log people", "options-log-people-title", people),
    ]
}

fn store(held: &Inventory, words: &Words) -> String {
    let counts: &Counts = match &held.store {
        Ok(counts) => counts,
        Err(cause) => return not_read(&words.uncounted(cause), words),
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
    let mut text = words.with("options-store-text", &args);
    if held.readers > 0 {
        let readers = [("count", held.readers.into())];
        text = format!("{text} {}", words.with("options-store-readers", &readers));
    }
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
