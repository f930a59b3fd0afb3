//! The request: what leaves, that the record says so before, and that the rules hold; what comes back, from the first line.

use super::*;

fn sent(desk: &Desk) -> String {
    let kept = desk.demo.mail().kept();
    String::from_utf8(kept.last().expect("a mail left").data.clone()).unwrap()
}

#[test]
fn a_request_is_an_empty_mail_of_fixed_words_with_a_token_that_only_it_has() {
    let desk = desk();
    let (one, other) = (ask(&desk), ask(&desk));
    assert_ne!(one, other);
    let text = sent(&desk);
    assert!(
        text.starts_with("Disposition-Notification-To: <anne@advokat-eksempel.dk>\r\n"),
        "{text}"
    );
    assert!(
        text.contains(&format!("Message-ID: <{other}>\r\n")),
        "{text}"
    );
    assert!(
        text.contains("Subject: Request for a receipt\r\n"),
        "{text}"
    );
    let body = text
        .split("\r\n\r\n")
        .skip(1)
        .collect::<Vec<_>>()
        .join("\r\n\r\n");
    let plain = body.replace("=\r\n", "");
    assert_eq!(
        plain.trim_end(),
        "anne@advokat-eksempel.dk asks for a receipt for this mail, to see whether mail between us is encrypted on its way. \
         The mail holds nothing else.\r\n\r\nPlease let your mail program send the receipt that it offers, or answer this \
         mail as it is."
    );
    // The server here does not offer DSN, and so is not asked for any.
    let said = desk.demo.mail().transcript();
    assert!(
        said.iter()
            .all(|l| !l.text.contains("NOTIFY") && !l.text.contains("ENVID"))
    );
    let danish = desk.segl(&["tls", "ask", "--lang", "da", KLAUS]);
    assert_eq!(danish.code, 0, "{danish:?}");
    assert!(sent(&desk).contains("Subject: Anmodning om kvittering\r\n"));
}

#[test]
fn the_record_names_the_request_before_it_leaves_and_its_outcome_after() {
    let desk = desk();
    let id = ask(&desk);
    let token = id.split('@').next().unwrap();
    let listed = desk.segl(&["log", "list", "--json"]).json();
    let kinds: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["kind"].as_str().unwrap().to_owned())
        .collect();
    let place = |kind: &str| kinds.iter().position(|k| k == kind).unwrap();
    assert!(
        place("evidence") < place("intent") && place("intent") < place("outcome"),
        "{kinds:?}"
    );
    let asked = &rows(&desk, "evidence")[0];
    let content = &asked["payload"]["content"];
    assert_eq!(asked["payload"]["code"], "tls-receipt-request", "{asked}");
    assert_eq!(
        (&content["token"], &content["domain"]),
        (&token.into(), &"privat.example".into())
    );
    assert_eq!(content["address"], KLAUS);
    let intent = &rows(&desk, "intent")[0]["payload"];
    assert_eq!(intent["asks_receipt"], true);
    assert_eq!(
        intent["message_id"]
            .as_str()
            .unwrap()
            .trim_matches(['<', '>']),
        id
    );
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);
}

