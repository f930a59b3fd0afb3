//! Whether a signature was made with a certificate's key: PKCS #1 v1.5, PSS (RFC 4056), ECDSA (RFC 5754), Ed25519
//! (RFC 8419). What is not in these tables is not verified, and nobody is believed on its account.

use const_oid::ObjectIdentifier;
use openssl::{
    error::ErrorStack,
    hash::MessageDigest,
    pkey::{Id, PKey, Public},
    rsa::Padding,
    sign::{RsaPssSaltlen, Verifier},
};

use super::{SHA1, SHA256, SHA384, SHA512, SignatureFault, algorithm};
use crate::{
    ber::{SEQUENCE, Value, context},
    cert::Certificate,
    smime::open::error::OpenError,
};

const MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");
const SHA224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");

/// A digest and its usual name. What is asked for most stands first.
pub(super) fn digest(oid: &ObjectIdentifier) -> Option<(MessageDigest, &'static str)> {
    let known: [(_, fn() -> MessageDigest, _); 6] = [
        (SHA256, MessageDigest::sha256, "sha256"),
        (SHA384, MessageDigest::sha384, "sha384"),
        (SHA512, MessageDigest::sha512, "sha512"),
        (SHA224, MessageDigest::sha224, "sha224"),
        (SHA1, MessageDigest::sha1, "sha1"),
        (MD5, MessageDigest::md5, "md5"),
    ];
    let found = known.into_iter().find(|(known, ..)| known == oid);
    found.map(|(_, digest, name)| (digest(), name))
}

/// How a signature was made.
enum Method {
    /// With the digest of the signer, or the one that the algorithm names.
    Pkcs1(Option<MessageDigest>),
    Pss {
        digest: MessageDigest,
        mask: MessageDigest,
        salt: i32,
    },
    Ecdsa(Option<MessageDigest>),
    Ed25519,
}

fn method(value: &Value<'_>) -> Result<Method, SignatureFault> {
    let unsupported = |what: &str| SignatureFault::Unsupported(what.to_owned());
    let oid = algorithm(value)
        .map_err(|e| unsupported(&e.to_string()))?
        .to_string();
    Ok(match oid.as_str() {
        "1.2.840.113549.1.1.1" => Method::Pkcs1(None),
        "1.2.840.113549.1.1.4" => Method::Pkcs1(Some(MessageDigest::md5())),
        "1.2.840.113549.1.1.5" => Method::Pkcs1(Some(MessageDigest::sha1())),
        "1.2.840.113549.1.1.14" => Method::Pkcs1(Some(MessageDigest::sha224())),
        "1.2.840.113549.1.1.11" => Method::Pkcs1(Some(MessageDigest::sha256())),
        "1.2.840.113549.1.1.12" => Method::Pkcs1(Some(MessageDigest::sha384())),
        "1.2.840.113549.1.1.13" => Method::Pkcs1(Some(MessageDigest::sha512())),
        "1.2.840.113549.1.1.10" => pss(value).or(Err(unsupported(&oid)))?,
        "1.2.840.10045.2.1" => Method::Ecdsa(None),
        "1.2.840.10045.4.1" => Method::Ecdsa(Some(MessageDigest::sha1())),
        "1.2.840.10045.4.3.1" => Method::Ecdsa(Some(MessageDigest::sha224())),
        "1.2.840.10045.4.3.2" => Method::Ecdsa(Some(MessageDigest::sha256())),
        "1.2.840.10045.4.3.3" => Method::Ecdsa(Some(MessageDigest::sha384())),
        "1.2.840.10045.4.3.4" => Method::Ecdsa(Some(MessageDigest::sha512())),
        "1.3.101.112" => Method::Ed25519,
        _ => return Err(unsupported(&oid)),
    })
}

/// RSASSA-PSS-params (RFC 4055 §3.1).
fn pss(value: &Value<'_>) -> Result<Method, OpenError> {
    let mut fields = value.inside()?;
    fields.any()?;
    let (mut own, mut mask, mut salt) = (MessageDigest::sha1(), MessageDigest::sha1(), 20);
    let unknown = OpenError::Malformed("RSASSA-PSS-params");
    let named = |oid: ObjectIdentifier| digest(&oid).map(|(d, _)| d);
    if let Some(parameters) = fields.optional(SEQUENCE)? {
        let mut parameters = parameters.inside()?;
        if let Some(given) = parameters.optional(context(0))? {
            own = named(algorithm(&given.inside()?.any()?)?).ok_or(unknown)?;
        }
        if let Some(given) = parameters.optional(context(1))? {
            let mut function = given.inside()?.sequence("a mask generation function")?;
            function.any()?;
            mask = named(algorithm(&function.any()?)?)
                .ok_or(OpenError::Malformed("a mask generation function"))?;
        }
        if let Some(given) = parameters.optional(context(2))? {
            salt = i32::try_from(given.inside()?.any()?.small()?).unwrap_or(i32::MAX);
        }
    }
    Ok(Method::Pss {
        digest: own,
        mask,
        salt,
    })
}

pub(super) fn verify(
    certificate: &Certificate,
    algorithm: &Value<'_>,
    digest: MessageDigest,
    signed: &[u8],
    signature: &[u8],
) -> Result<bool, SignatureFault> {
    let method = method(algorithm)?;
    let Ok(key) = certificate.x509().public_key() else {
        let kind = certificate.facts().key.to_string();
        return Err(SignatureFault::Unsupported(kind));
    };
    let fits = match method {
        Method::Pkcs1(_) => key.id() == Id::RSA,
        Method::Pss { .. } => matches!(key.id(), Id::RSA | Id::RSA_PSS),
        Method::Ecdsa(_) => key.id() == Id::EC,
        Method::Ed25519 => key.id() == Id::ED25519,
    };
    if !fits {
        return Ok(false);
    }
    // An error of OpenSSL here is a signature that has not even the form of one.
    Ok(check(&key, &method, digest, signed, signature).unwrap_or(false))
}

fn check(
    key: &PKey<Public>,
    method: &Method,
    digest: MessageDigest,
    signed: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    match method {
        Method::Ed25519 => Verifier::new_without_digest(key)?.verify_oneshot(signature, signed),
        Method::Pkcs1(own) => {
            let mut verifier = Verifier::new(own.unwrap_or(digest), key)?;
            verifier.set_rsa_padding(Padding::PKCS1)?;
            verifier.update(signed)?;
            verifier.verify(signature)
        }
        Method::Ecdsa(own) => {
            let mut verifier = Verifier::new(own.unwrap_or(digest), key)?;
            verifier.update(signed)?;
            verifier.verify(signature)
        }
        Method::Pss { digest, mask, salt } => {
            let mut verifier = Verifier::new(*digest, key)?;
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_mgf1_md(*mask)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(*salt))?;
            verifier.update(signed)?;
            verifier.verify(signature)
        }
    }
}
