//! What somebody answered, and the settings that it makes.

use std::path::PathBuf;

use toml::{Table, Value};

use crate::{
    config::{OAuth, Security},
    mail::Address,
};

/// What stands at the top of settings that the first run wrote.
const HEAD: &str =
    "# Segl's settings, written at the first start. segl doctor says what is missing or wrong.\n\n";

/// The answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The name that mail is from, if one was given.
    pub name: String,
    /// The address that mail is from.
    pub address: Address,
    /// The mail server; none where IT's policy names it.
    pub server: Option<Chosen>,
    /// Where certificates are looked up.
    pub directory: Option<DirectoryAnswer>,
    /// Where a readable copy of each sent mail goes.
    pub copy: Option<PathBuf>,
}

/// A mail server that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is protected.
    pub security: Security,
    /// User name.
    pub username: String,
    /// How to sign in.
    pub way: Way,
}

/// How to sign in to a mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Not at all.
    None,
    /// With a password in the keyring.
    Password,
    /// With the browser, or a code on another device.
    OAuth(OAuth),
}

/// A directory that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryAnswer {
    /// Its name.
    pub name: String,
    /// `ldaps://` or `ldap://`; empty where nobody knows it yet.
    pub url: String,
    /// Where it begins.
    pub base: String,
    /// The certificate that certificates must end at; without one nobody is green.
    pub root: Option<PathBuf>,
    /// Whether the root must be that of the Danish state's organisation certificates.
    pub is_oces: bool,
}

impl Answers {
    /// The settings. Values are written by the TOML library, so none can be more than a value.
    pub(super) fn settings(&self, base: &Table) -> String {
        let mut table = base.clone();
        let mut sender = Table::new();
        let name: String = self
            .name
            .trim()
            .chars()
            .filter(|c| !crate::mail::is_forbidden(*c))
            .collect();
        if !name.is_empty() {
            sender.insert("name".to_owned(), name.into());
        }
        sender.insert("address".to_owned(), self.address.wire().into());
        table.insert("sender".to_owned(), vec![sender].into());
        if let Some(server) = &self.server {
            put_in(&mut table, "submission", server.settings());
        }
        if let Some(directory) = &self.directory {
            directory.put(&mut table);
        }
        if let Some(folder) = &self.copy {
            put_in(&mut table, "copy", one("folder", text(folder)));
        }
        // Tables of strings and numbers always serialise.
        format!("{HEAD}{}", toml::to_string(&table).unwrap_or_default())
    }
}

impl Chosen {
    fn settings(&self) -> Table {
        let security = match self.security {
            Security::ImplicitTls => "implicit-tls",
            Security::StartTls => "starttls",
        };
        let mut table = Table::new();
        let mut put = |key: &str, value: Value| table.insert(key.to_owned(), value);
        put("host", self.host.clone().into());
        put("port", i64::from(self.port).into());
        put("security", security.into());
        let auth = match &self.way {
            Way::None => "none",
            Way::Password => "password",
            Way::OAuth(_) => "xoauth2",
        };
        put("auth", auth.into());
        if self.way != Way::None {
            put("username", self.username.clone().into());
        }
        if let Way::OAuth(oauth) = &self.way {
            put("oauth", oauth_settings(oauth).into());
        }
        table
    }
}

fn oauth_settings(oauth: &OAuth) -> Table {
    let mut table = Table::new();
    let given = [
        ("issuer", oauth.issuer.clone()),
        (
            "authorization_endpoint",
            Some(oauth.authorization_endpoint.to_string()),
        ),
        ("token_endpoint", Some(oauth.token_endpoint.to_string())),
        (
            "device_endpoint",
            oauth.device_endpoint.as_ref().map(ToString::to_string),
        ),
        ("client_id", Some(oauth.client_id.clone())),
        ("client_secret", oauth.client_secret.clone()),
    ];
    for (key, value) in given {
        if let Some(value) = value {
            table.insert(key.to_owned(), value.into());
        }
    }
    table.insert("scopes".to_owned(), oauth.scopes.clone().into());
    table
}

impl DirectoryAnswer {
    fn put(&self, table: &mut Table) {
        if !self.url.is_empty() {
            let mut directory = Table::new();
            for (key, value) in [
                ("name", &self.name),
                ("url", &self.url),
                ("base", &self.base),
            ] {
                directory.insert(key.to_owned(), value.clone().into());
            }
            if self.url.starts_with("ldap://") {
                directory.insert("start_tls".to_owned(), true.into());
            }
            table.insert("directory".to_owned(), vec![directory].into());
        }
        if let Some(root) = &self.root {
            put_in(table, "trust", one("anchors", vec![text(root)].into()));
        }
    }
}

/// Puts keys into a section, which may have others already.
fn put_in(table: &mut Table, section: &str, more: Table) {
    match table.get_mut(section) {
        Some(Value::Table(present)) => present.extend(more),
        _ => {
            table.insert(section.to_owned(), Value::Table(more));
        }
    }
}

fn one(key: &str, value: Value) -> Table {
    Table::from_iter([(key.to_owned(), value)])
}

fn text(path: &std::path::Path) -> Value {
    path.to_string_lossy().into_owned().into()
}
