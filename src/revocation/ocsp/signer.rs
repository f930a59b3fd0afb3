//! Who may sign a responder's answer (RFC 6960 §4.2.2.2): the issuer of the certificate that is asked for, or somebody to
//! whom that very issuer gave a certificate for it. Nobody else, whatever path he has.

use const_oid::ObjectIdentifier;
use der::Decode as _;
use openssl::x509::X509Name;
use x509_cert::AlgorithmIdentifier;

use super::{Answered, question::key_octets, response::Responder};
use crate::{
    cert::{self, Anchors, Certificate, RevocationAnswer, RevocationSource, RevocationUnknown},
    revocation::{
        crl::same,
        signature::{Feed, Signature},
        status::{Inquiry, strong},
    },
};

/// id-kp-OCSPSigning. anyExtendedKeyUsage does not stand for it.
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
/// id-pkix-ocsp-nocheck: the responder's own certificate is not asked for while it is valid (§4.2.2.2.1).
const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");

/// What says that the signer itself is not revoked, if anything must; an error where nobody who may have signed.
pub(super) fn sources(
    answered: &Answered,
    issuer: &Certificate,
    inquiry: &Inquiry<'_>,
) -> Result<Vec<RevocationSource>, RevocationUnknown> {
    let responder = &answered.response.responder;
    let brought = answered.response.certificates.iter();
    let mut named = std::iter::once(issuer)
        .chain(brought)
        .filter(|c| names(responder, c))
        .peekable();
    let mut why = answered.wrong("it is signed by neither the issuer nor anybody who came along");
    if named.peek().is_none() {
        return Err(why);
    }
    let signature = signature(answered).map_err(|detail| answered.wrong(&detail))?;
    let is_by = |signer: &Certificate| {
        let key = signer.x509().public_key();
        // The issuer was verified already, or is an anchor; who came along may be anybody.
        let is_asked = |key: &_| signer == issuer || cert::verifies_quickly(key);
        key.is_ok_and(|key| is_asked(&key) && signature.is_by(&key))
    };
    for signer in named.filter(|c| is_by(c)) {
        if signer == issuer {
            return Ok(Vec::new());
        }
        match delegate(answered, signer, issuer, inquiry) {
            Ok(sources) => return Ok(sources),
            Err(unknown) => why = unknown,
        }
    }
    Err(why)
}

fn signature(answered: &Answered) -> Result<Signature, String> {
    let response = &answered.response;
    let algorithm =
        AlgorithmIdentifier::from_der(&response.algorithm).map_err(|e| e.to_string())?;
    let mut feed = Feed::new(&algorithm)?;
    feed.update(&response.signed)?;
    feed.end(response.signature.clone())
}

/// Whether the answer says that this one signed it.
fn names(responder: &Responder, signer: &Certificate) -> bool {
    match responder {
        Responder::Name(der) => {
            X509Name::from_der(der).is_ok_and(|name| same(&name, signer.x509().subject_name()))
        }
        Responder::Key(hash) => openssl::sha::sha1(key_octets(signer)).as_slice() == hash,
    }
}

fn delegate(
    answered: &Answered,
    signer: &Certificate,
    issuer: &Certificate,
    inquiry: &Inquiry<'_>,
) -> Result<Vec<RevocationSource>, RevocationUnknown> {
    let facts = signer.facts();
    let purposes = facts.extended_key_usage.as_deref().unwrap_or_default();
    if !purposes.contains(&OCSP_SIGNING) {
        return Err(answered.wrong("the signer's certificate is not for signing answers"));
    }
    if facts
        .key_usage
        .is_some_and(|usage| !usage.digital_signature())
    {
        return Err(answered.wrong("the signer's key is not for signing"));
    }
    if inquiry.at < facts.not_before || facts.not_after < inquiry.at {
        return Err(answered.wrong("the signer's certificate is out of its time"));
    }
    strong(signer)?;
    // The issuer itself, and not somebody of its name or below it.
    let anchors = Anchors::new(vec![issuer.clone()]);
    let path = cert::path(signer, &[], &anchors, inquiry.at);
    let is_direct = path.is_anchored() && path.certificates().len() == 2;
    if !is_direct || !path.problems().is_empty() {
        return Err(answered.wrong("the signer's certificate is not from the issuer itself"));
    }
    let extensions = signer.parsed().tbs_certificate().extensions();
    if extensions.is_some_and(|all| all.iter().any(|e| e.extn_id == NO_CHECK)) {
        return Ok(Vec::new());
    }
    match inquiry.ask(signer, issuer) {
        RevocationAnswer::Good { sources, .. } => Ok(sources),
        // Nobody could revoke it, as for an issuer.
        RevocationAnswer::Unknown(RevocationUnknown::NoSource { .. })
            if !facts.has_revocation_pointer =>
        {
            Ok(Vec::new())
        }
        // A responder is not asked about a responder: only lists speak of it.
        RevocationAnswer::Unknown(_) => {
            Err(answered.wrong("whether the signer was revoked itself could not be found out"))
        }
        RevocationAnswer::Revoked { .. } => Err(answered.wrong("the signer was revoked")),
    }
}
