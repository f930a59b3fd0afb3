//! Reading a list: a table with `;`, `,` or tab, with or without names of columns, one domain a line, or JSON.
//!
//! An entry is one line: a quotation mark that is not closed swallows none but its own. Columns without names stand in
//! the order of [`Column::ORDER`].

use std::borrow::Cow;

use base64_simd::STANDARD;
use csv::ReaderBuilder;

use super::{
    domain::domain,
    entry::{Details, Mode},
    fault::{Broken, Fault, FaultKind, Unit},
    json,
    list::List,
};
use crate::{
    cert::{Certificate, Fingerprint, OrganisationNumber},
    mail::{Address, is_forbidden},
};

/// Octets of a list at most: a million domains and all that is said of them.
pub const MAX_OCTETS: usize = 128 << 20;
/// Octets of a line at most: a certificate in base64 is the longest thing in it.
const MAX_LINE: usize = 32 * 1024;
/// Faults that are told; the others are counted.
const TOLD: usize = 50;
/// One line in so many may be wrong.
const TOLERATED: usize = 100;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A list that was read, and what of it was not taken.
#[derive(Debug)]
pub struct Read {
    /// The list.
    pub list: List,
    /// The first lines that were left out.
    pub faults: Vec<Fault>,
    /// How many were left out.
    pub fault_count: usize,
    /// What the numbers of the faults count.
    pub unit: Unit,
}

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Domain,
    Mailbox,
    Mode,
    Number,
    Organisation,
    ValidFrom,
    Sha256,
    Certificate,
}

impl Column {
    pub(super) const ORDER: [(&'static str, Self); 8] = [
        ("domain", Self::Domain),
        ("mailbox", Self::Mailbox),
        ("mode", Self::Mode),
        ("cvr", Self::Number),
        ("organisation", Self::Organisation),
        ("valid_from", Self::ValidFrom),
        ("cert_sha256", Self::Sha256),
        ("certificate", Self::Certificate),
    ];
}

/// What was gathered so far.
pub(super) struct Gathering {
    list: List,
    faults: Vec<Fault>,
    fault_count: usize,
    all: usize,
    unit: Unit,
}

/// Reads a list.
pub fn read(octets: &[u8]) -> Result<Read, Broken> {
    if octets.len() > MAX_OCTETS {
        return Err(Broken::TooLarge { limit: MAX_OCTETS });
    }
    let octets = octets.strip_prefix(UTF8_MARK).unwrap_or(octets);
    // UTF-16, by its mark: read line by line all of it would be wrong, and nobody would be told why.
    if octets.starts_with(b"\xFF\xFE") || octets.starts_with(b"\xFE\xFF") {
        return Err(Broken::NotText);
    }
    if octets.trim_ascii_start().first() == Some(&b'[') {
        return json::read(octets);
    }
    table(octets)
}

fn table(octets: &[u8]) -> Result<Read, Broken> {
    let lines = memchr::memchr_iter(b'\n', octets).count() + 1;
    let mut gathering = Gathering::new(lines, Unit::Line);
    let mut columns: Option<Columns> = None;
    for (number, line) in (1..).zip(octets.split(|b| *b == b'\n')) {
        let line = line.trim_ascii();
        if line.is_empty() || line.first() == Some(&b'#') {
            continue;
        }
        let text = match text(line) {
            Ok(text) => text,
            Err(why) => {
                gathering.fault(Fault::new(number, why, line));
                continue;
            }
        };
        let columns = match &columns {
            Some(columns) => columns,
            None => match Columns::of_first(text)? {
                First::Names(named) => {
                    columns = Some(named);
                    continue;
                }
                First::Separator(said) => {
                    columns = Some(Columns::without_names(said));
                    continue;
                }
                First::Entry(unnamed) => columns.insert(unnamed),
            },
        };
        let taken = columns.take(text, &mut gathering, number);
        if let Err(why) = taken {
            gathering.fault(Fault::new(number, why?, line));
        }
    }
    gathering.finish()
}

/// A line as text in which nothing hides.
fn text(line: &[u8]) -> Result<&str, FaultKind> {
    if line.len() > MAX_LINE {
        return Err(FaultKind::TooLong);
    }
    let text = std::str::from_utf8(line).map_err(|_cause| FaultKind::NotText)?;
    // Without an early end, so that many octets are looked at in one go.
    let is_plain = line
        .iter()
        .fold(true, |plain, b| plain & (b' '..0x7F).contains(b));
    if !is_plain && text.chars().any(|c| c != '\t' && is_forbidden(c)) {
        return Err(FaultKind::Forbidden);
    }
    Ok(text)
}

/// What the first line turns out to be.
enum First {
    /// Names of columns.
    Names(Columns),
    /// Excel's word for what separates fields.
    Separator(char),
    /// An entry, which says what separates its fields.
    Entry(Columns),
}

/// The columns of a table in their order, and what separates them.
struct Columns {
    separator: char,
    order: Vec<Column>,
    are_named: bool,
}

impl Columns {
    fn without_names(separator: char) -> Self {
        Self {
            separator,
            order: Column::ORDER.iter().map(|(_, column)| *column).collect(),
            are_named: false,
        }
    }

