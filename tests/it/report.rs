//! The report: what an authority asks of the record, answered whole, and nothing left out in silence.

use std::fs;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use segl::record::{
    DeliveryOutcome, Evidence, Intent, Log, Record, RecordedContent, RecordedMatrix, RecordedRisk,
    RecordedRule, RecordedTransport, SendLock, Started,
};
use segl::report::{Builder, Desk as ReportDesk, Detail, Period, Report};
use segl::words::{Lang, Words};
use serde_json::{Value, json};

use super::desk::Desk;
use super::record::{intent, key, later, now, open, outcome};

/// The days around the fixed time of the record's tests.
fn autumn() -> Period {
    Period::of_days(
        "2026-10-01".parse().unwrap(),
        "2026-12-31".parse().unwrap(),
        &TimeZone::UTC,
    )
    .unwrap()
}

fn reported(
    dir: &std::path::Path,
    period: Period,
    detail: Detail,
) -> (Report, Vec<segl::report::Row>) {
    let log = Log::open(dir, Some(&key(dir))).unwrap();
    let mut builder = Builder::new(period, detail);
    builder.desk(ReportDesk {
        installation: log.installation().unwrap(),
        ..ReportDesk::default()
    });
    let (begin, end) = (builder.period().begin, builder.period().end);
    log.history(begin, end, &mut |h| builder.happened(h))
        .unwrap();
    let rows = builder.take_rows();
    (builder.finish(later(90), "0"), rows)
}

/// An Intent to one recipient who was not encrypted to.
pub(crate) fn exposed(draft: &str, class: &str, level: &str, checked: Option<Timestamp>) -> Intent {
    let mut intent = intent(draft, 1);
    let delivery = &mut intent.deliveries[0];
    delivery.route = "tls".to_owned();
    let recipient = &mut delivery.rcpt_to[0];
    recipient.route = "tls".to_owned();
    recipient.light = "red".to_owned();
    recipient.certificates.clear();
    recipient.address = "eva@z.example".to_owned();
    recipient.transport = Some(RecordedTransport {
        level: level.to_owned(),
        seen: level.to_owned(),
        checked_at: checked,
        promised: Vec::new(),
        findings: None,
    });
    recipient.risk = Some(RecordedRisk {
        impact: 3,
        probability: 4,
        band: "medium".to_owned(),
    });
    recipient.rule = Some(RecordedRule {
        fallback: "ask".to_owned(),
        from: "policy.fallback".to_owned(),
    });
    intent.content = Some(RecordedContent {
        class: class.to_owned(),
        given: None,
        categories: vec!["cpr".to_owned()],
        dismissed: Vec::new(),
        not_examined: 1,
    });
    intent.matrix = Some(RecordedMatrix {
        version: "2026-1".to_owned(),
        sha256: "11".repeat(32),
        assessment_sha256: Some("22".repeat(32)),
    });
    intent
}

fn send(
    record: &Record,
    lock: &SendLock,
    intent: Intent,
    ended: Option<DeliveryOutcome>,
    at: Timestamp,
) -> u64 {
    let deliveries: Vec<u32> = intent.deliveries.iter().map(|d| d.index).collect();
    let seq = record.append_intent(lock, intent, at).unwrap().seq;
    for delivery in deliveries {
        record
            .append_started(
                lock,
                Started {
                    intent: seq,
                    delivery,
                },
                at,
            )
            .unwrap();
        if let Some(ended) = ended {
            record
                .append_outcome(lock, outcome(seq, delivery, ended), at)
                .unwrap();
        }
    }
    seq
}

