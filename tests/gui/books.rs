//! An address book for tests.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use segl::{
    alert::Rules,
    app::{book::Told, message::Event},
    book::{Card, Circle, Contact},
    mail::Mailbox,
    segl::Book,
    words::Lang,
};

use crate::support::*;

fn days_ago(days: i64) -> Timestamp {
    start() - SignedDuration::from_hours(24 * days)
}

/// Two of the same name, an imported register, and twelve people of as many firms.
pub(crate) fn book(rules: Rules) -> Arc<Book> {
    let written =
        |text: &str, days| Contact::written(None, &Mailbox::parse(text).unwrap(), days_ago(days));
    let imported = |before, text: &str, organisation: &str| {
        let card = Card {
            mailbox: Mailbox::parse(text).unwrap(),
            organisation: Some(organisation.to_owned()),
        };
        Contact::imported(before, &card, days_ago(40))
    };
    let holm = format!("Anne Holm <{ANNE}>");
    let mut contacts = vec![
        written("Anne Holm <anne@berg-eksempel.com>", 1),
        imported(Some(written(&holm, 9)), &holm, "Politiet"),
        imported(
            None,
            &format!("Retten i Eksempelby <{COURT}>"),
            "Domstolene",
        ),
    ];
    contacts.extend((0..12).map(|i| written(&format!("p{i}@firma{i}-eksempel.dk"), 20 + i)));
    let own = vec!["advokat-eksempel.dk".to_owned()];
    Arc::new(Book::new(contacts, Vec::<Circle>::new(), own, rules))
}

/// A desk whose book was read.
pub(crate) fn with_book(lang: Lang) -> Desk {
    let mut desk = Desk::new(lang);
    desk.hear(Event::Book(Told::Loaded(book(Rules::default()))));
    desk
}
