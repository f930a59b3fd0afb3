//! The log shipped to a folder that IT names, and one report over all desks.

use std::{fs, path::PathBuf};

use jiff::tz::TimeZone;
use openssl::{pkcs12::Pkcs12, x509::X509};
use segl::demo::{Issued, KeyChoice, Leaf};
use serde_json::{Value, json};

use super::desk::{Desk, Ran, now};

/// A folder that several desks ship to, and IT's key.
struct Firm {
    ship: tempfile::TempDir,
}

impl Firm {
    fn new() -> Self {
        Self {
            ship: tempfile::tempdir().unwrap(),
        }
    }

    /// A desk that ships, and IT's certificate as its own authority issued it.
    fn desk(&self) -> (Desk, Issued) {
        let desk = Desk::new();
        let leaf = Leaf::mail("IT", "it@advokat-eksempel.dk").with_key(KeyChoice::Shared(2010));
        let it = desk.demo.world().issuing.issue(&leaf).unwrap();
        fs::write(desk.path("it.cer"), &it.der).unwrap();
        let config = fs::read_to_string(desk.demo.config_path()).unwrap();
        let named = format!(
            "{config}\n[identity]\nrecovery = \"it.cer\"\n[record]\nship_to = \"{}\"\n",
            self.ship.path().display()
        );
        fs::write(desk.demo.config_path(), named).unwrap();
        (desk, it)
    }

    fn files(&self, end: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for desk in fs::read_dir(self.ship.path()).unwrap() {
            for file in fs::read_dir(desk.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                if path.to_string_lossy().ends_with(end) {
                    files.push(path);
                }
            }
        }
        files.sort();
        files
    }
}

fn key_file(desk: &Desk, of: &Issued) {
    let certificate = X509::from_der(&of.der).unwrap();
    let mut builder = Pkcs12::builder();
    builder.pkey(&of.key).cert(&certificate);
    let octets = builder.build2("it-ord").unwrap().to_der().unwrap();
    fs::write(desk.path("it.p12"), octets).unwrap();
    fs::write(desk.path("it.txt"), "it-ord\n").unwrap();
}

fn someone(desk: &Desk, pick: impl Fn(&segl::demo::Person) -> bool) -> String {
    let people = &desk.demo.world().people;
    people.iter().find(|p| pick(p)).unwrap().address.clone()
}

fn green(desk: &Desk) -> String {
    someone(desk, |p| p.wanted.route == "person")
}

fn report(at: &Desk, more: &[&str]) -> (Ran, Value) {
    let today = now().to_zoned(TimeZone::UTC).date();
    let from = today.yesterday().unwrap().to_string();
    let to = today.tomorrow().unwrap().to_string();
    let ran = at.segl(&[&["report", "--from", &from, "--to", &to], more].concat());
    let told = serde_json::from_str(&ran.stdout).unwrap_or_default();
    (ran, told)
}

fn with_key<'a>(firm: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["--include", firm, "--key", "it.p12"];
    [&fixed[..], &["--key-password-file", "it.txt"], more].concat()
}

