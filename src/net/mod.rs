//! The only module that opens sockets: TCP with deadlines, one TLS configuration, LDAP connections, DNS, small
//! HTTPS requests, signed objects over HTTP, and the listener on loopback to which a browser comes back after signing in.
//!
//! What Segl relies on is rustls: TLS 1.2 is its floor, certificate and name are verified, and it tells version, cipher
//! and chain for the record. Never follows a redirect or a referral, never falls back to plain text.

mod dates;
mod dns;
mod dnssec;
mod fetch;
mod http;
mod ldap;
mod observe;
mod redirect;
mod starttls;
mod tcp;
mod tls;

pub use dates::{Dates, Vouched, date_at_end};
pub use dns::{Dns, DnsFault, Names, Service};
pub use dnssec::{Proved, Validating};
pub use fetch::Http;
pub use http::{Answer, HttpFault, Https, Reach};

pub use ldap::{
    Credentials, Cut, LdapConnection, LdapEntry, LdapFault, LdapSecurity, LdapServer, Query, Reply,
    ReplyEnd, Violation,
};
pub use observe::{CertificateFault, ObservedTls, Observer};
pub use redirect::{Page, Redirect, RedirectFault};
pub use starttls::{Knock, Observed};
pub use tcp::{ConnectError, connect};
pub use tls::{Roots, RootsError, TlsFacts, TlsFault, TlsStream, client_config, handshake};
