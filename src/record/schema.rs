//! The tables of `record.sqlite`, schema 1. What may never happen to them is refused by the database itself.

use crate::disk::Schema;

/// The rows, wherever they are kept.
macro_rules! rows {
    () => {
        "
CREATE TABLE record (
    seq INTEGER PRIMARY KEY,
    format INTEGER NOT NULL,
    previous BLOB NOT NULL,
    at INTEGER NOT NULL,
    installation BLOB NOT NULL,
    kind TEXT NOT NULL,
    clear BLOB NOT NULL,
    commitment BLOB NOT NULL,
    link BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;
"
    };
}

/// Triggers make the record append-only for every program that uses SQL, ours first of all. They are no protection
/// against somebody who edits the file: that is what `verify` is for.
pub(super) const SCHEMA: Schema = Schema {
    // A commit must survive loss of power: a sent mail that is not in the record is what the record is against.
    synchronous: "FULL",
    steps: &[concat!(
        "
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
",
        rows!(),
        "CREATE INDEX record_purges ON record (clear) WHERE kind = 'purge';

CREATE TABLE payload (
    seq INTEGER PRIMARY KEY REFERENCES record (seq),
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE payload_keys (
    month TEXT NOT NULL,
    holder TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (month, holder)
) STRICT, WITHOUT ROWID;

-- Deliveries whose outcome is not recorded yet. Work in progress, derived from the rows, no evidence.
CREATE TABLE pending (
    intent INTEGER NOT NULL REFERENCES record (seq),
    delivery INTEGER NOT NULL,
    draft TEXT NOT NULL,
    started INTEGER REFERENCES record (seq),
    PRIMARY KEY (intent, delivery)
) STRICT, WITHOUT ROWID;
CREATE INDEX pending_draft ON pending (draft);

CREATE TRIGGER record_is_append_only BEFORE UPDATE ON record
BEGIN SELECT RAISE (ABORT, 'a record is never changed'); END;

CREATE TRIGGER record_is_kept BEFORE DELETE ON record
BEGIN SELECT RAISE (ABORT, 'a record is never deleted'); END;

-- Also stops INSERT OR REPLACE, which deletes without asking the trigger above.
CREATE TRIGGER record_has_no_gap BEFORE INSERT ON record
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM record)
BEGIN SELECT RAISE (ABORT, 'a record is only appended'); END;

CREATE TRIGGER payload_is_append_only BEFORE UPDATE ON payload
BEGIN SELECT RAISE (ABORT, 'a payload is never changed'); END;

CREATE TRIGGER payload_is_written_once BEFORE INSERT ON payload
WHEN EXISTS (SELECT 1 FROM payload WHERE seq = NEW.seq)
BEGIN SELECT RAISE (ABORT, 'a payload is written once'); END;

CREATE TRIGGER payload_is_kept_until_purged BEFORE DELETE ON payload
WHEN NOT EXISTS (
    SELECT 1 FROM record AS purged JOIN record AS purge
    ON purge.kind = 'purge' AND purge.seq > purged.seq
    AND purge.clear = CAST(strftime('%Y-%m', purged.at / 1000, 'unixepoch') AS BLOB)
    WHERE purged.seq = OLD.seq
)
BEGIN SELECT RAISE (ABORT, 'a payload is deleted only by a recorded purge'); END;
"
    )],
};

/// Rows that other installations shipped, in memory: without what keeps programs from writing what does not hold,
/// because whether it holds is the question.
pub(super) const SHIPPED: Schema = Schema {
    synchronous: "OFF",
    steps: &[concat!(
        rows!(),
        "
CREATE TABLE payload (seq INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
"
    )],
};
