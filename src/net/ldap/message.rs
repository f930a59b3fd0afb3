//! The three messages that a search is answered with (RFC 4511 §4.5.2), checked before ldap3 sees them.
//!
//! ldap3 0.12 panics on shapes that it does not expect, parses nested elements by recursion (which a hostile message
//! makes deep enough to end the process), and builds a structure many times the size of the octets. So a message is
//! passed on only when every element is where RFC 4511 puts it, and only the parts that Segl uses: controls that nobody
//! asked for, diagnostic texts and the addresses of referrals stop here.

use super::{
    ber::{
        ENUMERATED, INTEGER, OCTET_STRING, Reader, SEQUENCE, SET, put, put_header, put_number, size,
    },
    fault::Violation,
};

/// Attributes and values of one entry at most. Each becomes a structure of about 60 octets in ldap3, twice.
const MAX_ELEMENTS: usize = 20_000;

const SEARCH_RESULT_ENTRY: u8 = 0x64;
const SEARCH_RESULT_DONE: u8 = 0x65;
const SEARCH_RESULT_REFERENCE: u8 = 0x73;
const SEARCH_REQUEST: u8 = 0x63;
const ABANDON_REQUEST: u8 = 0x50;

/// A message from the directory.
pub(super) enum Inbound {
    /// Belongs to a search.
    Answer {
        /// Which search.
        id: i32,
        /// Whether the search ends with it.
        is_last: bool,
        /// The message for ldap3.
        octets: Vec<u8>,
    },
    /// Unsolicited: the directory says that it ends the connection (RFC 4511 §4.4.1).
    Notice,
}

/// A message from ldap3.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outbound {
    /// A search with this id begins.
    Search(i32),
    /// The search with this id is no longer wanted.
    Abandon(i32),
    /// Anything else: unbind.
    Other,
}

/// Reads one whole message from the directory.
pub(super) fn inbound(message: &[u8]) -> Result<Inbound, Violation> {
    let mut body = Reader(Reader(message).expect(SEQUENCE)?);
    let id = body.number(INTEGER)?;
    if id == 0 {
        // Only a notice of disconnection is sent unasked, and Active Directory writes it with a field too many.
        return Ok(Inbound::Notice);
    }
    let (operation, content) = body.element()?;
    let passed = match operation {
        SEARCH_RESULT_ENTRY => entry(content)?,
        SEARCH_RESULT_DONE => done(content)?,
        SEARCH_RESULT_REFERENCE => reference(content)?,
        _ => return Err(Violation::NotLdap("an operation that answers no search")),
    };
    Ok(Inbound::Answer {
        id,
        is_last: operation == SEARCH_RESULT_DONE,
        octets: message_of(id, operation, &passed),
    })
}

/// Reads one whole message of ldap3.
pub(super) fn outbound(message: &[u8]) -> Result<Outbound, Violation> {
    let mut body = Reader(Reader(message).expect(SEQUENCE)?);
    let id = body.number(INTEGER)?;
    Ok(match body.element()? {
        (SEARCH_REQUEST, _) => Outbound::Search(id),
        (ABANDON_REQUEST, abandoned) => {
            let mut as_integer = Vec::new();
            put(&mut as_integer, INTEGER, abandoned);
            Outbound::Abandon(Reader(&as_integer).number(INTEGER)?)
        }
        _ => Outbound::Other,
    })
}

