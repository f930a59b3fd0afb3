//! The calls of PKCS #11 on one module, in its thread: what is there, the PIN, signing, decrypting, agreeing.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    mechanism::{
        Mechanism, MechanismType,
        elliptic_curve::{EcKdf, Ecdh1DeriveParams},
        rsa::{PkcsMgfType, PkcsOaepParams, PkcsOaepSource, PkcsPssParams},
    },
    object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, SessionState, UserType},
    slot::{Slot, TokenInfo},
    types::AuthPin,
};
use openssl::{bn::BigNum, ecdsa::EcdsaSig, sha::sha256};
use zeroize::Zeroizing;

use super::{Pin, PinTries, Token, TokenError, TokenState, oaep};
use crate::{
    cert::Certificate,
    identity::{OaepHash, RsaPadding, SignatureScheme, above},
};

/// DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1).
const SHA256_INFO: &[u8] =
    b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

/// A token that is there.
pub(super) struct Seen {
    pub(super) token: Token,
    pub(super) state: TokenState,
    pub(super) keys: Vec<Held>,
}

/// A certificate in a token whose private key is there too, as far as can be seen.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) id: Vec<u8>,
    pub(super) certificate: Certificate,
    pub(super) chain: Vec<Certificate>,
}

/// A module with what is open in it.
pub(super) struct Card {
    path: PathBuf,
    context: Option<Pkcs11>,
    /// By number of the slot.
    open: BTreeMap<u64, Open>,
}

/// A token with a session. Signing in holds for all sessions of a program with a token.
struct Open {
    token: Token,
    session: Session,
    keys: Vec<Held>,
}

