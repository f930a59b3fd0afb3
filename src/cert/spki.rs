//! Public keys and signature algorithms, as far as strength and sealing depend on them.

use const_oid::ObjectIdentifier;
use der::{Decode as _, Encode as _, Sequence};
use openssl::{
    nid::Nid,
    pkey::{Id, PKeyRef, Public},
    x509::X509,
};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// RSA keys below this are refused (RFC 8551 §4.4).
pub const RSA_MIN_BITS: u32 = 2048;
/// RSA keys above this cost too much (RFC 8551 §4.4 asks for a limit).
pub const RSA_MAX_BITS: u32 = 16_384;
/// Moduli and exponents above these verify nothing for a path or an answer of revocation: strangers choose them, and
/// hundreds may be tried. With them one signature costs less than a millisecond; OpenSSL alone would allow ten times that.
const VERIFY_MAX_BITS: i32 = 8192;
const VERIFY_MAX_EXPONENT_BITS: i32 = 32;
/// DSA takes ten times as long as RSA of the same size.
const VERIFY_MAX_DSA_BITS: i32 = 3072;

/// RFC 9935 §3.
const ML_KEM_768: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.2");
const ML_KEM_1024: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.3");

const ML_KEM_512: &str = "ML-KEM-512";

/// What kind of key a certificate holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyKind {
    /// rsaEncryption with this modulus length.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
    },
    /// id-ecPublicKey on a curve of NIST (RFC 5480).
    Ec(Curve),
    /// id-ecPublicKey on any other curve.
    OtherCurve {
        /// Its name, such as `brainpoolP256r1`.
        name: String,
        /// Bits of the field.
        bits: u32,
    },
    /// id-X25519 (RFC 8410).
    X25519,
    /// ML-KEM (RFC 9935).
    MlKem(MlKem),
    /// Anything else, by its OID.
    Other {
        /// The algorithm's OID, or its name where it is well known.
        algorithm: String,
    },
}

/// A curve that Segl agrees on keys over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// secp256r1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
}

/// A parameter set of ML-KEM (FIPS 203 §8) that Segl encapsulates for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MlKem {
    /// ML-KEM-768.
    L768,
    /// ML-KEM-1024.
    L1024,
}

/// How a certificate was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureKind {
    /// A name for people, such as `RSASSA-PSS SHA-256`.
    pub name: String,
    /// Whether the digest is broken (MD2, MD4, MD5, SHA-1).
    pub is_weak: bool,
}

impl KeyKind {
    pub(crate) fn read(x509: &X509, spki: &SubjectPublicKeyInfo) -> Self {
        let other = || Self::Other {
            algorithm: well_known(&spki.algorithm.oid),
        };
        let Ok(key) = x509.public_key() else {
            return other();
        };
        // OpenSSL has no number for newer kinds of keys, and has read this one: its OID tells which it is.
        match key.id() {
            Id::RSA => Self::Rsa { bits: key.bits() },
            Id::EC => {
                let nid = key.ec_key().ok().and_then(|k| k.group().curve_name());
                nid.and_then(Curve::of)
                    .map_or_else(|| other_curve(nid, key.bits()), Self::Ec)
            }
            Id::X25519 => Self::X25519,
            _ => match spki.algorithm.oid {
                ML_KEM_768 => Self::MlKem(MlKem::L768),
                ML_KEM_1024 => Self::MlKem(MlKem::L1024),
                _ => other(),
            },
        }
    }
}

/// Whether a signature may be verified with a key that a stranger chose: see [`VERIFY_MAX_BITS`].
pub(crate) fn verifies_quickly(key: &PKeyRef<Public>) -> bool {
    if let Ok(rsa) = key.rsa() {
        return rsa.n().num_bits() <= VERIFY_MAX_BITS
            && rsa.e().num_bits() <= VERIFY_MAX_EXPONENT_BITS;
    }
    let dsa = key.dsa();
    dsa.is_err() || dsa.is_ok_and(|dsa| dsa.p().num_bits() <= VERIFY_MAX_DSA_BITS)
}

impl KeyKind {
    /// Whether it is a key of ML-KEM, of any size: nobody encrypts to the smallest here, and what others did is read.
    pub(crate) fn is_ml_kem(&self) -> bool {
        match self {
            Self::MlKem(_) => true,
            Self::Other { algorithm } => algorithm == ML_KEM_512,
            _ => false,
        }
    }
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::Ec(curve) => write!(f, "EC {curve}"),
            Self::OtherCurve { name, .. } => write!(f, "EC {name}"),
            Self::X25519 => f.write_str("X25519"),
            Self::MlKem(MlKem::L768) => f.write_str("ML-KEM-768"),
            Self::MlKem(MlKem::L1024) => f.write_str("ML-KEM-1024"),
            Self::Other { algorithm } => f.write_str(algorithm),
        }
    }
}