#[test]
fn each_recipient_is_counted_once_by_way_class_risk_and_outcome() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    send(
        &record,
        &lock,
        intent("a", 2),
        Some(DeliveryOutcome::Sent),
        now(),
    );
    let seen = Some(now());
    send(
        &record,
        &lock,
        exposed("b", "confidential", "offered", seen),
        Some(DeliveryOutcome::Sent),
        later(7),
    );
    send(
        &record,
        &lock,
        exposed("c", "sensitive", "none", None),
        Some(DeliveryOutcome::Rejected),
        later(7),
    );
    send(
        &record,
        &lock,
        exposed("d", "confidential", "published", seen),
        Some(DeliveryOutcome::Unconfirmed),
        later(8),
    );
    send(
        &record,
        &lock,
        exposed("e", "confidential", "offered", None),
        None,
        later(9),
    );
    // Outside the period.
    send(
        &record,
        &lock,
        exposed("f", "confidential", "offered", seen),
        Some(DeliveryOutcome::Sent),
        later(100),
    );

    let (report, rows) = reported(dir.path(), autumn(), Detail::All);
    assert_eq!(rows.len(), 6);
    assert_eq!((report.totals.mails, report.totals.recipients), (3, 4));
    assert_eq!(
        (report.totals.end_to_end, report.totals.not_end_to_end),
        (2, 2)
    );
    let tls = report.routes.iter().find(|r| r.route == "tls").unwrap();
    assert_eq!(
        (tls.sent, tls.unconfirmed, tls.rejected, tls.open),
        (1, 1, 1, 1)
    );
    let weeks: Vec<&str> = report.weeks.iter().map(|w| w.week.as_str()).collect();
    assert_eq!(weeks, ["2026-W41", "2026-W42"]);
    let told: Vec<(&str, &str)> = report
        .not_end_to_end
        .iter()
        .map(|e| (e.level.as_deref().unwrap(), e.outcome.as_str()))
        .collect();
    assert_eq!(told, [("offered", "sent"), ("published", "unconfirmed")]);
    let first = &report.not_end_to_end[0];
    assert_eq!(first.reason.as_ref().unwrap().code, "urgent");
    assert_eq!(first.categories, ["cpr"]);
    assert_eq!(first.checked_at, Some(now()));
    let failed: Vec<&str> = report.failed.iter().map(|f| f.outcome.as_str()).collect();
    assert_eq!(failed, ["rejected", "unconfirmed", "open"]);
    let risks: Vec<(&str, &str, u64)> = report
        .risks
        .iter()
        .map(|r| (r.class.as_str(), r.band.as_str(), r.recipients))
        .collect();
    assert_eq!(
        risks,
        [
            ("confidential", "medium", 2),
            ("not-recorded", "not-recorded", 2)
        ]
    );
    assert_eq!(
        report.not_recorded.class, 2,
        "what an earlier version did not record is said"
    );
    let domain = report
        .domains
        .iter()
        .find(|d| d.domain == "z.example")
        .unwrap();
    assert_eq!(
        (domain.levels.len(), domain.checked_at, domain.unchecked),
        (2, Some(now()), 0)
    );
    assert_eq!(report.in_force.len(), 2);
    assert_eq!(report.in_force[1].risk_version.as_deref(), Some("2026-1"));
}

#[test]
fn what_was_removed_after_its_time_is_told_and_what_does_not_open_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    send(
        &record,
        &lock,
        exposed("a", "confidential", "offered", None),
        Some(DeliveryOutcome::Sent),
        now(),
    );
    let kept = exposed("b", "confidential", "offered", None);
    send(&record, &lock, kept, Some(DeliveryOutcome::Sent), later(40));
    record
        .purge_month("2026-10".parse().unwrap(), later(60))
        .unwrap();
    let (report, _) = reported(dir.path(), autumn(), Detail::Exposed);
    assert_eq!(report.totals.mails, 1);
    assert_eq!(report.removed.rows["intent"], 1);
    assert_eq!(
        report.removed.months.iter().collect::<Vec<_>>(),
        ["2026-10"]
    );
    assert!(report.removed.unreadable.is_empty());
    for (lang, told) in [
        (Lang::En, "removed after its time"),
        (Lang::Da, "fjernet efter sin tid"),
    ] {
        let page = segl::report::html(&report, &Words::new(lang));
        assert!(page.contains(told), "{page}");
    }

    let log = Log::open(dir.path(), None).unwrap();
    let mut builder = Builder::new(autumn(), Detail::Exposed);
    builder.desk(ReportDesk::default());
    let (begin, end) = (builder.period().begin, builder.period().end);
    log.history(begin, end, &mut |h| builder.happened(h))
        .unwrap();
    let without_key = builder.finish(later(90), "0");
    assert_eq!(
        without_key.removed.unreadable["intent"], 1,
        "no key is not a purge"
    );
}

