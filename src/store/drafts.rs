//! Drafts. Saved every two seconds: one small statement, no wait for the disk.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use super::{SCHEMA, Store, StoreError, time};
use crate::keys::seal::OVERHEAD;

const TABLE: &str = "drafts";

/// A draft in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its random id.
    pub id: String,
    /// When it was saved.
    pub at: Timestamp,
    /// Octets of its content.
    pub size: u64,
}

impl Store {
    /// Saves a draft, in place of what was saved of it before.
    pub fn save_draft(&self, id: &str, content: &[u8], at: Timestamp) -> Result<(), StoreError> {
        self.write_draft(&self.connection(), id, content, at)
    }

    /// The same, and when it returns it survives a loss of power too: for what decides whether a mail leaves.
    pub fn save_draft_durably(
        &self,
        id: &str,
        content: &[u8],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = self.connection();
        connection.pragma_update(None, "synchronous", "FULL")?;
        let saved = self.write_draft(&connection, id, content, at);
        connection.pragma_update(None, "synchronous", SCHEMA.synchronous)?;
        saved
    }

    fn write_draft(
        &self,
        connection: &Connection,
        id: &str,
        content: &[u8],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let at = at.as_millisecond();
        let sealed = self.seal(TABLE, &[id.as_bytes(), &at.to_be_bytes()], content)?;
        connection
            .prepare_cached(
                "INSERT INTO drafts (id, at, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET at = excluded.at, sealed = excluded.sealed",
            )?
            .execute(params![id, at, sealed])?;
        Ok(())
    }

    /// All drafts, the newest first.
    pub fn drafts(&self) -> Result<Vec<DraftRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT id, at, length(sealed) FROM drafts ORDER BY at DESC, id")?;
        let mut rows = statement.query([])?;
        let mut drafts = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, at, length): (_, _, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let size = u64::try_from(length)
                .unwrap_or(0)
                .saturating_sub(OVERHEAD as u64);
            drafts.push(DraftRow {
                id,
                at: time(at, TABLE)?,
                size,
            });
        }
        Ok(drafts)
    }

    /// A draft's content, or `None` where there is no such draft.
    pub fn load_draft(&self, id: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let sql = "SELECT at, sealed FROM drafts WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(i64, Vec<u8>)> =
            self.connection().query_row(sql, [id], read).optional()?;
        let open = |(at, sealed): (i64, Vec<u8>)| {
            self.unseal(TABLE, &[id.as_bytes(), &at.to_be_bytes()], &sealed)
        };
        found.map(open).transpose()
    }

    /// Deletes a draft; that there was none is no error.
    pub fn delete_draft(&self, id: &str) -> Result<(), StoreError> {
        self.connection()
            .execute("DELETE FROM drafts WHERE id = ?1", [id])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_saved_listed_loaded_and_deleted() {
        let store = Store::in_memory().unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        for (second, id, content) in [(1, "a", "first"), (2, "b", "other"), (3, "a", "second one")]
        {
            store
                .save_draft(id, content.as_bytes(), at(second))
                .unwrap();
        }
        let row = |id: &str, second, size| DraftRow {
            id: id.to_owned(),
            at: at(second),
            size,
        };
        assert_eq!(store.drafts().unwrap(), [row("a", 3, 10), row("b", 2, 5)]);
        assert_eq!(&**store.load_draft("a").unwrap().unwrap(), b"second one");
        store.delete_draft("a").unwrap();
        store.delete_draft("a").unwrap();
        assert!(store.load_draft("a").unwrap().is_none());
        assert_eq!(store.drafts().unwrap().len(), 1);
    }

    #[test]
    fn a_changed_draft_does_not_open() {
        let store = Store::in_memory().unwrap();
        store
            .save_draft("a", b"text", Timestamp::UNIX_EPOCH)
            .unwrap();
        store
            .connection()
            .execute("UPDATE drafts SET id = 'b'", [])
            .unwrap();
        assert!(matches!(
            store.load_draft("b"),
            Err(StoreError::Sealed { table: TABLE })
        ));
    }
}
