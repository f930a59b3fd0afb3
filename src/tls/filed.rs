//! A receipt that came back from a domain: what it says of the way between it and the firm.
//!
//! It tells of one mail on one day, on the word of whoever wrote the lines. It is no [`Level`](super::Level), and none is
//! ever raised by it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mail::{
    Action, AnswerKind,
    trace::{Hop, Weakness},
};

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Witness {
    /// The firm's own border host wrote the line.
    Observed,
    /// The domain says it: a signature of it that holds covers the line.
    Domain,
    /// Anybody may have written it.
    Unverified,
}

/// Which way the mail went that a line speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From them to us: the receipt itself.
    FromThem,
    /// From us to them: the request, as it came back inside the receipt.
    ToThem,
}

/// A line, and who says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenHop {
    /// The line.
    #[serde(flatten)]
    pub hop: Hop,
    /// Who says it.
    pub witness: Witness,
    /// It is the line with which the firm's border took the mail from outside.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_border: bool,
}

/// The lines of one mail, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Which way it went.
    pub direction: Direction,
    /// The lines.
    pub hops: Vec<SeenHop>,
    /// Lines that were not read, because there were too many.
    #[serde(default)]
    pub left_out: usize,
}

/// What a filed receipt comes to, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledReceipt {
    /// When it was filed.
    pub filed_at: Timestamp,
    /// The row of the record.
    #[serde(default)]
    pub row: u64,
    /// Which kind of answer it was.
    pub kind: AnswerKind,
    /// What it says became of the request.
    #[serde(default)]
    pub action: Option<Action>,
    /// On whose word.
    pub witness: Witness,
    /// Which way.
    pub direction: Direction,
    /// How many lines there are on that word.
    pub hops: usize,
    /// How many of them say that it went over TLS.
    pub encrypted: usize,
    /// The worst that is said of it.
    #[serde(default)]
    pub weakness: Option<Weakness>,
    /// The version of TLS; where there are several lines, only if all name the same one.
    #[serde(default)]
    pub version: Option<String>,
    /// The cipher suite, likewise.
    #[serde(default)]
    pub cipher: Option<String>,
}

impl Witness {
    /// The code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Domain | Self::Unverified => "claimed",
        }
    }

    /// Who claims it, as a code; none where it was observed.
    pub fn claimed_by(self) -> Option<&'static str> {
        match self {
            Self::Observed => None,
            Self::Domain => Some("domain"),
            Self::Unverified => Some("unverified"),
        }
    }
}

impl Direction {
    /// The code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::FromThem => "from-them",
            Self::ToThem => "to-them",
        }
    }
}

/// What the lines come to: the one with which our own border took the mail, if there is one; else what is claimed of the
/// way to them, else of the way from them.
pub fn summary(
    legs: &[Leg],
    kind: AnswerKind,
    action: Option<Action>,
    filed_at: Timestamp,
) -> FiledReceipt {
    let all = |direction| {
        let legs = legs.iter().filter(move |l| l.direction == direction);
        legs.flat_map(|l| &l.hops)
    };
    let border: Vec<&SeenHop> = all(Direction::FromThem).filter(|h| h.is_border).collect();
    let to_them: Vec<&SeenHop> = all(Direction::ToThem).collect();
    let claimed = all(Direction::FromThem).filter(|h| h.witness != Witness::Observed);
    let (direction, hops) = match (border.is_empty(), to_them.is_empty()) {
        (false, _) => (Direction::FromThem, border),
        (true, false) => (Direction::ToThem, to_them),
        (true, true) => (Direction::FromThem, claimed.collect()),
    };
    let same = |of: fn(&Hop) -> Option<&String>| {
        let first = of(&hops.first()?.hop)?;
        let is_same = hops.iter().all(|h| of(&h.hop) == Some(first));
        is_same.then(|| first.clone())
    };
    FiledReceipt {
        filed_at,
        row: 0,
        kind,
        action,
        // The weakest word counts for all of them.
        witness: hops
            .iter()
            .map(|h| h.witness)
            .max()
            .unwrap_or(Witness::Unverified),
        direction,
        hops: hops.len(),
        encrypted: hops.iter().filter(|h| h.hop.is_encrypted()).count(),
        weakness: hops.iter().find_map(|h| h.hop.weakness()),
        version: same(|h| h.tls.as_ref()?.version.as_ref()),
        cipher: same(|h| h.tls.as_ref()?.cipher.as_ref()),
    }
}
