//! An LDAP directory on loopback that answers truly, or wrongly in one named way (RFC 4511).
//!
//! Anonymous and simple bind, search with filters, attribute selection and size limits, `StartTLS`, ldaps. Scope
//! and aliases are not looked at: every search sees every entry below the configured base. It never refers to another
//! server unless a fault says so.

mod answer;
mod entry;
mod filter;
mod message;
mod session;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::loopback::{Loopback, lock};
use super::tls::{Configurations, Presented, ServerCertificates, TlsVersions};

pub use entry::Entry;

/// How a directory is set up. It has no `Debug`, because it may hold a password.
#[derive(Clone, Default)]
pub struct DirectoryOptions {
    /// TLS at once, on demand, or not at all.
    pub security: Security,
    /// The versions of TLS that are offered.
    pub versions: TlsVersions,
    /// The only base that exists, compared without case and without spaces after commas; any where there is none.
    pub base: Option<String>,
    /// Distinguished name and password that a search needs first; anybody may search where there are none.
    pub credentials: Option<(String, String)>,
    /// Entries that one search gets at most, whatever the client asks for.
    pub size_limit: Option<usize>,
    /// What its own entry says the time is (`currentTime`, as Active Directory has it), where it says so.
    pub time: Option<Timestamp>,
    /// Every octet takes this long each way, as through a relay. The TCP handshake itself is not held back.
    pub delay_each_way: Duration,
}

impl DirectoryOptions {
    /// TLS at once, for anybody, any base.
    pub fn ldaps(certificates: Arc<ServerCertificates>) -> Self {
        Self {
            security: Security::Ldaps(certificates),
            ..Self::default()
        }
    }

    /// `StartTLS`, else the same.
    pub fn start_tls(certificates: Arc<ServerCertificates>) -> Self {
        Self {
            security: Security::StartTls(certificates),
            ..Self::default()
        }
    }
}

/// When TLS begins.
#[derive(Clone, Default)]
pub enum Security {
    /// Never; `StartTLS` is refused.
    #[default]
    Plain,
    /// When the client asks for it (RFC 4511 §4.14).
    StartTls(Arc<ServerCertificates>),
    /// At once.
    Ldaps(Arc<ServerCertificates>),
}

/// One way to misbehave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Refuses connections and ends the open ones, as a server that was stopped.
    RefuseConnections,
    /// Closes each connection as soon as it is accepted.
    CloseOnAccept,
    /// Accepts, and never says a word.
    StallOnAccept,
    /// Never answers a search; other operations go on.
    StallOnSearch,
    /// Sends half of the first entry, or of the result where there is none, and closes.
    DropMidAnswer,
    /// Answers a search with random octets that are no LDAP message.
    Garbage,
    /// Answers a search with an empty SEQUENCE, the octets `30 00`.
    EmptySequence,
    /// Answers a search with a message that announces 2 GiB, and sends little of it.
    HugeLength,
    /// Sends entries for ever.
    EndlessEntries,
    /// Sends one message that never ends.
    EndlessMessage,
    /// Finds this many entries, copies of what matches under other names.
    ManyEntries(usize),
    /// Finds one entry with this many certificates; the first is what matches, the others are a few octets of nothing.
    ManyValues(usize),
    /// Finds one entry with one certificate value of this many octets, all zero.
    BigValue(usize),
    /// Ends a search with this result code and no entry (RFC 4511 §4.1.9).
    ResultCode(u8),
    /// Sends a search result reference to this URL, and result 10 with it.
    Referral(String),
    /// Finds these entries, whatever was asked.
    AnswersForSomebodyElse(Vec<Entry>),
    /// Answers a search under a message id that was never used.
    WrongMessageId,
    /// Answers `StartTLS` with "unavailable" (52).
    StartTlsRefused,
    /// Appends these octets, in the same write, to the answer to `StartTLS`.
    StartTlsInjected(Vec<u8>),
    /// Shows a certificate that no client may accept.
    BadCertificate(Presented),
    /// Answers the beginning of a TLS handshake with random octets.
    TlsGarbage,
}

/// What a directory has seen so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections accepted.
    pub connections: usize,
    /// TLS handshakes that were completed.
    pub handshakes: usize,
    /// Searches that got a truthful result.
    pub answered: usize,
    /// All requests in the order in which they came.
    pub requests: Vec<Seen>,
}

/// One request as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Number of the connection, from 0.
    pub connection: usize,
    /// Whether it came inside TLS.
    pub inside_tls: bool,
    /// What was asked.
    pub request: Asked,
}

