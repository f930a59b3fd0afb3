//! PKCS #12 (RFC 7292) read: every key with its certificate, and the certificates beside them.
//!
//! Read here and not by OpenSSL's call, because that gives one key of a file that holds two (one to sign, one to
//! decrypt, as OCES and RFC 9216 have it), cannot tell a wrong password from a broken file in every case, and needs its
//! legacy provider in the whole process for RC2. The primitives are OpenSSL's; RC2 is a package's.

use const_oid::ObjectIdentifier;
use openssl::{
    cipher::{Cipher, CipherRef},
    cipher_ctx::CipherCtx,
    hash::{MessageDigest, hash},
    pkcs5::pbkdf2_hmac,
    pkey::PKey,
    sign::Signer,
};
use rc2::cipher::{BlockModeDecrypt as _, InnerIvInit as _, block_padding::Pkcs7};
use zeroize::Zeroizing;

use super::SoftKey;
use crate::{
    ber::{Ber, BerError, INTEGER, OCTET_STRING, OID, SEQUENCE, Value, context},
    cert::Certificate,
};

/// Octets of a file at most.
const MAX_OCTETS: usize = 4 << 20;
/// Rounds of password hashing for a whole file at most, counted over all its keys, safes and blocks of output: some ten
/// seconds of computing. A file tells its own numbers, and a hostile one could ask for hours, a thousand times over. What
/// programs write today is 2,000 to 600,000 rounds for each of three or four places.
const MAX_ROUNDS: usize = 10_000_000;
/// Octets of the key of a PBMAC1 at least.
const MIN_MAC_KEY: usize = 20;
/// Bags at most.
const MAX_BAGS: usize = 1000;

/// What a file holds.
pub struct Bundle {
    /// The keys that have a certificate.
    pub keys: Vec<SoftKey>,
    /// All certificates, those of the keys first.
    pub certificates: Vec<Certificate>,
}

/// Why a file could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum Pkcs12Error {
    /// The password is not that of the file.
    #[error("wrong password")]
    WrongPassword,
    /// The file is cut, altered, or no PKCS #12.
    #[error("not a PKCS #12 file: {0}")]
    Broken(&'static str),
    /// It is protected in a way that is not read, by its OID.
    #[error("algorithm {0}")]
    Unsupported(String),
    /// It asks for more rounds of password hashing than are done for one file.
    #[error("more rounds of password hashing than are done")]
    TooCostly,
    /// It holds no private key.
    #[error("no private key")]
    NoKey,
    /// It holds a private key in PEM, and that or a certificate beside it is damaged.
    #[error("a private key, or a certificate beside it, is damaged")]
    Damaged,
    /// It holds a private key and no certificate.
    #[error("a private key without a certificate")]
    NoCertificate,
    /// It holds a private key, and the certificates beside it are not for that key.
    #[error("the private key does not belong to the certificate")]
    OtherCertificate,
}

impl From<BerError> for Pkcs12Error {
    fn from(cause: BerError) -> Self {
        match cause {
            BerError::TooDeep => Self::Broken("nested too deeply"),
            BerError::Malformed(expected) => Self::Broken(expected),
        }
    }
}

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const KEY_BAG: &str = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const SAFE_CONTENTS_BAG: &str = "1.2.840.113549.1.12.10.1.6";
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";

/// Reads a file.
pub fn read(octets: &[u8], password: &str) -> Result<Bundle, Pkcs12Error> {
    read_within(octets, password, Rounds::of_a_file())
}

