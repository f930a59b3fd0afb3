//! A new list held against the one in force: what must be seen by somebody before it replaces that.

use std::collections::BTreeSet;

use super::{entry::Details, list::List};
use crate::mail::Address;

/// More than one entry in so many that is gone waits for somebody.
const SHRINKS: usize = 5;
/// Names that are gone and are told one by one.
const GONE: usize = 50;

/// How a new list differs from the one in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Entries of the list in force.
    pub before: usize,
    /// Entries of the new one.
    pub after: usize,
    /// Names that are new.
    pub added: usize,
    /// Names that are gone.
    pub removed: usize,
    /// The first of them, in the order of the list in force.
    pub gone: Vec<String>,
    /// Domains of which something else is said that decides who reads a mail, or how it travels; sorted.
    pub changed: Vec<Changed>,
    /// Domains of the firm's own that the new list speaks of and the old one did not; sorted.
    pub own: Vec<String>,
}

/// A domain of which something else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The name as listed.
    pub listed: String,
    /// What, each with both sides.
    pub fields: Vec<(Field, String, String)>,
}

/// What is said of a domain and decides who reads a mail, or how it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The certificate.
    Key,
    /// The main mailbox.
    Mailbox,
    /// Direct or wrapped.
    Mode,
    /// The organisation's number.
    Number,
}

/// Why a new list waits until somebody has seen the differences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// More than a fifth of the entries are gone.
    Shrinks,
    /// It names the firm's own domains.
    Own,
    /// It changes entries.
    Changes,
}

impl Field {
    /// The name of its column.
    pub fn code(self) -> &'static str {
        match self {
            Self::Key => "cert_sha256",
            Self::Mailbox => "mailbox",
            Self::Mode => "mode",
            Self::Number => "cvr",
        }
    }
}

impl Reason {
    /// Its code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shrinks => "shrinks",
            Self::Own => "firm-domain",
            Self::Changes => "changes",
        }
    }
}

impl Review {
    /// Why the list waits; none where it may replace the one in force at once.
    pub fn reasons(&self) -> Vec<Reason> {
        let all = [
            (self.removed * SHRINKS > self.before, Reason::Shrinks),
            (!self.own.is_empty(), Reason::Own),
            (!self.changed.is_empty(), Reason::Changes),
        ];
        let held = all.into_iter().filter(|(is_so, _)| *is_so);
        held.map(|(_, reason)| reason).collect()
    }
}

/// Holds a list against the one in force, if there is one. `own` are the firm's own domains, as A-labels.
pub fn review(before: Option<&List>, after: &List, own: &[String]) -> Review {
    let nobody = List::default();
    let before = before.unwrap_or(&nobody);
    let mut changed = Vec::new();
    let mut added = 0;
    for entry in after.entries() {
        let is_new = before.exact(entry.listed).is_none();
        added += usize::from(is_new);
        // What is new may have been spoken of by a wildcard until now.
        let known = if is_new && !entry.is_wildcard() {
            before.find(entry.listed)
        } else {
            before.exact(entry.listed)
        };
        let change = known.and_then(|k| compare(entry.listed, k.details, entry.details));
        changed.extend(change);
    }
    let missing = before.entries().filter(|e| after.exact(e.listed).is_none());
    let (mut removed, mut gone) = (0, Vec::new());
    for entry in missing {
        removed += 1;
        if gone.len() < GONE {
            gone.push(entry.listed.to_owned());
        }
        let now = after.find(entry.listed).filter(|_| !entry.is_wildcard());
        changed.extend(now.and_then(|n| compare(entry.listed, entry.details, n.details)));
    }
    changed.sort_by(|a, b| a.listed.cmp(&b.listed));
    Review {
        before: before.len(),
        after: after.len(),
        added,
        removed,
        gone,
        changed,
        own: own_domains(before, after, own),
    }
}

fn own_domains(before: &List, after: &List, own: &[String]) -> Vec<String> {
    let speaks = |list: &List, domain: &str| {
        list.find(domain).is_some() || list.exact(&format!("*.{domain}")).is_some()
    };
    let new = own
        .iter()
        .filter(|d| speaks(after, d) && !speaks(before, d));
    new.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

fn compare(listed: &str, before: &Details, after: &Details) -> Option<Changed> {
    let sides = |d: &Details| {
        let text = |value: Option<String>| value.unwrap_or_default();
        [
            (Field::Key, text(d.key().map(|k| k.to_string()))),
            (Field::Mailbox, text(d.mailbox.as_ref().map(Address::key))),
            (Field::Mode, text(d.mode.map(|m| m.code().to_owned()))),
            (
                Field::Number,
                text(d.number.as_ref().map(ToString::to_string)),
            ),
        ]
    };
    if before == after {
        return None;
    }
    let both = sides(before).into_iter().zip(sides(after));
    let fields: Vec<_> = both
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| (field, before, after))
        .collect();
    (!fields.is_empty()).then(|| Changed {
        listed: listed.to_owned(),
        fields,
    })
}
