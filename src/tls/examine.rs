//! Asking: DNS with signatures, the policy host, and the mail servers themselves where that is wanted. Never fails: what
//! could not be asked is in the findings as such.

use core::net::SocketAddr;
use std::{path::PathBuf, time::Duration};

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use super::{
    Certificate, Dane, Exchanger, Findings, MailRoute, Outcome, Probe, Resolved, Sts, StsFault,
    StsHost, StsPolicy, Tlsa, Verdict, Why, dane, nta, policy,
};
use crate::{
    mail::{Address, Digest},
    net::{
        CertificateFault, Dns, DnsFault, HttpFault, Https, Knock, Names, Observed, ObservedTls,
        Observer, Proved, Reach, Roots, RootsError, TlsFault, Validating,
    },
};

/// Mail servers of one domain that are examined.
const SERVERS_MAX: usize = 16;
/// Octets of a policy (RFC 8461 §3.3).
const POLICY_MAX: usize = 64 * 1024;

/// What an examination is made with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// For all that is asked of one domain.
    pub deadline: Duration,
    /// Whether the mail servers themselves are knocked at.
    pub probe: bool,
    /// Whom DNS questions go to; else whom this computer asks.
    pub resolver: Option<SocketAddr>,
    /// Root keys of DNS as DNSKEY records; else IANA's.
    pub root_anchor: Option<PathBuf>,
    /// Where mail servers listen: 25.
    pub smtp_port: u16,
    /// Where policy hosts listen: 443.
    pub sts_port: u16,
    /// The only roots that policy hosts and mail servers are judged by; else the operating system's.
    pub ca_file: Option<PathBuf>,
    /// Whether hosts inside the house may be asked.
    pub reach: Reach,
}

/// Examines domains.
pub struct Examiner {
    settings: Settings,
    dns: Validating,
    https: Https,
    observer: Option<Observer>,
}

