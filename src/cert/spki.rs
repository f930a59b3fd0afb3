//! Public keys and signature algorithms, as far as strength and sealing depend on them.

use const_oid::ObjectIdentifier;
use der::{Decode as _, Encode as _, Sequence};
use openssl::{nid::Nid, pkey::Id, x509::X509};
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// RSA keys below this are refused (RFC 8551 §4.4).
pub const RSA_MIN_BITS: u32 = 2048;
/// RSA keys above this cost too much (RFC 8551 §4.4 asks for a limit).
pub const RSA_MAX_BITS: u32 = 16_384;

/// What kind of key a certificate holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyKind {
    /// rsaEncryption with this modulus length.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
    },
    /// id-ecPublicKey on a named curve.
    Ec {
        /// Name, such as `P-256`.
        curve: String,
        /// Bits of the group order.
        bits: u32,
    },
    /// Anything else, by its OID.
    Other {
        /// The algorithm's OID, or its name where it is well known.
        algorithm: String,
    },
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
        match key.id() {
            Id::RSA => Self::Rsa { bits: key.bits() },
            Id::EC => {
                let curve = key.ec_key().ok().and_then(|k| k.group().curve_name());
                Self::Ec {
                    curve: curve.map_or_else(|| "explicit curve".to_owned(), curve_name),
                    bits: key.bits(),
                }
            }
            _ => other(),
        }
    }
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::Ec { curve, .. } => write!(f, "EC {curve}"),
            Self::Other { algorithm } => f.write_str(algorithm),
        }
    }
}

fn curve_name(nid: Nid) -> String {
    match nid {
        Nid::X9_62_PRIME256V1 => "P-256".to_owned(),
        Nid::SECP384R1 => "P-384".to_owned(),
        Nid::SECP521R1 => "P-521".to_owned(),
        other => other.short_name().unwrap_or("unknown curve").to_owned(),
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
        "2.16.840.1.101.3.4.4.1" => "ML-KEM-512",
        "2.16.840.1.101.3.4.4.2" => "ML-KEM-768",
        "2.16.840.1.101.3.4.4.3" => "ML-KEM-1024",
        _ => return oid,
    };
    name.to_owned()
}

/// RSASSA-PSS-params (RFC 4055 §3.1); an absent hash is SHA-1.
#[derive(Sequence)]
struct PssParams {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifier>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt: Option<u32>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u32>,
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
