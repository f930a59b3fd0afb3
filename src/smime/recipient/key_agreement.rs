//! `KeyAgreeRecipientInfo` (RFC 5652 §6.2.2): an ephemeral key and the reader's key agree on a key that wraps the content
//! key. P-256, P-384 and P-521 by RFC 5753, X25519 by RFC 8418.
//!
//! There is no `ukm`: it would matter only where an ephemeral key served twice, and here each is made for one reader of
//! one message and dropped.

use cms::{
    content_info::CmsVersion,
    enveloped_data::{OriginatorIdentifierOrKey, OriginatorPublicKey},
};
use const_oid::ObjectIdentifier;
use der::{Any, Decode as _, Encode as _, Sequence, asn1::OctetString};
use openssl::{
    derive::Deriver,
    error::ErrorStack,
    hash::{MessageDigest, hash},
    pkey::{PKey, PKeyRef, Private, Public},
};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};
use zeroize::Zeroizing;

use super::{
    IssuerAndSerialNumber, ReaderId,
    wrap::{self, WrappingKey},
};
use crate::{
    cert::Curve,
    smime::{cipher::ContentKey, error::SealError},
};

/// RFC 5753 §7.1.4.
const SHA256_KDF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.1.11.1");
const SHA384_KDF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.1.11.2");
const SHA512_KDF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.1.11.3");
/// RFC 8418 §7.
const HKDF_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.3.19");

/// How one key agreement goes.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    /// Ephemeral-static ECDH on this curve, with the X9.63 KDF.
    Ecdh(Curve),
    /// X25519 with HKDF and SHA-256.
    X25519,
}

/// RFC 5652 §6.2.2, with one reader.
#[derive(Sequence)]
struct KeyAgreeRecipientInfo {
    version: CmsVersion,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    originator: OriginatorIdentifierOrKey,
    key_encryption_algorithm: AlgorithmIdentifier,
    recipient_encrypted_keys: Vec<RecipientEncryptedKey>,
}

#[derive(Sequence)]
struct RecipientEncryptedKey {
    rid: IssuerAndSerialNumber,
    encrypted_key: OctetString,
}

/// ECC-CMS-SharedInfo (RFC 5753 §7.2) without entityUInfo.
#[derive(Sequence)]
struct SharedInfo {
    key_info: AlgorithmIdentifier,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT")]
    supp_pub_info: OctetString,
}

/// The `RecipientInfo` in DER.
pub(super) fn recipient_info(
    scheme: Scheme,
    public: &PKeyRef<Public>,
    id: &ReaderId,
    key: &ContentKey,
) -> Result<Vec<u8>, SealError> {
    let agreed = |e: ErrorStack| SealError::crypto("agreeing on a key")(e);
    let encoded = |e: der::Error| SealError::encoding("KeyAgreeRecipientInfo")(e);
    let ephemeral = scheme.generate().map_err(agreed)?;
    let secret = agree(&ephemeral, public).map_err(agreed)?;
    let info = shared_info().map_err(encoded)?;
    let wrapping = scheme.derive(&secret, &info).map_err(agreed)?;
    let encrypted = wrap::wrap(&wrapping, key).map_err(agreed)?;
    let spki = ephemeral.public_key_to_der().map_err(agreed)?;
    structure(scheme, &spki, id, encrypted).map_err(encoded)
}

