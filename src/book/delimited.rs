//! Tables with a separator (RFC 4180 and its relatives): what Outlook, Google and Thunderbird export, in Danish and
//! English, and what people make in a spreadsheet.

use csv::{ReaderBuilder, StringRecord, WriterBuilder};

use super::{
    Contact, ImportFault, RowFault, RowProblem, Unit,
    read::{Gathered, addresses, name},
};
use crate::mail::Address;

/// Names of columns that are shown to somebody whose table has none of them.
pub const EXPECTED: [&str; 6] = [
    "E-mail",
    "E-mail Address",
    "E-mailadresse",
    "Primary Email",
    "E-mail 1 - Value",
    "Mail",
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Address,
    Name,
    Given,
    Middle,
    Family,
    Organisation,
}

/// Names of columns without what is no letter: `E-mail 2 Address` is `emailaddress`.
const NAMES: &[(&str, Column)] = &[
    ("email", Column::Address),
    ("emails", Column::Address),
    ("mail", Column::Address),
    ("mailadresse", Column::Address),
    ("mailaddress", Column::Address),
    ("emailaddress", Column::Address),
    ("emailadresse", Column::Address),
    ("emailvalue", Column::Address),
    ("epost", Column::Address),
    ("primaryemail", Column::Address),
    ("secondaryemail", Column::Address),
    ("primaryemailaddress", Column::Address),
    ("secondaryemailaddress", Column::Address),
    ("primæremail", Column::Address),
    ("sekundæremail", Column::Address),
    ("primæremailadresse", Column::Address),
    ("sekundæremailadresse", Column::Address),
    ("primærmailadresse", Column::Address),
    ("sekundærmailadresse", Column::Address),
    ("name", Column::Name),
    ("navn", Column::Name),
    ("displayname", Column::Name),
    ("vistnavn", Column::Name),
    ("fullname", Column::Name),
    ("fuldenavn", Column::Name),
    ("fuldtnavn", Column::Name),
    ("firstname", Column::Given),
    ("givenname", Column::Given),
    ("fornavn", Column::Given),
    ("middlename", Column::Middle),
    ("additionalname", Column::Middle),
    ("mellemnavn", Column::Middle),
    ("lastname", Column::Family),
    ("familyname", Column::Family),
    ("surname", Column::Family),
    ("efternavn", Column::Family),
    ("company", Column::Organisation),
    ("firma", Column::Organisation),
    ("virksomhed", Column::Organisation),
    ("organization", Column::Organisation),
    ("organisation", Column::Organisation),
    ("organizationname", Column::Organisation),
    ("organisationname", Column::Organisation),
];

/// Longer than any cell that a register has: mostly a quotation mark that is not closed.
const LONGEST: usize = 100_000;

/// The columns of a table by what they hold.
struct Columns {
    names: Vec<String>,
    holds: Vec<Option<Column>>,
}

pub(super) fn read(text: &str) -> Result<Gathered, ImportFault> {
    let (separator, text) = separator(text);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = reader.records();
    let header = rows.next().and_then(Result::ok).unwrap_or_default();
    let columns = Columns::of(&header)?;
    let (mut gathered, mut faults) = (Gathered::default(), Vec::new());
    for (index, row) in rows.enumerate() {
        // Rows as a spreadsheet numbers them, below the first.
        let number = index as u64 + 2;
        let taken = match row {
            Ok(row) => columns.take(number, &row, &mut gathered),
            Err(_) => Err(RowFault::new(number, "", "", RowProblem::TooLong)),
        };
        faults.extend(taken.err());
    }
    if faults.is_empty() {
        Ok(gathered)
    } else {
        Err(ImportFault::rows(Unit::Row, faults))
    }
}

