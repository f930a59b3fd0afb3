//! What the mail server or relay service promises: a rule of Exchange that a mail which came back proves, and an account of
//! a service that answers as its documentation says.

use std::fs;

use segl::demo::web::{Answer, WebServer};
use serde_json::{Value, json};

use super::desk::{Desk, Ran, command, run};

fn none(desk: &Desk) -> String {
    let mut people = desk.demo.world().people.iter();
    let wanted = people.find(|p| p.wanted.status == "not-found").unwrap();
    wanted.address.clone()
}

/// The profile, and that only guaranteed transport will do.
fn guaranteed_only(desk: &Desk, profile: &str) {
    desk.edit("auth = \"none\"", &format!("auth = \"none\"\n{profile}"));
    desk.edit("fallback = \"ask\"", "fallback = \"verified-tls\"");
}

fn send(desk: &Desk) -> Ran {
    desk.send(&["--to", &none(desk), "--accept-fallback", "assessed"])
}

fn header(desk: &Desk) -> String {
    let kept = desk.demo.mail().kept();
    let text = String::from_utf8_lossy(&kept.last().unwrap().data).into_owned();
    text.split("\r\n\r\n").next().unwrap().to_owned()
}

fn bounce(message_id: &str, diagnostic: &str) -> String {
    format!(
        "From: postmaster@mail.example\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n\
         Final-Recipient: rfc822; eva@plain.example\r\nAction: failed\r\nStatus: 5.7.0\r\n\
         Diagnostic-Code: {diagnostic}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: {message_id}\r\n\r\n--b--\r\n"
    )
}

#[test]
fn a_rule_of_exchange_counts_only_once_a_mail_of_ours_came_back_for_want_of_tls() {
    let desk = Desk::new();
    desk.edit("auth = \"none\"", "auth = \"none\"\nprofile = \"exchange\"");
    let sent = send(&desk);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(header(&desk).starts_with("X-Segl-Transport: tls-required\r\n"));
    desk.edit("fallback = \"ask\"", "fallback = \"verified-tls\"");
    assert_eq!(send(&desk).code, 1, "nothing is proven");
    assert_eq!(desk.segl(&["relay", "test"]).code, 1);

    let id = sent.json()["message_id"].as_str().unwrap().to_owned();
    let file = desk.path("bounce.eml");
    let test = |octets: String| {
        fs::write(&file, octets).unwrap();
        desk.segl(&["relay", "test", "--json", file.to_str().unwrap()])
    };
    let wanted = "smtp; 550 5.7.0 TLS required, and not offered";
    assert_eq!(test(bounce(&id, "smtp; 550 5.1.1 no such user")).code, 1);
    assert_eq!(test(bounce("<somebody@else.example>", wanted)).code, 1);
    assert_eq!(send(&desk).code, 1, "still nothing");
    let proven = test(bounce(&id, wanted));
    assert_eq!(
        (proven.code, &proven.json()["guaranteed"]),
        (0, &json!(true)),
        "{proven:?}"
    );
    assert_eq!(send(&desk).code, 0);
    assert_eq!(desk.segl(&["relay", "test"]).code, 0);

    let evidence = desk.segl(&["log", "list", "--json"]).json();
    let kinds = evidence
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["kind"].clone());
    assert!(kinds.collect::<Vec<Value>>().contains(&json!("evidence")));
    // What was proven of one server says nothing of another.
    desk.edit("profile = \"exchange\"", "profile = \"generic\"");
    assert_eq!(send(&desk).code, 1);
}

struct Service {
    desk: Desk,
    _web: WebServer,
}

impl Service {
    fn start(tls: &Value, tracking: &Value) -> Self {
        let desk = Desk::new();
        let pages = [
            ("/v3/user/settings/enforced_tls", tls.to_string()),
            ("/v3/tracking_settings", tracking.to_string()),
        ];
        let pages = pages.map(|(path, body)| (path.to_owned(), Answer::of(body)));
        let servers = &desk.demo.world().servers;
        let web = WebServer::start_for("a-key", servers, pages.to_vec()).unwrap();
        let profile = format!(
            "profile = \"sendgrid\"\napi = \"https://127.0.0.1:{}/\"\napi_key_env = \"RELAY_KEY\"\n\
             located = \"USA\"",
            web.port()
        );
        guaranteed_only(&desk, &profile);
        Self { desk, _web: web }
    }

