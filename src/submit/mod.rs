//! Message submission (RFC 6409): hands finished messages to the firm's own mail server, or writes them to a folder.
//!
//! Segl does everything up to and inside TLS itself: TCP, greeting, EHLO, STARTTLS (RFC 3207), handshake, EHLO again,
//! AUTH (RFC 4954). lettre then speaks the mail transactions over a wire of ours that checks each reply and knows
//! whether the final dot was handed over. Never sends anything but EHLO and STARTTLS outside TLS, never falls back to
//! plain text, never delivers before [`Session::verify`] has had every recipient of every message accepted, and never
//! calls a message unsent that may have been sent.

mod auth;
mod content;
mod eml;
mod error;
mod facts;
#[cfg(test)]
mod frail;
mod link;
mod open;
mod reply;
mod session;
mod settings;
mod talk;
mod token;
mod transaction;
mod wire;

pub use content::{Content, ContentFault};
pub use eml::{EmlError, Written, write_eml};
pub use error::{Step, SubmitError};
pub use facts::ServerFacts;
pub use reply::{Malformed, Reply, ServerText};
pub use session::{Cancel, Delivered, EnvelopeReplies, Session, Verdict, Verified};
pub use settings::{
    AccessTokens, Auth, Mechanism, NextToken, Secret, Security, Settings, Timeouts, Tokens, Wanted,
};
pub use token::{TokenCommand, TokenError};
pub use transaction::{Envelope, Transaction};
pub use wire::Progress;
