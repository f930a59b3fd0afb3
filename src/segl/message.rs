//! From a draft and its confirmed recipients to finished messages: one for To and Cc of each route, one for each Bcc.
//!
//! A `RecipientInfo` names its reader, so a Bcc recipient never shares one with anybody. Each message is complete before
//! anything leaves: octets, length and digest are known, and what is submitted is what was checked.

use std::{collections::BTreeMap, io::Write, sync::Arc};

use jiff::Timestamp;

use crate::{
    cert::{Certificate, EncryptionCertificate, Fingerprint},
    decide::{Confirmed, Further, Route},
    mail::{self, Address, Digest, Draft, Form, Head, Kind, RenderError},
    smime::{self, CoveredBy, OuterHeader, SealError, SelfCheckError, Signing},
};

use super::{attachment, recorded::About};

/// A message that is ready to leave.
pub(super) struct Ready {
    pub(super) route: Route,
    pub(super) recipients: Vec<Confirmed>,
    pub(super) octets: Arc<[u8]>,
    pub(super) sha256: Digest,
    /// Whom the message is encrypted to; empty where it is not.
    pub(super) readers: Vec<Fingerprint>,
    /// Who of them is no recipient, and the certificate.
    pub(super) further: Vec<(Further, Certificate)>,
    /// By whose key it is signed; none where it is not.
    pub(super) signed_by: Option<Fingerprint>,
    /// Whether its subject cannot be read on the way.
    pub(super) hides_subject: bool,
    /// The gateway's mailbox, where it travels inside a message to that.
    pub(super) wrapped_to: Option<Address>,
    /// Whether it requires TLS on its whole way.
    pub(super) requires_tls: bool,
    /// The envelope identifier by which its notifications are known, where it asks for them (RFC 3461).
    pub(super) envelope_id: Option<String>,
}

/// The header fields that are protected (RFC 9788).
pub(super) struct Header<'a> {
    /// As the sender wrote them.
    pub(super) inner: &'a OuterHeader,
    /// As they stand outside.
    pub(super) outer: &'a OuterHeader,
    pub(super) by: CoveredBy,
    /// The subject above the text, where it is hidden outside.
    pub(super) legacy_subject: Option<&'a str>,
}

/// Why a message could not be made. Nothing has been sent.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The draft cannot be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// It cannot be encrypted.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What was made is not what was approved.
    #[error("the finished message did not pass the self-check")]
    SelfCheck(#[from] SelfCheckError),
    /// An unencrypted message holds what it must not.
    #[error("the finished message did not pass the self-check: {0}")]
    Clear(&'static str),
}

/// Makes all messages of a draft. The order is: encrypted ones first, Bcc after To and Cc.
pub(super) fn make(
    about: &About<'_>,
    confirmed: Vec<Confirmed>,
    at: Timestamp,
) -> Result<Vec<Ready>, MakeError> {
    let outer = OuterHeader::of(mail::outer_fields(about.draft, about.head)?.as_bytes())?;
    group(confirmed)
        .into_iter()
        .map(|(Way { route, wrapped_to }, recipients)| {
            if let Some(to) = wrapped_to {
                super::wrapped::wrapped(about, route, to, recipients, at)
            } else if route.is_end_to_end() {
                sealed(about, &outer, route, recipients, at)
            } else {
                clear(about, &outer, route, recipients, at)
            }
        })
        .collect()
}

/// The sender's own readable copy.
pub(super) fn readable(draft: &Draft, head: &Head) -> Result<Vec<u8>, MakeError> {
    let outer = OuterHeader::of(mail::outer_fields(draft, head)?.as_bytes())?;
    clear_octets(draft, &outer, None)
}

/// What is sealed of a draft that nobody signs and whose subject is not hidden.
pub(super) fn entity(draft: &Draft, head: &Head) -> Result<Vec<u8>, MakeError> {
    let outer = OuterHeader::of(mail::outer_fields(draft, head)?.as_bytes())?;
    let header = Header {
        inner: &outer,
        outer: &outer,
        by: CoveredBy::Encryption,
        legacy_subject: None,
    };
    let mut octets = Vec::new();
    write_entity(draft, None, Some(&header), &mut octets)?;
    Ok(octets)
}

/// What makes a message one of its own: the route, and the gateway that it travels to inside another.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    route: Route,
    wrapped_to: Option<Address>,
}