/// What a client asked for. Passwords are never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A bind without name and password.
    AnonymousBind,
    /// A bind with name and password.
    SimpleBind {
        /// The name that it gave.
        dn: String,
        /// Whether name and password were right, and came inside TLS.
        accepted: bool,
    },
    /// A bind by any other method.
    OtherBind,
    /// A search.
    Search {
        /// Where it starts.
        base: String,
        /// The filter as RFC 4515 text, with the escapes that its values need.
        filter: String,
        /// The attributes that it asks for.
        attributes: Vec<String>,
        /// Entries that the client wants at most; 0 is no limit.
        size_limit: usize,
    },
    /// `StartTLS`.
    StartTls,
    /// The end of an operation that is still going on.
    Abandon,
    /// The end of the connection.
    Unbind,
    /// Anything else.
    Other,
}

impl Stats {
    /// The filters of all searches, in their order; not those for the time.
    pub fn filters(&self) -> Vec<&str> {
        self.requests
            .iter()
            .filter_map(|seen| match &seen.request {
                Asked::Search {
                    base,
                    filter,
                    attributes,
                    ..
                } => (!answer::is_for_time(base, attributes)).then_some(filter.as_str()),
                _ => None,
            })
            .collect()
    }

    /// All binds, in their order.
    pub fn binds(&self) -> Vec<&Seen> {
        let is_bind = |seen: &&Seen| {
            matches!(
                seen.request,
                Asked::AnonymousBind | Asked::SimpleBind { .. } | Asked::OtherBind
            )
        };
        self.requests.iter().filter(is_bind).collect()
    }
}

/// A running directory. Dropping it stops it.
pub struct DirectoryServer {
    shared: Arc<Shared>,
    loopback: Loopback,
}

/// What all connections of a directory share.
struct Shared {
    options: DirectoryOptions,
    tls: Option<Configurations>,
    entries: Mutex<Arc<Vec<Entry>>>,
    fault: Mutex<Option<Fault>>,
    /// Faults for searches whose filter holds a text.
    narrow_faults: Mutex<Vec<(String, Fault)>>,
    stats: Mutex<Stats>,
}

impl DirectoryServer {
    /// Starts a directory with these entries on a free port of 127.0.0.1.
    pub fn start(entries: Vec<Entry>, options: DirectoryOptions) -> io::Result<Self> {
        let tls = match &options.security {
            Security::Plain => None,
            Security::StartTls(certificates) | Security::Ldaps(certificates) => Some(
                certificates
                    .configurations(options.versions)
                    .map_err(io::Error::other)?,
            ),
        };
        let delay = options.delay_each_way;
        let shared = Arc::new(Shared {
            options,
            tls,
            entries: Mutex::new(Arc::new(entries)),
            fault: Mutex::default(),
            narrow_faults: Mutex::default(),
            stats: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let loopback = Loopback::start("segl-demo-ldap", delay, move |stream, number| {
            Box::pin(session::serve(Arc::clone(&serving), stream, number))
        })?;
        Ok(Self { shared, loopback })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.loopback.address()
    }

    /// Its URL with the IP address, `ldaps` where TLS begins at once.
    pub fn url(&self) -> String {
        let scheme = match self.shared.options.security {
            Security::Ldaps(_) => "ldaps",
            Security::Plain | Security::StartTls(_) => "ldap",
        };
        format!("{scheme}://{}", self.address())
    }

    /// What it has seen so far.
    pub fn stats(&self) -> Stats {
        lock(&self.shared.stats).clone()
    }

    /// Replaces all entries; searches under way keep the old ones.
    pub fn set_entries(&self, entries: Vec<Entry>) {
        *lock(&self.shared.entries) = Arc::new(entries);
    }

    /// Misbehaves from now on, or no more with `None`. What a connection is already stuck in, it stays stuck in.
    pub fn set_fault(&self, fault: impl Into<Option<Fault>>) -> io::Result<()> {
        let fault = fault.into();
        let refuse = fault == Some(Fault::RefuseConnections);
        *lock(&self.shared.fault) = fault;
        if refuse {
            self.loopback.shut()
        } else {
            self.loopback.open()
        }
    }

    /// Misbehaves only in searches whose filter (RFC 4515 text) holds `part`, besides any fault for all. Only faults
    /// of searches do something here.
    pub fn set_fault_for(&self, part: &str, fault: Fault) {
        lock(&self.shared.narrow_faults).push((part.to_owned(), fault));
    }

    /// Stops the server and ends all its connections.
    pub fn stop(self) {
        drop(self);
    }
}

impl Shared {
    /// The fault that a new connection or a handshake meets.
    fn fault(&self) -> Option<Fault> {
        lock(&self.fault).clone()
    }

    /// The fault that a search with this filter meets.
    fn search_fault(&self, filter: &str) -> Option<Fault> {
        self.fault().or_else(|| {
            lock(&self.narrow_faults)
                .iter()
                .find(|(part, _)| filter.contains(part.as_str()))
                .map(|(_, fault)| fault.clone())
        })
    }
}
