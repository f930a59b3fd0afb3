//! What the clocks of others said: dates of HTTP answers (RFC 9110 §6.6.1), of directories, of mail servers, and of
//! what is signed. Kept beside a clock that nobody sets, so that they tell the time at any later moment too.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

use crate::cert::{ClockState, PeerClock, Reading, weigh_clock};

/// Whose dates are kept at most.
const MAX: usize = 64;

/// Dates that were heard, shared by everything that asks somebody.
#[derive(Clone, Default)]
pub struct Dates(Arc<Mutex<BTreeMap<Said, Heard>>>);

/// Who said it, and how.
type Said = (String, Reading, bool);

struct Heard {
    says: Timestamp,
    at: Instant,
    /// Whether this computer's clock was ahead of it when it was first weighed.
    was_behind: Option<bool>,
}

/// Whether what was said can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouched {
    /// Said inside verified TLS, or signed.
    Yes,
    /// Said in clear.
    No,
}

impl Dates {
    /// Keeps what somebody's clock says now. The newest word of each counts.
    pub fn hear(&self, peer: &str, says: Timestamp, reading: Reading, vouched: Vouched) {
        self.hear_at(peer, says, reading, vouched, Instant::now());
    }

    fn hear_at(
        &self,
        peer: &str,
        says: Timestamp,
        reading: Reading,
        vouched: Vouched,
        at: Instant,
    ) {
        let said = (peer.to_owned(), reading, vouched == Vouched::Yes);
        let mut heard = self.heard();
        if heard.len() >= MAX && !heard.contains_key(&said) {
            let oldest = heard.iter().min_by_key(|(_, h)| h.at);
            if let Some(oldest) = oldest.map(|(said, _)| said.clone()) {
                heard.remove(&oldest);
            }
        }
        let was_behind = None;
        heard.insert(
            said,
            Heard {
                says,
                at,
                was_behind,
            },
        );
    }

    /// Takes over what others heard before: other settings make nobody's clock right.
    pub fn take_over(&self, before: &Self) {
        let mut earlier = std::mem::take(&mut *before.heard());
        let mut heard = self.heard();
        earlier.append(&mut heard);
        *heard = earlier;
    }

    /// Weighs all of it against this computer's clock, which shows `at`.
    pub fn weigh(&self, at: Timestamp) -> ClockState {
        self.weigh_at(at, Instant::now())
    }

    fn weigh_at(&self, at: Timestamp, now: Instant) -> ClockState {
        let mut heard = self.heard();
        let mut peers = Vec::new();
        heard.retain(|(peer, reading, is_vouched), heard| {
            let since = now.saturating_duration_since(heard.at);
            let peer = PeerClock {
                peer: peer.clone(),
                says: later(heard.says, since),
                reading: *reading,
                is_vouched: *is_vouched,
            };
            let is_behind = peer.is_behind(at);
            // A clock that nobody sets stands still while the computer sleeps: who agreed before has not lost its way.
            let slept = is_behind && heard.was_behind == Some(false);
            heard.was_behind.get_or_insert(is_behind);
            peers.extend((!slept).then_some(peer));
            !slept
        });
        weigh_clock(&peers, at)
    }

