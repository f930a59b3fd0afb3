//! MTA-STS policies over HTTPS, from hosts that behave and hosts that do not.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use openssl::ssl::{SslAcceptor, SslMethod};
use segl::tls::{Promise, Sts, StsFault, StsHost, raised};

use super::*;

const RECORDS: &str = "\
x.example. IN MX 10 mx.x.example.
mx.x.example. IN A 192.0.2.1
_mta-sts.x.example. IN TXT \"v=STSv1; id=1;\"
mta-sts.x.example. IN A 127.0.0.1
two.example. IN MX 10 mx.x.example.
_mta-sts.two.example. IN TXT \"v=STSv1; id=1;\"
_mta-sts.two.example. IN TXT \"v=STSv1; id=2;\"
none.example. IN MX 10 mx.x.example.
dane.example. IN MX 10 mx.dane.example.
mx.dane.example. IN A 192.0.2.2
_25._tcp.mx.dane.example. IN TLSA 3 1 1 bb00000000000000000000000000000000000000000000000000000000000000
_mta-sts.dane.example. IN TXT \"v=STSv1; id=1;\"
mta-sts.dane.example. IN A 127.0.0.1
both.example. IN MX 10 mx.x.example.
both.example. IN MX 20 mx.dane.example.
_mta-sts.both.example. IN TXT \"v=STSv1; id=1;\"
mta-sts.both.example. IN A 127.0.0.1
closed.example. IN MX 10 mx.x.example.
_mta-sts.closed.example. IN TXT \"v=STSv1; id=1;\"
mta-sts.closed.example. IN A 127.0.0.7";

const ENFORCE: &str = "version: STSv1\nmode: enforce\nmx: mx.x.example\nmax_age: 604800\n";

/// What the policy host sends after the handshake.
#[derive(Clone)]
enum Sends {
    /// These octets.
    This(String),
    /// Nothing.
    Nothing,
    /// Octets without end.
    Endless,
}

struct PolicyHost {
    stop: Arc<AtomicBool>,
    port: u16,
    thread: Option<JoinHandle<()>>,
}

impl PolicyHost {
    fn start(certificate: &Made, sends: Sends) -> Self {
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
        acceptor.set_private_key(&certificate.key).unwrap();
        acceptor.set_certificate(&certificate.certificate).unwrap();
        let acceptor = acceptor.build();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let serve = move || {
            for tcp in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let tcp = tcp.unwrap();
                tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let Ok(mut tls) = acceptor.accept(tcp) else {
                    continue;
                };
                let mut asked = [0; 1000];
                let Ok(length) = tls.read(&mut asked) else {
                    continue;
                };
                let asked = String::from_utf8_lossy(&asked[..length]);
                assert!(asked.starts_with("GET /.well-known/mta-sts.txt HTTP/1.1\r\n"));
                match &sends {
                    Sends::This(octets) => {
                        let _gone = tls.write_all(octets.as_bytes());
                        let _gone = tls.shutdown();
                    }
                    Sends::Nothing => while tls.read(&mut [0]).is_ok_and(|n| n > 0) {},
                    Sends::Endless => {
                        let head =
                            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nversion: STSv1\n";
                        let _gone = tls.write_all(head);
                        while tls.write_all(&[b'#'; 1000]).is_ok() {}
                    }
                }
            }
        };
        let thread = thread::Builder::new()
            .name("policy".to_owned())
            .spawn(serve);
        Self {
            stop,
            port,
            thread: Some(thread.unwrap()),
        }
    }
}

impl Drop for PolicyHost {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _woken = TcpStream::connect(("127.0.0.1", self.port));
        let _ended = self.thread.take().unwrap().join();
    }
}

fn answer(body: &str) -> Sends {
    let length = body.len();
    Sends::This(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{body}"
    ))
}

/// What is found of a domain whose policy host has this certificate and sends this.
async fn found(zone: &Zone, root: &Made, host: &Made, sends: Sends, domain: &str) -> Findings {
    let server = PolicyHost::start(host, sends);
    let (_folder, file) = roots(&[root]);
    let settings = Settings {
        probe: false,
        sts_port: server.port,
        ca_file: Some(file),
        deadline: Duration::from_secs(3),
        ..settings(zone, 25)
    };
    examine(settings, domain).await
}

const HOSTS: &[&str] = &[
    "mta-sts.x.example",
    "mta-sts.dane.example",
    "mta-sts.both.example",
];

