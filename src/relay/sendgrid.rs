//! What Twilio SendGrid says of the firm's account: whether it enforces TLS on the way on, and what it tracks. By its
//! web interface (v3), read only.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::net::{Answer, HttpFault, Https, Names, Reach, Roots, RootsError};

/// For each of the two questions.
const DEADLINE: Duration = Duration::from_secs(10);
/// Octets of an answer at most.
const MAX_ANSWER: usize = 64 * 1024;

/// Where the service is asked.
pub struct SendGrid {
    https: Https,
    base: Url,
}

/// What it says of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Whether it delivers over TLS or not at all.
    pub requires_tls: bool,
    /// From which version on, as it writes it: `1.2`.
    pub from_version: String,
    /// Whether the recipient's certificate must be valid.
    pub requires_valid_certificate: bool,
    /// What is tracked in the mail of this account, by its own names.
    pub tracks: Vec<String>,
}

/// Why nothing is known of an account.
#[derive(Debug, thiserror::Error)]
pub enum AccountFault {
    /// There is no API key.
    #[error("there is no API key")]
    NoKey,
    /// There is nothing to verify the service with.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// It could not be asked.
    #[error(transparent)]
    Http(#[from] HttpFault),
    /// It refused, with this status: 401 and 403 mean the key.
    #[error("the service answered {0}")]
    Status(u16),
    /// Its answer is not what its documentation says.
    #[error("the answer of the service cannot be read")]
    Unreadable,
}

#[derive(Deserialize)]
struct EnforcedTls {
    require_tls: bool,
    require_valid_cert: bool,
    #[serde(default)]
    version: Option<f64>,
}

#[derive(Deserialize)]
struct Tracking {
    result: Vec<Setting>,
}

#[derive(Deserialize)]
struct Setting {
    name: String,
    enabled: bool,
}

impl Account {
    /// Whether mail leaves the service over TLS 1.2 or newer to a proven server, or not at all.
    pub fn guarantees(&self) -> bool {
        let (major, minor) = self.from_version.split_once('.').unwrap_or(("0", "0"));
        let version = (major.parse().unwrap_or(0), minor.parse().unwrap_or(0));
        self.requires_tls && self.requires_valid_certificate && version >= (1_u8, 2_u8)
    }
}

impl SendGrid {
    /// Asks at this address; tests have one of their own.
    pub fn new(base: Url, roots: &Roots, reach: Reach) -> Result<Self, AccountFault> {
        let https = Https::new(roots, Names::System, reach)?;
        Ok(Self {
            https: https.within(DEADLINE).at_most(MAX_ANSWER),
            base,
        })
    }

    /// What it says of the account of this key.
    pub async fn account(&self, key: &str) -> Result<Account, AccountFault> {
        let tls: EnforcedTls = self.ask("v3/user/settings/enforced_tls", key).await?;
        let tracking: Tracking = self.ask("v3/tracking_settings", key).await?;
        let tracked = tracking.result.into_iter().filter(|s| s.enabled);
        Ok(Account {
            requires_tls: tls.require_tls,
            // Where it names none it is the oldest: nothing is taken for more than it says.
            from_version: tls.version.map_or("1.1".to_owned(), |v| format!("{v:.1}")),
            requires_valid_certificate: tls.require_valid_cert,
            tracks: tracked.map(|s| s.name).collect(),
        })
    }

    async fn ask<T: for<'a> Deserialize<'a>>(
        &self,
        path: &str,
        key: &str,
    ) -> Result<T, AccountFault> {
        let url = self.base.join(path);
        let url = url.map_err(|_not_one| AccountFault::Unreadable)?;
        let Answer { status, body, .. } = self.https.get_with_key(&url, key).await?;
        if status != 200 {
            return Err(AccountFault::Status(status));
        }
        serde_json::from_slice(&body).map_err(|_other_shape| AccountFault::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_guarantees_only_with_valid_certificates_and_a_current_version() {
        let account = |requires_tls, version: &str, valid| Account {
            requires_tls,
            from_version: version.to_owned(),
            requires_valid_certificate: valid,
            tracks: Vec::new(),
        };
        assert!(account(true, "1.2", true).guarantees());
        assert!(account(true, "1.3", true).guarantees());
        assert!(account(true, "2.0", true).guarantees());
        for weaker in [
            account(false, "1.3", true),
            account(true, "1.1", true),
            account(true, "1.3", false),
            account(true, "new", true),
        ] {
            assert!(!weaker.guarantees(), "{weaker:?}");
        }
    }
}
