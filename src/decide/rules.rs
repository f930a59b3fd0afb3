//! What the firm's rules say of one recipient: inherited from the firm to the domain to the address.
//!
//! A more specific rule replaces a less specific one. Below a locked rule it can only be tightened.

use serde::{Deserialize, Serialize};

use crate::mail::Address;

/// What happens where no certificate is usable. The order is that of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fallback {
    /// The sender is warned and asked.
    Ask,
    /// Only over transport that is guaranteed to be encrypted, or as strong as policy says.
    VerifiedTls,
    /// The message is refused.
    Forbid,
    /// No mail goes there at all, not even encrypted.
    Block,
}

/// Whom a rule is about. The order is that of how specific it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole firm: `[policy] fallback`.
    Firm,
    /// Every domain under this one (an A-label), but not the domain itself: `*.domain`.
    Under(String),
    /// This domain (an A-label), and none under it.
    Domain(String),
    /// This address.
    Address(Address),
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FallbackRule {
    /// Whom it is about.
    pub scope: Scope,
    /// What it says.
    pub fallback: Fallback,
    /// Whether more specific rules can only tighten it.
    pub is_locked: bool,
    /// Whether it counts only where it is stricter than the rules that are less specific: a user's own beside IT's.
    pub only_tightens: bool,
}

/// What holds for one recipient, and which rule says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// What holds.
    pub fallback: Fallback,
    /// Where it comes from.
    pub scope: Scope,
    /// Whether that rule is locked.
    pub is_locked: bool,
}

impl Fallback {
    /// All, with their words in the settings.
    pub const ALL: [(&'static str, Self); 4] = [
        ("forbid", Self::Forbid),
        ("verified-tls", Self::VerifiedTls),
        ("ask", Self::Ask),
        ("block", Self::Block),
    ];

    /// The word in settings, record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::VerifiedTls => "verified-tls",
            Self::Forbid => "forbid",
            Self::Block => "block",
        }
    }
}

impl Scope {
    fn covers(&self, address: &Address) -> bool {
        match self {
            Self::Firm => true,
            Self::Under(domain) => address
                .domain()
                .strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.ends_with('.') && rest.len() > 1),
            Self::Domain(domain) => address.domain() == domain,
            Self::Address(one) => one == address,
        }
    }

    /// How specific it is: of two parent domains, the longer one is.
    fn rank(&self) -> (u8, usize) {
        match self {
            Self::Firm => (0, 0),
            Self::Under(domain) => (1, domain.len()),
            Self::Domain(_) => (2, 0),
            Self::Address(_) => (3, 0),
        }
    }
}

impl std::fmt::Display for Scope {
    /// As the settings write it; the firm's own rule is `policy.fallback`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Firm => f.write_str("policy.fallback"),
            Self::Under(domain) => write!(f, "*.{domain}"),
            Self::Domain(domain) => f.write_str(domain),
            Self::Address(address) => f.write_str(&address.key()),
        }
    }
}