/// Why nothing can be examined.
#[derive(Debug, thiserror::Error)]
pub enum ExaminerFault {
    /// No DNS server, or no root keys.
    #[error(transparent)]
    Dns(#[from] DnsFault),
    /// No roots to judge certificates by.
    #[error(transparent)]
    Roots(#[from] RootsError),
}

/// The domain that mail to a domain name is for, as A-label; none where the text is no domain name.
pub fn domain_of(text: &str) -> Option<String> {
    let address = Address::parse(&format!("x@{text}")).ok()?;
    let domain = address.domain();
    (!domain.starts_with('[')).then(|| domain.to_owned())
}

impl Examiner {
    /// Sets an examiner up. Must be called where tokio runs; asks nobody yet.
    pub fn open(settings: Settings) -> Result<Self, ExaminerFault> {
        let roots = match &settings.ca_file {
            Some(file) => Roots::only(file)?,
            None => Roots::system_and(None)?,
        };
        let names = match settings.resolver {
            Some(server) => Names::Dns(Dns::at(server)?),
            None => Names::System,
        };
        let https = Https::new(&roots, names, settings.reach)?
            .at_most(POLICY_MAX)
            .with_default_port(settings.sts_port);
        let observer = settings.probe.then(|| Observer::new(&roots)).transpose()?;
        Ok(Self {
            dns: Validating::new(settings.resolver, settings.root_anchor.as_deref())?,
            https,
            observer,
            settings,
        })
    }

    /// All that can be seen of a domain (an A-label) before the deadline.
    pub async fn examine(&self, domain: &str, at: Timestamp) -> Findings {
        let until = Instant::now() + self.settings.deadline;
        let reports = format!("_smtp._tls.{domain}");
        let (servers, sts, nta7516, reports) = tokio::join!(
            self.servers(domain, at, until),
            self.policy(domain, at, until),
            self.dns.texts(domain, until),
            self.dns.texts(&reports, until),
        );
        let (route, mx, left_out) = servers;
        let mut findings = Findings {
            domain: domain.to_owned(),
            checked_at: at,
            route,
            mx,
            left_out,
            sts,
            // Hints only: one that could not be asked is as good as none.
            wants_reports: reports.is_ok_and(|r| nta::wants_reports(&r.values)),
            nta7516: nta7516.ok().and_then(|r| nta::of(&r.values)),
        };
        findings.apply_policy();
        findings
    }

    async fn servers(
        &self,
        domain: &str,
        at: Timestamp,
        until: Instant,
    ) -> (MailRoute, Vec<Exchanger>, usize) {
        let found = match self.dns.exchangers(domain, until).await {
            Ok(found) => found,
            Err(cause) => return (MailRoute::Unchecked { why: why(&cause) }, Vec::new(), 0),
        };
        let place = Place { domain, at, until };
        if !found.exists {
            return (MailRoute::Nowhere, Vec::new(), 0);
        }
        if found.values.is_empty() {
            return self.implicit(found.is_secure, place).await;
        }
        if found.values.iter().all(|(_, host)| host.is_empty()) {
            return (MailRoute::NullMx, Vec::new(), 0);
        }
        let is_secure = found.is_secure;
        let hosts = found.values.into_iter().filter(|(_, h)| !h.is_empty());
        let mut hosts: Vec<_> = hosts.collect();
        let left_out = hosts.len().saturating_sub(SERVERS_MAX);
        hosts.truncate(SERVERS_MAX);
        let asking = hosts
            .into_iter()
            .map(|(preference, host)| self.server(host, preference, is_secure, place));
        let mx = join_all(asking).await;
        (MailRoute::Listed { is_secure }, mx, left_out)
    }

    /// A domain that names no mail server is its own (RFC 5321 §5.1).
    async fn implicit(
        &self,
        is_secure: bool,
        place: Place<'_>,
    ) -> (MailRoute, Vec<Exchanger>, usize) {
        let host = place.domain.to_owned();
        let mut server = self.server(host, 0, is_secure, place).await;
        if server.resolved == Resolved::Nothing {
            return (MailRoute::Nowhere, Vec::new(), 0);
        }
        if server.resolved == Resolved::Alias {
            // The domain itself may be an alias; only a named server must not. It was not followed all the same.
            server.dane = Dane::NotSigned;
        }
        (MailRoute::Implicit { is_secure }, vec![server], 0)
    }

    async fn server(
        &self,
        host: String,
        preference: u16,
        is_secure: bool,
        place: Place<'_>,
    ) -> Exchanger {
        let mut server = Exchanger {
            host,
            preference,
            addresses: Vec::new(),
            resolved: Resolved::Found,
            dane: Dane::NotSigned,
            tlsa: Vec::new(),
            sts: StsHost::Nothing,
            probe: None,
        };
        let found = match self.dns.addresses(&server.host, place.until).await {
            Ok(found) => found,
            Err(cause) => {
                let why = why(&cause);
                server.resolved = Resolved::Unchecked { why };
                server.dane = Dane::Unchecked { why };
                return server;
            }
        };
        if found.is_alias {
            server.resolved = Resolved::Alias;
            return server;
        }
        let is_secure = is_secure && found.is_secure;
        server.addresses = found.values;
        server.addresses.sort();
        if server.addresses.is_empty() {
            server.resolved = Resolved::Nothing;
            return server;
        }
        let (records, seen) = tokio::join!(
            self.records(&server.host, is_secure, place.until),
            self.knock(&server, place),
        );
        let records = match records {
            Ok(records) => records,
            Err(state) => {
                server.dane = state;
                Vec::new()
            }
        };
        server.tlsa = records.iter().map(ToString::to_string).collect();
        if !records.is_empty() {
            server.dane = compare(&records, seen.as_ref(), &server.host, place);
        }
        server.probe = seen.map(|seen| probe(seen, &server.host, place.at));
        server
    }

    /// The TLSA records of a server (RFC 7672 §2.2.3), or what DANE is without any.
    async fn records(
        &self,
        host: &str,
        is_secure: bool,
        until: Instant,
    ) -> Result<Vec<Tlsa>, Dane> {
        // Where the way to the server is not proved its TLSA records are not asked for (RFC 7672 §2.2.2).
        if !is_secure {
            return Err(Dane::NotSigned);
        }
        let name = format!("_{}._tcp.{host}", self.settings.smtp_port);
        let found = self.dns.tlsa(&name, until).await;
        let Proved {
            values, is_secure, ..
        } = found.map_err(|cause| Dane::Unchecked { why: why(&cause) })?;
        if values.is_empty() {
            return Err(Dane::Nothing);
        }
        if !is_secure {
            return Err(Dane::NotSigned);
        }
        let records = values
            .into_iter()
            .map(|(usage, selector, matching, data)| Tlsa {
                usage,
                selector,
                matching,
                data,
            });
        Ok(records.collect())
    }

    async fn knock(&self, server: &Exchanger, place: Place<'_>) -> Option<Observed> {
        let observer = self.observer.as_ref()?;
        let knock = Knock {
            host: &server.host,
            addresses: &server.addresses,
            port: self.settings.smtp_port,
            reach: self.settings.reach,
            at: place.at,
            until: place.until,
        };
        Some(observer.knock(knock).await)
    }

    /// The MTA-STS policy (RFC 8461 §3).
    async fn policy(&self, domain: &str, at: Timestamp, until: Instant) -> Sts {
        let unchecked = |fault| Sts::Unchecked { fault };
        let records = match self.dns.texts(&format!("_mta-sts.{domain}"), until).await {
            Ok(found) => found.values,
            Err(cause) => return unchecked(StsFault::Dns { why: why(&cause) }),
        };
        let id = match policy::announced(&records) {
            Ok(Some(id)) => id,
            Ok(None) => return Sts::Nothing,
            Err(()) => return Sts::Invalid,
        };
        let url = format!("https://mta-sts.{domain}/.well-known/mta-sts.txt");
        let Ok(url) = Url::parse(&url) else {
            return unchecked(StsFault::Unreachable);
        };
        let left = until.saturating_duration_since(Instant::now());
        match self.https.clone().within(left).get(&url).await {
            Ok(answer) if answer.status == 200 => match StsPolicy::parse(&answer.body, &id, at) {
                Ok(policy) => Sts::Policy {
                    policy,
                    is_remembered: false,
                },
                Err(_no_policy) => unchecked(StsFault::NoPolicy),
            },
            Ok(answer) => unchecked(StsFault::Status {
                status: answer.status,
            }),
            Err(cause) => unchecked(fault(&cause)),
        }
    }
}

/// What is examined, and by when.
#[derive(Clone, Copy)]
struct Place<'a> {
    domain: &'a str,
    at: Timestamp,
    until: Instant,
}

impl Findings {
    /// What is known of a domain where nothing can be asked at all.
    pub fn unchecked(domain: &str, at: Timestamp) -> Self {
        Self {
            domain: domain.to_owned(),
            checked_at: at,
            route: MailRoute::Unchecked { why: Why::Failed },
            mx: Vec::new(),
            left_out: 0,
            sts: Sts::Unchecked {
                fault: StsFault::Dns { why: Why::Failed },
            },
            wants_reports: false,
            nta7516: None,
        }
    }
}

/// Compares TLSA records with what was presented.
fn compare(records: &[Tlsa], seen: Option<&Observed>, host: &str, place: Place<'_>) -> Dane {
    if !records.iter().any(Tlsa::is_usable) {
        return Dane::Unusable;
    }
    let Some(Observed::Tls(tls)) = seen else {
        return Dane::Published;
    };
    match dane::judge(records, &tls.chain, &[host, place.domain], place.at) {
        Verdict::Matched => Dane::Matched,
        Verdict::Mismatched => Dane::Mismatched,
        Verdict::Unusable => Dane::Unusable,
    }
}

fn probe(seen: Observed, host: &str, at: Timestamp) -> Probe {
    let outcome = match seen {
        Observed::Unreachable => Outcome::Unreachable,
        Observed::Private => Outcome::Private,
        Observed::Refused => Outcome::Refused,
        Observed::Stalled => Outcome::Stalled,
        Observed::Broken => Outcome::Broken,
        Observed::NoStarttls => Outcome::NoStarttls,
        Observed::StarttlsRefused => Outcome::StarttlsRefused,
        Observed::Injected => Outcome::Injected,
        Observed::HandshakeFailed => Outcome::HandshakeFailed,
        Observed::Tls(tls) => return showed(tls, host, at),
    };
    Probe::without_tls(at, outcome)
}

fn showed(tls: ObservedTls, host: &str, at: Timestamp) -> Probe {
    let mut certificate: Vec<_> = tls.faults.iter().map(|f| certificate(*f)).collect();
    certificate.extend(tls.chain.is_empty().then_some(Certificate::Absent));
    let is_named = !tls.chain.is_empty() && !certificate.contains(&Certificate::WrongName);
    Probe {
        at,
        by: None,
        outcome: Outcome::Tls,
        version: Some(tls.version),
        cipher: Some(tls.cipher),
        chain: tls
            .chain
            .iter()
            .map(|c| Digest::of(c).to_string())
            .collect(),
        name: is_named.then(|| host.to_owned()),
        certificate,
    }
}

fn certificate(fault: CertificateFault) -> Certificate {
    match fault {
        CertificateFault::SelfSigned => Certificate::SelfSigned,
        CertificateFault::Untrusted => Certificate::Untrusted,
        CertificateFault::WrongName => Certificate::WrongName,
        CertificateFault::Expired => Certificate::Expired,
        CertificateFault::NotYetValid => Certificate::NotYetValid,
        CertificateFault::Weak => Certificate::Weak,
        CertificateFault::Invalid => Certificate::Invalid,
    }
}

fn why(cause: &DnsFault) -> Why {
    match cause {
        DnsFault::Timeout => Why::Timeout,
        DnsFault::Bogus => Why::Bogus,
        DnsFault::NoServer(_) | DnsFault::Name(_) | DnsFault::Anchor(_) | DnsFault::Failed(_) => {
            Why::Failed
        }
    }
}

fn fault(cause: &HttpFault) -> StsFault {
    match cause {
        HttpFault::Redirect { .. } => StsFault::Redirect,
        HttpFault::Timeout { .. } | HttpFault::Tls(TlsFault::Timeout) => StsFault::Timeout,
        HttpFault::TooLarge { .. } => StsFault::TooLarge,
        HttpFault::Tls(
            TlsFault::Expired { .. }
            | TlsFault::NotYetValid { .. }
            | TlsFault::WrongName { .. }
            | TlsFault::UntrustedIssuer
            | TlsFault::Certificate(_),
        ) => StsFault::Certificate,
        HttpFault::Tls(TlsFault::Version(_) | TlsFault::Broken(_) | TlsFault::Host(_))
        | HttpFault::Connect(_)
        | HttpFault::NoSuchHost { .. }
        | HttpFault::Private { .. }
        | HttpFault::Broken { .. }
        | HttpFault::Roots(_)
        | HttpFault::NotHttps => StsFault::Unreachable,
    }
}
