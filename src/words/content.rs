//! Words for what a message holds.

use super::Words;
use crate::content::{Category, Finding, NotExamined, Place, Suggestion, Unread};

/// Findings that a sentence names; the rest is counted.
const NAMED: usize = 4;

impl Words {
    /// What was found: "health".
    pub fn category(&self, category: Category) -> String {
        self.say(match category {
            Category::Cpr => "holds-cpr",
            Category::Cvr => "holds-cvr",
            Category::Iban => "holds-iban",
            Category::Account => "holds-account",
            Category::Passport => "holds-passport",
            Category::CaseNumber => "holds-case-number",
            Category::Secrecy => "holds-secrecy",
            Category::Family => "holds-family",
            Category::Social => "holds-social",
            Category::Health => "holds-health",
            Category::Genetic => "holds-genetic",
            Category::Ethnicity => "holds-ethnicity",
            Category::Politics => "holds-politics",
            Category::Religion => "holds-religion",
            Category::Union => "holds-union",
            Category::Sexuality => "holds-sexuality",
            Category::Offence => "holds-offence",
        })
    }

    /// Why something was not examined: "encrypted".
    pub fn unread(&self, why: Unread) -> String {
        self.say(match why {
            Unread::Unreadable => "holds-unread-unreadable",
            Unread::Encrypted => "holds-unread-encrypted",
            Unread::Picture => "holds-unread-picture",
            Unread::Letters => "holds-unread-letters",
            Unread::Kind => "holds-unread-kind",
            Unread::Damaged => "holds-unread-damaged",
            Unread::TooLarge => "holds-unread-too-large",
        })
    }

    /// What and where: "health (line 3)".
    pub fn found_there(&self, finding: &Finding) -> String {
        let at = |key: &str| self.with(key, &[("line", finding.line.into())]);
        let numbered = |key: &str, number: usize| self.with(key, &[("number", number.into())]);
        let place = match finding.place {
            Place::Subject => self.say("holds-in-subject"),
            Place::Text => at("holds-in-line"),
            Place::QuotedReply => at("holds-in-quoted"),
            Place::FileName(number) => numbered("holds-in-file-name", number),
            Place::File(number) => numbered("holds-in-file", number),
            Place::Recipient(number) => numbered("holds-in-recipient", number),
            Place::Reason => self.say("holds-in-reason"),
        };
        let what = self.category(finding.category);
        self.with(
            "holds-one",
            &[("what", what.into()), ("where", place.into())],
        )
    }

    /// "Looks sensitive: health (line 3), CPR number (attachment 2)": first what speaks for the class. `None` where
    /// nothing speaks for one.
    pub fn suggestion(&self, suggestion: &Suggestion) -> Option<String> {
        let class = suggestion.class?;
        let told: Vec<String> = suggestion
            .findings
            .iter()
            .filter(|f| f.category.class().is_some())
            .map(|f| self.found_there(f))
            .collect();
        let list = self.some_of(&told);
        let class = self.class(class);
        Some(self.with(
            "holds-suggested",
            &[("class", class.into()), ("list", list.into())],
        ))
    }

    /// "Not examined: attachment 2 (encrypted)". `None` where everything was.
    pub fn not_examined(&self, not_examined: &[NotExamined]) -> Option<String> {
        let one = |not: &NotExamined| {
            let what = match not.file {
                // The formatted text itself.
                0 => self.with("holds-in-line", &[("line", 1.into())]),
                number => self.with("holds-in-file", &[("number", number.into())]),
            };
            let why = self.unread(not.why);
            self.with("holds-one", &[("what", what.into()), ("where", why.into())])
        };
        let told: Vec<String> = not_examined.iter().map(one).collect();
        if told.is_empty() {
            return None;
        }
        let list = self.some_of(&told);
        Some(self.with("holds-not-examined", &[("list", list.into())]))
    }

    fn some_of(&self, told: &[String]) -> String {
        let list = told[..told.len().min(NAMED)].join(", ");
        match told.len().checked_sub(NAMED) {
            None | Some(0) => list,
            Some(count) => self.with(
                "holds-more",
                &[("list", list.into()), ("count", count.into())],
            ),
        }
    }
}
