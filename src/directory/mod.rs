//! Where certificates are found: LDAP directories and imported files.
//!
//! A directory answers with what it holds, and separately with what went wrong. Down, slow, partial or rubbish is a
//! [`Failure`], never "has none". Nothing here is judged, and nothing that an answer says is followed: no referral, no
//! DNS lookup for a directory, no search for more than the one address that was asked for.

mod answer;
mod entry;
mod fault;
mod files;
mod filter;
mod ldap;
mod pool;
mod settings;

use std::pin::Pin;

use jiff::Timestamp;

use crate::mail::Address;

pub use answer::{Answer, Failure, FailureCode, Found, Security, Source};
pub use files::FileDirectory;
pub use filter::{FilterError, FilterTemplate};
pub use ldap::LdapDirectory;
pub(crate) use settings::endpoint;
pub use settings::{Bind, Password, PasswordError, Settings, SettingsError};

/// A place where certificates are found.
pub trait Directory: Send + Sync {
    /// Its name, as the settings give it.
    fn name(&self) -> &str;

    /// Everything that it holds for one address. Never fails: a failure is part of the answer. `at` is the time that
    /// the answer counts from. Runs to its end, within the directory's deadlines, also when the future is dropped.
    fn find<'a>(&'a self, address: &'a Address, at: Timestamp, freshness: Freshness)
    -> Finding<'a>;

    /// Whether it is asked at this host and port.
    fn is_at(&self, _host: &str, _port: u16) -> bool {
        false
    }

    /// The revocation lists in one entry, as octets: read by nobody yet, possibly rubbish. None where it has none, or
    /// cannot say: what is not there is not known. Holds its own deadlines.
    fn lists<'a>(&'a self, _entry: &'a str) -> Listing<'a> {
        Box::pin(std::future::ready(Vec::new()))
    }
}

/// Revocation lists that are on their way.
pub type Listing<'a> = Pin<Box<dyn Future<Output = Vec<Vec<u8>>> + Send + 'a>>;

/// An answer that is on its way. Boxed, so that a list may hold directories of both kinds.
pub type Finding<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// What an answer may rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A directory that failed a moment ago is not asked again: the failure is the answer, at once.
    Recent,
    /// The directory is asked in any case: somebody pressed the key for it.
    Now,
}