/// What the first line separates its names with, most of all; Excel may say so in a line of its own.
fn separator(text: &str) -> (u8, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(said) = first.trim_end().strip_prefix("sep=")
        && let [separator @ (b';' | b',' | b'\t')] = said.as_bytes()
    {
        return (*separator, rest);
    }
    let mut is_quoted = false;
    let mut counts = [(0, b','), (0, b';'), (0, b'\t')];
    for octet in first.bytes() {
        is_quoted ^= octet == b'"';
        for (count, separator) in &mut counts {
            *count += usize::from(!is_quoted && octet == *separator);
        }
    }
    // Where two are as frequent, the comma: the first.
    let most = counts.into_iter().rev().max_by_key(|(count, _)| *count);
    (most.map_or(b',', |(_, separator)| separator), text)
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, ImportFault> {
        let names: Vec<String> = header.iter().map(|n| n.trim().to_owned()).collect();
        let holds: Vec<Option<Column>> = names.iter().map(|n| column(n)).collect();
        if holds.contains(&Some(Column::Address)) {
            return Ok(Self { names, holds });
        }
        let found = names.into_iter().filter(|n| !n.is_empty()).take(12);
        Err(ImportFault::Columns {
            found: found
                .map(|n| RowFault::new(0, &n, "", RowProblem::Address).column)
                .collect(),
        })
    }

    fn take(
        &self,
        number: u64,
        row: &StringRecord,
        gathered: &mut Gathered,
    ) -> Result<(), RowFault> {
        let columns = self.names.len();
        let fault = |i: usize, value: &str, why| {
            let column = self.names.get(i).map_or("", String::as_str);
            RowFault::new(number, column, value, why)
        };
        if let Some((i, long)) = row.iter().enumerate().find(|(_, f)| f.len() > LONGEST) {
            return Err(fault(i, long, RowProblem::TooLong));
        }
        let is_surplus = row.iter().skip(columns).any(|f| !f.trim().is_empty());
        if is_surplus || row.len() < columns {
            let why = RowProblem::Fields {
                found: row.len(),
                columns,
            };
            let last = row.iter().next_back().unwrap_or_default();
            return Err(fault(columns.min(row.len()).saturating_sub(1), last, why));
        }
        let mut found = Vec::new();
        for (i, field) in self.fields(row, Column::Address) {
            found.extend(addresses(field).map_err(|(piece, why)| fault(i, &piece, why))?);
        }
        let one = |column| -> Result<Option<String>, RowFault> {
            for (i, field) in self.fields(row, column) {
                if let Some(name) = name(field).map_err(|why| fault(i, field, why))? {
                    return Ok(Some(name));
                }
            }
            Ok(None)
        };
        let whole = one(Column::Name)?;
        let parts = [Column::Given, Column::Middle, Column::Family];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|c| one(c).transpose())
            .collect::<Result<_, _>>()?;
        let joined = Some(parts.join(" ")).filter(|n| !n.is_empty());
        let name = whole.or(joined);
        gathered.add(found, name.as_ref(), one(Column::Organisation)?.as_ref());
        Ok(())
    }

    fn fields<'a>(
        &'a self,
        row: &'a StringRecord,
        column: Column,
    ) -> impl Iterator<Item = (usize, &'a str)> {
        let fields = self.holds.iter().zip(row).enumerate();
        fields.filter_map(move |(i, (holds, field))| (*holds == Some(column)).then_some((i, field)))
    }
}

fn column(name: &str) -> Option<Column> {
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let found = NAMES.iter().find(|(known, _)| *known == plain);
    found.map(|(_, column)| *column)
}

/// The book as a table that [`read`](fn@super::read) takes back: `name,email,organisation,last written`.
pub fn write(contacts: &[Contact]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(["Name", "E-mail", "Organisation", "Last written"])?;
    for contact in contacts {
        let Contact { mailbox, .. } = contact;
        let written = contact.written.map(|t| t.to_string()).unwrap_or_default();
        writer.write_record([
            harmless(mailbox.name.as_deref().unwrap_or_default()).as_str(),
            Address::given(&mailbox.address),
            harmless(contact.organisation.as_deref().unwrap_or_default()).as_str(),
            &written,
        ])?;
    }
    // A vector takes everything.
    Ok(writer.into_inner().unwrap_or_default())
}

