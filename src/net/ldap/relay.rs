//! Between the directory's stream and ldap3: every message is measured, checked and counted before ldap3 sees it.
//!
//! ldap3 would buffer a message of any announced size, and panic on some. Here a message that is too large, is no answer
//! to a search of this connection, or brings a search above its octets ends the connection, and says why.

use std::{
    collections::HashMap,
    io,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split},
    time::{Instant, sleep_until, timeout},
};

use super::{
    ber::announced,
    fault::{LdapFault, Violation},
    message::{self, Inbound, Outbound},
};

/// Octets that one search is answered with at most.
const MAX_SEARCH: usize = 4 << 20;
/// Octets taken from a stream at once.
const CHUNK: usize = 16 << 10;
/// How long a directory is waited for that does not take our farewell.
const FAREWELL: Duration = Duration::from_secs(1);
/// Unbind (RFC 4511 §4.3) with the highest message id, which no search has.
const UNBIND: [u8; 10] = [0x30, 8, 2, 4, 0x7f, 0xff, 0xff, 0xff, 0x42, 0];

/// What both sides of a connection know of it.
pub(super) struct Link {
    traffic: Mutex<Traffic>,
    ended: OnceLock<Ended>,
}

/// Why a connection ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// The directory closed it, or it broke.
    Lost(Option<io::Error>),
    /// The directory sent what none may send.
    Violation(Violation),
    /// The stream to ldap3 ended: nobody holds the connection any more, or ldap3 failed.
    Released(Option<io::Error>),
    /// Not used for long.
    Idle,
}

struct Traffic {
    searches: HashMap<i32, Search>,
    /// Messages that came.
    heard: u64,
    /// When a search last began or ended.
    used: Instant,
}

#[derive(Default)]
struct Search {
    octets: usize,
    is_abandoned: bool,
}

