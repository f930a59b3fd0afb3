//! Retention: payloads go, the chain stays.

use std::fs;

use rusqlite::Connection;
use segl::record::{DATABASE, Filter, FirstBad, Log, Month, Reason, RecordError, SendLock, verify};

use super::{key, later, note, now, open, recorded, send, tampered, verified};

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

#[test]
fn a_purged_month_cannot_be_read_any_more_and_the_chain_holds() {
    let dir = recorded();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let kept = send(&record, &lock, "november", later(40));
    assert_eq!(
        record.months().unwrap(),
        [month("2026-10"), month("2026-11")]
    );
    let early = record.purge_month(month("2026-11"), later(40));
    assert!(
        matches!(early, Err(RecordError::MonthNotOver { month: told }) if told == month("2026-11"))
    );

    let purged = record.purge_ended_before(later(35), later(41)).unwrap();
    assert_eq!(purged.len(), 1);
    assert_eq!((purged[0].month, purged[0].payloads), (month("2026-10"), 8));
    assert!(purged[0].wiped);
    assert!(
        record
            .purge_ended_before(later(35), later(41))
            .unwrap()
            .is_empty()
    );
    assert_eq!(record.months().unwrap(), [month("2026-11")]);

    let found = verified(dir.path());
    assert_eq!((found.intact, found.records), (true, 12));
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let rows = log.list(&Filter::default()).unwrap();
    assert!(
        rows[..8]
            .iter()
            .all(|row| row.draft.is_none() && row.outcome.is_none())
    );
    assert_eq!(rows[8].draft.as_deref(), Some("november"));
    assert_eq!(log.show(2).unwrap().1, None);
    assert!(log.show(kept).unwrap().1.is_some());
    let (row, payload) = log.show(11).unwrap();
    assert_eq!(
        (&*row.kind, &payload.unwrap()["payloads"]),
        ("purge", &serde_json::json!(8))
    );
}

#[test]
fn purged_payloads_and_keys_are_not_in_the_files_any_more() {
    let dir = recorded();
    let connection = Connection::open(dir.path().join(DATABASE)).unwrap();
    let sealed: Vec<u8> = connection
        .query_row("SELECT sealed FROM payload WHERE seq = 2", [], |row| {
            row.get(0)
        })
        .unwrap();
    let wrapped: Vec<u8> = connection
        .query_row(
            "SELECT wrapped FROM payload_keys WHERE month = '2026-10'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    drop(connection);
    let holds = |part: &[u8]| {
        fs::read_dir(dir.path()).unwrap().any(|entry| {
            let octets = fs::read(entry.unwrap().path()).unwrap();
            octets.windows(part.len()).any(|window| window == part)
        })
    };
    let record = open(dir.path());
    record.append(note("in the log"), now()).unwrap();
    assert!(holds(&sealed[..64]) && holds(&wrapped));
    assert!(
        record
            .purge_month(month("2026-10"), later(40))
            .unwrap()
            .wiped
    );
    assert!(!holds(&sealed[..64]) && !holds(&wrapped));
}

#[test]
fn no_payload_goes_without_its_own_purge() {
    let dir = recorded();
    let record = open(dir.path());
    record.append(note("november"), later(40)).unwrap();
    record.purge_month(month("2026-10"), later(40)).unwrap();
    drop(record);
    let other = Connection::open(dir.path().join(DATABASE)).unwrap();
    assert!(other.execute("DELETE FROM payload", []).is_err());
    drop(other);
    tampered(dir.path())
        .execute("DELETE FROM payload WHERE seq = 8", [])
        .unwrap();
    let wanted = Some(FirstBad {
        seq: 8,
        reason: Reason::PayloadMissing,
    });
    assert_eq!(verified(dir.path()).first_bad, wanted);
}

#[test]
fn a_clock_that_goes_back_into_a_purged_month_starts_a_new_key() {
    let dir = recorded();
    let record = open(dir.path());
    record.purge_month(month("2026-10"), later(40)).unwrap();
    let seq = record.append(note("clock set back"), now()).unwrap().seq;
    assert!(verified(dir.path()).intact);
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    assert!(log.show(seq).unwrap().1.is_some());
    drop((log, record));
    // The purge speaks for the payloads before it only.
    tampered(dir.path())
        .execute(
            "DELETE FROM payload WHERE seq = ?1",
            [i64::try_from(seq).unwrap()],
        )
        .unwrap();
    let wanted = Some(FirstBad {
        seq,
        reason: Reason::PayloadMissing,
    });
    assert_eq!(verified(dir.path()).first_bad, wanted);
}

#[test]
fn a_forged_purge_excuses_nothing() {
    let dir = recorded();
    let connection = tampered(dir.path());
    connection
        .execute("DELETE FROM payload WHERE seq = 2", [])
        .unwrap();
    connection
        .execute(
            "UPDATE record SET kind = 'purge', clear = CAST('2026-10' AS BLOB) WHERE seq = 7",
            [],
        )
        .unwrap();
    drop(connection);
    let found = verify(&dir.path().join(DATABASE), &[]).unwrap();
    let wanted = Some(FirstBad {
        seq: 2,
        reason: Reason::PayloadMissing,
    });
    assert_eq!(found.first_bad, wanted);
}

#[test]
fn a_reader_that_keeps_old_pages_alive_is_told() {
    let dir = recorded();
    let record = open(dir.path());
    record
        .append(note("so that there is a log"), now())
        .unwrap();
    let reader = Connection::open(dir.path().join(DATABASE)).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM record")
        .unwrap();
    let purged = record.purge_month(month("2026-10"), later(40)).unwrap();
    assert!(!purged.wiped);
    assert!(verified(dir.path()).intact);
}
