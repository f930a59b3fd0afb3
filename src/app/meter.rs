//! How large the mail is when it is packed, beside what the mail server takes. Pure.

use super::state::State;
use crate::mail::Body;

/// Octets that the mail has when it is packed: files and text, encoded twice (base64 inside and outside, line ends).
pub(super) fn packed(state: &State) -> u64 {
    let text = match &state.draft.body {
        Body::Text(text) => text.len(),
        Body::HandedOver { own, entity, .. } => own.len() + entity.len(),
    };
    let files: u64 = state.draft.attachments.iter().map(|a| a.size).sum();
    (files + text as u64) * 19 / 10
}

/// Whether the packed mail is larger than the mail server takes.
pub(super) fn is_too_large(state: &State) -> bool {
    state
        .setup
        .size_limit
        .is_some_and(|limit| packed(state) > limit)
}

/// The packed size beside what the mail server takes.
pub(super) fn meter(state: &State) -> String {
    let words = &state.words;
    let packed_size = words.size(packed(state));
    match state.setup.size_limit {
        Some(limit) => {
            let args = [
                ("packed", packed_size.into()),
                ("limit", words.size(limit).into()),
            ];
            words.with(
                if is_too_large(state) {
                    "meter-over"
                } else {
                    "meter-of"
                },
                &args,
            )
        }
        None => words.with("meter-alone", &[("packed", packed_size.into())]),
    }
}