/// What holds for an address. `firm` is the rule that all others replace or tighten.
pub(super) fn ruled(firm: &FallbackRule, rules: &[FallbackRule], address: &Address) -> Ruled {
    let mut about: Vec<&FallbackRule> = rules.iter().filter(|r| r.scope.covers(address)).collect();
    // Of two rules for the same, the one that only tightens is weighed last.
    about.sort_by_key(|rule| (rule.scope.rank(), rule.only_tightens));
    let of = |rule: &FallbackRule| Ruled {
        fallback: rule.fallback,
        scope: rule.scope.clone(),
        is_locked: rule.is_locked,
    };
    let mut holds = of(firm);
    let mut floor = firm.is_locked.then(|| holds.clone());
    for rule in about {
        if rule.only_tightens && rule.fallback <= holds.fallback {
            continue;
        }
        holds = match &floor {
            Some(locked) if rule.fallback < locked.fallback => locked.clone(),
            _ => of(rule),
        };
        let is_higher = |locked: &Ruled| rule.fallback >= locked.fallback;
        if rule.is_locked && floor.as_ref().is_none_or(is_higher) {
            floor = Some(of(rule));
        }
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(scope: &str, fallback: Fallback, is_locked: bool) -> FallbackRule {
        let scope = match scope.strip_prefix("*.") {
            Some(domain) => Scope::Under(domain.to_owned()),
            None if scope.contains('@') => Scope::Address(Address::parse(scope).unwrap()),
            None if scope.is_empty() => Scope::Firm,
            None => Scope::Domain(scope.to_owned()),
        };
        FallbackRule {
            scope,
            fallback,
            is_locked,
            only_tightens: false,
        }
    }

    fn holds(firm: (Fallback, bool), rules: &[FallbackRule], address: &str) -> (Fallback, String) {
        let firm = rule("", firm.0, firm.1);
        let found = ruled(&firm, rules, &Address::parse(address).unwrap());
        (found.fallback, found.scope.to_string())
    }

    use Fallback::{Ask, Block, Forbid, VerifiedTls};

    #[test]
    fn a_more_specific_rule_replaces_a_less_specific_one_whatever_their_order() {
        let mut rules = vec![
            rule("eva@x.dk.example", Ask, false),
            rule("*.example", VerifiedTls, false),
            rule("x.dk.example", Block, false),
            rule("*.dk.example", Forbid, false),
        ];
        for _ in 0..2 {
            let of = |address| holds((Ask, false), &rules, address);
            assert_eq!(of("a@y.dk"), (Ask, "policy.fallback".to_owned()));
            assert_eq!(of("a@se.example").0, VerifiedTls);
            assert_eq!(of("a@dk.example").0, VerifiedTls, "not under itself");
            assert_eq!(of("a@y.dk.example"), (Forbid, "*.dk.example".to_owned()));
            assert_eq!(of("a@x.dk.example").0, Block);
            assert_eq!(of("a@z.x.dk.example").0, Forbid, "no implicit subdomain");
            assert_eq!(of("Eva@X.dk.example").0, Ask);
            assert_eq!(of("a@notdk.example").0, VerifiedTls);
            rules.reverse();
        }
    }

    #[test]
    fn below_a_locked_rule_it_can_only_be_tightened_and_the_lock_is_named() {
        let rules = [
            rule("*.example", VerifiedTls, true),
            rule("x.example", Ask, false),
            rule("y.example", Forbid, false),
            rule("eva@y.example", Ask, false),
            rule("eva@x.example", Block, false),
        ];
        let of = |address| holds((Forbid, false), &rules, address);
        assert_eq!(of("a@x.example"), (VerifiedTls, "*.example".to_owned()));
        assert_eq!(of("a@y.example").0, Forbid);
        assert_eq!(of("eva@y.example"), (VerifiedTls, "*.example".to_owned()));
        assert_eq!(of("eva@x.example").0, Block);
        let firm = |address| holds((Forbid, true), &rules, address);
        assert_eq!(firm("a@x.example"), (Forbid, "policy.fallback".to_owned()));
        assert_eq!(firm("eva@x.example").0, Block);
    }

    #[test]
    fn a_users_own_rule_beside_those_of_it_can_only_tighten() {
        let own = |scope, fallback| FallbackRule {
            only_tightens: true,
            ..rule(scope, fallback, false)
        };
        let rules = [
            rule("x.example", Forbid, false),
            own("x.example", Ask),
            own("eva@x.example", Ask),
            own("bo@x.example", Block),
            own("y.example", VerifiedTls),
        ];
        let of = |address| holds((Ask, false), &rules, address);
        assert_eq!(of("a@x.example").0, Forbid);
        assert_eq!(of("eva@x.example").0, Forbid);
        assert_eq!(of("bo@x.example").0, Block);
        assert_eq!(of("a@y.example").0, VerifiedTls);
    }

    #[test]
    fn a_lower_lock_below_a_higher_one_lifts_nothing() {
        let rules = [
            rule("x.example", Ask, true),
            rule("eva@x.example", Ask, false),
        ];
        assert_eq!(holds((Forbid, true), &rules, "eva@x.example").0, Forbid);
    }

    #[test]
    fn a_rule_as_strict_as_the_lock_above_it_is_named_itself() {
        let rules = [rule("x.example", Forbid, false)];
        let found = holds((Forbid, true), &rules, "eva@x.example");
        assert_eq!(found, (Forbid, "x.example".to_owned()));
        let rules = [
            rule("x.example", Forbid, true),
            rule("eva@x.example", Ask, false),
        ];
        let found = holds((Forbid, true), &rules, "eva@x.example");
        assert_eq!(found, (Forbid, "x.example".to_owned()), "the nearer lock");
    }
}
