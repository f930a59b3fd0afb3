//! Whether a subject can be read on the way: `[content] subject` and `subject_clear`.

use crate::mail::Address;

/// The rule (RFC 9788 §3): the subject follows the reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectRule {
    /// `[content] subject`
    pub mode: SubjectMode,
    /// Domains, such as `*.domstol.dk`, whose readers would see `[...]` only.
    pub clear_for: Vec<glob::Pattern>,
}

/// `[content] subject`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SubjectMode {
    /// Hidden where every reader is known to show it, clear elsewhere.
    #[default]
    Auto,
    /// Hidden.
    Hidden,
    /// Never hidden.
    Clear,
}

impl SubjectRule {
    /// Whether an encrypted message to these hides its subject. `shows` says who is known to show a hidden one: learned
    /// from a mail of theirs.
    pub fn hides<'a>(
        &self,
        mut recipients: impl Iterator<Item = &'a Address>,
        shows: impl Fn(&Address) -> bool,
    ) -> bool {
        let is_clear_for = |address: &Address| {
            let domain = address.domain();
            self.clear_for.iter().any(|p| p.matches(domain))
        };
        match self.mode {
            SubjectMode::Clear => false,
            SubjectMode::Hidden => !recipients.any(is_clear_for),
            SubjectMode::Auto => recipients.all(|a| !is_clear_for(a) && shows(a)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_follows_the_reader() {
        let to = |list: &[&str]| -> Vec<Address> {
            list.iter().map(|a| Address::parse(a).unwrap()).collect()
        };
        let (bo, court) = ("bo@y.example", "post@ret.domstol.example");
        let rows = [
            (SubjectMode::Clear, &[bo][..], true, false),
            (SubjectMode::Hidden, &[bo], false, true),
            (SubjectMode::Hidden, &[bo, court], false, false),
            (SubjectMode::Auto, &[bo], false, false),
            (SubjectMode::Auto, &[bo], true, true),
            (SubjectMode::Auto, &[bo, court], true, false),
        ];
        for (mode, recipients, knows, wanted) in rows {
            let rule = SubjectRule {
                mode,
                clear_for: vec![glob::Pattern::new("*.domstol.example").unwrap()],
            };
            let found = rule.hides(to(recipients).iter(), |_| knows);
            assert_eq!(found, wanted, "{mode:?} {recipients:?} {knows}");
        }
    }
}
