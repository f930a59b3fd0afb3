//! What is said to screen readers, and shown in the status line: at most one message in two seconds, the last one wins,
//! and none while somebody types.
//!
//! Live regions speak only when their text changes, so two labels take turns: the same sentence twice is heard twice.

use jiff::{SignedDuration, Timestamp};

/// Between two messages.
const PAUSE: SignedDuration = SignedDuration::from_secs(2);
/// After a key press.
const TYPING: SignedDuration = SignedDuration::from_millis(700);

/// How much a message presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// When there is time.
    Polite,
    /// Before anything else.
    Assertive,
}

/// The two labels and what waits for them.
#[derive(Debug, Clone, Default)]
pub struct Voice {
    waiting: Option<(String, Urgency)>,
    labels: [String; 2],
    urgencies: [Option<Urgency>; 2],
    turn: usize,
    said_at: Option<Timestamp>,
    key_at: Option<Timestamp>,
}

impl Voice {
    /// Puts a message in line. A polite one does not push an assertive one out.
    pub fn say(&mut self, text: String, urgency: Urgency) {
        let holds =
            matches!(self.waiting, Some((_, Urgency::Assertive))) && urgency == Urgency::Polite;
        if !holds && !text.is_empty() {
            self.waiting = Some((text, urgency));
        }
    }

    /// A key went down.
    pub fn key(&mut self, now: Timestamp) {
        self.key_at = Some(now);
    }

    /// The clock was set back.
    pub(super) fn shift(&mut self, moved: impl Fn(Timestamp) -> Timestamp) {
        for at in [&mut self.said_at, &mut self.key_at].into_iter().flatten() {
            *at = moved(*at);
        }
    }

    /// When the waiting message may be said.
    pub fn due(&self) -> Option<Timestamp> {
        self.waiting.as_ref()?;
        let after = |t: Option<Timestamp>, d| t.and_then(|t| t.checked_add(d).ok());
        let due = after(self.said_at, PAUSE).max(after(self.key_at, TYPING));
        Some(due.unwrap_or(Timestamp::MIN))
    }

    /// Says what is due.
    pub fn tick(&mut self, now: Timestamp) {
        if self.due().is_none_or(|due| due > now) {
            return;
        }
        if let Some((text, urgency)) = self.waiting.take() {
            self.turn = 1 - self.turn;
            self.labels[self.turn] = text;
            self.urgencies[self.turn] = Some(urgency);
            self.labels[1 - self.turn].clear();
            self.said_at = Some(now);
        }
    }

    /// What was said is no longer true, or no longer matters: it is not shown on.
    pub fn forget_said(&mut self) {
        self.labels.iter_mut().for_each(String::clear);
    }

    /// The two labels, each with its urgency; at most one has a text.
    pub fn labels(&self) -> [(&str, Urgency); 2] {
        [0, 1].map(|i| {
            (
                self.labels[i].as_str(),
                self.urgencies[i].unwrap_or(Urgency::Polite),
            )
        })
    }

    /// What was said last.
    pub fn last(&self) -> &str {
        &self.labels[self.turn]
    }

    /// What will be heard next: the waiting message, else the last.
    pub fn newest(&self) -> &str {
        self.waiting
            .as_ref()
            .map_or_else(|| self.last(), |(text, _)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000 + millis).unwrap()
    }

    #[test]
    fn nothing_is_said_while_somebody_types_and_then_only_the_last() {
        let mut voice = Voice::default();
        voice.key(at(0));
        voice.say("one".into(), Urgency::Polite);
        voice.say("two".into(), Urgency::Polite);
        voice.tick(at(600));
        assert_eq!(voice.last(), "");
        voice.tick(at(700));
        assert_eq!(voice.last(), "two");
    }

    #[test]
    fn two_messages_are_two_seconds_apart() {
        let mut voice = Voice::default();
        voice.say("one".into(), Urgency::Polite);
        voice.tick(at(0));
        voice.say("two".into(), Urgency::Polite);
        voice.tick(at(1900));
        assert_eq!(voice.last(), "one");
        voice.tick(at(2000));
        assert_eq!(voice.last(), "two");
    }

    #[test]
    fn the_same_sentence_twice_changes_a_label_twice() {
        let mut voice = Voice::default();
        voice.say("same".into(), Urgency::Polite);
        voice.tick(at(0));
        let first = voice.labels().map(|(t, _)| t.to_owned());
        voice.say("same".into(), Urgency::Polite);
        voice.tick(at(3000));
        let second = voice.labels().map(|(t, _)| t.to_owned());
        assert_ne!(first, second);
        assert!(second.contains(&"same".to_owned()) && second.contains(&String::new()));
    }

    #[test]
    fn what_presses_is_not_pushed_out_by_what_does_not() {
        let mut voice = Voice::default();
        voice.say("red".into(), Urgency::Assertive);
        voice.say("saved".into(), Urgency::Polite);
        assert_eq!(voice.newest(), "red");
    }
}