    fn heard(&self) -> MutexGuard<'_, BTreeMap<Said, Heard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The time that the head of an HTTP answer tells: when it was made, and how long it lay in a cache since
/// (RFC 9111 §5.1). Contradictions tell nothing.
pub(super) fn of_head(fields: &[httparse::Header<'_>]) -> Option<Timestamp> {
    let all = |name: &str| -> Vec<&str> {
        let named = fields.iter().filter(|f| f.name.eq_ignore_ascii_case(name));
        named
            .map(|f| str::from_utf8(f.value).unwrap_or_default().trim())
            .collect()
    };
    let [date] = all("date")[..] else { return None };
    let date = of_text(date)?;
    match all("age")[..] {
        [] => Some(date),
        [age] => {
            let age = SignedDuration::from_secs(age.parse::<u32>().ok()?.into());
            date.checked_add(age).ok()
        }
        _ => None,
    }
}

/// A date as mail and HTTP write it, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn of_text(text: &str) -> Option<Timestamp> {
    let parser = rfc2822::DateTimeParser::new();
    parser.parse_timestamp(text).ok()
}

/// The date that a line ends with, as mail servers greet with it (RFC 5321 §4.2 leaves the text to them).
pub fn date_at_end(line: &str) -> Option<Timestamp> {
    let commas = line.match_indices(", ");
    let mut texts = commas.filter_map(|(at, _)| line.get(at.checked_sub(3)?..));
    texts.find_map(of_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn head(fields: &[(&str, &str)]) -> Option<Timestamp> {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| httparse::Header {
                name,
                value: value.as_bytes(),
            })
            .collect();
        of_head(&fields)
    }

    #[test]
    fn the_head_of_an_answer_tells_the_time() {
        let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let told = Some(time("1994-11-06T08:49:37Z"));
        assert_eq!(head(&[date]), told);
        assert_eq!(head(&[("date", date.1), ("Server", "x")]), told);
        let an_hour_later = Some(time("1994-11-06T09:49:37Z"));
        assert_eq!(head(&[date, ("Age", "3600")]), an_hour_later);
        for fields in [
            &[][..],
            &[("Date", "yesterday")],
            &[("Date", "")],
            &[date, date],
            &[date, ("Age", "-1")],
            &[date, ("Age", "99999999999999")],
        ] {
            assert_eq!(head(fields), None, "{fields:?}");
        }
    }

    #[test]
    fn the_date_of_a_greeting_is_read_where_there_is_one() {
        let told = Some(time("2026-11-22T18:56:05Z"));
        for line in [
            "mx.example Microsoft ESMTP MAIL Service ready at Sun, 22 Nov 2026 18:56:05 +0000",
            "mail.example ESMTP Exim 4.98 Sun, 22 Nov 2026 19:56:05 +0100",
            "mail.example, ESMTP Sendmail 8.18.1; Sun, 22 Nov 2026 19:56:05 +0100",
        ] {
            assert_eq!(date_at_end(line), told, "{line}");
        }
        for line in [
            "",
            ", ",
            "ø, x",
            "mail.example ESMTP Postfix",
            "a, Sun, 22 Nov",
        ] {
            assert_eq!(date_at_end(line), None, "{line}");
        }
    }

    const NOON: &str = "2026-11-22T12:00:00Z";

    fn code(dates: &Dates, at: &str, now: Instant) -> &'static str {
        dates.weigh_at(time(at), now).code()
    }

    #[test]
    fn a_clock_that_is_set_after_somebody_said_the_time_is_noticed_and_so_is_its_repair() {
        let (dates, begin) = (Dates::default(), Instant::now());
        dates.hear_at("a", time(NOON), Reading::Exact, Vouched::Yes, begin);
        assert_eq!(code(&dates, NOON, begin), "agrees");
        let later = begin + Duration::from_mins(10);
        assert_eq!(code(&dates, "2026-11-22T12:10:00Z", later), "agrees");
        assert_eq!(code(&dates, "2026-11-22T10:10:00Z", later), "off");
        assert_eq!(code(&dates, "2026-11-22T12:10:00Z", later), "agrees");
    }

    #[test]
    fn a_computer_that_slept_is_not_taken_for_one_whose_clock_is_ahead() {
        let (dates, begin) = (Dates::default(), Instant::now());
        dates.hear_at("a", time(NOON), Reading::Exact, Vouched::Yes, begin);
        assert_eq!(code(&dates, NOON, begin), "agrees");
        let slept = "2026-11-22T22:00:00Z";
        assert_eq!(code(&dates, slept, begin), "unheard");
    }

    #[test]
    fn a_clock_that_was_ahead_is_so_until_it_is_set() {
        let (dates, begin) = (Dates::default(), Instant::now());
        dates.hear_at("a", time(NOON), Reading::Exact, Vouched::No, begin);
        assert_eq!(code(&dates, "2026-11-22T15:00:00Z", begin), "off");
        let later = begin + Duration::from_hours(2);
        assert_eq!(code(&dates, "2026-11-22T17:00:00Z", later), "off");
        assert_eq!(code(&dates, "2026-11-22T14:00:00Z", later), "agrees");
    }

    #[test]
    fn no_more_peers_are_kept_than_anybody_needs() {
        let (dates, begin) = (Dates::default(), Instant::now());
        for index in 0..=MAX {
            let at = begin + Duration::from_secs(index as u64);
            let peer = index.to_string();
            dates.hear_at(&peer, time(NOON), Reading::Exact, Vouched::No, at);
        }
        let heard = dates.heard();
        assert_eq!(heard.len(), MAX);
        assert!(!heard.keys().any(|(peer, ..)| peer == "0"), "the oldest");
    }
}
