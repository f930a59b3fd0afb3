//! Keys in tokens: smart cards, USB keys and hardware modules, by PKCS #11 (OASIS, version 2.40 and 3).
//!
//! The module that talks to a token is a library that runs inside this program: its path comes from the settings alone,
//! never from a message or the environment. Each module has one thread, and each call a deadline ([`module`]). A PIN is
//! given to the token once, when somebody typed it, and never again by itself: three wrong ones lock a card. The private
//! key never leaves the token. What certificates a token held is remembered sealed (`remembered`), so that a token that
//! is away is told from one that never was: mail that should be signed then does not leave unsigned.

mod card;
mod key;
mod module;
mod oaep;
mod remembered;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use zeroize::Zeroizing;

use self::{card::Seen, module::Module};
use super::{KeyError, KeySource};
pub use key::TokenKey;
pub(super) use remembered::{ENDING as REMEMBERED, USE as SEALED_FOR};

/// For a look at what is there.
const LOOK: Duration = Duration::from_secs(8);
/// For a signature or a decryption: a card takes up to some seconds.
const USE: Duration = Duration::from_secs(30);
/// For a PIN; on a reader with keys of its own somebody has to type it.
const LOGIN: Duration = Duration::from_mins(1);

/// Which token: what is printed on it or stored in it, for people, and its serial number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    /// The name that it was given.
    pub label: String,
    /// Its serial number, as its maker gave it.
    pub serial: String,
}

/// A PIN. Overwritten when it is dropped; has neither `Debug` nor `Clone`.
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// As it was typed.
    pub fn new(typed: Zeroizing<String>) -> Self {
        Self(typed)
    }
}

/// What is left of the tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinTries {
    /// No wrong one is known.
    Fine,
    /// At least one was wrong.
    Few,
    /// The next wrong one locks the token.
    Last,
    /// The token is locked: only its issuer can open it.
    None,
}

/// How a key in a token stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenState {
    /// The token is there and open.
    Ready,
    /// The token is there and wants its PIN.
    Locked {
        /// What is left of the tries.
        tries: PinTries,
        /// The PIN is typed on the reader's own keys.
        on_reader: bool,
    },
    /// The token is not there.
    Absent,
    /// The module did not answer, or could not be loaded.
    Unreachable(TokenError),
}

impl TokenState {
    /// Its code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Locked {
                tries: PinTries::None,
                ..
            } => "blocked",
            Self::Locked { .. } => "locked",
            Self::Absent => "absent",
            Self::Unreachable(_) => "unreachable",
        }
    }
}

/// Why a token did not do its part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The module cannot be loaded or started.
    #[error("the module {}: {detail}", module.display())]
    Module {
        /// Its path, as the settings name it.
        module: PathBuf,
        /// What the operating system or the module said.
        detail: String,
    },
    /// The token is not there.
    #[error("the token is away")]
    Absent,
    /// It wants its PIN.
    #[error("the token is locked")]
    Locked,
    /// It did not answer in time.
    #[error("the token did not answer")]
    Late,
    /// The PIN was wrong.
    #[error("the PIN is wrong")]
    WrongPin(PinTries),
    /// The PIN is shorter or longer than the token takes. Not counted as a try.
    #[error("the PIN is too short or too long")]
    PinLength,
    /// The PIN has to be changed with the token's own program first.
    #[error("the PIN has expired")]
    PinExpired,
    /// The token is there and has no private key for the certificate.
    #[error("the token has no key for the certificate")]
    NoKey,
    /// It wants the PIN for each signature, which this version does not do.
    #[error("the key wants its PIN for each use")]
    PinEachTime,
    /// It did not do it, for a reason of its own.
    #[error("{0}")]
    Refused(String),
}

/// What is in the tokens.
#[derive(Default)]
pub struct Tokens {
    /// The keys, of tokens that are there and of those that are remembered.
    pub keys: Vec<TokenKey>,
    /// What is wrong with the modules.
    pub faults: Vec<TokenError>,
    /// The files of what is remembered that do not open.
    pub damaged: Vec<PathBuf>,
}

/// Looks at the tokens of these modules, and remembers what is in them. Blocks, with a deadline a module; asks for the
/// store key only where there is something to remember or remembered.
pub fn tokens(modules: &[PathBuf], folder: &Path, source: &KeySource) -> Result<Tokens, KeyError> {
    if modules.is_empty() {
        return Ok(Tokens::default());
    }
    let mut found = Tokens::default();
    let mut present = BTreeSet::new();
    for path in modules {
        match Module::of(path).and_then(|m| m.ask(LOOK, card::Card::look)) {
            Ok(seen) => {
                for one in seen {
                    found.keys.extend(keys_of(path, &one));
                    present.insert(one.token);
                }
            }
            Err(cause) => found.faults.push(cause),
        }
    }
    remembered::keep(&found.keys, &present, folder, source)?;
    let (remembered, damaged) = remembered::all(folder, source)?;
    found.damaged = damaged;
    for (token, away) in remembered {
        if present.contains(&token) {
            continue;
        }
        let state = match found.faults.first() {
            // The token may be there: what is not known is not absent.
            Some(cause) => TokenState::Unreachable(cause.clone()),
            None => TokenState::Absent,
        };
        found.keys.push(TokenKey { state, ..away });
    }
    found.keys.sort_by_key(|key| {
        let facts = key.certificate.facts();
        (std::cmp::Reverse(facts.not_after), key.certificate.sha256())
    });
    Ok(found)
}

fn keys_of(module: &Path, seen: &Seen) -> Vec<TokenKey> {
    let key = |held: &card::Held| TokenKey {
        module: module.to_owned(),
        token: seen.token.clone(),
        id: held.id.clone(),
        certificate: held.certificate.clone(),
        chain: held.chain.clone(),
        state: seen.state.clone(),
    };
    seen.keys.iter().map(key).collect()
}

/// Which tokens are there, and whether they are open: to notice that one came or went.
pub fn present(modules: &[PathBuf]) -> Vec<(Token, TokenState)> {
    let seen = modules.iter().filter_map(|path| {
        let module = Module::of(path).ok()?;
        module.ask(LOOK, card::Card::look).ok()
    });
    seen.flatten().map(|s| (s.token, s.state)).collect()
}

/// Gives a token its PIN, once. Without one the reader asks for it. Blocks, with a deadline.
pub fn unlock(modules: &[PathBuf], token: &Token, pin: Option<Pin>) -> Result<(), TokenError> {
    let holds = |path: &&PathBuf| {
        let seen = Module::of(path).and_then(|m| m.ask(LOOK, card::Card::look));
        seen.is_ok_and(|seen| seen.iter().any(|s| s.token == *token))
    };
    let path = modules.iter().find(holds).ok_or(TokenError::Absent)?;
    let token = token.clone();
    Module::of(path)?.ask(LOGIN, move |card| card.login(&token, pin))
}

/// Forgets a token that is gone for good: its certificates no longer sign, and no mail waits for it. A key is not lost
/// by that. Answers how many certificates were forgotten.
pub fn forget_token(token: &Token, folder: &Path, source: &KeySource) -> Result<usize, KeyError> {
    remembered::forget(token, folder, source)
}
