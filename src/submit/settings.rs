//! What a submission needs to know: `[submission]` of the settings, with secrets and time limits.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use zeroize::Zeroizing;

use crate::net::Roots;

use super::{TokenCommand, TokenError};

/// The firm's own mail server, and how to sign in to it.
#[derive(Clone)]
pub struct Settings {
    /// Host name or address; the server's certificate must be for it.
    pub host: String,
    /// Port: 465 for implicit TLS, 587 for STARTTLS.
    pub port: u16,
    /// When TLS begins.
    pub security: Security,
    /// How to sign in.
    pub auth: Auth,
    /// Which roots the server's certificate may end at.
    pub roots: Roots,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

/// When TLS begins. There is no third way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// At once (RFC 8314 §3.3).
    ImplicitTls,
    /// After STARTTLS (RFC 3207); a server that does not offer it gets nothing.
    StartTls,
}

/// How to sign in, inside TLS only.
#[derive(Clone)]
pub enum Auth {
    /// Not at all.
    None,
    /// PLAIN (RFC 4616), or LOGIN where the server does not offer PLAIN.
    Password {
        /// User name.
        username: String,
        /// Password.
        password: Secret,
    },
    /// XOAUTH2, with an access token.
    Xoauth2 {
        /// User name: mostly the mail address.
        username: String,
        /// Who has one; asked for each connection, and once more if the server refuses it.
        token: Tokens,
    },
}

/// Who has access tokens.
#[derive(Clone)]
pub enum Tokens {
    /// A command that prints one.
    Command(TokenCommand),
    /// Whoever signed in.
    SignIn(Arc<dyn AccessTokens>),
}

/// Has access tokens of a sign-in.
pub trait AccessTokens: Send + Sync {
    /// A token that is thought to be valid; with [`Wanted::AfterRefusal`] another one than the last.
    fn token(&self, wanted: Wanted) -> NextToken<'_>;
}

/// A token, as soon as it is there.
pub type NextToken<'a> = Pin<Box<dyn Future<Output = Result<Secret, TokenError>> + Send + 'a>>;

/// Why a token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// To sign in.
    ToSignIn,
    /// The last one was refused, whatever its time said.
    AfterRefusal,
}

impl Tokens {
    pub(super) async fn token(&self, wanted: Wanted) -> Result<Secret, TokenError> {
        match self {
            Self::Command(command) => command.run().await,
            Self::SignIn(sign_in) => sign_in.token(wanted).await,
        }
    }
}

/// A SASL mechanism that Segl speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 4616.
    Plain,
    /// Two lines, user and password; never standardised, still the only one in places.
    Login,
    /// A bearer token.
    Xoauth2,
}

/// A password or token: no `Debug`, overwritten when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

/// How long to wait. RFC 5321 §4.5.3.2 asks relays for minutes at each step, because the server on the other side may
/// be looking far away for an answer; a submission server answers from its own tables, and somebody sits before the
/// window. So all are shorter here; after the final dot the wait is long, since giving up there leaves a message of
/// which nobody knows whether it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the TCP connection.
    pub connect: Duration,
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For one complete reply, however slowly it drips in.
    pub command: Duration,
    /// For everything from the greeting to the end of AUTH, the handshake and the token command not counted.
    pub open: Duration,
    /// For the server to take any more octets of the message.
    pub block: Duration,
    /// For the reply to the final dot (the RFC's own minimum is 10 minutes).
    pub final_dot: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            handshake: Duration::from_secs(10),
            command: Duration::from_mins(1),
            open: Duration::from_secs(90),
            block: Duration::from_mins(1),
            final_dot: Duration::from_mins(5),
        }
    }
}

impl Secret {
    /// Takes over a password or token.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one place that hands it to the server.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::Xoauth2 => "XOAUTH2",
        })
    }
}
