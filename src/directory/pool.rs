//! One connection to a directory, shared by all searches, opened once however many wait for it.
//!
//! After a failure the directory is left alone for a moment, and the failure is the answer: typing is never slowed by a
//! directory that is down, and a wrong password is not sent until the account is locked.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    task::spawn_blocking,
    time::{Instant, timeout},
};

use super::{
    Freshness,
    answer::FailureCode,
    fault::Fault,
    settings::{Bind, PasswordError},
};
use crate::net::{Credentials, LdapConnection, LdapFault, LdapServer};

/// How long an unused connection is kept: shorter than what firewalls forget after.
const IDLE: Duration = Duration::from_mins(1);
/// How long a directory is left alone after a failure.
const PAUSE: Duration = Duration::from_secs(5);
/// How long it is left alone after it refused the bind: each attempt may count against the account.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_mins(1);

/// Opens, keeps and gives out the connection.
pub(super) struct Pool {
    server: LdapServer,
    bind: Option<Bind>,
    connect_timeout: Duration,
    slot: Mutex<Slot>,
}

#[derive(Default)]
struct Slot {
    connection: Option<Arc<LdapConnection>>,
    failed: Option<Failed>,
}

struct Failed {
    at: Instant,
    fault: Fault,
}

/// A connection to search on.
pub(super) struct Lease {
    pub(super) connection: Arc<LdapConnection>,
    /// Whether it stood open before, so that it may be dead without anybody having noticed.
    pub(super) was_kept: bool,
}

impl Pool {
    pub(super) fn new(server: LdapServer, bind: Option<Bind>, connect_timeout: Duration) -> Self {
        Self {
            server,
            bind,
            connect_timeout,
            slot: Mutex::default(),
        }
    }

    /// The open connection, or a new one. `began` is when the search was asked for: a failure since then is its answer
    /// too, so that many searches share one attempt even if each of them is to be made now.
    pub(super) async fn connection(
        &self,
        began: Instant,
        freshness: Freshness,
    ) -> Result<Lease, Fault> {
        // Held while connecting: the others wait here for this attempt.
        let mut slot = self.slot.lock().await;
        if let Some(connection) = slot.connection.as_ref().filter(|c| c.is_open()) {
            let connection = Arc::clone(connection);
            return Ok(Lease {
                connection,
                was_kept: true,
            });
        }
        if let Some(failed) = &slot.failed
            && (failed.at >= began || (freshness == Freshness::Recent && failed.is_recent()))
        {
            return Err(failed.fault.clone());
        }
        match self.open().await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                *slot = Slot {
                    connection: Some(Arc::clone(&connection)),
                    failed: None,
                };
                Ok(Lease {
                    connection,
                    was_kept: false,
                })
            }
            Err(fault) => {
                *slot = Slot {
                    connection: None,
                    failed: Some(Failed::now(&fault)),
                };
                Err(fault)
            }
        }
    }

    /// Gives up a connection on which the directory fell silent, and leaves the directory alone for a moment.
    pub(super) async fn give_up(&self, connection: &Arc<LdapConnection>, fault: &Fault) {
        let mut slot = self.slot.lock().await;
        // Another search may have done so already, and a third opened a new one.
        if slot
            .connection
            .as_ref()
            .is_some_and(|c| Arc::ptr_eq(c, connection))
        {
            *slot = Slot {
                connection: None,
                failed: Some(Failed::now(fault)),
            };
        }
    }

    async fn open(&self) -> Result<LdapConnection, Fault> {
        let credentials = match &self.bind {
            Some(bind) => Some(self.credentials(bind).await?),
            None => None,
        };
        LdapConnection::open(
            &self.server,
            credentials.as_ref(),
            self.connect_timeout,
            IDLE,
        )
        .await
        .map_err(Fault::from)
    }

    /// Fetches the password, which may ask a keyring: off the threads that carry connections.
    async fn credentials(&self, bind: &Bind) -> Result<Credentials, Fault> {
        let fetch = Arc::clone(&bind.password);
        let fetched = timeout(self.connect_timeout, spawn_blocking(move || fetch())).await;
        let refused = |cause: PasswordError| Fault::of(FailureCode::Refused, &NoPassword(cause));
        let password = match fetched {
            Ok(Ok(password)) => password.map_err(refused)?,
            Ok(Err(panicked)) => return Err(refused(panicked.into())),
            Err(_elapsed) => return Err(LdapFault::Timeout.into()),
        };
        Ok(Credentials {
            dn: bind.dn.clone(),
            password,
        })
    }
}

/// The password for the bind cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("no password to bind with")]
struct NoPassword(#[source] PasswordError);

impl Failed {
    fn now(fault: &Fault) -> Self {
        Self {
            at: Instant::now(),
            fault: fault.clone(),
        }
    }

    fn is_recent(&self) -> bool {
        let pause = match self.fault.code {
            FailureCode::Refused => PAUSE_AFTER_REFUSAL,
            _ => PAUSE,
        };
        self.at.elapsed() < pause
    }
}
