//! Why a directory could not be asked, or its answer not be read.

use std::io;

use crate::net::{ConnectError, TlsFault};

/// What a directory sent that no directory may send. The connection ends with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// Octets that are no LDAP message (RFC 4511 §5.1), or none that a search is answered with.
    #[error("the directory sent something that is not LDAP: {0}")]
    NotLdap(&'static str),
    /// A message larger than Segl takes.
    #[error("the directory announced a message of {presented} octets, the limit is {limit}")]
    TooLarge {
        /// Octets announced.
        presented: u64,
        /// Octets taken at most.
        limit: usize,
    },
    /// More for one search than Segl takes.
    #[error("the directory sent more than {limit} octets for one search")]
    TooMuch {
        /// Octets taken at most.
        limit: usize,
    },
    /// A message that answers no search of this connection.
    #[error("the directory answered something that was not asked")]
    Unasked,
}

/// Why there is no connection to a directory, or no answer over it. Says nothing about what the directory holds.
#[derive(Debug, thiserror::Error)]
pub enum LdapFault {
    /// No TCP connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// TLS did not verify.
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// The directory answered `StartTLS` with this result code.
    #[error("the directory refused StartTLS with LDAP result {0}")]
    StartTlsRefused(i32),
    /// Octets came between the answer to `StartTLS` and the handshake: somebody put them there (RFC 4511 §4.14.2).
    #[error("octets in clear came after the answer to StartTLS")]
    Injected,
    /// The directory answered the bind with this result code.
    #[error("the directory refused the bind with LDAP result {0}")]
    BindRefused(i32),
    /// A bind with a name and no password would pass as anonymous (RFC 4513 §5.1.2).
    #[error("no password to bind with")]
    EmptyPassword,
    /// A password may only go through TLS (RFC 4513 §5.1.3).
    #[error("a bind without TLS")]
    BindInClear,
    /// No answer, or no end of it, before the deadline.
    #[error("the directory did not answer in time")]
    Timeout,
    /// The connection ended.
    #[error("the directory ended the connection")]
    Lost(#[source] Option<io::Error>),
    /// What came was not what a directory sends.
    #[error(transparent)]
    Violation(#[from] Violation),
    /// The LDAP library, or the stream to it, failed.
    #[error("the LDAP library failed")]
    Library(#[source] Option<io::Error>),
}
