//! The token endpoint (RFC 6749 §5): codes and refresh tokens become access tokens.

use std::time::Duration;

use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use super::{Client, OAuthError, refusal};

/// Octets that an access token may have: RFC 4954 §4 allows 12,288 in base64.
const ACCESS_MAX: usize = 8 * 1024;
/// Octets that a refresh token may have.
const REFRESH_MAX: usize = 16 * 1024;

/// What a sign-in gives. No `Debug`.
pub struct Tokens {
    /// For the mail server.
    pub access: Zeroizing<String>,
    /// How long it lives, where the server says so.
    pub lifetime: Option<Duration>,
    /// For the next access token, where the server gave one.
    pub refresh: Option<Zeroizing<String>>,
}

/// What a server says in JSON. Its secrets are taken out and overwritten.
#[derive(Deserialize)]
struct Said {
    access_token: Option<String>,
    token_type: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<u64>,
    refresh_token: Option<String>,
    error: Option<String>,
}

impl Drop for Said {
    fn drop(&mut self) {
        self.access_token.zeroize();
        self.refresh_token.zeroize();
    }
}

impl Client {
    /// A new access token for a refresh token; and a new refresh token, where the server changes it at each use.
    pub async fn refresh(&self, refresh: &str) -> Result<Tokens, OAuthError> {
        let scope = self.scope();
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh)];
        if !scope.is_empty() {
            fields.push(("scope", &scope));
        }
        self.tokens(fields).await
    }

    pub(super) async fn tokens(&self, fields: Vec<(&str, &str)>) -> Result<Tokens, OAuthError> {
        let fields = self.identified(fields);
        let url = &self.provider.token_endpoint;
        let answer = self.https.post_form(url, &fields).await?;
        let mut said: Said =
            serde_json::from_slice(&answer.body).map_err(|_not_json| OAuthError::NotOAuth)?;
        if let Some(code) = &said.error {
            return Err(refusal(code));
        }
        let is_bearer = said
            .token_type
            .as_deref()
            .is_some_and(|t| t.eq_ignore_ascii_case("bearer"));
        let access = Zeroizing::new(said.access_token.take().unwrap_or_default());
        let refresh = said.refresh_token.take().map(Zeroizing::new);
        let is_token = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
        };
        let is_whole = answer.status == 200
            && is_bearer
            && is_token(&access, ACCESS_MAX)
            && refresh.as_ref().is_none_or(|r| is_token(r, REFRESH_MAX));
        if !is_whole {
            return Err(OAuthError::NotOAuth);
        }
        Ok(Tokens {
            access,
            lifetime: said.expires_in.map(Duration::from_secs),
            refresh,
        })
    }
}

/// A number, also where a server writes it in quotes.
pub(super) fn seconds<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Number(u64),
        Text(String),
    }
    Ok(match Option::<Number>::deserialize(deserializer)? {
        Some(Number::Number(number)) => Some(number),
        Some(Number::Text(text)) => text.parse().ok(),
        None => None,
    })
}
