//! Every step of a session with every way in which a server can fail there.
//!
//! Whatever happens: nothing but EHLO and STARTTLS in clear, and no message that the server holds is called unsent.

use segl::{
    demo::mail::{self, Do, Fault, Step as At},
    net::TlsFault,
    submit::{EnvelopeReplies, Step},
};

use super::*;

/// How far it got.
#[derive(Debug)]
enum End {
    Open(SubmitError),
    Verify(SubmitError),
    Refused(Vec<EnvelopeReplies>),
    Delivered(Delivered),
}

fn temporary() -> Do {
    Do::Reply(451, "4.3.0 later".to_owned())
}

fn permanent() -> Do {
    Do::Reply(554, "5.0.0 never".to_owned())
}

/// What a server may do at any step, with the limits that fit.
fn failures() -> Vec<Do> {
    vec![
        temporary(),
        permanent(),
        Do::Stall,
        Do::Drop,
        Do::Garbage,
        Do::EndlessLine,
    ]
}

/// Submits two messages to a server with one fault, and checks what must hold in every case. The end is that of the
/// first message.
async fn end(fault: Fault, security: Security, message: &[u8]) -> (End, MailServer) {
    let options = match security {
        Security::ImplicitTls => implicit(),
        Security::StartTls => start_tls(),
    };
    let (at, stalls) = (fault.step.clone(), fault.action == Do::Stall);
    let server = start(options.with_password("anne", PASSWORD).with_fault(fault));
    let settings = if stalls { impatient } else { settings };
    let mut settings = with_password(settings(server.port(), security), PASSWORD);
    if stalls && at == At::Handshake {
        settings.timeouts.handshake = settings.timeouts.command;
    }
    let end = run(settings, message).await;
    assert_nothing_in_clear(&server);
    let is_called_unsent = match &end {
        End::Delivered(delivered) => !delivered.may_have_been_sent(),
        End::Open(_) | End::Verify(_) | End::Refused(_) => true,
    };
    assert!(!is_called_unsent || server.kept().is_empty(), "{end:?}");
    (end, server)
}

async fn run(settings: Settings, message: &[u8]) -> End {
    let mut session = match Session::open(settings).await {
        Ok(session) => session,
        Err(why) => return End::Open(why),
    };
    let both = vec![transaction(&[BO], message), transaction(&[MADS], message)];
    match session.verify(both).await {
        Err(why) => End::Verify(why),
        Ok(Verdict::Refused(replies)) => End::Refused(replies),
        Ok(Verdict::Accepted(verified)) => {
            let first = verified.into_iter().next().unwrap();
            End::Delivered(deliver(&mut session, first, message).await)
        }
    }
}

/// What a failure that is no reply must be told as, at this step.
fn is_told(action: &Do, step: Step, why: &SubmitError) -> bool {
    match (action, why) {
        (Do::Stall, SubmitError::Timeout { step: found })
        | (Do::Drop, SubmitError::Dropped { step: found, .. })
        | (Do::Garbage | Do::EndlessLine, SubmitError::NotSmtp { step: found, .. }) => {
            *found == step
        }
        _ => false,
    }
}

fn code(action: &Do) -> Option<u16> {
    match action {
        Do::Reply(code, _) => Some(*code),
        _ => None,
    }
}

#[tokio::test]
async fn opening_fails_in_the_way_the_server_failed() {
    use Security::{ImplicitTls, StartTls};
    for (at, step, security) in [
        (At::Greeting, Step::Greeting, ImplicitTls),
        (At::Greeting, Step::Greeting, StartTls),
        (At::Ehlo, Step::Ehlo, StartTls),
        (At::StartTls, Step::StartTls, StartTls),
        (At::EhloTls, Step::EhloInsideTls, ImplicitTls),
        (At::EhloTls, Step::EhloInsideTls, StartTls),
        (At::Auth, Step::Auth, ImplicitTls),
    ] {
        for action in failures() {
            let (end, server) =
                end(Fault::new(at.clone(), action.clone()), security, MESSAGE).await;
            let End::Open(why) = end else {
                panic!("{at:?} {action:?}: {end:?}")
            };
            let as_wanted = match (code(&action), step, &why) {
                (Some(code), Step::StartTls, SubmitError::StartTlsRefused { code: found }) => {
                    *found == code
                }
                (Some(code), Step::Auth, SubmitError::AuthRefused { reply, .. }) => {
                    reply.code() == code && !reply.text().as_str().is_empty()
                }
                (Some(code), _, SubmitError::Refused { step: found, reply }) => {
                    // Outside TLS, anybody may have written the text.
                    let is_clear =
                        step == Step::Ehlo || (step, security) == (Step::Greeting, StartTls);
                    reply.code() == code
                        && *found == step
                        && reply.text().as_str().is_empty() == is_clear
                }
                _ => is_told(&action, step, &why),
            };
            assert!(as_wanted, "{at:?} {security:?} {action:?}: {why:?}");
            let said = verbs(&server);
            assert!(!said.contains(&"MAIL".to_owned()));
            assert_eq!(said.contains(&"AUTH".to_owned()), at == At::Auth);
        }
    }
}

