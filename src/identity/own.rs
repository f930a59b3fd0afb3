//! A key of the user's own with the certificates above it, and the file that carries both to another program.

use openssl::{error::ErrorStack, pkcs12::Pkcs12, stack::Stack};
use zeroize::Zeroizing;

use super::{Opener as _, SoftKey, pkcs12::Bundle};
use crate::cert::Certificate;

/// Certificates above one's own at most.
const MAX_CHAIN: usize = 10;
/// Rounds of password hashing for each of the three places of a key file: it lies about for years, and its password is
/// what somebody thought of. All three take a fifth of a second. No more, because .NET reads 300,000 a place.
const ROUNDS: u32 = 300_000;

/// Why a key file was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeFileError {
    /// The password holds a NUL, where the text would end for other programs.
    #[error("the password holds a NUL")]
    Nul,
    /// OpenSSL failed.
    #[error(transparent)]
    Library(#[from] ErrorStack),
}

/// A key with the certificates above its own, up to but without a root: whoever verifies must have that from elsewhere.
pub struct OwnKey {
    /// The key with its certificate.
    pub key: SoftKey,
    /// From the issuer of the certificate upwards.
    pub chain: Vec<Certificate>,
}

impl OwnKey {
    /// Every key of a file, each with what the file holds above it.
    pub fn all(bundle: Bundle) -> Vec<Self> {
        let Bundle { keys, certificates } = bundle;
        let with_chain = |key: SoftKey| Self {
            chain: above(key.certificate(), &certificates),
            key,
        };
        keys.into_iter().map(with_chain).collect()
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        self.key.certificate()
    }

    /// A PKCS #12 file (RFC 7292) with key, certificate and chain, in the strong form of today (AES-256, SHA-256). Takes
    /// a fifth of a second, on purpose.
    pub fn to_pkcs12(&self, password: &str) -> Result<Zeroizing<Vec<u8>>, MakeFileError> {
        if password.contains('\0') {
            return Err(MakeFileError::Nul);
        }
        let mut chain = Stack::new()?;
        for certificate in &self.chain {
            chain.push(certificate.x509().clone())?;
        }
        // Whoever issued the certificate chose the name, and OpenSSL takes no NUL in it.
        let name = self.certificate().facts().common_name.as_deref();
        let name = name.unwrap_or("Segl").replace('\0', "");
        let mut builder = Pkcs12::builder();
        builder
            .name(&name)
            .key_iter(ROUNDS)
            .mac_iter(ROUNDS)
            .pkey(self.key.key())
            .cert(self.certificate().x509())
            .ca(chain);
        Ok(Zeroizing::new(builder.build2(password)?.to_der()?))
    }
}

impl OwnKey {
    /// Key, certificate and chain as PEM (RFC 7468), which `read_keys` reads: for what is sealed at once.
    pub(crate) fn to_pem(&self) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
        let mut pem = Zeroizing::new(self.key.key().private_key_to_pem_pkcs8()?);
        let chain = self.chain.iter();
        for certificate in std::iter::once(self.certificate()).chain(chain) {
            pem.extend_from_slice(&certificate.x509().to_pem()?);
        }
        Ok(pem)
    }
}

/// The issuers of a certificate among `pool`, each by its signature, not by its name alone.
pub(crate) fn above(leaf: &Certificate, pool: &[Certificate]) -> Vec<Certificate> {
    let mut chain: Vec<Certificate> = Vec::new();
    let mut current = leaf;
    while chain.len() < MAX_CHAIN {
        let is_issuer = |c: &&Certificate| {
            let is_above = c.facts().subject == current.facts().issuer && *c != current;
            let is_root = c.facts().subject == c.facts().issuer;
            let key = c.x509().public_key();
            is_above
                && !is_root
                && !chain.contains(c)
                && key.is_ok_and(|key| current.x509().verify(&key).unwrap_or(false))
        };
        match pool.iter().find(is_issuer) {
            Some(issuer) => {
                current = issuer;
                chain.push(issuer.clone());
            }
            None => break,
        }
    }
    chain
}
