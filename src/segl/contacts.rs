//! The address book: what is in it, imported, written to, forgotten. Where the firm's rules switch suggestions off,
//! nothing is kept and nothing is told.

use std::{io, path::Path};

use jiff::Timestamp;

use super::{
    Segl,
    receipt::{Outcome, Receipt, Remark},
    vault::Vault,
};
use crate::{
    alert::{self, Alert, Known, Rules},
    book::{self, Circle, Contact, ImportFault, Index},
    keys::KeyError,
    mail::{Address, Kind, Mailbox, Recipient},
    record::Note,
    store::{Change, Kept, Shelf, StoreError},
};

/// Octets of a register at most.
const MAX_OCTETS: u64 = 64 << 20;

/// The book, ready for suggestions and alerts.
#[derive(Debug, Default)]
pub struct Book {
    /// For suggestions.
    pub index: Index,
    /// For alerts.
    pub known: Known,
    /// The firm's rules about both.
    pub rules: Rules,
}

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Entries that are new.
    pub new: usize,
    /// Entries that say something else than before.
    pub changed: usize,
    /// Entries that were there already.
    pub same: usize,
    /// Entries of the file without a mail address: left out.
    pub without: usize,
}

/// Why the book cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The firm's rules switch suggestions off.
    #[error("suggestions are switched off")]
    Off,
    /// The key of the store is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Read(#[source] io::Error),
    /// The file holds nothing that can be taken.
    #[error(transparent)]
    File(#[from] ImportFault),
    /// The alerts cannot be noted in the record.
    #[error(transparent)]
    Record(#[from] crate::record::RecordError),
}

impl Book {
    /// A book of these entries and circles. `own` are the firm's own and internal domains (A-labels).
    pub fn new(
        contacts: Vec<Contact>,
        circles: Vec<Circle>,
        own: Vec<String>,
        rules: Rules,
    ) -> Self {
        Self {
            known: Known::new(&contacts, circles, own),
            index: Index::new(contacts),
            rules,
        }
    }

    /// What is to be said of these recipients before a mail leaves. Window and command line ask this and nothing else,
    /// and each alert stands in the way until somebody says that the recipients are right: a rule that knew which of
    /// them are harmless would be another one in each surface.
    pub fn alerts(&self, recipients: &[Recipient]) -> Vec<Alert> {
        alert::alerts(recipients, &self.known, &self.rules)
    }
}

impl Segl {
    /// The book, or an empty one where suggestions are switched off. Blocks on disk and keyring.
    pub fn book(&self) -> Result<Book, BookError> {
        let rules = self.config.alerts.clone();
        if !rules.suggestions {
            return Ok(self.empty_book());
        }
        let vault = self.vault()?;
        let contacts = vault.store().book(Shelf::Contacts)?;
        let circles = vault.store().book(Shelf::Circles)?;
        Ok(Book::new(contacts, circles, self.own_domains(), rules))
    }

    /// A book that knows nobody but the firm's own domains: while there is no key, or nothing is kept.
    pub fn empty_book(&self) -> Book {
        let rules = self.config.alerts.clone();
        Book::new(Vec::new(), Vec::new(), self.own_domains(), rules)
    }

    /// Takes a register in, CSV or vCard: all of it or nothing. `-` is standard input.
    pub fn import_contacts(&self, file: &Path, at: Timestamp) -> Result<Imported, BookError> {
        self.check_on()?;
        let named = Some(file).filter(|f| *f != Path::new("-"));
        let octets = super::read_input(named, MAX_OCTETS).map_err(BookError::Read)?;
        let read = book::read(&octets)?;
        let mut imported = Imported {
            without: read.without,
            ..Imported::default()
        };
        let vault = self.vault()?;
        vault.store().change_book(|change| {
            for card in &read.cards {
                change.put(
                    Shelf::Contacts,
                    &card.mailbox.address.key(),
                    |before: Option<Contact>| {
                        let after = Contact::imported(before.clone(), card, at);
                        match before {
                            None => imported.new += 1,
                            Some(before) if after.says_the_same(&before) => imported.same += 1,
                            Some(_) => imported.changed += 1,
                        }
                        kept(after)
                    },
                )?;
            }
            Ok(())
        })?;
        Ok(imported)
    }

    /// Forgets an address; answers whether it was there.
    pub fn forget_contact(&self, address: &Address) -> Result<bool, BookError> {
        let vault = self.vault()?;
        let forget = |change: &Change<'_>| change.forget(Shelf::Contacts, &address.key());
        Ok(vault.store().change_book(forget)?)
    }

    /// Notes in the record that these alerts were shown for a draft, and that the sender said that the recipients are
    /// right. Codes only.
    pub fn note_alerts(&self, draft: &str, codes: &[&str], at: Timestamp) -> Result<(), BookError> {
        let note = Note {
            code: "alerts-confirmed".to_owned(),
            text: format!("{} draft {draft}", codes.join(" ")),
            about: None,
            head: None,
        };
        self.vault()?.record(at)?.append(note, at)?;
        Ok(())
    }

    /// After a sending: whoever the mail server took it for is confirmed.
    pub(super) fn learn(&self, receipt: &mut Receipt, vault: &Vault, at: Timestamp) {
        if !self.config.alerts.suggestions {
            return;
        }
        let sent: Vec<Recipient> = receipt.with(Outcome::Sent).cloned().collect();
        let open = sent.iter().filter(|r| r.kind != Kind::Bcc);
        let circle = Circle::members(open.map(|r| &r.mailbox.address));
        let learned = vault.store().change_book(|change| {
            for recipient in &sent {
                learn_one(change, &recipient.mailbox, at)?;
            }
            if let Some(members) = &circle {
                change.put(Shelf::Circles, &members.join(" "), |before| Kept {
                    learned_at: Some(at),
                    value: Circle::written(before, members, at),
                })?;
            }
            Ok(())
        });
        if let Err(cause) = learned {
            receipt
                .remarks
                .push(Remark::NotRemembered(cause.to_string()));
        }
    }

    /// Forgets who was not written to for longer than the firm wants.
    pub(super) fn forget_old_contacts(&self, vault: &Vault, at: Timestamp) {
        let age = self.config.suggestions_age;
        let cutoff = at.checked_sub(age).unwrap_or(Timestamp::MIN);
        // The store is comfort: what cannot be removed now is removed at the next start.
        let _gone = vault.store().purge_book_before(cutoff);
    }

    fn check_on(&self) -> Result<(), BookError> {
        if self.config.alerts.suggestions {
            Ok(())
        } else {
            Err(BookError::Off)
        }
    }

    /// Where the firm's own people are.
    pub(super) fn own_domains(&self) -> Vec<String> {
        let senders = self
            .config
            .senders
            .iter()
            .flat_map(|s| [&s.mailbox, s.author()]);
        let mut own: Vec<String> = senders
            .map(|m| m.address.domain().to_owned())
            .chain(self.config.policy.internal_domains.iter().cloned())
            .collect();
        own.sort_unstable();
        own.dedup();
        own
    }
}

fn learn_one(change: &Change<'_>, mailbox: &Mailbox, at: Timestamp) -> Result<(), StoreError> {
    change.put(Shelf::Contacts, &mailbox.address.key(), |before| {
        kept(Contact::written(before, mailbox, at))
    })
}

fn kept(contact: Contact) -> Kept<Contact> {
    Kept {
        learned_at: contact.learned_at(),
        value: contact,
    }
}
