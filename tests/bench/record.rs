//! The record with a million rows: how long it takes to check it, to report on its year, and to add a row so that it
//! survives a loss of power, beside what the disk alone takes for that.
//!
//! `cargo bench --no-default-features --features demo --bench record`. `SEGL_BENCH_ROWS` makes another number,
//! `SEGL_BENCH_DIR` keeps the record in a folder, where the next run finds it.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its table, or says what it lacks and ends"
)]

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use segl::{
    keys::{KeySource, StoreKey, obtain},
    mail::Kind,
    record::{
        Consent, DeliveryOutcome, Filling, Intent, Log, Note, Outcome, PlannedDelivery, Reader,
        Record, RecordedCertificate, RecordedContent, RecordedMatrix, RecordedRecipient,
        RecordedRevocation, RecordedRisk, RecordedRule, RecordedSource, RecordedTls,
        RecordedTransport, Reply, Signatures, Started, verify_folder_with,
    },
    report::{self, Builder, Desk, Detail, Period, Report},
    words::{Lang, Words},
};

const ROWS: u64 = 1_000_000;
const BATCH: usize = 10_000;
const APPENDS: u32 = 1_000;

fn main() {
    // `cargo test` runs benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let rows = std::env::var("SEGL_BENCH_ROWS").ok();
    let rows = rows.and_then(|r| r.parse().ok()).unwrap_or(ROWS);
    let own = tempfile::tempdir().expect("a folder");
    let dir = std::env::var_os("SEGL_BENCH_DIR").map_or(own.path().to_owned(), PathBuf::from);
    let key = obtain(&dir, &KeySource::File(dir.join("store.key"))).expect("a key");
    fill(&dir, &key, rows);
    let size = |name: &str| std::fs::metadata(dir.join(name)).map_or(0, |m| m.len()) >> 20;
    println!("{rows} rows in {} MiB", size("record.sqlite"));

    let found = verify_folder_with(&dir, &[], Signatures::Enough).expect("a record");
    assert!(found.intact, "{found:?}");
    let verified = best(5, || {
        verify_folder_with(&dir, &[], Signatures::Enough).expect("a record")
    });
    println!(
        "verify, every link and payload and {} signatures: {}",
        found.signatures,
        told(verified)
    );
    let every = best(1, || {
        verify_folder_with(&dir, &[], Signatures::Every).expect("a record")
    });
    println!("verify, every signature too: {}", told(every));

    let read = best(3, || reported(&dir, &key));
    let report = reported(&dir, &key);
    println!(
        "report of the year, {} mails, {} not end to end, without the check: {}; with it: {}",
        report.totals.mails,
        report.not_end_to_end.len(),
        told(read),
        told(read + verified)
    );
    let words = Words::new(Lang::Da);
    let html = best(3, || report::html(&report, &words));
    let json = best(3, || serde_json::to_vec(&report).expect("JSON"));
    println!("written as JSON: {}, as HTML: {}", told(json), told(html));
    let pdf = best(1, || report::pdf(&report, &words).expect("a PDF"));
    let pages = report::pdf(&report, &words).expect("a PDF").len() >> 20;
    println!("as PDF ({pages} MiB): {}", told(pdf));
    println!(
        "altogether, check, reading and HTML: {}",
        told(read + verified + html)
    );
    appends();
}

fn appends() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = StoreKey::ephemeral().expect("a key");
    let record = Record::open(dir.path(), &key, at(0)).expect("a record");
    let note = || Note {
        code: "bench".to_owned(),
        text: "x".repeat(400),
        about: None,
        head: None,
    };
    let mut each = times(|| {
        record.append(note(), at(1)).expect("a row");
    });
    println!("{APPENDS} durable rows: {}", spread(&mut each));
    let mut file = File::create(dir.path().join("bare")).expect("a file");
    let mut each = times(|| {
        file.write_all(&[7; 4096]).expect("octets");
        file.sync_data().expect("durable");
    });
    println!(
        "{APPENDS} times 4 KiB and fsync, bare: {}",
        spread(&mut each)
    );
}

