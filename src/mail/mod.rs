//! Values of a message: addresses, mailboxes, drafts, and their canonical RFC 5322 / MIME bytes.
//!
//! Touches nothing: an attachment is a path, a length and a digest, opened by whoever renders.

mod address;
mod base64;
pub(crate) mod bounds;
mod class;
mod cleaned;
mod cpr;
mod digest;
mod draft;
mod encoded;
mod entity;
pub mod fields;
mod file_name;
mod flowed;
mod handed_over;
mod handed_text;
mod letter;
mod mailbox;
mod message_id;
mod notification;
pub mod prose;
mod quoted_printable;
mod reading;
mod render;
pub mod trace;
mod western;

pub use address::{Address, AddressError};
pub(crate) use address::{ascii_host, is_forbidden};
pub use base64::Base64Lines;
pub(crate) use bounds::is_usual_field;
pub use class::Class;
pub use cleaned::cleaned;
pub(crate) use cpr::{cpr_length, digit_count};
pub use digest::Digest;
pub(crate) use digest::hex;
pub use draft::{Again, Attachment, Body, Dismissed, Draft, DraftId};
pub use entity::{EntityError, seven_bit};
pub use file_name::safe_file_name;
pub(crate) use flowed::Flow;
pub use handed_over::{HandedOver, HandedOverError, handed_over};
pub use letter::Letter;
pub use mailbox::{Kind, Mailbox, MailboxError, Recipient, parse_list};
pub use message_id::message_id;
pub use notification::{Action, AnswerKind, Notification, ToldOf, notification};
pub(crate) use quoted_printable::quoted_printable;
pub(crate) use reading::addresses;
pub use reading::{Answer, Readable, answer, readable};
pub use render::{Form, Head, Open, RenderError, outer_fields, write_entity};
pub(crate) use western::western;
