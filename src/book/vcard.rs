//! vCards: RFC 6350 (4.0), RFC 2426 (3.0) and the old 2.1 of telephones and Outlook. The library reads the format; here
//! its properties become cards.

use calcard::{
    Entry, Parser,
    vcard::{VCard, VCardProperty, VCardValue},
};

use super::{
    ImportFault, RowFault, RowProblem, Unit,
    read::{Gathered, addresses, name},
};

pub(super) fn read(text: &str) -> Result<Gathered, ImportFault> {
    if let Some(number) = open_card(text) {
        let fault = RowFault::new(number, "", "", RowProblem::Card);
        return Err(ImportFault::rows(Unit::Card, vec![fault]));
    }
    let (mut gathered, mut faults) = (Gathered::default(), Vec::new());
    let mut parser = Parser::new(text);
    let mut number = 0;
    loop {
        let taken = match parser.entry() {
            Entry::Eof => break,
            // A blank line between cards.
            Entry::InvalidLine(line) if line.trim().is_empty() => continue,
            Entry::VCard(card) => {
                number += 1;
                take(number, &card, &mut gathered)
            }
            Entry::InvalidLine(line) => Err(RowFault::new(number + 1, "", &line, RowProblem::Card)),
            // A calendar, or something else that is no card.
            _ => {
                faults.push(RowFault::new(number + 1, "", "", RowProblem::Card));
                break;
            }
        };
        faults.extend(taken.err());
    }
    if faults.is_empty() {
        Ok(gathered)
    } else {
        Err(ImportFault::rows(Unit::Card, faults))
    }
}

/// The first card that has no end: a file that was cut off. The library would take what is left of it.
fn open_card(text: &str) -> Option<u64> {
    let (mut number, mut is_open) = (0, false);
    for line in text.lines().map(str::trim) {
        if line.eq_ignore_ascii_case("BEGIN:VCARD") {
            if is_open {
                return Some(number);
            }
            number += 1;
            is_open = true;
        } else if line.eq_ignore_ascii_case("END:VCARD") {
            is_open = false;
        }
    }
    is_open.then_some(number)
}

fn take(number: u64, card: &VCard, gathered: &mut Gathered) -> Result<(), RowFault> {
    let fault = |column: &str, value: &str, why| RowFault::new(number, column, value, why);
    let mut found = Vec::new();
    for text in texts(card, &VCardProperty::Email) {
        found.extend(addresses(&text).map_err(|(piece, why)| fault("EMAIL", &piece, why))?);
    }
    let one = |column: &str, text: Option<String>| {
        let text = text.unwrap_or_default();
        name(&text).map_err(|why| fault(column, &text, why))
    };
    let formatted = one("FN", texts(card, &VCardProperty::Fn).next())?;
    let organisation = one("ORG", texts(card, &VCardProperty::Org).next())?;
    let name = match formatted {
        Some(name) => Some(name),
        None => one("N", parts_of_name(card))?,
    };
    gathered.add(found, name.as_ref(), organisation.as_ref());
    Ok(())
}

/// The first value of each occurrence of a property.
fn texts<'a>(card: &'a VCard, property: &'a VCardProperty) -> impl Iterator<Item = String> + 'a {
    let entries = card.entries.iter().filter(move |e| e.name == *property);
    entries.filter_map(|e| e.values.first()?.as_text().map(str::to_owned))
}

/// `N` is family; given; additional; prefixes; suffixes.
fn parts_of_name(card: &VCard) -> Option<String> {
    let entry = card.property(&VCardProperty::N)?;
    let part = |i: usize| match entry.values.get(i) {
        Some(VCardValue::Component(words)) => words.join(" "),
        Some(value) => value.as_text().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    Some([part(1), part(2), part(0)].join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::{read, tests::cards_in as cards};
    use super::*;

    #[test]
    fn cards_of_all_three_versions_are_read() {
        let text = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anne Østergaard\r\nORG:Retten i Eksempelby;Kontoret\r\n\
            EMAIL;TYPE=work;PREF=1:anne@x-eksempel.dk\r\nEMAIL:anne@y-eksempel.dk\r\nEND:VCARD\r\n\r\n\
            BEGIN:VCARD\r\nVERSION:3.0\r\nN:Holm;Bo;;;\r\nitem1.EMAIL;type=INTERNET:bo@x-ek\r\n sempel.dk\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:S=C3=B8ren =\r\nBerg\r\n\
            EMAIL;INTERNET:soren@z-eksempel.dk\r\nEND:VCARD\r\n";
        assert_eq!(
            cards(text.as_bytes()),
            [
                "Anne Østergaard <anne@x-eksempel.dk> / Retten i Eksempelby",
                "Anne Østergaard <anne@y-eksempel.dk> / Retten i Eksempelby",
                "Bo Holm <bo@x-eksempel.dk> / -",
                "Søren Berg <soren@z-eksempel.dk> / -",
            ]
        );
    }

    #[test]
    fn an_old_card_in_windows_1252_is_read() {
        let card =
            b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN:S\xF8ren\r\nEMAIL:s@x-eksempel.dk\r\nEND:VCARD\r\n";
        assert_eq!(cards(card), ["Søren <s@x-eksempel.dk> / -"]);
    }

    #[test]
    fn a_card_without_an_address_is_left_out_and_counted() {
        let text = "BEGIN:VCARD\nVERSION:3.0\nFN:Bo\nTEL:12345678\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nEMAIL:a@x-eksempel.dk\nEND:VCARD\n";
        let read = read(text.as_bytes()).unwrap();
        assert_eq!((read.cards.len(), read.without), (1, 1));
    }

    #[test]
    fn a_wrong_card_is_named_and_nothing_is_taken() {
        let text = "BEGIN:VCARD\nVERSION:3.0\nEMAIL:a@x-eksempel.dk\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Bo\nEMAIL:bo at x\nEND:VCARD\n";
        let wanted = RowFault::new(2, "EMAIL", "bo at x", RowProblem::Address);
        assert_eq!(
            read(text.as_bytes()),
            Err(ImportFault::rows(Unit::Card, vec![wanted]))
        );
    }

    #[test]
    fn a_card_that_does_not_end_and_a_calendar_are_refused() {
        for text in [
            "BEGIN:VCARD\nVERSION:3.0\nEMAIL:a@x-eksempel.dk\n",
            "BEGIN:VCARD\nVERSION:3.0\nEMAIL:a@x-eksempel.dk\nEND:VCARD\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
        ] {
            let found = read(text.as_bytes());
            assert!(matches!(found, Err(ImportFault::Rows { .. })), "{found:?}");
        }
    }
}