#[tokio::test]
async fn codes_that_do_not_belong_to_a_step_end_it() {
    for (at, security, unexpected) in [
        (At::Greeting, Security::StartTls, 250),
        (At::Ehlo, Security::StartTls, 220),
        (At::StartTls, Security::StartTls, 354),
        (At::EhloTls, Security::ImplicitTls, 354),
        (At::Auth, Security::ImplicitTls, 250),
        (At::Mail, Security::ImplicitTls, 354),
        (At::Rcpt, Security::ImplicitTls, 334),
        (At::Data, Security::ImplicitTls, 250),
    ] {
        let (end, server) = end(
            Fault::reply(at.clone(), unexpected, "odd"),
            security,
            MESSAGE,
        )
        .await;
        let found = match end {
            End::Open(why) | End::Verify(why) | End::Delivered(Delivered::NotSent { why }) => why,
            other => panic!("{at:?}: {other:?}"),
        };
        assert!(
            matches!(
                found,
                SubmitError::Unexpected { code, .. } | SubmitError::StartTlsRefused { code } if code == unexpected
            ),
            "{at:?}: {found:?}"
        );
        assert!(server.kept().is_empty());
    }
}

#[tokio::test]
async fn a_handshake_that_fails_is_a_tls_fault() {
    for security in [Security::ImplicitTls, Security::StartTls] {
        for action in [Do::Stall, Do::Drop, Do::Garbage] {
            let (end, server) =
                end(Fault::new(At::Handshake, action.clone()), security, MESSAGE).await;
            let as_wanted = match (&action, &end) {
                (Do::Stall, End::Open(SubmitError::Tls(fault))) => {
                    matches!(fault, TlsFault::Timeout)
                }
                (_, End::Open(SubmitError::Tls(fault))) => matches!(fault, TlsFault::Broken(_)),
                _ => false,
            };
            assert!(as_wanted, "{security:?} {action:?}: {end:?}");
            assert!(!verbs(&server).contains(&"AUTH".to_owned()));
        }
    }
}

#[tokio::test]
async fn octets_injected_before_the_handshake_end_it() {
    let injected = b"250-mail.segl-demo.example\r\n250 AUTH LOGIN\r\n".to_vec();
    for (at, step) in [
        (At::Greeting, Step::Greeting),
        (At::Ehlo, Step::Ehlo),
        (At::StartTls, Step::StartTls),
    ] {
        let fault = Fault::new(at, Do::InjectAfterReply(injected.clone()));
        let (end, server) = end(fault, Security::StartTls, MESSAGE).await;
        assert!(
            matches!(
                end,
                End::Open(SubmitError::InjectedOctets { step: found, octets })
                    if found == step && octets == injected.len()
            ),
            "{end:?}"
        );
        assert!(server.transcript().iter().all(|line| !line.inside_tls));
    }
}

#[tokio::test]
async fn octets_out_of_turn_inside_tls_are_not_taken_for_replies() {
    for (at, step) in [(At::EhloTls, Step::Auth), (At::Auth, Step::Auth)] {
        let fault = Fault::new(at, Do::InjectAfterReply(b"235 welcome\r\n".to_vec()));
        let (end, _server) = end(fault, Security::ImplicitTls, MESSAGE).await;
        assert!(
            matches!(end, End::Open(SubmitError::NotSmtp { step: found, .. }) if found == step),
            "{end:?}"
        );
    }
}

#[tokio::test]
async fn no_starttls_means_no_session() {
    let mut options = start_tls().with_password("anne", PASSWORD);
    options.security = mail::Security::StartTlsNotOffered;
    let server = start(options);
    let settings = with_password(settings(server.port(), Security::StartTls), PASSWORD);
    let found = Session::open(settings).await.err();
    assert!(matches!(found, Some(SubmitError::NoStartTls)));
    assert_eq!(verbs(&server), ["EHLO"]);
}

#[tokio::test]
async fn verifying_fails_in_the_way_the_server_failed() {
    for (at, step) in [
        (At::Mail, Step::Mail),
        (At::Rcpt, Step::Rcpt),
        (At::Rset, Step::Reset),
    ] {
        for action in failures() {
            let (end, server) = end(
                Fault::new(at.clone(), action.clone()),
                Security::ImplicitTls,
                MESSAGE,
            )
            .await;
            let as_wanted = match (code(&action), step, &end) {
                (
                    Some(code),
                    Step::Reset,
                    End::Verify(SubmitError::Refused { step: found, reply }),
                ) => reply.code() == code && *found == step,
                (Some(code), _, End::Refused(replies)) => replies.iter().all(|replies| {
                    replies
                        .refusal()
                        .is_some_and(|(found, reply)| found == step && reply.code() == code)
                }),
                (None, _, End::Verify(why)) => is_told(&action, step, why),
                _ => false,
            };
            assert!(as_wanted, "{at:?} {action:?}: {end:?}");
            assert!(!verbs(&server).contains(&"DATA".to_owned()));
        }
        // 421 is about the connection and not about a recipient.
        let (end, _server) = end(
            Fault::reply(at.clone(), 421, "closing"),
            Security::ImplicitTls,
            MESSAGE,
        )
        .await;
        assert!(
            matches!(&end, End::Verify(SubmitError::Refused { step: found, reply })
                if *found == step && reply.code() == 421),
            "{end:?}"
        );
    }
}

