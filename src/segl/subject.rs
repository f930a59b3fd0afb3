//! The guard over a subject that stays clear: what it tells everybody on the way of a mail whose text is encrypted.

use super::Segl;
use crate::{
    config::SubjectRule,
    content::{Category, Finding, Place, examine_text},
    decide::{Approved, Assessment, Assessments},
    mail::Draft,
};

impl Segl {
    /// What the subject tells on the way, of a mail that goes encrypted to somebody. Nothing where it is hidden.
    pub fn told_by_subject(
        &self,
        draft: &Draft,
        approved: &Approved,
        found: &Assessments,
    ) -> Vec<Finding> {
        let encrypted = approved.recipients().iter();
        let mut encrypted = encrypted
            .filter(|r| r.route().is_end_to_end())
            .filter_map(|r| found.get(&r.recipient().mailbox.address));
        let rule = &self.config.subject;
        if encrypted.any(|known| stays_clear(rule, known)) {
            telling(&draft.subject)
        } else {
            Vec::new()
        }
    }
}

/// Whether the subject of an encrypted mail to this recipient can be read on the way. Inside a mail to a gateway it stands
/// where it is encrypted.
pub fn stays_clear(rule: &SubjectRule, known: &Assessment) -> bool {
    let is_wrapped = known.tunnel().is_some_and(|t| t.wrapped_to().is_some());
    let shows = |_: &_| known.shows_hidden_subject();
    !is_wrapped && !rule.hides(std::iter::once(known.address()), shows)
}

/// What a subject tells: numbers of people and accounts, and telling words. A case number is what courts want to see there.
pub fn telling(subject: &str) -> Vec<Finding> {
    let mut found = examine_text(Place::Subject, subject);
    found.retain(|f| f.category.class().is_some() && f.category != Category::CaseNumber);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_tells_by_numbers_of_people_and_telling_words_and_not_by_the_number_of_a_case() {
        for (subject, wanted) in [
            ("Sag BS-12345/2026-KBH, frist", vec![]),
            ("Møde på torsdag", vec![]),
            ("CPR 070761-4285 sag", vec![Category::Cpr]),
            ("Skilsmisse og forældremyndighed", vec![Category::Family]),
        ] {
            let found: Vec<Category> = telling(subject).iter().map(|f| f.category).collect();
            assert_eq!(found, wanted, "{subject}");
        }
    }
}
