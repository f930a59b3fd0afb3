//! `RecipientInfos` (RFC 5652 §6.2) of other people's messages: which of the user's keys is named, and the content key.

use const_oid::ObjectIdentifier;
use openssl::{
    aes::{AesKey, unwrap_key},
    bn::BigNumContext,
    ec::{EcKey, EcPoint},
    hash::{Hasher, MessageDigest},
    kdf::{self, HkdfMode},
    md::Md,
    pkey::{Id, PKey, Public},
};
use zeroize::Zeroizing;

use super::{encapsulated::Encapsulation, error::OpenError};
use crate::{
    ber::{
        BIT_STRING, Ber, CONSTRUCTED, INTEGER, OCTET_STRING, OID, SEQUENCE, Value, context, tlv,
    },
    cert::{Certificate, Fingerprint},
    identity::{OaepHash, Opener, OpenerError, RsaPadding},
    smime::ReaderId,
};

/// Readers of one message at most that are looked at.
const MAX_READERS: usize = 20_000;

/// One `RecipientInfo`, read as far as this version opens it.
pub(super) enum RecipientInfo {
    /// `KeyTransRecipientInfo`.
    Transport {
        reader: Reader,
        padding: Result<(RsaPadding, Vec<u8>), OpenError>,
        encrypted: Vec<u8>,
    },
    /// `KeyAgreeRecipientInfo`.
    Agreement {
        scheme: ObjectIdentifier,
        /// The originator's public key: point or raw octets.
        originator: Vec<u8>,
        /// User keying material.
        material: Option<Vec<u8>>,
        /// DER of the algorithm that wraps the content key.
        wrap: Vec<u8>,
        wrap_oid: ObjectIdentifier,
        readers: Vec<(Reader, Vec<u8>)>,
    },
    /// `KEMRecipientInfo`.
    Encapsulation(Encapsulation),
    /// A kind that is not opened: by password, by shared key.
    Other,
}

/// How a reader is named.
pub(super) enum Reader {
    Issued(ReaderId),
    Key(Vec<u8>),
}

/// A content key, and whose key gave it.
pub(super) struct ContentKey {
    pub(super) octets: Zeroizing<Vec<u8>>,
    pub(super) opened_with: Fingerprint,
    pub(super) management: &'static str,
}

/// Reads the set.
pub(super) fn read(set: &Value<'_>) -> Result<Vec<RecipientInfo>, OpenError> {
    let mut inside = set.inside()?;
    let mut found = Vec::new();
    while !inside.is_empty() {
        if found.len() == MAX_READERS {
            return Err(OpenError::TooManyParts);
        }
        let info = inside.any()?;
        found.push(match info.tag {
            SEQUENCE => transport(&mut info.inside()?)?,
            0xA1 => agreement(&mut info.inside()?)?,
            0xA4 => Encapsulation::read(&mut info.inside()?)?
                .map_or(RecipientInfo::Other, RecipientInfo::Encapsulation),
            _ => RecipientInfo::Other,
        });
    }
    Ok(found)
}

fn transport(fields: &mut Ber<'_>) -> Result<RecipientInfo, OpenError> {
    fields.any()?.small()?;
    let reader = Reader::read(&fields.any()?)?;
    let padding = padding(&mut fields.sequence("the key's algorithm")?);
    let encrypted = fields
        .value(OCTET_STRING, "an encrypted key")?
        .octets()?
        .into_owned();
    Ok(RecipientInfo::Transport {
        reader,
        padding,
        encrypted,
    })
}

/// RFC 3370 §4.2.1, RFC 3560 §3.
fn padding(algorithm: &mut Ber<'_>) -> Result<(RsaPadding, Vec<u8>), OpenError> {
    let oid = algorithm.value(OID, "the key's algorithm")?.oid()?;
    match oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => Ok((RsaPadding::Pkcs1, Vec::new())),
        "1.2.840.113549.1.1.7" => oaep(algorithm),
        other => Err(OpenError::Unsupported(other.to_owned())),
    }
}

