//! Finding entries by what somebody types: each word typed is the beginning of a word of the name or of the address.
//!
//! Sorted words and a binary search, so that fifty thousand entries cost no time between two keys. Whoever was written
//! to last comes first; people of the same name come together, so that nobody takes one for the other.

use std::{collections::HashMap, ops::Range};

use unicode_normalization::UnicodeNormalization;

use super::Contact;

/// The book, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    /// By rank: the last written to first, then by name.
    contacts: Vec<Contact>,
    /// The words of each contact, with a space before each, one after the other.
    text: String,
    /// Of each contact, its words in `text`.
    words: Vec<Range<usize>>,
    /// The place of each word in `text` and whose it is, sorted by the word.
    sorted: Vec<(u32, u32)>,
    /// Contacts that bear the same name.
    namesakes: HashMap<String, Vec<u32>>,
}

impl Index {
    /// An index over these.
    pub fn new(mut contacts: Vec<Contact>) -> Self {
        contacts.sort_by_cached_key(|c| {
            let written = c.written.map(|t| std::cmp::Reverse(t.as_millisecond()));
            (written.is_none(), written, fold(c.mailbox.label()))
        });
        // More words than a number of 32 bits counts would be more than this computer's memory holds.
        contacts.truncate(u32::MAX as usize / 256);
        let mut index = Self {
            words: Vec::with_capacity(contacts.len()),
            ..Self::default()
        };
        for (id, contact) in (0..).zip(&contacts) {
            let start = index.text.len();
            for word in words(contact) {
                index.text.push(' ');
                if let Ok(place) = u32::try_from(index.text.len()) {
                    index.sorted.push((place, id));
                }
                index.text.push_str(&word);
            }
            index.words.push(start..index.text.len());
            if let Some(name) = &contact.mailbox.name {
                index.namesakes.entry(fold(name)).or_default().push(id);
            }
        }
        index.namesakes.retain(|_, ids| ids.len() > 1);
        index.text.push(' ');
        let text = &index.text;
        index.sorted.sort_unstable_by(|a, b| {
            word_at(text, a.0)
                .cmp(word_at(text, b.0))
                .then(a.1.cmp(&b.1))
        });
        index.contacts = contacts;
        index
    }

    /// Every entry, the last written to first.
    pub fn contacts(&self) -> &[Contact] {
        &self.contacts
    }

    /// The entries that what is typed means, at most `most`.
    pub fn find(&self, typed: &str, most: usize) -> Vec<&Contact> {
        let typed = fold(typed);
        let tokens: Vec<&str> = typed
            .split(|c: char| c.is_whitespace() || "<>\"',;()".contains(c))
            .map(|t| t.strip_prefix('@').unwrap_or(t))
            .filter(|t| !t.is_empty())
            .collect();
        // The rarest word leads; the others are looked for in what it finds.
        let ranges = tokens.iter().map(|t| self.range(t));
        let Some((led, range)) = ranges.enumerate().min_by_key(|(_, r)| r.len()) else {
            return Vec::new();
        };
        let others: Vec<String> = tokens
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != led)
            .map(|(_, t)| format!(" {t}"))
            .collect();
        let is_meant = |id: u32| {
            let words = &self.text[self.words[id as usize].clone()];
            others.iter().all(|other| words.contains(other.as_str()))
        };
        let mut best: Vec<u32> = Vec::with_capacity(most + 1);
        for (_, id) in &self.sorted[range] {
            let is_better = best.len() < most || best.last().is_some_and(|worst| id < worst);
            if is_better
                && let Err(place) = best.binary_search(id)
                && is_meant(*id)
            {
                best.insert(place, *id);
                best.truncate(most);
            }
        }
        let led = format!(" {}", tokens[led]);
        let is_meant =
            |id: &u32| self.text[self.words[*id as usize].clone()].contains(&led) && is_meant(*id);
        self.with_namesakes(&best, most, is_meant)
    }

    /// Whoever bears the name of somebody who is shown is shown too, beside them.
    fn with_namesakes(
        &self,
        best: &[u32],
        most: usize,
        is_meant: impl Fn(&u32) -> bool,
    ) -> Vec<&Contact> {
        let mut shown: Vec<u32> = Vec::with_capacity(most);
        for id in best {
            let name = self.contacts[*id as usize].mailbox.name.as_deref();
            let same = name.and_then(|n| self.namesakes.get(&fold(n)));
            let same = same.into_iter().flatten().filter(|s| is_meant(s));
            for id in std::iter::once(id).chain(same) {
                if !shown.contains(id) {
                    shown.push(*id);
                }
            }
        }
        shown.truncate(most);
        shown
            .iter()
            .map(|id| &self.contacts[*id as usize])
            .collect()
    }

    /// Words that begin so.
    fn range(&self, token: &str) -> Range<usize> {
        let text = &self.text;
        let start = self
            .sorted
            .partition_point(|(place, _)| word_at(text, *place) < token);
        let rest = &self.sorted[start..];
        let length = rest.partition_point(|(place, _)| word_at(text, *place).starts_with(token));
        start..start + length
    }
}

