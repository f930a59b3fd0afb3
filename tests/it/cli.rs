//! The command line as scripts use it: codes, JSON, and nothing sent that should not be.

use std::fs;

use segl::demo::mail::{Do, Fault as MailFault, Step};
use serde_json::{Value, json};

use super::desk::{Desk, command, run};

const GREEN: &str = "anne@advokat-eksempel.dk";

fn green(desk: &Desk) -> String {
    let person = desk
        .demo
        .world()
        .people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap();
    person.address.clone()
}

fn none(desk: &Desk) -> String {
    let person = desk
        .demo
        .world()
        .people
        .iter()
        .find(|p| p.wanted.status == "not-found")
        .unwrap();
    person.address.clone()
}

#[test]
fn check_says_of_everybody_what_is_wanted() {
    let desk = Desk::new();
    let people = &desk.demo.world().people;
    let mut arguments = vec!["check", "--json"];
    arguments.extend(people.iter().map(|p| p.address.as_str()));
    let ran = desk.segl(&arguments);
    assert_eq!(ran.code, 1, "{ran:?}");
    let rows = ran.json()["recipients"].as_array().unwrap().clone();
    assert_eq!(rows.len(), people.len());
    for (person, row) in people.iter().zip(&rows) {
        let wanted = person.wanted;
        assert_eq!(row["light"], wanted.light, "{row}");
        assert_eq!(row["route"], wanted.route, "{row}");
        assert_eq!(row["status"], wanted.status, "{row}");
        let usable = row["certificates"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|c| c["usable"] == true)
            .count();
        assert_eq!(usable, person.readers.len(), "{row}");
        if let Some(problem) = wanted.problem {
            let codes: Vec<&Value> = row["certificates"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|c| c["problems"].as_array().unwrap())
                .collect();
            assert!(codes.iter().any(|p| p["code"] == problem), "{row}");
        }
        assert!(row["errors"].is_array() && row["lookup"].is_string());
    }
    assert_eq!(desk.segl(&["check", &green(&desk)]).code, 0);
}

