//! The entries of a revocation list (RFC 5280 §5.3), read one by one and kept in sixteen octets each.

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    io::Read,
};

use der::{Decode as _, Encode as _, Tag, Tagged as _, asn1::Any};
use jiff::Timestamp;
use openssl::x509::{X509Name, X509NameRef};
use x509_cert::{
    certificate::Rfc5280,
    crl::RevokedCert,
    ext::{Extensions, pkix::name::GeneralName},
    serial_number::SerialNumber,
};

use super::{
    crl::{NO_REASON, Revoked, SEQUENCE, read_time, same},
    walk::Walk,
};
use crate::cert;

/// Octets of one entry at most: a serial number, a time and a few extensions.
const ENTRY_MAX: u64 = 16 << 10;
/// Names of issuers that one indirect list speaks of at most.
const ISSUERS_MAX: usize = 10_000;

const REASON_CODE: &str = "2.5.29.21";
const INVALIDITY_DATE: &str = "2.5.29.24";
const CERTIFICATE_ISSUER: &str = "2.5.29.29";

/// A revoked certificate in sixteen octets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Digest of issuer and serial number. Two that meet by chance would make a certificate red, never green.
    key: u64,
    /// Seconds since 1970, then the reason.
    packed: u64,
}

/// The entries as they are read.
pub(super) struct Entries {
    pub(super) found: Vec<Entry>,
    pub(super) issuers: Vec<Vec<X509Name>>,
    /// How many names these are together.
    names: usize,
    /// Where the names with this DER stand in the list's issuers. One name in two forms stands there twice.
    known: HashMap<Vec<u8>, usize>,
    /// Since when an entry is revoked at the latest, where its own date cannot be read: the list says so.
    this_update: Timestamp,
    pub(super) unusable: Option<String>,
}

/// What an entry says.
struct Said {
    serial: Vec<u8>,
    at: Timestamp,
    extensions: Extensions,
}

impl Entries {
    pub(super) fn new(this_update: Timestamp) -> Self {
        Self {
            found: Vec::new(),
            issuers: Vec::new(),
            names: 0,
            known: HashMap::new(),
            this_update,
            unusable: None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn read<R: Read>(
        &mut self,
        walk: &mut Walk<R>,
        end: u64,
        list: &X509NameRef,
    ) -> Result<(), String> {
        // An entry is by the issuer of the entry before, the first by the list's own (RFC 5280 §5.3.3).
        let mut issuer = 0;
        let mut octets = Vec::new();
        while walk.at() < end {
            walk.element_into(SEQUENCE, ENTRY_MAX, &mut octets)?;
            let said = self.said(&octets)?;
            let mut code = NO_REASON;
            for extension in &said.extensions {
                match extension.extn_id.to_string().as_str() {
                    REASON_CODE => {
                        // ENUMERATED, one octet. What cannot be read is a reason that is not known: still revoked.
                        code = match extension.extn_value.as_bytes() {
                            [0x0a, 1, code] => *code,
                            _ => NO_REASON,
                        };
                    }
                    CERTIFICATE_ISSUER => {
                        issuer = self.issuer(extension.extn_value.as_bytes(), list)?;
                    }
                    INVALIDITY_DATE => {}
                    other if extension.critical => {
                        // RFC 5280 §5.3: such a list must not be used to say "good".
                        self.unusable = Some(format!("critical extension {other} of an entry"));
                    }
                    _ => {}
                }
            }
            let at = u64::try_from(said.at.as_second()).unwrap_or_default();
            self.grow();
            self.found.push(Entry {
                key: key(issuer, &said.serial),
                packed: at << 8 | u64::from(code),
            });
        }
        if walk.at() != end {
            return Err("an entry beyond the end".to_owned());
        }
        Ok(())
    }

    /// An entry with an odd serial number or date is read all the same: it would take the word of the whole list with it,
    /// and every other certificate on it would only be unknown.
    fn said(&self, octets: &[u8]) -> Result<Said, String> {
        if let Ok(entry) = RevokedCert::<Rfc5280>::from_der(octets) {
            return Ok(Said {
                serial: entry.serial_number.as_bytes().to_vec(),
                at: cert::timestamp(&entry.revocation_date).unwrap_or(self.this_update),
                extensions: entry.crl_entry_extensions.unwrap_or_default(),
            });
        }
        let odd = |cause: der::Error| format!("an entry: {cause}");
        let parts = Vec::<Any>::from_der(octets).map_err(odd)?;
        let [serial, date, rest @ ..] = parts.as_slice() else {
            return Err("an entry without a date".to_owned());
        };
        let extensions = match rest {
            [] => Extensions::default(),
            [extensions] => extensions.decode_as().map_err(odd)?,
            _ => return Err("an entry with too many parts".to_owned()),
        };
        if serial.tag() != Tag::Integer {
            return Err("an entry without a serial number".to_owned());
        }
        let usual = serial.decode_as::<SerialNumber>();
        let date = date.to_der().map_err(odd)?;
        Ok(Said {
            // One that is too long is that of no certificate that can be read.
            serial: usual.map_or_else(|_| serial.value().to_vec(), |s| s.as_bytes().to_vec()),
            at: read_time(&date).unwrap_or(self.this_update),
            extensions,
        })
    }

    /// By an eighth: doubling would need three times the table for a moment.
    fn grow(&mut self) {
        if self.found.len() == self.found.capacity() {
            self.found.reserve_exact((self.found.len() / 8).max(1024));
        }
    }

    fn issuer(&mut self, names: &[u8], list: &X509NameRef) -> Result<usize, String> {
        let names = Vec::<GeneralName>::from_der(names).map_err(|e| e.to_string())?;
        let mut ders = Vec::new();
        for name in &names {
            if let GeneralName::DirectoryName(name) = name {
                ders.push(name.to_der().map_err(|e| e.to_string())?);
            }
        }
        let read = ders.iter().map(|der| X509Name::from_der(der));
        let read: Vec<_> = read.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
        match read.as_slice() {
            [] => return Err("a certificate issuer without a directory name".to_owned()),
            [name] if same(name, list) => return Ok(0),
            _ => {}
        }
        let der = ders.concat();
        if let Some(known) = self.known.get(&der) {
            return Ok(*known);
        }
        self.names += read.len();
        if self.names > ISSUERS_MAX {
            return Err(format!("more than {ISSUERS_MAX} issuers"));
        }
        self.issuers.push(read);
        self.known.insert(der, self.issuers.len());
        Ok(self.issuers.len())
    }
}

impl Entry {
    fn unpack(self) -> Revoked {
        let seconds = i64::try_from(self.packed >> 8).unwrap_or(i64::MAX);
        Revoked {
            at: Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX),
            code: (self.packed & 0xff) as u8,
        }
    }
}

/// The entry of an issuer, by its place in the list, and a serial number. The entries are sorted.
pub(super) fn find(entries: &[Entry], issuer: usize, serial: &[u8]) -> Option<Revoked> {
    let key = key(issuer, serial);
    let first = entries.partition_point(|e| e.key < key);
    let found = entries.get(first).filter(|e| e.key == key);
    found.map(|entry| entry.unpack())
}

fn key(issuer: usize, serial: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (issuer, serial).hash(&mut hasher);
    hasher.finish()
}
