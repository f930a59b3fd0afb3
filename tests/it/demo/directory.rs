//! The directory as it should be: judged by `ldapsearch` and on the wire.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use segl::demo::directory::{Asked, DirectoryOptions, DirectoryServer, Entry, Security};
use segl::demo::{ServerCertificates, TlsVersions};

use super::client::{Got, connect, read, tls, until_end};
use super::ldap::{self, Message, is_done, messages};
use super::{Folder, Verdict, text};
use crate::tools::tool;

const CERTIFICATE: &[u8] = b"\x30\x03first, as octets \xff";
const SECOND: &[u8] = b"\x30\x03second";

pub(super) fn entries() -> Vec<Entry> {
    let anne = Entry::new("cn=Anne Østergaard,o=Eksempel ApS,c=DK")
        .with("cn", "Anne Østergaard")
        .with("mail", "anne@eksempel.example")
        .with("userCertificate;binary", CERTIFICATE)
        .with("userCertificate;binary", SECOND);
    let bo = Entry::new("cn=Bo Ærlig,o=Eksempel ApS,c=DK")
        .with("cn", "Bo Ærlig")
        .with("mail", "bo@eksempel.example");
    let again = Entry::new("cn=Bo Ærlig,o=Andet ApS,c=DK")
        .with("cn", "Bo Ærlig")
        .with("mail", "bo@eksempel.example");
    vec![anne, bo, again]
}

pub(super) fn certificates() -> Arc<ServerCertificates> {
    Arc::new(ServerCertificates::make().expect("certificates"))
}

pub(super) fn start(options: DirectoryOptions) -> DirectoryServer {
    DirectoryServer::start(entries(), options).expect("a directory on loopback")
}

fn options(security: Security) -> DirectoryOptions {
    DirectoryOptions {
        security,
        base: Some("c=DK".to_owned()),
        ..DirectoryOptions::default()
    }
}

/// Sends octets and gives the messages that answer them, up to the end of one search.
pub(super) fn ask(server: &DirectoryServer, octets: &[u8]) -> Vec<Message> {
    let mut stream = connect(server.address()).expect("a connection");
    stream.write_all(octets).expect("sent");
    messages(&read(&mut stream, is_done).octets())
}

/// `ldapsearch` against the server with these arguments after the filter's options.
fn ldapsearch(server: &DirectoryServer, root: &str, arguments: &[&str]) -> Option<Verdict> {
    let mut command = tool("ldapsearch")?;
    let folder = Folder::new();
    let file = folder.file("root.pem", root);
    let output = command
        .env("LDAPTLS_CACERT", text(&file))
        .env("LDAPTLS_REQCERT", "hard")
        .args(["-x", "-LLL", "-o", "ldif-wrap=no", "-H", &server.url()])
        .args(arguments)
        .output()
        .expect("ldapsearch runs");
    Some(Verdict {
        content: output.status.success(),
        words: [output.stdout, output.stderr]
            .map(|words| String::from_utf8_lossy(&words).into_owned())
            .concat(),
    })
}

#[test]
fn ldapsearch_finds_both_certificates_over_ldaps_and_over_start_tls() {
    let certificates = certificates();
    for (security, more) in [
        (Security::Ldaps(certificates.clone()), &[][..]),
        (Security::StartTls(certificates.clone()), &["-ZZ"]),
    ] {
        for versions in [TlsVersions::Both, TlsVersions::Only12] {
            let server = start(DirectoryOptions {
                versions,
                ..options(security.clone())
            });
            let mut arguments = more.to_vec();
            arguments.extend([
                "-b",
                "c=DK",
                "(mail=ANNE@eksempel.example)",
                "userCertificate",
            ]);
            let Some(verdict) = ldapsearch(&server, &certificates.root_pem(), &arguments) else {
                return;
            };
            assert!(verdict.content, "{}", verdict.words);
            for value in [CERTIFICATE, SECOND] {
                let value = base64_simd::STANDARD.encode_to_string(value);
                let line = format!("userCertificate;binary:: {value}");
                assert!(verdict.words.contains(&line), "{}", verdict.words);
            }
            assert!(!verdict.words.contains("mail:"), "{}", verdict.words);
            let stats = server.stats();
            assert_eq!(
                (stats.connections, stats.handshakes, stats.answered),
                (1, 1, 1)
            );
            assert_eq!(stats.filters(), ["(mail=ANNE@eksempel.example)"]);
            assert!(
                stats
                    .requests
                    .iter()
                    .all(|seen| { seen.inside_tls || seen.request == Asked::StartTls })
            );
        }
    }
}

