//! What a message holds: detectors that look for what others should not read, in its subject, its text, the earlier
//! mail that it quotes, its files and its recipients' addresses. Octets and text in, findings out: no disk, no network,
//! no clock.
//!
//! A suggestion is never an obstacle and never proof: it raises a class and never lowers one. What was found leaves this
//! module only as its category, its place and a mask, never as text. A file that cannot be read is "not examined", which
//! is not the same as ordinary. GDPR Art. 9 and 10; Danish civil registration numbers in `mail::cpr`.

mod bank;
mod case;
mod category;
mod file;
mod finding;
mod list;
mod message;
mod number;
mod passport;
mod pdf;
mod redaction;
mod scan;
mod text;
mod unread;

pub use category::Category;
pub use file::{FileFindings, MAX_FILE, examine_file};
pub use finding::{Because, Confidence, Finding, NotExamined, Place, Suggestion};
pub use message::{examine, text as examine_text};
pub use redaction::{Redaction, redacted};
pub use unread::Unread;