impl Curve {
    fn of(nid: Nid) -> Option<Self> {
        match nid {
            Nid::X9_62_PRIME256V1 => Some(Self::P256),
            Nid::SECP384R1 => Some(Self::P384),
            Nid::SECP521R1 => Some(Self::P521),
            _ => None,
        }
    }
}

impl std::fmt::Display for Curve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        })
    }
}

fn other_curve(nid: Option<Nid>, bits: u32) -> KeyKind {
    let name = match nid {
        Some(nid) => nid.short_name().unwrap_or("unknown curve"),
        None => "explicit curve",
    };
    KeyKind::OtherCurve {
        name: name.to_owned(),
        bits,
    }
}

fn well_known(oid: &ObjectIdentifier) -> String {
    let oid = oid.to_string();
    let name = match oid.as_str() {
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.1.7" => "RSA (OAEP only)",
        "1.2.840.113549.1.1.10" => "RSA (PSS only)",
        "2.16.840.1.101.3.4.4.1" => ML_KEM_512,
        "2.16.840.1.101.3.4.4.2" => "ML-KEM-768",
        "2.16.840.1.101.3.4.4.3" => "ML-KEM-1024",
        _ => return oid,
    };
    name.to_owned()
}

/// RSASSA-PSS-params (RFC 4055 §3.1); an absent digest is SHA-1.
#[derive(Sequence)]
pub(crate) struct PssParams {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) hash: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) mask: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) salt: Option<u32>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) trailer: Option<u32>,
}

impl SignatureKind {
    pub(crate) fn read(algorithm: &AlgorithmIdentifier) -> Self {
        let oid = algorithm.oid.to_string();
        let (name, is_weak) = match oid.as_str() {
            "1.2.840.113549.1.1.10" => return Self::pss(algorithm),
            "1.2.840.113549.1.1.2" => ("RSA MD2", true),
            "1.2.840.113549.1.1.3" => ("RSA MD4", true),
            "1.2.840.113549.1.1.4" => ("RSA MD5", true),
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => ("RSA SHA-1", true),
            "1.2.840.113549.1.1.14" => ("RSA SHA-224", false),
            "1.2.840.113549.1.1.11" => ("RSA SHA-256", false),
            "1.2.840.113549.1.1.12" => ("RSA SHA-384", false),
            "1.2.840.113549.1.1.13" => ("RSA SHA-512", false),
            "1.2.840.10045.4.1" => ("ECDSA SHA-1", true),
            "1.2.840.10045.4.3.1" => ("ECDSA SHA-224", false),
            "1.2.840.10045.4.3.2" => ("ECDSA SHA-256", false),
            "1.2.840.10045.4.3.3" => ("ECDSA SHA-384", false),
            "1.2.840.10045.4.3.4" => ("ECDSA SHA-512", false),
            "1.2.840.10040.4.3" => ("DSA SHA-1", true),
            "1.3.101.112" => ("Ed25519", false),
            "1.3.101.113" => ("Ed448", false),
            "2.16.840.1.101.3.4.3.17" => ("ML-DSA-44", false),
            "2.16.840.1.101.3.4.3.18" => ("ML-DSA-65", false),
            "2.16.840.1.101.3.4.3.19" => ("ML-DSA-87", false),
            // Unknown here is not weak: the path check decides whether OpenSSL can verify it at all.
            _ => {
                return Self {
                    name: oid,
                    is_weak: false,
                };
            }
        };
        Self {
            name: name.to_owned(),
            is_weak,
        }
    }

    fn pss(algorithm: &AlgorithmIdentifier) -> Self {
        let hash = algorithm
            .parameters
            .as_ref()
            .and_then(|p| p.to_der().ok())
            .and_then(|p| PssParams::from_der(&p).ok())
            .and_then(|p| p.hash)
            .map(|h| h.oid.to_string());
        let (digest, is_weak) = match hash.as_deref() {
            Some("2.16.840.1.101.3.4.2.1") => ("SHA-256", false),
            Some("2.16.840.1.101.3.4.2.2") => ("SHA-384", false),
            Some("2.16.840.1.101.3.4.2.3") => ("SHA-512", false),
            None => ("SHA-1", true),
            Some(_) => ("unknown digest", true),
        };
        Self {
            name: format!("RSASSA-PSS {digest}"),
            is_weak,
        }
    }
}

#[cfg(test)]
mod tests {
    use openssl::{
        bn::{BigNum, MsbOption},
        dsa::Dsa,
        pkey::PKey,
        rsa::Rsa,
    };

    use super::*;

