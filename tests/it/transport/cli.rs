//! `segl tls` as scripts and people see it.

use std::fs;

use serde_json::Value;

use super::*;
use crate::desk::{Desk, Ran};

const RECORDS: &str = "\
good.example. IN MX 10 mx.good.example.
mx.good.example. IN A 127.0.0.2
bad.example. IN MX 10 mx.bad.example.
mx.bad.example. IN A 127.0.0.3
null.example. IN MX 0 .
xn--bger-gra.example. IN MX 10 mx.good.example.
advokat-eksempel.dk. IN MX 10 mx.bad.example.";

/// A desk whose settings point at a zone and its servers.
struct Scene {
    desk: Desk,
    zone: Zone,
    port: u16,
    good: Option<Server>,
    _bad: Server,
    root: Made,
}

impl Scene {
    fn new() -> Option<Self> {
        let root = Made::root("root");
        let mut places = Places::take(2);
        let port = places.port;
        let served = Made::server(&["mx.good.example"], &root);
        let records = format!(
            "{RECORDS}\n_{port}._tcp.mx.good.example. IN TLSA {}",
            served.tlsa()
        );
        let zone = Zone::start(&records)?;
        let desk = Desk::new();
        let scene = Self {
            good: Some(places.serve(0, Manner::Tls(vec![served]))),
            _bad: places.serve(1, Manner::Plain),
            desk,
            zone,
            port,
            root,
        };
        fs::write(scene.desk.path("tls-roots.pem"), scene.root.pem()).unwrap();
        scene.set("probe = true\n");
        Some(scene)
    }

    fn base(&self) -> String {
        format!(
            "[tls]\ndeadline = \"20s\"\nresolver = \"{}\"\nroot_anchor = \"{}\"\nsmtp_port = {}\nsts_port = 1\n\
             sts_ca_file = \"tls-roots.pem\"\n",
            self.zone.address(),
            self.zone.anchor().display(),
            self.port
        )
    }

    /// Sets `[tls]` anew, with this beside what leads to the zone.
    fn set(&self, more: &str) {
        let file = self.desk.demo.config_path();
        let text = fs::read_to_string(&file).unwrap();
        let before = text.split("\n# transport\n").next().unwrap();
        let before = before.replace("[tls]\nresolver = \"127.0.0.1:9\"\n", "");
        fs::write(
            &file,
            format!("{before}\n# transport\n{}{more}", self.base()),
        )
        .unwrap();
    }

    fn tls(&self, arguments: &[&str]) -> Ran {
        self.desk.segl(&[&["tls"][..], arguments].concat())
    }

    fn domains(&self, arguments: &[&str]) -> Vec<Value> {
        let ran = self.tls(&[&["--json"], arguments].concat());
        ran.json()["domains"].as_array().unwrap().clone()
    }
}

