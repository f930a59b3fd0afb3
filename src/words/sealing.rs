//! Words for a message that `segl seal` was given and could not encrypt.

use super::{Means, Stop, Words};
use crate::segl::SealFailure;

impl Words {
    /// Why a message was not encrypted, and what to do. Nothing is kept of it, which whoever asked says himself.
    pub fn not_sealed(&self, cause: &SealFailure) -> Stop {
        let stop = |what: &str, args: &[(&str, String)], next: &str| {
            let args = args
                .iter()
                .map(|(name, value)| (*name, value.as_str().into()));
            self.stop_meaning(what, &args.collect::<Vec<_>>(), Means::Nothing, next)
        };
        let detail = |what: &str, next: &str| stop(what, &[("detail", cause.to_string())], next);
        let in_field = |what: &str, field: &String| {
            stop(what, &[("field", field.clone())], "next-seal-other-message")
        };
        match cause {
            SealFailure::AlreadyProtected { media_type } => stop(
                "seal-protected",
                &[("kind", media_type.clone())],
                "next-seal-other-message",
            ),
            SealFailure::Empty => stop("seal-empty", &[], "next-seal-other-message"),
            SealFailure::HeaderTooLarge { limit } => stop(
                "seal-header-large",
                &[("limit", limit.to_string())],
                "next-seal-other-message",
            ),
            SealFailure::HeaderMalformed { line } => stop(
                "seal-header-malformed",
                &[("line", line.to_string())],
                "next-seal-other-message",
            ),
            SealFailure::DuplicateField { field } => in_field("seal-field-twice", field),
            SealFailure::FieldNotText { field } => in_field("seal-field-no-text", field),
            SealFailure::FieldTooLong {
                field,
                octets,
                limit,
            } => stop(
                "seal-field-long",
                &[
                    ("field", field.clone()),
                    ("octets", octets.to_string()),
                    ("limit", limit.to_string()),
                ],
                "next-seal-other-message",
            ),
            SealFailure::AmbiguousReaders => stop("seal-ambiguous", &[], "next-it"),
            SealFailure::Read(_) | SealFailure::Write(_) => detail("cli-not-sealed", "next-again"),
            // A fault in Segl or of the library.
            _ => detail("cli-not-sealed", "next-seal-tell"),
        }
    }
}
