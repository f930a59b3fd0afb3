//! This computer's clock: a date of a responder, a list's host or a directory that is more than an hour off it is said
//! before anything is green.

use std::{fs, sync::Arc};

use jiff::Timestamp;
use segl::demo::{
    CrlSpec, DirectoryOptions, DirectoryServer, MailOptions, MailServer, ServerCertificates,
};

use super::{ANNE, BO, Desk, Forged, OPEN, UNKNOWN, answering, desk, hours, minutes, told};
use crate::{
    desk::{Ran, command, now, run},
    issuers::Server,
};

/// An answer with a date.
fn dated(body: &[u8], date: Timestamp) -> Vec<u8> {
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// Made in advance: nothing but the date of the connection tells the time.
fn in_advance(desk: &Desk, question: &[u8]) -> Vec<u8> {
    let nonce = None;
    Forged {
        nonce,
        ..desk.forged(question)
    }
    .der()
}

fn clock(ran: &Ran) -> String {
    let state = &ran.json()["clock"]["state"];
    state.as_str().unwrap_or_default().to_owned()
}

fn light(ran: &Ran, row: usize) -> String {
    let light = &ran.json()["recipients"][row]["light"];
    light.as_str().unwrap_or_default().to_owned()
}

/// How a responder answers at this desk.
type Answer = fn(&Desk, &[u8]) -> Vec<u8>;

#[test]
fn a_clock_that_is_off_the_dates_of_a_responder_is_said_and_nothing_is_green() {
    let rows: [(&str, Answer, &str); 9] = [
        (
            "as it is here",
            |d, q| dated(&in_advance(d, q), now()),
            "agrees",
        ),
        (
            "fifty minutes",
            |d, q| dated(&in_advance(d, q), minutes(50)),
            "agrees",
        ),
        (
            "two hours ahead",
            |d, q| dated(&in_advance(d, q), hours(2)),
            "off",
        ),
        (
            "two hours behind",
            |d, q| dated(&in_advance(d, q), hours(-2)),
            "off",
        ),
        (
            "years behind",
            |d, q| dated(&in_advance(d, q), hours(-24 * 1000)),
            "off",
        ),
        // Who signs a moment ago what this computer sent says the time better than a date in clear does.
        (
            "ahead, but signed now",
            |d, q| dated(&d.forged(q).der(), hours(2)),
            "disputed",
        ),
        (
            "without a date, signed now",
            |d, q| super::said(&d.forged(q).der()),
            "agrees",
        ),
        (
            "without a date, made in advance",
            |d, q| super::said(&in_advance(d, q)),
            "unheard",
        ),
        (
            "nothing but an error",
            |_, _| {
                let refused = dated(&[], hours(3));
                [b"HTTP/1.1 500 No", &refused[15..]].concat()
            },
            "off",
        ),
    ];
    for (what, answer, state) in rows {
        let (desk, _responder) = answering(answer);
        let ran = desk.check("root.cer", OPEN, &[ANNE]);
        assert_eq!(clock(&ran), state, "{what}: {ran:?}");
        let code = told(&ran, 0).0;
        if state == "off" {
            assert_eq!((&*code, &*light(&ran, 0), ran.code), ("clock", "red", 1));
            let clock = &ran.json()["clock"];
            assert_eq!(clock["peer"], "127.0.0.1", "{ran:?}");
            let here: Timestamp = clock["presented"].as_str().unwrap().parse().unwrap();
            let there: Timestamp = clock["expected"].as_str().unwrap().parse().unwrap();
            assert!(here.duration_since(there).as_mins().abs() > 60, "{ran:?}");
            assert!(clock["next"].as_str().is_some_and(|n| !n.is_empty()));
        } else {
            assert_eq!((&*code, &*light(&ran, 0), ran.code), ("", "green", 0));
        }
    }
}

#[test]
fn a_signature_of_a_moment_ago_from_another_time_is_believed_more_than_a_date_in_clear() {
    let answer: Answer = |d, q| {
        let ahead = Forged {
            this_update: hours(2),
            next_update: Some(hours(8)),
            produced_at: hours(2),
            ..d.forged(q)
        };
        dated(&ahead.der(), now())
    };
    let (desk, _responder) = answering(answer);
    let ran = desk.check("root.cer", OPEN, &[ANNE]);
    assert_eq!(clock(&ran), "off", "{ran:?}");
    assert_eq!(light(&ran, 0), "red");
    assert_eq!(told(&ran, 0), ("clock".to_owned(), "not-yet".to_owned()));
    // A stranger's signature tells nobody the time.
    let answer: Answer = |d, q| {
        let ahead = Forged {
            this_update: hours(2),
            next_update: Some(hours(8)),
            produced_at: hours(2),
            ..d.forged_by(q, &d.bo)
        };
        dated(&ahead.der(), now())
    };
    let (desk, _responder) = answering(answer);
    let ran = desk.check("root.cer", OPEN, &[ANNE]);
    assert_eq!(
        (clock(&ran).as_str(), told(&ran, 0).0.as_str()),
        ("agrees", UNKNOWN)
    );
}

#[test]
fn a_signed_list_from_the_future_says_that_the_clock_is_behind() {
    for (ahead, state) in [(hours(2), "off"), (minutes(30), "unheard")] {
        let (desk, _responder) = answering(|_, _| Vec::new());
        let list = desk.issuing.crl(&CrlSpec::empty(ahead)).unwrap();
        fs::write(desk.folder().join("issuing.crl"), list).unwrap();
        let ran = desk.check("root.cer", "", &[ANNE]);
        assert_eq!(clock(&ran), state, "{ran:?}");
        assert_eq!((light(&ran, 0).as_str(), ran.code), ("red", 1));
    }
}

fn directory(time: Option<Timestamp>) -> DirectoryServer {
    let options = DirectoryOptions {
        time,
        ..DirectoryOptions::default()
    };
    DirectoryServer::start(Vec::new(), options).unwrap()
}

fn named(server: &DirectoryServer) -> String {
    format!(
        "[[directory]]\nname = \"OCES\"\nurl = \"{}\"\nbase = \"c=DK\"\nallow_plaintext = true\n",
        server.url()
    )
}

#[test]
fn a_clock_that_is_off_the_time_of_a_directory_turns_every_recipient_red() {
    let desk = desk(1);
    let list = desk.issuing.crl(&CrlSpec::empty(hours(-3))).unwrap();
    fs::write(desk.folder().join("issuing.crl"), list).unwrap();
    for (time, state) in [
        (None, "unheard"),
        (Some(now()), "agrees"),
        (Some(hours(2)), "off"),
        (Some(hours(-2)), "off"),
    ] {
        let server = directory(time);
        let ran = desk.check("root.cer", &named(&server), &[ANNE, BO]);
        assert_eq!(clock(&ran), state, "{ran:?}");
        let wanted = if state == "off" { "red" } else { "green" };
        for row in 0..2 {
            assert_eq!(light(&ran, row), wanted, "{state}: {ran:?}");
        }
        if state == "off" {
            assert_eq!(ran.json()["clock"]["peer"], "OCES");
        }
    }
}

#[test]
fn in_the_terminal_the_clock_is_said_first_and_by_the_doctor_too() {
    let desk = desk(1);
    let server = directory(Some(hours(2)));
    let sender = "[[sender]]\nname = \"Anne\"\naddress = \"anne@advokat-eksempel.dk\"\n";
    let settings = format!("{sender}{}", named(&server));
    let _written = desk.check("root.cer", &settings, &[ANNE]);
    let segl = |arguments: &[&str]| {
        let mut command = command(desk.folder());
        command
            .arg("--config")
            .arg(desk.folder().join("segl.toml"))
            .args(arguments);
        run(command, b"")
    };
    let ran = segl(&["check", ANNE, BO]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!((lines.len(), ran.code), (3, 1), "{ran:?}");
    assert!(lines[0].contains("clock") && lines[0].contains("OCES"));
    assert!(lines[1..].iter().all(|l| l.starts_with("Red")), "{ran:?}");
    let ran = segl(&["doctor", "--json"]);
    let first = &ran.json()["findings"][0];
    assert_eq!(
        (&first["about"], &first["level"]),
        (&"clock".into(), &"problem".into()),
        "{ran:?}"
    );
    drop(server);
}

#[test]
fn with_a_clock_that_is_off_nothing_is_sent_as_if_it_were_green() {
    let desk = desk(1);
    let list = desk.issuing.crl(&CrlSpec::empty(hours(-3))).unwrap();
    fs::write(desk.folder().join("issuing.crl"), list).unwrap();
    let server = directory(Some(hours(-2)));
    let ran = super::recorded::send(&desk, &named(&server));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("clock"), "{ran:?}");
    assert!(!desk.folder().join("out/01-person.eml").exists());
    drop(server);
    let server = directory(Some(now()));
    let ran = super::recorded::send(&desk, &named(&server));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(desk.folder().join("out/01-person.eml").exists(), "{ran:?}");
}

#[test]
fn a_list_that_is_fetched_tells_the_time_too() {
    let server = Server::start(|| dated(&[], hours(5)));
    let desk = desk(1);
    let leaf = segl::demo::Leaf {
        crl_urls: vec![format!("http://127.0.0.1:{}/a.crl", server.port)],
        ..segl::demo::Leaf::mail("Anne Østergaard", ANNE)
    };
    let leaf = desk.issuing.issue(&leaf).unwrap();
    fs::write(desk.folder().join("anne.cer"), &leaf.der).unwrap();
    let ran = desk.check("root.cer", OPEN, &[ANNE]);
    assert_eq!(clock(&ran), "off", "{ran:?}");
    assert_eq!(told(&ran, 0).0, "clock", "{ran:?}");
}

#[test]
fn a_mail_server_is_the_last_who_says_the_time_and_it_is_heard_before_a_green_mail_leaves() {
    let desk = desk(1);
    let list = desk.issuing.crl(&CrlSpec::empty(hours(-3))).unwrap();
    fs::write(desk.folder().join("issuing.crl"), list).unwrap();
    let certificates = Arc::new(ServerCertificates::make().unwrap());
    let root = certificates.root_pem();
    fs::write(desk.folder().join("servers.pem"), root).unwrap();
    for (time, is_taken) in [
        (Some(hours(2)), false),
        (Some(hours(-2)), false),
        (Some(now()), true),
        (None, true),
    ] {
        let options = MailOptions {
            time,
            ..MailOptions::implicit_tls(Arc::clone(&certificates))
        };
        let server = MailServer::start(options).unwrap();
        let settings = format!(
            "[submission]\nhost = \"localhost\"\nport = {}\nsecurity = \"implicit-tls\"\n\
             auth = \"none\"\nca_file = \"servers.pem\"\n",
            server.port()
        );
        let ran = super::recorded::submit(&desk, &settings);
        assert_eq!(ran.code, i32::from(!is_taken), "{time:?}: {ran:?}");
        assert_eq!(server.kept().len(), usize::from(is_taken), "{time:?}");
        assert_eq!(ran.stderr.contains("localhost"), !is_taken, "{ran:?}");
    }
}
