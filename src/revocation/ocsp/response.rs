//! A responder's answer, read and judged by nobody yet (RFC 6960 §4.2). Every octet may be an attacker's: sizes and
//! counts are bounded, and nothing is followed.

use std::borrow::Cow;

use der::{Decode as _, asn1::GeneralizedTime};
use jiff::Timestamp;

use super::question::{CertId, NONCE_OID};
use crate::{
    ber::{
        self, BIT_STRING, Ber, BerError, CONSTRUCTED, INTEGER, OCTET_STRING, OID, SEQUENCE, Value,
    },
    cert::Certificate,
    mail::Digest,
    revocation::crl::{self, Revoked},
};

/// Octets of an answer at most: one certificate's state, a signature and some certificates.
pub const MAX_OCTETS: usize = 64 << 10;
/// Certificates that an answer brings along at most. A responder has one, with its issuers a few.
const MAX_CERTIFICATES: usize = 8;
/// Certificates that one answer speaks of at most. One was asked for; some responders answer for more.
const MAX_SINGLE: usize = 64;

const ENUMERATED: u8 = 0x0a;
const BOOLEAN: u8 = 0x01;
const GENERALIZED_TIME: u8 = 0x18;
/// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];

/// What came from a responder.
#[derive(Debug)]
pub(super) enum Message {
    /// An answer.
    Basic(Box<Response>),
    /// A status without an answer (RFC 6960 §4.2.1), by its name.
    Status(String),
}

/// A BasicOCSPResponse.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) responder: Responder,
    pub(super) produced_at: Timestamp,
    pub(super) singles: Vec<Single>,
    pub(super) nonce: Option<Vec<u8>>,
    /// An extension that is critical and not understood.
    pub(super) critical: Option<String>,
    /// What is signed, as it stands.
    pub(super) signed: Vec<u8>,
    /// AlgorithmIdentifier in DER.
    pub(super) algorithm: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// Certificates that came along. Those that cannot be read are left out: they sign nothing that counts.
    pub(super) certificates: Vec<Certificate>,
    /// Of the whole message.
    pub(super) sha256: Digest,
}

/// Who says that he signed.
#[derive(Debug)]
pub(super) enum Responder {
    /// A name, in DER.
    Name(Vec<u8>),
    /// SHA-1 of his key.
    Key(Vec<u8>),
}

/// What is said of one certificate.
#[derive(Debug)]
pub(super) struct Single {
    /// Object identifier of the digest in the name.
    pub(super) hash: Vec<u8>,
    pub(super) id: CertId,
    pub(super) state: State,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
}

/// CertStatus.
#[derive(Debug)]
pub(super) enum State {
    Good,
    Revoked(Revoked),
    Unknown,
}

const fn constructed(number: u8) -> u8 {
    ber::context(number) | CONSTRUCTED
}

impl Message {
    pub(super) fn read(octets: &[u8]) -> Result<Self, String> {
        if octets.len() > MAX_OCTETS {
            return Err(format!(
                "{} octets; at most {MAX_OCTETS} are read",
                octets.len()
            ));
        }
        read(octets).map_err(|e| e.to_string())
    }
}

/// Why an answer cannot be read.
#[derive(Debug, thiserror::Error)]
enum Malformed {
    #[error(transparent)]
    Ber(#[from] BerError),
    #[error("{0}")]
    Other(String),
}

fn other(detail: impl Into<String>) -> Malformed {
    Malformed::Other(detail.into())
}

fn read(octets: &[u8]) -> Result<Message, Malformed> {
    let mut outside = Ber::new(octets);
    let mut message = outside.sequence("an OCSPResponse")?;
    outside.end("nothing after the OCSPResponse")?;
    let status = message.any()?;
    let code = match (status.tag, status.content) {
        (ENUMERATED, [code]) => *code,
        _ => return Err(other("no response status")),
    };
    if code != 0 {
        let name = match code {
            1 => "malformedRequest",
            2 => "internalError",
            3 => "tryLater",
            5 => "sigRequired",
            6 => "unauthorized",
            _ => return Ok(Message::Status(code.to_string())),
        };
        return Ok(Message::Status(name.to_owned()));
    }
    let explicit = message.value(constructed(0), "responseBytes")?;
    message.end("nothing after responseBytes")?;
    let mut bytes = only(&explicit)?.inside()?;
    if bytes.value(OID, "a response type")?.content != BASIC {
        return Err(other("not a basic response"));
    }
    let basic = bytes.value(OCTET_STRING, "a response")?.octets()?;
    let mut response = basic_response(&basic)?;
    response.sha256 = Digest::of(octets);
    Ok(Message::Basic(Box::new(response)))
}

/// The one value inside an explicit tag.
fn only<'a>(explicit: &Value<'a>) -> Result<Value<'a>, Malformed> {
    let mut inside = explicit.inside()?;
    let value = inside.any()?;
    inside.end("one value under an explicit tag")?;
    Ok(value)
}

