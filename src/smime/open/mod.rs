//! Other people's messages, opened: decrypted, verified, taken apart, and what was not protected named.
//!
//! Why not OpenSSL's reader: its CMS call hands out altered CBC text without an error and has had forged tags; why not
//! the `cms` crate: it reads DER, and most mail is BER with indefinite lengths. So the structures are read here by
//! `ber`, bounded, and OpenSSL does the primitives.
//!
//! What attacks on mail programs teach (EFAIL, "Johnny, you are fired", "Re: What's up Johnny?"):
//! - A cryptographic layer counts only as the root of the message, or of what another layer covered. A part that stands
//!   beside others is a file that is not opened: plain text never stands beside what was decrypted.
//! - Nothing of an authenticated message is released before its tag holds, and a message without one is labelled.
//! - A signature vouches for the octets that it covers and nothing else. The fields of the header are covered only where
//!   RFC 9788 puts them inside.
//! - No HTML is rendered and nothing is fetched: what is shown is text.

mod bare;
mod base64;
mod compressed;
mod content;
mod encapsulated;
mod entity;
mod enveloped;
mod error;
mod head;
mod header;
mod html;
mod names;
mod parts;
mod readers;
mod signed;
#[cfg(test)]
mod tests;
mod text;
mod transfer;
mod warning;
mod words;

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

pub use content::{SignedContent, is_structure, signed_content};
pub use enveloped::ReadCipher;
pub use error::OpenError;
pub use head::{Head, Protection};
pub use parts::Part;
pub(super) use signed::read_again as read_signature_again;
pub use signed::{Preference, SignatureFault, Signer};
pub use warning::Warning;

use self::entity::Entity;
use crate::{
    ber::{Ber, OID, Value, context},
    cert::{Certificate, Fingerprint},
    identity::Opener,
};

/// Octets of a message, and of what any layer holds, at most.
pub const MAX_OCTETS: usize = 200 << 20;
/// Cryptographic layers, and parts inside parts, at most.
pub const MAX_DEPTH: usize = 10;
/// Parts at most.
pub const MAX_PARTS: usize = 1000;

/// Between the date of a mail and its signature: more is no slip of a clock and no wait in an outbox over night.
const DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// A cryptographic layer, outermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layer {
    /// `EnvelopedData` or `AuthEnvelopedData`.
    Encrypted {
        /// How.
        cipher: ReadCipher,
        /// How many readers it names.
        readers: usize,
        /// How the content key came to the reader, such as `rsa-pkcs1`, `ecdh`.
        key_management: &'static str,
    },
    /// `SignedData`.
    Signed {
        /// Whether the content stands beside it (multipart/signed) or inside.
        is_detached: bool,
        /// How many signatures.
        signers: usize,
    },
    /// `CompressedData`.
    Compressed,
}

/// A message that was opened.
pub struct Opened {
    /// The layers, outermost first; none for a message that was never protected.
    pub layers: Vec<Layer>,
    /// Every signature, with the index of its layer.
    pub signers: Vec<(usize, Signer)>,
    /// Certificates that came with signatures: candidates for paths.
    pub certificates: Vec<Certificate>,
    /// Whose key opened the outermost encryption.
    pub decrypted_with: Option<Fingerprint>,
    /// The fields that people read, and how far they were protected.
    pub head: Head,
    /// The same fields as they stood outside, where everybody on the way could read and change them.
    pub outside: Head,
    /// The text to show; empty where there is none.
    pub text: Zeroizing<String>,
    /// The parts, in their order.
    pub parts: Vec<Part>,
    /// What must be known besides, each once.
    pub warnings: Vec<Warning>,
    /// The innermost entity, which `parts` point into.
    payload: Zeroizing<Vec<u8>>,
}

impl Opened {
    /// For whoever judges certificates: no signature is good. Then nothing vouches for the fields of the header, and the
    /// sender is the one outside. Returns whether that is another one than what was shown.
    pub fn nobody_vouches(&mut self) -> bool {
        if let Some(protection) = &mut self.head.protection {
            protection.is_signed = false;
        }
        let is_other = self.head.take_back_from();
        if is_other {
            self.warnings.push(Warning::FromDiffers);
            self.warnings.sort_unstable();
        }
        is_other
    }

