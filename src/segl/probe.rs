//! Whether directories and mail server answer: for `doctor` and the first start. Sends nothing.

use std::time::Duration;

use tokio::time::Instant;

use super::{Clock, Segl, SendError};
use crate::{
    directory::{Failure, Freshness},
    net::TlsFacts,
    submit::Session,
};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probed {
    /// A directory: its place among all, and its name. Certificates from files are no server: they are worth a word
    /// only where they cannot be read.
    Directory {
        /// Its place among all.
        index: usize,
        /// Its name.
        name: String,
        /// Whether it is a server.
        is_server: bool,
    },
    /// The mail server.
    Server,
}

/// What one server said.
#[derive(Debug)]
pub enum Probe {
    /// A directory, asked for the sender's own address.
    Directory {
        /// Its name.
        name: String,
        /// Why it could not say, if it could not.
        failure: Option<Failure>,
        /// How long it took.
        took: Duration,
    },
    /// The mail server: reached, verified, signed in.
    Server {
        /// The connection.
        tls: TlsFacts,
        /// The size that it takes, where it says so.
        size: Option<u64>,
    },
    /// The mail server could not be used.
    NoServer(SendError),
}

impl Segl {
    /// Asks everything that the settings name. The only address that leaves is the sender's own.
    pub async fn probe(&self, clock: Clock<'_>) -> Vec<Probe> {
        let mut probes = Vec::new();
        for probed in self.probed() {
            probes.extend(self.probe_one(&probed, clock).await);
        }
        probes
    }

    /// What there is to ask: directories first, the mail server last.
    pub fn probed(&self) -> Vec<Probed> {
        let mut probed = Vec::new();
        if !self.config.senders.is_empty() {
            probed.extend(self.directories.iter().enumerate().map(|(index, asked)| {
                Probed::Directory {
                    index,
                    name: asked.directory.name().to_owned(),
                    is_server: asked.kept_as.is_some(),
                }
            }));
        }
        probed.extend(self.config.submission.is_some().then_some(Probed::Server));
        probed
    }

    /// Asks one of them. None where there is nothing to say.
    pub async fn probe_one(&self, probed: &Probed, clock: Clock<'_>) -> Option<Probe> {
        let Probed::Directory { index, name, .. } = probed else {
            return Some(self.probe_server(clock).await);
        };
        let asked = self.directories.get(*index)?;
        let sender = self.config.senders.first()?;
        let begun = Instant::now();
        let answer = asked
            .directory
            .find(&sender.mailbox.address, clock(), Freshness::Now)
            .await;
        if asked.kept_as.is_none() && answer.failure.is_none() {
            return None;
        }
        Some(Probe::Directory {
            name: name.clone(),
            failure: answer.failure,
            took: begun.elapsed(),
        })
    }

    async fn probe_server(&self, clock: Clock<'_>) -> Probe {
        let settings = match self.submission() {
            Ok(settings) => settings,
            Err(cause) => return Probe::NoServer(cause),
        };
        match Session::open(settings).await {
            Err(cause) => Probe::NoServer(cause.into()),
            Ok(session) => {
                self.hear_server(&session);
                if let Some(vault) = self.door.opened() {
                    super::send::remember_server(&vault, &session, clock());
                }
                let probe = Probe::Server {
                    tls: session.tls().clone(),
                    size: session.facts().size(),
                };
                session.close().await;
                probe
            }
        }
    }
}