impl Scheme {
    fn generate(self) -> Result<PKey<Private>, ErrorStack> {
        match self {
            Self::Ecdh(Curve::P256) => PKey::ec_gen("prime256v1"),
            Self::Ecdh(Curve::P384) => PKey::ec_gen("secp384r1"),
            Self::Ecdh(Curve::P521) => PKey::ec_gen("secp521r1"),
            Self::X25519 => PKey::generate_x25519(),
        }
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Ecdh(Curve::P256) => SHA256_KDF,
            Self::Ecdh(Curve::P384) => SHA384_KDF,
            Self::Ecdh(Curve::P521) => SHA512_KDF,
            Self::X25519 => HKDF_SHA256,
        }
    }

    fn derive(self, secret: &[u8], info: &[u8]) -> Result<WrappingKey, ErrorStack> {
        let digest = match self {
            Self::Ecdh(Curve::P256) => MessageDigest::sha256(),
            Self::Ecdh(Curve::P384) => MessageDigest::sha384(),
            Self::Ecdh(Curve::P521) => MessageDigest::sha512(),
            Self::X25519 => return wrap::hkdf_sha256(secret, info),
        };
        // X9.63 (RFC 8418 §2.1 shows it): each of these digests is long enough for the key in its first round.
        let round = Zeroizing::new([secret, &1_u32.to_be_bytes(), info].concat());
        let mut key = WrappingKey::default();
        key.copy_from_slice(&hash(digest, &round)?[..wrap::KEY]);
        Ok(key)
    }
}

/// The shared secret. OpenSSL refuses a point that is not on the curve, and an X25519 secret of zeros (RFC 8418 §2).
fn agree(
    ephemeral: &PKeyRef<Private>,
    public: &PKeyRef<Public>,
) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
    let mut deriver = Deriver::new(ephemeral)?;
    deriver.set_peer(public)?;
    Ok(Zeroizing::new(deriver.derive_to_vec()?))
}

fn shared_info() -> Result<Vec<u8>, der::Error> {
    const BITS: u32 = 256;
    SharedInfo {
        key_info: wrap::algorithm(),
        supp_pub_info: OctetString::new(BITS.to_be_bytes())?,
    }
    .to_der()
}

fn structure(
    scheme: Scheme,
    ephemeral: &[u8],
    id: &ReaderId,
    encrypted: Vec<u8>,
) -> Result<Vec<u8>, der::Error> {
    let ephemeral = SubjectPublicKeyInfo::from_der(ephemeral)?;
    let info = KeyAgreeRecipientInfo {
        version: CmsVersion::V3,
        originator: OriginatorIdentifierOrKey::OriginatorKey(OriginatorPublicKey {
            // The curve is that of the reader's key: RFC 5753 §3.1.1 wants the parameters absent.
            algorithm: AlgorithmIdentifier {
                oid: ephemeral.algorithm.oid,
                parameters: None,
            },
            public_key: ephemeral.subject_public_key,
        }),
        key_encryption_algorithm: AlgorithmIdentifier {
            oid: scheme.oid(),
            parameters: Some(Any::encode_from(&wrap::algorithm())?),
        },
        recipient_encrypted_keys: vec![RecipientEncryptedKey {
            rid: id.structure()?,
            encrypted_key: OctetString::new(encrypted)?,
        }],
    };
    // kari [1] IMPLICIT.
    super::tagged(1, &info)
}

#[cfg(test)]
mod tests {
    use openssl::pkey::Id;

    use super::*;

    #[test]
    fn a_public_key_that_always_gives_a_secret_of_zeros_stops_the_sealing() {
        // Points of low order (RFC 7748 §7): zero, one, and one of order eight.
        let mut one = [0; 32];
        one[0] = 1;
        let order_8 = *b"\xe0\xeb\x7a\x7c\x3b\x41\xb8\xae\x16\x56\xe3\xfa\xf1\x9f\xc4\x6a\
            \xda\x09\x8d\xeb\x9c\x32\xb1\xfd\x86\x62\x05\x16\x5f\x49\xb8\x00";
        let ephemeral = PKey::generate_x25519().unwrap();
        for public in [[0; 32], one, order_8] {
            let public = PKey::public_key_from_raw_bytes(&public, Id::X25519).unwrap();
            assert!(agree(&ephemeral, &public).is_err());
        }
        let public = PKey::generate_x25519().unwrap().raw_public_key().unwrap();
        let public = PKey::public_key_from_raw_bytes(&public, Id::X25519).unwrap();
        assert_eq!(agree(&ephemeral, &public).unwrap().len(), 32);
    }
}