    /// The octets of a part, without transfer encoding.
    pub fn content(&self, part: &Part) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let body = self
            .payload
            .get(part.range.clone())
            .ok_or(OpenError::Malformed("a part"))?;
        Ok(Zeroizing::new(
            transfer::decode(part.transfer, body)?.octets.into_owned(),
        ))
    }
}

/// Opens a message with any of `keys`; or a bare CMS file, such as a part of a message that was saved: it has no sender.
pub fn open(message: Vec<u8>, keys: &[&dyn Opener]) -> Result<Opened, OpenError> {
    if message.len() > MAX_OCTETS {
        return Err(OpenError::TooLarge { limit: MAX_OCTETS });
    }
    let mut current = Zeroizing::new(message);
    let begin = beginning(&current);
    current.drain(..begin);
    let mut reading = Reading::default();
    let mut outer = Zeroizing::new(Vec::new());
    if let Some(structure) = bare::structure(&current) {
        let inner = reading.structure(&structure, keys)?;
        drop(structure);
        current = inner;
    } else {
        outer.extend_from_slice(Entity::new(&current)?.header.octets);
    }
    loop {
        current = match reading.layer(current, keys)? {
            Step::Inside(inner) => inner,
            Step::Payload(payload) => break current = payload,
        };
        if reading.layers.len() > MAX_DEPTH {
            return Err(OpenError::TooDeep);
        }
    }
    if reading.layers.is_empty() && !is_mail(&Entity::new(&outer)?) {
        return Err(OpenError::NotMail);
    }
    let Reading {
        layers,
        mut signers,
        certificates,
        decrypted_with,
        mut warnings,
    } = reading;
    mark_while_encrypted(&layers, &mut signers);
    if is_unauthenticated(&layers, &signers) {
        warnings.push(Warning::Unauthenticated);
    }
    let head::Read {
        head,
        outside,
        is_wrapped,
    } = head::read(&outer, &current, &layers, &signers, &mut warnings)?;
    if is_of_another_day(&head, &signers) {
        warnings.push(Warning::DateDiffers);
    }
    let around = parts::Around {
        is_wrapped,
        is_cipher: head.protection.is_some_and(|p| p.is_cipher),
    };
    let (parts, text) = parts::read(&current, around, &mut warnings)?;
    warnings.sort_unstable();
    warnings.dedup();
    Ok(Opened {
        layers,
        signers,
        certificates,
        decrypted_with,
        head,
        outside,
        text,
        parts,
        warnings,
        payload: current,
    })
}

/// Where the mail begins: programs save one with the mark of UTF-8, or empty lines, before it. Only there: inside, such an
/// octet is one that was signed.
fn beginning(file: &[u8]) -> usize {
    let mark = if file.starts_with("\u{FEFF}".as_bytes()) {
        3
    } else {
        0
    };
    let is_end = |o: &&u8| matches!(**o, b'\r' | b'\n');
    mark + file[mark..].iter().take_while(is_end).count()
}

/// A signature around an encryption is one over the encrypted form: whoever takes a mail of somebody else's can sign it
/// without knowing what it says. It counts for the text where the same person also signed inside.
fn mark_while_encrypted(layers: &[Layer], signers: &mut [(usize, Signer)]) {
    let encrypted = |layer: &Layer| matches!(layer, Layer::Encrypted { .. });
    let Some(innermost) = layers.iter().rposition(encrypted) else {
        return;
    };
    let inside: Vec<Certificate> = signers
        .iter()
        .filter(|(layer, signer)| *layer > innermost && signer.faults.is_empty())
        .filter_map(|(_, signer)| signer.certificate.clone())
        .collect();
    for (layer, signer) in signers {
        let same = |one: &Certificate| signer.certificate.as_ref().is_some_and(|c| is_same(c, one));
        if *layer < innermost && !inside.iter().any(same) {
            signer.faults.push(SignatureFault::WhileEncrypted);
        }
    }
}

/// Whether two certificates are one person's.
fn is_same(one: &Certificate, other: &Certificate) -> bool {
    let theirs = &other.facts().addresses;
    let shares = |address: &String| theirs.iter().any(|a| a.eq_ignore_ascii_case(address));
    one == other || one.facts().addresses.iter().any(shares)
}

