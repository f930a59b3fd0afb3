//! What may stand in a message that others should not read, and which class it speaks for.

use serde::{Deserialize, Serialize};

use crate::mail::Class;

/// What was found. The codes are stable: the record holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// A Danish civil registration number.
    Cpr,
    /// The number of a Danish organisation. It is public: a hint, and no class of its own.
    Cvr,
    /// An international bank account number (ISO 13616).
    Iban,
    /// A Danish bank account: branch and account.
    Account,
    /// A passport or identity card: its number, or its machine-readable zone (ICAO 9303).
    Passport,
    /// The number of a case at a court or with the police.
    CaseNumber,
    /// Words that say so themselves: confidential, secrecy, privileged.
    Secrecy,
    /// Family matters: divorce, custody, children in care.
    Family,
    /// Social and economic trouble, and employment: debt, benefits, dismissal, pay.
    Social,
    /// Health (GDPR Art. 9).
    Health,
    /// Genetic and biometric data (Art. 9).
    Genetic,
    /// Racial or ethnic origin (Art. 9).
    Ethnicity,
    /// Political opinion (Art. 9).
    Politics,
    /// Religious or philosophical belief (Art. 9).
    Religion,
    /// Membership of a trade union (Art. 9).
    Union,
    /// Sex life and sexual orientation (Art. 9).
    Sexuality,
    /// Offences and convictions (Art. 10).
    Offence,
}

impl Category {
    /// All of them, from numbers to special categories.
    pub const ALL: [Self; 17] = [
        Self::Cpr,
        Self::Cvr,
        Self::Iban,
        Self::Account,
        Self::Passport,
        Self::CaseNumber,
        Self::Secrecy,
        Self::Family,
        Self::Social,
        Self::Health,
        Self::Genetic,
        Self::Ethnicity,
        Self::Politics,
        Self::Religion,
        Self::Union,
        Self::Sexuality,
        Self::Offence,
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cpr => "cpr",
            Self::Cvr => "cvr",
            Self::Iban => "iban",
            Self::Account => "account",
            Self::Passport => "passport",
            Self::CaseNumber => "case-number",
            Self::Secrecy => "secrecy",
            Self::Family => "family",
            Self::Social => "social",
            Self::Health => "health",
            Self::Genetic => "genetic",
            Self::Ethnicity => "ethnicity",
            Self::Politics => "politics",
            Self::Religion => "religion",
            Self::Union => "union",
            Self::Sexuality => "sexuality",
            Self::Offence => "offence",
        }
    }

    /// The category with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// The class that it speaks for; `None` where it is public. Offences count as sensitive, as GDPR Art. 10 sets them
    /// beside the special categories: rather too high than too low.
    pub fn class(self) -> Option<Class> {
        match self {
            Self::Cvr => None,
            Self::Cpr
            | Self::Iban
            | Self::Account
            | Self::Passport
            | Self::CaseNumber
            | Self::Secrecy
            | Self::Family
            | Self::Social => Some(Class::Confidential),
            Self::Health
            | Self::Genetic
            | Self::Ethnicity
            | Self::Politics
            | Self::Religion
            | Self::Union
            | Self::Sexuality
            | Self::Offence => Some(Class::Sensitive),
        }
    }
}