    #[test]
    fn each_signature_algorithm_is_named_and_a_broken_digest_is_weak_with_every_kind_of_key() {
        let rows = [
            ("1.2.840.113549.1.1.2", "RSA MD2", true),
            ("1.2.840.113549.1.1.3", "RSA MD4", true),
            ("1.2.840.113549.1.1.4", "RSA MD5", true),
            ("1.2.840.113549.1.1.5", "RSA SHA-1", true),
            ("1.3.14.3.2.29", "RSA SHA-1", true),
            ("1.2.840.10045.4.1", "ECDSA SHA-1", true),
            ("1.2.840.10040.4.3", "DSA SHA-1", true),
            ("1.2.840.113549.1.1.14", "RSA SHA-224", false),
            ("1.2.840.113549.1.1.11", "RSA SHA-256", false),
            ("1.2.840.113549.1.1.12", "RSA SHA-384", false),
            ("1.2.840.113549.1.1.13", "RSA SHA-512", false),
            ("1.2.840.10045.4.3.1", "ECDSA SHA-224", false),
            ("1.2.840.10045.4.3.2", "ECDSA SHA-256", false),
            ("1.2.840.10045.4.3.3", "ECDSA SHA-384", false),
            ("1.2.840.10045.4.3.4", "ECDSA SHA-512", false),
            ("1.3.101.112", "Ed25519", false),
            ("1.3.101.113", "Ed448", false),
            ("2.16.840.1.101.3.4.3.17", "ML-DSA-44", false),
            ("2.16.840.1.101.3.4.3.18", "ML-DSA-65", false),
            ("2.16.840.1.101.3.4.3.19", "ML-DSA-87", false),
            ("2.25.1", "2.25.1", false),
            // RSASSA-PSS without parameters: SHA-1 (RFC 4055 §3.1).
            ("1.2.840.113549.1.1.10", "RSASSA-PSS SHA-1", true),
        ];
        for (oid, name, is_weak) in rows {
            let algorithm = AlgorithmIdentifier {
                oid: ObjectIdentifier::new_unwrap(oid),
                parameters: None,
            };
            let name = name.to_owned();
            let wanted = SignatureKind { name, is_weak };
            assert_eq!(SignatureKind::read(&algorithm), wanted, "{oid}");
        }
    }

    #[test]
    fn kinds_of_keys_that_are_not_sealed_to_have_their_names() {
        for (oid, name) in [
            ("1.3.101.110", "X25519"),
            ("1.3.101.111", "X448"),
            ("1.3.101.112", "Ed25519"),
            ("1.3.101.113", "Ed448"),
            ("1.2.840.10040.4.1", "DSA"),
            ("1.2.840.113549.1.1.7", "RSA (OAEP only)"),
            ("1.2.840.113549.1.1.10", "RSA (PSS only)"),
            ("2.16.840.1.101.3.4.4.1", "ML-KEM-512"),
            ("2.16.840.1.101.3.4.4.2", "ML-KEM-768"),
            ("2.16.840.1.101.3.4.4.3", "ML-KEM-1024"),
            ("2.25.1", "2.25.1"),
        ] {
            assert_eq!(well_known(&ObjectIdentifier::new_unwrap(oid)), name);
        }
        let other = |algorithm: &str| KeyKind::Other {
            algorithm: algorithm.to_owned(),
        };
        assert!(other("ML-KEM-512").is_ml_kem() && KeyKind::MlKem(MlKem::L768).is_ml_kem());
        assert!(!other("DSA").is_ml_kem() && !KeyKind::X25519.is_ml_kem());
    }

    #[test]
    fn a_key_that_takes_long_to_verify_with_is_told_by_modulus_exponent_and_kind() {
        let number = |bits: i32| {
            let mut number = BigNum::new().unwrap();
            number.rand(bits, MsbOption::ONE, true).unwrap();
            number
        };
        let rsa = |bits: i32, exponent: i32| {
            let key = Rsa::from_public_components(number(bits), number(exponent)).unwrap();
            verifies_quickly(&PKey::from_rsa(key).unwrap())
        };
        let dsa = |bits: i32| {
            let (p, q, g) = (number(bits), number(256), number(2));
            let key = Dsa::from_public_components(p, q, g, number(2)).unwrap();
            verifies_quickly(&PKey::from_dsa(key).unwrap())
        };
        assert_eq!(
            (rsa(8192, 32), rsa(8193, 17), rsa(2048, 33)),
            (true, false, false)
        );
        assert_eq!((dsa(3072), dsa(3073)), (true, false));
        let curve = PKey::ec_gen("prime256v1").unwrap();
        let curve = PKey::public_key_from_der(&curve.public_key_to_der().unwrap()).unwrap();
        assert!(verifies_quickly(&curve));
    }
}