fn read_within(octets: &[u8], password: &str, mut rounds: Rounds) -> Result<Bundle, Pkcs12Error> {
    if octets.len() > MAX_OCTETS {
        return Err(Pkcs12Error::Broken("a smaller file"));
    }
    let mut file = Ber::new(octets).sequence("a PKCS #12 file")?;
    if file.value(INTEGER, "version 3")?.small()? != 3 {
        return Err(Pkcs12Error::Broken("version 3"));
    }
    let (kind, content) = content_info(&mut file)?;
    if kind.to_string() != DATA {
        // Signed by a public key: no program of today makes such files.
        return Err(Pkcs12Error::Unsupported(kind.to_string()));
    }
    let safe = content.octets()?;
    // Some programs hash an empty password as no password at all.
    let mut passwords = vec![Password::of(password)];
    if password.is_empty() {
        passwords.push(Password::none());
    }
    let password = match file.optional(SEQUENCE)? {
        None => passwords.swap_remove(0),
        Some(mac) => {
            let mut found = None;
            for candidate in passwords {
                if is_authentic(&mac, &safe, &candidate, &mut rounds)? {
                    found = Some(candidate);
                    break;
                }
            }
            found.ok_or(Pkcs12Error::WrongPassword)?
        }
    };
    let mut found = Found::default();
    let mut safes = Ber::new(&safe).sequence("the safes")?;
    while !safes.is_empty() {
        let mut info = safes.sequence("a safe")?;
        let kind = info.value(OID, "a safe")?.oid()?;
        let explicit = info.value(context(0), "a safe")?.inside()?.any()?;
        match kind.to_string().as_str() {
            DATA => {
                let bags = explicit.octets()?;
                found.bags(&mut Ber::new(&bags), &password, &mut rounds, 0)?;
            }
            ENCRYPTED_DATA => {
                let plain = encrypted_data(&explicit, &password, &mut rounds)?;
                found.bags(&mut Ber::new(&plain), &password, &mut rounds, 0)?;
            }
            other => return Err(Pkcs12Error::Unsupported(other.to_owned())),
        }
    }
    found.bundle()
}

/// The key in an `EncryptedPrivateKeyInfo` (RFC 5958 §3), as PKCS #8.
pub(super) fn encrypted_key(
    octets: &[u8],
    password: &str,
    left: &mut Rounds,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let mut fields = Ber::new(octets).sequence("an encrypted key")?;
    let algorithm = fields.value(SEQUENCE, "an encryption")?;
    let encrypted = fields.value(OCTET_STRING, "an encrypted key")?.octets()?;
    decrypt(&algorithm, &encrypted, &Password::of(password), left)
}

/// Rounds of password hashing that are left for the file.
pub(super) struct Rounds(usize);

impl Rounds {
    pub(super) fn of_a_file() -> Self {
        Self(MAX_ROUNDS)
    }

    /// Takes what a derivation costs, before any of it is done: `rounds` for each block of `digest` in `octets`.
    fn take(
        &mut self,
        rounds: usize,
        octets: usize,
        digest: MessageDigest,
    ) -> Result<(), Pkcs12Error> {
        let blocks = octets.div_ceil(digest.size().max(1)).max(1);
        let cost = rounds.checked_mul(blocks);
        self.0 = cost
            .and_then(|cost| self.0.checked_sub(cost))
            .ok_or(Pkcs12Error::TooCostly)?;
        Ok(())
    }
}

/// ContentInfo with an OCTET STRING inside.
fn content_info<'a>(fields: &mut Ber<'a>) -> Result<(ObjectIdentifier, Value<'a>), Pkcs12Error> {
    let mut info = fields.sequence("the safes")?;
    let kind = info.value(OID, "the safes")?.oid()?;
    let explicit = info.value(context(0), "the safes")?;
    Ok((kind, explicit.inside()?.any()?))
}

/// A password in the two forms that PKCS #12 uses.
struct Password {
    /// UTF-8, for PBES2.
    text: Zeroizing<Vec<u8>>,
    /// BMPString with its end mark (RFC 7292 B.1), for everything older.
    wide: Zeroizing<Vec<u8>>,
}

