//! Each way in which a record cannot be opened or written, told apart; and what becomes of it.

use std::fs;
use std::path::Path;

use segl::disk::DiskError;
use segl::keys::{KeyError, StoreKey};
use segl::record::{
    DATABASE, FirstBad, Head, Log, Reason, Record, RecordError, SendLock, kept_head, set_aside,
    verify_folder,
};

use super::{intent, key, later, note, now, open, recorded, tampered, verified};

fn reopened(dir: &Path) -> RecordError {
    Record::open(dir, &key(dir), now()).err().unwrap()
}

#[test]
fn a_newer_record_is_refused_and_left_untouched() {
    let dir = recorded();
    let newer = rusqlite::Connection::open(dir.path().join(DATABASE)).unwrap();
    newer.pragma_update(None, "user_version", 7).unwrap();
    drop(newer);
    let before = fs::read(dir.path().join(DATABASE)).unwrap();
    let newer = |error| {
        matches!(
            error,
            RecordError::Disk(DiskError::Newer { found: 7, known: 1 })
        )
    };
    assert!(newer(reopened(dir.path())));
    assert!(newer(verify_folder(dir.path(), None).unwrap_err()));
    assert!(newer(Log::open(dir.path(), None).err().unwrap()));
    let lock = SendLock::acquire(dir.path()).unwrap();
    assert!(newer(
        set_aside(dir.path(), &lock, &key(dir.path()), now())
            .err()
            .unwrap()
    ));
    assert_eq!(fs::read(dir.path().join(DATABASE)).unwrap(), before);
}

#[test]
fn a_deleted_record_is_not_taken_for_a_new_one() {
    let dir = recorded();
    let kept = kept_head(dir.path()).unwrap().unwrap();
    fs::remove_file(dir.path().join(DATABASE)).unwrap();
    assert!(matches!(reopened(dir.path()), RecordError::Deleted { head } if head == kept));
    assert!(!dir.path().join(DATABASE).exists());
    let checked = verify_folder(dir.path(), None);
    assert!(matches!(checked, Err(RecordError::Deleted { head }) if head == kept));

    let lock = SendLock::acquire(dir.path()).unwrap();
    let (record, aside) = set_aside(dir.path(), &lock, &key(dir.path()), later(1)).unwrap();
    let aside = aside.unwrap();
    assert_eq!(
        (aside.file, aside.head, aside.first_bad),
        (None, Some(kept), None)
    );
    begins_anew(dir.path(), &record, kept, None);
}

#[test]
fn a_broken_record_is_set_aside_whole_and_the_new_one_says_so() {
    let dir = recorded();
    let installation = open(dir.path()).installation();
    let kept = kept_head(dir.path()).unwrap().unwrap();
    tampered(dir.path())
        .execute("UPDATE record SET at = at + 1 WHERE seq = 4", [])
        .unwrap();
    let broken = fs::read(dir.path().join(DATABASE)).unwrap();
    let lock = SendLock::acquire(dir.path()).unwrap();
    let (record, aside) = set_aside(dir.path(), &lock, &key(dir.path()), later(1)).unwrap();
    let aside = aside.unwrap();
    let file = aside.file.unwrap();
    assert_eq!(
        aside.first_bad,
        Some(FirstBad {
            seq: 4,
            reason: Reason::Link
        })
    );
    assert_eq!(
        file,
        dir.path().join("record-20261006T093000Z.broken.sqlite")
    );
    assert_eq!(fs::read(&file).unwrap(), broken);
    assert_ne!(record.installation(), installation);
    begins_anew(dir.path(), &record, kept, Some(4));

    drop(record);
    let (_, again) = set_aside(dir.path(), &lock, &key(dir.path()), later(1)).unwrap();
    assert_eq!(again, None, "what holds is never set aside");
}

