//! Every fault of the mail server at every step, shown on the wire.

use std::sync::Arc;
use std::time::Duration;

use segl::demo::ServerCertificates;
use segl::demo::mail::{Do, Fault, MailOptions, MailServer, Security, Step};

use super::client::{
    Got, PATIENCE, SILENCE, TlsError, Wire, connect, tls, tls_error, until_end, until_silence,
};
use super::directory::certificates;
use super::smtp::{Client, code, start};

const BODY: &[u8] = b"Subject: a\r\n\r\nhello\r\n.\r\n";

/// What a client met that was not the usual reply.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Met {
    /// The whole session went as it should.
    Nothing,
    /// This reading gave something else.
    Here(Reading, Got),
    /// The handshake failed.
    Handshake(TlsError),
}

/// The places where a client reads, in the order of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Greeting,
    Ehlo,
    StartTls,
    EhloTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
    Rset,
    Quit,
}

/// Reads one reply, or tells what came instead: the usual reply is one of `wanted` and nothing else with it.
fn expect(client: &mut Client, reading: Reading, wanted: u16) -> Result<(), Met> {
    match client.reply() {
        Got::Octets(octets) if is_usual(&octets, wanted) => Ok(()),
        got => Err(Met::Here(reading, got)),
    }
}

/// Whether these octets are the server's own words: every line has the code, and no fault's text is in it.
fn is_usual(octets: &[u8], wanted: u16) -> bool {
    let Ok(text) = std::str::from_utf8(octets) else {
        return false;
    };
    let code = wanted.to_string();
    let lines = text.strip_suffix("\r\n").unwrap_or(text).split("\r\n");
    !text.contains("fault") && lines.into_iter().all(|line| line.starts_with(&code))
}

/// One session from the connection to QUIT; it ends at the first thing that is not as usual.
fn walk(server: &MailServer, certificates: &ServerCertificates, security: Security) -> Met {
    walk_with(server, certificates, security, PATIENCE)
}

/// The same, for who takes anything that comes later than this for silence.
fn walk_with(
    server: &MailServer,
    certificates: &ServerCertificates,
    security: Security,
    patience: Duration,
) -> Met {
    match try_walk(server, certificates, security, patience) {
        Ok(()) => Met::Nothing,
        Err(met) => met,
    }
}

/// How long to wait for what this fault does.
fn patience_with(action: &Do) -> Duration {
    if *action == Do::Stall {
        SILENCE
    } else {
        PATIENCE
    }
}

fn try_walk(
    server: &MailServer,
    certificates: &ServerCertificates,
    security: Security,
    patience: Duration,
) -> Result<(), Met> {
    let stream = connect(server.address()).expect("a connection");
    stream.wait_at_most(patience);
    let failed = |error: std::io::Error| Met::Handshake(tls_error(&error));
    if security == Security::StartTls {
        let clear = stream.try_clone().expect("a handle");
        let mut client = Client::over(clear, patience);
        expect(&mut client, Reading::Greeting, 220)?;
        client.send(b"EHLO a\r\n");
        expect(&mut client, Reading::Ehlo, 250)?;
        client.send(b"STARTTLS\r\n");
        expect(&mut client, Reading::StartTls, 220)?;
    }
    let inside = tls(stream, certificates).map_err(failed)?;
    let mut client = Client::over(inside, patience);
    if security == Security::ImplicitTls {
        expect(&mut client, Reading::Greeting, 220)?;
    }
    for (octets, reading, wanted) in [
        (&b"EHLO a\r\n"[..], Reading::EhloTls, 250),
        (b"AUTH PLAIN AGFubmUAaGVtbWVsaWd0\r\n", Reading::Auth, 235),
        (b"MAIL FROM:<anne@eksempel.example>\r\n", Reading::Mail, 250),
        (b"RCPT TO:<bo@eksempel.example>\r\n", Reading::Rcpt, 250),
        (b"DATA\r\n", Reading::Data, 354),
        (BODY, Reading::Dot, 250),
        (b"RSET\r\n", Reading::Rset, 250),
        (b"QUIT\r\n", Reading::Quit, 221),
    ] {
        client.send(octets);
        expect(&mut client, reading, wanted)?;
    }
    Ok(())
}

fn server(
    certificates: &Arc<ServerCertificates>,
    security: Security,
    faults: &[Fault],
) -> MailServer {
    let options = if security == Security::StartTls {
        MailOptions::start_tls(certificates.clone())
    } else {
        MailOptions::implicit_tls(certificates.clone())
    };
    start(MailOptions {
        faults: faults.to_vec(),
        ..options.with_password("anne", "hemmeligt")
    })
}