impl Card {
    /// Loads nothing yet.
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            context: None,
            open: BTreeMap::new(),
        }
    }

    /// Every token that is there. What is in it is read once for as long as it stays.
    pub(super) fn look(&mut self) -> Result<Vec<Seen>, TokenError> {
        let mut found = Vec::new();
        for (slot, info) in self.slots()? {
            let token = Token::of(&info);
            let opened = match self.session(slot, &token) {
                Ok(opened) => opened,
                // Taken out between the two calls.
                Err(TokenError::Absent) => continue,
                Err(cause) => return Err(cause),
            };
            let state = if !info.login_required() || is_signed_in(&opened.session) {
                TokenState::Ready
            } else {
                TokenState::Locked {
                    tries: tries(&info),
                    on_reader: info.protected_authentication_path(),
                }
            };
            found.push(Seen {
                token,
                state,
                keys: opened.keys.clone(),
            });
        }
        Ok(found)
    }

    /// Gives the token the PIN, once.
    pub(super) fn login(&mut self, token: &Token, pin: Option<Pin>) -> Result<(), TokenError> {
        let (slot, info) = self.slot_of(token)?;
        let session = &self.session(slot, token)?.session;
        if is_signed_in(session) {
            return Ok(());
        }
        if info.user_pin_locked() {
            return Err(TokenError::WrongPin(PinTries::None));
        }
        let pin = match pin {
            None if info.protected_authentication_path() => None,
            None => return Err(TokenError::Locked),
            Some(Pin(typed)) => {
                // Said here, so that it costs no try.
                let max = info.max_pin_length();
                if typed.len() < info.min_pin_length().max(1) || (max > 0 && typed.len() > max) {
                    return Err(TokenError::PinLength);
                }
                Some(AuthPin::from(typed.as_str()))
            }
        };
        match session.login(UserType::User, pin.as_ref()) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid, _)) => {
                let left = self.slot_of(token).map_or(PinTries::Few, |(_, now)| {
                    match tries(&now) {
                        // Not every token tells that one was wrong.
                        PinTries::Fine => PinTries::Few,
                        told => told,
                    }
                });
                Err(TokenError::WrongPin(left))
            }
            Err(Error::Pkcs11(RvError::PinLocked, _)) => Err(TokenError::WrongPin(PinTries::None)),
            Err(Error::Pkcs11(RvError::PinLenRange, _)) => Err(TokenError::PinLength),
            Err(Error::Pkcs11(RvError::PinExpired, _)) => Err(TokenError::PinExpired),
            Err(cause) => Err(told(&cause)),
        }
    }

    /// Signs; the digest is made here, as every token can.
    pub(super) fn sign(
        &mut self,
        token: &Token,
        id: &[u8],
        scheme: SignatureScheme,
        octets: &[u8],
    ) -> Result<Vec<u8>, TokenError> {
        let digest = sha256(octets);
        self.with_key(token, id, Attribute::Sign(true), |session, key| {
            Ok(match scheme {
                SignatureScheme::RsaPkcs1Sha256 => {
                    let info = [SHA256_INFO, &digest].concat();
                    session.sign(&Mechanism::RsaPkcs, key, &info)?
                }
                SignatureScheme::RsaPssSha256 => {
                    let parameters = PkcsPssParams {
                        hash_alg: MechanismType::SHA256,
                        mgf: PkcsMgfType::MGF1_SHA256,
                        s_len: 32.into(),
                    };
                    session.sign(&Mechanism::RsaPkcsPss(parameters), key, &digest)?
                }
                SignatureScheme::Ed25519 => return Err(Fault::Odd("Ed25519")),
                SignatureScheme::EcdsaSha256 => {
                    ecdsa(&session.sign(&Mechanism::Ecdsa, key, &digest)?)?
                }
            })
        })
    }

    /// Decrypts a content key.
    pub(super) fn decrypt(
        &mut self,
        token: &Token,
        id: &[u8],
        padding: RsaPadding,
        label: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        self.with_key(token, id, Attribute::Decrypt(true), |session, key| {
            let (hash, mask) = match padding {
                RsaPadding::Pkcs1 => {
                    let plain = session.decrypt(&Mechanism::RsaPkcs, key, encrypted)?;
                    return Ok(Zeroizing::new(plain));
                }
                RsaPadding::Oaep { hash, mask } => (hash, mask),
            };
            // Few tokens know OAEP with another digest than SHA-1, and it is announced to whoever gets a signed mail: so
            // the padding is taken off here where the token gives the bare value.
            if let Ok(bare) = session.decrypt(&Mechanism::RsaX509, key, encrypted) {
                let bare = Zeroizing::new(bare);
                return oaep::decode(&bare, hash, mask, label).ok_or(Fault::Odd("OAEP"));
            }
            let source = if label.is_empty() {
                PkcsOaepSource::empty()
            } else {
                PkcsOaepSource::data_specified(label)
            };
            let parameters = PkcsOaepParams::new(digest(hash), mask_function(mask), source);
            let mechanism = Mechanism::RsaPkcsOaep(parameters);
            Ok(Zeroizing::new(session.decrypt(&mechanism, key, encrypted)?))
        })
    }

    /// The shared secret with an uncompressed point, as many octets as the field has.
    pub(super) fn derive(
        &mut self,
        token: &Token,
        id: &[u8],
        point: &[u8],
        field: usize,
    ) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        let parameters = Ecdh1DeriveParams::new(EcKdf::null(), point);
        let mechanism = Mechanism::Ecdh1Derive(parameters);
        let octets = field
            .try_into()
            .map_err(|_too_large| Fault::Odd("a field"))?;
        // A key of this session alone, that may be read: it is no longer than the message takes to open.
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::GENERIC_SECRET),
            Attribute::Token(false),
            Attribute::Sensitive(false),
            Attribute::Extractable(true),
            Attribute::ValueLen(octets),
        ];
        self.with_key(token, id, Attribute::Derive(true), |session, key| {
            let shared = session.derive_key(&mechanism, key, &template)?;
            let value = session.get_attributes(shared, &[AttributeType::Value]);
            session.destroy_object(shared)?;
            let found = value?.into_iter().find_map(|attribute| match attribute {
                Attribute::Value(octets) => Some(Zeroizing::new(octets)),
                _ => None,
            });
            found
                .filter(|secret| secret.len() == field)
                .ok_or(Fault::Odd("the shared secret"))
        })
    }

    /// Finds the private key and uses it. What a token that went away left open is closed.
    fn with_key<T>(
        &mut self,
        token: &Token,
        id: &[u8],
        usage: Attribute,
        call: impl FnOnce(&Session, ObjectHandle) -> Result<T, Fault>,
    ) -> Result<T, TokenError> {
        let (slot, info) = self.slot_of(token)?;
        let session = &self.session(slot, token)?.session;
        if info.login_required() && !is_signed_in(session) {
            return Err(TokenError::Locked);
        }
        let done = private_key(session, id, usage).and_then(|key| call(session, key));
        let done = done.map_err(TokenError::from);
        if matches!(done, Err(TokenError::Absent)) {
            self.open.remove(&slot.id());
        }
        done
    }

    /// The module, begun. One that could not be begun is tried again: the service that it needs may have come up.
    fn context(&mut self) -> Result<&Pkcs11, TokenError> {
        let context = match self.context.take() {
            Some(context) => context,
            None => self.begin()?,
        };
        Ok(self.context.insert(context))
    }

    fn begin(&self) -> Result<Pkcs11, TokenError> {
        let unusable = |cause: &dyn std::fmt::Display| TokenError::Module {
            module: self.path.clone(),
            detail: cause.to_string(),
        };
        // A bare name would be looked for in folders that others may write to, or that the environment names.
        if !self.path.is_absolute() || !self.path.is_file() {
            return Err(unusable(&"there is no such file"));
        }
        let context = Pkcs11::new(&self.path).map_err(|e| unusable(&e))?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(context),
            Err(cause) => Err(unusable(&cause)),
        }
    }

    /// Each slot with a token that is set up. What was open in others is closed.
    fn slots(&mut self) -> Result<Vec<(Slot, TokenInfo)>, TokenError> {
        let context = self.context()?;
        let mut found = Vec::new();
        for slot in context.get_slots_with_token().map_err(|e| told(&e))? {
            match context.get_token_info(slot) {
                Ok(info) if info.token_initialized() => found.push((slot, info)),
                Ok(_) => {}
                Err(cause) => match told(&cause) {
                    TokenError::Absent => {}
                    other => return Err(other),
                },
            }
        }
        self.open.retain(|number, opened| {
            let is_same =
                |(s, i): &(Slot, TokenInfo)| s.id() == *number && Token::of(i) == opened.token;
            found.iter().any(is_same)
        });
        Ok(found)
    }

    fn slot_of(&mut self, token: &Token) -> Result<(Slot, TokenInfo), TokenError> {
        let slots = self.slots()?.into_iter();
        let found = slots.into_iter().find(|(_, i)| Token::of(i) == *token);
        found.ok_or(TokenError::Absent)
    }

    /// The session with a token; a new one where the token was out in between.
    fn session(&mut self, slot: Slot, token: &Token) -> Result<&Open, TokenError> {
        let is_over = |opened: &Open| opened.session.get_session_info().is_err();
        if self.open.get(&slot.id()).is_some_and(is_over) {
            self.open.remove(&slot.id());
        }
        if !self.open.contains_key(&slot.id()) {
            let context = self.context()?;
            let session = context.open_ro_session(slot).map_err(|e| told(&e))?;
            let keys = keys(&session).map_err(TokenError::from)?;
            let token = token.clone();
            let opened = Open {
                token,
                session,
                keys,
            };
            self.open.insert(slot.id(), opened);
        }
        self.open.get(&slot.id()).ok_or(TokenError::Absent)
    }
}

