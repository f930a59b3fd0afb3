//! DNS: service and mail exchanger records (RFC 2782, RFC 1035), which the operating system's resolver does not tell.
//!
//! "There is none" and "could not be asked" are two answers. Nothing here validates DNSSEC: whoever relies on an answer
//! says where it came from, and asks before it leads away from the domain that was asked for.

use std::{io, net::SocketAddr, time::Duration};

use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::{Name, RData},
};
use tokio::{net::lookup_host, time::timeout};

use super::ConnectError;

/// For one question with all its tries.
const DEADLINE: Duration = Duration::from_secs(8);

/// A DNS client.
#[derive(Clone)]
pub struct Dns(TokioResolver);

/// Why a question has no answer. That a name or record does not exist is an answer.
#[derive(Debug, thiserror::Error)]
pub enum DnsFault {
    /// This computer names no DNS server that can be used.
    #[error("no DNS server is known: {0}")]
    NoServer(String),
    /// The text is no name.
    #[error("“{0}” is not a name")]
    Name(String),
    /// No answer in time.
    #[error("DNS did not answer in time")]
    Timeout,
    /// The signatures of an answer do not hold, or are missing where there must be some.
    #[error("the DNS answer does not hold against its signatures")]
    Bogus,
    /// The file of root keys cannot be used.
    #[error("no root keys of DNS in {0}")]
    Anchor(String),
    /// An answer that says nothing.
    #[error("DNS could not be asked: {0}")]
    Failed(String),
}

/// Where a service is offered (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The host, without a dot at its end.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Smaller is better.
    pub priority: u16,
    /// Of those with the same priority, larger is asked more often.
    pub weight: u16,
}

/// How a host's addresses are found.
#[derive(Clone)]
pub enum Names {
    /// As every program on this computer does.
    System,
    /// By DNS alone.
    Dns(Dns),
}

impl Dns {
    /// With the servers that this computer uses. Must be called where tokio runs.
    pub fn of_system() -> Result<Self, DnsFault> {
        let no_server = |e: NetError| DnsFault::NoServer(e.to_string());
        let builder = TokioResolver::builder_tokio().map_err(no_server)?;
        builder.build().map(Self).map_err(no_server)
    }

    /// With one server: tests start their own.
    pub fn at(server: SocketAddr) -> Result<Self, DnsFault> {
        let mut builder =
            TokioResolver::builder_with_config(only(server), TokioRuntimeProvider::default());
        builder.options_mut().timeout = Duration::from_millis(700);
        builder.options_mut().attempts = 1;
        builder
            .build()
            .map(Self)
            .map_err(|e| DnsFault::NoServer(e.to_string()))
    }

    /// Where a service such as `_submissions._tcp.firma-eksempel.dk` is offered, best first. A single `.` as target says
    /// that it is decidedly not offered, and counts as nothing found.
    pub async fn services(&self, name: &str) -> Result<Vec<Service>, DnsFault> {
        let answers = self.ask(self.0.srv_lookup(absolute(name)?)).await?;
        let mut services: Vec<Service> = answers
            .into_iter()
            .filter_map(|data| match data {
                RData::SRV(srv) => Some(Service {
                    host: host(&srv.target),
                    port: srv.port,
                    priority: srv.priority,
                    weight: srv.weight,
                }),
                _ => None,
            })
            .filter(|service| !service.host.is_empty() && service.port != 0)
            .collect();
        services.sort_by(|a, b| {
            let order = |s: &Service| (s.priority, u16::MAX - s.weight);
            order(a).cmp(&order(b)).then_with(|| a.host.cmp(&b.host))
        });
        Ok(services)
    }

    /// The hosts that take a domain's mail, best first.
    pub async fn exchangers(&self, domain: &str) -> Result<Vec<String>, DnsFault> {
        let answers = self.ask(self.0.mx_lookup(absolute(domain)?)).await?;
        let mut exchangers: Vec<(u16, String)> = answers
            .into_iter()
            .filter_map(|data| match data {
                RData::MX(mx) => Some((mx.preference, host(&mx.exchange))),
                _ => None,
            })
            .filter(|(_, host)| !host.is_empty())
            .collect();
        exchangers.sort();
        Ok(exchangers.into_iter().map(|(_, host)| host).collect())
    }

    async fn ask(
        &self,
        question: impl Future<Output = Result<hickory_resolver::lookup::Lookup, NetError>>,
    ) -> Result<Vec<RData>, DnsFault> {
        match timeout(DEADLINE, question).await {
            Err(_elapsed) => Err(DnsFault::Timeout),
            Ok(Ok(found)) => Ok(found.answers().iter().map(|r| r.data.clone()).collect()),
            Ok(Err(cause)) if cause.is_no_records_found() => Ok(Vec::new()),
            Ok(Err(NetError::Timeout)) => Err(DnsFault::Timeout),
            Ok(Err(cause)) => Err(DnsFault::Failed(cause.to_string())),
        }
    }

    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, DnsFault> {
        match timeout(DEADLINE, self.0.lookup_ip(absolute(host)?)).await {
            Err(_elapsed) => Err(DnsFault::Timeout),
            Ok(Ok(found)) => Ok(found.iter().map(|ip| SocketAddr::new(ip, port)).collect()),
            Ok(Err(cause)) if cause.is_no_records_found() => Ok(Vec::new()),
            Ok(Err(cause)) => Err(DnsFault::Failed(cause.to_string())),
        }
    }
}

impl Names {
    /// The addresses of a host; none where it is known that there are none.
    pub(super) async fn addresses(
        &self,
        host: &str,
        port: u16,
    ) -> Result<Vec<SocketAddr>, ConnectError> {
        let unresolved = |source| ConnectError::Unresolved {
            host: host.to_owned(),
            source,
        };
        if let Ok(ip) = host.parse() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        match self {
            Self::System => {
                let found = lookup_host((host, port)).await.map_err(unresolved)?;
                Ok(found.collect())
            }
            Self::Dns(dns) => dns
                .addresses(host, port)
                .await
                .map_err(|cause| unresolved(io::Error::other(cause))),
        }
    }
}

/// One server and no search list.
pub(super) fn only(server: SocketAddr) -> ResolverConfig {
    let mut connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
    for connection in &mut connections {
        connection.port = server.port();
    }
    let server = NameServerConfig::new(server.ip(), true, connections.to_vec());
    ResolverConfig::from_parts(None, Vec::new(), vec![server])
}

/// A name that no search list is added to.
pub(super) fn absolute(name: &str) -> Result<Name, DnsFault> {
    let mut parsed = Name::from_ascii(name).map_err(|_bad| DnsFault::Name(name.to_owned()))?;
    parsed.set_fqdn(true);
    Ok(parsed)
}

pub(super) fn host(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}