#[test]
fn the_rules_that_hold_for_mail_hold_for_a_request() {
    for (rule, code) in [
        ("fallback = \"forbid\"", "refused"),
        ("fallback = \"block\"", "refused"),
        ("fallback = \"verified-tls\"", "refused"),
    ] {
        let desk = desk();
        desk.edit("fallback = \"ask\"", rule);
        let ran = desk.segl(&["tls", "ask", "--json", KLAUS]);
        assert_eq!(
            (ran.code, &ran.json()["error"]["code"]),
            (1, &code.into()),
            "{rule}: {ran:?}"
        );
        assert!(desk.demo.mail().kept().is_empty(), "{rule}");
        assert!(rows(&desk, "evidence").is_empty(), "{rule}");
    }
    let desk = desk();
    let green = desk.segl(&["tls", "ask", "--json", "karen@advokat-eksempel.dk"]);
    assert_eq!(
        (green.code, &green.json()["error"]["code"]),
        (1, &"unneeded".into()),
        "{green:?}"
    );
    let cpr = desk.segl(&["tls", "ask", "--json", "0101701234@digital-post.example"]);
    assert_eq!(
        (cpr.code, &cpr.json()["error"]["code"]),
        (1, &"cpr-in-address".into()),
        "{cpr:?}"
    );
    let other = desk.segl(&["tls", "ask", "--json", "--from", "eva@x.example", KLAUS]);
    assert_eq!(
        (other.code, &other.json()["error"]["code"]),
        (2, &"sender".into()),
        "{other:?}"
    );
    assert!(desk.demo.mail().kept().is_empty());
    // There is no way to put a word into it.
    let ran = desk.segl(&["tls", "ask", KLAUS, "--body", "x"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn a_request_in_a_file_says_what_whoever_hands_it_in_is_to_ask_for() {
    let desk = desk();
    let folder = desk.path("out");
    let ran = desk.segl(&[
        "tls",
        "ask",
        "--json",
        "--to-eml",
        folder.to_str().unwrap(),
        KLAUS,
    ]);
    assert_eq!(
        (ran.code, &ran.json()["outcome"]),
        (0, &"written".into()),
        "{ran:?}"
    );
    let envelope: Value =
        serde_json::from_slice(&fs::read(folder.join("01-tls.json")).unwrap()).unwrap();
    assert_eq!(envelope["dsn"]["envid"], ran.json()["request"]["token"]);
    assert_eq!(envelope["dsn"]["notify"], "SUCCESS,FAILURE,DELAY");
    assert!(desk.demo.mail().kept().is_empty());
}

#[test]
fn an_answer_is_filed_once_and_shown_with_its_domain_without_raising_its_level() {
    let desk = desk();
    let before = desk.segl(&["tls", "--json", "privat.example"]).json();
    assert_eq!(before["domains"][0]["receipt"], Value::Null);
    let id = ask(&desk);
    let answer = disposition(&id, &[TAKEN, THEIRS].concat());
    let ran = take(&desk, &answer);
    assert_eq!(ran.code, 0, "{ran:?}");
    let value = ran.json();
    assert_eq!(
        (&value["filed"], &value["kind"]),
        (&true.into(), &"disposition".into())
    );
    assert_eq!(
        (&value["action"], &value["request"]["address"]),
        (&"displayed".into(), &KLAUS.into())
    );
    let hops = value["legs"][0]["hops"].as_array().unwrap();
    let said: Vec<_> = hops
        .iter()
        .map(|h| {
            (
                h["witness"].as_str().unwrap(),
                h["border"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(said, [("observed", true), ("claimed", false)]);
    assert_eq!(hops[0]["tls"]["version"], "TLSv1.3");
    let returned = &value["legs"][1]["hops"][0];
    assert_eq!(
        (&returned["witness"], &returned["claimed_by"]),
        (&"claimed".into(), &"unverified".into())
    );
    assert_eq!(
        (
            &value["legs"][0]["direction"],
            &value["legs"][1]["direction"]
        ),
        (&"from-them".into(), &"to-them".into())
    );
    let second = take(&desk, &answer);
    assert_eq!(
        (second.code, &second.json()["not_filed"]),
        (1, &"second".into()),
        "{second:?}"
    );
    let filed: Vec<_> = rows(&desk, "evidence")
        .into_iter()
        .filter(|r| r["payload"]["code"] == "tls-receipt")
        .collect();
    assert_eq!(filed.len(), 1);
    assert_eq!(filed[0]["payload"]["about"], value["request"]["seq"]);
    // Beside the level, and no part of it.
    let after = desk.segl(&["tls", "--json", "privat.example"]).json();
    let (was, is) = (&before["domains"][0], &after["domains"][0]);
    assert_eq!((&was["level"], &was["seen"]), (&is["level"], &is["seen"]));
    assert_eq!(
        (&is["receipt"]["witness"], &is["receipt"]["version"]),
        (&"observed".into(), &"TLSv1.3".into())
    );
    let text = desk.segl(&["tls", "privat.example"]).stdout;
    assert!(
        text.contains("Our own mail server took a receipt of privat.example over TLS 1.3"),
        "{text}"
    );
    assert!(text.contains("today"), "{text}");
    let refused = desk.send(&["--to", KLAUS]);
    assert!(
        refused.stdout.contains("consent") || refused.code == 1,
        "{refused:?}"
    );
    // A rule that wants guaranteed transport is not satisfied by it.
    desk.edit("fallback = \"ask\"", "fallback = \"verified-tls\"");
    assert_eq!(
        desk.send(&["--to", KLAUS, "--accept-fallback", "assessed"])
            .code,
        1
    );
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);
}

#[test]
fn an_answer_without_our_token_or_from_another_domain_is_shown_and_not_filed() {
    let desk = desk();
    let id = ask(&desk);
    let mangled = disposition(
        "00000000000000000000000000000000@advokat-eksempel.dk",
        TAKEN,
    );
    let ran = take(&desk, mangled);
    assert_eq!(
        (ran.code, &ran.json()["not_filed"]),
        (1, &"no-token".into()),
        "{ran:?}"
    );
    let other = disposition(&id, TAKEN).replace(
        "From: Klaus <klaus@privat.example>",
        "From: Eva <eva@other.example>",
    );
    let ran = take(&desk, &other);
    assert_eq!(
        (ran.code, &ran.json()["not_filed"]),
        (1, &"other-domain".into()),
        "{ran:?}"
    );
    let near = other.replace("eva@other.example", "eva@notprivat.example");
    assert_eq!(take(&desk, near).json()["not_filed"], "other-domain");
    let below = other.replace("eva@other.example", "mailer-daemon@mx.privat.example");
    assert_eq!(take(&desk, below).json()["filed"], true);
    assert_eq!(rows(&desk, "evidence").len(), 2);
    // Another installation asked: its answer is nobody's here.
    let stranger = super::desk();
    let ran = take(&stranger, disposition(&id, TAKEN));
    assert_eq!(
        (ran.code, &ran.json()["not_filed"]),
        (1, &"no-token".into())
    );
    let ran = take(&desk, "");
    assert_eq!(
        (ran.code, &ran.json()["error"]["code"]),
        (2, &"no-mail".into()),
        "{ran:?}"
    );
}

#[test]
fn an_ordinary_answer_counts_by_what_it_names_and_nobody_is_ever_answered() {
    let desk = desk();
    let id = ask(&desk);
    let before = desk.demo.mail().kept().len();
    let reply = format!(
        "{TAKEN}From: {KLAUS}\r\nReferences: <a@b.example> <{id}>\r\n\
         Disposition-Notification-To: {KLAUS}\r\nReturn-Receipt-To: {KLAUS}\r\n\r\nModtaget.\r\n"
    );
    let ran = take(&desk, reply);
    assert_eq!(
        (ran.code, &ran.json()["kind"]),
        (0, &"mail".into()),
        "{ran:?}"
    );
    assert_eq!(ran.json()["asks_for_receipt"], true);
    // Reading mail that asks for a receipt, in every way that there is, sends nothing.
    let file = file(&desk);
    for verb in [&["open"][..], &["examine"], &["tls", "receipt"]] {
        let _read = desk.segl(&[verb, &[file.to_str().unwrap()]].concat());
    }
    assert_eq!(desk.demo.mail().kept().len(), before);
}
