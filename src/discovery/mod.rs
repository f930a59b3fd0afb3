//! Finding the mail server that belongs to an address: autoconfig file, SRV records (RFC 6186, RFC 8314), known
//! providers. Everything found is a proposal with its source, for somebody to see before it is used.
//!
//! Asked are the address's own domain and DNS, nobody else. Only submission inside TLS is taken; what offers less is
//! told as refused. "Could not be asked" is a finding of its own and never "there is none". Signs in nowhere.

mod autoconfig;
mod provider;

use std::{fmt, sync::Arc, time::Duration};

use url::Url;

pub use provider::{OAuthEndpoints, PROVIDERS, Provider, SignIn};

use crate::{
    mail::Address,
    net::{Dns, DnsFault, HttpFault, Https, Names, Reach, Roots, RootsError},
};

/// For one request.
const DEADLINE: Duration = Duration::from_secs(10);
/// Octets of an autoconfig file.
const FILE_MAX: usize = 64 * 1024;

/// What asks.
#[derive(Clone)]
pub struct Discovery {
    https: Https,
    dns: Result<Dns, Arc<DnsFault>>,
}

/// How submission is protected. There is no third way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first octet (RFC 8314 §3.3).
    ImplicitTls,
    /// STARTTLS (RFC 3207), never without.
    StartTls,
}

/// A mail server that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Host, as an A-label.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is protected.
    pub security: Security,
    /// The user name, mostly the address.
    pub username: String,
    /// Whether it says that it takes access tokens.
    pub takes_tokens: bool,
    /// Where this is known from.
    pub source: Source,
    /// It lies outside the address's own domain and nothing but an unsigned DNS answer says so: somebody must confirm
    /// it before it is used (RFC 6186 §6).
    pub must_be_confirmed: bool,
    /// The provider that runs it, where it is a known one.
    pub provider: Option<&'static Provider>,
}

/// Where something is known from, or was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file at this host.
    Autoconfig {
        /// The host that was asked, over HTTPS.
        host: String,
    },
    /// A service record.
    Srv {
        /// Its name.
        name: String,
    },
    /// The list of known providers, for this domain.
    Provider {
        /// Its name.
        name: &'static str,
    },
    /// The list of known providers, because the domain's mail goes to it.
    Exchanger {
        /// The mail exchanger.
        host: String,
    },
}

/// Why a source said nothing, or nothing that can be used.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// It could not be asked over HTTPS.
    #[error(transparent)]
    Http(#[from] HttpFault),
    /// It answered with this status.
    #[error("status {0}")]
    Status(u16),
    /// It could not be asked over DNS.
    #[error(transparent)]
    Dns(Arc<DnsFault>),
    /// What it said cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(&'static str),
    /// It offers submission without TLS only.
    #[error("{host} is offered without encryption only")]
    WithoutTls {
        /// The server.
        host: String,
    },
}

/// What one source could not say.
#[derive(Debug)]
pub struct Trouble {
    /// Which.
    pub source: Source,
    /// Why.
    pub why: Why,
}

/// All that was found. Each source is either among the servers, among the troubles, or has nothing.
#[derive(Debug, Default)]
pub struct Findings {
    /// Servers, the one to be proposed first.
    pub servers: Vec<Server>,
    /// What could not be asked, or was refused.
    pub troubles: Vec<Trouble>,
}

impl Discovery {
    /// Asks the internet as this computer does. Must be called where tokio runs.
    pub fn of_system() -> Result<Self, RootsError> {
        let dns = Dns::of_system().map_err(Arc::new);
        let names = dns.clone().map_or(Names::System, Names::Dns);
        let https = Https::new(&Roots::system_and(None)?, names, Reach::Public)?;
        Ok(Self::new(https, dns))
    }

    /// Asks through these.
    pub fn new(https: Https, dns: Result<Dns, Arc<DnsFault>>) -> Self {
        Self {
            https: https.within(DEADLINE).at_most(FILE_MAX),
            dns,
        }
    }

    /// All that can be found for an address. Never fails: what fails is a finding.
    pub async fn find(&self, address: &Address) -> Findings {
        let mut findings = Findings::default();
        if let Some(provider) = provider::of_domain(address.domain()) {
            // Nobody is asked about what is known.
            let source = Source::Provider {
                name: provider.name,
            };
            findings.servers.push(provider.server(address, source));
            return findings;
        }
        let (files, services, exchanger) = tokio::join!(
            self.files(address),
            self.services(address),
            self.exchanger(address)
        );
        for found in files.into_iter().chain(services).chain([exchanger]) {
            match found {
                Ok(servers) => findings.add(servers),
                Err(trouble) => findings.troubles.push(trouble),
            }
        }
        // What must be confirmed comes after what need not be.
        findings.servers.sort_by_key(|s| s.must_be_confirmed);
        findings
    }

    /// The domain's own file. The second place is asked only where the first has none.
    async fn files(&self, address: &Address) -> Vec<Result<Vec<Server>, Trouble>> {
        let domain = address.domain();
        let hosts = [format!("autoconfig.{domain}"), domain.to_owned()];
        let paths = [
            "mail/config-v1.1.xml",
            ".well-known/autoconfig/mail/config-v1.1.xml",
        ];
        let mut answers = Vec::new();
        for (host, path) in hosts.iter().zip(paths) {
            let answer = self.file(host, path, address).await;
            let is_found = matches!(&answer, Ok(servers) if !servers.is_empty());
            answers.push(answer);
            if is_found {
                break;
            }
        }
        answers
    }

