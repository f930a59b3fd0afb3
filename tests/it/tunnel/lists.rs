//! What replaces what: files, servers, signatures, and somebody who looks.

use segl::demo::{KeyChoice, Leaf, Presented, WebServer, web::Answer};

use super::{COURT, TOWN, Tunnel, signature};

fn entry() -> String {
    format!("{TOWN};sikkerpost@{TOWN};direct;11223344;Tunnelby Kommune\n")
}

/// The digest of the list in force, and whether one waits.
fn state(tunnel: &Tunnel) -> (String, bool) {
    let status = tunnel.segl(&["tunnel", "status", "--json"]).json();
    let sha256 = status["list"]["sha256"].as_str().unwrap_or_default();
    (sha256.to_owned(), !status["waiting"].is_null())
}

#[test]
fn a_list_is_imported_shown_with_digest_source_and_age_and_used() {
    let tunnel = Tunnel::new();
    tunnel.write("tunnel.csv", entry() + "wrong line\n");
    let broken = tunnel.segl(&["tunnel", "import", "tunnel.csv"]);
    assert_eq!(broken.code, 1, "half of a list is no list: {broken:?}");
    assert!(broken.stderr.contains("Line 2"), "{broken:?}");
    assert_eq!(tunnel.segl(&["tunnel", "status"]).code, 1);

    tunnel.write("tunnel.csv", entry());
    let taken = tunnel.segl(&["tunnel", "import", "--json", "tunnel.csv"]);
    assert_eq!(
        (taken.code, &taken.json()["outcome"]),
        (0, &"in-force".into()),
        "{taken:?}"
    );
    assert_eq!(tunnel.told(&format!("x@{TOWN}")).1, "tunnel");
    let status = tunnel.segl(&["tunnel", "status", "--json"]);
    let list = &status.json()["list"];
    assert_eq!(list["size"], entry().len());
    assert_eq!(list["source"], "imported");
    assert_eq!(status.code, 0, "{status:?}");
    let words = tunnel.segl(&["tunnel", "status"]).stdout;
    assert!(
        words.contains("tunnel.csv") && words.contains("SHA-256"),
        "{words}"
    );
    assert_eq!(
        tunnel
            .segl(&["tunnel", "import", "--json", "tunnel.csv"])
            .json()["outcome"],
        "same"
    );
}

#[test]
fn a_broken_list_never_replaces_a_good_one() {
    let tunnel = Tunnel::with(&entry());
    assert_eq!(tunnel.told(&format!("x@{TOWN}")).1, "tunnel");
    let good = state(&tunnel);
    let garbage: Vec<u8> = (0..100_000_u32).map(|n| (n % 253) as u8).collect();
    let bad: [&[u8]; 6] = [
        b"",
        b"<html>not here</html>",
        b"\xff\xfex\0",
        &garbage,
        b"domain;key\na.dk;b\n",
        b"a.dk;;direct\na.dk;;wrapped\n",
    ];
    for octets in bad {
        tunnel.write("tunnel.csv", octets);
        assert_eq!(tunnel.segl(&["tunnel", "update"]).code, 1);
        assert_eq!(state(&tunnel), good);
        assert_eq!(tunnel.told(&format!("x@{TOWN}")).1, "tunnel");
        let status = tunnel.segl(&["tunnel", "status", "--json"]);
        assert_eq!(
            (status.code, &status.json()["trouble"]["code"]),
            (1, &"list-broken".into())
        );
    }
}

#[test]
fn what_is_kept_and_was_altered_counts_for_nothing() {
    let tunnel = Tunnel::with(&entry());
    let (sha256, _) = {
        assert_eq!(tunnel.told(&format!("x@{TOWN}")).1, "tunnel");
        state(&tunnel)
    };
    tunnel.write(
        &format!("data/tunnel/{sha256}.list"),
        format!("{TOWN}\nother.example\n"),
    );
    assert_eq!(tunnel.told(&format!("x@{TOWN}")).0, "red");
    let status = tunnel.segl(&["tunnel", "status"]);
    assert!(
        status.code == 2 && status.stderr.contains("damaged"),
        "{status:?}"
    );
}