#[tokio::test]
async fn a_policy_that_is_enforced_publishes_for_the_servers_that_it_names() {
    let Some(zone) = Zone::start(RECORDS) else {
        return;
    };
    let root = Made::root("root");
    let host = Made::server(HOSTS, &root);
    for (body, domain, sts, level) in [
        (
            ENFORCE.to_owned(),
            "x.example",
            StsHost::Enforced,
            Level::Published,
        ),
        (
            ENFORCE.replace("mx.x.example", "*.x.example"),
            "x.example",
            StsHost::Enforced,
            Level::Published,
        ),
        (
            ENFORCE.replace("mx.x.example", "mx.y.example"),
            "x.example",
            StsHost::NotNamed,
            Level::Unknown,
        ),
        (
            ENFORCE.replace("enforce", "testing"),
            "x.example",
            StsHost::Testing,
            Level::Unknown,
        ),
        (
            ENFORCE.replace("enforce", "none"),
            "x.example",
            StsHost::Nothing,
            Level::Unknown,
        ),
        (
            ENFORCE.to_owned(),
            "two.example",
            StsHost::Nothing,
            Level::Unknown,
        ),
        (
            ENFORCE.to_owned(),
            "none.example",
            StsHost::Nothing,
            Level::Unknown,
        ),
    ] {
        let found = found(&zone, &root, &host, answer(&body), domain).await;
        assert_eq!(found.mx[0].sts, sts, "{domain} {body}");
        assert_eq!(found.level(), level, "{domain} {body}");
    }
}

#[tokio::test]
async fn each_server_is_covered_by_its_own_means() {
    let Some(zone) = Zone::start(RECORDS) else {
        return;
    };
    let root = Made::root("root");
    let host = Made::server(HOSTS, &root);
    let both = found(&zone, &root, &host, answer(ENFORCE), "both.example").await;
    assert_eq!(both.level(), Level::Published);
    let dane_only = Promise {
        honours_dane: true,
        ..Promise::default()
    };
    assert_eq!(raised(both.level(), &both, &dane_only), Level::Published);
    let follows = Promise {
        honours_sts: true,
        ..dane_only
    };
    assert_eq!(raised(both.level(), &both, &follows), Level::Guaranteed);
    // The policy names another server than the one with DANE: DANE stands by itself.
    let dane = found(&zone, &root, &host, answer(ENFORCE), "dane.example").await;
    assert_eq!(dane.mx[0].sts, StsHost::NotNamed);
    assert_eq!(dane.level(), Level::Published);
}

#[tokio::test]
async fn a_policy_host_that_misbehaves_gives_no_policy_and_says_why() {
    let Some(zone) = Zone::start(RECORDS) else {
        return;
    };
    let (root, stranger) = (Made::root("root"), Made::root("stranger"));
    let good = Made::server(HOSTS, &root);
    let status = |head: &str| Sends::This(format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n"));
    let elsewhere = "301 Moved\r\nLocation: https://mta-sts.x.example/other";
    let stretched = format!("{ENFORCE}{}", "#: x\n".repeat(20_000));
    for (host, sends, fault) in [
        (&good, status(elsewhere), StsFault::Redirect),
        (&good, status("404 No"), StsFault::Status { status: 404 }),
        (&good, status("201 Made"), StsFault::Status { status: 201 }),
        (&good, Sends::Nothing, StsFault::Timeout),
        (&good, Sends::Endless, StsFault::TooLarge),
        (&good, answer(&stretched), StsFault::TooLarge),
        (&good, answer("<html>welcome</html>"), StsFault::NoPolicy),
        (
            &good,
            Sends::This("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nversion".to_owned()),
            StsFault::TooLarge,
        ),
        (
            &good,
            Sends::This("hello\r\n\r\n".to_owned()),
            StsFault::Unreachable,
        ),
        (
            &Made::server(HOSTS, &stranger),
            answer(ENFORCE),
            StsFault::Certificate,
        ),
        (
            &Made::server(&["x.example"], &root),
            answer(ENFORCE),
            StsFault::Certificate,
        ),
        (
            &Made::server(&["*.mta-sts.x.example"], &root),
            answer(ENFORCE),
            StsFault::Certificate,
        ),
        (
            &Made::expired(HOSTS, &root),
            answer(ENFORCE),
            StsFault::Certificate,
        ),
    ] {
        let found = found(&zone, &root, host, sends, "x.example").await;
        assert_eq!(
            found.sts,
            Sts::Unchecked {
                fault: fault.clone()
            }
        );
        assert_eq!(found.level(), Level::Unknown, "{fault:?}");
        assert!(codes(&found).contains(&NoteCode::StsUnchecked));
    }
    let found = found(&zone, &root, &good, answer(ENFORCE), "closed.example").await;
    let fault = StsFault::Unreachable;
    assert_eq!(found.sts, Sts::Unchecked { fault });
}

#[tokio::test]
async fn a_policy_is_remembered_for_its_time_where_none_can_be_had() {
    let Some(zone) = Zone::start(RECORDS) else {
        return;
    };
    let root = Made::root("root");
    let host = Made::server(HOSTS, &root);
    let earlier = found(&zone, &root, &host, answer(ENFORCE), "x.example").await;
    let now = found(&zone, &root, &host, Sends::This(String::new()), "x.example").await;
    assert_eq!(now.level(), Level::Unknown);
    let remembered = now.clone().remembering(Some(&earlier));
    assert_eq!(remembered.level(), Level::Published);
    assert!(codes(&remembered).contains(&NoteCode::StsRemembered));
    // Once more, from what was remembered; but not beyond its time.
    let again = now.clone().remembering(Some(&remembered));
    assert_eq!(again.level(), Level::Published);
    let mut later = now;
    later.checked_at = earlier.checked_at + Duration::from_hours(168);
    assert_eq!(later.remembering(Some(&earlier)).level(), Level::Unknown);
}
