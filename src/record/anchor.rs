//! Heads that somebody else put a time on: RFC 3161 time stamps, each kept as two files that anybody can check without
//! Segl (`openssl ts -verify -data 12.head -in 12.tsr -CAfile …`).
//!
//! An anchor shows that the row was there when the stamp was made: whoever writes the record anew later cannot give the
//! row the same link. It lies beside the record, and is worth more where a copy lies elsewhere.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::error::ErrorStack;
use openssl::rand::rand_bytes;
use openssl::sha::sha256;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509PurposeId};

use super::{Head, RecordError, ess};
use crate::ber::{Ber, BerError, INTEGER, OCTET_STRING, OID, SEQUENCE, tlv};
use crate::disk::{self, DiskError};

/// The folder beside the record.
const FOLDER: &str = "anchors";
const TITLE: &str = "segl anchor 1";
/// id-sha256 (RFC 8017 appendix B.1), as its octets.
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const NULL: u8 = 0x05;
const BOOLEAN: u8 = 0x01;
const GENERALIZED_TIME: u8 = 0x18;
/// No answer of an authority comes near this (octets).
pub const MAX_STAMP: usize = 1 << 20;

/// A head that is to be stamped, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The head.
    pub head: Head,
    /// Whom the stamp was asked of: a URL.
    pub asked: String,
    statement: String,
    stamp: Vec<u8>,
}

/// What a stamp says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamped {
    /// When the row was there at the latest, by the clock of the authority.
    pub time: Timestamp,
    /// Whether its signer leads to a certificate that was named; without one that says nothing of who signed.
    pub trusted: bool,
}

/// Why a stamp does not hold.
#[derive(Debug, thiserror::Error)]
pub enum StampFault {
    /// It is no answer of a time-stamping authority.
    #[error("not a time stamp: {0}")]
    Malformed(String),
    /// The authority gave none; its status (RFC 3161 §2.4.2).
    #[error("the authority gave none (status {0})")]
    Refused(u32),
    /// It is for something else.
    #[error("it is for something else")]
    Other,
    /// It does not name the certificate that it is signed with, or another (RFC 5816).
    #[error("it does not name the certificate of its signer")]
    Unnamed,
    /// The signature does not hold.
    #[error("its signature does not hold: {0}")]
    Signature(ErrorStack),
}

impl From<BerError> for StampFault {
    fn from(cause: BerError) -> Self {
        Self::Malformed(cause.to_string())
    }
}

/// A question to a time-stamping authority (RFC 3161 §2.4.1).
#[derive(Debug)]
pub struct StampRequest {
    head: Head,
    asked: String,
    statement: String,
    nonce: Vec<u8>,
}

impl StampRequest {
    /// Asks for this head of this installation.
    pub fn new(installation: &str, head: Head, asked: &str) -> Result<Self, ErrorStack> {
        let mut nonce = vec![0; 8];
        rand_bytes(&mut nonce)?;
        // A positive INTEGER in its shortest form: its first octet is neither nought nor negative.
        nonce[0] = nonce[0] & 0x3f | 0x40;
        let statement =
            format!("{TITLE}\ninstallation: {installation}\nhead: {head}\nasked: {asked}\n");
        let asked = asked.to_owned();
        Ok(Self {
            head,
            asked,
            statement,
            nonce,
        })
    }

    /// What is sent, as `application/timestamp-query`. It holds a digest and no name.
    pub fn der(&self) -> Vec<u8> {
        let algorithm = tlv(SEQUENCE, &[&tlv(OID, &[SHA256]), &tlv(NULL, &[])]);
        let imprint = tlv(OCTET_STRING, &[&sha256(self.statement.as_bytes())]);
        tlv(
            SEQUENCE,
            &[
                &tlv(INTEGER, &[&[1]]),
                &tlv(SEQUENCE, &[&algorithm, &imprint]),
                &tlv(INTEGER, &[&self.nonce]),
                // The authority's certificates come with the stamp, so that it can be checked for ever.
                &tlv(BOOLEAN, &[&[0xff]]),
            ],
        )
    }