#[test]
fn a_change_of_who_reads_waits_until_it_was_seen() {
    let tunnel = Tunnel::with(&entry());
    assert_eq!(tunnel.told(&format!("x@{TOWN}")).1, "tunnel");
    let before = state(&tunnel).0;
    let other = entry().replace("11223344", "55667788");
    tunnel.write("tunnel.csv", &other);
    // Noticed by looking somebody up; not in force.
    assert_eq!(tunnel.told(&format!("x@{TOWN}")).1, "tunnel");
    let status = tunnel.segl(&["tunnel", "status", "--json"]);
    let status = status.json();
    let waiting = &status["waiting"];
    assert_eq!(status["list"]["sha256"], before);
    assert_eq!(waiting["reasons"], serde_json::json!(["changes"]));
    assert_eq!(
        waiting["changed"],
        serde_json::json!([{ "domain": TOWN, "fields": [
            { "field": "cvr", "before": "NTRDK-11223344", "after": "NTRDK-55667788" }] }])
    );
    assert_eq!(
        tunnel.segl(&["tunnel", "confirm", "00"]).code,
        1,
        "another list was seen"
    );
    let words = tunnel.segl(&["tunnel", "status"]).stdout;
    assert!(
        words.contains("NTRDK-11223344") && words.contains("segl tunnel confirm"),
        "{words}"
    );
    let sha256 = waiting["list"]["sha256"].as_str().unwrap();
    assert_eq!(tunnel.segl(&["tunnel", "confirm", &sha256[..12]]).code, 0);
    assert_eq!(state(&tunnel), (sha256.to_owned(), false));
    assert_eq!(tunnel.told(&format!("x@{TOWN}")).2, "list-mismatch");
    // What was confirmed stands in the record.
    let log = tunnel.segl(&["log", "list", "--json"]).stdout;
    assert!(log.contains("evidence"), "{log}");
    // Discarded: the one in force stays, and the same file waits again when it is read again.
    tunnel.write("tunnel.csv", entry());
    assert_eq!(tunnel.segl(&["tunnel", "update"]).code, 1);
    assert_eq!(tunnel.segl(&["tunnel", "discard"]).code, 0);
    assert_eq!(state(&tunnel), (sha256.to_owned(), false));
}

#[test]
fn a_list_from_a_server_that_nobody_signed_tells_membership_only() {
    let tunnel = Tunnel::new();
    let servers = &tunnel.desk.demo.world().servers;
    let list = format!("{}{COURT};sikkermail@{COURT};wrapped;55667788\n", entry());
    let pages = vec![("/tunnel.csv".to_owned(), Answer::of(list))];
    let web = WebServer::start(servers, Presented::Good, pages).unwrap();
    tunnel.settings(&format!(
        "url = \"https://127.0.0.1:{}/tunnel.csv?key=hemmelig\"\nca_file = \"roots/servers.pem\"",
        web.port()
    ));
    // By its name in the certificate; in the settings' mode and not in the list's.
    let ran = tunnel.segl(&["check", "--json", &format!("x@{TOWN}")]);
    let row = &ran.json()["recipients"][0];
    assert_eq!(
        (&row["route"], &row["tunnel"]["mode"]),
        (&"tunnel".into(), &"direct".into()),
        "{ran:?}"
    );
    // The CVR that a stranger on the way could write binds nobody.
    assert_eq!(tunnel.told(&format!("x@{COURT}")).2, "address-mismatch");
    let status = tunnel.segl(&["tunnel", "status", "--json"]);
    assert_eq!(status.json()["list"]["membership_only"], true);
    assert!(!status.stdout.contains("hemmelig"), "{status:?}");
    assert_eq!(
        web.asked().len(),
        1,
        "asked for once, and then not until it is due"
    );
}

