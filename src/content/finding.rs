//! What an examination answers: where something was found and how surely, never the text itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Category, unread::Unread};
use crate::mail::{Class, Dismissed};

/// Where in a message something stands. Recipients and files are counted from one, in the draft's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "part", content = "number", rename_all = "kebab-case")]
pub enum Place {
    /// In the subject.
    Subject,
    /// In the text.
    Text,
    /// In what the text quotes of an earlier mail.
    QuotedReply,
    /// In a file's name.
    FileName(usize),
    /// In a file.
    File(usize),
    /// Before the `@` of a recipient's address.
    Recipient(usize),
    /// In the reason that the sender gave for sending without encryption.
    Reason,
}

/// How surely it is what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It may be: not shown, and speaks for no class.
    Low,
    /// Likely.
    Medium,
    /// All but certain.
    High,
}

/// Why it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// Its form alone.
    Form,
    /// Its form, and its check digits are right.
    CheckDigits,
    /// A word beside it says so.
    Label,
    /// A word.
    Word,
    /// Several words close together, or one beside a person.
    Words,
}

/// One category at one place. It holds nothing that was found but the mask, and may be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub category: Category,
    /// Where.
    pub place: Place,
    /// The line there, from one, of the first.
    pub line: usize,
    /// How many there are.
    pub count: usize,
    /// How surely, of the surest.
    pub confidence: Confidence,
    /// Why that one counts.
    pub because: Because,
    /// A number with all but its beginning covered: `0102••-••••`. For the screen only. Words have none.
    #[serde(skip)]
    pub masked: Option<String>,
}

/// A file, or a part of one, that could not be examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NotExamined {
    /// Which file, counted from one.
    pub file: usize,
    /// Why.
    pub why: Unread,
}

/// What the detectors say of a draft. They raise a class and never lower one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Suggestion {
    /// The highest class that a finding speaks for; `None` where none does, which is not the same as ordinary.
    pub class: Option<Class>,
    /// What was found likely or surely, by class, place and category; hints are among them.
    pub findings: Vec<Finding>,
    /// What could not be looked into: nobody knows what it holds.
    pub not_examined: Vec<NotExamined>,
}

impl Suggestion {
    /// The findings that speak for the suggested class.
    pub fn reasons(&self) -> impl Iterator<Item = &Finding> {
        let class = self.class;
        let speaks = move |f: &&Finding| class.is_some() && f.category.class() == class;
        self.findings.iter().filter(speaks)
    }

    /// The class that counts beside what the sender said: the highest of the findings that the sender did not dismiss,
    /// and at least `default` where something could not be looked into. A file that nobody examined is not ordinary.
    pub fn counted(&self, dismissed: &[Dismissed], default: Class) -> Class {
        let found = self.standing(dismissed);
        let found = found.filter_map(|f| f.category.class()).max();
        let least = (!self.not_examined.is_empty()).then_some(default);
        found.max(least).unwrap_or(Class::Ordinary)
    }

    /// The findings that speak for more than this class, without those that the sender dismissed.
    pub fn raising<'a>(&'a self, dismissed: &'a [Dismissed], above: Class) -> Vec<&'a Finding> {
        self.standing(dismissed)
            .filter(|f| f.category.class().is_some_and(|class| class > above))
            .collect()
    }

    /// The findings that the sender did not dismiss. Where more of a category is found than there was then, all count.
    pub fn standing<'a>(&'a self, dismissed: &'a [Dismissed]) -> impl Iterator<Item = &'a Finding> {
        let is_covered = |f: &Finding| {
            let mut of_it = dismissed.iter().filter(|d| d.category == f.category.code());
            of_it.any(|d| self.count(f.category) <= d.up_to)
        };
        self.findings.iter().filter(move |f| !is_covered(f))
    }

    /// How many of a category were found, in all places.
    pub fn count(&self, category: Category) -> usize {
        let of_it = self.findings.iter().filter(|f| f.category == category);
        of_it.map(|f| f.count).sum()
    }

