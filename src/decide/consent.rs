//! Somebody saw who is exposed, and why, and accepted it: who, where, when, for which reason, having read which text.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mail::Digest;

/// Where a consent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Surface {
    /// The window.
    Window,
    /// The command line.
    CommandLine,
    /// Nobody was asked: the outbox, which sends only what exposes nobody, or what was assessed before.
    Outbox,
    /// Nobody was asked: the first run's mail to the user's own address.
    FirstRun,
}

/// The codes of the firm's list of reasons. The words belong to the surfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// The mail holds nothing confidential or sensitive.
    NothingConfidential,
    /// The recipient's mail server was examined, and the assessment is on file.
    Assessed,
    /// It is urgent for the recipient or a deadline; which, is in the text.
    Urgent,
    /// Another reason, which is in the text.
    Other,
    /// Policy asks for none.
    NotRequired,
}

/// A reason: a code, with text where the code asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    code: ReasonCode,
    text: String,
}

/// Why a reason does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// No reason was given, and policy requires one.
    #[error("no reason")]
    Missing,
    /// The code asks for text.
    #[error("this reason needs a text")]
    TextMissing,
}

/// What the sender gives when accepting a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Why.
    pub reason: Reason,
    /// The account at this computer.
    pub who: String,
    /// Where.
    pub surface: Surface,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the warning's text as it was shown.
    pub shown: Digest,
}

impl ReasonCode {
    /// All that can be chosen, in the order in which they are shown.
    pub const CHOICES: [Self; 4] = [
        Self::NothingConfidential,
        Self::Assessed,
        Self::Urgent,
        Self::Other,
    ];

    /// The code as written in the record and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingConfidential => "nothing-confidential",
            Self::Assessed => "assessed",
            Self::Urgent => "urgent",
            Self::Other => "other",
            Self::NotRequired => "not-required",
        }
    }

    /// Whether this reason means nothing without a text.
    pub fn needs_text(self) -> bool {
        matches!(self, Self::Urgent | Self::Other)
    }
}

impl Reason {
    /// A reason from the list.
    pub fn new(code: ReasonCode, text: &str) -> Result<Self, ReasonError> {
        let text = text.trim();
        if code == ReasonCode::NotRequired {
            return Err(ReasonError::Missing);
        }
        if code.needs_text() && !text.chars().any(char::is_alphanumeric) {
            return Err(ReasonError::TextMissing);
        }
        Ok(Self {
            code,
            text: text.to_owned(),
        })
    }

    /// A reason as typed on a command line: a code, `code: text`, or any other text, which becomes `other`.
    pub fn parse(typed: &str, is_required: bool) -> Result<Self, ReasonError> {
        let typed = typed.trim();
        let (head, tail) = typed.split_once(':').unwrap_or((typed, ""));
        if let Some(code) = ReasonCode::CHOICES
            .into_iter()
            .find(|c| c.code() == head.trim())
        {
            return Self::new(code, tail);
        }
        match (typed.is_empty(), is_required) {
            (true, true) => Err(ReasonError::Missing),
            (true, false) => Ok(Self {
                code: ReasonCode::NotRequired,
                text: String::new(),
            }),
            (false, _) => Self::new(ReasonCode::Other, typed),
        }
    }

    /// The code.
    pub fn code(&self) -> ReasonCode {
        self.code
    }

    /// The text, possibly empty.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_code_or_a_text_and_never_nothing_where_one_is_required() {
        let parse = |t| Reason::parse(t, true);
        assert_eq!(parse("assessed").unwrap().code(), ReasonCode::Assessed);
        assert_eq!(
            parse("urgent: hearing tomorrow").unwrap().text(),
            "hearing tomorrow"
        );
        assert_eq!(
            parse("the client asked for it").unwrap().code(),
            ReasonCode::Other
        );
        assert_eq!(parse("urgent").unwrap_err(), ReasonError::TextMissing);
        assert_eq!(parse("other: ...").unwrap_err(), ReasonError::TextMissing);
        assert_eq!(parse("...").unwrap_err(), ReasonError::TextMissing);
        assert_eq!(parse("  ").unwrap_err(), ReasonError::Missing);
        assert_eq!(
            Reason::parse("", false).unwrap().code(),
            ReasonCode::NotRequired
        );
        assert!(Reason::new(ReasonCode::NotRequired, "x").is_err());
    }
}
