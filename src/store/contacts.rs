//! The address book: confirmed addresses, and which of them stood together in a mail.
//!
//! What an entry says is the caller's; here it is sealed, bound to its address and its age. Entries that were learned
//! by sending age and go; those that somebody imported stay until they are forgotten.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, StoreError, immediate};

/// The second step of the store's schema.
pub(super) const TABLES: &str = "
CREATE TABLE contacts (address BLOB PRIMARY KEY, learned_at INTEGER, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_learned_at ON contacts (learned_at) WHERE learned_at IS NOT NULL;
CREATE TABLE circles (members BLOB PRIMARY KEY, learned_at INTEGER, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX circles_learned_at ON circles (learned_at) WHERE learned_at IS NOT NULL;
";

/// One of the two tables of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Addresses.
    Contacts,
    /// Who stood together in a mail.
    Circles,
}

/// An entry as it is written: `None` in `learned_at` keeps it for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    /// When it was last learned by sending, unless it was imported.
    pub learned_at: Option<Timestamp>,
    /// What it says.
    pub value: T,
}

/// What entries are changed with: inside one transaction, all of it or nothing.
pub struct Change<'a> {
    store: &'a Store,
    transaction: Transaction<'a>,
}

impl Shelf {
    fn table(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Circles => "circles",
        }
    }

    /// Select, insert, delete: written out, because a table's name cannot be a parameter.
    fn sql(self) -> [&'static str; 5] {
        match self {
            Self::Contacts => [
                "SELECT address, learned_at, sealed FROM contacts",
                "SELECT learned_at, sealed FROM contacts WHERE address = ?1",
                "INSERT INTO contacts (address, learned_at, sealed) VALUES (?1, ?2, ?3) ON CONFLICT (address)
                 DO UPDATE SET learned_at = excluded.learned_at, sealed = excluded.sealed",
                "DELETE FROM contacts WHERE address = ?1",
                "DELETE FROM contacts WHERE learned_at < ?1",
            ],
            Self::Circles => [
                "SELECT members, learned_at, sealed FROM circles",
                "SELECT learned_at, sealed FROM circles WHERE members = ?1",
                "INSERT INTO circles (members, learned_at, sealed) VALUES (?1, ?2, ?3) ON CONFLICT (members)
                 DO UPDATE SET learned_at = excluded.learned_at, sealed = excluded.sealed",
                "DELETE FROM circles WHERE members = ?1",
                "DELETE FROM circles WHERE learned_at < ?1",
            ],
        }
    }
}

