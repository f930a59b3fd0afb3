//! Each way in which the directory misbehaves, shown on the wire.

use std::io::{ErrorKind, Write};

use segl::demo::Presented;
use segl::demo::directory::{DirectoryOptions, DirectoryServer, Entry, Fault};

use super::client::{Got, TlsError, connect, read, tls, tls_error, until_end, until_silence};
use super::directory::{ask, certificates, start};
use super::ldap::{self, Message, is_done, messages};

const BO: &str = "bo@eksempel.example";

fn plain() -> DirectoryServer {
    start(DirectoryOptions::default())
}

/// What comes after a search for Bo while the server has this fault, until it is whole.
fn answer_to(fault: Fault, whole: impl Fn(&[u8]) -> bool) -> Got {
    let server = plain();
    server.set_fault(fault).expect("the fault is set");
    let mut stream = connect(server.address()).expect("a connection");
    stream.write_all(&ldap::search(1, BO)).expect("sent");
    read(&mut stream, whole)
}

/// Whether these octets are one whole message, or more.
fn is_message(octets: &[u8]) -> bool {
    lber::parse::parse_tag(octets).is_ok()
}

fn results(messages: &[Message]) -> Vec<(u64, u8)> {
    let results = messages
        .iter()
        .filter(|message| message.operation == ldap::DONE);
    results
        .map(|message| (message.id, message.code()))
        .collect()
}

fn found(messages: &[Message]) -> Vec<&Message> {
    messages
        .iter()
        .filter(|message| message.operation == ldap::FOUND)
        .collect()
}

#[test]
fn without_a_fault_the_same_exchange_is_answered() {
    let server = plain();
    let answers = ask(&server, &ldap::search(1, BO));
    assert_eq!(results(&answers), [(1, 0)]);
    assert_eq!(found(&answers).len(), 2);
    assert_eq!(server.stats().answered, 1);
}

#[test]
fn a_closed_door_refuses_ends_what_was_open_and_opens_again_on_the_same_port() {
    let server = plain();
    let address = server.address();
    let mut open = connect(address).expect("a connection");
    open.write_all(&ldap::search(1, BO)).expect("sent");
    read(&mut open, is_done).octets();
    for _again in 0..3 {
        server
            .set_fault(Fault::RefuseConnections)
            .expect("the door is shut");
        let error = connect(address).expect_err("nobody listens");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        server.set_fault(None).expect("the door is open");
        assert_eq!(server.address(), address);
        assert_eq!(found(&ask(&server, &ldap::search(1, BO))).len(), 2);
    }
    assert_eq!(until_end(&mut open), Got::End);
}

#[test]
fn connections_are_closed_or_met_with_silence_when_they_are_accepted() {
    for (fault, wanted) in [
        (Fault::CloseOnAccept, Got::End),
        (Fault::StallOnAccept, Got::Silence),
    ] {
        let server = plain();
        server.set_fault(fault).expect("the fault is set");
        let mut stream = connect(server.address()).expect("a connection");
        assert_eq!(until_silence(&mut stream), wanted);
        // A write may fail where the connection is closed; what it must not get is an answer.
        let _ = stream.write_all(&ldap::search(1, BO));
        assert_eq!(until_silence(&mut stream), wanted);
        assert_eq!(server.stats().connections, 1);
    }
}

#[test]
fn searches_stall_while_other_operations_go_on() {
    let server = plain();
    server
        .set_fault(Fault::StallOnSearch)
        .expect("the fault is set");
    let mut stream = connect(server.address()).expect("a connection");
    stream.write_all(&ldap::search(1, BO)).expect("sent");
    assert_eq!(until_silence(&mut stream), Got::Silence);
    stream.write_all(&ldap::bind(2, "", "")).expect("sent");
    let answers = messages(&read(&mut stream, is_message).octets());
    assert_eq!((answers[0].id, answers[0].code()), (2, 0));
    server.set_fault(None).expect("the fault is gone");
    stream.write_all(&ldap::search(3, BO)).expect("sent");
    assert_eq!(
        results(&messages(&read(&mut stream, is_done).octets())),
        [(3, 0)]
    );
}