fn times(mut call: impl FnMut()) -> Vec<Duration> {
    (0..APPENDS)
        .map(|_| {
            let begun = Instant::now();
            call();
            begun.elapsed()
        })
        .collect()
}

fn spread(each: &mut [Duration]) -> String {
    each.sort();
    let whole: Duration = each.iter().sum();
    let at = |share: usize| each[each.len() * share / 100];
    let us = |d: Duration| d.as_secs_f64() * 1e6;
    format!(
        "{:.2} s, median {:.0} µs, 95 of 100 within {:.0} µs",
        whole.as_secs_f64(),
        us(at(50)),
        us(at(95))
    )
}

fn reported(dir: &Path, key: &StoreKey) -> Report {
    let day = |text: &str| text.parse().expect("a day");
    let zone = TimeZone::get("Europe/Copenhagen").unwrap_or(TimeZone::UTC);
    let year = Period::of_days(day("2026-01-01"), day("2026-12-31"), &zone).expect("a year");
    let mut builder = Builder::new(year, Detail::Exposed);
    let log = Log::open(dir, Some(key)).expect("a record");
    builder.desk(Desk {
        installation: log.installation().expect("a name"),
        ..Desk::default()
    });
    let (begin, end) = (builder.period().begin, builder.period().end);
    log.history(begin, end, &mut |happened| builder.happened(happened))
        .expect("a history");
    builder.finish(at(0), "bench")
}

fn best<T>(runs: u32, mut call: impl FnMut() -> T) -> Duration {
    let one = |_| {
        let begun = Instant::now();
        std::hint::black_box(call());
        begun.elapsed()
    };
    (0..runs).map(one).min().unwrap_or_default()
}

