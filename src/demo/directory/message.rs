//! LDAP messages (RFC 4511 §4): what clients send, read; what a server answers, written.

use lber::common::TagClass;
use lber::structure::{PL, StructureTag};

use super::entry::Entry;
use super::filter::Filter;

/// Octets that a request may have: far more than any client of ours sends.
const REQUEST_MAX: usize = 64 * 1024;

/// The extended operation that starts TLS (RFC 4511 §4.14).
pub(super) const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// Result codes that this server gives (RFC 4511 §4.1.9).
pub(super) mod code {
    pub(in super::super) const SUCCESS: u8 = 0;
    pub(in super::super) const OPERATIONS_ERROR: u8 = 1;
    pub(in super::super) const PROTOCOL_ERROR: u8 = 2;
    pub(in super::super) const SIZE_LIMIT_EXCEEDED: u8 = 4;
    pub(in super::super) const AUTH_METHOD_NOT_SUPPORTED: u8 = 7;
    pub(in super::super) const STRONGER_AUTH_REQUIRED: u8 = 8;
    pub(in super::super) const REFERRAL: u8 = 10;
    pub(in super::super) const CONFIDENTIALITY_REQUIRED: u8 = 13;
    pub(in super::super) const NO_SUCH_OBJECT: u8 = 32;
    pub(in super::super) const INVALID_CREDENTIALS: u8 = 49;
    pub(in super::super) const UNAVAILABLE: u8 = 52;
    pub(in super::super) const UNWILLING_TO_PERFORM: u8 = 53;
}

/// The operation that a result belongs to, by the tag of its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Response {
    Bind = 1,
    Search = 5,
    Modify = 7,
    Add = 9,
    Delete = 11,
    Rename = 13,
    Compare = 15,
    Extended = 24,
}

/// A request with its message id.
pub(super) struct Request {
    pub(super) id: i64,
    pub(super) operation: Operation,
}

pub(super) enum Operation {
    Bind(BindRequest),
    Unbind,
    Search(SearchRequest),
    Abandon(i64),
    StartTls,
    /// One that this server does not do, and how to refuse it.
    Unsupported(Response),
}

pub(super) struct BindRequest {
    pub(super) dn: String,
    /// `None` for any method but simple.
    pub(super) password: Option<Vec<u8>>,
}

#[derive(Clone)]
pub(super) struct SearchRequest {
    pub(super) base: String,
    /// Entries at most; 0 is no limit.
    pub(super) size_limit: usize,
    pub(super) types_only: bool,
    pub(super) filter: Filter,
    pub(super) attributes: Vec<String>,
}

/// Octets that are no LDAP request: the connection ends.
pub(super) struct NotLdap;

/// Takes one message off the front of the buffer; `None` where it is not all there yet.
pub(super) fn take(buffer: &mut Vec<u8>) -> Result<Option<Request>, NotLdap> {
    let Some(length) = message_length(buffer)? else {
        return Ok(None);
    };
    if buffer.len() < length {
        return Ok(None);
    }
    let octets: Vec<u8> = buffer.drain(..length).collect();
    let (_rest, tag) = lber::parse::parse_tag(&octets).map_err(|_malformed| NotLdap)?;
    read(tag).map(Some).ok_or(NotLdap)
}

/// Length of the first message with its header. The parser of `lber` waits for ever where an inner length lies, so
/// the outer one is read here.
fn message_length(buffer: &[u8]) -> Result<Option<usize>, NotLdap> {
    let Some((tag, rest)) = buffer.split_first() else {
        return Ok(None);
    };
    let Some((first, rest)) = rest.split_first() else {
        return Ok(None);
    };
    if *tag != 0x30 {
        return Err(NotLdap);
    }
    let (header, content) = if *first < 0x80 {
        (2, usize::from(*first))
    } else {
        let octets = usize::from(*first & 0x7f);
        if !(1..=4).contains(&octets) {
            return Err(NotLdap);
        }
        let Some(length) = rest.get(..octets) else {
            return Ok(None);
        };
        let content = length
            .iter()
            .fold(0, |sum, octet| sum << 8 | usize::from(*octet));
        (2 + octets, content)
    };
    if content > REQUEST_MAX {
        return Err(NotLdap);
    }
    Ok(Some(header + content))
}

