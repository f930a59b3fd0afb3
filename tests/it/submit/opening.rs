//! Opening a session: TLS, what the server offers, and signing in.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use segl::{
    demo::{
        Presented, TlsVersions,
        mail::{self, Mechanism, Size},
    },
    net::{ConnectError, TlsFault},
    submit::{Mechanism as Signed, Step},
};

use super::*;
use crate::tools::tool;

#[tokio::test]
async fn a_message_arrives_octet_for_octet_over_either_kind_of_tls() {
    for (options, security) in [
        (implicit(), Security::ImplicitTls),
        (start_tls(), Security::StartTls),
    ] {
        let server = start(options.with_password("anne", PASSWORD));
        let settings = with_password(settings(server.port(), security), PASSWORD);
        let mut session = Session::open(settings).await.unwrap();
        let verified = verify(&mut session, vec![transaction(&[BO, MADS], MESSAGE)]).await;
        for verified in verified {
            let delivered = deliver(&mut session, verified, MESSAGE).await;
            assert!(delivered.may_have_been_sent());
            assert!(
                matches!(delivered, Delivered::Sent { envelope, .. } if envelope.rcpt.len() == 2)
            );
        }
        let tls = session.tls().clone();
        session.close().await;

        let kept = server.kept().pop().unwrap();
        assert_eq!(server.kept().len(), 1);
        assert_eq!(kept.data, MESSAGE);
        assert_eq!(
            (kept.mail_from.as_str(), kept.rcpt_to.as_slice()),
            (ANNE, &[BO.to_owned(), MADS.to_owned()][..])
        );
        assert_eq!(kept.parameters, [format!("SIZE={}", MESSAGE.len())]);
        assert_eq!(kept.user.as_deref(), Some("anne"));
        assert_eq!(tls.version, kept.tls_version);
        assert_eq!(tls.cipher, kept.cipher.replace("TLS13_", "TLS_"));
        assert_eq!(tls.chain_sha256.len(), 1);
        assert_nothing_in_clear(&server);
        assert_eq!(verbs(&server).last().unwrap(), "QUIT");
    }
}

#[tokio::test]
async fn what_the_server_offers_is_known_before_mail() {
    let mut options = start_tls();
    options.size = Size::Announced(35_651_584);
    options.require_tls = true;
    options.ehlo_lines = vec!["DSN".to_owned(), "PIPELINING".to_owned()];
    let server = start(options);
    let session = Session::open(settings(server.port(), Security::StartTls))
        .await
        .unwrap();
    let facts = session.facts();
    assert_eq!(facts.size(), Some(35_651_584));
    assert!(facts.smtputf8() && facts.eight_bit_mime() && facts.requiretls());
    assert!(facts.dsn() && facts.pipelining());
    // Said outside TLS, where it counts for nothing.
    assert!(!facts.offers("STARTTLS"));
}

#[tokio::test]
async fn tls_1_2_is_the_floor() {
    for (versions, version) in [
        (TlsVersions::Only12, "TLSv1.2"),
        (TlsVersions::Only13, "TLSv1.3"),
    ] {
        let mut options = implicit();
        options.versions = versions;
        let server = start(options);
        let session = Session::open(settings(server.port(), Security::ImplicitTls))
            .await
            .unwrap();
        assert_eq!(session.tls().version, version);
    }
}

