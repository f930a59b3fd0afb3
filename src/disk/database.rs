//! `SQLite` with the settings that both databases share. Nothing here knows a table.
//!
//! Several processes at once are normal: WAL, a busy timeout, and one transaction that makes the schema. A newer
//! schema is refused before anything is written (not even the journal mode).

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{DiskError, private_file, with_suffix};

/// How long a statement waits for another process.
const BUSY: Duration = Duration::from_secs(5);

/// What a database of ours looks like, and how one of an older version becomes so.
pub(crate) struct Schema {
    /// The statements that lead from each version to the next, the first from nothing to version 1. One that was
    /// released is never changed: a new version is a new step.
    pub(crate) steps: &'static [&'static str],
    /// `FULL`: a commit survives loss of power. `NORMAL`: it survives a crash of the program.
    pub(crate) synchronous: &'static str,
}

impl Schema {
    /// The number in `PRAGMA user_version`, from 1.
    pub(crate) const fn version(&self) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a handful of steps, counted at compile time"
        )]
        let version = self.steps.len() as u32;
        version
    }
}

/// Opens a database for reading and writing; makes it (0600) where there is none.
pub(crate) fn open(path: &Path, schema: &Schema) -> Result<Connection, DiskError> {
    private_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open_checked(path, flags, schema).map_err(|error| told_by_folder(path, error))
}

/// A database that lives and dies with the connection.
pub(crate) fn open_memory(schema: &Schema) -> Result<Connection, DiskError> {
    let mut connection = Connection::open_in_memory()?;
    settings(&connection, schema)?;
    create(&mut connection, schema)?;
    Ok(connection)
}

/// Opens a database for reading only, also while others write and also on a medium that cannot be written.
pub(crate) fn open_read_only(path: &Path, known: u32) -> Result<Connection, DiskError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let first = Connection::open_with_flags(path, flags)
        .map_err(DiskError::from)
        .and_then(|connection| {
            refuse_newer(&connection, known)?;
            Ok(connection)
        });
    match first {
        // WAL needs a file for its index beside the database. Where that cannot be made and no log is there,
        // nobody writes either, and the file may be read as it stands.
        Err(DiskError::CannotOpen(_) | DiskError::ReadOnly(_))
            if path.exists() && !with_suffix(path, "-wal").exists() =>
        {
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            let connection = Connection::open_with_flags(immutable_uri(path), flags)?;
            refuse_newer(&connection, known)?;
            Ok(connection)
        }
        other => other,
    }
}

fn open_checked(path: &Path, flags: OpenFlags, schema: &Schema) -> Result<Connection, DiskError> {
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    refuse_newer(&connection, schema.version())?;
    settings(&connection, schema)?;
    write_ahead_log(&connection)?;
    create(&mut connection, schema)?;
    Ok(connection)
}

fn refuse_newer(connection: &Connection, known: u32) -> Result<(), DiskError> {
    connection.busy_timeout(BUSY)?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(DiskError::Newer { found, known });
    }
    Ok(())
}

fn settings(connection: &Connection, schema: &Schema) -> Result<(), DiskError> {
    // fullfsync: on macOS a plain fsync leaves the data in the drive's cache; elsewhere it changes nothing.
    // journal_size_limit: a sent copy of 100 MB must not leave a log of 100 MB.
    connection.execute_batch(&format!(
        "PRAGMA synchronous = {};
         PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
         PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
         PRAGMA journal_size_limit = 4194304;",
        schema.synchronous
    ))?;
    Ok(())
}

/// Switching to WAL answers "busy" at once where two processes do it together, without asking the busy timeout.
fn write_ahead_log(connection: &Connection) -> Result<(), DiskError> {
    let started = Instant::now();
    loop {
        match connection.query_row("PRAGMA journal_mode = WAL", [], |row| {
            row.get::<_, String>(0)
        }) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {
                return Err(DiskError::ReadOnly(
                    std::io::Error::other("no write-ahead log here").into(),
                ));
            }
            Err(error) => match DiskError::from(error) {
                DiskError::Busy(_) if started.elapsed() < BUSY => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                other => return Err(other),
            },
        }
    }
}

/// Makes the tables, or brings those of an older version up to this one, in one transaction.
fn create(connection: &mut Connection, schema: &Schema) -> Result<(), DiskError> {
    if user_version(connection)? == schema.version() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been first, and may be a newer program.
    let found = user_version(&transaction)?;
    if found > schema.version() {
        return Err(DiskError::Newer {
            found,
            known: schema.version(),
        });
    }
    if found == 0 {
        let foreign: bool =
            transaction.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| {
                row.get(0)
            })?;
        if foreign {
            return Err(DiskError::NotADatabase);
        }
    }
    for step in schema.steps.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", schema.version())?;
    Ok(transaction.commit()?)
}

