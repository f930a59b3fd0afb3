//! Signing in on another device (RFC 8628): a short code that somebody types on a page, wherever there is a browser.

use serde::Deserialize;
use tokio::time::{Instant, sleep};
use url::Url;
use zeroize::{Zeroize, Zeroizing};

use super::{Client, OAuthError, Tokens, refusal, token::seconds};

/// Where the server names no pause between two questions (RFC 8628 §3.2), in seconds.
const PAUSE: u64 = 5;
/// What `slow_down` adds (RFC 8628 §3.5), in seconds.
const SLOWER: u64 = 5;
/// However long a server says that its code lives: nobody waits longer, in seconds.
const LIFE_MAX: u64 = 1800;

/// A code that waits for somebody to type it.
pub struct Device {
    client: Client,
    /// What is typed.
    pub user_code: String,
    /// Where it is typed.
    pub page: Url,
    /// The same with the code in it, for who has a browser at hand.
    pub page_with_code: Option<Url>,
    code: Zeroizing<String>,
    life: u64,
    pause: u64,
}

#[derive(Deserialize)]
struct Said {
    device_code: Option<String>,
    user_code: Option<String>,
    #[serde(alias = "verification_url")]
    verification_uri: Option<String>,
    verification_uri_complete: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<u64>,
    #[serde(default, deserialize_with = "seconds")]
    interval: Option<u64>,
    error: Option<String>,
}

impl Drop for Said {
    fn drop(&mut self) {
        self.device_code.zeroize();
    }
}

impl Client {
    /// Asks for a code.
    pub async fn device(&self) -> Result<Device, OAuthError> {
        let endpoint = self.provider.device_endpoint.as_ref();
        let endpoint = endpoint.ok_or(OAuthError::NoDevice)?;
        let scope = self.scope();
        let fields = self.identified(vec![("scope", scope.as_str())]);
        let answer = self.https.post_form(endpoint, &fields).await?;
        let mut said: Said =
            serde_json::from_slice(&answer.body).map_err(|_not_json| OAuthError::NotOAuth)?;
        if let Some(code) = &said.error {
            return Err(refusal(code));
        }
        let secure = |text: &String| Url::parse(text).ok().filter(|u| u.scheme() == "https");
        let is_code = |code: &String| {
            (1..=64).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        };
        let user_code = said.user_code.take().filter(is_code);
        let page = said.verification_uri.as_ref().and_then(secure);
        let code = said.device_code.take().map(Zeroizing::new);
        let (Some(user_code), Some(page), Some(code)) = (user_code, page, code) else {
            return Err(OAuthError::NotOAuth);
        };
        Ok(Device {
            client: self.clone(),
            user_code,
            page,
            page_with_code: said.verification_uri_complete.as_ref().and_then(secure),
            code,
            life: said.expires_in.unwrap_or(LIFE_MAX).min(LIFE_MAX),
            pause: said.interval.unwrap_or(PAUSE).clamp(1, 60),
        })
    }
}

impl Device {
    /// Waits until somebody has typed the code, or it has expired.
    pub async fn finish(self) -> Result<Tokens, OAuthError> {
        let second = self.client.second;
        let times = |n: u64| second.saturating_mul(u32::try_from(n).unwrap_or(u32::MAX));
        let until = Instant::now() + times(self.life);
        let mut pause = self.pause;
        loop {
            sleep(times(pause)).await;
            if Instant::now() >= until {
                return Err(OAuthError::Expired);
            }
            let fields = vec![
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", self.code.as_str()),
            ];
            match self.client.tokens(fields).await {
                Err(OAuthError::Refused { code }) if code == "authorization_pending" => {}
                Err(OAuthError::Refused { code }) if code == "slow_down" => pause += SLOWER,
                // The network may fail for a moment while somebody types; asking less often is what is due then.
                Err(OAuthError::Http(_)) => pause = (pause * 2).min(60),
                ended => return ended,
            }
        }
    }
}
