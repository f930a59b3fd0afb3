//! Mail without encryption, as a script meets it: risk, rules for domains, and assessments for later mail.

use std::fs;

use segl::demo::{MailOptions, MailServer};
use serde_json::{Value, json};

use super::desk::{Desk, Ran};

/// The demo's recipient without a certificate.
fn none(desk: &Desk) -> String {
    let mut people = desk.demo.world().people.iter();
    let wanted = people.find(|p| p.wanted.status == "not-found").unwrap();
    wanted.address.clone()
}

fn exposed(ran: &Ran) -> Value {
    ran.json()["exposed"][0].clone()
}

fn rows(desk: &Desk, kind: &str) -> Vec<Value> {
    let listed = desk.segl(&["log", "list", "--json"]).json();
    let of_kind = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["kind"] == kind);
    let seqs = of_kind.map(|r| r["seq"].as_u64().unwrap().to_string());
    let shown = |seq: String| desk.segl(&["log", "show", "--json", &seq]).json();
    seqs.map(shown).collect()
}

#[test]
fn whoever_is_exposed_is_told_with_risk_rule_and_transport() {
    let desk = Desk::new();
    let ran = desk.send(&["--to", &none(&desk)]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let one = exposed(&ran);
    assert_eq!(one["level"], "unknown");
    let risk = json!({ "impact": 3, "probability": 4, "band": "medium" });
    assert_eq!(one["risk"], risk);
    assert_eq!(one["rule"]["from"], "policy.fallback");
    let text = desk.segl(&[
        "send",
        "--to",
        &none(&desk),
        "--subject",
        "Hej",
        "--body",
        "Hej",
    ]);
    assert!(text.stdout.contains("Risk: medium"), "{text:?}");
    assert!(
        text.stdout
            .contains("Every mail server on the way can read"),
        "{text:?}"
    );
}

#[test]
fn a_rule_for_a_domain_decides_and_is_named() {
    let desk = Desk::new();
    let none = none(&desk);
    let domain = none.split('@').nth(1).unwrap();
    let settings = fs::read_to_string(desk.demo.config_path()).unwrap();
    for (fallback, code, refused) in [
        ("ask", 0, Value::Null),
        ("verified-tls", 1, json!("no-guaranteed-transport")),
        ("forbid", 1, json!("forbidden")),
        ("block", 1, json!("blocked")),
    ] {
        let rule = format!("\n[[rule]]\ndomain = \"{domain}\"\nfallback = \"{fallback}\"\n");
        fs::write(desk.demo.config_path(), format!("{settings}{rule}")).unwrap();
        let ran = desk.send(&["--to", &none, "--accept-fallback", "nothing-confidential"]);
        assert_eq!(ran.code, code, "{fallback}: {ran:?}");
        if code == 1 {
            let one = exposed(&ran);
            assert_eq!(
                (&one["refused"], &one["rule"]["from"]),
                (&refused, &json!(domain))
            );
        }
    }
}

#[test]
fn two_rules_for_one_domain_or_an_unknown_word_are_errors_of_the_settings() {
    let desk = Desk::new();
    let settings = fs::read_to_string(desk.demo.config_path()).unwrap();
    let rule = |domain: &str, fallback: &str| {
        format!("\n[[rule]]\ndomain = \"{domain}\"\nfallback = \"{fallback}\"\n")
    };
    for broken in [
        [rule("x.example", "ask"), rule("X.example", "forbid")].concat(),
        rule("x.example", "of-tomorrow"),
        rule("*.", "ask"),
        rule("x y", "ask"),
        "\n[[rule]]\nfallback = \"ask\"\n".to_owned(),
    ] {
        fs::write(desk.demo.config_path(), format!("{settings}{broken}")).unwrap();
        let ran = desk.segl(&["config", "effective", "--json"]);
        assert_eq!(ran.code, 2, "{broken}: {ran:?}");
    }
}

#[test]
fn the_firms_own_risk_file_and_written_assessment_are_in_force_and_in_the_record() {
    let desk = Desk::new();
    let risk = include_str!("../../assets/risk/default.toml")
        .replace("version = \"segl-2026-11\"", "version = \"firmaet-7\"")
        .replace("unknown = 4 ", "unknown = 5 ");
    let folder = desk.demo.config_path().parent().unwrap().to_owned();
    fs::write(folder.join("risk.toml"), &risk).unwrap();
    fs::write(folder.join("vurdering.pdf"), b"en vurdering").unwrap();
    let sha256 = segl::mail::Digest::of(b"en vurdering").to_string();
    let settings = fs::read_to_string(desk.demo.config_path()).unwrap();
    let section = |sha256: &str| {
        format!(
            "{settings}\n[risk]\nfile = \"risk.toml\"\n\
             assessment = {{ file = \"vurdering.pdf\", sha256 = \"{sha256}\" }}\n"
        )
    };
    fs::write(desk.demo.config_path(), section(&sha256)).unwrap();
    let ran = desk.send(&[
        "--to",
        &none(&desk),
        "--accept-fallback",
        "nothing-confidential",
    ]);
    assert_eq!(exposed(&ran)["refused"], "high-risk", "{ran:?}");
    desk.edit(
        "fallback = \"ask\"",
        "fallback = \"ask\"\nhigh_risk = \"ask\"",
    );
    let ran = desk.send(&[
        "--to",
        &none(&desk),
        "--accept-fallback",
        "nothing-confidential",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let intent = &rows(&desk, "intent")[0];
    let payload = &intent["payload"];
    assert_eq!(payload["matrix"]["version"], "firmaet-7", "{intent}");
    assert_eq!(payload["matrix"]["assessment_sha256"], json!(sha256));
    let to = &payload["deliveries"][0]["rcpt_to"][0];
    assert_eq!(to["risk"]["band"], "high");
    assert_eq!(
        (&to["rule"]["fallback"], &to["transport"]["level"]),
        (&json!("ask"), &json!("unknown"))
    );
    assert_eq!(payload["content"]["class"], "confidential");

    fs::write(desk.demo.config_path(), section(&"0".repeat(64))).unwrap();
    let other = desk.segl(&["config", "effective"]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("is another file"), "{other:?}");
}

#[test]
fn an_assessment_for_later_mail_lets_the_next_one_go_and_the_record_says_by_which() {
    let desk = Desk::new();
    let none = none(&desk);
    let ran = desk.send(&[
        "--to",
        &none,
        "--accept-fallback",
        "assessed",
        "--also-later",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = desk.segl(&["assessment", "list", "--json"]).json();
    let one = &listed["assessments"][0];
    assert_eq!(
        (&one["covers"], &one["class"]),
        (&json!(none), &json!("confidential"))
    );
    let evidence = &rows(&desk, "evidence")[0];
    assert_eq!(evidence["seq"], one["record"]);
    assert_eq!(evidence["payload"]["code"], "assessment");

    let ran = desk.send(&["--to", &none]);
    assert_eq!(ran.code, 0, "no reason was asked for: {ran:?}");
    let intent = rows(&desk, "intent").pop().unwrap();
    assert_eq!(intent["payload"]["consents"][0]["standing"], one["record"]);

    let ended = desk.segl(&["assessment", "end", &none, "--json"]);
    assert_eq!((ended.code, &ended.json()["assessments"]), (0, &json!([])));
    assert_eq!(desk.send(&["--to", &none]).code, 1);
    assert_eq!(desk.segl(&["assessment", "end", &none]).code, 2);
    assert!(
        desk.segl(&["log", "verify", "--json"]).json()["intact"]
            .as_bool()
            .unwrap()
    );
}

#[test]
fn policy_may_allow_no_assessments_for_later_mail() {
    let desk = Desk::new();
    desk.edit(
        "fallback = \"ask\"",
        "fallback = \"ask\"\nstanding = \"0s\"",
    );
    let ran = desk.send(&[
        "--to",
        &none(&desk),
        "--accept-fallback",
        "assessed",
        "--also-later",
    ]);
    assert_eq!((ran.code, desk.demo.mail().kept().len()), (2, 0), "{ran:?}");
}

#[test]
fn a_server_that_requires_tls_on_the_whole_way_makes_it_guaranteed_and_is_held_to_it() {
    let desk = Desk::new();
    let servers = desk.demo.world().servers.clone();
    let options = |require_tls| MailOptions {
        require_tls,
        ehlo_lines: vec!["DSN".to_owned()],
        ..MailOptions::implicit_tls(servers.clone())
    };
    let strict = MailServer::start(options(true)).unwrap();
    let lax = MailServer::start(options(false)).unwrap();
    let port = |port: u16| format!("port = {port}\n");
    let own = port(desk.demo.mail().port());
    desk.edit(&own, &port(strict.port()));
    desk.edit(
        "fallback = \"ask\"",
        "fallback = \"verified-tls\"\nrequire_tls = true",
    );
    let none = none(&desk);
    let send = || desk.send(&["--to", &none, "--accept-fallback", "assessed"]);
    let first = send();
    assert_eq!(
        first.code, 1,
        "nobody knows yet what the server offers: {first:?}"
    );
    let green = desk
        .demo
        .world()
        .people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap();
    assert_eq!(desk.send(&["--to", &green.address]).code, 0);
    assert!(
        !strict.kept()[0]
            .parameters
            .contains(&"REQUIRETLS".to_owned()),
        "it is encrypted"
    );

    let done = send();
    assert_eq!(done.code, 0, "{done:?}");
    let parameters = &strict.kept()[1].parameters;
    assert!(
        ["REQUIRETLS", "RET=HDRS"]
            .iter()
            .all(|p| parameters.contains(&(*p).to_owned())),
        "{parameters:?}"
    );
    let intent = rows(&desk, "intent").pop().unwrap();
    let delivery = &intent["payload"]["deliveries"][0];
    assert_eq!(delivery["requires_tls"], true);
    let transport = &delivery["rcpt_to"][0]["transport"];
    assert_eq!(
        (&transport["level"], &transport["seen"]),
        (&json!("guaranteed"), &json!("unknown"))
    );
    assert_eq!(transport["promised"], json!(["requiretls"]));
    assert_eq!(delivery["rcpt_to"][0]["risk"]["band"], "medium");

    desk.edit(&port(strict.port()), &port(lax.port()));
    let gone = send();
    assert_eq!((gone.code, lax.kept().len()), (2, 0), "{gone:?}");
    let again = send();
    assert_eq!(
        again.code, 1,
        "now it is known that it is not offered: {again:?}"
    );
}
