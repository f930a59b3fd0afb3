//! Values of a message: addresses, mailboxes, drafts, and their canonical RFC 5322 / MIME bytes.
//!
//! Touches nothing: an attachment is a path, a length and a digest, opened by whoever renders.

mod address;
mod digest;
mod draft;
mod mailbox;

pub(crate) use address::is_forbidden;
pub use address::{Address, AddressError};
pub use digest::Digest;
pub use draft::{Attachment, Body, Draft, DraftId};
pub use mailbox::{Kind, Mailbox, MailboxError, Recipient, parse_list};
