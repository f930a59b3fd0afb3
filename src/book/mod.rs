//! The address book: who has been confirmed as a recipient, found by what somebody types.
//!
//! An entry is confirmed by a register that was imported, or by a mail that was sent to it. What was only typed is never
//! in here. Values only: the store keeps them, and nothing here reads a file or a clock.

mod delimited;
mod fault;
mod index;
mod read;
mod vcard;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use delimited::{EXPECTED, write};
pub use fault::{ImportFault, RowFault, RowProblem, Unit};
pub use index::Index;
pub use read::{Read, read};

use crate::mail::{Address, Mailbox};

/// Mails to more people than this are no circle: nobody addresses that many by hand.
const WIDEST: usize = 20;

/// An entry of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name and address.
    pub mailbox: Mailbox,
    /// The organisation, as the register has it.
    pub organisation: Option<String>,
    /// When it was imported, if it was.
    pub imported: Option<Timestamp>,
    /// When a mail was last sent to it, if one was.
    pub written: Option<Timestamp>,
    /// How many mails were sent to it.
    pub times: u32,
}

/// What a register says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Name and address.
    pub mailbox: Mailbox,
    /// The organisation.
    pub organisation: Option<String>,
}

/// People who stood together in To and Cc of mails that were sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circle {
    /// They, as addresses are compared, sorted.
    pub members: Vec<String>,
    /// In how many mails.
    pub times: u32,
    /// In which last.
    pub at: Timestamp,
}

impl Contact {
    /// An entry that a register names: its name goes before one that somebody typed.
    #[must_use]
    pub fn imported(before: Option<Self>, card: &Card, at: Timestamp) -> Self {
        let kept = before.unwrap_or_else(|| Self::bare(card.mailbox.clone()));
        Self {
            mailbox: Mailbox {
                name: card.mailbox.name.clone().or(kept.mailbox.name),
                address: card.mailbox.address.clone(),
            },
            organisation: card.organisation.clone().or(kept.organisation),
            imported: Some(at),
            ..kept
        }
    }

    /// An entry after a mail was sent to it.
    #[must_use]
    pub fn written(before: Option<Self>, mailbox: &Mailbox, at: Timestamp) -> Self {
        let mut kept = before.unwrap_or_else(|| Self::bare(mailbox.clone()));
        if kept.imported.is_none() && mailbox.name.is_some() {
            kept.mailbox.name.clone_from(&mailbox.name);
        }
        kept.written = kept.written.max(Some(at));
        kept.times = kept.times.saturating_add(1);
        kept
    }

    /// When it was last learned by sending; none if it was imported and stays.
    pub fn learned_at(&self) -> Option<Timestamp> {
        self.written.filter(|_| self.imported.is_none())
    }

    /// Whether a register says nothing new of it.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.mailbox == other.mailbox
            && self.organisation == other.organisation
            && self.imported.is_some() == other.imported.is_some()
    }

    fn bare(mailbox: Mailbox) -> Self {
        Self {
            mailbox,
            organisation: None,
            imported: None,
            written: None,
            times: 0,
        }
    }
}

impl Circle {
    /// The circle of a mail to these; none if one person, or too many, got it.
    pub fn members<'a>(addresses: impl Iterator<Item = &'a Address>) -> Option<Vec<String>> {
        let mut members: Vec<String> = addresses.map(Address::key).collect();
        members.sort_unstable();
        members.dedup();
        (2..=WIDEST).contains(&members.len()).then_some(members)
    }

    /// The circle after a mail to it.
    #[must_use]
    pub fn written(before: Option<Self>, members: &[String], at: Timestamp) -> Self {
        Self {
            members: members.to_vec(),
            times: before.as_ref().map_or(0, |b| b.times).saturating_add(1),
            at: before.map_or(at, |b| b.at.max(at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a register holds, as lines.
    pub(super) fn cards_in(octets: &[u8]) -> Vec<String> {
        let shown = |card: &Card| {
            let organisation = card.organisation.as_deref().unwrap_or("-");
            format!("{} / {organisation}", card.mailbox)
        };
        read(octets).unwrap().cards.iter().map(shown).collect()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn card(text: &str) -> Card {
        Card {
            mailbox: Mailbox::parse(text).unwrap(),
            organisation: Some("Politiet".to_owned()),
        }
    }

    #[test]
    fn a_name_of_the_register_is_not_replaced_by_one_that_was_typed() {
        let typed = Mailbox::parse("annie <holm@politi-eksempel.dk>").unwrap();
        let learned = Contact::written(None, &typed, at(5));
        assert_eq!(learned.learned_at(), Some(at(5)));
        let imported = Contact::imported(
            Some(learned),
            &card("Anne Holm <holm@politi-eksempel.dk>"),
            at(6),
        );
        let again = Contact::written(Some(imported), &typed, at(7));
        assert_eq!(again.mailbox.name.as_deref(), Some("Anne Holm"));
        assert_eq!(again.organisation.as_deref(), Some("Politiet"));
        assert_eq!((again.written, again.times), (Some(at(7)), 2));
        assert_eq!(again.learned_at(), None, "an imported one stays");
    }

    #[test]
    fn a_register_without_a_name_leaves_the_name_that_is_known() {
        let typed = Mailbox::parse("Anne Holm <holm@politi-eksempel.dk>").unwrap();
        let learned = Contact::written(None, &typed, at(5));
        let imported = Contact::imported(
            Some(learned.clone()),
            &card("HOLM@politi-eksempel.dk"),
            at(6),
        );
        assert_eq!(imported.mailbox.name.as_deref(), Some("Anne Holm"));
        assert!(!imported.says_the_same(&learned));
    }

    #[test]
    fn a_circle_has_two_to_twenty_members_each_once() {
        let address = |i: usize| Address::parse(&format!("p{i}@x-eksempel.dk")).unwrap();
        let circle = |n: usize| {
            let all: Vec<Address> = (0..n).map(address).collect();
            Circle::members(all.iter())
        };
        assert_eq!((circle(1), circle(21)), (None, None));
        assert_eq!(circle(20).map(|m| m.len()), Some(20));
        let twice = [address(1), address(1)];
        assert_eq!(Circle::members(twice.iter()), None);
    }
}