/// RSAES-OAEP-params (RFC 4055 §4.1): what is absent is SHA-1, MGF1 with SHA-1, and no label.
fn oaep(algorithm: &mut Ber<'_>) -> Result<(RsaPadding, Vec<u8>), OpenError> {
    let (mut hash, mut mask, mut label) = (OaepHash::Sha1, OaepHash::Sha1, Vec::new());
    let mut fields = match algorithm.optional(SEQUENCE)? {
        Some(parameters) => parameters.inside()?,
        None => Ber::new(&[]),
    };
    if let Some(given) = fields.optional(context(0))? {
        hash = oaep_hash(&mut given.inside()?.sequence("a digest")?)?;
    }
    if let Some(given) = fields.optional(context(1))? {
        let mut function = given.inside()?.sequence("a mask generation function")?;
        let oid = function.value(OID, "a mask generation function")?.oid()?;
        if oid.to_string() != "1.2.840.113549.1.1.8" {
            return Err(OpenError::Unsupported(oid.to_string()));
        }
        mask = oaep_hash(&mut function.sequence("a digest")?)?;
    }
    if let Some(given) = fields.optional(context(2))? {
        let mut source = given.inside()?.sequence("a label")?;
        let oid = source.value(OID, "a label")?.oid()?;
        if oid.to_string() != "1.2.840.113549.1.1.9" {
            return Err(OpenError::Unsupported(oid.to_string()));
        }
        label = source
            .value(OCTET_STRING, "a label")?
            .octets()?
            .into_owned();
    }
    fields.end("the end of RSAES-OAEP-params")?;
    Ok((RsaPadding::Oaep { hash, mask }, label))
}

fn oaep_hash(algorithm: &mut Ber<'_>) -> Result<OaepHash, OpenError> {
    let oid = algorithm.value(OID, "a digest")?.oid()?;
    Ok(match oid.to_string().as_str() {
        "1.3.14.3.2.26" => OaepHash::Sha1,
        "2.16.840.1.101.3.4.2.1" => OaepHash::Sha256,
        "2.16.840.1.101.3.4.2.2" => OaepHash::Sha384,
        "2.16.840.1.101.3.4.2.3" => OaepHash::Sha512,
        other => return Err(OpenError::Unsupported(other.to_owned())),
    })
}

/// RFC 5652 §6.2.2, RFC 5753 §3.1.1, RFC 8418 §2.
fn agreement(fields: &mut Ber<'_>) -> Result<RecipientInfo, OpenError> {
    fields.any()?.small()?;
    let originator = fields
        .value(context(0), "the originator")?
        .inside()?
        .any()?;
    let material = fields.optional(context(1))?;
    let material = material.map(|m| -> Result<_, OpenError> {
        Ok(m.inside()?
            .value(OCTET_STRING, "keying material")?
            .octets()?
            .into_owned())
    });
    let mut algorithm = fields.sequence("a key agreement")?;
    let scheme = algorithm.value(OID, "a key agreement")?.oid()?;
    let keys = fields.value(SEQUENCE, "the encrypted keys")?;
    // Static Diffie-Hellman by the originator's certificate is of no mail program today.
    if originator.tag != 0xA1 {
        return Ok(RecipientInfo::Other);
    }
    let mut public = originator.inside()?;
    public.sequence("the originator's key")?;
    let bits = public.value(BIT_STRING, "the originator's key")?;
    let [0, point @ ..] = bits.content else {
        return Err(OpenError::Malformed("the originator's key in whole octets"));
    };
    let wrap = algorithm.value(SEQUENCE, "the algorithm that wraps the key")?;
    let wrap_oid = wrap
        .inside()?
        .value(OID, "the algorithm that wraps the key")?
        .oid()?;
    let mut readers = Vec::new();
    let mut inside = keys.inside()?;
    while !inside.is_empty() {
        if readers.len() == MAX_READERS {
            return Err(OpenError::TooManyParts);
        }
        let mut one = inside.sequence("an encrypted key")?;
        let reader = Reader::read(&one.any()?)?;
        let key = one
            .value(OCTET_STRING, "an encrypted key")?
            .octets()?
            .into_owned();
        readers.push((reader, key));
    }
    Ok(RecipientInfo::Agreement {
        scheme,
        originator: point.to_vec(),
        material: material.transpose()?,
        wrap: wrap.der()?,
        wrap_oid,
        readers,
    })
}

impl Reader {
    pub(super) fn read(value: &Value<'_>) -> Result<Self, OpenError> {
        match value.tag {
            SEQUENCE => issued(value).map(Self::Issued),
            // KeyTransRecipientInfo: [0] IMPLICIT OCTET STRING.
            0x80 => Ok(Self::Key(value.content.to_vec())),
            // KeyAgreeRecipientInfo: [0] IMPLICIT RecipientKeyIdentifier.
            0xA0 => {
                let key = value.inside()?.value(OCTET_STRING, "a key identifier")?;
                Ok(Self::Key(key.octets()?.into_owned()))
            }
            _ => Err(OpenError::Malformed("a reader")),
        }
    }

    pub(super) fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Issued(id) => ReaderId::of(certificate).is_ok_and(|own| own == *id),
            Self::Key(key) => certificate
                .x509()
                .subject_key_id()
                .is_some_and(|own| own.as_slice() == key),
        }
    }
}

