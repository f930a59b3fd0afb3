//! A register from a file: octets to cards. Which kind it is, its encoding and its separators are found out; what stands
//! in it is not guessed.

use std::collections::{HashMap, hash_map::Entry};

use mail_parser::decoders::charsets::map::charset_decoder;

use super::{Card, ImportFault, RowProblem, delimited, vcard};
use crate::mail::{Address, Mailbox, is_forbidden, western};

/// Entries that are taken at most: the staff of a large authority.
const MOST: usize = 200_000;
/// Characters of a name at most.
const LONGEST: usize = 500;

/// What a file held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Each address once.
    pub cards: Vec<Card>,
    /// Entries without any mail address: left out.
    pub without: usize,
}

/// What the readers of the formats gather.
#[derive(Default)]
pub(super) struct Gathered {
    cards: Vec<Card>,
    places: HashMap<String, usize>,
    pub(super) without: usize,
}

/// Reads CSV (comma, semicolon, tab) or vCard (2.1, 3.0, 4.0).
///
/// All or nothing: where one row is wrong, the fault names every such row.
pub fn read(octets: &[u8]) -> Result<Read, ImportFault> {
    let text = text(octets)?;
    let is_vcard = text
        .trim_start()
        .get(..11)
        .is_some_and(|t| t.eq_ignore_ascii_case("BEGIN:VCARD"));
    let gathered = if is_vcard {
        vcard::read(&text)?
    } else {
        delimited::read(&text)?
    };
    match gathered.cards.len() {
        0 => Err(ImportFault::Empty),
        n if n > MOST => Err(ImportFault::TooMany { most: MOST }),
        _ => Ok(Read {
            cards: gathered.cards,
            without: gathered.without,
        }),
    }
}

/// By its mark; else UTF-8 if it is that, else Windows-1252, which is what Outlook writes in Denmark.
fn text(octets: &[u8]) -> Result<String, ImportFault> {
    let decoded = |charset: &[u8], octets: &[u8]| {
        charset_decoder(charset).map_or_else(String::new, |decode| decode(octets))
    };
    let text = match octets {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, rest @ ..] => decoded(b"utf-16le", rest),
        [0xFE, 0xFF, rest @ ..] => decoded(b"utf-16be", rest),
        _ => match std::str::from_utf8(octets) {
            Ok(text) => text.to_owned(),
            Err(_) => western(octets),
        },
    };
    if text.contains(['\0', '\u{FFFD}']) {
        return Err(ImportFault::NotText);
    }
    Ok(text)
}

impl Gathered {
    /// Takes an entry's addresses in. An address that comes twice keeps what was said first, and gains what was not.
    pub(super) fn add(
        &mut self,
        addresses: Vec<Address>,
        name: Option<&String>,
        organisation: Option<&String>,
    ) {
        if addresses.is_empty() {
            self.without += 1;
        }
        for address in addresses {
            match self.places.entry(address.key()) {
                Entry::Occupied(place) => {
                    let card = &mut self.cards[*place.get()];
                    card.mailbox.name = card.mailbox.name.take().or_else(|| name.cloned());
                    card.organisation = card.organisation.take().or_else(|| organisation.cloned());
                }
                Entry::Vacant(place) => {
                    place.insert(self.cards.len());
                    self.cards.push(Card {
                        mailbox: Mailbox {
                            name: name.cloned(),
                            address,
                        },
                        organisation: organisation.cloned(),
                    });
                }
            }
        }
    }
}

/// A name in one line, or none; or what is wrong with it.
pub(super) fn name(text: &str) -> Result<Option<String>, RowProblem> {
    if text.len() > 4 * LONGEST {
        return Err(RowProblem::TooLong);
    }
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().any(is_forbidden) {
        return Err(RowProblem::Name);
    }
    if name.chars().count() > LONGEST {
        return Err(RowProblem::TooLong);
    }
    Ok(Some(name).filter(|n| !n.is_empty()))
}

/// The addresses in a field. Exchange's own names (`/o=…`) are none.
pub(super) fn addresses(text: &str) -> Result<Vec<Address>, (String, RowProblem)> {
    let pieces = text.split(":::").flat_map(|p| p.split(';')).map(str::trim);
    let pieces = pieces.filter(|p| !p.is_empty() && !is_exchange_name(p));
    pieces
        .map(|piece| {
            let bare = piece.strip_prefix("mailto:").unwrap_or(piece);
            Mailbox::parse(bare)
                .map(|m| m.address)
                .map_err(|e| (piece.to_owned(), RowProblem::from(&e.cause)))
        })
        .collect()
}

fn is_exchange_name(text: &str) -> bool {
    text.get(..3).is_some_and(|t| t.eq_ignore_ascii_case("/o="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cards(octets: &[u8]) -> Vec<String> {
        let read = read(octets).unwrap();
        read.cards.iter().map(|c| c.mailbox.to_string()).collect()
    }

    const TABLE: &str = "Navn;E-mail\nSøren Ærø;soren@x-eksempel.dk\n";

    #[test]
    fn utf_8_windows_1252_and_utf_16_with_and_without_their_marks_read_the_same() {
        let windows: Vec<u8> = TABLE
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        let marked = |mark: &[u8], octets: Vec<u8>| [mark, &octets].concat();
        let wide = |to: fn(u16) -> [u8; 2]| TABLE.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let rows = [
            TABLE.as_bytes().to_vec(),
            windows,
            marked(&[0xEF, 0xBB, 0xBF], TABLE.as_bytes().to_vec()),
            marked(&[0xFF, 0xFE], wide(u16::to_le_bytes)),
            marked(&[0xFE, 0xFF], wide(u16::to_be_bytes)),
        ];
        for octets in rows {
            assert_eq!(
                cards(&octets),
                ["Søren Ærø <soren@x-eksempel.dk>"],
                "{octets:?}"
            );
        }
    }

    #[test]
    fn pictures_nulls_and_nothing_are_no_register() {
        assert_eq!(
            read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            Err(ImportFault::NotText)
        );
        assert_eq!(
            read(b"Name,E-mail\nA\0B,a@x-eksempel.dk\n"),
            Err(ImportFault::NotText)
        );
        assert_eq!(read(b"Name,E-mail\n"), Err(ImportFault::Empty));
        assert!(matches!(read(b""), Err(ImportFault::Columns { .. })));
    }

    #[test]
    fn an_address_that_comes_twice_is_one_entry_with_all_that_is_said() {
        let read =
            read(b"name,email,company\n,bo@x-eksempel.dk,\nBo Holm,BO@x-eksempel.dk,Retten\n")
                .unwrap();
        assert_eq!(read.cards.len(), 1);
        assert_eq!(read.cards[0].mailbox.name.as_deref(), Some("Bo Holm"));
        assert_eq!(read.cards[0].organisation.as_deref(), Some("Retten"));
    }

    #[test]
    fn an_exchange_name_is_no_address_and_no_fault() {
        let read = read(b"name,email\nBo,/o=ExchangeLabs/cn=bo\nEva,eva@z-eksempel.dk\n").unwrap();
        assert_eq!((read.cards.len(), read.without), (1, 1));
    }

    #[test]
    fn fifty_thousand_rows_are_read() {
        let rows: Vec<String> = (0..50_000)
            .map(|i| format!("Person {i};p{i}@d{}-eksempel.dk\n", i % 900))
            .collect();
        let table = format!("Navn;E-mail\n{}", rows.concat());
        assert_eq!(read(table.as_bytes()).unwrap().cards.len(), 50_000);
    }
}
