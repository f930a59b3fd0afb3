//! How much the store holds, without opening any of it.

use jiff::Timestamp;

use super::{Store, StoreError, time};

/// The rows of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Drafts.
    pub drafts: u64,
    /// Copies of sent mail.
    pub sent: u64,
    /// Their octets.
    pub sent_octets: u64,
    /// The oldest and the newest of them.
    pub sent_span: Option<(Timestamp, Timestamp)>,
    /// Answers of directories.
    pub answers: u64,
    /// Addresses with their organisation.
    pub organisations: u64,
}

impl Store {
    /// Counts what is kept.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let sql = "SELECT (SELECT count(*) FROM drafts), (SELECT count(*) FROM sent), \
                   (SELECT coalesce(sum(size), 0) FROM sent), (SELECT min(at) FROM sent), \
                   (SELECT max(at) FROM sent), (SELECT count(*) FROM answers), \
                   (SELECT count(*) FROM organisations)";
        let connection = self.connection();
        let (numbers, first, last) = connection.query_row(sql, [], |row| {
            let at = |i| row.get::<_, i64>(i);
            let numbers = [at(0)?, at(1)?, at(2)?, at(5)?, at(6)?];
            Ok((numbers, row.get(3)?, row.get(4)?))
        })?;
        let [drafts, sent, sent_octets, answers, organisations] =
            numbers.map(|n| u64::try_from(n).unwrap_or(0));
        let (first, last): (Option<i64>, Option<i64>) = (first, last);
        let sent_span = match (first, last) {
            (Some(first), Some(last)) => Some((time(first, "sent")?, time(last, "sent")?)),
            _ => None,
        };
        Ok(Counts {
            drafts,
            sent,
            sent_octets,
            sent_span,
            answers,
            organisations,
        })
    }

    /// When a directory last gave an answer that is kept.
    pub fn last_answer(&self, directory: &str) -> Result<Option<Timestamp>, StoreError> {
        let key = self.digest("answers", directory)?;
        let sql = "SELECT max(asked_at) FROM answers WHERE directory = ?1";
        let last: Option<i64> = self.connection().query_row(sql, [key], |row| row.get(0))?;
        last.map(|at| time(at, "answers")).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_counted_and_the_last_answer_of_each_directory_known() {
        let store = Store::in_memory().unwrap();
        assert_eq!(store.counts().unwrap(), Counts::default());
        let at = |second| Timestamp::from_second(second).unwrap();
        store.save_draft("a", b"text", at(1)).unwrap();
        for second in [2, 5] {
            let mut content = &b"mail"[..];
            store.save_sent("<1@x>", at(second), &mut content).unwrap();
            store
                .put_answer("OCES", &format!("{second}@x.example"), at(second), &0)
                .unwrap();
        }
        let counts = store.counts().unwrap();
        assert_eq!((counts.drafts, counts.sent, counts.answers), (1, 2, 2));
        assert_eq!(counts.sent_octets, 8);
        assert_eq!(counts.sent_span, Some((at(2), at(5))));
        assert_eq!(store.last_answer("OCES").unwrap(), Some(at(5)));
        assert_eq!(store.last_answer("Kommune").unwrap(), None);
    }
}