    /// The categories that were found, each once, for the record.
    pub fn categories(&self) -> Vec<Category> {
        let mut all: Vec<Category> = self.findings.iter().map(|f| f.category).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    pub(super) fn of(mut findings: Vec<Finding>, not_examined: Vec<NotExamined>) -> Self {
        findings.retain(|f| f.confidence > Confidence::Low);
        findings.sort_by_key(|f| (std::cmp::Reverse(f.category.class()), f.place, f.category));
        Self {
            class: findings.iter().filter_map(|f| f.category.class()).max(),
            findings,
            not_examined,
        }
    }
}

/// A hit of a detector: octets of the text that it looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) category: Category,
    pub(super) confidence: Confidence,
    pub(super) because: Because,
}

/// Hits of one place, gathered by category as they come.
#[derive(Debug, Default)]
pub(super) struct Gathered(BTreeMap<Category, Sum>);

#[derive(Debug)]
struct Sum {
    line: usize,
    count: usize,
    best: Hit,
    masked: Option<String>,
}

impl Gathered {
    /// Takes a hit: the octets are those of `text`, which begins at this line.
    pub(super) fn take(&mut self, hit: Hit, text: &str, line: usize) {
        let masked = |hit: &Hit| mask(hit.category, &text[hit.start..hit.end]);
        let Some(sum) = self.0.get_mut(&hit.category) else {
            let masked = masked(&hit);
            let best = hit;
            self.0.insert(
                hit.category,
                Sum {
                    line,
                    count: 1,
                    best,
                    masked,
                },
            );
            return;
        };
        if hit.confidence > sum.best.confidence {
            // What is not shown is not counted with what is.
            if sum.best.confidence == Confidence::Low {
                (sum.line, sum.count) = (line, 0);
            }
            (sum.best, sum.masked) = (hit, masked(&hit));
        }
        if hit.confidence > Confidence::Low || sum.best.confidence == Confidence::Low {
            sum.count += 1;
        }
    }

    /// Takes categories that were not found yet: what the same text says, read in another way.
    pub(super) fn join(&mut self, other: Self) {
        for (category, sum) in other.0 {
            let old = self.0.get(&category);
            if old.is_none_or(|old| old.best.confidence < sum.best.confidence) {
                self.0.insert(category, sum);
            }
        }
    }

    pub(super) fn findings(self, place: Place) -> Vec<Finding> {
        let one = |(category, sum): (Category, Sum)| Finding {
            category,
            place,
            line: sum.line,
            count: sum.count,
            confidence: sum.best.confidence,
            because: sum.best.because,
            masked: sum.masked,
        };
        self.0.into_iter().map(one).collect()
    }
}

/// The number with all but its first four characters covered; for words nothing, since a part of one tells it.
fn mask(category: Category, found: &str) -> Option<String> {
    let shown = match category {
        Category::Cpr | Category::Iban => 4,
        Category::Account | Category::Cvr => 2,
        Category::Passport => 1,
        _ => return None,
    };
    let mut seen = 0;
    let cover = |c: char| {
        if !c.is_alphanumeric() {
            return c;
        }
        seen += 1;
        if seen > shown { '•' } else { c }
    };
    Some(found.chars().take(40).map(cover).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_the_beginning_of_a_number_and_nothing_of_a_word() {
        let rows = [
            (Category::Cpr, "010270-1234", Some("0102••-••••")),
            (
                Category::Iban,
                "DK50 0040 0440 1162 43",
                Some("DK50 •••• •••• •••• ••"),
            ),
            (Category::Health, "diabetes", None),
        ];
        for (category, found, wanted) in rows {
            assert_eq!(mask(category, found).as_deref(), wanted);
        }
    }

    #[test]
    fn a_low_hit_is_no_finding_and_does_not_count_with_a_sure_one() {
        let text = "0102701234 010270-1234";
        let hit = |start, end, confidence| Hit {
            start,
            end,
            category: Category::Cpr,
            confidence,
            because: Because::Form,
        };
        let mut gathered = Gathered::default();
        gathered.take(hit(0, 10, Confidence::Low), text, 1);
        gathered.take(hit(11, 22, Confidence::High), text, 2);
        let findings = gathered.findings(Place::Text);
        let found = &findings[0];
        assert_eq!(
            (found.line, found.count, found.masked.as_deref()),
            (2, 1, Some("0102••-••••"))
        );
        let mut low = Gathered::default();
        low.take(hit(0, 10, Confidence::Low), text, 1);
        assert_eq!(
            Suggestion::of(low.findings(Place::Text), Vec::new()),
            Suggestion::default()
        );
    }
}
