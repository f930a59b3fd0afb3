//! What decides over mail that is not encrypted: `[policy] fallback`, `[[rule]]`, `[risk]`, and the classes.

use std::{path::PathBuf, sync::Arc};

use jiff::SignedDuration;
use serde::Deserialize;

use super::{
    raw::Raw,
    settings::{Checked, Reader, domain},
    source::Source,
    values,
};
use crate::{
    decide::{Fallback, FallbackRule, Scope},
    mail::{Address, Class, Digest},
    risk::Matrix,
    tls::Level,
};

/// How strong transport must be for `verified-tls`: what is weaker than a probe proves nothing.
const LEVELS: &[(&str, Level)] = &[
    ("guaranteed", Level::Guaranteed),
    ("published", Level::Published),
    ("verified", Level::Verified),
];

/// What is done about a high risk: whether the sender may be asked.
const HIGH: &[(&str, bool)] = &[("refuse", false), ("ask", true)];

/// Octets of a risk file at most.
const MAX_RISK_FILE: u64 = 1 << 20;

/// The firm's own written assessment of sending by mail: a file, and what it was when it was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenAssessment {
    /// Where it lies.
    pub file: PathBuf,
    /// What the settings say that it is.
    pub sha256: Digest,
}

#[derive(Debug, Deserialize)]
struct RawRule {
    domain: Option<String>,
    address: Option<String>,
    fallback: String,
    #[serde(default)]
    locked: bool,
}

impl Reader<'_> {
    /// `[policy] fallback`, and whether the machine's policy uses words that this version does not know. Such a word is as
    /// strict as can be.
    pub(super) fn fallback(
        &self,
        key: &str,
        word: &str,
        is_policys: bool,
    ) -> Checked<(Fallback, bool)> {
        match values::one_of(word, &Fallback::ALL) {
            Ok(fallback) => Ok((fallback, false)),
            Err(_) if is_policys => Ok((Fallback::Forbid, true)),
            Err(message) => Err(self.wrong(key, &message)),
        }
    }

    /// `[[rule]]` of both files. Where the machine's policy speaks of it at all, the user's rules can only tighten.
    pub(super) fn rules(&self) -> Checked<(Vec<FallbackRule>, bool)> {
        let (mut rules, mut is_newer) = (Vec::new(), false);
        let is_managed = self.policy.as_ref().is_some_and(|policy| {
            let fallback = policy.table.get("policy").and_then(|p| p.get("fallback"));
            fallback.is_some() || policy.table.contains_key("rule")
        });
        for (source, is_policys) in [(&self.policy, true), (&self.file, false)] {
            let Some(source) = source else { continue };
            let own = self.rules_of(source, is_policys, &mut is_newer)?;
            rules.extend(own.into_iter().map(|rule| FallbackRule {
                only_tightens: is_managed && !is_policys,
                ..rule
            }));
        }
        Ok((rules, is_newer))
    }

    fn rules_of(
        &self,
        source: &Source,
        is_policys: bool,
        is_newer: &mut bool,
    ) -> Checked<Vec<FallbackRule>> {
        let Some(value) = source.table.get("rule") else {
            return Ok(Vec::new());
        };
        let raw: Vec<RawRule> = self.at(
            "rule",
            value
                .clone()
                .try_into()
                .map_err(|e: toml::de::Error| e.message().to_owned()),
        )?;
        let mut rules: Vec<FallbackRule> = Vec::new();
        for (i, rule) in raw.iter().enumerate() {
            let key = |name: &str| format!("rule[{i}].{name}");
            let scope = match (&rule.domain, &rule.address) {
                (Some(text), None) => match text.strip_prefix("*.") {
                    Some(under) => Scope::Under(self.at(&key("domain"), domain(under))?),
                    None => Scope::Domain(self.at(&key("domain"), domain(text))?),
                },
                (None, Some(text)) => {
                    let address = Address::parse(text).map_err(|e| e.to_string());
                    Scope::Address(self.at(&key("address"), address)?)
                }
                _ => {
                    let message = "either a domain or an address is needed";
                    return Err(self.wrong(&key("domain"), message));
                }
            };
            if rules.iter().any(|r| r.scope == scope) {
                let message = format!("there are two rules for {scope}");
                return Err(self.wrong(&key("domain"), &message));
            }
            let (fallback, is_unknown) =
                self.fallback(&key("fallback"), &rule.fallback, is_policys)?;
            *is_newer |= is_unknown;
            rules.push(FallbackRule {
                scope,
                fallback,
                is_locked: rule.locked,
                only_tightens: false,
            });
        }
        Ok(rules)
    }

    pub(super) fn verified_level(&self, raw: &Raw) -> Checked<Level> {
        self.at(
            "policy.verified_level",
            values::one_of(&raw.policy.verified_level, LEVELS),
        )
    }

    pub(super) fn allows_high_risk(&self, raw: &Raw) -> Checked<bool> {
        self.at(
            "policy.high_risk",
            values::one_of(&raw.policy.high_risk, HIGH),
        )
    }

    pub(super) fn default_class(&self, raw: &Raw) -> Checked<Class> {
        let words = Class::ALL.map(|class| (class.code(), class));
        self.at(
            "policy.default_class",
            values::one_of(&raw.policy.default_class, &words),
        )
    }

    /// How long an assessment holds that a sender makes for later mail; nothing where policy allows none.
    pub(super) fn standing(&self, raw: &Raw) -> Checked<Option<SignedDuration>> {
        let given = self.at("policy.standing", values::duration(&raw.policy.standing))?;
        Ok(Some(given).filter(|d| !d.is_zero()))
    }

    /// The firm's risk file, or the default.
    pub(super) fn matrix(&self, raw: &Raw) -> Checked<Arc<Matrix>> {
        let Some(file) = &raw.risk.file else {
            return Ok(Arc::default());
        };
        let shown = file.display();
        let read = std::fs::metadata(file).and_then(|found| {
            if found.len() > MAX_RISK_FILE {
                return Err(std::io::Error::other("it is too large"));
            }
            std::fs::read_to_string(file)
        });
        let text = read.map_err(|e| format!("{shown}: {e}"));
        let text = self.at("risk.file", text)?;
        let matrix = Matrix::parse(&text).map_err(|e| format!("{shown}: {e}"));
        self.at("risk.file", matrix).map(Arc::new)
    }

    /// The written assessment is found, and is what the settings say that it is: a record that names another one would
    /// prove nothing.
    pub(super) fn assessment(&self, raw: &Raw) -> Checked<Option<WrittenAssessment>> {
        let Some(given) = &raw.risk.assessment else {
            return Ok(None);
        };
        let file = given.file.clone();
        let shown = file.display().to_string();
        let octets = std::fs::read(&file).map_err(|e| format!("{shown}: {e}"));
        let sha256 = Digest::of(&self.at("risk.assessment", octets)?);
        if sha256.to_string() != given.sha256.to_ascii_lowercase() {
            let message = format!("{shown} is another file: its SHA-256 is {sha256}");
            return Err(self.wrong("risk.assessment", &message));
        }
        Ok(Some(WrittenAssessment { file, sha256 }))
    }
}