/// IssuerAndSerialNumber (RFC 5652 §10.2.4).
pub(super) fn issued(value: &Value<'_>) -> Result<ReaderId, OpenError> {
    let mut fields = value.inside()?;
    let issuer = fields.value(SEQUENCE, "an issuer")?.der()?;
    let serial = fields.value(INTEGER, "a serial number")?;
    Ok(ReaderId {
        issuer,
        serial: serial.content.to_vec(),
    })
}

impl RecipientInfo {
    /// Whom it names by issuer and serial number.
    pub(super) fn names(&self) -> Vec<ReaderId> {
        self.readers()
            .filter_map(|reader| match reader {
                Reader::Issued(id) => Some(id.clone()),
                Reader::Key(_) => None,
            })
            .collect()
    }

    /// Whether it names one of the user's keys.
    pub(super) fn fits(&self, keys: &[&dyn Opener]) -> bool {
        self.readers()
            .any(|reader| keys.iter().any(|key| reader.is(key.certificate())))
    }

    fn readers(&self) -> Box<dyn Iterator<Item = &Reader> + '_> {
        match self {
            Self::Transport { reader, .. } => Box::new(std::iter::once(reader)),
            Self::Agreement { readers, .. } => Box::new(readers.iter().map(|(reader, _)| reader)),
            Self::Encapsulation(kem) => Box::new(std::iter::once(&kem.reader)),
            Self::Other => Box::new(std::iter::empty()),
        }
    }

    /// The content key, by the first of the user's keys that it names.
    pub(super) fn content_key(&self, keys: &[&dyn Opener]) -> Result<ContentKey, OpenError> {
        let fitting = self.readers().zip(0..).find_map(|(reader, at)| {
            let key = keys.iter().find(|key| reader.is(key.certificate()))?;
            Some((at, *key))
        });
        let (at, key) = fitting.ok_or(OpenError::Closed)?;
        let (octets, management) = self.unlock(at, key)?;
        Ok(ContentKey {
            octets,
            opened_with: key.certificate().sha256(),
            management,
        })
    }

    fn unlock(
        &self,
        at: usize,
        key: &dyn Opener,
    ) -> Result<(Zeroizing<Vec<u8>>, &'static str), OpenError> {
        match self {
            Self::Transport {
                padding, encrypted, ..
            } => {
                let (padding, label) = match padding {
                    Ok((padding, label)) => (*padding, label),
                    Err(OpenError::Unsupported(oid)) => {
                        return Err(OpenError::Unsupported(oid.clone()));
                    }
                    Err(_) => return Err(OpenError::Closed),
                };
                let name = match padding {
                    RsaPadding::Pkcs1 => "rsa-pkcs1",
                    RsaPadding::Oaep { .. } => "rsa-oaep",
                };
                let found = key.rsa(padding, label, encrypted).map_err(closed)?;
                Ok((found, name))
            }
            Self::Agreement {
                scheme,
                originator,
                material,
                wrap,
                wrap_oid,
                readers,
            } => {
                let scheme = Scheme::of(scheme)?;
                let kek_octets = kek_octets(wrap_oid)?;
                let peer = peer(key.certificate(), originator)?;
                let secret = key.agree(&peer).map_err(closed)?;
                let info = shared_info(wrap, material.as_deref(), kek_octets);
                let kek = scheme
                    .derive(&secret, &info, kek_octets)
                    .or(Err(OpenError::Closed))?;
                let (_, wrapped) = readers.get(at).ok_or(OpenError::Closed)?;
                let name = if peer.id() == Id::X25519 {
                    "x25519"
                } else {
                    "ecdh"
                };
                Ok((unwrap(&kek, wrapped)?, name))
            }
            Self::Encapsulation(kem) => Ok((kem.unlock(key)?, "ml-kem")),
            Self::Other => Err(OpenError::Closed),
        }
    }
}

