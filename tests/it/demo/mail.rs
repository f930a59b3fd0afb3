//! The mail server as it should be: judged by Python's `smtplib`, by `openssl s_client`, and on the wire.

use std::io::Write;
use std::process::Stdio;

use segl::demo::mail::{Auth, MailOptions, MailServer, Mechanism, Security, Size};
use segl::demo::{Presented, TlsVersions};

use super::client::{Got, TlsError, connect, tls, tls_error, until_end};
use super::directory::certificates;
use super::smtp::{Client, start};
use super::{Folder, text};
use crate::tools::tool;

const MESSAGE: &[u8] = b"Subject: a\r\n\r\n.dot\r\n..two\r\nend\r\n";
const STUFFED: &[u8] = b"Subject: a\r\n\r\n..dot\r\n...two\r\nend\r\n";

/// Runs a Python program with the port and the root's file as arguments; `None` where there is no Python.
fn python(server: &MailServer, root: &str, program: &str) -> Option<String> {
    let mut command = tool("python3")?;
    let folder = Folder::new();
    let file = folder.file("root.pem", root);
    let program = format!("{PYTHON_START}\n{program}");
    let output = command
        .args(["-c", &program, &server.port().to_string(), text(&file)])
        .output()
        .expect("python runs");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

const PYTHON_START: &str = "
import smtplib, ssl, sys
port = int(sys.argv[1])
trust = ssl.create_default_context(cafile=sys.argv[2])
message = b'Subject: a\\r\\n\\r\\n.dot\\r\\n..two\\r\\nend\\r\\n'
";

#[test]
fn smtplib_sends_two_messages_over_implicit_tls() {
    let certificates = certificates();
    let server = start(MailOptions::implicit_tls(certificates.clone()));
    let program = "
with smtplib.SMTP_SSL('localhost', port, context=trust) as smtp:
    smtp.sendmail('anne@eksempel.example', ['bo@eksempel.example', 'karen@eksempel.example'], message)
    smtp.sendmail('anne@eksempel.example', ['ida@eksempel.example'], b'second\\r\\n')
";
    if python(&server, &certificates.root_pem(), program).is_none() {
        return;
    }
    let kept = server.kept();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0].mail_from, "anne@eksempel.example");
    assert_eq!(
        kept[0].rcpt_to,
        ["bo@eksempel.example", "karen@eksempel.example"]
    );
    assert_eq!(kept[0].data, MESSAGE);
    assert_eq!(kept[0].parameters, [format!("size={}", MESSAGE.len())]);
    assert_eq!(
        (kept[0].tls_version.as_str(), kept[0].connection),
        ("TLSv1.3", 0)
    );
    assert!(kept[0].cipher.starts_with("TLS13_"), "{}", kept[0].cipher);
    assert_eq!(kept[0].user, None);
    assert_eq!(
        (kept[1].data.as_slice(), kept[1].connection),
        (&b"second\r\n"[..], 0)
    );
    assert_eq!(server.connections(), 1);
}

#[test]
fn smtplib_starts_tls_and_signs_in_and_nothing_else_is_said_in_clear() {
    let certificates = certificates();
    let options = MailOptions {
        versions: TlsVersions::Only12,
        ..MailOptions::start_tls(certificates.clone()).with_password("anne", "hemmeligt")
    };
    let server = start(options);
    let program = "
for mechanism in ['PLAIN', 'LOGIN']:
    with smtplib.SMTP('localhost', port) as smtp:
        smtp.ehlo()
        assert smtp.has_extn('starttls') and not smtp.has_extn('auth')
        smtp.starttls(context=trust)
        smtp.ehlo()
        assert not smtp.has_extn('starttls') and smtp.esmtp_features['auth'].split() == ['PLAIN', 'LOGIN']
        smtp.user, smtp.password = 'anne', 'hemmeligt'
        for initial in [True]:
            code, _ = smtp.auth(mechanism, getattr(smtp, 'auth_' + mechanism.lower()), initial_response_ok=(mechanism == 'PLAIN'))
            assert code == 235
        smtp.sendmail('anne@eksempel.example', ['bo@eksempel.example'], message)
";
    if python(&server, &certificates.root_pem(), program).is_none() {
        return;
    }
    let kept = server.kept();
    assert_eq!(kept.len(), 2);
    for message in &kept {
        assert_eq!(message.user.as_deref(), Some("anne"));
        assert_eq!(message.tls_version, "TLSv1.2");
    }
    let transcript = server.transcript();
    let clear: Vec<_> = transcript.iter().filter(|line| !line.inside_tls).collect();
    assert_eq!(clear.len(), 4);
    assert!(
        clear
            .iter()
            .all(|line| line.text.starts_with("ehlo ") || line.text == "STARTTLS")
    );
    let lines: Vec<_> = transcript.iter().map(|line| line.text.as_str()).collect();
    assert!(lines.contains(&"AUTH PLAIN (credentials)"));
    assert!(lines.contains(&"(credentials)"));
    let secrets = ["hemmeligt", "aGVtbWVsaWd0", "AGFubmUAaGVtbWVsaWd0"];
    assert!(
        lines
            .iter()
            .all(|line| secrets.iter().all(|secret| !line.contains(secret)))
    );
}

