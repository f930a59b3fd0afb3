//! Words for what the mail server or relay service promises.

use super::{Means, Stop, Words};
use crate::{
    relay::{Account, AccountFault, BounceFault},
    segl::RelayError,
};

impl Words {
    /// What a service says of the account, a line each.
    pub fn relay_account(&self, account: &Account) -> String {
        let mut lines = vec![self.say(if account.guarantees() {
            "relay-account-forces"
        } else {
            "relay-account-lax"
        })];
        lines.push(self.with(
            "relay-account-tls",
            &[
                ("required", self.yes_no(account.requires_tls).into()),
                ("version", account.from_version.as_str().into()),
                (
                    "valid",
                    self.yes_no(account.requires_valid_certificate).into(),
                ),
            ],
        ));
        lines.push(if account.tracks.is_empty() {
            self.say("relay-tracks-nothing")
        } else {
            self.with(
                "relay-tracks",
                &[("what", account.tracks.join(", ").into())],
            )
        });
        lines.join("\n")
    }

    fn yes_no(&self, is: bool) -> String {
        self.say(if is { "relay-yes" } else { "relay-no" })
    }

    /// Why nothing is known of what a relay promises.
    pub fn relay(&self, cause: &RelayError) -> Stop {
        let plain = |key: &str, next: &str| self.stop_meaning(key, &[], Means::Nothing, next);
        match cause {
            RelayError::NothingToTest => plain("relay-nothing-to-test", "next-settings"),
            RelayError::NoServer => plain("relay-no-server", "next-settings"),
            RelayError::Account(AccountFault::NoKey) => plain("relay-no-key", "next-relay-key"),
            RelayError::Account(AccountFault::Status(401 | 403)) => {
                plain("relay-key-refused", "next-relay-key")
            }
            RelayError::Account(cause) => {
                let args = [("detail", cause.to_string().into())];
                self.stop_meaning("relay-not-asked", &args, Means::Nothing, "next-again")
            }
            RelayError::Bounce(cause) => plain(
                match cause {
                    BounceFault::NotOne => "relay-bounce-none",
                    BounceFault::NotFailed => "relay-bounce-not-failed",
                    BounceFault::NoMessage => "relay-bounce-no-message",
                    BounceFault::OtherReason => "relay-bounce-other-reason",
                },
                "next-relay-bounce",
            ),
            RelayError::OtherMail(id) => self.stop_meaning(
                "relay-bounce-other-mail",
                &[("id", id.as_str().into())],
                Means::Nothing,
                "next-relay-bounce",
            ),
            RelayError::Key(cause) => self.key(cause, Means::Nothing),
            RelayError::Record(cause) => self.log(cause),
            RelayError::Store(cause) => {
                let args = [("detail", cause.to_string().into())];
                self.stop_meaning("relay-not-kept", &args, Means::Nothing, "next-again")
            }
        }
    }

    /// Nothing was sent because the service tracks who opens mail.
    pub(super) fn tracked(&self, what: &[String]) -> Stop {
        let args = [("what", what.join(", ").into())];
        self.stop("relay-tracked", &args, "next-relay-tracking")
    }
}