#[test]
fn a_server_that_fails_is_told_and_left_alone_and_the_list_stays() {
    let tunnel = Tunnel::new();
    let servers = &tunnel.desk.demo.world().servers;
    let pages = vec![("/tunnel.csv".to_owned(), Answer::of(entry()))];
    let web = WebServer::start(servers, Presented::Good, pages).unwrap();
    tunnel.settings(&format!(
        "url = \"https://127.0.0.1:{}/tunnel.csv\"\nca_file = \"roots/servers.pem\"",
        web.port()
    ));
    assert_eq!(tunnel.segl(&["tunnel", "update"]).code, 0);
    web.refuse_connections().unwrap();
    assert_eq!(tunnel.segl(&["tunnel", "update"]).code, 2);
    let status = tunnel.segl(&["tunnel", "status", "--json"]);
    assert_eq!(
        (status.code, &status.json()["trouble"]["code"]),
        (1, &"list-server".into())
    );
    assert_eq!(tunnel.told(&format!("x@{TOWN}")).1, "tunnel");
    // A server with another name is none that hands out lists.
    let tunnel = Tunnel::new();
    let servers = &tunnel.desk.demo.world().servers;
    let pages = vec![("/tunnel.csv".to_owned(), Answer::of(entry()))];
    for presented in [
        Presented::WrongName,
        Presented::Untrusted,
        Presented::Expired,
    ] {
        let web = WebServer::start(servers, presented, pages.clone()).unwrap();
        let url = format!("https://127.0.0.1:{}/tunnel.csv", web.port());
        let text = format!("[tunnel]\nurl = \"{url}\"\nca_file = \"roots/servers.pem\"\n");
        let settings = std::fs::read_to_string(tunnel.desk.demo.config_path()).unwrap();
        tunnel.write("other.toml", settings + &text);
        let mut segl = super::super::desk::command(tunnel.desk.demo.folder());
        segl.args(["--config", "other.toml", "tunnel", "update"]);
        assert_eq!(super::super::desk::run(segl, b"").code, 2, "{presented:?}");
        assert!(web.asked().is_empty());
    }
}

#[test]
fn a_signed_list_is_taken_whole_and_one_of_another_signer_never() {
    let tunnel = Tunnel::new();
    let world = tunnel.desk.demo.world();
    let signer = |name: &str, key| {
        let leaf = Leaf::mail(name, "liste@udgiver-eksempel.dk").with_key(KeyChoice::Shared(key));
        world.issuing.issue(&leaf).unwrap()
    };
    let (right, other) = (signer("Udgiver", 1107), signer("En anden", 1108));
    tunnel.write("signer.cer", &right.der);
    let list = format!("{COURT};sikkermail@{COURT};direct;55667788\n");
    let octets = list.as_bytes();
    let serve = |body: &str, beside: Option<String>| {
        let beside = beside.map(|s| ("/tunnel.csv.p7s".to_owned(), Answer::of(s)));
        let pages = std::iter::once(("/tunnel.csv".to_owned(), Answer::of(body))).chain(beside);
        WebServer::start(&world.servers, Presented::Good, pages.collect()).unwrap()
    };
    let changed = list.replace("direct", "wrapped");
    let settings = std::fs::read_to_string(tunnel.desk.demo.config_path()).unwrap();
    let rows = [
        ("not signed", serve(&list, None), 1, "list-unsigned"),
        (
            "by another",
            serve(&list, Some(signature(octets, &other, true))),
            1,
            "list-signature",
        ),
        (
            "changed",
            serve(&changed, Some(signature(octets, &right, true))),
            1,
            "list-signature",
        ),
        (
            "garbage",
            serve(&list, Some("-----".to_owned())),
            1,
            "list-signature",
        ),
        (
            "beside it",
            serve(&list, Some(signature(octets, &right, true))),
            0,
            "",
        ),
        (
            "around it",
            serve(&signature(octets, &right, false), None),
            0,
            "",
        ),
        (
            "around another's",
            serve(&signature(octets, &other, false), None),
            1,
            "list-signature",
        ),
    ];
    for (n, (what, web, code, why)) in rows.iter().enumerate() {
        // A data folder for each: nothing is remembered of the others.
        let text = settings.replace("dir = \"data\"", &format!("dir = \"data-{n}\""));
        let text = format!(
            "{text}\n[tunnel]\nurl = \"https://127.0.0.1:{}/tunnel.csv\"\nca_file = \"roots/servers.pem\"\nsigner = \"signer.cer\"\n",
            web.port()
        );
        tunnel.write("signed.toml", text);
        let run = |arguments: &[&str]| {
            let mut segl = super::super::desk::command(tunnel.desk.demo.folder());
            segl.args(["--config", "signed.toml"]).args(arguments);
            super::super::desk::run(segl, b"")
        };
        let ran = run(&["tunnel", "update", "--json"]);
        assert_eq!(ran.code, *code, "{what}: {ran:?}");
        let found = ran.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(found, *why, "{what}");
        let checked = run(&["check", "--json", &format!("x@{COURT}")]);
        // The list's CVR counts, because somebody signed it.
        assert_eq!(checked.code, *code, "{what}: {checked:?}");
    }
}

