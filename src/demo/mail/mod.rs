//! A submission server on loopback that keeps what it gets (RFC 5321, RFC 6409), or fails at one named step.
//!
//! Implicit TLS or STARTTLS, AUTH PLAIN, LOGIN and XOAUTH2, SIZE, SMTPUTF8, REQUIRETLS. It delivers nothing to
//! anybody: messages stay in memory until the server is dropped.

mod auth;
mod command;
mod fault;
mod message;
mod offer;
mod session;
mod wire;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::identity::IssuedTokens;
use super::loopback::{Loopback, lock};
use super::tls::{Configurations, Presented, ServerCertificates, TlsVersions};

pub use fault::{Do, Fault, Step};

use fault::Faults;

/// How a mail server is set up. It has no `Debug`, because it may hold a password.
#[derive(Clone)]
pub struct MailOptions {
    /// When TLS begins.
    pub security: Security,
    /// The certificates to choose from.
    pub certificates: Arc<ServerCertificates>,
    /// Which of them is shown.
    pub presented: Presented,
    /// The versions of TLS that are offered.
    pub versions: TlsVersions,
    /// Who may send.
    pub auth: Auth,
    /// How large a message may be.
    pub size: Size,
    /// Whether SMTPUTF8 is offered (RFC 6531).
    pub smtp_utf8: bool,
    /// Whether REQUIRETLS is offered inside TLS (RFC 8689).
    pub require_tls: bool,
    /// Further lines of the reply to EHLO, such as `DSN` or `PIPELINING`.
    pub ehlo_lines: Vec<String>,
    /// What its greeting says the time is, where it says so.
    pub time: Option<Timestamp>,
    /// How it misbehaves.
    pub faults: Vec<Fault>,
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// At once (RFC 8314 §3.3).
    ImplicitTls,
    /// When the client asks for it (RFC 3207). Before that, nothing but EHLO, NOOP, QUIT and STARTTLS is taken.
    StartTls,
    /// Never: STARTTLS is not offered, and no mail is taken.
    StartTlsNotOffered,
}

/// Who may send.
#[derive(Clone)]
pub enum Auth {
    /// Anybody; AUTH is not offered.
    None,
    /// Who shows a password or a token (RFC 4954). All are invented for the demo.
    Required {
        /// The mechanisms that are offered.
        mechanisms: Vec<Mechanism>,
        /// The user.
        username: String,
        /// The password for PLAIN and LOGIN.
        password: String,
        /// The access token for XOAUTH2.
        token: String,
    },
    /// Who shows a token that the demo's sign-in server gave and that still counts, by XOAUTH2.
    SignedIn {
        /// The user.
        username: String,
        /// The tokens.
        tokens: IssuedTokens,
    },
}

/// A SASL mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 4616.
    Plain,
    /// Asks for user and password, one line each.
    Login,
    /// A bearer token, as large providers want it.
    XOAuth2,
}

/// How large a message may be, in octets as they come (RFC 1870).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As large as it likes; SIZE is offered without a number.
    Any,
    /// So large, and SIZE says so.
    Announced(u64),
    /// So large, and EHLO does not mention SIZE.
    Silent(u64),
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The sender of the envelope, without angle brackets.
    pub mail_from: String,
    /// The recipients that were accepted, in their order.
    pub rcpt_to: Vec<String>,
    /// Parameters of MAIL, as they were given.
    pub parameters: Vec<String>,
    /// The message: dots taken out again, the final line end kept.
    pub data: Vec<u8>,
    /// `TLSv1.3` or `TLSv1.2`.
    pub tls_version: String,
    /// The cipher suite in rustls's words, such as `TLS13_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// Who was signed in.
    pub user: Option<String>,
    /// Number of the connection, from 0.
    pub connection: usize,
}

/// One line that a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Number of the connection, from 0.
    pub connection: usize,
    /// Whether it came inside TLS.
    pub inside_tls: bool,
    /// The command; `AUTH` without what follows the mechanism, `(credentials)` for a line of an exchange,
    /// `(message, N octets)` for a message with its final dot.
    pub text: String,
}