#[test]
fn each_domain_has_its_level_and_the_exit_code_says_whether_all_are_good() {
    let Some(scene) = Scene::new() else { return };
    let ran = scene.tls(&["--json", "good.example"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let found = &ran.json()["domains"][0];
    assert_eq!(found["domain"], "good.example");
    assert_eq!(
        (&found["level"], &found["seen"]),
        (&"published".into(), &"published".into())
    );
    assert_eq!(found["source"], "here");
    let mx = &found["mx"][0];
    assert_eq!(
        (&mx["host"], &mx["dane"]),
        (&"mx.good.example".into(), &"matched".into())
    );
    assert_eq!(mx["addresses"][0], "127.0.0.2");
    assert_eq!(mx["preference"], 10);
    assert_eq!(mx["probe"]["version"], "TLSv1.3");
    assert_eq!(mx["probe"]["name"], "mx.good.example");
    assert_eq!(mx["probe"]["chain"].as_array().unwrap().len(), 1);
    let both = scene.tls(&["--json", "good.example", "bad.example"]);
    assert_eq!(both.code, 1);
    let bad = &both.json()["domains"][1];
    assert_eq!(bad["level"], "none");
    assert_eq!(bad["notes"][0]["code"], "no-starttls");
    assert_eq!(bad["notes"][0]["host"], "mx.bad.example");
    let null = scene.tls(&["--json", "null.example"]);
    assert_eq!(
        (null.code, &null.json()["domains"][0]["takes_no_mail"]),
        (1, &true.into())
    );
    // An address, and a domain as people write it.
    assert_eq!(
        scene.domains(&["Anne@GOOD.example."])[0]["domain"],
        "good.example"
    );
    assert_eq!(
        scene.domains(&["bøger.example"])[0]["domain"],
        "xn--bger-gra.example"
    );
    let ran = scene.tls(&["--json", "no domain"]);
    assert_eq!(
        (ran.code, &ran.json()["error"]["code"]),
        (2, &"domain".into())
    );
    let said = scene.tls(&["good.example", "bad.example"]).stdout;
    assert!(said.contains("good.example: published."), "{said}");
    assert!(
        said.contains("mx.bad.example takes mail without encryption only."),
        "{said}"
    );
}

#[test]
fn what_was_seen_is_kept_for_an_hour_and_asked_anew_on_demand() {
    let Some(mut scene) = Scene::new() else {
        return;
    };
    assert_eq!(scene.domains(&["good.example"])[0]["source"], "here");
    let first = scene.domains(&["good.example"])[0].clone();
    assert_eq!(first["source"], "kept");
    scene.good = None;
    let kept = scene.domains(&["good.example"])[0].clone();
    assert_eq!(
        (&kept["source"], &kept["checked_at"]),
        (&"kept".into(), &first["checked_at"])
    );
    let anew = scene.domains(&["--anew", "good.example"])[0].clone();
    assert_eq!(anew["source"], "here");
    assert_eq!(anew["mx"][0]["probe"]["outcome"], "unreachable");
    // Other settings are another's findings.
    scene.set("probe = false\n");
    assert_eq!(scene.domains(&["good.example"])[0]["source"], "here");
}

#[test]
fn what_our_own_server_promises_is_kept_apart_from_what_was_seen() {
    let Some(scene) = Scene::new() else { return };
    scene
        .desk
        .edit("[submission]\n", "[submission]\nhonours = [\"dane\"]\n");
    let found = scene.domains(&["good.example", "bad.example"]);
    assert_eq!(
        (&found[0]["level"], &found[0]["seen"]),
        (&"guaranteed".into(), &"published".into())
    );
    assert_eq!(
        (&found[1]["level"], &found[1]["seen"]),
        (&"none".into(), &"none".into())
    );
}

#[test]
fn one_prober_serves_desks_that_do_not_knock_and_only_the_named_key_counts() {
    let Some(scene) = Scene::new() else { return };
    let ran = scene.tls(&[
        "--json",
        "--export",
        "evidence.json",
        "good.example",
        "bad.example",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let key = ran.json()["export"]["key"].as_str().unwrap().to_owned();
    // The same key signs the record, which says that evidence was given away.
    let rows = scene.desk.segl(&["log", "list", "--json"]);
    assert!(
        rows.stdout.contains("\"kind\":\"evidence\""),
        "{}",
        rows.stdout
    );
    scene.set("probe = false\n");
    let alone = scene.domains(&["bad.example"]);
    assert_eq!(alone[0]["level"], "unknown");
    let named = format!("probe = false\nevidence = \"evidence.json\"\nevidence_key = \"{key}\"\n");
    scene.set(&named);
    let shared = scene.domains(&["bad.example", "good.example"]);
    assert_eq!(shared[0]["level"], "none");
    assert_eq!(shared[0]["mx"][0]["probe"]["by"], key.as_str());
    assert_eq!(shared[1]["mx"][0]["dane"], "matched");
    let said = scene.tls(&["bad.example"]).stdout;
    assert!(said.contains(&key[..16]), "{said}");
    // Evidence is not handed on under another name.
    let again = scene.tls(&["--json", "--export", "again.json", "bad.example"]);
    assert_eq!(again.json()["export"]["domains"], 0);
    // DNS is gone: all of the other's findings stand in, and say so.
    scene.set(&named.replace("probe", "own_hosts = []\nprobe"));
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let place = silent.local_addr().unwrap().to_string();
    scene.desk.edit(&scene.zone.address().to_string(), &place);
    scene.desk.edit("deadline = \"20s\"", "deadline = \"1s\"");
    let alone = scene.domains(&["good.example"]);
    assert_eq!(
        (&alone[0]["source"], &alone[0]["level"]),
        (&"evidence".into(), &"published".into())
    );
    // Another key, a changed file, no key.
    let other = named.replace(&key, &"0".repeat(64));
    scene.set(&other);
    assert_eq!(scene.domains(&["bad.example"])[0]["level"], "unknown");
    scene.set("probe = false\nevidence = \"evidence.json\"\n");
    let ran = scene.tls(&["--json", "bad.example"]);
    assert_eq!(ran.json()["domains"][0]["level"], "unknown");
    assert!(
        ran.stderr.contains("whose signature counts"),
        "{}",
        ran.stderr
    );
    scene.set(&named);
    let file = scene.desk.path("evidence.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("no-starttls", "unreachable")).unwrap();
    let ran = scene.tls(&["--json", "bad.example"]);
    assert_eq!(ran.json()["domains"][0]["level"], "unknown");
    assert!(ran.stderr.contains("was changed"), "{}", ran.stderr);
    let doctor = scene.desk.segl(&["doctor", "--json"]);
    assert!(doctor.stdout.contains("was changed"), "{}", doctor.stdout);
    assert!(
        doctor
            .stdout
            .contains("resolver, root_anchor, smtp_port, sts_port, sts_ca_file")
    );
}

#[test]
fn all_domains_of_the_contacts_are_examined() {
    let Some(scene) = Scene::new() else { return };
    let card = "BEGIN:VCARD\nVERSION:4.0\nFN:A\nEMAIL:a@good.example\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:B\nEMAIL:b@GOOD.example\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:C\nEMAIL:c@null.example\nEND:VCARD\n";
    let cards = scene.desk.path("cards.vcf");
    fs::write(&cards, card).unwrap();
    let taken = scene
        .desk
        .segl(&["contacts", "import", cards.to_str().unwrap()]);
    assert_eq!(taken.code, 0, "{taken:?}");
    let found = scene.domains(&["--all", "bad.example"]);
    let names: Vec<_> = found
        .iter()
        .map(|d| d["domain"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["bad.example", "good.example", "null.example"]);
}