fn user_version(connection: &Connection) -> Result<u32, DiskError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// `SQLite` says only "cannot open" where a folder takes no new file (the log's); the folder knows why.
fn told_by_folder(path: &Path, error: DiskError) -> DiskError {
    if !matches!(error, DiskError::CannotOpen(_)) {
        return error;
    }
    let probe = with_suffix(path, ".probe");
    match super::create_once(&probe, b"") {
        Ok(()) => {
            drop(std::fs::remove_file(probe));
            error
        }
        Err(told) => told,
    }
}

/// <https://www.sqlite.org/uri.html>: `%`, `?` and `#` are escaped, Windows paths get slashes and a leading one.
fn immutable_uri(path: &Path) -> String {
    let text = path
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    let text = if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text
    };
    let slash = if path.is_absolute() && !text.starts_with('/') {
        "/"
    } else {
        ""
    };
    format!("file:{slash}{text}?immutable=1")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &[&str] = &[
        "CREATE TABLE t (x INTEGER) STRICT;",
        "CREATE TABLE u (y INTEGER) STRICT;",
        "CREATE TABLE v (z INTEGER) STRICT;",
    ];

    const SCHEMA: Schema = of_version(2);

    const fn of_version(version: usize) -> Schema {
        Schema {
            steps: STEPS.split_at(version).0,
            synchronous: "FULL",
        }
    }

    #[test]
    fn a_newer_schema_is_refused_and_left_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.sqlite");
        drop(open(&path, &of_version(3)).unwrap());
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(
            open(&path, &SCHEMA),
            Err(DiskError::Newer { found: 3, known: 2 })
        ));
        assert!(matches!(
            open_read_only(&path, 2),
            Err(DiskError::Newer { found: 3, known: 2 })
        ));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn an_older_schema_is_brought_up_to_date_with_its_rows_and_by_one_of_many() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.sqlite");
        open(&path, &of_version(1))
            .unwrap()
            .execute_batch("INSERT INTO t VALUES (7)")
            .unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    open(&path, &of_version(3))
                        .unwrap()
                        .execute_batch("INSERT INTO v SELECT x FROM t")
                        .unwrap();
                });
            }
        });
        let rows = open(&path, &of_version(3)).unwrap();
        let sum = |sql| rows.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
        assert_eq!(sum("SELECT sum(x) FROM t"), 7);
        assert_eq!(sum("SELECT sum(z) FROM v"), 8 * 7);
        assert_eq!(user_version(&rows).unwrap(), 3);
    }

    #[test]
    fn what_is_not_a_database_of_ours_is_told_apart_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let rubbish = dir.path().join("rubbish.sqlite");
        std::fs::write(
            &rubbish,
            b"not a database, but long enough to be looked at as one",
        )
        .unwrap();
        assert!(matches!(
            open(&rubbish, &SCHEMA),
            Err(DiskError::NotADatabase)
        ));
        let foreign = dir.path().join("foreign.sqlite");
        Connection::open(&foreign)
            .unwrap()
            .execute_batch("CREATE TABLE theirs (x)")
            .unwrap();
        assert!(matches!(
            open(&foreign, &SCHEMA),
            Err(DiskError::NotADatabase)
        ));
        Connection::open(&foreign)
            .unwrap()
            .execute_batch("SELECT x FROM theirs")
            .unwrap();
    }

    #[test]
    fn a_database_is_read_also_where_nothing_can_be_written_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("odd %23?#name.sqlite");
        open(&path, &SCHEMA)
            .unwrap()
            .execute_batch("INSERT INTO t VALUES (7)")
            .unwrap();
        let connection = Connection::open_with_flags(
            immutable_uri(&path),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        )
        .unwrap();
        let x: i64 = connection
            .query_row("SELECT x FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(x, 7);
        drop(connection);
        assert!(open_read_only(&path, 2).is_ok());
        assert!(matches!(
            open_read_only(&dir.path().join("none.sqlite"), 2),
            Err(DiskError::CannotOpen(_))
        ));
    }

    #[test]
    fn many_open_a_fresh_database_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.sqlite");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let connection = open(&path, &SCHEMA).unwrap();
                    connection
                        .execute_batch("INSERT INTO t VALUES (1)")
                        .unwrap();
                });
            }
        });
        let count: i64 = open(&path, &SCHEMA)
            .unwrap()
            .query_row("SELECT count(*) FROM t", [], |r| r.get(0))
            .unwrap();
        assert_eq!(count, 8);
    }
}
