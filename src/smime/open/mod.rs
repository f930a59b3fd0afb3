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
mod compressed;
mod encapsulated;
mod entity;
mod enveloped;
mod error;
mod head;
mod html;
mod parts;
mod readers;
mod signed;

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

pub use enveloped::ReadCipher;
pub use error::OpenError;
pub use head::{Head, Protection};
pub use parts::Part;
pub(super) use signed::read_again as read_signature_again;
pub use signed::{SignatureFault, Signer};

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

/// What the reader must know, although the message opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// Encrypted in a way that does not notice alteration, and no good signature inside.
    Unauthenticated,
    /// Encrypted by a cipher that counts as broken.
    WeakCipher,
    /// A protected part stands beside unprotected ones and was not opened.
    PartNotOpened,
    /// The sender in the protected header is another than the one outside, and nothing vouches for it.
    FromDiffers,
    /// The structure that should hold a signature cannot be read.
    SignatureUnreadable,
    /// A signed layer without any signature.
    NoSigners,
    /// More than one From field: which of them a program shows is chance.
    SeveralFrom,
    /// The protected fields came by an older way than RFC 9788.
    LegacyProtection,
    /// The text was made from HTML.
    TextFromHtml,
    /// A part could not be read.
    PartUnreadable,
}

impl Warning {
    /// Its code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::WeakCipher => "weak-cipher",
            Self::PartNotOpened => "part-not-opened",
            Self::FromDiffers => "from-differs",
            Self::SignatureUnreadable => "signature-unreadable",
            Self::NoSigners => "no-signers",
            Self::SeveralFrom => "several-from",
            Self::LegacyProtection => "legacy-protection",
            Self::TextFromHtml => "text-from-html",
            Self::PartUnreadable => "part-unreadable",
        }
    }
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
    /// The octets of a part, without transfer encoding.
    pub fn content(&self, part: &Part) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let body = self
            .payload
            .get(part.range.clone())
            .ok_or(OpenError::Malformed("a part"))?;
        Ok(Zeroizing::new(
            entity::decode(part.transfer, body)?.into_owned(),
        ))
    }
}

/// Opens a message with any of `keys`.
pub fn open(message: Vec<u8>, keys: &[&dyn Opener]) -> Result<Opened, OpenError> {
    if message.len() > MAX_OCTETS {
        return Err(OpenError::TooLarge { limit: MAX_OCTETS });
    }
    let mut current = Zeroizing::new(message);
    let mut reading = Reading::default();
    let mut outer = Zeroizing::new(Vec::new());
    if let Some(structure) = bare::structure(&current) {
        let inner = reading.structure(&structure, keys)?;
        drop(structure);
        current = inner;
    } else {
        *outer = Entity::new(&current).header.to_vec();
    }
    while let Some(inner) = reading.layer(&current, keys)? {
        if reading.layers.len() > MAX_DEPTH {
            return Err(OpenError::TooDeep);
        }
        current = inner;
    }
    if reading.layers.is_empty() && !is_mail(&Entity::new(&outer)) {
        return Err(OpenError::NotMail);
    }
    let Reading {
        layers,
        signers,
        certificates,
        decrypted_with,
        mut warnings,
    } = reading;
    let is_vouched = |signer: &Signer| signer.faults.is_empty();
    let encrypted_at = layers.iter().position(
        |layer| matches!(layer, Layer::Encrypted { cipher, .. } if !cipher.is_authenticated()),
    );
    if let Some(at) = encrypted_at {
        let vouched = signers
            .iter()
            .any(|(layer, signer)| *layer > at && is_vouched(signer));
        if !vouched {
            warnings.push(Warning::Unauthenticated);
        }
    }
    let (head, outside) = head::read(&outer, &current, &layers, &signers, &mut warnings);
    let from = head.from_address.as_deref().filter(|_| !layers.is_empty());
    let (parts, text) = parts::read(&current, from, &mut warnings)?;
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

impl Reading {
    /// Opens one layer, if the entity is one. Returns what it holds.
    fn layer(
        &mut self,
        octets: &[u8],
        keys: &[&dyn Opener],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, OpenError> {
        let entity = Entity::new(octets);
        if is_cms(&entity) {
            return self.cms(&entity, keys);
        }
        if entity.media() == "multipart/signed" && is_smime_signature(entity.parameter("protocol"))
        {
            return Ok(self.detached(&entity));
        }
        Ok(None)
    }

    fn cms(
        &mut self,
        entity: &Entity<'_>,
        keys: &[&dyn Opener],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, OpenError> {
        let octets = entity.decoded_body()?;
        // Certificates alone (RFC 8551 §3.8): a file, not a mail.
        let is_file = entity.parameter("smime-type") == Some("certs-only")
            && content_info(&octets).is_ok_and(|(kind, structure)| {
                kind == SIGNED && signed::open(&structure, None).is_err()
            });
        if is_file {
            return Ok(None);
        }
        self.structure(&octets, keys).map(Some)
    }

    /// Opens a `ContentInfo`. Returns what it holds.
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
    fn detached(&mut self, entity: &Entity<'_>) -> Option<Zeroizing<Vec<u8>>> {
        let children = entity.children().ok()?;
        let [content, signature] = children[..] else {
            self.warnings.push(Warning::SignatureUnreadable);
            return None;
        };
        let canonical = entity::canonical(content);
        let read = || {
            let signature = Entity::new(signature);
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
        Some(Zeroizing::new(content.to_vec()))
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
    FIELDS.iter().any(|name| !entity.all(name).is_empty())
}

/// RFC 8551 §3.2; and the files that some programs send it as.
fn is_cms(entity: &Entity<'_>) -> bool {
    match entity.media().as_str() {
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => true,
        "application/octet-stream" => entity
            .file_name()
            .and_then(|name| std::path::Path::new(name).extension())
            .is_some_and(|end| end.eq_ignore_ascii_case("p7m")),
        _ => false,
    }
}

fn is_smime_signature(media: Option<&str>) -> bool {
    media.is_some_and(|media| {
        media.eq_ignore_ascii_case("application/pkcs7-signature")
            || media.eq_ignore_ascii_case("application/x-pkcs7-signature")
    })
}
