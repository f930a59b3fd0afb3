//! What is shown and exported: with the key, without it, and to somebody who has neither key nor record.

use std::fs;
use std::path::PathBuf;

use segl::record::{
    DeliveryOutcome, Filter, FirstBad, Head, Log, Reason, RecordError, SendLock, Started, verify,
};
use serde_json::{Value, json};

use super::{intent, key, later, note, now, open, outcome, recorded};

#[test]
fn without_the_key_the_rows_are_there_and_their_content_is_not() {
    let dir = recorded();
    let rows = Log::open(dir.path(), None)
        .unwrap()
        .list(&Filter::default())
        .unwrap();
    assert_eq!(rows.len(), 8);
    assert!(
        rows.iter()
            .all(|row| row.draft.is_none() && row.message_id.is_none())
    );
    assert_eq!(rows[2].kind, "intent");
    assert_eq!(
        Log::open(dir.path(), None).unwrap().show(2).unwrap().1,
        None
    );
    let none = Log::open(dir.path(), None).unwrap().show(99);
    assert!(matches!(none, Err(RecordError::NoSuchRecord { seq: 99 })));
}

#[test]
fn a_list_is_what_its_filter_says_and_json_as_in_the_contract() {
    let dir = recorded();
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let listed = |filter: &Filter| -> Vec<u64> {
        log.list(filter)
            .unwrap()
            .iter()
            .map(|row| row.seq)
            .collect()
    };
    let all = Filter::default();
    assert_eq!(
        listed(&Filter {
            kind: Some("intent".to_owned()),
            ..all.clone()
        }),
        [2, 5]
    );
    assert_eq!(
        listed(&Filter {
            since: Some(later(1)),
            ..all.clone()
        }),
        [5, 6, 7]
    );
    assert_eq!(
        listed(&Filter {
            until: Some(later(1)),
            newest: Some(2),
            ..all.clone()
        }),
        [3, 4]
    );
    let row = serde_json::to_value(&log.list(&all).unwrap()[4]).unwrap();
    let wanted = json!({
        "seq": 4, "at": "2026-10-05T09:30:00.123Z", "kind": "outcome", "draft": "draft-one",
        "message_id": "<draft-one@advokat-eksempel.dk>", "outcome": "sent",
    });
    assert_eq!(row, wanted);
    let found =
        serde_json::to_value(verify(&dir.path().join("record.sqlite"), &[]).unwrap()).unwrap();
    assert_eq!(
        (&found["intact"], &found["records"], &found["first_bad"]),
        (&json!(true), &json!(8), &Value::Null)
    );
    assert_eq!(found["head"]["seq"], 7);
}

#[test]
fn a_payload_that_does_not_open_stops_no_list_and_is_told_when_shown() {
    let dir = recorded();
    super::tampered(dir.path())
        .execute(
            "UPDATE payload SET sealed = zeroblob(100) WHERE seq = 2",
            [],
        )
        .unwrap();
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let rows = log.list(&Filter::default()).unwrap();
    assert_eq!(
        (rows[2].draft.clone(), rows[5].draft.as_deref()),
        (None, Some("draft-two"))
    );
    assert!(matches!(
        log.show(2),
        Err(RecordError::Sealed { seq: 2, .. })
    ));
}

/// A record with two messages woven into each other, and the export of the first.
fn exported() -> (tempfile::TempDir, Value, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let first = record
        .append_intent(&lock, intent("one", 2), now())
        .unwrap()
        .seq;
    let second = record
        .append_intent(&lock, intent("two", 1), now())
        .unwrap()
        .seq;
    for (intent, delivery) in [(first, 0), (second, 0), (first, 1)] {
        record
            .append_started(&lock, Started { intent, delivery }, now())
            .unwrap();
        let sent = outcome(intent, delivery, DeliveryOutcome::Sent);
        record.append_outcome(&lock, sent, now()).unwrap();
    }
    record.append(note("the newest"), now()).unwrap();
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let export = log.export(first).unwrap();
    assert_eq!(
        log.export(8).unwrap(),
        export,
        "any row of the message stands for it"
    );
    let file = dir.path().join("export.json");
    fs::write(&file, serde_json::to_vec(&export).unwrap()).unwrap();
    (dir, export, file)
}

#[test]
fn an_export_holds_the_message_and_nothing_of_another_and_checks_by_itself() {
    let (dir, export, file) = exported();
    let rows = export["rows"].as_array().unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|r| (r["seq"].as_u64().unwrap(), r["payload"].is_object()))
        .collect();
    let wanted = [
        (0, false),
        (1, true),
        (3, true),
        (4, true),
        (7, true),
        (8, true),
        (9, false),
    ];
    assert_eq!(told, wanted);
    assert!(!export.to_string().contains("two@"));
    // Nothing but the file is there any more.
    let alone = tempfile::tempdir().unwrap();
    let moved = alone.path().join("export.json");
    fs::copy(&file, &moved).unwrap();
    let head: Head = serde_json::from_value(export["head"].clone()).unwrap();
    drop(dir);
    let found = verify(&moved, &[head]).unwrap();
    assert_eq!(
        (found.intact, found.records, found.head),
        (true, 7, Some(head))
    );
    let elsewhere = verify(
        &moved,
        &[Head {
            seq: 5,
            link: [0; 32],
        }],
    );
    assert!(matches!(
        elsewhere,
        Err(RecordError::HeadNotInFile { seq: 5 })
    ));
    let forged = verify(
        &moved,
        &[Head {
            seq: 9,
            link: [0; 32],
        }],
    )
    .unwrap();
    assert_eq!(
        forged.first_bad,
        Some(FirstBad {
            seq: 9,
            reason: Reason::HeadMismatch
        })
    );
}

