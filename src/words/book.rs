//! Words for the address book and for alerts before sending.

use super::{Arg, Means, Stop, Words};
use crate::{
    alert::{Alert, Likeness},
    book::{EXPECTED, ImportFault, RowFault, RowProblem, Unit},
    content::Finding,
    mail::Mailbox,
    segl::{BookError, Imported},
};

/// An alert in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertWords {
    /// What was noticed.
    pub what: String,
    /// What it means for the mail.
    pub means: String,
    /// What to do.
    pub next: String,
}

impl Words {
    /// A book that cannot be read or changed.
    pub fn book(&self, cause: &BookError) -> Stop {
        match cause {
            BookError::Off => self.stop_meaning("book-off", &[], Means::Nothing, "book-off-next"),
            BookError::Key(cause) => self.key(cause, Means::Nothing),
            BookError::Store(_) | BookError::Record(_) => {
                self.stop_meaning("book-not-kept", &[], Means::Nothing, "next-it")
            }
            BookError::Read(_) => self.stop_meaning(
                "book-unreadable",
                &[],
                Means::Nothing,
                "next-choose-other-file",
            ),
            BookError::File(fault) => Stop {
                what: self.fault_in_register(fault),
                next: self.say("book-next-correct"),
            },
        }
    }

    /// Nobody said that the recipients are right, and it is the command line that asks.
    pub fn unconfirmed_addresses(&self) -> Stop {
        self.stop("alert-unconfirmed", &[], "next-confirm-addresses")
    }

    /// The subject of an encrypted mail tells on the way what was found in it, and it is the command line that asks.
    pub fn subject_tells(&self, told: &[Finding]) -> Stop {
        let args = [("list", self.telling(told).into())];
        self.stop("subject-tells", &args, "next-confirm-subject")
    }

    /// "CPR number and family matters": what was found in the subject.
    pub fn telling(&self, told: &[Finding]) -> String {
        let told: Vec<String> = told.iter().map(|f| self.category(f.category)).collect();
        self.listed(&told)
    }

    /// What an import came to.
    pub fn imported(&self, imported: &Imported) -> String {
        let args = [
            ("new", imported.new.into()),
            ("changed", imported.changed.into()),
            ("same", imported.same.into()),
        ];
        let mut text = self.with("book-imported", &args);
        if imported.without > 0 {
            let args = [("without", imported.without.into())];
            text = format!("{text} {}", self.with("book-imported-without", &args));
        }
        text
    }

    fn fault_in_register(&self, fault: &ImportFault) -> String {
        let expected = || Arg::from(EXPECTED.join(", "));
        match fault {
            ImportFault::NotText => self.say("book-not-text"),
            ImportFault::Empty => self.say("book-empty"),
            ImportFault::Columns { found } if found.is_empty() => {
                self.with("book-columns-none", &[("expected", expected())])
            }
            ImportFault::Columns { found } => {
                let args = [("found", found.join(", ").into()), ("expected", expected())];
                self.with("book-columns", &args)
            }
            ImportFault::TooMany { most } => {
                self.with("book-too-many", &[("most", (*most).into())])
            }
            ImportFault::Rows { unit, count, first } => {
                let mut lines = vec![self.with("book-rows", &[("count", (*count).into())])];
                lines.extend(first.iter().map(|f| self.row_fault(*unit, f)));
                lines.join("\n")
            }
        }
    }

    fn row_fault(&self, unit: Unit, fault: &RowFault) -> String {
        let why = match fault.why {
            RowProblem::Address => self.say("book-why-address"),
            RowProblem::Forbidden | RowProblem::Name => self.say("book-why-forbidden"),
            RowProblem::TooLong => self.say("book-why-long"),
            RowProblem::Fields { found, columns } => {
                let args = [("found", found.into()), ("columns", columns.into())];
                self.with("book-why-fields", &args)
            }
            RowProblem::Card => self.say("book-why-card"),
        };
        let is_whole = fault.column.is_empty() || matches!(fault.why, RowProblem::Fields { .. });
        let key = match (unit, is_whole) {
            (Unit::Row, false) => "book-row",
            (Unit::Row, true) => "book-row-whole",
            (Unit::Card, false) => "book-card",
            (Unit::Card, true) => "book-card-whole",
        };
        let args = [
            ("number", fault.number.to_string().into()),
            ("column", fault.column.as_str().into()),
            ("value", fault.value.as_str().into()),
            ("why", why.into()),
        ];
        self.with(key, &args)
    }

    /// An alert: what was noticed, what it means, what to do. `keys` move recipients to Bcc.
    pub fn alert(&self, alert: &Alert, keys: &str) -> AlertWords {
        match alert {
            Alert::LookAlike { who, like, how } => self.look_alike(who, like, *how),
            Alert::FirstTimeDomain { who, domain } => AlertWords {
                what: self.with(
                    "alert-first",
                    &[
                        ("who", names(who).into()),
                        ("domain", domain.as_str().into()),
                    ],
                ),
                means: self.say("alert-first-means"),
                next: self.say("alert-first-next"),
            },
            Alert::OddOneOut { who, times, .. } => AlertWords {
                what: self.with("alert-odd", &[("who", who.to_string().into())]),
                means: self.with("alert-odd-means", &[("times", (*times).into())]),
                next: self.say("alert-odd-next"),
            },
            Alert::OpenRecipients { who, domains } => AlertWords {
                what: self.with(
                    "alert-open",
                    &[("count", who.len().into()), ("domains", (*domains).into())],
                ),
                means: self.say("alert-open-means"),
                next: self.with("alert-open-next", &[("keys", keys.into())]),
            },
        }
    }

    fn look_alike(&self, who: &[Mailbox], like: &str, how: Likeness) -> AlertWords {
        let domain = who.first().map(|m| m.address.domain_unicode());
        let domain = domain.unwrap_or_default();
        let ending = |domain: &str| domain.rsplit('.').next().unwrap_or_default().to_owned();
        let differs = match how {
            Likeness::Letters => self.say("alert-how-letters"),
            Likeness::Ending => self.with(
                "alert-how-ending",
                &[
                    ("new", ending(&domain).into()),
                    ("old", ending(like).into()),
                ],
            ),
            Likeness::Spelling | Likeness::Person => self.say("alert-how-spelling"),
            Likeness::Hyphen => self.say("alert-how-hyphen"),
            Likeness::Inside => self.with("alert-how-inside", &[("ending", tail(&domain).into())]),
        };
        let key = if how == Likeness::Person {
            "alert-like-person"
        } else {
            "alert-like-domain"
        };
        let args = [
            ("who", names(who).into()),
            ("domain", domain.as_str().into()),
            ("like", like.into()),
        ];
        AlertWords {
            what: format!("{} {differs}", self.with(key, &args)),
            means: self.say("alert-like-means"),
            next: self.say("alert-like-next"),
        }
    }
}

fn names(who: &[Mailbox]) -> String {
    let names: Vec<String> = who.iter().map(Mailbox::to_string).collect();
    names.join(", ")
}

/// The end of a domain: what tells whose it is. Two labels, or all of a shorter one.
pub fn tail(domain: &str) -> String {
    let labels: Vec<&str> = domain.split('.').collect();
    labels[labels.len().saturating_sub(2)..].join(".")
}
