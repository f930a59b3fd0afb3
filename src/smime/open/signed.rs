//! `SignedData` (RFC 5652 §5): what was signed, by whom, and whether it holds.
//!
//! A signature counts only with its signed attributes tying it to this content and to this content type; the traps of
//! "Johnny, you are fired" (content type confusion, no or several signers, attributes twice) are faults here and not
//! matters of taste. Whether the certificate is trusted is judged by the caller.

mod attributes;
mod verify;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use openssl::hash::{MessageDigest, hash};

use self::{
    attributes::{Attributes, names_signed_attributes},
    verify::{digest, verify},
};
use super::{error::OpenError, readers};
use crate::{
    ber::{Ber, OCTET_STRING, OID, SEQUENCE, SET, Value, context},
    cert::Certificate,
    smime::ReaderId,
};

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// Signers of one layer, and certificates beside them, at most that are looked at.
const MAX_SIGNERS: usize = 32;
const MAX_CERTIFICATES: usize = 256;

/// One signature, verified as far as that goes without trust.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The signer's certificate, if the message carries it.
    pub certificate: Option<Certificate>,
    /// When it says that it was signed: the signer's word.
    pub signed_at: Option<Timestamp>,
    /// The digest's usual name, such as `sha256`.
    pub digest: &'static str,
    /// The signer's S/MIME capabilities in DER (RFC 8551 §2.5.2), signed with the rest.
    pub capabilities: Option<Vec<u8>>,
    /// Which certificate it wants answers encrypted to.
    pub preference: Preference,
    /// Why it must not be believed; none if the octets are those that were signed with this certificate's key.
    pub faults: Vec<SignatureFault>,
}

/// Which certificate a signer wants answers encrypted to (SMIMEEncryptionKeyPreference, RFC 8551 §2.5.3), signed with
/// the rest.
#[derive(Debug, Clone, Default)]
pub enum Preference {
    /// It does not say.
    #[default]
    None,
    /// This one, which the message carries.
    Carried(Certificate),
    /// One that the message does not carry, or that is named in a form that cannot be read.
    Elsewhere,
}

/// Why a signature must not be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureFault {
    /// The content is not what was signed.
    ContentChanged,
    /// The signature was not made with the certificate's key.
    Invalid,
    /// The message does not carry the signer's certificate.
    NoCertificate,
    /// The signed attributes speak of another type of content.
    OtherContentType,
    /// Signed attributes are missing, or stand there twice.
    Attributes,
    /// The signature names another certificate as its own.
    OtherCertificate,
    /// The digest is broken (MD5, SHA-1).
    WeakDigest(&'static str),
    /// It covers the encrypted form of the mail, and not its text: whoever made it need not know what the mail says.
    WhileEncrypted,
    /// An algorithm that is not verified, by its OID.
    Unsupported(String),
}

impl SignatureFault {
    /// Its code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ContentChanged => "content-changed",
            Self::Invalid => "signature-invalid",
            Self::NoCertificate => "no-certificate",
            Self::OtherContentType => "content-type-mismatch",
            Self::Attributes => "signed-attributes",
            Self::OtherCertificate => "other-certificate",
            Self::WeakDigest(_) => "weak-digest",
            Self::WhileEncrypted => "signed-while-encrypted",
            Self::Unsupported(_) => "unsupported-algorithm",
        }
    }
}

/// A signed layer.
pub(super) struct Signed<'a> {
    pub(super) signers: Vec<Signer>,
    /// Every certificate that the layer carries: candidates for paths.
    pub(super) certificates: Vec<Certificate>,
    /// The content, where it stands inside.
    pub(super) content: Option<std::borrow::Cow<'a, [u8]>>,
}