#[test]
fn a_standing_assessment_is_told_with_how_often_it_was_used() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let content = json!({
        "covers": { "address": "eva@z.example" }, "class": "confidential", "level": "offered",
        "reason_code": "assessed", "reason_text": null, "who": "anne", "until": "2027-01-01T00:00:00Z",
    });
    let made = Evidence {
        code: "assessment".to_owned(),
        sha256: "33".repeat(32),
        content,
        about: None,
    };
    let row = record
        .append(made, now() - SignedDuration::from_hours(24 * 30))
        .unwrap()
        .seq;
    let mut under = exposed("a", "confidential", "offered", Some(now()));
    under.consents[0].standing = Some(row);
    send(&record, &lock, under, Some(DeliveryOutcome::Sent), now());
    let (report, _) = reported(dir.path(), autumn(), Detail::Exposed);
    assert_eq!(
        report.standing.len(),
        1,
        "made before the period, used in it"
    );
    assert_eq!(
        (report.standing[0].used, report.standing[0].covers.as_str()),
        (1, "eva@z.example")
    );
    assert_eq!(report.not_end_to_end[0].standing, Some(row));
}

/// Counts elements and their attributes; the page is well-formed XML by itself, so an outside parser can judge it.
fn elements(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let body = page.strip_prefix("<!DOCTYPE html>").unwrap();
    let mut reader = quick_xml::Reader::from_str(body);
    reader.config_mut().check_end_names = true;
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => {
                let attributes = e.attributes().map(|a| {
                    let a = a.unwrap();
                    (
                        String::from_utf8(a.key.as_ref().to_vec()).unwrap(),
                        String::from_utf8(a.value.to_vec()).unwrap(),
                    )
                });
                let name = String::from_utf8(e.name().as_ref().to_vec()).unwrap();
                found.push((name, attributes.collect()));
            }
            quick_xml::events::Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn the_page_is_whole_in_itself_and_fit_for_a_screen_reader() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let mut hostile = exposed("a", "confidential", "offered", Some(now()));
    hostile.consents[0].reason_text = Some("<script>alert(1)</script> & \u{202E}".to_owned());
    send(&record, &lock, hostile, Some(DeliveryOutcome::Sent), now());
    let (report, _) = reported(dir.path(), autumn(), Detail::Exposed);
    for lang in [Lang::Da, Lang::En] {
        let page = segl::report::html(&report, &Words::new(lang));
        assert!(!page.contains('⟨'), "a key without words: {page}");
        let elements = elements(&page);
        let all = |name: &str| {
            elements
                .iter()
                .filter(|(n, _)| n == name)
                .collect::<Vec<_>>()
        };
        let has =
            |attributes: &[(String, String)], name: &str| attributes.iter().any(|(n, _)| n == name);
        assert_eq!(
            all("html")[0].1[0],
            ("lang".to_owned(), lang.tag().to_owned())
        );
        assert_eq!(all("h1").len(), 1);
        assert_eq!(all("h2").len(), 9);
        assert!(all("h3").is_empty(), "no level is left out");
        assert!(all("script").is_empty() && all("link").is_empty() && all("img").is_empty());
        assert!(
            !page.contains("http:")
                || page.matches("http:").count()
                    == page.matches("http://www.w3.org/2000/svg").count()
        );
        assert!(all("th").iter().all(|(_, a)| has(a, "scope")));
        assert_eq!(all("table").len(), all("caption").len());
        assert_eq!((all("svg").len(), all("desc").len()), (2, 2));
        for (_, attributes) in all("svg") {
            let named = attributes
                .iter()
                .find(|(n, _)| n == "aria-labelledby")
                .unwrap();
            for id in named.1.split(' ') {
                assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1);
            }
        }
        assert!(page.contains("&lt;script&gt;") && page.contains("\\u{202E}"));
    }
}