impl Store {
    /// Every entry. One that another version wrote and this one cannot read is left out, and left in place.
    pub fn book<T: DeserializeOwned>(&self, which: Shelf) -> Result<Vec<T>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(which.sql()[0])?;
        let mut rows = statement.query([])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let (key, learned_at): ([u8; 32], Option<i64>) = (row.get(0)?, row.get(1)?);
            let sealed = row.get_ref(2)?.as_blob().unwrap_or_default();
            match self.unseal_value(which.table(), &[&key, &age(learned_at)], sealed) {
                Ok(value) => entries.push(value),
                Err(StoreError::Malformed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(entries)
    }

    /// Changes entries: what `change` does is done as a whole, or, where it fails, not at all.
    pub fn change_book<T>(
        &self,
        change: impl FnOnce(&Change<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection();
        let scope = Change {
            store: self,
            transaction: immediate(&mut connection)?,
        };
        let done = change(&scope)?;
        scope.transaction.commit()?;
        Ok(done)
    }

    /// Forgets what was learned by sending before a time; answers how many.
    pub fn purge_book_before(&self, cutoff: Timestamp) -> Result<usize, StoreError> {
        let connection = self.connection();
        let cutoff = cutoff.as_millisecond();
        let mut gone = 0;
        for which in [Shelf::Contacts, Shelf::Circles] {
            gone += connection.execute(which.sql()[4], [cutoff])?;
        }
        Ok(gone)
    }
}

impl Change<'_> {
    /// Puts an entry in place of what was there; `merge` is given that, and answers what is kept.
    pub fn put<T: Serialize + DeserializeOwned>(
        &self,
        which: Shelf,
        name: &str,
        merge: impl FnOnce(Option<T>) -> Kept<T>,
    ) -> Result<(), StoreError> {
        let [_, select, insert, ..] = which.sql();
        let key = self.store.digest(which.table(), name)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(Option<i64>, Vec<u8>)> = self
            .transaction
            .prepare_cached(select)?
            .query_row([key], read)
            .optional()?;
        let before = match found {
            None => None,
            Some((learned_at, sealed)) => {
                let place = [&key[..], &age(learned_at)];
                match self.store.unseal_value(which.table(), &place, &sealed) {
                    // What another version wrote is replaced by what is known now.
                    Err(StoreError::Malformed { .. }) => None,
                    other => Some(other?),
                }
            }
        };
        let kept = merge(before);
        let learned_at = kept.learned_at.map(Timestamp::as_millisecond);
        let place = [&key[..], &age(learned_at)];
        let sealed = self.store.seal_value(which.table(), &place, &kept.value)?;
        self.transaction
            .prepare_cached(insert)?
            .execute(params![key, learned_at, sealed])?;
        Ok(())
    }

    /// Forgets an entry; answers whether there was one.
    pub fn forget(&self, which: Shelf, name: &str) -> Result<bool, StoreError> {
        let key = self.store.digest(which.table(), name)?;
        Ok(self.transaction.execute(which.sql()[3], [key])? > 0)
    }
}

/// The age is part of what a row is sealed for: an old entry cannot be made young, nor a learned one imported.
fn age(learned_at: Option<i64>) -> Vec<u8> {
    learned_at.map_or_else(Vec::new, |at| at.to_be_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn put(change: &Change<'_>, name: &str, learned_at: Option<Timestamp>, value: u32) {
        change
            .put(Shelf::Contacts, name, |before: Option<u32>| Kept {
                learned_at,
                value: before.unwrap_or(0) + value,
            })
            .unwrap();
    }

    fn sorted(store: &Store) -> Vec<u32> {
        let mut entries = store.book(Shelf::Contacts).unwrap();
        entries.sort_unstable();
        entries
    }

    #[test]
    fn an_entry_is_merged_with_what_was_there_and_forgotten_by_its_name() {
        let store = Store::in_memory().unwrap();
        let done = store.change_book(|change| {
            put(change, "a", Some(at(1)), 1);
            put(change, "a", None, 10);
            put(change, "b", None, 100);
            Ok(())
        });
        done.unwrap();
        assert_eq!(sorted(&store), [11, 100]);
        assert!(store.book::<u32>(Shelf::Circles).unwrap().is_empty());
        let forget = |name| store.change_book(|change| change.forget(Shelf::Contacts, name));
        assert!(forget("a").unwrap());
        assert!(!forget("a").unwrap());
        assert_eq!(sorted(&store), [100]);
    }

    #[test]
    fn what_fails_in_the_middle_has_changed_nothing() {
        let store = Store::in_memory().unwrap();
        let failed: Result<(), _> = store.change_book(|change| {
            put(change, "a", None, 1);
            Err(StoreError::NoSuchRow { table: "contacts" })
        });
        assert!(failed.is_err());
        assert_eq!(sorted(&store), Vec::<u32>::new());
    }

    #[test]
    fn what_was_learned_goes_with_age_and_what_was_imported_stays() {
        let store = Store::in_memory().unwrap();
        let done = store.change_book(|change| {
            put(change, "old", Some(at(1)), 1);
            put(change, "young", Some(at(9)), 2);
            put(change, "imported", None, 4);
            Ok(())
        });
        done.unwrap();
        assert_eq!(store.purge_book_before(at(5)).unwrap(), 1);
        assert_eq!(sorted(&store), [2, 4]);
    }

    #[test]
    fn an_entry_that_was_made_younger_or_put_under_another_address_does_not_open() {
        for sql in [
            "UPDATE contacts SET learned_at = 9000",
            "UPDATE contacts SET learned_at = NULL",
            "UPDATE contacts SET address = zeroblob(32)",
        ] {
            let store = Store::in_memory().unwrap();
            let done = store.change_book(|change| {
                put(change, "a", Some(at(1)), 1);
                Ok(())
            });
            done.unwrap();
            store.connection().execute(sql, []).unwrap();
            let opened = store.book::<u32>(Shelf::Contacts);
            assert!(
                matches!(opened, Err(StoreError::Sealed { table: "contacts" })),
                "{sql}"
            );
        }
    }
}
