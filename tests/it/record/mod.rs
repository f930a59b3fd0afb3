//! The record from outside: every tampering is found, every failure is told apart, nothing is lost when a program dies.

mod failures;
mod forge;
mod long;
mod processes;
mod purging;
mod sending;
mod showing;
mod tampering;

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use segl::keys::{KeySource, StoreKey, obtain};
use segl::mail::Kind;
use segl::record::{
    Consent, DeliveryOutcome, Intent, Note, Outcome, PlannedDelivery, Reader, Record,
    RecordedCertificate, RecordedRecipient, RecordedTls, Reply, SendLock, Started, Verification,
    verify_folder,
};

/// A fixed time, in a month that is over by `later(60)`.
pub(crate) fn now() -> Timestamp {
    "2026-10-05T09:30:00.123Z".parse().unwrap()
}

pub(crate) fn later(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

pub(crate) fn key(dir: &Path) -> StoreKey {
    obtain(dir, &KeySource::File(dir.join("store.key"))).unwrap()
}

pub(crate) fn open(dir: &Path) -> Record {
    Record::open(dir, &key(dir), now()).unwrap()
}

pub(crate) fn note(text: &str) -> Note {
    Note {
        code: "test".to_owned(),
        text: text.to_owned(),
        about: None,
        head: None,
    }
}

pub(crate) fn intent(draft: &str, deliveries: u32) -> Intent {
    let certificate = RecordedCertificate {
        sha256: "aa".repeat(32),
        issuer: "CN=CA,O=Eksempel".to_owned(),
        serial: "0123".to_owned(),
        not_after: later(100),
        source: "OCES".to_owned(),
        binding: Some("organisation".to_owned()),
        pinned_at: None,
        revocation: Vec::new(),
    };
    let delivery = |index| PlannedDelivery {
        index,
        further: Vec::new(),
        requires_tls: false,
        signed_by: None,
        wrapped_to: None,
        route: "person".to_owned(),
        mail_from: "anne@advokat-eksempel.dk".to_owned(),
        rcpt_to: vec![RecordedRecipient {
            address: format!("bo{index}@y.example"),
            kind: Kind::To,
            route: "person".to_owned(),
            light: "green".to_owned(),
            certificates: vec![certificate.clone()],
            problems: Vec::new(),
            evidence_from: Some(now()),
            tunnel: None,
            transport: None,
            risk: None,
            rule: None,
        }],
        sha256: "bb".repeat(32),
        size: 1234,
        readers: vec![Reader {
            issuer: certificate.issuer.clone(),
            serial: "0123".to_owned(),
        }],
    };
    Intent {
        draft: draft.to_owned(),
        message_id: format!("<{draft}@advokat-eksempel.dk>"),
        date: "Mon, 5 Oct 2026 11:30:00 +0200".to_owned(),
        again_of: None,
        surface: "window".to_owned(),
        account: "anne".to_owned(),
        version: "0.1.0".to_owned(),
        settings_sha256: "cc".repeat(32),
        policy_sha256: None,
        revocation: Some("grace:24h".to_owned()),
        clock: None,
        relay: None,
        identity: "anne@advokat-eksempel.dk".to_owned(),
        deliveries: (0..deliveries).map(delivery).collect(),
        consents: vec![Consent {
            address: "eva@z.example".to_owned(),
            who: "anne".to_owned(),
            surface: "window".to_owned(),
            at: now(),
            reason_code: "urgent".to_owned(),
            reason_text: Some("frist i dag".to_owned()),
            warning_sha256: "dd".repeat(32),
            standing: None,
        }],
        content: None,
        matrix: None,
        content_sha256: "ee".repeat(32),
    }
}

pub(crate) fn outcome(intent: u64, delivery: u32, outcome: DeliveryOutcome) -> Outcome {
    Outcome {
        intent,
        delivery,
        outcome,
        replies: vec![Reply {
            address: "bo@y.example".to_owned(),
            reply: "250 OK".to_owned(),
        }],
        reply: Some("250 2.0.0 queued".to_owned()),
        tls: Some(RecordedTls {
            version: "TLSv1.3".to_owned(),
            cipher: "TLS13_AES_256_GCM_SHA384".to_owned(),
            chain_sha256: vec!["ff".repeat(32)],
        }),
        at: now(),
        recovered: false,
    }
}

/// A whole sending of one delivery: three rows.
pub(crate) fn send(record: &Record, lock: &SendLock, draft: &str, at: Timestamp) -> u64 {
    let seq = record
        .append_intent(lock, intent(draft, 1), at)
        .unwrap()
        .seq;
    record
        .append_started(
            lock,
            Started {
                intent: seq,
                delivery: 0,
            },
            at,
        )
        .unwrap();
    record
        .append_outcome(lock, outcome(seq, 0, DeliveryOutcome::Sent), at)
        .unwrap();
    seq
}

/// A folder with a record of eight rows (version, note, two sendings), nothing open any more.
pub(crate) fn recorded() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    record.append(note("hello"), now()).unwrap();
    let lock = SendLock::acquire(dir.path()).unwrap();
    send(&record, &lock, "draft-one", now());
    send(&record, &lock, "draft-two", later(1));
    dir
}

fn verified(dir: &Path) -> Verification {
    verify_folder(dir, None).unwrap()
}

/// The database as somebody with an editor has it: without the triggers that keep programs from changing it.
pub(crate) fn tampered(dir: &Path) -> Connection {
    let connection = Connection::open(dir.join("record.sqlite")).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
    let triggers: Vec<String> = connection
        .prepare(sql)
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(!triggers.is_empty());
    for trigger in triggers {
        connection
            .execute_batch(&format!("DROP TRIGGER {trigger}"))
            .unwrap();
    }
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    // Hundreds of cases: none of them needs to survive a loss of power.
    connection
        .pragma_update(None, "synchronous", "OFF")
        .unwrap();
    connection
}

/// The record's database somewhere below a folder.
pub(crate) fn database_of(folder: &Path) -> std::path::PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("record.sqlite") {
                return path;
            }
        }
    }
    panic!("no record below {}", folder.display())
}