fn word_at(text: &str, place: u32) -> &str {
    let rest = &text[place as usize..];
    rest.split(' ').next().unwrap_or(rest)
}

/// The words of the name and their halves, the address, the parts of what stands before the @, and the domain.
fn words(contact: &Contact) -> Vec<String> {
    let mut words = Vec::new();
    for word in contact
        .mailbox
        .name
        .iter()
        .flat_map(|n| n.split_whitespace())
    {
        let word = fold(word.trim_matches(|c: char| "\"'(),;<>".contains(c)));
        words.extend(word.split('-').skip(1).map(str::to_owned));
        words.push(word);
    }
    let address = &contact.mailbox.address;
    let local = fold(address.local());
    let parts = local.split(['.', '_', '-', '+']).skip(1);
    words.extend(parts.map(str::to_owned));
    let domain = fold(&address.domain_unicode());
    words.push(format!("{local}@{domain}"));
    words.push(domain);
    words.retain(|w| !w.is_empty());
    words
}

/// Letters as people type them: without case and marks, ø as o and æ as ae.
fn fold(text: &str) -> String {
    let plain = text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    let mut folded = String::with_capacity(text.len());
    for c in plain.flat_map(char::to_lowercase) {
        match c {
            'ø' => folded.push('o'),
            'æ' => folded.push_str("ae"),
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::mail::Mailbox;

    fn contact(text: &str, written: i64) -> Contact {
        let at = Timestamp::from_second(written).unwrap();
        Contact::written(None, &Mailbox::parse(text).unwrap(), at)
    }

    fn index() -> Index {
        Index::new(vec![
            contact("Anne Holm <holm@politi-eksempel.dk>", 50),
            contact("Anne Østergaard <anne@advokat-eksempel.dk>", 90),
            contact("Karen-Marie Ærø <karen.marie@ret-eksempel.dk>", 10),
            contact("bo@x-eksempel.dk", 70),
        ])
    }

    fn found(index: &Index, typed: &str) -> Vec<String> {
        let found = index.find(typed, 6).into_iter();
        found.map(|c| c.mailbox.address.to_string()).collect()
    }

    #[test]
    fn each_word_typed_begins_a_word_of_name_or_address() {
        let rows: &[(&str, &[&str])] = &[
            (
                "anne",
                &["anne@advokat-eksempel.dk", "holm@politi-eksempel.dk"],
            ),
            ("ann hol", &["holm@politi-eksempel.dk"]),
            ("holm anne", &["holm@politi-eksempel.dk"]),
            ("øster", &["anne@advokat-eksempel.dk"]),
            ("oster", &["anne@advokat-eksempel.dk"]),
            ("MARIE", &["karen.marie@ret-eksempel.dk"]),
            ("aero", &["karen.marie@ret-eksempel.dk"]),
            ("@politi", &["holm@politi-eksempel.dk"]),
            ("holm@po", &["holm@politi-eksempel.dk"]),
            ("Anne Holm <h", &["holm@politi-eksempel.dk"]),
            ("bo@", &["bo@x-eksempel.dk"]),
            ("olm", &[]),
            ("anne x", &[]),
            ("", &[]),
            (" @ ", &[]),
        ];
        let index = index();
        for (typed, wanted) in rows {
            assert_eq!(found(&index, typed), *wanted, "{typed:?}");
        }
    }

    #[test]
    fn at_most_as_many_as_asked_for_and_the_last_written_to_first() {
        let many = (0..40)
            .map(|i| contact(&format!("p{i}@x-eksempel.dk"), i))
            .collect();
        let found = found(&Index::new(many), "p");
        assert_eq!(found.len(), 6);
        assert_eq!(found[0], "p39@x-eksempel.dk");
    }

    #[test]
    fn people_of_one_name_stand_together_even_where_one_of_them_is_old() {
        let mut all: Vec<Contact> = (0..20)
            .map(|i| contact(&format!("Anna {i} <a{i}@x-eksempel.dk>"), 100 + i))
            .collect();
        all.push(contact("Anna Berg <berg@ret-eksempel.dk>", 500));
        all.push(contact("anna berg <anna@berg-eksempel.com>", 1));
        let found = found(&Index::new(all), "anna");
        assert_eq!(
            found[..2],
            ["berg@ret-eksempel.dk", "anna@berg-eksempel.com"]
        );
        assert_eq!(found.len(), 6);
    }

    #[test]
    fn an_empty_book_finds_nobody() {
        assert!(Index::new(Vec::new()).find("a", 6).is_empty());
    }
}