    fn segl(&self, key: &str, arguments: &[&str]) -> Ran {
        let mut command = command(self.desk.demo.folder());
        command
            .env("RELAY_KEY", key)
            .arg("--config")
            .arg(self.desk.demo.config_path());
        command.args(arguments);
        run(command, b"")
    }

    fn send(&self) -> Ran {
        let none = none(&self.desk);
        let fixed = ["send", "--json", "--subject", "x", "--body", "x", "--to"];
        let rest = [&none, "--accept-fallback", "assessed"];
        self.segl("a-key", &[&fixed[..], &rest].concat())
    }
}

fn tls(required: bool, version: f64, valid: bool) -> Value {
    json!({ "require_tls": required, "require_valid_cert": valid, "version": version })
}

fn tracking(on: &[&str]) -> Value {
    let all = ["click", "google_analytics", "open", "subscription"];
    let result =
        all.map(|name| json!({ "name": name, "title": name, "enabled": on.contains(&name) }));
    json!({ "result": result })
}

#[test]
fn a_service_that_enforces_tls_and_tracks_nothing_is_guaranteed() {
    let service = Service::start(&tls(true, 1.2, true), &tracking(&[]));
    let none = service.send();
    assert_eq!(none.code, 1, "it was not asked yet: {none:?}");
    let tested = service.segl("a-key", &["relay", "test", "--json"]);
    assert_eq!(
        (tested.code, &tested.json()["guaranteed"]),
        (0, &json!(true)),
        "{tested:?}"
    );
    let sent = service.send();
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(header(&service.desk).starts_with("X-SMTPAPI: {\"filters\""));
    let text = service.segl(
        "a-key",
        &[
            "send",
            "--to",
            "x@ukendt.example",
            "--subject",
            "x",
            "--body",
            "x",
        ],
    );
    assert!(
        text.stdout.contains("it may be kept there: USA"),
        "{text:?}"
    );
}

#[test]
fn a_service_that_does_not_enforce_everything_guarantees_nothing() {
    for lax in [
        tls(false, 1.2, true),
        tls(true, 1.1, true),
        tls(true, 1.2, false),
    ] {
        let service = Service::start(&lax, &tracking(&[]));
        let tested = service.segl("a-key", &["relay", "test", "--json"]);
        assert_eq!(
            (tested.code, &tested.json()["guaranteed"]),
            (1, &json!(false)),
            "{tested:?}"
        );
        assert_eq!(service.send().code, 1);
    }
}

#[test]
fn nothing_leaves_in_the_clear_through_a_service_that_tracks_or_cannot_be_asked_unless_policy_says_so()
 {
    for on in ["click", "google_analytics", "open", "subscription"] {
        let service = Service::start(&tls(true, 1.2, true), &tracking(&[on]));
        let tested = service.segl("a-key", &["relay", "test", "--json"]);
        assert_eq!((tested.code, &tested.json()["tracks"]), (1, &json!([on])));
        let refused = service.send();
        assert_eq!(refused.code, 2, "{refused:?}");
        assert_eq!(refused.json()["error"]["code"], "tracked");
        assert!(service.desk.demo.mail().kept().is_empty());
        let edited = "fallback = \"verified-tls\"\ntracking = \"warn\"";
        service.desk.edit("fallback = \"verified-tls\"", edited);
        assert_eq!(service.send().code, 0);
    }
    let service = Service::start(&json!({ "nothing": "of this" }), &tracking(&[]));
    service
        .desk
        .edit("fallback = \"verified-tls\"", "fallback = \"ask\"");
    let unknown = service.send();
    assert_eq!(
        (unknown.code, &unknown.json()["error"]["code"]),
        (2, &json!("relay")),
        "{unknown:?}"
    );
    let key = service.segl("another", &["relay", "test", "--json"]);
    assert_eq!(key.code, 2, "{key:?}");
}
