//! `KEMRecipientInfo` (RFC 9629) for ML-KEM (RFC 9936): the secret is decapsulated, and what is derived from it unwraps the
//! content key.

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::{
    error::OpenError,
    readers::{HkdfHash, Reader, closed, kek_octets, unwrap},
};
use crate::{
    ber::{Ber, CONSTRUCTED, INTEGER, OCTET_STRING, OID, SEQUENCE, context, tlv},
    identity::Opener,
};

/// RFC 9629 §3.
const ID_ORI_KEM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.13.3");

/// A `KEMRecipientInfo`, as it was read.
pub(super) struct Encapsulation {
    pub(super) reader: Reader,
    kem: ObjectIdentifier,
    ciphertext: Vec<u8>,
    kdf: ObjectIdentifier,
    /// DER of `CMSORIforKEMOtherInfo`: what the derivation is bound to.
    info: Vec<u8>,
    kek_octets: usize,
    wrap: ObjectIdentifier,
    encrypted: Vec<u8>,
}

impl Encapsulation {
    /// Reads an `OtherRecipientInfo` (RFC 5652 §6.2.5); none where it is of another kind.
    pub(super) fn read(fields: &mut Ber<'_>) -> Result<Option<Self>, OpenError> {
        if fields.value(OID, "a kind of reader")?.oid()? != ID_ORI_KEM {
            return Ok(None);
        }
        let mut fields = fields.sequence("KEMRecipientInfo")?;
        if fields.any()?.small()? != 0 {
            return Err(OpenError::Malformed("version 0 of KEMRecipientInfo"));
        }
        let reader = Reader::read(&fields.any()?)?;
        let mut kem = fields.sequence("a key encapsulation")?;
        let kem = kem.value(OID, "a key encapsulation")?.oid()?;
        let ciphertext = fields.value(OCTET_STRING, "an encapsulated secret")?;
        let mut kdf = fields.sequence("a key derivation")?;
        let kdf = kdf.value(OID, "a key derivation")?.oid()?;
        let length = fields.value(INTEGER, "the length of a key")?;
        let material = fields.optional(context(0))?;
        let wrap = fields.value(SEQUENCE, "the algorithm that wraps the key")?;
        let encrypted = fields.value(OCTET_STRING, "an encrypted key")?;
        let material = match material {
            Some(given) => {
                let octets = given.inside()?.value(OCTET_STRING, "keying material")?;
                let string = tlv(OCTET_STRING, &[&octets.octets()?]);
                tlv(context(0) | CONSTRUCTED, &[&string])
            }
            None => Vec::new(),
        };
        Ok(Some(Self {
            reader,
            kem,
            ciphertext: ciphertext.octets()?.into_owned(),
            kdf,
            info: tlv(SEQUENCE, &[&wrap.der()?, &length.der()?, &material]),
            kek_octets: length.small()? as usize,
            wrap: wrap
                .inside()?
                .value(OID, "the algorithm that wraps the key")?
                .oid()?,
            encrypted: encrypted.octets()?.into_owned(),
        }))
    }

    /// The content key.
    pub(super) fn unlock(&self, key: &dyn Opener) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        // RFC 9936 §4: ML-KEM-512, -768 and -1024. Which of them fits the key, the length of the ciphertext says.
        if !matches!(
            self.kem.to_string().as_str(),
            "2.16.840.1.101.3.4.4.1" | "2.16.840.1.101.3.4.4.2" | "2.16.840.1.101.3.4.4.3"
        ) {
            return Err(OpenError::Unsupported(self.kem.to_string()));
        }
        // RFC 8619 §2.
        let hash = match self.kdf.to_string().as_str() {
            "1.2.840.113549.1.9.16.3.28" => HkdfHash::Sha256,
            "1.2.840.113549.1.9.16.3.29" => HkdfHash::Sha384,
            "1.2.840.113549.1.9.16.3.30" => HkdfHash::Sha512,
            other => return Err(OpenError::Unsupported(other.to_owned())),
        };
        // RFC 9629 §3: the length is that of the key that the algorithm takes.
        if kek_octets(&self.wrap)? != self.kek_octets {
            return Err(OpenError::Closed);
        }
        let secret = key.decapsulate(&self.ciphertext).map_err(closed)?;
        let kek = hash.derive(&secret, &self.info, self.kek_octets);
        unwrap(&kek.or(Err(OpenError::Closed))?, &self.encrypted)
    }
}
