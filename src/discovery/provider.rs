//! Providers that many domains use, with the facts that they publish: which server takes mail, and where one signs in.
//!
//! A short list on purpose: what is not on it is found by its own domain's records. Holds no client id: under which name
//! Segl is registered at a provider is the firm's or the publisher's to say.

use super::{Security, Server, Source, is_inside};
use crate::mail::Address;

/// A provider.
#[derive(Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name.
    pub name: &'static str,
    /// Domains that are its own.
    domains: &'static [&'static str],
    /// Domains of its mail exchangers.
    exchangers: &'static [&'static str],
    /// Its submission server.
    pub host: &'static str,
    /// Port.
    pub port: u16,
    /// How it is protected.
    pub security: Security,
    /// How one signs in.
    pub sign_in: SignIn,
}

/// How one signs in at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// With the mailbox's own password.
    Password,
    /// With a password that the provider makes for one program.
    AppPassword,
    /// With the browser.
    OAuth(&'static OAuthEndpoints),
}

/// Where one signs in.
#[derive(Debug, PartialEq, Eq)]
pub struct OAuthEndpoints {
    /// Who answers, where it says so.
    pub issuer: Option<&'static str>,
    /// For the browser.
    pub authorization: &'static str,
    /// For codes and tokens.
    pub token: &'static str,
    /// For other devices, where sending mail may be asked for there.
    pub device: Option<&'static str>,
    /// What is needed to send mail, and to go on doing so tomorrow.
    pub scopes: &'static [&'static str],
}

/// Microsoft's, for firms and for private mailboxes.
static MICROSOFT: OAuthEndpoints = OAuthEndpoints {
    // It names a tenant there that nobody knows before signing in.
    issuer: None,
    authorization: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    device: Some("https://login.microsoftonline.com/common/oauth2/v2.0/devicecode"),
    scopes: &["https://outlook.office.com/SMTP.Send", "offline_access"],
};

static GOOGLE: OAuthEndpoints = OAuthEndpoints {
    issuer: Some("https://accounts.google.com"),
    authorization: "https://accounts.google.com/o/oauth2/v2/auth",
    token: "https://oauth2.googleapis.com/token",
    // Its codes for other devices are not given for mail.
    device: None,
    scopes: &["https://mail.google.com/"],
};

/// The list.
pub static PROVIDERS: &[Provider] = &[
    Provider {
        name: "Exchange Online",
        domains: &[],
        exchangers: &["mail.protection.outlook.com", "mx.microsoft"],
        host: "smtp.office365.com",
        port: 587,
        security: Security::StartTls,
        sign_in: SignIn::OAuth(&MICROSOFT),
    },
    Provider {
        name: "Outlook.com",
        domains: &[
            "outlook.com",
            "outlook.dk",
            "hotmail.com",
            "hotmail.dk",
            "live.com",
            "live.dk",
            "msn.com",
        ],
        exchangers: &[],
        host: "smtp-mail.outlook.com",
        port: 587,
        security: Security::StartTls,
        sign_in: SignIn::OAuth(&MICROSOFT),
    },
    Provider {
        name: "Google",
        domains: &["gmail.com", "googlemail.com"],
        exchangers: &["google.com", "googlemail.com"],
        host: "smtp.gmail.com",
        port: 465,
        security: Security::ImplicitTls,
        sign_in: SignIn::OAuth(&GOOGLE),
    },
    Provider {
        name: "iCloud",
        domains: &["icloud.com", "me.com", "mac.com"],
        exchangers: &["mail.icloud.com"],
        host: "smtp.mail.me.com",
        port: 587,
        security: Security::StartTls,
        sign_in: SignIn::AppPassword,
    },
    Provider {
        name: "Yahoo",
        domains: &["yahoo.com", "yahoo.dk", "ymail.com"],
        exchangers: &["yahoodns.net"],
        host: "smtp.mail.yahoo.com",
        port: 465,
        security: Security::ImplicitTls,
        sign_in: SignIn::AppPassword,
    },
    Provider {
        name: "Fastmail",
        domains: &["fastmail.com", "fastmail.fm"],
        exchangers: &["messagingengine.com"],
        host: "smtp.fastmail.com",
        port: 465,
        security: Security::ImplicitTls,
        sign_in: SignIn::AppPassword,
    },
    Provider {
        name: "one.com",
        domains: &[],
        exchangers: &["one.com"],
        host: "send.one.com",
        port: 465,
        security: Security::ImplicitTls,
        sign_in: SignIn::Password,
    },
];

impl Provider {
    pub(super) fn server(&'static self, address: &Address, source: Source) -> Server {
        Server {
            host: self.host.to_owned(),
            port: self.port,
            security: self.security,
            username: address.wire(),
            takes_tokens: matches!(self.sign_in, SignIn::OAuth(_)),
            source,
            // The list names the host; DNS only said that the domain belongs to it, and a forged answer could at most
            // lead to a provider of this list, where nobody is signed in by mistake: its own page asks.
            must_be_confirmed: false,
            provider: Some(self),
        }
    }
}

pub(super) fn of_domain(domain: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|p| p.domains.contains(&domain))
}

pub(super) fn of_exchanger(host: &str) -> Option<&'static Provider> {
    let is_of = |p: &&Provider| p.exchangers.iter().any(|domain| is_inside(host, domain));
    PROVIDERS.iter().find(is_of)
}

pub(super) fn of_host(host: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|p| p.host == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosted_domains_are_known_by_their_mail_exchanger() {
        let name = |host| of_exchanger(host).map(|p| p.name);
        assert_eq!(
            name("firma-eksempel-dk.mail.protection.outlook.com"),
            Some("Exchange Online")
        );
        assert_eq!(name("aspmx.l.google.com"), Some("Google"));
        assert_eq!(name("mx.firma-eksempel.dk"), None);
        assert_eq!(name("notgoogle.com"), None);
    }

    #[test]
    fn every_address_in_the_list_is_one_of_tls() {
        for provider in PROVIDERS {
            assert!(super::super::host_name(provider.host).as_deref() == Some(provider.host));
            if let SignIn::OAuth(endpoints) = provider.sign_in {
                for text in [
                    Some(endpoints.authorization),
                    Some(endpoints.token),
                    endpoints.device,
                ]
                .into_iter()
                .flatten()
                {
                    assert_eq!(url::Url::parse(text).unwrap().scheme(), "https");
                }
            }
        }
    }
}
