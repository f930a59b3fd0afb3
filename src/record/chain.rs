//! Rows into the database, inside a transaction of the caller: begin, resume, compare, append.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use openssl::rand::rand_bytes;
use openssl::sha::sha256;
use rusqlite::{Connection, OptionalExtension, params};

use super::format::{self, EvidenceKey, FORMAT, Hash, Installation, PublicKey, Row};
use super::head::KeptHead;
use super::payload::{Payload, Purge, Version};
use super::verify::check_first;
use super::{Head, Month, Note, Reason, RecordError, Vouched};
use crate::keys::seal::{SealError, SealKey};
use crate::keys::{KeyMark, StoreKey};

/// What is needed to append to one chain.
pub(super) struct Chain {
    installation: Installation,
    evidence: EvidenceKey,
    seals: Seals,
    /// The link of the newest row that was written here, or whose signature was checked.
    trusted: Mutex<Option<Hash>>,
}

/// What wraps the month keys, and the name that it goes by.
pub(super) struct Seals {
    wrap: SealKey,
    holder: String,
}

impl Seals {
    pub(super) fn of(key: &StoreKey) -> Result<Self, RecordError> {
        Ok(Self {
            wrap: key.derive(format::WRAP_LABEL)?,
            holder: format!("store:{}", key.id()),
        })
    }

    /// A month's key as it is wrapped for this holder; `None` where nothing was written or all was purged.
    pub(super) fn wrapped(
        &self,
        connection: &Connection,
        month: Month,
    ) -> Result<Option<Vec<u8>>, RecordError> {
        let sql = "SELECT wrapped FROM payload_keys WHERE month = ?1 AND holder = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let key = params![month.to_string(), self.holder];
        Ok(statement.query_row(key, |row| row.get(0)).optional()?)
    }

    /// All keys of months as they are wrapped for this holder.
    pub(super) fn all(
        &self,
        connection: &Connection,
    ) -> Result<Vec<(Month, Vec<u8>)>, RecordError> {
        let sql = "SELECT month, wrapped FROM payload_keys WHERE holder = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([&self.holder], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?))
        })?;
        let mut keys = Vec::new();
        for row in rows {
            let (month, wrapped) = row?;
            // A name that is no month is no month's key: no row asks for it.
            keys.extend(month.parse().ok().map(|month| (month, wrapped)));
        }
        Ok(keys)
    }

    /// Opens a month's key.
    pub(super) fn unwrap(
        &self,
        wrapped: &[u8],
        installation: &Installation,
        month: Month,
    ) -> Result<SealKey, SealError> {
        format::unwrap_month_key(wrapped, &self.wrap, installation, &month.to_string())
    }
}

impl Chain {
    /// The public half of the evidence key, and its signature over a statement of another kind than rows.
    pub(super) fn vouch(&self, statement: &[u8]) -> Result<Vouched, RecordError> {
        Ok(Vouched {
            key: self.evidence.public()?,
            signature: self.evidence.vouch(statement)?.to_vec(),
        })
    }

    /// Begins a chain: a name, an evidence key, and row 0.
    pub(super) fn begin(
        connection: &Connection,
        key: &StoreKey,
        at: Timestamp,
        version: &str,
    ) -> Result<Self, RecordError> {
        let mut installation = Installation::default();
        rand_bytes(&mut installation)?;
        let evidence = EvidenceKey::generate()?;
        let sealed = evidence.seal(&key.derive(format::EVIDENCE_LABEL)?, &installation)?;
        set_meta(connection, "key", key.mark().as_bytes())?;
        set_meta(connection, "evidence", &sealed)?;
        let clear = evidence.public()?;
        let chain = Self {
            installation,
            evidence,
            seals: Seals::of(key)?,
            trusted: Mutex::default(),
        };
        chain.append_with(connection, &Version::of(version), &clear, at)?;
        set_meta(connection, "version", version.as_bytes())?;
        Ok(chain)
    }

    /// Goes on with a chain whose two ends hold and whose keys are at hand.
    pub(super) fn resume(connection: &Connection, key: &StoreKey) -> Result<Self, RecordError> {
        let broken = |reason| RecordError::Broken { seq: 0, reason };
        key.check(key_mark(connection)?)?;
        let first = row(connection, 0)?.ok_or(broken(Reason::Missing))?;
        let public = check_first(&first).map_err(broken)?;
        let newest = newest(connection)?.ok_or(broken(Reason::Missing))?;
        if newest.computed_link() != newest.link || !public.verifies(&newest) {
            return Err(RecordError::Broken {
                seq: newest.seq,
                reason: Reason::Signature,
            });
        }
        let sealed = meta(connection, "evidence")?.ok_or(broken(Reason::PublicKey))?;
        let wrap = key.derive(format::EVIDENCE_LABEL)?;
        let evidence = match EvidenceKey::unseal(&sealed, &wrap, &first.installation) {
            Ok(evidence) if evidence.public()? == first.clear => evidence,
            Ok(_) | Err(SealError::Broken) => return Err(broken(Reason::PublicKey)),
            Err(other @ SealError::Library(_)) => return Err(other.into()),
        };
        Ok(Self {
            installation: first.installation,
            evidence,
            seals: Seals::of(key)?,
            trusted: Mutex::new(Some(newest.link)),
        })
    }

