//! What the window shows after sending: a receipt, or what went wrong. Plain data; the words of a receipt are the
//! window's, those of a failure come with it, because only the one who failed knows what it means for the mail.

use jiff::Timestamp;

use super::{command::Command, signing_in::SignIn};
use crate::{
    decide::{Reason, Route},
    mail::{Address, Again, DraftId, Recipient},
};

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which draft it was.
    pub draft: DraftId,
    /// The message identifier, with its angle brackets.
    pub message_id: String,
    /// When the mail server answered last.
    pub at: Timestamp,
    /// One for each recipient, in the draft's order.
    pub deliveries: Vec<Delivered>,
    /// Recipients of the draft to whom it was not to be sent.
    pub left_out: Vec<Recipient>,
    /// What a further sending of the same draft must keep, where this one did not reach everybody.
    pub again: Option<Again>,
    /// Where the send log has it; none if the outcome could not be written there.
    pub record: Option<RecordEntry>,
}

/// What became of a mail for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Who.
    pub recipient: Recipient,
    /// How it went.
    pub route: Route,
    /// The organisation whose key it was encrypted to, as it is shown.
    pub organisation: Option<String>,
    /// Whether it is signed.
    pub is_signed: bool,
    /// What became of it.
    pub outcome: Outcome,
    /// What the mail server said.
    pub reply: String,
    /// How the connection to the mail server was protected, as in `TLS 1.3`.
    pub tls: String,
    /// The reason that was given for sending it without encryption.
    pub reason: Option<Reason>,
}

/// What became of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Sent,
    /// The mail server refused it.
    Rejected,
    /// It was handed over, and no answer came.
    Unconfirmed,
}

/// A place in the send log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordEntry {
    /// Its number.
    pub seq: u64,
    /// Its link, in hex.
    pub link: String,
}

/// Something did not work. Every part is a sentence, or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What happened.
    pub happened: String,
    /// What it means for the mail.
    pub means: String,
    /// What to do.
    pub todo: String,
    /// The next steps that are offered as buttons.
    pub steps: Vec<Step>,
    /// What to repair: the focus goes there.
    pub at: Option<Culprit>,
    /// Whether the mail may have left all the same.
    pub may_have_been_sent: bool,
    /// For the IT department: no text of the mail, no password.
    pub detail: String,
}

/// A next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Send again.
    SendAgain,
    /// Copy the detail for the IT department.
    CopyForIt,
    /// Open the settings file.
    OpenSettings,
    /// Go to what stands in the way.
    Correct,
    /// Send to those whom the mail server takes, keep the others as a draft.
    SendToOthers,
    /// Sign in to the mail server again.
    SignIn(SignIn),
    /// Type the PIN of the card that signs.
    Pin,
    /// Put it into the outbox. With the mail server's reply, where it gave one.
    Wait(Option<u16>),
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Culprit {
    /// Recipients.
    Recipients(Vec<Address>),
    /// An attachment, by its name.
    File(String),
    /// The subject.
    Subject,
}

/// How a mail went, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overall {
    /// To everybody, encrypted.
    Encrypted,
    /// To everybody, to some without encryption.
    PartlyEncrypted,
    /// Not to everybody.
    PartlySent,
    /// To nobody.
    NotSent,
    /// For some it is not known.
    Unconfirmed,
}

impl Trouble {
    /// What happened, what it means, and what to do.
    pub fn text(&self) -> String {
        let parts = [&self.happened, &self.means, &self.todo];
        parts
            .into_iter()
            .filter(|p| !p.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The same with the detail for the IT department.
    pub fn for_it(&self) -> String {
        format!("{}\n{}", self.text(), self.detail)
            .trim_end()
            .to_owned()
    }
}

impl Step {
    /// The command behind the button.
    pub fn command(self) -> Command {
        match self {
            Self::SendAgain => Command::Send,
            Self::CopyForIt => Command::CopyForIt,
            Self::OpenSettings => Command::OpenSettings,
            Self::Correct => Command::Correct,
            Self::SendToOthers => Command::SendToOthers,
            Self::SignIn(how) => Command::SignIn(how),
            Self::Pin => Command::Own(super::own_keys::Act::AskPin),
            Self::Wait(reply) => Command::Lists(super::lists::Act::Wait(reply)),
        }
    }
}

impl Receipt {
    /// How it went, all in all: what is worst is said first.
    pub fn overall(&self) -> Overall {
        let count = |outcome| {
            self.deliveries
                .iter()
                .filter(|d| d.outcome == outcome)
                .count()
        };
        if count(Outcome::Unconfirmed) > 0 {
            Overall::Unconfirmed
        } else if count(Outcome::Sent) == 0 {
            Overall::NotSent
        } else if count(Outcome::Rejected) > 0 {
            Overall::PartlySent
        } else if self.deliveries.iter().all(|d| d.route.is_end_to_end()) {
            Overall::Encrypted
        } else {
            Overall::PartlyEncrypted
        }
    }

    /// Recipients whom the mail has not reached for certain: refused, or left out.
    pub fn rest(&self) -> Vec<Recipient> {
        self.with(Outcome::Rejected)
            .chain(self.left_out.iter().cloned())
            .collect()
    }

    /// The same, and those for whom it is not known.
    pub fn unsent(&self) -> Vec<Recipient> {
        self.with(Outcome::Unconfirmed).chain(self.rest()).collect()
    }

    /// Those for whom it is not known.
    pub fn doubtful(&self) -> Vec<Address> {
        self.with(Outcome::Unconfirmed)
            .map(|r| r.mailbox.address)
            .collect()
    }

    fn with(&self, outcome: Outcome) -> impl Iterator<Item = Recipient> {
        self.deliveries
            .iter()
            .filter(move |d| d.outcome == outcome)
            .map(|d| d.recipient.clone())
    }
}
