//! Why a register is not imported: data, for words elsewhere. Where one row is wrong nothing is taken in.

use crate::mail::AddressError;

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportFault {
    /// It holds octets that are no text: another kind of file.
    #[error("not a text file")]
    NotText,
    /// It holds no row below the names of the columns, or no card.
    #[error("no entries")]
    Empty,
    /// The first line names no column with mail addresses.
    #[error("no column with mail addresses")]
    Columns {
        /// The names that were found.
        found: Vec<String>,
    },
    /// More entries than a book takes.
    #[error("more than {most} entries")]
    TooMany {
        /// What it takes.
        most: usize,
    },
    /// Some rows cannot be taken.
    #[error("{count} rows cannot be read")]
    Rows {
        /// What is counted.
        unit: Unit,
        /// How many in all.
        count: usize,
        /// The first of them.
        first: Vec<RowFault>,
    },
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Lines of a table, as a spreadsheet numbers them: the names of the columns are 1.
    Row,
    /// Cards of a vCard file, from 1.
    Card,
}

/// One row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Its number.
    pub number: u64,
    /// The column or property.
    pub column: String,
    /// What stands there, cut short.
    pub value: String,
    /// What is wrong with it.
    pub why: RowProblem,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowProblem {
    /// Not a mail address.
    Address,
    /// The reason why not, where it is more than its shape.
    Forbidden,
    /// A name with characters that hide or turn text.
    Name,
    /// A field longer than any name is: mostly a quotation mark that is not closed.
    TooLong,
    /// More or fewer fields than columns.
    Fields {
        /// Fields in the row.
        found: usize,
        /// Columns in the first line.
        columns: usize,
    },
    /// The card does not end, or is no vCard.
    Card,
}

/// Characters of a value that are shown.
const SHOWN: usize = 60;
/// Rows that are told one by one.
const TOLD: usize = 10;

impl RowFault {
    pub(super) fn new(number: u64, column: &str, value: &str, why: RowProblem) -> Self {
        let cut = |text: &str| {
            let mut short: String = text.chars().take(SHOWN).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            short
        };
        Self {
            number,
            column: cut(column),
            value: cut(value),
            why,
        }
    }
}

impl From<&AddressError> for RowProblem {
    fn from(cause: &AddressError) -> Self {
        match cause {
            AddressError::Forbidden(_) => Self::Forbidden,
            AddressError::TooLong => Self::TooLong,
            _ => Self::Address,
        }
    }
}

impl ImportFault {
    pub(super) fn rows(unit: Unit, mut faults: Vec<RowFault>) -> Self {
        let count = faults.len();
        faults.truncate(TOLD);
        Self::Rows {
            unit,
            count,
            first: faults,
        }
    }
}