impl Link {
    pub(super) fn new() -> Self {
        Self {
            traffic: Mutex::new(Traffic {
                searches: HashMap::new(),
                heard: 0,
                used: Instant::now(),
            }),
            ended: OnceLock::new(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.ended.get().is_none()
    }

    /// How many messages came so far.
    pub(super) fn heard(&self) -> u64 {
        self.traffic().heard
    }

    /// What became of the connection, for a search that ldap3 gave up on.
    pub(super) fn fault(&self) -> LdapFault {
        // The cause is one for many searches, and an error of the system cannot be copied whole.
        let copy = |cause: &Option<io::Error>| {
            cause
                .as_ref()
                .map(|c| io::Error::new(c.kind(), c.to_string()))
        };
        match self.ended.get() {
            Some(Ended::Lost(cause)) => LdapFault::Lost(copy(cause)),
            Some(Ended::Violation(violation)) => LdapFault::Violation(violation.clone()),
            Some(Ended::Idle) => LdapFault::Lost(None),
            Some(Ended::Released(cause)) => LdapFault::Library(copy(cause)),
            // The stream is open, so it was ldap3 that ended.
            None => LdapFault::Library(None),
        }
    }

    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        // Counters only: they hold after a panic as before.
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a whole message from the directory. Returns what ldap3 gets of it.
    fn arrived(&self, message: &[u8]) -> Result<Option<Vec<u8>>, Ended> {
        let mut traffic = self.traffic();
        traffic.heard += 1;
        let (id, is_last, octets) = match message::inbound(message) {
            Ok(Inbound::Answer {
                id,
                is_last,
                octets,
            }) => (id, is_last, octets),
            Ok(Inbound::Notice) => return Err(Ended::Lost(None)),
            Err(violation) => return Err(Ended::Violation(violation)),
        };
        let Some(search) = traffic.searches.get_mut(&id) else {
            return Err(Ended::Violation(Violation::Unasked));
        };
        search.octets += message.len();
        if search.octets > MAX_SEARCH {
            let limit = MAX_SEARCH;
            return Err(Ended::Violation(Violation::TooMuch { limit }));
        }
        let is_wanted = !search.is_abandoned;
        if is_last {
            traffic.searches.remove(&id);
            traffic.used = Instant::now();
        }
        Ok(is_wanted.then_some(octets))
    }

    /// Notes a whole message that ldap3 sends.
    fn leaving(&self, message: &[u8]) -> Result<(), Violation> {
        let mut traffic = self.traffic();
        match message::outbound(message)? {
            Outbound::Search(id) => {
                traffic.searches.insert(id, Search::default());
                traffic.used = Instant::now();
            }
            Outbound::Abandon(id) => {
                if let Some(search) = traffic.searches.get_mut(&id) {
                    search.is_abandoned = true;
                }
            }
            Outbound::Other => {}
        }
        Ok(())
    }

    /// When the connection was last used; now, while an answer is waited for.
    fn last_used(&self) -> Instant {
        let traffic = self.traffic();
        if traffic.searches.values().all(|search| search.is_abandoned) {
            traffic.used
        } else {
            Instant::now()
        }
    }
}

/// Carries messages between the directory and ldap3 until one of them ends, or `idle` passes without a search.
pub(super) async fn relay(
    directory: impl AsyncRead + AsyncWrite,
    library: impl AsyncRead + AsyncWrite,
    link: &Link,
    idle: Duration,
) {
    let (mut from_directory, mut to_directory) = split(directory);
    let (mut from_library, mut to_library) = split(library);
    let ended = tokio::select! {
        ended = answers(&mut from_directory, &mut to_library, link) => ended,
        ended = requests(&mut from_library, &mut to_directory, link) => ended,
        () = idleness(link, idle) => Ended::Idle,
    };
    let is_ours = matches!(ended, Ended::Idle | Ended::Released(_));
    // Before the streams are dropped: whoever sees ldap3 give up finds the cause here. Nobody else sets it.
    let _is_first = link.ended.set(ended);
    drop((from_library, to_library));
    if is_ours {
        let farewell = async {
            to_directory.write_all(&UNBIND).await?;
            to_directory.shutdown().await
        };
        // A courtesy: whether it arrived changes nothing.
        let _courtesy = timeout(FAREWELL, farewell).await;
    }
}

async fn answers(
    directory: &mut (impl AsyncRead + Unpin),
    library: &mut (impl AsyncWrite + Unpin),
    link: &Link,
) -> Ended {
    let mut buffer = Vec::new();
    loop {
        let mut rest = buffer.as_slice();
        loop {
            let announced = match announced(rest) {
                Ok(announced) => announced,
                Err(violation) => return Ended::Violation(violation),
            };
            let Some((message, after)) = announced.and_then(|l| rest.split_at_checked(l)) else {
                break;
            };
            match link.arrived(message) {
                Ok(Some(octets)) => {
                    if let Err(cause) = library.write_all(&octets).await {
                        return Ended::Released(Some(cause));
                    }
                }
                Ok(None) => {}
                Err(ended) => return ended,
            }
            rest = after;
        }
        let read = buffer.len() - rest.len();
        buffer.drain(..read);
        // Grows with what comes, not with what is announced.
        buffer.reserve(CHUNK);
        match directory.read_buf(&mut buffer).await {
            Ok(0) => return Ended::Lost(None),
            Ok(_) => {}
            Err(cause) => return Ended::Lost(Some(cause)),
        }
    }
}

async fn requests(
    library: &mut (impl AsyncRead + Unpin),
    directory: &mut (impl AsyncWrite + Unpin),
    link: &Link,
) -> Ended {
    let mut buffer = Vec::new();
    loop {
        buffer.reserve(CHUNK);
        match library.read_buf(&mut buffer).await {
            Ok(0) => return Ended::Released(None),
            Ok(_) => {}
            Err(cause) => return Ended::Released(Some(cause)),
        }
        // Searches that wait here together leave together: in one TLS record, in one round trip.
        let mut whole = 0;
        loop {
            let rest = &buffer[whole..];
            let noted = announced(rest).and_then(|length| {
                let message = length.and_then(|length| rest.get(..length));
                message
                    .map(|m| link.leaving(m).map(|()| m.len()))
                    .transpose()
            });
            match noted {
                Ok(Some(length)) => whole += length,
                Ok(None) => break,
                Err(violation) => return Ended::Released(Some(io::Error::other(violation))),
            }
        }
        let sent = async {
            directory.write_all(&buffer[..whole]).await?;
            directory.flush().await
        };
        if let Err(cause) = sent.await {
            return Ended::Lost(Some(cause));
        }
        buffer.drain(..whole);
    }
}

async fn idleness(link: &Link, idle: Duration) {
    loop {
        let until = link.last_used() + idle;
        if until <= Instant::now() {
            return;
        }
        sleep_until(until).await;
    }
}
