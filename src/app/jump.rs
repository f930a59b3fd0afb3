//! The clock of the computer jumps: it was set, or the computer slept. Nothing that waits for a time is lost or comes
//! too early: the undo time goes on from where it was, and a clock that went back delays no draft and blocks no key.
//!
//! Times are those of the wall, because the record needs them; so a jump is seen by the step from one message to the
//! next. In the undo time the window draws each second, and a longer step is one that nobody saw.

use jiff::{SignedDuration, Timestamp};

use super::{
    rows::KINDS,
    state::{Phase, State},
};

/// Between two messages in the undo time at most.
const UNSEEN: SignedDuration = SignedDuration::from_secs(4);

/// A clock that is corrected by less delays nothing that anyone notices.
const BACK: SignedDuration = SignedDuration::from_secs(2);

/// Looks at the step from the last message to this one.
pub(super) fn look(state: &mut State, now: Timestamp) {
    let Some(before) = state.seen.replace(now) else {
        return;
    };
    let step = now.duration_since(before);
    if step < -BACK {
        shift(state, step);
    } else if step > UNSEEN
        && let Phase::Holding { until, .. } = &mut state.phase
    {
        *until = moved(*until, step);
        state.call(state.words.say("tell-hold-goes-on"));
    }
}

fn moved(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}

/// Every time that something waits for, as far from now as it was.
fn shift(state: &mut State, by: SignedDuration) {
    let State {
        rows,
        phase,
        kept,
        dialog,
        said_state_at,
        voice,
        retry,
        ..
    } = state;
    match phase {
        Phase::Holding { until, .. } => *until = moved(*until, by),
        Phase::Sending { since, .. } => *since = moved(*since, by),
        Phase::Done {
            closes: Some(at), ..
        } if *at < Timestamp::MAX => *at = moved(*at, by),
        _ => {}
    }
    let typed = KINDS.map(|kind| rows.row(kind).typed_at);
    for (kind, at) in KINDS.into_iter().zip(typed) {
        rows.row_mut(kind).typed_at = at.map(|t| moved(t, by));
    }
    for at in [&mut kept.changed, said_state_at].into_iter().flatten() {
        *at = moved(*at, by);
    }
    if let Some(dialog) = dialog {
        dialog.opened = moved(dialog.opened, by);
    }
    if let Some(retry) = retry {
        retry.at = moved(retry.at, by);
    }
    voice.shift(|t| moved(t, by));
}
