//! Words for a mail server that cannot be reached or used. Nothing was sent in any of these.

use jiff::Timestamp;

use super::{Arg, Stop, Words};
use crate::{
    net::{ConnectError, TlsFault},
    submit::{Reply, Step, SubmitError, TokenError},
};

impl Words {
    /// What the mail server, or the way to it, did.
    pub fn submission(&self, cause: &SubmitError) -> Stop {
        match cause {
            SubmitError::Roots(_) => self.stop("server-no-roots", &[], "next-it"),
            SubmitError::Connect(cause) => self.connection(cause),
            SubmitError::Tls(cause) => self.server_tls(cause),
            SubmitError::NoStartTls | SubmitError::StartTlsRefused { .. } => {
                self.stop("server-no-tls", &[], "next-copy-it")
            }
            SubmitError::InjectedOctets { .. } => self.stop("server-injected", &[], "next-copy-it"),
            SubmitError::Refused { reply, .. } => self.refusal(reply),
            SubmitError::Unexpected { .. } | SubmitError::NotSmtp { .. } => {
                self.stop("server-rubbish", &[], "next-copy-it")
            }
            SubmitError::Timeout { .. } => self.stop("server-slow", &[], "next-again"),
            SubmitError::Dropped {
                step: Step::Greeting,
                ..
            } => self.stop("server-closed", &[], "next-again"),
            SubmitError::Dropped { .. } => self.stop("server-dropped", &[], "next-again"),
            SubmitError::NoCommonMechanism { .. } => {
                self.stop("server-no-mechanism", &[], "next-copy-it")
            }
            SubmitError::AuthRefused { reply, .. } if reply.is_temporary() => {
                self.stop("server-busy", &[code(reply)], "next-later")
            }
            SubmitError::AuthRefused { .. } => self.stop("server-auth", &[], "next-set-password"),
            SubmitError::Credentials { .. } => {
                self.stop("server-credentials", &[], "next-set-password")
            }
            SubmitError::Token(TokenError::SignInAgain) => {
                self.stop("server-signed-out", &[], "next-log-in")
            }
            SubmitError::Token(TokenError::Kept(_)) => {
                self.stop("server-sign-in-locked", &[], "next-unlock-sign-in")
            }
            SubmitError::Token(TokenError::SignIn(_)) => {
                self.stop("server-sign-in-silent", &[], "next-again")
            }
            SubmitError::Token(_) => self.stop("server-token", &[], "next-sign-in"),
            SubmitError::NoRecipients => self.stop("stop-no-recipients", &[], "next-add-recipient"),
            SubmitError::TooLarge { size, limit } => {
                let parts = i64::try_from(size.div_ceil(*limit.max(&1)).max(2)).unwrap_or(i64::MAX);
                let args = [
                    ("size", self.size(*size).into()),
                    ("limit", self.size(*limit).into()),
                    ("parts", parts.into()),
                ];
                self.stop("server-too-large", &args, "next-smaller")
            }
            SubmitError::NeedsSmtpUtf8 { .. } => {
                self.stop("server-no-smtputf8", &[], "next-ascii-address")
            }
            SubmitError::NoRequireTls => self.stop("server-no-requiretls", &[], "next-look-again"),
            SubmitError::NeedsEightBitMime
            | SubmitError::Content(_)
            | SubmitError::Changed
            | SubmitError::Framing => self.stop("stop-self-check", &[], "next-copy-it"),
            SubmitError::Cancelled => self.stop("server-cancelled", &[], "next-when-ready"),
        }
    }

    fn connection(&self, cause: &ConnectError) -> Stop {
        match cause {
            ConnectError::Unresolved { host, .. } => {
                self.stop("server-unknown-host", &[host_arg(host)], "next-again")
            }
            ConnectError::Unreachable { host, port, .. } => self.stop(
                "server-unreachable",
                &[host_arg(host), port_arg(*port)],
                "next-again",
            ),
            ConnectError::Timeout { host, port } => self.stop(
                "server-silent",
                &[host_arg(host), port_arg(*port)],
                "next-again",
            ),
        }
    }

    fn server_tls(&self, cause: &TlsFault) -> Stop {
        match cause {
            TlsFault::Expired { not_after } => {
                let at = not_after
                    .and_then(|s| i64::try_from(s).ok())
                    .and_then(|s| Timestamp::from_second(s).ok());
                match at {
                    Some(at) => self.stop(
                        "server-certificate-expired",
                        &[("date", self.day(at).into())],
                        "next-copy-it",
                    ),
                    None => self.stop("server-certificate", &[], "next-copy-it"),
                }
            }
            TlsFault::NotYetValid { not_before } => self.stop(
                "server-certificate-early",
                &[("date", self.moment(*not_before).into())],
                "next-clock",
            ),
            TlsFault::WrongName { expected, .. } => self.stop(
                "server-certificate-name",
                &[host_arg(expected)],
                "next-copy-it",
            ),
            TlsFault::UntrustedIssuer => {
                self.stop("server-certificate-issuer", &[], "next-copy-it")
            }
            TlsFault::Certificate(_) => self.stop("server-certificate", &[], "next-copy-it"),
            TlsFault::Version(_) => self.stop("server-no-tls", &[], "next-copy-it"),
            TlsFault::Broken(_) => self.stop("server-dropped", &[], "next-again"),
            TlsFault::Timeout => self.stop("server-slow", &[], "next-again"),
            TlsFault::Host(host) => self.stop("server-host", &[host_arg(host)], "next-settings"),
        }
    }

    fn refusal(&self, reply: &Reply) -> Stop {
        if reply.is_temporary() {
            return self.stop("server-busy", &[code(reply)], "next-later");
        }
        let text = (
            "reply",
            Arg::from(format!("{} {}", reply.code(), reply.text().as_str())),
        );
        self.stop("server-refused", &[text], "next-copy-it")
    }
}

fn code(reply: &Reply) -> (&'static str, Arg<'static>) {
    ("code", reply.code().to_string().into())
}

fn host_arg(host: &str) -> (&'static str, Arg<'static>) {
    ("host", host.to_owned().into())
}

fn port_arg(port: u16) -> (&'static str, Arg<'static>) {
    ("port", port.to_string().into())
}