    pub(super) fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Holds the database against the head kept outside it. The database may be ahead, never behind.
    pub(super) fn compare(
        &self,
        connection: &Connection,
        kept: KeptHead,
    ) -> Result<(), RecordError> {
        let KeptHead::Of(installation, head) = kept else {
            return Ok(());
        };
        if installation != self.installation {
            return Err(RecordError::Replaced);
        }
        let newest = newest_head(connection)?;
        if head.seq > newest.seq {
            return Err(RecordError::Broken {
                seq: newest.seq + 1,
                reason: Reason::TailCut,
            });
        }
        let same = row(connection, head.seq)?.is_some_and(|row| row.link == head.link);
        if same {
            return Ok(());
        }
        Err(RecordError::Broken {
            seq: head.seq,
            reason: Reason::HeadMismatch,
        })
    }

    /// Records that the head kept outside was lost; it is written again after this.
    pub(super) fn note_lost_head(
        &self,
        connection: &Connection,
        kept: KeptHead,
        at: Timestamp,
    ) -> Result<(), RecordError> {
        let newest = newest_head(connection)?;
        let code = match kept {
            // With row 0 alone, the program ended between its first two writes.
            KeptHead::None if newest.seq > 0 => "head-missing",
            KeptHead::Unreadable => "head-unreadable",
            KeptHead::None | KeptHead::Of(..) => return Ok(()),
        };
        let (code, text) = (code.to_owned(), String::new());
        self.append(
            connection,
            &Note {
                code,
                text,
                about: None,
                head: Some(newest),
            },
            at,
        )?;
        Ok(())
    }

    /// Records that another version of Segl writes from here on.
    pub(super) fn note_version(
        &self,
        connection: &Connection,
        version: &str,
        at: Timestamp,
    ) -> Result<(), RecordError> {
        if meta(connection, "version")?.as_deref() != Some(version.as_bytes()) {
            self.append(connection, &Version::of(version), at)?;
            set_meta(connection, "version", version.as_bytes())?;
        }
        Ok(())
    }

    /// Appends a row. The payload has been redacted.
    pub(super) fn append<P: Payload>(
        &self,
        connection: &Connection,
        payload: &P,
        at: Timestamp,
    ) -> Result<Head, RecordError> {
        self.append_with(connection, payload, &[], at)
    }

    /// Appends the row of a purge, which names its month in clear.
    pub(super) fn append_purge(
        &self,
        connection: &Connection,
        purge: &Purge,
        at: Timestamp,
    ) -> Result<Head, RecordError> {
        self.append_with(connection, purge, purge.month.to_string().as_bytes(), at)
    }

    fn append_with<P: Payload>(
        &self,
        connection: &Connection,
        payload: &P,
        clear: &[u8],
        at: Timestamp,
    ) -> Result<Head, RecordError> {
        let json =
            zeroize::Zeroizing::new(serde_json::to_vec(payload).map_err(RecordError::Unwritable)?);
        let newest = newest(connection)?;
        if let Some(newest) = &newest {
            self.check_own(newest)?;
        }
        let (seq, kind) = (
            newest.as_ref().map_or(0, |row| row.seq + 1),
            P::KIND.as_bytes(),
        );
        let month = self.month_key_for_writing(connection, Month::of(at))?;
        let key = format::payload_key(&month, &self.installation, seq)?;
        let sealed = format::seal_payload(&key, &self.installation, seq, kind, &json)?;
        let mut row = Row {
            format: FORMAT,
            seq,
            previous: newest.map_or([0; 32], |row| row.link),
            at: at.as_millisecond(),
            installation: self.installation,
            kind: kind.to_vec(),
            clear: clear.to_vec(),
            commitment: sha256(&sealed),
            link: [0; 32],
            signature: [0; 64],
        };
        row.link = row.computed_link();
        row.signature = self.evidence.sign(&row.link)?;
        insert(connection, &row, Some(&sealed))?;
        // If the transaction is rolled back, no row has this link, and nothing is taken for checked.
        *self.trusted() = Some(row.link);
        Ok(Head {
            seq,
            link: row.link,
        })
    }

