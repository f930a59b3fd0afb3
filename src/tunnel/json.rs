//! A list as JSON: an array of domains, or of objects with the names of the columns.

use serde::{Deserialize, de::IgnoredAny};

use super::{
    fault::{Broken, Fault, FaultKind, Unit},
    read::{Column, Gathering, Read},
};
use crate::mail::is_forbidden;

/// Characters of one value at most.
const MAX_VALUE: usize = 32 * 1024;

#[derive(Deserialize)]
#[serde(untagged)]
enum Item {
    Domain(String),
    Row(Row),
    Other(IgnoredAny),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Row {
    domain: String,
    mailbox: Option<String>,
    mode: Option<String>,
    cvr: Option<String>,
    organisation: Option<String>,
    valid_from: Option<String>,
    cert_sha256: Option<String>,
    certificate: Option<String>,
}

impl Row {
    fn field(&self, column: Column) -> &str {
        let text = match column {
            Column::Domain => return self.domain.trim(),
            Column::Mailbox => &self.mailbox,
            Column::Mode => &self.mode,
            Column::Number => &self.cvr,
            Column::Organisation => &self.organisation,
            Column::ValidFrom => &self.valid_from,
            Column::Sha256 => &self.cert_sha256,
            Column::Certificate => &self.certificate,
        };
        text.as_deref().unwrap_or_default().trim()
    }
}

pub(super) fn read(octets: &[u8]) -> Result<Read, Broken> {
    let text = std::str::from_utf8(octets).map_err(|_cause| Broken::NotText)?;
    let items: Vec<Item> = serde_json::from_str(text).map_err(|cause| Broken::Json {
        detail: cause.to_string(),
    })?;
    let mut gathering = Gathering::new(items.len(), Unit::Item);
    for (number, item) in (1..).zip(&items) {
        let (value, taken) = match item {
            Item::Other(_) => ("", Err(Ok(FaultKind::Shape))),
            Item::Domain(domain) => {
                let taken = fit(domain).map_err(Ok);
                let taken = taken.and_then(|()| gathering.take(domain.trim(), None, number));
                (domain.as_str(), taken)
            }
            Item::Row(row) => {
                let mut columns = Column::ORDER.iter();
                let fits = columns.try_for_each(|(_, column)| fit(row.field(*column)));
                let taken = fits.map_err(Ok);
                let taken = taken.and_then(|()| gathering.take_row(|c| row.field(c), number));
                (row.domain.as_str(), taken)
            }
        };
        if let Err(why) = taken {
            gathering.fault(Fault::new(number, why?, value.as_bytes()));
        }
    }
    gathering.finish()
}

fn fit(value: &str) -> Result<(), FaultKind> {
    if value.len() > MAX_VALUE {
        Err(FaultKind::TooLong)
    } else if value.chars().any(is_forbidden) {
        Err(FaultKind::Forbidden)
    } else {
        Ok(())
    }
}
