//! Words for signing in and for finding a mail server. Nothing is sent in any of these.

use super::{Arg, Means, Stop, Words};
use crate::{
    discovery::{Source, Trouble, Why},
    net::{HttpFault, Page},
    oauth::OAuthError,
    segl::SignInError,
};

impl Words {
    /// Why nobody is signed in.
    pub fn sign_in(&self, cause: &SignInError) -> Stop {
        match cause {
            SignInError::OAuth(cause) => self.oauth(cause),
            SignInError::NotLasting => self.signing("sign-in-not-lasting", &[], "next-copy-it"),
            SignInError::Key(cause) => self.key(cause, Means::Nothing),
            SignInError::Disk(_) => self.signing("sign-in-not-kept", &[], "next-it"),
            SignInError::Busy => self.signing("sign-in-busy", &[], "next-again"),
            SignInError::Nobody => self.signing("sign-in-nobody", &[], "next-log-in"),
        }
    }

    fn oauth(&self, cause: &OAuthError) -> Stop {
        match cause {
            OAuthError::Http(cause) => self.signing(
                "sign-in-unreachable",
                &[("detail", self.http(cause).into())],
                "next-again",
            ),
            OAuthError::Redirect(_) => {
                self.signing("sign-in-nobody-came", &[], "next-sign-in-again")
            }
            OAuthError::Denied => self.signing("sign-in-denied", &[], "next-sign-in-again"),
            OAuthError::WrongState | OAuthError::WrongIssuer => {
                self.signing("sign-in-foreign", &[], "next-sign-in-again")
            }
            OAuthError::Expired => self.signing("sign-in-expired", &[], "next-sign-in-again"),
            OAuthError::SignInAgain => self.signing("sign-in-void", &[], "next-log-in"),
            OAuthError::Refused { code } => {
                let code = [("code", Arg::from(code.clone()))];
                self.signing("sign-in-refused", &code, "next-copy-it")
            }
            OAuthError::NoDevice => self.signing("sign-in-no-device", &[], "next-sign-in-browser"),
            OAuthError::NotOAuth | OAuthError::Random => {
                self.signing("sign-in-rubbish", &[], "next-copy-it")
            }
        }
    }

    fn signing(&self, what: &str, args: &[(&str, Arg<'_>)], next: &str) -> Stop {
        self.stop_meaning(what, args, Means::Nothing, next)
    }

    /// Why an HTTPS server gave no answer; a part of a sentence.
    fn http(&self, cause: &HttpFault) -> String {
        let host = |key: &str, host: &str| self.with(key, &[("host", host.to_owned().into())]);
        match cause {
            HttpFault::NotHttps | HttpFault::Roots(_) => self.say("http-not-asked"),
            HttpFault::Connect(_) => self.say("http-unreachable"),
            HttpFault::NoSuchHost { host: name } => host("http-no-host", name),
            HttpFault::Private { host: name } => host("http-private", name),
            HttpFault::Tls(_) => self.say("http-tls"),
            HttpFault::Timeout { host: name } => host("http-slow", name),
            HttpFault::TooLarge { host: name } => host("http-large", name),
            HttpFault::Broken { host: name } => host("http-rubbish", name),
            HttpFault::Redirect { host: name, .. } => host("http-redirect", name),
        }
    }

    /// What the browser shows when it has come back.
    pub fn go_back_page(&self) -> Page {
        Page {
            lang: self.lang().tag().to_owned(),
            title: self.say("sign-in-page-title"),
            text: self.say("sign-in-page-text"),
        }
    }

    /// Where a mail server is known from.
    pub fn found_by(&self, source: &Source) -> String {
        let of = |key: &str, name: &str| self.with(key, &[("name", name.to_owned().into())]);
        match source {
            Source::Autoconfig { host } => of("found-autoconfig", host),
            Source::Srv { name } => of("found-srv", name),
            Source::Provider { name } => of("found-provider", name),
            Source::Exchanger { host } => of("found-exchanger", host),
        }
    }

    /// What a source could not say. "Could not be asked" is another sentence than "is refused".
    pub fn not_found(&self, trouble: &Trouble) -> String {
        let source = self.found_by(&trouble.source);
        let detail = match &trouble.why {
            Why::Http(cause) => self.http(cause),
            Why::Status(status) => {
                self.with("http-status", &[("status", status.to_string().into())])
            }
            Why::Dns(_) => self.say("dns-silent"),
            Why::Unreadable(_) => self.say("found-unreadable"),
            Why::WithoutTls { host } => {
                let args = [("source", source.into()), ("host", host.clone().into())];
                return self.with("found-without-tls", &args);
            }
        };
        let args = [("source", source.into()), ("detail", detail.into())];
        self.with("found-not-asked", &args)
    }
}