impl Way {
    fn of(confirmed: &Confirmed) -> Self {
        let tunnel = confirmed.assessment.tunnel();
        let tunnel = tunnel.filter(|_| confirmed.route == Route::Tunnel);
        Self {
            route: confirmed.route,
            wrapped_to: tunnel.and_then(|t| t.wrapped_to()).cloned(),
        }
    }
}

fn group(confirmed: Vec<Confirmed>) -> Vec<(Way, Vec<Confirmed>)> {
    let mut shared: BTreeMap<Way, Vec<Confirmed>> = BTreeMap::new();
    let mut alone = Vec::new();
    for recipient in confirmed {
        let way = Way::of(&recipient);
        if recipient.recipient.kind == Kind::Bcc {
            alone.push((way, vec![recipient]));
        } else {
            shared.entry(way).or_default().push(recipient);
        }
    }
    alone.sort_by(|(one, _), (other, _)| one.cmp(other));
    shared.into_iter().chain(alone).collect()
}

/// Everybody who can open a message to these: each recipient's certificates, and the further readers.
pub(super) fn readers<'a>(
    about: &'a About<'_>,
    recipients: &'a [Confirmed],
) -> Result<Vec<&'a EncryptionCertificate>, MakeError> {
    let mut readers: Vec<&EncryptionCertificate> = Vec::new();
    for recipient in recipients {
        let before = readers.len();
        readers.extend(recipient.assessment.used());
        if readers.len() == before {
            // Approved for this route, and nothing to encrypt to: never left out in silence.
            return Err(SealError::NoReaders.into());
        }
    }
    readers.extend(about.own.readers.iter().map(|f| &f.certificate));
    Ok(readers)
}

fn sealed(
    about: &About<'_>,
    inner: &OuterHeader,
    route: Route,
    recipients: Vec<Confirmed>,
    at: Timestamp,
) -> Result<Ready, MakeError> {
    let About { draft, own, .. } = *about;
    let rules = about.in_force.sealing;
    let readers = readers(about, &recipients)?;
    let signing = own.signing(at);
    let addresses = recipients.iter().map(|r| &r.recipient.mailbox.address);
    // Who shows a hidden subject was learned from a mail of theirs.
    let shows = |address: &Address| {
        let mut all = recipients.iter();
        all.any(|r| r.recipient.mailbox.address == *address && r.assessment.shows_hidden_subject())
    };
    let hides = own.subject.hides(addresses, shows);
    let outer = &if hides {
        inner.with_hidden_subject()
    } else {
        inner.clone()
    };
    let header = Header {
        inner,
        outer,
        by: CoveredBy::Encryption,
        legacy_subject: hides.then_some(draft.subject.as_str()),
    };
    let mut octets = Vec::new();
    smime::seal_entity(&mut octets, outer, &readers, rules, |entity| {
        write_entity(draft, signing.as_ref(), Some(&header), entity)
    })?;
    let checked = smime::check(octets.as_slice(), &readers, outer, rules)?;
    let fingerprints = readers.iter().map(|r| r.certificate().sha256()).collect();
    let (octets, sha256) = with_field(about, octets, Some(checked.sha256()), false);
    Ok(Ready {
        route,
        recipients,
        octets,
        sha256,
        readers: fingerprints,
        further: further(about),
        signed_by: signing.map(|s| s.signer.certificate().sha256()),
        hides_subject: hides,
        wrapped_to: None,
        requires_tls: false,
        envelope_id: None,
    })
}

fn clear(
    about: &About<'_>,
    outer: &OuterHeader,
    route: Route,
    recipients: Vec<Confirmed>,
    at: Timestamp,
) -> Result<Ready, MakeError> {
    let signing = about.own.signing(at).filter(|_| about.own.signs_clear);
    let octets = clear_octets(about.draft, outer, signing.as_ref())?;
    check_clear(&octets)?;
    let (octets, sha256) = with_field(about, octets, None, route == Route::Tls);
    Ok(Ready {
        route,
        recipients,
        octets,
        sha256,
        readers: Vec::new(),
        further: Vec::new(),
        signed_by: signing.map(|s| s.signer.certificate().sha256()),
        hides_subject: false,
        wrapped_to: None,
        requires_tls: false,
        envelope_id: None,
    })
}

