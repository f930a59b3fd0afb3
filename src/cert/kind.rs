//! What kind of certificate it is, by its policies: for firms that write to some kinds only.
//!
//! Danish OCES names a person (POCES), an employee (MOCES), an organisation (VOCES) or a function of one (FOCES) by the
//! policy; the S/MIME requirements of the CA/Browser Forum (§7.1.6.1) do the same for everybody else's.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::{certificate::Certificate, problem::Problem};

/// Whom a certificate is for, as its policies say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A private person.
    Person,
    /// Somebody at an organisation.
    Employee,
    /// An organisation, or a function of one.
    Organisation,
    /// A mail address, and nobody's name was checked.
    Mailbox,
    /// No policy says it, or none that is known here.
    Other,
}

/// Which certificates of others the firm uses: `[certificates] kinds` and `policies`. Both must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// These kinds; none stands for all.
    pub kinds: Vec<Kind>,
    /// With one of these policies, or one below it; none stands for any.
    pub policies: Vec<ObjectIdentifier>,
}

/// Policies below these, and what they mean. OCES in production and for testing, then the CA/Browser Forum.
const ARCS: &[(&str, Kind)] = &[
    ("1.2.208.169.1.1.1.1", Kind::Person),
    ("1.2.208.169.1.1.1.2", Kind::Employee),
    ("1.2.208.169.1.1.1.3", Kind::Organisation),
    ("1.2.208.169.1.1.1.4", Kind::Organisation),
    ("1.3.6.1.4.1.31313.2.4.6.1", Kind::Person),
    ("1.3.6.1.4.1.31313.2.4.6.2", Kind::Employee),
    ("1.3.6.1.4.1.31313.2.4.6.3", Kind::Organisation),
    ("1.3.6.1.4.1.31313.2.4.6.4", Kind::Organisation),
    ("2.23.140.1.5.1", Kind::Mailbox),
    ("2.23.140.1.5.2", Kind::Organisation),
    ("2.23.140.1.5.3", Kind::Employee),
    ("2.23.140.1.5.4", Kind::Person),
];

impl Kind {
    /// All of them, with their words in the settings.
    pub const ALL: [(&'static str, Self); 5] = [
        ("person", Self::Person),
        ("employee", Self::Employee),
        ("organisation", Self::Organisation),
        ("mailbox", Self::Mailbox),
        ("other", Self::Other),
    ];

    /// The kind of a certificate: by the first of its policies that says one.
    pub fn of(certificate: &Certificate) -> Self {
        let policies = certificate.facts().policies.iter();
        let mut known = policies.filter_map(|policy| {
            let mut arcs = ARCS.iter();
            arcs.find(|(arc, _)| is_below(policy, arc))
                .map(|(_, kind)| *kind)
        });
        known.next().unwrap_or(Self::Other)
    }
}

impl Filter {
    /// Why the firm does not use a certificate, where it does not.
    pub fn problem(&self, certificate: &Certificate) -> Option<Problem> {
        let kind = Kind::of(certificate);
        let policies = &certificate.facts().policies;
        let is_kind = self.kinds.is_empty() || self.kinds.contains(&kind);
        let mut wanted = self.policies.iter().map(ToString::to_string);
        let is_policy = self.policies.is_empty()
            || wanted.any(|wanted| policies.iter().any(|p| is_below(p, &wanted)));
        (!(is_kind && is_policy)).then(|| Problem::LeftOut {
            kind,
            kinds: self.kinds.clone(),
            expected: self.policies.iter().map(ToString::to_string).collect(),
            presented: policies.iter().map(ToString::to_string).collect(),
        })
    }
}

/// Whether an OID is this one or below it.
fn is_below(policy: &ObjectIdentifier, arc: &str) -> bool {
    let policy = policy.to_string();
    let rest = policy.strip_prefix(arc);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_holds_itself_and_what_is_below_it_and_not_its_neighbour() {
        let oid = ObjectIdentifier::new_unwrap;
        for (policy, wanted) in [
            ("1.2.208.169.1.1.1.2", true),
            ("1.2.208.169.1.1.1.2.7", true),
            ("1.2.208.169.1.1.1.2.7.1", true),
            ("1.2.208.169.1.1.1.20", false),
            ("1.2.208.169.1.1.1.3.7", false),
        ] {
            assert_eq!(
                is_below(&oid(policy), "1.2.208.169.1.1.1.2"),
                wanted,
                "{policy}"
            );
        }
    }
}