#[test]
fn a_cell_of_the_table_is_no_formula() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let mut hostile = exposed("a", "confidential", "offered", None);
    hostile.consents[0].reason_text = Some("=HYPERLINK(\"x\")".to_owned());
    send(&record, &lock, hostile, Some(DeliveryOutcome::Sent), now());
    let (_, rows) = reported(dir.path(), autumn(), Detail::All);
    let text = String::from_utf8(segl::report::csv(&rows)).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let of = |name: &str| {
        row.get(names.iter().position(|n| n == name).unwrap())
            .unwrap()
            .to_owned()
    };
    assert_eq!(of("reason_text"), "'=HYPERLINK(\"x\")");
    assert_eq!(
        (of("to"), of("risk"), of("class")),
        (
            "eva@z.example".into(),
            "medium".into(),
            "confidential".into()
        )
    );
}

fn this_year() -> [String; 4] {
    let today = super::desk::now().to_zoned(TimeZone::UTC).date();
    [
        "--from".to_owned(),
        today.yesterday().unwrap().to_string(),
        "--to".to_owned(),
        today.tomorrow().unwrap().to_string(),
    ]
}

fn report(desk: &Desk, more: &[&str]) -> super::desk::Ran {
    let days = this_year();
    let mut arguments = vec!["report"];
    arguments.extend(days.iter().map(String::as_str));
    arguments.extend(more);
    desk.segl(&arguments)
}

