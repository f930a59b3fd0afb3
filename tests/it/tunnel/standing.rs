//! Who is green through a gateway, and who is not.

use segl::demo::{KeyChoice, Leaf};

use super::{COURT, TOWN, Tunnel};

fn is(light: &str, route: &str, why: &str) -> (String, String, String) {
    (light.to_owned(), route.to_owned(), why.to_owned())
}

#[test]
fn all_of_a_listed_domain_is_green_through_its_gateway_and_nothing_below_it() {
    let list = format!("{TOWN};sikkerpost@{TOWN};wrapped;11223344\n{COURT};;direct;55667788\n");
    let tunnel = Tunnel::with(&list);
    let green = is("green", "tunnel", "usable");
    assert_eq!(tunnel.told(&format!("hvem.som.helst@{TOWN}")), green);
    // Without a mailbox in the list it is found under a usual name; bound by the list's CVR.
    assert_eq!(tunnel.told(&format!("retten@{COURT}")), green);
    let red = is("red", "tls", "not-found");
    assert_eq!(tunnel.told(&format!("x@sub.{TOWN}")), red);
    assert_eq!(tunnel.told(&format!("x@under{TOWN}")), red);

    let ran = tunnel.segl(&["check", "--json", &format!("x@{COURT}")]);
    let row = &ran.json()["recipients"][0];
    let told = &row["tunnel"];
    assert_eq!(
        told["found_under"],
        format!("sikkermail@{COURT}"),
        "{ran:?}"
    );
    assert_eq!(
        (&told["mode"], &told["person"]),
        (&"direct".into(), &"not-found".into())
    );
    assert_eq!(told["answered_at"], serde_json::Value::Null);
    assert_eq!(row["certificates"][0]["binding"], "domain");
    let words = tunnel.segl(&["check", &format!("x@{TOWN}")]);
    assert_eq!(words.code, 0, "{words:?}");
    for wanted in [
        "Green",
        "to the organisation's gateway",
        "Not yet confirmed with this organisation",
    ] {
        assert!(words.stdout.contains(wanted), "{words:?}");
    }
    let danish = tunnel
        .segl(&["--lang", "da", "check", &format!("x@{TOWN}")])
        .stdout;
    assert!(danish.contains("til organisationens gateway"), "{danish}");
    assert!(
        danish.contains("Endnu ikke bekræftet med denne organisation"),
        "{danish}"
    );
}

#[test]
fn a_person_goes_before_the_gateway() {
    let list = "advokat-eksempel.dk\neksempelby-eksempel.dk\n";
    let tunnel = Tunnel::new();
    tunnel.write("tunnel.csv", list);
    // The first list names the firm's own domain: it waits, and nobody is green by it.
    tunnel.settings("list = \"tunnel.csv\"");
    let person = is("green", "person", "usable");
    assert_eq!(tunnel.told("karen@advokat-eksempel.dk"), person);
    assert_eq!(tunnel.segl(&["tunnel", "update"]).code, 1);
    let status = tunnel.segl(&["tunnel", "status", "--json"]).json();
    assert_eq!(status["waiting"]["reasons"][0], "firm-domain");
    assert_eq!(tunnel.segl(&["tunnel", "confirm"]).code, 0);
    assert_eq!(tunnel.told("karen@advokat-eksempel.dk"), person);
    assert_eq!(
        tunnel.told("post@eksempelby-eksempel.dk"),
        is("green", "organisation", "usable")
    );
}

#[test]
fn a_gateway_is_used_where_the_person_could_not_be_looked_up_and_the_words_say_so() {
    let tunnel = Tunnel::new();
    let world = tunnel.desk.demo.world();
    let leaf = Leaf::organisation("Stille", "Stille ApS", "99887766")
        .for_address("post@stille-eksempel.dk")
        .with_key(KeyChoice::Shared(1103));
    let gateway = world.issuing.issue(&leaf).unwrap();
    let carried = base64_simd::STANDARD.encode_to_string(&gateway.der);
    tunnel.write(
        "tunnel.csv",
        format!("domain;mailbox;cvr;certificate\nstille-eksempel.dk;post@stille-eksempel.dk;99887766;{carried}\n"),
    );
    tunnel.settings("list = \"tunnel.csv\"");
    let ulla = world.unreachable_address();
    let ran = tunnel.segl(&["check", "--json", ulla]);
    let row = &ran.json()["recipients"][0];
    assert_eq!(
        (&row["light"], &row["route"]),
        (&"green".into(), &"tunnel".into()),
        "{ran:?}"
    );
    assert_eq!(row["tunnel"]["person"], "lookup-failed");
    assert!(!row["errors"].as_array().unwrap().is_empty());
    let words = tunnel.segl(&["check", ulla]).stdout;
    assert!(words.contains("could not be checked"), "{words}");
    // And so does the record.
    assert_eq!(tunnel.desk.send(&["--to", ulla]).code, 0);
    let log = tunnel.segl(&["log", "list", "--json"]).stdout;
    let seq = log_seq(&log, "intent");
    let shown = tunnel.segl(&["log", "show", &seq, "--json"]).stdout;
    assert!(shown.contains("\"person\":\"lookup-failed\""), "{shown}");
}

