//! Copies of what was sent, whole and sealed, for as long as the firm keeps them.
//!
//! A copy may be 100 MB: it is read, sealed and written in pieces of 1 MiB. Each piece is bound to its copy and its
//! number, and their count is bound to the copy: none can be left out, added, moved or taken from another copy.

use std::io::{Read, Write};

use jiff::Timestamp;
use openssl::rand::rand_bytes;
use rusqlite::{OptionalExtension, Transaction, params};
use zeroize::Zeroizing;

use super::{Store, StoreError, immediate, time};
use crate::disk::hex;
use crate::keys::seal::SealError;

const TABLE: &str = "sent";
const CHUNKS: &str = "sent_chunks";
/// Octets of a piece.
const CHUNK: usize = 1 << 20;

/// A sent copy in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentCopy {
    /// Its random id.
    pub id: String,
    /// The Message-ID.
    pub message_id: String,
    /// When it was sent.
    pub at: Timestamp,
    /// Octets of the whole.
    pub size: u64,
}

impl Store {
    /// Keeps a copy of a sent message (an .eml), read to its end. Answers its id. All of it is kept, or nothing.
    pub fn save_sent(
        &self,
        message_id: &str,
        at: Timestamp,
        content: &mut dyn Read,
    ) -> Result<String, StoreError> {
        let mut random = [0; 16];
        rand_bytes(&mut random).map_err(SealError::from)?;
        let (id, at) = (hex::encode(&random), at.as_millisecond());
        let mut connection = self.connection();
        let transaction = immediate(&mut connection)?;
        // The pieces refer to a row that says how many they are, which is known at their end.
        transaction.execute(
            "INSERT INTO sent (id, at, size, chunks, sealed) VALUES (?1, ?2, 0, 0, x'')",
            params![id, at],
        )?;
        let (size, chunks) = self.save_chunks(&transaction, &id, content)?;
        let sealed =
            self.seal_value(TABLE, &place(&id, &numbers(at, size, chunks)), &message_id)?;
        transaction.execute(
            "UPDATE sent SET size = ?2, chunks = ?3, sealed = ?4 WHERE id = ?1",
            params![id, size, chunks, sealed],
        )?;
        transaction.commit()?;
        Ok(id)
    }

    /// All sent copies, the newest first.
    pub fn sent_list(&self) -> Result<Vec<SentCopy>, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT id, at, size, chunks, sealed FROM sent ORDER BY at DESC, id")?;
        let mut rows = statement.query([])?;
        let mut copies = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, at, size, chunks): (String, i64, i64, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let sealed: Vec<u8> = row.get(4)?;
            let message_id =
                self.unseal_value(TABLE, &place(&id, &numbers(at, size, chunks)), &sealed)?;
            let size = u64::try_from(size).unwrap_or(0);
            copies.push(SentCopy {
                id,
                message_id,
                at: time(at, TABLE)?,
                size,
            });
        }
        Ok(copies)
    }

    /// A sent copy, whole, in memory.
    pub fn read_sent(&self, id: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let mut content = Zeroizing::new(Vec::new());
        self.write_sent(id, &mut *content)?;
        Ok(content)
    }

    /// Writes a sent copy out, piece by piece; answers its octets. After an error what was written is not the copy.
    pub fn write_sent(&self, id: &str, out: &mut dyn Write) -> Result<u64, StoreError> {
        let connection = self.connection();
        let sql = "SELECT at, size, chunks, sealed FROM sent WHERE id = ?1";
        let read =
            |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let found: Option<(i64, i64, i64, Vec<u8>)> =
            connection.query_row(sql, [id], read).optional()?;
        let (at, size, chunks, sealed) = found.ok_or(StoreError::NoSuchRow { table: TABLE })?;
        self.unseal(TABLE, &place(id, &numbers(at, size, chunks)), &sealed)?;
        let sql = "SELECT sealed FROM sent_chunks WHERE id = ?1 AND number = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let mut written = 0;
        for number in 0..chunks {
            let sealed: Option<Vec<u8>> = statement
                .query_row(params![id, number], |row| row.get(0))
                .optional()?;
            let sealed = sealed.ok_or(StoreError::Sealed { table: CHUNKS })?;
            let chunk = self.unseal(CHUNKS, &chunk_place(id, &number.to_be_bytes()), &sealed)?;
            out.write_all(&chunk).map_err(StoreError::Content)?;
            written += chunk.len() as u64;
        }
        Ok(written)
    }

    /// Deletes a sent copy; that there was none is no error.
    pub fn delete_sent(&self, id: &str) -> Result<(), StoreError> {
        self.connection()
            .execute("DELETE FROM sent WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Deletes the copies from before a time (now less the retention); answers their number.
    pub fn purge_sent_before(&self, cutoff: Timestamp) -> Result<usize, StoreError> {
        let sql = "DELETE FROM sent WHERE at < ?1";
        Ok(self.connection().execute(sql, [cutoff.as_millisecond()])?)
    }

    /// Seals the content piece by piece; answers its octets and the number of pieces.
    fn save_chunks(
        &self,
        transaction: &Transaction<'_>,
        id: &str,
        content: &mut dyn Read,
    ) -> Result<(i64, i64), StoreError> {
        let sql = "INSERT INTO sent_chunks (id, number, sealed) VALUES (?1, ?2, ?3)";
        let mut statement = transaction.prepare_cached(sql)?;
        let mut chunk = Zeroizing::new(Vec::with_capacity(CHUNK));
        let (mut size, mut number) = (0, 0_i64);
        loop {
            chunk.clear();
            content
                .take(CHUNK as u64)
                .read_to_end(&mut chunk)
                .map_err(StoreError::Content)?;
            if chunk.is_empty() {
                return Ok((size, number));
            }
            let sealed = self.seal(CHUNKS, &chunk_place(id, &number.to_be_bytes()), &chunk)?;
            statement.execute(params![id, number, sealed])?;
            size += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
            number += 1;
        }
    }
}

fn place<'a>(id: &'a str, numbers: &'a [u8; 24]) -> [&'a [u8]; 2] {
    [id.as_bytes(), numbers]
}