impl Password {
    fn of(text: &str) -> Self {
        let mut wide: Zeroizing<Vec<u8>> =
            Zeroizing::new(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        wide.extend_from_slice(&[0, 0]);
        Self {
            text: Zeroizing::new(text.as_bytes().to_vec()),
            wide,
        }
    }

    fn none() -> Self {
        Self {
            text: Zeroizing::default(),
            wide: Zeroizing::default(),
        }
    }
}

/// MacData (RFC 7292 §4, and RFC 9579 for PBMAC1).
fn is_authentic(
    mac: &Value<'_>,
    safe: &[u8],
    password: &Password,
    left: &mut Rounds,
) -> Result<bool, Pkcs12Error> {
    let mut fields = mac.inside()?;
    let mut info = fields.sequence("a MAC")?;
    let mut algorithm = info.sequence("a MAC's digest")?;
    let oid = algorithm.value(OID, "a MAC's digest")?.oid()?.to_string();
    let told = info.value(OCTET_STRING, "a MAC")?.octets()?;
    let salt = fields.value(OCTET_STRING, "a salt")?.octets()?;
    let rounds = match fields.optional(INTEGER)? {
        Some(value) => number(&value)?,
        None => 1,
    };
    let (digest, key) = if oid == "1.2.840.113549.1.5.14" {
        let mut parameters = algorithm.sequence("PBMAC1-params")?;
        let derivation = parameters.value(SEQUENCE, "a key derivation")?;
        let mut scheme = parameters.sequence("a message authentication")?;
        let scheme = scheme
            .value(OID, "a message authentication")?
            .oid()?
            .to_string();
        let digest = hmac(&scheme).ok_or(Pkcs12Error::Unsupported(scheme))?;
        let key = pbkdf2(&derivation, None, password, left)?;
        // A shorter key can be found by trying, and then the file be altered (RFC 9579).
        if key.len() < MIN_MAC_KEY {
            return Err(Pkcs12Error::Broken("a MAC key that is long enough"));
        }
        (digest, key)
    } else {
        let digest = digest(&oid).ok_or(Pkcs12Error::Unsupported(oid))?;
        (
            digest,
            derive(
                digest,
                3,
                password,
                &salt,
                (rounds, &mut *left),
                digest.size(),
            )?,
        )
    };
    let computed = || -> Result<Vec<u8>, openssl::error::ErrorStack> {
        let key = PKey::hmac(&key)?;
        let mut signer = Signer::new(digest, &key)?;
        signer.update(safe)?;
        signer.sign_to_vec()
    };
    let computed = computed().or(Err(Pkcs12Error::Broken("a MAC")))?;
    Ok(computed.len() == told.len() && openssl::memcmp::eq(&computed, &told))
}

/// EncryptedData (RFC 5652 §8).
fn encrypted_data(
    value: &Value<'_>,
    password: &Password,
    left: &mut Rounds,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let mut fields = value.inside()?;
    fields.any()?.small()?;
    let mut info = fields.sequence("encrypted content")?;
    info.value(OID, "encrypted content")?;
    let algorithm = info.value(SEQUENCE, "an encryption")?;
    let encrypted = info.value(context(0), "encrypted content")?.octets()?;
    decrypt(&algorithm, &encrypted, password, left)
}

/// How many bags were read, and what stood in them.
#[derive(Default)]
struct Found {
    keys: Vec<Zeroizing<Vec<u8>>>,
    certificates: Vec<Certificate>,
    bags: usize,
}

impl Found {
    fn bags(
        &mut self,
        octets: &mut Ber<'_>,
        password: &Password,
        left: &mut Rounds,
        depth: usize,
    ) -> Result<(), Pkcs12Error> {
        if depth > 4 {
            return Err(Pkcs12Error::Broken("nested too deeply"));
        }
        let mut bags = octets.sequence("bags")?;
        while !bags.is_empty() {
            self.bags += 1;
            if self.bags > MAX_BAGS {
                return Err(Pkcs12Error::Broken("fewer bags"));
            }
            let mut bag = bags.sequence("a bag")?;
            let kind = bag.value(OID, "a bag")?.oid()?.to_string();
            let explicit = bag.value(context(0), "a bag")?;
            let mut inside = explicit.inside()?;
            match kind.as_str() {
                KEY_BAG => self.keys.push(Zeroizing::new(inside.any()?.der()?)),
                SHROUDED_KEY_BAG => {
                    let mut fields = inside.sequence("an encrypted key")?;
                    let algorithm = fields.value(SEQUENCE, "an encryption")?;
                    let encrypted = fields.value(OCTET_STRING, "an encrypted key")?.octets()?;
                    let key = decrypt(&algorithm, &encrypted, password, left)?;
                    self.keys.push(key);
                }
                CERTIFICATE_BAG => {
                    let mut fields = inside.sequence("a certificate")?;
                    let kind = fields.value(OID, "a certificate")?.oid()?.to_string();
                    if kind == X509_CERTIFICATE {
                        let octets = fields
                            .value(context(0), "a certificate")?
                            .inside()?
                            .value(OCTET_STRING, "a certificate")?
                            .octets()?;
                        let certificate = Certificate::from_der(&octets)
                            .or(Err(Pkcs12Error::Broken("a certificate")))?;
                        self.certificates.push(certificate);
                    }
                }
                SAFE_CONTENTS_BAG => {
                    self.bags(&mut Ber::new(explicit.content), password, left, depth + 1)?;
                }
                // Lists of revoked certificates and secrets are of no use here.
                _ => {}
            }
        }
        Ok(())
    }

