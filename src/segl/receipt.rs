//! What became of a sending: true in every part, also where it is not what was hoped for.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    cert::Organisation,
    decide::{Further, GivenConsent, Route},
    mail::{Digest, Draft, Recipient},
    net::TlsFacts,
};

/// How one delivery, or the whole sending, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The mail server has taken it. Delivery to the recipient is another matter.
    Sent,
    /// Of the whole: some were sent, and some were not.
    Partial,
    /// The mail server refused it. Nothing has left.
    Rejected,
    /// The link broke after the final dot: it may have been sent.
    Unconfirmed,
    /// It was not tried, or ended before the final dot. Nothing has left.
    NotSent,
    /// Written to files; no mail server was asked.
    Written,
}

/// What became of a sending.
#[derive(Debug)]
pub struct Receipt {
    /// The message identifier with its angle brackets.
    pub message_id: String,
    /// When it ended.
    pub at: Timestamp,
    /// Of the whole.
    pub outcome: Outcome,
    /// The row of the intent in the record.
    pub record: RecordedAt,
    /// Each message.
    pub deliveries: Vec<Delivery>,
    /// Recipients of the draft who were left out by the sender's choice.
    pub left_out: Vec<Recipient>,
    /// The consents that it rests on.
    pub consents: Vec<GivenConsent>,
    /// What went wrong beside the sending itself: none of it is hidden, and none of it unsends the message.
    pub remarks: Vec<Remark>,
    /// The draft for those who do not have it yet, where there are any.
    pub rest: Option<Draft>,
}

/// A row of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedAt {
    /// Its number.
    pub seq: u64,
    /// Its link: kept in the receipt, it shows a cut or rewritten record.
    pub link: Digest,
}

/// One message.
#[derive(Debug)]
pub struct Delivery {
    /// How it went.
    pub route: Route,
    /// Whether it was signed.
    pub is_signed: bool,
    /// Whether its subject could not be read on the way.
    pub hides_subject: bool,
    /// Who can read it beside its recipients.
    pub further: Vec<Further>,
    /// How it ended.
    pub outcome: Outcome,
    /// Who it was for, and what the server said to each.
    pub recipients: Vec<Told>,
    /// What the server said to the message.
    pub reply: Option<String>,
    /// The TLS connection to the mail server.
    pub tls: Option<TlsFacts>,
    /// The file it was written to.
    pub file: Option<std::path::PathBuf>,
}

impl Delivery {
    /// The version of TLS as people write it: `TLS 1.3`.
    pub fn tls_name(&self) -> Option<String> {
        self.tls.as_ref().map(TlsFacts::name)
    }
}

/// A recipient, and what the server said to the address.
#[derive(Debug, Clone)]
pub struct Told {
    /// Who.
    pub recipient: Recipient,
    /// The reply to RCPT, with its code; none where none came.
    pub reply: Option<String>,
    /// Whether the server refused this address.
    pub is_refused: bool,
    /// The organisation whose key it was encrypted to.
    pub organisation: Option<Organisation>,
}

/// Something that went wrong beside the sending.
#[derive(Debug)]
pub enum Remark {
    /// Sent, but the outcome could not be recorded. Recovery will record it as unconfirmed.
    NotRecorded(String),
    /// The sealed copy could not be kept.
    NoSentCopy(String),
    /// The readable copy could not be written.
    NoReadableCopy(String),
    /// What is remembered of the recipients could not be kept.
    NotRemembered(String),
    /// The link to the server ended before all messages were sent.
    Interrupted(String),
}

/// Which of the messages are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// None.
    None,
    /// Those that are encrypted, and not those that are not.
    Some,
    /// All.
    All,
}

impl Receipt {
    /// Which of the messages are signed.
    pub fn signed(&self) -> Signed {
        match self.deliveries.iter().filter(|d| d.is_signed).count() {
            0 => Signed::None,
            signed if signed == self.deliveries.len() => Signed::All,
            _ => Signed::Some,
        }
    }

    /// Whether anything has, or may have, left this computer.
    pub fn may_have_been_sent(&self) -> bool {
        self.deliveries
            .iter()
            .any(|d| matches!(d.outcome, Outcome::Sent | Outcome::Unconfirmed))
    }

    /// Recipients with this outcome.
    pub fn with(&self, outcome: Outcome) -> impl Iterator<Item = &Recipient> {
        self.deliveries
            .iter()
            .filter(move |d| d.outcome == outcome)
            .flat_map(|d| d.recipients.iter().map(|t| &t.recipient))
    }
}

impl Outcome {
    /// The outcome of the whole. Unconfirmed outweighs all: it is what the sender must act on.
    pub(super) fn of_all(deliveries: &[Delivery]) -> Self {
        let has = |outcome| deliveries.iter().any(|d| d.outcome == outcome);
        match (
            has(Self::Unconfirmed),
            has(Self::Sent),
            has(Self::Rejected) || has(Self::NotSent),
        ) {
            (true, ..) => Self::Unconfirmed,
            (false, true, true) => Self::Partial,
            (false, true, false) => Self::Sent,
            _ if has(Self::Written) => Self::Written,
            _ if has(Self::Rejected) => Self::Rejected,
            _ => Self::NotSent,
        }
    }

    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Partial => "partial",
            Self::Rejected => "rejected",
            Self::Unconfirmed => "unconfirmed",
            Self::NotSent => "not-sent",
            Self::Written => "written",
        }
    }
}
