//! What directories answered, and when: never a verdict. How long an answer is good for is the caller's to decide.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, StoreError, time};

const TABLE: &str = "answers";

/// One directory's answer for one address; an empty answer is a negative one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedAnswer<T> {
    /// The directory's name in the settings.
    pub directory: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// What it said.
    pub answer: T,
}

impl Store {
    /// What the directories answered for a lookup key (an address as it is compared).
    ///
    /// An answer that another version of Segl wrote and this one cannot read is none: the directory is asked again.
    pub fn answers<T: DeserializeOwned>(
        &self,
        lookup: &str,
    ) -> Result<Vec<CachedAnswer<T>>, StoreError> {
        let lookup = self.digest(TABLE, lookup)?;
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT directory, asked_at, sealed FROM answers WHERE lookup = ?1 ORDER BY asked_at",
        )?;
        let mut rows = statement.query([lookup])?;
        let mut answers = Vec::new();
        while let Some(row) = rows.next()? {
            let (key, asked_at): ([u8; 32], i64) = (row.get(0)?, row.get(1)?);
            let place = [&lookup[..], &key, &asked_at.to_be_bytes()];
            match self.unseal_value(TABLE, &place, row.get_ref(2)?.as_blob().unwrap_or_default()) {
                Ok((directory, answer)) => {
                    let asked_at = time(asked_at, TABLE)?;
                    answers.push(CachedAnswer {
                        directory,
                        asked_at,
                        answer,
                    });
                }
                Err(StoreError::Malformed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(answers)
    }

    /// Keeps a directory's answer, unless a younger one is there.
    pub fn put_answer<T: Serialize>(
        &self,
        directory: &str,
        lookup: &str,
        asked_at: Timestamp,
        answer: &T,
    ) -> Result<(), StoreError> {
        let (lookup, key) = (self.digest(TABLE, lookup)?, self.digest(TABLE, directory)?);
        let at = asked_at.as_millisecond();
        let place = [&lookup[..], &key, &at.to_be_bytes()];
        let sealed = self.seal_value(TABLE, &place, &(directory, answer))?;
        self.connection()
            .prepare_cached(
                "INSERT INTO answers (lookup, directory, asked_at, sealed) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (lookup, directory) DO UPDATE
                 SET asked_at = excluded.asked_at, sealed = excluded.sealed
                 WHERE excluded.asked_at >= answers.asked_at",
            )?
            .execute(params![lookup, key, at, sealed])?;
        Ok(())
    }

    /// Forgets what was answered for a lookup key.
    pub fn forget(&self, lookup: &str) -> Result<(), StoreError> {
        let lookup = self.digest(TABLE, lookup)?;
        self.connection()
            .execute("DELETE FROM answers WHERE lookup = ?1", [lookup])?;
        Ok(())
    }

    /// Forgets answers from before a time; answers their number.
    pub fn purge_answers_before(&self, cutoff: Timestamp) -> Result<usize, StoreError> {
        let sql = "DELETE FROM answers WHERE asked_at < ?1";
        Ok(self.connection().execute(sql, [cutoff.as_millisecond()])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn each_directory_has_its_own_answer_and_an_empty_one_is_an_answer() {
        let store = Store::in_memory().unwrap();
        store
            .put_answer("OCES", "anne@x.example", at(1), &vec![vec![1_u8, 2]])
            .unwrap();
        store
            .put_answer("Kommune", "anne@x.example", at(2), &Vec::<Vec<u8>>::new())
            .unwrap();
        let answers: Vec<CachedAnswer<Vec<Vec<u8>>>> = store.answers("anne@x.example").unwrap();
        let told: Vec<_> = answers
            .iter()
            .map(|a| (&*a.directory, a.asked_at, a.answer.len()))
            .collect();
        assert_eq!(told, [("OCES", at(1), 1), ("Kommune", at(2), 0)]);
        assert!(
            store
                .answers::<Vec<Vec<u8>>>("bo@x.example")
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn an_older_answer_never_replaces_a_younger_one() {
        let store = Store::in_memory().unwrap();
        for (second, text) in [(5, "new"), (4, "old")] {
            store
                .put_answer("OCES", "anne@x.example", at(second), &text)
                .unwrap();
        }
        let answers = store.answers::<String>("anne@x.example").unwrap();
        assert_eq!((answers[0].asked_at, &*answers[0].answer), (at(5), "new"));
    }

    #[test]
    fn an_answer_cannot_be_made_younger_than_it_is() {
        let store = Store::in_memory().unwrap();
        store
            .put_answer("OCES", "anne@x.example", at(5), &"text")
            .unwrap();
        store
            .connection()
            .execute("UPDATE answers SET asked_at = asked_at + 1", [])
            .unwrap();
        let refused = store.answers::<String>("anne@x.example");
        assert!(matches!(refused, Err(StoreError::Sealed { table: TABLE })));
    }

    #[test]
    fn answers_are_forgotten_by_address_and_by_age_and_those_of_another_version_are_none() {
        let store = Store::in_memory().unwrap();
        for (second, lookup) in [(1, "a@x.example"), (2, "b@x.example"), (3, "c@x.example")] {
            store
                .put_answer("OCES", lookup, at(second), &"text")
                .unwrap();
        }
        let count = |lookup: &str| store.answers::<String>(lookup).unwrap().len();
        assert_eq!(store.purge_answers_before(at(2)).unwrap(), 1);
        store.forget("c@x.example").unwrap();
        assert_eq!(
            [
                count("a@x.example"),
                count("b@x.example"),
                count("c@x.example")
            ],
            [0, 1, 0]
        );
        assert!(store.answers::<u32>("b@x.example").unwrap().is_empty());
    }
}