fn read(tag: StructureTag) -> Option<Request> {
    let mut parts = tag.expect_constructed()?.into_iter();
    let id = integer(&parts.next()?.expect_primitive()?)?;
    let operation = parts.next()?;
    if operation.class != TagClass::Application {
        return None;
    }
    let operation = match (operation.id, operation.payload) {
        (0, PL::C(parts)) => Operation::Bind(read_bind(parts)?),
        (2, _) => Operation::Unbind,
        (3, PL::C(parts)) => Operation::Search(read_search(parts)?),
        (16, PL::P(octets)) => Operation::Abandon(integer(&octets)?),
        (23, PL::C(parts)) => {
            let name = parts.into_iter().next()?.expect_primitive()?;
            if name == START_TLS.as_bytes() {
                Operation::StartTls
            } else {
                Operation::Unsupported(Response::Extended)
            }
        }
        (6, _) => Operation::Unsupported(Response::Modify),
        (8, _) => Operation::Unsupported(Response::Add),
        (10, _) => Operation::Unsupported(Response::Delete),
        (12, _) => Operation::Unsupported(Response::Rename),
        (14, _) => Operation::Unsupported(Response::Compare),
        _ => return None,
    };
    Some(Request { id, operation })
}

fn read_bind(parts: Vec<StructureTag>) -> Option<BindRequest> {
    let [_version, dn, method] = <[_; 3]>::try_from(parts).ok()?;
    let password = if method.class == TagClass::Context && method.id == 0 {
        Some(method.expect_primitive()?)
    } else {
        None
    };
    Some(BindRequest {
        dn: String::from_utf8(dn.expect_primitive()?).ok()?,
        password,
    })
}

fn read_search(parts: Vec<StructureTag>) -> Option<SearchRequest> {
    let [
        base,
        _scope,
        _aliases,
        size,
        _time,
        types_only,
        filter,
        attributes,
    ] = <[_; 8]>::try_from(parts).ok()?;
    let attributes = attributes
        .expect_constructed()?
        .into_iter()
        .map(|name| String::from_utf8(name.expect_primitive()?).ok())
        .collect::<Option<_>>()?;
    Some(SearchRequest {
        base: String::from_utf8(base.expect_primitive()?).ok()?,
        size_limit: usize::try_from(integer(&size.expect_primitive()?)?).ok()?,
        types_only: types_only.expect_primitive()?.first()? != &0,
        filter: Filter::read(filter)?,
        attributes,
    })
}

/// A result (RFC 4511 §4.1.9), with referrals where there are any.
pub(super) fn result(id: i64, response: Response, code: u8, text: &str, urls: &[&str]) -> Vec<u8> {
    let mut parts = vec![
        universal(10, PL::P(vec![code])),
        octets(b""),
        octets(text.as_bytes()),
    ];
    if !urls.is_empty() {
        let urls = urls.iter().map(|url| octets(url.as_bytes())).collect();
        parts.push(context(3, PL::C(urls)));
    }
    message(id, application(response as u64, PL::C(parts)))
}

/// The answer to a request for TLS, which names the operation again.
pub(super) fn start_tls_result(id: i64, code: u8, text: &str) -> Vec<u8> {
    let parts = vec![
        universal(10, PL::P(vec![code])),
        octets(b""),
        octets(text.as_bytes()),
        context(10, PL::P(START_TLS.as_bytes().to_vec())),
    ];
    message(id, application(Response::Extended as u64, PL::C(parts)))
}

