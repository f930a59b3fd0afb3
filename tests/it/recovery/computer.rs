//! A disk that is full after any number of octets, and a clock that is a year off: what leaves is recorded, what is not
//! recorded does not leave, and it is said which it was.

use std::fs;

use super::{
    super::desk::run,
    disk::{journaled, library, steps},
    *,
};

/// Places at which the disk is full, in a usual run; `SEGL_CRASHES` for another number.
const PLACES: usize = 24;
const YEAR: i64 = 365 * 24 * 60 * 60;

#[test]
fn a_disk_that_is_full_at_any_point_lets_nothing_leave_unrecorded_and_the_code_says_what_left() {
    let mut dice = Dice::new("full disk");
    let desk = Desk::new();
    let Some(library) = library(desk.demo.folder()) else {
        return;
    };
    let (data, journal) = (desk.path("data"), desk.path("journal"));
    let send = |room: Option<usize>| {
        let mut segl = four_deliveries(&desk);
        fs::write(&journal, b"").unwrap();
        journaled(&mut segl, &library, &data, &journal, "");
        if let Some(room) = room {
            segl.env("SEGL_JOURNAL_ROOM", room.to_string());
        }
        let before = desk.demo.mail().taken();
        let ran = run(segl, b"");
        (ran, desk.demo.mail().taken() - before)
    };
    assert_eq!(send(None).0.code, 0);
    assert_eq!(send(None).0.code, 0);
    let all: usize = steps(&journal).iter().map(disk::Step::written).sum();
    let key = store_key(&desk, &data);
    let given = std::env::var("SEGL_CRASHES").ok();
    let places = given.and_then(|n| n.parse().ok()).filter(|n| *n > 0);
    let places = places.unwrap_or(PLACES);
    let mut codes = BTreeMap::new();
    for n in 0..places {
        // One in each part of it, so that all parts are met.
        let room = all * n / places + dice.index(all / places);
        let (ran, taken) = send(Some(room));
        *codes.entry((ran.code, taken)).or_insert(0) += 1;
        let keys: Vec<Key> = desk.demo.mail().kept().iter().map(key_of).collect();
        let found = faults(&keys, &data, &key);
        assert!(
            found.is_empty(),
            "{room} of {all} octets: {found:#?} {ran:?}"
        );
        match ran.code {
            0 => assert_eq!(taken, 4, "{room}: {ran:?}"),
            2 => {
                assert_eq!(taken, 0, "{room}: {ran:?}");
                let told = ran.json();
                assert_eq!(
                    told["error"]["may_have_been_sent"], false,
                    "{room}: {ran:?}"
                );
                assert!(!ran.stdout.contains("panicked") && !ran.stderr.contains("panicked"));
            }
            3 => assert!(taken > 0, "{room}: {ran:?}"),
            other => panic!("{room}: {other}: {ran:?}"),
        }
    }
    println!("full disk: code and mails taken, how often: {codes:?}");
    assert!(
        codes.keys().any(|(code, _)| *code == 2),
        "it was full: {codes:?}"
    );
    // With room again all is as before, and what was open is closed.
    let (ran, taken) = send(None);
    assert_eq!((ran.code, taken), (0, 4), "{ran:?}");
    let keys: Vec<Key> = desk.demo.mail().kept().iter().map(key_of).collect();
    assert_eq!(faults(&keys, &data, &key), [""; 0]);
    let said = said(&data, &key).unwrap();
    assert!(said.values().all(|s| matches!(s, Said::Ended(_))));
}

#[test]
fn a_clock_that_is_a_year_off_sends_nothing_as_green_and_breaks_no_chain() {
    let desk = Desk::new();
    let Some(library) = library(desk.demo.folder()) else {
        return;
    };
    let [green, ..] = people(&desk);
    let send = |off: i64, more: &[&str]| {
        let mut segl = command(desk.demo.folder());
        segl.arg("--config").arg(desk.demo.config_path());
        segl.args(["send", "--json", "--subject", "x", "--body", "x"]);
        segl.args(["--to", &green]).args(more);
        segl.env("LD_PRELOAD", &library);
        segl.env("SEGL_CLOCK", off.to_string());
        run(segl, b"")
    };
    let sound = |code: i32| {
        let verified = desk.segl(&["log", "verify", "--json"]);
        assert_eq!(verified.code, code, "{verified:?}");
    };
    assert_eq!(send(0, &[]).code, 0);
    for off in [YEAR, -YEAR] {
        let before = desk.demo.mail().taken();
        let ran = send(off, &[]);
        assert!([1, 2].contains(&ran.code), "{off}: {ran:?}");
        assert_eq!(desk.demo.mail().taken(), before, "{off}: nothing left");
        sound(0);
        // Who insists, with a reason, sends it as what it is: not encrypted.
        let ran = send(off, &["--accept-fallback", "assessed"]);
        if ran.code == 0 {
            assert_eq!(
                ran.json()["deliveries"][0]["route"],
                "tls",
                "{off}: {ran:?}"
            );
        }
        sound(0);
    }
    let ran = send(0, &[]);
    assert_eq!(
        ran.code, 0,
        "with the right clock all is as before: {ran:?}"
    );
    sound(0);
    let data = desk.path("data");
    let key = store_key(&desk, &data);
    let keys: Vec<Key> = desk.demo.mail().kept().iter().map(key_of).collect();
    assert_eq!(faults(&keys, &data, &key), [""; 0]);
}