    /// Takes the answer: a stamp for this very question.
    pub fn answered(self, stamp: &[u8], trusted: &[X509]) -> Result<(Anchor, Stamped), StampFault> {
        let told = told(stamp, trusted)?;
        if told.nonce.as_deref() != Some(&self.nonce[..]) {
            return Err(StampFault::Other);
        }
        let anchor = Anchor {
            head: self.head,
            asked: self.asked,
            statement: self.statement,
            stamp: stamp.to_vec(),
        };
        let stamped = anchor.check(trusted)?;
        Ok((anchor, stamped))
    }
}

impl Anchor {
    /// SHA-256 of the stamp.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(&self.stamp)
    }

    /// Checks that the stamp holds, and is for this head.
    pub fn check(&self, trusted: &[X509]) -> Result<Stamped, StampFault> {
        let told = told(&self.stamp, trusted)?;
        if told.imprint != sha256(self.statement.as_bytes()) {
            return Err(StampFault::Other);
        }
        Ok(told.stamped)
    }

    /// Keeps it in this folder as `SEQ.head` and `SEQ.tsr`; a number that has one already keeps the older stamp, too.
    pub fn keep(&self, folder: &Path) -> Result<PathBuf, RecordError> {
        disk::private_dir(folder)?;
        let stamp = disk::free_name(folder, &self.head.seq.to_string(), ".tsr");
        // The statement first: a stamp without one says nothing, a statement without stamp is passed over.
        disk::replace(&stamp.with_extension("head"), self.statement.as_bytes())?;
        disk::replace(&stamp, &self.stamp)?;
        Ok(stamp)
    }
}

/// Where the anchors of a data folder lie.
pub fn anchor_folder(dir: &Path) -> PathBuf {
    dir.join(FOLDER)
}

/// The anchors in a folder that are for this installation, by row; none where there is no folder. A file that is none
/// is an error: an anchor that cannot be read must not pass for none.
pub fn anchors(folder: &Path, installation: &str) -> Result<Vec<Anchor>, RecordError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(DiskError::from(cause).into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(DiskError::from)?.path();
        if path.extension().is_none_or(|e| e != "tsr") {
            continue;
        }
        let read =
            |path: &Path| std::fs::read(path).map_err(|e| RecordError::from(DiskError::from(e)));
        let statement = String::from_utf8(read(&path.with_extension("head"))?);
        let statement = statement.ok().ok_or(RecordError::NotARecord)?;
        let (of, head, asked) = parse(&statement).ok_or(RecordError::NotARecord)?;
        if of == installation {
            let (asked, stamp) = (asked.to_owned(), read(&path)?);
            found.push(Anchor {
                head,
                asked,
                statement,
                stamp,
            });
        }
    }
    found.sort_by_key(|a| a.head.seq);
    Ok(found)
}

fn parse(statement: &str) -> Option<(&str, Head, &str)> {
    let rest = statement
        .strip_prefix(TITLE)?
        .strip_prefix("\ninstallation: ")?;
    let (installation, rest) = rest.split_once("\nhead: ")?;
    let (head, asked) = rest.split_once("\nasked: ")?;
    Some((installation, head.parse().ok()?, asked.trim_end()))
}

/// What an answer says, once its signature held.
struct Told {
    stamped: Stamped,
    imprint: Vec<u8>,
    nonce: Option<Vec<u8>>,
}

fn told(answer: &[u8], trusted: &[X509]) -> Result<Told, StampFault> {
    let mut outer = Ber::new(answer);
    let mut answer = outer.sequence("TimeStampResp")?;
    let mut status = answer.sequence("PKIStatusInfo")?;
    // Granted, or granted with changes (RFC 3161 §2.4.2).
    match status.value(INTEGER, "status")?.small()? {
        0 | 1 => {}
        other => return Err(StampFault::Refused(other)),
    }
    let token = answer.any()?.whole;
    let content = opened(token, None)?;
    ess::names_its_signer(token)?;
    let mut told = read(&content)?;
    told.stamped.trusted =
        !trusted.is_empty() && opened(token, Some((trusted, told.stamped.time))).is_ok();
    Ok(told)
}

