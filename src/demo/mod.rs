//! A certificate authority, an LDAP directory, an SMTP server, a sign-in server and a DNS server, all inside the process and on loopback only.
//!
//! They serve `segl-desktop --demo` and every fault-injection test: each server can be told to misbehave in one
//! named way. Nothing here reads the user's data, trusts the user's roots or listens beyond 127.0.0.1, and packages
//! leave it out (feature `demo`). RFC 5280 and RFC 9598 (certificates), RFC 4511 (LDAP), RFC 5321, RFC 3207 and
//! RFC 4954 (submission).

mod ca;
mod crl;
pub mod directory;
pub mod dns;
mod error;
mod extension;
pub mod identity;
mod key;
mod leaf;
mod loopback;
pub mod mail;
mod name;
mod open;
mod profile;
mod sign;
mod tls;
pub mod web;
mod world;

pub use ca::{Authority, AuthoritySpec, Issued, certificate_bag};
pub use crl::{CrlSpec, Reason, Revoked, Scope, issuing_distribution_point};
pub use directory::{DirectoryOptions, DirectoryServer, Entry};
pub use dns::DnsServer;
pub use error::DemoError;
pub use extension::{ExtraExtension, KeyUsage};
pub use identity::IdentityServer;
pub use key::{Key, KeyChoice, KeyKind};
pub use leaf::{EMAIL_PROTECTION, Leaf, SERVER_AUTHENTICATION, Shape};
pub use mail::{MailOptions, MailServer};
pub use open::open;
pub use profile::Demo;
pub use sign::Signing;
pub use tls::{Presented, ServerCertificates, TlsVersions};
pub use web::WebServer;
pub use world::{Binding, Bound, Person, Wanted, World};

/// Base64 between the two lines that name what it is (RFC 7468 §2).
fn pem(label: &str, der: &[u8]) -> String {
    let base64 = base64_simd::STANDARD.encode_to_string(der);
    let mut lines = vec![format!("-----BEGIN {label}-----")];
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        lines.push(line.to_owned());
        rest = more;
    }
    lines.push(format!("-----END {label}-----\n"));
    lines.join("\n")
}
