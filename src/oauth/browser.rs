//! Signing in with the browser: authorization code with PKCE (RFC 7636), coming back to loopback (RFC 8252).

use std::time::Duration;

use url::Url;
use zeroize::Zeroizing;

use super::{Client, OAuthError, Tokens, base64url, random, refusal};
use crate::net::{Page, Redirect};

/// A sign-in that waits for the browser.
pub struct Browser {
    client: Client,
    url: Url,
    state: Zeroizing<String>,
    verifier: Zeroizing<String>,
    redirect: Redirect,
}

/// What the browser brought back.
#[derive(Default)]
struct Brought {
    code: Option<Zeroizing<String>>,
    state: Option<Zeroizing<String>>,
    iss: Option<String>,
    error: Option<String>,
    is_doubled: bool,
}

impl Client {
    /// Begins to listen, and gives the address for the browser. `hint` is the mail address that signs in.
    pub async fn browser(&self, hint: &str) -> Result<Browser, OAuthError> {
        let redirect = Redirect::listen().await?;
        let (state, verifier) = (random()?, random()?);
        let challenge = base64url(&openssl::sha::sha256(verifier.as_bytes()));
        let mut url = self.provider.authorization_endpoint.clone();
        let scope = self.scope();
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", &self.provider.client_id)
                .append_pair("redirect_uri", &redirect.uri())
                .append_pair("state", &state)
                .append_pair("code_challenge", &challenge)
                .append_pair("code_challenge_method", "S256");
            if !scope.is_empty() {
                query.append_pair("scope", &scope);
            }
            if !hint.is_empty() {
                query.append_pair("login_hint", hint);
            }
        }
        Ok(Browser {
            client: self.clone(),
            url,
            state,
            verifier,
            redirect,
        })
    }
}

impl Browser {
    /// Where the browser must go. It holds no secret: the verifier stays here.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Waits for the browser, and signs in with what it brings. `page` is what the browser shows then.
    pub async fn finish(self, page: &Page, deadline: Duration) -> Result<Tokens, OAuthError> {
        let uri = self.redirect.uri();
        let query = self.redirect.answer(page, deadline).await?;
        let brought = Brought::of(&query);
        let is_ours = brought
            .state
            .as_ref()
            .is_some_and(|s| equal(s.as_bytes(), self.state.as_bytes()));
        if !is_ours || brought.is_doubled {
            return Err(OAuthError::WrongState);
        }
        let issuer = self.client.provider.issuer.as_deref();
        if let (Some(wanted), Some(came)) = (issuer, brought.iss.as_deref())
            && wanted.trim_end_matches('/') != came.trim_end_matches('/')
        {
            return Err(OAuthError::WrongIssuer);
        }
        if let Some(code) = &brought.error {
            return Err(refusal(code));
        }
        let code = brought.code.ok_or(OAuthError::NotOAuth)?;
        let fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", uri.as_str()),
            ("code_verifier", self.verifier.as_str()),
        ];
        self.client.tokens(fields).await
    }
}

impl Brought {
    fn of(query: &str) -> Self {
        let mut brought = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            // A parameter must not come twice (RFC 6749 §3.1): whoever doubles one wants one of them overlooked.
            let is_doubled = match &*name {
                "code" => brought
                    .code
                    .replace(Zeroizing::new(value.into_owned()))
                    .is_some(),
                "state" => brought
                    .state
                    .replace(Zeroizing::new(value.into_owned()))
                    .is_some(),
                "iss" => brought.iss.replace(value.into_owned()).is_some(),
                "error" => brought.error.replace(value.into_owned()).is_some(),
                _ => false,
            };
            brought.is_doubled |= is_doubled;
        }
        brought
    }
}

/// Compares without telling by its time where the first difference is.
fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && openssl::memcmp::eq(a, b)
}