/// An entry: its name, and attributes with their values.
fn entry(content: &[u8]) -> Result<Vec<u8>, Violation> {
    let mut parts = Reader(content);
    let name = parts.expect(OCTET_STRING)?;
    let list = parts.expect(SEQUENCE)?;
    let mut elements = 0;
    let mut attributes = Reader(list);
    while !attributes.is_empty() {
        let mut attribute = Reader(attributes.expect(SEQUENCE)?);
        attribute.expect(OCTET_STRING)?;
        let mut values = Reader(attribute.expect(SET)?);
        if !attribute.is_empty() {
            return Err(Violation::NotLdap("an attribute with a field too many"));
        }
        elements += 1;
        while !values.is_empty() {
            values.expect(OCTET_STRING)?;
            elements += 1;
        }
        if elements > MAX_ELEMENTS {
            return Err(Violation::NotLdap("an entry of too many values"));
        }
    }
    let mut passed = Vec::with_capacity(content.len() + 16);
    put(&mut passed, OCTET_STRING, name);
    put(&mut passed, SEQUENCE, list);
    Ok(passed)
}

/// A result: only its code is passed on. Clients do not rely on the text (RFC 4511 §4.1.9), which may hold anything.
fn done(content: &[u8]) -> Result<Vec<u8>, Violation> {
    let mut parts = Reader(content);
    let code = result_code(&mut parts)?;
    let mut passed = Vec::new();
    put_number(&mut passed, ENUMERATED, code);
    put(&mut passed, OCTET_STRING, &[]);
    put(&mut passed, OCTET_STRING, &[]);
    Ok(passed)
}

/// The result code of an `LDAPResult` (RFC 4511 §4.1.9), whose two texts must stand behind it.
pub(super) fn result_code(parts: &mut Reader<'_>) -> Result<i32, Violation> {
    let code = parts.number(ENUMERATED)?;
    parts.expect(OCTET_STRING)?;
    parts.expect(OCTET_STRING)?;
    if code > 0xffff {
        return Err(Violation::NotLdap("a result code out of range"));
    }
    Ok(code)
}

/// A reference to other servers: that there is one is passed on, where it points is not.
fn reference(content: &[u8]) -> Result<Vec<u8>, Violation> {
    let mut places = Reader(content);
    while !places.is_empty() {
        places.expect(OCTET_STRING)?;
    }
    Ok(Vec::new())
}