impl Token {
    fn of(info: &TokenInfo) -> Self {
        Self {
            label: info.label().to_owned(),
            serial: info.serial_number().to_owned(),
        }
    }
}

fn tries(info: &TokenInfo) -> PinTries {
    if info.user_pin_locked() {
        PinTries::None
    } else if info.user_pin_final_try() {
        PinTries::Last
    } else if info.user_pin_count_low() {
        PinTries::Few
    } else {
        PinTries::Fine
    }
}

fn is_signed_in(session: &Session) -> bool {
    session.get_session_info().is_ok_and(|info| {
        matches!(
            info.session_state(),
            SessionState::RoUser | SessionState::RwUser
        )
    })
}

/// The certificates whose key is there. Private keys are seen only with the PIN, and many tokens show the public ones:
/// where neither is seen, every certificate counts that issues no others.
fn keys(session: &Session) -> Result<Vec<Held>, Fault> {
    let mut with_key: Vec<Vec<u8>> = Vec::new();
    for class in [ObjectClass::PUBLIC_KEY, ObjectClass::PRIVATE_KEY] {
        for key in session.find_objects(&[Attribute::Class(class), Attribute::Token(true)])? {
            with_key.push(id_and_value(session, key, &[AttributeType::Id])?.0);
        }
    }
    let of_x509 = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
    ];
    let mut all = Vec::new();
    for object in session.find_objects(&of_x509)? {
        let wanted = [AttributeType::Id, AttributeType::Value];
        let (id, der) = id_and_value(session, object, &wanted)?;
        // Cards carry their maker's own entries: what is no certificate is nobody's identity.
        if let Ok(certificate) = Certificate::from_der(&der) {
            all.push((id, certificate));
        }
    }
    let pool: Vec<Certificate> = all.iter().map(|(_, c)| c.clone()).collect();
    let is_own = |(id, certificate): &&(Vec<u8>, Certificate)| {
        !certificate.facts().is_ca && (with_key.is_empty() || with_key.contains(id))
    };
    Ok(all
        .iter()
        .filter(is_own)
        .map(|(id, certificate)| Held {
            id: id.clone(),
            certificate: certificate.clone(),
            chain: above(certificate, &pool),
        })
        .collect())
}