#[tokio::test]
async fn a_server_of_tls_1_1_is_refused() {
    let Some(mut openssl) = tool("openssl") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (key, certificate) = (
        folder.path().join("key.pem"),
        folder.path().join("cert.pem"),
    );
    let issued = certificates();
    let issued = issued.certificate(Presented::Good);
    std::fs::write(&key, issued.key_pem().unwrap()).unwrap();
    std::fs::write(&certificate, issued.pem()).unwrap();
    let mut child = openssl
        .args([
            "s_server",
            "-accept",
            "127.0.0.1:0",
            "-tls1_1",
            "-cipher",
            "ALL:@SECLEVEL=0",
            "-key",
        ])
        .arg(&key)
        .arg("-cert")
        .arg(&certificate)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port = lines.map_while(Result::ok).find_map(|line| {
        line.strip_prefix("ACCEPT ")?
            .rsplit(':')
            .next()?
            .parse()
            .ok()
    });
    let port = port.expect("openssl s_server tells where it listens");
    let found = Session::open(settings(port, Security::ImplicitTls))
        .await
        .err();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        matches!(found, Some(SubmitError::Tls(TlsFault::Version(_)))),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_ends_it_before_auth() {
    for presented in [
        Presented::Expired,
        Presented::WrongName,
        Presented::Untrusted,
    ] {
        for (options, security) in [
            (implicit(), Security::ImplicitTls),
            (start_tls(), Security::StartTls),
        ] {
            let mut options = options.with_password("anne", PASSWORD);
            options.presented = presented;
            let server = start(options);
            let settings = with_password(settings(server.port(), security), PASSWORD);
            let found = Session::open(settings).await.err().unwrap();
            let as_wanted = match presented {
                Presented::Expired => matches!(found, SubmitError::Tls(TlsFault::Expired { .. })),
                Presented::WrongName => {
                    matches!(found, SubmitError::Tls(TlsFault::WrongName { .. }))
                }
                _ => matches!(found, SubmitError::Tls(TlsFault::UntrustedIssuer)),
            };
            assert!(as_wanted, "{presented:?}: {found:?}");
            assert!(!verbs(&server).contains(&"AUTH".to_owned()));
            assert_nothing_in_clear(&server);
        }
    }
}

#[tokio::test]
async fn no_server_and_no_such_name_are_told_apart() {
    let server = start(implicit());
    server.refuse_connections().unwrap();
    let mut settings = settings(server.port(), Security::ImplicitTls);
    let found = Session::open(settings.clone()).await.err();
    assert!(matches!(
        found,
        Some(SubmitError::Connect(ConnectError::Unreachable { .. }))
    ));
    // A label of more than 63 octets cannot be asked for, so this needs no network.
    settings.host = format!("{}.example", "a".repeat(64));
    let found = Session::open(settings).await.err();
    assert!(
        matches!(
            found,
            Some(SubmitError::Connect(ConnectError::Unresolved { .. }))
        ),
        "{found:?}"
    );
}

#[tokio::test]
async fn plain_comes_before_login_and_a_wrong_password_is_told() {
    for (mechanisms, wanted, signed) in [
        (
            vec![Mechanism::Login, Mechanism::Plain],
            "AUTH PLAIN",
            Signed::Plain,
        ),
        (vec![Mechanism::Login], "AUTH LOGIN", Signed::Login),
    ] {
        for (password, is_right) in [(PASSWORD, true), ("wrong", false)] {
            let mut options = implicit().with_password("anne", PASSWORD);
            if let mail::Auth::Required {
                mechanisms: offered,
                ..
            } = &mut options.auth
            {
                offered.clone_from(&mechanisms);
            }
            let server = start(options);
            let settings = with_password(settings(server.port(), Security::ImplicitTls), password);
            let found = Session::open(settings).await.err();
            if is_right {
                assert!(found.is_none(), "{found:?}");
            } else {
                assert!(matches!(
                    found,
                    Some(SubmitError::AuthRefused { mechanism, reply })
                        if mechanism == signed && reply.code() == 535
                ));
            }
            let used = server.transcript();
            assert!(
                used.iter().any(|line| line.text.starts_with(wanted)),
                "{used:?}"
            );
        }
    }
}

#[tokio::test]
async fn no_common_mechanism_tells_what_is_offered() {
    let server = start(implicit().with_token(ANNE, "token"));
    let settings = with_password(settings(server.port(), Security::ImplicitTls), PASSWORD);
    let found = Session::open(settings).await.err();
    assert!(matches!(
        found,
        Some(SubmitError::NoCommonMechanism { offered }) if offered == ["XOAUTH2"]
    ));
    assert!(!verbs(&server).contains(&"AUTH".to_owned()));
}

#[tokio::test]
async fn a_name_that_would_end_its_field_is_not_sent() {
    let server = start(implicit().with_password("anne", PASSWORD));
    let settings = with_password(settings(server.port(), Security::ImplicitTls), "a\0b");
    let found = Session::open(settings).await.err();
    assert!(matches!(found, Some(SubmitError::Credentials { .. })));
    assert!(!verbs(&server).contains(&"AUTH".to_owned()));
}

#[tokio::test]
async fn a_token_signs_in_however_long_it_is() {
    for length in [20, 4000] {
        let token = "t".repeat(length);
        let server = start(implicit().with_token(ANNE, &token));
        let settings = settings(server.port(), Security::ImplicitTls);
        let settings = with_token(settings, &format!("echo {token}"));
        assert!(matches!(
            submit(settings, MESSAGE).await,
            Ok(Delivered::Sent { .. })
        ));
        assert_eq!(server.kept()[0].user.as_deref(), Some(ANNE));
    }
}

#[tokio::test]
async fn an_expired_token_is_asked_for_once_more_and_not_twice() {
    let folder = tempfile::tempdir().unwrap();
    let asked = folder.path().join("asked");
    let times = || std::fs::read_to_string(&asked).unwrap().lines().count();
    // Prints "token-1" the first time, "token-2" the second.
    let script = format!(
        "f='{0}'; echo x >> \"$f\"; echo token-$(wc -l < \"$f\")",
        asked.display()
    );
    let server = start(implicit().with_token(ANNE, "token-2"));
    let settings = with_token(settings(server.port(), Security::ImplicitTls), &script);
    assert!(Session::open(settings.clone()).await.is_ok());
    assert_eq!(times(), 2);

    let found = Session::open(settings.clone()).await.err();
    assert!(matches!(
        found,
        Some(SubmitError::AuthRefused { mechanism: Signed::Xoauth2, reply }) if reply.code() == 535
    ));
    assert_eq!(times(), 4);

    server.set_faults(vec![mail::Fault::reply(mail::Step::Auth, 454, "later")]);
    let found = Session::open(settings).await.err();
    assert!(matches!(
        found,
        Some(SubmitError::AuthRefused { reply, .. }) if reply.is_temporary()
    ));
    assert_eq!(times(), 5);
}

#[tokio::test]
async fn a_token_command_that_fails_sends_nothing() {
    let server = start(implicit().with_token(ANNE, "token"));
    let settings = with_token(settings(server.port(), Security::ImplicitTls), "exit 3");
    let found = Session::open(settings).await.err();
    assert!(matches!(
        found,
        Some(SubmitError::Token(segl::submit::TokenError::Failed {
            code: Some(3)
        }))
    ));
    assert!(!verbs(&server).contains(&"AUTH".to_owned()));
}

#[tokio::test]
async fn the_time_to_open_a_session_is_limited_as_a_whole() {
    let server =
        start(implicit().with_fault(mail::Fault::new(mail::Step::EhloTls, mail::Do::Stall)));
    let mut settings = settings(server.port(), Security::ImplicitTls);
    settings.timeouts.open = Duration::from_millis(500);
    let found = Session::open(settings).await.err();
    assert!(
        matches!(
            found,
            Some(SubmitError::Timeout {
                step: Step::EhloInsideTls | Step::Greeting
            })
        ),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_server_that_drips_cannot_hold_a_session_for_ever() {
    use std::{io::Write as _, net::TcpListener, thread};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let dripping = thread::Builder::new()
        .name("drip".to_owned())
        .spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            while stream.write_all(b"2").is_ok() {
                thread::sleep(Duration::from_millis(50));
            }
        });
    let found = Session::open(impatient(port, Security::StartTls))
        .await
        .err();
    assert!(
        matches!(
            found,
            Some(SubmitError::Timeout {
                step: Step::Greeting
            })
        ),
        "{found:?}"
    );
    dripping.unwrap().join().unwrap();
}
