//! What is wrong with a list, or with one of its lines: data, for words elsewhere.

/// Why a list is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It is not UTF-8: another kind of file.
    #[error("not UTF-8 text")]
    NotText,
    /// More octets than are read.
    #[error("more than {limit} octets")]
    TooLarge {
        /// What is read.
        limit: usize,
    },
    /// It lists nobody.
    #[error("no entries")]
    Empty,
    /// Its first line names columns that are not known, one twice, or none for the domain.
    #[error("columns that are not known: {}", found.join(", "))]
    Columns {
        /// The names that cannot be used.
        found: Vec<String>,
    },
    /// It is no JSON list.
    #[error("not a JSON list: {detail}")]
    Json {
        /// What the parser says, with line and column.
        detail: String,
    },
    /// Two entries say different things of one domain.
    #[error("{domain} is listed twice, and differently, the second time at {number}")]
    Contradiction {
        /// The domain.
        domain: String,
        /// Line, or item, of the second one.
        number: u64,
    },
    /// More than one in a hundred is wrong.
    #[error("{count} of {all} entries are wrong")]
    TooManyFaults {
        /// How many are.
        count: usize,
        /// How many there are in all.
        all: usize,
        /// What is counted.
        unit: Unit,
        /// The first of them.
        first: Vec<Fault>,
    },
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Lines of a table, from 1.
    Line,
    /// Items of a JSON list, from 1.
    Item,
}

/// A line that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub number: u64,
    /// What is wrong.
    pub why: FaultKind,
    /// What stands there, cut short; it may hold anything.
    pub value: String,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not UTF-8.
    NotText,
    /// A control character, or one that hides or turns text.
    Forbidden,
    /// Longer than any entry is.
    TooLong,
    /// More or fewer fields than columns, or a quotation mark that is not closed.
    Fields,
    /// Not a domain name.
    Domain,
    /// A domain name in letters that look like others.
    LooksAlike,
    /// Not a mail address.
    Mailbox,
    /// A mailbox of another domain: its certificate must not be used for this one.
    MailboxElsewhere,
    /// Neither `direct` nor `wrapped`.
    Mode,
    /// Not an organisation's number.
    Number,
    /// Not a day such as 2026-01-31.
    Day,
    /// Not a SHA-256 fingerprint.
    Fingerprint,
    /// Not a certificate, or not the one of the fingerprint.
    Certificate,
    /// An item of another shape than the list's.
    Shape,
}

impl Fault {
    /// Characters of a value that are kept.
    const SHOWN: usize = 60;

    pub(super) fn new(number: u64, why: FaultKind, value: &[u8]) -> Self {
        // Four octets a character at most: the rest of a huge line is never copied.
        let start = &value[..value.len().min(Self::SHOWN * 4)];
        let value = String::from_utf8_lossy(start);
        Self {
            number,
            why,
            value: value.chars().take(Self::SHOWN).collect(),
        }
    }
}

impl FaultKind {
    /// Its code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotText => "not-text",
            Self::Forbidden => "forbidden-character",
            Self::TooLong => "too-long",
            Self::Fields => "fields",
            Self::Domain => "domain",
            Self::LooksAlike => "looks-alike",
            Self::Mailbox => "mailbox",
            Self::MailboxElsewhere => "mailbox-elsewhere",
            Self::Mode => "mode",
            Self::Number => "cvr",
            Self::Day => "valid-from",
            Self::Fingerprint => "cert-sha256",
            Self::Certificate => "certificate",
            Self::Shape => "shape",
        }
    }
}