/// Octets of the key that wraps, by its algorithm (RFC 3565 §2.3.2).
pub(super) fn kek_octets(wrap: &ObjectIdentifier) -> Result<usize, OpenError> {
    match wrap.to_string().as_str() {
        "2.16.840.1.101.3.4.1.5" => Ok(16),
        "2.16.840.1.101.3.4.1.25" => Ok(24),
        "2.16.840.1.101.3.4.1.45" => Ok(32),
        other => Err(OpenError::Unsupported(other.to_owned())),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn closed(cause: OpenerError) -> OpenError {
    match cause {
        OpenerError::Away => OpenError::KeyAway,
        OpenerError::OtherKind | OpenerError::Failed => OpenError::Closed,
    }
}

/// AES key wrap (RFC 3394), without its padding variant.
pub(super) fn unwrap(kek: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    if wrapped.len() < 24 || !wrapped.len().is_multiple_of(8) {
        return Err(OpenError::Closed);
    }
    let kek = AesKey::new_decrypt(kek).or(Err(OpenError::Closed))?;
    let mut key = Zeroizing::new(vec![0; wrapped.len() - 8]);
    unwrap_key(&kek, None, &mut key, wrapped).or(Err(OpenError::Closed))?;
    Ok(key)
}

/// The originator's public key, of the same kind as the reader's.
fn peer(certificate: &Certificate, octets: &[u8]) -> Result<PKey<Public>, OpenError> {
    let own = certificate.x509().public_key().or(Err(OpenError::Closed))?;
    let make = || -> Result<PKey<Public>, openssl::error::ErrorStack> {
        if own.id() == Id::EC {
            let key = own.ec_key()?;
            let mut numbers = BigNumContext::new()?;
            let point = EcPoint::from_bytes(key.group(), octets, &mut numbers)?;
            let public = EcKey::from_public_key(key.group(), &point)?;
            public.check_key()?;
            PKey::from_ec_key(public)
        } else {
            PKey::public_key_from_raw_bytes(octets, own.id())
        }
    };
    make().or(Err(OpenError::Malformed("the originator's key")))
}

/// Key agreement with its derivation of the key that wraps.
pub(super) enum Scheme {
    /// ANSI X9.63 (SEC 1 §3.6.1).
    X963(MessageDigest),
    /// HKDF (RFC 8418 §2.2).
    Hkdf(HkdfHash),
}

#[derive(Clone, Copy)]
pub(super) enum HkdfHash {
    Sha256,
    Sha384,
    Sha512,
}

impl Scheme {
    /// RFC 5753 §7.1.4; the cofactor of every curve here is 1, so that both variants give the same.
    fn of(oid: &ObjectIdentifier) -> Result<Self, OpenError> {
        Ok(match oid.to_string().as_str() {
            "1.3.133.16.840.63.0.2" | "1.3.133.16.840.63.0.3" => Self::X963(MessageDigest::sha1()),
            "1.3.132.1.11.0" | "1.3.132.1.14.0" => Self::X963(MessageDigest::sha224()),
            "1.3.132.1.11.1" | "1.3.132.1.14.1" => Self::X963(MessageDigest::sha256()),
            "1.3.132.1.11.2" | "1.3.132.1.14.2" => Self::X963(MessageDigest::sha384()),
            "1.3.132.1.11.3" | "1.3.132.1.14.3" => Self::X963(MessageDigest::sha512()),
            "1.2.840.113549.1.9.16.3.19" => Self::Hkdf(HkdfHash::Sha256),
            "1.2.840.113549.1.9.16.3.20" => Self::Hkdf(HkdfHash::Sha384),
            "1.2.840.113549.1.9.16.3.21" => Self::Hkdf(HkdfHash::Sha512),
            other => return Err(OpenError::Unsupported(other.to_owned())),
        })
    }

    pub(super) fn derive(
        &self,
        secret: &[u8],
        info: &[u8],
        octets: usize,
    ) -> Result<Zeroizing<Vec<u8>>, openssl::error::ErrorStack> {
        let mut out = Zeroizing::new(Vec::with_capacity(octets + 64));
        match self {
            Self::X963(digest) => {
                let mut counter = 1_u32;
                while out.len() < octets {
                    let mut hasher = Hasher::new(*digest)?;
                    hasher.update(secret)?;
                    hasher.update(&counter.to_be_bytes())?;
                    hasher.update(info)?;
                    out.extend_from_slice(&hasher.finish()?);
                    counter += 1;
                }
                out.truncate(octets);
            }
            Self::Hkdf(hash) => return hash.derive(secret, info, octets),
        }
        Ok(out)
    }
}

impl HkdfHash {
    /// HKDF (RFC 5869) without a salt.
    pub(super) fn derive(
        self,
        secret: &[u8],
        info: &[u8],
        octets: usize,
    ) -> Result<Zeroizing<Vec<u8>>, openssl::error::ErrorStack> {
        let digest = match self {
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
        };
        let mut out = Zeroizing::new(vec![0; octets]);
        let mode = HkdfMode::ExtractAndExpand;
        kdf::hkdf(digest, secret, None, Some(info), mode, None, &mut out)?;
        Ok(out)
    }
}

/// ECC-CMS-SharedInfo (RFC 5753 §7.2).
fn shared_info(wrap: &[u8], material: Option<&[u8]>, kek_octets: usize) -> Vec<u8> {
    let bits = u32::try_from(kek_octets * 8).unwrap_or_default();
    let explicit = |number, octets: &[u8]| {
        let string = tlv(OCTET_STRING, &[octets]);
        tlv(context(number) | CONSTRUCTED, &[&string])
    };
    let material = material.map_or_else(Vec::new, |m| explicit(0, m));
    tlv(
        SEQUENCE,
        &[wrap, &material, &explicit(2, &bits.to_be_bytes())],
    )
}
