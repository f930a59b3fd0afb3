//! Whether this computer's clock can be believed.
//!
//! Every verdict on a certificate and on its revocation holds dates against it: a clock that is behind makes an old list
//! look like one of today and brings ended certificates back. So what the clocks of others say is weighed here, before
//! anything is green. It is never used to correct the time: whoever can set a date could then choose the time.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// By more than this no clock is off that anybody looks after; a time zone that was set wrong is off by an hour or more.
const MOST: SignedDuration = SignedDuration::from_hours(1);

/// What somebody else's clock says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerClock {
    /// Who, for people: a directory's name or a host.
    pub peer: String,
    /// What it says.
    pub says: Timestamp,
    /// What that tells.
    pub reading: Reading,
    /// Whether it was said inside verified TLS, or is signed. What is said in clear, anybody on the way may have put there.
    pub is_vouched: bool,
}

/// What a date of somebody else tells of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// It was that time then.
    Exact,
    /// It was that time or later: something was made, or began, at that time.
    AtLeast,
}

/// Somebody's clock says another time than this computer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockOff {
    /// Who says so.
    pub peer: String,
    /// The time there.
    pub expected: Timestamp,
    /// The time here.
    pub presented: Timestamp,
}

/// What the clocks of others say of this computer's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ClockState {
    /// Nobody said the time.
    #[default]
    Unheard,
    /// It is as they say.
    Agrees,
    /// It is as some say; one says otherwise.
    Disputed(ClockOff),
    /// It is more than an hour off what they say, and nobody who counts as much says otherwise.
    Off(ClockOff),
}

impl ClockState {
    /// Its code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unheard => "unheard",
            Self::Agrees => "agrees",
            Self::Disputed(_) => "disputed",
            Self::Off(_) => "off",
        }
    }

    /// Who says another time.
    pub fn other(&self) -> Option<&ClockOff> {
        match self {
            Self::Unheard | Self::Agrees => None,
            Self::Disputed(other) | Self::Off(other) => Some(other),
        }
    }

    /// The same where nothing may be green because of it.
    pub fn off(&self) -> Option<&ClockOff> {
        match self {
            Self::Off(off) => Some(off),
            Self::Unheard | Self::Agrees | Self::Disputed(_) => None,
        }
    }
}

impl PeerClock {
    /// Whether this computer's clock is ahead of it, by more than an hour.
    pub fn is_behind(&self, at: Timestamp) -> bool {
        self.reading == Reading::Exact && at.duration_since(self.says) > MOST
    }

    /// Whether this computer's clock is behind it, by more than an hour.
    pub fn is_ahead(&self, at: Timestamp) -> bool {
        self.says.duration_since(at) > MOST
    }

    fn confirms(&self, at: Timestamp) -> bool {
        self.reading == Reading::Exact && !self.is_behind(at) && !self.is_ahead(at)
    }
}

/// Weighs what the clocks of others say against this computer's, which shows `at`.
///
/// One server with a wrong clock must not turn an office red: who says otherwise is overruled by anybody who says what
/// this computer says, unless what is said in clear would overrule what is vouched for. A date after which something
/// was made counts only where nobody says the time itself.
pub fn weigh_clock(heard: &[PeerClock], at: Timestamp) -> ClockState {
    let confirmed = heard.iter().any(|p| p.confirms(at));
    let confirmed_vouched = heard.iter().any(|p| p.is_vouched && p.confirms(at));
    let differs = |p: &&PeerClock| match p.reading {
        Reading::Exact => p.is_behind(at) || p.is_ahead(at),
        Reading::AtLeast => p.is_ahead(at) && !confirmed,
    };
    // Whom one can believe most; of several always the same.
    let differing = heard
        .iter()
        .filter(differs)
        .min_by_key(|p| (!p.is_vouched, p.reading, &p.peer));
    let Some(other) = differing else {
        return if confirmed {
            ClockState::Agrees
        } else {
            ClockState::Unheard
        };
    };
    let off = ClockOff {
        peer: other.peer.clone(),
        expected: other.says,
        presented: at,
    };
    let is_overruled = if other.is_vouched {
        confirmed_vouched
    } else {
        confirmed
    };
    if is_overruled {
        ClockState::Disputed(off)
    } else {
        ClockState::Off(off)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn peer(minutes: i64, reading: Reading, is_vouched: bool) -> PeerClock {
        PeerClock {
            peer: format!("{minutes} {is_vouched}"),
            says: at() + SignedDuration::from_mins(minutes),
            reading,
            is_vouched,
        }
    }

    #[test]
    fn a_clock_is_off_by_more_than_an_hour_unless_somebody_who_counts_as_much_agrees_with_it() {
        use Reading::{AtLeast, Exact};
        type Row<'a> = (&'a [(i64, Reading, bool)], &'a str);
        let rows: [Row<'_>; 17] = [
            (&[], "unheard"),
            (&[(0, Exact, false)], "agrees"),
            (&[(60, Exact, false)], "agrees"),
            (&[(-60, Exact, true)], "agrees"),
            (&[(61, Exact, false)], "off"),
            (&[(-61, Exact, false)], "off"),
            (&[(61, Exact, true)], "off"),
            (&[(61, AtLeast, true)], "off"),
            // It was later than yesterday: nobody doubts it, and it tells nothing.
            (&[(-1440, AtLeast, true)], "unheard"),
            (&[(61, Exact, false), (0, Exact, false)], "disputed"),
            (&[(61, Exact, false), (0, Exact, true)], "disputed"),
            (&[(61, Exact, true), (0, Exact, true)], "disputed"),
            // What is said in clear does not overrule what is vouched for.
            (&[(61, Exact, true), (0, Exact, false)], "off"),
            (&[(61, Exact, true), (90, Exact, true)], "off"),
            (&[(61, AtLeast, true), (0, Exact, false)], "agrees"),
            (&[(61, AtLeast, true), (-1440, AtLeast, true)], "off"),
            (&[(-61, Exact, false), (-1440, AtLeast, true)], "off"),
        ];
        for (heard, code) in rows {
            let heard: Vec<PeerClock> = heard.iter().map(|(m, r, v)| peer(*m, *r, *v)).collect();
            assert_eq!(weigh_clock(&heard, at()).code(), code, "{heard:?}");
        }
    }

    #[test]
    fn who_is_believed_most_is_named() {
        let heard = [
            peer(61, Reading::Exact, false),
            peer(120, Reading::Exact, true),
        ];
        let state = weigh_clock(&heard, at());
        let off = state.off().unwrap();
        assert_eq!(off.peer, "120 true");
        assert_eq!(off.expected, at() + SignedDuration::from_mins(120));
        assert_eq!(off.presented, at());
    }

    #[test]
    fn who_says_another_time_is_told_also_where_somebody_else_says_ours() {
        let (wrong, right) = (
            peer(61, Reading::Exact, false),
            peer(0, Reading::Exact, true),
        );
        let other = |heard: &[PeerClock]| {
            let state = weigh_clock(heard, at());
            (state.other().map(|o| o.peer.clone()), state.off().is_some())
        };
        let named = Some(wrong.peer.clone());
        assert_eq!(other(std::slice::from_ref(&wrong)), (named.clone(), true));
        assert_eq!(other(&[wrong, right.clone()]), (named, false));
        assert_eq!(other(&[right]), (None, false));
        assert_eq!(other(&[]), (None, false));
    }
}
