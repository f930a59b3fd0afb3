//! One letter to many: resumed from the record, never sent twice, one record a mail.

use std::{fmt::Write as _, fs, thread, time::Duration};

use serde_json::{Value, json};

use super::desk::{Desk, Ran, command};

struct Batch {
    desk: Desk,
    green: Vec<String>,
}

impl Batch {
    fn new() -> Self {
        let desk = Desk::new();
        let people = desk.demo.world().people.iter();
        let green = people.filter(|p| p.wanted.route == "person");
        Self {
            green: green.map(|p| p.address.clone()).collect(),
            desk,
        }
    }

    fn none(&self) -> String {
        let mut people = self.desk.demo.world().people.iter();
        people
            .find(|p| p.wanted.status == "not-found")
            .unwrap()
            .address
            .clone()
    }

    fn write(&self, list: &str, letter: &str) {
        fs::write(self.desk.path("list.csv"), list).unwrap();
        fs::write(self.desk.path("letter.txt"), letter).unwrap();
    }

    fn arguments() -> [&'static str; 7] {
        [
            "send",
            "--batch",
            "list.csv",
            "--template",
            "letter.txt",
            "--confirm-addresses",
            "--json",
        ]
    }

    fn run(&self, more: &[&str]) -> Ran {
        self.desk.segl(&[&Self::arguments()[..], more].concat())
    }

    fn kept(&self) -> Vec<String> {
        let kept = self.desk.demo.mail().kept();
        kept.iter().flat_map(|k| k.rcpt_to.clone()).collect()
    }
}

const LETTER: &str = "Emne: Sag {sag}\n\nK\u{e6}re {navn}\n";

fn outcomes(ran: &Ran) -> Vec<Value> {
    let value = ran.json();
    let rows = value["rows"].as_array().unwrap().iter();
    rows.map(|r| r["outcome"].clone()).collect()
}

#[test]
fn each_row_is_a_mail_of_its_own_and_the_same_batch_sends_nothing_twice() {
    let batch = Batch::new();
    let to = &batch.green[0];
    batch.write(
        &format!("\u{feff}To;navn;sag\n{to};Karen;17\n{to};Bo;18\n"),
        LETTER,
    );
    let ran = batch.run(&[]);
    assert_eq!(
        (ran.code, outcomes(&ran)),
        (0, vec![json!("sent"); 2]),
        "{ran:?}"
    );
    assert_eq!(batch.kept(), [to.clone(), to.clone()]);
    let text = String::from_utf8_lossy(&batch.desk.demo.mail().kept()[0].data).into_owned();
    assert!(text.contains("enveloped-data") && text.contains("Subject: Sag 17"));
    let again = batch.run(&[]);
    assert_eq!(
        (again.code, outcomes(&again)),
        (0, vec![json!("already-sent"); 2]),
        "{again:?}"
    );
    assert_eq!(batch.kept().len(), 2);
    // Another letter is another batch.
    batch.write(
        &format!("to;navn;sag\n{to};Karen;17\n"),
        "Emne: {sag}\n\nHej {navn}\n",
    );
    assert_eq!(batch.run(&[]).code, 0);
    assert_eq!(batch.kept().len(), 3);
    assert!(
        batch.desk.segl(&["log", "verify", "--json"]).json()["intact"]
            .as_bool()
            .unwrap()
    );
}

#[test]
fn what_is_wrong_with_one_row_stops_no_other_and_is_told() {
    let batch = Batch::new();
    let (green, none) = (&batch.green[0], batch.none());
    let list = format!(
        "to;navn;sag\n{green};Karen;17\n{none};Klaus;18\n{green};;19\nikke en adresse;x;20\n"
    );
    batch.write(&list, LETTER);
    let ran = batch.run(&[]);
    assert_eq!(ran.code, 3, "a part left: {ran:?}");
    assert_eq!(outcomes(&ran), ["sent", "refused", "failed", "failed"]);
    assert_eq!(ran.json()["rows"][2]["detail"]["code"], "not-filled-in");
    assert_eq!(batch.kept(), std::slice::from_ref(green));
    let accepted = batch.run(&["--accept-fallback", "nothing-confidential"]);
    assert_eq!(outcomes(&accepted)[..2], ["already-sent", "sent"]);
    assert_eq!(batch.kept().len(), 2);
}