/// One found entry, with the attributes that were asked for.
pub(super) fn found(id: i64, entry: &Entry, search: &SearchRequest) -> Vec<u8> {
    let attributes = entry
        .selected(&search.attributes)
        .into_iter()
        .map(|(name, values)| {
            let values = if search.types_only { &[][..] } else { values };
            let values = values.iter().map(|value| octets(value)).collect();
            let parts = vec![octets(name.as_bytes()), universal(17, PL::C(values))];
            universal(16, PL::C(parts))
        })
        .collect();
    let parts = vec![
        octets(entry.dn.as_bytes()),
        universal(16, PL::C(attributes)),
    ];
    message(id, application(4, PL::C(parts)))
}

/// "Look there": a search result reference (RFC 4511 §4.5.3).
pub(super) fn reference(id: i64, url: &str) -> Vec<u8> {
    message(id, application(19, PL::C(vec![octets(url.as_bytes())])))
}

fn message(id: i64, operation: StructureTag) -> Vec<u8> {
    let envelope = universal(16, PL::C(vec![universal(2, PL::P(minimal(id))), operation]));
    #[expect(
        clippy::default_trait_access,
        reason = "the buffer's type is of a crate that only `lber` depends on"
    )]
    let mut buffer = Default::default();
    // Writing to memory: `lber` returns an error here only because its signature is that of a writer.
    let _ = lber::write::encode_into(&mut buffer, envelope);
    buffer.to_vec()
}

/// The shortest two's complement (X.690 §8.3.2).
fn minimal(number: i64) -> Vec<u8> {
    let octets = number.to_be_bytes();
    let mut start = 0;
    while start < 7
        && (octets[start] == 0 && octets[start + 1] < 0x80
            || octets[start] == 0xff && octets[start + 1] >= 0x80)
    {
        start += 1;
    }
    octets[start..].to_vec()
}

fn integer(octets: &[u8]) -> Option<i64> {
    if octets.is_empty() || octets.len() > 8 {
        return None;
    }
    let sign = if octets[0] >= 0x80 { -1 } else { 0 };
    Some(
        octets
            .iter()
            .fold(sign, |sum, octet| sum << 8 | i64::from(*octet)),
    )
}

fn octets(value: &[u8]) -> StructureTag {
    universal(4, PL::P(value.to_vec()))
}

fn universal(id: u64, payload: PL) -> StructureTag {
    tagged(TagClass::Universal, id, payload)
}

fn application(id: u64, payload: PL) -> StructureTag {
    tagged(TagClass::Application, id, payload)
}

fn context(id: u64, payload: PL) -> StructureTag {
    tagged(TagClass::Context, id, payload)
}

fn tagged(class: TagClass, id: u64, payload: PL) -> StructureTag {
    StructureTag { class, id, payload }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_as_short_as_they_can_be_and_read_back() {
        for (number, wanted) in [
            (0, vec![0]),
            (127, vec![0x7f]),
            (128, vec![0, 0x80]),
            (-1, vec![0xff]),
            (2_147_483_647, vec![0x7f, 0xff, 0xff, 0xff]),
        ] {
            assert_eq!(minimal(number), wanted);
            assert_eq!(integer(&wanted), Some(number));
        }
    }

    #[test]
    fn a_message_is_taken_only_when_it_is_whole() {
        let unbind = [0x30, 5, 2, 1, 7, 0x42, 0];
        for length in 0..unbind.len() {
            let mut part = unbind[..length].to_vec();
            assert!(matches!(take(&mut part), Ok(None)), "{length}");
            assert_eq!(part.len(), length);
        }
        let mut buffer = [&unbind[..], &[0x30]].concat();
        let request = take(&mut buffer).ok().flatten().expect("a request");
        assert_eq!(request.id, 7);
        assert!(matches!(request.operation, Operation::Unbind));
        assert_eq!(buffer, [0x30]);
    }

    #[test]
    fn what_is_not_ldap_ends_the_connection() {
        for octets in [
            &b"GET / HTTP/1.1\r\n"[..],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x84, 0x7f, 0, 0, 0],
            &[0x30, 0],
            &[0x30, 3, 2, 1, 1],
        ] {
            assert!(take(&mut octets.to_vec()).is_err(), "{octets:x?}");
        }
    }
}
