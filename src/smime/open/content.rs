//! Signed content that is no mail: a file with its signature around it or beside it (RFC 5652 §5).

use super::{OpenError, SIGNED, Signer, bare, content_info, signed};

/// What was signed, and by whom.
#[derive(Debug)]
pub struct SignedContent {
    /// Each signature, verified as far as that goes without trust.
    pub signers: Vec<Signer>,
    /// The content, where it stands inside.
    pub content: Option<Vec<u8>>,
}

/// Whether octets are a CMS structure in DER, BER, base64 or PEM, and no text.
pub fn is_structure(octets: &[u8]) -> bool {
    bare::structure(octets).is_some()
}

/// Verifies a `SignedData`. `detached` is the content that it stands beside. Whether a signer is trusted, and whether
/// anybody signed at all, is judged by the caller.
pub fn signed_content(octets: &[u8], detached: Option<&[u8]>) -> Result<SignedContent, OpenError> {
    let structure = bare::structure(octets).ok_or(OpenError::Malformed("a signature"))?;
    let (kind, structure) = content_info(&structure)?;
    if kind != SIGNED {
        return Err(OpenError::Malformed("SignedData"));
    }
    let found = signed::open(&structure, detached)?;
    Ok(SignedContent {
        signers: found.signers,
        content: found.content.map(std::borrow::Cow::into_owned),
    })
}
