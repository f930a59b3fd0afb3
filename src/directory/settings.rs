//! What the settings say of an LDAP directory, and what they may not say.

use std::{sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::filter::{FilterError, FilterTemplate};
use crate::net::{LdapSecurity, LdapServer, Roots, RootsError, client_config};

/// Entries that one search takes at most, whatever the settings say.
const MAX_ENTRIES: u16 = 50;

/// `[[directory]]` of the settings file. No Debug: it leads to a password.
pub struct Settings {
    /// What the firm calls the directory.
    pub name: String,
    /// `ldaps://host[:port]` or `ldap://host[:port]`.
    pub url: String,
    /// Distinguished name under which the search begins. May be empty.
    pub base: String,
    /// Filter template, see [`FilterTemplate`].
    pub filter: String,
    /// Attributes that hold certificates.
    pub attributes: Vec<String>,
    /// Which roots the directory's own certificate may end at. Its own `ca_file` is [`Roots::Only`].
    pub roots: Roots,
    /// Asks for TLS on an `ldap://` connection, and goes on only inside it.
    pub start_tls: bool,
    /// Allows `ldap://` without TLS: everybody on the way can see whom one writes to.
    pub allow_plaintext: bool,
    /// Whom to bind as, inside TLS only; anonymous without.
    pub bind: Option<Bind>,
    /// Whether an entry of this directory binds a certificate without an address.
    pub trust_binding: bool,
    /// How long until a connection is ready for searches: TCP, TLS and bind together.
    pub connect_timeout: Duration,
    /// How long one search may take.
    pub search_timeout: Duration,
    /// Entries taken at most, 1 to 50.
    pub size_limit: u16,
}

/// Whom to bind as.
#[derive(Clone)]
pub struct Bind {
    /// Distinguished name.
    pub dn: String,
    /// Where the password comes from.
    pub password: Password,
}

/// Fetches the password when a connection is opened: it is held no longer than the bind takes. May block.
pub type Password = Arc<dyn Fn() -> Result<Zeroizing<String>, PasswordError> + Send + Sync>;

/// Why there is no password.
pub type PasswordError = Box<dyn std::error::Error + Send + Sync>;

/// Why a directory cannot be used as it is set up.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not `ldaps://host[:port]` or `ldap://host[:port]`.
    #[error("“{0}” is not an address of a directory")]
    Url(String),
    /// `ldap://` with neither `start_tls` nor `allow_plaintext`.
    #[error("“{0}” is not protected: it needs start_tls, or allow_plaintext")]
    Plaintext(String),
    /// `start_tls` on a connection that begins with TLS.
    #[error("“{0}” begins with TLS, start_tls does not fit")]
    StartTlsInsideTls(String),
    /// A bind sends a password.
    #[error("a bind needs TLS")]
    BindInClear,
    /// A bind without a name is anonymous (RFC 4513 §5.1.1).
    #[error("a bind needs a distinguished name")]
    EmptyBindDn,
    /// What binds a certificate must come from where it says.
    #[error("trust_binding needs TLS")]
    TrustInClear,
    /// Any of the operating system's roots could vouch for a false directory.
    #[error("trust_binding needs a ca_file of its own")]
    TrustInSystemRoots,
    /// The filter template.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// Nothing to deliver, or not the name of an attribute (RFC 4512 §2.5).
    #[error("“{0}” is not an attribute")]
    Attribute(String),
    /// Out of range.
    #[error("the size limit {0} is not from 1 to 50")]
    SizeLimit(u16),
    /// A deadline of nothing.
    #[error("a timeout of zero")]
    Timeout,
    /// The roots cannot be used.
    #[error(transparent)]
    Roots(#[from] RootsError),
}

impl Settings {
    /// Holds the settings against the rules above. Returns where and how to connect, and the filter.
    pub(super) fn check(&self) -> Result<(LdapServer, FilterTemplate), SettingsError> {
        let (is_tls, host, port) = endpoint(&self.url)?;
        let url = || self.url.clone();
        let security = match (is_tls, self.start_tls) {
            (true, true) => return Err(SettingsError::StartTlsInsideTls(url())),
            (true, false) => LdapSecurity::Tls(client_config(&self.roots)?),
            (false, true) => LdapSecurity::StartTls(client_config(&self.roots)?),
            (false, false) if self.allow_plaintext => LdapSecurity::Plain,
            (false, false) => return Err(SettingsError::Plaintext(url())),
        };
        let is_plain = matches!(security, LdapSecurity::Plain);
        match &self.bind {
            Some(_) if is_plain => return Err(SettingsError::BindInClear),
            Some(bind) if bind.dn.is_empty() => return Err(SettingsError::EmptyBindDn),
            _ => {}
        }
        match self.roots {
            _ if !self.trust_binding => {}
            _ if is_plain => return Err(SettingsError::TrustInClear),
            Roots::System { .. } => return Err(SettingsError::TrustInSystemRoots),
            Roots::Only(_) => {}
        }
        if self.attributes.is_empty() {
            return Err(SettingsError::Attribute(String::new()));
        }
        if let Some(odd) = self.attributes.iter().find(|name| !is_attribute(name)) {
            return Err(SettingsError::Attribute(odd.clone()));
        }
        if !(1..=MAX_ENTRIES).contains(&self.size_limit) {
            return Err(SettingsError::SizeLimit(self.size_limit));
        }
        if self.connect_timeout.is_zero() || self.search_timeout.is_zero() {
            return Err(SettingsError::Timeout);
        }
        let server = LdapServer {
            host,
            port,
            security,
        };
        Ok((server, FilterTemplate::parse(&self.filter)?))
    }
}

/// Whether it is `ldaps`, the host, and the port. Everything else that an LDAP URL may hold (RFC 4516) is refused: it
/// would be a second place for what has settings of its own.
pub(crate) fn endpoint(url: &str) -> Result<(bool, String, u16), SettingsError> {
    let odd = || SettingsError::Url(url.to_owned());
    let (scheme, rest) = url.split_once("://").ok_or_else(odd)?;
    let (is_tls, standard) = match scheme.to_ascii_lowercase().as_str() {
        "ldaps" => (true, 636),
        "ldap" => (false, 389),
        _ => return Err(odd()),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, Some(port.strip_prefix(':').ok_or_else(odd)?)),
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    let port = match port {
        None => standard,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().map_err(|_not_a_port| odd())?
        }
        Some(_) => return Err(odd()),
    };
    // A name or an address as rustls verifies it; this refuses user names, paths and queries too.
    let is_host = rustls::pki_types::ServerName::try_from(host).is_ok();
    (is_host && port != 0)
        .then(|| (is_tls, host.to_owned(), port))
        .ok_or_else(odd)
}

