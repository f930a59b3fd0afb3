//! Whether directories and mail server answer: for `doctor` and the first start. Sends nothing.

use std::time::Duration;

use tokio::time::Instant;

use super::{Clock, Segl, SendError};
use crate::{
    directory::{Failure, Freshness},
    net::TlsFacts,
    submit::Session,
};

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
        if let Some(sender) = self.config.senders.first() {
            for asked in &self.directories {
                let begun = Instant::now();
                let answer = asked
                    .directory
                    .find(&sender.mailbox.address, clock(), Freshness::Now)
                    .await;
                let name = asked.directory.name().to_owned();
                // Certificates from files are no server: they are worth a word only where they cannot be read.
                if asked.kept_as.is_none() && answer.failure.is_none() {
                    continue;
                }
                probes.push(Probe::Directory {
                    name,
                    failure: answer.failure,
                    took: begun.elapsed(),
                });
            }
        }
        if self.config.submission.is_some() {
            probes.push(self.probe_server(clock).await);
        }
        probes
    }

    async fn probe_server(&self, clock: Clock<'_>) -> Probe {
        let settings = match self.submission() {
            Ok(settings) => settings,
            Err(cause) => return Probe::NoServer(cause),
        };
        match Session::open(settings).await {
            Err(cause) => Probe::NoServer(cause.into()),
            Ok(session) => {
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
