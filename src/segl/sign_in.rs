//! A sign-in with OAuth: who signs in, where the refresh token is kept, and access tokens for the mail server.
//!
//! The refresh token lies sealed under the store key, which the keyring holds; access tokens are in memory only. Each
//! window is a process, and some servers change the refresh token at each use: so it is read, used and replaced under
//! one lock of the operating system. An access token is changed shortly before its end, and once more when the server
//! refuses it. Nothing here is logged, recorded or shown.

use std::{path::PathBuf, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};
use zeroize::Zeroizing;

use crate::{
    config::{self, Auth, Config, TokenFrom},
    disk::{DiskError, Lock},
    keys::{self, KeyError, KeySource},
    net::{Dates, Https, Names, Page, Reach, Roots, RootsError},
    oauth::{self, Browser, Client, Device, OAuthError, Tokens},
    submit::{AccessTokens, NextToken, Secret, TokenError, Wanted},
};

/// Under this name the refresh token is kept.
const KEPT_AS: &str = "sign-in";
/// An access token that ends sooner than this is not handed out: the server's clock may be ahead.
const MARGIN: Duration = Duration::from_mins(1);
/// How long another window's refreshing is waited for.
const OTHERS: Duration = Duration::from_secs(30);
/// How long somebody may take in the browser.
const BROWSER: Duration = Duration::from_mins(10);

/// A sign-in. No `Debug`: it holds tokens.
pub struct SignIn {
    client: Client,
    username: String,
    folder: PathBuf,
    source: KeySource,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    access: Option<Access>,
    /// A refresh token that could not be kept: used as long as this program runs.
    unkept: Option<Zeroizing<String>>,
}

struct Access {
    token: Zeroizing<String>,
    until: Option<Instant>,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The sign-in server, the browser, or who sat before it.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// The server gave no refresh token: the sign-in would be over within the hour.
    #[error("the sign-in server gave nothing to stay signed in with")]
    NotLasting,
    /// The key under which it would be kept is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The lock could not be had.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Another window is at it, and does not end.
    #[error("another window is signing in")]
    Busy,
    /// Nobody has signed in.
    #[error("nobody has signed in")]
    Nobody,
}

/// What somebody types on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// The code.
    pub code: String,
    /// The page.
    pub page: String,
    /// The page with the code in it, where there is one.
    pub page_with_code: Option<String>,
}

impl SignIn {
    /// The sign-in that the settings name.
    pub(super) fn of(
        config: &Config,
        source: &KeySource,
        dates: &Dates,
    ) -> Result<Option<std::sync::Arc<Self>>, RootsError> {
        let Some(submission) = &config.submission else {
            return Ok(None);
        };
        let Auth::Xoauth2 {
            username,
            token: TokenFrom::SignIn(oauth),
        } = &submission.auth
        else {
            return Ok(None);
        };
        // The mail server's own roots count for the firm's sign-in server too.
        let roots = Roots::system_and(submission.ca_file.as_deref())?;
        let client = client(oauth, &roots, dates)?;
        let (folder, source) = (config.data.clone(), source.clone());
        Ok(Some(std::sync::Arc::new(Self::new(
            client,
            username.clone(),
            folder,
            source,
        ))))
    }

    pub(super) fn new(
        client: Client,
        username: String,
        folder: PathBuf,
        source: KeySource,
    ) -> Self {
        Self {
            client,
            username,
            folder,
            source,
            held: Mutex::default(),
        }
    }

    /// The host that somebody is sent to.
    pub fn host(&self) -> &str {
        self.client.host()
    }

    /// Whether a code for another device can be had.
    pub fn has_device(&self) -> bool {
        self.client.has_device()
    }

