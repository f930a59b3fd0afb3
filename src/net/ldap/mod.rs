//! LDAP connections (RFC 4511): TCP and TLS are Segl's, requests and answers are ldap3's, and between them every message
//! is checked.
//!
//! ldap3 gets one end of a stream inside this process. What it sends goes into TLS; what comes out of TLS is measured
//! and checked before it sees it. Never follows a referral, never falls back to plain text, never binds in clear.

mod ber;
mod fault;
mod message;
mod open;
mod pair;
mod relay;
mod search;

use std::{sync::Arc, time::Duration};

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings};
use rustls::ClientConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};

pub use fault::{LdapFault, Violation};
pub use open::Credentials;
pub use search::{Cut, LdapEntry, Query, Reply, ReplyEnd};

use crate::net::{connect, handshake};

/// Where a directory listens, and how the way there is protected.
#[derive(Clone)]
pub struct LdapServer {
    /// Host name or address, as it must stand in the server's certificate.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: LdapSecurity,
}

/// How the way to a directory is protected.
#[derive(Clone)]
pub enum LdapSecurity {
    /// TLS from the first octet (`ldaps`).
    Tls(Arc<ClientConfig>),
    /// TLS after `StartTLS`; without it there is no connection.
    StartTls(Arc<ClientConfig>),
    /// In clear. Only where the settings say so.
    Plain,
}

/// An open connection. Searches share it; it closes when it is dropped, or not used for long.
pub struct LdapConnection {
    ldap: Ldap,
    link: Arc<relay::Link>,
}

impl LdapConnection {
    /// Connects, protects the connection, and binds if there are credentials: all before one deadline. The connection
    /// closes by itself when no search used it for `idle`.
    pub async fn open(
        server: &LdapServer,
        credentials: Option<&Credentials>,
        deadline: Duration,
        idle: Duration,
    ) -> Result<Self, LdapFault> {
        if credentials.is_some() && matches!(server.security, LdapSecurity::Plain) {
            return Err(LdapFault::BindInClear);
        }
        let steps = async {
            let mut stream = connect(&server.host, server.port, deadline).await?;
            let config = match &server.security {
                LdapSecurity::Plain => return Self::start(stream, idle).await,
                LdapSecurity::Tls(config) => config,
                LdapSecurity::StartTls(config) => {
                    open::start_tls(&mut stream).await?;
                    config
                }
            };
            let config = Arc::clone(config);
            let (mut stream, _facts) = handshake(config, &server.host, stream, deadline).await?;
            // Without credentials nothing is sent: a connection is anonymous from its beginning (RFC 4513 §4).
            if let Some(credentials) = credentials {
                open::bind(&mut stream, credentials).await?;
            }
            Self::start(stream, idle).await
        };
        timeout(deadline, steps)
            .await
            .unwrap_or(Err(LdapFault::Timeout))
    }

    /// Puts ldap3 to work on a stream that is ready for searches.
    async fn start(
        directory: impl AsyncRead + AsyncWrite + Send + 'static,
        idle: Duration,
    ) -> Result<Self, LdapFault> {
        let (theirs, ours) = pair::pair().map_err(|cause| LdapFault::Library(Some(cause)))?;
        let settings = LdapConnSettings::new().set_std_stream(theirs);
        let (driver, ldap) = LdapConnAsync::with_settings(settings, pair::URL)
            .await
            .map_err(|cause| LdapFault::Library(Some(cause.into())))?;
        let link = Arc::new(relay::Link::new());
        let shared = Arc::clone(&link);
        tokio::spawn(async move { relay::relay(directory, ours, &shared, idle).await });
        // When it ends, also by a panic, its searches end; the relay sees its stream close.
        tokio::spawn(driver.drive());
        Ok(Self { ldap, link })
    }

    /// Whether the connection can still be used, as far as is known.
    pub fn is_open(&self) -> bool {
        self.link.is_open()
    }

    /// How many messages the directory sent so far: whether it is silent.
    pub fn heard(&self) -> u64 {
        self.link.heard()
    }
}

#[cfg(test)]
mod tests;