fn is_attribute(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-.;".contains(&b);
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            name: "OCES".to_owned(),
            url: "ldaps://directory.example".to_owned(),
            base: "c=DK".to_owned(),
            filter: "(mail={address})".to_owned(),
            attributes: vec!["userCertificate;binary".to_owned()],
            roots: Roots::Only(Vec::new()),
            start_tls: false,
            allow_plaintext: false,
            bind: None,
            trust_binding: false,
            connect_timeout: Duration::from_secs(2),
            search_timeout: Duration::from_secs(5),
            size_limit: 50,
        }
    }

    fn bind(dn: &str) -> Bind {
        Bind {
            dn: dn.to_owned(),
            password: Arc::new(|| Err("not asked for".into())),
        }
    }

    fn plain() -> Settings {
        Settings {
            url: "ldap://directory.example".to_owned(),
            allow_plaintext: true,
            ..settings()
        }
    }

    #[test]
    fn an_address_of_a_directory_is_scheme_host_and_port() {
        let rows = [
            (
                "ldaps://directory.example",
                (true, "directory.example", 636),
            ),
            (
                "LDAP://directory.example:3899/",
                (false, "directory.example", 3899),
            ),
            ("ldaps://[::1]:6360", (true, "::1", 6360)),
            ("ldap://127.0.0.1", (false, "127.0.0.1", 389)),
        ];
        for (url, (is_tls, host, port)) in rows {
            let wanted = (is_tls, host.to_owned(), port);
            assert_eq!(endpoint(url).unwrap(), wanted, "{url}");
        }
        for url in [
            "",
            "directory.example",
            "https://directory.example",
            "ldapi://%2fvar%2frun",
            "ldaps://",
            "ldaps://:636",
            "ldaps://directory.example:",
            "ldaps://directory.example:0",
            "ldaps://directory.example:+1",
            "ldaps://directory.example:70000",
            "ldaps://anne@directory.example",
            "ldaps://directory.example/c=DK",
            "ldaps://directory.example?mail",
            "ldaps://[::1]x",
        ] {
            assert!(matches!(endpoint(url), Err(SettingsError::Url(_))), "{url}");
        }
    }

    #[test]
    fn a_connection_is_protected_or_the_settings_say_that_it_is_not() {
        let security = |settings: Settings| settings.check().map(|(server, _)| server.security);
        assert!(matches!(security(settings()), Ok(LdapSecurity::Tls(_))));
        assert!(matches!(security(plain()), Ok(LdapSecurity::Plain)));
        // Where both are set, TLS is asked for, and nothing is sent without it.
        let start_tls = Settings {
            start_tls: true,
            ..plain()
        };
        assert!(matches!(security(start_tls), Ok(LdapSecurity::StartTls(_))));
        let unprotected = Settings {
            allow_plaintext: false,
            ..plain()
        };
        assert!(matches!(
            security(unprotected),
            Err(SettingsError::Plaintext(_))
        ));
        let twice = Settings {
            start_tls: true,
            ..settings()
        };
        assert!(matches!(
            security(twice),
            Err(SettingsError::StartTlsInsideTls(_))
        ));
    }

    #[test]
    fn what_must_not_be_is_refused() {
        use SettingsError as E;
        let refused = |settings: Settings| settings.check().err().unwrap();
        let system = || Roots::System { extra: Vec::new() };
        let attributes = |name: &str| vec![name.to_owned()];
        assert!(matches!(
            refused(Settings {
                bind: Some(bind("cn=segl")),
                ..plain()
            }),
            E::BindInClear
        ));
        assert!(matches!(
            refused(Settings {
                bind: Some(bind("")),
                ..settings()
            }),
            E::EmptyBindDn
        ));
        assert!(matches!(
            refused(Settings {
                trust_binding: true,
                ..plain()
            }),
            E::TrustInClear
        ));
        let trusting = Settings {
            trust_binding: true,
            roots: system(),
            ..settings()
        };
        assert!(matches!(refused(trusting), E::TrustInSystemRoots));
        assert!(matches!(
            refused(Settings {
                filter: "(mail=*)".into(),
                ..settings()
            }),
            E::Filter(_)
        ));
        assert!(matches!(
            refused(Settings {
                attributes: Vec::new(),
                ..settings()
            }),
            E::Attribute(_)
        ));
        assert!(matches!(
            refused(Settings {
                attributes: attributes("*"),
                ..settings()
            }),
            E::Attribute(_)
        ));
        assert!(matches!(
            refused(Settings {
                size_limit: 0,
                ..settings()
            }),
            E::SizeLimit(0)
        ));
        assert!(matches!(
            refused(Settings {
                size_limit: 51,
                ..settings()
            }),
            E::SizeLimit(51)
        ));
        let hasty = Settings {
            search_timeout: Duration::ZERO,
            ..settings()
        };
        assert!(matches!(refused(hasty), E::Timeout));

        assert!(
            Settings {
                bind: Some(bind("cn=segl")),
                trust_binding: true,
                ..settings()
            }
            .check()
            .is_ok()
        );
    }
}
