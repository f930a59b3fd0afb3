//! The first run on a computer without settings: find the mail server, sign in, try everything, and only then write the
//! settings.
//!
//! Until the last step nothing but a sign-in or password is kept, and that sealed or in the keyring; and what left this
//! computer, the mail to oneself, stands in the send log, which begins with it. The settings file appears whole or not at all, and never in place of one that is there. Invents nothing: no trust anchor, no directory.

mod answers;

use std::path::PathBuf;

pub use answers::{Answers, Chosen, DirectoryAnswer, Way};

use super::{DeviceCode, OpenError, Segl, SignInError};
use crate::{
    cert::{Certificate, certificates, known_root},
    config::{self, Config, ConfigError, Paths},
    discovery::{self, Discovery, Findings, Server},
    disk::{self, DiskError},
    keys::{self, KeyError, KeySource, Password},
    mail::Address,
    net::{Page, RootsError},
};

/// The first run.
pub struct FirstRun {
    paths: Paths,
    account: String,
    discovery: Option<Discovery>,
    /// What is in the settings beside the answers: tests have their own roots and key.
    base: toml::Table,
}

/// A server that was found, with the ways to sign in to it that this computer has.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The server.
    pub server: Server,
    /// How one can sign in; the best first.
    pub ways: Vec<Way>,
    /// The provider signs in with the browser, and nobody has said under which name Segl is registered there.
    pub lacks_client: bool,
}

/// Why the first run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum FirstRunError {
    /// The answers do not make settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Segl does not open with them.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Nobody could be signed in.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The password cannot be kept.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There are settings already.
    #[error("there are settings at {}", .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The root certificate cannot be read, or is not the one that it should be.
    #[error("{} is not the root certificate: {why}", file.display())]
    Root {
        /// The file.
        file: PathBuf,
        /// What it is instead.
        why: RootFault,
    },
    /// No roots to ask anybody with.
    #[error(transparent)]
    Roots(#[from] RootsError),
}

/// What is wrong with a root certificate that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RootFault {
    /// Not one readable certificate.
    #[error("not one readable certificate")]
    Unreadable,
    /// Another certificate than the root that was asked for.
    #[error("another certificate")]
    Another,
    /// A root for testing, which protects nobody.
    #[error("a root for testing")]
    Test,
}

impl FirstRun {
    /// On this computer.
    pub fn new(paths: Paths, account: String) -> Self {
        Self {
            paths,
            account,
            discovery: None,
            base: toml::Table::new(),
        }
    }

    /// The same with another internet.
    #[must_use]
    pub fn with_discovery(mut self, discovery: Discovery) -> Self {
        self.discovery = Some(discovery);
        self
    }

    /// The same with these settings beside the answers.
    #[must_use]
    pub fn with_base(mut self, base: toml::Table) -> Self {
        self.base = base;
        self
    }

    /// Looks for the mail server of an address. Must be called where tokio runs.
    pub async fn find(
        &self,
        address: &Address,
    ) -> Result<(Vec<Proposal>, Findings), FirstRunError> {
        let discovery = match &self.discovery {
            Some(discovery) => discovery.clone(),
            None => Discovery::of_system()?,
        };
        let registered = self.registered();
        let mut findings = discovery.find(address).await;
        let servers = std::mem::take(&mut findings.servers);
        let proposals = servers
            .into_iter()
            .map(|server| proposal(server, registered.as_ref()))
            .collect();
        Ok((proposals, findings))
    }

    /// The ways to sign in to a server that somebody typed.
    pub fn ways_by_hand(&self) -> Vec<Way> {
        let registered = self.registered().map(Way::OAuth);
        std::iter::once(Way::Password)
            .chain(registered)
            .chain([Way::None])
            .collect()
    }