/// Whether something is encrypted without protection against alteration, and no signature inside makes up for it.
fn is_unauthenticated(layers: &[Layer], signers: &[(usize, Signer)]) -> bool {
    let open = |layer: &Layer| matches!(layer, Layer::Encrypted { cipher, .. } if !cipher.is_authenticated());
    layers.iter().position(open).is_some_and(|at| {
        !signers
            .iter()
            .any(|(layer, signer)| *layer > at && signer.faults.is_empty())
    })
}

/// Whether the mail says another date than a signature that holds. A date that is signed itself is the signer's own.
fn is_of_another_day(head: &Head, signers: &[(usize, Signer)]) -> bool {
    let is_signed = head.protection.is_some_and(|p| p.is_signed);
    let Some(date) = head.date.filter(|_| !is_signed) else {
        return false;
    };
    let signed = signers
        .iter()
        .filter(|(_, signer)| signer.faults.is_empty())
        .filter_map(|(_, signer)| signer.signed_at);
    signed
        .into_iter()
        .any(|at| at.duration_since(date).abs() > DAY)
}

/// What has been found on the way in.
#[derive(Default)]
struct Reading {
    layers: Vec<Layer>,
    signers: Vec<(usize, Signer)>,
    certificates: Vec<Certificate>,
    decrypted_with: Option<Fingerprint>,
    warnings: Vec<Warning>,
}

/// RFC 5652 §4, 5, 6; RFC 5083 §2; RFC 3274 §1.
const SIGNED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const ENVELOPED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
const COMPRESSED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.9");
const AUTH_ENVELOPED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.23");

/// What stands where a layer was looked for.
enum Step {
    /// One; and this was in it.
    Inside(Zeroizing<Vec<u8>>),
    /// None: the octets as they were.
    Payload(Zeroizing<Vec<u8>>),
}

impl Reading {
    /// Opens one layer, if the octets are one. They are taken, so that a layer and what it holds do not stand in memory
    /// once more than they must.
    fn layer(
        &mut self,
        mut octets: Zeroizing<Vec<u8>>,
        keys: &[&dyn Opener],
    ) -> Result<Step, OpenError> {
        let entity = Entity::new(&octets)?;
        if is_signed(&entity)? {
            let found = self.detached(&entity);
            let Some(content) = found.map(|content| entity::place(content, &octets)) else {
                return Ok(Step::Payload(octets));
            };
            octets.truncate(content.end);
            octets.drain(..content.start);
            return Ok(Step::Inside(octets));
        }
        if !is_cms(&entity) {
            return Ok(Step::Payload(octets));
        }
        let (transfer, body) = (entity.transfer(), entity::place(entity.body, &octets));
        if is_certificates(&entity) {
            self.warnings.push(Warning::CertificatesOnly);
            return Ok(Step::Payload(octets));
        }
        octets.drain(..body.start);
        let octets = transfer::decoded_in_place(transfer, octets)?;
        self.structure(&octets, keys).map(Step::Inside)
    }

    /// Opens a `ContentInfo`.
    fn structure(
        &mut self,
        octets: &[u8],
        keys: &[&dyn Opener],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (kind, structure) = content_info(octets)?;
        match kind {
            ENVELOPED | AUTH_ENVELOPED => {
                let found = enveloped::open(&structure, kind == AUTH_ENVELOPED, keys)?;
                if found.cipher.is_weak() {
                    self.warnings.push(Warning::WeakCipher);
                }
                self.decrypted_with.get_or_insert(found.opened_with);
                self.layers.push(Layer::Encrypted {
                    cipher: found.cipher,
                    readers: found.readers,
                    key_management: found.key_management,
                });
                Ok(found.content)
            }
            SIGNED => {
                let found = signed::open(&structure, None)?;
                let content = Zeroizing::new(found.content.unwrap_or_default().into_owned());
                self.signed(false, found.signers, found.certificates);
                Ok(content)
            }
            COMPRESSED => {
                let content = compressed::open(&structure)?;
                self.layers.push(Layer::Compressed);
                Ok(content)
            }
            other => Err(OpenError::Unsupported(other.to_string())),
        }
    }

