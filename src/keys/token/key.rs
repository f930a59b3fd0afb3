//! A private key in a token: [`Signer`] and [`Opener`] by asking the token.

use std::path::PathBuf;

use openssl::{
    bn::BigNumContext,
    ec::PointConversionForm,
    pkey::{Id, PKeyRef, Public},
};
use zeroize::Zeroizing;

use super::{Token, TokenError, TokenState, USE, module::Module};
use crate::{
    cert::{Certificate, KeyKind},
    identity::{Opener, OpenerError, RsaPadding, SignatureScheme, Signer, SignerError},
};

/// Octets of the random value that stands in for a content key that did not come out: those of AES-256.
const STAND_IN: usize = 32;

/// A private key in a token, with its certificate and those above it.
#[derive(Clone)]
pub struct TokenKey {
    pub(super) module: PathBuf,
    pub(super) token: Token,
    /// CKA_ID of key and certificate.
    pub(super) id: Vec<u8>,
    pub(super) certificate: Certificate,
    pub(super) chain: Vec<Certificate>,
    pub(super) state: TokenState,
}

impl TokenKey {
    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// From the issuer of the certificate upwards, as the token holds them.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// Which token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// How it stood when it was looked at.
    pub fn state(&self) -> &TokenState {
        &self.state
    }

    fn module(&self) -> Result<Module, TokenError> {
        Module::of(&self.module)
    }
}

impl Signer for TokenKey {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn schemes(&self) -> &'static [SignatureScheme] {
        match self.certificate.facts().key {
            KeyKind::Rsa { .. } => &[
                SignatureScheme::RsaPkcs1Sha256,
                SignatureScheme::RsaPssSha256,
            ],
            KeyKind::Ec(_) => &[SignatureScheme::EcdsaSha256],
            _ => &[],
        }
    }

    fn sign(&self, scheme: SignatureScheme, octets: &[u8]) -> Result<Vec<u8>, SignerError> {
        if !self.schemes().contains(&scheme) {
            return Err(SignerError::OtherKind);
        }
        let (token, id, octets) = (self.token.clone(), self.id.clone(), octets.to_vec());
        let signed = self
            .module()
            .and_then(|m| m.ask(USE, move |card| card.sign(&token, &id, scheme, &octets)));
        signed.map_err(|cause| match cause {
            TokenError::Absent | TokenError::Module { .. } => SignerError::Away,
            TokenError::Locked => SignerError::Locked,
            TokenError::Late => SignerError::Late,
            other => SignerError::Refused(other.to_string()),
        })
    }
}

impl Opener for TokenKey {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn rsa(
        &self,
        padding: RsaPadding,
        label: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenerError> {
        if !matches!(self.certificate.facts().key, KeyKind::Rsa { .. }) {
            return Err(OpenerError::OtherKind);
        }
        // Made before it is known whether it is needed (RFC 3218 §2.3.2).
        let mut stand_in = Zeroizing::new(vec![0; STAND_IN]);
        openssl::rand::rand_bytes(&mut stand_in).or(Err(OpenerError::Failed))?;
        let (token, id) = (self.token.clone(), self.id.clone());
        let (label, encrypted) = (label.to_vec(), encrypted.to_vec());
        let call = move |card: &mut super::card::Card| {
            card.decrypt(&token, &id, padding, &label, &encrypted)
        };
        match self.module().and_then(|m| m.ask(USE, call)) {
            Ok(key) => Ok(key),
            Err(cause) if is_away(&cause) => Err(OpenerError::Away),
            // A token says whether the padding was right, which OpenSSL's keys do not: the content then does not open,
            // and nobody sees which of the two it was.
            Err(_) if padding == RsaPadding::Pkcs1 => Ok(stand_in),
            Err(_) => Err(OpenerError::Failed),
        }
    }

    fn agree(&self, peer: &PKeyRef<Public>) -> Result<Zeroizing<Vec<u8>>, OpenerError> {
        if peer.id() != Id::EC || !matches!(self.certificate.facts().key, KeyKind::Ec(_)) {
            return Err(OpenerError::OtherKind);
        }
        let point = || -> Result<(Vec<u8>, usize), openssl::error::ErrorStack> {
            let key = peer.ec_key()?;
            // The token is never given a point that is not on the curve.
            key.check_key()?;
            let mut numbers = BigNumContext::new()?;
            let form = PointConversionForm::UNCOMPRESSED;
            let point = key.public_key().to_bytes(key.group(), form, &mut numbers)?;
            let field = key.group().degree().div_ceil(8);
            Ok((point, usize::try_from(field).unwrap_or_default()))
        };
        let (point, field) = point().or(Err(OpenerError::Failed))?;
        let (token, id) = (self.token.clone(), self.id.clone());
        let agreed = self
            .module()
            .and_then(|m| m.ask(USE, move |card| card.derive(&token, &id, &point, field)));
        agreed.map_err(|cause| {
            if is_away(&cause) {
                OpenerError::Away
            } else {
                OpenerError::Failed
            }
        })
    }

    /// PKCS #11 knows no encapsulation before version 3.2, and no token that is on a desk does ML-KEM.
    fn decapsulate(&self, _ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenerError> {
        Err(OpenerError::OtherKind)
    }
}

/// Whether it says nothing about the message: the token was not asked, or could not answer.
fn is_away(cause: &TokenError) -> bool {
    matches!(
        cause,
        TokenError::Absent | TokenError::Locked | TokenError::Late | TokenError::Module { .. }
    )
}