impl MailOptions {
    /// TLS at once, no AUTH, any size.
    pub fn implicit_tls(certificates: Arc<ServerCertificates>) -> Self {
        Self {
            security: Security::ImplicitTls,
            certificates,
            presented: Presented::Good,
            versions: TlsVersions::Both,
            auth: Auth::None,
            size: Size::Any,
            smtp_utf8: true,
            require_tls: false,
            ehlo_lines: Vec::new(),
            time: None,
            faults: Vec::new(),
        }
    }

    /// STARTTLS, else the same.
    pub fn start_tls(certificates: Arc<ServerCertificates>) -> Self {
        Self {
            security: Security::StartTls,
            ..Self::implicit_tls(certificates)
        }
    }

    /// The same with one fault more.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The same for who signs in with this user and password, by PLAIN or LOGIN.
    #[must_use]
    pub fn with_password(mut self, username: &str, password: &str) -> Self {
        self.auth = Auth::Required {
            mechanisms: vec![Mechanism::Plain, Mechanism::Login],
            username: username.to_owned(),
            password: password.to_owned(),
            token: String::new(),
        };
        self
    }

    /// The same for who shows this access token, by XOAUTH2.
    #[must_use]
    pub fn with_token(mut self, username: &str, token: &str) -> Self {
        self.auth = Auth::Required {
            mechanisms: vec![Mechanism::XOAuth2],
            username: username.to_owned(),
            password: String::new(),
            token: token.to_owned(),
        };
        self
    }
}

impl Auth {
    /// The mechanisms that are offered; none where nobody has to sign in.
    fn mechanisms(&self) -> &[Mechanism] {
        match self {
            Self::None => &[],
            Self::Required { mechanisms, .. } => mechanisms,
            Self::SignedIn { .. } => &[Mechanism::XOAuth2],
        }
    }
}

/// A running mail server. Dropping it stops it.
pub struct MailServer {
    shared: Arc<Shared>,
    loopback: Loopback,
}

/// Is told of each message that is taken.
type Watcher = Box<dyn Fn(&Kept) + Send>;

/// What all connections of a mail server share.
struct Shared {
    options: MailOptions,
    tls: Configurations,
    faults: Mutex<Faults>,
    kept: Mutex<Vec<Kept>>,
    watcher: Mutex<Option<Watcher>>,
    transcript: Mutex<Vec<Line>>,
    connections: Mutex<usize>,
}

impl MailServer {
    /// Starts a server on a free port of 127.0.0.1.
    pub fn start(options: MailOptions) -> io::Result<Self> {
        let tls = options
            .certificates
            .configurations(options.versions)
            .map_err(io::Error::other)?;
        let shared = Arc::new(Shared {
            faults: Mutex::new(Faults::new(options.faults.clone())),
            options,
            tls,
            kept: Mutex::default(),
            watcher: Mutex::default(),
            transcript: Mutex::default(),
            connections: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let serve = move |stream, number| -> super::loopback::Conversation {
            Box::pin(session::serve(Arc::clone(&serving), stream, number))
        };
        let loopback = Loopback::start("segl-demo-smtp", Duration::ZERO, serve)?;
        Ok(Self { shared, loopback })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.loopback.address()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address().port()
    }

    /// All messages that were taken, in their order.
    pub fn kept(&self) -> Vec<Kept> {
        lock(&self.shared.kept).clone()
    }

    /// How many messages were taken.
    pub fn taken(&self) -> usize {
        lock(&self.shared.kept).len()
    }

    /// Tells of each message from now on, when it is taken and before the client hears of it.
    pub fn watch(&self, watcher: impl Fn(&Kept) + Send + 'static) {
        *lock(&self.shared.watcher) = Some(Box::new(watcher));
    }

    /// All lines that clients sent, in the order in which they came.
    pub fn transcript(&self) -> Vec<Line> {
        lock(&self.shared.transcript).clone()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        *lock(&self.shared.connections)
    }

    /// Misbehaves like this from now on, and no longer as before; counting begins anew.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.shared.faults) = Faults::new(faults);
    }

    /// Refuses connections and ends the open ones, as a server that was stopped.
    pub fn refuse_connections(&self) -> io::Result<()> {
        self.loopback.shut()
    }

    /// Takes connections again, on the same port.
    pub fn accept_connections(&self) -> io::Result<()> {
        self.loopback.open()
    }

    /// Stops the server and ends all its connections.
    pub fn stop(self) {
        drop(self);
    }
}
