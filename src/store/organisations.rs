//! Which organisation an address belonged to when it was last written to, encrypted.
//!
//! Trust on first use: what differs later is told, and stays as it was until somebody confirms the change.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, StoreError, immediate};

const TABLE: &str = "organisations";

/// What remembering came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Memory<T> {
    /// Nothing was remembered of the address: this is now.
    New,
    /// The same was remembered; it is brought up to date.
    Same,
    /// Something else is remembered, and stays: see [`Store::confirm_change`].
    Differs(T),
}

impl Store {
    /// What is remembered of an address.
    pub fn remembered<T: DeserializeOwned>(&self, address: &str) -> Result<Option<T>, StoreError> {
        let key = self.digest(TABLE, address)?;
        self.remembered_in(&self.connection(), &key)
    }

    /// Remembers something of an address, unless what is remembered is not the same by the caller's measure.
    pub fn remember<T: Serialize + DeserializeOwned>(
        &self,
        address: &str,
        what: &T,
        is_same: impl FnOnce(&T) -> bool,
    ) -> Result<Memory<T>, StoreError> {
        let key = self.digest(TABLE, address)?;
        let mut connection = self.connection();
        let transaction = immediate(&mut connection)?;
        let memory = match self.remembered_in(&transaction, &key)? {
            None => Memory::New,
            Some(before) if is_same(&before) => Memory::Same,
            Some(before) => return Ok(Memory::Differs(before)),
        };
        self.overwrite(&transaction, &key, what)?;
        transaction.commit()?;
        Ok(memory)
    }

    /// Remembers something of an address in place of what was there: somebody saw both and confirmed the change.
    pub fn confirm_change<T: Serialize>(&self, address: &str, what: &T) -> Result<(), StoreError> {
        let key = self.digest(TABLE, address)?;
        self.overwrite(&self.connection(), &key, what)
    }

    fn remembered_in<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        key: &[u8; 32],
    ) -> Result<Option<T>, StoreError> {
        let sql = "SELECT sealed FROM organisations WHERE address = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let sealed: Option<Vec<u8>> = statement.query_row([key], |row| row.get(0)).optional()?;
        sealed
            .map(|sealed| self.unseal_value(TABLE, &[key], &sealed))
            .transpose()
    }

    fn overwrite<T: Serialize>(
        &self,
        connection: &Connection,
        key: &[u8; 32],
        what: &T,
    ) -> Result<(), StoreError> {
        let sealed = self.seal_value(TABLE, &[key], what)?;
        let sql = "INSERT INTO organisations (address, sealed) VALUES (?1, ?2)
                   ON CONFLICT (address) DO UPDATE SET sealed = excluded.sealed";
        connection.execute(sql, params![key, sealed])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_is_remembered_once_and_changed_only_when_confirmed() {
        let store = Store::in_memory().unwrap();
        let (address, one, other) = ("ret@x.example", "NTRDK-1".to_owned(), "NTRDK-2".to_owned());
        let remember = |what: &String| store.remember(address, what, |before| before == what);
        assert_eq!(store.remembered::<String>(address).unwrap(), None);
        assert_eq!(remember(&one).unwrap(), Memory::New);
        assert_eq!(remember(&one).unwrap(), Memory::Same);
        assert_eq!(remember(&other).unwrap(), Memory::Differs(one.clone()));
        assert_eq!(store.remembered(address).unwrap(), Some(one));
        store.confirm_change(address, &other).unwrap();
        assert_eq!(store.remembered(address).unwrap(), Some(other.clone()));
        assert_eq!(remember(&other).unwrap(), Memory::Same);
    }

    #[test]
    fn a_memory_put_under_another_address_does_not_open() {
        let store = Store::in_memory().unwrap();
        store.confirm_change("ret@x.example", &"NTRDK-1").unwrap();
        let other = store.digest(TABLE, "by@x.example").unwrap();
        store
            .connection()
            .execute("UPDATE organisations SET address = ?1", [other])
            .unwrap();
        let moved = store.remembered::<String>("by@x.example");
        assert!(matches!(moved, Err(StoreError::Sealed { table: TABLE })));
    }
}