    /// Signs in with the browser. `open` is given the address; whether a browser came up is not known here, so whoever
    /// opens it shows the address too.
    pub async fn with_browser(
        &self,
        page: &Page,
        open: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<(), SignInError> {
        let browser: Browser = self.client.browser(&self.username).await?;
        open(browser.url());
        let tokens = browser.finish(page, BROWSER).await?;
        self.keep(tokens).await
    }

    /// Signs in with a code that somebody types on another device.
    pub async fn with_device(
        &self,
        show: &(dyn Fn(&DeviceCode) + Send + Sync),
    ) -> Result<(), SignInError> {
        let device: Device = self.client.device().await?;
        show(&DeviceCode {
            code: device.user_code.clone(),
            page: device.page.to_string(),
            page_with_code: device.page_with_code.as_ref().map(ToString::to_string),
        });
        let tokens = device.finish().await?;
        self.keep(tokens).await
    }

    /// Forgets everything. The server is not told: its page for signed-in programs is where that is done.
    pub async fn sign_out(&self) -> Result<(), SignInError> {
        let mut held = self.held.lock().await;
        let _lock = self.lock().await?;
        keys::forget_sealed(KEPT_AS, &self.folder)?;
        *held = Held::default();
        Ok(())
    }

    async fn keep(&self, tokens: Tokens) -> Result<(), SignInError> {
        let refresh = tokens.refresh.ok_or(SignInError::NotLasting)?;
        let mut held = self.held.lock().await;
        let _lock = self.lock().await?;
        self.write(&refresh).await?;
        *held = Held {
            access: Some(Access::of(tokens.access, tokens.lifetime)),
            unkept: None,
        };
        Ok(())
    }

    async fn access(&self, wanted: Wanted) -> Result<Secret, SignInError> {
        let mut held = self.held.lock().await;
        if wanted == Wanted::ToSignIn
            && let Some(access) = held.access.as_ref().filter(|a| a.is_fresh())
        {
            return Ok(access.secret());
        }
        held.access = None;
        let _lock = self.lock().await?;
        let refresh = match held.unkept.clone() {
            Some(unkept) => unkept,
            None => self.read().await?.ok_or(SignInError::Nobody)?,
        };
        let tokens = self.client.refresh(&refresh).await?;
        if let Some(changed) = tokens.refresh.as_ref().filter(|c| ***c != **refresh) {
            // The old one is void from here on. If the new one cannot be kept, it serves until this program ends, and
            // the next use tries to keep its successor.
            let kept = self.write(changed).await;
            held.unkept = kept.is_err().then(|| changed.clone());
        }
        let access = Access::of(tokens.access, tokens.lifetime);
        let secret = access.secret();
        held.access = Some(access);
        Ok(secret)
    }

    /// The lock between processes. The system's own waiting has no end, so it is asked again and again.
    async fn lock(&self) -> Result<Lock, SignInError> {
        crate::disk::private_dir(&self.folder)?;
        let path = self.folder.join("sign-in.lock");
        let until = Instant::now() + OTHERS;
        loop {
            if let Some(lock) = Lock::now(&path)? {
                return Ok(lock);
            }
            if Instant::now() >= until {
                return Err(SignInError::Busy);
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn read(&self) -> Result<Option<Zeroizing<String>>, SignInError> {
        let (folder, source) = (self.folder.clone(), self.source.clone());
        let read = aside(move || keys::sealed(KEPT_AS, &folder, &source)).await?;
        Ok(read.map(|secret| Zeroizing::new(secret.expose().to_owned())))
    }

    async fn write(&self, refresh: &Zeroizing<String>) -> Result<(), SignInError> {
        let (refresh, folder) = (refresh.clone(), self.folder.clone());
        let source = self.source.clone();
        aside(move || keys::keep_sealed(KEPT_AS, &refresh, &folder, &source)).await
    }
}

impl AccessTokens for SignIn {
    fn token(&self, wanted: Wanted) -> NextToken<'_> {
        Box::pin(async move {
            self.access(wanted).await.map_err(|cause| match cause {
                SignInError::OAuth(OAuthError::SignInAgain) | SignInError::Nobody => {
                    TokenError::SignInAgain
                }
                SignInError::Key(_) | SignInError::Disk(_) | SignInError::Busy => {
                    TokenError::Kept(Box::new(cause))
                }
                SignInError::OAuth(_) | SignInError::NotLasting => {
                    TokenError::SignIn(Box::new(cause))
                }
            })
        })
    }
}

impl Access {
    fn of(token: Zeroizing<String>, lifetime: Option<Duration>) -> Self {
        let until = lifetime.and_then(|l| Instant::now().checked_add(l.saturating_sub(MARGIN)));
        Self { token, until }
    }

    fn is_fresh(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }

    fn secret(&self) -> Secret {
        Secret::new(self.token.to_string())
    }
}

/// A client of the sign-in server that the settings name.
pub(super) fn client(
    oauth: &config::OAuth,
    roots: &Roots,
    dates: &Dates,
) -> Result<Client, RootsError> {
    let https = Https::new(roots, Names::System, Reach::Anywhere)?.with_dates(dates);
    let provider = oauth::Provider {
        issuer: oauth.issuer.clone(),
        authorization_endpoint: oauth.authorization_endpoint.clone(),
        token_endpoint: oauth.token_endpoint.clone(),
        device_endpoint: oauth.device_endpoint.clone(),
        client_id: oauth.client_id.clone(),
        client_secret: oauth.client_secret.clone(),
        scopes: oauth.scopes.clone(),
    };
    Ok(Client::new(provider, https))
}

/// Disk and keyring block, and a keyring may wait for its owner.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeyError> + Send + 'static,
) -> Result<T, SignInError> {
    let done = tokio::task::spawn_blocking(work).await;
    let gone = |e: tokio::task::JoinError| KeyError::Platform(Box::from(e.to_string()));
    Ok(done.map_err(gone)??)
}