#[test]
fn a_broken_end_is_found_when_the_record_is_opened() {
    let rows: [(&str, u64, Reason); 5] = [
        (
            "DELETE FROM payload WHERE seq > 5; DELETE FROM record WHERE seq > 5",
            6,
            Reason::TailCut,
        ),
        (
            "UPDATE record SET at = at + 1 WHERE seq = 7",
            7,
            Reason::Signature,
        ),
        (
            "UPDATE record SET at = at + 1 WHERE seq = 0",
            0,
            Reason::Link,
        ),
        (
            "UPDATE record SET link = zeroblob(32) WHERE seq = 0",
            0,
            Reason::Link,
        ),
        (
            "DELETE FROM meta WHERE name = 'evidence'",
            0,
            Reason::PublicKey,
        ),
    ];
    for (change, wanted_seq, wanted) in rows {
        let dir = recorded();
        tampered(dir.path()).execute_batch(change).unwrap();
        let error = reopened(dir.path());
        let told = matches!(error, RecordError::Broken { seq, reason } if (seq, reason) == (wanted_seq, wanted));
        assert!(told, "{change}: {error:?}");
        assert!(error.needs_setting_aside());
    }
}

#[test]
fn a_tail_cut_while_the_record_is_open_is_found_at_the_next_row() {
    let dir = recorded();
    let record = open(dir.path());
    let connection = tampered(dir.path());
    connection
        .execute_batch("DELETE FROM payload WHERE seq = 7; DELETE FROM record WHERE seq = 7")
        .unwrap();
    let refused = record.append(note("after"), now());
    assert!(matches!(
        refused,
        Err(RecordError::Broken {
            seq: 7,
            reason: Reason::TailCut
        })
    ));
}

#[test]
fn a_record_that_was_replaced_while_it_was_open_takes_no_more_rows() {
    let dir = recorded();
    let record = open(dir.path());
    tampered(dir.path())
        .execute("UPDATE record SET at = at + 1 WHERE seq = 4", [])
        .unwrap();
    let lock = SendLock::acquire(dir.path()).unwrap();
    set_aside(dir.path(), &lock, &key(dir.path()), now()).unwrap();
    assert!(matches!(
        record.append(note("late"), now()),
        Err(RecordError::Replaced)
    ));
    let intent = record.append_intent(&lock, intent("d", 1), now());
    assert!(matches!(intent, Err(RecordError::Replaced)));
}

#[test]
fn a_program_that_dies_while_it_sets_a_record_aside_leaves_it_to_the_next() {
    // After the rename: no database, and the old head.
    let dir = recorded();
    let kept = kept_head(dir.path()).unwrap().unwrap();
    fs::rename(dir.path().join(DATABASE), dir.path().join("aside")).unwrap();
    assert!(matches!(reopened(dir.path()), RecordError::Deleted { head } if head == kept));
    // After the new chain was begun: the new database, and the old head.
    let fresh = tempfile::tempdir().unwrap();
    fs::copy(dir.path().join("store.key"), fresh.path().join("store.key")).unwrap();
    drop(open(fresh.path()));
    fs::copy(fresh.path().join(DATABASE), dir.path().join(DATABASE)).unwrap();
    let error = reopened(dir.path());
    assert!(matches!(
        error,
        RecordError::Broken {
            seq: 0,
            reason: Reason::HeadMismatch
        }
    ));
    let lock = SendLock::acquire(dir.path()).unwrap();
    let (record, _) = set_aside(dir.path(), &lock, &key(dir.path()), now()).unwrap();
    begins_anew(dir.path(), &record, kept, Some(0));
}

#[test]
fn what_is_not_a_record_is_told_apart_from_a_broken_one() {
    let dir = recorded();
    fs::write(dir.path().join(DATABASE), vec![b'x'; 10_000]).unwrap();
    assert!(matches!(
        reopened(dir.path()),
        RecordError::Disk(DiskError::NotADatabase)
    ));
    assert!(reopened(dir.path()).needs_setting_aside());
    assert!(matches!(
        verify_folder(dir.path(), None),
        Err(RecordError::NotARecord)
    ));
}