/// A message with this operation, in one buffer: it may hold a password, and leaves no copy of it.
pub(super) fn message_of(id: i32, operation: u8, content: &[u8]) -> Vec<u8> {
    let mut number = Vec::with_capacity(8);
    put_number(&mut number, INTEGER, id);
    let body = number.len() + size(content.len());
    let mut message = Vec::with_capacity(size(body));
    put_header(&mut message, SEQUENCE, body);
    message.extend_from_slice(&number);
    put(&mut message, operation, content);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, tag, content);
        out
    }

    fn attribute(values: &[&[u8]]) -> Vec<u8> {
        let values: Vec<u8> = values
            .iter()
            .flat_map(|v| element(OCTET_STRING, v))
            .collect();
        element(
            SEQUENCE,
            &[element(OCTET_STRING, b"mail"), element(SET, &values)].concat(),
        )
    }

    fn an_entry(attributes: &[u8]) -> Vec<u8> {
        [
            element(OCTET_STRING, b"c=DK"),
            element(SEQUENCE, attributes),
        ]
        .concat()
    }

    fn passed_on(message: &[u8]) -> Vec<u8> {
        match inbound(message) {
            Ok(Inbound::Answer { octets, .. }) => octets,
            Ok(Inbound::Notice) => panic!("a notice"),
            Err(violation) => panic!("{violation}"),
        }
    }

    #[test]
    fn an_entry_is_passed_on_as_it_came() {
        let message = message_of(
            7,
            SEARCH_RESULT_ENTRY,
            &an_entry(&attribute(&[b"a@b.dk", b""])),
        );
        assert_eq!(passed_on(&message), message);
        let Ok(Inbound::Answer {
            id: 7,
            is_last: false,
            ..
        }) = inbound(&message)
        else {
            panic!("not the answer to search 7");
        };
    }

    #[test]
    fn of_a_result_only_the_code_is_passed_on_and_of_a_reference_only_that_it_came() {
        let texts = [
            element(ENUMERATED, &[10]),
            element(4, b"c=DK"),
            element(4, &[0xff, 0xfe]),
        ];
        let referral = element(0xa3, &element(4, b"ldap://elsewhere.example"));
        let result = message_of(3, SEARCH_RESULT_DONE, &[texts.concat(), referral].concat());
        let wanted = [0x30, 12, 2, 1, 3, 0x65, 7, 0x0a, 1, 10, 4, 0, 4, 0];
        assert_eq!(passed_on(&result), wanted);

        let place = element(OCTET_STRING, b"ldap://elsewhere.example");
        let reference = message_of(3, SEARCH_RESULT_REFERENCE, &place);
        assert_eq!(passed_on(&reference), [0x30, 5, 2, 1, 3, 0x73, 0]);
    }

    #[test]
    fn controls_that_nobody_asked_for_stop_here() {
        let mut body = element(INTEGER, &[1]);
        body.extend(element(SEARCH_RESULT_ENTRY, &an_entry(&[])));
        let bare = element(SEQUENCE, &body);
        // Nested so deep that a parser by recursion would end the process.
        let deep = (0..10_000).fold(Vec::new(), |inner, _| element(0xa0, &inner));
        body.extend(deep);
        assert_eq!(passed_on(&element(SEQUENCE, &body)), bare);
    }

    #[test]
    fn a_message_with_id_0_is_a_notice_whatever_else_it_holds() {
        let odd = element(
            SEQUENCE,
            &[
                element(INTEGER, &[0]),
                element(0x78, b"?"),
                element(0x8a, b"?"),
            ]
            .concat(),
        );
        assert!(matches!(inbound(&odd), Ok(Inbound::Notice)));
    }

    #[test]
    fn every_other_shape_is_refused() {
        let nested = element(SEQUENCE, &element(SEQUENCE, &attribute(&[])));
        let many: Vec<&[u8]> = vec![b""; MAX_ELEMENTS + 1];
        let rows: [(&str, u8, Vec<u8>); 9] = [
            ("a bind response", 0x61, done_of(0)),
            ("an extended response", 0x78, done_of(0)),
            ("an intermediate response", 0x79, Vec::new()),
            (
                "an entry without attributes",
                SEARCH_RESULT_ENTRY,
                element(4, b"c=DK"),
            ),
            ("a nested attribute", SEARCH_RESULT_ENTRY, an_entry(&nested)),
            (
                "a constructed value",
                SEARCH_RESULT_ENTRY,
                an_entry(&element(
                    SEQUENCE,
                    &[element(4, b"mail"), element(SET, &nested)].concat(),
                )),
            ),
            (
                "too many values",
                SEARCH_RESULT_ENTRY,
                an_entry(&attribute(&many)),
            ),
            (
                "a result without texts",
                SEARCH_RESULT_DONE,
                element(ENUMERATED, &[0]),
            ),
            (
                "a reference that is no text",
                SEARCH_RESULT_REFERENCE,
                nested.clone(),
            ),
        ];
        for (what, operation, content) in rows {
            let refused = inbound(&message_of(1, operation, &content));
            assert!(matches!(refused, Err(Violation::NotLdap(_))), "{what}");
        }
        assert!(inbound(&element(SEQUENCE, &element(4, b"12345"))).is_err());
    }

    fn done_of(code: u8) -> Vec<u8> {
        [
            element(ENUMERATED, &[code]),
            element(4, b""),
            element(4, b""),
        ]
        .concat()
    }

    #[test]
    fn what_ldap3_writes_is_told_apart() {
        let read = |operation, content: &[u8]| outbound(&message_of(300, operation, content));
        assert_eq!(read(SEARCH_REQUEST, b""), Ok(Outbound::Search(300)));
        assert_eq!(read(ABANDON_REQUEST, &[1, 0]), Ok(Outbound::Abandon(256)));
        assert_eq!(read(0x42, b""), Ok(Outbound::Other));
    }
}
