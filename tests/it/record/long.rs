//! A chain so long that not every signature is looked at: whatever somebody changes is found all the same.

use std::sync::LazyLock;

use openssl::pkey::PKey;
use rusqlite::{Connection, params};
use segl::record::{
    DATABASE, Evidence, Filling, FirstBad, Head, Reason, RecordError, Signatures, verify,
    verify_file, verify_folder_with,
};

use super::forge::{delete, number, relink};
use super::{note, now, open, tampered};

const ROWS: u64 = 10_500;
/// A row whose signature is not looked at in such a chain, in the second half of it.
const UNSEEN: u64 = 7_001;

/// A record that every case copies.
static LONG: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let mut make = |seq: u64| {
        let evidence = Evidence {
            code: "test".to_owned(),
            sha256: "00".repeat(32),
            content: seq.into(),
            about: None,
        };
        (Filling::Evidence(evidence), now())
    };
    let rows = usize::try_from(ROWS - 1).unwrap();
    record.fill(rows, &mut make, now()).unwrap();
    dir
});

fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in [DATABASE, "record.head"] {
        std::fs::copy(LONG.path().join(name), dir.path().join(name)).unwrap();
    }
    dir
}

fn changed(change: impl FnOnce(&Connection)) -> (tempfile::TempDir, Option<FirstBad>) {
    let dir = copy();
    let connection = tampered(dir.path());
    change(&connection);
    drop(connection);
    // Without the kept head: the chain shows it by itself.
    let found = verify(&dir.path().join(DATABASE), &[]).unwrap();
    assert_eq!(found.intact, found.first_bad.is_none());
    (dir, found.first_bad)
}

fn bad(seq: u64, reason: Reason) -> FirstBad {
    FirstBad { seq, reason }
}

#[test]
fn a_long_chain_is_intact_with_few_signatures_and_with_each() {
    let file = LONG.path().join(DATABASE);
    let few = verify(&file, &[]).unwrap();
    assert!(few.intact && few.records == ROWS, "{few:?}");
    assert!((4_000..ROWS).contains(&few.signatures), "{few:?}");
    let each = verify_file(&file, &[], Signatures::Every).unwrap();
    assert_eq!((each.intact, each.signatures), (true, ROWS));
    assert_eq!(each.head, few.head);
}

#[test]
fn every_changed_field_of_a_row_whose_signature_is_not_looked_at_is_found() {
    let fields = [
        ("format = 2", Reason::Format),
        ("previous = zeroblob(32)", Reason::Previous),
        ("at = at + 1", Reason::Link),
        ("installation = zeroblob(16)", Reason::Installation),
        ("kind = 'note'", Reason::Link),
        ("clear = x'00'", Reason::Link),
        ("commitment = zeroblob(32)", Reason::Link),
        ("link = zeroblob(32)", Reason::Link),
    ];
    // At the ends of the threads' stretches, too: the last and first rows of two halves.
    for seq in [UNSEEN, ROWS / 2 - 1, ROWS / 2] {
        let some = if seq == UNSEEN {
            &fields[..]
        } else {
            &fields[1..3]
        };
        for (field, reason) in some.iter().copied() {
            let (_, found) = changed(|c| {
                let sql = format!("UPDATE record SET {field} WHERE seq = ?1");
                c.execute(&sql, [number(seq)]).unwrap();
            });
            assert_eq!(found, Some(bad(seq, reason)), "{field} of {seq}");
        }
        let (_, found) = changed(|c| {
            let sql = "UPDATE payload SET sealed = x'00' WHERE seq = ?1";
            c.execute(sql, [number(seq)]).unwrap();
        });
        assert_eq!(found, Some(bad(seq, Reason::Payload)));
    }
}