fn told(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

/// A time in the year, by the share of the rows.
fn at(minutes: i64) -> Timestamp {
    let begin: Timestamp = "2026-01-01T07:00:00Z".parse().expect("a time");
    begin + SignedDuration::from_mins(minutes)
}

fn fill(dir: &Path, key: &StoreKey, rows: u64) {
    let record = Record::open(dir, key, at(0)).expect("a record");
    let begun = Instant::now();
    let mut written = record.head().expect("a head").seq;
    if written > 0 {
        return;
    }
    let year = 364 * 24 * 60;
    while written + 1 < rows {
        let many = BATCH.min(usize::try_from(rows - written - 1).expect("a number"));
        let mut make = |seq: u64| {
            let at = at(i64::try_from(seq * year / rows).expect("minutes"));
            (row(seq, at), at)
        };
        let head = record.fill(many, &mut make, at(0)).expect("rows");
        written = head.expect("a row").seq;
    }
    println!("written in batches of {BATCH} in {}", told(begun.elapsed()));
}

/// Every third row is an Intent, with its Started and its Outcome after it.
fn row(seq: u64, at: Timestamp) -> Filling {
    let first = (seq - 1) / 3 * 3 + 1;
    match seq - first {
        0 => Filling::Intent(Box::new(intent(seq, at))),
        1 => Filling::Started(Started {
            intent: first,
            delivery: 0,
        }),
        _ => Filling::Outcome(Outcome {
            intent: first,
            delivery: 0,
            outcome: DeliveryOutcome::Sent,
            replies: vec![Reply {
                address: address(first),
                reply: "250 2.1.5 Ok".to_owned(),
            }],
            reply: Some("250 2.0.0 Ok: queued as 4f5a9c0d1e".to_owned()),
            tls: Some(RecordedTls {
                version: "TLSv1.3".to_owned(),
                cipher: "TLS13_AES_256_GCM_SHA384".to_owned(),
                chain_sha256: vec!["ab".repeat(32), "cd".repeat(32)],
            }),
            at,
            recovered: false,
        }),
    }
}

fn address(seq: u64) -> String {
    format!("modtager-{}@firma-{}.eksempel.dk", seq % 9973, seq % 1511)
}

/// Of ten, eight are encrypted to a person, one stays in the house, one is not encrypted.
fn intent(seq: u64, at: Timestamp) -> Intent {
    let route = match seq / 3 % 10 {
        0 => "tls",
        1 => "internal",
        _ => "person",
    };
    let is_exposed = route == "tls";
    let (certificates, readers) = if route == "person" {
        (vec![certificate(at)], vec![reader()])
    } else {
        (Vec::new(), Vec::new())
    };
    let recipient = RecordedRecipient {
        address: address(seq),
        kind: Kind::To,
        route: route.to_owned(),
        light: if is_exposed { "red" } else { "green" }.to_owned(),
        certificates,
        problems: Vec::new(),
        evidence_from: Some(at),
        tunnel: None,
        transport: (route != "person").then(|| RecordedTransport {
            level: "published".to_owned(),
            seen: "published".to_owned(),
            checked_at: Some(at),
            promised: Vec::new(),
            findings: None,
        }),
        risk: Some(RecordedRisk {
            impact: 3,
            probability: if is_exposed { 3 } else { 1 },
            band: if is_exposed { "medium" } else { "low" }.to_owned(),
        }),
        rule: (route != "person").then(|| RecordedRule {
            fallback: "ask".to_owned(),
            from: "policy.fallback".to_owned(),
        }),
    };
    Intent {
        draft: format!("{seq:032x}"),
        message_id: format!("<{seq:032x}@advokat-eksempel.dk>"),
        date: "Mon, 5 Jan 2026 11:30:00 +0100".to_owned(),
        again_of: None,
        surface: "window".to_owned(),
        account: "anne".to_owned(),
        version: "0.1.0".to_owned(),
        settings_sha256: "cc".repeat(32),
        policy_sha256: Some("dd".repeat(32)),
        revocation: Some("grace:24h".to_owned()),
        clock: Some("agrees".to_owned()),
        relay: None,
        identity: "anne@advokat-eksempel.dk".to_owned(),
        deliveries: vec![PlannedDelivery {
            index: 0,
            route: route.to_owned(),
            mail_from: "anne@advokat-eksempel.dk".to_owned(),
            rcpt_to: vec![recipient],
            sha256: "bb".repeat(32),
            size: 12_345,
            readers,
            further: Vec::new(),
            requires_tls: false,
            signed_by: Some("ee".repeat(32)),
            wrapped_to: None,
        }],
        consents: is_exposed
            .then(|| Consent {
                address: address(seq),
                who: "anne".to_owned(),
                surface: "window".to_owned(),
                at,
                reason_code: "urgent".to_owned(),
                reason_text: Some("frist i dag".to_owned()),
                warning_sha256: "dd".repeat(32),
                standing: None,
            })
            .into_iter()
            .collect(),
        content: Some(RecordedContent {
            class: "confidential".to_owned(),
            given: None,
            categories: vec!["cpr".to_owned()],
            dismissed: Vec::new(),
            not_examined: 0,
        }),
        matrix: Some(RecordedMatrix {
            version: "2026-1".to_owned(),
            sha256: "11".repeat(32),
            assessment_sha256: Some("22".repeat(32)),
        }),
        content_sha256: "ff".repeat(32),
    }
}

fn certificate(at: Timestamp) -> RecordedCertificate {
    RecordedCertificate {
        sha256: "aa".repeat(32),
        issuer: "CN=Eksempel udstedende CA 1,O=Eksempel,C=DK".to_owned(),
        serial: "0123456789abcdef0123456789abcdef".to_owned(),
        not_after: at + SignedDuration::from_hours(24 * 365),
        source: "OCES".to_owned(),
        binding: Some("address".to_owned()),
        pinned_at: None,
        revocation: vec![RecordedRevocation {
            sha256: "aa".repeat(32),
            state: "good".to_owned(),
            sources: vec![RecordedSource {
                kind: "ocsp".to_owned(),
                name: "ocsp.ca-eksempel.dk".to_owned(),
                this_update: at,
                next_update: Some(at + SignedDuration::from_hours(12)),
                sha256: "99".repeat(32),
            }],
            revoked_at: None,
            reason: None,
            unknown: None,
            ruling: "current".to_owned(),
        }],
    }
}

fn reader() -> Reader {
    Reader {
        issuer: "CN=Eksempel udstedende CA 1,O=Eksempel,C=DK".to_owned(),
        serial: "0123456789abcdef0123456789abcdef".to_owned(),
    }
}