#[test]
fn an_answer_breaks_off_in_the_middle_of_a_message() {
    let octets = answer_to(Fault::DropMidAnswer, |_| false).octets();
    assert_eq!(octets[0], 0x30);
    assert!(
        lber::parse::parse_tag(&octets).is_err(),
        "no message is whole"
    );
}

#[test]
fn octets_come_that_are_no_answer() {
    let garbage = answer_to(Fault::Garbage, |octets| octets.len() >= 512).octets();
    assert_eq!((garbage.len(), garbage[0]), (512, 0xff));
    assert_eq!(
        answer_to(Fault::EmptySequence, |octets| octets.len() >= 2),
        Got::Octets(vec![0x30, 0])
    );
    let huge = answer_to(Fault::HugeLength, |octets| octets.len() >= 1024).octets();
    assert_eq!(huge[..6], [0x30, 0x84, 0x80, 0, 0, 0]);
    assert!(huge.len() < 2048);
}

#[test]
fn entries_come_for_ever_and_so_does_one_message() {
    assert_eq!(answer_to(Fault::EndlessEntries, |_| false), Got::Endless);
    assert_eq!(answer_to(Fault::EndlessMessage, |_| false), Got::Endless);

    let server = plain();
    server
        .set_fault(Fault::EndlessEntries)
        .expect("the fault is set");
    let mut stream = connect(server.address()).expect("a connection");
    stream.write_all(&ldap::search(1, BO)).expect("sent");
    let first = read(&mut stream, is_message).octets();
    let (_, entry) = lber::parse::parse_tag(&first).expect("a whole entry");
    assert_eq!(
        entry.expect_constructed().expect("a message")[1].id,
        ldap::FOUND
    );
}

#[test]
fn an_endless_search_can_be_abandoned() {
    let server = plain();
    server
        .set_fault(Fault::EndlessEntries)
        .expect("the fault is set");
    let mut stream = connect(server.address()).expect("a connection");
    stream.write_all(&ldap::search(1, BO)).expect("sent");
    assert_ne!(
        read(&mut stream, |octets| octets.len() > 1000),
        Got::Endless
    );
    stream.write_all(&ldap::abandon(2, 1)).expect("sent");
    // What was on its way still comes, and then there is silence.
    let silent = (0..100).any(|_| until_silence(&mut stream) == Got::Silence);
    assert!(silent, "more came than can have been on its way");
}

#[test]
fn answers_are_larger_than_anybody_asked_for() {
    let many = messages(&answer_to(Fault::ManyEntries(300), is_done).octets());
    let names: std::collections::BTreeSet<_> =
        found(&many).iter().map(|entry| entry.dn()).collect();
    assert_eq!(names.len(), 300);
    assert_eq!(results(&many), [(1, 0)]);

    let server = plain();
    server
        .set_fault(Fault::ManyValues(1000))
        .expect("the fault is set");
    let answers = ask(&server, &ldap::search(1, "anne@eksempel.example"));
    let [(name, values)] = &found(&answers)[0].attributes()[..] else {
        panic!("one attribute was wanted");
    };
    assert_eq!(
        (name.as_str(), values.len()),
        ("userCertificate;binary", 1000)
    );
    assert!(values[0].starts_with(b"\x30\x03first"));

    let big = messages(&answer_to(Fault::BigValue(300_000), is_done).octets());
    assert_eq!(found(&big)[0].attributes()[0].1[0].len(), 300_000);
}

#[test]
fn a_result_code_comes_alone() {
    for code in [1, 3, 11, 51] {
        let answers = messages(&answer_to(Fault::ResultCode(code), is_done).octets());
        assert_eq!(answers.len(), 1);
        assert_eq!(results(&answers), [(1, code)]);
    }
}

#[test]
fn referrals_come_as_a_reference_and_in_the_result() {
    let url = "ldap://elsewhere.example/";
    let answers = messages(&answer_to(Fault::Referral(url.to_owned()), is_done).octets());
    assert_eq!(answers[0].operation, ldap::REFERENCE);
    assert_eq!(ldap::octets(&answers[0].parts[0]), url.as_bytes());
    assert_eq!(results(&answers), [(1, 10)]);
    let referral = answers[1].parts[3]
        .clone()
        .expect_constructed()
        .expect("URLs");
    assert_eq!(ldap::octets(&referral[0]), url.as_bytes());
}