    fn bundle(self) -> Result<Bundle, Pkcs12Error> {
        let mut keys: Vec<SoftKey> = Vec::new();
        for octets in &self.keys {
            let key =
                PKey::private_key_from_der(octets).or(Err(Pkcs12Error::Broken("a private key")))?;
            // By the key itself: the marks that should tie the two (localKeyID) are missing in real files.
            for certificate in &self.certificates {
                keys.extend(SoftKey::new(certificate.clone(), key.clone()));
            }
        }
        if keys.is_empty() {
            return Err(match (self.keys.is_empty(), self.certificates.is_empty()) {
                (true, _) => Pkcs12Error::NoKey,
                (false, true) => Pkcs12Error::NoCertificate,
                (false, false) => Pkcs12Error::OtherCertificate,
            });
        }
        let mut certificates = self.certificates;
        let own: Vec<_> = keys
            .iter()
            .map(|k| super::Opener::certificate(k).sha256())
            .collect();
        certificates.sort_by_key(|c| !own.contains(&c.sha256()));
        certificates.dedup_by_key(|c| c.sha256());
        Ok(Bundle { keys, certificates })
    }
}

fn number(value: &Value<'_>) -> Result<usize, Pkcs12Error> {
    let number = value.content.iter().try_fold(0_usize, |sum, octet| {
        sum.checked_mul(256)?.checked_add(usize::from(*octet))
    });
    let is_positive = value.content.first().is_some_and(|o| *o < 0x80);
    match number {
        Some(number) if is_positive && number > 0 => Ok(number),
        None if is_positive => Err(Pkcs12Error::TooCostly),
        _ => Err(Pkcs12Error::Broken("a number of rounds that can be")),
    }
}

fn digest(oid: &str) -> Option<MessageDigest> {
    Some(match oid {
        "1.3.14.3.2.26" => MessageDigest::sha1(),
        "2.16.840.1.101.3.4.2.4" => MessageDigest::sha224(),
        "2.16.840.1.101.3.4.2.1" => MessageDigest::sha256(),
        "2.16.840.1.101.3.4.2.2" => MessageDigest::sha384(),
        "2.16.840.1.101.3.4.2.3" => MessageDigest::sha512(),
        _ => return None,
    })
}

/// RFC 8018 B.1.2.
fn hmac(oid: &str) -> Option<MessageDigest> {
    Some(match oid {
        "1.2.840.113549.2.7" => MessageDigest::sha1(),
        "1.2.840.113549.2.8" => MessageDigest::sha224(),
        "1.2.840.113549.2.9" => MessageDigest::sha256(),
        "1.2.840.113549.2.10" => MessageDigest::sha384(),
        "1.2.840.113549.2.11" => MessageDigest::sha512(),
        _ => return None,
    })
}

/// Ciphers of RFC 7292 C.
enum Old {
    TripleDes,
    Rc2 { octets: usize },
}

fn decrypt(
    algorithm: &Value<'_>,
    encrypted: &[u8],
    password: &Password,
    left: &mut Rounds,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let mut fields = algorithm.inside()?;
    let oid = fields.value(OID, "an encryption")?.oid()?.to_string();
    let mut parameters = fields.sequence("the parameters of an encryption")?;
    let old = match oid.as_str() {
        "1.2.840.113549.1.5.13" => return pbes2(&mut parameters, encrypted, password, left),
        "1.2.840.113549.1.12.1.3" => Old::TripleDes,
        "1.2.840.113549.1.12.1.5" => Old::Rc2 { octets: 16 },
        "1.2.840.113549.1.12.1.6" => Old::Rc2 { octets: 5 },
        _ => return Err(Pkcs12Error::Unsupported(oid)),
    };
    let salt = parameters.value(OCTET_STRING, "a salt")?.octets()?;
    let rounds = number(&parameters.value(INTEGER, "a number of rounds")?)?;
    let sha1 = MessageDigest::sha1();
    let vector = derive(sha1, 2, password, &salt, (rounds, &mut *left), 8)?;
    match old {
        Old::TripleDes => {
            let key = derive(sha1, 1, password, &salt, (rounds, left), 24)?;
            cbc(Cipher::des_ede3_cbc(), &key, &vector, encrypted)
        }
        Old::Rc2 { octets } => {
            let key = derive(sha1, 1, password, &salt, (rounds, left), octets)?;
            rc2(&key, &vector, encrypted)
        }
    }
}

fn rc2(key: &[u8], vector: &[u8], encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    // The effective length is that of the key (RFC 7292 C, RFC 2268 §2).
    let cipher = rc2::Rc2::new_with_eff_key_len(key, key.len() * 8);
    let cipher = cbc::Decryptor::inner_iv_slice_init(cipher, vector)
        .or(Err(Pkcs12Error::Broken("an initialisation vector")))?;
    let plain = cipher.decrypt_padded_vec::<Pkcs7>(encrypted);
    plain
        .map(Zeroizing::new)
        .or(Err(Pkcs12Error::WrongPassword))
}

/// RFC 8018 §6.2.
fn pbes2(
    parameters: &mut Ber<'_>,
    encrypted: &[u8],
    password: &Password,
    left: &mut Rounds,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let derivation = parameters.value(SEQUENCE, "a key derivation")?;
    let mut scheme = parameters.sequence("an encryption scheme")?;
    let oid = scheme
        .value(OID, "an encryption scheme")?
        .oid()?
        .to_string();
    let cipher = match oid.as_str() {
        "2.16.840.1.101.3.4.1.2" => Cipher::aes_128_cbc(),
        "2.16.840.1.101.3.4.1.22" => Cipher::aes_192_cbc(),
        "2.16.840.1.101.3.4.1.42" => Cipher::aes_256_cbc(),
        "1.2.840.113549.3.7" => Cipher::des_ede3_cbc(),
        _ => return Err(Pkcs12Error::Unsupported(oid)),
    };
    let vector = scheme
        .value(OCTET_STRING, "an initialisation vector")?
        .octets()?;
    let key = pbkdf2(&derivation, Some(cipher.key_length()), password, left)?;
    cbc(cipher, &key, &vector, encrypted)
}

/// RFC 8018 A.2. `octets` where the scheme tells how long the key is.
fn pbkdf2(
    derivation: &Value<'_>,
    octets: Option<usize>,
    password: &Password,
    left: &mut Rounds,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let mut fields = derivation.inside()?;
    let oid = fields.value(OID, "a key derivation")?.oid()?.to_string();
    if oid != "1.2.840.113549.1.5.12" {
        return Err(Pkcs12Error::Unsupported(oid));
    }
    let mut parameters = fields.sequence("PBKDF2-params")?;
    let salt = parameters.value(OCTET_STRING, "a salt")?.octets()?;
    let rounds = number(&parameters.value(INTEGER, "a number of rounds")?)?;
    let told = parameters
        .optional(INTEGER)?
        .map(|v| number(&v))
        .transpose()?;
    let digest = match parameters.optional(SEQUENCE)? {
        None => MessageDigest::sha1(),
        Some(function) => {
            let oid = function
                .inside()?
                .value(OID, "a pseudorandom function")?
                .oid()?
                .to_string();
            hmac(&oid).ok_or(Pkcs12Error::Unsupported(oid))?
        }
    };
    let octets = octets
        .or(told)
        .filter(|n| *n <= 1024 && told.is_none_or(|t| t == *n))
        .ok_or(Pkcs12Error::Broken("the length of a key"))?;
    left.take(rounds, octets, digest)?;
    let mut key = Zeroizing::new(vec![0; octets]);
    pbkdf2_hmac(&password.text, &salt, rounds, digest, &mut key)
        .or(Err(Pkcs12Error::Broken("a key derivation")))?;
    Ok(key)
}

fn cbc(
    cipher: &CipherRef,
    key: &[u8],
    vector: &[u8],
    encrypted: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    if vector.len() != cipher.iv_length() || key.len() != cipher.key_length() {
        return Err(Pkcs12Error::Broken("an initialisation vector"));
    }
    let open = || -> Result<Zeroizing<Vec<u8>>, openssl::error::ErrorStack> {
        let mut context = CipherCtx::new()?;
        context.decrypt_init(Some(cipher), Some(key), Some(vector))?;
        let mut plain = Zeroizing::new(Vec::new());
        context.cipher_update_vec(encrypted, &mut plain)?;
        context.cipher_final_vec(&mut plain)?;
        Ok(plain)
    };
    // The MAC was right where there is one: then what is wrong is another password for the keys.
    open().or(Err(Pkcs12Error::WrongPassword))
}

/// Key derivation of RFC 7292 B.2. `purpose` is 1 for keys, 2 for initialisation vectors, 3 for a MAC; the rounds come
/// with what is left of them.
fn derive(
    digest: MessageDigest,
    purpose: u8,
    password: &Password,
    salt: &[u8],
    (rounds, left): (usize, &mut Rounds),
    octets: usize,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    left.take(rounds, octets, digest)?;
    let block = if digest.size() > 32 { 128 } else { 64 };
    let repeated = |value: &[u8]| -> Vec<u8> {
        let whole = value.len().div_ceil(block) * block;
        value
            .iter()
            .copied()
            .cycle()
            .take(if value.is_empty() { 0 } else { whole })
            .collect()
    };
    let mut input = Zeroizing::new(repeated(salt));
    input.extend_from_slice(&Zeroizing::new(repeated(&password.wide)));
    let diversifier = vec![purpose; block];
    let mut out = Zeroizing::new(Vec::with_capacity(octets + 64));
    while out.len() < octets {
        let mut first = Zeroizing::new(diversifier.clone());
        first.extend_from_slice(&input);
        let hashed = |octets: &[u8]| hash(digest, octets).or(Err(Pkcs12Error::Broken("a digest")));
        let mut piece = Zeroizing::new(hashed(&first)?.to_vec());
        for _ in 1..rounds {
            *piece = hashed(&piece)?.to_vec();
        }
        out.extend_from_slice(&piece);
        let adjust: Vec<u8> = piece.iter().copied().cycle().take(block).collect();
        for chunk in input.chunks_mut(block) {
            // chunk = (chunk + adjust + 1) mod 2^(8 * block)
            let mut carry = 1_u16;
            for (octet, add) in chunk.iter_mut().zip(&adjust).rev() {
                let sum = u16::from(*octet) + u16::from(*add) + carry;
                #[expect(clippy::cast_possible_truncation, reason = "the low octet")]
                {
                    *octet = sum as u8;
                }
                carry = sum >> 8;
            }
        }
    }
    out.truncate(octets);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of OpenSSL's with one key, one certificate and a MAC, each hashed with so many rounds.
    fn file(rounds: u32) -> Vec<u8> {
        use openssl::{
            asn1::Asn1Time, ec::EcGroup, ec::EcKey, nid::Nid, pkcs12::Pkcs12, x509::X509,
        };
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let mut certificate = X509::builder().unwrap();
        certificate.set_version(2).unwrap();
        certificate.set_pubkey(&key).unwrap();
        certificate
            .set_not_before(&Asn1Time::days_from_now(0).unwrap())
            .unwrap();
        certificate
            .set_not_after(&Asn1Time::days_from_now(1).unwrap())
            .unwrap();
        certificate.sign(&key, MessageDigest::sha256()).unwrap();
        let certificate = certificate.build();
        let mut made = Pkcs12::builder();
        made.name("a")
            .pkey(&key)
            .cert(&certificate)
            .key_iter(rounds)
            .mac_iter(rounds);
        made.build2("x").unwrap().to_der().unwrap()
    }

    #[test]
    fn the_rounds_of_all_places_of_a_file_are_counted_together() {
        let file = file(1000);
        // MAC, safe and key, each of one block with SHA-256.
        assert!(read_within(&file, "x", Rounds(3000)).is_ok());
        for limit in [0, 999, 1000, 1999, 2000, 2999] {
            assert!(
                matches!(
                    read_within(&file, "x", Rounds(limit)),
                    Err(Pkcs12Error::TooCostly)
                ),
                "{limit}"
            );
        }
        // With a wrong password nothing beyond the MAC is computed.
        assert!(matches!(
            read_within(&file, "y", Rounds(1000)),
            Err(Pkcs12Error::WrongPassword)
        ));
    }

    #[test]
    fn each_block_of_a_derivation_counts_and_no_number_is_too_large_to_count() {
        let mut left = Rounds(100);
        left.take(10, 24, MessageDigest::sha1()).unwrap();
        assert_eq!(left.0, 80);
        assert!(left.take(usize::MAX, 1024, MessageDigest::sha1()).is_err());
        assert!(left.take(81, 20, MessageDigest::sha1()).is_err());
        assert!(left.take(80, 20, MessageDigest::sha1()).is_ok());
    }

    #[test]
    fn octets_that_are_no_pkcs_12_are_broken_and_not_a_wrong_password() {
        for octets in [&b""[..], b"hello", &[0x30, 3, 2, 1, 3], &[0x30, 0x80, 0, 0]] {
            assert!(
                matches!(read(octets, ""), Err(Pkcs12Error::Broken(_))),
                "{octets:?}"
            );
        }
    }
}