/// What a signature is held against.
#[derive(Clone, Copy)]
enum Covered<'a> {
    Octets(&'a [u8]),
    /// The digest of content that went by already.
    Digest(&'a [u8]),
}

/// Reads a detached signature that was just made, over content with this digest, as its readers will: other code than
/// what made it.
pub(in crate::smime) fn read_again(
    made: &[u8],
    content: &[u8],
    own: &Certificate,
) -> Result<Signer, OpenError> {
    let mut info = Ber::new(made).sequence("ContentInfo")?;
    info.value(OID, "a content type")?;
    let explicit = info.value(context(0), "SignedData")?;
    let mut fields = explicit.inside()?.sequence("SignedData")?;
    fields.any()?.small()?;
    fields.value(SET, "the digest algorithms")?;
    let mut encapsulated = fields.sequence("the signed content")?;
    let content_type = encapsulated.value(OID, "the content's type")?.oid()?;
    encapsulated.end("content beside it")?;
    let certificates = certificates(&fields.value(context(0), "certificates")?, Some(own))?;
    let mut infos = fields.value(SET, "SignerInfos")?.inside()?;
    let mut info = infos.sequence("SignerInfo")?;
    let covered = Covered::Digest(content);
    let signer = signer(&mut info, covered, &content_type, &certificates)?;
    infos.end("one SignerInfo")?;
    Ok(signer)
}

/// Opens the structure inside the `ContentInfo`. `detached` is the content that stands beside it.
pub(super) fn open<'a>(
    structure: &Value<'a>,
    detached: Option<&[u8]>,
) -> Result<Signed<'a>, OpenError> {
    let mut fields = structure.inside()?;
    fields.any()?.small()?;
    fields.value(SET, "the digest algorithms")?;
    let mut encapsulated = fields.sequence("the signed content")?;
    let content_type = encapsulated.value(OID, "the content's type")?.oid()?;
    let inside = match encapsulated.optional(context(0))? {
        Some(explicit) => {
            let mut explicit = explicit.inside()?;
            let octets = explicit
                .value(OCTET_STRING, "the signed content")?
                .octets()?;
            explicit.end("one signed content")?;
            Some(octets)
        }
        None => None,
    };
    let certificates = match fields.optional(context(0))? {
        Some(set) => certificates(&set, None)?,
        None => Vec::new(),
    };
    fields.optional(context(1))?;
    let infos = fields.value(SET, "SignerInfos")?;
    fields.end("the end of SignedData")?;
    // Where both are there, nobody can tell which of them was meant.
    let content = match (&inside, detached) {
        (Some(_), Some(_)) => {
            return Err(OpenError::Malformed("content inside or beside, not both"));
        }
        (Some(octets), None) => &octets[..],
        (None, Some(octets)) => octets,
        (None, None) => return Err(OpenError::Malformed("the signed content")),
    };
    let mut signers = Vec::new();
    let mut infos = infos.inside()?;
    while !infos.is_empty() {
        if signers.len() == MAX_SIGNERS {
            return Err(OpenError::TooManyParts);
        }
        let mut info = infos.sequence("SignerInfo")?;
        let covered = Covered::Octets(content);
        signers.push(signer(&mut info, covered, &content_type, &certificates)?);
    }
    Ok(Signed {
        signers,
        certificates,
        content: inside,
    })
}

/// `known` is one that was read before: the same octets are not read again, which takes as long as verifying a signature.
fn certificates(
    set: &Value<'_>,
    known: Option<&Certificate>,
) -> Result<Vec<Certificate>, OpenError> {
    let mut inside = set.inside()?;
    let mut found = Vec::new();
    while !inside.is_empty() {
        let value = inside.any()?;
        if found.len() == MAX_CERTIFICATES {
            return Err(OpenError::TooManyParts);
        }
        // Attribute certificates and other kinds are of no use here; one that cannot be read is as if it were absent,
        // and its signer has then none.
        if let Some(known) = known.filter(|known| known.der() == value.whole) {
            found.push(known.clone());
        } else if value.tag == SEQUENCE
            && let Ok(certificate) = Certificate::from_der(value.whole)
        {
            found.push(certificate);
        }
    }
    Ok(found)
}