fn basic_response(octets: &[u8]) -> Result<Response, Malformed> {
    let mut outside = Ber::new(octets);
    let mut basic = outside.sequence("a BasicOCSPResponse")?;
    outside.end("nothing after the BasicOCSPResponse")?;
    let data = basic.value(SEQUENCE, "tbsResponseData")?;
    let algorithm = basic.value(SEQUENCE, "a signature algorithm")?.der()?;
    let signature = basic.value(BIT_STRING, "a signature")?;
    let [0, signature @ ..] = signature.content else {
        return Err(other("a signature with unused bits"));
    };
    let mut certificates = Vec::new();
    if let Some(explicit) = basic.optional(constructed(0))? {
        let mut list = only(&explicit)?.inside()?;
        let mut count = 0;
        while !list.is_empty() {
            count += 1;
            if count > MAX_CERTIFICATES {
                return Err(other(format!("more than {MAX_CERTIFICATES} certificates")));
            }
            let certificate = list.any()?;
            certificates.extend(Certificate::from_der(certificate.whole).ok());
        }
    }
    basic.end("nothing after the certificates")?;
    let mut fields = data.inside()?;
    if let Some(version) = fields.optional(constructed(0))?
        && only(&version)?.small()? != 0
    {
        return Err(other("an unknown version"));
    }
    let responder = fields.any()?;
    let responder = match responder.tag {
        tag if tag == constructed(1) => Responder::Name(only(&responder)?.der()?),
        tag if tag == constructed(2) => Responder::Key(only(&responder)?.octets()?.into_owned()),
        _ => return Err(other("no responder")),
    };
    let produced_at = time(&fields.any()?)?;
    let mut list = fields.sequence("responses")?;
    let mut singles = Vec::new();
    let mut critical = None;
    while !list.is_empty() {
        if singles.len() == MAX_SINGLE {
            return Err(other(format!("more than {MAX_SINGLE} certificates")));
        }
        singles.push(single(&list.any()?, &mut critical)?);
    }
    let mut nonce = None;
    if let Some(explicit) = fields.optional(constructed(1))? {
        nonce = extensions(&explicit, &mut critical)?;
    }
    fields.end("nothing after the extensions")?;
    Ok(Response {
        responder,
        produced_at,
        singles,
        nonce,
        critical,
        signed: data.whole.to_vec(),
        algorithm,
        signature: signature.to_vec(),
        certificates,
        sha256: Digest::of(octets),
    })
}

fn single(value: &Value<'_>, critical: &mut Option<String>) -> Result<Single, Malformed> {
    let mut fields = value.inside()?;
    let mut id = fields.sequence("a CertID")?;
    let mut algorithm = id.sequence("a digest")?;
    let hash = algorithm.value(OID, "a digest")?.content.to_vec();
    let id = {
        let name = id.value(OCTET_STRING, "an issuer's name")?.octets()?;
        let key = id.value(OCTET_STRING, "an issuer's key")?.octets()?;
        let serial = id.value(INTEGER, "a serial number")?;
        id.end("nothing after the serial number")?;
        CertId {
            name: name.into_owned(),
            key: key.into_owned(),
            serial: serial.content.to_vec(),
        }
    };
    let state = fields.any()?;
    let state = match (state.tag, state.content) {
        (0x80, []) => State::Good,
        (0x82, []) => State::Unknown,
        (0xa1, _) => State::Revoked(revoked(&state)?),
        _ => return Err(other("no certificate status")),
    };
    let this_update = time(&fields.any()?)?;
    let next_update = match fields.optional(constructed(0))? {
        Some(explicit) => Some(time(&only(&explicit)?)?),
        None => None,
    };
    if let Some(explicit) = fields.optional(constructed(1))? {
        extensions(&explicit, critical)?;
    }
    fields.end("nothing after a single response")?;
    Ok(Single {
        hash,
        id,
        state,
        this_update,
        next_update,
    })
}

fn revoked(value: &Value<'_>) -> Result<Revoked, Malformed> {
    let mut fields = value.inside()?;
    let at = time(&fields.any()?)?;
    let code = match fields.optional(constructed(0))? {
        // A reason that cannot be read is one that is not known: still revoked.
        Some(explicit) => match only(&explicit)? {
            reason if reason.tag == ENUMERATED => reason.content.first().copied(),
            _ => None,
        },
        None => None,
    };
    Ok(Revoked::new(at, code))
}

/// GeneralizedTime as RFC 6960 §4.2.2.1 has it, which is that of RFC 5280 §4.1.2.5.2.
fn time(value: &Value<'_>) -> Result<Timestamp, Malformed> {
    if value.tag != GENERALIZED_TIME || GeneralizedTime::from_der(value.whole).is_err() {
        return Err(other("a time"));
    }
    crl::read_time(value.whole).map_err(Malformed::Other)
}

/// The nonce among extensions. What is critical and not known is noted.
fn extensions(
    explicit: &Value<'_>,
    critical: &mut Option<String>,
) -> Result<Option<Vec<u8>>, Malformed> {
    let mut list = only(explicit)?.inside()?;
    let mut nonce = None;
    while !list.is_empty() {
        let mut extension = list.sequence("an extension")?;
        let oid = extension.value(OID, "an extension's type")?;
        let is_critical = match extension.optional(BOOLEAN)? {
            Some(flag) => flag.content != [0],
            None => false,
        };
        let value = extension
            .value(OCTET_STRING, "an extension's value")?
            .octets()?;
        extension.end("nothing after an extension's value")?;
        if oid.content == NONCE_OID {
            // RFC 2560 did not say that the value is an OCTET STRING, and some leave that out. One that is neither is
            // another nonce than ours.
            let mut inside = Ber::new(&value);
            let inner = inside
                .value(OCTET_STRING, "a nonce")
                .and_then(|n| n.octets());
            nonce = Some(inner.map_or_else(|_| value.to_vec(), Cow::into_owned));
        } else if is_critical {
            let name = oid.oid().map_or_else(|e| e.to_string(), |o| o.to_string());
            critical.get_or_insert(name);
        }
    }
    Ok(nonce)
}
