//! Waiting for somebody to get a certificate: addresses that were asked for one, looked up again once a day and at each
//! start, until they can be encrypted to, the user ends it, or 90 days are over.
//!
//! The list lies sealed in the store, for whom one waits for is confidential. Programs take turns by a lock, and what
//! there is to tell is marked as told before it is told: of several windows exactly one says it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Ask, Clock, DraftError, Segl, Vault};
use crate::{
    decide::Light,
    disk::Lock,
    mail::{Address, Mailbox},
    store::StoreError,
};

/// Under this name the store keeps the list.
const FACT: &str = "watched-for-certificates";
/// The lock beside the store.
const LOCK: &str = "watch.lock";
/// Between two looks.
const PAUSE: SignedDuration = SignedDuration::from_hours(24);
/// How long a watch goes on.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 90);
/// How long somebody who can be encrypted to stays on the list, so that nobody misses it.
const AFTERWARDS: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Somebody who is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Whom.
    pub mailbox: Mailbox,
    /// Since when.
    pub since: Timestamp,
    /// When the directories were last asked for it.
    pub looked: Option<Timestamp>,
    /// When it was found that mail can be encrypted.
    pub green: Option<Timestamp>,
}

/// What a look brought, each told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// This recipient can now get encrypted mail.
    Green(Mailbox),
    /// Nobody waits any longer: 90 days are over.
    Ended(Mailbox),
}

impl Awaited {
    /// When it ends by itself.
    pub fn ends(&self) -> Timestamp {
        self.since.checked_add(LIFE).unwrap_or(Timestamp::MAX)
    }

    fn is_due(&self, now: Timestamp, pause: SignedDuration) -> bool {
        // A look in the future: the clock was set back.
        self.green.is_none()
            && self
                .looked
                .is_none_or(|t| t > now || now.duration_since(t) >= pause)
    }
}

impl Segl {
    /// Everybody who is waited for, the newest first.
    pub fn awaited(&self) -> Result<Vec<Awaited>, DraftError> {
        read(&*self.vault()?)
    }

    /// Waits for a certificate of this recipient. Whoever is waited for already begins anew.
    pub fn wait_for_certificate(&self, mailbox: &Mailbox, at: Timestamp) -> Result<(), DraftError> {
        self.change_awaited(at, |awaited| {
            awaited.retain(|w| w.mailbox.address != mailbox.address);
            awaited.insert(
                0,
                Awaited {
                    mailbox: mailbox.clone(),
                    since: at,
                    looked: None,
                    green: None,
                },
            );
        })
    }

    /// Waits no longer.
    pub fn stop_waiting(&self, address: &Address, at: Timestamp) -> Result<(), DraftError> {
        self.change_awaited(at, |awaited| {
            awaited.retain(|w| w.mailbox.address != *address);
        })
    }

    /// Looks everybody up whose turn it is, as old as answers of the directories may be. At a start everybody's turn has
    /// come whose last look was not just now. Nothing is told while another program looks: it tells.
    pub async fn look_for_certificates(
        &self,
        is_start: bool,
        clock: Clock<'_>,
    ) -> Result<Vec<News>, DraftError> {
        let pause = if is_start {
            self.config.policy.directory_negative
        } else {
            PAUSE
        };
        let vault = self.vault()?;
        // Held over the lookups: another window would ask the same again, and tell it again.
        let path = vault.folder().join("watch-looking.lock");
        let Some(_turn) = Lock::now(&path).map_err(StoreError::from)? else {
            return Ok(Vec::new());
        };
        let due: Vec<Address> = read(&vault)?
            .into_iter()
            .filter(|w| w.is_due(clock(), pause))
            .map(|w| w.mailbox.address)
            .collect();
        let (mut green, mut answered) = (Vec::new(), Vec::new());
        for address in &due {
            let found = self.assess(address, Ask::IfNotFresh, clock).await;
            // A directory that is down was not asked: its turn comes again at the next look, not tomorrow.
            if found.failures().is_empty() {
                answered.push(address.clone());
            }
            if found.route(&self.config.policy).light() == Light::Green {
                green.push(address.clone());
            }
        }
        let now = clock();
        let mut news = Vec::new();
        self.change_awaited(now, |awaited| {
            for one in awaited.iter_mut() {
                if answered.contains(&one.mailbox.address) {
                    one.looked = Some(now);
                }
                if green.contains(&one.mailbox.address) && one.green.is_none() {
                    one.green = Some(now);
                    news.push(News::Green(one.mailbox.clone()));
                }
            }
            awaited.retain(|one| {
                let over = one.green.is_none() && now >= one.ends();
                if over {
                    news.push(News::Ended(one.mailbox.clone()));
                }
                let is_old = |t: Timestamp| now.duration_since(t) > AFTERWARDS;
                !over && !one.green.is_some_and(is_old)
            });
        })?;
        Ok(news)
    }

    fn change_awaited(
        &self,
        at: Timestamp,
        change: impl FnOnce(&mut Vec<Awaited>),
    ) -> Result<(), DraftError> {
        let vault = self.vault()?;
        let _lock = Lock::wait(&vault.folder().join(LOCK)).map_err(StoreError::from)?;
        let mut awaited = read(&vault)?;
        let before = awaited.clone();
        change(&mut awaited);
        if awaited != before {
            let json = serde_json::to_string(&awaited)?;
            vault.store().set_fact(FACT, &json, at)?;
        }
        Ok(())
    }
}

fn read(vault: &Vault) -> Result<Vec<Awaited>, DraftError> {
    match vault.store().fact(FACT)? {
        Some(fact) => Ok(serde_json::from_str(&fact.value)?),
        None => Ok(Vec::new()),
    }
}
