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
    mail::Address,
    net::{LdapFault, LdapSecurity, Query, Reply, ReplyEnd},
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
}

impl LdapDirectory {
    /// A directory with these settings. Connects when it is first asked.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
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
        let mut lease = self.pool.connection(began, freshness).await?;
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
        Ok(reply)
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
