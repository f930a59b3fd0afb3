//! The only module that opens sockets: TCP with deadlines, one TLS configuration, and LDAP connections.
//!
//! What Segl relies on is rustls: TLS 1.2 is its floor, certificate and name are verified, and it tells version, cipher
//! and chain for the record. Never follows a redirect or a referral, never falls back to plain text.

mod ldap;
mod tcp;
mod tls;

pub use ldap::{
    Credentials, Cut, LdapConnection, LdapEntry, LdapFault, LdapSecurity, LdapServer, Query, Reply,
    ReplyEnd, Violation,
};
pub use tcp::{ConnectError, connect};
pub use tls::{Roots, RootsError, TlsFacts, TlsFault, TlsStream, client_config, handshake};
