//! Intent, Started, Outcome: their order, their lock, their recovery.

use segl::record::{
    DeliveryOutcome, Filter, Head, Log, OpenDelivery, Record, RecordError, Recovered, SendLock,
    Started,
};
use serde_json::json;

use super::{intent, key, later, now, open, outcome, send, verified};

fn started(intent: u64, delivery: u32) -> Started {
    Started { intent, delivery }
}

#[test]
fn a_sending_is_recorded_in_its_order_and_leaves_nothing_open() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let seq = record
        .append_intent(&lock, intent("d", 2), now())
        .unwrap()
        .seq;
    let delivery = |delivery, started| OpenDelivery {
        intent: seq,
        draft: "d".to_owned(),
        delivery,
        started,
    };
    record
        .append_started(&lock, started(seq, 0), now())
        .unwrap();
    assert_eq!(
        record.open_deliveries().unwrap(),
        [delivery(0, true), delivery(1, false)]
    );
    let sent = outcome(seq, 0, DeliveryOutcome::Sent);
    record.append_outcome(&lock, sent, now()).unwrap();
    assert_eq!(record.open_deliveries().unwrap(), [delivery(1, false)]);
    let refused = outcome(seq, 1, DeliveryOutcome::Rejected);
    record.append_outcome(&lock, refused, now()).unwrap();
    assert!(record.open_deliveries().unwrap().is_empty());
    assert!(record.recover(&lock, now()).unwrap().is_empty());

    let rows = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let rows = rows.list(&Filter::default()).unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|r| (&*r.kind, r.outcome.as_deref()))
        .collect();
    let wanted = [
        ("version", None),
        ("intent", None),
        ("started", None),
        ("outcome", Some("sent")),
        ("outcome", Some("rejected")),
    ];
    assert_eq!(told, wanted);
    let message = "<d@advokat-eksempel.dk>";
    assert!(
        rows[1..]
            .iter()
            .all(|row| row.message_id.as_deref() == Some(message))
    );
    assert!(
        rows[1..]
            .iter()
            .all(|row| row.draft.as_deref() == Some("d"))
    );
    assert!(verified(dir.path()).intact);
}

#[test]
fn a_draft_has_at_most_one_open_intent() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let first = record.append_intent(&lock, intent("d", 1), now()).unwrap();
    let second = record.append_intent(&lock, intent("d", 1), now());
    assert!(matches!(second, Err(RecordError::OpenIntent { seq }) if seq == first.seq));
    assert_eq!(
        record.head().unwrap(),
        first,
        "a refused row leaves no trace"
    );
    record
        .append_intent(&lock, intent("another", 1), now())
        .unwrap();
    record.recover(&lock, now()).unwrap();

    let again = |head| {
        let mut again = intent("d", 1);
        again.again_of = Some(head);
        record.append_intent(&lock, again, now())
    };
    let forged = again(Head {
        link: [0; 32],
        ..first
    });
    assert!(matches!(forged, Err(RecordError::NoSuchRecord { seq }) if seq == first.seq));
    assert!(matches!(
        again(record.head().unwrap()),
        Err(RecordError::NoSuchRecord { .. })
    ));
    let seq = again(first).unwrap().seq;
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let (_, payload) = log.show(seq).unwrap();
    assert_eq!(payload.unwrap()["again_of"], json!(first));
}

#[test]
fn no_row_of_a_sending_can_be_written_out_of_turn() {
    use DeliveryOutcome::{NotSent, Sent, Unconfirmed, Written};
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let seq = record
        .append_intent(&lock, intent("d", 2), now())
        .unwrap()
        .seq;
    let start = |delivery| record.append_started(&lock, started(seq, delivery), now());
    let end = |delivery, how| record.append_outcome(&lock, outcome(seq, delivery, how), now());
    let out_of_turn = |result: Result<Head, RecordError>| matches!(result, Err(RecordError::OutOfTurn { intent, .. }) if intent == seq);
    assert!(out_of_turn(start(2)), "there is no such delivery");
    for how in [Sent, Unconfirmed, Written] {
        assert!(out_of_turn(end(0, how)), "{how:?} without Started");
    }
    start(0).unwrap();
    assert!(out_of_turn(start(0)), "started twice");
    end(0, Sent).unwrap();
    assert!(out_of_turn(end(0, Sent)), "ended twice");
    end(1, NotSent).unwrap();
    assert!(out_of_turn(start(1)), "started after its end");
    for deliveries in [0, 1] {
        let mut wrong = intent("e", 2);
        wrong
            .deliveries
            .iter_mut()
            .for_each(|delivery| delivery.index = 0);
        wrong.deliveries.truncate(deliveries * 2);
        let refused = record.append_intent(&lock, wrong, now());
        assert!(matches!(refused, Err(RecordError::Deliveries)));
    }
    assert!(verified(dir.path()).intact);
}