#[test]
fn openssl_talks_to_it_through_starttls() {
    let certificates = certificates();
    let server = start(MailOptions::start_tls(certificates.clone()));
    let Some(mut command) = tool("openssl") else {
        return;
    };
    let folder = Folder::new();
    let root = folder.file("root.pem", certificates.root_pem());
    let at = format!("127.0.0.1:{}", server.port());
    let arguments = [
        "s_client",
        "-starttls",
        "smtp",
        "-crlf",
        "-quiet",
        "-verify_return_error",
    ];
    let mut child = command
        .args(arguments)
        .args([
            "-CAfile",
            text(&root),
            "-verify_hostname",
            "localhost",
            "-connect",
            &at,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl runs");
    let mut input = child.stdin.take().expect("standard input");
    input
        .write_all(b"EHLO judge.example\nNOOP\nquit\n")
        .expect("sent");
    let output = child.wait_with_output().expect("openssl ends");
    drop(input);
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(words.contains("250-8BITMIME"), "{words}");
    assert!(words.contains("221 "), "{words}");
}

#[test]
fn ehlo_says_what_the_options_say() {
    let certificates = certificates();
    for (options, wanted, absent) in [
        (
            MailOptions::implicit_tls(certificates.clone()),
            &["250-SIZE\r\n", "250 SMTPUTF8\r\n"][..],
            &["AUTH", "REQUIRETLS", "STARTTLS"][..],
        ),
        (
            MailOptions {
                size: Size::Announced(35_000_000),
                smtp_utf8: false,
                require_tls: true,
                ehlo_lines: vec!["DSN".to_owned(), "PIPELINING".to_owned()],
                ..MailOptions::implicit_tls(certificates.clone()).with_token("anne", "t")
            },
            &[
                "250-SIZE 35000000\r\n",
                "250-REQUIRETLS\r\n",
                "250-AUTH XOAUTH2\r\n",
                "250-DSN\r\n",
                "250 PIPELINING\r\n",
            ],
            &["SMTPUTF8"],
        ),
        (
            MailOptions {
                size: Size::Silent(10),
                ..MailOptions::implicit_tls(certificates.clone())
            },
            &[],
            &["SIZE"],
        ),
    ] {
        let server = start(options);
        let words = Client::ready(&server, &certificates).text("EHLO a");
        assert!(wanted.iter().all(|part| words.contains(part)), "{words}");
        assert!(absent.iter().all(|part| !words.contains(part)), "{words}");
    }
}

#[test]
fn commands_out_of_order_are_refused_and_the_session_goes_on() {
    let certificates = certificates();
    let server = start(MailOptions::implicit_tls(certificates.clone()));
    let mut client = Client::implicit(&server, &certificates).expect("TLS");
    assert_eq!(client.code(), 220);
    for (line, wanted) in [
        ("MAIL FROM:<anne@eksempel.example>", 503),
        ("EHLO a", 250),
        ("RCPT TO:<bo@eksempel.example>", 503),
        ("DATA", 503),
        ("STARTTLS", 502),
        ("AUTH PLAIN AGEAYg==", 502),
        ("MAIL FROM: <anne@eksempel.example>", 501),
        ("MAIL FROM:<anne@eksempel.example>", 250),
        ("MAIL FROM:<anne@eksempel.example>", 503),
        ("DATA", 503),
        ("RCPT TO:<bo@eksempel.example>", 250),
        ("RSET", 250),
        ("DATA", 503),
        ("MAIL FROM:<>", 250),
        ("EHLO again", 250),
        ("RCPT TO:<bo@eksempel.example>", 503),
        ("VRFY bo", 252),
        ("NOOP", 250),
        ("ETRN x", 500),
    ] {
        assert_eq!(client.ask(line), wanted, "{line}");
    }
    client.send(b"NOOP\n");
    assert_eq!(client.code(), 500);
    assert_eq!(client.deliver(STUFFED), 250);
    assert_eq!(server.kept()[0].data, MESSAGE);
    assert_eq!(client.ask("QUIT"), 221);
    assert_eq!(client.reply(), Got::End);
}

#[test]
fn nothing_but_hello_and_starttls_is_taken_outside_tls() {
    let certificates = certificates();
    let never = MailOptions {
        security: Security::StartTlsNotOffered,
        ..MailOptions::start_tls(certificates.clone())
    };
    for (options, offered) in [
        (MailOptions::start_tls(certificates.clone()), true),
        (never, false),
    ] {
        let server = start(options.with_password("anne", "hemmeligt"));
        let mut client = Client::clear(&server);
        assert_eq!(client.code(), 220);
        let words = client.text("EHLO a");
        assert_eq!(words.contains("STARTTLS"), offered, "{words}");
        assert!(!words.contains("AUTH"), "{words}");
        for line in [
            "AUTH PLAIN AGFubmUAaGVtbWVsaWd0",
            "MAIL FROM:<anne@eksempel.example>",
            "RSET",
        ] {
            assert_eq!(client.ask(line), 530, "{line}");
        }
        assert_eq!(client.ask("STARTTLS"), if offered { 220 } else { 502 });
    }
}

#[test]
fn commands_that_came_before_tls_do_not_count_inside_it() {
    let server = start(MailOptions::start_tls(certificates()));
    let mut client = Client::clear(&server);
    assert_eq!(client.code(), 220);
    client.send(b"STARTTLS\r\nEHLO injected\r\n");
    assert_eq!(client.reply(), Got::End);
    assert_eq!(server.transcript().len(), 1);
}

#[test]
fn parameters_are_taken_only_where_they_were_offered() {
    let certificates = certificates();
    let poor = MailOptions {
        smtp_utf8: false,
        size: Size::Announced(100),
        ..MailOptions::implicit_tls(certificates.clone())
    };
    let rich = MailOptions {
        require_tls: true,
        ehlo_lines: vec!["DSN".to_owned()],
        ..MailOptions::implicit_tls(certificates.clone())
    };
    let (poor, rich) = (start(poor), start(rich));
    for (line, by_poor, by_rich) in [
        ("MAIL FROM:<a@b.example> SIZE=100", 250, 250),
        ("MAIL FROM:<a@b.example> SIZE=101", 552, 250),
        ("MAIL FROM:<a@b.example> SIZE=x", 501, 501),
        ("MAIL FROM:<a@b.example> BODY=8BITMIME", 250, 250),
        ("MAIL FROM:<a@b.example> BODY=BINARYMIME", 555, 555),
        ("MAIL FROM:<a@b.example> SMTPUTF8", 555, 250),
        ("MAIL FROM:<æ@b.example>", 553, 553),
        ("MAIL FROM:<æ@b.example> SMTPUTF8", 555, 250),
        ("MAIL FROM:<a@b.example> REQUIRETLS", 555, 250),
        ("MAIL FROM:<a@b.example> RET=HDRS ENVID=1", 555, 250),
        ("MAIL FROM:<a@b.example> UNHEARD=OF", 555, 555),
    ] {
        for (server, wanted) in [(&poor, by_poor), (&rich, by_rich)] {
            let mut client = Client::ready(server, &certificates);
            assert_eq!(client.ask(line), wanted, "{line}");
        }
    }
    let mut client = Client::ready(&rich, &certificates);
    assert_eq!(client.ask("MAIL FROM:<a@b.example> REQUIRETLS SIZE=7"), 250);
    assert_eq!(client.ask("RCPT TO:<æ@b.example>"), 553);
    assert_eq!(client.ask("RCPT TO:<b@b.example> NOTIFY=NEVER"), 250);
    assert_eq!(client.ask("DATA"), 354);
    assert_eq!(client.ask("hello\r\n."), 250);
    assert_eq!(rich.kept()[0].parameters, ["REQUIRETLS", "SIZE=7"]);
}

#[test]
fn a_message_over_the_limit_is_refused_after_its_dot() {
    let certificates = certificates();
    let server = start(MailOptions {
        size: Size::Silent(20),
        ..MailOptions::implicit_tls(certificates.clone())
    });
    let mut client = Client::ready(&server, &certificates);
    assert_eq!(client.deliver(b"more than twenty octets\r\n"), 552);
    assert_eq!(client.deliver(b"less than that\r\n"), 250);
    assert_eq!(server.kept().len(), 1);
    let lines: Vec<_> = server
        .transcript()
        .into_iter()
        .map(|line| line.text)
        .collect();
    assert!(
        lines.contains(&"(message, 28 octets)".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn a_large_message_is_kept_octet_for_octet() {
    let certificates = certificates();
    let server = start(MailOptions::implicit_tls(certificates.clone()));
    let mut client = Client::ready(&server, &certificates);
    let large = b".0123456789\r\n".repeat(200_000);
    let stuffed = b"..0123456789\r\n".repeat(200_000);
    assert_eq!(client.deliver(&stuffed), 250);
    assert!(server.kept()[0].data == large, "the octets differ");
}

#[test]
fn the_right_password_is_needed_and_told_from_a_wrong_one() {
    let certificates = certificates();
    let server =
        start(MailOptions::implicit_tls(certificates.clone()).with_password("anne", "hemmeligt"));
    let base64 = |text: &str| base64_simd::STANDARD.encode_to_string(text);
    let right = base64("\0anne\0hemmeligt");
    for (lines, wanted) in [
        (vec![format!("AUTH PLAIN {right}")], vec![235]),
        (vec!["AUTH PLAIN".to_owned(), right.clone()], vec![334, 235]),
        (
            vec![format!("AUTH PLAIN {}", base64("bo\0anne\0hemmeligt"))],
            vec![501],
        ),
        (
            vec![format!("AUTH PLAIN {}", base64("\0anne\0forkert"))],
            vec![535],
        ),
        (
            vec!["AUTH PLAIN".to_owned(), "*".to_owned()],
            vec![334, 501],
        ),
        (
            vec!["AUTH LOGIN".to_owned(), base64("anne"), base64("hemmeligt")],
            vec![334, 334, 235],
        ),
        (
            vec![format!("AUTH LOGIN {}", base64("anne")), base64("forkert")],
            vec![334, 535],
        ),
        (vec![format!("AUTH XOAUTH2 {right}")], vec![504]),
    ] {
        let mut client = Client::ready(&server, &certificates);
        assert_eq!(client.ask("MAIL FROM:<anne@eksempel.example>"), 530);
        let codes: Vec<_> = lines.iter().map(|line| client.ask(line)).collect();
        assert_eq!(codes, wanted, "{}", lines[0]);
        let signed_in = wanted.ends_with(&[235]);
        let mail = client.ask("MAIL FROM:<anne@eksempel.example>");
        assert_eq!(mail, if signed_in { 250 } else { 530 });
        if signed_in {
            assert_eq!(client.ask("AUTH PLAIN AGEAYg=="), 503);
        }
    }
    assert!(
        server
            .transcript()
            .iter()
            .all(|line| !line.text.contains(&right))
    );
}

#[test]
fn an_expired_token_gets_the_error_challenge_and_then_535() {
    let certificates = certificates();
    let options = MailOptions {
        auth: Auth::Required {
            mechanisms: vec![Mechanism::XOAuth2],
            username: "anne".to_owned(),
            password: String::new(),
            token: "fresh".to_owned(),
        },
        ..MailOptions::implicit_tls(certificates.clone())
    };
    let server = start(options);
    let response = |token: &str| {
        let text = format!("user=anne\x01auth=Bearer {token}\x01\x01");
        base64_simd::STANDARD.encode_to_string(text)
    };
    let mut client = Client::ready(&server, &certificates);
    let challenge = client.text(&format!("AUTH XOAUTH2 {}", response("stale")));
    let challenge = challenge
        .trim_end()
        .strip_prefix("334 ")
        .expect("a challenge");
    let challenge = base64_simd::STANDARD
        .decode_to_vec(challenge)
        .expect("base64");
    let challenge: serde_json::Value = serde_json::from_slice(&challenge).expect("JSON");
    assert_eq!(challenge["status"], "401");
    assert_eq!(client.ask(""), 535);
    assert_eq!(client.ask("AUTH XOAUTH2"), 334);
    assert_eq!(client.ask(&response("fresh")), 235);
    assert_eq!(client.deliver(STUFFED), 250);
    assert_eq!(server.kept()[0].user.as_deref(), Some("anne"));
}

#[test]
fn wrong_certificates_are_shown_where_they_are_asked_for() {
    let certificates = certificates();
    for presented in [
        Presented::Expired,
        Presented::WrongName,
        Presented::Untrusted,
    ] {
        let server = start(MailOptions {
            presented,
            ..MailOptions::implicit_tls(certificates.clone())
        });
        let stream = connect(server.address()).expect("a connection");
        let error = tls(stream, &certificates).map(drop).expect_err("a refusal");
        assert_eq!(tls_error(&error), TlsError::Certificate(presented));
    }
}

#[test]
fn the_door_shuts_and_opens_again_on_the_same_port() {
    let certificates = certificates();
    let server = start(MailOptions::implicit_tls(certificates.clone()));
    let mut client = Client::ready(&server, &certificates);
    server.refuse_connections().expect("the door is shut");
    assert!(connect(server.address()).is_err());
    assert_eq!(until_end(client.wire.as_mut()), Got::End);
    server.accept_connections().expect("the door is open");
    Client::ready(&server, &certificates);
}