#[test]
fn an_old_list_is_told() {
    let tunnel = Tunnel::with(&entry());
    let file = std::fs::File::options()
        .write(true)
        .open(tunnel.desk.path("tunnel.csv"))
        .unwrap();
    let ten_days = std::time::Duration::from_hours(240);
    let written = file.metadata().unwrap().modified().unwrap();
    file.set_modified(written.checked_sub(ten_days).unwrap())
        .unwrap();
    let ran = tunnel.segl(&["check", "--json", &format!("x@{TOWN}")]);
    let row = &ran.json()["recipients"][0];
    assert_eq!(
        (&row["light"], &row["tunnel"]["list"]["old"]),
        (&"green".into(), &true.into()),
        "{ran:?}"
    );
    let words = tunnel.segl(&["check", &format!("x@{TOWN}")]).stdout;
    assert!(words.contains("The tunnel list is from"), "{words}");
    assert_eq!(tunnel.segl(&["tunnel", "status"]).code, 1);
}

#[test]
fn an_answer_through_the_gateway_confirms_it_and_no_other_mail_does() {
    let tunnel = Tunnel::with(&entry());
    let sent = tunnel.desk.send(&["--to", &format!("en@{TOWN}")]).json();
    let id = sent["message_id"].as_str().unwrap();
    let mail = |from: &str, answers: &str| {
        format!(
            "From: {from}\r\nTo: anne@advokat-eksempel.dk\r\nIn-Reply-To: {answers}\r\nSubject: Sv: x\r\n\r\nTak\r\n"
        )
    };
    for (from, answers) in [
        (format!("en@{TOWN}"), "<other@x.example>"),
        ("en@fremmed-eksempel.dk".to_owned(), id),
        (String::new(), id),
    ] {
        tunnel.write("answer.eml", mail(&from, answers));
        assert_eq!(
            tunnel.segl(&["tunnel", "answered", "answer.eml"]).code,
            1,
            "{from}"
        );
    }
    let words = || tunnel.segl(&["check", &format!("to@{TOWN}")]).stdout;
    assert!(words().contains("Not yet confirmed"));
    tunnel.write("answer.eml", mail(&format!("en@{TOWN}"), id));
    let noted = tunnel.segl(&["tunnel", "answered", "answer.eml"]);
    assert_eq!(noted.code, 0, "{noted:?}");
    assert!(!words().contains("Not yet confirmed"), "{}", words());
}