/// Every step at which a reply is usual, and the reading that meets its fault.
const REPLIES: [(Step, Reading); 11] = [
    (Step::Greeting, Reading::Greeting),
    (Step::Ehlo, Reading::Ehlo),
    (Step::StartTls, Reading::StartTls),
    (Step::EhloTls, Reading::EhloTls),
    (Step::Auth, Reading::Auth),
    (Step::Mail, Reading::Mail),
    (Step::Rcpt, Reading::Rcpt),
    (Step::Data, Reading::Data),
    (Step::Dot, Reading::Dot),
    (Step::Rset, Reading::Rset),
    (Step::Quit, Reading::Quit),
];

#[test]
fn without_a_fault_the_same_session_goes_to_its_end() {
    let certificates = certificates();
    for security in [Security::ImplicitTls, Security::StartTls] {
        let server = server(&certificates, security, &[]);
        assert_eq!(walk(&server, &certificates, security), Met::Nothing);
        assert_eq!(server.kept().len(), 1);
    }
}

#[test]
fn every_reply_can_be_another_one() {
    let certificates = certificates();
    for (step, reading) in REPLIES {
        let fault = Fault::reply(step.clone(), 451, "a fault\nof two lines");
        let server = server(&certificates, Security::StartTls, &[fault]);
        let wanted = b"451-a fault\r\n451 of two lines\r\n".to_vec();
        let met = walk(&server, &certificates, Security::StartTls);
        assert_eq!(met, Met::Here(reading, Got::Octets(wanted)), "{step:?}");
        let after_the_dot = matches!(step, Step::Rset | Step::Quit);
        assert_eq!(server.kept().len(), usize::from(after_the_dot), "{step:?}");
    }
}

/// A session for each step, with this fault there: the client must meet `wanted` at that step and not before.
fn meet_everywhere(action: &Do, wanted: &Got) {
    let certificates = certificates();
    for (step, reading) in REPLIES {
        let fault = Fault::new(step.clone(), action.clone());
        let server = server(&certificates, Security::StartTls, &[fault]);
        let patience = patience_with(action);
        let met = walk_with(&server, &certificates, Security::StartTls, patience);
        assert_eq!(met, Met::Here(reading, wanted.clone()), "{step:?}");
        // A message whose reply did not come was taken all the same.
        let taken = matches!(step, Step::Dot | Step::Rset | Step::Quit);
        assert_eq!(server.kept().len(), usize::from(taken), "{step:?}");
    }
}

#[test]
fn every_reply_can_fail_to_come() {
    meet_everywhere(&Do::Stall, &Got::Silence);
}

#[test]
fn the_connection_can_break_instead_of_every_reply() {
    meet_everywhere(&Do::Drop, &Got::End);
}

#[test]
fn every_reply_can_be_a_line_that_never_ends() {
    meet_everywhere(&Do::EndlessLine, &Got::Endless);
}

#[test]
fn every_reply_can_be_garbage() {
    let certificates = certificates();
    for (step, reading) in REPLIES {
        let fault = Fault::new(step.clone(), Do::Garbage);
        let server = server(&certificates, Security::StartTls, &[fault]);
        let met = walk(&server, &certificates, Security::StartTls);
        let Met::Here(met, Got::Octets(octets)) = met else {
            panic!("octets were wanted at {step:?}, and there was {met:?}");
        };
        assert_eq!(
            (met, octets[0], octets.len()),
            (reading, 0xff, 258),
            "{step:?}"
        );
    }
}

#[test]
fn octets_are_injected_in_the_same_write_as_a_reply() {
    let certificates = certificates();
    let more = b"250-fault\r\n250 SIZE 1\r\n".to_vec();
    for (step, reading) in REPLIES {
        let fault = Fault::new(step.clone(), Do::InjectAfterReply(more.clone()));
        let server = server(&certificates, Security::StartTls, &[fault]);
        let Met::Here(met, Got::Octets(octets)) = walk(&server, &certificates, Security::StartTls)
        else {
            panic!("octets were wanted at {step:?}");
        };
        assert_eq!(met, reading);
        let usual = octets
            .strip_suffix(more.as_slice())
            .expect("the injected octets");
        assert!(code(usual) < 400, "{step:?}");
    }
}

