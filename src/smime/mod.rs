//! S/MIME (RFC 8551): a MIME entity becomes `EnvelopedData` (RFC 5652 §6) or `AuthEnvelopedData` (RFC 5083) in one pass,
//! and what leaves is read again.
//!
//! Composition is a row of writers: [`CrLf`] → [`envelop`] → [`Base64Lines`](crate::mail::Base64Lines) → out. Memory does
//! not grow with the message, and plain text is never put into a file. [`check()`] shares no code with the writers: it
//! reads the final octets as a stranger would and refuses whatever it does not expect. [`sign_entity`] and
//! [`protect_header`] stand inside the row where a message is signed and its header protected, and [`open`](mod@open) reads what others make.
//! Touches nothing: no disk, no network, no clock. Who may read is decided elsewhere: only an
//! [`EncryptionCertificate`](crate::cert::EncryptionCertificate) gets in, and only `cert::judge` makes one.

mod check;
mod cipher;
mod envelope;
mod error;
mod header;
mod key_management;
mod line_ends;
mod message;
mod one_time;
pub mod open;
mod pipeline;
mod protect;
mod recipient;
mod sign;

pub use check::{Checked, Field, Inspected, SelfCheckError, check, inspect};
pub use envelope::envelop;
pub use error::SealError;
pub use header::OuterHeader;
pub use key_management::KeyManagement;
pub use line_ends::CrLf;
pub use message::{Sealed, seal_entity, seal_message};
pub use one_time::open_one_time;
pub use protect::{CoveredBy, protect_header};
pub use recipient::ReaderId;
pub use sign::{Signing, sign_encrypted_entity, sign_entity};