#[test]
fn rows_that_are_swapped_left_out_or_without_payload_are_found_wherever_they_are() {
    for seq in [ROWS / 2 - 1, ROWS / 2, ROWS - 2] {
        let (_, found) = changed(|c| delete(c, &["payload", "record"], seq));
        assert_eq!(found, Some(bad(seq, Reason::Missing)), "left out: {seq}");
        let (_, found) = changed(|c| delete(c, &["payload"], seq));
        assert_eq!(found, Some(bad(seq, Reason::PayloadMissing)), "{seq}");
        let (_, found) = changed(|c| {
            for table in ["record", "payload"] {
                for (from, to) in [(seq, 99_999), (seq + 1, seq), (99_999, seq + 1)] {
                    let sql = format!("UPDATE {table} SET seq = ?2 WHERE seq = ?1");
                    c.execute(&sql, params![number(from), number(to)]).unwrap();
                }
            }
        });
        assert_eq!(found.map(|b| b.seq), Some(seq), "swapped: {seq}");
    }
    let (_, found) = changed(|c| {
        let sql = "INSERT INTO payload (seq, sealed) VALUES (99999, x'00')";
        c.execute(sql, []).unwrap();
    });
    assert_eq!(found, Some(bad(99_999, Reason::PayloadWithoutRow)));
}

#[test]
fn whoever_makes_the_links_anew_without_the_key_is_found_at_the_row_where_he_began() {
    let (_, found) = changed(|c| {
        let sql = "UPDATE record SET at = at - 86400000 WHERE seq = ?1";
        c.execute(sql, [number(UNSEEN)]).unwrap();
        relink(c, UNSEEN, &PKey::generate_ed25519().unwrap(), ROWS - 1);
    });
    assert_eq!(found, Some(bad(UNSEEN, Reason::Signature)));
}

/// What the format says is not looked at by default: damage that takes nothing from what the record says.
#[test]
fn a_signature_that_is_only_damaged_is_found_where_each_is_looked_at() {
    let (dir, found) = changed(|c| {
        let sql = "UPDATE record SET signature = zeroblob(64) WHERE seq = ?1";
        c.execute(sql, [number(UNSEEN)]).unwrap();
    });
    assert_eq!(found, None);
    let each = verify_folder_with(dir.path(), &[], Signatures::Every).unwrap();
    assert_eq!(each.first_bad, Some(bad(UNSEEN, Reason::Signature)));
    // A head that names the row has it looked at.
    let connection = Connection::open(dir.path().join(DATABASE)).unwrap();
    let sql = "SELECT link FROM record WHERE seq = ?1";
    let link = connection
        .query_row(sql, [number(UNSEEN)], |row| row.get(0))
        .unwrap();
    let head = Head { seq: UNSEEN, link };
    let named = verify(&dir.path().join(DATABASE), &[head]).unwrap();
    assert_eq!(named.first_bad, Some(bad(UNSEEN, Reason::Signature)));
}

#[test]
fn a_head_in_the_middle_that_names_another_row_is_found() {
    let head = Head {
        seq: UNSEEN,
        link: [7; 32],
    };
    let found = verify(&LONG.path().join(DATABASE), &[head]).unwrap();
    assert_eq!(found.first_bad, Some(bad(UNSEEN, Reason::HeadMismatch)));
}

/// The one way in which a row without a signature could come to be covered by one.
#[test]
fn segl_adds_nothing_to_a_row_that_its_key_did_not_sign() {
    let dir = super::recorded();
    let record = open(dir.path());
    let connection = tampered(dir.path());
    // Somebody who can write the file, and has no key, puts a row at the end while Segl runs.
    connection
        .execute_batch(
            "INSERT INTO record SELECT 8, format, link, at, installation, 'note', clear, commitment, link, signature
             FROM record WHERE seq = 7;
             INSERT INTO payload SELECT 8, sealed FROM payload WHERE seq = 7;",
        )
        .unwrap();
    relink(&connection, 8, &PKey::generate_ed25519().unwrap(), 8);
    drop(connection);
    let refused = record.append(note("after"), now());
    let told = matches!(
        refused,
        Err(RecordError::Broken {
            seq: 8,
            reason: Reason::Signature
        })
    );
    assert!(told, "{refused:?}");
}