/// A spreadsheet would take these beginnings for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{read, tests::cards_in};
    use super::*;

    fn cards(text: &str) -> Vec<String> {
        cards_in(text.as_bytes())
    }

    #[test]
    fn exports_of_outlook_google_and_thunderbird_are_read_in_both_languages() {
        let anne = "Anne Berg Holm <anne@x-eksempel.dk> / Retten";
        let rows = [
            "\"First Name\",\"Middle Name\",\"Last Name\",\"Company\",\"E-mail Address\",\"E-mail Type\",\"E-mail 2 Address\"\r\n\
             \"Anne\",\"Berg\",\"Holm\",\"Retten\",\"anne@x-eksempel.dk\",\"SMTP\",\"\"\r\n",
            "Fornavn;Mellemnavn;Efternavn;Firma;E-mailadresse;Vist navn til e-mail\r\nAnne;Berg;Holm;Retten;anne@x-eksempel.dk;Anne (x)\r\n",
            "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name\n\
             Anne Berg Holm,Anne,Holm,* myContacts,Work,anne@x-eksempel.dk,Retten\n",
            "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Organization\nAnne,Holm,Anne Berg Holm,,anne@x-eksempel.dk,,Retten\n",
            "Fornavn\tEfternavn\tVist navn\tPrimær e-mailadresse\tOrganisation\nAnne\tHolm\tAnne Berg Holm\tanne@x-eksempel.dk\tRetten\n",
            "sep=;\r\nNavn;Mail;Firma\r\n\"Anne Berg\r\n Holm\";anne@x-eksempel.dk;Retten\r\n",
        ];
        for text in rows {
            assert_eq!(cards(text), [anne], "{text}");
        }
    }

    #[test]
    fn several_addresses_of_one_person_are_several_entries() {
        let text = "Name,E-mail 1 - Value,E-mail 2 - Value\nBo,bo@x-eksempel.dk ::: bo@y-eksempel.dk,bo@z-eksempel.dk\n";
        assert_eq!(cards(text).len(), 3);
    }

    #[test]
    fn a_quoted_field_may_hold_separators_quotes_and_line_ends() {
        let text = "name,email\n\"Holm, \"\"Bo\"\"\",bo@x-eksempel.dk\n";
        assert_eq!(cards(text), ["\"Holm, \\\"Bo\\\"\" <bo@x-eksempel.dk> / -"]);
    }

    #[test]
    fn a_wrong_row_is_named_with_its_column_and_value_and_nothing_is_taken() {
        let text = "Navn;E-mail\nBo;bo@x-eksempel.dk\nEva;eva\nAn\u{202E}ne;anne@x-eksempel.dk\nIb;ib@x-eksempel.dk;for meget\nOle\n";
        let Err(ImportFault::Rows { unit, count, first }) = read(text.as_bytes()) else {
            panic!("nothing is half imported")
        };
        assert_eq!((unit, count), (Unit::Row, 4));
        let told: Vec<_> = first
            .iter()
            .map(|f| (f.number, f.column.as_str(), f.value.as_str(), f.why))
            .collect();
        let fields = |found| RowProblem::Fields { found, columns: 2 };
        assert_eq!(
            told,
            [
                (3, "E-mail", "eva", RowProblem::Address),
                (4, "Navn", "An\u{202E}ne", RowProblem::Name),
                (5, "E-mail", "for meget", fields(3)),
                (6, "Navn", "Ole", fields(1)),
            ]
        );
    }

    #[test]
    fn a_table_without_addresses_tells_which_columns_it_has() {
        let found = read(b"Navn;Adresse;Telefon\nBo;Storegade 1;12345678\n");
        let names = ["Navn", "Adresse", "Telefon"].map(str::to_owned).to_vec();
        assert_eq!(found, Err(ImportFault::Columns { found: names }));
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_swallows_no_rows_in_silence() {
        let rest = "Ib,ib@x-eksempel.dk\n".repeat(20_000);
        for rest in [rest.as_str(), "Ib,ib@x-eksempel.dk\n"] {
            let text = format!("name,email\n\"Bo,bo@x-eksempel.dk\n{rest}");
            let found = read(text.as_bytes());
            assert!(
                matches!(found, Err(ImportFault::Rows { count: 1, .. })),
                "{found:?}"
            );
        }
    }

    #[test]
    fn what_is_written_is_read_back_and_is_no_formula() {
        let contact = |text: &str| {
            Contact::written(
                None,
                &crate::mail::Mailbox::parse(text).unwrap(),
                jiff::Timestamp::UNIX_EPOCH,
            )
        };
        let book = [
            contact("\"Holm, Bo\" <bo@x-eksempel.dk>"),
            contact("eva@z-eksempel.dk"),
        ];
        let octets = write(&book).unwrap();
        let back = read(&octets).unwrap().cards;
        let mailboxes: Vec<_> = back.iter().map(|c| &c.mailbox).collect();
        assert_eq!(mailboxes, [&book[0].mailbox, &book[1].mailbox]);
        let evil = contact("=cmd() <evil@x-eksempel.dk>");
        let text = String::from_utf8(write(&[evil]).unwrap()).unwrap();
        assert!(text.contains("\n'=cmd()"), "{text}");
    }
}