#[test]
fn one_report_speaks_for_all_desks_that_shipped_and_names_those_that_did_not() {
    let firm = Firm::new();
    let ((one, its_own), (two, it)) = (firm.desk(), firm.desk());
    assert_eq!(one.send(&["--to", &green(&one)]).code, 0);
    let none = someone(&two, |p| p.wanted.status == "not-found");
    let ran = two.send(&["--to", &none, "--accept-fallback", "urgent: frist i dag"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    // Each shipped by itself when it had sent.
    assert_eq!(firm.files(".segment").len(), 2);
    assert_eq!(firm.files(".key.eml").len(), 2);
    for file in firm.files("") {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(
            !text.contains(&none) && !text.contains("frist i dag"),
            "{file:?}"
        );
    }

    // A third, which ships nothing and has IT's keys (each desk of the demo has an authority of its own, so IT has a
    // certificate of each). Its own authority is another, which is no matter for opening.
    let central = Desk::new();
    key_file(&central, &its_own);
    fs::rename(central.path("it.p12"), central.path("one.p12")).unwrap();
    key_file(&central, &it);
    let missing = "00112233445566778899aabbccddeeff";
    fs::write(
        central.path("desks.txt"),
        format!("# bordene\n{missing}  Skranken\n"),
    )
    .unwrap();
    let place = firm.ship.path().to_str().unwrap();
    let (ran, told) = report(
        &central,
        &with_key(place, &["--expect", "desks.txt", "--key", "one.p12"]),
    );
    assert_eq!(ran.code, 1, "one is missing: {ran:?}");
    assert_eq!(told["desks"].as_array().unwrap().len(), 3);
    assert_eq!(told["totals"]["mails"], 2, "{told:#}");
    assert_eq!(told["not_end_to_end"][0]["reason"]["text"], "frist i dag");
    for desk in &told["desks"].as_array().unwrap()[1..] {
        assert_eq!(desk["chain"]["intact"], true, "{desk:#}");
        assert_eq!(desk["chain"]["shipped"], true);
    }
    let absent = told["absent"].as_array().unwrap();
    assert_eq!(absent.len(), 1, "{absent:?}");
    assert_eq!(absent[0]["code"], "not-shipped");
    assert!(absent[0]["source"].as_str().unwrap().contains("Skranken"));

    // Without the key the rows are counted, and said not to open.
    let (ran, told) = report(&central, &["--include", place]);
    assert_eq!(ran.code, 1);
    assert_eq!(told["totals"]["mails"], 0);
    assert!(
        told["removed"]["unreadable"]["intent"].as_u64() >= Some(2),
        "{told:#}"
    );
    let codes: Vec<&Value> = told["absent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["code"])
        .collect();
    assert_eq!(codes, [&json!("other-key"), &json!("other-key")]);
}

#[test]
fn a_gap_a_changed_file_and_a_history_written_anew_show_in_the_report() {
    let firm = Firm::new();
    let (desk, it) = firm.desk();
    assert_eq!(desk.send(&["--to", &green(&desk)]).code, 0);
    let first = firm.files(".segment");
    let data = super::record::database_of(desk.demo.folder());
    let before = tempfile::tempdir().unwrap();
    for name in ["record.sqlite", "record.head"] {
        fs::copy(data.with_file_name(name), before.path().join(name)).unwrap();
    }
    assert_eq!(desk.send(&["--to", &green(&desk)]).code, 0);
    assert_eq!(
        firm.files(".segment"),
        first,
        "within the hour they are gathered"
    );
    let ran = desk.segl(&["log", "ship", "--json"]);
    assert_eq!((ran.code, ran.json()["rows"].as_u64() > Some(2)), (0, true));
    let second: Vec<PathBuf> = firm
        .files(".segment")
        .into_iter()
        .filter(|f| !first.contains(f))
        .collect();
    assert_eq!(second.len(), 1);

    let central = Desk::new();
    key_file(&central, &it);
    let place = firm.ship.path().to_str().unwrap();
    let look = || report(&central, &with_key(place, &[]));
    let (ran, told) = look();
    assert_eq!(
        (ran.code, &told["totals"]["mails"]),
        (0, &json!(2)),
        "{told:#}"
    );

    // The first file is lost: what comes after it hangs in the air.
    let kept = fs::read(&first[0]).unwrap();
    fs::remove_file(&first[0]).unwrap();
    let (ran, told) = look();
    assert_eq!(ran.code, 1);
    let bad = &told["desks"][1]["chain"]["first_bad"];
    assert_eq!(
        (&bad["seq"], &bad["reason"]),
        (&json!(0), &json!("missing"))
    );
    // It comes back when the desk ships anew, beside what is there.
    assert_eq!(desk.segl(&["log", "ship", "--anew"]).code, 0);
    assert_eq!(look().0.code, 0);
    fs::write(&first[0], &kept).unwrap();
    assert_eq!(look().0.code, 0, "the same row twice is no harm");

    // Somebody changes a file: its signature no longer holds, and it is named.
    let mut changed = fs::read(&second[0]).unwrap();
    let end = changed.len() - 10;
    changed[end] ^= 1;
    let other = first[0].with_file_name("000000000999-00000000.segment");
    fs::write(&other, changed).unwrap();
    let (ran, told) = look();
    assert_eq!(
        (ran.code, &told["absent"][0]["code"]),
        (1, &json!("unreadable"))
    );
    fs::remove_file(&other).unwrap();

    // The desk's record is put back to what it was, and goes on from there: a second history.
    for name in ["record.sqlite-wal", "record.sqlite-shm"] {
        let _none = fs::remove_file(data.with_file_name(name));
    }
    for name in ["record.sqlite", "record.head"] {
        fs::copy(before.path().join(name), data.with_file_name(name)).unwrap();
    }
    assert_eq!(desk.send(&["--to", &green(&desk)]).code, 0);
    assert_eq!(desk.segl(&["log", "ship"]).code, 0);
    assert_eq!(
        desk.segl(&["log", "verify"]).code,
        0,
        "the desk alone cannot show it"
    );
    let (ran, told) = look();
    assert_eq!(ran.code, 1);
    assert_eq!(
        told["desks"][1]["chain"]["first_bad"]["reason"], "head-mismatch",
        "{told:#}"
    );
}

#[test]
fn a_folder_that_is_away_keeps_no_mail_and_is_told_by_doctor_until_it_is_back() {
    let firm = Firm::new();
    let (desk, _) = firm.desk();
    let place = firm.ship.path().to_owned();
    let away = place.with_extension("away");
    fs::rename(&place, &away).unwrap();
    let ran = desk.send(&["--to", &green(&desk)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = desk.segl(&["log", "ship"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("No mail waits"), "{ran:?}");
    let doctor = desk.segl(&["doctor"]).stdout;
    assert!(doctor.contains("has not been shipped"), "{doctor}");
    fs::rename(&away, &place).unwrap();
    let shipped = desk.segl(&["log", "ship", "--json"]).json();
    assert!(shipped["rows"].as_u64() > Some(2), "{shipped}");
    let doctor = desk.segl(&["doctor"]).stdout;
    assert!(doctor.contains("was last shipped"), "{doctor}");
    // Nothing new: a file without rows says that.
    let again = desk.segl(&["log", "ship", "--json"]).json();
    assert_eq!(again["rows"], 0);
    assert_eq!(firm.files(".segment").len(), 2);
}

#[test]
fn without_its_certificate_nothing_is_shipped_that_it_could_not_read() {
    let firm = Firm::new();
    let (desk, _) = firm.desk();
    desk.edit("recovery = \"it.cer\"\n", "");
    let ran = desk.send(&["--to", &green(&desk)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = desk.segl(&["log", "ship"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("certificate for recovery"), "{ran:?}");
    assert!(firm.files("").is_empty());
    assert!(
        desk.segl(&["doctor"])
            .stdout
            .contains("certificate for recovery")
    );
}
