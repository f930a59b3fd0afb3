//! What mail servers show when they are knocked at.

use segl::tls::{Certificate, Dane, Outcome};

use super::*;

/// A domain with one server on 127.0.0.2, its zone, and what is seen.
struct Scene {
    findings: Findings,
    server: Server,
}

/// Knocks at one server for `mx.x.example`, whose zone has this TLSA record.
async fn knock(
    manner: Manner,
    tlsa: Option<&str>,
    root: &Made,
    deadline: Duration,
) -> Option<Scene> {
    let mut places = Places::take(1);
    let port = places.port;
    let mut records = "x.example. IN MX 10 mx.x.example.\nmx.x.example. IN A 127.0.0.2".to_owned();
    if let Some(tlsa) = tlsa {
        records.extend(["\n", &format!("_{port}._tcp.mx.x.example. IN TLSA {tlsa}")]);
    }
    let zone = Zone::start(&records)?;
    let (_folder, file) = roots(&[root]);
    let server = places.serve(0, manner);
    let settings = Settings {
        ca_file: Some(file),
        deadline,
        ..settings(&zone, port)
    };
    let findings = examine(settings, "x.example").await;
    Some(Scene { findings, server })
}

const HOST: &str = "mx.x.example";

#[tokio::test]
async fn each_state_of_a_certificate_is_told_apart() {
    let (root, stranger) = (Made::root("root"), Made::root("stranger"));
    let good = Made::server(&[HOST], &root);
    for (chain, faults, level) in [
        (good.clone(), vec![], Level::Verified),
        (
            Made::server(&["*.x.example"], &root),
            vec![],
            Level::Verified,
        ),
        (
            Made::server(&["mx.other.example"], &root),
            vec![Certificate::WrongName],
            Level::Offered,
        ),
        (
            Made::expired(&[HOST], &root),
            vec![Certificate::Expired],
            Level::Offered,
        ),
        (
            Made::self_signed(&[HOST]),
            vec![Certificate::SelfSigned],
            Level::Offered,
        ),
        (
            Made::server(&[HOST], &stranger),
            vec![Certificate::Untrusted],
            Level::Offered,
        ),
        (
            Made::weak(&[HOST], &root),
            vec![Certificate::Weak],
            Level::Offered,
        ),
        (
            Made::expired(&["mx.other.example"], &stranger),
            vec![
                Certificate::Untrusted,
                Certificate::WrongName,
                Certificate::Expired,
            ],
            Level::Offered,
        ),
    ] {
        let Some(scene) = knock(Manner::Tls(vec![chain]), None, &root, PATIENT).await else {
            return;
        };
        let probe = scene.findings.mx[0].probe.clone().unwrap();
        assert_eq!(probe.outcome, Outcome::Tls);
        assert_eq!(probe.version.as_deref(), Some("TLSv1.3"));
        assert_eq!(probe.certificate, faults);
        assert_eq!(probe.chain.len(), 1);
        assert_eq!(scene.findings.level(), level, "{faults:?}");
        assert_eq!(
            scene.server.said(),
            ["EHLO [127.0.0.1]", "STARTTLS", "inside: QUIT"]
        );
    }
}

#[tokio::test]
async fn tls_1_0_is_seen_and_counts_as_none() {
    let root = Made::root("root");
    let chain = vec![Made::server(&[HOST], &root)];
    let tlsa = chain[0].tlsa();
    let manner = Manner::OldTls(chain);
    let Some(scene) = knock(manner, Some(&tlsa), &root, PATIENT).await else {
        return;
    };
    let probe = scene.findings.mx[0].probe.clone().unwrap();
    assert_eq!(probe.version.as_deref(), Some("TLSv1"));
    assert_eq!(scene.findings.level(), Level::None);
    assert!(codes(&scene.findings).contains(&NoteCode::OldTls));
}

#[tokio::test]
async fn dane_proves_a_certificate_that_the_web_would_not_and_disproves_one_that_it_would() {
    let (root, own) = (Made::root("root"), Made::self_signed(&["anything.example"]));
    let good = Made::server(&[HOST], &root);
    let with = |chain: Vec<Made>, tlsa: String| {
        let root = root.clone();
        async move { knock(Manner::Tls(chain), Some(&tlsa), &root, PATIENT).await }
    };
    let Some(scene) = with(vec![own.clone()], own.tlsa()).await else {
        return;
    };
    assert_eq!(scene.findings.mx[0].dane, Dane::Matched);
    assert_eq!(scene.findings.level(), Level::Published);
    let scene = with(vec![good.clone()], own.tlsa()).await.unwrap();
    assert_eq!(scene.findings.mx[0].dane, Dane::Mismatched);
    assert_eq!(scene.findings.level(), Level::Offered);
    // An authority of the domain's own, that nobody else trusts.
    let house = Made::root("house");
    let served = Made::server(&[HOST], &house);
    let chain = vec![served, house.clone()];
    let scene = with(chain, house.tlsa_above()).await.unwrap();
    assert_eq!(scene.findings.mx[0].dane, Dane::Matched);
    let wrong = Made::server(&["mx.other.example"], &house);
    let scene = with(vec![wrong, house.clone()], house.tlsa_above())
        .await
        .unwrap();
    assert_eq!(scene.findings.mx[0].dane, Dane::Mismatched);
}