#[test]
fn somebody_else_is_found() {
    let eve = Entry::new("cn=Eve,c=DK").with("mail", "eve@fremmed.example");
    let answers = messages(&answer_to(Fault::AnswersForSomebodyElse(vec![eve]), is_done).octets());
    assert_eq!(found(&answers).len(), 1);
    assert_eq!(found(&answers)[0].dn(), "cn=Eve,c=DK");
}

#[test]
fn the_answer_comes_under_an_id_that_nobody_used() {
    let answers = messages(&answer_to(Fault::WrongMessageId, is_done).octets());
    assert_eq!(found(&answers).len(), 2);
    assert!(answers.iter().all(|message| message.id == 1001));
}

#[test]
fn a_fault_can_be_limited_to_some_searches() {
    let server = plain();
    server.set_fault_for("bo@", Fault::ResultCode(52));
    assert_eq!(results(&ask(&server, &ldap::search(1, BO))), [(1, 52)]);
    let anne = ask(&server, &ldap::search(1, "anne@eksempel.example"));
    assert_eq!((results(&anne), found(&anne).len()), (vec![(1, 0)], 1));
}

#[test]
fn start_tls_is_refused_or_followed_by_octets_in_the_same_write() {
    let certificates = certificates();
    let server = start(DirectoryOptions::start_tls(certificates.clone()));
    let asked = |fault: Option<Fault>, whole: fn(&[u8]) -> bool| {
        server.set_fault(fault).expect("the fault is set");
        let mut stream = connect(server.address()).expect("a connection");
        stream.write_all(&ldap::start_tls(1)).expect("sent");
        let octets = read(&mut stream, whole).octets();
        (stream, octets)
    };

    let (mut stream, refusal) = asked(Some(Fault::StartTlsRefused), is_message);
    let refusal = messages(&refusal);
    assert_eq!(
        (refusal[0].operation, refusal[0].code()),
        (ldap::EXTENDED, 52)
    );
    stream.write_all(&ldap::search(2, BO)).expect("sent");
    assert_eq!(
        results(&messages(&read(&mut stream, is_done).octets())),
        [(2, 0)]
    );

    let (stream, acceptance) = asked(None, is_message);
    assert_eq!(messages(&acceptance)[0].code(), 0);
    let mut inside = tls(stream, &certificates).expect("TLS");
    inside.write_all(&ldap::search(2, BO)).expect("sent");
    assert_eq!(
        results(&messages(&read(&mut inside, is_done).octets())),
        [(2, 0)]
    );

    let (_, injected) = asked(
        Some(Fault::StartTlsInjected(b"injected".to_vec())),
        |octets| octets.ends_with(b"injected"),
    );
    assert_eq!(injected, [acceptance, b"injected".to_vec()].concat());
}

#[test]
fn requests_that_came_before_tls_do_not_count_inside_it() {
    let server = start(DirectoryOptions::start_tls(certificates()));
    let mut stream = connect(server.address()).expect("a connection");
    let octets = [ldap::start_tls(1), ldap::search(2, BO)].concat();
    stream.write_all(&octets).expect("sent");
    assert_eq!(until_end(&mut stream), Got::End);
    assert_eq!(server.stats().filters().len(), 0);
}

#[test]
fn bad_certificates_are_shown_and_garbage_comes_instead_of_a_handshake() {
    let certificates = certificates();
    let server = start(DirectoryOptions::ldaps(certificates.clone()));
    let refusal = |fault: Option<Fault>| {
        server.set_fault(fault).expect("the fault is set");
        let stream = connect(server.address()).expect("a connection");
        tls(stream, &certificates)
            .err()
            .map(|error| tls_error(&error))
    };
    assert_eq!(refusal(None), None);
    for presented in [
        Presented::Expired,
        Presented::WrongName,
        Presented::Untrusted,
    ] {
        let error = refusal(Some(Fault::BadCertificate(presented)));
        assert_eq!(error, Some(TlsError::Certificate(presented)));
    }
    assert_eq!(refusal(Some(Fault::TlsGarbage)), Some(TlsError::NotTls));
    assert_eq!(server.stats().handshakes, 1);
}