/// What was decided by stands in the file that others check: class, categories, transport with its age, risk, rule,
/// matrix and assessment, and the consent with the assessment that stands for it.
#[test]
fn an_export_holds_what_it_was_decided_by() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let mut decided = crate::report::exposed("one", "confidential", "offered", Some(super::now()));
    decided.consents[0].standing = Some(0);
    let seq = record.append_intent(&lock, decided, now()).unwrap().seq;
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let export = log.export(seq).unwrap();
    let alone = tempfile::tempdir().unwrap();
    let file = alone.path().join("export.json");
    fs::write(&file, export.to_string()).unwrap();
    drop((log, lock, record, dir));
    assert!(verify(&file, &[]).unwrap().intact);
    let rows = export["rows"].as_array().unwrap();
    let payload = &rows.iter().find(|r| r["kind"] == "intent").unwrap()["payload"];
    let recipient = &payload["deliveries"][0]["rcpt_to"][0];
    let told = [
        (&payload["content"]["class"], json!("confidential")),
        (&payload["content"]["categories"], json!(["cpr"])),
        (&payload["matrix"]["version"], json!("2026-1")),
        (
            &payload["matrix"]["assessment_sha256"],
            json!("22".repeat(32)),
        ),
        (&recipient["transport"]["level"], json!("offered")),
        (&recipient["transport"]["checked_at"], json!(now())),
        (&recipient["risk"]["band"], json!("medium")),
        (&recipient["rule"]["from"], json!("policy.fallback")),
        (&payload["consents"][0]["standing"], json!(0)),
    ];
    for (found, wanted) in told {
        assert_eq!(found, &wanted);
    }
}

#[test]
fn every_changed_value_of_an_export_is_found() {
    let (_dir, export, file) = exported();
    let mut changed = 0;
    for path in paths(&export) {
        let mut forged = export.clone();
        let value = forged.pointer_mut(&path).unwrap();
        *value = match &*value {
            Value::String(text) if text.is_empty() => json!("00"),
            Value::String(text) => {
                // The last character, to another that means something else.
                let (rest, last) = text.split_at(text.char_indices().last().unwrap().0);
                json!(format!("{rest}{}", if last == "0" { "1" } else { "0" }))
            }
            Value::Number(number) => json!(number.as_u64().unwrap() + 1),
            Value::Bool(value) => json!(!value),
            Value::Null => json!("00"),
            Value::Array(_) => json!(["00"]),
            Value::Object(_) => json!({ "00": 0 }),
        };
        fs::write(&file, forged.to_string()).unwrap();
        let found = verify(&file, &[]);
        assert!(!found.is_ok_and(|found| found.intact), "{path}");
        changed += 1;
    }
    assert!(changed > 200);
}

#[test]
fn rows_of_an_export_can_be_withheld_and_not_replaced() {
    let (_dir, export, file) = exported();
    let check = |forged: &Value| {
        fs::write(&file, forged.to_string()).unwrap();
        verify(&file, &[]).unwrap().first_bad
    };
    let mut withheld = export.clone();
    for name in ["sealed", "payload_key", "payload"] {
        withheld["rows"][1].as_object_mut().unwrap().remove(name);
    }
    assert_eq!(
        check(&withheld),
        None,
        "the row is signed without its payload"
    );
    let mut sealed_only = export.clone();
    for name in ["payload_key", "payload"] {
        sealed_only["rows"][1].as_object_mut().unwrap().remove(name);
    }
    assert_eq!(check(&sealed_only), None);
    sealed_only["rows"][1]["sealed"] = json!("00");
    assert_eq!(
        check(&sealed_only),
        Some(FirstBad {
            seq: 1,
            reason: Reason::Payload
        })
    );
    let mut unproven = withheld.clone();
    unproven["rows"][1]["payload"] = export["rows"][1]["payload"].clone();
    let wanted = Some(FirstBad {
        seq: 1,
        reason: Reason::PayloadText,
    });
    assert_eq!(
        check(&unproven),
        wanted,
        "a text without its seal is a claim"
    );
    let mut swapped = export.clone();
    swapped["rows"].as_array_mut().unwrap().swap(2, 3);
    assert_eq!(
        check(&swapped).map(|bad| bad.reason),
        Some(Reason::OutOfOrder)
    );
    let mut beheaded = export.clone();
    beheaded["rows"].as_array_mut().unwrap().remove(0);
    assert_eq!(
        check(&beheaded),
        Some(FirstBad {
            seq: 0,
            reason: Reason::Missing
        })
    );
    for rubbish in [json!({}), json!([]), json!({"segl_record_export": 1})] {
        fs::write(&file, rubbish.to_string()).unwrap();
        assert!(matches!(verify(&file, &[]), Err(RecordError::NotARecord)));
    }
}

#[test]
fn an_export_without_the_key_holds_the_signed_row_alone() {
    let (dir, _, file) = exported();
    let export = Log::open(dir.path(), None).unwrap().export(1).unwrap();
    assert!(!export.to_string().contains("advokat-eksempel"));
    fs::write(&file, export.to_string()).unwrap();
    let found = verify(&file, &[]).unwrap();
    assert_eq!((found.intact, found.records), (true, 3));
}

/// The paths of all values in a JSON value, objects and arrays too.
fn paths(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(n, value)| (n.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (name, child) in children {
        found.push(format!("/{name}"));
        found.extend(
            paths(child)
                .into_iter()
                .map(|path| format!("/{name}{path}")),
        );
    }
    found
}
