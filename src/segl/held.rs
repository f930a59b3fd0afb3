//! The user's own keys wherever they lie, kept or in tokens, and what is asked of the tokens.

use std::path::PathBuf;

use super::Segl;
use crate::{
    cert::Certificate,
    config::Config,
    identity::{Opener, OwnKey, Signer},
    keys::{self, KeyError, KeySource, Pin, Token, TokenError, TokenKey, TokenState},
};

/// An own key.
pub enum Held {
    /// Kept sealed in the data folder.
    Kept(OwnKey),
    /// In a token.
    Token(TokenKey),
}

impl Held {
    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        match self {
            Self::Kept(own) => own.certificate(),
            Self::Token(key) => key.certificate(),
        }
    }

    /// The certificates above it that are at hand.
    pub fn chain(&self) -> &[Certificate] {
        match self {
            Self::Kept(own) => &own.chain,
            Self::Token(key) => key.chain(),
        }
    }

    /// What signs.
    pub fn signer(&self) -> &dyn Signer {
        match self {
            Self::Kept(own) => &own.key,
            Self::Token(key) => key,
        }
    }

    /// What opens.
    pub fn opener(&self) -> &dyn Opener {
        match self {
            Self::Kept(own) => &own.key,
            Self::Token(key) => key,
        }
    }

    /// In which token it is, and how that stands; none where it is kept.
    pub fn place(&self) -> Option<TokenPlace> {
        match self {
            Self::Kept(_) => None,
            Self::Token(key) => Some(TokenPlace {
                token: key.token().clone(),
                state: key.state().clone(),
            }),
        }
    }

    /// Whether it is there: kept, or in a token that is there.
    pub(super) fn is_there(&self) -> bool {
        self.place().is_none_or(|place| place.is_there())
    }
}

/// A token, and how it stood when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPlace {
    /// Which.
    pub token: Token,
    /// How it stands.
    pub state: TokenState,
}

impl TokenPlace {
    /// Whether the token is there, open or not.
    pub fn is_there(&self) -> bool {
        matches!(self.state, TokenState::Ready | TokenState::Locked { .. })
    }

    /// Whether it cannot be used as it stands, or the next wrong PIN would lock it.
    pub fn is_in_doubt(&self) -> bool {
        use keys::PinTries;
        match &self.state {
            TokenState::Ready => false,
            TokenState::Locked { tries, .. } => matches!(tries, PinTries::Last | PinTries::None),
            TokenState::Absent | TokenState::Unreachable(_) => true,
        }
    }

    /// Whether it wants its PIN.
    pub fn is_locked(&self) -> bool {
        matches!(self.state, TokenState::Locked { .. })
    }
}

/// Every own key, and what is wrong with the modules of tokens.
#[derive(Default)]
pub struct HeldKeys {
    /// The one that is valid longest first.
    pub keys: Vec<Held>,
    /// What keeps tokens from being looked at.
    pub faults: Vec<TokenError>,
    /// The files of own keys that do not open: they are damaged, or were sealed under another key.
    pub damaged: Vec<PathBuf>,
}

/// Every own key of these settings. Asks the keyring only where one is kept or remembered. Blocks, on tokens with a
/// deadline.
pub fn held_keys(config: &Config) -> Result<HeldKeys, KeyError> {
    let source = config
        .key_file
        .clone()
        .map_or(KeySource::Keyring, KeySource::File);
    let kept = keys::own(&config.data, &source)?;
    let tokens = keys::tokens(&config.identity.tokens, &config.data, &source)?;
    let mut damaged = kept.damaged;
    damaged.extend(tokens.damaged);
    let kept = kept.keys.into_iter().map(Held::Kept);
    let mut all: Vec<Held> = kept
        .chain(tokens.keys.into_iter().map(Held::Token))
        .collect();
    all.sort_by_key(|one| {
        let until = one.certificate().facts().not_after;
        (std::cmp::Reverse(until), one.certificate().sha256())
    });
    Ok(HeldKeys {
        keys: all,
        faults: tokens.faults,
        damaged,
    })
}

/// Gives a token its PIN, once. Without one the reader itself asks. Blocks, with a deadline.
pub fn unlock(config: &Config, token: &Token, pin: Option<Pin>) -> Result<(), TokenError> {
    keys::unlock(&config.identity.tokens, token, pin)
}

/// Which own keys are at hand, for comparing: it is another one where a key or a token came or went, or was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AtHand {
    files: Vec<PathBuf>,
    tokens: Vec<(Token, TokenState)>,
}

impl Segl {
    /// Every own key. Blocks on disk, keyring and tokens.
    pub fn held_keys(&self) -> Result<HeldKeys, KeyError> {
        held_keys(&self.config)
    }

    /// Which own keys are at hand. Asks no keyring. Blocks on tokens where the settings name modules.
    pub fn at_hand(&self) -> AtHand {
        AtHand {
            // A folder that cannot be read is told by whatever needs a key.
            files: keys::own_names(self.door.folder()).unwrap_or_default(),
            tokens: keys::present(&self.config.identity.tokens),
        }
    }

    /// Gives a token its PIN, once. Blocks, with a deadline.
    pub fn unlock(&self, token: &Token, pin: Option<Pin>) -> Result<(), TokenError> {
        unlock(&self.config, token, pin)
    }

    /// Forgets a token that is gone for good. Answers how many certificates were forgotten. Blocks on disk and keyring.
    pub fn forget_token(&self, token: &Token) -> Result<usize, KeyError> {
        keys::forget_token(token, self.door.folder(), self.door.source())
    }
}