#[test]
fn ldapsearch_does_not_take_a_server_whose_root_it_does_not_know() {
    let server = start(options(Security::Ldaps(certificates())));
    let stranger = ServerCertificates::make().expect("certificates");
    let Some(verdict) = ldapsearch(&server, &stranger.root_pem(), &["-b", "c=DK", "(cn=*)"]) else {
        return;
    };
    assert!(!verdict.content, "{}", verdict.words);
    assert_eq!(server.stats().requests, []);
}

#[test]
fn size_limits_of_either_side_give_the_first_entries_and_result_4() {
    let server = start(options(Security::Plain));
    let limited = start(DirectoryOptions {
        size_limit: Some(1),
        ..options(Security::Plain)
    });
    for (server, client_limit) in [(&server, "1"), (&limited, "0"), (&limited, "5")] {
        let arguments = [
            "-z",
            client_limit,
            "-b",
            "c=DK",
            "(mail=bo@eksempel.example)",
            "cn",
        ];
        let Some(verdict) = ldapsearch(server, "", &arguments) else {
            return;
        };
        assert!(
            verdict.words.contains("Size limit exceeded (4)"),
            "{}",
            verdict.words
        );
        assert_eq!(verdict.words.matches("dn:").count(), 1, "{}", verdict.words);
    }
    let exact = messages_of(&server, &ldap::search_for(1, "bo@eksempel.example", 2, &[]));
    assert_eq!(codes(&exact), [0]);
    assert_eq!(found(&exact).len(), 2);
}

fn messages_of(server: &DirectoryServer, octets: &[u8]) -> Vec<Message> {
    ask(server, octets)
}

fn codes(messages: &[Message]) -> Vec<u8> {
    let results = messages
        .iter()
        .filter(|message| message.operation == ldap::DONE);
    results.map(Message::code).collect()
}

fn found(messages: &[Message]) -> Vec<&Message> {
    messages
        .iter()
        .filter(|message| message.operation == ldap::FOUND)
        .collect()
}

#[test]
fn a_wrong_base_is_no_such_object_and_nobody_found_is_success() {
    let server = start(options(Security::Plain));
    let Some(verdict) = ldapsearch(&server, "", &["-b", "o=Andet,c=DK", "(cn=*)"]) else {
        return;
    };
    assert!(
        verdict.words.contains("No such object (32)"),
        "{}",
        verdict.words
    );
    let verdict = ldapsearch(
        &server,
        "",
        &["-b", "C=dk", "(mail=nobody@eksempel.example)"],
    );
    let verdict = verdict.expect("ldapsearch is there");
    assert!(verdict.content, "{}", verdict.words);
    assert!(!verdict.words.contains("dn:"), "{}", verdict.words);
}

