//! The rows of recipients as they are on the screen: chips, and the text that is not one yet. Pure.
//!
//! The draft's To, Cc and Bcc follow from here. A chip keeps its place whatever becomes known of it.

use std::{collections::HashSet, ops::Range};

use jiff::Timestamp;

use crate::mail::{AddressError, Draft, Kind, Mailbox, MailboxError, parse_list};

/// Kinds of recipients in the order of the screen.
pub const KINDS: [Kind; 3] = [Kind::To, Kind::Cc, Kind::Bcc];

/// The three rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    rows: [Row; 3],
}

/// A row with more than this many chips, or a list of more files, is shown in parts.
pub const MOST: usize = 60;
/// So many are in one part.
const PART: usize = 40;

/// Which of so many are shown, so that this one is among them. Parts have fixed borders: nothing moves while somebody
/// goes through one.
pub fn part(len: usize, at: usize) -> Range<usize> {
    if len <= MOST {
        return 0..len;
    }
    let begin = at.min(len - 1) / PART * PART;
    begin..(begin + PART).min(len)
}

/// One row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What was committed.
    pub chips: Vec<Chip>,
    /// What is being typed.
    pub typed: String,
    /// When it was last changed, until it was looked at.
    pub typed_at: Option<Timestamp>,
    /// The address in it, once a pause has committed it.
    pub paused_on: Option<Mailbox>,
    /// Whether the row was asked for; To always is.
    pub is_shown: bool,
    /// The chip where the row is entered.
    pub entry: Option<String>,
}

/// One recipient, or a text that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chip {
    /// A mailbox.
    Mailbox(Mailbox),
    /// Not a mail address.
    Invalid(String),
}

/// What came of committing a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// Chips that are new.
    pub added: usize,
    /// Mailboxes that stood there already.
    pub doubles: Vec<String>,
}

impl Chip {
    /// Names the chip among those of its row, whatever place it has.
    pub fn key(&self) -> String {
        match self {
            Self::Mailbox(mailbox) => mailbox.address.key(),
            Self::Invalid(text) => text.clone(),
        }
    }

    /// Whether this is its key.
    pub fn has_key(&self, key: &str) -> bool {
        match self {
            Self::Mailbox(mailbox) => mailbox.address.has_key(key),
            Self::Invalid(text) => text == key,
        }
    }

    /// What people see.
    pub fn label(&self) -> &str {
        match self {
            Self::Mailbox(mailbox) => mailbox.label(),
            Self::Invalid(text) => text,
        }
    }

    /// As it was typed.
    pub fn text(&self) -> String {
        match self {
            Self::Mailbox(mailbox) => mailbox.to_string(),
            Self::Invalid(text) => text.clone(),
        }
    }

    /// Whether it is none because it tells somebody's CPR number.
    pub fn has_cpr(&self) -> bool {
        match self {
            Self::Mailbox(_) => false,
            Self::Invalid(text) => tells_cpr(text),
        }
    }

    /// The mailbox, if it is one.
    pub fn mailbox(&self) -> Option<&Mailbox> {
        match self {
            Self::Mailbox(mailbox) => Some(mailbox),
            Self::Invalid(_) => None,
        }
    }
}

/// Whether a text is no address because it tells somebody's CPR number.
pub fn tells_cpr(text: &str) -> bool {
    Mailbox::parse(text).is_err_and(|e| e.cause == AddressError::Cpr)
}

impl Row {
    /// Takes a list of mailboxes in.
    pub fn commit(&mut self, pieces: Vec<Result<Mailbox, MailboxError>>) -> Committed {
        let mut committed = Committed::default();
        let mut keys: HashSet<String> = self.chips.iter().map(Chip::key).collect();
        for piece in pieces {
            let chip = match piece {
                Ok(mailbox) => Chip::Mailbox(mailbox),
                Err(error) => Chip::Invalid(error.text),
            };
            if keys.insert(chip.key()) {
                self.chips.push(chip);
                committed.added += 1;
            } else {
                let there = self.chips.iter().find(|c| c.key() == chip.key());
                committed
                    .doubles
                    .push(there.unwrap_or(&chip).label().to_owned());
            }
        }
        committed
    }

    /// Turns all typed text into chips.
    pub fn commit_typed(&mut self) -> Committed {
        let typed = std::mem::take(&mut self.typed);
        self.typed_at = None;
        self.paused_on = None;
        self.commit(parse_list(&typed))
    }

    /// Turns the typed text before its last separator into chips. A comma separates only after an address: `Holm, Bo
    /// <bo@…>` is one mailbox.
    pub fn commit_separated(&mut self) -> Committed {
        let is_end = |(i, c): &(usize, char)| match c {
            ';' => true,
            ',' => self.typed[..*i]
                .rsplit([',', ';'])
                .next()
                .is_some_and(|piece| piece.contains('@')),
            _ => false,
        };
        let Some((end, _)) = self.typed.char_indices().rfind(is_end) else {
            return Committed::default();
        };
        let rest = self.typed.split_off(end + 1);
        let done = std::mem::replace(&mut self.typed, rest.trim_start().to_owned());
        self.paused_on = None;
        self.commit(parse_list(&done))
    }