#[test]
fn the_command_reports_what_was_really_sent_in_every_form() {
    let desk = Desk::new();
    let people = &desk.demo.world().people;
    let green = people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap()
        .address
        .clone();
    let none = people
        .iter()
        .find(|p| p.wanted.status == "not-found")
        .unwrap()
        .address
        .clone();
    assert_eq!(desk.send(&["--to", &green]).code, 0);
    let ran = desk.send(&["--to", &none, "--accept-fallback", "urgent: frist i dag"]);
    assert_eq!(ran.code, 0, "{ran:?}");

    let ran = report(&desk, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&told["schema"], &told["totals"]["mails"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(told["desks"][0]["chain"]["intact"], true);
    let clear = &told["not_end_to_end"];
    assert_eq!(clear.as_array().unwrap().len(), 1);
    assert_eq!(
        (&clear[0]["to"], &clear[0]["reason"]["text"]),
        (&json!(none), &json!("frist i dag"))
    );
    assert_eq!(clear[0]["risk"]["band"], "medium");
    assert!(told["in_force"][0]["risk_sha256"].is_string());
    let senders = told["senders"].as_array().unwrap();
    assert!(
        senders
            .iter()
            .any(|s| s["configured"] == true && s["mails"] == 2),
        "{senders:?}"
    );

    let file = desk.path("rapport.html");
    let named = file.to_str().unwrap();
    let ran = report(&desk, &["--format", "html", "--lang", "da", "--out", named]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains("lang=\"da\"") && page.contains("frist i dag") && page.contains(&none));
    assert!(
        !page.contains("Prøve") && !page.contains("Rødgrød"),
        "neither subject nor text"
    );
    assert_eq!(
        report(&desk, &["--format", "html", "--out", named]).code,
        2,
        "never over a file"
    );

    let ran = report(&desk, &["--format", "csv"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 3), "{ran:?}");

    let ran = desk.segl(&["report", "--from", "2026-12-01", "--to", "2026-11-01"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("2026-11-01"), "{ran:?}");
}

#[test]
fn a_broken_log_is_reported_on_and_said_to_be_broken() {
    let desk = Desk::new();
    let people = &desk.demo.world().people;
    let green = people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap()
        .address
        .clone();
    assert_eq!(desk.send(&["--to", &green]).code, 0);
    let data: Value = serde_json::from_str(&report(&desk, &[]).stdout).unwrap();
    assert_eq!(data["desks"][0]["chain"]["intact"], true);
    let database = super::record::database_of(desk.demo.folder());
    super::record::tampered(database.parent().unwrap())
        .execute("UPDATE record SET at = at + 1 WHERE seq = 1", [])
        .unwrap();
    let ran = report(&desk, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(told["desks"][0]["chain"]["first_bad"]["seq"], 1);
    assert!(ran.stderr.contains("no. 1"), "{ran:?}");
}

#[test]
fn the_pdf_is_tagged_and_says_what_the_page_says() {
    let dir = tempfile::tempdir().unwrap();
    let record = open(dir.path());
    let lock = SendLock::acquire(dir.path()).unwrap();
    let mut long = exposed("a", "confidential", "offered", Some(now()));
    long.consents[0].reason_text =
        Some("blåbærgrød og en meget lang begrundelse ".repeat(120) + "日");
    send(&record, &lock, long, Some(DeliveryOutcome::Sent), now());
    for n in 0..60 {
        let one = exposed(&format!("d{n}"), "sensitive", "none", None);
        send(
            &record,
            &lock,
            one,
            Some(DeliveryOutcome::Sent),
            later(n / 7),
        );
    }
    let (report, _) = reported(dir.path(), autumn(), Detail::Exposed);
    let file = dir.path().join("rapport.pdf");
    fs::write(
        &file,
        segl::report::pdf(&report, &Words::new(Lang::Da)).unwrap(),
    )
    .unwrap();
    let judged = |name: &str, arguments: &[&str]| -> Option<String> {
        let mut tool = super::tools::tool(name)?;
        let ran = tool.args(arguments).arg(&file).output().unwrap();
        let told = String::from_utf8_lossy(&ran.stdout).into_owned();
        let errors = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(
            ran.status.success() && errors.is_empty(),
            "{name}: {told} {errors}"
        );
        Some(told)
    };
    if let Some(told) = judged("qpdf", &["--check"]) {
        assert!(
            told.contains("No syntax or stream encoding errors"),
            "{told}"
        );
    }
    if let Some(told) = judged("pdfinfo", &[]) {
        assert!(told.contains("Tagged:") && told.contains("yes"), "{told}");
        assert!(
            told.contains("Rapport om sendte mails, 2026-10-01 til 2026-12-31"),
            "{told}"
        );
    }
    if let Some(tree) = judged("pdfinfo", &["-struct-text"]) {
        for wanted in [
            "H1",
            "H2",
            "Table",
            "TH",
            "TD",
            "Figure",
            "Scope",
            "eva@z.example",
            "blåbærgrød",
            "\\u{65E5}",
        ] {
            assert!(tree.contains(wanted), "{wanted} is not in the tree");
        }
        assert_eq!(
            tree.matches("\n    H2").count() + tree.matches("\n      H2").count(),
            9,
            "{tree}"
        );
        assert_eq!(tree.matches("Figure").count(), 2);
    }
    if let Some(fonts) = {
        let mut tool = super::tools::tool("pdffonts");
        tool.as_mut()
            .map(|t| String::from_utf8_lossy(&t.arg(&file).output().unwrap().stdout).into_owned())
    } {
        let line = fonts.lines().last().unwrap();
        assert!(
            line.starts_with("UbuntuLight") && line.contains("yes"),
            "embedded: {fonts}"
        );
    }
}

#[test]
fn the_command_line_removes_what_is_older_than_the_firm_keeps_and_the_chain_still_holds() {
    let desk = Desk::new();
    let people = &desk.demo.world().people;
    let green = people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap()
        .address
        .clone();
    assert_eq!(desk.send(&["--to", &green]).code, 0);
    let data = super::record::database_of(desk.demo.folder())
        .parent()
        .unwrap()
        .to_owned();
    let old = super::desk::now() - SignedDuration::from_hours(24 * 366 * 6);
    let key_file = data.join("store.key");
    let key_file = if key_file.exists() {
        key_file
    } else {
        desk.path("store.key")
    };
    let key = segl::keys::obtain(&data, &segl::keys::KeySource::File(key_file)).unwrap();
    let record = Record::open(&data, &key, super::desk::now()).unwrap();
    let lock = SendLock::acquire(&data).unwrap();
    let seq = send(
        &record,
        &lock,
        exposed("old", "confidential", "offered", None),
        Some(DeliveryOutcome::Sent),
        old,
    );
    drop((record, lock));
    let show = |seq: u64| {
        desk.segl(&["log", "show", &seq.to_string(), "--json"])
            .json()
    };
    assert!(show(seq)["payload"].is_object());
    assert_eq!(desk.send(&["--to", &green]).code, 0);
    assert_eq!(show(seq)["payload"], Value::Null, "five years are over");
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);
    let day = old.to_zoned(TimeZone::UTC).date().to_string();
    let ran = desk.segl(&["report", "--from", &day, "--to", &day]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &told["removed"]["rows"]["intent"]),
        (0, &json!(1)),
        "{ran:?}"
    );
}

#[test]
fn a_log_whose_end_is_broken_is_reported_on_and_not_set_aside_by_that() {
    let desk = Desk::new();
    let people = &desk.demo.world().people;
    let green = people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap()
        .address
        .clone();
    assert_eq!(desk.send(&["--to", &green]).code, 0);
    let database = super::record::database_of(desk.demo.folder());
    super::record::tampered(database.parent().unwrap())
        .execute("UPDATE record SET at = at + 1 WHERE seq = 3", [])
        .unwrap();
    let ran = report(&desk, &[]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &told["totals"]["mails"]),
        (1, &json!(1)),
        "{ran:?}"
    );
    assert_eq!(told["desks"][0]["chain"]["first_bad"]["seq"], 3);
}

#[test]
fn what_a_rule_refused_stands_in_the_log_without_content_and_in_the_report() {
    let desk = Desk::new();
    let people = &desk.demo.world().people;
    let none = people
        .iter()
        .find(|p| p.wanted.status == "not-found")
        .unwrap()
        .address
        .clone();
    desk.edit("fallback = \"ask\"", "fallback = \"forbid\"");
    let ran = desk.send(&["--to", &none, "--accept-fallback", "urgent: frist i dag"]);
    assert_eq!(
        (ran.code, &ran.json()["outcome"]),
        (1, &json!("refused")),
        "{ran:?}"
    );
    let rows = desk.segl(&["log", "list", "--json"]).json();
    let rows = rows.as_array().unwrap();
    let row = rows.iter().find(|r| r["kind"] == "refused").unwrap();
    let shown = desk
        .segl(&["log", "show", &row["seq"].to_string(), "--json"])
        .json();
    let payload = &shown["payload"];
    assert_eq!(payload["code"], "forbidden", "{payload:#}");
    assert_eq!(payload["surface"], "command-line");
    assert_eq!(payload["recipients"][0]["address"], json!(none));
    assert_eq!(payload["recipients"][0]["rule"]["fallback"], "forbid");
    assert_eq!(payload["class"], "confidential");
    let text = payload.to_string();
    for hidden in ["Prøve", "Rødgrød", "frist i dag"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    let (told, page) = (
        report(&desk, &[]).stdout,
        report(&desk, &["--format", "html", "--lang", "da"]).stdout,
    );
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["refused"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&told["refused"][0]["code"], &told["refused"][0]["to"]),
        (&json!("forbidden"), &json!([none]))
    );
    assert_eq!(told["totals"]["mails"], 0);
    assert!(page.contains("Afvist af en regel: 1"), "{page}");
    assert!(!page.contains(">forbidden<"), "in words: {page}");
}
