//! Search filters (RFC 4511 §4.5.1.7): read, evaluated with three truth values, and written as RFC 4515 text.
//!
//! What this directory does not know (ordering, approximate and extensible matching) is *undefined*, which matches
//! nothing, also under a `not`.

use std::fmt;

use lber::common::TagClass;
use lber::structure::{PL, StructureTag};

use super::entry::Entry;

/// A search filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Equal(String, Vec<u8>),
    Substrings(String, Vec<Piece>),
    Present(String),
    /// Of a kind that is not known here, by its tag.
    Unknown(u64),
}

/// A part of a substring filter, by where it must stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Initial(Vec<u8>),
    Any(Vec<u8>),
    Final(Vec<u8>),
}

impl Filter {
    /// Reads a filter; `None` where it is not one.
    pub(super) fn read(tag: StructureTag) -> Option<Self> {
        if tag.class != TagClass::Context {
            return None;
        }
        Some(match (tag.id, tag.payload) {
            (0, PL::C(parts)) => Self::And(Self::read_all(parts)?),
            (1, PL::C(parts)) => Self::Or(Self::read_all(parts)?),
            (2, PL::C(mut parts)) => Self::Not(Box::new(Self::read(parts.pop()?)?)),
            (3, PL::C(parts)) => {
                let [attribute, value] = <[_; 2]>::try_from(parts).ok()?;
                Self::Equal(text(attribute)?, value.expect_primitive()?)
            }
            (4, PL::C(parts)) => {
                let [attribute, pieces] = <[_; 2]>::try_from(parts).ok()?;
                let pieces = pieces.expect_constructed()?;
                let pieces = pieces.into_iter().map(Piece::read).collect::<Option<_>>()?;
                Self::Substrings(text(attribute)?, pieces)
            }
            (7, PL::P(attribute)) => Self::Present(String::from_utf8(attribute).ok()?),
            (5 | 6 | 8 | 9, _) => Self::Unknown(tag.id),
            _ => return None,
        })
    }

    fn read_all(parts: Vec<StructureTag>) -> Option<Vec<Self>> {
        parts.into_iter().map(Self::read).collect()
    }

    /// Whether the entry matches; `None` is undefined.
    pub(super) fn matches(&self, entry: &Entry) -> Option<bool> {
        match self {
            Self::And(parts) => all(parts.iter().map(|part| part.matches(entry))),
            Self::Or(parts) => not(all(parts.iter().map(|part| not(part.matches(entry))))),
            Self::Not(part) => not(part.matches(entry)),
            Self::Equal(attribute, wanted) => {
                let wanted = folded(wanted);
                Some(entry.values(attribute).any(|value| folded(value) == wanted))
            }
            Self::Substrings(attribute, pieces) => Some(
                entry
                    .values(attribute)
                    .any(|value| holds(&folded(value), pieces)),
            ),
            Self::Present(attribute) => Some(entry.values(attribute).next().is_some()),
            Self::Unknown(_) => None,
        }
    }
}

impl Piece {
    fn read(tag: StructureTag) -> Option<Self> {
        match (tag.id, tag.payload) {
            (0, PL::P(value)) => Some(Self::Initial(value)),
            (1, PL::P(value)) => Some(Self::Any(value)),
            (2, PL::P(value)) => Some(Self::Final(value)),
            _ => None,
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, sign: char, parts: &[Self]| {
            write!(f, "({sign}")?;
            parts.iter().try_for_each(|part| write!(f, "{part}"))?;
            write!(f, ")")
        };
        match self {
            Self::And(parts) => list(f, '&', parts),
            Self::Or(parts) => list(f, '|', parts),
            Self::Not(part) => write!(f, "(!{part})"),
            Self::Equal(attribute, value) => write!(f, "({attribute}={})", escaped(value)),
            Self::Substrings(attribute, pieces) => {
                write!(f, "({attribute}=")?;
                for (index, piece) in pieces.iter().enumerate() {
                    match piece {
                        Piece::Initial(value) => write!(f, "{}", escaped(value))?,
                        Piece::Any(value) | Piece::Final(value) => {
                            write!(f, "*{}", escaped(value))?;
                        }
                    }
                    if index + 1 == pieces.len() && !matches!(piece, Piece::Final(_)) {
                        write!(f, "*")?;
                    }
                }
                write!(f, ")")
            }
            Self::Present(attribute) => write!(f, "({attribute}=*)"),
            Self::Unknown(tag) => write!(f, "(unknown filter {tag})"),
        }
    }
}

/// False if any part is; else undefined if any part is; else true (RFC 4511 §4.5.1.7).
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

/// False and true exchanged; undefined stays undefined.
fn not(matched: Option<bool>) -> Option<bool> {
    matched.map(|matched| !matched)
}

/// Text without case, as `caseIgnoreMatch`; other values octet for octet.
fn folded(value: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_lowercase().into_bytes(),
        Err(_binary) => value.to_vec(),
    }
}

