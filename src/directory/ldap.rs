//! An LDAP directory: one search for one address, and what its end means.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{sync::Semaphore, time::Instant};

use super::{
    Directory, Finding, Freshness, Listing,
    answer::{Answer, Failure, FailureCode, Security, Source},
    entry::{asked_for, gather},
    fault::Fault,
    filter::FilterTemplate,
    pool::{Lease, Pool},
    settings::{Settings, SettingsError},
};
use crate::{
    cert::Reading,
    mail::Address,
    net::{Dates, LdapFault, LdapSecurity, Query, Reply, ReplyEnd, Vouched},
};

/// Searches on the way at once. `OpenLDAP` closes a connection with more than 100 that wait (`conn_max_pending`).
const MAX_AT_ONCE: usize = 64;

/// Attributes that hold revocation lists (RFC 4523 §4.3), with and without the option that servers want or refuse.
const LISTS: [&str; 4] = [
    "certificateRevocationList;binary",
    "certificateRevocationList",
    "authorityRevocationList;binary",
    "authorityRevocationList",
];
/// Lists that are taken from one entry at most.
const MAX_LISTS: usize = 4;
/// What the directory's own entry calls the time: Active Directory has it, OpenLDAP has not.
const TIME: &str = "currentTime";
/// How long the answer to that is waited for: a lookup must not wait for a directory that does not answer it.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// A directory that is asked over LDAP.
pub struct LdapDirectory(Arc<Asker>);

struct Asker {
    name: String,
    host: String,
    port: u16,
    security: Security,
    base: String,
    filter: FilterTemplate,
    /// Those that hold certificates.
    attributes: Vec<String>,
    /// Those, and what shows whose an entry is.
    asked: Vec<String>,
    trust_binding: bool,
    size_limit: u16,
    search_timeout: Duration,
    pool: Pool,
    places: Semaphore,
    dates: Dates,
}

impl LdapDirectory {
    /// A directory with these settings. Connects when it is first asked.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        Self::with_dates(settings, &Dates::default())
    }

    /// The same that keeps there what time it is at the directory.
    pub fn with_dates(settings: Settings, dates: &Dates) -> Result<Self, SettingsError> {
        let (server, filter) = settings.check()?;
        Ok(Self(Arc::new(Asker {
            security: match server.security {
                LdapSecurity::Tls(_) | LdapSecurity::StartTls(_) => Security::Tls,
                LdapSecurity::Plain => Security::Plain,
            },
            host: server.host.clone(),
            port: server.port,
            asked: asked_for(&settings.attributes, &filter),
            pool: Pool::new(server, settings.bind, settings.connect_timeout),
            places: Semaphore::new(MAX_AT_ONCE),
            dates: dates.clone(),
            name: settings.name,
            base: settings.base,
            filter,
            attributes: settings.attributes,
            trust_binding: settings.trust_binding,
            size_limit: settings.size_limit,
            search_timeout: settings.search_timeout,
        })))
    }
}

impl Directory for LdapDirectory {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn find<'a>(
        &'a self,
        address: &'a Address,
        at: Timestamp,
        freshness: Freshness,
    ) -> Finding<'a> {
        Box::pin(async move {
            let (asker, address) = (Arc::clone(&self.0), address.clone());
            // A task of its own: a panic in the library ends this search and nothing else.
            let search = tokio::spawn(async move { asker.find(&address, at, freshness).await });
            search.await.unwrap_or_else(|_panic| {
                let detail = "the search ended without an answer";
                let fault = Fault::new(FailureCode::Protocol, detail);
                self.0.answer(Vec::new(), Some(fault), at)
            })
        })
    }

    fn is_at(&self, host: &str, port: u16) -> bool {
        self.0.host.eq_ignore_ascii_case(host) && self.0.port == port
    }

    fn lists<'a>(&'a self, entry: &'a str) -> Listing<'a> {
        Box::pin(async move {
            let (asker, entry) = (Arc::clone(&self.0), entry.to_owned());
            // As above: a panic in the library brings no list and ends nothing else.
            let search = tokio::spawn(async move { asker.lists(&entry).await });
            search.await.unwrap_or_default()
        })
    }
}

impl Asker {
    async fn find(&self, address: &Address, at: Timestamp, freshness: Freshness) -> Answer {
        let reply = match self.search(address, freshness).await {
            Ok(reply) => reply,
            Err(fault) => return self.answer(Vec::new(), Some(fault), at),
        };
        let source = Source {
            directory: self.name.clone(),
            entry: String::new(),
            security: self.security,
            trust_binding: self.trust_binding,
        };
        let gathered = gather(
            reply.entries,
            &self.attributes,
            &self.filter,
            address,
            &source,
        );
        let ended = match reply.end {
            ReplyEnd::Result(code) => Fault::of_result(code),
            ReplyEnd::Fault(fault) => Some(fault.into()),
            ReplyEnd::Cut => None,
        };
        let noted = |is_so: bool, code, detail| is_so.then(|| Fault::new(code, detail));
        let fault = ended
            .or(reply.cut.map(Fault::of_cut))
            .or(noted(
                reply.has_reference,
                FailureCode::Partial,
                "the directory referred to another one, which was not followed",
            ))
            .or(noted(
                gathered.is_cut,
                FailureCode::Partial,
                "the directory delivered a bundle of more certificates than are read",
            ))
            .or(noted(
                gathered.has_strangers,
                FailureCode::Protocol,
                "the directory answered with somebody else's entry",
            ));
        self.answer(gathered.found, fault, at)
    }

