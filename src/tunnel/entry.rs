//! What a list says of one domain.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    cert::{Fingerprint, OrganisationNumber},
    mail::Address,
};

/// How a message travels to the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// To the recipient's own address; the gateway opens it on its way.
    Direct,
    /// Inside a message to the organisation's main mailbox, whose gateway opens it and hands on what is inside.
    Wrapped,
}

/// Everything that a list may say of a domain beside its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The organisation's main mailbox, at the domain.
    pub mailbox: Option<Address>,
    /// How messages travel; none where the settings say.
    pub mode: Option<Mode>,
    /// The organisation's number, such as a CVR.
    pub number: Option<OrganisationNumber>,
    /// The organisation's name, for people.
    pub organisation: Option<String>,
    /// The day from which it holds, from its beginning in UTC.
    pub valid_from: Option<Date>,
    /// The only certificate that counts.
    pub sha256: Option<Fingerprint>,
    /// That certificate itself, in DER.
    pub certificate: Option<Vec<u8>>,
}

impl Mode {
    /// The code of the settings and of the list.
    pub fn code(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Wrapped => "wrapped",
        }
    }
}

impl Details {
    /// Whether it says which certificate counts.
    pub fn carries_key(&self) -> bool {
        self.sha256.is_some() || self.certificate.is_some()
    }

    /// The certificate that counts, where the list says which.
    pub fn key(&self) -> Option<Fingerprint> {
        let of_certificate = self.certificate.as_ref().map(|der| Fingerprint::of(der));
        self.sha256.or(of_certificate)
    }

    /// Whether it holds at a time. One whose day cannot be reckoned does not.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|day| {
            let begin = day.to_zoned(TimeZone::UTC);
            begin.is_ok_and(|begin| begin.timestamp() <= at)
        })
    }
}
