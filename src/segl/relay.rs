//! What the firm's own mail server or relay service promises: proven by a mail that came back, or said by the service.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Segl, SendError};
use crate::{
    config,
    keys::{self, KeyError},
    mail::Digest,
    net::{Reach, Roots},
    record::{Evidence, Log, RecordError},
    relay::{Account, AccountFault, Bounce, BounceFault, Profile, SendGrid, bounce},
    store::StoreError,
};

/// Under this name the store keeps what the service said of the account.
const ACCOUNT_FACT: &str = "account-of-relay";
/// Under this name the store keeps that a rule of the server was proven.
const PROVEN_FACT: &str = "relay-proven";
/// What a service said counts for so long: its settings can be changed by others at any time.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// A rule that was proven counts for so long.
const PROOF: SignedDuration = SignedDuration::from_hours(24 * 180);

/// What was proven, of which server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Proven {
    host: String,
    profile: String,
}

/// Why a relay is not known to keep a promise.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// This profile promises nothing that could be tested.
    #[error("this profile promises nothing")]
    NothingToTest,
    /// There are no settings for a mail server.
    #[error("there is no mail server")]
    NoServer,
    /// The service did not tell.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// The file is no proof.
    #[error(transparent)]
    Bounce(#[from] BounceFault),
    /// The mail that came back is none that was sent with the header field.
    #[error("{0} was not sent from here with the header field")]
    OtherMail(String),
    /// The key of the store, or of the service, is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The record cannot be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Segl {
    /// Asks the service about the firm's account, now, and keeps the answer.
    pub async fn relay_account(&self, at: Timestamp) -> Result<Account, RelayError> {
        let server = self
            .config
            .submission
            .as_ref()
            .ok_or(RelayError::NoServer)?;
        if server.relay.profile != Profile::SendGrid {
            return Err(RelayError::NothingToTest);
        }
        let relay = &server.relay;
        let key = keys::password("relay", relay.api_key_env.as_deref(), self.door.source())?;
        let key = key.ok_or(AccountFault::NoKey)?;
        let roots = Roots::system_and(server.ca_file.as_deref()).map_err(AccountFault::Roots)?;
        let reach = if self.config.allow_private {
            Reach::Anywhere
        } else {
            Reach::Public
        };
        let service = SendGrid::new(relay.api.clone(), &roots, reach)?;
        let account = service.account(key.expose()).await?;
        if let (Some(store), Ok(json)) = (self.answers_store(), serde_json::to_string(&account)) {
            // What cannot be kept is asked again.
            let _kept = store.set_fact(ACCOUNT_FACT, &json, at);
        }
        Ok(account)
    }

    /// Before a mail goes out in the clear through a service: whether the service tracks who opens it. What cannot be
    /// asked is not known to be off.
    pub(super) async fn check_tracking(&self, at: Timestamp) -> Result<(), SendError> {
        let profile = self.profile();
        if profile != Profile::SendGrid || self.config.allows_tracking {
            return Ok(());
        }
        let account = match self.kept_account(at) {
            Some(account) => account,
            None => self.relay_account(at).await.map_err(SendError::Relay)?,
        };
        if account.tracks.is_empty() {
            Ok(())
        } else {
            Err(SendError::Tracked(account.tracks))
        }
    }

    /// Takes a mail that came back as proof that the server's rule holds: it must be one that was sent from here, not
    /// encrypted, with the header field, and have come back for want of TLS.
    pub fn prove_relay(&self, octets: &[u8], at: Timestamp) -> Result<Bounce, RelayError> {
        let server = self
            .config
            .submission
            .as_ref()
            .ok_or(RelayError::NoServer)?;
        if server.relay.profile != Profile::Exchange {
            return Err(RelayError::NothingToTest);
        }
        let found = bounce(octets)?;
        let vault = self.vault()?;
        let log = Log::open(vault.folder(), Some(vault.key()))?;
        let sent = log.sendings()?;
        let is_it = |intent: &crate::record::Intent| {
            let bare = |id: &str| id.trim_matches(['<', '>']).to_owned();
            bare(&intent.message_id) == bare(&found.message_id)
                && intent.relay.as_deref() == Some(Profile::Exchange.code())
                && intent.deliveries.iter().any(|d| d.route == "tls")
        };
        let intents = sent
            .iter()
            .filter_map(|s| Some((s.seq, s.intent.as_ref()?)));
        let mut about = intents
            .filter(|(_, intent)| is_it(intent))
            .map(|(seq, _)| seq);
        let about = about.next_back();
        if about.is_none() {
            return Err(RelayError::OtherMail(found.message_id));
        }
        let evidence = Evidence {
            code: "relay-proven".to_owned(),
            sha256: Digest::of(octets).to_string(),
            content: serde_json::json!({
                "host": server.host, "profile": Profile::Exchange.code(), "message_id": found.message_id,
                "status": found.status, "diagnostic": found.diagnostic,
            }),
            about,
        };
        vault.record(at)?.append(evidence, at)?;
        let proven = Proven {
            host: server.host.clone(),
            profile: Profile::Exchange.code().to_owned(),
        };
        let json = serde_json::to_string(&proven).unwrap_or_default();
        vault.store().set_fact(PROVEN_FACT, &json, at)?;
        Ok(found)
    }

    /// Which kind of server mail is submitted to.
    pub(super) fn profile(&self) -> Profile {
        let server = self.config.submission.as_ref();
        server.map_or_else(Profile::default, |s| s.relay.profile)
    }

    /// When a rule of the server was proven to force TLS, where that still counts.
    pub fn relay_proven(&self, at: Timestamp) -> Option<Timestamp> {
        let server = self.config.submission.as_ref()?;
        let fact = self.answers_store()?.fact(PROVEN_FACT).ok().flatten()?;
        let proven: Proven = serde_json::from_str(&fact.value).ok()?;
        let is_this = proven.host == server.host && proven.profile == server.relay.profile.code();
        let age = at.duration_since(fact.at);
        (is_this && !age.is_negative() && age <= PROOF).then_some(fact.at)
    }

    /// Whether the server or service is known to deliver over TLS or not at all.
    pub(super) fn relay_forces_tls(&self, at: Timestamp) -> bool {
        match self.profile() {
            Profile::Generic => false,
            Profile::Exchange => self.relay_proven(at).is_some(),
            Profile::SendGrid => self.kept_account(at).is_some_and(|a| a.guarantees()),
        }
    }

    fn kept_account(&self, at: Timestamp) -> Option<Account> {
        let fact = self.answers_store()?.fact(ACCOUNT_FACT).ok().flatten()?;
        let age = at.duration_since(fact.at);
        let is_fresh = !age.is_negative() && age <= FRESH;
        is_fresh.then(|| serde_json::from_str(&fact.value).ok())?
    }

    /// The server's name, and where it may keep what it relays, in the firm's own words.
    pub fn relay_shown(&self) -> Option<(String, Option<String>)> {
        let server: &config::Submission = self.config.submission.as_ref()?;
        Some((server.host.clone(), server.relay.located.clone()))
    }
}
