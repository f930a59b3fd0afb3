//! Who signed a list (RFC 5652): the list inside the signature, or the signature beside it.

use std::{borrow::Cow, path::Path};

use jiff::Timestamp;

use super::TunnelError;
use crate::{
    cert::{self, Certificate, Fingerprint},
    smime::open::{SignedContent, is_structure, signed_content},
};

/// By whom a list was signed, and when as its signer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SignedBy {
    pub(super) signer: Fingerprint,
    pub(super) at: Option<Timestamp>,
}

/// The list itself, without the signature that it may stand in.
pub(super) fn content(octets: &[u8]) -> Result<Cow<'_, [u8]>, TunnelError> {
    if !is_structure(octets) {
        return Ok(octets.into());
    }
    let inside = signed_content(octets, None)?.content;
    Ok(inside.unwrap_or_default().into())
}

/// Verifies the signature of a list by the certificate in this file and no other. `detached` is one beside the list.
/// None where it is not signed at all.
pub(super) fn verify(
    octets: &[u8],
    detached: Option<&[u8]>,
    signer: &Path,
    at: Timestamp,
) -> Result<Option<SignedBy>, TunnelError> {
    let found = if is_structure(octets) {
        signed_content(octets, None)?
    } else {
        let Some(signature) = detached else {
            return Ok(None);
        };
        signed_content(signature, Some(octets))?
    };
    let named = named(signer, at)?;
    by(&found, &named).map(Some)
}

/// The one certificate of the settings. It need not lead to an anchor: IT names it. But its time must not be over.
fn named(file: &Path, at: Timestamp) -> Result<Certificate, TunnelError> {
    let wrong = |detail: String| TunnelError::SignerFile { detail };
    let octets = std::fs::read(file).map_err(|e| wrong(e.to_string()))?;
    let found = cert::certificates(&octets).map_err(|e| wrong(e.to_string()))?;
    let [Ok(one)] = &found[..] else {
        return Err(wrong(format!("{} certificates", found.len())));
    };
    let facts = one.facts();
    if at < facts.not_before || at > facts.not_after {
        return Err(wrong(format!(
            "valid from {} to {}",
            facts.not_before, facts.not_after
        )));
    }
    Ok(one.clone())
}

fn by(found: &SignedContent, named: &Certificate) -> Result<SignedBy, TunnelError> {
    let mut detail = Vec::new();
    for signer in &found.signers {
        match &signer.certificate {
            Some(c) if c.sha256() == named.sha256() && signer.faults.is_empty() => {
                return Ok(SignedBy {
                    signer: c.sha256(),
                    at: signer.signed_at,
                });
            }
            Some(c) => detail.push(format!("{} {:?}", c.sha256(), signer.faults)),
            None => detail.push(format!("{:?}", signer.faults)),
        }
    }
    Err(TunnelError::OtherSigner {
        detail: detail.join("; "),
    })
}
