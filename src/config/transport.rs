//! What the settings say about the transport to recipients' domains, and what the firm's own mail server promises.

use core::net::SocketAddr;
use std::{path::PathBuf, time::Duration};

use url::Url;

use super::{
    raw,
    settings::{Checked, Reader},
    values,
};
use crate::relay::Profile;

/// Where mail servers listen (RFC 5321).
const SMTP_PORT: u16 = 25;
/// Where policy hosts listen (RFC 8461).
const STS_PORT: u16 = 443;
/// A deadline beyond this is a program that hangs.
const LONGEST: Duration = Duration::from_mins(1);

/// `[tls]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// Whether the recipients' mail servers themselves are asked, on port 25.
    pub probe: bool,
    /// What another installation saw, signed.
    pub evidence: Option<PathBuf>,
    /// Whose signature counts there: the key as `segl tls --export` shows it, 64 hex digits in lower case.
    pub evidence_key: Option<String>,
    /// For all that is asked of one domain.
    pub deadline: Duration,
    /// The firm's own border hosts.
    pub own_hosts: Vec<String>,
    /// Whom DNS questions go to, instead of whom this computer asks.
    pub resolver: Option<SocketAddr>,
    /// Root keys of DNS, instead of IANA's.
    pub root_anchor: Option<PathBuf>,
    /// Where mail servers listen.
    pub smtp_port: u16,
    /// Where policy hosts listen.
    pub sts_port: u16,
    /// The only roots that policy hosts and mail servers are judged by, instead of the operating system's.
    pub sts_ca_file: Option<PathBuf>,
}

impl Transport {
    /// Which of the settings that are there for tests are changed: `segl doctor` shows them, because with them nothing
    /// that is said of a domain need be true.
    pub fn seams(&self) -> Vec<&'static str> {
        let seams = [
            (self.resolver.is_some(), "resolver"),
            (self.root_anchor.is_some(), "root_anchor"),
            (self.smtp_port != SMTP_PORT, "smtp_port"),
            (self.sts_port != STS_PORT, "sts_port"),
            (self.sts_ca_file.is_some(), "sts_ca_file"),
        ];
        let changed = seams.into_iter().filter(|(is_changed, _)| *is_changed);
        changed.map(|(_, name)| name).collect()
    }
}

/// What IT knows of the firm's own mail server (`submission.honours`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Honour {
    /// It offers REQUIRETLS (RFC 8689).
    Requiretls,
    /// It follows DANE (RFC 7672).
    Dane,
    /// It follows MTA-STS (RFC 8461).
    MtaSts,
    /// A rule of it forces TLS.
    ForcedTls,
}

/// Which kind of mail server or service mail is submitted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// `submission.profile`
    pub profile: Profile,
    /// Where a service is asked for the account; its own address where nothing is set.
    pub api: Url,
    /// The environment variable with the key for that; else the keyring.
    pub api_key_env: Option<String>,
    /// Where the server may keep what it relays, in the firm's own words.
    pub located: Option<String>,
}

/// Where Twilio SendGrid is asked.
const SENDGRID: &str = "https://api.sendgrid.com/";

impl Honour {
    /// All, with their words in the settings.
    const ALL: [(&'static str, Self); 4] = [
        ("requiretls", Self::Requiretls),
        ("dane", Self::Dane),
        ("mta-sts", Self::MtaSts),
        ("forced-tls", Self::ForcedTls),
    ];

    /// The word in settings and record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requiretls => "requiretls",
            Self::Dane => "dane",
            Self::MtaSts => "mta-sts",
            Self::ForcedTls => "forced-tls",
        }
    }
}

/// A host by its whole name, in lower case. A pattern would let in hosts that others run.
fn host(text: &str) -> Result<String, String> {
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if name.contains('.') && name.split('.').all(is_label) {
        Ok(name)
    } else {
        Err(format!(
            "“{text}” is not the whole name of a host such as mx.firma-eksempel.dk"
        ))
    }
}

impl Reader<'_> {
    pub(super) fn transport(&self, raw: &raw::Tls) -> Checked<Transport> {
        let deadline = self.at("tls.deadline", values::duration(&raw.deadline))?;
        let deadline = deadline.unsigned_abs();
        if deadline.is_zero() || deadline > LONGEST {
            return Err(self.wrong("tls.deadline", "more than nothing, and at most 60s"));
        }
        let resolver = raw.resolver.as_deref().map(|text| {
            let parsed = text.parse().map_err(|_not_one| {
                format!("“{text}” is not an address with a port such as 127.0.0.1:53")
            });
            self.at("tls.resolver", parsed)
        });
        for (key, port) in [
            ("tls.smtp_port", raw.smtp_port),
            ("tls.sts_port", raw.sts_port),
        ] {
            if port == 0 {
                return Err(self.wrong(key, "0 is not a port"));
            }
        }
        Ok(Transport {
            probe: raw.probe,
            evidence: raw.evidence.clone(),
            evidence_key: raw
                .evidence_key
                .as_deref()
                .map(|k| self.key(k))
                .transpose()?,
            deadline,
            own_hosts: raw
                .own_hosts
                .iter()
                .map(|h| self.at("tls.own_hosts", host(h)))
                .collect::<Checked<_>>()?,
            resolver: resolver.transpose()?,
            root_anchor: raw.root_anchor.clone(),
            smtp_port: raw.smtp_port,
            sts_port: raw.sts_port,
            sts_ca_file: raw.sts_ca_file.clone(),
        })
    }

    fn key(&self, text: &str) -> Checked<String> {
        let is_key = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let key = is_key
            .then(|| text.to_ascii_lowercase())
            .ok_or_else(|| "64 hex digits, as segl tls --export shows them".to_owned());
        self.at("tls.evidence_key", key)
    }

    pub(super) fn relay(&self, raw: &raw::Submission) -> Checked<Relay> {
        let profile = values::one_of(&raw.profile, &Profile::ALL);
        let api = Url::parse(raw.api.as_deref().unwrap_or(SENDGRID));
        let api = api
            .map_err(|e| e.to_string())
            .and_then(|url| match url.scheme() {
                "https" => Ok(url),
                _ => Err("https is needed".to_owned()),
            });
        Ok(Relay {
            profile: self.at("submission.profile", profile)?,
            api: self.at("submission.api", api)?,
            api_key_env: raw.api_key_env.clone(),
            located: raw.located.clone(),
        })
    }

    pub(super) fn honours(&self, raw: &raw::Submission) -> Checked<Vec<Honour>> {
        let all = raw.honours.iter();
        all.map(|w| self.at("submission.honours", values::one_of(w, &Honour::ALL)))
            .collect()
    }
}