#[test]
fn a_connection_fails_before_a_word_was_said() {
    let certificates = certificates();
    let reply = || Do::Reply(421, "a fault".to_owned());
    for (action, clear, inside) in [
        (Do::Stall, Got::Silence, TlsError::Silence),
        (Do::Drop, Got::End, TlsError::End),
        (
            reply(),
            Got::Octets(b"421 a fault\r\n".to_vec()),
            TlsError::NotTls,
        ),
        (Do::EndlessLine, Got::Endless, TlsError::NotTls),
    ] {
        let patience = patience_with(&action);
        let fault = Fault::new(Step::Accept, action);
        let in_clear = server(
            &certificates,
            Security::StartTls,
            std::slice::from_ref(&fault),
        );
        let met = walk_with(&in_clear, &certificates, Security::StartTls, patience);
        assert_eq!(met, Met::Here(Reading::Greeting, clear));
        let in_tls = server(
            &certificates,
            Security::ImplicitTls,
            std::slice::from_ref(&fault),
        );
        assert_eq!(
            walk_with(&in_tls, &certificates, Security::ImplicitTls, patience),
            Met::Handshake(inside)
        );
    }
}

#[test]
fn the_handshake_fails_in_every_way_after_starttls_and_with_implicit_tls() {
    let certificates = certificates();
    for (action, wanted) in [
        (Do::Stall, TlsError::Silence),
        (Do::Drop, TlsError::End),
        (Do::Garbage, TlsError::NotTls),
        (Do::EndlessLine, TlsError::NotTls),
        (Do::Reply(454, "a fault".to_owned()), TlsError::NotTls),
        (
            Do::InjectAfterReply(b"250 fault\r\n".to_vec()),
            TlsError::NotTls,
        ),
    ] {
        for security in [Security::StartTls, Security::ImplicitTls] {
            let fault = Fault::new(Step::Handshake, action.clone());
            let server = server(&certificates, security, &[fault]);
            let met = walk_with(&server, &certificates, security, patience_with(&action));
            assert_eq!(met, Met::Handshake(wanted), "{action:?}");
        }
    }
}

#[test]
fn a_message_breaks_off_in_its_middle_and_is_not_kept() {
    let certificates = certificates();
    for (action, wanted) in [
        (Do::Stall, Got::Silence),
        (Do::Drop, Got::End),
        (Do::EndlessLine, Got::Endless),
        (
            Do::Reply(451, "a fault".to_owned()),
            Got::Octets(b"451 a fault\r\n".to_vec()),
        ),
    ] {
        let patience = patience_with(&action);
        let fault = Fault::new(Step::Message(10), action);
        let server = server(&certificates, Security::ImplicitTls, &[fault]);
        let met = walk_with(&server, &certificates, Security::ImplicitTls, patience);
        assert_eq!(met, Met::Here(Reading::Dot, wanted));
        assert_eq!(server.kept(), []);
        assert!(
            server
                .transcript()
                .iter()
                .all(|line| !line.text.contains("message"))
        );
    }
}

#[test]
fn a_fault_in_a_message_waits_for_its_octets() {
    let certificates = certificates();
    let fault = Fault::reply(Step::Message(1000), 451, "a fault");
    let server = server(&certificates, Security::ImplicitTls, &[fault]);
    let mut client = Client::ready(&server, &certificates);
    assert_eq!(client.ask("AUTH PLAIN AGFubmUAaGVtbWVsaWd0"), 235);
    assert_eq!(client.deliver(b"short\r\n"), 250);
    assert_eq!(client.ask("MAIL FROM:<anne@eksempel.example>"), 250);
    assert_eq!(client.ask("RCPT TO:<bo@eksempel.example>"), 250);
    assert_eq!(client.ask("DATA"), 354);
    client.send(&[b'x'; 999]);
    assert_eq!(until_silence(client.wire.as_mut()), Got::Silence);
    client.send(b"x");
    assert_eq!(client.reply(), Got::Octets(b"451 a fault\r\n".to_vec()));
    assert_eq!(client.reply(), Got::End);
    assert_eq!(server.kept().len(), 1);
}

#[test]
fn the_line_breaks_between_two_deliveries() {
    let certificates = certificates();
    for (action, wanted) in [
        (Do::Drop, Met::Here(Reading::Rset, Got::End)),
        (Do::Stall, Met::Here(Reading::Rset, Got::Silence)),
    ] {
        let patience = patience_with(&action);
        let fault = Fault::new(Step::AfterMessage, action);
        let server = server(&certificates, Security::ImplicitTls, &[fault]);
        let met = walk_with(&server, &certificates, Security::ImplicitTls, patience);
        assert_eq!(met, wanted);
        assert_eq!(server.kept().len(), 1);
    }
    let fault = Fault::reply(Step::AfterMessage, 421, "a fault");
    let server = server(&certificates, Security::ImplicitTls, &[fault]);
    let mut client = Client::ready(&server, &certificates);
    assert_eq!(client.ask("AUTH PLAIN AGFubmUAaGVtbWVsaWd0"), 235);
    assert_eq!(client.ask("MAIL FROM:<anne@eksempel.example>"), 250);
    assert_eq!(client.ask("RCPT TO:<bo@eksempel.example>"), 250);
    assert_eq!(client.ask("DATA"), 354);
    client.send(BODY);
    let said = String::from_utf8(until_end(client.wire.as_mut()).octets()).expect("text");
    assert!(
        said.starts_with("250 ") && said.ends_with("421 a fault\r\n"),
        "{said}"
    );
}

