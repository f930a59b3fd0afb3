//! A list in memory: looked up exactly, in the same time however long it is.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::LazyLock,
};

use super::entry::Details;

/// What stands of a domain that is only named.
static BARE: LazyLock<Details> = LazyLock::new(Details::default);

/// Domains and what is said of each. Names are A-labels in lower case; `*.` before one speaks of everything below it, and
/// not of itself. All names lie in one text, and a table of numbers finds them: a million small pieces of memory would
/// take longer to get than to read. The table is keyed anew in each program, so that no list can be made to be slow.
#[derive(Debug, Default)]
pub struct List {
    names: String,
    rows: Vec<Row>,
    /// A power of two, at most half full.
    table: Vec<Slot>,
    keyed: RandomState,
    wildcards: usize,
}

/// A place of the table: the number of a row, plus one, or 0 where it is free; and a part of the name's hash, so that
/// another's name is hardly ever looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    number: u32,
    mark: u32,
}

/// Where a name ends in the text, and what is said of it. It begins where the one before ends.
#[derive(Debug)]
struct Row {
    end: usize,
    details: Option<Box<Details>>,
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
        let mut list = Self {
            rows: Vec::with_capacity(entries),
            ..Self::default()
        };
        list.grow_to(entries);
        list
    }

    /// Adds an entry; false where the domain is listed already with something else.
    pub(super) fn add(&mut self, listed: &str, details: Option<Box<Details>>) -> bool {
        if self.table.len() < (self.rows.len() + 1) * 2 {
            self.grow_to((self.rows.len() + 1) * 2);
        }
        let (slot, mark) = self.slot(listed);
        if let Some(row) = self.row_in(slot) {
            return self.rows[row].details == details;
        }
        self.names.push_str(listed);
        self.wildcards += usize::from(listed.starts_with("*."));
        self.rows.push(Row {
            end: self.names.len(),
            details,
        });
        self.occupy(slot, self.rows.len(), mark);
        true
    }

    /// There are fewer rows than octets of a list, and those can be counted.
    fn occupy(&mut self, slot: usize, number: usize, mark: u32) {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.table[slot] = Slot { number, mark };
    }

    /// Makes room for so many rows, and finds every row its slot again.
    fn grow_to(&mut self, rows: usize) {
        let slots = (rows.max(8) * 2).next_power_of_two();
        self.table = vec![Slot::default(); slots];
        for row in 0..self.rows.len() {
            let (slot, mark) = self.slot(self.name(row));
            self.occupy(slot, row + 1, mark);
        }
    }

    /// Where a name stands in the table, or would stand, and its mark there. One slot is always free.
    fn slot(&self, listed: &str) -> (usize, u32) {
        let last = self.table.len() - 1;
        let hash = self.keyed.hash_one(listed);
        let mark = u32::try_from(hash >> 32).unwrap_or_default();
        let mut slot = usize::try_from(hash & last as u64).unwrap_or(0);
        while let Some(row) = self.row_in(slot) {
            if self.table[slot].mark == mark && self.name(row) == listed {
                break;
            }
            slot = (slot + 1) & last;
        }
        (slot, mark)
    }

    fn row_in(&self, slot: usize) -> Option<usize> {
        let number = self.table.get(slot)?.number;
        usize::try_from(number).ok()?.checked_sub(1)
    }

    fn name(&self, row: usize) -> &str {
        let begin = row.checked_sub(1).map_or(0, |before| self.rows[before].end);
        &self.names[begin..self.rows[row].end]
    }

    fn entry(&self, row: usize) -> Entry<'_> {
        Entry {
            listed: self.name(row),
            details: self.rows[row].details.as_deref().unwrap_or(&BARE),
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

    /// All entries, in their order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.rows.len()).map(|row| self.entry(row))
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
        if self.table.is_empty() {
            return None;
        }
        let row = self.row_in(self.slot(listed).0)?;
        Some(self.entry(row))
    }

    /// The same list that tells membership only: for one that nobody vouches for.
    #[must_use]
    pub fn membership_only(mut self) -> Self {
        for row in &mut self.rows {
            row.details = None;
        }
        self
    }
}
