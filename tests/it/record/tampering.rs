//! Whatever somebody with an editor does to a record is found, or is said in the format's description not to be.

use std::sync::LazyLock;

use openssl::pkey::PKey;
use openssl::sha::sha256;
use openssl::sign::Signer;
use proptest::prelude::*;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ErrorCode, params};
use segl::record::{DATABASE, FirstBad, Head, Reason, kept_head, verify};

use super::{recorded, tampered, verified};

const ROWS: u64 = 8;
const COLUMNS: [&str; 10] = [
    "seq",
    "format",
    "previous",
    "at",
    "installation",
    "kind",
    "clear",
    "commitment",
    "link",
    "signature",
];

/// A record that every case copies.
static RECORDED: LazyLock<tempfile::TempDir> = LazyLock::new(recorded);

fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in [DATABASE, "record.head"] {
        std::fs::copy(RECORDED.path().join(name), dir.path().join(name)).unwrap();
    }
    dir
}

fn bad(seq: u64, reason: Reason) -> FirstBad {
    FirstBad { seq, reason }
}

#[test]
fn an_untouched_record_is_intact() {
    let found = verified(copy().path());
    assert_eq!(
        (found.intact, found.records, found.first_bad),
        (true, ROWS, None)
    );
    assert_eq!(found.head, kept_head(RECORDED.path()).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_flipped_bit_of_any_column_is_found(
        seq in 0..ROWS,
        column in 0..=COLUMNS.len(),
        bit in any::<prop::sample::Index>(),
    ) {
        let dir = copy();
        let connection = tampered(dir.path());
        let flipped = match COLUMNS.get(column) {
            Some(name) => flip(&connection, "record", name, seq, bit),
            None => flip(&connection, "payload", "sealed", seq, bit),
        };
        // A number that another row has already is refused by the table.
        prop_assume!(flipped);
        drop(connection);
        let found = verified(dir.path());
        prop_assert!(!found.intact);
        // The chain shows it by itself, without the kept head.
        let alone = verify(&dir.path().join(DATABASE), &[]).unwrap();
        prop_assert!(!alone.intact);
        prop_assert!(found.first_bad.unwrap().seq <= seq);
    }

    #[test]
    fn any_two_exchanged_rows_are_found(one in 0..ROWS, other in 0..ROWS) {
        prop_assume!(one != other);
        let dir = copy();
        let connection = tampered(dir.path());
        for table in ["record", "payload"] {
            for (from, to) in [(one, 1000), (other, one), (1000, other)] {
                let sql = format!("UPDATE {table} SET seq = ?2 WHERE seq = ?1");
                connection.execute(&sql, params![number(from), number(to)]).unwrap();
            }
        }
        drop(connection);
        prop_assert_eq!(verified(dir.path()).first_bad.map(|bad| bad.seq), Some(one.min(other)));
    }

    #[test]
    fn any_exchanged_payloads_are_found(one in 0..ROWS, other in 0..ROWS) {
        prop_assume!(one != other);
        let dir = copy();
        let connection = tampered(dir.path());
        for (from, to) in [(one, 1000), (other, one), (1000, other)] {
            let sql = "UPDATE payload SET seq = ?2 WHERE seq = ?1";
            connection.execute(sql, params![number(from), number(to)]).unwrap();
        }
        drop(connection);
        let first = Some(bad(one.min(other), Reason::Payload));
        prop_assert_eq!(verified(dir.path()).first_bad, first);
    }
}

#[test]
fn every_deleted_row_is_found_and_the_last_only_against_a_head() {
    for seq in 0..ROWS {
        let dir = copy();
        delete(&tampered(dir.path()), &["payload", "record"], seq);
        let found = verified(dir.path());
        let last = seq == ROWS - 1;
        let reason = if last {
            Reason::TailCut
        } else {
            Reason::Missing
        };
        assert_eq!(found.first_bad, Some(bad(seq, reason)));
        let alone = verify(&dir.path().join(DATABASE), &[]).unwrap();
        assert_eq!(alone.intact, last, "a chain alone cannot show a cut tail");
    }
}

#[test]
fn every_cut_tail_is_found_against_a_head() {
    for kept in 1..ROWS {
        let dir = copy();
        let connection = tampered(dir.path());
        for seq in kept..ROWS {
            delete(&connection, &["payload", "record"], seq);
        }
        drop(connection);
        assert_eq!(
            verified(dir.path()).first_bad,
            Some(bad(kept, Reason::TailCut))
        );
    }
    let dir = copy();
    tampered(dir.path())
        .execute_batch("DELETE FROM payload; DELETE FROM record")
        .unwrap();
    assert_eq!(verified(dir.path()).first_bad, Some(bad(0, Reason::Empty)));
}

#[test]
fn every_deleted_payload_and_every_payload_too_many_is_found() {
    for seq in 0..ROWS {
        let dir = copy();
        delete(&tampered(dir.path()), &["payload"], seq);
        assert_eq!(
            verified(dir.path()).first_bad,
            Some(bad(seq, Reason::PayloadMissing))
        );
    }
    let dir = copy();
    let sql = "INSERT INTO payload (seq, sealed) VALUES (99, x'00')";
    tampered(dir.path()).execute(sql, []).unwrap();
    assert_eq!(
        verified(dir.path()).first_bad,
        Some(bad(99, Reason::PayloadWithoutRow))
    );
}

#[test]
fn a_row_forged_with_another_key_is_found_wherever_it_is_put() {
    for seq in 1..=ROWS {
        let dir = copy();
        let connection = tampered(dir.path());
        // Make room, and link everything after it anew: only the signatures cannot be made.
        for table in ["record", "payload"] {
            for moved in (seq..ROWS).rev() {
                let sql = format!("UPDATE {table} SET seq = seq + 1 WHERE seq = ?1");
                connection.execute(&sql, [number(moved)]).unwrap();
            }
        }
        let source = number(seq - 1);
        let sql = "INSERT INTO record SELECT ?2, format, link, at, installation, kind, clear, \
                   commitment, link, signature FROM record WHERE seq = ?1";
        connection
            .execute(sql, params![source, number(seq)])
            .unwrap();
        let sql = "INSERT INTO payload SELECT ?2, sealed FROM payload WHERE seq = ?1";
        connection
            .execute(sql, params![source, number(seq)])
            .unwrap();
        relink(&connection, seq, &PKey::generate_ed25519().unwrap(), ROWS);
        drop(connection);
        assert_eq!(
            verified(dir.path()).first_bad,
            Some(bad(seq, Reason::Signature))
        );
    }
}

#[test]
fn a_record_written_anew_with_another_key_is_found_against_a_head_only() {
    let dir = copy();
    let connection = tampered(dir.path());
    let forger = PKey::generate_ed25519().unwrap();
    let public = forger.raw_public_key().unwrap();
    connection
        .execute("UPDATE record SET clear = ?1 WHERE seq = 0", [public])
        .unwrap();
    relink(&connection, 0, &forger, ROWS - 1);
    drop(connection);
    assert!(
        verify(&dir.path().join(DATABASE), &[]).unwrap().intact,
        "as the format says"
    );
    let found = verified(dir.path());
    assert_eq!(found.first_bad, Some(bad(ROWS - 1, Reason::HeadMismatch)));
}

#[test]
fn any_earlier_head_from_elsewhere_is_compared_too() {
    let dir = copy();
    let connection = Connection::open(dir.path().join(DATABASE)).unwrap();
    let file = dir.path().join(DATABASE);
    for seq in 0..ROWS {
        let sql = "SELECT link FROM record WHERE seq = ?1";
        let link: [u8; 32] = connection
            .query_row(sql, [number(seq)], |row| row.get(0))
            .unwrap();
        assert!(verify(&file, &[Head { seq, link }]).unwrap().intact);
        let forged = verify(&file, &[Head { seq, link: [0; 32] }]).unwrap();
        assert_eq!(forged.first_bad, Some(bad(seq, Reason::HeadMismatch)));
    }
    let beyond = verify(
        &file,
        &[Head {
            seq: 99,
            link: [0; 32],
        }],
    )
    .unwrap();
    assert_eq!(beyond.first_bad, Some(bad(ROWS, Reason::TailCut)));
}

#[test]
fn a_damaged_database_is_never_called_intact() {
    let whole = std::fs::read(RECORDED.path().join(DATABASE)).unwrap();
    let mut told = 0;
    for cut in (4096..whole.len()).step_by(4096) {
        let dir = copy();
        std::fs::write(dir.path().join(DATABASE), &whole[..cut]).unwrap();
        assert!(
            !verify(&dir.path().join(DATABASE), &[]).is_ok_and(|found| found.intact),
            "{cut}"
        );
        told += 1;
    }
    assert!(told > 3);
    let dir = copy();
    std::fs::write(dir.path().join(DATABASE), b"").unwrap();
    assert_eq!(verified(dir.path()).first_bad, Some(bad(0, Reason::Empty)));
}

#[test]
fn the_database_itself_refuses_every_change_by_a_program() {
    let dir = copy();
    let connection = Connection::open(dir.path().join(DATABASE)).unwrap();
    for change in [
        "UPDATE record SET at = at + 1 WHERE seq = 3",
        "DELETE FROM record WHERE seq = 7",
        "INSERT OR REPLACE INTO record SELECT * FROM record WHERE seq = 3",
        "INSERT INTO record SELECT 99, format, previous, at, installation, kind, clear, \
         commitment, link, signature FROM record WHERE seq = 3",
        "UPDATE payload SET sealed = x'00'",
        "DELETE FROM payload WHERE seq = 3",
        "INSERT OR REPLACE INTO payload VALUES (3, x'00')",
    ] {
        assert!(connection.execute(change, []).is_err(), "{change}");
    }
    drop(connection);
    assert!(verified(dir.path()).intact);
}

/// The link of a row, computed here a second time from the description of the format.
fn link_of(connection: &Connection, seq: u64) -> [u8; 32] {
    let mut octets = Vec::new();
    let mut field = |value: &[u8]| {
        octets.extend_from_slice(&u32::try_from(value.len()).unwrap().to_be_bytes());
        octets.extend_from_slice(value);
    };
    field(b"segl record 1");
    let sql = "SELECT format, seq, previous, at, installation, kind, commitment, clear \
               FROM record WHERE seq = ?1";
    let mut statement = connection.prepare(sql).unwrap();
    let mut rows = statement.query([number(seq)]).unwrap();
    let row = rows.next().unwrap().unwrap();
    for column in 0..8 {
        match (column, row.get_ref(column).unwrap()) {
            (0, ValueRef::Integer(format)) => field(&u32::try_from(format).unwrap().to_be_bytes()),
            (_, ValueRef::Integer(number)) => field(&number.to_be_bytes()),
            (_, ValueRef::Blob(value) | ValueRef::Text(value)) => field(value),
            (_, other) => panic!("{other:?}"),
        }
    }
    sha256(&octets)
}

/// Links and signs rows anew, from one on.
fn relink(connection: &Connection, from: u64, key: &PKey<openssl::pkey::Private>, last: u64) {
    for seq in from..=last {
        if seq > 0 {
            let sql = "UPDATE record SET previous = (SELECT link FROM record WHERE seq = ?1 - 1) \
                       WHERE seq = ?1";
            connection.execute(sql, [number(seq)]).unwrap();
        }
        let link = link_of(connection, seq);
        let mut signer = Signer::new_without_digest(key).unwrap();
        let signature = signer.sign_oneshot_to_vec(&link).unwrap();
        let sql = "UPDATE record SET link = ?2, signature = ?3 WHERE seq = ?1";
        connection
            .execute(sql, params![number(seq), link, signature])
            .unwrap();
    }
}

fn flip(
    connection: &Connection,
    table: &str,
    column: &str,
    seq: u64,
    bit: prop::sample::Index,
) -> bool {
    let sql = format!("SELECT {column} FROM {table} WHERE seq = ?1");
    let value: Value = connection
        .query_row(&sql, [number(seq)], |row| row.get(0))
        .unwrap();
    let flipped = |mut octets: Vec<u8>| {
        if octets.is_empty() {
            return vec![1];
        }
        let bit = bit.index(octets.len() * 8);
        octets[bit / 8] ^= 1 << (bit % 8);
        octets
    };
    let (cast, value) = match value {
        Value::Integer(number) => ("?2", Value::Integer(number ^ (1 << bit.index(64)))),
        Value::Blob(octets) => ("?2", Value::Blob(flipped(octets))),
        Value::Text(text) => ("CAST(?2 AS TEXT)", Value::Blob(flipped(text.into_bytes()))),
        other => panic!("{other:?}"),
    };
    let sql = format!("UPDATE {table} SET {column} = {cast} WHERE seq = ?1");
    match connection.execute(&sql, params![number(seq), value]) {
        Ok(changed) => changed == 1,
        Err(error) => {
            assert_eq!(
                (error.sqlite_error_code(), column),
                (Some(ErrorCode::ConstraintViolation), "seq")
            );
            false
        }
    }
}

fn delete(connection: &Connection, tables: &[&str], seq: u64) {
    for table in tables {
        let sql = format!("DELETE FROM {table} WHERE seq = ?1");
        assert_eq!(connection.execute(&sql, [number(seq)]).unwrap(), 1);
    }
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap()
}
