//! Message submission against the embedded server, a real MTA, and hostile scripts.

mod corpus;
mod deliveries;
pub(crate) mod exim;
mod faults;
mod opening;

pub(crate) use corpus::{Script, scripts};

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use segl::{
    demo::{
        ServerCertificates,
        mail::{Line, MailOptions, MailServer},
    },
    mail::Address,
    net::Roots,
    submit::{
        Auth, Cancel, Delivered, Envelope, Secret, Security, Session, Settings, SubmitError,
        Timeouts, TokenCommand, Transaction, Verdict, Verified,
    },
};

const ANNE: &str = "anne@advokat-eksempel.dk";
const BO: &str = "bo@firma-eksempel.dk";
const MADS: &str = "mads@firma-eksempel.dk";
const PASSWORD: &str = "rød grød med fløde";
const MESSAGE: &[u8] = b"Subject: x\r\n\r\n.\r\n..two\r\nlast.\r\n";

/// Certificates of all test servers.
fn certificates() -> Arc<ServerCertificates> {
    static CERTIFICATES: OnceLock<Arc<ServerCertificates>> = OnceLock::new();
    Arc::clone(CERTIFICATES.get_or_init(|| Arc::new(ServerCertificates::make().unwrap())))
}

pub(crate) fn roots() -> Roots {
    Roots::Only(vec![certificates().root_der().to_vec().into()])
}

fn start(options: MailOptions) -> MailServer {
    MailServer::start(options).unwrap()
}

fn implicit() -> MailOptions {
    MailOptions::implicit_tls(certificates())
}

fn start_tls() -> MailOptions {
    MailOptions::start_tls(certificates())
}

/// Settings for a server on loopback that answers at once; nothing here waits for these limits but what must fail.
fn settings(port: u16, security: Security) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        auth: Auth::None,
        roots: roots(),
        timeouts: Timeouts {
            connect: Duration::from_secs(20),
            handshake: Duration::from_secs(20),
            command: Duration::from_secs(20),
            open: Duration::from_secs(30),
            block: Duration::from_secs(20),
            final_dot: Duration::from_secs(20),
        },
    }
}

/// The same for a server that will not answer. Long enough for one that does, on a busy machine.
fn impatient(port: u16, security: Security) -> Settings {
    let settings = settings(port, security);
    let brief = Duration::from_millis(1500);
    Settings {
        timeouts: Timeouts {
            command: brief,
            block: brief,
            final_dot: brief,
            ..settings.timeouts
        },
        ..settings
    }
}

fn with_password(settings: Settings, password: &str) -> Settings {
    Settings {
        auth: Auth::Password {
            username: "anne".to_owned(),
            password: Secret::new(password.to_owned()),
        },
        ..settings
    }
}

fn with_token(settings: Settings, script: &str) -> Settings {
    Settings {
        auth: Auth::Xoauth2 {
            username: ANNE.to_owned(),
            token: segl::submit::Tokens::Command(TokenCommand {
                program: "/bin/sh".to_owned(),
                arguments: vec!["-c".to_owned(), script.to_owned()],
                limit: Duration::from_secs(20),
            }),
        },
        ..settings
    }
}

fn transaction(to: &[&str], message: &[u8]) -> Transaction {
    let parse = |text: &str| Address::parse(text).unwrap();
    let to = to.iter().map(|text| parse(text)).collect();
    Transaction::new(Envelope::new(parse(ANNE), to).unwrap(), message).unwrap()
}

async fn verify(session: &mut Session, transactions: Vec<Transaction>) -> Vec<Verified> {
    match session.verify(transactions).await.unwrap() {
        Verdict::Accepted(verified) => verified,
        Verdict::Refused(replies) => panic!("refused: {replies:?}"),
    }
}

async fn deliver(session: &mut Session, verified: Verified, message: &[u8]) -> Delivered {
    let cancel = Cancel::new();
    session
        .deliver(verified, message, &mut |_| {}, &cancel)
        .await
}

/// Opens, verifies one message to Bo, delivers it.
async fn submit(settings: Settings, message: &[u8]) -> Result<Delivered, SubmitError> {
    let mut session = Session::open(settings).await?;
    let verified = match session.verify(vec![transaction(&[BO], message)]).await? {
        Verdict::Accepted(verified) => verified,
        Verdict::Refused(replies) => panic!("refused: {replies:?}"),
    };
    let verified = verified.into_iter().next().unwrap();
    let delivered = deliver(&mut session, verified, message).await;
    session.close().await;
    Ok(delivered)
}

/// Commands of a session, without their arguments.
fn verbs(server: &MailServer) -> Vec<String> {
    let verb = |line: &Line| line.text.split(' ').next().unwrap().to_owned();
    server.transcript().iter().map(verb).collect()
}

/// Nothing but these two was ever said outside TLS.
fn assert_nothing_in_clear(server: &MailServer) {
    for line in server.transcript() {
        let harmless = ["EHLO [127.0.0.1]", "STARTTLS"].contains(&line.text.as_str());
        assert!(line.inside_tls || harmless, "in clear: {}", line.text);
    }
}

/// Five megabytes with everything that a wire can stumble over, lines of 998 octets included.
fn large() -> Vec<u8> {
    let mut message = b"Subject: large\r\nContent-Type: text/plain\r\n\r\n".to_vec();
    for number in 0usize.. {
        let line = match number % 7 {
            0 => ".".to_owned(),
            1 => "..".to_owned(),
            2 => String::new(),
            3 => "x".repeat(998),
            4 => format!(".{}", "y".repeat(997)),
            5 => format!("From {number}"),
            _ => format!("line {number}. "),
        };
        message.extend_from_slice(line.as_bytes());
        message.extend_from_slice(b"\r\n");
        if message.len() > 5 * 1024 * 1024 {
            break;
        }
    }
    message
}