    /// The place of a chip.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.chips.iter().position(|c| c.has_key(key))
    }

    /// Which chips are shown: those around this one, else around the one where the row is entered.
    pub fn part(&self, key: Option<&str>) -> Range<usize> {
        if self.chips.len() <= MOST {
            return 0..self.chips.len();
        }
        let at = [key, self.entry.as_deref()]
            .into_iter()
            .flatten()
            .find_map(|key| self.position(key));
        part(self.chips.len(), at.unwrap_or(usize::MAX))
    }

    fn mailboxes(&self) -> impl Iterator<Item = &Mailbox> {
        self.chips
            .iter()
            .filter_map(Chip::mailbox)
            .chain(&self.paused_on)
    }

    /// The chip where the row is entered: where it was left, else the last.
    pub fn entry(&self) -> Option<String> {
        let kept = self
            .entry
            .as_deref()
            .filter(|key| self.position(key).is_some());
        kept.map(str::to_owned)
            .or_else(|| self.chips.last().map(Chip::key))
    }
}

impl Rows {
    /// The rows of a draft.
    pub fn of(draft: &Draft) -> Self {
        let mut rows = Self::default();
        for (kind, list) in [
            (Kind::To, &draft.to),
            (Kind::Cc, &draft.cc),
            (Kind::Bcc, &draft.bcc),
        ] {
            let row = rows.row_mut(kind);
            row.commit(list.iter().cloned().map(Ok).collect());
            row.is_shown = kind == Kind::To || !row.chips.is_empty();
        }
        rows
    }

    /// One row.
    pub fn row(&self, kind: Kind) -> &Row {
        &self.rows[kind as usize]
    }

    /// One row.
    pub fn row_mut(&mut self, kind: Kind) -> &mut Row {
        &mut self.rows[kind as usize]
    }

    /// The rows on the screen.
    pub fn shown(&self) -> impl Iterator<Item = (Kind, &Row)> {
        KINDS
            .into_iter()
            .map(|k| (k, self.row(k)))
            .filter(|(_, row)| row.is_shown)
    }

    /// Every chip with its row.
    pub fn chips(&self) -> impl Iterator<Item = (Kind, &Chip)> {
        KINDS
            .into_iter()
            .flat_map(|k| self.row(k).chips.iter().map(move |c| (k, c)))
    }

    /// The first text that is not a mail address.
    pub fn first_invalid(&self) -> Option<(Kind, &Chip)> {
        self.chips().find(|(_, c)| c.mailbox().is_none())
    }

    /// Whether the draft has these mailboxes already: asked on each frame, so nothing is copied for it.
    pub fn are_in(&self, draft: &Draft) -> bool {
        [
            (Kind::To, &draft.to),
            (Kind::Cc, &draft.cc),
            (Kind::Bcc, &draft.bcc),
        ]
        .into_iter()
        .all(|(kind, list)| self.row(kind).mailboxes().eq(list))
    }

    /// Puts the mailboxes into the draft: the chips, and what a pause in typing has committed.
    pub fn fill(&self, draft: &mut Draft) {
        let list = |kind: Kind| self.row(kind).mailboxes().cloned().collect::<Vec<_>>();
        draft.to = list(Kind::To);
        draft.cc = list(Kind::Cc);
        draft.bcc = list(Kind::Bcc);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Row {
        Row {
            typed: text.to_owned(),
            ..Row::default()
        }
    }

    #[test]
    fn a_comma_commits_an_address_and_not_half_a_name() {
        let mut row = typed("bo@y.example, ");
        assert_eq!(row.commit_separated().added, 1);
        assert_eq!(row.typed, "");
        let mut row = typed("Holm, Bo");
        assert_eq!(row.commit_separated(), Committed::default());
        assert_eq!(row.typed, "Holm, Bo");
    }

    #[test]
    fn what_stands_after_the_separator_goes_on_being_typed() {
        let mut row = typed("bo@y.example; ev");
        row.commit_separated();
        assert_eq!((row.chips.len(), row.typed.as_str()), (1, "ev"));
    }

    #[test]
    fn an_address_stands_in_a_row_once_whatever_its_case() {
        let mut row = typed("Bo <bo@y.example>; BO@Y.example");
        let committed = row.commit_typed();
        assert_eq!((committed.added, committed.doubles.len()), (1, 1));
    }

    #[test]
    fn a_long_row_is_shown_in_parts_with_fixed_borders() {
        assert_eq!(part(0, 0), 0..0);
        assert_eq!(part(MOST, 3), 0..MOST);
        assert_eq!(part(5_000, 0), 0..40);
        assert_eq!(part(5_000, 39), 0..40);
        assert_eq!(part(5_000, 40), 40..80);
        assert_eq!(part(5_001, usize::MAX), 5_000..5_001);
    }

    #[test]
    fn a_text_that_is_no_address_stays_as_a_chip_and_out_of_the_draft() {
        let mut rows = Rows::default();
        rows.row_mut(Kind::To).typed = "bo; eva@z.example".to_owned();
        rows.row_mut(Kind::To).commit_typed();
        let from = Mailbox::parse("anne@x.example").unwrap();
        let mut draft = Draft::new(crate::mail::DraftId::random().unwrap(), from);
        rows.fill(&mut draft);
        assert_eq!(draft.to, [Mailbox::parse("eva@z.example").unwrap()]);
        assert_eq!(rows.first_invalid().map(|(_, c)| c.label()), Some("bo"));
    }

    #[test]
    fn a_draft_comes_back_with_its_rows_and_shows_cc_only_where_there_is_one() {
        let from = Mailbox::parse("anne@x.example").unwrap();
        let mut draft = Draft::new(crate::mail::DraftId::random().unwrap(), from.clone());
        draft.to = vec![from.clone()];
        draft.bcc = vec![from];
        let rows = Rows::of(&draft);
        assert_eq!(
            rows.shown().map(|(k, _)| k).collect::<Vec<_>>(),
            [Kind::To, Kind::Bcc]
        );
        let mut again = draft.clone();
        rows.fill(&mut again);
        assert_eq!(again, draft);
    }
}