    async fn file(
        &self,
        host: &str,
        path: &str,
        address: &Address,
    ) -> Result<Vec<Server>, Trouble> {
        let source = Source::Autoconfig {
            host: host.to_owned(),
        };
        let trouble = |why| Trouble {
            source: source.clone(),
            why,
        };
        let mut url = Url::parse(&format!("https://{host}/{path}"))
            .map_err(|_bad| trouble(Why::Unreadable("no URL")))?;
        url.query_pairs_mut()
            .append_pair("emailaddress", &address.wire());
        let answer = match self.https.get(&url).await {
            Ok(answer) => answer,
            Err(HttpFault::NoSuchHost { .. }) => return Ok(Vec::new()),
            Err(cause) => return Err(trouble(cause.into())),
        };
        match answer.status {
            200 => autoconfig::read(&answer.body, address, &source).map_err(trouble),
            404 | 410 => Ok(Vec::new()),
            status => Err(trouble(Why::Status(status))),
        }
    }

    /// `_submissions` before `_submission`: TLS from the first octet is the better of the two (RFC 8314 §3).
    async fn services(&self, address: &Address) -> Vec<Result<Vec<Server>, Trouble>> {
        let one = |label, security| self.service(address, label, security);
        let (implicit, start) = tokio::join!(
            one("_submissions._tcp", Security::ImplicitTls),
            one("_submission._tcp", Security::StartTls)
        );
        vec![implicit, start]
    }

    async fn service(
        &self,
        address: &Address,
        label: &str,
        security: Security,
    ) -> Result<Vec<Server>, Trouble> {
        let name = format!("{label}.{}", address.domain());
        let source = Source::Srv { name: name.clone() };
        let trouble = |why| Trouble {
            source: source.clone(),
            why: Why::Dns(why),
        };
        let dns = self.dns.as_ref().map_err(|e| trouble(Arc::clone(e)))?;
        let services = dns
            .services(&name)
            .await
            .map_err(|e| trouble(Arc::new(e)))?;
        // The best one: the others stand in for it when it is down, which nobody at a first start has to choose from.
        let best = services.into_iter().next().and_then(|service| {
            let host = host_name(&service.host)?;
            Some(Server {
                must_be_confirmed: !is_inside(&host, address.domain()),
                provider: provider::of_host(&host),
                takes_tokens: false,
                username: address.wire(),
                port: service.port,
                security,
                source: source.clone(),
                host,
            })
        });
        Ok(best.into_iter().collect())
    }

    /// A known provider that takes the domain's mail.
    async fn exchanger(&self, address: &Address) -> Result<Vec<Server>, Trouble> {
        let source = |host: &str| Source::Exchanger {
            host: host.to_owned(),
        };
        let trouble = |why| Trouble {
            source: source(address.domain()),
            why: Why::Dns(why),
        };
        let dns = self.dns.as_ref().map_err(|e| trouble(Arc::clone(e)))?;
        let exchangers = dns.exchangers(address.domain()).await;
        let exchangers = exchangers.map_err(|e| trouble(Arc::new(e)))?;
        let found = exchangers.iter().find_map(|host| {
            let provider = provider::of_exchanger(host)?;
            Some(provider.server(address, source(host)))
        });
        Ok(found.into_iter().collect())
    }
}

impl Findings {
    /// One server is proposed once, by its first source.
    fn add(&mut self, servers: Vec<Server>) {
        for server in servers {
            let is_known = self
                .servers
                .iter()
                .any(|s| (&s.host, s.port) == (&server.host, server.port));
            if !is_known {
                self.servers.push(server);
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Autoconfig { host } | Self::Exchanger { host } => f.write_str(host),
            Self::Srv { name } => f.write_str(name),
            Self::Provider { name } => f.write_str(name),
        }
    }
}

/// Whether a host is the domain or below it.
fn is_inside(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A host name as an A-label: letters, digits, hyphens and dots, and nothing that could be taken for anything else.
fn host_name(text: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii(text.trim().trim_end_matches('.')).ok()?;
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_name = ascii.len() <= 253 && ascii.split('.').all(is_label);
    // An address instead of a name has no certificate that says whose it is.
    let is_number = ascii.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (is_name && !is_number).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_domain_and_what_is_below_it_is_inside() {
        assert!(is_inside("firma-eksempel.dk", "firma-eksempel.dk"));
        assert!(is_inside("smtp.firma-eksempel.dk", "firma-eksempel.dk"));
        assert!(!is_inside("onde-firma-eksempel.dk", "firma-eksempel.dk"));
        assert!(!is_inside("firma-eksempel.dk.example", "firma-eksempel.dk"));
    }

    #[test]
    fn a_host_is_a_name_and_nothing_else() {
        assert_eq!(
            host_name(" Smtp.Firma-Eksempel.DK. ").as_deref(),
            Some("smtp.firma-eksempel.dk")
        );
        assert_eq!(
            host_name("post.blåbær.example").as_deref(),
            Some("post.xn--blbr-roah.example")
        );
        for text in [
            "",
            ".",
            "a..b",
            "a b",
            "-a.example",
            "a/b",
            "10.0.0.1",
            "[::1]",
            "a:25",
            "a\r\nb",
            "a@b",
        ] {
            assert_eq!(host_name(text), None, "{text}");
        }
    }
}
