//! Suggestions from a book of fifty thousand addresses: time from a key to the rows, time to make the index, and time
//! for the alerts of a mail.
//!
//! `cargo bench --bench suggestions`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its table, or says what it lacks and ends"
)]

use std::time::{Duration, Instant};

use jiff::Timestamp;
use segl::{
    alert::{Known, Rules, alerts},
    book::{Contact, Index},
    mail::{Kind, Mailbox, Recipient},
};

const ENTRIES: u32 = 50_000;
/// What somebody may type: rare and common beginnings, several words, nobody at all, and the domain that all share.
const TYPED: [&str; 9] = [
    "an",
    "anne",
    "anne ho",
    "anne holm 4711",
    "p4711",
    "@eksempelby",
    "eksempelby",
    "xyz",
    "e e",
];
const NAMES: [&str; 8] = [
    "Anne Holm",
    "Bo Berg",
    "Eva Østergaard",
    "Karen-Marie Ærø",
    "Ib Lund",
    "Søren Dam",
    "Else Friis",
    "Per Holm",
];

fn main() {
    // `cargo test` runs benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let contacts: Vec<Contact> = (0..ENTRIES).map(contact).collect();
    let begun = Instant::now();
    let known = Known::new(
        &contacts,
        Vec::new(),
        vec!["advokat-eksempel.dk".to_owned()],
    );
    let index = Index::new(contacts);
    println!("index of {ENTRIES}: {:?}", begun.elapsed());
    let mut worst = Duration::ZERO;
    for typed in TYPED {
        let begun = Instant::now();
        let found = index.find(typed, 6).len();
        let took = begun.elapsed();
        worst = worst.max(took);
        println!("{typed:>16}  {found} rows  {took:?}");
    }
    println!("worst: {worst:?} (to be under 5 ms)");
    let to: Vec<Recipient> = [
        "holm@ny-fremmed.example",
        "p1@afdeling1.eksempelby-eksempel.dk",
    ]
    .map(|a| Recipient {
        kind: Kind::To,
        mailbox: Mailbox::parse(a).expect("an address"),
    })
    .to_vec();
    let begun = Instant::now();
    let count = alerts(&to, &known, &Rules::default()).len();
    println!("alerts: {count} in {:?}", begun.elapsed());
}

fn contact(i: u32) -> Contact {
    let name = NAMES[i as usize % NAMES.len()];
    let domain = if i.is_multiple_of(2) {
        "eksempelby-eksempel.dk".to_owned()
    } else {
        format!("firma{}-eksempel.dk", i % 2_000)
    };
    let text = format!("{name} {i} <p{i}@{domain}>");
    let at = Timestamp::from_second(i64::from(i)).expect("a time");
    Contact::written(None, &Mailbox::parse(&text).expect("an address"), at)
}