/// The number of the newest row of a kind.
pub(super) fn log_seq(log: &str, kind: &str) -> String {
    let rows: serde_json::Value = serde_json::from_str(log).unwrap();
    let rows = rows
        .as_array()
        .or_else(|| rows["records"].as_array())
        .unwrap()
        .clone();
    let row = rows
        .iter()
        .filter(|r| r["kind"] == kind)
        .max_by_key(|r| r["seq"].as_u64());
    row.unwrap()["seq"].to_string()
}

#[test]
fn what_somebody_must_see_first_never_goes_through_a_gateway() {
    let list = format!("forening-eksempel.dk\n{TOWN};sikkerpost@{TOWN};direct;11223344\n");
    let tunnel = Tunnel::with(&list);
    // Two organisations on one address.
    assert_eq!(
        tunnel.told("faelles@forening-eksempel.dk"),
        is("red", "tls", "organisation-conflict")
    );
    // Somebody had a certificate of their own, and it is gone.
    let borger = format!("borger@{TOWN}");
    let leaf = Leaf::mail("Borger", &borger).with_key(KeyChoice::Shared(1104));
    let world = tunnel.desk.demo.world();
    let own = world.issuing.issue(&leaf).unwrap();
    let before = world.entries();
    let entry = segl::demo::Entry::new("cn=Borger,c=DK")
        .with("objectClass", "inetOrgPerson")
        .with("cn", "Borger")
        .with("sn", "Borger")
        .with("mail", &borger)
        .with("userCertificate;binary", &own.der);
    tunnel
        .desk
        .demo
        .directory()
        .set_entries([before.clone(), vec![entry]].concat());
    tunnel.desk.edit(
        "revocation = \"require\"",
        "revocation = \"require\"\ndirectory_fresh = \"0s\"\ndirectory_negative = \"0s\"",
    );
    assert_eq!(tunnel.told(&borger), is("green", "person", "usable"));
    assert_eq!(tunnel.desk.send(&["--to", &borger]).code, 0);
    tunnel.desk.demo.directory().set_entries(before);
    assert_eq!(tunnel.told(&borger), is("red", "tls", "not-found"));
    let words = tunnel.segl(&["check", &borger]).stdout;
    assert!(words.contains("had a certificate"), "{words}");
    // A neighbour who never had one is green.
    assert_eq!(
        tunnel.told(&format!("nabo@{TOWN}")),
        is("green", "tunnel", "usable")
    );
}

#[test]
fn a_gateways_certificate_counts_for_its_own_domain_and_organisation_only() {
    // Another domain's gateway, another organisation's number, another certificate than the list's.
    let other = "ab".repeat(32);
    let rows = [
        (
            "andet-eksempel.dk;;direct;11223344".to_owned(),
            "x@andet-eksempel.dk".to_owned(),
            "not-found",
        ),
        (
            format!("{TOWN};sikkerpost@{TOWN};direct;55667788"),
            format!("x@{TOWN}"),
            "list-mismatch",
        ),
        (
            format!("{TOWN};sikkerpost@{TOWN};direct;;;;{other}"),
            format!("x@{TOWN}"),
            "list-mismatch",
        ),
        // Nothing says whose it is.
        (
            format!("{COURT};;direct;"),
            format!("x@{COURT}"),
            "address-mismatch",
        ),
        // Not yet.
        (
            format!("{TOWN};sikkerpost@{TOWN};direct;;;2999-01-01"),
            format!("x@{TOWN}"),
            "not-found",
        ),
    ];
    for (line, address, why) in rows {
        let tunnel = Tunnel::with(&line);
        assert_eq!(tunnel.told(&address), is("red", "tls", why), "{line}");
    }
    let tunnel = Tunnel::new();
    let town = segl::cert::Fingerprint::of(&tunnel.town.der);
    tunnel.settings("list = \"tunnel.csv\"");
    tunnel.write(
        "tunnel.csv",
        format!("{TOWN};sikkerpost@{TOWN};direct;;;;{town}"),
    );
    assert_eq!(
        tunnel.told(&format!("x@{TOWN}")),
        is("green", "tunnel", "usable")
    );
}

#[test]
fn a_gateway_that_takes_mail_at_a_mailbox_only_and_has_none_is_red() {
    let tunnel = Tunnel::new();
    let leaf = Leaf::organisation("Port", "Port ApS", "12121212")
        .for_address("domain-confidentiality-authority@port-eksempel.dk")
        .with_key(KeyChoice::Shared(1105));
    let gateway = tunnel.desk.demo.world().issuing.issue(&leaf).unwrap();
    let carried = base64_simd::STANDARD.encode_to_string(&gateway.der);
    let line = |mode: &str| format!("domain;mode;certificate\nport-eksempel.dk;{mode};{carried}\n");
    tunnel.settings("list = \"tunnel.csv\"");
    tunnel.write("tunnel.csv", line("direct"));
    assert_eq!(tunnel.told("x@port-eksempel.dk").1, "tunnel");
    tunnel.write("tunnel.csv", line("wrapped"));
    assert_eq!(tunnel.segl(&["tunnel", "update"]).code, 1);
    assert_eq!(tunnel.segl(&["tunnel", "confirm"]).code, 0);
    assert_eq!(tunnel.told("x@port-eksempel.dk").0, "red");
    let words = tunnel.segl(&["check", "x@port-eksempel.dk"]).stdout;
    assert!(words.contains("does not say to which mailbox"), "{words}");
}
