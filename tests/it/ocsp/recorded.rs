//! What was decided on revocation stands in the record: from which source, how old, why unknown, what the rule said.

use std::fs;

use segl::demo::CrlSpec;
use serde_json::Value;

use super::{ANNE, Desk, OPEN, answering, desk, hours, said};
use crate::desk::{Ran, command, run};

const SENDER: &str = "[[sender]]\nname = \"Anne\"\naddress = \"kontoret@advokat-eksempel.dk\"\n";

/// Writes a mail to both into the folder `out`, as `segl send` does, with a new folder each time.
pub(super) fn send(desk: &Desk, more: &str) -> Ran {
    send_to(desk, more, &["--to", ANNE])
}

/// Hands a mail to the mail server that the settings name.
pub(super) fn submit(desk: &Desk, more: &str) -> Ran {
    segl(desk, more, &["--to", ANNE])
}

fn send_to(desk: &Desk, more: &str, arguments: &[&str]) -> Ran {
    let out = desk.folder().join("out");
    let _none = fs::remove_dir_all(&out);
    fs::create_dir(&out).unwrap();
    segl(desk, more, &[arguments, &["--to-eml", "out"]].concat())
}

fn segl(desk: &Desk, more: &str, arguments: &[&str]) -> Ran {
    // Writes the settings; what it says of nobody is no matter.
    let _settings = desk.check("root.cer", &format!("{SENDER}{more}"), &[]);
    let mut command = command(desk.folder());
    command
        .arg("--config")
        .arg(desk.folder().join("segl.toml"))
        .args(["send", "--confirm-addresses", "--subject", "Prøve"])
        .args(["--body", "Rødgrød"])
        .args(arguments);
    run(command, b"")
}

/// The last intent of the record.
fn intent(desk: &Desk) -> Value {
    let segl = |arguments: &[&str]| {
        let mut command = command(desk.folder());
        command
            .arg("--config")
            .arg(desk.folder().join("segl.toml"))
            .args(arguments);
        run(command, b"").json()
    };
    assert_eq!(segl(&["log", "verify", "--json"])["intact"], true);
    let rows = segl(&["log", "list", "--json"]);
    let rows = rows.as_array().unwrap();
    let row = rows.iter().rfind(|row| row["kind"] == "intent").unwrap();
    segl(&["log", "show", "--json", &row["seq"].to_string()])
}

/// What is recorded of the revocation of the first recipient's certificate and of its issuer's.
fn revocation(intent: &Value) -> &Value {
    let recorded = if intent["payload"].is_null() {
        intent
    } else {
        &intent["payload"]
    };
    &recorded["deliveries"][0]["rcpt_to"][0]["certificates"][0]["revocation"]
}

fn payload(intent: &Value) -> &Value {
    if intent["payload"].is_null() {
        intent
    } else {
        &intent["payload"]
    }
}

#[test]
fn where_it_is_known_from_and_how_old_that_is_stands_in_the_record() {
    let (desk, _responder) = answering(|d, q| said(&d.forged(q).der()));
    let ran = send(&desk, OPEN);
    assert_eq!(ran.code, 0, "{ran:?}");
    let intent = intent(&desk);
    assert_eq!(payload(&intent)["revocation"], "grace:24h", "{intent}");
    assert_eq!(payload(&intent)["clock"], "agrees", "{intent}");
    let found = revocation(&intent);
    assert_eq!(found.as_array().map(Vec::len), Some(2), "{intent}");
    for (found, kind, name) in [
        (&found[0], "ocsp", "127.0.0.1"),
        (&found[1], "list", "root.crl"),
    ] {
        assert_eq!(found["state"], "good", "{intent}");
        assert_eq!(found["ruling"], "current", "{intent}");
        let source = &found["sources"][0];
        assert_eq!(
            (&source["kind"], &source["name"]),
            (&kind.into(), &name.into())
        );
        let time = |name: &str| {
            let text = source[name].as_str().unwrap_or_default();
            text.parse::<jiff::Timestamp>().ok()
        };
        assert!(time("this_update") < time("next_update"), "{intent}");
        assert_eq!(source["sha256"].as_str().map(str::len), Some(64));
    }
    assert!(found[0]["sha256"] != found[1]["sha256"], "{intent}");
}

#[test]
fn what_the_rule_said_to_what_was_not_known_stands_in_the_record() {
    let loose = "[policy]\nrevocation = \"when-available\"\n";
    let desk = desk(1);
    // Nobody tells: the rule of this firm does not ask for it.
    let ran = send(&desk, loose);
    assert_eq!(ran.code, 0, "{ran:?}");
    let row = intent(&desk);
    assert_eq!(payload(&row)["revocation"], "when-available");
    let found = &revocation(&row)[0];
    assert_eq!(
        (&found["state"], &found["ruling"]),
        (&"unknown".into(), &"not-required".into()),
        "{row}"
    );
    assert!(found["unknown"]["why"].is_string(), "{row}");
    assert_eq!(found["sources"], serde_json::json!([]));

    // A list that is over counts for as long as the rule says.
    let over = CrlSpec {
        next_update: Some(hours(-1)),
        ..CrlSpec::empty(hours(-5))
    };
    let write = |octets: Vec<u8>| fs::write(desk.folder().join("issuing.crl"), octets).unwrap();
    write(desk.issuing.crl(&over).unwrap());
    assert_eq!(send(&desk, "").code, 0);
    let row = intent(&desk);
    assert_eq!(revocation(&row)[0]["ruling"], "in-grace", "{row}");

    // Revoked: sent in clear by somebody's word, and the record says what was known.
    let revoked = CrlSpec::empty(hours(-1)).with_revoked(desk.anne.serial(), hours(-5));
    write(desk.issuing.crl(&revoked).unwrap());
    let accepted = ["--to", ANNE, "--accept-fallback", "Haster"];
    let ran = send_to(&desk, "", &accepted);
    assert_eq!(ran.code, 0, "{ran:?}");
    let row = intent(&desk);
    let found = &revocation(&row)[0];
    assert_eq!(
        (&found["state"], &found["ruling"]),
        (&"revoked".into(), &"refused".into()),
        "{row}"
    );
    assert!(found["revoked_at"].is_string(), "{row}");
    assert_eq!(found["sources"][0]["name"], "issuing.crl", "{row}");
}