fn holds(value: &[u8], pieces: &[Piece]) -> bool {
    let mut rest = value;
    for piece in pieces {
        let found = match piece {
            Piece::Initial(start) => rest.strip_prefix(folded(start).as_slice()),
            Piece::Any(part) => {
                let part = folded(part);
                (0..=rest.len()).find_map(|at| rest[at..].strip_prefix(part.as_slice()))
            }
            Piece::Final(end) => rest.strip_suffix(folded(end).as_slice()).map(|_| &[][..]),
        };
        match found {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

fn text(tag: StructureTag) -> Option<String> {
    String::from_utf8(tag.expect_primitive()?).ok()
}

/// RFC 4515 §3: what has a meaning in a filter, and every octet outside ASCII, as `\xx`.
fn escaped(value: &[u8]) -> String {
    value
        .iter()
        .map(|octet| match octet {
            b'*' | b'(' | b')' | b'\\' | 0 | 0x80.. => format!("\\{octet:02x}"),
            _ => char::from(*octet).to_string(),
        })
        .collect::<Vec<_>>()
        .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(attribute: &str, value: &str) -> Filter {
        Filter::Equal(attribute.to_owned(), value.as_bytes().to_vec())
    }

    fn anne() -> Entry {
        Entry::new("cn=Anne Østergaard,c=DK")
            .with("cn", "Anne Østergaard")
            .with("mail", "anne@advokat-eksempel.dk")
    }

    #[test]
    fn text_is_compared_without_case_also_outside_ascii() {
        assert_eq!(
            equal("MAIL", "Anne@Advokat-Eksempel.DK").matches(&anne()),
            Some(true)
        );
        assert_eq!(equal("cn", "ANNE ØSTERGAARD").matches(&anne()), Some(true));
        assert_eq!(equal("cn", "Anne").matches(&anne()), Some(false));
    }

    #[test]
    fn undefined_matches_nothing_and_stays_undefined_under_not() {
        let undefined = || Filter::Unknown(9);
        let yes = || equal("cn", "Anne Østergaard");
        assert_eq!(undefined().matches(&anne()), None);
        assert_eq!(Filter::Not(Box::new(undefined())).matches(&anne()), None);
        assert_eq!(Filter::And(vec![yes(), undefined()]).matches(&anne()), None);
        assert_eq!(
            Filter::Or(vec![undefined(), yes()]).matches(&anne()),
            Some(true)
        );
        assert_eq!(
            Filter::And(vec![undefined(), equal("cn", "Bo")]).matches(&anne()),
            Some(false)
        );
    }

    #[test]
    fn substrings_stand_in_their_order() {
        let pieces = |pieces: &[Piece]| Filter::Substrings("mail".to_owned(), pieces.to_vec());
        let start = Piece::Initial(b"anne".to_vec());
        let middle = Piece::Any(b"ADVOKAT".to_vec());
        let end = Piece::Final(b".dk".to_vec());
        let right = pieces(&[start.clone(), middle.clone(), end.clone()]);
        assert_eq!(right.matches(&anne()), Some(true));
        assert_eq!(right.to_string(), "(mail=anne*ADVOKAT*.dk)");
        assert_eq!(
            pieces(&[middle.clone(), middle]).matches(&anne()),
            Some(false)
        );
        assert_eq!(pieces(&[start]).to_string(), "(mail=anne*)");
    }

    #[test]
    fn a_filter_is_written_with_what_was_escaped() {
        let filter = Filter::Or(vec![equal("mail", "*)(mail=*"), equal("cn", "Ø")]);
        assert_eq!(
            filter.to_string(),
            "(|(mail=\\2a\\29\\28mail=\\2a)(cn=\\c3\\98))"
        );
    }
}