    /// Asks for one address on the shared connection.
    ///
    /// Several addresses are several searches on their way at once, in one round trip, and not one search with an `|`:
    /// of its answer nobody could say safely which entry is for which address, and all would share one size limit.
    async fn search(&self, address: &Address, freshness: Freshness) -> Result<Reply, Fault> {
        let filter = self.filter.filter(address);
        let query = Query {
            base: &self.base,
            is_entry: false,
            filter: &filter,
            attributes: &self.asked,
            size_limit: self.size_limit,
            deadline: self.search_timeout,
        };
        self.run(&query, freshness).await
    }

    async fn lists(&self, entry: &str) -> Vec<Vec<u8>> {
        let query = Query {
            base: entry,
            is_entry: true,
            filter: "(objectClass=*)",
            attributes: &LISTS.map(str::to_owned),
            size_limit: 1,
            deadline: self.search_timeout,
        };
        let reply = self.run(&query, Freshness::Recent).await;
        let entries = reply.map(|reply| reply.entries).unwrap_or_default();
        let values = entries.into_iter().flat_map(|entry| entry.attributes);
        let is_list = |name: &str| LISTS.iter().any(|list| list.eq_ignore_ascii_case(name));
        values
            .filter(|(name, _)| is_list(name))
            .flat_map(|(_, values)| values)
            .take(MAX_LISTS)
            .collect()
    }

    async fn run(&self, query: &Query<'_>, freshness: Freshness) -> Result<Reply, Fault> {
        let began = Instant::now();
        // Fails only for a semaphore that is closed, which this one never is.
        let _place = self.places.acquire().await.ok();
        let mut lease = match self.pool.connection(began, freshness).await {
            Ok(lease) => lease,
            Err(fault) => {
                self.hear_begin(&fault);
                return Err(fault);
            }
        };
        let (mut reply, mut is_silent) = ask(&lease, query).await;
        if is_silent && lease.was_kept && matches!(reply.end, ReplyEnd::Fault(LdapFault::Lost(_))) {
            // The kept connection was dead, and nobody knew. Once more, on a new one.
            lease = self.pool.connection(began, freshness).await?;
            (reply, is_silent) = ask(&lease, query).await;
        }
        if is_silent && matches!(reply.end, ReplyEnd::Fault(LdapFault::Timeout)) {
            // Not only this search was slow: the directory said nothing to anybody.
            let fault = LdapFault::Timeout.into();
            self.pool.give_up(&lease.connection, &fault).await;
        }
        let is_due = !lease.was_kept || freshness == Freshness::Now;
        if is_due && matches!(reply.end, ReplyEnd::Result(0)) {
            self.hear_time(&lease).await;
        }
        Ok(reply)
    }

    /// Asks once a connection what time it is there. Where the directory does not say, nobody has said it.
    async fn hear_time(&self, lease: &Lease) {
        let query = Query {
            base: "",
            is_entry: true,
            filter: "(objectClass=*)",
            attributes: &[TIME.to_owned()],
            size_limit: 1,
            deadline: TIME_LIMIT.min(self.search_timeout),
        };
        let reply = lease.connection.search(&query).await;
        let attributes = reply.entries.iter().flat_map(|entry| &entry.attributes);
        let mut values = attributes
            .filter(|(name, _)| name.eq_ignore_ascii_case(TIME))
            .flat_map(|(_, values)| values);
        let said = values.next().and_then(|value| generalized(value));
        if let Some(said) = said {
            let vouched = match self.security {
                Security::Tls => Vouched::Yes,
                Security::Plain | Security::File => Vouched::No,
            };
            self.dates.hear(&self.name, said, Reading::Exact, vouched);
        }
    }

    /// A directory whose certificate has not begun holds it to be later than this computer does.
    fn hear_begin(&self, fault: &Fault) {
        if let Some(begin) = fault.begins {
            self.dates
                .hear(&self.name, begin, Reading::AtLeast, Vouched::No);
        }
    }

    fn answer(&self, found: Vec<super::Found>, fault: Option<Fault>, at: Timestamp) -> Answer {
        let failure = fault.map(|fault| Failure {
            source: self.name.clone(),
            code: fault.code,
            message: fault.detail,
        });
        Answer {
            found,
            failure,
            asked_at: at,
        }
    }
}

/// Searches once. Says too whether the directory was silent meanwhile, also to others.
async fn ask(lease: &Lease, query: &Query<'_>) -> (Reply, bool) {
    let heard = lease.connection.heard();
    let reply = lease.connection.search(query).await;
    (reply, lease.connection.heard() == heard)
}

/// A time as directories write it (RFC 4517 §3.3.13), in UTC, as far as the second: `20261122195605.0Z`.
fn generalized(value: &[u8]) -> Option<Timestamp> {
    let text = str::from_utf8(value).ok()?.strip_suffix('Z')?;
    let whole = text.split_once(['.', ',']).map_or(text, |(whole, _)| whole);
    let digits = whole.len() == 14 && whole.bytes().all(|b| b.is_ascii_digit());
    let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", whole).ok()?;
    let time = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    digits.then(|| time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_directory_is_read_as_directories_write_it() {
        let read = |text: &str| generalized(text.as_bytes()).map(|t| t.to_string());
        let told = Some("2026-11-22T19:56:05Z".to_owned());
        assert_eq!(read("20261122195605.0Z"), told);
        assert_eq!(read("20261122195605Z"), told);
        for text in [
            "",
            "Z",
            "20261122195605",
            "20261122195605+0100",
            "20261399195605Z",
            "2026112219560Z",
            "2026 1122 19560Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
