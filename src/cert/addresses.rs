//! The mail addresses that a certificate names (RFC 8550 §3): as text for people, and as those that bind.
//!
//! A name binds only where it is written as it must be: a `Mailbox` with nothing around it and no dot at its end as
//! rfc822Name or emailAddress (RFC 5280 §4.2.1.6), and a SmtpUTF8Mailbox only with a local part outside ASCII (RFC 9598
//! §3). Whoever reads names more freely than their issuer wrote its rules lets through what these exclude. What does not
//! bind is kept as text: a certificate that names somebody in an odd way does not name nobody.

use std::collections::HashSet;

use der::{Decode, Encode as _, Reader, Tag, TagNumber, Tagged as _, asn1::Any};
use x509_cert::{
    TbsCertificate,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

use super::{
    certificate::{ON_SMTP_UTF8_MAILBOX, malformed},
    name,
    problem::Problem,
};
use crate::mail::Address;

/// Names in a subjectAltName at most.
const MAX_NAMES: usize = 1000;
const OTHER_NAME: TagNumber = TagNumber(0);
const RFC822_NAME: TagNumber = TagNumber(1);

/// What a certificate names: subjectAltName first, then the subject's emailAddress.
#[derive(Default)]
pub(super) struct Addresses {
    /// Everything, as it stands there.
    pub(super) texts: Vec<String>,
    /// What binds.
    pub(super) bound: Vec<Address>,
}

impl Addresses {
    pub(super) fn read(tbs: &TbsCertificate) -> Result<Self, Problem> {
        let mut found = Self::default();
        for name in alternative_names(tbs)? {
            match name {
                Alternative::Known(GeneralName::Rfc822Name(mailbox)) => {
                    found.take(mailbox.as_str(), str::is_ascii);
                }
                Alternative::Known(GeneralName::OtherName(other))
                    if other.type_id == ON_SMTP_UTF8_MAILBOX =>
                {
                    let is_utf8 = other.value.tag() == Tag::Utf8String;
                    let is_outside_ascii = |text: &str| {
                        let local = text.rsplit_once('@').map_or("", |(local, _)| local);
                        is_utf8 && !local.is_ascii()
                    };
                    if let Some(text) = name::text(&other.value) {
                        found.take(&text, is_outside_ascii);
                    }
                }
                Alternative::Known(_) => {}
                Alternative::OddMailbox(text) => found.take(&text, |_| false),
            }
        }
        for text in name::values(tbs.subject(), name::EMAIL_ADDRESS) {
            found.take(&text, str::is_ascii);
        }
        let mut seen = HashSet::new();
        found.texts.retain(|a| seen.insert(a.to_ascii_lowercase()));
        let mut seen = HashSet::new();
        found.bound.retain(|a| seen.insert(a.clone()));
        Ok(found)
    }

    fn take(&mut self, text: &str, may_bind: impl FnOnce(&str) -> bool) {
        if may_bind(text) {
            self.bound.extend(Address::parse_exact(text).ok());
        }
        self.texts.push(text.to_owned());
    }
}

/// One name of a subjectAltName.
pub(super) enum Alternative {
    Known(GeneralName),
    /// An rfc822Name with octets that may not stand there.
    OddMailbox(String),
}

/// Each name read by itself: one that is odd, or of a kind that nobody uses, does not hide the others.
pub(super) fn alternative_names(tbs: &TbsCertificate) -> Result<Vec<Alternative>, Problem> {
    let odd = |cause: der::Error| malformed("subjectAltName", &cause);
    let found = tbs.get_extension::<Names>().map_err(odd)?;
    let names = found.map(|(_, names)| names.0).unwrap_or_default();
    if names.len() > MAX_NAMES {
        return Err(Problem::TooLarge {
            presented: names.len() as u64,
            limit: MAX_NAMES as u64,
        });
    }
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        let der = name.to_der().map_err(odd)?;
        match (GeneralName::from_der(&der), name.tag()) {
            (Ok(known), _) => all.push(Alternative::Known(known)),
            (Err(_), tag) if is(tag, RFC822_NAME) => {
                let text = String::from_utf8_lossy(name.value()).into_owned();
                all.push(Alternative::OddMailbox(text));
            }
            // It might have been a mailbox: a certificate that says who knows what is none that names nobody.
            (Err(cause), tag) if is(tag, OTHER_NAME) => return Err(odd(cause)),
            (Err(_), _) => {}
        }
    }
    Ok(all)
}

fn is(tag: Tag, wanted: TagNumber) -> bool {
    matches!(tag, Tag::ContextSpecific { number, .. } if number == wanted)
}

/// A subjectAltName whose names are not read yet.
struct Names(Vec<Any>);

impl const_oid::AssociatedOid for Names {
    const OID: const_oid::ObjectIdentifier = SubjectAltName::OID;
}

impl<'a> Decode<'a> for Names {
    type Error = der::Error;

    fn decode<R: Reader<'a>>(reader: &mut R) -> der::Result<Self> {
        Vec::<Any>::decode(reader).map(Self)
    }
}
