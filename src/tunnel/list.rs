//! A list in memory: looked up exactly, in the same time however long it is.

use std::{
    collections::{HashMap, hash_map},
    sync::LazyLock,
};

use super::entry::Details;

/// What stands of a domain that is only named.
static BARE: LazyLock<Details> = LazyLock::new(Details::default);

/// Domains and what is said of each. Names are A-labels in lower case; `*.` before one speaks of everything below it, and
/// not of itself. The table is keyed anew in each program, so that no list can be made to be slow.
#[derive(Debug, Default)]
pub struct List {
    rows: HashMap<Box<str>, Option<Box<Details>>>,
    wildcards: usize,
}

/// What a list says of a domain that was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The name as listed: the domain, or `*.` and one above it.
    pub listed: &'a str,
    /// What is said.
    pub details: &'a Details,
}

impl Entry<'_> {
    /// The domain whose mailboxes and certificates the entry speaks of: that of a wildcard is the one it stands before.
    pub fn domain(&self) -> &str {
        self.listed.strip_prefix("*.").unwrap_or(self.listed)
    }

    /// Whether it is one that speaks of everything below a domain.
    pub fn is_wildcard(&self) -> bool {
        self.listed.starts_with("*.")
    }
}

impl List {
    pub(super) fn with_capacity(entries: usize) -> Self {
        Self {
            rows: HashMap::with_capacity(entries),
            wildcards: 0,
        }
    }

    /// Adds an entry; false where the domain is listed already with something else.
    pub(super) fn add(&mut self, listed: &str, details: Option<Box<Details>>) -> bool {
        match self.rows.entry(listed.into()) {
            hash_map::Entry::Occupied(known) => *known.get() == details,
            hash_map::Entry::Vacant(free) => {
                self.wildcards += usize::from(listed.starts_with("*."));
                free.insert(details);
                true
            }
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All entries, in no order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.rows
            .iter()
            .map(|(listed, details)| entry(listed, details.as_deref()))
    }

    /// How many entries say which certificate counts.
    pub fn keys(&self) -> usize {
        self.entries().filter(|e| e.details.carries_key()).count()
    }

    /// What the list says of a domain (A-label, lower case): the entry of that very name, else the nearest wildcard above
    /// it. A name never speaks of what is below it by itself.
    pub fn find(&self, domain: &str) -> Option<Entry<'_>> {
        if let Some(exact) = self.exact(domain) {
            return Some(exact);
        }
        if self.wildcards == 0 {
            return None;
        }
        let mut dots = domain.bytes().enumerate().filter(|(_, b)| *b == b'.');
        dots.find_map(|(dot, _)| self.exact(&format!("*{}", &domain[dot..])))
    }

    /// The entry of exactly this name, wildcard or not.
    pub fn exact(&self, listed: &str) -> Option<Entry<'_>> {
        let (listed, details) = self.rows.get_key_value(listed)?;
        Some(entry(listed, details.as_deref()))
    }

    /// The same list that tells membership only: for one that nobody vouches for.
    #[must_use]
    pub fn membership_only(self) -> Self {
        let rows = self.rows.into_keys().map(|listed| (listed, None));
        Self {
            rows: rows.collect(),
            wildcards: self.wildcards,
        }
    }
}

fn entry<'a>(listed: &'a str, details: Option<&'a Details>) -> Entry<'a> {
    Entry {
        listed,
        details: details.unwrap_or(&BARE),
    }
}
