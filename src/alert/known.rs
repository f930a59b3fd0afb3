//! Who is known: the book, the firm's own domains, and who stood together. Prepared once, so that asking costs nothing.

use std::collections::{HashMap, HashSet};

use super::likeness::{self, Likeness, Shape};
use crate::{
    book::{Circle, Contact},
    mail::Address,
};

/// As long as fewer people are known, that somebody is new says nothing: everybody is.
const GROWN: usize = 10;

/// Whether somebody was written to before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newness {
    /// Yes; or not enough is known to say no.
    Known,
    /// No, but others at the same domain were.
    Address,
    /// Nobody at this domain was.
    Domain,
}

/// What recipients are measured against.
#[derive(Debug, Default)]
pub struct Known {
    addresses: HashSet<String>,
    /// Local parts by domain, A-labels.
    domains: HashMap<String, Vec<String>>,
    /// The firm's own and internal domains, A-labels.
    own: Vec<String>,
    shapes: Vec<Shape>,
    circles: Vec<Circle>,
}

impl Known {
    /// What these entries, circles, and the firm's own domains (A-labels) tell.
    pub fn new(contacts: &[Contact], circles: Vec<Circle>, own: Vec<String>) -> Self {
        let mut known = Self {
            addresses: HashSet::with_capacity(contacts.len()),
            circles,
            ..Self::default()
        };
        for contact in contacts {
            known.add(&contact.mailbox.address);
        }
        let unseen = own.iter().filter(|d| !known.domains.contains_key(*d));
        let unseen: Vec<Shape> = unseen
            .map(|d| Shape::of(&idna::domain_to_unicode(d).0))
            .collect();
        known.shapes.extend(unseen);
        known.own = own;
        known
    }

    /// Somebody more, who was written to.
    pub fn add(&mut self, address: &Address) {
        if !self.addresses.insert(address.key()) {
            return;
        }
        let shapes = &mut self.shapes;
        self.domains
            .entry(address.domain().to_owned())
            .or_insert_with(|| {
                shapes.push(Shape::of(&address.domain_unicode()));
                Vec::new()
            })
            .push(address.local().to_lowercase());
    }

    /// Whether somebody was written to before, or is of the house.
    pub fn newness(&self, address: &Address) -> Newness {
        if self.addresses.len() < GROWN
            || self.is_own(address)
            || self.addresses.contains(&address.key())
        {
            Newness::Known
        } else if self.has_domain(address.domain()) {
            Newness::Address
        } else {
            Newness::Domain
        }
    }

    /// Whether an address is of the firm's own or internal domains, or below them.
    pub fn is_own(&self, address: &Address) -> bool {
        upwards(address.domain()).any(|d| self.own.iter().any(|own| own == d))
    }

    pub(super) fn circles(&self) -> &[Circle] {
        &self.circles
    }

    /// The domain or address that this unknown one looks like.
    pub(super) fn look_alike(&self, address: &Address) -> Option<(String, Likeness)> {
        if self.is_own(address) || self.addresses.contains(&address.key()) {
            return None;
        }
        if let Some(locals) = self.domains.get(address.domain()) {
            let local = address.local().to_lowercase();
            let near = locals
                .iter()
                .find(|known| likeness::one_off(&local, known))?;
            let known = format!("{near}@{}", address.domain_unicode());
            return Some((known, Likeness::Person));
        }
        if self.has_domain(address.domain()) {
            return None;
        }
        let new = Shape::of(&address.domain_unicode());
        self.shapes
            .iter()
            .find_map(|known| Some((known.domain.clone(), new.like(known)?)))
    }

    /// Whether the domain, or one that it is below of, is known.
    fn has_domain(&self, domain: &str) -> bool {
        upwards(domain).any(|d| self.domains.contains_key(d) || self.own.iter().any(|own| own == d))
    }
}

/// A domain and those above it, down to two labels.
fn upwards<'a>(domain: &'a str) -> impl Iterator<Item = &'a str> {
    let above = |d: &&'a str| Some(d.split_once('.')?.1);
    std::iter::successors(Some(domain), above).filter(|d| d.contains('.'))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::mail::Mailbox;

    fn known() -> Known {
        let more = (0..10).map(|i| format!("p{i}@firma-eksempel.dk"));
        let all = more.chain([
            "karen.holm@ret-eksempel.dk".to_owned(),
            "a@xn--blehaven-i0a.dk".to_owned(),
        ]);
        let contact =
            |a: String| Contact::written(None, &Mailbox::parse(&a).unwrap(), Timestamp::UNIX_EPOCH);
        let contacts: Vec<Contact> = all.map(contact).collect();
        Known::new(
            &contacts,
            Vec::new(),
            vec!["advokat-eksempel.dk".to_owned()],
        )
    }

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn newness_is_of_the_address_or_of_the_domain() {
        let rows = [
            ("KAREN.HOLM@ret-eksempel.dk", Newness::Known),
            ("ny@advokat-eksempel.dk", Newness::Known),
            ("ny@post.advokat-eksempel.dk", Newness::Known),
            ("ny@ret-eksempel.dk", Newness::Address),
            ("ny@post.ret-eksempel.dk", Newness::Address),
            ("ny@æblehaven.dk", Newness::Address),
            ("ny@fremmed.example", Newness::Domain),
        ];
        for (text, wanted) in rows {
            assert_eq!(known().newness(&address(text)), wanted, "{text}");
        }
    }

    #[test]
    fn who_was_written_to_meanwhile_is_known_as_if_from_the_book() {
        let mut known = known();
        let new = address("ny@fremmed.example");
        assert_eq!(known.newness(&new), Newness::Domain);
        known.add(&new);
        known.add(&new);
        assert_eq!(known.newness(&new), Newness::Known);
        assert_eq!(
            known.newness(&address("b@fremmed.example")),
            Newness::Address
        );
        let (like, _) = known.look_alike(&address("x@frenmed.example")).unwrap();
        assert_eq!(like, "fremmed.example");
    }

    #[test]
    fn only_what_is_unknown_can_look_like_something() {
        let rows = [
            ("karen.holm@ret-eksempel.dk", None),
            ("p11@firma-eksempel.dk", None),
            ("x@post.ret-eksempel.dk", None),
            (
                "karne.holm@ret-eksempel.dk",
                Some("karen.holm@ret-eksempel.dk"),
            ),
            ("karen.holm@ret-eksempel.com", Some("ret-eksempel.dk")),
            ("post@advokat-eksempel.com", Some("advokat-eksempel.dk")),
            ("a@aeblehaven.dk", Some("æblehaven.dk")),
        ];
        for (text, wanted) in rows {
            let found = known().look_alike(&address(text)).map(|(like, _)| like);
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }
}