#[test]
fn a_list_without_addresses_or_a_rate_that_is_none_sends_nothing() {
    let batch = Batch::new();
    batch.write("navn;sag\nKaren;17\n", LETTER);
    assert_eq!(batch.run(&[]).code, 2);
    batch.write(
        &format!("to;navn;sag\n{};Karen;17\n", batch.green[0]),
        LETTER,
    );
    for rate in ["0/s", "5", "x/m", "5/d"] {
        assert_eq!(batch.run(&["--rate", rate]).code, 2, "{rate}");
    }
    assert_eq!(batch.kept().len(), 0);
}

#[test]
fn a_batch_that_was_killed_goes_on_where_it_was_and_nobody_gets_it_twice() {
    let batch = Batch::new();
    let to = &batch.green[0];
    let rows: Vec<String> = (0..30).map(|i| format!("{to};Karen;{i}")).collect();
    batch.write(&format!("to;navn;sag\n{}\n", rows.join("\n")), LETTER);
    let mut killed = command(batch.desk.demo.folder());
    killed.arg("--config").arg(batch.desk.demo.config_path());
    let mut killed = killed
        .args(Batch::arguments())
        .args(["--rate", "40/s"])
        .spawn()
        .unwrap();
    while batch.kept().len() < 5 {
        assert!(killed.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(5));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let ran = batch.run(&[]);
    let outcomes = outcomes(&ran);
    let count = |wanted: &str| outcomes.iter().filter(|o| *o == wanted).count();
    assert!(count("unconfirmed") <= 1, "{outcomes:?}");
    assert_eq!(
        count("sent") + count("already-sent") + count("unconfirmed"),
        30,
        "{ran:?}"
    );
    let kept = batch.desk.demo.mail().kept();
    let subject = |data: &[u8]| {
        let text = String::from_utf8_lossy(data).into_owned();
        text.lines()
            .find(|l| l.starts_with("Subject: "))
            .unwrap()
            .to_owned()
    };
    let mut subjects: Vec<String> = kept.iter().map(|k| subject(&k.data)).collect();
    let all = subjects.len();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), all, "nobody got a letter twice");
    assert!(all + count("unconfirmed") >= 30);
    assert!(
        batch.desk.segl(&["log", "verify", "--json"]).json()["intact"]
            .as_bool()
            .unwrap()
    );
}

#[test]
fn a_batch_to_many_different_people_asks_for_each_and_sends_to_all() {
    use segl::demo::{Entry, KeyChoice, Leaf};
    let batch = Batch::new();
    let (mut entries, mut list) = (Vec::new(), "to;navn;sag\n".to_owned());
    for n in 0..12 {
        let address = format!("klient-{n}@kunde-{}.example", n % 5);
        let leaf = Leaf::mail(&format!("Klient {n}"), &address);
        let leaf = leaf.with_key(KeyChoice::Shared(1200 + n % 3));
        let issued = batch.desk.demo.world().issuing.issue(&leaf).unwrap();
        let entry = Entry::new(&format!("cn=Klient {n},c=DK")).with("mail", &address);
        entries.push(entry.with("userCertificate;binary", &issued.der));
        writeln!(list, "{address};Klient {n};{n}").unwrap();
    }
    batch.desk.demo.directory().set_entries(entries);
    batch.write(&list, LETTER);
    let ran = batch.run(&[]);
    assert_eq!(outcomes(&ran), vec![json!("sent"); 12], "{ran:?}");
    let mut kept = batch.kept();
    kept.sort();
    kept.dedup();
    assert_eq!(kept.len(), 12);
}
