//! Segl is killed at any point of a sending with four deliveries: nothing is both sent and unrecorded, and nothing is
//! called sent that was not.

use std::{
    collections::BTreeMap,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::desk::{Desk, command};

/// Kills in a usual run. A long run sets SEGL_KILLS.
const KILLS: usize = 14;

fn kills() -> usize {
    std::env::var("SEGL_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(KILLS)
}

/// Four deliveries: encrypted and unencrypted to To, and two Bcc.
fn recipients(desk: &Desk) -> Vec<String> {
    let people = &desk.demo.world().people;
    let mut green = people
        .iter()
        .filter(|p| p.wanted.route == "person")
        .map(|p| p.address.clone());
    let none = people
        .iter()
        .find(|p| p.wanted.status == "not-found")
        .unwrap()
        .address
        .clone();
    let (a, b, c) = (
        green.next().unwrap(),
        green.next().unwrap(),
        green.next().unwrap(),
    );
    ["--to", &a, "--to", &none, "--bcc", &b, "--bcc", &c]
        .map(str::to_owned)
        .to_vec()
}

fn start(desk: &Desk) -> Child {
    let mut segl = command(desk.demo.folder());
    segl.arg("--config").arg(desk.demo.config_path());
    segl.args([
        "send",
        "--json",
        "--subject",
        "x",
        "--body",
        "x",
        "--accept-fallback",
        "assessed",
    ]);
    segl.args(recipients(desk))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    segl.spawn().unwrap()
}

/// Waits until the server has seen `commands` commands of this run, or the program has ended.
fn wait_for(desk: &Desk, child: &mut Child, commands: usize, before: usize) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while desk.demo.mail().transcript().len() < before + commands {
        if child.try_wait().unwrap().is_some() || Instant::now() > deadline {
            return;
        }
        std::thread::yield_now();
    }
}

/// Rows of the record by kind, with their payloads.
fn rows(desk: &Desk, kind: &str) -> Vec<(u64, Value)> {
    let listed: Vec<Value> =
        serde_json::from_str(&desk.segl(&["log", "list", "--json"]).stdout).unwrap();
    let of_kind = listed
        .iter()
        .filter(|r| r["kind"] == kind)
        .map(|r| r["seq"].as_u64().unwrap());
    of_kind
        .map(|seq| {
            (
                seq,
                desk.segl(&["log", "show", &seq.to_string(), "--json"])
                    .json()["payload"]
                    .clone(),
            )
        })
        .collect()
}

#[test]
fn a_kill_at_any_point_leaves_nothing_sent_and_unrecorded_and_nothing_called_sent_that_was_not() {
    let desk = Desk::new();
    let whole = {
        let mut child = start(&desk);
        assert!(child.wait().unwrap().success());
        desk.demo.mail().transcript().len()
    };
    assert_eq!(desk.demo.mail().kept().len(), 4);
    let kills = kills();
    let mut killed = 0;
    for i in 0..kills {
        let before = desk.demo.mail().transcript().len();
        let mut child = start(&desk);
        // Spread over all commands of the session, the first and the last included.
        wait_for(&desk, &mut child, 1 + i * whole / kills, before);
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    assert!(
        killed * 2 > kills,
        "most of the kills hit a running program: {killed} of {kills}"
    );

    // The next sending closes what the killed ones left open.
    let mut child = start(&desk);
    assert!(child.wait().unwrap().success());
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);

    let intents: BTreeMap<u64, Value> = rows(&desk, "intent").into_iter().collect();
    let mut outcomes: BTreeMap<(u64, u64), String> = BTreeMap::new();
    for (_, outcome) in rows(&desk, "outcome") {
        let key = (
            outcome["intent"].as_u64().unwrap(),
            outcome["delivery"].as_u64().unwrap(),
        );
        let said = outcome["outcome"].as_str().unwrap().to_owned();
        assert_eq!(outcomes.insert(key, said), None, "one outcome a delivery");
    }
    let mut said = BTreeMap::new();
    for (seq, intent) in &intents {
        let id = intent["message_id"].as_str().unwrap();
        for delivery in intent["deliveries"].as_array().unwrap() {
            let to: Vec<&str> = delivery["rcpt_to"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r["address"].as_str().unwrap())
                .collect();
            let outcome = outcomes[&(*seq, delivery["index"].as_u64().unwrap())].clone();
            said.insert((id.to_owned(), to.join(",")), outcome);
        }
    }
    let mut taken = std::collections::BTreeSet::new();
    for message in desk.demo.mail().kept() {
        let text = String::from_utf8_lossy(&message.data).into_owned();
        let id = text
            .lines()
            .find_map(|l| l.strip_prefix("Message-ID: "))
            .unwrap()
            .trim()
            .to_owned();
        assert!(taken.insert((id, message.rcpt_to.join(","))), "taken twice");
    }
    for key in &taken {
        let outcome = said
            .get(key)
            .unwrap_or_else(|| panic!("sent and unrecorded: {key:?}"));
        assert!(
            outcome == "sent" || outcome == "unconfirmed",
            "sent, but said to be {outcome}"
        );
    }
    for (key, outcome) in &said {
        assert!(
            outcome != "sent" || taken.contains(key),
            "called sent, and was not: {key:?}"
        );
    }
    let unsent = said.values().filter(|o| *o != "sent").count();
    assert!(unsent > 0, "the kills hit sendings");
}

#[test]
fn several_segls_at_once_send_all_of_their_messages_into_one_record() {
    let desk = Desk::new();
    let children: Vec<Child> = (0..4).map(|_| start(&desk)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(desk.demo.mail().kept().len(), 16);
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);
    assert_eq!(rows(&desk, "intent").len(), 4);
    assert_eq!(rows(&desk, "outcome").len(), 16);
}