    fn of_first(line: &str) -> Result<First, Broken> {
        if let Some(said) = line.strip_prefix("sep=") {
            let mut said = said.chars();
            if let (Some(separator @ (';' | ',')), None) = (said.next(), said.next()) {
                return Ok(First::Separator(separator));
            }
        }
        // An organisation's name may hold a comma, and none a semicolon or a tab.
        let separators = [';', '\t', ','];
        let separator = separators.into_iter().find(|s| line.contains(*s));
        let separator = separator.unwrap_or(';');
        let unnamed = Self::without_names(separator);
        let Ok(names) = fields(line, separator) else {
            return Ok(First::Entry(unnamed));
        };
        let names: Vec<String> = names
            .iter()
            .map(|n| n.trim().to_ascii_lowercase())
            .collect();
        if !names.iter().any(|n| n == "domain") {
            return Ok(First::Entry(unnamed));
        }
        let mut order = Vec::new();
        let mut unknown = Vec::new();
        for name in names {
            let known = Column::ORDER.iter().find(|(known, _)| *known == name);
            match known {
                Some((_, column)) if !order.contains(column) => order.push(*column),
                _ => unknown.push(name.chars().take(60).collect()),
            }
        }
        if !unknown.is_empty() {
            return Err(Broken::Columns { found: unknown });
        }
        Ok(First::Names(Self {
            separator,
            order,
            are_named: true,
        }))
    }

    /// Takes one line in. The inner error is the whole list's.
    fn take(
        &self,
        line: &str,
        gathering: &mut Gathering,
        number: u64,
    ) -> Result<(), Result<FaultKind, Broken>> {
        let separator = u8::try_from(self.separator).unwrap_or(b';');
        if !self.are_named && memchr::memchr2(separator, b'"', line.as_bytes()).is_none() {
            return gathering.take(line, None, number);
        }
        let fields = fields(line, self.separator).map_err(Ok)?;
        let surplus = fields.iter().skip(self.order.len());
        let is_short = self.are_named && fields.len() < self.order.len();
        if is_short || surplus.into_iter().any(|f| !f.trim().is_empty()) {
            return Err(Ok(FaultKind::Fields));
        }
        let field = |wanted| {
            let at = self.order.iter().position(|c| *c == wanted);
            at.and_then(|at| fields.get(at)).map_or("", |f| f.trim())
        };
        gathering.take_row(field, number)
    }
}

/// The fields of one line, quoted or not (RFC 4180 within a line).
fn fields(line: &str, separator: char) -> Result<Vec<Cow<'_, str>>, FaultKind> {
    if !line.contains('"') {
        return Ok(line.split(separator).map(Cow::Borrowed).collect());
    }
    // The reader takes what is not closed as if it were: then the marks do not pair.
    let quotes = memchr::memchr_iter(b'"', line.as_bytes()).count();
    let mut reader = ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b';'))
        .has_headers(false)
        .from_reader(line.as_bytes());
    let row = reader.records().next().and_then(Result::ok);
    let row = row.filter(|_| quotes.is_multiple_of(2));
    let row = row.ok_or(FaultKind::Fields)?;
    Ok(row.iter().map(|f| Cow::Owned(f.to_owned())).collect())
}

impl Gathering {
    pub(super) fn new(expected: usize, unit: Unit) -> Self {
        Self {
            // What a hostile file promises in empty lines is not set aside for it.
            list: List::with_capacity(expected.min(1 << 21)),
            faults: Vec::new(),
            fault_count: 0,
            all: 0,
            unit,
        }
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.all += 1;
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }

    /// Takes an entry of which only the name is there.
    pub(super) fn take(
        &mut self,
        listed: &str,
        details: Option<Details>,
        number: u64,
    ) -> Result<(), Result<FaultKind, Broken>> {
        let listed = name(listed).map_err(Ok)?;
        if !self.list.add(&listed, details.map(Box::new)) {
            return Err(Err(Broken::Contradiction {
                domain: listed.into_owned(),
                number,
            }));
        }
        self.all += 1;
        Ok(())
    }

    /// Takes an entry whose fields are asked for by column; what is not there is empty.
    pub(super) fn take_row<'f>(
        &mut self,
        field: impl Fn(Column) -> &'f str,
        number: u64,
    ) -> Result<(), Result<FaultKind, Broken>> {
        let listed = field(Column::Domain);
        let details = details(listed, &field).map_err(Ok)?;
        let is_bare = details == Details::default();
        self.take(listed, (!is_bare).then_some(details), number)
    }

    pub(super) fn finish(self) -> Result<Read, Broken> {
        let Self {
            list,
            faults,
            fault_count,
            all,
            unit,
        } = self;
        if fault_count > all / TOLERATED {
            return Err(Broken::TooManyFaults {
                count: fault_count,
                all,
                unit,
                first: faults,
            });
        }
        if list.is_empty() {
            return Err(Broken::Empty);
        }
        Ok(Read {
            list,
            faults,
            fault_count,
            unit,
        })
    }
}

/// The name of an entry: a domain, or `*.` and a domain.
fn name(text: &str) -> Result<Cow<'_, str>, FaultKind> {
    match text.strip_prefix("*.") {
        Some(base) => Ok(format!("*.{}", domain(base)?).into()),
        None => domain(text),
    }
}

fn details<'f>(listed: &str, field: &impl Fn(Column) -> &'f str) -> Result<Details, FaultKind> {
    let given = |column| Some(field(column)).filter(|f| !f.is_empty());
    let mailbox = given(Column::Mailbox).map(|text| mailbox(text, listed));
    let mode = given(Column::Mode).map(|text| {
        let modes = [Mode::Direct, Mode::Wrapped];
        let found = modes
            .into_iter()
            .find(|m| m.code().eq_ignore_ascii_case(text));
        found.ok_or(FaultKind::Mode)
    });
    let sha256 = given(Column::Sha256)
        .map(|text| Fingerprint::try_from(text.to_owned()).map_err(|_cause| FaultKind::Fingerprint))
        .transpose()?;
    let certificate = given(Column::Certificate).map(|text| certificate(text, sha256));
    Ok(Details {
        mailbox: mailbox.transpose()?,
        mode: mode.transpose()?,
        number: given(Column::Number).map(number).transpose()?,
        organisation: given(Column::Organisation).map(|name| name.chars().take(200).collect()),
        valid_from: given(Column::ValidFrom)
            .map(|text| text.parse().map_err(|_cause| FaultKind::Day))
            .transpose()?,
        sha256,
        certificate: certificate.transpose()?,
    })
}

/// A mailbox at the listed domain; for a wildcard, at the domain it stands before or below that.
fn mailbox(text: &str, listed: &str) -> Result<Address, FaultKind> {
    let address = Address::parse(text).map_err(|_cause| FaultKind::Mailbox)?;
    let is_here = match listed.strip_prefix("*.") {
        None => address.domain() == &*domain(listed)?,
        Some(base) => {
            let base = domain(base)?;
            let below = address.domain().strip_suffix(&*base);
            below.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }
    };
    if is_here {
        Ok(address)
    } else {
        Err(FaultKind::MailboxElsewhere)
    }
}

/// Eight digits of a CVR, or a number with its register: `NTRDK-12345678`.
fn number(text: &str) -> Result<OrganisationNumber, FaultKind> {
    let is_cvr = text.bytes().all(|b| b.is_ascii_digit());
    let parsed = if is_cvr {
        OrganisationNumber::parse(&format!("CVR:{text}"))
    } else {
        OrganisationNumber::parse(text)
    };
    parsed.ok_or(FaultKind::Number)
}

fn certificate(text: &str, sha256: Option<Fingerprint>) -> Result<Vec<u8>, FaultKind> {
    let der = STANDARD.decode_to_vec(text);
    let der = der.map_err(|_cause| FaultKind::Certificate)?;
    let certificate = Certificate::from_der(&der).map_err(|_cause| FaultKind::Certificate)?;
    if sha256.is_some_and(|said| said != certificate.sha256()) {
        return Err(FaultKind::Certificate);
    }
    Ok(der)
}
