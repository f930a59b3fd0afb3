//! Why a submission did not happen, and at which step.

use std::{fmt, io};

use crate::net::{ConnectError, RootsError, TlsFault};

use super::{ContentFault, Malformed, Mechanism, Reply, TokenError};

/// A step of a session, in the order of a session. TCP and the TLS handshake have errors of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The server's first words.
    Greeting,
    /// EHLO outside TLS.
    Ehlo,
    /// STARTTLS.
    StartTls,
    /// EHLO inside TLS.
    EhloInsideTls,
    /// AUTH and its exchange.
    Auth,
    /// MAIL: the envelope's sender.
    Mail,
    /// RCPT: one of the envelope's recipients.
    Rcpt,
    /// DATA, before the message.
    Data,
    /// The message, before its final dot.
    Content,
    /// From the first octet of the final dot to its reply.
    FinalDot,
    /// RSET.
    Reset,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "greeting",
            Self::Ehlo => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::EhloInsideTls => "EHLO inside TLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Content => "message",
            Self::FinalDot => "final dot",
            Self::Reset => "RSET",
        })
    }
}

/// Why Segl could not submit. No address, no secret and no word of the server is in any text of it; what the server
/// said is in a [`Reply`], which shows its code only.
///
/// Whether something may have left is not told by the error but by [`Delivered`](super::Delivered), which holds it.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// There is nothing to verify the server's certificate with.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// No TCP connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No TLS with a verified server.
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// The server does not offer STARTTLS, or somebody in between has taken the offer out.
    #[error("the server does not offer STARTTLS")]
    NoStartTls,
    /// The server offers STARTTLS and then answers it with something else than 220.
    #[error("the server refused STARTTLS with {code}")]
    StartTlsRefused {
        /// The reply's code. Its text is not kept: outside TLS anybody may have written it.
        code: u16,
    },
    /// Octets lay behind a reply outside TLS, where none may: somebody tries to have them taken for replies from
    /// inside TLS ("NO STARTTLS", response injection).
    #[error("{octets} octets were injected after the reply to {step}")]
    InjectedOctets {
        /// The reply before them.
        step: Step,
        /// How many were seen.
        octets: usize,
    },
    /// The server refused a step for itself and not for a recipient, with 4xx or 5xx; or it said 421 and closes.
    #[error("the server refused {step} with {}", reply.code())]
    Refused {
        /// Which step.
        step: Step,
        /// What it said; outside TLS the code only.
        reply: Reply,
    },
    /// A reply whose code does not belong to the step, such as 250 to DATA.
    #[error("the server answered {step} with {code}")]
    Unexpected {
        /// Which step.
        step: Step,
        /// The code.
        code: u16,
    },
    /// What came was no SMTP reply.
    #[error("no SMTP reply to {step}")]
    NotSmtp {
        /// Which step.
        step: Step,
        /// What was wrong with it.
        #[source]
        what: Malformed,
    },
    /// The server did not answer in time, or took no more of the message.
    #[error("no answer to {step} in time")]
    Timeout {
        /// Which step.
        step: Step,
    },
    /// The connection ended.
    #[error("the connection ended at {step}")]
    Dropped {
        /// Which step.
        step: Step,
        /// What the operating system or TLS said, if anything.
        source: Option<io::Error>,
    },
    /// The server offers no way to sign in that the settings and Segl have in common.
    #[error("the server offers no usable way to sign in")]
    NoCommonMechanism {
        /// The mechanisms that it offers inside TLS.
        offered: Vec<String>,
    },
    /// The server refused to sign the user in. A code of 4xx is temporary; 5xx means user, password or token.
    #[error("the server refused AUTH {mechanism} with {}", reply.code())]
    AuthRefused {
        /// How it was tried.
        mechanism: Mechanism,
        /// What it said.
        reply: Reply,
    },
    /// The message requires TLS on its whole way (RFC 8689), and the server does not offer that.
    #[error("the server does not offer REQUIRETLS")]
    NoRequireTls,
    /// User name or password holds a NUL or another octet that separates fields in the mechanism.
    #[error("user name or password holds a character that AUTH {mechanism} cannot carry")]
    Credentials {
        /// Which mechanism.
        mechanism: Mechanism,
    },
    /// There is no access token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// An envelope without recipients.
    #[error("no recipients")]
    NoRecipients,
    /// The message is larger than the server takes (RFC 1870).
    #[error("the message has {size} octets and the server takes {limit}")]
    TooLarge {
        /// Octets of the message.
        size: u64,
        /// What the server announced.
        limit: u64,
    },
    /// Addresses or header fields are not ASCII, and the server does not offer SMTPUTF8 (RFC 6531).
    #[error("the server does not offer SMTPUTF8, which {addresses} addresses need")]
    NeedsSmtpUtf8 {
        /// How many addresses of the envelope; none if only the header needs it.
        addresses: usize,
    },
    /// The message holds 8-bit octets, and the server does not offer 8BITMIME (RFC 6152).
    #[error("the server does not offer 8BITMIME, which the message needs")]
    NeedsEightBitMime,
    /// The message cannot be sent as it is.
    #[error(transparent)]
    Content(#[from] ContentFault),
    /// The octets to be delivered are not those that were verified.
    #[error("the message is not the one that was verified")]
    Changed,
    /// The caller cancelled before the final dot.
    #[error("cancelled")]
    Cancelled,
    /// lettre ended the message elsewhere than counted: a fault of this program, found before the dot.
    #[error("the message would have ended elsewhere than counted")]
    Framing,
}

impl SubmitError {
    /// Whether the connection was found lost, which on one that lay idle says nothing about the next.
    pub(super) fn is_lost_connection(&self) -> bool {
        match self {
            Self::Dropped { .. } => true,
            Self::Refused { reply, .. } => reply.is_closing(),
            Self::NotSmtp { what, .. } => matches!(what, Malformed::OutOfTurn { .. }),
            _ => false,
        }
    }
}