#[test]
fn one_recipient_is_refused_and_the_others_get_the_message() {
    let certificates = certificates();
    let fault =
        Fault::reply(Step::Rcpt, 550, "5.1.1 a fault").for_address("NOBODY@eksempel.example");
    let server = server(&certificates, Security::ImplicitTls, &[fault]);
    let mut client = Client::ready(&server, &certificates);
    assert_eq!(client.ask("AUTH PLAIN AGFubmUAaGVtbWVsaWd0"), 235);
    assert_eq!(client.ask("MAIL FROM:<anne@eksempel.example>"), 250);
    for (address, wanted) in [("bo", 250), ("nobody", 550), ("ida", 250)] {
        assert_eq!(
            client.ask(&format!("RCPT TO:<{address}@eksempel.example>")),
            wanted
        );
    }
    assert_eq!(client.ask("DATA"), 354);
    client.send(BODY);
    assert_eq!(client.code(), 250);
    assert_eq!(
        server.kept()[0].rcpt_to,
        ["bo@eksempel.example", "ida@eksempel.example"]
    );
}

#[test]
fn a_fault_comes_the_second_time_only_and_faults_can_be_replaced() {
    let certificates = certificates();
    let server = server(
        &certificates,
        Security::ImplicitTls,
        &[Fault::reply(Step::Dot, 451, "a fault").nth(2)],
    );
    let met: Vec<_> = (0..3)
        .map(|_| walk(&server, &certificates, Security::ImplicitTls))
        .collect();
    let refused = Met::Here(Reading::Dot, Got::Octets(b"451 a fault\r\n".to_vec()));
    assert_eq!(met, [Met::Nothing, refused, Met::Nothing]);
    assert_eq!(server.kept().len(), 2);

    server.set_faults(vec![Fault::new(Step::Greeting, Do::Drop)]);
    assert_eq!(
        walk(&server, &certificates, Security::ImplicitTls),
        Met::Here(Reading::Greeting, Got::End)
    );
    server.set_faults(Vec::new());
    assert_eq!(
        walk(&server, &certificates, Security::ImplicitTls),
        Met::Nothing
    );
}

#[test]
fn after_421_the_connection_is_closed_and_after_451_it_is_not() {
    let certificates = certificates();
    for code in [421, 451] {
        let server = server(
            &certificates,
            Security::ImplicitTls,
            &[Fault::reply(Step::Mail, code, "a fault").nth(1)],
        );
        let mut client = Client::ready(&server, &certificates);
        assert_eq!(client.ask("AUTH PLAIN AGFubmUAaGVtbWVsaWd0"), 235);
        assert_eq!(client.ask("MAIL FROM:<anne@eksempel.example>"), code);
        let (then, wanted) = match code {
            421 => (until_end(client.wire.as_mut()), Got::End),
            _ => (until_silence(client.wire.as_mut()), Got::Silence),
        };
        assert_eq!(then, wanted);
    }
}

#[test]
fn a_refused_command_has_no_effect() {
    let certificates = certificates();
    let anne = "MAIL FROM:<anne@eksempel.example>";
    let bo = "RCPT TO:<bo@eksempel.example>";
    for (step, line, after) in [
        (Step::EhloTls, "EHLO a", (anne, 503)),
        (Step::Auth, "AUTH PLAIN AGFubmUAaGVtbWVsaWd0", (anne, 530)),
        (Step::Mail, anne, (bo, 503)),
        (Step::Rcpt, bo, ("DATA", 503)),
        (Step::Rset, "RSET", (bo, 250)),
    ] {
        let fault = Fault::reply(step.clone(), 451, "a fault");
        let server = server(&certificates, Security::ImplicitTls, &[fault]);
        let mut client = Client::implicit(&server, &certificates).expect("TLS");
        assert_eq!(client.code(), 220);
        let session = [
            "EHLO a",
            "AUTH PLAIN AGFubmUAaGVtbWVsaWd0",
            anne,
            bo,
            "RSET",
        ];
        let before = session.iter().take_while(|earlier| **earlier != line);
        assert!(before.map(|line| client.ask(line)).all(|code| code < 300));
        assert_eq!(client.ask(line), 451, "{step:?}");
        assert_eq!(client.ask(after.0), after.1, "{step:?}");
    }
}