#[test]
fn what_a_dead_program_left_open_is_recovered_by_what_was_started() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = {
        let record = open(dir.path());
        let lock = SendLock::acquire(dir.path()).unwrap();
        let first = record
            .append_intent(&lock, intent("one", 3), now())
            .unwrap()
            .seq;
        for delivery in [0, 1] {
            record
                .append_started(&lock, started(first, delivery), now())
                .unwrap();
        }
        let sent = outcome(first, 0, DeliveryOutcome::Sent);
        record.append_outcome(&lock, sent, now()).unwrap();
        (
            first,
            record
                .append_intent(&lock, intent("two", 1), now())
                .unwrap()
                .seq,
        )
    };
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let recovered = |intent, draft: &str, delivery, outcome| Recovered {
        intent,
        draft: draft.to_owned(),
        delivery,
        outcome,
    };
    let wanted = [
        recovered(first, "one", 1, DeliveryOutcome::Unconfirmed),
        recovered(first, "one", 2, DeliveryOutcome::NotSent),
        recovered(second, "two", 0, DeliveryOutcome::NotSent),
    ];
    assert_eq!(record.recover(&lock, later(1)).unwrap(), wanted);
    assert!(record.recover(&lock, later(1)).unwrap().is_empty());
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let (row, payload) = log.show(record.head().unwrap().seq).unwrap();
    assert_eq!(
        (row.at, row.outcome.as_deref()),
        (later(1), Some("not-sent"))
    );
    assert_eq!(payload.unwrap()["recovered"], true);
    assert!(verified(dir.path()).intact);
}

#[test]
fn the_lock_is_one_for_all_programs_of_a_folder_and_of_no_other() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let record = open(dir.path());
    let held = SendLock::acquire(dir.path()).unwrap();
    assert!(SendLock::try_acquire(dir.path()).unwrap().is_none());
    assert!(
        SendLock::try_acquire(&dir.path().join("."))
            .unwrap()
            .is_none()
    );
    let foreign = SendLock::try_acquire(other.path()).unwrap().unwrap();
    let refused = [
        record.append_intent(&foreign, intent("d", 1), now()).err(),
        record.append_started(&foreign, started(1, 0), now()).err(),
        record
            .append_outcome(&foreign, outcome(1, 0, DeliveryOutcome::Sent), now())
            .err(),
        record.recover(&foreign, now()).err(),
    ];
    assert!(
        refused
            .iter()
            .all(|error| matches!(error, Some(RecordError::OtherLock)))
    );
    drop(held);
    let lock = SendLock::try_acquire(dir.path()).unwrap().unwrap();
    send(&record, &lock, "d", now());
}

#[test]
fn civil_registration_numbers_never_reach_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let mut planned = intent("d", 1);
    planned.deliveries[0].rcpt_to[0].address = "0101701234@post.example".to_owned();
    planned.consents[0].address = "010170-1234@post.example".to_owned();
    planned.consents[0].reason_text = Some("sag om 010170-1234".to_owned());
    let seq = record.append_intent(&lock, planned, now()).unwrap().seq;
    let mut refused = outcome(seq, 0, DeliveryOutcome::Rejected);
    refused.replies[0].address = "0101701234@post.example".to_owned();
    refused.replies[0].reply = "550 <0101701234@post.example> unknown".to_owned();
    refused.reply = Some("554 no 010170 1234".to_owned());
    record.append_outcome(&lock, refused, now()).unwrap();
    let log = Log::open(dir.path(), Some(&key(dir.path()))).unwrap();
    let payload = |seq| log.show(seq).unwrap().1.unwrap();
    let planned = payload(seq);
    let address = &planned["deliveries"][0]["rcpt_to"][0]["address"];
    assert_eq!(*address, "[cpr]@post.example");
    assert_eq!(planned["consents"][0]["address"], "[cpr]@post.example");
    assert_eq!(planned["consents"][0]["reason_text"], "sag om [cpr]");
    let ended = payload(seq + 1);
    assert_eq!(ended["replies"][0]["address"], "[cpr]@post.example");
    assert_eq!(
        ended["replies"][0]["reply"],
        "550 <[cpr]@post.example> unknown"
    );
    assert_eq!(ended["reply"], "554 no [cpr]");
}

#[test]
fn the_record_is_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Record>();
    is_shared::<SendLock>();
}
