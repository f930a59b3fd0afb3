//! The head of a chain: number and link of its newest row, and the copy kept outside the database in `record.head`.
//!
//! A chain cannot show that its newest rows were cut off; a head kept elsewhere can. The copy is written after each
//! commit, so a crash between the two leaves it older than the database, which is in order; newer it can never be.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::RecordError;
use super::format::{Hash, Installation};
use crate::disk::{self, DiskError, hex};

/// The file beside the database.
const FILE: &str = "record.head";
const TITLE: &str = "segl head 1";

/// Number and link of a row. Written `4711:` and 64 hexadecimal digits (`segl log verify --head`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The row's number.
    pub seq: u64,
    /// The row's link.
    #[serde(serialize_with = "write_hash", deserialize_with = "read_hash")]
    pub link: [u8; 32],
}

/// A text that is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a head: a number, a colon and 64 hexadecimal digits")]
pub struct NotAHead;

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex::encode(&self.link))
    }
}

impl FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (seq, link) = text.trim().split_once(':').ok_or(NotAHead)?;
        let digits = !seq.is_empty() && seq.bytes().all(|b| b.is_ascii_digit());
        let seq = seq.parse().ok().filter(|_| digits).ok_or(NotAHead)?;
        Ok(Self {
            seq,
            link: hex::decode(link.as_bytes()).ok_or(NotAHead)?,
        })
    }
}

/// The head that is kept beside the database in that folder; `None` where there is none.
///
/// To check a record against it, read it before the record: `verify_folder` does.
pub fn kept_head(dir: &Path) -> Result<Option<Head>, RecordError> {
    Ok(match read(dir)? {
        KeptHead::Of(_, head) => Some(head),
        KeptHead::None | KeptHead::Unreadable => None,
    })
}

/// What `record.head` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeptHead {
    None,
    Unreadable,
    Of(Installation, Head),
}

pub(super) fn read(dir: &Path) -> Result<KeptHead, DiskError> {
    Ok(match disk::read_small(&dir.join(FILE))? {
        None => KeptHead::None,
        Some(octets) => parse(&octets).unwrap_or(KeptHead::Unreadable),
    })
}

/// Replaces the copy. The caller holds the database's write lock, so that an older head never replaces a newer.
pub(super) fn write(dir: &Path, installation: &Installation, head: Head) -> Result<(), DiskError> {
    let text = format!("{TITLE} {} {head}\n", hex::encode(installation));
    disk::replace(&dir.join(FILE), text.as_bytes())
}

fn parse(octets: &[u8]) -> Option<KeptHead> {
    let text = std::str::from_utf8(octets).ok()?;
    let (installation, head) = text
        .trim_end()
        .strip_prefix(TITLE)?
        .strip_prefix(' ')?
        .split_once(' ')?;
    Some(KeptHead::Of(
        hex::decode(installation.as_bytes())?,
        head.parse().ok()?,
    ))
}

fn write_hash<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(hash))
}

fn read_hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    let text = String::deserialize(deserializer)?;
    hex::decode(text.as_bytes()).ok_or_else(|| serde::de::Error::custom("not 64 hex digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Head = Head {
        seq: 4711,
        link: [0xab; 32],
    };

    #[test]
    fn a_head_is_written_and_read_as_text_and_as_json() {
        let text = HEAD.to_string();
        assert_eq!(text, format!("4711:{}", "ab".repeat(32)));
        assert_eq!(text.parse(), Ok(HEAD));
        let json = serde_json::to_value(HEAD).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"seq": 4711, "link": "ab".repeat(32)})
        );
        assert_eq!(serde_json::from_value::<Head>(json).unwrap(), HEAD);
        for bad in ["", "4711", ":", "4711:ab", "+1:", "-1:", "1:2:3"] {
            assert_eq!(bad.parse::<Head>(), Err(NotAHead), "{bad:?}");
            let long = format!("{bad}{}", "ab".repeat(32));
            assert_eq!(long.parse::<Head>(), Err(NotAHead), "{long:?}");
        }
    }

    #[test]
    fn the_kept_head_is_read_back_and_rubbish_is_not_taken_for_none() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()).unwrap(), KeptHead::None);
        write(dir.path(), &[7; 16], HEAD).unwrap();
        assert_eq!(read(dir.path()).unwrap(), KeptHead::Of([7; 16], HEAD));
        assert_eq!(kept_head(dir.path()).unwrap(), Some(HEAD));
        std::fs::write(dir.path().join(FILE), "segl head 2 whatever").unwrap();
        assert_eq!(read(dir.path()).unwrap(), KeptHead::Unreadable);
    }
}
