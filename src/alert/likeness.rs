//! When one domain or name looks like another: by letters that look alike (Unicode UTS #39), by one letter, by a hyphen,
//! by the ending, or by standing inside a longer name.

use unicode_normalization::char::is_combining_mark;
use unicode_security::skeleton;

/// In which way it looks like what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Letters that look alike: `ο` for `o`, `rn` for `m`, `1` for `l`, `ö` for `o`.
    Letters,
    /// Another ending: `.com` for `.dk`.
    Ending,
    /// A letter more, less, other, or two in the other order.
    Spelling,
    /// A hyphen more or less.
    Hyphen,
    /// The known domain's name inside another domain: `firma.dk.other.example`, `firma-dk.example`.
    Inside,
    /// An address one letter off another at the same domain.
    Person,
}

/// A name shorter than this is one letter off many others.
const LEAST: usize = 6;

/// A known domain, prepared for being compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// As people read it.
    pub(super) domain: String,
    /// What it looks like.
    pub(super) skeleton: String,
}

impl Shape {
    pub(super) fn of(domain: &str) -> Self {
        Self {
            domain: domain.to_owned(),
            skeleton: looks(domain),
        }
    }

    /// In which way this unknown domain looks like that known one.
    pub(super) fn like(&self, known: &Self) -> Option<Likeness> {
        let (new, old) = (self.domain.as_str(), known.domain.as_str());
        if self.skeleton == known.skeleton {
            return Some(Likeness::Letters);
        }
        let (new_name, new_ending) = ending(new);
        let (old_name, old_ending) = ending(old);
        if new_name == old_name {
            return Some(Likeness::Ending);
        }
        let bare = |text: &str| text.replace('-', "");
        if new_ending == old_ending && bare(new_name) == bare(old_name) {
            return Some(Likeness::Hyphen);
        }
        if stands_inside(new, old, old_name) {
            return Some(Likeness::Inside);
        }
        let is_near = new_ending == old_ending && one_off(new_name, old_name);
        is_near.then_some(Likeness::Spelling)
    }
}

/// Whether two names of some length differ by one letter, or by two in the other order. Where only a digit differs they
/// are two of a series, and no slip.
pub(super) fn one_off(one: &str, other: &str) -> bool {
    let (a, b) = (one.chars().count(), other.chars().count());
    let letters = |text: &str| {
        text.chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
    };
    a.min(b) >= LEAST
        && a.abs_diff(b) <= 1
        && letters(one) != letters(other)
        && strsim::osa_distance(one, other) == 1
}

/// The name and what stands after its last dot.
fn ending(domain: &str) -> (&str, &str) {
    domain.rsplit_once('.').unwrap_or((domain, ""))
}

/// The known domain as labels before others, or its name as a label or with its dots as hyphens.
fn stands_inside(new: &str, old: &str, old_name: &str) -> bool {
    let hyphened = old.replace('.', "-");
    let is_long = old_name.chars().count() >= LEAST;
    let (labels, _) = ending(new);
    format!(".{new}").contains(&format!(".{old}."))
        || labels.split('.').any(|label| {
            label == hyphened
                || label.starts_with(&format!("{hyphened}-"))
                || is_long && label == old_name
        })
}

/// What a text looks like: the skeleton of UTS #39, without case and marks.
pub(super) fn looks(text: &str) -> String {
    let lower = text.to_lowercase();
    let letters = skeleton(&lower).filter(|c| !is_combining_mark(*c));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(new: &str, old: &str) -> Option<Likeness> {
        Shape::of(new).like(&Shape::of(old))
    }

    #[test]
    fn what_looks_alike_is_seen_in_each_of_its_ways() {
        use Likeness::{Ending, Hyphen, Inside, Letters, Spelling};
        let rows = [
            // Greek omicron, Cyrillic е, rn for m, 1 for l, 0 for o, a mark.
            ("adv\u{3bf}kat-eksempel.dk", Letters),
            ("advokat-\u{435}ksempel.dk", Letters),
            ("advokat-eksernpel.dk", Letters),
            ("advokat-eksempe1.dk", Letters),
            ("adv0kat-eksempel.dk", Letters),
            ("advökat-eksempel.dk", Letters),
            ("advokat-eksempel.com", Ending),
            ("advokat-eksempel.co", Ending),
            ("advokateksempel.dk", Hyphen),
            ("advokat-ek-sempel.dk", Hyphen),
            ("advokat-eksemple.dk", Spelling),
            ("advokat-eksempe.dk", Spelling),
            ("advocat-eksempel.dk", Spelling),
            ("advokat-eksempel.dk.post.example", Inside),
            ("mail.advokat-eksempel.dk.example", Inside),
            ("advokat-eksempel-dk.example", Inside),
            ("advokat-eksempel.mail.example", Inside),
        ];
        for (new, wanted) in rows {
            assert_eq!(like(new, "advokat-eksempel.dk"), Some(wanted), "{new}");
        }
    }

    #[test]
    fn what_is_only_near_is_not_taken_for_alike() {
        let rows = [
            // Short names are one letter off many others; numbers are series; both differ in more than one thing.
            ("abc.dk", "abd.dk"),
            ("afdeling1-eksempel.dk", "afdeling2-eksempel.dk"),
            ("advocat-eksempel.com", "advokat-eksempel.dk"),
            ("politi-eksempel.dk", "advokat-eksempel.dk"),
            ("dk.example", "x.dk"),
            ("ret.mail.example", "ret.dk"),
        ];
        for (new, old) in rows {
            assert_eq!(like(new, old), None, "{new} {old}");
        }
    }

    #[test]
    fn a_name_one_letter_off_another_is_seen_where_it_is_long_enough() {
        assert!(one_off("jakobsen", "jacobsen"));
        assert!(one_off("karne.holm", "karen.holm"));
        assert!(!one_off("anne", "anna"));
        assert!(!one_off("sag1234", "sag1235"));
        assert!(!one_off("karen.holm", "karen.holm"));
    }
}