/// Who of a message's readers is no recipient.
pub(super) fn further(about: &About<'_>) -> Vec<(Further, Certificate)> {
    let further = about.own.readers.iter();
    further
        .map(|f| (f.told.clone(), f.certificate.certificate().clone()))
        .collect()
}

/// The finished message, with the field on top that the mail server acts on, where it is of such a kind. It was checked
/// without: the field is fixed, and nothing of it depends on the draft.
pub(super) fn with_field(
    about: &About<'_>,
    octets: Vec<u8>,
    sha256: Option<Digest>,
    is_clear: bool,
) -> (Arc<[u8]>, Digest) {
    let Some(field) = about.in_force.profile.field(is_clear) else {
        let sha256 = sha256.unwrap_or_else(|| Digest::of(&octets));
        return (octets.into(), sha256);
    };
    let whole = [field.as_bytes(), &octets].concat();
    let sha256 = Digest::of(&whole);
    (whole.into(), sha256)
}

/// The entity, signed where somebody signs.
pub(super) fn write_entity(
    draft: &Draft,
    signing: Option<&Signing<'_>>,
    header: Option<&Header<'_>>,
    out: &mut dyn Write,
) -> Result<(), MakeError> {
    let form = Form {
        legacy_subject: header.and_then(|h| h.legacy_subject),
        is_robust: header.is_some_and(|h| h.by == CoveredBy::Signature),
    };
    write_payload(signing, header, out, |out: &mut dyn Write| {
        mail::write_entity(draft, form, &mut attachment::open, out).map_err(MakeError::Render)
    })
}

/// What `bare` writes, with the header protected and signed where somebody signs.
pub(super) fn write_payload(
    signing: Option<&Signing<'_>>,
    header: Option<&Header<'_>>,
    out: &mut dyn Write,
    bare: impl Fn(&mut dyn Write) -> Result<(), MakeError>,
) -> Result<(), MakeError> {
    let is_encrypted = header.is_some_and(|h| h.by == CoveredBy::Encryption);
    // What travels signed and not encrypted is 7-bit, and an address that is not ASCII cannot be made so.
    let header =
        header.filter(|h| signing.is_none() || is_encrypted || h.inner.as_bytes().is_ascii());
    let plain = |out: &mut dyn Write| match header {
        None => bare(out),
        Some(h) => smime::protect_header(out, h.inner, h.outer, h.by, bare),
    };
    match signing {
        None => plain(out),
        Some(signing) if is_encrypted => smime::sign_encrypted_entity(out, signing, plain),
        Some(signing) => smime::sign_entity(out, signing, plain),
    }
}

fn clear_octets(
    draft: &Draft,
    outer: &OuterHeader,
    signing: Option<&Signing<'_>>,
) -> Result<Vec<u8>, MakeError> {
    let mut octets = outer.as_bytes().to_vec();
    octets.extend_from_slice(b"MIME-Version: 1.0\r\n");
    // A signature covers the fields where they stand in what is signed.
    let header = signing.map(|_| Header {
        inner: outer,
        outer,
        by: CoveredBy::Signature,
        legacy_subject: None,
    });
    write_entity(draft, signing, header.as_ref(), &mut octets)?;
    Ok(octets)
}

/// What no message of Segl's holds: Bcc, or fields that tell of the sender's computer.
fn check_clear(octets: &[u8]) -> Result<(), MakeError> {
    const NEVER: [&[u8]; 4] = [b"bcc:", b"received:", b"user-agent:", b"x-mailer:"];
    for line in octets
        .split_inclusive(|b| *b == b'\n')
        .take_while(|l| *l != b"\r\n")
    {
        if !line.ends_with(b"\r\n") {
            return Err(MakeError::Clear("a line does not end with CRLF"));
        }
        if NEVER
            .iter()
            .any(|name| line.len() >= name.len() && line[..name.len()].eq_ignore_ascii_case(name))
        {
            return Err(MakeError::Clear("a header field that must not leave"));
        }
    }
    Ok(())
}
