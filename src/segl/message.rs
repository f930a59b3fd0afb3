//! From a draft and its confirmed recipients to finished messages: one for To and Cc of each route, one for each Bcc.
//!
//! A `RecipientInfo` names its reader, so a Bcc recipient never shares one with anybody. Each message is complete before
//! anything leaves: octets, length and digest are known, and what is submitted is what was checked.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    cert::{EncryptionCertificate, Fingerprint, SealingRules},
    decide::{Confirmed, Route},
    mail::{self, Digest, Draft, Head, Kind, RenderError},
    smime::{self, OuterHeader, SealError, SelfCheckError},
};

use super::attachment;

/// A message that is ready to leave.
pub(super) struct Ready {
    pub(super) route: Route,
    pub(super) recipients: Vec<Confirmed>,
    pub(super) octets: Arc<[u8]>,
    pub(super) sha256: Digest,
    /// Whom the message is encrypted to; empty where it is not.
    pub(super) readers: Vec<Fingerprint>,
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
    draft: &Draft,
    head: &Head,
    confirmed: Vec<Confirmed>,
    rules: SealingRules,
) -> Result<Vec<Ready>, MakeError> {
    let outer = OuterHeader::of(mail::outer_fields(draft, head)?.as_bytes())?;
    group(confirmed)
        .into_iter()
        .map(|(route, recipients)| {
            if route.is_end_to_end() {
                sealed(draft, &outer, route, recipients, rules)
            } else {
                clear(draft, &outer, route, recipients)
            }
        })
        .collect()
}

/// The sender's own readable copy.
pub(super) fn readable(draft: &Draft, head: &Head) -> Result<Vec<u8>, MakeError> {
    let outer = OuterHeader::of(mail::outer_fields(draft, head)?.as_bytes())?;
    clear_octets(draft, &outer)
}

fn group(confirmed: Vec<Confirmed>) -> Vec<(Route, Vec<Confirmed>)> {
    let mut shared: BTreeMap<Route, Vec<Confirmed>> = BTreeMap::new();
    let mut alone = Vec::new();
    for recipient in confirmed {
        if recipient.recipient.kind == Kind::Bcc {
            alone.push((recipient.route, vec![recipient]));
        } else {
            shared.entry(recipient.route).or_default().push(recipient);
        }
    }
    alone.sort_by_key(|(route, _)| *route);
    shared.into_iter().chain(alone).collect()
}

fn sealed(
    draft: &Draft,
    outer: &OuterHeader,
    route: Route,
    recipients: Vec<Confirmed>,
    rules: SealingRules,
) -> Result<Ready, MakeError> {
    let mut readers: Vec<&EncryptionCertificate> = Vec::new();
    for recipient in &recipients {
        let before = readers.len();
        readers.extend(recipient.assessment.used());
        if readers.len() == before {
            // Approved for this route, and nothing to encrypt to: never left out in silence.
            return Err(SealError::NoReaders.into());
        }
    }
    let mut octets = Vec::new();
    smime::seal_entity(&mut octets, outer, &readers, rules, |entity| {
        mail::write_entity(draft, &mut attachment::open, entity).map_err(MakeError::Render)
    })?;
    let checked = smime::check(octets.as_slice(), &readers, outer, rules)?;
    let fingerprints = readers.iter().map(|r| r.certificate().sha256()).collect();
    let sha256 = checked.sha256();
    Ok(Ready {
        route,
        recipients,
        octets: octets.into(),
        sha256,
        readers: fingerprints,
    })
}

fn clear(
    draft: &Draft,
    outer: &OuterHeader,
    route: Route,
    recipients: Vec<Confirmed>,
) -> Result<Ready, MakeError> {
    let octets = clear_octets(draft, outer)?;
    check_clear(&octets)?;
    let sha256 = Digest::of(&octets);
    Ok(Ready {
        route,
        recipients,
        octets: octets.into(),
        sha256,
        readers: Vec::new(),
    })
}

fn clear_octets(draft: &Draft, outer: &OuterHeader) -> Result<Vec<u8>, MakeError> {
    let mut octets = outer.as_bytes().to_vec();
    octets.extend_from_slice(b"MIME-Version: 1.0\r\n");
    mail::write_entity(draft, &mut attachment::open, &mut octets)?;
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
