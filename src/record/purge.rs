//! Retention: a month's payloads are destroyed, and that is itself a row. The chain verifies as before.
//!
//! What is destroyed is every wrap of the month's key and every sealed payload of the month, overwritten in the file.
//! A copy made before (a backup of both data folder and key) still opens; that is for the backup's own retention.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::chain::sql_seq;
use super::payload::Purge;
use super::{Head, Record, RecordError};

/// A month in UTC, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    /// Always the first of the month.
    first: Date,
}

/// A text that is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month: four digits, a hyphen and two digits")]
pub struct NotAMonth;

/// What a purge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    /// The month.
    pub month: Month,
    /// How many payloads were destroyed.
    pub payloads: u64,
    /// The row that says so.
    pub head: Head,
    /// `false`: another program is reading, and the write-ahead log keeps the old pages until the last one closes.
    pub wiped: bool,
}

impl Month {
    /// The month in which a time lies.
    pub fn of(at: Timestamp) -> Self {
        Self {
            first: at.to_zoned(TimeZone::UTC).date().first_of_month(),
        }
    }

    /// When it begins, in milliseconds.
    fn begin(self) -> i64 {
        // Only the first month that jiff has can fail to begin: nothing lies before it.
        self.first
            .to_zoned(TimeZone::UTC)
            .map_or(i64::MIN, |zoned| zoned.timestamp().as_millisecond())
    }

    /// When the next one begins, in milliseconds.
    fn end(self) -> i64 {
        let next = self
            .first
            .last_of_month()
            .tomorrow()
            .map(|first| Self { first });
        next.map_or(i64::MAX, Self::begin)
    }
}

impl Record {
    /// Destroys the payloads of a month that is over.
    pub fn purge_month(&self, month: Month, at: Timestamp) -> Result<Purged, RecordError> {
        if month >= Month::of(at) {
            return Err(RecordError::MonthNotOver { month });
        }
        let (payloads, head) = self.write(at, |transaction| {
            let of_month = "FROM payload WHERE seq IN \
                 (SELECT seq FROM record WHERE at >= ?1 AND at < ?2 AND seq < ?3)";
            let payloads: i64 = transaction.query_row(
                &format!("SELECT count(*) {of_month}"),
                params![month.begin(), month.end(), i64::MAX],
                |row| row.get(0),
            )?;
            let payloads = u64::try_from(payloads).unwrap_or(0);
            // First the row that says so: without it the database lets no payload go.
            let head = self
                .chain
                .append_purge(transaction, &Purge { month, payloads }, at)?;
            transaction.execute(
                &format!("DELETE {of_month}"),
                params![month.begin(), month.end(), sql_seq(head.seq)],
            )?;
            let keys = "DELETE FROM payload_keys WHERE month = ?1";
            transaction.execute(keys, [month.to_string()])?;
            Ok((payloads, head))
        })?;
        Ok(Purged {
            month,
            payloads,
            head,
            wiped: self.wipe_log()?,
        })
    }

    /// Purges every month that ended before the cutoff (now less the retention) and still has payloads.
    pub fn purge_ended_before(
        &self,
        cutoff: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<Purged>, RecordError> {
        let months: Vec<Month> = self.months()?;
        let over = months
            .into_iter()
            .filter(|month| month.end() <= cutoff.as_millisecond());
        over.map(|month| self.purge_month(month, at)).collect()
    }

    /// The months that have payloads, the oldest first.
    pub fn months(&self) -> Result<Vec<Month>, RecordError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT DISTINCT strftime('%Y-%m', record.at / 1000, 'unixepoch') \
             FROM record JOIN payload USING (seq) ORDER BY 1",
        )?;
        let mut rows = statement.query([])?;
        let mut months = Vec::new();
        while let Some(row) = rows.next()? {
            // What SQLite writes as a month is one; a time outside its years has no month to purge.
            let month: Option<String> = row.get(0)?;
            months.extend(month.and_then(|text| text.parse::<Month>().ok()));
        }
        Ok(months)
    }

    /// Empties the write-ahead log, which still holds the pages as they were.
    fn wipe_log(&self) -> Result<bool, RecordError> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = self.connection().query_row(sql, [], |row| row.get(0))?;
        Ok(busy == 0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let shape = text.len() == 7
            && text.bytes().enumerate().all(|(at, b)| {
                if at == 4 {
                    b == b'-'
                } else {
                    b.is_ascii_digit()
                }
            });
        let first = format!("{text}-01").parse().ok().filter(|_| shape);
        first.map(|first| Self { first }).ok_or(NotAMonth)
    }
}

impl TryFrom<String> for Month {
    type Error = NotAMonth;

    fn try_from(text: String) -> Result<Self, NotAMonth> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_and_ends_in_utc() {
        let month = Month::of("2024-02-29T23:59:59.999Z".parse().unwrap());
        assert_eq!(month.to_string(), "2024-02");
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(month.begin(), at("2024-02-01T00:00:00Z"));
        assert_eq!(month.end(), at("2024-03-01T00:00:00Z"));
        assert!(month < Month::of("2024-03-01T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_month_is_read_in_one_form_only() {
        assert_eq!("2026-11".parse::<Month>().unwrap().to_string(), "2026-11");
        for bad in [
            "",
            "2026-13",
            "2026-1",
            "26-11",
            "2026-11-01",
            "+026-11",
            "2026/11",
        ] {
            assert_eq!(bad.parse::<Month>(), Err(NotAMonth), "{bad:?}");
        }
    }
}
