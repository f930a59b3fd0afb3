//! Signing in with OAuth 2.0 (RFC 6749): authorization code with PKCE (RFC 7636) and a browser that comes back to
//! loopback (RFC 8252), device code (RFC 8628), refreshing.
//!
//! `state` is checked, and `iss` where it comes (RFC 9207). Tokens, codes and verifiers are overwritten after use and
//! have no `Debug`; no error holds one, nor what a server wrote but its error code. Keeps nothing: whoever signs in says
//! where a refresh token is kept. Never opens a browser itself, and shows no page of its own but "go back".

mod browser;
mod device;
mod token;

use std::time::Duration;

use url::Url;

pub use browser::Browser;
pub use device::Device;
pub use token::Tokens;

use crate::net::{HttpFault, Https, RedirectFault};

/// A sign-in server and Segl's name there. The secret, where there is one, is none: it is in every copy of the program
/// that has it (RFC 8252 §8.5), and some servers want it all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Who must have answered, where the server says so.
    pub issuer: Option<String>,
    /// Where a browser signs in.
    pub authorization_endpoint: Url,
    /// Where codes and refresh tokens become access tokens.
    pub token_endpoint: Url,
    /// Where a code for another device is had.
    pub device_endpoint: Option<Url>,
    /// Under which name Segl is registered there.
    pub client_id: String,
    /// What belongs to that name.
    pub client_secret: Option<String>,
    /// What is asked for.
    pub scopes: Vec<String>,
}

/// A client of a sign-in server.
#[derive(Clone)]
pub struct Client {
    provider: Provider,
    https: Https,
    /// What a second of the device flow's waiting is: shorter in tests.
    second: Duration,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// The sign-in server could not be asked.
    #[error(transparent)]
    Http(#[from] HttpFault),
    /// Nobody came back from the browser.
    #[error(transparent)]
    Redirect(#[from] RedirectFault),
    /// Who was asked said no.
    #[error("signing in was declined")]
    Denied,
    /// What came back does not belong to this sign-in.
    #[error("the answer does not belong to this sign-in")]
    WrongState,
    /// Another server answered than the one that was asked.
    #[error("the answer comes from another sign-in server")]
    WrongIssuer,
    /// The code for the other device was not used in time.
    #[error("the code has expired")]
    Expired,
    /// The grant is void: revoked, expired, or used twice. Only signing in again helps.
    #[error("the sign-in is no longer valid")]
    SignInAgain,
    /// The server refused with a code.
    #[error("the sign-in server refused: {code}")]
    Refused {
        /// Its `error`, if it is one of the form that the standard allows.
        code: String,
    },
    /// The server offers no code for other devices.
    #[error("the sign-in server offers no code for other devices")]
    NoDevice,
    /// What came is no answer of such a server.
    #[error("the sign-in server's answer cannot be read")]
    NotOAuth,
    /// There was no randomness.
    #[error("no random numbers")]
    Random,
}

impl Client {
    /// A client of this server.
    pub fn new(provider: Provider, https: Https) -> Self {
        Self {
            provider,
            https,
            second: Duration::from_secs(1),
        }
    }

    /// The same, whose seconds are this long.
    #[must_use]
    pub fn with_second(mut self, second: Duration) -> Self {
        self.second = second;
        self
    }

    /// Whether a code for another device can be had.
    pub fn has_device(&self) -> bool {
        self.provider.device_endpoint.is_some()
    }

    /// The host that the browser is sent to.
    pub fn host(&self) -> &str {
        self.provider
            .authorization_endpoint
            .host_str()
            .unwrap_or_default()
    }

    fn scope(&self) -> String {
        self.provider.scopes.join(" ")
    }

    /// The fields that say who asks.
    fn identified<'a>(&'a self, mut fields: Vec<(&'a str, &'a str)>) -> Vec<(&'a str, &'a str)> {
        fields.push(("client_id", &self.provider.client_id));
        if let Some(secret) = &self.provider.client_secret {
            fields.push(("client_secret", secret));
        }
        fields
    }
}

/// An error code as the standard allows it (RFC 6749 §5.2), short; what else a server wrote is not repeated.
fn refusal(code: &str) -> OAuthError {
    let is_code = |c: char| c.is_ascii_lowercase() || c == '_';
    match code {
        "access_denied" | "authorization_declined" | "consent_required" => OAuthError::Denied,
        "invalid_grant" | "interaction_required" => OAuthError::SignInAgain,
        "expired_token" => OAuthError::Expired,
        code if code.len() <= 40 && !code.is_empty() && code.chars().all(is_code) => {
            OAuthError::Refused {
                code: code.to_owned(),
            }
        }
        _ => OAuthError::NotOAuth,
    }
}

/// 32 random octets in base64url: 43 characters, none of which needs an escape.
fn random() -> Result<zeroize::Zeroizing<String>, OAuthError> {
    let mut octets = zeroize::Zeroizing::new([0; 32]);
    openssl::rand::rand_bytes(&mut *octets).map_err(|_openssl| OAuthError::Random)?;
    Ok(zeroize::Zeroizing::new(base64url(&*octets)))
}

fn base64url(octets: &[u8]) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(octets)
}
