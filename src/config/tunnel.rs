//! `[tunnel]`: where the tunnel list comes from, and who vouches for it.

use std::path::PathBuf;

use jiff::SignedDuration;
use url::Url;

use super::{
    Config, Origin, raw,
    settings::{Checked, Reader},
    values,
};
use crate::{
    mail::{Address, Mailbox},
    tunnel::Mode,
};

/// Names of mailboxes that are tried at most: each is a question to every directory.
const MAX_MAILBOXES: usize = 10;

/// `[tunnel]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tunnel {
    /// Where IT names a list. None is needed: one may be imported.
    pub from: Option<ListFrom>,
    /// The certificate whose signature a list must have that came over the network and carries more than names.
    pub signer: Option<PathBuf>,
    /// Roots beside the operating system's, for the list's server.
    pub ca_file: Option<PathBuf>,
    /// How messages travel where the list does not say.
    pub default_mode: Mode,
    /// The firm's own main mailbox, which messages inside others are from; none where each is from its sender.
    pub main_mailbox: Option<Mailbox>,
    /// A list that is older is told.
    pub max_age: SignedDuration,
    /// Local parts of mailboxes under which gateways' certificates are usually found, in the order in which they count.
    pub mailboxes: Vec<String>,
}

/// Where a list is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFrom {
    /// A file.
    File(PathBuf),
    /// A server.
    Url(Url),
}

impl Config {
    /// Whether the machine's policy names the tunnel list: then nobody imports another.
    pub fn policy_names_tunnel_list(&self) -> bool {
        let keys = ["tunnel.list", "tunnel.url"];
        keys.iter()
            .any(|key| self.effective.origin(key) == Origin::Policy)
    }
}

impl Reader<'_> {
    pub(super) fn tunnel(&self, raw: &raw::Tunnel) -> Checked<Tunnel> {
        let from = match (&raw.list, &raw.url) {
            (Some(_), Some(_)) => {
                return Err(self.wrong("tunnel.url", "either a list or a url, not both"));
            }
            (Some(file), None) => Some(ListFrom::File(file.clone())),
            (None, Some(text)) => {
                let url = Url::parse(text).ok();
                let url = url.filter(|u| u.scheme() == "https" && u.host().is_some());
                let url = url.ok_or_else(|| format!("“{text}” is not an https URL"));
                Some(ListFrom::Url(self.at("tunnel.url", url)?))
            }
            (None, None) => None,
        };
        let modes = [Mode::Direct, Mode::Wrapped].map(|mode| (mode.code(), mode));
        if raw.mailboxes.len() > MAX_MAILBOXES {
            let most = format!("at most {MAX_MAILBOXES} names");
            return Err(self.wrong("tunnel.mailboxes", &most));
        }
        for name in &raw.mailboxes {
            let probe = Address::parse(&format!("{name}@x.example"));
            let probe = probe.map_err(|e| format!("“{name}” is not the name of a mailbox: {e}"));
            self.at("tunnel.mailboxes", probe)?;
        }
        let main_mailbox = raw.main_mailbox.as_deref().map(|text| {
            let read = Mailbox::parse(text).map_err(|e| format!("“{text}” is not a mailbox: {e}"));
            self.at("tunnel.main_mailbox", read)
        });
        Ok(Tunnel {
            main_mailbox: main_mailbox.transpose()?,
            from,
            signer: raw.signer.clone(),
            ca_file: raw.ca_file.clone(),
            default_mode: self.at(
                "tunnel.default_mode",
                values::one_of(&raw.default_mode, &modes),
            )?,
            max_age: self.at("tunnel.max_age", values::duration(&raw.max_age))?,
            mailboxes: raw.mailboxes.clone(),
        })
    }
}