    /// Signs in with the browser.
    pub async fn with_browser(
        &self,
        answers: &Answers,
        page: &Page,
        open: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<(), FirstRunError> {
        let segl = self.segl(answers)?;
        let sign_in = segl.sign_in().ok_or(SignInError::Nobody)?;
        Ok(sign_in.with_browser(page, open).await?)
    }

    /// Signs in with a code on another device.
    pub async fn with_device(
        &self,
        answers: &Answers,
        show: &(dyn Fn(&DeviceCode) + Send + Sync),
    ) -> Result<(), FirstRunError> {
        let segl = self.segl(answers)?;
        let sign_in = segl.sign_in().ok_or(SignInError::Nobody)?;
        Ok(sign_in.with_device(show).await?)
    }

    /// Keeps the password of the mail server in the keyring. Blocks.
    pub fn keep_password(
        &self,
        answers: &Answers,
        password: &Password,
    ) -> Result<(), FirstRunError> {
        let config = self.config(answers)?;
        let source = config.key_file.map_or(KeySource::Keyring, KeySource::File);
        Ok(keys::set_password("submission", password, &source)?)
    }

    /// Segl as it would be with these answers, to try it.
    pub fn trial(&self, answers: &Answers) -> Result<Segl, FirstRunError> {
        self.segl(answers)
    }

    /// Writes the settings: whole or not at all, and never over existing ones. Gives Segl as it now is. Blocks.
    pub fn finish(&self, answers: &Answers) -> Result<Segl, FirstRunError> {
        // What does not open is not written.
        self.segl(answers)?;
        let file = &self.paths.file;
        if file.exists() {
            return Err(FirstRunError::Exists(file.clone()));
        }
        if let Some(folder) = file.parent() {
            disk::private_dir(folder)?;
        }
        let text = self.text(answers);
        if !disk::place_once(file, text.as_bytes())? {
            return Err(FirstRunError::Exists(file.clone()));
        }
        Ok(Segl::open(
            Config::load(&self.paths)?,
            self.account.clone(),
        )?)
    }

    /// Whether a file holds the root certificate of the Danish state's organisation certificates, by its fingerprint.
    pub fn is_oces_root(file: &std::path::Path) -> Result<(), RootFault> {
        let octets =
            super::read_input(Some(file), 1 << 20).map_err(|_unreadable| RootFault::Unreadable)?;
        let found: Vec<Certificate> = certificates(&octets)
            .map_err(|_unreadable| RootFault::Unreadable)?
            .into_iter()
            .filter_map(Result::ok)
            .collect();
        let [root] = &*found else {
            return Err(RootFault::Unreadable);
        };
        match known_root(root) {
            Some((_, false)) => Ok(()),
            Some((_, true)) => Err(RootFault::Test),
            None => Err(RootFault::Another),
        }
    }

    fn segl(&self, answers: &Answers) -> Result<Segl, FirstRunError> {
        Ok(Segl::open(self.config(answers)?, self.account.clone())?)
    }

    fn config(&self, answers: &Answers) -> Result<Config, FirstRunError> {
        let directory = answers.directory.as_ref().filter(|d| d.is_oces);
        if let Some(file) = directory.and_then(|d| d.root.as_ref()) {
            Self::is_oces_root(file).map_err(|why| FirstRunError::Root {
                file: file.clone(),
                why,
            })?;
        }
        Ok(Config::of_text(&self.paths, self.text(answers))?)
    }

    fn text(&self, answers: &Answers) -> String {
        answers.settings(&self.base)
    }

    /// The sign-in server that IT's policy names, with Segl's name there.
    fn registered(&self) -> Option<config::OAuth> {
        let text = toml::to_string(&self.base).unwrap_or_default();
        Config::of_text(&self.paths, text).ok()?.oauth
    }
}

impl Proposal {
    /// How it is protected.
    pub fn security(&self) -> config::Security {
        match self.server.security {
            discovery::Security::ImplicitTls => config::Security::ImplicitTls,
            discovery::Security::StartTls => config::Security::StartTls,
        }
    }

    /// The server as an answer.
    pub fn chosen(&self, username: &str, way: Way) -> Chosen {
        Chosen {
            host: self.server.host.clone(),
            port: self.server.port,
            security: self.security(),
            username: username.to_owned(),
            way,
        }
    }
}

fn proposal(server: Server, registered: Option<&config::OAuth>) -> Proposal {
    use discovery::SignIn;
    let host = |text: &str| url::Url::parse(text).ok()?.host_str().map(str::to_owned);
    let registered = registered.cloned();
    let mut ways = Vec::new();
    let mut lacks_client = false;
    match server.provider.map(|p| p.sign_in) {
        Some(SignIn::OAuth(endpoints)) => {
            // A name that is registered elsewhere is none here.
            let here = registered.filter(|r| {
                r.authorization_endpoint.host_str() == host(endpoints.authorization).as_deref()
            });
            lacks_client = here.is_none();
            ways.extend(here.map(Way::OAuth));
        }
        None if server.takes_tokens => ways.extend(registered.map(Way::OAuth)),
        Some(SignIn::Password | SignIn::AppPassword) | None => {}
    }
    ways.push(Way::Password);
    Proposal {
        server,
        ways,
        lacks_client,
    }
}
