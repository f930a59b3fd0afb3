//! Why a draft was not sent. Nothing has left: whatever happens after that is told by a receipt.

use std::path::PathBuf;

use crate::{
    decide::Change,
    keys::{self, KeyError, Token},
    record::RecordError,
    submit::{EmlError, SubmitError, TokenError},
};

use super::{ArchiveFault, DraftError, MakeError, RelayError};

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The draft goes to nobody.
    #[error("no recipients")]
    NoRecipients,
    /// The approval is for another draft.
    #[error("the approval is for another draft")]
    OtherDraft,
    /// From is none of the senders in the settings.
    #[error("the sender is not in the settings")]
    UnknownSender,
    /// What was approved is no longer so.
    #[error("something changed since the approval: {0:?}")]
    Changed(Change),
    /// The messages could not be made.
    #[error(transparent)]
    Make(#[from] MakeError),
    /// The settings name no mail server.
    #[error("no mail server is configured")]
    NoMailServer,
    /// The key of drafts and record is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The mail server's password is nowhere.
    #[error("the mail server's password is not known")]
    NoPassword,
    /// The firm's archive must be able to read every encrypted mail, and cannot.
    #[error("the archive {}: {why}", file.display())]
    Archive {
        /// The file that the settings name.
        file: PathBuf,
        /// What is wrong.
        why: ArchiveFault,
    },
    /// The mail is to be signed, and the token that signs cannot be used now.
    #[error("the token {}: {why}", token.label)]
    Token {
        /// Which.
        token: Token,
        /// Why not.
        why: keys::TokenError,
    },
    /// The record cannot be written: what cannot be documented is not sent.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A mail of the outbox cannot be marked as one that may have been sent.
    #[error("the draft cannot be marked")]
    Unmarked(#[from] DraftError),
    /// The mail server could not be reached or used.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The service that relays could not be asked whether it tracks who opens mail.
    #[error(transparent)]
    Relay(RelayError),
    /// The service that relays tracks who opens mail.
    #[error("the relay tracks {0:?}")]
    Tracked(Vec<String>),
    /// The files could not be written.
    #[error(transparent)]
    Eml(#[from] EmlError),
}

impl SendError {
    /// The one question that matters. Everything that can happen after the first message has begun to leave is in the
    /// [`Receipt`](super::Receipt), so here the answer is always no.
    pub fn may_have_been_sent(&self) -> bool {
        false
    }

    /// Whether the mail server, or the sign-in server before it, wants the user to sign in again.
    pub fn lacks_sign_in(&self) -> bool {
        match self {
            Self::NoPassword
            | Self::Submit(
                SubmitError::Credentials { .. } | SubmitError::Token(TokenError::SignInAgain),
            ) => true,
            Self::Submit(SubmitError::AuthRefused { reply, .. }) => !reply.is_temporary(),
            _ => false,
        }
    }

    /// Whether the same may succeed a little later, without anything being corrected: the server is busy or out of
    /// reach, the keyring is locked, the record is in use.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Key(_)
                | Self::Token { .. }
                | Self::Record(_)
                | Self::Unmarked(_)
                | Self::Submit(
                    SubmitError::Connect(_)
                        | SubmitError::Timeout { .. }
                        | SubmitError::Dropped { .. }
                        | SubmitError::Refused { .. },
                )
        )
    }
}