#[test]
fn a_green_message_is_sent_encrypted_and_recorded() {
    let desk = Desk::new();
    let who = green(&desk);
    let ran = desk.send(&["--to", &who]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let receipt = ran.json();
    assert_eq!(receipt["outcome"], "sent");
    assert_eq!(receipt["deliveries"][0]["route"], "person");
    assert_eq!(receipt["deliveries"][0]["tls"]["version"], "TLSv1.3");
    let kept = desk.demo.mail().kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].rcpt_to, [who]);
    let text = String::from_utf8(kept[0].data.clone()).unwrap();
    assert!(text.contains("smime-type=enveloped-data"));
    assert!(!text.to_lowercase().contains("user-agent") && !text.contains("Rødgrød"));

    let verified = desk.segl(&["log", "verify", "--json"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    let head = format!(
        "{}:{}",
        receipt["record"]["seq"],
        receipt["record"]["link"].as_str().unwrap()
    );
    assert_eq!(desk.segl(&["log", "verify", "--head", &head]).code, 0);
    let kinds: Vec<Value> =
        serde_json::from_str::<Vec<Value>>(&desk.segl(&["log", "list", "--json"]).stdout).unwrap();
    let kinds: Vec<&str> = kinds.iter().map(|r| r["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["version", "intent", "started", "outcome"]);
}

#[test]
fn the_settings_say_how_mail_is_encrypted_and_every_command_follows() {
    let desk = Desk::new();
    desk.edit(
        "[network]",
        "[content]\ncipher = \"aes256-gcm\"\nrsa = \"oaep\"\n[network]",
    );
    let who = green(&desk);
    let told = desk.segl(&["config", "effective", "--json"]);
    assert!(told.stdout.contains("aes256-gcm"), "{told:?}");
    let doctor = desk.segl(&["doctor"]);
    assert!(
        doctor.stdout.contains("AES-256-GCM, RSA-OAEP"),
        "{doctor:?}"
    );

    let message = "From: anne@x.example\nSubject: Sagen\n\nRødgrød".as_bytes();
    let sealed = desk.segl_with(&["seal", "--to", &who], message);
    assert_eq!(sealed.code, 0, "{sealed:?}");
    let sent = desk.send(&["--to", &who]);
    assert_eq!(sent.code, 0, "{sent:?}");
    let kept = desk.demo.mail().kept();
    // A hyphen is standard input and standard output.
    let piped = desk.segl_with(&["seal", "--to", &who, "--in", "-", "--out", "-"], message);
    assert_eq!(piped.code, 0, "{piped:?}");
    for message in [
        sealed.stdout.as_bytes(),
        piped.stdout.as_bytes(),
        &kept[0].data,
    ] {
        let found = segl::smime::inspect(message).unwrap();
        assert_eq!(found.cipher, segl::cert::ContentCipher::Aes256Gcm);
        assert_eq!(found.ways, [segl::smime::KeyManagement::RsaOaepSha256]);
    }
}

#[test]
fn what_a_mail_answers_is_named_by_a_message_id_and_nothing_else() {
    let desk = Desk::new();
    let who = green(&desk);
    let ran = desk.send(&["--to", &who, "--in-reply-to", "Re: Sagen"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(ran.json()["error"]["code"], "message-id", "{ran:?}");
    assert!(desk.demo.mail().transcript().is_empty());
    let ran = desk.send(&["--to", &who, "--in-reply-to", "1@x.example"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let kept = desk.demo.mail().kept();
    let outside = String::from_utf8_lossy(&kept[0].data);
    assert!(outside.contains("In-Reply-To: <1@x.example>\r\n"));
    assert!(outside.contains("References: <1@x.example>\r\n"));
}

#[test]
fn an_exposed_recipient_needs_consent_and_nothing_is_sent_without() {
    let desk = Desk::new();
    let (green, none) = (green(&desk), none(&desk));
    let ran = desk.send(&["--to", &green, "--to", &none]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["outcome"], "refused");
    assert_eq!(ran.json()["exposed"][0]["address"], none.as_str());
    assert!(desk.demo.mail().kept().is_empty());
    assert!(
        desk.demo.mail().transcript().is_empty(),
        "not even connected"
    );

    let ran = desk.send(&["--to", &green, "--to", &none, "--only-encrypted"]);
    assert_eq!((ran.code, desk.demo.mail().kept().len()), (0, 1), "{ran:?}");
    assert_eq!(ran.json()["left_out"], json!([none]));

    let ran = desk.send(&[
        "--to",
        &green,
        "--to",
        &none,
        "--accept-fallback",
        "nothing-confidential",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let kept = desk.demo.mail().kept();
    let sealed = |i: usize| String::from_utf8_lossy(&kept[i].data).contains("enveloped-data");
    assert_eq!((kept.len(), sealed(1), sealed(2)), (3, true, false));
    assert_eq!(kept[2].rcpt_to, [none]);
}

#[test]
fn a_consent_needs_a_reason_while_policy_says_so() {
    let desk = Desk::new();
    let none = none(&desk);
    for reason in ["", " ", "...", "urgent"] {
        let ran = desk.send(&["--to", &none, "--accept-fallback", reason]);
        assert_eq!(
            (ran.code, ran.json()["error"]["code"].as_str().unwrap()),
            (2, "reason"),
            "{reason:?}"
        );
    }
    desk.edit(
        "fallback = \"ask\"",
        "fallback = \"ask\"\nrequire_reason = false",
    );
    assert_eq!(desk.send(&["--to", &none, "--accept-fallback", ""]).code, 0);
}

#[test]
fn policy_refuses_whatever_the_reason() {
    let desk = Desk::new();
    desk.edit("fallback = \"ask\"", "fallback = \"forbid\"");
    let ran = desk.send(&["--to", &none(&desk), "--accept-fallback", "assessed"]);
    assert_eq!((ran.code, desk.demo.mail().kept().len()), (1, 0), "{ran:?}");
    assert_eq!(ran.json()["outcome"], "refused");
}

#[test]
fn each_bcc_recipient_gets_a_message_of_its_own_that_names_nobody() {
    let desk = Desk::new();
    let people: Vec<String> = desk
        .demo
        .world()
        .people
        .iter()
        .filter(|p| p.wanted.route == "person")
        .map(|p| p.address.clone())
        .collect();
    let (to, bcc) = (people[0].clone(), people[1].clone());
    let ran = desk.send(&["--to", &to, "--bcc", &bcc]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let kept = desk.demo.mail().kept();
    assert_eq!(
        (&kept[0].rcpt_to[..], &kept[1].rcpt_to[..]),
        (&[to][..], &[bcc.clone()][..])
    );
    for message in &kept {
        let text = String::from_utf8_lossy(&message.data).to_lowercase();
        let header = text.split("\r\n\r\n").next().unwrap();
        assert!(
            !header.contains("bcc") && !header.contains(&bcc),
            "{header}"
        );
    }
    let identifier = |i: usize| {
        let text = String::from_utf8_lossy(&kept[i].data).into_owned();
        text.lines()
            .find(|l| l.starts_with("Message-ID"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(identifier(0), identifier(1));
}

#[test]
fn a_refused_recipient_stops_everybody_and_the_rest_can_be_chosen() {
    let desk = Desk::new();
    let (green, none) = (green(&desk), none(&desk));
    desk.demo.mail().set_faults(vec![
        MailFault::reply(Step::Rcpt, 550, "no such mailbox").for_address(&none),
    ]);
    let arguments = [
        "--to",
        green.as_str(),
        "--to",
        none.as_str(),
        "--accept-fallback",
        "assessed",
    ];
    let ran = desk.send(&arguments);
    assert_eq!((ran.code, desk.demo.mail().kept().len()), (1, 0), "{ran:?}");
    assert_eq!(ran.json()["outcome"], "rejected");
    let told = ran.json()["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .any(|d| {
            d["recipients"]
                .as_array()
                .unwrap()
                .iter()
                .any(|r| r["reply"].as_str().is_some_and(|t| t.starts_with("550")))
        });
    assert!(told, "{ran:?}");

    let ran = desk.send(&[&arguments[..], &["--to-rest"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let kept = desk.demo.mail().kept();
    assert_eq!((kept.len(), kept[0].rcpt_to.clone()), (1, vec![green]));
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);
}

#[test]
fn a_link_that_breaks_after_the_dot_is_unconfirmed_and_exit_3() {
    let desk = Desk::new();
    desk.demo
        .mail()
        .set_faults(vec![MailFault::new(Step::Dot, Do::Drop)]);
    let ran = desk.send(&["--to", &green(&desk)]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(ran.json()["outcome"], "unconfirmed");
    assert_eq!(desk.demo.mail().kept().len(), 1, "the server has it");
}

#[test]
fn a_second_delivery_that_fails_is_partial_and_exit_3() {
    let desk = Desk::new();
    let (green, none) = (green(&desk), none(&desk));
    desk.demo
        .mail()
        .set_faults(vec![MailFault::reply(Step::Dot, 554, "no").nth(2)]);
    let ran = desk.send(&[
        "--to",
        &green,
        "--to",
        &none,
        "--accept-fallback",
        "assessed",
    ]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let receipt = ran.json();
    assert_eq!(receipt["outcome"], "partial");
    assert_eq!(receipt["deliveries"][0]["outcome"], "sent");
    assert_eq!(receipt["deliveries"][1]["outcome"], "rejected");
}

#[test]
fn files_hold_what_would_be_submitted_and_no_server_is_asked() {
    let desk = Desk::new();
    let (green, none) = (green(&desk), none(&desk));
    let out = desk.path("out");
    let out = out.to_str().unwrap();
    let arguments = [
        "--to",
        green.as_str(),
        "--bcc",
        none.as_str(),
        "--accept-fallback",
        "assessed",
        "--to-eml",
        out,
    ];
    let ran = desk.send(&arguments);
    assert_eq!(
        (ran.code, ran.json()["outcome"].as_str().unwrap()),
        (0, "written"),
        "{ran:?}"
    );
    assert!(desk.demo.mail().transcript().is_empty());
    let mut names: Vec<String> = fs::read_dir(out)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "01-person.eml",
            "01-person.json",
            "02-tls.eml",
            "02-tls.json"
        ]
    );
    let envelope: Value =
        serde_json::from_str(&fs::read_to_string(format!("{out}/02-tls.json")).unwrap()).unwrap();
    assert_eq!(envelope["rcpt_to"], json!([none]));
    // Never over an existing file; and nothing half written.
    let again = desk.send(&arguments);
    assert_eq!(again.code, 2, "{again:?}");
    assert_eq!(fs::read_dir(out).unwrap().count(), 4);
}

#[test]
fn an_address_given_twice_is_delivered_once() {
    let desk = Desk::new();
    let who = green(&desk);
    let ran = desk.send(&["--bcc", &who, "--to", &who.to_uppercase(), "--cc", &who]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(desk.demo.mail().kept().len(), 1);
    assert_eq!(
        ran.json()["deliveries"][0]["recipients"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(ran.json()["deliveries"][0]["recipients"][0]["kind"], "to");
}

#[test]
fn a_message_from_a_file_goes_out_with_its_formatted_body_unchanged_and_without_trace_fields() {
    let desk = Desk::new();
    let none = none(&desk);
    let sender = &desk.demo.world().sender_address;
    let entity = "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhej\r\n\
                  --b\r\nContent-Type: text/html\r\n\r\n<b>hej</b>  \r\n--b--\r\n";
    let message = format!(
        "Received: from pc.local\r\nDKIM-Signature: x\r\nUser-Agent: y\r\nFrom: {sender}\r\nTo: {none}\r\n\
         Bcc: {GREEN}\r\nSubject: Hej\r\nMIME-Version: 1.0\r\n{entity}"
    );
    let out = desk.path("out");
    let arguments = [
        "send",
        "--json",
        "--eml",
        "-",
        "--to",
        &none,
        "--accept-fallback",
        "assessed",
        "--to-eml",
    ];
    let ran = desk.segl_with(
        &[&arguments[..], &[out.to_str().unwrap()]].concat(),
        message.as_bytes(),
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let written = fs::read_to_string(out.join("01-tls.eml")).unwrap();
    assert!(written.ends_with(entity), "{written}");
    for name in ["Received", "DKIM", "User-Agent", "Bcc"] {
        assert!(!written.contains(name), "{name}: {written}");
    }
}

#[test]
fn what_is_wrong_with_the_input_is_said_and_nothing_is_sent() {
    let desk = Desk::new();
    let who = green(&desk);
    let protected = "From: a@x.example\r\nTo: b@y.example\r\nContent-Type: multipart/signed; boundary=x\r\n\r\nx\r\n";
    fs::write(desk.path("protected.eml"), protected).unwrap();
    let rows: [(&[&str], &str); 8] = [
        (
            &["send", "--json", "--subject", "x", "--body", "x"],
            "no-recipients",
        ),
        (
            &["send", "--json", "--to", "anne", "--body", "x"],
            "address",
        ),
        (
            &[
                "send",
                "--json",
                "--to",
                &format!("{who}; eva"),
                "--body",
                "x",
            ],
            "address",
        ),
        (
            &["send", "--json", "--to", &who, "--attach", "none.pdf"],
            "attachment",
        ),
        (
            &["send", "--json", "--to", &who, "--attach", "."],
            "attachment",
        ),
        (
            &["send", "--json", "--to", &who, "--from", "other@x.example"],
            "sender",
        ),
        (
            &[
                "send",
                "--json",
                "--to",
                &who,
                "--subject",
                "a\r\nBcc: x@y.example",
            ],
            "message",
        ),
        (&["send", "--json", "--eml", "protected.eml"], "eml"),
    ];
    for (arguments, code) in rows {
        let ran = desk.segl(arguments);
        assert_eq!(ran.code, 2, "{arguments:?} {ran:?}");
        let error = ran.json()["error"].clone();
        assert_eq!(error["code"], code, "{ran:?}");
        assert_eq!(error["may_have_been_sent"], false);
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    assert!(desk.demo.mail().kept().is_empty());
}

#[test]
fn a_cpr_number_as_an_address_is_refused_asks_nobody_and_is_not_repeated() {
    let desk = Desk::new();
    let who = green(&desk);
    for number in ["0101701234", "010170-1234"] {
        let address = format!("{number}@borger-eksempel.dk");
        let runs = [
            desk.segl(&["check", "--json", &address]),
            desk.send(&["--to", &who, "--bcc", &address]),
        ];
        for ran in runs {
            assert_eq!(ran.code, 1, "{ran:?}");
            assert_eq!(ran.json()["error"]["code"], "cpr-in-address");
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!told.contains(number), "{ran:?}");
        }
        let table = format!("name,email\nEva,{address}\n");
        fs::write(desk.path("register.csv"), table).unwrap();
        assert_ne!(desk.segl(&["contacts", "import", "register.csv"]).code, 0);
    }
    assert!(desk.demo.mail().kept().is_empty());
    let log = desk.segl(&["log", "list", "--json"]).stdout;
    assert!(!log.contains("010170"), "{log}");
}

#[test]
fn the_digital_post_address_of_a_citizen_is_refused_in_every_field_of_a_mail() {
    let desk = Desk::new();
    let who = green(&desk);
    for address in ["0707614285@digital-post.dk", "070761-4285@digital-post.dk"] {
        for field in ["--to", "--cc", "--bcc"] {
            let ran = desk.send(&["--to", &who, field, address]);
            assert_eq!(ran.code, 1, "{ran:?}");
            assert_eq!(ran.json()["error"]["code"], "cpr-in-address");
        }
        let mail = format!("To: {address}\r\nSubject: x\r\n\r\nx\r\n");
        fs::write(desk.path("citizen.eml"), mail).unwrap();
        let ran = desk.segl(&["send", "--json", "--eml", "citizen.eml"]);
        assert_eq!(ran.json()["error"]["code"], "cpr-in-address", "{ran:?}");
    }
    assert!(desk.demo.mail().kept().is_empty());
}

#[test]
fn what_files_hold_is_said_with_the_reason_and_never_repeated() {
    let desk = Desk::new();
    fs::write(
        desk.path("brev.txt"),
        "Klienten, CPR 070761-4285,\ner sygemeldt.\n",
    )
    .unwrap();
    fs::write(desk.path("scan.png"), b"\x89PNG\r\n").unwrap();
    fs::write(desk.path("dagsorden.txt"), "Vi ses på onsdag.\n").unwrap();
    let ran = desk.segl(&["examine", "--json", "brev.txt", "scan.png", "dagsorden.txt"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let found = ran.json();
    assert_eq!(found["class"], "sensitive");
    let rows = found["files"].as_array().unwrap();
    assert_eq!(rows[0]["findings"][0]["category"], "cpr");
    assert_eq!(rows[0]["findings"][0]["masked"], "0707••-••••");
    assert_eq!(rows[0]["findings"][1]["category"], "health");
    assert_eq!(rows[0]["findings"][1]["line"], 2);
    assert_eq!(rows[1]["not_examined"][0], "picture");
    assert_eq!(rows[1]["class"], serde_json::Value::Null);
    assert_eq!(rows[2]["findings"].as_array().unwrap().len(), 0);
    let told = desk.segl(&["--lang", "da", "examine", "brev.txt", "scan.png"]);
    assert!(
        told.stdout.contains("følsom") && told.stdout.contains("Ikke undersøgt"),
        "{told:?}"
    );
    for secret in ["4285", "sygemeldt"] {
        assert!(!format!("{}{}", ran.stdout, told.stdout).contains(secret));
    }
    assert_eq!(desk.segl(&["examine", "dagsorden.txt"]).code, 0);
}

#[test]
fn a_class_is_one_of_three_words() {
    let desk = Desk::new();
    let who = green(&desk);
    for class in ["ordinary", "confidential", "sensitive"] {
        let ran = desk.send(&["--to", &who, "--class", class]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert_eq!(desk.send(&["--to", &who, "--class", "secret"]).code, 2);
}

#[test]
fn without_a_record_nothing_is_sent() {
    let desk = Desk::new();
    let who = green(&desk);
    assert_eq!(desk.send(&["--to", &who]).code, 0);
    // A newer version wrote it: refused, and left alone.
    let database = rusqlite::Connection::open(desk.path("data/record.sqlite")).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let ran = desk.send(&["--to", &who]);
    assert_eq!(
        (ran.code, ran.json()["error"]["code"].as_str().unwrap()),
        (2, "record"),
        "{ran:?}"
    );
    assert_eq!(desk.demo.mail().kept().len(), 1);
}

#[test]
fn a_record_that_was_tampered_with_is_found_and_set_aside() {
    let desk = Desk::new();
    let who = green(&desk);
    assert_eq!(desk.send(&["--to", &who]).code, 0);
    let database = rusqlite::Connection::open(desk.path("data/record.sqlite")).unwrap();
    database
        .execute_batch(
            "PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE type = 'trigger';",
        )
        .unwrap();
    drop(database);
    let database = rusqlite::Connection::open(desk.path("data/record.sqlite")).unwrap();
    database
        .execute("UPDATE record SET at = at + 1 WHERE seq = 1", [])
        .unwrap();
    drop(database);
    let verified = desk.segl(&["log", "verify", "--json"]);
    assert_eq!(verified.code, 1, "{verified:?}");
    assert_eq!(verified.json()["intact"], false);
    assert_eq!(verified.json()["first_bad"]["seq"], 1);
}

#[test]
fn a_record_that_was_set_aside_is_told_at_once() {
    let desk = Desk::new();
    let who = green(&desk);
    assert_eq!(desk.send(&["--to", &who]).code, 0);
    for name in ["record.sqlite", "record.sqlite-wal", "record.sqlite-shm"] {
        let file = desk.path("data").join(name);
        if file.exists() {
            fs::remove_file(file).unwrap();
        }
    }
    let sent = desk.send(&["--to", &who]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.stderr.contains("The send log was gone"), "{sent:?}");
    let again = desk.send(&["--to", &who]);
    assert!(!again.stderr.contains("send log"), "{again:?}");
}

#[test]
fn settings_that_are_missing_or_wrong_are_named_and_nothing_else_happens() {
    let desk = Desk::new();
    desk.edit("security = \"implicit-tls\"", "securty = \"implicit-tls\"");
    let ran = desk.segl(&["check", "--json", GREEN]);
    assert_eq!(
        (ran.code, ran.json()["error"]["code"].as_str().unwrap()),
        (2, "settings-unknown-key")
    );
    assert!(
        ran.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("security"),
        "{ran:?}"
    );
    let home = tempfile::tempdir().unwrap();
    let mut missing = command(home.path());
    missing.args(["check", "--json", GREEN]);
    assert_eq!(
        run(missing, b"").json()["error"]["code"],
        "settings-missing"
    );
}

#[test]
fn the_language_changes_sentences_and_no_codes() {
    let desk = Desk::new();
    let none = none(&desk);
    let danish = desk.segl(&["--lang", "da", "check", &none]);
    assert!(danish.stdout.starts_with("Rød: "), "{danish:?}");
    assert!(
        desk.segl(&["--lang", "en", "check", &none])
            .stdout
            .starts_with("Red: ")
    );
    let json = |lang| {
        desk.segl(&["--lang", lang, "check", "--json", &none])
            .stdout
    };
    assert_eq!(json("da"), json("en"));
}

#[test]
fn what_this_version_does_not_have_says_so() {
    let desk = Desk::new();
    for verb in [&["open", "x"][..], &["report"], &["cert", "import", "x"]] {
        let ran = desk.segl(&[verb, &["--json"]].concat());
        assert_eq!(ran.code, 2, "{verb:?} {ran:?}");
    }
}