/// The content of a token whose signature holds; with certificates only where its signer leads to one of them, is a
/// time-stamping authority (RFC 3161 §2.3), and was valid at that time.
fn opened(token: &[u8], trusted: Option<(&[X509], Timestamp)>) -> Result<Vec<u8>, StampFault> {
    let mut content = Vec::new();
    let mut check = || -> Result<(), ErrorStack> {
        let mut token = CmsContentInfo::from_der(token)?;
        let mut store = X509StoreBuilder::new()?;
        let mut options = CMSOptions::BINARY;
        if let Some((anchors, at)) = trusted {
            for anchor in anchors {
                store.add_cert(anchor.clone())?;
            }
            let mut param = X509VerifyParam::new()?;
            param.set_time(at.as_second());
            store.set_param(&param)?;
            store.set_purpose(X509PurposeId::TIMESTAMP_SIGN)?;
        } else {
            options |= CMSOptions::NO_SIGNER_CERT_VERIFY;
        }
        token.verify(
            None,
            Some(&store.build()),
            None,
            Some(&mut content),
            options,
        )
    };
    check().map_err(StampFault::Signature)?;
    Ok(content)
}

/// TSTInfo (RFC 3161 §2.4.2).
fn read(content: &[u8]) -> Result<Told, StampFault> {
    let mut outer = Ber::new(content);
    let mut info = outer.sequence("TSTInfo")?;
    info.value(INTEGER, "version")?;
    info.value(OID, "policy")?;
    let mut imprint = info.sequence("messageImprint")?;
    let mut algorithm = imprint.sequence("hashAlgorithm")?;
    if algorithm.value(OID, "algorithm")?.content != SHA256 {
        return Err(StampFault::Other);
    }
    let imprint = imprint
        .value(OCTET_STRING, "hashedMessage")?
        .octets()?
        .into_owned();
    info.value(INTEGER, "serialNumber")?;
    let time = info.value(GENERALIZED_TIME, "genTime")?.content;
    let time = std::str::from_utf8(time).ok().and_then(generalized);
    let time = time.ok_or_else(|| StampFault::Malformed("genTime".to_owned()))?;
    info.optional(SEQUENCE)?;
    info.optional(BOOLEAN)?;
    let nonce = info.optional(INTEGER)?.map(|n| n.content.to_vec());
    let stamped = Stamped {
        time,
        trusted: false,
    };
    Ok(Told {
        stamped,
        imprint,
        nonce,
    })
}

/// `20261123004500Z`, perhaps with a fraction of a second.
fn generalized(text: &str) -> Option<Timestamp> {
    let (whole, rest) = text.split_at_checked(14)?;
    let fraction = rest.strip_suffix('Z')?;
    let fraction = match fraction.strip_prefix('.') {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        None if fraction.is_empty() => "",
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%S", whole).ok()?;
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let at = time.to_zoned(TimeZone::UTC).ok()?.timestamp();
    at.checked_add(jiff::SignedDuration::from_millis(millis))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_an_authority_is_read_with_and_without_a_fraction() {
        let rows = [
            ("20261123004500Z", Some("2026-11-23T00:45:00Z")),
            ("20261123004500.25Z", Some("2026-11-23T00:45:00.25Z")),
            ("20261123004500", None),
            ("20261123004500+0100", None),
            ("20261323004500Z", None),
            ("", None),
        ];
        for (text, wanted) in rows {
            let wanted = wanted.map(|w| w.parse().unwrap());
            assert_eq!(generalized(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn rubbish_is_no_stamp_and_a_refusal_is_told() {
        let head = Head {
            seq: 1,
            link: [7; 32],
        };
        let ask = || StampRequest::new("00", head, "http://tsa.example/").unwrap();
        assert!(matches!(
            ask().answered(b"", &[]),
            Err(StampFault::Malformed(_))
        ));
        let refused = tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&tlv(INTEGER, &[&[2]])])]);
        assert!(matches!(
            ask().answered(&refused, &[]),
            Err(StampFault::Refused(2))
        ));
    }
}
