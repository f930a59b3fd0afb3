//! Asking a domain for a receipt, and what comes back: the other way to learn whether mail to and from it is encrypted.
//!
//! ```text
//! ask_receipt(address)  -> an empty mail with a token leaves, after the record says so
//! take_receipt(file)    -> the answer is matched to its request, judged line by line, and filed once
//! filed_receipts()      -> the newest of each domain, to be shown beside the level, which it never raises
//! ```
//! Segl itself never answers anybody's request for a receipt (RFC 8098 §2.1).

mod ask;
mod known;
mod take;

pub use ask::{AskError, Requested};
pub(super) use known::Known;
pub use take::{NotFiled, ReceiptError, TakenReceipt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The code of a row of the record: somebody is about to be asked.
const ASKED: &str = "tls-receipt-request";
/// The code of a row of the record: an answer that was filed.
const FILED: &str = "tls-receipt";
/// Digits of a token: 128 random bits in hex.
const TOKEN_LENGTH: usize = 32;

/// A request, as the record has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What the answer is known by.
    pub token: String,
    /// The message, with its angle brackets.
    pub message_id: String,
    /// Who was asked.
    pub address: String,
    /// Their domain, as A-label.
    pub domain: String,
    /// By whom: the address that the mail is from.
    pub from: String,
    /// When.
    pub at: Timestamp,
    /// Whether the recipient's mail program is asked (MDN).
    pub asks_disposition: bool,
    /// Whether mail servers are asked (DSN): where our own offers to ask them.
    pub asks_status: bool,
    /// The domain's mail servers, as they were when it was asked.
    #[serde(default)]
    pub mx: Vec<String>,
    /// The row of the record.
    #[serde(default)]
    pub row: u64,
}

/// Whether a text has the form of a token.
fn is_token(text: &str) -> bool {
    let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == TOKEN_LENGTH && text.bytes().all(is_digit)
}