fn id_and_value(
    session: &Session,
    object: ObjectHandle,
    wanted: &[AttributeType],
) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let (mut id, mut value) = (Vec::new(), Vec::new());
    for attribute in session.get_attributes(object, wanted)? {
        match attribute {
            Attribute::Id(octets) => id = octets,
            Attribute::Value(octets) => value = octets,
            _ => {}
        }
    }
    Ok((id, value))
}

/// The private key with this CKA_ID that is for this use.
fn private_key(session: &Session, id: &[u8], usage: Attribute) -> Result<ObjectHandle, Fault> {
    let template = [
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::Id(id.to_vec()),
        usage,
    ];
    let found = session.find_objects(&template)?;
    let key = *found.first().ok_or(Fault::NoKey)?;
    for attribute in session.get_attributes(key, &[AttributeType::AlwaysAuthenticate])? {
        if matches!(attribute, Attribute::AlwaysAuthenticate(true)) {
            return Err(Fault::EachTime);
        }
    }
    Ok(key)
}

/// `r || s` as tokens give it, as ECDSA-Sig-Value (RFC 3279 §2.2.3).
fn ecdsa(raw: &[u8]) -> Result<Vec<u8>, Fault> {
    let (r, s) = raw.split_at(raw.len() / 2);
    let number = |octets| BigNum::from_slice(octets);
    let made = number(r)
        .and_then(|r| EcdsaSig::from_private_components(r, number(s)?))
        .and_then(|signature| signature.to_der());
    made.or(Err(Fault::Odd("an ECDSA signature")))
}

fn digest(hash: OaepHash) -> MechanismType {
    match hash {
        OaepHash::Sha1 => MechanismType::SHA1,
        OaepHash::Sha256 => MechanismType::SHA256,
        OaepHash::Sha384 => MechanismType::SHA384,
        OaepHash::Sha512 => MechanismType::SHA512,
    }
}

fn mask_function(hash: OaepHash) -> PkcsMgfType {
    match hash {
        OaepHash::Sha1 => PkcsMgfType::MGF1_SHA1,
        OaepHash::Sha256 => PkcsMgfType::MGF1_SHA256,
        OaepHash::Sha384 => PkcsMgfType::MGF1_SHA384,
        OaepHash::Sha512 => PkcsMgfType::MGF1_SHA512,
    }
}

/// What went wrong inside a call.
enum Fault {
    Told(Error),
    NoKey,
    EachTime,
    /// The token answered something that it should not.
    Odd(&'static str),
}

impl From<Error> for Fault {
    fn from(cause: Error) -> Self {
        Self::Told(cause)
    }
}

impl From<Fault> for TokenError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Told(cause) => told(&cause),
            Fault::NoKey => Self::NoKey,
            Fault::EachTime => Self::PinEachTime,
            Fault::Odd(what) => Self::Refused(what.to_owned()),
        }
    }
}

fn told(cause: &Error) -> TokenError {
    match cause {
        Error::Pkcs11(
            RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::DeviceRemoved
            | RvError::DeviceError
            | RvError::SlotIdInvalid
            | RvError::SessionHandleInvalid
            | RvError::SessionClosed,
            _,
        ) => TokenError::Absent,
        Error::Pkcs11(RvError::UserNotLoggedIn, _) => TokenError::Locked,
        other => TokenError::Refused(other.to_string()),
    }
}
