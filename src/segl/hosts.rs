//! Every host that Segl may contact by these settings: computed from them, so that the list cannot be wrong.

use jiff::Timestamp;
use url::Url;

use super::{Segl, send, wire};
use crate::{
    config::{Auth, Config, ListFrom, Security, TokenFrom},
    directory::endpoint,
    record::{Filter, Log},
    relay::Profile,
};

/// A host that Segl may contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its name or address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What for.
    pub purpose: Purpose,
    /// How the connection is protected.
    pub protection: Protection,
    /// Only the roots of one file vouch for it, not those of the operating system.
    pub has_own_roots: bool,
    /// Under what name Segl signs in there, if it does.
    pub signs_in_as: Option<String>,
    /// When it was last in touch, as far as that is known here.
    pub last: Option<Timestamp>,
}

/// Why a host is contacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It takes the mail.
    Submission {
        /// A program of the settings fetches an access token first; whom that contacts is its own affair.
        token_program: Option<String>,
    },
    /// It gives access tokens for the mail server.
    SignIn,
    /// It gives the certificates of authorities, where a directory left one out.
    Issuers,
    /// It gives the tunnel list.
    TunnelList,
    /// It is asked what the account of a mail service enforces.
    Account,
    /// It answers for recipients' domains, instead of this computer's name service.
    Resolver,
    /// It puts its time stamp on the newest link of the record.
    TimeStamps,
    /// It is asked for certificates.
    Directory {
        /// What the settings call it.
        name: String,
    },
}

impl Purpose {
    /// Whether it is kept when such a host was last in touch.
    pub fn is_noted(&self) -> bool {
        match self {
            Self::Submission { .. } | Self::Directory { .. } | Self::TunnelList => true,
            Self::SignIn | Self::Issuers | Self::Account | Self::Resolver | Self::TimeStamps => {
                false
            }
        }
    }

    /// Whether what such a host gives is signed, and counts no more than what a stranger hands over.
    pub fn is_signed(&self) -> bool {
        matches!(self, Self::Issuers | Self::TimeStamps)
    }
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first octet.
    Tls,
    /// STARTTLS, and nothing without it.
    StartTls,
    /// None: others on the way can read it.
    None,
}

impl Contact {
    /// All hosts that these settings name, in the order of the settings: mail server, sign-in server and the mail
    /// service's account, directories, resolver, the tunnel list, hosts of authorities, time stamps. When they were contacted last is not known here.
    pub fn all(config: &Config) -> Vec<Self> {
        let server = config.submission.as_ref().map(|server| {
            let (signs_in_as, token_program) = match &server.auth {
                Auth::None => (None, None),
                Auth::Password { username, .. } => (Some(username.clone()), None),
                Auth::Xoauth2 { username, token } => {
                    let program = match token {
                        TokenFrom::Command(command) => command.first().cloned(),
                        TokenFrom::SignIn(_) => None,
                    };
                    (Some(username.clone()), program)
                }
            };
            Self {
                host: server.host.clone(),
                port: server.port,
                purpose: Purpose::Submission { token_program },
                protection: match server.security {
                    Security::ImplicitTls => Protection::Tls,
                    Security::StartTls => Protection::StartTls,
                },
                // The mail server's file stands beside the roots of the operating system.
                has_own_roots: false,
                signs_in_as,
                last: None,
            }
        });
        let directories = config.directories.iter().filter_map(|directory| {
            // One whose address is none was refused when Segl was set up, and is never contacted.
            let (is_tls, host, port) = endpoint(&directory.url).ok()?;
            Some(Self {
                host,
                port,
                purpose: Purpose::Directory {
                    name: directory.name.clone(),
                },
                protection: match (is_tls, directory.start_tls) {
                    (true, _) => Protection::Tls,
                    (false, true) => Protection::StartTls,
                    (false, false) => Protection::None,
                },
                has_own_roots: directory.ca_file.is_some(),
                signs_in_as: directory.bind_dn.clone(),
                last: None,
            })
        });
        let mut all: Vec<Self> = server.into_iter().collect();
        if let Some(Auth::Xoauth2 {
            token: TokenFrom::SignIn(server),
            ..
        }) = config.submission.as_ref().map(|s| &s.auth)
        {
            let urls = [
                Some(&server.token_endpoint),
                server.device_endpoint.as_ref(),
            ];
            let contacts = urls.into_iter().flatten();
            for contact in contacts.filter_map(|url| over_https(url, Purpose::SignIn)) {
                if !all.contains(&contact) {
                    all.push(contact);
                }
            }
        }
        let relay = config.submission.as_ref().map(|server| &server.relay);
        if let Some(relay) = relay.filter(|relay| relay.profile == Profile::SendGrid) {
            all.extend(over_https(&relay.api, Purpose::Account));
        }
        all.extend(directories);
        all.extend(config.transport.resolver.map(|resolver| {
            open_to_others(
                resolver.ip().to_string(),
                resolver.port(),
                Purpose::Resolver,
            )
        }));
        if let Some(ListFrom::Url(url)) = &config.tunnel.from {
            all.extend(over_https(url, Purpose::TunnelList));
        }
        let issuers = config.ca_hosts.iter();
        all.extend(issuers.map(|host| open_to_others(host.clone(), 80, Purpose::Issuers)));
        all.extend(config.tsa.iter().filter_map(|tsa| {
            let (host, port) = (tsa.url.host_str()?, tsa.url.port_or_known_default()?);
            Some(open_to_others(host.to_owned(), port, Purpose::TimeStamps))
        }));
        all
    }
}

/// The host behind an address that the settings take with HTTPS only.
fn over_https(url: &Url, purpose: Purpose) -> Option<Contact> {
    Some(Contact {
        host: url.host_str()?.to_owned(),
        port: url.port_or_known_default()?,
        purpose,
        protection: Protection::Tls,
        has_own_roots: false,
        signs_in_as: None,
        last: None,
    })
}

/// A host that is asked without protection.
fn open_to_others(host: String, port: u16, purpose: Purpose) -> Contact {
    Contact {
        host,
        port,
        purpose,
        protection: Protection::None,
        has_own_roots: false,
        signs_in_as: None,
        last: None,
    }
}

impl Segl {
    /// The same, with when each was contacted last. Blocks on disk and keyring.
    pub fn contacts(&self) -> Vec<Contact> {
        let mut contacts = Contact::all(&self.config);
        for contact in &mut contacts {
            contact.last = match &contact.purpose {
                Purpose::Submission { .. } => self.last_at_server(),
                Purpose::Directory { name } => self.last_at_directory(name),
                Purpose::TunnelList => self.tunnel_tried_at(),
                _ => None,
            };
        }
        contacts
    }

    /// From the last sending, or from when the server was asked what it takes.
    fn last_at_server(&self) -> Option<Timestamp> {
        let asked = self.vault().ok().and_then(|vault| {
            let fact = vault.store().fact(send::CONTACT_FACT).ok()??;
            Some(fact.at)
        });
        let newest = Filter {
            kind: Some("started".to_owned()),
            newest: Some(1),
            ..Filter::default()
        };
        let sent = Log::open(&self.config.data, None).and_then(|log| log.list(&newest));
        let sent = sent.ok().and_then(|rows| Some(rows.first()?.at));
        asked.max(sent)
    }

    /// From the newest answer that is kept.
    fn last_at_directory(&self, name: &str) -> Option<Timestamp> {
        let settings = self.config.directories.iter().find(|d| d.name == name)?;
        let vault = self.vault().ok()?;
        vault.store().last_answer(&wire::kept_as(settings)).ok()?
    }
}
