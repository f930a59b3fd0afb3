//! Certificates of other people that were taken in: each with whom it is used for, and with what takes it back.

use super::{
    super::look::{Shape, Tone},
    Act, Item, Section,
    items::not_read,
};
use crate::{
    cert::Fingerprint,
    segl::{Other, ReaderError},
    words::Words,
};

/// One item for each.
pub(super) fn items(others: &Result<Vec<Other>, ReaderError>, words: &Words) -> Vec<Item> {
    let alone =
        |title: &str, text| vec![Item::new(Section::Others, "others", words.say(title), text)];
    match others.as_deref() {
        Err(cause) => alone("options-others", not_read(&words.readers(cause), words)),
        Ok([]) => alone(
            "options-others-none-title",
            words.say("options-others-none"),
        ),
        Ok(others) => others.iter().map(|other| item(other, words)).collect(),
    }
}

/// What tells a certificate's item from others.
pub(super) fn id(sha256: Fingerprint) -> String {
    format!("other {sha256}")
}

fn item(other: &Other, words: &Words) -> Item {
    let sha256 = other.certificate.sha256();
    let name = words.belongs_to(&other.certificate);
    let lines = words.other(other);
    let lines: Vec<&str> = lines
        .iter()
        .flat_map(|l| l.lines().map(str::trim))
        .collect();
    let pins = other.pins.iter().map(|(address, _)| address.clone());
    let mut acts: Vec<Act> = pins.map(|address| Act::Unpin(address, sha256)).collect();
    acts.push(Act::RemoveOther {
        sha256,
        name: name.clone(),
    });
    let mark = if other.is_usable() {
        (Tone::Green, Shape::Closed)
    } else {
        (Tone::Red, Shape::Question)
    };
    Item {
        mark: Some(mark),
        acts,
        ..Item::new(Section::Others, id(sha256), name, lines.join("\n"))
    }
}