#[test]
fn a_record_without_one_of_its_tables_is_broken() {
    for table in ["meta", "record", "payload", "payload_keys", "pending"] {
        let dir = recorded();
        let kept = kept_head(dir.path()).unwrap().unwrap();
        tampered(dir.path())
            .execute_batch(&format!("ALTER TABLE {table} RENAME TO gone"))
            .unwrap();
        assert!(reopened(dir.path()).needs_setting_aside(), "{table}");
        let lock = SendLock::acquire(dir.path()).unwrap();
        let (record, _) = set_aside(dir.path(), &lock, &key(dir.path()), now()).unwrap();
        begins_anew(dir.path(), &record, kept, Some(0));
    }
    let dir = recorded();
    tampered(dir.path())
        .execute_batch("ALTER TABLE record RENAME TO gone")
        .unwrap();
    let found = verified(dir.path()).first_bad;
    assert_eq!(
        found,
        Some(FirstBad {
            seq: 0,
            reason: Reason::Unreadable
        })
    );
}

#[test]
fn a_record_under_another_key_is_refused_and_kept() {
    let dir = recorded();
    let before = fs::read(dir.path().join(DATABASE)).unwrap();
    let other = StoreKey::ephemeral().unwrap();
    let expected = key(dir.path()).id();
    let wrong = |error: Option<RecordError>| match error {
        Some(RecordError::KeyUnavailable(KeyError::Wrong {
            expected: told,
            presented,
        })) => told == expected && presented == other.id(),
        _ => false,
    };
    assert!(wrong(Record::open(dir.path(), &other, now()).err()));
    assert!(wrong(Log::open(dir.path(), Some(&other)).err()));
    assert!(!wrong(Log::open(dir.path(), None).err()));
    assert_eq!(fs::read(dir.path().join(DATABASE)).unwrap(), before);
}

#[test]
fn a_head_that_lags_behind_is_brought_up_to_date_and_a_lost_one_is_noted() {
    let dir = recorded();
    let lagging = fs::read(dir.path().join("record.head")).unwrap();
    let newest = open(dir.path())
        .append(note("crash after commit"), now())
        .unwrap();
    fs::write(dir.path().join("record.head"), lagging).unwrap();
    assert_eq!(open(dir.path()).head().unwrap(), newest, "nothing to note");
    assert_eq!(kept_head(dir.path()).unwrap(), Some(newest));

    for (lose, code) in [(true, "head-missing"), (false, "head-unreadable")] {
        let file = dir.path().join("record.head");
        if lose {
            fs::remove_file(&file).unwrap();
        } else {
            fs::write(&file, "?").unwrap();
        }
        let before = newest_note(dir.path()).0;
        let record = open(dir.path());
        let (seq, told, _) = newest_note(dir.path());
        assert_eq!((seq, told.as_str()), (before + 1, code));
        assert_eq!(kept_head(dir.path()).unwrap(), Some(record.head().unwrap()));
    }
    assert!(verified(dir.path()).intact);
}

/// What the newest row says, as a note.
fn newest_note(dir: &Path) -> (u64, String, serde_json::Value) {
    let log = Log::open(dir, Some(&key(dir))).unwrap();
    let seq = verified(dir).records - 1;
    let payload = log.show(seq).unwrap().1.unwrap();
    (
        seq,
        payload["code"].as_str().unwrap_or_default().to_owned(),
        payload,
    )
}

fn begins_anew(dir: &Path, record: &Record, old: Head, about: Option<u64>) {
    let (seq, code, payload) = newest_note(dir);
    assert_eq!(
        (seq, code.as_str()),
        (1, "set-aside"),
        "the second row is the note"
    );
    assert_eq!(payload["head"], serde_json::json!(old));
    assert_eq!(payload["about"], serde_json::json!(about));
    let newest = record.append(note("it goes on"), later(1)).unwrap();
    let found = verified(dir);
    assert_eq!((found.intact, found.head), (true, Some(newest)));
}
