//! LDAP requests and answers as octets, written independently of the server under test.

use lber::common::TagClass;
use lber::structure::{PL, StructureTag};

/// One message of the server: its id, the tag of its operation, and the operation's parts.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) operation: u64,
    pub(super) parts: Vec<StructureTag>,
}

pub(super) const FOUND: u64 = 4;
pub(super) const DONE: u64 = 5;
pub(super) const REFERENCE: u64 = 19;
pub(super) const EXTENDED: u64 = 24;

impl Message {
    /// The result code of a result.
    pub(super) fn code(&self) -> u8 {
        octets(&self.parts[0])[0]
    }

    /// The name of a found entry.
    pub(super) fn dn(&self) -> String {
        String::from_utf8(octets(&self.parts[0]).to_vec()).expect("names are text")
    }

    /// Attributes of a found entry: description and values.
    pub(super) fn attributes(&self) -> Vec<(String, Vec<Vec<u8>>)> {
        let PL::C(attributes) = &self.parts[1].payload else {
            panic!("attributes were wanted");
        };
        attributes
            .iter()
            .map(|attribute| {
                let PL::C(parts) = &attribute.payload else {
                    panic!("an attribute was wanted");
                };
                let PL::C(values) = &parts[1].payload else {
                    panic!("values were wanted");
                };
                let name = String::from_utf8(octets(&parts[0]).to_vec()).expect("text");
                (
                    name,
                    values.iter().map(|value| octets(value).to_vec()).collect(),
                )
            })
            .collect()
    }
}

pub(super) fn octets(tag: &StructureTag) -> &[u8] {
    match &tag.payload {
        PL::P(octets) => octets,
        PL::C(_) => panic!("a primitive was wanted"),
    }
}

/// All whole messages in these octets.
pub(super) fn messages(mut octets: &[u8]) -> Vec<Message> {
    let mut messages = Vec::new();
    while !octets.is_empty() {
        let (rest, tag) = lber::parse::parse_tag(octets).expect("whole messages");
        let mut parts = tag.expect_constructed().expect("a sequence").into_iter();
        let id = parts
            .next()
            .expect("an id")
            .expect_primitive()
            .expect("a number");
        let operation = parts.next().expect("an operation");
        messages.push(Message {
            id: id.iter().fold(0, |sum, octet| sum << 8 | u64::from(*octet)),
            operation: operation.id,
            parts: operation.expect_constructed().expect("parts"),
        });
        octets = rest;
    }
    messages
}

/// Whether these octets end with the result of a search.
pub(super) fn is_done(octets: &[u8]) -> bool {
    let mut rest = octets;
    while let Ok((after, tag)) = lber::parse::parse_tag(rest) {
        if let PL::C(parts) = &tag.payload
            && parts.get(1).is_some_and(|operation| operation.id == DONE)
        {
            return true;
        }
        rest = after;
    }
    false
}

/// A search for one mail address, for all attributes.
pub(super) fn search(id: u8, address: &str) -> Vec<u8> {
    search_for(id, address, 0, &[])
}

/// A search for one mail address with a size limit, for these attributes.
pub(super) fn search_for(id: u8, address: &str, size_limit: u8, attributes: &[&str]) -> Vec<u8> {
    let filter = tag(
        TagClass::Context,
        3,
        PL::C(vec![text("mail"), text(address)]),
    );
    let attributes = attributes.iter().map(|name| text(name)).collect();
    let request = vec![
        text("c=DK"),
        enumerated(2),
        enumerated(0),
        integer(size_limit),
        integer(0),
        universal(1, PL::P(vec![0])),
        filter,
        universal(16, PL::C(attributes)),
    ];
    message(id, tag(TagClass::Application, 3, PL::C(request)))
}

/// A simple bind.
pub(super) fn bind(id: u8, dn: &str, password: &str) -> Vec<u8> {
    let password = tag(TagClass::Context, 0, PL::P(password.as_bytes().to_vec()));
    let request = vec![integer(3), text(dn), password];
    message(id, tag(TagClass::Application, 0, PL::C(request)))
}

/// A bind by SASL EXTERNAL.
pub(super) fn sasl_bind(id: u8) -> Vec<u8> {
    let method = tag(TagClass::Context, 3, PL::C(vec![text("EXTERNAL")]));
    let request = vec![integer(3), text(""), method];
    message(id, tag(TagClass::Application, 0, PL::C(request)))
}

/// An extended operation.
pub(super) fn extended(id: u8, oid: &str) -> Vec<u8> {
    let name = tag(TagClass::Context, 0, PL::P(oid.as_bytes().to_vec()));
    message(id, tag(TagClass::Application, 23, PL::C(vec![name])))
}

pub(super) fn start_tls(id: u8) -> Vec<u8> {
    extended(id, "1.3.6.1.4.1.1466.20037")
}

pub(super) fn abandon(id: u8, other: u8) -> Vec<u8> {
    message(id, tag(TagClass::Application, 16, PL::P(vec![other])))
}

fn message(id: u8, operation: StructureTag) -> Vec<u8> {
    octets_of(&universal(16, PL::C(vec![integer(id), operation])))
}

/// DER by hand: short and long lengths, low tags only.
fn octets_of(tag: &StructureTag) -> Vec<u8> {
    let (constructed, content) = match &tag.payload {
        PL::P(octets) => (0, octets.clone()),
        PL::C(parts) => (0x20, parts.iter().flat_map(octets_of).collect()),
    };
    let number = u8::try_from(tag.id).expect("low tags");
    let mut octets = vec![(tag.class as u8) << 6 | constructed | number];
    match u16::try_from(content.len()).expect("short requests") {
        length @ 0..=127 => octets.push(length.to_be_bytes()[1]),
        length => octets.extend([&[0x82][..], &length.to_be_bytes()].concat()),
    }
    octets.extend(content);
    octets
}

fn text(text: &str) -> StructureTag {
    universal(4, PL::P(text.as_bytes().to_vec()))
}

fn integer(number: u8) -> StructureTag {
    universal(2, PL::P(vec![number]))
}

fn enumerated(number: u8) -> StructureTag {
    universal(10, PL::P(vec![number]))
}

fn universal(id: u64, payload: PL) -> StructureTag {
    tag(TagClass::Universal, id, payload)
}

fn tag(class: TagClass, id: u64, payload: PL) -> StructureTag {
    StructureTag { class, id, payload }
}
