//! Facts that are worth knowing at the next start: a server's SIZE, the newest version seen, …

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};

const TABLE: &str = "facts";

/// A fact and when it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What was seen.
    pub value: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The fact of that name (`size:smtp.x.example:465`).
    pub fn fact(&self, name: &str) -> Result<Option<Fact>, StoreError> {
        let key = self.digest(TABLE, name)?;
        let sql = "SELECT sealed FROM facts WHERE name = ?1";
        let sealed: Option<Vec<u8>> = self
            .connection()
            .query_row(sql, [key], |row| row.get(0))
            .optional()?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let (value, at) = self.unseal_value(TABLE, &[&key], &sealed)?;
        Ok(Some(Fact { value, at }))
    }

    /// Keeps a fact, in place of an older one.
    pub fn set_fact(&self, name: &str, value: &str, at: Timestamp) -> Result<(), StoreError> {
        let key = self.digest(TABLE, name)?;
        let sealed = self.seal_value(TABLE, &[&key], &(value, at))?;
        let sql = "INSERT INTO facts (name, sealed) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed";
        self.connection().execute(sql, params![key, sealed])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_kept_with_its_time_until_a_newer_one_comes() {
        let store = Store::in_memory().unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(store.fact("size").unwrap(), None);
        for (second, value) in [(1, "1000"), (2, "2000")] {
            store.set_fact("size", value, at(second)).unwrap();
            let fact = Fact {
                value: value.to_owned(),
                at: at(second),
            };
            assert_eq!(store.fact("size").unwrap(), Some(fact));
        }
    }
}