/// What a copy's row says of it, as octets.
fn numbers(at: i64, size: i64, chunks: i64) -> [u8; 24] {
    let mut octets = [0; 24];
    for (octets, number) in octets.chunks_exact_mut(8).zip([at, size, chunks]) {
        octets.copy_from_slice(&number.to_be_bytes());
    }
    octets
}

fn chunk_place<'a>(id: &'a str, number: &'a [u8; 8]) -> [&'a [u8]; 2] {
    [id.as_bytes(), number]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn content(length: usize) -> Vec<u8> {
        (0..length)
            .map(|n| u8::try_from(n % 251).unwrap())
            .collect()
    }

    #[test]
    fn a_copy_of_any_length_is_read_back_octet_for_octet() {
        let store = Store::in_memory().unwrap();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let content = content(length);
            let id = store
                .save_sent("<m@x.example>", at(1), &mut &content[..])
                .unwrap();
            assert!(*store.read_sent(&id).unwrap() == content, "{length}");
        }
        assert!(matches!(
            store.read_sent("none"),
            Err(StoreError::NoSuchRow { table: TABLE })
        ));
    }

    #[test]
    fn copies_are_listed_and_purged_by_age_with_their_pieces() {
        let store = Store::in_memory().unwrap();
        for second in 1..=3 {
            let id = format!("<{second}@x.example>");
            store
                .save_sent(&id, at(second), &mut &content(10)[..])
                .unwrap();
        }
        assert_eq!(store.purge_sent_before(at(2)).unwrap(), 1);
        let listed = store.sent_list().unwrap();
        let told: Vec<_> = listed
            .iter()
            .map(|c| (&*c.message_id, c.at, c.size))
            .collect();
        assert_eq!(
            told,
            [("<3@x.example>", at(3), 10), ("<2@x.example>", at(2), 10)]
        );
        store.delete_sent(&listed[0].id).unwrap();
        let sql = "SELECT count(*) FROM sent_chunks";
        let pieces: i64 = store
            .connection()
            .query_row(sql, [], |row| row.get(0))
            .unwrap();
        assert_eq!(pieces, 1);
    }

    #[test]
    fn a_copy_that_cannot_be_read_to_its_end_is_not_kept_at_all() {
        struct Breaks(u32);
        impl Read for Breaks {
            fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
                self.0 = self
                    .0
                    .checked_sub(1)
                    .ok_or(std::io::ErrorKind::BrokenPipe)?;
                Ok(out.len())
            }
        }
        let store = Store::in_memory().unwrap();
        let refused = store.save_sent("<m@x.example>", at(1), &mut Breaks(1000));
        assert!(matches!(refused, Err(StoreError::Content(_))));
        assert!(store.sent_list().unwrap().is_empty());
    }

    #[test]
    fn no_piece_can_be_left_out_moved_or_taken_from_another_copy() {
        for change in [
            "DELETE FROM sent_chunks WHERE number = 1",
            "UPDATE sent SET chunks = 1",
            "UPDATE sent SET at = at + 1",
            "UPDATE sent_chunks SET sealed = (SELECT o.sealed FROM sent_chunks o \
             WHERE o.number <> sent_chunks.number AND o.id = sent_chunks.id LIMIT 1)",
            "UPDATE sent_chunks SET sealed = (SELECT o.sealed FROM sent_chunks o \
             WHERE o.number = sent_chunks.number AND o.id <> sent_chunks.id)",
        ] {
            let store = Store::in_memory().unwrap();
            let one = store
                .save_sent("<1@x.example>", at(1), &mut &content(CHUNK + 5)[..])
                .unwrap();
            store
                .save_sent("<2@x.example>", at(1), &mut &content(CHUNK + 6)[..])
                .unwrap();
            let changed = store.connection().execute(change, []).unwrap();
            assert!(changed > 0, "{change}");
            assert!(
                matches!(store.read_sent(&one), Err(StoreError::Sealed { .. })),
                "{change}"
            );
        }
    }
}