fn signer(
    info: &mut Ber<'_>,
    content: Covered<'_>,
    content_type: &ObjectIdentifier,
    certificates: &[Certificate],
) -> Result<Signer, OpenError> {
    info.any()?.small()?;
    let id = info.any()?;
    let certificate = find(&id, certificates)?;
    let digest_oid = algorithm(&info.value(SEQUENCE, "a digest")?)?;
    let attributes_value = info.optional(context(0))?;
    let signature_algorithm = info.value(SEQUENCE, "a signature algorithm")?;
    let signature = info.value(OCTET_STRING, "a signature")?.octets()?;
    let mut faults = Vec::new();
    if let Some(set) = info.optional(context(1))?
        && names_signed_attributes(&set)?
    {
        faults.push(SignatureFault::Attributes);
    }
    let attributes = match &attributes_value {
        Some(value) => attributes::read(value)?,
        None => Attributes::default(),
    };
    let digest = digest(&digest_oid);
    let Some((digest, digest_name)) = digest else {
        return Ok(Signer {
            certificate,
            signed_at: attributes.signed_at,
            digest: "unknown",
            capabilities: None,
            preference: Preference::None,
            faults: vec![SignatureFault::Unsupported(digest_oid.to_string())],
        });
    };
    // Of the digest over the content and that under the signature the weaker one counts.
    let under = algorithm(&signature_algorithm)?.to_string();
    let weak = match under.as_str() {
        _ if matches!(digest_name, "md5" | "sha1") => Some(digest_name),
        "1.2.840.113549.1.1.4" => Some("md5"),
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => Some("sha1"),
        _ => None,
    };
    faults.extend(weak.map(SignatureFault::WeakDigest));
    let signed: std::borrow::Cow<'_, [u8]> = if let Some(value) = &attributes_value {
        let of_content = match content {
            Covered::Octets(content) => hash(digest, content).or(Err(OpenError::Closed))?.to_vec(),
            Covered::Digest(known) => known.to_vec(),
        };
        if attributes.is_odd || attributes.digest.is_none() || attributes.content_type.is_none() {
            faults.push(SignatureFault::Attributes);
        }
        if attributes
            .digest
            .as_ref()
            .is_some_and(|told| *told != of_content)
        {
            faults.push(SignatureFault::ContentChanged);
        }
        if attributes
            .content_type
            .is_some_and(|told| told != *content_type)
        {
            faults.push(SignatureFault::OtherContentType);
        }
        // RFC 5652 §5.4: signed is the DER of the SET OF, not the implicit tag that stands in the message.
        let mut set = value.der()?;
        if let Some(first) = set.first_mut() {
            *first = SET;
        }
        set.into()
    } else {
        let Covered::Octets(content) = content else {
            return Err(OpenError::Malformed("signed attributes"));
        };
        // Without attributes the type of the content is not covered: RFC 5652 §5.3 allows that for data alone. And
        // content that looks like a SET of attributes would pass for a signature over those (RFC 8933's neighbour).
        if content.first() == Some(&SET) {
            faults.push(SignatureFault::Attributes);
        }
        content.into()
    };
    // A mail program shows a MIME entity; a signature over anything else is no signature over this mail.
    if *content_type != ID_DATA {
        faults.push(SignatureFault::OtherContentType);
    }
    match &certificate {
        None => faults.push(SignatureFault::NoCertificate),
        Some(certificate) => {
            if names_other(certificate, &attributes)? {
                faults.push(SignatureFault::OtherCertificate);
            }
            match verify(
                certificate,
                &signature_algorithm,
                digest,
                &signed,
                &signature,
            ) {
                Ok(true) => {}
                Ok(false) => faults.push(SignatureFault::Invalid),
                Err(fault) => faults.push(fault),
            }
        }
    }
    faults.dedup();
    Ok(Signer {
        certificate,
        signed_at: attributes.signed_at,
        digest: digest_name,
        preference: preference(attributes.preference, certificates),
        capabilities: attributes.capabilities,
        faults,
    })
}

/// Whether the signed attributes name another certificate than this.
fn names_other(certificate: &Certificate, attributes: &Attributes) -> Result<bool, OpenError> {
    let Some((oid, told)) = &attributes.certificate else {
        return Ok(false);
    };
    let digest = match *oid {
        oid if oid == SHA256 => return Ok(certificate.sha256().as_bytes() != told.as_slice()),
        oid if oid == SHA384 => MessageDigest::sha384(),
        oid if oid == SHA512 => MessageDigest::sha512(),
        oid if oid == SHA1 => MessageDigest::sha1(),
        // Whom it names cannot be told.
        _ => return Ok(true),
    };
    let own = hash(digest, certificate.der()).or(Err(OpenError::Closed))?;
    Ok(own.as_ref() != told.as_slice())
}

fn find(id: &Value<'_>, certificates: &[Certificate]) -> Result<Option<Certificate>, OpenError> {
    let key = match id.tag {
        SEQUENCE => {
            let id = readers::issued(id)?;
            let same = |c: &&Certificate| ReaderId::of(c).is_ok_and(|own| own == id);
            return Ok(certificates.iter().find(same).cloned());
        }
        0x80 => id.content,
        _ => return Err(OpenError::Malformed("a signer")),
    };
    let same = |c: &&Certificate| {
        c.x509()
            .subject_key_id()
            .is_some_and(|own| own.as_slice() == key)
    };
    Ok(certificates.iter().find(same).cloned())
}

fn preference(
    named: Option<Result<readers::Reader, OpenError>>,
    carried: &[Certificate],
) -> Preference {
    let Some(named) = named else {
        return Preference::None;
    };
    // One that cannot be read is none of those that came along.
    let found = named.ok();
    let found = found.and_then(|named| carried.iter().find(|c| named.is(c)));
    found.map_or(Preference::Elsewhere, |c| Preference::Carried(c.clone()))
}

fn algorithm(value: &Value<'_>) -> Result<ObjectIdentifier, OpenError> {
    Ok(value.inside()?.value(OID, "an algorithm")?.oid()?)
}