#[tokio::test]
async fn a_hostile_server_is_reported_and_never_waited_for_beyond_the_deadline() {
    let root = Made::root("root");
    for (manner, outcome, level) in [
        (Manner::Plain, Outcome::NoStarttls, Level::None),
        (Manner::Tarpit, Outcome::Stalled, Level::Unknown),
        (Manner::HalfOpen, Outcome::Stalled, Level::Unknown),
        (Manner::Stalls, Outcome::Stalled, Level::Unknown),
        (Manner::Endless, Outcome::Broken, Level::Unknown),
        (
            Manner::Says(vec![b"554 not you\r\n"]),
            Outcome::Refused,
            Level::Unknown,
        ),
        (
            Manner::Says(vec![b"SSH-2.0-x\r\n"]),
            Outcome::Broken,
            Level::Unknown,
        ),
        (
            Manner::Says(vec![b"220 mx\r\n", b"500 what\r\n"]),
            Outcome::NoStarttls,
            Level::None,
        ),
        (
            Manner::Says(vec![
                b"220 mx\r\n",
                b"250-mx\r\n250 STARTTLS\r\n",
                b"454 later\r\n",
            ]),
            Outcome::StarttlsRefused,
            Level::None,
        ),
        (
            Manner::Says(vec![
                b"220 mx\r\n",
                b"250-mx\r\n250 STARTTLS\r\n",
                b"220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n",
            ]),
            Outcome::Injected,
            Level::None,
        ),
        (
            Manner::Says(vec![
                b"220 mx\r\n",
                b"250-mx\r\n250 STARTTLS\r\n",
                b"220 go\r\n",
                b"250 not TLS at all\r\n",
            ]),
            Outcome::Injected,
            Level::None,
        ),
        (
            Manner::Says(vec![
                b"220 mx\r\n",
                b"250-mx\r\n250 STARTTLS\r\n",
                b"220 go\r\n",
                // Alert: handshake failure.
                b"\x15\x03\x03\x00\x02\x02\x28",
            ]),
            Outcome::HandshakeFailed,
            Level::None,
        ),
    ] {
        let Some(scene) = knock(manner, None, &root, IMPATIENT).await else {
            return;
        };
        let probe = scene.findings.mx[0].probe.clone().unwrap();
        assert_eq!(probe.outcome, outcome);
        assert_eq!(scene.findings.level(), level, "{outcome:?}");
        for said in scene.server.said() {
            let is_harmless =
                ["EHLO [127.0.0.1]", "STARTTLS", "QUIT", "(TLS)"].contains(&said.as_str());
            assert!(is_harmless, "{outcome:?}: {said}");
        }
    }
}

#[tokio::test]
async fn the_worst_of_several_mail_servers_counts() {
    let root = Made::root("root");
    let mut places = Places::take(3);
    let port = places.port;
    let records = "\
all.example. IN MX 10 a.x.example.
all.example. IN MX 20 b.x.example.
all.example. IN MX 30 c.x.example.
two.example. IN MX 10 a.x.example.
two.example. IN MX 20 b.x.example.
away.example. IN MX 10 a.x.example.
away.example. IN MX 20 d.x.example.
a.x.example. IN A 127.0.0.2
b.x.example. IN A 127.0.0.3
c.x.example. IN A 127.0.0.4
d.x.example. IN A 127.0.0.99";
    let Some(zone) = Zone::start(records) else {
        return;
    };
    let (_folder, file) = roots(&[&root]);
    let _a = places.serve(0, Manner::Tls(vec![Made::server(&["a.x.example"], &root)]));
    let _b = places.serve(1, Manner::Tls(vec![Made::self_signed(&["b.x.example"])]));
    let _c = places.serve(2, Manner::Plain);
    let settings = Settings {
        ca_file: Some(file),
        ..settings(&zone, port)
    };
    for (domain, level) in [
        ("all.example", Level::None),
        ("two.example", Level::Offered),
        ("away.example", Level::Verified),
    ] {
        let found = examine(settings.clone(), domain).await;
        assert_eq!(found.level(), level, "{domain}: {:?}", found.mx);
    }
}

#[tokio::test]
async fn nobody_outside_has_us_knock_inside_the_house() {
    let root = Made::root("root");
    let mut places = Places::take(1);
    let port = places.port;
    let records = "x.example. IN MX 10 mx.x.example.\nmx.x.example. IN A 127.0.0.2";
    let Some(zone) = Zone::start(records) else {
        return;
    };
    let server = places.serve(0, Manner::Tls(vec![Made::server(&[HOST], &root)]));
    let settings = Settings {
        reach: Reach::Public,
        ..settings(&zone, port)
    };
    let found = examine(settings, "x.example").await;
    assert_eq!(
        found.mx[0].probe.as_ref().unwrap().outcome,
        Outcome::Private
    );
    assert_eq!(found.level(), Level::Unknown);
    assert_eq!(server.said(), Vec::<String>::new());
}