    /// Nothing is added to a row that the key did not sign: the next signature would cover it.
    fn check_own(&self, newest: &Row) -> Result<(), RecordError> {
        if *self.trusted() == Some(newest.link) {
            return Ok(());
        }
        let public = PublicKey::parse(&self.evidence.public()?);
        let holds = public.is_some_and(|key| key.verifies(newest));
        if newest.computed_link() != newest.link || !holds {
            return Err(RecordError::Broken {
                seq: newest.seq,
                reason: Reason::Signature,
            });
        }
        *self.trusted() = Some(newest.link);
        Ok(())
    }

    fn trusted(&self) -> MutexGuard<'_, Option<Hash>> {
        self.trusted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn month_key_for_writing(
        &self,
        connection: &Connection,
        month: Month,
    ) -> Result<SealKey, RecordError> {
        if let Some(wrapped) = self.seals.wrapped(connection, month)? {
            return Ok(self.seals.unwrap(&wrapped, &self.installation, month)?);
        }
        let (key, name) = (SealKey::random()?, month.to_string());
        let wrapped = format::wrap_month_key(&key, &self.seals.wrap, &self.installation, &name)?;
        connection.execute(
            "INSERT INTO payload_keys (month, holder, wrapped) VALUES (?1, ?2, ?3)",
            params![name, self.seals.holder, wrapped],
        )?;
        Ok(key)
    }
}

impl Version {
    fn of(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            os: std::env::consts::OS.to_owned(),
        }
    }
}

/// A chain can be gone on with only where all of its tables are.
pub(super) fn check_tables(connection: &Connection) -> Result<(), RecordError> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' \
               AND name IN ('meta', 'record', 'payload', 'payload_keys', 'pending')";
    let tables: u32 = connection.query_row(sql, [], |row| row.get(0))?;
    if tables == 5 {
        return Ok(());
    }
    Err(RecordError::Broken {
        seq: 0,
        reason: Reason::Unreadable,
    })
}

/// The newest row, or `None` in an empty database.
pub(super) fn newest(connection: &Connection) -> Result<Option<Row>, RecordError> {
    let seq: Option<i64> =
        connection.query_row("SELECT max(seq) FROM record", [], |row| row.get(0))?;
    seq.map_or(Ok(None), |seq| {
        row(connection, u64::try_from(seq).unwrap_or(u64::MAX))
    })
}

/// Number and link of the newest row.
pub(super) fn newest_head(connection: &Connection) -> Result<Head, RecordError> {
    let row = newest(connection)?;
    let row = row.ok_or(RecordError::Broken {
        seq: 0,
        reason: Reason::Missing,
    })?;
    Ok(Head {
        seq: row.seq,
        link: row.link,
    })
}

/// One row, or `None` where there is none. One that is not of the format is an error.
pub(super) fn row(connection: &Connection, seq: u64) -> Result<Option<Row>, RecordError> {
    let sql = format!("SELECT {} FROM record WHERE seq = ?1", format::COLUMNS);
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([sql_seq(seq)], Row::read).optional()?;
    found
        .map(|row| {
            row.ok_or(RecordError::Broken {
                seq,
                reason: Reason::Malformed,
            })
        })
        .transpose()
}

/// The database counts in 63 bits; no row has a number beyond.
pub(super) fn sql_seq(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Writes a row and its payload, where it has one, as they are.
pub(super) fn insert(
    connection: &Connection,
    row: &Row,
    sealed: Option<&[u8]>,
) -> Result<(), RecordError> {
    connection
        .prepare_cached(
            "INSERT INTO record (seq, format, previous, at, installation, kind, clear, \
             commitment, link, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            sql_seq(row.seq),
            row.format,
            row.previous,
            row.at,
            row.installation,
            String::from_utf8_lossy(&row.kind),
            row.clear,
            row.commitment,
            row.link,
            row.signature,
        ])?;
    if let Some(sealed) = sealed {
        connection
            .prepare_cached("INSERT INTO payload (seq, sealed) VALUES (?1, ?2)")?
            .execute(params![sql_seq(row.seq), sealed])?;
    }
    Ok(())
}

/// Which key the record is sealed under.
pub(super) fn key_mark(connection: &Connection) -> Result<KeyMark, RecordError> {
    let mark = meta(connection, "key")?.and_then(|mark| KeyMark::from_bytes(&mark));
    mark.ok_or(RecordError::Broken {
        seq: 0,
        reason: Reason::Unreadable,
    })
}

fn meta(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, RecordError> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    Ok(connection
        .query_row(sql, [name], |row| row.get(0))
        .optional()?)
}

pub(super) fn set_meta(
    connection: &Connection,
    name: &str,
    value: &[u8],
) -> Result<(), RecordError> {
    let sql = "INSERT INTO meta (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(sql, params![name, value])?;
    Ok(())
}
