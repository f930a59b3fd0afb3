//! What the mail server took, held against what the record says, after kills ([`kills`]), after losses of power
//! ([`power`]) and on a computer with a full disk or a wrong clock ([`computer`]): no mail is sent and unrecorded, none is called sent that was not, none is taken twice without the
//! user's word, and the chain always verifies.

#[cfg(target_os = "linux")]
mod computer;
#[cfg(target_os = "linux")]
mod disk;
mod kills;
#[cfg(target_os = "linux")]
mod power;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use rusqlite::{Connection, OpenFlags};
use segl::{
    demo::mail::Kept,
    keys::{KeySource, StoreKey, obtain},
    record::{DATABASE, DeliveryOutcome, Log, Verification, kept_head, verify_folder},
};

use super::desk::{Desk, command};

/// A delivery: its Message-ID and to whom.
type Key = (String, String);

/// What the record says of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// The intent alone.
    Planned,
    /// That its data begins; not how it ended.
    Started,
    /// How it ended.
    Ended(DeliveryOutcome),
}

/// Random numbers (splitmix64) that a seed repeats.
struct Dice(u64);

impl Dice {
    /// `SEGL_SEED`, else a new one. It is printed, so that a run can be repeated.
    fn new(what: &str) -> Self {
        let given = std::env::var("SEGL_SEED").ok().and_then(|s| s.parse().ok());
        let seed = given.unwrap_or_else(|| {
            let mut octets = [0; 4];
            openssl::rand::rand_bytes(&mut octets).unwrap();
            u64::from(u32::from_be_bytes(octets))
        });
        println!("{what}: SEGL_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this one.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }
}

/// Somebody who is green, another, a third, and somebody without a certificate.
fn people(desk: &Desk) -> [String; 4] {
    let people = &desk.demo.world().people;
    let mut green = people.iter().filter(|p| p.wanted.route == "person");
    let none = people.iter().find(|p| p.wanted.status == "not-found");
    let mut next = || green.next().unwrap().address.clone();
    [next(), next(), next(), none.unwrap().address.clone()]
}

/// `segl send` with four deliveries: encrypted and not to To, and two Bcc.
fn four_deliveries(desk: &Desk) -> Command {
    let [a, b, c, none] = people(desk);
    let mut segl = command(desk.demo.folder());
    segl.arg("--config").arg(desk.demo.config_path());
    segl.args(["send", "--json", "--subject", "x", "--body", "x"]);
    segl.args(["--accept-fallback", "assessed"]);
    segl.args(["--to", &a, "--to", &none, "--bcc", &b, "--bcc", &c]);
    segl
}

const LETTER: &str = "Emne: Sag {sag}\n\nKære {navn}\n";

/// Writes a batch of rows with these numbers, of two deliveries each.
fn write_batch(desk: &Desk, numbers: std::ops::Range<usize>) {
    let [a, _, _, none] = people(desk);
    let row = |n: usize| format!("\"{a}, {none}\";Karen;{n}\n");
    let list: String = numbers.map(row).collect();
    std::fs::write(desk.path("list.csv"), format!("to;navn;sag\n{list}")).unwrap();
    std::fs::write(desk.path("letter.txt"), LETTER).unwrap();
}

/// `segl send --batch` of what [`write_batch`] wrote.
fn batch(desk: &Desk, config: &Path) -> Command {
    let mut segl = command(desk.demo.folder());
    segl.arg("--config").arg(config);
    segl.args(["send", "--json", "--batch", "list.csv"]);
    segl.args(["--template", "letter.txt", "--confirm-addresses"]);
    segl.args(["--accept-fallback", "assessed"]);
    segl
}

fn field(kept: &Kept, name: &str) -> String {
    let text = String::from_utf8_lossy(&kept.data);
    let line = text.lines().find_map(|l| l.strip_prefix(name));
    line.unwrap_or_default().trim().to_owned()
}

fn key_of(kept: &Kept) -> Key {
    (field(kept, "Message-ID:"), kept.rcpt_to.join(","))
}

/// The letter that it is, whatever its Message-ID, and to whom; letters have subjects of their own.
fn letter_of(kept: &Kept) -> Key {
    (field(kept, "Subject:"), kept.rcpt_to.join(","))
}

/// The letters that the server took, none of them twice.
fn once(kept: &[Kept]) -> BTreeSet<Key> {
    let mut once = BTreeSet::new();
    for letter in kept.iter().map(letter_of) {
        assert!(once.insert(letter.clone()), "twice: {letter:?}");
    }
    once
}

fn store_key(desk: &Desk, data: &Path) -> StoreKey {
    obtain(data, &KeySource::File(desk.path("store.key"))).unwrap()
}

/// What the record in that folder says, read without changing anything. Sent again, a delivery has the better outcome.
fn said(data: &Path, key: &StoreKey) -> Result<BTreeMap<Key, Said>, String> {
    let told = |e: &dyn std::fmt::Display| e.to_string();
    let log = Log::open(data, Some(key)).map_err(|e| told(&e))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let open = Connection::open_with_flags(data.join(DATABASE), flags).map_err(|e| told(&e))?;
    let sql = "SELECT count(*) FROM pending WHERE intent = ?1 AND delivery = ?2 AND started > 0";
    let mut started = open.prepare(sql).map_err(|e| told(&e))?;
    let mut all = BTreeMap::new();
    for sending in log.sendings().map_err(|e| told(&e))? {
        let intent = sending.intent.ok_or("an intent that does not open")?;
        for delivery in &intent.deliveries {
            let to: Vec<&str> = delivery.rcpt_to.iter().map(|r| &*r.address).collect();
            let what = if let Some(outcome) = sending.outcomes.get(&delivery.index) {
                Said::Ended(outcome.outcome)
            } else {
                let seq = i64::try_from(sending.seq).unwrap();
                let row = rusqlite::params![seq, delivery.index];
                let count: u32 = started.query_row(row, |r| r.get(0)).map_err(|e| told(&e))?;
                if count > 0 {
                    Said::Started
                } else {
                    Said::Planned
                }
            };
            let key = (intent.message_id.clone(), to.join(","));
            let before = all.entry(key).or_insert(what);
            if *before != Said::Ended(DeliveryOutcome::Sent) {
                *before = what;
            }
        }
    }
    Ok(all)
}

/// Everything that is wrong between server and record. Nothing, if Segl keeps its word.
fn faults(taken: &[Key], data: &Path, key: &StoreKey) -> Vec<String> {
    use DeliveryOutcome::{Sent, Unconfirmed};
    let mut faults = Vec::new();
    let is_new = taken.is_empty() && matches!(kept_head(data), Ok(None));
    match verify_folder(data, None) {
        Ok(verified) if verified.intact => {}
        // Before the first row there is no record yet, and nothing that it could tell of.
        Ok(Verification { head: None, .. }) | Err(_) if is_new => return faults,
        Ok(verified) => faults.push(format!("the chain: {verified:?}")),
        Err(cause) => faults.push(format!("no record: {cause}")),
    }
    let said = match said(data, key) {
        Ok(said) => said,
        Err(cause) => {
            faults.push(format!("unreadable: {cause}"));
            return faults;
        }
    };
    let mut once = BTreeSet::new();
    for sent in taken {
        if !once.insert(sent) {
            faults.push(format!("taken twice: {sent:?}"));
        }
        match said.get(sent) {
            Some(Said::Started | Said::Ended(Sent | Unconfirmed)) => {}
            other => faults.push(format!("sent, and the record says {other:?}: {sent:?}")),
        }
    }
    let called = said.iter().filter(|(_, s)| **s == Said::Ended(Sent));
    let not = called.filter(|(key, _)| !once.contains(key));
    faults.extend(not.map(|(key, _)| format!("called sent, and was not: {key:?}")));
    faults
}