    /// multipart/signed (RFC 1847 §2.1). The content is readable whatever the signature is worth.
    fn detached<'a>(&mut self, entity: &Entity<'a>) -> Option<&'a [u8]> {
        let children = entity.children().ok()?;
        // What stands there instead is told with the parts.
        let [content, signature] = children[..] else {
            return None;
        };
        let canonical = entity::canonical(content);
        let read = || {
            let signature = Entity::new(signature)?;
            if !is_smime_signature(Some(&signature.media())) {
                return Err(OpenError::Malformed("a signature"));
            }
            let octets = signature.decoded_body()?;
            let (kind, structure) = content_info(&octets)?;
            if kind != SIGNED {
                return Err(OpenError::Malformed("SignedData"));
            }
            let found = signed::open(&structure, Some(&canonical))?;
            Ok((found.signers, found.certificates))
        };
        let (signers, certificates) = read().unwrap_or_else(|_damaged| {
            self.warnings.push(Warning::SignatureUnreadable);
            (Vec::new(), Vec::new())
        });
        self.signed(true, signers, certificates);
        Some(content)
    }

    fn signed(&mut self, is_detached: bool, signers: Vec<Signer>, certificates: Vec<Certificate>) {
        if signers.is_empty() {
            self.warnings.push(Warning::NoSigners);
        }
        let layer = self.layers.len();
        self.layers.push(Layer::Signed {
            is_detached,
            signers: signers.len(),
        });
        self.signers
            .extend(signers.into_iter().map(|signer| (layer, signer)));
        self.certificates.extend(certificates);
    }
}

/// RFC 5652 §3.
fn content_info(octets: &[u8]) -> Result<(ObjectIdentifier, Value<'_>), OpenError> {
    let mut top = Ber::new(octets);
    let mut fields = top.sequence("ContentInfo")?;
    let kind = fields.value(OID, "a content type")?.oid()?;
    let mut explicit = fields.value(context(0), "the content")?.inside()?;
    Ok((kind, explicit.any()?))
}

/// Whether it has any field that a mail has: a file of another kind would be shown as a mail without any text.
fn is_mail(entity: &Entity<'_>) -> bool {
    const FIELDS: [&str; 7] = [
        "From",
        "To",
        "Subject",
        "Date",
        "Received",
        "Content-Type",
        "MIME-Version",
    ];
    FIELDS
        .iter()
        .any(|name| entity.header.raw(name).next().is_some())
}

/// Certificates alone (RFC 8551 §3.8: a file, and no mail), and not only by name.
fn is_certificates(entity: &Entity<'_>) -> bool {
    let holds_more = |octets: &[u8]| {
        content_info(octets)
            .is_ok_and(|(kind, structure)| kind != SIGNED || signed::open(&structure, None).is_ok())
    };
    entity.parameter("smime-type") == Some("certs-only")
        && !entity
            .decoded_body()
            .is_ok_and(|octets| holds_more(&octets))
}

/// RFC 8551 §3.2; and the files that some programs send it as.
fn is_cms(entity: &Entity<'_>) -> bool {
    match entity.media().as_str() {
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => true,
        "application/octet-stream" => entity.file_name().is_some_and(|name| {
            let end = std::path::Path::new(&*name).extension();
            end.is_some_and(|end| end.eq_ignore_ascii_case("p7m"))
        }),
        _ => false,
    }
}

/// multipart/signed of S/MIME (RFC 1847 §2.1): by its protocol, or, where a program left that out, by its second part.
fn is_signed(entity: &Entity<'_>) -> Result<bool, OpenError> {
    if entity.media() != "multipart/signed" {
        return Ok(false);
    }
    let protocol = entity.parameter("protocol");
    Ok(match (protocol, entity.children()) {
        (None, Ok(children)) if children.len() == 2 => parts::holds_signature(&children[1..])?,
        _ => is_smime_signature(protocol),
    })
}

fn is_smime_signature(media: Option<&str>) -> bool {
    media.is_some_and(|media| {
        media.eq_ignore_ascii_case("application/pkcs7-signature")
            || media.eq_ignore_ascii_case("application/x-pkcs7-signature")
    })
}