#[test]
fn filters_of_every_kind_reach_the_server_as_they_were_meant() {
    let server = start(options(Security::Plain));
    for (filter, wanted) in [
        ("(mail=*)", 3),
        ("(&(mail=*@eksempel.example)(!(cn=anne østergaard)))", 2),
        ("(|(cn=anne*gaard)(mail=nobody@eksempel.example))", 1),
        ("(rfc822Mailbox=bo@eksempel.example)", 2),
        ("(mail=\\2a@eksempel.example)", 0),
        ("(mail=a\\29\\28mail=\\2a)", 0),
        ("(cn>=A)", 0),
        ("(!(cn>=A))", 0),
    ] {
        let Some(verdict) = ldapsearch(&server, "", &["-b", "c=DK", filter, "cn"]) else {
            return;
        };
        assert!(verdict.content, "{filter}: {}", verdict.words);
        assert_eq!(
            verdict.words.matches("dn:").count(),
            wanted,
            "{filter}: {}",
            verdict.words
        );
    }
    let stats = server.stats();
    assert!(
        stats.filters().contains(&"(mail=\\2a@eksempel.example)"),
        "{:?}",
        stats.filters()
    );
}

#[test]
fn a_password_opens_the_directory_inside_tls_only() {
    let certificates = certificates();
    let with_password = |security| DirectoryOptions {
        credentials: Some(("cn=segl,c=DK".to_owned(), "hemmeligt".to_owned())),
        ..options(security)
    };
    let server = start(with_password(Security::Ldaps(certificates.clone())));
    let search = ["-b", "c=DK", "(cn=*)", "cn"];
    for (credentials, wanted) in [
        (&["-D", "CN=segl,c=DK", "-w", "hemmeligt"][..], None),
        (
            &["-D", "cn=segl,c=DK", "-w", "forkert"],
            Some("Invalid credentials (49)"),
        ),
        (
            &["-D", "cn=segl,c=DK", "-w", ""],
            Some("Server is unwilling to perform (53)"),
        ),
        (&[], Some("Strong(er) authentication required (8)")),
    ] {
        let arguments = [credentials, &search].concat();
        let Some(verdict) = ldapsearch(&server, &certificates.root_pem(), &arguments) else {
            return;
        };
        match wanted {
            Some(words) => assert!(verdict.words.contains(words), "{}", verdict.words),
            None => assert!(verdict.content, "{}", verdict.words),
        }
    }
    let binds: Vec<_> = server
        .stats()
        .binds()
        .iter()
        .map(|seen| seen.request.clone())
        .collect();
    let simple = |dn: &str, accepted| Asked::SimpleBind {
        dn: dn.to_owned(),
        accepted,
    };
    assert_eq!(
        binds,
        [
            simple("CN=segl,c=DK", true),
            simple("cn=segl,c=DK", false),
            simple("cn=segl,c=DK", false),
            Asked::AnonymousBind,
        ]
    );

    let plain = start(with_password(Security::Plain));
    let octets = [
        ldap::bind(1, "cn=segl,c=DK", "hemmeligt"),
        ldap::search(2, "x@y.example"),
    ]
    .concat();
    let answers = ask(&plain, &octets);
    assert_eq!(
        answers.iter().map(Message::code).collect::<Vec<_>>(),
        [13, 8]
    );
    assert!(!format!("{:?}", plain.stats()).contains("hemmeligt"));
}

#[test]
fn other_binds_and_operations_are_refused_and_the_connection_goes_on() {
    let server = start(options(Security::Plain));
    let octets = [
        ldap::sasl_bind(1),
        ldap::extended(2, "1.3.6.1.4.1.4203.1.11.3"),
        ldap::start_tls(3),
        ldap::search(4, "anne@eksempel.example"),
    ];
    let answers = ask(&server, &octets.concat());
    let results: Vec<_> = answers
        .iter()
        .filter(|message| message.operation != ldap::FOUND)
        .map(|message| (message.id, message.code()))
        .collect();
    assert_eq!(results, [(1, 7), (2, 53), (3, 2), (4, 0)]);
}

