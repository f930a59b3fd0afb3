//! From settings to parts: directories, mail server, secrets.

use std::{sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::{Segl, SendError, imported::Imported, lookup::Asked, trust::TrustError};
use crate::{
    config::{self, Config},
    directory::{self, Bind, FileDirectory, LdapDirectory, SettingsError},
    keys::{self, KeySource},
    mail::Digest,
    net::{Dates, Roots, RootsError},
    submit::{self, AccessTokens, Secret, Timeouts, TokenCommand, Tokens},
};

/// How long a token command may take.
const TOKEN_LIMIT: Duration = Duration::from_secs(30);

/// Why Segl cannot be set up as the settings say. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file of anchors or intermediates.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A directory.
    #[error("directory “{name}”: {cause}")]
    Directory {
        /// Its name.
        name: String,
        /// What is wrong with its settings.
        #[source]
        cause: SettingsError,
    },
    /// The sign-in server.
    #[error("the sign-in server: {0}")]
    SignIn(RootsError),
}

/// Why there is no password for a bind.
#[derive(Debug, thiserror::Error)]
#[error("no password for the directory is set")]
struct NoPassword;

pub(super) fn directories(
    config: &Config,
    source: &KeySource,
    dates: &Dates,
) -> Result<Vec<Asked>, OpenError> {
    let mut asked = Vec::new();
    for settings in &config.directories {
        let named = |cause| OpenError::Directory {
            name: settings.name.clone(),
            cause,
        };
        let directory = ldap(settings, source, dates).map_err(named)?;
        asked.push(Asked {
            directory: Box::new(directory),
            kept_as: Some(kept_as(settings)),
        });
    }
    if !config.certificate_files.is_empty() {
        let files = FileDirectory::new(config.certificate_files.clone());
        asked.push(Asked {
            directory: Box::new(files),
            kept_as: None,
        });
    }
    asked.push(Asked {
        directory: Box::new(Imported::new(&config.data)),
        kept_as: None,
    });
    Ok(asked)
}

/// The name under which a directory's answers are kept.
pub(super) fn kept_as(settings: &config::Directory) -> String {
    let fields = [
        &settings.name,
        &settings.url,
        &settings.base,
        &settings.filter,
    ];
    Digest::of_fields(fields.map(String::as_bytes)).to_string()
}

fn ldap(
    settings: &config::Directory,
    source: &KeySource,
    dates: &Dates,
) -> Result<LdapDirectory, SettingsError> {
    let roots = match &settings.ca_file {
        Some(file) => Roots::only(file)?,
        None => Roots::system_and(None)?,
    };
    let bind = settings.bind_dn.clone().map(|dn| Bind {
        dn,
        password: bind_password(settings, source.clone()),
    });
    let settings = directory::Settings {
        name: settings.name.clone(),
        url: settings.url.clone(),
        base: settings.base.clone(),
        filter: settings.filter.clone(),
        attributes: settings.attributes.clone(),
        roots,
        start_tls: settings.start_tls,
        allow_plaintext: settings.allow_plaintext,
        bind,
        trust_binding: settings.trust_binding,
        connect_timeout: settings.connect_timeout,
        search_timeout: settings.search_timeout,
        size_limit: settings.size_limit,
    };
    LdapDirectory::with_dates(settings, dates)
}

fn bind_password(settings: &config::Directory, source: KeySource) -> directory::Password {
    let (name, variable) = (settings.name.clone(), settings.password_env.clone());
    Arc::new(move || {
        let password = keys::password(&name, variable.as_deref(), &source)?.ok_or(NoPassword)?;
        Ok(Zeroizing::new(password.expose().to_owned()))
    })
}

impl Segl {
    /// The mail server's settings with their secrets. Blocks on the keyring.
    /// Keeps the password of the mail server where the settings look for it. Blocks on the keyring.
    pub fn set_password(&self, password: &keys::Password) -> Result<(), keys::KeyError> {
        keys::set_password("submission", password, self.door.source())
    }

    pub(super) fn submission(&self) -> Result<submit::Settings, SendError> {
        let settings = self
            .config
            .submission
            .as_ref()
            .ok_or(SendError::NoMailServer)?;
        let roots = Roots::system_and(settings.ca_file.as_deref()).map_err(no_roots)?;
        let auth = match &settings.auth {
            config::Auth::None => submit::Auth::None,
            config::Auth::Password { username, secret } => {
                let variable = match secret {
                    config::SubmissionSecret::Environment(variable) => Some(variable.as_str()),
                    config::SubmissionSecret::Keyring => None,
                };
                let found = keys::password("submission", variable, self.door.source())?;
                let password = found.ok_or(SendError::NoPassword)?;
                submit::Auth::Password {
                    username: username.clone(),
                    password: Secret::new(password.expose().to_owned()),
                }
            }
            config::Auth::Xoauth2 { username, token } => submit::Auth::Xoauth2 {
                username: username.clone(),
                token: self.tokens(token)?,
            },
        };
        let security = match settings.security {
            config::Security::ImplicitTls => submit::Security::ImplicitTls,
            config::Security::StartTls => submit::Security::StartTls,
        };
        Ok(submit::Settings {
            host: settings.host.clone(),
            port: settings.port,
            security,
            auth,
            roots,
            timeouts: Timeouts::default(),
        })
    }
}

impl Segl {
    fn tokens(&self, from: &config::TokenFrom) -> Result<Tokens, SendError> {
        match from {
            config::TokenFrom::Command(command) => {
                let (program, arguments) = command.split_first().ok_or(SendError::NoPassword)?;
                Ok(Tokens::Command(TokenCommand {
                    program: program.clone(),
                    arguments: arguments.to_vec(),
                    limit: TOKEN_LIMIT,
                }))
            }
            config::TokenFrom::SignIn(_) => {
                let sign_in = self.sign_in().ok_or(SendError::NoPassword)?;
                Ok(Tokens::SignIn(Arc::clone(sign_in) as Arc<dyn AccessTokens>))
            }
        }
    }
}

fn no_roots(cause: RootsError) -> SendError {
    SendError::Submit(cause.into())
}