#[tokio::test]
async fn data_and_the_final_dot_fail_in_the_way_the_server_failed() {
    for (at, step) in [(At::Data, Step::Data), (At::Dot, Step::FinalDot)] {
        for action in failures() {
            let (end, server) = end(
                Fault::new(at.clone(), action.clone()),
                Security::ImplicitTls,
                MESSAGE,
            )
            .await;
            let End::Delivered(delivered) = end else {
                panic!("{at:?} {action:?}: {end:?}")
            };
            let as_wanted = match (code(&action), step, &delivered) {
                (
                    Some(code),
                    _,
                    Delivered::Rejected {
                        step: found, reply, ..
                    },
                ) => reply.code() == code && *found == step,
                (None, Step::Data, Delivered::NotSent { why })
                | (None, Step::FinalDot, Delivered::Unconfirmed { why, .. }) => {
                    is_told(&action, step, why)
                }
                _ => false,
            };
            assert!(as_wanted, "{at:?} {action:?}: {delivered:?}");
            // The server has it exactly where it did not refuse it: that is what "unconfirmed" must cover.
            let has_it = step == Step::FinalDot && code(&action).is_none();
            assert_eq!(
                server.kept().len(),
                usize::from(has_it),
                "{at:?} {action:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_connection_that_ends_within_the_message_means_not_sent() {
    // Far more than sockets hold, so that the end is seen before the dot.
    let message = [large(), large(), large(), large()].concat();
    let fault = Fault::new(At::Message(10), Do::Drop);
    let (end, server) = end(fault, Security::ImplicitTls, &message).await;
    assert!(
        matches!(
            end,
            End::Delivered(Delivered::NotSent {
                why: SubmitError::Dropped {
                    step: Step::Content,
                    ..
                }
            })
        ),
        "{end:?}"
    );
    assert!(server.kept().is_empty());
}

#[tokio::test]
async fn a_server_that_takes_no_more_of_the_message_is_given_up() {
    use segl::demo::Presented;
    use std::{io::Write as _, net::TcpListener, thread};

    // A server that reads nothing after 354, as none of the embedded one's faults does.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let serving = thread::Builder::new()
        .name("deaf".to_owned())
        .spawn(move || {
            let (tcp, _) = listener.accept().unwrap();
            let mut tls = super::corpus::inside_tls(tcp, Presented::Good);
            tls.write_all(b"220 hello\r\n").unwrap();
            loop {
                let line = super::corpus::line(&mut tls).unwrap();
                let reply = if line == "DATA" {
                    &b"354 go\r\n"[..]
                } else {
                    b"250 ok\r\n"
                };
                tls.write_all(reply).unwrap();
                if line == "DATA" {
                    break;
                }
            }
            // Open, and not read from, until the client has given up.
            wait.recv().unwrap_err();
        });
    let found = submit(impatient(port, Security::ImplicitTls), &large())
        .await
        .unwrap();
    drop(done);
    assert!(
        matches!(
            found,
            Delivered::NotSent {
                why: SubmitError::Timeout {
                    step: Step::Content
                }
            }
        ),
        "{found:?}"
    );
    serving.unwrap().join().unwrap();
}

#[tokio::test]
async fn no_fault_puts_an_address_or_a_word_of_the_server_into_a_text() {
    let reply = |at, code| Fault::reply(at, code, "5.1.1 <hemmelig@klient.example> unknown");
    for fault in [
        reply(At::Greeting, 554),
        reply(At::EhloTls, 554),
        reply(At::Auth, 535),
        reply(At::Mail, 421),
        reply(At::Rcpt, 550),
        reply(At::Data, 554),
        reply(At::Dot, 554),
        reply(At::Dot, 354),
    ] {
        let (end, _server) = end(fault, Security::ImplicitTls, MESSAGE).await;
        let mut text = format!("{end:?}");
        if let End::Open(why)
        | End::Verify(why)
        | End::Delivered(Delivered::NotSent { why } | Delivered::Unconfirmed { why, .. }) = &end
        {
            let mut cause: Option<&dyn std::error::Error> = Some(why);
            while let Some(error) = cause {
                text.push_str(&error.to_string());
                cause = error.source();
            }
        }
        for secret in ["hemmelig", PASSWORD, BO, MADS, ANNE] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