#[test]
fn pipelined_searches_are_each_answered_under_their_own_id() {
    let server = start(options(Security::Plain));
    let mut stream = connect(server.address()).expect("a connection");
    let mut requests = Vec::new();
    for id in 1..=100 {
        let address = if id % 2 == 0 {
            "anne@eksempel.example"
        } else {
            "bo@eksempel.example"
        };
        requests.extend(ldap::search_for(id, address, 0, &["cn"]));
    }
    stream.write_all(&requests).expect("sent");
    let all = |octets: &[u8]| octets.len() > 100 && count_done(octets) == 100;
    let answers = messages(&read(&mut stream, all).octets());
    for id in 1..=100 {
        let mine = answers.iter().filter(|message| message.id == id);
        let entries = mine
            .clone()
            .filter(|message| message.operation == ldap::FOUND);
        assert_eq!(entries.count(), if id % 2 == 0 { 1 } else { 2 }, "{id}");
        assert_eq!(
            mine.filter(|message| message.operation == ldap::DONE)
                .count(),
            1,
            "{id}"
        );
    }
    assert_eq!(server.stats().connections, 1);
}

fn count_done(octets: &[u8]) -> usize {
    let mut rest = octets;
    let mut count = 0;
    while let Ok((after, tag)) = lber::parse::parse_tag(rest) {
        let parts = tag.expect_constructed().expect("a message");
        count += usize::from(parts[1].id == ldap::DONE);
        rest = after;
    }
    count
}

#[test]
fn attributes_are_selected_as_they_were_asked_for() {
    let server = start(options(Security::Plain));
    for (asked, wanted) in [
        (&["userCertificate"][..], &["userCertificate;binary"][..]),
        (&["USERCERTIFICATE;BINARY"], &["userCertificate;binary"]),
        (&["1.1"], &[]),
        (&[], &["cn", "mail", "userCertificate;binary"]),
        (&["*"], &["cn", "mail", "userCertificate;binary"]),
    ] {
        let answers = ask(
            &server,
            &ldap::search_for(1, "anne@eksempel.example", 0, asked),
        );
        let attributes = answers[0].attributes();
        let names: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, wanted, "{asked:?}");
    }
}

#[test]
fn entries_can_be_replaced_while_the_server_runs() {
    let server = start(options(Security::Plain));
    assert_eq!(
        found(&ask(&server, &ldap::search(1, "bo@eksempel.example"))).len(),
        2
    );
    server.set_entries(Vec::new());
    assert_eq!(
        found(&ask(&server, &ldap::search(1, "bo@eksempel.example"))).len(),
        0
    );
}

#[test]
fn a_stopped_server_leaves_nobody_to_talk_to() {
    let server = start(options(Security::Plain));
    let address = server.address();
    let mut open = connect(address).expect("a connection");
    // An answer shows that the connection was accepted before the server stops.
    open.write_all(&ldap::search(1, "bo@eksempel.example"))
        .expect("sent");
    read(&mut open, is_done).octets();
    server.stop();
    assert_eq!(until_end(&mut open), Got::End);
    assert!(connect(address).is_err());
}

#[test]
fn latency_holds_octets_back_both_ways_and_lets_none_wait_for_another() {
    let each_way = Duration::from_millis(150);
    let certificates = certificates();
    let server = start(DirectoryOptions {
        delay_each_way: each_way,
        ..options(Security::Ldaps(certificates.clone()))
    });
    let stream = connect(server.address()).expect("a connection");
    let begun = Instant::now();
    let mut inside = tls(stream, &certificates).expect("TLS");
    assert!(
        begun.elapsed() >= 2 * each_way,
        "the handshake is one round trip"
    );

    let begun = Instant::now();
    for id in 1..=50 {
        inside
            .write_all(&ldap::search_for(id, "bo@eksempel.example", 0, &["1.1"]))
            .expect("sent");
        inside.flush().expect("sent");
    }
    let first = messages(&read(&mut inside, is_done).octets());
    assert!(begun.elapsed() >= 2 * each_way);
    assert_eq!(found(&first).len() % 2, 0);
    // One after the other, the server would have seen the second request only now.
    assert_eq!(server.stats().filters().len(), 50);
}
